"""Footnotes of the budget table: add, edit, move, remove with undo."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from budget.formular import Fotnotsformular, platsnamn, till_fotnotsplats
from budget.models import Fotnot, Fotnotsplats
from budget.views.rader import flytta, nasta_ordning
from handlingsplan import autosparning, behorighet, historik, narvaro
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.redigering import Plats, aterstall, inloggad, meddela_sparat, ta_bort
from handlingsplan.sparande import Borttagen, Krock, avtryck, plan_for_skrivning, spara
from handlingsplan.tid import klockslag
from handlingsplan.views.fel import bara_post


def _lista(plan: Handlingsplan) -> Plats:
    """The list of footnotes on the page with the grid, where they are moved and removed."""
    return Plats("fotnoter", "", reverse("budget_redigera", args=[plan.till_ar]))


def _hamta(plan: Handlingsplan, pk: int) -> Fotnot:
    return get_object_or_404(Fotnot, plan=plan, pk=pk)


def fotnot_ny(request: HttpRequest, till_ar: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    return _redigera(request, Fotnot(plan=plan, ordning=0, version=0), "Ny fotnot")


def fotnot_redigera(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    return _redigera(request, _hamta(plan, pk), "Fotnot")


def _redigera(request: HttpRequest, fotnot: Fotnot, rubrik: str) -> HttpResponse:
    """As `handlingsplan.redigering.redigera`, on a page of its own for the sake of the grid of checkboxes."""
    plan, form = fotnot.plan, Fotnotsformular(request.POST or None, instance=fotnot)
    if request.method != "POST":
        return _sida(request, form, rubrik, borttagen=fotnot.borttagen_at)
    if autosparning.galler(request):
        skriv = partial(_skriv, request, form)
        return autosparning.svara(form, skriv, plan=plan, hel=True) if fotnot.pk else autosparning.vagra()
    if not form.is_valid():
        return _sida(request, form, rubrik, status=422)
    try:
        with plan_for_skrivning(plan):
            _skriv(request, form, form.andringar())
    except Krock as krock:
        ny, sparade = form.pa_ny_bas(krock.sparad), form.sparade(krock)
        return _sida(request, ny, rubrik, krock=krock, sparade=sparade, status=409)
    except Borttagen:
        return _sida(request, form, rubrik, borttagen=True, status=409)
    meddela_sparat(request, f"Sparat {klockslag()}: {rubrik}.")
    return redirect(f"{reverse('budget', args=[plan.till_ar])}#budget")


def _sida(request: HttpRequest, form: Any, rubrik: str, *, status: int = 200, **mer: object) -> HttpResponse:
    dar = narvaro.andra(request.get_full_path(), inloggad(request)) if request.method == "GET" else []
    innehall = {"plan": form.instance.plan, "form": form, "rubrik": rubrik, "narvarande": dar, **mer}
    return render(request, "budget/redigera_fotnot.html", innehall, status=status)


def _skriv(request: HttpRequest, form: Fotnotsformular, andringar: dict[str, Any]) -> Fotnot:
    """The text by version, the places by what they were when the form was made; both conflicts at once."""
    fotnot, av = form.instance, inloggad(request)
    if not fotnot.pk:
        fotnot.version, fotnot.andrad_av = 1, av
        fotnot.ordning = nasta_ordning(Fotnot.objects.filter(plan=fotnot.plan))
        fotnot.save()
        historik.skriv(fotnot.plan_id, [historik.skapad(fotnot)], av=av)
    elif andringar:
        _spara(form, andringar, av=av)
    if "alla_platser" in andringar:
        _byt_platser(fotnot, andringar["alla_platser"].split(), av=av)
    return Fotnot.objects.get(pk=fotnot.pk)


def _byt_platser(fotnot: Fotnot, nya: list[str], *, av: Anvandare) -> None:
    """Mark the footnote at these places instead. The history has the places' names, sorted."""
    fore = platsnamn(fotnot)
    fotnot.alla_platser.all().delete()
    Fotnotsplats.objects.bulk_create(till_fotnotsplats(fotnot, namn) for namn in nya)
    if fore != nya:
        historik.skriv(fotnot.plan_id, [historik.andrad_utanfor(fotnot, "alla_platser", fore, nya)], av=av)


def _spara(form: Fotnotsformular, andringar: dict[str, Any], *, av: Anvandare) -> None:
    fotnot, bas = form.instance, form.vid_lasning
    nu = avtryck(" ".join(platsnamn(fotnot)))
    flyttad = nu not in (bas.get("alla_platser"), avtryck(andringar.get("alla_platser")))
    platskrock = ("alla_platser",) if "alla_platser" in andringar and flyttad else ()
    text = {"text": andringar["text"]} if "text" in andringar else {}
    try:
        sparad = spara(fotnot, text, version=form.cleaned_data["version"], av=av, avtryck_vid_lasning=bas)
    except Krock as krock:
        raise Krock(krock.sparad, (*krock.falt, *platskrock)) from krock
    if platskrock:
        raise Krock(sparad, platskrock)


@bara_post
def fotnot_flytta(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    return flytta(request, plan, _hamta(plan, pk), _lista(plan), "fotnoten")


@bara_post
def fotnot_ta_bort(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    adress = reverse("fotnot_aterstall", args=[till_ar, pk])
    return ta_bort(request, plan, _hamta(plan, pk), _lista(plan), "Fotnoten togs bort.", adress)


@bara_post
def fotnot_aterstall(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    return aterstall(request, plan, _hamta(plan, pk), _lista(plan), "Fotnoten är tillbaka.")
