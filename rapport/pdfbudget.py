"""The budget table as it is printed: what stands side by side on a page, and every cell as text.

Pure functions on the record; amounts come in as öre and leave as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from budget.belopp import HART_MELLANSLAG, Summa, visa_hela_kr, visa_summa
from rapport.plandokument import Budgettabell, Cell

# Widths in hundredths of a millimetre: what a page has beside the areas' names, what a figure and a column's air take.
_STAENDE: Final = 12_500
_LIGGANDE: Final = 20_500
_TECKEN: Final = {False: 155, True: 142}  # in normal and in tight type
_LUFT: Final = {False: 950, True: 750}
MAX_NORMAL: Final = 4  # more columns than this are always set tight
_ORD: Final = {"okant": "okänt", "ej_aktuellt": "ej aktuellt", "ej_ifyllt": "ej ifyllt"}
_AVVIKER: Final = "†"


@dataclass(frozen=True, slots=True)
class Tabellcell:
    """One printed cell: `slag` as in the record, its text without unit, its footnote marks."""

    slag: str
    text: str
    marken: str
    forst_i_ar: bool


@dataclass(frozen=True, slots=True)
class Tabellrad:
    namn: str
    celler: tuple[Tabellcell, ...]


@dataclass(frozen=True, slots=True)
class Kolumnhuvud:
    namn: str
    marken: str
    forst_i_ar: bool
    summa: str


@dataclass(frozen=True, slots=True)
class Arshuvud:
    budgetar: int
    antal: int
    jamforelse: bool
    summa: str


@dataclass(frozen=True, slots=True)
class Deltabell:
    """As much of the budget table as stands side by side on a page: upright, or lying down where `liggande`."""

    rubrik: str
    summarubrik: str
    alla_ar: tuple[Arshuvud, ...]
    kolumner: tuple[Kolumnhuvud, ...]
    rader: tuple[Tabellrad, ...]
    tat: bool
    liggande: bool


def deltabeller(budget: Budgettabell) -> tuple[Deltabell, ...]:
    """The budget as one table where it fits a page, upright or lying down, else in parts that do.

    An amount is never broken over lines: a year that is too wide is shared evenly among as many tables as it needs.
    """
    alla = list(range(len(budget.kolumner)))
    if not alla:
        return ()
    if _bredd(budget, alla, tat=True) <= _LIGGANDE:
        return (_deltabell(budget, alla, "", "Summa per verksamhetsår"),)
    delar = []
    for en in budget.arssummor:
        arets = [nr for nr in alla if budget.kolumner[nr].budgetar == en.budgetar]
        grupper = _jamna_grupper(budget, arets)
        for nummer, grupp in enumerate(grupper, 1):
            del_ = f" (del {nummer} av {len(grupper)})" if len(grupper) > 1 else ""
            summarubrik = f"Summa {en.budgetar}, all finansiering"
            delar.append(_deltabell(budget, grupp, f"{en.budgetar}{del_}", summarubrik))
    return tuple(delar)


def _jamna_grupper(budget: Budgettabell, nummer: Sequence[int]) -> list[Sequence[int]]:
    """The columns in as few groups as fit upright pages, the groups as even as they can be."""
    for antal in range(1, len(nummer)):
        storlek = -(-len(nummer) // antal)
        grupper = [nummer[i : i + storlek] for i in range(0, len(nummer), storlek)]
        if all(_bredd(budget, grupp, tat=True) <= _STAENDE for grupp in grupper):
            return grupper
    return [[nr] for nr in nummer]


def _bredd(budget: Budgettabell, nummer: Sequence[int], *, tat: bool) -> int:
    """The room that some columns take, hundredths of a millimetre."""
    bredd = 0
    for nr in nummer:
        texter = [_celltext(rad.celler[nr].slag, rad.celler[nr].ore) for rad in budget.rader]
        ord_ = [*texter, *_summatext(budget.kolumner[nr].summa).split(" "), *budget.kolumner[nr].namn.split(" ")]
        bredd += _LUFT[tat] + _TECKEN[tat] * max(map(len, ord_))
    return bredd


def _deltabell(budget: Budgettabell, nummer: Sequence[int], rubrik: str, summarubrik: str) -> Deltabell:
    kolumner = [budget.kolumner[nr] for nr in nummer]
    alla_ar = dict.fromkeys(kolumn.budgetar for kolumn in kolumner)
    summor = {en.budgetar: _summatext(en.summa) for en in budget.arssummor}
    egna = {kolumn.budgetar for kolumn in kolumner if kolumn.egen}
    forst_i_ar = [i == 0 or kolumner[i - 1].budgetar != kolumn.budgetar for i, kolumn in enumerate(kolumner)]
    return Deltabell(
        rubrik=rubrik,
        summarubrik=summarubrik,
        alla_ar=tuple(
            Arshuvud(ett, sum(k.budgetar == ett for k in kolumner), ett not in egna, summor[ett]) for ett in alla_ar
        ),
        kolumner=tuple(
            Kolumnhuvud(
                namn=kolumn.namn,
                marken=", ".join(kolumn.markorer),
                forst_i_ar=forst,
                summa=_summatext(kolumn.summa),
            )
            for kolumn, forst in zip(kolumner, forst_i_ar, strict=True)
        ),
        rader=tuple(
            Tabellrad(
                rad.rubrik,
                tuple(_cell(rad.celler[nr], forst) for nr, forst in zip(nummer, forst_i_ar, strict=True)),
            )
            for rad in budget.rader
        ),
        tat=len(nummer) > MAX_NORMAL or _bredd(budget, nummer, tat=False) > _STAENDE,
        liggande=_bredd(budget, nummer, tat=True) > _STAENDE,
    )


def _summatext(summa: Summa) -> str:
    """A sum in a column of amounts: the unit stands in the table's head unless there are words beside the number."""
    text = visa_summa(summa)
    return text if summa.okanda or summa.ej_ifyllda else text.removesuffix(f"{HART_MELLANSLAG}kr")


def _cell(cell: Cell, forst_i_ar: bool) -> Tabellcell:
    marken = [*cell.markorer, *([_AVVIKER] if cell.tidigare_slag else [])]
    return Tabellcell(cell.slag, _celltext(cell.slag, cell.ore), ", ".join(marken), forst_i_ar)


def _celltext(slag: str, ore: int | None) -> str:
    return visa_hela_kr(ore) if slag == "belopp" and ore is not None else _ORD[slag]


def skillnader(budget: Budgettabell) -> list[str]:
    """Where the earlier plan says something else of the same cell: one sentence each, never merged away."""
    funna = []
    for rad in budget.rader:
        for kolumn, cell in zip(budget.kolumner, rad.celler, strict=True):
            if cell.tidigare_slag:
                tidigare = _med_enhet(cell.tidigare_slag, cell.tidigare_ore)
                funna.append(
                    f"{rad.rubrik}, {kolumn.namn} {kolumn.budgetar}: {tidigare} i den tidigare"
                    f" planen, {_med_enhet(cell.slag, cell.ore)} här."
                )
    return funna


def _med_enhet(slag: str, ore: int | None) -> str:
    text = _celltext(slag, ore)
    return f"{text}{HART_MELLANSLAG}kr" if slag == "belopp" else text
