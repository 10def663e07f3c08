"""After the year: outturn against what was charged, party by party; the year's rule; closing the year."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from budget.avstamningar import Arsavstamning, KanInteFaststallas, ar_stangt, las_avstamning, oppet_ar, stang
from budget.avstamningsblad import som_arbetsbok
from budget.formular_utfall import Avstamningsregelformular
from budget.kalkylblad import XLSX
from budget.models import Avstamningsregel
from handlingsplan import behorighet
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import Plats, inloggad, redigera, skriver_forsta
from handlingsplan.sparande import Krock
from handlingsplan.svar import fil
from handlingsplan.tid import klockslag


def _kontrollera_ar(plan: Handlingsplan, budgetar: int) -> None:
    """404 for a year that is not the plan's own."""
    if budgetar not in plan.verksamhetsar:
        raise Http404(f"{plan} gäller inte {budgetar}.")


def _hamta(request: HttpRequest, till_ar: int, budgetar: int) -> Arsavstamning:
    plan = behorighet.plan_att_lasa(request, till_ar)
    _kontrollera_ar(plan, budgetar)
    return las_avstamning(plan, budgetar)


def avstamning(request: HttpRequest, till_ar: int, budgetar: int) -> HttpResponse:
    """Every party's part of the outturn, what it was charged and what happens, the reader's own first."""
    nu = _hamta(request, till_ar, budgetar)
    ratter = behorighet.ratter(request)
    rader = sorted(nu.avstamd.rader, key=lambda rad: rad.kod not in ratter.huvudman_koder) if nu.avstamd else []
    far_folja_upp = ratter.far_redigera_plan
    innehall = {
        "plan": nu.plan,
        "nu": nu,
        "rader": [(rad, rad.kod in ratter.huvudman_koder) for rad in rader],
        "alla_ar": nu.plan.verksamhetsar,
        "far_folja_upp": far_folja_upp,
        "far_skriva": far_folja_upp and nu.stangd is None,
    }
    return render(request, "budget/avstamning.html", innehall)


def avstamning_xlsx(request: HttpRequest, till_ar: int, budgetar: int) -> HttpResponse:
    return fil(som_arbetsbok(_hamta(request, till_ar, budgetar)), XLSX, f"avstamning-{budgetar}.xlsx")


def avstamningsregel_redigera(request: HttpRequest, till_ar: int, budgetar: int) -> HttpResponse:
    """What happens with the year's difference, and the decision; also in an adopted plan, until the year is closed."""
    plan = behorighet.plan_att_folja_upp(request, till_ar)
    _kontrollera_ar(plan, budgetar)
    tillbaka = reverse("avstamning", args=[till_ar, budgetar])
    if ar_stangt(plan, budgetar):
        messages.info(request, f"Avstämningen för {budgetar} är fastställd, så regeln ändras inte längre.")
        return redirect(tillbaka)
    regel = plan.alla_avstamningsregler.filter(budgetar=budgetar).first()
    regel = regel or Avstamningsregel(plan=plan, budgetar=budgetar, version=0)
    plats = Plats(
        "regel",
        f"Årets regel {budgetar}",
        tillbaka,
        hjalp="Regeln är ett beslut. Utan instans, datum, § och diarienummer sparas den inte.",
        niva=2,
    )
    form = Avstamningsregelformular(request.POST or None, instance=regel)
    nyckel = {"plan": plan, "budgetar": budgetar}
    skriv = skriver_forsta(request, regel, nyckel)
    return redigera(request, form, plats, las=lambda: oppet_ar(plan, budgetar), skriv=skriv)


def avstamning_faststall(request: HttpRequest, till_ar: int, budgetar: int) -> HttpResponse:
    """Close the year: asks once, then stores the result. 409 where it cannot be, or is not what was read."""
    plan = behorighet.plan_att_folja_upp(request, till_ar)
    _kontrollera_ar(plan, budgetar)
    hinder, status = "", 200
    if request.method == "POST":
        try:
            stang(plan, budgetar, avtryck=request.POST.get("avtryck", ""), av=inloggad(request))
        except Krock:
            hinder = "Något har ändrats sedan du öppnade sidan. Läs igenom den en gång till."
        except KanInteFaststallas as fel:
            hinder = f"Inget är fastställt. {fel}"
        except IntegrityError:
            hinder = f"Avstämningen för {budgetar} är redan fastställd och ändras inte."
        else:
            messages.success(
                request, f"{klockslag()}: avstämningen för {budgetar} är fastställd och ändras inte längre."
            )
            return redirect("avstamning", till_ar, budgetar)
        status = 409
    nu = las_avstamning(plan, budgetar)
    return render(
        request, "budget/avstamning_faststall.html", {"plan": plan, "nu": nu, "hinder": hinder}, status=status
    )
