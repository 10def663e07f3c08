"""Nothing is written in an adopted plan: every address, also when it is adopted just then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from budget.models import Fotnot, Kostnadsmodell, PubliceradKostnad
from handlingsplan import behorighet, historik
from handlingsplan.models import Handlingsplan, Huvudman
from rapport.bygg import bygg
from rapport.faststallande import faststall
from rapport.granskning import granska_plan
from tests.budgetfall import formular
from tests.cast import Klientmakare, Parter
from tests.excelfall import EXCEL, andrad, ladda_upp, satt
from tests.modellfall import (
    BESLUT_SANT,
    NY_GRUPP,
    NY_SERIE,
    fyll_modeller,
    ny_grupp,
    ny_modell,
    ny_serie,
    nytt_undantag,
    nytt_villkor,
)
from tests.planfall import Planfall, ogonblicksbild, planfall
from tests.sidor import synlig_text

pytestmark = pytest.mark.django_db


type Skickat = tuple[str, dict[str, Any]]


@pytest.fixture
def fall(delad_plan: Handlingsplan, parter: Parter, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


def skrivningar(fall: Planfall, klient: Client) -> dict[str, Skickat]:
    """By name, every way to write in a plan, filled in so that it would succeed."""
    fotnot = Fotnot.objects.create(plan=fall.plan, ordning=1, text="Not")
    Fotnot.objects.create(plan=fall.plan, ordning=2, text="Not två")
    borta = Fotnot.objects.create(plan=fall.plan, ordning=3, text="Borta", borttagen_at=timezone.now())
    plats = f"o{fall.npo.pk}-2024-sgd"
    innehall = {"schema": 1, "celler": {plats: ["100000.00", "999.00"]}, "regler": {}}
    scenario = fall.plan.alla_scenarier.create(namn="Mindre", innehall=innehall)
    rader = [fall.plan.alla_rader.create(ordning=nr, benamning=f"Rad {nr}") for nr in (1, 2)]
    radborta = fall.plan.alla_rader.create(ordning=3, benamning="Borta", borttagen_at=timezone.now())
    PubliceradKostnad.objects.create(plan=fall.plan, avser_ar=2024, ore_per_invanare=1, kalla="K")
    malborta = fall.npo.alla_mal.create(ordning=9, text="Borta", borttagen_at=timezone.now())
    aktborta = fall.npo.alla_aktiviteter.create(avser_ar=2024, ordning=9, text="Borta", borttagen_at=timezone.now())

    svar = fall.plan.alla_granskningssvar.create(regel="r", plats="p", avtryck="a", text="t", skal="s")
    fynd = granska_plan(fall.plan, bygg(fall.plan))[0]

    en = historik.Anteckning("insatsomraden.mal", str(fall.alla_mal[1].pk), "andrad", {"text": ["Förut", "Mål 2"]})
    historik.skriv(fall.plan.pk, [en], av=None)

    def form(adress: str, *arg: object, falt: str = "avtryck", **andrat: Any) -> Skickat:
        vart = reverse(adress, args=[2024, *arg])
        return vart, formular(klient.get(vart), falt) | andrat

    def knapp(adress: str, *arg: object, **mer: str) -> Skickat:
        return reverse(adress, args=[2024, *arg]), {"version": "1", **mer}

    mal_, akt, npo, sdk = fall.alla_mal[0].pk, fall.forsta.pk, fall.npo.pk, fall.sdk.pk
    ned = {"riktning": "ned"}
    return {
        "plan_redigera": form("plan_redigera", "omslag", titel="Ny"),
        "omrade_nytt": form("omrade_nytt", falt="namn", namn="Nytt område"),
        "omrade_redigera": form("omrade_redigera", npo, "syfte", syfte="<p>Nytt</p>"),
        "omrade_redigera ansvar": form("omrade_redigera", npo, "ansvar", ny_grupp="Ny", ny_grupp_kort="N"),
        "omrade_flytta": knapp("omrade_flytta", npo, **ned),
        "omrade_lage": knapp("omrade_lage", sdk, lage="utgatt"),
        "arstext_redigera": form("arstext_redigera", npo, "ekonomi", 2024, text="<p>Ny</p>"),
        "mal_nytt": form("mal_nytt", npo, text="Nytt"),
        "mal_redigera": form("mal_redigera", mal_, text="Nytt"),
        "mal_flytta": knapp("mal_flytta", mal_, **ned),
        "mal_ta_bort": knapp("mal_ta_bort", mal_),
        "mal_aterstall": knapp("mal_aterstall", malborta.pk),
        "aktivitet_ny": form("aktivitet_ny", npo, 2024, text="Ny"),
        "aktivitet_redigera": form("aktivitet_redigera", akt, text="Ny"),
        "aktivitet_flytta": knapp("aktivitet_flytta", akt, **ned),
        "aktivitet_flytta mus": knapp("aktivitet_flytta", akt, foralder="0", efter=str(fall.andra.pk)),
        "aktivitet_ta_bort": knapp("aktivitet_ta_bort", akt),
        "aktivitet_aterstall": knapp("aktivitet_aterstall", aktborta.pk),
        "budget_redigera": form("budget_redigera", falt=f"o{npo}-2024-sgd", **{f"o{npo}-2024-sgd": "999"}),
        "budgetrad_ny": form("budgetrad_ny", benamning="Ny"),
        "budgetrad_redigera": form("budgetrad_redigera", rader[0].pk, benamning="Ny"),
        "budgetrad_flytta": knapp("budgetrad_flytta", rader[0].pk, **ned),
        "budgetrad_ta_bort": knapp("budgetrad_ta_bort", rader[0].pk),
        "budgetrad_aterstall": knapp("budgetrad_aterstall", radborta.pk),
        "cellkommentar_redigera": form("cellkommentar_redigera", f"o{npo}-2024-sgd", text="Hör med CTB"),
        "fotnot_ny": form("fotnot_ny", text="Ny not", alla_platser=["tabell"]),
        "fotnot_redigera": form("fotnot_redigera", fotnot.pk, text="Ny not", alla_platser=["tabell"]),
        "fotnot_flytta": knapp("fotnot_flytta", fotnot.pk, **ned),
        "fotnot_ta_bort": knapp("fotnot_ta_bort", fotnot.pk),
        "fotnot_aterstall": knapp("fotnot_aterstall", borta.pk),
        "regel_redigera": form("regel_redigera", 2024, andel_region="2"),
        **modellskrivningar(fall, form, knapp),
        "scenario_till_budget": form("scenario_till_budget", scenario.pk),
        "publicerad_redigera": form("publicerad_redigera", 2024, kalla="Annan"),
        "publicerad_redigera ny": form("publicerad_redigera", 2023, kalla="Annan", ore_per_invanare="1,00"),
        "publicerad_ta_bort": knapp("publicerad_ta_bort", 2024),
        "granska_svara": (reverse("granska_svara", args=[2024]), {"avtryck": fynd.fynd.avtryck, "skal": "Så är det"}),
        "granskningssvar_ta_tillbaka": knapp("granskningssvar_ta_tillbaka", svar.pk),
        "historik_aterstall": form("historik_aterstall", 1),
        "plan_excel": (EXCEL, excelskrivning(fall, klient)),
    }


def excelskrivning(fall: Planfall, klient: Client) -> dict[str, str]:
    """A workbook's changes, as the preview sends them on."""
    innehall = andrad(fall.plan, satt("Planen", f"p{fall.plan.pk}-2024", "Undertitel", "Från Excel"))
    return {"underlag": ladda_upp(klient, innehall).context["underlag"]}


