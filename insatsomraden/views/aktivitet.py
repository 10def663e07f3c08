"""The activities of an area and year: list, add, nest, edit, move by button or mouse, remove with undo."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from handlingsplan import behorighet
from handlingsplan.formular import knappversion
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import Plats, aterstall, inloggad, med_redigerare, redigera, ta_bort
from handlingsplan.richtext import redigeringsmedia
from handlingsplan.sparande import Borttagen, spara
from handlingsplan.views.fel import bara_post
from insatsomraden import ordning
from insatsomraden.flyttning import las_pk, utfor
from insatsomraden.formular import Aktivitetsformular
from insatsomraden.models import MAX_NIVAER, Aktivitet, Omradesutgava
from insatsomraden.skapande import skapa_aktivitet
from insatsomraden.views.omrade import hamta


@dataclass(frozen=True, slots=True)
class Rad:
    """One activity in the list, with its printed number and the moves that can be made."""

    aktivitet: Aktivitet
    nummer: str
    kan_upp: bool
    kan_ned: bool
    kan_in: bool
    kan_ut: bool
    kan_fa_under: bool
    under: tuple[Rad, ...]


def rader(utgava: Omradesutgava, avser_ar: int) -> tuple[Rad, ...]:
    """The activities of one year as a tree; one statement."""
    barn: dict[int | None, list[Aktivitet]] = {}
    for en in utgava.alla_aktiviteter.filter(avser_ar=avser_ar, borttagen_at=None):
        barn.setdefault(en.foralder_id, []).append(en)

    def gren(foralder_id: int | None, fore: str, niva: int) -> tuple[Rad, ...]:
        syskon = barn.get(foralder_id, [])
        return tuple(
            Rad(
                aktivitet=en,
                nummer=f"{fore}{nr}",
                kan_upp=nr > 1,
                kan_ned=nr < len(syskon),
                kan_in=nr > 1 and niva < MAX_NIVAER,
                kan_ut=niva > 1,
                kan_fa_under=niva < MAX_NIVAER,
                under=gren(en.pk, f"{fore}{nr}.", niva + 1),
            )
            for nr, en in enumerate(syskon, 1)
        )

    return gren(None, "", 1)


def _plats(utgava: Omradesutgava, avser_ar: int, rubrik: str = "") -> Plats:
    lista = reverse("aktivitet_lista", args=[utgava.plan.till_ar, utgava.pk, avser_ar])
    return Plats(f"omrade-{utgava.pk}-aktiviteter-{avser_ar}", rubrik, lista, obs=utgava.utgatt_obs)


def _hamta_aktivitet(plan: Handlingsplan, pk: int) -> Aktivitet:
    alla = Aktivitet.objects.select_related("utgava__plan", "foralder__foralder")
    return get_object_or_404(alla, utgava__plan=plan, pk=pk)


def aktivitet_lista(request: HttpRequest, till_ar: int, pk: int, avser_ar: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    utgava = hamta(plan, pk)
    if avser_ar not in plan.verksamhetsar:
        raise Http404(f"Planen omfattar inte {avser_ar}.")
    plats = _plats(utgava, avser_ar, f"{utgava.namn}: aktiviteter {avser_ar}")
    innehall = {
        "plan": plan,
        "utgava": utgava,
        "avser_ar": avser_ar,
        "rader": rader(utgava, avser_ar),
        "plats": plats,
        "redigeringsmedia": redigeringsmedia(),
    }
    return med_redigerare(render(request, "insatsomraden/aktivitet_lista.html", innehall))


def aktivitet_ny(request: HttpRequest, till_ar: int, pk: int, avser_ar: int) -> HttpResponse:
    """A new activity last among its siblings; `?under=` makes it a sub-point."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    utgava = hamta(plan, pk)
    if avser_ar not in plan.verksamhetsar:
        raise Http404(f"Planen omfattar inte {avser_ar}.")
    foralder = _foralder(utgava, avser_ar, request.GET.get("under", ""))
    ny = Aktivitet(utgava=utgava, avser_ar=avser_ar, foralder=foralder, ordning=0, version=0)
    form = Aktivitetsformular(request.POST or None, instance=ny)
    if foralder is not None and ordning.niva(foralder) >= MAX_NIVAER and form.is_valid():
        form.add_error(None, f"Aktiviteter kan ligga i högst {MAX_NIVAER} nivåer. Lägg den en nivå längre ut.")
    rubrik = f"{utgava.namn}: ny {'underpunkt' if foralder else 'aktivitet'} {avser_ar}"
    plats = _plats(utgava, avser_ar, rubrik)
    return redigera(request, form, plats, plan=plan, skriv=lambda rad, _: _skapa(request, rad))


