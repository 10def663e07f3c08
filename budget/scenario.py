"""What a scenario holds: other amounts in some cells, and another rule in some years. Nothing is fetched or saved here.

Each change remembers what was saved when it was made, so that it can be told that the budget has moved on since. As
JSON, with the cell's name as in the grid, and what each year came to when it was saved:

    {"schema": 1,
     "celler": {"o12-2024-sgd": ["500000.00", "okant"]},
     "regler": {"2024": {"andel_region": [1, 30], "folkmangdsdatum": ["2022-12-31", "2023-12-31"]}},
     "utfall": {"2024": ["1 750 000 kr", "1 650 000 kr + okänt", "3f2a…"]}}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from budget.belopp import EJ_AKTUELLT, OKANT, Cellvarde
from budget.celler import Cellplats, las_plats
from budget.models import Finansiering, Fordelningsregel
from handlingsplan.falt import las_isodatum

SCHEMA: Final = 1
REGELFALT: Final = ("modell", "andel_region", "andel_grupp", "enhet", "folkmangdsdatum")
"""What of a year's rule can be tried; on what decision it rests is asked for when it becomes the plan's rule."""
FORHALLANDET: Final = 0
"""In place of a model's number: the ratio is used, and no model."""
MAX_ANDEL: Final = 2_147_483_647  # what the database's column holds
_DELAR: Final = {"schema", "celler", "regler"}  # utfall may be missing
_BELOPP = re.compile(r"[0-9]{1,12}\.[0-9]{2}")
_UTAN_BELOPP: dict[str, Cellvarde | None] = {"ej_ifyllt": None, "okant": OKANT, "ej_aktuellt": EJ_AKTUELLT}

type Regelvarde = int | str | date


class Innehallsfel(ValueError):
    """The JSON is not a scenario's. For who looks in the log: no person writes it by hand."""


@dataclass(frozen=True, slots=True)
class Byte[V]:
    """What was saved when the change was made, and what is tried instead."""

    fran: V
    till: V


@dataclass(frozen=True, slots=True)
class Dautfall:
    """What a year came to when the scenario was saved: both sums as they were read, and a fingerprint of all shares."""

    nu: str
    prov: str
    avtryck: str


@dataclass(frozen=True, slots=True)
class Innehall:
    """The changed cells, the changed fields of rules by year and field, and what the years came to."""

    celler: Mapping[Cellplats, Byte[Cellvarde | None]] = field(default_factory=dict)
    regler: Mapping[tuple[int, str], Byte[Regelvarde]] = field(default_factory=dict)
    utfall: Mapping[int, Dautfall] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many changes there are."""
        return len(self.celler) + len(self.regler)


def regelvarde(regel: Fordelningsregel, namn: str) -> Regelvarde:
    """A field of a rule as it is compared and stored; a model is its number."""
    varde: Regelvarde = regel.modell_id or FORHALLANDET if namn == "modell" else getattr(regel, namn)
    return varde


def som_json(innehall: Innehall) -> dict[str, Any]:
    """As it is stored."""
    regler: dict[str, dict[str, list[Any]]] = {}
    for (budgetar, namn), ett in innehall.regler.items():
        regler.setdefault(str(budgetar), {})[namn] = [_enkelt(ett.fran), _enkelt(ett.till)]
    celler = {plats.namn: [_celltext(ett.fran), _celltext(ett.till)] for plats, ett in innehall.celler.items()}
    utfall = {str(budgetar): [ett.nu, ett.prov, ett.avtryck] for budgetar, ett in innehall.utfall.items()}
    return {"schema": SCHEMA, "celler": celler, "regler": regler, "utfall": utfall}


def _enkelt(varde: Regelvarde) -> int | str:
    return varde.isoformat() if isinstance(varde, date) else varde


def _celltext(cell: Cellvarde | None) -> str:
    if cell is None:
        return "ej_ifyllt"
    return cell.slag if cell.belopp is None else f"{cell.belopp:.2f}"


def las_json(data: Any) -> Innehall:
    """The inverse of `som_json`. Raises Innehallsfel for anything else."""
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or data.keys() - {"utfall"} != _DELAR:
        raise Innehallsfel("A scenario is an object with schema, celler, regler and utfall.")
    if not all(isinstance(data.get(namn, {}), dict) for namn in ("celler", "regler", "utfall")):
        raise Innehallsfel("celler, regler and utfall are objects.")
    celler = {_plats(namn): Byte(*map(_cell, _par(par))) for namn, par in data["celler"].items()}
    return Innehall(celler, dict(_regler(data["regler"])), dict(_utfall(data.get("utfall", {}))))


def _par(varde: object) -> tuple[object, object]:
    if not isinstance(varde, list) or len(varde) != 2:
        raise Innehallsfel(f"{varde!r} is no pair of before and after.")
    return varde[0], varde[1]


def _plats(namn: str) -> Cellplats:
    plats = las_plats(namn)
    if plats is None or plats.finansiering != Finansiering.SGD:
        raise Innehallsfel(f"{namn!r} is no cell that is shared.")
    return plats


def _cell(text: object) -> Cellvarde | None:
    if not isinstance(text, str) or not (text in _UTAN_BELOPP or _BELOPP.fullmatch(text)):
        raise Innehallsfel(f"{text!r} is no amount.")
    return _UTAN_BELOPP[text] if text in _UTAN_BELOPP else Cellvarde("belopp", Decimal(text))


def _regler(data: Mapping[str, Any]) -> Iterator[tuple[tuple[int, str], Byte[Regelvarde]]]:
    for budgetar, alla_falt in data.items():
        if not isinstance(alla_falt, dict):
            raise Innehallsfel(f"{budgetar!r} has no rule.")
        for namn, par in alla_falt.items():
            fran, till = _par(par)
            yield (_budgetar(budgetar), namn), Byte(_las_regelvarde(namn, fran), _las_regelvarde(namn, till))


def _utfall(data: Mapping[str, Any]) -> Iterator[tuple[int, Dautfall]]:
    for budgetar, texter in data.items():
        if not isinstance(texter, list) or len(texter) != 3 or not all(isinstance(en, str) for en in texter):
            raise Innehallsfel(f"{texter!r} is not what a year came to.")
        yield _budgetar(budgetar), Dautfall(*texter)


def _budgetar(text: str) -> int:
    if not re.fullmatch(r"20[0-9]{2}|2100", text):
        raise Innehallsfel(f"{text!r} is no year.")
    return int(text)


def _las_regelvarde(namn: str, varde: object) -> Regelvarde:
    match namn, varde:
        case "modell" | "andel_region" | "andel_grupp", int() if type(varde) is int and 0 <= varde <= MAX_ANDEL:
            return varde
        case "enhet", str() if varde in Fordelningsregel.Enhet.values:
            return varde
        case "folkmangdsdatum", str():
            datum = las_isodatum(varde)
            if datum is not None:
                return datum
    raise Innehallsfel(f"{varde!r} is no {namn} of a rule.")
