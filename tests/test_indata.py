"""`manage.py fordela --indata`: the file is read strictly, needs no database, and says where a fault is."""

import copy
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from budget.fordelning import Fordelningsfel
from budget.indata import arsunderlag_som_data, las_indata, modell_som_data, modell_ur
from budget.jsonlasning import MAX_TECKEN, Varde
from budget.radfordelning import Arsunderlag, Rad, Undantag, fordela_rader
from budget.stegmodell import Beslutsreferens, Giltighet
from tests.invarianter import galler_alltid
from tests.stegfall import BESLUT, Fall, alla_fall
from tests.test_fordelning_dok import SIDAN

ROT = Path(__file__).parents[1]
FILEN: str = re.findall(r"```json\n(.*?)```", SIDAN, flags=re.DOTALL)[0]


def exempel() -> dict[str, Any]:
    return json.loads(FILEN)


# --- What the file can say ------------------------------------------------------------------------------------------


def test_exemplet_lases_till_modellen_det_beskriver() -> None:
    ars = las_indata(FILEN)
    assert [rad.belopp for rad in ars.rader] == [400_000_00, 600_000_00, 80_000_00]
    assert [grupp.andel for grupp in ars.standard.grupper] == [Fraction(3, 10), Fraction(7, 10)]
    assert [type(villkor).__name__ for villkor in ars.standard.alla_villkor] == ["Faktor", "Tak", "Betalare"]
    assert ars.alla_undantag[0].beslut is not None
    assert str(ars.alla_undantag[0].beslut) == "Samverkansorganet 2023-11-03 §\u00a041 (dnr 2023-77)"
    assert [str(part.giltighet) for part in ars.underlag.parter][-1] == "från 2024-07-01"


@galler_alltid(alla_fall())
def test_det_som_skrivs_lases_tillbaka_lika(fall: Fall) -> None:
    rader = (Rad("a", "A", fall.total), Rad("b", "B", 17, "a"))
    beslut = replace(BESLUT, diarienummer="", upphavt=BESLUT.datum)
    undantag = (Undantag("b", replace(fall.modell, kod="annan", beslut=beslut), beslut, Giltighet(BESLUT.datum)),)
    ars = Arsunderlag(rader, fall.modell, fall.underlag, undantag)
    text = json.dumps(arsunderlag_som_data(ars))
    assert las_indata(text) == ars
    assert modell_ur(Varde("", modell_som_data(fall.modell))) == fall.modell


def test_samma_fil_ger_samma_ore() -> None:
    """Stored data are recomputed to the same result (rule 7)."""
    ars = las_indata(FILEN)
    om_igen = las_indata(json.dumps(arsunderlag_som_data(ars)))
    assert fordela_rader(om_igen) == fordela_rader(ars)


def test_tva_olika_modeller_med_samma_kod_skrivs_inte() -> None:
    ars = las_indata(FILEN)
    undantag = replace(ars.alla_undantag[0], modell=replace(ars.alla_undantag[0].modell, kod="standard"))
    with pytest.raises(Fordelningsfel, match="Två olika modeller har koden standard 2024"):
        arsunderlag_som_data(replace(ars, alla_undantag=(undantag,)))


@pytest.mark.parametrize(
    ("skrivet", "ore"),
    [
        (8_000_000, 8_000_000),
        ("80000", 8_000_000),
        ("80000.5", 8_000_050),
        ("80000,55", 8_000_055),
        ("-0.01", -1),
        (-7, -7),
    ],
)
def test_belopp(skrivet: Any, ore: int) -> None:
    assert Varde("x", skrivet).belopp() == ore


@pytest.mark.parametrize(
    ("skrivet", "tal"),
    [
        (7, 7),
        ("7", 7),
        ("0.3", Fraction(3, 10)),
        ("0,30", Fraction(3, 10)),
        ("2/6", Fraction(1, 3)),
        ("-1/2", Fraction(-1, 2)),
    ],
)
def test_tal(skrivet: Any, tal: Fraction) -> None:
    assert Varde("x", skrivet).tal() == tal


