"""The split: all parties, one party, and the same figures for machines and spreadsheets."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from budget.fordelning import Andel, Fordelning
from budget.harledning import harledning
from handlingsplan import behorighet
from rapport import fordelningsutdrag
from rapport.bygg import plandokument
from rapport.delningsbild import rutor
from rapport.oversikt import radens_ankare
from rapport.plandokument import Arsfordelning, Plandokument

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _hamta(request: HttpRequest, till_ar: int) -> tuple[Plandokument, Arsfordelning]:
    """The record and the year asked for (`?ar=`, else the plan's last); 404 for a year the plan does not have."""
    dokument = plandokument(behorighet.plan_att_lasa(request, till_ar))
    onskat = request.GET.get("ar", str(till_ar))
    if not (onskat.isascii() and onskat.isdigit() and len(onskat) == 4):
        raise Http404(f"”{onskat}” är inget år.")
    ars = dokument.fordelning_for(int(onskat))
    if ars is None:
        raise Http404(f"{dokument.titel} har ingen budget för {onskat}.")
    return dokument, ars


def fordelning(request: HttpRequest, till_ar: int) -> HttpResponse:
    dokument, ars = _hamta(request, till_ar)
    fore = dokument.fordelning_for(ars.budgetar - 1)
    fore = fore if fore is not None and fore.fordelning is not None else None
    egna = behorighet.ratter(request).huvudman_koder
    andelar = ars.fordelning.andelar if ars.fordelning else ()
    forra = {en.kod: en.belopp for en in fore.fordelning.andelar} if fore and fore.fordelning else {}
    innehall = {
        "dokument": dokument,
        "ars": ars,
        "fore": fore,
        "rader": [{"andel": en, "fore": forra.get(en.kod), "egen": en.kod in egna} for en in andelar],
        "rutor": rutor(ars.fordelning) if ars.fordelning else (),
        "far_redigera": dokument.ar_utkast and behorighet.ratter(request).far_redigera_plan,
    }
    return render(request, "rapport/fordelning.html", innehall)


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
    return _fil(innehall, "text/csv; charset=utf-8", f"fordelning-{ars.budgetar}.csv")


def som_xlsx(request: HttpRequest, till_ar: int) -> HttpResponse:
    dokument, ars, fordelad = _med_fordelning(request, till_ar)
    return _fil(fordelningsutdrag.som_xlsx(dokument, ars, fordelad), XLSX, f"fordelning-{ars.budgetar}.xlsx")


def _fil(innehall: bytes, typ: str, namn: str) -> HttpResponse:
    return HttpResponse(innehall, content_type=typ, headers={"Content-Disposition": f'attachment; filename="{namn}"'})


def huvudman_andel(request: HttpRequest, till_ar: int, kod: str) -> HttpResponse:
    """One party's share and how it was computed. All shares are public between the parties."""
    dokument, ars = _hamta(request, till_ar)
    part = next((en for en in dokument.parter if en.kod == kod), None)
    if part is None:
        raise Http404(f"Det finns ingen huvudman med koden {kod}.")
    fore = dokument.fordelning_for(ars.budgetar - 1)
    andel, andel_fore = _andel(ars, kod), _andel(fore, kod)
    innehall = {
        "dokument": dokument,
        "ars": ars,
        "part": part,
        "egen": kod in behorighet.ratter(request).huvudman_koder,
        "andel": andel,
        "rutor": rutor(ars.fordelning, kod) if ars.fordelning else (),
        "steg": harledning(ars.fordelning, kod) if ars.fordelning else (),
        "fore": fore,
        "andel_fore": andel_fore,
        "skillnad": andel.belopp - andel_fore.belopp if andel and andel_fore else None,
        "sgd_rader": [
            (rad, cell, radens_ankare(dokument, rad))
            for rad, cell in dokument.budget.kolumn_celler(ars.budgetar, "sgd")
        ],
        "sgd_summa": dokument.budget.summa(ars.budgetar, "sgd"),
    }
    return render(request, "rapport/huvudman.html", innehall)


def _andel(ars: Arsfordelning | None, kod: str) -> Andel | None:
    if ars is None or ars.fordelning is None:
        return None
    return next((en for en in ars.fordelning.andelar if en.kod == kod), None)
