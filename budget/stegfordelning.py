"""The split by a model of ordered steps: groups, exact quotas, one rounding per level, and who pays.

Pure functions without Django. Amounts are ``int`` in öre, quotas ``Fraction``. The steps, where rounding happens and
worked examples stand in ``docs/kostnadsfordelning.md``; the two-level default gives the same öre as
``fordelning.fordela_plan``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from budget.belopp import visa_kr
from budget.fordelning import (
    Fordelningsfel,
    Modell,
    Part,
    Parttyp,
    ar_heltal,
    sats_per_invanare,
    storsta_rest,
    upprakning,
)
from budget.steggranskning import Granskat, Gruppunderlag, granska
from budget.stegkvoter import NOLL, Gruppkvoter, gruppkvoter
from budget.stegmodell import (
    GRANS,
    Deltagare,
    Golv,
    Grupp,
    Led,
    Nyckel,
    Stegmodell,
    Tak,
    Underlag,
    Vikt,
    helar,
)

STANDARDKOD = "standard"
"""The code of the two-level model as steps."""
TILL_REGIONEN = ""
"""The code under which a group's rounding holds what the region carries."""


@dataclass(frozen=True, slots=True)
class Grupputfall:
    """One group: its part of the whole, its members' quotas step by step, and the rounded shares, all without sign.

    *exakt* is the group's quota of the whole, *belopp* that quota rounded. *avrundat* has a share per member, and
    under ``TILL_REGIONEN`` what the region carries; *kvar* is how many units were left over and handed out.
    """

    underlag: Gruppunderlag
    exakt: Fraction
    belopp: int
    kvoter: Gruppkvoter
    avrundat: Mapping[str, int]
    kvar: int

    @property
    def grupp(self) -> Grupp:
        """The group as the model has it."""
        return self.underlag.grupp

    @property
    def koder(self) -> tuple[str, ...]:
        """The members' codes, region first."""
        return tuple(medlem.part.kod for medlem in self.underlag.medlemmar)

    @property
    def invanare(self) -> Vikt | None:
        """The members' inhabitants, all ages, by the first key that has them; None when no key does."""
        for led, vikter in zip(self.grupp.alla_led, self.underlag.alla_vikter, strict=True):
            if led.nyckel.slag == "invanare" and not led.nyckel.alder:
                return sum(vikter.values())
        return None


@dataclass(frozen=True, slots=True)
class Partsrad:
    """One party's row, in öre and with the total's sign.

    *andel* is the party's share: *avrundad* (its *exakt* quota in its group, rounded), plus *oren* (what is beyond
    whole kronor) and *buret* (what it carries for others, by group; negative when it gains), which only a region
    has. *betalar* is what it pays, for itself and as *betalas_av* of others; a party that somebody pays for pays 0.
    A party outside every group has *grupp* "".
    """

    kod: str
    namn: str
    typ: Parttyp
    grupp: str
    exakt: Fraction
    avrundad: int
    oren: int
    buret: tuple[tuple[str, int], ...]
    betalas_av: str
    betalar: int

    @property
    def andel(self) -> int:
        """The party's share of the total, in öre."""
        return self.avrundad + self.oren + sum(belopp for _, belopp in self.buret)


@dataclass(frozen=True, slots=True)
class Sats:
    """A printed rate: *belopp* öre over *invanare*. Information, never an input."""

    namn: str
    belopp: int
    invanare: Vikt
    ore_per_invanare: Decimal


