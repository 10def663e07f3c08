"""The ekonom's page in a real browser: what is typed saves by itself, and stands on the party's page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from budget.models import Faktureringsuppgift
from tests.webblasare import EKONOM_MALMO, Webb

pytestmark = pytest.mark.databas("sqlite")


def test_what_the_ekonom_types_saves_by_itself(webb: Webb) -> None:
    page = webb.oppna(EKONOM_MALMO)
    page.goto("/huvudman/1280/fakturering/")
    page.get_by_role("link", name="Redigera faktureringsuppgifterna").click()
    falt = page.get_by_label("Er referens")
    falt.fill("ABCD1234")
    falt.blur()
    expect(page.locator("[data-besked]")).to_contain_text("Sparat")
    assert Faktureringsuppgift.objects.get(huvudman__kod="1280").referens == "ABCD1234"
    page.get_by_role("button", name="Spara och stäng").click()
    expect(page.get_by_role("definition").filter(has_text="ABCD1234")).to_be_visible()
