"""Search in a plan: words as people write them, hits that lead to where they stand, and hostile questions."""

from __future__ import annotations

import re
import time
import unicodedata
from dataclasses import replace

import pytest
from django.db import models
from django.test import Client

from budget.models import Budgetrad, Fotnot
from handlingsplan.models import Anvandare, Handlingsplan
from insatsomraden.models import Mal, Omradesutgava
from rapport.plandokument import Plandokument
from rapport.sok import MAX_TRAFFAR, OMKRING, Traff, sok, utdrag
from tests.budgetfall import omrade
from tests.cast import Klientmakare
from tests.exempel import exempelplan, forstora
from tests.planfall import Planfall, lagg_in_demon, planfall
from tests.sidor import synlig_text

SIDAN = "/plan/2024/sok/"
INLEDNING = (
    "<p>Åtgärder för ÄLDRE i Österlen: journal &amp; läkemedel.</p><ul><li>Första</li><li>andra punkten</li></ul>"
)


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def plan(inledning: str = INLEDNING) -> Plandokument:
    return exempelplan(inledning=inledning)


def rubriker(traffar: tuple[Traff, ...]) -> list[str]:
    return [traff.rubrik for traff in traffar]


def markerat(traffar: tuple[Traff, ...]) -> list[str]:
    return [bit.text for traff in traffar for bit in traff.utdrag if bit.traff]


# --- Words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fraga",
    [
        "åtgärder",
        "ÅTGÄRDER",
        "Österlen",
        "österlen",
        "äldre",
        "tgärd",
        "åtgärder österlen",
        "österlen   åtgärder",
        "journal & läkemedel",
        "andra punkten",
        "\u00a0åtgärder\u2009",
        unicodedata.normalize("NFD", "åtgärder för äldre i österlen"),
    ],
)
def test_words_are_found_whatever_their_case_order_and_form(fraga: str) -> None:
    assert rubriker(sok(plan(), fraga)) == ["Inledning"]


@pytest.mark.parametrize(
    "fraga", ["atgarder", "osterlen", "åtgärder norrlen", "<p>", "&amp;", "li", "första andra tredje"]
)
def test_other_words_are_not(fraga: str) -> None:
    assert "Inledning" not in rubriker(sok(plan("<p>Åtgärder &amp; Österlen</p><ul><li>första</li></ul>"), fraga))


def test_text_that_lies_decomposed_is_found_by_composed_words() -> None:
    uppdelad = unicodedata.normalize("NFD", "<p>NPÖ för åldrande</p>")
    assert markerat(sok(plan(uppdelad), "npö")) == ["NPÖ"]


def test_words_of_neighbouring_blocks_are_not_one_word() -> None:
    assert sok(plan("<p>slut</p><p>start</p>"), "slutstart") == ()


def test_emphasis_does_not_cut_a_word() -> None:
    assert markerat(sok(plan("<p>jour<strong>nal</strong>en</p>"), "journalen")) == ["journalen"]


@pytest.mark.parametrize("fraga", ["", " ", "\u00a0", "\n\t"])
def test_nothing_asked_is_nothing_found(fraga: str) -> None:
    assert sok(plan(), fraga) == ()


# --- Where --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fraga", "rubrik"),
    [
        ("vilar på ett avtal", "Inledning"),
        ("handlar om två områden", "Om 2024"),
        ("så ser område 2 ut", "Säkra brev: beskrivning"),
        ("nytta syns här", "Journal över gränser (JÖG): syfte och nytta"),
        ("målet för område 1", "Journal över gränser (JÖG): övergripande mål"),
        ("arbetet görs i steg", "Journal över gränser (JÖG): aktiviteter 2024"),
        ("tredje nivån", "Journal över gränser (JÖG): aktiviteter 2024"),
        ("om den första ger ett gott resultat", "Journal över gränser (JÖG): aktiviteter 2024"),
        ("pengarna är avsatta", "Journal över gränser (JÖG): ekonomi 2024"),
        ("på uppdrag av beredningen", "Journal över gränser (JÖG): ansvar"),
        ("bevakas utan budget", "Nationella tjänsten"),
        ("lämnade planen när", "Möten på distans"),
        ("säkra brev", "Samlad budget"),
        ("frågan om statsbidrag", "Samlad budget, fotnot"),
        ("den följs upp varje år", "Avslutande noter"),
    ],
)
def test_every_part_is_searched_and_named(fraga: str, rubrik: str) -> None:
    assert rubrik in rubriker(sok(exempelplan(), fraga))


def test_hits_stand_in_the_documents_order() -> None:
    funna = rubriker(sok(exempelplan(), "om"))
    assert (funna[0], funna[-1]) == ("Om 2024", "Samlad budget, fotnot")
    assert funna.index("Journal över gränser (JÖG): beskrivning") < funna.index("Säkra brev: beskrivning")


def test_a_heading_counts_among_the_words() -> None:
    assert rubriker(sok(exempelplan(), "brev ekonomi")) == ["Säkra brev: ekonomi 2024"]


def test_a_part_without_text_is_no_hit() -> None:
    assert "Inledning" not in rubriker(sok(plan(""), "inledning"))


