"""Overrides of areas and activities, models in the year's rule, and what the history says of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from djmoney.money import Money

from budget.formular_villkor import Undantagsformular
from budget.models import Fordelningsregel, Kostnadsmodell, Modellundantag
from handlingsplan.models import Handlingsplan
from tests.budgetfall import formular
from tests.cast import Parter
from tests.historikfall import hel
from tests.modellfall import (
    BESLUT_SANT,
    adress,
    felet,
    ny_modell,
    ny_serie,
    nytt_undantag,
    nytt_villkor,
    skicka,
    vagras,
)
from tests.planfall import Planfall, planfall
from tests.sidor import lasbar_text


@pytest.fixture
def fall(delad_plan: Handlingsplan, parter: Parter, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


@pytest.fixture
def modell(fall: Planfall) -> Kostnadsmodell:
    return ny_modell(fall.plan)


def undantag_sant(fall: Planfall, modell: Kostnadsmodell, **mer: Any) -> dict[str, Any]:
    return {"budgetar": "2024", "utgava": str(fall.npo.pk), "modell": str(modell.pk)} | BESLUT_SANT | mer


UNDANTAGSFEL = [
    ({"instans": ""}, "instans", "vilken instans"),
    ({"beslutsdatum": ""}, "beslutsdatum", "beslutets datum"),
    ({"paragraf": ""}, "paragraf", "paragraf"),
    ({"belopp": "5"}, "belopp", "inget eget belopp"),
    ({"aktivitet": "forsta"}, "belopp", "Skriv aktivitetens belopp"),
    ({"aktivitet": "forsta", "belopp": "0"}, "belopp", "över 0 kr"),
    ({"aktivitet": "forsta", "belopp": "100 000,01"}, "belopp", "har 100 000 kr i SGD-medel, mindre än så"),
    ({"aktivitet": "forsta", "belopp": "5", "utgava": "sdk"}, "aktivitet", "hör till Nationell patientöversikt"),
    ({"modell": ""}, "modell", "vilken modell"),
]


def test_an_override_is_refused_beside_the_field(klient: Client, fall: Planfall, modell: Kostnadsmodell) -> None:
    nycklar = {"forsta": str(fall.forsta.pk), "sdk": str(fall.sdk.pk)}
    alla = [
        ({namn: nycklar.get(ett, ett) for namn, ett in mer.items()}, falt, sags) for mer, falt, sags in UNDANTAGSFEL
    ]
    grund = undantag_sant(fall, modell, diarienummer="DNR-7")
    vagras(klient, adress("modellundantag_ny"), "paragraf", grund, alla, "DNR-7")
    assert not Modellundantag.objects.exists()


def test_two_models_on_one_row_are_refused_in_words(klient: Client, fall: Planfall, modell: Kostnadsmodell) -> None:
    vart = adress("modellundantag_ny")
    assert skicka(klient, vart, "paragraf", **undantag_sant(fall, modell)).status_code == 302
    svar = skicka(klient, vart, "paragraf", **undantag_sant(fall, modell))
    assert "Nationell patientöversikt delas redan efter modellen Egen modell 2024" in felet(svar, "utgava")
    egen = {"aktivitet": str(fall.forsta.pk), "belopp": "60 000"}
    assert skicka(klient, vart, "paragraf", **undantag_sant(fall, modell, **egen)).status_code == 302
    svar = skicka(klient, vart, "paragraf", **undantag_sant(fall, modell, **egen))
    assert "Första delas redan" in felet(svar, "aktivitet")
    annan = {"aktivitet": str(fall.andra.pk), "belopp": "40 001"}
    svar = skicka(klient, vart, "paragraf", **undantag_sant(fall, modell, **annan))
    assert "har 40 000 kr i SGD-medel kvar efter andra undantag" in felet(svar, "belopp").replace("\u00a0", " ")
    assert "Nationell patientöversikt 2024: Första, 60 000 kr" in lasbar_text(klient.get(adress("modeller")))
    hel(fall.plan)


def test_an_override_keeps_its_own_row_when_it_is_changed(
    klient: Client, fall: Planfall, modell: Kostnadsmodell
) -> None:
    ett = nytt_undantag(fall.npo, modell, aktivitet=fall.forsta, belopp=Money(60_000, "SEK"))
    assert skicka(klient, adress("modellundantag_redigera", ett.pk), "paragraf", belopp="100 000").status_code == 302
    form = Undantagsformular(instance=Modellundantag.objects.get(pk=ett.pk))
    assert form["belopp"].value() == "100 000".replace(" ", "\u00a0")


def test_two_who_change_different_things_in_an_override_are_both_saved(
    klient: Client, fall: Planfall, modell: Kostnadsmodell
) -> None:
    ett, annan = nytt_undantag(fall.npo, modell), ny_modell(fall.plan, "En annan")
    vart = adress("modellundantag_redigera", ett.pk)
    data = formular(klient.get(vart), "paragraf")
    skicka(klient, vart, "paragraf", paragraf="99")
    assert klient.post(vart, data | {"modell": str(annan.pk)}).status_code == 302
    ett.refresh_from_db()
    assert (ett.paragraf, ett.modell) == ("99", annan)
    svar = klient.post(vart, data | {"modell": str(ny_modell(fall.plan, "En tredje").pk)})
    assert svar.status_code == 409
    assert "Sparat: Modell" in lasbar_text(svar)


def test_a_model_in_use_stays_and_says_where(klient: Client, fall: Planfall, modell: Kostnadsmodell) -> None:
    vart = reverse("regel_redigera", args=[2024, 2024])
    assert skicka(klient, vart, "andel_region", modell=str(modell.pk)).status_code == 302
    assert Fordelningsregel.objects.get().modell == modell
    nytt_undantag(fall.npo, modell)
    assert "så det som sparas här ändrar planens fördelning" in lasbar_text(klient.get(adress("modell", modell.pk)))
    svar = klient.post(adress("modell_ta_bort", modell.pk), {"version": "1"}, follow=True)
    assert "Egen modell används: standard för 2024; Nationell patientöversikt 2024." in lasbar_text(svar)
    modell.refresh_from_db()
    assert modell.borttagen_at is None


def test_the_years_rule_takes_a_model_that_can_be_used_and_only_such(
    klient: Client, fall: Planfall, modell: Kostnadsmodell
) -> None:
    tom = Kostnadsmodell.objects.create(plan=fall.plan, namn="Tom")
    vart = reverse("regel_redigera", args=[2024, 2024])
    svar = skicka(klient, vart, "andel_region", modell=str(tom.pk))
    assert "Tom går inte att använda" in felet(svar, "modell")
    assert "inte båda vara 0" in lasbar_text(skicka(klient, vart, "andel_region", andel_region="0", andel_grupp="0"))
    modell.alla_grupper.filter(ordning=1).update(andel="3")
    skicka(klient, vart, "andel_region", modell=str(modell.pk))
    assert "131 250,00" in lasbar_text(klient.get(reverse("fordelning", args=[2024])))  # 3/4 of 175 000


def test_a_removed_model_comes_back_unless_its_name_is_taken(klient: Client, modell: Kostnadsmodell) -> None:
    klient.post(adress("modell_ta_bort", modell.pk), {"version": "1"})
    assert klient.get(adress("modell", modell.pk)).status_code == 404
    assert klient.get(adress("modellgrupp_ny", modell.pk)).status_code == 404
    ny_modell(modell.plan)
    svar = klient.post(adress("modell_aterstall", modell.pk), {"version": "2"}, follow=True)
    assert "Planen har redan en modell med det namnet." in lasbar_text(svar)
    Kostnadsmodell.objects.exclude(pk=modell.pk).update(namn="Annan")
    klient.post(adress("modell_aterstall", modell.pk), {"version": "2"})
    modell.refresh_from_db()
    assert modell.borttagen_at is None


def test_what_is_removed_of_a_model_is_found_in_its_history_and_in_the_plans(
    klient: Client, modell: Kostnadsmodell
) -> None:
    grupp, villkor = modell.alla_grupper.get(ordning=2), nytt_villkor(modell)
    klient.post(adress("modellgrupp_ta_bort", grupp.pk), {"version": "1"})
    klient.post(adress("modellvillkor_ta_bort", villkor.pk), {"version": "1"})
    for vart in (adress("historik_del", "modell", modell.pk), adress("plan_historik") + "?slag=borttaget"):
        sida = lasbar_text(klient.get(vart))
        assert "Grupp i en modell: kommunerna" in sida
        assert "Villkor i en modell: Malmö stad: betalar en del av sin andel" in sida
    for sort, nyckel, rubrik in (
        ("modellgrupp", grupp.pk, "Egen modell: gruppen kommunerna"),
        ("modellvillkor", villkor.pk, "Egen modell: villkoret för Malmö stad"),
        ("modeller", modell.plan_id, "Kostnadsmodeller, nycklar och undantag"),
    ):
        assert rubrik in lasbar_text(klient.get(adress("historik_del", sort, nyckel)))


def test_the_history_names_parties_and_keys(klient: Client, modell: Kostnadsmodell) -> None:
    serie = ny_serie(modell.plan)
    grupp = modell.alla_grupper.get(ordning=2)
    vart = adress("modellgrupp_redigera", grupp.pk)
    skicka(klient, vart, "andel", deltar="utvalda", endast=["1280"], nyckel_1=f"serie:{serie.pk}")
    sida = lasbar_text(klient.get(adress("historik_del", "modellgrupp", grupp.pk)))
    assert "Malmö" in sida
    assert "1280" not in sida
    assert "inloggningar" in sida
    assert "serie:" not in sida


def test_a_party_can_join_and_leave_in_the_middle_of_a_year(klient: Client, fall: Planfall) -> None:
    vart = reverse("huvudman_redigera", args=["1275"])
    svar = skicka(klient, vart, "namn", deltar_fran="2024-07-01", deltar_till="2024-06-30")
    assert "inte lämna samarbetet före 2024-07-01" in felet(svar, "deltar_till")
    assert skicka(klient, vart, "namn", deltar_fran="2024-07-01").status_code == 302
    assert "deltar från 2024-07-01" in lasbar_text(klient.get(reverse("huvudman_lista")))
