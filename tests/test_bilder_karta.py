"""The map of tiles: who is on it, where, in which shade, and that it says what the table says."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from budget.belopp import visa_kr
from budget.fordelning import Modell, Part, fordela_plan
from handlingsplan import typsnitt
from handlingsplan.models import Anvandare, Huvudman
from handlingsplan.scb_koder import standardkoder
from rapport.bilder_karta import (
    BREDD,
    FARGER,
    GLAPP,
    HOJD,
    LUFT,
    MARGINAL,
    MINST_BELOPP,
    STARKAST,
    Karta,
    karta,
    kortnamn,
    las_layout,
    passa,
    platser,
    steggranser,
    ton,
)
from rapport.pdf import plan_till_html
from rapport.plandokument import Arsfordelning, Plandokument
from tests.cast import Klientmakare
from tests.data_skane import KOMMUNER, PARTER_2021, PARTER_2022, REGION, TOTAL_2024, modell
from tests.exempel import exempelplan, tom_plan
from tests.planfall import Planfall, planfall

SIDAN = "/plan/2024/fordelning/"
SKANE = [kod for kod, *_ in KOMMUNER]
DATUM = date(2022, 12, 31)
NBSP = "\u00a0"


def arets(total: int, parter: Any = PARTER_2022, regel: Modell | None = None, budgetar: int = 2024) -> Arsfordelning:
    return Arsfordelning(budgetar, True, fordela_plan(total, parter, regel or modell()), "", False, None)


def bilden(*alla_ar: Arsfordelning, egna: tuple[str, ...] = ()) -> Karta:
    """The map of the first of some years of one plan."""
    bild = karta(exempelplan(fordelningar=alla_ar), alla_ar[0], egna)
    assert bild is not None
    return bild


def i_fyra(*vikter: int) -> Arsfordelning:
    """The municipalities alone pay 1 000 kr, by these weights."""
    kommuner = [Part(str(2001 + nr), f"Ort {nr} kommun", "kommun", vikt) for nr, vikt in enumerate(vikter)]
    return arets(1_000_00, kommuner, Modell(0, 1, "ore", DATUM, ""))


# --- Where the tiles lie ------------------------------------------------------------------------------------------


def test_every_municipality_of_the_fixture_has_one_tile_and_none_overlap() -> None:
    with (Path(settings.BASE_DIR) / "fixtures" / "huvudman.csv").open(encoding="utf-8") as fil:
        koder = sorted(rad["kod"] for rad in csv.DictReader(fil) if rad["typ"] == "kommun")
    lagen, geografisk = platser(koder)
    assert geografisk
    assert sorted(lagen) == koder
    assert len(set(lagen.values())) == len(koder)
    bild = bilden(arets(TOTAL_2024))
    assert sorted(ruta.kod for ruta in bild.rutor) == koder
    for nr, ena in enumerate(bild.rutor):
        assert MARGINAL <= ena.x <= bild.bredd - MARGINAL - BREDD
        assert MARGINAL <= ena.y <= bild.hojd - MARGINAL - HOJD
        for andra in bild.rutor[nr + 1 :]:
            assert abs(ena.x - andra.x) >= BREDD + GLAPP or abs(ena.y - andra.y) >= HOJD + GLAPP


def test_the_layout_is_like_the_map() -> None:
    """Neighbours and compass points that anybody in Skåne would miss."""
    lagen, _ = platser(SKANE)
    namn = {standardkoder()[kod]: plats for kod, plats in lagen.items()}
    for vast, ost in (("Malmö", "Ystad"), ("Helsingborg", "Kristianstad"), ("Lund", "Simrishamn"), ("Höganäs", "Osby")):
        assert namn[vast][0] < namn[ost][0]
    for norr, soder in (("Båstad", "Ängelholm"), ("Helsingborg", "Landskrona"), ("Landskrona", "Malmö"),
                        ("Hässleholm", "Hörby"), ("Malmö", "Trelleborg"), ("Kristianstad", "Tomelilla")):  # fmt: skip
        assert namn[norr][1] < namn[soder][1]
    for ena, andra in (
        ("Malmö", "Burlöv"),
        ("Höör", "Hörby"),
        ("Bromölla", "Kristianstad"),
        ("Vellinge", "Trelleborg"),
    ):
        assert abs(namn[ena][0] - namn[andra][0]) + abs(namn[ena][1] - namn[andra][1]) == 1


def test_the_names_in_the_layouts_are_scbs() -> None:
    filer = list((Path(settings.BASE_DIR) / "fixtures").glob("rutkarta_*.csv"))
    assert filer
    for fil in filer:
        with fil.open(encoding="utf-8", newline="") as las:
            celler = [cell.partition(" ") for rad in csv.reader(las) for cell in rad if cell]
        assert celler
        for kod, _, namn in celler:
            assert kod[:2] == fil.stem[-2:]
            assert standardkoder()[kod] == namn


def test_a_layout_with_a_code_twice_is_refused(tmp_path: Path) -> None:
    fil = tmp_path / "rutkarta_99.csv"
    fil.write_text("9901 A,,9902 B\n,9901 A\n", encoding="utf-8")
    with pytest.raises(ValueError, match="9901 comes twice"):
        las_layout(fil)
    fil.write_text("9901 A,,9902 B\n,9903\n", encoding="utf-8")
    assert las_layout(fil) == {"9901": (0, 0), "9902": (2, 0), "9903": (1, 1)}


@pytest.mark.parametrize("extra", [["1499"], ["1401"]], ids=["okänd kommun", "annat län"])
def test_a_party_without_a_place_puts_all_in_order_of_code(extra: list[str]) -> None:
    lagen, geografisk = platser([*SKANE, *extra])
    assert not geografisk
    assert len(set(lagen.values())) == len(SKANE) + 1
    assert lagen[min(SKANE)] == (0, 0)


def test_another_region_falls_back_to_a_plain_grid_by_code() -> None:
    koder = [kod for kod in standardkoder() if len(kod) == 4 and kod.startswith("01")]
    parter = [Part("01", "Region Stockholm", "region")]
    parter += [Part(kod, standardkoder()[kod], "kommun", 5_000 + int(kod)) for kod in koder]
    bild = bilden(arets(5_000_000_00, parter, modell(30, 70)))
    assert len(koder) == 26
    assert [ruta.kod for ruta in bild.rutor] == sorted(koder)  # read by row
    assert len({(ruta.x, ruta.y) for ruta in bild.rutor}) == 26
    assert not bild.geografisk and "i kodordning" in bild.hur
    assert [en.kod for en in bild.bredvid] == ["01"]


def test_some_of_the_municipalities_lie_where_they_do_without_empty_edges() -> None:
    lagen, geografisk = platser(["1275", "1280", "1281"])  # Perstorp, Malmö, Lund
    assert geografisk
    assert lagen == {"1275": (3, 0), "1280": (0, 3), "1281": (3, 2)}


# --- Shades -------------------------------------------------------------------------------------------------------


def test_2024_falls_into_five_round_steps() -> None:
    bild = bilden(arets(TOTAL_2024))
    assert [(ett.text.replace(NBSP, " "), ett.antal) for ett in bild.steg] == [
        ("från 100 000 kr", "1 kommun"),
        ("från 50 000 kr", "3 kommuner"),
        ("från 20 000 kr", "7 kommuner"),
        ("från 10 000 kr", "12 kommuner"),
        ("under 10 000 kr", "10 kommuner"),
    ]
    assert [ett.ton for ett in bild.steg] == [5, 4, 3, 2, 1]
    assert {ruta.kod for ruta in bild.rutor if ruta.ton == 5} == {"1280"}


def test_two_years_of_one_plan_have_the_same_steps() -> None:
    ny = arets(TOTAL_2024)
    gammal = arets(2_300_000_00, PARTER_2021, modell(datum=date(2021, 12, 31)), 2023)
    assert [ett.text for ett in bilden(ny, gammal).steg] == [ett.text for ett in bilden(gammal, ny).steg]
    assert bilden(ny, gammal).steg[0].text == f"från 200{NBSP}000{NBSP}kr"


def test_a_step_that_nobody_is_in_one_year_still_stands() -> None:
    stor, liten = arets(TOTAL_2024), arets(TOTAL_2024 // 100, budgetar=2023)
    assert "ingen" in {ett.antal for ett in bilden(liten, stor).steg}


@given(st.lists(st.integers(0, 10**14), max_size=60))
def test_limits_are_round_rise_and_part_the_amounts(belopp: list[int]) -> None:
    granser = steggranser(belopp)
    assert len(granser) < STARKAST
    assert all(str(grans).rstrip("0") in ("1", "2", "5") for grans in granser)
    toner = [ton(varde, granser) for varde in sorted(belopp)]
    assert toner == sorted(toner)
    assert {nyans for nyans in toner if nyans} >= {ton(grans, granser) for grans in granser}  # no step is empty
    assert all((nyans == 0) == (varde == 0) for nyans, varde in zip(toner, sorted(belopp), strict=True))
    assert len({ton(grans, granser) for grans in (1, *granser)}) == len(granser) + 1
    assert max(toner, default=0) <= STARKAST


def test_a_limit_belongs_to_the_step_above() -> None:
    assert [ton(ore, (100, 1_000)) for ore in (99, 100, 999, 1_000)] == [1, 3, 3, 5]


@pytest.mark.parametrize(
    ("vikter", "vantat"),
    [
        ((1, 1, 1, 1), [("250 kr", "4 kommuner")]),
        ((1, 1, 1, 0), [("333,33–333,34 kr", "3 kommuner"), ("0 kr", "1 kommun")]),
        ((9, 1, 0, 0), [("från 500 kr", "1 kommun"), ("under 500 kr", "1 kommun"), ("0 kr", "2 kommuner")]),
    ],
)
def test_who_pays_nothing_has_a_step_of_its_own(vikter: tuple[int, ...], vantat: list[tuple[str, str]]) -> None:
    bild = bilden(i_fyra(*vikter))
    assert [(ett.text.replace(NBSP, " "), ett.antal) for ett in bild.steg] == vantat
    assert {ruta.ton for ruta in bild.rutor if not ruta.belopp} <= {0}
    assert all(ruta.ton for ruta in bild.rutor if ruta.belopp)


def test_a_credit_is_shaded_by_its_size_and_told_as_one() -> None:
    debet, kredit = bilden(arets(TOTAL_2024)), bilden(arets(-TOTAL_2024))
    assert [ruta.ton for ruta in kredit.rutor] == [ruta.ton for ruta in debet.rutor]
    assert kredit.steg[0].text == f"från 100{NBSP}000{NBSP}kr tillbaka"
    assert next(ruta for ruta in kredit.rutor if ruta.kod == "1280").belopp_text == f"\u2212221{NBSP}098,47"


@pytest.mark.parametrize("total", [0, 1, 34, 10**14])
def test_strange_totals_are_drawn(total: int) -> None:
    bild = bilden(arets(total))
    assert sum(ruta.belopp for ruta in bild.rutor) + sum(en.belopp for en in bild.bredvid) == total
    assert len({ett.text for ett in bild.steg}) == len(bild.steg)


def test_nothing_is_drawn_without_municipalities_or_without_a_split() -> None:
    ensam = arets(100, [REGION], Modell(1, 0, "ore", DATUM, ""))
    assert karta(tom_plan(fordelningar=(ensam,)), ensam) is None
    utan = replace(ensam, fordelning=None, skal="Inget fördelas.")
    assert karta(tom_plan(fordelningar=(utan,)), utan) is None


def ljushet(farg: str) -> float:
    """Relative luminance, as WCAG has it."""
    linjart = [(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4) for v in (
        int(farg[i : i + 2], 16) / 255 for i in (1, 3, 5))]  # fmt: skip
    return 0.2126 * linjart[0] + 0.7152 * linjart[1] + 0.0722 * linjart[2]


def test_text_stands_out_from_its_tile_on_paper_and_the_shades_grow_darker() -> None:
    for fyllning, textfarg in FARGER:
        ljus, mork = sorted((ljushet(fyllning), ljushet(textfarg)), reverse=True)
        assert (ljus + 0.05) / (mork + 0.05) >= 4.5
    assert all(ljushet(ena) > ljushet(andra) for (ena, _), (andra, _) in pairwise(FARGER))


# --- Texts in the tiles -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def satt() -> Callable[[str, int], float]:
    """How wide a text is set in the semibold sans: the font's own figures."""
    with TTFont(typsnitt.sokvag("SourceSansPro-Semibold.ttf")) as typ:
        tecken, matt, em = typ.getBestCmap(), dict(typ["hmtx"].metrics), typ["head"].unitsPerEm
    return lambda text, storlek: sum(matt[tecken[ord(ett)]][0] for ett in text) * storlek / em


