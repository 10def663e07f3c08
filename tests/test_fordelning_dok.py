"""docs/kostnadsfordelning.md: every number in its tables is recomputed, the worked example also by hand."""

import re
from datetime import date
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest

from budget.belopp import visa_kr
from budget.fordelning import Fordelning, Part, fordela_plan
from tests.data_skane import PARTER_2021, PARTER_2022, TOTAL_2024, modell

SIDAN = (Path(__file__).parents[1] / "docs" / "kostnadsfordelning.md").read_text(encoding="utf-8")
PARTER: dict[str, tuple[Part, ...]] = {"2021-12-31": PARTER_2021, "2022-12-31": PARTER_2022}


def tabell(rubrik: str) -> list[dict[str, str]]:
    """The rows of the one table under a heading, without bold marks."""
    avsnitt = re.split(r"^## ", SIDAN, flags=re.MULTILINE)
    (text,) = [del_ for del_ in avsnitt if del_.startswith(rubrik + "\n")]
    rader = [rad.strip("|").split("|") for rad in text.splitlines() if rad.startswith("|")]
    kolumner = [namn.strip() for namn in rader[0]]
    return [dict(zip(kolumner, (cell.strip().strip("*") for cell in rad), strict=True)) for rad in rader[2:]]


def tal(text: str) -> Fraction:
    """A number as the page writes it; "…" after cut-off digits is left out."""
    assert re.fullmatch(r"[+−]?\d{1,3}(\u00a0\d{3})*(,\d+…?)?", text), text
    return Fraction(text.replace("\u00a0", "").replace(",", ".").replace("−", "-").rstrip("…"))


def andelar(fordelning: Fordelning) -> dict[str, str]:
    return {andel.kod: visa_kr(andel.belopp) for andel in fordelning.andelar}


def test_rakneexemplet_gar_att_rakna_om_for_hand() -> None:
    *rader, summa = tabell("Räkneexempel: planen för 2024")
    assert [rad["kod"] for rad in rader] == [part.kod for part in PARTER_2022]
    kommuner = [rad for rad in rader if rad["kod"] != "12"]
    invanare = sum(tal(rad["invånare"]) for rad in kommuner)
    rester: dict[str, Fraction] = {}
    for rad in rader:
        exakt = tal(rader[0]["andel, kr"]) * tal(rad["invånare"]) / invanare
        assert floor(exakt * 10**6) == tal(rad["exakt kvot, kr"]) * 10**6, rad
        assert rad["exakt kvot, kr"].endswith("…") == (exakt * 10**6 % 1 != 0), rad
        assert Fraction(floor(exakt * 100), 100) == tal(rad["avrundat nedåt, kr"]), rad
        assert tal(rad["andel, kr"]) == tal(rad["avrundat nedåt, kr"]) + tal(rad["extra öre"]) / 100, rad
        rester[rad["kod"]] = exakt * 100 % 1
    fick = {rad["kod"] for rad in rader if rad["extra öre"] == "1"}
    assert fick == set(sorted(rester, key=lambda kod: -rester[kod])[: len(fick)])
    for kolumn in ("avrundat nedåt, kr", "extra öre", "andel, kr"):
        assert sum(tal(rad[kolumn]) for rad in rader) == tal(summa[kolumn]), kolumn
    assert f"de {summa['extra öre']}\u00a0öre som blev över" in SIDAN


def test_rakneexemplet_ar_programmets_svar() -> None:
    fordelning = fordela_plan(TOTAL_2024, PARTER_2022, modell())
    *rader, summa = tabell("Räkneexempel: planen för 2024")
    assert {rad["kod"]: rad["andel, kr"] for rad in rader} == andelar(fordelning)
    assert {rad["kod"]: rad["huvudman"] for rad in rader} == {part.kod: part.namn for part in PARTER_2022}
    assert {rad["kod"]: tal(rad["invånare"]) for rad in rader[1:]} == {part.kod: part.vikt for part in PARTER_2022[1:]}
    assert summa["andel, kr"] == visa_kr(TOTAL_2024)


