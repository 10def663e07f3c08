"""Stored prose in templates: cleaned once more on the way out, with headings that fit where it stands."""

from __future__ import annotations

import re

from django import template
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from handlingsplan.richtext import rensa

register = template.Library()
_RUBRIK = re.compile(r"<(/?)h([1-6])>")


@register.filter
def prosa(html: str, niva: int) -> SafeString:
    """Rich text with its headings moved so that they follow heading level `niva` − 1 without a gap.

    Whatever lies in the database is cleaned again here: a text that came in past the forms cannot carry script.
    A text that is too large to be cleaned is shown as plain text rather than not at all.
    """
    try:
        ren = rensa(html or "")
    except ValidationError:
        return format_html("<p>{}</p>", html)
    nivaer = sorted({int(tal) for _, tal in _RUBRIK.findall(ren)})
    ny = {gammal: min(niva + i, 6) for i, gammal in enumerate(nivaer)}
    return mark_safe(_RUBRIK.sub(lambda m: f"<{m[1]}h{ny[int(m[2])]}>", ren))  # noqa: S308 — cleaned above


@register.filter
def som_prosa(varde: object) -> SafeString:
    """A saved value beside one's own: markup as prose, anything else as plain text with its line breaks."""
    text = str(varde)
    return prosa(text, 4) if text.startswith("<") else format_html('<p class="radbryt">{}</p>', text)
