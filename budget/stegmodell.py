"""A cost model as ordered steps: groups, keys and their mixtures, and what is decided for single parties.

Pure records without Django; nothing is computed here. A model is what has been decided, an ``Underlag`` the facts
it is used on. The steps, their order and where rounding happens stand in ``docs/kostnadsfordelning.md``. Amounts are
``int`` in öre, weights and factors ``int`` or ``Fraction``, never float.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from budget.fordelning import Enhet, Fordelningsfel, Parttyp, ar_heltal

Vikt = int | Fraction
Viktslag = Literal["invanare", "lika", "anvandning", "inkomst", "tabell"]
Barare = Literal["gruppen", "regionen"]
Andelsform = Literal["forhallande", "andelar"]

VIKTSLAG: tuple[Viktslag, ...] = ("invanare", "lika", "anvandning", "inkomst", "tabell")
BARARE: tuple[Barare, ...] = ("gruppen", "regionen")
ORE_PER_ENHET: dict[str, int] = {"ore": 1, "krona": 100}
GRANS = 10**12
"""Weights, ratios, factors, and amounts in kronor are below this; what is larger is a slip of the pen."""


def ar_exakt(varde: object) -> bool:
    """True for a whole number or an exact fraction: what a weight, a share or a factor may be."""
    return ar_heltal(varde) or isinstance(varde, Fraction)


def krav_text(varde: str, vad: str) -> None:
    """Refuse an empty text. Raises Fordelningsfel that says what is missing."""
    if not varde.strip():
        raise Fordelningsfel(f"{vad} saknas.")


# ----------------------------------------------------------------------
# Time and decisions


@dataclass(frozen=True, slots=True)
class Period:
    """Days from *fran* to *till*, both included."""

    fran: date
    till: date

    def __post_init__(self) -> None:
        if self.till < self.fran:
            raise Fordelningsfel(f"Perioden slutar {self.till.isoformat()}, före sin början {self.fran.isoformat()}.")

    def __str__(self) -> str:
        helt_ar = (self.fran.month, self.fran.day, self.till.month, self.till.day) == (1, 1, 12, 31)
        if helt_ar and self.fran.year == self.till.year:
            return str(self.fran.year)
        return f"{self.fran.isoformat()}–{self.till.isoformat()}"

    @property
    def dagar(self) -> int:
        """The number of days, at least 1."""
        return (self.till - self.fran).days + 1

    def snitt(self, giltighet: "Giltighet") -> "Period | None":
        """The days that also lie within *giltighet*; None when there are none."""
        fran = max(self.fran, giltighet.fran or self.fran)
        till = min(self.till, giltighet.till or self.till)
        return Period(fran, till) if fran <= till else None


def helar(budgetar: int) -> Period:
    """The calendar year: what a budget year is."""
    return Period(date(budgetar, 1, 1), date(budgetar, 12, 31))


@dataclass(frozen=True, slots=True)
class Giltighet:
    """From and to, both days included; None is open."""

    fran: date | None = None
    till: date | None = None

    def __post_init__(self) -> None:
        if self.fran and self.till and self.till < self.fran:
            raise Fordelningsfel(f"Giltigheten slutar {self.till}, före sin början {self.fran}.")

    def __str__(self) -> str:
        if self.fran and self.till:
            return str(Period(self.fran, self.till))
        if self.fran:
            return f"från {self.fran.isoformat()}"
        return f"till {self.till.isoformat()}" if self.till else "tills vidare"


ALLTID = Giltighet()


@dataclass(frozen=True, slots=True)
class Beslutsreferens:
    """The decision something rests on: who decided, when, which paragraph. *upphavt* is the day it was withdrawn."""

    instans: str
    datum: date
    paragraf: str
    diarienummer: str = ""
    upphavt: date | None = None

    def __post_init__(self) -> None:
        krav_text(self.instans, f"Beslutet {self.datum.isoformat()}: instansen")
        krav_text(self.paragraf, f"Beslutet av {self.instans} {self.datum.isoformat()}: paragrafen")

    def __str__(self) -> str:
        nummer = self.paragraf.strip().removeprefix("§").strip()
        dnr = f" (dnr {self.diarienummer.strip()})" if self.diarienummer.strip() else ""
        return f"{self.instans.strip()} {self.datum.isoformat()} §\u00a0{nummer}{dnr}"


# ----------------------------------------------------------------------
# Keys and groups


@dataclass(frozen=True, slots=True)
class Nyckel:
    """What weighs. Which of the other fields are set depends on *slag*; the rest are empty.

    invanare: *datum*, and *alder* as the population's age span ("" is all ages). lika: nothing; every party weighs 1.
    anvandning: *period* and *vad* that is counted. inkomst: *period*, and *vad* if it needs a name. tabell: the
    decided *tabell* of code and weight, and *vad* if it needs a name. Raises Fordelningsfel otherwise.
    """

    slag: Viktslag
    datum: date | None = None
    alder: str = ""
    period: Period | None = None
    vad: str = ""
    tabell: tuple[tuple[str, Vikt], ...] = ()

    def __post_init__(self) -> None:
        if self.slag not in VIKTSLAG:
            raise Fordelningsfel(f"Viktslaget {self.slag!r} finns inte; välj bland {', '.join(VIKTSLAG)}.")
        satta = {falt for falt in ("datum", "alder", "period", "vad", "tabell") if getattr(self, falt)}
        kravda, tillatna = _NYCKELFALT[self.slag]
        if saknas := kravda - satta:
            raise Fordelningsfel(f"Nyckeln {self.slag} saknar {', '.join(sorted(saknas))}.")
        if fler := satta - kravda - tillatna:
            raise Fordelningsfel(f"Nyckeln {self.slag} har inget {', '.join(sorted(fler))}.")
        if len({kod for kod, _ in self.tabell}) < len(self.tabell):
            raise Fordelningsfel(f"{self} har samma part två gånger.")
        # In code order, so that equal tables are equal keys.
        object.__setattr__(self, "tabell", tuple(sorted(self.tabell)))

    def __str__(self) -> str:
        vad = self.vad.strip()
        if self.slag == "invanare" and self.datum:
            return f"antal invånare{aldersord(self.alder)} den {self.datum.isoformat()}"
        if self.slag == "lika":
            return "lika för alla"
        if self.slag == "tabell":
            return f"den fasta tabellen{f' {vad}' if vad else ''}"
        return f"{vad or 'inkomst'} {self.period}"

    @property
    def sort(self) -> tuple[str, str, str]:
        """What the key measures, whenever: two years' keys of the same sort are each other's successors."""
        return self.slag, self.alder, self.vad.strip()


_NYCKELFALT: dict[str, tuple[set[str], set[str]]] = {
    "invanare": ({"datum"}, {"alder"}),
    "lika": (set(), set()),
    "anvandning": ({"period", "vad"}, set()),
    "inkomst": ({"period"}, {"vad"}),
    "tabell": ({"tabell"}, {"vad"}),
}


def aldersord(alder: str) -> str:
    """The words for an age span after "invånare": " 0–17 år", or "" for all ages."""
    span = alder.strip()
    return f" {span.replace('-', '–')}{' år' if span[-1:].isdigit() else ''}" if span else ""


@dataclass(frozen=True, slots=True)
class Led:
    """One part of a mixture: the share *andel* of the group's amount goes by *nyckel*."""

    nyckel: Nyckel
    andel: Vikt = 1

    def __post_init__(self) -> None:
        if not ar_exakt(self.andel) or not 0 < self.andel <= 1:
            raise Fordelningsfel(f"Andelen för {self.nyckel} är {self.andel}; den ska vara över 0 och högst 1.")


