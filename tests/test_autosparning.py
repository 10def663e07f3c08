"""A part that saves by itself: what is answered, what is saved, and that two people's saves both stand."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from handlingsplan.models import Anvandare, Handlingsplan
from insatsomraden.models import Aktivitet, Arstext, Omradesutgava, Samverkansgrupp
from rapport.historiksida import poster
from tests.autosparfall import HUVUD, OppenDel
from tests.budgetfall import formular
from tests.historikfall import falt, hel, ospelat, rader, tillstand
from tests.planfall import Planfall, manga_aktiviteter, planfall
from tests.sidor import leder_till, synlig_text


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


@pytest.fixture(autouse=True)
def klockan(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is always 14:32 in Stockholm, in the winter."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 22, 13, 32, tzinfo=UTC))


def adressen(fall: Planfall, vad: str) -> str:
    """The address of a part: the first activity, NPÖ's description or responsible groups, or the text on its money."""
    return {
        "aktivitet": reverse("aktivitet_redigera", args=[2024, fall.forsta.pk]),
        "beskrivning": reverse("omrade_redigera", args=[2024, fall.npo.pk, "beskrivning"]),
        "ansvar": reverse("omrade_redigera", args=[2024, fall.npo.pk, "ansvar"]),
        "ekonomi": reverse("arstext_redigera", args=[2024, fall.npo.pk, "ekonomi", 2024]),
    }[vad]


@pytest.fixture
def aktivitet(fall: Planfall, klient: Client) -> OppenDel:
    return OppenDel(klient, adressen(fall, "aktivitet"))


@pytest.fixture
def annans(fall: Planfall, annan: Client) -> OppenDel:
    """The same activity, open at the other coordinator's."""
    return OppenDel(annan, adressen(fall, "aktivitet"))


def forsta() -> Aktivitet:
    return Aktivitet.objects.order_by("pk")[0]


# --- What is answered ----------------------------------------------------------------------------------------------


def test_what_was_changed_is_saved_and_the_form_goes_on_from_there(aktivitet: OppenDel) -> None:
    svar = aktivitet.spara(text="Ett", ansvarig="SGD")
    besked = svar.json()
    assert (svar.status_code, besked["klart"], besked["fel"], besked["andra"]) == (200, "14:32", {}, [])
    assert besked["version"] == 2
    nyoppnad = OppenDel(aktivitet.klient, aktivitet.vag).falt
    assert {namn: aktivitet.falt[namn] for namn in nyoppnad if namn != "csrfmiddlewaretoken"} == {
        namn: varde for namn, varde in nyoppnad.items() if namn != "csrfmiddlewaretoken"
    }
    assert aktivitet.spara(text="Ett två").json()["version"] == 3
    assert (forsta().text, forsta().ansvarig, forsta().version) == ("Ett två", "SGD", 3)


def test_where_nothing_was_changed_nothing_is_said_or_written(fall: Planfall, aktivitet: OppenDel) -> None:
    besked = aktivitet.spara().json()
    assert (besked["klart"], besked["version"], besked["andra"], besked["fel"]) == ("", 1, [], {})
    assert rader(fall.plan) == []


def test_a_field_that_cannot_be_read_is_named_and_the_others_are_saved(aktivitet: OppenDel) -> None:
    besked = aktivitet.spara(text="Bra text", start="31/12/2024").json()
    assert besked["klart"] == "14:32"
    assert list(besked["fel"]) == ["Start"]
    assert (forsta().text, forsta().start) == ("Bra text", None)
    assert aktivitet.spara(start="2024-12-31").json()["fel"] == {}
    assert forsta().start == date(2024, 12, 31)


def test_what_is_wrong_with_the_whole_form_saves_nothing_and_says_why(aktivitet: OppenDel) -> None:
    svar = aktivitet.spara(text="Bra text", start="2024-12-01", slut="2024-01-01")
    assert (svar.status_code, svar.json()) == (422, {"fel": {"": "Slutdatum kan inte ligga före startdatum."}})
    assert forsta().version == 1


