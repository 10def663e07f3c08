"""The split of one year as JSON, CSV and xlsx. Pure: from the record, without database."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from budget import kalkylblad
from budget.belopp import visa_decimal, visa_kr, visa_summa
from budget.fordelning import Fordelning
from budget.kalkylblad import kalkylbladstext
from rapport.plandokument import Arsfordelning, Plandokument

RUBRIKER = ("Kod", "Huvudman", "Invånare", "Andel, kr")


def som_json(dokument: Plandokument, ars: Arsfordelning) -> dict[str, Any]:
    """The split as plain values: amounts in öre (`enhet`), the rate as text. Without a split the total is None,
    since it may be unknown, and `skal` says why."""
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
        "total": fordelning.total if fordelning else None,
        "ore_per_invanare": None if rate is None else str(rate),
        "folkmangdsdatum": fordelning.modell.folkmangdsdatum.isoformat() if fordelning else None,
        "andelar": andelar,
    }
    if skal := anmarkning(dokument, ars):
        svar["skal"] = skal
    return svar


def anmarkning(dokument: Plandokument, ars: Arsfordelning) -> str:
    """What must stand beside the figures: that a part of the budget is not in them, and why. "" where nothing must.

    Also a stored split, which has no `skal`, may be of a budget with unknown parts.
    """
    summa = dokument.budget.summa(ars.budgetar, "sgd")
    delar = [ars.skal] if ars.skal else []
    if ars.fordelning is not None and summa is not None and (summa.okanda or summa.ej_ifyllda):
        delar.insert(0, f"Hela SGD-budgeten {ars.budgetar}: {visa_summa(summa)}.")
    return " ".join(delar)


def som_text(dokument: Plandokument, ars: Arsfordelning) -> str:
    """The split as a table for a person at a terminal."""
    if ars.fordelning is None:
        return f"{dokument.titel}: {ars.skal}"
    fordelning = ars.fordelning
    rader = [f"{dokument.titel}: {visa_kr(fordelning.total)} kr för {ars.budgetar}, {underrad(fordelning)}"]
    bredd = max(len(en.namn) for en in fordelning.andelar)
    rader += [f"{en.kod:<4}  {en.namn:<{bredd}}  {visa_kr(en.belopp):>20}" for en in fordelning.andelar]
    return "\n".join([*rader, *filter(None, [anmarkning(dokument, ars)])])


def underrad(fordelning: Fordelning) -> str:
    """`61,87 öre/inv på folkmängden 2022-12-31`."""
    dag = fordelning.modell.folkmangdsdatum.isoformat()
    if fordelning.ore_per_invanare is None:
        return f"folkmängden {dag}"
    return f"{visa_decimal(fordelning.ore_per_invanare, 2)}\xa0öre/inv på folkmängden {dag}"


def som_csv(dokument: Plandokument, ars: Arsfordelning, fordelning: Fordelning) -> bytes:
    """Semicolon separated with a byte order mark and decimal comma: opens right in a Swedish Excel.

    A budget with unknown parts has a row about it under the sum.
    """
    rader: list[tuple[kalkylblad.Cell, ...]] = [RUBRIKER]
    rader += [(en.kod, en.namn, en.invanare, kalkylblad.i_kronor(en.belopp)) for en in fordelning.andelar]
    rader.append(("", "Summa", "", kalkylblad.i_kronor(fordelning.total)))
    if rad := anmarkning(dokument, ars):
        rader.append(("", rad, "", ""))
    return kalkylblad.som_csv(rader)


def som_xlsx(dokument: Plandokument, ars: Arsfordelning, fordelning: Fordelning) -> bytes:
    """A workbook with numbers as numbers and codes as text; about unknown parts a row under the sum."""
    from openpyxl import Workbook  # late: the import costs nearly a second
    from openpyxl.styles import Font

    bok = Workbook(write_only=False)
    del bok["Sheet"]
    blad = bok.create_sheet(f"Fördelning {ars.budgetar}")
    blad.append([kalkylbladstext(f"{dokument.titel}: fördelning {ars.budgetar}, {underrad(fordelning)}")])
    blad.append([])
    blad.append(list(RUBRIKER))
    for en in fordelning.andelar:
        blad.append([en.kod, kalkylbladstext(en.namn), en.invanare, Decimal(en.belopp) / 100])
    blad.append(["", "Summa", None, Decimal(fordelning.total) / 100])
    for celler in blad.iter_rows(min_row=4):
        celler[0].number_format = "@"
        celler[2].number_format = "#,##0"
        celler[3].number_format = "#,##0.00"
    for cell in (blad["A1"], *blad[3], *blad[blad.max_row]):
        cell.font = Font(bold=True)
    if rad := anmarkning(dokument, ars):
        blad.append([None, kalkylbladstext(rad)])
    for bokstav, bredd in zip("ABCD", (8, 32, 14, 18), strict=True):
        blad.column_dimensions[bokstav].width = bredd
    blad.freeze_panes = "A4"
    ut = io.BytesIO()
    bok.save(ut)
    return ut.getvalue()
