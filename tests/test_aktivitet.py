"""Activities of an area and year: add, nest, edit, move by button and by mouse, remove with all below, bring back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handlingsplan.models import Anvandare, Handlingsplan
from insatsomraden.models import Aktivitet, Omradesutgava
from insatsomraden.views.aktivitet import Rad, rader
from tests.budgetfall import formular, knapp
from tests.planfall import Planfall, manga_aktiviteter, ny_aktivitet, planfall
from tests.sidor import synlig_text

# A list as text: the activities in order, those below in parentheses.
START = "Första (Under första), Andra"


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def lista(utgava: Omradesutgava) -> str:
    return reverse("aktivitet_lista", args=[2024, utgava.pk, 2024])


def adress(vad: str, en: Aktivitet) -> str:
    return reverse(f"aktivitet_{vad}", args=[2024, en.pk])


def som_text(utgava: Omradesutgava, avser_ar: int = 2024) -> str:
    """The list as the page has it."""

    def gren(delar: tuple[Rad, ...]) -> str:
        return ", ".join(f"{en.aktivitet.text} ({gren(en.under)})" if en.under else en.aktivitet.text for en in delar)

    return gren(rader(utgava, avser_ar))


def ny(klient: Client, fall: Planfall, text: str, under: Aktivitet | None = None, **falt: str) -> Any:
    vart = reverse("aktivitet_ny", args=[2024, fall.npo.pk, 2024]) + (f"?under={under.pk}" if under else "")
    return klient.post(vart, formular(klient.get(vart), "avtryck") | {"text": text, **falt}, follow=True)


def tryck(klient: Client, vad: str, en: Aktivitet, **mer: object) -> Any:
    """Press the activity's button in the list as it now is."""
    knappen = knapp(klient.get(lista(en.utgava)), adress(vad, en))
    return klient.post(adress(vad, en), knappen | {namn: str(varde) for namn, varde in mer.items()}, follow=True)


# --- Add ----------------------------------------------------------------------------------------------------------


