"""The cost split: whole öre among region and municipalities, exact and repeatable.

Pure functions without Django; what is fetched and saved lies elsewhere. Amounts are ``int`` in öre,
intermediate quotas are ``Fraction``, and nothing is ever a float. The rule, its source and a worked table
stand in ``docs/kostnadsfordelning.md``; a test recomputes every number there.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from budget.belopp import ORE_PER_KRONA, visa_heltal, visa_kr

Enhet = Literal["ore", "krona"]
Parttyp = Literal["region", "kommun"]

_ENHETER: dict[str, int] = {"ore": 1, "krona": ORE_PER_KRONA}


class Fordelningsfel(ValueError):
    """A split that cannot be made. The message is Swedish and names the party and the date it concerns."""


# ----------------------------------------------------------------------
# One level


def fordela(belopp: int, vikter: Mapping[str, int | Fraction], enhet: int = 1) -> dict[str, int]:
    """Split *belopp* öre in proportion to *vikter* (code → weight) by largest remainder; öre per code.

    Everyone gets the exact quota rounded down to whole units of *enhet* öre; the units left over go to the
    largest remainders. Ties: larger weight first, then lower code. The shares add up to *belopp*, each lies
    within one unit of its exact quota, and a negative amount gives the mirror image of the positive one. The
    result is in code order and does not depend on the order of *vikter*.

    Raises Fordelningsfel for no weights, weights that are all zero, a negative weight, anything that is not
    an exact number, or an amount that is not a multiple of *enhet*.
    """
    if not ar_heltal(enhet) or enhet < 1:
        raise Fordelningsfel(f"Avrundningsenheten ska vara ett helt antal öre, minst 1, inte {enhet!r}.")
    if not ar_heltal(belopp):
        raise Fordelningsfel(f"Beloppet att fördela ska vara ett helt antal öre, inte {belopp!r}.")
    if belopp % enhet:
        raise Fordelningsfel(
            f"Beloppet {visa_heltal(belopp)} öre går inte jämnt upp i enheter om {visa_heltal(enhet)} öre."
        )
    if not vikter:
        raise Fordelningsfel("Det finns ingen att fördela beloppet på.")
    for kod, vikt in vikter.items():
        if isinstance(vikt, bool) or not isinstance(vikt, int | Fraction):
            raise Fordelningsfel(f"Vikten för {kod} ska vara ett heltal eller ett exakt bråk, inte {vikt!r}.")
        if vikt < 0:
            raise Fordelningsfel(f"Vikten för {kod} är negativ ({vikt}); en vikt är 0 eller större.")
    if not any(vikter.values()):
        raise Fordelningsfel("Alla vikter är 0, så beloppet kan inte fördelas.")
    return storsta_rest(belopp, vikter, enhet, sorted(vikter, key=lambda kod: (-vikter[kod], kod)))


def ar_heltal(varde: object) -> bool:
    return isinstance(varde, int) and not isinstance(varde, bool)


def storsta_rest(
    belopp: int, vikter: Mapping[str, int | Fraction], enhet: int, foretrade: Sequence[str]
) -> dict[str, int]:
    """Largest remainder on checked input; equal remainders are served in the order of *foretrade*."""
    gemensam = math.lcm(*(Fraction(vikt).denominator for vikt in vikter.values()))
    hela = {kod: int(vikt * gemensam) for kod, vikt in vikter.items()}
    summa = sum(hela.values())
    enheter = abs(belopp) // enhet
    delar = {kod: divmod(enheter * vikt, summa) for kod, vikt in hela.items()}
    kvar = enheter - sum(antal for antal, _ in delar.values())
    extra = set(sorted(foretrade, key=lambda kod: -delar[kod][1])[:kvar])  # a stable sort
    tecken = -1 if belopp < 0 else 1
    return {kod: tecken * enhet * (delar[kod][0] + (kod in extra)) for kod in sorted(delar)}


# ----------------------------------------------------------------------
# A plan: region | group, then the group's members


@dataclass(frozen=True, slots=True)
class Part:
    """A party to the split. *vikt* is its inhabitants on the model's date, None where none are known.

    A region's *vikt* is not used: its share follows from the model.
    """

    kod: str
    namn: str
    typ: Parttyp
    vikt: int | None = None


@dataclass(frozen=True, slots=True)
class Modell:
    """How a plan's cost is shared: the ratio region : group, the rounding unit and the population date.

    *hanvisning* is the decision or rule the model rests on, as free text. Any ratio of whole numbers ≥ 0 with
    a positive sum is a model (1:1, 30:70, 100:0). Raises Fordelningsfel otherwise.
    """

    andel_region: int
    andel_grupp: int
    enhet: Enhet
    folkmangdsdatum: date
    hanvisning: str

    def __post_init__(self) -> None:
        for vems, andel in (("regionens", self.andel_region), ("kommungruppens", self.andel_grupp)):
            if not ar_heltal(andel) or andel < 0:
                raise Fordelningsfel(f"Modellen anger {vems} andel som {andel!r}; den ska vara ett heltal från 0.")
        if self.andel_region + self.andel_grupp == 0:
            raise Fordelningsfel("Modellen ger både regionen och kommungruppen andelen 0; ingen skulle betala.")
        if self.enhet not in _ENHETER:
            raise Fordelningsfel(f"Avrundningsenheten {self.enhet!r} finns inte; välj öre eller krona.")

    @property
    def enhet_ore(self) -> int:
        """The rounding unit in öre: 1 or 100."""
        return _ENHETER[self.enhet]

    @property
    def lika(self) -> bool:
        """True when region and group share equally (1:1)."""
        return self.andel_region == self.andel_grupp


@dataclass(frozen=True, slots=True)
class Andel:
    """One party's row: *belopp* is what it pays, in öre.

    *exakt* is the quota in öre before rounding, of the amount that was split on its level. *invanare* is the
    weight used; for the region, all the group's inhabitants.
    """

    kod: str
    namn: str
    typ: Parttyp
    invanare: int
    exakt: Fraction
    belopp: int


@dataclass(frozen=True, slots=True)
class Fordelning:
    """A finished split with everything that made it: *total* in öre, the model and every party's row.

    *andelar* holds the region first, then the municipalities by code. A stored split is built again from its
    stored rows; what can be derived from them is derived. Where models in steps made it, *underlag* is what it was
    made from (``stegutfall``), and of *modell* only the unit and the date count.
    """

    total: int
    modell: Modell
    andelar: tuple[Andel, ...]
    underlag: str = ""

    @property
    def region(self) -> Andel | None:
        """The region's row, None when no region takes part."""
        return next((andel for andel in self.andelar if andel.typ == "region"), None)

    @property
    def kommuner(self) -> tuple[Andel, ...]:
        """The group's rows in code order."""
        return tuple(andel for andel in self.andelar if andel.typ == "kommun")

    @property
    def gruppens_belopp(self) -> int:
        """The group's amount in öre."""
        return sum(andel.belopp for andel in self.kommuner)

    @property
    def gruppens_invanare(self) -> int:
        """The group's inhabitants: the sum of its members' own figures, never a county total."""
        return sum(andel.invanare for andel in self.kommuner)

    @property
    def i_steg(self) -> bool:
        """True when models in steps made it, and not the ratio of *modell*."""
        return bool(self.underlag)

    @property
    def overskjutande(self) -> int:
        """The öre of the total beyond whole units, borne by the region: 0 when the unit is öre.

        It is part of the region's *belopp* and not of its *exakt*.
        """
        rest = abs(self.total) % self.modell.enhet_ore
        return -rest if self.total < 0 else rest

    @property
    def ore_per_invanare(self) -> Decimal | None:
        """The printed rate: the group's amount per inhabitant, half-up to 0,01 öre; None without inhabitants.

        Information, never an input: shares are computed from the total.
        """
        return sats_per_invanare(self.gruppens_belopp, self.gruppens_invanare)

    @property
    def region_ore_per_invanare(self) -> Decimal | None:
        """The region's own rate over the same inhabitants; None when the ratio is 1:1 or no region pays."""
        if self.region is None or (self.modell.lika and not self.i_steg):
            return None
        return sats_per_invanare(self.region.belopp, self.gruppens_invanare)

    def andel(self, kod: str) -> Andel:
        """Return the row of one party. Raises Fordelningsfel when it takes no part."""
        for rad in self.andelar:
            if rad.kod == kod:
                return rad
        raise Fordelningsfel(
            f"Parten {kod} deltar inte i fördelningen per den {self.modell.folkmangdsdatum.isoformat()}."
        )


