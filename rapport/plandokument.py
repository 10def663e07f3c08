"""The immutable record of a whole plan.

The page, the PDF, search and the frozen copy of an adopted plan are all made from this record and from nothing
else, so they cannot disagree. `SCHEMA` rises when a field is added or changes its meaning; an older frozen record
stays readable, because every field that comes later has a default.

Amounts are integer öre. Texts marked HTML have been cleaned by `handlingsplan.richtext.rensa`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from budget.belopp import Summa
from budget.fordelning import Fordelning
from handlingsplan.partsord import parter_i_ord

SCHEMA: Final = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One of the bodies behind the plan."""

    kod: str
    typ: str
    namn: str
    juridiskt_namn: str


@dataclass(frozen=True, slots=True)
class MalPost:
    id: int
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class AktivitetPost:
    id: int
    version: int
    text: str
    villkor: str
    ansvarig: str
    status: str
    start: date | None
    slut: date | None
    under: tuple[AktivitetPost, ...]

    @property
    def antal(self) -> int:
        """This activity and all below it."""
        return 1 + sum(en.antal for en in self.under)


@dataclass(frozen=True, slots=True)
class Verksamhetsar:
    """One year of one area: prose (HTML), activities, prose on the economy (HTML)."""

    avser_ar: int
    aktivitetstext: str
    aktiviteter: tuple[AktivitetPost, ...]
    ekonomi: str

    @property
    def avser_ar_text(self) -> str:
        """The year as text, for element ids."""
        return str(self.avser_ar)


@dataclass(frozen=True, slots=True)
class OmradePost:
    """An area as it stands in this plan. `nummer` counts the areas that are in it from 1; 0 for others."""

    id: int
    version: int
    kod: str
    nummer: int
    namn: str
    kortnamn: str
    lage: str
    lage_not: str
    nytt: bool
    beskrivning: str
    syfte: str
    alla_mal: tuple[MalPost, ...]
    alla_ar: tuple[Verksamhetsar, ...]
    ansvariga: tuple[str, ...]
    ansvar_not: str

    @property
    def id_text(self) -> str:
        """The id as text, for element ids."""
        return str(self.id)

    @property
    def aktiviteter(self) -> Iterator[AktivitetPost]:
        """Top-level activities of all years."""
        for ett_ar in self.alla_ar:
            yield from ett_ar.aktiviteter


@dataclass(frozen=True, slots=True)
class Fotnotspost:
    """A footnote with the mark it is printed with."""

    id: int
    version: int
    markor: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One amount. `slag` is belopp, okant, ej_aktuellt or ej_ifyllt; `ore` only where it is belopp."""

    slag: str
    ore: int | None
    post_id: int | None
    version: int
    markorer: tuple[str, ...]
    tidigare_ore: int | None = None  # what the earlier plan says of the same cell, where it differs
    tidigare_slag: str = ""

    @property
    def ar_ifylld(self) -> bool:
        return self.slag != "ej_ifyllt"


@dataclass(frozen=True, slots=True)
class Kolumn:
    """A column of the budget table: a year and a form of financing, with its sum."""

    budgetar: int
    finansiering: str
    namn: str
    egen: bool  # a year of this plan, not a comparison figure
    summa: Summa
    markorer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Budgetradspost:
    """A row: an area (`omrade_id`) or a row of the whole plan (`rad_id`). Cells stand in the columns' order."""

    omrade_id: int | None
    rad_id: int | None
    version: int
    kod: str
    namn: str
    celler: tuple[Cell, ...]

    @property
    def rubrik(self) -> str:
        """What the row is called, also where the source gives it no name."""
        return self.namn or "Utan benämning"


@dataclass(frozen=True, slots=True)
class Arssumma:
    """All financing of one year."""

    budgetar: int
    summa: Summa
    antal_kolumner: int