# --- What is refused ------------------------------------------------------------------------------------------------

MODELL: tuple[str | int, ...] = ("modeller", 0)


def satt(*vag: str | int, varde: Any) -> Callable[[dict[str, Any]], None]:
    def andra(data: dict[str, Any]) -> None:
        del_: Any = data
        for steg in vag[:-1]:
            del_ = del_[steg]
        del_[vag[-1]] = varde

    return andra


def bort(*vag: str | int) -> Callable[[dict[str, Any]], None]:
    def andra(data: dict[str, Any]) -> None:
        del_: Any = data
        for steg in vag[:-1]:
            del_ = del_[steg]
        del del_[vag[-1]]

    return andra


@pytest.mark.parametrize(
    ("andra", "ord_"),
    [
        (satt("okand", varde=1), "Filen har okand, som inte finns i schemat."),
        (satt("parter", 1, "vikt", varde=1), "parter[1]: har vikt, som inte finns i schemat."),
        (satt("modeller", 0, "grupper", 0, "lika", varde=1), "modeller[0].grupper[0]: har lika"),
        (satt("modeller", 0, "villkor", 0, "belopp", varde=1), "modeller[0].villkor[0]: har belopp"),
        (satt("modeller", 0, "villkor", 2, "bars_av", varde="gruppen"), "modeller[0].villkor[2]: har bars_av"),
        (bort("rader"), "Filen saknar rader."),
        (bort("modeller", 0, "villkor", 0, "beslut"), "modeller[0].villkor[0]: saknar beslut."),
        (bort("modeller", 0, "villkor", 0, "slag"), "modeller[0].villkor[0].slag: ska vara någon av faktor, golv"),
        (satt("schema", varde=2), "schema: ska vara 1."),
        (satt("schema", varde=True), "schema: ska vara 1."),
        (satt("parter", varde={}), "parter: ska vara en lista, inte {}."),
        (satt("parter", 0, varde=[]), "parter[0]: ska vara ett objekt, inte []."),
        (satt("parter", 0, "kod", varde=12), "parter[0].kod: ska vara en text som inte är tom, inte 12."),
        (satt("parter", 0, "namn", varde=" "), "parter[0].namn: ska vara en text som inte är tom"),
        (satt("parter", 0, "typ", varde="bolag"), 'parter[0].typ: ska vara någon av region, kommun, inte "bolag".'),
        (satt("period", "till", varde="2024-02-30"), "period.till: ska vara ett datum som finns"),
        (satt("period", "till", varde="31/12 2024"), "period.till: ska vara ett datum, till exempel 2022-12-31"),
        (satt("period", "till", varde="2023-12-31"), "före sin början 2024-01-01"),
        (satt("rader", 0, "belopp", varde="1.234"), "rader[0].belopp: ska vara ett helt antal öre"),
        (satt("rader", 0, "belopp", varde="1 000"), "rader[0].belopp: ska vara ett helt antal öre"),
        (satt("rader", 0, "belopp", varde=True), "rader[0].belopp: ska vara ett helt antal öre"),
        (satt("rader", 0, "belopp", varde=10**14), "Beloppet för NPÖ är orimligt"),
        (satt("modeller", 0, "grupper", 0, "andel", varde="0,4"), "blir tillsammans 11/10, inte 1"),
        (satt("modeller", 0, "grupper", 0, "andel", varde="1/0"), "modeller[0].grupper[0].andel: ska vara ett heltal"),
        (satt("modeller", 0, "grupper", 0, "andel", varde="tre"), "modeller[0].grupper[0].andel: ska vara ett heltal"),
        (satt("vikter", 0, "varden", "1280", varde=-1), "Malmö stad (1280) är -1"),
        (satt("vikter", 0, "varden", "1280", varde=10**12), "Malmö stad (1280) är 1000000000000"),
        (satt("vikter", 0, "varden", "9999", varde=1), "9999, som inte finns bland parterna"),
        (bort("vikter", 0, "varden", "1280"), "den 2022-12-31 saknas för Malmö stad (1280)"),
        (satt("standard", varde="x"), "standard: modellen x finns inte bland modellerna."),
        (
            bort("undantag", 0, "beslut"),
            "Undantaget för Säkra videomöten (modellen efter användning) saknar beslut 2024",
        ),
        (satt("undantag", 0, "avser", varde="x"), "Undantaget avser x"),
        (satt("modeller", 1, "kod", varde="standard"), "modeller[1]: modellen standard står två gånger."),
        (satt("vikter", 1, "nyckel", varde={"slag": "invanare", "datum": "2022-12-31"}), "vikter[1]: uppgifterna om"),
        (satt("modeller", 0, "villkor", 2, "betalas_av", varde="1275"), "Betalarna går i ring 2024"),
        (satt("modeller", 0, "enhet", varde="tkr"), "modeller[0].enhet: ska vara någon av ore, krona"),
    ],
)
def test_en_fil_med_fel_vagras_med_platsen(andra: Callable[[dict[str, Any]], None], ord_: str) -> None:
    data = copy.deepcopy(exempel())
    andra(data)
    with pytest.raises(Fordelningsfel) as fel:
        fordela_rader(las_indata(json.dumps(data)))
    assert ord_ in str(fel.value)


