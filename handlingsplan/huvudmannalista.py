"""Several parties at once, from rows pasted out of a spreadsheet: an installation begins with a county's."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction

from handlingsplan.former_huvudman import NyHuvudmanformular
from handlingsplan.models import Anvandare, Huvudman
from handlingsplan.scb_koder import RIKET, standardkoder

HOGST_RADER = 400
_RUBRIKER = {"kod", "scb-kod", "scb kod"}


def lanen() -> list[tuple[str, str]]:
    """SCB's counties: (two-digit code, name)."""
    return [(kod, namn) for kod, namn in standardkoder().items() if len(kod) == 2 and kod != RIKET]


def scb_rader(lan: str) -> str:
    """SCB's names of a county and its municipalities that are not parties yet, one a line: code, tab, name."""
    finns = set(Huvudman.objects.values_list("kod", flat=True))
    koder = standardkoder()
    return "\n".join(f"{kod}\t{koder[kod]}" for kod in sorted(koder) if kod.startswith(lan) and kod not in finns)


def lagg_till(text: str, *, av: Anvandare) -> list[Huvudman]:
    """Add every row, or none. A row is code, official name and perhaps legal name and organisation number, between tabs
    or semicolons; the short name is SCB's, the legal name the official one where it is left out.

    Raises ValidationError with a message per row that cannot be added, which names it.
    """
    rader = list(_rader(text))
    if not rader:
        raise ValidationError("Skriv eller klistra in minst en rad.")
    if len(rader) > HOGST_RADER:
        raise ValidationError(f"{len(rader)} rader är för många. Högst {HOGST_RADER} läggs till åt gången.")
    tillagda: list[Huvudman] = []
    fel: list[str] = []
    with transaction.atomic():
        for nummer, celler in sorted(rader, key=lambda rad: (len(rad[1][0]), rad[0])):  # the region comes first
            form = NyHuvudmanformular(_falten(celler))
            if len(celler) > 4:
                fel.append(f"Rad {nummer}: {len(celler)} kolumner är för många. {_KOLUMNER}")
            elif len(celler) < 2 or not celler[1]:
                fel.append(f"Rad {nummer}, {celler[0]}: det officiella namnet saknas.")
            elif form.is_valid():
                form.instance.andrad_av = av
                tillagda.append(form.save())
            else:
                skal = dict.fromkeys(str(en) for texter in form.errors.values() for en in texter)
                fel.append(f"Rad {nummer}, {' '.join(celler)[:60]}: {' '.join(skal)}")
        if fel:
            transaction.set_rollback(True)
    if fel:
        raise ValidationError(fel)
    return tillagda


_KOLUMNER = "Kolumnerna är SCB-kod, officiellt namn, juridiskt namn och organisationsnummer."


def _rader(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every line that says something, without a row of headings."""
    for nummer, rad in enumerate(text.splitlines(), 1):
        celler = [cell.strip() for cell in rad.rstrip("\t; ").split("\t" if "\t" in rad else ";")]
        if any(celler) and celler[0].lower() not in _RUBRIKER:
            yield nummer, celler


def _falten(celler: list[str]) -> dict[str, str]:
    kod, officiellt, juridiskt, nummer = [*celler, "", "", "", ""][:4]
    typ = Huvudman.Typ.REGION if len(kod) == 2 else Huvudman.Typ.KOMMUN
    kort = officiellt if typ == Huvudman.Typ.REGION else standardkoder().get(kod, officiellt)
    return {
        "kod": kod,
        "typ": typ,
        "namn": kort,
        "officiellt_namn": officiellt,
        "juridiskt_namn": juridiskt or officiellt,
        "organisationsnummer": nummer,
    }
