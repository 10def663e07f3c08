"""The reconciliation of a year: the rule that was decided for it, and the result, stored once.

Amounts are öre. Nothing of a stored result is ever written again.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from budget.models.beslut import HAR_BESLUT, Beslutad
from budget.models.fordelning import Fordelningsresultat
from handlingsplan.historikmodeller import AndrasInte, BaraTillagg
from handlingsplan.models import ARTAL, Handlingsplan, Huvudman, Versionerad

NEKANDE = "En fastställd avstämning ändras inte."


class AvstamningenAndrasInte(AndrasInte):
    """Somebody tried to change or remove a stored reconciliation."""

    def __init__(self) -> None:
        super().__init__(f"{NEKANDE} En rättelse tas med i nästa års avstämning.")


class Avstamningsregel(Beslutad, Versionerad):
    """What happens with the difference between charged and outturn in one year, as it was decided."""

    class Overskott(models.TextChoices):
        ATERBETALAS = "aterbetalas", "återbetalas"
        OVERFORS = "overfors", "förs över till kommande år"
        AVRAKNAS = "avraknas", "avräknas mot nästa års andel"

    class Underskott(models.TextChoices):
        DEBITERAS = "debiteras", "debiteras i efterhand"
        OVERFORS = "overfors", "förs över till kommande år"
        AVRAKNAS = "avraknas", "läggs på nästa års andel"

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.CASCADE, related_name="alla_avstamningsregler", verbose_name="plan"
    )
    budgetar = models.PositiveSmallIntegerField("budgetår", validators=ARTAL)
    overskott = models.CharField("det som har debiterats för mycket", max_length=20, choices=Overskott)
    underskott = models.CharField("det som har debiterats för lite", max_length=20, choices=Underskott)

    objects: ClassVar[models.Manager[Avstamningsregel]] = models.Manager()

    class Meta:
        verbose_name = "avstämningsregel"
        verbose_name_plural = "avstämningsregler"
        ordering = ("plan", "budgetar")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "budgetar"),
                name="avstamningsregel_en_per_ar",
                violation_error_message="Året har redan en avstämningsregel.",
            ),
            models.CheckConstraint(
                condition=Q(
                    overskott__in=("aterbetalas", "overfors", "avraknas"),
                    underskott__in=("debiteras", "overfors", "avraknas"),
                ),
                name="avstamningsregel_kand_regel",
                violation_error_message="Välj vad som händer med överskott och med underskott.",
            ),
            models.CheckConstraint(
                condition=HAR_BESLUT & ~Q(diarienummer=""),
                name="avstamningsregel_har_beslut",
                violation_error_message="Årets regel är ett beslut: ange instans, datum, § och diarienummer.",
            ),
            models.CheckConstraint(
                condition=Q(upphavt__isnull=True) | Q(upphavt__gte=F("beslutsdatum")),
                name="avstamningsregel_upphavs_efter_beslut",
                violation_error_message="Beslutet kan inte upphävas innan det fattas.",
            ),
        )

    def __str__(self) -> str:
        return str(self.budgetar)

    def plan_pk(self) -> int:
        return self.plan_id


class Avstamning(BaraTillagg):
    """A year as it was reconciled, stored when the coordinator closed it, with everything that made it.

    `fordelning` is the stored split whose model and weights shared the outturn; `innehall` has the outturn row by row,
    what was charged and by what, and the rule with its decision (`budget.avstamningslager` writes and reads it).
    """

    class Kalla(models.TextChoices):
        UNDERLAG = "underlag", "utfärdade faktureringsunderlag"
        FORDELNING = "fordelning", "fastställd fördelning"

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.PROTECT, related_name="alla_avstamningar", verbose_name="plan"
    )
    budgetar = models.PositiveSmallIntegerField("budgetår", validators=ARTAL)
    fordelning = models.ForeignKey(
        Fordelningsresultat, on_delete=models.PROTECT, related_name="+", verbose_name="fördelning"
    )
    utfall = models.BigIntegerField("utfall")
    debiterat = models.BigIntegerField("debiterat")
    kalla = models.CharField("debiterat enligt", max_length=20, choices=Kalla)
    innehall = models.JSONField("innehåll")
    faststalld_at = models.DateTimeField("fastställd", default=timezone.now, editable=False)

    vagran: ClassVar[type[AndrasInte]] = AvstamningenAndrasInte

    class Meta:
        verbose_name = "avstämning"
        verbose_name_plural = "avstämningar"
        ordering = ("plan", "budgetar")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "budgetar"),
                name="avstamning_en_per_ar",
                violation_error_message="Årets avstämning är redan fastställd och ändras inte.",
            ),
        )

    def __str__(self) -> str:
        return str(self.budgetar)


class Avstamningsandel(BaraTillagg):
    """One party in a stored reconciliation: its part of the outturn and what it was charged (öre), and what happens."""

    avstamning = models.ForeignKey(
        Avstamning, on_delete=models.PROTECT, related_name="alla_andelar", verbose_name="avstämning"
    )
    huvudman = models.ForeignKey(Huvudman, on_delete=models.PROTECT, related_name="+", verbose_name="huvudman")
    namn = models.CharField("namn", max_length=200)
    typ = models.CharField("typ", max_length=10)
    utfall = models.BigIntegerField("andel av utfallet")
    debiterat = models.BigIntegerField("debiterat")
    atgard = models.CharField("vad som händer", max_length=20)

    vagran: ClassVar[type[AndrasInte]] = AvstamningenAndrasInte

    class Meta:
        verbose_name = "avstämningsandel"
        verbose_name_plural = "avstämningsandelar"
        ordering = ("avstamning", "huvudman__kod")
        constraints = (
            models.UniqueConstraint(
                fields=("avstamning", "huvudman"),
                name="avstamningsandel_en_per_huvudman",
                violation_error_message="Huvudmannen står redan i avstämningen.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.namn}: {self.debiterat - self.utfall} öre"

    @property
    def skillnad(self) -> int:
        """Charged minus outturn, öre: above zero the party has paid too much."""
        return self.debiterat - self.utfall
