"""The reconciliation on its page: what was charged against what it cost, the rule as a decision, closed once."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from budget.avstamningar import KanInteFaststallas, las_avstamning, stang
from budget.avstamningslager import lagrad, rakna_om
from budget.models import Avstamning, Avstamningsandel, Avstamningsregel, Fordelningsregel, Utfall
from budget.models.avstamning import AvstamningenAndrasInte
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from tests.avstamningsfall import AVSTAMNING, avstambar, fasta, faststalld, skriv_regel, skriv_utfall, utfarda
from tests.budgetfall import formular, omrade, skriv_post
from tests.cast import Klientmakare
from tests.historikfall import falt, hel, rader
from tests.planfall import Planfall, planfall
from tests.sidor import synlig_text

pytestmark = pytest.mark.django_db

FASTSTALL, REGEL = f"{AVSTAMNING}faststall/", f"{AVSTAMNING}regel/"
REGELFALT = {
    "overskott": "aterbetalas",
    "underskott": "overfors",
    "instans": "CSO",
    "beslutsdatum": "2025-03-07",
    "paragraf": "7",
    "diarienummer": "2025-12",
}
# Of 150 000,33 kr and of the 175 000 kr that was decided: the region's half, and by inhabitants 2022-12-31.
UTFALL = {"12": 75_000_17, "1275": 1_131_69, "1280": 54_345_43, "1281": 19_523_04}
BESLUTAT = {"12": 87_500_00, "1275": 1_320_30, "1280": 63_402_87, "1281": 22_776_83}


@pytest.fixture
def fall(delad_plan: Handlingsplan, folkmangd: None) -> Planfall:
    """Nothing stands in the way of closing the year."""
    return avstambar(delad_plan)


def las(fall: Planfall) -> Any:
    return las_avstamning(fall.plan, 2024)


def test_every_party_has_its_share_what_it_was_charged_and_the_difference(klient: Client, fall: Planfall) -> None:
    nu = las(fall)
    assert {rad.kod: rad.utfall for rad in nu.avstamd.rader} == UTFALL
    assert {rad.kod: rad.debiterat for rad in nu.avstamd.rader} == BESLUTAT
    assert (sum(UTFALL.values()), nu.avstamd.skillnad) == (150_000_33, 24_999_67)
    text = synlig_text(klient.get(AVSTAMNING))
    assert "Inget faktureringsunderlag är utfärdat för 2024" in text
    assert "54 345,4363 402,87+9 057,44avräknas mot nästa års andel" in text
    assert "Summa150 000,33175 000,00+24 999,67" in text
    assert "CSO 2025-03-07 § 7 (dnr 2025-12)" in text


def test_issued_bases_say_what_was_charged_and_the_page_says_so(klient: Client, fall: Planfall) -> None:
    utfarda(fall.plan, {"12": 80_000_00, "1280": 50_000_00})
    nu = las(fall)
    assert {rad.kod: rad.skillnad for rad in nu.avstamd.rader} == {
        "12": 80_000_00 - UTFALL["12"],
        "1275": -UTFALL["1275"],
        "1280": 50_000_00 - UTFALL["1280"],
        "1281": -UTFALL["1281"],
    }
    assert nu.avstamd.skillnad == 130_000_00 - 150_000_33
    assert {rad.atgard for rad in nu.avstamd.rader} == {"avraknas", "debiteras"}
    text = synlig_text(klient.get(AVSTAMNING))
    assert "vad de utfärdade faktureringsunderlagen säger" in text
    assert "Är alla underlag utfärdade?" in text


def test_the_readers_own_party_stands_first(
    klient_for: Klientmakare, lasare_perstorp: Anvandare, fall: Planfall
) -> None:
    html = klient_for(lasare_perstorp).get(AVSTAMNING).content.decode()
    koder = [del_.partition('"')[0] for del_ in html.split('<tr data-kod="')[1:]]
    assert koder == ["1275", "12", "1280", "1281"]
    assert "Fastställ avstämningen" not in html and "Redigera årets regel" not in html


# --- The rule -------------------------------------------------------------------------------------------------------


def test_the_rule_is_written_as_a_decision_and_changed_with_a_version(klient: Client, fall: Planfall) -> None:
    Avstamningsregel.objects.all().delete()
    assert klient.post(REGEL, formular(klient.get(REGEL), "version") | REGELFALT).status_code == 302
    assert rader(fall.plan)[-1].slag == "skapad"
    klient.post(REGEL, formular(klient.get(REGEL), "version") | {"overskott": "avraknas"})
    regel = Avstamningsregel.objects.get()
    assert (regel.version, regel.overskott, regel.underskott) == (2, "avraknas", "overfors")
    assert falt(rader(fall.plan)[-1], "overskott") == ("aterbetalas", "avraknas")
    hel(fall.plan)


@pytest.mark.parametrize(
    ("fel", "besked"),
    [
        ({"instans": " "}, "fyll i instans"),
        ({"paragraf": ""}, "fyll i paragraf"),
        ({"diarienummer": ""}, "fyll i diarienummer"),
        ({"beslutsdatum": ""}, "Skriv dagen för beslutet"),
        ({"beslutsdatum": "2999-01-01"}, "mellan"),
        ({"beslutsdatum": (timezone.localdate() + timedelta(days=2)).isoformat()}, "ligger i framtiden"),
        ({"upphavt": "2025-03-06"}, "upphävas innan det fattas"),
        ({"overskott": "debiteras"}, "giltigt"),
    ],
)
def test_a_rule_without_a_whole_decision_is_refused(
    fel: dict[str, str], besked: str, klient: Client, fall: Planfall
) -> None:
    Avstamningsregel.objects.all().delete()
    svar = klient.post(REGEL, formular(klient.get(REGEL), "version") | REGELFALT | fel)
    assert svar.status_code == 422
    assert besked in synlig_text(svar)
    assert not Avstamningsregel.objects.exists()


def test_two_who_write_the_rule_at_once_see_both(klient: Client, fall: Planfall) -> None:
    Avstamningsregel.objects.all().delete()
    ena = formular(klient.get(REGEL), "version") | REGELFALT
    assert klient.post(REGEL, ena).status_code == 302
    svar = klient.post(REGEL, ena | {"overskott": "overfors"})
    assert svar.status_code == 409
    assert Avstamningsregel.objects.get().overskott == "aterbetalas"


# --- What stands in the way ----------------------------------------------------------------------------------------


def test_an_unknown_outturn_stands_in_the_way_and_is_named(klient: Client, fall: Planfall) -> None:
    Utfall.objects.filter(utgava=fall.sdk).update(slag="okant", belopp=None)
    assert las(fall).hinder == ("Säker digital kommunikation: utfallet är okänt.",)
    assert fasta_utan_formular(klient).status_code == 409
    Utfall.objects.filter(utgava=fall.npo).delete()
    assert "Nationell patientöversikt: utfallet är inte ifyllt." in las(fall).hinder
    assert not Avstamning.objects.exists()


def fasta_utan_formular(klient: Client, avtryck: str = "") -> Any:
    return klient.post(FASTSTALL, {"avtryck": avtryck})


def test_a_withdrawn_decision_stands_in_the_way(klient: Client, fall: Planfall) -> None:
    avtryck = las(fall).avtryck
    Avstamningsregel.objects.update(upphavt=date(2025, 6, 1))
    svar = fasta_utan_formular(klient, avtryck)
    assert svar.status_code == 409
    assert "upphävdes 2025-06-01" in synlig_text(svar)
    Avstamningsregel.objects.all().delete()
    assert "Årets regel saknas" in synlig_text(klient.get(AVSTAMNING))


def test_a_plan_that_is_not_adopted_has_no_split_to_follow(
    klient: Client, delad_plan: Handlingsplan, folkmangd: None
) -> None:
    fall = planfall(delad_plan)
    skriv_utfall(fall.npo, "5")
    nu = las_avstamning(delad_plan, 2024)
    assert (nu.avstamd, nu.fordelning) == (None, None)
    assert "inte fastställd, så det finns ingen lagrad fördelning" in synlig_text(klient.get(AVSTAMNING))


def test_a_year_that_was_not_shared_has_nothing_to_reconcile(klient: Client, faststalld_plan: Handlingsplan) -> None:
    assert "Inget fördelades mellan huvudmännen 2022" in synlig_text(klient.get("/plan/2023/avstamning/2022/"))
    assert klient.get("/plan/2023/avstamning/2024/").status_code == 404


def test_a_year_that_is_not_over_is_a_warning_and_no_hindrance(
    klient: Client, fall: Planfall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("budget.avstamningar.timezone.localdate", lambda: date(2024, 12, 31))
    Avstamningsregel.objects.update(beslutsdatum=date(2024, 3, 7))
    assert (las(fall).hinder, las(fall).varningar) == ((), ("Året 2024 är inte slut, så utfallet kan ändras.",))


def test_a_party_that_has_left_is_settled_in_money(klient: Client, fall: Planfall) -> None:
    Huvudman.objects.filter(kod="1275").update(deltar_till=date(2024, 12, 31))
    nu = las(fall)
    assert {rad.kod: rad.atgard for rad in nu.avstamd.rader}["1275"] == "aterbetalas"
    assert "Perstorps kommun deltar inte 2025" in " ".join(nu.varningar)
    assert "återbetalas deltar inte året efter" in synlig_text(klient.get(AVSTAMNING))


# --- Closed ---------------------------------------------------------------------------------------------------------


def test_a_closed_year_is_stored_whole_and_computed_again_to_the_same_ore(klient: Client, fall: Planfall) -> None:
    nu = las(fall)
    assert fasta(klient).status_code == 302
    stangd = Avstamning.objects.get()
    assert (stangd.utfall, stangd.debiterat, stangd.kalla) == (150_000_33, 175_000_00, "fordelning")
    assert lagrad(stangd) == rakna_om(stangd) == nu.avstamd
    handelse = rader(fall.plan)[-1]
    assert (handelse.modell, handelse.slag) == ("budget.avstamning", "skapad")
    assert sum(ore for *_, ore in falt(handelse, "skillnader")[1]) == 24_999_67
    hel(fall.plan)
    assert "Malmö stad: 9 057,44 kr" in synlig_text(klient.get("/plan/2024/historik/"))


def test_what_comes_after_leaves_a_closed_year_as_it_was(klient: Client, fall: Planfall) -> None:
    fasta(klient)
    fore = las(fall).avstamd
    Utfall.objects.update(belopp=1)
    utfarda(fall.plan, {"1280": 5})
    Huvudman.objects.filter(kod="1275").update(deltar_till=date(2024, 12, 31), officiellt_namn="Annat")
    assert las(fall).avstamd == fore == rakna_om(Avstamning.objects.get())
    assert "Fastställd" in synlig_text(klient.get(AVSTAMNING)).partition("Malmö stad")[0]


def test_a_closed_year_is_not_closed_again_nor_its_rule_changed(klient: Client, fall: Planfall) -> None:
    oppnad = formular(klient.get(REGEL), "version")
    fasta(klient)
    svar = fasta_utan_formular(klient)
    assert svar.status_code == 409
    assert "redan fastställd" in synlig_text(svar)
    svar = klient.post(REGEL, oppnad | {"overskott": "aterbetalas"}, follow=True)
    assert "regeln ändras inte längre" in synlig_text(svar)
    assert Avstamningsregel.objects.get().overskott == "avraknas"
    assert Avstamning.objects.count() == 1


def test_a_rule_that_is_sent_while_the_year_is_closed_is_refused_under_the_lock(
    klient: Client, fall: Planfall, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = formular(klient.get(REGEL), "version") | {"overskott": "aterbetalas"}
    fasta(klient)
    monkeypatch.setattr("budget.views.avstamning.ar_stangt", lambda plan, budgetar: False)  # as it was a moment ago
    assert klient.post(REGEL, data).status_code == 403
    assert Avstamningsregel.objects.get().overskott == "avraknas"


def test_what_has_changed_since_it_was_read_is_read_again(klient: Client, fall: Planfall) -> None:
    data = formular(klient.get(FASTSTALL), "avtryck")
    Utfall.objects.filter(utgava=fall.npo).update(belopp="90000.34")
    svar = klient.post(FASTSTALL, data)
    assert svar.status_code == 409
    assert "Något har ändrats" in synlig_text(svar)
    assert klient.post(FASTSTALL, formular(svar, "avtryck")).status_code == 302


@pytest.mark.parametrize("vad", ["update", "delete", "save"])
def test_a_stored_result_is_never_overwritten(vad: str, klient: Client, fall: Planfall) -> None:
    fasta(klient)
    with pytest.raises(AvstamningenAndrasInte):
        {
            "update": lambda: Avstamningsandel.objects.update(utfall=1),
            "delete": lambda: Avstamning.objects.all().delete(),
            "save": lambda: Avstamning.objects.get().save(),
        }[vad]()


@pytest.mark.parametrize("sats", ["UPDATE budget_avstamning SET utfall = 1", "DELETE FROM budget_avstamningsandel"])
def test_the_database_refuses_to_change_a_stored_result(sats: str, klient: Client, fall: Planfall) -> None:
    fasta(klient)
    with pytest.raises(IntegrityError, match="ändras inte"), transaction.atomic(), connection.cursor() as markor:
        markor.execute(sats)


def test_one_reconciliation_a_year_and_one_row_a_party(klient: Client, fall: Planfall) -> None:
    fasta(klient)
    stangd, andel = Avstamning.objects.get(), Avstamningsandel.objects.filter(huvudman__kod="1280").get()
    for rad in (stangd, andel):
        rad.pk, rad._state.adding = None, True
        with pytest.raises(IntegrityError), transaction.atomic():
            rad.save()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_the_year_at_once_one_does(
    delad_plan: Handlingsplan, folkmangd: None, samordnare: Anvandare, andra_samordnare: Anvandare
) -> None:
    fall = avstambar(delad_plan)
    avtryck = las(fall).avtryck

    def stang_nu(vem: Anvandare) -> str:
        try:
            stang(fall.plan, 2024, avtryck=avtryck, av=vem)
        except KanInteFaststallas as fel:
            return str(fel)
        finally:
            connection.close()
        return "stängt"

    with ThreadPoolExecutor(max_workers=2) as tradar:
        svar = sorted(tradar.map(stang_nu, [samordnare, andra_samordnare]))
    assert svar == ["Avstämningen för 2024 är redan fastställd och ändras inte.", "stängt"]
    assert (Avstamning.objects.count(), Avstamningsandel.objects.count()) == (1, 4)
    hel(fall.plan)


# --- Beside ---------------------------------------------------------------------------------------------------------


def test_what_is_set_against_next_year_stands_below_the_share(klient: Client, fall: Planfall) -> None:
    nasta = Handlingsplan.objects.create(fran_ar=2025, till_ar=2025, titel="2025", delad_at=timezone.now())
    skriv_post(omrade(nasta, "npo", "NPÖ"), 2025, "sgd", 1_000)
    Fordelningsregel.objects.create(plan=nasta, budgetar=2025, folkmangdsdatum=date(2022, 12, 31))
    sida = "/plan/2025/huvudman/1280/"
    assert "avräkning" not in synlig_text(klient.get(sida))
    fasta(klient)
    text = synlig_text(klient.get(sida))
    assert "362,30 kr" in text  # the share itself is as it was
    assert "Avstämning 2024−9 057,44" in text
    assert "Att betala efter avräkning−8 695,14" in text
    blad = load_workbook(io.BytesIO(klient.get(f"{sida}andel.xlsx").content)).worksheets[0]
    varden = {rad[0]: rad[1] for rad in blad.iter_rows(values_only=True)}
    assert varden["Avräknas från avstämningen 2024"] == pytest.approx(-9057.44)
    assert varden["Att betala efter avräkning"] == pytest.approx(-8695.14)


def test_the_workbook_has_the_parties_the_outturn_and_what_it_rests_on(klient: Client, fall: Planfall) -> None:
    bok = load_workbook(io.BytesIO(klient.get(f"{AVSTAMNING}avstamning.xlsx").content))
    parter, utfall, underlag = (list(blad.iter_rows(values_only=True)) for blad in bok.worksheets)
    assert parter[1][:3] == ("12", "Region Skåne", 75_000.17)
    assert parter[-1][1:5] == ("Summa", 150_000.33, 175_000, 24_999.67)
    assert utfall[-1] == ("Summa", 150_000.33)
    assert ("Debiterat enligt", "fastställd fördelning") in underlag
    assert ("Avräknas mot nästa års andel", "4 av huvudmännen, +24\u00a0999,67 kr") in underlag


def test_the_page_costs_the_same_whatever_the_number_of_rows(
    klient: Client, fall: Planfall, django_assert_max_num_queries: Any
) -> None:
    for nr in range(5):
        skriv_utfall(omrade(fall.plan, f"x{nr}", f"Område {nr}"), "5")
    with django_assert_max_num_queries(26):
        klient.get(AVSTAMNING)


def test_without_a_rule_the_page_does_not_say_what_happens(
    klient: Client, delad_plan: Handlingsplan, folkmangd: None
) -> None:
    fall = faststalld(delad_plan)
    assert "Inget utfall" not in synlig_text(klient.get(AVSTAMNING))
    skriv_utfall(fall.npo, "5")
    assert "säger inte vad som händer" in synlig_text(klient.get(AVSTAMNING))
    skriv_regel(delad_plan, overskott="overfors")
    assert "förs över" in synlig_text(klient.get(AVSTAMNING))
