"""The throw-away server: the choice of it, and the one from the package, for machines without an installed server."""

from pathlib import Path

import psycopg
import pytest

from tests import postgres


@pytest.mark.databas("postgresql")
def test_servern_fran_paketet_startar_och_lamnar_inget_efter_sig(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_kandidater", lambda: iter(postgres._inbyggda()))
    server = postgres.Server()
    katalog = Path(server.url.partition("host=")[2])
    try:
        with psycopg.connect(server.url) as anslutning:
            svar = anslutning.execute("SELECT current_setting('server_version_num')::int / 10000").fetchone()
        assert svar == (server.version,)
        assert katalog.exists()
    finally:
        server.stop()
    assert not katalog.exists()


def _server(mapp: Path, **program: str) -> Path:
    mapp.mkdir(parents=True)
    for namn, text in program.items():
        (mapp / namn).write_text(f"#!/bin/sh\n{text}\n")
        (mapp / namn).chmod(0o755)
    return mapp


def test_en_server_som_ar_for_gammal_halv_eller_trasig_valjs_inte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kandidater = [
        _server(tmp_path / "gammal", initdb="echo initdb 14.2", postgres="echo postgres '(PostgreSQL)' 14.2"),
        _server(tmp_path / "halv", postgres="echo postgres '(PostgreSQL)' 17.1"),
        _server(tmp_path / "trasig", initdb="exit 127", postgres="echo postgres '(PostgreSQL)' 17.1"),
        tmp_path / "saknas",
    ]
    monkeypatch.setattr(postgres, "_som_vanlig_anvandare", dict)
    monkeypatch.setattr(postgres, "_kandidater", lambda: iter(kandidater))
    with pytest.raises(postgres.IngenServer, match="sudo apt-get install postgresql"):
        postgres.Server()
