"""What breaks while somebody writes: the server, the log-in, an answer on its way. Nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import Locator, Page, Route, expect

from handlingsplan.models import Anvandare
from insatsomraden.models import Omradesutgava
from tests.autosparwebb import (
    SPARAT,
    ar_autosparning,
    erbjudande,
    kvarlamnat,
    laget,
    skriv_om,
    sparas,
    stang_utan_forbindelse,
    text_i,
    utkast,
)
from tests.egenserver import Egenserver
from tests.webblasare import (
    ANDRA_SAMORDNAREN,
    SAMORDNARE,
    Webb,
    ar_samma_sida,
    logga_in,
    minns_sidan,
    omrade,
    oppna_i_dokumentet,
    skrivyta,
    snart,
)

INGEN_FORBINDELSE = "Inte sparat. Ingen förbindelse. Det du skrev finns kvar här."


@pytest.fixture
def npo(demo: None) -> Omradesutgava:
    return omrade("npo")


@pytest.fixture
def egen(demo: None) -> Iterator[Egenserver]:
    server = Egenserver(str(connection.settings_dict["NAME"]))
    server.starta()
    yield server
    server.doda()


def skriv_i(page: Page, npo: Omradesutgava, text: str, *, i_dokumentet: bool = False) -> Locator:
    """Open NPÖ's description and write this in place of all that stands there; the open part."""
    if i_dokumentet:
        page.goto("/plan/2024/")
        minns_sidan(page)
        delen = oppna_i_dokumentet(page, f"omrade-{npo.pk}-beskrivning")
    else:
        page.goto(vagen(npo))
        delen = page.locator("section.del--redigeras")
    skriv_om(delen, text)
    return delen


def vagen(npo: Omradesutgava) -> str:
    """The address of NPÖ's description."""
    return f"/plan/2024/omrade/{npo.pk}/beskrivning/"


def test_a_server_that_is_killed_in_the_middle_of_a_save_loses_nothing(
    webb: Webb, egen: Egenserver, npo: Omradesutgava
) -> None:
    webb.adress = egen.adress
    page = webb.oppna(SAMORDNARE)
    with sparas(page):
        delen = skriv_i(page, npo, "Före.")
    egen.frys()
    with page.expect_request(ar_autosparning):
        page.keyboard.type(" Under.")
    egen.doda()
    expect(laget(delen)).to_have_text(INGEN_FORBINDELSE)
    page.keyboard.type(" Efter.")
    snart(page, lambda: "Före. Under. Efter." in text_i(page, vagen(npo)), True)
    assert omrade("npo").beskrivning == "<p>Före.</p>"
    with sparas(page):  # by itself, a little later
        egen.starta()
    expect(laget(delen)).to_have_text(SPARAT)
    assert omrade("npo").beskrivning == "<p>Före. Under. Efter.</p>"

    egen.doda()
    page.keyboard.type(" Sist.")
    expect(laget(delen)).to_have_text(INGEN_FORBINDELSE)
    page.close()
    egen.starta()
    ny = webb.flik(page)
    ny.goto("/planer/")
    kvarlamnat(ny).get_by_role("link").click()
    with sparas(ny):
        erbjudande(ny.locator("form.redigera")).get_by_role("button", name="Hämta tillbaka den").click()
    expect(laget(ny.locator("form.redigera"))).to_have_text(SPARAT)
    expect(skrivyta(ny.locator("form.redigera"))).to_have_text("Före. Under. Efter. Sist.")
    assert omrade("npo").beskrivning == "<p>Före. Under. Efter. Sist.</p>"


@pytest.mark.databas("sqlite")
def test_a_log_in_that_ends_in_the_middle_says_so_and_the_text_is_offered_after_the_next(
    webb: Webb, npo: Omradesutgava
) -> None:
    page = webb.oppna(SAMORDNARE)
    delen = skriv_i(page, npo, "Skrivet", i_dokumentet=True)
    Session.objects.all().delete()
    page.keyboard.type(" utan session.")
    expect(laget(delen)).to_contain_text("Inte sparat. Du har loggats ut. Logga in i en annan flik, så sparas det här.")
    delen.get_by_role("button", name="Spara").click()
    expect(page.locator("#meddelanden").get_by_role("alert")).to_contain_text("Inte sparat. Du har loggats ut.")
    logga_in(page, SAMORDNARE)
    kvarlamnat(page).get_by_role("link").click()
    formular = page.locator("form.redigera")
    with sparas(page):
        erbjudande(formular).get_by_role("button", name="Hämta tillbaka den").click()
    expect(laget(formular)).to_have_text(SPARAT)
    assert omrade("npo").beskrivning == "<p>Skrivet utan session.</p>"
    expect(skrivyta(formular)).to_have_text("Skrivet utan session.")

    # On a page of its own the button leads to the log-in; who then goes elsewhere still has the text.
    Session.objects.all().delete()
    page.keyboard.press("End")
    page.keyboard.type(" Och mer.")
    formular.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
    logga_in(page, SAMORDNARE)
    page.goto("/planer/")
    expect(kvarlamnat(page).locator("pre")).to_have_text("Skrivet utan session. Och mer.")


