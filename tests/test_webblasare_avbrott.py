"""What happens to what is being written when something breaks: it stays, and the page says what to do."""

from __future__ import annotations

from typing import NoReturn

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect

from handlingsplan.models import Handlingsplan
from insatsomraden.models import Omradesutgava
from tests.webblasare import (
    SAMORDNARE,
    Webb,
    ar_samma_sida,
    logga_in,
    minns_sidan,
    omrade,
    oppna_i_dokumentet,
    skrivyta,
)

# What is saved is tried on both databases by test_fel.py and test_sparande.py; here it is the browser that is tried.
pytestmark = pytest.mark.databas("sqlite")

KVAR = "Det du skrev står kvar."
TEXT = "Det här får inte försvinna."


@pytest.fixture
def page(webb: Webb) -> Page:
    sida = webb.oppna(SAMORDNARE)
    sida.goto("/plan/2024/")
    minns_sidan(sida)
    return sida


@pytest.fixture
def delen(page: Page) -> Locator:
    """NPÖ's description, with something written that is not saved."""
    oppen = oppna_i_dokumentet(page, f"omrade-{omrade('npo').pk}-beskrivning")
    skrivyta(oppen).press("ControlOrMeta+a")
    page.keyboard.type(TEXT)
    return oppen


def spara(delen: Locator) -> Locator:
    """Press Spara; the page's own alert, where it says how it went."""
    delen.get_by_role("button", name="Spara").click()
    return delen.page.locator("#meddelanden").get_by_role("alert")


def ar_kvar(delen: Locator) -> None:
    expect(skrivyta(delen)).to_have_text(TEXT)
    assert ar_samma_sida(delen.page)


def sparas_till_slut(delen: Locator) -> None:
    """Once what was broken is whole again, the same button saves."""
    delen.get_by_role("button", name="Spara").click()
    expect(delen.get_by_role("link", name="Redigera beskrivningen")).to_be_focused()
    assert ar_samma_sida(delen.page)
    assert omrade("npo").beskrivning == f"<p>{TEXT}</p>"


@pytest.mark.parametrize("kakorna", [False, True])
def test_a_session_that_has_ended_leaves_the_text_and_a_new_log_in_in_another_tab_saves_it(
    delen: Locator, kakorna: bool
) -> None:
    """The session is gone from the server, or from the browser with the key of its forms."""
    if kakorna:
        delen.page.context.clear_cookies()
    else:
        Session.objects.all().delete()
    besked = spara(delen)
    expect(besked).to_contain_text("Inte sparat. Du har loggats ut.")
    expect(besked).to_contain_text("Logga in i en annan flik och spara sedan här igen.")
    ar_kvar(delen)
    flik = delen.page.context.new_page()
    logga_in(flik, SAMORDNARE)
    sparas_till_slut(delen)


def test_who_has_logged_in_anew_in_another_tab_saves_without_noticing(delen: Locator) -> None:
    flik = delen.page.context.new_page()
    flik.goto("/")
    flik.locator("details.meny > summary").click()
    flik.get_by_role("button", name="Logga ut").click()
    logga_in(flik, SAMORDNARE)
    sparas_till_slut(delen)


def test_a_fault_of_the_server_leaves_the_text(delen: Locator, monkeypatch: pytest.MonkeyPatch) -> None:
    def kraschar(*_: object, **__: object) -> NoReturn:
        raise RuntimeError("provat fel")

    with monkeypatch.context() as trasig:
        trasig.setattr("insatsomraden.views.omrade.redigera", kraschar)
        expect(spara(delen)).to_have_text(f"Inte sparat. Något gick fel hos oss. Försök igen om en stund. {KVAR}")
    ar_kvar(delen)
    sparas_till_slut(delen)


def test_a_lost_connection_leaves_the_text(delen: Locator) -> None:
    delen.page.context.set_offline(True)
    expect(spara(delen)).to_contain_text(f"Inte sparat. Ingen förbindelse. {KVAR}")
    ar_kvar(delen)
    delen.page.context.set_offline(False)
    sparas_till_slut(delen)


def test_a_plan_that_has_been_adopted_meanwhile_leaves_the_text_and_says_so(webb: Webb, delen: Locator) -> None:
    webb.forbi_historiken = True
    Handlingsplan.objects.filter(till_ar=2024).update(faststalld_at="2024-12-31")
    skal = "Handlingsplan 2024 är fastställd och ändras inte längre."
    expect(spara(delen)).to_have_text(f"Inte sparat. {skal} {KVAR}")
    ar_kvar(delen)


def test_an_area_that_has_left_meanwhile_takes_the_text_and_is_not_taken_for_the_log_in(
    webb: Webb, delen: Locator
) -> None:
    webb.forbi_historiken = True
    Omradesutgava.objects.filter(pk=omrade("npo").pk).update(lage=Omradesutgava.Lage.UTGATT)
    delen.get_by_role("button", name="Spara").click()
    expect(delen).to_have_count(0)
    expect(delen.page.get_by_role("status").first).to_contain_text("Sparat")
    assert not ar_samma_sida(delen.page)
    assert omrade("npo").beskrivning == f"<p>{TEXT}</p>"


def test_a_pencil_without_connection_says_so_and_opens_later(page: Page) -> None:
    del_id = f"omrade-{omrade('npo').pk}-beskrivning"
    page.context.set_offline(True)
    page.locator(f"#{del_id}").get_by_role("link", name="Redigera").click()
    expect(page.locator("#meddelanden").get_by_role("alert")).to_contain_text("Ingen förbindelse.")
    page.context.set_offline(False)
    oppna_i_dokumentet(page, del_id)
    assert ar_samma_sida(page)


def test_a_pencil_after_the_session_has_ended_leads_to_the_log_in(page: Page) -> None:
    Session.objects.all().delete()
    page.locator(f"#omrade-{omrade('npo').pk}-beskrivning").get_by_role("link", name="Redigera").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
