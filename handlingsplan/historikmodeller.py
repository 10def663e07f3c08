"""The history's two tables: the entries, and one head per plan that says how far its chain reaches.

Rows are only ever added, by `handlingsplan.historik`. Triggers in both databases refuse the rest
(`handlingsplan/historiktriggers.py`); the refusal here is for whoever goes through the ORM. Other tables that are only
added to build on `BaraTillagg` too.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models


class AndrasInte(TypeError):
    """Somebody tried to change or remove a row of a table that is only added to."""


class HistorikenAndrasInte(AndrasInte):
    """Somebody tried to change or remove what is in the history."""

    def __init__(self) -> None:
        super().__init__("Historiken ändras inte: den som vill rätta något gör en ny ändring.")


class TillaggsQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that are added and read, nothing else."""

    def _vagra(self) -> NoReturn:
        raise getattr(self.model, "vagran", AndrasInte)

    def update(self, **falt: Any) -> NoReturn:
        self._vagra()

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._vagra()

    def delete(self) -> NoReturn:
        self._vagra()


class BaraTillagg(models.Model):
    """A row that is added once and never changed or removed; `vagran` is the error that says so."""

    vagran: ClassVar[type[AndrasInte]] = AndrasInte

    objects = TillaggsQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise self.vagran
        super().save(*args, **(kwargs | {"force_insert": True}))

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise self.vagran


class Handelse(BaraTillagg):
    """One entry: who, when, what, before and after. `falt` is {field: [before, after]} as plain values."""

    class Slag(models.TextChoices):
        INLAST = "inlast", "inläst"
        SKAPAD = "skapad", "skapad"
        ANDRAD = "andrad", "ändrad"
        BORTTAGEN = "borttagen", "borttagen"
        ATERSTALLD = "aterstalld", "återställd"
        FLYTTAD = "flyttad", "flyttad"
        DELAD = "delad", "delad"
        FASTSTALLD = "faststalld", "fastställd"

    # The history outlives a plan that is removed.
    plan = models.ForeignKey(
        "handlingsplan.Handlingsplan",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="historik",
        verbose_name="plan",
    )
    nummer = models.PositiveBigIntegerField("nummer")
    tid = models.DateTimeField("tid")
    # A plain number: an account that is removed takes no entry with it, and a name is never part of the history.
    anvandare_id = models.BigIntegerField("användarens nummer", null=True)
    sittning = models.CharField("sittning", max_length=32, blank=True)
    modell = models.CharField("modell", max_length=100)
    objekt = models.CharField("objekt", max_length=40)
    version = models.PositiveIntegerField("radens version", default=0)  # as the change left it; 0 for one without
    slag = models.CharField("slag", max_length=20, choices=Slag)
    falt = models.JSONField("fält")
    fore_hash = models.CharField("föregående hash", max_length=64, blank=True)
    hash = models.CharField("hash", max_length=64)

    vagran = HistorikenAndrasInte

    class Meta:
        verbose_name = "händelse"
        verbose_name_plural = "händelser"
        ordering = ("plan_id", "nummer")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "nummer"),
                name="handelse_ett_nummer_per_plan",
                violation_error_message="Planens historik har redan en händelse med det numret.",
            ),
        )
        indexes = (models.Index(fields=("plan", "modell", "objekt", "nummer"), name="handelse_per_objekt"),)

    def __str__(self) -> str:
        return f"{self.nummer}: {self.modell} {self.objekt} {self.get_slag_display()}"


class Historikhuvud(models.Model):
    """How far a plan's chain reaches. Locked by whoever adds to it, so that the chain cannot fork.

    `sigill` is an HMAC over number and hash: who has the database but not the key cannot set the head back.
    """

    plan = models.OneToOneField(
        "handlingsplan.Handlingsplan",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="historikhuvud",
        verbose_name="plan",
    )
    nummer = models.PositiveBigIntegerField("sista nummer", default=0)
    hash = models.CharField("sista hash", max_length=64, blank=True)
    sigill = models.CharField("sigill", max_length=64, blank=True)

    class Meta:
        verbose_name = "historikhuvud"
        verbose_name_plural = "historikhuvuden"
        ordering = ("plan_id",)

    def __str__(self) -> str:
        return f"plan {self.plan_id}: {self.nummer}"
