"""A plan with a history, and what tests ask of a chain."""

from __future__ import annotations

from typing import Any

from handlingsplan import historik
from handlingsplan.historikmodeller import Handelse
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import plan_for_skrivning, spara
from tests.planfall import Planfall, planfall


def med_kedja(plan: Handlingsplan, av: Anvandare) -> Planfall:
    """Fill the plan, and save its first goal five times: five entries."""
    fall = planfall(plan)
    with plan_for_skrivning(plan):
        for nr in range(5):
            spara(fall.alla_mal[0], {"text": f"Text {nr}"}, version=nr + 1, av=av)
    return fall


def rader(plan: Handlingsplan) -> list[Handelse]:
    """The plan's entries, the oldest first."""
    return list(plan.historik.order_by("nummer"))


def falt(en: Handelse, namn: str) -> tuple[Any, Any]:
    """A field's value before and after."""
    fore, efter = en.falt[namn]
    return fore, efter


def hel(plan: Handlingsplan) -> None:
    """The plan has a chain, and nothing is wrong with it."""
    antal, brister = historik.kontrollera(plan.pk)
    assert brister == []
    assert antal == plan.historik.count() > 0
