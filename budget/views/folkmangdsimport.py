"""A file from SCB: upload, see row by row what it would change, then save all of it or nothing.

What was shown travels to the saving step as a signed value, so that exactly that is saved, and it is checked against
the database again.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from budget import folkmangd as tjanst
from budget.folkmangdsberoende import beroenden
from budget.formular_folkmangd import FOR_STOR, KALLA, Filformular
from budget.scb import las_fil
from budget.scb.lasning import HOGSTA_STORLEK
from handlingsplan import behorighet
from handlingsplan.redigering import inloggad
from handlingsplan.tid import klockslag

SALT = "budget.folkmangdsimport"
GILTIG = 60 * 60  # seconds from preview to saving


class Storleksvakt(FileUploadHandler):
    """Throws away what comes after the limit, so that no more than that is ever stored.

    DATA_UPLOAD_MAX_MEMORY_SIZE does not count files. The rest is still read past, so that the page with the message
    reaches the browser; StopUpload would do that too, but line by line, which takes eight seconds for 40 MB.
    """

    for_stor = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start + len(raw_data) <= HOGSTA_STORLEK:
            return raw_data
        self.for_stor = True
        return None

    def file_complete(self, file_size: int) -> None:
        return None


@csrf_exempt
def folkmangd_importera(request: HttpRequest) -> HttpResponse:
    """Exempt from the early CSRF check, which reads the body: the guard comes first, and `_importera` checks."""
    behorighet.krav_grunddata(request)
    vakt = Storleksvakt(request)
    request.upload_handlers.insert(0, vakt)
    return _importera(request, vakt)


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
    giltig = form.is_valid()
    if vakt.for_stor:
        form.errors.pop("fil", None)
        form.add_error("fil", FOR_STOR)
        return render(request, "folkmangd/importera.html", {"form": form}, status=413)
    if not giltig:
        return render(request, "folkmangd/importera.html", {"form": form}, status=422)
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
