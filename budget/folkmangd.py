"""Population figures: who has one, a new figure typed in, and a file from SCB planned and carried out.

A figure is never overwritten: a changed one is a new revision and the newest counts; the same value again makes no
row. A file is all or nothing: one wrong row, or one party that it does not name, and nothing of it is saved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.db.models import Count

from budget.alder import ALLA_ALDRAR, HOGSTA_ALDER, Aldersspann, las_alder
from budget.belopp import visa_heltal
from budget.models import Folkmangd
from budget.scb import Inlasning, Rad, Radfel
from handlingsplan.models import Anvandare, Huvudman

# --- What there is ---------------------------------------------------------------------------------------------


def kommuner() -> list[Huvudman]:
    """The parties that have a population of their own; the region's is their sum."""
    return list(Huvudman.objects.filter(typ=Huvudman.Typ.KOMMUN))


def saknas_for(datum: date, alder: str = "") -> list[Huvudman]:
    """The municipalities without a figure on a date, by code. `alder` is an age span's code; "" is all ages."""
    har = Folkmangd.objects.filter(datum=datum, alder=alder).values("huvudman")
    return list(Huvudman.objects.filter(typ=Huvudman.Typ.KOMMUN).exclude(pk__in=har))


def hela_datum(alder: str = "") -> list[date]:
    """Dates on which every municipality has a figure, newest first."""
    antal = Huvudman.objects.filter(typ=Huvudman.Typ.KOMMUN).count()
    per_datum = Folkmangd.objects.filter(alder=alder, huvudman__typ=Huvudman.Typ.KOMMUN).values("datum")
    per_datum = per_datum.annotate(parter=Count("huvudman", distinct=True)).filter(parter=antal)
    return list(per_datum.order_by("-datum").values_list("datum", flat=True))


def spann_i_bruk() -> list[Aldersspann]:
    """The age spans that some figure is of, all ages first."""
    par = Folkmangd.objects.order_by().values_list("fran_alder", "till_alder").distinct()
    egna = {Aldersspann(*ett) for ett in par} - {ALLA_ALDRAR}
    return [ALLA_ALDRAR, *sorted(egna, key=lambda ett: (ett.fran or 0, HOGSTA_ALDER if ett.till is None else ett.till))]


def revisioner(huvudman: Huvudman, datum: date, alder: str = "") -> list[Folkmangd]:
    """Every figure of one party on one date, newest first."""
    rader = Folkmangd.objects.filter(huvudman=huvudman, datum=datum, alder=alder)
    return list(rader.select_related("registrerad_av").order_by("-revision"))


# --- A figure that somebody types ----------------------------------------------------------------------------------


class Revisionskrock(Exception):
    """Somebody else has registered another figure meanwhile. `nyast` is that one."""

    def __init__(self, nyast: Folkmangd) -> None:
        super().__init__(f"{nyast} är registrerad av någon annan.")
        self.nyast = nyast


def registrera(
    huvudman: Huvudman,
    datum: date,
    *,
    antal: int,
    kalla: str,
    bas_revision: int,
    av: Anvandare,
    alder: Aldersspann = ALLA_ALDRAR,
) -> Folkmangd | None:
    """Register a figure on top of revision `bas_revision` (0: there was none). None where it already is the newest.

    Raises Revisionskrock where a newer revision with another figure has come.
    """
    try:
        with transaction.atomic():
            nyast = next(iter(revisioner(huvudman, datum, alder.kod)), None)
            if nyast is not None and nyast.antal == antal:
                return None
            if nyast is not None and nyast.revision != bas_revision:
                raise Revisionskrock(nyast)
            return Folkmangd.objects.create(
                huvudman=huvudman,
                datum=datum,
                fran_alder=alder.fran,
                till_alder=alder.till,
                revision=nyast.revision + 1 if nyast else 1,
                antal=antal,
                kalla=kalla,
                registrerad_av=av,
            )
    except IntegrityError as fel:
        # Two came at once; the database let one of them in.
        raise Revisionskrock(revisioner(huvudman, datum, alder.kod)[0]) from fel


# --- A file: planned, shown, carried out -----------------------------------------------------------------------------

Utfall = Literal["ny", "andrad", "oforandrad", "overhoppad", "vagrad"]


@dataclass(frozen=True, slots=True)
class Gallande:
    """The newest figure of a party on a date."""

    antal: int
    revision: int


@dataclass(frozen=True, slots=True)
class Narmast:
    """A party's figure on the nearest other date that has one, within `GRANNAR`."""

    datum: date
    antal: int


@dataclass(frozen=True, slots=True)
class Folkmangdslage:
    """What a file is compared with: the municipalities (code → official name), and figures by (code, age span).

    `gallande` are those of the date itself, `narmast` those of the date nearest to it.
    """

    namn: Mapping[str, str]
    gallande: Mapping[tuple[str, str], Gallande]
    narmast: Mapping[tuple[str, str], Narmast] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Importrad:
    """What one row of the file leads to. `radnummer` 0: not a row of the file. `fore`, `antal`: inhabitants.

    `bas_revision` is the party's newest revision when this was planned, 0 where it had none. `varning` is a Swedish
    sentence on a figure that differs much from the one before.
    """

    radnummer: int
    utfall: Utfall
    kod: str = ""
    namn: str = ""
    alder: str = ""
    antal: int | None = None
    fore: int | None = None
    bas_revision: int = 0
    meddelande: str = ""
    varning: str = ""


