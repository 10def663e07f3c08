"""The ground: plans, the parties behind them, users and their roles.

Source of the terms: the 2024 plan and the cooperation's own documents; docs/ordlista.md explains each.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from handlingsplan.historikmodeller import Handelse, Historikhuvud  # noqa: F401 — models of this app
from handlingsplan.organisationsnummer import granska_organisationsnummer
from handlingsplan.richtext import RikTextField

ARTAL = [MinValueValidator(2000, "Ange ett år från 2000."), MaxValueValidator(2100, "Ange ett år till och med 2100.")]


class Anvandarmanager(BaseUserManager["Anvandare"]):
    def create_user(self, email: str, password: str | None = None, **falt: Any) -> Anvandare:
        """Create a user. The address is stored in lower case: it is what a person logs in with."""
        if not email:
            raise ValueError("En användare måste ha en e-postadress.")
        anvandare = self.model(email=email.strip().lower(), **falt)
        anvandare.set_password(password)
        anvandare.save(using=self._db)
        return anvandare

    def create_superuser(self, email: str, password: str | None = None, **falt: Any) -> Anvandare:
        """Create an administrator: a user with the role, since nothing here looks at is_superuser."""
        anvandare = self.create_user(email, password, **falt)
        Roll.objects.create(anvandare=anvandare, slag=Roll.Slag.ADMINISTRATOR)
        return anvandare


class Anvandare(AbstractBaseUser, PermissionsMixin):
    """A person who logs in with an e-mail address. What the person may do is in `Roll`."""

    sittning: str = ""  # of whoever acts in a request: which sitting it is, for the history; never stored here

    email = models.EmailField(
        "e-postadress",
        max_length=254,
        unique=True,
        error_messages={"unique": "Det finns redan ett konto med den e-postadressen."},
    )
    namn = models.CharField("namn", max_length=200)
    is_active = models.BooleanField("öppet konto", default=True)
    skapad_at = models.DateTimeField("skapad", default=timezone.now, editable=False)

    objects = Anvandarmanager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["namn"]

    class Meta:
        verbose_name = "användare"
        verbose_name_plural = "användare"
        ordering = ("namn", "email")
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="anvandare_email_unik_oavsett_skiftlage",
                violation_error_message="Det finns redan ett konto med den e-postadressen.",
            ),
        )

    def __str__(self) -> str:
        return self.namn or self.email

    def get_full_name(self) -> str:
        return self.namn

    def get_short_name(self) -> str:
        return self.namn


class Versionerad(models.Model):
    """A row that several people may edit at once.

    `version` is carried by every form and button; `handlingsplan.sparande` writes only where it still holds.
    """

    version = models.PositiveIntegerField("version", default=1, editable=False)
    andrad_at = models.DateTimeField("ändrad", default=timezone.now, editable=False)
    andrad_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="ändrad av",
    )

    class Meta:
        abstract = True

    def plan_pk(self) -> int | None:
        """The plan whose history the row belongs to; None for common data, which belongs to no plan."""
        return None


class Huvudman(Versionerad):
    """One of the bodies that plan and pay together: the region or a municipality."""

    class Typ(models.TextChoices):
        REGION = "region", "region"
        KOMMUN = "kommun", "kommun"

    kod = models.CharField(
        "SCB-kod",
        max_length=4,
        unique=True,
        validators=[
            RegexValidator(r"^[0-9]{2}([0-9]{2})?\Z", "Ange SCB:s kod: två siffror för region, fyra för kommun.")
        ],
        error_messages={"unique": "Det finns redan en huvudman med den SCB-koden."},
    )
    typ = models.CharField("typ", max_length=10, choices=Typ)
    namn = models.CharField("kortnamn", max_length=100, help_text="Till exempel Malmö.")
    officiellt_namn = models.CharField("officiellt namn", max_length=200, help_text="Till exempel Malmö stad.")
    juridiskt_namn = models.CharField("juridiskt namn", max_length=200, help_text="Till exempel Malmö kommun.")
    organisationsnummer = models.CharField(
        "organisationsnummer",
        max_length=11,
        blank=True,
        validators=[granska_organisationsnummer],
        help_text="Som 212000-0000. Lämna tomt om du inte har numret från en säker källa.",
    )
    deltar_fran = models.DateField("deltar från och med", null=True, blank=True)
    deltar_till = models.DateField("deltar till och med", null=True, blank=True)

    class Meta:
        verbose_name = "huvudman"
        verbose_name_plural = "huvudmän"
        ordering = ("kod",)
        constraints = (
            models.CheckConstraint(
                condition=Q(typ="region", kod__regex=r"^[0-9]{2}$") | Q(typ="kommun", kod__regex=r"^[0-9]{4}$"),
                name="huvudman_kod_foljer_typ",
                violation_error_message="En region har två siffror i SCB-koden, en kommun fyra.",
            ),
            models.UniqueConstraint(
                fields=("typ",),
                condition=Q(typ="region"),
                name="huvudman_en_region",
                violation_error_message="Det finns redan en region. Budgeten delas mellan en region och dess kommuner.",
            ),
            models.CheckConstraint(
                condition=Q(deltar_fran__isnull=True)
                | Q(deltar_till__isnull=True)
                | Q(deltar_fran__lte=F("deltar_till")),
                name="huvudman_lamnar_efter_start",
                violation_error_message="Huvudmannen kan inte lämna samarbetet innan den går med.",
            ),
        )

    def __str__(self) -> str:
        return self.officiellt_namn


class Roll(models.Model):
    """What a user may do: a row is user × role × party (the party only for a reader and for an ekonom)."""

    class Slag(models.TextChoices):
        SAMORDNARE = "samordnare", "samordnare i SGD"
        LASARE = "lasare", "läsare för en huvudman"
        EKONOM = "ekonom", "ekonom hos en huvudman"
        BEREDNING = "beredning", "Central tjänstemannaberedning"
        ADMINISTRATOR = "administrator", "administratör"

    anvandare = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alla_roller", verbose_name="användare"
    )
    slag = models.CharField("roll", max_length=20, choices=Slag)
    huvudman = models.ForeignKey(
        Huvudman, on_delete=models.PROTECT, null=True, blank=True, related_name="alla_roller", verbose_name="huvudman"
    )

    class Meta:
        verbose_name = "roll"
        verbose_name_plural = "roller"
        ordering = ("slag", "huvudman__kod")
        constraints = (
            models.CheckConstraint(
                condition=Q(slag__in=("lasare", "ekonom"), huvudman__isnull=False)
                | (~Q(slag__in=("lasare", "ekonom")) & Q(huvudman__isnull=True)),
                name="roll_lasare_har_huvudman",
                violation_error_message=(
                    "En läsare och en ekonom hör till en huvudman; övriga roller hör inte till någon."
                ),
            ),
            models.CheckConstraint(
                condition=Q(slag__in=("samordnare", "lasare", "ekonom", "beredning", "administrator")),
                name="roll_kant_slag",
                violation_error_message="Det finns ingen sådan roll.",
            ),
            models.UniqueConstraint(
                fields=("anvandare", "slag", "huvudman"),
                condition=Q(huvudman__isnull=False),
                name="roll_unik_for_huvudman",
                violation_error_message="Användaren har redan den rollen.",
            ),
            models.UniqueConstraint(
                fields=("anvandare", "slag"),
                condition=Q(huvudman__isnull=True),
                name="roll_unik",
                violation_error_message="Användaren har redan den rollen.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_slag_display()}{f': {self.huvudman}' if self.huvudman else ''}"


class Handlingsplan(Versionerad):
    """A plan for a period of years, addressed by its last year.

    *Delad* and *fastställd* are two separate facts: a shared plan is still edited and its readers see the
    live text; an adopted plan is frozen and read-only.
    """

    fran_ar = models.PositiveSmallIntegerField("från och med år", validators=ARTAL)
    till_ar = models.PositiveSmallIntegerField("till och med år", validators=ARTAL)
    titel = models.CharField("titel", max_length=200)
    undertitel = models.CharField("undertitel", max_length=300, blank=True)
    inledning = RikTextField("inledning", blank=True)
    om_aret = RikTextField("om året", blank=True)
    avslutning = RikTextField("avslutande noter", blank=True)
    kontakt_namn = models.CharField("kontaktperson", max_length=200, blank=True)
    kontakt_epost = models.EmailField("kontaktpersonens e-postadress", blank=True)
    delad_at = models.DateTimeField("delad", null=True, blank=True, editable=False)
    delad_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="delad av",
    )
    faststalld_at = models.DateField("fastställd", null=True, blank=True)
    faststalld_hanvisning = models.CharField("beslutshänvisning", max_length=500, blank=True)
    # The plan that this one was made from in one act, which can be thrown away with all that came along.
    gjord_av = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="gjord av planen",
    )

    class Meta:
        verbose_name = "handlingsplan"
        verbose_name_plural = "handlingsplaner"
        ordering = ("-till_ar",)
        constraints = (
            models.UniqueConstraint(
                fields=("till_ar",),
                name="handlingsplan_ett_sista_ar",
                violation_error_message="Det finns redan en plan som slutar det året.",
            ),
            models.CheckConstraint(
                condition=Q(fran_ar__lte=F("till_ar")),
                name="handlingsplan_perioden_gar_framat",
                violation_error_message="Planens sista år kan inte vara före det första.",
            ),
            models.CheckConstraint(
                condition=Q(fran_ar__gte=2000, till_ar__lte=2100),
                name="handlingsplan_rimliga_ar",
                violation_error_message="Ange år mellan 2000 och 2100.",
            ),
            models.CheckConstraint(
                condition=Q(faststalld_at__isnull=True) | Q(delad_at__isnull=False),
                name="handlingsplan_faststalld_ar_delad",
                violation_error_message="En plan måste vara delad innan den fastställs.",
            ),
        )

    def __str__(self) -> str:
        return self.titel

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.till_ar])

    def plan_pk(self) -> int:
        return self.pk

    @property
    def verksamhetsar(self) -> range:
        """The years the plan covers, in order."""
        return range(self.fran_ar, self.till_ar + 1)

    @property
    def period(self) -> str:
        """`2024`, or `2022–2023` for a plan of several years."""
        return str(self.till_ar) if self.fran_ar == self.till_ar else f"{self.fran_ar}–{self.till_ar}"

    @property
    def ar_delad(self) -> bool:
        return self.delad_at is not None

    @property
    def ar_faststalld(self) -> bool:
        return self.faststalld_at is not None


class Narvaro(models.Model):
    """Somebody is in a part of a plan, as of `senast`. Kept while it is so; no part of the plan or its history."""

    vag = models.CharField("delens adress", max_length=300)
    anvandare = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="användare"
    )
    senast = models.DateTimeField("senast", default=timezone.now)

    class Meta:
        verbose_name = "närvaro"
        verbose_name_plural = "närvaro"
        ordering = ("vag", "anvandare_id")
        constraints = (
            models.UniqueConstraint(
                fields=("vag", "anvandare"),
                name="narvaro_en_per_del_och_person",
                violation_error_message="Personen är redan i delen.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.anvandare_id} i {self.vag}"


class Installation(models.Model):
    """What this database was made as, so that the demo command never touches data it did not make."""

    class Slag(models.TextChoices):
        DEMO = "demo", "demo"
        TOM = "tom", "tom installation"

    slag = models.CharField("slag", max_length=10, choices=Slag, unique=True)
    skapad_at = models.DateTimeField("skapad", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "installation"
        verbose_name_plural = "installationer"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.get_slag_display()
