"""The parts of a plan that have a history of their own, and the address of each.

`/plan/2024/historik/mal/12/`, and with `?falt=syfte` one field of it. What has had several rows over time, a cell of
the budget or a year's published rate, is addressed by its place, and so is a text that may not be written yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from django.db import models
from django.db.models import Q
from django.http import Http404
from django.urls import reverse

from budget.celler import Cellplats, las_plats
from budget.models import (
    Beloppscell,
    Budgetpost,
    Budgetrad,
    Cellkommentar,
    Fordelningsregel,
    Fotnot,
    Kostnadsmodell,
    Modellgrupp,
    Modellundantag,
    Modellvillkor,
    PubliceradKostnad,
    Utfall,
    Viktserie,
)
from budget.redigering import las_lage
from handlingsplan.historikmodeller import Handelse
from handlingsplan.models import Handlingsplan
from handlingsplan.views.planer import DELAR
from insatsomraden.models import Aktivitet, Arstext, Mal, Omradesutgava
from rapport.historikord import Ord, etikett

_ARSTEXT: Final = re.compile(rf"(?P<pk>[0-9]{{1,18}})-(?P<slag>{'|'.join(Arstext.Slag.values)})-(?P<ar>[0-9]{{4}})")
_LISTA: Final = re.compile(r"(?P<pk>[0-9]{1,18})(?:-(?P<ar>[0-9]{4}))?")
_UTGAVANS: Final = {"beskrivning": "beskrivning", "syfte": "syfte", "ansvariga": "ansvar", "ansvar_not": "ansvar"}


@dataclass(frozen=True, slots=True)
class Del:
    """A part whose history is asked for: what it is called, where it stands, and which entries are its."""

    rubrik: str
    tillbaka: str
    urval: Q
    modell: type[models.Model]


def adress(plan: Handlingsplan, sort: str, nyckel: object, falt: str = "") -> str:
    """The address of a part's history."""
    vag = reverse("historik_del", args=[plan.till_ar, sort, str(nyckel)])
    return f"{vag}?falt={falt}" if falt else vag


def hamta(plan: Handlingsplan, sort: str, nyckel: str, falt: str) -> Del:
    """The part that an address names. Raises Http404 for one that the plan does not have."""
    if sort not in _SORTER:
        raise Http404("Det finns ingen sådan del av planen.")
    delen = _SORTER[sort](plan, nyckel)
    if not falt:
        return delen
    falten = [namn for namn in falt.split(",") if namn in _historikfalt(delen.modell)]
    if not falten:
        raise Http404("Delen har ingen sådan uppgift.")
    namn = " och ".join(etikett(delen.modell, en).lower() for en in falten)
    rubrik = f"{delen.rubrik}: {namn}"
    return replace(delen, rubrik=rubrik, urval=delen.urval & Q(falt__has_any_keys=falten))


def _historikfalt(modell: type[models.Model]) -> set[str]:
    return {en.name for en in modell._meta.get_fields()}


def _av(modell: type[models.Model], *pks: object) -> Q:
    return Q(modell=modell._meta.label_lower, objekt__in=[str(pk) for pk in pks])


# --- By the number of the row ----------------------------------------------------------------------------------------


def _hamta(rader: models.QuerySet[Any], nyckel: str) -> Any:
    rad = rader.filter(pk=int(nyckel)).first() if nyckel.isascii() and nyckel.isdigit() and len(nyckel) < 19 else None
    if rad is None:
        raise Http404("Delen finns inte i planen.")
    return rad


def _planen(plan: Handlingsplan, nyckel: str) -> Del:
    _hamta(Handlingsplan.objects.filter(pk=plan.pk), nyckel)
    return Del(
        f"{plan.titel}, planens egna texter", plan.get_absolute_url(), _av(Handlingsplan, plan.pk), Handlingsplan
    )


def _omrade(plan: Handlingsplan, nyckel: str) -> Del:
    rad = _hamta(plan.alla_omraden.all(), nyckel)
    return Del(rad.namn, plats(plan, rad), _av(Omradesutgava, rad.pk), Omradesutgava)


def _mal(plan: Handlingsplan, nyckel: str) -> Del:
    rad = _hamta(Mal.objects.filter(utgava__plan=plan).select_related("utgava"), nyckel)
    return Del(f"{rad.utgava.namn}: målet ”{_kort(rad.text)}”", plats(plan, rad), _av(Mal, rad.pk), Mal)


