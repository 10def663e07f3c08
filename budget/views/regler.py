"""How a year is shared, and the rate that was printed for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from budget.fordelningar import regel_for
from budget.formular import Publiceringsformular, Regelformular
from budget.kolumner import valbara_ar
from budget.models import Fordelningsregel, PubliceradKostnad
from handlingsplan import behorighet, historik
from handlingsplan.formular import Versionsformular, knappversion
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.redigering import Plats, inloggad, redigera, skriver_forsta
from handlingsplan.sparande import plan_for_skrivning
from handlingsplan.tid import klockslag


def _kontrollera_ar(plan: Handlingsplan, budgetar: int) -> None:
    """404 for a year that the plan's budget does not speak of."""
    if budgetar not in valbara_ar(plan) and not plan.alla_poster.filter(budgetar=budgetar).exists():
        raise Http404(f"{plan} har ingen budget för {budgetar}.")


def regel_redigera(request: HttpRequest, till_ar: int, budgetar: int) -> HttpResponse:
    """The plan's rule for one year; where it has none, what holds instead is what the form starts from."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    _kontrollera_ar(plan, budgetar)
    regel = regel_for(plan, budgetar)
    if not regel.pk or regel.plan_id != plan.pk:
        # A model is its own plan's; another plan's is copied first.
        regel.modell = regel.modell if regel.plan_id == plan.pk else None
        regel.pk, regel.plan, regel.version = None, plan, 0
    plats = Plats(
        "regel",
        f"Så delas kostnaden {budgetar}",
        f"{reverse('fordelning', args=[till_ar])}?ar={budgetar}",
        hjalp="Andelarna räknas om när du sparar. En fastställd plans fördelning ändras aldrig.",
        niva=2,
    )
    return _redigera(request, Regelformular(request.POST or None, instance=regel), plats, plan)


def publicerad_redigera(request: HttpRequest, till_ar: int, avser_ar: int) -> HttpResponse:
    """The rate that was printed for one year, beside the computed one."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    _kontrollera_ar(plan, avser_ar)
    kostnad = plan.publicerade_kostnader.filter(avser_ar=avser_ar).first()
    kostnad = kostnad or PubliceradKostnad(plan=plan, avser_ar=avser_ar, version=0)
    plats = Plats(
        "r-taxa",
        f"Publicerad kostnad per invånare {avser_ar}",
        reverse("budget", args=[till_ar]),
        hjalp="Den publicerade siffran visas bredvid den beräknade. Beräkningen ändras aldrig för att passa den.",
        niva=2,
    )
    return _redigera(request, Publiceringsformular(request.POST or None, instance=kostnad), plats, plan)


def _redigera[M: (Fordelningsregel, PubliceradKostnad)](
    request: HttpRequest, form: Versionsformular[M], plats: Plats, plan: Handlingsplan
) -> HttpResponse:
    falt = "budgetar" if isinstance(form.instance, Fordelningsregel) else "avser_ar"
    nyckel = {"plan": plan, falt: getattr(form.instance, falt)}
    return redigera(request, form, plats, plan=plan, skriv=skriver_forsta(request, form.instance, nyckel))


def publicerad_ta_bort(request: HttpRequest, till_ar: int, avser_ar: int) -> HttpResponse:
    """Asks once (GET), then removes: there is nothing to undo that cannot be typed again."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    kostnad = get_object_or_404(PubliceradKostnad, plan=plan, avser_ar=avser_ar)
    if request.method != "POST":
        return render(request, "budget/redigera_ta_bort.html", {"plan": plan, "kostnad": kostnad})
    if not _ta_bort(plan, kostnad, version=knappversion(request), av=inloggad(request)):
        messages.error(request, "Inget togs bort: siffran har ändrats av någon annan. Så här ser den ut nu.")
        return redirect("publicerad_ta_bort", till_ar, avser_ar)
    messages.success(request, f"Borttagen {klockslag()}: den publicerade kostnaden för {avser_ar}.")
    return redirect(f"{reverse('budget', args=[till_ar])}#r-taxa")


def _ta_bort(plan: Handlingsplan, kostnad: PubliceradKostnad, *, version: int, av: Anvandare) -> bool:
    """Delete the rate if its version still is `version`; False where it is not."""
    with plan_for_skrivning(plan):
        kvar = PubliceradKostnad.objects.filter(pk=kostnad.pk, version=version).first()
        if kvar is not None:
            historik.skriv(plan.pk, [historik.borttagen(kvar)], av=av)
            kvar.delete()
    return kvar is not None
