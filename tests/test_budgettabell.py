"""The budget table of the record: four kinds of amount, sums, areas that have left, the earlier plan, footnotes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from budget.models import Budgetpost, Budgetrad, Fotnot, Fotnotsplats
from handlingsplan.models import Handlingsplan
from insatsomraden.models import Omradesutgava
from rapport.bygg import bygg
from rapport.plandokument import Cell, Plandokument
from tests.budgetfall import budgetfall, omrade, skriv_post
from tests.planfall import Planfall, not_vid, planfall

pytestmark = pytest.mark.django_db


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def celler(dokument: Plandokument, namn: str) -> dict[tuple[int, str], Cell]:
    """One row's cells by column."""
    rad = next(en for en in dokument.budget.rader if en.namn == namn)
    return {(k.budgetar, k.finansiering): cell for k, cell in zip(dokument.budget.kolumner, rad.celler, strict=True)}


def ore(dokument: Plandokument, budgetar: int, finansiering: str = "sgd") -> int:
    summa = dokument.budget.summa(budgetar, finansiering)
    assert summa is not None
    return summa.ore


# --- The budget ---------------------------------------------------------------------------------------------------


def test_four_kinds_of_amount_and_the_missing_one_are_never_confused(delad_plan: Handlingsplan) -> None:
    fall = budgetfall(delad_plan)
    skriv_post(fall.beslutsstod, 2023, "sgd", "okant")
    dokument = bygg(fall.plan)
    assert [(k.budgetar, k.finansiering) for k in dokument.budget.kolumner] == [
        (2024, "sgd"),
        (2024, "annan"),
        (2023, "sgd"),
    ]
    slag = {rad.namn: [(cell.slag, cell.ore) for cell in rad.celler] for rad in dokument.budget.rader}
    assert slag == {
        "Mina planer": [("belopp", 500_000_00), ("okant", None), ("belopp", 1_100_000_00)],
        "Beslutsstöd": [("belopp", 0), ("ej_ifyllt", None), ("okant", None)],
        "Säkra videomöten (har utgått)": [("ej_aktuellt", None), ("ej_aktuellt", None), ("ej_aktuellt", None)],
        "": [("ej_ifyllt", None), ("ej_aktuellt", None), ("ej_ifyllt", None)],
    }


def test_a_cell_knows_its_row_and_version(fall: Planfall) -> None:
    post = Budgetpost.objects.get(utgava=fall.npo)
    Budgetpost.objects.filter(pk=post.pk).update(version=7)
    cell = celler(bygg(fall.plan), "Nationell patientöversikt")[2024, "sgd"]
    assert (cell.post_id, cell.version, cell.ar_ifylld) == (post.pk, 7, True)


def test_sums_count_amounts_and_tell_of_the_rest(delad_plan: Handlingsplan) -> None:
    dokument = bygg(budgetfall(delad_plan).plan)
    summa = dokument.budget.summa(2024, "sgd")
    assert summa is not None
    assert (summa.ore, summa.belopp, summa.okanda, summa.ej_aktuella, summa.ej_ifyllda) == (500_000_00, 2, 0, 1, 1)
    annan = dokument.budget.summa(2024, "annan")
    assert annan is not None
    assert (annan.ore, annan.okanda) == (0, 1)
    assert [(en.budgetar, en.summa.ore, en.antal_kolumner) for en in dokument.budget.arssummor] == [
        (2024, 500_000_00, 2),
        (2023, 1_100_000_00, 1),
    ]
    assert dokument.budget.summa(2022, "sgd") is None


def test_a_sum_of_many_ore_is_exact(fall: Planfall) -> None:
    for nr in range(30):
        utgava = omrade(fall.plan, f"o{nr}", f"Område {nr}")
        Budgetpost.objects.create(plan=fall.plan, utgava=utgava, budgetar=2024, slag="belopp", belopp=Decimal("0.10"))
    assert ore(bygg(fall.plan), 2024) == 175_000_00 + 30 * 10


def test_the_largest_amount_keeps_its_ore(fall: Planfall) -> None:
    Budgetpost.objects.filter(utgava=fall.npo).update(belopp=Decimal("999999999999.99"))
    assert celler(bygg(fall.plan), "Nationell patientöversikt")[2024, "sgd"].ore == 99_999_999_999_999


def test_a_watched_area_has_no_row_even_if_amounts_are_left(fall: Planfall) -> None:
    Omradesutgava.objects.filter(pk=fall.sdk.pk).update(lage="bevakas")
    dokument = bygg(fall.plan)
    assert [rad.namn for rad in dokument.budget.rader] == ["Nationell patientöversikt"]
    assert ore(dokument, 2024) == 100_000_00


def test_a_let_out_area_counts_only_in_the_years_before(fall: Planfall) -> None:
    skriv_post(fall.sdk, 2023, "sgd", 50_000)
    Omradesutgava.objects.filter(pk=fall.sdk.pk).update(lage="utgatt")
    dokument = bygg(fall.plan)
    rad = celler(dokument, "Säker digital kommunikation (har utgått)")
    assert [(cell.slag, cell.ore) for cell in rad.values()] == [("ej_aktuellt", None), ("belopp", 50_000_00)]
    assert (ore(dokument, 2024), ore(dokument, 2023)) == (100_000_00, 50_000_00)


def test_a_let_out_area_without_figures_of_other_years_has_no_row(fall: Planfall) -> None:
    Omradesutgava.objects.filter(pk=fall.sdk.pk).update(lage="utgatt")
    dokument = bygg(fall.plan)
    assert [rad.namn for rad in dokument.budget.rader] == ["Nationell patientöversikt"]
    assert [en.namn for en in dokument.lamnade] == ["Säker digital kommunikation"]


