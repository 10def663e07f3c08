"""Billing basis (faktureringsunderlag): what each payer is charged for a year, issued once and corrected by credits.

What is issued is only added to, never changed: `historiktriggers` refuses the rest in the database. What a payer tells
of itself (reference, kontering) and who issues are ordinary versioned rows, copied into the basis when it is issued.
Amounts are öre, excluding VAT, negative where the payer gets money back.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from handlingsplan.historikmodeller import AndrasInte, BaraTillagg
from handlingsplan.models import ARTAL, Handlingsplan, Huvudman, Versionerad

NEKANDE = "Ett utfärdat faktureringsunderlag ändras inte."


class UnderlagetAndrasInte(AndrasInte):
    """Somebody tried to change or remove an issued basis."""

    def __init__(self) -> None:
        super().__init__(f"{NEKANDE} Rätta det med en kredit och utfärda ett nytt.")


class Faktureringsuppgift(Versionerad):
    """What a party wants on invoices to it. Its own ekonom writes it; only that person and coordinators see it."""

    huvudman = models.OneToOneField(
        Huvudman, on_delete=models.PROTECT, related_name="faktureringsuppgift", verbose_name="huvudman"
    )
    referens = models.CharField(
        "er referens",
        max_length=100,
        blank=True,
        help_text="Köparens referens, som den ska stå på fakturan. Till exempel fyra bokstäver och fyra siffror.",
    )
    kontering = models.CharField(
        "kontering", max_length=300, blank=True, help_text="Som ni vill ha den på fakturan: konto, ansvar, verksamhet."
    )

    class Meta:
        verbose_name = "faktureringsuppgift"
        verbose_name_plural = "faktureringsuppgifter"
        ordering = ("huvudman__kod",)

    def __str__(self) -> str:
        return f"Faktureringsuppgifter för {self.huvudman}"


class Fakturautstallare(Versionerad):
    """Who sends a plan's invoices: a party, or a name. A plan without a row, or with an empty one: the region.

    A party's own share is not invoiced. Set also after the plan is adopted: who sends is no part of what was adopted.
    """

    plan = models.OneToOneField(
        Handlingsplan, on_delete=models.CASCADE, related_name="fakturautstallare", verbose_name="plan"
    )
    huvudman = models.ForeignKey(
        Huvudman, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="huvudman"
    )
    namn = models.CharField("annat namn", max_length=200, blank=True)

    class Meta:
        verbose_name = "fakturautställare"
        verbose_name_plural = "fakturautställare"
        ordering = ("plan",)
        constraints = (
            models.CheckConstraint(
                condition=Q(huvudman__isnull=True) | Q(namn=""),
                name="fakturautstallare_part_eller_namn",
                violation_error_message="Utställaren är en huvudman eller ett annat namn, inte båda.",
            ),
        )

    def __str__(self) -> str:
        return str(self.huvudman or self.namn or "regionen")

    def plan_pk(self) -> int:
        return self.plan_id


class Faktureringsunderlag(BaraTillagg):
    """One payer's basis for one year, the issuer's own share of it, or the credit of either.

    Everything is a copy of how it stood when it was issued. `nummer` runs without gaps within the plan; `omgang` counts
    a payer's bases for the year, so that a second one exists only where the first is credited. `avser` is
    [[code, name, öre], …]: whose shares the payer carries.
    """

    class Slag(models.TextChoices):
        UNDERLAG = "underlag", "faktureringsunderlag"
        EGEN = "egen", "egen andel, faktureras inte"
        KREDIT = "kredit", "kredit"

    class Delning(models.TextChoices):
        HELAR = "helar", "hela året"
        HALVAR = "halvar", "halvår"
        KVARTAL = "kvartal", "kvartal"

    class Avrundning(models.TextChoices):
        ORE = "ore", "öre"
        KRONA = "krona", "hela kronor"

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.PROTECT, related_name="alla_faktureringsunderlag", verbose_name="plan"
    )
    nummer = models.PositiveIntegerField("nummer")
    slag = models.CharField("slag", max_length=10, choices=Slag)
    budgetar = models.PositiveSmallIntegerField("budgetår", validators=ARTAL)
    huvudman = models.ForeignKey(Huvudman, on_delete=models.PROTECT, related_name="+", verbose_name="betalare")
    omgang = models.PositiveSmallIntegerField("omgång", default=1)
    kod = models.CharField("betalarens SCB-kod", max_length=4)
    namn = models.CharField("betalarens namn", max_length=200)
    juridiskt_namn = models.CharField("betalarens juridiska namn", max_length=200)
    organisationsnummer = models.CharField("organisationsnummer", max_length=11, blank=True)
    referens = models.CharField("er referens", max_length=100, blank=True)
    kontering = models.CharField("kontering", max_length=300, blank=True)
    utstallare = models.CharField("utställare", max_length=200)
    delning = models.CharField("delbetalningar", max_length=10, choices=Delning)
    avrundning = models.CharField("delbetalningar i", max_length=10, choices=Avrundning)
    belopp = models.BigIntegerField("belopp exklusive moms")
    avser = models.JSONField("avser")
    krediterar = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="kredit", verbose_name="krediterar"
    )
    skal = models.CharField("skäl", max_length=500, blank=True)
    utfardad_at = models.DateTimeField("utfärdat", default=timezone.now, editable=False)

    vagran: ClassVar[type[AndrasInte]] = UnderlagetAndrasInte

    class Meta:
        verbose_name = "faktureringsunderlag"
        verbose_name_plural = "faktureringsunderlag"
        ordering = ("plan", "nummer")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "nummer"),
                name="faktureringsunderlag_eget_nummer",
                violation_error_message="Planen har redan ett underlag med det numret.",
            ),
            models.CheckConstraint(
                condition=Q(nummer__gte=1, omgang__gte=1),
                name="faktureringsunderlag_raknas_fran_ett",
                violation_error_message="Underlag och omgångar räknas från 1.",
            ),
            models.UniqueConstraint(
                fields=("plan", "budgetar", "huvudman", "omgang"),
                condition=~Q(slag="kredit"),
                name="faktureringsunderlag_ett_per_omgang",
                violation_error_message="Betalaren har redan ett underlag för året. Kreditera det först.",
            ),
            models.CheckConstraint(
                condition=Q(slag="kredit", krediterar__isnull=False) & ~Q(skal="")
                | Q(slag__in=("underlag", "egen"), krediterar__isnull=True, skal=""),
                name="faktureringsunderlag_kredit_har_skal",
                violation_error_message="En kredit säger vad den krediterar och varför; ett underlag gör det inte.",
            ),
            models.CheckConstraint(
                condition=Q(delning__in=("helar", "halvar", "kvartal"), avrundning__in=("ore", "krona")),
                name="faktureringsunderlag_kand_delning",
                violation_error_message="Välj hela året, halvår eller kvartal, och öre eller hela kronor.",
            ),
            models.CheckConstraint(
                condition=~Q(utstallare="") & ~Q(juridiskt_namn=""),
                name="faktureringsunderlag_har_namn",
                violation_error_message="Ett underlag har en utställare och betalarens juridiska namn.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.beteckning} {self.namn} {self.budgetar}"

    @property
    def beteckning(self) -> str:
        """`2023-0007`: the plan's last year and the running number. For a row read with its plan."""
        return f"{self.plan.till_ar}-{self.nummer:04d}"

    @property
    def ar_egen(self) -> bool:
        """Whether it is the issuer's own share, or the credit of it: counted, not invoiced."""
        return (self.krediterar.slag if self.krediterar else self.slag) == self.Slag.EGEN

    @property
    def utfardad_dag(self) -> date:
        """The day it was issued, in Swedish time."""
        return timezone.localdate(self.utfardad_at)

    @property
    def betalar_at(self) -> list[tuple[str, int]]:
        """The other parties whose shares the payer carries: (name, öre)."""
        return [(namn, ore) for kod, namn, ore in self.avser if kod != self.kod]


