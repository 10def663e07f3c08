"""A cost model with the keyboard alone: its sentence and everybody's kronor follow what is typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from budget.models import Kostnadsmodell, Modellgrupp
from tests.axe import brister
from tests.webblasare import SAMORDNARE, Webb, ar_samma_sida, minns_sidan, tabba_till

# What the forms save is tried on both databases in test_modeller.py.
pytestmark = pytest.mark.databas("postgresql")

NBSP = "\u00a0"


@pytest.fixture
def grupp(demo: None) -> Modellgrupp:
    return Modellgrupp.objects.get(modell__plan__till_ar=2024, namn="kommunerna")


def svar(page: Page, vad: str) -> Locator:
    return page.locator(f'main [data-svar="{vad}"]')


def malmo(page: Page) -> Locator:
    return page.locator("tr[data-kod='1280'] td").first


def test_a_group_is_edited_in_its_place_and_the_example_follows(webb: Webb, grupp: Modellgrupp) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto(f"/plan/2024/modeller/{grupp.modell_id}/")
    expect(malmo(page)).to_have_text(f"162{NBSP}723,48")
    minns_sidan(page)
    tabba_till(page, page.get_by_role("link", name="Redigera gruppen kommunerna"))
    page.keyboard.press("Enter")
    andelar = [page.get_by_label(namn, exact=True) for namn in ("Nyckelns andel", "Andra nyckelns andel")]
    expect(page.get_by_label("Gruppens namn")).to_be_focused()
    for falt in andelar:
        tabba_till(page, falt)
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("0,5")
    expect(malmo(page)).to_have_text(f"123{NBSP}806,81")
    expect(svar(page, "mening")).to_contain_text("till hälften lika och till hälften efter antal invånare")
    expect(svar(page, "sagt")).to_have_text("Exemplet för 2024 är omräknat.")
    expect(andelar[1]).to_be_focused()
    assert brister(page) == []
    expect(page.locator("[data-sparat]")).to_contain_text("Sparat")
    tabba_till(page, page.get_by_role("button", name="Spara och stäng"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Redigera gruppen kommunerna")).to_be_focused()
    expect(page.locator(f"#grupp-{grupp.pk}")).to_contain_text("hälften: antal invånare")
    assert ar_samma_sida(page)
    grupp.refresh_from_db()
    assert (grupp.andel_1, grupp.andel_2) == ("0,5", "0,5")


def test_a_new_condition_is_tried_before_it_is_saved(webb: Webb, grupp: Modellgrupp) -> None:
    """Only what the kind asks for is shown, and the example beneath the form follows what is not saved yet."""
    page = webb.oppna(SAMORDNARE)
    page.goto(f"/plan/2024/modeller/{grupp.modell_id}/villkor/nytt/")
    expect(page.get_by_label("Belopp per år, kr")).to_be_hidden()
    page.get_by_label("betalar högst").check()
    expect(page.get_by_label("Del av andelen")).to_be_hidden()
    page.get_by_label("Gäller för").select_option(label="Malmö stad")
    page.get_by_label("Belopp per år, kr").fill("100 000")
    page.get_by_label("Skillnaden bärs av").select_option(label="regionen")
    for etikett, text in (("Skäl", "Prövas"), ("Instans", "CTB"), ("Beslutets datum", "2023-05-04"), ("Paragraf", "1")):
        page.get_by_label(etikett).fill(text)
    expect(malmo(page)).to_have_text(f"100{NBSP}000,00")
    expect(svar(page, "mening")).to_contain_text(f"Malmö stad betalar högst 100{NBSP}000{NBSP}kr")
    assert brister(page) == []
    assert not Kostnadsmodell.objects.get(pk=grupp.modell_id).alla_villkor.exists()
