"""A party's page alone as PDF and as workbook: what the files are, and that they say what the page says."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from rapport import pdf
from rapport.andel import Arspost, Partsandel, partsandel
from rapport.andelspdf import andel_till_html, andel_till_pdf
from rapport.plandokument import Plandokument
from tests.andelsfall import Andelssida
from tests.cast import Klientmakare, Parter
from tests.exempel import exempelplan
from tests.pdflasning import PROFILER, element, krav_foljer, rubriknivaer, sidtexter
from tests.planfall import planfall
from tests.sidor import synlig_text

ADRESS = "https://plan.exempel.se/plan/2024/huvudman/1201/"
NBSP = "\u00a0"


def andelssida(dokument: Plandokument, kod: str = "1201", budgetar: int = 2024) -> Partsandel:
    """A party's page of a record, with the record's own years as the series."""
    ars = dokument.fordelning_for(budgetar)
    assert ars is not None
    serie = tuple(
        Arspost(en.budgetar, en.budgetar, f"Handlingsplan {en.budgetar}", en.fordelning, en.skal, not en.egen)
        for en in reversed(dokument.fordelningar)
    )
    part = next(en for en in dokument.parter if en.kod == kod)
    return partsandel(dokument, ars, part, serie)


def _utan_fordelning() -> Partsandel:
    dokument = exempelplan()
    tomma = tuple(replace(en, fordelning=None, skal="Folkmängd saknas.") for en in dokument.fordelningar)
    return andelssida(replace(dokument, fordelningar=tomma))


FALL: dict[str, Callable[[], Partsandel]] = {
    "kommun": lambda: andelssida(exempelplan(antal_omraden=7, antal_kommuner=33)),
    "region": lambda: andelssida(exempelplan(), "12"),
    "fastställd": lambda: andelssida(
        exempelplan(faststalld=date(2023, 12, 4), faststalld_hanvisning="Samverkansorganet § 7")
    ),
    "utan fördelning": _utan_fordelning,
    "utan år före": lambda: andelssida(exempelplan(), budgetar=2023),
}
_filer: dict[str, bytes] = {}


@pytest.fixture
def fil() -> Callable[[str], bytes]:
    """The finished file of a case, rendered when it is first asked for."""

    def hamta(namn: str) -> bytes:
        if namn not in _filer:
            _filer[namn] = andel_till_pdf(FALL[namn](), ADRESS)
        return _filer[namn]

    return hamta


# --- The PDF ------------------------------------------------------------------------------------------------------


@pytest.mark.databas("sqlite")
@pytest.mark.parametrize("namn", FALL)
@pytest.mark.parametrize("profil", PROFILER)
def test_the_file_follows_pdfua_and_pdfa(namn: str, profil: Any, fil: Callable[[str], bytes]) -> None:
    krav_foljer(fil(namn), profil)


@pytest.mark.databas("sqlite")
@pytest.mark.parametrize("namn", FALL)
def test_headings_do_not_jump_and_every_table_has_header_cells(namn: str, fil: Callable[[str], bytes]) -> None:
    with pikepdf.open(io.BytesIO(fil(namn))) as fila:
        alla = list(element(fila.Root.StructTreeRoot))
        nivaer = rubriknivaer(fila.Root.StructTreeRoot)
        tabeller = [en for en in alla if en.S == "/Table"]
        figurer = [en for en in alla if en.S == "/Figure"]
        assert all(str(en.get("/Alt", "")) for en in figurer)
        assert all(any(under.S == "/TH" for under in element(tabell)) for tabell in tabeller)
    assert nivaer[0] == 1
    assert all(nu <= fore + 1 for fore, nu in pairwise(nivaer))
    assert len(tabeller) >= 3


@pytest.mark.databas("sqlite")
def test_a_draft_says_so_on_every_page_and_an_adopted_plan_does_not(fil: Callable[[str], bytes]) -> None:
    utkast, fast = sidtexter(fil("kommun")), sidtexter(fil("fastställd"))
    assert all("UTKAST" in sida for sida in utkast)
    assert not any("UTKAST" in sida for sida in fast)
    assert "Fastställd 2023-12-04, Samverkansorganet § 7" in fast[0]
    titlar = [PdfReader(io.BytesIO(fil(namn))).metadata for namn in ("kommun", "fastställd")]
    assert [en and en.title for en in titlar] == [
        "UTKAST: Norrby kommun, andel 2024",
        "Norrby kommun, andel 2024",
    ]


@pytest.mark.databas("sqlite")
def test_the_pdf_holds_every_figure_of_the_record(fil: Callable[[str], bytes]) -> None:
    sida, text = FALL["kommun"](), " ".join(sidtexter(fil("kommun")))
    assert sida.andel and sida.andel_fore
    assert (len(sida.effekter), len(sida.steg), len(sida.insatser)) == (3, 6, 8)
    ord_ = [ett.resultat for ett in sida.steg] + [ett.resultat for en in sida.effekter for ett in en.rakning]
    belopp = [sida.andel.belopp, sida.andel_fore.belopp, *(en.andel for en in sida.insatser if en.andel is not None)]
    for visat in [*ord_, *(_kr(en) for en in belopp), *(_kr(abs(en.belopp)) for en in sida.effekter)]:
        assert re.sub(r"\s+", " ", visat) in text, visat
    assert ADRESS in text.replace("- ", "-")
    assert "annan finansiering".capitalize() in text and "okänt" in text


@pytest.mark.databas("sqlite")
def test_what_cannot_be_shown_is_told_in_the_pdf(fil: Callable[[str], bytes]) -> None:
    assert "Folkmängd saknas." in sidtexter(fil("utan fördelning"))[0]
    assert "Det finns inget belopp för 2022 att jämföra med." in " ".join(sidtexter(fil("utan år före")))


def _kr(belopp: int) -> str:
    return f"{belopp // 100:,},{belopp % 100:02d}".replace(",", NBSP, f"{belopp // 100:,}".count(","))


def test_html_in_a_name_is_text_in_the_pdf() -> None:
    dokument = exempelplan(titel="<b>Plan</b>", faststalld_hanvisning="<script>x</script>")
    html = andel_till_html(andelssida(dokument), ADRESS)
    assert "&lt;b&gt;Plan&lt;/b&gt;" in html and "&lt;script&gt;" in html
    assert "<script" not in html


# --- The views ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_pdf_is_downloaded_under_a_name_that_says_what_it_is(demon_malmo: Client) -> None:
    svar = demon_malmo.get("/plan/2024/huvudman/1280/andel.pdf")
    assert (svar.status_code, svar.headers["Content-Type"]) == (200, "application/pdf")
    assert svar.headers["Content-Disposition"] == 'attachment; filename="andel-2024-1280-utkast.pdf"'
    text = " ".join(sidtexter(svar.content))
    for belopp in ("221 098,47", "288 437,06", "−68 974,08", "+1 635,49", "219 462,98", "63 170,99", "61,87"):
        assert belopp in text, belopp


@pytest.mark.django_db
def test_an_adopted_plans_files_do_not_say_draft(demon_malmo: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.views.andel.andel_till_pdf", lambda sida, adress: adress.encode())
    svar = demon_malmo.get("/plan/2023/huvudman/1280/andel.pdf?ar=2022")
    assert svar.headers["Content-Disposition"] == 'attachment; filename="andel-2022-1280.pdf"'
    assert svar.content == b"http://testserver/plan/2023/huvudman/1280/?ar=2022"


@pytest.mark.django_db
@pytest.mark.parametrize(("fel", "status"), [(pdf.PdfMotornSaknas, 503), (pdf.PdfUpptagen, 503), (pdf.PdfFel, 500)])
def test_without_the_engine_the_page_says_so(
    demon_malmo: Client, monkeypatch: pytest.MonkeyPatch, fel: type[Exception], status: int
) -> None:
    def gar_inte(sida: object, adress: str) -> bytes:
        raise fel("Motorn är borta.")

    monkeypatch.setattr("rapport.views.andel.andel_till_pdf", gar_inte)
    svar = demon_malmo.get("/plan/2024/huvudman/1280/andel.pdf")
    assert svar.status_code == status
    assert "Motorn är borta." in synlig_text(svar)


@pytest.mark.django_db
@pytest.mark.parametrize("vad", ["", "andel.pdf", "andel.xlsx"])
def test_an_unknown_party_or_year_is_not_found(
    klient_for: Klientmakare, lasare_malmo: Anvandare, delad_plan: Handlingsplan, vad: str
) -> None:
    klient = klient_for(lasare_malmo)
    assert klient.get(f"/plan/2024/huvudman/9999/{vad}").status_code == 404
    assert klient.get(f"/plan/2024/huvudman/1280/{vad}?ar=2019").status_code == 404
    assert klient.post(f"/plan/2024/huvudman/1280/{vad}").status_code == 405


# --- The workbook -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_workbook_says_what_the_page_says_with_numbers_as_numbers(demon_malmo: Client) -> None:
    svar = demon_malmo.get("/plan/2024/huvudman/1280/andel.xlsx")
    assert svar.headers["Content-Disposition"] == 'attachment; filename="andel-2024-1280-utkast.xlsx"'
    bok = load_workbook(io.BytesIO(svar.content))
    sida = Andelssida(demon_malmo.get("/plan/2024/huvudman/1280/").content.decode())
    assert bok.sheetnames == ["Andel 2024", "Så räknades det", "Insatsområden", "Utveckling", "Utanför andelen"]
    forsta = {rad[0]: rad[1] for rad in bok["Andel 2024"].iter_rows(values_only=True)}
    assert _ore(forsta["Att betala 2024"]) == sida.ore == 22_109_847
    assert _ore(forsta["Andel 2023"]) == 28_843_706
    delar = [_ore(forsta[f"varav {namn}"]) for namn in ("budgeteffekt", "befolkningseffekt", "modelleffekt")]
    assert delar == sida.effekter == [-6_897_408, 163_549, 0]
    assert (forsta["Egna invånare"], forsta["Kommunernas invånare"]) == (357_377, 1_414_324)
    assert forsta["Kostnad per invånare"] == 61.87
    assert forsta["Sidans fasta adress"] == "http://testserver/plan/2024/huvudman/1280/"
    steg = [list(rad[1:]) for rad in bok["Så räknades det"].iter_rows(min_row=2, values_only=True)]
    assert steg == sida.arets.steg
    *rader, summa = bok["Insatsområden"].iter_rows(min_row=2, values_only=True)
    assert sum(_ore(rad[2]) for rad in rader if rad[2] is not None) == sida.ore
    assert (summa[0], summa[1]) == ("Summa", 1_750_000)
    assert [rad[2] for rad in rader if rad[0] == "Utan benämning"] == [None]
    trend = {rad[0]: rad for rad in bok["Utveckling"].iter_rows(min_row=2, values_only=True)}
    assert _ore(trend[2023][1]) == 28_843_706
    assert trend[2022][1:5] == (None, None, None, None)
    utanfor = [(rad[0], rad[1]) for rad in bok["Utanför andelen"].iter_rows(min_row=2, values_only=True)]
    assert utanfor == [("Annan finansiering", "okänt")]
    assert {cell.number_format for cell in bok["Insatsområden"]["C"][1:]} == {"#,##0.00"}


@pytest.mark.django_db
def test_the_workbook_says_why_there_is_no_amount(demon_malmo: Client) -> None:
    bok = load_workbook(io.BytesIO(demon_malmo.get("/plan/2023/huvudman/1280/andel.xlsx?ar=2022").content))
    texter = [cell for rad in bok["Andel 2022"].iter_rows(values_only=True) for cell in rad if isinstance(cell, str)]
    assert "Inget fördelas för 2022: ingen del av årets budget finansieras genom SGD." in texter
    assert "Så räknades det" not in bok.sheetnames
    assert ("Statsbidrag", 2_100_000) in list(bok["Utanför andelen"].iter_rows(values_only=True))


@pytest.mark.django_db
@pytest.mark.parametrize("namn", ["=1+1", "+46", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0"])
def test_a_name_never_becomes_a_formula(
    klient_for: Klientmakare,
    samordnare: Anvandare,
    delad_plan: Handlingsplan,
    parter: Parter,
    folkmangd: None,
    namn: str,
) -> None:
    fall = planfall(delad_plan)
    Huvudman.objects.filter(kod="1280").update(officiellt_namn=namn)
    Handlingsplan.objects.update(titel=namn)
    type(fall.npo).objects.filter(pk=fall.npo.pk).update(kortnamn=namn)
    bok = load_workbook(io.BytesIO(klient_for(samordnare).get("/plan/2024/huvudman/1280/andel.xlsx").content))
    celler = [cell for blad in bok.worksheets for rad in blad.iter_rows() for cell in rad]
    assert {cell.data_type for cell in celler} <= {"s", "n", "d", "inlineStr"}
    assert bok["Insatsområden"]["A2"].value == f"'{namn}"


def _ore(kronor: Any) -> int:
    """A cell's kronor in whole öre; a text is no number."""
    assert isinstance(kronor, int | float)
    return int(Decimal(str(kronor)) * 100)
