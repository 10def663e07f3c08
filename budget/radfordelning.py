"""A year's rows, each by its model: what every party owes, and the table area × party that adds up both ways.

Pure functions without Django; amounts in öre. The default model is used for every row that no override moves to
another. A model splits the sum of its rows once, so a column is what a party owes (rules 2 and 8); the cells follow
by controlled rounding (``matris``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from budget.belopp import ORE_PER_KRONA
from budget.fordelning import Fordelningsfel, ar_heltal
from budget.harledning import avkortat
from budget.matris import Heltalsmatris, avrunda_matris
from budget.stegfordelning import Stegfordelning, exakta_andelar, fordela_stegvis
from budget.stegmodell import (
    ALLTID,
    GRANS,
    Beslutsreferens,
    Deltagare,
    Giltighet,
    Stegmodell,
    Underlag,
    krav_text,
)


def planradskod(rad_id: int | None) -> str:
    """The code of a row of the whole plan, which has no area's."""
    return f"rad-{rad_id}"


@dataclass(frozen=True, slots=True)
class Rad:
    """A row of the budget, or an activity's own amount: *belopp* öre in *omrade* (its own code when it is the area)."""

    kod: str
    namn: str
    belopp: int
    omrade: str = ""

    def __post_init__(self) -> None:
        krav_text(self.kod, "Radens kod")
        krav_text(self.namn, f"Raden {self.kod}: namnet")
        if not ar_heltal(self.belopp):
            raise Fordelningsfel(f"Beloppet för {self.namn} ska vara ett helt antal öre, inte {self.belopp!r}.")
        if abs(self.belopp) >= GRANS * 100:
            raise Fordelningsfel(f"Beloppet för {self.namn} är orimligt; det ska vara under 10¹² kr.")

    @property
    def i_omrade(self) -> str:
        """The code of the area it belongs to."""
        return self.omrade or self.kod


@dataclass(frozen=True, slots=True)
class Undantag:
    """An override: the row or area *avser* is split by *modell* instead, because *beslut* says so."""

    avser: str
    modell: Stegmodell
    beslut: Beslutsreferens | None
    giltighet: Giltighet = ALLTID


@dataclass(frozen=True, slots=True)
class Arsunderlag:
    """Everything that one year's split is made from."""

    rader: tuple[Rad, ...]
    standard: Stegmodell
    underlag: Underlag
    alla_undantag: tuple[Undantag, ...] = ()

    @property
    def total(self) -> int:
        """The sum of the rows, in öre."""
        return sum(rad.belopp for rad in self.rader)


@dataclass(frozen=True, slots=True)
class Modelldel:
    """The rows that one model splits, and how. *alla_undantag* are what moved rows to it; none for the default."""

    rader: tuple[Rad, ...]
    fordelning: Stegfordelning
    alla_undantag: tuple[Undantag, ...]


@dataclass(frozen=True, slots=True)
class Matrisrad:
    """An area's row: its amount and every party's part of it, in öre, in the parties' order."""

    kod: str
    namn: str
    belopp: int
    celler: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Matris:
    """The table area × party, in öre. *summor* are the columns' sums: what each party owes.

    *storsta_avvikelse* (öre) is how far a cell lies from its exact value at most, and *dar* names that cell's area
    and party. *kontrollerad* is True when every cell is its exact value rounded down or up; otherwise *besked* says
    that it is not, in Swedish.
    """

    parter: tuple[Deltagare, ...]
    rader: tuple[Matrisrad, ...]
    summor: tuple[int, ...]
    enhet_ore: int
    storsta_avvikelse: Fraction
    dar: tuple[str, str] | None
    kontrollerad: bool
    besked: str


@dataclass(frozen=True, slots=True)
class Radfordelning:
    """A year's split: one part per model, and what every party owes and pays in all, in öre by code."""

    ars: Arsunderlag
    delar: tuple[Modelldel, ...]
    andelar: Mapping[str, int]
    betalar: Mapping[str, int]


def fordela_rader(ars: Arsunderlag) -> Radfordelning:
    """Split the year's rows, each by its model. Raises Fordelningsfel for overrides or facts that cannot be used."""
    delar = tuple(
        Modelldel(rader, fordela_stegvis(sum(rad.belopp for rad in rader), modell, ars.underlag), alla_undantag)
        for modell, alla_undantag, rader in _per_modell(ars)
    )
    koder = [part.kod for part in ars.underlag.parter]
    andelar = {kod: sum(del_.fordelning.rad(kod).andel for del_ in delar) for kod in koder}
    betalar = {kod: sum(del_.fordelning.rad(kod).betalar for del_ in delar) for kod in koder}
    return Radfordelning(ars, delar, andelar, betalar)


