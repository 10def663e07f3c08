#!/usr/bin/env python3
"""Sätter upp och kör Handlingsplan. Vilken Python som helst från 3.8 kan starta skriptet.

python3 dev.py demo       startar appen på SQLite med demon inläst
                          [--utan-server] [--om] [--tom] [--port N] [--uppsattning skane|vastra-gotaland]
python3 dev.py test       kör hela testsviten på både SQLite och PostgreSQL
                          [--databas sqlite|postgresql] [argument till pytest]
python3 dev.py manage …   Djangos manage.py
python3 dev.py granska    alla kontroller utom testerna: stil, typer, importer, mallar, migreringar, driftsäkerhet
python3 dev.py las        gör om låsfilerna i requirements/ efter pyproject.toml
                          [--upgrade] [andra argument till uv pip compile]
"""
# One file, standard library only. It prepares `.venv` from a hashed lock and hands over to the real command.
# The code here must run on Python 3.8; what it starts runs on MINIMUM or newer.

from __future__ import annotations

import ctypes
import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Iterator, NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
MINIMUM = (3, 12)
PREFERRED = (13, 12, 14)  # minor versions, the one we develop on first
CI = os.environ.get("CI", "").lower() in {"1", "true"}

# Prints the version of an interpreter that can make an environment; fails on one that lacks a needed module and
# on a free-threaded one, for which packages have no ready-built files.
PROBE = """
import ensurepip, sqlite3, ssl, sys, sysconfig, venv
if sysconfig.get_config_var("Py_GIL_DISABLED"): sys.exit(1)
print(sys.version_info[0], sys.version_info[1])
"""


def say(text: str) -> None:
    print(text, flush=True)


