"""The budget grid with the keyboard alone: moving, writing, sums that answer, saving by itself, taking back."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, Route, expect

from handlingsplan.models import Handlingsplan
from tests.budgetfall import skriv_post
from tests.historikfall import falt, hel, rader
from tests.rutnat import (
    ADRESS,
    NBSP,
    beskrivning,
    cell,
    har_fokus,
    kronor,
    oppna,
    sagt,
    sparas,
    status,
)
from tests.webblasare import SAMORDNARE, Webb, omrade, tabba_till

# What the page does does not depend on the database: its files are shared out between the two. The saving itself is
# tried on both, without a browser.
pytestmark = pytest.mark.databas("postgresql")

MAX_VARV = 50
MINA, BESLUT, AVVIK = "Mina planer, SGD 2024", "Beslutsstöd, SGD 2024", "Avvikelsehantering, SGD 2024"


@pytest.fixture
def page(webb: Webb) -> Page:
    return oppna(webb.oppna(SAMORDNARE))


# --- Moving --------------------------------------------------------------------------------------------------------

FORST, SIST = "Nationell patientöversikt, SGD 2024", "Rad utan benämning, annan finansiering 2023"
VAGAR = [
    ("ArrowDown", BESLUT),
    ("ArrowUp", "Säker digital kommunikation, SGD 2024"),
    ("ArrowRight", "Mina planer, annan finansiering 2024"),
    ("ArrowLeft", MINA),  # the first column: there is nowhere to go
    ("Enter", BESLUT),
    ("Shift+Enter", "Säker digital kommunikation, SGD 2024"),
    ("Tab", "Mina planer, annan finansiering 2024"),
    ("Shift+Tab", "Säker digital kommunikation, annan finansiering 2023"),
    ("Home", MINA),
    ("End", "Mina planer, annan finansiering 2023"),
    ("ControlOrMeta+Home", FORST),
    ("ControlOrMeta+End", SIST),
]


def test_each_key_leads_to_the_cell_that_a_spreadsheet_would_lead_to(page: Page) -> None:
    for tangent, hit in VAGAR:
        cell(page, MINA).focus()
        page.keyboard.press(tangent)
        har_fokus(cell(page, hit), markerad=True)
    for kant, tangenter in ((FORST, ("ArrowUp", "Shift+Enter")), (SIST, ("ArrowDown", "Enter", "ArrowRight"))):
        for tangent in tangenter:
            cell(page, kant).focus()
            page.keyboard.press(tangent)
            har_fokus(cell(page, kant), markerad=True)


def test_cells_that_are_not_filled_in_are_passed_over(webb: Webb) -> None:
    """An area that has left has only its comparison; its cells of 2024 are locked."""
    utgava, webb.forbi_historiken = omrade("beslutsstod"), True
    utgava.lage = "utgatt"
    utgava.save()
    page = oppna(webb.oppna(SAMORDNARE))
    cell(page, MINA).focus()
    page.keyboard.press("ArrowDown")
    har_fokus(cell(page, AVVIK))
    cell(page, "Mina planer, SGD 2023").focus()
    page.keyboard.press("ArrowDown")
    har_fokus(cell(page, "Beslutsstöd, SGD 2023"))
    page.keyboard.press("ArrowLeft")
    har_fokus(cell(page, "Beslutsstöd, SGD 2023"))


def test_the_grid_is_reached_and_left_with_tab(page: Page) -> None:
    page.get_by_role("heading", level=1).click()
    tabba_till(page, cell(page, FORST))
    cell(page, SIST).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=f"Kommentera {SIST}")).to_be_focused()


def test_what_is_typed_replaces_f2_adds_and_escape_takes_back(page: Page) -> None:
    mina = cell(page, MINA)
    mina.focus()
    page.keyboard.type("600")
    expect(mina).to_have_value("600")
    page.keyboard.press("Escape")
    expect(mina).to_have_value(f"500{NBSP}000")
    har_fokus(mina, markerad=True)
    page.keyboard.press("F2")
    har_fokus(mina, markerad=False)
    page.keyboard.type(",50")
    expect(mina).to_have_value(f"500{NBSP}000,50")
    # The sideways arrows are the caret's, until it stands outermost.
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("2")
    expect(mina).to_have_value(f"500{NBSP}000,520")
    page.keyboard.press("ArrowRight")
    har_fokus(mina)
    page.keyboard.press("ArrowRight")
    har_fokus(cell(page, "Mina planer, annan finansiering 2024"), markerad=True)


def test_who_uses_it_as_a_form_with_a_mouse_notices_nothing(page: Page) -> None:
    mina = cell(page, MINA)
    mina.click()
    har_fokus(mina, markerad=False)
    page.keyboard.press("End")
    page.keyboard.type("0")
    expect(mina).to_have_value(f"500{NBSP}0000")
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    expect(mina).to_have_value(f"00{NBSP}0000")
    page.keyboard.press("ControlOrMeta+z")  # the browser's own
    expect(mina).to_have_value(f"500{NBSP}0000")


def test_the_kinds_of_amount_look_different_while_they_are_typed(page: Page) -> None:
    ruta = cell(page, MINA).locator("xpath=ancestor::td")
    cell(page, MINA).focus()
    for text, slag in (("0", "belopp"), ("Okänt", "okant"), ("ej  aktuellt", "ej_aktuellt"), ("***", "okant")):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(text)
        expect(ruta).to_have_attribute("data-slag", slag)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    expect(ruta).to_have_attribute("data-slag", "ej_ifyllt")
    page.keyboard.type("ok")
    expect(ruta).not_to_have_attribute("data-slag", "okant")


# --- What it comes to ----------------------------------------------------------------------------------------------


def test_sums_rate_and_the_34_shares_answer_before_the_cell_is_left(page: Page) -> None:
    fot, malmo = page.locator("tfoot"), page.get_by_role("row", name="Malmö stad")
    expect(fot.locator("[data-taxa='2024-sgd']")).to_have_text("61,87")
    page.locator(".andelar summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-andel^='2024-']")).to_have_count(34)
    cell(page, MINA).focus()
    page.keyboard.type("600000")
    expect(fot.locator("[data-summa='2024-sgd']")).to_have_text(f"1{NBSP}850{NBSP}000{NBSP}kr")
    expect(fot.locator("[data-taxa='2024-sgd']")).to_have_text("65,40")
    expect(page.locator("[data-cellsumma]")).to_have_text(f"Summa 1{NBSP}850{NBSP}000{NBSP}kr · 65,40 öre/inv")
    # Beside what was saved when the page was opened.
    expect(malmo.get_by_role("cell")).to_have_text([f"221{NBSP}098,47", f"233{NBSP}732,67"])
    assert kronor("mina-planer") == "500000"
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("okänt")
    expect(fot.locator("[data-summa='2024-sgd']")).to_have_text(f"1{NBSP}250{NBSP}000{NBSP}kr + okänt")
    expect(page.locator("[data-skal] li")).to_have_text(
        ["2024: Fördelningen gäller bara de kända beloppen; det finns okända SGD-belopp."]
    )
    page.keyboard.press("Escape")
    expect(fot.locator("[data-taxa='2024-sgd']")).to_have_text("61,87")
    expect(page.locator("[data-skal] li")).to_have_count(0)


def test_the_newest_answer_wins_also_when_an_older_one_comes_later(page: Page) -> None:
    holls: list[Route] = []

    def hall_forsta(route: Route) -> None:
        if not holls:
            holls.append(route)
        else:
            route.continue_()

    page.route("**/budget/rakna/", hall_forsta)
    cell(page, MINA).focus()
    with page.expect_request("**/budget/rakna/"):
        page.keyboard.type("1")
    page.keyboard.type("00000")
    summa = page.locator("tfoot [data-summa='2024-sgd']")
    expect(summa).to_have_text(f"1{NBSP}350{NBSP}000{NBSP}kr")
    holls[0].fulfill(json={"summor": {"2024-sgd": "fel"}, "taxor": {}, "andelar": {}, "skal": [], "olasta": 0})
    page.keyboard.press("End")
    page.keyboard.type("0")
    expect(summa).to_have_text(f"2{NBSP}250{NBSP}000{NBSP}kr")


# --- Saving by itself ----------------------------------------------------------------------------------------------


def test_a_cell_that_is_left_is_saved_and_only_what_was_changed_is_sent(page: Page) -> None:
    skickat: list[Request] = []
    page.on("request", lambda en: skickat.append(en) if "x-autospara" in en.headers else None)
    mina = cell(page, MINA)
    mina.focus()
    page.keyboard.type("600000")
    page.keyboard.press("Enter")
    har_fokus(cell(page, BESLUT))
    sparas(page)
    expect(mina).to_have_value(f"600{NBSP}000")
    assert kronor("mina-planer") == "600000"
    (enda,) = skickat
    namn = mina.get_attribute("name")
    assert set(parse_qs(enda.post_data or "")) == {"csrfmiddlewaretoken", namn, f"bas-{namn}"}
    expect(sagt(page)).to_have_text(
        f"{status(page).inner_text()}. SGD 2024: 1{NBSP}850{NBSP}000{NBSP}kr, 65,40 öre per invånare."
    )
    # From one cell through another without a change: nothing more is sent.
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Klar").press("Enter")
    expect(page).to_have_url(re.compile("/plan/2024/budget/$"))
    assert len(skickat) == 1


def test_what_stands_in_the_cell_when_the_page_is_left_is_saved(page: Page) -> None:
    cell(page, MINA).focus()
    page.keyboard.type("610000")
    page.goto("/plan/2024/fordelning/")
    for _ in range(MAX_VARV):  # nobody waits for the answer to what is sent last
        if kronor("mina-planer") == "610000":
            break
        page.reload()
    expect(page.locator("#utkast")).to_be_hidden()
    page.goto(ADRESS)
    expect(cell(page, MINA)).to_have_value(f"610{NBSP}000")
    expect(page.locator("[data-erbjudande]")).to_be_empty()


def test_an_amount_that_cannot_be_read_stays_and_stops_no_other(page: Page) -> None:
    mina = cell(page, MINA)
    mina.focus()
    page.keyboard.type("60O 000")
    page.keyboard.press("Enter")
    page.keyboard.type("25000")
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("En cell är inte sparad. Läs vid cellen.")
    expect(beskrivning(mina)).to_contain_text("Fel: ”60O 000” innehåller bokstaven O.")
    expect(mina).to_have_attribute("aria-invalid", "true")
    expect(mina).to_have_accessible_description(beskrivning(mina).inner_text())
    expect(mina).to_have_value("60O 000")
    expect(cell(page, BESLUT)).to_have_value(f"25{NBSP}000")
    assert (kronor("mina-planer"), kronor("beslutsstod")) == ("500000", "25000")
    # The button says the same on a page of its own, and nothing that was typed is gone.
    page.get_by_role("button", name="Spara budgeten").click()
    expect(page.get_by_role("alert")).to_contain_text(MINA)
    expect(mina).to_have_value("60O 000")
    mina.fill("600000")
    mina.press("Enter")
    sparas(page)
    assert kronor("mina-planer") == "600000"
    # It stood on the page all the time, and is not offered back as if it were lost.
    expect(page.locator("[data-erbjudande]")).to_be_empty()


# --- Taking back ---------------------------------------------------------------------------------------------------


def test_changes_are_taken_back_one_by_one_and_each_is_in_the_history(page: Page) -> None:
    mina, beslut = cell(page, MINA), cell(page, BESLUT)
    mina.focus()
    page.keyboard.type("600000")
    page.keyboard.press("Enter")
    sparas(page)
    page.keyboard.type("okänt")
    page.keyboard.press("Enter")
    expect(beslut).to_have_value("okänt")
    sparas(page)
    page.get_by_role("button", name=f"Ångra {BESLUT}").press("Enter")
    expect(beslut).to_have_value("0")
    har_fokus(beslut, markerad=True)
    sparas(page)
    page.keyboard.press("ControlOrMeta+z")
    expect(mina).to_have_value(f"500{NBSP}000")
    har_fokus(mina, markerad=True)
    sparas(page)
    expect(page.get_by_role("button", name="Ångra")).to_be_hidden()
    assert (kronor("mina-planer"), kronor("beslutsstod")) == ("500000", "0")
    plan = Handlingsplan.objects.get(till_ar=2024)
    belopp = [falt(en, "belopp") for en in rader(plan)[-4:]]
    assert belopp == [("500000.00", "600000.00"), ("0.00", None), (None, "0.00"), ("600000.00", "500000.00")]
    hel(plan)


# --- A cell's comment, its history, and the page without JavaScript --------------------------------------------------


def test_a_comment_is_written_from_the_cell_with_the_keyboard(page: Page) -> None:
    mina = cell(page, MINA)
    mina.focus()
    page.keyboard.press("Shift+F2")
    expect(page.get_by_role("link", name=f"Kommentera {MINA}")).to_be_focused()
    page.keyboard.press("Escape")
    har_fokus(mina, markerad=True)
    page.keyboard.type("600000")
    page.keyboard.press("Shift+F2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Kommentar: {MINA}")
    ruta = page.get_by_role("textbox", name="Kommentar")
    tabba_till(page, ruta)
    page.keyboard.type("Väntar på besked från CTB.")
    tabba_till(page, page.get_by_role("button", name="Spara och stäng"))
    page.keyboard.press("Enter")
    # Back in the same cell, which was saved when it was left.
    har_fokus(mina, markerad=True)
    expect(mina).to_have_value(f"600{NBSP}000")
    expect(mina).to_have_accessible_description("Kommentar: Väntar på besked från CTB.")
    expect(page.locator("[data-cellkommentar]")).to_have_text("Kommentar: Väntar på besked från CTB.")
    page.keyboard.press("Shift+F2")
    expect(page.get_by_role("link", name=f"Ändra kommentaren {MINA}")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=f"Historik {MINA}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(MINA)
    expect(page.locator("main")).to_contain_text("Väntar på besked från CTB.")
    assert kronor("mina-planer") == "600000"


def test_a_column_is_added_and_filled_in_without_losing_what_was_being_typed(page: Page) -> None:
    cell(page, MINA).focus()
    page.keyboard.type("600000")
    page.get_by_label("Lägg till en kolumn").select_option(label="Statsbidrag 2024")
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(cell(page, MINA)).to_have_value(f"600{NBSP}000")
    ny = cell(page, "Mina planer, statsbidrag 2024")
    expect(ny).to_have_value("")
    ny.focus()
    page.keyboard.type("75 tkr")
    expect(page.locator("tfoot [data-summa='2024-statsbidrag']")).to_have_text(f"75{NBSP}000{NBSP}kr + ej ifyllt")
    page.keyboard.press("Enter")
    sparas(page)
    assert kronor("mina-planer", form="statsbidrag") == "75000"


def test_without_javascript_it_is_a_form_with_a_button(webb: Webb) -> None:
    page = webb.oppna(SAMORDNARE, utan_js=True)
    page.goto(ADRESS)
    expect(page.locator("tfoot")).to_contain_text("Summa, sparad")
    expect(page.locator("tfoot")).to_contain_text("61,87")
    expect(page.locator("#rutnat-hjalp")).to_be_hidden()
    expect(page.get_by_role("link", name=f"Kommentar till {MINA}")).to_be_visible()
    cell(page, MINA).fill("600 000")
    cell(page, BESLUT).fill("-5")
    page.get_by_role("button", name="Spara budgeten").click()
    expect(page.get_by_role("alert")).to_contain_text(f"{BESLUT}: ”-5” har ett minustecken.")
    cell(page, BESLUT).fill("5")
    page.get_by_role("button", name="Spara budgeten").click()
    expect(page.get_by_role("status")).to_contain_text("Sparat")
    assert (kronor("mina-planer"), kronor("beslutsstod")) == ("600000", "5")


def test_a_row_that_was_taken_out_meanwhile_says_so_beside_the_cell(webb: Webb) -> None:
    plan, webb.forbi_historiken = Handlingsplan.objects.get(till_ar=2024), True
    rad = plan.alla_rader.create(ordning=9, benamning="Drift")
    skriv_post(rad, 2024, "sgd", 5)
    page = oppna(webb.oppna(SAMORDNARE))
    plan.alla_rader.filter(pk=rad.pk).delete()
    drift = cell(page, "Drift, SGD 2024")
    drift.fill("12 345")
    drift.press("Enter")
    expect(beskrivning(drift)).to_contain_text("Raden eller cellen finns inte längre i budgeten")
    expect(drift).to_have_value("12 345")
