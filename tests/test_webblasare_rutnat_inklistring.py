"""A column or a block from a spreadsheet is pasted into the budget: what can be read is saved, the rest is told."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from budget.models import Budgetpost
from handlingsplan.models import Handlingsplan
from tests.budgetfall import omrade as nytt_omrade
from tests.historikfall import hel, rader
from tests.rutnat import NBSP, beskrivning, cell, har_fokus, klistra, kronor, oppna, sparas, status
from tests.webblasare import SAMORDNARE, Webb, omrade

# What is looked at does not depend on the database: the files of looks are shared out between the two.
pytestmark = pytest.mark.databas("postgresql")

MINA, BESLUT = "Mina planer, SGD 2024", "Beslutsstöd, SGD 2024"
SMALT = "\u202f"


@pytest.fixture
def page(webb: Webb) -> Page:
    return oppna(webb.oppna(SAMORDNARE))


def besked(page: Page) -> Any:
    return page.locator("[data-besked]")


# --- 30 × 4 --------------------------------------------------------------------------------------------------------

RADER = 30
KOLUMNER = ("SGD 2024", "statsbidrag 2024", "annan finansiering 2024", "SGD 2023")


def block() -> list[list[str]]:
    """30 × 4 as a controller has them: with every way to write, and some that are no amount."""
    sort = [
        lambda nr: f"{nr} 000",
        lambda nr: f"{nr}{NBSP}500{NBSP}000,00",
        lambda nr: f"{nr}{SMALT}250{SMALT}000 kr",
        lambda nr: "okänt",
        lambda nr: "ej aktuellt",
        lambda nr: f"{nr} tkr",
        lambda nr: "0",
        lambda nr: f"−{nr} 000",
        lambda nr: f"-{nr}",
        lambda nr: "",
        lambda nr: f"  {nr}  ",
    ]
    return [[sort[(4 * i + j) % len(sort)](i + 1) for j in range(4)] for i in range(RADER)]


@pytest.fixture
def stor(webb: Webb) -> Page:
    """The 2024 plan with 30 rows, and the four columns."""
    plan, webb.forbi_historiken = Handlingsplan.objects.get(till_ar=2024), True
    plan.alla_rader.update(borttagen_at="2024-01-01T00:00Z")
    for nummer in range(plan.alla_omraden.filter(lage="ingar").count(), RADER):
        nytt_omrade(plan, f"nytt-{nummer}", f"Nytt {nummer}")
    Budgetpost.objects.filter(plan=plan).exclude(finansiering="sgd").delete()
    sida = webb.oppna(SAMORDNARE)
    return oppna(sida, "?kolumn=2024-statsbidrag&kolumn=2024-annan")


def sparade(plan: Handlingsplan) -> set[tuple[Any, ...]]:
    poster = Budgetpost.objects.filter(plan=plan)
    return set(poster.values_list("utgava", "rad", "budgetar", "finansiering", "slag", "belopp"))


def test_thirty_by_four_cells_are_pasted_at_once_and_taken_back_at_once(stor: Page) -> None:
    page, plan = stor, Handlingsplan.objects.get(till_ar=2024)
    falt = page.locator(".rutnat tbody input[type=text]")
    expect(falt).to_have_count(RADER * 4)
    fore = falt.evaluate_all("alla => alla.map(en => en.value)")
    sparat = sparade(plan)
    falt.first.focus()
    innehall = block()
    klistra(page, "\r\n".join("\t".join(rad) for rad in innehall) + "\r\n")
    expect(besked(page)).to_contain_text("Klistrade in 120 värden.")
    minus = [text for rad in innehall for text in rad if text[:1] in ("−", "-")]
    expect(status(page)).to_have_text(f"{len(minus)} celler är inte sparade. Läs vid cellerna.")
    har_fokus(falt.first, markerad=True)
    for en, text in zip(falt.all(), [text for rad in innehall for text in rad], strict=True):
        if text in minus:
            # It stays as it was typed, with what is wrong beside it.
            expect(en).to_have_value(text)
            expect(beskrivning(en)).to_contain_text("har ett minustecken")
    assert page.locator(".rutnat .falt__fel").count() == len(minus)
    namn = falt.evaluate_all("alla => alla.map(en => en.name)")
    ratt: dict[str, object] = {}
    for ett, text in zip(namn, [text for rad in innehall for text in rad], strict=True):
        if text not in minus:
            ratt[ett] = VANTAT.get(text.strip()) if text.strip() in VANTAT else tal(text)
    poster = {
        f"o{post.utgava_id}-{post.budgetar}-{post.finansiering}": post.slag
        if post.belopp is None
        else post.belopp.amount
        for post in Budgetpost.objects.filter(plan=plan)
    }
    assert {ett: poster.get(ett) for ett in ratt} == ratt

    antal = len(rader(plan))
    page.keyboard.press("ControlOrMeta+z")
    sparas(page)
    assert falt.evaluate_all("alla => alla.map(en => en.value)") == fore
    assert page.locator(".rutnat .falt__fel").count() == 0
    assert sparade(plan) == sparat
    assert len(rader(plan)) > antal  # taken back by new changes, not by forgetting
    hel(plan)


VANTAT: dict[str, object] = {"okänt": "okant", "ej aktuellt": "ej_aktuellt", "": None}


def tal(text: str) -> int:
    siffror = "".join(tecken for tecken in text.partition(",")[0] if tecken.isdigit())
    return int(siffror) * (1_000 if "tkr" in text else 1)


# --- What does not fit ---------------------------------------------------------------------------------------------


def test_what_falls_outside_or_on_cells_that_are_not_filled_in_is_told_with_its_values(webb: Webb) -> None:
    utgava, webb.forbi_historiken = omrade("diagnos-behandling"), True
    utgava.lage = "utgatt"
    utgava.save()
    page = oppna(webb.oppna(SAMORDNARE))
    # The last three rows: Digitala hjälpmedel, Diagnos (only 2023), and the row without a name; the last two columns.
    cell(page, "Digitala hjälpmedel, annan finansiering 2024").focus()
    klistra(page, "1\t2\t3\t4\n11\t12\t13\t\n21\t22\t23\t24\n31\t\n\t\n")
    expect(besked(page)).to_contain_text("Klistrade in 8 värden.")
    expect(besked(page)).to_contain_text("3 värden hamnade utanför tabellen och kom inte med: ”4”, ”24”, ”31”.")
    expect(besked(page)).to_contain_text("1 värde hörde till celler som inte fylls i och kom inte med: ”11”.")
    sparas(page)
    assert (kronor("diagnos-behandling", 2023), kronor("digitala-hjalpmedel", form="annan")) == ("12", "1")
    page.get_by_role("button", name="Ångra inklistringen").press("Enter")
    expect(besked(page)).to_be_empty()
    har_fokus(cell(page, "Digitala hjälpmedel, annan finansiering 2024"))
    sparas(page)
    assert (kronor("diagnos-behandling", 2023), kronor("digitala-hjalpmedel", form="annan")) == ("0", "ej_aktuellt")


def test_one_cell_with_space_around_it_fills_the_cell(page: Page) -> None:
    cell(page, MINA).focus()
    klistra(page, "  600 000 \r\n")
    expect(cell(page, MINA)).to_have_value("600 000")
    expect(besked(page)).to_be_empty()
    page.keyboard.press("Enter")
    sparas(page)
    assert kronor("mina-planer") == "600000"
    page.keyboard.press("ControlOrMeta+z")
    sparas(page)
    assert kronor("mina-planer") == "500000"


def test_into_a_text_that_is_being_written_it_is_pasted_where_the_caret_stands(page: Page) -> None:
    cell(page, MINA).focus()
    page.keyboard.press("F2")
    klistra(page, ",75")
    expect(cell(page, MINA)).to_have_value(f"500{NBSP}000,75")
    # A block is a block all the same.
    klistra(page, "1\n2")
    expect(cell(page, MINA)).to_have_value("1")
    expect(cell(page, BESLUT)).to_have_value("2")


def test_a_cell_is_copied_as_any_text(page: Page) -> None:
    cell(page, MINA).focus()
    page.keyboard.press("ControlOrMeta+c")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ControlOrMeta+v")
    expect(cell(page, BESLUT)).to_have_value(f"500{NBSP}000")
    sparas(page)
    assert kronor("beslutsstod") == "500000"


def test_a_book_in_a_cell_is_refused_beside_it_and_stops_no_other(page: Page) -> None:
    cell(page, MINA).focus()
    klistra(page, "9" * 200_000 + "\n25 000\n<img src=x onerror=alert(1)>\n😀 \u202e12\n")
    expect(beskrivning(cell(page, MINA))).to_contain_text("Texten är för lång för ett belopp")
    expect(cell(page, BESLUT)).to_have_value(f"25{NBSP}000")
    expect(status(page)).to_have_text("3 celler är inte sparade. Läs vid cellerna.")
    expect(beskrivning(cell(page, "Avvikelsehantering, SGD 2024"))).to_contain_text("<img src=x")
    assert kronor("beslutsstod") == "25000"


LASTA = [
    pytest.param("1\t2\n3\t4", [["1", "2"], ["3", "4"]], id="linux"),
    pytest.param("1\t2\r\n3\t4\r\n", [["1", "2"], ["3", "4"]], id="excel, with its last line break"),
    pytest.param("1\r2", [["1"], ["2"]], id="old Macintosh"),
    pytest.param(" 1 \t\u00a02\u202f", [["1", "2"]], id="space around"),
    pytest.param("1\n\n3\n", [["1"], [""], ["3"]], id="an empty cell in a column"),
    pytest.param("\n", [[""]], id="one empty cell"),
    pytest.param("", [[""]], id="nothing"),
    pytest.param('"a\nb"\t"säg ""hej"""', [["a b", 'säg "hej"']], id="quoted"),
    pytest.param('"aldrig stängd\t2\n3', [['"aldrig stängd', "2"], ["3"]], id="never closed"),
    pytest.param('5" rör\t2', [['5" rör', "2"]], id="inches"),
    pytest.param("1\t\n\t2\n", [["1", ""], ["", "2"]], id="empty cells in a block"),
]


@pytest.mark.parametrize(("text", "rutor"), LASTA)
@pytest.mark.databas("sqlite")
def test_a_text_is_read_as_the_spreadsheet_meant_it(webb: Webb, text: str, rutor: list[list[str]]) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/halsa/")
    las = "text => import('/static/js/rutnat/inklistring.js').then(({ las }) => las(text))"
    assert page.evaluate(las, text) == rutor
