"""The table party × area as a workbook. Pure: numbers as numbers, and text that never runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from budget.kalkylblad import KRONOR, i_kronor, kalkylbladstext, som_fil, tom_bok
from rapport.fordelningsutdrag import anmarkning
from rapport.omradestabell import Omradestabell
from rapport.pdfunderlag import status

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_RUBRIKRAD: Final = 4
_FORSTA: Final = _RUBRIKRAD + 1
_FORSTA_OMRADE: Final = 3  # columns from 1: code, party, areas, sum, check


def som_arbetsbok(tabell: Omradestabell, adress: str) -> bytes:
    """The table as xlsx: amounts in kronor, the sums as values, and beside them formulas that check them.

    `adress` is the page's address. Without rows there is only the sheet that says why.
    """
    bok = tom_bok()
    if tabell.rader:
        _tabellblad(bok, tabell)
    _underlagsblad(bok, tabell, adress)
    return som_fil(bok)


def _tabellblad(bok: Workbook, tabell: Omradestabell) -> None:
    from openpyxl.utils import get_column_letter

    blad = bok.create_sheet(f"Områden {tabell.ars.budgetar}")
    _inledning(blad, tabell)
    blad.append([])
    namn = [kalkylbladstext(en.namn) for en in tabell.kolumner]
    blad.append(["Kod", "Huvudman", *namn, "Summa, kr", "Kontroll"])
    for rad in tabell.rader:
        blad.append([rad.kod, kalkylbladstext(rad.namn), *map(i_kronor, (*rad.celler, rad.summa))])
    sista, summa = blad.max_row, _FORSTA_OMRADE + len(tabell.kolumner)
    bokstav = {nr: get_column_letter(nr) for nr in range(1, summa + 2)}
    for nr in range(_FORSTA, sista + 1):
        delar = f"{bokstav[_FORSTA_OMRADE]}{nr}:{bokstav[summa - 1]}{nr}"
        blad.cell(nr, summa + 1, f"=ROUND(SUM({delar})-{bokstav[summa]}{nr},2)")
    if tabell.grupprad:
        blad.append(
            ["", tabell.grupprad, *(i_kronor(en.gruppens) for en in tabell.kolumner), i_kronor(tabell.gruppens)]
        )
    blad.append(["", "Summa, kr", *(i_kronor(en.belopp) for en in tabell.kolumner), i_kronor(tabell.summa)])
    summarad = blad.max_row
    kontroll = [
        f"=ROUND(SUM({bokstav[nr]}{_FORSTA}:{bokstav[nr]}{sista})-{bokstav[nr]}{summarad},2)"
        for nr in range(_FORSTA_OMRADE, summa + 1)
    ]
    blad.append(["", "Kontroll", *kontroll])
    blad.append([None, "Kontrollen räknar om raden eller kolumnen och ska vara 0."])
    _utseende(blad, summarad, summa)


def _inledning(blad: Worksheet, tabell: Omradestabell) -> None:
    """What the sheet is, and whether it is a draft."""
    dokument, budgetar = tabell.dokument, tabell.ars.budgetar
    utkast = "UTKAST. " if dokument.ar_utkast else ""
    blad.append([kalkylbladstext(f"{utkast}{dokument.titel}: andelar per insatsområde {budgetar}")])
    blad.append([kalkylbladstext(f"{status(dokument)}. Kronor exklusive moms. {tabell.modell}")])


def _utseende(blad: Worksheet, summarad: int, summakolumn: int) -> None:
    """Two decimals, a head that stays, and a print that fits the width of a page."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    for rad in blad.iter_rows(min_row=_FORSTA, max_row=summarad + 1):
        rad[0].number_format = "@"
        for cell in rad[_FORSTA_OMRADE - 1 :]:
            cell.number_format = KRONOR
    for fet in (blad["A1"], *blad[_RUBRIKRAD], *blad[summarad]):
        fet.font = Font(bold=True)
    for nr, rubrik in enumerate(blad[_RUBRIKRAD], 1):
        hall = "left" if nr < _FORSTA_OMRADE else "right"
        rubrik.alignment = Alignment(wrap_text=True, vertical="bottom", horizontal=hall)
    for nr, bredd in enumerate((8, 30, *[17] * (summakolumn - 2), 12), 1):
        blad.column_dimensions[get_column_letter(nr)].width = bredd
    blad.freeze_panes = f"{get_column_letter(_FORSTA_OMRADE)}{_FORSTA}"
    blad.print_title_rows = f"{_RUBRIKRAD}:{_RUBRIKRAD}"
    blad.page_setup.orientation, blad.page_setup.paperSize = "landscape", blad.PAPERSIZE_A4
    blad.page_setup.fitToHeight = 0
    blad.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _underlagsblad(bok: Workbook, tabell: Omradestabell, adress: str) -> None:
    """What the figures rest on, and how exact they are."""
    from openpyxl.styles import Alignment, Font

    blad = bok.create_sheet("Underlag")
    _inledning(blad, tabell)
    blad.append([])
    for vad, ord_ in _fakta(tabell, adress):
        blad.append([kalkylbladstext(vad), kalkylbladstext(ord_)])
        for cell in blad[blad.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    blad["A1"].font = Font(bold=True)
    blad.column_dimensions["A"].width, blad.column_dimensions["B"].width = 28, 100


def _fakta(tabell: Omradestabell, adress: str) -> Iterable[tuple[str, str]]:
    yield "Plan", tabell.dokument.titel
    yield from tabell.bygger_pa
    if tabell.skal:
        yield "Varför ingen tabell", tabell.skal
    if tabell.avvikelse:
        yield "Avrundning", tabell.avvikelse
    if tabell.betalning:
        yield "Betalning", tabell.betalning
    if tabell.utanfor:
        yield "Inte i tabellen", tabell.utanfor
    if rad := anmarkning(tabell.dokument, tabell.ars):
        yield "Att observera", rad
    yield "Sidans adress", adress
