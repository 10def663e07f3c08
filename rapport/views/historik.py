"""What has happened in a plan."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from handlingsplan import behorighet
from rapport.historiksida import poster


def plan_historik(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Every change of the plan, the newest first; `?sida=2` has older ones. All who read the plan may read it."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    text = request.GET.get("sida", "1")
    sida = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    if sida < 1:
        raise Http404("Historiken har ingen sådan sida.")
    visade, finns_aldre = poster(plan, sida)
    if not visade and sida > 1:
        raise Http404("Historiken har ingen sådan sida.")
    innehall = {
        "plan": plan,
        "poster": visade,
        "sida": sida,
        "nyare": sida - 1,
        "aldre": sida + 1 if finns_aldre else 0,
    }
    return render(request, "rapport/historik.html", innehall)
