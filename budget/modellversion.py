"""Which version a cost model is, counted by the history: every save of the model or of a part of it is a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from budget.models import Kostnadsmodell, Modellgrupp, Modellvillkor
from handlingsplan.historikmodeller import Handelse


@dataclass(frozen=True, slots=True)
class Modellversion:
    """The number (from 1), and when and by whom the model or a part of it was changed last; `vem` may be empty."""

    nummer: int
    nar: datetime
    vem: str


def av(modell: Kostnadsmodell) -> Modellversion:
    """The version of a model that has its rows at hand, removed ones too. One statement."""
    grupper, alla_villkor = list(modell.alla_grupper.all()), list(modell.alla_villkor.all())
    urval = _av(Kostnadsmodell, [modell.pk]) | _av(Modellgrupp, [en.pk for en in grupper])
    urval |= _av(Modellvillkor, [en.pk for en in alla_villkor])
    # The entries of one save have the same time.
    sparningar = Handelse.objects.filter(urval, plan_id=modell.plan_id).values("tid").distinct().count()
    senast = max((modell, *grupper, *alla_villkor), key=lambda en: en.andrad_at)
    return Modellversion(max(1, sparningar), senast.andrad_at, senast.andrad_av.namn if senast.andrad_av else "")


def _av(typ: type[Kostnadsmodell | Modellgrupp | Modellvillkor], nycklar: list[int]) -> Q:
    return Q(modell=typ._meta.label_lower, objekt__in=[str(pk) for pk in nycklar])
