"""The history played again from an earlier state leads to what stands now, whichever way a plan is changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from budget.models import Fordelningsregel
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import spara
from insatsomraden.models import Aktivitet, Mal, Omradesutgava
from rapport.faststallande import faststall
from tests.budgetfall import formular
from tests.historikfall import ospelat, planens_modeller, tillstand
from tests.planfall import Planfall, planfall
from tests.test_atkomst import adress, fyll
from tests.test_historik import ANDRINGAR, BORTTAGBARA


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


@pytest.fixture
def nycklar(utkast: Handlingsplan, folkmangd: None) -> dict[str, int]:
    """The draft for 2025 with a row of each kind; their keys."""
    return fyll(utkast)


@pytest.mark.parametrize("namn", [namn for namn in ANDRINGAR if not namn.endswith("_flytta")])
def test_whatever_is_changed_is_told_of_with_before_and_after(
    namn: str, klient: Client, nycklar: dict[str, int], utkast: Handlingsplan, samordnare: Anvandare
) -> None:
    fran_falt, sant, _ = ANDRINGAR[namn]
    fore = tillstand()
    vag = adress(namn, utkast, nycklar, samordnare)
    data = formular(klient.get(vag), fran_falt) if fran_falt else {"version": "1"}
    assert klient.post(vag, data | sant).status_code == 302
    assert tillstand().rader != fore.rader
    assert ospelat(fore) == []


@pytest.mark.parametrize("namn", BORTTAGBARA)
def test_what_is_removed_and_brought_back_is_told_of(
    namn: str, klient: Client, nycklar: dict[str, int], utkast: Handlingsplan, samordnare: Anvandare
) -> None:
    fore = tillstand()
    for version, akt in enumerate(("ta_bort", "aterstall"), 1):
        klient.post(adress(f"{namn}_{akt}", utkast, nycklar, samordnare), {"version": str(version)})
        assert ospelat(fore) == []


def test_an_adoption_is_told_of(fall: Planfall, samordnare: Anvandare, folkmangd: None) -> None:
    Fordelningsregel.objects.create(plan=fall.plan, budgetar=2024, folkmangdsdatum=date(2022, 12, 31))
    fore = tillstand()
    faststall(fall.plan, version=1, datum=date(2024, 1, 31), hanvisning="§ 1", av=samordnare, pdf=False)
    assert ospelat(fore) == []


def test_a_new_model_of_a_plan_is_there_by_itself() -> None:
    namn = {modell._meta.label_lower for modell in planens_modeller()}
    assert {"handlingsplan.handlingsplan", "budget.budgetpost", "budget.cellkommentar", "insatsomraden.mal"} <= namn
    assert "handlingsplan.huvudman" not in namn


# --- The control: what the history does not tell of is found --------------------------------------------------------


def test_a_change_past_the_history_is_found(fall: Planfall) -> None:
    fore = tillstand()
    Mal.objects.filter(pk=fall.alla_mal[0].pk).update(text="Smugit in")
    fall.npo.ansvariga.clear()
    en, annan = sorted(ospelat(fore))
    assert "text 'Mål 1' i stället för 'Smugit in'" in en
    assert "ansvariga" in annan


def test_a_row_that_came_or_went_past_the_history_is_found(fall: Planfall) -> None:
    fore = tillstand()
    Mal.objects.create(utgava=fall.npo, ordning=3, text="Smugit in")
    Aktivitet.objects.filter(pk=fall.andra.pk).delete()
    assert len(ospelat(fore)) == 2


def test_a_before_that_never_stood_is_found(fall: Planfall, samordnare: Anvandare) -> None:
    fore = tillstand()
    spara(fall.alla_mal[0], {"text": "Nytt"}, version=1, av=samordnare)
    falsk: Any = Mal.objects.get(pk=fall.alla_mal[0].pk)
    falsk.text = "Stod aldrig"
    nu = Mal.objects.get(pk=falsk.pk)
    historik.skriv(fall.plan.pk, [historik.andrad(falsk, nu, ["text"])], av=samordnare)
    (fel,) = ospelat(fore)
    assert "text var 'Nytt', inte 'Stod aldrig'" in fel


def test_what_was_told_before_is_not_played_twice(fall: Planfall, samordnare: Anvandare) -> None:
    spara(fall.npo, {"namn": "Först"}, version=1, av=samordnare)
    fore = tillstand()
    spara(Omradesutgava.objects.get(pk=fall.npo.pk), {"namn": "Sedan"}, version=2, av=samordnare)
    assert ospelat(fore) == []