@dataclass(frozen=True, slots=True)
class Budgettabell:
    kolumner: tuple[Kolumn, ...]
    rader: tuple[Budgetradspost, ...]
    arssummor: tuple[Arssumma, ...]
    fotnoter: tuple[Fotnotspost, ...]
    tabellmarkorer: tuple[str, ...]

    def summa(self, budgetar: int, finansiering: str) -> Summa | None:
        """The sum of one column, or None where the table has no such column."""
        for kolumn in self.kolumner:
            if (kolumn.budgetar, kolumn.finansiering) == (budgetar, finansiering):
                return kolumn.summa
        return None

    def kolumn_celler(self, budgetar: int, finansiering: str) -> Iterator[tuple[Budgetradspost, Cell]]:
        """(row, cell) down one column; nothing where the table has no such column."""
        for nummer, kolumn in enumerate(self.kolumner):
            if (kolumn.budgetar, kolumn.finansiering) == (budgetar, finansiering):
                for rad in self.rader:
                    yield rad, rad.celler[nummer]


@dataclass(frozen=True, slots=True)
class Publicerad:
    """A rate as it was printed (öre per inhabitant), beside the computed one."""

    id: int
    version: int
    avser_ar: int
    ore_per_invanare: Decimal
    angivet_datum: date | None
    kalla: str


@dataclass(frozen=True, slots=True)
class Arsfordelning:
    """The split of one year, or why there is none (`skal`). `lagrad` says that it is stored and final."""

    budgetar: int
    egen: bool
    fordelning: Fordelning | None
    skal: str
    lagrad: bool
    publicerad: Publicerad | None

    @property
    def skillnad(self) -> Decimal | None:
        """Published minus computed rate, öre per inhabitant."""
        if self.publicerad is None or self.fordelning is None or self.fordelning.ore_per_invanare is None:
            return None
        return self.publicerad.ore_per_invanare - self.fordelning.ore_per_invanare


@dataclass(frozen=True, slots=True)
class Plandokument:
    """The whole plan."""

    schema: int
    id: int
    version: int
    fran_ar: int
    till_ar: int
    titel: str
    undertitel: str
    inledning: str
    om_aret: str
    avslutning: str
    kontakt_namn: str
    kontakt_epost: str
    andrad: date
    delad: date | None
    faststalld: date | None
    faststalld_hanvisning: str
    parter: tuple[Part, ...]
    omraden: tuple[OmradePost, ...]
    bevakade: tuple[OmradePost, ...]
    lamnade: tuple[OmradePost, ...]
    budget: Budgettabell
    fordelningar: tuple[Arsfordelning, ...]
    # How far the plan's history reached when the record was made, and the last entry's seal. 0 where it has none.
    historik_nummer: int = 0
    historik_hash: str = ""
    # What the version is called that the record was frozen as; "" for the living plan and the adopted one.
    versionsnamn: str = ""

    @property
    def historikens_kontrollvarde(self) -> str:
        """The seal in groups of eight, as it is printed."""
        return " ".join(self.historik_hash[nr : nr + 8] for nr in range(0, len(self.historik_hash), 8))

    @property
    def period(self) -> str:
        return str(self.till_ar) if self.fran_ar == self.till_ar else f"{self.fran_ar}–{self.till_ar}"

    @property
    def nya_omraden(self) -> tuple[OmradePost, ...]:
        """Areas that were not in the plan before."""
        return tuple(omrade for omrade in self.omraden if omrade.nytt)

    @property
    def parter_i_ord(self) -> str:
        """`Region Skåne och 33 kommuner`, from the parties themselves."""
        regioner = [part.namn for part in self.parter if part.typ == "region"]
        return parter_i_ord(regioner, len(self.parter) - len(regioner)) or "Inga huvudmän"

    @property
    def ar_utkast(self) -> bool:
        return self.faststalld is None

    def fordelning_for(self, budgetar: int) -> Arsfordelning | None:
        """The split of one year, or None where the plan does not speak of that year."""
        return next((en for en in self.fordelningar if en.budgetar == budgetar), None)
