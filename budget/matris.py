"""Controlled rounding: a table whose rows and columns add up exactly, and whose cells stay by their exact values.

Pure functions without Django. The method is that of Causey, Cox and Ernst (1985) and Cox (1987): among the tables
that have every cell rounded down or up and the right row sums, a flow from columns that have too much to columns
that have too little finds one with the right column sums, or proves that there is none. Then the cells' room is
widened as little as makes it possible. Rule 8 in ``docs/kostnadsfordelning.md``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

Tal = Sequence[Sequence[Fraction]]
Granser = tuple[list[list[int]], list[list[int]]]

_SKALA = 2**48
"""The first guess is made with whole-number approximations of this fineness; it is only a guess."""


@dataclass(frozen=True, slots=True)
class Heltalsmatris:
    """Whole units in *celler*. *storsta* is the largest deviation from an exact value, in units, and *plats* its cell.

    *kontrollerad* is True when every cell is its exact value rounded down or up.
    """

    celler: tuple[tuple[int, ...], ...]
    storsta: Fraction
    plats: tuple[int, int] | None
    kontrollerad: bool


def avrunda_matris(exakt: Tal, radsummor: Sequence[int], kolumnsummor: Sequence[int]) -> Heltalsmatris:
    """Round *exakt* (rows of equal length, in units) so that the rows and columns have exactly these sums.

    A row's exact values must add up to its sum. Every cell is rounded down or up; where the columns make that
    impossible, the largest deviation is as small as it can be. A cell that is exactly zero stays zero, unless no
    table at all could be made so. Rows in a given order give a given table: sort them first.

    Raises ValueError for sums that do not agree.
    """
    if [sum(rad, Fraction(0)) for rad in exakt] != list(radsummor) or sum(radsummor) != sum(kolumnsummor):
        raise ValueError("the exact rows, the row sums and the column sums do not agree")
    if not exakt:
        return Heltalsmatris((), Fraction(0), None, kontrollerad=True)
    forsta = _forsta_gissning(exakt, radsummor, kolumnsummor)
    celler = _ratta(forsta, _nedat_uppat(exakt), kolumnsummor)
    kontrollerad = celler is not None
    if celler is None:
        celler = _minsta_utrymme(exakt, forsta, kolumnsummor)
    storsta, plats = _storsta_avvikelse(exakt, celler)
    return Heltalsmatris(tuple(map(tuple, celler)), storsta, plats, kontrollerad)


def _storsta_avvikelse(exakt: Tal, celler: Sequence[Sequence[int]]) -> tuple[Fraction, tuple[int, int] | None]:
    storsta, plats = Fraction(0), None
    for r, rad in enumerate(exakt):
        for k, varde in enumerate(rad):
            if (avvikelse := abs(celler[r][k] - varde)) > storsta:
                storsta, plats = avvikelse, (r, k)
    return storsta, plats


# ----------------------------------------------------------------------
# A first table with the right rows


def _forsta_gissning(exakt: Tal, radsummor: Sequence[int], kolumnsummor: Sequence[int]) -> list[list[int]]:
    """Round row by row, giving a row's left-over units to the columns that lag most behind their own sum.

    What a column lags is carried on to the next row, so that little is left to mend at the end.
    """
    ungefar = [[varde.numerator * _SKALA // varde.denominator for varde in rad] for rad in exakt]
    kolumner = range(len(kolumnsummor))
    fel = [summa * _SKALA - sum(rad[k] for rad in ungefar) for k, summa in enumerate(kolumnsummor)]
    slap = [0] * len(kolumnsummor)
    celler = []
    for r, (rad, summa) in enumerate(zip(exakt, radsummor, strict=True)):
        nedat = [floor(varde) for varde in rad]
        # A column's own rounding is spread evenly over the rows.
        onskat = [slap[k] + ungefar[r][k] - nedat[k] * _SKALA + fel[k] // len(exakt) for k in kolumner]
        lediga = [k for k in kolumner if rad[k].denominator != 1]
        upp = set(sorted(lediga, key=lambda k: (-onskat[k], k))[: summa - sum(nedat)])
        slap = [onskat[k] - _SKALA * (k in upp) for k in kolumner]
        celler.append([nedat[k] + (k in upp) for k in kolumner])
    return celler


# ----------------------------------------------------------------------
# Mending the columns


def _nedat_uppat(exakt: Tal) -> Granser:
    return [[floor(v) for v in rad] for rad in exakt], [[ceil(v) for v in rad] for rad in exakt]


def _inom(utrymme: Fraction, exakt: Tal, *, nollor: bool) -> Granser:
    """The whole numbers within *utrymme* (≥ 1) of each cell; with *nollor* a cell that is zero has no room."""
    rum = [[Fraction(0) if nollor and not v else utrymme for v in rad] for rad in exakt]
    lagst = [[ceil(v - rum[r][k]) for k, v in enumerate(rad)] for r, rad in enumerate(exakt)]
    hogst = [[floor(v + rum[r][k]) for k, v in enumerate(rad)] for r, rad in enumerate(exakt)]
    return lagst, hogst


def _ratta(celler: Sequence[Sequence[int]], granser: Granser, kolumnsummor: Sequence[int]) -> list[list[int]] | None:
    """Move units within rows until the columns have their sums; None when the limits make that impossible.

    Each move follows a shortest chain of cells from a column with too much to one with too little (Ford and
    Fulkerson); when no chain is left, a cut shows that there is none.
    """
    nat = _Nat([list(rad) for rad in celler], *granser)
    for_mycket = [sum(kolumn) - summa for kolumn, summa in zip(zip(*celler, strict=True), kolumnsummor, strict=True)]
    for start, antal in enumerate(for_mycket):
        for _ in range(antal):
            slut = nat.flytta(start, sum(1 << k for k, fel in enumerate(for_mycket) if fel < 0))
            if slut is None:
                return None
            for_mycket[slut] += 1
    return nat.celler


class _Nat:
    """The table as a net. Bit sets tell, by row, which columns may take a unit, and by column, which rows may give."""

    def __init__(self, celler: list[list[int]], lagst: list[list[int]], hogst: list[list[int]]) -> None:
        self.celler, self._lagst, self._hogst = celler, lagst, hogst
        self._tar = [0] * len(celler)
        self._ger = [0] * len(celler[0]) if celler else []
        for r in range(len(celler)):
            for k in range(len(celler[r])):
                self._marke(r, k)

    def _marke(self, r: int, k: int) -> None:
        antal = self.celler[r][k]
        self._tar[r] = self._tar[r] | 1 << k if antal < self._hogst[r][k] else self._tar[r] & ~(1 << k)
        self._ger[k] = self._ger[k] | 1 << r if antal > self._lagst[r][k] else self._ger[k] & ~(1 << r)

    def flytta(self, start: int, mottagare: int) -> int | None:
        """Move one unit from *start* to a column in the bit set *mottagare*; return it, None when there is no way."""
        fran: dict[int, tuple[int, int]] = {}  # column → the row it was reached by and the column before
        nadda, provade, ko = 1 << start, 0, [start]
        for kolumn in ko:
            rader = self._ger[kolumn] & ~provade
            provade |= rader
            for r in _bitar(rader):
                nya = self._tar[r] & ~nadda
                nadda |= nya
                for k in _bitar(nya):
                    fran[k] = (r, kolumn)
                    if mottagare >> k & 1:
                        self._ga(k, fran)
                        return k
                    ko.append(k)
        return None

    def _ga(self, slut: int, fran: dict[int, tuple[int, int]]) -> None:
        while slut in fran:
            r, forra = fran[slut]
            self.celler[r][slut] += 1
            self.celler[r][forra] -= 1
            self._marke(r, slut)
            self._marke(r, forra)
            slut = forra


def _bitar(mangd: int) -> list[int]:
    """The numbers in a bit set, lowest first."""
    bitar = []
    while mangd:
        lagsta = mangd & -mangd
        bitar.append(lagsta.bit_length() - 1)
        mangd ^= lagsta
    return bitar


# ----------------------------------------------------------------------
# When rounding down or up is not enough


def _minsta_utrymme(exakt: Tal, forsta: list[list[int]], kolumnsummor: Sequence[int]) -> list[list[int]]:
    """The table with the least largest deviation: the whole unit is sought first, then the exact value within it."""
    storst = sum(map(abs, kolumnsummor)) + sum(abs(cell) for rad in forsta for cell in rad) + 1
    nollor = _ratta(forsta, _inom(Fraction(storst), exakt, nollor=True), kolumnsummor) is not None

    def prova(utrymme: Fraction) -> list[list[int]] | None:
        return _ratta(forsta, _inom(utrymme, exakt, nollor=nollor), kolumnsummor)

    hel = _forsta_som_gar(1, storst, lambda n: prova(Fraction(n)) is not None)
    delar = {v - floor(v) for rad in exakt for v in rad if v or not nollor}
    # No deviation below one unit is possible, or rounding down or up had been enough.
    mojliga = sorted({hel - 1 + del_ for del_ in delar if del_} | {hel - del_ for del_ in delar} | {Fraction(hel)})
    mojliga = [utrymme for utrymme in mojliga if utrymme >= 1]
    plats = _forsta_som_gar(0, len(mojliga) - 1, lambda n: prova(mojliga[n]) is not None)
    celler = prova(mojliga[plats])
    if celler is None:
        raise ValueError("no table has these sums")
    return celler


def _forsta_som_gar(lagst: int, hogst: int, gar: Callable[[int], bool]) -> int:
    """The least number in lagst…hogst that *gar*, when all above it do and the last one does."""
    while lagst < hogst:
        mitten = (lagst + hogst) // 2
        if gar(mitten):
            hogst = mitten
        else:
            lagst = mitten + 1
    return lagst
