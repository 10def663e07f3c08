"""A move is taken back by the message that tells of it: up, down, in, out, for everything that has an order."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from budget.models import Budgetrad, Fotnot
from handlingsplan.models import Anvandare, Handlingsplan
from insatsomraden.models import Aktivitet, Mal, Omradesutgava
from tests.budgetfall import knapp
from tests.cast import Klientmakare
from tests.planfall import Planfall, planfall
from tests.sidor import synlig_text

_ANGRA = re.compile(r'action="(/plan/2024/[^"]*\?[^"]*efter=[^"]*)"')


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    fall = planfall(delad_plan)
    for nr in (1, 2):
        Budgetrad.objects.create(plan=delad_plan, ordning=nr, benamning=f"Rad {nr}")
        Fotnot.objects.create(plan=delad_plan, ordning=nr, text=f"Not {nr}")
    return fall


def ordningen() -> list[Any]:
    """Everything that has an order, in it."""
    rader: list[Any] = []
    for modell in (Mal, Omradesutgava, Budgetrad, Fotnot):
        rader += modell._default_manager.order_by("ordning", "pk").values_list("pk", flat=True)
    return rader + list(Aktivitet.objects.order_by("utgava", "foralder", "ordning").values_list("pk", "foralder"))


FLYTTAR: dict[str, tuple[Callable[[Planfall], Any], str, str]] = {
    # what: the row, the button's direction, the page it is on
    "mal": (lambda f: f.alla_mal[0], "ned", "mal_lista"),
    "omrade": (lambda f: f.sdk, "upp", "plan"),
    "aktivitet": (lambda f: f.forsta, "ned", "aktivitet_lista"),
    "aktivitet in": (lambda f: f.andra, "in", "aktivitet_lista"),
    "aktivitet ut": (lambda f: f.under, "ut", "aktivitet_lista"),
    "budgetrad": (lambda f: Budgetrad.objects.all()[0], "ned", "budget_redigera"),
    "fotnot": (lambda f: Fotnot.objects.all()[1], "upp", "budget_redigera"),
}


def sidan(namn: str, fall: Planfall) -> str:
    args = {"mal_lista": [2024, fall.npo.pk], "aktivitet_lista": [2024, fall.npo.pk, 2024]}
    return reverse(namn, args=args.get(namn, [2024]))


def flytta(klient: Client, fall: Planfall, vad: str) -> tuple[Any, str]:
    """Press the button; the answer, and where its Ångra leads."""
    rad, riktning, sida = FLYTTAR[vad]
    vart = reverse(f"{vad.split(maxsplit=1)[0]}_flytta", args=[2024, rad(fall).pk])
    data = knapp(klient.get(sidan(sida, fall)), vart) | {"riktning": riktning}
    svar = klient.post(vart, data, follow=True)
    traff = _ANGRA.search(svar.content.decode())
    assert traff is not None
    return svar, traff[1].replace("&amp;", "&")


@pytest.mark.parametrize("vad", FLYTTAR)
def test_a_move_is_taken_back_and_made_again(vad: str, klient: Client, fall: Planfall) -> None:
    fore = ordningen()
    svar, vart = flytta(klient, fall, vad)
    efter = ordningen()
    assert efter != fore
    tillbaka = klient.post(vart, knapp(svar, vart), follow=True)
    assert "flytta" in synlig_text(tillbaka)
    assert ordningen() == fore
    igen = _ANGRA.search(tillbaka.content.decode())
    assert igen is not None
    vart = igen[1].replace("&amp;", "&")
    klient.post(vart, knapp(tillbaka, vart))
    assert ordningen() == efter


@pytest.mark.parametrize("vad", FLYTTAR)
def test_an_undo_that_somebody_else_has_made_already_changes_nothing(
    vad: str, klient: Client, fall: Planfall, klient_for: Klientmakare, andra_samordnare: Anvandare
) -> None:
    svar, vart = flytta(klient, fall, vad)
    data = knapp(svar, vart)
    klient_for(andra_samordnare).post(vart, data)
    fore = ordningen()
    assert klient.post(vart, data).status_code == 302
    assert ordningen() == fore


def test_an_undo_of_what_somebody_has_moved_elsewhere_moves_nothing(
    klient: Client, fall: Planfall, klient_for: Klientmakare, andra_samordnare: Anvandare
) -> None:
    sist = Mal.objects.create(utgava=fall.npo, ordning=3, text="Mål 3")
    svar, vart = flytta(klient, fall, "mal")
    data = knapp(svar, vart)
    klient_for(andra_samordnare).post(f"{vart.split('?')[0]}?efter={sist.pk}", data)
    fore = ordningen()
    assert "av någon annan" in synlig_text(klient.post(vart, data, follow=True))
    assert ordningen() == fore


@pytest.mark.parametrize("skrap", ["x", "-1", "9" * 20, "999999"])
def test_an_undo_that_names_no_row_moves_nothing(skrap: str, klient: Client, fall: Planfall) -> None:
    fore = ordningen()
    for vad, pk in (("mal", fall.alla_mal[0].pk), ("aktivitet", fall.forsta.pk)):
        vart = reverse(f"{vad}_flytta", args=[2024, pk])
        svar = klient.post(f"{vart}?efter={skrap}", {"version": "1"}, follow=True)
        assert "finns inte kvar" in synlig_text(svar)
    assert ordningen() == fore
