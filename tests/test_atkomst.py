"""Who reaches what: every address × every role. An address that has no rule here fails the suite.

The table is the interface that docs and `handlingsplan/behorighet.py` speak of; it is written by hand, not derived
from the code, so that a change of access must be made in two places.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from budget.models import (
    Budgetpost,
    Budgetrad,
    Faktureringsunderlag,
    Folkmangd,
    Fotnot,
    PubliceradKostnad,
    Scenario,
    Scenariodelning,
)
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman, Roll
from insatsomraden.models import Aktivitet, Insatsomrade, Mal, Omradesutgava
from rapport import frysning
from rapport.bygg import bygg
from rapport.granskningsmodeller import Granskningssvar
from rapport.models import Planversion
from tests.cast import Klientmakare
from tests.modellfall import fyll_modeller

NAMN = ("samordnare", "lasare_malmo", "ekonom_malmo", "beredning", "administrator", "utomstaende", "ingen")
ALLA_MED_ROLL = {"samordnare", "lasare_malmo", "ekonom_malmo", "beredning", "administrator"}
HOS_MALMO = {"lasare_malmo", "ekonom_malmo"}

# Rules. A reading rule lets all roles read what is shared, and all but readers what is not.
LAS_PLAN = "läs plan"
REDIGERA_PLAN = "redigera plan"
LAS_SCENARIO = "läs scenarier"
GRANSKA = "läs granskningen"
SPARA_SCENARIO = "spara scenarier"
ANDRA_SCENARIO = "ändra en samordnares scenario"
FOLJ_UPP = "följ upp plan"  # coordinators, also in an adopted plan
FAKTURERA = "fakturera"  # coordinators, also in an adopted plan
LAS_UNDERLAG = "läs Malmös underlag i planen"
LAS_MALMOS = "läs Malmös fakturering"
SKRIV_MALMOS = "skriv Malmös faktureringsuppgifter"
LAS_GRUND = "läs grunddata"
REDIGERA_GRUND = "redigera grunddata"
SAMORDNARE = "samordnare"
ADMINISTRATOR = "administratör"
INLOGGAD = "inloggad"
OPPEN = "öppen"

MODELLRADER = ("modell", "modellgrupp", "modellvillkor", "viktserie", "modellundantag")

REGLER: dict[str, tuple[str, str]] = {
    # name: (rule, method that is tried)
    "oversikt": (INLOGGAD, "get"),
    "halsa": (OPPEN, "get"),
    "halsa_redo": (OPPEN, "get"),
    "plan": (LAS_PLAN, "get"),
    "plan_sok": (LAS_PLAN, "get"),
    "plan_historik": (LAS_PLAN, "get"),
    "historik_del": (LAS_PLAN, "get"),
    "cell_historik": (LAS_PLAN, "get"),
    "historik_handelse": (LAS_PLAN, "get"),
    "historik_aterstall": (REDIGERA_PLAN, "get"),
    "budget": (LAS_PLAN, "get"),
    "plan_pdf": (LAS_PLAN, "get"),
    "fordelning": (LAS_PLAN, "get"),
    "fordelning_json": (LAS_PLAN, "get"),
    "fordelning_csv": (LAS_PLAN, "get"),
    "fordelning_xlsx": (LAS_PLAN, "get"),
    "fordelning_omraden": (LAS_PLAN, "get"),
    "fordelning_omraden_xlsx": (LAS_PLAN, "get"),
    "huvudman_andel": (LAS_PLAN, "get"),
    "huvudman_andel_pdf": (LAS_PLAN, "get"),
    "huvudman_andel_xlsx": (LAS_PLAN, "get"),
    "prova": (LAS_PLAN, "get"),
    "scenario_delat": (LAS_PLAN, "get"),
    "scenario": (LAS_SCENARIO, "get"),
    "scenario_nytt": (SPARA_SCENARIO, "post"),
    "scenario_namn": (ANDRA_SCENARIO, "get"),
    "scenario_dela": (ANDRA_SCENARIO, "get"),
    "scenario_spara": (ANDRA_SCENARIO, "post"),
    "scenario_sluta_dela": (ANDRA_SCENARIO, "post"),
    "scenario_ta_bort": (ANDRA_SCENARIO, "post"),
    "scenario_aterstall": (ANDRA_SCENARIO, "post"),
    "scenario_till_budget": (REDIGERA_PLAN, "get"),
    "utfall": (LAS_PLAN, "get"),
    "utfall_xlsx": (LAS_PLAN, "get"),
    "utfall_las_in": (FOLJ_UPP, "get"),
    "plan_xlsx": (LAS_PLAN, "get"),
    "plan_excel": (REDIGERA_PLAN, "get"),
    "avstamning": (LAS_PLAN, "get"),
    "avstamning_xlsx": (LAS_PLAN, "get"),
    "avstamningsregel_redigera": (FOLJ_UPP, "get"),
    "avstamning_faststall": (FOLJ_UPP, "get"),
    "plan_nasta": (SAMORDNARE, "get"),
    "plan_slang": (REDIGERA_PLAN, "get"),
    "plan_artal": (REDIGERA_PLAN, "get"),
    "mal_aren": (LAS_PLAN, "get"),
    "plan_versioner": (LAS_PLAN, "get"),
    "planversion": (LAS_PLAN, "get"),
    "planversion_pdf": (LAS_PLAN, "get"),
    "planversion_json": (LAS_PLAN, "get"),
    "plan_jamfor": (LAS_PLAN, "get"),
    "plan_jamfor_pdf": (LAS_PLAN, "get"),
    "granska": (GRANSKA, "get"),
    "granska_svara": (REDIGERA_PLAN, "post"),
    "granskningssvar_ta_tillbaka": (REDIGERA_PLAN, "post"),
    "plan_dela": (REDIGERA_PLAN, "get"),
    "plan_faststall": (REDIGERA_PLAN, "get"),
    "plan_redigera": (REDIGERA_PLAN, "get"),
    "plan_ta_bort": (REDIGERA_PLAN, "get"),
    "plan_narvaro": (REDIGERA_PLAN, "post"),
    "budget_redigera": (REDIGERA_PLAN, "get"),
    "budget_rakna": (REDIGERA_PLAN, "post"),
    "cellkommentar_redigera": (REDIGERA_PLAN, "get"),
    "budgetrad_ny": (REDIGERA_PLAN, "get"),
    "budgetrad_redigera": (REDIGERA_PLAN, "get"),
    "budgetrad_flytta": (REDIGERA_PLAN, "post"),
    "budgetrad_ta_bort": (REDIGERA_PLAN, "post"),
    "budgetrad_aterstall": (REDIGERA_PLAN, "post"),
    "fotnot_ny": (REDIGERA_PLAN, "get"),
    "fotnot_redigera": (REDIGERA_PLAN, "get"),
    "fotnot_flytta": (REDIGERA_PLAN, "post"),
    "fotnot_ta_bort": (REDIGERA_PLAN, "post"),
    "fotnot_aterstall": (REDIGERA_PLAN, "post"),
    "regel_redigera": (REDIGERA_PLAN, "get"),
    "modeller": (LAS_PLAN, "get"),
    "modell": (LAS_PLAN, "get"),
    "modell_rakna": (REDIGERA_PLAN, "post"),
    "modellgrupp_flytta": (REDIGERA_PLAN, "post"),
    **{f"{rad}_{vad}": (REDIGERA_PLAN, "get") for rad in MODELLRADER for vad in ("ny", "redigera")},
    **{f"{rad}_{vad}": (REDIGERA_PLAN, "post") for rad in MODELLRADER for vad in ("ta_bort", "aterstall")},
    "publicerad_redigera": (REDIGERA_PLAN, "get"),
    "publicerad_ta_bort": (REDIGERA_PLAN, "post"),
    "omrade_nytt": (REDIGERA_PLAN, "get"),
    "omrade_redigera": (REDIGERA_PLAN, "get"),
    "omrade_flytta": (REDIGERA_PLAN, "post"),
    "omrade_lage": (REDIGERA_PLAN, "post"),
    "arstext_redigera": (REDIGERA_PLAN, "get"),
    "mal_lista": (REDIGERA_PLAN, "get"),
    "mal_nytt": (REDIGERA_PLAN, "get"),
    "mal_redigera": (REDIGERA_PLAN, "get"),
    "mal_flytta": (REDIGERA_PLAN, "post"),
    "mal_ta_bort": (REDIGERA_PLAN, "post"),
    "mal_aterstall": (REDIGERA_PLAN, "post"),
    "aktivitet_lista": (REDIGERA_PLAN, "get"),
    "aktivitet_ny": (REDIGERA_PLAN, "get"),
    "aktivitet_redigera": (REDIGERA_PLAN, "get"),
    "aktivitet_flytta": (REDIGERA_PLAN, "post"),
    "aktivitet_ta_bort": (REDIGERA_PLAN, "post"),
    "aktivitet_aterstall": (REDIGERA_PLAN, "post"),
    "fakturering": (FAKTURERA, "get"),
    "fakturering_utfarda": (FAKTURERA, "get"),
    "fakturering_utstallare": (FAKTURERA, "get"),
    "fakturering_csv": (FAKTURERA, "get"),
    "fakturering_xlsx": (FAKTURERA, "get"),
    "faktureringsunderlag": (LAS_UNDERLAG, "get"),
    "faktureringsunderlag_kreditera": (FAKTURERA, "get"),
    "huvudman_fakturering": (LAS_MALMOS, "get"),
    "huvudman_fakturering_csv": (LAS_MALMOS, "get"),
    "huvudman_fakturering_xlsx": (LAS_MALMOS, "get"),
    "huvudman_fakturauppgifter": (SKRIV_MALMOS, "get"),
    "plan_ny": (SAMORDNARE, "get"),
    "planer": (LAS_GRUND, "get"),
    "huvudman_lista": (LAS_GRUND, "get"),
    "folkmangd": (LAS_GRUND, "get"),
    "huvudman_ny": (REDIGERA_GRUND, "get"),
    "huvudman_flera": (REDIGERA_GRUND, "get"),
    "huvudman_redigera": (REDIGERA_GRUND, "get"),
    "huvudman_ta_bort": (REDIGERA_GRUND, "get"),
    "folkmangd_ny_dag": (REDIGERA_GRUND, "get"),
    "folkmangd_importera": (REDIGERA_GRUND, "get"),
    "folkmangd_redigera": (REDIGERA_GRUND, "get"),
    "anvandare_lista": (ADMINISTRATOR, "get"),
    "anvandare_ny": (ADMINISTRATOR, "get"),
    "anvandare_redigera": (ADMINISTRATOR, "get"),
    "roll_ny": (ADMINISTRATOR, "post"),
    "roll_ta_bort": (ADMINISTRATOR, "post"),
    "anvandare_stang": (ADMINISTRATOR, "post"),
    "anvandare_oppna": (ADMINISTRATOR, "post"),
    "anvandare_engangslank": (ADMINISTRATOR, "post"),
    "hjalp": (INLOGGAD, "get"),
    "tillganglighet": (OPPEN, "get"),
    "account_login": (OPPEN, "get"),
    "account_logout": (INLOGGAD, "get"),
    "account_inactive": (OPPEN, "get"),
    "account_change_password": (INLOGGAD, "get"),
    "account_set_password": (INLOGGAD, "get"),
    "account_reset_password": (OPPEN, "get"),
    "account_reset_password_done": (OPPEN, "get"),
    "account_reset_password_from_key": (OPPEN, "get"),
    "account_reset_password_from_key_done": (OPPEN, "get"),
    "account_signup": (OPPEN, "get"),
}
PLANREGLER = (LAS_PLAN, GRANSKA, FOLJ_UPP, REDIGERA_PLAN, LAS_SCENARIO, SPARA_SCENARIO, ANDRA_SCENARIO)
PLANREGLER += (FAKTURERA, LAS_UNDERLAG)


NYCKEL = "en-lank-som-ingen-gissar"


def alla_adresser(monster: Any = None) -> Iterator[str]:
    """The name of every address of the project; one without a name is named by its pattern, and has no rule."""
    for en in (monster or get_resolver()).url_patterns:
        if hasattr(en, "url_patterns"):
            yield from alla_adresser(en)
        else:
            yield en.name or str(en.pattern)


def test_every_address_has_a_rule() -> None:
    assert set(alla_adresser()) == set(REGLER)


@pytest.fixture
def klienter(
    request: pytest.FixtureRequest, klient_for: Klientmakare, folkmangd: None
) -> dict[str, tuple[Client, Anvandare | None]]:
    """A client per member of the cast; `ingen` is not logged in. Every plan's year can be shared out."""
    kommuner = Huvudman.objects.filter(typ=Huvudman.Typ.KOMMUN)
    Folkmangd.objects.bulk_create(
        Folkmangd(huvudman=en, datum=date(2023, 12, 31), antal=1_000, kalla="SCB") for en in kommuner
    )
    alla: dict[str, tuple[Client, Anvandare | None]] = {"ingen": (Client(), None)}
    for namn in NAMN[:-1]:
        vem = request.getfixturevalue(namn)
        alla[namn] = (klient_for(vem), vem)
    return alla


