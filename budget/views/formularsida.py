"""A page of its own for one row of the budget: show, save, go back to where it stands.

These rows are edited from lists and tables, not in place in the document, so the page is a plain one without scripts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from budget.formular import Budgetformular
from handlingsplan.models import Handlingsplan, Versionerad
from handlingsplan.redigering import inloggad, klockslag
from handlingsplan.sparande import Borttagen, Krock, plan_for_skrivning, spara


@dataclass(frozen=True, slots=True)
class Sida:
    """The page's heading, the address it leads back to, a line of help, and where a removed row is brought back."""

    rubrik: str
    tillbaka: str
    hjalp: str = ""
    aterstall: str = ""
    mall: str = "budget/redigera_del.html"


def redigera[M: Versionerad](
    request: HttpRequest,
    form: Budgetformular[M],
    sida: Sida,
    *,
    plan: Handlingsplan,
    skriv: Callable[[M, dict[str, Any]], object] | None = None,
) -> HttpResponse:
    """Show or save a form. 422 with the errors beside the fields; 409 with what the other saved. Neither saves.

    `skriv` replaces the plain conditional update where a save is more than the row's own fields.
    """
    if request.method != "POST":
        return _visa(request, form, sida, plan, borttagen=getattr(form.instance, "borttagen_at", None))
    if not form.is_valid():
        return _visa(request, form, sida, plan, status=422)
    try:
        with plan_for_skrivning(plan):
            _spara(request, form, skriv)
    except Krock as krock:
        ny = form.pa_ny_bas(krock.sparad)
        return _visa(request, ny, sida, plan, krock=krock, sparade=form.sparade(krock), status=409)
    except Borttagen:
        return _visa(request, form, sida, plan, borttagen=True, status=409)
    messages.success(request, f"Sparat {klockslag()}: {sida.rubrik}.")
    return redirect(sida.tillbaka)


def _spara[M: Versionerad](
    request: HttpRequest, form: Budgetformular[M], skriv: Callable[[M, dict[str, Any]], object] | None
) -> None:
    andringar = form.andringar()
    if not andringar:
        return
    if skriv is not None:
        skriv(form.instance, andringar)
        return
    version, bas = form.cleaned_data["version"], form.vid_lasning
    spara(form.instance, andringar, version=version, av=inloggad(request), avtryck_vid_lasning=bas)


def _visa(
    request: HttpRequest, form: Any, sida: Sida, plan: Handlingsplan, *, status: int = 200, **mer: Any
) -> HttpResponse:
    return render(request, sida.mall, {"form": form, "sida": sida, "plan": plan, **mer}, status=status)