@dataclass(frozen=True, slots=True)
class Stegfordelning:
    """A finished split with everything that made it. Shares, and what is paid, add up to *total* öre."""

    total: int
    modell: Stegmodell
    underlag: Underlag
    grupper: tuple[Grupputfall, ...]
    rader: tuple[Partsrad, ...]

    @property
    def overskjutande(self) -> int:
        """The öre of the total beyond whole units, borne by the region: 0 when the unit is öre."""
        rest = abs(self.total) % self.modell.enhet_ore
        return -rest if self.total < 0 else rest

    @property
    def andelar(self) -> dict[str, int]:
        """Every party's share by code, in öre."""
        return {rad.kod: rad.andel for rad in self.rader}

    def rad(self, kod: str) -> Partsrad:
        """Return one party's row. Raises Fordelningsfel for an unknown code."""
        for rad in self.rader:
            if rad.kod == kod:
                return rad
        raise Fordelningsfel(f"Parten {kod} finns inte i fördelningen för {self.underlag.period}.")

    def utfall(self, kod: str) -> Grupputfall | None:
        """Return the group that a party belongs to, None when it takes no part."""
        return next((utfall for utfall in self.grupper if kod in utfall.koder), None)

    @property
    def satser(self) -> tuple[Sats, ...]:
        """The rates: each group with an inhabitants key, and the region's own unless it pays the same.

        The region's is over the same inhabitants, printed when there is one such group that it is not in, the
        ratio is not equal or it carries something (rule 9).
        """
        grupper = [utfall for utfall in self.grupper if utfall.invanare]
        satser = [
            _sats(utfall.grupp.namn, sum(self.rad(kod).avrundad for kod in utfall.koder), utfall) for utfall in grupper
        ]
        regioner = [rad for rad in self.rader if rad.typ == "region" and rad.grupp]
        if len(grupper) == 1 and len(regioner) == 1 and regioner[0].kod not in grupper[0].koder:
            lika = len({Fraction(utfall.grupp.andel) for utfall in self.grupper}) == 1
            if not lika or any(belopp for _, belopp in regioner[0].buret):
                satser.append(_sats(regioner[0].namn, regioner[0].andel, grupper[0]))
        return tuple(satser)


def _sats(namn: str, belopp: int, utfall: Grupputfall) -> Sats:
    invanare = Fraction(utfall.invanare or 0)
    sats = sats_per_invanare(belopp * invanare.denominator, invanare.numerator) or Decimal(0)
    return Sats(namn, belopp, utfall.invanare or 0, sats)


# ----------------------------------------------------------------------
# The split


def fordela_stegvis(total: int, modell: Stegmodell, underlag: Underlag) -> Stegfordelning:
    """Split *total* öre by *modell* on the facts *underlag*. A negative total mirrors a positive one.

    First the groups, by largest remainder (a tie goes to the region's group, then larger share, then lower code);
    then each group's exact quotas, step by step (``gruppkvoter``), rounded once by largest remainder together with
    what the region carries. Öre beyond whole units are the region's. Last, who pays for whom.

    Raises Fordelningsfel, with party and date, for what cannot be split: see ``docs/kostnadsfordelning.md``.
    """
    if not ar_heltal(total):
        raise Fordelningsfel(f"Beloppet att fördela ska vara ett helt antal öre, inte {total!r}.")
    if abs(total) >= GRANS * 100:
        raise Fordelningsfel(f"Beloppet {visa_kr(total)}\u00a0kr är orimligt; det ska vara under 10¹² kr.")
    granskat = granska(modell, underlag)
    oren = abs(total) % modell.enhet_ore
    if oren and not _region_med_andel(granskat):
        raise Fordelningsfel(
            f"Totalen {visa_kr(total)}\u00a0kr för {underlag.period} går inte jämnt upp i hela kronor, och ingen"
            " region med egen andel kan bära örena. Välj enheten öre eller ett belopp i hela kronor."
        )
    grupper = _grupputfall(abs(total) - oren, modell, granskat)
    rader = _rader(-1 if total < 0 else 1, oren, grupper, granskat, underlag)
    fordelning = Stegfordelning(total, modell, underlag, grupper, rader)
    _granska_regionens_granser(fordelning)
    return fordelning


def _region_med_andel(granskat: Granskat) -> Deltagare | None:
    """The one region that takes part in a group with a share; None when there is none, or several."""
    regioner = [m.part for g in granskat.grupper if g.grupp.andel for m in g.medlemmar if m.part.typ == "region"]
    return regioner[0] if len(regioner) == 1 else None


