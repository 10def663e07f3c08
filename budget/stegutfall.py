"""A year's split by models in steps, carried by the same record as the two-level split.

Pure functions without Django. What made it (parties, weights, models, rows) travels as text in `Fordelning.underlag`,
in the schema of `budget.indata`, so that it can be stored and computed again to the same öre. Amounts are öre.
"""

import json
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from budget.fordelning import Andel, Fordelning, Modell, Part
from budget.indata import arsunderlag_som_data, las_indata
from budget.radfordelning import Arsunderlag, Rad, Radfordelning, fordela_rader
from budget.stegfordelning import stegmodell_av, underlag_av
from budget.stegmodell import Nyckel


def fordela_i_steg(ars: Arsunderlag, modell: Modell) -> Fordelning:
    """Split a year by its models, in the record of the two-level split. Raises Fordelningsfel.

    `modell` says the year's rounding unit and population date; its ratio is not used. A party's `exakt` is the sum of
    its quotas in the models, and `invanare` its inhabitants on that date (for the region, all the others'), 0 where
    no model asks for them.
    """
    utfall = fordela_rader(ars)
    invanare = {kod: int(antal) for kod, antal in ars.underlag.vikter.get(_alla_invanare(modell), {}).items()}
    kommuner = sum(invanare.get(part.kod, 0) for part in ars.underlag.parter if part.typ == "kommun")
    andelar = tuple(
        Andel(
            part.kod,
            part.namn,
            part.typ,
            kommuner if part.typ == "region" else invanare.get(part.kod, 0),
            sum((del_.fordelning.rad(part.kod).exakt for del_ in utfall.delar), Fraction(0)),
            utfall.andelar[part.kod],
        )
        for part in ars.underlag.parter
    )
    text = json.dumps(arsunderlag_som_data(ars), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Fordelning(ars.total, modell, andelar, text)


def radfordelning(fordelning: Fordelning) -> Radfordelning | None:
    """How each model of the year split its rows; None for the two-level split."""
    return _radfordelning(fordelning.underlag) if fordelning.underlag else None


@lru_cache(maxsize=64)
def _radfordelning(text: str) -> Radfordelning:
    return fordela_rader(las_indata(text))


def arsunderlag(fordelning: Fordelning, budgetar: int, rader: Iterable[Rad] = ()) -> Arsunderlag:
    """The facts and models that a split was made from. The two-level split knows no rows: they are *rader*, or one."""
    i_steg = radfordelning(fordelning)
    if i_steg is not None:
        return i_steg.ars
    modell = fordelning.modell
    parter = [Part(en.kod, en.namn, en.typ, None if en.typ == "region" else en.invanare) for en in fordelning.andelar]
    underlag = underlag_av(parter, modell.folkmangdsdatum, budgetar)
    alla_rader = tuple(rader) or (Rad("budget", "Hela budgeten", fordelning.total),)
    return Arsunderlag(alla_rader, stegmodell_av(modell), underlag)


def _alla_invanare(modell: Modell) -> Nyckel:
    return Nyckel("invanare", modell.folkmangdsdatum)
