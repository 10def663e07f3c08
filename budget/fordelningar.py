"""Fetch what a split is made of, hand it to the pure `budget.fordelning`, and store results.

Source: cost-split rules 5–7. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.db.models import Q

from budget import kostnadsmodeller
from budget.belopp import Summa
from budget.fordelning import Andel, Fordelning, Fordelningsfel, Modell, Part, fordela_plan
from budget.indata import las_indata
from budget.kostnadsmodeller import Modellkalla
from budget.models import Folkmangd, Fordelningsandel, Fordelningsregel, Fordelningsresultat
from budget.radfordelning import Rad
from budget.stegutfall import fordela_i_steg
from handlingsplan.models import Handlingsplan, Huvudman


def standardregel(plan: Handlingsplan, budgetar: int) -> Fordelningsregel:
    """The cooperation's default, not saved: 1:1, to the öre, inhabitants at the turn of the year two years before."""
    return Fordelningsregel(
        plan=plan,
        budgetar=budgetar,
        folkmangdsdatum=date(budgetar - 2, 12, 31),
        hanvisning="Strategins modell: lika mellan regionen och kommunerna, per invånare mellan kommunerna",
    )


def regler(plan: Handlingsplan, budgetar: Iterable[int]) -> dict[int, Fordelningsregel]:
    """The rule of each year: the plan's own, else that of the plan which covers the year, else the default.

    One statement, whatever the number of years.
    """
    alla_ar = sorted(set(budgetar))
    egna: dict[int, Fordelningsregel] = {}
    andras: dict[int, Fordelningsregel] = {}
    rader = Fordelningsregel.objects.filter(budgetar__in=alla_ar)
    for regel in rader.select_related("plan").order_by("plan__till_ar"):
        if regel.plan_id == plan.pk:
            egna[regel.budgetar] = regel
        elif regel.budgetar in regel.plan.verksamhetsar:
            andras.setdefault(regel.budgetar, regel)
    return {ett: egna.get(ett) or andras.get(ett) or standardregel(plan, ett) for ett in alla_ar}


def regel_for(plan: Handlingsplan, budgetar: int) -> Fordelningsregel:
    return regler(plan, [budgetar])[budgetar]


def vikter(datum: Iterable[date]) -> dict[date, dict[str, int]]:
    """Inhabitants by date and SCB code, newest revision, all ages."""
    funna: dict[date, dict[str, int]] = {dag: {} for dag in datum}
    rader = Folkmangd.objects.gallande().filter(datum__in=funna, alder="")
    for kod, dag, antal in rader.values_list("huvudman__kod", "datum", "antal"):
        funna[dag][kod] = antal
    return funna


def parter(alla_huvudman: Iterable[Huvudman], invanare: Mapping[str, int]) -> list[Part]:
    """The parties of a split; a municipality without a figure has weight None, which the split refuses."""
    return [
        Part(
            kod=en.kod,
            namn=en.officiellt_namn,
            typ="region" if en.typ == Huvudman.Typ.REGION else "kommun",
            vikt=None if en.typ == Huvudman.Typ.REGION else invanare.get(en.kod),
        )
        for en in alla_huvudman
    ]


@dataclass(frozen=True, slots=True)
class Underlag:
    """What the splits of some years of one plan are made from, read once."""

    alla_huvudman: tuple[Huvudman, ...]
    regler: Mapping[int, Fordelningsregel]
    vikter: Mapping[date, Mapping[str, int]]
    lagrade: Mapping[int, Fordelning]
    modeller: Modellkalla = field(default_factory=Modellkalla)


def underlag(plan: Handlingsplan, alla_ar: Iterable[int], alla_huvudman: Iterable[Huvudman]) -> Underlag:
    """Fetch it, in a constant number of statements."""
    alla_ar = sorted(set(alla_ar))
    arens_regler = regler(plan, alla_ar)
    return Underlag(
        alla_huvudman=tuple(alla_huvudman),
        regler=arens_regler,
        vikter=vikter({regel.folkmangdsdatum for regel in arens_regler.values()}),
        lagrade=lagrade_ar(plan, alla_ar),
        modeller=kostnadsmodeller.las(plan, arens_regler),
    )


def berakna(rader: Sequence[Rad], budgetar: int, kalla: Underlag) -> Fordelning:
    """Split a year's rows (öre): by its ratio where that is enough, else by its models in steps.

    Raises Fordelningsfel with a Swedish message that names party and date.
    """
    regel = kalla.regler[budgetar]
    invanare, modell = kalla.vikter[regel.folkmangdsdatum], kostnadsmodeller.som_modell(regel)
    if kostnadsmodeller.delas_i_steg(regel, kalla.modeller, kalla.alla_huvudman):
        ars = kostnadsmodeller.arsunderlag(rader, regel, kalla.modeller, kalla.alla_huvudman, invanare)
        return fordela_i_steg(ars, modell)
    deltar = [en for en in kalla.alla_huvudman if kostnadsmodeller.deltar(en, budgetar)]
    return fordela_plan(sum(rad.belopp for rad in rader), parter(deltar, invanare), modell)


