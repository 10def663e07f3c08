"""`manage.py demo`: loads, keeps what was edited, starts over when told, and touches nothing it did not make."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, RequestFactory

from budget.models import Budgetpost, Folkmangd
from handlingsplan.konton import engangslank
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman, Installation, Roll
from insatsomraden.models import Insatsomrade, Mal
from rapport import demodata
from rapport.demouppsattningar import SKANE
from rapport.management.commands import demo as kommandot
from rapport.models import FrystPlan
from tests.planfall import ogonblicksbild
from tests.sidor import leder_till

pytestmark = pytest.mark.django_db

type Kor = Callable[..., str]


@pytest.fixture(autouse=True)
def _lokalt(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One person's machine, without the PDF engine."""
    settings.PRODUKTION = False
    monkeypatch.setattr(demodata, "motor_finns", lambda: False)


def kor(*val: str) -> str:
    ut = io.StringIO()
    call_command("demo", "--utan-server", *val, stdout=ut)
    return ut.getvalue()


def frammande_data(vad: str) -> None:
    if vad == "konto":
        Anvandare.objects.create_user("nagon@region.se", "hemligt-losen-99", namn="Någon")
    elif vad == "plan":
        Handlingsplan.objects.create(fran_ar=2030, till_ar=2030, titel="Vår plan")
    else:
        Huvudman.objects.create(kod="14", typ="region", namn="VGR", officiellt_namn="VGR", juridiskt_namn="VGR")


# --- Loading ------------------------------------------------------------------------------------------------------


def test_it_loads_both_plans_and_tells_of_each_step_and_of_the_log_ins() -> None:
    text = kor()
    for rad in (
        "Laddar demon för Skåne",
        "Huvudmän",
        "Folkmängd 2019–2025",
        "Handlingsplan 2022–2023: fastställs",
        "Handlingsplan 2024",
    ):
        assert rad in text
    assert f"alla med lösenordet {demodata.DEMOLOSENORD}" in text
    assert (Huvudman.objects.count(), Folkmangd.objects.count()) == (34, 231)
    plan_2023, plan_2024 = Handlingsplan.objects.order_by("till_ar")
    assert (plan_2023.ar_delad, plan_2023.ar_faststalld) == (True, True)
    assert (plan_2024.ar_delad, plan_2024.ar_faststalld) == (True, False)
    assert FrystPlan.objects.get().plan == plan_2023
    assert Installation.objects.get().slag == "demo"


def test_every_demo_log_in_works_and_is_named_by_role() -> None:
    text = kor()
    for email, namn, slag, kod in SKANE.konton:
        assert email in text
        svar = Client().post("/logga-in/", {"login": email, "password": demodata.DEMOLOSENORD})
        assert leder_till(svar) != "/logga-in/"
        roll = Roll.objects.get(anvandare__email=email)
        assert (roll.slag, roll.huvudman and roll.huvudman.kod, roll.anvandare.namn) == (slag, kod, namn)


def test_it_loads_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def gar_sonder(*_: object, **__: object) -> None:
        raise RuntimeError("halvvägs")

    monkeypatch.setattr(demodata, "faststall", gar_sonder)
    fore = ogonblicksbild()
    with pytest.raises(RuntimeError, match="halvvägs"):
        kor()
    assert ogonblicksbild() == fore


def test_the_files_pass_every_rule_of_the_database() -> None:
    kor()
    for modell in (Handlingsplan, Budgetpost, Mal, Insatsomrade, Huvudman, Folkmangd):
        for rad in modell._default_manager.all():
            rad.full_clean(validate_unique=False, validate_constraints=False)


# --- The second time ----------------------------------------------------------------------------------------------


def test_what_was_edited_is_kept() -> None:
    kor()
    Mal.objects.filter(ordning=1).update(text="Redigerat")
    Handlingsplan.objects.filter(till_ar=2024).update(titel="Redigerad")
    fore = ogonblicksbild()
    text = kor()
    assert "Det som är ändrat i den behålls" in text
    assert demodata.DEMOLOSENORD in text
    assert ogonblicksbild() == fore


