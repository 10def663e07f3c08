"""Load the demo's files into an empty database. The files and their sources are described in fixtures/README.md."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from budget import scenariosparande
from budget.belopp import Cellvarde
from budget.celler import Cellplats
from budget.modellmallar import MALLAR
from budget.models import (
    Budgetpost,
    Budgetrad,
    Finansiering,
    Folkmangd,
    Fordelningsregel,
    Fotnot,
    Fotnotsplats,
    Kostnadsmodell,
    Modellgrupp,
    PubliceradKostnad,
)
from budget.scenario import Byte, Innehall
from budget.scenarioformular import las_prov, som_data
from budget.scenariorakning import las_utgangslage
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman, Installation, Roll
from insatsomraden.models import Aktivitet, Arstext, Insatsomrade, Mal, Omradesutgava, Samverkansgrupp
from rapport import demofakturering, granskning
from rapport.demouppsattningar import SKANE, Demoscenario, Konto, Uppsattning
from rapport.demoutfall import ladda_utfall
from rapport.faststallande import faststall
from rapport.pdf import motor_finns

Post = dict[str, Any]
Sag = Callable[[str], None]

DEMOLOSENORD: Final = "prova-planen-2024"  # of all the demo's log-ins
_UTGAVANS_FALT: Final = ("lage", "lage_not", "namn", "kortnamn", "beskrivning", "syfte", "ansvar_not")


@transaction.atomic
def ladda(sag: Sag, *, med_pdf: bool | None = None, uppsattning: Uppsattning = SKANE) -> None:
    """Load parties, population, log-ins and plans of one region; all or nothing. `sag` is told of each step.

    The PDF of an adopted plan is rendered when the engine is there, unless `med_pdf` says otherwise.
    """
    sag("Huvudmän")
    ladda_huvudman(uppsattning.fil(uppsattning.huvudman))
    folkmangd = uppsattning.fil(uppsattning.folkmangd)
    alla_ar = {rad["datum"][:4] for rad in _rader(folkmangd)}
    sag(f"Folkmängd {min(alla_ar)}–{max(alla_ar)}")
    ladda_folkmangd(folkmangd)
    if uppsattning.uppgifter:
        demofakturering.ladda_uppgifter(uppsattning.fil(uppsattning.uppgifter))
    sag("Konton")
    ladda_konton(uppsattning.konton)
    for namn in uppsattning.planer:
        _ladda_en_plan(namn, uppsattning, sag, med_pdf)
    if uppsattning.modell:
        ladda_modell(Handlingsplan.objects.latest("till_ar"), *uppsattning.modell)
    sag("Scenariot")
    av = Anvandare.objects.get(email=uppsattning.konton[0][0])
    ladda_scenario(uppsattning.scenario, Handlingsplan.objects.latest("till_ar"), av)
    if uppsattning.utfall:
        ladda_utfall(uppsattning.fil(uppsattning.utfall), sag)
    Installation.objects.create(slag=Installation.Slag.DEMO)


def _ladda_en_plan(namn: str, uppsattning: Uppsattning, sag: Sag, med_pdf: bool | None) -> None:
    """A plan with the proofreader's answers, adopted and billed where its file says that it was adopted."""
    data = json.loads(uppsattning.fil(namn).read_text(encoding="utf-8"))
    sag(data["titel"])
    plan = ladda_plan(data)
    svar = uppsattning.fil(namn.replace("plan_", "granskning_"))
    if svar.exists():
        granskning.ladda_svar(plan, svar)
    if not data["faststalld"]:
        return
    sag(f"{data['titel']}: fastställs")
    faststall(
        plan,
        version=plan.version,
        datum=date.fromisoformat(data["faststalld"]["datum"]),
        hanvisning=data["faststalld"]["hanvisning"],
        av=None,
        pdf=motor_finns() if med_pdf is None else med_pdf,
    )
    if uppsattning.uppgifter:
        sag(f"{data['titel']}: faktureringsunderlag utfärdas")
        demofakturering.utfarda_underlag(plan)


