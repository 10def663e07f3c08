"""Bars of a party's page: its share year by year, and what changed it. Pure geometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BREDD: Final = 1_000  # of a bar at its longest, in units of its picture
MINST: Final = 4  # what is not nothing is seen


@dataclass(frozen=True, slots=True)
class Stapel:
    """A bar from `x`, both in units of `BREDD`."""

    x: int
    bredd: int


def stapel(fran: int, till: int, storst: int) -> Stapel | None:
    """The bar between two amounts of at most `storst`; None where there is nothing to draw, or below zero."""
    lagst, hogst = min(fran, till), max(fran, till)
    if lagst < 0 or lagst == hogst or hogst > storst:
        return None
    x = min(lagst * BREDD // storst, BREDD - MINST)
    return Stapel(x, max(hogst * BREDD // storst - x, MINST))
