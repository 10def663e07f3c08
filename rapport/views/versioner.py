"""Named versions of a plan, and two plans or versions compared, on screen and as a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from handlingsplan import behorighet
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.redigering import inloggad
from handlingsplan.sparande import Krock
from handlingsplan.svar import fil
from handlingsplan.tid import klockslag
from rapport import frysning, versioner
from rapport.bygg import plandokument
from rapport.jamforelsepdf import jamforelse_till_pdf
from rapport.models import FrystPlan, Planversion
from rapport.pdf import PdfFel, PdfMotornSaknas, PdfUpptagen
from rapport.plandokument import SCHEMA, Plandokument
from rapport.planjamforelse import Planjamforelse, jamfor
from rapport.views.pdf import pdf_svar

# --- Versions --------------------------------------------------------------------------------------------------------


class Versionsnamn(forms.Form):
    """What a version is to be called. `avtryck` says what was read."""

    namn = forms.CharField(
        label="Namn", max_length=100, help_text="Till exempel Remiss 1 eller Rekommenderad av CTB 2023-10-12."
    )
    slag = forms.ChoiceField(
        label="Slag",
        choices=[en for en in Planversion.Slag.choices if en[0] != Planversion.Slag.FASTSTALLD],
        help_text="Den fastställda planen fryses när du fastställer den.",
    )
    avtryck = forms.CharField(widget=forms.HiddenInput)


def plan_versioner(request: HttpRequest, till_ar: int) -> HttpResponse:
    """The plan's versions; coordinators freeze a new one here."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    if request.method == "POST":
        plan = behorighet.plan_att_redigera(request, till_ar)
    dokument = plandokument(plan)
    nu = frysning.avtryck(dokument)
    form = Versionsnamn(request.POST or None, initial={"avtryck": nu})
    hinder = ""
    if request.method == "POST" and form.is_valid():
        try:
            version = versioner.frys(plan, av=inloggad(request), **form.cleaned_data)
        except ValidationError as fel:
            form.add_error("namn", fel.messages)
        except Krock:
            hinder = "Planen har ändrats sedan du öppnade sidan. Läs igenom den och frys den en gång till."
            inskickat = request.POST.copy()
            inskickat["avtryck"] = nu
            form = Versionsnamn(inskickat)
        except (PdfMotornSaknas, PdfUpptagen, PdfFel) as fel:
            hinder = f"Versionen fryses tillsammans med sin PDF, och den gick inte att göra: {fel}"
        else:
            messages.success(request, f"{klockslag()}: versionen {version.namn} är fryst.")
            return redirect("plan_versioner", till_ar)
    innehall = {
        "plan": plan,
        "dokument": dokument,
        "fryst": FrystPlan.objects.filter(plan=plan).defer("dokument", "pdf").first(),
        "versioner": _med_namn(versioner.synliga(plan, bara_delade=not behorighet.ratter(request).far_lasa_odelat)),
        "form": form,
        "hinder": hinder,
        "far_frysa": behorighet.far_redigera(request, plan),
    }
    status = 409 if hinder else 422 if form.errors else 200
    return render(request, "rapport/versioner.html", innehall, status=status)


def _med_namn(rader: Any) -> list[tuple[Planversion, str, Planversion | None]]:
    """Versions with the name of whoever made each, as it is now, and the version before it."""
    rader = list(rader)
    namn = {en.pk: str(en) for en in Anvandare.objects.filter(pk__in={en.anvandare_id for en in rader})}
    return [
        (en, namn.get(en.anvandare_id, "Någon som inte längre har konto"), fore)
        for en, fore in zip(rader, [*rader[1:], None], strict=False)
    ]


def _version(request: HttpRequest, till_ar: int, nummer: int) -> Planversion:
    """A version that the user may see; 404 for others."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    alla = Planversion.objects.filter(plan=plan, nummer=nummer).select_related("plan")
    version = (alla if behorighet.ratter(request).far_lasa_odelat else alla.filter(delad=True)).first()
    if version is None:
        raise Http404(f"{plan} har ingen version {nummer} som du kan läsa.")
    return version


@require_safe
def planversion(request: HttpRequest, till_ar: int, nummer: int) -> HttpResponse:
    """The plan as it was when it was frozen."""
    version = _version(request, till_ar, nummer)
    innehall = {
        "plan": version.plan,
        "dokument": versioner.dokument(version),
        "versionen": version,
        "aldre_schema": version.schema < SCHEMA,
        "far_redigera": False,
        "redigeringsmedia": None,
    }
    return render(request, "rapport/plan.html", innehall)


@require_safe
def planversion_json(request: HttpRequest, till_ar: int, nummer: int) -> HttpResponse:
    """The version's record, whose SHA-256 sum is the version's own: to be kept, or read with `granska --fil`."""
    version = _version(request, till_ar, nummer)
    return fil(frysning.som_fil(version.dokument), "application/json", f"{_filnamn(version)}.json")


def _filnamn(version: Planversion) -> str:
    return f"handlingsplan-{version.plan.period.replace('–', '-')}-version-{version.nummer}"


@require_safe
def planversion_pdf(request: HttpRequest, till_ar: int, nummer: int) -> HttpResponse:
    """The version's PDF, byte for byte as it was stored."""
    version = _version(request, till_ar, nummer)
    return pdf_svar(request, lambda: bytes(version.pdf), f"{_filnamn(version)}.pdf")


