"""The money of two plans' records compared: amounts, sums and shares, each with its difference. Pure; öre."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from budget.belopp import visa_summa
from rapport.plandokument import Cell, Plandokument

FINNS_INTE: Final = "finns inte"


@dataclass(frozen=True, slots=True)
class Beloppsandring:
    """One amount before and after, in öre or as its kind.

    `skillnad` in öre where both are numbers, or where one is and the other's plan does not have the row at all.
    """

    nyckel: str
    namn: str
    finansiering: str
    fore: str
    efter: str
    fore_ore: int | None
    efter_ore: int | None

    @property
    def skillnad(self) -> int | None:
        fore, efter = (
            0 if ore is None and slag == FINNS_INTE else ore
            for ore, slag in ((self.fore_ore, self.fore), (self.efter_ore, self.efter))
        )
        return None if fore is None or efter is None or self.fore == self.efter == FINNS_INTE else efter - fore

    @property
    def procent(self) -> Decimal | None:
        """The difference in per cent of what it was; None where that says nothing."""
        return (
            Decimal(self.skillnad * 100) / abs(self.fore_ore) if self.skillnad is not None and self.fore_ore else None
        )

    @property
    def ar_andrad(self) -> bool:
        return (self.fore, self.fore_ore) != (self.efter, self.efter_ore)


def budgetandringar(
    fore: Plandokument, efter: Plandokument, ar_fore: int, ar_efter: int, *, med_ar: bool = False
) -> tuple[Beloppsandring, ...]:
    """Every row and form of financing that either has, in the later table's order.

    Of a form that only one of the two has, the rows with an amount: that the others are not there says nothing more.
    """
    former = _former(fore, ar_fore, efter, ar_efter)
    rader: list[Beloppsandring] = []
    for form, formens_namn in former.items():
        gamla, nya = _celler(fore, ar_fore, form), _celler(efter, ar_efter, form)
        for nyckel in dict.fromkeys([*nya, *gamla]):
            (namn, gammal), (nytt_namn, ny) = gamla.get(nyckel, ("", None)), nya.get(nyckel, ("", None))
            en = _belopp(nyckel, nytt_namn or namn, _med_ar(formens_namn, ar_efter, med_ar), gammal, ny)
            if (gamla and nya) or en.skillnad is not None:
                rader.append(en)
    return tuple(rader)


def _med_ar(namn: str, budgetar: int, med_ar: bool) -> str:
    """A name with its year, where several years stand in one table."""
    return f"{namn} {budgetar}" if med_ar else namn


def _former(fore: Plandokument, ar_fore: int, efter: Plandokument, ar_efter: int) -> dict[str, str]:
    """The forms of financing of the two years and their names, the later plan's first."""
    nya = [en for en in efter.budget.kolumner if en.budgetar == ar_efter]
    gamla = [en for en in fore.budget.kolumner if en.budgetar == ar_fore]
    former: dict[str, str] = {}
    for en in (*nya, *gamla):
        former.setdefault(en.finansiering, en.namn)
    return former


def _celler(dokument: Plandokument, budgetar: int, form: str) -> dict[str, tuple[str, Cell]]:
    """A column's cells with the row's name, by the area's code or the plan row's name."""
    return {
        rad.kod if rad.omrade_id is not None else f"rad {rad.namn}": (rad.rubrik, cell)
        for rad, cell in dokument.budget.kolumn_celler(budgetar, form)
    }


def _belopp(nyckel: str, namn: str, form: str, gammal: Cell | None, ny: Cell | None) -> Beloppsandring:
    return Beloppsandring(
        nyckel=nyckel,
        namn=namn,
        finansiering=form,
        fore=gammal.slag if gammal else FINNS_INTE,
        efter=ny.slag if ny else FINNS_INTE,
        fore_ore=gammal.ore if gammal else None,
        efter_ore=ny.ore if ny else None,
    )


def summandringar(
    fore: Plandokument, efter: Plandokument, ar_fore: int, ar_efter: int, *, med_ar: bool = False
) -> tuple[Beloppsandring, ...]:
    """The sum of each form of financing; in öre where all of it is known."""
    rader = []
    for form, namn in _former(fore, ar_fore, efter, ar_efter).items():
        delar = []
        for dokument, ett in ((fore, ar_fore), (efter, ar_efter)):
            summa = dokument.budget.summa(ett, form)
            helt_kand = summa is not None and summa.belopp and not summa.okanda and not summa.ej_ifyllda
            delar.append((visa_summa(summa) if summa else FINNS_INTE, summa.ore if summa and helt_kand else None))
        (gammalt, gammalt_ore), (nytt, nytt_ore) = delar
        formens_namn = _med_ar(namn, ar_efter, med_ar)
        rader.append(Beloppsandring(form, f"Summa {formens_namn}", formens_namn, gammalt, nytt, gammalt_ore, nytt_ore))
    return tuple(rader)


def andelsandringar(
    fore: Plandokument, efter: Plandokument, ar_fore: int, ar_efter: int, *, med_ar: bool = False
) -> tuple[Beloppsandring, ...]:
    """Every party's share, of those that are in either year; nothing where one of the years is not split."""
    per_part: list[dict[str, int]] = []
    namn: dict[str, str] = {}
    for dokument, ett in ((efter, ar_efter), (fore, ar_fore)):
        ars = dokument.fordelning_for(ett)
        andelar = ars.fordelning.andelar if ars and ars.fordelning else ()
        per_part.append({en.kod: en.belopp for en in andelar})
        namn = {en.kod: en.namn for en in andelar} | namn
    nya, gamla = per_part
    if not (nya and gamla):
        return ()
    slag = {True: "belopp", False: FINNS_INTE}
    return tuple(
        Beloppsandring(
            kod,
            _med_ar(namn[kod], ar_efter, med_ar),
            "SGD",
            slag[kod in gamla],
            slag[kod in nya],
            gamla.get(kod),
            nya.get(kod),
        )
        for kod in dict.fromkeys([*nya, *gamla])
    )


def ofordelade(fore: Plandokument, efter: Plandokument, ar_fore: int, ar_efter: int) -> tuple[int, ...]:
    """The year that has no shares yet where the other has: what `andelsandringar` cannot compare."""
    har = [
        bool((ars := dokument.fordelning_for(ett)) and ars.fordelning)
        for dokument, ett in ((fore, ar_fore), (efter, ar_efter))
    ]
    return tuple(ett for ett, fordelat in zip((ar_fore, ar_efter), har, strict=True) if any(har) and not fordelat)
