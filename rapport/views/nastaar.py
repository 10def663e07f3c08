"""The next year's plan in one act, what to look at in it, how to throw it away, and a goal through the years."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from handlingsplan import behorighet
from handlingsplan.formular import knappversion
from handlingsplan.redigering import inloggad
from handlingsplan.sparande import Krock
from insatsomraden.models import Aktivitet, Mal
from rapport import nastaar
from rapport.artal import arsmarken
from rapport.bygg import bygg


def plan_nasta(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Says what comes along (GET), and makes the plan (POST). Also from a plan that is adopted."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    behorighet.krav_samordnare(request)
    hinder = nastaar.hinder(plan)
    if request.method == "POST" and not hinder:
        try:
            ny = nastaar.gor(plan, av=inloggad(request))
        except nastaar.GarInteAttGora as fel:
            hinder = str(fel)
        else:
            messages.success(
                request,
                f"{ny} är gjord av {plan}. Bara samordnare, beredning och administratörer ser den tills du delar den.",
            )
            return redirect("plan_artal", ny.till_ar)
    innehall = {"plan": plan, "budgetar": nastaar.nasta_ar(plan), "hinder": hinder}
    return render(request, "rapport/nasta.html", innehall, status=409 if request.method == "POST" else 200)


def plan_slang(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Asks once (GET), then throws the plan away with everything in it (POST)."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    hinder = nastaar.far_slangas(plan)
    if request.method == "POST" and not hinder:
        try:
            nastaar.slang(plan, version=knappversion(request), av=inloggad(request))
        except nastaar.GarInteAttGora as fel:
            hinder = str(fel)
        except Krock:
            hinder = "Någon annan har ändrat planen sedan du öppnade sidan."
        else:
            messages.success(request, f"{plan} är slängd. Dess historik finns kvar.")
            return redirect("planer")
    innehall = {"plan": plan, "hinder": hinder, "antal_andringar": nastaar.antal_andringar(plan)}
    return render(request, "rapport/slang.html", innehall, status=409 if request.method == "POST" else 200)


@require_safe
def plan_artal(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Where the plan's texts speak of another year: to read through when a plan has been made of another."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    innehall = {"plan": plan, "marken": arsmarken(bygg(plan)), "far_slangas": not nastaar.far_slangas(plan)}
    return render(request, "rapport/artal.html", innehall)


@dataclass(frozen=True, slots=True)
class Malar:
    """A goal in one plan, and how far its area's activities had come in the plan's last year."""

    mal: Mal
    statusar: tuple[tuple[str, int], ...]


@require_safe
def mal_aren(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """One goal through the years, in the plans that the user may read, the newest first."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    mal = get_object_or_404(Mal.objects.select_related("utgava__plan"), pk=pk, utgava__plan=plan, borttagen_at=None)
    synliga = set(behorighet.synliga_planer(request).values_list("pk", flat=True))
    aren = [_malar(en) for en in nastaar.mal_genom_aren(mal) if en.utgava.plan_id in synliga]
    if not aren:
        raise Http404("Målet finns inte i någon plan som du kan läsa.")
    tillbaka = f"{reverse('plan', args=[till_ar])}#omrade-{mal.utgava_id}-mal"
    return render(request, "rapport/mal_aren.html", {"plan": plan, "mal": mal, "aren": aren, "tillbaka": tillbaka})


def _malar(mal: Mal) -> Malar:
    aktiviteter = mal.utgava.alla_aktiviteter.filter(avser_ar=mal.utgava.plan.till_ar, borttagen_at=None)
    antal = Counter(aktiviteter.values_list("status", flat=True))
    ord_ = [("", "utan status"), *Aktivitet.Status.choices]
    return Malar(mal, tuple((text, antal[kod]) for kod, text in ord_ if antal[kod]))
