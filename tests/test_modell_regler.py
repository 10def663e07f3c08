"""Every rule of the database: it refuses a bad row however it comes, and says why in Swedish.

A rule that has no case here fails the suite, so that no rule is added without being tried on both databases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, models, transaction
from django.db.models import BaseConstraint
from django.utils import timezone
from djmoney.money import Money

from budget.models import (
    Avstamningsregel,
    Budgetpost,
    Budgetrad,
    Cellkommentar,
    Fakturautstallare,
    Folkmangd,
    Fordelningsandel,
    Fordelningsregel,
    Fordelningsresultat,
    Fotnot,
    Fotnotsplats,
    PubliceradKostnad,
    Scenario,
    Scenariodelning,
    Utfall,
)
from handlingsplan.historikmodeller import BaraTillagg
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman, Installation, Narvaro, Roll
from insatsomraden.models import Aktivitet, Arstext, Insatsomrade, Omradesutgava, Samverkansgrupp
from rapport.granskningsmodeller import Granskningssvar
from rapport.models import FrystPlan
from tests.budgetfall import omrade
from tests.cast import Parter
from tests.modellfall import ny_grupp, ny_modell, ny_serie, nytt_undantag, nytt_villkor
from tests.planfall import EGNA_APPAR

pytestmark = pytest.mark.django_db

DATUM = date(2022, 12, 31)


@dataclass
class Grund:
    """What the rows of the cases hang on."""

    plan: Handlingsplan
    utgava: Omradesutgava
    annan_utgava: Omradesutgava
    rad: Budgetrad
    parter: Parter
    vem: Anvandare

    def post(self, **falt: Any) -> Budgetpost:
        return Budgetpost.objects.create(plan=self.plan, **(self._belopp() | falt))

    def utfall(self, **falt: Any) -> Utfall:
        return Utfall.objects.create(plan=self.plan, **(self._belopp() | falt))

    def _belopp(self) -> dict[str, Any]:
        return {"utgava": self.utgava, "budgetar": 2024, "slag": "belopp", "belopp": Money(5, "SEK")}

    def avstamningsregel(self, budgetar: int = 2024) -> Avstamningsregel:
        return Avstamningsregel.objects.create(
            plan=self.plan,
            budgetar=budgetar,
            overskott="avraknas",
            underskott="debiteras",
            instans="CSO",
            beslutsdatum=DATUM,
            paragraf="7",
            diarienummer="2024-1",
        )

    def kommentar(self, **falt: Any) -> Cellkommentar:
        val: dict[str, Any] = {"utgava": self.utgava, "budgetar": 2024, "text": "Väntar på besked"}
        return Cellkommentar.objects.create(plan=self.plan, **(val | falt))

    def svar(self, avtryck: str = "a") -> Granskningssvar:
        return Granskningssvar.objects.create(plan=self.plan, regel="r", plats="p", avtryck=avtryck, text="t", skal="s")

    def plats(self, **falt: Any) -> Fotnotsplats:
        fotnot, _ = Fotnot.objects.get_or_create(plan=self.plan, ordning=1, text="Not")
        return Fotnotsplats.objects.create(fotnot=fotnot, **falt)

    def cell(self, **falt: Any) -> Fotnotsplats:
        return self.plats(slag="cell", budgetar=2024, **({"finansiering": "sgd", "utgava": self.utgava} | falt))

    def aktivitet(self, **falt: Any) -> Aktivitet:
        return Aktivitet.objects.create(utgava=self.utgava, avser_ar=2024, ordning=1, text="Gör", **falt)

    def regel(self, budgetar: int = 2024) -> Fordelningsregel:
        return Fordelningsregel.objects.create(plan=self.plan, budgetar=budgetar, folkmangdsdatum=DATUM)

    def resultat(self, budgetar: int = 2024) -> Fordelningsresultat:
        return Fordelningsresultat.objects.create(
            plan=self.plan,
            budgetar=budgetar,
            total=5,
            andel_region=1,
            andel_grupp=1,
            enhet="ore",
            folkmangdsdatum=DATUM,
        )

    def andel(self, kod: str) -> Fordelningsandel:
        resultat = Fordelningsresultat.objects.first() or self.resultat()
        return Fordelningsandel.objects.create(
            resultat=resultat, huvudman=self.parter[kod], namn="N", typ="kommun", invanare=1, exakt="1/2", belopp=1
        )

    def folk(self, **falt: Any) -> Folkmangd:
        return Folkmangd.objects.create(huvudman=self.parter["1280"], datum=DATUM, antal=5, kalla="SCB", **falt)

    def publicerad(self, avser_ar: int = 2024) -> PubliceradKostnad:
        return PubliceradKostnad.objects.create(plan=self.plan, avser_ar=avser_ar, ore_per_invanare=1, kalla="K")

    def scenario(self, namn: str = "Mer till NPÖ") -> Scenario:
        return Scenario.objects.create(plan=self.plan, namn=namn, innehall={"schema": 1, "celler": {}, "regler": {}})

    def delning(self, **falt: Any) -> Scenariodelning:
        scenario = Scenario.objects.first() or self.scenario()
        return Scenariodelning.objects.create(scenario=scenario, **falt)

    def roll(self, slag: str, kod: str = "") -> Roll:
        return Roll.objects.create(anvandare=self.vem, slag=slag, huvudman=self.parter[kod] if kod else None)

    def arstext(self, slag: str = "ekonomi") -> Arstext:
        return Arstext.objects.create(utgava=self.utgava, avser_ar=2024, slag=slag)


@pytest.fixture
def grund(delad_plan: Handlingsplan, parter: Parter, utomstaende: Anvandare) -> Grund:
    utgava, annan = omrade(delad_plan, "npo", "NPÖ"), omrade(delad_plan, "sdk", "SDK")
    rad = Budgetrad.objects.create(plan=delad_plan, ordning=1)
    return Grund(delad_plan, utgava, annan, rad, parter, utomstaende)


def bredvid(*rader: models.Model) -> models.Model:
    """The last of some rows, which the others stand beside."""
    return rader[-1]


@dataclass
class Regelfall:
    """A good row, and the fields that make it break the rule `namn`."""

    namn: str
    rad: Callable[[Grund], models.Model]
    fel: Callable[[Grund], dict[str, Any]]


def fall(namn: str, rad: Callable[[Grund], models.Model], **fel: Any) -> Regelfall:
    """A case where the bad values do not depend on other rows."""
    return Regelfall(namn, rad, lambda _: fel)


def planen(g: Grund) -> models.Model:
    return g.plan


FALL = [
    # Plans
    Regelfall(
        "handlingsplan_ett_sista_ar",
        lambda g: Handlingsplan.objects.create(fran_ar=2025, till_ar=2025, titel="P"),
        lambda g: {"fran_ar": 2024, "till_ar": 2024},
    ),
    fall("handlingsplan_perioden_gar_framat", planen, fran_ar=2025),
    fall("handlingsplan_rimliga_ar", planen, fran_ar=1999),
    fall("handlingsplan_rimliga_ar", planen, till_ar=2101),
    fall("handlingsplan_faststalld_ar_delad", planen, delad_at=None, faststalld_at=DATUM),
    # Users and parties
    fall(
        "anvandare_email_unik_oavsett_skiftlage",
        lambda g: Anvandare.objects.create_user("ny@exempel.se", namn="N"),
        email="UTOMSTAENDE@exempel.se",
    ),
    fall("huvudman_kod_foljer_typ", lambda g: g.parter["12"], kod="1200"),
    fall("huvudman_kod_foljer_typ", lambda g: g.parter["1280"], kod="14"),
    fall("huvudman_kod_foljer_typ", lambda g: g.parter["1280"], kod="12x0"),
    fall("huvudman_kod_foljer_typ", lambda g: g.parter["1280"], typ="landsting"),
    fall("huvudman_en_region", lambda g: g.parter["1280"], typ="region", kod="14"),
    fall("roll_lasare_har_huvudman", lambda g: g.roll("lasare", "1280"), huvudman=None),
    fall("roll_lasare_har_huvudman", lambda g: g.roll("lasare", "1280"), slag="beredning"),
    fall("roll_lasare_har_huvudman", lambda g: g.roll("ekonom", "1280"), huvudman=None),
    fall("roll_kant_slag", lambda g: g.roll("beredning"), slag="kung"),
    Regelfall(
        "roll_unik_for_huvudman",
        lambda g: bredvid(g.roll("lasare", "1280"), g.roll("lasare", "1275")),
        lambda g: {"huvudman": g.parter["1280"]},
    ),
    fall("roll_unik", lambda g: bredvid(g.roll("beredning"), g.roll("administrator")), slag="beredning"),
    # Areas
    Regelfall("omradesutgava_en_per_plan", lambda g: g.utgava, lambda g: {"insatsomrade": g.annan_utgava.insatsomrade}),
    fall("omradesutgava_kant_lage", lambda g: g.utgava, lage="borta"),
    fall("aktivitet_slut_efter_start", lambda g: g.aktivitet(), start=date(2024, 2, 2), slut=date(2024, 2, 1)),
    Regelfall(
        "aktivitet_inte_under_sig_sjalv", lambda g: g.aktivitet(), lambda g: {"foralder": Aktivitet.objects.get()}
    ),
    fall("aktivitet_kand_status", lambda g: g.aktivitet(), status="kanske"),
    fall("arstext_en_per_ar_och_slag", lambda g: bredvid(g.arstext(), g.arstext("aktiviteter")), slag="ekonomi"),
    # Amounts
    fall("budgetpost_belopp_foljer_slag", lambda g: g.post(), belopp=None),
    fall("budgetpost_belopp_foljer_slag", lambda g: g.post(), slag="okant"),
    fall("budgetpost_belopp_foljer_slag", lambda g: g.post(slag="ej_aktuellt", belopp=None), belopp=Money(0, "SEK")),
    fall("budgetpost_kant_slag", lambda g: g.post(slag="okant", belopp=None), slag="kanske"),
    fall("budgetpost_kand_finansiering", lambda g: g.post(), finansiering="lotteri"),
    fall("budgetpost_belopp_inom_granser", lambda g: g.post(), belopp=Money("-0.01", "SEK")),
    fall("budgetpost_kronor", lambda g: g.post(), belopp=Money(5, "EUR"), belopp_currency="EUR"),
    fall("budgetpost_omrade_eller_rad", lambda g: g.post(), utgava=None),
    Regelfall("budgetpost_omrade_eller_rad", lambda g: g.post(), lambda g: {"rad": g.rad}),
    fall("budgetpost_en_per_omrade", lambda g: bredvid(g.post(), g.post(budgetar=2023)), budgetar=2024),
    fall(
        "budgetpost_en_per_rad",
        lambda g: bredvid(*(g.post(utgava=None, rad=g.rad, finansiering=form) for form in ("sgd", "annan"))),
        finansiering="sgd",
    ),
    # Outturn, by the rules of an amount
    fall("utfall_belopp_foljer_slag", lambda g: g.utfall(), belopp=None),
    fall("utfall_belopp_foljer_slag", lambda g: g.utfall(), slag="okant"),
    fall("utfall_kant_slag", lambda g: g.utfall(slag="okant", belopp=None), slag="kanske"),
    fall("utfall_kand_finansiering", lambda g: g.utfall(), finansiering="lotteri"),
    fall("utfall_belopp_inom_granser", lambda g: g.utfall(), belopp=Money("-0.01", "SEK")),
    fall("utfall_kronor", lambda g: g.utfall(), belopp=Money(5, "EUR"), belopp_currency="EUR"),
    fall("utfall_omrade_eller_rad", lambda g: g.utfall(), utgava=None),
    fall("utfall_en_per_omrade", lambda g: bredvid(g.utfall(), g.utfall(budgetar=2023)), budgetar=2024),
    fall(
        "utfall_en_per_rad",
        lambda g: bredvid(*(g.utfall(utgava=None, rad=g.rad, finansiering=form) for form in ("sgd", "annan"))),
        finansiering="sgd",
    ),
    # The reconciliation's rule
    fall(
        "avstamningsregel_en_per_ar", lambda g: bredvid(g.avstamningsregel(), g.avstamningsregel(2023)), budgetar=2024
    ),
    fall("avstamningsregel_kand_regel", lambda g: g.avstamningsregel(), overskott="debiteras"),
    fall("avstamningsregel_kand_regel", lambda g: g.avstamningsregel(), underskott="aterbetalas"),
    *(
        fall("avstamningsregel_har_beslut", lambda g: g.avstamningsregel(), **{falt: tomt})
        for falt, tomt in (("instans", ""), ("beslutsdatum", None), ("paragraf", ""), ("diarienummer", ""))
    ),
    fall("avstamningsregel_upphavs_efter_beslut", lambda g: g.avstamningsregel(), upphavt=date(2022, 12, 30)),
    fall("cellkommentar_kand_finansiering", lambda g: g.kommentar(), finansiering="lotteri"),
    fall("cellkommentar_omrade_eller_rad", lambda g: g.kommentar(), utgava=None),
    Regelfall("cellkommentar_omrade_eller_rad", lambda g: g.kommentar(), lambda g: {"rad": g.rad}),
    fall("cellkommentar_inte_for_lang", lambda g: g.kommentar(text="å" * 2_000), text="å" * 2_001),
    fall("cellkommentar_en_per_omrade", lambda g: bredvid(g.kommentar(), g.kommentar(budgetar=2023)), budgetar=2024),
    fall(
        "cellkommentar_en_per_rad",
        lambda g: bredvid(*(g.kommentar(utgava=None, rad=g.rad, finansiering=form) for form in ("sgd", "annan"))),
        finansiering="sgd",
    ),
    # Answers to the proofreader
    fall("granskningssvar_ett_per_fynd", lambda g: bredvid(g.svar(), g.svar("b")), avtryck="a"),
    fall("granskningssvar_har_skal", lambda g: g.svar(), skal=""),
    fall("granskningssvar_inte_for_langt", lambda g: g.svar(), skal="å" * 1_001),
    # Footnotes
    fall("fotnotsplats_hel", lambda g: g.plats(slag="tabell"), budgetar=2024),
    fall("fotnotsplats_hel", lambda g: g.plats(slag="kolumn", budgetar=2024, finansiering="sgd"), finansiering=""),
    fall("fotnotsplats_hel", lambda g: g.plats(slag="kolumn", budgetar=2024, finansiering="sgd"), budgetar=None),
    fall("fotnotsplats_hel", lambda g: g.cell(), utgava=None),
    Regelfall("fotnotsplats_hel", lambda g: g.cell(), lambda g: {"rad": g.rad}),
    fall("fotnotsplats_hel", lambda g: g.cell(), slag="bild"),
    fall(
        "fotnotsplats_en_gang_tabell",
        lambda g: bredvid(g.plats(slag="tabell"), g.cell()),
        slag="tabell",
        budgetar=None,
        finansiering="",
        utgava=None,
    ),
    fall(
        "fotnotsplats_en_gang_kolumn",
        lambda g: bredvid(*(g.plats(slag="kolumn", budgetar=ett, finansiering="sgd") for ett in (2023, 2024))),
        budgetar=2023,
    ),
    fall("fotnotsplats_en_gang_omrade", lambda g: bredvid(g.cell(), g.cell(finansiering="annan")), finansiering="sgd"),
    fall(
        "fotnotsplats_en_gang_rad",
        lambda g: bredvid(*(g.cell(utgava=None, rad=g.rad, finansiering=form) for form in ("sgd", "annan"))),
        finansiering="sgd",
    ),
    Regelfall(
        "narvaro_en_per_del_och_person",
        lambda g: bredvid(*(Narvaro.objects.create(vag=vag, anvandare=g.vem) for vag in ("/plan/1/", "/plan/2/"))),
        lambda g: {"vag": "/plan/1/"},
    ),
    # The split
    fall("publicerad_kostnad_en_per_ar", lambda g: bredvid(g.publicerad(), g.publicerad(2023)), avser_ar=2024),
    fall("publicerad_kostnad_inte_negativ", lambda g: g.publicerad(), ore_per_invanare=Decimal("-0.01")),
    fall("folkmangd_en_per_revision", lambda g: bredvid(g.folk(), g.folk(revision=2)), revision=1),
    fall("folkmangd_aldersspann", lambda g: g.folk(fran_alder=0, till_alder=17), fran_alder=18),
    fall("fordelningsregel_en_per_ar", lambda g: bredvid(g.regel(), g.regel(2023)), budgetar=2024),
    fall("fordelningsregel_nagon_betalar", lambda g: g.regel(), andel_region=0, andel_grupp=0),
    fall("fordelningsresultat_ett_per_ar", lambda g: bredvid(g.resultat(), g.resultat(2023)), budgetar=2024),
    Regelfall(
        "fordelningsandel_en_per_huvudman",
        lambda g: bredvid(g.andel("1280"), g.andel("1275")),
        lambda g: {"huvudman": g.parter["1280"]},
    ),
    Regelfall(
        "fakturautstallare_part_eller_namn",
        lambda g: Fakturautstallare.objects.create(plan=g.plan, namn="Kommunförbundet"),
        lambda g: {"huvudman": g.parter["12"]},
    ),
    # Cost models
    fall("huvudman_lamnar_efter_start", lambda g: g.parter["1280"], deltar_fran=DATUM, deltar_till=date(2022, 12, 30)),
    Regelfall(
        "kostnadsmodell_ett_namn_per_plan",
        lambda g: bredvid(ny_modell(g.plan, "Ett"), ny_modell(g.plan, "Två")),
        lambda g: {"namn": "Ett"},
    ),
    Regelfall("kostnadsmodell_har_namn", lambda g: ny_modell(g.plan), lambda g: {"namn": ""}),
    fall("kostnadsmodell_kand_andelsform", lambda g: ny_modell(g.plan), andelsform="procent"),
    *(
        Regelfall(
            "modellgrupp_har_namn_andel_och_nyckel",
            lambda g: ny_grupp(ny_modell(g.plan), 3),
            lambda g, falt=falt: {falt: ""},  # type: ignore[misc]
        )
        for falt in ("namn", "andel", "nyckel_1")
    ),
    fall("modellgrupp_nagon_deltar", lambda g: ny_grupp(ny_modell(g.plan), 3), deltar="utvalda"),
    fall("modellgrupp_nagon_deltar", lambda g: ny_grupp(ny_modell(g.plan), 3), deltar="ingen"),
    fall(
        "modellgrupp_grundbelopp_inom_granser",
        lambda g: ny_grupp(ny_modell(g.plan), 3),
        grundbelopp=Money("-0.01", "SEK"),
    ),
    *(
        fall("modellvillkor_har_skal_och_beslut", lambda g: nytt_villkor(ny_modell(g.plan)), **{falt: tomt})
        for falt, tomt in (("motivering", ""), ("instans", ""), ("beslutsdatum", None), ("paragraf", ""))
    ),
    fall("modellvillkor_uppgifter_foljer_slag", lambda g: nytt_villkor(ny_modell(g.plan)), faktor=""),
    fall("modellvillkor_uppgifter_foljer_slag", lambda g: nytt_villkor(ny_modell(g.plan)), bars_av=""),
    fall("modellvillkor_uppgifter_foljer_slag", lambda g: nytt_villkor(ny_modell(g.plan)), slag="tak"),
    Regelfall(
        "modellvillkor_uppgifter_foljer_slag",
        lambda g: nytt_villkor(ny_modell(g.plan)),
        lambda g: {"betalas_av": g.parter["12"]},
    ),
    fall(
        "modellvillkor_belopp_inom_granser",
        lambda g: nytt_villkor(ny_modell(g.plan), slag="tak", faktor="", belopp=Money(5, "SEK")),
        belopp=Money("-0.01", "SEK"),
    ),
    fall(
        "modellvillkor_slutar_efter_start",
        lambda g: nytt_villkor(ny_modell(g.plan), galler_fran=DATUM),
        galler_till=date(2022, 12, 30),
    ),
    Regelfall(
        "viktserie_ett_namn_per_plan",
        lambda g: bredvid(ny_serie(g.plan), ny_serie(g.plan, namn="ärenden")),
        lambda g: {"namn": "inloggningar"},
    ),
    fall("viktserie_period_foljer_slag", lambda g: ny_serie(g.plan), fran=DATUM),
    fall("viktserie_period_foljer_slag", lambda g: ny_serie(g.plan), slag="anvandning"),
    fall(
        "viktserie_period_foljer_slag",
        lambda g: ny_serie(g.plan, slag="anvandning", fran=DATUM, till=DATUM),
        till=date(2022, 12, 30),
    ),
    *(
        fall("modellundantag_har_beslut", lambda g: nytt_undantag(g.utgava, ny_modell(g.plan)), **{falt: tomt})
        for falt, tomt in (("instans", ""), ("beslutsdatum", None), ("paragraf", ""))
    ),
    fall(
        "modellundantag_belopp_for_aktivitet",
        lambda g: nytt_undantag(g.utgava, ny_modell(g.plan)),
        belopp=Money(5, "SEK"),
    ),
    fall(
        "modellundantag_belopp_for_aktivitet",
        lambda g: nytt_undantag(g.utgava, ny_modell(g.plan), aktivitet=g.aktivitet(), belopp=Money(5, "SEK")),
        belopp=Money(0, "SEK"),
    ),
    fall(
        "modellundantag_ett_per_omrade",
        lambda g: bredvid(
            *(nytt_undantag(g.utgava, ny_modell(g.plan, f"M{ett}"), budgetar=ett) for ett in (2023, 2024))
        ),
        budgetar=2023,
    ),
    Regelfall(
        "modellundantag_ett_per_aktivitet",
        lambda g: bredvid(
            *(
                nytt_undantag(g.utgava, ny_modell(g.plan, text), aktivitet=g.aktivitet(), belopp=Money(5, "SEK"))
                for text in ("Ett", "Två")
            )
        ),
        lambda g: {"aktivitet": Aktivitet.objects.order_by("pk").first()},
    ),
    # Scenarios
    Regelfall(
        "scenario_ett_namn_per_plan", lambda g: bredvid(g.scenario("Ett"), g.scenario("Två")), lambda g: {"namn": "Ett"}
    ),
    Regelfall("scenario_har_namn", lambda g: g.scenario(), lambda g: {"namn": ""}),
    fall("scenario_lasbart_innehall", lambda g: g.scenario(), innehall={"schema": 1, "celler": {}}),
    fall(
        "scenariodelning_egen_nyckel",
        lambda g: bredvid(g.delning(nyckel="a"), g.delning(nyckel="b", upphord_at=timezone.now())),
        nyckel="a",
    ),
    fall(
        "scenariodelning_en_i_taget",
        lambda g: bredvid(g.delning(), g.delning(upphord_at=timezone.now())),
        upphord_at=None,
    ),
]
PER_FALL = pytest.mark.parametrize("ett", FALL, ids=lambda ett: ett.namn)


def regler() -> dict[str, BaseConstraint]:
    """Every constraint of our own models, by name. Rows that cannot be changed: test_historik_skydd.py and
    test_faktura_regler.py."""
    modeller = [modell for app in EGNA_APPAR for modell in apps.get_app_config(app).get_models()]
    andras = [modell for modell in modeller if not issubclass(modell, BaraTillagg)]
    return {regel.name: regel for modell in andras for regel in modell._meta.constraints}


def test_every_rule_has_a_case_here() -> None:
    assert {ett.namn for ett in FALL} == set(regler())


@pytest.mark.parametrize("namn", sorted(regler()))
def test_every_rule_says_in_swedish_what_is_wrong(namn: str) -> None:
    besked = str(regler()[namn].violation_error_message)
    assert besked.endswith(".")
    assert "Constraint" not in besked and "%(name)s" not in besked


@PER_FALL
def test_the_good_row_is_good(ett: Regelfall, grund: Grund) -> None:
    """Without this the tests below could fail for another reason."""
    ett.rad(grund).full_clean()


@PER_FALL
def test_validation_refuses_with_the_rules_message(ett: Regelfall, grund: Grund) -> None:
    rad = ett.rad(grund)
    for falt, varde in ett.fel(grund).items():
        setattr(rad, falt, varde)
    with pytest.raises(ValidationError):  # a field's own rule may speak first
        rad.full_clean()
    with pytest.raises(ValidationError) as fel:
        rad.validate_constraints()
    assert str(regler()[ett.namn].violation_error_message) in fel.value.messages


@PER_FALL
def test_the_database_refuses_the_row_when_it_is_saved(ett: Regelfall, grund: Grund) -> None:
    rad = ett.rad(grund)
    for falt, varde in ett.fel(grund).items():
        setattr(rad, falt, varde)
    with pytest.raises(IntegrityError), transaction.atomic():
        rad.save()


@PER_FALL
def test_the_database_refuses_an_update_past_the_model(ett: Regelfall, grund: Grund) -> None:
    rad = ett.rad(grund)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(rad)._default_manager.filter(pk=rad.pk).update(**ett.fel(grund))


# --- One field alone ----------------------------------------------------------------------------------------------

UNIKA: list[tuple[Callable[[Grund], models.Model], str, str]] = [
    (
        lambda g: Huvudman(kod="1280", typ="kommun", namn="M", officiellt_namn="M", juridiskt_namn="M"),
        "kod",
        "SCB-koden",
    ),
    (lambda g: Anvandare(email="utomstaende@exempel.se", namn="U", password="x"), "email", "Det finns redan ett konto"),
    (lambda g: Insatsomrade(kod="npo", namn="N"), "kod", "Det finns redan ett område med den koden."),
    (lambda g: Samverkansgrupp(kortnamn="SGD", namn="S"), "kortnamn", "Det finns redan en grupp med det kortnamnet."),
    (lambda g: Installation(slag="demo"), "slag", "finns redan"),
    (lambda g: FrystPlan(plan=g.plan, schema=1, dokument={"a": 1}), "plan", "finns redan"),
]


@pytest.mark.parametrize(("rad", "falt", "besked"), UNIKA, ids=lambda v: v if isinstance(v, str) else "")
def test_what_there_is_one_of_is_refused_twice(
    grund: Grund, rad: Callable[[Grund], models.Model], falt: str, besked: str
) -> None:
    Samverkansgrupp.objects.create(kortnamn="SGD", namn="SGD")
    Installation.objects.create(slag="demo")
    FrystPlan.objects.create(plan=grund.plan, schema=1, dokument={"a": 1})
    with pytest.raises(ValidationError) as fel:
        rad(grund).full_clean()
    assert any(besked in text for text in fel.value.message_dict[falt])
    with pytest.raises(IntegrityError), transaction.atomic():
        rad(grund).save()


@pytest.mark.parametrize("belopp", ["0", "0.01", "999999999999.99"])
def test_the_outermost_amounts_that_are_allowed_are_kept_to_the_ore(grund: Grund, belopp: str) -> None:
    post = grund.post(belopp=Money(belopp, "SEK"))
    post.full_clean()
    post.refresh_from_db()
    assert post.ore == int(Decimal(belopp) * 100)


def test_an_amount_of_a_million_millions_is_refused_however_it_comes(grund: Grund) -> None:
    post = grund.post()
    post.belopp = Money(10**12, "SEK")
    with pytest.raises(ValidationError):
        post.full_clean()
    with pytest.raises((DatabaseError, InvalidOperation)), transaction.atomic():
        post.save()
    post.refresh_from_db()
    assert post.ore == 5_00


def test_two_empty_rows_of_the_plan_may_stand_beside_each_other(grund: Grund) -> None:
    for _ in range(2):
        Budgetrad(plan=grund.plan, ordning=1).full_clean()
    Budgetrad.objects.bulk_create([Budgetrad(plan=grund.plan, ordning=1) for _ in range(2)])
    assert Budgetrad.objects.count() == 3


def test_the_newest_revision_of_a_figure_counts(grund: Grund) -> None:
    grund.folk()
    ny = grund.folk(revision=2)
    unga, aldre = grund.folk(fran_alder=0, till_alder=17), grund.folk(fran_alder=65)
    nyare = grund.folk(fran_alder=65, revision=2)
    assert [aldre.alder, unga.alder, ny.alder] == ["65-", "0-17", ""]
    assert set(Folkmangd.objects.gallande()) == {ny, unga, nyare}
    assert set(Folkmangd.objects.gallande().filter(alder="")) == {ny}


@pytest.mark.parametrize(("fran", "till"), [(None, 17), (0, None), (18, 17), (0, 121), (121, None), (121, 121)])
def test_an_age_span_that_is_none_is_refused_by_form_and_database(
    grund: Grund, fran: int | None, till: int | None
) -> None:
    rad = grund.folk()
    rad.fran_alder, rad.till_alder = fran, till
    with pytest.raises(ValidationError, match="åldersspann"):
        rad.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Folkmangd.objects.filter(pk=rad.pk).update(fran_alder=fran, till_alder=till)


@pytest.mark.parametrize("modell", [Budgetrad, Fotnot, Aktivitet])
def test_what_is_removed_breaks_no_rule(grund: Grund, modell: type[Any]) -> None:
    falt = {"plan": grund.plan, "text": "T"} if modell is Fotnot else {"plan": grund.plan}
    falt = {"utgava": grund.utgava, "avser_ar": 2024, "text": "T"} if modell is Aktivitet else falt
    rad = modell.objects.create(ordning=1, borttagen_at=timezone.now(), **falt)
    rad.full_clean()