def fordela_plan(total: int, parter: Sequence[Part], modell: Modell) -> Fordelning:
    """Split *total* öre between the region and the group, and the group's amount per inhabitant.

    First level by largest remainder, where a tie goes to the region; second level by ``fordela``. With the
    unit krona the öre beyond whole kronor are borne by the region. Any number of municipalities, and at most
    one region; without a region the model must give it the share 0.

    Raises Fordelningsfel, with party and date, for wrong input: see ``docs/kostnadsfordelning.md``.
    """
    if not ar_heltal(total):
        raise Fordelningsfel(f"Beloppet att fördela ska vara ett helt antal öre, inte {total!r}.")
    region, vikter = _granska(parter, modell)
    tecken = -1 if total < 0 else 1
    overskjutande = tecken * (abs(total) % modell.enhet_ore)
    if overskjutande and (region is None or modell.andel_region == 0):
        raise Fordelningsfel(
            f"Totalen {visa_kr(total)}\u00a0kr går inte jämnt upp i hela kronor, och ingen region med egen"
            " andel kan bära örena. Välj enheten öre eller ett belopp i hela kronor."
        )
    delat = total - overskjutande
    andelar = {"region": modell.andel_region, "grupp": modell.andel_grupp}
    delar = storsta_rest(delat, andelar, modell.enhet_ore, ("region", "grupp"))
    kommuner = sorted((part for part in parter if part.typ == "kommun"), key=lambda part: part.kod)
    rader = _gruppens_rader(kommuner, vikter, delar["grupp"], modell)
    if region is not None:
        exakt = Fraction(delat * modell.andel_region, modell.andel_region + modell.andel_grupp)
        belopp = delar["region"] + overskjutande
        rader.insert(0, Andel(region.kod, region.namn, "region", sum(vikter.values()), exakt, belopp))
    return Fordelning(total, modell, tuple(rader))


