"""How the shares of a year fall on the areas: the table area × party of `budget.radfordelning`, from the record.

Pure. Everything that shows the table takes it from here, so that a cell is the same öre everywhere.
"""

from __future__ import annotations

from budget.fordelning import Fordelningsfel
from budget.radfordelning import Matris, Rad, fordela_rader, matris, planradskod
from budget.stegutfall import arsunderlag, radfordelning
from rapport.plandokument import Arsfordelning, Budgetradspost, Budgettabell, Plandokument


def radkod(rad: Budgetradspost) -> str:
    """The code of a budget row in the table: the area's, or one made from the plan row's number."""
    return rad.kod if rad.omrade_id is not None else planradskod(rad.rad_id)


def arets_rader(tabell: Budgettabell, budgetar: int) -> tuple[Rad, ...]:
    """The rows that the parties share in a year, in öre: those of SGD money that have an amount."""
    return tuple(
        Rad(radkod(rad), rad.rubrik, cell.ore)
        for rad, cell in tabell.kolumn_celler(budgetar, "sgd")
        if cell.ore is not None
    )


def omradesmatris(dokument: Plandokument, ars: Arsfordelning) -> Matris | None:
    """The table of one year, in öre; its rows are the budget rows with an amount, its columns what each party owes.

    None where nothing is split, or where the split is not that of the rows in the record (a year that was decided
    with other amounts).
    """
    if ars.fordelning is None:
        return None
    rader = arets_rader(dokument.budget, ars.budgetar)
    try:
        i_steg = radfordelning(ars.fordelning)
        fordelning = i_steg or fordela_rader(arsunderlag(ars.fordelning, ars.budgetar, rader))
    except Fordelningsfel:
        return None  # the year's own split stands; only this way of laying it out is not at hand
    if dict(fordelning.andelar) != {en.kod: en.belopp for en in ars.fordelning.andelar}:
        return None
    tabell = matris(fordelning, {rad.kod: rad.namn for rad in rader})
    return tabell if {rad.kod: rad.belopp for rad in tabell.rader} == {rad.kod: rad.belopp for rad in rader} else None