class Delbetalning(BaraTillagg):
    """One instalment of a basis: the period it is for, the day it is invoiced, and its part of the amount (öre)."""

    underlag = models.ForeignKey(
        Faktureringsunderlag, on_delete=models.PROTECT, related_name="alla_delbetalningar", verbose_name="underlag"
    )
    nummer = models.PositiveSmallIntegerField("nummer")
    fran = models.DateField("från och med")
    till = models.DateField("till och med")
    fakturadag = models.DateField("faktureras den")
    belopp = models.BigIntegerField("belopp exklusive moms")

    vagran: ClassVar[type[AndrasInte]] = UnderlagetAndrasInte

    class Meta:
        verbose_name = "delbetalning"
        verbose_name_plural = "delbetalningar"
        ordering = ("underlag", "nummer")
        constraints = (
            models.UniqueConstraint(
                fields=("underlag", "nummer"),
                name="delbetalning_eget_nummer",
                violation_error_message="Underlaget har redan en delbetalning med det numret.",
            ),
            models.CheckConstraint(
                condition=Q(nummer__gte=1, fran__lte=F("till")),
                name="delbetalning_perioden_gar_framat",
                violation_error_message="En delbetalnings sista dag kan inte vara före den första.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.fran}–{self.till}: {self.belopp} öre"
