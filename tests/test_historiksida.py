"""The page of a plan's history: what is said of each entry, and which entries are shown as one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import spara
from rapport.historiksida import PER_SIDA, celler_ihop, poster
from tests.budgetfall import formular, skriv_post
from tests.planfall import Planfall, planfall
from tests.sidor import lasbar_text

SIDA = "/plan/2024/historik/"


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def autospara(fall: Planfall, av: Anvandare, *texter: str, sittning: str = "a") -> None:
    """Save the first goal's text once per text, in one sitting."""
    av.sittning = sittning
    for text in texter:
        fall.alla_mal[0].refresh_from_db()
        spara(fall.alla_mal[0], {"text": text}, version=fall.alla_mal[0].version, av=av)


def test_an_entry_says_who_when_and_what(klient: Client, fall: Planfall) -> None:
    vag = reverse("mal_redigera", args=[2024, fall.alla_mal[0].pk])
    klient.post(vag, formular(klient.get(vag), "text") | {"text": "Nått < målet"})
    text = lasbar_text(klient.get(SIDA))
    for del_ in ("Mål: Nått < målet", "Ändrad", "Samordnaren", "Mål 1", f"{timezone.localtime():%Y-%m-%d kl. %H}"):
        assert del_ in text


def test_prose_is_shown_as_text_and_keys_as_names(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    spara(fall.npo, {"syfte": "<p>Nytt &amp; <strong>bättre</strong></p>"}, version=fall.npo.version, av=samordnare)
    spara(fall.andra, {"foralder": fall.forsta, "status": "pagar"}, version=1, av=samordnare)
    text = lasbar_text(klient.get(SIDA))
    assert "Nytt &" in text and "bättre" in text and "<p>" not in text
    assert "Första" in text and "pågår" in text


def test_amounts_and_places_are_written_as_in_the_plan(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    post = skriv_post(fall.npo, 2023, "sgd", 1_750_000)
    historik.skriv(fall.plan.pk, [historik.skapad(post)], av=samordnare)
    klient.post(
        "/plan/2024/budget/fotnot/ny/",
        formular(klient.get("/plan/2024/budget/fotnot/ny/"), "text") | {"text": "Not", "alla_platser": ["2024-sgd"]},
    )
    text = lasbar_text(klient.get(SIDA))
    assert "1 750 000 kr" in text
    assert "hela kolumnen SGD 2024" in text


def test_an_account_that_is_gone_leaves_its_entries(
    klient: Client, fall: Planfall, andra_samordnare: Anvandare
) -> None:
    autospara(fall, andra_samordnare, "Nytt")
    assert "Andra samordnaren" in lasbar_text(klient.get(SIDA))
    andra_samordnare.delete()
    text = lasbar_text(klient.get(SIDA))
    assert "borttaget konto" in text and "Andra samordnaren" not in text
    assert historik.kontrollera(fall.plan.pk) == (1, [])


def test_a_row_that_is_gone_is_told_by_what_it_held(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    post = skriv_post(fall.npo, 2023, "sgd", 5)
    historik.skriv(fall.plan.pk, [historik.borttagen(post)], av=samordnare)
    post.delete()
    text = lasbar_text(klient.get(SIDA))
    assert "Belopp: Nationell patientöversikt, SGD 2023" in text and "5 kr" in text


# --- Shown as one ---------------------------------------------------------------------------------------------------


def test_autosaves_of_one_sitting_are_shown_as_one(fall: Planfall, samordnare: Anvandare) -> None:
    autospara(fall, samordnare, "M", "Må", "Målet")
    (post,), _ = poster(fall.plan, fall.plan.historik.all(), 1)
    assert (post.antal, post.nummer) == (3, 3)
    assert [(en.fore, en.efter) for en in post.andringar] == [("Mål 1", "Målet")]


def test_what_others_do_elsewhere_does_not_split_a_sitting(
    fall: Planfall, samordnare: Anvandare, andra_samordnare: Anvandare
) -> None:
    andra_samordnare.sittning = "b"
    autospara(fall, samordnare, "M")
    spara(fall.forsta, {"text": "Annat"}, version=1, av=andra_samordnare)
    autospara(fall, samordnare, "Må")
    visade, _ = poster(fall.plan, fall.plan.historik.all(), 1)
    assert [post.antal for post in visade] == [2, 1]


def test_another_person_sitting_or_kind_is_another_entry(
    fall: Planfall, samordnare: Anvandare, andra_samordnare: Anvandare
) -> None:
    autospara(fall, samordnare, "1")
    autospara(fall, andra_samordnare, "2", sittning="b")
    autospara(fall, samordnare, "3")
    autospara(fall, samordnare, "4", sittning="c")
    spara(fall.alla_mal[0], {"ordning": 9}, version=5, av=samordnare)
    assert [post.antal for post in poster(fall.plan, fall.plan.historik.all(), 1)[0]] == [1] * 5


def test_half_an_hour_is_the_longest_that_is_shown_as_one(
    fall: Planfall, samordnare: Anvandare, monkeypatch: pytest.MonkeyPatch
) -> None:
    nu = timezone.now()
    for minuter in (0, 29, 31):
        monkeypatch.setattr(timezone, "now", lambda m=minuter: nu + timedelta(minutes=m))
        autospara(fall, samordnare, f"Efter {minuter}")
    assert [post.antal for post in poster(fall.plan, fall.plan.historik.all(), 1)[0]] == [2, 1]


def test_cells_of_one_save_are_one_line_with_a_row_for_each(
    klient: Client, fall: Planfall, samordnare: Anvandare
) -> None:
    rader = [skriv_post(fall.npo, budgetar, "sgd", 100) for budgetar in (2022, 2023)]
    ensam = skriv_post(fall.npo, 2022, "statsbidrag", 7)
    nu = timezone.now()
    with pytest.MonkeyPatch.context() as lapp:
        lapp.setattr(timezone, "now", lambda: nu - timedelta(minutes=1))
        historik.skriv(fall.plan.pk, [historik.skapad(ensam)], av=samordnare)
        lapp.setattr(timezone, "now", lambda: nu)
        historik.skriv(fall.plan.pk, [historik.skapad(rad) for rad in rader], av=samordnare)
    visade, _ = poster(fall.plan, fall.plan.historik.all(), 1)
    ihop, forst = celler_ihop(visade)
    assert (ihop.vad, ihop.slag, forst.andringar[0].etikett) == ("2 belopp", "ändrade", "Belopp")
    assert [en.etikett[-4:] for en in ihop.andringar] == ["2022", "2023"]
    assert all(en.adress for en in ihop.andringar)
    text = lasbar_text(klient.get(SIDA))
    assert "2 belopp Ändrade" in text


def test_changed_and_changed_back_says_so(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    autospara(fall, samordnare, "Fel", "Mål 1")
    assert "Ändrat och ändrat tillbaka" in lasbar_text(klient.get(SIDA))


# --- Pages ----------------------------------------------------------------------------------------------------------


def test_older_entries_are_on_further_pages(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    historik.skriv(fall.plan.pk, [historik.inlast(fall.npo)] * (PER_SIDA + 1), av=samordnare)
    forsta, andra = klient.get(SIDA), klient.get(f"{SIDA}?sida=2")
    assert "?sida=2" in forsta.content.decode() and "Nyare händelser" not in forsta.content.decode()
    assert forsta.content.decode().count('id="handelse-') == PER_SIDA
    assert andra.content.decode().count('id="handelse-') == 1
    assert "?sida=1" in andra.content.decode()


@pytest.mark.parametrize("sida", ["0", "-1", "3", "x", "²", "9999999"])
def test_a_page_that_is_not_there_is_404(sida: str, klient: Client, fall: Planfall) -> None:
    assert klient.get(SIDA, {"sida": sida}).status_code == 404


def test_the_page_of_a_plan_where_nothing_has_happened_says_so(klient: Client, fall: Planfall) -> None:
    assert "Inget har hänt ännu" in lasbar_text(klient.get(SIDA))
    assert f'href="{SIDA}"' in klient.get("/plan/2024/").content.decode()


def test_the_number_of_statements_does_not_grow_with_the_history(
    klient: Client, fall: Planfall, samordnare: Anvandare, django_assert_num_queries: Any
) -> None:
    historik.skriv(fall.plan.pk, [historik.skapad(fall.forsta)], av=samordnare)
    # Session, user, roles, plan twice; who has done anything (2); entries, people, activities, areas and their groups.
    with django_assert_num_queries(12):
        klient.get(SIDA)
    historik.skriv(
        fall.plan.pk, [historik.skapad(en) for en in (fall.forsta, fall.under, fall.andra)] * 9, av=samordnare
    )
    with django_assert_num_queries(12):
        klient.get(SIDA)
