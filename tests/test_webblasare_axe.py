"""Nobody is shut out: axe, the width of the page and the size of targets, on every page of every role.

What a page looks like does not depend on the database, so this is run on one of them.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import rutnat
from tests.axe import brister
from tests.data_skane import KOMMUNER
from tests.scb_filer import som_csv
from tests.sidor import ENGELSKA
from tests.webblasare import (
    ADMINISTRATOR,
    ANDRA_SAMORDNAREN,
    BEREDNING,
    LASARE_MALMO,
    SAMORDNARE,
    Webb,
    omrade,
    oppna_i_dokumentet,
    skrivyta,
)
from tests.webbsidor import Rollsidor

# What is looked at does not depend on the database: the files of looks are shared out between the two, and so are the
# roles here, since their pages are many.
pytestmark = pytest.mark.databas("sqlite")

ROLLER = {
    "ingen": "",
    "samordnare": SAMORDNARE,
    "administrator": ADMINISTRATOR,
    "beredning": BEREDNING,
    "lasare": LASARE_MALMO,
}
I_PLANEN = ("#meddelanden", ".del--redigeras")  # what changes in the plan's page where a part is edited
DELAR = {"samordnare": 4, "administrator": 3}  # where pages are many, each part of them is a test of its own
SQLITE = ("ingen", "samordnare")


@pytest.fixture(scope="session")
def funna_sidor() -> Rollsidor:
    """Filled by the first test that asks: the demo's addresses are the same every time."""
    return Rollsidor(ROLLER.values())


@pytest.fixture
def sidor(demo: None, funna_sidor: Rollsidor, caplog: pytest.LogCaptureFixture) -> Rollsidor:
    caplog.set_level("ERROR", logger="django.request")  # refusals are looked for
    return funna_sidor


def granska(page: Page, adresser: list[str]) -> list[str]:
    funna = []
    for adress in adresser:
        page.goto(adress)
        funna += [f"{adress} {en}" for en in brister(page)]
        engelska = ENGELSKA.findall(page.locator("main").text_content() or "")
        funna += [f"{adress} säger {ord_} på engelska" for ord_ in engelska]
    return funna


@pytest.mark.parametrize(
    ("roll", "del_"),
    [
        pytest.param(roll, del_, marks=pytest.mark.databas("sqlite" if roll in SQLITE else "postgresql"))
        for roll in ROLLER
        for del_ in range(DELAR.get(roll, 1))
    ],
)
def test_axe_finds_nothing_on_any_page_of_the_role(webb: Webb, sidor: Rollsidor, roll: str, del_: int) -> None:
    vem = ROLLER[roll]
    adresser = sidor[vem][del_ :: DELAR.get(roll, 1)]
    assert adresser
    assert granska(webb.oppna(vem), adresser) == []


@pytest.mark.databas("postgresql")
def test_the_pages_are_found_by_themselves(sidor: Rollsidor) -> None:
    """The control of the list: pages of each floor are there, and refusals."""
    assert {"/plan/2024/", "/plan/2024/budget/redigera/", "/folkmangd/importera/", "/plan/ny/"} <= set(
        sidor[SAMORDNARE]
    )
    assert "/plan/2023/historik/handelse/1/aterstall/" in sidor[SAMORDNARE]  # refused: the plan is adopted
    assert {"/logga-in/", "/losenord/glomt/", "/finns-inte/"} <= set(sidor[""])
    assert {"/", "/anvandare/ny/"} <= set(sidor[ADMINISTRATOR])
    assert "/plan/2024/huvudman/1280/" in sidor[LASARE_MALMO]
    assert all("/" in sidor[vem] for vem in ROLLER.values() if vem)


