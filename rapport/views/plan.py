"""The document: the whole plan, its budget table, search, and the two acts of sharing and adopting it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from handlingsplan import behorighet
from handlingsplan.falt import Isodatum
from handlingsplan.formular import knappversion
from handlingsplan.redigering import inloggad, med_redigerare
from handlingsplan.richtext import redigeringsmedia
from handlingsplan.sparande import Krock, plan_for_skrivning, spara
from handlingsplan.tid import klockslag
from rapport import faststallande, frysning, granskning, nastaar
from rapport import sok as soktjanst
from rapport.bilder_staplar import staplar
from rapport.bygg import plandokument
from rapport.pdf import PdfFel, PdfMotornSaknas, PdfUpptagen


def plan(request: HttpRequest, till_ar: int) -> HttpResponse:
    """The whole plan. Whoever may edit sees a pencil at each part, which opens in its own place."""
    planen = behorighet.plan_att_lasa(request, till_ar)
    redigerbar = behorighet.far_redigera(request, planen)
    innehall = {
        "plan": planen,
        "dokument": plandokument(planen),
        "far_redigera": redigerbar,
        "far_granska": behorighet.far_granska(request),
        "far_gora_nasta": behorighet.ratter(request).far_redigera_plan and not nastaar.hinder(planen),
        "redigeringsmedia": redigeringsmedia() if redigerbar else None,
    }
    svar = render(request, "rapport/plan.html", innehall)
    return med_redigerare(svar) if redigerbar else svar


def budget(request: HttpRequest, till_ar: int) -> HttpResponse:
    planen = behorighet.plan_att_lasa(request, till_ar)
    dokument = plandokument(planen)
    innehall = {
        "plan": planen,
        "dokument": dokument,
        "staplar": staplar(dokument.budget),
        "far_redigera": behorighet.far_redigera(request, planen),
    }
    return render(request, "rapport/budget.html", innehall)


def sok(request: HttpRequest, till_ar: int) -> HttpResponse:
    planen = behorighet.plan_att_lasa(request, till_ar)
    fraga = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    dokument = plandokument(planen)
    innehall = {"plan": planen, "dokument": dokument, "sokt": fraga, "traffar": soktjanst.sok(dokument, fraga)}
    return render(request, "rapport/sok.html", innehall)


def dela(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Share the plan with the parties: an explicit act, with who and when. From then on it is a public record."""
    planen = behorighet.plan_att_redigera(request, till_ar)
    if request.method != "POST":
        return render(request, "rapport/dela.html", {"plan": planen})
    with plan_for_skrivning(planen) as last:
        if not last.ar_delad:
            vem = inloggad(request)
            spara(last, {"delad_at": timezone.now(), "delad_av": vem}, version=last.version, av=vem)
            messages.success(request, f"{klockslag()}: {planen} är delad med huvudmännen.")
    return redirect(planen)


class Faststallandeformular(forms.Form):
    datum = Isodatum(label="Fastställd den", help_text="Datum som 2024-12-31.")
    hanvisning = forms.CharField(
        label="Beslut", max_length=500, help_text="Instans, datum, § och diarienummer som läsaren kan slå upp."
    )

    def clean_datum(self) -> object:
        datum = self.cleaned_data["datum"]
        if datum > timezone.localdate():
            raise forms.ValidationError("Datumet ligger i framtiden. Fastställ planen när beslutet är fattat.")
        return datum


def faststall(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Adopt the plan: freeze record, split and PDF. Says what is missing instead, if anything is."""
    planen = behorighet.plan_att_redigera(request, till_ar)
    form = Faststallandeformular(request.POST or None)
    dokument = plandokument(planen)
    brister, nu = faststallande.brister(dokument), frysning.avtryck(dokument)
    innehall = {"plan": planen, "form": form, "brister": brister, "avtryck": request.POST.get("avtryck") or nu}
    innehall["oppna_fynd"] = granskning.oppna(granskning.granska_plan(planen, dokument))
    if request.method != "POST":
        return render(request, "rapport/faststall.html", innehall)
    if brister or not form.is_valid():
        return render(request, "rapport/faststall.html", innehall, status=422)
    try:
        faststallande.faststall(
            planen,
            version=knappversion(request),
            av=inloggad(request),
            avtryck=request.POST.get("avtryck") or "saknas",
            **form.cleaned_data,
        )
    except Krock:
        innehall |= {"hinder": "Planen har ändrats sedan du öppnade sidan. Läs igenom den en gång till.", "avtryck": nu}
    except (PdfMotornSaknas, PdfUpptagen, PdfFel) as fel:
        innehall["hinder"] = f"Planen fastställs tillsammans med sin PDF, och den gick inte att göra: {fel}"
    except faststallande.KanInteFaststallas as fel:
        innehall["brister"] = fel.brister
    else:
        messages.success(request, f"{planen} är fastställd och ändras inte längre.")
        return redirect(planen)
    return render(request, "rapport/faststall.html", innehall, status=409)
