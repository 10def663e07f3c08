"""Outturn: what a year cost, beside its budget. Read by all who read the plan, written by coordinators, also when the
plan is adopted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from budget.celler import Cellplats, Inskickad, las_inskickade
from budget.cellsparande import Budgetkrock
from budget.kalkylblad import XLSX
from budget.models import Finansiering
from budget.utfall import Utfalletstangt, Utfallslage, las_utfall, spara_utfall, utfallstabell
from budget.utfallsblad import som_arbetsbok
from handlingsplan import behorighet
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import inloggad, meddela_sparat
from handlingsplan.svar import fil
from handlingsplan.tid import klockslag

_VALBARA = tuple((form.value, str(form.label)) for form in Finansiering)


def valt_ar(request: HttpRequest, plan: Handlingsplan) -> int:
    """The year asked for with `?ar=`, else the plan's last that has begun. Raises Http404 for one it does not have."""
    text = request.GET.get("ar", "")
    if not text:
        return max(plan.fran_ar, min(plan.till_ar, timezone.localdate().year))
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text) in plan.verksamhetsar):
        raise Http404(f"{plan} har inget utfall för {text[:20]}.")
    return int(text)


def utfall(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Show the year's outturn, for coordinators as inputs, or save it. 422: an amount cannot be read. 409: others have
    changed the same cells, or the year is closed. Neither saves."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    if request.method == "POST":
        return _spara(request, behorighet.plan_att_folja_upp(request, till_ar))
    return _sida(request, las_utfall(plan, valt_ar(request, plan), _tillagda(request)))


def _tillagda(request: HttpRequest) -> list[str]:
    """Forms of financing to show besides those in use: `?finansiering=statsbidrag`, perhaps several times."""
    return [form for form in request.GET.getlist("finansiering") if form in Finansiering.values]


def _spara(request: HttpRequest, plan: Handlingsplan) -> HttpResponse:
    budgetar, inskickade = valt_ar(request, plan), las_inskickade(request.POST)
    krockar: frozenset[Cellplats] = frozenset()
    if any(en.fel for en in inskickade.values()):
        rubrik, status = "Det gick inte att spara", 422
    else:
        try:
            antal = spara_utfall(plan, budgetar, inskickade.values(), av=inloggad(request))
        except Budgetkrock as krock:
            rubrik, status, krockar = "Två har ändrat samma sak. Inget är sparat än", 409, krock.krockar
        except Utfalletstangt as stangt:
            messages.error(request, f"Inget är sparat. {stangt}")
            return redirect(f"{reverse('utfall', args=[plan.till_ar])}?ar={budgetar}")
        else:
            if antal:
                meddela_sparat(request, f"Sparat {klockslag()}: utfallet {budgetar}.")
            else:
                messages.info(request, "Inget utfall var ändrat.")
            return redirect(f"{reverse('utfall', args=[plan.till_ar])}?ar={budgetar}")
    nu = las_utfall(plan, budgetar, [*_tillagda(request), *(en.finansiering for en in inskickade)])
    return _sida(request, nu, inskickade, krockar=krockar, rubrik=rubrik, status=status)


def _sida(
    request: HttpRequest,
    nu: Utfallslage,
    inskickade: dict[Cellplats, Inskickad] | None = None,
    *,
    krockar: frozenset[Cellplats] = frozenset(),
    rubrik: str = "",
    status: int = 200,
) -> HttpResponse:
    plan, tabell = nu.lage.plan, utfallstabell(nu, inskickade, krockar)
    far_folja_upp = behorighet.ratter(request).far_redigera_plan
    innehall: dict[str, Any] = {
        "plan": plan,
        "budgetar": nu.budgetar,
        "alla_ar": plan.verksamhetsar,
        "tabell": tabell,
        "stangd": nu.stangd,
        "far_folja_upp": far_folja_upp,
        "far_skriva": far_folja_upp and not nu.stangd,
        "valbara": [(varde, namn) for varde, namn in _VALBARA if varde not in nu.finansieringar],
        "tillagda": _tillagda(request),
        "pagar": timezone.localdate() <= date(nu.budgetar, 12, 31),
        "felrubrik": rubrik,
        "rutnat": tabell.rutnat,
    }
    return render(request, "budget/utfall.html", innehall, status=status)


def utfall_xlsx(request: HttpRequest, till_ar: int) -> HttpResponse:
    """The year as a workbook, which a coordinator can fill in and read back."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    nu = las_utfall(plan, valt_ar(request, plan), _tillagda(request))
    return fil(som_arbetsbok(nu), XLSX, f"utfall-{nu.budgetar}.xlsx")