@pytest.mark.django_db
def test_every_hit_leads_to_an_element_that_the_reader_has(
    klient_for: Klientmakare, lasare_malmo: Anvandare, fall: Planfall
) -> None:
    """Also for areas that are watched or have left, whose texts are kept and not all shown."""
    for lage, kod in (("bevakas", "sdv"), ("utgatt", "video")):
        utgava = omrade(fall.plan, kod, f"Sökbart {kod}", lage)
        Omradesutgava.objects.filter(pk=utgava.pk).update(
            beskrivning="<p>Sökbart</p>", syfte="<p>Sökbart</p>", lage_not="Sökbart"
        )
        Mal.objects.create(utgava=utgava, ordning=1, text="Sökbart mål")
        utgava.alla_aktiviteter.create(avser_ar=2024, ordning=1, text="Sökbar aktivitet")
        utgava.alla_arstexter.create(avser_ar=2024, slag="ekonomi", text="<p>Sökbart</p>")
    Budgetrad.objects.create(plan=fall.plan, ordning=1, benamning="Sökbar rad")
    Fotnot.objects.create(plan=fall.plan, ordning=1, text="Sökbar not")
    klient = klient_for(lasare_malmo)
    plansidan = klient.get("/plan/2024/").content.decode()
    for fraga in ("sökbar", "nationell", "e", "planen"):
        html = klient.get(SIDAN, {"q": fraga}).content.decode()
        ankare = re.findall(r'<h2><a href="/plan/2024/#([^"]+)"', html)
        assert [en for en in ankare if f'id="{en}"' not in plansidan] == []
        assert ankare


@pytest.mark.django_db
def test_the_demo_is_searched_from_the_page(demorader: list[models.Model]) -> None:
    lagg_in_demon(demorader)
    klient = Client()
    klient.force_login(Anvandare.objects.get(email="lasare.malmo@exempel.se"))
    text = synlig_text(klient.get(SIDAN, {"q": "npö"}))
    assert re.search(r"\d+ träffar på ”npö” i Handlingsplan 2024", text)
    html = klient.get(SIDAN, {"q": "npö"}).content.decode()
    assert "<mark>NPÖ</mark>" in html


# --- The excerpt --------------------------------------------------------------------------------------------------


def test_an_excerpt_shows_the_hit_with_some_text_around_it() -> None:
    text = "x" * 500 + " Mitten " + "y" * 500
    bitar = utdrag(text, ["mitten"])
    assert [bit.text for bit in bitar if bit.traff] == ["Mitten"]
    assert (bitar[0].text, bitar[-1].text[-2:]) == ("… ", " …")
    assert len("".join(bit.text for bit in bitar)) <= 2 * OMKRING + 4


def test_a_short_text_is_shown_whole_without_dots() -> None:
    assert "".join(bit.text for bit in utdrag("Åtgärder i Lund", ["i", "lund"])) == "Åtgärder i Lund"


def test_the_longest_word_is_marked_where_words_overlap() -> None:
    assert markerat(sok(plan("<p>journalen</p>"), "jour journalen")) == ["journalen"]


@pytest.mark.parametrize("text", ["Straße", "ﬁnans", "İstanbul", "ŉ"])
def test_letters_that_change_length_when_folded_are_found_too(text: str) -> None:
    (traff, *_) = sok(plan(f"<p>{text} i texten</p>"), text)
    assert traff.rubrik == "Inledning"
    assert text in "".join(bit.text for bit in traff.utdrag)


# --- Hostile questions --------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fraga",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' OR 1=1 --",
        "%' ESCAPE '",
        "(((((",
        "[a-",
        "(a+)+$",
        "\\",
        ".*",
        "\x00",
        "a\x00b",
        "\ufffe\uffff",
        "\u202e\u200b",
        "💥",
        "{{ settings.SECRET_KEY }}",
        "{% load x %}",
    ],
)
def test_a_hostile_question_is_only_words(klient: Client, fall: Planfall, fraga: str) -> None:
    svar = klient.get(SIDAN, {"q": fraga})
    html = svar.content.decode()
    assert svar.status_code == 200
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "bara-for-tester" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("fraga", ["a " * 5_000, "å" * 10_000, "x" * 100_000, "(a+)+" * 2_000])
def test_a_very_long_question_is_cut_and_answered_at_once(klient: Client, fall: Planfall, fraga: str) -> None:
    borjan = time.monotonic()
    svar = klient.get(SIDAN, {"q": fraga})
    assert svar.status_code == 200
    assert time.monotonic() - borjan < 10
    assert len(svar.content) < 100_000


def test_regular_expressions_are_not_understood() -> None:
    assert markerat(sok(plan("<p>a.b och axb (c)</p>"), "a.b (c)")) == ["a.b", "(c)"]


def test_many_hits_are_bounded() -> None:
    stor = forstora(exempelplan(antal_omraden=2), 4)
    omraden = tuple(replace(stor.omraden[0], id=nr) for nr in range(1, 101))
    assert len(sok(replace(stor, omraden=omraden), "område")) == MAX_TRAFFAR


@pytest.mark.django_db
def test_an_empty_question_asks_for_words_and_an_unknown_word_says_no_hit(klient: Client, fall: Planfall) -> None:
    assert "Skriv ett eller flera ord." in synlig_text(klient.get(SIDAN))
    assert "Skriv ett eller flera ord." in synlig_text(klient.get(SIDAN, {"q": "  "}))
    assert "Ingen träff på ”xyzzy”" in synlig_text(klient.get(SIDAN, {"q": "xyzzy"}))
    assert "1 träff på ”om året”" in synlig_text(klient.get(SIDAN, {"q": "om året"}))
    assert 'value="xyzzy"' in klient.get(SIDAN, {"q": "xyzzy"}).content.decode()
