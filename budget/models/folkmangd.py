"""Inhabitants: what a split weighs by."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from handlingsplan.models import Huvudman


class FolkmangdQuerySet(QuerySet["Folkmangd"]):
    def gallande(self) -> FolkmangdQuerySet:
        """Only the newest revision of each party × date × age span."""
        nyaste = (
            Folkmangd.objects.filter(huvudman=OuterRef("huvudman"), datum=OuterRef("datum"), alder=OuterRef("alder"))
            .order_by("-revision")
            .values("pk")[:1]
        )
        return self.filter(pk=Subquery(nyaste))


class Folkmangd(models.Model):
    """Inhabitants of one party on one date. A changed figure is a new revision; the newest counts."""

    huvudman = models.ForeignKey(
        Huvudman, on_delete=models.PROTECT, related_name="alla_folkmangder", verbose_name="huvudman"
    )
    datum = models.DateField("datum")
    alder = models.CharField("åldersspann", max_length=20, blank=True, help_text="Tomt betyder alla åldrar.")
    revision = models.PositiveIntegerField("revision", default=1)
    antal = models.PositiveIntegerField("antal invånare")
    kalla = models.CharField("källa", max_length=300)
    tabellkod = models.CharField("tabellkod", max_length=40, blank=True)
    registrerad_at = models.DateTimeField("registrerad", default=timezone.now, editable=False)
    registrerad_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="registrerad av",
    )

    objects = FolkmangdQuerySet.as_manager()

    class Meta:
        verbose_name = "folkmängd"
        verbose_name_plural = "folkmängder"
        ordering = ("datum", "huvudman__kod", "alder", "-revision")
        constraints = (
            models.UniqueConstraint(
                fields=("huvudman", "datum", "alder", "revision"),
                name="folkmangd_en_per_revision",
                violation_error_message="Revisionen finns redan.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.huvudman} {self.datum}: {self.antal}"
