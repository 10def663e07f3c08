"""The record of a plan as JSON, and the frozen record of an adopted plan read back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from cattrs.preconf.json import JsonConverter, make_converter

from handlingsplan import historik
from handlingsplan.models import Handlingsplan
from rapport.models import FrystPlan
from rapport.plandokument import Plandokument


@cache
def _omvandlare() -> JsonConverter:
    omvandlare = make_converter()
    for exakt in (Fraction, Decimal):
        omvandlare.register_unstructure_hook(exakt, str)
        omvandlare.register_structure_hook(exakt, lambda text, typ: typ(text))
    return omvandlare


def till_json(dokument: Plandokument) -> dict[str, Any]:
    """The record as plain JSON values: decimals and fractions as text, dates in ISO form."""
    svar: dict[str, Any] = _omvandlare().unstructure(dokument)
    return svar


def fran_json(data: dict[str, Any]) -> Plandokument:
    """The record from `till_json`'s values; fields that a later schema added get their defaults."""
    return _omvandlare().structure(data, Plandokument)


def avtryck(dokument: Plandokument) -> str:
    """A fingerprint of what the record says of the plan: two records with the same one say the same thing.

    How far the history reaches is left out: it goes on also with what is no part of the plan, such as comments.
    """
    levande = replace(dokument, historik_nummer=0, historik_hash="", versionsnamn="")
    text = json.dumps(till_json(levande), sort_keys=True)
    return hashlib.blake2s(text.encode(), digest_size=16).hexdigest()


def som_fil(data: dict[str, Any]) -> bytes:
    """A stored record as a file: the same bytes whatever database it has lain in."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def jsonavtryck(data: dict[str, Any]) -> str:
    """SHA-256 of a stored record as a file, as the history's handelse has it."""
    return hashlib.sha256(som_fil(data)).hexdigest()


def las(plan: Handlingsplan) -> Plandokument | None:
    """The frozen record of an adopted plan, or None where the plan is still alive."""
    if not plan.ar_faststalld:
        return None
    fryst = FrystPlan.objects.filter(plan=plan).only("dokument").first()
    return fran_json(fryst.dokument) if fryst else None


def kontrollera(plan: Handlingsplan) -> list[historik.Brist]:
    """What is wrong with a frozen plan: its printed head is not in the chain, or it is not what was noted there.

    Records from before the head was part of them have none, and entries from then note less.
    """
    fryst = FrystPlan.objects.filter(plan=plan).first()
    if fryst is None:
        return []
    nummer, tryckt = fryst.dokument.get("historik_nummer", 0), fryst.dokument.get("historik_hash", "")
    brister = []
    if nummer and not plan.historik.filter(nummer=nummer, hash=tryckt).exists():
        text = f"Den fastställda planen anger händelse {nummer} med ett kontrollvärde som inte finns i kedjan."
        brister.append(historik.Brist(nummer, text))
    handelse = plan.historik.filter(modell=FrystPlan._meta.label_lower, objekt=str(fryst.pk)).first()
    if handelse is None:
        return brister
    pdf = hashlib.sha256(fryst.pdf).hexdigest() if fryst.pdf else ""
    nu = {"kontrollsumma": pdf, "dokumentets_avtryck": jsonavtryck(fryst.dokument)}
    for falt, vad in (("kontrollsumma", "PDF"), ("dokumentets_avtryck", "text")):
        if falt in handelse.falt and handelse.falt[falt][1] != nu[falt]:
            brister.append(historik.Brist(handelse.nummer, f"Den fastställda planens {vad} är inte den som frystes."))
    return brister
