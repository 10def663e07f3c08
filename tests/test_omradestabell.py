"""The table party × area as page and workbook: it adds up both ways, says how exact it is, and why there is none."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from budget.fordelning import Modell, fordela_plan
from budget.fordelning import Part as Fordelningspart
from handlingsplan.models import Anvandare, Handlingsplan
from rapport.omradesblad import som_arbetsbok
from rapport.omradestabell import Omradestabell, omradestabell
from rapport.plandokument import Arsfordelning, Cell, Plandokument
from tests.andelsfall import ore
from tests.budgetfall import omrade, skriv_post
from tests.cast import Klientmakare, Parter
from tests.exempel import exempelplan, satt_ihop
from tests.modellfall import ny_modell, nytt_undantag, nytt_villkor
from tests.planfall import planfall
from tests.sidor import synlig_text

SIDAN = "/plan/2024/fordelning/2024/omraden/"
XLSX = f"{SIDAN}omraden.xlsx"
ADRESS = "https://plan.exempel.se/plan/2024/fordelning/2024/omraden/"
NBSP = "\u00a0"


def med_belopp(*belopp: int, antal_kommuner: int = 33, modell: Modell | None = None) -> Plandokument:
    """A plan with these öre in its areas 2024, split anew."""
    mall = exempelplan(antal_omraden=len(belopp), antal_kommuner=antal_kommuner)
    rader = [
        replace(rad, celler=(Cell("belopp", summa, 1, 1, ()), *rad.celler[1:]))
        for rad, summa in zip(mall.budget.rader, belopp, strict=False)
    ]
    kolumner = tuple((en.budgetar, en.finansiering, en.namn) for en in mall.budget.kolumner)
    gammal = arets(mall).fordelning
    assert gammal is not None
    delar = [
        Fordelningspart(en.kod, en.namn, en.typ, None if en.typ == "region" else en.invanare) for en in gammal.andelar
    ]
    ny = replace(arets(mall), fordelning=fordela_plan(sum(belopp), delar, modell or gammal.modell))
    return replace(mall, budget=satt_ihop(kolumner, rader), fordelningar=(ny, *mall.fordelningar[1:]))


def arets(dokument: Plandokument, budgetar: int = 2024) -> Arsfordelning:
    ars = dokument.fordelning_for(budgetar)
    assert ars is not None
    return ars


def tabellen(dokument: Plandokument, budgetar: int = 2024) -> Omradestabell:
    return omradestabell(dokument, arets(dokument, budgetar))


SJU = (100_000_00, 100_000_00, 500_000_00, 0, 400_000_00, 400_000_00, 250_000_00)


# --- The table ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("belopp", [SJU, (1,), (1, 2, 3), (-5_000_01, 7_000_07), tuple(range(97, 1297, 100))])
def test_rows_and_columns_add_up(belopp: tuple[int, ...]) -> None:
    tabell = tabellen(med_belopp(*belopp))
    fordelning = tabell.ars.fordelning
    assert fordelning is not None
    assert [en.belopp for en in tabell.kolumner] == list(belopp)
    assert [rad.summa for rad in tabell.rader] == [en.belopp for en in fordelning.andelar]
    for nr, kolumn in enumerate(tabell.kolumner):
        assert sum(rad.celler[nr] for rad in tabell.rader) == kolumn.belopp
        assert sum(rad.celler[nr] for rad in tabell.rader if rad.typ == "kommun") == kolumn.gruppens
    assert all(sum(rad.celler) == rad.summa for rad in tabell.rader)
    assert tabell.summa == sum(belopp)
    assert tabell.gruppens == fordelning.gruppens_belopp


def test_the_columns_stand_as_in_the_budget_and_lead_to_their_areas() -> None:
    tabell = tabellen(exempelplan(antal_omraden=12))
    assert [en.kod for en in tabell.kolumner] == [f"omrade-{nr}" for nr in range(1, 13)]  # not by code: 1, 10, 11 …
    assert (tabell.kolumner[1].namn, tabell.kolumner[1].kortnamn) == ("Säkra brev", "Område 2")
    assert tabell.kolumner[1].ankare == "omrade-2"


def test_a_row_of_the_whole_plan_is_a_column_without_a_place() -> None:
    tabell = tabellen(exempelplan(), 2023)
    assert tabell.omfattning == "4 huvudmän, 2 insatsområden, 1 rad för hela planen"
    assert tabellen(med_belopp(1, 2)).omfattning == "34 huvudmän, 2 insatsområden"
    assert [(en.namn, en.kortnamn, en.ankare, en.belopp) for en in tabell.kolumner][-1] == (
        "Utan benämning",
        "Utan benämning",
        "",
        70_000_00,
    )


def test_the_largest_deviation_is_the_one_in_the_table() -> None:
    """Worked out from the weights: nothing of the project's rounding is used."""
    dokument = med_belopp(*SJU)
    tabell, fordelning = tabellen(dokument), arets(dokument).fordelning
    assert fordelning is not None
    alla = sum(en.invanare for en in fordelning.andelar if en.typ == "kommun")
    avvikelser = {}
    for rad in tabell.rader:
        vikt = Fraction(1) if rad.typ == "region" else Fraction(_vikt(dokument, rad.kod), alla)
        for nr, kolumn in enumerate(tabell.kolumner):
            avvikelser[rad.namn, kolumn.namn] = abs(rad.celler[nr] - kolumn.belopp * vikt / 2)
    (namn, vad), storst = max(avvikelser.items(), key=lambda par: par[1])
    assert 0 < storst < 1
    traff = re.search(rf"störst är avvikelsen för (.+) i (.+), ([\d,]+)(…?){NBSP}öre\.$", tabell.avvikelse)
    assert traff, tabell.avvikelse
    assert avvikelser[traff[1], traff[2]] == storst == avvikelser[namn, vad]
    assert 0 <= storst - Fraction(traff[3].replace(",", ".")) < Fraction(1, 10_000)


