"""Workbooks that come from Excel: opened without trusting them, and what their cells say."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

_ORE: Final = Decimal("0.01")
_SLARV: Final = Decimal("0.000001")  # what a sum of floating point numbers may be off by, in kronor


@contextmanager
def oppen(innehall: bytes, *, data_only: bool) -> Iterator[Any]:
    """The workbook, read row by row: stored values, or formulas where `data_only` is false.

    A malformed one can fail anywhere in openpyxl, with any exception.
    """
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions that it leaves out; none of them is data.
        warnings.filterwarnings("ignore", module="openpyxl")
        bok = load_workbook(io.BytesIO(innehall), read_only=True, data_only=data_only, keep_links=False)
        try:
            yield bok
        finally:
            bok.close()


def talets_text(tal: float) -> tuple[str, str]:
    """A number as somebody would type an amount; with what is wrong where it is no whole number of öre."""
    try:
        exakt = Decimal(repr(tal))
        avrundat = exakt.quantize(_ORE)
    except ArithmeticError:
        return str(tal), "Beloppet är inget tal som går att läsa."
    if abs(exakt - avrundat) > _SLARV:
        return str(tal).replace(".", ","), "Beloppet har fler än två decimaler. Ett belopp anges i hela ören."
    return f"{avrundat:.2f}".replace(".", ",").removesuffix(",00"), ""
