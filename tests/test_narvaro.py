"""Who else is in a part just now: who is told of whom, when one is forgotten, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from handlingsplan import narvaro
from handlingsplan.models import Anvandare, Handlingsplan, Narvaro, Roll
from tests.cast import Klientmakare, anvandare
from tests.planfall import Planfall, planfall
from tests.sidor import synlig_text

NARVARO = "/plan/2024/narvaro/"


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


@pytest.fixture
def delen(fall: Planfall) -> str:
    """The address of NPÖ's description."""
    return reverse("omrade_redigera", args=[2024, fall.npo.pk, "beskrivning"])


def hej(klient: Client, vag: str, **mer: str) -> Any:
    """Tell that one is in the part; who else is there."""
    svar = klient.post(NARVARO, {"vag": vag, **mer})
    assert svar.status_code == 200
    return svar.json()["andra"]


def aldras(vem: Anvandare, sekunder: float) -> None:
    """Let this long pass since somebody was last heard of."""
    Narvaro.objects.filter(anvandare=vem).update(senast=timezone.now() - timedelta(seconds=sekunder))


def test_each_is_told_of_the_others_in_the_same_part_and_not_of_oneself(
    klient: Client, annan: Client, delen: str, klient_for: Klientmakare
) -> None:
    assert hej(klient, delen) == []
    assert hej(annan, delen) == ["Samordnaren"]
    assert hej(klient, delen) == ["Andra samordnaren"]
    tredje = klient_for(anvandare("Ådel", "adel@exempel.se", Roll.Slag.SAMORDNARE))
    assert hej(tredje, delen) == ["Andra samordnaren", "Samordnaren"]
    assert hej(tredje, delen.replace("beskrivning", "syfte")) == []


def test_who_opens_the_part_sees_at_once_who_is_there(klient: Client, annan: Client, delen: str) -> None:
    hej(annan, delen)
    assert "Andra samordnaren är också här just nu." in synlig_text(klient.get(delen))
    assert "är också här" not in synlig_text(annan.get(delen))
    assert "är också här" not in synlig_text(klient.get(delen.replace("beskrivning", "syfte")))


def test_opening_a_part_says_nothing_of_oneself(klient: Client, annan: Client, delen: str) -> None:
    """A GET writes nothing; the page's script says that one is there."""
    klient.get(delen)
    assert not Narvaro.objects.exists()


def test_who_leaves_is_no_longer_there(klient: Client, annan: Client, delen: str) -> None:
    hej(annan, delen)
    assert hej(annan, delen, lamnar="ja") == []
    assert hej(klient, delen) == []
    assert hej(annan, delen, lamnar="ja") == []  # twice does no harm


@pytest.mark.parametrize(("sekunder", "kvar"), [(39, True), (41, False)])
def test_who_has_not_been_heard_of_for_forty_seconds_is_forgotten(
    klient: Client, annan: Client, andra_samordnare: Anvandare, delen: str, sekunder: int, kvar: bool
) -> None:
    hej(annan, delen)
    aldras(andra_samordnare, sekunder)
    assert hej(klient, delen) == (["Andra samordnaren"] if kvar else [])


def test_who_opens_the_part_is_not_told_of_one_who_is_forgotten(
    klient: Client, annan: Client, andra_samordnare: Anvandare, delen: str
) -> None:
    hej(annan, delen)
    aldras(andra_samordnare, 41)  # the row is there until somebody comes who writes
    assert "är också här" not in synlig_text(klient.get(delen))


def test_who_is_heard_of_again_is_there_again(
    klient: Client, annan: Client, andra_samordnare: Anvandare, delen: str
) -> None:
    hej(annan, delen)
    aldras(andra_samordnare, 300)
    assert hej(klient, delen) == []
    hej(annan, delen)
    assert hej(klient, delen) == ["Andra samordnaren"]


