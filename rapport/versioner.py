"""Named versions of a plan: frozen once, record and PDF together, and never rendered again.

A version is what the plan said when somebody gave it a name. Record and PDF lie in the database with their checksums,
which the plan's history has too, so that `manage.py kontrollera_historik` finds one that has been altered.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import Krock
from rapport import frysning
from rapport.bygg import bygg, plandokument
from rapport.models import Planversion
from rapport.pdf import plan_till_pdf
from rapport.plandokument import Plandokument


def synliga(plan: Handlingsplan, *, bara_delade: bool) -> QuerySet[Planversion]:
    """The plan's versions, the newest first, without what is large. `bara_delade`: what a reader may see."""
    alla = Planversion.objects.filter(plan=plan).defer("dokument", "pdf")
    return alla.filter(delad=True) if bara_delade else alla


def frys(plan: Handlingsplan, *, namn: str, slag: str, avtryck: str, av: Anvandare) -> Planversion:
    """Freeze the plan as it stands under a name.

    `avtryck` is the fingerprint of what the person read (`frysning.avtryck`). The PDF is made before the plan's lock is
    taken, since it takes seconds; under the lock the record is compared again. Raises ValidationError for a name that
    is taken and for an adopted plan, which is frozen already; Krock where anything has changed; the PDF's errors.
    """
    _granska(plan, namn)
    granskat = replace(bygg(plan), versionsnamn=namn)
    if frysning.avtryck(granskat) != avtryck:
        raise Krock(plan, ("plan",))
    fil = plan_till_pdf(granskat)
    with transaction.atomic():
        last = Handlingsplan.objects.select_for_update().get(pk=plan.pk)
        _granska(last, namn)
        if frysning.avtryck(bygg(last)) != avtryck:
            raise Krock(last, ("plan",))
        senaste = Planversion.objects.filter(plan=last).aggregate(nummer=Max("nummer"))["nummer"] or 0
        data = frysning.till_json(granskat)
        version = Planversion.objects.create(
            plan=last,
            nummer=senaste + 1,
            namn=namn,
            slag=slag,
            schema=granskat.schema,
            dokument=data,
            avtryck=frysning.jsonavtryck(data),
            pdf=fil,
            kontrollsumma=hashlib.sha256(fil).hexdigest(),
            delad=granskat.delad is not None,
            anvandare_id=av.pk,
        )
        historik.skriv(last.pk, [historik.skapad(version)], av=av)
    return version


def _granska(plan: Handlingsplan, namn: str) -> None:
    if plan.ar_faststalld:
        raise ValidationError(f"{plan} är fastställd och fryst. Den ändras inte, så den behöver ingen version till.")
    if _lika(namn) in map(_lika, Planversion.objects.filter(plan=plan).values_list("namn", flat=True)):
        raise ValidationError({"namn": f"Planen har redan en version som heter {namn}. Välj ett annat namn."})


def _lika(namn: str) -> str:
    """A name as people read it: Remiss 1 and remiss 1 are the same."""
    return " ".join(namn.split()).casefold()


def dokument(version: Planversion) -> Plandokument:
    """The record of a version, as it was frozen; what its schema did not have yet is empty."""
    return frysning.fran_json(version.dokument)


def valt_dokument(plan: Handlingsplan, nummer: int | None) -> Plandokument:
    """The record of a version, or the plan's own as it stands. Raises Planversion.DoesNotExist."""
    if nummer is None:
        return plandokument(plan)
    return dokument(Planversion.objects.get(plan=plan, nummer=nummer))


def kontrollera(plan: Handlingsplan) -> list[historik.Brist]:
    """Which versions are not what was noted when they were frozen."""
    brister = []
    for en in Planversion.objects.filter(plan=plan):
        nu = {"avtryck": frysning.jsonavtryck(en.dokument), "kontrollsumma": hashlib.sha256(en.pdf).hexdigest()}
        handelse = plan.historik.filter(modell=Planversion._meta.label_lower, objekt=str(en.pk)).first()
        for falt, vad in (("avtryck", "text"), ("kontrollsumma", "PDF")):
            noterat = handelse.falt[falt][1] if handelse else ""
            if noterat != nu[falt]:
                text = f"Versionen {en.namn}: dess {vad} är inte den som frystes."
                brister.append(historik.Brist(handelse.nummer if handelse else 0, text))
    return brister
