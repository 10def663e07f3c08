"""A cost model and the facts it is used on, held against each other: what cannot be split is refused here.

Pure functions without Django. Out come the groups with their members, days and weights, and who pays for whom;
``stegkvoter`` only computes. Every refusal is a ``Fordelningsfel`` in Swedish that names the party and the date.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from budget.belopp import visa_kr
from budget.fordelning import Fordelningsfel, ar_heltal, upprakning
from budget.stegmodell import (
    BARARE,
    GRANS,
    Barare,
    Betalare,
    Deltagare,
    Faktor,
    Golv,
    Grund,
    Grupp,
    Nyckel,
    Period,
    Stegmodell,
    Tak,
    Underlag,
    Vikt,
    Villkor,
    ar_exakt,
)


@dataclass(frozen=True, slots=True)
class Faktordel:
    """A factor during some of a party's days."""

    dagar: int
    faktor: Fraction
    bars_av: Barare


@dataclass(frozen=True, slots=True)
class Medlem:
    """A party in its group: the days of the period that it takes part, and what is decided for it."""

    part: Deltagare
    dagar: int
    faktordelar: tuple[Faktordel, ...] = ()
    golv: Golv | None = None
    tak: Tak | None = None

    @property
    def faktor(self) -> Fraction:
        """The factor of the whole year: the mean over the party's days."""
        return 1 - sum((Fraction(del_.dagar, self.dagar) * (1 - del_.faktor) for del_ in self.faktordelar), Fraction(0))


@dataclass(frozen=True, slots=True)
class Gruppunderlag:
    """A group ready to be computed. *alla_vikter*: weights by party code, one mapping per part of the mixture."""

    grupp: Grupp
    medlemmar: tuple[Medlem, ...]
    alla_vikter: tuple[Mapping[str, Vikt], ...]
    period: Period

    @property
    def efter_dagar(self) -> bool:
        """True when somebody takes part in a part of the period only, so that weights are multiplied by days."""
        return any(medlem.dagar < self.period.dagar for medlem in self.medlemmar)


@dataclass(frozen=True, slots=True)
class Granskat:
    """What is computed: the groups, the one region that takes part (if any), and who pays for whom, chains resolved."""

    grupper: tuple[Gruppunderlag, ...]
    regioner: tuple[Deltagare, ...]
    betalare: Mapping[str, str]

    def region(self, varfor: str) -> Deltagare:
        """Return the region that is to carry something. Raises Fordelningsfel when there is none, or several."""
        if len(self.regioner) == 1:
            return self.regioner[0]
        if not self.regioner:
            raise Fordelningsfel(f"{varfor} ska bäras av regionen, men ingen region deltar.")
        namn = upprakning(map(str, self.regioner))
        raise Fordelningsfel(f"{varfor} ska bäras av regionen, men fler än en deltar: {namn}.")


def granska(modell: Stegmodell, underlag: Underlag) -> Granskat:
    """Hold the model against the facts. Raises Fordelningsfel for what cannot be split, whatever the amount."""
    _granska_modellens_beslut(modell, underlag.period)
    _granska_vikternas_parter(underlag)
    deltar = _deltar(modell, underlag)
    _granska_villkorens_parter(modell, underlag, {part.kod for parter in deltar.values() for part in parter})
    grupper = tuple(_gruppunderlag(grupp, deltar[grupp.kod], modell, underlag) for grupp in modell.grupper)
    regioner = tuple(m.part for g in grupper for m in g.medlemmar if m.part.typ == "region")
    return Granskat(grupper, regioner, _betalare(modell, underlag))


def _granska_modellens_beslut(modell: Stegmodell, period: Period) -> None:
    beslut = modell.beslut
    if beslut and beslut.upphavt and beslut.upphavt <= period.till:
        raise Fordelningsfel(
            f"Beslutet om modellen {modell.namn}, {beslut}, upphävdes {beslut.upphavt.isoformat()}"
            f" och kan inte användas för {period}."
        )


