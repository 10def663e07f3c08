"""A controller's check: every party's page, worked out again from its own HTML, gives the same öre."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from handlingsplan.models import Anvandare
from tests.andelsfall import Andelssida, Rakning, ore, rakna_om
from tests.data_skane import KOMMUNER
from tests.planfall import lagg_in_demon

pytestmark = pytest.mark.django_db

KODER = ("12", *(kod for kod, *_ in KOMMUNER))
TOTAL_2023, TOTAL_2024 = 2_300_000_00, 1_750_000_00


_hamtade: dict[str, Andelssida] = {}


@pytest.fixture
def sidor(request: pytest.FixtureRequest) -> dict[str, Andelssida]:
    """Every party's page of 2024, as a reader of Malmö sees it; fetched once, nothing here changes them."""
    if not _hamtade:
        lagg_in_demon(request.getfixturevalue("demorader"))
        klient = Client()
        klient.force_login(Anvandare.objects.get(email="lasare.malmo@exempel.se"))
        for kod in KODER:
            _hamtade[kod] = Andelssida(klient.get(f"/plan/2024/huvudman/{kod}/").content.decode())
    return _hamtade


def test_all_34_amounts_come_out_of_their_own_steps(sidor: dict[str, Andelssida]) -> None:
    assert len(sidor) == 34
    for kod, sida in sidor.items():
        assert rakna_om(sida.arets) == sida.ore == ore(sida.arets.steg[-1][2]), kod
    assert sum(sida.ore or 0 for sida in sidor.values()) == TOTAL_2024
    assert {kod: sidor[kod].ore for kod, *_ in KOMMUNER} == {kod: belopp for kod, _, _, _, belopp in KOMMUNER}


def test_all_34_changes_add_up_to_the_ore(sidor: dict[str, Andelssida]) -> None:
    summor = [0, 0, 0]
    fore_alla = 0
    for kod, sida in sidor.items():
        forsta, *delar, sista = sida.rader("r-andring")
        assert [rad[0] for rad in delar] == ["Budgeteffekt", "Befolkningseffekt", "Modelleffekt"]
        effekter = [ore(rad[2]) for rad in delar]
        assert effekter == sida.effekter, kod
        assert ore(forsta[2]) + sum(effekter) == ore(sista[2]) == sida.ore, kod
        fore_alla += ore(forsta[2])
        summor = [summa + effekt for summa, effekt in zip(summor, effekter, strict=True)]
    assert fore_alla == TOTAL_2023
    assert summor == [TOTAL_2024 - TOTAL_2023, 0, 0]


def test_malmos_change_is_the_one_in_the_worked_example(sidor: dict[str, Andelssida]) -> None:
    rader = [[rad[0], rad[2]] for rad in sidor["1280"].rader("r-andring")]
    assert rader == [
        ["Andel 2023", "288\u00a0437,06"],
        ["Budgeteffekt", "−68\u00a0974,08"],
        ["Befolkningseffekt", "+1\u00a0635,49"],
        ["Modelleffekt", "0,00"],
        ["Andel 2024", "221\u00a0098,47"],
    ]


def test_the_docs_tell_the_same_figures(sidor: dict[str, Andelssida]) -> None:
    sidan = (Path(__file__).parents[1] / "docs" / "kostnadsfordelning.md").read_text(encoding="utf-8")
    avsnitt = sidan.partition("## Huvudmannens sida")[2].partition("\n## ")[0].replace("\n  ", " ")
    fore, *delar, nu = (f"{rad[2]}\u00a0kr" for rad in sidor["1280"].rader("r-andring"))
    assert f"går från {fore} till {nu} genom {delar[0]}, {delar[1]} och {delar[2]}." in avsnitt
    assert f"här {sidor['1280'].mellanled[0].steg[-1][2]}, är inget" in avsnitt


def test_what_lies_between_the_years_is_worked_out_too(sidor: dict[str, Andelssida]) -> None:
    """The share on the new budget with the old inhabitants is no year's own, so its steps are on the page."""
    for kod, sida in sidor.items():
        if kod == "12":
            assert sida.mellanled == []
            continue
        (mellan,) = sida.mellanled
        assert rakna_om(mellan) == mellan.slut == ore(sida.rader("r-andring")[0][2]) + sida.effekter[0], kod


def test_each_partys_areas_add_up_and_so_does_each_area(sidor: dict[str, Andelssida]) -> None:
    omraden: dict[str, int] = {}
    budget: dict[str, str] = {}
    for kod, sida in sidor.items():
        *rader, summa = sida.rader("r-per")
        egna = {rad[0]: ore(rad[1]) for rad in rader if rad[1] != "–"}
        assert sum(egna.values()) == ore(summa[1]) == sida.ore, kod
        omraden = {namn: omraden.get(namn, 0) + belopp for namn, belopp in egna.items()}
        budget = {rad[0]: rad[2] for rad in rader}
    assert len(omraden) == 7
    assert {namn: ore(budget[namn]) for namn in omraden} == omraden


def test_the_check_sees_a_fault(sidor: dict[str, Andelssida]) -> None:
    """One digit wrong in the weights, in the quota, or in the place in the order is found."""
    steg = sidor["1265"].arets.steg  # Sjöbo got the last öre: number 18 of 18
    assert "nummer 18 av 33" in steg[4][1]
    samre = [[*rad] for rad in steg]
    samre[4][1] = samre[4][1].replace("nummer 18 av", "nummer 19 av")
    assert rakna_om(Rakning(samre)) == (sidor["1265"].ore or 0) - 1
    for rad, fran, till in ((2, "19\u00a0547", "19\u00a0548"), (2, "12\u00a0093,1448", "12\u00a0093,1449")):
        fel = [[*en] for en in steg]
        fel[rad] = [text.replace(fran, till) for text in fel[rad]]
        assert fel != steg
        with pytest.raises(AssertionError):
            rakna_om(Rakning(fel))
