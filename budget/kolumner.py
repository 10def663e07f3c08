"""Which columns and which rows the budget table has. One rule for the page, the PDF and the editing grid."""

from __future__ import annotations

from collections.abc import Iterable

from budget.models import Finansiering
from handlingsplan.models import Handlingsplan
from insatsomraden.models import Omradesutgava

# A column: the year and the form of financing.
Kolumnnyckel = tuple[int, str]
_ORDNING = {namn: nummer for nummer, namn in enumerate(Finansiering.values)}


def kolumnnycklar(plan: Handlingsplan, i_bruk: Iterable[Kolumnnyckel]) -> list[Kolumnnyckel]:
    """The columns: SGD in each year of the plan, and whatever else some amount uses (`i_bruk`).

    Newest year first; within a year SGD first, then in the order of the forms of financing.
    """
    nycklar = {(budgetar, Finansiering.SGD.value) for budgetar in plan.verksamhetsar} | set(i_bruk)
    return sorted(nycklar, key=lambda nyckel: (-nyckel[0], _ORDNING[nyckel[1]]))


def visas_i_tabellen(lage: str, har_jamforelse: bool) -> bool:
    """Whether an area has a row in the table.

    One that is in the plan always has (`lage`: Omradesutgava.Lage). One that has left or is only watched has a row
    while it has comparison figures, of years outside the plan; its cells in the plan's own years are ej aktuellt.
    """
    return lage == Omradesutgava.Lage.INGAR or har_jamforelse


def valbara_ar(plan: Handlingsplan) -> range:
    """Years that the plan's budget may speak of: its own and, for comparison, the one before."""
    return range(plan.fran_ar - 1, plan.till_ar + 1)


def las_kolumnnyckel(text: str) -> Kolumnnyckel | None:
    """`2024-statsbidrag` as (2024, "statsbidrag"); None for anything else. The inverse of `skriv_kolumnnyckel`."""
    artal, _, finansiering = text.partition("-")
    if len(artal) != 4 or not (artal.isascii() and artal.isdigit()) or finansiering not in _ORDNING:
        return None
    return int(artal), finansiering


def skriv_kolumnnyckel(nyckel: Kolumnnyckel) -> str:
    return f"{nyckel[0]}-{nyckel[1]}"


def kolumnnamn(nyckel: Kolumnnyckel) -> str:
    """As it is read out: `SGD 2024`."""
    return f"{Finansiering(nyckel[1]).label} {nyckel[0]}"
