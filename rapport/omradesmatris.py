"""How the shares of a year fall on the areas: the table area × party of `budget.radfordelning`, from the record.

Pure. Everything that shows the table takes it from here, so that a cell is the same öre everywhere.
"""

from __future__ import annotations

from budget.fordelning import Fordelningsfel, Part
from budget.radfordelning import Arsunderlag, Matris, Rad, fordela_rader, matris
from budget.stegfordelning import stegmodell_av, underlag_av
from rapport.plandokument import Arsfordelning, Budgetradspost, Plandokument


def radkod(rad: Budgetradspost) -> str:
    """The code of a budget row in the table: the area's, or one made from the plan row's number."""
    return rad.kod if rad.omrade_id is not None else f"rad-{rad.rad_id}"


def omradesmatris(dokument: Plandokument, ars: Arsfordelning) -> Matris | None:
    """The table of one year, in öre; its rows are the budget rows with an amount, its columns what each party owes.

    None where nothing is split, or where the split is not that of the rows in the record (a year that was decided
    with other amounts).
    """
    if ars.fordelning is None:
        return None
    rader = tuple(
        Rad(radkod(rad), rad.namn or "Utan benämning", cell.ore)
        for rad, cell in dokument.budget.kolumn_celler(ars.budgetar, "sgd")
        if cell.ore is not None
    )
    modell = ars.fordelning.modell
    parter = [
        Part(en.kod, en.namn, en.typ, None if en.typ == "region" else en.invanare) for en in ars.fordelning.andelar
    ]
    underlag = underlag_av(parter, modell.folkmangdsdatum, ars.budgetar)
    try:
        fordelning = fordela_rader(Arsunderlag(rader, stegmodell_av(modell), underlag))
    except Fordelningsfel:
        return None  # the year's own split stands; only this way of laying it out is not at hand
    if dict(fordelning.andelar) != {en.kod: en.belopp for en in ars.fordelning.andelar}:
        return None
    return matris(fordelning)