@dataclass(frozen=True, slots=True)
class Grupp:
    """Who share one part of the whole, and by which keys.

    The group takes in the parties whose type is in *typer*; with *endast*, only those of them with these codes.
    *andel* is its part of the ratio. *grundbelopp* is öre per party and whole period, taken before the keys. The
    shares of *alla_led* sum to one.
    """

    kod: str
    namn: str
    andel: Vikt
    typer: tuple[Parttyp, ...]
    alla_led: tuple[Led, ...]
    endast: tuple[str, ...] = ()
    grundbelopp: int = 0

    def __post_init__(self) -> None:
        krav_text(self.kod, "Gruppens kod")
        krav_text(self.namn, f"Gruppen {self.kod}: namnet")
        if not ar_exakt(self.andel) or not 0 <= self.andel < GRANS:
            raise Fordelningsfel(f"Andelen för {self.namn} är {self.andel!r}; den ska vara ett exakt tal från 0.")
        if not self.typer or any(typ not in ("region", "kommun") for typ in self.typer):
            raise Fordelningsfel(f"Gruppen {self.namn} ska ange partstyper: region, kommun eller båda.")
        if not ar_heltal(self.grundbelopp) or not 0 <= self.grundbelopp < GRANS * 100:
            raise Fordelningsfel(f"Grundbeloppet i {self.namn} ska vara ett helt antal öre från 0.")
        if not self.alla_led:
            raise Fordelningsfel(f"Gruppen {self.namn} har ingen nyckel att fördela efter.")
        if (summa := sum((Fraction(led.andel) for led in self.alla_led), Fraction(0))) != 1:
            raise Fordelningsfel(f"Nycklarnas andelar i {self.namn} blir tillsammans {summa}, inte 1.")
        if len(set(self.endast)) < len(self.endast):
            raise Fordelningsfel(f"Gruppen {self.namn} räknar upp samma part två gånger.")
        object.__setattr__(self, "endast", tuple(sorted(self.endast)))


# ----------------------------------------------------------------------
# What is decided for single parties


