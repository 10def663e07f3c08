"""The sheets of a plan's workbook: which columns each has, and how a value is written in a cell and read back.

A column is import-export's `Field` with a widget: `render` gives a value as it stands in the sheet, always a text, and
`clean` reads such a text. Both ways are asked for single values only: what changes is found by `granskning`, since
import-export compares a file with the database alone and knows neither versions nor our history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from import_export.fields import Field
from import_export.widgets import Widget

from budget.scb.rutnat import Cellfel, ar_datum
from handlingsplan.markering import Markeringsfel, fran_markering, till_markering
from handlingsplan.models import Handlingsplan
from handlingsplan.richtext import rensa
from insatsomraden.models import Aktivitet, Arstext, Mal, Omradesutgava, Samverkansgrupp

ID: Final = "Id"
VERSION: Final = "Version"
TA_BORT: Final = "Ta bort"
OMRADE: Final = "Insatsområde"
AR: Final = "År"
NUMMER: Final = "Nummer (läses inte)"
UNDER: Final = "Ligger under"
OM: Final = "Om"
FINANSIERING: Final = "Finansiering"
BELOPP: Final = "Belopp, kr"
BUDGET: Final = "Budget"
BUDGETRUBRIKER: Final = (ID, VERSION, "Rad (läses inte)", AR, FINANSIERING, BELOPP)
ANVISNING: Final = "Så här gör du"


# --- Values ------------------------------------------------------------------------------------------------------


class Text(Widget):
    """A plain text."""

    def render(self, value: Any, obj: object = None, **kwargs: Any) -> str:
        return "" if value is None else str(value).replace("\r\n", "\n")

    def clean(self, value: str, row: object = None, **kwargs: Any) -> Any:
        return value.strip()


class Prosa(Text):
    """Rich text as light markup."""

    def render(self, value: Any, obj: object = None, **kwargs: Any) -> str:
        return till_markering(value or "")

    def clean(self, value: str, row: object = None, **kwargs: Any) -> str:
        try:
            return rensa(fran_markering(value.strip()))
        except Markeringsfel as fel:
            raise Cellfel(str(fel)) from fel
        except ValidationError as fel:
            raise Cellfel(" ".join(fel.messages)) from fel


class Dag(Text):
    """A day as 2024-02-01; in the sheet a date."""

    def clean(self, value: str, row: object = None, **kwargs: Any) -> date | None:
        if not value:
            return None
        if not ar_datum(value):
            raise Cellfel(f"”{value[:30]}” är inget datum. Skriv som 2024-02-01.")
        return date.fromisoformat(value)


class Val(Text):
    """One of a few words."""

    def __init__(self, ord_: Mapping[str, str]) -> None:
        super().__init__()
        self.ord = dict(ord_)

    def render(self, value: Any, obj: object = None, **kwargs: Any) -> str:
        return self.ord.get(value or "", str(value or ""))

    def clean(self, value: str, row: object = None, **kwargs: Any) -> str:
        for kod, ord_ in self.ord.items():
            if ord_.casefold() == value.strip().casefold():
                return kod
        raise Cellfel(f"”{value[:30]}” är inget av {', '.join(en for en in self.ord.values() if en)}.")


class Grupper(Text):
    """Groups by their short names, with commas between; the value is their keys, in order."""

    def __init__(self, grupper: Mapping[int, Samverkansgrupp]) -> None:
        super().__init__()
        self.grupper = grupper

    def render(self, value: Any, obj: object = None, **kwargs: Any) -> str:
        return ", ".join(sorted(self.grupper[pk].kortnamn for pk in value or () if pk in self.grupper))

    def clean(self, value: str, row: object = None, **kwargs: Any) -> list[int]:
        nycklar = {grupp.kortnamn.casefold(): pk for pk, grupp in self.grupper.items()}
        valda = []
        for namn in filter(None, (en.strip() for en in value.split(","))):
            if namn.casefold() not in nycklar:
                raise Cellfel(f"Det finns ingen grupp som heter ”{namn[:30]}”. Lägg till den i planen först.")
            valda.append(nycklar[namn.casefold()])
        return sorted(set(valda))


# --- Sheets ------------------------------------------------------------------------------------------------------


class Kolumn(Field):
    """A column that can be changed: its heading, the row's field, how it is written, and its width in characters."""

    def __init__(self, rubrik: str, falt: str, widget: Text, bredd: int) -> None:
        super().__init__(attribute=falt, column_name=rubrik, widget=widget)
        self.bredd = bredd


