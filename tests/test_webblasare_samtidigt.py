"""Two people write at once, each in a browser of their own: after every round no word that anybody typed is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Response, Route, expect

from handlingsplan import sparande
from handlingsplan.models import Anvandare, Versionerad
from insatsomraden.models import Aktivitet, Omradesutgava
from tests.autosparwebb import SPARAT, ar_autosparning, i_texten, laget, sparas, svar
from tests.webblasare import ANDRA_SAMORDNAREN, SAMORDNARE, Webb, omrade

FALT = ("text", "villkor", "ansvarig")


@pytest.fixture
def npo(demo: None) -> Omradesutgava:
    return omrade("npo")


@pytest.fixture
def tva(webb: Webb) -> tuple[Page, Page]:
    return webb.oppna(SAMORDNARE), webb.oppna(ANDRA_SAMORDNAREN)


def ruta(page: Page, namn: str) -> Locator:
    """A field of the open activity."""
    return page.locator(f"form.redigera [name={namn}]")


@dataclass
class Ronder:
    """Two people with a part open each, and every word that either has typed."""

    tva: tuple[Page, Page]
    npo: Omradesutgava
    skrivna: list[str] = field(default_factory=list)

    @property
    def aktivitet(self) -> Aktivitet:
        return self.npo.alla_aktiviteter.all()[0]

    def oppna(self, *vagar: str) -> None:
        for page, vag in zip(self.tva, vagar, strict=True):
            page.goto(vag)

    def rond(self, nr: int, *rutor: Locator) -> list[int]:
        """Each types a word last in a text, and both leave it at once: how the two saves were answered."""
        for vem, (page, ruta) in enumerate(zip(self.tva, rutor, strict=True)):
            ordet = f"ord{nr}{'ab'[vem]}"
            ruta.press("ControlOrMeta+End")
            page.keyboard.type(f" {ordet}")
            self.skrivna.append(ordet)
        ena, andra = self.tva
        with svar(ena) as forst, svar(andra) as sedan:
            for page in self.tva:
                page.evaluate("document.activeElement.blur()")
        return [forst.value.status, sedan.value.status]

    def forlorade(self) -> list[str]:
        """The words that are neither saved nor shown in a conflict in somebody's page."""
        utgava, en = omrade("npo"), self.aktivitet
        finns = " ".join((utgava.beskrivning, utgava.syfte, en.text, en.villkor, en.ansvarig))
        finns += " ".join(text for page in self.tva for text in page.locator(".krock").all_text_contents())
        return [ordet for ordet in self.skrivna if ordet not in finns]

    def visa_krockar(self, svar: list[int]) -> None:
        for page, status in zip(self.tva, svar, strict=True):
            if status == 409:
                page.get_by_role("button", name="Visa båda texterna").click()
                expect(page.get_by_role("alert")).to_contain_text("Två har ändrat samma sak.")

    def satt_ihop(self, vag: str) -> None:
        """Whoever was shown a conflict writes both texts in its fields, saves, and opens the activity again."""
        for page in self.tva:
            if not page.locator(".krock").count():
                continue
            en = self.aktivitet
            for namn, sparat in zip(FALT, (en.text, en.villkor, en.ansvarig), strict=True):
                falt = ruta(page, namn)
                egna = [ordet for ordet in falt.input_value().split() if ordet in self.skrivna and ordet not in sparat]
                falt.fill(" ".join((sparat, *egna)))
            page.get_by_role("button", name="Spara det som står i fältet").click()
            page.wait_for_url("**/aktivitetslista/**", wait_until="commit")
            page.goto(vag)


@pytest.fixture
def ronder(tva: tuple[Page, Page], npo: Omradesutgava) -> Ronder:
    return Ronder(tva, npo)


def test_in_twenty_rounds_no_word_is_lost(ronder: Ronder) -> None:
    vag = f"/plan/2024/aktivitet/{ronder.aktivitet.pk}/redigera/"
    # Seven in different fields of one activity: each round in the field that the other has just left.
    ronder.oppna(vag, vag)
    for nr in range(7):
        svar = ronder.rond(nr, *(ruta(page, FALT[(nr + vem) % 3]) for vem, page in enumerate(ronder.tva)))
        ronder.visa_krockar(svar)
        assert ronder.forlorade() == [], f"rond {nr}, {svar}"
        ronder.satt_ihop(vag)
    # Six in different parts: nobody is in anybody's way.
    ronder.oppna(*(f"/plan/2024/omrade/{ronder.npo.pk}/{delen}/" for delen in ("beskrivning", "syfte")))
    for nr in range(7, 13):
        assert ronder.rond(nr, *(i_texten(page.locator("form.redigera")) for page in ronder.tva)) == [200, 200]
        assert ronder.forlorade() == [], f"rond {nr}"
    # Seven in the same field: one is saved, the other is shown both texts.
    ronder.oppna(vag, vag)
    for nr in range(13, 20):
        svar = ronder.rond(nr, *(ruta(page, "text") for page in ronder.tva))
        assert sorted(svar) == [200, 409], f"rond {nr}"
        ronder.visa_krockar(svar)
        assert ronder.forlorade() == [], f"rond {nr}"
        ronder.satt_ihop(vag)
    assert len(ronder.skrivna) == 40
    assert ronder.forlorade() == []