def test_every_name_in_the_country_goes_into_a_tile_uncut(satt: Callable[[str, int], float]) -> None:
    for kod, namn in standardkoder().items():
        text, storlek = passa(namn)
        assert len(kod) < 4 or text == namn
        assert satt(text, storlek) <= BREDD - 2 * LUFT, namn
    assert {passa(standardkoder()[kod])[1] for kod in SKANE} <= {13, 14}


@given(st.integers(-(10**17), 10**17))
def test_every_amount_goes_into_a_tile_uncut(ore: int) -> None:
    assert passa(visa_kr(ore), MINST_BELOPP)[0] == visa_kr(ore)


def test_the_widest_amounts_go_in_as_they_are_set(satt: Callable[[str, int], float]) -> None:
    for ore in (8_888_88, 888_888_88, 88_888_888_88, -888_888_888_888_88):
        assert satt(*passa(visa_kr(ore), MINST_BELOPP)) <= BREDD - 2 * LUFT


def test_a_name_that_is_too_long_is_cut_and_whole_in_words(satt: Callable[[str, int], float]) -> None:
    langt = "Kommunalförbundet för gemensam digitalisering"
    text, storlek = passa(langt)
    assert text.endswith("…") and langt.startswith(text[:-1])
    assert satt(text, storlek) <= BREDD - 2 * LUFT
    (ruta,) = bilden(arets(100, [Part("9901", langt, "kommun", 1)], Modell(0, 1, "ore", DATUM, ""))).rutor
    assert ruta.lang_text.startswith(f"{langt} 1,00{NBSP}kr")