def test_a_new_activity_comes_last_on_its_level(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    ny(klient, fall, "Tredje")
    ny(klient, fall, "Under två", fall.forsta)
    assert som_text(fall.npo) == "Första (Under första, Under två), Andra, Tredje"
    assert Aktivitet.objects.get(text="Tredje").andrad_av == samordnare


def test_all_fields_are_saved_and_shown_in_the_plan(klient: Client, fall: Planfall) -> None:
    falt = {
        "villkor": "Om medel finns",
        "ansvarig": "SGD",
        "status": "pagar",
        "start": "2024-02-01",
        "slut": "2024-11-30",
    }
    ny(klient, fall, "Med allt", **falt)
    en = Aktivitet.objects.get(text="Med allt")
    assert (en.start, en.slut, en.status) == (date(2024, 2, 1), date(2024, 11, 30), "pagar")
    text = synlig_text(klient.get("/plan/2024/"))
    for del_ in ("Med allt", "pågår", "Ansvarig: SGD", "2024-02-01", "2024-11-30", "Villkor: Om medel finns"):
        assert del_ in text


@pytest.mark.parametrize(
    ("falt", "besked"),
    [
        ({"text": ""}, "måste fyllas i"),
        ({"text": "a" * 2_001}, "högst 2 000 tecken"),
        ({"villkor": "a" * 2_001}, "högst 2 000 tecken"),
        ({"ansvarig": "a" * 201}, "högst 200 tecken"),
        ({"status": "kanske"}, "Välj ett giltigt alternativ"),
        ({"start": "31/12/2024"}, "Skriv år-månad-dag"),
        ({"start": "2024-13-01"}, "finns inte i kalendern"),
        ({"start": "2024-1-5"}, "Skriv år-månad-dag"),
        ({"slut": "0001-01-01"}, "mellan 1990 och 2100"),
        ({"slut": "2024-02-30"}, "finns inte i kalendern"),
        ({"slut": "12/01/24"}, "Skriv år-månad-dag"),
        ({"start": "2024-06-01", "slut": "2024-05-31"}, "Slutdatum kan inte ligga före startdatum."),
    ],
)
def test_an_activity_that_does_not_do_is_refused_with_the_reason(
    klient: Client, fall: Planfall, falt: dict[str, str], besked: str
) -> None:
    vart = adress("redigera", fall.forsta)
    svar = klient.post(vart, formular(klient.get(vart), "avtryck") | falt)
    assert svar.status_code == 422
    assert besked in synlig_text(svar)
    for skrivet in falt.values():
        assert skrivet in svar.content.decode()
    assert Aktivitet.objects.get(pk=fall.forsta.pk).version == 1


def test_an_activity_may_start_and_end_on_the_same_day(klient: Client, fall: Planfall) -> None:
    vart = adress("redigera", fall.forsta)
    data = formular(klient.get(vart), "avtryck") | {"start": "2024-06-01", "slut": "2024-06-01"}
    assert klient.post(vart, data).status_code == 302


def test_activities_nest_three_deep_and_no_deeper(klient: Client, fall: Planfall) -> None:
    ny(klient, fall, "Djup tre", fall.under)
    tredje = Aktivitet.objects.get(text="Djup tre")
    vart = reverse("aktivitet_ny", args=[2024, fall.npo.pk, 2024]) + f"?under={tredje.pk}"
    assert vart not in klient.get(lista(fall.npo)).content.decode()
    svar = klient.post(vart, {"text": "Djup fyra", "version": "0", "avtryck": ""})
    assert svar.status_code == 422
    assert "högst 3 nivåer" in synlig_text(svar)
    assert not Aktivitet.objects.filter(text="Djup fyra").exists()


@pytest.mark.parametrize("under", ["0", "x", "-1", "9" * 30, "9" * 5_000, "1.0"])
def test_a_parent_that_is_none_is_not_found(klient: Client, fall: Planfall, under: str) -> None:
    vart = reverse("aktivitet_ny", args=[2024, fall.npo.pk, 2024])
    assert klient.get(vart, {"under": under}).status_code == 404


def test_what_was_typed_under_a_parent_that_was_just_removed_is_not_thrown_away(
    klient: Client, annan: Client, fall: Planfall
) -> None:
    vart = reverse("aktivitet_ny", args=[2024, fall.npo.pk, 2024]) + f"?under={fall.forsta.pk}"
    mitt = formular(klient.get(vart), "avtryck") | {"text": "Min underpunkt"}
    tryck(annan, "ta_bort", fall.forsta)
    svar = klient.post(vart, mitt)
    assert svar.status_code == 409
    assert formular(svar, "avtryck")["text"] == "Min underpunkt"
    assert not Aktivitet.objects.filter(text="Min underpunkt").exists()
    assert klient.post(vart, formular(svar, "avtryck") | {"ta_tillbaka": "ja"}).status_code == 302
    assert som_text(fall.npo) == "Första (Under första, Min underpunkt), Andra"


# --- Move by button -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vilken", "steg", "blev"),
    [
        ("andra", ["upp"], "Andra, Första (Under första)"),
        ("forsta", ["ned"], "Andra, Första (Under första)"),
        ("forsta", ["ned", "upp"], START),
        ("andra", ["in"], "Första (Under första, Andra)"),
        ("andra", ["in", "ut"], START),
        ("andra", ["in", "upp"], "Första (Andra, Under första)"),
        ("andra", ["in", "in"], "Första (Under första (Andra))"),
        ("andra", ["in", "in", "ut", "ut"], START),
        ("under", ["ut"], "Första, Under första, Andra"),
        ("under", ["ut", "ned"], "Första, Andra, Under första"),
        ("forsta", ["ned", "in"], "Andra (Första (Under första))"),
        ("forsta", ["upp"], START),
        ("andra", ["ned"], START),
    ],
)
def test_buttons_move_up_down_in_and_out(
    klient: Client, fall: Planfall, vilken: str, steg: list[str], blev: str
) -> None:
    for riktning in steg:
        svar = tryck(klient, "flytta", getattr(fall, vilken), riktning=riktning)
        assert "aktiviteten är flyttad" in synlig_text(svar)
    assert som_text(fall.npo) == blev


@pytest.mark.parametrize(
    ("vilken", "riktning", "besked"),
    [
        ("forsta", "in", "ingen aktivitet ovanför"),
        ("under", "in", "ingen aktivitet ovanför"),
        ("forsta", "ut", "ligger redan ytterst"),
        ("forsta", "bort", "upp, ned, in eller ut"),
        ("forsta", "", "upp, ned, in eller ut"),
    ],
)
def test_a_move_that_cannot_be_made_says_why(
    klient: Client, fall: Planfall, vilken: str, riktning: str, besked: str
) -> None:
    assert besked in synlig_text(tryck(klient, "flytta", getattr(fall, vilken), riktning=riktning))
    assert som_text(fall.npo) == START


def test_a_branch_is_not_moved_in_where_it_would_be_too_deep(klient: Client, fall: Planfall) -> None:
    ny_aktivitet(fall.npo, 2024, 1, "Djup tre", foralder=fall.under)
    tryck(klient, "flytta", fall.forsta, riktning="ned")
    svar = tryck(klient, "flytta", fall.forsta, riktning="in")
    assert "högst 3 nivåer" in synlig_text(svar)
    assert som_text(fall.npo) == "Andra, Första (Under första (Djup tre))"