def fyll(plan: Handlingsplan, kod: str = "1280") -> dict[str, int]:
    """One row of each kind, about the party where it is about one; primary keys by an address's first word."""
    omrade, _ = Insatsomrade.objects.get_or_create(kod="npo", defaults={"namn": "NPÖ"})
    utgava = Omradesutgava.objects.create(insatsomrade=omrade, plan=plan, ordning=1, namn="NPÖ", kortnamn="NPÖ")
    Budgetpost.objects.create(plan=plan, utgava=utgava, budgetar=plan.till_ar, slag="belopp", belopp=100)
    PubliceradKostnad.objects.create(plan=plan, avser_ar=plan.till_ar, ore_per_invanare=62, kalla="Planen")
    underlag(plan, Huvudman.objects.get(kod=kod))
    scenario = Scenario.objects.create(
        plan=plan,
        namn="Annat",
        innehall={"schema": 1, "celler": {}, "regler": {}},
        skapad_av=Anvandare.objects.filter(alla_roller__slag=Roll.Slag.SAMORDNARE).first(),
    )
    Scenariodelning.objects.create(scenario=scenario, nyckel=NYCKEL)
    data = frysning.till_json(bygg(plan))
    Planversion.objects.create(
        plan=plan, nummer=1, namn="V", slag="remiss", schema=1, dokument=data, avtryck="", pdf=b"%PDF-",
        kontrollsumma="", delad=plan.ar_delad,
    )  # fmt: skip
    omraden = {"omrade": utgava.pk, "arstext": utgava.pk}
    modeller = fyll_modeller(utgava, kod)
    listor = {"mal_lista": utgava.pk, "mal_nytt": utgava.pk, "aktivitet_lista": utgava.pk, "aktivitet_ny": utgava.pk}
    return {
        **omraden,
        **modeller,
        **listor,
        "mal": Mal.objects.create(utgava=utgava, ordning=1, text="Nå målet").pk,
        "aktivitet": Aktivitet.objects.create(utgava=utgava, avser_ar=plan.till_ar, ordning=1, text="Gör något").pk,
        "budgetrad": Budgetrad.objects.create(plan=plan, ordning=1, benamning="Hela planen").pk,
        "fotnot": Fotnot.objects.create(plan=plan, ordning=1, text="En not").pk,
        "scenario": scenario.pk,
        "granskningssvar": Granskningssvar.objects.create(plan=plan, regel="r", plats="p", avtryck="a", skal="s").pk,
    }


