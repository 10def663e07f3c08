"""What has happened in a plan and in each part of it, and how what was is put back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from budget.cellsparande import Budgetkrock
from handlingsplan import angra, behorighet
from handlingsplan.historikmodeller import Handelse
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import inloggad
from handlingsplan.sparande import Borttagen, Krock, plan_for_skrivning
from handlingsplan.tid import klockslag
from insatsomraden.ordning import GarInte
from rapport import aterstallning, historikdelar, historiksida, historikurval
from rapport.atgarder import Atgard, GarInteTillbaka
from rapport.historikord import Ord

ANDRAD_SEDAN = (
    "Inget är ändrat: någon har ändrat det som står nu sedan du öppnade sidan. Så här ser det ut nu. "
    "Vill du fortfarande återställa, tryck en gång till."
)


def plan_historik(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Every change of the plan, the newest first; `?sida=2` has older ones, `?slag=` and `?vem=` choose among them.

    All who read the plan may read it.
    """
    plan = behorighet.plan_att_lasa(request, till_ar)
    alla = historikurval.synliga(plan, behorighet.ratter(request))
    handelser, urval = historikurval.valj(plan, alla, request.GET.dict())
    innehall = {
        "plan": plan,
        "rubrik": f"Historik för {plan}",
        "tillbaka": plan.get_absolute_url(),
        "urval": urval,
        "mer": urval.fraga and f"{urval.fraga}&",
    }
    return _lista(request, plan, handelser, innehall)


def historik_del(request: HttpRequest, till_ar: int, sort: str, nyckel: str) -> HttpResponse:
    """Every change of one part of the plan; with `?falt=` of one field of it."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    falt = request.GET.get("falt", "")
    delen = historikdelar.hamta(plan, sort, nyckel, falt)
    handelser = historikurval.synliga(plan, behorighet.ratter(request)).filter(delen.urval)
    innehall = {
        "plan": plan,
        "rubrik": delen.rubrik,
        "tillbaka": delen.tillbaka,
        "mer": f"falt={falt}&" if falt else "",
        "delen": True,
    }
    return _lista(request, plan, handelser, innehall)


def cell_historik(request: HttpRequest, till_ar: int, cell: str) -> HttpResponse:
    """The history of one cell of the budget, by its name: all the rows it has had, and its comments."""
    return historik_del(request, till_ar, "cell", cell)


def _lista(request: HttpRequest, plan: Handlingsplan, handelser: Any, innehall: dict[str, Any]) -> HttpResponse:
    text = request.GET.get("sida", "1")
    sida = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    if sida < 1:
        raise Http404("Historiken har ingen sådan sida.")
    far_redigera = behorighet.far_redigera(request, plan)
    visade, finns_aldre = historiksida.poster(plan, handelser, sida, far_redigera=far_redigera)
    if not visade and sida > 1:
        raise Http404("Historiken har ingen sådan sida.")
    if "delen" not in innehall:
        visade = historiksida.celler_ihop(visade)
    innehall |= {"poster": visade, "nyare": sida - 1, "aldre": sida + 1 if finns_aldre else 0}
    return render(request, "rapport/historik.html", innehall | {"far_redigera": far_redigera})


def historik_handelse(request: HttpRequest, till_ar: int, nummer: int) -> HttpResponse:
    """One entry with its texts whole; `?fran=` takes in the saves of the same row since that entry, as lists do."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    alla = historikurval.synliga(plan, behorighet.ratter(request))
    en = get_object_or_404(alla, nummer=nummer)
    text = request.GET.get("fran", "")
    fran = int(text) if text.isascii() and text.isdigit() and len(text) < 15 else nummer
    rader = alla.filter(modell=en.modell, objekt=en.objekt, nummer__range=(min(fran, nummer), nummer))
    grupp = historiksida.en_grupp(list(rader.order_by("-nummer")[: historiksida.PER_SIDA]))
    far_redigera = behorighet.far_redigera(request, plan)
    (post,) = historiksida.som_poster(plan, [grupp], far_redigera=far_redigera)
    innehall = {"plan": plan, "post": post, "far_redigera": far_redigera}
    return render(request, "rapport/historik_handelse.html", innehall)


# --- Putting back ----------------------------------------------------------------------------------------------------


def historik_aterstall(request: HttpRequest, till_ar: int, nummer: int) -> HttpResponse:
    """Show what would be put back and what it replaces, or do it. 409 where that has changed meanwhile, or cannot be.

    The form carries a fingerprint of what it replaces: nobody's newer text is written over unseen.
    """
    plan = behorighet.plan_att_redigera(request, till_ar)
    en = get_object_or_404(plan.historik, nummer=nummer)
    if request.method != "POST":
        return _fraga(request, _atgard(request, plan, en))
    try:
        with plan_for_skrivning(plan) as last:
            atgard = _atgard(request, last, en)
            if _hinder(atgard) or (request.POST.get("avtryck") or request.GET.get("avtryck")) != atgard.avtryck():
                return _fraga(request, atgard, _hinder(atgard) or ANDRAD_SEDAN, status=409)
            atgard.skriv(inloggad(request))
            ny = last.historik.order_by("-nummer")[0]
    except (Krock, Borttagen, Budgetkrock):
        return _fraga(request, _atgard(request, plan, en), ANDRAD_SEDAN, status=409)
    except (GarInte, GarInteTillbaka, ValidationError) as fel:
        text = " ".join(fel.messages) if isinstance(fel, ValidationError) else str(fel)
        return _fraga(request, _atgard(request, plan, en), f"Inget är ändrat. {text}", status=409)
    efter = Ord(last, [ny])
    rad = efter.objekt(ny)
    text = f"Återställt {klockslag()}: {efter.rad(ny)}."
    angra_adress = aterstallning.angra(atgard, ny)
    if angra_adress:
        angra.meddela(request, text, adress=angra_adress, version=getattr(rad, "version", 0))
    else:
        messages.success(request, text)
    return redirect(historikdelar.plats(plan, rad, atgard.vad_av))


def _atgard(request: HttpRequest, plan: Handlingsplan, en: Handelse) -> Atgard:
    """The act that an address asks for; where it says nothing, the first that the entry has."""
    ord_ = Ord(plan, [en])
    falt, sida = request.GET.get("falt", ""), request.GET.get("sida", "")
    if not falt:
        valbara = aterstallning.valbara(plan, en, ord_)
        atgard = valbara[0] if valbara else None
    else:
        atgard = aterstallning.valj(plan, en, falt, "efter" if sida == "efter" else "fore", ord_)
    if atgard is None:
        raise Http404("Det här kan inte återställas. " + aterstallning.oaterkalleligt(en.slag))
    return atgard


def _hinder(atgard: Atgard) -> str:
    return atgard.hinder() or ("" if atgard.andrar_nagot() else "Det står redan så.")


def _fraga(request: HttpRequest, atgard: Atgard, problem: str = "", *, status: int = 200) -> HttpResponse:
    hinder = _hinder(atgard)
    innehall = {
        "plan": atgard.plan,
        "forslag": historiksida.forslag(atgard, hinder),
        "hinder": hinder,
        "problem": "" if hinder else problem,
    }
    return render(request, "rapport/historik_aterstall.html", innehall, status=status)
