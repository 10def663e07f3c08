"""New rows of a plan's content, made the same way from a form and from a file. Call them under the plan's lock.

Each writes its entry in the plan's history, or puts it in `samla` for a caller who makes many rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from insatsomraden import ordning
from insatsomraden.formular import ledig_kod
from insatsomraden.models import Aktivitet, Arstext, Insatsomrade, Mal, Omradesutgava, Samverkansgrupp

type Samling = list[historik.Anteckning | None]


def skapa_mal(nytt: Mal, *, av: Anvandare, samla: Samling | None = None) -> Mal:
    """A goal, last in its area."""
    nytt.ordning = ordning.nasta_ordning(Mal.objects.filter(utgava=nytt.utgava))
    return skapa(nytt, av=av, samla=samla)


def skapa_aktivitet(ny: Aktivitet, *, av: Anvandare, samla: Samling | None = None) -> Aktivitet:
    """An activity, last among its siblings."""
    syskon = Aktivitet.objects.filter(utgava=ny.utgava, avser_ar=ny.avser_ar, foralder=ny.foralder)
    ny.ordning = ordning.nasta_ordning(syskon)
    return skapa(ny, av=av, samla=samla)


def skapa[M: (Mal, Aktivitet, Arstext)](ny: M, *, av: Anvandare, samla: Samling | None = None) -> M:
    """Save a new row as its first version."""
    ny.version, ny.andrad_av = 1, av
    ny.save()
    _anteckna(ny.plan_pk(), [historik.skapad(ny)], av=av, samla=samla)
    return ny


def skapa_omrade(
    plan: Handlingsplan,
    omrade: Insatsomrade | None,
    falt: dict[str, Any],
    *,
    av: Anvandare,
    samla: Samling | None = None,
) -> Omradesutgava:
    """An edition in this plan, last, of an area known from before or of a new one. Raises ValidationError."""
    nya: Samling = []
    if omrade is None:
        omrade = _nytt_omrade(falt["namn"])
        nya.append(historik.skapad(omrade))
    plats = ordning.nasta_ordning(plan.alla_omraden.all())
    utgava = Omradesutgava(insatsomrade=omrade, plan=plan, ordning=plats, andrad_av=av, **falt)
    utgava.full_clean()
    utgava.save()
    _anteckna(plan.pk, [*nya, historik.skapad(utgava)], av=av, samla=samla)
    return utgava


def _nytt_omrade(namn: str) -> Insatsomrade:
    """A new area. In another plan somebody may just have taken the code that was free: then the next one."""
    try:
        with transaction.atomic():
            return Insatsomrade.objects.create(kod=ledig_kod(namn), namn=namn)
    except IntegrityError:
        return Insatsomrade.objects.create(kod=ledig_kod(namn), namn=namn)


def satt_ansvariga(
    utgava: Omradesutgava, grupper: Iterable[Samverkansgrupp], *, av: Anvandare, samla: Samling | None = None
) -> None:
    """The area's responsible groups. The history has their keys, sorted."""
    valda = list(grupper)
    fore, efter = sorted(utgava.ansvariga.values_list("pk", flat=True)), sorted(grupp.pk for grupp in valda)
    utgava.ansvariga.set(valda)
    if fore != efter:
        _anteckna(utgava.plan_id, [historik.andrad_utanfor(utgava, "ansvariga", fore, efter)], av=av, samla=samla)


def _anteckna(plan_pk: int, nya: Samling, *, av: Anvandare, samla: Samling | None) -> None:
    if samla is None:
        historik.skriv(plan_pk, nya, av=av)
    else:
        samla.extend(nya)
