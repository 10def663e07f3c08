"""The annex with the table party × area: what stands side by side on a page, every amount as text.

Pure functions on the table; amounts come in as öre and leave as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from budget.belopp import visa_kr
from rapport.omradestabell import Omradestabell

# Widths in hundredths of a millimetre: what a page has beside the parties' names, and what a figure, the spaces and
# signs between figures, and a column's air take. Heads are hyphenated, so that they need no more than the least.
_SIDAN: Final = 13_600
_SIFFRA: Final = 138
_ANNAT: Final = 68
_LUFT: Final = 205
_MINST: Final = 1_450


@dataclass(frozen=True, slots=True)
class Korsrad:
    """A row: the party, or whose sums they are, and its amounts as text."""

    namn: str
    belopp: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Korsdel:
    """As many areas as stand side by side on a page; `del_` says which part it is, "" where it is the whole."""

    del_: str
    rubriker: tuple[str, ...]
    rader: tuple[Korsrad, ...]
    gruppen: Korsrad | None
    summa: Korsrad


@dataclass(frozen=True, slots=True)
class Korsbilaga:
    """The annex of one year: its heading, its tables and what is said under them."""

    rubrik: str
    budgetar: int
    delar: tuple[Korsdel, ...]
    noter: tuple[str, ...]


def korsbilaga(tabell: Omradestabell, rubrik: str) -> Korsbilaga:
    """The annex of a table that has rows."""
    kolumner = _kolumner(tabell)
    grupper = _jamna_grupper([max(map(_bredd, belopp)) for _, *belopp in kolumner])
    return Korsbilaga(
        rubrik=rubrik,
        budgetar=tabell.ars.budgetar,
        delar=tuple(
            _del(tabell, [kolumner[nr] for nr in grupp], f"del {nummer} av {len(grupper)}" if len(grupper) > 1 else "")
            for nummer, grupp in enumerate(grupper, 1)
        ),
        noter=tabell.noter,
    )


def _kolumner(tabell: Omradestabell) -> list[list[str]]:
    """Every column from its head down: the parties' amounts, the municipalities' sum and the sum; the sums last."""
    omraden = [
        [en.namn, *(visa_kr(rad.celler[nr]) for rad in tabell.rader), visa_kr(en.gruppens), visa_kr(en.belopp)]
        for nr, en in enumerate(tabell.kolumner)
    ]
    summor = [*(visa_kr(rad.summa) for rad in tabell.rader), visa_kr(tabell.gruppens), visa_kr(tabell.summa)]
    return [*omraden, ["Summa", *summor]]


def _bredd(belopp: str) -> int:
    siffror = sum(map(str.isdigit, belopp))
    return max(_MINST, _LUFT + siffror * _SIFFRA + (len(belopp) - siffror) * _ANNAT)


def _jamna_grupper(bredder: Sequence[int]) -> list[range]:
    """The columns in as few groups as fit a page, the groups as even as they can be."""
    antal = len(bredder)
    for delar in range(1, antal + 1):
        storlek = -(-antal // delar)
        grupper = [range(i, min(i + storlek, antal)) for i in range(0, antal, storlek)]
        if all(sum(bredder[nr] for nr in grupp) <= _SIDAN for grupp in grupper):
            return grupper
    return [range(nr, nr + 1) for nr in range(antal)]


def _del(tabell: Omradestabell, kolumner: Sequence[Sequence[str]], del_: str) -> Korsdel:
    rubriker, *rader = zip(*kolumner, strict=True)
    *parternas, gruppens, summa = rader
    return Korsdel(
        del_=del_,
        rubriker=rubriker,
        rader=tuple(Korsrad(part.namn, belopp) for part, belopp in zip(tabell.rader, parternas, strict=True)),
        gruppen=Korsrad(tabell.grupprad, gruppens) if tabell.grupprad else None,
        summa=Korsrad("Summa", summa),
    )
