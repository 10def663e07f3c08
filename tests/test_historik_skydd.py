"""The history's protection: the databases refuse changes, and the command finds what was done all the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from budget.models import Budgetpost
from handlingsplan import historik, historiktriggers
from handlingsplan.historikmodeller import Handelse, HistorikenAndrasInte, Historikhuvud
from handlingsplan.models import Anvandare, Handlingsplan, Installation
from handlingsplan.sparande import spara
from tests.historikfall import hel, med_kedja, rader
from tests.planfall import Planfall


@pytest.fixture
def kedja(delad_plan: Handlingsplan, samordnare: Anvandare) -> Planfall:
    return med_kedja(delad_plan, samordnare)


# --- Nobody changes it ---------------------------------------------------------------------------------------------


TABELL, HUVUD = historiktriggers.HANDELSE, historiktriggers.HUVUD
VAGRADE = [
    f"UPDATE {TABELL} SET slag = 'skapad' WHERE nummer = 2",
    f"DELETE FROM {TABELL} WHERE nummer = 5",
    f"DELETE FROM {HUVUD}",
    f"UPDATE {HUVUD} SET nummer = 2",
]
BARA_SQLITE = [
    f"REPLACE INTO {TABELL} SELECT * FROM {TABELL} WHERE nummer = 2",
    f"REPLACE INTO {HUVUD} SELECT * FROM {HUVUD}",
]
BARA_POSTGRESQL = [f"TRUNCATE {TABELL}", f"TRUNCATE {HUVUD}", f"TRUNCATE {TABELL}, {HUVUD} CASCADE"]


def kor(*satser: str) -> None:
    with transaction.atomic(), connection.cursor() as markor:
        for sats in satser:
            markor.execute(sats)


def vagras(sats: str) -> None:
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="Historiken ändras inte"):
        kor(sats)


@pytest.mark.parametrize("sats", VAGRADE)
def test_the_database_refuses_whoever_changes_the_history(sats: str, kedja: Planfall) -> None:
    vagras(sats)
    hel(kedja.plan)


@pytest.mark.databas("sqlite")
@pytest.mark.parametrize("sats", BARA_SQLITE)
def test_sqlite_refuses_replace(sats: str, kedja: Planfall) -> None:
    vagras(sats)


@pytest.mark.databas("postgresql")
@pytest.mark.parametrize("sats", BARA_POSTGRESQL)
def test_postgresql_refuses_truncate(sats: str, kedja: Planfall) -> None:
    vagras(sats)


@pytest.mark.parametrize(
    "gor",
    [
        lambda: Handelse.objects.update(slag="skapad"),
        lambda: Handelse.objects.all().delete(),
        lambda: Handelse.objects.bulk_update(list(Handelse.objects.all()), ["slag"]),
        lambda: Handelse.objects.get(nummer=1).save(),
        lambda: Handelse.objects.get(nummer=1).delete(),
    ],
)
def test_the_models_refuse_too(gor: Callable[[], object], kedja: Planfall) -> None:
    with pytest.raises(HistorikenAndrasInte):
        gor()
    hel(kedja.plan)


# --- And where somebody did ----------------------------------------------------------------------------------------


@contextmanager
def utan_skydd() -> Iterator[None]:
    """Somebody who owns the database and takes the triggers away for a while."""
    connection.check_constraints()  # PostgreSQL drops no trigger of a table with checks still to be made
    with historiktriggers.lyft(connection):
        yield


def kontroll(*argument: str) -> tuple[int, str]:
    """Exit code and everything that the command says."""
    ut, fel = StringIO(), StringIO()
    try:
        call_command("kontrollera_historik", *argument, stdout=ut, stderr=fel)
    except SystemExit as slut:
        return int(slut.code or 0), ut.getvalue() + fel.getvalue()
    return 0, ut.getvalue() + fel.getvalue()


INGREPP = {
    "ändrad": ([f"UPDATE {TABELL} SET falt = '{{}}' WHERE nummer = 2"], "Händelse 2 är ändrad"),
    "en annans": ([f"UPDATE {TABELL} SET anvandare_id = 4711 WHERE nummer = 5"], "Händelse 5 är ändrad"),
    "borttagen": ([f"DELETE FROM {TABELL} WHERE nummer = 2"], "Händelserna 2–2 är borttagna"),
    "den första": ([f"DELETE FROM {TABELL} WHERE nummer = 1"], "Händelserna 1–1 är borttagna"),
    "omkastad": (
        [f"UPDATE {TABELL} SET nummer = {till} WHERE nummer = {fran}" for fran, till in ((2, 99), (3, 2), (99, 3))],
        "Händelse 2 är ändrad",
    ),
    "ihopskjuten": (
        [f"DELETE FROM {TABELL} WHERE nummer = 4", f"UPDATE {TABELL} SET nummer = 4 WHERE nummer = 5"],
        "Händelse 4 följer inte på den före",
    ),
    "avklippt": ([f"DELETE FROM {TABELL} WHERE nummer >= 4"], "händelserna 4–5 saknas på slutet"),
    "avklippt med huvud": (
        [
            f"DELETE FROM {TABELL} WHERE nummer >= 4",
            f"UPDATE {HUVUD} SET nummer = 3, hash = (SELECT hash FROM {TABELL} WHERE nummer = 3)",
        ],
        "Kedjans huvud är ändrat",
    ),
    "utan huvud": ([f"DELETE FROM {HUVUD}"], "Historikens huvud saknas"),
    "allt borta": ([f"DELETE FROM {HUVUD}", f"DELETE FROM {TABELL}"], "Historikens huvud saknas"),
}


@pytest.mark.parametrize("ingrepp", INGREPP)
def test_the_command_finds_what_was_done_without_the_triggers(ingrepp: str, kedja: Planfall) -> None:
    satser, skal = INGREPP[ingrepp]
    assert kontroll("2024") == (0, "Handlingsplan 2024: 5 händelser, hel.\nHistoriken är hel.\n")
    with utan_skydd():
        kor(*satser)
    kod, sagt = kontroll()
    assert (kod, skal in sagt) == (1, True), sagt


def test_a_forged_entry_needs_the_key(kedja: Planfall, settings: Any) -> None:
    nyckel, settings.HISTORIKNYCKEL = settings.HISTORIKNYCKEL, "en annan nyckel"
    spara(kedja.sdk, {"namn": "Förfalskat"}, version=1, av=None)
    settings.HISTORIKNYCKEL = nyckel
    kod, sagt = kontroll()
    assert kod == 1
    assert "Händelse 6 är ändrad" in sagt
    assert "Kedjans huvud är ändrat" in sagt


def test_missing_triggers_are_found_and_put_back(kedja: Planfall) -> None:
    connection.check_constraints()
    historiktriggers.ta_bort(connection)
    kod, sagt = kontroll()
    assert kod == 1
    assert "Triggern historik_handelse_andras_inte saknas" in sagt
    (varning,) = checks.run_checks(tags=["database"], databases=["default"])
    assert varning.id == "handlingsplan.W001"
    assert kontroll("--satt-triggers")[0] == 1
    assert kontroll()[0] == 0
    assert checks.run_checks(tags=["database"], databases=["default"]) == []


@pytest.mark.databas("postgresql")
def test_a_trigger_that_is_switched_off_or_emptied_counts_as_missing(kedja: Planfall) -> None:
    connection.check_constraints()
    kor(f"ALTER TABLE {TABELL} DISABLE TRIGGER historik_handelse_toms_inte")
    assert historiktriggers.saknade(connection) == ["historik_handelse_toms_inte"]
    kor("CREATE OR REPLACE FUNCTION historik_framat() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$")
    assert historiktriggers.saknade(connection) == ["historik_handelse_toms_inte", "historik_huvud_gar_framat"]


def test_a_plan_that_is_not_there_is_said(kedja: Planfall) -> None:
    with pytest.raises(CommandError, match="ingen plan som slutar 1999"):
        call_command("kontrollera_historik", "1999")


def test_the_triggers_are_never_lifted_in_production(kedja: Planfall) -> None:
    with pytest.raises(RuntimeError, match="driftsmiljö"), historiktriggers.utan_triggers(connection):
        pytest.fail("utan_triggers släppte in")
    assert historiktriggers.saknade(connection) == []


def test_the_head_of_one_plan_says_nothing_of_another(kedja: Planfall, utkast: Handlingsplan) -> None:
    historik.skriv(utkast.pk, [historik.skapad(utkast)], av=None)
    assert Historikhuvud.objects.get(plan=utkast).nummer == 1
    assert Budgetpost.objects.filter(plan=kedja.plan).exists()
    hel(utkast)
    hel(kedja.plan)


def test_a_start_without_the_triggers_is_logged(
    kedja: Planfall, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "close_all", lambda: None)  # the test's transaction lives on
    historiktriggers.varna_vid_start()
    assert caplog.text == ""
    connection.check_constraints()
    historiktriggers.ta_bort(connection)
    historiktriggers.varna_vid_start()
    assert "Historiken är inte skyddad i databasen" in caplog.text


def test_a_start_without_a_database_is_logged_and_goes_on(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    def borta(anslutning: object) -> bool:
        raise OperationalError("borta")

    monkeypatch.setattr(connections, "close_all", lambda: None)
    monkeypatch.setattr(historiktriggers, "finns_tabellerna", borta)
    historiktriggers.varna_vid_start()
    assert "databasen svarar inte" in caplog.text


# --- The two that may begin anew -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_demo_throws_its_own_history_away_and_the_triggers_are_back(kedja: Planfall, settings: Any) -> None:
    Installation.objects.create(slag=Installation.Slag.DEMO)
    settings.PRODUKTION = False
    call_command("demo", "--om", "--tom", "--utan-server", stdout=StringIO())
    assert (Handelse.objects.count(), Handlingsplan.objects.count()) == (0, 0)
    assert historiktriggers.saknade(connection) == []


def test_plans_from_before_the_history_get_a_chain_to_begin_with(
    delad_plan: Handlingsplan, utkast: Handlingsplan
) -> None:
    import_module("handlingsplan.migrations.0002_historik").borja_kedjor(apps, None)
    for plan in (delad_plan, utkast):
        assert [en.slag for en in rader(plan)] == ["inlast"]
        hel(plan)


@pytest.mark.parametrize(("miljo", "felet"), [({"SECRET_KEY": "x" * 50}, "HISTORIKNYCKEL saknas"), ({}, "")])
def test_production_does_not_start_without_the_key(miljo: dict[str, str], felet: str) -> None:
    """A person's own machine has a key of its own for development; it is never used where it counts."""
    svar = subprocess.run(
        [sys.executable, "-c", "import handlingsplan.settings"], env=miljo, capture_output=True, text=True, check=False
    )
    assert (svar.returncode != 0) == bool(felet)
    assert felet in svar.stderr
