"""The content of a plan: areas of joint effort, goals and activities.

An `Insatsomrade` is an identity that lives across years; an `Omradesutgava` is how it reads in one plan.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from handlingsplan.models import ARTAL, Handlingsplan, Versionerad
from handlingsplan.richtext import RikTextField

MAX_RAD = 2_000
MAX_NIVAER = 3


class Insatsomrade(models.Model):
    """An area of joint effort as an identity across plans."""

    kod = models.SlugField(
        "kod", max_length=60, unique=True, error_messages={"unique": "Det finns redan ett område med den koden."}
    )
    namn = models.CharField("namn", max_length=200)

    class Meta:
        verbose_name = "insatsområde"
        verbose_name_plural = "insatsområden"
        ordering = ("namn",)

    def __str__(self) -> str:
        return self.namn


class Samverkansgrupp(models.Model):
    """A group that is responsible for areas, such as SGD."""

    kortnamn = models.CharField(
        "kortnamn",
        max_length=30,
        unique=True,
        error_messages={"unique": "Det finns redan en grupp med det kortnamnet."},
    )
    namn = models.CharField("namn", max_length=200)

    class Meta:
        verbose_name = "samverkansgrupp"
        verbose_name_plural = "samverkansgrupper"
        ordering = ("kortnamn",)

    def __str__(self) -> str:
        return f"{self.namn} ({self.kortnamn})"


class Omradesutgava(Versionerad):
    """An area's edition in one plan. A watched area has no budget; one that has left keeps its texts."""

    class Lage(models.TextChoices):
        INGAR = "ingar", "ingår i planen"
        BEVAKAS = "bevakas", "bevakas utan budget"
        UTGATT = "utgatt", "har utgått"

    insatsomrade = models.ForeignKey(
        Insatsomrade, on_delete=models.PROTECT, related_name="alla_utgavor", verbose_name="insatsområde"
    )
    plan = models.ForeignKey(Handlingsplan, on_delete=models.CASCADE, related_name="alla_omraden", verbose_name="plan")
    ordning = models.PositiveIntegerField("ordning")
    lage = models.CharField("läge", max_length=10, choices=Lage, default=Lage.INGAR)
    lage_not = models.CharField("anteckning om läget", max_length=500, blank=True)
    namn = models.CharField("namn", max_length=200)
    kortnamn = models.CharField("namn i tabeller", max_length=80)
    beskrivning = RikTextField("beskrivning", blank=True)
    syfte = RikTextField("syfte och nytta", blank=True)
    ansvariga = models.ManyToManyField(
        Samverkansgrupp, blank=True, related_name="alla_omraden", verbose_name="ansvariga grupper"
    )
    ansvar_not = models.CharField("tillägg om ansvaret", max_length=500, blank=True)

    class Meta:
        verbose_name = "områdesutgåva"
        verbose_name_plural = "områdesutgåvor"
        ordering = ("plan", "ordning", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "insatsomrade"),
                name="omradesutgava_en_per_plan",
                violation_error_message="Området finns redan i planen.",
            ),
            models.CheckConstraint(
                condition=Q(lage__in=("ingar", "bevakas", "utgatt")),
                name="omradesutgava_kant_lage",
                violation_error_message="Ett område ingår, bevakas eller har utgått.",
            ),
        )

    def __str__(self) -> str:
        return self.namn

    @property
    def utgatt_obs(self) -> str:
        """What whoever writes in it is told when it is saved; nothing while the area is in the plan."""
        return "Området har utgått ur planen." if self.lage == self.Lage.UTGATT else ""

    def plan_pk(self) -> int:
        return self.plan_id


class Borttagbar(Versionerad):
    """A row that can be removed and brought back: it stays, marked, so that nothing is lost."""

    borttagen_at = models.DateTimeField("borttagen", null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def _foregangare() -> Any:
    """The row of the plan before that this one goes on from."""
    return models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="efterfoljare",
        verbose_name="fortsätter från",
    )


