"""Age spans: whose inhabitants a figure counts. Pure: no Django.

A span is written one way only, its `kod`: "" for all ages, "0-17", "65-" (65 and older), "80-80" (just 80).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HOGSTA_ALDER = 120
_KOD = re.compile(r"(?P<fran>0|[1-9][0-9]{0,2})-(?P<till>0|[1-9][0-9]{0,2})?")


class Aldersfel(ValueError):
    """No such span. The message is a Swedish sentence for the user."""


@dataclass(frozen=True, slots=True, order=True)
class Aldersspann:
    """Ages in whole years, both ends counted. `till` None: and older. `fran` None too: all ages.

    Raises Aldersfel for a span that goes backwards, begins nowhere, or is all ages written as a span (0 and older).
    """

    fran: int | None = None
    till: int | None = None

    def __post_init__(self) -> None:
        if self.fran is None:
            if self.till is not None:
                raise Aldersfel("Skriv också från vilken ålder, till exempel 0.")
            return
        if any(alder is not None and not 0 <= alder <= HOGSTA_ALDER for alder in (self.fran, self.till)):
            raise Aldersfel(f"En ålder är ett helt tal mellan 0 och {HOGSTA_ALDER}.")
        if self.till is not None and self.till < self.fran:
            raise Aldersfel(f"Åldrarna går baklänges: från {self.fran} till {self.till}. Skriv den lägre först.")
        if self.fran == 0 and self.till is None:
            raise Aldersfel("0 år och äldre är alla åldrar. Lämna båda åldrarna tomma.")

    @property
    def ar_alla(self) -> bool:
        return self.fran is None

    @property
    def kod(self) -> str:
        """`65-`, `0-17`, or "" for all ages: the key that figures and cost models name the span by."""
        if self.fran is None:
            return ""
        return f"{self.fran}-{'' if self.till is None else self.till}"

    @property
    def namn(self) -> str:
        """In words: `65 år och äldre`, `0–17 år`, `80 år`, `alla åldrar`."""
        if self.fran is None:
            return "alla åldrar"
        if self.till is None:
            return f"{self.fran} år och äldre"
        return f"{self.fran} år" if self.fran == self.till else f"{self.fran}–{self.till} år"


ALLA_ALDRAR = Aldersspann()


def las_alder(kod: str) -> Aldersspann:
    """The span of a `kod`. Raises Aldersfel for any other text."""
    if not kod:
        return ALLA_ALDRAR
    traff = _KOD.fullmatch(kod)
    if traff is None:
        raise Aldersfel(f"”{kod[:20]}” är inget åldersspann. Skriv till exempel 65- eller 0-17.")
    return Aldersspann(int(traff["fran"]), int(traff["till"]) if traff["till"] else None)