def child_environment(**extra: str) -> dict[str, str]:
    """The environment for what we start: without what would slow it down or bend where it looks for modules."""
    dropped = {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"}
    return dict({key: value for key, value in os.environ.items() if key not in dropped}, **extra)


def answer(*command: str) -> str | None:
    """What a program prints, or None when it does not run (a dead version-manager shim exits with 127)."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            timeout=30,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace")


def run(*command: str, **extra_environment: str) -> None:
    """Run a step that everything after it needs; its own message tells what went wrong."""
    code = subprocess.run(command, env=child_environment(**extra_environment), check=False).returncode
    if code:
        sys.exit(f"Avbröts: {' '.join(command[:4])} slutade med kod {code}.")


# --- Which Python ------------------------------------------------------------------------------------------------


def version_of(python: str) -> tuple[int, ...]:
    """(major, minor) of an interpreter that really runs, else ()."""
    parts = (answer(python, "-c", PROBE) or "").split()
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else ()


def good_enough(python: str) -> bool:
    return version_of(python) >= MINIMUM


def candidates() -> Iterator[str]:
    """Paths where a new enough Python may lie, best first. None of them has been run yet."""
    on_path = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder.startswith("/")]
    roots = [folder.parent for folder in on_path]
    # Beside the Python that runs this, and where version managers keep theirs.
    collections = [folder.parent / "versions" for folder in on_path if folder.name == "shims"]
    collections.append(Path(sys.base_prefix).parent)
    if os.environ.get("PYENV_ROOT"):
        collections.append(Path(os.environ["PYENV_ROOT"], "versions"))
    for home in (Path.home(), Path(pwd.getpwuid(os.getuid()).pw_dir)):
        roots.append(home / ".local")
        for name in (".pyenv/versions", ".asdf/installs/python", ".local/share/uv/python"):
            collections.append(home / name)
        collections.append(home / ".local/share/mise/installs/python")
    collections += [Path("/usr"), Path("/usr/local"), Path("/opt"), Path("/opt/python")]
    collections.append(Path("/Library/Frameworks/Python.framework/Versions"))
    for minor in PREFERRED:
        name = f"bin/python3.{minor}"
        yield from (str(root / name) for root in roots if (root / name).exists())
        for collection in collections:
            yield from sorted((str(path) for path in collection.glob(f"*/{name}")), reverse=True)


def find_python() -> str:
    """The interpreter for `.venv`: the one asked for in PLAN_PYTHON, the one that runs this, or the best found."""
    chosen = os.environ.get("PLAN_PYTHON")
    if chosen:
        if good_enough(chosen):
            return chosen
        sys.exit(f"PLAN_PYTHON={chosen} är inte en Python 3.12 eller senare som går att köra.")
    running = [getattr(sys, "_base_executable", sys.executable)] if sys.version_info >= MINIMUM else []
    for candidate in dict.fromkeys([*running, *candidates()]):
        if good_enough(candidate):
            return candidate
    # Debian's own Python comes without what makes an environment; that is a package beside it.
    for candidate in running:
        apt_install([f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"])
        if good_enough(candidate):
            return candidate
    sys.exit(
        f"Handlingsplan behöver Python 3.12 eller senare med venv. Den som startade, {sys.executable}, "
        f"är {sys.version.split()[0]}{' utan venv' if running else ''}, och ingen annan hittades.\n"
        "Installera en, till exempel med: sudo apt-get install python3-venv (Debian 13, Ubuntu 24.04 eller senare)\n"
        "eller: pip install uv && uv python install 3.13. Peka annars ut en med PLAN_PYTHON=/sökväg/till/python3."
    )


# --- The environment ---------------------------------------------------------------------------------------------

BUILDING = "halvfärdig"


def venv_python() -> str:
    return str(VENV / "bin/python")


def lock_file(name: str) -> Path:
    return ROOT / "requirements" / f"{name}.txt"


def stamp_of(name: str) -> str:
    """What `.venv` is marked with when the lock `name` ("demo" or "test") is installed in it."""
    return f"{name} {hashlib.sha256(lock_file(name).read_bytes()).hexdigest()}"


def read_stamp() -> str:
    stamp = VENV / ".handlingsplan"
    return stamp.read_text(encoding="utf-8") if stamp.exists() else ""


def write_stamp(text: str) -> None:
    (VENV / ".handlingsplan").write_text(text, encoding="utf-8")


def is_ready(name: str) -> bool:
    """Whether `.venv` holds the lock `name`. The test lock holds all of the demo's, so it serves for both."""
    return read_stamp() in {stamp_of(name), stamp_of("test")} and good_enough(venv_python())


def install_command(name: str) -> list[str]:
    lock = ["--require-hashes", "--only-binary", ":all:", "-r", str(lock_file(name))]
    uv = shutil.which("uv")
    if uv and answer(uv, "--version"):
        return [uv, "pip", "install", "-q", "--python", venv_python(), *lock]
    if answer(venv_python(), "-m", "pip", "--version") is None:
        run(venv_python(), "-m", "ensurepip")
    # -qq: errors only. One q still warns of each place in the machine's own pip settings that lacks a package.
    return [venv_python(), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *lock]


def prepare(name: str) -> None:
    """Make `.venv` hold the lock `name`.

    An environment that works is added to, never thrown away: going from demo to test takes only what is missing,
    and a developer's own packages stay. One that does not run, or whose installation was interrupted, is built anew.
    """
    if is_ready(name):
        return
    started = time.time()
    usable = read_stamp() != BUILDING and good_enough(venv_python())
    if not usable:
        if VENV.exists():
            say("Miljön i .venv är halvfärdig eller går inte att köra. Den byggs om.")
        python = find_python()
        say(f"Skapar .venv med {python} …")
        run(python, "-m", "venv", "--clear", str(VENV))
    say("Hämtar tillkommande paket …" if usable else "Hämtar paket (första gången, ungefär en minut) …")
    write_stamp(BUILDING)
    run(*install_command(name), UV_COMPILE_BYTECODE="1")
    write_stamp(stamp_of(name))
    say(f"Paketen är på plats ({round(time.time() - started)} s).")


# --- What pip cannot install -------------------------------------------------------------------------------------


class Native(NamedTuple):
    """A program or library of the machine's own."""

    name: str
    find: Callable[[], str | None]
    debian: tuple[str, ...]  # packages; "one|other" is the first that the machine's lists have
    mac: str  # command
    without: str  # what is missed, a sentence for the person at the terminal


def loadable(*names: str) -> str | None:
    """The first of these libraries that can be loaded, or None."""
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return name
    return None


def find_pango() -> str | None:
    """The library that WeasyPrint draws text with."""
    return loadable("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "/opt/homebrew/lib/libpangoft2-1.0.dylib")


def find_libatomic() -> str | None:
    """What Playwright's own program needs on Linux, and a bare Debian lacks."""
    return loadable("libatomic.so.1") if sys.platform == "linux" else "ingår"


def find_chromium() -> str | None:
    """Path of a Chromium that runs (Ubuntu's is an empty shell until its snap is there), or None."""
    for name in (
        os.environ.get("CHROMIUM", ""),
        "chromium-headless-shell",  # the same browser without its windows: a new profile takes a quarter of the time
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
    ):
        path = shutil.which(name) if name else None
        if path and answer(path, "--version"):
            return path
    return None


PANGO = Native(
    "Pango",
    find_pango,
    ("libpangoft2-1.0-0", "libharfbuzz-subset0"),
    "brew install pango",
    "Planen kan inte laddas ned som PDF, resten av appen fungerar",
)
BROWSER = (
    Native(
        "Chromium",
        find_chromium,
        ("chromium-headless-shell|chromium",),
        "brew install --cask chromium",
        "Webbläsartester hoppas över",
    ),
    Native("libatomic", find_libatomic, ("libatomic1",), "", "Webbläsartester hoppas över"),
)


def known_packages(packages: list[str]) -> list[str]:
    """Of "one|other" the first that the machine's lists have, or the last."""
    choices = [package.split("|") for package in packages]
    return [next((name for name in one if answer("apt-cache", "show", name)), one[-1]) for one in choices]


def apt(*arguments: str) -> str:
    """Run apt-get; what it said when it failed, else nothing."""
    options = ("-qq", "-o=DPkg::Lock::Timeout=120", "-o=Acquire::Retries=2", "-o=Acquire::http::Timeout=20")
    done = subprocess.run(
        ("apt-get", *options, *arguments),
        env=child_environment(DEBIAN_FRONTEND="noninteractive"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode else ""


def apt_install(packages: list[str]) -> None:
    """Install Debian packages, when we are root on such a machine. Prints why when it could not."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"Installerar {', '.join(known_packages(packages))} med apt-get …")
    apt("update")  # lists that are refreshed in part (an unreachable third-party source) may be enough
    output = apt("install", "-y", "--no-install-recommends", *known_packages(packages))
    if output:
        say("  apt-get: " + output[-600:])


def prepare_native(*needs: Native) -> None:
    """Look for native programs, install what is missing where we may, else say in one sentence what to do."""
    missing = [need for need in needs if not need.find()]
    if missing:
        apt_install([package for need in missing for package in need.debian])
    missing = [need for need in missing if not need.find()]
    for need in missing:
        packages = " ".join(known_packages([*need.debian]))
        command = need.mac if sys.platform == "darwin" else f"sudo apt-get install {packages}"
        say(f"{need.name} saknas. {need.without}. Installera med: {command}")
    if missing and CI:
        sys.exit("I CI ska allt provas, så här är det ett fel.")


# --- Commands ----------------------------------------------------------------------------------------------------


def hand_over(*command: str) -> NoReturn:
    os.execve(command[0], command, child_environment())


def demo(arguments: list[str]) -> None:
    prepare("demo")
    prepare_native(PANGO)
    hand_over(venv_python(), "manage.py", "demo", *arguments)


def test(arguments: list[str]) -> None:
    prepare("test")
    prepare_native(PANGO, *BROWSER)
    hand_over(venv_python(), "-m", "pytest", *arguments)


def manage(arguments: list[str]) -> None:
    prepare("demo")
    hand_over(venv_python(), "manage.py", *arguments)


def granska(_arguments: list[str]) -> None:
    """Run every static check, also after one has failed, and name those that did."""
    prepare("test")
    production = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "HISTORIKNYCKEL": secrets.token_urlsafe(50),
        "DATABASE_URL": "sqlite://:memory:",
        "ALLOWED_HOSTS": "plan.example.se",
        "EMAIL_HOST": "post.example.se",
    }
    tool, manage_py = [venv_python(), "-m"], [venv_python(), "manage.py"]
    checks: dict[str, list[str]] = {
        "ruff check": [*tool, "ruff", "check", "."],
        "ruff format": [*tool, "ruff", "format", "--check", "."],
        "import-linter": [str(VENV / "bin/lint-imports")],
        "djlint": [*tool, "djlint", "--lint", "--quiet", "templates"],
        "migreringar": [*manage_py, "makemigrations", "--check", "--dry-run"],
        "check --deploy": [*manage_py, "check", "--deploy", "--fail-level", "WARNING"],
        "mypy": [*tool, "mypy"],
    }
    failed = []
    for name, command in checks.items():
        say(f"--- {name}")
        if subprocess.run(command, env=child_environment(**production), check=False).returncode:
            failed.append(name)
    if failed:
        sys.exit(f"Granskningen hittade fel: {', '.join(failed)}.")
    say("Granskningen är klar, inga fel.")


def las(arguments: list[str]) -> None:
    """Pin and hash what pyproject.toml asks for. The locks name no registry, so any mirror serves them."""
    uv = shutil.which("uv", path=os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", "")]))
    if not uv:
        sys.exit("uv saknas. Installera med: pip install uv")
    lock = [uv, "pip", "compile", "-q", "--universal", "--python-version", "3.12", "--generate-hashes"]
    lock += ["--no-annotate", "--custom-compile-command", "python3 dev.py las", "pyproject.toml", *arguments]
    run(*lock, "-o", "requirements/demo.txt")
    # Held to the demo's versions: what is tested is what runs.
    run(*lock, "--group", "dev", "-c", "requirements/demo.txt", "-o", "requirements/test.txt")


COMMANDS = {"demo": demo, "test": test, "manage": manage, "granska": granska, "las": las}


def main(argv: list[str]) -> int:
    os.chdir(ROOT)
    if not argv or argv[0] not in COMMANDS:
        say((__doc__ or "").strip())
        return 0 if argv[:1] in (["-h"], ["--help"]) else 2
    COMMANDS[argv[0]](argv[1:])
    return 0


if __name__ == "__main__":
    # A terminal that does not know "…" gets a question mark instead of a traceback.
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
