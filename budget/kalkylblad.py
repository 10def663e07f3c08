"""Workbooks (xlsx) and CSV as all pages write them: text that never runs, numbers as numbers, widths and a head.

Pure. openpyxl is imported late: it costs nearly a second.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KRONOR: Final = "#,##0.00"

# Excel writes a control character, which XML cannot hold, as _x000B_, and a text that looks so with _x005F_ for its _.
_KONTROLLTECKEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LIKNAR: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SKRIVET: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")

Cell = str | int | Decimal | date | None


def kalkylbladstext(text: str) -> str:
    """A text as a spreadsheet may have it.

    Control characters, which xlsx cannot hold, are left out, and what would run as a formula gets an apostrophe
    before it.
    """
    ren = "".join(tecken for tecken in text if unicodedata.category(tecken) not in ("Cc", "Cs"))
    return f"'{ren}" if ren[:1] in ("=", "+", "-", "@") else ren


def tom_bok() -> Workbook:
    """A workbook without any sheet."""
    from openpyxl import Workbook

    bok = Workbook()
    del bok["Sheet"]
    return bok


def lagg_blad(
    bok: Workbook,
    namn: str,
    rubriker: Sequence[str],
    rader: Iterable[Sequence[Cell]],
    bredder: Sequence[int],
    *,
    kronor: Sequence[int] = (),
    ordagrant: bool = False,
) -> Worksheet:
    """A sheet with a head, its widths, and two decimals in the columns (from 1) that `kronor` names.

    With `ordagrant` texts come back from the sheet as they were: see `skriv_ordagrant`.
    """
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    blad: Worksheet = bok.create_sheet(namn)
    blad.append(list(rubriker))
    fet, text, ovrigt = Font(bold=True), Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")
    for cell in blad[1]:
        cell.font = fet
    for nr, rad in enumerate(rader, 2):
        for kolumn, varde in enumerate(rad, 1):
            cell = blad.cell(nr, kolumn)
            if isinstance(varde, str) and ordagrant:
                skriv_ordagrant(cell, varde)
            else:
                cell.value = kalkylbladstext(varde) if isinstance(varde, str) else varde
            cell.alignment = text if isinstance(varde, str) else ovrigt
            if kolumn in kronor:
                cell.number_format = KRONOR
    for nummer, bredd in enumerate(bredder, 1):
        blad.column_dimensions[get_column_letter(nummer)].width = bredd
    blad.freeze_panes = "A2"
    return blad


def skriv_ordagrant(cell: Any, text: str) -> None:
    """A text as it is, in a cell that never runs it: a text, with Excel's own mark for a leading =, +, - or @.

    Control characters, and what looks like Excel's way of writing them, are written that way. `las_ordagrant` reads.
    """
    cell.value = _KONTROLLTECKEN.sub(lambda traff: f"_x{ord(traff[0]):04X}_", _LIKNAR.sub("_x005F_", text))
    cell.data_type = "s"  # not a formula, nor an error's name
    if text[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True


def las_ordagrant(text: str) -> str:
    """The inverse of `skriv_ordagrant`, with line breaks as LF."""
    return _SKRIVET.sub(lambda traff: chr(int(traff[1], 16)), text).replace("\r\n", "\n").replace("\r", "\n")


def i_kronor(ore: int | None) -> Decimal | None:
    """An amount in öre as the kronor that a cell has."""
    return None if ore is None else Decimal(ore) / 100


def som_fil(bok: Workbook) -> bytes:
    ut = io.BytesIO()
    bok.save(ut)
    return ut.getvalue()


def som_csv(rader: Iterable[Sequence[Cell]]) -> bytes:
    """Semicolon separated with a byte order mark and decimal comma: opens right in a Swedish Excel."""
    ut = io.StringIO()
    skriv = csv.writer(ut, delimiter=";", lineterminator="\r\n")
    skriv.writerows([_csvtext(cell) for cell in rad] for rad in rader)
    return "\ufeff".encode() + ut.getvalue().encode()


def _csvtext(cell: Cell) -> str:
    """A cell in CSV: amounts with two decimals, comma and no groups, which a spreadsheet reads as a number."""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    return kalkylbladstext(cell) if isinstance(cell, str) else "" if cell is None else str(cell)
