"""The split of one year as JSON, CSV and xlsx. Pure: from the record, without database."""

from __future__ import annotations

import csv
import io
from typing import Any

from budget.belopp import visa_decimal, visa_kr
from budget.fordelning import Fordelning
from rapport.plandokument import Arsfordelning, Plandokument

RUBRIKER = ("Kod", "Huvudman", "Invånare", "Andel, kr")


def som_json(dokument: Plandokument, ars: Arsfordelning) -> dict[str, Any]:
    """The split as plain values: amounts in öre (`enhet`), the rate as text. Without a split, `skal` says why."""
    fordelning = ars.fordelning
    if fordelning is None:
        andelar: list[dict[str, Any]] = []
    else:
        andelar = [
            {"kod": en.kod, "namn": en.namn, "invanare": en.invanare, "belopp": en.belopp} for en in fordelning.andelar
        ]
    rate = fordelning.ore_per_invanare if fordelning else None
    svar: dict[str, Any] = {
        "plan": str(dokument.till_ar),
        "ar": ars.budgetar,
        "enhet": "öre",
        "total": fordelning.total if fordelning else 0,
        "ore_per_invanare": None if rate is None else str(rate),
        "folkmangdsdatum": fordelning.modell.folkmangdsdatum.isoformat() if fordelning else None,
        "andelar": andelar,
    }
    if ars.skal:
        svar["skal"] = ars.skal
    return svar


def som_text(dokument: Plandokument, ars: Arsfordelning) -> str:
    """The split as a table for a person at a terminal."""
    if ars.fordelning is None:
        return f"{dokument.titel}: {ars.skal}"
    fordelning = ars.fordelning
    rader = [f"{dokument.titel}: {visa_kr(fordelning.total)} kr för {ars.budgetar}, {underrad(fordelning)}"]
    bredd = max(len(en.namn) for en in fordelning.andelar)
    rader += [f"{en.kod:<4}  {en.namn:<{bredd}}  {visa_kr(en.belopp):>20}" for en in fordelning.andelar]
    return "\n".join([*rader, *([ars.skal] if ars.skal else [])])


def underrad(fordelning: Fordelning) -> str:
    """`61,87 öre/inv på folkmängden 2022-12-31`."""
    dag = fordelning.modell.folkmangdsdatum.isoformat()
    if fordelning.ore_per_invanare is None:
        return f"folkmängden {dag}"
    return f"{visa_decimal(fordelning.ore_per_invanare, 2)}\xa0öre/inv på folkmängden {dag}"


def som_csv(fordelning: Fordelning) -> bytes:
    """Semicolon separated with a byte order mark and decimal comma: opens right in a Swedish Excel."""
    ut = io.StringIO()
    skriv = csv.writer(ut, delimiter=";", lineterminator="\r\n")
    skriv.writerow(RUBRIKER)
    for en in fordelning.andelar:
        skriv.writerow([en.kod, _ofarlig(en.namn), en.invanare, _kr_text(en.belopp)])
    skriv.writerow(["", "Summa", "", _kr_text(fordelning.total)])
    return "\ufeff".encode() + ut.getvalue().encode()


def som_xlsx(dokument: Plandokument, ars: Arsfordelning, fordelning: Fordelning) -> bytes:
    """A workbook with numbers as numbers and codes as text."""
    from openpyxl import Workbook  # late: the import costs nearly a second
    from openpyxl.styles import Font

    bok = Workbook(write_only=False)
    del bok["Sheet"]
    blad = bok.create_sheet(f"Fördelning {ars.budgetar}")
    blad.append([f"{dokument.titel}: fördelning {ars.budgetar}, {underrad(fordelning)}"])
    blad.append([])
    blad.append(list(RUBRIKER))
    for en in fordelning.andelar:
        blad.append([en.kod, _ofarlig(en.namn), en.invanare, en.belopp / 100])
    blad.append(["", "Summa", None, fordelning.total / 100])
    for rad in blad.iter_rows(min_row=4):
        rad[0].number_format = "@"
        rad[2].number_format = "#,##0"
        rad[3].number_format = "#,##0.00"
    for cell in (blad["A1"], *blad[3], *blad[blad.max_row]):
        cell.font = Font(bold=True)
    for bokstav, bredd in zip("ABCD", (8, 32, 14, 18), strict=True):
        blad.column_dimensions[bokstav].width = bredd
    blad.freeze_panes = "A4"
    ut = io.BytesIO()
    bok.save(ut)
    return ut.getvalue()


def _kr_text(ore: int) -> str:
    """Kronor with decimal comma and no groups, which a spreadsheet reads as a number."""
    hela, rest = divmod(abs(ore), 100)
    return f"{'-' if ore < 0 else ''}{hela},{rest:02d}"


def _ofarlig(text: str) -> str:
    """A name that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
