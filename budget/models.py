"""Money: budget rows, population, rules and results of the cost split.

Amounts in the database are kronor with two decimals (MoneyField); everything that is summed or split is first
turned into integer öre (`Budgetpost.ore`), because SQLite keeps decimals as floating point.
"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from djmoney.models.fields import MoneyField

from handlingsplan.models import ARTAL, Handlingsplan, Huvudman, Versionerad
from insatsomraden.models import Omradesutgava

TAK_KR = 10**12


class Finansiering(models.TextChoices):
    """How a row is paid. Only SGD money is split among the parties."""

    SGD = "sgd", "SGD"
    STATSBIDRAG = "statsbidrag", "statsbidrag"
    PROJEKTMEDEL = "projektmedel", "projektmedel"
    EGEN_TID = "egen_tid", "egen tid"
    ANNAN = "annan", "annan finansiering"


class Budgetpost(Versionerad):
    """One cell of the budget: an area (or a row of the whole plan) × year × form of financing.

    An amount is a number (0 is one), unknown, or not applicable. A cell without a row is not filled in.
    """

    class Slag(models.TextChoices):
        BELOPP = "belopp", "belopp"
        OKANT = "okant", "okänt"
        EJ_AKTUELLT = "ej_aktuellt", "ej aktuellt"

    plan = models.ForeignKey(Handlingsplan, on_delete=models.CASCADE, related_name="alla_poster", verbose_name="plan")
    utgava = models.ForeignKey(
        Omradesutgava,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="alla_poster",
        verbose_name="område",
    )
    rad = models.ForeignKey(
        "Budgetrad", on_delete=models.CASCADE, null=True, blank=True, related_name="alla_poster", verbose_name="rad"
    )
    budgetar = models.PositiveSmallIntegerField("budgetår", validators=ARTAL)
    finansiering = models.CharField("finansiering", max_length=20, choices=Finansiering, default=Finansiering.SGD)
    slag = models.CharField("slag", max_length=20, choices=Slag)
    belopp = MoneyField(
        "belopp, kr", max_digits=14, decimal_places=2, null=True, blank=True, default=None, default_currency="SEK"
    )

    objects: ClassVar[models.Manager[Budgetpost]] = models.Manager()

    class Meta:
        verbose_name = "budgetpost"
        verbose_name_plural = "budgetposter"
        ordering = ("plan", "budgetar", "finansiering", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(slag="belopp", belopp__isnull=False) | (~Q(slag="belopp") & Q(belopp__isnull=True)),
                name="budgetpost_belopp_foljer_slag",
                violation_error_message="Ett belopp behöver en siffra; okänt och ej aktuellt har ingen.",
            ),
            models.CheckConstraint(
                condition=Q(slag__in=("belopp", "okant", "ej_aktuellt")),
                name="budgetpost_kant_slag",
                violation_error_message="Ange ett belopp, okänt eller ej aktuellt.",
            ),
            models.CheckConstraint(
                condition=Q(finansiering__in=("sgd", "statsbidrag", "projektmedel", "egen_tid", "annan")),
                name="budgetpost_kand_finansiering",
                violation_error_message="Det finns ingen sådan finansiering.",
            ),
            models.CheckConstraint(
                condition=Q(belopp__isnull=True) | Q(belopp__gte=0, belopp__lt=TAK_KR),
                name="budgetpost_belopp_inom_granser",
                violation_error_message="Ett belopp är minst 0 kr och mindre än 1 000 000 000 000 kr.",
            ),
            models.CheckConstraint(
                condition=Q(belopp_currency="SEK") | Q(belopp__isnull=True),
                name="budgetpost_kronor",
                violation_error_message="Belopp anges i svenska kronor.",
            ),
            models.CheckConstraint(
                condition=Q(utgava__isnull=False, rad__isnull=True) | Q(utgava__isnull=True, rad__isnull=False),
                name="budgetpost_omrade_eller_rad",
                violation_error_message="En budgetpost hör till ett område eller till en rad för hela planen.",
            ),
            models.UniqueConstraint(
                fields=("utgava", "budgetar", "finansiering"),
                condition=Q(utgava__isnull=False),
                name="budgetpost_en_per_omrade",
                violation_error_message="Området har redan en post för det året och den finansieringen.",
            ),
            models.UniqueConstraint(
                fields=("rad", "budgetar", "finansiering"),
                condition=Q(rad__isnull=False),
                name="budgetpost_en_per_rad",
                violation_error_message="Raden har redan en post för det året och den finansieringen.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.utgava or self.rad}: {self.budgetar} {self.get_finansiering_display()}"

    def plan_pk(self) -> int:
        return self.plan_id

    @property
    def ore(self) -> int | None:
        """The amount in öre, or None where the row is not an amount."""
        return None if self.belopp is None else int(self.belopp.amount * 100)


class Budgetrad(Versionerad):
    """A row of the whole plan, outside the areas. Its name may be empty, as in the 2024 plan's table."""

    plan = models.ForeignKey(Handlingsplan, on_delete=models.CASCADE, related_name="alla_rader", verbose_name="plan")
    ordning = models.PositiveIntegerField("ordning")
    benamning = models.CharField("benämning", max_length=200, blank=True)
    borttagen_at = models.DateTimeField("borttagen", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "budgetrad"
        verbose_name_plural = "budgetrader"
        ordering = ("plan", "ordning", "pk")

    def __str__(self) -> str:
        return self.benamning or "rad utan benämning"

    def plan_pk(self) -> int:
        return self.plan_id


class Fotnot(Versionerad):
    """A footnote of the budget table. It is marked where its places are: cells, columns or the table."""

    plan = models.ForeignKey(Handlingsplan, on_delete=models.CASCADE, related_name="alla_fotnoter", verbose_name="plan")
    ordning = models.PositiveIntegerField("ordning")
    text = models.TextField("fotnot", max_length=2_000)
    borttagen_at = models.DateTimeField("borttagen", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "fotnot"
        verbose_name_plural = "fotnoter"
        ordering = ("plan", "ordning", "pk")

    def __str__(self) -> str:
        return self.text

    def plan_pk(self) -> int:
        return self.plan_id


class Fotnotsplats(models.Model):
    """Where a footnote is marked: the whole table, a column (year × financing) or one cell."""

    class Slag(models.TextChoices):
        TABELL = "tabell", "hela tabellen"
        KOLUMN = "kolumn", "en kolumn"
        CELL = "cell", "en cell"

    fotnot = models.ForeignKey(Fotnot, on_delete=models.CASCADE, related_name="alla_platser", verbose_name="fotnot")
    slag = models.CharField("slag", max_length=10, choices=Slag)
    budgetar = models.PositiveSmallIntegerField("budgetår", null=True, blank=True, validators=ARTAL)
    finansiering = models.CharField("finansiering", max_length=20, choices=Finansiering, blank=True)
    utgava = models.ForeignKey(
        Omradesutgava, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="område"
    )
    rad = models.ForeignKey(
        Budgetrad, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="rad"
    )

    class Meta:
        verbose_name = "fotnotsplats"
        verbose_name_plural = "fotnotsplatser"
        ordering = ("fotnot", "pk")
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(slag="tabell", budgetar__isnull=True, finansiering="", utgava__isnull=True, rad__isnull=True)
                    | Q(slag="kolumn", budgetar__isnull=False, utgava__isnull=True, rad__isnull=True)
                    & ~Q(finansiering="")
                    | Q(slag="cell", budgetar__isnull=False)
                    & ~Q(finansiering="")
                    & (Q(utgava__isnull=False, rad__isnull=True) | Q(utgava__isnull=True, rad__isnull=False))
                ),
                name="fotnotsplats_hel",
                violation_error_message="Ange var fotnoten står: tabellen, en kolumn eller en cell.",
            ),
            # One rule per kind: SQLite counts two empty values as different.
            models.UniqueConstraint(
                fields=("fotnot",),
                condition=Q(slag="tabell"),
                name="fotnotsplats_en_gang_tabell",
                violation_error_message="Fotnoten står redan där.",
            ),
            models.UniqueConstraint(
                fields=("fotnot", "budgetar", "finansiering"),
                condition=Q(slag="kolumn"),
                name="fotnotsplats_en_gang_kolumn",
                violation_error_message="Fotnoten står redan där.",
            ),
            models.UniqueConstraint(
                fields=("fotnot", "budgetar", "finansiering", "utgava"),
                condition=Q(slag="cell", utgava__isnull=False),
                name="fotnotsplats_en_gang_omrade",
                violation_error_message="Fotnoten står redan där.",
            ),
            models.UniqueConstraint(
                fields=("fotnot", "budgetar", "finansiering", "rad"),
                condition=Q(slag="cell", rad__isnull=False),
                name="fotnotsplats_en_gang_rad",
                violation_error_message="Fotnoten står redan där.",
            ),
        )

    def __str__(self) -> str:
        return self.get_slag_display()


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