# ----------------------------------------------------------------------
# Groups and weights


def _deltar(modell: Stegmodell, underlag: Underlag) -> dict[str, list[Deltagare]]:
    """Who take part in each group, in code order: those of its types, or those it names, with days in the period."""
    grupp_for: dict[str, Grupp] = {}
    deltar: dict[str, list[Deltagare]] = {}
    for grupp in modell.grupper:
        for kod in grupp.endast:
            part = underlag.part(kod)
            if part.typ not in grupp.typer:
                raise Fordelningsfel(f"{part} är {part.typ} och hör inte hemma i {grupp.namn}.")
            if underlag.period.snitt(part.giltighet) is None:
                raise Fordelningsfel(
                    f"{part} räknas upp i {grupp.namn} men deltar {part.giltighet}, alltså inte {underlag.period}."
                )
        deltar[grupp.kod] = [part for part in underlag.parter if _hor_till(part, grupp, underlag.period)]
        for part in deltar[grupp.kod]:
            annan = grupp_for.setdefault(part.kod, grupp)
            if annan is not grupp:
                raise Fordelningsfel(
                    f"{part} hör till två grupper: {annan.namn} och {grupp.namn}. Ta bort den ena ur {modell.namn},"
                    " eller räkna upp vilka som deltar i var och en."
                )
        if grupp.andel and not deltar[grupp.kod]:
            raise Fordelningsfel(f"Modellen ger {grupp.namn} en andel, men ingen part deltar där {underlag.period}.")
    return deltar


def _hor_till(part: Deltagare, grupp: Grupp, period: Period) -> bool:
    namngiven = part.kod in grupp.endast if grupp.endast else part.typ in grupp.typer
    return namngiven and period.snitt(part.giltighet) is not None


def _gruppunderlag(grupp: Grupp, parter: Iterable[Deltagare], modell: Stegmodell, underlag: Underlag) -> Gruppunderlag:
    parter = tuple(parter)
    medlemmar = tuple(_medlem(part, modell, underlag.period) for part in parter)
    alla_vikter = tuple(_vikter(led.nyckel, grupp, parter, underlag) for led in grupp.alla_led)
    return Gruppunderlag(grupp, medlemmar, alla_vikter, underlag.period)


def _vikter(nyckel: Nyckel, grupp: Grupp, parter: tuple[Deltagare, ...], underlag: Underlag) -> dict[str, Vikt]:
    """The members' weights by one key. Refuses a missing, negative or absurd one, and weights that are all zero."""
    if nyckel.slag == "lika":
        return {part.kod: 1 for part in parter}
    kalla = dict(nyckel.tabell) if nyckel.slag == "tabell" else underlag.vikter.get(nyckel, {})
    vad = nyckelord(nyckel, underlag.period)
    saknas = [str(part) for part in parter if kalla.get(part.kod) is None]
    if saknas:
        vilka = f"alla {len(saknas)} i {grupp.namn}" if len(saknas) == len(parter) > 3 else upprakning(saknas)
        raise Fordelningsfel(f"Uppgift om {vad} saknas för {vilka}. Lägg in den, eller välj en annan nyckel.")
    for part in parter:
        vikt = kalla[part.kod]
        if not ar_exakt(vikt) or not 0 <= vikt < GRANS:
            raise Fordelningsfel(
                f"Uppgiften om {vad} för {part} är {vikt}; den ska vara ett exakt tal från 0 och under 10¹²."
            )
    if grupp.andel and parter and not any(kalla[part.kod] for part in parter):
        raise Fordelningsfel(
            f"Uppgiften om {vad} är 0 för {upprakning(map(str, parter))}, så {grupp.namn} kan inte dela sitt belopp."
        )
    return {part.kod: kalla[part.kod] for part in parter}


