"""Numbers in templates, written as Swedes write them. Templates never calculate."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django import template

from budget import belopp

register = template.Library()


@register.filter
def kr(ore: int | None) -> str:
    """Öre as kronor with two decimals: 221 098,47."""
    return "" if ore is None else belopp.visa_kr(ore)


@register.filter
def hela_kr(ore: int | None) -> str:
    """Öre as kronor, with decimals only where there are öre: 1 750 000."""
    return "" if ore is None else belopp.visa_hela_kr(ore)


@register.filter
def tecken_kr(ore: int | None) -> str:
    """Öre as kronor with an explicit sign: +1 635,49, −550 000,00."""
    return "" if ore is None else belopp.visa_tecken(ore)


@register.filter
def heltal(antal: int | None) -> str:
    return "" if antal is None else belopp.visa_heltal(antal)


@register.filter
def decimal2(varde: Decimal | None) -> str:
    return "" if varde is None else belopp.visa_decimal(varde, 2)


@register.filter
def visa_summa(summa: belopp.Summa) -> str:
    return belopp.visa_summa(summa)


@register.filter
def visa_tillagg(summa: belopp.Summa) -> str:
    """What follows a known amount of the sum where it is not all: ` + okänt`."""
    return belopp.visa_tillagg(summa)


@register.filter
def med_kolumner(celler: Sequence[object], kolumner: Sequence[object]) -> list[tuple[object, object]]:
    """Pairs of (column, cell), for a row of a table."""
    return list(zip(kolumner, celler, strict=True))


@register.filter
def tecken_hela_kr(ore: int | None) -> str:
    """Öre as kronor with an explicit sign, decimals only where there are öre: −550 000."""
    return "" if ore is None else belopp.visa_tecken(ore, hela=True)


@register.filter
def tecken1(varde: Decimal | None) -> str:
    """With one decimal and always a sign: `−54,5`, `+3,2`."""
    if varde is None:
        return ""
    return f"{'+' if varde > 0 else ''}{belopp.visa_decimal(varde, 1)}"


@register.filter
def slagord(slag: str) -> str:
    """The kind of an amount in words; what is words already stays."""
    return {"okant": "okänt", "ej_aktuellt": "ej aktuellt", "ej_ifyllt": "ej ifyllt"}.get(slag, slag)


@register.filter
def tecken2(varde: Decimal | None) -> str:
    """A decimal with sign: +0,09. Nothing for None, so that a template can say –."""
    if varde is None:
        return ""
    return ("+" if varde > 0 else "") + belopp.visa_decimal(varde, 2)
