"""One party's share of one year: its page, and the page alone as PDF and workbook. All shares are public between
the parties."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from budget.avstamningslager import avraknas_mot
from budget.kalkylblad import XLSX
from handlingsplan import behorighet
from handlingsplan.svar import fil
from rapport.andel import Partsandel, partsandel
from rapport.andelsblad import som_arbetsbok
from rapport.andelspdf import andel_till_pdf
from rapport.arsserie import arsserie
from rapport.bygg import plandokument
from rapport.delningsbild import rutor
from rapport.views.fordelning import valt_ar
from rapport.views.pdf import pdf_svar


def _sida(request: HttpRequest, till_ar: int, kod: str) -> Partsandel:
    """The party's share; 404 for a plan that is not seen, a year the plan does not have, and an unknown party."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    dokument = plandokument(plan)
    ars = valt_ar(request, dokument)
    part = next((en for en in dokument.parter if en.kod == kod), None)
    if part is None:
        raise Http404(f"Det finns ingen huvudman med koden {kod}.")
    return partsandel(dokument, ars, part, arsserie(plan, dokument), avraknas_mot(ars.budgetar, kod))


def _fast_adress(request: HttpRequest, sida: Partsandel) -> str:
    """The page's permanent address: that of the plan's year, which never changes its meaning."""
    vag = reverse("huvudman_andel", args=[sida.dokument.till_ar, sida.part.kod])
    fraga = "" if sida.ars.budgetar == sida.dokument.till_ar else f"?ar={sida.ars.budgetar}"
    return request.build_absolute_uri(vag + fraga)


@require_safe
def huvudman_andel(request: HttpRequest, till_ar: int, kod: str) -> HttpResponse:
    """What the party pays, why, and what it gets."""
    sida = _sida(request, till_ar, kod)
    innehall = {
        "sida": sida,
        "dokument": sida.dokument,
        "ars": sida.ars,
        "part": sida.part,
        "andel": sida.andel,
        "egen": kod in behorighet.ratter(request).huvudman_koder,
        "far_se_underlag": behorighet.ratter(request).far_se_underlag(kod),
        "rutor": rutor(sida.fordelning, kod) if sida.fordelning else (),
        "fast_adress": _fast_adress(request, sida),
    }
    return render(request, "rapport/huvudman.html", innehall)


@require_safe
def som_xlsx(request: HttpRequest, till_ar: int, kod: str) -> HttpResponse:
    sida = _sida(request, till_ar, kod)
    return fil(som_arbetsbok(sida, _fast_adress(request, sida)), XLSX, f"{sida.filnamn}.xlsx")


@require_safe
def som_pdf(request: HttpRequest, till_ar: int, kod: str) -> HttpResponse:
    """The page as an accessible PDF; takes a second or two."""
    sida = _sida(request, till_ar, kod)
    adress = _fast_adress(request, sida)
    return pdf_svar(request, lambda: andel_till_pdf(sida, adress), f"{sida.filnamn}.pdf")
