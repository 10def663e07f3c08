"""What a cost model and its facts cannot be: every refusal is Swedish and names the party and the date."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from budget.fordelning import Fordelningsfel
from budget.stegfordelning import Stegfordelning, exakta_andelar, fordela_stegvis
from budget.stegmodell import (
    Beslutsreferens,
    Betalare,
    Deltagare,
    Faktor,
    Giltighet,
    Golv,
    Grund,
    Grupp,
    Led,
    Nyckel,
    Period,
    Stegmodell,
    Tak,
    Underlag,
    Vikt,
    Villkor,
    helar,
)
from tests.stegfall import AR, BESLUT, GRUND, INVANARE, LIKA, REGIONEN, grupper, kommun, underlag

MALMO = Deltagare("1280", "Malmö stad", "kommun")
PERSTORP = Deltagare("1275", "Perstorps kommun", "kommun")
LUND = Deltagare("1281", "Lunds kommun", "kommun")
VIKTER: dict[str, Vikt] = {"1280": 300, "1275": 10, "1281": 90}
FAKTA = Underlag(AR, (REGIONEN, MALMO, PERSTORP, LUND), {INVANARE: VIKTER})
MODELL = Stegmodell("m", "provmodellen", grupper(1, 1))


def fakta(vikter: Mapping[str, Any] | None = None, *parter: Deltagare) -> Underlag:
    return Underlag(AR, parter or FAKTA.parter, {INVANARE: VIKTER | dict(vikter or {})})


def med(*villkor: Villkor, **andringar: Any) -> Stegmodell:
    return replace(MODELL, alla_villkor=villkor, **andringar)


def dela(
    modell: Stegmodell = MODELL, underlag_: Underlag = FAKTA, total: Any = 1_000_000
) -> Callable[[], Stegfordelning]:
    return lambda: fordela_stegvis(total, modell, underlag_)


def grund(fran: date | None = None, till: date | None = None, upphavt: date | None = None) -> Grund:
    return Grund("skäl", replace(BESLUT, upphavt=upphavt), Giltighet(fran, till))


NYAR, SOMMAR, SLUT = date(2024, 1, 1), date(2024, 7, 1), date(2023, 12, 31)
UPPHAVD = replace(BESLUT, upphavt=SOMMAR)


@pytest.mark.parametrize(
    ("gor", "alla_ord"),
    [
        # Weights
        (dela(underlag_=fakta({"1275": 0, "1280": 0, "1281": 0})), ["är 0 för", "Perstorps kommun", "2022-12-31"]),
        (dela(underlag_=fakta({"1275": None})), ["saknas för Perstorps kommun (1275)", "2022-12-31"]),
        (dela(underlag_=Underlag(AR, FAKTA.parter, {})), ["saknas för", "Malmö stad (1280)", "2022-12-31"]),
        (dela(underlag_=replace(underlag(1, 2, 3, 4), vikter={})), ["saknas för alla 4 i kommunerna", "2022-12-31"]),
        (dela(underlag_=fakta({"1275": -1})), ["Perstorps kommun (1275) är -1", "2022-12-31"]),
        (dela(underlag_=fakta({"1275": 10**12})), ["Perstorps kommun (1275) är 1000000000000", "under 10¹²"]),
        (dela(underlag_=fakta({"1275": 0.5})), ["Perstorps kommun (1275) är 0.5", "exakt tal"]),
        (dela(underlag_=fakta({"1275": True})), ["Perstorps kommun (1275) är True"]),
        (dela(underlag_=fakta({"1275": Decimal(5)})), ["Perstorps kommun (1275) är 5", "exakt tal"]),
        (dela(underlag_=fakta({"9999": 5})), ["för 9999, som inte finns bland parterna", "2022-12-31"]),
        (
            dela(med(grupper=grupper(1, 1, Led(Nyckel("tabell", tabell=(("1280", 1),)))))),
            ["den fasta tabellen för 2024 saknas för Perstorps kommun (1275) och Lunds kommun (1281)"],
        ),
        # The amount
        (dela(total=1.0), ["ett helt antal öre", "1.0"]),
        (dela(total=True), ["ett helt antal öre"]),
        (dela(total=10**14), ["1\u00a0000\u00a0000\u00a0000\u00a0000,00", "orimligt"]),
        (dela(total=-(10**14)), ["orimligt"]),
        (dela(med(enhet="krona", grupper=grupper(0, 1)), total=101), ["1,01", "2024", "hela kronor"]),
        (
            dela(underlag_=Underlag(AR, (MALMO,), {INVANARE: {"1280": 1}})),
            ["ger regionen en andel, men ingen part deltar där 2024"],
        ),
        # Who takes part
        (dela(med(grupper=grupper(0, 1)), fakta(None, REGIONEN)), ["finns uppgift om", "1275, 1280 och 1281"]),
        (
            dela(med(grupper=grupper(0, 1)), Underlag(AR, (REGIONEN,), {})),
            ["ger kommunerna en andel, men ingen part deltar där 2024"],
        ),
        (
            dela(med(grupper=(Grupp("a", "de tre", 1, ("kommun",), (Led(LIKA),), endast=("0180",)),))),
            ["0180", "finns inte bland parterna 2024"],
        ),
        (
            dela(med(grupper=(Grupp("a", "de tre", 1, ("kommun",), (Led(LIKA),), endast=("12",)),))),
            ["Region Skåne (12) är region", "de tre"],
        ),
        (
            dela(
                med(grupper=(Grupp("a", "de tre", 1, ("kommun",), (Led(LIKA),), endast=("1275",)),)),
                fakta(None, MALMO, LUND, replace(PERSTORP, giltighet=Giltighet(None, SLUT))),
            ),
            ["Perstorps kommun (1275)", "deltar till 2023-12-31, alltså inte 2024"],
        ),
        (
            dela(
                med(
                    grupper=(
                        Grupp("a", "de stora", 1, ("kommun",), (Led(LIKA),), endast=("1280",)),
                        Grupp("b", "alla", 1, ("kommun",), (Led(LIKA),)),
                    )
                )
            ),
            ["Malmö stad (1280) hör till två grupper: de stora och alla"],
        ),
        # Decisions
        (dela(med(beslut=UPPHAVD)), ["provmodellen", "upphävdes 2024-07-01", "2024"]),
        (dela(med(Tak("0180", 1, "gruppen", GRUND))), ["0180 finns inte bland parterna 2024"]),
        (
            dela(med(Tak("1280", 1, "gruppen", GRUND), grupper=(grupper(1, 1)[0],))),
            ["Taket för Malmö stad (1280)", "deltar inte i modellen provmodellen 2024"],
        ),
        (
            dela(med(Tak("1280", 1, "gruppen", grund(till=SLUT)))),
            ["Taket för Malmö stad (1280)", "gäller till 2023-12-31", "2024", "nytt beslut"],
        ),
        (
            dela(med(Faktor("1280", Fraction(1, 2), "gruppen", grund(fran=date(2025, 1, 1))))),
            ["Faktorn för Malmö stad (1280)", "gäller från 2025-01-01", "inte någon dag"],
        ),
        (
            dela(med(Faktor("1280", Fraction(1, 2), "gruppen", grund(upphavt=SOMMAR)))),
            ["Faktorn för Malmö stad (1280)", "upphävdes 2024-07-01"],
        ),
        (
            dela(med(Golv("1280", 1, "gruppen", grund(till=SOMMAR)))),
            ["Golvet för Malmö stad (1280)", "gäller 2024-01-01–2024-07-01, bara en del"],
        ),
        (
            dela(med(Betalare("1280", "1281", grund(fran=SOMMAR)))),
            ["Betalaren för Malmö stad (1280)", "gäller 2024-07-01–2024-12-31, bara en del"],
        ),
        # Minimums and caps
        (
            dela(med(Golv("1280", 200, "gruppen", GRUND), Tak("1280", 100, "gruppen", GRUND))),
            ["Taket för Malmö stad (1280)", "1,00", "lägre än golvet 2,00", "2024"],
        ),
        (
            dela(med(Golv("1280", 400_000, "gruppen", GRUND), Golv("1281", 100_001, "gruppen", GRUND))),
            ["Golven för Malmö stad (1280) och Lunds kommun (1281)", "5\u00a0000,01", "5\u00a0000,00", "2024"],
        ),
        (
            dela(med(*(Tak(kod, 100_000, "gruppen", GRUND) for kod in VIKTER))),
            ["Taken för", "Malmö stad (1280)", "2\u00a0000,00", "2024", "ingen kan bära"],
        ),
        (
            dela(med(Tak("1280", 1, "gruppen", GRUND)), fakta({"1275": 0, "1281": 0})),
            ["Taken för Malmö stad (1280)", "ingen kan bära"],
        ),
        (dela(med(Golv("1280", 1, "gruppen", GRUND)), total=0), ["Golven för Malmö stad (1280)", "0,00"]),
        (dela(med(Golv("1280", 101, "gruppen", GRUND), enhet="krona")), ["Golvet för Malmö stad (1280)", "1,01"]),
        (dela(med(Golv("1280", -1, "gruppen", GRUND))), ["Golvet för Malmö stad (1280)", "-1"]),
        (dela(med(Tak("1280", 1.5, "gruppen", GRUND))), ["Taket för Malmö stad (1280)", "1.5"]),  # type: ignore[arg-type]
        (dela(med(Tak("1280", 10**14, "gruppen", GRUND))), ["Taket för Malmö stad (1280)", "helt antal öre"]),
        (
            dela(med(Tak("1280", 1, "gruppen", GRUND), Tak("1280", 2, "gruppen", GRUND))),
            ["Taket för Malmö stad (1280)", "har redan ett för 2024"],
        ),
        (
            dela(med(Golv("1280", 1, "gruppen", GRUND), Faktor("1280", 0, "gruppen", GRUND))),
            ["Malmö stad (1280) är befriad hela 2024"],
        ),
        (
            dela(med(grupper=grupper(1, 1, grundbelopp=166_667))),
            ["Grundbeloppen i kommunerna", "5\u00a0000,01", "5\u00a0000,00", "2024"],
        ),
        # Factors
        (dela(med(Faktor("1280", -1, "gruppen", GRUND))), ["Faktorn för Malmö stad (1280)", "är -1"]),
        (dela(med(Faktor("1280", 10**12, "gruppen", GRUND))), ["Faktorn för Malmö stad (1280)", "1000000000000"]),
        (dela(med(Faktor("1280", 0.5, "gruppen", GRUND))), ["Faktorn för Malmö stad (1280)", "0.5"]),  # type: ignore[arg-type]
        (
            dela(med(Faktor("1280", 0, "gruppen", grund(till=SOMMAR)), Faktor("1280", 0, "gruppen", grund(SOMMAR)))),
            ["Faktorn för Malmö stad (1280)", "en annan faktor gäller redan 2024-07-01"],
        ),
        (
            dela(med(*(Faktor(kod, 0, "gruppen", GRUND) for kod in VIKTER))),
            ["Ingen annan i kommunerna", "Malmö stad (1280)", "2024"],
        ),
        (dela(med(Faktor("1280", 4, "gruppen", GRUND))), ["Ingen annan i kommunerna", "Malmö stad (1280)", "2024"]),
        # The region carries
        (
            dela(med(Faktor("1280", 0, "regionen", GRUND), grupper=grupper(0, 1)), fakta(None, MALMO, PERSTORP, LUND)),
            ["Malmö stad (1280) inte betalar 2024", "ingen region deltar"],
        ),
        (
            dela(
                med(Tak("1280", 0, "regionen", GRUND)),
                fakta(None, *FAKTA.parter, Deltagare("14", "Västra Götalandsregionen", "region")),
            ),
            ["Malmö stad (1280) inte betalar 2024", "Region Skåne (12) och Västra Götalandsregionen (14)"],
        ),
        (dela(med(Tak("12", 0, "regionen", GRUND))), ["Taket för Region Skåne (12)", "regionen själv 2024"]),
        (
            dela(med(Faktor("1280", 0, "regionen", GRUND), Tak("12", 500_000, "gruppen", GRUND))),
            ["Region Skåne (12)", "8\u00a0750,00", "taket 5\u00a0000,00", "2024"],
        ),
        (
            dela(med(Faktor("1275", 0, "regionen", GRUND), Faktor("1280", 3, "regionen", GRUND))),
            ["Region Skåne (12) skulle få 2\u00a0375,00", "2024"],
        ),
        (
            dela(med(Faktor("1280", 2, "regionen", GRUND), Golv("12", 500_000, "gruppen", GRUND))),
            ["Region Skåne (12)", "golvet 5\u00a0000,00"],
        ),
        (dela(med(Tak("1280", 1, "kommunen", GRUND))), ["Malmö stad (1280)", "gruppen eller regionen"]),  # type: ignore[arg-type]
        # Payers
        (
            dela(med(Betalare("1280", "1281", GRUND), Betalare("1281", "1280", GRUND))),
            ["i ring 2024", "Malmö stad → Lunds kommun → Malmö stad"],
        ),
        (dela(med(Betalare("1280", "1280", GRUND))), ["i ring 2024: Malmö stad → Malmö stad"]),
        (
            dela(med(Betalare("1280", "1281", GRUND), Betalare("1280", "12", GRUND))),
            ["Malmö stad (1280) har två betalare 2024"],
        ),
        (dela(med(Betalare("1280", "0180", GRUND))), ["0180", "finns inte bland parterna 2024"]),
        # The facts
        (lambda: fakta(None, MALMO, replace(MALMO, namn="Malmo")), ["1280", "två gånger", "Malmö stad och Malmo"]),
        (lambda: fakta(None, replace(MALMO, typ="bolag")), ["Malmö stad (1280)", "bolag"]),  # type: ignore[arg-type]
        (lambda: fakta(None, replace(MALMO, namn=" ")), ["Namnet på parten 1280 saknas"]),
        (lambda: Period(SOMMAR, NYAR), ["2024-01-01", "2024-07-01"]),
        (lambda: Giltighet(SOMMAR, NYAR), ["2024-01-01", "2024-07-01"]),
    ],
)
def test_det_som_inte_kan_delas_vagras_med_part_och_datum(gor: Callable[[], object], alla_ord: list[str]) -> None:
    with pytest.raises(Fordelningsfel) as fel:
        gor()
    assert [ord_ for ord_ in alla_ord if ord_ not in str(fel.value)] == [], str(fel.value)


UNGA = Nyckel("invanare", date(2022, 12, 31), "0-17")


@pytest.mark.parametrize(
    ("gor", "alla_ord"),
    [
        (lambda: med(andelsform="andelar"), ["Gruppernas andelar", "2, inte 1"]),
        (
            lambda: med(andelsform="andelar", grupper=grupper(Fraction(3, 10), Fraction(6, 10))),  # type: ignore[arg-type]
            ["9/10, inte 1"],
        ),
        (lambda: med(andelsform="delar"), ["'delar'"]),
        (lambda: med(enhet="tkr"), ["'tkr'"]),
        (lambda: med(grupper=()), ["ingen grupp"]),
        (lambda: med(grupper=grupper(0, 0)), ["ingen skulle betala"]),
        (lambda: med(grupper=(grupper(1, 1)[0],) * 2), ["samma kod"]),
        (lambda: med(kod=" "), ["Modellens kod saknas"]),
        (lambda: med(namn=""), ["namnet saknas"]),
        (lambda: grupper(-1, 1), ["regionen är -1"]),
        (lambda: grupper(1, 10**12), ["kommunerna är 1000000000000"]),
        (lambda: grupper(1, 0.5), ["kommunerna är 0.5"]),  # type: ignore[arg-type]
        (lambda: grupper(1, 1, grundbelopp=-1), ["Grundbeloppet i kommunerna"]),
        (lambda: grupper(1, 1, Led(INVANARE, Fraction(1, 2))), ["kommunerna blir tillsammans 1/2"]),
        (lambda: grupper(1, 1, Led(INVANARE), Led(UNGA)), ["kommunerna blir tillsammans 2"]),
        (lambda: Grupp("a", "a", 1, (), (Led(LIKA),)), ["partstyper"]),
        (lambda: Grupp("a", "a", 1, ("bolag",), (Led(LIKA),)), ["partstyper"]),  # type: ignore[arg-type]
        (lambda: Grupp("a", "a", 1, ("kommun",), ()), ["ingen nyckel"]),
        (lambda: Grupp("a", "a", 1, ("kommun",), (Led(LIKA),), endast=("1", "1")), ["samma part två gånger"]),
        (lambda: Grupp("", "a", 1, ("kommun",), (Led(LIKA),)), ["kod saknas"]),
        (lambda: Led(LIKA, 0), ["lika för alla är 0"]),
        (lambda: Led(LIKA, 2), ["lika för alla är 2"]),
        (lambda: Led(LIKA, 0.5), ["lika för alla är 0.5"]),  # type: ignore[arg-type]
        (lambda: Nyckel("invanare"), ["invanare saknar datum"]),
        (lambda: Nyckel("invanare", date(2022, 12, 31), vad="x"), ["invanare har inget vad"]),
        (lambda: Nyckel("lika", vad="x"), ["lika har inget vad"]),
        (lambda: Nyckel("anvandning", period=helar(2023)), ["anvandning saknar vad"]),
        (lambda: Nyckel("inkomst"), ["inkomst saknar period"]),
        (lambda: Nyckel("tabell"), ["tabell saknar tabell"]),
        (lambda: Nyckel("tabell", tabell=(("1", 1), ("1", 2))), ["samma part två gånger"]),
        (lambda: Nyckel("yta"), ["'yta' finns inte"]),  # type: ignore[arg-type]
        (lambda: Beslutsreferens(" ", NYAR, "1"), ["instansen saknas", "2024-01-01"]),
        (lambda: Beslutsreferens("CSO", NYAR, ""), ["CSO", "paragrafen saknas"]),
        (lambda: Grund(" ", BESLUT), ["Motiveringen", "2023-05-12", "saknas"]),
    ],
)
def test_en_modell_som_inte_hanger_ihop_vagras(gor: Callable[[], object], alla_ord: list[str]) -> None:
    with pytest.raises(Fordelningsfel) as fel:
        gor()
    assert [ord_ for ord_ in alla_ord if ord_ not in str(fel.value)] == [], str(fel.value)


def test_det_som_vagras_gor_det_ocksa_utan_avrundning() -> None:
    with pytest.raises(Fordelningsfel, match="Perstorps kommun"):
        exakta_andelar(1, MODELL, fakta({"1275": -1}))


# --- What looks wrong but is not ----------------------------------------------------------------------------------


def test_ett_ore_over_34_gar_till_regionen_och_speglas() -> None:
    fakta_34 = underlag(*range(1, 34))
    assert {kod for kod, andel in fordela_stegvis(1, MODELL, fakta_34).andelar.items() if andel} == {"12"}
    alla_lika = replace(MODELL, grupper=(Grupp("a", "alla", 1, ("region", "kommun"), (Led(LIKA),)),))
    assert {kod for kod, andel in fordela_stegvis(1, alla_lika, fakta_34).andelar.items() if andel} == {"12"}
    utan_region = replace(MODELL, grupper=grupper(0, 1))
    svar = fordela_stegvis(-1, utan_region, fakta_34)
    assert {kod: andel for kod, andel in svar.andelar.items() if andel} == {"1232": -1}


def test_en_atgard_som_upphavs_efter_perioden_galler_anda() -> None:
    senare = grund(till=date(2025, 3, 1), upphavt=date(2025, 2, 1))
    assert fordela_stegvis(1_000_000, med(Tak("1280", 100, "gruppen", senare)), FAKTA).andelar["1280"] == 100
    fore_upphavandet = grund(till=date(2024, 6, 30), upphavt=SOMMAR)
    svar = fordela_stegvis(1_000_000, med(Faktor("1280", 0, "regionen", fore_upphavandet)), FAKTA)
    assert svar.rad("1280").exakt == 375_000 * Fraction(184, 366)


def test_en_kedja_av_betalare_foljs_till_sitt_slut() -> None:
    svar = fordela_stegvis(1_000_000, med(Betalare("1275", "1280", GRUND), Betalare("1280", "12", GRUND)), FAKTA)
    assert {rad.kod: rad.betalar for rad in svar.rader} == {"12": 887_500, "1275": 0, "1280": 0, "1281": 112_500}
    assert svar.rad("1275").betalas_av == "12"
    assert svar.andelar == {"12": 500_000, "1275": 12_500, "1280": 375_000, "1281": 112_500}


def test_den_som_betalar_behover_inte_delta_sjalv() -> None:
    modell = med(Betalare("1280", "12", GRUND), grupper=grupper(0, 1))
    assert fordela_stegvis(1_000_000, modell, FAKTA).rad("12").betalar == 750_000
    bara_lund = Grupp("a", "de som använder", 1, ("kommun",), (Led(LIKA),), endast=("1281",))
    svar = fordela_stegvis(100, med(Betalare("1281", "1280", GRUND), grupper=(bara_lund,)), FAKTA)
    assert (svar.rad("1280").grupp, svar.rad("1280").andel, svar.rad("1280").betalar) == ("", 0, 100)


def test_den_som_ansluter_eller_lamnar_under_aret_vags_efter_dagar() -> None:
    sen = replace(PERSTORP, giltighet=Giltighet(SOMMAR))
    svar = fordela_stegvis(1_000_000, MODELL, fakta(None, REGIONEN, MALMO, LUND, sen))
    vikter = {"1280": 300 * 366, "1281": 90 * 366, "1275": 10 * 184}
    for kod, vikt in vikter.items():
        assert svar.rad(kod).exakt == Fraction(500_000 * vikt, sum(vikter.values()))
    borta = replace(PERSTORP, giltighet=Giltighet(None, SLUT))
    svar = fordela_stegvis(1_000_000, MODELL, fakta(None, REGIONEN, MALMO, LUND, borta))
    assert (svar.rad("1275").andel, svar.rad("1275").grupp) == (0, "")


def test_grundbeloppet_vags_ocksa_efter_dagar() -> None:
    sen = kommun(1, Giltighet(SOMMAR))
    modell = med(grupper=grupper(0, 1, grundbelopp=36_600))
    svar = fordela_stegvis(100_000, modell, Underlag(AR, (kommun(0), sen), {INVANARE: {"1200": 0, "1201": 1}}))
    assert svar.andelar == {"1200": 36_600, "1201": 63_400}
    assert svar.grupper[1].kvoter.grundbelopp == {"1200": 36_600, "1201": 18_400}