def _grupputfall(belopp: int, modell: Stegmodell, granskat: Granskat) -> tuple[Grupputfall, ...]:
    """Share the whole among the groups, and each group's part among its members."""
    andelar: dict[str, Vikt] = {g.grupp.kod: g.grupp.andel for g in granskat.grupper}
    med_region = {g.grupp.kod for g in granskat.grupper for m in g.medlemmar if m.part.typ == "region"}
    foretrade = sorted(andelar, key=lambda kod: (kod not in med_region, -andelar[kod], kod))
    delar = storsta_rest(belopp, andelar, modell.enhet_ore, foretrade)
    summa = sum((Fraction(andel) for andel in andelar.values()), NOLL)
    return tuple(
        _utfall(g, belopp * Fraction(g.grupp.andel) / summa, delar[g.grupp.kod], modell.enhet_ore)
        for g in granskat.grupper
    )


def _utfall(underlag: Gruppunderlag, exakt: Fraction, belopp: int, enhet: int) -> Grupputfall:
    kvoter = gruppkvoter(underlag, Fraction(belopp))
    att_avrunda = {TILL_REGIONEN: kvoter.till_region} | kvoter.slutliga
    avrundat = avrunda(att_avrunda, enhet)
    kvar = sum(belopp > att_avrunda[kod] for kod, belopp in avrundat.items())
    return Grupputfall(underlag, exakt, belopp, kvoter, avrundat, kvar)