@dataclass(frozen=True, slots=True)
class Importplan:
    """A file compared with what is registered: one row each for everything in it, and for what is missing in it."""

    datum: date
    rader: tuple[Importrad, ...]
    tabellkod: str = ""
    anmarkningar: tuple[str, ...] = ()
    format: str = ""

    @property
    def radord(self) -> str:
        """What a row's number counts: a file without rows counts its figures."""
        return "Tal nr" if self.format in {"px", "json-stat2"} else "Rad"

    def med(self, *utfall: Utfall) -> tuple[Importrad, ...]:
        """The rows with one of these outcomes, in the file's order."""
        return tuple(rad for rad in self.rader if rad.utfall in utfall)

    @property
    def partsrader(self) -> tuple[Importrad, ...]:
        """The rows that give a party a figure."""
        return self.med("ny", "andrad", "oforandrad")

    @property
    def alder(self) -> str:
        """The age span that its rows are of; "" is all ages."""
        return next((rad.alder for rad in self.rader if rad.alder), "")

    @property
    def nya_tal(self) -> dict[str, int]:
        """The figures that would be saved, by code."""
        return {rad.kod: rad.antal for rad in self.med("ny", "andrad") if rad.antal is not None}

    @property
    def kan_genomforas(self) -> bool:
        return bool(self.partsrader) and not self.med("vagrad")


class Importfel(Exception):
    """The plan cannot be carried out; the message is Swedish. Nothing has been saved."""


GRANNAR = timedelta(days=5 * 366)
OVANLIGT = 4  # a change by more than a quarter in so few years is shown


def las_lage(datum: date) -> Folkmangdslage:
    """The parties and the newest figures on a date and around it, in two statements."""
    alla = Folkmangd.objects.gallande().filter(datum__range=(datum - GRANNAR, datum + GRANNAR))
    gallande: dict[tuple[str, str], Gallande] = {}
    narmast: dict[tuple[str, str], Narmast] = {}
    for kod, alder, dag, antal, revision in alla.values_list("huvudman__kod", "alder", "datum", "antal", "revision"):
        if dag == datum:
            gallande[kod, alder] = Gallande(antal, revision)
        elif (kod, alder) not in narmast or abs(dag - datum) < abs(narmast[kod, alder].datum - datum):
            narmast[kod, alder] = Narmast(dag, antal)
    return Folkmangdslage({en.kod: en.officiellt_namn for en in kommuner()}, gallande, narmast)


def planera(inlasning: Inlasning, datum: date) -> Importplan:
    """What a read file would change on `datum`. Nothing is saved."""
    return jamfor(inlasning, datum, las_lage(datum))


def jamfor(inlasning: Inlasning, datum: date, lage: Folkmangdslage) -> Importplan:
    """`planera` without the database. A code that is no party is skipped; a party missing in the file is refused."""
    rader = [_jamfor_rad(rad, lage) for rad in inlasning.rader]
    rader += [Importrad(fel.radnummer, "vagrad", meddelande=_feltext(fel)) for fel in inlasning.fel]
    if not any(fel.radnummer == 0 for fel in inlasning.fel):
        rader += _saknade(inlasning, datum, lage)
    rader.sort(key=lambda rad: (rad.radnummer == 0, rad.radnummer))
    anmarkningar = (*inlasning.anmarkningar, *_avklippt(inlasning, lage))
    return Importplan(datum, tuple(rader), inlasning.tabellkod, anmarkningar, inlasning.format)


def _jamfor_rad(rad: Rad, lage: Folkmangdslage) -> Importrad:
    if rad.kod not in lage.namn:
        return Importrad(rad.radnummer, "overhoppad", rad.kod, rad.namn, rad.alder, rad.antal)
    nu, nara = lage.gallande.get((rad.kod, rad.alder)), lage.narmast.get((rad.kod, rad.alder))
    if rad.kan_vara_avklippt and nara and rad.antal * 2 < nara.antal:
        text = (
            f"{rad.namn} har {visa_heltal(rad.antal)}, mindre än hälften av {visa_heltal(nara.antal)} den "
            f"{nara.datum.isoformat()}, och filen slutar mitt i raden: den är avklippt. Hämta den på nytt från SCB."
        )
        return Importrad(rad.radnummer, "vagrad", meddelande=text)
    utfall: Utfall = "ny" if nu is None else "oforandrad" if nu.antal == rad.antal else "andrad"
    return Importrad(
        radnummer=rad.radnummer,
        utfall=utfall,
        kod=rad.kod,
        namn=lage.namn[rad.kod],
        alder=rad.alder,
        antal=rad.antal,
        fore=nu.antal if nu else None,
        bas_revision=nu.revision if nu else 0,
        varning=_ovanligt(rad.antal, nara) if nara and utfall != "oforandrad" else "",
    )


