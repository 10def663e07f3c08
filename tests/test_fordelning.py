"""The split: invariants that hold for all input, the figures of the plans, and what is refused."""

import os
import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from budget.fordelning import Andel, Enhet, Fordelning, Fordelningsfel, Modell, Part, fordela, fordela_plan
from tests.data_skane import (
    KOMMUNER,
    PARTER_2021,
    PARTER_2022,
    REGION,
    REGIONENS_ORE_2024,
    TOTAL_2024,
    modell,
)

# A long run: HYPOTHESIS_FALL=20000. No example database: what fails must fail for everybody.
invariant = settings(max_examples=int(os.environ.get("HYPOTHESIS_FALL", "300")), deadline=None, database=None)

koder = st.integers(100, 9999).map(str)
folkmangder = st.one_of(st.integers(0, 5), st.integers(0, 2_000_000))
exakta_vikter = st.one_of(folkmangder, st.fractions(0, 1000, max_denominator=60))
vikter_ = st.dictionaries(koder, exakta_vikter, min_size=1, max_size=16).filter(lambda v: any(v.values()))
enheter = st.sampled_from([1, 7, 100])
antal_enheter = st.one_of(st.integers(-200, 200), st.integers(-(10**14), 10**14))


# ----------------------------------------------------------------------
# One level: invariants


@invariant
@given(antal_enheter, vikter_, enheter)
def test_summan_ar_beloppet_pa_oret(antal: int, vikter: dict[str, int | Fraction], enhet: int) -> None:
    delar = fordela(antal * enhet, vikter, enhet)
    assert sum(delar.values()) == antal * enhet
    assert delar.keys() == vikter.keys()


@invariant
@given(antal_enheter, vikter_, enheter)
def test_varje_andel_ar_kvoten_avrundad_uppat_eller_nedat(
    antal: int, vikter: dict[str, int | Fraction], enhet: int
) -> None:
    summa = sum(map(Fraction, vikter.values()))
    for kod, andel in fordela(antal * enhet, vikter, enhet).items():
        assert abs(andel - antal * enhet * vikter[kod] / summa) < enhet


@invariant
@given(antal_enheter, vikter_, enheter)
def test_varje_andel_ar_ett_helt_antal_enheter(antal: int, vikter: dict[str, int | Fraction], enhet: int) -> None:
    delar = fordela(antal * enhet, vikter, enhet)
    assert all(type(andel) is int and andel % enhet == 0 for andel in delar.values())


@invariant
@given(antal_enheter, vikter_, st.randoms(use_true_random=False))
def test_ordningen_spelar_ingen_roll(antal: int, vikter: dict[str, int | Fraction], slump: random.Random) -> None:
    omkastade = list(vikter.items())
    slump.shuffle(omkastade)
    delar = fordela(antal, dict(omkastade))
    assert delar == fordela(antal, vikter)
    assert list(delar) == sorted(vikter)


@invariant
@given(st.integers(0, 10**14) | st.integers(0, 200), vikter_)
def test_storre_vikt_betalar_aldrig_mindre(belopp: int, vikter: dict[str, int | Fraction]) -> None:
    delar = fordela(belopp, vikter)
    i_viktordning = sorted(vikter, key=lambda kod: vikter[kod])
    for lattare, tyngre in pairwise(i_viktordning):
        if vikter[lattare] < vikter[tyngre]:
            assert delar[lattare] <= delar[tyngre]


@invariant
@given(antal_enheter, vikter_, enheter)
def test_negativt_belopp_ar_spegelbilden(antal: int, vikter: dict[str, int | Fraction], enhet: int) -> None:
    delar = fordela(antal * enhet, vikter, enhet)
    assert fordela(-antal * enhet, vikter, enhet) == {kod: -andel for kod, andel in delar.items()}


@invariant
@given(antal_enheter, vikter_)
def test_vikten_noll_ger_noll(belopp: int, vikter: dict[str, int | Fraction]) -> None:
    delar = fordela(belopp, {**vikter, "utan": 0})
    assert delar.pop("utan") == 0
    assert delar == fordela(belopp, vikter)


