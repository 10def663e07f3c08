"""Try other amounts and other rules on a plan without changing it; keep what was tried, and show it to others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from budget import folkmangd, scenariosparande
from budget.models import Scenario
from budget.models.scenario import MAX_NAMN
from budget.scenario import Innehall, las_json, som_json
from budget.scenarioformular import Namnformular, Prov, las_prov, som_data
from budget.scenarioord import flyttat, i_ord, krockord
from budget.scenariorakning import las_utgangslage
from budget.scenariosparande import NamnetUpptaget, levande
from handlingsplan import angra, behorighet
from handlingsplan.formular import knappversion
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import inloggad
from handlingsplan.sparande import Borttagen, Krock, avtryck
from handlingsplan.tid import klockslag
from handlingsplan.views.fel import bara_post

INGET_PROVAT = "Inget är ändrat, så det finns inget att spara. Ändra ett belopp eller en regel först."
BORTTAGET = "Inget är sparat: någon har tagit bort scenariot. Det du provar står kvar här; spara det som ett nytt."


class Nyttnamn(forms.Form):
    namn = forms.CharField(
        label="Namn",
        max_length=MAX_NAMN,
        error_messages={
            "required": "Ge scenariot ett namn.",
            "max_length": f"Ett namn är högst {MAX_NAMN} tecken.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


# --- Trying ----------------------------------------------------------------------------------------------------------


def prova(request: HttpRequest, till_ar: int) -> HttpResponse:
    """What the plan's years come to with what is typed. Nothing is saved. 422: something cannot be read."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    return _sida(request, las_prov(las_utgangslage(plan), request.POST))