# ----------------------------------------------------------------------
# Which model splits which row


def _per_modell(ars: Arsunderlag) -> list[tuple[Stegmodell, tuple[Undantag, ...], tuple[Rad, ...]]]:
    """The default with its rows, then each other model with its; an override of a row goes before one of its area.

    Overrides to one and the same model are split together. A model that no row uses is left out.
    """
    undantag = _granskade_undantag(ars)
    modeller = {ars.standard.kod: ars.standard}
    anvanda: dict[str, dict[str, Undantag]] = {}
    per_modell: dict[str, list[Rad]] = {} if ars.rader else {ars.standard.kod: []}
    for rad in sorted(ars.rader, key=lambda rad: rad.kod):
        eget = undantag.get(rad.kod) or undantag.get(rad.i_omrade)
        modell = eget.modell if eget else ars.standard
        if modeller.setdefault(modell.kod, modell) != modell:
            raise Fordelningsfel(f"Två olika modeller har koden {modell.kod} {ars.underlag.period}.")
        per_modell.setdefault(modell.kod, []).append(rad)
        if eget:
            anvanda.setdefault(modell.kod, {})[eget.avser] = eget
    return [
        (modeller[kod], tuple(anvanda.get(kod, {}).values()), tuple(per_modell[kod]))
        for kod in sorted(per_modell, key=lambda kod: (kod != ars.standard.kod, kod))
    ]


def _granskade_undantag(ars: Arsunderlag) -> dict[str, Undantag]:
    """The overrides by what they concern. Refuses two on one row, none of a row, and one without a valid decision."""
    koder = [rad.kod for rad in ars.rader]
    if dubbla := sorted({kod for kod in koder if koder.count(kod) > 1}):
        raise Fordelningsfel(f"Raden {dubbla[0]} förekommer två gånger {ars.underlag.period}.")
    finns = {rad.kod for rad in ars.rader} | {rad.i_omrade for rad in ars.rader}
    funna: dict[str, Undantag] = {}
    for ett in ars.alla_undantag:
        if ett.avser not in finns:
            raise Fordelningsfel(f"Undantaget avser {ett.avser}, som inte finns bland raderna {ars.underlag.period}.")
        if ett.avser in funna:
            andra = f"{funna[ett.avser].modell.namn} och {ett.modell.namn}"
            raise Fordelningsfel(f"{_namnet(ett, ars)} har två modeller {ars.underlag.period}: {andra}.")
        _granska_beslut(ett, ars)
        funna[ett.avser] = ett
    return funna


def _namnet(undantag: Undantag, ars: Arsunderlag) -> str:
    """What an override concerns, as its readers know it: the row's name, or the code of an area that is no row."""
    return next((rad.namn for rad in ars.rader if rad.kod == undantag.avser), undantag.avser)


def _granska_beslut(undantag: Undantag, ars: Arsunderlag) -> None:
    period, beslut = ars.underlag.period, undantag.beslut
    vad = f"Undantaget för {_namnet(undantag, ars)} (modellen {undantag.modell.namn})"
    if beslut is None:
        raise Fordelningsfel(f"{vad} saknar beslut {period}. Ange instans, datum och paragraf.")
    if beslut.upphavt and beslut.upphavt <= period.till:
        raise Fordelningsfel(
            f"{vad} kan inte användas {period}: beslutet {beslut} upphävdes {beslut.upphavt.isoformat()}."
        )
    if period.snitt(undantag.giltighet) != period:
        raise Fordelningsfel(f"{vad} gäller {undantag.giltighet} enligt {beslut}, alltså inte hela {period}.")
    if undantag.modell.enhet != ars.standard.enhet:
        raise Fordelningsfel(f"{vad} avrundar till {undantag.modell.enhet}, planen till {ars.standard.enhet} {period}.")


# ----------------------------------------------------------------------
# The table