@pytest.mark.parametrize(
    ("kod", "namn", "kort"),
    [
        ("1280", "Malmö stad", "Malmö"),
        ("1260", "Bjuvs kommun", "Bjuv"),
        ("1256", "Östra Göinge kommun", "Östra Göinge"),
        ("1490", "Borås stad", "Borås"),
        ("2080", "Falu kommun", "Falu"),
        ("1280", "Annat namn kommun", "Annat namn"),
        ("9999", "Okänd kommun", "Okänd"),
    ],
)
def test_a_name_is_shortened_by_the_name_the_record_has(kod: str, namn: str, kort: str) -> None:
    assert kortnamn(kod, namn) == kort


# --- The page -----------------------------------------------------------------------------------------------------


class Rutor:
    """The tiles of a page as they stand in it: code → (link, name, amount, words)."""

    def __init__(self, html: str) -> None:
        (self.bild,) = re.findall(r'(?s)<svg class="karta__bild".*?</svg>', html)
        monster = r'(?s)<a class="karta__lank" href="([^"]*?/huvudman/(\d+)/[^"]*)"><title>(.*?)</title>(.*?)</a>'
        self.rutor = {}
        for lank, kod, ord_, inre in re.findall(monster, self.bild):
            namn, belopp, *_ = re.findall(r"<text[^>]*>(.*?)</text>", inre)
            self.rutor[kod] = (unescape(lank), unescape(namn), unescape(belopp), unescape(ord_))


