"""Population: the table that everybody reads, one figure with its revisions, and a new date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from budget import folkmangd as tjanst
from budget import folkmangdstabell
from budget.alder import Aldersspann
from budget.folkmangdsberoende import Beroenden, beroenden
from budget.formular_folkmangd import KALLA, Dagformular, Siffraformular, giltig_alder, giltig_dag
from budget.models import Folkmangd
from handlingsplan import behorighet
from handlingsplan.models import Anvandare, Huvudman
from handlingsplan.redigering import inloggad
from handlingsplan.tid import klockslag


def folkmangd(request: HttpRequest) -> HttpResponse:
    """The table of all ages, or of one age span (`?alder=65-`).

    `?dag=2026-06-30` shows a date that nothing is registered on yet, to those who may fill it in.
    """
    ratter = behorighet.krav_lasa(request)
    dag, alder = giltig_dag(request.GET.get("dag", "")), _alder(request)
    extra = [dag] if dag and ratter.far_redigera_grunddata else []
    spann = tjanst.spann_i_bruk()
    innehall = {
        "tabell": folkmangdstabell.bygg(extra, alder.kod),
        "alder": alder,
        "spann": spann if alder in spann else [*spann, alder],
        "far_redigera": ratter.far_redigera_grunddata,
    }
    return render(request, "folkmangd/lista.html", innehall)


def _alder(request: HttpRequest) -> Aldersspann:
    """The age span of the address; 404 for what is none."""
    alder = giltig_alder(request.GET.get("alder", ""))
    if alder is None:
        raise Http404("Inget sådant åldersspann.")
    return alder


def folkmangd_ny_dag(request: HttpRequest) -> HttpResponse:
    """Choose a date and ages; the table then shows it, empty, ready to be filled in. Nothing is saved here."""
    behorighet.krav_grunddata(request)
    form = Dagformular(request.GET if "datum" in request.GET else None)
    if not form.is_bound:
        return render(request, "folkmangd/ny_dag.html", {"form": form})
    if not form.is_valid():
        return render(request, "folkmangd/ny_dag.html", {"form": form}, status=422)
    return redirect(_listan(form.cleaned_data["datum"], form.cleaned_data["alder"]))


def _listan(dag: date, alder: Aldersspann) -> str:
    fragor = {"dag": dag.isoformat()} | ({"alder": alder.kod} if alder.kod else {})
    return f"{reverse('folkmangd')}?{urlencode(fragor)}"


def folkmangd_redigera(request: HttpRequest, kod: str, datum: str) -> HttpResponse:
    """One figure. Where shares depend on it they are shown, before and after, and it is saved when that has been seen.

    422 with the errors beside the fields; 409 where a newer revision has come, with both figures.
    """
    behorighet.krav_grunddata(request)
    sida = _Siffersida(*_hamta(kod, datum), _alder(request))
    if request.method != "POST":
        nyast = next(iter(sida.revisioner), None)
        start = {"antal": nyast.antal, "kalla": nyast.kalla} if nyast else {"kalla": KALLA}
        return sida.visa(request, Siffraformular(initial=start | {"revision": nyast.revision if nyast else 0}))
    form = Siffraformular(request.POST)
    if not form.is_valid():
        return sida.visa(request, form, status=422)
    beroende = sida.beroende(form.cleaned_data["antal"])
    if beroende.andrar_nagot and form.cleaned_data["granskad"] != form.cleaned_data["antal"]:
        return sida.visa(request, form.granskat(), beroende=beroende, granskas=True)
    try:
        ny = sida.registrera(form.cleaned_data, inloggad(request))
    except tjanst.Revisionskrock as krock:
        return sida.visa(request, form.pa_ny_bas(krock.nyast.revision), krock=krock.nyast, status=409)
    vad = f"{sida.part} {sida.dag}{f', {sida.alder.namn}' if sida.alder.kod else ''}"
    messages.success(
        request, f"Sparat {klockslag()}: {vad}." if ny else f"Oförändrat: siffran för {vad} var redan den."
    )
    return redirect(f"{_listan(sida.dag, sida.alder)}#kod-{sida.part.kod}")


def _hamta(kod: str, datum: str) -> tuple[Huvudman, date]:
    """The municipality and the date of an address; 404 for anything else."""
    dag = giltig_dag(datum)
    if dag is None:
        raise Http404(f"”{datum}” är ingen dag som kan ha folkmängd.")
    return get_object_or_404(Huvudman, kod=kod, typ=Huvudman.Typ.KOMMUN), dag


@dataclass(frozen=True, slots=True)
class _Siffersida:
    """The page of one figure."""

    part: Huvudman
    dag: date
    alder: Aldersspann

    @property
    def vad(self) -> str:
        """What the figure is of: `Malmö stad 2022-12-31, 65 år och äldre`."""
        return f"{self.part} {self.dag}{f', {self.alder.namn}' if self.alder.kod else ''}"

    @property
    def revisioner(self) -> list[Folkmangd]:
        return tjanst.revisioner(self.part, self.dag, self.alder.kod)

    def beroende(self, antal: int | None = None) -> Beroenden:
        """What uses the date's figures, were this one `antal`; as they are where it is None."""
        return beroenden(self.dag, {} if antal is None else {self.part.kod: antal}, self.alder.kod)

    def registrera(self, data: dict[str, Any], av: Anvandare) -> Folkmangd | None:
        return tjanst.registrera(
            self.part,
            self.dag,
            antal=data["antal"],
            kalla=data["kalla"],
            bas_revision=data["revision"],
            av=av,
            alder=self.alder,
        )

    def visa(
        self,
        request: HttpRequest,
        form: Siffraformular,
        *,
        beroende: Beroenden | None = None,
        granskas: bool = False,
        krock: Folkmangd | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The form, with what depends on the date. `granskas`: the figure is shown with its consequences, not saved."""
        innehall = {
            "part": self.part,
            "dag": self.dag,
            "alder": self.alder,
            "form": form,
            "krock": krock,
            "revisioner": self.revisioner,
            "beroende": beroende or self.beroende(),
            "granskas": granskas,
            "listan": f"{_listan(self.dag, self.alder)}#kod-{self.part.kod}",
        }
        return render(request, "folkmangd/redigera.html", innehall, status=status)
