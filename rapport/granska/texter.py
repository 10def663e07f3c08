"""Every text of a plan's record with its place, and texts as blocks, sentences and words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from budget.belopp import visa_hela_kr, visa_kr
from handlingsplan.prosatext import ren_text, textblock
from rapport.granska.fynd import BUDGETEN, PLANEN, Plats
from rapport.plandokument import AktivitetPost, Budgetradspost, OmradePost, Plandokument

type Slag = Literal[
    "titel", "prosa", "namn", "mal", "aktivitet", "aktivitetstext", "ekonomi", "ansvar", "rad", "fotnot"
]

_RUBRIK: Final = re.compile(r"<h\d[^>]*>(.*?)</h\d>", re.DOTALL)
_FET: Final = re.compile(r"<p>\s*<(?:strong|em)>([^<]*)</(?:strong|em)>\s*</p>")
_MENING: Final = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÅÄÖ0-9”\"–•])")
_ORD: Final = re.compile(r"[^\W\d_]+(?:\u0308|\u030a|\u0301|[^\W\d_])*")
_ARTAL: Final = re.compile(r"(?<!\d)(?<!\d\u00a0)(?:19|20)\d\d(?!\d)(?!\u00a0\d{3})")
MAX_UTDRAG: Final = 240


@dataclass(frozen=True)
class Textstalle:
    """One text and where it stands. `ratext` may be markup (`ar_html`); `avser_ar` where it is of one year only."""

    plats: Plats
    slag: Slag
    ratext: str
    ar_html: bool = False
    omrade: OmradePost | None = field(default=None, compare=False)
    avser_ar: int | None = None

    @cached_property
    def block(self) -> tuple[str, ...]:
        """The text in paragraphs, list items and headings. A forced line break within one is a line feed."""
        if self.ar_html:
            return textblock(self.ratext)
        return (self.ratext,) if self.ratext.strip() else ()

    @cached_property
    def rubriker(self) -> tuple[str, ...]:
        """Headings in the text: marked as such, a paragraph in bold, or a short line `Verksamhetsåret 2024`."""
        if not self.ar_html:
            return (self.ratext,) if self.slag == "titel" else ()
        funna = [*_RUBRIK.findall(self.ratext), *_FET.findall(self.ratext)]
        funna += [en for en in self.block if re.fullmatch(r"(?i)verksamhets(?:året|år)\s+\d{4}\W?", en)]
        return tuple(dict.fromkeys(ren_text(en) for en in funna))

    @cached_property
    def meningar(self) -> tuple[str, ...]:
        return tuple(" ".join(en.split()) for ett in self.block for en in _MENING.split(ett))

    @cached_property
    def ord(self) -> tuple[str, ...]:
        return tuple(ett for block in self.block for ett in _ORD.findall(unicodedata.normalize("NFC", block)))


def artal(text: str) -> list[int]:
    """The years that a text mentions; `2022–2023` is both. A number of a larger number is no year."""
    return [int(traff[0]) for traff in artalen(text)]


def artalen(text: str) -> Iterator[re.Match[str]]:
    """The same years, each with its place in the text."""
    return _ARTAL.finditer(text)


def kort(text: str) -> str:
    """A text short enough to quote, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= MAX_UTDRAG else f"{text[:MAX_UTDRAG].rsplit(' ', 1)[0]} …"


def runt(text: str, sokt: str) -> str:
    """The sentence of `text` that `sokt` stands in, short enough to quote."""
    return kort(next((en for en in _MENING.split(text) if sokt in en), text))


def kronor(ore: int) -> str:
    """An amount with its unit, without decimals where it is whole kronor."""
    return f"{visa_kr(ore) if ore % 100 else visa_hela_kr(ore)}\u00a0kr"


# --- Places ----------------------------------------------------------------------------------------------------------


