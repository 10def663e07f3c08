"""The demo's billing: what the parties want on their invoices, and the bases of the adopted plan."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from budget.models import Faktureringsuppgift
from handlingsplan.models import Handlingsplan, Huvudman
from rapport import fakturering
from rapport.bygg import plandokument


def ladda_uppgifter(fil: Path) -> None:
    """Rows of kod, referens, kontering. Raises KeyError for a code that is no party."""
    huvudman = {en.kod: en for en in Huvudman.objects.all()}
    with fil.open(encoding="utf-8", newline="") as las:
        alla = [
            Faktureringsuppgift(huvudman=huvudman[rad["kod"]], referens=rad["referens"], kontering=rad["kontering"])
            for rad in csv.DictReader(las)
        ]
    for en in alla:
        en.full_clean(validate_unique=False, validate_constraints=False)
    Faktureringsuppgift.objects.bulk_create(alla)


def utfarda_underlag(plan: Handlingsplan) -> None:
    """Issue the bases of the plan's last year, in half-years that are invoiced in February and August."""
    plan.refresh_from_db()
    ars = plandokument(plan).fordelning_for(plan.till_ar)
    if ars is None:
        raise LookupError(f"{plan} har inget {plan.till_ar}")
    nu = fakturering.forslag(plan, ars, delning="halvar", avrundning="ore")
    fakturering.utfarda(
        plan,
        plan.till_ar,
        delning=nu.delning,
        avrundning=nu.avrundning,
        dagar=[date(plan.till_ar, manad, 1) for manad in (2, 8)],
        avtryck=nu.avtryck,
        av=None,
    )