@pytest.mark.parametrize(("sida", "fraga"), [("2024", ""), ("2024", "?ar=2023"), ("2023", "")])
def test_every_tile_says_what_its_row_says_and_leads_where_it_leads(demon_malmo: Client, sida: str, fraga: str) -> None:
    """2024 is built from the rows, 2023 read from the frozen record."""
    html = demon_malmo.get(f"/plan/{sida}/fordelning/{fraga}").content.decode()
    rutor = Rutor(html).rutor
    rader = {}
    for kod, ore, inre in re.findall(r'(?s)<tr data-kod="(\d+)"[^>]*data-ore="(-?\d+)"[^>]*>(.*?)</tr>', html):
        (lank,) = re.findall(r'<a href="([^"]*)"', inre)
        rader[kod] = (unescape(lank), int(ore))
    region = rader.pop("12")
    assert len(rader) == 33
    assert {kod: (lank, belopp) for kod, (lank, _, belopp, _) in rutor.items()} == {
        kod: (lank, visa_kr(ore)) for kod, (lank, ore) in rader.items()
    }
    assert re.search(rf'class="karta__bredvid" href="{re.escape(region[0])}"><b>Region Skåne</b>', html)
    assert f"<span>{visa_kr(region[1])}&nbsp;kr</span>" in html
    for _, namn, belopp, ord_ in rutor.values():
        assert ord_.startswith(f"{namn} {belopp}{NBSP}kr")
    assert demon_malmo.get(rutor["1214"][0]).status_code == 200


def test_the_readers_own_tile_is_told_in_words(demon_malmo: Client) -> None:
    html = demon_malmo.get(SIDAN).content.decode()
    assert html.count("karta__ruta--egen") == 1
    assert "er andel" in Rutor(html).rutor["1280"][3]
    assert "er andel" not in Rutor(html).rutor["1281"][3]


