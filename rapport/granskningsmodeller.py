"""The answers to what the proofreader has found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from handlingsplan.models import Handlingsplan, Versionerad

MAX_SKAL = 1_000


class Granskningssvar(Versionerad):
    """Why it is right as it stands, where the proofreader has found something. Who and when are the row's own.

    It answers one finding: of one rule, at one place, about one text (`avtryck`). When the text changes there is
    another finding, which this does not answer.
    """

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.CASCADE, related_name="alla_granskningssvar", verbose_name="plan"
    )
    regel = models.CharField("regel", max_length=60)
    plats = models.CharField("plats", max_length=200)
    avtryck = models.CharField("textens avtryck", max_length=32)
    text = models.CharField("det som står", max_length=400)
    skal = models.TextField("skäl", max_length=MAX_SKAL)

    class Meta:
        verbose_name = "granskningssvar"
        verbose_name_plural = "granskningssvar"
        ordering = ("plan", "plats", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "avtryck"),
                name="granskningssvar_ett_per_fynd",
                violation_error_message="Det är redan besvarat.",
            ),
            models.CheckConstraint(
                condition=~Q(skal=""),
                name="granskningssvar_har_skal",
                violation_error_message="Skriv varför det är rätt.",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("skal"), Value(MAX_SKAL)),
                name="granskningssvar_inte_for_langt",
                violation_error_message="Ett skäl är högst 1 000 tecken.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plats}: {self.text}"

    def plan_pk(self) -> int:
        return self.plan_id
