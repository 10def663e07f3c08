"""The grid as its script uses it: cells that save by themselves, and what the typed amounts come to."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budget.belopp import visa_kr
from budget.models import Budgetpost, Budgetrad
from handlingsplan.models import Anvandare, Handlingsplan
from insatsomraden.models import Omradesutgava
from tests.budgetfall import Budgetfall, Formdata, budgetfall, formular, omrade, skriv_post
from tests.historikfall import falt, hel, rader
from tests.planfall import ogonblicksbild

ADRESS = "/plan/2024/budget/redigera/"
RAKNA = "/plan/2024/budget/rakna/"
NBSP = "\u00a0"


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Budgetfall:
    return budgetfall(delad_plan)


def oppna(klient: Client, fall: Budgetfall) -> Formdata:
    return formular(klient.get(ADRESS), fall.namn(fall.mina_planer))


def ruta(data: Formdata, namn: str, text: str) -> Formdata:
    """One cell as the script sends it: what is typed, and what its input was made from."""
    return {namn: text, f"bas-{namn}": data[f"bas-{namn}"]}


def autospara(klient: Client, data: Formdata) -> Any:
    svar = klient.post(ADRESS, data, headers={"X-Autospara": "ja"})
    assert svar.status_code == 200
    return svar.json()


def utfall(svar: Any) -> dict[str, str]:
    return {namn: en["utfall"] for namn, en in svar["rutor"].items()}


def skrivet(fall: Budgetfall, rad: Omradesutgava | None = None) -> str | None:
    post = fall.post(rad or fall.mina_planer)
    return None if post is None or post.belopp is None else f"{post.belopp.amount:.0f}"


# --- Cells that save by themselves ---------------------------------------------------------------------------------


def test_each_cell_is_saved_that_can_be_and_of_each_it_is_said_how_it_went(
    klient: Client, annan: Client, fall: Budgetfall, samordnare: Anvandare
) -> None:
    data = oppna(klient, fall)
    bra, krock = fall.namn(fall.beslutsstod), fall.namn(fall.mina_planer)
    fel, borta = fall.namn(fall.mina_planer, "2023-sgd"), f"r{fall.rad.pk}-2024-sgd"
    autospara(annan, ruta(oppna(annan, fall), krock, "550 000"))
    annan.post(reverse("budgetrad_ta_bort", args=[2024, fall.rad.pk]), {"version": "1"})
    svar = autospara(
        klient,
        ruta(data, krock, "600000") | ruta(data, fel, "−5") | ruta(data, borta, "7") | ruta(data, bra, "25000"),
    )
    assert utfall(svar) == {krock: "krock", fel: "fel", borta: "borta", bra: "sparad"}
    assert (skrivet(fall), skrivet(fall, fall.beslutsstod)) == ("550000", "25000")
    assert svar["klart"]
    assert svar["rutor"][bra] == {
        "utfall": "sparad",
        "text": f"25{NBSP}000",
        "slag": "belopp",
        "bas": "2 belopp 25000.00",
        "meddelande": "",
    }
    assert "minustecken" in svar["rutor"][fel]["meddelande"]
    assert svar["rutor"][krock]["meddelande"].startswith("Din: 600000. Sparad av Andra samordnaren ")
    assert f": 550{NBSP}000. Spara igen om din ska gälla." in svar["rutor"][krock]["meddelande"]
    assert "finns inte längre i budgeten" in svar["rutor"][borta]["meddelande"]
    sparad = fall.post(fall.beslutsstod)
    assert sparad is not None and sparad.andrad_av == samordnare


def test_the_answer_is_what_the_next_save_is_made_from(klient: Client, annan: Client, fall: Budgetfall) -> None:
    namn = fall.namn(fall.mina_planer)
    data = oppna(klient, fall)
    for text in ("510 000", "okänt", "", "520 000"):
        svar = autospara(klient, ruta(data, namn, text))
        assert utfall(svar) == {namn: "sparad"}, text
        data[f"bas-{namn}"] = svar["rutor"][namn]["bas"]
    autospara(annan, ruta(oppna(annan, fall), namn, "530 000"))
    svar = autospara(klient, ruta(data, namn, "540 000"))
    assert (utfall(svar), skrivet(fall)) == ({namn: "krock"}, "530000")
    data[f"bas-{namn}"] = svar["rutor"][namn]["bas"]
    assert utfall(autospara(klient, ruta(data, namn, "540 000"))) == {namn: "sparad"}
    assert skrivet(fall) == "540000"


def test_what_is_typed_in_another_way_is_no_change(klient: Client, fall: Budgetfall) -> None:
    namn = fall.namn(fall.mina_planer)
    svar = autospara(klient, ruta(oppna(klient, fall), namn, "500 tkr"))
    assert svar["rutor"][namn]["text"] == f"500{NBSP}000"
    assert (svar["klart"], utfall(svar)) == ("", {namn: "oforandrad"})
    assert set(Budgetpost.objects.values_list("version", flat=True)) == {1}
    assert rader(fall.plan) == []


def test_two_who_save_the_same_amount_do_not_meet(klient: Client, annan: Client, fall: Budgetfall) -> None:
    namn = fall.namn(fall.mina_planer)
    min_sida = oppna(klient, fall)
    autospara(annan, ruta(oppna(annan, fall), namn, "600000"))
    svar = autospara(klient, ruta(min_sida, namn, "600 tkr"))
    assert (utfall(svar), svar["rutor"][namn]["bas"]) == ({namn: "sparad"}, "2 belopp 600000.00")
    assert len(rader(fall.plan)) == 1


@pytest.mark.parametrize("med_knapp", [False, True])
@pytest.mark.parametrize("mitt", ["600 000", ""])
def test_a_cell_that_was_emptied_and_filled_in_again_is_not_what_one_saw(
    klient: Client, annan: Client, fall: Budgetfall, mitt: str, med_knapp: bool
) -> None:
    """The new row counts its versions from 1 as the old one did."""
    namn = fall.namn(fall.mina_planer)
    min_sida = oppna(klient, fall)
    for text in ("", "550 000"):
        autospara(annan, ruta(oppna(annan, fall), namn, text))
    if med_knapp:
        assert klient.post(ADRESS, min_sida | {namn: mitt}).status_code == 409
    else:
        assert utfall(autospara(klient, ruta(min_sida, namn, mitt))) == {namn: "krock"}
    assert skrivet(fall) == "550000"


def test_each_save_has_an_entry_and_taking_it_back_is_a_new_one(klient: Client, fall: Budgetfall) -> None:
    namn = fall.namn(fall.mina_planer)
    svar = autospara(klient, ruta(oppna(klient, fall), namn, "600000"))
    autospara(klient, {namn: "500 000", f"bas-{namn}": svar["rutor"][namn]["bas"]})
    andrat, tillbaka = rader(fall.plan)
    assert falt(andrat, "belopp") == ("500000.00", "600000.00")
    assert falt(tillbaka, "belopp") == ("600000.00", "500000.00")
    hel(fall.plan)


def test_cells_that_cannot_be_saved_have_no_entry(klient: Client, fall: Budgetfall) -> None:
    namn = fall.namn(fall.mina_planer)
    svar = autospara(klient, {namn: "600000", f"bas-{namn}": "1 belopp 499999.00"} | {fall.namn(fall.bevakad): "5"})
    assert utfall(svar) == {namn: "krock", fall.namn(fall.bevakad): "borta"}
    assert rader(fall.plan) == []


def test_an_adopted_plan_and_a_session_that_has_ended_save_nothing(klient: Client, fall: Budgetfall) -> None:
    data = ruta(oppna(klient, fall), fall.namn(fall.mina_planer), "1")
    svar = Client().post(ADRESS, data, headers={"X-Autospara": "ja"})
    assert (svar.status_code, svar.headers["Location"].startswith("/logga-in/")) == (302, True)
    Handlingsplan.objects.update(faststalld_at="2024-01-10")
    svar = klient.post(ADRESS, data, headers={"X-Autospara": "ja"})
    assert (svar.status_code, "är fastställd och ändras inte längre" in svar.content.decode()) == (403, True)
    assert skrivet(fall) == "500000"


def satser(gor: Any) -> int:
    with CaptureQueriesContext(connection) as fragor:
        gor()
    return len(fragor)


def test_what_one_cell_costs_does_not_grow_with_the_plan(klient: Client, fall: Budgetfall, folkmangd: None) -> None:
    def kosta() -> tuple[int, int, int]:
        data, namn = oppna(klient, fall), fall.namn(fall.mina_planer)
        nytt = ruta(data, namn, str(int(skrivet(fall) or 0) + 1))
        return (
            satser(lambda: klient.get(ADRESS)),
            satser(lambda: klient.post(RAKNA, nytt)),
            satser(lambda: autospara(klient, nytt)),
        )

    kosta()  # the plan's first entry makes the head of its history
    fa = kosta()
    for nummer in range(20):
        rad = omrade(fall.plan, f"omrade-{nummer}", f"Område {nummer}")
        skriv_post(rad, 2024, "sgd", nummer)
        skriv_post(Budgetrad.objects.create(plan=fall.plan, ordning=2 + nummer), 2024, "statsbidrag", nummer)
    assert kosta() == fa
    sida, rakna, spara = fa
    assert (sida <= 30, rakna <= 20, spara <= 20) == (True, True, True), fa


# --- What it comes to ----------------------------------------------------------------------------------------------


def test_the_typed_amounts_are_summed_and_nothing_is_saved(klient: Client, fall: Budgetfall, folkmangd: None) -> None:
    data = oppna(klient, fall)
    fore = ogonblicksbild()
    tva = [fall.namn(fall.mina_planer), fall.namn(fall.beslutsstod)]
    svar = klient.post(RAKNA, ruta(data, tva[0], "600000") | ruta(data, tva[1], "0,50")).json()
    assert svar["summor"] == {
        "2024-sgd": f"600{NBSP}000,50{NBSP}kr + ej ifyllt",
        "2024-annan": "okänt + ej ifyllt",
        "2023-sgd": f"1{NBSP}100{NBSP}000{NBSP}kr + ej ifyllt",
    }
    # Three municipalities share half of it: 300 000,25 kr over 493 203 inhabitants.
    assert svar["taxor"] == {"2024-sgd": "60,83", "2023-sgd": svar["taxor"]["2023-sgd"]}
    assert svar["andelar"]["2024"]["12"] == f"300{NBSP}000,25"
    assert svar["skal"][0] == "2024: Fördelningen gäller bara de kända beloppen; det finns ej ifyllda SGD-belopp."
    assert ogonblicksbild() == fore


def test_the_four_kinds_are_told_apart_in_the_sums(klient: Client, fall: Budgetfall) -> None:
    data, namn, noll = oppna(klient, fall), fall.namn(fall.mina_planer), fall.namn(fall.beslutsstod)
    tom = f"r{fall.rad.pk}-2024-sgd"

    def summa(mitt: str, ovriga: str) -> str:
        bada = ruta(data, noll, ovriga) | ruta(data, tom, ovriga)
        return str(klient.post(RAKNA, ruta(data, namn, mitt) | bada).json()["summor"]["2024-sgd"])

    assert summa("okänt", "0") == f"0{NBSP}kr + okänt"
    assert summa("ej aktuellt", "ej aktuellt") == "ej aktuellt"
    assert summa("", "ej aktuellt") == "ej ifyllt"
    assert summa("0", "ej aktuellt") == f"0{NBSP}kr"


def test_what_cannot_be_read_counts_as_it_is_saved_and_is_told_of(klient: Client, fall: Budgetfall) -> None:
    namn = fall.namn(fall.mina_planer)
    svar = klient.post(RAKNA, ruta(oppna(klient, fall), namn, "60O 000")).json()
    assert (svar["summor"]["2024-sgd"], svar["olasta"]) == (f"500{NBSP}000{NBSP}kr + ej ifyllt", 1)
    assert svar["sparade"] == {namn: {"text": f"500{NBSP}000", "lika": False}}


def test_a_year_without_known_money_has_a_reason_instead_of_a_rate(klient: Client, fall: Budgetfall) -> None:
    data, namn = oppna(klient, fall), fall.namn(fall.mina_planer)
    okant = ruta(data, namn, "okänt") | ruta(data, fall.namn(fall.beslutsstod), "okänt")
    svar = klient.post(RAKNA, okant).json()
    assert (svar["taxor"]["2024-sgd"], svar["andelar"]["2024"]) == ("–", {})
    assert "2024: Inget fördelas ännu för 2024: SGD-budgetens belopp är inte kända." in svar["skal"]
    svar = klient.post(RAKNA, ruta(data, namn, "1")).json()
    assert "2024: Modellen ger regionen en andel, men ingen region deltar." in svar["skal"]


def test_an_added_column_is_summed_too(klient: Client, fall: Budgetfall) -> None:
    namn = fall.namn(fall.mina_planer, "2024-statsbidrag")
    svar = klient.post(f"{RAKNA}?kolumn=2024-statsbidrag&kolumn=2023-projektmedel", {namn: "75 000"}).json()
    assert svar["summor"]["2024-statsbidrag"] == f"75{NBSP}000{NBSP}kr + ej ifyllt"
    assert svar["summor"]["2023-projektmedel"] == "ej ifyllt"
    assert "2024-statsbidrag" not in svar["taxor"]


def test_what_was_typed_and_is_saved_by_now_is_known_again(klient: Client, fall: Budgetfall) -> None:
    namn = fall.namn(fall.mina_planer)
    svar = klient.post(RAKNA, {namn: "500 tkr", f"bas-{namn}": "1 belopp 1.00", fall.namn(fall.beslutsstod): ""})
    assert svar.json()["sparade"] == {
        namn: {"text": f"500{NBSP}000", "lika": True},
        fall.namn(fall.beslutsstod): {"text": "0", "lika": False},
    }


def test_a_changed_amount_gives_the_same_rate_and_shares_as_when_it_is_saved(demon: Client) -> None:
    utgava = Omradesutgava.objects.get(plan__till_ar=2024, insatsomrade__kod="mina-planer")
    namn = f"o{utgava.pk}-2024-sgd"
    data = ruta(formular(demon.get(ADRESS), namn), namn, "600000")
    svar = demon.post(RAKNA, data).json()
    assert (svar["summor"]["2024-sgd"], svar["taxor"]["2024-sgd"]) == (f"1{NBSP}850{NBSP}000{NBSP}kr", "65,40")
    assert (len(svar["andelar"]["2024"]), svar["andelar"]["2024"]["1280"]) == (34, f"233{NBSP}732,67")
    assert "2023" not in svar["andelar"]  # a comparison figure is nobody's bill
    autospara(demon, data)
    sparad = demon.get("/plan/2024/fordelning/fordelning.json").json()
    assert {en["kod"]: visa_kr(en["belopp"]) for en in sparad["andelar"]} == svar["andelar"]["2024"]