@invariant
@given(st.integers(0, 10**14) | st.integers(0, 200), vikter_)
def test_de_storsta_resterna_far_det_som_blir_over(belopp: int, vikter: dict[str, int | Fraction]) -> None:
    summa = sum(map(Fraction, vikter.values()))
    kvot = {kod: belopp * Fraction(vikt) / summa for kod, vikt in vikter.items()}
    delar = fordela(belopp, vikter)
    tur = sorted(kvot, key=lambda kod: (floor(kvot[kod]) - kvot[kod], -vikter[kod], kod))
    kvar = belopp - sum(map(floor, kvot.values()))
    assert [kod for kod in tur if delar[kod] > floor(kvot[kod])] == tur[:kvar]


@invariant
@given(antal_enheter, vikter_, st.fractions(Fraction(1, 50), 50, max_denominator=50))
def test_bara_vikternas_forhallande_raknas(belopp: int, vikter: dict[str, int | Fraction], faktor: Fraction) -> None:
    assert fordela(belopp, {kod: vikt * faktor for kod, vikt in vikter.items()}) == fordela(belopp, vikter)


# ----------------------------------------------------------------------
# One level: examples


def test_ett_ore_over_34_lika_gar_till_lagsta_koden() -> None:
    delar = fordela(1, {f"{kod:04d}": 1 for kod in range(1200, 1234)})
    assert delar.pop("1200") == 1
    assert set(delar.values()) == {0}


def test_ett_ore_over_skanes_34_gar_till_den_storsta() -> None:
    delar = fordela(1, {kod: ny for kod, _, _, ny, _ in KOMMUNER} | {"12": 7_000})
    assert [kod for kod, andel in delar.items() if andel] == ["1280"]


def test_vid_lika_rest_gar_storre_vikt_fore_lagre_kod() -> None:
    # Both quotas end in a half: 0.5 and 1.5.
    assert fordela(2, {"1": 1, "2": 3}) == {"1": 0, "2": 2}


def test_med_enheten_krona_delas_hela_kronor() -> None:
    assert fordela(100_00, {"a": 1, "b": 1, "c": 1}, 100) == {"a": 34_00, "b": 33_00, "c": 33_00}


@pytest.mark.parametrize(
    ("belopp", "vikter", "enhet", "ord_"),
    [
        (100, {}, 1, "ingen att fördela"),
        (100, {"1280": 0, "1281": Fraction(0)}, 1, "Alla vikter är 0"),
        (0, {"1280": 0}, 1, "Alla vikter är 0"),
        (100, {"1280": 5, "1281": -1}, 1, "1281 är negativ"),
        (100, {"1280": Fraction(-1, 2)}, 1, "1280 är negativ"),
        (100, {"1280": True}, 1, "1280 ska vara ett heltal"),
        (100, {"1280": 0.5}, 1, "1280 ska vara ett heltal"),
        (100, {"1280": Decimal("0.5")}, 1, "1280 ska vara ett heltal"),
        (100, {"1280": None}, 1, "1280 ska vara ett heltal"),
        (100, {"1280": "5"}, 1, "1280 ska vara ett heltal"),
        (100.0, {"1280": 1}, 1, "ett helt antal öre"),
        (True, {"1280": 1}, 1, "ett helt antal öre"),
        (Decimal(100), {"1280": 1}, 1, "ett helt antal öre"),
        (150, {"1280": 1}, 100, "150 öre går inte jämnt upp"),
        (-150, {"1280": 1}, 100, "går inte jämnt upp"),
        (100, {"1280": 1}, 0, "enheten ska vara"),
        (100, {"1280": 1}, -1, "enheten ska vara"),
        (100, {"1280": 1}, True, "enheten ska vara"),
        (100, {"1280": 1}, 1.0, "enheten ska vara"),
    ],
)
def test_felaktigt_underlag_vagras(belopp: int, vikter: dict[str, int], enhet: int, ord_: str) -> None:
    with pytest.raises(Fordelningsfel, match=ord_):
        fordela(belopp, vikter, enhet)


# ----------------------------------------------------------------------
# A plan: invariants


@st.composite
def planer(rita: st.DrawFn) -> tuple[int, list[Part], Modell]:
    """Any plan that can be split: total in öre, parties in any order, and a model."""
    antal = rita(st.lists(folkmangder, min_size=1, max_size=12))
    parter = [Part(str(1200 + i), f"Kommun {i}", "kommun", vikt) for i, vikt in enumerate(antal)]
    andel_region = rita(st.sampled_from([0, 1, 30, 70, 100]))
    andel_grupp = rita(st.sampled_from([1, 3, 30, 70] if andel_region == 0 else [0, 1, 3, 30, 70]))
    enhet: Enhet = "krona" if rita(st.booleans()) else "ore"
    total = rita(antal_enheter)
    if andel_region or rita(st.booleans()):
        parter.append(REGION)
    if andel_region == 0 and enhet == "krona":
        total *= 100  # nobody could bear the öre
    if andel_grupp and not any(antal):
        parter[0] = Part("1200", "Kommun 0", "kommun", 1)
    return total, rita(st.permutations(parter)), modell(andel_region, andel_grupp, enhet)


