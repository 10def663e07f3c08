"""The municipalities' shares as a map of equal tiles. Pure geometry on a split; templates only print it.

Where a county's municipalities lie is drawn in `fixtures/rutkarta_NN.csv`, a grid as one sees it in a spreadsheet,
NN the county's SCB code. Without such a file, or where a party has no place in it, the tiles stand by code.

Every tile says its amount, so the shade adds nothing that is not also in words. The steps' limits are round
numbers (1, 2 or 5 and zeros), put so that those within a step are as alike as can be, and the same for all years of a
plan, so that two years can be compared.
"""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import accumulate, combinations, pairwise
from pathlib import Path
from typing import Final

from budget.belopp import HART_MELLANSLAG, visa_hela_kr, visa_heltal, visa_kr
from budget.fordelning import Andel
from handlingsplan.scb_koder import standardkoder
from rapport.bilder_text import korta, ryms
from rapport.plandokument import Arsfordelning, Plandokument

BREDD: Final = 100
HOJD: Final = 68
GLAPP: Final = 4
MARGINAL: Final = 4  # around the whole, for the frame of a tile at the edge
LUFT: Final = 9  # between a tile's edge and its text
KOLUMNER: Final = 7  # of the plain grid
STORST_TEXT: Final = 14
MINST_NAMN: Final = 9  # a longer name is cut; an amount never is
MINST_BELOPP: Final = 5
STARKAST: Final = 5
ENDA: Final = 2  # the shade where there is one step only
_MAX_KANDIDATER: Final = 12  # more than these lie far below what tells the largest apart
_MAPP: Final = Path(__file__).resolve().parents[1] / "fixtures"

# Fill and text of each step on paper and in print; the stylesheet of the pages has its own, also for the dark.
FARGER: Final = (
    ("#ffffff", "#1a1a19"),
    ("#e6e9f4", "#1a1a19"),
    ("#c2cae4", "#1a1a19"),
    ("#97a5d1", "#1a1a19"),
    ("#506aaf", "#ffffff"),
    ("#1a3485", "#ffffff"),
)

Plats = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Kartruta:
    """One party's tile. Lengths are in the picture's own units; `ton` is 0 (pays nothing) to 5 (strongest)."""

    kod: str
    kortnamn: str  # as it stands in the tile, perhaps cut
    belopp: int
    belopp_text: str
    lang_text: str  # the whole name, the amount and the step in words
    ton: int
    fyllning: str
    textfarg: str
    x: int
    y: int
    namnstorlek: int
    beloppsstorlek: int
    egen: bool

    @property
    def text_x(self) -> int:
        return self.x + LUFT

    @property
    def namn_y(self) -> int:
        return self.y + (22 if self.egen else 30)

    @property
    def belopp_y(self) -> int:
        return self.namn_y + 18

    @property
    def egen_y(self) -> int:
        return self.belopp_y + 18


@dataclass(frozen=True, slots=True)
class Steg:
    """One shade, what it stands for and how many have it: ``från 20 000 kr``, ``7 kommuner``."""

    ton: int
    text: str
    antal: str


@dataclass(frozen=True, slots=True)
class Karta:
    """The picture: its size, a tile per municipality, the steps with the largest first, and who stands beside it."""

    bredd: int
    hojd: int
    rutor: tuple[Kartruta, ...]
    steg: tuple[Steg, ...]
    bredvid: tuple[Andel, ...]
    geografisk: bool
    rutbredd: int = BREDD
    ruthojd: int = HOJD

    @property
    def hur(self) -> str:
        """How the tiles lie, in words."""
        var = "ungefär där den ligger" if self.geografisk else "i kodordning"
        return f"En lika stor ruta för varje kommun, {var}. Ju kraftigare färg, desto större belopp."


