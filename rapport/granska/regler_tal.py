"""Rules on numbers: counts in words, amounts in running text, published rates and their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from budget.belopp import visa_decimal, visa_heltal
from budget.fordelning import sats_per_invanare
from rapport.granska.fynd import Fynd, Plats, Underlag, regel
from rapport.granska.texter import Textstalle, artal, budgetplats, kort, kronor, runt
from rapport.plandokument import Arsfordelning, Budgettabell, OmradePost, Plandokument

_TALORD: Final = {
    en: nr
    for nr, en in enumerate(
        [
            "två",
            "tre",
            "fyra",
            "fem",
            "sex",
            "sju",
            "åtta",
            "nio",
            "tio",
            "elva",
            "tolv",
            "tretton",
            "fjorton",
            "femton",
            "sexton",
            "sjutton",
            "arton",
            "nitton",
            "tjugo",
        ],
        2,
    )
}
_TAL: Final = rf"(?P<tal>\d{{1,3}}|{'|'.join(_TALORD)})"
_VAD: Final = r"(?P<vad>insatsområden(?:a)?|områden(?:a)?|huvudmän(?:nen)?|kommuner(?:na)?)\b(?!s)"
_EGENSKAP: Final = r"(?:(?:skånska|gemensamma|offentliga|prioriterade|utpekade|olika|strategiska)\s+)?"
# What makes a number the number of them all: "de sju insatsområdena", "planens sju områden", "har sju insatsområden".
# A word in the genitive counts where it names the region: "Skånes 33 kommuner".
_HELHET: Final = (
    r"(?P<fore>de|dessa|planens|handlingsplanens|årets|samtliga|alla|våra|har|har därmed|omfattar|innehåller|består av"
    r"|rymmer|inom|består därmed av|ingår|finns|beskriver|redovisar|(?:upp)?delad på|indela[dt] i|\w+s)"
)
_ANTAL: Final = re.compile(rf"\b{_HELHET}\s+{_TAL}\s+{_EGENSKAP}{_VAD}", re.IGNORECASE)
_ANTAL_FORST: Final = re.compile(
    rf"\b(?P<fore>){_TAL}\s+{_EGENSKAP}{_VAD}(?=\s+(?:ingår|finns|beskrivs|tas\s+upp)\s+i\s+(?:handlings)?planen\b)",
    re.IGNORECASE,
)
# "Planen anger aktiviteter inom sju insatsområden" is of them all; "Inom tre insatsområden är läget osäkert" is not.
_PLANENS_INOM: Final = re.compile(
    r"\b(?:planen|handlingsplanen)\b.*\b(?:aktiviteter|insatser|arbete\w*)\s+$", re.IGNORECASE
)
_PLANEN: Final = re.compile(r"\b(?:handlings)?planen", re.IGNORECASE)
# What comes after and makes them some only: "de tolv kommunerna i nordväst", "fem områden som har pengar".
_URVAL: Final = re.compile(r"\s+(?:som|där|med|utan|vars|i\s+(?!skåne\b|länet|regionen|planen))", re.IGNORECASE)
# Of an earlier plan, or of some of them: nothing to hold against this plan's number.
_ANNAT: Final = re.compile(
    r"\b(?:första|förra|tidigare|föregående|förut|andra|övriga|återstående|nya|nästa|tillkommit|tillkommer|utgått|utgår"
    r"|lämnat|lämnar|flera av|några av|ett av|en av|två av|tre av)\b",
    re.IGNORECASE,
)
_ENHET: Final = r"[ \u00a0\u202f]?(?:kr|kronor|tkr|öre|invånare)\b"
# A last group of six figures is two that are written together; of four, five or seven it takes a unit to be an amount.
_MISSGRUPPERAT: Final = re.compile(
    r"(?<!artikel\s)(?<!kapitel\s)(?<!punkt\s)(?<![\d,.\-/:])(?!0)\d{1,3}(?:[ \u00a0\u202f]\d{3})*[ \u00a0\u202f]"
    rf"(?:\d{{6}}(?![\d-])|(?!(?:19|20)\d\d\b)\d{{4,7}}(?={_ENHET}))"
    r"|(?<![\d,.\-/:\u00a0\u202f])(?<!\d )(?!(?:19|20)\d\d\b)[1-9]\d{0,6}(?:[ \u00a0\u202f]\d{2,3})+"
    rf"(?={_ENHET})"
)
_RATT_GRUPPERAT: Final = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+")
_BRUTET: Final = re.compile(
    r"(?<![\d,.\-])(?!0)\d{1,3}(?:[ \u00a0\u202f]\d{3})*[ \u00a0]?\n\s*\d{3}(?:[ \u00a0\u202f]\d{3})*(?!\d)"
)
_KRONOR: Final = re.compile(
    r"(?<![\d,.\-])(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+(?:,\d{1,3})?)[ \u00a0\u202f]?(kr|kronor|tkr|mkr)\b",
    re.IGNORECASE,
)
_ORE: Final = {"kr": 100, "kronor": 100, "tkr": 100_000, "mkr": 100_000_000}


@regel("Antal som inte stämmer", misstag=1)
def antal_i_ord(u: Underlag) -> Iterator[Fynd]:
    """Ett antal insatsområden, huvudmän eller kommuner i texten är ett annat än planens."""
    for stalle in u.texter:
        for mening in stalle.meningar:
            for traff in (*_ANTAL.finditer(mening), *_ANTAL_FORST.finditer(mening)):
                vad, sager = traff["vad"].lower(), _tal(traff["tal"])
                ar = _planens_antal(u.dokument, vad)
                if sager == ar or not _galler_alla(traff, u.dokument) or _talar_om_annat(u.dokument, stalle, mening):
                    continue
                if _ar_urval(traff, sager, mening, u.dokument):
                    continue
                yield Fynd(
                    stalle.plats,
                    kort(mening),
                    f"Här står ”{traff['tal']} {traff['vad']}”. Planen har {ar}.",
                    underlag=f"{mening}\x1f{ar}",
                )


def _galler_alla(traff: re.Match[str], dokument: Plandokument) -> bool:
    """Whether a number is of them all. "Inom två områden" is of any two, and a few of the parties are named so too."""
    bestamd, fore = traff["vad"].lower().endswith(("na", "nen")), traff["fore"].lower()
    if fore.endswith("s") and fore not in ("planens", "handlingsplanens", "årets", "finns"):
        regioner = " ".join(part.namn.casefold() for part in dokument.parter if part.typ == "region").split()
        return "område" not in traff["vad"].lower() and fore[:-1] in regioner
    if traff["vad"].lower() == "områden" and not _PLANEN.search(traff.string):
        return False  # any areas: "Strategin har fem områden"
    if "område" in traff["vad"].lower():
        return bestamd or fore != "inom" or _PLANENS_INOM.search(traff.string, 0, traff.start()) is not None
    alla = fore in ("alla", "samtliga") or (bestamd and fore not in ("har", "finns", "ingår", ""))
    return alla and _tal(traff["tal"]) > 9


def _ar_urval(traff: re.Match[str], sager: int, mening: str, dokument: Plandokument) -> bool:
    """Whether a number is of some: it says which after it, or the sentence names just as many areas."""
    bestamda_omraden = "område" in traff["vad"].lower() and traff["vad"].lower().endswith("na")
    if _URVAL.match(mening, traff.end()) and not bestamda_omraden and traff["fore"].lower() != "inom":
        return True
    namngivna = sum(_namner(mening, en) or _forkortas(mening, en) for en in dokument.omraden)
    return "område" in traff["vad"].lower() and sager == namngivna


def _tal(text: str) -> int:
    return int(text) if text.isdigit() else _TALORD[text.lower()]


def _planens_antal(dokument: Plandokument, vad: str) -> int:
    if "område" in vad:
        return len(dokument.omraden)
    if "huvudmän" in vad:
        return len(dokument.parter)
    return sum(part.typ == "kommun" for part in dokument.parter)


def _talar_om_annat(dokument: Plandokument, stalle: Textstalle, mening: str) -> bool:
    """Whether a sentence is of another plan or of some of the areas only."""
    utanfor = any(not dokument.fran_ar <= ett <= dokument.till_ar for ett in artal(mening))
    return utanfor or bool(_ANNAT.search(mening)) or stalle.slag == "fotnot"


@regel("Belopp som är svåra att läsa", misstag=5)
def belopp_felgrupperat(u: Underlag) -> Iterator[Fynd]:
    """Ett belopp är delat på fel ställe (1 750000) eller över två rader."""
    for stalle in u.texter:
        for block in stalle.block:
            for traff in _BRUTET.finditer(block):
                forklaring = "Beloppet är delat över två rader. Skriv det på en rad, med hårda mellanslag."
                yield Fynd(
                    stalle.plats,
                    traff[0].replace("\n", " / "),
                    forklaring,
                    underlag=f"{traff[0]}\x1f{runt(block, traff[0])}",
                )
            for traff in _MISSGRUPPERAT.finditer(block):
                if _RATT_GRUPPERAT.fullmatch(traff[0]):
                    continue
                siffror = "".join(tecken for tecken in traff[0] if tecken.isdigit())
                forklaring = f"Siffrorna står inte i grupper om tre. Skriv {visa_heltal(int(siffror))}."
                yield Fynd(stalle.plats, kort(traff[0]), forklaring, underlag=f"{traff[0]}\x1f{runt(block, traff[0])}")


@regel("Beloppet i texten är inte budgetens")
def belopp_i_ekonomitexten(u: Underlag) -> Iterator[Fynd]:
    """Områdets ekonomitext nämner belopp, men inget av dem står på områdets rad i budgeten."""
    rader = {rad.omrade_id: rad for rad in u.dokument.budget.rader}
    for stalle in u.texter:
        rad = rader.get(stalle.omrade.id) if stalle.omrade and stalle.slag == "ekonomi" else None
        if rad is None:
            continue
        namnda = [_som_ore(*par) for block in stalle.block for par in _KRONOR.findall(block)]
        finns = {cell.ore for cell in rad.celler if cell.ore is not None}
        if namnda and finns and not finns & set(namnda):
            i_texten = ", ".join(kronor(ore) for ore in namnda)
            forklaring = f"Texten nämner {i_texten}. Inget av områdets belopp i budgeten är det."
            yield Fynd(stalle.plats, kort(" ".join(stalle.block)), forklaring, f"{stalle.ratext}\x1f{sorted(finns)}")


def _som_ore(tal: str, enhet: str) -> int:
    """An amount in running text, such as 0,5 mkr, in öre."""
    return int(Decimal(re.sub(r"[^\d,]", "", tal).replace(",", ".")) * _ORE[enhet.lower()])


# --- Published rates -------------------------------------------------------------------------------------------------


@regel("Publicerad kostnad som ingen folkmängd ger", misstag=8)
def publicerad_utan_folkmangd(u: Underlag) -> Iterator[Fynd]:
    """En publicerad kostnad följer inte av budgeten och någon känd folkmängd, eller av en annan än den angivna."""
    for en in u.dokument.fordelningar:
        belopp = _gruppens_belopp(u.dokument, en)
        if en.publicerad is None or belopp is None or not u.kunskap.invanare:
            continue
        sats = en.publicerad.ore_per_invanare
        if en.fordelning is not None and en.fordelning.i_steg and en.fordelning.ore_per_invanare == sats:
            continue
        mojliga = {datum: sats_per_invanare(belopp, antal) for datum, antal in u.kunskap.invanare.items()}
        ger = sorted(datum for datum, mojlig in mojliga.items() if mojlig == sats)
        angivet = en.publicerad.angivet_datum
        if ger and (angivet is None or angivet in ger or angivet not in mojliga):
            continue
        yield Fynd(
            _publicerad_plats(en.budgetar),
            f"{visa_decimal(sats, 2)} öre/inv för {en.budgetar}",
            _om_satsen(mojliga, sats, ger, angivet),
            underlag=f"{sats}\x1f{belopp}\x1f{angivet}",
        )


def _gruppens_belopp(dokument: Plandokument, en: Arsfordelning) -> int | None:
    """The municipalities' part of a year's shared budget, öre; half of it where the record has no split of the year."""
    if en.fordelning is not None:
        return en.fordelning.gruppens_belopp
    summa = dokument.budget.summa(en.budgetar, "sgd")
    return summa.ore // 2 if summa is not None and summa.ore else None


def _om_satsen(mojliga: dict[date, Decimal | None], sats: Decimal, ger: list[date], angivet: date | None) -> str:
    """Why a rate is pointed out: what the nearest dates give, or that another date than the stated gives it."""
    if ger:
        datum = " eller ".join(en.isoformat() for en in ger)
        return f"Kostnaden följer av folkmängden {datum}, men det angivna datumet är {angivet}."
    nara = sorted(((d, m) for d, m in mojliga.items() if m is not None), key=lambda par: abs(par[1] - sats))[:3]
    fall = ", ".join(f"{datum} ger {visa_decimal(mojlig, 2)}" for datum, mojlig in sorted(nara))
    return f"Ingen känd folkmängd ger den kostnaden med budgeten i planen: {fall}."


def _publicerad_plats(budgetar: int) -> Plats:
    vag = ("publicerad_redigera", (budgetar,))
    return budgetplats(f"Publicerad kostnad {budgetar}", f"publicerad/{budgetar}", vag, sida="budget")


@regel("Ett folkmängdsdatum för flera år", misstag=9)
def ett_datum_for_flera_ar(u: Underlag) -> Iterator[Fynd]:
    """Samma folkmängdsdatum anges för flera års publicerade kostnader."""
    per_datum: dict[date, list[int]] = {}
    for en in u.dokument.fordelningar:
        if en.publicerad is not None and en.publicerad.angivet_datum is not None:
            per_datum.setdefault(en.publicerad.angivet_datum, []).append(en.budgetar)
    for datum, alla_ar in per_datum.items():
        if len(alla_ar) > 1:
            i_ord = " och ".join(map(str, sorted(alla_ar)))
            yield Fynd(
                _publicerad_plats(min(alla_ar)),
                f"{datum} för {i_ord}",
                f"Folkmängden {datum} anges för både {i_ord}. Varje år brukar räknas på sitt eget datum.",
            )


# --- Money between areas ---------------------------------------------------------------------------------------------

_FLYTT: Final = re.compile(
    r"\b(?:fortsätter|flytta\w*|överför\w*|övergå\w*|en del av|hör numera|inom ramen för|i stället i|införliva\w*)\b",
    re.IGNORECASE,
)


@regel("Arbetet flyttade, pengarna följde inte med", misstag=11)
def flyttat_utan_pengar(u: Underlag) -> Iterator[Fynd]:
    """Arbete flyttas till ett annat område. Pengarna minskar men ökar inte där, och ingen ekonomitext säger varför."""
    tabell, budgetar = u.dokument.budget, u.dokument.till_ar
    for stalle in u.texter:
        fran = stalle.omrade
        if fran is None or not fran.nummer or stalle.slag not in ("prosa", "aktivitetstext"):
            continue
        for till in u.dokument.omraden:
            mening = next((en for en in stalle.meningar if _flyttar(en, fran, till)), "")
            if not mening or _forklarat(fran, till, budgetar):
                continue
            fore, efter = _belopp(tabell, fran, budgetar), _belopp(tabell, till, budgetar)
            if fore is None or efter is None:
                continue
            if fore[0] > fore[1] and efter[1] <= efter[0]:
                forklaring = (
                    f"Texten säger att arbete går över till {till.namn}. {fran.namn} går från {kronor(fore[0])} till"
                    f" {kronor(fore[1])}, men {till.namn} får inte mer ({kronor(efter[0])} förut,"
                    f" {kronor(efter[1])} nu). Säg i ekonomitexten vart pengarna tog vägen."
                )
                yield Fynd(stalle.plats, kort(mening), forklaring, underlag=f"{mening}\x1f{fore}\x1f{efter}")


def _flyttar(mening: str, fran: OmradePost, till: OmradePost) -> bool:
    return till is not fran and _namner(mening, till) and bool(_FLYTT.search(mening))


def _namner(text: str, omrade: OmradePost) -> bool:
    """Whether a text names an area, as it is called in the plan or in tables."""
    vikt = text.casefold()
    return any(namn and namn.casefold() in vikt for namn in (omrade.namn, omrade.kortnamn))


def _forkortas(text: str, omrade: OmradePost) -> bool:
    """Whether a text has the abbreviation that an area's name ends with in parentheses."""
    forkortning = re.search(r"\(([^()\s]+)\)$", omrade.namn)
    return forkortning is not None and re.search(rf"\b{re.escape(forkortning[1])}\b", text) is not None


def _forklarat(fran: OmradePost, till: OmradePost, budgetar: int) -> bool:
    """Whether the economy of one of the two speaks of the other."""
    return any(
        _namner(ett.ekonomi, annat)
        for ett_omrade, annat in ((fran, till), (till, fran))
        for ett in ett_omrade.alla_ar
        if ett.avser_ar == budgetar
    )


def _belopp(tabell: Budgettabell, omrade: OmradePost, budgetar: int) -> tuple[int, int] | None:
    """An area's shared money the year before and this year, öre; None where either is no amount."""
    celler = {
        ett: cell.ore
        for ett in (budgetar - 1, budgetar)
        for rad, cell in tabell.kolumn_celler(ett, "sgd")
        if rad.omrade_id == omrade.id and cell.ore is not None
    }
    return (celler[budgetar - 1], celler[budgetar]) if len(celler) == 2 else None
