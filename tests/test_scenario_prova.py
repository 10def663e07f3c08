"""What if: other amounts and other rules, beside what is saved or decided. Nothing is written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budget.belopp import visa_kr
from budget.models import Budgetrad, Folkmangd, Fordelningsregel
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from insatsomraden.models import Omradesutgava
from rapport.faststallande import faststall
from tests.budgetfall import Budgetfall, Formdata, budgetfall, formular, omrade, skriv_post
from tests.cast import Klientmakare, Parter
from tests.planfall import ogonblicksbild, planfall
from tests.scenariofall import NBSP, PROVA, formen, regel, scenario, svarsrader, text_i
from tests.sidor import synlig_text

INGEN = ("–", "–", "–", "–")


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Budgetfall:
    return budgetfall(delad_plan)


def prova(klient: Client, data: Formdata, **andrat: str) -> Any:
    return klient.post(PROVA, data | andrat)


# --- Amounts ---------------------------------------------------------------------------------------------------------


def test_an_untouched_form_is_what_is_saved(klient: Client, fall: Budgetfall, folkmangd: None) -> None:
    svar = prova(klient, formen(klient))
    rader = svarsrader(svar)
    assert svar.status_code == 200
    assert list(rader) == ["12", "1275", "1280", "1281", "summa", "kommuner"]
    assert rader["12"] == (f"250{NBSP}000,00", f"250{NBSP}000,00", "0,00", f"0,0{NBSP}%")
    assert text_i(svar.content.decode(), "summa-2024") == f"500{NBSP}000{NBSP}kr + ej ifyllt"
    assert svarsrader(klient.get(PROVA)) == rader


def test_all_move_beside_what_is_saved_and_nothing_is_written(
    klient: Client, fall: Budgetfall, folkmangd: None
) -> None:
    data, fore = formen(klient), ogonblicksbild()
    svar = prova(klient, data, **{fall.namn(fall.mina_planer): "600 tkr"})
    html, rader = svar.content.decode(), svarsrader(svar)
    # Three municipalities have 493 203 inhabitants; Malmö's 357 377 of 300 000 kr are 217 381,28 kr.
    assert rader["1280"] == (f"181{NBSP}151,07", f"217{NBSP}381,28", f"+36{NBSP}230,21", f"+20,0{NBSP}%")
    assert rader["summa"] == (f"500{NBSP}000,00", f"600{NBSP}000,00", f"+100{NBSP}000,00", f"+20,0{NBSP}%")
    assert rader["kommuner"][1] == f"300{NBSP}000,00"
    assert text_i(html, f"nu-{fall.namn(fall.mina_planer)}") == f"+100{NBSP}000{NBSP}kr, nu 500{NBSP}000"
    assert text_i(html, "taxa-2024") == "60,83"
    assert text_i(html, "taxaskillnad-2024") == "+10,14, nu 50,69"
    assert ogonblicksbild() == fore


def test_a_trial_is_to_the_ore_what_saving_it_gives(demon: Client) -> None:
    """The demo: 34 parties, and the second case of docs/kostnadsfordelning.md."""
    utgava = Omradesutgava.objects.get(plan__till_ar=2024, insatsomrade__kod="mina-planer")
    namn = f"o{utgava.pk}-2024-sgd"
    rader = svarsrader(prova(demon, formen(demon), **{namn: "600 000"}))
    assert len(rader) == 36
    assert rader["1280"] == (f"221{NBSP}098,47", f"233{NBSP}732,67", f"+12{NBSP}634,20", f"+5,7{NBSP}%")
    budget = formular(demon.get("/plan/2024/budget/redigera/"), namn)
    demon.post("/plan/2024/budget/redigera/", budget | {namn: "600 000"})
    sparad = demon.get("/plan/2024/fordelning/fordelning.json").json()
    assert {en["kod"]: visa_kr(en["belopp"]) for en in sparad["andelar"]} == {
        kod: rad[1] for kod, rad in rader.items() if kod.isdigit()
    }


def test_what_one_has_not_touched_follows_the_budget(klient: Client, fall: Budgetfall, folkmangd: None) -> None:
    data = formen(klient)
    skriv_post(fall.rad, 2024, "sgd", 50_000)
    svar = prova(klient, data, **{fall.namn(fall.beslutsstod): "25 000"})
    assert svarsrader(svar)["summa"][:2] == (f"550{NBSP}000,00", f"575{NBSP}000,00")
    assert formular(svar, "regel-2024-enhet")[fall.namn(fall.rad)] == f"50{NBSP}000"


def test_unknown_amounts_are_said_in_words_beside_the_figures(
    klient: Client, fall: Budgetfall, folkmangd: None
) -> None:
    namn = fall.namn(fall.mina_planer)
    data = formen(klient) | {fall.namn(fall.beslutsstod): "100 000"}
    html = prova(klient, data, **{namn: "okänt"}).content.decode()
    assert text_i(html, "summa-2024") == f"100{NBSP}000{NBSP}kr + okänt + ej ifyllt"
    assert text_i(html, f"nu-{namn}") == f"okänt i stället, nu 500{NBSP}000"
    assert "Prövat: Fördelningen gäller bara de kända beloppen; det finns okända och ej ifyllda SGD-belopp." in text_i(
        html, "skal-2024"
    )


def test_a_year_that_comes_to_nothing_says_why_and_shows_no_shares(
    klient: Client, fall: Budgetfall, folkmangd: None
) -> None:
    svar = prova(klient, formen(klient), **{fall.namn(fall.mina_planer): "", fall.namn(fall.beslutsstod): ""})
    rader = svarsrader(svar)
    assert rader["1280"] == (f"181{NBSP}151,07", *INGEN[1:])
    assert "Inget fördelas ännu för 2024" in text_i(svar.content.decode(), "skal-2024")


@pytest.mark.parametrize(
    ("text", "besked"),
    [("−5", "minustecken"), ("mycket", "förstås inte"), ("1.000", "Punkten"), ("9" * 13, "för stort")],
)
def test_what_is_no_amount_is_refused_beside_its_field_and_counts_as_saved(
    klient: Client, fall: Budgetfall, folkmangd: None, text: str, besked: str
) -> None:
    namn = fall.namn(fall.mina_planer)
    svar = prova(klient, formen(klient), **{namn: text})
    html = svar.content.decode()
    assert svar.status_code == 422
    assert besked in text_i(html, f"fel-{namn}")
    assert f'href="#{namn}"' in html
    assert formular(svar, "regel-2024-enhet")[namn] == text
    assert svarsrader(svar)["summa"][1] == f"500{NBSP}000,00"


def test_only_the_money_that_is_shared_in_the_plans_own_years_can_be_tried(
    klient: Client, fall: Budgetfall, folkmangd: None
) -> None:
    data, egen = formen(klient), fall.namn(fall.mina_planer)
    assert egen in data
    assert not {fall.namn(fall.mina_planer, "2023-sgd"), fall.namn(fall.utgatt), fall.namn(fall.bevakad)} & data.keys()
    annat = {fall.namn(fall.mina_planer, form): "9" for form in ("2024-annan", "2023-sgd", "2025-sgd")}
    svar = prova(klient, data, **annat, **{fall.namn(fall.bevakad): "7", "o999-2024-sgd": "8"})
    assert (svar.status_code, svarsrader(svar)["summa"][2]) == (200, "0,00")


def test_a_row_that_is_removed_meanwhile_does_not_count(klient: Client, fall: Budgetfall, folkmangd: None) -> None:
    data = formen(klient)
    Budgetrad.objects.update(borttagen_at="2024-01-01T00:00Z")
    svar = prova(klient, data, **{fall.namn(fall.rad): "5 000"})
    assert svarsrader(svar)["summa"][2] == "0,00"


def test_a_plan_without_rows_says_what_to_do_first(klient: Client, delad_plan: Handlingsplan, folkmangd: None) -> None:
    assert "Det finns inget att prova ännu" in synlig_text(klient.get(PROVA))


# --- Rules -----------------------------------------------------------------------------------------------------------


def test_another_ratio_another_unit_and_another_date(klient: Client, fall: Budgetfall, folkmangd: None) -> None:
    svar = prova(
        klient,
        formen(klient) | {fall.namn(fall.mina_planer): "500 000,50"},
        **{
            "regel-2024-andel_region": "30",
            "regel-2024-andel_grupp": "70",
            "regel-2024-enhet": "krona",
            "regel-2024-folkmangdsdatum": "2021-12-31",
        },
    )
    rader, html = svarsrader(svar), svar.content.decode()
    assert rader["12"] == (f"250{NBSP}000,00", f"150{NBSP}000,50", f"−99{NBSP}999,50", f"−40,0{NBSP}%")
    # 350 000 kr over 486 690 inhabitants: 351 749 of them are Malmö's.
    assert rader["1280"][1] == f"252{NBSP}958,00"
    assert text_i(html, "taxa-2024") == "71,91"
    assert "Regionen betalar 30,82" in text_i(html, "skal-2024").replace("\n", " ")
    assert "Regionen bär 0,50" in text_i(html, "skal-2024")


def test_a_municipality_pays_a_hundred_per_cent_of_nothing(klient: Client, fall: Budgetfall, folkmangd: None) -> None:
    regel(fall.plan, andel_region=1, andel_grupp=0)
    rader = svarsrader(prova(klient, formen(klient), **{"regel-2024-andel_grupp": "1"}))
    assert rader["1275"] == ("0,00", f"3{NBSP}772,28", f"+3{NBSP}772,28", "–")


@pytest.mark.parametrize(
    ("falt", "text", "besked"),
    [
        ("andel_region", "0", "ingen skulle betala"),
        ("andel_region", "-1", "kan inte vara negativ"),
        ("andel_region", "hälften", "Skriv ett heltal"),
        ("andel_region", "", "Skriv ett heltal"),
        ("andel_region", "1,5", "Skriv ett heltal"),
        ("andel_region", "9" * 30, "för stort"),
        ("enhet", "tkr", "Välj 1 öre eller 1 krona"),
        ("folkmangdsdatum", "31/12 2022", "är inget datum"),
        ("folkmangdsdatum", "2022-02-30", "finns inte i kalendern"),
        ("folkmangdsdatum", "2030-12-31", "saknas för Perstorps kommun, Malmö stad och Lunds kommun"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_beside_its_field_and_counts_as_saved(
    klient: Client, fall: Budgetfall, folkmangd: None, falt: str, text: str, besked: str
) -> None:
    data = formen(klient) | {"regel-2024-andel_grupp": "0" if text == "0" else "1"}
    svar = prova(klient, data, **{f"regel-2024-{falt}": text})
    html = svar.content.decode()
    assert svar.status_code == 422
    fel_vid = "andel_grupp" if text == "0" else falt
    assert besked in text_i(html, f"fel-regel-2024-{fel_vid}")
    assert f'href="#id_regel-2024-{fel_vid}"' in html
    assert svarsrader(svar)["summa"] == (f"500{NBSP}000,00", f"500{NBSP}000,00", "0,00", f"0,0{NBSP}%")
    assert svarsrader(svar)["12"][2] == "0,00"


def test_a_ratio_and_a_date_that_cannot_be_are_told_at_once(klient: Client, fall: Budgetfall, folkmangd: None) -> None:
    noll = {"regel-2024-andel_region": "0", "regel-2024-andel_grupp": "0", "regel-2024-folkmangdsdatum": "2030-12-31"}
    html = prova(klient, formen(klient), **noll).content.decode()
    assert "ingen skulle betala" in text_i(html, "fel-regel-2024-andel_grupp")
    assert "saknas för" in text_i(html, "fel-regel-2024-folkmangdsdatum")
    assert f'value="{noll["regel-2024-folkmangdsdatum"]}"' in html


def test_the_regions_part_stands_beside_the_rate(klient: Client, fall: Budgetfall, folkmangd: None) -> None:
    html = prova(klient, formen(klient), **{"regel-2024-andel_grupp": "4"}).content.decode()
    assert text_i(html, "region-2024") == f"100{NBSP}000,00"
    assert text_i(html, "regionskillnad-2024") == f"\u2212150{NBSP}000,00, nu 250{NBSP}000,00"


def test_a_date_that_lacks_one_party_names_it(
    klient: Client, fall: Budgetfall, folkmangd: None, parter: Parter
) -> None:
    for kod in ("1280", "1281"):
        Folkmangd.objects.create(huvudman=parter[kod], datum=date(2023, 12, 31), antal=9, kalla="SCB")
    svar = prova(klient, formen(klient), **{"regel-2024-folkmangdsdatum": "2023-12-31"})
    fel = text_i(svar.content.decode(), "fel-regel-2024-folkmangdsdatum")
    assert "Folkmängd den 2023-12-31 saknas för Perstorps kommun." in fel


def test_a_rule_that_somebody_changes_meanwhile_is_followed_where_one_has_not_touched_it(
    klient: Client, fall: Budgetfall, folkmangd: None
) -> None:
    data = formen(klient)
    regel(fall.plan, andel_region=3)
    svar = prova(klient, data, **{"regel-2024-andel_grupp": "2"})
    assert svarsrader(svar)["12"][:2] == (f"375{NBSP}000,00", f"300{NBSP}000,00")
    assert formular(svar, "regel-2024-enhet")["regel-2024-andel_region"] == "3"


def test_a_saved_rule_without_figures_is_no_fault_of_the_person(
    klient: Client, fall: Budgetfall, folkmangd: None
) -> None:
    regel(fall.plan, folkmangdsdatum="2019-12-31")
    svar = prova(klient, formen(klient), **{fall.namn(fall.beslutsstod): "5"})
    assert svar.status_code == 200
    assert "Folkmängd den 2019-12-31 saknas för" in text_i(svar.content.decode(), "skal-2024")


# --- A decided plan --------------------------------------------------------------------------------------------------


@pytest.fixture
def beslutad(delad_plan: Handlingsplan, folkmangd: None) -> Handlingsplan:
    """2024 adopted: 175 000 kr, 1:1, inhabitants on 2022-12-31, of which Perstorp's figure was corrected later."""
    planfall(delad_plan)
    regel(delad_plan)
    faststall(delad_plan, version=1, datum=date(2024, 1, 31), hanvisning="§ 1", av=None, pdf=False)
    perstorp = Folkmangd.objects.get(huvudman__kod="1275", datum=date(2022, 12, 31))
    Folkmangd.objects.create(
        huvudman=perstorp.huvudman, datum=perstorp.datum, antal=100_000, revision=2, kalla="Rättat"
    )
    delad_plan.refresh_from_db()
    return delad_plan