def underlag(plan: Handlingsplan, part: Huvudman) -> None:
    """A billing basis for the party, the plan's first."""
    region = Huvudman.objects.get(typ=Huvudman.Typ.REGION)
    Faktureringsunderlag.objects.create(
        plan=plan, nummer=1, slag="underlag", budgetar=plan.till_ar, huvudman=part, kod=part.kod,
        namn=part.officiellt_namn, juridiskt_namn=part.juridiskt_namn, utstallare=region.officiellt_namn,
        delning="helar", avrundning="ore", belopp=5, avser=[[part.kod, part.officiellt_namn, 5]],
    )  # fmt: skip


def med_historik(plan: Handlingsplan) -> None:
    """One entry that can be taken back: the plan had another title."""
    en = historik.Anteckning(plan._meta.label_lower, str(plan.pk), "andrad", {"titel": ["Förut", plan.titel]})
    historik.skriv(plan.pk, [en], av=None)


def adress(namn: str, plan: Handlingsplan, nycklar: dict[str, int], vem: Anvandare) -> str:
    """The address of `namn` in `plan`, with keys of rows that exist."""
    behov = {
        "till_ar": plan.till_ar,
        "avser_ar": plan.till_ar,
        "budgetar": plan.till_ar,
        "kod": "1280",
        "datum": "2022-12-31",
        "slag": "ekonomi",
        "delen": "inledning" if namn == "plan_redigera" else "beskrivning",
        "uidb36": "1",
        "key": "abc-def",
        "delning": NYCKEL,
        "cell": f"o{nycklar.get('omrade')}-{plan.till_ar}-sgd",
        "sort": "plan",
        "nyckel": plan.pk,
        "nummer": 1,
        "roll_pk": Roll.objects.filter(anvandare=vem).values_list("pk", flat=True).first() or 0,
        "pk": nycklar.get(namn) or nycklar.get(namn.split("_", 1)[0]) or vem.pk,
    }
    parametrar = get_resolver().reverse_dict.getlist(namn)[0][0][0][1]
    return reverse(namn, kwargs={en: behov[en] for en in parametrar})


