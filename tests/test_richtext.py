"""Rich text: what is let through, how it is cleaned on the way in and on the way out, how large it may be."""

from __future__ import annotations

import time
import unicodedata
from html.parser import HTMLParser
from typing import cast

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.prosatext import ren_text, textblock
from handlingsplan.richtext import MAX_DJUP, MAX_INKLISTRADE_ELEMENT, MAX_INKLISTRAT, MAX_NIVAER, MAX_TECKEN, rensa
from handlingsplan.templatetags.prosa import prosa, som_prosa
from insatsomraden.models import Omradesutgava
from tests.budgetfall import formular
from tests.cast import Klientmakare
from tests.planfall import planfall
from tests.sidor import synlig_text

TILLATNA = ("p", "br", "strong", "em", "ul", "ol", "li", "h3", "h4", "a")
ATTRIBUT = {"a": {"href", "title", "rel"}, "ol": {"start", "type"}}


class Taggar(HTMLParser):
    """Every element and attribute of some markup."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.funna: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.funna.append((tag, {namn: varde or "" for namn, varde in attrs}))


def lista(nivaer: int) -> str:
    return "<ul><li>" * nivaer + "<p>innerst</p>" + "</li></ul>" * nivaer


# --- What passes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>Ett stycke</p><p>Ett till</p>",
        "<h3>Rubrik</h3><h4>Underrubrik</h4>",
        "<ul><li><p>ett</p><ol><li><p>under</p></li></ol></li></ul>",
        "<p><strong>fet</strong> och <em>kursiv</em><br>ny rad</p>",
        '<p><a href="https://exempel.se/a?b=1&amp;c=2">länk</a></p>',
        '<p><a href="mailto:sgd@exempel.se">post</a></p>',
        '<p><a href="/plan/2024/">planen</a></p>',
        "<p>1 &lt; 2 &amp; 3</p>",
        "<p>A\u00a0B, 1\u202f000, \u2212550, ”citat” – tankstreck</p>".replace("\u00a0", "&nbsp;"),
    ],
)
def test_what_the_editor_makes_passes_unchanged(html: str) -> None:
    assert rensa(html) == html


@pytest.mark.parametrize(
    ("smutsig", "ren"),
    [
        ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
        ("<style>p{color:red}</style><p>a</p>", "<p>a</p>"),
        ('<p onclick="x()" style="color:red" class="c" id="i" data-x="1">a</p>', "<p>a</p>"),
        ('<img src=x onerror="alert(1)"><p>a</p>', "<p>a</p>"),
        ("<svg onload=alert(1)><p>a</p></svg>", "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="JaVa\tScRiPt:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="&#106;avascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="data:text/html;base64,PHNjcmlwdD4=">a</a>', "<a>a</a>"),
        ('<a href="https://a.se" target="_blank" onfocus="x">a</a>', '<a href="https://a.se">a</a>'),
        ("<table><tr><td>cell</td></tr></table>", "cell"),
        ("<!-- hemligt --><p>a</p><!--[if mso]><xml>b</xml><![endif]-->", "<p>a</p>"),
        ('<p class="MsoNormal">a<o:p></o:p></p>', "<p>a</p>"),
        ('<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>', '&lt;p title=""&gt;'),
        ("<form action=/x><button formaction=javascript:x>a</button></form>", "a"),
        ("<p></p>", ""),
        ("a\x00b", "ab"),
    ],
)
def test_what_does_not_belong_is_taken_away(smutsig: str, ren: str) -> None:
    assert rensa(smutsig) == ren


def test_text_is_stored_composed() -> None:
    uppdelad = unicodedata.normalize("NFD", "<p>NPÖ för åldrande</p>")
    assert rensa(uppdelad) == "<p>NPÖ för åldrande</p>" != uppdelad


BITAR = st.sampled_from(
    [
        *(
            f"<{tagg}>"
            for tagg in (*TILLATNA, "script", "svg", "style", "math", "iframe", "template", "noscript", "o:p")
        ),
        *(f"</{tagg}>" for tagg in (*TILLATNA, "script", "svg", "style", "math", "noscript")),
        "<a href='javascript:alert(1)'>",
        "<img src=x onerror=alert(1)>",
        "<p onmouseover=x>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<",
        ">",
        '"',
        "'",
        "&lt;",
        "&#106;",
        "text ",
        "å\u0308",
        "\u2028",
    ]
)


@given(st.lists(BITAR, max_size=30).map("".join))
def test_whatever_is_sent_only_allowed_markup_comes_out(html: str) -> None:
    try:
        ren = rensa(html)
    except ValidationError:
        return
    for utskrift in (ren, rensa(ren)):  # a browser may read twisted markup once more in another way
        for tagg, attribut in Taggar(utskrift).funna:
            assert tagg in TILLATNA
            assert attribut.keys() <= ATTRIBUT.get(tagg, set())
            assert not attribut.get("href", "").strip().lower().startswith(("javascript", "data"))


# --- How large ----------------------------------------------------------------------------------------------------


def test_a_text_may_have_thirty_thousand_characters_of_stored_markup() -> None:
    assert MAX_TECKEN < 32_767  # what an Excel cell holds
    assert len(rensa("å" * MAX_TECKEN)) == MAX_TECKEN
    with pytest.raises(ValidationError) as fel:
        rensa("å" * (MAX_TECKEN + 1))
    assert "30\u00a0001 tecken med formatering. Den får vara högst 30\u00a0000." in fel.value.messages[0]


def test_the_length_is_that_of_what_is_stored_not_of_what_was_pasted() -> None:
    assert rensa(f'<p style="{"x" * 100_000}">kort</p>') == "<p>kort</p>"
    with pytest.raises(ValidationError, match="Texten är för lång"):
        rensa("&" * 8_000)  # each is stored as five characters


@pytest.mark.parametrize(
    ("skrivet", "last"),
    [
        ("Ett stycke.\r\n\r\nEtt till,\r\npå två rader.", "<p>Ett stycke.</p><p>Ett till,<br>på två rader.</p>"),
        ("Före\n* ett\n* två & tre", "<p>Före</p><ul><li><p>ett</p></li><li><p>två &amp; tre</p></li></ul>"),
        ("2 ** 3\n\när åtta", "<p>2 ** 3</p><p>är åtta</p>"),
        ("<p>Från\nredigeraren</p>", "<p>Från\nredigeraren</p>"),
        ("En rad", "En rad"),
    ],
)
def test_what_is_typed_without_the_editor_keeps_its_paragraphs(skrivet: str, last: str) -> None:
    falt = cast("forms.Field", Omradesutgava._meta.get_field("beskrivning").formfield())
    assert falt.clean(skrivet) == last


def test_lists_nest_eight_deep_and_no_deeper() -> None:
    assert rensa(lista(MAX_NIVAER)) == lista(8)
    with pytest.raises(ValidationError, match="Högst 8 nivåer"):
        rensa(lista(9))


@pytest.mark.parametrize("nivaer", [7, 8])
def test_emphasis_and_links_do_not_count_as_list_levels(nivaer: int) -> None:
    innerst = '<p><strong><em><a href="/plan/2024/">länk</a></em></strong></p>'
    text = lista(nivaer).replace("<p>innerst</p>", innerst)
    assert rensa(text) == text


def test_other_elements_nest_forty_deep_and_no_deeper_and_are_not_called_lists() -> None:
    def fet(antal: int) -> str:
        return f"{'<strong>' * antal}x{'</strong>' * antal}"

    assert rensa(fet(MAX_DJUP)) == fet(40)
    with pytest.raises(ValidationError, match="för många lager av formatering"):
        rensa(fet(41))


@pytest.mark.parametrize(
    "html",
    [
        lista(100),
        lista(4_000),
        "<ul>" * 19_999,
        "<ul>" * 500_000,
        "<blockquote><dl>" * 60_000,
        "<" * 1_999_999,
        "x" * (MAX_INKLISTRAT + 1),
        "<p>x" * (MAX_INKLISTRADE_ELEMENT + 1),
    ],
    ids=lambda html: f"{html[:9]} {len(html)}",
)
def test_hostile_size_and_depth_are_refused_in_seconds(html: str) -> None:
    borjan = time.monotonic()
    with pytest.raises(ValidationError):
        rensa(html)
    assert time.monotonic() - borjan < 20  # without a bound on elements this is an hour


def test_a_large_paste_from_word_is_taken_care_of() -> None:
    text = '<span lang="SV" style="font-size:11pt">Text.<o:p></o:p></span>'
    stycke = f'<p class="MsoNormal" style="margin:0cm;line-height:115%">{text}</p>'
    assert rensa(stycke * 2_000) == "<p>Text.</p>" * 2_000


# --- On the way in ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_full_clean_cleans_too_not_only_the_form(delad_plan: Handlingsplan) -> None:
    """Imports and commands come past the forms; they call full_clean."""
    delad_plan.inledning = "<p onclick=x>a</p><script>b</script>"
    delad_plan.full_clean()
    assert delad_plan.inledning == "<p>a</p>"
    delad_plan.inledning = lista(9)
    with pytest.raises(ValidationError, match="Högst 8 nivåer"):
        delad_plan.full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "besked"), [(lista(9), "Högst 8 nivåer"), ("<p>" + "x" * 30_000 + "</p>", "för lång")]
)
def test_a_text_that_is_too_much_is_refused_and_still_in_its_field(
    klient_for: Klientmakare, samordnare: Anvandare, delad_plan: Handlingsplan, text: str, besked: str
) -> None:
    utgava, klient = planfall(delad_plan).npo, klient_for(samordnare)
    vart = f"/plan/2024/omrade/{utgava.pk}/beskrivning/"
    svar = klient.post(vart, formular(klient.get(vart), "avtryck") | {"beskrivning": text})
    assert svar.status_code == 422
    assert besked in synlig_text(svar)
    assert formular(svar, "avtryck")["beskrivning"] == text
    assert Omradesutgava.objects.get(pk=utgava.pk).version == 1


# --- On the way out -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "niva", "visad"),
    [
        ("<h3>a</h3><h4>b</h4>", 3, "<h3>a</h3><h4>b</h4>"),
        ("<h3>a</h3><h4>b</h4>", 4, "<h4>a</h4><h5>b</h5>"),
        ("<h4>ensam</h4>", 3, "<h3>ensam</h3>"),
        ("<h3>a</h3><h4>b</h4>", 6, "<h6>a</h6><h6>b</h6>"),
        ("<p>utan rubrik</p>", 5, "<p>utan rubrik</p>"),
        ("", 3, ""),
    ],
)
def test_headings_are_moved_to_where_the_text_stands_without_a_gap(html: str, niva: int, visad: str) -> None:
    assert prosa(html, niva) == visad


def test_a_heading_written_as_text_is_not_moved() -> None:
    assert prosa("<p>&lt;h3&gt;</p>", 5) == "<p>&lt;h3&gt;</p>"


def test_what_came_in_past_the_forms_is_cleaned_when_it_is_shown() -> None:
    assert prosa("<p>a<script>alert(1)</script></p>", 3) == "<p>a</p>"


def test_what_cannot_be_cleaned_is_shown_as_text_rather_than_not_at_all() -> None:
    visad = prosa("<script>alert(1)</script>" + lista(9), 3)
    assert visad.startswith("<p>&lt;script&gt;alert(1)&lt;/script&gt;&lt;ul&gt;")
    assert [tagg for tagg, _ in Taggar(visad).funna] == ["p"]


@pytest.mark.parametrize(
    ("varde", "visad"),
    [
        ("rad 1\nrad 2", '<p class="radbryt">rad 1\nrad 2</p>'),
        ("a <b>", '<p class="radbryt">a &lt;b&gt;</p>'),
        ("<p>prosa<script>x</script></p>", "<p>prosa</p>"),
    ],
)
def test_a_saved_value_is_shown_as_what_it_is(varde: object, visad: str) -> None:
    assert som_prosa(varde) == visad


# --- As plain text ------------------------------------------------------------------------------------------------


def test_plain_text_is_parted_as_the_blocks_are_and_a_word_is_not_cut_by_emphasis() -> None:
    rik = "<h3>Mål</h3><p></p><p>jour<strong>nal</strong>en<br>p&amp;l</p><ul><li><p>ett</p></li><li>två</li></ul>slut"
    assert textblock(rik) == ("Mål", "journalen\np&l", "ett", "två", "slut")
    assert ren_text(rik) == "Mål journalen p&l ett två slut"
