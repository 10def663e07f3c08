"""How a year is shared: its rule, the stored result, and the rate that was printed."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from handlingsplan.models import ARTAL, Handlingsplan, Huvudman, Versionerad


class Fordelningsregel(Versionerad):
    """How one year of a plan is shared: ratio, rounding unit and population date."""

    class Enhet(models.TextChoices):
        ORE = "ore", "1 öre"
        KRONA = "krona", "1 krona"

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.CASCADE, related_name="alla_fordelningsregler", verbose_name="plan"
    )
    budgetar = models.PositiveSmallIntegerField("budgetår", validators=ARTAL)
    andel_region = models.PositiveIntegerField("regionens del", default=1)
    andel_grupp = models.PositiveIntegerField("kommunernas del", default=1)
    enhet = models.CharField("avrundning till", max_length=10, choices=Enhet, default=Enhet.ORE)
    folkmangdsdatum = models.DateField("folkmängd den")
    hanvisning = models.CharField("beslut eller grund", max_length=500, blank=True)
    # In place of the ratio, where the plan has decided on a model of its own.
    modell = models.ForeignKey(
        "Kostnadsmodell", on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="modell"
    )

    class Meta:
        verbose_name = "fördelningsregel"
        verbose_name_plural = "fördelningsregler"
        ordering = ("plan", "budgetar")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "budgetar"),
                name="fordelningsregel_en_per_ar",
                violation_error_message="Året har redan en fördelningsregel.",
            ),
            models.CheckConstraint(
                condition=Q(andel_region__gt=0) | Q(andel_grupp__gt=0),
                name="fordelningsregel_nagon_betalar",
                violation_error_message="Regionens del och kommunernas del kan inte båda vara 0.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.budgetar}: {self.andel_region}:{self.andel_grupp}"

    def plan_pk(self) -> int:
        return self.plan_id


class Fordelningsresultat(models.Model):
    """A stored split with all that made it. Stored when the plan is adopted, and never written again.

    Source: cost-split rule 7. `total` and amounts are öre.
    """

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.PROTECT, related_name="alla_fordelningsresultat", verbose_name="plan"
    )
    budgetar = models.PositiveSmallIntegerField("budgetår", validators=ARTAL)
    total = models.BigIntegerField("att fördela, öre")
    andel_region = models.PositiveIntegerField("regionens del")
    andel_grupp = models.PositiveIntegerField("kommunernas del")
    enhet = models.CharField("avrundning till", max_length=10, choices=Fordelningsregel.Enhet)
    folkmangdsdatum = models.DateField("folkmängd den")
    hanvisning = models.CharField("beslut eller grund", max_length=500, blank=True)
    # Parties, weights, models and rows as in `budget.indata`, where models in steps made the split; else empty.
    underlag = models.TextField("underlag", blank=True)
    skapad_at = models.DateTimeField("skapad", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "fördelningsresultat"
        verbose_name_plural = "fördelningsresultat"
        ordering = ("plan", "budgetar")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "budgetar"),
                name="fordelningsresultat_ett_per_ar",
                violation_error_message="Årets fördelning är redan lagrad och ändras inte.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan} {self.budgetar}"


class Fordelningsandel(models.Model):
    """One party's share in a stored split: weight, exact quota (a fraction in öre) and rounded share (öre)."""

    resultat = models.ForeignKey(
        Fordelningsresultat, on_delete=models.PROTECT, related_name="alla_andelar", verbose_name="fördelning"
    )
    huvudman = models.ForeignKey(Huvudman, on_delete=models.PROTECT, related_name="+", verbose_name="huvudman")
    namn = models.CharField("namn", max_length=200)
    typ = models.CharField("typ", max_length=10)
    invanare = models.PositiveIntegerField("invånare")
    exakt = models.CharField("exakt kvot, öre", max_length=80)
    belopp = models.BigIntegerField("andel, öre")

    class Meta:
        verbose_name = "fördelningsandel"
        verbose_name_plural = "fördelningsandelar"
        ordering = ("resultat", "huvudman__kod")
        constraints = (
            models.UniqueConstraint(
                fields=("resultat", "huvudman"),
                name="fordelningsandel_en_per_huvudman",
                violation_error_message="Huvudmannen har redan en andel i fördelningen.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.namn}: {self.belopp} öre"


class PubliceradKostnad(Versionerad):
    """A rate as it was printed. It stands beside the computed one and is never an input."""

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.CASCADE, related_name="publicerade_kostnader", verbose_name="plan"
    )
    avser_ar = models.PositiveSmallIntegerField("avser år", validators=ARTAL)
    ore_per_invanare = models.DecimalField(
        "öre per invånare", max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    angivet_datum = models.DateField("angivet folkmängdsdatum", null=True, blank=True)
    kalla = models.CharField("källa", max_length=300)

    class Meta:
        verbose_name = "publicerad kostnad"
        verbose_name_plural = "publicerade kostnader"
        ordering = ("plan", "-avser_ar")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "avser_ar"),
                name="publicerad_kostnad_en_per_ar",
                violation_error_message="Det finns redan en publicerad kostnad för det året.",
            ),
            models.CheckConstraint(
                condition=Q(ore_per_invanare__gte=0),
                name="publicerad_kostnad_inte_negativ",
                violation_error_message="En kostnad per invånare kan inte vara mindre än noll.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.avser_ar}: {self.ore_per_invanare} öre/inv"

    def plan_pk(self) -> int:
        return self.plan_id
