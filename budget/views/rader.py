"""Rows of the whole plan in the budget: add, name, move, remove with undo."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from budget.formular import Radformular
from budget.models import Budgetrad, Fotnot
from handlingsplan import behorighet, historik
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import Plats, aterstall, inloggad, redigera, ta_bort
from handlingsplan.views.fel import bara_post
from insatsomraden import flyttning

HJALP = "Radens belopp fylls i i tabellen, som områdenas."


def _plats(plan: Handlingsplan, rubrik: str = "") -> Plats:
    """Rows are edited from the list on the page with the grid."""
    tillbaka = reverse("budget_redigera", args=[plan.till_ar])
    return Plats("rader", rubrik, tillbaka, hjalp=HJALP, niva=2)


def _hamta(plan: Handlingsplan, pk: int) -> Budgetrad:
    return get_object_or_404(Budgetrad, plan=plan, pk=pk)


def budgetrad_ny(request: HttpRequest, till_ar: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    form = Radformular(request.POST or None, instance=Budgetrad(plan=plan, ordning=0, version=0))
    plats = _plats(plan, "Ny rad för hela planen")
    return redigera(request, form, plats, plan=plan, skriv=lambda rad, _: _skapa(request, rad))


def _skapa(request: HttpRequest, rad: Budgetrad) -> Budgetrad:
    rad.version, rad.andrad_av = 1, inloggad(request)
    rad.ordning = nasta_ordning(Budgetrad.objects.filter(plan=rad.plan))
    rad.save()
    historik.skriv(rad.plan_id, [historik.skapad(rad)], av=rad.andrad_av)
    return rad


def nasta_ordning(rader: QuerySet[Budgetrad] | QuerySet[Fotnot]) -> int:
    """The place after the last one, removed ones included."""
    return max(rader.values_list("ordning", flat=True), default=0) + 1


def budgetrad_redigera(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = _hamta(plan, pk)
    form = Radformular(request.POST or None, instance=rad)
    return redigera(request, form, _plats(plan, "Rad för hela planen"), plan=plan)


@bara_post
def budgetrad_flytta(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    return flytta(request, plan, _hamta(plan, pk), _plats(plan), "raden")


def flytta[M: (Budgetrad, Fotnot)](
    request: HttpRequest, plan: Handlingsplan, rad: M, plats: Plats, ordet: str
) -> HttpResponse:
    """One step up or down (`riktning`) among the rows that are not removed."""
    krock = f"Inget flyttades: {ordet} har ändrats av någon annan. Så här ser det ut nu."
    syskon = type(rad).objects.filter(plan=plan, borttagen_at=None)
    flyttning.flytta(request, plan, rad, lambda: list(syskon), krock=krock, klart=f"{ordet} är flyttad.")
    return redirect(plats.ankare)


@bara_post
def budgetrad_ta_bort(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """Take a row out of the table. Its amounts are kept, uncounted, and come back with it."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    adress = reverse("budgetrad_aterstall", args=[till_ar, pk])
    return ta_bort(request, plan, _hamta(plan, pk), _plats(plan), "Raden togs bort.", adress)


@bara_post
def budgetrad_aterstall(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    return aterstall(request, plan, _hamta(plan, pk), _plats(plan), "Raden är tillbaka med sina belopp.")