def test_a_form_that_is_saved_as_a_whole_is_not_saved_in_part(fall: Planfall, klient: Client) -> None:
    ansvar = OppenDel(klient, adressen(fall, "ansvar"))
    svar = ansvar.spara(ansvar_not="Ihop", ansvariga=["999999"])
    assert svar.status_code == 422
    assert list(svar.json()["fel"]) == ["Ansvariga grupper"]
    assert ansvar.spara(ansvar_not="Ihop", ansvariga=[]).json()["klart"] == "14:32"
    fall.npo.refresh_from_db()
    assert (fall.npo.ansvar_not, fall.npo.ansvariga.count()) == ("Ihop", 0)


# --- Two at once ---------------------------------------------------------------------------------------------------


def test_what_another_has_written_in_a_field_comes_back_and_is_not_undone(
    aktivitet: OppenDel, annans: OppenDel
) -> None:
    annans.spara(villkor="Deras villkor", start="2024-02-01", status="pagar")
    besked = aktivitet.spara(text="Min text").json()
    assert besked["andra"] == [
        {"namn": "villkor", "etikett": "Villkor", "varde": "Deras villkor"},
        {"namn": "status", "etikett": "Status", "varde": ["pagar"]},
        {"namn": "start", "etikett": "Start", "varde": "2024-02-01"},
    ]
    assert aktivitet.spara(text="Min text igen").json()["andra"] == []
    assert aktivitet.knapp(ansvarig="SGD").status_code == 302
    nu = forsta()
    assert (nu.text, nu.villkor, nu.ansvarig) == ("Min text igen", "Deras villkor", "SGD")
    assert (nu.status, nu.start) == ("pagar", date(2024, 2, 1))


def test_groups_that_another_has_chosen_come_back_too(fall: Planfall, klient: Client, annan: Client) -> None:
    ctb = Samverkansgrupp.objects.create(kortnamn="CTB", namn="Beredningen")
    ansvar, annans_ansvar = (OppenDel(vem, adressen(fall, "ansvar")) for vem in (klient, annan))
    annans_ansvar.spara(ansvariga=[str(ctb.pk)])
    assert ansvar.spara(ansvar_not="Ihop").json()["andra"][0]["varde"] == [str(ctb.pk)]
    assert ansvar.spara(ansvar_not="Ihop!").json()["andra"] == []
    assert list(fall.npo.ansvariga.all()) == [ctb]


def test_the_same_field_is_a_conflict_and_nothing_is_written(
    aktivitet: OppenDel, annans: OppenDel, andra_samordnare: Anvandare
) -> None:
    annans.spara(text="Deras")
    svar = aktivitet.spara(text="Mitt", villkor="Mitt villkor")
    besked = svar.json()
    assert svar.status_code == 409
    assert (besked["krock"], besked["vem"]) == (["Aktivitet"], andra_samordnare.namn)
    assert besked["nu"] == [{"namn": "text", "etikett": "Aktivitet", "varde": "Deras"}]
    assert (forsta().text, forsta().villkor, forsta().version) == ("Deras", "", 2)
    assert aktivitet.spara().status_code == 409  # and so it stays until the person has chosen
    assert "Deras" in synlig_text(aktivitet.knapp())


def test_a_field_that_was_left_out_keeps_its_base_so_that_what_another_wrote_there_is_not_passed_over(
    aktivitet: OppenDel, annans: OppenDel
) -> None:
    annans.spara(start="2024-02-01")
    besked = aktivitet.spara(text="Min text", start="1 mars").json()
    assert (list(besked["fel"]), besked["andra"]) == (["Start"], [])
    svar = aktivitet.spara(start="2024-03-01")
    assert (svar.status_code, svar.json()["krock"]) == (409, ["Start"])
    assert (forsta().text, forsta().start) == ("Min text", date(2024, 2, 1))


def test_an_answer_that_never_came_can_be_told_from_somebody_elses_text(aktivitet: OppenDel) -> None:
    sparat = aktivitet.utan_svar(text="Första halvan").json()
    svar = aktivitet.spara(text="Första halvan och resten")
    assert svar.status_code == 409
    assert svar.json()["nu"] == [{"namn": "text", "etikett": "Aktivitet", "varde": "Första halvan"}]
    assert svar.json()["avtryck"] == sparat["avtryck"]


