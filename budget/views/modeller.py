"""A plan's cost models: the list of models, keys and overrides, and one model with its worked example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from budget import kostnadsmodeller, modellexempel, modellmallar, modellord, modellversion
from budget.formular_modell import Modellformular, Nymodellformular
from budget.models import Kostnadsmodell, Modellundantag, Viktserie
from handlingsplan import autosparning, behorighet
from handlingsplan.formular import Versionsformular
from handlingsplan.models import Handlingsplan, Huvudman
from handlingsplan.redigering import Plats, aterstall, formularsida, inloggad, redigera, ta_bort
from handlingsplan.sparande import plan_for_skrivning
from handlingsplan.views.fel import bara_post

NAMNET_FINNS = "Någon annan har just använt namnet, eller redan lagt in detsamma. Se efter i listan."


# --- What the models, keys and overrides have in common --------------------------------------------------------------


def listan(plan: Handlingsplan, del_id: str = "", rubrik: str = "", **mer: Any) -> Plats:
    """A part of the page with the plan's models."""
    return Plats(del_id, rubrik, reverse("modeller", args=[plan.till_ar]), niva=3, **mer)


def spara_form(request: HttpRequest, form: Versionsformular[Any], plats: Plats, plan: Handlingsplan) -> HttpResponse:
    """As `redigera`, saved whole or not at all; what the database refuses is said in the form."""
    try:
        return redigera(
            request, form, plats, plan=plan, skriv=lambda _, andrat: form.spara(andrat, av=inloggad(request))
        )
    except IntegrityError:
        return upptaget(request, form, plats)


def skapa_form(
    request: HttpRequest, form: Versionsformular[Any], plats: Plats, plan: Handlingsplan, skriv: Callable[[Any], Any]
) -> HttpResponse:
    """As `redigera` for what is made by the button; what the database refuses is said in the form."""
    try:
        return redigera(request, form, plats, plan=plan, skriv=lambda rad, _: skriv(rad))
    except IntegrityError:
        return upptaget(request, form, plats)


def upptaget(request: HttpRequest, form: Versionsformular[Any], plats: Plats) -> HttpResponse:
    """Somebody else was there between the form's look and the save: the name or the row is taken."""
    if autosparning.galler(request):
        return JsonResponse({"fel": {"": NAMNET_FINNS}}, status=422)
    form.add_error(None, NAMNET_FINNS)
    return formularsida(request, form, plats, status=422)


def ta_bort_ledig(
    request: HttpRequest, plan: Handlingsplan, rad: Any, plats: Plats, text: str, adress: str, hinder: Callable[[], str]
) -> HttpResponse:
    """Remove what nothing uses; else say what does. Looked at under the plan's lock."""
    with plan_for_skrivning(plan):
        skal = hinder()
        if not skal:
            return ta_bort(request, plan, rad, plats, text, adress)
    messages.error(request, f"Inget togs bort. {skal}")
    return redirect(plats.ankare)


def aterstall_ledig(request: HttpRequest, plan: Handlingsplan, rad: Any, plats: Plats, text: str) -> HttpResponse:
    """Bring back what was removed, where its name or place is still free."""
    with plan_for_skrivning(plan):
        rad.borttagen_at = None
        try:
            rad.validate_constraints()
        except ValidationError as fel:
            messages.error(request, f"Inget är ändrat. {' '.join(fel.messages)}")
            return redirect(plats.ankare)
        return aterstall(request, plan, rad, plats, text)


# --- The list --------------------------------------------------------------------------------------------------------


def modeller(request: HttpRequest, till_ar: int) -> HttpResponse:
    """The plan's models, keys and overrides; those who edit have buttons."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    rader = modellexempel.med_rader(Kostnadsmodell.objects.filter(plan=plan, borttagen_at=None))
    alla_huvudman = list(Huvudman.objects.all())
    undantag = Modellundantag.objects.filter(plan=plan, borttagen_at=None)
    innehall = {
        "plan": plan,
        "far_redigera": behorighet.far_redigera(request, plan),
        "modeller": [
            (
                en,
                *modellexempel.mening(plan, en),
                kostnadsmodeller.anvands(en),
                modellord.beslut_i_ord(en),
                modellversion.av(en),
            )
            for en in rader
        ],
        "serier": [
            (en, modellord.serien_saknar(en, alla_huvudman), len(en.varden.split("\n")) if en.varden else 0)
            for en in Viktserie.objects.filter(plan=plan, borttagen_at=None).select_related("andrad_av")
        ],
        "undantag": [
            (en, modellord.undantag_i_ord(en), modellord.beslut_i_ord(en))
            for en in undantag.select_related("utgava", "aktivitet", "modell", "andrad_av")
        ],
    }
    return render(request, "budget/modeller.html", innehall)


# --- One model -------------------------------------------------------------------------------------------------------


def hamta(plan: Handlingsplan, pk: int) -> Kostnadsmodell:
    return get_object_or_404(Kostnadsmodell.objects.select_related("plan"), plan=plan, pk=pk)


def modell(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """One model: its sentence, groups and conditions, and what everybody would pay (`?ar=`, `?part=`)."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    if hamta(plan, pk).borttagen_at is not None:
        raise Http404("Modellen är borttagen.")
    rad = modellexempel.las_modell(pk)
    serier, namn = modellord.serier_av(plan), modellord.partsnamn()
    innehall = {
        "plan": plan,
        "modell": rad,
        "far_redigera": behorighet.far_redigera(request, plan),
        "version": modellversion.av(rad),
        "beslut": modellord.beslut_i_ord(rad),
        "grupper": [
            modellord.grupp_i_ord(en, serier, namn) for en in rad.alla_grupper.all() if en.borttagen_at is None
        ],
        "villkor": [
            (en, modellord.villkor_i_ord(en), modellord.giltighet_i_ord(en), modellord.beslut_i_ord(en))
            for en in rad.alla_villkor.all()
            if en.borttagen_at is None
        ],
        **exemplet(request, plan, rad),
    }
    return render(request, "budget/modell.html", innehall)


