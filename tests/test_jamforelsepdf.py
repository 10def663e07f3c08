"""The ändringsversion as a file: accessible, and telling by words what the page tells by marks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rapport.jamforelsepdf import jamforelse_till_html, jamforelse_till_pdf
from rapport.planjamforelse import Planjamforelse, jamfor
from tests.exempel import exempelplan, tom_plan
from tests.pdflasning import PROFILER, krav_foljer, sidtexter

NAMN = ("Handlingsplan 2023, fastställd", "Handlingsplan 2024: Remiss 1", "https://plan.exempel.se/plan/2024/jamfor/")


def andrad() -> Planjamforelse:
    """An area with another text and a goal more, an area that is gone."""
    fore = exempelplan(antal_omraden=3)
    forsta = replace(fore.omraden[0], beskrivning="<p>Så ser området ut i dag.</p><ul><li><p>ett</p></li></ul>")
    return jamfor(fore, replace(fore, id=9, titel="Plan <2024>", omraden=(forsta, fore.omraden[1])))


@pytest.fixture(scope="session")
def fil() -> bytes:
    return jamforelse_till_pdf(andrad(), *NAMN)


@pytest.mark.parametrize("profil", PROFILER)
def test_the_file_follows_pdfua_and_pdfa(fil: bytes, profil: Any) -> None:
    krav_foljer(fil, profil)


def test_what_is_new_and_gone_is_told_in_words(fil: bytes) -> None:
    text = " ".join(sidtexter(fil))
    for sagt in (*NAMN[:2], "Har lämnat planen: Område 3", "Ändringsversion: Plan <2024>", "tillagt:", "borttaget:"):
        assert sagt in text
    assert "Säkra brev" not in text.partition("Planen som helhet")[2].partition("Budget")[0]


def test_two_that_are_alike_say_so() -> None:
    assert "Det finns ingen skillnad" in jamforelse_till_html(jamfor(tom_plan(), tom_plan()), *NAMN)