def avrunda(kvoter: Mapping[str, Fraction], enhet: int = 1) -> dict[str, int]:
    """Round quotas in öre to whole units by largest remainder; their sum must be whole units, and is kept.

    Every quota is rounded down or up, so one within whole limits stays within them. Ties: ``TILL_REGIONEN`` first,
    then larger quota, then lower code.
    """
    nedat = {kod: int(kvot // enhet) * enhet for kod, kvot in kvoter.items()}
    kvar = int((sum(kvoter.values(), NOLL) - sum(nedat.values())) / enhet)
    tur = sorted(kvoter, key=lambda kod: (nedat[kod] - kvoter[kod], kod != TILL_REGIONEN, -kvoter[kod], kod))
    extra = set(tur[:kvar])
    return {kod: belopp + enhet * (kod in extra) for kod, belopp in nedat.items()}


def exakta_andelar(total: int, modell: Stegmodell, underlag: Underlag) -> dict[str, Fraction]:
    """Return every party's share of *total* öre with no rounding on any level; they add up to *total*.

    Öre beyond whole units are the region's. Raises Fordelningsfel as ``fordela_stegvis`` does.
    """
    granskat = granska(modell, underlag)
    oren = abs(total) % modell.enhet_ore
    summa = sum((Fraction(g.grupp.andel) for g in granskat.grupper), NOLL)
    andelar = dict.fromkeys((part.kod for part in underlag.parter), NOLL)
    for grupp in granskat.grupper:
        kvoter = gruppkvoter(grupp, (abs(total) - oren) * Fraction(grupp.grupp.andel) / summa)
        for kod, kvot in kvoter.slutliga.items():
            andelar[kod] += kvot
        if kvoter.region_faktor or kvoter.region_granser:
            andelar[granskat.region(_vad_som_bars(kvoter, underlag)).kod] += kvoter.till_region
    if oren and (region := _region_med_andel(granskat)):
        andelar[region.kod] += oren
    return {kod: -andel if total < 0 else andel for kod, andel in andelar.items()}


# ----------------------------------------------------------------------
# The rows


def _rader(
    tecken: int, oren: int, grupper: Sequence[Grupputfall], granskat: Granskat, underlag: Underlag
) -> tuple[Partsrad, ...]:
    """Every party's row, with the sign put back: what it carries, its share, and who pays it."""
    buret: dict[str, list[tuple[str, int]]] = {}
    for utfall in grupper:
        if utfall.kvoter.region_faktor or utfall.kvoter.region_granser:
            region = granskat.region(_vad_som_bars(utfall.kvoter, underlag))
            buret.setdefault(region.kod, []).append((utfall.grupp.kod, tecken * utfall.avrundat[TILL_REGIONEN]))
    orebarare = _region_med_andel(granskat) if oren else None
    utfall_for = {kod: utfall for utfall in grupper for kod in utfall.koder}
    rader = [
        _rad(part, utfall_for.get(part.kod), tecken, tecken * oren if part == orebarare else 0, buret.get(part.kod, []))
        for part in underlag.parter
    ]
    betalas_av = {rad.kod: granskat.betalare.get(rad.kod, rad.kod) for rad in rader}
    betalar = dict.fromkeys(betalas_av, 0)
    for rad in rader:
        betalar[betalas_av[rad.kod]] += rad.andel
    return tuple(replace(rad, betalas_av=betalas_av[rad.kod], betalar=betalar[rad.kod]) for rad in rader)


def _rad(
    part: Deltagare, utfall: Grupputfall | None, tecken: int, oren: int, buret: Sequence[tuple[str, int]]
) -> Partsrad:
    grupp, exakt, avrundad = "", NOLL, 0
    if utfall:
        grupp, exakt, avrundad = utfall.grupp.kod, utfall.kvoter.slutliga[part.kod], utfall.avrundat[part.kod]
    return Partsrad(
        part.kod, part.namn, part.typ, grupp, tecken * exakt, tecken * avrundad, oren, tuple(buret), part.kod, 0
    )


def _vad_som_bars(kvoter: Gruppkvoter, underlag: Underlag) -> str:
    vilka = sorted(set(kvoter.region_faktor) | set(kvoter.region_granser))
    return f"Det som {upprakning(str(underlag.part(kod)) for kod in vilka)} inte betalar {underlag.period}"


def _granska_regionens_granser(fordelning: Stegfordelning) -> None:
    """Refuse what a region carries when it would break its own minimum or cap, or owe less than nothing."""
    tecken = -1 if fordelning.total < 0 else 1
    for rad in fordelning.rader:
        if not rad.buret and not rad.oren:
            continue
        andel, period = tecken * rad.andel, fordelning.underlag.period
        if andel < 0:
            raise Fordelningsfel(
                f"{rad.namn} ({rad.kod}) skulle få {visa_kr(-andel)}\u00a0kr av de andra för {period}, eftersom golv"
                " och faktorer som regionen står för ger mer än regionens egen del."
            )
        for villkor in fordelning.modell.alla_villkor:
            if villkor.kod != rad.kod or not isinstance(villkor, Golv | Tak):
                continue
            if (andel > villkor.belopp) if isinstance(villkor, Tak) else (andel < villkor.belopp):
                vad = "taket" if isinstance(villkor, Tak) else "golvet"
                raise Fordelningsfel(
                    f"Med det som {rad.namn} ({rad.kod}) bär för andra blir andelen för {period}"
                    f" {visa_kr(andel)}\u00a0kr, och {vad} {visa_kr(villkor.belopp)}\u00a0kr hålls inte."
                )


# ----------------------------------------------------------------------
# The two-level default


def stegmodell_av(modell: Modell, kod: str = STANDARDKOD, namn: str = "standardmodellen") -> Stegmodell:
    """Return the two-level model as steps: region | municipalities, and inhabitants among the municipalities."""
    invanare = Nyckel("invanare", modell.folkmangdsdatum)
    grupper = (
        Grupp("region", "regionen", modell.andel_region, ("region",), (Led(Nyckel("lika")),)),
        Grupp("kommuner", "kommunerna", modell.andel_grupp, ("kommun",), (Led(invanare),)),
    )
    return Stegmodell(kod, namn, grupper, modell.enhet)


def underlag_av(parter: Sequence[Part], datum: date, budgetar: int) -> Underlag:
    """Return the two-level split's parties as facts: inhabitants on *datum*, all taking part the whole year."""
    deltagare = tuple(Deltagare(part.kod, part.namn, part.typ) for part in parter)
    invanare = {part.kod: part.vikt for part in parter if part.typ == "kommun" and part.vikt is not None}
    return Underlag(helar(budgetar), deltagare, {Nyckel("invanare", datum): invanare})
