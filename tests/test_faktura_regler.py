"""Issued billing bases: the rules of their tables, that nothing in them is changed, and what has been charged."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from budget.debiterat import debiterat, debitering
from budget.models import Delbetalning, Faktureringsunderlag
from budget.models.faktura import UnderlagetAndrasInte
from handlingsplan import historiktriggers
from handlingsplan.models import Handlingsplan
from tests.cast import Parter

pytestmark = pytest.mark.django_db

DEL = "budget_delbetalning"


class Grund:
    """A basis for Malmö and one for the region's own share, with an instalment each."""

    def __init__(self, plan: Handlingsplan, parter: Parter) -> None:
        self.plan, self.parter = plan, parter
        self.ett, self.egen = self.underlag(), self.underlag(nummer=2, kod="12", slag="egen", belopp=3_000)
        self.ett.save()
        self.egen.save()
        self.del_ = self.delbetalning()
        self.del_.save()

    def underlag(self, **falt: Any) -> Faktureringsunderlag:
        kod = falt.pop("kod", "1280")
        val: dict[str, Any] = {
            "nummer": 1,
            "slag": "underlag",
            "budgetar": 2023,
            "huvudman": self.parter[kod],
            "kod": kod,
            "namn": "Malmö stad",
            "juridiskt_namn": "Malmö kommun",
            "utstallare": "Region Skåne",
            "delning": "helar",
            "avrundning": "ore",
            "belopp": 5_000,
            "avser": [[kod, "Malmö stad", 5_000]],
        }
        return Faktureringsunderlag(plan=self.plan, **(val | falt))

    def kredit(self, **falt: Any) -> Faktureringsunderlag:
        val = {"nummer": 3, "slag": "kredit", "belopp": -5_000, "krediterar": self.ett, "skal": "Fel referens"}
        return self.underlag(**(val | falt))

    def delbetalning(self, **falt: Any) -> Delbetalning:
        val = {"nummer": 1, "fran": date(2023, 1, 1), "till": date(2023, 12, 31), "fakturadag": date(2023, 1, 1)}
        return Delbetalning(underlag=self.ett, belopp=5_000, **(val | falt))


@pytest.fixture
def grund(faststalld_plan: Handlingsplan, parter: Parter) -> Grund:
    return Grund(faststalld_plan, parter)


# By rule: what makes a new row break it.
BROTT: list[tuple[str, str, dict[str, Any]]] = [
    ("faktureringsunderlag_eget_nummer", "underlag", {"budgetar": 2022}),
    ("faktureringsunderlag_raknas_fran_ett", "underlag", {"nummer": 0, "budgetar": 2022}),
    ("faktureringsunderlag_raknas_fran_ett", "underlag", {"nummer": 4, "omgang": 0}),
    ("faktureringsunderlag_ett_per_omgang", "underlag", {"nummer": 4}),
    ("faktureringsunderlag_kredit_har_skal", "kredit", {"skal": ""}),
    ("faktureringsunderlag_kredit_har_skal", "kredit", {"krediterar": None}),
    ("faktureringsunderlag_kredit_har_skal", "underlag", {"nummer": 4, "omgang": 2, "skal": "Därför"}),
    ("faktureringsunderlag_kredit_har_skal", "underlag", {"nummer": 4, "omgang": 2, "slag": "annat"}),
    ("faktureringsunderlag_kand_delning", "underlag", {"nummer": 4, "omgang": 2, "delning": "manad"}),
    ("faktureringsunderlag_kand_delning", "underlag", {"nummer": 4, "omgang": 2, "avrundning": "tusental"}),
    ("faktureringsunderlag_har_namn", "underlag", {"nummer": 4, "omgang": 2, "utstallare": ""}),
    ("faktureringsunderlag_har_namn", "underlag", {"nummer": 4, "omgang": 2, "juridiskt_namn": ""}),
    ("delbetalning_eget_nummer", "delbetalning", {}),
    ("delbetalning_perioden_gar_framat", "delbetalning", {"nummer": 2, "till": date(2022, 12, 31)}),
]


def regler() -> dict[str, models.BaseConstraint]:
    return {en.name: en for modell in (Faktureringsunderlag, Delbetalning) for en in modell._meta.constraints}


def test_every_rule_has_a_case_here() -> None:
    assert {namn for namn, *_ in BROTT} == set(regler())


@pytest.mark.parametrize(("namn", "slag", "fel"), BROTT)
def test_form_and_database_refuse_a_bad_row(namn: str, slag: str, fel: dict[str, Any], grund: Grund) -> None:
    rad = getattr(grund, slag)(**fel)
    with pytest.raises(ValidationError) as sagt:
        rad.validate_constraints()
    assert str(regler()[namn].violation_error_message) in sagt.value.messages
    with pytest.raises(IntegrityError), transaction.atomic():
        type(rad).objects.bulk_create([rad])


def test_a_basis_is_credited_once_and_then_issued_anew(grund: Grund) -> None:
    grund.kredit().save()
    grund.underlag(nummer=4, omgang=2, belopp=5_500).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        grund.kredit(nummer=5).save()


# --- Nothing in them is changed --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sats",
    [
        "UPDATE budget_faktureringsunderlag SET belopp = 1",
        "UPDATE budget_delbetalning SET belopp = 1",
        "DELETE FROM budget_delbetalning",
        "DELETE FROM budget_faktureringsunderlag WHERE nummer = 2",
        pytest.param(
            "REPLACE INTO budget_delbetalning SELECT * FROM budget_delbetalning", marks=pytest.mark.databas("sqlite")
        ),
        pytest.param(
            "TRUNCATE budget_faktureringsunderlag, budget_delbetalning", marks=pytest.mark.databas("postgresql")
        ),
    ],
)
def test_the_database_refuses_whoever_changes_what_is_issued(sats: str, grund: Grund) -> None:
    connection.check_constraints()
    with (
        pytest.raises(IntegrityError, match="faktureringsunderlag ändras inte"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(sats)


def test_so_does_the_orm(grund: Grund) -> None:
    for rad in (grund.ett, grund.del_):
        with pytest.raises(UnderlagetAndrasInte, match="med en kredit"):
            rad.save()
        with pytest.raises(UnderlagetAndrasInte):
            rad.delete()
        with pytest.raises(UnderlagetAndrasInte):
            type(rad).objects.update(belopp=1)
        with pytest.raises(UnderlagetAndrasInte):
            type(rad).objects.all().delete()


def test_triggers_that_are_gone_are_found(grund: Grund) -> None:
    connection.check_constraints()
    assert historiktriggers.saknade(connection) == []
    with connection.cursor() as c:
        c.execute(f"DROP TRIGGER faktura_del_andras_inte{'' if connection.vendor == 'sqlite' else f' ON {DEL}'}")
    assert historiktriggers.saknade(connection) == ["faktura_del_andras_inte"]


# --- What has been charged -------------------------------------------------------------------------------------------


def test_what_is_charged_is_what_is_issued_minus_what_is_credited(grund: Grund) -> None:
    assert debiterat(grund.plan, 2023) == {"12": 3_000, "1280": 5_000}
    grund.kredit().save()
    assert debiterat(grund.plan, 2023) == {"12": 3_000, "1280": 0}
    grund.underlag(nummer=4, omgang=2, belopp=5_500).save()
    grund.kredit(nummer=5, kod="12", belopp=-3_000, krediterar=grund.egen).save()
    svar = debitering(grund.plan, 2023)
    assert (svar.fakturerat, svar.egen, svar.summa) == ({"1280": 5_500}, {"12": 0}, 5_500)
    assert debiterat(grund.plan, 2022) == {}
