"""Where a plan's texts speak of another year than the plan's own: pointed out, never altered. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from rapport.plandokument import AktivitetPost, OmradePost, Plandokument

_AR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_TAGG = re.compile(r"<[^>]+>")
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
    """Every year that is not one of the plan's own, in the document's order."""
    egna = {str(ett) for ett in range(dokument.fran_ar, dokument.till_ar + 1)}
    return tuple(
        marke
        for plats, ankare, text in _texter(dokument)
        for marke in _i_texten(plats, ankare, " ".join(unescape(_TAGG.sub(" ", text)).split()))
        if marke.artal not in egna
    )


def _i_texten(plats: str, ankare: str, text: str) -> Iterator[Arsmarke]:
    for traff in _AR.finditer(text):
        fore, efter = text[: traff.start()], text[traff.end() :]
        yield Arsmarke(
            plats,
            ankare,
            f"{'…' if len(fore) > RUNT else ''}{fore[-RUNT:]}",
            traff[0],
            f"{efter[:RUNT]}{'…' if len(efter) > RUNT else ''}",
        )


def _texter(dokument: Plandokument) -> Iterator[tuple[str, str, str]]:
    """(what the place is called, its id in the document, its text)."""
    yield "Titeln", "plan-omslag", dokument.titel
    yield "Undertiteln", "plan-omslag", dokument.undertitel
    yield "Inledningen", "plan-inledning", dokument.inledning
    yield "Texten om året", "plan-om-aret", dokument.om_aret
    for omrade in (*dokument.omraden, *dokument.bevakade):
        yield from _omradets(omrade)
    yield "De avslutande noterna", "plan-avslutning", dokument.avslutning


def _omradets(omrade: OmradePost) -> Iterator[tuple[str, str, str]]:
    rot = f"omrade-{omrade.id}"
    yield f"{omrade.namn}: beskrivning", f"{rot}-beskrivning", omrade.beskrivning
    yield f"{omrade.namn}: syfte och nytta", f"{rot}-syfte", omrade.syfte
    for mal in omrade.alla_mal:
        yield f"{omrade.namn}: mål", f"{rot}-mal", mal.text
    for ett in omrade.alla_ar:
        plats = f"{rot}-aktiviteter-{ett.avser_ar}"
        yield f"{omrade.namn}: om aktiviteterna", plats, ett.aktivitetstext
        for en in ett.aktiviteter:
            yield from _aktivitetens(omrade.namn, plats, en)
        yield f"{omrade.namn}: ekonomi", f"{rot}-ekonomi-{ett.avser_ar}", ett.ekonomi
    yield f"{omrade.namn}: läge", rot, omrade.lage_not


def _aktivitetens(namn: str, plats: str, aktivitet: AktivitetPost) -> Iterator[tuple[str, str, str]]:
    dagar = " ".join(dag.isoformat() for dag in (aktivitet.start, aktivitet.slut) if dag)
    for text in (aktivitet.text, aktivitet.villkor, dagar):
        yield f"{namn}: aktivitet", plats, text
    for en in aktivitet.under:
        yield from _aktivitetens(namn, plats, en)
