"""Who else is in a part of a plan just now.

An open part tells of itself every `SLAGET`; who has not been heard of for `GLOMS` is no longer there. Rows are thrown
away by whoever comes next, so the table holds only those who write just now.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from handlingsplan.models import Anvandare, Narvaro

SLAGET: Final = timedelta(seconds=15)
GLOMS: Final = timedelta(seconds=40)
MAX_VAG: Final = 300


def anmal(vag: str, vem: Anvandare) -> None:
    """Say that somebody is in the part with this address. Two statements."""
    nu = timezone.now()
    Narvaro.objects.filter(Q(senast__lt=nu - GLOMS) | Q(anvandare=vem, vag=vag)).delete()
    Narvaro.objects.bulk_create(
        [Narvaro(vag=vag, anvandare=vem, senast=nu)],
        update_conflicts=True,
        update_fields=["senast"],
        unique_fields=["vag", "anvandare"],
    )


def lamna(vag: str, vem: Anvandare) -> None:
    """Say that somebody has left the part."""
    Narvaro.objects.filter(vag=vag, anvandare=vem).delete()


def andra(vag: str, vem: Anvandare) -> list[str]:
    """Names of the others in the part, in order."""
    dar = Narvaro.objects.filter(vag=vag, senast__gte=timezone.now() - GLOMS).exclude(anvandare=vem)
    return sorted(dar.values_list("anvandare__namn", flat=True))
