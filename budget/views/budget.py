"""The budget grid: every amount of a plan, saved by the button or by themselves, and what they come to."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from budget.belopp import CELLORD
from budget.celler import Cellplats, Inskickad, las_inskickade
from budget.cellsparande import Budgetkrock, autospara, spara_celler
from budget.kolumner import Kolumnnyckel, kolumnnamn, las_kolumnnyckel, skriv_kolumnnyckel, valbara_ar
from budget.models import Finansiering
from budget.raknesvar import jamfor_med_sparat, las_underlag, rakna
from budget.redigering import Budgetlage, Rutnat, bygg_rutnat, las_kommentarer, las_lage
from handlingsplan import autosparning, behorighet, narvaro
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import inloggad, meddela_sparat
from handlingsplan.tid import klockslag
from handlingsplan.views.fel import bara_post


def budget_redigera(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Show or save the grid. 422: an amount cannot be read. 409: others have changed the same cells. Neither saves.

    The page's script saves cell by cell instead, see `_autospara`.
    """
    plan = behorighet.plan_att_redigera(request, till_ar)
    if request.method == "POST" and autosparning.galler(request):
        return _autospara(request, plan)
    lage, inskickade = las_lage(plan), las_inskickade(request.POST)
    if request.method != "POST":
        return _sida(request, lage)
    if any(en.fel for en in inskickade.values()):
        return _sida(request, lage, inskickade, rubrik="Det gick inte att spara", status=422)
    try:
        antal = spara_celler(plan, inskickade.values(), av=inloggad(request))
    except Budgetkrock as krock:
        rubrik = "Två har ändrat samma sak. Inget är sparat än"
        return _sida(request, las_lage(plan), inskickade, krockar=krock.krockar, rubrik=rubrik, status=409)
    if antal:
        meddela_sparat(request, f"Sparat {klockslag()}: budgeten.")
    else:
        messages.info(request, "Inget belopp var ändrat.")
    return redirect("budget", till_ar)


def _autospara(request: HttpRequest, plan: Handlingsplan) -> JsonResponse:
    """Save the cells that can be, for the page's script: `klart` (14:32, or nothing) and how it went with each."""
    svar = autospara(plan, las_inskickade(request.POST).values(), av=inloggad(request))
    klart = klockslag() if any(en.utfall == "sparad" for en in svar.values()) else ""
    return JsonResponse({"klart": klart, "rutor": {plats.namn: en.som_json() for plats, en in svar.items()}})


@bara_post
def budget_rakna(request: HttpRequest, till_ar: int) -> HttpResponse:
    """What the typed amounts come to, for the page's script. Nothing is saved."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    lage, inskickade = las_lage(plan), las_inskickade(request.POST)
    kolumner = _kolumner(request, lage, inskickade)
    svar = rakna(lage, kolumner, las_underlag(lage, kolumner), inskickade)
    return JsonResponse(svar.som_json() | {"sparade": jamfor_med_sparat(lage, inskickade)})


def _kolumner(
    request: HttpRequest,
    lage: Budgetlage,
    inskickade: dict[Cellplats, Inskickad],
    kommenterade: dict[Cellplats, str] | None = None,
) -> list[Kolumnnyckel]:
    """The table's columns, those added empty, and those that are written or commented in."""
    skrivna = [plats for plats, en in inskickade.items() if en.ar_andrad]
    nycklar = [(plats.budgetar, plats.finansiering) for plats in (*skrivna, *(kommenterade or ()))]
    return lage.kolumner([*_tillagda(request), *nycklar])


def _tillagda(request: HttpRequest) -> list[Kolumnnyckel]:
    """The empty columns asked for with `?kolumn=2024-statsbidrag`, which may come several times."""
    return [nyckel for nyckel in map(las_kolumnnyckel, request.GET.getlist("kolumn")) if nyckel is not None]


def _sida(
    request: HttpRequest,
    lage: Budgetlage,
    inskickade: dict[Cellplats, Inskickad] | None = None,
    *,
    krockar: frozenset[Cellplats] = frozenset(),
    rubrik: str = "",
    status: int = 200,
) -> HttpResponse:
    plan, kommentarer = lage.plan, las_kommentarer(lage.plan)
    kolumner = _kolumner(request, lage, inskickade or {}, kommentarer)
    rutnat = bygg_rutnat(lage, kolumner, inskickade, krockar, kommentarer)
    innehall: dict[str, Any] = {
        "plan": plan,
        "rutnat": rutnat,
        "svar": rakna(lage, kolumner, las_underlag(lage, kolumner)),
        "klockan": klockslag(),
        "cellord": json.dumps(CELLORD),
        "felrubrik": rubrik,
        "narvarande": narvaro.andra(request.path, inloggad(request)),
    }
    return render(request, "budget/redigera.html", innehall | _omkring(request, plan, rutnat), status=status)


def _omkring(request: HttpRequest, plan: Handlingsplan, rutnat: Rutnat) -> dict[str, Any]:
    """What else is edited on the page: columns, rows of the whole plan, footnotes, rates."""
    publicerade = {en.avser_ar: en for en in plan.publicerade_kostnader.all()}
    alla = [(ett, form) for ett in reversed(valbara_ar(plan)) for form in Finansiering.values]
    return {
        "tillagda": [skriv_kolumnnyckel(nyckel) for nyckel in _tillagda(request)],
        "valbara": [(skriv_kolumnnyckel(en), kolumnnamn(en)) for en in alla if en not in rutnat.kolumner],
        "planrader": plan.alla_rader.filter(borttagen_at=None),
        "fotnoter": plan.alla_fotnoter.filter(borttagen_at=None),
        "kostnader": [(ett, publicerade.get(ett)) for ett in reversed(valbara_ar(plan))],
    }