@pytest.mark.databas("sqlite")
def test_nothing_is_saved_in_the_name_of_somebody_else_who_has_logged_in_in_the_same_browser(
    webb: Webb, npo: Omradesutgava
) -> None:
    page = webb.oppna(SAMORDNARE)
    delen = skriv_i(page, npo, "Mitt")
    webb.byt_person(page.context, ANDRA_SAMORDNAREN)
    page.keyboard.type(" eget.")
    expect(laget(delen)).to_contain_text("Inte sparat. Någon annan är inloggad i den här webbläsaren nu.")
    assert omrade("npo").version == npo.version
    flik = webb.flik(page)
    flik.goto(vagen(npo))
    expect(skrivyta(flik.locator("form.redigera"))).to_contain_text("Inera AB:s tjänst")
    assert not erbjudande(flik.locator("form.redigera")).is_visible()
    flik.close()
    webb.byt_person(page.context, SAMORDNARE)
    with sparas(page):
        page.keyboard.type(" Igen.")
    expect(laget(delen)).to_have_text(SPARAT)
    sparad = omrade("npo")
    assert (sparad.beskrivning, sparad.andrad_av) == (
        "<p>Mitt eget. Igen.</p>",
        Anvandare.objects.get(email=SAMORDNARE),
    )


@pytest.mark.databas("sqlite")
def test_a_save_whose_answer_is_lost_is_no_conflict_with_oneself(webb: Webb, npo: Omradesutgava) -> None:
    page, vag = webb.oppna(SAMORDNARE), vagen(npo)

    def utan_svar(route: Route) -> None:
        if ar_autosparning(route.request):
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(f"**{vag}", utan_svar)
    delen = skriv_i(page, npo, "Kom fram,")
    expect(laget(delen)).to_have_text(INGEN_FORBINDELSE)
    assert omrade("npo").beskrivning == "<p>Kom fram,</p>"
    page.unroute(f"**{vag}")
    page.keyboard.type(" utan svar.")
    expect(laget(delen)).to_have_text(SPARAT)
    assert omrade("npo").beskrivning == "<p>Kom fram, utan svar.</p>"

    # The same when the tab is closed before the next save.
    page.route(f"**{vag}", utan_svar)
    page.keyboard.type(" Och igen,")
    expect(laget(delen)).to_have_text(INGEN_FORBINDELSE)
    page.keyboard.type(" till slut.")
    stang_utan_forbindelse(page)
    page.context.set_offline(False)
    ny = webb.flik(page)
    ny.goto(vag)
    formular = ny.locator("form.redigera")
    erbjudande(formular).get_by_role("button", name="Hämta tillbaka den").click()
    expect(laget(formular)).to_have_text(SPARAT)
    assert omrade("npo").beskrivning == "<p>Kom fram, utan svar. Och igen, till slut.</p>"
    assert utkast(ny) == {}


@pytest.mark.databas("sqlite")
def test_the_button_waits_for_the_save_that_is_on_its_way(webb: Webb, npo: Omradesutgava) -> None:
    page = webb.oppna(SAMORDNARE)
    hallna: list[Route] = []
    vag = f"**{vagen(npo)}"
    page.route(vag, lambda en: hallna.append(en) if en.request.method == "POST" else en.continue_())
    with page.expect_request(ar_autosparning):
        delen = skriv_i(page, npo, "Skrivet,", i_dokumentet=True)
    page.keyboard.type(" och sparat.")
    knappen = delen.get_by_role("button", name="Spara")
    with page.expect_request(lambda en: en.method == "POST" and not ar_autosparning(en)):
        knappen.click()
        assert len(hallna) == 1
        hallna[0].continue_()
    # What is typed until the answer comes would be put away with the form.
    assert delen.locator("form").evaluate("en => en.inert")
    hallna[1].abort()
    expect(page.locator("#meddelanden").get_by_role("alert")).to_contain_text("Ingen förbindelse.")
    expect(knappen).to_be_focused()
    expect(skrivyta(delen)).to_have_text("Skrivet, och sparat.")
    page.unroute(vag)
    knappen.click()
    expect(delen.get_by_role("link", name="Redigera beskrivningen")).to_be_focused()
    expect(delen.locator(".prosa")).to_have_text("Skrivet, och sparat.")
    assert (len(hallna), omrade("npo").beskrivning) == (2, "<p>Skrivet, och sparat.</p>")
    assert utkast(page) == {}
    assert ar_samma_sida(page)
