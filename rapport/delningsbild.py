"""The picture of a split: one bar, the region to the left and the municipalities beside it. Pure geometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from budget.fordelning import Fordelning

BREDD: Final = 10_000
GLAPP: Final = 100
MELLANRUM: Final = 12


@dataclass(frozen=True, slots=True)
class Ruta:
    """A piece of the bar, in units of 1/10 000 of its width."""

    klass: str
    x: int
    bredd: int


def rutor(fordelning: Fordelning, egen: str = "") -> tuple[Ruta, ...]:
    """Pieces in proportion to the amounts, the largest municipality first; `egen` is a code to point out.

    Nothing is drawn where the total is not positive: a proportion would mean nothing.
    """
    if fordelning.total <= 0:
        return ()
    delar = sorted(fordelning.andelar, key=lambda a: (a.typ != "region", -a.belopp))
    klara, x = [], 0
    region = fordelning.region
    yta = BREDD - (GLAPP if region is not None and region.belopp else 0)
    for andel in delar:
        bredd = andel.belopp * yta // fordelning.total
        if bredd == 0:
            continue
        slag = "region" if andel.typ == "region" else "kommun"
        synlig = bredd - (0 if slag == "region" or bredd <= 2 * MELLANRUM else MELLANRUM)
        klara.append(Ruta("delning__egen" if andel.kod == egen else f"delning__{slag}", x, synlig))
        x += bredd + (GLAPP if slag == "region" else 0)
    return tuple(klara)
