"""The light markup of prose in a spreadsheet: out and back, character by character, and what is refused."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev import ROOT
from handlingsplan.markering import RA, Markeringsfel, fran_markering, till_markering
from handlingsplan.richtext import rensa

PAR = [
    ("", ""),
    ("<p>Ett stycke.</p><p>Ett till.</p>", "Ett stycke.\n\nEtt till."),
    ("<p>Rad ett<br>rad två<br><br>rad fyra</p>", "Rad ett\nrad två\n\\\nrad fyra"),
    ("<p>Det är <strong>viktigt</strong>, <em>mycket</em>.</p>", "Det är **viktigt**, __mycket__."),
    ("<p><strong><em>båda</em></strong></p>", "**__båda__**"),
    ("<h3>Bakgrund</h3><h4>Avtal</h4><p>x</p>", "### Bakgrund\n\n#### Avtal\n\nx"),
    ("<ul><li><p>ett</p><ul><li><p>under</p></li></ul></li><li><p>två</p></li></ul>", "* ett\n  * under\n* två"),
    ("<ol><li><p>ett</p><p>mer om ett</p></li><li><p>två</p></li></ol>", "1. ett\n\n  mer om ett\n2. två"),
    ('<p>Se <a href="https://exempel.se/?a=1&amp;b=2">sidan</a>.</p>', "Se [sidan](https://exempel.se/?a=1&b=2)."),
    ("<p>- inget streck</p><p>1. ingen lista</p>", "\\- inget streck\n\n\\1. ingen lista"),
    ("<p>=1+1 &lt;b&gt; &amp; 5&nbsp;kr</p>", "=1+1 <b> & 5\xa0kr"),
    ("<p>okänt ** och [1] och \\</p>", "okänt \\*\\* och \\[1] och \\\\"),
    ("<ul><li><p>a</p></li></ul><ul><li><p>b</p></li></ul>", "* a\n\n* b"),
    ("<p>a</p><p></p><p>b</p>", "a\n\n\\\n\nb"),
]


@pytest.mark.parametrize(("rik", "text"), PAR)
def test_out_and_back(rik: str, text: str) -> None:
    assert till_markering(rik) == text
    assert fran_markering(text) == rik
    assert rensa(rik) == rik


@pytest.mark.parametrize(
    "rik",
    [
        '<ol start="3"><li><p>tre</p></li></ol>',
        "<ul><li>utan stycke</li></ul>",
        '<p><a href="https://exempel.se/" title="t">x</a></p>',
        "<p>slutar med en brytning<br></p>",
        "bara text",
        f"<p>{'[' * 20_000}</p>",
    ],
)
def test_what_the_markup_has_no_words_for_travels_as_html(rik: str) -> None:
    assert till_markering(rik) == RA + rik
    assert fran_markering(till_markering(rik)) == rik


@pytest.mark.parametrize(
    "text", ["fet ** utan slut", "**fet __båda** kursiv__", "\n".join("  " * n + "* x" for n in range(99))]
)
def test_markup_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Markeringsfel):
        fran_markering(text)


def test_a_person_may_write_it_less_strictly() -> None:
    assert fran_markering("Punkter:\r\n- ett\r\n• två\r\n\r\n\r\nSlut") == (
        "<p>Punkter:</p><ul><li><p>ett</p></li><li><p>två</p></li></ul><p>Slut</p>"
    )


@given(st.text(st.sampled_from("ab*_[]()\\#-•1. \n\xa0<&="), max_size=60))
def test_any_text_in_a_paragraph_comes_back(text: str) -> None:
    rik = rensa(fran_markering(RA + "<p>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</p>"))
    assert fran_markering(till_markering(rik)).replace("\xa0", "&nbsp;") == rik


def test_no_prose_of_the_demo_needs_html() -> None:
    """The markup has words for all that the two real plans hold."""
    for namn in ("plan_2023.json", "plan_2024.json"):
        texter = re.findall(r'"(<(?:p|h3|ul|ol)>(?:[^"\\]|\\.)*)"', (ROOT / "fixtures" / namn).read_text())
        assert texter
        for en in texter:
            assert not till_markering(json.loads(f'"{en}"')).startswith(RA), en
