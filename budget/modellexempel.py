"""A model tried on the plan's own money: the worked example beneath a model that is read or edited.

The year's money is split wholly by the model, and put beside today's split. Nothing is saved. What stands in
open forms and is not saved yet is laid over the model's rows first (`ovanpa`).
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from budget import kostnadsmodeller, raknesvar
from budget.fordelning import Fordelningsfel
from budget.fordelningar import regel_for, vikter
from budget.formular_modell import Gruppformular, Modellformular
from budget.formular_villkor import Villkorsformular
from budget.modelltext import modelltext
from budget.models import Finansiering, Kostnadsmodell, Modellgrupp, Modellvillkor
from budget.radfordelning import Rad, Radfordelning, fordela_rader
from budget.redigering import las_lage
from budget.stegfordelning import Sats, Stegfordelning
from budget.stegharledning import harled, numrerad
from budget.stegmodell import Deltagare
from handlingsplan.models import Handlingsplan, Huvudman

# The parts of a model's page that are forms, by the first word of their ids.
_FORMULAR: dict[str, Any] = {"grupp": Gruppformular, "villkor": Villkorsformular}
_RADER: dict[str, Any] = {"grupp": Modellgrupp, "villkor": Modellvillkor}


@dataclass(frozen=True, slots=True)
class Exempelrad:
    """One party: its share by the model, what it pays itself, and its share as the year is split today; öre."""

    kod: str
    namn: str
    andel: int
    betalar: int
    nu: int | None

    @property
    def skillnad(self) -> int | None:
        return None if self.nu is None else self.andel - self.nu


@dataclass(frozen=True, slots=True)
class Exempel:
    """The model in a sentence and in amounts. `fel` says in Swedish why it cannot be used, `nu_fel` the same of today.

    `olasta` are parts whose typed values cannot be read; they count as they are saved.
    """

    budgetar: int
    mening: str
    fel: str
    rader: tuple[Exempelrad, ...] = ()
    satser: tuple[Sats, ...] = ()
    steg: tuple[str, ...] = ()
    part: str = ""
    nu_fel: str = ""
    olasta: tuple[str, ...] = ()

    @property
    def summa(self) -> Exempelrad | None:
        """All parties together; None where nothing is split."""
        if not self.rader:
            return None
        andel, betalar = (sum(varden) for varden in zip(*((en.andel, en.betalar) for en in self.rader), strict=True))
        kanda = [en.nu for en in self.rader if en.nu is not None]
        return Exempelrad("", "Summa", andel, betalar, sum(kanda) if len(kanda) == len(self.rader) else None)

    @property
    def nagon_betalar_for_andra(self) -> bool:
        return any(en.andel != en.betalar for en in self.rader)

    @property
    def partens_namn(self) -> str:
        return next((en.namn for en in self.rader if en.kod == self.part), "")

    @property
    def sagt(self) -> str:
        """What is read out when the example has been computed again."""
        return self.fel or f"Exemplet för {self.budgetar} är omräknat."


def las_modell(pk: int) -> Kostnadsmodell:
    """The model with its rows at hand, as `ovanpa` and the split read them."""
    return med_rader(Kostnadsmodell.objects.filter(pk=pk)).get()


def med_rader(modeller: QuerySet[Kostnadsmodell]) -> QuerySet[Kostnadsmodell]:
    """Models with everything that is shown of them, removed groups and conditions too."""
    return modeller.select_related("plan", "andrad_av").prefetch_related(
        "alla_grupper__andrad_av", "alla_villkor__huvudman", "alla_villkor__betalas_av", "alla_villkor__andrad_av"
    )


def exempel(
    plan: Handlingsplan, modell: Kostnadsmodell, budgetar: int, part: str = "", olasta: Iterable[str] = ()
) -> Exempel:
    """The plan's SGD money of the year split wholly by the model, beside how it is split today.

    `modell` is used as it is at hand, with what `ovanpa` has laid over it. `part` is the party whose derivation is
    wanted. Never raises Fordelningsfel: what is wrong is said in the answer.
    """
    alla_huvudman = list(Huvudman.objects.all())
    mening, fel = _mening(plan, modell, budgetar, alla_huvudman)
    if fel:
        return Exempel(budgetar, "", fel, olasta=tuple(olasta))
    try:
        utfall = _fordela(plan, modell, budgetar)
    except Fordelningsfel as skal:
        return Exempel(budgetar, mening, str(skal), olasta=tuple(olasta))
    nu, nu_fel = _nu(plan, budgetar)
    rader = tuple(
        Exempelrad(en.kod, en.namn, utfall.andelar[en.kod], utfall.betalar[en.kod], nu.get(en.kod))
        for en in utfall.ars.underlag.parter
    )
    if part not in utfall.andelar:  # a municipality's steps say more than the region's one
        part = next((en.kod for en in utfall.ars.underlag.parter if en.typ == "kommun"), rader[0].kod if rader else "")
    fordelning = _fordelningen(utfall)
    steg = numrerad(harled(fordelning, part)) if part and fordelning else ()
    satser = fordelning.satser if fordelning else ()
    return Exempel(budgetar, mening, "", rader, satser, steg, part, nu_fel, tuple(olasta))


def _fordela(plan: Handlingsplan, modell: Kostnadsmodell, budgetar: int) -> Radfordelning:
    """The year's known SGD money as one row, split by the model. Raises Fordelningsfel."""
    lage, kolumn = las_lage(plan), (budgetar, Finansiering.SGD.value)
    (summa,) = raknesvar.rakna(lage, [kolumn], raknesvar.las_underlag(lage, [kolumn])).summor
    if not summa.belopp:
        raise Fordelningsfel(f"Inget av budgeten för {budgetar} finansieras genom SGD, så det finns inget att dela.")
    regel = copy(regel_for(plan, budgetar))
    regel.budgetar, regel.modell = budgetar, modell
    kalla = kostnadsmodeller.kalla_for(modell, regel)
    rader = [Rad("budget", "Hela budgeten", summa.ore)]
    invanare = vikter([regel.folkmangdsdatum])[regel.folkmangdsdatum]
    return fordela_rader(kostnadsmodeller.arsunderlag(rader, regel, kalla, Huvudman.objects.all(), invanare))


