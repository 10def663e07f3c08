"""What a plan's years come to with other amounts and other rules, beside what they come to now.

Nothing is saved, and nothing is summed or rounded here: that is `budget.raknesvar`, as for the grid, the page and the
PDF. An adopted plan's years start from what was decided: its rule, its inhabitants and its parties as they were stored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from budget import fordelningar, kostnadsmodeller, stegutfall
from budget.belopp import HART_MELLANSLAG, Summa, visa_decimal, visa_summa
from budget.celler import Cellplats, Inskickad
from budget.fordelning import Fordelning
from budget.fordelningar import Underlag
from budget.kolumner import Kolumnnyckel
from budget.modelltext import modelltext
from budget.models import Finansiering, Fordelningsregel, Kostnadsmodell
from budget.raknesvar import INGET, Arssvar, Svar, las_underlag, rakna
from budget.redigering import Budgetlage, Radhuvud, las_lage
from budget.scenario import Dautfall
from handlingsplan.models import Handlingsplan, Huvudman
from handlingsplan.sparande import avtryck

# --- What is tried on ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Utgangslage:
    """The budget as it is saved, what its years' splits are made from, and what they come to."""

    lage: Budgetlage
    kalla: Underlag
    nu: Svar
    modeller: Mapping[int, str]  # the plan's own that can be chosen, and those in use: name by number

    @property
    def plan(self) -> Handlingsplan:
        return self.lage.plan

    @property
    def kolumner(self) -> tuple[Kolumnnyckel, ...]:
        """The money that is shared, in each of the plan's own years."""
        return self.nu.kolumner

    @property
    def rader(self) -> tuple[Radhuvud, ...]:
        """The rows that can have an amount in the plan's years."""
        return tuple(rad for rad in self.lage.rader if not rad.last_i_egna_ar)

    def kan_provas(self, plats: Cellplats) -> bool:
        """Whether the cell is of one of the years, and open."""
        return (plats.budgetar, plats.finansiering) in self.kolumner and self.lage.far_skrivas(plats)

    def saknar_folkmangd(self, datum: date, budgetar: int) -> list[str]:
        """Names of the municipalities of a year without a figure on a date."""
        invanare = self.kalla.vikter.get(datum, {})
        alla = (en for en in self.kalla.alla_huvudman if en.typ == Huvudman.Typ.KOMMUN and en.kod not in invanare)
        return [en.officiellt_namn for en in alla if kostnadsmodeller.deltar(en, budgetar)]

    def modellnamn(self, pk: int) -> str:
        """A model's name."""
        return self.modeller.get(pk, "en modell som är borttagen")


def las_utgangslage(plan: Handlingsplan) -> Utgangslage:
    """Fetch it, in a constant number of statements however large the plan is."""
    lage = las_lage(plan)
    kolumner = tuple((ett, Finansiering.SGD.value) for ett in plan.verksamhetsar)
    kalla = las_underlag(lage, kolumner)
    egna = list(Kostnadsmodell.objects.filter(plan=plan, borttagen_at=None))
    if egna:
        kalla = replace(kalla, modeller=kostnadsmodeller.las(plan, kalla.regler, mer=egna))
    if plan.ar_faststalld:
        kalla = _som_beslutat(plan, kalla)
    i_bruk = {en.modell_id for en in kalla.regler.values()}
    valbara = {en.pk for en in egna} | i_bruk
    namn = {pk: en.namn for pk, en in kalla.modeller.modeller.items() if pk in valbara}
    return Utgangslage(lage, kalla, rakna(lage, kolumner, kalla), namn)


