"""What if another cost model were used: tried, kept, made the plan's rule; refused where a year cannot be shared."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budget.models import (
    Folkmangd,
    Fordelningsregel,
    Kostnadsmodell,
    Modellgrupp,
    Modellundantag,
    Scenario,
    Viktserie,
)
from handlingsplan.models import Handlingsplan
from rapport.faststallande import faststall
from tests.budgetfall import Budgetfall, budgetfall, formular
from tests.cast import Parter
from tests.historikfall import rader
from tests.planfall import planfall
from tests.scenariofall import NBSP, PROVA, celltext, formen, plandata, regel, svarsrader, text_i
from tests.sidor import synlig_text

MODELL = "regel-2024-modell"


def modell(plan: Handlingsplan, namn: str, andelar: tuple[str, str], nyckel: str = "invanare") -> Kostnadsmodell:
    """The region's part and the municipalities', which they share by *nyckel*."""
    ny = Kostnadsmodell.objects.create(plan=plan, namn=namn)
    Modellgrupp.objects.create(
        modell=ny, ordning=1, namn="regionen", andel=andelar[0], deltar="region", nyckel_1="lika"
    )
    Modellgrupp.objects.create(modell=ny, ordning=2, namn="kommunerna", andel=andelar[1], nyckel_1=nyckel)
    return ny


@pytest.fixture
def fall(delad_plan: Handlingsplan, folkmangd: None) -> Budgetfall:
    return budgetfall(delad_plan)


@pytest.fixture
def trettio(fall: Budgetfall) -> Kostnadsmodell:
    return modell(fall.plan, "Trettio sjuttio", ("30", "70"))


def prova(klient: Client, **andrat: str) -> Any:
    return klient.post(PROVA, formen(klient) | andrat)


def test_without_models_there_is_no_choice(klient: Client, fall: Budgetfall) -> None:
    assert "Modell" not in synlig_text(klient.get(PROVA))


def test_a_model_is_tried_beside_the_ratio(klient: Client, trettio: Kostnadsmodell) -> None:
    fore = plandata()
    svar = prova(klient, **{MODELL: str(trettio.pk)})
    sjalv = prova(klient, **{"regel-2024-andel_region": "30", "regel-2024-andel_grupp": "70"})
    assert svarsrader(svar) == svarsrader(sjalv)
    assert svarsrader(svar)["12"][:3] == (f"250{NBSP}000,00", f"150{NBSP}000,00", f"\u2212100{NBSP}000,00")
    assert f"regionen bär 30{NBSP}%" in text_i(svar.content.decode(), "skal-2024")
    assert plandata() == fore


def test_equal_parts_without_inhabitants(klient: Client, fall: Budgetfall) -> None:
    lika = modell(fall.plan, "Lika", ("1", "1"), "lika")
    svar = prova(klient, **{MODELL: str(lika.pk), "regel-2024-folkmangdsdatum": "2030-12-31"})
    assert svar.status_code == 200
    assert sorted(svarsrader(svar)[kod][1] for kod in ("1275", "1280", "1281")) == [
        f"83{NBSP}333,33",
        f"83{NBSP}333,33",
        f"83{NBSP}333,34",
    ]


def test_an_age_span_on_another_date_is_fetched(klient: Client, fall: Budgetfall, parter: Parter) -> None:
    unga = str(modell(fall.plan, "Unga", ("1", "1"), "invanare:0-17").pk)
    for kod, antal in (("1275", 1), ("1280", 3), ("1281", 1)):
        Folkmangd.objects.create(
            huvudman=parter[kod], datum=date(2021, 12, 31), fran_alder=0, till_alder=17, antal=antal, kalla="SCB"
        )
    assert "saknas" in text_i(prova(klient, **{MODELL: unga}).content.decode(), f"fel-{MODELL}")
    andelar = svarsrader(prova(klient, **{MODELL: unga, "regel-2024-folkmangdsdatum": "2021-12-31"}))
    assert andelar["1280"][1] == f"150{NBSP}000,00"
    svar = prova(klient, **{MODELL: unga, "regel-2024-folkmangdsdatum": "2030-12-31"})
    assert "2030-12-31" in text_i(svar.content.decode(), "fel-regel-2024-folkmangdsdatum")


def test_a_model_that_cannot_share_the_year_is_refused_beside_its_field(klient: Client, fall: Budgetfall) -> None:
    serie = Viktserie.objects.create(
        plan=fall.plan, slag="anvandning", namn="Inloggningar", fran="2023-01-01", till="2023-12-31", varden="1280 3"
    )
    svar = prova(klient, **{MODELL: str(modell(fall.plan, "Användning", ("1", "1"), f"serie:{serie.pk}").pk)})
    fel = text_i(svar.content.decode(), f"fel-{MODELL}")
    assert svar.status_code == 422
    assert "Perstorps kommun" in fel and "Inloggningar" in fel
    assert svarsrader(svar)["12"][2] == "0,00"
    per_invanare = str(modell(fall.plan, "Per invånare", ("1", "1")).pk)
    svar = prova(klient, **{MODELL: per_invanare, "regel-2024-folkmangdsdatum": "2030-12-31"})
    assert "2030-12-31 saknas" in text_i(svar.content.decode(), "fel-regel-2024-folkmangdsdatum")


def test_another_plans_model_cannot_be_chosen(klient: Client, trettio: Kostnadsmodell) -> None:
    annan = Handlingsplan.objects.create(fran_ar=2030, till_ar=2030, titel="Annan")
    svar = prova(klient, **{MODELL: str(modell(annan, "Annan plans", ("1", "2")).pk)})
    assert "inte kvar i planen" in text_i(svar.content.decode(), f"fel-{MODELL}")
    assert "Annan plans" not in svar.content.decode()


def sparat(klient: Client, namn: str, **andrat: str) -> Scenario:
    assert klient.post(f"{PROVA}scenario/nytt/", formen(klient) | {"namn": namn} | andrat).status_code == 302
    return Scenario.objects.get(namn=namn)


def test_it_is_kept_and_becomes_the_plans_rule(klient: Client, trettio: Kostnadsmodell, fall: Budgetfall) -> None:
    regel(fall.plan)
    rad = sparat(klient, "Modellen", **{MODELL: str(trettio.pk)})
    assert rad.innehall["regler"] == {"2024": {"modell": [0, trettio.pk]}}
    till = reverse("scenario_till_budget", args=[2024, rad.pk])
    sida = klient.get(till)
    assert "Modell 2024 förhållandet Trettio sjuttio" in celltext(sida)
    data = formular(sida, "avtryck")
    assert data["hanvisning-2024"] == ""
    assert klient.post(till, data | {"hanvisning-2024": "§ 9"}).status_code == 302
    assert Fordelningsregel.objects.get().modell == trettio
    assert rader(fall.plan)[-1].falt == {"modell": [None, trettio.pk], "hanvisning": ["Beslut § 1", "§ 9"]}
    assert "Trettio sjuttio" in synlig_text(klient.get("/plan/2024/historik/"))
    nu = klient.get(PROVA)
    assert svarsrader(nu)["12"][0] == f"150{NBSP}000,00"
    assert "Nu efter Trettio sjuttio" in synlig_text(nu)
    tillbaka = prova(klient, **{MODELL: "0"})
    assert svarsrader(tillbaka)["12"][:2] == (f"150{NBSP}000,00", f"250{NBSP}000,00")


def test_a_model_that_is_removed_since_is_said_and_nothing_is_done(klient: Client, trettio: Kostnadsmodell) -> None:
    rad = sparat(klient, "Modellen", **{MODELL: str(trettio.pk)})
    Kostnadsmodell.objects.update(borttagen_at=timezone.now())
    svar = klient.get(reverse("scenario", args=[2024, rad.pk]))
    assert "Modellen är inte kvar i planen" in text_i(svar.content.decode(), f"fel-{MODELL}")
    till = klient.get(reverse("scenario_till_budget", args=[2024, rad.pk]))
    assert "Går inte att föra över." in synlig_text(till)
    assert 'name="avtryck"' not in till.content.decode()


def test_what_has_a_model_of_its_own_keeps_it_while_the_rest_is_tried(
    klient: Client, trettio: Kostnadsmodell, fall: Budgetfall
) -> None:
    beslut = {"instans": "CSO", "beslutsdatum": date(2023, 9, 1), "paragraf": "4"}
    Modellundantag.objects.create(plan=fall.plan, budgetar=2024, utgava=fall.mina_planer, modell=trettio, **beslut)
    svar = prova(klient, **{fall.namn(fall.beslutsstod): "100 000"})
    # 30 % of 500 000 for the area that has another model, half of the rest.
    assert svarsrader(svar)["12"][:2] == (f"150{NBSP}000,00", f"200{NBSP}000,00")
    assert "Mina planer delas efter ”Trettio sjuttio”." in text_i(svar.content.decode(), "skal-2024")


def test_a_plan_decided_by_a_model_is_tried_by_it_and_by_the_inhabitants_that_were_decided_on(
    klient: Client, delad_plan: Handlingsplan, folkmangd: None
) -> None:
    planfall(delad_plan)
    per_invanare = modell(delad_plan, "Trettio sjuttio", ("30", "70"))
    regel(delad_plan, modell=per_invanare)
    faststall(delad_plan, version=1, datum=date(2024, 1, 31), hanvisning="§ 1", av=None, pdf=False)
    perstorp = Folkmangd.objects.get(huvudman__kod="1275", datum=date(2022, 12, 31))
    Folkmangd.objects.create(
        huvudman=perstorp.huvudman, datum=perstorp.datum, antal=100_000, revision=2, kalla="Rättat"
    )
    data = formen(klient)
    npo = next(namn for namn in data if namn.endswith("-2024-sgd") and not namn.startswith("bas"))
    svar = klient.post(PROVA, data | {npo: "275 000"})
    assert "Beslutat efter Trettio sjuttio" in synlig_text(svar)
    andelar = svarsrader(svar)
    assert andelar["12"][:2] == (f"52{NBSP}500,00", f"105{NBSP}000,00")
    assert {en[3] for en in andelar.values()} == {f"+100,0{NBSP}%"}
