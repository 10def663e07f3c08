"""Outturn on its page: beside the budget, also in an adopted plan, and never over what others have written."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from budget.models import Budgetpost, Budgetrad, Utfall
from budget.utfall import las_utfall, utfallstabell
from handlingsplan.models import Anvandare, Handlingsplan
from tests.avstamningsfall import UTFALL, avstambar, fasta, faststalld, skriv_utfall
from tests.budgetfall import formular, omrade, skriv_post
from tests.cast import Klientmakare
from tests.historikfall import falt, hel, rader
from tests.planfall import Planfall
from tests.sidor import synlig_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def fall(delad_plan: Handlingsplan, folkmangd: None) -> Planfall:
    return faststalld(delad_plan)


def cell(fall: Planfall, form: str = "sgd") -> str:
    return f"o{fall.npo.pk}-2024-{form}"


def spara(klient: Client, namn: str, text: str) -> int:
    return klient.post(UTFALL, formular(klient.get(UTFALL), namn) | {namn: text}).status_code


def ore() -> list[int | None]:
    return [en.ore for en in Utfall.objects.order_by("utgava_id", "finansiering")]


def test_outturn_is_filled_in_changed_and_emptied_in_an_adopted_plan(klient: Client, fall: Planfall) -> None:
    fore, namn = len(rader(fall.plan)), cell(fall)
    assert spara(klient, namn, "98 500,50") == 302
    assert spara(klient, namn, "okänt") == 302
    assert spara(klient, namn, "") == 302
    skapad, andrad, bort = rader(fall.plan)[fore:]
    assert (skapad.slag, falt(skapad, "belopp"), falt(skapad, "budgetar")) == (
        "skapad",
        (None, "98500.50"),
        (None, 2024),
    )
    assert falt(andrad, "slag") == ("belopp", "okant")
    assert (bort.slag, bort.objekt, ore()) == ("borttagen", skapad.objekt, [])
    hel(fall.plan)


def test_the_budget_stands_beside_with_the_deviation_in_words(klient: Client, fall: Planfall) -> None:
    skriv_utfall(fall.npo, "98500.50")
    skriv_utfall(fall.sdk, "76000")
    text = synlig_text(klient.get(UTFALL))
    assert "+1 499,50 under budget" in text
    assert "−1 000 över budget" in text
    assert "+499,50 under budget" in text.partition("Summa")[2]


def test_the_sums_wait_for_what_is_not_known(klient: Client, fall: Planfall) -> None:
    skriv_utfall(fall.npo, "98500.50")
    (kolumn,) = utfallstabell(las_utfall(fall.plan, 2024)).kolumner
    assert (kolumn.utfall.ore, kolumn.utfall.ej_ifyllda, kolumn.avvikelse) == (98_500_50, 1, None)
    skriv_utfall(fall.sdk, "okant")
    assert "98 500,50 kr + okänt" in synlig_text(klient.get(UTFALL))


@pytest.mark.parametrize(
    ("text", "besked"),
    [("-5", "minustecken"), ("1000000000000", "för stort"), ("1.5", "Punkten"), ("–", "kan betyda flera saker")],
)
def test_what_cannot_be_read_is_refused_beside_the_cell(text: str, besked: str, klient: Client, fall: Planfall) -> None:
    namn = cell(fall)
    svar = klient.post(UTFALL, formular(klient.get(UTFALL), namn) | {namn: text, f"o{fall.sdk.pk}-2024-sgd": "5"})
    assert svar.status_code == 422
    assert besked in synlig_text(svar)
    assert formular(svar, namn)[namn] == text
    assert ore() == []


def test_two_at_once_see_each_other_in_the_same_cell_and_pass_in_different(klient: Client, fall: Planfall) -> None:
    namn, annan = cell(fall), f"o{fall.sdk.pk}-2024-sgd"
    ena, andra = formular(klient.get(UTFALL), namn), formular(klient.get(UTFALL), namn)
    assert klient.post(UTFALL, ena | {namn: "10"}).status_code == 302
    svar = klient.post(UTFALL, andra | {namn: "20", annan: "30"})
    assert svar.status_code == 409
    assert "Sparad av Samordnaren" in synlig_text(svar)
    assert ore() == [10_00]
    assert klient.post(UTFALL, formular(svar, namn)).status_code == 302  # the person's choice
    assert ore() == [20_00, 30_00]
    assert klient.post(UTFALL, andra | {annan: "30"}).status_code == 302


@pytest.mark.parametrize("namn", ["o{npo}-2023-sgd", "o{npo}-2025-sgd", "o999999-2024-sgd"])
def test_a_cell_that_is_not_the_years_is_not_written(namn: str, klient: Client, fall: Planfall) -> None:
    namn = namn.format(npo=fall.npo.pk)
    assert klient.post(UTFALL, {namn: "5", f"bas-{namn}": "0 ej_ifyllt"}).status_code == 409
    assert ore() == []


def test_a_form_of_financing_can_be_added_and_stays_once_used(klient: Client, fall: Planfall) -> None:
    namn = cell(fall, "statsbidrag")
    vag = f"{UTFALL}?finansiering=statsbidrag"
    assert namn not in klient.get(UTFALL).content.decode()
    assert klient.post(vag, formular(klient.get(vag), namn) | {namn: "700"}).status_code == 302
    assert namn in klient.get(UTFALL).content.decode()
    assert [en.finansiering for en in Utfall.objects.all()] == ["statsbidrag"]


def test_a_row_that_left_after_its_outturn_was_written_is_still_there(
    klient: Client, delad_plan: Handlingsplan
) -> None:
    npo = omrade(delad_plan, "npo", "NPÖ")
    skriv_post(npo, 2024, "sgd", 100)
    rad = Budgetrad.objects.create(plan=delad_plan, ordning=1, benamning="Drift")
    skriv_utfall(npo, "70")
    Utfall.objects.create(plan=delad_plan, rad=rad, budgetar=2024, slag="okant")
    delad_plan.alla_omraden.update(lage="utgatt")
    Budgetrad.objects.update(borttagen_at=timezone.now())
    text = synlig_text(klient.get(UTFALL))
    assert "NPÖ (inte i planen)" in text and "Drift (inte i planen)" in text


def test_the_years_of_a_plan_and_no_others(klient: Client, faststalld_plan: Handlingsplan) -> None:
    vag = "/plan/2023/utfall/"
    assert "Utfall 2023" in synlig_text(klient.get(vag))
    assert "Utfall 2022" in synlig_text(klient.get(f"{vag}?ar=2022"))
    assert [klient.get(f"{vag}?ar={fel}").status_code for fel in ("2024", "20 23", "x", "9" * 30)] == [404] * 4


def test_a_year_that_is_not_over_is_said_and_not_refused(klient: Client, utkast: Handlingsplan) -> None:
    utkast.fran_ar = utkast.till_ar = timezone.localdate().year
    utkast.save()
    npo = omrade(utkast, "npo", "NPÖ")
    vag, namn = f"/plan/{utkast.till_ar}/utfall/", f"o{npo.pk}-{utkast.till_ar}-sgd"
    svar = klient.get(vag)
    assert "är inte slut" in synlig_text(svar)
    assert klient.post(vag, formular(svar, namn) | {namn: "5"}).status_code == 302


def test_readers_see_the_outturn_without_inputs(
    klient_for: Klientmakare, lasare_malmo: Anvandare, fall: Planfall
) -> None:
    skriv_utfall(fall.npo, "98500.50")
    svar = klient_for(lasare_malmo).get(UTFALL)
    assert "98 500,50" in synlig_text(svar)
    inre = svar.content.decode().partition("<main")[2]
    assert "<input" not in inre and "Läs in från Excel" not in inre
    assert "ej ifyllt" in inre  # SDK's, which is waited for
    Budgetpost.objects.filter(utgava=fall.sdk).update(belopp=0)
    assert "ej ifyllt" not in klient_for(lasare_malmo).get(UTFALL).content.decode()


def test_a_closed_year_is_closed_here_too(klient: Client, delad_plan: Handlingsplan, folkmangd: None) -> None:
    fall = avstambar(delad_plan)
    oppnad = formular(klient.get(UTFALL), cell(fall))
    assert fasta(klient).status_code == 302
    svar = klient.post(UTFALL, oppnad | {cell(fall): "1"}, follow=True)
    assert svar.redirect_chain
    assert "Inget är sparat. Avstämningen för 2024 är fastställd" in synlig_text(svar)
    assert ore() == [90_000_33, 60_000_00]
    assert "<input" not in klient.get(UTFALL).content.decode().partition("<main")[2]


def test_the_cells_history_tells_of_its_outturn_too(klient: Client, fall: Planfall) -> None:
    spara(klient, cell(fall), "98 500,50")
    spara(klient, cell(fall), "")
    text = synlig_text(klient.get(f"/plan/2024/historik/cell/{cell(fall)}/"))
    assert "Utfall" in text and "Belopp" not in text
    assert text.count("98 500,50") == 2
    assert "Utfall: Nationell patientöversikt, SGD 2024" in synlig_text(klient.get("/plan/2024/historik/"))