def _som_beslutat(plan: Handlingsplan, kalla: Underlag) -> Underlag:
    """The plan was adopted: later revisions of its inhabitants, and parties that came later, change nothing here."""
    regler, vikter, koder = dict(kalla.regler), dict(kalla.vikter), set[str]()
    aldrar = dict(kalla.modeller.aldrar)
    for ett, beslutad in kalla.lagrade.items():
        m = beslutad.modell
        regler[ett] = Fordelningsregel(
            plan=plan,
            budgetar=ett,
            andel_region=m.andel_region,
            andel_grupp=m.andel_grupp,
            enhet=m.enhet,
            folkmangdsdatum=m.folkmangdsdatum,
            hanvisning=m.hanvisning,
            modell_id=kalla.regler[ett].modell_id if beslutad.i_steg else None,
        )
        if beslutad.i_steg:
            for nyckel, antal in stegutfall.arsunderlag(beslutad, ett).underlag.vikter.items():
                hela = {kod: int(vikt) for kod, vikt in antal.items()}
                if nyckel.slag == "invanare" and nyckel.datum is not None and nyckel.alder:
                    aldrar[nyckel.datum, nyckel.alder] = hela
                elif nyckel.slag == "invanare" and nyckel.datum is not None:
                    vikter[nyckel.datum] = hela
        else:
            vikter[m.folkmangdsdatum] = {en.kod: en.invanare for en in beslutad.kommuner}
        koder |= {en.kod for en in beslutad.andelar}
    parter = tuple(en for en in kalla.alla_huvudman if not koder or en.kod in koder)
    modeller = replace(kalla.modeller, aldrar=aldrar)
    return replace(kalla, alla_huvudman=parter, regler=regler, vikter=vikter, modeller=modeller)


def med_datum(utgang: Utgangslage, datum: Mapping[int, date]) -> Utgangslage:
    """With inhabitants on dates that are tried, by year: no statement where they are there already."""
    kalla = utgang.kalla
    nya = set(datum.values()) - kalla.vikter.keys()
    if not nya:
        return utgang
    modeller = kalla.modeller
    if modeller.modeller:
        regler = {ett: Fordelningsregel(budgetar=ett, folkmangdsdatum=dag) for ett, dag in datum.items()}
        aldrar = kostnadsmodeller.las(utgang.plan, regler, mer=modeller.modeller.values()).aldrar
        modeller = replace(modeller, aldrar={**aldrar, **modeller.aldrar})
    vikter = {**fordelningar.vikter(nya), **kalla.vikter}
    return replace(utgang, kalla=replace(kalla, vikter=vikter, modeller=modeller))


# --- What it comes to ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Jamforelse:
    """An amount in öre now and as tried; None where the year is not shared."""

    kod: str
    namn: str
    nu: int | None
    prov: int | None

    @property
    def skillnad(self) -> int | None:
        return None if self.nu is None or self.prov is None else self.prov - self.nu

    @property
    def procentvarde(self) -> Decimal | None:
        """The difference in per cent of what is paid now; None where that says nothing."""
        return Decimal(self.skillnad * 100) / abs(self.nu) if self.skillnad is not None and self.nu else None

    @property
    def procent(self) -> str:
        """With one decimal and a sign: `+5,7 %`."""
        andel = self.procentvarde
        if andel is None:
            return INGET
        return f"{'+' if andel > 0 else ''}{visa_decimal(andel, 1)}{HART_MELLANSLAG}%"


