"""The comment of one cell, for those who edit the budget."""

from __future__ import annotations

from dataclasses import asdict

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from budget.belopp import visa_cell
from budget.celler import Cellplats, las_plats
from budget.formular import Kommentarformular
from budget.kolumner import skriv_kolumnnyckel
from budget.models import Cellkommentar
from budget.redigering import Budgetlage, las_lage, varde
from handlingsplan import behorighet, historik
from handlingsplan.redigering import Plats, inloggad, redigera
from handlingsplan.sparande import Krock

HJALP = "Kommentaren syns bara för dem som redigerar planen, och skrivs aldrig ut. Töm rutan för att ta bort den."


def cellkommentar_redigera(request: HttpRequest, till_ar: int, cell: str) -> HttpResponse:
    """Write, change or empty a cell's comment, whether or not the cell is filled in."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    plats, lage = las_plats(cell), las_lage(plan)
    if plats is None or not lage.far_skrivas(plats):
        raise Http404("Cellen finns inte i budgeten. Raden kan ha tagits bort.")
    kommentar = plan.alla_cellkommentarer.filter(**asdict(plats)).select_related("andrad_av").first()
    if kommentar is None:
        kommentar = Cellkommentar(plan=plan, version=0, **asdict(plats))
    form = Kommentarformular(request.POST or None, instance=kommentar)
    hjalp = f"I cellen står: {visa_cell(varde(lage.poster.get(plats)))}. {HJALP}"
    sida = Plats(plats.namn, f"Kommentar: {lage.etikett(plats)}", _tillbaka(lage, plats), hjalp=hjalp, niva=2)
    if kommentar.pk:
        return redigera(request, form, sida, plan=plan)
    return redigera(request, form, sida, plan=plan, skriv=lambda rad, _: _skapa(request, rad))


def _tillbaka(lage: Budgetlage, plats: Cellplats) -> str:
    """The grid, with the cell's column in it also where nothing is filled in there yet."""
    adress, kolumn = reverse("budget_redigera", args=[lage.plan.till_ar]), (plats.budgetar, plats.finansiering)
    return adress if kolumn in lage.kolumner() else f"{adress}?kolumn={skriv_kolumnnyckel(kolumn)}"


def _skapa(request: HttpRequest, rad: Cellkommentar) -> Cellkommentar:
    """The cell's first comment. Where somebody else just wrote one, both are shown."""
    falt = ("utgava_id", "rad_id", "budgetar", "finansiering")
    finns = Cellkommentar.objects.filter(plan=rad.plan, **{namn: getattr(rad, namn) for namn in falt}).first()
    if finns is not None:
        raise Krock(finns, ("text",))
    rad.version, rad.andrad_av = 1, inloggad(request)
    rad.save()
    historik.skriv(rad.plan_id, [historik.skapad(rad)], av=rad.andrad_av)
    return rad
