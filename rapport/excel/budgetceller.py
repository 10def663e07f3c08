"""The budget's cells in a plan's workbook, read as the grid's inputs are: judged by value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from budget.belopp import visa_cell
from budget.celler import BASPREFIX, Inskickad, las_inskickade, las_plats
from budget.models import Finansiering
from budget.redigering import varde
from rapport.excel.blad import AR, BELOPP, FINANSIERING, ID, VERSION
from rapport.excel.forslag import BADA_HAR_ANDRAT, HAMTA_NY, Andring, Planrad
from rapport.excel.lage import Planlage
from rapport.excel.lasning import Filrad


def granska_celler(lage: Planlage, filrader: Sequence[Filrad]) -> Iterator[Planrad]:
    """What each row of the sheet Budget does."""
    antal = Counter(rad[ID].strip() for rad in filrader)
    for rad in filrader:
        yield _granska(lage, rad, antal[rad[ID].strip()])


def som_inskickad(rad: Filrad) -> Inskickad | None:
    """The row as a cell sent from the grid; None where it names no cell."""
    namn = rad[ID].strip()
    return next(iter(las_inskickade({namn: rad[BELOPP], f"{BASPREFIX}{namn}": rad[VERSION].strip()}).values()), None)


def _granska(lage: Planlage, rad: Filrad, antal: int) -> Planrad:
    plats, en = las_plats(rad[ID].strip()), som_inskickad(rad)
    etikett = lage.budget.etikett(plats) if plats else rad[ID][:60] or "(tom)"
    fore = varde(lage.budget.poster.get(plats)) if plats else None
    skal = _hinder(lage, rad, en, antal)
    if en is None or skal:
        return Planrad(rad, etikett, "vagrad", skal=skal)
    if not en.ar_andrad or en.varde == fore:
        return Planrad(rad, etikett, "oforandrad")
    andring = Andring(BELOPP, visa_cell(fore), visa_cell(en.varde))
    if fore != en.bas.varde:
        return Planrad(rad, etikett, "krock", (andring,), BADA_HAR_ANDRAT)
    return Planrad(rad, etikett, "andrad", (andring,), varden={"cell": en})


def _hinder(lage: Planlage, rad: Filrad, en: Inskickad | None, antal: int) -> str:
    """Why a row is refused, in Swedish; empty where it is not."""
    if en is None:
        return "Kolumnen Id säger inte vilken cell raden gäller. En ny cell fylls i på sidan Budget."
    if antal > 1:
        return f"Cellen står på {antal} rader i filen."
    if rad.fel or en.fel:
        return rad.fel or en.fel
    form = str(Finansiering(en.plats.finansiering).label)
    if (rad[AR].strip(), rad[FINANSIERING].strip().casefold()) != (str(en.plats.budgetar), form.casefold()):
        return f"År eller Finansiering är ändrat. Cellen gäller {form} {en.plats.budgetar}."
    if en.ar_andrad and not lage.budget.far_skrivas(en.plats):
        return f"Cellen finns inte i planens budget, eller kan inte ändras. {HAMTA_NY}"
    return ""