def _gruppens_rader(kommuner: Iterable[Part], vikter: Mapping[str, int], belopp: int, modell: Modell) -> list[Andel]:
    """Split the group's *belopp* öre per inhabitant; all zero when the model gives the group no share."""
    delar = fordela(belopp, vikter, modell.enhet_ore) if modell.andel_grupp else dict.fromkeys(vikter, 0)
    invanare = sum(vikter.values()) or 1  # without inhabitants the amount is 0 and so is every quota
    return [
        Andel(
            kommun.kod,
            kommun.namn,
            "kommun",
            vikter[kommun.kod],
            Fraction(belopp * vikter[kommun.kod], invanare),
            delar[kommun.kod],
        )
        for kommun in kommuner
    ]


def _granska(parter: Sequence[Part], modell: Modell) -> tuple[Part | None, dict[str, int]]:
    """Return the region, if any, and the municipalities' inhabitants by code; refuse what cannot be split."""
    datum = modell.folkmangdsdatum.isoformat()
    namn: dict[str, str] = {}
    for part in parter:
        if part.typ not in ("region", "kommun"):
            raise Fordelningsfel(f"{part.namn} ({part.kod}) är varken region eller kommun utan {part.typ!r}.")
        if part.kod in namn:
            raise Fordelningsfel(f"Koden {part.kod} förekommer två gånger: {namn[part.kod]} och {part.namn}.")
        namn[part.kod] = part.namn
    regioner = [part for part in parter if part.typ == "region"]
    kommuner = [part for part in parter if part.typ == "kommun"]
    if len(regioner) > 1:
        raise Fordelningsfel(f"Fler än en region deltar: {upprakning(part.namn for part in regioner)}.")
    if modell.andel_region and not regioner:
        raise Fordelningsfel("Modellen ger regionen en andel, men ingen region deltar.")
    if modell.andel_grupp and not kommuner:
        raise Fordelningsfel("Modellen ger kommungruppen en andel, men ingen kommun deltar.")
    saknas = [f"{part.namn} ({part.kod})" for part in kommuner if part.vikt is None]
    if saknas:
        raise Fordelningsfel(
            f"Folkmängd den {datum} saknas för {upprakning(saknas)}. Lägg in den, eller välj ett annat datum."
        )
    vikter: dict[str, int] = {}
    for part in kommuner:
        if not isinstance(part.vikt, int) or isinstance(part.vikt, bool) or part.vikt < 0:
            raise Fordelningsfel(
                f"Folkmängden den {datum} för {part.namn} ({part.kod}) är {part.vikt!r};"
                " den ska vara ett heltal från 0."
            )
        vikter[part.kod] = part.vikt
    if modell.andel_grupp and not any(vikter.values()):
        raise Fordelningsfel(
            f"Folkmängden den {datum} är 0 för {upprakning(part.namn for part in kommuner)},"
            " så gruppens belopp kan inte fördelas."
        )
    return (regioner[0] if regioner else None), vikter


def sats_per_invanare(belopp: int, invanare: int) -> Decimal | None:
    """Return öre per inhabitant, half-up (away from zero) to two decimals, computed in whole numbers."""
    if not invanare:
        return None
    hundradelar = (200 * abs(belopp) + invanare) // (2 * invanare)
    tecken = "-" if belopp < 0 and hundradelar else ""
    return Decimal(f"{tecken}{hundradelar // 100}.{hundradelar % 100:02d}")


def upprakning(delar: Iterable[str]) -> str:
    """Join Swedish words: ``a, b och c``."""
    *forsta, sista = delar
    return f"{', '.join(forsta)} och {sista}" if forsta else sista
