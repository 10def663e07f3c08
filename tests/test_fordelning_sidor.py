"""The split as pages, JSON, CSV and xlsx, and as a command: the same figures everywhere."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from openpyxl import load_workbook

from budget.models import Budgetpost, Fordelningsregel
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from rapport.bygg import plandokument
from rapport.delningsbild import BREDD, rutor
from tests.budgetfall import omrade, skriv_post
from tests.cast import Klientmakare, Parter
from tests.data_skane import KOMMUNER
from tests.planfall import Planfall, planfall
from tests.sidor import synlig_text

pytestmark = pytest.mark.django_db

SIDAN = "/plan/2024/fordelning/"
JSON = f"{SIDAN}fordelning.json"
NYCKLAR = ["plan", "ar", "enhet", "total", "ore_per_invanare", "folkmangdsdatum", "andelar"]


@pytest.fixture
def fall(delad_plan: Handlingsplan, parter: Parter, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


class Datarader(HTMLParser):
    """The data attributes of a page: by row, and the total."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rader: list[dict[str, str]] = []
        self.total = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        data = {namn: varde or "" for namn, varde in attrs}
        if tag == "tr" and "data-kod" in data:
            self.rader.append(data)
        self.total = data.get("data-total-ore", self.total)


def kommando(*argument: str) -> str:
    ut = io.StringIO()
    call_command("fordela", *argument, stdout=ut)
    return ut.getvalue()


# --- JSON ---------------------------------------------------------------------------------------------------------


def test_the_json_has_exactly_the_agreed_shape(demon: Client) -> None:
    svar = demon.get(JSON)
    data = json.loads(svar.content)
    assert svar.headers["Content-Type"] == "application/json"
    assert list(data) == NYCKLAR
    assert {namn: data[namn] for namn in NYCKLAR[:-1]} == {
        "plan": "2024",
        "ar": 2024,
        "enhet": "öre",
        "total": 175_000_000,
        "ore_per_invanare": "61.87",
        "folkmangdsdatum": "2022-12-31",
    }
    assert data["andelar"][0] == {"kod": "12", "namn": "Region Skåne", "invanare": 1_414_324, "belopp": 87_500_000}
    assert [list(en) for en in data["andelar"]] == [["kod", "namn", "invanare", "belopp"]] * 34
    assert "Åstorps kommun" in svar.content.decode()  # letters as letters, not as escapes


def test_all_34_shares_of_2024_come_out_to_the_ore(demon: Client) -> None:
    andelar = json.loads(demon.get(JSON).content)["andelar"]
    vantat = [{"kod": kod, "namn": namn, "invanare": antal, "belopp": ore} for kod, namn, _, antal, ore in KOMMUNER]
    assert andelar[1:] == vantat
    assert sum(en["belopp"] for en in andelar) == 175_000_000


def test_the_command_says_the_same_as_the_page(demon: Client) -> None:
    assert json.loads(kommando("2024", "--format", "json")) == json.loads(demon.get(JSON).content)
    assert json.loads(kommando("2024", "--ar", "2023", "--format", "json")) == json.loads(
        demon.get(f"{JSON}?ar=2023").content
    )


def test_a_year_where_nothing_is_shared_says_why(demon: Client) -> None:
    svar = demon.get("/plan/2023/fordelning/fordelning.json?ar=2022")
    data = json.loads(svar.content)
    assert (svar.status_code, list(data)) == (200, [*NYCKLAR, "skal"])
    assert data["skal"] == "Inget fördelas för 2022: ingen del av årets budget finansieras genom SGD."
    assert (data["total"], data["andelar"], data["ore_per_invanare"], data["folkmangdsdatum"]) == (None, [], None, None)


# --- The table ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fraga", ["", "?ar=2024", "?ar=2023"])
def test_the_tables_data_attributes_say_what_the_json_says(demon: Client, fraga: str) -> None:
    data = json.loads(demon.get(JSON + fraga).content)
    sida = Datarader(demon.get(SIDAN + fraga).content.decode())
    assert sida.total == str(data["total"])
    assert [(r["data-kod"], r["data-invanare"], r["data-ore"]) for r in sida.rader] == [
        (en["kod"], str(en["invanare"]), str(en["belopp"])) for en in data["andelar"]
    ]


