"""Exact numbers and weights out of texts as people write them in a model's fields and in the table of a key.

Pure functions without Django. What cannot be read is said by `Fordelningsfel`, in Swedish.
"""

from __future__ import annotations

import re
from fractions import Fraction

from budget.fordelning import Fordelningsfel
from budget.jsonlasning import exakt_tal
from budget.stegmodell import Vikt

_VARDERAD = re.compile(
    r"(?P<kod>[0-9]{2}(?:[0-9]{2})?)(?P<namn>[^0-9]*?)[\s:;]+(?P<tal>-?[0-9][0-9 \u00a0\u202f]*(?:[.,/][0-9]+)?)"
)
_MELLANSLAG = re.compile("[ \u00a0\u202f]")


def las_tal(text: str) -> Vikt:
    """Return the exact number of a typed text: "1", "30", "0,3", "1/3", "30 %". Raises Fordelningsfel."""
    rent = _MELLANSLAG.sub("", text.strip())
    tal = exakt_tal(rent.removesuffix("%"))
    if tal is None:
        raise Fordelningsfel(f"”{text.strip()[:40]}” är inget exakt tal. Skriv till exempel 1, 0,3, 30 % eller 1/3.")
    return Fraction(tal) / 100 if rent.endswith("%") else tal


def las_varden(text: str) -> dict[str, Vikt]:
    """Return a series' weights by SCB code. A line is a code, the name if one likes, and an exact number.

    Raises Fordelningsfel that names the line: no such form, a party twice, a negative number.
    """
    funna: dict[str, Vikt] = {}
    for nummer, rad in enumerate(text.splitlines(), start=1):
        if not rad.strip():
            continue
        traff = _VARDERAD.fullmatch(rad.strip())
        if traff is None:
            raise Fordelningsfel(f"Rad {nummer}, ”{rad.strip()[:40]}”, förstås inte. Skriv SCB-kod och tal: 1280 3125.")
        if traff["kod"] in funna:
            raise Fordelningsfel(f"Rad {nummer}: {traff['kod']} står två gånger.")
        tal = las_tal(traff["tal"])
        if tal < 0:
            raise Fordelningsfel(f"Rad {nummer}: talet för {traff['kod']} är negativt.")
        funna[traff["kod"]] = tal
    return funna
