"""Accounts and roles, for administrators.

The acts (give a role, close, …) answer a POST only. A GET comes from a log-in in between and leads to the
account's page.
"""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from handlingsplan import administration, behorighet, konton
from handlingsplan.former_anvandare import Anvandarformular, NyAnvandarformular, Rollformular
from handlingsplan.models import Anvandare, Roll
from handlingsplan.ordning import svensk_nyckel
from handlingsplan.redigering import inloggad


def lista(request: HttpRequest) -> HttpResponse:
    behorighet.krav_administrator(request)
    med_roller = Anvandare.objects.prefetch_related(Prefetch("alla_roller", Roll.objects.select_related("huvudman")))
    alla = sorted(med_roller, key=lambda en: (svensk_nyckel(en.namn), en.email))
    return render(request, "anvandare/lista.html", {"alla_anvandare": alla})


def ny(request: HttpRequest) -> HttpResponse:
    """Create an account with its first role. The link that sets the password is mailed, or shown this once."""
    behorighet.krav_administrator(request)
    form = NyAnvandarformular(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "anvandare/ny.html", {"form": form})
    if not form.is_valid():
        return render(request, "anvandare/ny.html", {"form": form}, status=422)
    try:
        anvandare = administration.skapa(**form.cleaned_data)
    except administration.Hinder as hinder:
        form.add_error("email", str(hinder))
        return render(request, "anvandare/ny.html", {"form": form}, status=422)
    lank = konton.engangslank(request, anvandare)
    if not konton.mejla_engangslank(request, anvandare, lank):
        return _visa_lank(request, anvandare, lank, ny=True)
    messages.success(request, f"Kontot är skapat. En länk för att välja lösenord är skickad till {anvandare.email}.")
    return redirect("anvandare_redigera", anvandare.pk)


def redigera(request: HttpRequest, pk: int) -> HttpResponse:
    behorighet.krav_administrator(request)
    anvandare = get_object_or_404(Anvandare, pk=pk)
    if request.method != "POST":
        return _sida(request, anvandare)
    # The form writes into its instance even where it is invalid; the page goes on showing the stored user.
    form = Anvandarformular(request.POST, instance=get_object_or_404(Anvandare, pk=pk))
    if not form.is_valid():
        return _sida(request, anvandare, form=form, status=422)
    try:
        administration.andra(anvandare, **form.cleaned_data, vid_lasning=request.POST.get("avtryck", ""))
    except administration.Andrad as andrad:
        form.add_error(None, str(andrad))
        return _sida(request, get_object_or_404(Anvandare, pk=pk), form=form, status=409)
    except administration.Hinder as hinder:
        form.add_error("email", str(hinder))
        return _sida(request, anvandare, form=form, status=422)
    messages.success(request, f"Sparat: {form.instance}.")
    return redirect("anvandare_redigera", pk)


def roll_ny(request: HttpRequest, pk: int) -> HttpResponse:
    behorighet.krav_administrator(request)
    if request.method != "POST":
        return redirect("anvandare_redigera", pk)
    anvandare = get_object_or_404(Anvandare, pk=pk)
    rollform = Rollformular(request.POST)
    if not rollform.is_valid():
        return _sida(request, anvandare, rollform=rollform, status=422)
    if not administration.ge_roll(anvandare, **rollform.cleaned_data):
        rollform.add_error("slag", f"{anvandare} har redan den rollen.")
        return _sida(request, anvandare, rollform=rollform, status=422)
    messages.success(request, f"{anvandare} har fått en roll till.")
    return redirect("anvandare_redigera", pk)


def roll_ta_bort(request: HttpRequest, pk: int, roll_pk: int) -> HttpResponse:
    behorighet.krav_administrator(request)
    if request.method != "POST":
        return redirect("anvandare_redigera", pk)
    roll = get_object_or_404(Roll.objects.select_related("anvandare", "huvudman"), pk=roll_pk, anvandare=pk)
    try:
        administration.ta_bort_roll(roll, av=inloggad(request))
    except administration.Hinder as hinder:
        messages.error(request, str(hinder))
    else:
        messages.success(request, f"{roll.anvandare} är inte längre {roll}.")
    return redirect("anvandare_redigera", pk)


def stang(request: HttpRequest, pk: int) -> HttpResponse:
    behorighet.krav_administrator(request)
    if request.method != "POST":
        return redirect("anvandare_redigera", pk)
    anvandare = get_object_or_404(Anvandare, pk=pk)
    try:
        administration.stang(anvandare, av=inloggad(request))
    except administration.Hinder as hinder:
        messages.error(request, str(hinder))
    else:
        messages.success(request, f"Kontot för {anvandare} är stängt och utloggat. Rollerna finns kvar om det öppnas.")
    return redirect("anvandare_redigera", pk)


def oppna(request: HttpRequest, pk: int) -> HttpResponse:
    behorighet.krav_administrator(request)
    if request.method != "POST":
        return redirect("anvandare_redigera", pk)
    anvandare = get_object_or_404(Anvandare, pk=pk)
    administration.oppna(anvandare)
    messages.success(request, f"Kontot för {anvandare} är öppet.")
    return redirect("anvandare_redigera", pk)


def engangslank(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a new one-time link, in the answer itself: it is stored nowhere and shown once."""
    behorighet.krav_administrator(request)
    if request.method != "POST":
        return redirect("anvandare_redigera", pk)
    anvandare = get_object_or_404(Anvandare, pk=pk)
    if not anvandare.is_active:
        messages.error(request, "Kontot är stängt. Öppna det innan du ger ut en länk.")
        return redirect("anvandare_redigera", pk)
    return _visa_lank(request, anvandare, konton.engangslank(request, anvandare), ny=False)


def _visa_lank(request: HttpRequest, anvandare: Anvandare, lank: str, *, ny: bool) -> HttpResponse:
    galler_till = konton.engangslank_galler_till()
    innehall = {"anvandare": anvandare, "lank": lank, "galler_till": galler_till, "ny": ny}
    return render(request, "anvandare/engangslank.html", innehall)


def _sida(
    request: HttpRequest,
    anvandare: Anvandare,
    *,
    form: Anvandarformular | None = None,
    rollform: Rollformular | None = None,
    status: int = 200,
) -> HttpResponse:
    innehall = {
        "anvandare": anvandare,
        "roller": anvandare.alla_roller.select_related("huvudman"),
        "form": form or Anvandarformular(instance=anvandare),
        "avtryck": administration.kontoavtryck(anvandare),
        "rollform": rollform or Rollformular(),
    }
    return render(request, "anvandare/redigera.html", innehall, status=status)