@dataclass(frozen=True, slots=True)
class Blad:
    """One sheet. `fasta` are columns that say where a row belongs: (heading, width); a change of them is refused."""

    namn: str
    tecken: str  # what its ids begin with
    modell: type[Any]
    fasta: tuple[tuple[str, int], ...]
    kolumner: tuple[Kolumn, ...]
    tas_bort: bool = False

    @property
    def rubriker(self) -> tuple[str, ...]:
        egna = (*(rubrik for rubrik, _ in self.fasta), *(en.column_name for en in self.kolumner))
        return (ID, VERSION, *((TA_BORT,) if self.tas_bort else ()), *egna)

    @property
    def bredder(self) -> tuple[int, ...]:
        egna = (*(bredd for _, bredd in self.fasta), *(en.bredd for en in self.kolumner))
        return (9, 9, *((9,) if self.tas_bort else ()), *egna)


def alla_blad(grupper: Mapping[int, Samverkansgrupp]) -> tuple[Blad, ...]:
    """The sheets of rows, in the workbook's order; the budget's cells come after them."""
    return (
        Blad("Planen", "p", Handlingsplan, (), _planens()),
        Blad("Insatsområden", "o", Omradesutgava, (), _omradets(grupper)),
        Blad("Mål", "m", Mal, ((OMRADE, 24),), (Kolumn("Mål", "text", Text(), 90),), tas_bort=True),
        Blad(
            "Aktiviteter",
            "a",
            Aktivitet,
            ((OMRADE, 24), (AR, 7), (NUMMER, 12), (UNDER, 13)),
            _aktivitetens(),
            tas_bort=True,
        ),
        Blad("Texter per år", "t", Arstext, ((OMRADE, 24), (AR, 7), (OM, 14)), (Kolumn("Text", "text", Prosa(), 90),)),
    )


def _planens() -> tuple[Kolumn, ...]:
    return (
        Kolumn("Titel", "titel", Text(), 30),
        Kolumn("Undertitel", "undertitel", Text(), 30),
        Kolumn("Inledning", "inledning", Prosa(), 70),
        Kolumn("Om året", "om_aret", Prosa(), 70),
        Kolumn("Avslutande noter", "avslutning", Prosa(), 70),
        Kolumn("Kontaktperson", "kontakt_namn", Text(), 24),
        Kolumn("Kontaktpersonens e-postadress", "kontakt_epost", Text(), 30),
    )


def _omradets(grupper: Mapping[int, Samverkansgrupp]) -> tuple[Kolumn, ...]:
    return (
        Kolumn("Namn", "namn", Text(), 30),
        Kolumn("Namn i tabeller", "kortnamn", Text(), 20),
        Kolumn("Läge", "lage", Val({kod: str(namn) for kod, namn in Omradesutgava.Lage.choices}), 20),
        Kolumn("Anteckning om läget", "lage_not", Text(), 30),
        Kolumn("Beskrivning", "beskrivning", Prosa(), 70),
        Kolumn("Syfte och nytta", "syfte", Prosa(), 70),
        Kolumn("Ansvariga grupper", "ansvariga", Grupper(grupper), 20),
        Kolumn("Tillägg om ansvaret", "ansvar_not", Text(), 30),
    )


def _aktivitetens() -> tuple[Kolumn, ...]:
    status = {"": ""} | {kod: str(namn) for kod, namn in Aktivitet.Status.choices}
    return (
        Kolumn("Aktivitet", "text", Text(), 70),
        Kolumn("Villkor", "villkor", Text(), 30),
        Kolumn("Ansvarig", "ansvarig", Text(), 24),
        Kolumn("Status", "status", Val(status), 14),
        Kolumn("Start", "start", Dag(), 12),
        Kolumn("Slut", "slut", Dag(), 12),
    )
