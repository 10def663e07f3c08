"""An amount is changed in the browser, and every page that is made from it follows; the plan is downloaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.rutnat import redo, sparas
from tests.webblasare import BEREDNING, LASARE_MALMO, SAMORDNARE, Webb

# What is saved is tried on both databases by test_budget_redigera.py; here it is the browser that is tried.
pytestmark = pytest.mark.databas("sqlite")

NBSP = "\xa0"


def test_a_changed_amount_changes_the_rate_and_every_share(webb: Webb) -> None:
    malmo = webb.oppna(LASARE_MALMO)
    malmo.goto("/plan/2024/huvudman/1280/")
    expect(malmo.locator(".storbelopp__tal")).to_have_text(f"221{NBSP}098,47")

    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/budget/")
    rad = page.get_by_role("row", name="Beräknad, öre/inv")
    expect(rad.get_by_role("cell").first).to_have_text("61,87")
    page.get_by_role("link", name="Redigera budgeten").click()
    redo(page)
    falt = page.get_by_role("textbox", name="Mina planer, SGD 2024")
    expect(falt).to_have_value(f"500{NBSP}000")
    falt.fill("600 000")
    falt.press("Enter")
    sparas(page)
    page.get_by_role("button", name="Klar").click()
    expect(rad.get_by_role("cell").first).to_have_text("65,40")

    malmo.reload()
    expect(malmo.locator(".storbelopp__tal")).to_have_text(f"233{NBSP}732,67")
    page.goto("/plan/2024/fordelning/")
    expect(page.locator("tr[data-kod='1280']")).to_have_attribute("data-ore", "23373267")
    expect(page.locator("tr[data-total-ore]")).to_have_attribute("data-total-ore", "185000000")
    rader = page.locator("tr[data-kod]")
    expect(rader).to_have_count(34)
    assert sum(int(rad_.get_attribute("data-ore") or 0) for rad_ in rader.all()) == 185_000_000
    page.goto("/plan/2024/")
    expect(page.locator("#samlad-budget")).to_contain_text(f"1{NBSP}850{NBSP}000")


def test_an_amount_that_is_none_is_refused_beside_its_cell_and_stays(webb: Webb) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/budget/redigera/")
    falt = page.get_by_role("textbox", name="Mina planer, SGD 2024")
    falt.fill("1 75O 000")
    page.get_by_role("button", name="Spara budgeten").click()
    expect(page.get_by_role("alert")).to_contain_text("Mina planer, SGD 2024")
    expect(falt).to_have_value("1 75O 000")
    expect(falt).to_have_attribute("aria-invalid", "true")
    page.get_by_role("alert").get_by_role("link").click()
    expect(falt).to_be_focused()


def test_the_shares_are_sorted_by_amount_and_by_name(webb: Webb) -> None:
    page = webb.oppna(BEREDNING)
    page.goto("/plan/2024/fordelning/")
    namn = page.locator("tr[data-kod] > th")
    page.get_by_role("button", name="2024, kr").click()
    expect(namn.first).to_contain_text("Region Skåne")
    expect(namn.nth(1)).to_contain_text("Malmö")
    expect(page.locator("[data-sorterat]")).to_contain_text("fallande")
    page.get_by_role("button", name="Huvudman").click()
    expect(namn.first).to_contain_text("Bjuv")
    # Å, Ä and Ö stand last in Swedish.
    expect(namn.last).to_contain_text("Östra Göinge")


def test_the_plan_is_downloaded_as_a_pdf(webb: Webb, tmp_path: Path) -> None:
    page = webb.oppna(BEREDNING)
    page.goto("/plan/2024/")
    with page.expect_download(timeout=60_000) as hamtning:
        page.get_by_role("link", name="Planen som PDF").click()
    fil = tmp_path / "plan.pdf"
    hamtning.value.save_as(fil)
    assert hamtning.value.suggested_filename == "handlingsplan-2024-utkast.pdf"
    assert fil.read_bytes()[:5] == b"%PDF-"
    # The page is still there: a download is not a page of its own.
    expect(page.get_by_role("heading", level=1)).to_have_text("Handlingsplan 2024")
