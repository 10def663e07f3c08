"""What the amounts of the grid come to while they are typed: sums, öre per inhabitant, and every party's share.

Nothing is saved, and nothing is rounded here: the sums are made by `budget.belopp`, the split by `budget.fordelning`,
as for the page and the PDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from budget import fordelningar
from budget.belopp import EJ_AKTUELLT, Cellvarde, Summa, summera, till_ore, visa_decimal, visa_kr, visa_summa
from budget.celler import Cellplats, Inskickad
from budget.fordelningar import Arsutfall, Underlag
from budget.kolumner import Kolumnnyckel, skriv_kolumnnyckel
from budget.models import Finansiering
from budget.radfordelning import Rad
from budget.redigering import Budgetlage, som_text, varde
from handlingsplan.models import Huvudman

INGET = "–"


@dataclass(frozen=True, slots=True)
class Arssvar:
    """The SGD money of one year of the grid. `egen`: a year of the plan's own, not a comparison."""

    budgetar: int
    egen: bool
    utfall: Arsutfall

    @property
    def taxa(self) -> str:
        """Öre per inhabitant, `65,40`."""
        rader = self.utfall.fordelning
        taxa = rader.ore_per_invanare if rader else None
        return INGET if taxa is None else visa_decimal(taxa, 2)

    @property
    def andelar(self) -> dict[str, str]:
        """What each party that pays pays, by SCB code: `233 732,67`."""
        rader = self.utfall.fordelning
        return {en.kod: visa_kr(en.belopp) for en in rader.andelar} if rader else {}


@dataclass(frozen=True, slots=True)
class Svar:
    """The answer to what stands in the grid. `olasta`: cells that cannot be read, counted as they are saved."""

    kolumner: tuple[Kolumnnyckel, ...]
    summor: tuple[Summa, ...]
    alla_ar: tuple[Arssvar, ...]
    parter: tuple[tuple[str, str], ...]  # code and name
    olasta: int

    @property
    def fot(self) -> list[tuple[str, str, str | None]]:
        """Per column: its name, its sum, and its rate where it is money that is shared."""
        taxor = {ett.budgetar: ett.taxa for ett in self.alla_ar}
        return [
            (skriv_kolumnnyckel(nyckel), visa_summa(summa), taxor[nyckel[0]] if _delas(nyckel) else None)
            for nyckel, summa in zip(self.kolumner, self.summor, strict=True)
        ]

    @property
    def egna_ar(self) -> list[Arssvar]:
        return [ett for ett in self.alla_ar if ett.egen]

    @property
    def andelsrader(self) -> list[tuple[str, str, list[tuple[int, str]]]]:
        """Per party: its code, its name, and its share of each year of the plan."""
        per_ar = [(ett.budgetar, ett.andelar) for ett in self.egna_ar]
        return [(kod, namn, [(ett, andelar.get(kod, INGET)) for ett, andelar in per_ar]) for kod, namn in self.parter]

    @property
    def skal(self) -> list[tuple[int, str]]:
        """What there is to say of a year's split."""
        return [(ett.budgetar, ett.utfall.skal) for ett in self.alla_ar if ett.utfall.skal]

    def som_json(self) -> dict[str, Any]:
        """Texts, ready to be shown; the page's script does not calculate."""
        return {
            "summor": {namn: summa for namn, summa, _ in self.fot},
            "taxor": {namn: taxa for namn, _, taxa in self.fot if taxa is not None},
            "andelar": {ett.budgetar: ett.andelar for ett in self.egna_ar},
            "skal": [f"{budgetar}: {text}" for budgetar, text in self.skal],
            "olasta": self.olasta,
        }


def las_underlag(lage: Budgetlage, kolumner: Iterable[Kolumnnyckel]) -> Underlag:
    """What the splits of the grid's years are made from: in five or six statements."""
    alla_ar = {budgetar for budgetar, _ in kolumner}
    return fordelningar.underlag(lage.plan, alla_ar, Huvudman.objects.all())


def rakna(
    lage: Budgetlage,
    kolumner: Iterable[Kolumnnyckel],
    kalla: Underlag,
    inskickade: Mapping[Cellplats, Inskickad] | None = None,
) -> Svar:
    """Sums and splits of what is saved, with what is typed in its place where it can be read."""
    nycklar, sanda = tuple(kolumner), inskickade or {}
    summor = tuple(summera(_varden(lage, nyckel, sanda)) for nyckel in nycklar)
    per_ar = {nyckel[0]: summa for nyckel, summa in zip(nycklar, summor, strict=True) if _delas(nyckel)}
    return Svar(
        kolumner=nycklar,
        summor=summor,
        alla_ar=tuple(
            Arssvar(
                ett,
                ett in lage.plan.verksamhetsar,
                fordelningar.arets(summa, _rader(lage, (ett, Finansiering.SGD.value), sanda), ett, kalla),
            )
            for ett, summa in per_ar.items()
        ),
        parter=tuple((en.kod, en.officiellt_namn) for en in kalla.alla_huvudman),
        olasta=sum(1 for en in sanda.values() if en.fel),
    )


def jamfor_med_sparat(lage: Budgetlage, inskickade: Mapping[Cellplats, Inskickad]) -> dict[str, dict[str, Any]]:
    """Per typed cell: what is saved in it now, and whether that is what was typed."""
    nu = {plats: varde(lage.poster.get(plats)) for plats in inskickade}
    return {
        plats.namn: {"text": som_text(nu[plats]), "lika": not en.fel and en.varde == nu[plats]}
        for plats, en in inskickade.items()
    }


def _delas(nyckel: Kolumnnyckel) -> bool:
    return nyckel[1] == Finansiering.SGD


def _rader(lage: Budgetlage, nyckel: Kolumnnyckel, sanda: Mapping[Cellplats, Inskickad]) -> list[Rad]:
    """The rows of a column that have an amount, in öre."""
    return [
        Rad(rad.kod, rad.namn, till_ore(ett.belopp))
        for rad, ett in zip(lage.rader, _varden(lage, nyckel, sanda), strict=True)
        if ett is not None and ett.belopp is not None
    ]


def _varden(lage: Budgetlage, nyckel: Kolumnnyckel, sanda: Mapping[Cellplats, Inskickad]) -> Iterable[Cellvarde | None]:
    """A column's values from top to bottom."""
    for rad in lage.rader:
        sand = sanda.get(rad.plats(nyckel))
        if lage.ar_last(rad, nyckel[0]):
            yield EJ_AKTUELLT
        elif sand is not None and sand.ar_andrad and not sand.fel:
            yield sand.varde
        else:
            yield varde(lage.poster.get(rad.plats(nyckel)))