def nyckelord(nyckel: Nyckel, period: Period) -> str:
    """The key in a message, always with a date: its own, or the period it is used for."""
    return str(nyckel) if nyckel.datum or nyckel.period else f"{nyckel} för {period}"


def _granska_vikternas_parter(underlag: Underlag) -> None:
    kanda = {part.kod for part in underlag.parter}
    for nyckel, varden in underlag.vikter.items():
        if okanda := sorted(set(varden) - kanda):
            raise Fordelningsfel(
                f"Det finns uppgift om {nyckelord(nyckel, underlag.period)} för {upprakning(okanda)},"
                " som inte finns bland parterna."
            )


# ----------------------------------------------------------------------
# What is decided for single parties


def _granska_villkorens_parter(modell: Stegmodell, underlag: Underlag, deltar: set[str]) -> None:
    for villkor in modell.alla_villkor:
        part = underlag.part(villkor.kod)
        if part.kod not in deltar:
            raise Fordelningsfel(
                f"{_rubrik(villkor, part)}: parten deltar inte i modellen {modell.namn} {underlag.period}."
            )


def _rubrik(villkor: Villkor, part: Deltagare) -> str:
    ord_ = {Faktor: "Faktorn", Golv: "Golvet", Tak: "Taket", Betalare: "Betalaren"}[type(villkor)]
    return f"{ord_} för {part} enligt {villkor.grund.beslut}"


def _giltigt(villkor: Villkor, part: Deltagare, period: Period) -> Period:
    """The days the deviation is valid for the party within the period. Refuses an expired or withdrawn one."""
    deltar = period.snitt(part.giltighet) or period
    galler = deltar.snitt(villkor.grund.giltighet)
    rubrik = _rubrik(villkor, part)
    if galler is None:
        raise Fordelningsfel(
            f"{rubrik} gäller {villkor.grund.giltighet} och inte någon dag som parten deltar {period}."
            " Fatta ett nytt beslut eller ta bort avvikelsen."
        )
    upphavt = villkor.grund.beslut.upphavt
    if upphavt and upphavt <= galler.till:
        raise Fordelningsfel(
            f"{rubrik} kan inte användas för {period}: beslutet upphävdes {upphavt.isoformat()}."
            " Ta bort avvikelsen eller låt den sluta dagen före."
        )
    return galler


def _helt(villkor: Golv | Tak | Betalare, part: Deltagare, period: Period) -> None:
    """Refuse a deviation that cannot be weighed by days when it is valid in a part of the party's time only."""
    galler, deltar = _giltigt(villkor, part, period), period.snitt(part.giltighet)
    if galler != deltar:
        raise Fordelningsfel(
            f"{_rubrik(villkor, part)} gäller {galler}, bara en del av den tid som parten deltar {period}."
            " Det kan inte viktas efter dagar; ange ett beslut som gäller hela tiden."
        )


def _medlem(part: Deltagare, modell: Stegmodell, period: Period) -> Medlem:
    """The party with its days and its deviations, checked against each other."""
    egna = [villkor for villkor in modell.alla_villkor if villkor.kod == part.kod]
    for villkor in egna:
        if not isinstance(villkor, Betalare) and villkor.bars_av not in BARARE:
            raise Fordelningsfel(f"{_rubrik(villkor, part)} ska bäras av gruppen eller regionen.")
        if not isinstance(villkor, Betalare) and villkor.bars_av == "regionen" and part.typ == "region":
            raise Fordelningsfel(f"{_rubrik(villkor, part)} kan inte bäras av regionen själv {period}.")
    golv = _grans([villkor for villkor in egna if isinstance(villkor, Golv)], part, modell, period)
    tak = _grans([villkor for villkor in egna if isinstance(villkor, Tak)], part, modell, period)
    if golv and tak and tak.belopp < golv.belopp:
        raise Fordelningsfel(
            f"{_rubrik(tak, part)} är {visa_kr(tak.belopp)}\u00a0kr, lägre än golvet"
            f" {visa_kr(golv.belopp)}\u00a0kr för {period}."
        )
    faktorer = [villkor for villkor in egna if isinstance(villkor, Faktor)]
    deltar = period.snitt(part.giltighet) or period
    medlem = Medlem(part, deltar.dagar, _faktordelar(faktorer, part, period), golv, tak)
    if golv and golv.belopp and not medlem.faktor:
        raise Fordelningsfel(f"{part} är befriad hela {period} och kan inte också ha ett golv.")
    return medlem


