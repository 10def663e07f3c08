"""The budget grid: every amount of a plan in one form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from budget.celler import las_inskickade
from budget.kolumner import Kolumnnyckel, kolumnnamn, las_kolumnnyckel, skriv_kolumnnyckel, valbara_ar
from budget.models import Finansiering
from budget.redigering import Budgetkrock, Rutnat, bygg_rutnat, las_lage, spara_celler
from handlingsplan import behorighet
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import inloggad
from handlingsplan.tid import klockslag


def budget_redigera(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Show or save the grid. 422: an amount cannot be read. 409: others have changed the same cells. Neither saves."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    lage = las_lage(plan)
    inskickade = las_inskickade(request.POST)
    skrivna = [(plats.budgetar, plats.finansiering) for plats, en in inskickade.items() if en.ar_andrad]
    kolumner = lage.kolumner([*_tillagda(request), *skrivna])
    if request.method != "POST":
        return _sida(request, plan, bygg_rutnat(lage, kolumner))
    rutnat = bygg_rutnat(lage, kolumner, inskickade)
    if rutnat.brister:
        return _sida(request, plan, rutnat, rubrik="Det gick inte att spara", status=422)
    try:
        antal = spara_celler(plan, inskickade.values(), av=inloggad(request))
    except Budgetkrock as krock:
        rutnat = bygg_rutnat(las_lage(plan), kolumner, inskickade, krock.krockar)
        return _sida(request, plan, rutnat, rubrik="Två har ändrat samma sak. Inget är sparat än", status=409)
    if antal:
        messages.success(request, f"Sparat {klockslag()}: budgeten.")
    else:
        messages.info(request, "Inget belopp var ändrat.")
    return redirect("budget", till_ar)


def _tillagda(request: HttpRequest) -> list[Kolumnnyckel]:
    """The empty columns asked for with `?kolumn=2024-statsbidrag`, which may come several times."""
    return [nyckel for nyckel in map(las_kolumnnyckel, request.GET.getlist("kolumn")) if nyckel is not None]


def _sida(
    request: HttpRequest, plan: Handlingsplan, rutnat: Rutnat, *, rubrik: str = "", status: int = 200
) -> HttpResponse:
    publicerade = {en.avser_ar: en for en in plan.publicerade_kostnader.all()}
    innehall: dict[str, Any] = {
        "plan": plan,
        "rutnat": rutnat,
        "felrubrik": rubrik,
        "tillagda": [skriv_kolumnnyckel(nyckel) for nyckel in _tillagda(request)],
        "valbara": [(skriv_kolumnnyckel(en), kolumnnamn(en)) for en in _valbara(plan) if en not in rutnat.kolumner],
        "planrader": plan.alla_rader.filter(borttagen_at=None),
        "fotnoter": plan.alla_fotnoter.filter(borttagen_at=None),
        "kostnader": [(ett, publicerade.get(ett)) for ett in reversed(valbara_ar(plan))],
    }
    return render(request, "budget/redigera.html", innehall, status=status)


def _valbara(plan: Handlingsplan) -> list[Kolumnnyckel]:
    return [(ett, form) for ett in reversed(valbara_ar(plan)) for form in Finansiering.values]
