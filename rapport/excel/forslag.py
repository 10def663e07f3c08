"""What a plan's workbook would do, as it is shown and as it is sent on to be done."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from django.utils.safestring import SafeString

from handlingsplan.textskillnad import skillnad
from rapport.excel.blad import ID
from rapport.excel.lage import Post
from rapport.excel.lasning import Fil, Filrad

Foljd = Literal["ny", "andrad", "borttagen", "oforandrad", "vagrad", "krock"]
ATGARDER: Final = ("ny", "andrad", "borttagen")
HAMTA_NY: Final = "Hämta arbetsboken på nytt."
BADA_HAR_ANDRAT: Final = (
    "Ändrat både i filen och i planen sedan filen hämtades. Skriv det som ska gälla i planen, eller hämta filen igen."
)


@dataclass(frozen=True, slots=True)
class Andring:
    """One cell: what stands in the plan and what stands in the file, as texts."""

    rubrik: str
    fore: str
    efter: str

    @property
    def marken(self) -> tuple[SafeString, SafeString]:
        """Both with what differs marked."""
        jamfort = skillnad(self.fore, self.efter, rik=False)
        return jamfort.fore, jamfort.efter


@dataclass(frozen=True, slots=True)
class Planrad:
    """What one row of the file does. `varden` are cleaned values by field, for what is to be saved."""

    rad: Filrad
    etikett: str
    foljd: Foljd
    andringar: tuple[Andring, ...] = ()
    skal: str = ""
    varning: str = ""
    varden: Mapping[str, Any] = field(default_factory=dict)
    post: Post | None = None

    @property
    def plats(self) -> str:
        """Where in the file: `Mål, rad 3, m12`."""
        return ", ".join(filter(None, (self.rad.blad, f"rad {self.rad.nummer}", self.rad[ID].strip()[:20])))

    @property
    def har_atgard(self) -> bool:
        return self.foljd in ATGARDER


@dataclass(frozen=True, slots=True)
class Forslag:
    """All rows of a file, in its order, and what is to be known of how it was read."""

    rader: tuple[Planrad, ...]
    noter: tuple[str, ...] = ()

    def med(self, *foljder: Foljd) -> list[Planrad]:
        return [rad for rad in self.rader if rad.foljd in foljder]

    @property
    def att_gora(self) -> list[Planrad]:
        return [rad for rad in self.rader if rad.har_atgard]

    @property
    def hindrade(self) -> list[Planrad]:
        return self.med("vagrad", "krock")

    @property
    def packad(self) -> list[Any]:
        """The rows that change something, as plain texts: to be signed, sent back and looked at again."""
        return [[en.rad.blad, en.rad.nummer, dict(en.rad.celler)] for en in self.att_gora]

    @property
    def avtryck(self) -> str:
        """A fingerprint of all that would be done, so that just what was shown is done."""
        gjort = [
            [en.rad.blad, en.rad.nummer, en.foljd, en.varning, [[a.rubrik, a.fore, a.efter] for a in en.andringar]]
            for en in self.att_gora
        ]
        return hashlib.sha256(json.dumps(gjort, ensure_ascii=False).encode()).hexdigest()


def packa_upp(packat: Sequence[Any]) -> Fil:
    """The inverse of `Forslag.packad`."""
    return Fil(tuple(Filrad(blad, nummer, celler) for blad, nummer, celler in packat))


def antal_i_ord(rader: Iterable[Planrad], *, gjort: bool = False) -> str:
    """`2 läggs till, 1 ändras och 1 tas bort`; with `gjort` what has been done."""
    antal: Counter[str] = Counter(en.foljd for en in rader)
    orden = {"ny": ("läggs till", "tillagda"), "andrad": ("ändras", "ändrade"), "borttagen": ("tas bort", "borttagna")}
    delar = [f"{antal[slag]} {par[gjort]}" for slag, par in orden.items() if antal[slag]]
    return " och ".join(filter(None, (", ".join(delar[:-1]), *delar[-1:])))