def matris(fordelning: Radfordelning, namn: Mapping[str, str] | None = None) -> Matris:
    """Return the table area × party: exact rows and columns, cells within one unit where that is possible.

    A cell's exact value is the row's amount times the party's part of its model before any rounding. *namn* gives
    areas that are not rows themselves a name. With whole kronor, a row's öre lie in the region's cell; where no
    region can hold them, the table is in öre.
    """
    ars = fordelning.ars
    parter = ars.underlag.parter
    belopp, exakt = _omraden(fordelning)
    oren, enhet = _oren(fordelning, belopp, exakt), ars.standard.enhet_ore
    if oren is None:
        oren, enhet = dict.fromkeys(belopp, 0), 1
    region = next((k for k, part in enumerate(parter) if part.typ == "region"), 0)
    summor = [fordelning.andelar[part.kod] for part in parter]
    i_enheter = [
        [(exakt[kod][k] - (oren[kod] if k == region else 0)) / enhet for k in range(len(parter))] for kod in belopp
    ]
    kolumner = [summa - (sum(oren.values()) if k == region else 0) for k, summa in enumerate(summor)]
    hel = avrunda_matris(
        i_enheter, [(belopp[kod] - oren[kod]) // enhet for kod in belopp], [summa // enhet for summa in kolumner]
    )
    alla_namn = {rad.kod: rad.namn for rad in ars.rader} | dict(namn or {})
    rader = tuple(
        Matrisrad(
            kod,
            alla_namn.get(kod, kod),
            belopp[kod],
            tuple(enhet * antal + (oren[kod] if k == region else 0) for k, antal in enumerate(hel.celler[r])),
        )
        for r, kod in enumerate(belopp)
    )
    return _matris(parter, rader, summor, enhet, hel)


def _matris(
    parter: tuple[Deltagare, ...], rader: tuple[Matrisrad, ...], summor: Sequence[int], enhet: int, hel: Heltalsmatris
) -> Matris:
    storsta, dar, besked = hel.storsta * enhet, None, ""
    if hel.plats:
        dar = (rader[hel.plats[0]].kod, parter[hel.plats[1]].kod)
    if not hel.kontrollerad and hel.plats:
        rad, part = rader[hel.plats[0]], parter[hel.plats[1]]
        besked = (
            "Rader och kolumner går ihop på öret, men alla rutor kan inte samtidigt vara sitt exakta värde avrundat"
            f" nedåt eller uppåt till {'hela kronor' if enhet > 1 else 'hela ören'}. Störst är avvikelsen för"
            f" {part.namn} i {rad.namn}, {avkortat(storsta / ORE_PER_KRONA, 4)}\u00a0kr; mindre går den inte att göra."
        )
    return Matris(parter, rader, tuple(summor), enhet, storsta, dar, hel.kontrollerad, besked)


def _omraden(fordelning: Radfordelning) -> tuple[dict[str, int], dict[str, list[Fraction]]]:
    """The areas' amounts and exact cells, by area code in order."""
    parter = fordelning.ars.underlag.parter
    koder = sorted({rad.i_omrade for rad in fordelning.ars.rader})
    belopp = dict.fromkeys(koder, 0)
    exakt = {kod: [Fraction(0)] * len(parter) for kod in koder}
    for del_ in fordelning.delar:
        andelstal = _andelstal(del_)
        for rad in del_.rader:
            belopp[rad.i_omrade] += rad.belopp
            rutor = exakt[rad.i_omrade]
            for k, part in enumerate(parter):
                if andelstal[part.kod]:
                    rutor[k] += rad.belopp * andelstal[part.kod]
    return belopp, exakt


def _andelstal(del_: Modelldel) -> dict[str, Fraction]:
    """Every party's part of a model, as fractions that sum to one, before any rounding.

    Rows that cancel out leave nothing to take the parts of; then they are those of the positive rows. Where only the
    rounded split can be made (a minimum that a rounded-down group could not carry), the parts are those of its quotas.
    """
    f = del_.fordelning
    total = f.total or sum(rad.belopp for rad in del_.rader if rad.belopp > 0)
    if not total:
        return {rad.kod: Fraction(0) for rad in f.rader}
    try:
        andelar = exakta_andelar(total, f.modell, f.underlag)
    except Fordelningsfel:
        if not f.total:
            raise
        andelar = {rad.kod: Fraction(rad.andel) for rad in f.rader}
    return {kod: andel / total for kod, andel in andelar.items()}


def _oren(
    fordelning: Radfordelning, belopp: Mapping[str, int], exakt: Mapping[str, Sequence[Fraction]]
) -> dict[str, int] | None:
    """What each area has beyond whole units, which the region's cell holds; None when no one region can."""
    enhet = fordelning.ars.standard.enhet_ore
    oren = {kod: summa % enhet for kod, summa in belopp.items()}
    regioner = [k for k, part in enumerate(fordelning.ars.underlag.parter) if part.typ == "region"]
    if any(oren.values()) and (len(regioner) != 1 or any(oren[kod] and not exakt[kod][regioner[0]] for kod in belopp)):
        return None
    return oren
