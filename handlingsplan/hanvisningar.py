"""Whether a row can be removed: what else in the database points at it, on whatever floor."""

from __future__ import annotations

from django.db import models
from django.db.models import DO_NOTHING, Exists, ManyToOneRel, OuterRef, Q


def har_rader(modell: type[models.Model]) -> Q:
    """A condition on `modell`: some row of some table belongs to it. Rows marked as removed do not count.

    Read from the models' own foreign keys, since the ground does not know who stands on it. A relation that does
    nothing when its row goes is no hindrance: the history outlives what it tells of.
    """
    villkor = Q(pk__in=())
    for relation in modell._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and modell != relation.related_model and relation.on_delete != DO_NOTHING:
            rader = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            if any(falt.name == "borttagen_at" for falt in relation.related_model._meta.fields):
                rader = rader.filter(borttagen_at=None)
            villkor |= Q(Exists(rader))
    return villkor
