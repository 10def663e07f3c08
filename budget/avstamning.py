"""After the year: what each party bears of the outturn, what it was charged, and what happens with the difference.

Pure functions without Django; amounts in öre. The outturn is shared by the very split that the year was decided with,
so nothing but the amount differs. Everything adds up: the parties' shares to the outturn, their differences to what was
charged minus the outturn. The rule and a worked table stand in ``docs/kostnadsfordelning.md``.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from budget.fordelning import Fordelning, Part, ar_heltal, fordela, fordela_plan
from budget.radfordelning import Rad, fordela_rader
from budget.stegutfall import arsunderlag, radfordelning

Overskottsregel = Literal["aterbetalas", "overfors", "avraknas"]
Underskottsregel = Literal["debiteras", "overfors", "avraknas"]
Atgard = Literal["aterbetalas", "debiteras", "overfors", "avraknas", "inget"]

ATGARDER: Final[Mapping[Atgard, str]] = {
    "aterbetalas": "återbetalas",
    "debiteras": "debiteras",
    "overfors": "förs över",
    "avraknas": "avräknas mot nästa års andel",
    "inget": "går jämnt ut",
}
"""What can happen with a difference, in words, in the order that sums are shown."""


class Avstamningsfel(ValueError):
    """A reconciliation that cannot be made. The message is Swedish."""


@dataclass(frozen=True, slots=True)
class Arsregel:
    """What is decided for the year: what happens with what a party was charged too much, and too little."""

    overskott: Overskottsregel
    underskott: Underskottsregel

    def __post_init__(self) -> None:
        if self.overskott not in ("aterbetalas", "overfors", "avraknas"):
            raise Avstamningsfel(f"Regeln för överskott är {self.overskott!r}, som inte finns.")
        if self.underskott not in ("debiteras", "overfors", "avraknas"):
            raise Avstamningsfel(f"Regeln för underskott är {self.underskott!r}, som inte finns.")

    def atgard(self, skillnad: int, *, deltar_sedan: bool = True) -> Atgard:
        """What happens with a difference in öre: above zero was charged too much, below it too little.

        Who takes no part in the next year has no share to set anything against: then it is settled in money.
        """
        if not skillnad:
            return "inget"
        vald: Atgard = self.overskott if skillnad > 0 else self.underskott
        if vald == "avraknas" and not deltar_sedan:
            return "aterbetalas" if skillnad > 0 else "debiteras"
        return vald


@dataclass(frozen=True, slots=True)
class Partsrad:
    """One party, in öre: its part of the outturn, what it was charged, and what happens with the difference.

    *atgard* is None while no rule is decided.
    """

    kod: str
    namn: str
    typ: str
    utfall: int
    debiterat: int
    atgard: Atgard | None
    deltar_sedan: bool = True

    @property
    def skillnad(self) -> int:
        """Charged minus outturn: above zero the party has paid too much."""
        return self.debiterat - self.utfall

    @property
    def i_ord(self) -> str:
        return "" if self.atgard is None else ATGARDER[self.atgard]


@dataclass(frozen=True, slots=True)
class Avstamd:
    """A year reconciled: every party's row, the region first and then by code."""

    rader: tuple[Partsrad, ...]

    @property
    def utfall(self) -> int:
        return sum(rad.utfall for rad in self.rader)

    @property
    def debiterat(self) -> int:
        return sum(rad.debiterat for rad in self.rader)

    @property
    def skillnad(self) -> int:
        """Charged minus outturn, which is also the sum of the parties' differences."""
        return self.debiterat - self.utfall

    @property
    def per_atgard(self) -> tuple[tuple[str, int, int], ...]:
        """What happens, in words, with how many parties and how much (öre); only what happens with somebody."""
        funna = []
        for atgard, ord_ in ATGARDER.items():
            rader = [rad for rad in self.rader if rad.atgard == atgard]
            if rader and atgard != "inget":
                funna.append((ord_, len(rader), sum(rad.skillnad for rad in rader)))
        return tuple(funna)

    @property
    def lamnat(self) -> tuple[str, ...]:
        """Names of those who have a difference and take no part in the next year."""
        return tuple(rad.namn for rad in self.rader if rad.skillnad and not rad.deltar_sedan)


