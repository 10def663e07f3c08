"""The split as files: what they say of a budget that is not wholly known, and texts a spreadsheet cannot hold."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.test import Client
from openpyxl import load_workbook

from budget.kalkylblad import kalkylbladstext
from budget.models import Budgetpost
from handlingsplan.models import Handlingsplan, Huvudman
from rapport.fordelningsutdrag import anmarkning, som_xlsx
from tests.cast import Parter
from tests.exempel import exempelplan
from tests.planfall import Planfall, planfall
from tests.sidor import synlig_text

SIDAN = "/plan/2024/fordelning/"
HELA = "Hela SGD-budgeten 2024: 100\u00a0000\u00a0kr + okänt."
SKAL = "Fördelningen gäller bara de kända beloppen; det finns okända SGD-belopp."


@pytest.fixture
def fall(delad_plan: Handlingsplan, parter: Parter, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


@pytest.fixture
def delvis(fall: Planfall) -> Planfall:
    """NPÖ's 100 000 kr are known, SDK's amount is not."""
    Budgetpost.objects.filter(utgava=fall.sdk).update(slag="okant", belopp=None)
    return fall


def csv_rader(klient: Client) -> list[list[str]]:
    text = klient.get(f"{SIDAN}fordelning.csv").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def blad(klient: Client) -> Any:
    return load_workbook(io.BytesIO(klient.get(f"{SIDAN}fordelning.xlsx").content)).worksheets[0]


# --- What is not known -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_unknown_budget_has_no_total_not_even_zero(klient: Client, delvis: Planfall) -> None:
    Budgetpost.objects.update(slag="okant", belopp=None)
    data = json.loads(klient.get(f"{SIDAN}fordelning.json").content)
    assert (data["total"], data["andelar"]) == (None, [])
    assert data["skal"] == "Inget fördelas ännu för 2024: SGD-budgetens belopp är inte kända."


@pytest.mark.django_db
def test_the_csv_says_under_the_sum_that_it_is_not_all(klient: Client, delvis: Planfall) -> None:
    assert csv_rader(klient)[-2:] == [["", "Summa", "", "100000,00"], ["", f"{HELA} {SKAL}", "", ""]]


@pytest.mark.django_db
def test_the_workbook_says_under_the_sum_that_it_is_not_all(klient: Client, delvis: Planfall) -> None:
    summa, notrad = list(blad(klient).iter_rows(values_only=True))[-2:]
    assert summa == (None, "Summa", None, 100_000)
    assert notrad == (None, f"{HELA} {SKAL}", None, None)


@pytest.mark.django_db
def test_json_and_the_command_say_it_too(klient: Client, delvis: Planfall) -> None:
    data = json.loads(klient.get(f"{SIDAN}fordelning.json").content)
    assert (data["total"], data["skal"]) == (100_000_00, f"{HELA} {SKAL}")
    ut = io.StringIO()
    call_command("fordela", "2024", stdout=ut)
    assert ut.getvalue().rstrip().endswith(f"{HELA} {SKAL}")


@pytest.mark.django_db
def test_a_wholly_known_budget_has_no_such_row(klient: Client, fall: Planfall) -> None:
    assert csv_rader(klient)[-1] == ["", "Summa", "", "175000,00"]
    assert [cell.value for cell in list(blad(klient).rows)[-1]] == [None, "Summa", None, 175_000]
    assert "skal" not in json.loads(klient.get(f"{SIDAN}fordelning.json").content)


def test_a_stored_split_of_a_partly_unknown_budget_says_so() -> None:
    """A stored one has no reason of its own (`skal`)."""
    dokument = exempelplan()
    ars = replace(dokument.fordelningar[0], lagrad=True, skal="")
    assert anmarkning(dokument, ars) == ""
    (nr,) = (i for i, k in enumerate(dokument.budget.kolumner) if (k.budgetar, k.finansiering) == (2024, "sgd"))
    kolumner = list(dokument.budget.kolumner)
    kolumner[nr] = replace(kolumner[nr], summa=replace(kolumner[nr].summa, okanda=1))
    okand = replace(dokument, budget=replace(dokument.budget, kolumner=tuple(kolumner)))
    assert anmarkning(okand, ars).endswith("\u00a0kr + okänt.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("adress", "text"),
    [
        ("/", "Totalt100 000 kr + okänt"),
        (SIDAN, "100 000&nbsp;kr + okänt delas lika"),
        ("/plan/2024/budget/", "Att fördela, kr100 000 + okänt"),
    ],
)
def test_headline_totals_say_that_a_part_is_unknown(klient: Client, delvis: Planfall, adress: str, text: str) -> None:
    assert text in synlig_text(klient.get(adress))
    Budgetpost.objects.filter(utgava=delvis.sdk).update(slag="ej_aktuellt")
    assert text.replace(" + okänt", "") in synlig_text(klient.get(adress))


# --- Texts and numbers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sakert"),
    [
        ("Åstorps kommun", "Åstorps kommun"),
        ("=1+1", "'=1+1"),
        ("\t=1+1", "'=1+1"),
        ("\x00-1", "'-1"),
        ("Plan\x0b 20\x0024", "Plan 2024"),
        ("\x07", ""),
    ],
)
def test_a_text_is_made_safe_for_a_spreadsheet(text: str, sakert: str) -> None:
    assert kalkylbladstext(text) == sakert


@pytest.mark.django_db
@pytest.mark.parametrize("titel", ["Plan\x0b2024", "=HYPERLINK(1)", "\x1b=1+1"])
def test_a_title_neither_stops_the_workbook_nor_runs_in_it(klient: Client, fall: Planfall, titel: str) -> None:
    Handlingsplan.objects.update(titel=titel)
    Huvudman.objects.filter(kod="1280").update(officiellt_namn=titel)
    sida = blad(klient)
    assert sida["A1"].value.startswith(kalkylbladstext(f"UTKAST. {titel}: fördelning 2024"))
    assert "f" not in {cell.data_type for rad in sida.iter_rows() for cell in rad}


def test_the_largest_amount_keeps_its_ore_as_a_number_in_the_file() -> None:
    dokument = exempelplan()
    ars = dokument.fordelningar[0]
    assert ars.fordelning is not None
    fil = som_xlsx(dokument, ars, replace(ars.fordelning, total=99_999_999_999_999))
    assert "<v>999999999999.99</v>" in ZipFile(io.BytesIO(fil)).read("xl/worksheets/sheet1.xml").decode()
