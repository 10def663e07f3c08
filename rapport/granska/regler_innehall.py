"""Rules on content: what is missing, money and activities that do not go together, goals that are activities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rapport.granska.fynd import PLANEN, Fynd, Plats, Underlag, regel
from rapport.granska.texter import (
    aktiviteternas_plats,
    arstextplats,
    artal,
    delplats,
    kort,
    kronor,
    malplats,
    radplats,
)
from rapport.plandokument import AktivitetPost, Budgettabell, Cell, OmradePost

# Verbs that say what is done, first in a sentence. Öka, minska and förbättra are left out: they name a direction.
_GORANDE: Final = (
    "analysera|anpassa|anordna|arbeta|bevaka|bistå|bygga|etablera|fortsätta|främja|följa|förbereda|genomföra|göra"
    "|identifiera|implementera|inleda|informera|integrera|inventera|införa|kartlägga|kommunicera|koordinera|planera"
    "|påbörja|samordna|starta|ta fram|testa|undersöka|upphandla|utbilda|utreda|utvärdera|utveckla"
)
_ATT_GORA: Final = re.compile(rf"^(?:att\s+)?(?:{_GORANDE})\b", re.IGNORECASE)
# What somebody is to do within the plan: work that has an end, and is no state to be reached.
_SKA_GORAS: Final = re.compile(
    r"(?<!som )\bska\s+(?:(?!kunna\b|inte\b)\w+\s+)?(?:analysera|genomföra|inleda|inventera|kartlägga"
    r"|påbörja|starta|undersöka|upphandla|utreda"
    r"|utvärdera|pröva|testa|förbereda|ta\s+fram|tas\s+fram)s?\b|^(?:upphandling|kartläggning|förstudie|utredning"
    r"|inventering|framtagande)\s+av\b(?!.*\b(?:är|har|finns|sker|kan)\b)",
    re.IGNORECASE,
)
_UNDER_ARET: Final = re.compile(
    r"\b(?:under|hösten|våren|i början av)\s+(?:(?:19|20)\d\d|året|planperioden)\b.*?\b(?:inleds|påbörjas|genomförs"
    r"|görs|startas|startar|utreds|analyseras|kartläggs|upphandlas|tas\b.*?\bfram|börjar|prövas|planeras)\b",
    re.IGNORECASE,
)

# A year to measure from is no goal that has gone by.
_JAMFORT_MED: Final = re.compile(
    r"\b(?:sedan|jämfört med|än|från|mot)\s+(?:år(?:et)?\s+)?(?:19|20)\d\d\b", re.IGNORECASE
)


def _celler(tabell: Budgettabell, omrade: OmradePost, budgetar: int) -> dict[str, Cell]:
    """An area's cells of one year by form of financing."""
    return {
        kolumn.finansiering: rad.celler[nummer]
        for nummer, kolumn in enumerate(tabell.kolumner)
        for rad in tabell.rader
        if kolumn.budgetar == budgetar and rad.omrade_id == omrade.id
    }


@regel("Pengar utan aktivitet", misstag=3)
def pengar_utan_aktivitet(u: Underlag) -> Iterator[Fynd]:
    """Ett område har gemensamma pengar ett år men ingen aktivitet."""
    for omrade in u.dokument.omraden:
        for ett in omrade.alla_ar:
            sgd = _celler(u.dokument.budget, omrade, ett.avser_ar).get("sgd")
            if sgd is not None and sgd.ore and not ett.aktiviteter:
                yield Fynd(
                    aktiviteternas_plats(omrade, ett.avser_ar),
                    f"{kronor(sgd.ore)} och ingen aktivitet",
                    f"Området har {kronor(sgd.ore)} för {ett.avser_ar}, men planen säger inte vad de ska gå till.",
                )


@regel("Aktivitet utan pengar", misstag=3)
def aktivitet_utan_pengar(u: Underlag) -> Iterator[Fynd]:
    """Ett område har aktiviteter ett år men inga pengar, och inga som är okända."""
    for omrade in u.dokument.omraden:
        for ett in omrade.alla_ar:
            celler = _celler(u.dokument.budget, omrade, ett.avser_ar)
            utan = bool(celler) and all(
                not cell.ore and cell.slag in ("belopp", "ej_aktuellt") for cell in celler.values()
            )
            if ett.aktiviteter and utan and not re.search(r"\b(?:ordinarie|egen|eget|utan kostnad)\b", ett.ekonomi):
                antal = len(ett.aktiviteter)
                yield Fynd(
                    aktiviteternas_plats(omrade, ett.avser_ar),
                    f"{antal} aktivitet{'er' if antal > 1 else ''} och 0 kr",
                    f"Området har aktiviteter {ett.avser_ar} men inga pengar. Ekonomitexten säger inte hur de betalas.",
                )


@regel("Ekonomi saknas", misstag=3)
def ekonomi_saknas(u: Underlag) -> Iterator[Fynd]:
    """Ett område säger inget om sin ekonomi ett av planens år."""
    for omrade in u.dokument.omraden:
        for ett in omrade.alla_ar:
            if not ett.ekonomi.strip():
                forklaring = "Läsaren ser inte om området har pengar. Skriv också när beloppet är 0 kr."
                yield Fynd(arstextplats(omrade, "ekonomi", ett.avser_ar), "Ingen text om ekonomin", forklaring)


