"""SCB's codes: 00 for Riket, two digits for a län, four for a kommun."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

KODFIL = Path(__file__).resolve().parents[1] / "fixtures" / "scb_koder.csv"
RIKET = "00"
KODLANGD = {"riket": 2, "lan": 2, "kommun": 4}


@dataclass(frozen=True)
class ScbKod:
    """A row of SCB's list; `typ` is riket, lan or kommun."""

    kod: str
    namn: str
    typ: str


def las_scb_koder(path: Path | str) -> dict[str, ScbKod]:
    """Read a code list (UTF-8 CSV with the columns kod, namn, typ), keyed by code.

    Raises ValueError, naming the row, for a wrong type or length of a code, or a code that comes twice.
    """
    koder: dict[str, ScbKod] = {}
    with Path(path).open(encoding="utf-8", newline="") as fil:
        lasare = csv.DictReader(fil)
        if lasare.fieldnames != ["kod", "namn", "typ"]:
            raise ValueError(f"{path}: the columns must be kod, namn, typ")
        for rad in lasare:
            post = ScbKod(rad["kod"], _namn(rad["namn"]), rad["typ"])
            riktig = re.fullmatch("[0-9]+", post.kod) and len(post.kod) == KODLANGD.get(post.typ)
            if not riktig or not post.namn or post.kod in koder:
                raise ValueError(f"{path}, line {lasare.line_num}: {post} is malformed or comes twice")
            koder[post.kod] = post
    return koder


def _namn(text: str | None) -> str:
    """Composed Unicode, single spaces; nothing where the row is too short."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


@cache
def standardkoder() -> dict[str, str]:
    """Code → name from the project's own list (SCB's "Län och kommuner 2026"). Shared: do not change it."""
    return {post.kod: post.namn for post in las_scb_koder(KODFIL).values()}