@dataclass(frozen=True, slots=True)
class Arsprov:
    """One year: what is shared and what each party pays of it, now and as tried."""

    budgetar: int
    nu: Arssvar
    prov: Arssvar
    summa_nu: Summa
    summa_prov: Summa
    rader: tuple[Jamforelse, ...]

    @property
    def beslutad(self) -> bool:
        """Whether what stands now is a decision, not a draft."""
        return self.nu.utfall.lagrad

    @property
    def delas(self) -> bool:
        """Whether there is anything to show of the 34: one of the two is shared."""
        return any(en is not None for en in self._fordelningar)

    @property
    def summa(self) -> Jamforelse:
        """All the money that is known."""
        nu, prov = (en.total if en else None for en in self._fordelningar)
        return Jamforelse("", "Summa", nu, prov)

    @property
    def att_fordela(self) -> Jamforelse:
        """The known money whether or not it can be shared."""
        return Jamforelse("", "Att fördela", self.summa_nu.ore, self.summa_prov.ore)

    @property
    def kommunerna(self) -> Jamforelse:
        """The municipalities together."""
        nu, prov = (en.gruppens_belopp if en else None for en in self._fordelningar)
        return Jamforelse("", "Varav kommunerna", nu, prov)

    @property
    def regionen(self) -> Jamforelse:
        """The region's part."""
        nu, prov = (en.total - en.gruppens_belopp if en else None for en in self._fordelningar)
        return Jamforelse("", "Regionen", nu, prov)

    @property
    def som_utfall(self) -> Dautfall:
        """What is kept of it with a scenario, to tell later whether anything has moved."""
        andelar = [(rad.kod, rad.nu, rad.prov) for rad in self.rader]
        return Dautfall(visa_summa(self.summa_nu), visa_summa(self.summa_prov), avtryck(json.dumps(andelar)))

    @property
    def taxa_skillnad(self) -> Decimal | None:
        """Öre per inhabitant more or less."""
        nu, prov = (en.ore_per_invanare if en else None for en in self._fordelningar)
        return None if nu is None or prov is None else prov - nu

    @property
    def regionens_taxa(self) -> Decimal | None:
        """The region's own rate as tried, where the ratio is not 1:1."""
        prov = self._fordelningar[1]
        return prov.region_ore_per_invanare if prov else None

    @property
    def overskjutande(self) -> int:
        """Öre beyond whole kronor as tried, which the region bears."""
        prov = self._fordelningar[1]
        return prov.overskjutande if prov else 0

    @property
    def gar_inte(self) -> str:
        """Why the year cannot be shared as tried although there is an amount to share, in Swedish; else nothing."""
        return self.prov.utfall.skal if self.summa_prov.belopp and self._fordelningar[1] is None else ""

    @property
    def modelltexter(self) -> list[str]:
        """The tried model in a sentence, and which rows have another one; nothing where only the ratio is used."""
        prov = self._fordelningar[1]
        if prov is None or not prov.i_steg:
            return []
        ars = stegutfall.arsunderlag(prov, self.budgetar)
        namn = {rad.kod: rad.namn for rad in ars.rader}
        egna = [f"{namn.get(en.avser, en.avser)} delas efter ”{en.modell.namn}”." for en in ars.alla_undantag]
        return [modelltext(ars.standard, ars.underlag.parter), *egna]

    @property
    def skal(self) -> list[str]:
        """What there is to say of the two splits, in Swedish."""
        nu, prov = self.nu.utfall.skal, self.prov.utfall.skal
        if nu == prov:
            return [nu] if nu else []
        return [f"{vad}: {text}" for vad, text in (("Nu", nu), ("Prövat", prov)) if text]

    @property
    def i_ord(self) -> str:
        """For who listens: `2024: 1 850 000 kr i stället för 1 750 000 kr, 65,40 öre per invånare.`"""
        nu, prov = visa_summa(self.summa_nu), visa_summa(self.summa_prov)
        mot = "oförändrat" if nu == prov else f"i stället för {nu}"
        taxa = "" if self.prov.taxa == INGET else f" {self.prov.taxa} öre per invånare."
        return f"{self.budgetar}: {prov}, {mot}.{taxa}"

    @property
    def _fordelningar(self) -> tuple[Fordelning | None, Fordelning | None]:
        return self.nu.utfall.fordelning, self.prov.utfall.fordelning


def rakna_prov(
    utgang: Utgangslage,
    celler: Mapping[Cellplats, Inskickad],
    regler: Mapping[int, Fordelningsregel],
) -> tuple[Arsprov, ...]:
    """The plan's years with the typed amounts that can be read and the rules of the years that have another."""
    kalla = utgang.kalla
    provad = replace(
        kalla,
        regler={**kalla.regler, **regler},
        lagrade={ett: beslutad for ett, beslutad in kalla.lagrade.items() if ett not in regler},
    )
    svar = rakna(utgang.lage, utgang.kolumner, provad, celler)
    aren = zip(utgang.nu.alla_ar, svar.alla_ar, utgang.nu.summor, svar.summor, strict=True)
    return tuple(
        Arsprov(nu.budgetar, nu, prov, summa_nu, summa_prov, _rader(utgang, nu, prov))
        for nu, prov, summa_nu, summa_prov in aren
    )


def _rader(utgang: Utgangslage, nu: Arssvar, prov: Arssvar) -> tuple[Jamforelse, ...]:
    """Every party, also one that takes part in one of the two only."""
    fore, efter = (
        {en.kod: en.belopp for en in ett.utfall.fordelning.andelar} if ett.utfall.fordelning else {}
        for ett in (nu, prov)
    )
    return tuple(
        Jamforelse(en.kod, en.officiellt_namn, fore.get(en.kod), efter.get(en.kod)) for en in utgang.kalla.alla_huvudman
    )
