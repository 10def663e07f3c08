"""The whole plan out to Excel, and in again with a preview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from budget.kalkylblad import XLSX
from handlingsplan import behorighet
from handlingsplan.svar import fil
from rapport.excel.ut import plan_som_arbetsbok


@require_safe
def plan_xlsx(request: HttpRequest, till_ar: int) -> HttpResponse:
    """The plan as it is saved now, as a workbook."""
    plan = behorighet.plan_att_lasa(request, till_ar)
    return fil(plan_som_arbetsbok(plan), XLSX, f"handlingsplan-{plan.till_ar}.xlsx")
