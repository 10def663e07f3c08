"""Log in and out, as each role, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.webblasare import ADMINISTRATOR, BEREDNING, LASARE_MALMO, SAMORDNARE, Webb, logga_in

# What is saved is tried on both databases by test_konton.py; here it is the browser that is tried.
pytestmark = pytest.mark.databas("sqlite")

ROLLER = [
    pytest.param(SAMORDNARE, "/", "samordnare i SGD", "Planen", id="samordnare"),
    pytest.param(LASARE_MALMO, "/plan/2024/huvudman/1280/", "läsare för Malmö stad", "Vår andel", id="lasare"),
    pytest.param(BEREDNING, "/", "Central tjänstemannaberedning", "Fördelning", id="beredning"),
    pytest.param(ADMINISTRATOR, "/", "administratör", "Användare", id="administrator"),
]


@pytest.mark.parametrize(("vem", "hit", "roll", "meny"), ROLLER)
def test_each_role_logs_in_lands_where_its_work_is_and_logs_out(
    webb: Webb, vem: str, hit: str, roll: str, meny: str
) -> None:
    page = webb.oppna()
    logga_in(page, vem)
    expect(page).to_have_url(f"{webb.adress}{hit}")
    expect(page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name=meny)).to_be_visible()

    page.locator("details.meny > summary").click()
    expect(page.locator(".meny__lada")).to_contain_text(roll)
    page.get_by_role("button", name="Logga ut").click()
    expect(page).to_have_url(f"{webb.adress}/logga-in/")
    page.goto("/plan/2024/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")


def test_a_reader_meets_the_amount_of_the_own_party_first(webb: Webb) -> None:
    page = webb.oppna()
    logga_in(page, LASARE_MALMO)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Malmö.*andel 2024"))
    expect(page.locator(".storbelopp__tal")).to_have_text("221\xa0098,47")
    expect(page.get_by_role("link", name="Redigera")).to_have_count(0)


def test_a_wrong_password_says_so_and_keeps_the_address(webb: Webb) -> None:
    page = webb.oppna()
    page.goto("/logga-in/")
    page.get_by_label("E-postadress").fill(SAMORDNARE)
    page.get_by_label("Lösenord", exact=True).fill("fel lösenord")
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("alert")).to_contain_text("Det gick inte att logga in")
    expect(page.get_by_label("E-postadress")).to_have_value(SAMORDNARE)
    expect(page).to_have_title("Fel: Logga in – Handlingsplan")


def test_who_follows_a_link_before_logging_in_comes_to_the_page_of_the_link(webb: Webb) -> None:
    page = webb.oppna()
    page.goto("/plan/2024/budget/")
    page.get_by_label("E-postadress").fill(BEREDNING)
    page.get_by_label("Lösenord", exact=True).fill("prova-planen-2024")
    page.get_by_role("button", name="Logga in").click()
    expect(page).to_have_url(f"{webb.adress}/plan/2024/budget/")
