"""The demo's outturn: made up, so that the pages of the follow-up are not empty. The year is left open."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from budget.models import Avstamningsregel, Beloppscell, Utfall
from handlingsplan import historik
from handlingsplan.models import Handlingsplan


def ladda_utfall(fil: Path, sag: Callable[[str], None]) -> None:
    """The outturn of one year and its rule, in a plan that is adopted already."""
    data: dict[str, Any] = json.loads(fil.read_text(encoding="utf-8"))
    sag(f"Utfall {data['ar']}, påhittat för demon")
    plan = Handlingsplan.objects.get(till_ar=data["plan"])
    nya: list[Beloppscell | Avstamningsregel] = [_cell(plan, data["ar"], post) for post in data["utfall"]]
    regel = data["regel"] | {"beslutsdatum": date.fromisoformat(data["regel"]["beslutsdatum"])}
    nya.append(Avstamningsregel(plan=plan, budgetar=data["ar"], **regel))
    for rad in nya:
        rad.full_clean()
        rad.save()
    historik.skriv(plan.pk, [historik.skapad(rad) for rad in nya], av=None)


def _cell(plan: Handlingsplan, budgetar: int, post: dict[str, Any]) -> Utfall:
    """One cell, not saved: of an area, or of a row of the whole plan by its name."""
    omrade = post["omrade"]
    return Utfall(
        plan=plan,
        utgava=plan.alla_omraden.get(insatsomrade__kod=omrade) if omrade else None,
        rad=None if omrade else plan.alla_rader.get(benamning=post["benamning"]),
        budgetar=budgetar,
        finansiering=post["finansiering"],
        slag=post["slag"],
        belopp=Decimal(post["belopp"]) if post["belopp"] is not None else None,
    )