@pytest.mark.parametrize(
    ("text", "ord_"),
    [
        ("{", "inte giltig JSON: fel på rad 1, tecken 2"),
        ("", "inte giltig JSON"),
        ("[]", "Filen ska vara ett objekt, inte []."),
        (FILEN.replace("8000000", "8000000.0"), "Talet 8000000.0 har decimaler"),
        (FILEN.replace("8000000", "8e6"), "Talet 8e6 har decimaler eller exponent"),
        (FILEN.replace("8000000", "NaN"), "NaN är inget tal"),
        (FILEN.replace("8000000", "9" * 5000), "orimligt långt"),
        (
            FILEN.replace('"standard": "standard"', '"standard": "a", "standard": "standard"'),
            "”standard” står två gånger",
        ),
        ("[" * 100_000, "för djupt nästlad"),
        (" " * (MAX_TECKEN + 1), "för stor"),
    ],
)
def test_det_som_inte_ar_en_lasbar_fil_vagras(text: str, ord_: str) -> None:
    with pytest.raises(Fordelningsfel, match=re.escape(ord_)):
        las_indata(text)


def test_valfria_falt_far_vara_null_och_filen_ha_bom() -> None:
    data = exempel()
    data["parter"][0]["fran"] = None
    assert las_indata("\ufeff" + json.dumps(data)) == las_indata(FILEN)


# --- The command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def filen(tmp_path: Path) -> Path:
    plats = tmp_path / "modell.json"
    plats.write_text(FILEN, encoding="utf-8")
    return plats


def kommando(*argument: str) -> str:
    ut = io.StringIO()
    call_command("fordela", *argument, stdout=ut)
    return ut.getvalue()


