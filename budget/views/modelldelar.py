"""A model's groups and conditions, and the plan's keys and overrides: add, edit, move, remove with undo."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from budget.formular_modell import Gruppformular
from budget.formular_villkor import Serieformular, Undantagsformular, Villkorsformular
from budget.modellmallar import NYCKELFALT
from budget.models import Kostnadsmodell, Modellgrupp, Modellundantag, Modellvillkor, Viktserie
from budget.views.modeller import (
    aterstall_ledig,
    exempel_under,
    hamta,
    listan,
    modellens_plats,
    skapa_form,
    spara_form,
    ta_bort_ledig,
)
from handlingsplan import behorighet, historik
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import aterstall, inloggad, ta_bort
from handlingsplan.views.fel import bara_post
from insatsomraden import flyttning

GRUPPHJALP = "Kontrollera i exemplet att modellen blev som ni har tänkt."
SERIEHJALP = "Talen används först när en grupp i en modell väljer nyckeln."


def _skapa[M: (Modellgrupp, Modellvillkor, Viktserie, Modellundantag)](request: HttpRequest, rad: M) -> M:
    rad.version, rad.andrad_av = 1, inloggad(request)
    rad.save()
    sparad = type(rad)._default_manager.get(pk=rad.pk)
    historik.skriv(rad.plan_pk(), [historik.skapad(sparad)], av=rad.andrad_av)
    return rad


# --- Groups ----------------------------------------------------------------------------------------------------------


def _modell(plan: Handlingsplan, pk: int) -> Kostnadsmodell:
    """A model that is not removed."""
    rad = hamta(plan, pk)
    if rad.borttagen_at is not None:
        raise Http404("Modellen är borttagen. Ta tillbaka den först.")
    return rad


def _grupp(plan: Handlingsplan, pk: int) -> Modellgrupp:
    rader = Modellgrupp.objects.select_related("modell__plan").filter(modell__borttagen_at=None)
    return get_object_or_404(rader, modell__plan=plan, pk=pk)


def modellgrupp_ny(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    modell = _modell(plan, pk)
    form = Gruppformular(request.POST or None, instance=Modellgrupp(modell=modell, version=0))
    under = exempel_under(request, plan, pk)
    plats = modellens_plats(modell, "grupp-ny", f"Ny grupp i {modell}", hjalp=GRUPPHJALP, under=under)

    def skriv(rad: Modellgrupp) -> Modellgrupp:
        rad.ordning = max(modell.alla_grupper.values_list("ordning", flat=True), default=0) + 1
        return _skapa(request, rad)

    svar = skapa_form(request, form, plats, plan, skriv)
    return _till(svar, form.instance, "grupp", modell)


def _till(svar: HttpResponse, rad: Any, slag: str, modell: Kostnadsmodell) -> HttpResponse:
    """After a row was made: to its place in the model."""
    if svar.status_code != 302:
        return svar
    return redirect(f"{reverse('modell', args=[modell.plan.till_ar, modell.pk])}#{slag}-{rad.pk}")


def modellgrupp_redigera(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = _grupp(plan, pk)
    form = Gruppformular(request.POST or None, instance=rad)
    under = exempel_under(request, plan, rad.modell_id)
    plats = modellens_plats(rad.modell, f"grupp-{pk}", f"Gruppen {rad}", hjalp=GRUPPHJALP, under=under)
    return spara_form(request, form, plats, plan)


@bara_post
def modellgrupp_flytta(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = _grupp(plan, pk)
    syskon = Modellgrupp.objects.filter(modell=rad.modell_id, borttagen_at=None)
    krock = "Inget flyttades: gruppen har ändrats av någon annan. Så här ser det ut nu."
    flyttning.flytta(request, plan, rad, lambda: list(syskon), krock=krock, klart="gruppen är flyttad.")
    return redirect(modellens_plats(rad.modell, "grupper", "").ankare)


@bara_post
def modellgrupp_ta_bort(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = _grupp(plan, pk)
    adress = reverse("modellgrupp_aterstall", args=[till_ar, pk])
    return ta_bort(request, plan, rad, modellens_plats(rad.modell, "grupper", ""), "Gruppen togs bort.", adress)


@bara_post
def modellgrupp_aterstall(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = _grupp(plan, pk)
    return aterstall(request, plan, rad, modellens_plats(rad.modell, "grupper", ""), "Gruppen är tillbaka.")


# --- Conditions ------------------------------------------------------------------------------------------------------


def _villkor(plan: Handlingsplan, pk: int) -> Modellvillkor:
    rader = Modellvillkor.objects.select_related("modell__plan").filter(modell__borttagen_at=None)
    return get_object_or_404(rader, modell__plan=plan, pk=pk)


def modellvillkor_ny(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    modell = _modell(plan, pk)
    form = Villkorsformular(request.POST or None, instance=Modellvillkor(modell=modell, version=0))
    under = exempel_under(request, plan, pk)
    plats = modellens_plats(modell, "villkor-ny", f"Nytt villkor i {modell}", under=under)
    svar = skapa_form(request, form, plats, plan, lambda rad: _skapa(request, rad))
    return _till(svar, form.instance, "villkor", modell)


def modellvillkor_redigera(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = _villkor(plan, pk)
    form = Villkorsformular(request.POST or None, instance=rad)
    under = exempel_under(request, plan, rad.modell_id)
    plats = modellens_plats(rad.modell, f"villkor-{pk}", f"Villkor för {rad.huvudman}", under=under)
    return spara_form(request, form, plats, plan)


@bara_post
def modellvillkor_ta_bort(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = _villkor(plan, pk)
    adress = reverse("modellvillkor_aterstall", args=[till_ar, pk])
    return ta_bort(request, plan, rad, modellens_plats(rad.modell, "villkor", ""), "Villkoret togs bort.", adress)


@bara_post
def modellvillkor_aterstall(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = _villkor(plan, pk)
    return aterstall(request, plan, rad, modellens_plats(rad.modell, "villkor", ""), "Villkoret är tillbaka.")


# --- Keys ------------------------------------------------------------------------------------------------------------


def _serie(plan: Handlingsplan, pk: int) -> Viktserie:
    return get_object_or_404(Viktserie.objects.select_related("plan"), plan=plan, pk=pk)


def viktserie_ny(request: HttpRequest, till_ar: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    form = Serieformular(request.POST or None, instance=Viktserie(plan=plan, version=0))
    plats = listan(plan, "viktserie-ny", "Ny nyckel", hjalp=SERIEHJALP)
    svar = skapa_form(request, form, plats, plan, lambda rad: _skapa(request, rad))
    return redirect(listan(plan, f"viktserie-{form.instance.pk}").ankare) if svar.status_code == 302 else svar


def viktserie_redigera(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = _serie(plan, pk)
    form = Serieformular(request.POST or None, instance=rad)
    return spara_form(request, form, listan(plan, f"viktserie-{pk}", f"Nyckeln {rad}", hjalp=SERIEHJALP), plan)


@bara_post
def viktserie_ta_bort(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = _serie(plan, pk)

    def hinder() -> str:
        valjer = reduce(or_, (Q(**{namn: f"serie:{pk}"}) for namn in NYCKELFALT))
        grupper = Modellgrupp.objects.filter(valjer, modell__plan=plan, borttagen_at=None, modell__borttagen_at=None)
        dar = [f"{en.modell}, {en}" for en in grupper.select_related("modell")]
        return f"{rad} används: {'; '.join(dar)}. Välj en annan nyckel där först." if dar else ""

    adress = reverse("viktserie_aterstall", args=[till_ar, pk])
    return ta_bort_ledig(request, plan, rad, listan(plan, "r-nycklar"), "Nyckeln togs bort.", adress, hinder)


@bara_post
def viktserie_aterstall(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    return aterstall_ledig(request, plan, _serie(plan, pk), listan(plan, "r-nycklar"), "Nyckeln är tillbaka.")


# --- Overrides -------------------------------------------------------------------------------------------------------


def _undantag(plan: Handlingsplan, pk: int) -> Modellundantag:
    rader = Modellundantag.objects.select_related("plan", "utgava", "aktivitet", "modell")
    return get_object_or_404(rader, plan=plan, pk=pk)


def modellundantag_ny(request: HttpRequest, till_ar: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    form = Undantagsformular(request.POST or None, instance=Modellundantag(plan=plan, version=0))
    svar = skapa_form(
        request, form, listan(plan, "undantag-ny", "Nytt undantag"), plan, lambda rad: _skapa(request, rad)
    )
    return redirect(listan(plan, f"undantag-{form.instance.pk}").ankare) if svar.status_code == 302 else svar


def modellundantag_redigera(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = _undantag(plan, pk)
    form = Undantagsformular(request.POST or None, instance=rad)
    return spara_form(request, form, listan(plan, f"undantag-{pk}", f"Undantag för {rad.utgava} {rad.budgetar}"), plan)


@bara_post
def modellundantag_ta_bort(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    adress = reverse("modellundantag_aterstall", args=[till_ar, pk])
    return ta_bort(request, plan, _undantag(plan, pk), listan(plan, "r-undantag"), "Undantaget togs bort.", adress)


@bara_post
def modellundantag_aterstall(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    return aterstall_ledig(request, plan, _undantag(plan, pk), listan(plan, "r-undantag"), "Undantaget är tillbaka.")
