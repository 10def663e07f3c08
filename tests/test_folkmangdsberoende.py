"""What depends on a population figure is shown before the figure changes: page, file and command."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budget.folkmangdsberoende import Beroenden, beroenden
from budget.models import Budgetpost, Folkmangd, Fordelningsregel, Fordelningsresultat
from handlingsplan.models import Handlingsplan, Huvudman
from tests.budgetfall import Budgetfall, budgetfall, formular
from tests.cast import FOLKMANGD, Parter
from tests.scb_filer import som_csv

DATUM, FORRA = date(2022, 12, 31), date(2021, 12, 31)
MALMO = "/folkmangd/1280/2022-12-31/"
NBSP = "\u00a0"


@pytest.fixture
def fall(delad_plan: Handlingsplan, folkmangd: None) -> Budgetfall:
    """500 000 kr for 2024, split by 2022-12-31; 1 100 000 kr for the comparison year 2023, split by 2021-12-31."""
    return budgetfall(delad_plan)


def fil(**andrade: int) -> bytes:
    tal = FOLKMANGD[DATUM] | {kod.removeprefix("k"): antal for kod, antal in andrade.items()}
    return som_csv([["region", "Folkmängd 2022"], *tal.items()]).encode("latin-1")


def ladda_upp(klient: Client, innehall: bytes, **falt: str) -> Any:
    data = {"datum": "2022-12-31", "kalla": "SCB", "fil": SimpleUploadedFile("scb.csv", innehall)}
    return klient.post("/folkmangd/importera/", data | falt)


# --- What depends on it ----------------------------------------------------------------------------------------------


def test_a_year_is_computed_with_the_figures_as_they_are_and_as_they_would_be(fall: Budgetfall) -> None:
    (ett,) = beroenden(DATUM, {"1280": 400_000}).flyttas
    assert (ett.plan, ett.budgetar, ett.egen, ett.antal_parter) == (fall.plan, 2024, True, 4)
    andelar = {en.kod: (en.invanare_fore, en.invanare, en.fore, en.efter, en.skillnad) for en in ett.rader}
    # 250 000 kr by 7 442 : 357 377 : 128 384, and by 7 442 : 400 000 : 128 384. The region's half stays.
    assert andelar == {
        "1275": (7_442, 7_442, 377_228, 347_221, -30_007),
        "1280": (357_377, 400_000, 18_115_107, 18_662_775, 547_668),
        "1281": (128_384, 128_384, 6_507_665, 5_990_004, -517_661),
    }
    assert ett.storst is not None
    assert ett.storst.kod == "1280"
    assert Folkmangd.objects.gallande().get(datum=DATUM, huvudman__kod="1280").antal == 357_377


def test_a_comparison_year_is_among_them_until_it_is_decided(fall: Budgetfall, faststalld_plan: Handlingsplan) -> None:
    (ett,) = beroenden(FORRA, {"1280": 1}).flyttas
    assert (ett.budgetar, ett.egen, len(ett.rader)) == (2023, False, 3)
    Fordelningsresultat.objects.create(
        plan=faststalld_plan, budgetar=2023, total=110_000_000, andel_region=1, andel_grupp=1, enhet="ore",
        folkmangdsdatum=FORRA,
    )  # fmt: skip
    beroende = beroenden(FORRA, {"1280": 1})
    assert beroende.flyttas == ()
    assert [(en.plan, en.budgetar) for en in beroende.beslutade] == [(faststalld_plan, 2023)]
    assert (beroende.finns, beroende.andrar_nagot) == (True, False)


def test_the_plans_own_rule_says_which_date_counts(fall: Budgetfall) -> None:
    Fordelningsregel.objects.create(plan=fall.plan, budgetar=2024, folkmangdsdatum=FORRA)
    assert beroenden(DATUM, {"1280": 1}) == Beroenden((), ())
    assert {en.budgetar for en in beroenden(FORRA, {"1280": 1}).flyttas} == {2023, 2024}


def test_the_same_figures_move_nothing(fall: Budgetfall) -> None:
    beroende = beroenden(DATUM, FOLKMANGD[DATUM])
    assert [en.rader for en in beroende.flyttas] == [()]
    assert (beroende.finns, beroende.andrar_nagot, beroende.flyttas[0].storst) == (True, False, None)


def test_a_split_that_waits_for_a_figure_is_computed_for_the_first_time(fall: Budgetfall) -> None:
    Folkmangd.objects.filter(huvudman__kod="1281", datum=DATUM).delete()
    (ett,) = beroenden(DATUM, {"1281": 128_384}).flyttas
    assert ett.fore.fordelning is None
    assert [(en.kod, en.fore, en.skillnad) for en in ett.rader] == [
        (kod, None, None) for kod in ("12", "1275", "1280", "1281")
    ]
    (utan,) = beroenden(DATUM, {}).flyttas
    assert (utan.rader, utan.antal_parter) == ((), 0)
    assert "saknas för Lunds kommun" in utan.efter.skal


def test_a_year_without_money_to_share_says_so(fall: Budgetfall) -> None:
    Budgetpost.objects.filter(finansiering="sgd", budgetar=2024).delete()
    (ett,) = beroenden(DATUM, {"1280": 1}).flyttas
    assert (ett.rader, "Inget fördelas" in ett.efter.skal) == ((), True)


def test_nothing_depends_on_an_age_span(fall: Budgetfall) -> None:
    assert beroenden(DATUM, {"1280": 1}, "65-") == Beroenden((), ())


def test_it_costs_the_same_whatever_the_size_of_the_plan(fall: Budgetfall, parter: Parter) -> None:
    with CaptureQueriesContext(connection) as fa:
        beroenden(DATUM, {"1280": 1})
    Huvudman.objects.bulk_create(
        Huvudman(kod=f"99{nr:02}", typ="kommun", namn=f"K{nr}", officiellt_namn=f"K{nr}") for nr in range(30)
    )
    with CaptureQueriesContext(connection) as manga:
        beroenden(DATUM, {"1280": 1})
    assert len(manga) == len(fa)


# --- A file ----------------------------------------------------------------------------------------------------------


def test_the_preview_of_a_file_shows_every_share_before_and_after(klient: Client, fall: Budgetfall) -> None:
    svar = ladda_upp(klient, fil(k1280=400_000))
    sida = svar.content.decode()
    assert svar.status_code == 200
    for text in (
        "Handlingsplan 2024</strong> (delad), 2024: 3 av 4 andelar ändras, mest Malmö stad: +5",
        f"181{NBSP}151,07", f"186{NBSP}627,75", f"+5{NBSP}476,68", f"−5{NBSP}176,61",
    ):  # fmt: skip
        assert text in sida
    assert Folkmangd.objects.count() == 6
    assert klient.post("/folkmangd/importera/", formular(svar, "underlag")).status_code == 302
    assert Folkmangd.objects.count() == 7


def test_the_preview_names_what_is_decided_and_does_not_move(
    klient: Client, fall: Budgetfall, faststalld_plan: Handlingsplan
) -> None:
    Fordelningsresultat.objects.create(
        plan=faststalld_plan, budgetar=2022, total=5, andel_region=1, andel_grupp=1, enhet="ore", folkmangdsdatum=DATUM
    )
    sida = ladda_upp(klient, fil(k1280=400_000)).content.decode()
    assert "(fastställd), 2022: ligger fast och ändras inte." in sida


def test_a_figure_that_jumps_is_pointed_out_and_may_still_be_saved(klient: Client, fall: Budgetfall) -> None:
    svar = ladda_upp(klient, fil(k1280=400_000, k1275=5_600))
    sida = svar.content.decode()
    assert f"Perstorps kommun, 5{NBSP}600: 1{NBSP}965 färre än 7{NBSP}565 den 2021-12-31. Se efter" in sida
    assert "Malmö stad, 400" not in sida
    assert "Spara 2 siffror" in sida


def test_the_nearest_date_is_what_a_figure_is_compared_with(klient: Client, fall: Budgetfall, parter: Parter) -> None:
    for dag, antal in ((date(2018, 12, 31), 1_000), (date(2023, 12, 31), 2_000), (date(2017, 12, 31), 9)):
        Folkmangd.objects.create(huvudman=parter["1275"], datum=dag, antal=antal, kalla="SCB")
    svar = ladda_upp(klient, fil(k1275=9_900))
    assert f"2{NBSP}335 fler än 7{NBSP}565 den 2021-12-31" in svar.content.decode()
    Folkmangd.objects.filter(huvudman__kod="1275").exclude(datum__year__in=(2017, 2022)).delete()
    assert "den 2017-12-31" in ladda_upp(klient, fil(k1275=9_900)).content.decode()
    Folkmangd.objects.filter(huvudman__kod="1275", datum__year=2017).update(datum=date(2016, 12, 31))
    assert "den 2016-12-31" not in ladda_upp(klient, fil(k1275=9_900)).content.decode()


def test_a_figure_cut_off_at_the_end_of_the_file_is_refused(klient: Client, fall: Budgetfall) -> None:
    svar = ladda_upp(klient, fil().rstrip()[:-1])
    assert svar.status_code == 422
    assert "Lund har 12" in (sida := svar.content.decode())
    assert "filen slutar mitt i raden: den är avklippt" in sida
    assert ladda_upp(klient, fil().rstrip()).status_code == 200


def test_the_first_figures_of_all_are_pointed_out_where_the_file_may_be_cut_off(klient: Client, parter: Parter) -> None:
    svar = ladda_upp(klient, fil().rstrip()[:-1])
    assert svar.status_code == 200
    assert f"Filen slutar utan radbrytning efter Lund, 12{NBSP}838." in svar.content.decode()
    assert "utan radbrytning" not in ladda_upp(klient, fil()).content.decode()


def test_the_command_says_what_moves_before_it_saves(tmp_path: Path, fall: Budgetfall) -> None:
    skriven = tmp_path / "scb.csv"
    skriven.write_bytes(fil(k1280=400_000))

    def kor(*val: str) -> str:
        ut = io.StringIO()
        call_command("importera_folkmangd", str(skriven), "--datum", "2022-12-31", *val, stdout=ut)
        return ut.getvalue()

    ut = kor("--torr")
    assert f"Handlingsplan 2024, 2024: 3 av 4 andelar ändras. Mest: Malmö stad, +5{NBSP}476,68 kr." in ut
    assert "1280 Malmö stad: 181" not in ut
    assert f"  1280 Malmö stad: 181{NBSP}151,07 kr → 186{NBSP}627,75 kr" in kor("--torr", "--verbosity", "2")
    assert Folkmangd.objects.count() == 6
    assert "Sparat: 1 siffror." in kor()


# --- One figure ------------------------------------------------------------------------------------------------------


def test_a_figure_is_saved_when_its_consequences_have_been_seen(klient: Client, fall: Budgetfall) -> None:
    forst = klient.get(MALMO)
    assert "Handlingsplan 2024</strong> (delad), 2024: räknas om när siffran ändras." in forst.content.decode()
    granskning = klient.post(MALMO, formular(forst, "antal") | {"antal": "400000"})
    sida = granskning.content.decode()
    assert (granskning.status_code, Folkmangd.objects.count()) == (200, 6)
    assert "Siffran är inte sparad än" in sida
    assert f"+5{NBSP}476,68" in sida
    data = formular(granskning, "antal")
    assert (data["antal"], data["granskad"], data["revision"]) == ("400000", "400000", "1")
    assert klient.post(MALMO, data).status_code == 302
    assert Folkmangd.objects.gallande().get(datum=DATUM, huvudman__kod="1280").antal == 400_000


def test_another_figure_than_the_one_that_was_seen_is_shown_first(klient: Client, fall: Budgetfall) -> None:
    data = formular(klient.post(MALMO, {"antal": "400000", "kalla": "SCB", "revision": "1"}), "antal")
    svar = klient.post(MALMO, data | {"antal": "500000"})
    assert (svar.status_code, formular(svar, "antal")["granskad"]) == (200, "500000")
    assert Folkmangd.objects.count() == 6


def test_a_figure_that_moves_no_share_is_saved_at_once(klient: Client, fall: Budgetfall) -> None:
    adress = "/folkmangd/1280/2019-12-31/"
    assert klient.post(adress, {"antal": "344166", "kalla": "SCB", "revision": "0"}).status_code == 302


def test_a_conflict_shows_the_consequences_anew(klient: Client, fall: Budgetfall, parter: Parter) -> None:
    data = formular(klient.post(MALMO, {"antal": "400000", "kalla": "SCB", "revision": "1"}), "antal")
    Folkmangd.objects.create(huvudman=parter["1280"], datum=DATUM, revision=2, antal=357_400, kalla="den andres")
    krock = klient.post(MALMO, data)
    assert krock.status_code == 409
    assert formular(krock, "antal")["granskad"] == ""
    igen = klient.post(MALMO, formular(krock, "antal"))
    assert (igen.status_code, formular(igen, "antal")["revision"]) == (200, "2")
    assert klient.post(MALMO, formular(igen, "antal")).status_code == 302
    assert Folkmangd.objects.filter(datum=DATUM, huvudman__kod="1280").count() == 3