def _aktivitet(plan: Handlingsplan, nyckel: str) -> Del:
    rad = _hamta(Aktivitet.objects.filter(utgava__plan=plan).select_related("utgava"), nyckel)
    rubrik = f"{rad.utgava.namn}: aktiviteten ”{_kort(rad.text)}”"
    return Del(rubrik, plats(plan, rad), _av(Aktivitet, rad.pk), Aktivitet)


def _rad(plan: Handlingsplan, nyckel: str) -> Del:
    rad = _hamta(plan.alla_rader.all(), nyckel)
    return Del(f"Raden {rad}", plats(plan, rad), _av(Budgetrad, rad.pk), Budgetrad)


def _fotnot(plan: Handlingsplan, nyckel: str) -> Del:
    rad = _hamta(plan.alla_fotnoter.all(), nyckel)
    return Del(f"Fotnoten ”{_kort(rad.text)}”", plats(plan, rad), _av(Fotnot, rad.pk), Fotnot)


# --- Cost models -----------------------------------------------------------------------------------------------------


def _modell(plan: Handlingsplan, nyckel: str) -> Del:
    """A model with all that it has had: its groups and its conditions."""
    rad = _hamta(Kostnadsmodell.objects.filter(plan=plan), nyckel)
    urval = _av(Kostnadsmodell, rad.pk) | _av(Modellgrupp, *rad.alla_grupper.values_list("pk", flat=True))
    urval |= _av(Modellvillkor, *rad.alla_villkor.values_list("pk", flat=True))
    return Del(f"Modellen {rad}", plats(plan, rad), urval, Kostnadsmodell)


def _modellgrupp(plan: Handlingsplan, nyckel: str) -> Del:
    rad = _hamta(Modellgrupp.objects.filter(modell__plan=plan).select_related("modell"), nyckel)
    return Del(f"{rad.modell}: gruppen {rad}", plats(plan, rad), _av(Modellgrupp, rad.pk), Modellgrupp)


def _modellvillkor(plan: Handlingsplan, nyckel: str) -> Del:
    rad = _hamta(Modellvillkor.objects.filter(modell__plan=plan).select_related("modell", "huvudman"), nyckel)
    rubrik = f"{rad.modell}: villkoret för {rad.huvudman}"
    return Del(rubrik, plats(plan, rad), _av(Modellvillkor, rad.pk), Modellvillkor)


def _viktserie(plan: Handlingsplan, nyckel: str) -> Del:
    rad = _hamta(Viktserie.objects.filter(plan=plan), nyckel)
    return Del(f"Nyckeln {rad}", plats(plan, rad), _av(Viktserie, rad.pk), Viktserie)


def _modellundantag(plan: Handlingsplan, nyckel: str) -> Del:
    rader = Modellundantag.objects.filter(plan=plan).select_related("utgava", "aktivitet", "modell")
    rad = _hamta(rader, nyckel)
    return Del(f"Undantaget för {rad}", plats(plan, rad), _av(Modellundantag, rad.pk), Modellundantag)


def _modeller(plan: Handlingsplan, nyckel: str) -> Del:
    """Everything about the plan's models, what is removed among it."""
    _hamta(Handlingsplan.objects.filter(pk=plan.pk), nyckel)
    slagen = (Kostnadsmodell, Modellgrupp, Modellvillkor, Viktserie, Modellundantag)
    urval = Q(modell__in=[modell._meta.label_lower for modell in slagen])
    return Del(
        "Kostnadsmodeller, nycklar och undantag", reverse("modeller", args=[plan.till_ar]), urval, Kostnadsmodell
    )


# --- Lists: what is in them now, and what was removed ----------------------------------------------------------------


def _alla_mal(plan: Handlingsplan, nyckel: str) -> Del:
    utgava, _ = _lista(plan, nyckel)
    pks = utgava.alla_mal.values_list("pk", flat=True)
    return Del(f"{utgava.namn}: övergripande mål", _ankare(plan, f"omrade-{utgava.pk}-mal"), _av(Mal, *pks), Mal)


def _aktiviteter(plan: Handlingsplan, nyckel: str) -> Del:
    utgava, budgetar = _lista(plan, nyckel)
    pks = utgava.alla_aktiviteter.filter(avser_ar=budgetar).values_list("pk", flat=True)
    vart = _ankare(plan, f"omrade-{utgava.pk}-aktiviteter-{budgetar}")
    return Del(f"{utgava.namn}: aktiviteter {budgetar}", vart, _av(Aktivitet, *pks), Aktivitet)


