"""What a rule finds, where, and what it is given to look at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from rapport.plandokument import Plandokument

if TYPE_CHECKING:
    from rapport.granska.texter import Textstalle

PLANEN: Final = "Hela planen"
BUDGETEN: Final = "Samlad budget"


@dataclass(frozen=True, slots=True)
class Plats:
    """A place in the plan.

    `grupp` is the area's name, or PLANEN or BUDGETEN; `nyckel` names the place whatever it reads; `del_id` is its
    element on `sida` (the name of an address); `redigera` is its editor's address: name and what follows the year.
    """

    grupp: str
    rubrik: str
    nyckel: str
    del_id: str = ""
    sida: str = "plan"
    redigera: tuple[str, tuple[str | int, ...]] | None = None

    @property
    def i_ord(self) -> str:
        return f"{self.grupp}: {self.rubrik}"


@dataclass(frozen=True, slots=True)
class Kunskap:
    """What the record does not hold itself: the municipalities' inhabitants together, by date."""

    invanare: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fynd:
    """One finding. `text` is what stands there, `forklaring` why it is pointed out, both Swedish.

    An answer holds while `underlag` is the same: what the finding is about, `text` where a rule says nothing else.
    `regel` and `misstag` (the number of a known mistake) are filled in from the rule.
    """

    plats: Plats
    text: str
    forklaring: str
    underlag: str = ""
    regel: str = ""
    misstag: int | None = None

    @property
    def avtryck(self) -> str:
        """A fingerprint of rule, place and what the finding is about."""
        delar = "\x1f".join((self.regel, self.plats.nyckel, self.underlag or self.text))
        return hashlib.blake2s(delar.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Underlag:
    """What every rule is given: the record, what is known besides, and the record's texts, read once."""

    dokument: Plandokument
    kunskap: Kunskap
    texter: tuple[Textstalle, ...]


@dataclass(frozen=True, slots=True)
class Regel:
    """A rule: its name, what it is called, the known mistake it finds (1 to 13, or None), and the function."""

    namn: str
    titel: str
    misstag: int | None
    beskrivning: str
    sok: Callable[[Underlag], Iterator[Fynd]]

    def fynd(self, underlag: Underlag) -> Iterator[Fynd]:
        for ett in self.sok(underlag):
            yield replace(ett, regel=self.namn, misstag=self.misstag)


def regel(titel: str, misstag: int | None = None) -> Callable[[Callable[[Underlag], Iterator[Fynd]]], Regel]:
    """Make a rule of a function: its name is the rule's, the first line of its docstring says what it looks for."""

    def som_regel(funktion: Callable[[Underlag], Iterator[Fynd]]) -> Regel:
        beskrivning = (funktion.__doc__ or "").strip().split("\n")[0]
        return Regel(funktion.__name__, titel, misstag, beskrivning, funktion)

    return som_regel
