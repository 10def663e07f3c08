"""The worked example beneath a model's forms answers while somebody types, and nothing is saved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from budget.models import Folkmangd, Kostnadsmodell
from handlingsplan.models import Handlingsplan
from tests.budgetfall import formular
from tests.cast import Parter
from tests.historikfall import rader
from tests.modellfall import (
    adress,
    felet,
    ny_grupp,
    ny_modell,
    skicka,
    villkor_sant,
)
from tests.planfall import Planfall, planfall
from tests.sidor import lasbar_text


@pytest.fixture
def fall(delad_plan: Handlingsplan, parter: Parter, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


@pytest.fixture
def modell(fall: Planfall) -> Kostnadsmodell:
    return ny_modell(fall.plan)


def oppen_form(klient: Client, vart: str, falt: str, del_id: str, **mer: Any) -> dict[str, Any]:
    """What the script sends of an open form: each name behind the part's id."""
    return {f"{del_id}:{namn}": varde for namn, varde in (formular(klient.get(vart), falt) | mer).items()}


def test_the_example_follows_what_is_typed_and_nothing_is_saved(
    klient: Client, modell: Kostnadsmodell, fall: Planfall
) -> None:
    grupp = modell.alla_grupper.get(ordning=1)
    sant = oppen_form(klient, adress("modellgrupp_redigera", grupp.pk), "andel", f"grupp-{grupp.pk}", andel="3")
    sant |= oppen_form(klient, adress("modellvillkor_ny", modell.pk), "motivering", "villkor-ny", **villkor_sant())
    svar = klient.post(adress("modell_rakna", modell.pk), sant)
    assert "regionen bär 75 % och kommunerna 25 %; " in lasbar_text(svar)
    assert "Malmö stad betalar högst 5 000 kr" in lasbar_text(svar)
    andelar = {en.kod: en.andel for en in svar.context["exempel"].rader}
    assert andelar["1280"] == 5_000_00
    assert sum(andelar.values()) == 175_000_00
    assert (rader(fall.plan), modell.alla_villkor.count()) == ([], 0)
    grupp.refresh_from_db()
    assert grupp.andel == "1"


def test_an_age_span_can_be_tried_before_it_is_saved(klient: Client, modell: Kostnadsmodell, parter: Parter) -> None:
    Folkmangd.objects.bulk_create(
        Folkmangd(huvudman=parter[kod], datum=date(2022, 12, 31), fran_alder=0, till_alder=17, antal=antal, kalla="SCB")
        for kod, antal in (("1280", 3), ("1275", 1), ("1281", 1))
    )
    grupp = modell.alla_grupper.get(ordning=2)
    vart = adress("modellgrupp_redigera", grupp.pk)
    sant = oppen_form(klient, vart, "andel", f"grupp-{grupp.pk}", nyckel_1="invanare:0-17")
    svar = klient.post(adress("modell_rakna", modell.pk), sant)
    assert "efter antal invånare 0–17 år den 31 december 2022" in lasbar_text(svar)
    assert [en.andel for en in svar.context["exempel"].rader] == [87_500_00, 17_500_00, 52_500_00, 17_500_00]


def test_what_cannot_be_read_yet_counts_as_it_is_saved_and_is_named(klient: Client, modell: Kostnadsmodell) -> None:
    grupp = modell.alla_grupper.get(ordning=1)
    vart = adress("modellgrupp_redigera", grupp.pk)
    sant = oppen_form(klient, vart, "andel", f"grupp-{grupp.pk}", andel="tre")
    svar = klient.post(adress("modell_rakna", modell.pk), sant | {"grupp-999:andel": "1", "sdk-1:andel": "1"})
    assert "Går inte att läsa än och räknas som det är sparat: gruppen regionen." in lasbar_text(svar)
    assert svar.context["exempel"].summa.andel == 175_000_00


@pytest.mark.parametrize(
    ("andringar", "sags"),
    [
        ({"andelsform": "andelar"}, "Gruppernas andelar i Egen modell blir tillsammans 2, inte 1."),
        (
            {"instans": "CTB", "beslutsdatum": "2023-01-01", "paragraf": "1", "upphavt": "2024-03-01"},
            "upphävdes 2024-03-01",
        ),
    ],
)
def test_the_model_itself_may_be_typed_wrong_and_says_so(
    klient: Client, modell: Kostnadsmodell, andringar: dict[str, str], sags: str
) -> None:
    sant = oppen_form(klient, adress("modell_redigera", modell.pk), "namn", "modell", **andringar)
    assert sags in lasbar_text(klient.post(adress("modell_rakna", modell.pk), sant))


def test_a_decision_is_whole_or_not_there(klient: Client, modell: Kostnadsmodell) -> None:
    svar = skicka(klient, adress("modell_redigera", modell.pk), "namn", instans="CTB")
    assert "Ett beslut har instans, datum och paragraf." in felet(svar, "paragraf")


def test_the_example_costs_no_more_for_more_groups(klient: Client, modell: Kostnadsmodell) -> None:
    antal = []
    for fler in ((), range(3, 9)):
        for nr in fler:
            ny_grupp(modell, nr, borttagen_at=timezone.now())
        with CaptureQueriesContext(connection) as fragor:
            klient.get(adress("modell", modell.pk))
        antal.append(len(fragor))
    assert antal[0] == antal[1] <= 40
