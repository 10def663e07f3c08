"""Areas: added, moved, let out of the plan and taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from insatsomraden.models import Omradesutgava
from tests.webblasare import SAMORDNARE, Webb, omrade, oppna_i_dokumentet, skrivyta

# What is saved is tried on both databases by test_omrade.py; here it is the browser that is tried.
pytestmark = pytest.mark.databas("postgresql")


@pytest.fixture
def page(webb: Webb) -> Page:
    sida = webb.oppna(SAMORDNARE)
    sida.goto("/plan/2024/")
    return sida


def rubriker(page: Page) -> Locator:
    return page.locator("#omraden h2")


def kortnamn() -> list[str]:
    ingar = Omradesutgava.objects.filter(plan__till_ar=2024, lage=Omradesutgava.Lage.INGAR)
    return [en.insatsomrade.kod for en in ingar.select_related("insatsomrade")]


def test_a_new_area_is_added_and_written_in_its_place(page: Page) -> None:
    page.get_by_role("link", name="Lägg till ett insatsområde").click()
    page.get_by_label("Namn").fill("Gemensam ärendehantering")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("status")).to_contain_text("Gemensam ärendehantering är tillagt.")
    expect(rubriker(page)).to_have_count(8)
    expect(rubriker(page).last).to_have_text("Gemensam ärendehantering")

    nytt = omrade("gemensam-arendehantering")
    delen = oppna_i_dokumentet(page, f"omrade-{nytt.pk}-beskrivning")
    skrivyta(delen).fill("Första raden.")
    delen.get_by_role("button", name="Spara").click()
    expect(delen.locator(".prosa")).to_have_text("Första raden.")


def test_an_area_of_an_earlier_plan_comes_back_under_its_name(webb: Webb, page: Page) -> None:
    webb.forbi_historiken = True
    omrade("mina-planer").delete()
    page.goto("/plan/2024/omrade/nytt/")
    page.get_by_label("Område från en tidigare plan").select_option(label="Mina planer")
    page.get_by_role("button", name="Spara").click()
    expect(rubriker(page).last).to_have_text("Mina planer")
    assert omrade("mina-planer").insatsomrade == omrade("mina-planer", 2023).insatsomrade


def test_a_new_area_without_a_name_is_refused_beside_its_field(page: Page) -> None:
    page.get_by_role("link", name="Lägg till ett insatsområde").click()
    page.get_by_role("button", name="Spara").click()
    fel = page.get_by_role("alert")
    expect(fel).to_contain_text("Skriv områdets namn, eller välj ett tidigare område.")
    fel.get_by_role("link").click()
    expect(page.get_by_label("Namn")).to_be_focused()


def test_an_area_is_moved(page: Page) -> None:
    expect(rubriker(page).first).to_have_text("Nationell patientöversikt (NPÖ)")
    page.get_by_role("button", name="Flytta ned Nationell patientöversikt").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("är flyttat")
    expect(rubriker(page).nth(1)).to_have_text("Nationell patientöversikt (NPÖ)")
    expect(page.locator(f"#omrade-{omrade('npo').pk}")).to_contain_text("Insatsområde 2 av 7")
    assert kortnamn()[:2] == ["sdk", "npo"]


def test_an_area_that_is_let_out_comes_back_with_undo_in_its_place(page: Page) -> None:
    page.get_by_role("button", name="Låt Säker digital kommunikation (SDK) utgå").click()
    expect(page.get_by_role("status")).to_contain_text("Säker digital kommunikation (SDK): har utgått.")
    expect(rubriker(page)).to_have_count(6)
    expect(page.locator("#utgatt")).to_contain_text("Säker digital kommunikation (SDK)")
    page.get_by_role("button", name="Ångra").click()
    expect(rubriker(page)).to_have_count(7)
    expect(rubriker(page).nth(1)).to_have_text("Säker digital kommunikation (SDK)")
    assert kortnamn()[1] == "sdk"


def test_an_area_that_has_left_is_taken_back_into_the_plan(page: Page) -> None:
    page.get_by_role("button", name="Ta tillbaka Säkra videomöten").click()
    expect(rubriker(page)).to_have_count(8)
    assert "sakra-videomoten" in kortnamn()


def test_the_name_of_an_area_is_edited_in_its_place(page: Page) -> None:
    npo = omrade("npo")
    delen = oppna_i_dokumentet(page, f"omrade-{npo.pk}-namn")
    delen.get_by_label("Namn", exact=True).fill("Nationell patientöversikt")
    delen.get_by_role("button", name="Spara").click()
    expect(delen.get_by_role("heading", level=2)).to_have_text("Nationell patientöversikt")
    expect(delen.get_by_role("link", name="Redigera")).to_be_focused()


def test_the_responsible_groups_are_chosen_in_their_place(page: Page) -> None:
    npo = omrade("npo")
    delen = oppna_i_dokumentet(page, f"omrade-{npo.pk}-ansvar")
    delen.get_by_label(re.compile("^Ny grupp")).fill("Arbetsgrupp journal")
    delen.get_by_label("Nya gruppens kortnamn").fill("AGJ")
    delen.get_by_role("button", name="Spara").click()
    expect(delen.get_by_role("listitem")).to_have_count(2)
    assert set(npo.ansvariga.values_list("kortnamn", flat=True)) == {"SGD", "AGJ"}
