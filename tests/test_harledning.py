"""The step-by-step explanation: its arithmetic is redone from its own text, as a controller would."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from budget.belopp import visa_kr
from budget.fordelning import Fordelning, Fordelningsfel, Modell, Part, fordela_plan
from budget.harledning import Steg, harledning
from tests.data_skane import PARTER_2022, REGION, TOTAL_2024, modell
from tests.test_fordelning import invariant, planer

TAL = r"\d{1,3}(?:\u00a0\d{3})*(?:,\d+)?"


def tal(text: str) -> Fraction:
    return Fraction(text.replace("\u00a0", "").replace(",", "."))


def visat(text: str) -> tuple[Fraction, Fraction]:
    """The interval of numbers that a result stands for: exactly one, or a cut-off one ("…") and up."""
    traff = re.fullmatch(rf"(−?)({TAL})(…?)\u00a0(?:kr|%)", text)
    assert traff, text
    varde = tal(traff[2])
    steg = Fraction(1, 10 ** len(traff[2].partition(",")[2])) if traff[3] else Fraction(0)
    return (-varde, -varde) if traff[1] else (varde, varde + steg)


def raknat(uttryck: str) -> Fraction | None:
    """Work out "a × b / c", "a / b", "a − b" and "−(a + b …)"; None for a step told in words."""
    if traff := re.fullmatch(rf"(?:({TAL}) × )?({TAL}) / ({TAL})", uttryck):
        return (tal(traff[1]) if traff[1] else 100) * tal(traff[2]) / tal(traff[3])
    if traff := re.fullmatch(rf"({TAL}) − ({TAL})", uttryck):
        return tal(traff[1]) - tal(traff[2])
    if traff := re.fullmatch(rf"(−\()?({TAL}(?: \+ {TAL})*)\)?", uttryck):
        return (-1 if traff[1] else 1) * sum(map(tal, traff[2].split(" + ")), Fraction(0))
    return None


def kontrollrakna(steg: tuple[Steg, ...]) -> int:
    """Redo every step that is arithmetic; return how many they were."""
    antal = 0
    for ett in steg:
        varde = raknat(ett.uttryck)
        if varde is None:
            assert re.search(r"[a-zåäö]{3}", ett.uttryck), ett
            continue
        lagst, hogst = visat(ett.resultat)
        assert varde == lagst if lagst == hogst else lagst < varde < hogst, ett
        antal += 1
    return antal


@invariant
@given(planer())
def test_varje_steg_gar_att_rakna_om_och_det_sista_ar_andelen(
    plan: tuple[int, list[Part], Modell],
) -> None:
    fordelning = fordela_plan(*plan)
    for andel in fordelning.andelar:
        steg = harledning(fordelning, andel.kod)
        assert kontrollrakna(steg) >= 2
        assert steg[-1].resultat == f"{visa_kr(andel.belopp)}\u00a0kr"
        assert all(ett.rubrik and ett.uttryck and ett.resultat for ett in steg)


def las(fordelning: Fordelning, kod: str) -> list[str]:
    return [f"{ett.uttryck} = {ett.resultat}".replace("\u00a0", " ") for ett in harledning(fordelning, kod)]


def test_malmos_andel_2024() -> None:
    rader = las(fordela_plan(TOTAL_2024, PARTER_2022, modell()), "1280")
    assert rader[:4] == [
        "1 750 000,00 × 1 / 2 = 875 000,00 kr",
        "357 377 / 1 414 324 = 25,2683… %",
        "875 000,00 × 357 377 / 1 414 324 = 221 098,471778743… kr",
        "Resten är 0,1778743… öre. = 221 098,47 kr",
    ]
    assert rader[4].startswith(
        "När alla 33 kommuner har avrundats nedåt är 18 öre kvar: 1 öre var till de 18 största resterna,"
        " alltså Skurups kommun, Svedala kommun,"
    )
    assert rader[4].endswith("och Sjöbo kommun. Resten för Malmö stad är nummer 29 av 33. = 0,00 kr")
    assert rader[5] == "221 098,47 + 0,00 = 221 098,47 kr"


def test_den_som_fick_ett_ore_namns_och_ser_sin_plats() -> None:
    rader = las(fordela_plan(TOTAL_2024, PARTER_2022, modell()), "1265")
    assert rader[4].endswith("och Sjöbo kommun. Resten för Sjöbo kommun är nummer 18 av 33. = 0,01 kr")
    assert rader[5] == "12 093,14 + 0,01 = 12 093,15 kr"


@invariant
@given(planer())
def test_de_som_namns_ar_just_de_som_fick_en_enhet(plan: tuple[int, list[Part], Modell]) -> None:
    fordelning = fordela_plan(*plan)
    fick = {andel.namn for andel in fordelning.kommuner if abs(andel.belopp) > abs(andel.exakt)}
    for andel in fordelning.kommuner:
        for steg in harledning(fordelning, andel.kod):
            if "blir över" in steg.rubrik:
                namn = re.search(r"alltså (.*?)\. Resten", steg.uttryck)
                assert set(re.split(r", | och ", namn[1]) if namn else ()) == fick


def test_regionens_ore_vid_lika_rest_forklaras() -> None:
    fordelning = fordela_plan(1_750_000_01, PARTER_2022, modell())
    steg = harledning(fordelning, "12")
    assert [ett.resultat.replace("\u00a0", " ") for ett in steg] == [
        "875 000,005 kr",
        "875 000,01 kr",
        "875 000,01 kr",
    ]
    assert "vid lika rest Region Skåne. Här är det Region Skåne." in steg[1].uttryck
    assert harledning(fordelning, "1280")[1].resultat == "875\u00a0000,00\u00a0kr"


def test_gruppens_ore_vid_storre_rest_forklaras() -> None:
    fordelning = fordela_plan(1, PARTER_2022, modell(30, 70))
    avrundning = harledning(fordelning, "1280")[1]
    assert "0,30\u00a0öre för Region Skåne och 0,70\u00a0öre för kommungruppen" in avrundning.uttryck
    assert avrundning.uttryck.endswith("Här är det kommungruppen.")
    assert avrundning.resultat == "0,01\u00a0kr"


def test_enheten_krona_med_negativ_total() -> None:
    fordelning = fordela_plan(-1_750_000_51, PARTER_2022, modell(30, 70, "krona"))
    region = harledning(fordelning, "12")
    assert region[0].resultat == "1\u00a0750\u00a0000,51\u00a0kr"
    assert (region[1].rubrik, region[1].resultat) == (
        "Hela kronor att dela (örena bärs av Region Skåne)",
        "1\u00a0750\u00a0000,00\u00a0kr",
    )
    assert (region[-1].rubrik, region[-1].uttryck) == (
        "Region Skåne får tillbaka",
        "−(525\u00a0000,00 + 0,51)",
    )
    malmo = las(fordelning, "1280")
    assert "är 19 kronor kvar: 1 krona var till de 19 största resterna" in malmo[-2]
    assert malmo[-1] == "−(309 537,00 + 1,00) = −309 538,00 kr"


def test_en_enda_enhet_over_och_lika_rest() -> None:
    parter = [REGION, *(Part(str(1200 + i), f"Kommun {i}", "kommun", 10) for i in range(3))]
    regel = las(fordela_plan(2, parter, modell()), "1201")[4]
    assert regel == (
        "När alla 3 kommuner har avrundats nedåt är 1 öre kvar: till den största resten, alltså Kommun 0."
        " Resten för Kommun 1 är nummer 2 av 3. Vid lika rest går den med fler invånare före, därefter den"
        " med lägre kod. = 0,00 kr"
    )


def test_vid_lika_rest_namns_den_med_fler_invanare() -> None:
    # The group's 2 öre give the quotas 0.5 and 1.5.
    parter = [REGION, Part("1201", "Lilla", "kommun", 1), Part("1202", "Stora", "kommun", 3)]
    regel = las(fordela_plan(4, parter, modell()), "1201")[4]
    assert "till den största resten, alltså Stora. Resten för Lilla är nummer 2 av 2." in regel


def test_totalen_noll_och_grupp_utan_del() -> None:
    assert las(fordela_plan(0, PARTER_2022, modell()), "1280")[-2:] == [
        "Inga öre är kvar att fördela när kvoterna har avrundats nedåt. = 0,00 kr",
        "0,00 + 0,00 = 0,00 kr",
    ]
    tom = fordela_plan(100, [REGION, Part("1280", "Malmö stad", "kommun", 0)], modell(1, 0))
    assert las(tom, "1280") == ["1,00 × 0 / 1 = 0,00 kr", "0,00 + 0,00 = 0,00 kr"]


def test_den_som_inte_deltar_har_ingen_harledning() -> None:
    with pytest.raises(Fordelningsfel, match="0180 deltar inte"):
        harledning(fordela_plan(TOTAL_2024, PARTER_2022, modell()), "0180")


def test_kontrollrakningen_ser_ett_fel() -> None:
    """The check above must be able to fail: one digit off in a result is found."""
    ratt = harledning(fordela_plan(TOTAL_2024, PARTER_2022, modell()), "1280")[2]
    fel = Steg(ratt.rubrik, ratt.uttryck, ratt.resultat.replace("8743…", "8744…"))
    assert kontrollrakna((ratt,)) == 1
    with pytest.raises(AssertionError):
        kontrollrakna((fel,))
    assert visat("61,87\u00a0kr") == (Fraction(Decimal("61.87")),) * 2
