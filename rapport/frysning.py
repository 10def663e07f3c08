"""The record of a plan as JSON, and the frozen record of an adopted plan read back."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from cattrs.preconf.json import JsonConverter, make_converter

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
    """A fingerprint of everything in the record: two records with the same one say the same thing."""
    text = json.dumps(till_json(dokument), sort_keys=True, ensure_ascii=False)
    return hashlib.blake2s(text.encode(), digest_size=16).hexdigest()


def las(plan: Handlingsplan) -> Plandokument | None:
    """The frozen record of an adopted plan, or None where the plan is still alive."""
    if not plan.ar_faststalld:
        return None
    fryst = FrystPlan.objects.filter(plan=plan).only("dokument").first()
    return fran_json(fryst.dokument) if fryst else None
