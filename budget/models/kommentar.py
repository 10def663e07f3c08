"""What those who edit the budget tell each other about a cell."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from budget.models.poster import Budgetrad, Finansiering
from handlingsplan.models import ARTAL, Handlingsplan, Versionerad
from insatsomraden.models import Omradesutgava

MAX_TECKEN = 2_000


class Cellkommentar(Versionerad):
    """A note on one cell of the budget, for those who edit; it is never printed in the plan.

    A cell has at most one, whether or not it is filled in. One that is emptied stays as a row without text, so that
    its version goes on counting and the history can bring it back.
    """

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.CASCADE, related_name="alla_cellkommentarer", verbose_name="plan"
    )
    utgava = models.ForeignKey(
        Omradesutgava, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="område"
    )
    rad = models.ForeignKey(
        Budgetrad, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="rad"
    )
    budgetar = models.PositiveSmallIntegerField("budgetår", validators=ARTAL)
    finansiering = models.CharField("finansiering", max_length=20, choices=Finansiering, default=Finansiering.SGD)
    text = models.TextField("kommentar", max_length=MAX_TECKEN, blank=True)

    class Meta:
        verbose_name = "cellkommentar"
        verbose_name_plural = "cellkommentarer"
        ordering = ("plan", "budgetar", "finansiering", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(finansiering__in=("sgd", "statsbidrag", "projektmedel", "egen_tid", "annan")),
                name="cellkommentar_kand_finansiering",
                violation_error_message="Det finns ingen sådan finansiering.",
            ),
            models.CheckConstraint(
                condition=Q(utgava__isnull=False, rad__isnull=True) | Q(utgava__isnull=True, rad__isnull=False),
                name="cellkommentar_omrade_eller_rad",
                violation_error_message="En kommentar hör till en cell: ett områdes eller en rads för hela planen.",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), Value(MAX_TECKEN)),
                name="cellkommentar_inte_for_lang",
                violation_error_message="En kommentar är högst 2 000 tecken.",
            ),
            models.UniqueConstraint(
                fields=("utgava", "budgetar", "finansiering"),
                condition=Q(utgava__isnull=False),
                name="cellkommentar_en_per_omrade",
                violation_error_message="Cellen har redan en kommentar.",
            ),
            models.UniqueConstraint(
                fields=("rad", "budgetar", "finansiering"),
                condition=Q(rad__isnull=False),
                name="cellkommentar_en_per_rad",
                violation_error_message="Cellen har redan en kommentar.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.utgava or self.rad}: {self.budgetar} {self.get_finansiering_display()}"

    def plan_pk(self) -> int:
        return self.plan_id