def ladda_konton(konton: Iterable[Konto]) -> None:
    """The log-ins. One hash serves them all: they have the same password, and a hash costs half a second."""
    losenord = make_password(DEMOLOSENORD)
    huvudman = {en.kod: en for en in Huvudman.objects.all()}
    for email, namn, slag, kod in konton:
        anvandare = Anvandare.objects.create(email=email, namn=namn, password=losenord)
        Roll.objects.create(anvandare=anvandare, slag=slag, huvudman=huvudman[kod] if kod else None)


def ladda_scenario(fall: Demoscenario, plan: Handlingsplan, av: Anvandare) -> None:
    """What the plan would cost with another amount for an area, shared. Skåne's is in docs/kostnadsfordelning.md."""
    utgava = plan.alla_omraden.get(insatsomrade__kod=fall.omrade)
    plats = Cellplats(utgava.pk, None, plan.till_ar, Finansiering.SGD)
    bytt = Byte(Cellvarde("belopp", fall.fore), Cellvarde("belopp", fall.efter))
    utgang = las_utgangslage(plan)
    prov = las_prov(utgang, som_data(Innehall({plats: bytt}), utgang))
    scenario = scenariosparande.skapa(plan, fall.namn, prov.att_spara, av=av)
    scenariosparande.dela(scenario, av=av)


def ladda_modell(plan: Handlingsplan, namn: str, mall: str) -> None:
    """A cost model that is stored and not used, so that all figures stay. It came in with the plan."""
    modell = _spara(Kostnadsmodell(plan=plan, namn=namn))
    vald = next(en for en in MALLAR if en.kod == mall)
    for ordning, falt in enumerate(vald.grupper, 1):
        _spara(Modellgrupp(modell=modell, ordning=ordning, **falt))


def _rader(fil: Path) -> Iterator[dict[str, str]]:
    with fil.open(encoding="utf-8", newline="") as las:
        yield from csv.DictReader(las)


def ladda_huvudman(fil: Path) -> None:
    """Rows of kod, typ, namn and so on. The database itself refuses two of one code."""
    alla = [Huvudman(**rad) for rad in _rader(fil)]
    for en in alla:
        en.full_clean(validate_unique=False, validate_constraints=False)
    Huvudman.objects.bulk_create(alla)


def ladda_folkmangd(fil: Path) -> None:
    """Rows of kod, datum, antal, kalla, tabellkod. Raises KeyError for a code that is no party."""
    huvudman = {en.kod: en for en in Huvudman.objects.all()}
    Folkmangd.objects.bulk_create(
        Folkmangd(
            huvudman=huvudman[rad["kod"]],
            datum=date.fromisoformat(rad["datum"]),
            antal=int(rad["antal"]),
            kalla=rad["kalla"],
            tabellkod=rad["tabellkod"],
        )
        for rad in _rader(fil)
    )


def ladda_plan(data: Post) -> Handlingsplan:
    """Make one plan from its file. Every row passes the same validation as a form."""
    textfalt = ("fran_ar", "till_ar", "titel", "undertitel", "inledning", "om_aret", "avslutning")
    plan = Handlingsplan(**{namn: data[namn] for namn in (*textfalt, "kontakt_namn", "kontakt_epost")})
    if data["delad"]:
        plan.delad_at = timezone.make_aware(datetime.combine(date.fromisoformat(data["delad"]), time(9)))
    _spara(plan)
    for grupp in data["grupper"]:
        Samverkansgrupp.objects.get_or_create(kortnamn=grupp["kortnamn"], defaults={"namn": grupp["namn"]})
    utgavor = {omrade["kod"]: _ladda_omrade(plan, nr, omrade) for nr, omrade in enumerate(data["omraden"], 1)}
    rader = _ladda_budget(plan, data["budget"], utgavor)
    _ladda_fotnoter(plan, data["fotnoter"], utgavor, rader)
    for regel in data["fordelning"]:
        _spara(
            Fordelningsregel(
                plan=plan,
                budgetar=regel["ar"],
                andel_region=regel["andel_region"],
                andel_grupp=regel["andel_grupp"],
                enhet=regel["enhet"],
                folkmangdsdatum=date.fromisoformat(regel["folkmangdsdatum"]),
                hanvisning=regel["hanvisning"],
            )
        )
    for rad in data["publicerade"]:
        angivet = rad["folkmangdsdatum"]
        _spara(
            PubliceradKostnad(
                plan=plan,
                avser_ar=rad["ar"],
                ore_per_invanare=Decimal(rad["ore_per_invanare"]),
                angivet_datum=date.fromisoformat(angivet) if angivet else None,
                kalla=rad["kalla"],
            )
        )
    historik.skriv(plan.pk, [historik.inlast(plan)], av=None)
    return plan