def omradesplats(omrade: OmradePost, rubrik: str, del_: str, redigera: tuple[str, tuple[str | int, ...]]) -> Plats:
    """A part of an area; `del_` is the end of its element's id and of its key."""
    if omrade.lage == "utgatt":
        return Plats(omrade.namn, rubrik, f"omrade/{omrade.kod}/{del_}", f"utgatt-{omrade.kod}")
    slut = f"-{del_.replace('/', '-')}"
    return Plats(omrade.namn, rubrik, f"omrade/{omrade.kod}/{del_}", f"omrade-{omrade.id}{slut}", redigera=redigera)


def delplats(omrade: OmradePost, rubrik: str, del_: str) -> Plats:
    """A part with an editor of its own: namn, beskrivning, syfte or ansvar."""
    return omradesplats(omrade, rubrik, del_, ("omrade_redigera", (omrade.id, del_)))


def malplats(omrade: OmradePost, mal_id: int | None = None, nummer: int = 0) -> Plats:
    """An area's goals, or one of them."""
    if mal_id is None:
        return omradesplats(omrade, "Övergripande mål", "mal", ("mal_lista", (omrade.id,)))
    plats = omradesplats(omrade, f"Mål {nummer}", "mal", ("mal_redigera", (mal_id,)))
    return Plats(plats.grupp, plats.rubrik, f"{plats.nyckel}/{mal_id}", plats.del_id, redigera=plats.redigera)


def aktiviteternas_plats(omrade: OmradePost, avser_ar: int) -> Plats:
    """The activities of one year."""
    vag = ("aktivitet_lista", (omrade.id, avser_ar))
    return omradesplats(omrade, f"Aktiviteter {avser_ar}", f"aktiviteter/{avser_ar}", vag)


def arstextplats(omrade: OmradePost, slag: str, avser_ar: int) -> Plats:
    """The prose on one year: of its activities (`aktiviteter`) or on its economy (`ekonomi`)."""
    rubrik = f"{'Ekonomi' if slag == 'ekonomi' else 'Texten om aktiviteterna'} {avser_ar}"
    plats = omradesplats(omrade, rubrik, f"{slag}/{avser_ar}", ("arstext_redigera", (omrade.id, slag, avser_ar)))
    nyckel = plats.nyckel if slag == "ekonomi" else f"{plats.nyckel}/text"
    return Plats(plats.grupp, plats.rubrik, nyckel, plats.del_id, redigera=plats.redigera)


def budgetplats(rubrik: str, nyckel: str, redigera: tuple[str, tuple[str | int, ...]], sida: str = "plan") -> Plats:
    """Something of the budget table, or of what is printed beneath it."""
    return Plats(BUDGETEN, rubrik, f"budget/{nyckel}", "samlad-budget" if sida == "plan" else "", sida, redigera)


def radplats(rad: Budgetradspost) -> Plats:
    if rad.rad_id is None:
        return budgetplats(f"Raden {rad.namn}", f"rad/{rad.kod}", ("budget_redigera", ()))
    if not rad.namn.strip():
        return budgetplats("Rad utan namn", "rad/utan-namn", ("budgetrad_redigera", (rad.rad_id,)))
    return budgetplats(f"Raden {rad.namn}", f"rad/{rad.rad_id}", ("budgetrad_redigera", (rad.rad_id,)))


def fotnotsplats(fotnot_id: int, markor: str) -> Plats:
    return Plats(
        BUDGETEN, f"Fotnot {markor}", f"budget/fotnot/{fotnot_id}", f"not-{markor}",
        redigera=("fotnot_redigera", (fotnot_id,)),
    )  # fmt: skip


# --- Every text ------------------------------------------------------------------------------------------------------


def alla_texter(dokument: Plandokument) -> Iterator[Textstalle]:
    """The record's texts in the document's order. Of an area that has left, only what the document still says."""
    yield from _planens(dokument)
    for omrade in (*dokument.omraden, *dokument.bevakade):
        yield from _omradets(omrade)
    for omrade in dokument.lamnade:
        plats = delplats(omrade, "Varför det har lämnat planen", "lage")
        yield Textstalle(plats, "prosa", omrade.lage_not, omrade=omrade)
    yield from _budgetens(dokument)