def _grans[G: (Golv, Tak)](alla: list[G], part: Deltagare, modell: Stegmodell, period: Period) -> G | None:
    """The party's one minimum or cap, a whole number of rounding units."""
    if not alla:
        return None
    if len(alla) > 1:
        raise Fordelningsfel(f"{_rubrik(alla[1], part)}: parten har redan ett för {period}.")
    (grans,) = alla
    _helt(grans, part, period)
    if not ar_heltal(grans.belopp) or not 0 <= grans.belopp < GRANS * 100:
        raise Fordelningsfel(f"{_rubrik(grans, part)} ska vara ett helt antal öre från 0, inte {grans.belopp!r}.")
    if grans.belopp % modell.enhet_ore:
        raise Fordelningsfel(
            f"{_rubrik(grans, part)} är {visa_kr(grans.belopp)}\u00a0kr och går inte jämnt upp i hela kronor,"
            f" som är enheten för {period}."
        )
    return grans


def _faktordelar(faktorer: list[Faktor], part: Deltagare, period: Period) -> tuple[Faktordel, ...]:
    """The factors of the party by days. Refuses two at the same time."""
    delar: list[tuple[Period, Faktor]] = []
    for villkor in faktorer:
        if not ar_exakt(villkor.faktor) or not 0 <= villkor.faktor < GRANS:
            raise Fordelningsfel(f"{_rubrik(villkor, part)} är {villkor.faktor}; den ska vara ett exakt tal från 0.")
        delar.append((_giltigt(villkor, part, period), villkor))
    delar.sort(key=lambda par: par[0].fran)
    for (forra, _), (nasta, villkor) in pairwise(delar):
        if nasta.fran <= forra.till:
            raise Fordelningsfel(f"{_rubrik(villkor, part)}: en annan faktor gäller redan {nasta.fran.isoformat()}.")
    return tuple(Faktordel(galler.dagar, Fraction(villkor.faktor), villkor.bars_av) for galler, villkor in delar)


def _betalare(modell: Stegmodell, underlag: Underlag) -> dict[str, str]:
    """Who pays for whom, chains followed to their end. Refuses a circle, two payers for one, and an unknown one."""
    direkt: dict[str, str] = {}
    for villkor in modell.alla_villkor:
        if not isinstance(villkor, Betalare):
            continue
        part, betalare = underlag.part(villkor.kod), underlag.part(villkor.betalas_av)
        _helt(villkor, part, underlag.period)
        if part.kod in direkt:
            raise Fordelningsfel(f"{part} har två betalare {underlag.period}: {direkt[part.kod]} och {betalare.kod}.")
        direkt[part.kod] = betalare.kod
    return {kod: _sista(kod, direkt, underlag) for kod in direkt}


def _sista(kod: str, direkt: Mapping[str, str], underlag: Underlag) -> str:
    vagen = [kod]
    while vagen[-1] in direkt:
        vagen.append(direkt[vagen[-1]])
        if vagen[-1] in vagen[:-1]:
            ring = " → ".join(underlag.part(steg).namn for steg in vagen)
            raise Fordelningsfel(f"Betalarna går i ring {underlag.period}: {ring}.")
    return vagen[-1]


def parts_grund(medlem: Medlem, modell: Stegmodell) -> tuple[Grund, ...]:
    """The decisions behind what is decided for one party."""
    return tuple(villkor.grund for villkor in modell.alla_villkor if villkor.kod == medlem.part.kod)
