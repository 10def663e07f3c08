"""A table as a cube: variables with values, and one figure per combination. What JSON-stat2 and px files hold.

It becomes a long grid, with a row per figure, and goes the same way as a CSV file from there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Literal

from budget.belopp import visa_heltal
from budget.filfel import Filfel
from budget.scb.koder import KOD
from budget.scb.rubrik import ARSORD, FOLKMANGD, INNEHALLSORD, REGIONORD, heter
from budget.scb.rutnat import Cell, Rutnat, Rutrad, normal, som_text

HOGST_TAL = 200_000  # SCB gives at most 150 000 in one answer
HOGST_VARIABLER = 12
_TIDSORD = ARSORD | {"månad", "month", "kvartal", "quarter"}

type Sort = Literal["region", "tid", "innehall", "annan"]

_SORTER: dict[Sort, frozenset[str]] = {"region": REGIONORD, "tid": _TIDSORD, "innehall": INNEHALLSORD}


@dataclass(frozen=True, slots=True)
class Variabel:
    """One variable: what it is called, and its values in the file's order, each as code and text ("" for none)."""

    namn: str
    varden: tuple[tuple[str, str], ...]
    sort: Sort = "annan"


@dataclass(frozen=True, slots=True)
class Kub:
    """`tal` has the figures with the last variable changing fastest. `talnamn`: what they are, if no variable says."""

    variabler: tuple[Variabel, ...]
    tal: Sequence[Cell]
    titel: str = ""
    talnamn: str = ""
    matris: str = ""
    referenstid: str = ""


def kontrollera_storlek(antal_per_variabel: Sequence[int], antal_tal: int | None = None) -> None:
    """Raise Filfel for a cube that is empty, too large, or has another number of figures than it says."""
    storlek = prod(antal_per_variabel)
    if len(antal_per_variabel) > HOGST_VARIABLER or storlek > HOGST_TAL:
        raise Filfel(
            f"Tabellen är för stor (fler än {visa_heltal(HOGST_TAL)} tal). Hämta en med bara region, Folkmängd och år."
        )
    if not storlek:
        raise Filfel("Filen har ingen tabell, eller en variabel utan värden. Hämta den på nytt från SCB.")
    if antal_tal is not None and antal_tal != storlek:
        raise Filfel(
            f"Filen är avklippt eller skadad: den har {visa_heltal(antal_tal)} tal men ska ha "
            f"{visa_heltal(storlek)}. Hämta den på nytt från SCB."
        )


def sortera(namn: str, kod: str) -> Sort:
    """What a variable is, by its name and its code."""
    for sort, ordlista in _SORTER.items():
        if heter(namn, ordlista) or heter(kod, ordlista):
            return sort
    return "annan"


def valj_referenstid(per_innehall: Mapping[str, str]) -> str:
    """Of reference times by content, Folkmängd's; where no content is called so, the one that all have, or none."""
    egna = {tid for innehall, tid in per_innehall.items() if FOLKMANGD.search(normal(innehall))}
    tider = egna or set(per_innehall.values())
    return tider.pop() if len(tider) == 1 else ""


def som_rutnat(kub: Kub, format_: str, kodning: str) -> Rutnat:
    """The cube as a long grid. Rows are numbered as the file counts its figures, from 1. Raises Filfel."""
    kontrollera_storlek([len(en.varden) for en in kub.variabler], len(kub.tal))
    sorter = [en.sort for en in kub.variabler]
    kravda: dict[Sort, str] = {"region": "region", "tid": "år"}
    for sort, namn in kravda.items():
        if sorter.count(sort) != 1:
            raise Filfel(f"Filen har ingen variabel som heter {namn}, eller flera. Hämta tabellen med region och år.")
    rubriker = [_rubrik(en) for en in kub.variabler]
    talrubrik = "värde" if "innehall" in sorter else _talrubrik(kub)
    rader = [
        Rutrad(0, (kub.titel,), kub.titel[:200]),
        Rutrad(0, (*rubriker, talrubrik), ""),
    ]
    texter = [[_text(en, kod, text) for kod, text in en.varden] for en in kub.variabler]
    for nummer, (etiketter, tal) in enumerate(zip(product(*texter), kub.tal, strict=True), 1):
        rader.append(Rutrad(nummer, (*etiketter, tal), " | ".join((*etiketter, som_text(tal)))[:200]))
    return Rutnat(tuple(rader), format_, kodning, kub.matris, kub.referenstid)


def _rubrik(variabel: Variabel) -> str:
    return {"region": "region", "tid": "år", "innehall": "tabellinnehåll"}.get(variabel.sort, variabel.namn or "del")


def _talrubrik(kub: Kub) -> str:
    """A cube without a variable for its contents says in its own name what it counts."""
    return "Folkmängd" if FOLKMANGD.search(normal(kub.talnamn)) else kub.talnamn or "Tal utan namn"


def _text(variabel: Variabel, kod: str, text: str) -> str:
    """The value as a CSV file would write it."""
    kod, text = som_text(kod), som_text(text)
    if variabel.sort == "region":
        return text if not kod or KOD.match(text) else f"{kod} {text}".strip()
    if variabel.sort == "tid":
        return kod or text
    if variabel.sort == "innehall":
        return f"{kod} - {text}" if kod and text and kod != text else kod or text
    return text or kod
