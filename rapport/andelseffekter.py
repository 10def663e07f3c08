"""Why a party's share changed since the year before, in parts that add up: `budget.effekter` on two finished splits.

Pure functions. Amounts are öre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from budget.belopp import HART_MELLANSLAG, visa_kr
from budget.effekter import effekter
from budget.fordelning import Fordelning, Fordelningsfel, Part, fordela_plan
from budget.harledning import Steg, harledning
from budget.radfordelning import Rad
from budget.stegutfall import arsunderlag
from rapport import andelsord
from rapport.andelsbild import Stapel, stapel


@dataclass(frozen=True, slots=True)
class Effektrad:
    """One part of the change: what made it, and the share before and after it (öre).

    `rakning` is how the share after it is computed, where that is neither year's own derivation.
    """

    namn: str
    forklaring: str
    fore: int
    efter: int
    rakning: tuple[Steg, ...]
    stapel: Stapel | None

    @property
    def mellanledet(self) -> str:
        """What `rakning` computes: `beloppet efter budgeteffekten, 219 462,98 kr`."""
        return f"beloppet efter {self.namn.lower()}en, {visa_kr(self.efter)}{HART_MELLANSLAG}kr"

    @property
    def belopp(self) -> int:
        """The effect, öre."""
        return self.efter - self.fore


@dataclass(frozen=True, slots=True)
class Forandring:
    """The whole change of a party. `rader` is empty where it cannot be parted; `anmarkningar` (Swedish) say why."""

    rader: tuple[Effektrad, ...]
    anmarkningar: tuple[str, ...]


INGEN = Forandring((), ())


def forandring(fore: Fordelning, nu: Fordelning, budgetar: int, kod: str, rader: Sequence[Rad] = ()) -> Forandring:
    """Budget, population and model effect of one party from the year before to `budgetar`, in that order.

    Both splits are taken as they are, stored or computed; `rader` are this year's rows, for a split that knows none.
    Raises Fordelningsfel for a party that is not in both.
    """
    andel_fore, andel = fore.andel(kod), nu.andel(kod)
    lagrat = {en.kod: en.belopp for en in fore.andelar}
    try:
        kanda_rader = rader if sum(rad.belopp for rad in rader) == nu.total else ()
        utfall = effekter(arsunderlag(fore, budgetar - 1), arsunderlag(nu, budgetar, kanda_rader), lagrat)
    except Fordelningsfel as fel:
        return Forandring((), (f"Skillnaden kan inte delas upp: {fel}",))
    rad = utfall.rad(kod)
    if rad.nu != andel.belopp:
        return Forandring((), ("Skillnaden kan inte delas upp: andelen är lagrad efter en annan modell.",))
    nivaer = (rad.fore, rad.fore + rad.budget, rad.fore + rad.budget + rad.befolkning, rad.nu)
    ord_ = (
        ("Budgeteffekt", andelsord.budgetord(fore, nu)),
        ("Befolkningseffekt", andelsord.befolkningsord(fore, andel_fore, nu, andel)),
        ("Modelleffekt", andelsord.modellord(fore, nu)),
    )
    mellan = (_mellanled(fore, nu, {}), _mellanled(fore, nu, {en.kod: en.invanare for en in nu.kommuner}), None)
    kanda = {rad.fore, rad.nu}
    effektrader = tuple(
        Effektrad(
            namn=namn,
            forklaring=forklaring,
            fore=nivaer[nr],
            efter=nivaer[nr + 1],
            rakning=_rakning(mellan[nr], kod, nivaer[nr + 1]) if nivaer[nr + 1] not in kanda else (),
            stapel=stapel(nivaer[nr], nivaer[nr + 1], max(nivaer)),
        )
        for nr, (namn, forklaring) in enumerate(ord_)
    )
    return Forandring(effektrader, utfall.anmarkningar)


def _parter(fordelning: Fordelning, nya: dict[str, int]) -> list[Part]:
    """The parties with the inhabitants they were split by, or the new ones where there are."""
    return [
        Part(en.kod, en.namn, en.typ, None if en.typ == "region" else nya.get(en.kod, en.invanare))
        for en in fordelning.andelar
    ]


def _mellanled(fore: Fordelning, nu: Fordelning, nya: dict[str, int]) -> Fordelning | None:
    """The new total on the old model, with the old inhabitants or the new ones; None where it cannot be split."""
    datum = nu.modell.folkmangdsdatum if nya else fore.modell.folkmangdsdatum
    if fore.i_steg:
        return None  # its steps are those of the year before, with other amounts; they are not laid out again
    try:
        return fordela_plan(nu.total, _parter(fore, nya), replace(fore.modell, folkmangdsdatum=datum))
    except Fordelningsfel:
        return None  # the effects say so in a note, and count it with the next one


def _rakning(mellanled: Fordelning | None, kod: str, belopp: int) -> tuple[Steg, ...]:
    """How the share between the years is computed, if it is that share."""
    if mellanled is None or mellanled.andel(kod).belopp != belopp:
        return ()
    return harledning(mellanled, kod)
