"""Two people in the budget grid: both amounts are seen, and nothing is written before the person has chosen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.rutnat import NBSP, beskrivning, cell, har_fokus, kronor, oppna, sagt, sparas
from tests.webblasare import ANDRA_SAMORDNAREN, SAMORDNARE, Webb, snart

# What is saved is tried on both databases by test_budget_samtidigt.py; here it is the browser that is tried.
pytestmark = pytest.mark.databas("sqlite")

MINA, AVVIK = "Mina planer, SGD 2024", "Avvikelsehantering, SGD 2024"


@pytest.fixture
def tva(webb: Webb) -> tuple[Page, Page]:
    """Both have the grid open; then the other one has saved 550 000 where one's own page says 500 000."""
    min_sida, annans = (oppna(webb.oppna(vem)) for vem in (SAMORDNARE, ANDRA_SAMORDNAREN))
    cell(annans, MINA).fill("550000")
    cell(annans, MINA).press("Enter")
    sparas(annans)
    return min_sida, annans


def krock(page: Page) -> None:
    """Write in the same cell, and in another one."""
    cell(page, MINA).focus()
    page.keyboard.type("600000")
    page.keyboard.press("Enter")
    page.keyboard.type("25000")
    page.keyboard.press("Enter")
    expect(beskrivning(cell(page, MINA))).to_contain_text("Krock: Din: 600000. Sparad av ")


def test_both_amounts_are_shown_and_the_persons_own_is_saved_only_when_asked_for(tva: tuple[Page, Page]) -> None:
    page, _ = tva
    krock(page)
    expect(beskrivning(cell(page, MINA))).to_contain_text(f": 550{NBSP}000. Spara igen om din ska gälla.")
    expect(cell(page, MINA)).to_have_value("600000")
    expect(sagt(page)).to_contain_text(f"Inte sparat. {MINA}: Din: 600000.")
    snart(page, lambda: (kronor("mina-planer"), kronor("beslutsstod")), ("550000", "25000"))
    # Walking through the cell is not asking.
    for tangent in ("ArrowUp", "ArrowUp", "Enter", "Enter"):
        page.keyboard.press(tangent)
    page.keyboard.type("26000")
    page.keyboard.press("Enter")
    expect(cell(page, AVVIK)).to_have_value(f"26{NBSP}000")
    assert kronor("mina-planer") == "550000"
    page.get_by_role("button", name=f"Spara min i {MINA}").press("Enter")
    har_fokus(cell(page, MINA))
    sparas(page)
    expect(beskrivning(cell(page, MINA))).to_have_count(0)
    assert kronor("mina-planer") == "600000"


def test_the_others_amount_may_be_kept_and_taking_back_does_not_undo_it(tva: tuple[Page, Page]) -> None:
    page, _ = tva
    krock(page)
    cell(page, MINA).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=f"Spara min i {MINA}")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    har_fokus(cell(page, MINA), markerad=True)
    expect(cell(page, MINA)).to_have_value(f"550{NBSP}000")
    sparas(page)
    assert kronor("mina-planer") == "550000"


def test_taking_back_a_change_that_was_in_conflict_leaves_what_the_other_saved(tva: tuple[Page, Page]) -> None:
    page, _ = tva
    krock(page)
    for _ in range(2):
        page.keyboard.press("ControlOrMeta+z")
    expect(cell(page, MINA)).to_have_value(f"550{NBSP}000")
    sparas(page)
    assert (kronor("mina-planer"), kronor("beslutsstod")) == ("550000", "0")


def test_the_button_saves_ones_own_amount_when_both_have_been_seen(tva: tuple[Page, Page]) -> None:
    page, _ = tva
    krock(page)
    page.get_by_role("button", name="Spara budgeten").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Klart:")).to_contain_text(": budgeten.")
    expect(page.locator("#utkast")).to_be_hidden()
    assert kronor("mina-planer") == "600000"


def test_who_else_is_in_the_grid_is_shown(tva: tuple[Page, Page]) -> None:
    _, annans = tva
    expect(annans.locator("[data-andra]")).to_have_text("Samordnare i SGD är också här just nu.")
