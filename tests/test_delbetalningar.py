"""A year's amount in instalments: nothing is lost, and the rounding is the documented one. No database."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.delbetalningar import ANTAL, dela_upp, fel_i_dagarna, perioder


@given(st.integers(-(10**15), 10**15), st.sampled_from([1, 2, 4]), st.sampled_from(["ore", "krona"]))
def test_the_instalments_are_the_amount_and_lie_within_one_unit_of_each_other(
    belopp: int, antal: int, avrundning: str
) -> None:
    delar = dela_upp(belopp, antal, avrundning)
    assert (len(delar), sum(delar)) == (antal, belopp)
    enhet = 100 if avrundning == "krona" else 1
    assert all(del_ % enhet == 0 for del_ in delar[:-1])
    utan_rest = [*delar[:-1], delar[-1] - (abs(belopp) % enhet) * (-1 if belopp < 0 else 1)]
    assert max(utan_rest) - min(utan_rest) in (0, enhet)
    assert sorted(utan_rest, key=abs, reverse=True) == utan_rest  # the earliest carry what does not go even
    assert dela_upp(-belopp, antal, avrundning) == tuple(-del_ for del_ in delar)


@pytest.mark.parametrize(
    ("belopp", "delning", "avrundning", "delar"),
    [
        (288_437_06, "helar", "ore", (288_437_06,)),
        (288_437_06, "halvar", "ore", (144_218_53, 144_218_53)),
        (288_437_06, "kvartal", "ore", (72_109_27, 72_109_27, 72_109_26, 72_109_26)),
        (288_437_06, "kvartal", "krona", (72_110_00, 72_109_00, 72_109_00, 72_109_06)),
        (288_437_06, "helar", "krona", (288_437_06,)),
        (1, "kvartal", "ore", (1, 0, 0, 0)),
        (99, "kvartal", "krona", (0, 0, 0, 99)),
        (-101, "halvar", "krona", (-100, -1)),
        (0, "halvar", "ore", (0, 0)),
    ],
)
def test_malmo_and_the_small_amounts(belopp: int, delning: str, avrundning: str, delar: tuple[int, ...]) -> None:
    assert dela_upp(belopp, ANTAL[delning], avrundning) == delar


@pytest.mark.parametrize("delning", ANTAL)
@pytest.mark.parametrize("budgetar", [2023, 2024])
def test_the_periods_are_the_year_without_a_gap(delning: str, budgetar: int) -> None:
    alla = perioder(budgetar, delning)
    assert (alla[0].fran, alla[-1].till) == (date(budgetar, 1, 1), date(budgetar, 12, 31))
    for ena, andra in pairwise(alla):
        assert andra.fran == ena.till + timedelta(days=1)


def test_the_periods_have_names() -> None:
    namn = [en.namn for delning in ANTAL for en in perioder(2023, delning)]
    assert namn[:3] == ["Hela 2023", "Första halvåret 2023", "Andra halvåret 2023"]
    assert namn[3:] == [f"Kvartal {nr} 2023" for nr in (1, 2, 3, 4)]


def test_days_out_of_order_or_far_away_are_refused_where_they_stand() -> None:
    bra = [en.fran for en in perioder(2023, "kvartal")]
    assert fel_i_dagarna(bra, 2023) == {}
    assert fel_i_dagarna([date(2022, 12, 15), date(2024, 1, 15)], 2023) == {}
    assert set(fel_i_dagarna([bra[0], bra[0]], 2023)) == {1}
    assert set(fel_i_dagarna([bra[1], bra[0], date(2025, 1, 1)], 2023)) == {1, 2}