def test_the_table_is_written_as_swedes_write_it(demon: Client) -> None:
    html = demon.get(SIDAN).content.decode()
    for text in (
        "221\u00a0098,47",
        "875\u00a0000,00",
        "1\u00a0414\u00a0324",
        "61,87",
        "4\u00a0604,14",
        "1\u00a0750\u00a0000",
    ):
        assert text in html
    assert "Strategi" in synlig_text(demon.get(SIDAN))


def test_the_year_before_stands_beside(demon: Client) -> None:
    assert "2023, kr" in synlig_text(demon.get(SIDAN))
    # The row of Malmö: 2024 and 2023.
    rad = re.search(r'<tr data-kod="1280".*?</tr>', demon.get(SIDAN).content.decode(), re.DOTALL)
    assert rad is not None
    assert "221\u00a0098,47" in rad[0] and "288\u00a0437,06" in rad[0]


def test_other_ratio_and_unit_are_told(klient: Client, fall: Planfall) -> None:
    Fordelningsregel.objects.create(
        plan=fall.plan,
        budgetar=2024,
        andel_region=30,
        andel_grupp=70,
        enhet="krona",
        folkmangdsdatum=date(2022, 12, 31),
        hanvisning="CSO 2023-03-10 § 4",
    )
    Budgetpost.objects.filter(utgava=fall.npo).update(belopp="100000.37")
    text = synlig_text(klient.get(SIDAN))
    for del_ in ("30:70", "1&nbsp;krona", "Ören utöver hela kronor", "0,37", "CSO 2023-03-10 § 4", "Regionen, öre/inv"):
        assert del_ in text


# --- Years --------------------------------------------------------------------------------------------------------


def test_without_a_year_the_plans_last_is_shown(demon: Client) -> None:
    assert "<h1>Fördelning 2023</h1>" in demon.get("/plan/2023/fordelning/").content.decode()
    assert json.loads(demon.get("/plan/2023/fordelning/fordelning.json").content)["total"] == 230_000_000


def test_2022_says_that_nothing_is_shared(demon: Client) -> None:
    svar = demon.get("/plan/2023/fordelning/?ar=2022")
    assert svar.status_code == 200
    assert "Inget fördelas för 2022" in synlig_text(svar)
    assert Datarader(svar.content.decode()).rader == []
    for fil in ("csv", "xlsx"):
        svar = demon.get(f"/plan/2023/fordelning/fordelning.{fil}?ar=2022")
        assert svar.status_code == 404
        assert "Inget fördelas för 2022" in synlig_text(svar)
    svar = demon.get("/plan/2023/huvudman/1280/?ar=2022")
    assert (svar.status_code, "Inget fördelas för 2022" in synlig_text(svar)) == (200, True)


@pytest.mark.parametrize(
    "ar", ["2021", "2030", "0", "-1", "tjugo", "2024.0", " 2024", "٢٠٢٤", "9" * 30, "9" * 5_000, ""]
)
@pytest.mark.parametrize("vad", ["", "fordelning.json", "fordelning.csv", "fordelning.xlsx"])
def test_an_unknown_year_is_not_found(klient: Client, fall: Planfall, vad: str, ar: str) -> None:
    assert klient.get(SIDAN + vad, {"ar": ar}).status_code == 404
    assert klient.get("/plan/2024/huvudman/1280/", {"ar": ar}).status_code == 404


@pytest.mark.parametrize("vad", ["fordelning/", "fordelning/fordelning.json", "huvudman/1280/"])
def test_an_unknown_plan_is_not_found(klient: Client, fall: Planfall, vad: str) -> None:
    for till_ar in ("2019", "9" * 20, "9" * 5_000):
        assert klient.get(f"/plan/{till_ar}/{vad}").status_code == 404


# --- CSV and xlsx -------------------------------------------------------------------------------------------------