def _vikt(dokument: Plandokument, kod: str) -> int:
    fordelning = arets(dokument).fordelning
    assert fordelning is not None
    return next(en.invanare for en in fordelning.andelar if en.kod == kod)


def test_an_even_table_is_said_to_be_exact() -> None:
    dokument = med_belopp(200_00, 400_00, antal_kommuner=1)
    assert tabellen(dokument).avvikelse == "Rader och kolumner går ihop på öret, och varje ruta är exakt."


def test_with_whole_kronor_the_deviation_is_told_in_kronor() -> None:
    modell = Modell(30, 70, "krona", date(2022, 12, 31), "")
    tabell = tabellen(med_belopp(1_000_50, 2_000_25, modell=modell))
    assert re.search(rf"till hela kronor; störst är .+, 0,\d+…?{NBSP}kr\.$", tabell.avvikelse)
    assert tabell.modell.startswith(
        "Kostnaden delas så att regionen bär 30 % och kommunerna 70 %".replace(" %", f"{NBSP}%")
    )


def test_without_a_split_the_table_says_why() -> None:
    dokument = exempelplan()
    tomma = tuple(replace(en, fordelning=None, skal="Folkmängd saknas.") for en in dokument.fordelningar)
    tabell = tabellen(replace(dokument, fordelningar=tomma))
    assert (tabell.rader, tabell.kolumner, tabell.skal, tabell.modell) == ((), (), "Folkmängd saknas.", "")


def test_a_year_decided_with_other_amounts_says_both_sums() -> None:
    dokument = exempelplan()
    forra, nu = arets(dokument, 2023), arets(dokument)
    bytt = replace(nu, fordelning=forra.fordelning, lagrad=True)
    skal = tabellen(replace(dokument, fordelningar=(bytt,))).skal
    assert f"75{NBSP}000,50{NBSP}kr är fördelade" in skal
    assert f"tillsammans 200{NBSP}000{NBSP}kr" in skal


