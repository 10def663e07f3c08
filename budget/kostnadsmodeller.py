"""The plan's own cost models: from rows in the database to the pure models of `budget.stegmodell`, and a year by them.

Everything a year needs is read once (`las`), in a handful of statements however many models there are. What is wrong
with a model is said by `Fordelningsfel`, in Swedish. Source: cost-split, models that must be expressible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch

from budget.belopp import HART_MELLANSLAG, till_ore, visa_kr
from budget.fordelning import Enhet, Fordelningsfel, Modell, Parttyp
from budget.models import (
    Folkmangd,
    Fordelningsregel,
    Kostnadsmodell,
    Modellgrupp,
    Modellundantag,
    Modellvillkor,
    Viktserie,
)
from budget.models.beslut import Beslutad
from budget.radfordelning import Arsunderlag, Rad, Undantag
from budget.stegfordelning import stegmodell_av
from budget.stegmodell import (
    Barare,
    Beslutsreferens,
    Betalare,
    Deltagare,
    Faktor,
    Giltighet,
    Golv,
    Grund,
    Grupp,
    Led,
    Nyckel,
    Period,
    Stegmodell,
    Tak,
    Underlag,
    Vikt,
    Viktslag,
    Villkor,
    helar,
)
from budget.vikttexter import las_tal, las_varden
from handlingsplan.models import Handlingsplan, Huvudman

NAMN_LANGD = 120
_TYPER: dict[str, tuple[Parttyp, ...]] = {
    Modellgrupp.Deltar.REGION: ("region",),
    Modellgrupp.Deltar.KOMMUNER: ("kommun",),
    Modellgrupp.Deltar.ALLA: ("region", "kommun"),
    Modellgrupp.Deltar.UTVALDA: ("region", "kommun"),
}


# --- From rows to models ---------------------------------------------------------------------------------------------


def som_stegmodell(
    modell: Kostnadsmodell, regel: Fordelningsregel, serier: Mapping[int, Viktserie] | None = None
) -> Stegmodell:
    """Return the model as it is used in the year of *regel*, whose unit and population date it takes.

    `serier` are the plan's, by key, where they have been read already. Raises Fordelningsfel for what is no model.
    """
    if serier is None:
        serier = {en.pk: en for en in Viktserie.objects.filter(plan=modell.plan_id, borttagen_at__isnull=True)}
    return Stegmodell(
        f"modell-{modell.pk}",
        modell.namn,
        tuple(
            _grupp(en, nummer, regel.folkmangdsdatum, serier)
            for nummer, en in enumerate(_kvar(modell.alla_grupper.all()), start=1)
        ),
        _enhet(regel),
        "andelar" if modell.andelsform == Kostnadsmodell.Andelsform.ANDELAR else "forhallande",
        tuple(_villkor(ett) for ett in _kvar(modell.alla_villkor.all())),
        _beslut(modell) if modell.har_beslut else None,
    )


def _kvar[M: (Modellgrupp, Modellvillkor)](rader: Iterable[M]) -> list[M]:
    return [en for en in rader if en.borttagen_at is None]


def _enhet(regel: Fordelningsregel) -> Enhet:
    return "krona" if regel.enhet == Fordelningsregel.Enhet.KRONA else "ore"


def _grupp(grupp: Modellgrupp, nummer: int, dag: date, serier: Mapping[int, Viktserie]) -> Grupp:
    nycklar = ((grupp.nyckel_1, grupp.andel_1), (grupp.nyckel_2, grupp.andel_2), (grupp.nyckel_3, grupp.andel_3))
    return Grupp(
        f"grupp-{nummer}",
        grupp.namn,
        las_tal(grupp.andel),
        _TYPER[grupp.deltar],
        tuple(Led(nyckel_ur(nyckel, dag, serier), las_tal(andel or "1")) for nyckel, andel in nycklar if nyckel),
        tuple(grupp.endast.split(",")) if grupp.deltar == Modellgrupp.Deltar.UTVALDA else (),
        till_ore(grupp.grundbelopp.amount) if grupp.grundbelopp else 0,
    )


def nyckel_ur(text: str, dag: date, serier: Mapping[int, Viktserie]) -> Nyckel:
    """Return the key that a group names. Raises Fordelningsfel for a series that is not there."""
    slag, _, mer = text.partition(":")
    if slag == "serie":
        serie = serier.get(int(mer)) if mer.isdecimal() else None
        if serie is None:
            raise Fordelningsfel("En av modellens nycklar finns inte längre. Välj en annan.")
        return _serienyckel(serie)
    if slag == "invanare":
        return Nyckel("invanare", dag, mer)
    if text == "lika":
        return Nyckel("lika")
    raise Fordelningsfel(f"Nyckeln ”{text}” finns inte.")


def _serienyckel(serie: Viktserie) -> Nyckel:
    if serie.slag == Viktserie.Slag.TABELL:
        varden = las_varden(serie.varden)
        if not varden:
            raise Fordelningsfel(f"Tabellen {serie.namn} har inga tal.")
        return Nyckel("tabell", vad=serie.namn, tabell=tuple(varden.items()))
    if serie.fran is None or serie.till is None:
        raise Fordelningsfel(f"Nyckeln {serie.namn} saknar period.")
    slag: Viktslag = "anvandning" if serie.slag == Viktserie.Slag.ANVANDNING else "inkomst"
    return Nyckel(slag, period=Period(serie.fran, serie.till), vad=serie.namn)


def _beslut(rad: Beslutad) -> Beslutsreferens:
    if rad.beslutsdatum is None:
        raise Fordelningsfel(f"Beslutet av {rad.instans or 'okänd instans'} saknar datum.")
    return Beslutsreferens(rad.instans, rad.beslutsdatum, rad.paragraf, rad.diarienummer, rad.upphavt)


def _villkor(villkor: Modellvillkor) -> Villkor:
    kod = villkor.huvudman.kod
    grund = Grund(villkor.motivering, _beslut(villkor), Giltighet(villkor.galler_fran, villkor.galler_till))
    if villkor.slag == Modellvillkor.Slag.BETALARE:
        if villkor.betalas_av is None:
            raise Fordelningsfel(f"Vem som betalar för {villkor.huvudman} är inte sagt.")
        return Betalare(kod, villkor.betalas_av.kod, grund)
    barare: Barare = "regionen" if villkor.bars_av == Modellvillkor.BarsAv.REGIONEN else "gruppen"
    if villkor.slag == Modellvillkor.Slag.FAKTOR:
        return Faktor(kod, las_tal(villkor.faktor), barare, grund)
    if villkor.belopp is None:
        raise Fordelningsfel(f"{villkor} saknar belopp.")
    return (Golv if villkor.slag == Modellvillkor.Slag.GOLV else Tak)(
        kod, till_ore(villkor.belopp.amount), barare, grund
    )


# --- What the years of a plan need -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Modellkalla:
    """The models that some years use, read once: by key, the plans' series, overrides by year, weights by age span."""

    modeller: Mapping[int, Kostnadsmodell] = field(default_factory=dict)
    serier: Mapping[int, Viktserie] = field(default_factory=dict)
    undantag: Mapping[int, Sequence[Modellundantag]] = field(default_factory=dict)
    aldrar: Mapping[tuple[date, str], Mapping[str, int]] = field(default_factory=dict)


