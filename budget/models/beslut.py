"""The decision that something in the split rests on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Beslutad(models.Model):
    """Who decided, when, which paragraph; `upphavt` is the day the decision was withdrawn."""

    instans = models.CharField("instans", max_length=200, blank=True)
    beslutsdatum = models.DateField("beslutets datum", null=True, blank=True)
    paragraf = models.CharField("paragraf", max_length=50, blank=True)
    diarienummer = models.CharField("diarienummer", max_length=100, blank=True)
    upphavt = models.DateField("beslutet upphävt den", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def har_beslut(self) -> bool:
        """Whether the reference says enough to find the decision."""
        return bool(self.instans.strip() and self.beslutsdatum and self.paragraf.strip())


HAR_BESLUT = ~Q(instans="") & Q(beslutsdatum__isnull=False) & ~Q(paragraf="")
"""The constraint for what may not be without a decision."""
BESLUTSFALT = ("instans", "beslutsdatum", "paragraf", "diarienummer", "upphavt")
