"""The ekonom's pages in a real browser: nobody is shut out, and what is typed saves by itself.

The pages that coordinators and readers see are looked at with all others, in test_webblasare_axe.py.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from budget.models import Faktureringsuppgift
from tests.axe import brister
from tests.webblasare import EKONOM_MALMO, Webb

pytestmark = pytest.mark.databas("sqlite")


def test_an_ekonoms_pages_are_for_everybody_and_save_by_themselves(webb: Webb) -> None:
    page = webb.oppna(EKONOM_MALMO)
    page.goto("/huvudman/1280/fakturering/")
    assert brister(page) == []
    page.get_by_role("link", name="Redigera faktureringsuppgifterna").click()
    assert brister(page) == []
    falt = page.get_by_label("Er referens")
    falt.fill("ABCD1234")
    falt.blur()
    expect(page.locator("[data-besked]")).to_contain_text("Sparat")
    assert Faktureringsuppgift.objects.get(huvudman__kod="1280").referens == "ABCD1234"
    page.get_by_role("button", name="Spara och stäng").click()
    expect(page.get_by_role("definition").filter(has_text="ABCD1234")).to_be_visible()
