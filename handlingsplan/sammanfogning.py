"""A proposal for one text where two have written in the same: what each has changed in other paragraphs than the other.

It is only shown to the person who chooses, never saved by itself. The algorithm is the three-way merge of diff3, on the
text's paragraphs, headings and items of lists. The result is cleaned like any text before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

import lxml.html
from django.utils.html import escape


def sammanfoga(bas: str, sparad: str, egen: str) -> str | None:
    """Both persons' changes of one rich text in one; None where they have changed the same paragraph.

    What both have added at the same place stands there in turn, the saved before one's own.
    """
    stycken = [_stycken(text) for text in (bas, sparad, egen)]
    ihop = _sammanfoga(*stycken)
    return None if ihop is None or ihop in stycken else "".join(ihop)


def _stycken(html: str) -> list[str]:
    """The text's paragraphs and headings; a list is its beginning, its items and its end."""
    funna: list[str] = []
    for del_ in lxml.html.fragments_fromstring(html) if html.strip() else []:
        if isinstance(del_, str):
            funna.append(del_)
        elif del_.tag in ("ul", "ol"):
            attribut = "".join(f' {namn}="{escape(varde)}"' for namn, varde in del_.attrib.items())
            funna += [f"<{del_.tag}{attribut}>", *map(_som_html, del_), f"</{del_.tag}>"]
        else:
            funna.append(_som_html(del_))
    return funna


def _som_html(element: Any) -> str:
    return str(lxml.html.tostring(element, encoding="unicode"))


def _sammanfoga(bas: Sequence[str], sparad: Sequence[str], egen: Sequence[str]) -> list[str] | None:
    ihop: list[str] = []
    fran = (0, 0, 0)
    for till, antal in _orort(bas, sparad, egen):
        b, s, e = (list(text[i:j]) for text, i, j in zip((bas, sparad, egen), fran, till, strict=True))
        if s == b or e in (b, s):
            ihop += e if s == b else s
        elif not b:
            ihop += s + e
        else:
            return None
        ihop += bas[till[0] : till[0] + antal]
        fran = (till[0] + antal, till[1] + antal, till[2] + antal)
    return ihop


def _orort(
    bas: Sequence[str], sparad: Sequence[str], egen: Sequence[str]
) -> Iterator[tuple[tuple[int, int, int], int]]:
    """Runs of paragraphs that neither has touched: where they begin in each text, and how many; the end comes last."""
    ena, andra = (SequenceMatcher(None, bas, text, autojunk=False).get_matching_blocks() for text in (sparad, egen))
    i = j = 0
    while i < len(ena) and j < len(andra):
        borjan = max(ena[i].a, andra[j].a)
        slut = min(ena[i].a + ena[i].size, andra[j].a + andra[j].size)
        if borjan < slut:
            yield (borjan, ena[i].b + borjan - ena[i].a, andra[j].b + borjan - andra[j].a), slut - borjan
        if ena[i].a + ena[i].size < andra[j].a + andra[j].size:
            i += 1
        else:
            j += 1
    yield (len(bas), len(sparad), len(egen)), 0
