"""One party's share as a workbook. Pure: from the page's record, with numbers as numbers and text that never runs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from budget.belopp import Summa, visa_summa
from rapport.andel import ORD_FOR_SLAG, Insatsrad, Partsandel
from rapport.fordelningsutdrag import anmarkning, kalkylbladstext
from rapport.pdfunderlag import status

if TYPE_CHECKING:
    from openpyxl import Workbook

Cell = str | int | Decimal | date | None
Rad = Sequence[Cell]

_FORMAT: Final = {"kr": "#,##0.00", "öre/inv": "#,##0.00", "": "General"}


def som_arbetsbok(sida: Partsandel, adress: str) -> bytes:
    """The page as xlsx: the amount with its facts, the derivation, the areas, the years, and what is not in it.

    Amounts are kronor. `adress` is the page's permanent address.
    """
    from openpyxl import Workbook  # late: the import costs nearly a second

    bok = Workbook()
    del bok["Sheet"]
    _andelsblad(bok, sida, adress)
    if sida.steg:
        steg = [(nr, ett.rubrik, ett.uttryck, ett.resultat) for nr, ett in enumerate(sida.steg, 1)]
        _blad(bok, "Så räknades det", ("Nr", "Steg", "Räkning", "Resultat"), steg, (6, 44, 90, 28))
    insatser = [_insats(rad) for rad in sida.insatser]
    insatser.append(("Summa", _summa(sida.summa), None, None, None))
    insatsrubriker = ("Insatsområde", "Hela budgeten, kr", "Varav andelen, kr", "Mål", "Aktiviteter")
    _blad(bok, "Insatsområden", insatsrubriker, insatser, (40, 20, 20, 8, 12), kronor=(2, 3))
    trend = [(en.budgetar, _kr(en.belopp), en.invanare, en.folkmangdsdatum, en.sats, en.stallning) for en in sida.trend]
    trendrubriker = ("År", "Andel, kr", "Invånare", "Folkmängd den", "Öre per invånare", "Ställning")
    _blad(bok, "Utveckling", trendrubriker, trend, (8, 18, 14, 16, 18, 60), kronor=(2, 5))
    utanfor = [(en.namn[:1].upper() + en.namn[1:], _summa(en.summa)) for en in sida.utanfor]
    _blad(bok, "Utanför andelen", ("Finansiering", "Hela budgeten, kr"), utanfor, (40, 24), kronor=(2,))
    ut = io.BytesIO()
    bok.save(ut)
    return ut.getvalue()


def _andelsblad(bok: Workbook, sida: Partsandel, adress: str) -> None:
    """The first sheet: what, how much, in which unit, and a word on it."""
    from openpyxl.styles import Font

    blad = bok.create_sheet(f"Andel {sida.ars.budgetar}")
    blad.append([kalkylbladstext(f"{sida.part.namn}, andel {sida.ars.budgetar}")])
    blad.append([kalkylbladstext(f"{sida.dokument.titel}. {status(sida.dokument)}. Belopp exklusive moms.")])
    blad.append([])
    for vad, varde, enhet, ord_ in _fakta(sida):
        blad.append([kalkylbladstext(vad), varde, enhet, kalkylbladstext(ord_)])
        blad.cell(blad.max_row, 2).number_format = _FORMAT.get(enhet, "#,##0")
    if rad := anmarkning(sida.dokument, sida.ars) or sida.skal:
        blad.append([kalkylbladstext(rad)])
    blad.append([])
    blad.append(["Sidans fasta adress", kalkylbladstext(adress)])
    for cell in (blad["A1"], *blad[4][:2]):
        cell.font = Font(bold=True)
    for bokstav, bredd in zip("ABCD", (44, 18, 10, 90), strict=True):
        blad.column_dimensions[bokstav].width = bredd


def _fakta(sida: Partsandel) -> Iterable[tuple[str, Cell, str, str]]:
    """(what, number, unit, a word on it)."""
    if sida.andel is None or sida.fordelning is None:
        yield "Att betala", None, "", sida.skal
        return
    yield f"Att betala {sida.ars.budgetar}", _kr(sida.andel.belopp), "kr", sida.stallning
    if sida.andel_fore is not None and sida.fore is not None:
        yield f"Andel {sida.fore.budgetar}", _kr(sida.andel_fore.belopp), "kr", sida.fore.kalla
        yield "Skillnad", _kr(sida.skillnad), "kr", ""
        for effekt in sida.effekter:
            yield f"varav {effekt.namn.lower()}", _kr(effekt.belopp), "kr", effekt.forklaring
    modell = sida.fordelning.modell
    yield "Budget som delas", _kr(sida.fordelning.total), "kr", ""
    yield "Kommunernas del", _kr(sida.fordelning.gruppens_belopp), "kr", ""
    if sida.andel.typ == "kommun":
        yield "Egna invånare", sida.andel.invanare, "inv", modell.folkmangdsdatum.isoformat()
    yield "Kommunernas invånare", sida.fordelning.gruppens_invanare, "inv", modell.folkmangdsdatum.isoformat()
    yield "Kostnad per invånare", sida.sats, "öre/inv", "En upplysning: andelen räknas ur hela beloppet"


def _insats(rad: Insatsrad) -> Rad:
    """An amount is a number, everything else its word."""
    belopp: Cell = _kr(rad.cell.ore) if rad.cell.slag == "belopp" else ORD_FOR_SLAG[rad.cell.slag]
    mal = len(rad.omrade.alla_mal) if rad.omrade else None
    return rad.namn, belopp, _kr(rad.andel), mal, rad.antal_aktiviteter if rad.omrade else None


def _summa(summa: Summa | None) -> Cell:
    """A sum as a number where it is all known, else in words."""
    if summa is None:
        return None
    return visa_summa(summa) if summa.okanda or summa.ej_ifyllda or not summa.belopp else _kr(summa.ore)


def _kr(ore: int | None) -> Decimal | None:
    return None if ore is None else Decimal(ore) / 100


def _blad(
    bok: Workbook,
    namn: str,
    rubriker: Sequence[str],
    rader: Iterable[Rad],
    bredder: Sequence[int],
    *,
    kronor: Sequence[int] = (),
) -> None:
    """A sheet with a head, its widths, and two decimals in the columns (from 1) that `kronor` names."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    blad = bok.create_sheet(namn)
    blad.append(list(rubriker))
    for cell in blad[1]:
        cell.font = Font(bold=True)
    for rad in rader:
        blad.append([kalkylbladstext(varde) if isinstance(varde, str) else varde for varde in rad])
        for nummer, cell in enumerate(blad[blad.max_row], 1):
            cell.alignment = Alignment(wrap_text=isinstance(cell.value, str), vertical="top")
            if nummer in kronor:
                cell.number_format = _FORMAT["kr"]
    for nummer, bredd in enumerate(bredder, 1):
        blad.column_dimensions[get_column_letter(nummer)].width = bredd
    blad.freeze_panes = "A2"