def test_the_same_text_sent_twice_is_no_conflict(aktivitet: OppenDel) -> None:
    aktivitet.utan_svar(text="Samma")
    assert aktivitet.spara(text="Samma").json()["klart"] == "14:32"


# --- What is gone, or closed ---------------------------------------------------------------------------------------


def test_a_row_that_another_has_removed_says_so_and_stays_removed(aktivitet: OppenDel) -> None:
    Aktivitet.objects.filter(pk=forsta().pk).update(borttagen_at=timezone.now(), version=2)
    svar = aktivitet.spara(text="Skrivet efteråt")
    assert (svar.status_code, svar.json()) == (409, {"borttagen": True})
    assert (forsta().text, forsta().borttagen_at is None) == ("Första", False)


def test_what_was_removed_is_brought_back_by_whoever_asks_for_it(aktivitet: OppenDel, annans: OppenDel) -> None:
    Aktivitet.objects.filter(pk=forsta().pk).update(borttagen_at=timezone.now(), version=2)
    svar = aktivitet.knapp(text="Skrivet efteråt")
    assert (svar.status_code, "Ta tillbaka och spara" in synlig_text(svar)) == (409, True)
    tillbaka = formular(svar, "avtryck") | {"ta_tillbaka": "ja"}
    assert aktivitet.klient.post(aktivitet.vag, tillbaka).status_code == 302
    assert (forsta().text, forsta().borttagen_at) == ("Skrivet efteråt", None)
    assert annans.spara(villkor="Och ett villkor").json()["klart"] == "14:32"


def test_what_is_brought_back_unchanged_is_brought_back(aktivitet: OppenDel) -> None:
    Aktivitet.objects.filter(pk=forsta().pk).update(borttagen_at=timezone.now(), version=2)
    tillbaka = formular(aktivitet.klient.get(aktivitet.vag), "avtryck") | {"ta_tillbaka": "ja"}
    assert aktivitet.klient.post(aktivitet.vag, tillbaka).status_code == 302
    assert (forsta().text, forsta().borttagen_at) == ("Första", None)


def test_an_area_that_is_gone_is_404_with_what_was_written(fall: Planfall, klient: Client) -> None:
    beskrivning = OppenDel(klient, adressen(fall, "beskrivning"))
    Omradesutgava.objects.filter(pk=fall.npo.pk).delete()
    svar = beskrivning.spara(beskrivning="<p>Skrivet efteråt</p>")
    assert svar.status_code == 404
    assert "Skrivet efteråt" in synlig_text(svar)


def test_an_area_that_is_let_out_is_still_written_in(fall: Planfall, klient: Client) -> None:
    beskrivning = OppenDel(klient, adressen(fall, "beskrivning"))
    Omradesutgava.objects.filter(pk=fall.npo.pk).update(lage="utgatt", version=2)
    assert beskrivning.spara(beskrivning="<p>Skrivet efteråt</p>").json()["klart"] == "14:32"
    fall.npo.refresh_from_db()
    assert (fall.npo.beskrivning, fall.npo.lage) == ("<p>Skrivet efteråt</p>", "utgatt")


def test_a_plan_that_was_adopted_meanwhile_is_403_and_says_so(fall: Planfall, aktivitet: OppenDel) -> None:
    Handlingsplan.objects.filter(pk=fall.plan.pk).update(faststalld_at=date(2024, 6, 1))
    svar = aktivitet.spara(text="För sent")
    assert svar.status_code == 403
    assert "är fastställd och ändras inte längre" in synlig_text(svar)
    assert forsta().text == "Första"


# --- Bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["", "ett", "1.5", "-"])
def test_a_garbled_version_saves_nothing(aktivitet: OppenDel, version: str) -> None:
    assert aktivitet.spara(text="Ny", version=version).status_code == 422
    assert forsta().text == "Första"


