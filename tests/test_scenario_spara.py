"""Scenarios are saved, renamed, removed and shown to others. Whatever happens to them, the plan is as it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budget.belopp import visa_tecken
from budget.models import Budgetrad, Folkmangd, Scenario, Scenariodelning
from budget.scenario import las_json
from handlingsplan.models import Anvandare, Handlingsplan
from insatsomraden.models import Omradesutgava
from rapport.bygg import bygg
from rapport.frysning import avtryck as dokumentets_avtryck
from tests.budgetfall import Budgetfall, Formdata, budgetfall, formular, knapp, skriv_post
from tests.cast import Klientmakare, Parter
from tests.historikfall import rader
from tests.scenariofall import NBSP, PROVA, celltext, formen, kr, plandata, scenario, svarsrader
from tests.sidor import synlig_text

NYTT = f"{PROVA}scenario/nytt/"


@pytest.fixture
def fall(delad_plan: Handlingsplan, folkmangd: None) -> Budgetfall:
    return budgetfall(delad_plan)


@pytest.fixture
def mer(fall: Budgetfall, samordnare: Anvandare) -> Scenario:
    """Mina planer gets 600 000 kr instead of 500 000."""
    cell = fall.namn(fall.mina_planer).replace("-", "_")
    return scenario(fall.plan, samordnare, "Mer", **{cell: (500_000, 600_000)})


def till(rad: Scenario, vad: str = "") -> str:
    return reverse(f"scenario{vad}", args=[2024, rad.pk])


def spara_nytt(klient: Client, fall: Budgetfall, namn: str = "Mer", **andrat: str) -> Any:
    return klient.post(NYTT, formen(klient) | {fall.namn(fall.mina_planer): "600 000", "namn": namn} | andrat)


# --- A new one -------------------------------------------------------------------------------------------------------


def test_what_is_tried_is_saved_under_a_name_and_shown_again(
    klient: Client, fall: Budgetfall, samordnare: Anvandare
) -> None:
    svar = spara_nytt(klient, fall, "  Mer till planerna ", **{"regel-2024-enhet": "krona"})
    rad = Scenario.objects.get()
    assert (svar.status_code, svar["Location"]) == (302, till(rad))
    assert (rad.namn, rad.skapad_av, rad.version) == ("Mer till planerna", samordnare, 1)
    innehall = las_json(rad.innehall)
    (cell,) = innehall.celler.values()
    assert (cell.fran, cell.till) == (kr(500_000), kr(600_000))
    assert {nyckel: ett.till for nyckel, ett in innehall.regler.items()} == {(2024, "enhet"): "krona"}
    sida = klient.get(till(rad))
    assert svarsrader(sida)["summa"][:2] == (f"500{NBSP}000,00", f"600{NBSP}000,00")
    assert "Sparat" in synlig_text(sida)
    assert "Mer till planerna" in synlig_text(klient.get(PROVA))


@pytest.mark.parametrize(
    ("andrat", "besked"),
    [
        ({"namn": ""}, "Ge scenariot ett namn."),
        ({"namn": "  "}, "Ge scenariot ett namn."),
        ({"namn": "å" * 101}, "högst 100 tecken"),
        ({"namn": "Taget"}, "Planen har redan ett scenario med det namnet."),
        ({"cell": "mycket"}, "förstås inte"),
        ({"cell": "500 000"}, "Inget är ändrat"),
        ({"regel-2024-folkmangdsdatum": "2030-12-31"}, "saknas för Perstorps kommun"),
    ],
)
def test_what_cannot_be_saved_is_said_and_stands_in_the_form(
    klient: Client, fall: Budgetfall, samordnare: Anvandare, andrat: dict[str, str], besked: str
) -> None:
    scenario(fall.plan, samordnare, "Taget")
    cell = fall.namn(fall.mina_planer)
    andrat = {cell if namn == "cell" else namn: text for namn, text in andrat.items()}
    svar = spara_nytt(klient, fall, **{"namn": "Nytt"} | andrat)
    assert (svar.status_code, besked in synlig_text(svar)) == (422, True)
    data = formular(svar, "regel-2024-enhet")
    assert {namn: str(data[namn]).replace(NBSP, " ") for namn in andrat} == andrat
    assert list(Scenario.objects.values_list("namn", flat=True)) == ["Taget"]


def test_a_removed_ones_name_is_free(klient: Client, fall: Budgetfall, mer: Scenario) -> None:
    klient.post(till(mer, "_ta_bort"), {"version": "1"})
    assert spara_nytt(klient, fall, "Mer").status_code == 302


def test_the_beredning_saves_and_a_reader_and_an_administrator_do_not(
    klient_for: Klientmakare,
    fall: Budgetfall,
    beredning: Anvandare,
    lasare_malmo: Anvandare,
    administrator: Anvandare,
) -> None:
    utfall = [spara_nytt(klient_for(vem), fall, vem.namn).status_code for vem in (lasare_malmo, administrator)]
    assert utfall == [403, 403]
    assert spara_nytt(klient_for(beredning), fall, "Vårt").status_code == 302
    assert Scenario.objects.get().skapad_av == beredning


# --- Changed ---------------------------------------------------------------------------------------------------------


def andra(klient: Client, rad: Scenario, data: Formdata, **andrat: str) -> Any:
    return klient.post(till(rad, "_spara"), data | andrat)


def test_a_scenario_is_changed_and_what_is_only_computed_is_not_saved(
    klient: Client, fall: Budgetfall, mer: Scenario
) -> None:
    data, cell = formen(klient, till(mer)), fall.namn(fall.mina_planer)
    assert data[cell] == f"600{NBSP}000"
    assert svarsrader(klient.post(till(mer), data | {cell: "700 000"}))["summa"][1] == f"700{NBSP}000,00"
    mer.refresh_from_db()
    assert mer.version == 1
    assert andra(klient, mer, data, **{cell: "700 000"}).status_code == 302
    mer.refresh_from_db()
    assert [ett.till for ett in las_json(mer.innehall).celler.values()] == [kr(700_000)]
    assert mer.version == 2


def test_two_who_save_the_same_scenario_see_both(
    klient: Client, annan: Client, fall: Budgetfall, mer: Scenario
) -> None:
    min_sida, deras_sida, cell = formen(klient, till(mer)), formen(annan, till(mer)), fall.namn(fall.mina_planer)
    andra(annan, mer, deras_sida, **{cell: "650 000", "regel-2024-andel_region": "3"})
    svar = andra(klient, mer, min_sida, **{cell: "okänt"})
    text = celltext(svar)
    assert svar.status_code == 409
    assert "Andra samordnaren sparade det klockan" in text
    assert "Mina planer, SGD 2024 650 000 kr okänt" in text
    assert "Regionens del 2024 3 som i budgeten" in text
    data = formular(svar, "regel-2024-enhet")
    assert data[cell] == "okänt"
    assert andra(klient, mer, data).status_code == 302
    mer.refresh_from_db()
    assert (mer.version, [str(en.till.slag) for en in las_json(mer.innehall).celler.values() if en.till]) == (
        3,
        ["okant"],
    )


def test_one_who_renames_and_one_who_changes_amounts_do_not_meet(
    klient: Client, annan: Client, fall: Budgetfall, mer: Scenario
) -> None:
    min_sida = formen(klient, till(mer))
    annan.post(till(mer, "_namn"), formular(annan.get(till(mer, "_namn")), "namn") | {"namn": "Annat"})
    assert andra(klient, mer, min_sida, **{fall.namn(fall.mina_planer): "1"}).status_code == 302
    mer.refresh_from_db()
    assert (mer.namn, mer.version) == ("Annat", 3)


def test_one_that_is_removed_meanwhile_is_not_saved_and_can_be_saved_as_new(
    klient: Client, annan: Client, fall: Budgetfall, mer: Scenario
) -> None:
    data, cell = formen(klient, till(mer)), fall.namn(fall.mina_planer)
    annan.post(till(mer, "_ta_bort"), {"version": "1"})
    svar = andra(klient, mer, data, **{cell: "700 000"})
    assert (svar.status_code, "någon har tagit bort scenariot" in synlig_text(svar)) == (409, True)
    kvar = formular(svar, "regel-2024-enhet")
    assert kvar[cell] == "700 000"
    assert klient.post(NYTT, kvar | {"namn": "Kvar"}).status_code == 302


def test_changes_that_cannot_be_read_or_are_none_are_not_saved(klient: Client, fall: Budgetfall, mer: Scenario) -> None:
    data, cell = formen(klient, till(mer)), fall.namn(fall.mina_planer)
    for text in ("mycket", "500 000"):
        assert andra(klient, mer, data, **{cell: text}).status_code == 422
    mer.refresh_from_db()
    assert mer.version == 1


def test_only_coordinators_and_its_author_change_it(
    klient_for: Klientmakare, fall: Budgetfall, mer: Scenario, beredning: Anvandare, samordnare: Anvandare
) -> None:
    ctb = klient_for(beredning)
    cell = fall.namn(fall.mina_planer).replace("-", "_")
    eget = scenario(fall.plan, beredning, "Beredningens", **{cell: (500_000, 1)})
    sida = ctb.get(till(mer)).content.decode()
    assert till(mer, "_ta_bort") not in sida and till(mer, "_spara") not in sida
    assert ctb.post(till(mer, "_ta_bort"), {"version": "1"}).status_code == 403
    for vad, data in (("_spara", formen(ctb, till(eget)) | {fall.namn(fall.mina_planer): "2"}), ("_dela", {})):
        assert ctb.post(till(eget, vad), data).status_code == 302
    assert klient_for(samordnare).post(till(eget, "_ta_bort"), {"version": "2"}).status_code == 302


# --- Name, removal ---------------------------------------------------------------------------------------------------


def byt(klient: Client, rad: Scenario, data: Formdata, namn: str) -> Any:
    return klient.post(till(rad, "_namn"), data | {"namn": namn})


def test_it_is_renamed_by_version(klient: Client, annan: Client, mer: Scenario, samordnare: Anvandare) -> None:
    min_sida, deras = (formular(en.get(till(mer, "_namn")), "namn") for en in (klient, annan))
    scenario(mer.plan, samordnare, "Taget")
    assert "Planen har redan ett scenario" in synlig_text(byt(klient, mer, min_sida, "Taget"))
    assert byt(klient, mer, min_sida, "").status_code == 422
    assert byt(annan, mer, deras, "Deras").status_code == 302
    svar = byt(klient, mer, min_sida, "Mitt")
    assert (svar.status_code, "döpt scenariot till ”Deras”" in synlig_text(svar)) == (409, True)
    assert byt(klient, mer, formular(svar, "namn"), "Mitt").status_code == 302
    mer.refresh_from_db()
    assert (mer.namn, mer.version) == ("Mitt", 3)


def test_a_name_that_is_not_changed_changes_nothing(klient: Client, mer: Scenario) -> None:
    assert byt(klient, mer, formular(klient.get(till(mer, "_namn")), "namn"), "Mer").status_code == 302
    mer.refresh_from_db()
    assert mer.version == 1


def test_it_is_removed_and_brought_back_by_the_message(klient: Client, mer: Scenario) -> None:
    svar = klient.post(till(mer, "_ta_bort"), knapp(klient.get(till(mer)), till(mer, "_ta_bort")), follow=True)
    assert "Scenariot ”Mer” togs bort." in synlig_text(svar)
    assert klient.get(till(mer)).status_code == 404
    angra = knapp(svar, till(mer, "_aterstall"))
    assert klient.post(till(mer, "_aterstall"), angra).status_code == 302
    assert klient.get(till(mer)).status_code == 200


def test_what_somebody_has_changed_since_is_not_removed(klient: Client, annan: Client, mer: Scenario) -> None:
    byt(annan, mer, formular(annan.get(till(mer, "_namn")), "namn"), "Deras")
    svar = klient.post(till(mer, "_ta_bort"), {"version": "1"}, follow=True)
    assert "Inget togs bort" in synlig_text(svar)
    assert Scenario.objects.get().borttagen_at is None


def test_one_whose_name_is_taken_meanwhile_is_not_brought_back(
    klient: Client, mer: Scenario, samordnare: Anvandare
) -> None:
    klient.post(till(mer, "_ta_bort"), {"version": "1"})
    scenario(mer.plan, samordnare, "Mer")
    svar = klient.post(till(mer, "_aterstall"), {"version": "2"}, follow=True)
    assert "Det finns nu ett annat scenario som heter ”Mer”" in synlig_text(svar)
    mer.refresh_from_db()
    assert mer.borttagen_at is not None


# --- Shown to others -------------------------------------------------------------------------------------------------


def lanken(rad: Scenario) -> str:
    nyckel = Scenariodelning.objects.get(scenario=rad, upphord_at=None).nyckel
    return reverse("scenario_delat", args=[2024, nyckel])


def test_a_shared_scenario_is_read_by_who_has_the_link_until_it_is_shared_no_more(
    klient: Client, klient_for: Klientmakare, mer: Scenario, lasare_malmo: Anvandare, samordnare: Anvandare
) -> None:
    lasare = klient_for(lasare_malmo)
    assert lasare.get(till(mer)).status_code == 404
    assert "allmän handling" in synlig_text(klient.get(till(mer, "_dela")))
    assert Scenariodelning.objects.count() == 0  # asking is not sharing
    svar = klient.post(till(mer, "_dela"), follow=True)
    vag = lanken(mer)
    assert f'value="http://testserver{vag}"' in svar.content.decode()
    assert len(vag.split("/")[-2]) == 32
    sida = lasare.get(vag)
    assert svarsrader(sida)["1280"][1] == f"217{NBSP}381,28"
    assert "Mina planer, SGD 2024" in synlig_text(sida)
    assert not any(ord_ in sida.content.decode() for ord_ in ("scenario/", 'name="namn"', "Ta bort", "Gör till"))
    assert lasare.get(till(mer)).status_code == 404  # the link, not the number
    klient.post(till(mer, "_sluta_dela"))
    assert lasare.get(vag).status_code == 404
    delning = Scenariodelning.objects.get()
    assert (delning.delad_av, delning.upphord_av) == (samordnare, samordnare)
    klient.post(till(mer, "_dela"))
    assert lanken(mer) != vag
    assert "Har delats" in synlig_text(klient.get(till(mer, "_dela")))


def test_the_link_needs_a_log_in_a_role_and_a_plan_one_may_read(
    klient: Client, klient_for: Klientmakare, mer: Scenario, utomstaende: Anvandare, lasare_malmo: Anvandare
) -> None:
    klient.post(till(mer, "_dela"))
    assert Client().get(lanken(mer)).status_code == 302
    assert klient_for(utomstaende).get(lanken(mer)).status_code == 403
    Handlingsplan.objects.update(delad_at=None)
    assert klient_for(lasare_malmo).get(lanken(mer)).status_code == 404
    assert "Planen är inte delad med huvudmännen" in synlig_text(klient.get(till(mer, "_dela")))


def test_a_link_holds_in_its_own_plan_and_while_the_scenario_is_there(
    klient: Client, mer: Scenario, utkast: Handlingsplan
) -> None:
    klient.post(till(mer, "_dela"))
    vag = lanken(mer)
    assert klient.get(vag.replace("2024", "2025")).status_code == 404
    assert klient.get(vag[:-2] + ("a" if vag[-2] != "a" else "b") + "/").status_code == 404
    klient.post(till(mer, "_ta_bort"), {"version": "1"})
    assert klient.get(vag).status_code == 404
    klient.post(till(mer, "_aterstall"), {"version": "2"})
    assert klient.get(vag).status_code == 200


def test_sharing_twice_keeps_the_link_and_stopping_twice_is_told(klient: Client, mer: Scenario) -> None:
    for _ in range(2):
        klient.post(till(mer, "_dela"))
    assert Scenariodelning.objects.count() == 1
    klient.post(till(mer, "_sluta_dela"))
    assert "Scenariot var inte delat." in synlig_text(klient.post(till(mer, "_sluta_dela"), follow=True))


# --- When the budget moves -------------------------------------------------------------------------------------------


def test_what_has_changed_since_it_was_saved_is_said(klient: Client, fall: Budgetfall, mer: Scenario) -> None:
    fall.mina_planer.alla_poster.filter(budgetar=2024, finansiering="sgd").update(belopp=550_000)
    assert "Var 500 000 kr när scenariot sparades" in synlig_text(klient.get(till(mer)))
    assert svarsrader(klient.get(till(mer)))["summa"][2] == f"+50{NBSP}000,00"


def test_what_has_changed_beside_it_is_said_too(klient: Client, fall: Budgetfall) -> None:
    spara_nytt(klient, fall)
    rad = Scenario.objects.get()
    assert "har ändrats sedan scenariot sparades" not in synlig_text(klient.get(till(rad)))
    fall.beslutsstod.alla_poster.filter(budgetar=2024, finansiering="sgd").update(belopp=1_000)
    text = synlig_text(klient.get(till(rad)))
    assert "Planen har ändrats sedan scenariot sparades." in text
    da, nu = "då var budgeten 500 000 kr, med scenariot 600 000 kr", "Nu är den 501 000 kr, med scenariot 601 000 kr"
    assert f"2024: {da}. {nu}." in text.replace(" + ej ifyllt", "")
    klient.post(till(rad, "_spara"), formen(klient, till(rad)))
    assert "har ändrats sedan" not in synlig_text(klient.get(till(rad)))


def test_a_corrected_population_moves_it_without_moving_the_sums(
    klient: Client, fall: Budgetfall, parter: Parter
) -> None:
    spara_nytt(klient, fall)
    Folkmangd.objects.create(
        huvudman=parter["1281"], datum=date(2022, 12, 31), antal=200_000, revision=2, kalla="Rättat"
    )
    assert "2024: summorna är som då, men vad var och en betalar är inte det." in synlig_text(
        klient.get(till(Scenario.objects.get()))
    )


@pytest.mark.parametrize("vad", ["raden", "området"])
def test_a_row_that_is_removed_and_an_area_let_out_do_not_count_and_come_back(
    klient: Client, fall: Budgetfall, samordnare: Anvandare, vad: str
) -> None:
    skriv_post(fall.rad, 2024, "sgd", 10_000)
    rad = fall.rad if vad == "raden" else fall.mina_planer
    nu = 10_000 if vad == "raden" else 500_000
    cell, kvar = (fall.namn(en).replace("-", "_") for en in (rad, fall.beslutsstod))
    ett = scenario(fall.plan, samordnare, "Ett", **{cell: (nu, 90_000), kvar: (0, 1_000)})
    if vad == "raden":
        Budgetrad.objects.update(borttagen_at=timezone.now())
        besked = "Raden är borttagen ur budgeten, så det här räknas inte."
    else:
        Omradesutgava.objects.filter(pk=rad.pk).update(lage="utgatt")
        besked = "Området ingår inte i planen, så det här räknas inte."
    sida = klient.get(till(ett))
    assert besked in synlig_text(sida)
    assert svarsrader(sida)["summa"][2] == f"+1{NBSP}000,00"
    # Saved again, it still knows what was tried there.
    assert andra(klient, ett, formen(klient, till(ett)), **{fall.namn(fall.beslutsstod): "2 000"}).status_code == 302
    ett.refresh_from_db()
    assert sorted(par[1] for par in ett.innehall["celler"].values()) == ["2000.00", "90000.00"]
    Budgetrad.objects.update(borttagen_at=None)
    Omradesutgava.objects.filter(pk=rad.pk, lage="utgatt").update(lage="ingar")
    skillnad = 2_000 + 90_000 - nu
    assert svarsrader(klient.get(till(ett)))["summa"][2] == visa_tecken(skillnad * 100)


# --- No part of the plan ---------------------------------------------------------------------------------------------


def test_nothing_that_is_done_with_scenarios_touches_the_plan_its_record_or_its_history(
    klient: Client, fall: Budgetfall
) -> None:
    fore, dokument = plandata(), dokumentets_avtryck(bygg(fall.plan))
    spara_nytt(klient, fall)
    rad = Scenario.objects.get()
    andra(klient, rad, formen(klient, till(rad)), **{fall.namn(fall.mina_planer): "1"})
    byt(klient, rad, formular(klient.get(till(rad, "_namn")), "namn"), "Annat")
    for vad, data in (
        ("_dela", {}),
        ("_sluta_dela", {}),
        ("_ta_bort", {"version": "3"}),
        ("_aterstall", {"version": "4"}),
    ):
        assert klient.post(till(rad, vad), data).status_code == 302
    rad.refresh_from_db()
    assert (rad.version, rad.namn, rad.borttagen_at) == (5, "Annat", None)
    assert plandata() == fore
    assert rader(fall.plan) == []
    assert dokumentets_avtryck(bygg(fall.plan)) == dokument


def test_an_adopted_plan_is_tried_and_its_scenarios_saved_but_not_made_its_budget(
    klient: Client, fall: Budgetfall
) -> None:
    Handlingsplan.objects.update(faststalld_at="2024-01-10")
    fore = plandata()
    assert spara_nytt(klient, fall).status_code == 302
    rad = Scenario.objects.get()
    sida = klient.get(till(rad)).content.decode()
    assert "Gör till planens budget" not in sida
    for vad, data in (("_dela", {}), ("_ta_bort", {"version": "1"}), ("_aterstall", {"version": "2"})):
        assert klient.post(till(rad, vad), data).status_code == 302
    for gor in (klient.get, klient.post):
        assert gor(till(rad, "_till_budget")).status_code == 403
    assert plandata() == fore


def test_a_plan_with_a_scenario_is_not_removed_by_mistake(
    klient: Client, utkast: Handlingsplan, samordnare: Anvandare
) -> None:
    rad = scenario(utkast, samordnare)
    klient.post("/plan/2025/ta-bort/", {"version": "1"})
    assert Handlingsplan.objects.filter(pk=utkast.pk).exists()
    klient.post(reverse("scenario_ta_bort", args=[2025, rad.pk]), {"version": "1"})
    klient.post("/plan/2025/ta-bort/", {"version": "1"})
    assert not Handlingsplan.objects.filter(pk=utkast.pk).exists()