@regel("Tom del")
def tom_del(u: Underlag) -> Iterator[Fynd]:
    """En del som varje plan eller område ska ha är tom."""
    if not u.dokument.inledning.strip():
        plats = Plats(
            PLANEN, "Inledning", "plan/inledning", "plan-inledning", redigera=("plan_redigera", ("inledning",))
        )
        yield Fynd(plats, "Ingen inledning", "Planen saknar inledning.")
    if not u.dokument.omraden:
        yield Fynd(Plats(PLANEN, "Insatsområden", "plan/omraden", "omraden"), "Inga områden", "Planen saknar områden.")
    for omrade in u.dokument.omraden:
        yield from _tomma_delar(omrade)


def _tomma_delar(omrade: OmradePost) -> Iterator[Fynd]:
    for rubrik, del_, text in (
        ("Beskrivning", "beskrivning", omrade.beskrivning),
        ("Syfte och nytta", "syfte", omrade.syfte),
    ):
        if not text.strip():
            yield Fynd(
                delplats(omrade, rubrik, del_), f"{rubrik} saknas", "Delen ska finnas för varje område i planen."
            )
    if not omrade.alla_mal:
        yield Fynd(malplats(omrade), "Inget mål", "Området saknar övergripande mål.")
    if not omrade.ansvariga and not omrade.ansvar_not.strip():
        yield Fynd(delplats(omrade, "Ansvar", "ansvar"), "Ingen ansvarig", "Ingen grupp är ansvarig för området.")
    for ett in omrade.alla_ar:
        if not ett.aktiviteter and not ett.aktivitetstext.strip():
            forklaring = "Området har varken aktiviteter eller en text som säger varför det inte har några."
            yield Fynd(aktiviteternas_plats(omrade, ett.avser_ar), "Inga aktiviteter", forklaring)


@regel("Aktiviteter utan ansvarig eller datum")
def aktivitet_utan_ansvarig(u: Underlag) -> Iterator[Fynd]:
    """Aktiviteter i ett område saknar egen ansvarig, eller både start och slut."""
    for omrade in u.dokument.omraden:
        for ett in omrade.alla_ar:
            utan_person = [en for en in ett.aktiviteter if not en.ansvarig.strip()]
            utan_datum = [en for en in ett.aktiviteter if en.start is None and en.slut is None]
            if utan_person or utan_datum:
                visas = dict.fromkeys(en.text.rstrip(".") for en in (*utan_person, *utan_datum))
                yield Fynd(
                    aktiviteternas_plats(omrade, ett.avser_ar),
                    kort("; ".join(visas)),
                    f"{_vad_saknas(utan_person, utan_datum, ett.aktiviteter)} Då är det svårt att följa upp.",
                    underlag=f"{[en.id for en in utan_person]}{[en.id for en in utan_datum]}",
                )


def _vad_saknas(
    utan_person: list[AktivitetPost], utan_datum: list[AktivitetPost], alla: tuple[AktivitetPost, ...]
) -> str:
    """How many of an area's activities lack what, in a sentence or two."""
    if utan_person == utan_datum:
        return f"{_antal(utan_person, alla)} saknar både ansvarig och datum."
    delar = ((utan_person, "ansvarig"), (utan_datum, "datum"))
    return " ".join(f"{_antal(rader, alla)} saknar {vad}." for rader, vad in delar if rader)


def _antal(nagra: list[AktivitetPost], alla: tuple[AktivitetPost, ...]) -> str:
    if len(alla) == 1:
        return "Områdets enda aktivitet"
    antal = f"Områdets {len(alla)}" if len(nagra) == len(alla) else f"{len(nagra)} av områdets {len(alla)}"
    return f"{antal} aktiviteter"


@regel("Mål som är en aktivitet", misstag=10)
def mal_som_aktivitet(u: Underlag) -> Iterator[Fynd]:
    """Ett övergripande mål säger vad som ska göras i stället för vad som ska vara nått, eller gäller ett gånget år."""
    for omrade in u.dokument.omraden:
        for nummer, ett in enumerate(omrade.alla_mal, 1):
            gangna = [en for en in artal(_JAMFORT_MED.sub("", ett.text)) if en < u.dokument.fran_ar]
            skal = ""
            if any(en.search(ett.text) for en in (_ATT_GORA, _UNDER_ARET, _SKA_GORAS)):
                skal = (
                    "Målet säger vad som ska göras. Skriv vad som ska vara nått, och lägg arbetet bland aktiviteterna."
                )
            elif gangna:
                skal = f"Målet talar om {gangna[0]}, som ligger före planen."
            if skal:
                yield Fynd(malplats(omrade, ett.id, nummer), kort(ett.text), skal)


@regel("Rad utan namn", misstag=7)
def namnlos_rad(u: Underlag) -> Iterator[Fynd]:
    """En rad i budgettabellen har inget namn."""
    for rad in u.dokument.budget.rader:
        if not rad.namn.strip(" *–-"):
            celler = [(cell.slag, cell.ore) for cell in rad.celler]
            har = sum(ore or 0 for _, ore in celler)
            vad = kronor(har) if har else "inga belopp, bara uppgifter som okänt och ej aktuellt"
            forklaring = f"Läsaren ser inte vad raden gäller. Den har {vad}."
            yield Fynd(radplats(rad), "En rad utan namn", forklaring, underlag=f"{celler}")