@pytest.mark.parametrize("version", ["-1", "0", "7", "9" * 40])
def test_a_version_that_never_was_passes_over_nobodys_words(
    aktivitet: OppenDel, annans: OppenDel, version: str
) -> None:
    annans.spara(text="Deras")
    assert aktivitet.spara(text="Mitt", version=version).status_code == 409
    assert aktivitet.spara(text="Första", villkor="Mitt", version=version).status_code == 200
    assert (forsta().text, forsta().villkor) == ("Deras", "Mitt")


@pytest.mark.parametrize("avtryck", ["", "text", "= =", "text=" + "0" * 16, "x" * 100_000])
def test_garbled_fingerprints_pass_over_nobodys_words(aktivitet: OppenDel, annans: OppenDel, avtryck: str) -> None:
    annans.spara(text="Deras")
    svar = aktivitet.spara(villkor="Mitt villkor", avtryck=avtryck)
    assert svar.status_code == 409
    assert "Aktivitet" in svar.json()["krock"]
    assert (forsta().text, forsta().villkor) == ("Deras", "")


def test_nul_is_refused_in_its_field_and_the_others_are_saved(aktivitet: OppenDel) -> None:
    besked = aktivitet.spara(text="a\0b", villkor="Bra").json()
    assert list(besked["fel"]) == ["Aktivitet"]
    assert not re.search(r"[A-Za-z]*not allowed", besked["fel"]["Aktivitet"])
    assert (forsta().text, forsta().villkor) == ("Första", "Bra")


@pytest.mark.parametrize(
    "text", ["🧑‍⚕️ Läkare 🇸🇪", "שלום \u202eabc\u202c", "e\u0301", "<b>Inte fet</b> & så", "å" * 2_000]
)
def test_any_character_comes_back_as_it_was_written(aktivitet: OppenDel, text: str) -> None:
    assert aktivitet.spara(text=text).json()["klart"] == "14:32"
    assert forsta().text == text
    assert formular(aktivitet.klient.get(aktivitet.vag), "avtryck")["text"] == text
    assert aktivitet.spara().json()["klart"] == ""


def test_200_000_characters_are_refused_in_plain_words(fall: Planfall, klient: Client, aktivitet: OppenDel) -> None:
    beskrivning = OppenDel(klient, adressen(fall, "beskrivning"))
    assert "maxlength" not in klient.get(aktivitet.vag).content.decode()  # it would cut off without a word
    for delen, namn, etikett, skal in (
        (beskrivning, "beskrivning", "Beskrivning", "Texten är för lång: 200\xa0007 tecken"),
        (aktivitet, "text", "Aktivitet", "Texten är för lång. Den får vara högst 2\xa0000 tecken."),
    ):
        besked = delen.spara(**{namn: f"<p>{'x' * 200_000}</p>"}).json()
        assert (besked["klart"], besked["fel"][etikett].startswith(skal)) == ("", True)
        assert delen.spara(**{namn: "Kortare"}).json()["klart"] == "14:32"
    assert falt(rader(fall.plan)[0], "beskrivning")[1] == "Kortare"


# --- What is not made yet ------------------------------------------------------------------------------------------


def test_the_first_text_of_a_year_is_made_once_by_two_saves_after_each_other(fall: Planfall, klient: Client) -> None:
    Arstext.objects.all().delete()
    ekonomi = OppenDel(klient, adressen(fall, "ekonomi"))
    assert ekonomi.spara(text="<p>Ett</p>").json()["version"] == 1
    assert ekonomi.spara(text="<p>Ett två</p>").json()["version"] == 2
    assert (Arstext.objects.get().text, [en.slag for en in rader(fall.plan)]) == (
        "<p>Ett två</p>",
        ["skapad", "andrad"],
    )


def test_the_first_text_of_a_year_by_two_people_is_one_text_and_a_conflict(
    fall: Planfall, klient: Client, annan: Client
) -> None:
    Arstext.objects.all().delete()
    forst, sedan = (OppenDel(vem, adressen(fall, "ekonomi")) for vem in (klient, annan))
    forst.spara(text="<p>Mitt</p>")
    svar = sedan.spara(text="<p>Ditt</p>")
    assert (svar.status_code, svar.json()["krock"]) == (409, ["Text om ekonomin 2024"])
    assert Arstext.objects.get().text == "<p>Mitt</p>"