@dataclass(frozen=True, slots=True)
class Grund:
    """What a deviation for one party rests on: the reason, the decision, and the days it is valid."""

    motivering: str
    beslut: Beslutsreferens
    giltighet: Giltighet = ALLTID

    def __post_init__(self) -> None:
        krav_text(self.motivering, f"Motiveringen till avvikelsen enligt {self.beslut}")


@dataclass(frozen=True, slots=True)
class Faktor:
    """The party pays *faktor* times its quota: 1/2 is half, 0 is an exemption. *bars_av* carries the difference."""

    kod: str
    faktor: Vikt
    bars_av: Barare
    grund: Grund


@dataclass(frozen=True, slots=True)
class Golv:
    """The party pays at least *belopp* öre. What is above its quota comes to the benefit of *bars_av*."""

    kod: str
    belopp: int
    bars_av: Barare
    grund: Grund


@dataclass(frozen=True, slots=True)
class Tak:
    """The party pays at most *belopp* öre. *bars_av* carries what is above."""

    kod: str
    belopp: int
    bars_av: Barare
    grund: Grund


@dataclass(frozen=True, slots=True)
class Betalare:
    """*betalas_av* pays the party's share in its place. The share is the same."""

    kod: str
    betalas_av: str
    grund: Grund


Villkor = Faktor | Golv | Tak | Betalare


@dataclass(frozen=True, slots=True)
class Stegmodell:
    """A whole model. *beslut* is the decision that the model itself rests on; a default may have none.

    With *andelsform* "andelar" the groups' shares must sum to one; with "forhallande" they are any ratio.
    """

    kod: str
    namn: str
    grupper: tuple[Grupp, ...]
    enhet: Enhet = "ore"
    andelsform: Andelsform = "forhallande"
    alla_villkor: tuple[Villkor, ...] = ()
    beslut: Beslutsreferens | None = None

    def __post_init__(self) -> None:
        krav_text(self.kod, "Modellens kod")
        krav_text(self.namn, f"Modellen {self.kod}: namnet")
        if self.enhet not in ORE_PER_ENHET:
            raise Fordelningsfel(f"Avrundningsenheten {self.enhet!r} finns inte; välj ore eller krona.")
        if self.andelsform not in ("forhallande", "andelar"):
            raise Fordelningsfel(f"Andelsformen {self.andelsform!r} finns inte; välj forhallande eller andelar.")
        if not self.grupper:
            raise Fordelningsfel(f"Modellen {self.namn} har ingen grupp som betalar.")
        if len({grupp.kod for grupp in self.grupper}) < len(self.grupper):
            raise Fordelningsfel(f"Modellen {self.namn} har två grupper med samma kod.")
        summa = sum((Fraction(grupp.andel) for grupp in self.grupper), Fraction(0))
        if not summa:
            raise Fordelningsfel(f"Modellen {self.namn} ger alla grupper andelen 0; ingen skulle betala.")
        if self.andelsform == "andelar" and summa != 1:
            raise Fordelningsfel(f"Gruppernas andelar i {self.namn} blir tillsammans {summa}, inte 1.")

    @property
    def enhet_ore(self) -> int:
        """The rounding unit in öre: 1 or 100."""
        return ORE_PER_ENHET[self.enhet]


# ----------------------------------------------------------------------
# The facts


@dataclass(frozen=True, slots=True)
class Deltagare:
    """A party and the days it takes part in the cooperation."""

    kod: str
    namn: str
    typ: Parttyp
    giltighet: Giltighet = ALLTID

    def __str__(self) -> str:
        return f"{self.namn} ({self.kod})"


@dataclass(frozen=True, slots=True)
class Underlag:
    """The facts a model is used on: the period, the parties, and the weights of each key by party code.

    *vikter* needs no entry for the keys lika and tabell. Its codes are those of the parties.
    """

    period: Period
    parter: tuple[Deltagare, ...]
    vikter: Mapping[Nyckel, Mapping[str, Vikt]]

    def __post_init__(self) -> None:
        sedda: dict[str, str] = {}
        for part in self.parter:
            krav_text(part.kod, f"Koden för {part.namn}")
            krav_text(part.namn, f"Namnet på parten {part.kod}")
            if part.typ not in ("region", "kommun"):
                raise Fordelningsfel(f"{part} är varken region eller kommun utan {part.typ!r}.")
            if part.kod in sedda:
                raise Fordelningsfel(f"Koden {part.kod} förekommer två gånger: {sedda[part.kod]} och {part.namn}.")
            sedda[part.kod] = part.namn
        object.__setattr__(self, "parter", tuple(sorted(self.parter, key=lambda p: (p.typ != "region", p.kod))))

    def part(self, kod: str) -> Deltagare:
        """Return the party. Raises Fordelningsfel for an unknown code."""
        for part in self.parter:
            if part.kod == kod:
                return part
        raise Fordelningsfel(f"Parten {kod} finns inte bland parterna {self.period}.")