@pytest.mark.parametrize("rad", tabell("Öre per invånare är en upplysning"), ids=lambda rad: rad["fall"])
def test_satserna(rad: dict[str, str]) -> None:
    datum = rad["folkmängd den"]
    fordelning = fordela_plan(int(tal(rad["total, kr"]) * 100), PARTER[datum], modell(datum=date.fromisoformat(datum)))
    assert tal(rad["kommungruppens del, kr"]) * 100 == fordelning.gruppens_belopp
    assert tal(rad["invånare"]) == fordelning.gruppens_invanare
    assert tal(rad["öre per invånare"]) == fordelning.ore_per_invanare
    assert rad["Malmö stad, kr"] == andelar(fordelning)["1280"]


def test_varfor_satsen_inte_far_anvandas() -> None:
    invanare = 1_414_324
    fel_per_sida = round(Fraction("61.87") * invanare)
    assert f"{visa_kr(fel_per_sida)}\u00a0kr, alltså {visa_kr(fel_per_sida - 875_000_00)}\u00a0kr för mycket" in SIDAN
    kronor = [floor(Fraction(875_000 * (part.vikt or 0), invanare) + Fraction(1, 2)) for part in PARTER_2022[1:]]
    assert sum(kronor) == 874_999
    assert "874\u00a0999\u00a0kr, en krona för lite" in SIDAN


@pytest.mark.parametrize("rad", tabell("Andra andelar än 1:1"), ids=lambda rad: rad["regionen:gruppen"])
def test_andra_andelar(rad: dict[str, str]) -> None:
    andel_region, andel_grupp = map(int, rad["regionen:gruppen"].split(":"))
    fordelning = fordela_plan(TOTAL_2024, PARTER_2022, modell(andel_region, andel_grupp))
    regionens = rad["regionens öre per invånare"]
    assert rad["Region Skåne, kr"] == andelar(fordelning)["12"]
    assert rad["Malmö stad, kr"] == andelar(fordelning)["1280"]
    assert tal(rad["kommungruppen, kr"]) * 100 == fordelning.gruppens_belopp
    assert (None if regionens == "–" else tal(regionens)) == fordelning.region_ore_per_invanare
    assert tal(rad["kommunernas öre per invånare"]) == fordelning.ore_per_invanare


def test_avrundningsenheten() -> None:
    *rader, summa = tabell("Avrundningsenhet")
    assert "totalen 1\u00a0750\u00a0000,50\u00a0kr:" in SIDAN
    i_ore = fordela_plan(1_750_000_50, PARTER_2022, modell())
    i_kronor = fordela_plan(1_750_000_50, PARTER_2022, modell(enhet="krona"))
    for rad in rader:
        assert rad["enhet öre, kr"] == andelar(i_ore)[rad["kod"]]
        assert rad["enhet krona, kr"] == andelar(i_kronor)[rad["kod"]]
    for kolumn, fordelning in (("enhet öre, kr", i_ore), ("enhet krona, kr", i_kronor)):
        assert tal(summa[kolumn]) * 100 == sum(andel.belopp for andel in fordelning.andelar)


def test_hamiltons_paradox() -> None:
    rader = tabell("Hamiltons paradox")
    fore = andelar(fordela_plan(1_750_000_19, PARTER_2022, modell()))
    efter = andelar(fordela_plan(1_750_000_20, PARTER_2022, modell()))
    assert {rad["kod"] for rad in rader} == {kod for kod in fore if fore[kod] != efter[kod]}
    for rad in rader:
        ett, tva = rad["vid 1\u00a0750\u00a0000,19\u00a0kr"], rad["vid 1\u00a0750\u00a0000,20\u00a0kr"]
        assert (ett, tva) == (fore[rad["kod"]], efter[rad["kod"]])
        assert tal(rad["skillnad, öre"]) == (tal(tva) - tal(ett)) * 100