def test_svaret_har_andelar_matris_sats_och_harledning(filen: Path) -> None:
    svar = json.loads(kommando("--indata", str(filen), "--format", "json"))
    ars = las_indata(FILEN)
    delat = fordela_rader(ars)
    assert (svar["total"], svar["enhet"], svar["period"]) == (108_000_000, "öre", "2024")
    assert {en["kod"]: (en["andel"], en["betalar"]) for en in svar["parter"]} == {
        kod: (andel, delat.betalar[kod]) for kod, andel in delat.andelar.items()
    }
    standard, tva = svar["modeller"]
    assert standard["text"].startswith("Kostnaden delas så att regionen bär 30\u00a0% och kommunerna 70\u00a0%;")
    assert standard["satser"][0] == {
        "namn": "kommunerna",
        "belopp": 66_317_212,
        "invanare": "540207",
        "ore_per_invanare": "122.76",
    }
    assert tva["beslut"] == ["Samverkansorganet 2023-11-03 §\u00a041 (dnr 2023-77)"]
    for modell in svar["modeller"]:
        assert sum(part["andel"] for part in modell["parter"]) == modell["total"]
        for part in modell["parter"]:
            assert abs(Fraction(part["exakt"]) - part["avrundad"]) < 1
            assert part["harledning"][0].startswith("1. ")
    assert standard["parter"][1]["vikter"] == [
        {"nyckel": "lika för alla", "vikt": "1"},
        {"nyckel": "antal invånare den 2022-12-31", "vikt": "7442"},
    ]
    assert standard["parter"][0]["buret"] == {"kommuner": 3_682_788}
    tabell = svar["matris"]
    assert [sum(rad["celler"]) for rad in tabell["rader"]] == [rad["belopp"] for rad in tabell["rader"]]
    assert tabell["summor"] == [sum(kolumn) for kolumn in zip(*(rad["celler"] for rad in tabell["rader"]), strict=True)]
    assert Fraction(tabell["storsta_avvikelse"]) < 1
    assert tabell["inom_en_enhet"] is True


def test_svaret_som_text(filen: Path) -> None:
    text = kommando("--indata", str(filen)).replace("\u00a0", " ")
    assert text.startswith("1 080 000,00 kr för 2024\n")
    assert "  kommunerna: 122,76 öre/inv\n" in text
    assert re.search(r"^1281 +Lunds kommun +261 691,64 +310 442,57$", text, flags=re.MULTILINE)
    assert text.rstrip().endswith("Område × huvudman går ihop åt båda hållen; största avvikelse 0,6451… öre.")


def korning(*argument: str, indata: str = "") -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with a database that does not answer."""
    miljo = os.environ | {"DATABASE_URL": "postgres://ingen:ingen@127.0.0.1:1/ingen", "PYTHONIOENCODING": "utf-8"}
    miljo["DJANGO_SETTINGS_MODULE"] = "handlingsplan.settings"
    return subprocess.run(
        [sys.executable, "manage.py", "fordela", *argument],
        cwd=ROT,
        env=miljo,
        input=indata,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_filen_raknas_helt_utan_databas() -> None:
    svar = korning("--indata", "-", "--format", "json", indata=FILEN)
    assert (svar.returncode, svar.stderr) == (0, "")
    assert json.loads(svar.stdout)["total"] == 108_000_000


def test_ett_fel_ger_slutkod_1_och_ett_svenskt_meddelande() -> None:
    svar = korning("--indata", "-", indata=FILEN.replace('"300000.00"', "300000.00"))
    assert svar.returncode == 1
    assert svar.stderr == "CommandError: Talet 300000.00 har decimaler eller exponent. Skriv det inom citattecken.\n"
    assert svar.stdout == ""


@pytest.mark.parametrize(
    ("argument", "ord_"),
    [
        ((), "Ange antingen planens sista år eller --indata"),
        (("2024", "--indata", "x"), "Ange antingen planens sista år eller --indata"),
        (("--indata", "x", "--ar", "2024"), "--ar gäller en plan"),
        (("--indata", "finns/inte.json"), "Filen finns/inte.json går inte att läsa."),
    ],
)
def test_kommandots_argument(argument: tuple[str, ...], ord_: str) -> None:
    with pytest.raises(CommandError, match=re.escape(ord_)):
        kommando(*argument)


def test_en_fil_i_fel_teckenkodning(tmp_path: Path) -> None:
    plats = tmp_path / "latin1.json"
    plats.write_bytes(FILEN.encode("latin-1"))
    with pytest.raises(CommandError, match="är inte skriven i UTF-8"):
        kommando("--indata", str(plats))


def test_beslutet_skrivs_med_ett_paragraftecken() -> None:
    assert str(Beslutsreferens("CSO", BESLUT.datum, "§ 12")) == "CSO 2023-05-12 §\u00a012"
