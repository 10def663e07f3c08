"""Areas of a plan: add, order, let out and take back, and their texts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from handlingsplan.formular import Versionsformular
from handlingsplan.models import Anvandare, Handlingsplan
from insatsomraden import skapande
from insatsomraden.formular import Ansvarsformular, ledig_kod
from insatsomraden.models import Arstext, Insatsomrade, Mal, Omradesutgava, Samverkansgrupp
from insatsomraden.views import omrade as omradesvyer
from rapport.bygg import plandokument
from tests.budgetfall import formular, knapp
from tests.budgetfall import omrade as nytt_i_planen
from tests.planfall import Planfall, planfall
from tests.sidor import synlig_text, utan_marken

PLAN = "/plan/2024/"
NYTT = "/plan/2024/omrade/nytt/"


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def adress(vad: str, utgava: Omradesutgava, *mer: object) -> str:
    return reverse(f"omrade_{vad}", args=[2024, utgava.pk, *mer])


def del_(utgava: Omradesutgava, delen: str) -> str:
    return adress("redigera", utgava, delen)


def namn(fall: Planfall, lage: str = "ingar") -> list[str]:
    return list(fall.plan.alla_omraden.filter(lage=lage).values_list("kortnamn", flat=True))


def spara(klient: Client, vart: str, **andrat: Any) -> Any:
    return klient.post(vart, formular(klient.get(vart), "avtryck") | andrat)


# --- Add ----------------------------------------------------------------------------------------------------------


def test_a_new_area_comes_last_and_the_person_comes_to_it(klient: Client, fall: Planfall) -> None:
    svar = klient.post(NYTT, formular(klient.get(NYTT), "namn") | {"namn": "Digitala hjälpmedel"})
    ny = Omradesutgava.objects.get(namn="Digitala hjälpmedel")
    assert (svar.status_code, svar.headers["Location"]) == (302, f"{PLAN}#omrade-{ny.pk}")
    assert (ny.kortnamn, ny.lage, ny.ordning, ny.insatsomrade.kod) == (
        "Digitala hjälpmedel",
        "ingar",
        3,
        "digitala-hjalpmedel",
    )


def test_an_area_from_an_earlier_plan_keeps_its_identity(klient: Client, fall: Planfall, utkast: Handlingsplan) -> None:
    gammalt = nytt_i_planen(utkast, "mina-planer", "Mina planer")
    klient.post(NYTT, formular(klient.get(NYTT), "namn") | {"insatsomrade": str(gammalt.insatsomrade_id)})
    ny = fall.plan.alla_omraden.get(insatsomrade=gammalt.insatsomrade)
    assert (ny.namn, ny.ordning) == ("Mina planer", 3)
    assert Insatsomrade.objects.count() == 3


def test_areas_that_are_in_the_plan_already_are_not_offered(klient: Client, fall: Planfall) -> None:
    html = klient.get(NYTT).content.decode()
    assert "Säker digital kommunikation</option>" not in html
    svar = klient.post(NYTT, {"insatsomrade": str(fall.npo.insatsomrade_id), "namn": "", "lage": "ingar"})
    assert svar.status_code == 422
    assert len(namn(fall)) == 2


def test_an_area_that_a_colleague_just_added_is_not_added_twice(
    klient: Client, fall: Planfall, utkast: Handlingsplan, monkeypatch: pytest.MonkeyPatch
) -> None:
    gammalt = nytt_i_planen(utkast, "mina-planer", "Mina planer")
    skapa = omradesvyer._skapa

    def kollegan_forst(plan: Handlingsplan, data: Any, *, av: Anvandare) -> Omradesutgava:
        nytt_i_planen(plan, "mina-planer", "Mina planer")
        return skapa(plan, data, av=av)

    monkeypatch.setattr(omradesvyer, "_skapa", kollegan_forst)
    svar = klient.post(NYTT, {"insatsomrade": str(gammalt.insatsomrade_id), "namn": "", "lage": "ingar"})
    assert svar.status_code == 422
    assert "Området finns redan i planen." in synlig_text(svar)


@pytest.mark.parametrize(
    ("falt", "besked"),
    [
        ({"namn": ""}, "Skriv områdets namn, eller välj ett tidigare område."),
        ({"namn": "   "}, "Skriv områdets namn, eller välj ett tidigare område."),
        ({"namn": "a" * 201}, "som mest 200 tecken"),
        ({"namn": "a\x00b"}, "Null-tecken"),
        ({"namn": "Rätt", "lage": "utgatt"}, "Välj ett giltigt alternativ"),
        ({"insatsomrade": "99999"}, "giltigt alternativ"),
        ({"insatsomrade": "x"}, "giltigt alternativ"),
    ],
)
def test_an_area_that_does_not_do_is_refused_with_the_reason(
    klient: Client, fall: Planfall, falt: dict[str, str], besked: str
) -> None:
    svar = klient.post(NYTT, {"insatsomrade": "", "namn": "", "lage": "ingar"} | falt)
    assert svar.status_code == 422
    assert besked in synlig_text(svar)
    assert len(namn(fall)) == 2


@pytest.mark.parametrize(
    ("namnet", "kod"),
    [
        ("Åtgärder för äldre", "atgarder-for-aldre"),
        ("NPÖ", "npo-2"),
        ("!?", "omrade"),
        ("日本", "omrade"),
        ("x" * 90, "x" * 50),
    ],
)
def test_a_code_is_made_from_the_name_and_is_never_taken(fall: Planfall, namnet: str, kod: str) -> None:
    assert ledig_kod(namnet) == kod


def test_a_code_that_somebody_takes_at_the_same_time_gives_the_next_one(
    klient: Client, fall: Planfall, monkeypatch: pytest.MonkeyPatch
) -> None:
    lediga = iter(["npo", "npo-2"])  # the first is taken when it is written
    monkeypatch.setattr(skapande, "ledig_kod", lambda namn: next(lediga))
    svar = klient.post("/plan/2024/omrade/nytt/", {"insatsomrade": "", "namn": "NPO", "lage": "ingar"})
    assert svar.status_code == 302
    assert Insatsomrade.objects.filter(kod="npo-2", namn="NPO").exists()


def test_a_group_that_somebody_adds_at_the_same_time_is_the_same_group(
    klient: Client, fall: Planfall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ansvarsformular, "clean", Versionsformular.clean)  # what both have passed
    vart = adress("redigera", fall.npo, "ansvar")
    data = formular(klient.get(vart), "avtryck") | {
        "ny_grupp": "Samverkansgrupp digitalisering",
        "ny_grupp_kort": "SGD",
    }
    assert klient.post(vart, data).status_code == 302
    assert Samverkansgrupp.objects.filter(kortnamn="SGD").count() == 1


def test_a_watched_area_is_in_the_document_and_not_in_the_budget(klient: Client, fall: Planfall) -> None:
    klient.post(NYTT, formular(klient.get(NYTT), "namn") | {"namn": "1177", "lage": "bevakas"})
    dokument = plandokument(fall.plan)
    assert [en.namn for en in dokument.bevakade] == ["1177"]
    assert "1177" not in [rad.namn for rad in dokument.budget.rader]
    assert "Bevakas utan budget" in synlig_text(klient.get(PLAN))


# --- Order --------------------------------------------------------------------------------------------------------


def flytta(klient: Client, utgava: Omradesutgava, riktning: str) -> Any:
    knappen = knapp(klient.get(PLAN), adress("flytta", utgava))
    return klient.post(adress("flytta", utgava), knappen | {"riktning": riktning}, follow=True)


def test_an_area_is_moved_and_the_numbers_follow(klient: Client, fall: Planfall) -> None:
    svar = flytta(klient, fall.sdk, "upp")
    assert "Säker digital kommunikation är flyttat" in synlig_text(svar)
    assert [(en.nummer, en.id) for en in plandokument(fall.plan).omraden] == [(1, fall.sdk.pk), (2, fall.npo.pk)]


def test_an_area_is_moved_past_those_in_the_plan_and_not_past_watched_ones(klient: Client, fall: Planfall) -> None:
    nytt_i_planen(fall.plan, "sdv", "SDV", "bevakas")
    tredje = nytt_i_planen(fall.plan, "mp", "Mina planer")
    flytta(klient, tredje, "upp")
    assert [en.kortnamn for en in plandokument(fall.plan).omraden][1] == "Mina planer"


@pytest.mark.parametrize("riktning", ["in", "", "ner"])
def test_an_area_moves_up_or_down_only(klient: Client, fall: Planfall, riktning: str) -> None:
    assert "flyttas upp eller ned" in synlig_text(flytta(klient, fall.npo, riktning))


def test_a_move_from_an_old_page_moves_nothing(klient: Client, annan: Client, fall: Planfall) -> None:
    nytt_i_planen(fall.plan, "mp", "Mina planer")
    gammal = knapp(klient.get(PLAN), adress("flytta", fall.npo)) | {"riktning": "ned"}
    flytta(annan, fall.npo, "ned")
    svar = klient.post(adress("flytta", fall.npo), gammal, follow=True)
    assert "har ändrats av någon annan" in synlig_text(svar)
    assert [en.id for en in plandokument(fall.plan).omraden][1] == fall.npo.pk


# --- Let out and take back ----------------------------------------------------------------------------------------


def test_an_area_that_is_let_out_leaves_the_sum_and_comes_back_with_everything(klient: Client, fall: Planfall) -> None:
    svar = klient.post(adress("lage", fall.npo), knapp(klient.get(PLAN), adress("lage", fall.npo)), follow=True)
    assert "Nationell patientöversikt: har utgått." in synlig_text(svar)
    dokument = plandokument(fall.plan)
    summa = dokument.budget.summa(2024, "sgd")
    assert ([en.id for en in dokument.lamnade], summa and summa.ore) == ([fall.npo.pk], 75_000_00)
    angra = adress("lage", fall.npo) + "?lage=ingar"
    klient.post(angra, knapp(svar, angra))
    dokument = plandokument(fall.plan)
    summa = dokument.budget.summa(2024, "sgd")
    assert ([len(en.alla_mal) for en in dokument.omraden], summa and summa.ore) == ([2, 1], 175_000_00)


def test_an_area_that_has_left_is_named_and_can_be_taken_back(klient: Client, fall: Planfall) -> None:
    Omradesutgava.objects.filter(pk=fall.npo.pk).update(lage="utgatt", lage_not="Lämnade när lösningen var klar.")
    text = synlig_text(klient.get(PLAN))
    assert "Har utgått: Nationell patientöversikt" in text
    assert "Lämnade när lösningen var klar." in text
    klient.post(adress("lage", fall.npo), knapp(klient.get(PLAN), adress("lage", fall.npo)))
    assert namn(fall) == ["Nationell patientöversikt", "Säker digital kommunikation"]


def test_an_area_that_somebody_has_just_changed_is_not_let_out(klient: Client, annan: Client, fall: Planfall) -> None:
    gammal = knapp(klient.get(PLAN), adress("lage", fall.npo))
    spara(annan, del_(fall.npo, "syfte"), syfte="<p>Nyss ändrat</p>")
    svar = klient.post(adress("lage", fall.npo), gammal, follow=True)
    assert "har ändrats av någon annan" in synlig_text(svar)
    assert namn(fall, "utgatt") == []


def test_an_area_that_was_let_out_comes_back_with_what_was_written_in_it_since(
    klient: Client, annan: Client, fall: Planfall
) -> None:
    ut, tillbaka = adress("lage", fall.npo), adress("lage", fall.npo) + "?lage=ingar"
    skrivs = annan.get(del_(fall.npo, "syfte"))
    svar = klient.post(ut, knapp(klient.get(PLAN), ut), follow=True)
    data = formular(skrivs, "syfte") | {"syfte": "<p>Skrivet medan området utgick</p>"}
    besked = annan.post(del_(fall.npo, "syfte"), data, headers={"X-Autospara": "ja"}).json()
    assert (bool(besked["klart"]), besked["obs"]) == (True, "Området har utgått ur planen.")
    klient.post(tillbaka, knapp(svar, tillbaka))
    fall.npo.refresh_from_db()
    assert (fall.npo.lage, fall.npo.syfte) == ("ingar", "<p>Skrivet medan området utgick</p>")


@pytest.mark.parametrize("lage", ["", "borta", "INGAR"])
def test_an_unknown_state_changes_nothing(klient: Client, fall: Planfall, lage: str) -> None:
    svar = klient.post(adress("lage", fall.npo), {"version": "1", "lage": lage}, follow=True)
    assert "inget sådant läge" in synlig_text(svar)
    assert len(namn(fall)) == 2


@pytest.mark.parametrize("vad", ["lage", "flytta"])
def test_a_link_changes_nothing(klient: Client, fall: Planfall, vad: str) -> None:
    assert klient.get(adress(vad, fall.npo), {"lage": "utgatt", "version": "1"}).status_code == 405


# --- Its texts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delen", ["beskrivning", "syfte"])
def test_prose_is_cleaned_saved_and_shown(klient: Client, fall: Planfall, delen: str) -> None:
    smutsigt = '<p onclick="x()">Ny <strong>text</strong></p><script>alert(1)</script><img src=x onerror=y>'
    svar = spara(klient, del_(fall.npo, delen), **{delen: smutsigt})
    assert (svar.status_code, svar.headers["Location"]) == (302, f"{PLAN}#omrade-{fall.npo.pk}-{delen}")
    fall.npo.refresh_from_db()
    assert getattr(fall.npo, delen) == "<p>Ny <strong>text</strong></p>"
    assert "<p>Ny <strong>text</strong></p>" in klient.get(PLAN).content.decode()


def test_the_description_and_the_purpose_are_written_by_two_at_once(
    klient: Client, annan: Client, fall: Planfall
) -> None:
    mitt = formular(klient.get(del_(fall.npo, "syfte")), "avtryck") | {"syfte": "<p>Mitt</p>"}
    spara(annan, del_(fall.npo, "beskrivning"), beskrivning="<p>Ditt</p>")
    assert klient.post(del_(fall.npo, "syfte"), mitt).status_code == 302
    fall.npo.refresh_from_db()
    assert (fall.npo.syfte, fall.npo.beskrivning, fall.npo.version) == ("<p>Mitt</p>", "<p>Ditt</p>", 3)


def test_name_and_state_are_edited_together(klient: Client, fall: Planfall) -> None:
    spara(klient, del_(fall.npo, "namn"), namn="NPÖ", kortnamn="NPÖ", lage="bevakas", lage_not="Vi väntar.")
    fall.npo.refresh_from_db()
    assert (fall.npo.namn, fall.npo.lage, fall.npo.lage_not) == ("NPÖ", "bevakas", "Vi väntar.")


@pytest.mark.parametrize(
    ("falt", "besked"),
    [
        ({"namn": ""}, "måste fyllas i"),
        ({"kortnamn": "k" * 81}, "högst 80 tecken"),
        ({"lage": "borta"}, "giltigt alternativ"),
        ({"lage_not": "n" * 501}, "högst 500 tecken"),
    ],
)
def test_a_name_that_does_not_do_is_refused(klient: Client, fall: Planfall, falt: dict[str, str], besked: str) -> None:
    svar = spara(klient, del_(fall.npo, "namn"), **falt)
    assert svar.status_code == 422
    assert besked in synlig_text(svar)


def test_an_unknown_part_is_not_found(klient: Client, fall: Planfall) -> None:
    assert klient.get(del_(fall.npo, "bilaga")).status_code == 404
    assert klient.get(reverse("omrade_redigera", args=[2024, 99_999, "syfte"])).status_code == 404


def test_an_area_of_another_plan_is_not_found(klient: Client, fall: Planfall, utkast: Handlingsplan) -> None:
    assert klient.get(f"/plan/2025/omrade/{fall.npo.pk}/syfte/").status_code == 404
    assert klient.post(f"/plan/2025/omrade/{fall.npo.pk}/lage/", {"lage": "utgatt", "version": "1"}).status_code == 404


# --- Responsible groups -------------------------------------------------------------------------------------------


def grupper(utgava: Omradesutgava) -> list[str]:
    return list(utgava.ansvariga.values_list("kortnamn", flat=True))


def test_groups_are_chosen_and_a_missing_one_is_added(klient: Client, fall: Planfall) -> None:
    ctb = Samverkansgrupp.objects.create(kortnamn="CTB", namn="Beredningen")
    sgd = Samverkansgrupp.objects.get(kortnamn="SGD")
    spara(klient, del_(fall.npo, "ansvar"), ansvariga=[str(ctb.pk), str(sgd.pk)], ansvar_not="På uppdrag av CSO")
    assert grupper(fall.npo) == ["CTB", "SGD"]
    spara(klient, del_(fall.npo, "ansvar"), ansvariga=[str(ctb.pk)], ny_grupp="Arbetsgrupp NPÖ", ny_grupp_kort="AG NPÖ")
    assert grupper(fall.npo) == ["AG NPÖ", "CTB"]
    fall.npo.refresh_from_db()
    assert (fall.npo.ansvar_not, fall.npo.version) == ("På uppdrag av CSO", 3)


def test_all_groups_can_be_taken_away(klient: Client, fall: Planfall) -> None:
    spara(klient, del_(fall.npo, "ansvar"), ansvariga=[])
    assert grupper(fall.npo) == []


@pytest.mark.parametrize(
    ("falt", "besked"),
    [
        ({"ny_grupp": "Bara namn"}, "behöver både namn och kortnamn"),
        ({"ny_grupp_kort": "BN"}, "behöver både namn och kortnamn"),
        ({"ny_grupp": "Namn", "ny_grupp_kort": "SGD"}, "Det finns redan en grupp med det kortnamnet."),
        ({"ny_grupp": "Namn", "ny_grupp_kort": "k" * 31}, "högst 30 tecken"),
        ({"ansvariga": ["99999"]}, "giltigt alternativ"),
    ],
)
def test_a_group_that_does_not_do_is_refused(klient: Client, fall: Planfall, falt: dict[str, str], besked: str) -> None:
    svar = spara(klient, del_(fall.npo, "ansvar"), **falt)
    assert svar.status_code == 422
    assert besked in synlig_text(svar)
    assert (grupper(fall.npo), Samverkansgrupp.objects.count()) == (["SGD"], 1)


def test_two_who_choose_groups_see_both_choices(klient: Client, annan: Client, fall: Planfall) -> None:
    ctb = Samverkansgrupp.objects.create(kortnamn="CTB", namn="Beredningen")
    mitt = formular(klient.get(del_(fall.npo, "ansvar")), "avtryck") | {"ansvariga": []}
    spara(annan, del_(fall.npo, "ansvar"), ansvariga=[str(ctb.pk)])
    svar = klient.post(del_(fall.npo, "ansvar"), mitt)
    assert svar.status_code == 409
    assert "Beredningen (CTB)" in synlig_text(svar)
    assert grupper(fall.npo) == ["CTB"]
    klient.post(del_(fall.npo, "ansvar"), formular(svar, "avtryck"))
    assert grupper(fall.npo) == []


def test_a_note_in_conflict_saves_no_groups_either(klient: Client, annan: Client, fall: Planfall) -> None:
    mitt = formular(klient.get(del_(fall.npo, "ansvar")), "avtryck") | {"ansvar_not": "Min", "ansvariga": []}
    spara(annan, del_(fall.npo, "ansvar"), ansvar_not="Din")
    assert klient.post(del_(fall.npo, "ansvar"), mitt).status_code == 409
    fall.npo.refresh_from_db()
    assert (fall.npo.ansvar_not, grupper(fall.npo)) == ("Din", ["SGD"])


def test_two_who_change_both_note_and_groups_see_both_of_both(klient: Client, annan: Client, fall: Planfall) -> None:
    ctb = Samverkansgrupp.objects.create(kortnamn="CTB", namn="Beredningen")
    mitt = formular(klient.get(del_(fall.npo, "ansvar")), "avtryck") | {"ansvar_not": "Min not", "ansvariga": []}
    spara(annan, del_(fall.npo, "ansvar"), ansvar_not="Din not", ansvariga=[str(ctb.pk)])
    html = utan_marken(klient.post(del_(fall.npo, "ansvar"), mitt))
    assert "Din not" in html
    assert "Min not" in html
    assert "Beredningen (CTB)" in html.split("Sparat: Ansvariga grupper")[1][:300]


def test_both_choosing_the_same_groups_is_no_conflict(klient: Client, annan: Client, fall: Planfall) -> None:
    mitt = formular(klient.get(del_(fall.npo, "ansvar")), "avtryck") | {"ansvariga": []}
    spara(annan, del_(fall.npo, "ansvar"), ansvariga=[])
    assert klient.post(del_(fall.npo, "ansvar"), mitt).status_code == 302


# --- Texts of a year ----------------------------------------------------------------------------------------------


def arstext(fall: Planfall, slag: str = "ekonomi", avser_ar: int = 2024) -> str:
    return reverse("arstext_redigera", args=[2024, fall.npo.pk, slag, avser_ar])


@pytest.mark.parametrize("slag", ["ekonomi", "aktiviteter"])
def test_a_years_text_is_written_for_the_first_time_and_then_changed(
    klient: Client, fall: Planfall, slag: str, samordnare: Anvandare
) -> None:
    Arstext.objects.all().delete()
    assert spara(klient, arstext(fall, slag), text="<p>Först</p>").status_code == 302
    assert spara(klient, arstext(fall, slag), text="<p>Sedan</p>").status_code == 302
    ny = Arstext.objects.get()
    assert (ny.text, ny.slag, ny.version, ny.andrad_av) == ("<p>Sedan</p>", slag, 2, samordnare)
    assert "<p>Sedan</p>" in klient.get(PLAN).content.decode()


def test_two_who_write_the_first_text_see_both(klient: Client, annan: Client, fall: Planfall) -> None:
    Arstext.objects.all().delete()
    mitt = formular(klient.get(arstext(fall)), "avtryck") | {"text": "<p>Mitt</p>"}
    spara(annan, arstext(fall), text="<p>Ditt</p>")
    svar = klient.post(arstext(fall), mitt)
    assert svar.status_code == 409
    assert "<p>Ditt</p>" in utan_marken(svar)
    assert klient.post(arstext(fall), formular(svar, "avtryck")).status_code == 302
    assert Arstext.objects.get().text == "<p>Mitt</p>"


def test_a_text_that_is_left_empty_is_not_stored(klient: Client, fall: Planfall) -> None:
    Arstext.objects.all().delete()
    assert spara(klient, arstext(fall), text="").status_code == 302
    assert not Arstext.objects.exists()


@pytest.mark.parametrize(("slag", "avser_ar"), [("ekonomi", 2023), ("ekonomi", 10**20), ("poesi", 2024)])
def test_a_text_that_the_plan_does_not_have_is_not_found(
    klient: Client, fall: Planfall, slag: str, avser_ar: int
) -> None:
    assert klient.get(arstext(fall, slag, avser_ar)).status_code == 404


def test_an_areas_texts_are_not_the_next_ones(klient: Client, fall: Planfall) -> None:
    spara(klient, arstext(fall), text="<p>Bara NPÖ</p>")
    assert Arstext.objects.get(utgava=fall.sdk, slag="ekonomi").text == "<p>Pengar 2024.</p>"
    assert Mal.objects.filter(utgava=fall.sdk).count() == 1
