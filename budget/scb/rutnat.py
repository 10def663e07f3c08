"""The grid that every file format is turned into, and the texts and numbers in its cells."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

type Cell = str | int | float | None

HOGSTA_ANTAL = 10**8
SAKNAS = frozenset({".", ".."})  # SCB's two signs for "no figure"
GRUPPERAT = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+")
NEGATIVT = re.compile(r"[-\u2010-\u2013\u2212]\s*[0-9]")
ISODATUM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DECIMALT = re.compile(r"[0-9][0-9 \u00a0\u2009\u202f]*[.,][0-9]+")


class Cellfel(Exception):
    """One row is refused; the message is a Swedish sentence for the user."""


@dataclass(frozen=True, slots=True)
class Rutrad:
    """One row: `nummer` counts from 1 in the file, `text` is the row as the user would recognise it.

    A file without rows (JSON-stat2, px) counts its figures instead.
    """

    nummer: int
    celler: tuple[Cell, ...]
    text: str

    def cell(self, kolumn: int) -> Cell:
        """The cell, or None to the right of the row's last one."""
        return self.celler[kolumn] if kolumn < len(self.celler) else None

    @property
    def tom(self) -> bool:
        """No cell holds anything."""
        return all(ar_tom(cell) for cell in self.celler)


@dataclass(frozen=True)
class Rutnat:
    """A file's only table. `bladnamn` is the Excel sheet's name or the px file's matrix, "" for text files.

    `referenstid` is what the file says of it outside the table. `oavslutad` is the number of a last row without a line
    break, which may have been cut off; 0 where there is none.
    """

    rader: tuple[Rutrad, ...]
    format: str
    kodning: str = ""
    bladnamn: str = ""
    referenstid: str = ""
    oavslutad: int = 0


def som_text(cell: Cell) -> str:
    """The cell as clean text: composed Unicode, single spaces, 1214.0 as "1214"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(unicodedata.normalize("NFC", str(cell)).split())


def normal(cell: Cell) -> str:
    """The cell as text for comparisons: as `som_text`, without regard to case."""
    return som_text(cell).casefold()


def ar_tom(cell: Cell) -> bool:
    """Nothing, or only white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def ar_datum(text: str) -> bool:
    """A day of the calendar, written the one way that is read: 2022-12-31."""
    if not ISODATUM.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def tolka_antal(cell: Cell) -> int:
    """A number of inhabitants, 0 to 10^8. Raises Cellfel for anything else; nothing is rounded or guessed.

    Thousands may be parted by a space, NBSP or thin space (texts in Excel cells), never by comma or point.
    """
    text = str(cell).strip() if cell is not None else ""
    if not text or text in SAKNAS:
        raise Cellfel(f"Talet saknas ({text or 'tom cell'}). Hämta tabellen på nytt för ett år där SCB har en uppgift.")
    if isinstance(cell, float) and cell.is_integer():
        text = str(int(cell))
    if NEGATIVT.match(text):
        raise Cellfel(f"Talet {text[:40]} är negativt. Folkmängden är 0 eller mer; rätta talet.")
    if GRUPPERAT.fullmatch(text):
        text = re.sub(r"[^0-9]", "", text)
    if DECIMALT.fullmatch(text):
        raise Cellfel(f"Talet {text[:40]} har komma eller punkt. Skriv hela tal, till exempel 14466.")
    if not re.fullmatch("[0-9]+", text):
        raise Cellfel(f"”{text[:40]}” är inget tal. Skriv folkmängden med siffror, till exempel 14466.")
    if len(text.lstrip("0")) > 9 or int(text) > HOGSTA_ANTAL:
        raise Cellfel(f"Talet {text[:40]} är för stort för en folkmängd. Rätta talet.")
    return int(text)
