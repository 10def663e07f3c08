"""The split by steps: invariants that hold for every kind of model, and the two-level default to the öre."""

import random
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, event
from hypothesis import strategies as st

from budget.fordelning import Enhet, Fordelningsfel, Modell, Part, fordela_plan
from budget.stegfordelning import (
    TILL_REGIONEN,
    Stegfordelning,
    avrunda,
    exakta_andelar,
    fordela_stegvis,
    stegmodell_av,
    underlag_av,
)
from budget.stegmodell import Faktor, Golv, Stegmodell, Tak, Underlag, Vikt
from tests.data_skane import KOMMUNER, PARTER_2022, REGIONENS_ORE_2024, TOTAL_2024, modell
from tests.invarianter import galler_alltid
from tests.stegfall import REGIONEN, Fall, alla_fall
from tests.test_fordelning import planer


def dela(fall: Fall) -> Stegfordelning:
    """The split; a case that cannot be split is passed over, and Hypothesis complains when they are many."""
    try:
        return fordela_stegvis(*fall)
    except Fordelningsfel as fel:
        event(str(fel).split(" ")[0])
        assume(False)
        raise AssertionError from fel


# --- Sums, order, sign --------------------------------------------------------------------------------------------


def andelarna_och_betalningarna_ar_totalen(fall: Fall, svar: Stegfordelning) -> None:
    assert sum(rad.andel for rad in svar.rader) == fall.total
    assert sum(rad.betalar for rad in svar.rader) == fall.total
    assert {rad.kod for rad in svar.rader} == {part.kod for part in fall.underlag.parter}
    for utfall in svar.grupper:
        assert sum(utfall.avrundat.values()) == utfall.belopp
    assert sum(utfall.belopp for utfall in svar.grupper) == abs(fall.total) - abs(svar.overskjutande)