def _lista(plan: Handlingsplan, nyckel: str) -> tuple[Omradesutgava, int]:
    traff = _LISTA.fullmatch(nyckel)
    if traff is None:
        raise Http404("Delen finns inte i planen.")
    return _hamta(plan.alla_omraden.all(), traff["pk"]), int(traff["ar"] or 0)


# --- By place --------------------------------------------------------------------------------------------------------


def _arstext(plan: Handlingsplan, nyckel: str) -> Del:
    traff = _ARSTEXT.fullmatch(nyckel)
    if traff is None:
        raise Http404("Delen finns inte i planen.")
    utgava = _hamta(plan.alla_omraden.all(), traff["pk"])
    pks = utgava.alla_arstexter.filter(slag=traff["slag"], avser_ar=int(traff["ar"])).values_list("pk", flat=True)
    vad = "ekonomin" if traff["slag"] == Arstext.Slag.EKONOMI else "aktiviteterna"
    vart = _ankare(plan, f"omrade-{utgava.pk}-{traff['slag']}-{traff['ar']}")
    return Del(f"{utgava.namn}: text om {vad} {traff['ar']}", vart, _av(Arstext, *pks), Arstext)


def _cell(plan: Handlingsplan, nyckel: str) -> Del:
    cell = las_plats(nyckel)
    lage = las_lage(plan)
    if cell is None or (cell.utgava_id, cell.rad_id) not in lage.radnamn:
        raise Http404("Cellen finns inte i budgeten.")
    kommentarer = plan.alla_cellkommentarer.filter(**asdict(cell)).values_list("pk", flat=True)
    urval = _av(Cellkommentar, *kommentarer)
    for modell in (Budgetpost, Utfall):
        urval |= _av(modell, *cellens_rader(plan, cell, modell))
    return Del(lage.etikett(cell), reverse("budget", args=[plan.till_ar]), urval, Budgetpost)


def cellens_rader(plan: Handlingsplan, cell: Cellplats, modell: type[Beloppscell] = Budgetpost) -> set[str]:
    """Keys of every row that a cell has had in a table: the one it has now, and those that the history tells of."""
    nu = modell._default_manager.filter(plan=plan, **asdict(cell)).values_list("pk", flat=True)
    varden = {
        "utgava": cell.utgava_id,
        "rad": cell.rad_id,
        "budgetar": cell.budgetar,
        "finansiering": cell.finansiering,
    }
    return {str(pk) for pk in nu} | _rader_med(plan, modell, {en: v for en, v in varden.items() if v is not None})


def _publicerad(plan: Handlingsplan, nyckel: str) -> Del:
    if not (nyckel.isascii() and nyckel.isdigit() and len(nyckel) == 4):
        raise Http404("Delen finns inte i planen.")
    nu = plan.publicerade_kostnader.filter(avser_ar=int(nyckel)).values_list("pk", flat=True)
    pks = {str(pk) for pk in nu} | _rader_med(plan, PubliceradKostnad, {"avser_ar": int(nyckel)})
    vart = f"{reverse('budget', args=[plan.till_ar])}#r-taxa"
    return Del(f"Publicerad kostnad per invånare {nyckel}", vart, _av(PubliceradKostnad, *pks), PubliceradKostnad)


def _rader_med(plan: Handlingsplan, modell: type[models.Model], varden: dict[str, Any]) -> set[str]:
    """Keys of the rows that were made or removed with these values."""
    skapad = Q(slag=Handelse.Slag.SKAPAD, **{f"falt__{namn}__1": varde for namn, varde in varden.items()})
    borta = Q(slag=Handelse.Slag.BORTTAGEN, **{f"falt__{namn}__0": varde for namn, varde in varden.items()})
    handelser = plan.historik.filter(skapad | borta, modell=modell._meta.label_lower)
    return set(handelser.values_list("objekt", flat=True))


def _regel(plan: Handlingsplan, nyckel: str) -> Del:
    if not (nyckel.isascii() and nyckel.isdigit() and len(nyckel) == 4):
        raise Http404("Delen finns inte i planen.")
    pks = plan.alla_fordelningsregler.filter(budgetar=int(nyckel)).values_list("pk", flat=True)
    vart = f"{reverse('fordelning', args=[plan.till_ar])}?ar={nyckel}"
    return Del(f"Så delas kostnaden {nyckel}", vart, _av(Fordelningsregel, *pks), Fordelningsregel)


