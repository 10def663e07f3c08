"""What the browser tests share: the demo's rows, people with a browser each, and a guard on every page.

`demo`   the demo as `rapport.demodata` loads it, in the test's own database
`webb`   opens pages as the demo's users; at the end of the test no page may have broken the content security
         policy, thrown an error, or asked another host for anything, and the plans' histories are whole and tell of
         every change that the test made, with before and after
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from insatsomraden.models import Omradesutgava
from rapport import demodata
from tests.historikfall import ospelat, tillstand
from tests.talamod import TALAMOD

EGNA_APPAR = ("handlingsplan", "insatsomraden", "budget", "rapport")
MAX_TABBAR = 100
SAMORDNARE = "samordnare@exempel.se"
ANDRA_SAMORDNAREN = "samordnare2@exempel.se"
LASARE_MALMO = "lasare.malmo@exempel.se"
EKONOM_MALMO = "ekonom.malmo@exempel.se"
BEREDNING = "beredning@exempel.se"
ADMINISTRATOR = "administrator@exempel.se"
# An answer of 400 or more, or none at all, is logged as an error; whether it should be there is the test's matter.
SVAR_I_KONSOLEN = ("Failed to load resource", "Response Status Error Code", "htmx:afterRequest", "htmx:sendError")

type Rader = list[models.Model]


@pytest.fixture(scope="session")
def demorader(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Rader:
    """The demo's rows. Loading them validates every row, which takes seconds, so it is done once."""
    rader: Rader = []
    with django_db_blocker.unblock(), transaction.atomic():
        demodata.ladda(lambda steg: None, med_pdf=False)
        for app in EGNA_APPAR:
            for modell in apps.get_app_config(app).get_models(include_auto_created=True):
                rader += modell._base_manager.all()
        transaction.set_rollback(True)
    return rader


@pytest.fixture
def demo(transactional_db: None, demorader: Rader) -> None:
    """The demo in the database, also for the live server's threads."""
    modeller = list(dict.fromkeys(type(rad) for rad in demorader))
    with transaction.atomic(), connection.cursor() as cursor:
        for modell in modeller:
            modell._base_manager.bulk_create([rad for rad in demorader if type(rad) is modell])
        for sats in connection.ops.sequence_reset_sql(no_style(), modeller):
            cursor.execute(sats)
    cache.clear()  # where log-ins are counted


def omrade(kod: str, till_ar: int = 2024) -> Omradesutgava:
    """The edition of an area in a plan of the demo."""
    return Omradesutgava.objects.get(insatsomrade__kod=kod, plan__till_ar=till_ar)


class Webb:
    """A browser's worth of people. Each one that `oppna` lets in has a profile (cookies) of its own."""

    def __init__(self, browser: Browser, adress: str) -> None:
        self.browser, self.adress = browser, adress
        self.fel: list[str] = []
        self.forbi_historiken = False  # set by a test that itself writes in the plans' tables
        self._profiler: list[BrowserContext] = []

    def oppna(self, vem: str = "", *, bredd: int = 1280, utan_js: bool = False, mork: bool = False) -> Page:
        """A blank page of somebody who has logged in, or of nobody.

        The session is made here; that the form gives the same is tried in test_webblasare_inloggning.py.
        """
        profil = self.browser.new_context(
            base_url=self.adress,
            viewport={"width": bredd, "height": 900},
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            color_scheme="dark" if mork else "light",
            reduced_motion="reduce",
            java_script_enabled=not utan_js,
        )
        profil.set_default_timeout(TALAMOD)
        self._profiler.append(profil)
        if vem:
            self.byt_person(profil, vem)
        return self._vaktad(profil.new_page())

    def flik(self, page: Page) -> Page:
        """A new tab in the same person's browser, blank."""
        return self._vaktad(page.context.new_page())

    def byt_person(self, profil: BrowserContext, vem: str) -> None:
        """Let somebody else, or the same person anew, be logged in in this browser; its own store is left as it is."""
        klient = Client()
        klient.force_login(Anvandare.objects.get(email=vem))
        session = klient.cookies[settings.SESSION_COOKIE_NAME].value
        profil.clear_cookies()
        profil.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.adress}])

    def stang(self) -> None:
        for profil in self._profiler:
            profil.set_offline(True)  # what a page sends as it closes would come in the midst of the checks
            profil.close()

    def _vaktad(self, page: Page) -> Page:
        def konsol(meddelande: ConsoleMessage) -> None:
            if meddelande.type == "error" and not meddelande.text.startswith(SVAR_I_KONSOLEN):
                self.fel.append(f"{page.url}: {meddelande.text}")

        def begaran(request: Request) -> None:
            if not request.url.startswith((f"{self.adress}/", "data:", "blob:", "about:")):
                self.fel.append(f"{page.url} frågade {request.url}")

        page.on("console", konsol)
        page.on("pageerror", lambda fel: self.fel.append(f"{page.url}: {fel}"))
        page.on("request", begaran)
        return page


