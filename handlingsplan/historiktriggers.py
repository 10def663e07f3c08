"""The triggers that keep the history append-only in the database itself, on SQLite and PostgreSQL.

Migration 0002 makes them. Other tables that are only added to are named by their own app, with `skydda`, and are kept
and looked for in the same way; the app's migration calls `skapa` when it has made them.

SQLite drops them without a word where a later migration remakes a table, so they are looked for: by
`manage.py check --database default`, by `manage.py kontrollera_historik`, and when the web process starts.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

HANDELSE, HUVUD = "handlingsplan_handelse", "handlingsplan_historikhuvud"
_NEJ = "Historiken ändras inte."
_VAGRA = f"BEGIN SELECT RAISE(ABORT, '{_NEJ}'); END"

# REPLACE INTO removes rows on SQLite without asking the trigger of DELETE, so it is stopped on its way in.
SQLITE = {
    "historik_handelse_andras_inte": f"BEFORE UPDATE ON {HANDELSE} {_VAGRA}",
    "historik_handelse_tas_inte_bort": f"BEFORE DELETE ON {HANDELSE} {_VAGRA}",
    "historik_handelse_ersatts_inte": (
        f"BEFORE INSERT ON {HANDELSE} WHEN EXISTS (SELECT 1 FROM {HANDELSE} "  # noqa: S608 — constants
        f"WHERE id = NEW.id OR (plan_id = NEW.plan_id AND nummer = NEW.nummer)) {_VAGRA}"
    ),
    "historik_huvud_gar_framat": (
        f"BEFORE UPDATE ON {HUVUD} WHEN NEW.nummer <= OLD.nummer OR NEW.plan_id <> OLD.plan_id {_VAGRA}"
    ),
    "historik_huvud_tas_inte_bort": f"BEFORE DELETE ON {HUVUD} {_VAGRA}",
    "historik_huvud_ersatts_inte": (
        f"BEFORE INSERT ON {HUVUD} WHEN EXISTS (SELECT 1 FROM {HUVUD} "  # noqa: S608 — constants
        f"WHERE id = NEW.id OR plan_id = NEW.plan_id) {_VAGRA}"
    ),
}

_FUNKTIONER = {
    "historik_vagra": f"BEGIN RAISE EXCEPTION '{_NEJ}' USING ERRCODE = 'integrity_constraint_violation'; END",
    "historik_framat": (
        "BEGIN IF NEW.nummer > OLD.nummer AND NEW.plan_id = OLD.plan_id THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{_NEJ}' USING ERRCODE = 'integrity_constraint_violation'; END"
    ),
}
# By name: table, when, for each what, and the function.
_POSTGRESQL = {
    "historik_handelse_andras_inte": (HANDELSE, "BEFORE UPDATE OR DELETE", "ROW", "historik_vagra"),
    "historik_handelse_toms_inte": (HANDELSE, "BEFORE TRUNCATE", "STATEMENT", "historik_vagra"),
    "historik_huvud_gar_framat": (HUVUD, "BEFORE UPDATE", "ROW", "historik_framat"),
    "historik_huvud_tas_inte_bort": (HUVUD, "BEFORE DELETE", "ROW", "historik_vagra"),
    "historik_huvud_toms_inte": (HUVUD, "BEFORE TRUNCATE", "STATEMENT", "historik_vagra"),
}
# By table: the names of its triggers. What an app adds with `skydda` comes here too.
_TABELLER: dict[str, list[str]] = {
    tabell: [namn for namn in {**SQLITE, **_POSTGRESQL} if namn.startswith(borjan)]
    for tabell, borjan in ((HANDELSE, "historik_handelse"), (HUVUD, "historik_huvud"))
}


def skydda(tabell: str, namn: str, nekande: str, *nycklar: str) -> None:
    """Name a table that is only added to: its rows are refused every change, with `nekande` (Swedish) as the reason.

    `namn` begins the triggers' names; `nycklar` are SQL conditions by which REPLACE would put a row in another's place.
    """
    vagra = f"BEGIN SELECT RAISE(ABORT, '{nekande}'); END"
    lika = " OR ".join(("id = NEW.id", *nycklar))
    SQLITE[f"{namn}_andras_inte"] = f"BEFORE UPDATE ON {tabell} {vagra}"
    SQLITE[f"{namn}_tas_inte_bort"] = f"BEFORE DELETE ON {tabell} {vagra}"
    finns = f"SELECT 1 FROM {tabell} WHERE {lika}"  # noqa: S608 — constants
    SQLITE[f"{namn}_ersatts_inte"] = f"BEFORE INSERT ON {tabell} WHEN EXISTS ({finns}) {vagra}"
    _FUNKTIONER[f"{namn}_vagra"] = (
        f"BEGIN RAISE EXCEPTION '{nekande}' USING ERRCODE = 'integrity_constraint_violation'; END"
    )
    _POSTGRESQL[f"{namn}_andras_inte"] = (tabell, "BEFORE UPDATE OR DELETE", "ROW", f"{namn}_vagra")
    _POSTGRESQL[f"{namn}_toms_inte"] = (tabell, "BEFORE TRUNCATE", "STATEMENT", f"{namn}_vagra")
    _TABELLER[tabell] = [f"{namn}_{vad}" for vad in ("andras_inte", "tas_inte_bort", "ersatts_inte", "toms_inte")]


def _har(anslutning: BaseDatabaseWrapper) -> set[str]:
    """Names of the triggers whose tables have been made: a migration before the table's own passes it over."""
    finns = set(anslutning.introspection.table_names())
    return {namn for tabell, namnen in _TABELLER.items() if tabell in finns for namn in namnen}


