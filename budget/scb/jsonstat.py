"""JSON-stat2, as SCB's API writes it by default. https://json-stat.org/full/"""

import json
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from budget.filfel import Filfel
from budget.scb.kub import Kub, Sort, Variabel, kontrollera_storlek, som_rutnat, sortera, valj_referenstid
from budget.scb.rutnat import Cell, Rutnat
from budget.scb.textfil import avkoda

TRASIG = "Filen ska vara JSON men går inte att läsa: den är avklippt eller skadad. Hämta den på nytt från SCB."
ANNAN = (
    "JSON-filen är inte i formatet JSON-stat2. Välj JSON-stat2 när du hämtar tabellen från SCB, eller Excel (xlsx) "
    "eller CSV."
)

_ROLLER: dict[str, Sort] = {"geo": "region", "time": "tid", "metric": "innehall"}


class _Fel(Exception):
    """The file is JSON, and no dataset in JSON-stat2."""


def las_jsonstat(innehall: bytes) -> Rutnat:
    """The dataset as a grid. Raises Filfel."""
    text, kodning = avkoda(innehall)
    try:
        data = json.loads(text, object_pairs_hook=_utan_dubbletter, parse_constant=_inget_tal)
    except (ValueError, RecursionError) as fel:
        raise Filfel(TRASIG) from fel
    try:
        return som_rutnat(_kub(data), "json-stat2", kodning)
    except _Fel as fel:
        raise Filfel(ANNAN) from fel


def _utan_dubbletter(par: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(funnet := dict(par)) < len(par):
        raise ValueError("a key comes twice")
    return funnet


def _inget_tal(namn: str) -> None:
    raise ValueError(f"{namn} is no number")


def _kub(data: Any) -> Kub:
    if not isinstance(data, dict) or data.get("class") != "dataset":
        raise _Fel
    namn, storlek = _lista(data.get("id")), _lista(data.get("size"))
    dimensioner, roller = _objekt(data.get("dimension")), _objekt(data.get("role", {}))
    if len(namn) != len(storlek) or not all(isinstance(antal, int) and antal >= 0 for antal in storlek):
        raise _Fel
    kontrollera_storlek(storlek)
    variabler = tuple(
        _variabel(str(kod), _objekt(dimensioner.get(kod)), antal, roller)
        for kod, antal in zip(namn, storlek, strict=True)
    )
    px = _objekt(_objekt(data.get("extension") or {}).get("px") or {})
    titel = data.get("label") if isinstance(data.get("label"), str) else ""
    return Kub(
        variabler=variabler,
        tal=_tal(data.get("value"), storlek),
        titel=titel or "",
        talnamn=str(px.get("contents") or titel or ""),
        matris=str(px.get("matrix") or px.get("tableid") or ""),
        referenstid=_referenstid(dimensioner),
    )


def _variabel(kod: str, dimension: Mapping[str, Any], antal: int, roller: Mapping[str, Any]) -> Variabel:
    """The values in the order of `category.index`: the order of its keys means nothing."""
    kategori = _objekt(dimension.get("category"))
    texter = _objekt(kategori.get("label") or {})
    index = kategori.get("index", list(texter))
    platser = {str(en): plats for plats, en in enumerate(index)} if isinstance(index, list) else _objekt(index)
    if sorted(platser.values(), key=str) != sorted(range(antal), key=str):
        raise Filfel("Filen är skadad: en variabels värden stämmer inte med dess storlek. Hämta den på nytt från SCB.")
    ordnade = sorted(platser, key=lambda en: platser[en])
    namn = str(dimension.get("label") or kod)
    sort = sortera(namn, kod)
    if sort == "annan":
        sort = next((en for roll, en in _ROLLER.items() if kod in _lista(roller.get(roll, []))), "annan")
    return Variabel(namn, tuple((en, str(texter.get(en, ""))) for en in ordnade), sort)


def _tal(varden: Any, storlek: Sequence[int]) -> list[Cell]:
    """The figures as a list; a sparse object leaves out what has no figure."""
    if isinstance(varden, dict):
        antal = prod(storlek)
        if not all(nyckel.isdecimal() and len(nyckel) < 10 and int(nyckel) < antal for nyckel in varden):
            raise Filfel("Filen är skadad: den har tal utanför tabellen. Hämta den på nytt från SCB.")
        tal: list[Cell] = [None] * antal
        for nyckel, varde in varden.items():
            tal[int(nyckel)] = _cell(varde)
        return tal
    return [_cell(varde) for varde in _lista(varden)]


def _cell(varde: Any) -> Cell:
    return varde if varde is None or isinstance(varde, int | float | str) else str(varde)


def _referenstid(dimensioner: Mapping[str, Any]) -> str:
    """SCB says it per content code, beside the contents."""
    per_innehall: dict[str, str] = {}
    for dimension in dimensioner.values():
        tider = _objekt(_objekt(dimension).get("extension") or {}).get("refperiod")
        per_innehall |= {kod: str(tid) for kod, tid in _objekt(tider or {}).items()}
    return valj_referenstid(per_innehall)


def _lista(varde: Any) -> list[Any]:
    if not isinstance(varde, list):
        raise _Fel
    return varde


def _objekt(varde: Any) -> dict[str, Any]:
    if not isinstance(varde, dict):
        raise _Fel
    return varde
