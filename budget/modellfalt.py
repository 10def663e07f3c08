"""Form fields of cost models: exact numbers, amounts in kronor, and what is pasted from a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from budget.belopp import Beloppsfel, till_ore, tolka_belopp, visa_hela_kr
from budget.fordelning import Fordelningsfel
from budget.stegmodell import GRANS, Vikt
from budget.vikttexter import las_tal, las_varden
from handlingsplan.models import Huvudman

MAX_TAL = 40
_MELLANRUM = re.compile(r"[\s\u00a0\u2009\u202f]+")
_KOD = re.compile(r"[0-9]{2}(?:[0-9]{2})?")
_TAL_SIST = re.compile(r"(?P<namn>[^0-9]+?)\s+(?P<tal>[-\u2212]?[0-9][0-9\s\u00a0\u2009\u202f]*(?:[.,/][0-9]+)?\s*%?)")


class Exakttal(forms.CharField):
    """An exact number as text: 1, 0,3, 1/3, 30 %. From 0 and below 10^12."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        kwargs.setdefault("max_length", MAX_TAL)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        if text:
            tal_av(text)
        return text


def tal_av(text: str) -> Vikt:
    """The number that a text says. Raises ValidationError with a Swedish sentence."""
    try:
        tal = las_tal(text)
    except Fordelningsfel as fel:
        raise ValidationError(str(fel), code="invalid") from fel
    if tal < 0:
        raise ValidationError(f"”{text}” är mindre än noll. Skriv ett tal från 0.", code="negativt")
    if tal >= GRANS:
        raise ValidationError(f"”{text}” är för stort. Skriv ett tal under 1\u00a0000\u00a0000\u00a0000\u00a0000.")
    return tal


class Kronor(forms.CharField):
    """An amount in kronor, or nothing. Cleans to a Decimal with two decimals, or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        belopp = getattr(value, "amount", value)
        return visa_hela_kr(till_ore(belopp)) if isinstance(belopp, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        try:
            return tolka_belopp(text)
        except Beloppsfel as fel:
            raise ValidationError(str(fel), code="invalid") from fel


class Viktvarden(forms.CharField):
    """A number per party, a line each: written, or pasted as columns. Cleans to lines of SCB code and number.

    A line begins with the party's code or name and ends with the number; columns between them are passed over.
    Refused with the line's number: an unknown party, one that is there twice, and what is no number from 0.
    """

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not text.strip():
            return ""
        rader = list(_las_rader(text.splitlines(), Huvudman.objects.all()))
        try:
            varden = las_varden("\n".join(rader))
        except Fordelningsfel as fel:
            raise ValidationError(str(fel), code="invalid") from fel
        if any(tal < 0 or tal >= GRANS for tal in varden.values()):
            raise ValidationError("Talen ska vara från 0 och under 1\u00a0000\u00a0000\u00a0000\u00a0000.")
        if not any(varden.values()):
            raise ValidationError("Alla tal är 0, så det finns inget att fördela efter. Minst ett tal ska vara över 0.")
        return "\n".join(rader)


def _las_rader(rader: Iterable[str], alla_huvudman: Iterable[Huvudman]) -> Iterable[str]:
    """Lines of code and number. Raises ValidationError that names the line."""
    koder: dict[str, str] = {}
    for en in alla_huvudman:
        koder |= {namn.casefold(): en.kod for namn in (en.kod, en.namn, en.officiellt_namn, en.juridiskt_namn) if namn}
    sedda: dict[str, int] = {}
    for nummer, rad in enumerate(rader, 1):
        if not rad.strip():
            continue
        part, tal = _dela(rad)
        kod = koder.get(" ".join(part.split()).casefold())
        if kod is None:
            vad = "koden" if _KOD.fullmatch(part) else "namnet"
            raise ValidationError(f"Rad {nummer}: ingen huvudman har {vad} ”{part[:40]}”. Skriv SCB-kod eller namn.")
        if kod in sedda:
            raise ValidationError(f"Rad {nummer}: {part} står två gånger, också på rad {sedda[kod]}.")
        if not tal:
            raise ValidationError(f"Rad {nummer}: talet för {part} saknas.")
        try:
            tal_av(tal)
        except ValidationError as fel:
            raise ValidationError(f"Rad {nummer}: {fel.messages[0]}") from fel
        sedda[kod] = nummer
        yield f"{kod} {tal}"


def _dela(rad: str) -> tuple[str, str]:
    """A line's party and number; the number without the spaces that part its thousands."""
    falt = [del_.strip() for del_ in re.split(r"[\t;]", rad)]
    if len(falt) > 1:
        ifyllda = [ett for ett in falt if ett]
        part, tal = (ifyllda[0], ifyllda[-1] if len(ifyllda) > 1 else "") if ifyllda else ("", "")
    else:
        forst, _, rest = rad.strip().partition(" ")
        traff = _TAL_SIST.fullmatch(rad.strip())
        part, tal = (forst, rest) if _KOD.fullmatch(forst) or traff is None else (traff["namn"], traff["tal"])
    return part, _MELLANRUM.sub("", tal)
