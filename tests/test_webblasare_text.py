"""A text is edited in the document's own place, with the editor and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.webblasare import SAMORDNARE, Webb, ar_samma_sida, minns_sidan, omrade, oppna_i_dokumentet, skrivyta


@pytest.fixture
def del_id(demo: None) -> str:
    """The part of the document that is NPÖ's description."""
    return f"omrade-{omrade('npo').pk}-beskrivning"


def test_a_description_is_edited_in_its_place_without_loading_the_page(webb: Webb, del_id: str) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    minns_sidan(page)
    delen = oppna_i_dokumentet(page, del_id)
    yta = skrivyta(delen)
    expect(yta).to_be_focused()

    yta.press("ControlOrMeta+End")
    yta.press("Enter")
    page.keyboard.type("Nu provas ")
    page.keyboard.press("ControlOrMeta+b")
    page.keyboard.type("fetstil")
    page.keyboard.press("ControlOrMeta+b")
    page.keyboard.type(" åäö.")
    page.keyboard.press("Enter")
    delen.get_by_role("button", name="Punktlista").press("Enter")
    page.keyboard.type("Yttre punkt")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Inre punkt")
    delen.get_by_role("button", name="Spara").click()

    expect(page.get_by_role("status")).to_contain_text("Sparat")
    expect(delen.get_by_role("link", name="Redigera beskrivningen")).to_be_focused()
    assert ar_samma_sida(page)
    expect(page).to_have_url(f"{webb.adress}/plan/2024/")
    page.reload()
    assert not ar_samma_sida(page)
    expect(delen.locator("p strong", has_text="fetstil")).to_have_text("fetstil")
    expect(delen.locator("ul ul li")).to_have_text("Inre punkt")
    assert omrade("npo").beskrivning.endswith(
        "<p>Nu provas <strong>fetstil</strong> åäö.</p>"
        "<ul><li><p>Yttre punkt</p><ul><li><p>Inre punkt</p></li></ul></li></ul>"
    )