def niva_ett_fel(fordelning: Fordelning) -> Fraction:
    """How far the group's amount lies from its exact quota of the whole units, in öre."""
    m = fordelning.modell
    delat = fordelning.total - fordelning.overskjutande
    return abs(fordelning.gruppens_belopp - Fraction(delat * m.andel_grupp, m.andel_region + m.andel_grupp))


@invariant
@given(planer())
@example((1, list(PARTER_2022), modell()))
@example((-1, list(PARTER_2022), modell(enhet="krona")))
def test_planens_andelar_ar_totalen_och_foljer_kvoterna(plan: tuple[int, list[Part], Modell]) -> None:
    total, parter, m = plan
    fordelning = fordela_plan(total, parter, m)
    assert sum(andel.belopp for andel in fordelning.andelar) == total
    assert {andel.kod for andel in fordelning.andelar} == {part.kod for part in parter}
    assert niva_ett_fel(fordelning) < m.enhet_ore
    for andel in fordelning.kommuner:
        assert abs(andel.belopp - andel.exakt) < m.enhet_ore
        assert andel.belopp % m.enhet_ore == 0
    if fordelning.region:
        utan_ore = fordelning.region.belopp - fordelning.overskjutande
        assert abs(utan_ore - fordelning.region.exakt) < m.enhet_ore
        assert utan_ore % m.enhet_ore == 0
        assert fordelning.region.invanare == fordelning.gruppens_invanare
    assert sum(andel.exakt for andel in fordelning.kommuner) == fordelning.gruppens_belopp


@invariant
@given(planer())
def test_planen_speglas_och_ar_oberoende_av_ordningen(plan: tuple[int, list[Part], Modell]) -> None:
    total, parter, m = plan
    fordelning = fordela_plan(total, parter, m)
    assert fordelning == fordela_plan(total, parter[::-1], m)
    speglad = fordela_plan(-total, parter, m)
    assert [a.belopp for a in speglad.andelar] == [-a.belopp for a in fordelning.andelar]
    assert speglad.overskjutande == -fordelning.overskjutande


@invariant
@given(planer())
def test_planens_rader_star_i_ordning_och_noll_betalar_noll(plan: tuple[int, list[Part], Modell]) -> None:
    fordelning = fordela_plan(*plan)
    assert list(fordelning.andelar) == sorted(fordelning.andelar, key=lambda a: (a.typ != "region", a.kod))
    if plan[2].andel_region == 0 and fordelning.region:
        assert fordelning.region.belopp == 0
    if plan[2].andel_grupp == 0:
        assert fordelning.gruppens_belopp == 0
    assert all(andel.belopp == 0 for andel in fordelning.kommuner if andel.invanare == 0)


@invariant
@given(planer())
def test_ett_lagrat_resultat_raknas_om_till_samma_ore(plan: tuple[int, list[Part], Modell]) -> None:
    fordelning = fordela_plan(*plan)
    ur_lagret = [Part(a.kod, a.namn, a.typ, a.invanare if a.typ == "kommun" else None) for a in fordelning.andelar]
    assert fordela_plan(fordelning.total, ur_lagret, fordelning.modell) == fordelning


# ----------------------------------------------------------------------
# A plan: the figures


def ore(fordelning: Fordelning, kod: str) -> int:
    return fordelning.andel(kod).belopp


def test_2024_ars_34_andelar_pa_oret() -> None:
    fordelning = fordela_plan(TOTAL_2024, PARTER_2022, modell())
    assert [(a.kod, a.namn, a.invanare, a.belopp) for a in fordelning.andelar] == [
        ("12", "Region Skåne", 1_414_324, REGIONENS_ORE_2024),
        *((kod, namn, ny, andel) for kod, namn, _, ny, andel in KOMMUNER),
    ]
    assert ore(fordelning, "1280") == 221_098_47
    assert ore(fordelning, "1275") == 4_604_14
    assert fordelning.ore_per_invanare == Decimal("61.87")
    assert fordelning.region_ore_per_invanare is None


