"""What depends on a population figure: which plans' years are split by it, and how each party's share would move.

A decided year never moves: it is as it was stored. The rest is computed twice, with the figures as they are and as
they would be, by the same way as the budget page. Nothing is saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from budget import raknesvar
from budget.fordelning import Andel
from budget.fordelningar import Arsutfall
from budget.models import Finansiering, Fordelningsresultat
from budget.redigering import las_lage
from handlingsplan.models import Handlingsplan


@dataclass(frozen=True, slots=True)
class Partsflytt:
    """One party's share of a year before and after, öre, and its inhabitants; None where it could not be computed."""

    kod: str
    namn: str
    invanare_fore: int | None
    invanare: int
    fore: int | None
    efter: int

    @property
    def skillnad(self) -> int | None:
        """Öre; positive where the party would pay more."""
        return None if self.fore is None else self.efter - self.fore


@dataclass(frozen=True, slots=True)
class Arsberoende:
    """A year that is not decided and is split by the date. `egen`: a year of the plan's own, not a comparison."""

    plan: Handlingsplan
    budgetar: int
    egen: bool
    fore: Arsutfall
    efter: Arsutfall

    @property
    def rader(self) -> tuple[Partsflytt, ...]:
        """The parties whose share moves, or is computed for the first time."""
        if self.efter.fordelning is None:
            return ()
        forut = {en.kod: en for en in self.fore.fordelning.andelar} if self.fore.fordelning else {}
        alla = (_flytt(en, forut.get(en.kod)) for en in self.efter.fordelning.andelar)
        return tuple(en for en in alla if en.fore != en.efter)

    @property
    def storst(self) -> Partsflytt | None:
        """The party whose share moves the most, if any does."""
        kanda = [en for en in self.rader if en.skillnad is not None]
        return max(kanda, key=lambda en: abs(en.skillnad or 0), default=None)

    @property
    def antal_parter(self) -> int:
        return len(self.efter.fordelning.andelar) if self.efter.fordelning else 0


@dataclass(frozen=True, slots=True)
class Beslutat:
    """A year that is stored with its plan: it was split by the date, and stays as it is."""

    plan: Handlingsplan
    budgetar: int


@dataclass(frozen=True, slots=True)
class Beroenden:
    """Everything that the figures of one date are used for, newest plan first."""

    flyttas: tuple[Arsberoende, ...]
    beslutade: tuple[Beslutat, ...]

    @property
    def finns(self) -> bool:
        return bool(self.flyttas or self.beslutade)

    @property
    def andrar_nagot(self) -> bool:
        """Whether some share that is not decided would be another."""
        return any(en.rader for en in self.flyttas)


def beroenden(datum: date, nya: Mapping[str, int], alder: str = "") -> Beroenden:
    """What uses the figures of `datum`, were `nya` (inhabitants by SCB code) among them.

    `alder` is an age span's code; then only what a model weighs by that span depends on them. The statements grow with
    the number of plans that are not adopted, not with their size.
    """
    flyttas = [
        ett
        for plan in Handlingsplan.objects.filter(faststalld_at=None).order_by("-till_ar")
        for ett in _planens(plan, datum, nya, alder)
    ]
    lagrade = Fordelningsresultat.objects.filter(folkmangdsdatum=datum).select_related("plan")
    if alder:
        lagrade = lagrade.filter(underlag__contains=f'"alder":"{alder}"')
    return Beroenden(
        tuple(flyttas), tuple(Beslutat(en.plan, en.budgetar) for en in lagrade.order_by("-plan__till_ar", "-budgetar"))
    )


def _planens(plan: Handlingsplan, datum: date, nya: Mapping[str, int], alder: str) -> list[Arsberoende]:
    lage = las_lage(plan)
    kolumner = [nyckel for nyckel in lage.kolumner() if nyckel[1] == Finansiering.SGD]
    kalla = raknesvar.las_underlag(lage, kolumner)
    if not any(regel.folkmangdsdatum == datum for regel in kalla.regler.values()):
        return []
    if alder:
        aldrar = kalla.modeller.aldrar
        if (datum, alder) not in aldrar:
            return []
        nytt = {**aldrar, (datum, alder): {**aldrar[datum, alder], **nya}}
        med_nya = replace(kalla, modeller=replace(kalla.modeller, aldrar=nytt))
    else:
        med_nya = replace(kalla, vikter={**kalla.vikter, datum: {**kalla.vikter[datum], **nya}})
    fore, efter = (raknesvar.rakna(lage, kolumner, ett).alla_ar for ett in (kalla, med_nya))
    return [
        Arsberoende(plan, nu.budgetar, nu.egen, nu.utfall, sedan.utfall)
        for nu, sedan in zip(fore, efter, strict=True)
        if kalla.regler[nu.budgetar].folkmangdsdatum == datum and not nu.utfall.lagrad
    ]


def _flytt(efter: Andel, fore: Andel | None) -> Partsflytt:
    return Partsflytt(
        kod=efter.kod,
        namn=efter.namn,
        invanare_fore=fore.invanare if fore else None,
        invanare=efter.invanare,
        fore=fore.belopp if fore else None,
        efter=efter.belopp,
    )
