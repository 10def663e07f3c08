"""Footnotes of the budget table: add, edit, move, remove with undo."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from budget.formular import Fotnotsformular, platsnamn, till_fotnotsplats
from budget.models import Fotnot, Fotnotsplats
from budget.views.formularsida import Sida, redigera
from budget.views.rader import flytta, nasta_ordning
from handlingsplan import behorighet
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.redigering import Plats, inloggad
from handlingsplan.sparande import Krock, avtryck, spara
from insatsomraden.views.mal import aterstall, ta_bort


def _lista(plan: Handlingsplan) -> Plats:
    """The list of footnotes on the page with the grid, where they are moved and removed."""
    return Plats("fotnoter", "", reverse("budget_redigera", args=[plan.till_ar]))


def _hamta(plan: Handlingsplan, pk: int) -> Fotnot:
    return get_object_or_404(Fotnot, plan=plan, pk=pk)


def fotnot_ny(request: HttpRequest, till_ar: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    return _redigera(request, plan, Fotnot(plan=plan, ordning=0, version=0), "Ny fotnot")


def fotnot_redigera(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    return _redigera(request, plan, _hamta(plan, pk), "Fotnot", reverse("fotnot_aterstall", args=[till_ar, pk]))


def _redigera(
    request: HttpRequest, plan: Handlingsplan, fotnot: Fotnot, rubrik: str, aterstall_adress: str = ""
) -> HttpResponse:
    form = Fotnotsformular(request.POST or None, instance=fotnot)
    sida = Sida(
        rubrik,
        f"{reverse('budget', args=[plan.till_ar])}#budget",
        hjalp="En fotnot kan stå vid flera ställen. Den skrivs ut en gång, under tabellen.",
        aterstall=aterstall_adress,
        mall="budget/redigera_fotnot.html",
    )
    return redigera(request, form, sida, plan=plan, skriv=lambda _, andringar: _skriv(request, form, andringar))


def _skriv(request: HttpRequest, form: Fotnotsformular, andringar: dict[str, Any]) -> None:
    """The text by version, the places by what they were when the form was made; both conflicts at once."""
    fotnot, av = form.instance, inloggad(request)
    if not fotnot.pk:
        fotnot.version, fotnot.andrad_av = 1, av
        fotnot.ordning = nasta_ordning(Fotnot.objects.filter(plan=fotnot.plan))
        fotnot.save()
    else:
        _spara(form, andringar, av=av)
    if "alla_platser" in andringar:
        fotnot.alla_platser.all().delete()
        nya = andringar["alla_platser"].split()
        Fotnotsplats.objects.bulk_create(till_fotnotsplats(fotnot, namn) for namn in nya)


def _spara(form: Fotnotsformular, andringar: dict[str, Any], *, av: Anvandare) -> None:
    fotnot, bas = form.instance, form.vid_lasning
    nu = avtryck(" ".join(platsnamn(fotnot)))
    flyttad = nu not in (bas.get("alla_platser"), avtryck(andringar.get("alla_platser")))
    platskrock = ("alla_platser",) if "alla_platser" in andringar and flyttad else ()
    text = {"text": andringar["text"]} if "text" in andringar else {}
    try:
        sparad = spara(fotnot, text, version=form.cleaned_data["version"], av=av, avtryck_vid_lasning=bas)
    except Krock as krock:
        raise Krock(krock.sparad, (*krock.falt, *platskrock)) from krock
    if platskrock:
        raise Krock(sparad, platskrock)


@require_POST
def fotnot_flytta(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    return flytta(request, plan, _hamta(plan, pk), _lista(plan), "fotnoten")


@require_POST
def fotnot_ta_bort(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    adress = reverse("fotnot_aterstall", args=[till_ar, pk])
    return ta_bort(request, plan, _hamta(plan, pk), _lista(plan), "Fotnoten togs bort.", adress)


@require_POST
def fotnot_aterstall(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    return aterstall(request, plan, _hamta(plan, pk), _lista(plan), "Fotnoten är tillbaka.")