def test_a_page_that_is_heard_of_as_often_as_it_should_is_never_forgotten() -> None:
    assert narvaro.GLOMS > 2 * narvaro.SLAGET  # one lost message is not enough


def test_old_rows_are_thrown_away_by_whoever_comes_next_whatever_part_they_were_in(
    klient: Client, annan: Client, andra_samordnare: Anvandare, delen: str
) -> None:
    hej(annan, delen)
    hej(annan, f"{delen}?under=3")
    aldras(andra_samordnare, 41)
    hej(klient, delen)
    assert [en.anvandare.email for en in Narvaro.objects.all()] == ["samordnare@exempel.se"]


def test_one_who_is_heard_of_many_times_is_one_row(klient: Client, delen: str) -> None:
    for _ in range(3):
        hej(klient, delen)
    assert Narvaro.objects.count() == 1


@pytest.mark.parametrize(
    "vag",
    [
        "",
        "/",
        "/plan/2023/redigera/inledning/",
        "/plan/20244/redigera/inledning/",
        "https://exempel.se/plan/2024/redigera/inledning/",
        "//plan/2024/",
        "/plan/2024/redigera/\0/",
        "/plan/2024/" + "x" * 300,
    ],
)
def test_what_is_no_part_of_the_plan_is_refused(klient: Client, delad_plan: Handlingsplan, vag: str) -> None:
    svar = klient.post(NARVARO, {"vag": vag})
    assert (svar.status_code, svar.json()) == (400, {"fel": "Adressen är ingen del av planen."})
    assert not Narvaro.objects.exists()


def test_the_longest_address_that_does_is_stored_whole(klient: Client, delad_plan: Handlingsplan) -> None:
    vag = "/plan/2024/".ljust(narvaro.MAX_VAG, "x")
    hej(klient, vag)
    assert Narvaro.objects.get().vag == vag


def test_a_reader_is_neither_told_nor_told_of(
    annan: Client, delen: str, klient_for: Klientmakare, lasare_malmo: Anvandare
) -> None:
    hej(annan, delen)
    svar = klient_for(lasare_malmo).post(NARVARO, {"vag": delen})
    assert svar.status_code == 403
    assert "Andra samordnaren" not in svar.content.decode()
    assert Narvaro.objects.count() == 1


def test_nobody_is_in_an_adopted_plan(klient: Client, faststalld_plan: Handlingsplan) -> None:
    svar = klient.post("/plan/2023/narvaro/", {"vag": "/plan/2023/redigera/inledning/"})
    assert svar.status_code == 403
    assert not Narvaro.objects.exists()


def test_only_a_post_asks(klient: Client, delad_plan: Handlingsplan) -> None:
    assert klient.get(NARVARO).status_code == 405


def test_who_is_removed_from_the_accounts_leaves_no_trace(annan: Client, delen: str) -> None:
    hej(annan, delen)
    Anvandare.objects.filter(email="samordnare2@exempel.se").delete()
    assert not Narvaro.objects.exists()


def test_presence_is_no_part_of_the_history(klient: Client, fall: Planfall, delen: str) -> None:
    hej(klient, delen)
    hej(klient, delen, lamnar="ja")
    assert not fall.plan.historik.exists()


def test_what_it_costs_does_not_grow_with_those_who_are_there(klient: Client, delen: str) -> None:
    def satser() -> int:
        with CaptureQueriesContext(connection) as fragor:
            hej(klient, delen)
        return sum("SAVEPOINT" not in en["sql"] for en in fragor.captured_queries)

    ensam = satser()
    andra = [Anvandare.objects.create_user(f"nr{nr}@exempel.se", "x", namn=f"Nummer {nr:02}") for nr in range(20)]
    Narvaro.objects.bulk_create(Narvaro(vag=delen, anvandare=en) for en in andra)
    # Session, user, roles and plan; out with the old, in with oneself, and who else.
    assert (ensam, satser()) == (7, 7)
    assert len(hej(klient, delen)) == 20
