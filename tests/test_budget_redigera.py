"""The budget grid: who may, what is read, what is saved, and what happens when two save at once."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budget.celler import Cellplats, las_plats
from budget.models import Budgetpost, Finansiering
from handlingsplan.models import Anvandare, Handlingsplan
from insatsomraden.models import Omradesutgava
from tests.budgetfall import Budgetfall, Formdata, Svar, budgetfall, formular, omrade, skriv_post
from tests.cast import Klientmakare

ADRESS = "/plan/2024/budget/redigera/"
NBSP = "\u00a0"


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Budgetfall:
    return budgetfall(delad_plan)


def oppna(klient: Client, fall: Budgetfall, adress: str = ADRESS) -> Formdata:
    """The grid's form as it stands on the page."""
    return formular(klient.get(adress), fall.namn(fall.mina_planer))


def skicka(klient: Client, data: Formdata, **andringar: str) -> Svar:
    return klient.post(ADRESS, data | andringar)


def kronor(fall: Budgetfall, rad: Omradesutgava | None = None, kolumn: str = "2024-sgd") -> object:
    """What is saved in a cell, in kronor; None where it is no amount."""
    post = fall.post(rad or fall.mina_planer, kolumn)
    return None if post is None or post.belopp is None else post.belopp.amount


# --- What the page has -------------------------------------------------------------------------------------------


def test_every_cell_of_the_table_is_an_input_with_a_label_of_its_own(klient: Client, fall: Budgetfall) -> None:
    sida = klient.get(ADRESS).content.decode()
    namn = fall.namn(fall.mina_planer)
    assert f'<label class="dolj" for="{namn}">Mina planer, SGD 2024</label>' in sida
    assert f'id="{namn}" name="{namn}" value="500{NBSP}000"' in sida
    assert "Rad utan benämning, annan finansiering 2024" in sida


def test_columns_are_sgd_of_the_plans_year_and_whatever_else_is_used(klient: Client, fall: Budgetfall) -> None:
    data = oppna(klient, fall)
    kolumner = {str(namn).split("-", 1)[1] for namn in data if namn.startswith(f"o{fall.beslutsstod.pk}-")}
    assert kolumner == {"2024-sgd", "2024-annan", "2023-sgd"}


def test_an_area_that_is_not_in_the_plan_keeps_only_its_comparison(klient: Client, fall: Budgetfall) -> None:
    for rad in (fall.bevakad, fall.utgatt):
        Budgetpost.objects.filter(utgava=rad).delete()
        skriv_post(rad, 2024, "sgd", 5_000)
        assert not [namn for namn in oppna(klient, fall) if namn.startswith(f"o{rad.pk}-")]
        skriv_post(rad, 2023, "sgd", 70_000)
        assert [namn for namn in oppna(klient, fall) if namn.startswith(f"o{rad.pk}-")] == [fall.namn(rad, "2023-sgd")]
    assert "SDV (bevakas utan budget)" in klient.get(ADRESS).content.decode()
    assert skicka(klient, oppna(klient, fall), **{fall.namn(fall.bevakad, "2023-sgd"): "80 000"}).status_code == 302
    assert kronor(fall, fall.bevakad, "2023-sgd") == 80_000
    assert f"80{NBSP}000" in klient.get("/plan/2024/budget/").content.decode()


def test_money_of_an_area_that_has_left_makes_no_column(klient: Client, fall: Budgetfall) -> None:
    skriv_post(fall.utgatt, 2024, "projektmedel", 7_000)
    assert fall.namn(fall.mina_planer, "2024-projektmedel") not in oppna(klient, fall)


def test_the_four_kinds_and_the_empty_cell_stand_as_they_are_typed(klient: Client, fall: Budgetfall) -> None:
    data = oppna(klient, fall)
    assert data[fall.namn(fall.beslutsstod)] == "0"
    assert data[fall.namn(fall.mina_planer, "2024-annan")] == "okänt"
    assert data[f"r{fall.rad.pk}-2024-annan"] == "ej aktuellt"
    assert data[fall.namn(fall.beslutsstod, "2024-annan")] == ""


