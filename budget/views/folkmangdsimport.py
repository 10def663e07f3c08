"""A file from SCB: upload, see row by row what it would change, then save all of it or nothing.

What was shown travels to the saving step as a signed value, so that exactly that is saved, and it is checked against
the database again.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from budget import folkmangd as tjanst
from budget.folkmangdsberoende import beroenden
from budget.formular_folkmangd import FOR_STOR, KALLA, Filformular
from budget.scb import las_fil
from budget.views.uppladdning import GILTIG, Storleksvakt, satt_vakt, vagrad
from handlingsplan import behorighet
from handlingsplan.redigering import inloggad
from handlingsplan.tid import klockslag

SALT = "budget.folkmangdsimport"


@csrf_exempt
def folkmangd_importera(request: HttpRequest) -> HttpResponse:
    """Exempt from the early CSRF check, which reads the body: the guard comes first, and `_importera` checks."""
    behorighet.krav_grunddata(request)
    return _importera(request, satt_vakt(request))


@csrf_protect
def _importera(request: HttpRequest, vakt: Storleksvakt) -> HttpResponse:
    if request.method != "POST":
        return render(request, "folkmangd/importera.html", {"form": Filformular(initial={"kalla": KALLA})})
    if "underlag" in request.POST:
        return _spara(request, request.POST["underlag"])
    return _granska(request, vakt)


def _granska(request: HttpRequest, vakt: Storleksvakt) -> HttpResponse:
    """Show what the file would change. 413 for a file that is too large, 422 for one that cannot be saved."""
    form = Filformular(request.POST, request.FILES)
    if status := vagrad(form, vakt, FOR_STOR):
        return render(request, "folkmangd/importera.html", {"form": form}, status=status)
    fil, datum, kalla, alder = (form.cleaned_data[falt] for falt in ("fil", "datum", "kalla", "alder"))
    plan = tjanst.planera(las_fil(fil.name, fil.read(), datum, alder=alder), datum)
    innehall = _granskning(plan) | {"filnamn": fil.name, "kalla": kalla, "alder": alder}
    if not plan.kan_genomforas:
        return render(request, "folkmangd/granska.html", innehall, status=422)
    if innehall["att_spara"]:
        innehall["underlag"] = _underlag(plan, kalla)
        innehall["beroende"] = beroenden(datum, plan.nya_tal, alder.kod)
    return render(request, "folkmangd/granska.html", innehall)


def _underlag(plan: tjanst.Importplan, kalla: str) -> str:
    return signing.dumps({"plan": tjanst.packa(plan), "kalla": kalla}, salt=SALT, compress=True)


def _granskning(plan: tjanst.Importplan) -> dict[str, Any]:
    """The rows by what happens to them; a party that the file does not have has no row in it."""
    return {
        "plan": plan,
        "nya": plan.med("ny"),
        "andrade": plan.med("andrad"),
        "oforandrade": plan.med("oforandrad"),
        "overhoppade": plan.med("overhoppad"),
        "vagrade": [rad for rad in plan.med("vagrad") if not rad.kod],
        "saknade": [rad for rad in plan.med("vagrad") if rad.kod],
        "antal_fel": len(plan.med("vagrad")),
        "att_spara": len(plan.med("ny", "andrad")),
        "ovanliga": [rad for rad in plan.partsrader if rad.varning],
    }


def _spara(request: HttpRequest, underlag: str) -> HttpResponse:
    """Save what was shown. 422 where it is not ours or too old, 409 where something has changed since."""
    form = Filformular(initial={"kalla": KALLA})
    try:
        data = signing.loads(underlag, salt=SALT, max_age=GILTIG)
        antal = tjanst.genomfor(tjanst.packa_upp(data["plan"]), data["kalla"], inloggad(request))
    except signing.BadSignature:
        hinder = "Granskningen är för gammal eller har ändrats på vägen. Ingenting är sparat; välj filen igen."
        return render(request, "folkmangd/importera.html", {"form": form, "hinder": hinder}, status=422)
    except tjanst.Importfel as fel:
        return render(request, "folkmangd/importera.html", {"form": form, "hinder": str(fel)}, status=409)
    messages.success(request, f"Sparat {klockslag()}: {antal} nya eller ändrade folkmängder.")
    alder = tjanst.packa_upp(data["plan"]).alder
    return redirect(f"{reverse('folkmangd')}?{urlencode({'alder': alder})}" if alder else "folkmangd")
