"""The cells of the budget and the rows that are not areas.

Amounts in the database are kronor with two decimals (MoneyField); everything that is summed or split is first
turned into integer öre (`Budgetpost.ore`), because SQLite keeps decimals as floating point.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from djmoney.models.fields import MoneyField

from handlingsplan.models import ARTAL, Handlingsplan, Versionerad
from insatsomraden.models import Omradesutgava

TAK_KR = 10**12


class Finansiering(models.TextChoices):
    """How a row is paid. Only SGD money is split among the parties."""

    SGD = "sgd", "SGD"
    STATSBIDRAG = "statsbidrag", "statsbidrag"
    PROJEKTMEDEL = "projektmedel", "projektmedel"
    EGEN_TID = "egen_tid", "egen tid"
    ANNAN = "annan", "annan finansiering"


class Beloppscell(Versionerad):
    """A cell: an area (or a row of the whole plan) × year × form of financing.

    An amount is a number (0 is one), unknown, or not applicable. A cell without a row is not filled in.
    """

    class Slag(models.TextChoices):
        BELOPP = "belopp", "belopp"
        OKANT = "okant", "okänt"
        EJ_AKTUELLT = "ej_aktuellt", "ej aktuellt"

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.CASCADE, related_name="alla_%(class)s", verbose_name="plan"
    )
    utgava = models.ForeignKey(
        Omradesutgava, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="område"
    )
    rad = models.ForeignKey(
        "Budgetrad", on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="rad"
    )
    budgetar = models.PositiveSmallIntegerField("budgetår", validators=ARTAL)
    finansiering = models.CharField("finansiering", max_length=20, choices=Finansiering, default=Finansiering.SGD)
    slag = models.CharField("slag", max_length=20, choices=Slag)
    belopp = MoneyField(
        "belopp, kr", max_digits=14, decimal_places=2, null=True, blank=True, default=None, default_currency="SEK"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.utgava or self.rad}: {self.budgetar} {self.get_finansiering_display()}"

    def plan_pk(self) -> int:
        return self.plan_id

    @property
    def ore(self) -> int | None:
        """The amount in öre, or None where the row is not an amount."""
        return None if self.belopp is None else int(self.belopp.amount * 100)


def cellregler(tabell: str, en: str, enda: str) -> tuple[models.BaseConstraint, ...]:
    """The rules of a table of cells. `en` is what a row is called (“En budgetpost”), `enda` one that is there."""
    return (
        models.CheckConstraint(
            condition=Q(slag="belopp", belopp__isnull=False) | (~Q(slag="belopp") & Q(belopp__isnull=True)),
            name=f"{tabell}_belopp_foljer_slag",
            violation_error_message="Ett belopp behöver en siffra; okänt och ej aktuellt har ingen.",
        ),
        models.CheckConstraint(
            condition=Q(slag__in=("belopp", "okant", "ej_aktuellt")),
            name=f"{tabell}_kant_slag",
            violation_error_message="Ange ett belopp, okänt eller ej aktuellt.",
        ),
        models.CheckConstraint(
            condition=Q(finansiering__in=("sgd", "statsbidrag", "projektmedel", "egen_tid", "annan")),
            name=f"{tabell}_kand_finansiering",
            violation_error_message="Det finns ingen sådan finansiering.",
        ),
        models.CheckConstraint(
            condition=Q(belopp__isnull=True) | Q(belopp__gte=0, belopp__lt=TAK_KR),
            name=f"{tabell}_belopp_inom_granser",
            violation_error_message="Ett belopp är minst 0 kr och mindre än 1 000 000 000 000 kr.",
        ),
        models.CheckConstraint(
            condition=Q(belopp_currency="SEK") | Q(belopp__isnull=True),
            name=f"{tabell}_kronor",
            violation_error_message="Belopp anges i svenska kronor.",
        ),
        models.CheckConstraint(
            condition=Q(utgava__isnull=False, rad__isnull=True) | Q(utgava__isnull=True, rad__isnull=False),
            name=f"{tabell}_omrade_eller_rad",
            violation_error_message=f"{en} hör till ett område eller till en rad för hela planen.",
        ),
        models.UniqueConstraint(
            fields=("utgava", "budgetar", "finansiering"),
            condition=Q(utgava__isnull=False),
            name=f"{tabell}_en_per_omrade",
            violation_error_message=f"Området har redan {enda} för det året och den finansieringen.",
        ),
        models.UniqueConstraint(
            fields=("rad", "budgetar", "finansiering"),
            condition=Q(rad__isnull=False),
            name=f"{tabell}_en_per_rad",
            violation_error_message=f"Raden har redan {enda} för det året och den finansieringen.",
        ),
    )


class Budgetpost(Beloppscell):
    """One cell of the budget."""

    plan = models.ForeignKey(Handlingsplan, on_delete=models.CASCADE, related_name="alla_poster", verbose_name="plan")
    utgava = models.ForeignKey(
        Omradesutgava,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="alla_poster",
        verbose_name="område",
    )
    rad = models.ForeignKey(
        "Budgetrad", on_delete=models.CASCADE, null=True, blank=True, related_name="alla_poster", verbose_name="rad"
    )

    objects: ClassVar[models.Manager[Budgetpost]] = models.Manager()

    class Meta:
        verbose_name = "budgetpost"
        verbose_name_plural = "budgetposter"
        ordering = ("plan", "budgetar", "finansiering", "pk")
        constraints = cellregler("budgetpost", "En budgetpost", "en post")


class Budgetrad(Versionerad):
    """A row of the whole plan, outside the areas. Its name may be empty, as in the 2024 plan's table."""

    plan = models.ForeignKey(Handlingsplan, on_delete=models.CASCADE, related_name="alla_rader", verbose_name="plan")
    ordning = models.PositiveIntegerField("ordning")
    benamning = models.CharField("benämning", max_length=200, blank=True)
    borttagen_at = models.DateTimeField("borttagen", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "budgetrad"
        verbose_name_plural = "budgetrader"
        ordering = ("plan", "ordning", "pk")

    def __str__(self) -> str:
        return self.benamning or "rad utan benämning"

    def plan_pk(self) -> int:
        return self.plan_id