def test_no_style_or_script_is_written_into_the_pictures(demon_malmo: Client) -> None:
    html = demon_malmo.get(SIDAN).content.decode() + demon_malmo.get("/plan/2024/budget/").content.decode()
    bilder = re.findall(r'(?s)<svg class="(?:karta__bild|staplarna)".*?</svg>', html)
    assert len(bilder) == 2
    assert not re.search(r'\sstyle=|<style|<script|\son[a-z]+="', "".join(bilder))


def test_a_year_without_a_split_has_no_map(demon_malmo: Client) -> None:
    svar = demon_malmo.get("/plan/2023/fordelning/?ar=2022")
    assert svar.status_code == 200
    assert "karta__bild" not in svar.content.decode()


@pytest.mark.django_db
def test_names_are_escaped_on_the_page_and_in_the_pdf(
    klient_for: Klientmakare, samordnare: Anvandare, fall: Planfall
) -> None:
    elakt = '<b>"&'
    Huvudman.objects.filter(kod="1280").update(officiellt_namn=elakt)
    Huvudman.objects.filter(kod="12").update(officiellt_namn=elakt)
    html = klient_for(samordnare).get(SIDAN).content.decode()
    assert Rutor(html).rutor["1280"][1] == elakt
    assert "<b>&quot;&amp;" not in html and '<b>"&' not in html
    assert html.count("<b>&lt;b&gt;&quot;&amp;</b>") == 1  # the region, beside the map
    andel = i_fyra(3, 2, 1, 1)
    assert andel.fordelning is not None
    elaka = replace(andel.fordelning, andelar=tuple(replace(en, namn=elakt) for en in andel.fordelning.andelar))
    assert '<b>"&' not in plan_till_html(exempelplan(fordelningar=(replace(andel, fordelning=elaka),)))


@pytest.fixture
def fall(delad_plan: Any, parter: Any, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


def test_the_page_costs_as_many_statements_with_34_parties_as_with_4(
    klient_for: Klientmakare, samordnare: Anvandare, fall: Planfall, django_assert_num_queries: Any
) -> None:
    klient = klient_for(samordnare)
    with CaptureQueriesContext(connection) as fa:
        klient.get(SIDAN)
    Huvudman.objects.bulk_create(
        Huvudman(kod=kod, typ="kommun", namn=namn, officiellt_namn=namn, juridiskt_namn=namn)
        for kod, namn, *_ in KOMMUNER
        if kod not in ("1275", "1280", "1281")
    )
    with django_assert_num_queries(len(fa)):
        klient.get(SIDAN)
    assert len(fa) <= 30


# --- The PDF ------------------------------------------------------------------------------------------------------


def skane_2024() -> Plandokument:
    return exempelplan(fordelningar=(arets(TOTAL_2024),))


def test_the_pdf_has_the_map_of_each_own_year_without_links() -> None:
    html = plan_till_html(skane_2024())
    assert html.count('class="karta__bild"') == 1
    (bild,) = re.findall(r'(?s)<svg class="karta__bild".*?</svg>', html)
    assert "<a " not in bild
    for kod, _, _, _, ore in KOMMUNER:
        assert f">{standardkoder()[kod]}</text>" in bild and f">{visa_kr(ore)}</text>" in bild
    assert "<title>Karta över kommunernas andelar 2024." in bild
    assert html.index("Ju kraftigare färg") < html.index('class="tabell andelar"')


def test_every_shade_has_a_rule_in_both_style_sheets() -> None:
    rot = Path(settings.BASE_DIR)
    pa_sidan = (rot / "static/css/handlingsplan.css").read_text(encoding="utf-8")
    pa_papper = (rot / "templates/pdf/pdf.css").read_text(encoding="utf-8")
    for nyans, (fyllning, _) in enumerate(FARGER):
        assert f".karta__ruta--{nyans}, .karta__farg--{nyans} {{ --_f: var(--steg-{nyans})" in pa_sidan
        assert nyans == 0 or f".kartblad__farg--{nyans} {{ background: {fyllning}; }}" in pa_papper


def test_the_picture_is_drawn_from_a_record_alone() -> None:
    """No database: an adopted plan's frozen record is enough."""
    ars = arets(TOTAL_2024)
    html = render_to_string("rapport/_kartbild.html", {"karta": bilden(ars), "ars": ars})
    assert html.count("<rect") == 33
