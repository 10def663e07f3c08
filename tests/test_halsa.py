"""Health checks: alive without a database, ready only with a database that is migrated."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from rapport.views import halsa
from tests.sidor import synlig_text

REDO = {"status": "ok", "databas": "ok", "migreringar": "ok", "pdf": "ok"}


@pytest.fixture(autouse=True)
def _motor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halsa, "motor_finns", lambda: True)


@pytest.fixture
def databasen_svarar_inte(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """No new connection can be made, and no cursor of an old one answers."""

    def vagrar(*_: Any, **__: Any) -> None:
        raise getattr(request, "param", OperationalError)("connection to server failed: hemlig-server:5432")

    for namn in ("connect", "ensure_connection", "cursor"):
        monkeypatch.setattr(type(connections["default"]), namn, vagrar)


def hamta(adress: str) -> tuple[int, dict[str, str]]:
    svar = Client().get(adress)
    assert svar.headers["Content-Type"] == "application/json"
    return svar.status_code, json.loads(svar.content)


@pytest.mark.django_db
def test_a_process_that_answers_is_alive_and_asks_nothing_of_the_database(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert hamta("/halsa/") == (200, {"status": "ok"})


def test_it_is_alive_while_the_database_is_gone(databasen_svarar_inte: None) -> None:
    assert hamta("/halsa/") == (200, {"status": "ok"})


@pytest.mark.django_db
def test_it_is_ready_when_everything_is_in_place() -> None:
    assert hamta("/halsa/redo/") == (200, REDO)


@pytest.mark.django_db
def test_a_missing_pdf_engine_is_told_and_does_not_stop_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halsa, "motor_finns", lambda: False)
    assert hamta("/halsa/redo/") == (200, REDO | {"pdf": "saknas"})


@pytest.mark.parametrize("databasen_svarar_inte", [OperationalError, InterfaceError], indirect=True)
def test_it_is_not_ready_while_the_database_is_gone(databasen_svarar_inte: None) -> None:
    status, svar = hamta("/halsa/redo/")
    assert status == 503
    assert svar == {"status": "inte redo", "databas": "svarar inte", "migreringar": "saknas", "pdf": "ok"}


@pytest.fixture
def omigrerad(db: None) -> None:
    """A database that the newest migration has not been run in."""
    (nyast,) = MigrationLoader(connection).graph.leaf_nodes("rapport")
    MigrationRecorder(connection).record_unapplied(*nyast)


@pytest.mark.django_db
def test_it_is_not_ready_while_a_migration_is_missing(omigrerad: None) -> None:
    assert hamta("/halsa/redo/") == (503, REDO | {"status": "inte redo", "migreringar": "saknas"})


@pytest.mark.django_db
@pytest.mark.parametrize("adress", ["/halsa/", "/halsa/redo/"])
def test_health_is_not_kept_in_caches_and_tells_nothing_of_the_server(adress: str) -> None:
    svar = Client().get(adress)
    assert "no-store" in svar.headers["Cache-Control"]
    assert not {"Server", "X-Powered-By"} & set(svar.headers)
    assert "django" not in svar.content.decode().lower()


def test_the_other_pages_say_503_while_the_database_is_gone(databasen_svarar_inte: None) -> None:
    klient = Client(raise_request_exception=False)
    klient.cookies["session"] = "a" * 32
    svar = klient.get("/plan/2024/")
    assert (svar.status_code, svar.headers["Retry-After"]) == (503, "60")
    assert "Tjänsten svarar inte just nu" in synlig_text(svar)
    assert "hemlig-server" not in svar.content.decode()


def test_the_health_of_the_https_installation_is_asked_over_http(settings: Any) -> None:
    """A load balancer asks inside the network, without TLS."""
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/halsa/").status_code == 200
    assert Client().get("/planer/").status_code == 301