@pytest.mark.parametrize(("lagrad", "ord_"), [(True, "lagrade som de fastställdes"), (False, "går inte att lägga ut")])
def test_shares_that_the_rows_do_not_give_are_not_laid_out(lagrad: bool, ord_: str) -> None:
    dokument = exempelplan()
    nu = arets(dokument)
    assert nu.fordelning is not None
    forsta, andra, *ovriga = nu.fordelning.andelar
    flyttat = (replace(forsta, belopp=forsta.belopp + 1), replace(andra, belopp=andra.belopp - 1), *ovriga)
    andrad = replace(nu, fordelning=replace(nu.fordelning, andelar=flyttat), lagrad=lagrad)
    tabell = tabellen(replace(dokument, fordelningar=(andrad,)))
    assert tabell.rader == ()
    assert ord_ in tabell.skal


def test_rows_without_an_amount_are_named() -> None:
    dokument = exempelplan()
    forsta, *ovriga = dokument.budget.rader
    okand = replace(forsta, celler=(Cell("okant", None, 1, 1, ()), *forsta.celler[1:]))
    tabell = tabellen(replace(dokument, budget=replace(dokument.budget, rader=(okand, *ovriga))))
    assert tabell.utanfor == (
        "Utan belopp att dela 2024: Journal över gränser (JÖG) (okänt) och en rad utan benämning (ej aktuellt)."
    )


# --- The workbook -------------------------------------------------------------------------------------------------


def boken(dokument: Plandokument) -> Any:
    return load_workbook(io.BytesIO(som_arbetsbok(tabellen(dokument), ADRESS)))


def i_ore(varde: Any) -> int:
    """A cell's kronor in whole öre; a text is no number."""
    assert isinstance(varde, int | float)
    hela = Decimal(str(varde)) * 100
    assert hela == int(hela)
    return int(hela)


def test_the_workbook_has_the_tables_numbers_and_sums() -> None:
    tabell, blad = tabellen(med_belopp(*SJU)), boken(med_belopp(*SJU))["Områden 2024"]
    assert [cell.value for cell in blad[4]] == [
        "Kod",
        "Huvudman",
        *(en.namn for en in tabell.kolumner),
        "Summa, kr",
        "Kontroll",
    ]
    rader = list(blad.iter_rows(min_row=5, max_row=38))
    for rad, vantad in zip(rader, tabell.rader, strict=True):
        assert (rad[0].value, rad[1].value) == (vantad.kod, vantad.namn)
        assert [i_ore(cell.value) for cell in rad[2:10]] == [*vantad.celler, vantad.summa]
        assert {cell.number_format for cell in rad[2:10]} == {"#,##0.00"}
    assert blad["B39"].value == "33 kommuner tillsammans"
    assert [i_ore(cell.value) for cell in blad[40][2:10]] == [*SJU, sum(SJU)]


def test_the_checks_in_the_workbook_come_to_nothing() -> None:
    blad = boken(med_belopp(*SJU))["Områden 2024"]
    formler = [cell for rad in blad.iter_rows() for cell in rad if cell.data_type == "f"]
    assert len(formler) == 34 + 8
    assert {rakna(blad, str(cell.value)) for cell in formler} == {0}


def rakna(blad: Any, formel: str) -> Decimal:
    traff = re.fullmatch(r"=ROUND\(SUM\((\w+:\w+)\)-(\w+),2\)", formel)
    assert traff, formel
    delar = [Decimal(str(cell.value)) for rad in blad[traff[1]] for cell in rad]
    return sum(delar, Decimal()) - Decimal(str(blad[traff[2]].value))


def test_the_workbooks_head_stays_and_it_says_what_it_rests_on() -> None:
    bok = boken(med_belopp(*SJU))
    blad = bok["Områden 2024"]
    assert (blad.freeze_panes, blad.print_title_rows, blad.page_setup.orientation) == ("C5", "$4:$4", "landscape")
    assert blad["A1"].value == "UTKAST. Handlingsplan 2024: andelar per insatsområde 2024"
    fakta = dict(list(bok["Underlag"].iter_rows(min_row=4, values_only=True)))
    assert fakta["Plan"] == "Handlingsplan 2024"
    assert fakta["Folkmängd"] == "2022-12-31"
    assert fakta["Modell"].startswith("Kostnaden delas lika mellan regionen och kommunerna; kommunernas del fördelas")
    assert "störst är avvikelsen för" in fakta["Avrundning"]
    assert fakta["Sidans adress"] == ADRESS


