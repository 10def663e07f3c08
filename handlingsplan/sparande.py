"""Saving without losing anybody's words.

Every form and button carries the version of the row it was made from, and a fingerprint of each field's value.
A save is one conditional UPDATE on that version. Where it misses, somebody else has saved in between: fields that
nobody else touched are saved all the same, and the same field is a `Krock`, which the view shows with both texts.
Nothing is written before the person has chosen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone

from handlingsplan import historik
from handlingsplan.behorighet import PlanenFaststalld
from handlingsplan.models import Anvandare, Handlingsplan, Versionerad


class Krock[M: Versionerad](Exception):
    """Somebody else has changed the same thing. `sparad` is the row as it now stands, `falt` what differs."""

    def __init__(self, sparad: M, falt: tuple[str, ...]) -> None:
        super().__init__(f"{sparad._meta.verbose_name} har ändrats av någon annan.")
        self.sparad = sparad
        self.falt = falt


class Borttagen(Exception):
    """The row is no longer there, or is marked as removed; `version` is what a button to restore it carries."""

    def __init__(self, text: str, version: int = 0) -> None:
        super().__init__(text)
        self.version = version


def avtryck(varde: object) -> str:
    """A short fingerprint of a field's value, carried by the form beside the version.

    Line breaks count as one: a browser sends CR LF whatever it was given. A row stands for its key.
    """
    if isinstance(varde, models.Model):
        varde = varde.pk
    text = "" if varde is None else str(varde).replace("\r\n", "\n")
    return hashlib.blake2s(text.encode(), digest_size=8).hexdigest()


@contextmanager
def last_plan(plan: Handlingsplan | int) -> Iterator[Handlingsplan]:
    """A transaction that holds the plan's row, whether it is adopted or not: for what goes on afterwards, as billing.

    Raises Http404 where the plan is gone.
    """
    with transaction.atomic():
        pk = plan if isinstance(plan, int) else plan.pk
        last = Handlingsplan.objects.select_for_update().filter(pk=pk).first()
        if last is None:
            raise Http404("Planen är borttagen.")
        yield last


@contextmanager
def plan_for_skrivning(plan: Handlingsplan | int) -> Iterator[Handlingsplan]:
    """A transaction that holds the plan's row, so that writes to one plan come one after another.

    Raises PlanenFaststalld where the plan has been adopted since the page was read, Http404 where it is gone.
    """
    with last_plan(plan) as last:
        if last.ar_faststalld:
            raise PlanenFaststalld(f"{last} är fastställd och ändras inte längre.")
        yield last


def skrivlas(
    plan: Handlingsplan | None, las: Callable[[], AbstractContextManager[Any]] | None
) -> AbstractContextManager[Any]:
    """What a save holds while it writes: `las` where one is given, else the plan, which must not be adopted."""
    if las is not None:
        return las()
    if plan is None:
        raise TypeError("en sparning håller en plan eller något eget lås")
    return plan_for_skrivning(plan)


def spara[M: Versionerad](
    rad: M,
    andringar: Mapping[str, Any],
    *,
    version: int,
    av: Anvandare | None,
    avtryck_vid_lasning: Mapping[str, str] | None = None,
    samla: list[historik.Anteckning | None] | None = None,
) -> M:
    """Write `andringar` to `rad` if its version still is `version`, and return the row as saved.

    The change goes into the plan's history; with `samla` it is put there instead, for a caller who saves many rows
    and writes their entries together. Raises Krock where the same field has been changed since, and Borttagen where
    the row is gone. Call it inside `plan_for_skrivning` for rows that belong to a plan: the lock is also what makes
    the history's "before" true.
    """
    modell = type(rad)
    fore = _hamta(modell, rad.pk)
    if _skriv(modell, rad.pk, andringar, version, av):
        return _antecknad(rad, fore, andringar, av, samla)
    sparad = _hamta(modell, rad.pk)
    if getattr(sparad, "borttagen_at", None) is not None and "borttagen_at" not in andringar:
        raise Borttagen(str(modell._meta.verbose_name), sparad.version)
    krockar = _krockande(sparad, andringar, avtryck_vid_lasning or {})
    if not krockar and not _gar_ihop(sparad, andringar):
        krockar = tuple(andringar)
    if krockar:
        raise Krock(sparad, krockar)
    if not _skriv(modell, rad.pk, andringar, sparad.version, av):
        # Only without the plan's lock: a third writer came between the two statements.
        raise Krock(_hamta(modell, rad.pk), tuple(andringar))
    return _antecknad(rad, sparad, andringar, av, samla)


def _antecknad[M: Versionerad](
    rad: M,
    fore: M,
    andringar: Mapping[str, Any],
    av: Anvandare | None,
    samla: list[historik.Anteckning | None] | None,
) -> M:
    """The row as saved, with its entry in the plan's history. `rad` knows its plan without asking the database."""
    sparad = _hamta(type(fore), fore.pk)
    anteckning = historik.andrad(fore, sparad, andringar.keys())
    if samla is not None:
        samla.append(anteckning)
        return sparad
    plan_pk = rad.plan_pk()
    if plan_pk is not None:
        historik.skriv(plan_pk, [anteckning], av=av)
    return sparad


def _skriv(
    modell: type[Versionerad], pk: Any, andringar: Mapping[str, Any], version: int, av: Anvandare | None
) -> bool:
    rader: models.QuerySet[Any] = modell._default_manager.filter(pk=pk, version=version)
    if hasattr(modell, "borttagen_at") and "borttagen_at" not in andringar:
        rader = rader.filter(borttagen_at=None)
    antal = rader.update(**andringar, version=F("version") + 1, andrad_at=timezone.now(), andrad_av=av)
    return antal == 1


def _hamta[M: models.Model](modell: type[M], pk: Any) -> M:
    rad = modell._default_manager.filter(pk=pk).first()
    if rad is None:
        raise Borttagen(str(modell._meta.verbose_name))
    return rad


def _krockande(sparad: Versionerad, andringar: Mapping[str, Any], vid_lasning: Mapping[str, str]) -> tuple[str, ...]:
    """Fields where the saved value is neither what the form was made from nor what is being written."""
    return tuple(
        falt
        for falt, nytt in andringar.items()
        if getattr(sparad, falt) != nytt and avtryck(getattr(sparad, falt)) != vid_lasning.get(falt)
    )


def _gar_ihop(sparad: Versionerad, andringar: Mapping[str, Any]) -> bool:
    """Whether the database's rules hold for both persons' fields together, such as start before end."""
    ihop = copy(sparad)
    for falt, nytt in andringar.items():
        setattr(ihop, falt, nytt)
    try:
        ihop.validate_constraints()
    except ValidationError:
        return False
    return True
