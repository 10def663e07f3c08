"""Many at once, in real threads on real connections: nobody's words are lost, and nothing is torn.

On PostgreSQL the writers really run side by side; on SQLite they queue for the one write lock of a file database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from budget.models import Budgetpost
from handlingsplan.behorighet import PlanenFaststalld
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from handlingsplan.sparande import Krock, avtryck, plan_for_skrivning, spara
from insatsomraden import ordning
from insatsomraden.models import Aktivitet, Arstext, Mal
from rapport import frysning
from rapport.bygg import bygg, plandokument
from rapport.faststallande import KanInteFaststallas, faststall
from rapport.models import FrystPlan
from rapport.plandokument import Plandokument
from tests.budgetfall import Formdata, formular, knapp
from tests.cast import Klientmakare, Parter
from tests.planfall import Planfall, ny_aktivitet, planfall
from tests.sidor import synlig_text, utan_marken

pytestmark = pytest.mark.django_db(transaction=True)

ANTAL = 8


@pytest.fixture
def fall(delad_plan: Handlingsplan, parter: Parter, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


def samtidigt[T](uppgifter: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Run all at once, each in a thread with a connection of its own; what each returned or raised."""
    start = Barrier(len(uppgifter))

    def kor(uppgift: Callable[[], T]) -> T | Exception:
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            return uppgift()
        except Exception as fel:  # noqa: BLE001 - the test looks at what it was
            return fel
        finally:
            connection.close()

    with ThreadPoolExecutor(len(uppgifter)) as tradar:
        return list(tradar.map(kor, uppgifter, timeout=120))


def slag(svar: Sequence[object]) -> Counter[str]:
    return Counter(type(ett).__name__ for ett in svar)


# --- The same row -------------------------------------------------------------------------------------------------


def test_of_eight_who_save_the_same_text_one_wins_and_the_others_see_it(fall: Planfall) -> None:
    ett = fall.alla_mal[0]

    def skriv(nr: int) -> Mal:
        with plan_for_skrivning(fall.plan):
            return spara(
                ett, {"text": f"Text {nr}"}, version=1, av=None, avtryck_vid_lasning={"text": avtryck(ett.text)}
            )

    svar = samtidigt([lambda nr=nr: skriv(nr) for nr in range(ANTAL)])
    assert slag(svar) == {"Mal": 1, "Krock": ANTAL - 1}
    (vinnare,) = [en for en in svar if isinstance(en, Mal)]
    assert {en.sparad.text for en in svar if isinstance(en, Krock)} == {vinnare.text}
    nu = Mal.objects.get(pk=ett.pk)
    assert (nu.text, nu.version) == (vinnare.text, 2)


def test_it_holds_without_the_plans_lock_too(parter: Parter) -> None:
    """A party belongs to no plan, so the version alone has to do it."""
    malmo = parter["1280"]

    def skriv(nr: int) -> Huvudman:
        return spara(malmo, {"namn": f"Malmö {nr}"}, version=1, av=None, avtryck_vid_lasning={"namn": avtryck("Malmö")})

    svar = samtidigt([lambda nr=nr: skriv(nr) for nr in range(ANTAL)])
    assert slag(svar) == {"Huvudman": 1, "Krock": ANTAL - 1}
    (vinnare,) = [en for en in svar if isinstance(en, Huvudman)]
    nu = Huvudman.objects.get(kod="1280")
    assert (nu.namn, nu.version) == (vinnare.namn, 2)


def test_eight_browsers_lose_nobodys_words(fall: Planfall, klient_for: Klientmakare, samordnare: Anvandare) -> None:
    vart = reverse("mal_redigera", args=[2024, fall.alla_mal[0].pk])
    klienter = [klient_for(samordnare) for _ in range(ANTAL)]
    data: list[Formdata] = [
        formular(klient.get(vart), "avtryck") | {"text": f"Person {nr}"} for nr, klient in enumerate(klienter)
    ]
    svar: list[Any] = samtidigt(
        [lambda klient=klient, sant=sant: klient.post(vart, sant) for klient, sant in zip(klienter, data, strict=True)]
    )
    assert Counter(ett.status_code for ett in svar) == {302: 1, 409: ANTAL - 1}
    vinnande = Mal.objects.get(pk=fall.alla_mal[0].pk).text
    for ett, sant in zip(svar, data, strict=True):
        if ett.status_code == 409:
            assert formular(ett, "avtryck")["text"] == sant["text"]  # one's own, still in the field
            assert vinnande in utan_marken(ett)  # and the other's beside it
        else:
            assert sant["text"] == vinnande


