"""Twenty at once in the same cell, with real threads and connections: one wins each time, and nobody is unheard."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.urls import reverse

from budget.models import Budgetpost, Cellkommentar
from handlingsplan.models import Anvandare, Handlingsplan
from tests.budgetfall import Budgetfall, Formdata, budgetfall, formular
from tests.cast import Klientmakare
from tests.historikfall import falt, hel, rader
from tests.test_samtidighet import samtidigt

pytestmark = pytest.mark.django_db(transaction=True)

ANTAL = 20
ADRESS = "/plan/2024/budget/redigera/"


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Budgetfall:
    return budgetfall(delad_plan)


@pytest.mark.parametrize("tom", [False, True], ids=["filled", "empty"])
def test_of_twenty_who_write_in_one_cell_one_wins_and_the_others_are_told(
    fall: Budgetfall, klient_for: Klientmakare, samordnare: Anvandare, tom: bool
) -> None:
    if tom:
        Budgetpost.objects.filter(utgava=fall.mina_planer).delete()
    cell, fore = fall.namn(fall.mina_planer), None if tom else "500000.00"
    klienter = [klient_for(samordnare) for _ in range(ANTAL)]
    for varv in range(3):
        sida = formular(klienter[0].get(ADRESS), cell)
        belopp = [1_000 * (varv + 1) + nr for nr in range(ANTAL)]
        data: list[Formdata] = [{cell: str(ett), f"bas-{cell}": sida[f"bas-{cell}"]} for ett in belopp]

        def spara(nr: int, data: list[Formdata] = data) -> Any:
            return klienter[nr].post(ADRESS, data[nr], headers={"X-Autospara": "ja"}).json()["rutor"][cell]

        svar: list[Any] = samtidigt([lambda nr=nr: spara(nr) for nr in range(ANTAL)])
        assert Counter(en["utfall"] for en in svar) == {"sparad": 1, "krock": ANTAL - 1}
        vinnare = belopp[[en["utfall"] for en in svar].index("sparad")]
        post = fall.post(fall.mina_planer)
        assert post is not None and post.ore == vinnare * 100
        # Each of the others has both: one's own amount and the one that was saved.
        for en, mitt in zip(svar, belopp, strict=True):
            assert en["bas"].endswith(f"belopp {vinnare}.00")
            assert mitt == vinnare or en["meddelande"].startswith(f"Din: {mitt}. Sparad av Samordnaren ")
        assert falt(rader(fall.plan)[-1], "belopp") == (fore, f"{vinnare}.00")
        fore = f"{vinnare}.00"
    assert len(rader(fall.plan)) == 3
    hel(fall.plan)


def test_of_twenty_who_press_the_button_one_wins(
    fall: Budgetfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    cell = fall.namn(fall.mina_planer)
    klienter = [klient_for(samordnare) for _ in range(ANTAL)]
    sida = formular(klienter[0].get(ADRESS), cell)
    svar = samtidigt(
        [
            lambda k=klient, nr=nr: k.post(ADRESS, sida | {cell: str(1_000 + nr)}).status_code
            for nr, klient in enumerate(klienter)
        ]
    )
    assert Counter(svar) == {302: 1, 409: ANTAL - 1}
    post = fall.post(fall.mina_planer)
    assert post is not None and post.ore == (1_000 + svar.index(302)) * 100


def test_twenty_in_a_cell_each_all_get_their_way(
    fall: Budgetfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    former = ("sgd", "statsbidrag", "projektmedel", "egen_tid", "annan")
    alla = [
        fall.namn(rad, f"{ett}-{form}")
        for rad in (fall.mina_planer, fall.beslutsstod)
        for ett in (2024, 2023)
        for form in former
    ]
    assert len(alla) == ANTAL
    klienter = [klient_for(samordnare) for _ in alla]
    sida = formular(
        klienter[0].get(f"{ADRESS}?" + "&".join(f"kolumn={ett}-{form}" for ett in (2024, 2023) for form in former)),
        alla[0],
    )

    def spara(nr: int) -> str:
        cell = alla[nr]
        data = {cell: str(7_000 + nr), f"bas-{cell}": sida[f"bas-{cell}"]}
        svar = klienter[nr].post(ADRESS, data, headers={"X-Autospara": "ja"}).json()
        return str(svar["rutor"][cell]["utfall"])

    assert samtidigt([lambda nr=nr: spara(nr) for nr in range(ANTAL)]) == ["sparad"] * ANTAL
    sparade = sorted(en.ore or 0 for en in Budgetpost.objects.filter(utgava__in=[fall.mina_planer, fall.beslutsstod]))
    assert sparade == [(7_000 + nr) * 100 for nr in range(ANTAL)]
    hel(fall.plan)


def test_of_twenty_who_write_the_first_comment_one_wins_and_nobodys_text_is_gone(
    fall: Budgetfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    vart = reverse("cellkommentar_redigera", args=[2024, fall.namn(fall.mina_planer)])
    klienter = [klient_for(samordnare) for _ in range(ANTAL)]
    data = formular(klienter[0].get(vart), "avtryck")
    svar: list[Any] = samtidigt(
        [lambda k=klient, nr=nr: k.post(vart, data | {"text": f"Text{nr}"}) for nr, klient in enumerate(klienter)]
    )
    assert Counter(en.status_code for en in svar) == {302: 1, 409: ANTAL - 1}
    sparad = Cellkommentar.objects.get().text
    for nr, en in enumerate(svar):
        if en.status_code == 409:
            assert formular(en, "avtryck")["text"] == f"Text{nr}"
            assert sparad in en.content.decode()