def las(
    plan: Handlingsplan, regler: Mapping[int, Fordelningsregel], *, mer: Iterable[Kostnadsmodell] = ()
) -> Modellkalla:
    """Fetch it: two statements where only the ratio is used, six or seven where there are models.

    A year outside the plan takes the overrides of the plan that covers it. `mer` are models to have at hand besides.
    """
    undantag = _undantag(plan, regler)
    i_bruk = {en.modell_id for en in regler.values() if en.modell_id is not None}
    i_bruk |= {ett.modell_id for ettars in undantag.values() for ett in ettars} | {en.pk for en in mer}
    if not i_bruk:
        return Modellkalla()
    rader = Kostnadsmodell.objects.filter(pk__in=i_bruk).prefetch_related(
        Prefetch("alla_grupper", Modellgrupp.objects.filter(borttagen_at__isnull=True)),
        Prefetch(
            "alla_villkor",
            Modellvillkor.objects.filter(borttagen_at__isnull=True).select_related("huvudman", "betalas_av"),
        ),
    )
    modeller = {en.pk: en for en in rader}
    planer = {en.plan_id for en in modeller.values()}
    serier = {en.pk: en for en in Viktserie.objects.filter(plan__in=planer, borttagen_at__isnull=True)}
    return Modellkalla(modeller, serier, undantag, _aldrar(modeller.values(), regler.values()))