def test_om_starts_over() -> None:
    kor()
    antal = {namn: len(rader) for namn, rader in ogonblicksbild().items()}
    Handlingsplan.objects.filter(till_ar=2024).update(titel="Redigerad")
    Insatsomrade.objects.create(kod="eget", namn="Eget område")
    Client().post("/logga-in/", {"login": "samordnare@exempel.se", "password": demodata.DEMOLOSENORD})
    engangslank(RequestFactory().get("/"), Anvandare.objects.get(email="beredning@exempel.se"))
    assert EmailAddress.objects.exists()  # allauth's copy of the address points at the user
    kor("--om")
    connection.check_constraints()  # nothing points at what was thrown away
    assert {namn: len(rader) for namn, rader in ogonblicksbild().items()} == antal
    assert Handlingsplan.objects.get(till_ar=2024).titel == "Handlingsplan 2024"


def test_om_in_an_empty_database_just_loads() -> None:
    kor("--om")
    assert Handlingsplan.objects.count() == 2


# --- Another region -----------------------------------------------------------------------------------------------


@pytest.mark.databas("sqlite")  # several demos are loaded, which takes long
def test_another_region_is_loaded_kept_and_exchanged_only_when_told_to_start_over() -> None:
    text = kor("--uppsattning", "vastra-gotaland")
    assert "Laddar demon för Västra Götaland" in text
    assert "Läsare för Göteborgs stad" in text
    assert (Huvudman.objects.count(), Handlingsplan.objects.get().till_ar) == (50, 2027)
    fore = ogonblicksbild()
    assert "Läsare för Göteborgs stad" in kor()  # without a word of which, it is the one that is there
    with pytest.raises(CommandError, match="Här finns redan demon för Västra Götaland"):
        kor("--uppsattning", "skane")
    assert ogonblicksbild() == fore
    kor("--om")
    assert Huvudman.objects.filter(kod="14").exists()
    assert "Läsare för Malmö stad" in kor("--om", "--uppsattning", "skane")
    assert Huvudman.objects.count() == 34


def test_an_empty_installation_is_of_no_region() -> None:
    with pytest.raises(CommandError, match="ingen uppsättning"):
        kor("--tom", "--uppsattning", "vastra-gotaland")
    assert not Anvandare.objects.exists()


# --- An empty installation ----------------------------------------------------------------------------------------


def test_tom_makes_one_administrator_and_shows_the_password_once() -> None:
    text = kor("--tom")
    traff = re.search(r"Logga in som (\S+) med lösenordet (\S+)\n", text)
    assert traff is not None
    (vem,) = Anvandare.objects.all()
    assert (vem.email, check_password(traff[2], vem.password)) == (traff[1], True)
    assert [roll.slag for roll in vem.alla_roller.all()] == ["administrator"]
    assert (Handlingsplan.objects.count(), Huvudman.objects.count(), Installation.objects.get().slag) == (0, 0, "tom")
    assert demodata.DEMOLOSENORD not in text


def test_each_empty_installation_has_a_password_of_its_own() -> None:
    losenord = set()
    for _ in range(2):
        losenord.add(re.findall(r"lösenordet (\S+)", kor("--tom"))[0])
        Anvandare.objects.all().delete()
        Installation.objects.all().delete()
    assert len(losenord) == 2
    assert all(len(ett) >= 12 for ett in losenord)


def test_an_empty_installation_is_kept_and_its_password_not_shown_again() -> None:
    losenord = re.findall(r"lösenordet (\S+)", kor("--tom"))[0]
    fore = ogonblicksbild()
    text = kor("--tom")
    assert "behålls som den är" in text
    assert losenord not in text
    assert ogonblicksbild() == fore


