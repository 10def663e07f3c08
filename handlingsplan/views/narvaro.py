"""What an open part asks every now and then: who else is here?"""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from handlingsplan import behorighet, narvaro
from handlingsplan.redigering import inloggad
from handlingsplan.views.fel import bara_post


@bara_post
def plan_narvaro(request: HttpRequest, till_ar: int) -> JsonResponse:
    """Say that one is in the part `vag`, or leaves it (`lamnar`), and hear who else is: {"andra": [names]}."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    vag, vem = request.POST.get("vag", ""), inloggad(request)
    if not vag.startswith(plan.get_absolute_url()) or len(vag) > narvaro.MAX_VAG or "\0" in vag:
        return JsonResponse({"fel": "Adressen är ingen del av planen."}, status=400)
    if "lamnar" in request.POST:
        narvaro.lamna(vag, vem)
        return JsonResponse({"andra": []})
    narvaro.anmal(vag, vem)
    return JsonResponse({"andra": narvaro.andra(vag, vem)})