def test_an_adopted_plan_is_no_draft_in_the_workbook() -> None:
    dokument = replace(med_belopp(*SJU), faststalld=date(2023, 12, 4), faststalld_hanvisning="§ 7")
    bok = boken(dokument)
    assert not any("UTKAST" in str(cell) for blad in bok for rad in blad.iter_rows(values_only=True) for cell in rad)
    assert tabellen(dokument).filnamn == "omraden-2024"


def test_without_a_table_the_workbook_says_why() -> None:
    dokument = exempelplan()
    tomma = tuple(replace(en, fordelning=None, skal="Folkmängd saknas.") for en in dokument.fordelningar)
    bok = boken(replace(dokument, fordelningar=tomma))
    assert bok.sheetnames == ["Underlag"]
    assert dict(bok["Underlag"].iter_rows(min_row=4, values_only=True))["Varför ingen tabell"] == "Folkmängd saknas."


@pytest.mark.parametrize("namn", ["=1+1", "+46", "-1", "@SUM(A1)"])
def test_a_name_never_becomes_a_formula(namn: str) -> None:
    dokument = replace(med_belopp(100_00), titel=namn)
    forsta = replace(dokument.budget.rader[0], namn=namn)
    blad = boken(replace(dokument, budget=replace(dokument.budget, rader=(forsta,))))["Områden 2024"]
    assert blad["C4"].value == f"'{namn}"
    assert blad["C4"].data_type == "s"


# --- The page -----------------------------------------------------------------------------------------------------