def test_a_page_with_faults_is_found_out(webb: Webb) -> None:
    """The control of the checks: one fault of each kind."""
    page = webb.oppna()
    page.goto("/logga-in/")
    page.evaluate("""() => {
      document.querySelector("label").remove();
      const knapp = document.querySelector("main button");
      knapp.className = "ikonknapp";
      knapp.setAttribute("width", "1");
      const bred = document.createElement("pre");
      bred.textContent = "x".repeat(400);
      document.querySelector("main").append(bred);
      const lank = document.querySelector(".marke");
      lank.className = "lagg-till";
      lank.replaceChildren("·");
    }""")
    funna = "\n".join(brister(page))
    assert "1280 px: label:" in funna
    assert "320 px: " in funna and "px bredare än fönstret" in funna
    assert "px: <a" in funna


# --- States that no address shows --------------------------------------------------------------------------------


@pytest.fixture
def page(webb: Webb) -> Page:
    sida = webb.oppna(SAMORDNARE)
    sida.goto("/plan/2024/")
    return sida


@pytest.fixture
def beskrivning(page: Page) -> Locator:
    """NPÖ's description, open in its place."""
    return oppna_i_dokumentet(page, f"omrade-{omrade('npo').pk}-beskrivning")


@pytest.fixture
def lista(page: Page) -> Locator:
    """NPÖ's activities, open in their place."""
    return oppna_i_dokumentet(page, f"omrade-{omrade('npo').pk}-aktiviteter-2024")


def test_axe_finds_nothing_with_the_editor_open_in_its_place(page: Page, beskrivning: Locator) -> None:
    skrivyta(beskrivning).press("ControlOrMeta+b")
    expect(beskrivning.get_by_role("button", name="Fet")).to_have_attribute("aria-pressed", "true")
    assert brister(page, *I_PLANEN) == []