def _mening(
    plan: Handlingsplan, modell: Kostnadsmodell, budgetar: int, alla_huvudman: Iterable[Huvudman]
) -> tuple[str, str]:
    """The model in one sentence, or why it is no model."""
    regel = regel_for(plan, budgetar)
    deltagare = [
        Deltagare(en.kod, en.officiellt_namn, "region" if en.typ == Huvudman.Typ.REGION else "kommun")
        for en in alla_huvudman
    ]
    try:
        return modelltext(kostnadsmodeller.som_stegmodell(modell, regel), deltagare), ""
    except Fordelningsfel as fel:
        return "", str(fel)


def mening(plan: Handlingsplan, modell: Kostnadsmodell) -> tuple[str, str]:
    """The model in one sentence as it is used in the plan's last year, or why it cannot be used."""
    return _mening(plan, modell, plan.till_ar, Huvudman.objects.all())


def _nu(plan: Handlingsplan, budgetar: int) -> tuple[dict[str, int], str]:
    """Every party's share as the year is split today, in öre by code, and why there is none."""
    lage = las_lage(plan)
    kolumner = [(budgetar, Finansiering.SGD.value)]
    (svar,) = raknesvar.rakna(lage, kolumner, raknesvar.las_underlag(lage, kolumner)).alla_ar
    if svar.utfall.fordelning is None:
        return {}, svar.utfall.skal
    return {en.kod: en.belopp for en in svar.utfall.fordelning.andelar}, ""


def _fordelningen(utfall: Radfordelning) -> Stegfordelning | None:
    """The split by the one model that the example has."""
    return utfall.delar[0].fordelning if len(utfall.delar) == 1 else None


# --- What is typed and not saved -------------------------------------------------------------------------------------


def ovanpa(modell: Kostnadsmodell, sant: QueryDict) -> list[str]:
    """Lay open forms over the model's rows at hand; what cannot be read is left as it is saved, and named.

    A field is sent as `grupp-12:andel`: the part's id and the field's name; `grupp-ny` and `villkor-ny` are new rows.
    """
    olasta: list[str] = []
    delar = _delar(sant)
    if "modell" in delar:
        form = Modellformular(delar["modell"], instance=copy(modell))
        if form.is_valid():
            modell.namn, modell.andelsform = form.instance.namn, form.instance.andelsform
            for falt in ("instans", "beslutsdatum", "paragraf", "diarienummer", "upphavt"):
                setattr(modell, falt, getattr(form.instance, falt))
        else:
            olasta.append(modell.namn)
    har: dict[str, list[Any]] = {"grupp": list(modell.alla_grupper.all()), "villkor": list(modell.alla_villkor.all())}
    for namn, data in delar.items():
        slag, _, nyckel = namn.partition("-")
        if slag in har:
            _lagg(modell, har[slag], slag, nyckel, data, olasta)
    # The rows are at hand (`las_modell`), so these are the very querysets that the model is read from.
    for slag, rader in (("grupp", modell.alla_grupper.all()), ("villkor", modell.alla_villkor.all())):
        rader._result_cache = har[slag]
    return olasta


def _lagg(modell: Kostnadsmodell, rader: list[Any], slag: str, nyckel: str, data: QueryDict, olasta: list[str]) -> None:
    plats = next((nr for nr, rad in enumerate(rader) if str(rad.pk) == nyckel), None)
    if plats is None and nyckel != "ny":
        return
    rad = _RADER[slag](modell=modell, version=0) if plats is None else copy(rader[plats])
    form = _FORMULAR[slag](data, instance=rad)
    if not form.is_valid():
        olasta.append(f"{'gruppen' if slag == 'grupp' else 'villkoret'} {'(ny)' if plats is None else rader[plats]}")
    elif plats is None:
        rader.append(form.instance)
    else:
        rader[plats] = form.instance


def _delar(sant: QueryDict) -> dict[str, QueryDict]:
    """The fields of each open form."""
    delar: dict[str, QueryDict] = {}
    for namn, varden in sant.lists():
        del_, tecken, falt = namn.partition(":")
        if tecken:
            delar.setdefault(del_, QueryDict(mutable=True)).setlist(falt, varden)
    return delar
