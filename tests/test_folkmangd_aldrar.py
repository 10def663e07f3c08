"""Figures of an age span: read from a file, typed in, shown by themselves. And another region than Skåne."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from budget import folkmangd as tjanst
from budget.alder import ALLA_ALDRAR, Aldersspann
from budget.models import Folkmangd
from handlingsplan.models import Anvandare, Huvudman
from tests.budgetfall import formular
from tests.cast import FOLKMANGD, Klientmakare, Parter
from tests.scb_filer import som_csv, som_px

DATUM = date(2022, 12, 31)
IMPORT = "/folkmangd/importera/"
LISTA = "/folkmangd/?alder=65-"
MALMO = "/folkmangd/1280/2022-12-31/?alder=65-"
NAMN = {"1275": "Perstorp", "1280": "Malmö", "1281": "Lund"}
# Made up: SCB's own by age are not at hand.
ALDRE = {"1275": 1_700, "1280": 55_000, "1281": 21_000}
NBSP = "\u00a0"


@pytest.fixture
def klient(klient_for: Klientmakare, samordnare: Anvandare, folkmangd: None) -> Client:
    return klient_for(samordnare)


def fil() -> bytes:
    """Two age groups whose sum is the population."""
    rader = [
        [f"{kod} {NAMN[kod]}", alder, tal]
        for kod, alla in FOLKMANGD[DATUM].items()
        for alder, tal in (("0-64 år", alla - ALDRE[kod]), ("65-99 år", ALDRE[kod] - 9), ("100+ år", 9))
    ]
    return som_csv([["region", "ålder", "Folkmängd 2022"], *rader]).encode("latin-1")


def ladda_upp(klient: Client, innehall: bytes, **falt: str) -> Any:
    data = {"datum": "2022-12-31", "kalla": "SCB", "fil": SimpleUploadedFile("scb.csv", innehall)}
    return klient.post(IMPORT, data | falt)


def siffror(alder: str = "65-") -> dict[str, int]:
    return dict(Folkmangd.objects.gallande().filter(datum=DATUM, alder=alder).values_list("huvudman__kod", "antal"))


# --- A file ----------------------------------------------------------------------------------------------------------


def test_an_age_span_of_a_file_is_kept_beside_all_ages(klient: Client) -> None:
    svar = ladda_upp(klient, fil(), fran_alder="65")
    sida = svar.content.decode()
    assert (svar.status_code, siffror()) == (200, {})
    for text in ("2022-12-31, 65 år och äldre</h1>", f"55{NBSP}000", "65-99 år, 100+ år", "Spara 3 siffror"):
        assert text in sida
    assert "Vad som beror på" not in sida
    svar = klient.post(IMPORT, formular(svar, "underlag"))
    assert (svar.status_code, svar["Location"], siffror()) == (302, LISTA, ALDRE)
    assert siffror("") == FOLKMANGD[DATUM]
    assert {(rad.fran_alder, rad.till_alder) for rad in Folkmangd.objects.filter(alder="65-")} == {(65, None)}
    assert "Det finns inget att spara" in ladda_upp(klient, fil(), fran_alder="65").content.decode()


def test_the_same_file_without_ages_is_the_whole_population(klient: Client) -> None:
    assert "Det finns inget att spara" in ladda_upp(klient, fil()).content.decode()


@pytest.mark.parametrize(
    ("falt", "besked"),
    [
        ({"till_alder": "17"}, "Skriv också från vilken ålder"),
        ({"fran_alder": "18", "till_alder": "17"}, "Åldrarna går baklänges"),
        ({"fran_alder": "0"}, "0 år och äldre är alla åldrar"),
        ({"fran_alder": "många"}, "Skriv åldern som ett helt tal mellan 0 och 120"),
        ({"fran_alder": "-1"}, "Skriv åldern som ett helt tal"),
        ({"fran_alder": "121"}, "Skriv åldern som ett helt tal"),
        ({"fran_alder": "66"}, "går inte att lägga ihop till 66 år och äldre"),
    ],
)
def test_ages_that_are_none_or_not_in_the_file_are_refused(klient: Client, falt: dict[str, str], besked: str) -> None:
    svar = ladda_upp(klient, fil(), **falt)
    assert (svar.status_code, besked in svar.content.decode()) == (422, True)
    assert siffror() == {}


def test_the_command_reads_an_age_span(tmp_path: Path, folkmangd: None) -> None:
    skriven = tmp_path / "scb.csv"
    skriven.write_bytes(fil())
    ut = io.StringIO()
    call_command("importera_folkmangd", str(skriven), "--datum", "2022-12-31", "--alder", "65-", stdout=ut)
    assert (siffror(), "Sparat: 3 siffror." in ut.getvalue()) == (ALDRE, True)
    for alder, besked in (("65", "inget åldersspann"), ("0-", "alla åldrar"), ("18-17", "baklänges")):
        with pytest.raises(CommandError, match=besked):
            call_command("importera_folkmangd", str(skriven), "--datum", "2022-12-31", "--alder", alder)


def test_rows_of_a_px_file_are_called_what_they_are(klient: Client) -> None:
    fel = som_px([7_442, "..", 128_384], {"region": NAMN}, {"år": {"2022": "2022"}})
    assert "<li>Tal nr 2: Talet saknas" in ladda_upp(klient, fel).content.decode()
    ratt = som_px(list(FOLKMANGD[DATUM].values()), {"region": NAMN}, {"år": {"2022": "2022"}})
    sida = ladda_upp(klient, ratt).content.decode()
    assert "Tal nr i filen" in sida
    assert "Källa som sparas: SCB, tabell BE0101N1." in sida


# --- The pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def med_aldre(parter: Parter, folkmangd: None) -> None:
    Folkmangd.objects.bulk_create(
        Folkmangd(huvudman=parter[kod], datum=DATUM, fran_alder=65, antal=antal, kalla="SCB")
        for kod, antal in ALDRE.items()
    )


def test_each_age_span_has_a_table_of_its_own(klient: Client, med_aldre: None) -> None:
    alla, aldre = klient.get("/folkmangd/").content.decode(), klient.get(LISTA).content.decode()
    assert f"77{NBSP}700" in aldre
    assert f"77{NBSP}700" not in alla
    assert "2021-12-31" not in aldre
    assert "<h1>Folkmängd, 65 år och äldre</h1>" in aldre
    assert 'href="/folkmangd/1280/2022-12-31/?alder=65-"' in aldre
    assert 'href="/folkmangd/?alder=65-"' in alla
    assert "alder=0-17" in klient.get("/folkmangd/?alder=0-17&dag=2022-12-31").content.decode()
    assert [klient.get(f"/folkmangd/?alder={fel}").status_code for fel in ("65", "0-", "x", "%00")] == [404] * 4


def test_without_age_spans_there_is_nothing_to_choose(klient: Client) -> None:
    assert "Alla åldrar" not in klient.get("/folkmangd/").content.decode()


def test_a_figure_of_an_age_span_is_corrected_by_itself(klient: Client, med_aldre: None) -> None:
    data = formular(klient.get(MALMO), "antal")
    assert data["antal"] == f"55{NBSP}000"
    svar = klient.post(MALMO, data | {"antal": "55 100"})
    assert (svar.status_code, svar["Location"]) == (302, "/folkmangd/?dag=2022-12-31&alder=65-#kod-1280")
    assert siffror() == ALDRE | {"1280": 55_100}
    assert siffror("") == FOLKMANGD[DATUM]
    assert klient.get("/folkmangd/1280/2022-12-31/?alder=65").status_code == 404


def test_a_new_date_may_be_of_an_age_span(klient: Client) -> None:
    svar = klient.get("/folkmangd/ny/", {"datum": "2023-12-31", "fran_alder": "0", "till_alder": "17"})
    assert (svar.status_code, svar["Location"]) == (302, "/folkmangd/?dag=2023-12-31&alder=0-17")
    assert klient.get(svar["Location"]).content.decode().count(">saknas</span>") == 3
    assert klient.get("/folkmangd/ny/", {"datum": "2023-12-31", "fran_alder": "x"}).status_code == 422


def test_the_services_questions_are_of_one_age_span(med_aldre: None) -> None:
    assert tjanst.spann_i_bruk() == [ALLA_ALDRAR, Aldersspann(65)]
    assert (tjanst.hela_datum(), tjanst.hela_datum("65-")) == ([DATUM, date(2021, 12, 31)], [DATUM])
    Folkmangd.objects.filter(alder="65-", huvudman__kod="1281").delete()
    assert (tjanst.saknas_for(DATUM), [en.kod for en in tjanst.saknas_for(DATUM, "65-")]) == ([], ["1281"])
    assert tjanst.hela_datum("65-") == []


# --- Another region --------------------------------------------------------------------------------------------------

# SCB, 31 December 2024: the six municipalities of Halland, and the county's own total.
HALLAND = {
    "1315": ("Hylte", 10_196), "1380": ("Halmstad", 106_084), "1381": ("Laholm", 26_595),
    "1382": ("Falkenberg", 47_337), "1383": ("Varberg", 69_070), "1384": ("Kungsbacka", 85_792),
}  # fmt: skip


def test_another_region_reads_its_own_municipalities_from_a_national_file(
    klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    Huvudman.objects.create(kod="13", typ="region", namn="Region Halland", officiellt_namn="Region Halland")
    Huvudman.objects.bulk_create(
        Huvudman(kod=kod, typ="kommun", namn=namn, officiellt_namn=f"{namn}s kommun")
        for kod, (namn, _) in HALLAND.items()
    )
    rader = [["13 Hallands län", 345_074], ["1280 Malmö", 365_644], ["0980 Gotland", 60_971]]
    rader += [[f"{kod} {namn}", antal] for kod, (namn, antal) in HALLAND.items()]
    innehall = som_csv([["region", "Folkmängd 2024"], *rader]).encode("latin-1")
    klient = klient_for(samordnare)
    svar = ladda_upp(klient, innehall, datum="2024-12-31")
    sida = svar.content.decode()
    assert "Spara 6 siffror" in sida
    assert "1280 Malmö" in sida
    klient.post(IMPORT, formular(svar, "underlag"))
    assert tjanst.hela_datum() == [date(2024, 12, 31)]
    assert f"345{NBSP}074" in klient.get("/folkmangd/").content.decode()
    fel = ladda_upp(klient, innehall.replace(b"345074", b"345075"), datum="2024-12-31")
    assert "13 Hallands län har" in fel.content.decode()
    assert fel.status_code == 422