def scenario(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """A saved scenario; what is typed on top of it is computed and not saved."""
    plan = behorighet.plan_med_scenarier(request, till_ar)
    rad = _hamta(plan, pk)
    if request.method == "POST":
        return _sida(request, las_prov(las_utgangslage(plan), request.POST), rad=rad)
    return _sparad(request, plan, rad)


def scenario_delat(request: HttpRequest, till_ar: int, delning: str) -> HttpResponse:
    """A scenario that is shared, for whoever reads the plan and has the link."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    rad = scenariosparande.delat(plan, delning)
    if rad is None:
        raise Http404("Länken leder inte till något scenario. Den som delade det kan ha slutat dela det.")
    return _sparad(request, plan, rad, delat=True)


def _sparad(request: HttpRequest, plan: Handlingsplan, rad: Scenario, *, delat: bool = False) -> HttpResponse:
    utgang, innehall = las_utgangslage(plan), las_json(rad.innehall)
    prov = las_prov(utgang, som_data(innehall, utgang))
    return _sida(request, prov, rad=rad, innehall=innehall, delat=delat)


def _hamta(plan: Handlingsplan, pk: int) -> Scenario:
    rad = levande(plan).filter(pk=pk).first()
    if rad is None:
        raise Http404("Scenariot finns inte, eller är borttaget.")
    return rad


def _sida(
    request: HttpRequest,
    prov: Prov,
    *,
    rad: Scenario | None = None,
    innehall: Innehall | None = None,
    delat: bool = False,
    namnform: forms.Form | None = None,
    hinder: str = "",
    krock: Krock[Scenario] | None = None,
    status: int = 0,
) -> HttpResponse:
    """The page. `innehall` is the scenario as it is saved, where nothing is typed on top of it."""
    plan, de = prov.utgang.plan, behorighet.ratter(request)
    egen = rad is not None and not delat
    mitt, alla_ar = innehall or prov.innehall, prov.rakna()
    context: dict[str, Any] = {
        "plan": plan,
        "prov": prov,
        "alla_ar": alla_ar,
        "flyttat": flyttat(mitt, alla_ar),
        "andringar": i_ord(mitt, prov.utgang),
        "rad": rad,
        "delat": delat,
        "avtryck": avtryck(rad.innehall) if rad else "",
        "adress": reverse("scenario", args=[plan.till_ar, rad.pk])
        if rad and egen
        else reverse("prova", args=[plan.till_ar]),
        "alla_datum": folkmangd.hela_datum(),
        "egna": de.huvudman_koder,
        "scenarier": list(levande(plan)) if de.far_lasa_odelat and not delat else None,
        "far_andra": egen and rad is not None and behorighet.far_andra_scenario(request, rad.skapad_av_id),
        "far_bli_budget": egen and behorighet.far_redigera(request, plan),
        "namnform": namnform or Nyttnamn(initial={"namn": request.POST.get("namn", "")}),
        "hinder": hinder,
        "krock": krock,
        "krockrader": krockord(mitt, las_json(krock.sparad.innehall), prov.utgang) if krock else (),
    }
    return render(request, "budget/scenario.html", context, status=status or (422 if prov.fel else 200))


# --- Keeping ---------------------------------------------------------------------------------------------------------


@bara_post
def scenario_nytt(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Keep what is typed under a name. 422: it cannot be read, nothing is changed, or the name is missing or taken."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    behorighet.krav_spara_scenarier(request)
    prov, namnform = las_prov(las_utgangslage(plan), request.POST), Nyttnamn(request.POST)
    hinder = "" if len(prov.innehall) or prov.fel else INGET_PROVAT
    if prov.fel or hinder or not namnform.is_valid():
        return _sida(request, prov, namnform=namnform, hinder=hinder, status=422)
    try:
        rad = scenariosparande.skapa(plan, namnform.cleaned_data["namn"], prov.att_spara, av=inloggad(request))
    except NamnetUpptaget as fel:
        namnform.add_error("namn", str(fel))
        return _sida(request, prov, namnform=namnform, status=422)
    messages.success(request, f"Sparat {klockslag()}: scenariot ”{rad}”. Planens budget är som förut.")
    return redirect("scenario", till_ar, rad.pk)


@bara_post
def scenario_spara(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """Change what a scenario holds. 409: somebody else has changed or removed it; what is typed stands in the form."""
    plan = behorighet.plan_med_scenarier(request, till_ar)
    prov = las_prov(las_utgangslage(plan), request.POST)
    rad = levande(plan).filter(pk=pk).first()
    if rad is None:
        return _sida(request, prov, hinder=BORTTAGET, status=409)
    behorighet.krav_andra_scenario(request, rad.skapad_av_id)
    hinder = "" if len(prov.innehall) or prov.fel else INGET_PROVAT
    if prov.fel or hinder:
        return _sida(request, prov, rad=rad, hinder=hinder, status=422)
    bas = {"innehall": request.POST.get("avtryck", "")}
    try:
        andringar = {"innehall": som_json(prov.att_spara)}
        scenariosparande.andra(
            rad, andringar, version=knappversion(request), av=inloggad(request), avtryck_vid_lasning=bas
        )
    except Krock as krock:
        return _sida(request, prov, rad=_hamta(plan, pk), krock=krock, status=409)
    except Borttagen:
        return _sida(request, prov, hinder=BORTTAGET, status=409)
    messages.success(request, f"Sparat {klockslag()}: scenariot ”{rad}”. Planens budget är som förut.")
    return redirect("scenario", till_ar, pk)


def scenario_namn(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """Give it another name. 409: somebody else has done so meanwhile, or removed it."""
    plan = behorighet.plan_med_scenarier(request, till_ar)
    rad = _hamta(plan, pk)
    behorighet.krav_andra_scenario(request, rad.skapad_av_id)
    form = Namnformular(request.POST if request.method == "POST" else None, instance=rad)
    context = {"plan": plan, "rad": rad, "form": form, "heter": rad.namn}
    if request.method != "POST":
        return render(request, "budget/scenario_namn.html", context)
    if not form.is_valid():
        return render(request, "budget/scenario_namn.html", context, status=422)
    andringar, version, bas = form.andringar(), form.cleaned_data["version"], form.vid_lasning
    if not andringar:
        return redirect("scenario", till_ar, pk)
    try:
        scenariosparande.andra(rad, andringar, version=version, av=inloggad(request), avtryck_vid_lasning=bas)
    except NamnetUpptaget as fel:
        form.add_error("namn", str(fel))
        return render(request, "budget/scenario_namn.html", context, status=422)
    except Krock as krock:
        context |= {"form": form.pa_ny_bas(krock.sparad), "krock": krock}
        return render(request, "budget/scenario_namn.html", context, status=409)
    messages.success(request, f"Sparat {klockslag()}: scenariots namn.")
    return redirect("scenario", till_ar, pk)


@bara_post
def scenario_ta_bort(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """Mark it as removed and offer Ångra. While it is removed its link leads nowhere."""
    plan = behorighet.plan_med_scenarier(request, till_ar)
    rad = _hamta(plan, pk)
    behorighet.krav_andra_scenario(request, rad.skapad_av_id)
    andring = {"borttagen_at": timezone.now()}
    try:
        rad = scenariosparande.andra(rad, andring, version=knappversion(request), av=inloggad(request))
    except Krock:
        messages.error(request, "Inget togs bort: scenariot har ändrats av någon annan. Så här ser det ut nu.")
        return redirect("scenario", till_ar, pk)
    adress = reverse("scenario_aterstall", args=[till_ar, pk])
    angra.meddela(request, f"Scenariot ”{rad}” togs bort.", adress=adress, version=rad.version)
    return redirect("prova", till_ar)


@bara_post
def scenario_aterstall(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """Bring it back."""
    plan = behorighet.plan_med_scenarier(request, till_ar)
    rad = Scenario.objects.filter(plan=plan, pk=pk).first()
    if rad is None:
        raise Http404("Scenariot finns inte.")
    behorighet.krav_andra_scenario(request, rad.skapad_av_id)
    try:
        scenariosparande.andra(rad, {"borttagen_at": None}, version=knappversion(request), av=inloggad(request))
    except NamnetUpptaget:
        messages.error(request, f"Det finns nu ett annat scenario som heter ”{rad}”. Byt namn på det, och ångra sedan.")
        return redirect("prova", till_ar)
    except Krock:
        messages.error(request, "Scenariot har ändrats av någon annan sedan dess. Så här ser det ut nu.")
        return redirect("prova", till_ar)
    messages.success(request, f"Scenariot ”{rad}” är tillbaka.")
    return redirect("scenario", till_ar, pk)


# --- Showing it to others --------------------------------------------------------------------------------------------


def scenario_dela(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """Say what sharing means (GET), then do it: an explicit act, kept with who and when."""
    plan = behorighet.plan_med_scenarier(request, till_ar)
    rad = _hamta(plan, pk)
    behorighet.krav_andra_scenario(request, rad.skapad_av_id)
    if request.method == "POST":
        scenariosparande.dela(rad, av=inloggad(request))
        messages.success(request, f"{klockslag()}: scenariot ”{rad}” är delat. Länken står här.")
        return redirect("scenario_dela", till_ar, pk)
    delningar = list(rad.alla_delningar.select_related("delad_av", "upphord_av"))
    oppen = next((en for en in delningar if en.upphord_at is None), None)
    vag = reverse("scenario_delat", args=[till_ar, oppen.nyckel]) if oppen else ""
    context = {
        "plan": plan,
        "rad": rad,
        "oppen": oppen,
        "lank": request.build_absolute_uri(vag) if vag else "",
        "tidigare": [en for en in delningar if en.upphord_at is not None],
    }
    return render(request, "budget/scenario_dela.html", context)


@bara_post
def scenario_sluta_dela(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_med_scenarier(request, till_ar)
    rad = _hamta(plan, pk)
    behorighet.krav_andra_scenario(request, rad.skapad_av_id)
    if scenariosparande.sluta_dela(rad, av=inloggad(request)):
        messages.success(request, f"{klockslag()}: scenariot ”{rad}” delas inte längre, och länken leder ingenstans.")
    else:
        messages.info(request, "Scenariot var inte delat.")
    return redirect("scenario_dela", till_ar, pk)