def test_what_is_removed_does_not_count_as_depth(klient: Client, fall: Planfall) -> None:
    djup = ny_aktivitet(fall.npo, 2024, 1, "Djup tre", foralder=fall.under)
    tryck(klient, "ta_bort", djup)
    tryck(klient, "flytta", fall.forsta, riktning="ned")
    tryck(klient, "flytta", fall.forsta, riktning="in")
    assert som_text(fall.npo) == "Andra (Första (Under första))"


# --- Move by mouse ------------------------------------------------------------------------------------------------


def dra(klient: Client, en: Aktivitet, foralder: Aktivitet | int, efter: Aktivitet | int) -> Any:
    def pk(vad: Aktivitet | int) -> int:
        return vad if isinstance(vad, int) else vad.pk

    return tryck(klient, "flytta", en, foralder=pk(foralder), efter=pk(efter))


def test_dragging_places_after_another_and_under_any_parent(klient: Client, fall: Planfall) -> None:
    dra(klient, fall.andra, 0, 0)
    assert som_text(fall.npo) == "Andra, Första (Under första)"
    dra(klient, fall.andra, fall.forsta, fall.under)
    assert som_text(fall.npo) == "Första (Under första, Andra)"
    dra(klient, fall.under, 0, fall.forsta)
    assert som_text(fall.npo) == "Första (Andra), Under första"


@pytest.mark.parametrize("foralder", ["forsta", "under"])
def test_nothing_is_dragged_under_itself(klient: Client, fall: Planfall, foralder: str) -> None:
    svar = dra(klient, fall.forsta, getattr(fall, foralder), 0)
    assert "inte ligga under sig själv" in synlig_text(svar)
    assert som_text(fall.npo) == START


def test_nothing_is_dragged_to_another_area_or_year(klient: Client, fall: Planfall) -> None:
    annat_omrade = Aktivitet.objects.get(utgava=fall.sdk)
    annat_ar = ny_aktivitet(fall.npo, 2023, 1, "Förra året")
    for foralder in (annat_omrade, annat_ar):
        assert "inom sitt område och sitt år" in synlig_text(dra(klient, fall.andra, foralder, 0))
    assert "finns inte kvar" in synlig_text(dra(klient, fall.andra, 0, annat_omrade))
    assert som_text(fall.npo) == START


@pytest.mark.parametrize(("foralder", "efter"), [(99_999, 0), (0, 99_999), (0, 10**30)])
def test_a_place_that_is_gone_moves_nothing(klient: Client, fall: Planfall, foralder: int, efter: int) -> None:
    assert "finns inte kvar" in synlig_text(dra(klient, fall.andra, foralder, efter))
    assert som_text(fall.npo) == START


@pytest.mark.parametrize("skrap", ["x", "-1", "1.0", "٣", "1 or 1=1"])
def test_a_garbled_place_moves_nothing(klient: Client, fall: Planfall, skrap: str) -> None:
    svar = tryck(klient, "flytta", fall.andra, foralder=skrap, efter="0")
    assert "finns inte kvar" in synlig_text(svar)
    assert som_text(fall.npo) == START


def test_an_activity_of_another_plan_is_no_place(klient: Client, fall: Planfall, utkast: Handlingsplan) -> None:
    frammande = planfall(utkast)
    assert "finns inte kvar" in synlig_text(dra(klient, fall.andra, frammande.forsta, 0))
    assert som_text(fall.npo) == START


def test_a_removed_activity_is_not_dragged_anywhere(klient: Client, annan: Client, fall: Planfall) -> None:
    gammal = knapp(klient.get(lista(fall.npo)), adress("flytta", fall.andra)) | {
        "foralder": str(fall.forsta.pk),
        "efter": "0",
    }
    tryck(annan, "ta_bort", fall.andra)
    svar = klient.post(adress("flytta", fall.andra), gammal, follow=True)
    assert svar.status_code == 200
    assert "finns inte kvar" in synlig_text(svar)
    assert som_text(fall.npo) == "Första (Under första)"


@pytest.mark.parametrize("hur", [{"riktning": "ned"}, {"foralder": "0", "efter": "0"}])
def test_a_move_from_an_old_page_moves_nothing(
    klient: Client, annan: Client, fall: Planfall, hur: dict[str, str]
) -> None:
    ny(klient, fall, "Tredje")
    gammal = knapp(klient.get(lista(fall.npo)), adress("flytta", fall.forsta)) | hur
    tryck(annan, "flytta", fall.forsta, riktning="ned")
    svar = klient.post(adress("flytta", fall.forsta), gammal, follow=True)
    assert "har ändrats av någon annan" in synlig_text(svar)
    assert som_text(fall.npo) == "Andra, Första (Under första), Tredje"


# --- Remove and bring back ----------------------------------------------------------------------------------------


