"""The history: an entry for every way to change a plan, a chain that shows when somebody has been at it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from budget.models import (
    Budgetrad,
    Fordelningsregel,
    Fotnot,
    Kostnadsmodell,
    Modellgrupp,
    Modellundantag,
    Modellvillkor,
    Viktserie,
)
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import Krock, avtryck, plan_for_skrivning, spara
from insatsomraden.models import Aktivitet, Insatsomrade, Mal, Omradesutgava, Samverkansgrupp
from rapport import demodata
from rapport.faststallande import faststall
from rapport.granska.fynd import Fynd, Plats
from tests.budgetfall import formular
from tests.historikfall import falt, hel, med_kedja, rader
from tests.modellfall import NY_GRUPP, NY_SERIE
from tests.planfall import Planfall, planfall
from tests.test_atkomst import FOLJ_UPP, REDIGERA_PLAN, REGLER, adress, fyll


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


@pytest.fixture
def kedja(delad_plan: Handlingsplan, samordnare: Anvandare) -> Planfall:
    return med_kedja(delad_plan, samordnare)


# --- Every way to change a plan ------------------------------------------------------------------------------------

# What the proofreader finds in the draft, which has no text.
INGEN_INLEDNING = Fynd(Plats("", "", "plan/inledning"), "Ingen inledning", "", regel="tom_del")

# name of the address: a field of its form (none for a button), what is sent, and the last entry's model, kind,
# field, and value after.
ANDRINGAR: dict[str, tuple[str, dict[str, Any], tuple[str, str, str, Any]]] = {
    "plan_dela": ("", {}, ("handlingsplan.handlingsplan", "delad", "delad_av", "den som gör det")),
    "plan_redigera": (
        "inledning",
        {"inledning": "<p>Ny.</p>"},
        ("handlingsplan.handlingsplan", "andrad", "inledning", "<p>Ny.</p>"),
    ),
    "budgetrad_ny": ("benamning", {"benamning": "Drift"}, ("budget.budgetrad", "skapad", "benamning", "Drift")),
    "budgetrad_redigera": ("benamning", {"benamning": "Drift"}, ("budget.budgetrad", "andrad", "benamning", "Drift")),
    "budgetrad_flytta": ("", {"riktning": "ned"}, ("budget.budgetrad", "flyttad", "ordning", 2)),
    "cellkommentar_redigera": (
        "text",
        {"text": "Hör med CTB"},
        ("budget.cellkommentar", "skapad", "text", "Hör med CTB"),
    ),
    "fotnot_ny": (
        "text",
        {"text": "Not", "alla_platser": ["tabell"]},
        ("budget.fotnot", "andrad", "alla_platser", ["tabell"]),
    ),
    "fotnot_redigera": (
        "text",
        {"text": "Not", "alla_platser": ["tabell"]},
        ("budget.fotnot", "andrad", "alla_platser", ["tabell"]),
    ),
    "fotnot_flytta": ("", {"riktning": "ned"}, ("budget.fotnot", "flyttad", "ordning", 2)),
    "regel_redigera": (
        "andel_region",
        {"andel_region": "30", "andel_grupp": "70", "enhet": "ore", "folkmangdsdatum": "2022-12-31"},
        ("budget.fordelningsregel", "skapad", "andel_region", 30),
    ),
    "publicerad_redigera": (
        "ore_per_invanare",
        {"ore_per_invanare": "61,87"},
        ("budget.publiceradkostnad", "andrad", "ore_per_invanare", "61.87"),
    ),
    "publicerad_ta_bort": ("", {}, ("budget.publiceradkostnad", "borttagen", "ore_per_invanare", None)),
    "granska_svara": (
        "",
        {"avtryck": INGEN_INLEDNING.avtryck, "skal": "Kommer i mars"},
        ("rapport.granskningssvar", "skapad", "skal", "Kommer i mars"),
    ),
    "granskningssvar_ta_tillbaka": ("", {}, ("rapport.granskningssvar", "borttagen", "skal", None)),
    "omrade_nytt": (
        "namn",
        {"namn": "Nytt område", "lage": "ingar"},
        ("insatsomraden.omradesutgava", "skapad", "namn", "Nytt område"),
    ),
    "omrade_redigera": (
        "beskrivning",
        {"beskrivning": "<p>Ny.</p>"},
        ("insatsomraden.omradesutgava", "andrad", "beskrivning", "<p>Ny.</p>"),
    ),
    "omrade_flytta": ("", {"riktning": "ned"}, ("insatsomraden.omradesutgava", "flyttad", "ordning", 2)),
    "omrade_lage": ("", {"lage": "utgatt"}, ("insatsomraden.omradesutgava", "andrad", "lage", "utgatt")),
    "arstext_redigera": (
        "text",
        {"text": "<p>Pengar.</p>"},
        ("insatsomraden.arstext", "skapad", "text", "<p>Pengar.</p>"),
    ),
    "mal_nytt": ("text", {"text": "Nytt mål"}, ("insatsomraden.mal", "skapad", "text", "Nytt mål")),
    "mal_redigera": ("text", {"text": "Annat"}, ("insatsomraden.mal", "andrad", "text", "Annat")),
    "mal_flytta": ("", {"riktning": "ned"}, ("insatsomraden.mal", "flyttad", "ordning", 2)),
    "aktivitet_ny": ("text", {"text": "Ny"}, ("insatsomraden.aktivitet", "skapad", "text", "Ny")),
    "aktivitet_redigera": (
        "text",
        {"start": "2025-02-01"},
        ("insatsomraden.aktivitet", "andrad", "start", "2025-02-01"),
    ),
    "aktivitet_flytta": ("", {"riktning": "ned"}, ("insatsomraden.aktivitet", "flyttad", "ordning", 2)),
}
ANDRINGAR |= {
    "modell_ny": ("namn", {"namn": "Ny", "mall": "30-70"}, ("budget.modellgrupp", "skapad", "andel", "70")),
    "modell_redigera": ("namn", {"namn": "Annan"}, ("budget.kostnadsmodell", "andrad", "namn", "Annan")),
    "modellgrupp_ny": ("andel", NY_GRUPP, ("budget.modellgrupp", "skapad", "deltar", "alla")),
    "modellgrupp_redigera": (
        "andel",
        {"grundbelopp": "1 000,50"},
        ("budget.modellgrupp", "andrad", "grundbelopp", "1000.50"),
    ),
    "modellgrupp_flytta": ("", {"riktning": "ned"}, ("budget.modellgrupp", "flyttad", "ordning", 2)),
    "modellvillkor_redigera": (
        "motivering",
        {"slag": "tak", "belopp": "5 000", "bars_av": "regionen"},
        ("budget.modellvillkor", "andrad", "faktor", ""),
    ),
    "viktserie_ny": ("varden", NY_SERIE, ("budget.viktserie", "skapad", "varden", "1280 3")),
    "viktserie_redigera": ("varden", {"varden": "Malmö\t5"}, ("budget.viktserie", "andrad", "varden", "1280 5")),
    "modellundantag_redigera": ("paragraf", {"paragraf": "14"}, ("budget.modellundantag", "andrad", "paragraf", "14")),
}
BORTTAGBARA: dict[str, Any] = {"budgetrad": Budgetrad, "fotnot": Fotnot, "mal": Mal, "aktivitet": Aktivitet}
BORTTAGBARA |= {"modell": Kostnadsmodell, "modellgrupp": Modellgrupp, "modellvillkor": Modellvillkor}
BORTTAGBARA |= {"viktserie": Viktserie, "modellundantag": Modellundantag}
EGNA_TEST = {"budget_redigera", "plan_faststall", "plan_ta_bort", "historik_aterstall", "scenario_till_budget"}
EGNA_TEST |= {"modellvillkor_ny", "modellundantag_ny"}  # test_modeller.py
EGNA_TEST |= {"plan_slang"}  # test_nastaar.py
EGNA_TEST |= {"plan_excel"}  # test_excel_in.py
BARA_LISTOR = {"mal_lista", "aktivitet_lista", "plan_narvaro", "budget_rakna", "modell_rakna", "plan_artal"}


def test_every_address_that_edits_a_plan_is_tried_here() -> None:
    provade = set(ANDRINGAR) | EGNA_TEST | BARA_LISTOR
    provade |= {f"{namn}_{akt}" for namn in BORTTAGBARA for akt in ("ta_bort", "aterstall")}
    assert provade == {namn for namn, (regel, _) in REGLER.items() if regel == REDIGERA_PLAN}


# Written after the adoption too: tried in test_utfall_excel.py and test_avstamning_sidor.py. `utfall`, which all may
# read, is tried in test_utfall.py.
PROVAS_EFTERAT = {"utfall_las_in", "avstamningsregel_redigera", "avstamning_faststall"}


def test_every_address_that_follows_up_a_plan_is_tried() -> None:
    assert {namn for namn, (regel, _) in REGLER.items() if regel == FOLJ_UPP} == PROVAS_EFTERAT


@pytest.fixture
def nycklar(utkast: Handlingsplan, folkmangd: None) -> dict[str, int]:
    """The draft for 2025 with two rows of each kind; keys of the first of each."""
    forsta = fyll(utkast)
    utgava = Omradesutgava.objects.get(pk=forsta["omrade"])
    annat = Insatsomrade.objects.create(kod="sdk", namn="SDK")
    Omradesutgava.objects.create(insatsomrade=annat, plan=utkast, ordning=2, namn="SDK", kortnamn="SDK")
    Mal.objects.create(utgava=utgava, ordning=2, text="Det andra")
    Aktivitet.objects.create(utgava=utgava, avser_ar=2025, ordning=2, text="Sedan")
    Budgetrad.objects.create(plan=utkast, ordning=2)
    Fotnot.objects.create(plan=utkast, ordning=2, text="Två")
    return forsta


@pytest.mark.parametrize("namn", ANDRINGAR)
def test_every_way_to_change_a_plan_is_in_its_history(
    namn: str, klient: Client, nycklar: dict[str, int], utkast: Handlingsplan, samordnare: Anvandare
) -> None:
    fran_falt, sant, (modell, slag, namnet, efter) = ANDRINGAR[namn]
    vag = adress(namn, utkast, nycklar, samordnare)
    data = formular(klient.get(vag), fran_falt) if fran_falt else {"version": "1"}
    assert klient.post(vag, data | sant).status_code == 302
    sista = rader(utkast)[-1]
    assert (sista.modell, sista.slag) == (modell, slag)
    assert falt(sista, namnet)[1] == (samordnare.pk if efter == "den som gör det" else efter)
    assert {en.anvandare_id for en in rader(utkast)} == {samordnare.pk}
    assert all(en.sittning for en in rader(utkast))
    assert samordnare.namn not in str([(en.falt, en.sittning) for en in rader(utkast)])
    hel(utkast)


@pytest.mark.parametrize("namn", BORTTAGBARA)
def test_a_removal_and_its_undoing_are_two_entries(
    namn: str, klient: Client, nycklar: dict[str, int], utkast: Handlingsplan, samordnare: Anvandare
) -> None:
    klient.post(adress(f"{namn}_ta_bort", utkast, nycklar, samordnare), {"version": "1"})
    klient.post(adress(f"{namn}_aterstall", utkast, nycklar, samordnare), {"version": "2"})
    bort, tillbaka = rader(utkast)
    assert (bort.slag, tillbaka.slag) == ("borttagen", "aterstalld")
    assert falt(bort, "borttagen_at") == tuple(reversed(falt(tillbaka, "borttagen_at")))
    assert bort.objekt == tillbaka.objekt == str(nycklar[namn])


def test_cells_that_are_filled_changed_and_emptied_have_an_entry_each(
    klient: Client, nycklar: dict[str, int], utkast: Handlingsplan, samordnare: Anvandare
) -> None:
    vag, cell = adress("budget_redigera", utkast, nycklar, samordnare), f"o{nycklar['omrade']}-2025-sgd"
    ny = f"r{nycklar['budgetrad']}-2025-sgd"
    klient.post(vag, formular(klient.get(vag), cell) | {cell: "250", ny: "okänt"})
    klient.post(vag, formular(klient.get(vag), cell) | {cell: ""})
    andrad, skapad, bort = rader(utkast)
    assert falt(andrad, "belopp") == ("100.00", "250.00")
    assert (skapad.slag, falt(skapad, "slag"), falt(skapad, "budgetar")) == ("skapad", (None, "okant"), (None, 2025))
    assert (bort.slag, falt(bort, "belopp"), bort.objekt) == ("borttagen", ("250.00", None), andrad.objekt)
    hel(utkast)


def test_responsible_groups_are_in_the_history_and_a_new_one_too(klient: Client, fall: Planfall) -> None:
    vag = reverse("omrade_redigera", args=[2024, fall.npo.pk, "ansvar"])
    forsta = fall.npo.ansvariga.get()
    svar = klient.get(vag)
    data = formular(svar, "ny_grupp") | {"ny_grupp": "Styrgruppen", "ny_grupp_kort": "SG", "ansvar_not": "Ihop"}
    assert klient.post(vag, data).status_code == 302
    grupp = Samverkansgrupp.objects.get(kortnamn="SG")
    *_, noten, skapad, ansvar = rader(fall.plan)
    assert falt(noten, "ansvar_not") == ("", "Ihop")
    assert falt(skapad, "namn") == (None, "Styrgruppen")
    assert falt(ansvar, "ansvariga") == ([forsta.pk], sorted([forsta.pk, grupp.pk]))


def test_a_new_plan_begins_its_chain(klient: Client) -> None:
    klient.post("/plan/ny/", {"fran_ar": "2026", "till_ar": "2026", "titel": "Nästa"})
    plan = Handlingsplan.objects.get(till_ar=2026)
    (forsta,) = rader(plan)
    assert (forsta.nummer, forsta.slag, falt(forsta, "titel")) == (1, "skapad", (None, "Nästa"))
    hel(plan)


def test_adoption_is_the_last_thing_in_the_history(fall: Planfall, samordnare: Anvandare, folkmangd: None) -> None:
    Fordelningsregel.objects.create(plan=fall.plan, budgetar=2024, folkmangdsdatum=date(2022, 12, 31))
    faststall(fall.plan, version=1, datum=date(2024, 1, 31), hanvisning="§ 1", av=samordnare, pdf=False)
    faststalld, fordelning, fryst = rader(fall.plan)
    assert (faststalld.slag, falt(faststalld, "faststalld_at")) == ("faststalld", (None, "2024-01-31"))
    assert (fryst.modell, fryst.slag) == ("rapport.frystplan", "skapad")
    _, andelar = falt(fordelning, "andelar")
    assert falt(fordelning, "budgetar") == (None, 2024)
    assert sum(ore for *_, ore in andelar) == falt(fordelning, "total")[1] == 175_000_00
    assert andelar[0] == ["12", "Region Skåne", 493_203, 87_500_00]
    hel(fall.plan)


@pytest.mark.django_db
def test_each_plan_of_the_demo_says_that_it_was_read_in() -> None:
    demodata.ladda(lambda steg: None, med_pdf=False)
    for plan in Handlingsplan.objects.all():
        assert rader(plan)[0].slag == "inlast"
        hel(plan)


# --- In the change's own transaction -------------------------------------------------------------------------------


def test_nothing_is_written_where_the_change_is_undone(fall: Planfall, samordnare: Anvandare) -> None:
    with plan_for_skrivning(fall.plan):
        spara(fall.alla_mal[0], {"text": "Halvvägs"}, version=1, av=samordnare)
        assert len(rader(fall.plan)) == 1
        transaction.set_rollback(True)
    assert rader(fall.plan) == []


def test_a_conflict_and_a_save_without_a_change_write_nothing(fall: Planfall, samordnare: Anvandare) -> None:
    spara(fall.alla_mal[0], {"text": "Mål 1"}, version=1, av=samordnare)
    with pytest.raises(Krock):
        spara(fall.alla_mal[0], {"text": "Sent"}, version=1, av=samordnare)
    assert rader(fall.plan) == []


def test_the_value_before_is_the_saved_one_when_fields_are_merged(fall: Planfall) -> None:
    spara(fall.forsta, {"ansvarig": "SGD"}, version=1, av=None)
    vid_lasning = {"text": avtryck(fall.forsta.text)}
    spara(fall.forsta, {"text": "Ny"}, version=1, av=None, avtryck_vid_lasning=vid_lasning)
    assert [en.falt for en in rader(fall.plan)] == [{"ansvarig": ["", "SGD"]}, {"text": ["Första", "Ny"]}]


@pytest.mark.parametrize("antal", [1, 60])
def test_entries_cost_three_statements_however_many(
    antal: int, kedja: Planfall, django_assert_num_queries: Any
) -> None:
    att_skriva = [historik.inlast(kedja.npo)] * antal
    with django_assert_num_queries(3):
        historik.skriv(kedja.plan.pk, att_skriva, av=None)


@pytest.mark.django_db(transaction=True)
def test_eight_who_write_at_once_make_one_chain_without_gaps(delad_plan: Handlingsplan, samordnare: Anvandare) -> None:
    fall = planfall(delad_plan)

    def skriv(nr: int) -> None:
        try:
            with transaction.atomic():
                historik.skriv(
                    delad_plan.pk, [historik.andrad_utanfor(fall.npo, "prov", nr, nr + 1)] * 2, av=samordnare
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as trad:
        list(trad.map(skriv, range(24)))
    assert [en.nummer for en in rader(delad_plan)] == list(range(1, 49))
    hel(delad_plan)
