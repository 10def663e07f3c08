"""What is written in the budget grid when something breaks: it stays, and is saved as soon as it can be."""

from __future__ import annotations

import json
import re
from typing import NoReturn

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from handlingsplan.models import Handlingsplan
from tests.rutnat import ADRESS, NBSP, beskrivning, cell, har_fokus, kronor, oppna, sagt, sparas, status
from tests.webblasare import ANDRA_SAMORDNAREN, SAMORDNARE, Webb, logga_in

# What the page does does not depend on the database: its files are shared out between the two. The saving itself is
# tried on both, without a browser.
pytestmark = pytest.mark.databas("postgresql")

MINA, BESLUT = "Mina planer, SGD 2024", "Beslutsstöd, SGD 2024"
KVAR = "Det du skrev finns kvar här."


@pytest.fixture
def page(webb: Webb) -> Page:
    return oppna(webb.oppna(SAMORDNARE))


def skriv(page: Page, namn: str, text: str) -> None:
    cell(page, namn).focus()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def forsok_igen(page: Page) -> None:
    """What the slow timer does after a while."""
    page.evaluate("dispatchEvent(new Event('online'))")


def utkast(page: Page) -> list[dict[str, object]]:
    """What the browser has kept."""
    kvar = "() => Object.entries(localStorage).filter(([namn]) => namn.startsWith('utkast:')).map(([, varde]) => varde)"
    return [json.loads(en) for en in page.evaluate(kvar)]


def test_without_connection_all_is_kept_and_saved_when_it_is_back(page: Page) -> None:
    page.context.set_offline(True)
    skriv(page, MINA, "600000")
    expect(status(page)).to_have_text(f"Inte sparat. Ingen förbindelse. {KVAR}")
    expect(sagt(page)).to_have_text(f"Inte sparat. Ingen förbindelse. {KVAR}")
    expect(page.locator("[data-summarubrik]")).to_have_text("Summa, inte omräknad")
    skriv(page, BESLUT, "25 tkr")
    expect(cell(page, MINA)).to_have_value("600000")
    assert len(utkast(page)) == 1
    page.get_by_role("button", name="Spara budgeten").click()  # it does not lead away from what is written
    expect(cell(page, BESLUT)).to_have_value("25 tkr")
    page.context.set_offline(False)
    sparas(page)
    expect(cell(page, MINA)).to_have_value(f"600{NBSP}000")
    expect(page.locator("tfoot [data-taxa='2024-sgd']")).to_have_text("66,29")
    assert (kronor("mina-planer"), kronor("beslutsstod"), utkast(page)) == ("600000", "25000", [])


def test_what_was_taken_back_without_connection_is_never_saved(page: Page) -> None:
    page.context.set_offline(True)
    skriv(page, MINA, "600000")
    expect(status(page)).to_contain_text("Inte sparat.")
    page.keyboard.press("ControlOrMeta+z")
    expect(cell(page, MINA)).to_have_value(f"500{NBSP}000")
    page.context.set_offline(False)
    expect(page.locator("[data-summarubrik]")).to_have_text("Summa")
    assert (kronor("mina-planer"), utkast(page)) == ("500000", [])


def test_a_session_that_has_ended_leaves_all_and_a_log_in_in_another_tab_saves_it(page: Page) -> None:
    Session.objects.all().delete()
    skriv(page, MINA, "600000")
    expect(status(page)).to_have_text(f"Inte sparat. Du har loggats ut. Logga in, här eller i en annan flik. {KVAR}")
    expect(page.get_by_role("link", name="Logga in")).to_be_visible()
    flik = page.context.new_page()
    logga_in(flik, SAMORDNARE)
    forsok_igen(page)
    sparas(page)
    expect(page.get_by_role("link", name="Logga in")).to_be_hidden()
    assert kronor("mina-planer") == "600000"


def test_a_log_in_on_the_page_itself_offers_back_what_was_written(page: Page) -> None:
    Session.objects.all().delete()
    skriv(page, MINA, "600000")
    expect(status(page)).to_contain_text("Du har loggats ut.")
    page.get_by_role("link", name="Logga in").click()
    page.get_by_label("E-postadress").fill(SAMORDNARE)
    page.get_by_label("Lösenord", exact=True).fill("prova-planen-2024")
    page.get_by_role("button", name="Logga in").click()
    expect(page).to_have_url(re.compile(ADRESS))
    besked = page.locator("[data-erbjudande]")
    expect(besked).to_contain_text(f"{MINA}: 600000. Sparat nu: 500{NBSP}000.")
    assert kronor("mina-planer") == "500000"
    page.get_by_role("button", name="Lägg tillbaka dem").press("Enter")
    har_fokus(cell(page, MINA))
    sparas(page)
    expect(besked).to_be_empty()
    assert (kronor("mina-planer"), utkast(page)) == ("600000", [])


def test_nothing_is_saved_in_the_name_of_who_logged_in_instead(page: Page) -> None:
    flik = page.context.new_page()
    flik.goto("/")
    flik.locator("details.meny > summary").click()
    flik.get_by_role("button", name="Logga ut").click()
    logga_in(flik, ANDRA_SAMORDNAREN)
    skriv(page, MINA, "600000")
    expect(status(page)).to_contain_text("Inte sparat.")
    assert kronor("mina-planer") == "500000"
    # Nor is it offered to that person.
    oppna(flik)
    expect(flik.locator("[data-erbjudande]")).to_be_empty()
    expect(flik.locator("#utkast")).to_be_hidden()