def karta(dokument: Plandokument, ars: Arsfordelning, egna: Iterable[str] = ()) -> Karta | None:
    """The map of one year's split; `egna` are codes to point out. None where no municipality takes part."""
    if ars.fordelning is None or not ars.fordelning.kommuner:
        return None
    kommuner, egna = ars.fordelning.kommuner, frozenset(egna)
    lagen, geografisk = platser([en.kod for en in kommuner])
    alla_ar = [ett.fordelning.kommuner for ett in (*dokument.fordelningar, ars) if ett.fordelning]
    granser = steggranser({abs(en.belopp) for arets in alla_ar for en in arets})
    steg = _steg(kommuner, granser)
    ord_ = {ett.ton: ett.text for ett in steg}
    rutor = []
    for en in kommuner:
        nyans = ton(abs(en.belopp), granser)
        rutor.append(_ruta(en, lagen[en.kod], nyans, ord_[nyans], egen=en.kod in egna))
    return Karta(
        bredd=2 * MARGINAL + _utstrackning((kolumn for kolumn, _ in lagen.values()), BREDD),
        hojd=2 * MARGINAL + _utstrackning((rad for _, rad in lagen.values()), HOJD),
        rutor=tuple(sorted(rutor, key=lambda ruta: (ruta.y, ruta.x))),
        steg=steg,
        bredvid=tuple(en for en in ars.fordelning.andelar if en.typ != "kommun"),
        geografisk=geografisk,
    )


# ----------------------------------------------------------------------
# Where the tiles lie


