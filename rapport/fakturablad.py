"""Issued billing bases as xlsx and CSV, one row per instalment. Pure: from the rows, read with their instalments.

Reference and kontering are left out of the files of whoever may not see them: the columns are not there at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from budget.belopp import visa_kr
from budget.delbetalningar import AVRUNDNING_I_ORD, Period
from budget.kalkylblad import Cell, i_kronor, kalkylbladstext, lagg_blad, som_fil, tom_bok
from budget.kalkylblad import som_csv as skriv_csv
from budget.models import Delbetalning, Faktureringsunderlag
from rapport.avrakning import Arsavrakning

# An instalment with its basis.
type Rad = tuple[Faktureringsunderlag, Delbetalning]

SAKNAS: Final = "saknas"
_SLAG_I_ORD: Final = {"underlag": "underlag", "egen": "egen andel, faktureras inte", "kredit": "kredit"}
# Heading and width of each column; those in `_UPPGIFTER` are for who may see them.
_KOLUMNER: Final = (
    ("Underlag", 12), ("Slag", 18), ("Betalare, juridiskt namn", 30), ("Betalare, officiellt namn", 26), ("SCB-kod", 9),
    ("Organisationsnummer", 16), ("Er referens", 20), ("Kontering", 26), ("Avser andel för", 34), ("År", 7),
    ("Delbetalning", 13), ("Period från", 12), ("Period till", 12), ("Faktureras den", 13),
    ("Belopp exkl. moms, kr", 16), ("Årets belopp exkl. moms, kr", 16), ("Delbetalningar i", 14), ("Krediterar", 12),
    ("Skäl", 30), ("Utställare", 24), ("Utfärdat", 12),
)  # fmt: skip
_UPPGIFTER: Final = ("Er referens", "Kontering")
_BELOPP, _ARSBELOPP = "Belopp exkl. moms, kr", "Årets belopp exkl. moms, kr"


def delbetalningar(underlag: Iterable[Faktureringsunderlag], period: Period | None = None) -> list[Rad]:
    """Every instalment with its basis; with a period, those whose own period begins in it.

    The periods of a year share its instalments between them: each is in one, and none is left out.
    """
    return [
        (ett, en)
        for ett in underlag
        for en in ett.alla_delbetalningar.all()
        if period is None or period.fran <= en.fran <= period.till
    ]


def som_csv(rader: Sequence[Rad], *, med_uppgifter: bool, avrakning: Arsavrakning | None = None) -> bytes:
    """The rows with their sums; below them what is set against the year, payer by payer."""
    rubriker, tabell = _rubriker(med_uppgifter), _tabell(rader, med_uppgifter=med_uppgifter)
    for rad in avrakning.rader if avrakning else ():
        celler: dict[str, Cell] = dict.fromkeys(rubriker, "")
        celler |= {"Slag": f"avräknas från {rad.fran}", "Betalare, officiellt namn": rad.namn, "SCB-kod": rad.kod}
        celler |= {"År": rad.fran + 1, _BELOPP: i_kronor(rad.avraknas)}
        tabell.append(list(celler.values()))
    return skriv_csv([rubriker, *tabell])


def som_xlsx(
    rader: Sequence[Rad], *, med_uppgifter: bool, rubrik: str, om: str, avrakning: Arsavrakning | None = None
) -> bytes:
    """The rows as a sheet, what is set against the year as another, and a sheet that says what they are (Swedish)."""
    bok, rubriker = tom_bok(), _rubriker(med_uppgifter)
    bredder = [bredd for namn, bredd in _KOLUMNER if namn in rubriker]
    kronor = [nr for nr, namn in enumerate(rubriker, 1) if namn in (_BELOPP, _ARSBELOPP)]
    tabell = _tabell(rader, med_uppgifter=med_uppgifter)
    lagg_blad(bok, "Underlag", rubriker, tabell, bredder, kronor=kronor)
    if avrakning:
        kolumner = ("SCB-kod", "Betalare", f"Betalar {avrakning.budgetar}, kr", f"Avräknas från {avrakning.fran}, kr")
        celler = [(en.kod, en.namn, *map(i_kronor, (en.betalar, en.avraknas, en.efter))) for en in avrakning.rader]
        celler.append(("", "Summa", *map(i_kronor, (avrakning.betalar, avrakning.avraknas, avrakning.efter))))
        bredder = [9, 30, 18, 18, 22]
        lagg_blad(bok, "Avräkning", (*kolumner, "Efter avräkning, kr"), celler, bredder, kronor=(3, 4, 5))
    avrundningar = sorted({ett.avrundning for ett, _ in rader}, reverse=True)
    text = [(rubrik,), (om,), ("Alla belopp är kronor exklusive moms.",)]
    text += [(AVRUNDNING_I_ORD[en],) for en in avrundningar]
    blad = bok.create_sheet("Om filen")
    for (rad,) in text:
        blad.append([kalkylbladstext(rad)])
    blad.column_dimensions["A"].width = 110
    return som_fil(bok)


def _rubriker(med_uppgifter: bool) -> list[str]:
    return [namn for namn, _ in _KOLUMNER if med_uppgifter or namn not in _UPPGIFTER]


def _tabell(rader: Sequence[Rad], *, med_uppgifter: bool) -> list[list[Cell]]:
    """The cells under the head, with the sum and what of it is invoiced last."""
    rubriker = _rubriker(med_uppgifter)
    tabell: list[list[Cell]] = [[_celler(*rad)[namn] for namn in rubriker] for rad in rader]
    hela = sum(en.belopp for _, en in rader)
    egna = sum(en.belopp for ett, en in rader if ett.ar_egen)
    summor = [("Summa", hela)] + ([("varav faktureras", hela - egna), ("varav egen andel", egna)] if egna else [])
    for vad, ore in summor:
        tom: dict[str, Cell] = dict.fromkeys(rubriker, "")
        tabell.append(list((tom | {"Underlag": vad, _BELOPP: i_kronor(ore)}).values()))
    return tabell


def _celler(ett: Faktureringsunderlag, en: Delbetalning) -> dict[str, Cell]:
    antal = len(ett.alla_delbetalningar.all())
    return {
        "Underlag": ett.beteckning,
        "Slag": _SLAG_I_ORD[ett.slag],
        "Betalare, juridiskt namn": ett.juridiskt_namn,
        "Betalare, officiellt namn": ett.namn,
        "SCB-kod": ett.kod,
        "Organisationsnummer": ett.organisationsnummer or SAKNAS,
        "Er referens": ett.referens or SAKNAS,
        "Kontering": ett.kontering or SAKNAS,
        "Avser andel för": ", ".join(
            namn if len(ett.avser) == 1 else f"{namn} {visa_kr(ore)} kr" for _, namn, ore in ett.avser
        ),
        "År": ett.budgetar,
        "Delbetalning": f"{en.nummer} av {antal}",
        "Period från": en.fran,
        "Period till": en.till,
        "Faktureras den": en.fakturadag,
        _BELOPP: i_kronor(en.belopp),
        _ARSBELOPP: i_kronor(ett.belopp),
        "Delbetalningar i": ett.get_avrundning_display(),
        "Krediterar": ett.krediterar.beteckning if ett.krediterar else "",
        "Skäl": ett.skal,
        "Utställare": ett.utstallare,
        "Utfärdat": ett.utfardad_dag,
    }
