"""The order of areas, goals and activities: "place this after that, under the same parent".

Called inside `plan_for_skrivning`, whose lock makes moves of one plan come one after another. Only the moved row
gets a new version; its siblings are renumbered, which nobody needs to be told of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from django.db import models

from handlingsplan import historik
from handlingsplan.models import Anvandare
from handlingsplan.sparande import avtryck, spara
from insatsomraden.models import MAX_NIVAER, Aktivitet, Mal, Omradesutgava

Riktning = Literal["upp", "ned", "in", "ut"]


# A change of one of these is a change of a row's place.
_PLATS = frozenset({"ordning", "foralder", "lage", "borttagen_at"})


class GarInte(ValueError):
    """The move cannot be done; the message is Swedish and says why."""


def syskon_till_mal(mal_: Mal) -> list[Mal]:
    return list(Mal.objects.filter(utgava=mal_.utgava_id, borttagen_at=None))


def syskon_till_omrade(utgava: Omradesutgava) -> list[Omradesutgava]:
    """Areas of the plan in the same state: those that are in it, those that are watched, those that have left."""
    return list(Omradesutgava.objects.filter(plan=utgava.plan_id, lage=utgava.lage))


def syskon_till_aktivitet(aktivitet: Aktivitet, foralder_id: int | None) -> list[Aktivitet]:
    return list(
        Aktivitet.objects.filter(
            utgava=aktivitet.utgava_id, avser_ar=aktivitet.avser_ar, foralder=foralder_id, borttagen_at=None
        )
    )


def flytta_i_lista[M: (Mal, Omradesutgava)](
    rad: M, syskon: Sequence[M], riktning: str, *, version: int, av: Anvandare
) -> M:
    """Move one step up or down among its siblings. Raises Krock, or GarInte for any other direction."""
    if riktning not in ("upp", "ned"):
        raise GarInte("Raden kan flyttas upp eller ned.")
    plats = _plats(syskon, rad.pk) + (-1 if riktning == "upp" else 1)
    return _skriv_ordning(rad, syskon, plats, {}, version=version, av=av)


def placera_i_lista[M: (Mal, Omradesutgava)](
    rad: M, syskon: Sequence[M], efter: int, *, version: int, av: Anvandare
) -> M:
    """Place a row after the one with the key `efter` (0: first) among its siblings."""
    ovriga = [en for en in syskon if en.pk != rad.pk]
    plats = _plats(ovriga, efter) + 1 if efter else 0
    return _skriv_ordning(rad, syskon, plats, {}, version=version, av=av)


def narmast_fore(syskon: Sequence[models.Model], pk: int) -> int:
    """The key of the row that stands before this one; 0 where it is the first. Raises GarInte where it is gone."""
    plats = _plats(syskon, pk)
    return syskon[plats - 1].pk if plats else 0


def flytta_aktivitet(aktivitet: Aktivitet, riktning: str, *, version: int, av: Anvandare) -> Aktivitet:
    """Move up or down among its siblings, in under the one before it, or out beside its parent."""
    syskon = syskon_till_aktivitet(aktivitet, aktivitet.foralder_id)
    har = _plats(syskon, aktivitet.pk)
    if riktning in ("upp", "ned"):
        plats = har + (-1 if riktning == "upp" else 1)
        return _skriv_ordning(aktivitet, syskon, plats, {}, version=version, av=av)
    if riktning == "in":
        if har == 0:
            raise GarInte("Det finns ingen aktivitet ovanför att lägga den under.")
        ny = syskon[har - 1]
        sista = next(reversed(syskon_till_aktivitet(aktivitet, ny.pk)), None)
        return placera_aktivitet(aktivitet, foralder=ny, efter=sista, version=version, av=av)
    if riktning == "ut":
        if aktivitet.foralder is None:
            raise GarInte("Aktiviteten ligger redan ytterst.")
        return placera_aktivitet(
            aktivitet, foralder=aktivitet.foralder.foralder, efter=aktivitet.foralder, version=version, av=av
        )
    raise GarInte("Aktiviteten kan flyttas upp, ned, in eller ut.")


def placera_aktivitet(
    aktivitet: Aktivitet, *, foralder: Aktivitet | None, efter: Aktivitet | None, version: int, av: Anvandare
) -> Aktivitet:
    """Place an activity after `efter` (None: first) under `foralder` (None: outermost), with all below it."""
    _kontrollera_foralder(aktivitet, foralder)
    foralder_id = foralder.pk if foralder else None
    syskon = [en for en in syskon_till_aktivitet(aktivitet, foralder_id) if en.pk != aktivitet.pk]
    plats = 0 if efter is None else _plats(syskon, efter.pk) + 1
    return _skriv_ordning(aktivitet, syskon, plats, {"foralder": foralder}, version=version, av=av)


def nasta_ordning(syskon: models.QuerySet[Mal] | models.QuerySet[Aktivitet] | models.QuerySet[Omradesutgava]) -> int:
    """The place after the last one."""
    return (syskon.aggregate(hogst=models.Max("ordning"))["hogst"] or 0) + 1


def _plats(syskon: Sequence[models.Model], pk: int) -> int:
    for plats, rad in enumerate(syskon):
        if rad.pk == pk:
            return plats
    raise GarInte("Raden att ställa den efter finns inte kvar. Sidan visar nu hur det ser ut.")


def _kontrollera_foralder(aktivitet: Aktivitet, foralder: Aktivitet | None) -> None:
    """An activity cannot lie under itself, in another year or area, or too deep."""
    if any(en.pk == aktivitet.pk for en in _uppat(foralder)):
        raise GarInte("En aktivitet kan inte ligga under sig själv.")
    if foralder is not None and (foralder.utgava_id, foralder.avser_ar) != (aktivitet.utgava_id, aktivitet.avser_ar):
        raise GarInte("En aktivitet flyttas inom sitt område och sitt år.")
    if niva(foralder) + _hojd(aktivitet) > MAX_NIVAER:
        raise GarInte(f"Aktiviteter kan ligga i högst {MAX_NIVAER} nivåer.")


def kontrollera_niva(aktivitet: Aktivitet) -> None:
    """Raise GarInte where an activity, with all below it, lies too deep to come back where it was."""
    if niva(aktivitet.foralder) + _hojd(aktivitet) > MAX_NIVAER:
        raise GarInte(f"Aktiviteter kan ligga i högst {MAX_NIVAER} nivåer. Flytta ut den som den låg under först.")


def _uppat(en: Aktivitet | None) -> Iterator[Aktivitet]:
    """An activity and those it lies under, from the inside out."""
    while en is not None:
        yield en
        en = en.foralder


def niva(en: Aktivitet | None) -> int:
    """The level an activity lies on: 1 is outermost, 0 is none at all."""
    return sum(1 for _ in _uppat(en))


def _hojd(aktivitet: Aktivitet) -> int:
    """Levels from this activity down, itself included."""
    under = [_hojd(en) for en in aktivitet.under.filter(borttagen_at=None)]
    return 1 + max(under, default=0)


def _skriv_ordning[M: (Mal, Omradesutgava, Aktivitet)](
    rad: M, syskon: Sequence[M], plats: int, andringar: dict[str, object], *, version: int, av: Anvandare
) -> M:
    """Write the row's place, and number its siblings around it.

    Who moves a row that another has moved since the page was read is told so; that its text has changed is no matter.
    """
    nya = [en for en in syskon if en.pk != rad.pk]
    plats = max(0, min(plats, len(nya)))
    flytten = {**andringar, "ordning": plats + 1}
    vid_lasning = {}
    if not historik.varden_vid(rad, version, _PLATS):  # nobody has moved it since, so its place is what was seen
        vid_lasning = {namn: avtryck(getattr(rad, namn)) for namn in flytten}
    sparad = spara(rad, flytten, version=version, av=av, avtryck_vid_lasning=vid_lasning)
    nya.insert(plats, sparad)
    for ordning, en in enumerate(nya, 1):
        if en.ordning != ordning:
            type(rad)._default_manager.filter(pk=en.pk).update(ordning=ordning)
    return sparad