def test_a_decided_plan_is_tried_beside_what_was_decided(klient: Client, beslutad: Handlingsplan) -> None:
    fore = ogonblicksbild()
    data = formen(klient)
    svar = prova(klient, data)
    assert "Beslutat, kr" in synlig_text(svar)
    assert {rad[2] for rad in svarsrader(svar).values()} == {"0,00"}
    npo = next(namn for namn in data if namn.endswith("-2024-sgd") and not namn.startswith("bas"))
    rader = svarsrader(prova(klient, data, **{npo: "275 000"}))
    # All that has changed is the amount: everyone pays twice, by the inhabitants that were decided on.
    assert {rad[3] for rad in rader.values()} == {f"+100,0{NBSP}%"}
    rader = svarsrader(prova(klient, data, **{"regel-2024-andel_region": "0"}))
    assert {rader[kod][3] for kod in ("1275", "1280", "1281")} == {f"+100,0{NBSP}%"}
    assert ogonblicksbild() == fore


def test_a_decided_plan_does_not_meet_parties_that_came_later(
    klient: Client, beslutad: Handlingsplan, parter: Parter
) -> None:
    Huvudman.objects.create(kod="1282", typ="kommun", namn="L", officiellt_namn="Landskrona", juridiskt_namn="L")
    svar = prova(klient, formen(klient), **{"regel-2024-andel_region": "2"})
    assert (svar.status_code, "1282" in svarsrader(svar)) == (200, False)


