"""One party's billing: what it wants on its invoices, and what it has been billed, over all plans."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from budget.kalkylblad import XLSX
from budget.models import Faktureringsunderlag, Faktureringsuppgift
from handlingsplan import behorighet
from handlingsplan.models import Huvudman
from handlingsplan.redigering import Plats, redigera, skriver_forsta
from handlingsplan.svar import fil
from rapport import fakturablad
from rapport.former_faktura import Uppgiftsformular
from rapport.views.fakturering import CSV, med_delar


def _underlag(request: HttpRequest, part: Huvudman) -> list[Faktureringsunderlag]:
    """What is issued to the party in the plans that the user may read, the newest year first."""
    alla = Faktureringsunderlag.objects.filter(huvudman=part, plan__in=behorighet.synliga_planer(request))
    return list(med_delar(alla).order_by("-budgetar", "plan", "nummer"))


def _part(request: HttpRequest, kod: str) -> tuple[Huvudman, behorighet.Ratter]:
    """The party and the user's rights; 404 for an unknown party, 403 for another party's users."""
    behorighet.krav_lasa(request)
    part = get_object_or_404(Huvudman, kod=kod)
    return part, behorighet.krav_underlag(request, kod)


def part_oversikt(request: HttpRequest, kod: str) -> HttpResponse:
    part, de = _part(request, kod)
    underlag = _underlag(request, part)
    med_uppgifter = de.far_se_faktureringsuppgifter(kod)
    uppgift = Faktureringsuppgift.objects.filter(huvudman=part).select_related("andrad_av").first()
    alla_ar = sorted({en.budgetar for en in underlag}, reverse=True)
    innehall = {
        "part": part,
        "egen": kod in de.huvudman_koder,
        "med_uppgifter": med_uppgifter,
        "uppgift": uppgift if med_uppgifter else None,
        "far_andra": kod in de.ekonom_for,
        "utfardade": underlag,
        "summor": [(ett, sum(en.belopp for en in underlag if en.budgetar == ett)) for ett in alla_ar],
    }
    return render(request, "rapport/fakturering_part.html", innehall)


def uppgifter(request: HttpRequest, kod: str) -> HttpResponse:
    """The party's reference and kontering, for its own ekonom."""
    behorighet.krav_lasa(request)
    part = get_object_or_404(Huvudman, kod=kod)
    behorighet.krav_ekonom(request, kod)
    rad = Faktureringsuppgift.objects.filter(huvudman=part).select_related("andrad_av").first()
    rad = rad or Faktureringsuppgift(huvudman=part, version=0)
    plats = Plats(
        "uppgifter",
        f"Faktureringsuppgifter: {part}",
        reverse("huvudman_fakturering", args=[kod]),
        hjalp="Används på underlag som utfärdas från och med nu. De som redan är utfärdade ändras inte.",
        niva=2,
        autosparas=True,
    )
    form = Uppgiftsformular(request.POST or None, instance=rad)
    skriv = skriver_forsta(request, rad, {"huvudman": part})
    return redigera(request, form, plats, las=lambda: _las_part(part), skriv=skriv)


@contextmanager
def _las_part(part: Huvudman) -> Iterator[Huvudman]:
    """A transaction that holds the party's row, so that its first row of details is made once."""
    with transaction.atomic():
        yield Huvudman.objects.select_for_update().get(pk=part.pk)


def part_csv(request: HttpRequest, kod: str) -> HttpResponse:
    part, de = _part(request, kod)
    rader = _rader(request, part)
    innehall = fakturablad.som_csv(rader, med_uppgifter=de.far_se_faktureringsuppgifter(kod))
    return fil(innehall, CSV, f"faktureringsunderlag-{kod}.csv")


def part_xlsx(request: HttpRequest, kod: str) -> HttpResponse:
    part, de = _part(request, kod)
    rader = _rader(request, part)
    innehall = fakturablad.som_xlsx(
        rader,
        med_uppgifter=de.far_se_faktureringsuppgifter(kod),
        rubrik=f"{part}: faktureringsunderlag",
        om="Det som är utfärdat till huvudmannen i de planer som du kan läsa, med krediter.",
    )
    return fil(innehall, XLSX, f"faktureringsunderlag-{kod}.xlsx")


def _rader(request: HttpRequest, part: Huvudman) -> list[fakturablad.Rad]:
    underlag = _underlag(request, part)
    if not underlag:
        raise Http404(f"Inget underlag är utfärdat till {part}.")
    return fakturablad.delbetalningar(underlag)
