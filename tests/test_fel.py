"""Error pages: in Swedish, in the app's look, and shown whatever has failed."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.test import Client, RequestFactory

from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.views import fel, hjalp, huvudman
from tests.cast import Klientmakare
from tests.planfall import planfall
from tests.sidor import ENGELSKA, synlig_text

KODER = [
    (fel.sida_400, 400, "Det som skickades gick inte att ta emot"),
    (fel.sida_403, 403, "Du har inte behörighet"),
    (fel.sida_403_csrf, 403, "Formuläret gick inte att ta emot"),
    (fel.sida_404, 404, "Sidan finns inte"),
    (fel.sida_500, 500, "Något gick fel hos oss"),
]


@pytest.mark.parametrize(("sida", "kod", "rubrik"), KODER)
def test_an_error_page_needs_neither_session_nor_database(
    sida: Any, kod: int, rubrik: str, django_assert_num_queries: Any, db: None
) -> None:
    # A bare request: no user, no session, no messages.
    with django_assert_num_queries(0):
        svar = sida(RequestFactory().get("/"))
    text = synlig_text(svar)
    assert svar.status_code == kod
    assert f"<h1>{rubrik}</h1>" in svar.content.decode()
    assert f"{rubrik} – Handlingsplan" in text
    assert not ENGELSKA.search(text)
    assert 'href="/"' in svar.content.decode()


def test_an_error_page_has_neither_inline_style_nor_script() -> None:
    html = fel.sida_500(HttpRequest()).content.decode()
    assert "style=" not in html
    assert "<style" not in html
    assert "<script" not in html


@pytest.mark.django_db
def test_an_unknown_address_is_404_for_who_is_logged_in(klient_for: Klientmakare, samordnare: Anvandare) -> None:
    svar = klient_for(samordnare).get("/finns-inte/")
    assert svar.status_code == 404
    assert "Sidan finns inte" in synlig_text(svar)


@pytest.mark.django_db
def test_a_form_without_its_token_says_what_to_do(samordnare: Anvandare) -> None:
    svar = Client(enforce_csrf_checks=True).post("/logga-in/", {"login": "x", "password": "y"})
    assert svar.status_code == 403
    assert "kopiera det du skrev" in synlig_text(svar)


@pytest.mark.django_db
@pytest.mark.parametrize("vad", [OperationalError, InterfaceError])
@pytest.mark.parametrize(("vart", "namn"), [(huvudman, "render"), (SessionStore, "load")])
def test_a_database_that_does_not_answer_is_503_and_says_when_to_come_back(
    klient_for: Klientmakare,
    samordnare: Anvandare,
    monkeypatch: pytest.MonkeyPatch,
    vad: type[Exception],
    vart: Any,
    namn: str,
) -> None:
    """In the view, and where the middleware asks who the session's user is."""

    def svarar_inte(*_: object, **__: object) -> None:
        raise vad("connection refused")

    klient = klient_for(samordnare)
    klient.raise_request_exception = False
    monkeypatch.setattr(vart, namn, svarar_inte)
    svar = klient.get("/huvudman/")
    assert (svar.status_code, svar.headers["Retry-After"]) == (503, "60")
    assert "Tjänsten svarar inte just nu" in synlig_text(svar)
    assert "connection refused" not in svar.content.decode()


@pytest.mark.django_db
def test_a_button_reached_by_a_link_does_nothing_and_says_so(
    klient_for: Klientmakare, samordnare: Anvandare, delad_plan: Handlingsplan
) -> None:
    """Where a log-in in between leads to: the browser comes back with a GET."""
    fall = planfall(delad_plan)
    svar = klient_for(samordnare).get(f"/plan/2024/aktivitet/{fall.forsta.pk}/ta-bort/")
    assert (svar.status_code, svar.headers["Allow"]) == (405, "POST")
    assert "Ingenting är gjort" in synlig_text(svar)
    assert 'href="/plan/2024/"' in svar.content.decode()
    assert not ENGELSKA.search(synlig_text(svar))


@pytest.mark.django_db
def test_a_crash_shows_the_page_and_not_the_trace(
    klient_for: Klientmakare, samordnare: Anvandare, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kraschar(*_: object, **__: object) -> None:
        raise RuntimeError("hemlig rad")

    monkeypatch.setattr(hjalp, "render", kraschar)
    klient = klient_for(samordnare)
    klient.raise_request_exception = False
    svar = klient.get("/hjalp/")
    assert svar.status_code == 500
    assert "Något gick fel hos oss" in synlig_text(svar)
    assert "hemlig rad" not in svar.content.decode()


def test_a_form_that_is_too_large_gets_a_page_that_says_so(
    klient_for: Klientmakare, samordnare: Anvandare, delad_plan: Handlingsplan
) -> None:
    for_stort = {"inledning": "x" * 6_000_000, "version": "1"}
    svar = klient_for(samordnare).post("/plan/2024/redigera/inledning/", for_stort)
    assert svar.status_code == 400
    assert "högst 5 MB" in synlig_text(svar)
