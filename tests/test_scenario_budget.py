"""A scenario becomes the draft budget: as it was shown or not at all, with an entry for each change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budget.models import Budgetpost, Budgetrad, Folkmangd, Fordelningsregel, Scenario
from budget.scenariobudget import forhandsvisa
from handlingsplan.models import Anvandare, Handlingsplan
from tests.budgetfall import Budgetfall, Formdata, budgetfall, formular, skriv_post
from tests.cast import Klientmakare
from tests.historikfall import falt, hel, rader
from tests.scenariofall import NBSP, PROVA, celltext, formen, plandata, regel, scenario, svarsrader
from tests.sidor import synlig_text


@pytest.fixture
def fall(delad_plan: Handlingsplan, folkmangd: None) -> Budgetfall:
    return budgetfall(delad_plan)


def provat(klient: Client, fall: Budgetfall, **andrat: str) -> Scenario:
    """Saved through the page: Mina planer 600 000 kr, and what `andrat` says."""
    val = {fall.namn(fall.mina_planer): "600 000", "namn": "Mer"}
    assert klient.post(f"{PROVA}scenario/nytt/", formen(klient) | val | andrat).status_code == 302
    return Scenario.objects.get()


def vag(rad: Scenario) -> str:
    return reverse("scenario_till_budget", args=[2024, rad.pk])


def sett(klient: Client, rad: Scenario) -> Formdata:
    return formular(klient.get(vag(rad)), "avtryck")


NY_REGEL = {"regel-2024-andel_region": "30", "regel-2024-andel_grupp": "70", "regel-2024-folkmangdsdatum": "2021-12-31"}


def test_it_is_shown_exactly_and_nothing_is_done(klient: Client, fall: Budgetfall) -> None:
    rad = provat(klient, fall, **{fall.namn(fall.rad): "okänt"}, **NY_REGEL)
    fore = plandata()
    svar = klient.get(vag(rad))
    text = celltext(svar)
    for ord_ in (
        "Mina planer, SGD 2024 500 000 kr 600 000 kr",
        "Rad utan benämning, SGD 2024 ej ifyllt okänt",
        "Regionens del 2024 1 30",
        "Kommunernas del 2024 1 70",
        "Folkmängdens datum 2024 2022-12-31 2021-12-31",
        "Beslut eller grund för regeln 2024",
    ):
        assert ord_ in text
    assert "Beslutsstöd, SGD" not in text
    assert svarsrader(svar)["12"][1] == f"180{NBSP}000,00"
    assert plandata() == fore


def test_it_is_done_as_it_was_shown_with_an_entry_for_each_change(
    klient: Client, fall: Budgetfall, samordnare: Anvandare
) -> None:
    rad = provat(klient, fall, **{fall.namn(fall.rad): "okänt"}, **NY_REGEL)
    lovat = svarsrader(klient.get(vag(rad)))
    svar = klient.post(vag(rad), sett(klient, rad) | {"hanvisning-2024": "CSO 2024-03-01 § 7"}, follow=True)
    assert "Budgeten är nu som scenariot ”Mer”: 5 ändringar" in synlig_text(svar)
    assert 'href="/plan/2024/historik/"' in svar.content.decode()
    assert {kod: ett[0] for kod, ett in svarsrader(klient.get(PROVA)).items()} == {
        kod: ett[1] for kod, ett in lovat.items()
    }
    cell, ny_cell, ny_regel = sorted(rader(fall.plan), key=lambda en: (en.modell, en.slag))
    assert falt(cell, "belopp") == ("500000.00", "600000.00")
    assert (ny_cell.slag, falt(ny_cell, "slag")) == ("skapad", (None, "okant"))
    assert (ny_regel.modell, falt(ny_regel, "andel_grupp")) == ("budget.fordelningsregel", (None, 70))
    assert falt(ny_regel, "hanvisning") == (None, "CSO 2024-03-01 § 7")
    assert {en.anvandare_id for en in rader(fall.plan)} == {samordnare.pk}
    assert Fordelningsregel.objects.get().andrad_av == samordnare
    hel(fall.plan)
    assert "Budgeten är redan som scenariot" in synlig_text(klient.get(vag(rad)))


def test_the_years_own_rule_is_changed_and_what_the_scenario_does_not_say_is_left(
    klient: Client, fall: Budgetfall
) -> None:
    regel(fall.plan, andel_region=2)
    rad = provat(klient, fall, **{"regel-2024-enhet": "krona"})
    assert sett(klient, rad)["hanvisning-2024"] == "Beslut § 1"
    assert klient.post(vag(rad), sett(klient, rad)).status_code == 302
    efter = Fordelningsregel.objects.get()
    assert (efter.andel_region, efter.enhet, efter.hanvisning, efter.version) == (2, "krona", "Beslut § 1", 2)
    _, ny = rader(fall.plan)
    assert ny.falt == {"enhet": ["ore", "krona"]}


def test_a_decision_on_one_ratio_is_not_proposed_for_another(klient: Client, fall: Budgetfall) -> None:
    regel(fall.plan, andel_region=2)
    rad = provat(klient, fall, **{"regel-2024-andel_region": "3"})
    assert "Nu står där: ”Beslut § 1”" in synlig_text(klient.get(vag(rad)))
    assert sett(klient, rad)["hanvisning-2024"] == ""
    assert klient.post(vag(rad), sett(klient, rad)).status_code == 302
    assert rader(fall.plan)[1].falt == {"andel_region": [2, 3], "hanvisning": ["Beslut § 1", ""]}


def test_amounts_alone_leave_the_rule_alone(klient: Client, fall: Budgetfall) -> None:
    rad = provat(klient, fall)
    assert "hanvisning-2024" not in sett(klient, rad)
    klient.post(vag(rad), sett(klient, rad))
    assert Fordelningsregel.objects.count() == 0
    assert [en.modell for en in rader(fall.plan)] == ["budget.budgetpost"]


def test_it_can_be_put_back_from_the_history(klient: Client, fall: Budgetfall) -> None:
    rad = provat(klient, fall)
    svar = klient.post(vag(rad), sett(klient, rad), follow=True)
    assert "Se och ta tillbaka i historiken" in synlig_text(svar)
    text = synlig_text(klient.get("/plan/2024/historik/"))
    assert "600 000" in text and "500 000" in text


# --- Not as it was shown ---------------------------------------------------------------------------------------------


def andra_beloppet(fall: Budgetfall, annan: Client, rad: Scenario) -> None:
    namn = fall.namn(fall.mina_planer)
    data = formular(annan.get("/plan/2024/budget/redigera/"), namn)
    annan.post("/plan/2024/budget/redigera/", data | {namn: "550 000"})


def andra_ett_annat_belopp(fall: Budgetfall, annan: Client, rad: Scenario) -> None:
    skriv_post(fall.rad, 2024, "sgd", 5_000)


def andra_regeln(fall: Budgetfall, annan: Client, rad: Scenario) -> None:
    regel(fall.plan, andel_region=3)


def andra_scenariot(fall: Budgetfall, annan: Client, rad: Scenario) -> None:
    adress = reverse("scenario", args=[2024, rad.pk])
    annan.post(f"{adress}spara/", formen(annan, adress) | {fall.namn(fall.mina_planer): "650 000"})


def ta_bort_raden(fall: Budgetfall, annan: Client, rad: Scenario) -> None:
    Budgetrad.objects.update(borttagen_at=timezone.now())


def slapp_ut_omradet(fall: Budgetfall, annan: Client, rad: Scenario) -> None:
    fall.plan.alla_omraden.filter(pk=fall.mina_planer.pk).update(lage="utgatt")


def ratta_folkmangden(fall: Budgetfall, annan: Client, rad: Scenario) -> None:
    nu = Folkmangd.objects.get(huvudman__kod="1275", datum=date(2022, 12, 31))
    Folkmangd.objects.create(huvudman=nu.huvudman, datum=nu.datum, antal=9_000, revision=2, kalla="Rättat")


@pytest.mark.parametrize(
    "andring",
    [
        andra_beloppet,
        andra_ett_annat_belopp,
        andra_regeln,
        andra_scenariot,
        ta_bort_raden,
        slapp_ut_omradet,
        ratta_folkmangden,
    ],
)
def test_what_has_changed_since_it_was_shown_is_shown_anew_and_nothing_is_done(
    klient: Client, annan: Client, fall: Budgetfall, andring: Any
) -> None:
    rad = provat(klient, fall, **{fall.namn(fall.rad): "7 000"})
    data = sett(klient, rad)
    andring(fall, annan, rad)
    fore = plandata()
    svar = klient.post(vag(rad), data)
    assert (svar.status_code, plandata()) == (409, fore)
    assert "har ändrats sedan du öppnade sidan" in synlig_text(svar)
    assert klient.post(vag(rad), formular(svar, "avtryck")).status_code == 302


def test_a_fingerprint_that_is_missing_or_made_up_does_nothing(klient: Client, fall: Budgetfall) -> None:
    rad = provat(klient, fall)
    fore = plandata()
    for data in ({}, {"avtryck": ""}, {"avtryck": "00"}):
        assert klient.post(vag(rad), data).status_code == 409
    assert plandata() == fore


def test_two_who_do_it_at_once_do_it_once(klient: Client, annan: Client, fall: Budgetfall) -> None:
    rad = provat(klient, fall)
    bada = [(en, sett(en, rad)) for en in (klient, annan)]
    svar = [en.post(vag(rad), data) for en, data in bada]
    assert [en.status_code for en in svar] == [302, 409]
    assert "Budgeten är redan som scenariot" in synlig_text(svar[1])
    assert len(rader(fall.plan)) == 1


def test_either_all_of_it_is_done_or_nothing(klient: Client, fall: Budgetfall, monkeypatch: pytest.MonkeyPatch) -> None:
    rad = provat(klient, fall, **NY_REGEL)
    data, fore = sett(klient, rad), plandata()

    def faller(*args: Any) -> None:
        raise RuntimeError("mitt i")

    monkeypatch.setattr("budget.scenariobudget._spara_regel", faller)
    with pytest.raises(RuntimeError, match="mitt i"):
        klient.post(vag(rad), data)
    assert plandata() == fore


# --- What cannot be done ---------------------------------------------------------------------------------------------


def test_a_row_that_is_gone_is_left_out_and_said(klient: Client, fall: Budgetfall) -> None:
    rad = provat(klient, fall, **{fall.namn(fall.rad): "7 000"})
    Budgetrad.objects.update(borttagen_at=timezone.now())
    text = synlig_text(klient.get(vag(rad)))
    assert "Följer inte med" in text
    assert "Rad utan benämning, SGD 2024: 7 000 kr. Raden är borttagen" in text
    assert klient.post(vag(rad), sett(klient, rad)).status_code == 302
    assert Budgetpost.objects.filter(rad=fall.rad, finansiering="sgd").count() == 0
    assert fall.post(fall.mina_planer).belopp.amount == 600_000  # type: ignore[union-attr]


def test_a_rule_with_a_date_that_lost_its_figures_is_a_hindrance(klient: Client, fall: Budgetfall) -> None:
    rad = provat(klient, fall, **NY_REGEL)
    data = sett(klient, rad)
    Folkmangd.objects.filter(huvudman__kod="1281", datum=date(2021, 12, 31)).delete()
    fore = plandata()
    svar = klient.get(vag(rad))
    assert "Folkmängd den 2021-12-31 saknas för Lunds kommun" in synlig_text(svar)
    assert 'name="avtryck"' not in svar.content.decode()
    assert klient.post(vag(rad), data).status_code == 409
    assert plandata() == fore


def test_a_hindrance_stops_it_also_for_who_has_its_fingerprint(klient: Client, fall: Budgetfall) -> None:
    rad = provat(klient, fall)
    klient.post(vag(rad), sett(klient, rad))
    fingret = forhandsvisa(fall.plan, rad).avtryck
    assert klient.post(vag(rad), {"avtryck": fingret}).status_code == 409
    assert len(rader(fall.plan)) == 1


def test_half_of_a_ratio_that_would_let_nobody_pay_is_a_hindrance(klient: Client, fall: Budgetfall) -> None:
    rad = provat(klient, fall, **{"regel-2024-andel_region": "0"})
    regel(fall.plan, andel_region=1, andel_grupp=0)
    assert "ingen skulle betala" in synlig_text(klient.get(vag(rad)))


def test_a_decision_that_is_too_long_is_refused_beside_its_field(klient: Client, fall: Budgetfall) -> None:
    rad = provat(klient, fall, **NY_REGEL)
    fore = plandata()
    svar = klient.post(vag(rad), sett(klient, rad) | {"hanvisning-2024": "å" * 501})
    assert (svar.status_code, "Skriv högst 500 tecken." in synlig_text(svar)) == (422, True)
    assert formular(svar, "avtryck")["hanvisning-2024"] == "å" * 501
    assert plandata() == fore


def test_a_removed_scenario_and_another_plans_do_not_become_the_budget(
    klient: Client, fall: Budgetfall, utkast: Handlingsplan, samordnare: Anvandare
) -> None:
    rad = provat(klient, fall)
    data = sett(klient, rad)
    annans = scenario(utkast, samordnare, "Annans")
    Scenario.objects.filter(pk=rad.pk).update(borttagen_at=timezone.now())
    for en in (rad, annans):
        assert klient.get(vag(en)).status_code == klient.post(vag(en), data).status_code == 404
    assert rader(fall.plan) == []


def test_those_who_may_not_edit_the_plan_are_refused(
    klient: Client, klient_for: Klientmakare, fall: Budgetfall, beredning: Anvandare
) -> None:
    rad = provat(klient, fall)
    data, ctb = sett(klient, rad), klient_for(beredning)
    assert [ctb.get(vag(rad)).status_code, ctb.post(vag(rad), data).status_code] == [403, 403]
    assert rader(fall.plan) == []
