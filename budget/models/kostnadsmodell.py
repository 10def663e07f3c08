"""A plan's own cost models as ordered steps, what weighs in them, and where they are used instead of the default.

The rows are what is edited; `budget.kostnadsmodeller` makes the pure models of `budget.stegmodell` of them. Source:
cost-split, models that must be expressible.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from djmoney.models.fields import MoneyField

from budget.models.beslut import HAR_BESLUT, Beslutad
from budget.models.poster import TAK_KR
from handlingsplan.models import ARTAL, Handlingsplan, Huvudman
from insatsomraden.models import Aktivitet, Borttagbar, Omradesutgava

MAX_NAMN = 100


def _belopp(namn: str) -> MoneyField:
    """An amount in kronor with two decimals, or none."""
    return MoneyField(
        namn, max_digits=14, decimal_places=2, null=True, blank=True, default=None, default_currency="SEK"
    )


class Kostnadsmodell(Borttagbar, Beslutad):
    """A model under a name: its groups are `alla_grupper`, what is decided for single parties `alla_villkor`."""

    class Andelsform(models.TextChoices):
        FORHALLANDE = "forhallande", "ett förhållande, som 1 och 1 eller 30 och 70"
        ANDELAR = "andelar", "andelar som tillsammans är 1, som 0,3 och 0,7"

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.CASCADE, related_name="alla_kostnadsmodeller", verbose_name="plan"
    )
    namn = models.CharField("namn", max_length=MAX_NAMN)
    andelsform = models.CharField(
        "gruppernas delar är", max_length=20, choices=Andelsform, default=Andelsform.FORHALLANDE
    )

    objects: ClassVar[models.Manager[Kostnadsmodell]] = models.Manager()

    class Meta:
        verbose_name = "kostnadsmodell"
        verbose_name_plural = "kostnadsmodeller"
        ordering = ("plan", "namn", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "namn"),
                condition=Q(borttagen_at__isnull=True),
                name="kostnadsmodell_ett_namn_per_plan",
                violation_error_message="Planen har redan en modell med det namnet.",
            ),
            models.CheckConstraint(
                condition=~Q(namn=""),
                name="kostnadsmodell_har_namn",
                violation_error_message="Ge modellen ett namn.",
            ),
            models.CheckConstraint(
                condition=Q(andelsform__in=("forhallande", "andelar")),
                name="kostnadsmodell_kand_andelsform",
                violation_error_message="Välj om gruppernas delar är ett förhållande eller andelar.",
            ),
        )

    def __str__(self) -> str:
        return self.namn

    def plan_pk(self) -> int:
        return self.plan_id


class Modellgrupp(Borttagbar):
    """Who share one part of the whole, and by which keys: up to three, each with its share of the group's amount.

    `andel` and the keys' shares are exact numbers as text ("1", "0,3", "1/3"). A key is "lika", "invanare" (all ages,
    on the year's date), "invanare:0-17" (an age span) or "serie:<number>". `endast` has codes between commas.
    """

    class Deltar(models.TextChoices):
        REGION = "region", "regionen"
        KOMMUNER = "kommuner", "alla kommuner"
        ALLA = "alla", "regionen och alla kommuner"
        UTVALDA = "utvalda", "bara de som väljs här"

    modell = models.ForeignKey(
        Kostnadsmodell, on_delete=models.CASCADE, related_name="alla_grupper", verbose_name="modell"
    )
    ordning = models.PositiveIntegerField("ordning", default=0, editable=False)
    namn = models.CharField("gruppens namn", max_length=MAX_NAMN)
    andel = models.CharField("gruppens del", max_length=40, default="1")
    deltar = models.CharField("vilka deltar", max_length=20, choices=Deltar, default=Deltar.KOMMUNER)
    endast = models.CharField("deltagare", max_length=2000, blank=True)
    grundbelopp = _belopp("fast belopp per deltagare, kr")
    nyckel_1 = models.CharField("nyckel", max_length=40, default="invanare")
    andel_1 = models.CharField("nyckelns andel", max_length=40, default="1")
    nyckel_2 = models.CharField("andra nyckeln", max_length=40, blank=True)
    andel_2 = models.CharField("andra nyckelns andel", max_length=40, blank=True)
    nyckel_3 = models.CharField("tredje nyckeln", max_length=40, blank=True)
    andel_3 = models.CharField("tredje nyckelns andel", max_length=40, blank=True)

    objects: ClassVar[models.Manager[Modellgrupp]] = models.Manager()

    class Meta:
        verbose_name = "modellgrupp"
        verbose_name_plural = "modellgrupper"
        ordering = ("modell", "ordning", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(namn="") & ~Q(andel="") & ~Q(nyckel_1=""),
                name="modellgrupp_har_namn_andel_och_nyckel",
                violation_error_message="En grupp har namn, del och minst en nyckel.",
            ),
            models.CheckConstraint(
                condition=Q(deltar__in=("region", "kommuner", "alla")) | (Q(deltar="utvalda") & ~Q(endast="")),
                name="modellgrupp_nagon_deltar",
                violation_error_message="Välj vilka som deltar i gruppen.",
            ),
            models.CheckConstraint(
                condition=Q(grundbelopp__isnull=True) | Q(grundbelopp__gte=0, grundbelopp__lt=TAK_KR),
                name="modellgrupp_grundbelopp_inom_granser",
                violation_error_message="Det fasta beloppet är minst 0 kr och mindre än 1 000 000 000 000 kr.",
            ),
        )

    def __str__(self) -> str:
        return self.namn

    def plan_pk(self) -> int:
        return self.modell.plan_id


class Modellvillkor(Borttagbar, Beslutad):
    """What a model says of a single party: a factor (0 is an exemption), a minimum, a cap, or who pays in its place."""

    class Slag(models.TextChoices):
        FAKTOR = "faktor", "betalar en del av sin andel"
        GOLV = "golv", "betalar minst"
        TAK = "tak", "betalar högst"
        BETALARE = "betalare", "någon annan betalar"

    class BarsAv(models.TextChoices):
        GRUPPEN = "gruppen", "de andra i gruppen"
        REGIONEN = "regionen", "regionen"

    modell = models.ForeignKey(
        Kostnadsmodell, on_delete=models.CASCADE, related_name="alla_villkor", verbose_name="modell"
    )
    slag = models.CharField("villkor", max_length=20, choices=Slag)
    huvudman = models.ForeignKey(Huvudman, on_delete=models.PROTECT, related_name="+", verbose_name="gäller för")
    faktor = models.CharField("del av andelen", max_length=40, blank=True)
    belopp = _belopp("belopp, kr")
    bars_av = models.CharField("skillnaden bärs av", max_length=20, choices=BarsAv, blank=True)
    betalas_av = models.ForeignKey(
        Huvudman, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="betalas av"
    )
    motivering = models.CharField("skäl", max_length=500)
    galler_fran = models.DateField("gäller från", null=True, blank=True)
    galler_till = models.DateField("gäller till", null=True, blank=True)

    objects: ClassVar[models.Manager[Modellvillkor]] = models.Manager()

    class Meta:
        verbose_name = "modellvillkor"
        verbose_name_plural = "modellvillkor"
        ordering = ("modell", "huvudman__kod", "slag", "pk")
        constraints = (
            models.CheckConstraint(
                condition=HAR_BESLUT & ~Q(motivering=""),
                name="modellvillkor_har_skal_och_beslut",
                violation_error_message="Ett villkor för en huvudman har skäl och beslut: instans, datum och paragraf.",
            ),
            models.CheckConstraint(
                condition=(
                    (Q(slag="faktor", belopp__isnull=True, betalas_av__isnull=True) & ~Q(faktor="") & ~Q(bars_av=""))
                    | (
                        Q(slag__in=("golv", "tak"), faktor="", belopp__isnull=False, betalas_av__isnull=True)
                        & ~Q(bars_av="")
                    )
                    | Q(slag="betalare", faktor="", belopp__isnull=True, bars_av="", betalas_av__isnull=False)
                ),
                name="modellvillkor_uppgifter_foljer_slag",
                violation_error_message="Uppgifterna passar inte villkoret.",
            ),
            models.CheckConstraint(
                condition=Q(belopp__isnull=True) | Q(belopp__gte=0, belopp__lt=TAK_KR),
                name="modellvillkor_belopp_inom_granser",
                violation_error_message="Ett belopp är minst 0 kr och mindre än 1 000 000 000 000 kr.",
            ),
            models.CheckConstraint(
                condition=Q(galler_fran__isnull=True)
                | Q(galler_till__isnull=True)
                | Q(galler_fran__lte=models.F("galler_till")),
                name="modellvillkor_slutar_efter_start",
                violation_error_message="Villkoret kan inte sluta gälla före sin början.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.huvudman}: {self.get_slag_display()}"

    def plan_pk(self) -> int:
        return self.modell.plan_id


class Viktserie(Borttagbar):
    """What weighs besides inhabitants: usage or income of a period, or a decided table.

    `varden` has a line per party, its SCB code and an exact number: `1280 3125` or `1281 0,25`.
    """

    class Slag(models.TextChoices):
        ANVANDNING = "anvandning", "användning under en period"
        INKOMST = "inkomst", "inkomst under en period"
        TABELL = "tabell", "en fast tabell som är beslutad"

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.CASCADE, related_name="alla_viktserier", verbose_name="plan"
    )
    slag = models.CharField("slag", max_length=20, choices=Slag)
    namn = models.CharField(
        "vad som räknas", max_length=MAX_NAMN, help_text="Till exempel inloggningar, ärenden eller skattekraft."
    )
    fran = models.DateField("från och med", null=True, blank=True)
    till = models.DateField("till och med", null=True, blank=True)
    kalla = models.CharField("källa", max_length=300, blank=True)
    varden = models.TextField("tal per huvudman", blank=True)

    objects: ClassVar[models.Manager[Viktserie]] = models.Manager()

    class Meta:
        verbose_name = "fördelningsnyckel"
        verbose_name_plural = "fördelningsnycklar"
        ordering = ("plan", "namn", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "namn"),
                condition=Q(borttagen_at__isnull=True),
                name="viktserie_ett_namn_per_plan",
                violation_error_message="Planen har redan en nyckel med det namnet.",
            ),
            models.CheckConstraint(
                condition=Q(slag="tabell", fran__isnull=True, till__isnull=True)
                | Q(slag__in=("anvandning", "inkomst"), fran__isnull=False, till__gte=models.F("fran")),
                name="viktserie_period_foljer_slag",
                violation_error_message="Användning och inkomst har en period; en fast tabell har ingen.",
            ),
        )

    def __str__(self) -> str:
        return self.namn

    def plan_pk(self) -> int:
        return self.plan_id


class Modellundantag(Borttagbar, Beslutad):
    """One year of an area, or an activity's own amount in it, is split by another model, because of a decision."""

    plan = models.ForeignKey(
        Handlingsplan, on_delete=models.CASCADE, related_name="alla_modellundantag", verbose_name="plan"
    )
    budgetar = models.PositiveSmallIntegerField("budgetår", validators=ARTAL)
    utgava = models.ForeignKey(
        Omradesutgava, on_delete=models.CASCADE, related_name="alla_modellundantag", verbose_name="insatsområde"
    )
    aktivitet = models.ForeignKey(
        Aktivitet, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="aktivitet"
    )
    belopp = _belopp("aktivitetens belopp, kr")
    modell = models.ForeignKey(
        Kostnadsmodell, on_delete=models.RESTRICT, related_name="alla_undantag", verbose_name="modell"
    )

    objects: ClassVar[models.Manager[Modellundantag]] = models.Manager()

    class Meta:
        verbose_name = "modellundantag"
        verbose_name_plural = "modellundantag"
        ordering = ("plan", "budgetar", "utgava", "pk")
        constraints = (
            models.CheckConstraint(
                condition=HAR_BESLUT,
                name="modellundantag_har_beslut",
                violation_error_message="Ett undantag har ett beslut: instans, datum och paragraf.",
            ),
            models.CheckConstraint(
                condition=Q(aktivitet__isnull=True, belopp__isnull=True)
                | Q(aktivitet__isnull=False, belopp__gt=0, belopp__lt=TAK_KR),
                name="modellundantag_belopp_for_aktivitet",
                violation_error_message="En aktivitet har ett eget belopp över 0 kr; ett helt område har inget.",
            ),
            models.UniqueConstraint(
                fields=("budgetar", "utgava"),
                condition=Q(aktivitet__isnull=True, borttagen_at__isnull=True),
                name="modellundantag_ett_per_omrade",
                violation_error_message="Insatsområdet har redan en annan modell det året.",
            ),
            models.UniqueConstraint(
                fields=("budgetar", "aktivitet"),
                condition=Q(aktivitet__isnull=False, borttagen_at__isnull=True),
                name="modellundantag_ett_per_aktivitet",
                violation_error_message="Aktiviteten har redan en annan modell det året.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.aktivitet or self.utgava} {self.budgetar}: {self.modell}"

    def plan_pk(self) -> int:
        return self.plan_id
