"""Population: the table that everybody reads, one figure with its revisions, and a new date."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from budget import folkmangd as tjanst
from budget import folkmangdstabell
from budget.formular_folkmangd import KALLA, Dagformular, Siffraformular, giltig_dag
from budget.models import Folkmangd
from handlingsplan import behorighet
from handlingsplan.models import Huvudman
from handlingsplan.redigering import inloggad
from handlingsplan.tid import klockslag


def folkmangd(request: HttpRequest) -> HttpResponse:
    """The table. `?dag=2026-06-30` shows a date that nothing is registered on yet, to those who may fill it in."""
    ratter = behorighet.krav_lasa(request)
    dag = giltig_dag(request.GET.get("dag", ""))
    extra = [dag] if dag and ratter.far_redigera_grunddata else []
    tabell = folkmangdstabell.bygg(extra)
    return render(request, "folkmangd/lista.html", {"tabell": tabell, "far_redigera": ratter.far_redigera_grunddata})


def folkmangd_ny_dag(request: HttpRequest) -> HttpResponse:
    """Choose a date; the table then shows it, empty, ready to be filled in. Nothing is saved here."""
    behorighet.krav_grunddata(request)
    form = Dagformular(request.GET if "datum" in request.GET else None)
    if not form.is_bound:
        return render(request, "folkmangd/ny_dag.html", {"form": form})
    if not form.is_valid():
        return render(request, "folkmangd/ny_dag.html", {"form": form}, status=422)
    return redirect(f"{reverse('folkmangd')}?dag={form.cleaned_data['datum'].isoformat()}")


def folkmangd_redigera(request: HttpRequest, kod: str, datum: str) -> HttpResponse:
    """One figure. 422 with the errors beside the fields; 409 where a newer revision has come, with both figures."""
    behorighet.krav_grunddata(request)
    part, dag = _hamta(kod, datum)
    if request.method != "POST":
        nyast = next(iter(tjanst.revisioner(part, dag)), None)
        start = {"antal": nyast.antal, "kalla": nyast.kalla} if nyast else {"kalla": KALLA}
        return _sida(request, part, dag, Siffraformular(initial=start | {"revision": nyast.revision if nyast else 0}))
    form = Siffraformular(request.POST)
    if not form.is_valid():
        return _sida(request, part, dag, form, status=422)
    try:
        ny = _registrera(request, part, dag, form.cleaned_data)
    except tjanst.Revisionskrock as krock:
        return _sida(request, part, dag, form.pa_ny_bas(krock.nyast.revision), krock=krock.nyast, status=409)
    text = f"Sparat {klockslag()}: {part} {dag}." if ny else f"Oförändrat: siffran för {part} {dag} var redan den."
    messages.success(request, text)
    return redirect(f"{reverse('folkmangd')}?dag={dag}#kod-{part.kod}")


def _hamta(kod: str, datum: str) -> tuple[Huvudman, date]:
    """The municipality and the date of an address; 404 for anything else."""
    dag = giltig_dag(datum)
    if dag is None:
        raise Http404(f"”{datum}” är ingen dag som kan ha folkmängd.")
    return get_object_or_404(Huvudman, kod=kod, typ=Huvudman.Typ.KOMMUN), dag


def _registrera(request: HttpRequest, part: Huvudman, dag: date, data: dict[str, Any]) -> Folkmangd | None:
    return tjanst.registrera(
        part, dag, antal=data["antal"], kalla=data["kalla"], bas_revision=data["revision"], av=inloggad(request)
    )


def _sida(
    request: HttpRequest,
    part: Huvudman,
    dag: date,
    form: Siffraformular,
    *,
    krock: Folkmangd | None = None,
    status: int = 200,
) -> HttpResponse:
    innehall = {"part": part, "dag": dag, "form": form, "krock": krock, "revisioner": tjanst.revisioner(part, dag)}
    return render(request, "folkmangd/redigera.html", innehall, status=status)
