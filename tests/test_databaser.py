"""What the application relies on from its two databases, tried on the real ones."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, close_old_connections, connection, models, transaction

from budget.models import Budgetpost, Budgetrad, Fotnot, Fotnotsplats, PubliceradKostnad
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman, Roll
from insatsomraden.models import Aktivitet, Omradesutgava
from tests.cast import Parter
from tests.planfall import Planfall, planfall

type IAnnanTrad = Callable[[Callable[[], object]], object]


@pytest.fixture
def i_annan_trad() -> Iterator[IAnnanTrad]:
    """Call a function in a thread of its own, that is on a connection of its own, and hand back what it returns."""
    with ThreadPoolExecutor(max_workers=1) as trad:
        yield lambda funktion: trad.submit(funktion).result(timeout=60)
        trad.submit(lambda: connection.close()).result(timeout=60)  # noqa: PLW0108 - looked up in that thread


def _pragma(namn: str) -> object:
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {namn}").fetchone()[0]


def _plan(**andringar: int) -> Handlingsplan:
    return Handlingsplan(**{"fran_ar": 2024, "till_ar": 2024, "titel": "Plan"} | andringar)


@pytest.fixture
def planen(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def test_workern_kor_pa_den_databas_den_heter() -> None:
    assert connection.vendor == os.environ.get("PYTEST_XDIST_WORKER", "sqlite")


def test_en_anslutning_provas_innan_den_ateranvands() -> None:
    assert connection.settings_dict["CONN_HEALTH_CHECKS"] is True
    assert connection.settings_dict["CONN_MAX_AGE"] > 0


@pytest.mark.databas("postgresql")
@pytest.mark.django_db(transaction=True)
def test_en_bruten_anslutning_ersatts_vid_nasta_anrop(i_annan_trad: IAnnanTrad) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]

    def bryt() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])

    i_annan_trad(bryt)
    close_old_connections()  # what Django does when a request begins

    assert Handlingsplan.objects.count() == 0


@pytest.mark.databas("sqlite")
@pytest.mark.django_db
def test_sqlite_ar_installd_for_flera_samtidiga_anvandare() -> None:
    assert _pragma("journal_mode") == "wal"
    assert _pragma("foreign_keys") == 1
    assert _pragma("busy_timeout") == 20_000


@pytest.mark.databas("sqlite")
@pytest.mark.django_db(transaction=True)
def test_sqlite_tar_skrivlaset_nar_transaktionen_borjar(i_annan_trad: IAnnanTrad) -> None:
    """A writer waits at BEGIN, where it can; a lock that is taken halfway fails at once whatever the timeout."""

    def skriv() -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")
        with transaction.atomic():
            pass

    with transaction.atomic(), pytest.raises(OperationalError, match="locked"):
        i_annan_trad(skriv)
    i_annan_trad(skriv)


@pytest.mark.django_db(transaction=True)
def test_den_som_laser_vantar_inte_pa_den_som_skriver(i_annan_trad: IAnnanTrad) -> None:
    with transaction.atomic():
        _plan().save()
        assert i_annan_trad(Handlingsplan.objects.count) == 0
    assert i_annan_trad(Handlingsplan.objects.count) == 1


@pytest.mark.django_db(transaction=True)
def test_en_frammande_nyckel_maste_finnas() -> None:
    with pytest.raises(IntegrityError):
        Roll.objects.create(anvandare_id=987_654, slag=Roll.Slag.SAMORDNARE)


@pytest.mark.django_db
def test_databasen_haller_en_regel_aven_nar_ingen_har_validerat() -> None:
    bakvand = _plan(fran_ar=2025)
    with pytest.raises(ValidationError, match="Planens sista år kan inte vara före det första"):
        bakvand.full_clean()
    with pytest.raises(IntegrityError, match="handlingsplan_perioden_gar_framat"):
        bakvand.save()


@pytest.mark.django_db
def test_databasen_forstar_reguljara_uttryck_i_en_regel() -> None:
    with pytest.raises(IntegrityError, match="huvudman_kod_foljer_typ"):
        Huvudman.objects.create(kod="1", typ=Huvudman.Typ.REGION, namn="X", officiellt_namn="X", juridiskt_namn="X")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slag", "belopp", "regel"),
    [
        ("okant", 100, "budgetpost_belopp_foljer_slag"),
        ("belopp", None, "budgetpost_belopp_foljer_slag"),
        ("belopp", -1, "budgetpost_belopp_inom_granser"),
    ],
)
def test_databasen_skiljer_belopp_fran_okant(slag: str, belopp: int | None, regel: str) -> None:
    plan = _plan()
    plan.save()
    rad = Budgetrad.objects.create(plan=plan, ordning=1)
    with pytest.raises(IntegrityError, match=regel):
        Budgetpost.objects.create(plan=plan, rad=rad, budgetar=2024, slag=slag, belopp=belopp)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("modell", "falt", "regel", "besked"),
    [
        (Roll, {"slag": "chef"}, "roll_kant_slag", "Det finns ingen sådan roll."),
        (Omradesutgava, {"lage": "borta"}, "omradesutgava_kant_lage", "Ett område ingår, bevakas eller har utgått."),
        (Aktivitet, {"status": "kanske"}, "aktivitet_kand_status", "En aktivitet har inget sådant läge."),
        (
            Budgetpost,
            {"finansiering": "lotteri"},
            "budgetpost_kand_finansiering",
            "Det finns ingen sådan finansiering.",
        ),
        (
            PubliceradKostnad,
            {"ore_per_invanare": -1},
            "publicerad_kostnad_inte_negativ",
            "En kostnad per invånare kan inte vara mindre än noll.",
        ),
    ],
)
def test_databasen_tar_bara_emot_kanda_varden(
    planen: Planfall, samordnare: Anvandare, modell: type[models.Model], falt: dict[str, Any], regel: str, besked: str
) -> None:
    PubliceradKostnad.objects.create(plan=planen.plan, avser_ar=2024, ore_per_invanare=62, kalla="Planen")
    rad = modell._default_manager.first()
    assert rad is not None
    for namn, varde in falt.items():
        setattr(rad, namn, varde)
    with pytest.raises(ValidationError, match=besked):
        rad.validate_constraints()
    with pytest.raises(IntegrityError, match=regel):
        modell._default_manager.filter(pk=rad.pk).update(**falt)


@pytest.mark.django_db
@pytest.mark.parametrize("slag", ["tabell", "kolumn", "omrade", "rad"])
def test_en_fotnot_star_en_gang_pa_varje_plats(planen: Planfall, slag: str) -> None:
    fotnot = Fotnot.objects.create(plan=planen.plan, ordning=1, text="Not")
    falt: dict[str, Any] = {"fotnot": fotnot, "slag": slag if slag in ("tabell", "kolumn") else "cell"}
    if slag != "tabell":
        falt |= {"budgetar": 2024, "finansiering": "sgd"}
    if slag == "omrade":
        falt["utgava"] = planen.npo
    if slag == "rad":
        falt["rad"] = Budgetrad.objects.create(plan=planen.plan, ordning=1)
    Fotnotsplats.objects.create(**falt)
    with pytest.raises(ValidationError, match=r"Fotnoten står redan där\."):
        Fotnotsplats(**falt).validate_constraints()
    with pytest.raises(IntegrityError):
        Fotnotsplats.objects.create(**falt)


@pytest.mark.django_db
def test_det_finns_en_region(parter: Parter) -> None:
    halland = Huvudman(kod="13", typ="region", namn="X", officiellt_namn="X", juridiskt_namn="X")
    with pytest.raises(ValidationError, match=r"Det finns redan en region\."):
        halland.validate_constraints()
    with pytest.raises(IntegrityError):
        halland.save()
