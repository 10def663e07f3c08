"""SCB's codes: 00 for Riket, two digits for a län, four for a kommun."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from budget.scb.rutnat import Cellfel, som_text

KODFIL = Path(__file__).resolve().parents[2] / "fixtures" / "scb_koder.csv"
KODLANGD = {"riket": 2, "lan": 2, "kommun": 4}
KOD = re.compile(r"(?P<kod>[0-9]{4}|[0-9]{2})(?:(?: - | )(?P<namn>.+))?")


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
            post = ScbKod(rad["kod"], som_text(rad["namn"]), rad["typ"])
            riktig = re.fullmatch("[0-9]+", post.kod) and len(post.kod) == KODLANGD.get(post.typ)
            if not riktig or not post.namn or post.kod in koder:
                raise ValueError(f"{path}, line {lasare.line_num}: {post} is malformed or comes twice")
            koder[post.kod] = post
    return koder


@cache
def standardkoder() -> dict[str, str]:
    """Code → name from the project's own list (SCB's "Län och kommuner 2026"). Shared: do not change it."""
    return {post.kod: post.namn for post in las_scb_koder(KODFIL).values()}


@dataclass(frozen=True)
class Region:
    """What a region cell says: the code, and the name beside it ("" when there is only a code)."""

    kod: str
    namn: str


class Kodlista:
    """Looks up regions by code or, where a file has names only, by SCB's exact name."""

    def __init__(self, koder: Mapping[str, str]) -> None:
        self.namn = {kod: som_text(namn) for kod, namn in koder.items()}
        self._koder: dict[str, list[str]] = {}
        for kod, namn in self.namn.items():
            self._koder.setdefault(namn, []).append(kod)

    def finns(self, text: str) -> bool:
        """The text names a region of the list, by code or by name."""
        traff = KOD.fullmatch(text)
        return (traff["kod"] in self.namn) if traff else (text in self._koder)

    def tolka(self, celler: list[str]) -> Region:
        """The region of a row, from its one or two region cells: "1214 Svalöv", "1214" and "Svalöv", "Svalöv".

        Raises Cellfel when there is no code that SCB has, or no unambiguous name.
        """
        texter = [text for text in celler if text]
        if not texter:
            raise Cellfel("Kommunkoden saknas. Skriv SCB:s fyrsiffriga kod, eller ta bort raden.")
        for text in texter:
            if traff := KOD.fullmatch(text):
                ovriga = [annan for annan in texter if annan is not text]
                return self._med_kod(traff["kod"], traff["namn"] or " ".join(ovriga))
        return self._med_namn(texter[0])

    def _med_kod(self, kod: str, namn: str) -> Region:
        if kod not in self.namn:
            raise Cellfel(f"Koden {kod} finns inte i SCB:s kodlista. Rätta koden eller ta bort raden.")
        for annan in self._koder.get(namn, []):
            if annan != kod and len(annan) == len(kod):
                raise Cellfel(
                    f"Koden {kod} är {self.namn[kod]} men raden säger {namn}, som har koden {annan}. "
                    "Se efter vilket som är rätt."
                )
        return Region(kod, namn)

    def _med_namn(self, namn: str) -> Region:
        if re.match(r"[0-9]", namn):
            raise Cellfel(
                f"”{namn[:40]}” börjar inte med en kod: kommuner har fyra siffror hos SCB. Rätta koden; har "
                "nollan först försvunnit i Excel, hämta filen på nytt."
            )
        koder = self._koder.get(namn, [])
        if not koder:
            raise Cellfel(f"”{namn[:40]}” är inget namn i SCB:s lista. Rätta namnet, eller hämta tabellen med koder.")
        if len(koder) > 1:
            raise Cellfel(f"Namnet {namn} finns på flera koder ({', '.join(koder)}). Hämta tabellen med koder.")
        return Region(koder[0], "")
