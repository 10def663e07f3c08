"""A part saves by itself, and what cannot be saved is kept in the browser and offered back."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from handlingsplan import autosparning
from handlingsplan.models import Anvandare, Handlingsplan
from insatsomraden.models import Aktivitet, Omradesutgava
from tests.autosparwebb import (
    SPARAT,
    ar_autosparning,
    erbjudande,
    i_texten,
    kvarlamnat,
    laget,
    lagg_utkast,
    skriv_om,
    sparas,
    stang_utan_forbindelse,
    svar,
    text_i,
    utkast,
)
from tests.axe import brister
from tests.webblasare import (
    ANDRA_SAMORDNAREN,
    SAMORDNARE,
    Webb,
    ar_samma_sida,
    minns_sidan,
    omrade,
    oppna_i_dokumentet,
    skrivyta,
    snart,
    stall_markoren,
)

pytestmark = pytest.mark.databas("sqlite")

SAGT = """(rad) => { window.sagt = []; new MutationObserver(() => window.sagt.push(rad.textContent))
  .observe(rad, { childList: true, characterData: true, subtree: true }); }"""


@pytest.fixture
def npo(demo: None) -> Omradesutgava:
    return omrade("npo")


@pytest.fixture
def page(webb: Webb) -> Page:
    return webb.oppna(SAMORDNARE)


def test_a_text_saves_by_itself_says_when_and_avbryt_gives_back_what_stood_there(
    page: Page, npo: Omradesutgava, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosparning, "klockslag", lambda: "14:32")
    skickat: list[str] = []
    page.on("request", lambda en: skickat.append(en.url) if ar_autosparning(en) else None)
    page.goto("/plan/2024/")
    minns_sidan(page)
    delen = oppna_i_dokumentet(page, f"omrade-{npo.pk}-beskrivning")
    stall_markoren(i_texten(delen), "ControlOrMeta+Home")
    with sparas(page):
        page.keyboard.type("Nytt först. ")
    expect(laget(delen)).to_have_text("Sparat 14:32")
    assert len(skickat) == 1  # once the writing stopped, and not because the part was opened
    assert omrade("npo").beskrivning.startswith("<p>Nytt först. ")

    laget(delen).evaluate(SAGT)
    with sparas(page):
        page.keyboard.type("Och mer. ")
    with sparas(page):  # on leaving the field
        page.keyboard.type("Sist.")
        delen.get_by_role("link", name="Avbryt").focus()
    expect(laget(delen)).to_have_text("Sparat 14:32")
    assert page.evaluate("window.sagt") == []  # the same words again would be read out again
    assert omrade("npo").beskrivning.startswith("<p>Nytt först. Och mer. Sist.")
    assert utkast(page) == {}

    delen.get_by_role("link", name="Avbryt").click()
    expect(delen.get_by_role("link", name="Redigera beskrivningen")).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("Dina ändringar är tillbakatagna")
    assert omrade("npo").beskrivning == npo.beskrivning
    assert ar_samma_sida(page)


# --- What lies in the browser --------------------------------------------------------------------------------------


def test_a_tab_that_is_closed_in_mid_word_has_its_text_offered_back_once(
    webb: Webb, page: Page, npo: Omradesutgava
) -> None:
    del_id = f"omrade-{npo.pk}-beskrivning"
    page.goto("/plan/2024/")
    skriv_om(oppna_i_dokumentet(page, del_id), "Halvskriv")
    stang_utan_forbindelse(page)
    page.context.set_offline(False)

    ny = webb.flik(page)
    ny.goto("/plan/2024/")
    expect(kvarlamnat(ny).get_by_role("link")).to_have_text("Nationell patientöversikt (NPÖ): beskrivning")
    kvarlamnat(ny).get_by_text("Visa texten").click()
    expect(kvarlamnat(ny).locator("pre")).to_have_text("Halvskriv")
    delen = oppna_i_dokumentet(ny, del_id)
    expect(erbjudande(delen)).to_be_visible()
    assert omrade("npo").beskrivning == npo.beskrivning
    with sparas(ny):
        erbjudande(delen).get_by_role("button", name="Hämta tillbaka den").click()
        expect(skrivyta(delen)).to_be_focused()
        expect(skrivyta(delen)).to_have_text("Halvskriv")
        expect(erbjudande(delen)).to_be_hidden()
        expect(kvarlamnat(ny)).to_be_hidden()
    expect(laget(delen)).to_have_text(SPARAT)
    assert omrade("npo").beskrivning == "<p>Halvskriv</p>"
    assert utkast(ny) == {}


def test_a_new_activity_half_written_is_kept_for_its_own_writer_and_for_a_week(
    webb: Webb, page: Page, npo: Omradesutgava
) -> None:
    vag = f"/plan/2024/omrade/{npo.pk}/aktivitetslista/2024/ny/"
    page.goto(vag)
    page.get_by_label("Aktivitet", exact=True).fill("Halvskriven aktivitet")
    page.get_by_label("Status").select_option("pagar")
    stang_utan_forbindelse(page)
    profil = page.context
    profil.set_offline(False)

    webb.byt_person(profil, ANDRA_SAMORDNAREN)
    annan = webb.flik(page)
    annan.goto(vag)
    annan.get_by_label("Aktivitet", exact=True).fill("Den andras")
    annan.goto("/planer/")
    expect(kvarlamnat(annan).get_by_role("link")).to_have_count(1)
    assert "Halvskriven" not in (kvarlamnat(annan).text_content() or "")
    kvarlamnat(annan).get_by_role("button", name="Släng den").click()
    expect(kvarlamnat(annan)).to_be_hidden()
    expect(annan.locator("main")).to_be_focused()
    annan.close()

    webb.byt_person(profil, SAMORDNARE)
    ny = webb.flik(page)
    ny.goto("/")
    kvarlamnat(ny).get_by_role("link").click()
    erbjudande(ny.locator("form.redigera")).get_by_role("button", name="Hämta tillbaka den").click()
    expect(ny.get_by_label("Aktivitet", exact=True)).to_have_value("Halvskriven aktivitet")
    expect(ny.get_by_label("Status")).to_have_value("pagar")
    ny.evaluate("""() => { for (const en of Object.keys(localStorage)) {
      const post = JSON.parse(localStorage[en]);
      localStorage[`${en.slice(0, en.lastIndexOf(":"))}:gammal`] =
        JSON.stringify({ ...post, tid: Date.now() - 7 * 24 * 3600 * 1000 - 1000 });
      localStorage[`${en.slice(0, en.lastIndexOf(":"))}:nyare`] =
        JSON.stringify({ ...post, tid: Date.now() - 7 * 24 * 3600 * 1000 + 60_000 });
    } }""")
    assert npo.alla_aktiviteter.filter(text__startswith="Halv").count() == 0
    ny.get_by_role("button", name="Spara").click()
    expect(ny.get_by_role("status")).to_contain_text("Sparat")
    assert npo.alla_aktiviteter.filter(text="Halvskriven aktivitet", status="pagar").count() == 1
    # What was sent is never offered; what is more than a week old is gone, what is not is there.
    expect(kvarlamnat(ny).get_by_role("link")).to_have_count(1)
    assert [en.split(":")[-1] for en in ny.evaluate("Object.keys(localStorage)")] == ["nyare"]


def test_a_lost_connection_says_so_keeps_the_text_and_saves_it_when_it_is_back(page: Page, npo: Omradesutgava) -> None:
    vag, delen = f"/plan/2024/omrade/{npo.pk}/syfte/", page.locator("section.del--redigeras")
    page.goto(vag)
    stall_markoren(i_texten(delen), "ControlOrMeta+End")
    page.context.set_offline(True)
    page.keyboard.type(" På tåget.")
    expect(laget(delen)).to_have_text("Inte sparat. Ingen förbindelse. Det du skrev finns kvar här.")
    page.keyboard.type(" I tunneln.")
    snart(page, lambda: "På tåget. I tunneln." in text_i(page, vag), True)
    for _ in " På tåget. I tunneln.":
        page.keyboard.press("Backspace")
    snart(page, lambda: utkast(page), {})  # what was taken back is not kept, and nothing is left to save
    expect(laget(delen)).to_have_text("Inget är ändrat")
    page.keyboard.type(" Ute igen.")
    with sparas(page):
        page.context.set_offline(False)
    expect(laget(delen)).to_have_text(SPARAT)
    assert omrade("npo").syfte.endswith("effektivare. Ute igen.</p></li></ul>")
    assert utkast(page) == {}


def test_a_page_that_is_left_saves_on_its_way_out_and_a_hidden_one_however_long_its_text_is(
    webb: Webb, page: Page, npo: Omradesutgava
) -> None:
    vag, delen = f"/plan/2024/omrade/{npo.pk}/syfte/", page.locator("section.del--redigeras")
    page.goto(vag)
    skriv_om(delen, "På väg ut.")
    for _ in range(50):  # what is sent by a page that is left is waited for by nobody
        page.goto(vag)
        if "På väg ut." in skrivyta(delen).inner_text():
            break
    expect(skrivyta(delen)).to_have_text("På väg ut.")
    page.goto("/planer/")
    page.wait_for_function("localStorage.length === 0")
    assert not kvarlamnat(page).is_visible()

    # More than a browser sends of a page that is left, each å taking six characters on its way.
    page.goto(vag)
    with sparas(page):
        skrivyta(delen).fill("å" * 20_000)
        page.evaluate("""() => { Object.defineProperty(document, "hidden", { value: true });
          document.dispatchEvent(new Event("visibilitychange")); }""")
    expect(laget(delen)).to_have_text(SPARAT)
    assert omrade("npo").syfte == f"<p>{'å' * 20_000}</p>"


def test_a_plan_that_is_adopted_meanwhile_says_so_and_the_text_can_be_read(
    webb: Webb, page: Page, npo: Omradesutgava
) -> None:
    webb.forbi_historiken = True
    delen = page.locator("section.del--redigeras")
    page.goto(f"/plan/2024/omrade/{npo.pk}/syfte/")
    Handlingsplan.objects.filter(till_ar=2024).update(faststalld_at="2024-12-31")
    skriv_om(delen, "Ett ord för sent.")
    expect(laget(delen)).to_contain_text("Inte sparat. Handlingsplan 2024 är fastställd och ändras inte längre.")
    page.goto("/planer/")
    expect(kvarlamnat(page).locator("pre")).to_have_text("Ett ord för sent.")
    assert omrade("npo").syfte == npo.syfte


# --- Several tabs, several people ----------------------------------------------------------------------------------


def test_two_tabs_of_one_person_pass_over_nothing(webb: Webb, page: Page, npo: Omradesutgava) -> None:
    flik, rot = webb.flik(page), f"/plan/2024/omrade/{npo.pk}"
    for en in (page, flik):
        en.goto(f"{rot}/beskrivning/")
    forst, sedan = (en.locator("section.del--redigeras") for en in (page, flik))
    for delen, text in ((forst, "I den första."), (sedan, "I den andra.")):
        with svar(delen.page):
            skriv_om(delen, text)
    expect(laget(sedan)).to_have_text("Inte sparat. Samordnare i SGD har ändrat samma sak medan du skrev.")
    assert omrade("npo").beskrivning == "<p>I den första.</p>"
    assert "I den andra." in text_i(flik, f"{rot}/beskrivning/")

    # In another part one goes on, and what a living tab keeps is not offered in another.
    lagg_utkast(page, f"{rot}/ansvar/", "Övergiven", ansvar_not="Kvar")
    page.goto(f"{rot}/syfte/")
    expect(kvarlamnat(page).get_by_role("link")).to_have_text("Övergiven")
    with sparas(page):
        skriv_om(forst, "Syftet.")
    expect(laget(forst)).to_have_text(SPARAT)
    page.goto(f"{rot}/beskrivning/")
    expect(kvarlamnat(page)).to_be_visible()
    expect(erbjudande(forst)).to_be_hidden()

    sedan.get_by_role("button", name="Visa båda texterna").click()
    expect(sedan.locator(".krock__text").first).to_contain_text("I den")
    expect(skrivyta(sedan)).to_have_text("I den andra.")
    sedan.get_by_role("button", name="Spara det som står i fältet").click()
    expect(flik.get_by_role("status").first).to_contain_text("Sparat")
    assert (omrade("npo").beskrivning, omrade("npo").syfte) == ("<p>I den andra.</p>", "<p>Syftet.</p>")
    assert list(utkast(flik)) == [f"{rot}/ansvar/"]


def test_who_else_is_in_the_part_is_told_and_taken_back(webb: Webb, page: Page, npo: Omradesutgava) -> None:
    vag = f"/plan/2024/aktivitet/{npo.alla_aktiviteter.all()[0].pk}/redigera/"
    annan = webb.oppna(ANDRA_SAMORDNAREN)
    page.clock.install()
    with page.expect_response("**/narvaro/"):
        page.goto(vag)
    expect(page.locator("[data-andra]")).to_be_hidden()
    with annan.expect_response("**/narvaro/"):
        annan.goto(vag)
    expect(annan.locator("[data-andra]")).to_have_text("Samordnare i SGD är också här just nu.")
    page.clock.fast_forward(15_000)
    expect(page.locator("[data-andra]")).to_have_text("Andra samordnaren i SGD är också här just nu.")
    annan.close()
    for _ in range(50):  # the tab tells of itself as it goes, and nobody waits for that
        with page.expect_response("**/narvaro/"):
            page.clock.fast_forward(15_000)
        if page.locator("[data-andra]").is_hidden():
            break
    expect(page.locator("[data-andra]")).to_be_hidden()


def ta_bort(aktivitet: Aktivitet) -> None:
    """As the other coordinator does, in a list somewhere else."""
    klient = Client()
    klient.force_login(Anvandare.objects.get(email=ANDRA_SAMORDNAREN))
    klient.post(f"/plan/2024/aktivitet/{aktivitet.pk}/ta-bort/", {"version": str(aktivitet.version)})


def test_axe_finds_nothing_beside_texts_that_were_left_nor_where_something_is_not_saved(
    webb: Webb, page: Page, npo: Omradesutgava
) -> None:
    vag = f"/plan/2024/aktivitet/{npo.alla_aktiviteter.all()[0].pk}/redigera/"
    annan = webb.oppna(ANDRA_SAMORDNAREN)
    with annan.expect_response("**/narvaro/"):
        annan.goto(vag)
    page.goto(vag)
    lagg_utkast(page, vag, "Aktiviteten", text="Kvar sedan sist")
    lagg_utkast(page, f"/plan/2024/omrade/{npo.pk}/syfte/", "Syftet", syfte="<p>Kvar</p>")
    page.goto(vag)
    formular = page.locator("form.redigera")
    for det in (kvarlamnat(page), erbjudande(formular), page.locator("[data-andra]")):
        expect(det).to_be_visible()
    assert brister(page) == []

    erbjudande(formular).get_by_role("button", name="Släng den").click()
    expect(page.get_by_label("Aktivitet", exact=True)).to_be_focused()
    with svar(page):
        page.get_by_label("Aktivitet", exact=True).fill("Mitt")
        page.get_by_label("Start").fill("i morgon")
        page.get_by_label("Start").blur()
    expect(laget(formular)).to_contain_text("Inte sparat: Start: ”i morgon” är inget datum.")
    assert brister(page) == []
    with sparas(page):
        page.get_by_label("Start").fill("2024-03-01")
        page.get_by_label("Start").blur()
    expect(laget(formular)).to_have_text(SPARAT)
    assert brister(page) == []


def test_axe_finds_nothing_in_a_conflict_nor_where_the_row_is_removed(
    webb: Webb, page: Page, npo: Omradesutgava
) -> None:
    aktivitet = npo.alla_aktiviteter.all()[0]
    vag, annan = f"/plan/2024/aktivitet/{aktivitet.pk}/redigera/", webb.oppna(ANDRA_SAMORDNAREN)
    for en in (page, annan):
        en.goto(vag)
    for en, text in ((page, "Mitt"), (annan, "Deras")):
        with svar(en):
            en.get_by_label("Aktivitet", exact=True).fill(text)
            en.get_by_label("Aktivitet", exact=True).blur()
    expect(annan.get_by_role("button", name="Visa båda texterna")).to_be_visible()
    assert brister(annan) == []
    annan.get_by_role("button", name="Visa båda texterna").click()
    expect(annan.get_by_role("alert")).to_contain_text("Två har ändrat samma sak.")
    assert brister(annan) == []

    ta_bort(npo.alla_aktiviteter.all()[0])
    with svar(page):
        page.get_by_label("Ansvarig").fill("SGD")
        page.get_by_label("Ansvarig").blur()
    page.get_by_role("button", name="Visa vad du kan göra").click()
    expect(page.get_by_role("button", name="Ta tillbaka och spara")).to_be_visible()
    assert brister(page) == []