def test_a_column_can_be_added_empty_and_a_get_writes_nothing(klient: Client, fall: Budgetfall) -> None:
    adress = f"{ADRESS}?kolumn=2024-statsbidrag&kolumn=2019-sgd&kolumn=2024-hokus&kolumn=x"
    data = oppna(klient, fall, adress)
    tillagd = fall.namn(fall.mina_planer, "2024-statsbidrag")
    assert data[tillagd] == ""
    assert not [namn for namn in data if namn.endswith(("2019-sgd", "hokus"))]
    antal = Budgetpost.objects.count()
    assert klient.post(adress, data | {tillagd: "75 000"}).status_code == 302
    assert (kronor(fall, kolumn="2024-statsbidrag"), Budgetpost.objects.count()) == (75_000, antal + 1)
    assert tillagd in oppna(klient, fall)


def test_the_number_of_statements_does_not_grow_with_the_table(klient: Client, fall: Budgetfall) -> None:
    with CaptureQueriesContext(connection) as fa:
        klient.get(ADRESS)
    for nummer in range(20):
        skriv_post(omrade(fall.plan, f"omrade-{nummer}", f"Område {nummer}"), 2024, "sgd", nummer)
    with CaptureQueriesContext(connection) as manga:
        klient.get(ADRESS)
    assert len(manga) == len(fa)


# --- Saving ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typat", "slag", "belopp"),
    [
        ("600 000", "belopp", 600_000),
        (f"1{NBSP}750{NBSP}000,50 kr", "belopp", Decimal("1750000.50")),
        ("400 tkr", "belopp", 400_000),
        ("0", "belopp", 0),
        ("okänt", "okant", None),
        ("***", "okant", None),
        ("Ej aktuellt", "ej_aktuellt", None),
    ],
)
def test_what_is_typed_is_what_is_saved(
    klient: Client, fall: Budgetfall, samordnare: Anvandare, typat: str, slag: str, belopp: Decimal | None
) -> None:
    svar = skicka(klient, oppna(klient, fall), **{fall.namn(fall.mina_planer): typat})
    assert (svar.status_code, svar["Location"]) == (302, reverse("budget", args=[2024]))
    post = fall.post(fall.mina_planer)
    assert post is not None
    assert (post.slag, kronor(fall), post.andrad_av) == (slag, belopp, samordnare)


def test_only_changed_cells_are_written(klient: Client, fall: Budgetfall) -> None:
    fore = dict(Budgetpost.objects.values_list("pk", "version"))
    svar = klient.post(ADRESS, oppna(klient, fall) | {fall.namn(fall.mina_planer): "600000"}, follow=True)
    andrad = fall.post(fall.mina_planer)
    assert andrad is not None
    assert dict(Budgetpost.objects.values_list("pk", "version")) == fore | {andrad.pk: 2}
    assert ": budgeten." in svar.content.decode()


def test_the_same_amount_written_in_another_way_is_no_change(klient: Client, fall: Budgetfall) -> None:
    skicka(klient, oppna(klient, fall), **{fall.namn(fall.mina_planer): "500 tkr"})
    assert set(Budgetpost.objects.values_list("version", flat=True)) == {1}


def test_an_emptied_cell_is_not_filled_in_again(klient: Client, fall: Budgetfall) -> None:
    skicka(klient, oppna(klient, fall), **{fall.namn(fall.mina_planer): "  "})
    assert fall.post(fall.mina_planer) is None


