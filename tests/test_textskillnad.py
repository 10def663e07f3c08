"""Two texts compared: what is marked, what is left as it was, and that nothing but our own elements comes out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlingsplan.richtext import rensa
from handlingsplan.textskillnad import MAX_I_RAD, MAX_JAMFORT, skillnad

TILLATNA = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "ins", "del", "span"}
ORDEN = re.compile(r'<span class="dolj">[^<]*</span>')


def kort(html: str) -> str:
    """Marks as [+new] and [-gone], without the words for screen readers."""
    html = ORDEN.sub("", html)
    for fran, till in (("<ins>", "[+"), ("<del>", "[-"), ("</ins>", "]"), ("</del>", "]")):
        html = html.replace(fran, till)
    return html


def text(html: str, *, utan: str = "") -> str:
    """The text as it is read, without the marks' own words and addresses, or the element `utan`; one space for many."""
    rot = lxml.html.fragment_fromstring(ORDEN.sub("", html), create_parent="div")
    for en in list(rot.iter("br")):
        en.tail = f"\n{en.tail or ''}"
    for en in list(rot.iter(utan)) if utan else []:
        en.drop_tree()
    return " ".join(re.sub(r"\(länk: \S*\)", "", " ".join(rot.itertext())).split())


class Taggar(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.funna: set[tuple[str, tuple[str, ...]]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.funna.add((tag, tuple(namn for namn, _ in attrs)))


@pytest.mark.parametrize(
    ("fore", "efter", "blir_fore", "blir_efter", "blir_ihop"),
    [
        ("Hej på dig", "Hej hopp dig", "Hej [-på] dig", "Hej [+hopp] dig", "Hej [-på] [+hopp] dig"),
        ("Lika", "Lika", "Lika", "Lika", "Lika"),
        ("", "Nytt", "", "[+Nytt]", "[+Nytt]"),
        ("Borta", "", "[-Borta]", "", "[-Borta]"),
        ("", "", "", "", ""),
        ("Rad ett\r\nrad två", "Rad ett\nrad tre", "Rad ett<br>rad [-två]", "Rad ett<br>rad [+tre]", None),
        ("A & B", "A &amp; B", "A [-&amp;] B", "A [+&amp;amp;] B", None),
        (
            "<p>Noll.</p><p>Ett. Två.</p>",
            "<p>Ett. Två.</p>",
            "<p>[-Noll.]</p><p>Ett. Två.</p>",
            "<p>Ett. Två.</p>",
            "<p>[-Noll.]<br>Ett. Två.</p>",
        ),
        (
            "<p>Ett.</p><p>Två.</p>",
            "<p>Ett.</p>",
            "<p>Ett.</p><p>[-Två.]</p>",
            "<p>Ett.</p>",
            "<p>Ett.<br>[-Två.]</p>",
        ),
        (
            "<ul><li><p>Ett</p><ul><li><p>Inre</p></li></ul></li><li><p>Två</p></li></ul>",
            "<ul><li><p>Ett</p><ul><li><p>Inre ny</p></li><li><p>till</p></li></ul></li></ul>",
            "<ul><li><p>Ett</p><ul><li><p>Inre</p></li></ul></li><li><p>[-Två]</p></li></ul>",
            "<ul><li><p>Ett</p><ul><li><p>Inre [+ny]</p></li><li><p>[+till]</p></li></ul></li></ul>",
            "<ul><li><p>Ett</p><ul><li><p>Inre [+ny]</p></li><li><p>[+till]<br>[-Två]</p></li></ul></li></ul>",
        ),
        (
            "<h3>Rubrik <em>ett</em></h3><p>Text.</p>",
            "<h3>Rubrik <em>två</em></h3><p>Text.</p>",
            "<p><strong>Rubrik <em>[-ett]</em></strong></p><p>Text.</p>",
            "<p><strong>Rubrik <em>[+två]</em></strong></p><p>Text.</p>",
            "<p><strong>Rubrik [-ett] <em>[+två]</em></strong></p><p>Text.</p>",
        ),
        ("😀👨‍👩‍👧 שלום", "😃👨‍👩‍👧 שלום עולם", "[-😀👨‍👩‍👧] שלום", "[+😃👨‍👩‍👧] שלום [+עולם]", None),
        ("<p>Ny rad<br>här</p>", "<p>Ny rad<br>där</p>", "<p>Ny rad<br>[-här]</p>", "<p>Ny rad<br>[+där]</p>", None),
    ],
)
def test_words_that_differ_are_marked_where_they_stand(
    fore: str, efter: str, blir_fore: str, blir_efter: str, blir_ihop: str | None
) -> None:
    svar = skillnad(fore, efter)
    assert (kort(svar.fore), kort(svar.efter)) == (blir_fore, blir_efter)
    if blir_ihop is not None:
        assert kort(svar.ihop) == blir_ihop
    assert svar.har_marken is (fore != efter)


def test_an_unchanged_word_at_either_end_is_not_marked() -> None:
    svar = skillnad(
        "Minst 20 kommuner är anslutna vid årets slut 2024.", "Minst 25 kommuner är anslutna vid årets slut."
    )
    assert kort(svar.ihop) == "Minst [-20] [+25] kommuner är anslutna vid årets [-slut 2024.] [+slut.]"


def test_a_word_or_two_between_larger_changes_is_part_of_the_change() -> None:
    svar = skillnad("Planen utarbetas av regionen", "Budgeten fastställs av kommunerna")
    assert kort(svar.ihop) == "[-Planen utarbetas av regionen] [+Budgeten fastställs av kommunerna]"


def test_an_amount_is_one_word() -> None:
    svar = skillnad("från 100\u00a0000\u00a0kr nu", "från 1\u00a0500\u00a0000\u00a0kr nu", rik=False)
    assert (text(svar.fore, utan="del"), text(svar.efter, utan="ins")) == ("från kr nu", "från kr nu")


def test_what_differs_in_formatting_only_has_no_marks() -> None:
    svar = skillnad("<p>Ett <strong>fett</strong> ord som delas.</p>", "<p>Ett fett ord</p><p>som delas.</p>")
    assert not svar.har_marken
    assert svar.fore == "<p>Ett <strong>fett</strong> ord som delas.</p>"
    assert svar.efter == svar.ihop == "<p>Ett fett ord</p><p>som delas.</p>"


def test_a_word_that_is_emphasised_in_part_is_one_word() -> None:
    fore, efter = "<p>Det blir bättre.</p>", "<p>Det blir <strong>bätt</strong>re.</p>"
    assert not skillnad(fore, efter).har_marken
    annat = skillnad(efter, "<p>Det var <em>bäst</em>.</p>")
    assert kort(annat.fore) == "<p>Det [-blir] <strong>[-bätt]</strong>[-re.]</p>"
    assert kort(annat.ihop) == "<p>Det [-blir bättre.] [+var] <em>[+bäst]</em>[+.]</p>"


def test_a_link_that_leads_elsewhere_is_a_change_and_its_address_is_read() -> None:
    svar = skillnad('<p>En <a href="https://a.se/">länk</a></p>', '<p>En <a href="https://b.se/">länk</a></p>')
    assert kort(svar.fore) == '<p>En <a href="https://a.se/">länk [-(länk: https://a.se/)]</a></p>'
    assert kort(svar.ihop) == (
        '<p>En <a href="https://b.se/">länk [-(länk: https://a.se/)] [+(länk: https://b.se/)]</a></p>'
    )
    lika = '<p>En <a href="https://a.se/">länk</a></p>'
    assert skillnad(lika, lika).ihop == lika


def test_marks_are_said_in_words() -> None:
    svar = skillnad("a b", "a c")
    assert '<del><span class="dolj">[borttaget: </span>b<span class="dolj"> slut]</span></del>' in svar.fore
    assert '<ins><span class="dolj">[tillagt: </span>c<span class="dolj"> slut]</span></ins>' in svar.efter


def test_plain_text_that_looks_like_markup_is_shown_as_it_was_typed() -> None:
    svar = skillnad("<p>Ett</p>", "<p>Två</p>", rik=False)
    assert kort(svar.efter) == "[+&lt;p&gt;Två&lt;/p&gt;]"


@pytest.mark.parametrize(
    "ont",
    [
        "<p>a<script>alert(1)</script></p>",
        '<p onclick="x()">a</p><img src=x onerror=alert(1)>',
        '<p><a href="javascript:alert(1)">a</a></p>',
        "<p><ins>a</ins><del>b</del></p>",
        "<p>&lt;ins&gt;a&lt;/ins&gt; &lt;script&gt;</p>",
        '<p><a href="https://a.se/&quot;&gt;&lt;script&gt;">a</a></p>',
        "<p>a\x00\x0b\ud800\ufffe b</p>",
        "<table><tr><td>cell</td></tr></table>",
        "<p>\ue000https://a.se/\ue001 b</p>",
    ],
)
def test_only_our_own_elements_come_out(ont: str) -> None:
    for svar in (skillnad(ont, "<p>något annat</p>"), skillnad("<p>något annat</p>", ont), skillnad(ont, ont)):
        for html in (svar.fore, svar.efter, svar.ihop):
            for tag, attribut in Taggar(html).funna:
                assert tag in TILLATNA
                assert attribut == {"a": ("href",), "span": ("class",)}.get(tag, ()) or (tag == "a" and not attribut)
            assert "script:" not in html
            assert html.count("<ins>") == html.count("[tillagt: ")
            html.encode()


def test_what_comes_out_is_cleaned_though_what_came_in_was_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlingsplan.textskillnad.rensa", lambda html: html)
    svar = skillnad("<p>a<script>alert(1)</script></p>", '<p onclick="x()">b</p><img src=x onerror=alert(1)>')
    for html in (svar.fore, svar.efter, svar.ihop):
        assert {tag for tag, attribut in Taggar(html).funna if attribut} <= {"span"}
        assert {tag for tag, _ in Taggar(html).funna} <= TILLATNA


def test_a_text_that_is_too_large_to_be_cleaned_is_shown_as_plain_text() -> None:
    djup = "<ul><li>" * 60 + "x" + "</li></ul>" * 60
    assert "&lt;ul&gt;" in skillnad(djup, "<p>kort</p>").fore


# --- Size ----------------------------------------------------------------------------------------------------------


def _varannat(antal: int, slut: str = "") -> tuple[str, str]:
    """A text and one where every second word is another: what takes the comparing longest."""
    orden = [f"{nr:x}{slut}" for nr in range(antal)]
    return tuple(
        f"<p>{' '.join(en if nr % 2 else lagg + en for nr, en in enumerate(orden))[:29_900]}</p>" for lagg in ("", "z")
    )


@pytest.mark.parametrize(
    ("fore", "efter"),
    [
        _varannat(6_000),
        _varannat(6_000, "."),
        _varannat(MAX_I_RAD - 1),
        ("<p>a</p>" * 3_700, "<p>a</p><p>b</p>" * 1_850),
        (f"<p>{'a ' * 14_900}</p>", f"<p>{'a b ' * 7_450}</p>"),
        (f"<p>{'<br>' * 7_400}</p>", f"<p>{'a<br>' * 5_900}</p>"),
        ("x" * MAX_JAMFORT, "y"),
    ],
    ids=["varannat ord", "varannan mening", "varannat i en mening", "stycken", "samma ord", "radbrytningar", "ett ord"],
)
def test_thirty_thousand_characters_of_any_kind_are_compared(fore: str, efter: str) -> None:
    """What would take the comparing longest; how long it takes is measured by tests/prestanda.py."""
    svar = skillnad(fore, efter)
    assert svar.har_marken


# --- Any text ------------------------------------------------------------------------------------------------------

_ord = st.sampled_from(["ett", "två", "tre.", "😀", "å̊", "שלום", "och", "2024", "&lt;ins&gt;", "slut!", "a&nbsp;b"])
_rad = st.lists(_ord, min_size=0, max_size=6).map(" ".join)


def _omgiven(tag: str) -> st.SearchStrategy[str]:
    return _rad.map(lambda inre: f"<{tag}>{inre}</{tag}>")


_inuti = st.lists(
    st.one_of(
        _rad,
        _omgiven("strong"),
        _omgiven("em"),
        st.just("<br>"),
        _rad.map(lambda t: f'<a href="https://a.se/">{t}</a>'),
    ),
    max_size=4,
).map("".join)
_stycke = _inuti.map(lambda inre: f"<p>{inre}</p>")
_lista = st.recursive(
    _stycke.map(lambda p: f"<ul><li>{p}</li></ul>"),
    lambda inre: st.tuples(_stycke, inre).map(lambda par: f"<ol><li>{par[0]}{par[1]}</li><li>{par[0]}</li></ol>"),
    max_leaves=3,
)
rika = st.lists(st.one_of(_stycke, _lista, _omgiven("h3")), max_size=5).map("".join).map(rensa)


@given(rika, rika)
def test_without_its_marks_each_text_is_what_it_was(fore: str, efter: str) -> None:
    svar = skillnad(fore, efter, rik=True)
    assert text(svar.fore) == text(fore)
    assert text(svar.efter) == text(efter)
    assert text(svar.efter, utan="ins") == text(svar.fore, utan="del")


@given(rika.filter(bool), rika.filter(bool))
def test_both_in_one_holds_each_of_them(fore: str, efter: str) -> None:
    svar = skillnad(fore, efter, rik=True)
    if text(fore) and text(efter):
        assert text(svar.ihop, utan="del") == text(efter)
        assert text(svar.ihop, utan="ins").replace(" ", "") == text(fore).replace(" ", "")


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_plain_text_can_be_compared(fore: str, efter: str) -> None:
    svar = skillnad(fore, efter, rik=False)
    svar.ihop.encode()
    assert "[borttaget:" not in svar.efter