def test_an_activity_is_removed_with_all_below_and_they_come_back_together(klient: Client, fall: Planfall) -> None:
    svar = tryck(klient, "ta_bort", fall.forsta)
    assert "Aktiviteten togs bort. ”Första”" in synlig_text(svar)
    assert som_text(fall.npo) == "Andra"
    assert "Under första" not in synlig_text(klient.get("/plan/2024/"))
    svar = klient.post(adress("aterstall", fall.forsta), knapp(svar, adress("aterstall", fall.forsta)), follow=True)
    assert "Aktiviteten är tillbaka." in synlig_text(svar)
    assert som_text(fall.npo) == START


def test_a_removed_sub_point_comes_back_under_its_parent_where_that_has_gone(klient: Client, fall: Planfall) -> None:
    svar = tryck(klient, "ta_bort", fall.under)
    tryck(klient, "flytta", fall.forsta, riktning="ned")
    klient.post(adress("aterstall", fall.under), knapp(svar, adress("aterstall", fall.under)))
    assert som_text(fall.npo) == "Andra, Första (Under första)"


def test_what_comes_back_between_others_does_not_disturb_their_order(klient: Client, fall: Planfall) -> None:
    ny(klient, fall, "Tredje")
    svar = tryck(klient, "ta_bort", fall.andra)
    tryck(klient, "flytta", Aktivitet.objects.get(text="Tredje"), riktning="upp")
    klient.post(adress("aterstall", fall.andra), knapp(svar, adress("aterstall", fall.andra)))
    assert sorted(som_text(fall.npo).split(", ")) == ["Andra", "Första (Under första)", "Tredje"]
    tryck(klient, "flytta", fall.andra, riktning="upp")
    assert len(som_text(fall.npo).split(", ")) == 3


def test_an_activity_that_somebody_has_just_changed_is_not_removed(
    klient: Client, annan: Client, fall: Planfall
) -> None:
    gammal = knapp(klient.get(lista(fall.npo)), adress("ta_bort", fall.andra))
    vart = adress("redigera", fall.andra)
    annan.post(vart, formular(annan.get(vart), "avtryck") | {"text": "Nyss ändrad"})
    assert "Inget togs bort" in synlig_text(klient.post(adress("ta_bort", fall.andra), gammal, follow=True))
    assert som_text(fall.npo) == "Första (Under första), Nyss ändrad"


# --- The list -----------------------------------------------------------------------------------------------------


def test_the_list_numbers_its_rows_and_shuts_buttons_that_lead_nowhere(fall: Planfall) -> None:
    forsta, andra = rader(fall.npo, 2024)
    assert [en.nummer for en in (forsta, forsta.under[0], andra)] == ["1", "1.1", "2"]
    assert (forsta.kan_upp, forsta.kan_ned, forsta.kan_in, forsta.kan_ut) == (False, True, False, False)
    assert (andra.kan_upp, andra.kan_ned, andra.kan_in, andra.kan_ut) == (True, False, True, False)
    under = forsta.under[0]
    assert (under.kan_upp, under.kan_ned, under.kan_in, under.kan_ut) == (False, False, False, True)


def test_the_list_costs_as_many_statements_for_many_as_for_few(
    klient: Client, fall: Planfall, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as fa:
        klient.get(lista(fall.npo))
    manga_aktiviteter(fall.npo, 60)
    with django_assert_num_queries(len(fa)):
        klient.get(lista(fall.npo))


def test_a_year_that_the_plan_does_not_cover_has_no_activities(klient: Client, fall: Planfall) -> None:
    for namn in ("aktivitet_lista", "aktivitet_ny"):
        for avser_ar in (2023, 2025, 10**20):
            assert klient.get(reverse(namn, args=[2024, fall.npo.pk, avser_ar])).status_code == 404


def test_an_activity_of_another_plan_is_not_found(klient: Client, fall: Planfall, utkast: Handlingsplan) -> None:
    for vad in ("redigera", "flytta", "ta_bort", "aterstall"):
        vart = reverse(f"aktivitet_{vad}", args=[2025, fall.forsta.pk])
        assert klient.post(vart, {"version": "1", "riktning": "ned"}).status_code == 404
    assert som_text(fall.npo) == START


def test_each_year_of_a_plan_has_a_list_of_its_own(klient: Client, db: None) -> None:
    plan = Handlingsplan.objects.create(fran_ar=2025, till_ar=2026, titel="Tvåårsplan")
    utgava = planfall(plan).npo
    vart = reverse("aktivitet_ny", args=[2026, utgava.pk, 2025])
    klient.post(vart, formular(klient.get(vart), "avtryck") | {"text": "Bara 2025"})
    assert som_text(utgava, 2025) == "Bara 2025"
    assert som_text(utgava, 2026) == START