def test_a_column_that_only_a_let_out_area_used_is_gone(fall: Planfall) -> None:
    skriv_post(fall.sdk, 2024, "projektmedel", 1)
    assert len(bygg(fall.plan).budget.kolumner) == 2
    Omradesutgava.objects.filter(pk=fall.sdk.pk).update(lage="utgatt")
    assert len(bygg(fall.plan).budget.kolumner) == 1


def test_a_removed_row_takes_its_amounts_with_it(delad_plan: Handlingsplan) -> None:
    fall = budgetfall(delad_plan)
    skriv_post(fall.rad, 2024, "sgd", 900)
    assert ore(bygg(fall.plan), 2024) == 500_900_00
    Budgetrad.objects.update(borttagen_at=timezone.now())
    assert ore(bygg(fall.plan), 2024) == 500_000_00


def test_columns_stand_with_the_newest_year_first_and_sgd_first_in_it(fall: Planfall) -> None:
    for budgetar, form in ((2023, "annan"), (2023, "statsbidrag"), (2024, "egen_tid"), (2024, "statsbidrag")):
        skriv_post(fall.npo, budgetar, form, 1)
    kolumner = bygg(fall.plan).budget.kolumner
    assert [(k.budgetar, k.namn, k.egen) for k in kolumner] == [
        (2024, "SGD", True),
        (2024, "statsbidrag", True),
        (2024, "egen tid", True),
        (2023, "statsbidrag", False),
        (2023, "annan finansiering", False),
    ]


# --- What the earlier plan says -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nu", "da", "visas"),
    [
        (50_000, 50_000, (None, "")),
        (50_000, 60_000, (60_000_00, "belopp")),
        (0, 60_000, (60_000_00, "belopp")),
        (50_000, 0, (0, "belopp")),
        (50_000, "okant", (None, "okant")),
        ("okant", "okant", (None, "")),
        ("okant", "ej_aktuellt", (None, "ej_aktuellt")),
        ("ej_aktuellt", 60_000, (60_000_00, "belopp")),
        (0, "ej_aktuellt", (None, "ej_aktuellt")),
    ],
)
def test_a_difference_from_the_earlier_plan_is_told_and_never_merged(
    fall: Planfall, faststalld_plan: Handlingsplan, nu: int | str, da: int | str, visas: tuple[int | None, str]
) -> None:
    skriv_post(omrade(faststalld_plan, "npo", "NPÖ"), 2023, "sgd", da)
    skriv_post(fall.npo, 2023, "sgd", nu)
    cell = celler(bygg(fall.plan), "Nationell patientöversikt")[2023, "sgd"]
    assert (cell.tidigare_ore, cell.tidigare_slag) == visas
    assert (cell.slag, cell.ore) == (("belopp", nu * 100) if isinstance(nu, int) else (nu, None))


def test_only_the_earlier_plans_own_years_are_compared(fall: Planfall, faststalld_plan: Handlingsplan) -> None:
    """Its comparison figures and its wishes for later years are not what it decided."""
    tidigare = omrade(faststalld_plan, "npo", "NPÖ")
    skriv_post(tidigare, 2024, "sgd", 1)
    skriv_post(tidigare, 2023, "annan", 1)
    skriv_post(fall.npo, 2023, "sgd", 50_000)
    rad = celler(bygg(fall.plan), "Nationell patientöversikt")
    assert {cell.tidigare_slag for cell in rad.values()} == {""}


def test_an_area_is_compared_by_its_code_not_its_name(fall: Planfall, faststalld_plan: Handlingsplan) -> None:
    skriv_post(omrade(faststalld_plan, "annat", "Nationell patientöversikt"), 2023, "sgd", 60_000)
    skriv_post(fall.npo, 2023, "sgd", 50_000)
    assert celler(bygg(fall.plan), "Nationell patientöversikt")[2023, "sgd"].tidigare_slag == ""


# --- Footnotes ----------------------------------------------------------------------------------------------------


def test_footnotes_are_marked_where_they_stand(delad_plan: Handlingsplan) -> None:
    fall = budgetfall(delad_plan)
    kolumn = {"budgetar": 2024, "finansiering": "sgd"}
    not_vid(fall.plan, "Tabellen", slag="tabell")
    not_vid(fall.plan, "Kolumnen", slag="kolumn", **kolumn)
    cellnot = not_vid(fall.plan, "Cellen", slag="cell", utgava=fall.mina_planer, **kolumn)
    Fotnotsplats.objects.create(fotnot=cellnot, slag="cell", rad=fall.rad, budgetar=2024, finansiering="annan")
    not_vid(fall.plan, "Samma cell", slag="cell", utgava=fall.mina_planer, **kolumn)
    budget = bygg(fall.plan).budget
    assert [(en.markor, en.text) for en in budget.fotnoter] == [
        ("1", "Tabellen"),
        ("2", "Kolumnen"),
        ("3", "Cellen"),
        ("4", "Samma cell"),
    ]
    assert budget.tabellmarkorer == ("1",)
    assert [kolumn.markorer for kolumn in budget.kolumner] == [("2",), (), ()]
    assert [[cell.markorer for cell in rad.celler] for rad in budget.rader if rad.namn in ("Mina planer", "")] == [
        [("3", "4"), (), ()],
        [(), ("3",), ()],
    ]


def test_a_removed_footnote_leaves_its_number_to_the_next(fall: Planfall) -> None:
    borta = not_vid(fall.plan, "Borta", slag="tabell")
    not_vid(fall.plan, "Kvar", slag="tabell")
    Fotnot.objects.filter(pk=borta.pk).update(borttagen_at=timezone.now())
    budget = bygg(fall.plan).budget
    assert ([(en.markor, en.text) for en in budget.fotnoter], budget.tabellmarkorer) == ([("1", "Kvar")], ("1",))
