"""Footnotes of the budget table, and where they are marked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from budget.models.poster import Budgetrad, Finansiering
from handlingsplan.models import ARTAL, Handlingsplan, Versionerad
from insatsomraden.models import Omradesutgava


class Fotnot(Versionerad):
    """A footnote of the budget table. It is marked where its places are: cells, columns or the table."""

    plan = models.ForeignKey(Handlingsplan, on_delete=models.CASCADE, related_name="alla_fotnoter", verbose_name="plan")
    ordning = models.PositiveIntegerField("ordning")
    text = models.TextField("fotnot", max_length=2_000)
    borttagen_at = models.DateTimeField("borttagen", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "fotnot"
        verbose_name_plural = "fotnoter"
        ordering = ("plan", "ordning", "pk")

    def __str__(self) -> str:
        return self.text

    def plan_pk(self) -> int:
        return self.plan_id


class Fotnotsplats(models.Model):
    """Where a footnote is marked: the whole table, a column (year × financing) or one cell."""

    class Slag(models.TextChoices):
        TABELL = "tabell", "hela tabellen"
        KOLUMN = "kolumn", "en kolumn"
        CELL = "cell", "en cell"

    fotnot = models.ForeignKey(Fotnot, on_delete=models.CASCADE, related_name="alla_platser", verbose_name="fotnot")
    slag = models.CharField("slag", max_length=10, choices=Slag)
    budgetar = models.PositiveSmallIntegerField("budgetår", null=True, blank=True, validators=ARTAL)
    finansiering = models.CharField("finansiering", max_length=20, choices=Finansiering, blank=True)
    utgava = models.ForeignKey(
        Omradesutgava, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="område"
    )
    rad = models.ForeignKey(
        Budgetrad, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="rad"
    )

    class Meta:
        verbose_name = "fotnotsplats"
        verbose_name_plural = "fotnotsplatser"
        ordering = ("fotnot", "pk")
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(slag="tabell", budgetar__isnull=True, finansiering="", utgava__isnull=True, rad__isnull=True)
                    | Q(slag="kolumn", budgetar__isnull=False, utgava__isnull=True, rad__isnull=True)
                    & ~Q(finansiering="")
                    | Q(slag="cell", budgetar__isnull=False)
                    & ~Q(finansiering="")
                    & (Q(utgava__isnull=False, rad__isnull=True) | Q(utgava__isnull=True, rad__isnull=False))
                ),
                name="fotnotsplats_hel",
                violation_error_message="Ange var fotnoten står: tabellen, en kolumn eller en cell.",
            ),
            # One rule per kind: SQLite counts two empty values as different.
            models.UniqueConstraint(
                fields=("fotnot",),
                condition=Q(slag="tabell"),
                name="fotnotsplats_en_gang_tabell",
                violation_error_message="Fotnoten står redan där.",
            ),
            models.UniqueConstraint(
                fields=("fotnot", "budgetar", "finansiering"),
                condition=Q(slag="kolumn"),
                name="fotnotsplats_en_gang_kolumn",
                violation_error_message="Fotnoten står redan där.",
            ),
            models.UniqueConstraint(
                fields=("fotnot", "budgetar", "finansiering", "utgava"),
                condition=Q(slag="cell", utgava__isnull=False),
                name="fotnotsplats_en_gang_omrade",
                violation_error_message="Fotnoten står redan där.",
            ),
            models.UniqueConstraint(
                fields=("fotnot", "budgetar", "finansiering", "rad"),
                condition=Q(slag="cell", rad__isnull=False),
                name="fotnotsplats_en_gang_rad",
                violation_error_message="Fotnoten står redan där.",
            ),
        )

    def __str__(self) -> str:
        return self.get_slag_display()
