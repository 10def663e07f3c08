"""Adopt a plan: freeze its record, its split and its PDF, once.

The record is stored as JSON with its schema number, the split with everything that made it, and the PDF with its
checksum. None of them is ever written again.
"""

from __future__ import annotations

import hashlib
from datetime import date

from django.db import transaction

from budget import fordelningar
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import spara
from rapport.bygg import bygg
from rapport.frysning import till_json
from rapport.models import FrystPlan
from rapport.pdf import plan_till_pdf
from rapport.plandokument import Plandokument


class KanInteFaststallas(ValueError):
    """The plan is not ready. `brister` are Swedish sentences that say what is missing."""

    def __init__(self, brister: tuple[str, ...]) -> None:
        super().__init__(" ".join(brister))
        self.brister = brister


def brister(dokument: Plandokument) -> tuple[str, ...]:
    """What stands in the way of adoption, one Swedish sentence each; empty where nothing does."""
    funna = []
    if dokument.delad is None:
        funna.append("Planen är inte delad med huvudmännen.")
    if not dokument.omraden:
        funna.append("Planen har inget insatsområde.")
    for rad in dokument.budget.rader:
        tomma = [
            f"{kolumn.namn} {kolumn.budgetar}"
            for kolumn, cell in zip(dokument.budget.kolumner, rad.celler, strict=True)
            if not cell.ar_ifylld
        ]
        if tomma:
            funna.append(f"{rad.namn or 'Raden utan benämning'}: {', '.join(tomma)} är inte ifyllt i budgeten.")
    for en in dokument.fordelningar:
        summa = dokument.budget.summa(en.budgetar, "sgd")
        if en.egen and en.fordelning is None and summa is not None and summa.belopp:
            funna.append(en.skal)
        elif en.egen and summa is not None and summa.okanda:
            funna.append(f"SGD-budgeten för {en.budgetar} har okända belopp, så kostnaden kan inte fördelas slutligt.")
    return tuple(funna)


def faststall(
    plan: Handlingsplan, *, version: int, datum: date, hanvisning: str, av: Anvandare | None, pdf: bool = True
) -> FrystPlan:
    """Adopt a plan: store splits, record and PDF, and mark it read-only, all or nothing.

    Raises KanInteFaststallas with what is missing, Krock where the plan has changed, and the PDF service's errors.
    `pdf=False` leaves the PDF out; the demo does so on a machine without the engine.
    """
    with transaction.atomic():
        last = Handlingsplan.objects.select_for_update().get(pk=plan.pk)
        if last.ar_faststalld:
            raise KanInteFaststallas(("Planen är redan fastställd.",))
        saknas = brister(bygg(last))
        if saknas:
            raise KanInteFaststallas(saknas)
        andringar = {"faststalld_at": datum, "faststalld_hanvisning": hanvisning}
        last = spara(last, andringar, version=version, av=av)
        for en in bygg(last).fordelningar:
            if en.egen and en.fordelning is not None:
                fordelningar.lagra(last, en.budgetar, en.fordelning)
        dokument = bygg(last)
        fil = plan_till_pdf(dokument) if pdf else None
        fryst = FrystPlan.objects.create(
            plan=last,
            schema=dokument.schema,
            dokument=till_json(dokument),
            pdf=fil,
            kontrollsumma=hashlib.sha256(fil).hexdigest() if fil else "",
        )
        historik.skriv(last.pk, [historik.skapad(fryst)], av=av)
        return fryst
