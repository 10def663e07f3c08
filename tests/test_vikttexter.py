"""Exact numbers and weights out of texts: read to the letter, or refused with the line named."""

from __future__ import annotations

from fractions import Fraction

import pytest

from budget.fordelning import Fordelningsfel
from budget.vikttexter import las_tal, las_varden


def test_a_line_is_a_code_a_name_if_one_likes_and_a_number() -> None:
    assert las_varden("1280 Malmö: 3 125\n\n1281 1/3") == {"1280": 3125, "1281": Fraction(1, 3)}


@pytest.mark.parametrize(
    ("text", "sagt"),
    [
        ("1280", "Rad 1"),
        ("1280 1\n1280 2", "Rad 2: 1280 står två gånger"),
        ("1280 -1", "negativt"),
        ("\nMalmö 5", "Rad 2"),
    ],
)
def test_weights_that_cannot_be_read_name_their_line(text: str, sagt: str) -> None:
    with pytest.raises(Fordelningsfel, match=sagt):
        las_varden(text)


def test_numbers_are_read_exactly() -> None:
    assert [str(las_tal(text)) for text in ("1", " 30 ", "0,3", "1/3", "30 %", "12,5%", "1 000")] == [
        "1", "30", "3/10", "1/3", "3/10", "1/8", "1000",
    ]  # fmt: skip
    for text in ("", "abc", "1e3", "0/0", "1.2.3"):
        with pytest.raises(Fordelningsfel):
            las_tal(text)
