"""What is kept of a plan, adopted or named: its record and its PDF, stored once and never rendered again."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from handlingsplan.historikmodeller import AndrasInte, BaraTillagg
from handlingsplan.models import Handlingsplan
from rapport.granskningsmodeller import Granskningssvar  # noqa: F401 — a model of this app

NEKANDE = "En fryst version ändras inte."


class VersionenAndrasInte(AndrasInte):
    """Somebody tried to change or remove a version of a plan."""

    def __init__(self) -> None:
        super().__init__(NEKANDE)


class FrystPlan(models.Model):
    """The record of an adopted plan as it was, with the PDF made from it."""

    plan = models.OneToOneField(Handlingsplan, on_delete=models.PROTECT, related_name="fryst", verbose_name="plan")
    schema = models.PositiveIntegerField("schemanummer")
    dokument = models.JSONField("planens dokument")
    pdf = models.BinaryField("PDF", null=True)
    kontrollsumma = models.CharField("PDF:ens kontrollsumma, SHA-256", max_length=64, blank=True)
    skapad_at = models.DateTimeField("skapad", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "fryst plan"
        verbose_name_plural = "frysta planer"
        ordering = ("plan",)

    def __str__(self) -> str:
        return f"{self.plan}, fryst {self.skapad_at:%Y-%m-%d}"


class Planversion(BaraTillagg):
    """A plan as it was when somebody gave it a name: its record, its PDF, and checksums of both.

    Rows are only added. `delad`: the plan was shared with the parties then, so that its readers may see the version.
    """

    class Slag(models.TextChoices):
        UTKAST = "utkast", "utkast"
        REMISS = "remiss", "remiss"
        REKOMMENDERAD = "rekommenderad", "rekommenderad"
        FASTSTALLD = "faststalld", "fastställd"
        REVIDERAD = "reviderad", "reviderad"

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.PROTECT, related_name="alla_versioner", verbose_name="plan"
    )
    nummer = models.PositiveIntegerField("nummer")
    namn = models.CharField("namn", max_length=100)
    slag = models.CharField("slag", max_length=20, choices=Slag)
    schema = models.PositiveIntegerField("schemanummer")
    dokument = models.JSONField("planens dokument")
    avtryck = models.CharField("dokumentets kontrollsumma, SHA-256", max_length=64)
    pdf = models.BinaryField("PDF")
    kontrollsumma = models.CharField("PDF:ens kontrollsumma, SHA-256", max_length=64)
    delad = models.BooleanField("delad med huvudmännen")
    skapad_at = models.DateTimeField("skapad", default=timezone.now, editable=False)
    # A plain number, as in the history: an account that is removed leaves the row as it is.
    anvandare_id = models.BigIntegerField("användarens nummer", null=True)

    vagran = VersionenAndrasInte

    class Meta:
        verbose_name = "planversion"
        verbose_name_plural = "planversioner"
        ordering = ("plan", "-nummer")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "nummer"),
                name="planversion_eget_nummer",
                violation_error_message="Planen har redan en version med det numret.",
            ),
            models.UniqueConstraint(
                fields=("plan", "namn"),
                name="planversion_eget_namn",
                violation_error_message="Planen har redan en version med det namnet.",
            ),
            models.CheckConstraint(
                condition=~models.Q(namn=""),
                name="planversion_har_namn",
                violation_error_message="Ge versionen ett namn.",
            ),
            models.CheckConstraint(
                condition=models.Q(slag__in=("utkast", "remiss", "rekommenderad", "faststalld", "reviderad")),
                name="planversion_kant_slag",
                violation_error_message="Det finns inget sådant slag av version.",
            ),
        )

    def __str__(self) -> str:
        return self.namn
