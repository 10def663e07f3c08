"""A scenario becomes the draft budget: one act, shown first."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from budget.models import Scenario
from budget.scenariobudget import Inaktuell, KanInteForasOver, Overforing, forhandsvisa, genomfor
from budget.scenariosparande import levande
from handlingsplan import behorighet, vidare
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import inloggad
from handlingsplan.sparande import Borttagen
from handlingsplan.tid import klockslag

MAX_HANVISNING = 500
BORTTAGET = "Scenariot finns inte, eller är borttaget. Inget i budgeten är ändrat."
ANDRAD = (
    "Inget är ändrat än: budgeten eller scenariot har ändrats sedan du öppnade sidan. Så här skulle det bli nu. "
    "Gäller det fortfarande, tryck en gång till."
)


def scenario_till_budget(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """Show exactly what would change (GET), or do it. 409: what was shown is no longer what would happen."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = levande(plan).filter(pk=pk).first()
    if rad is None:
        raise Http404(BORTTAGET)
    if request.method != "POST":
        return _sida(request, forhandsvisa(plan, rad))
    return _gor(request, plan, rad)


def _gor(request: HttpRequest, plan: Handlingsplan, rad: Scenario) -> HttpResponse:
    hanvisningar = {
        ett: " ".join(request.POST.get(f"hanvisning-{ett}", "").split())
        for ett in plan.verksamhetsar
        if f"hanvisning-{ett}" in request.POST
    }
    for_langa = [ett for ett, text in hanvisningar.items() if len(text) > MAX_HANVISNING]
    if for_langa:
        overforing = forhandsvisa(plan, rad)
        return _sida(request, overforing, hanvisningar=hanvisningar, for_langa=for_langa, status=422)
    sett = request.POST.get("avtryck", "")
    try:
        gjort = genomfor(plan, rad.pk, sett=sett, hanvisningar=hanvisningar, av=inloggad(request))
    except Inaktuell as inaktuell:
        return _sida(request, inaktuell.nu, hanvisningar=hanvisningar, problem=ANDRAD, status=409)
    except KanInteForasOver:
        return _sida(request, forhandsvisa(plan, rad), hanvisningar=hanvisningar, status=409)
    except Borttagen as borta:
        raise Http404(BORTTAGET) from borta
    antal = "en ändring" if len(gjort.andringar) == 1 else f"{len(gjort.andringar)} ändringar"
    text = f"Budgeten är nu som scenariot ”{rad}”: {antal}, sparade {klockslag()}."
    vag = reverse("plan_historik", args=[plan.till_ar])
    vidare.meddela(request, text, adress=vag, lanktext="Se och ta tillbaka i historiken")
    return redirect("budget", plan.till_ar)


def _sida(
    request: HttpRequest,
    overforing: Overforing,
    *,
    hanvisningar: Mapping[int, str] | None = None,
    for_langa: Collection[int] = (),
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    typat = hanvisningar or {}
    context = {
        "plan": overforing.prov.utgang.plan,
        "rad": overforing.scenario,
        "overforing": overforing,
        "alla_ar": overforing.alla_ar,
        "regler": [(ett, nu, typat.get(ett, forslag), ett in for_langa) for ett, nu, forslag in overforing.regler],
        "problem": problem,
    }
    return render(request, "budget/scenario_till_budget.html", context, status=status)
