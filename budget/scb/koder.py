"""How a file names its regions: by SCB's code, by name, or both."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from budget.scb.rutnat import Cellfel, som_text

KOD = re.compile(r"(?P<kod>[0-9]{4}|[0-9]{2})(?:(?: - | )(?P<namn>.+))?")


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
