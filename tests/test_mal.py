"""The overarching goals of an area: list, add, edit, move, remove and bring back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from handlingsplan.models import Anvandare, Handlingsplan
from insatsomraden.models import Mal
from tests.budgetfall import formular, knapp
from tests.planfall import Planfall, planfall
from tests.sidor import synlig_text


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def lista(fall: Planfall) -> str:
    return reverse("mal_lista", args=[2024, fall.npo.pk])


def adress(vad: str, ett: Mal) -> str:
    return reverse(f"mal_{vad}", args=[2024, ett.pk])


def texter(fall: Planfall) -> list[str]:
    """The goals as the document has them."""
    return list(fall.npo.alla_mal.filter(borttagen_at=None).values_list("text", flat=True))


def tryck(klient: Client, fall: Planfall, vad: str, ett: Mal, **mer: str) -> Any:
    """Press the goal's button in the list as it now is."""
    return klient.post(adress(vad, ett), knapp(klient.get(lista(fall)), adress(vad, ett)) | mer, follow=True)


def ny(klient: Client, fall: Planfall, text: str) -> Any:
    vart = reverse("mal_nytt", args=[2024, fall.npo.pk])
    return klient.post(vart, formular(klient.get(vart), "avtryck") | {"text": text})


# --- Add and edit -------------------------------------------------------------------------------------------------