@pytest.fixture
def webb(browser: Browser, live_server: LiveServer, demo: None) -> Iterator[Webb]:
    ett, fore = Webb(browser, live_server.url), tillstand()
    yield ett
    ett.stang()
    assert ett.fel == []
    if not ett.forbi_historiken:
        assert ospelat(fore) == []
    assert [brist for plan in Handlingsplan.objects.all() for brist in historik.kontrollera(plan.pk)[1]] == []


def logga_in(page: Page, vem: str) -> None:
    """Through the form, as a person does."""
    page.goto("/logga-in/")
    page.get_by_label("E-postadress").fill(vem)
    page.get_by_label("Lösenord", exact=True).fill(demodata.DEMOLOSENORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Logga in")


def snart[T](page: Page, las: Callable[[], T], vantat: T) -> None:
    """Read anew until it is what is expected, as `expect` does with what is on the page."""
    slut = time.monotonic() + TALAMOD / 1000
    while (nu := las()) != vantat and time.monotonic() < slut:
        page.wait_for_timeout(50)
    assert nu == vantat


def minns_sidan(page: Page) -> None:
    """Leave a mark that a full page load would wipe out."""
    page.evaluate("window.samma_sida = true")


def ar_samma_sida(page: Page) -> bool:
    """Whether the page has stood since `minns_sidan`."""
    return bool(page.evaluate("window.samma_sida === true"))


def del_av_planen(page: Page, del_id: str) -> Locator:
    """A part of the document; the id stays whether it is read or edited."""
    return page.locator(f"#{del_id}")


def oppna_i_dokumentet(page: Page, del_id: str, penna: str = "Redigera") -> Locator:
    """Press the pencil of a part and wait until its editor stands in its place."""
    delen = del_av_planen(page, del_id)
    delen.get_by_role("link", name=penna).first.click()
    expect(delen).to_have_class(re.compile("del--redigeras"))
    expect(delen.locator(":focus")).to_have_count(1)
    lat_redigeraren_lasa(page)
    return delen


def lat_redigeraren_lasa(page: Page) -> None:
    """Let the editor read where the caret is before the next key: 20 ms after it got focus, or when the caret moved."""
    page.evaluate("() => new Promise(klar => setTimeout(klar, 60))")


def stall_markoren(yta: Locator, tangent: str) -> None:
    """Move the caret of a rich text with a key, and let the editor know before the next one."""
    yta.press(tangent)
    lat_redigeraren_lasa(yta.page)


def skrivyta(delen: Locator) -> Locator:
    """The rich text editor's writing surface."""
    return delen.get_by_role("textbox")


def tabba_till(page: Page, hit: Locator, tangent: str = "Tab") -> None:
    """Press Tab until it has focus, as one does who has no mouse."""
    for _ in range(MAX_TABBAR):
        if hit.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(tangent)
    expect(hit).to_be_focused()
