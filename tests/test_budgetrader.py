"""Rows of the whole plan: add, name, move, remove with undo."""

import pytest
from django.test import Client
from django.urls import reverse

from budget.models import Budgetpost, Budgetrad
from handlingsplan.models import Anvandare, Handlingsplan
from tests.budgetfall import Budgetfall, budgetfall, formular, knapp
from tests.cast import Klientmakare

GRID = "/plan/2024/budget/redigera/"


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Budgetfall:
    return budgetfall(delad_plan)


def adress(vad: str, rad: Budgetrad) -> str:
    return reverse(f"budgetrad_{vad}", args=[2024, rad.pk])


def ny_rad(fall: Budgetfall, namn: str) -> Budgetrad:
    return Budgetrad.objects.create(plan=fall.plan, benamning=namn, ordning=fall.plan.alla_rader.count() + 1)


def ordning(fall: Budgetfall) -> list[str]:
    return list(fall.plan.alla_rader.filter(borttagen_at=None).values_list("benamning", flat=True))


@pytest.mark.parametrize("namn", ["Kommunikation", ""])
def test_a_new_row_comes_last_and_may_be_nameless(
    klient: Client, fall: Budgetfall, samordnare: Anvandare, namn: str
) -> None:
    sida = klient.get(reverse("budgetrad_ny", args=[2024]))
    svar = klient.post(reverse("budgetrad_ny", args=[2024]), formular(sida, "benamning") | {"benamning": namn})
    assert (svar.status_code, svar["Location"]) == (302, f"{GRID}#rader")
    rad = fall.plan.alla_rader.latest("ordning")
    assert (rad.benamning, rad.ordning, rad.version, rad.andrad_av) == (namn, 2, 1, samordnare)


def test_a_name_that_is_too_long_is_refused_beside_the_field(klient: Client, fall: Budgetfall) -> None:
    data = formular(klient.get(adress("redigera", fall.rad)), "benamning") | {"benamning": "x" * 201}
    svar = klient.post(adress("redigera", fall.rad), data)
    assert (svar.status_code, ordning(fall)) == (422, [""])
    assert "rader-benamning_error" in svar.content.decode()


def test_two_who_name_the_same_row_see_both_names(
    klient: Client, fall: Budgetfall, klient_for: Klientmakare, andra_samordnare: Anvandare
) -> None:
    redigera = adress("redigera", fall.rad)
    data = formular(klient.get(redigera), "benamning")
    klient_for(andra_samordnare).post(redigera, data | {"benamning": "Utbildning"})
    svar = klient.post(redigera, data | {"benamning": "Kommunikation"})
    assert (svar.status_code, ordning(fall)) == (409, ["Utbildning"])
    assert "Utbildning" in svar.content.decode()
    assert klient.post(redigera, formular(svar, "benamning")).status_code == 302
    assert ordning(fall) == ["Kommunikation"]


def test_a_removed_row_leaves_the_table_and_comes_back_with_its_amounts(klient: Client, fall: Budgetfall) -> None:
    cell = f'name="r{fall.rad.pk}-2024-annan"'
    bort = adress("ta_bort", fall.rad)
    sida = klient.post(bort, knapp(klient.get(GRID), bort), follow=True)
    assert (ordning(fall), cell in sida.content.decode(), Budgetpost.objects.filter(rad=fall.rad).count()) == (
        [],
        False,
        1,
    )
    tillbaka = adress("aterstall", fall.rad)
    sida = klient.post(tillbaka, knapp(sida, tillbaka), follow=True)
    assert (ordning(fall), cell in sida.content.decode()) == ([""], True)


def test_a_button_from_an_old_page_removes_nothing(klient: Client, fall: Budgetfall) -> None:
    bort = adress("ta_bort", fall.rad)
    gammal = knapp(klient.get(GRID), bort)
    Budgetrad.objects.update(benamning="Ny", version=2)
    svar = klient.post(bort, gammal, follow=True)
    assert (ordning(fall), "Inget togs bort" in svar.content.decode()) == (["Ny"], True)


def test_rows_are_moved_past_each_other_and_not_past_removed_ones(klient: Client, fall: Budgetfall) -> None:
    Budgetrad.objects.filter(pk=fall.rad.pk).update(benamning="A")
    borta, sist = ny_rad(fall, "B"), ny_rad(fall, "C")
    klient.post(adress("ta_bort", borta), {"version": "1"})
    flytta = adress("flytta", sist)
    klient.post(flytta, knapp(klient.get(GRID), flytta) | {"riktning": "upp"})
    assert ordning(fall) == ["C", "A"]
    klient.post(flytta, knapp(klient.get(GRID), flytta) | {"riktning": "upp"})
    assert ordning(fall) == ["C", "A"]
    klient.post(flytta, knapp(klient.get(GRID), flytta) | {"riktning": "ned"})
    assert ordning(fall) == ["A", "C"]


def test_a_move_in_no_direction_says_so(klient: Client, fall: Budgetfall) -> None:
    svar = klient.post(adress("flytta", fall.rad), {"version": "1", "riktning": "in"}, follow=True)
    assert "upp eller ned" in svar.content.decode()


def test_a_row_of_another_plan_is_not_found(klient: Client, fall: Budgetfall, utkast: Handlingsplan) -> None:
    frammande = Budgetrad.objects.create(plan=utkast, ordning=1)
    for vad in ("redigera", "flytta", "ta_bort", "aterstall"):
        assert klient.post(adress(vad, frammande), {"version": "1", "riktning": "upp"}).status_code == 404