def test_a_new_goal_comes_last(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    svar = ny(klient, fall, "Alla journaler syns")
    assert (svar.status_code, svar.headers["Location"]) == (302, f"{lista(fall)}#omrade-{fall.npo.pk}-mal")
    assert texter(fall) == ["Mål 1", "Mål 2", "Alla journaler syns"]
    ett = Mal.objects.get(text="Alla journaler syns")
    assert (ett.version, ett.andrad_av) == (1, samordnare)


def test_a_new_goal_comes_after_a_removed_one_that_may_come_back(klient: Client, fall: Planfall) -> None:
    tryck(klient, fall, "ta_bort", fall.alla_mal[1])
    ny(klient, fall, "Mål 3")
    bort = Mal.objects.get(pk=fall.alla_mal[1].pk)
    klient.post(adress("aterstall", bort), {"version": bort.version})
    assert texter(fall) == ["Mål 1", "Mål 2", "Mål 3"]


@pytest.mark.parametrize(
    ("text", "besked"),
    [
        ("", "måste fyllas i"),
        ("   ", "måste fyllas i"),
        ("m" * 2_001, "högst 2 000 tecken"),
        ("a\x00b", "Null-tecken"),
    ],
)
def test_a_goal_that_does_not_do_is_refused_beside_the_field(
    klient: Client, fall: Planfall, text: str, besked: str
) -> None:
    svar = ny(klient, fall, text)
    assert svar.status_code == 422
    assert besked in synlig_text(svar)
    assert "-mal-text_error" in svar.content.decode()
    assert texter(fall) == ["Mål 1", "Mål 2"]


def test_a_goal_is_text_and_never_markup(klient: Client, fall: Planfall) -> None:
    ny(klient, fall, "<b>Fet</b> & <script>alert(1)</script>")
    for sida in (lista(fall), "/plan/2024/"):
        html = klient.get(sida).content.decode()
        assert "&lt;b&gt;Fet&lt;/b&gt; &amp; &lt;script&gt;" in html


def test_line_breaks_in_a_goal_are_kept(klient: Client, fall: Planfall) -> None:
    ny(klient, fall, "Rad ett\r\nrad två")
    assert Mal.objects.get(ordning=3).text == "Rad ett\nrad två"


def test_a_goal_is_edited_in_its_place(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    vart = adress("redigera", fall.alla_mal[0])
    svar = klient.post(vart, formular(klient.get(vart), "avtryck") | {"text": "Bättre mål"}, follow=True)
    assert "Sparat" in synlig_text(svar)
    ett = Mal.objects.get(pk=fall.alla_mal[0].pk)
    assert (ett.text, ett.version, ett.ordning, ett.andrad_av) == ("Bättre mål", 2, 1, samordnare)


def test_saving_without_a_change_writes_nothing(klient: Client, fall: Planfall) -> None:
    vart = adress("redigera", fall.alla_mal[0])
    assert klient.post(vart, formular(klient.get(vart), "avtryck")).status_code == 302
    assert Mal.objects.get(pk=fall.alla_mal[0].pk).version == 1


def test_a_goal_whose_text_somebody_has_changed_is_moved_all_the_same(
    klient: Client, annan: Client, fall: Planfall
) -> None:
    gammal = knapp(klient.get(lista(fall)), adress("flytta", fall.alla_mal[0])) | {"riktning": "ned"}
    vart = adress("redigera", fall.alla_mal[0])
    annan.post(vart, formular(annan.get(vart), "avtryck") | {"text": "Omskrivet"})
    assert "målet är flyttat" in synlig_text(klient.post(adress("flytta", fall.alla_mal[0]), gammal, follow=True))
    assert texter(fall) == ["Mål 2", "Omskrivet"]


def test_a_goal_that_somebody_has_removed_is_shown_with_what_was_typed(
    klient: Client, annan: Client, fall: Planfall
) -> None:
    ett = fall.alla_mal[0]
    mitt = formular(klient.get(adress("redigera", ett)), "avtryck") | {"text": "Mina nya ord"}
    tryck(annan, fall, "ta_bort", ett)
    svar = klient.post(adress("redigera", ett), mitt)
    assert svar.status_code == 409
    assert "någon annan har tagit bort det här" in synlig_text(svar)
    assert formular(svar, "avtryck")["text"] == "Mina nya ord"
    assert klient.post(adress("redigera", ett), mitt).status_code == 409
    assert "Ta tillbaka och spara" in synlig_text(svar)
    assert klient.post(adress("redigera", ett), mitt | {"ta_tillbaka": "ja"}).status_code == 302
    assert texter(fall) == ["Mina nya ord", "Mål 2"]


def test_a_removed_goal_that_is_opened_says_so_and_takes_no_text(klient: Client, fall: Planfall) -> None:
    ett = fall.alla_mal[0]
    tryck(klient, fall, "ta_bort", ett)
    sida = klient.get(adress("redigera", ett))
    assert "Ta tillbaka" in synlig_text(sida)
    assert klient.post(adress("redigera", ett), formular(sida, "avtryck") | {"text": "Nytt"}).status_code == 409
    assert Mal.objects.get(pk=ett.pk).text == "Mål 1"


# --- Order --------------------------------------------------------------------------------------------------------


def test_a_goal_is_moved_down_and_up_again(klient: Client, fall: Planfall) -> None:
    tryck(klient, fall, "flytta", fall.alla_mal[0], riktning="ned")
    assert texter(fall) == ["Mål 2", "Mål 1"]
    svar = tryck(klient, fall, "flytta", fall.alla_mal[0], riktning="upp")
    assert texter(fall) == ["Mål 1", "Mål 2"]
    assert "målet är flyttat" in synlig_text(svar)


def test_the_first_goal_cannot_be_moved_up_nor_the_last_one_down(klient: Client, fall: Planfall) -> None:
    tryck(klient, fall, "flytta", fall.alla_mal[0], riktning="upp")
    tryck(klient, fall, "flytta", fall.alla_mal[1], riktning="ned")
    assert texter(fall) == ["Mål 1", "Mål 2"]


@pytest.mark.parametrize("riktning", ["in", "ut", "", "vänster"])
def test_a_goal_moves_up_or_down_only(klient: Client, fall: Planfall, riktning: str) -> None:
    svar = tryck(klient, fall, "flytta", fall.alla_mal[0], riktning=riktning)
    assert "Raden kan flyttas upp eller ned." in synlig_text(svar)
    assert texter(fall) == ["Mål 1", "Mål 2"]


def test_a_move_from_an_old_page_moves_nothing_and_says_so(klient: Client, annan: Client, fall: Planfall) -> None:
    ny(klient, fall, "Mål 3")
    gammal = knapp(klient.get(lista(fall)), adress("flytta", fall.alla_mal[0])) | {"riktning": "ned"}
    tryck(annan, fall, "flytta", fall.alla_mal[0], riktning="ned")
    svar = klient.post(adress("flytta", fall.alla_mal[0]), gammal, follow=True)
    assert "Målet har ändrats av någon annan" in synlig_text(svar)
    assert texter(fall) == ["Mål 2", "Mål 1", "Mål 3"]


def test_a_removed_goal_is_not_moved(klient: Client, fall: Planfall) -> None:
    gammal = knapp(klient.get(lista(fall)), adress("flytta", fall.alla_mal[1])) | {"riktning": "upp"}
    tryck(klient, fall, "ta_bort", fall.alla_mal[1])
    svar = klient.post(adress("flytta", fall.alla_mal[1]), gammal, follow=True)
    assert "finns inte kvar" in synlig_text(svar)
    assert texter(fall) == ["Mål 1"]


def test_a_moved_goal_keeps_a_text_that_somebody_is_writing(klient: Client, annan: Client, fall: Planfall) -> None:
    vart = adress("redigera", fall.alla_mal[0])
    mitt = formular(klient.get(vart), "avtryck") | {"text": "Medan det flyttades"}
    tryck(annan, fall, "flytta", fall.alla_mal[0], riktning="ned")
    assert klient.post(vart, mitt).status_code == 302
    assert texter(fall) == ["Mål 2", "Medan det flyttades"]


# --- Remove and bring back ----------------------------------------------------------------------------------------


def test_a_removed_goal_leaves_the_document_and_comes_back_whole_in_its_place(klient: Client, fall: Planfall) -> None:
    ett = fall.alla_mal[0]
    svar = tryck(klient, fall, "ta_bort", ett)
    assert "Målet togs bort. ”Mål 1”" in synlig_text(svar)
    assert texter(fall) == ["Mål 2"]
    svar = klient.post(adress("aterstall", ett), knapp(svar, adress("aterstall", ett)), follow=True)
    assert "Målet är tillbaka." in synlig_text(svar)
    assert texter(fall) == ["Mål 1", "Mål 2"]


def test_a_goal_that_somebody_has_just_changed_is_not_removed(klient: Client, annan: Client, fall: Planfall) -> None:
    ett = fall.alla_mal[0]
    gammal = knapp(klient.get(lista(fall)), adress("ta_bort", ett))
    annan.post(
        adress("redigera", ett), formular(annan.get(adress("redigera", ett)), "avtryck") | {"text": "Nyss ändrat"}
    )
    svar = klient.post(adress("ta_bort", ett), gammal, follow=True)
    assert "Inget togs bort" in synlig_text(svar)
    assert texter(fall) == ["Nyss ändrat", "Mål 2"]


def test_undo_pressed_twice_brings_it_back_once(klient: Client, fall: Planfall) -> None:
    ett = fall.alla_mal[0]
    angra = knapp(tryck(klient, fall, "ta_bort", ett), adress("aterstall", ett))
    for _ in range(2):
        assert klient.post(adress("aterstall", ett), angra).status_code == 302
    assert texter(fall) == ["Mål 1", "Mål 2"]


def test_an_old_undo_does_not_bring_back_what_was_removed_again(klient: Client, annan: Client, fall: Planfall) -> None:
    ett = fall.alla_mal[0]
    angra = knapp(tryck(klient, fall, "ta_bort", ett), adress("aterstall", ett))
    klient.post(adress("aterstall", ett), angra)
    tryck(annan, fall, "ta_bort", ett)
    svar = klient.post(adress("aterstall", ett), angra, follow=True)
    assert "har ändrats av någon annan" in synlig_text(svar)
    assert texter(fall) == ["Mål 2"]


# --- Where it belongs ---------------------------------------------------------------------------------------------


def test_a_goal_of_another_plan_is_not_found(klient: Client, fall: Planfall, utkast: Handlingsplan) -> None:
    for vad in ("redigera", "flytta", "ta_bort", "aterstall"):
        vart = reverse(f"mal_{vad}", args=[2025, fall.alla_mal[0].pk])
        assert klient.post(vart, {"version": "1", "riktning": "ned"}).status_code == 404
    assert klient.get(reverse("mal_lista", args=[2025, fall.npo.pk])).status_code == 404
    assert texter(fall) == ["Mål 1", "Mål 2"]


@pytest.mark.parametrize("vad", ["flytta", "ta_bort", "aterstall"])
def test_a_link_changes_nothing(klient: Client, fall: Planfall, vad: str) -> None:
    assert klient.get(adress(vad, fall.alla_mal[0])).status_code == 405


def test_the_list_says_what_to_do_when_it_is_empty(klient: Client, fall: Planfall) -> None:
    Mal.objects.all().delete()
    text = synlig_text(klient.get(lista(fall)))
    assert "Här finns inget mål ännu." in text
    assert "Lägg till ett mål" in text