def _planens(dokument: Plandokument) -> Iterator[Textstalle]:
    omslag = Plats(PLANEN, "Titelbladet", "plan/omslag", "plan-omslag", redigera=("plan_redigera", ("omslag",)))
    yield Textstalle(omslag, "titel", dokument.titel)
    yield Textstalle(omslag, "prosa", dokument.undertitel)
    for rubrik, delen, text in (
        ("Inledning", "inledning", dokument.inledning),
        (f"Om {dokument.period}", "om-aret", dokument.om_aret),
        ("Avslutande noter", "avslutning", dokument.avslutning),
    ):
        plats = Plats(PLANEN, rubrik, f"plan/{delen}", f"plan-{delen}", redigera=("plan_redigera", (delen,)))
        yield Textstalle(plats, "prosa", text, ar_html=True)


def _omradets(omrade: OmradePost) -> Iterator[Textstalle]:
    namn = delplats(omrade, "Namn", "namn")
    yield Textstalle(namn, "namn", omrade.namn, omrade=omrade)
    if omrade.kortnamn != omrade.namn:
        tabell = Plats(namn.grupp, "Namn i tabeller", f"{namn.nyckel}/tabell", namn.del_id, redigera=namn.redigera)
        yield Textstalle(tabell, "namn", omrade.kortnamn, omrade=omrade)
    yield Textstalle(namn, "prosa", omrade.lage_not, omrade=omrade)
    yield Textstalle(delplats(omrade, "Beskrivning", "beskrivning"), "prosa", omrade.beskrivning, True, omrade)
    yield Textstalle(delplats(omrade, "Syfte och nytta", "syfte"), "prosa", omrade.syfte, True, omrade)
    for nummer, ett in enumerate(omrade.alla_mal if omrade.nummer else (), 1):
        yield Textstalle(malplats(omrade, ett.id, nummer), "mal", ett.text, omrade=omrade)
    for ett_ar in omrade.alla_ar if omrade.nummer else ():
        avser = ett_ar.avser_ar
        text = arstextplats(omrade, "aktiviteter", avser)
        yield Textstalle(text, "aktivitetstext", ett_ar.aktivitetstext, True, omrade, avser)
        for aktivitet in ett_ar.aktiviteter:
            yield from _aktivitetens(omrade, aktivitet, avser)
        yield Textstalle(arstextplats(omrade, "ekonomi", avser), "ekonomi", ett_ar.ekonomi, True, omrade, avser)
    for text_ in (*omrade.ansvariga, omrade.ansvar_not):
        yield Textstalle(delplats(omrade, "Ansvar", "ansvar"), "ansvar", text_, omrade=omrade)


def _aktivitetens(omrade: OmradePost, aktivitet: AktivitetPost, avser_ar: int) -> Iterator[Textstalle]:
    fore = aktiviteternas_plats(omrade, avser_ar)
    vag = ("aktivitet_redigera", (aktivitet.id,))
    plats = Plats(
        omrade.namn, f"Aktivitet {avser_ar}", f"omrade/{omrade.kod}/aktivitet/{aktivitet.id}", fore.del_id, redigera=vag
    )
    for text in (aktivitet.text, aktivitet.villkor, aktivitet.ansvarig):
        yield Textstalle(plats, "aktivitet", text, omrade=omrade, avser_ar=avser_ar)
    for en in aktivitet.under:
        yield from _aktivitetens(omrade, en, avser_ar)


def _budgetens(dokument: Plandokument) -> Iterator[Textstalle]:
    kortnamn = {omrade.id: omrade.kortnamn for omrade in (*dokument.omraden, *dokument.bevakade, *dokument.lamnade)}
    for rad in dokument.budget.rader:
        # The name of an area's row is the area's own, and is read there.
        if rad.omrade_id is None or not rad.namn.startswith(kortnamn.get(rad.omrade_id, "\x00")):
            yield Textstalle(radplats(rad), "rad", rad.namn)
    for fotnot in dokument.budget.fotnoter:
        yield Textstalle(fotnotsplats(fotnot.id, fotnot.markor), "fotnot", fotnot.text)
