"""The split among all parties, and the same figures for machines and spreadsheets."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from budget.fordelning import Fordelning
from budget.kalkylblad import XLSX
from budget.modellbeskrivning import grunden, modellorden
from handlingsplan import behorighet
from handlingsplan.svar import fil
from rapport import fordelningsutdrag
from rapport.betalning import andras_betalning, betalning_i_ord
from rapport.bilder_karta import karta
from rapport.bygg import plandokument
from rapport.delningsbild import rutor
from rapport.omradesblad import som_arbetsbok
from rapport.omradestabell import Omradestabell, omradestabell
from rapport.plandokument import Arsfordelning, Plandokument


def _hamta(request: HttpRequest, till_ar: int) -> tuple[Plandokument, Arsfordelning]:
    """The record and the year asked for (`?ar=`, else the plan's last); 404 for a year the plan does not have."""
    dokument = plandokument(behorighet.plan_att_lasa(request, till_ar))
    return dokument, valt_ar(request, dokument)


def valt_ar(request: HttpRequest, dokument: Plandokument) -> Arsfordelning:
    """The year asked for (`?ar=`, else the plan's last). Raises Http404 for a year the plan does not have."""
    onskat = request.GET.get("ar", str(dokument.till_ar))
    if not (onskat.isascii() and onskat.isdigit() and len(onskat) == 4):
        raise Http404(f"”{onskat}” är inget år.")
    ars = dokument.fordelning_for(int(onskat))
    if ars is None:
        raise Http404(f"{dokument.titel} har ingen budget för {onskat}.")
    return ars


def fordelning(request: HttpRequest, till_ar: int) -> HttpResponse:
    dokument, ars = _hamta(request, till_ar)
    fore = dokument.fordelning_for(ars.budgetar - 1)
    fore = fore if fore is not None and fore.fordelning is not None else None
    egna = behorighet.ratter(request).huvudman_koder
    andelar = ars.fordelning.andelar if ars.fordelning else ()
    forra = {en.kod: en.belopp for en in fore.fordelning.andelar} if fore and fore.fordelning else {}
    betalar = andras_betalning(ars)
    innehall = {
        "dokument": dokument,
        "ars": ars,
        "fore": fore,
        "rader": [
            {"andel": en, "betalar": betalar.get(en.kod), "fore": forra.get(en.kod), "egen": en.kod in egna}
            for en in andelar
        ],
        "betalning": betalning_i_ord(ars),
        "rutor": rutor(ars.fordelning) if ars.fordelning else (),
        "modellorden": modellorden(ars.fordelning) if ars.fordelning else (),
        "grunden": grunden(ars.fordelning) if ars.fordelning else "",
        "karta": karta(dokument, ars, egna),
        "far_redigera": dokument.ar_utkast and behorighet.ratter(request).far_redigera_plan,
    }
    return render(request, "rapport/fordelning.html", innehall)


def _omradestabell(request: HttpRequest, till_ar: int, budgetar: int) -> Omradestabell:
    """The table area × party; 404 for a year that the plan does not have."""
    dokument = plandokument(behorighet.plan_att_lasa(request, till_ar))
    ars = dokument.fordelning_for(budgetar)
    if ars is None:
        raise Http404(f"{dokument.titel} har ingen budget för {budgetar}.")
    return omradestabell(dokument, ars)


@require_safe
def omraden(request: HttpRequest, till_ar: int, budgetar: int) -> HttpResponse:
    """What every party pays of every area: the table that adds up both ways."""
    tabell = _omradestabell(request, till_ar, budgetar)
    innehall = {
        "tabell": tabell,
        "dokument": tabell.dokument,
        "ars": tabell.ars,
        "egna": behorighet.ratter(request).huvudman_koder,
    }
    return render(request, "rapport/omraden.html", innehall)


@require_safe
def omraden_xlsx(request: HttpRequest, till_ar: int, budgetar: int) -> HttpResponse:
    tabell = _omradestabell(request, till_ar, budgetar)
    adress = request.build_absolute_uri(reverse("fordelning_omraden", args=[till_ar, budgetar]))
    return fil(som_arbetsbok(tabell, adress), XLSX, f"{tabell.filnamn}.xlsx")


def som_json(request: HttpRequest, till_ar: int) -> HttpResponse:
    dokument, ars = _hamta(request, till_ar)
    svar = fordelningsutdrag.som_json(dokument, ars)
    return JsonResponse(svar, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _med_fordelning(request: HttpRequest, till_ar: int) -> tuple[Plandokument, Arsfordelning, Fordelning]:
    dokument, ars = _hamta(request, till_ar)
    if ars.fordelning is None:
        raise Http404(ars.skal)
    return dokument, ars, ars.fordelning


def som_csv(request: HttpRequest, till_ar: int) -> HttpResponse:
    dokument, ars, fordelad = _med_fordelning(request, till_ar)
    innehall = fordelningsutdrag.som_csv(dokument, ars, fordelad)
    return fil(innehall, "text/csv; charset=utf-8", f"fordelning-{ars.budgetar}.csv")


def som_xlsx(request: HttpRequest, till_ar: int) -> HttpResponse:
    dokument, ars, fordelad = _med_fordelning(request, till_ar)
    return fil(fordelningsutdrag.som_xlsx(dokument, ars, fordelad), XLSX, f"fordelning-{ars.budgetar}.xlsx")