def test_the_csv_opens_right_in_a_swedish_excel(demon: Client) -> None:
    svar = demon.get(f"{SIDAN}fordelning.csv")
    assert svar.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert svar.headers["Content-Disposition"] == 'attachment; filename="fordelning-2024.csv"'
    assert svar.content.startswith(b"\xef\xbb\xbfKod;Huvudman;")
    assert svar.content.count(b"\r\n") == 36
    rader = list(csv.reader(io.StringIO(svar.content.decode("utf-8-sig")), delimiter=";"))
    assert rader[0] == ["Kod", "Huvudman", "Invånare", "Andel, kr"]
    assert rader[1] == ["12", "Region Skåne", "1414324", "875000,00"]
    assert ["1275", "Perstorps kommun", "7442", "4604,14"] in rader
    assert rader[-1] == ["", "Summa", "", "1750000,00"]
    belopp = [Decimal(rad[3].replace(",", ".")) for rad in rader[1:-1]]
    assert (len(belopp), sum(belopp)) == (34, Decimal("1750000.00"))


def test_the_workbook_has_numbers_as_numbers_and_codes_as_text(demon: Client) -> None:
    svar = demon.get(f"{SIDAN}fordelning.xlsx?ar=2023")
    assert svar.headers["Content-Disposition"] == 'attachment; filename="fordelning-2023.xlsx"'
    bok = load_workbook(io.BytesIO(svar.content))
    blad, underlag = bok.worksheets
    fakta: dict[Any, Any] = dict(underlag.iter_rows(min_row=2, values_only=True))
    assert (fakta["Belopp"], fakta["Ställning"]) == ("Kronor exklusive moms", "Fastställd och lagrad")
    rader = list(blad.iter_rows(min_row=4, max_row=blad.max_row - 1, values_only=True))
    data = json.loads(demon.get(f"{JSON}?ar=2023").content)
    assert blad.title == "Fördelning 2023"
    assert [(kod, namn, antal, round(Decimal(str(kr)) * 100)) for kod, namn, antal, kr in rader] == [
        (en["kod"], en["namn"], en["invanare"], en["belopp"]) for en in data["andelar"]
    ]
    assert [cell.value for cell in blad[blad.max_row]] == [None, "Summa", None, 2_300_000]
    assert {blad.cell(rad, 4).number_format for rad in range(4, blad.max_row + 1)} == {"#,##0.00"}
    assert {blad.cell(rad, 4).data_type for rad in range(4, blad.max_row + 1)} == {"n"}


