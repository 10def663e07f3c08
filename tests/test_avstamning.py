"""The reconciliation: sums that are exact for every rule and every outturn, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from budget.avstamning import (
    ATGARDER,
    Arsregel,
    Avstamd,
    Avstamningsfel,
    ska_betala,
    stam_av,
    utfallets_andelar,
)
from budget.belopp import visa_kr, visa_tecken
from budget.fordelning import Fordelning, Fordelningsfel, Modell, Part, fordela_plan
from budget.radfordelning import Arsunderlag, Rad, Undantag, fordela_rader
from budget.stegmodell import Betalare, Stegmodell
from budget.stegutfall import fordela_i_steg
from tests.data_skane import PARTER_2021, PARTER_2022, TOTAL_2024
from tests.invarianter import galler_alltid
from tests.stegfall import BESLUT, GRUND, Fall, alla_fall, grupper, underlag
from tests.test_fordelning_dok import tabell

OVERSKOTT = ("aterbetalas", "overfors", "avraknas")
UNDERSKOTT = ("debiteras", "overfors", "avraknas")
REGLER = [Arsregel(over, under) for over in OVERSKOTT for under in UNDERSKOTT]  # type: ignore[arg-type]


def delad(total: int, *, region: int = 1, grupp: int = 1, enhet: str = "ore") -> Fordelning:
    """The 34 with their inhabitants of 2022."""
    return fordela_plan(total, PARTER_2022, Modell(region, grupp, enhet, date(2022, 12, 31), "Beslut"))  # type: ignore[arg-type]


def avstam(utfall: int, lagrad: Fordelning, debiterat: dict[str, int] | None = None, **val: object) -> Avstamd:
    """Reconcile one amount; charged is what was decided, unless something else is given."""
    parter = [(en.kod, en.namn, en.typ) for en in lagrad.andelar]
    andelar = utfallets_andelar([Rad("allt", "Allt", utfall)], lagrad)
    betalt = {en.kod: en.belopp for en in lagrad.andelar} if debiterat is None else debiterat
    return stam_av(andelar, betalt, parter, Arsregel("aterbetalas", "debiteras"), **val)  # type: ignore[arg-type]


belopp = st.one_of(st.integers(-40, 40), st.integers(1 - 10**14, 10**14 - 1))
vikter_ = st.lists(st.integers(0, 400_000), min_size=1, max_size=12).filter(any)
delar_ = st.tuples(st.integers(0, 100), st.integers(1, 100))
debiteringar = st.lists(belopp, min_size=13, max_size=13)


@st.composite
def lagrade(draw: st.DrawFn) -> Fordelning:
    """A stored split: any ratio with a group, up to twelve municipalities, some perhaps empty."""
    vikter, (region, grupp) = draw(vikter_), draw(delar_)
    parter = [Part("12", "Regionen", "region")]
    parter += [Part(str(1200 + nr), f"Kommun {nr}", "kommun", vikt) for nr, vikt in enumerate(vikter)]
    return fordela_plan(draw(belopp), parter, Modell(region, grupp, "ore", date(2022, 12, 31), "Beslut"))


@galler_alltid(
    lagrade(), st.lists(belopp, max_size=6), debiteringar, st.sampled_from(REGLER), st.sets(st.integers(0, 12))
)
def test_every_sum_is_exact_for_every_rule(
    lagrad: Fordelning, rader: list[int], betalt: list[int], regel: Arsregel, borta: set[int]
) -> None:
    parter = [(en.kod, en.namn, en.typ) for en in lagrad.andelar]
    debiterat = {kod: ore for (kod, _, _), ore in zip(parter, betalt, strict=False)}
    andelar = utfallets_andelar([Rad(f"r{nr}", "Rad", ore) for nr, ore in enumerate(rader)], lagrad)
    avstamd = stam_av(
        andelar, debiterat, parter, regel, deltar_inte={k for nr, (k, _, _) in enumerate(parter) if nr in borta}
    )
    assert sum(rad.utfall for rad in avstamd.rader) == avstamd.utfall == sum(rader)
    assert avstamd.debiterat == sum(debiterat.values())
    assert sum(rad.skillnad for rad in avstamd.rader) == sum(debiterat.values()) - sum(rader) == avstamd.skillnad
    assert sum(ore for _, _, ore in avstamd.per_atgard) == avstamd.skillnad
    assert sum(antal for _, antal, _ in avstamd.per_atgard) == sum(1 for rad in avstamd.rader if rad.skillnad)


@galler_alltid(lagrade(), debiteringar, st.sampled_from(REGLER), st.booleans())
def test_the_sign_decides_which_half_of_the_rule_holds(
    lagrad: Fordelning, betalt: list[int], regel: Arsregel, deltar: bool
) -> None:
    parter = [(en.kod, en.namn, en.typ) for en in lagrad.andelar]
    debiterat = {kod: ore for (kod, _, _), ore in zip(parter, betalt, strict=False)}
    avstamd = stam_av({}, debiterat, parter, regel, deltar_inte=() if deltar else [kod for kod, _, _ in parter])
    for rad in avstamd.rader:
        vantad = regel.overskott if rad.skillnad > 0 else regel.underskott if rad.skillnad < 0 else "inget"
        if vantad == "avraknas" and not deltar:
            vantad = "aterbetalas" if rad.skillnad > 0 else "debiteras"
        assert rad.atgard == vantad
        assert rad.atgard not in (("debiteras",) if rad.skillnad > 0 else ("aterbetalas",))


@galler_alltid(st.one_of(st.just(1), st.just(-1), belopp))
def test_the_34_share_any_outturn_to_the_ore(utfall: int) -> None:
    granska_de_34(utfall)


@pytest.mark.parametrize("utfall", [1, -1, 0, 33, 1 - 10**14])
def test_the_34_share_a_single_ore_too(utfall: int) -> None:
    granska_de_34(utfall)


def granska_de_34(utfall: int) -> None:
    avstamd = avstam(utfall, delad(TOTAL_2024))
    assert (len(avstamd.rader), avstamd.utfall) == (34, utfall)
    assert avstamd.skillnad == TOTAL_2024 - utfall
    assert avstamd.rader[0].kod == "12"
    assert [rad.kod for rad in avstamd.rader[1:]] == sorted(rad.kod for rad in avstamd.rader[1:])


def test_an_outturn_equal_to_the_decided_total_leaves_nothing() -> None:
    avstamd = avstam(TOTAL_2024, delad(TOTAL_2024))
    assert {rad.skillnad for rad in avstamd.rader} == {0}
    assert ({rad.i_ord for rad in avstamd.rader}, avstamd.per_atgard) == ({"går jämnt ut"}, ())


def test_the_outturn_is_shared_by_the_stored_weights_and_ratio() -> None:
    lagrad = delad(100_00, region=30, grupp=70)
    andelar = utfallets_andelar([Rad("a", "A", 60_00), Rad("b", "B", 40_00)], lagrad)
    assert andelar == {en.kod: en.belopp for en in lagrad.andelar}
    assert andelar["12"] == 30_00


TVASTEG = Modell(1, 1, "ore", date(2022, 12, 31), "Beslut")


@galler_alltid(alla_fall(), st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=3))
def test_models_in_steps_share_the_outturn_exactly(fall: Fall, rader: list[int]) -> None:
    ars = Arsunderlag((Rad("r0", "Ett", fall.total),), fall.modell, fall.underlag)
    utfall = [Rad(f"r{nr}", "Rad", ore) for nr, ore in enumerate(rader)]
    try:
        lagrad = fordela_i_steg(ars, TVASTEG)
        andelar = utfallets_andelar(utfall, lagrad)
    except Fordelningsfel:
        assume(False)
    assert sum(andelar.values()) == sum(rader)
    assert sum(ska_betala(lagrad).values()) == fall.total
    assert andelar.keys() == {part.kod for part in fall.underlag.parter} == ska_betala(lagrad).keys()
    assert utfallets_andelar([Rad("r0", "Ett", fall.total)], lagrad) == ska_betala(lagrad)


def test_each_area_is_split_by_its_own_model_and_a_payer_pays_for_the_other() -> None:
    fakta = underlag(100, 300)
    betalas = Stegmodell("m", "med betalare", grupper(1, 1), "ore", alla_villkor=(Betalare("1200", "12", GRUND),))
    kommunerna = Stegmodell("k", "bara kommunerna", grupper(0, 1))
    rader = (Rad("npo", "NPÖ", 800), Rad("sdk", "SDK", 300, "sdk"), Rad("a1", "Aktivitet", 100, "sdk"))
    undantag = (Undantag("a1", kommunerna, BESLUT),)
    lagrad = fordela_i_steg(Arsunderlag(rader, betalas, fakta, undantag), TVASTEG)
    # SDK's 200 lie on its two rows as 300:100, so 150 by the common model with NPÖ's 400 and 50 by the other.
    andelar = utfallets_andelar([Rad("npo", "NPÖ", 400), Rad("sdk", "SDK", 200)], lagrad)
    vantat = fordela_rader(
        Arsunderlag(
            (Rad("npo", "NPÖ", 400), Rad("sdk", "SDK", 150, "sdk"), Rad("a1", "Aktivitet", 50, "sdk")),
            betalas,
            fakta,
            undantag,
        )
    )
    assert andelar == dict(vantat.betalar) == {"12": 275 + 69, "1200": 12, "1201": 206 + 38}
    # An area without an outturn, one that was budgeted 0, and one that the split does not know.
    assert sum(utfallets_andelar([Rad("npo", "NPÖ", 400), Rad("nytt", "Nytt", 7)], lagrad).values()) == 407


def test_ore_beyond_whole_kronor_of_the_outturn_are_the_regions() -> None:
    andelar = utfallets_andelar([Rad("a", "A", 1_000_37)], delad(1_000_00, enhet="krona"))
    assert (sum(andelar.values()), andelar["12"]) == (1_000_37, 500_37)
    with pytest.raises(Fordelningsfel, match="hela kronor"):
        utfallets_andelar([Rad("a", "A", 1_000_37)], delad(1_000_00, region=0, enhet="krona"))


def test_who_was_charged_without_a_share_and_who_was_not_charged_are_both_there() -> None:
    parter = [("1280", "Malmö", "kommun"), ("12", "Regionen", "region"), ("1281", "Lund", "kommun")]
    avstamd = stam_av({"12": 50, "1281": 50}, {"12": 60, "1280": 40}, parter, Arsregel("overfors", "debiteras"))
    assert [(rad.kod, rad.skillnad, rad.i_ord) for rad in avstamd.rader] == [
        ("12", 10, "förs över"),
        ("1280", 40, "förs över"),
        ("1281", -50, "debiteras"),
    ]
    assert avstamd.per_atgard == (("debiteras", 1, -50), ("förs över", 2, 50))


def test_a_party_that_has_left_is_paid_in_money_and_named() -> None:
    parter = [("12", "Regionen", "region"), ("1275", "Perstorp", "kommun"), ("1280", "Malmö", "kommun")]
    regel = Arsregel("avraknas", "avraknas")
    avstamd = stam_av({"12": 10, "1275": 10}, {"1275": 15, "1280": 0}, parter, regel, deltar_inte={"1275", "1280"})
    assert [rad.atgard for rad in avstamd.rader] == ["avraknas", "aterbetalas", "inget"]
    assert avstamd.lamnat == ("Perstorp",)


def test_the_table_in_the_docs_is_recomputed() -> None:
    lagrad = fordela_plan(2_300_000_00, PARTER_2021, Modell(1, 1, "ore", date(2021, 12, 31), "Beslut"))
    avstamd = avstam(2_169_786_75, lagrad)
    rader = {rad.namn: (rad.utfall, rad.debiterat, rad.skillnad) for rad in avstamd.rader}
    *parter, ovriga, summa = tabell("Efter året: avstämning")
    namnda = [rad["huvudman"] for rad in parter]
    rest = [rader[namn] for namn in rader if namn not in namnda]
    vantat = [*(rader[namn] for namn in namnda), tuple(map(sum, zip(*rest, strict=True)))]
    vantat.append((avstamd.utfall, avstamd.debiterat, avstamd.skillnad))
    for rad, (utfall, debiterat, skillnad) in zip([*parter, ovriga, summa], vantat, strict=True):
        assert list(rad.values())[1:] == [visa_kr(utfall), visa_kr(debiterat), visa_tecken(skillnad)]
    assert (len(rest), ovriga["huvudman"]) == (30, "de övriga 30")


def test_without_a_rule_nothing_is_said_of_what_happens() -> None:
    avstamd = stam_av({"12": 10}, {"12": 15}, [("12", "Regionen", "region")], None)
    assert (avstamd.rader[0].atgard, avstamd.rader[0].i_ord, avstamd.per_atgard) == (None, "", ())


def test_every_act_has_words() -> None:
    assert set(ATGARDER) == {*OVERSKOTT, *UNDERSKOTT, "inget"}


@pytest.mark.parametrize(("over", "under"), [("debiteras", "debiteras"), ("aterbetalas", "aterbetalas"), ("", "")])
def test_a_rule_that_does_not_exist_is_refused(over: str, under: str) -> None:
    with pytest.raises(Avstamningsfel, match="som inte finns"):
        Arsregel(over, under)  # type: ignore[arg-type]


def test_an_unknown_party_and_a_broken_amount_are_refused() -> None:
    with pytest.raises(Avstamningsfel, match=r"9999.*debiteringen"):
        stam_av({}, {"9999": 5}, [("12", "Regionen", "region")], None)
    with pytest.raises(Avstamningsfel, match=r"12.*helt antal öre"):
        stam_av({"12": 0.5}, {}, [("12", "Regionen", "region")], None)  # type: ignore[dict-item]