def _spara[M: Any](rad: M) -> M:
    rad.full_clean()
    rad.save()
    return rad


def _ladda_omrade(plan: Handlingsplan, ordning: int, data: Post) -> Omradesutgava:
    omrade, _ = Insatsomrade.objects.get_or_create(kod=data["kod"], defaults={"namn": data["namn"]})
    utgava = _spara(
        Omradesutgava(
            insatsomrade=omrade,
            plan=plan,
            ordning=ordning,
            **{falt: data[falt] for falt in _UTGAVANS_FALT},
        )
    )
    utgava.ansvariga.set(Samverkansgrupp.objects.filter(kortnamn__in=data["ansvar"]))
    for nr, text in enumerate(data["alla_mal"], 1):
        _spara(Mal(utgava=utgava, ordning=nr, text=text))
    for ett, innehall in data["ar"].items():
        for slag, nyckel in ((Arstext.Slag.AKTIVITETER, "aktivitetstext"), (Arstext.Slag.EKONOMI, "ekonomi")):
            if innehall[nyckel]:
                _spara(Arstext(utgava=utgava, avser_ar=int(ett), slag=slag, text=innehall[nyckel]))
        _ladda_aktiviteter(utgava, int(ett), None, innehall["aktiviteter"])
    return utgava


def _ladda_aktiviteter(utgava: Omradesutgava, avser_ar: int, foralder: Aktivitet | None, poster: list[Post]) -> None:
    for nr, post in enumerate(poster, 1):
        aktivitet = _spara(
            Aktivitet(
                utgava=utgava,
                avser_ar=avser_ar,
                foralder=foralder,
                ordning=nr,
                text=post["text"],
                villkor=post.get("villkor", ""),
                ansvarig=post.get("ansvarig", ""),
            )
        )
        _ladda_aktiviteter(utgava, avser_ar, aktivitet, post.get("under", []))


def _ladda_budget(plan: Handlingsplan, poster: list[Post], utgavor: dict[str, Omradesutgava]) -> dict[str, Budgetrad]:
    rader: dict[str, Budgetrad] = {}
    for post in poster:
        rad = None
        if post["omrade"] is None:
            rad = rader.get(post["benamning"])
            if rad is None:
                rad = _spara(Budgetrad(plan=plan, ordning=len(rader) + 1, benamning=post["benamning"]))
                rader[post["benamning"]] = rad
        _spara(
            Budgetpost(
                plan=plan,
                utgava=utgavor[post["omrade"]] if post["omrade"] else None,
                rad=rad,
                budgetar=post["ar"],
                finansiering=post["finansiering"],
                slag=post["slag"],
                belopp=Decimal(post["belopp"]) if post["belopp"] is not None else None,
            )
        )
    return rader


def _ladda_fotnoter(
    plan: Handlingsplan, poster: list[Post], utgavor: dict[str, Omradesutgava], rader: dict[str, Budgetrad]
) -> None:
    for nr, post in enumerate(poster, 1):
        fotnot = _spara(Fotnot(plan=plan, ordning=nr, text=post["text"]))
        for plats in post["galler"]:
            ar_cell = plats["slag"] == "cell"
            pa_omrade = ar_cell and plats["omrade"] is not None
            _spara(
                Fotnotsplats(
                    fotnot=fotnot,
                    slag=plats["slag"],
                    budgetar=plats.get("ar"),
                    finansiering=plats.get("finansiering", ""),
                    utgava=utgavor[plats["omrade"]] if pa_omrade else None,
                    rad=rader[plats.get("benamning", "")] if ar_cell and not pa_omrade else None,
                )
            )
