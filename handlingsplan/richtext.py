"""Rich text: what prose may consist of, how it is cleaned and how large it may be.

Stored markup is HTML of a handful of elements. It is cleaned on the server however it arrives, and it is kept
small: an Excel cell holds 32 767 characters, and the PDF engine breaks on deeply nested lists.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html.parser import HTMLParser
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.html import escape
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField, create_sanitizer
from django_prose_editor.widgets import prose_editor_media

from handlingsplan.markering import Markeringsfel, fran_markering

MAX_TECKEN: Final = 30_000
MAX_NIVAER: Final = 8  # of lists in lists
# Of any elements in each other. Eight lists with bold, italic and a link innermost are twenty; what is beyond this
# comes from a paste, and the PDF engine's layout is recursive.
MAX_DJUP: Final = 40
# Refused before anything is parsed: a paste of this size is a mistake. The number of elements is bounded too,
# because the parser's time grows with the square of their nesting: half a million unclosed lists take it an hour.
MAX_INKLISTRAT: Final = 2_000_000
MAX_INKLISTRADE_ELEMENT: Final = 20_000

TILLAGG: Final[dict[str, Any]] = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "HardBreak": True,
    "Heading": {"levels": [3, 4]},
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "History": True,
}
_TOMMA: Final = {"br"}
_LISTOR: Final = {"ul", "ol"}
_BRYTNINGAR: Final = re.compile(r"(?:<br>\s*){3,}")


class _Djupmatare(HTMLParser):
    """Find the deepest nesting: of lists, and of elements of any kind."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.djup = self.djupast = self.nivaer = self.flest_nivaer = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TOMMA:
            self.djup += 1
            self.djupast = max(self.djupast, self.djup)
        if tag in _LISTOR:
            self.nivaer += 1
            self.flest_nivaer = max(self.flest_nivaer, self.nivaer)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _TOMMA:
            self.djup -= 1
        if tag in _LISTOR:
            self.nivaer -= 1


@cache
def _rensare() -> Any:
    return create_sanitizer(TILLAGG)


def rensa(html: str) -> str:
    """Return markup with allowed elements only, in NFC, or raise ValidationError where it is too large or too deep."""
    if len(html) > MAX_INKLISTRAT or html.count("<") > MAX_INKLISTRADE_ELEMENT:
        raise ValidationError("Texten är för stor för att tas emot. Dela upp den och klistra in en del i taget.")
    rensad: str = _rensare()(unicodedata.normalize("NFC", html.replace("\x00", "")))
    # Empty lines in thousands say nothing and take the PDF engine half a minute.
    rensad = _BRYTNINGAR.sub("<br><br>", rensad)
    if len(rensad) > MAX_TECKEN:
        antal = f"{len(rensad):,}".replace(",", "\xa0")
        raise ValidationError(
            f"Texten är för lång: {antal} tecken med formatering. Den får vara högst 30\xa0000. "
            "Korta den, eller dela upp den på flera delar av planen."
        )
    matare = _Djupmatare()
    matare.feed(rensad)
    if matare.flest_nivaer > MAX_NIVAER:
        raise ValidationError(
            f"Listorna ligger i för många nivåer. Högst {MAX_NIVAER} nivåer går att visa och skriva ut."
        )
    if matare.djupast > MAX_DJUP:
        raise ValidationError(
            "Texten har för många lager av formatering i varandra för att gå att skriva ut. "
            "Klistra in den utan formatering och gör om fet stil, listor och länkar."
        )
    return rensad


def las_utan_redigerare(text: str) -> str:
    """What was typed without the editor, as it was meant: lines are no paragraphs in HTML.

    The editor always sends elements, so a text of several lines without one has been written by hand. It is read as
    the light markup of the workbooks: an empty line parts paragraphs, `* ` begins a point.
    """
    if "<" in text or "\n" not in text.strip():
        return text
    rader = text.strip().replace("\r\n", "\n")
    try:
        return fran_markering(rader)
    except Markeringsfel:  # two asterisks that were only asterisks
        return "".join(f"<p>{escape(stycke)}</p>" for stycke in re.split(r"\n{2,}", rader)).replace("\n", "<br>")


class RikTextFormfalt(ProseEditorFormField):
    """A rich text as a form sends it, from the editor or without."""

    def to_python(self, value: Any) -> str:
        return las_utan_redigerare(str(super().to_python(value)))


class RikTextField(ProseEditorField):
    """A text of paragraphs, lists, headings (two levels), links and emphasis, cleaned by `rensa`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("extensions", dict(TILLAGG))
        kwargs["sanitize"] = rensa
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**({"form_class": RikTextFormfalt} | kwargs))


def redigeringsmedia() -> Any:
    """Scripts and styles of the editor, for a page where a text may be opened in its place."""
    return prose_editor_media(preset="configurable")
