"""Outturn from a workbook: upload, see row by row what it would change, then save all of it or nothing.

What was shown travels to the saving step as a signed value, so that exactly that is saved, and it is checked against
the database again, cell by cell.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from budget.cellsparande import Budgetkrock
from budget.filfel import Filfel
from budget.formular_utfall import FOR_STOR, Utfallsfil
from budget.utfall import STANGT, Utfalletstangt, las_utfall, spara_utfall
from budget.utfallsblad import las_blad, packa_upp, planera
from budget.views.uppladdning import GILTIG, Storleksvakt, satt_vakt, vagrad
from budget.views.utfall import valt_ar
from handlingsplan import behorighet
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import inloggad
from handlingsplan.tid import klockslag


def _salt(plan: Handlingsplan, budgetar: int) -> str:
    """What was shown of one plan's year is of use for that year only."""
    return f"budget.utfallsimport.{plan.pk}.{budgetar}"


@csrf_exempt
def utfall_las_in(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Exempt from the early CSRF check, which reads the body: the guard comes first, and `_las_in` checks."""
    plan = behorighet.plan_att_folja_upp(request, till_ar)
    return _las_in(request, plan, satt_vakt(request))


@csrf_protect
def _las_in(request: HttpRequest, plan: Handlingsplan, vakt: Storleksvakt) -> HttpResponse:
    budgetar = valt_ar(request, plan)
    if request.method != "POST":
        stangd = las_utfall(plan, budgetar).stangd
        return _sida(request, plan, budgetar, Utfallsfil(), hinder=STANGT.format(budgetar) if stangd else "")
    if "underlag" in request.POST:
        return _spara(request, plan, budgetar, request.POST["underlag"])
    return _granska(request, plan, budgetar, vakt)


def _sida(
    request: HttpRequest, plan: Handlingsplan, budgetar: int, form: Utfallsfil, *, hinder: str = "", status: int = 200
) -> HttpResponse:
    innehall = {"plan": plan, "budgetar": budgetar, "form": form, "hinder": hinder}
    return render(request, "budget/utfall_las_in.html", innehall, status=status)


def _granska(request: HttpRequest, plan: Handlingsplan, budgetar: int, vakt: Storleksvakt) -> HttpResponse:
    """Show what the file would change. 413 for a file that is too large, 422 for one that cannot be saved."""
    form = Utfallsfil(request.POST, request.FILES)
    if status := vagrad(form, vakt, FOR_STOR):
        return _sida(request, plan, budgetar, form, status=status)
    fil = form.cleaned_data["fil"]
    try:
        forslag = planera(las_utfall(plan, budgetar), las_blad(fil.read()))
    except Filfel as fel:
        form.add_error("fil", str(fel))
        return _sida(request, plan, budgetar, form, status=422)
    innehall: dict[str, Any] = {"plan": plan, "budgetar": budgetar, "filnamn": fil.name, "forslag": forslag}
    if forslag.kan_genomforas:
        innehall["underlag"] = signing.dumps(forslag.packad, salt=_salt(plan, budgetar), compress=True)
    status = 422 if forslag.vagrade or not forslag.rader else 200
    return render(request, "budget/utfall_granska.html", innehall, status=status)


def _spara(request: HttpRequest, plan: Handlingsplan, budgetar: int, underlag: str) -> HttpResponse:
    """Save what was shown. 422 where it is not ours or too old, 409 where something has changed since."""
    try:
        celler = signing.loads(underlag, salt=_salt(plan, budgetar), max_age=GILTIG)
        antal = spara_utfall(plan, budgetar, packa_upp(celler), av=inloggad(request))
    except signing.BadSignature:
        hinder = "Granskningen är för gammal eller har ändrats på vägen. Inget är sparat; välj filen igen."
        return _sida(request, plan, budgetar, Utfallsfil(), hinder=hinder, status=422)
    except Budgetkrock:
        hinder = "Någon har ändrat samma celler sedan du granskade filen. Inget är sparat; hämta arbetsboken på nytt."
        return _sida(request, plan, budgetar, Utfallsfil(), hinder=hinder, status=409)
    except Utfalletstangt as stangt:
        return _sida(request, plan, budgetar, Utfallsfil(), hinder=f"Inget är sparat. {stangt}", status=409)
    messages.success(
        request, f"Sparat {klockslag()}: {antal} {'cell' if antal == 1 else 'celler'} i utfallet {budgetar}."
    )
    return redirect(f"{reverse('utfall', args=[plan.till_ar])}?ar={budgetar}")