def modellskrivningar(
    fall: Planfall, form: Callable[..., Skickat], knapp: Callable[..., Skickat]
) -> dict[str, Skickat]:
    """The same of the plan's cost models."""
    rader = fyll_modeller(fall.sdk)
    nu, modell = timezone.now(), Kostnadsmodell.objects.get(pk=rader["modell"])
    borta: dict[str, Any] = {
        "modell": ny_modell(fall.plan, "Borta"),
        "modellgrupp": ny_grupp(modell, 9),
        "modellvillkor": nytt_villkor(modell, "1275"),
        "viktserie": ny_serie(fall.plan, namn="Borta"),
        "modellundantag": nytt_undantag(fall.npo, modell),
    }
    alla: dict[str, Skickat] = {}
    for namn, rad in borta.items():
        type(rad).objects.filter(pk=rad.pk).update(borttagen_at=nu)
        alla[f"{namn}_aterstall"] = knapp(f"{namn}_aterstall", rad.pk)
        alla[f"{namn}_ta_bort"] = knapp(f"{namn}_ta_bort", rader[namn])
    malmo, lund = (str(Huvudman.objects.get(kod=kod).pk) for kod in ("1280", "1281"))
    undantag = {"budgetar": "2024", "utgava": str(fall.npo.pk), "modell": str(modell.pk)}
    villkor = {"slag": "betalare", "huvudman": lund, "betalas_av": malmo, "motivering": "Gemensam nämnd"}
    return alla | {
        "modell_ny": form("modell_ny", namn="Ny", mall="lika"),
        "modell_redigera": form("modell_redigera", modell.pk, namn="Nytt namn"),
        "modellgrupp_ny": form("modellgrupp_ny", modell.pk, **NY_GRUPP),
        "modellgrupp_redigera": form("modellgrupp_redigera", rader["modellgrupp"], namn="Nytt namn"),
        "modellgrupp_flytta": knapp("modellgrupp_flytta", rader["modellgrupp"], riktning="ned"),
        "modellvillkor_ny": form("modellvillkor_ny", modell.pk, **villkor, **BESLUT_SANT),
        "modellvillkor_redigera": form("modellvillkor_redigera", rader["modellvillkor"], motivering="Nytt skäl"),
        "viktserie_ny": form("viktserie_ny", **NY_SERIE),
        "viktserie_redigera": form("viktserie_redigera", rader["viktserie"], varden="1280 5"),
        "modellundantag_ny": form("modellundantag_ny", **undantag, **BESLUT_SANT),
        "modellundantag_redigera": form("modellundantag_redigera", rader["modellundantag"], paragraf="99"),
    }