class Sida(HTMLParser):
    """The table as it is read: every row's cells as text, and every link."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rader: list[list[str]] = []
        self.egna: list[str] = []
        self.lankar: list[str] = []
        self._cell = False
        self.feed(html.partition("<table")[2].partition("</table>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        data = dict(attrs)
        if tag == "tr":
            self.rader.append([])
            if data.get("class") == "egen":
                self.egna.append(data["data-kod"] or "")
        if tag in ("th", "td"):
            self.rader[-1].append("")
        self._cell = tag in ("th", "td", "a")
        if tag == "a":
            self.lankar.append(data["href"] or "")

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.rader[-1][-1] += data.strip()
        self._cell = False


@pytest.mark.django_db
def test_the_page_adds_up_both_ways_and_leads_on(demon_malmo: Client) -> None:
    svar = demon_malmo.get(SIDAN)
    sida = Sida(svar.content.decode())
    huvud, *rader, gruppen, summa = sida.rader
    assert huvud == [
        "Huvudman",
        "Nationell patientöversikt",
        "Säker digital kommunikation",
        "Mina planer",
        "Beslutsstöd",
        "Avvikelsehantering",
        "Digitala hjälpmedel",
        "Diagnos och behandling",
        "Summa",
    ]
    tal = [[ore(text) for text in rad[1:]] for rad in rader]
    assert len(tal) == 34
    assert all(sum(rad[:-1]) == rad[-1] for rad in tal)
    assert [sum(kolumn) for kolumn in zip(*tal, strict=True)] == [ore(text) for text in summa[1:]] == [*SJU, sum(SJU)]
    assert [ore(text) for text in gruppen[1:]] == [varde // 2 for varde in (*SJU, sum(SJU))]
    malmo = next(rad for rad in rader if rad[0] == "Malmö stad")
    assert malmo[-1] == f"221{NBSP}098,47"
    assert sida.egna == ["1280"]
    assert "/plan/2024/huvudman/1280/?ar=2024" in sida.lankar
    plan = demon_malmo.get("/plan/2024/").content.decode()
    omraden = [lank for lank in sida.lankar if "#" in lank]
    assert len(omraden) == 7
    assert all(f'id="{lank.partition("#")[2]}"' in plan for lank in omraden)
    assert "störst är avvikelsen för Perstorps kommun i Mina planer, 0,9439…" in synlig_text(svar)


@pytest.mark.django_db
def test_the_cells_are_those_of_the_partys_own_page_and_of_the_workbook(demon_malmo: Client) -> None:
    rader = {rad[0]: rad for rad in Sida(demon_malmo.get(SIDAN).content.decode()).rader}
    egen = demon_malmo.get("/plan/2024/huvudman/1280/").content.decode()
    delar = [int(tal) for tal in re.findall(r'data-del="(-?\d+)"', egen)]
    assert [ore(text) for text in rader["Malmö stad"][1:-1]] == delar
    svar = demon_malmo.get(XLSX)
    assert svar.headers["Content-Disposition"] == 'attachment; filename="omraden-2024-utkast.xlsx"'
    blad = load_workbook(io.BytesIO(svar.content))["Områden 2024"]
    (malmo,) = [rad for rad in blad.iter_rows(min_row=5, values_only=True) if rad[0] == "1280"]
    assert [i_ore(varde) for varde in malmo[2:9]] == delar


@pytest.mark.django_db
def test_an_adopted_year_is_laid_out_from_its_frozen_copy(demon_malmo: Client) -> None:
    sida = Sida(demon_malmo.get("/plan/2023/fordelning/2023/omraden/").content.decode())
    assert ore(sida.rader[-1][-1]) == 2_300_000_00
    tom = demon_malmo.get("/plan/2023/fordelning/2022/omraden/")
    assert tom.status_code == 200
    assert "Inget fördelas för 2022" in synlig_text(tom)
    assert b"<table" not in tom.content
    assert demon_malmo.get("/plan/2024/fordelning/2019/omraden/").status_code == 404
    assert demon_malmo.get("/plan/2024/fordelning/2019/omraden/omraden.xlsx").status_code == 404
    assert demon_malmo.post(SIDAN).status_code == demon_malmo.post(XLSX).status_code == 405


@pytest.mark.django_db
def test_an_area_with_a_model_of_its_own_and_somebody_who_pays_for_another(
    delad_plan: Handlingsplan, parter: Parter, folkmangd: None, samordnare: Anvandare, klient_for: Klientmakare
) -> None:
    fall = planfall(delad_plan)
    modell = ny_modell(delad_plan, "Bara NPÖ")
    nytt_villkor(modell, "1275", slag="betalare", faktor="", bars_av="", betalas_av=parter["1281"])
    nytt_undantag(fall.npo, modell)
    svar = klient_for(samordnare).get(SIDAN)
    _, *rader, _, summa = Sida(svar.content.decode()).rader
    tal = [[ore(text) for text in rad[1:]] for rad in rader]
    assert all(sum(rad[:-1]) == rad[-1] for rad in tal)
    assert [sum(kolumn) for kolumn in zip(*tal, strict=True)] == [ore(text) for text in summa[1:]]
    assert [ore(text) for text in summa[1:]] == [100_000_00, 75_000_00, 175_000_00]
    text = synlig_text(svar)
    assert "Lunds kommun betalar också för Perstorps kommun." in text
    assert "”Bara NPÖ” (" in text


@pytest.mark.django_db
def test_more_areas_take_no_more_statements(
    delad_plan: Handlingsplan,
    parter: Parter,
    folkmangd: None,
    samordnare: Anvandare,
    klient_for: Klientmakare,
) -> None:
    planfall(delad_plan)
    klient = klient_for(samordnare)
    klient.get(SIDAN)
    with CaptureQueriesContext(connection) as fa:
        assert klient.get(SIDAN).status_code == 200
    for nr in range(10):
        skriv_post(omrade(delad_plan, f"nytt-{nr}", f"Nytt {nr}"), 2024, "sgd", 10_000)
    with CaptureQueriesContext(connection) as manga:
        svar = klient.get(SIDAN)
    assert len(Sida(svar.content.decode()).rader[0]) == 14
    assert len(manga) == len(fa)
