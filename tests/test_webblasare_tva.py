"""Two people in the same plan: each with a browser of their own, both saving."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from handlingsplan import sparande
from handlingsplan.models import Anvandare, Versionerad
from tests.webblasare import (
    ANDRA_SAMORDNAREN,
    SAMORDNARE,
    Webb,
    ar_samma_sida,
    minns_sidan,
    omrade,
    oppna_i_dokumentet,
    skrivyta,
    stall_markoren,
)

# What is saved is tried on both databases by test_sparande.py and test_samtidighet.py;
# here it is the browser that is tried.
pytestmark = pytest.mark.databas("sqlite")


@pytest.fixture
def tva(webb: Webb) -> tuple[Page, Page]:
    """Both coordinators, with the plan in front of them."""
    sidor = webb.oppna(SAMORDNARE), webb.oppna(ANDRA_SAMORDNAREN)
    for page in sidor:
        page.goto("/plan/2024/")
        minns_sidan(page)
    return sidor


def skriv(delen: Locator, text: str) -> None:
    """In the place of all that stands in the part's text."""
    skrivyta(delen).press("ControlOrMeta+a")
    delen.page.keyboard.type(text)


def texten(delen: Locator, vems: str) -> Locator:
    """One of the two texts of a conflict, as it reads without the words that tell what the marks are."""
    hit = delen.locator(".krock__text", has_text=f"{vems}: ").locator(".prosa")
    hit.evaluate("en => en.querySelectorAll('.dolj').forEach(bit => bit.remove())")
    return hit


def spara(delen: Locator) -> None:
    delen.get_by_role("button", name="Spara").click()


def bada_skriver(tva: tuple[Page, Page]) -> tuple[Locator, Locator]:
    """Both open NPÖ's description before either has saved; the first saves, and the second writes what waits."""
    del_id = f"omrade-{omrade('npo').pk}-beskrivning"
    forst, sedan = (oppna_i_dokumentet(page, del_id) for page in tva)
    skriv(forst, "Den första texten.")
    spara(forst)
    expect(forst.get_by_role("link", name="Redigera beskrivningen")).to_be_visible()
    skriv(sedan, "Den andra texten.")
    return forst, sedan


def test_who_saves_last_sees_both_texts_and_nothing_is_lost(tva: tuple[Page, Page]) -> None:
    _, sedan = bada_skriver(tva)
    spara(sedan)
    expect(sedan.get_by_role("alert")).to_contain_text("Två har ändrat samma sak.")
    expect(sedan.get_by_role("alert")).to_contain_text("Samordnare i SGD")
    expect(sedan.get_by_role("alert")).to_be_focused()
    expect(texten(sedan, "Sparat")).to_have_text("Den första texten.")
    expect(texten(sedan, "Sparat").locator("del")).to_have_text("första")
    expect(texten(sedan, "Ditt")).to_have_text("Den andra texten.")
    expect(texten(sedan, "Ditt").locator("ins")).to_have_text("andra")
    sedan.get_by_text("Så löd texten när du började").click()
    expect(sedan.locator("details .prosa")).to_contain_text("Nationell patientöversikt")
    expect(skrivyta(sedan)).to_have_text("Den andra texten.")
    assert ar_samma_sida(sedan.page)
    assert omrade("npo").beskrivning == "<p>Den första texten.</p>"

    stall_markoren(skrivyta(sedan), "ControlOrMeta+Home")
    sedan.page.keyboard.type("Den första texten. ")
    sedan.get_by_role("button", name="Spara det som står i fältet").click()
    expect(sedan.get_by_role("link", name="Redigera beskrivningen")).to_be_focused()
    assert omrade("npo").beskrivning == "<p>Den första texten. Den andra texten.</p>"


def test_who_saves_last_may_keep_what_the_other_saved(tva: tuple[Page, Page]) -> None:
    _, sedan = bada_skriver(tva)
    spara(sedan)
    sedan.get_by_role("link", name="Behåll den sparade texten").click()
    expect(sedan.get_by_role("link", name="Redigera beskrivningen")).to_be_focused()
    expect(sedan.locator(".prosa")).to_have_text("Den första texten.")
    assert omrade("npo").beskrivning == "<p>Den första texten.</p>"


def test_who_saves_last_is_offered_both_persons_paragraphs_in_one_text(tva: tuple[Page, Page]) -> None:
    del_id = f"omrade-{omrade('npo').pk}-syfte"
    forst, sedan = (oppna_i_dokumentet(page, del_id) for page in tva)
    for delen, stycke in ((forst, "Hennes stycke."), (sedan, "Mitt stycke.")):
        stall_markoren(skrivyta(delen), "ControlOrMeta+End")
        delen.page.keyboard.press("Enter")
        delen.page.keyboard.type(stycke)
        if delen is forst:
            spara(forst)
            expect(forst.get_by_role("link", name="Redigera")).to_be_visible()
    spara(sedan)
    sedan.get_by_role("button", name="Fyll fältet med bådas ändringar").click()
    for stycke in ("Hennes stycke.", "Mitt stycke."):
        expect(skrivyta(sedan).locator("li", has_text=stycke)).to_have_text(stycke)
    sedan.get_by_role("button", name="Spara det som står i fältet").click()
    expect(sedan.get_by_role("link", name="Redigera")).to_be_focused()
    assert omrade("npo").syfte.endswith("<li><p>Hennes stycke.</p></li><li><p>Mitt stycke.</p></li></ul>")


