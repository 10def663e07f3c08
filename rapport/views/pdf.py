"""The plan as a file, and the answer that a PDF is given in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from handlingsplan.behorighet import plan_att_lasa
from handlingsplan.views.fel import felsida
from rapport.pdf import PdfFel, PdfMotornSaknas, PdfUpptagen, filnamn, hamta_pdf


@require_safe
def plan_pdf(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Download the plan."""
    plan = plan_att_lasa(request, till_ar)
    return pdf_svar(request, lambda: hamta_pdf(plan), filnamn(plan))


def pdf_svar(request: HttpRequest, gor: Callable[[], bytes], namn: str) -> HttpResponse:
    """What `gor` makes, to be saved as `namn`; where the engine is missing 503, where it failed 500, with a page that
    says so."""
    try:
        fil = gor()
    except PdfMotornSaknas as fel:
        return felsida(request, 503, "PDF-filen kan inte göras här", str(fel))
    except PdfUpptagen as fel:
        svar = felsida(request, 503, "PDF-filen kan inte göras just nu", str(fel))
        svar.headers["Retry-After"] = "60"
        return svar
    except PdfFel as fel:
        return felsida(request, 500, "PDF-filen gick inte att göra", str(fel))
    # To be saved, not shown: browsers' own readers do not work under our content security policy.
    disposition = {"Content-Disposition": f'attachment; filename="{namn}"'}
    return HttpResponse(fil, content_type="application/pdf", headers=disposition)