# What comes after the adoption and is no part of what was adopted: outturn and reconciliation, by coordinators.
EFTERAT = {"utfall", "utfall_las_in", "avstamningsregel_redigera", "avstamning_faststall"}
EFTERATS_TABELLER = {"Utfall", "Avstamningsregel", "Avstamning", "Avstamningsandel", "Handelse", "Historikhuvud"}


def skrivadresser() -> set[str]:
    """The names of all addresses in a plan, by the resolver, that do not only read."""
    lasning = {"plan", "granska", "plan_sok", "budget", "plan_pdf", "huvudman_andel", "mal_lista", "aktivitet_lista"}
    lasning |= {"fordelning", "fordelning_json", "fordelning_csv", "fordelning_xlsx"}
    lasning |= {"fordelning_omraden", "fordelning_omraden_xlsx"}
    lasning |= {"plan_historik", "historik_del", "cell_historik", "historik_handelse"}
    lasning |= {"huvudman_andel_pdf", "huvudman_andel_xlsx", "plan_xlsx"}
    lasning |= {"budget_rakna", "modeller", "modell", "modell_rakna"}
    lasning.add("plan_narvaro")  # who is where just now is no part of the plan
    lasning |= {"prova", "scenario", "scenario_delat"}
    # Billing goes on after the adoption, and changes nothing of what was adopted: test_fakturering.py.
    lasning |= {f"fakturering{vad}" for vad in ("", "_utfarda", "_utstallare", "_csv", "_xlsx", "sunderlag")}
    lasning.add("faktureringsunderlag_kreditera")
    # Scenarios are no part of the plan either; that they leave it alone is tried in test_scenario_spara.py.
    lasning |= {f"scenario_{vad}" for vad in ("nytt", "spara", "namn", "dela", "sluta_dela", "ta_bort", "aterstall")}
    lasning |= {"utfall_xlsx", "avstamning", "avstamning_xlsx"} | EFTERAT
    # The next year's plan is another plan, and what is thrown away was never adopted: test_nastaar.py.
    lasning |= {"plan_nasta", "plan_slang", "plan_artal", "mal_aren"}
    # A version that is frozen changes nothing of the plan: test_planversioner.py.
    lasning |= {
        "plan_versioner",
        "planversion",
        "planversion_json",
        "planversion_pdf",
        "plan_jamfor",
        "plan_jamfor_pdf",
    }
    alla = get_resolver().reverse_dict
    i_planen = {namn for namn in alla if isinstance(namn, str) and "till_ar" in alla.getlist(namn)[0][0][0][1]}
    return i_planen - lasning


@pytest.fixture
def alla_satt(fall: Planfall, klient: Client) -> dict[str, Skickat]:
    return skrivningar(fall, klient)


def gor_och_angra(gor: Callable[[], Any]) -> tuple[Any, bool]:
    """What came back, and whether the database was changed; the change is rolled back."""
    fore = ogonblicksbild()
    with transaction.atomic():
        svar = gor()
        andrat = ogonblicksbild() != fore
        transaction.set_rollback(True)
    return svar, andrat


def test_every_address_that_writes_in_a_plan_is_tried(alla_satt: dict[str, Skickat]) -> None:
    provade = {namn.split()[0] for namn in alla_satt} | {"plan_dela", "plan_faststall", "plan_ta_bort"}
    assert provade == skrivadresser()


def test_every_way_to_write_writes_while_the_plan_is_alive(alla_satt: dict[str, Skickat], klient: Client) -> None:
    """Without this the next two tests would prove nothing."""
    utan_verkan = []
    for namn, (vart, data) in alla_satt.items():
        svar, andrat = gor_och_angra(lambda vart=vart, data=data: klient.post(vart, data))
        if svar.status_code != 302 or not andrat:
            utan_verkan.append((namn, svar.status_code))
    assert utan_verkan == []


