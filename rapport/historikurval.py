"""Which entries of a plan's history a person sees: those of one kind, of one person, or what is removed now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Max, Q, QuerySet

from budget.models import Budgetpost, Cellkommentar, Faktureringsunderlag, PubliceradKostnad
from budget.redigering import las_lage
from handlingsplan.behorighet import Ratter
from handlingsplan.historikmodeller import Handelse
from handlingsplan.models import Anvandare, Handlingsplan
from rapport.aterstallningsfalt import BORTTAGBARA
from rapport.historikord import plats_ur

BORTTAGET: Final = "borttaget"
SYSTEMET: Final = "0"
_SLAG: Final = (
    (BORTTAGET, "Borttaget som kan tas tillbaka"),
    (Handelse.Slag.ANDRAD.value, "Ändrat"),
    (Handelse.Slag.SKAPAD.value, "Tillagt"),
    (Handelse.Slag.BORTTAGEN.value, "Borttaget"),
    (Handelse.Slag.ATERSTALLD.value, "Återställt"),
    (Handelse.Slag.FLYTTAD.value, "Flyttat"),
)
_BARA_FOR_SAMORDNARE: Final = (Cellkommentar._meta.label_lower, Faktureringsunderlag._meta.label_lower)


@dataclass(frozen=True, slots=True)
class Val:
    """One choice of a list: what the address says, what it is called, and whether it is chosen."""

    varde: str
    namn: str
    vald: bool


@dataclass(frozen=True, slots=True)
class Urval:
    """What is asked for. `fraga` is the part of the address that repeats it."""

    slag: tuple[Val, ...]
    personer: tuple[Val, ...]
    fraga: str

    @property
    def ar_valt(self) -> bool:
        return bool(self.fraga)


def synliga(plan: Handlingsplan, ratter: Ratter) -> QuerySet[Handelse]:
    """The entries that this person may see. What is said of a cell, and what is billed, is for those who edit."""
    handelser = plan.historik.all()
    return handelser if ratter.far_redigera_plan else handelser.exclude(modell__in=_BARA_FOR_SAMORDNARE)


def valj(
    plan: Handlingsplan, handelser: QuerySet[Handelse], sokt: Mapping[str, str]
) -> tuple[QuerySet[Handelse], Urval]:
    """The entries that an address asks for with `slag` and `vem`. What it says that does not exist is passed over."""
    slag = sokt.get("slag", "") if sokt.get("slag") in dict(_SLAG) else ""
    namn = dict(_personer(handelser))
    vem = sokt.get("vem", "") if sokt.get("vem") in namn else ""
    if slag == BORTTAGET:
        handelser = handelser.filter(nummer__in=borttaget_nu(plan))
    elif slag:
        handelser = handelser.filter(slag=slag)
    if vem:
        handelser = handelser.filter(anvandare_id=None if vem == SYSTEMET else int(vem))
    fraga = "&".join(f"{en}={varde}" for en, varde in (("slag", slag), ("vem", vem)) if varde)
    urval = Urval(
        slag=tuple(Val(varde, text, varde == slag) for varde, text in _SLAG),
        personer=tuple(Val(varde, text, varde == vem) for varde, text in namn.items()),
        fraga=fraga,
    )
    return handelser, urval


def _personer(handelser: QuerySet[Handelse]) -> Iterator[tuple[str, str]]:
    """Those who have done something in the plan, by name as it is now."""
    nycklar = set(handelser.order_by().values_list("anvandare_id", flat=True).distinct())
    namn = {en.pk: str(en) for en in Anvandare.objects.filter(pk__in=[pk for pk in nycklar if pk is not None])}
    yield from ((str(pk), text) for pk, text in namn.items())
    yield from ((str(pk), f"borttaget konto {pk}") for pk in sorted(nycklar - namn.keys() - {None}, key=str))
    if None in nycklar:
        yield SYSTEMET, "systemet"


def borttaget_nu(plan: Handlingsplan) -> list[int]:
    """The number of the entry that removed each row, amount and rate that is still gone."""
    return [*_markta(plan), *_tomda_celler(plan), *_kostnader(plan)]


def _markta(plan: Handlingsplan) -> Iterator[int]:
    villkor = Q(pk__in=[])
    for modell in BORTTAGBARA:
        alla: Any = modell._default_manager.exclude(borttagen_at=None)
        vag = next((f"{en}__plan" for en in ("utgava", "modell") if hasattr(modell, en)), "plan")
        pks = alla.filter(**{vag: plan}).values_list("pk", flat=True)
        villkor |= Q(modell=modell._meta.label_lower, objekt__in=[str(pk) for pk in pks])
    borta = plan.historik.filter(villkor, slag=Handelse.Slag.BORTTAGEN).order_by()
    yield from borta.values("modell", "objekt").annotate(sist=Max("nummer")).values_list("sist", flat=True)


def _tomda_celler(plan: Handlingsplan) -> Iterator[int]:
    lage = las_lage(plan)
    senast = {plats_ur(en): en.nummer for en in _raderade(plan, Budgetpost)}
    yield from (nummer for plats, nummer in senast.items() if plats not in lage.poster and lage.far_skrivas(plats))


def _kostnader(plan: Handlingsplan) -> Iterator[int]:
    finns = set(plan.publicerade_kostnader.values_list("avser_ar", flat=True))
    senast = {en.falt["avser_ar"][0]: en.nummer for en in _raderade(plan, PubliceradKostnad)}
    yield from (nummer for avser_ar, nummer in senast.items() if avser_ar not in finns)


def _raderade(plan: Handlingsplan, modell: Any) -> QuerySet[Handelse]:
    borta = plan.historik.filter(modell=modell._meta.label_lower, slag=Handelse.Slag.BORTTAGEN)
    return borta.order_by("nummer")
