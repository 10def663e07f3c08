"""Activities: added, nested, moved with keys and with the mouse, removed and brought back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from insatsomraden.models import Aktivitet, Omradesutgava
from tests.webblasare import SAMORDNARE, Webb, ar_samma_sida, minns_sidan, omrade, oppna_i_dokumentet, tabba_till

# What is saved is tried on both databases by test_aktivitet.py; here it is the browser that is tried.
pytestmark = pytest.mark.databas("sqlite")


@pytest.fixture
def npo(demo: None) -> Omradesutgava:
    return omrade("npo")


@pytest.fixture
def lista(webb: Webb, npo: Omradesutgava) -> Locator:
    """The list of NPÖ's five activities, open in the document; the page must not be loaded anew."""
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    minns_sidan(page)
    return oppna_i_dokumentet(page, f"omrade-{npo.pk}-aktiviteter-2024")


def i_ordning(npo: Omradesutgava, foralder: Aktivitet | None = None) -> list[str]:
    """First word of each activity that stands under `foralder`, as stored."""
    egna = npo.alla_aktiviteter.filter(foralder=foralder, borttagen_at=None)
    return [en.text.split()[0] for en in egna]


def test_an_activity_is_added_with_a_sub_point_in_the_documents_own_place(lista: Locator, npo: Omradesutgava) -> None:
    lista.get_by_role("link", name="Lägg till en aktivitet för 2024").click()
    falt = lista.get_by_label("Aktivitet", exact=True)
    expect(falt).to_be_focused()
    falt.fill("Sjätte aktiviteten")
    lista.get_by_role("button", name="Spara").click()
    expect(lista.get_by_role("link", name="Lägg till en aktivitet för 2024")).to_be_focused()

    lista.get_by_role("link", name="Lägg till underpunkt till aktivitet 6").click()
    lista.get_by_label("Aktivitet", exact=True).fill("Underpunkten")
    lista.get_by_role("button", name="Spara").click()
    expect(lista.locator("li li")).to_contain_text("Underpunkten")
    expect(lista.get_by_role("link", name="Lägg till underpunkt till aktivitet 6", exact=True)).to_be_focused()

    lista.get_by_role("link", name="Klar").click()
    expect(lista.locator("ol.aktiviteter > li > ol > li")).to_have_text("Underpunkten")
    expect(lista.get_by_role("link", name="Redigera aktiviteter 2024")).to_be_focused()
    assert ar_samma_sida(lista.page)
    sjatte = npo.alla_aktiviteter.get(text="Sjätte aktiviteten")
    assert i_ordning(npo)[-1] == "Sjätte"
    assert i_ordning(npo, sjatte) == ["Underpunkten"]


def test_a_double_click_on_save_adds_one_activity(lista: Locator, npo: Omradesutgava) -> None:
    lista.get_by_role("link", name="Lägg till en aktivitet för 2024").click()
    lista.get_by_label("Aktivitet", exact=True).fill("Bara en")
    lista.get_by_role("button", name="Spara").dblclick()
    expect(lista.get_by_role("link", name="Klar")).to_be_visible()
    lista.page.wait_for_load_state("networkidle")
    assert npo.alla_aktiviteter.filter(text="Bara en").count() == 1


def test_an_activity_is_edited_and_focus_comes_back_to_its_row(lista: Locator, npo: Omradesutgava) -> None:
    lista.get_by_role("link", name="Redigera aktivitet 3").click()
    lista.get_by_label("Ansvarig").fill("SGD")
    lista.get_by_label("Status").select_option(label="pågår")
    lista.get_by_role("button", name="Spara").click()
    expect(lista.get_by_role("link", name="Redigera aktivitet 3")).to_be_focused()
    tredje = npo.alla_aktiviteter.all()[2]
    assert (tredje.ansvarig, tredje.status) == ("SGD", Aktivitet.Status.PAGAR)


def test_a_missing_text_is_said_at_the_top_and_leads_to_its_field(lista: Locator) -> None:
    lista.get_by_role("link", name="Lägg till en aktivitet för 2024").click()
    lista.get_by_label("Start").fill("31/12/2024")
    lista.get_by_role("button", name="Spara").click()
    fel = lista.get_by_role("alert")
    expect(fel).to_be_focused()
    expect(fel.get_by_role("link")).to_have_count(2)
    expect(lista.get_by_label("Start")).to_have_value("31/12/2024")
    fel.get_by_role("link", name="Aktivitet:").press("Enter")
    expect(lista.get_by_label("Aktivitet", exact=True)).to_be_focused()


