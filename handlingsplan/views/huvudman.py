"""The parties: read by everyone with a role, edited as common data."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from handlingsplan import behorighet, huvudmannalista, krockvisning
from handlingsplan.former_huvudman import Flerahuvudmanformular, Huvudmanformular, NyHuvudmanformular
from handlingsplan.hanvisningar import har_rader
from handlingsplan.models import Huvudman
from handlingsplan.redigering import Plats, formularsida, inloggad, meddela_sparat
from handlingsplan.sparande import Krock, spara


def lista(request: HttpRequest) -> HttpResponse:
    ratter = behorighet.krav_lasa(request)
    alla_huvudman = Huvudman.objects.annotate(har_rader=har_rader(Huvudman))
    return render(request, "huvudman/lista.html", {"alla_huvudman": alla_huvudman, "ratter": ratter})


def ny(request: HttpRequest) -> HttpResponse:
    behorighet.krav_grunddata(request)
    form = NyHuvudmanformular(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "huvudman/ny.html", {"form": form})
    if not form.is_valid():
        return render(request, "huvudman/ny.html", {"form": form}, status=422)
    form.instance.andrad_av = inloggad(request)
    try:
        with transaction.atomic():
            huvudman = form.save()
    except IntegrityError:  # the form has looked already, but a double click gets past that
        form.add_error("kod", "Någon annan lade just till huvudmannen, eller en region till. Se efter i listan.")
        return render(request, "huvudman/ny.html", {"form": form}, status=422)
    messages.success(request, f"{huvudman} är tillagd. Dess folkmängd läggs in under Folkmängd.")
    return redirect("huvudman_lista")


def flera(request: HttpRequest) -> HttpResponse:
    """Several at once, all or none. `?lan=12` begins with SCB's list of a county."""
    behorighet.krav_grunddata(request)
    lan, lanen = request.GET.get("lan", ""), huvudmannalista.lanen()
    forslag = huvudmannalista.scb_rader(lan) if lan in dict(lanen) else ""
    form = Flerahuvudmanformular(request.POST if request.method == "POST" else None, initial={"rader": forslag})
    if request.method == "POST" and form.is_valid():
        try:
            tillagda = huvudmannalista.lagg_till(form.cleaned_data["rader"], av=inloggad(request))
        except ValidationError as fel:
            form.add_error("rader", fel)
        except IntegrityError:  # looked at already, but somebody else has just added one of them
            form.add_error("rader", "Någon annan lade just till en av dem. Se efter i listan.")
        else:
            antal = "En huvudman är tillagd" if len(tillagda) == 1 else f"{len(tillagda)} huvudmän är tillagda"
            messages.success(request, f"{antal}. Folkmängden läggs in under Folkmängd.")
            return redirect("huvudman_lista")
    region = Huvudman.objects.filter(typ=Huvudman.Typ.REGION).first()
    innehall = {"form": form, "lanen": lanen, "lan": lan or (region.kod if region else "")}
    return render(request, "huvudman/flera.html", innehall, status=422 if form.errors else 200)


def redigera(request: HttpRequest, kod: str) -> HttpResponse:
    behorighet.krav_grunddata(request)
    huvudman = get_object_or_404(Huvudman, kod=kod)
    form = Huvudmanformular(request.POST if request.method == "POST" else None, instance=huvudman)
    plats = Plats(f"huvudman-{huvudman.kod}", f"{huvudman} ({huvudman.kod})", reverse("huvudman_lista"))
    if request.method != "POST":
        return formularsida(request, form, plats)
    if not form.is_valid():
        return formularsida(request, form, plats, status=422)
    try:
        _spara(request, form)
    except Krock as krock:
        visning = krockvisning.visa(form, krock)
        return formularsida(request, form.pa_ny_bas(krock.sparad), plats, krock=krock, krockfalt=visning, status=409)
    meddela_sparat(request, f"Sparat: {form.instance}.")
    return redirect(plats.ankare)


def ta_bort(request: HttpRequest, kod: str) -> HttpResponse:
    """Remove a party that was added by mistake: nothing in the database may point at it. Asks first."""
    behorighet.krav_grunddata(request)
    huvudman = get_object_or_404(Huvudman, kod=kod)
    if request.method != "POST":
        return render(request, "huvudman/ta_bort.html", {"huvudman": huvudman})
    try:
        with transaction.atomic():
            huvudman.delete()
    except (ProtectedError, IntegrityError):  # the second: somebody has just added a row
        messages.error(
            request,
            f"{huvudman} är inte borttagen. Den har folkmängd, en läsare eller en andel i en fastställd plan.",
        )
    else:
        messages.success(request, f"{huvudman} är borttagen.")
    return redirect("huvudman_lista")


@transaction.atomic
def _spara(request: HttpRequest, form: Huvudmanformular) -> None:
    """One conditional UPDATE, as for the plan's parts. Nothing typed anew, nothing written."""
    andringar = form.andringar()
    if andringar:
        spara(
            form.instance,
            andringar,
            version=form.cleaned_data["version"],
            av=inloggad(request),
            avtryck_vid_lasning=form.vid_lasning,
        )
