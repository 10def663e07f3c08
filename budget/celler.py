"""What a person sends from the budget grid, read cell by cell. Nothing is fetched or saved here.

Every cell carries a hidden *bas*: the version and the value that its input was made from. A cell whose typed value
equals its base has not been touched by the person, and is never written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from budget.belopp import EJ_AKTUELLT, OKANT, Beloppsfel, Cellvarde, tolka_cell
from budget.models import Finansiering

_NAMN = re.compile(rf"(?P<sort>[or])(?P<pk>[0-9]{{1,18}})-(?P<ar>[0-9]{{4}})-(?P<form>{'|'.join(Finansiering.values)})")
_BAS = re.compile(
    r"(?P<version>[0-9]{1,9}) (?P<slag>ej_ifyllt|okant|ej_aktuellt|belopp (?P<belopp>[0-9]{1,12}\.[0-9]{2}))"
)
_UTAN_BELOPP: dict[str, Cellvarde | None] = {"ej_ifyllt": None, "okant": OKANT, "ej_aktuellt": EJ_AKTUELLT}
BASPREFIX = "bas-"


@dataclass(frozen=True, slots=True)
class Cellplats:
    """Where a cell lies: an area's edition or a row of the whole plan (one of them is None), a year, a financing."""

    utgava_id: int | None
    rad_id: int | None
    budgetar: int
    finansiering: str

    @property
    def namn(self) -> str:
        """The name and id of the cell's input: `o12-2024-sgd`, or `r3-…` for a row of the whole plan."""
        rad = f"o{self.utgava_id}" if self.utgava_id is not None else f"r{self.rad_id}"
        return f"{rad}-{self.budgetar}-{self.finansiering}"


def las_plats(namn: str) -> Cellplats | None:
    """The inverse of `Cellplats.namn`; None for what is no cell's name."""
    traff = _NAMN.fullmatch(namn)
    if traff is None:
        return None
    pk = int(traff["pk"])
    i_omrade = traff["sort"] == "o"
    return Cellplats(pk if i_omrade else None, None if i_omrade else pk, int(traff["ar"]), traff["form"])


@dataclass(frozen=True, slots=True)
class Bas:
    """What an input was made from: the row's version (0 where there was no row) and its value."""

    version: int
    varde: Cellvarde | None

    def __str__(self) -> str:
        """As the form carries it: `3 belopp 500000.00`, `0 ej_ifyllt`."""
        if self.varde is None:
            return f"{self.version} ej_ifyllt"
        belopp = "" if self.varde.belopp is None else f" {self.varde.belopp:.2f}"
        return f"{self.version} {self.varde.slag}{belopp}"


INGEN_BAS = Bas(0, None)


def las_bas(text: str) -> Bas:
    """The inverse of `str(Bas)`. A garbled one counts as none: then what is saved is shown before it is replaced."""
    traff = _BAS.fullmatch(text)
    if traff is None:
        return INGEN_BAS
    if traff["belopp"] is None:
        return Bas(int(traff["version"]), _UTAN_BELOPP[traff["slag"]])
    return Bas(int(traff["version"]), Cellvarde("belopp", Decimal(traff["belopp"])))


@dataclass(frozen=True, slots=True)
class Inskickad:
    """One cell as it was sent: the text as typed, what it means (or `fel`, Swedish, why it means nothing), its base."""

    plats: Cellplats
    text: str
    varde: Cellvarde | None
    fel: str
    bas: Bas

    @property
    def ar_andrad(self) -> bool:
        """Whether the person has changed it."""
        return bool(self.fel) or self.varde != self.bas.varde


def las_inskickade(data: Mapping[str, str]) -> dict[Cellplats, Inskickad]:
    """All cells of a sent form, in the form's order."""
    funna = {}
    for namn in data:
        plats = las_plats(namn)
        if plats is not None:
            funna[plats] = _las_cell(plats, data[namn], las_bas(data.get(BASPREFIX + namn, "")))
    return funna


def _las_cell(plats: Cellplats, text: str, bas: Bas) -> Inskickad:
    try:
        return Inskickad(plats, text, tolka_cell(text), "", bas)
    except Beloppsfel as fel:
        return Inskickad(plats, text, None, str(fel), bas)