# --- Comparison ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Jamforbar:
    """Something to compare: a plan as it stands, or one of its versions. `nyckel` is `2024` or `2024.3`."""

    nyckel: str
    namn: str
    plan: Handlingsplan
    nummer: int | None


def jamforbara(request: HttpRequest) -> list[Jamforbar]:
    """Everything that the user may compare, the newest plan first."""
    planer = list(behorighet.synliga_planer(request))
    rader = Planversion.objects.filter(plan__in=planer).defer("dokument", "pdf").order_by("-nummer")
    if not behorighet.ratter(request).far_lasa_odelat:
        rader = rader.filter(delad=True)
    per_plan: dict[int, list[Planversion]] = {}
    for en in rader:
        per_plan.setdefault(en.plan_id, []).append(en)
    alla: list[Jamforbar] = []
    for plan in planer:
        lage = "fastställd" if plan.ar_faststalld else "som den är nu"
        alla.append(Jamforbar(str(plan.till_ar), f"{plan} ({lage})", plan, None))
        alla += [
            Jamforbar(f"{plan.till_ar}.{en.nummer}", f"{plan}: {en.namn} ({en.get_slag_display()})", plan, en.nummer)
            for en in per_plan.get(plan.pk, [])
        ]
    return alla


def _valda(request: HttpRequest, till_ar: int) -> tuple[list[Jamforbar], Jamforbar, Jamforbar]:
    """What can be chosen, and the two that are: without a choice this plan and the one before it, or itself."""
    behorighet.plan_att_lasa(request, till_ar)
    alla = jamforbara(request)
    per_nyckel = {en.nyckel: en for en in alla}
    aldre = [en for en in alla if en.nummer is None and en.plan.till_ar < till_ar]
    standard = (aldre[0] if aldre else per_nyckel[str(till_ar)]).nyckel
    valda = []
    for namn, annars in (("fore", standard), ("efter", str(till_ar))):
        nyckel = request.GET.get(namn, annars)
        if nyckel not in per_nyckel:
            raise Http404(f"Det finns ingen plan eller version ”{nyckel[:20]}” som du kan läsa.")
        valda.append(per_nyckel[nyckel])
    return alla, valda[0], valda[1]


def _ar(request: HttpRequest, namn: str, dokument: Plandokument) -> int | None:
    """The year asked for; None for the record's last, also where the record does not have the one asked for.

    Somebody who chooses another plan has the year of the one before still chosen; the page says which year it shows.
    """
    text = request.GET.get(namn, "")
    return int(text) if text in map(str, _aren(dokument)) else None


def _aren(dokument: Plandokument) -> list[int]:
    """The years that a record speaks of, the newest first."""
    kolumner = {kolumn.budgetar for kolumn in dokument.budget.kolumner}
    return sorted(kolumner | set(range(dokument.fran_ar, dokument.till_ar + 1)), reverse=True)


def _jamforelse(request: HttpRequest, fore: Jamforbar, efter: Jamforbar) -> Planjamforelse:
    dokument = [versioner.valt_dokument(en.plan, en.nummer) for en in (fore, efter)]
    aren = [_ar(request, namn, en) for namn, en in zip(("ar_fore", "ar_efter"), dokument, strict=True)]
    return jamfor(dokument[0], dokument[1], aren[0], aren[1])


@require_safe
def plan_jamfor(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Two plans, versions or years side by side: what is new, gone, moved and changed."""
    alla, fore, efter = _valda(request, till_ar)
    jamforelse = _jamforelse(request, fore, efter)
    innehall = {
        "plan": efter.plan,
        "dokument": jamforelse.efter,
        "alla": alla,
        "fore": fore,
        "efter": efter,
        "jamforelse": jamforelse,
        "arsval": [_aren(en) for en in (jamforelse.fore, jamforelse.efter)],
        "fraga": request.GET.urlencode(),
        "till_ar": till_ar,
    }
    return render(request, "rapport/jamfor.html", innehall)


@require_safe
def plan_jamfor_pdf(request: HttpRequest, till_ar: int) -> HttpResponse:
    """The same as an accessible PDF."""
    _, fore, efter = _valda(request, till_ar)
    jamforelse = _jamforelse(request, fore, efter)
    adress = request.build_absolute_uri(f"{reverse('plan_jamfor', args=[till_ar])}?{request.GET.urlencode()}")
    namn = f"andringsversion-{fore.nyckel.replace('.', '-')}-{efter.nyckel.replace('.', '-')}.pdf"
    return pdf_svar(request, lambda: jamforelse_till_pdf(jamforelse, fore.namn, efter.namn, adress), namn)