@pytest.mark.parametrize(
    ("typat", "ur_meddelandet"),
    [
        ("1 75O 000", "bokstaven O"),
        ("−5", "minustecken"),
        ("1e9", "potensform"),
        ("1000000000000000", "för stort"),
        ("1.750", "Punkten"),
        ("-", "kan betyda flera saker"),
        ("9" * 500, "för lång"),
        ("<script>alert(1)</script>", "&lt;script&gt;"),
    ],
)
def test_a_refused_amount_saves_nothing_and_loses_nothing(
    klient: Client, fall: Budgetfall, typat: str, ur_meddelandet: str
) -> None:
    fel, ratt = fall.namn(fall.mina_planer), fall.namn(fall.beslutsstod)
    svar = skicka(klient, oppna(klient, fall), **{fel: typat, ratt: "25 000"})
    sida = svar.content.decode()
    assert svar.status_code == 422
    assert f'<a href="#{fel}">Mina planer, SGD 2024:' in sida
    assert f'id="fel-{fel}"' in sida
    assert ur_meddelandet in sida
    kvar = formular(svar, fel)
    assert (kvar[fel], kvar[ratt]) == (typat, "25 000")
    assert set(Budgetpost.objects.values_list("version", flat=True)) == {1}
    assert skicka(klient, kvar, **{fel: "1"}).status_code == 302
    assert (kronor(fall), kronor(fall, fall.beslutsstod)) == (1, 25_000)


def test_all_refused_amounts_are_listed_at_once(klient: Client, fall: Budgetfall) -> None:
    namn = [fall.namn(fall.mina_planer), fall.namn(fall.beslutsstod)]
    svar = skicka(klient, oppna(klient, fall), **dict.fromkeys(namn, "mycket"))
    assert [svar.content.decode().count(f'<a href="#{ett}">') for ett in namn] == [1, 1]


def test_cells_of_another_plan_or_of_no_plan_are_not_written(
    klient: Client, fall: Budgetfall, utkast: Handlingsplan
) -> None:
    frammande = omrade(utkast, "frammande", "Främmande")
    for namn in (fall.namn(frammande), fall.namn(fall.bevakad), fall.namn(fall.utgatt), "o999999-2024-sgd"):
        svar = skicka(klient, {namn: "5", f"bas-{namn}": "0 ej_ifyllt"})
        assert (svar.status_code, Budgetpost.objects.filter(belopp=5).count()) == (409, 0), namn
    svar = skicka(klient, {fall.namn(fall.mina_planer, "1999-sgd"): "5"})
    assert (svar.status_code, Budgetpost.objects.filter(belopp=5).count()) == (409, 0)


# --- Two at once -------------------------------------------------------------------------------------------------


def test_two_who_change_the_same_cell_see_both_amounts_and_choose(
    klient: Client, annan: Client, fall: Budgetfall
) -> None:
    namn, mitt_andra = fall.namn(fall.mina_planer), fall.namn(fall.beslutsstod)
    min_sida = oppna(klient, fall)
    skicka(annan, oppna(annan, fall), **{namn: "550 000"})
    svar = skicka(klient, min_sida, **{namn: "600 000", mitt_andra: "25 000"})
    sida = svar.content.decode()
    assert svar.status_code == 409
    assert "Din: 600 000. Sparad av Andra samordnaren" in sida
    assert f": 550{NBSP}000." in sida
    assert (kronor(fall), kronor(fall, fall.beslutsstod)) == (550_000, 0)
    kvar = formular(svar, namn)
    assert (kvar[namn], kvar[mitt_andra]) == ("600 000", "25 000")
    assert sida.count('<span class="dolj">Krock: </span>') == 1
    assert skicka(klient, kvar).status_code == 302
    assert (kronor(fall), kronor(fall, fall.beslutsstod)) == (600_000, 25_000)