def test_mina_planer_600_000_ger_malmo_233_732_67() -> None:
    fordelning = fordela_plan(1_850_000_00, PARTER_2022, modell())
    assert ore(fordelning, "1280") == 233_732_67
    assert str(fordelning.ore_per_invanare) == "65.40"


def test_2023_beraknas_till_82_00_pa_2021_ars_folkmangd() -> None:
    fordelning = fordela_plan(2_300_000_00, PARTER_2021, modell(datum=date(2021, 12, 31)))
    assert fordelning.gruppens_invanare == 1_402_425
    assert str(fordelning.ore_per_invanare) == "82.00"


def test_satsen_avrundar_halva_hundradelar_uppat_och_speglas() -> None:
    # 1 öre / 200 inhabitants = 0.005 öre; 1 öre / 201 lies just below.
    def sats(total: int, invanare: int) -> str:
        delad = fordela_plan(total, [Part("1280", "Malmö stad", "kommun", invanare)], modell(0, 1))
        return str(delad.ore_per_invanare)

    assert sats(1, 200) == "0.01"
    assert sats(-1, 200) == "-0.01"
    assert sats(1, 201) == sats(-1, 201) == "0.00"


def test_30_70_ger_regionen_en_egen_sats() -> None:
    fordelning = fordela_plan(TOTAL_2024, PARTER_2022, modell(30, 70))
    assert (ore(fordelning, "12"), fordelning.gruppens_belopp) == (525_000_00, 1_225_000_00)
    assert fordelning.region_ore_per_invanare == Decimal("37.12")
    assert fordelning.ore_per_invanare == Decimal("86.61")
    assert fordela_plan(TOTAL_2024, PARTER_2022, modell(50, 50)).region_ore_per_invanare is None


def test_oret_som_inte_kan_delas_lika_gar_till_regionen() -> None:
    assert ore(fordela_plan(1, PARTER_2022, modell()), "12") == 1
    assert ore(fordela_plan(-1, PARTER_2022, modell()), "12") == -1
    # Both remainders are a half although the group's share is three times the region's.
    assert ore(fordela_plan(2, PARTER_2022, modell(1, 3)), "12") == 1
    # No tie: the group's remainder is the larger.
    assert ore(fordela_plan(1, PARTER_2022, modell(30, 70)), "12") == 0


@pytest.mark.parametrize("tecken", [1, -1])
def test_med_enheten_krona_bar_regionen_orena(tecken: int) -> None:
    fordelning = fordela_plan(tecken * 1_750_000_51, PARTER_2022, modell(enhet="krona"))
    assert fordelning.overskjutande == tecken * 51
    assert ore(fordelning, "12") == tecken * 875_000_51
    assert ore(fordelning, "1280") == tecken * 221_098_00
    assert fordelning.region is not None
    assert fordelning.region.exakt == tecken * 875_000_00


def test_hela_totalen_pa_ena_sidan() -> None:
    allt_pa_regionen = fordela_plan(TOTAL_2024, PARTER_2022, modell(100, 0))
    assert ore(allt_pa_regionen, "12") == TOTAL_2024
    assert {a.belopp for a in allt_pa_regionen.kommuner} == {0}
    assert allt_pa_regionen.ore_per_invanare == Decimal("0.00")
    allt_pa_gruppen = fordela_plan(TOTAL_2024, PARTER_2022, modell(0, 100))
    assert ore(allt_pa_gruppen, "12") == 0
    assert allt_pa_gruppen.region_ore_per_invanare == Decimal("0.00")


def test_antalet_parter_ar_fritt() -> None:
    ensam_region = fordela_plan(101, [REGION], modell(1, 0))
    assert ensam_region.andelar == (Andel("12", "Region Skåne", "region", 0, Fraction(101), 101),)
    assert ensam_region.ore_per_invanare is None
    utan_region = fordela_plan(101, PARTER_2022[1:4], modell(0, 1))
    assert utan_region.region is None
    assert utan_region.region_ore_per_invanare is None
    assert sum(a.belopp for a in utan_region.andelar) == 101
    riket = [Part(f"{kod:04d}", f"Kommun {kod}", "kommun", kod) for kod in range(1, 291)]
    assert sum(a.belopp for a in fordela_plan(TOTAL_2024, [REGION, *riket], modell()).andelar) == TOTAL_2024