def _undantag(plan: Handlingsplan, alla_ar: Iterable[int]) -> dict[int, list[Modellundantag]]:
    rader = Modellundantag.objects.filter(budgetar__in=sorted(alla_ar), borttagen_at__isnull=True)
    egna: dict[int, list[Modellundantag]] = {}
    andras: dict[int, list[Modellundantag]] = {}
    for ett in rader.select_related("plan", "utgava__insatsomrade", "aktivitet", "modell").order_by(
        "plan__till_ar", "pk"
    ):
        if ett.plan_id == plan.pk:
            egna.setdefault(ett.budgetar, []).append(ett)
        elif ett.budgetar in ett.plan.verksamhetsar and ett.budgetar not in plan.verksamhetsar:
            andras.setdefault(ett.budgetar, []).append(ett)
    return {**andras, **egna}


def _aldrar(
    modeller: Iterable[Kostnadsmodell], regler: Iterable[Fordelningsregel]
) -> dict[tuple[date, str], dict[str, int]]:
    """Inhabitants of the age spans that the models weigh by, on the years' dates."""
    spann = {
        nyckel.removeprefix("invanare:")
        for modell in modeller
        for grupp in modell.alla_grupper.all()
        for nyckel in (grupp.nyckel_1, grupp.nyckel_2, grupp.nyckel_3)
        if nyckel.startswith("invanare:")
    }
    if not spann:
        return {}
    dagar = {regel.folkmangdsdatum for regel in regler}
    funna: dict[tuple[date, str], dict[str, int]] = {(dag, alder): {} for dag in dagar for alder in spann}
    rader = Folkmangd.objects.gallande().filter(datum__in=dagar, alder__in=spann)
    for kod, dag, alder, antal in rader.values_list("huvudman__kod", "datum", "alder", "antal"):
        funna[dag, alder][kod] = antal
    return funna


# --- A year by its models --------------------------------------------------------------------------------------------


def deltar(huvudman: Huvudman, budgetar: int) -> bool:
    """Whether the party takes part in any of the year's days."""
    ar = helar(budgetar)
    return (huvudman.deltar_fran or ar.fran) <= ar.till and (huvudman.deltar_till or ar.till) >= ar.fran


def hela_aret(huvudman: Huvudman, budgetar: int) -> bool:
    """Whether the party takes part in all of the year's days."""
    ar = helar(budgetar)
    return (huvudman.deltar_fran or ar.fran) <= ar.fran and (huvudman.deltar_till or ar.till) >= ar.till


def delas_i_steg(regel: Fordelningsregel, kalla: Modellkalla, alla_huvudman: Iterable[Huvudman]) -> bool:
    """Whether the year needs more than a ratio: a model, an override, or a party that joins or leaves during it."""
    return bool(
        regel.modell_id is not None
        or kalla.undantag.get(regel.budgetar)
        or any(deltar(en, regel.budgetar) and not hela_aret(en, regel.budgetar) for en in alla_huvudman)
    )


def som_modell(regel: Fordelningsregel) -> Modell:
    """The rule's ratio, unit and date. Raises Fordelningsfel for a ratio that nobody can pay by."""
    return Modell(
        andel_region=regel.andel_region,
        andel_grupp=regel.andel_grupp,
        enhet=_enhet(regel),
        folkmangdsdatum=regel.folkmangdsdatum,
        hanvisning=regel.hanvisning,
    )


def arsunderlag(
    rader: Iterable[Rad],
    regel: Fordelningsregel,
    kalla: Modellkalla,
    alla_huvudman: Iterable[Huvudman],
    invanare: Mapping[str, int],
) -> Arsunderlag:
    """Return the year: its rows, parties, weights, default model and overrides. Raises Fordelningsfel.

    `rader` have the areas' codes; `invanare` are those of the rule's date by SCB code.
    """
    parter = tuple(
        Deltagare(en.kod, en.officiellt_namn, _typ(en), Giltighet(en.deltar_fran, en.deltar_till))
        for en in alla_huvudman
        if deltar(en, regel.budgetar)
    )
    modell = kalla.modeller.get(regel.modell_id or 0)
    standard = stegmodell_av(som_modell(regel)) if modell is None else som_stegmodell(modell, regel, kalla.serier)
    alla_rader, undantag = _med_undantag(tuple(rader), regel, kalla)
    modeller = (standard, *(ett.modell for ett in undantag))
    koder = {part.kod for part in parter}
    vikter = {
        nyckel: {kod: vikt for kod, vikt in _vikter(nyckel, kalla, invanare).items() if kod in koder}
        for modell_ in modeller
        for grupp in modell_.grupper
        for nyckel in (led.nyckel for led in grupp.alla_led)
        if nyckel.slag not in ("lika", "tabell")
    }
    return Arsunderlag(alla_rader, standard, Underlag(helar(regel.budgetar), parter, vikter), undantag)


