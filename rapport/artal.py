"""Where a plan's texts speak of another year than the plan's own: pointed out, never altered. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapport.granska.fynd import PLANEN, Plats
from rapport.granska.texter import aktiviteternas_plats, alla_texter, artalen
from rapport.plandokument import AktivitetPost, Plandokument

RUNT = 60
"""Characters on each side of a year that are shown with it."""


@dataclass(frozen=True, slots=True)
class Arsmarke:
    """A year in a text: where, the place in the document, and the words around it."""

    plats: str
    ankare: str
    fore: str
    artal: str
    efter: str


def arsmarken(dokument: Plandokument) -> tuple[Arsmarke, ...]:
    """Every year that is not one of the plan's own, in the document's order; the activities' dates last.

    What is said of areas that have left belongs to the plans that they were in, and is left out.
    """
    egna = {str(ett) for ett in range(dokument.fran_ar, dokument.till_ar + 1)}
    funna = (marke for plats, text in (*_texter(dokument), *_dagar(dokument)) for marke in _i_texten(plats, text))
    return tuple(marke for marke in funna if marke.artal not in egna)


def _texter(dokument: Plandokument) -> Iterator[tuple[Plats, str]]:
    for stalle in alla_texter(dokument):
        if stalle.omrade is None or stalle.omrade not in dokument.lamnade:
            yield stalle.plats, " ".join(" ".join(stalle.block).split())


def _dagar(dokument: Plandokument) -> Iterator[tuple[Plats, str]]:
    """An activity that starts or ends, as words and dates."""

    def alla(rader: tuple[AktivitetPost, ...]) -> Iterator[AktivitetPost]:
        for en in rader:
            yield en
            yield from alla(en.under)

    for omrade in dokument.omraden:
        for ett in omrade.alla_ar:
            plats = aktiviteternas_plats(omrade, ett.avser_ar)
            for en in alla(ett.aktiviteter):
                yield from ((plats, f"{en.text} {dag.isoformat()}") for dag in (en.start, en.slut) if dag)


def _i_texten(plats: Plats, text: str) -> Iterator[Arsmarke]:
    var_ = plats.rubrik if plats.grupp == PLANEN else f"{plats.grupp}: {plats.rubrik}"
    for traff in artalen(text):
        fore, efter = text[: traff.start()], text[traff.end() :]
        yield Arsmarke(
            var_,
            plats.del_id,
            f"{'…' if len(fore) > RUNT else ''}{fore[-RUNT:]}",
            traff[0],
            f"{efter[:RUNT]}{'…' if len(efter) > RUNT else ''}",
        )
