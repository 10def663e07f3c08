"""The list of plans, a new plan, and the plan's own texts."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from handlingsplan import behorighet, historik
from handlingsplan.former_plan import Nyplanformular
from handlingsplan.formular import knappversion, plantextformular
from handlingsplan.hanvisningar import har_rader
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.redigering import Plats, inloggad, redigera
from handlingsplan.sparande import plan_for_skrivning


@dataclass(frozen=True, slots=True)
class Plandel:
    """A part of the plan that is the plan's own, not an area's."""

    rubrik: str
    falt: tuple[str, ...]
    hjalp: str


DELAR = {
    "omslag": Plandel(
        "Omslag och kontakt",
        ("titel", "undertitel", "kontakt_namn", "kontakt_epost"),
        "Titeln står på omslaget och överst på varje sida. Kontakten står längst ned på alla sidor, och när planen är "
        "delad också där den som inte kommer in söker hjälp.",
    ),
    "inledning": Plandel(
        "Inledning", ("inledning",), "Bakgrunden: vad samarbetet är, vilka som är med och vad planen bygger på."
    ),
    "om-aret": Plandel("Om året", ("om_aret",), "Det som är särskilt för planens år."),
    "avslutning": Plandel("Avslutande noter", ("avslutning",), "Det som läsaren behöver veta efter insatsområdena."),
}


def lista(request: HttpRequest) -> HttpResponse:
    ratter = behorighet.krav_lasa(request)
    planer = behorighet.synliga_planer(request).annotate(har_rader=har_rader(Handlingsplan))
    return render(request, "planer/lista.html", {"planer": planer, "ratter": ratter})


def ny(request: HttpRequest) -> HttpResponse:
    behorighet.krav_samordnare(request)
    form = Nyplanformular(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "planer/ny.html", {"form": form})
    if not form.is_valid():
        return render(request, "planer/ny.html", {"form": form}, status=422)
    try:
        plan = _skapa(form, av=inloggad(request))
    except IntegrityError:  # the form has looked already, but a double click gets past that
        form.add_error("till_ar", f"Det finns redan en plan som slutar {form.instance.till_ar}.")
        return render(request, "planer/ny.html", {"form": form}, status=422)
    messages.success(
        request, f"{plan} är skapad. Bara samordnare, beredning och administratörer ser den tills du delar den."
    )
    return redirect(plan)


@transaction.atomic
def _skapa(form: Nyplanformular, *, av: Anvandare) -> Handlingsplan:
    form.instance.andrad_av = av
    plan = form.save()
    historik.skriv(plan.pk, [historik.skapad(plan)], av=av)
    return plan


def ta_bort(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Remove a plan made by mistake, such as for the wrong year: nobody else has seen it, and it holds nothing."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    if request.method != "POST":
        return render(request, "planer/ta_bort.html", {"plan": plan, "hinder": _hinder(plan)})
    with plan_for_skrivning(plan) as last:
        hinder = _hinder(last)
        if not hinder and last.version != knappversion(request):
            hinder = "Någon annan har ändrat planen sedan du öppnade sidan."
        if not hinder:
            historik.skriv(last.pk, [historik.borttagen(last)], av=inloggad(request))
            last.delete()
    if hinder:
        return render(request, "planer/ta_bort.html", {"plan": last, "hinder": hinder}, status=409)
    messages.success(request, f"{plan} är borttagen.")
    return redirect("planer")


def _hinder(plan: Handlingsplan) -> str:
    """Why the plan stays; nothing where it may go."""
    if plan.ar_delad:
        return "Planen är delad med huvudmännen. En delad plan är en allmän handling och finns kvar."
    if Handlingsplan.objects.filter(har_rader(Handlingsplan), pk=plan.pk).exists():
        return "Planen har innehåll: områden, belopp, fotnoter eller fördelningsregler. Den finns kvar."
    return ""


def redigera_del(request: HttpRequest, till_ar: int, delen: str) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    if delen not in DELAR:
        raise Http404("Planen har ingen sådan del.")
    del_ = DELAR[delen]
    form = plantextformular(del_.falt)(request.POST if request.method == "POST" else None, instance=plan)
    plats = Plats(f"plan-{delen}", del_.rubrik, plan.get_absolute_url(), del_.hjalp)
    return redigera(request, form, plats, plan=plan)
