"""The application in a process of its own on the test's database, so that a test can kill it and start it again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path


class Egenserver:
    """`starta`, `frys` and `doda` as often as one likes; the address stays the same."""

    def __init__(self, databas: str) -> None:
        self._databas, self._port = databas, 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def adress(self) -> str:
        return f"http://localhost:{self._port}"

    def starta(self) -> None:
        """Back when it listens."""
        rot = Path(__file__).resolve().parent.parent
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.egenserver", self._databas, str(self._port)],
            cwd=rot,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline())

    def frys(self) -> None:
        """Let it take what is sent and answer nothing, as a machine that is going down."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def doda(self) -> None:
        """At once, in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None


def main(databas: str, port: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = databas
    django.setup()
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    server = ThreadedWSGIServer(("localhost", port), WSGIRequestHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
