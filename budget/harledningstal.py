"""How a derivation writes its exact numbers: cut off with "…", never rounded, and with decimals enough.

Pure functions without Django.
"""

from collections.abc import Iterable
from fractions import Fraction

from budget.belopp import ORE_PER_KRONA, visa_heltal, visa_kr
from budget.harledning import avkortat
from budget.stegkvoter import Gruppkvoter
from budget.stegmodell import Nyckel, Vikt

_MINST_DECIMALER = 6


def decimaler_for(kvoter: Iterable[Fraction]) -> int:
    """How many decimals of a krona tell all these quotas' remainders apart, and a remainder from none; at least 6."""
    rester = {abs(kvot) % ORE_PER_KRONA / ORE_PER_KRONA for kvot in kvoter} | {Fraction(0)}
    decimaler = _MINST_DECIMALER
    while len({rest * 10**decimaler // 1 for rest in rester}) < len(rester):
        decimaler += 1
    return decimaler


def efter_nyckel(nyckel: Nyckel) -> str:
    """The key after "fördelas"."""
    return "lika för alla" if nyckel.slag == "lika" else f"efter {nyckel}"


def summa_av_nyckel(nyckel: Nyckel) -> str:
    """What a weight is a part of."""
    return "antalet parter" if nyckel.slag == "lika" else f"summan av {nyckel}"


def alla_tal(kvoter: Gruppkvoter) -> list[Fraction]:
    """Every amount that a derivation in the group may print."""
    tal = [*kvoter.slutliga.values(), kvoter.till_region, *kvoter.nyckel.values(), *kvoter.grundbelopp.values()]
    for led in kvoter.alla_led:
        tal += [led.pott, *led.kvoter.values()]
    for lagt in (kvoter.faktor, kvoter.granser):
        if lagt:
            tal += [lagt.kvar, lagt.summa, *lagt.kvoter.values()]
    return [*tal, *kvoter.region_faktor.values(), *kvoter.region_granser.values()]


def i_kr(ore: int) -> str:
    """An amount with its unit."""
    return f"{visa_kr(ore)}\u00a0kr"


def siffror(ore: Fraction, decimaler: int) -> str:
    """An exact amount in kronor without a unit, cut off with "…"; a minus only where there is one."""
    return f"{'−' if ore < 0 else ''}{avkortat(abs(ore) / ORE_PER_KRONA, decimaler)}"


def i_exakta_kr(ore: Fraction, decimaler: int) -> str:
    """An exact amount with its unit, cut off with "…"."""
    return f"{siffror(ore, decimaler)}\u00a0kr"


def visa_tal(tal: Vikt) -> str:
    """A weight or a factor: whole, with its decimals, or cut off with "…"."""
    brak = Fraction(tal)
    if brak.denominator == 1:
        return visa_heltal(brak.numerator)
    return avkortat(brak, 12).rstrip("0") if brak >= 0 else f"−{visa_tal(-brak)}"


def visa_brak(tal: Vikt) -> str:
    """A share or a factor, exact: with its decimals when there are few, else as a fraction in parentheses."""
    visat = visa_tal(tal)
    brak = Fraction(tal)
    return f"({visa_heltal(brak.numerator)} / {visa_heltal(brak.denominator)})" if visat.endswith("…") else visat
