"""Search in the record of a plan. Letters are compared folded and composed, the same on every database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handlingsplan.prosatext import ren_text
from rapport.plandokument import AktivitetPost, OmradePost, Plandokument

MAX_TRAFFAR: Final = 200
OMKRING: Final = 90


@dataclass(frozen=True, slots=True)
class Bit:
    """A piece of an excerpt; `traff` is what was searched for."""

    text: str
    traff: bool


@dataclass(frozen=True, slots=True)
class Traff:
    """A part of the plan where the words stand: its heading, its element in the page, and an excerpt."""

    rubrik: str
    del_id: str
    utdrag: tuple[Bit, ...]


def sok(dokument: Plandokument, fraga: str) -> tuple[Traff, ...]:
    """Parts where every word of the question stands, in the document's order, at most MAX_TRAFFAR.

    A part without text is not shown and is no hit, whatever its heading; an area is found by its name alone.
    """
    ord_ = [_vik(en) for en in fraga.split()]
    if not ord_:
        return ()
    rot = {_rot(omrade) for omrade in (*dokument.omraden, *dokument.bevakade, *dokument.lamnade)}
    traffar = []
    for rubrik, del_id, text in _delar(dokument):
        vikt = _vik(f"{rubrik} {text}")
        if (text or del_id in rot) and all(en in vikt for en in ord_):
            traffar.append(Traff(rubrik, del_id, utdrag(text, ord_)))
            if len(traffar) == MAX_TRAFFAR:
                break
    return tuple(traffar)


def _vik(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def utdrag(text: str, ord_: list[str]) -> tuple[Bit, ...]:
    """Some text around the first hit, with every hit in it marked."""
    text = unicodedata.normalize("NFC", text)
    # Folding may change the length of a letter; then positions differ, and the excerpt goes without marks.
    vikt = _vik(text)
    if len(vikt) != len(text):
        return (Bit(text[: 2 * OMKRING], False),)
    monster = re.compile("|".join(re.escape(en) for en in sorted(ord_, key=len, reverse=True)))
    forsta = monster.search(vikt)
    mitt = forsta.start() if forsta else 0
    start, slut = max(0, mitt - OMKRING), min(len(text), mitt + OMKRING)
    bitar = [Bit("… ", False)] if start else []
    las = start
    for m in monster.finditer(vikt, start, slut):
        bitar += [Bit(text[las : m.start()], False), Bit(text[m.start() : m.end()], True)]
        las = m.end()
    bitar.append(Bit(text[las:slut] + (" …" if slut < len(text) else ""), False))
    return tuple(bit for bit in bitar if bit.text)


def _delar(dokument: Plandokument) -> Iterator[tuple[str, str, str]]:
    """(heading, element id, plain text) of every part."""
    yield "Inledning", "plan-inledning", ren_text(dokument.inledning)
    yield f"Om {dokument.period}", "plan-om-aret", ren_text(dokument.om_aret)
    for omrade in (*dokument.omraden, *dokument.bevakade):
        yield from _omradesdelar(omrade)
    for omrade in dokument.lamnade:  # the document says no more of them
        yield omrade.namn, _rot(omrade), omrade.lage_not
    for rad in dokument.budget.rader:
        yield "Samlad budget", "budget", rad.namn
    for fotnot in dokument.budget.fotnoter:
        yield "Samlad budget, fotnot", "budget", fotnot.text
    yield "Avslutande noter", "plan-avslutning", ren_text(dokument.avslutning)


def _rot(omrade: OmradePost) -> str:
    """The id of an area's element in the page."""
    return f"utgatt-{omrade.kod}" if omrade.lage == "utgatt" else f"omrade-{omrade.id}"


def _omradesdelar(omrade: OmradePost) -> Iterator[tuple[str, str, str]]:
    fore, rot = omrade.namn, _rot(omrade)
    yield fore, rot, omrade.lage_not
    yield f"{fore}: beskrivning", f"{rot}-beskrivning", ren_text(omrade.beskrivning)
    yield f"{fore}: syfte och nytta", f"{rot}-syfte", ren_text(omrade.syfte)
    if omrade.nummer:
        yield f"{fore}: övergripande mål", f"{rot}-mal", " ".join(ett.text for ett in omrade.alla_mal)
    for ett_ar in omrade.alla_ar if omrade.nummer else ():
        text = " ".join([ren_text(ett_ar.aktivitetstext), *_aktivitetstexter(ett_ar.aktiviteter)]).strip()
        yield f"{fore}: aktiviteter {ett_ar.avser_ar}", f"{rot}-aktiviteter-{ett_ar.avser_ar}", text
        yield f"{fore}: ekonomi {ett_ar.avser_ar}", f"{rot}-ekonomi-{ett_ar.avser_ar}", ren_text(ett_ar.ekonomi)
    yield f"{fore}: ansvar", f"{rot}-ansvar", " ".join([*omrade.ansvariga, omrade.ansvar_not]).strip()


def _aktivitetstexter(aktiviteter: tuple[AktivitetPost, ...]) -> Iterator[str]:
    for en in aktiviteter:
        yield f"{en.text} {en.villkor} {en.ansvarig}"
        yield from _aktivitetstexter(en.under)