def vantat(regel: str, vem: str, plan: str) -> str:
    """What the rule gives this person in this plan: ja, 403, 404 or inloggning."""
    if regel == OPPEN:
        return "ja"
    if vem == "ingen":
        return "inloggning"
    if regel == INLOGGAD:
        return "ja"
    if vem == "utomstaende":
        return "403"
    doljs = (LAS_SCENARIO, ANDRA_SCENARIO, GRANSKA) if plan != "utkast" else PLANREGLER
    if regel in doljs and vem in HOS_MALMO:
        return "404"
    far = {
        LAS_PLAN: ALLA_MED_ROLL,
        LAS_GRUND: ALLA_MED_ROLL,
        LAS_SCENARIO: ALLA_MED_ROLL - HOS_MALMO,
        GRANSKA: ALLA_MED_ROLL - HOS_MALMO,
        FOLJ_UPP: {"samordnare"},
        SPARA_SCENARIO: {"samordnare", "beredning"},
        ANDRA_SCENARIO: {"samordnare"},
        REDIGERA_PLAN: {"samordnare"} if plan != "faststalld_plan" else set(),
        FAKTURERA: {"samordnare"},
        LAS_UNDERLAG: {"samordnare"} | HOS_MALMO,
        LAS_MALMOS: {"samordnare"} | HOS_MALMO,
        SKRIV_MALMOS: {"ekonom_malmo"},
        SAMORDNARE: {"samordnare"},
        REDIGERA_GRUND: {"samordnare", "administrator"},
        ADMINISTRATOR: {"administrator"},
    }
    return "ja" if vem in far[regel] else "403"