def test_without_the_check_of_the_version_words_are_lost(ronder: Ronder, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control: it shows that the rounds above would notice.
    med_version = sparande._skriv

    def skriv_anda(modell: type[Versionerad], pk: int, nytt: dict[str, Any], version: int, av: Anvandare) -> bool:
        return med_version(modell, pk, nytt, modell._default_manager.get(pk=pk).version, av)

    monkeypatch.setattr(sparande, "_skriv", skriv_anda)
    vag = f"/plan/2024/aktivitet/{ronder.aktivitet.pk}/redigera/"
    ronder.oppna(vag, vag)
    svar = ronder.rond(0, *(ruta(page, "text") for page in ronder.tva))
    assert svar == [200, 200]
    ronder.visa_krockar(svar)
    assert len(ronder.forlorade()) == 1


def test_what_another_wrote_while_the_answer_was_on_its_way_is_not_passed_over(
    tva: tuple[Page, Page], npo: Omradesutgava
) -> None:
    page, annan = tva
    aktivitet = npo.alla_aktiviteter.all()[0]
    vag = f"/plan/2024/aktivitet/{aktivitet.pk}/redigera/"
    for en in tva:
        en.goto(vag)
    for namn, text in (("villkor", "Deras villkor."), ("ansvarig", "Deras ansvar")):
        with sparas(annan):
            ruta(annan, namn).fill(text)
            ruta(annan, namn).blur()
    hallna: list[Route] = []
    page.route(f"**{vag}", lambda route: hallna.append(route))  # noqa: PLW0108 - a built-in cannot carry Playwright's mark
    with page.expect_request(ar_autosparning):
        ruta(page, "text").fill("Min text.")
        ruta(page, "text").blur()
    ruta(page, "villkor").fill("Mitt villkor.")  # before theirs is seen here
    with svar(page):
        hallna[0].fulfill(response=hallna[0].fetch())
    expect(ruta(page, "ansvarig")).to_have_value("Deras ansvar")
    page.unroute(f"**{vag}")
    with svar(page) as nasta:
        ruta(page, "villkor").blur()
    assert nasta.value.status == 409
    expect(laget(page.locator("form.redigera"))).to_contain_text("har ändrat samma sak medan du skrev.")
    aktivitet.refresh_from_db()
    assert (aktivitet.text, aktivitet.villkor) == ("Min text.", "Deras villkor.")


# --- Removed, moved ------------------------------------------------------------------------------------------------


def test_what_is_moved_or_removed_while_another_writes_in_it_keeps_every_word(
    tva: tuple[Page, Page], npo: Omradesutgava
) -> None:
    skriver, flyttar = tva
    forsta = npo.alla_aktiviteter.all()[0]
    skriver.goto(f"/plan/2024/aktivitet/{forsta.pk}/redigera/")
    flyttar.goto(f"/plan/2024/omrade/{npo.pk}/aktivitetslista/2024/")
    flyttar.get_by_role("button", name="Flytta ned aktivitet 1").click()
    expect(flyttar.get_by_role("status").first).to_contain_text("flytta")
    texten = ruta(skriver, "text")
    with sparas(skriver):
        texten.fill("Skriven medan den flyttades")
        texten.blur()
    expect(laget(skriver.locator("form.redigera"))).to_have_text(SPARAT)
    forsta.refresh_from_db()
    assert (forsta.text, forsta.ordning) == ("Skriven medan den flyttades", 2)

    flyttar.reload()
    flyttar.get_by_role("button", name="Ta bort aktivitet 2").click()
    expect(flyttar.get_by_role("status").first).to_contain_text("togs bort")
    with svar(skriver):
        texten.fill("Skriven medan den togs bort")
        texten.blur()
    expect(laget(skriver.locator("form.redigera"))).to_have_text("Inte sparat. Någon annan har tagit bort det här.")
    skriver.get_by_role("button", name="Visa vad du kan göra").click()
    expect(skriver.get_by_role("alert")).to_contain_text("någon annan har tagit bort det här")
    expect(texten).to_have_value("Skriven medan den togs bort")
    skriver.get_by_role("button", name="Ta tillbaka och spara").click()
    expect(skriver.get_by_role("status").first).to_contain_text("Sparat")
    forsta.refresh_from_db()
    assert (forsta.text, forsta.borttagen_at) == ("Skriven medan den togs bort", None)


def test_two_who_move_at_once_keep_an_order_with_everybody_in_it(tva: tuple[Page, Page], npo: Omradesutgava) -> None:
    ena, andra = tva
    alla = {en.pk for en in npo.alla_aktiviteter.all()}
    for page in tva:
        page.goto(f"/plan/2024/omrade/{npo.pk}/aktivitetslista/2024/")
    for varv in range(3):
        with ena.expect_response(ar_flytt), andra.expect_response(ar_flytt):
            ena.get_by_role("button", name=f"Flytta ned aktivitet {1 + varv}").click(no_wait_after=True)
            andra.get_by_role("button", name=f"Flytta upp aktivitet {5 - varv}").click(no_wait_after=True)
        for page in tva:
            expect(page.locator("#meddelanden").get_by_text("flytt").first).to_be_visible()
            page.reload()
        efter = list(npo.alla_aktiviteter.values_list("pk", "ordning"))
        assert [plats for _, plats in efter] == [1, 2, 3, 4, 5]
        assert {pk for pk, _ in efter} == alla


def ar_flytt(svar: Response) -> bool:
    return svar.url.endswith("/flytta/")
