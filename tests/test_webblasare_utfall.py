"""Outturn in a real browser: what was typed and not saved comes back, and meets what others have saved since."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from budget.models import Utfall
from tests.webblasare import ANDRA_SAMORDNAREN, SAMORDNARE, Webb, omrade

pytestmark = pytest.mark.databas("postgresql")

UTFALL = "/plan/2023/utfall/"


def kvar(page: Page) -> int:
    """How many texts the browser keeps."""
    antal: int = page.evaluate("Object.keys(localStorage).filter((en) => en.startsWith('utkast:')).length")
    return antal


def test_outturn_that_was_not_saved_is_offered_back_and_never_over_what_others_wrote(webb: Webb) -> None:
    page, andra = webb.oppna(SAMORDNARE), webb.oppna(ANDRA_SAMORDNAREN)
    cell = f"o{omrade('npo', 2023).pk}-2023-sgd"
    page.goto(UTFALL)
    page.locator(f"#{cell}").fill("11 111")
    page.goto("/plan/2023/budget/")
    expect(page.locator("#utkast")).to_contain_text("Utfall 2023")
    andra.goto(UTFALL)
    andra.locator(f"#{cell}").fill("22 222")
    andra.get_by_role("button", name="Spara utfallet").click()
    expect(andra.locator("#meddelanden")).to_contain_text("Sparat")
    page.goto(UTFALL)
    page.get_by_role("button", name="Hämta tillbaka den").click()
    expect(page.locator(f"#{cell}")).to_have_value("11 111")
    page.get_by_role("button", name="Spara utfallet").click()
    expect(page.locator(".felsammanfattning")).to_contain_text("Två har ändrat samma sak")
    assert Utfall.objects.get(utgava=omrade("npo", 2023)).ore == 22_222_00
    page.get_by_role("button", name="Spara utfallet").click()  # the person's choice
    expect(page.locator("#meddelanden")).to_contain_text("Sparat")
    assert (Utfall.objects.get(utgava=omrade("npo", 2023)).ore, kvar(page)) == (11_111_00, 0)
    page.locator(f"#{cell}").fill("5")
    page.get_by_role("main").get_by_role("link", name="Avbryt").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Samlad budget")
    assert kvar(page) == 0