def test_an_activity_is_moved_with_the_keyboard_alone(lista: Locator, npo: Omradesutgava) -> None:
    page = lista.page
    assert i_ordning(npo) == ["Bygga", "Verka", "Börja", "Öka", "Verka"]
    forsta = lista.locator("li[data-id]", has_text="Bygga upp").first
    tabba_till(page, forsta.get_by_role("button", name="Flytta ned"))
    page.keyboard.press("Enter")
    expect(lista.get_by_role("button", name="Flytta ned aktivitet 2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(lista.get_by_role("button", name="Flytta ned aktivitet 3")).to_be_focused()
    assert i_ordning(npo) == ["Verka", "Börja", "Bygga", "Öka", "Verka"]

    tabba_till(page, lista.get_by_role("button", name="Gör aktivitet 3 till underpunkt"))
    page.keyboard.press("Enter")
    # It cannot go further in; focus stays in its row.
    expect(lista.get_by_role("group", name="Aktivitet 2.1").locator(":focus")).to_have_count(1)
    borja = npo.alla_aktiviteter.get(text__startswith="Börja")
    assert (i_ordning(npo), i_ordning(npo, borja)) == (["Verka", "Börja", "Öka", "Verka"], ["Bygga"])

    tabba_till(page, lista.get_by_role("button", name="Flytta ut aktivitet 2.1 en nivå"))
    page.keyboard.press("Space")
    expect(lista.get_by_role("group", name="Aktivitet 3", exact=True)).to_contain_text("Flytta ned aktivitet 3")
    expect(lista.locator("li li")).to_have_count(0)
    assert i_ordning(npo) == ["Verka", "Börja", "Bygga", "Öka", "Verka"]
    assert ar_samma_sida(page)


def dra(lista: Locator, vad: str, till: str, *, fore: bool) -> None:
    """Take the row's grip and let go in the upper or lower part of another row."""
    grepp = lista.locator("li[data-id]", has_text=vad).first.locator(".aktivitet__grepp").first
    mal = lista.locator("li[data-id]", has_text=till).last.locator(".aktivitet").first
    ruta = mal.bounding_box()
    assert ruta is not None
    hojd = ruta["height"]
    grepp.drag_to(mal, target_position={"x": 200, "y": 3 if fore else hojd - 3})


def test_an_activity_is_dragged_with_the_mouse(lista: Locator, npo: Omradesutgava) -> None:
    dra(lista, "Öka andelen", "Bygga upp", fore=True)
    expect(lista.get_by_role("listitem").first).to_contain_text("Öka andelen")
    assert i_ordning(npo) == ["Öka", "Bygga", "Verka", "Börja", "Verka"]

    dra(lista, "Öka andelen", "Börja kartlägga", fore=False)
    expect(lista.get_by_role("listitem").nth(3)).to_contain_text("Öka andelen")
    assert i_ordning(npo) == ["Bygga", "Verka", "Börja", "Öka", "Verka"]
    assert ar_samma_sida(lista.page)


def test_an_activity_is_dragged_in_among_the_sub_points_of_another(lista: Locator, npo: Omradesutgava) -> None:
    lista.get_by_role("button", name="Gör aktivitet 2 till underpunkt").click()
    expect(lista.locator("li li")).to_have_count(1)
    dra(lista, "Öka andelen", "Verka för att samtliga", fore=True)
    expect(lista.locator("li li")).to_have_count(2)
    bygga = npo.alla_aktiviteter.get(text__startswith="Bygga")
    assert i_ordning(npo, bygga) == ["Öka", "Verka"]


def test_an_activity_dropped_on_itself_stays(lista: Locator, npo: Omradesutgava) -> None:
    fore = list(npo.alla_aktiviteter.values_list("pk", "version"))
    dra(lista, "Börja kartlägga", "Börja kartlägga", fore=True)
    expect(lista.locator(".dras, .slapp-fore, .slapp-efter")).to_have_count(0)
    assert list(npo.alla_aktiviteter.values_list("pk", "version")) == fore


def test_a_removed_activity_comes_back_with_undo(lista: Locator, npo: Omradesutgava) -> None:
    page = lista.page
    lista.get_by_role("button", name="Gör aktivitet 2 till underpunkt").click()
    expect(lista.locator("li li")).to_have_count(1)
    lista.get_by_role("button", name="Ta bort aktivitet 1", exact=True).press("Enter")
    angra = page.get_by_role("button", name="Ångra")
    expect(angra).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("Aktiviteten togs bort. ”Bygga upp")
    expect(lista.locator("li[data-id]")).to_have_count(3)

    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Aktiviteten är tillbaka.")
    expect(lista.locator("li li")).to_have_count(1)
    expect(lista.get_by_role("button", name="Ta bort aktivitet 1", exact=True)).to_be_focused()
    assert i_ordning(npo) == ["Bygga", "Börja", "Öka", "Verka"]
    assert ar_samma_sida(page)


def test_a_goal_is_moved_with_the_keyboard_and_removed_with_undo(webb: Webb, npo: Omradesutgava) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    lista = oppna_i_dokumentet(page, f"omrade-{npo.pk}-mal")
    lista.get_by_role("button", name="Flytta ned mål 1").press("Enter")
    expect(lista.get_by_role("button", name="Flytta ned mål 2")).to_be_focused()
    lista.get_by_role("button", name="Ta bort mål 2").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Målet togs bort.")
    page.get_by_role("button", name="Ångra").press("Enter")
    expect(lista.get_by_role("button", name="Ta bort mål 2")).to_be_focused()
    assert [ett.text.split()[0] for ett in npo.alla_mal.filter(borttagen_at=None)] == ["De", "Varje", "Varje"]
