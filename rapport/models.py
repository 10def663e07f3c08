"""What is kept of an adopted plan: its record and its PDF, stored once and never rendered again."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from handlingsplan.models import Handlingsplan


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
