"""The billing basis of a plan, for coordinators: what is proposed, issued and credited, year by year."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from budget.avstamningslager import alla_avraknas_mot, avraknas_mot
from budget.debiterat import debitering
from budget.delbetalningar import AVRUNDNING_I_ORD, Period, perioder
from budget.kalkylblad import XLSX
from budget.models import Fakturautstallare, Faktureringsunderlag
from handlingsplan import behorighet
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import Plats, inloggad, redigera, skriver_forsta
from handlingsplan.sparande import last_plan
from handlingsplan.svar import fil
from handlingsplan.tid import klockslag
from rapport import fakturablad, fakturering
from rapport.avrakning import Arsavrakning, arsavrakning
from rapport.bygg import plandokument
from rapport.former_faktura import Delningsformular, Kreditformular, Utfardandeformular, Utstallarformular
from rapport.plandokument import Arsfordelning, Plandokument
from rapport.views.fordelning import valt_ar

CSV = "text/csv; charset=utf-8"


def _ar(request: HttpRequest, dokument: Plandokument) -> Arsfordelning:
    """The year asked for; 404 for one that is not the plan's own."""
    ars = valt_ar(request, dokument)
    if not ars.egen:
        raise Http404(f"{dokument.titel} omfattar inte {ars.budgetar}. Det faktureras i sin egen plan.")
    return ars


def _delning(request: HttpRequest) -> Delningsformular:
    """How the year is to be paid, from the address; 404 for a division or a rounding that does not exist."""
    val = Delningsformular.ur(request.GET)
    if not val.is_valid():
        raise Http404("Välj hela året, halvår eller kvartal, och öre eller hela kronor.")
    return val


def alla_perioder(budgetar: int) -> dict[str, Period]:
    """The periods that a file can be of, by what the address says: h1, h2, k1 … k4."""
    return {f"{delning[0]}{en.nummer}": en for delning in ("halvar", "kvartal") for en in perioder(budgetar, delning)}


def vald_period(request: HttpRequest, budgetar: int) -> Period | None:
    """The period asked for, None for the whole year; 404 for one that is not in the year."""
    kod = request.GET.get("period", "")
    if kod and kod not in alla_perioder(budgetar):
        raise Http404(f"”{kod[:20]}” är ingen period i {budgetar}. Välj h1, h2, k1, k2, k3 eller k4.")
    return alla_perioder(budgetar).get(kod)


def med_delar(underlag: QuerySet[Faktureringsunderlag]) -> QuerySet[Faktureringsunderlag]:
    """With what lists and files say of each, in two statements."""
    rader = underlag.select_related("plan", "krediterar__plan", "kredit__plan")
    return rader.prefetch_related("alla_delbetalningar")


def _utfardade(plan: Handlingsplan, budgetar: int) -> QuerySet[Faktureringsunderlag]:
    return med_delar(plan.alla_faktureringsunderlag.filter(budgetar=budgetar))


def _forslag(plan: Handlingsplan, ars: Arsfordelning, val: Delningsformular) -> fakturering.Forslag:
    try:
        return fakturering.forslag(plan, ars, **val.cleaned_data)
    except fakturering.KanInteUtfardas as fel:
        raise Http404(str(fel)) from fel


def oversikt(request: HttpRequest, till_ar: int) -> HttpResponse:
    """A year's bases: what is left to issue, and what is issued."""
    plan = behorighet.plan_att_fakturera(request, till_ar)
    dokument = plandokument(plan)
    ars, val = _ar(request, dokument), _delning(request)
    gjort = debitering(plan, ars.budgetar)
    innehall = {
        "plan": plan,
        "dokument": dokument,
        "ars": ars,
        "egna_ar": [en.budgetar for en in dokument.fordelningar if en.egen],
        "val": val,
        "nu": _forslag(plan, ars, val),
        "avrundning": AVRUNDNING_I_ORD[val.cleaned_data["avrundning"]],
        "utfardade": _utfardade(plan, ars.budgetar),
        "gjort": gjort,
        "fakturerat": sum(gjort.fakturerat.values()),
        "egen": sum(gjort.egen.values()),
        "perioder": alla_perioder(ars.budgetar),
        "far_kreditera": True,
        "avrakning": arsavrakning(ars, alla_avraknas_mot(ars.budgetar)),
    }
    return render(request, "rapport/fakturering.html", innehall)