@pytest.mark.parametrize("namn", ["=1+1", "+46", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0"])
def test_a_name_never_becomes_a_formula(klient: Client, fall: Planfall, namn: str) -> None:
    Huvudman.objects.filter(kod="1280").update(officiellt_namn=namn)
    Handlingsplan.objects.update(titel=namn)
    rader = list(
        csv.reader(io.StringIO(klient.get(f"{SIDAN}fordelning.csv").content.decode("utf-8-sig")), delimiter=";")
    )
    assert rader[3][1] == f"'{namn}"
    bok = load_workbook(io.BytesIO(klient.get(f"{SIDAN}fordelning.xlsx").content))
    assert {cell.data_type for rad in bok.worksheets[0].iter_rows() for cell in rad} <= {"s", "n", "inlineStr"}


# --- One party ----------------------------------------------------------------------------------------------------


def test_a_partys_page_says_the_amount_and_how_it_was_computed(demon: Client) -> None:
    html = demon.get("/plan/2024/huvudman/1280/").content.decode()
    text = synlig_text(demon.get("/plan/2024/huvudman/1280/"))
    assert 'data-kod="1280" data-ore="22109847"' in html
    for del_ in ("Malmö stad, andel 2024", "221 098,47", "\u221267 338,59", "357 377", "61,87", "1 414 324"):
        assert del_ in text


def test_every_partys_page_says_what_the_table_says(demon: Client) -> None:
    for en in json.loads(demon.get(JSON).content)["andelar"]:
        html = demon.get(f"/plan/2024/huvudman/{en['kod']}/").content.decode()
        assert f'data-kod="{en["kod"]}" data-ore="{en["belopp"]}"' in html


@pytest.mark.parametrize("kod", ["9999", "0", "x", "12800", "1280%00", "..%2F", "å"])
def test_an_unknown_party_is_not_found(klient: Client, fall: Planfall, kod: str) -> None:
    assert klient.get(f"/plan/2024/huvudman/{kod}/").status_code == 404


def test_a_readers_own_row_is_pointed_out(klient_for: Klientmakare, lasare_malmo: Anvandare, fall: Planfall) -> None:
    klient = klient_for(lasare_malmo)
    egna = [
        rad["data-kod"] for rad in Datarader(klient.get(SIDAN).content.decode()).rader if rad.get("class") == "egen"
    ]
    assert egna == ["1280"]
    assert "Vår andel" in synlig_text(klient.get("/plan/2024/huvudman/1280/"))
    assert "Alla huvudmäns andelar" in synlig_text(klient.get("/plan/2024/huvudman/1275/"))


def test_what_the_money_goes_to_is_listed_with_its_kinds(klient: Client, fall: Planfall) -> None:
    omrade(fall.plan, "mp", "Mina planer")
    Budgetpost.objects.filter(utgava=fall.sdk).update(slag="okant", belopp=None)
    text = synlig_text(klient.get("/plan/2024/huvudman/1280/"))
    assert "ej ifyllt" in text
    assert "100 000 kr + okänt" in text
    assert "det finns okända och ej ifyllda SGD-belopp" in text


# --- A change in the budget answers at once -----------------------------------------------------------------------


def test_mina_planer_to_600_000_answers_in_shares_and_rate(demon: Client) -> None:
    post = Budgetpost.objects.get(
        plan__till_ar=2024, utgava__insatsomrade__kod="mina-planer", budgetar=2024, finansiering="sgd"
    )
    Budgetpost.objects.filter(pk=post.pk).update(belopp=600_000)
    data = json.loads(demon.get(JSON).content)
    assert (data["total"], data["ore_per_invanare"]) == (185_000_000, "65.40")
    assert {en["kod"]: en["belopp"] for en in data["andelar"]}["1280"] == 23_373_267
    assert "233\u00a0732,67" in demon.get("/plan/2024/huvudman/1280/").content.decode()


# --- The command --------------------------------------------------------------------------------------------------


def test_the_command_writes_a_table_for_people(demon: Client) -> None:
    rader = kommando("2024").splitlines()
    assert rader[0] == (
        "Handlingsplan 2024: 1\u00a0750\u00a0000,00 kr för 2024, 61,87\u00a0öre/inv på folkmängden 2022-12-31"
    )
    assert len(rader) == 35
    assert re.search(r"1280  Malmö stad +221\u00a0098,47$", kommando("2024"), re.MULTILINE)
    assert kommando("2023", "--ar", "2022") == (
        "Handlingsplan 2022–2023: Inget fördelas för 2022: ingen del av årets budget finansieras genom SGD.\n"
    )


@pytest.mark.parametrize(
    ("argument", "besked"),
    [
        (["2019"], "ingen plan som slutar 2019"),
        (["2024", "--ar", "2019"], "har ingen budget för 2019"),
        (["x"], "plan"),
    ],
)
def test_the_command_refuses_what_does_not_exist(demon: Client, argument: list[str], besked: str) -> None:
    with pytest.raises(CommandError, match=besked):
        kommando(*argument)


# --- The picture --------------------------------------------------------------------------------------------------


def test_the_bar_shows_every_party_in_proportion(demon: Client) -> None:
    fordelning = plandokument(Handlingsplan.objects.get(till_ar=2024)).fordelningar[0].fordelning
    assert fordelning is not None
    bilden = rutor(fordelning, "1280")
    assert [en.klass for en in bilden[:3]] == ["delning__region", "delning__egen", "delning__kommun"]
    assert len(bilden) == 34
    assert all(ena.x + ena.bredd <= andra.x for ena, andra in pairwise(bilden))
    assert bilden[-1].x + bilden[-1].bredd <= BREDD
    assert bilden[0].bredd == 4_950


def test_nothing_is_drawn_of_nothing(fall: Planfall) -> None:
    Budgetpost.objects.update(belopp=1)
    skriv_post(fall.npo, 2023, "sgd", 1)
    fordelning = plandokument(fall.plan).fordelningar[0].fordelning
    assert fordelning is not None
    noll: Any = type(fordelning)(0, fordelning.modell, fordelning.andelar)
    assert rutor(noll) == ()