def _ovanligt(antal: int, nara: Narmast) -> str:
    skillnad = abs(antal - nara.antal)
    if skillnad * OVANLIGT <= nara.antal:
        return ""
    hur = "fler" if antal > nara.antal else "färre"
    fran = f"{visa_heltal(nara.antal)} den {nara.datum.isoformat()}"
    return f"{visa_heltal(skillnad)} {hur} än {fran}. Se efter att talet är rätt."


def _avklippt(inlasning: Inlasning, lage: Folkmangdslage) -> list[str]:
    """A remark on a last figure that may have lost digits, where nothing registered tells."""
    return [
        f"Filen slutar utan radbrytning efter {rad.namn}, {visa_heltal(rad.antal)}. Är den avklippt saknas siffror: "
        "se efter att talet är rätt."
        for rad in inlasning.rader
        if rad.kan_vara_avklippt and rad.kod in lage.namn and (rad.kod, rad.alder) not in lage.narmast
    ]


def _feltext(fel: Radfel) -> str:
    return f"{fel.meddelande} Raden: {fel.ursprung}" if fel.radnummer and fel.ursprung else fel.meddelande


def _saknade(inlasning: Inlasning, datum: date, lage: Folkmangdslage) -> list[Importrad]:
    """A refusal for each party that the file does not name, not even in a row that could not be read."""
    if not lage.namn:
        text = "Det finns inga kommuner bland huvudmännen. Lägg in dem först, och läs sedan in filen."
        return [Importrad(0, "vagrad", meddelande=text)]
    i_filen = {rad.kod for rad in inlasning.rader}
    olasta = " ".join(fel.ursprung for fel in inlasning.fel)
    return [
        Importrad(0, "vagrad", kod, namn, meddelande=f"{namn} ({kod}) saknas i filen för {datum.isoformat()}.")
        for kod, namn in sorted(lage.namn.items())
        if kod not in i_filen and not re.search(rf"\b{kod}\b", olasta)
    ]


def genomfor(plan: Importplan, kalla: str, av: Anvandare | None) -> int:
    """Save a plan's new and changed figures, all or none, and return how many they were.

    Raises Importfel for a plan with a refused row, and where figures or parties have changed since it was made.
    """
    if not plan.kan_genomforas:
        raise Importfel("Filen har fel. Ingenting är sparat.")
    try:
        with transaction.atomic():
            _kontrollera(plan, las_lage(plan.datum))
            return len(Folkmangd.objects.bulk_create(_nya_rader(plan, kalla, av)))
    except IntegrityError as fel:
        # Another import was let in by the database at the same moment.
        raise Importfel("Någon annan sparade folkmängd samtidigt. Ingenting är sparat; granska filen igen.") from fel


def _kontrollera(plan: Importplan, lage: Folkmangdslage) -> None:
    """Raise Importfel unless everything is as it was when the plan was made."""
    if {rad.kod for rad in plan.partsrader} != set(lage.namn):
        raise Importfel("Huvudmännen har ändrats sedan filen granskades. Ingenting är sparat; granska filen igen.")
    nya = []
    for rad in plan.partsrader:
        nu = lage.gallande.get((rad.kod, rad.alder))
        if (nu.revision if nu else 0) != rad.bas_revision:
            nya.append(rad.namn)
    if nya:
        raise Importfel(
            f"Folkmängden har ändrats för {', '.join(nya)} sedan filen granskades. Ingenting är sparat; "
            "granska filen igen."
        )


def _nya_rader(plan: Importplan, kalla: str, av: Anvandare | None) -> list[Folkmangd]:
    parter = {en.kod: en for en in kommuner()}
    return [
        Folkmangd(
            huvudman=parter[rad.kod],
            datum=plan.datum,
            fran_alder=las_alder(rad.alder).fran,
            till_alder=las_alder(rad.alder).till,
            revision=rad.bas_revision + 1,
            antal=rad.antal or 0,
            kalla=kalla,
            tabellkod=plan.tabellkod,
            registrerad_av=av,
        )
        for rad in plan.med("ny", "andrad")
    ]


# --- A plan on its way through a browser -----------------------------------------------------------------------------

_BURNA = ("radnummer", "utfall", "kod", "namn", "alder", "antal", "fore", "bas_revision")


def packa(plan: Importplan) -> dict[str, Any]:
    """A plan that can be carried out, as plain JSON values. What was skipped is left out."""
    rader = [[getattr(rad, falt) for falt in _BURNA] for rad in plan.partsrader]
    return {"datum": plan.datum.isoformat(), "tabellkod": plan.tabellkod, "rader": rader}


def packa_upp(data: Mapping[str, Any]) -> Importplan:
    """The inverse of `packa`."""
    rader = tuple(Importrad(**dict(zip(_BURNA, rad, strict=True))) for rad in data["rader"])
    return Importplan(date.fromisoformat(data["datum"]), rader, data["tabellkod"])
