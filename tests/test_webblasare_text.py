"""A text is edited in the document's own place, with the editor and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.axe import brister
from tests.webblasare import (
    SAMORDNARE,
    Webb,
    ar_samma_sida,
    lat_redigeraren_lasa,
    minns_sidan,
    omrade,
    oppna_i_dokumentet,
    skrivyta,
    stall_markoren,
    tabba_till,
)

# What is saved is tried on both databases by test_omrade.py and test_richtext.py; here it is the browser that is tried.
pytestmark = pytest.mark.databas("postgresql")


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

    stall_markoren(yta, "ControlOrMeta+End")
    yta.press("Enter")
    page.keyboard.type("Nu provas ")
    page.keyboard.press("ControlOrMeta+b")
    page.keyboard.type("fetstil")
    page.keyboard.press("ControlOrMeta+b")
    page.keyboard.type(" åäö.")
    page.keyboard.press("Enter")
    delen.get_by_role("button", name="Punktlista").press("Enter")
    expect(yta).to_be_focused()  # the editor takes focus back with the next frame
    lat_redigeraren_lasa(page)
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


def test_the_buttons_of_the_editor_say_what_is_on_and_are_reached_with_the_keyboard(webb: Webb, del_id: str) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    delen = oppna_i_dokumentet(page, del_id)
    verktyg = delen.get_by_role("toolbar", name="Textformat")
    fet, slag = verktyg.get_by_role("button", name="Fet"), verktyg.get_by_role("button", name="Slags stycke")
    skrivyta(delen).press("ControlOrMeta+a")
    page.keyboard.press("ControlOrMeta+b")
    expect(fet).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ControlOrMeta+b")
    expect(fet).to_have_attribute("aria-pressed", "false")

    stall_markoren(skrivyta(delen), "ControlOrMeta+Home")
    tabba_till(page, slag, "Shift+Tab")
    page.keyboard.press("Enter")
    tabba_till(page, verktyg.get_by_role("button", name="Rubrik", exact=True))
    page.keyboard.press("Enter")
    expect(skrivyta(delen).get_by_role("heading", level=3)).to_contain_text("Inera AB:s tjänst")
    # Drawn anew after every change, and still named.
    expect(slag).to_be_visible()


def test_a_description_is_edited_without_javascript(webb: Webb, del_id: str) -> None:
    page = webb.oppna(SAMORDNARE, utan_js=True)
    page.goto("/plan/2024/")
    page.locator(f"#{del_id}").get_by_role("link", name="Redigera").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nationell patientöversikt (NPÖ): beskrivning")
    page.get_by_role("textbox", name="Beskrivning").fill("<p>Utan skript, <em>men</em> sparad.</p>")
    page.get_by_role("button", name="Spara").click()

    expect(page).to_have_url(f"{webb.adress}/plan/2024/#{del_id}")
    expect(page.get_by_role("status")).to_contain_text("Sparat")
    expect(page.locator(f"#{del_id} .prosa")).to_have_text("Utan skript, men sparad.")


def test_a_text_that_is_given_up_stays_as_it_was_and_focus_comes_back(webb: Webb, del_id: str) -> None:
    fore = omrade("npo").beskrivning
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    delen = oppna_i_dokumentet(page, del_id)
    skrivyta(delen).press_sequentially("Ångrar mig ")
    delen.get_by_role("link", name="Avbryt").click()
    expect(delen.get_by_role("link", name="Redigera beskrivningen")).to_be_focused()
    expect(delen).not_to_contain_text("Ångrar mig")
    assert omrade("npo").beskrivning == fore


def test_a_text_that_is_too_long_says_so_in_its_place_and_is_still_there(webb: Webb, del_id: str) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    minns_sidan(page)
    delen = oppna_i_dokumentet(page, del_id)
    skrivyta(delen).fill("Ett mycket långt stycke. " * 1300)
    delen.get_by_role("button", name="Spara").click()
    fel = delen.get_by_role("alert")
    expect(fel).to_be_focused()
    expect(fel).to_contain_text("Texten är för lång")
    expect(page).to_have_title("Fel: Nationell patientöversikt (NPÖ): beskrivning – Handlingsplan")
    expect(skrivyta(delen)).to_contain_text("Ett mycket långt stycke.")
    expect(skrivyta(delen)).to_have_attribute("aria-invalid", "true")
    # The error leads to its field, which is the editor's surface and not the textarea behind it.
    fel.get_by_role("link", name="Beskrivning").click()
    expect(skrivyta(delen)).to_be_focused()
    assert ar_samma_sida(page)


def test_the_cover_is_edited_in_its_place(webb: Webb) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    minns_sidan(page)
    omslag = oppna_i_dokumentet(page, "plan-omslag", "Redigera titelbladet")
    expect(omslag.get_by_label("Titel", exact=True)).to_be_focused()
    omslag.get_by_label("Titel", exact=True).fill("Handlingsplan 2024, andra utgåvan")
    omslag.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Handlingsplan 2024, andra utgåvan")
    assert ar_samma_sida(page)


def test_two_descriptions_are_open_at_once_and_each_label_leads_to_its_own(webb: Webb, del_id: str) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    andra_id = f"omrade-{omrade('sdk').pk}-beskrivning"
    for ett in (del_id, andra_id):
        yta = skrivyta(oppna_i_dokumentet(page, ett))
        yta.press("ControlOrMeta+a")
        page.keyboard.type(f"Skrivet i {ett}.")
    samma = "Object.values(Object.groupBy(document.querySelectorAll('[id]'), e => e.id)).filter(alla => alla[1])"
    assert page.evaluate(f"{samma}.map(alla => alla[0].id)") == []
    assert brister(page, f"#{del_id}", f"#{andra_id}") == []
    for ett in (andra_id, del_id):
        delen = page.locator(f"#{ett}")
        delen.locator("label").first.click()
        expect(skrivyta(delen)).to_be_focused()
        delen.get_by_role("button", name="Spara").click()
        expect(delen.locator(".prosa")).to_have_text(f"Skrivet i {ett}.")