@dataclass(frozen=True, slots=True)
class Arsutfall:
    """How the SGD money of one year is shared. `skal`: why it is not, or what the split leaves out; Swedish."""

    fordelning: Fordelning | None
    skal: str = ""
    lagrad: bool = False


def arets(summa: Summa | None, rader: Sequence[Rad], budgetar: int, kalla: Underlag) -> Arsutfall:
    """Share the year's SGD money (rule 6: nothing else is shared); `summa` is None where no column has any.

    `rader` are the rows that have an amount, which sum to that of `summa`. A year that was decided is as it was
    decided, as long as the amount is the one that was decided on.
    """
    lagrad = kalla.lagrade.get(budgetar)
    if lagrad is not None and summa is not None and summa.ore == lagrad.total and not summa.okanda:
        return Arsutfall(lagrad, lagrad=True)
    if summa is None or not summa.belopp:
        if summa is not None and (summa.okanda or summa.ej_ifyllda):
            return Arsutfall(None, f"Inget fördelas ännu för {budgetar}: SGD-budgetens belopp är inte kända.")
        return Arsutfall(None, f"Inget fördelas för {budgetar}: ingen del av årets budget finansieras genom SGD.")
    try:
        fordelning = berakna(rader, budgetar, kalla)
    except Fordelningsfel as fel:
        return Arsutfall(None, str(fel))
    saknas = " och ".join(vad for vad, antal in (("okända", summa.okanda), ("ej ifyllda", summa.ej_ifyllda)) if antal)
    skal = f"Fördelningen gäller bara de kända beloppen; det finns {saknas} SGD-belopp." if saknas else ""
    return Arsutfall(fordelning, skal)


def lagra(plan: Handlingsplan, budgetar: int, fordelning: Fordelning) -> Fordelningsresultat:
    """Store a split with everything that made it. A stored one is never overwritten: the second try is refused."""
    if Fordelningsresultat.objects.filter(plan=plan, budgetar=budgetar).exists():
        raise Fordelningsfel(f"Fördelningen för {budgetar} är redan lagrad och ändras inte.")
    m = fordelning.modell
    resultat = Fordelningsresultat.objects.create(
        plan=plan,
        budgetar=budgetar,
        total=fordelning.total,
        andel_region=m.andel_region,
        andel_grupp=m.andel_grupp,
        enhet=m.enhet,
        folkmangdsdatum=m.folkmangdsdatum,
        hanvisning=m.hanvisning,
        underlag=fordelning.underlag,
    )
    huvudman = {en.kod: en for en in Huvudman.objects.filter(kod__in=[a.kod for a in fordelning.andelar])}
    Fordelningsandel.objects.bulk_create(
        Fordelningsandel(
            resultat=resultat,
            huvudman=huvudman[andel.kod],
            namn=andel.namn,
            typ=andel.typ,
            invanare=andel.invanare,
            exakt=str(andel.exakt),
            belopp=andel.belopp,
        )
        for andel in fordelning.andelar
    )
    return resultat


def lagrade_ar(plan: Handlingsplan, budgetar: Iterable[int]) -> dict[int, Fordelning]:
    """The stored splits of these years, exactly as they were stored: the plan's own, else of a shared plan.

    A year that was decided is compared with as it was decided, also where a population figure was corrected later.
    """
    resultat = Fordelningsresultat.objects.filter(budgetar__in=sorted(set(budgetar)))
    resultat = resultat.filter(Q(plan=plan) | Q(plan__delad_at__isnull=False)).order_by("plan__till_ar")
    funna: dict[int, Fordelning] = {}
    for en in resultat.prefetch_related("alla_andelar__huvudman"):
        if en.budgetar not in funna or en.plan_id == plan.pk:
            funna[en.budgetar] = _fran_lagrat(en)
    return funna


def rakna_om(lagrad: Fordelning) -> Fordelning:
    """Compute a stored split again from its own weights and model; it must give the same öre (rule 7)."""
    if lagrad.i_steg:
        return fordela_i_steg(las_indata(lagrad.underlag), lagrad.modell)
    alla = [
        Part(kod=a.kod, namn=a.namn, typ=a.typ, vikt=None if a.typ == "region" else a.invanare) for a in lagrad.andelar
    ]
    return fordela_plan(lagrad.total, alla, lagrad.modell)


def _fran_lagrat(resultat: Fordelningsresultat) -> Fordelning:
    m = Modell(
        andel_region=resultat.andel_region,
        andel_grupp=resultat.andel_grupp,
        enhet="krona" if resultat.enhet == Fordelningsregel.Enhet.KRONA else "ore",
        folkmangdsdatum=resultat.folkmangdsdatum,
        hanvisning=resultat.hanvisning,
    )
    andelar = [
        Andel(
            kod=rad.huvudman.kod,
            namn=rad.namn,
            typ="region" if rad.typ == Huvudman.Typ.REGION else "kommun",
            invanare=rad.invanare,
            exakt=Fraction(rad.exakt),
            belopp=rad.belopp,
        )
        for rad in resultat.alla_andelar.all()
    ]
    return Fordelning(
        total=resultat.total,
        modell=m,
        andelar=tuple(sorted(andelar, key=lambda a: (a.typ != "region", a.kod))),
        underlag=resultat.underlag,
    )