def _typ(huvudman: Huvudman) -> Parttyp:
    return "region" if huvudman.typ == Huvudman.Typ.REGION else "kommun"


def _vikter(nyckel: Nyckel, kalla: Modellkalla, invanare: Mapping[str, int]) -> Mapping[str, Vikt]:
    if nyckel.slag == "invanare" and nyckel.datum is not None:
        return kalla.aldrar.get((nyckel.datum, nyckel.alder), {}) if nyckel.alder else invanare
    serie = next(en for en in kalla.serier.values() if en.slag != Viktserie.Slag.TABELL and _serienyckel(en) == nyckel)
    return las_varden(serie.varden)


def _med_undantag(
    rader: tuple[Rad, ...], regel: Fordelningsregel, kalla: Modellkalla
) -> tuple[tuple[Rad, ...], tuple[Undantag, ...]]:
    """The rows with the activities that have an amount of their own taken out of their areas, and the overrides.

    An override of an area without an amount has nothing to split and is left out.
    """
    belopp = {rad.kod: rad for rad in rader}
    egna: list[Rad] = []
    undantag: list[Undantag] = []
    for ett in kalla.undantag.get(regel.budgetar, ()):
        omrade = ett.utgava.insatsomrade.kod
        modell = som_stegmodell(kalla.modeller[ett.modell_id], regel, kalla.serier)
        if ett.aktivitet is None:
            if omrade in belopp:
                undantag.append(Undantag(omrade, modell, _beslut(ett)))
            continue
        rad = _aktivitetens_rad(ett, belopp.get(omrade))
        belopp[omrade] = Rad(omrade, belopp[omrade].namn, belopp[omrade].belopp - rad.belopp)
        egna.append(rad)
        undantag.append(Undantag(rad.kod, modell, _beslut(ett)))
    return (*belopp.values(), *egna), tuple(undantag)


def _aktivitetens_rad(undantag: Modellundantag, omrade: Rad | None) -> Rad:
    """The row of an activity's own amount. Raises Fordelningsfel where the area cannot hold it."""
    aktivitet = undantag.aktivitet
    if aktivitet is None or undantag.belopp is None:
        raise Fordelningsfel(f"Undantaget i {undantag.utgava} {undantag.budgetar} saknar belopp.")
    namn = f"{undantag.utgava}: {aktivitet}".rstrip(". ")  # a name within a sentence, whatever the activity ends with
    namn = namn if len(namn) <= NAMN_LANGD else f"{namn[: NAMN_LANGD - 1].rstrip()}…"
    if aktivitet.borttagen_at is not None:
        raise Fordelningsfel(f"Undantaget för {namn} gäller en aktivitet som är borttagen.")
    ore = till_ore(undantag.belopp.amount)
    if omrade is None or ore > omrade.belopp:
        har = f"{visa_kr(omrade.belopp)}{HART_MELLANSLAG}kr kvar" if omrade else "inget belopp"
        raise Fordelningsfel(
            f"Undantaget för {namn} är {visa_kr(ore)}{HART_MELLANSLAG}kr, men området har {har} {undantag.budgetar}."
        )
    return Rad(f"aktivitet-{aktivitet.pk}", namn, ore, omrade.kod)


def kalla_for(modell: Kostnadsmodell, regel: Fordelningsregel) -> Modellkalla:
    """What a year by one model alone needs. The model is used as it is at hand, saved or not."""
    serier = {en.pk: en for en in Viktserie.objects.filter(plan=modell.plan_id, borttagen_at__isnull=True)}
    return Modellkalla({modell.pk: modell}, serier, {}, _aldrar([modell], [regel]))


# --- For those who edit a model --------------------------------------------------------------------------------------


def anvands(modell: Kostnadsmodell) -> list[str]:
    """Where the model is used, in Swedish: the years whose default it is, and its overrides."""
    ar = [f"standard för {en.budgetar}" for en in Fordelningsregel.objects.filter(modell=modell).order_by("budgetar")]
    undantag = Modellundantag.objects.filter(modell=modell, borttagen_at__isnull=True)
    return ar + [
        f"{ett.aktivitet or ett.utgava} {ett.budgetar}" for ett in undantag.select_related("utgava", "aktivitet")
    ]
