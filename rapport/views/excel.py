"""The whole plan out to Excel, and in again: upload, see row by row what it would change, then do it or drop it.

What was shown travels to the saving step signed, as the file's rows that change something. They are looked at again
under the plan's lock, and done only where that gives just what was shown.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from budget.filfel import Filfel
from budget.formular_folkmangd import MAX_MB
from budget.formular_utfall import FOR_STOR, Utfallsfil
from budget.kalkylblad import XLSX
from budget.views.uppladdning import GILTIG, Storleksvakt, satt_vakt, vagrad
from handlingsplan import behorighet
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import inloggad
from handlingsplan.svar import fil
from handlingsplan.tid import klockslag
from rapport.excel.forslag import Forslag, antal_i_ord, packa_upp
from rapport.excel.genomforande import Forandrad, genomfor
from rapport.excel.granskning import granska
from rapport.excel.lasning import las_fil
from rapport.excel.ut import plan_som_arbetsbok

HOGST_UNDERLAG = 4 * 1024 * 1024  # characters; a form of more than 5 MB is not received
FOR_MYCKET = "Filen ändrar för mycket på en gång. Läs in ett blad i taget: ta bort de andra bladen, men inte Planen."
GAMMAL = "Granskningen är för gammal eller har ändrats på vägen. Inget är sparat; välj filen igen."
FORANDRAD = "Planen har ändrats sedan du granskade filen. Inget är sparat; läs in filen igen och se vad som ändras nu."


class Planfil(Utfallsfil):
    """A plan's workbook that was downloaded here and edited."""

    fil = forms.FileField(
        label="Excelfil med planen",
        help_text=f"Arbetsboken (xlsx) som du hämtat här, högst {MAX_MB} MB. Du får se vad som ändras först.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "Välj en fil.", "empty": "Filen är tom."},
    )


@require_safe
def plan_xlsx(request: HttpRequest, till_ar: int) -> HttpResponse:
    """The plan as it is saved now, as a workbook."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    return fil(plan_som_arbetsbok(plan), XLSX, f"handlingsplan-{plan.till_ar}.xlsx")


def _salt(plan: Handlingsplan) -> str:
    """What was shown of one plan is of use for that plan only."""
    return f"rapport.excel.{plan.pk}"


@csrf_exempt
def plan_excel(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Exempt from the early CSRF check, which reads the body: the guard comes first, and `_las_in` checks."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    return _las_in(request, plan, satt_vakt(request))


@csrf_protect
def _las_in(request: HttpRequest, plan: Handlingsplan, vakt: Storleksvakt) -> HttpResponse:
    if request.method != "POST":
        return _sida(request, plan, Planfil())
    if "underlag" in request.POST:
        return _genomfor(request, plan, request.POST["underlag"])
    return _granska(request, plan, vakt)


def _sida(
    request: HttpRequest, plan: Handlingsplan, form: forms.Form, *, hinder: str = "", status: int = 200
) -> HttpResponse:
    return render(request, "rapport/excel.html", {"plan": plan, "form": form, "hinder": hinder}, status=status)


def _granska(request: HttpRequest, plan: Handlingsplan, vakt: Storleksvakt) -> HttpResponse:
    """Show what the file would change. 413 for a file that is too large, 422 for one that cannot be read."""
    form = Planfil(request.POST, request.FILES)
    if status := vagrad(form, vakt, FOR_STOR):
        return _sida(request, plan, form, status=status)
    filen = form.cleaned_data["fil"]
    try:
        _, forslag = granska(plan, las_fil(filen.read()))
        underlag = _underlag(plan, forslag)
    except Filfel as fel:
        form.add_error("fil", str(fel))
        return _sida(request, plan, form, status=422)
    innehall: dict[str, Any] = {
        "plan": plan,
        "filnamn": filen.name,
        "forslag": forslag,
        "underlag": underlag,
        "i_ord": antal_i_ord(forslag.att_gora),
    }
    return render(request, "rapport/excel_granska.html", innehall)


def _underlag(plan: Handlingsplan, forslag: Forslag) -> str:
    """What is to be done, signed; empty where that is nothing. Raises Filfel where it is too much to be sent back."""
    if not forslag.att_gora:
        return ""
    underlag = signing.dumps([forslag.packad, forslag.avtryck], salt=_salt(plan), compress=True)
    if len(underlag) > HOGST_UNDERLAG:
        raise Filfel(FOR_MYCKET)
    return underlag


def _genomfor(request: HttpRequest, plan: Handlingsplan, underlag: str) -> HttpResponse:
    """Do what was shown. 422 where it is not ours or too old, 409 where something has changed since."""
    try:
        packat, avtryck = signing.loads(underlag, salt=_salt(plan), max_age=GILTIG)
        gjort = genomfor(plan, packa_upp(packat), avtryck, av=inloggad(request))
    except signing.BadSignature:
        return _sida(request, plan, Planfil(), hinder=GAMMAL, status=422)
    except Forandrad:
        return _sida(request, plan, Planfil(), hinder=FORANDRAD, status=409)
    messages.success(request, f"Sparat {klockslag()} från Excel. Rader: {antal_i_ord(gjort.att_gora, gjort=True)}.")
    return redirect(plan.get_absolute_url())
