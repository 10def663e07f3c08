"""The record as JSON and back, and the frozen record that an adopted plan is read from."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from budget.fordelning import Andel, Modell
from budget.models import Budgetpost, Folkmangd, Fordelningsregel, Fotnot, Fotnotsplats, PubliceradKostnad
from handlingsplan.models import Handlingsplan, Huvudman
from insatsomraden.models import Aktivitet, Insatsomrade, Mal, Omradesutgava, Samverkansgrupp
from rapport import frysning, plandokument
from rapport.bygg import bygg
from rapport.bygg import plandokument as dokument_for
from rapport.faststallande import faststall
from rapport.models import FrystPlan
from rapport.plandokument import SCHEMA, Plandokument
from tests.budgetfall import budgetfall, omrade, skriv_post
from tests.cast import Parter
from tests.exempel import exempelplan, tom_plan
from tests.planfall import Planfall, lagg_in_demon, planfall


def fram_och_ater(dokument: Plandokument) -> Plandokument:
    """Through JSON text, as a database keeps it."""
    return frysning.fran_json(json.loads(json.dumps(frysning.till_json(dokument))))


@pytest.fixture
def fall(delad_plan: Handlingsplan, parter: Parter, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


def frys(plan: Handlingsplan) -> Handlingsplan:
    faststall(plan, version=plan.version, datum=date(2024, 3, 1), hanvisning="Beslut § 1", av=None, pdf=False)
    return Handlingsplan.objects.get(pk=plan.pk)


# --- JSON ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dokument", [exempelplan(), exempelplan(antal_omraden=0), tom_plan()], ids=["full", "inga", "tom"]
)
def test_a_record_survives_json(dokument: Plandokument) -> None:
    assert fram_och_ater(dokument) == dokument


@pytest.mark.django_db
def test_a_record_from_the_database_survives_json(fall: Planfall) -> None:
    Aktivitet.objects.filter(pk=fall.forsta.pk).update(start=date(2024, 2, 1), slut=date(2024, 3, 1))
    PubliceradKostnad.objects.create(plan=fall.plan, avser_ar=2024, ore_per_invanare=Decimal("17.90"), kalla="Planen")
    not_ = Fotnot.objects.create(plan=fall.plan, ordning=1, text="En not")
    Fotnotsplats.objects.create(fotnot=not_, slag="kolumn", budgetar=2024, finansiering="sgd")
    dokument = bygg(fall.plan)
    assert fram_och_ater(dokument) == dokument


@pytest.mark.django_db
def test_the_demos_plans_survive_json(demorader: list[models.Model]) -> None:
    lagg_in_demon(demorader)
    for plan in Handlingsplan.objects.all():
        for dokument in (bygg(plan), dokument_for(plan)):
            assert fram_och_ater(dokument) == dokument


def test_exact_quotas_and_decimals_are_kept_as_text_and_never_as_floats() -> None:
    dokument = exempelplan()
    data = frysning.till_json(dokument)
    andel = data["fordelningar"][0]["fordelning"]["andelar"][1]
    assert isinstance(andel["exakt"], str)
    assert data["fordelningar"][1]["publicerad"]["ore_per_invanare"] == "190.09"
    assert data["andrad"] == "2023-11-02"

    def flyttal(varde: Any) -> bool:
        if isinstance(varde, dict):
            return any(map(flyttal, varde.values()))
        return any(map(flyttal, varde)) if isinstance(varde, list | tuple) else isinstance(varde, float)

    assert not flyttal(data)


def test_an_older_record_without_a_later_field_is_read_with_its_default() -> None:
    data = deepcopy(frysning.till_json(exempelplan()))
    for rad in data["budget"]["rader"]:
        for cell in rad["celler"]:
            del cell["tidigare_ore"], cell["tidigare_slag"]
    laddad = frysning.fran_json(data)
    assert {cell.tidigare_slag for rad in laddad.budget.rader for cell in rad.celler} == {""}


def test_a_record_that_lacks_what_it_must_have_is_refused() -> None:
    data = frysning.till_json(exempelplan())
    del data["titel"]
    with pytest.raises(Exception, match="Plandokument"):
        frysning.fran_json(data)


# What schema 3 holds. A frozen record lives for years: a field that is taken away or renamed, or that is added without
# a default, makes older ones unreadable. A new field gets a default, and SCHEMA rises.
SCHEMA_3 = {
    "Part": "kod typ namn juridiskt_namn",
    "MalPost": "id version text",
    "AktivitetPost": "id version text villkor ansvarig status start slut under",
    "Verksamhetsar": "avser_ar aktivitetstext aktiviteter ekonomi",
    "OmradePost": "id version kod nummer namn kortnamn lage lage_not nytt beskrivning syfte alla_mal alla_ar "
    "ansvariga ansvar_not",
    "Fotnotspost": "id version markor text",
    "Cell": "slag ore post_id version markorer tidigare_ore tidigare_slag",
    "Kolumn": "budgetar finansiering namn egen summa markorer",
    "Budgetradspost": "omrade_id rad_id version kod namn celler",
    "Arssumma": "budgetar summa antal_kolumner",
    "Budgettabell": "kolumner rader arssummor fotnoter tabellmarkorer",
    "Publicerad": "id version avser_ar ore_per_invanare angivet_datum kalla",
    "Arsfordelning": "budgetar egen fordelning skal lagrad publicerad",
    "Plandokument": "schema id version fran_ar till_ar titel undertitel inledning om_aret avslutning kontakt_namn "
    "kontakt_epost andrad delad faststalld faststalld_hanvisning parter omraden bevakade lamnade budget fordelningar "
    "historik_nummer historik_hash versionsnamn",
    "Summa": "ore okanda belopp ej_aktuella ej_ifyllda",
    "Fordelning": "total modell andelar underlag",
    "Modell": "andel_region andel_grupp enhet folkmangdsdatum hanvisning",
    "Andel": "kod namn typ invanare exakt belopp",
}


def test_the_schema_number_rises_with_the_schema() -> None:
    nu = {
        namn: " ".join(falt.name for falt in fields(klass))
        for namn, klass in vars(plandokument).items()
        if isinstance(klass, type) and is_dataclass(klass)
    }
    nu |= {klass.__name__: " ".join(falt.name for falt in fields(klass)) for klass in (Andel, Modell)}
    assert (SCHEMA, nu) == (3, SCHEMA_3)


# --- The frozen copy ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_living_plan_has_no_frozen_copy(fall: Planfall) -> None:
    assert frysning.las(fall.plan) is None
    assert dokument_for(fall.plan) == bygg(fall.plan)


@pytest.mark.django_db
def test_the_frozen_copy_is_what_the_plan_said_when_it_was_adopted(fall: Planfall) -> None:
    fore = bygg(fall.plan)
    dokument = dokument_for(frys(fall.plan))
    assert (dokument.faststalld, dokument.faststalld_hanvisning, dokument.ar_utkast) == (
        date(2024, 3, 1),
        "Beslut § 1",
        False,
    )
    for falt in ("omraden", "budget", "parter", "titel", "inledning", "kontakt_namn"):
        assert getattr(dokument, falt) == getattr(fore, falt)
    assert [(en.fordelning, en.lagrad) for en in dokument.fordelningar] == [(fore.fordelningar[0].fordelning, True)]


def andra_allt(fall: Planfall) -> None:
    """Change every kind of row past all rules, as an import, a console or a later version might."""
    Handlingsplan.objects.filter(pk=fall.plan.pk).update(titel="Annan", inledning="<p>Annan</p>", kontakt_namn="Annan")
    Omradesutgava.objects.update(namn="Annat", kortnamn="Annat", lage="utgatt", beskrivning="<p>Annan</p>")
    Insatsomrade.objects.filter(kod="npo").update(kod="annan")
    Samverkansgrupp.objects.update(namn="Annan grupp")
    Mal.objects.update(text="Annat mål")
    Aktivitet.objects.update(text="Annan aktivitet", borttagen_at=timezone.now())
    Budgetpost.objects.update(belopp=Decimal("1.00"))
    Fordelningsregel.objects.create(
        plan=fall.plan, budgetar=2024, andel_region=9, andel_grupp=1, folkmangdsdatum=date(2021, 12, 31)
    )
    Folkmangd.objects.update(antal=1)
    Huvudman.objects.update(officiellt_namn="Annan kommun", juridiskt_namn="Annan")
    omrade(fall.plan, "nytt", "Nytt område")
    Fotnot.objects.create(plan=fall.plan, ordning=1, text="Sen not")
    PubliceradKostnad.objects.create(plan=fall.plan, avser_ar=2024, ore_per_invanare=Decimal("1.00"), kalla="Sen")


@pytest.mark.django_db
def test_a_frozen_plan_ignores_every_later_change_of_rows(fall: Planfall) -> None:
    plan = frys(fall.plan)
    fore = dokument_for(plan)
    andra_allt(fall)
    plan.refresh_from_db()
    assert bygg(plan) != fore  # the rows did change
    assert dokument_for(plan) == fore


@pytest.mark.django_db
def test_every_page_and_file_of_a_frozen_plan_says_what_it_said(
    fall: Planfall, klient_for: Any, lasare_malmo: Any
) -> None:
    plan, klient = frys(fall.plan), klient_for(lasare_malmo)
    sidor = ("", "budget/", "fordelning/fordelning.json", "fordelning/fordelning.csv", "sok/?q=planen")

    def innehall() -> list[str]:
        svar = [klient.get(f"/plan/2024/{sida}").content.decode() for sida in sidor]
        # What follows is the document; the frame above names the contact and who is logged in.
        return [text.partition("<main")[2].partition("</main>")[0] or text for text in svar]

    fore = innehall()
    andra_allt(fall)
    assert innehall() == fore
    assert plan.alla_omraden.filter(namn="Annat").exists()


@pytest.mark.django_db
def test_a_frozen_plan_costs_few_statements(fall: Planfall, django_assert_max_num_queries: Any) -> None:
    plan = frys(fall.plan)
    with django_assert_max_num_queries(1):
        dokument_for(plan)


@pytest.mark.django_db
def test_the_frozen_copy_carries_the_schema_it_was_made_with(fall: Planfall) -> None:
    fryst = FrystPlan.objects.get(plan=frys(fall.plan))
    assert (fryst.schema, fryst.dokument["schema"]) == (SCHEMA, SCHEMA)
    assert str(fryst).startswith("Handlingsplan 2024, fryst 2")


@pytest.mark.django_db
def test_the_next_plans_comparison_still_reads_the_adopted_rows(fall: Planfall) -> None:
    frys(fall.plan)
    nasta = Handlingsplan.objects.create(fran_ar=2025, till_ar=2025, titel="Handlingsplan 2025")
    utgava = omrade(nasta, "npo", "NPÖ")
    skriv_post(utgava, 2024, "sgd", 90_000)
    (rad,) = bygg(nasta).budget.rader
    assert [(cell.tidigare_slag, cell.tidigare_ore) for cell in rad.celler] == [("", None), ("belopp", 100_000_00)]


@pytest.mark.django_db
def test_unknown_money_of_a_year_before_survives_the_freezing(delad_plan: Handlingsplan) -> None:
    fall = budgetfall(delad_plan)
    dokument = bygg(fall.plan)
    assert fram_och_ater(dokument).budget == dokument.budget
