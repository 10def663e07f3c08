"""What a test reads from an answer: the visible text, where it leads, and words that should not be there.

And the one walk that several tests take: choosing a password with a one-time link.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client
from django.utils.html import strip_tags

NYTT_LOSENORD = "gran-spade-ljus-fjorton"

# Words that would be left over from allauth's or Django's own English texts.
ENGELSKA = re.compile(
    r"\b(the|your|you|password|sign|signed|log in|e-?mail address|please|account|must|field|required|invalid|token)\b",
    re.IGNORECASE,
)


def synlig_text(svar: Any) -> str:
    """The page's text without markup, scripts and icons, on one line."""
    html = re.sub(r"(?s)<(style|script|svg)\b.*?</\1>", " ", svar.content.decode())
    return re.sub(r"\s+", " ", strip_tags(html))


def lasbar_text(svar: Any) -> str:
    """The same with its characters as they are read; every kind of space is one plain space."""
    return unescape(synlig_text(svar)).replace("\u00a0", " ")


def utan_marken(svar: Any) -> str:
    """The page's markup without the marks of what differs between two texts."""
    ord_ = r'<span class="dolj">(\[(borttaget|tillagt): | slut\])</span>|</?(ins|del)>'
    return re.sub(ord_, "", svar.content.decode())


def leder_till(svar: Any) -> str:
    """The address that a redirect leads to."""
    assert svar.status_code == 302, svar.status_code
    return str(svar.headers["Location"])


def valj_losenord(klient: Client, lank: str, losenord: str = NYTT_LOSENORD) -> Any:
    """Follow a one-time link and choose a password; the page one ends on."""
    sida = klient.get(lank, follow=True)
    return klient.post(sida.request["PATH_INFO"], {"password1": losenord, "password2": losenord}, follow=True)
