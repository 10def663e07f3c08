"""Outturn: what a year cost, per cell of the budget. Written after the plan is adopted, so no part of its record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from budget.models.poster import Beloppscell, cellregler


class Utfall(Beloppscell):
    """The outturn of one cell: of the same kinds as a budgeted amount."""

    objects: ClassVar[models.Manager[Utfall]] = models.Manager()

    class Meta:
        verbose_name = "utfall"
        verbose_name_plural = "utfall"
        ordering = ("plan", "budgetar", "finansiering", "pk")
        constraints = cellregler("utfall", "Ett utfall", "ett utfall")