_SORTER: Final[dict[str, Callable[[Handlingsplan, str], Del]]] = {
    "plan": _planen,
    "omrade": _omrade,
    "mal": _mal,
    "alla-mal": _alla_mal,
    "aktivitet": _aktivitet,
    "aktiviteter": _aktiviteter,
    "arstext": _arstext,
    "rad": _rad,
    "fotnot": _fotnot,
    "cell": _cell,
    "regel": _regel,
    "publicerad": _publicerad,
    "modeller": _modeller,
    "modell": _modell,
    "modellgrupp": _modellgrupp,
    "modellvillkor": _modellvillkor,
    "viktserie": _viktserie,
    "modellundantag": _modellundantag,
}

# --- From an entry to its part ---------------------------------------------------------------------------------------


def adress_for(plan: Handlingsplan, en: Handelse, ord_: Ord) -> str:
    """The address of the history of what an entry speaks of; empty where it is no part of the plan's own."""
    rad, cell = ord_.objekt(en), ord_.cellplats(en)
    if cell is not None:
        return adress(plan, "cell", cell.namn)
    if en.modell == PubliceradKostnad._meta.label_lower:
        avser_ar = rad.avser_ar if rad else next((ett for ett in en.falt.get("avser_ar", ()) if ett), None)
        return adress(plan, "publicerad", avser_ar) if avser_ar else ""
    match rad:
        case Arstext():
            return adress(plan, "arstext", f"{rad.utgava_id}-{rad.slag}-{rad.avser_ar}")
        case Fordelningsregel():
            return adress(plan, "regel", rad.budgetar)
    sorter = {Handlingsplan: "plan", Omradesutgava: "omrade", Mal: "mal", Aktivitet: "aktivitet"}
    sorter |= {Budgetrad: "rad", Fotnot: "fotnot", Kostnadsmodell: "modell", Modellgrupp: "modellgrupp"}
    sorter |= {Modellvillkor: "modellvillkor", Viktserie: "viktserie", Modellundantag: "modellundantag"}
    sort = sorter.get(type(rad))
    return adress(plan, sort, rad.pk) if sort else ""


def plats(plan: Handlingsplan, rad: Any, falt: str = "") -> str:
    """Where a row stands in the plan, for going back to it."""
    if isinstance(rad, Fordelningsregel):
        return f"{reverse('fordelning', args=[plan.till_ar])}?ar={rad.budgetar}"
    if isinstance(rad, Kostnadsmodell | Modellgrupp | Modellvillkor | Viktserie | Modellundantag):
        return _modellplats(plan, rad)
    ankare = _ankare_for(rad, falt)
    if ankare:
        return _ankare(plan, ankare)
    budget = reverse("budget", args=[plan.till_ar])
    return f"{budget}#r-taxa" if isinstance(rad, PubliceradKostnad) else budget


def _modellplats(plan: Handlingsplan, rad: Any) -> str:
    """Where a part of a cost model stands; the list of models for what belongs to a removed one."""
    lista = reverse("modeller", args=[plan.till_ar])
    match rad:
        case Viktserie():
            return f"{lista}#viktserie-{rad.pk}"
        case Modellundantag():
            return f"{lista}#undantag-{rad.pk}"
    modell, ankare = (rad, "") if isinstance(rad, Kostnadsmodell) else (rad.modell, "grupper")
    ankare = "villkor" if isinstance(rad, Modellvillkor) else ankare
    if modell.borttagen_at is not None:
        return lista
    vag = reverse("modell", args=[plan.till_ar, modell.pk])
    return f"{vag}#{ankare}" if ankare else vag


def _ankare_for(rad: Any, falt: str) -> str:
    """The id of the element that holds a row on the plan's page; empty for what stands on other pages."""
    match rad:
        case Handlingsplan():
            return f"plan-{next((namn for namn, en in DELAR.items() if falt in en.falt), 'omslag')}"
        case Omradesutgava():
            return f"omrade-{rad.pk}-{_UTGAVANS[falt]}" if falt in _UTGAVANS else f"omrade-{rad.pk}"
        case Mal():
            return f"omrade-{rad.utgava_id}-mal"
        case Aktivitet():
            return f"omrade-{rad.utgava_id}-aktiviteter-{rad.avser_ar}"
        case Arstext():
            return f"omrade-{rad.utgava_id}-{rad.slag}-{rad.avser_ar}"
    return ""


def _ankare(plan: Handlingsplan, ankare: str) -> str:
    return f"{plan.get_absolute_url()}#{ankare}"


def _kort(text: str) -> str:
    text = " ".join(text.split())
    return f"{text[:60]}…" if len(text) > 60 else text
