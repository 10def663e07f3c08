"""What closed reconciliations set against a year's payments, payer by payer, for whoever sends the invoices.

A billing basis is on what the payer pays of the year, whole: that is what the year's own reconciliation compares with.
What the year before left is told beside it, so that the invoice can be right. Pure; amounts are integer öre.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from budget.avstamning import Avrakning
from rapport.betalning import att_betala
from rapport.plandokument import Arsfordelning


@dataclass(frozen=True, slots=True)
class Avrakningsrad:
    """One payer: what it pays of the year, and what the year `fran` sets against that (below zero lowers it)."""

    kod: str
    namn: str
    fran: int
    betalar: int
    avraknas: int

    @property
    def efter(self) -> int:
        return self.betalar + self.avraknas


@dataclass(frozen=True, slots=True)
class Arsavrakning:
    """All that is set against one year. `budgetar` is that year; the reconciliation is of the year before it."""

    budgetar: int
    rader: tuple[Avrakningsrad, ...]

    @property
    def fran(self) -> int:
        return self.budgetar - 1

    @property
    def betalar(self) -> int:
        return sum(rad.betalar for rad in self.rader)

    @property
    def avraknas(self) -> int:
        return sum(rad.avraknas for rad in self.rader)

    @property
    def efter(self) -> int:
        return self.betalar + self.avraknas


def arsavrakning(ars: Arsfordelning, mot: Mapping[str, Sequence[Avrakning]]) -> Arsavrakning | None:
    """What `mot` (by SCB code) sets against the year's payments, in the split's order; None where nothing is."""
    namn = {en.kod: en.namn for en in ars.fordelning.andelar} if ars.fordelning else {}
    rader = tuple(
        Avrakningsrad(kod, namn[kod], ars.budgetar - 1, betalar, sum(en.paverkan for en in mot[kod]))
        for kod, betalar in att_betala(ars).items()
        if kod in mot
    )
    return Arsavrakning(ars.budgetar, rader) if rader else None
