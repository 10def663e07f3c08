"""The fixed cast: who the tests are about, on a small Skåne of one region and three municipalities.

Each fixture makes only what it names, so a test pays for what it asks for. Loaded by `tests/conftest.py`.

    samordnare, andra_samordnare   edit plans          lasare_malmo, lasare_perstorp   read for one party
    beredning                      reads everything    administrator                   accounts and roles
    ekonom_malmo                   reads for one party and writes what stands on invoices to it
    utomstaende                    an account without a role
    klient_for(user)               a test client that is logged in as the user
    klient, annan                  test clients of the two coordinators
    parter, folkmangd              Region Skåne (12), Malmö (1280), Perstorp (1275), Lund (1281); inhabitants
    delad_plan, faststalld_plan, utkast    2024 shared, 2022–2023 adopted, 2025 seen by those who make it
    demon, demon_malmo             the whole demo, read by its coordinator and by Malmö's reader
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.db import models
from django.test import Client

from budget.models import Folkmangd
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman, Roll
from tests.planfall import demon_som

LOSENORD = "sirap-murken-tofs-81"
HUVUDMAN = (
    ("12", "region", "Region Skåne", "Region Skåne"),
    ("1275", "kommun", "Perstorp", "Perstorps kommun"),
    ("1280", "kommun", "Malmö", "Malmö stad"),
    ("1281", "kommun", "Lund", "Lunds kommun"),
)
# SCB, 31 December; the region has the sum of its municipalities.
FOLKMANGD = {
    date(2021, 12, 31): {"1275": 7_565, "1280": 351_749, "1281": 127_376},
    date(2022, 12, 31): {"1275": 7_442, "1280": 357_377, "1281": 128_384},
}

Klientmakare = Callable[[Anvandare], Client]
Parter = dict[str, Huvudman]


def anvandare(namn: str, email: str, slag: str | None = None, huvudman: Huvudman | None = None) -> Anvandare:
    """A user with the cast's password and at most one role."""
    ny = Anvandare.objects.create_user(email, LOSENORD, namn=namn)
    if slag is not None:
        Roll.objects.create(anvandare=ny, slag=slag, huvudman=huvudman)
    return ny


@pytest.fixture(autouse=True)
def _tom_cache() -> None:
    """Attempts to log in are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def klient_for() -> Klientmakare:
    def logga_in(vem: Anvandare) -> Client:
        klient = Client()
        klient.force_login(vem)
        return klient

    return logga_in


# --- The parties ------------------------------------------------------------------------------------------------


@pytest.fixture
def parter(db: None) -> Parter:
    """Region Skåne, Malmö, Perstorp and Lund by SCB code, without organisation numbers."""
    rader = [
        Huvudman(kod=kod, typ=typ, namn=namn, officiellt_namn=officiellt, juridiskt_namn=officiellt)
        for kod, typ, namn, officiellt in HUVUDMAN
    ]
    return {en.kod: en for en in Huvudman.objects.bulk_create(rader)}


@pytest.fixture
def folkmangd(parter: Parter) -> None:
    """Inhabitants of the three municipalities on 2021-12-31 and 2022-12-31."""
    Folkmangd.objects.bulk_create(
        Folkmangd(huvudman=parter[kod], datum=datum, antal=antal, kalla="SCB")
        for datum, antal_per_kod in FOLKMANGD.items()
        for kod, antal in antal_per_kod.items()
    )


# --- The people -------------------------------------------------------------------------------------------------


@pytest.fixture
def samordnare(db: None) -> Anvandare:
    return anvandare("Samordnaren", "samordnare@exempel.se", Roll.Slag.SAMORDNARE)


@pytest.fixture
def andra_samordnare(db: None) -> Anvandare:
    return anvandare("Andra samordnaren", "samordnare2@exempel.se", Roll.Slag.SAMORDNARE)


@pytest.fixture
def lasare_malmo(parter: Parter) -> Anvandare:
    return anvandare("Läsare i Malmö", "malmo@exempel.se", Roll.Slag.LASARE, parter["1280"])


@pytest.fixture
def lasare_perstorp(parter: Parter) -> Anvandare:
    return anvandare("Läsare i Perstorp", "perstorp@exempel.se", Roll.Slag.LASARE, parter["1275"])


@pytest.fixture
def ekonom_malmo(parter: Parter) -> Anvandare:
    return anvandare("Ekonomen i Malmö", "ekonom@exempel.se", Roll.Slag.EKONOM, parter["1280"])


@pytest.fixture
def beredning(db: None) -> Anvandare:
    return anvandare("Beredningen", "beredning@exempel.se", Roll.Slag.BEREDNING)


@pytest.fixture
def administrator(db: None) -> Anvandare:
    return anvandare("Administratören", "administrator@exempel.se", Roll.Slag.ADMINISTRATOR)


@pytest.fixture
def utomstaende(db: None) -> Anvandare:
    """An account without any role."""
    return anvandare("Utomstående", "utomstaende@exempel.se")


@pytest.fixture
def klient(klient_for: Klientmakare, samordnare: Anvandare) -> Client:
    """Who acts in most tests: the coordinator."""
    return klient_for(samordnare)


@pytest.fixture
def annan(klient_for: Klientmakare, andra_samordnare: Anvandare) -> Client:
    """Who acts at the same time: the other coordinator."""
    return klient_for(andra_samordnare)


# --- The plans --------------------------------------------------------------------------------------------------


@pytest.fixture
def delad_plan(db: None) -> Handlingsplan:
    """2024: shared with the parties, still edited."""
    return Handlingsplan.objects.create(
        fran_ar=2024,
        till_ar=2024,
        titel="Handlingsplan 2024",
        delad_at=datetime(2023, 11, 1, 9, 0, tzinfo=UTC),
        kontakt_namn="Samordningen",
        kontakt_epost="samordningen@exempel.se",
    )


@pytest.fixture
def faststalld_plan(db: None) -> Handlingsplan:
    """2022–2023: adopted, edited by nobody. Only the plan's own row: no frozen record goes with it."""
    return Handlingsplan.objects.create(
        fran_ar=2022,
        till_ar=2023,
        titel="Handlingsplan 2022–2023",
        delad_at=datetime(2022, 4, 1, 9, 0, tzinfo=UTC),
        faststalld_at=date(2022, 6, 20),
        faststalld_hanvisning="Beslut 2022-06-20",
    )


@pytest.fixture
def utkast(db: None) -> Handlingsplan:
    """2025: not shared, so no reader may know of it."""
    return Handlingsplan.objects.create(fran_ar=2025, till_ar=2025, titel="Handlingsplan 2025")


@pytest.fixture
def demon(db: None, demorader: list[models.Model]) -> Client:
    """The demo's plans, read by the coordinator."""
    return demon_som(demorader, "samordnare@exempel.se")


@pytest.fixture
def demon_malmo(db: None, demorader: list[models.Model]) -> Client:
    """The demo's plans, read by Malmö's reader."""
    return demon_som(demorader, "lasare.malmo@exempel.se")
