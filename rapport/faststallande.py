"""Adopt a plan: freeze its record, its split and its PDF, once.

The record is stored as JSON with its schema number, the split with everything that made it, and the PDF with its
checksum. None of them is ever written again.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

from django.db import transaction

from budget import fordelningar
from budget.fordelning import Fordelning
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import Krock, spara
from rapport import frysning
from rapport.bygg import bygg
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
    plan: Handlingsplan,
    *,
    version: int,
    datum: date,
    hanvisning: str,
    av: Anvandare | None,
    avtryck: str = "",
    pdf: bool = True,
) -> FrystPlan:
    """Adopt a plan: store splits, record and PDF, and mark it read-only, all or nothing.

    `avtryck` is the fingerprint of the record that the person read (`frysning.avtryck`): where anything at all in the
    plan has changed since, nothing is adopted. The PDF is made before the plan's lock is taken, since it takes
    seconds, and the record is compared again under the lock. `pdf=False` leaves the PDF out; the demo does so on a
    machine without the engine.

    Raises KanInteFaststallas with what is missing, Krock where the plan has changed, and the PDF service's errors.
    """
    granskat = _att_faststalla(Handlingsplan.objects.get(pk=plan.pk))
    if avtryck and frysning.avtryck(granskat) != avtryck:
        raise Krock(plan, ("plan",))
    fryst = _som_faststallt(granskat, datum, hanvisning)
    fil = plan_till_pdf(fryst) if pdf else None
    with transaction.atomic():
        last = Handlingsplan.objects.select_for_update().get(pk=plan.pk)
        if frysning.avtryck(_att_faststalla(last)) != frysning.avtryck(granskat):
            raise Krock(last, ("plan",))
        andringar = {"faststalld_at": datum, "faststalld_hanvisning": hanvisning}
        last = spara(last, andringar, version=version, av=av)
        lagrade = [
            _lagra(last, en.budgetar, en.fordelning)
            for en in granskat.fordelningar
            if en.egen and en.fordelning is not None
        ]
        rad = FrystPlan.objects.create(
            plan=last,
            schema=fryst.schema,
            dokument=frysning.till_json(fryst),
            pdf=fil,
            kontrollsumma=hashlib.sha256(fil).hexdigest() if fil else "",
        )
        dokumentets_avtryck = frysning.jsonavtryck(rad.dokument)
        historik.skriv(last.pk, [*lagrade, historik.skapad(rad, dokumentets_avtryck=dokumentets_avtryck)], av=av)
        return rad


def _lagra(plan: Handlingsplan, budgetar: int, fordelning: Fordelning) -> historik.Anteckning:
    """Store the split of one year; its entry in the history has every share: code, name, inhabitants and öre."""
    resultat = fordelningar.lagra(plan, budgetar, fordelning)
    andelar = [[en.kod, en.namn, en.invanare, en.belopp] for en in fordelning.andelar]
    return historik.skapad(resultat, andelar=andelar)


def _att_faststalla(plan: Handlingsplan) -> Plandokument:
    """The plan's record as it stands, if nothing is in the way of its adoption."""
    if plan.ar_faststalld:
        raise KanInteFaststallas(("Planen är redan fastställd.",))
    dokument = bygg(plan)
    saknas = brister(dokument)
    if saknas:
        raise KanInteFaststallas(saknas)
    return dokument


def _som_faststallt(dokument: Plandokument, datum: date, hanvisning: str) -> Plandokument:
    """The record as it will read once adopted: its own years' splits are then the stored, final ones."""
    return replace(
        dokument,
        version=dokument.version + 1,
        faststalld=datum,
        faststalld_hanvisning=hanvisning,
        fordelningar=tuple(
            replace(en, lagrad=True) if en.egen and en.fordelning is not None else en for en in dokument.fordelningar
        ),
    )