def utfarda(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Issue what is left of a year, after a last look: who, how much, and when each instalment is invoiced."""
    plan = behorighet.plan_att_fakturera(request, till_ar)
    ars, val = _ar(request, plandokument(plan)), _delning(request)
    nu = _forslag(plan, ars, val)
    form = Utfardandeformular(request.POST or None, budgetar=ars.budgetar, delning=nu.delning, avtryck=nu.avtryck)
    tillbaka = f"{reverse('fakturering', args=[till_ar])}?ar={ars.budgetar}"
    innehall = {"plan": plan, "ars": ars, "nu": nu, "form": form, "tillbaka": tillbaka, "hinder": nu.hinder}
    innehall |= {"avrundning": AVRUNDNING_I_ORD[nu.avrundning], "val": val}
    innehall["avrakning"] = arsavrakning(ars, alla_avraknas_mot(ars.budgetar))
    if request.method != "POST":
        return render(request, "rapport/fakturering_utfarda.html", innehall)
    if not form.is_valid():
        return render(request, "rapport/fakturering_utfarda.html", innehall, status=422)
    try:
        gjorda = fakturering.utfarda(
            plan,
            ars.budgetar,
            **val.cleaned_data,
            dagar=form.dagar,
            avtryck=form.cleaned_data["avtryck"],
            av=inloggad(request),
        )
    except fakturering.KanInteUtfardas as fel:
        nytt = _forslag(plan, ars, val)
        data = request.POST.copy()
        data["avtryck"] = nytt.avtryck
        form = Utfardandeformular(data, budgetar=ars.budgetar, delning=nu.delning, avtryck="")
        innehall |= {"nu": nytt, "form": form, "hinder": nytt.hinder, "andrat": str(fel)}
        return render(request, "rapport/fakturering_utfarda.html", innehall, status=409)
    egna = sum(en.ar_egen for en in gjorda)
    vad = f"{len(gjorda) - egna} underlag för {ars.budgetar}{' och utställarens egen andel' if egna else ''}"
    messages.success(request, f"Utfärdat {klockslag()}: {vad}.")
    return redirect(f"{tillbaka}#r-utfardade")


def utstallare(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Who sends the plan's invoices; also after it is adopted, since that is no part of what was adopted."""
    plan = behorighet.plan_att_fakturera(request, till_ar)
    rad = Fakturautstallare.objects.filter(plan=plan).select_related("andrad_av").first()
    rad = rad or Fakturautstallare(plan=plan, version=0)
    plats = Plats(
        "utstallare",
        f"Utställare: {plan}",
        reverse("fakturering", args=[till_ar]),
        hjalp="Utfärdade underlag ändras inte. Är utställaren en huvudman faktureras inte dess egen andel.",
        niva=2,
    )
    form = Utstallarformular(request.POST or None, instance=rad)
    skriv = skriver_forsta(request, rad, {"plan": plan})
    return redigera(request, form, plats, las=lambda: last_plan(plan), skriv=skriv)


def underlag(request: HttpRequest, till_ar: int, nummer: int) -> HttpResponse:
    """One issued basis, for coordinators and for the party itself."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    ett = _ett(plan, nummer)
    de = behorighet.krav_underlag(request, ett.huvudman.kod)
    avraknas = () if ett.slag == ett.Slag.KREDIT else avraknas_mot(ett.budgetar, ett.kod)
    innehall = {
        "plan": plan,
        "ett": ett,
        "med_uppgifter": de.far_se_faktureringsuppgifter(ett.huvudman.kod),
        "avrundning": AVRUNDNING_I_ORD[ett.avrundning],
        "far_kreditera": de.far_redigera_plan,
        "avraknas": avraknas,
        "efter_avrakning": ett.belopp + sum(en.paverkan for en in avraknas),
    }
    return render(request, "rapport/faktureringsunderlag.html", innehall)


def _ett(plan: Handlingsplan, nummer: int) -> Faktureringsunderlag:
    return get_object_or_404(med_delar(plan.alla_faktureringsunderlag.select_related("huvudman")), nummer=nummer)


def kreditera(request: HttpRequest, till_ar: int, nummer: int) -> HttpResponse:
    """Take back an issued basis with a credit. Asks for the reason."""
    plan = behorighet.plan_att_fakturera(request, till_ar)
    ett = _ett(plan, nummer)
    form = Kreditformular(request.POST or None)
    innehall = {"plan": plan, "ett": ett, "form": form}
    if request.method != "POST":
        return render(request, "rapport/fakturering_kreditera.html", innehall)
    if not form.is_valid():
        return render(request, "rapport/fakturering_kreditera.html", innehall, status=422)
    try:
        kredit = fakturering.kreditera(ett, skal=form.cleaned_data["skal"], av=inloggad(request))
    except fakturering.KanInteUtfardas as fel:
        innehall |= {"ett": _ett(plan, nummer), "hinder": str(fel)}
        return render(request, "rapport/fakturering_kreditera.html", innehall, status=409)
    messages.success(request, f"Krediterat {klockslag()}: {ett.beteckning} med {kredit.beteckning}.")
    return redirect(f"{reverse('fakturering', args=[till_ar])}?ar={ett.budgetar}#r-utfardade")


def som_csv(request: HttpRequest, till_ar: int) -> HttpResponse:
    rader, namn, _, avrakning = _fil(request, till_ar)
    return fil(fakturablad.som_csv(rader, med_uppgifter=True, avrakning=avrakning), CSV, f"{namn}.csv")


def som_xlsx(request: HttpRequest, till_ar: int) -> HttpResponse:
    rader, namn, rubrik, avrakning = _fil(request, till_ar)
    om = "Utfärdade faktureringsunderlag med krediter. Summan är det som är debiterat, krediterna avdragna."
    innehall = fakturablad.som_xlsx(rader, med_uppgifter=True, rubrik=rubrik, om=om, avrakning=avrakning)
    return fil(innehall, XLSX, f"{namn}.xlsx")


def _fil(request: HttpRequest, till_ar: int) -> tuple[list[fakturablad.Rad], str, str, Arsavrakning | None]:
    """The rows of a file, what it is called, its heading, and what is set against the year; 404 without bases."""
    plan = behorighet.plan_att_fakturera(request, till_ar)
    ars = _ar(request, plandokument(plan))
    period = vald_period(request, ars.budgetar)
    underlag_ = list(_utfardade(plan, ars.budgetar))
    if not underlag_:
        raise Http404(f"Inget underlag är utfärdat för {ars.budgetar}.")
    del_ = f"-{request.GET['period']}" if period else ""
    rubrik = f"{plan}: faktureringsunderlag, {period.namn[0].lower() + period.namn[1:] if period else ars.budgetar}"
    avrakning = arsavrakning(ars, alla_avraknas_mot(ars.budgetar))
    rader = fakturablad.delbetalningar(underlag_, period)
    return rader, f"faktureringsunderlag-{ars.budgetar}{del_}", rubrik, avrakning
