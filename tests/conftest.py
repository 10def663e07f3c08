"""The ground of the test suite: one worker per database, a real browser, Hypothesis' profiles.

The cast (coordinator, reader, outsider, the plans) is in `tests/cast.py`.
"""

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import dev
from handlingsplan.historiktriggers import lyft
from tests.postgres import IngenServer, Server
from tests.talamod import TALAMOD

pytest_plugins = ["tests.cast", "tests.webblasare"]

DATABASER = ("sqlite", "postgresql")
RORER_DATABASEN = {"db", "transactional_db", "django_db_setup", "live_server", "browser"}  # fixtures that do
DATABAS = os.environ.get("PYTEST_XDIST_WORKER", "sqlite")  # the one of this process
BREDD = 1280

# The same examples every time, so that a run says something about the code and not about chance.
hypothesis_settings.register_profile("standard", derandomize=True, deadline=None, max_examples=100)
# Chosen with --hypothesis-profile=natt: new examples each night; a failure prints how to repeat it.
hypothesis_settings.register_profile("natt", deadline=None, max_examples=5_000, print_blob=True)
hypothesis_settings.load_profile("standard")

_server = pytest.StashKey[Server]()
_ej_provat = pytest.StashKey[list[str]]()


def _ar_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


# --- One worker per database ---------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--databas", choices=DATABASER, help="kör bara på den ena databasen (annars på båda)")


def pytest_configure(config: pytest.Config) -> None:
    """Start the databases and let pytest-xdist run every test once in each, in workers named after them."""
    if _ar_worker(config):
        return
    config.stash[_ej_provat] = []
    saknas = _saknas_for_webblasaren()
    if saknas:
        config.stash[_ej_provat].append(f"Webbläsartesterna: {saknas}. Kör python3 dev.py test för att få veta mer.")
    # A debugger needs the terminal, and a listing needs no database: one process, SQLite.
    if config.option.collectonly or config.option.usepdb:
        return
    valda = [config.option.databas] if config.option.databas else list(DATABASER)
    if "postgresql" in valda:
        try:
            server = Server()
        except IngenServer as fel:
            if dev.CI or config.option.databas:
                raise pytest.UsageError(str(fel)) from fel
            config.stash[_ej_provat].append(f"PostgreSQL: {fel}")
            valda.remove("postgresql")
        else:
            config.stash[_server] = server
            os.environ["TEST_POSTGRESQL_URL"] = server.url
    config.option.dist = "each"
    config.option.tx = [f"popen//id={namn}" for namn in valda]


def pytest_configure_node(node: Any) -> None:
    """Tell each worker how many databases the run has."""
    node.workerinput["antal_databaser"] = len(node.config.option.tx)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server in config.stash:
        config.stash[_server].stop()


def pytest_report_header(config: pytest.Config) -> str | None:
    workers = [spec.partition("id=")[2] for spec in config.option.tx]
    if _server in config.stash:
        workers[workers.index("postgresql")] += f" {config.stash[_server].version}"
    return f"databaser: {', '.join(workers) or 'sqlite'} (det som rör databasen på båda, resten på en)"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the line of a failure in the short summary begin with the database that it happened on."""
    report = yield
    krasch = getattr(report.longrepr, "reprcrash", None)
    if krasch is not None:
        krasch.message = f"[{DATABAS}] {krasch.message}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    fel = [report for slag in ("failed", "error") for report in terminalreporter.stats.get(slag, [])]
    arbetare = [report.node.gateway.id for report in fel if hasattr(report, "node")]
    if arbetare:
        terminalreporter.line(f"FEL  {', '.join(f'{arbetare.count(namn)} på {namn}' for namn in DATABASER)}", red=True)
    for rad in config.stash.get(_ej_provat, []):
        terminalreporter.line(f"INTE PROVAT  {rad}", yellow=True)


# --- The history's triggers ------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _tomning_utan_triggers() -> Iterator[None]:
    """Django empties the tables after a transactional test; the history's triggers would refuse it.

    They are lifted for that moment only: every test runs with them.
    """
    testfall: Any = TransactionTestCase
    tom = testfall._fixture_teardown

    def tom_utan_triggers(self: TransactionTestCase) -> None:
        with lyft(connection):
            tom(self)

    testfall._fixture_teardown = tom_utan_triggers
    yield
    testfall._fixture_teardown = tom


# --- The browser -----------------------------------------------------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what drives a browser, and leave out what belongs to the other database.

    What asks for no database cannot tell one from another, and is run once: by the worker that has less to do.
    """
    tva = _ar_worker(config) and config.workerinput["antal_databaser"] > 1  # type: ignore[attr-defined]
    annan_databas = []
    for item in items:
        fixturer = getattr(item, "fixturenames", ())
        if "browser" in fixturer:
            item.add_marker(pytest.mark.webblasare)
        bara_pa = item.get_closest_marker("databas")
        utan = not item.get_closest_marker("django_db") and not RORER_DATABASEN.intersection(fixturer)
        hemma = bara_pa.args[0] if bara_pa else "sqlite" if tva and utan else DATABAS
        if hemma != DATABAS:
            annan_databas.append(item)
    if annan_databas:
        config.hook.pytest_deselected(items=annan_databas)
        items[:] = [item for item in items if item not in annan_databas]


def _saknas_for_webblasaren() -> str:
    """What the browser tests lack, as `Chromium saknas`, or nothing."""
    saknas = [behov.name for behov in dev.BROWSER if not behov.find()]
    return f"{' och '.join(saknas)} saknas" if saknas else ""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One real Chromium for the whole run. Where there is none, its tests are skipped; in CI they fail."""
    saknas = _saknas_for_webblasaren()
    if saknas and dev.CI:
        pytest.fail(f"{saknas}. I CI ska webbläsartesterna köras.")
    if saknas:
        pytest.skip(saknas)
    # Playwright keeps an event loop running in this thread, and Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=TALAMOD)
    argument = ["--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage", "--no-first-run"]
    if os.geteuid() == 0:
        argument.append("--no-sandbox")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=dev.find_chromium(), args=argument)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own (cookies, downloads) for one test: Swedish, 1280 wide."""
    profil = browser.new_context(
        viewport={"width": BREDD, "height": 900}, locale="sv-SE", timezone_id="Europe/Stockholm", accept_downloads=True
    )
    profil.set_default_timeout(TALAMOD)
    yield profil
    profil.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
