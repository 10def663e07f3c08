"""Scenarios are kept, changed, removed, and shown to others; also of an adopted plan, in which they change nothing.

Every write holds the plan's row, so that two who give the same name, or share at once, come one after the other.
Scenarios are no part of the plan, and what happens to them is not in its history: who made one, who changed it last,
and every sharing stand in their own rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone

from budget.models import Scenario, Scenariodelning
from budget.scenario import Innehall, som_json
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import spara


class NamnetUpptaget(Exception):
    """The plan has another scenario with the name; the message is Swedish. Nothing has been saved."""


@contextmanager
def _for_skrivning(plan_pk: int) -> Iterator[None]:
    """A transaction that holds the plan's row, adopted or not."""
    with transaction.atomic():
        if Handlingsplan.objects.select_for_update().filter(pk=plan_pk).first() is None:
            raise Http404("Planen är borttagen.")
        yield


def levande(plan: Handlingsplan) -> QuerySet[Scenario]:
    """The plan's scenarios that are not removed, with who made them and `oppna_delningar`: two statements."""
    oppna = Prefetch("alla_delningar", Scenariodelning.objects.filter(upphord_at=None), to_attr="oppna_delningar")
    rader = Scenario.objects.filter(plan=plan, borttagen_at=None)
    return rader.select_related("skapad_av", "andrad_av").prefetch_related(oppna)


def skapa(plan: Handlingsplan, namn: str, innehall: Innehall, *, av: Anvandare) -> Scenario:
    """A new scenario of this person's. Raises NamnetUpptaget."""
    ny = Scenario(plan=plan, namn=namn, innehall=som_json(innehall), skapad_av=av, andrad_av=av)
    with _for_skrivning(plan.pk):
        _krav_regler(ny)
        ny.save()
    return ny


def andra(
    scenario: Scenario,
    andringar: Mapping[str, Any],
    *,
    version: int,
    av: Anvandare,
    avtryck_vid_lasning: Mapping[str, str] | None = None,
) -> Scenario:
    """Write fields as `handlingsplan.sparande.spara` does. Raises Krock, Borttagen and NamnetUpptaget."""
    efter = copy(scenario)
    for namn, varde in andringar.items():
        setattr(efter, namn, varde)
    with _for_skrivning(scenario.plan_id):
        _krav_regler(efter)
        return spara(scenario, andringar, version=version, av=av, avtryck_vid_lasning=avtryck_vid_lasning)


def _krav_regler(rad: Scenario) -> None:
    """The form has looked already; here nobody can come in between."""
    try:
        rad.validate_constraints()
    except ValidationError as fel:
        raise NamnetUpptaget(" ".join(fel.messages)) from fel


# --- Shown to others -------------------------------------------------------------------------------------------------


def dela(scenario: Scenario, *, av: Anvandare) -> Scenariodelning:
    """Show it to whoever reads the plan and has the link. One that is shared keeps its link."""
    with _for_skrivning(scenario.plan_id):
        if not Scenario.objects.filter(pk=scenario.pk, borttagen_at=None).exists():
            raise Http404("Scenariot är borttaget.")
        oppen = scenario.alla_delningar.filter(upphord_at=None).first()
        return oppen or Scenariodelning.objects.create(scenario=scenario, delad_av=av)


def sluta_dela(scenario: Scenario, *, av: Anvandare) -> bool:
    """The link leads nowhere from now on; False where there was none. That it was shared stays known."""
    with _for_skrivning(scenario.plan_id):
        oppna = scenario.alla_delningar.filter(upphord_at=None)
        return oppna.update(upphord_at=timezone.now(), upphord_av=av) > 0


def delat(plan: Handlingsplan, nyckel: str) -> Scenario | None:
    """The scenario that a link leads to, while it is shared."""
    rader = Scenariodelning.objects.filter(
        nyckel=nyckel, upphord_at=None, scenario__plan=plan, scenario__borttagen_at=None
    )
    delning = rader.select_related("scenario__skapad_av", "scenario__andrad_av").first()
    return delning.scenario if delning else None