@pytest.mark.parametrize("val", [[], ["--om"], ["--om", "--tom"]])
def test_an_empty_installation_never_becomes_a_demo(val: list[str]) -> None:
    kor("--tom")
    fore = ogonblicksbild()
    with pytest.raises(CommandError, match="egen installation, inte en demo"):
        kor(*val)
    assert ogonblicksbild() == fore


def test_a_demo_becomes_an_empty_installation_only_when_told_to_start_over() -> None:
    kor()
    with pytest.raises(CommandError, match="Lägg till --om för att kasta den"):
        kor("--tom")
    assert Handlingsplan.objects.count() == 2
    kor("--tom", "--om")
    assert (Handlingsplan.objects.count(), Anvandare.objects.count()) == (0, 1)
    assert Installation.objects.get().slag == "tom"


# --- What it refuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vad", ["konto", "plan", "huvudman"])
@pytest.mark.parametrize("val", [[], ["--om"], ["--tom"], ["--om", "--tom"]])
def test_a_database_with_data_it_did_not_make_is_refused(vad: str, val: list[str]) -> None:
    frammande_data(vad)
    fore = ogonblicksbild()
    with pytest.raises(CommandError, match="uppgifter som demon inte har gjort"):
        kor(*val)
    assert ogonblicksbild() == fore


@pytest.mark.parametrize("val", [[], ["--om"], ["--tom"], ["--om", "--tom"]])
def test_production_is_refused_before_anything_is_touched(
    settings: Any, monkeypatch: pytest.MonkeyPatch, val: list[str]
) -> None:
    settings.PRODUKTION = True
    monkeypatch.setattr(kommandot, "call_command", lambda *_, **__: pytest.fail("databasen rördes"))
    with pytest.raises(CommandError, match="driftsmiljö"):
        kor(*val)
    assert not Anvandare.objects.exists()


def test_production_is_what_the_suite_itself_runs_as() -> None:
    """Guards the two tests above: the settings they override are read from here."""
    assert settings.DEBUG is False


# --- The server ---------------------------------------------------------------------------------------------------


def test_the_server_is_started_last_and_its_address_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    startade = []

    def anropa(namn: str, *argument: Any, **val: Any) -> None:
        if namn == "runserver":
            startade.append((argument, val))
        else:
            call_command(namn, *argument, **val)

    monkeypatch.setattr(kommandot, "call_command", anropa)
    ut = io.StringIO()
    call_command("demo", "--port", "8123", stdout=ut)
    assert startade == [(("127.0.0.1:8123",), {"use_reloader": False})]
    assert "http://127.0.0.1:8123/" in ut.getvalue()
    assert Handlingsplan.objects.count() == 2


# --- The flawed copy ----------------------------------------------------------------------------------------------


def granskat(till_ar: int) -> list[dict[str, Any]]:
    ut = io.StringIO()
    call_command("granska", str(till_ar), "--format", "json", stdout=ut)
    svar: list[dict[str, Any]] = json.loads(ut.getvalue())
    return svar


@pytest.mark.databas("sqlite")  # several demos are loaded, which takes long
def test_the_flawed_copy_has_all_thirteen_mistakes_and_the_ordinary_plans_nothing_unanswered() -> None:
    text = kor("--felaktig")
    assert "Handlingsplan 2024" in text
    assert {en["misstag"] for en in granskat(2024)} - {None} == set(range(1, 14))
    assert {en["status"] for en in granskat(2024)} == {"oppen"}
    assert "behålls" in kor("--felaktig")
    kor("--om")
    for till_ar in (2024, 2023):
        assert {en["status"] for en in granskat(till_ar)} == {"besvarad"}
        assert all(en["skal"] for en in granskat(till_ar))
        assert any("82,09" in en["text"] for en in granskat(till_ar))
    with pytest.raises(CommandError, match="Lägg till --om"):
        kor("--felaktig")
    for annat in (("--tom",), ("--uppsattning", "vastra-gotaland")):
        with pytest.raises(CommandError, match="för sig"):
            kor("--felaktig", "--om", *annat)