def ordningen_spelar_ingen_roll(fall: Fall, svar: Stegfordelning) -> None:
    slump = random.Random(fall.total)

    def om[T](saker: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(slump.sample(saker, len(saker)))

    fakta = Underlag(
        fall.underlag.period,
        om(fall.underlag.parter),
        {nyckel: dict(om(tuple(varden.items()))) for nyckel, varden in om(tuple(fall.underlag.vikter.items()))},
    )
    grupper = tuple(replace(g, alla_led=om(g.alla_led), endast=om(g.endast)) for g in om(fall.modell.grupper))
    annan = replace(fall.modell, grupper=grupper, alla_villkor=om(fall.modell.alla_villkor))
    om_igen = fordela_stegvis(fall.total, annan, fakta)
    assert {(rad.kod, rad.exakt, rad.andel, rad.betalar) for rad in om_igen.rader} == {
        (rad.kod, rad.exakt, rad.andel, rad.betalar) for rad in svar.rader
    }


def negativt_speglar_positivt(fall: Fall, svar: Stegfordelning) -> None:
    speglat = fordela_stegvis(-fall.total, fall.modell, fall.underlag)
    for rad, spegel in zip(svar.rader, speglat.rader, strict=True):
        assert (spegel.exakt, spegel.andel, spegel.betalar) == (-rad.exakt, -rad.andel, -rad.betalar)
    assert speglat.grupper == svar.grupper


# --- Rounding -----------------------------------------------------------------------------------------------------


def varje_andel_ar_sin_kvot_avrundad_till_hela_enheter(fall: Fall, svar: Stegfordelning) -> None:
    enhet = fall.modell.enhet_ore
    for utfall in svar.grupper:
        assert abs(utfall.belopp - utfall.exakt) < enhet
        assert utfall.belopp % enhet == 0
        assert sum(utfall.kvoter.slutliga.values()) + utfall.kvoter.till_region == utfall.belopp
    for rad in svar.rader:
        assert abs(rad.avrundad - rad.exakt) < enhet
        assert rad.avrundad % enhet == 0
    assert sum(rad.oren for rad in svar.rader) == svar.overskjutande


def de_storsta_resterna_far_enheterna_som_blir_over(fall: Fall, svar: Stegfordelning) -> None:
    enhet = fall.modell.enhet_ore
    for utfall in svar.grupper:
        kvoter = utfall.kvoter.slutliga | {TILL_REGIONEN: utfall.kvoter.till_region}
        fick = [kvoter[kod] % enhet for kod in kvoter if utfall.avrundat[kod] > kvoter[kod]]
        inte = [kvoter[kod] % enhet for kod in kvoter if utfall.avrundat[kod] <= kvoter[kod]]
        assert len(fick) == utfall.kvar
        assert not fick or not inte or min(fick) >= max(inte)


def test_vid_lika_rest_gar_regionens_del_fore_storre_kvot_fore_lagre_kod() -> None:
    halv = Fraction(1, 2)
    assert avrunda({"1": halv, "2": halv + 1}) == {"1": 0, "2": 2}
    assert avrunda({"1": halv, "2": halv}) == {"1": 1, "2": 0}
    assert avrunda({"1": halv + 3, TILL_REGIONEN: halv}) == {"1": 3, TILL_REGIONEN: 1}
    assert avrunda({"1": Fraction(5, 2), TILL_REGIONEN: Fraction(-3, 2)}) == {"1": 2, TILL_REGIONEN: -1}
    assert avrunda({"1": Fraction(250), "2": Fraction(150)}, 100) == {"1": 300, "2": 100}


def utan_avrundning_ar_andelarna_ocksa_totalen(fall: Fall, svar: Stegfordelning) -> None:
    try:
        exakta = exakta_andelar(*fall)
    except Fordelningsfel:  # a minimum that only the rounded-up group can carry
        return
    assert sum(exakta.values()) == fall.total
    assert list(exakta) == [rad.kod for rad in svar.rader]


# --- What each step promises --------------------------------------------------------------------------------------


def granser(modell: Stegmodell, kod: str) -> tuple[int, int | None]:
    golv = max((v.belopp for v in modell.alla_villkor if isinstance(v, Golv) and v.kod == kod), default=0)
    tak = min((v.belopp for v in modell.alla_villkor if isinstance(v, Tak) and v.kod == kod), default=None)
    return golv, tak


def golv_och_tak_haller_efter_avrundning(fall: Fall, svar: Stegfordelning) -> None:
    for rad in svar.rader:
        golv, tak = granser(fall.modell, rad.kod)
        assert abs(rad.andel) >= golv
        assert tak is None or abs(rad.andel) <= tak


def den_som_ar_befriad_eller_vager_noll_betalar_noll(fall: Fall, svar: Stegfordelning) -> None:
    befriade = {v.kod for v in fall.modell.alla_villkor if isinstance(v, Faktor) and not v.faktor}
    for rad in svar.rader:
        medlem = svar.utfall(rad.kod)
        golv, _ = granser(fall.modell, rad.kod)
        if medlem is None:
            assert rad.andel == 0
        elif rad.typ == "kommun" and not golv:
            utan_vikt = not any(vikter[rad.kod] for vikter in medlem.underlag.alla_vikter)
            hela_aret = all(v.grund.giltighet.till is None for v in fall.modell.alla_villkor if v.kod == rad.kod)
            if (utan_vikt and not medlem.grupp.grundbelopp) or (rad.kod in befriade and hela_aret):
                assert rad.andel == 0


def storre_vikter_betalar_aldrig_mindre(_fall: Fall, svar: Stegfordelning) -> None:
    for utfall in svar.grupper:
        if len(utfall.grupp.alla_led) == 1 and svar.modell.alla_villkor == ():
            vikter = utfall.kvoter.alla_led[0].vikter
            for ett, annat in pairwise(sorted(vikter, key=lambda kod: vikter[kod])):
                if vikter[ett] < vikter[annat] and not utfall.grupp.grundbelopp:
                    assert utfall.avrundat[ett] <= utfall.avrundat[annat]


def nyckelns_kvot_ar_grundbeloppet_plus_varje_leds_del(fall: Fall, svar: Stegfordelning) -> None:
    """The quota of the keys, computed here from the facts alone."""
    for utfall in svar.grupper:
        period = fall.underlag.period
        deltar = {m.part.kod: period.snitt(m.part.giltighet) for m in utfall.underlag.medlemmar}
        tid = {kod: Fraction(dagar.dagar if dagar else 0, period.dagar) for kod, dagar in deltar.items()}
        kvar = utfall.belopp - utfall.grupp.grundbelopp * sum(tid.values())
        vantat = {kod: utfall.grupp.grundbelopp * del_ for kod, del_ in tid.items()}
        for led in utfall.grupp.alla_led:
            vikter: Mapping[str, Vikt] = fall.underlag.vikter.get(led.nyckel, dict(led.nyckel.tabell))
            if led.nyckel.slag == "lika":
                vikter = dict.fromkeys(tid, 1)
            summa = sum(Fraction(vikter[kod]) * tid[kod] for kod in tid)
            for kod, del_ in tid.items():
                vantat[kod] += kvar * led.andel * vikter[kod] * del_ / summa if summa else 0
        assert utfall.kvoter.nyckel == vantat


def en_faktor_ger_samma_kvot_vem_som_an_bar_den(fall: Fall, svar: Stegfordelning) -> None:
    """A party with a factor pays that part of its quota; the others share the rest in proportion to theirs."""
    for utfall in svar.grupper:
        lagt = utfall.kvoter.faktor
        if lagt is None:
            continue
        for medlem in utfall.underlag.medlemmar:
            kod = medlem.part.kod
            if medlem.faktordelar:
                assert lagt.kvoter[kod] == utfall.kvoter.nyckel[kod] * medlem.faktor
            else:
                assert lagt.kvoter[kod] * lagt.summa == utfall.kvoter.nyckel[kod] * lagt.kvar
        assert sum(lagt.kvoter.values()) + sum(utfall.kvoter.region_faktor.values()) == utfall.belopp


def golv_och_tak_ar_en_enda_faktor_inom_granserna(fall: Fall, svar: Stegfordelning) -> None:
    """Minimums and caps that the group carries: clamp(factor × quota), with the same factor for all."""
    for utfall in svar.grupper:
        lagt, fore = utfall.kvoter.granser, utfall.kvoter.faktor
        if lagt is None:
            continue
        kvoter = fore.kvoter if fore else utfall.kvoter.nyckel
        assert sum(lagt.kvoter.values()) == sum(kvoter.values())
        if not lagt.summa:
            continue
        gemensam = lagt.kvar / lagt.summa
        for medlem in utfall.underlag.medlemmar:
            golv = medlem.golv.belopp if medlem.golv and medlem.golv.bars_av == "gruppen" else 0
            tak = medlem.tak.belopp if medlem.tak and medlem.tak.bars_av == "gruppen" else None
            vantat = max(Fraction(golv), gemensam * kvoter[medlem.part.kod])
            assert lagt.kvoter[medlem.part.kod] == (vantat if tak is None else min(vantat, Fraction(tak)))


def en_betalare_andrar_ingen_andel(fall: Fall, svar: Stegfordelning) -> None:
    egna = tuple(v for v in fall.modell.alla_villkor if isinstance(v, Faktor | Golv | Tak))
    assert fordela_stegvis(fall.total, replace(fall.modell, alla_villkor=egna), fall.underlag).andelar == svar.andelar
    for rad in svar.rader:
        betalt = sum(en.andel for en in svar.rader if en.betalas_av == rad.kod)
        assert rad.betalar == betalt
        assert rad.betalas_av == rad.kod or rad.betalar == 0


PASTAENDEN = (
    andelarna_och_betalningarna_ar_totalen,
    ordningen_spelar_ingen_roll,
    negativt_speglar_positivt,
    varje_andel_ar_sin_kvot_avrundad_till_hela_enheter,
    de_storsta_resterna_far_enheterna_som_blir_over,
    utan_avrundning_ar_andelarna_ocksa_totalen,
    nyckelns_kvot_ar_grundbeloppet_plus_varje_leds_del,
    storre_vikter_betalar_aldrig_mindre,
    golv_och_tak_haller_efter_avrundning,
    den_som_ar_befriad_eller_vager_noll_betalar_noll,
    en_faktor_ger_samma_kvot_vem_som_an_bar_den,
    golv_och_tak_ar_en_enda_faktor_inom_granserna,
    en_betalare_andrar_ingen_andel,
)


@galler_alltid(alla_fall())
def test_alla_pastaenden_haller_for_varje_modell(fall: Fall) -> None:
    svar = dela(fall)
    for pastaende in PASTAENDEN:
        pastaende(fall, svar)


@galler_alltid(alla_fall(bars=st.just("regionen")))
def test_det_regionen_bar_ror_inte_de_andra(fall: Fall) -> None:
    """Who carries nothing has the same exact quota as if the region-borne deviations were not there."""
    assume(REGIONEN in fall.underlag.parter)
    svar = dela(fall)
    utan = fordela_stegvis(fall.total, replace(fall.modell, alla_villkor=()), fall.underlag)
    rorda = {villkor.kod for villkor in fall.modell.alla_villkor}
    for rad in svar.rader:
        if rad.kod not in rorda:
            assert rad.exakt == utan.rad(rad.kod).exakt
    for utfall, fore in zip(svar.grupper, utan.grupper, strict=True):
        skillnad = sum(fore.kvoter.slutliga.values()) - sum(utfall.kvoter.slutliga.values())
        assert utfall.kvoter.till_region == skillnad


# --- The two-level default ----------------------------------------------------------------------------------------


@galler_alltid(planer())
def test_standardmodellen_ger_samma_ore_som_tva_nivaer(plan: tuple[int, list[Part], Modell]) -> None:
    total, parter, m = plan
    assume(abs(total) < 10**14)
    gammal = fordela_plan(total, parter, m)
    ny = fordela_stegvis(total, stegmodell_av(m), underlag_av(parter, m.folkmangdsdatum, 2024))
    assert ny.andelar == {andel.kod: andel.belopp for andel in gammal.andelar}
    exakta = {andel.kod: andel.exakt for andel in gammal.kommuner}
    assert {rad.kod: rad.exakt for rad in ny.rader if rad.typ == "kommun"} == exakta
    satser = [sats.ore_per_invanare for sats in ny.satser]
    assert satser == [sats for sats in (gammal.ore_per_invanare, gammal.region_ore_per_invanare) if sats is not None]


def test_2024_ars_34_andelar_pa_oret() -> None:
    m = modell()
    svar = fordela_stegvis(TOTAL_2024, stegmodell_av(m), underlag_av(PARTER_2022, m.folkmangdsdatum, 2024))
    assert [(rad.kod, rad.namn, rad.andel, rad.betalar) for rad in svar.rader] == [
        ("12", "Region Skåne", REGIONENS_ORE_2024, REGIONENS_ORE_2024),
        *((kod, namn, andel, andel) for kod, namn, _, _, andel in KOMMUNER),
    ]
    (sats,) = svar.satser
    assert (sats.belopp, sats.invanare, str(sats.ore_per_invanare)) == (875_000_00, 1_414_324, "61.87")


def test_30_70_ger_regionen_en_egen_sats() -> None:
    enhet: Enhet = "ore"
    m = modell(30, 70, enhet)
    svar = fordela_stegvis(TOTAL_2024, stegmodell_av(m), underlag_av(PARTER_2022, m.folkmangdsdatum, 2024))
    assert [(sats.namn, str(sats.ore_per_invanare)) for sats in svar.satser] == [
        ("kommunerna", "86.61"),
        ("Region Skåne", "37.12"),
    ]
