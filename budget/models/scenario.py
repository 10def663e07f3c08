"""What somebody has tried with a plan's budget, kept under a name, and whom it has been shown to.

A scenario is no part of the plan: not printed, not in its record, not in its history.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from handlingsplan.models import Handlingsplan, Versionerad

MAX_NAMN = 100


def ny_nyckel() -> str:
    """The part of a link that cannot be guessed: 192 random bits, 32 characters."""
    return secrets.token_urlsafe(24)


class Scenario(Versionerad):
    """Other amounts and other rules than the plan's, under a name. `budget.scenario` reads and writes `innehall`."""

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.CASCADE, related_name="alla_scenarier", verbose_name="plan"
    )
    namn = models.CharField("namn", max_length=MAX_NAMN)
    innehall = models.JSONField("innehåll")
    skapad_at = models.DateTimeField("skapat", default=timezone.now, editable=False)
    skapad_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="skapat av",
    )
    borttagen_at = models.DateTimeField("borttaget", null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager[Scenario]] = models.Manager()

    class Meta:
        verbose_name = "scenario"
        verbose_name_plural = "scenarier"
        ordering = ("plan", "namn", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "namn"),
                condition=Q(borttagen_at__isnull=True),
                name="scenario_ett_namn_per_plan",
                violation_error_message="Planen har redan ett scenario med det namnet.",
            ),
            models.CheckConstraint(
                condition=~Q(namn=""), name="scenario_har_namn", violation_error_message="Ge scenariot ett namn."
            ),
            models.CheckConstraint(
                condition=Q(innehall__has_keys=["schema", "celler", "regler"]),
                name="scenario_lasbart_innehall",
                violation_error_message="Scenariots innehåll går inte att läsa.",
            ),
        )

    def __str__(self) -> str:
        return self.namn


class Scenariodelning(models.Model):
    """A scenario was shown to whoever reads the plan and has the link: by whom, from when, until when.

    Rows stay, so that it can be told later what was shared. Sharing again makes a new row with a new link.
    """

    scenario = models.ForeignKey(
        Scenario, on_delete=models.CASCADE, related_name="alla_delningar", verbose_name="scenario"
    )
    nyckel = models.CharField("nyckel", max_length=40, default=ny_nyckel, editable=False)
    delad_at = models.DateTimeField("delat", default=timezone.now, editable=False)
    delad_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="delat av",
    )
    upphord_at = models.DateTimeField("slutade delas", null=True, blank=True, editable=False)
    upphord_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="slutade delas av",
    )

    class Meta:
        verbose_name = "scenariodelning"
        verbose_name_plural = "scenariodelningar"
        ordering = ("scenario", "delad_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("nyckel",),
                name="scenariodelning_egen_nyckel",
                violation_error_message="Länken används redan.",
            ),
            models.UniqueConstraint(
                fields=("scenario",),
                condition=Q(upphord_at__isnull=True),
                name="scenariodelning_en_i_taget",
                violation_error_message="Scenariot är redan delat.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scenario}, delat {self.delad_at:%Y-%m-%d}"