def test_different_fields_written_by_six_all_stand(fall: Planfall) -> None:
    en = fall.forsta
    andringar: dict[str, Any] = {
        "text": "Ny text",
        "villkor": "Ett villkor",
        "ansvarig": "SGD",
        "status": "pagar",
        "start": date(2024, 2, 1),
        "slut": date(2024, 11, 30),
    }

    def skriv(falt: str) -> Aktivitet:
        with plan_for_skrivning(fall.plan):
            vid_lasning = {falt: avtryck(getattr(en, falt))}
            return spara(en, {falt: andringar[falt]}, version=1, av=None, avtryck_vid_lasning=vid_lasning)

    svar = samtidigt([lambda falt=falt: skriv(falt) for falt in andringar])
    assert slag(svar) == {"Aktivitet": 6}
    nu = Aktivitet.objects.get(pk=en.pk)
    assert {falt: getattr(nu, falt) for falt in andringar} == andringar
    assert nu.version == 7


def test_two_different_texts_of_an_area_are_saved_side_by_side(
    fall: Planfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    uppgifter = []
    for delen in ("beskrivning", "syfte"):
        vart, klient = reverse("omrade_redigera", args=[2024, fall.npo.pk, delen]), klient_for(samordnare)
        data = formular(klient.get(vart), "avtryck") | {delen: f"<p>Ny {delen}</p>"}
        uppgifter.append(lambda klient=klient, vart=vart, data=data: klient.post(vart, data).status_code)
    assert samtidigt(uppgifter) == [302, 302]
    fall.npo.refresh_from_db()
    assert (fall.npo.beskrivning, fall.npo.syfte) == ("<p>Ny beskrivning</p>", "<p>Ny syfte</p>")


# --- New rows -----------------------------------------------------------------------------------------------------


def test_eight_new_goals_all_come_in_each_in_a_place_of_its_own(
    fall: Planfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    vart = reverse("mal_nytt", args=[2024, fall.npo.pk])
    klienter = [klient_for(samordnare) for _ in range(ANTAL)]
    data = [formular(klient.get(vart), "avtryck") | {"text": f"Nytt {nr}"} for nr, klient in enumerate(klienter)]
    svar = samtidigt([lambda k=k, d=d: k.post(vart, d).status_code for k, d in zip(klienter, data, strict=True)])
    assert svar == [302] * ANTAL
    assert list(fall.npo.alla_mal.values_list("ordning", flat=True)) == list(range(1, 3 + ANTAL))


def test_of_two_who_write_the_first_text_one_wins_and_the_other_sees_it(
    fall: Planfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    Arstext.objects.all().delete()
    vart = reverse("arstext_redigera", args=[2024, fall.npo.pk, "ekonomi", 2024])
    klienter = [klient_for(samordnare) for _ in range(2)]
    data = [formular(klient.get(vart), "avtryck") | {"text": f"<p>Text {nr}</p>"} for nr, klient in enumerate(klienter)]
    svar = samtidigt([lambda k=k, d=d: k.post(vart, d).status_code for k, d in zip(klienter, data, strict=True)])
    assert Counter(svar) == {302: 1, 409: 1}
    assert Arstext.objects.get().text == data[svar.index(302)]["text"]


def test_of_eight_who_fill_in_the_same_empty_cell_one_wins(
    fall: Planfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    Budgetpost.objects.filter(utgava=fall.npo).delete()
    vart, cell = reverse("budget_redigera", args=[2024]), f"o{fall.npo.pk}-2024-sgd"
    klienter = [klient_for(samordnare) for _ in range(ANTAL)]
    data = [formular(klient.get(vart), cell) | {cell: str(1_000 + nr)} for nr, klient in enumerate(klienter)]
    svar = samtidigt([lambda k=k, d=d: k.post(vart, d).status_code for k, d in zip(klienter, data, strict=True)])
    assert Counter(svar) == {302: 1, 409: ANTAL - 1}
    assert Budgetpost.objects.get(utgava=fall.npo).ore == (1_000 + svar.index(302)) * 100


# --- Order --------------------------------------------------------------------------------------------------------


def test_simultaneous_moves_keep_a_permutation(fall: Planfall, samordnare: Anvandare) -> None:
    for nr in range(3, ANTAL + 1):
        Mal.objects.create(utgava=fall.npo, ordning=nr, text=f"Mål {nr}")
    alla = list(fall.npo.alla_mal.all())

    def flytta(ett: Mal, riktning: str) -> Mal:
        with plan_for_skrivning(fall.plan):
            return ordning.flytta_i_lista(ett, ordning.syskon_till_mal(ett), riktning, version=1, av=samordnare)

    svar = samtidigt([lambda ett=ett, nr=nr: flytta(ett, "ned" if nr % 3 else "upp") for nr, ett in enumerate(alla)])
    assert slag(svar) == {"Mal": ANTAL}  # each row is moved by one person, so nobody is in another's way
    efter = list(fall.npo.alla_mal.values_list("pk", "ordning"))
    assert [plats for _, plats in efter] == list(range(1, ANTAL + 1))
    assert {pk for pk, _ in efter} == {ett.pk for ett in alla}


def test_of_eight_who_move_the_same_row_one_moves_it(
    fall: Planfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    for nr in range(3, ANTAL + 1):
        Mal.objects.create(utgava=fall.npo, ordning=nr, text=f"Mål {nr}")
    vart = reverse("mal_flytta", args=[2024, fall.alla_mal[0].pk])
    klienter = [klient_for(samordnare) for _ in range(ANTAL)]
    lista = reverse("mal_lista", args=[2024, fall.npo.pk])
    data = [knapp(klient.get(lista), vart) | {"riktning": "ned"} for klient in klienter]
    samtidigt([lambda k=k, d=d: k.post(vart, d).status_code for k, d in zip(klienter, data, strict=True)])
    flyttad = Mal.objects.get(pk=fall.alla_mal[0].pk)
    assert (flyttad.ordning, flyttad.version) == (2, 2)


def test_activities_dragged_under_each_other_at_once_make_no_circle(fall: Planfall, samordnare: Anvandare) -> None:
    grenar = [ny_aktivitet(fall.sdk, 2024, 10 + nr, f"Gren {nr}") for nr in range(4)]

    def lagg_under(en: Aktivitet, foralder: Aktivitet) -> Aktivitet:
        with plan_for_skrivning(fall.plan):
            ny = Aktivitet.objects.get(pk=foralder.pk)
            return ordning.placera_aktivitet(en, foralder=ny, efter=None, version=1, av=samordnare)

    # Each under the next one, the last under the first: at least one of them has to be refused.
    par = [(grenar[nr], grenar[(nr + 1) % 4]) for nr in range(4)]
    svar = samtidigt([lambda en=en, foralder=foralder: lagg_under(en, foralder) for en, foralder in par])
    assert slag(svar)["GarInte"] >= 1
    assert set(slag(svar)) <= {"Aktivitet", "GarInte"}
    for en in Aktivitet.objects.filter(utgava=fall.sdk):
        assert 1 <= ordning.niva(en) <= 3
    omradet = next(ett for ett in bygg(fall.plan).omraden if ett.id == fall.sdk.pk)
    assert sum(en.antal for en in omradet.aktiviteter) == 5  # all are still in the document


def test_removing_and_writing_the_same_row_at_once_ends_in_one_of_the_two(
    fall: Planfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    ett = fall.alla_mal[0]
    skriver, tar_bort = klient_for(samordnare), klient_for(samordnare)
    lista, bort = reverse("mal_lista", args=[2024, fall.npo.pk]), reverse("mal_ta_bort", args=[2024, ett.pk])
    vart = reverse("mal_redigera", args=[2024, ett.pk])
    text = formular(skriver.get(vart), "avtryck") | {"text": "Skrivet"}
    knappen = knapp(tar_bort.get(lista), bort)
    skrivet, _ = samtidigt(
        [lambda: skriver.post(vart, text).status_code, lambda: tar_bort.post(bort, knappen).status_code]
    )
    nu = Mal.objects.get(pk=ett.pk)
    if nu.borttagen_at is None:
        assert (skrivet, nu.text) == (302, "Skrivet")
    else:
        assert (skrivet, nu.text) == (409, "Mål 1")


# --- Adoption -----------------------------------------------------------------------------------------------------


def test_a_plan_adopted_while_others_write_says_what_its_rows_say(fall: Planfall) -> None:
    """Every write either came before the adoption and is in the frozen record, or was refused."""
    aktivitet, mal_ = fall.forsta, fall.alla_mal[0]

    def skriv(rad: Any, nr: int) -> str:
        with plan_for_skrivning(fall.plan):
            nu = type(rad).objects.get(pk=rad.pk)
            spara(nu, {"text": f"Text {nr}"}, version=nu.version, av=None)
        return "skrivet"

    def faststall_till_sist() -> str:
        for _ in range(50):
            try:
                nu = Handlingsplan.objects.get(pk=fall.plan.pk)
                faststall(nu, version=nu.version, datum=date(2024, 3, 1), hanvisning="§ 1", av=None, pdf=False)
            except Krock:
                continue
            return "fastställd"
        return "hann aldrig"

    uppgifter = [lambda nr=nr: skriv((aktivitet, mal_)[nr % 2], nr) for nr in range(ANTAL)]
    svar = samtidigt([faststall_till_sist, *uppgifter])
    assert svar[0] == "fastställd"
    assert all(ett == "skrivet" or isinstance(ett, PlanenFaststalld) for ett in svar[1:])
    plan = Handlingsplan.objects.get(pk=fall.plan.pk)
    assert plan.ar_faststalld
    assert frysning.avtryck(plandokument(plan)) == frysning.avtryck(bygg(plan))  # all but how far the history reaches


def test_who_waits_while_a_plan_is_being_adopted_is_refused(fall: Planfall, monkeypatch: pytest.MonkeyPatch) -> None:
    """They start when the adoption holds the plan's lock, and get in when it has let go."""
    last, till_json = Event(), frysning.till_json

    def i_laset(dokument: Plandokument) -> dict[str, Any]:
        if connection.in_atomic_block:
            last.set()
        return till_json(dokument)

    def skriv() -> str:
        last.wait(timeout=60)
        with plan_for_skrivning(fall.plan):
            spara(fall.alla_mal[0], {"text": "För sent"}, version=1, av=None)
        return "skrivet"

    def faststall_nu() -> FrystPlan:
        return faststall(fall.plan, version=1, datum=date(2024, 3, 1), hanvisning="§ 1", av=None, pdf=False)

    monkeypatch.setattr(frysning, "till_json", i_laset)
    svar = samtidigt([faststall_nu, *[skriv] * (ANTAL - 1)])
    assert last.is_set()
    assert slag(svar) == {"FrystPlan": 1, "PlanenFaststalld": ANTAL - 1}
    assert Mal.objects.get(pk=fall.alla_mal[0].pk).text == "Mål 1"


def test_of_four_who_adopt_at_once_one_does(fall: Planfall) -> None:
    def gor(nr: int) -> FrystPlan:
        return faststall(fall.plan, version=1, datum=date(2024, 3, nr), hanvisning=f"§ {nr}", av=None, pdf=False)

    svar = samtidigt([lambda nr=nr: gor(nr) for nr in range(1, 5)])
    assert [isinstance(ett, FrystPlan) for ett in svar].count(True) == 1
    assert all(isinstance(ett, FrystPlan | KanInteFaststallas | Krock) for ett in svar)
    plan = Handlingsplan.objects.get(pk=fall.plan.pk)
    fryst = FrystPlan.objects.get()
    assert fryst.dokument["faststalld_hanvisning"] == plan.faststalld_hanvisning
    assert plan.alla_fordelningsresultat.count() == 1


def test_readers_are_not_held_up_by_a_writer(fall: Planfall, klient_for: Klientmakare, lasare_malmo: Anvandare) -> None:
    klient: Client = klient_for(lasare_malmo)
    with plan_for_skrivning(fall.plan) as last:
        spara(last, {"titel": "Halvskriven"}, version=1, av=None)
        (svar,) = samtidigt([lambda: synlig_text(klient.get("/plan/2024/"))])
    assert isinstance(svar, str)
    assert "Halvskriven" not in svar
    assert "Handlingsplan 2024" in svar