class Mal(Borttagbar):
    """One overarching goal of an area's edition."""

    utgava = models.ForeignKey(Omradesutgava, on_delete=models.CASCADE, related_name="alla_mal", verbose_name="område")
    ordning = models.PositiveIntegerField("ordning")
    text = models.TextField("mål", max_length=MAX_RAD)
    foregangare = _foregangare()

    class Meta:
        verbose_name = "mål"
        verbose_name_plural = "mål"
        ordering = ("utgava", "ordning", "pk")

    def __str__(self) -> str:
        return self.text

    def plan_pk(self) -> int:
        return self.utgava.plan_id


class Aktivitet(Borttagbar):
    """An activity of one year; activities nest under each other, at most MAX_NIVAER deep."""

    class Status(models.TextChoices):
        EJ_PABORJAD = "ej_paborjad", "ej påbörjad"
        PAGAR = "pagar", "pågår"
        FORSENAD = "forsenad", "försenad"
        KLAR = "klar", "klar"
        FRAMFLYTTAD = "framflyttad", "framflyttad"
        UTGAR = "utgar", "utgår"

    utgava = models.ForeignKey(
        Omradesutgava, on_delete=models.CASCADE, related_name="alla_aktiviteter", verbose_name="område"
    )
    avser_ar = models.PositiveSmallIntegerField("verksamhetsår", validators=ARTAL)
    foralder = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="under", verbose_name="ligger under"
    )
    ordning = models.PositiveIntegerField("ordning")
    text = models.TextField("aktivitet", max_length=MAX_RAD)
    villkor = models.TextField("villkor", max_length=MAX_RAD, blank=True)
    ansvarig = models.CharField("ansvarig", max_length=200, blank=True)
    status = models.CharField("status", max_length=20, choices=Status, blank=True)
    start = models.DateField("start", null=True, blank=True)
    slut = models.DateField("slut", null=True, blank=True)
    foregangare = _foregangare()

    class Meta:
        verbose_name = "aktivitet"
        verbose_name_plural = "aktiviteter"
        ordering = ("utgava", "avser_ar", "ordning", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(slut__isnull=True) | Q(start__lte=F("slut")),
                name="aktivitet_slut_efter_start",
                violation_error_message="Slutdatum kan inte ligga före startdatum.",
            ),
            models.CheckConstraint(
                condition=Q(foralder__isnull=True) | ~Q(foralder=F("pk")),
                name="aktivitet_inte_under_sig_sjalv",
                violation_error_message="En aktivitet kan inte ligga under sig själv.",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=("", "ej_paborjad", "pagar", "forsenad", "klar", "framflyttad", "utgar"),
                ),
                name="aktivitet_kand_status",
                violation_error_message="En aktivitet har inget sådant läge.",
            ),
        )

    def __str__(self) -> str:
        return self.text

    def plan_pk(self) -> int:
        return self.utgava.plan_id


class Arstext(Versionerad):
    """Prose of one area, one year: on its economy, or on its activities."""

    class Slag(models.TextChoices):
        AKTIVITETER = "aktiviteter", "aktiviteter"
        EKONOMI = "ekonomi", "ekonomi"

    utgava = models.ForeignKey(
        Omradesutgava, on_delete=models.CASCADE, related_name="alla_arstexter", verbose_name="område"
    )
    avser_ar = models.PositiveSmallIntegerField("verksamhetsår", validators=ARTAL)
    slag = models.CharField("slag", max_length=20, choices=Slag)
    text = RikTextField("text", blank=True)

    class Meta:
        verbose_name = "årstext"
        verbose_name_plural = "årstexter"
        ordering = ("utgava", "avser_ar", "slag")
        constraints = (
            models.UniqueConstraint(
                fields=("utgava", "avser_ar", "slag"),
                name="arstext_en_per_ar_och_slag",
                violation_error_message="Texten finns redan.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.utgava}: {self.get_slag_display()} {self.avser_ar}"

    def plan_pk(self) -> int:
        return self.utgava.plan_id