def _foralder(utgava: Omradesutgava, avser_ar: int, under: str) -> Aktivitet | None:
    """The activity that `?under=` names; one that was just removed too, so that what was typed is not lost."""
    if not under:
        return None
    egna = utgava.alla_aktiviteter.filter(avser_ar=avser_ar).select_related("foralder__foralder")
    return get_object_or_404(egna, pk=int(under) if under.isascii() and under.isdigit() and len(under) < 15 else 0)


def _skapa(request: HttpRequest, ny: Aktivitet) -> Aktivitet:
    """Called under the plan's lock. Raises Borttagen where the activity to put it under is removed.

    Who asks for it (`ta_tillbaka`) brings that one back with the new one under it.
    """
    if ny.foralder is not None:
        ny.foralder.refresh_from_db()
        if ny.foralder.borttagen_at is not None and "ta_tillbaka" not in request.POST:
            raise Borttagen("aktivitet", ny.foralder.version)
        if ny.foralder.borttagen_at is not None:
            spara(ny.foralder, {"borttagen_at": None}, version=ny.foralder.version, av=inloggad(request))
    return skapa_aktivitet(ny, av=inloggad(request))


def aktivitet_redigera(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    en = _hamta_aktivitet(plan, pk)
    form = Aktivitetsformular(request.POST or None, instance=en)
    plats = _plats(en.utgava, en.avser_ar, f"{en.utgava.namn}: aktivitet {en.avser_ar}")
    return redigera(request, form, plats, plan=plan)


@bara_post
def aktivitet_flytta(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """Move by button (`riktning`) or by mouse (`foralder` and `efter`, 0 for none)."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    en = _hamta_aktivitet(plan, pk)
    version, vem = knappversion(request), inloggad(request)

    def gor() -> tuple[Aktivitet, str]:
        nu = Aktivitet.objects.get(pk=en.pk)
        stod = f"foralder={nu.foralder_id or 0}&efter={_narmast_fore(nu)}"
        if "riktning" in request.POST:
            return ordning.flytta_aktivitet(en, request.POST["riktning"], version=version, av=vem), stod
        foralder, efter = (_vald(plan, las_pk(request, namn)) for namn in ("foralder", "efter"))
        return ordning.placera_aktivitet(en, foralder=foralder, efter=efter, version=version, av=vem), stod

    krock = "Aktiviteten har ändrats av någon annan. Så här ser det ut nu; flytta igen om du vill."
    utfor(request, plan, gor, krock=krock, klart="aktiviteten är flyttad.")
    return redirect(_plats(en.utgava, en.avser_ar).ankare)


def _narmast_fore(en: Aktivitet) -> int:
    return ordning.narmast_fore(ordning.syskon_till_aktivitet(en, en.foralder_id), en.pk)


def _vald(plan: Handlingsplan, pk: int) -> Aktivitet | None:
    """The activity that a move names; None for 0. Raises GarInte where it is gone."""
    if not pk:
        return None
    egna = Aktivitet.objects.filter(utgava__plan=plan, borttagen_at=None)
    vald = egna.select_related("foralder__foralder").filter(pk=pk).first()
    if vald is None:
        raise ordning.GarInte("Aktiviteten att ställa den vid finns inte kvar. Sidan visar nu hur det ser ut.")
    return vald


@bara_post
def aktivitet_ta_bort(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """Remove an activity with all below it; they come back together."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    en = _hamta_aktivitet(plan, pk)
    angra_adress = reverse("aktivitet_aterstall", args=[till_ar, pk])
    return ta_bort(request, plan, en, _plats(en.utgava, en.avser_ar), "Aktiviteten togs bort.", angra_adress)


@bara_post
def aktivitet_aterstall(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    en = _hamta_aktivitet(plan, pk)
    return aterstall(request, plan, en, _plats(en.utgava, en.avser_ar), "Aktiviteten är tillbaka.")
