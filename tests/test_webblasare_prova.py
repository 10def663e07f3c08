"""What if, with the keyboard alone: all 34 move while one types; what was tried is saved and becomes the budget."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from budget.models import Budgetpost, Scenario
from tests.axe import brister
from tests.webblasare import LASARE_MALMO, SAMORDNARE, Webb, ar_samma_sida, minns_sidan, omrade, tabba_till

# What scenarios save is tried on both databases in test_scenario_spara.py and test_scenario_budget.py.
pytestmark = pytest.mark.databas("sqlite")

ADRESS = "/plan/2024/prova/"
NBSP = "\u00a0"


def svar(page: Page, vad: str) -> Locator:
    return page.locator(f'[data-svar="{vad}"]')


def belopp(page: Page, namn: str) -> Locator:
    return page.get_by_role("textbox", name=f"{namn}, SGD 2024")


def skriv(page: Page, falt: Locator, text: str) -> None:
    tabba_till(page, falt)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def kronor(kod: str) -> str:
    post = Budgetpost.objects.get(utgava=omrade(kod), budgetar=2024, finansiering="sgd")
    return f"{post.belopp.amount:.0f}" if post.belopp else post.slag


@pytest.fixture
def page(webb: Webb) -> Page:
    page = webb.oppna(SAMORDNARE)
    page.goto(ADRESS)
    minns_sidan(page)
    return page


def test_all_move_while_one_types_and_what_was_tried_becomes_the_budget(page: Page) -> None:
    skriv(page, belopp(page, "Mina planer"), "600 000")
    expect(svar(page, "prov-2024-1280")).to_have_text(f"233{NBSP}732,67")
    expect(svar(page, "skillnad-2024-1280")).to_have_text(f"+12{NBSP}634,20")
    expect(svar(page, "summa-2024")).to_have_text(f"1{NBSP}850{NBSP}000{NBSP}kr")
    expect(svar(page, "sagt")).to_contain_text("65,40 öre per invånare")
    expect(belopp(page, "Mina planer")).to_be_focused()
    assert ar_samma_sida(page)
    skriv(page, page.get_by_label("Spara som scenario"), "Mer till Mina planer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mer till Mina planer")
    assert Scenario.objects.filter(namn="Mer till Mina planer").count() == 1
    assert kronor("mina-planer") == "500000"
    tabba_till(page, page.get_by_role("link", name="Gör till planens budget"))
    page.keyboard.press("Enter")
    tabba_till(page, page.get_by_role("button", name="Ändra budgeten"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Budgeten är nu som scenariot")).to_be_visible()
    assert kronor("mina-planer") == "600000"
    tabba_till(page, page.get_by_role("link", name="Se och ta tillbaka i historiken"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Historik")


def test_what_cannot_be_read_is_said_beside_the_field_while_one_types(page: Page) -> None:
    falt = belopp(page, "Mina planer")
    skriv(page, falt, "sex hundra")
    expect(falt).to_have_attribute("aria-invalid", "true")
    expect(falt).to_have_accessible_description(re.compile("förstås inte"))
    expect(page.locator("[data-lage]")).to_have_text("Ett fält går inte att läsa och räknas som nu.")
    expect(svar(page, "prov-2024-1280")).to_have_text(f"221{NBSP}098,47")
    datum = page.get_by_label("Folkmängd den")
    skriv(page, datum, "2030-12-31")
    expect(datum).to_have_accessible_description(re.compile("saknas för Svalövs kommun"))
    assert brister(page) == []
    skriv(page, datum, "2021-12-31")
    expect(datum).not_to_have_attribute("aria-invalid", "true")
    expect(svar(page, "taxa-2024")).to_have_text("62,39")


def test_a_table_that_one_has_sorted_stays_sorted(page: Page) -> None:
    page.get_by_role("button", name="Prövat, kr").click()
    expect(page.locator("tbody tr[data-kod]").nth(1)).to_have_attribute("data-kod", "1280")
    belopp(page, "Mina planer").fill("0")
    expect(svar(page, "prov-2024-1280")).to_have_text(f"157{NBSP}927,48")
    expect(page.locator("tbody tr[data-kod]").nth(1)).to_have_attribute("data-kod", "1280")
    page.get_by_role("button", name="Skillnad, kr").click()
    page.get_by_role("button", name="Skillnad, kr").click()
    expect(page.locator("tbody tr[data-kod]").first).to_have_attribute("data-kod", "12")


def test_without_a_connection_it_is_said_that_nothing_is_computed(page: Page) -> None:
    page.route("**/prova/", lambda route: route.abort())
    belopp(page, "Mina planer").fill("1")
    expect(page.locator("[data-lage]")).to_have_text("Ingen förbindelse. Siffrorna är inte omräknade.")
    expect(belopp(page, "Mina planer")).to_have_value("1")


def test_without_javascript_the_button_computes_the_same(webb: Webb) -> None:
    page = webb.oppna(LASARE_MALMO, utan_js=True, bredd=360)
    page.goto(ADRESS)
    belopp(page, "Mina planer").fill("600 000")
    page.get_by_role("button", name="Beräkna").click()
    expect(svar(page, "prov-2024-1280")).to_have_text(f"233{NBSP}732,67")
    assert belopp(page, "Mina planer").input_value() == "600 000"
