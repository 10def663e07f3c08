"""The shared budget as bars: in proportion, in words where there is no number, and as the table says."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from rapport.bilder_staplar import MINST, PAPPER, SIDA, Stapelbild, staplar
from rapport.bilder_text import teckenbredd
from rapport.pdf import plan_till_html
from rapport.plandokument import Budgetradspost, Budgettabell, Cell
from tests.exempel import exempelplan, satt_ihop, tom_plan

NBSP = "\u00a0"
ORDEN = {"okant": "okänt", "ej_aktuellt": "ej aktuellt", "ej_ifyllt": "ej ifyllt"}
SGD_TVA_AR = ((2024, "sgd", "SGD"), (2024, "annan", "annan finansiering"), (2023, "sgd", "SGD"))


def cell(varde: int | str) -> Cell:
    """An amount in öre, or one of the words."""
    return Cell("belopp", varde, 1, 1, ()) if isinstance(varde, int) else Cell(varde, None, 1, 1, ())


def tabell(*rader: tuple[str, int | str, int | str], kolumner: Any = SGD_TVA_AR) -> Budgettabell:
    """Rows of (name, 2024, 2023) with something of other financing between."""
    poster = [
        Budgetradspost(nr, None, 1, f"k{nr}", namn, (cell(nu), cell(10**13), cell(fore)))
        for nr, (namn, nu, fore) in enumerate(rader, 1)
    ]
    return satt_ihop(kolumner, poster)


def bilden(*rader: tuple[str, int | str, int | str], **mer: Any) -> Stapelbild:
    bild = staplar(tabell(*rader), **mer)
    assert bild is not None
    return bild


def langder(bild: Stapelbild) -> list[list[str]]:
    return [[en.procent for en in grupp.staplar] for grupp in bild.grupper]


# --- Proportions --------------------------------------------------------------------------------------------------


def test_bars_are_in_proportion_to_the_largest_and_only_shared_money_counts() -> None:
    bild = bilden(("A", 500_000_00, 1_000_000_00), ("B", 250_000_00, 0))
    halva, hela = (float(varde) for varde in langder(bild)[0])
    assert halva == pytest.approx(hela / 2, abs=0.01)
    assert float(langder(bild)[1][0]) == pytest.approx(hela / 4, abs=0.01)
    assert langder(bild)[1][1] == ""
    assert [en.budgetar for en in bild.grupper[0].staplar] == [2024, 2023] == list(bild.alla_ar)
    assert bild.arstext == "2023 och 2024"


@pytest.mark.parametrize("matt", [SIDA, PAPPER])
@pytest.mark.parametrize("storst", [100, 1_100_000_00, 10**14 - 1])
def test_the_longest_bar_and_its_amount_have_room_in_the_narrowest_picture(storst: int, matt: Any) -> None:
    bild = bilden(("A", storst, 0), matt=matt)
    procent = float(langder(bild)[0][0])
    text = teckenbredd(bild.grupper[0].staplar[0].text) * matt.textstorlek / 100
    assert procent >= MINST
    assert matt.indrag + procent * matt.bredd / 100 + 8 + text <= matt.bredd


@pytest.mark.parametrize("matt", [SIDA, PAPPER])
def test_rows_do_not_overlap_and_end_inside_the_picture(matt: Any) -> None:
    bild = bilden(("A", 1, 2), ("B", 3, 4), ("C", 5, 6), matt=matt)
    tidigare = 0
    for grupp in bild.grupper:
        assert grupp.topp >= tidigare
        assert grupp.namn_y >= tidigare + matt.textstorlek * 0.7
        for ena, andra in zip(grupp.staplar, grupp.staplar[1:], strict=False):
            assert ena.y + matt.stapel <= andra.y
        tidigare = grupp.topp + grupp.hojd
    assert tidigare <= bild.hojd


def test_long_names_are_cut_and_none_is_no_name() -> None:
    langt = "Gemensam utveckling av digitala tjänster för samordnad vård och omsorg"
    namn = [grupp.namn for grupp in bilden((langt, 1, 1), ("", 1, 1)).grupper]
    assert namn[0].endswith("…") and langt.startswith(namn[0][:-1])
    assert teckenbredd(namn[0]) * SIDA.textstorlek <= SIDA.bredd * 100
    assert namn[1] == "Utan benämning"


# --- Words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("slag", "ordet"), ORDEN.items())
def test_what_is_no_number_is_a_word_and_no_bar(slag: str, ordet: str) -> None:
    stapel = bilden(("A", 100, slag), ("B", 0, 1)).grupper[0].staplar[1]
    assert (stapel.text, stapel.procent, stapel.slag) == (ordet, "", slag)
    assert bilden(("A", 100, 0)).grupper[0].staplar[1].text == "0"


def test_the_picture_says_what_is_largest_and_what_is_left_out() -> None:
    bild = bilden(("A", 500_000_00, "okant"), ("B", 0, "okant"), ("C", "ej_aktuellt", "ej_aktuellt"))
    assert bild.mening == f"Störst 2024: A, 500{NBSP}000{NBSP}kr."
    assert bild.utan == "En rad har inga SGD-medel och visas inte."
    assert [grupp.namn for grupp in bild.grupper] == ["A", "B"]
    utan_2023 = bilden(
        ("A", 1, "ej_aktuellt"), ("B", "ej_aktuellt", "ej_aktuellt"), ("C", "ej_aktuellt", "ej_aktuellt")
    )
    assert utan_2023.utan == "2023 och 2 rader har inga SGD-medel och visas inte."
    assert utan_2023.alla_ar == (2024,) and not utan_2023.har_jamforelse
    assert bilden(("A", 1, 1)).utan == ""


def test_nothing_is_drawn_where_no_amount_is_above_zero() -> None:
    assert staplar(tom_plan().budget) is None
    assert staplar(tabell(("A", 0, "okant"), ("B", "ej_ifyllt", "ej_aktuellt"))) is None
    annan = tabell(("A", 1, 1), kolumner=tuple((ett, "annan", "annan") for ett in (2024, 2023, 2022)))
    assert staplar(annan) is None


# --- The page and the PDF -----------------------------------------------------------------------------------------


def utan_tomt(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)).replace(NBSP, " ")).strip()


@pytest.mark.parametrize("till_ar", [2024, 2023])
def test_every_amount_is_the_tables(demon: Client, till_ar: int) -> None:
    """2024 is built from the rows, 2023 read from the frozen record."""
    html = demon.get(f"/plan/{till_ar}/budget/").content.decode()
    (bild,) = re.findall(r'(?s)<svg class="staplarna".*?</svg>', html)
    (kropp,) = re.findall(r'(?s)<table class="tabell tabell--ar">.*?<tbody>(.*?)</tbody>', html)
    sgd = {2024: (0, 2), 2023: (0,)}[till_ar]  # the columns that are drawn
    ur_tabellen = {}
    for rad in re.findall(r"(?s)<tr>(.*?)</tr>", kropp):
        namn, *celler = (utan_tomt(re.sub(r"(?s)<sup.*?</sup>", "", en)) for en in re.split(r"<td", f"x{rad}"))
        ur_tabellen[namn.removeprefix("x ")] = [celler[nr].partition(">")[2].strip() or celler[nr] for nr in sgd]
    ur_bilden: dict[str, list[str]] = {}
    for klass, text in re.findall(r'<text class="staplarna__(namn|tal)[^>]*>(.*?)</text>', bild):
        if klass == "namn":
            ur_bilden[utan_tomt(text)] = []
        else:
            ur_bilden[list(ur_bilden)[-1]].append(utan_tomt(text))
    assert len(ur_bilden) == {2024: 7, 2023: 5}[till_ar]
    assert {namn: ur_tabellen[namn] for namn in ur_bilden} == ur_bilden
    borta = [celler for namn, celler in ur_tabellen.items() if namn not in ur_bilden]
    assert all(set(celler) == {"ej aktuellt"} for celler in borta)


def test_the_picture_is_tied_to_the_table(demon: Client) -> None:
    html = demon.get("/plan/2024/budget/").content.decode()
    assert 'role="img" aria-labelledby="staplar-titel" aria-describedby="staplar-not"' in html
    assert 'id="staplar-not">Samma belopp står i <a href="#budget">' in html
    assert 'id="budget"' in html
    assert "staplarna" not in demon.get("/plan/2024/budget/redigera/").content.decode()


def test_names_are_escaped() -> None:
    html = render_to_string("rapport/_staplar.html", {"staplar": bilden(("<i>&", 1, 2))})
    assert "&lt;i&gt;&amp;" in html and "<i>" not in html


def test_the_pdf_has_the_same_bars_with_a_text_alternative() -> None:
    dokument = exempelplan()
    html = plan_till_html(dokument)
    (bild,) = re.findall(r'(?s)<svg class="staplarna".*?</svg>', html)
    sida = staplar(dokument.budget)
    assert sida is not None
    assert re.findall(r'<text class="staplarna__tal[^>]*>(.*?)</text>', bild) == [
        en.text for grupp in sida.grupper for en in grupp.staplar
    ]
    assert (
        f'<title id="staplar-titel">Staplar: SGD-budget per insatsområde 2023 och 2024, kronor. {sida.mening}' in bild
    )
    assert 'width="616"' in bild
    utan = replace(dokument, budget=tabell(("A", 0, 0)))
    assert "staplarna" not in plan_till_html(utan)
