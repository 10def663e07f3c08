"""Inhabitants: what a split weighs by."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from budget.alder import HOGSTA_ALDER
from handlingsplan.models import Huvudman

# `Aldersspann.kod` in SQL: "" for all ages, "65-" or "0-17".
_SOM_TEXT = CharField(max_length=3)
_ALDERSKOD = Case(
    When(fran_alder__isnull=True, then=Value("")),
    When(till_alder__isnull=True, then=Concat(Cast("fran_alder", _SOM_TEXT), Value("-"))),
    default=Concat(Cast("fran_alder", _SOM_TEXT), Value("-"), Cast("till_alder", _SOM_TEXT)),
    output_field=CharField(max_length=20),
)


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
    """Inhabitants of one party on one date, of all ages or of an age span (whole years, both ends counted).

    A changed figure is a new revision; the newest counts. `alder` follows from the two ages: it is "" for all ages,
    and what everything that means all ages asks for.
    """

    huvudman = models.ForeignKey(
        Huvudman, on_delete=models.PROTECT, related_name="alla_folkmangder", verbose_name="huvudman"
    )
    datum = models.DateField("datum")
    fran_alder = models.PositiveSmallIntegerField(
        "från ålder", null=True, blank=True, help_text="Tomt betyder alla åldrar."
    )
    till_alder = models.PositiveSmallIntegerField(
        "till ålder", null=True, blank=True, help_text="Tomt betyder och äldre."
    )
    alder = models.GeneratedField(
        expression=_ALDERSKOD, output_field=models.CharField(max_length=20), db_persist=True, verbose_name="åldersspann"
    )
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
            models.CheckConstraint(
                # A null on one side makes a comparison neither true nor false, which a database lets through.
                condition=Q(fran_alder__isnull=True, till_alder__isnull=True)
                | Q(fran_alder__isnull=False, fran_alder__range=(1, HOGSTA_ALDER), till_alder__isnull=True)
                | Q(
                    fran_alder__isnull=False,
                    till_alder__isnull=False,
                    fran_alder__gte=0,
                    till_alder__gte=F("fran_alder"),
                    till_alder__lte=HOGSTA_ALDER,
                ),
                name="folkmangd_aldersspann",
                violation_error_message=(
                    f"Ett åldersspann går från en lägre ålder till en högre, högst {HOGSTA_ALDER}; "
                    "alla åldrar skrivs utan ålder."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.huvudman} {self.datum}: {self.antal}"