def test_hamiltons_paradox_ett_ore_mer_sanker_simrishamn() -> None:
    fore = fordela_plan(1_750_000_19, PARTER_2022, modell())
    efter = fordela_plan(1_750_000_20, PARTER_2022, modell())
    assert ore(efter, "1291") == ore(fore, "1291") - 1
    assert fordela(3, {"A": 3, "B": 3, "C": 1})["C"] == 1
    assert fordela(4, {"A": 3, "B": 3, "C": 1})["C"] == 0


# ----------------------------------------------------------------------
# A plan: refusals

MALMO = Part("1280", "Malmö stad", "kommun", 357_377)


@pytest.mark.parametrize(
    ("gor", "alla_ord"),
    [
        (
            lambda: fordela_plan(1, [REGION, MALMO, Part("1275", "Perstorps kommun", "kommun", None)], modell()),
            ["Perstorps kommun (1275)", "2022-12-31", "saknas"],
        ),
        (
            lambda: fordela_plan(1, [REGION, Part("1275", "Perstorps kommun", "kommun", None)], modell(1, 0)),
            ["Perstorps kommun (1275)", "2022-12-31", "saknas"],
        ),
        (
            lambda: fordela_plan(1, [REGION, Part("1280", "Malmö stad", "kommun", -1)], modell()),
            ["Malmö stad (1280)", "2022-12-31", "-1"],
        ),
        (
            lambda: fordela_plan(1, [REGION, Part("1280", "Malmö stad", "kommun", True)], modell()),
            ["Malmö stad (1280)", "2022-12-31", "True"],
        ),
        (
            lambda: fordela_plan(1, [REGION, Part("1280", "Malmö stad", "kommun", 1.5)], modell()),  # type: ignore[arg-type]
            ["Malmö stad (1280)", "2022-12-31", "1.5"],
        ),
        (
            lambda: fordela_plan(1, [REGION, Part("1280", "Malmö stad", "kommun", 0)], modell()),
            ["Malmö stad", "2022-12-31", "är 0"],
        ),
        (
            lambda: fordela_plan(1, [REGION, MALMO, Part("1280", "Malmo", "kommun", 5)], modell()),
            ["1280", "två gånger", "Malmö stad", "Malmo"],
        ),
        (
            lambda: fordela_plan(1, [REGION, MALMO, Part("14", "Västra Götaland", "region")], modell()),
            ["Fler än en region", "Region Skåne", "Västra Götaland"],
        ),
        (
            lambda: fordela_plan(1, [MALMO, Part("X", "Bolaget", "bolag", 5)], modell(0, 1)),  # type: ignore[arg-type]
            ["Bolaget (X)", "bolag"],
        ),
        (lambda: fordela_plan(1, [MALMO], modell()), ["ingen region deltar"]),
        (lambda: fordela_plan(1, [REGION], modell()), ["ingen kommun deltar"]),
        (lambda: fordela_plan(1, [], modell()), ["ingen region deltar"]),
        (lambda: fordela_plan(101, [MALMO], modell(0, 1, "krona")), ["1,01", "hela kronor"]),
        (lambda: fordela_plan(101, [REGION, MALMO], modell(0, 1, "krona")), ["1,01", "hela kronor"]),
        (lambda: fordela_plan(1.0, PARTER_2022, modell()), ["ett helt antal öre"]),  # type: ignore[arg-type]
        (lambda: fordela_plan(True, PARTER_2022, modell()), ["ett helt antal öre"]),
        (lambda: modell(0, 0), ["ingen skulle betala"]),
        (lambda: modell(-1, 2), ["regionens andel", "-1"]),
        (lambda: modell(1, True), ["kommungruppens andel", "True"]),
        (lambda: modell(0.5, 1), ["regionens andel", "0.5"]),  # type: ignore[arg-type]
        (lambda: modell(enhet="tkr"), ["'tkr'", "öre eller krona"]),  # type: ignore[arg-type]
        (lambda: fordela_plan(1, PARTER_2022, modell()).andel("0180"), ["0180", "deltar inte", "2022-12-31"]),
    ],
)
def test_det_som_inte_kan_fordelas_vagras_med_part_och_datum(gor: Callable[[], object], alla_ord: list[str]) -> None:
    with pytest.raises(Fordelningsfel) as fel:
        gor()
    assert [ord_ for ord_ in alla_ord if ord_ not in str(fel.value)] == []