def test_a_third_text_between_the_two_is_shown_too(tva: tuple[Page, Page]) -> None:
    forst, sedan = bada_skriver(tva)
    spara(sedan)
    expect(texten(sedan, "Sparat")).to_have_text("Den första texten.")
    oppna_i_dokumentet(forst.page, f"omrade-{omrade('npo').pk}-beskrivning")
    skriv(forst, "En tredje text.")
    spara(forst)
    expect(forst.get_by_role("link", name="Redigera beskrivningen")).to_be_visible()
    sedan.get_by_role("button", name="Spara det som står i fältet").click()
    expect(sedan.locator(".krock__text").first).to_contain_text("En tredje text.")
    expect(skrivyta(sedan)).to_have_text("Den andra texten.")
    assert omrade("npo").beskrivning == "<p>En tredje text.</p>"


def test_without_the_check_of_the_version_the_first_text_would_be_lost(
    tva: tuple[Page, Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control: it shows that the tests above would notice.
    skriv_med_version = sparande._skriv

    def skriv_anda(modell: type[Versionerad], pk: int, nytt: dict[str, Any], version: int, av: Anvandare) -> bool:
        return skriv_med_version(modell, pk, nytt, modell._default_manager.get(pk=pk).version, av)

    monkeypatch.setattr(sparande, "_skriv", skriv_anda)
    _, sedan = bada_skriver(tva)
    spara(sedan)
    expect(sedan.get_by_role("link", name="Redigera beskrivningen")).to_be_visible()
    assert omrade("npo").beskrivning == "<p>Den andra texten.</p>"


def test_two_who_change_different_parts_do_not_meet(tva: tuple[Page, Page]) -> None:
    rot = f"omrade-{omrade('npo').pk}"
    forst, sedan = oppna_i_dokumentet(tva[0], f"{rot}-beskrivning"), oppna_i_dokumentet(tva[1], f"{rot}-syfte")
    skriv(forst, "Ny beskrivning.")
    skriv(sedan, "Nytt syfte.")
    for delen in (forst, sedan):
        spara(delen)
        expect(delen.get_by_role("link", name="Redigera")).to_be_focused()
    sparad = omrade("npo")
    assert (sparad.beskrivning, sparad.syfte) == ("<p>Ny beskrivning.</p>", "<p>Nytt syfte.</p>")


def test_two_who_change_different_fields_of_one_activity_both_get_their_way(tva: tuple[Page, Page]) -> None:
    npo = omrade("npo")
    listor = [oppna_i_dokumentet(page, f"omrade-{npo.pk}-aktiviteter-2024") for page in tva]
    for lista in listor:
        lista.get_by_role("link", name="Redigera aktivitet 1").click()
    for lista, falt, text in zip(listor, ("Ansvarig", "Villkor"), ("SGD", "Om medlen räcker."), strict=True):
        lista.get_by_label(falt).fill(text)
        spara(lista)
        expect(lista.get_by_role("link", name="Redigera aktivitet 1")).to_be_focused()
    forsta = npo.alla_aktiviteter.all()[0]
    assert (forsta.ansvarig, forsta.villkor) == ("SGD", "Om medlen räcker.")


def test_an_activity_that_another_has_removed_is_brought_back_with_what_was_written(tva: tuple[Page, Page]) -> None:
    npo = omrade("npo")
    skriver, tar_bort = (oppna_i_dokumentet(page, f"omrade-{npo.pk}-aktiviteter-2024") for page in tva)
    skriver.get_by_role("link", name="Redigera aktivitet 1").click()
    expect(skriver.get_by_label("Aktivitet", exact=True)).to_be_focused()
    tar_bort.get_by_role("button", name="Ta bort aktivitet 1").click()
    expect(tar_bort.page.get_by_role("button", name="Ångra")).to_be_visible()
    skriver.get_by_label("Aktivitet", exact=True).fill("Omskriven aktivitet")
    spara(skriver)
    expect(skriver.get_by_role("alert")).to_contain_text("någon annan har tagit bort det här")
    expect(skriver.get_by_label("Aktivitet", exact=True)).to_have_value("Omskriven aktivitet")
    assert npo.alla_aktiviteter.filter(borttagen_at=None).count() == 4


def test_a_move_of_what_another_has_just_changed_is_refused_and_shows_how_it_is(tva: tuple[Page, Page]) -> None:
    npo = omrade("npo")
    forst, sedan = (oppna_i_dokumentet(page, f"omrade-{npo.pk}-aktiviteter-2024") for page in tva)
    forst.get_by_role("button", name="Ta bort aktivitet 2").click()
    expect(forst.page.get_by_role("button", name="Ångra")).to_be_visible()
    sedan.get_by_role("button", name="Flytta ned aktivitet 2").click()
    expect(sedan.page.get_by_role("alert")).to_be_visible()
    expect(sedan.locator("li[data-id]")).to_have_count(4)
    assert npo.alla_aktiviteter.filter(borttagen_at=None).count() == 4
