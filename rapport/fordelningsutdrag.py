"""The split of one year as JSON, CSV and xlsx. Pure: from the record, without database."""

from __future__ import annotations

from typing import Any

from budget import kalkylblad
from budget.belopp import visa_decimal, visa_kr, visa_summa
from budget.fordelning import Fordelning
from budget.kalkylblad import kalkylbladstext
from rapport import andelsord
from rapport.betalning import andras_betalning, betalning_i_ord
from rapport.plandokument import Arsfordelning, Plandokument

RUBRIKER = ("Kod", "Huvudman", "Invånare", "Andel, kr")
BETALAR = "Betalar, kr"


def som_json(dokument: Plandokument, ars: Arsfordelning) -> dict[str, Any]:
    """The split as plain values: amounts in öre (`enhet`), the rate as text. Without a split the total is None,
    since it may be unknown, and `skal` says why. Where somebody pays for another, `betalar` is what each pays."""
    fordelning = ars.fordelning
    if fordelning is None:
        andelar: list[dict[str, Any]] = []
    else:
        betalar = andras_betalning(ars)
        andelar = [
            {"kod": en.kod, "namn": en.namn, "invanare": en.invanare, "belopp": en.belopp}
            | ({"betalar": betalar[en.kod]} if betalar else {})
            for en in fordelning.andelar
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
    return "\n".join([*rader, *filter(None, [betalning_i_ord(ars), anmarkning(dokument, ars)])])


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
    rader = _rader(ars, fordelning)
    if rad := anmarkning(dokument, ars):
        rader.append(("", rad, *[""] * (len(rader[0]) - 2)))
    return kalkylblad.som_csv(rader)


def _rader(ars: Arsfordelning, fordelning: Fordelning) -> list[tuple[kalkylblad.Cell, ...]]:
    """The head, a row per party and the sum; with what each pays where somebody pays for another."""
    betalar = andras_betalning(ars)
    rader: list[tuple[kalkylblad.Cell, ...]] = [(*RUBRIKER, BETALAR) if betalar else RUBRIKER]
    for en in fordelning.andelar:
        egen = (kalkylblad.i_kronor(betalar[en.kod]),) if betalar else ()
        rader.append((en.kod, en.namn, en.invanare, kalkylblad.i_kronor(en.belopp), *egen))
    summa = kalkylblad.i_kronor(fordelning.total)
    rader.append(("", "Summa", None, *[summa] * (2 if betalar else 1)))
    return rader


def som_xlsx(dokument: Plandokument, ars: Arsfordelning, fordelning: Fordelning) -> bytes:
    """A workbook with numbers as numbers and codes as text; about unknown parts a row under the sum, and a sheet about
    what the figures rest on."""
    from openpyxl.styles import Font  # late: the import costs nearly a second

    bok = kalkylblad.tom_bok()
    blad = bok.create_sheet(f"Fördelning {ars.budgetar}")
    utkast = "UTKAST. " if dokument.ar_utkast else ""
    blad.append([kalkylbladstext(f"{utkast}{dokument.titel}: fördelning {ars.budgetar}, {underrad(fordelning)}")])
    blad.append([])
    for rad in _rader(ars, fordelning):
        blad.append([kalkylbladstext(varde) if isinstance(varde, str) else varde for varde in rad])
    for celler in blad.iter_rows(min_row=4):
        celler[0].number_format = "@"
        celler[2].number_format = "#,##0"
        for cell in celler[3:]:
            cell.number_format = kalkylblad.KRONOR
    for cell in (blad["A1"], *blad[3], *blad[blad.max_row]):
        cell.font = Font(bold=True)
    if under := anmarkning(dokument, ars):
        blad.append([None, kalkylbladstext(under)])
    for bokstav, bredd in zip("ABCDE", (8, 32, 14, 18, 18), strict=True):
        blad.column_dimensions[bokstav].width = bredd
    blad.freeze_panes = "A4"
    kalkylblad.lagg_blad(bok, "Underlag", ("Vad", "Uppgift"), _fakta(dokument, ars), (28, 100))
    return kalkylblad.som_fil(bok)


def _fakta(dokument: Plandokument, ars: Arsfordelning) -> list[tuple[str, str]]:
    """What the figures rest on: (what, in words)."""
    fakta = [("Plan", dokument.titel), ("Belopp", "Kronor exklusive moms")]
    fakta += andelsord.bygger_pa(dokument, ars, andelsord.stallning(ars))
    for vad, text in (("Betalning", betalning_i_ord(ars)), ("Att observera", anmarkning(dokument, ars))):
        if text:
            fakta.append((vad, text))
    return fakta