def exemplet(
    request: HttpRequest, plan: Handlingsplan, rad: Kostnadsmodell, sant: QueryDict | None = None
) -> dict[str, Any]:
    """What the worked example's templates need, of the year and the party that are asked for.

    `sant` are open forms, to be laid over what is saved.
    """
    egna = behorighet.ratter(request).huvudman_koder
    fraga = request.GET if sant is None else sant
    text = fraga.get("ar", "")
    budgetar = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else plan.till_ar
    if budgetar not in plan.verksamhetsar:
        raise Http404(f"{plan} har ingen budget för {budgetar}.")
    olasta = [] if sant is None else modellexempel.ovanpa(rad, sant)
    return {
        "plan": plan,
        "modell": rad,
        "anvands": kostnadsmodeller.anvands(rad),
        "exempel": modellexempel.exempel(plan, rad, budgetar, fraga.get("part") or next(iter(egna), ""), olasta),
        "alla_ar": list(plan.verksamhetsar),
        "parter": list(Huvudman.objects.values_list("kod", "officiellt_namn")),
        "egna": egna,
    }


def exempel_under(request: HttpRequest, plan: Handlingsplan, pk: int) -> Callable[[], str]:
    """The worked example beneath a form on a page of its own; it follows what is typed there."""

    def skriv() -> str:
        innehall = exemplet(request, plan, modellexempel.las_modell(pk)) | {"far_redigera": True, "under": True}
        return render_to_string("budget/_modellexempel.html", innehall, request=request)

    return skriv


@bara_post
def modell_rakna(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """The sentence and the example with what stands in the open forms. Nothing is saved."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    hamta(plan, pk)
    innehall = exemplet(request, plan, modellexempel.las_modell(pk), request.POST)
    return render(request, "budget/_modellsvar.html", innehall)


def modellens_plats(rad: Kostnadsmodell, del_id: str, rubrik: str, **mer: Any) -> Plats:
    """A part of one model's page."""
    return Plats(del_id, rubrik, reverse("modell", args=[rad.plan.till_ar, rad.pk]), niva=3, **mer)


def modell_ny(request: HttpRequest, till_ar: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    form = Nymodellformular(request.POST or None, instance=Kostnadsmodell(plan=plan, version=0))

    def skriv(rad: Kostnadsmodell) -> Kostnadsmodell:
        data = form.cleaned_data
        return modellmallar.skapa(rad, data["mall"], data.get("serie"), data.get("kopiera"), av=inloggad(request))

    svar = skapa_form(request, form, listan(plan, "modell-ny", "Ny kostnadsmodell"), plan, skriv)
    return redirect("modell", till_ar, form.instance.pk) if svar.status_code == 302 else svar


def modell_redigera(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = hamta(plan, pk)
    form = Modellformular(request.POST or None, instance=rad)
    plats = modellens_plats(rad, "modell", rad.namn, under=exempel_under(request, plan, pk))
    try:
        return redigera(request, form, plats, plan=plan)
    except IntegrityError:
        return upptaget(request, form, plats)


@bara_post
def modell_ta_bort(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    rad = hamta(plan, pk)

    def hinder() -> str:
        dar = kostnadsmodeller.anvands(rad)
        return f"{rad} används: {'; '.join(dar)}. Byt modell där först." if dar else ""

    adress = reverse("modell_aterstall", args=[till_ar, pk])
    return ta_bort_ledig(request, plan, rad, listan(plan, "r-modeller"), "Modellen togs bort.", adress, hinder)


@bara_post
def modell_aterstall(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    return aterstall_ledig(request, plan, hamta(plan, pk), listan(plan, "r-modeller"), "Modellen är tillbaka.")