def test_axe_finds_nothing_with_the_editors_dialog_for_a_link_open(page: Page, beskrivning: Locator) -> None:
    skrivyta(beskrivning).press("ControlOrMeta+a")
    beskrivning.get_by_role("button", name="Länk", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert brister(page, "dialog[open]") == []


def test_axe_finds_nothing_when_two_have_changed_the_same_text(webb: Webb, page: Page, beskrivning: Locator) -> None:
    annan = webb.oppna(ANDRA_SAMORDNAREN)
    annan.goto(f"/plan/2024/omrade/{omrade('npo').pk}/beskrivning/")
    skrivyta(annan.locator("form.redigera")).fill("Den andras text.")
    annan.get_by_role("button", name="Spara").click()
    expect(annan.get_by_role("status")).to_be_visible()

    skrivyta(beskrivning).fill("Min text.")
    beskrivning.get_by_role("button", name="Spara").click()
    expect(beskrivning.get_by_role("alert")).to_be_visible()
    assert brister(page, *I_PLANEN) == []


def test_axe_finds_nothing_when_a_text_is_refused(page: Page, beskrivning: Locator) -> None:
    skrivyta(beskrivning).fill("För långt. " * 3000)
    beskrivning.get_by_role("button", name="Spara").click()
    expect(beskrivning.get_by_role("alert")).to_be_visible()
    assert brister(page, *I_PLANEN) == []


def test_axe_finds_nothing_when_nobody_answers(page: Page, beskrivning: Locator) -> None:
    page.evaluate("document.fonts.ready.then(() => true)")
    page.context.set_offline(True)
    beskrivning.get_by_role("button", name="Spara").click()
    expect(page.locator("#meddelanden").get_by_role("alert")).to_be_visible()
    page.context.set_offline(False)
    assert brister(page, *I_PLANEN) == []


def test_axe_finds_nothing_in_the_list_of_activities_nor_beside_undo(page: Page, lista: Locator) -> None:
    lista.get_by_role("button", name="Gör aktivitet 2 till underpunkt").click()
    expect(lista.locator("li li")).to_have_count(1)
    assert brister(page, *I_PLANEN) == []
    lista.get_by_role("button", name="Ta bort aktivitet 2", exact=True).click()
    expect(page.get_by_role("button", name="Ångra")).to_be_visible()
    assert brister(page, *I_PLANEN) == []


def test_axe_finds_nothing_when_an_activity_is_refused_in_its_place(page: Page, lista: Locator) -> None:
    lista.get_by_role("link", name="Lägg till en aktivitet för 2024").click()
    lista.get_by_label("Start").fill("31/12/2024")
    lista.get_by_role("button", name="Spara").click()
    expect(lista.get_by_role("alert")).to_be_visible()
    assert brister(page, *I_PLANEN) == []


def test_axe_finds_nothing_in_the_open_menu_and_the_open_contents(page: Page) -> None:
    page.locator("details.meny > summary").click()
    page.set_viewport_size({"width": 360, "height": 900})
    page.locator("nav.innehall summary").click()
    assert brister(page) == []


def test_axe_finds_nothing_in_a_budget_that_is_refused(page: Page) -> None:
    page.goto("/plan/2024/budget/redigera/")
    page.get_by_role("textbox", name="Mina planer, SGD 2024").fill("−5")
    page.get_by_role("button", name="Spara budgeten").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert brister(page) == []


def test_axe_finds_nothing_in_the_grid_in_any_state(webb: Webb) -> None:
    page, annans = rutnat.oppna(webb.oppna(SAMORDNARE)), rutnat.oppna(webb.oppna(ANDRA_SAMORDNAREN))
    mina, beslut = rutnat.cell(page, "Mina planer, SGD 2024"), rutnat.cell(page, "Beslutsstöd, SGD 2024")
    namn = mina.get_attribute("name")
    rutnat.cell(annans, "Mina planer, SGD 2024").fill("550000")
    rutnat.cell(annans, "Mina planer, SGD 2024").press("Enter")
    rutnat.sparas(annans)
    # A cell in conflict, one that cannot be read, one that is chosen; a paste that did not fit; the shares.
    page.locator(".andelar summary").click()
    mina.focus()
    rutnat.klistra(page, "600000\t1\t2\t3\t4\n−5\t\tokänt\tej aktuellt\n")
    expect(rutnat.beskrivning(mina)).to_be_visible()
    expect(rutnat.beskrivning(beslut)).to_be_visible()
    expect(page.locator("[data-andel='2024-1280'][data-andrad]")).to_be_visible()
    assert brister(page) == []
    # Without connection, and what is then offered back; a cell with a comment.
    page.context.set_offline(True)
    beslut.fill("25000")
    beslut.press("Enter")
    expect(rutnat.status(page)).to_contain_text("Inte sparat.")
    assert brister(page) == []
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('Failed to fetch')); }")
    flik = page.context.new_page()
    page.close()
    flik.context.set_offline(False)
    flik.goto(f"/plan/2024/budget/kommentar/{namn}/")
    flik.get_by_role("textbox", name="Kommentar").fill("Väntar på besked från CTB, som träffas den 3 mars. " * 5)
    flik.get_by_role("button", name="Spara och stäng").click()
    expect(flik.get_by_role("button", name="Lägg tillbaka dem")).to_be_visible()
    expect(rutnat.cell(flik, "Mina planer, SGD 2024")).to_be_focused()
    assert brister(flik) == []


def test_axe_finds_nothing_where_a_population_file_is_shown_before_it_is_saved(page: Page) -> None:
    hela = [["kod", "Folkmängd 2022"], *([kod, antal + 1] for kod, _, _, antal, _ in KOMMUNER)]
    for tabell, visas in ((hela[:5], page.get_by_role("alert")), (hela, page.locator("#r-beroende"))):
        page.goto("/folkmangd/importera/")
        page.get_by_label("Folkmängd den").fill("2022-12-31")
        innehall = som_csv(tabell).encode("latin-1")
        page.get_by_label("Fil från SCB").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": innehall})
        page.get_by_role("button", name="Granska filen").click()
        expect(visas).to_be_visible()
        assert brister(page) == []


def test_axe_finds_nothing_where_a_figure_is_shown_before_it_is_saved(page: Page) -> None:
    page.goto("/folkmangd/1280/2022-12-31/")
    page.get_by_label("Antal invånare").fill("400 000")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("button", name="Spara siffran")).to_be_visible()
    assert brister(page) == []


def test_axe_finds_nothing_when_a_log_in_is_refused(webb: Webb) -> None:
    page = webb.oppna()
    page.goto("/logga-in/")
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert brister(page) == []
