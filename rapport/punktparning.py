"""Which goal or activity of a later plan is which of an earlier one. Pure.

Items have no common identity across plans, so they are matched: by their number where both lists are of the same plan,
else by the same words, else by words that are nearly the same. What is gone from one area and new in another with
(nearly) the same words has moved.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LIKT: Final = 0.5
"""Share of words in common from which two items of the same place are one item, rewritten."""
LIKT_I_ANNAT_OMRADE: Final = 0.8
_ORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Punkt:
    """A goal, or an activity with its place: the area's code, the number of the item above it, its order there."""

    id: int
    text: str
    omrade: str
    foralder: int | None = None
    plats: int = 0
    falt: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Par:
    """An item before and after; one of the two is None where it has entered or left.

    `bytt_omrade`, `bytt_plats`: it has another area, or another place among its neighbours.
    """

    fore: Punkt | None
    efter: Punkt | None
    bytt_omrade: bool = False
    bytt_plats: bool = False

    @property
    def ar_andrad(self) -> bool:
        """Whether there is anything to tell."""
        if self.fore is None or self.efter is None:
            return True
        return (
            self.bytt_omrade
            or self.bytt_plats
            or (self.fore.text, self.fore.falt) != (self.efter.text, self.efter.falt)
        )


def para(fore: Sequence[Punkt], efter: Sequence[Punkt], *, samma_plan: bool) -> tuple[Par, ...]:
    """Match all items of the earlier plan with those of the later one: the later ones in order, then what has left."""
    ihop = _efter_nummer(fore, efter) if samma_plan else {}
    if not samma_plan:
        _efter_ord(fore, efter, ihop, samma_omrade=True, krav=1.0)
        _efter_ord(fore, efter, ihop, samma_omrade=True, krav=LIKT)
        _efter_ord(fore, efter, ihop, samma_omrade=False, krav=LIKT_I_ANNAT_OMRADE)
    fore_for = {en.id: en for en in fore}
    i_ny_ordning = _omflyttade([(fore_for[ihop[en.id]], en) for en in efter if en.id in ihop], ihop)
    par = [
        Par(
            gammal,
            en,
            bytt_omrade=gammal is not None and gammal.omrade != en.omrade,
            bytt_plats=en.id in i_ny_ordning,
        )
        for en in efter
        for gammal in [fore_for.get(ihop.get(en.id, -1))]
    ]
    kvar = set(ihop.values())
    return (*par, *(Par(en, None) for en in fore if en.id not in kvar))


def _efter_nummer(fore: Sequence[Punkt], efter: Sequence[Punkt]) -> dict[int, int]:
    finns = {en.id for en in fore}
    return {en.id: en.id for en in efter if en.id in finns}


def _efter_ord(
    fore: Sequence[Punkt], efter: Sequence[Punkt], ihop: dict[int, int], *, samma_omrade: bool, krav: float
) -> None:
    """Add the pairs that have at least `krav` of their words in common, the most alike first."""
    tagna = set(ihop.values())
    lediga = [(en, _orden(en.text)) for en in fore if en.id not in tagna]
    nya = [(en, _orden(en.text)) for en in efter if en.id not in ihop]
    kandidater = [
        (likhet, -abs(gammal.plats - en.plats), nr, ett, gammal.id, en.id)
        for ett, (en, dess) in enumerate(nya)
        for nr, (gammal, ord_) in enumerate(lediga)
        if (gammal.omrade == en.omrade) == samma_omrade and (likhet := _likhet(ord_, dess)) >= krav
    ]
    for _, _, _, _, gammal_id, ny_id in sorted(kandidater, key=lambda k: (-k[0], -k[1], k[2], k[3])):
        if gammal_id not in tagna and ny_id not in ihop:
            ihop[ny_id] = gammal_id
            tagna.add(gammal_id)


def _orden(text: str) -> Counter[str]:
    return Counter(_ORD.findall(text.casefold()))


def _likhet(ena: Counter[str], andra: Counter[str]) -> float:
    """How much of their words two texts have in common, from 0 to 1 (Dice)."""
    antal = ena.total() + andra.total()
    return 2 * (ena & andra).total() / antal if antal else 1.0


def _omflyttade(par: Sequence[tuple[Punkt, Punkt]], ihop: dict[int, int]) -> set[int]:
    """The later items that have another item above them, or that do not stand in the order they had.

    As few as possible are said to have moved: those outside the longest run that kept its order.
    """
    flyttade: set[int] = set()
    listor: dict[tuple[str, int | None], list[tuple[int, int]]] = {}
    for gammal, ny in par:
        ovanfor = ihop.get(ny.foralder) if ny.foralder is not None else None
        if gammal.omrade != ny.omrade:
            continue
        if gammal.foralder != ovanfor:
            flyttade.add(ny.id)
        else:
            listor.setdefault((ny.omrade, ny.foralder), []).append((gammal.plats, ny.id))
    for rader in listor.values():
        i_ordning = langsta_vaxande([plats for plats, _ in rader])
        flyttade |= {ny_id for nr, (_, ny_id) in enumerate(rader) if nr not in i_ordning}
    return flyttade


def langsta_vaxande(tal: Sequence[int]) -> set[int]:
    """The positions of a longest run that grows, in any choice of numbers from left to right."""
    langd = [1] * len(tal)
    fore = [-1] * len(tal)
    for nr, ett in enumerate(tal):
        for tidigare in range(nr):
            if tal[tidigare] < ett and langd[tidigare] + 1 > langd[nr]:
                langd[nr], fore[nr] = langd[tidigare] + 1, tidigare
    nr = max(range(len(tal)), key=lambda plats: langd[plats], default=-1)
    valda = set()
    while nr >= 0:
        valda.add(nr)
        nr = fore[nr]
    return valda