@pytest.mark.parametrize("namn", ["mal_nytt", "aktivitet_ny", "fotnot_ny", "budgetrad_ny"])
def test_what_is_new_is_made_by_the_button_only(fall: Planfall, klient: Client, namn: str) -> None:
    i_omradet = {"mal_nytt": [fall.npo.pk], "aktivitet_ny": [fall.npo.pk, 2024]}
    vag, fore = reverse(namn, args=[2024, *i_omradet.get(namn, [])]), tillstand()
    halvskrivet = {"text": "Halvskri", "benamning": "Halvskri", "alla_platser": ["tabell"]}
    svar = klient.post(vag, formular(klient.get(vag), "avtryck") | halvskrivet, headers=HUVUD)
    assert svar.status_code == 422
    assert "knappen" in svar.json()["fel"][""]
    assert tillstand() == fore
    assert "data-autospara" not in klient.get(vag).content.decode()
    assert klient.post(vag, formular(klient.get(vag), "avtryck") | halvskrivet).status_code == 302
    assert tillstand() != fore


def test_the_time_is_that_of_stockholm_in_summer_too(aktivitet: OppenDel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 7, 1, 22, 5, tzinfo=UTC))
    assert aktivitet.spara(text="Ny").json()["klart"] == "00:05"


# --- Giving up, and the history ------------------------------------------------------------------------------------


def test_who_gives_up_puts_back_what_stood_there_and_is_told_so(aktivitet: OppenDel, annans: OppenDel) -> None:
    aktivitet.spara(text="Fel")
    annans.spara(villkor="Deras")
    svar = aktivitet.knapp(text="Första", angrat="ja")
    text = synlig_text(aktivitet.klient.get(leder_till(svar)))
    assert "Dina ändringar är tillbakatagna" in text
    assert (forsta().text, forsta().villkor) == ("Första", "Deras")


def test_each_save_is_an_entry_of_the_sitting_and_is_shown_as_one(fall: Planfall, aktivitet: OppenDel) -> None:
    fore = tillstand()
    for text in ("A", "Ab", "Abc"):
        aktivitet.spara(text=text)
    assert ospelat(fore) == []
    skrivna = rader(fall.plan)
    assert [falt(en, "text") for en in skrivna] == [("Första", "A"), ("A", "Ab"), ("Ab", "Abc")]
    assert len({en.sittning for en in skrivna}) == 1 and skrivna[0].sittning
    ((post, *_), _) = poster(fall.plan, fall.plan.historik.all(), 1)
    assert (post.antal, [(en.fore, en.efter) for en in post.andringar]) == (3, [("Första", "Abc")])
    hel(fall.plan)


# --- What it costs -------------------------------------------------------------------------------------------------


def satser(delen: OppenDel, **skrivet: str) -> int:
    """SQL statements of one save, without savepoints, which are the test's own transaction's."""
    with CaptureQueriesContext(connection) as fangade:
        assert delen.spara(**skrivet).json()["klart"]
    return sum("SAVEPOINT" not in en["sql"] for en in fangade.captured_queries)


@pytest.mark.parametrize(("vad", "namn", "antal"), [("aktivitet", "text", 14), ("beskrivning", "beskrivning", 12)])
def test_a_save_costs_the_same_whatever_the_plans_size(
    fall: Planfall, klient: Client, vad: str, namn: str, antal: int
) -> None:
    delen = OppenDel(klient, adressen(fall, vad))
    delen.spara(**{namn: "Den första gör historikens huvud"})
    kostar: list[Any] = []
    for fler in (20, 476):
        manga_aktiviteter(fall.npo, fler)
        kostar.append(
            (Aktivitet.objects.filter(utgava__plan=fall.plan).count(), satser(delen, **{namn: f"Och {fler}"}))
        )
    assert kostar == [(24, antal), (500, antal)]
