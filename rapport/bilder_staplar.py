"""The budget that is shared (SGD) as bars, per row of the budget and year. Pure geometry on the budget table.

Lengths of bars are per cent of the picture's width, so that it can be drawn at any width with type of one size;
everything else is pixels. An amount that is no number stands as a word where its bar would have begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from budget.belopp import HART_MELLANSLAG, visa_hela_kr
from budget.fordelning import upprakning
from rapport.bilder_text import korta, teckenbredd
from rapport.plandokument import Budgetradspost, Budgettabell, Cell

FORM: Final = "sgd"  # the form of financing that the parties share
ORD: Final = {"okant": "okänt", "ej_aktuellt": "ej aktuellt", "ej_ifyllt": "ej ifyllt"}
LUFT: Final = 2  # that the rule at the bars' foot stands out above and below them
MINST: Final = 20  # per cent of the width: no amount is so wide that the longest bar gets less


@dataclass(frozen=True, slots=True)
class Matt:
    """How a picture is set: pixels, where `bredd` is the narrowest in which everything has room."""

    bredd: int
    textstorlek: int
    namnbredd: int  # the rows' names in a column of their own; 0 for above their bars
    mellan: int
    arsbredd: int = 44
    stapel: int = 14
    steg: int = 20

    @property
    def indrag(self) -> int:
        """Where the bars begin."""
        return self.namnbredd + self.arsbredd

    @property
    def namnhojd(self) -> int:
        return 0 if self.namnbredd else self.steg + 4

    @property
    def baslinje(self) -> int:
        """From the top of a bar down to the foot of its text."""
        return (self.stapel + self.textstorlek) // 2 - 2


SIDA: Final = Matt(bredd=288, textstorlek=14, namnbredd=0, mellan=20)
PAPPER: Final = Matt(bredd=616, textstorlek=12, namnbredd=196, mellan=12, arsbredd=38, stapel=11, steg=16)


@dataclass(frozen=True, slots=True)
class Stapel:
    """One year of one row: `procent` of the width as text (``43.21``), empty where there is no bar to draw."""

    budgetar: int
    egen: bool  # a year of the plan, not a comparison figure
    slag: str
    text: str
    procent: str
    y: int
    text_y: int


@dataclass(frozen=True, slots=True)
class Stapelgrupp:
    """A row of the budget with a bar per year; `namn` is cut where it is long, the table has it whole."""

    namn: str
    namn_y: int
    topp: int
    hojd: int
    staplar: tuple[Stapel, ...]


@dataclass(frozen=True, slots=True)
class Stapelbild:
    """The picture: its height in pixels, the years, the rows, and what it shows and leaves out in words."""

    matt: Matt
    hojd: int
    alla_ar: tuple[int, ...]
    grupper: tuple[Stapelgrupp, ...]
    har_jamforelse: bool
    mening: str
    utan: str

    @property
    def arstext(self) -> str:
        """The years, oldest first: ``2023 och 2024``."""
        return upprakning(str(ett) for ett in reversed(self.alla_ar))


def staplar(budget: Budgettabell, matt: Matt = SIDA) -> Stapelbild | None:
    """The bars of all years with SGD money, newest year first as in the table; None where no amount is above zero."""
    alla = [nr for nr, kolumn in enumerate(budget.kolumner) if kolumn.finansiering == FORM]
    nummer = [nr for nr in alla if any(rad.celler[nr].slag != "ej_aktuellt" for rad in budget.rader)]
    rader = [rad for rad in budget.rader if any(rad.celler[nr].slag != "ej_aktuellt" for nr in nummer)]
    belopp = [rad.celler[nr].ore or 0 for rad in rader for nr in nummer]
    if max(belopp, default=0) <= 0:
        return None
    grupphojd = matt.namnhojd + matt.steg * len(nummer) + matt.mellan
    langst = _langst(belopp, matt)
    return Stapelbild(
        matt=matt,
        hojd=len(rader) * grupphojd - matt.mellan + 2 * LUFT,
        alla_ar=tuple(budget.kolumner[nr].budgetar for nr in nummer),
        grupper=tuple(
            _grupp(budget, rad, nummer, (langst, max(belopp)), plats * grupphojd + LUFT, matt)
            for plats, rad in enumerate(rader)
        ),
        har_jamforelse=not all(budget.kolumner[nr].egen for nr in nummer),
        mening=_mening(budget, rader, nummer),
        utan=_utan([budget.kolumner[nr].budgetar for nr in alla if nr not in nummer], len(budget.rader) - len(rader)),
    )


def _langst(belopp: Sequence[int], matt: Matt) -> int:
    """The longest bar in hundredths of a per cent of the width: what the indent and the widest amount leave."""
    siffror = max(teckenbredd(visa_hela_kr(ore)) for ore in belopp) * matt.textstorlek // 100
    return max(100 * MINST, 10_000 * (matt.bredd - matt.indrag - siffror - 12) // matt.bredd)


def _grupp(
    budget: Budgettabell, rad: Budgetradspost, nummer: Sequence[int], skala: tuple[int, int], y: int, matt: Matt
) -> Stapelgrupp:
    """One row from `y` down; `skala` is the longest bar and the amount (öre) that has it."""
    langst, storst = skala
    forsta = y + matt.namnhojd
    alla = []
    for i, nr in enumerate(nummer):
        kolumn, cell = budget.kolumner[nr], rad.celler[nr]
        langd = max(0, cell.ore or 0) * langst // storst
        topp = forsta + i * matt.steg
        alla.append(
            Stapel(
                budgetar=kolumn.budgetar,
                egen=kolumn.egen,
                slag=cell.slag,
                text=_celltext(cell),
                procent=f"{langd // 100}.{langd % 100:02d}" if langd else "",
                y=topp,
                text_y=topp + matt.baslinje,
            )
        )
    return Stapelgrupp(
        namn=korta(rad.rubrik, matt.textstorlek, matt.namnbredd - 12 if matt.namnbredd else matt.bredd),
        namn_y=y + matt.baslinje,
        topp=forsta - LUFT,
        hojd=matt.steg * (len(nummer) - 1) + matt.stapel + 2 * LUFT,
        staplar=tuple(alla),
    )


def _celltext(cell: Cell) -> str:
    return visa_hela_kr(cell.ore) if cell.slag == "belopp" and cell.ore is not None else ORD[cell.slag]


def _utan(alla_ar: Sequence[int], rader: int) -> str:
    """What is left out of the picture because there is nothing to draw: a sentence, or nothing."""
    delar = [str(ett) for ett in reversed(alla_ar)]
    if rader:
        delar.append("en rad" if rader == 1 else f"{rader} rader")
    text = upprakning(delar) if delar else ""
    return f"{text[:1].upper()}{text[1:]} har inga SGD-medel och visas inte." if text else ""


def _mening(budget: Budgettabell, rader: Sequence[Budgetradspost], nummer: Sequence[int]) -> str:
    """The largest row of each year, as one sees it in the picture: ``Störst 2024: Mina planer, 500 000 kr.``"""
    delar = []
    for nr in nummer:
        storst = max(rader, key=lambda rad: rad.celler[nr].ore or 0)
        ore = storst.celler[nr].ore or 0
        if ore > 0:
            belopp = f"{visa_hela_kr(ore)}{HART_MELLANSLAG}kr"
            delar.append(f"Störst {budget.kolumner[nr].budgetar}: {storst.rubrik}, {belopp}.")
    return " ".join(delar)