def utfall(status: int, vart: str) -> str:
    """The answer as a word. A refusal of the content (422) and a conflict (409) come after access was given."""
    if status in (301, 302, 303) and vart.startswith("/logga-in/"):
        return "inloggning"
    return {403: "403", 404: "404"}.get(status, "ja")


@pytest.mark.databas("postgresql")  # thousands of answers, and who gets which does not depend on the database
@pytest.mark.parametrize("plan", ["delad_plan", "utkast", "faststalld_plan"])
def test_each_role_reaches_what_the_table_says_in_a_plan(
    plan: str,
    request: pytest.FixtureRequest,
    klienter: dict[str, tuple[Client, Anvandare | None]],
    samordnare: Anvandare,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rapport.views.pdf.hamta_pdf", lambda plan: b"%PDF-1.7")
    monkeypatch.setattr("rapport.views.andel.andel_till_pdf", lambda sida, adress: b"%PDF-1.7")
    monkeypatch.setattr("rapport.views.versioner.jamforelse_till_pdf", lambda *vad: b"%PDF-1.7")
    planen: Handlingsplan = request.getfixturevalue(plan)
    nycklar = fyll(planen)
    med_historik(planen)
    fel = []
    for namn, (regel, metod) in REGLER.items():
        if regel not in PLANREGLER:
            continue
        vag = adress(namn, planen, nycklar, samordnare)
        for vem, (klient, _) in klienter.items():
            svar = getattr(klient, metod)(vag)
            fick, skulle = utfall(svar.status_code, svar.headers.get("Location", "")), vantat(regel, vem, plan)
            if fick != skulle:
                fel.append(f"{vem} {metod} {vag}: {fick} ({svar.status_code}), skulle {skulle}")
    assert fel == []


def test_each_role_reaches_what_the_table_says_outside_the_plans(
    klienter: dict[str, tuple[Client, Anvandare | None]], delad_plan: Handlingsplan, lasare_perstorp: Anvandare
) -> None:
    fel = []
    underlag(delad_plan, Huvudman.objects.get(kod="1280"))
    for namn, (regel, metod) in REGLER.items():
        if regel in PLANREGLER:
            continue
        vag = adress(namn, delad_plan, {}, lasare_perstorp)
        for vem, (klient, _) in klienter.items():
            if namn == "account_logout" and vem != "ingen":
                continue  # tried where log-out is tested; here it would end the session
            svar = getattr(klient, metod)(vag)
            fick, skulle = utfall(svar.status_code, svar.headers.get("Location", "")), vantat(regel, vem, "")
            if fick != skulle:
                fel.append(f"{vem} {metod} {vag}: {fick} ({svar.status_code}), skulle {skulle}")
    assert fel == []


@pytest.mark.databas("sqlite")  # thousands of answers, and who gets which does not depend on the database
def test_a_get_never_writes(
    klienter: dict[str, tuple[Client, Anvandare | None]],
    delad_plan: Handlingsplan,
    samordnare: Anvandare,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Any,
) -> None:
    monkeypatch.setattr("rapport.views.pdf.hamta_pdf", lambda plan: b"%PDF-1.7")
    monkeypatch.setattr("rapport.views.andel.andel_till_pdf", lambda sida, adress: b"%PDF-1.7")
    monkeypatch.setattr("rapport.views.versioner.jamforelse_till_pdf", lambda *vad: b"%PDF-1.7")
    nycklar = fyll(delad_plan)
    med_historik(delad_plan)
    skrivningar = []
    for vem in ("samordnare", "administrator"):
        klient, _ = klienter[vem]
        for namn, (regel, metod) in REGLER.items():
            if metod == "post" or namn.startswith("account_") or vantat(regel, vem, "delad_plan") != "ja":
                continue
            with django_assert_max_num_queries(60) as fragor:
                klient.get(adress(namn, delad_plan, nycklar, samordnare))
            skrivningar += [
                f"{namn}: {fraga['sql'][:80]}"
                for fraga in fragor.captured_queries
                if fraga["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
                and "django_session" not in fraga["sql"]
            ]
    assert skrivningar == []
