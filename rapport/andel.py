"""What one party pays in one year, why, and what it gets: everything its page, PDF and workbook say.

Pure functions on the plan's record and the series of years, which `rapport.arsserie` fetches. Amounts are integer
öre, negative where the party gets money back. The words are in `rapport.andelsord`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from budget.avstamning import Avrakning
from budget.belopp import Summa, visa_hela_kr
from budget.fordelning import Andel, Fordelning
from budget.harledning import Steg
from budget.modellbeskrivning import harledningen
from rapport import andelsord
from rapport.andelsbild import Stapel, stapel
from rapport.andelseffekter import INGEN, Effektrad, Forandring, forandring
from rapport.betalning import att_betala, betalar_for
from rapport.omradesmatris import arets_rader, omradesmatris, radkod
from rapport.oversikt import radens_ankare
from rapport.plandokument import Arsfordelning, Cell, OmradePost, Part, Plandokument

ORD_FOR_SLAG: Final = {"okant": "okänt", "ej_aktuellt": "ej aktuellt", "ej_ifyllt": "ej ifyllt"}


@dataclass(frozen=True, slots=True)
class Arspost:
    """The split of one year as its own plan has it (`plan_ar` is that plan's last year), or why there is none (`skal`).

    `lagrad`: decided and stored, thus final.
    """

    budgetar: int
    plan_ar: int
    plan_titel: str
    fordelning: Fordelning | None
    skal: str
    lagrad: bool


@dataclass(frozen=True, slots=True)
class Jamforelse:
    """The year before: its split, or why there is none (`skal`); `kalla` says where the figure comes from."""

    budgetar: int
    fordelning: Fordelning | None
    skal: str
    kalla: str
    lagrad: bool


@dataclass(frozen=True, slots=True)
class Insatsrad:
    """One row of the budget: its amount for all parties, what it is to give, and this party's part (None: not split).

    `ankare` is the area's place in the document, "" for a row of the whole plan.
    """

    namn: str
    ankare: str
    cell: Cell
    omrade: OmradePost | None
    antal_aktiviteter: int
    andel: int | None

    @property
    def beloppstext(self) -> str:
        """The row's amount as it is printed, without unit."""
        return visa_hela_kr(self.cell.ore) if self.cell.ore is not None else ORD_FOR_SLAG[self.cell.slag]


@dataclass(frozen=True, slots=True)
class Utanfor:
    """A form of financing that the share does not pay."""

    namn: str
    summa: Summa


@dataclass(frozen=True, slots=True)
class Trendrad:
    """One year of the party: share and total in öre, rate in öre per inhabitant; None where nothing is split."""

    budgetar: int
    plan_ar: int
    belopp: int | None
    invanare: int | None
    folkmangdsdatum: date | None
    sats: Decimal | None
    stallning: str
    stapel: Stapel | None


@dataclass(frozen=True, slots=True)
class Partsandel:
    """The whole page. `andel` is None where nothing is split, or the party takes no part; `skal` then says why."""

    dokument: Plandokument
    ars: Arsfordelning
    part: Part
    andel: Andel | None
    skal: str
    steg: tuple[Steg, ...]
    fore: Jamforelse | None
    andel_fore: Andel | None
    forandring: Forandring
    insatser: tuple[Insatsrad, ...]
    summa: Summa | None
    utanfor: tuple[Utanfor, ...]
    trend: tuple[Trendrad, ...]
    avraknas: tuple[Avrakning, ...] = ()

    @property
    def efter_avrakning(self) -> int | None:
        """What is left to pay when the year before is set against it, öre: below zero the party gets money back.

        The share itself is not changed. None where nothing is set against it.
        """
        if self.att_betala is None or not self.avraknas:
            return None
        return self.att_betala + sum(en.paverkan for en in self.avraknas)

    @property
    def fordelning(self) -> Fordelning | None:
        return self.ars.fordelning

    @property
    def skillnad(self) -> int | None:
        """This year minus the year before, öre."""
        return None if self.andel is None or self.andel_fore is None else self.andel.belopp - self.andel_fore.belopp

    @property
    def effekter(self) -> tuple[Effektrad, ...]:
        """What changed the share; empty where there is nothing to compare with."""
        return self.forandring.rader

    @property
    def stapel_fore(self) -> Stapel | None:
        """The bar of the year before, beside those of the effects."""
        return stapel(0, self.andel_fore.belopp, self._storst) if self.andel_fore else None

    @property
    def stapel_nu(self) -> Stapel | None:
        """The bar of this year, beside those of the effects."""
        return stapel(0, self.andel.belopp, self._storst) if self.andel else None

    @property
    def _storst(self) -> int:
        return max((niva for en in self.effekter for niva in (en.fore, en.efter)), default=0)

    @property
    def delas_pa_omraden(self) -> bool:
        """Whether the share is laid out on the areas."""
        return any(rad.andel is not None for rad in self.insatser)

    @property
    def sats(self) -> Decimal | None:
        """What the party pays per inhabitant, öre: the region's own rate where it has one, else the common one."""
        return None if self.andel is None or self.fordelning is None else _sats(self.fordelning, self.andel)

    @property
    def stallning(self) -> str:
        """Whether the amount is final, in words."""
        return andelsord.stallning(self.ars)

    @property
    def mot_forra(self) -> str:
        """`67 338,59 kr mindre än 2023`, "" where there is nothing to compare with."""
        if self.andel is None or self.andel_fore is None or self.fore is None:
            return ""
        return andelsord.mot_forra(self.andel.belopp, self.andel_fore.belopp, self.fore.budgetar)

    @property
    def varfor(self) -> str:
        """What the amount follows from, "" where there is none."""
        return andelsord.varfor(self.fordelning, self.andel) if self.fordelning and self.andel else ""

    @property
    def utan_jamforelse(self) -> str:
        """Why the change is not parted, "" where it is."""
        if self.effekter:
            return ""
        if self.fore is None:
            return f"Det finns inget belopp för {self.ars.budgetar - 1} att jämföra med."
        if self.fore.fordelning is None:
            return self.fore.skal
        return "" if self.andel_fore else f"{self.part.namn} deltog inte {self.fore.budgetar}."

    @property
    def betalning(self) -> str:
        """Who pays, where it is not each its own share: a sentence, else ""."""
        if self.andel is None:
            return ""
        alla = betalar_for(self.ars)
        andras = {kod: ore for kod, ore in alla.get(self.part.kod, {}).items() if kod != self.part.kod}
        betalare = {
            kod: delar[self.part.kod] for kod, delar in alla.items() if kod != self.part.kod and self.part.kod in delar
        }
        namn = {en.kod: en.namn for en in self.ars.fordelning.andelar} if self.ars.fordelning else {}
        return andelsord.betalning(
            self.andel.belopp,
            {namn[kod]: ore for kod, ore in betalare.items()},
            {namn[kod]: ore for kod, ore in andras.items()},
            att_betala(self.ars)[self.part.kod],
        )

    @property
    def att_betala(self) -> int | None:
        """What the party pays of the year, öre: its share, unless parties pay for each other. None without a share."""
        return None if self.andel is None else att_betala(self.ars)[self.part.kod]

    @property
    def vad_betalas(self) -> str:
        """The answer to what the party pays, "" where it takes no part."""
        if self.andel is None or self.att_betala is None:
            return ""
        return andelsord.vad_betalas(
            self.ars.budgetar, self.andel.belopp, self.att_betala, self.mot_forra, self.efter_avrakning
        )

    @property
    def satsens_namn(self) -> str:
        """Whose the rate is: the region's own, or that of all municipalities together."""
        egen = self.fordelning.region_ore_per_invanare if self.fordelning else None
        har_egen = egen is not None and self.andel is not None and self.andel.typ == "region"
        return "Regionen per invånare" if har_egen else "Kommunerna per invånare"

    @property
    def antal_omraden(self) -> str:
        """`7 insatsområden`."""
        antal = len(self.dokument.omraden)
        return f"{antal} insatsområde{'n' if antal != 1 else ''}"

    @property
    def bygger_pa(self) -> list[tuple[str, str]]:
        """What the figures rest on: (what, in words)."""
        return andelsord.bygger_pa(self.dokument, self.ars, self.stallning if self.andel else "")

    @property
    def filnamn(self) -> str:
        """What a file of this page is called, without its ending: `andel-2024-1280-utkast`."""
        return f"andel-{self.ars.budgetar}-{self.part.kod}{'-utkast' if self.dokument.ar_utkast else ''}"


def partsandel(
    dokument: Plandokument,
    ars: Arsfordelning,
    part: Part,
    serie: Sequence[Arspost],
    avraknas: tuple[Avrakning, ...] = (),
) -> Partsandel:
    """Everything that is said of one party's share of one year. `serie` is what `rapport.arsserie` gives, `avraknas`
    what the reconciliation of the year before sets against the share."""
    andel = _andel(ars.fordelning, part.kod)
    fore = jamforelse(dokument, ars, serie)
    andel_fore = _andel(fore.fordelning, part.kod) if fore else None
    return Partsandel(
        dokument=dokument,
        ars=ars,
        part=part,
        andel=andel,
        skal=ars.skal or ("" if andel else f"{part.namn} deltar inte i fördelningen för {ars.budgetar}."),
        steg=harledningen(ars.fordelning, part.kod) if ars.fordelning and andel else (),
        fore=fore,
        andel_fore=andel_fore,
        forandring=(
            forandring(
                fore.fordelning, ars.fordelning, ars.budgetar, part.kod, arets_rader(dokument.budget, ars.budgetar)
            )
            if fore and fore.fordelning and ars.fordelning and andel and andel_fore
            else INGEN
        ),
        insatser=_insatser(dokument, ars, part.kod),
        summa=dokument.budget.summa(ars.budgetar, "sgd"),
        utanfor=tuple(
            Utanfor(kolumn.namn, kolumn.summa)
            for kolumn in dokument.budget.kolumner
            if kolumn.budgetar == ars.budgetar and kolumn.finansiering != "sgd"
        ),
        trend=_trend(serie, part.kod),
        avraknas=avraknas,
    )


def _andel(fordelning: Fordelning | None, kod: str) -> Andel | None:
    return next((en for en in fordelning.andelar if en.kod == kod), None) if fordelning else None


def _sats(fordelning: Fordelning, andel: Andel) -> Decimal | None:
    egen = fordelning.region_ore_per_invanare if andel.typ == "region" else None
    return fordelning.ore_per_invanare if egen is None else egen


# ----------------------------------------------------------------------
# The year before


def jamforelse(dokument: Plandokument, ars: Arsfordelning, serie: Iterable[Arspost]) -> Jamforelse | None:
    """What the year is compared with: what its own plan decided or says, else this plan's comparison figures.

    None where nobody knows anything of the year before.
    """
    ett = ars.budgetar - 1
    post = next((en for en in serie if en.budgetar == ett), None)
    egen = dokument.fordelning_for(ett)
    if post is not None and (post.fordelning is not None or egen is None or egen.fordelning is None):
        return Jamforelse(ett, post.fordelning, post.skal, _kalla(post, dokument), post.lagrad)
    if egen is None:
        return None
    return Jamforelse(ett, egen.fordelning, egen.skal, "beräknad på planens jämförelsetal", lagrad=False)


def _kalla(post: Arspost, dokument: Plandokument) -> str:
    if post.lagrad:
        return f"fastställd i {post.plan_titel}"
    if post.plan_ar == dokument.till_ar:
        return "beräknad på planen som den är nu"
    return f"beräknad på {post.plan_titel}, som inte är fastställd"


# ----------------------------------------------------------------------
# What it goes to


def _insatser(dokument: Plandokument, ars: Arsfordelning, kod: str) -> tuple[Insatsrad, ...]:
    omraden = {en.id: en for en in dokument.omraden}
    andelar = _per_rad(dokument, ars, kod)
    rader = []
    for rad, cell in dokument.budget.kolumn_celler(ars.budgetar, "sgd"):
        omrade = omraden.get(rad.omrade_id or 0)
        arets = [ett for ett in omrade.alla_ar if ett.avser_ar == ars.budgetar] if omrade else []
        antal = sum(en.antal for ett in arets for en in ett.aktiviteter)
        namn = rad.rubrik
        del_ = None if cell.ore is None else andelar.get(radkod(rad))
        rader.append(Insatsrad(namn, radens_ankare(dokument, rad), cell, omrade, antal, del_))
    return tuple(rader)


def _per_rad(dokument: Plandokument, ars: Arsfordelning, kod: str) -> dict[str, int]:
    """The party's column of the table area × party: öre by row code. Empty where it takes no part or there is none."""
    tabell = omradesmatris(dokument, ars)
    koder = [part.kod for part in tabell.parter] if tabell else []
    if tabell is None or kod not in koder:
        return {}
    return {rad.kod: rad.celler[koder.index(kod)] for rad in tabell.rader}


# ----------------------------------------------------------------------
# Through the years


def _trend(serie: Sequence[Arspost], kod: str) -> tuple[Trendrad, ...]:
    """One row per year, newest first as everywhere in the plan."""
    andelar = [(post, _andel(post.fordelning, kod)) for post in serie]
    storst = max([abs(andel.belopp) for _, andel in andelar if andel], default=0)
    return tuple(
        Trendrad(
            budgetar=post.budgetar,
            plan_ar=post.plan_ar,
            belopp=andel.belopp if andel else None,
            invanare=andel.invanare if andel else None,
            folkmangdsdatum=post.fordelning.modell.folkmangdsdatum if post.fordelning and andel else None,
            sats=_sats(post.fordelning, andel) if post.fordelning and andel else None,
            stallning=_stallning(post, andel),
            stapel=stapel(0, andel.belopp, storst) if andel else None,
        )
        for post, andel in reversed(andelar)
    )


def _stallning(post: Arspost, andel: Andel | None) -> str:
    if post.fordelning is None:
        return post.skal
    if andel is None:
        return "Deltog inte"
    return "Fastställd" if post.lagrad else "Beräknad"
