"""The proposal that holds both persons' changes of one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlingsplan.sammanfogning import sammanfoga


def text(*stycken: str) -> str:
    return "".join(f"<p>{en}</p>" for en in stycken)


BAS = text("Ett", "Två", "Tre")
LISTA = "<ul><li><p>Punkt</p></li></ul>"


@pytest.mark.parametrize(
    ("sparad", "egen", "ihop"),
    [
        (text("Ett nytt", "Två", "Tre"), text("Ett", "Två", "Tre till"), text("Ett nytt", "Två", "Tre till")),
        (text("Ett", "Tre"), text("Ett", "Två", "Tre", "Fyra"), text("Ett", "Tre", "Fyra")),
        (text("Noll", "Ett", "Två", "Tre"), text("Ett", "Tre"), text("Noll", "Ett", "Tre")),
        # Both have added last: the saved first, one's own after it.
        (BAS + text("Hennes"), BAS + text("Min"), BAS + text("Hennes", "Min")),
        # Both have made the same change, and one has made another too.
        (text("Ett!", "Två", "Tre"), text("Ett!", "Två", "Tre!"), None),
        (BAS + LISTA, text("Först") + BAS, text("Först") + BAS + LISTA),
        # The same paragraph in two ways.
        (text("Ett a", "Två", "Tre"), text("Ett b", "Två", "Tre"), None),
        (text("Ett a", "Två", "Tre"), text("Två", "Tre"), None),
        ("", text("Ett", "Två", "Tre", "Fyra"), None),
        # Nothing to put together: one text has it all.
        (BAS, text("Ett", "Två"), None),
        (BAS, BAS, None),
    ],
)
def test_what_each_has_changed_is_put_together_where_they_do_not_meet(sparad: str, egen: str, ihop: str | None) -> None:
    assert sammanfoga(BAS, sparad, egen) == ihop


def test_an_item_each_in_the_same_list_is_put_together() -> None:
    bas = f'{BAS}<ol start="3"><li><p>Ett</p></li></ol>'
    hennes = bas.replace("</ol>", "<li><p>Hennes</p></li></ol>")
    min_ = bas.replace('"3">', '"3"><li><p>Min</p></li>')
    assert sammanfoga(bas, hennes, min_) == hennes.replace('"3">', '"3"><li><p>Min</p></li>')


def test_two_first_texts_stand_one_after_the_other() -> None:
    assert sammanfoga("", text("Hennes"), text("Mitt")) == text("Hennes", "Mitt")


STYCKEN = st.lists(st.sampled_from("abcdefgh"), max_size=8)


@given(STYCKEN, STYCKEN, STYCKEN)
def test_no_new_paragraph_is_lost_and_nothing_comes_from_nowhere(
    bas: list[str], sparad: list[str], egen: list[str]
) -> None:
    ihop = sammanfoga(text(*bas), text(*sparad), text(*egen))
    if ihop is None:
        return
    for nytt in (set(sparad) | set(egen)) - set(bas):
        assert text(nytt) in ihop
    for stycke in set("abcdefgh") - set(bas) - set(sparad) - set(egen):
        assert text(stycke) not in ihop