def test_who_has_logged_in_anew_in_another_tab_saves_without_noticing(page: Page) -> None:
    flik = page.context.new_page()
    flik.goto("/")
    flik.locator("details.meny > summary").click()
    flik.get_by_role("button", name="Logga ut").click()
    logga_in(flik, SAMORDNARE)
    skriv(page, MINA, "600000")
    sparas(page)
    expect(page.locator("tfoot [data-taxa='2024-sgd']")).to_have_text("65,40")
    assert kronor("mina-planer") == "600000"


def test_a_fault_of_the_server_leaves_all(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def kraschar(*_: object, **__: object) -> NoReturn:
        raise RuntimeError("provat fel")

    with monkeypatch.context() as trasig:
        trasig.setattr("budget.views.budget.autospara", kraschar)
        skriv(page, MINA, "600000")
        expect(status(page)).to_have_text(f"Inte sparat. Något gick fel hos oss. {KVAR}")
    forsok_igen(page)
    sparas(page)
    assert kronor("mina-planer") == "600000"


def test_a_plan_that_has_been_adopted_meanwhile_says_so_and_leaves_all(webb: Webb, page: Page) -> None:
    webb.forbi_historiken = True
    Handlingsplan.objects.filter(till_ar=2024).update(faststalld_at="2024-12-31")
    skriv(page, MINA, "600000")
    skal = "Handlingsplan 2024 är fastställd och ändras inte längre."
    expect(status(page)).to_have_text(f"Inte sparat. {skal} {KVAR}")
    expect(cell(page, MINA)).to_have_value("600000")


# --- A tab that was closed -----------------------------------------------------------------------------------------


def stang_utan_forbindelse(page: Page) -> Page:
    """Write two cells, close the tab without connection, and open a new one.

    Chromium lets what a closing page sends past its own offline mode, so the connection is cut in the page itself.
    """
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('Failed to fetch')); }")
    skriv(page, MINA, "600000")
    cell(page, BESLUT).focus()
    page.keyboard.type("7")
    page.close()
    return page.context.new_page()


def test_what_was_written_when_the_tab_was_closed_is_offered_back_beside_what_is_saved(page: Page) -> None:
    ny = oppna(stang_utan_forbindelse(page))
    besked = ny.locator("[data-erbjudande]")
    expect(besked.get_by_role("listitem")).to_have_text(
        [f"{MINA}: 600000. Sparat nu: 500{NBSP}000.", f"{BESLUT}: 7. Sparat nu: 0."]
    )
    assert kronor("mina-planer") == "500000"
    ny.get_by_role("button", name="Lägg tillbaka dem").press("Enter")
    sparas(ny)
    assert (kronor("mina-planer"), kronor("beslutsstod"), utkast(ny)) == ("600000", "7", [])
    ny.keyboard.press("ControlOrMeta+z")
    sparas(ny)
    assert (kronor("mina-planer"), kronor("beslutsstod")) == ("500000", "0")


def test_it_comes_back_on_what_it_was_written_on_so_that_nobody_is_overwritten(webb: Webb, page: Page) -> None:
    ny = stang_utan_forbindelse(page)
    annans = oppna(webb.oppna(ANDRA_SAMORDNAREN))
    skriv(annans, MINA, "550000")
    sparas(annans)
    oppna(ny)
    expect(ny.locator("[data-erbjudande]")).to_contain_text(f"{MINA}: 600000. Sparat nu: 550{NBSP}000.")
    ny.get_by_role("button", name="Lägg tillbaka dem").press("Enter")
    expect(beskrivning(cell(ny, MINA))).to_contain_text("Din: 600000. Sparad av Andra samordnaren")
    assert (kronor("mina-planer"), kronor("beslutsstod")) == ("550000", "7")


def test_it_may_be_thrown_away_and_is_told_of_on_other_pages_too(page: Page) -> None:
    ny = stang_utan_forbindelse(page)
    ny.goto("/plan/2024/")
    expect(ny.locator("#utkast").get_by_role("link", name="Budgeten 2024")).to_have_attribute("href", ADRESS)
    oppna(ny)
    ny.get_by_role("button", name="Släng dem").press("Enter")
    expect(ny.locator("[data-erbjudande]")).to_be_empty()
    ny.reload()
    expect(ny.locator("[data-summarubrik]")).to_have_text("Summa")
    expect(ny.locator("[data-erbjudande]")).to_be_empty()
    assert (kronor("mina-planer"), utkast(ny)) == ("500000", [])


def test_what_is_written_in_another_tab_just_now_is_not_offered_as_lost(page: Page) -> None:
    page.route("**/redigera/", lambda route: route.abort())
    skriv(page, MINA, "600000")
    expect(status(page)).to_contain_text("Inte sparat.")
    assert len(utkast(page)) == 1
    flik = oppna(page.context.new_page())
    skriv(flik, MINA, "700000")
    sparas(flik)
    expect(flik.locator("[data-erbjudande]")).to_be_empty()
    # The two tabs of one person are as two people.
    page.unroute("**/redigera/")
    forsok_igen(page)
    expect(beskrivning(cell(page, MINA))).to_contain_text(f": 700{NBSP}000. Spara igen om din ska gälla.")
    assert kronor("mina-planer") == "700000"