def test_every_way_to_write_is_refused_once_the_plan_is_adopted(alla_satt: dict[str, Skickat], klient: Client) -> None:
    Handlingsplan.objects.update(faststalld_at=date(2024, 3, 1))
    fore, gick_igenom = ogonblicksbild(), []
    hela_planen: dict[str, Skickat] = {namn: (f"/plan/2024/{namn}/", {}) for namn in ("dela", "faststall", "ta-bort")}
    for namn, (vart, data) in {**alla_satt, **hela_planen}.items():
        svar = klient.post(vart, data)
        if svar.status_code != 403 or "fastställd och ändras inte längre" not in synlig_text(svar):
            gick_igenom.append((namn, svar.status_code))
    assert gick_igenom == []
    assert ogonblicksbild() == fore


def test_every_way_to_write_is_refused_if_the_plan_is_adopted_meanwhile(
    alla_satt: dict[str, Skickat], klient: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan is adopted after the view has asked for permission, and before it takes the plan's lock."""
    fraga = behorighet.plan_att_redigera

    def faststalls_just_da(request: Any, till_ar: int) -> Handlingsplan:
        plan = fraga(request, till_ar)
        Handlingsplan.objects.update(faststalld_at=date(2024, 3, 1))
        return plan

    monkeypatch.setattr(behorighet, "plan_att_redigera", faststalls_just_da)
    gick_igenom = []
    for namn, (vart, data) in alla_satt.items():
        Handlingsplan.objects.update(faststalld_at=date(2024, 3, 1))
        fore = ogonblicksbild()
        Handlingsplan.objects.update(faststalld_at=None)
        svar = klient.post(vart, data)
        if svar.status_code != 403 or ogonblicksbild() != fore:
            gick_igenom.append((namn, svar.status_code))
    assert gick_igenom == []


def test_what_comes_after_the_adoption_is_written_and_leaves_the_plan_alone(fall: Planfall, klient: Client) -> None:
    folkmangd = {"folkmangdsdatum": date(2022, 12, 31)}
    fall.plan.alla_fordelningsregler.create(budgetar=2024, **folkmangd)
    faststall(fall.plan, version=fall.plan.version, datum=date(2024, 1, 31), hanvisning="§ 1", av=None, pdf=False)
    fore = ogonblicksbild()
    utfall, avstamning = "/plan/2024/utfall/", "/plan/2024/avstamning/2024/"
    celler = {f"o{en.pk}-2024-sgd": "1" for en in (fall.npo, fall.sdk)}
    data = formular(klient.get(utfall), f"o{fall.npo.pk}-2024-sgd")
    regel = {"overskott": "avraknas", "underskott": "debiteras", "instans": "CSO", "beslutsdatum": "2024-03-01"}
    regelform = formular(klient.get(f"{avstamning}regel/"), "version") | regel | {"paragraf": "7", "diarienummer": "1"}
    assert klient.post(utfall, data | celler).status_code == 302
    assert klient.post(f"{avstamning}regel/", regelform).status_code == 302
    stang = formular(klient.get(f"{avstamning}faststall/"), "avtryck")
    assert klient.post(f"{avstamning}faststall/", stang).status_code == 302
    efter = ogonblicksbild()
    assert {namn for namn in efter if efter[namn] != fore[namn]} == EFTERATS_TABELLER


@pytest.mark.parametrize("vem", ["lasare_malmo", "beredning", "administrator"])
def test_what_comes_after_the_adoption_is_written_by_coordinators_only(
    vem: str, fall: Planfall, klient_for: Klientmakare, request: pytest.FixtureRequest
) -> None:
    klient, fore = klient_for(request.getfixturevalue(vem)), ogonblicksbild()
    for vag in ("utfall/", "utfall/las-in/", "avstamning/2024/regel/", "avstamning/2024/faststall/"):
        assert klient.post(f"/plan/2024/{vag}", {f"o{fall.npo.pk}-2024-sgd": "1"}).status_code == 403, vag
    assert ogonblicksbild() == fore


def test_what_was_typed_while_the_plan_was_adopted_is_shown_to_be_copied(fall: Planfall, klient: Client) -> None:
    vart = f"/plan/2024/omrade/{fall.npo.pk}/beskrivning/"
    data = formular(klient.get(vart), "beskrivning")
    Handlingsplan.objects.update(faststalld_at=date(2024, 3, 1))
    svar = klient.post(vart, data | {"beskrivning": "<p>Åtta rader &amp; ett ord.</p><p>Till</p>"})
    assert svar.status_code == 403
    assert "<pre>Åtta rader &amp; ett ord.\nTill</pre>" in svar.content.decode()
    assert str(data["avtryck"]) not in svar.content.decode()
    assert "Det du skrev" not in synlig_text(klient.get(vart))


def test_an_adopted_plan_has_no_pencils_and_no_buttons(fall: Planfall, klient: Client) -> None:
    Handlingsplan.objects.update(faststalld_at=date(2024, 3, 1))
    for sida in ("", "budget/", "fordelning/"):
        html = klient.get(f"/plan/2024/{sida}").content.decode().partition("<main")[2]
        assert "penna" not in html
        assert 'method="post"' not in html
