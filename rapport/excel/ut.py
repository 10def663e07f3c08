"""The whole plan as a workbook to be edited in Excel and read back: see docs/excel.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from budget.belopp import Cellvarde, till_ore, visa_cell
from budget.celler import Cellplats
from budget.kalkylblad import Cell, i_kronor, lagg_blad, som_fil, tom_bok
from budget.models import Finansiering
from budget.redigering import bas_for, varde
from handlingsplan.models import Handlingsplan
from rapport.excel.blad import ANVISNING, AR, BUDGET, BUDGETRUBRIKER, TA_BORT, Blad, Dag, Val
from rapport.excel.lage import Planlage, Post, las_planlage

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_HOGST_LISTA = 2_000  # rows that a sheet's lists of choices reach


def plan_som_arbetsbok(plan: Handlingsplan) -> bytes:
    """The plan as it is saved now, as xlsx. A constant number of statements."""
    lage, bok = las_planlage(plan), tom_bok()
    lagg_blad(bok, ANVISNING, (ANVISNING,), [(text,) for text in _anvisning(plan)], (110,), ordagrant=True)
    for ett in lage.blad:
        rader = [_rad(ett, post) for post in lage.synliga[ett.namn]]
        bladet = lagg_blad(bok, ett.namn, ett.rubriker, rader, ett.bredder, ordagrant=True)
        bladet.freeze_panes = "D2" if ett.tas_bort else "C2"
        _lagg_listor(bladet, ett)
    rader = list(_budgetrader(lage))
    bladet = lagg_blad(bok, BUDGET, BUDGETRUBRIKER, rader, (18, 24, 44, 7, 20, 18), kronor=(6,), ordagrant=True)
    bladet.freeze_panes = "C2"
    return som_fil(bok)


def _rad(blad: Blad, post: Post) -> list[Cell]:
    borjan: list[Cell] = [post.id, post.version, *((None,) if blad.tas_bort else ())]
    fasta = [int(text) if rubrik == AR else text for rubrik, text in post.fasta.items()]
    return [*borjan, *fasta, *(_ut(kolumn, post) for kolumn in blad.kolumner)]


def _ut(kolumn: Any, post: Post) -> Cell:
    if isinstance(kolumn.widget, Dag):
        dagen: Cell = kolumn.get_value(post.objekt)
        return dagen
    return post.texter[kolumn.column_name] or None


def _budgetrader(lage: Planlage) -> Iterator[list[Cell]]:
    """Every open cell of the budget, filled in or not, row by row as in the plan."""
    budget = lage.budget
    kolumner = budget.kolumner()
    for rad in budget.rader:
        for plats in (rad.plats(en) for en in kolumner if not budget.ar_last(rad, en[0])):
            form, bas = str(Finansiering(plats.finansiering).label), bas_for(budget.poster.get(plats))
            yield [plats.namn, str(bas), rad.namn, plats.budgetar, form, _kr(lage, plats)]


def _kr(lage: Planlage, plats: Cellplats) -> Cell:
    cell: Cellvarde | None = varde(lage.budget.poster.get(plats))
    if cell is None:
        return None
    return visa_cell(cell) if cell.belopp is None else i_kronor(till_ore(cell.belopp))


def _lagg_listor(bladet: Worksheet, blad: Blad) -> None:
    """Lists to choose from, for columns of a few words."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    valen = [en for en in blad.kolumner if isinstance(en.widget, Val)]
    listor = {en.column_name: [ord_ for ord_ in en.widget.ord.values() if ord_] for en in valen}
    if blad.tas_bort:
        listor[TA_BORT] = ["ja"]
    for rubrik, orden in listor.items():
        regel = DataValidation(type="list", formula1=f'"{",".join(orden)}"', allow_blank=True)
        bokstav = get_column_letter(blad.rubriker.index(rubrik) + 1)
        regel.add(f"{bokstav}2:{bokstav}{_HOGST_LISTA}")
        bladet.add_data_validation(regel)


def _anvisning(plan: Handlingsplan) -> Iterator[str]:
    yield f"{plan}: hela planen. Ändra i bladen, spara som .xlsx och läs in filen på planens sida Excel."
    yield "Du ser rad för rad vad som ändras innan något sparas."
    yield "Ändra inte kolumnerna Id och Version: de säger vilken rad det är och hur den såg ut när filen hämtades."
    yield "En ny rad: lämna Id och Version tomma. Den hamnar sist; ordningen ändras i planen, inte i filen."
    yield "Ta bort ett mål eller en aktivitet: skriv ja i kolumnen Ta bort. En rad som saknas i filen ändras inte."
    yield "Ett område tas inte bort: ändra dess Läge till har utgått."
    yield "Belopp: ett tal, 0, okänt eller ej aktuellt. En tom cell är inte ifylld."
    yield "Långa texter: en tom rad skiljer stycken. ### ger en rubrik, * en punkt, 1. en numrerad punkt."
    yield "Två mellanslag först på raden gör en underpunkt. **fet**, __kursiv__ och [länk](https://adress)."
    yield "Ett omvänt snedstreck före ett tecken tar bort dess betydelse. Det som står efter html: är HTML."
