"""A year's amount in instalments: which periods, how much in each, and when they are invoiced.

Pure, without database. Amounts are whole öre. **The rounding, in one place** (`dela_upp`): the amount is shared equally
by largest remainder, and since all remainders are the same, the units left over go to the earliest instalments. With
whole kronor every instalment but the last is whole kronor, and what is left of an amount under one krona is carried by
the last. Either way the instalments are the amount, to the öre, and a negative amount mirrors a positive one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from budget.belopp import ORE_PER_KRONA
from budget.fordelning import fordela

Delning = Literal["helar", "halvar", "kvartal"]
Avrundning = Literal["ore", "krona"]

ANTAL: Final[dict[str, int]] = {"helar": 1, "halvar": 2, "kvartal": 4}
_ORDNING: Final = ("första", "andra")
AVRUNDNING_I_ORD: Final[dict[str, str]] = {
    "ore": "Delbetalningarna är lika på öret när. Går det inte jämnt upp bär de första ett öre mer.",
    "krona": (
        "Delbetalningarna är hela kronor. Går det inte jämnt upp bär de första en krona mer, och den sista bär de ören "
        "som blir över."
    ),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A part of a year, both days included; `nummer` counts from 1."""

    nummer: int
    fran: date
    till: date
    namn: str


def perioder(budgetar: int, delning: str) -> tuple[Period, ...]:
    """The year in 1, 2 or 4 periods of whole months. Raises KeyError for a division that does not exist."""
    antal = ANTAL[delning]
    manader = 12 // antal
    starter = [date(budgetar, 1 + nr * manader, 1) for nr in range(antal)] + [date(budgetar + 1, 1, 1)]
    return tuple(
        Period(nr + 1, starter[nr], starter[nr + 1] - timedelta(days=1), _namn(budgetar, delning, nr))
        for nr in range(antal)
    )


def _namn(budgetar: int, delning: str, nr: int) -> str:
    if delning == "helar":
        return f"Hela {budgetar}"
    return f"{_ORDNING[nr].capitalize()} halvåret {budgetar}" if delning == "halvar" else f"Kvartal {nr + 1} {budgetar}"


def dela_upp(belopp: int, antal: int, avrundning: str) -> tuple[int, ...]:
    """`belopp` öre in `antal` instalments whose sum is `belopp`. See the module for the rounding."""
    tecken = -1 if belopp < 0 else 1
    enhet = ORE_PER_KRONA if avrundning == "krona" else 1
    hela, over = divmod(abs(belopp), enhet)
    delar = list(fordela(hela * enhet, {str(nr): 1 for nr in range(antal)}, enhet).values())
    delar[-1] += over
    return tuple(tecken * del_ for del_ in delar)


def fel_i_dagarna(dagar: Sequence[date], budgetar: int) -> dict[int, str]:
    """What is wrong with the days on which the instalments are invoiced, in Swedish, by place from 0."""
    fel = {}
    for nr, dag in enumerate(dagar):
        if not budgetar - 1 <= dag.year <= budgetar + 1:
            fel[nr] = f"{dag} ligger för långt från {budgetar}. Skriv en dag från {budgetar - 1} till {budgetar + 1}."
        elif nr and dag <= dagar[nr - 1]:
            fel[nr] = (
                f"{dag} är inte efter delbetalningen före, {dagar[nr - 1]}. Delbetalningarna ska följa på varandra."
            )
    return fel