# --- Who, and what it costs ------------------------------------------------------------------------------------------


def test_a_reader_tries_but_is_offered_nothing_to_save(
    klient_for: Klientmakare, lasare_malmo: Anvandare, fall: Budgetfall, folkmangd: None
) -> None:
    klient = klient_for(lasare_malmo)
    svar = prova(klient, formen(klient), **{fall.namn(fall.mina_planer): "600 000"})
    assert svarsrader(svar)["1280"][2] == f"+36{NBSP}230,21"
    assert "er andel" in svar.content.decode()
    assert "Sparade scenarier" not in synlig_text(svar)
    assert 'name="namn"' not in svar.content.decode()


def test_the_split_and_the_budget_lead_here(klient: Client, fall: Budgetfall, folkmangd: None) -> None:
    for sida in ("fordelning", "budget"):
        assert f'href="{PROVA}"' in klient.get(f"/plan/2024/{sida}/").content.decode()


def test_what_a_trial_costs_does_not_grow_with_the_plan(
    klient: Client, fall: Budgetfall, folkmangd: None, parter: Parter, samordnare: Anvandare
) -> None:
    def kosta() -> int:
        data = formen(klient)
        with CaptureQueriesContext(connection) as fragor:
            prova(klient, data, **{"regel-2024-folkmangdsdatum": "2021-12-31", fall.namn(fall.beslutsstod): "9"})
        return len(fragor)

    scenario(fall.plan, samordnare, "Ett")
    fa = kosta()
    for nummer in range(20):
        rad = omrade(fall.plan, f"omrade-{nummer}", f"Område {nummer}")
        skriv_post(rad, 2024, "sgd", nummer)
        skriv_post(Budgetrad.objects.create(plan=fall.plan, ordning=2 + nummer), 2024, "sgd", nummer)
        scenario(fall.plan, samordnare, f"Nummer {nummer}")
    assert kosta() == fa
    assert fa <= 22


def test_a_plan_of_several_years_is_tried_year_by_year(klient: Client, folkmangd: None, db: None) -> None:
    plan = Handlingsplan.objects.create(fran_ar=2023, till_ar=2024, titel="Två år", delad_at="2023-01-01T00:00Z")
    rad = omrade(plan, "npo", "NPÖ")
    for ett, belopp in ((2023, 100), (2024, 200)):
        skriv_post(rad, ett, "sgd", belopp)
    assert Fordelningsregel.objects.count() == 0
    svar = prova(klient, formen(klient), **{f"o{rad.pk}-2023-sgd": "300", "regel-2024-andel_region": "3"})
    assert svarsrader(svar, 2023)["12"][:2] == ("50,00", "150,00")
    assert svarsrader(svar, 2024)["12"][:2] == ("100,00", "150,00")
