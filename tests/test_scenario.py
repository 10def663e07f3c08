"""What a scenario holds, as it is stored: read back to the same, and refused where it is anything else."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.belopp import EJ_AKTUELLT, OKANT, Cellvarde
from budget.celler import Cellplats
from budget.scenario import MAX_ANDEL, Byte, Dautfall, Innehall, Innehallsfel, las_json, som_json

HELT: dict[str, Any] = {
    "schema": 1,
    "celler": {"o12-2024-sgd": ["500000.00", "okant"], "r3-2024-sgd": ["ej_ifyllt", "0.00"]},
    "regler": {"2024": {"andel_region": [1, 30], "enhet": ["ore", "krona"], "folkmangdsdatum": ["2022-12-31"] * 2}},
    "utfall": {"2024": ["500 000 kr", "0 kr + okänt", "3f2a"]},
}

CELLER = st.one_of(
    st.none(),
    st.sampled_from([OKANT, EJ_AKTUELLT]),
    st.integers(0, 10**14 - 1).map(lambda ore: Cellvarde("belopp", Decimal(f"{ore // 100}.{ore % 100:02d}"))),
)
PLATSER = st.tuples(st.booleans(), st.integers(1, 10**9), st.integers(2000, 2100)).map(
    lambda t: Cellplats(t[1] if t[0] else None, None if t[0] else t[1], t[2], "sgd")
)
REGLER = st.one_of(
    st.tuples(
        st.tuples(st.integers(2000, 2100), st.sampled_from(["andel_region", "andel_grupp"])),
        st.builds(Byte, st.integers(0, MAX_ANDEL), st.integers(0, MAX_ANDEL)),
    ),
    st.tuples(
        st.tuples(st.integers(2000, 2100), st.just("folkmangdsdatum")),
        st.builds(Byte, st.dates(date(1990, 1, 1)), st.dates(date(1990, 1, 1))),
    ),
)


@given(
    st.dictionaries(PLATSER, st.builds(Byte, CELLER, CELLER)),
    st.lists(REGLER),
    st.dictionaries(st.integers(2000, 2100), st.builds(Dautfall, st.text(), st.text(), st.text())),
)
def test_what_is_stored_is_read_back_to_the_same(celler: Any, regler: Any, utfall: Any) -> None:
    innehall = Innehall(celler, dict(regler), utfall)
    assert las_json(json.loads(json.dumps(som_json(innehall)))) == innehall


def test_it_reads_amounts_words_and_rules() -> None:
    innehall = las_json(HELT)
    assert innehall.celler[Cellplats(12, None, 2024, "sgd")] == Byte(Cellvarde("belopp", Decimal("500000.00")), OKANT)
    assert innehall.celler[Cellplats(None, 3, 2024, "sgd")].fran is None
    assert innehall.regler[2024, "andel_region"] == Byte(1, 30)
    assert innehall.regler[2024, "folkmangdsdatum"].till == date(2022, 12, 31)
    assert len(innehall) == 5
    assert som_json(innehall) == HELT
    assert las_json({namn: HELT[namn] for namn in ("schema", "celler", "regler")}).utfall == {}


@pytest.mark.parametrize(
    "fel",
    [
        [],
        {"celler": {}, "regler": {}},
        HELT | {"schema": 2},
        HELT | {"mer": 1},
        HELT | {"celler": []},
        HELT | {"celler": {"o12-2024-annan": ["0.00", "1.00"]}},
        HELT | {"celler": {"x1-2024-sgd": ["0.00", "1.00"]}},
        HELT | {"celler": {"o12-2024-sgd": "1.00"}},
        HELT | {"celler": {"o12-2024-sgd": ["0.00", "1.00", "2.00"]}},
        HELT | {"celler": {"o12-2024-sgd": ["0.00", "-1.00"]}},
        HELT | {"celler": {"o12-2024-sgd": ["0.00", "1"]}},
        HELT | {"celler": {"o12-2024-sgd": ["0.00", 1]}},
        HELT | {"celler": {"o12-2024-sgd": ["0.00", "1000000000000.00"]}},
        HELT | {"utfall": []},
        HELT | {"utfall": {"24": ["", "", ""]}},
        HELT | {"utfall": {"2024": ["", ""]}},
        HELT | {"utfall": {"2024": ["", "", 1]}},
        HELT | {"regler": {"24": {"andel_region": [1, 2]}}},
        HELT | {"regler": {"2024": [1, 2]}},
        HELT | {"regler": {"2024": {"andel_region": [1, -1]}}},
        HELT | {"regler": {"2024": {"andel_region": [1, True]}}},
        HELT | {"regler": {"2024": {"andel_region": [1, 2**31]}}},
        HELT | {"regler": {"2024": {"enhet": ["ore", "tkr"]}}},
        HELT | {"regler": {"2024": {"folkmangdsdatum": ["2022-12-31", "2022-13-01"]}}},
        HELT | {"regler": {"2024": {"hanvisning": ["a", "b"]}}},
    ],
    ids=str,
)
def test_anything_else_is_refused(fel: Any) -> None:
    with pytest.raises(Innehallsfel):
        las_json(fel)
