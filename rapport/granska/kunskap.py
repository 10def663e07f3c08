"""What is known besides the record, read from a file: for a record without a database."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date

from rapport.granska.fynd import Kunskap


def kunskap_ur_fil(rader: Iterable[str]) -> Kunskap:
    """Populations from a CSV with kod, datum and antal, as fixtures/folkmangd_skane.csv, without a region's row.

    Raises KeyError or ValueError where it is another kind of file.
    """
    per_datum: dict[date, int] = {}
    for rad in csv.DictReader(rader):
        if len(rad["kod"]) == 4:  # a municipality's code has four digits, a region's two
            datum = date.fromisoformat(rad["datum"])
            per_datum[datum] = per_datum.get(datum, 0) + int(rad["antal"])
    return Kunskap(per_datum)
