"""One party's share as a workbook. Pure: from the page's record, with numbers as numbers and text that never runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from budget.belopp import Summa, visa_summa
from budget.kalkylblad import KRONOR, Cell, i_kronor, kalkylbladstext, lagg_blad, som_fil, tom_bok
from rapport.andel import ORD_FOR_SLAG, Insatsrad, Partsandel
from rapport.fordelningsutdrag import anmarkning
from rapport.pdfunderlag import status

if TYPE_CHECKING:
    from openpyxl import Workbook

Rad = Sequence[Cell]

_FORMAT: Final = {"kr": KRONOR, "öre/inv": KRONOR, "": "General"}


def som_arbetsbok(sida: Partsandel, adress: str) -> bytes:
    """The page as xlsx: the amount with its facts, the derivation, the areas, the years, and what is not in it.

    Amounts are kronor. `adress` is the page's permanent address.
    """
    bok = tom_bok()
    _andelsblad(bok, sida, adress)
    if sida.steg:
        steg = [(nr, ett.hela_rubriken, ett.uttryck, ett.resultat) for nr, ett in enumerate(sida.steg, 1)]
        lagg_blad(bok, "Så räknades det", ("Nr", "Steg", "Räkning", "Resultat"), steg, (6, 44, 90, 28))
    insatser = [_insats(rad) for rad in sida.insatser]
    insatser.append(("Summa", _summa(sida.summa), None, None, None))
    insatsrubriker = ("Insatsområde", "Hela budgeten, kr", "Varav andelen, kr", "Mål", "Aktiviteter")
    lagg_blad(bok, "Insatsområden", insatsrubriker, insatser, (40, 20, 20, 8, 12), kronor=(2, 3))
    trend = [
        (en.budgetar, i_kronor(en.belopp), en.invanare, en.folkmangdsdatum, en.sats, en.stallning) for en in sida.trend
    ]
    trendrubriker = ("År", "Andel, kr", "Invånare", "Folkmängd den", "Öre per invånare", "Ställning")
    lagg_blad(bok, "Utveckling", trendrubriker, trend, (8, 18, 14, 16, 18, 60), kronor=(2, 5))
    utanfor = [(en.namn[:1].upper() + en.namn[1:], _summa(en.summa)) for en in sida.utanfor]
    lagg_blad(bok, "Utanför andelen", ("Finansiering", "Hela budgeten, kr"), utanfor, (40, 24), kronor=(2,))
    return som_fil(bok)


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
    vad = "Andel" if sida.betalning else "Att betala"
    yield f"{vad} {sida.ars.budgetar}", i_kronor(sida.andel.belopp), "kr", sida.stallning
    if sida.betalning:
        yield f"Att betala {sida.ars.budgetar}", i_kronor(sida.att_betala), "kr", sida.betalning
    for en in sida.avraknas:
        yield f"Avräknas från avstämningen {en.budgetar}", i_kronor(en.paverkan), "kr", "Ändrar inte andelen"
    if sida.efter_avrakning is not None:
        yield "Att betala efter avräkning", i_kronor(sida.efter_avrakning), "kr", ""
    if sida.andel_fore is not None and sida.fore is not None:
        yield f"Andel {sida.fore.budgetar}", i_kronor(sida.andel_fore.belopp), "kr", sida.fore.kalla
        yield "Skillnad", i_kronor(sida.skillnad), "kr", ""
        for effekt in sida.effekter:
            yield f"varav {effekt.namn.lower()}", i_kronor(effekt.belopp), "kr", effekt.forklaring
    modell = sida.fordelning.modell
    yield "Budget som delas", i_kronor(sida.fordelning.total), "kr", ""
    yield "Kommunernas del", i_kronor(sida.fordelning.gruppens_belopp), "kr", ""
    if sida.andel.typ == "kommun":
        yield "Egna invånare", sida.andel.invanare, "inv", modell.folkmangdsdatum.isoformat()
    yield "Kommunernas invånare", sida.fordelning.gruppens_invanare, "inv", modell.folkmangdsdatum.isoformat()
    vems = f"{sida.satsens_namn}. En upplysning: andelen räknas ur hela beloppet"
    yield "Kostnad per invånare", sida.sats, "öre/inv", vems


def _insats(rad: Insatsrad) -> Rad:
    """An amount is a number, everything else its word."""
    belopp: Cell = i_kronor(rad.cell.ore) if rad.cell.slag == "belopp" else ORD_FOR_SLAG[rad.cell.slag]
    mal = len(rad.omrade.alla_mal) if rad.omrade else None
    return rad.namn, belopp, i_kronor(rad.andel), mal, rad.antal_aktiviteter if rad.omrade else None


def _summa(summa: Summa | None) -> Cell:
    """A sum as a number where it is all known, else in words."""
    if summa is None:
        return None
    return visa_summa(summa) if summa.okanda or summa.ej_ifyllda or not summa.belopp else i_kronor(summa.ore)