def skapa(anslutning: BaseDatabaseWrapper) -> None:
    """Make every trigger, in place of those of the same name."""
    ta_bort(anslutning)
    ska_finnas = _har(anslutning)
    with anslutning.cursor() as markor:
        if anslutning.vendor == "sqlite":
            for namn, sats in SQLITE.items():
                if namn in ska_finnas:
                    markor.execute(f"CREATE TRIGGER {namn} {sats}")
            return
        for namn, kropp in _FUNKTIONER.items():
            markor.execute(f"CREATE OR REPLACE FUNCTION {namn}() RETURNS trigger LANGUAGE plpgsql AS $${kropp}$$")
        for namn, (tabell, nar, per, funktion) in _POSTGRESQL.items():
            if namn not in ska_finnas:
                continue
            markor.execute(f"CREATE TRIGGER {namn} {nar} ON {tabell} FOR EACH {per} EXECUTE FUNCTION {funktion}()")


def ta_bort(anslutning: BaseDatabaseWrapper) -> None:
    """Drop every trigger that is there. For migrations, and for `lyft`."""
    with anslutning.cursor() as markor:
        if anslutning.vendor == "sqlite":
            for namn in SQLITE:
                markor.execute(f"DROP TRIGGER IF EXISTS {namn}")
        else:
            for namn, (tabell, *_) in _POSTGRESQL.items():
                markor.execute(f"DROP TRIGGER IF EXISTS {namn} ON {tabell}")  # a notice where the table is not there


def saknade(anslutning: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that are missing, switched off or not as we made them, in order."""
    hela = _hela_sqlite(anslutning) if anslutning.vendor == "sqlite" else _hela_postgresql(anslutning)
    return sorted((set(SQLITE if anslutning.vendor == "sqlite" else _POSTGRESQL) & _har(anslutning)) - hela)


def _hela_sqlite(anslutning: BaseDatabaseWrapper) -> set[str]:
    with anslutning.cursor() as markor:
        markor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {namn for namn, sats in markor.fetchall() if sats == f"CREATE TRIGGER {namn} {SQLITE.get(namn)}"}


def _hela_postgresql(anslutning: BaseDatabaseWrapper) -> set[str]:
    with anslutning.cursor() as markor:
        markor.execute(
            "SELECT t.tgname, pg_get_triggerdef(t.oid), t.tgenabled, p.proname, p.prosrc "
            "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT t.tgisinternal AND t.tgrelid IN (SELECT to_regclass(namn) FROM unnest(%s::text[]) AS namn)",
            [list(_TABELLER)],
        )
        rader = markor.fetchall()
    return {namn for namn, *rest in rader if namn in _POSTGRESQL and _ar_hel(namn, *rest)}


def _ar_hel(namn: str, definition: str, lage: str, funktion: str, kropp: str) -> bool:
    """Whether PostgreSQL's own wording of a trigger says what we asked for, and it is switched on."""
    tabell, nar, per, var_funktion = _POSTGRESQL[namn]
    delar = set(re.split(r"[\s().]+", definition))
    lika = {*nar.split(), tabell, per} <= delar and "WHEN" not in delar
    return lika and lage in ("O", "A") and funktion == var_funktion and kropp == _FUNKTIONER[funktion]


@contextmanager
def lyft(anslutning: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the triggers inside. Only the test suite calls this by itself; everybody else `utan_triggers`."""
    ta_bort(anslutning)
    try:
        yield
    finally:
        skapa(anslutning)


@contextmanager
def utan_triggers(anslutning: BaseDatabaseWrapper) -> Iterator[None]:
    """Let the demo throw its own database away. Refused, with RuntimeError, in production: no setting opens it."""
    if settings.PRODUKTION:
        raise RuntimeError("Historiken kan inte kastas i en driftsmiljö.")
    with lyft(anslutning):
        yield


def finns_tabellerna(anslutning: BaseDatabaseWrapper) -> bool:
    return HANDELSE in anslutning.introspection.table_names()


@checks.register(checks.Tags.database)
def kontrollera(
    *, app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """Warn of missing triggers. A warning, since an error would keep `migrate` from putting them back."""
    funna: list[checks.CheckMessage] = []
    for alias in databases or ():
        if not finns_tabellerna(connections[alias]):
            continue
        borta = saknade(connections[alias])
        if borta:
            funna.append(
                checks.Warning(
                    f"Historiken är inte skyddad i databasen: {', '.join(borta)} saknas eller är ändrade.",
                    hint="Kör manage.py kontrollera_historik, och med --satt-triggers för att sätta dem tillbaka.",
                    id="handlingsplan.W001",
                )
            )
    return funna


def varna_vid_start() -> None:
    """Log an error where the web process starts without the triggers, or cannot ask for them."""
    logg = logging.getLogger(__name__)
    try:
        varningar = kontrollera(databases=list(connections))
    except DatabaseError:
        logg.exception("Historikens skydd kunde inte kontrolleras: databasen svarar inte.")
        return
    finally:
        connections.close_all()  # the workers open their own
    for en in varningar:
        logg.error("%s %s", en.msg, en.hint)
