"""Why a party pays more or less than the year before: budget, population and model, which add up to the öre.

Pure functions without Django. The effects telescope over rounded shares in this order: the new total on the old
weights and model, then the new weights, then the new model. Source: issue 4, and ``docs/kostnadsfordelning.md``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from budget.fordelning import Fordelningsfel
from budget.radfordelning import Arsunderlag, Undantag, fordela_rader
from budget.stegmodell import Deltagare, Nyckel


@dataclass(frozen=True, slots=True)
class Effekt:
    """One party's change in öre: fore + budget + befolkning + modell = nu. A party that was not there had 0."""

    kod: str
    namn: str
    fore: int
    budget: int
    befolkning: int
    modell: int
    nu: int

    @property
    def skillnad(self) -> int:
        """The whole change, in öre."""
        return self.nu - self.fore


@dataclass(frozen=True, slots=True)
class Effekter:
    """Every party's effects, region first. *anmarkningar* (Swedish) say what could not be told apart, and why."""

    rader: tuple[Effekt, ...]
    anmarkningar: tuple[str, ...]

    def rad(self, kod: str) -> Effekt:
        """Return one party's effects. Raises Fordelningsfel for a party in neither year."""
        for rad in self.rader:
            if rad.kod == kod:
                return rad
        raise Fordelningsfel(f"Parten {kod} finns inte i något av åren.")


def dela_upp(
    parter: Iterable[Deltagare],
    fore: Mapping[str, int],
    ny_budget: Mapping[str, int],
    nya_vikter: Mapping[str, int],
    nu: Mapping[str, int],
) -> tuple[Effekt, ...]:
    """Return the effects from four splits' shares (öre by code): each is the step from one to the next."""
    return tuple(
        Effekt(
            part.kod,
            part.namn,
            fore.get(part.kod, 0),
            ny_budget.get(part.kod, 0) - fore.get(part.kod, 0),
            nya_vikter.get(part.kod, 0) - ny_budget.get(part.kod, 0),
            nu.get(part.kod, 0) - nya_vikter.get(part.kod, 0),
            nu.get(part.kod, 0),
        )
        for part in parter
    )


def effekter(fore: Arsunderlag, nu: Arsunderlag, lagrat: Mapping[str, int] | None = None) -> Effekter:
    """Split the change from *fore* to *nu*. *lagrat* is what was decided for *fore*; by default it is computed.

    A key of the old model takes the new year's figures of the same sort: those the new model uses, or the newest at
    hand. Who takes part, and for how long, counts as the model. Where there are no new figures, or a step cannot be
    computed, its effect is counted with the next one, and a note says so.
    Raises Fordelningsfel when one of the two years cannot be split at all.
    """
    andelar_fore = dict(lagrat) if lagrat is not None else dict(fordela_rader(fore).andelar)
    andelar_nu = fordela_rader(nu).andelar
    anmarkningar: list[str] = []
    ny_budget = _prova(_med_ny_budget(fore, nu), andelar_fore, "budgeteffekten", anmarkningar)
    gammal_modell = _med_nya_vikter(fore, nu, anmarkningar)
    nya_vikter = _prova(gammal_modell, ny_budget, "befolkningseffekten", anmarkningar)
    parter = {part.kod: part for part in (*fore.underlag.parter, *nu.underlag.parter)}
    i_ordning = sorted(parter.values(), key=lambda part: (part.typ != "region", part.kod))
    return Effekter(dela_upp(i_ordning, andelar_fore, ny_budget, nya_vikter, andelar_nu), tuple(anmarkningar))


def _prova(ars: Arsunderlag, forra: Mapping[str, int], vad: str, anmarkningar: list[str]) -> Mapping[str, int]:
    """The shares of a step between the years, or those of the step before where it cannot be computed."""
    try:
        return fordela_rader(ars).andelar
    except Fordelningsfel as fel:
        anmarkningar.append(f"Steget för {vad} kan inte räknas för sig och ingår i nästa: {fel}")
        return forra


def _med_ny_budget(fore: Arsunderlag, nu: Arsunderlag) -> Arsunderlag:
    """The new rows on the old facts and models: a row that is new is split by the old default."""
    return Arsunderlag(nu.rader, fore.standard, fore.underlag, _kvarvarande(fore, nu))


def _kvarvarande(fore: Arsunderlag, nu: Arsunderlag) -> tuple[Undantag, ...]:
    """The old overrides whose row or area is still there."""
    finns = {rad.kod for rad in nu.rader} | {rad.i_omrade for rad in nu.rader}
    return tuple(ett for ett in fore.alla_undantag if ett.avser in finns)


def _med_nya_vikter(fore: Arsunderlag, nu: Arsunderlag, anmarkningar: list[str]) -> Arsunderlag:
    """The new rows on the old models, period and parties, with the new year's figures under the old keys.

    Who takes part is the model's; a party without a new figure keeps its old one until the model's step.
    """
    vikter = dict(fore.underlag.vikter)
    for nyckel in sorted(_nycklar(fore) & set(vikter), key=str):
        gamla, ny = vikter[nyckel], _efterfoljare(nyckel, nu)
        if ny is None:
            anmarkningar.append(f"Uppgift om {nyckel} har ingen motsvarighet för {nu.underlag.period}; den används.")
        else:
            nya = nu.underlag.vikter[ny]
            vikter[nyckel] = {kod: nya.get(kod, gammal) for kod, gammal in gamla.items()}
    underlag = replace(fore.underlag, vikter=vikter)
    return Arsunderlag(nu.rader, fore.standard, underlag, _kvarvarande(fore, nu))


def _efterfoljare(nyckel: Nyckel, nu: Arsunderlag) -> Nyckel | None:
    """The new year's key of the same sort: the one its models use, else the newest that there are figures for."""
    i_bruk = _nycklar(nu)
    samma = [ny for ny in nu.underlag.vikter if ny.sort == nyckel.sort]
    return max(samma, key=lambda ny: (ny in i_bruk, ny.datum or date.min, _slut(ny)), default=None)


def _nycklar(ars: Arsunderlag) -> set[Nyckel]:
    """The keys that the year's models use."""
    modeller = (ars.standard, *(ett.modell for ett in ars.alla_undantag))
    return {led.nyckel for modell in modeller for grupp in modell.grupper for led in grupp.alla_led}


def _slut(nyckel: Nyckel) -> date:
    return nyckel.period.till if nyckel.period else date.min