@pytest.mark.parametrize("kolumn", ["2024-sgd", "2023-annan"])
def test_two_who_press_save_at_the_same_moment_are_let_in_one_at_a_time(
    transactional_db: None, klient: Client, annan: Client, fall: Budgetfall, kolumn: str
) -> None:
    namn, grind = fall.namn(fall.mina_planer, kolumn), Barrier(2)
    data = oppna(klient, fall, f"{ADRESS}?kolumn={kolumn}")

    def spara(vem: Client, belopp: str) -> int:
        grind.wait(timeout=20)
        try:
            return skicka(vem, data, **{namn: belopp}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as tradar:
        svar = [tradar.submit(spara, klient, "111"), tradar.submit(spara, annan, "222")]
    status = [ett.result() for ett in svar]
    assert sorted(status) == [302, 409]
    assert kronor(fall, kolumn=kolumn) == (111 if status[0] == 302 else 222)


def test_the_others_amount_can_be_chosen_by_typing_it(klient: Client, annan: Client, fall: Budgetfall) -> None:
    namn = fall.namn(fall.mina_planer)
    min_sida = oppna(klient, fall)
    skicka(annan, oppna(annan, fall), **{namn: "okänt"})
    kvar = formular(skicka(klient, min_sida, **{namn: "600 000"}), namn)
    assert skicka(klient, kvar, **{namn: "okänt"}).status_code == 302
    post = fall.post(fall.mina_planer)
    assert post is not None
    assert (post.slag, post.version) == ("okant", 2)


def test_different_cells_and_equal_values_are_no_conflict(klient: Client, annan: Client, fall: Budgetfall) -> None:
    min_sida = oppna(klient, fall)
    skicka(annan, oppna(annan, fall), **{fall.namn(fall.mina_planer): "550000", fall.namn(fall.beslutsstod): "9"})
    assert skicka(klient, min_sida, **{fall.namn(fall.beslutsstod): "9"}).status_code == 302
    assert (kronor(fall), kronor(fall, fall.beslutsstod)) == (550_000, 9)


@pytest.mark.parametrize(("den_andres", "mitt"), [("7", "8"), ("okänt", "ej aktuellt"), ("0", "okänt")])
def test_two_who_fill_in_the_same_empty_cell_conflict(
    klient: Client, annan: Client, fall: Budgetfall, den_andres: str, mitt: str
) -> None:
    namn = fall.namn(fall.beslutsstod, "2024-annan")
    min_sida = oppna(klient, fall)
    skicka(annan, oppna(annan, fall), **{namn: den_andres})
    svar = skicka(klient, min_sida, **{namn: mitt})
    assert (svar.status_code, f": {den_andres}." in svar.content.decode()) == (409, True)
    assert skicka(klient, formular(svar, namn)).status_code == 302


def test_a_cell_that_somebody_emptied_is_not_filled_without_asking(
    klient: Client, annan: Client, fall: Budgetfall
) -> None:
    namn = fall.namn(fall.mina_planer)
    min_sida = oppna(klient, fall)
    skicka(annan, oppna(annan, fall), **{namn: ""})
    svar = skicka(klient, min_sida, **{namn: "600 000"})
    assert (svar.status_code, "har tömt cellen" in svar.content.decode(), kronor(fall)) == (409, True, None)
    assert skicka(klient, formular(svar, namn)).status_code == 302
    assert kronor(fall) == 600_000


def test_a_cell_that_somebody_changed_is_not_emptied_without_asking(
    klient: Client, annan: Client, fall: Budgetfall
) -> None:
    namn = fall.namn(fall.mina_planer)
    min_sida = oppna(klient, fall)
    skicka(annan, oppna(annan, fall), **{namn: "550000"})
    svar = skicka(klient, min_sida, **{namn: ""})
    assert (svar.status_code, kronor(fall)) == (409, 550_000)
    assert skicka(klient, formular(svar, namn)).status_code == 302
    assert fall.post(fall.mina_planer) is None


def test_an_untouched_cell_shows_what_the_other_saved(klient: Client, annan: Client, fall: Budgetfall) -> None:
    min_sida = oppna(klient, fall)
    skicka(annan, oppna(annan, fall), **{fall.namn(fall.mina_planer): "550000"})
    svar = skicka(klient, min_sida, **{fall.namn(fall.beslutsstod): "x1"})
    assert (svar.status_code, formular(svar, fall.namn(fall.mina_planer))[fall.namn(fall.mina_planer)]) == (
        422,
        f"550{NBSP}000",
    )


def test_what_was_typed_in_a_row_that_was_removed_is_shown_again(
    klient: Client, annan: Client, fall: Budgetfall
) -> None:
    namn, mitt_andra = f"r{fall.rad.pk}-2024-sgd", fall.namn(fall.mina_planer)
    min_sida = oppna(klient, fall)
    annan.post(reverse("budgetrad_ta_bort", args=[2024, fall.rad.pk]), {"version": "1"})
    svar = skicka(klient, min_sida, **{namn: "12 345", mitt_andra: "600000"})
    sida = svar.content.decode()
    assert (svar.status_code, "Rad utan benämning, SGD 2024: 12 345" in sida, kronor(fall)) == (409, True, 500_000)
    assert skicka(klient, formular(svar, mitt_andra)).status_code == 302
    assert kronor(fall) == 600_000


def test_a_form_that_has_lost_its_base_overwrites_nothing_unseen(klient: Client, fall: Budgetfall) -> None:
    namn = fall.namn(fall.mina_planer)
    for bas in ("", "1", "1 belopp 1e9", "x belopp 5.00", "1 belopp 500000"):
        svar = skicka(klient, {namn: "600000", f"bas-{namn}": bas})
        assert (svar.status_code, kronor(fall)) == (409, 500_000), bas


# --- Who may -----------------------------------------------------------------------------------------------------

VYER = (
    ("budget_redigera", ()),
    ("budgetrad_ny", ()),
    ("budgetrad_redigera", ("rad",)),
    ("budgetrad_flytta", ("rad",)),
    ("budgetrad_ta_bort", ("rad",)),
    ("budgetrad_aterstall", ("rad",)),
    ("fotnot_ny", ()),
    ("fotnot_redigera", ("fotnot",)),
    ("fotnot_flytta", ("fotnot",)),
    ("fotnot_ta_bort", ("fotnot",)),
    ("fotnot_aterstall", ("fotnot",)),
    ("regel_redigera", (2024,)),
    ("publicerad_redigera", (2024,)),
    ("publicerad_ta_bort", (2024,)),
)


@pytest.mark.parametrize("vem", ["lasare_malmo", "beredning", "administrator", "utomstaende"])
@pytest.mark.parametrize(("vy", "arg"), VYER)
def test_only_a_coordinator_edits_money(
    request: pytest.FixtureRequest, fall: Budgetfall, klient_for: Klientmakare, vem: str, vy: str, arg: tuple[object]
) -> None:
    klient = klient_for(request.getfixturevalue(vem))
    adress = reverse(vy, args=[2024, *(1 if isinstance(en, str) else en for en in arg)])
    for svar in (klient.get(adress), klient.post(adress, {"version": "1"})):
        assert svar.status_code in ((403, 405) if svar.request["REQUEST_METHOD"] == "GET" else (403,))
    assert Client().get(adress).status_code == 302


@pytest.mark.parametrize(("vy", "arg"), VYER)
def test_an_adopted_plan_is_not_edited_and_one_that_is_not_shared_is_unknown_to_readers(
    faststalld_plan: Handlingsplan,
    utkast: Handlingsplan,
    klient: Client,
    lasare_malmo: Anvandare,
    klient_for: Klientmakare,
    vy: str,
    arg: tuple[object],
) -> None:
    lasare = klient_for(lasare_malmo)
    for till_ar, vem, status in ((2023, klient, 403), (2025, lasare, 404), (1999, klient, 404)):
        adress = reverse(vy, args=[till_ar, *(1 if isinstance(en, str) else till_ar for en in arg)])
        assert vem.post(adress, {"version": "1"}).status_code == status


def test_a_plan_adopted_while_somebody_was_typing_is_not_changed(klient: Client, fall: Budgetfall) -> None:
    data = oppna(klient, fall)
    Handlingsplan.objects.filter(pk=fall.plan.pk).update(faststalld_at="2024-01-10")
    assert skicka(klient, data, **{fall.namn(fall.mina_planer): "1"}).status_code == 403
    assert kronor(fall) == 500_000


def test_every_form_of_financing_has_a_name_a_cell_can_be_read_back_from() -> None:
    for form in Finansiering.values:
        for plats in (Cellplats(3, None, 2024, form), Cellplats(None, 7, 2023, form)):
            assert las_plats(plats.namn) == plats
    assert [las_plats(fel) for fel in ("o3-2024", "x3-2024-sgd", "o3-24-sgd", "o3-2024-sgd ", "o٣-2024-sgd")] == [
        None
    ] * 5