def platser(koder: Sequence[str]) -> tuple[dict[str, Plats], bool]:
    """(column, row) by code, from 0, and whether it is the county's own layout rather than the plain grid."""
    layout = _layouter().get(koder[0][:2], {}) if koder else {}
    if not layout or not all(kod in layout for kod in koder):
        return {kod: (nr % KOLUMNER, nr // KOLUMNER) for nr, kod in enumerate(sorted(koder))}, False
    vanster, topp = (min(layout[kod][led] for kod in koder) for led in (0, 1))
    return {kod: (layout[kod][0] - vanster, layout[kod][1] - topp) for kod in koder}, True


@cache
def _layouter() -> dict[str, dict[str, Plats]]:
    """The layouts that are drawn, by county code."""
    return {fil.stem.removeprefix("rutkarta_"): las_layout(fil) for fil in sorted(_MAPP.glob("rutkarta_*.csv"))}


def las_layout(fil: Path) -> dict[str, Plats]:
    """A layout as it is drawn: a cell is empty or begins with a code. Raises ValueError for a code that comes twice."""
    funna: dict[str, Plats] = {}
    with fil.open(encoding="utf-8", newline="") as las:
        for rad, celler in enumerate(csv.reader(las)):
            for kolumn, cell in enumerate(celler):
                kod = cell.strip().partition(" ")[0]
                if kod in funna:
                    raise ValueError(f"{fil.name}: {kod} comes twice")
                if kod:
                    funna[kod] = (kolumn, rad)
    return funna


def _utstrackning(lagen: Iterable[int], matt: int) -> int:
    return (max(lagen) + 1) * (matt + GLAPP) - GLAPP


# ----------------------------------------------------------------------
# Shades


def steggranser(belopp: Iterable[int]) -> tuple[int, ...]:
    """The lower limits of all steps but the lowest: at most four round amounts, rising. `belopp` is öre, from 0.

    Chosen with the least sum of squared distances to the mean of the step, on logarithms: twice as much is as far
    among the small as among the large. Those that pay nothing have a step of their own and are not counted.
    """
    varden = sorted(varde for varde in belopp if varde)
    kandidater = _runda_tal(varden)
    logaritmer = [int(Decimal(varde).ln().scaleb(6)) for varde in varden]
    summor = list(accumulate(logaritmer, initial=0))
    kvadrater = list(accumulate((en * en for en in logaritmer), initial=0))

    def spridning(granser: tuple[int, ...]) -> Fraction:
        lagen = [0, *(bisect_left(varden, grans) for grans in granser), len(varden)]
        delar = (
            kvadrater[till] - kvadrater[fran] - Fraction((summor[till] - summor[fran]) ** 2, till - fran)
            for fran, till in pairwise(lagen)
        )
        return sum(delar, Fraction())

    antal = min(STARKAST - 1, len(kandidater))
    return min(combinations(kandidater, antal), key=spridning) if antal else ()


def _runda_tal(varden: Sequence[int]) -> list[int]:
    """Round amounts that part sorted `varden`, rising: one for each gap between values, the roundest there is."""
    per_lucka: dict[int, int] = {}
    for potens in range(len(str(varden[-1])) if varden else 0):
        for siffra in (1, 5, 2):  # 100 rather than 50, and 50 rather than 20
            tal = siffra * 10**potens
            lucka = bisect_left(varden, tal)
            if 0 < lucka < len(varden) and (lucka not in per_lucka or siffra == 1):
                per_lucka[lucka] = tal
    return sorted(per_lucka.values())[-_MAX_KANDIDATER:]


def ton(belopp: int, granser: Sequence[int]) -> int:
    """The shade of an amount (öre, from 0): 0 for nothing, else 1–5 spread over as many steps as there are."""
    if not belopp:
        return 0
    if not granser:
        return ENDA
    return 1 + bisect_right(granser, belopp) * (STARKAST - 1) // len(granser)


def _steg(kommuner: Sequence[Andel], granser: Sequence[int]) -> tuple[Steg, ...]:
    """All steps of the scale, the largest first; the one for nothing only where somebody pays nothing."""
    kredit = " tillbaka" if any(en.belopp < 0 for en in kommuner) else ""
    toner = [ton(abs(en.belopp), granser) for en in kommuner]
    ord_ = {0: _kr(0)} if 0 in toner else {}
    if granser:
        ord_[1] = f"under {_kr(granser[0])}{kredit}"
        ord_ |= {ton(grans, granser): f"från {_kr(grans)}{kredit}" for grans in granser}
    elif any(toner):
        alla = sorted({abs(en.belopp) for en in kommuner if en.belopp})
        spann = dict.fromkeys((alla[0], alla[-1]))
        ord_[ENDA] = f"{'–'.join(map(visa_hela_kr, spann))}{HART_MELLANSLAG}kr{kredit}"
    return tuple(Steg(nyans, ord_[nyans], _antal(toner.count(nyans))) for nyans in sorted(ord_, reverse=True))


def _antal(antal: int) -> str:
    return {0: "ingen", 1: "1 kommun"}.get(antal, f"{visa_heltal(antal)} kommuner")


def _kr(ore: int) -> str:
    return f"{visa_hela_kr(ore)}{HART_MELLANSLAG}kr"


# ----------------------------------------------------------------------
# One tile


def _ruta(andel: Andel, plats: Plats, nyans: int, steg: str, *, egen: bool) -> Kartruta:
    hela, visat = kortnamn(andel.kod, andel.namn), visa_kr(andel.belopp)
    namn, namnstorlek = passa(hela)
    fyllning, textfarg = FARGER[nyans]
    return Kartruta(
        kod=andel.kod,
        kortnamn=namn,
        belopp=andel.belopp,
        belopp_text=visat,
        lang_text=f"{hela} {visat}{HART_MELLANSLAG}kr{', er andel' if egen else ''}, {steg}",
        ton=nyans,
        fyllning=fyllning,
        textfarg=textfarg,
        x=MARGINAL + plats[0] * (BREDD + GLAPP),
        y=MARGINAL + plats[1] * (HOJD + GLAPP),
        namnstorlek=namnstorlek,
        beloppsstorlek=passa(visat, MINST_BELOPP)[1],
        egen=egen,
    )


def kortnamn(kod: str, namn: str) -> str:
    """The party's name without what it is: ``Malmö`` for Malmö stad. SCB's name where the party's begins with it."""
    scb = standardkoder().get(kod, "")
    if scb and namn.startswith(scb):
        return scb
    return namn.removesuffix(" kommun").removesuffix(" stad")


def passa(text: str, minst: int = MINST_NAMN) -> tuple[str, int]:
    """The text and the largest size of type, down to `minst`, in which it goes into a tile; cut where none is."""
    plats = BREDD - 2 * LUFT
    storlek = next((en for en in range(STORST_TEXT, minst, -1) if ryms(text, en, plats)), minst)
    return korta(text, storlek, plats), storlek
