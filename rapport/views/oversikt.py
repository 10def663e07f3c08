"""The start page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from handlingsplan import behorighet
from rapport import oversikt as pa_ett_blad
from rapport.bygg import plandokument


def oversikt(request: HttpRequest) -> HttpResponse:
    """The newest plan the user may read, at a glance; a reader's own share comes first."""
    ratter = behorighet.ratter(request)
    plan = behorighet.synliga_planer(request).first()
    if plan is None:
        return render(request, "rapport/oversikt_tom.html", {"ratter": ratter})
    dokument = plandokument(plan)
    ars = dokument.fordelning_for(dokument.till_ar)
    egna = [en for en in ars.fordelning.andelar if en.kod in ratter.huvudman_koder] if ars and ars.fordelning else []
    ars_fore = dokument.fordelning_for(dokument.till_ar - 1)
    innehall = {
        **pa_ett_blad.mot_aret_fore(dokument),
        "fore": behorighet.synliga_planer(request).filter(till_ar__lt=plan.till_ar).first(),
        "ars_fore": ars_fore,
        "plan": plan,
        "dokument": dokument,
        "ars": ars,
        "egna": egna,
        "andringar": pa_ett_blad.andringar(dokument),
        "uppgifter": pa_ett_blad.uppgifter(dokument) if behorighet.far_redigera(request, plan) else (),
    }
    return render(request, "rapport/oversikt.html", innehall)