@dataclass(frozen=True, slots=True)
class Avrakning:
    """What the closed reconciliation of *budgetar* sets against a party's share of the next year.

    *skillnad* (öre) is what the party was charged too much, below zero too little. *plan_ar* is the last year of the
    plan that the reconciliation belongs to.
    """

    budgetar: int
    plan_ar: int
    skillnad: int

    @property
    def paverkan(self) -> int:
        """What it does to the next year's amount, öre: too much paid lowers it."""
        return -self.skillnad


def utfallets_andelar(rader: Sequence[Rad], lagrad: Fordelning) -> dict[str, int]:
    """What each party pays of the outturn, öre by code: split by the models and weights of the stored split.

    *rader* are the outturn per row of the budget, by the codes that the split knows; what each party pays sums to them.
    Raises Fordelningsfel.
    """
    if lagrad.i_steg:
        ars = arsunderlag(lagrad, 0)
        return dict(fordela_rader(replace(ars, rader=_som_lagrade(rader, ars.rader))).betalar)
    parter = [
        Part(kod=en.kod, namn=en.namn, typ=en.typ, vikt=None if en.typ == "region" else en.invanare)
        for en in lagrad.andelar
    ]
    fordelad = fordela_plan(sum(rad.belopp for rad in rader), parter, lagrad.modell)
    return {en.kod: en.belopp for en in fordelad.andelar}


def ska_betala(lagrad: Fordelning) -> dict[str, int]:
    """What each party was to pay of the decided amount, öre by code: what was charged where nothing was billed."""
    i_steg = radfordelning(lagrad)
    return dict(i_steg.betalar) if i_steg else {en.kod: en.belopp for en in lagrad.andelar}


def _som_lagrade(utfall: Sequence[Rad], lagrade: Sequence[Rad]) -> tuple[Rad, ...]:
    """The outturn on the rows of the stored split, so that each is split by its model.

    An area that was budgeted in parts (activities with amounts of their own) has its outturn in the same proportions.
    """
    per_omrade: dict[str, list[Rad]] = {}
    for rad in lagrade:
        per_omrade.setdefault(rad.i_omrade, []).append(rad)
    rader = []
    for rad in utfall:
        delar = per_omrade.pop(rad.i_omrade, [rad])
        vikter = {del_.kod: abs(del_.belopp) for del_ in delar}
        belopp = fordela(rad.belopp, vikter if any(vikter.values()) else dict.fromkeys(vikter, 1))
        rader += [replace(del_, belopp=belopp[del_.kod]) for del_ in delar]
    rader += [replace(rad, belopp=0) for delar in per_omrade.values() for rad in delar]
    return tuple(rader)


def stam_av(
    utfall: Mapping[str, int],
    debiterat: Mapping[str, int],
    parter: Sequence[tuple[str, str, str]],
    regel: Arsregel | None,
    *,
    deltar_inte: Collection[str] = (),
) -> Avstamd:
    """Set what each party was charged against its part of the outturn; both öre by code.

    *parter* are (code, name, type) of everybody in either; *deltar_inte* are the codes of those who take no part in the
    next year. Raises Avstamningsfel for a party that is not named, and for what is no whole number of öre.
    """
    kanda = {kod for kod, _, _ in parter}
    for vad, per_part in (("utfallet", utfall), ("debiteringen", debiterat)):
        if okanda := sorted(per_part.keys() - kanda):
            raise Avstamningsfel(f"Koden {okanda[0]} i {vad} hör inte till någon huvudman.")
        if fel := next((kod for kod, ore in per_part.items() if not ar_heltal(ore)), None):
            raise Avstamningsfel(f"Beloppet för {fel} i {vad} är inte ett helt antal öre.")
    rader = []
    for kod, namn, typ in sorted(parter, key=lambda part: (part[2] != "region", part[0])):
        andel, betalt, deltar = utfall.get(kod, 0), debiterat.get(kod, 0), kod not in deltar_inte
        atgard = regel.atgard(betalt - andel, deltar_sedan=deltar) if regel else None
        rader.append(Partsrad(kod, namn, typ, andel, betalt, atgard, deltar))
    return Avstamd(tuple(rader))
