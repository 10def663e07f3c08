"""The overarching goals of an area: list, add, edit, move, remove with undo."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from handlingsplan import behorighet
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import Plats, aterstall, inloggad, med_redigerare, redigera, ta_bort
from handlingsplan.richtext import redigeringsmedia
from handlingsplan.views.fel import bara_post
from insatsomraden import ordning
from insatsomraden.flyttning import flytta
from insatsomraden.formular import Malformular
from insatsomraden.models import Mal, Omradesutgava
from insatsomraden.skapande import skapa_mal
from insatsomraden.views.omrade import hamta


def _plats(utgava: Omradesutgava, rubrik: str = "") -> Plats:
    """Everything about goals happens in the area's list of goals."""
    lista = reverse("mal_lista", args=[utgava.plan.till_ar, utgava.pk])
    return Plats(f"omrade-{utgava.pk}-mal", rubrik, lista, obs=utgava.utgatt_obs)


def _hamta_mal(plan: Handlingsplan, pk: int) -> Mal:
    return get_object_or_404(Mal.objects.select_related("utgava__plan"), utgava__plan=plan, pk=pk)


def mal_lista(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    utgava = hamta(plan, pk)
    innehall = {
        "plan": plan,
        "utgava": utgava,
        "alla_mal": utgava.alla_mal.filter(borttagen_at=None),
        "plats": _plats(utgava, f"{utgava.namn}: övergripande mål"),
        "redigeringsmedia": redigeringsmedia(),
    }
    return med_redigerare(render(request, "insatsomraden/mal_lista.html", innehall))


def mal_nytt(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    utgava = hamta(plan, pk)
    nytt = Mal(utgava=utgava, ordning=0, version=0)
    form = Malformular(request.POST or None, instance=nytt)
    plats = _plats(utgava, f"{utgava.namn}: nytt mål")
    return redigera(request, form, plats, plan=plan, skriv=lambda rad, _: skapa_mal(rad, av=inloggad(request)))


def mal_redigera(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    ett = _hamta_mal(plan, pk)
    form = Malformular(request.POST or None, instance=ett)
    return redigera(request, form, _plats(ett.utgava, f"{ett.utgava.namn}: mål"), plan=plan)


@bara_post
def mal_flytta(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    ett = _hamta_mal(plan, pk)
    krock = "Målet har ändrats av någon annan. Så här ser det ut nu; flytta igen om du vill."
    flytta(request, plan, ett, lambda: ordning.syskon_till_mal(ett), krock=krock, klart="målet är flyttat.")
    return redirect(_plats(ett.utgava).ankare)


@bara_post
def mal_ta_bort(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    ett = _hamta_mal(plan, pk)
    return ta_bort(
        request, plan, ett, _plats(ett.utgava), "Målet togs bort.", reverse("mal_aterstall", args=[till_ar, pk])
    )


@bara_post
def mal_aterstall(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    ett = _hamta_mal(plan, pk)
    return aterstall(request, plan, ett, _plats(ett.utgava), "Målet är tillbaka.")
