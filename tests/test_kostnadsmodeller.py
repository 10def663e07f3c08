"""Models in steps from the database: a year is split by them everywhere, stored with them, and computed again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from djmoney.money import Money

from budget import fordelningar, kostnadsmodeller
from budget.belopp import visa_kr
from budget.folkmangdsberoende import beroenden
from budget.fordelning import Fordelning
from budget.kostnadsmodeller import anvands, som_stegmodell
from budget.models import (
    Folkmangd,
    Fordelningsregel,
    Kostnadsmodell,
    Modellgrupp,
    Modellundantag,
    Modellvillkor,
    Viktserie,
)
from budget.stegutfall import radfordelning
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from rapport import frysning
from rapport.andel import partsandel
from rapport.arsserie import arsserie
from rapport.betalning import att_betala, betalar_for
from rapport.bygg import bygg
from rapport.faststallande import faststall
from rapport.omradesmatris import omradesmatris
from rapport.pdfunderlag import rakning
from rapport.plandokument import Arsfordelning
from tests.cast import Klientmakare, Parter
from tests.planfall import Planfall, planfall

DAG = date(2022, 12, 31)
BESLUT: dict[str, Any] = {"instans": "SGD", "beslutsdatum": date(2023, 10, 5), "paragraf": "12"}
TOTAL = 175_000_00


@pytest.fixture
def fall(delad_plan: Handlingsplan, folkmangd: None) -> Planfall:
    Fordelningsregel.objects.create(plan=delad_plan, budgetar=2024, folkmangdsdatum=DAG)
    return planfall(delad_plan)


def modell(plan: Handlingsplan, *grupper: dict[str, Any], namn: str = "Beslutad modell", **falt: Any) -> Kostnadsmodell:
    rad = Kostnadsmodell.objects.create(plan=plan, namn=namn, **falt)
    for nr, en in enumerate(grupper):
        Modellgrupp.objects.create(modell=rad, ordning=nr, **{"namn": f"grupp {nr}", **en})
    return rad


def blandning(plan: Handlingsplan, namn: str = "Lika och per invånare") -> Kostnadsmodell:
    """Region 30, municipalities 70, of which 30 % equally and 70 % per inhabitant."""
    return modell(
        plan,
        {"namn": "regionen", "andel": "30", "deltar": "region", "nyckel_1": "lika"},
        {
            "namn": "kommunerna",
            "andel": "70",
            "nyckel_1": "lika",
            "andel_1": "30 %",
            "nyckel_2": "invanare",
            "andel_2": "0,7",
        },
        namn=namn,
    )


def som_standard(plan: Handlingsplan, rad: Kostnadsmodell) -> None:
    Fordelningsregel.objects.filter(plan=plan, budgetar=2024).update(modell=rad)


def arets(plan: Handlingsplan) -> Arsfordelning:
    ars = bygg(plan).fordelning_for(2024)
    assert ars is not None
    return ars


def andelar(plan: Handlingsplan) -> dict[str, int]:
    fordelning = arets(plan).fordelning
    assert fordelning is not None, arets(plan).skal
    assert sum(en.belopp for en in fordelning.andelar) == fordelning.total
    return {en.kod: en.belopp for en in fordelning.andelar}


# --- The plan's default ----------------------------------------------------------------------------------------------


def test_a_model_in_place_of_the_ratio_splits_the_year(fall: Planfall) -> None:
    som_standard(fall.plan, blandning(fall.plan))
    # 70 % of 175 000 is 122 500; 30 % of it, 36 750, equally by three, 12 250 each; 85 750 per inhabitant of 493 203.
    assert andelar(fall.plan) == {"12": 52_500_00, "1275": 13_543_89, "1280": 74_384_82, "1281": 34_571_29}


def test_a_model_that_says_the_same_as_the_ratio_gives_the_same_ore(fall: Planfall) -> None:
    fore = andelar(fall.plan)
    samma = modell(fall.plan, {"deltar": "region", "nyckel_1": "lika"}, {"nyckel_1": "invanare"})
    som_standard(fall.plan, samma)
    fordelning = arets(fall.plan).fordelning
    assert fordelning is not None and fordelning.i_steg
    assert andelar(fall.plan) == fore


def test_a_model_that_cannot_be_used_says_why_and_nothing_is_split(fall: Planfall) -> None:
    som_standard(fall.plan, modell(fall.plan, {"andel": "0,3"}, {"andel": "0,6", "namn": "b"}, andelsform="andelar"))
    ars = arets(fall.plan)
    assert ars.fordelning is None
    assert "blir tillsammans 9/10, inte 1" in ars.skal


@pytest.mark.parametrize(
    ("falt", "sagt"),
    [
        ({"nyckel_1": "serie:99"}, "finns inte längre"),
        ({"nyckel_1": "invanare:0-17"}, "0–17 år den 2022-12-31 saknas"),
        ({"andel": "x"}, "inget exakt tal"),
        ({"andel_1": "0,5"}, "blir tillsammans 1/2, inte 1"),
        ({"deltar": "utvalda", "endast": "1280,9999"}, "9999"),
        ({"andel": "1000000000000"}, "ska vara ett exakt tal"),
    ],
)
def test_what_is_wrong_in_a_group_is_said(fall: Planfall, falt: dict[str, Any], sagt: str) -> None:
    som_standard(fall.plan, modell(fall.plan, falt))
    assert sagt in arets(fall.plan).skal


def test_the_models_rows_are_read_in_a_constant_number_of_statements(
    fall: Planfall, django_assert_num_queries: Any
) -> None:
    som_standard(fall.plan, blandning(fall.plan))
    regler = fordelningar.regler(fall.plan, [2024])
    with django_assert_num_queries(5):
        kostnadsmodeller.las(fall.plan, regler)
    for nr in range(5):
        omrade_modell = blandning(fall.plan, f"Modell {nr}")
        if nr < 2:
            utgava = (fall.npo, fall.sdk)[nr]
            Modellundantag.objects.create(plan=fall.plan, budgetar=2024, utgava=utgava, modell=omrade_modell, **BESLUT)
    with django_assert_num_queries(5):
        kostnadsmodeller.las(fall.plan, regler)


# --- Overrides -------------------------------------------------------------------------------------------------------


def test_an_area_is_split_by_another_model_and_the_rest_by_the_ratio(fall: Planfall) -> None:
    bara_malmo = modell(fall.plan, {"deltar": "utvalda", "endast": "1280", "nyckel_1": "lika"})
    Modellundantag.objects.create(plan=fall.plan, budgetar=2024, utgava=fall.sdk, modell=bara_malmo, **BESLUT)
    delar = andelar(fall.plan)
    assert delar["12"] == 50_000_00  # half of NPÖ's 100 000, nothing of SDK's 75 000
    assert delar["1275"] + delar["1280"] + delar["1281"] == 125_000_00
    tabell = omradesmatris(bygg(fall.plan), arets(fall.plan))
    assert tabell is not None
    assert {rad.kod: rad.celler for rad in tabell.rader}["sdk"] == (0, 0, 75_000_00, 0)
    assert list(tabell.summor) == list(delar.values())


def test_an_activity_with_an_amount_of_its_own_is_taken_out_of_its_area(fall: Planfall) -> None:
    lika = modell(fall.plan, {"deltar": "alla", "nyckel_1": "lika"})
    Modellundantag.objects.create(
        plan=fall.plan, budgetar=2024, utgava=fall.npo, aktivitet=fall.forsta, belopp=Money(40_000, "SEK"),
        modell=lika, **BESLUT,
    )  # fmt: skip
    assert andelar(fall.plan)["12"] == 10_000_00 + 135_000_00 // 2
    tabell = omradesmatris(bygg(fall.plan), arets(fall.plan))
    assert tabell is not None
    assert [(rad.kod, rad.belopp) for rad in tabell.rader] == [("npo", 100_000_00), ("sdk", 75_000_00)]


@pytest.mark.parametrize(
    ("undantag", "sagt"),
    [
        ({"belopp": Money(100_001, "SEK")}, "men området har 100\xa0000,00"),
        ({"borttagen": True}, "aktivitet som är borttagen"),
        ({"upphavt": date(2024, 5, 1)}, "upphävdes 2024-05-01"),
    ],
)
def test_an_override_that_cannot_be_used_is_refused_in_words(
    fall: Planfall, undantag: dict[str, Any], sagt: str
) -> None:
    if undantag.pop("borttagen", False):
        fall.forsta.borttagen_at = fall.plan.andrad_at
        fall.forsta.save()
    falt = {"belopp": Money(1_000, "SEK"), **BESLUT, **undantag}
    Modellundantag.objects.create(
        plan=fall.plan, budgetar=2024, utgava=fall.npo, aktivitet=fall.forsta, modell=blandning(fall.plan), **falt
    )
    ars = arets(fall.plan)
    assert ars.fordelning is None
    assert sagt in ars.skal


def test_an_override_of_an_area_without_an_amount_stops_nothing(fall: Planfall) -> None:
    fall.plan.alla_poster.filter(utgava=fall.sdk).update(slag="okant", belopp=None)
    Modellundantag.objects.create(plan=fall.plan, budgetar=2024, utgava=fall.sdk, modell=blandning(fall.plan), **BESLUT)
    assert andelar(fall.plan)["12"] == 50_000_00


# --- Single parties --------------------------------------------------------------------------------------------------


def test_a_party_pays_less_by_decision_and_another_pays_in_its_place(
    fall: Planfall, parter: Parter, samordnare: Anvandare, klient_for: Klientmakare
) -> None:
    rad = blandning(fall.plan)
    som_standard(fall.plan, rad)
    skal: dict[str, Any] = {"modell": rad, "motivering": "Ny i samarbetet", **BESLUT}
    Modellvillkor.objects.create(slag="faktor", huvudman=parter["1275"], faktor="1/2", bars_av="regionen", **skal)
    Modellvillkor.objects.create(slag="betalare", huvudman=parter["1275"], betalas_av=parter["1281"], **skal)
    Modellvillkor.objects.create(
        slag="tak", huvudman=parter["1280"], belopp=Money(70_000, "SEK"), bars_av="gruppen", **skal
    )
    delar = andelar(fall.plan)
    assert delar["1280"] == 70_000_00
    ars = arets(fall.plan)
    att = att_betala(ars)
    assert (att["1275"], att["1281"]) == (0, delar["1281"] + delar["1275"])
    assert sum(att.values()) == TOTAL
    assert betalar_for(ars)["1281"] == {"1275": delar["1275"], "1281": delar["1281"]}
    dokument = bygg(fall.plan)
    sida = partsandel(dokument, ars, dokument.parter[1], arsserie(fall.plan, dokument))
    assert sida.betalning == "Betalas av Lunds kommun. Att betala i allt: 0,00\xa0kr."
    assert sida.steg[-1].resultat.startswith("0,00")
    klient = klient_for(samordnare)
    svar = klient.get(reverse("huvudman_andel", args=[2024, "1275"])).content.decode()
    assert '<h2 id="r-belopp">Andelen</h2>' in svar
    egen = visa_kr(delar["1275"])
    assert sida.vad_betalas == f"0,00\xa0kr 2024. Andelen är {egen}\xa0kr."
    assert sida.vad_betalas in svar
    assert "Betalas av Lunds kommun." in svar
    fordelning = klient.get(reverse("fordelning", args=[2024])).content.decode()
    assert "Lunds kommun betalar också för Perstorps kommun." in fordelning
    data = klient.get(reverse("fordelning_json", args=[2024])).json()
    assert {en["kod"]: en["betalar"] for en in data["andelar"]} == att
    rader = klient.get(reverse("fordelning_csv", args=[2024])).content.decode("utf-8-sig").splitlines()
    assert rader[0].endswith(";Andel, kr;Betalar, kr")


def test_who_pays_for_each_other_in_a_circle_is_refused(fall: Planfall, parter: Parter) -> None:
    rad = blandning(fall.plan)
    som_standard(fall.plan, rad)
    skal: dict[str, Any] = {"modell": rad, "slag": "betalare", "motivering": "Prov", **BESLUT}
    Modellvillkor.objects.create(huvudman=parter["1275"], betalas_av=parter["1281"], **skal)
    Modellvillkor.objects.create(huvudman=parter["1281"], betalas_av=parter["1275"], **skal)
    assert "går i ring 2024: Perstorps kommun → Lunds kommun" in arets(fall.plan).skal


def test_a_municipality_that_joins_in_the_middle_of_the_year_pays_for_its_days(fall: Planfall) -> None:
    hela = andelar(fall.plan)
    Huvudman.objects.filter(kod="1281").update(deltar_fran=date(2024, 7, 1))
    delar = andelar(fall.plan)
    # 184 of 366 days weigh 128 384 inhabitants; the others carry more, and the region the same.
    vikt = 128_384 * 184
    assert delar["1281"] == pytest.approx(87_500_00 * vikt / (vikt + (7_442 + 357_377) * 366), abs=1)
    assert delar["12"] == hela["12"]
    assert delar["1280"] > hela["1280"]


def test_a_municipality_that_has_left_is_not_asked_for_inhabitants(fall: Planfall) -> None:
    Huvudman.objects.filter(kod="1275").update(deltar_till=date(2023, 12, 31))
    Folkmangd.objects.filter(huvudman__kod="1275").delete()
    assert set(andelar(fall.plan)) == {"12", "1280", "1281"}
    fordelning = arets(fall.plan).fordelning
    assert fordelning is not None
    assert not fordelning.i_steg  # whole years need no steps


# --- Weights of other kinds ------------------------------------------------------------------------------------------


def test_usage_and_a_decided_table_weigh_and_a_missing_party_is_named(fall: Planfall) -> None:
    serie = Viktserie.objects.create(
        plan=fall.plan, slag="anvandning", namn="inloggningar", fran=date(2023, 1, 1), till=date(2023, 12, 31),
        varden="1275 Perstorps kommun 100\n1280\t300\n1281: 600",
    )  # fmt: skip
    som_standard(fall.plan, modell(fall.plan, {"nyckel_1": f"serie:{serie.pk}"}))
    assert andelar(fall.plan) == {"12": 0, "1275": 17_500_00, "1280": 52_500_00, "1281": 105_000_00}
    serie.varden = "1275 100\n1280 300"
    serie.save()
    assert "Lunds kommun (1281)" in arets(fall.plan).skal
    serie.varden = "1275 0\n1280 0\n1281 0"
    serie.save()
    assert arets(fall.plan).fordelning is None
    tabell = Viktserie.objects.create(plan=fall.plan, slag="tabell", namn="enligt avtal", varden="1275 1/3\n1280 2/3")
    bara_tva = {"nyckel_1": f"serie:{tabell.pk}", "deltar": "utvalda", "endast": "1275,1280"}
    som_standard(fall.plan, modell(fall.plan, bara_tva, namn="Avtalet"))
    assert andelar(fall.plan) == {"12": 0, "1275": 58_333_33, "1280": 116_666_67, "1281": 0}


def test_an_age_span_weighs_and_its_figures_are_known_to_be_depended_on(fall: Planfall, parter: Parter) -> None:
    for kod, antal in (("1275", 1_000), ("1280", 2_000), ("1281", 1_000)):
        Folkmangd.objects.create(huvudman=parter[kod], datum=DAG, antal=antal, fran_alder=0, till_alder=17, kalla="SCB")
    som_standard(fall.plan, modell(fall.plan, {"nyckel_1": "invanare:0-17"}))
    assert andelar(fall.plan)["1280"] == 87_500_00
    (ett,) = beroenden(DAG, {"1280": 3_000}, "0-17").flyttas
    assert {rad.kod: rad.efter for rad in ett.rader}["1280"] == 105_000_00
    assert not beroenden(DAG, {"1280": 3_000}, "65-").finns


# --- Stored, shown and computed again --------------------------------------------------------------------------------


@pytest.fixture
def i_steg(fall: Planfall) -> Planfall:
    """A default in steps, and another model for SDK."""
    som_standard(fall.plan, blandning(fall.plan))
    bara_malmo = modell(fall.plan, {"deltar": "utvalda", "endast": "1280", "nyckel_1": "lika"}, namn="Bara Malmö")
    Modellundantag.objects.create(plan=fall.plan, budgetar=2024, utgava=fall.sdk, modell=bara_malmo, **BESLUT)
    return fall


def test_an_adopted_plan_keeps_its_models_and_gives_the_same_ore_again(i_steg: Planfall, samordnare: Anvandare) -> None:
    plan = i_steg.plan
    fore = andelar(plan)
    faststall(plan, version=plan.version, datum=date(2024, 1, 15), hanvisning="Beslut", av=samordnare, pdf=False)
    Kostnadsmodell.objects.update(andelsform="andelar")
    Modellgrupp.objects.update(andel="5", nyckel_1="lika")
    Folkmangd.objects.update(antal=1)
    plan.refresh_from_db()
    lagrad: Fordelning = fordelningar.lagrade_ar(plan, [2024])[2024]
    assert {en.kod: en.belopp for en in lagrad.andelar} == fore
    assert fordelningar.rakna_om(lagrad) == lagrad
    fryst = frysning.las(plan)
    assert fryst is not None
    ars = fryst.fordelning_for(2024)
    assert ars is not None and ars.fordelning == lagrad
    utfall = radfordelning(lagrad)
    assert utfall is not None
    assert [del_.fordelning.modell.namn for del_ in utfall.delar] == ["Lika och per invånare", "Bara Malmö"]
    assert frysning.fran_json(frysning.till_json(fryst)) == fryst


def test_the_pages_say_which_models_split_the_year(
    i_steg: Planfall, samordnare: Anvandare, klient_for: Klientmakare
) -> None:
    klient: Client = klient_for(samordnare)
    sida = klient.get(reverse("fordelning", args=[2024])).content.decode()
    assert "efter 2 modeller" in sida
    assert "Kostnaden delas så att regionen bär" in sida
    assert "enligt SGD 2023-10-05" in sida
    andel = klient.get(reverse("huvudman_andel", args=[2024, "1280"])).content.decode()
    assert '<p class="harledning__modell">Bara Malmö</p>' in andel
    assert " kommuner, varav Malmö stad" in andel  # not by inhabitants: one of the models is not
    assert "Hela andelen för Malmö stad" in andel
    assert klient.get(reverse("fordelning_omraden", args=[2024, 2024])).status_code == 200
    assert klient.get(reverse("budget_redigera", args=[2024])).status_code == 200
    _, text, alla = rakning(bygg(i_steg.plan))
    assert text.startswith("”Bara Malmö” (Säker digital kommunikation")
    assert alla.startswith("Varje andel räknas ur hela beloppet")


def test_the_effects_between_two_years_sum_when_the_model_is_another(i_steg: Planfall) -> None:
    plan = i_steg.plan
    for utgava, kronor in ((i_steg.npo, 80_000), (i_steg.sdk, 90_000)):
        plan.alla_poster.create(utgava=utgava, budgetar=2023, finansiering="sgd", slag="belopp", belopp=kronor)
    dokument = bygg(plan)
    ars = arets(plan)
    for part in dokument.parter:
        sida = partsandel(dokument, ars, part, arsserie(plan, dokument))
        assert len(sida.effekter) == 3, sida.forandring.anmarkningar
        assert sum(effekt.belopp for effekt in sida.effekter) == sida.skillnad
        if part.kod == "1280":
            assert "Malmö stad hade " in sida.effekter[1].forklaring
            assert sida.effekter[1].forklaring.endswith("Hit räknas också andra tal som modellerna väger efter.")


def test_where_a_model_is_used_is_told(i_steg: Planfall) -> None:
    standard, bara_malmo = Kostnadsmodell.objects.order_by("pk")
    assert anvands(standard) == ["standard för 2024"]
    assert anvands(bara_malmo) == ["Säker digital kommunikation 2024"]


def test_the_model_takes_unit_and_date_from_the_years_rule(i_steg: Planfall) -> None:
    regel = Fordelningsregel.objects.get(plan=i_steg.plan)
    regel.enhet = "krona"
    modellen = som_stegmodell(Kostnadsmodell.objects.order_by("pk")[0], regel)
    assert modellen.enhet == "krona"
    assert modellen.grupper[1].alla_led[1].nyckel.datum == DAG
