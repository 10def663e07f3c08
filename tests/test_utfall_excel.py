"""Outturn as a workbook: out, filled in, and back with what it would change, row by row; all of it or nothing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from budget.models import Utfall
from budget.utfallsblad import RUBRIKER
from handlingsplan.models import Handlingsplan
from tests.avstamningsfall import UTFALL, avstambar, fasta, faststalld, skriv_utfall
from tests.budgetfall import formular, omrade, skriv_post
from tests.historikfall import hel, rader
from tests.planfall import Planfall
from tests.sidor import synlig_text

pytestmark = pytest.mark.django_db

LAS_IN = f"{UTFALL}las-in/"
type Andra = Callable[[Worksheet], object]


@pytest.fixture
def fall(delad_plan: Handlingsplan, folkmangd: None) -> Planfall:
    return faststalld(delad_plan)


def bok(klient: Client) -> Any:
    return load_workbook(io.BytesIO(klient.get(f"{UTFALL}utfall.xlsx").content))


def ifylld(klient: Client, andra: Andra) -> bytes:
    """The workbook as it is downloaded, with `andra` done to its sheet. NPÖ is in row 2, SDK in row 3."""
    hamtad, ut = bok(klient), io.BytesIO()
    andra(hamtad.worksheets[0])
    hamtad.save(ut)
    return ut.getvalue()


def fyll(**celler: object) -> Andra:
    def andra(blad: Worksheet) -> None:
        for plats, varde in celler.items():
            blad[plats] = varde

    return andra


def skicka(klient: Client, innehall: bytes, namn: str = "utfall.xlsx") -> Any:
    return klient.post(LAS_IN, {"fil": SimpleUploadedFile(namn, innehall)})


def ore() -> list[tuple[str, int | None]]:
    return [(en.slag, en.ore) for en in Utfall.objects.order_by("utgava_id")]


def test_the_workbook_has_names_versions_and_amounts(klient: Client, fall: Planfall) -> None:
    skriv_utfall(fall.npo, "98500.50")
    skriv_utfall(fall.sdk, "okant")
    blad = bok(klient).worksheets[0]
    assert tuple(cell.value for cell in blad[1]) == RUBRIKER
    namn, version, *_ = (cell.value for cell in blad[2])
    assert (namn, version) == (f"o{fall.npo.pk}-2024-sgd", "1 belopp 98500.50")
    assert [cell.value for cell in blad[2]][4:] == [100_000, 98_500.5]
    assert [cell.value for cell in blad[3]][4:] == [75_000, "okänt"]


def test_a_name_that_would_run_as_a_formula_is_text(klient: Client, utkast: Handlingsplan) -> None:
    skriv_post(omrade(utkast, "x", '=HYPERLINK("x")'), 2025, "sgd", 5)
    svar = klient.get("/plan/2025/utfall/utfall.xlsx")
    blad = load_workbook(io.BytesIO(svar.content)).worksheets[0]
    assert (blad["C2"].value, blad["C2"].data_type) == ('\'=HYPERLINK("x")', "s")


def test_what_the_file_changes_is_shown_and_then_saved(klient: Client, fall: Planfall) -> None:
    skriv_utfall(fall.sdk, "5")
    svar = skicka(klient, ifylld(klient, fyll(F2=98_500.5, F3="ej aktuellt")))
    text = synlig_text(svar)
    assert svar.status_code == 200
    assert "fylls i" in text and "ändras" in text and "98 500,50" in text
    assert ore() == [("belopp", 5_00)]
    fore = len(rader(fall.plan))
    assert klient.post(LAS_IN, formular(svar, "underlag")).status_code == 302
    assert ore() == [("belopp", 98_500_50), ("ej_aktuellt", None)]
    assert len(rader(fall.plan)) == fore + 2
    hel(fall.plan)


def test_an_emptied_cell_is_emptied_and_a_missing_row_is_left(klient: Client, fall: Planfall) -> None:
    skriv_utfall(fall.npo, "5")
    skriv_utfall(fall.sdk, "7")

    def andra(blad: Worksheet) -> None:
        blad["F2"] = None
        blad.delete_rows(3)

    svar = skicka(klient, ifylld(klient, andra))
    assert "töms" in synlig_text(svar)
    klient.post(LAS_IN, formular(svar, "underlag"))
    assert ore() == [("belopp", 7_00)]


def test_a_file_that_changes_nothing_has_nothing_to_save(klient: Client, fall: Planfall) -> None:
    skriv_utfall(fall.npo, "5")
    svar = skicka(klient, ifylld(klient, fyll()))
    assert svar.status_code == 200
    assert "Filen ändrar inget" in synlig_text(svar)
    assert 'name="underlag"' not in svar.content.decode()


@pytest.mark.parametrize(
    ("andra", "skal"),
    [
        (fyll(F2=-5), "minustecken"),
        (fyll(F2=10**12), "för stort"),
        (fyll(F2=0.125), "fler än två decimaler"),
        (fyll(F2="=1+1"), "formel utan uträknat värde"),
        (fyll(F2="kanske"), "förstås inte"),
        (fyll(F2=True), "förstås inte"),
        (fyll(A2="=cmd()"), "vilken cell raden gäller"),
        (fyll(A2="o99999-2024-sgd"), "hör inte till planens utfall för 2024"),
        (fyll(F2=1, A3=None), "vilken cell raden gäller"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_reason_and_stops_the_file(
    andra: Andra, skal: str, klient: Client, fall: Planfall
) -> None:
    svar = skicka(klient, ifylld(klient, andra))
    assert svar.status_code == 422
    assert skal in synlig_text(svar)
    assert 'name="underlag"' not in svar.content.decode()


def test_a_row_twice_and_another_years_row_are_refused(klient: Client, fall: Planfall) -> None:
    namn = f"o{fall.npo.pk}-2024-sgd"
    text = synlig_text(skicka(klient, ifylld(klient, fyll(A3=namn, F3=5))))
    assert "Cellen står redan på rad 2" in text
    text = synlig_text(skicka(klient, ifylld(klient, fyll(A3=namn.replace("2024", "2023"), F3=5))))
    assert "hör inte till planens utfall för 2024" in text


def test_a_stale_file_is_refused_where_others_have_written_and_only_there(klient: Client, fall: Planfall) -> None:
    gammal = ifylld(klient, fyll(F2=10))
    skriv_utfall(fall.sdk, "7")
    svar = skicka(klient, gammal)
    assert svar.status_code == 200  # SDK's row changes nothing, so what stands there stays
    skriv_utfall(fall.npo, "8")
    assert "ändrat cellen sedan filen hämtades. Nu står där: 8" in synlig_text(skicka(klient, gammal))
    # What was shown is checked again when it is saved.
    svar = klient.post(LAS_IN, formular(svar, "underlag"))
    assert svar.status_code == 409
    assert ore() == [("belopp", 8_00), ("belopp", 7_00)]


def test_what_is_saved_is_what_was_shown_for_that_year(klient: Client, fall: Planfall, utkast: Handlingsplan) -> None:
    underlag = formular(skicka(klient, ifylld(klient, fyll(F2=10))), "underlag")
    assert klient.post(LAS_IN, {"underlag": "hittepå"}).status_code == 422
    assert klient.post("/plan/2025/utfall/las-in/", underlag).status_code == 422
    assert ore() == []


def test_a_closed_year_takes_no_file(klient: Client, delad_plan: Handlingsplan, folkmangd: None) -> None:
    avstambar(delad_plan)
    innehall = ifylld(klient, fyll(F2=10))
    underlag = formular(skicka(klient, innehall), "underlag")
    fasta(klient)
    assert klient.post(LAS_IN, underlag).status_code == 409
    assert skicka(klient, innehall).status_code == 422
    assert "är fastställd" in synlig_text(klient.get(LAS_IN))
    assert ore() == [("belopp", 90_000_33), ("belopp", 60_000_00)]


def med_del(innehall: bytes, namn: str, text: bytes) -> bytes:
    ut = io.BytesIO(innehall)
    with zipfile.ZipFile(ut, "a") as paket:
        paket.writestr(namn, text)
    return ut.getvalue()


def test_files_that_are_no_sound_workbooks_of_ours_are_refused(klient: Client, fall: Planfall) -> None:
    rak = ifylld(klient, fyll(F2=10))
    fel = {
        "går inte att öppna": b"Cell;Utfall\n",
        "makron": med_del(rak, "xl/vbaProject.bin", b"x"),
        "DTD eller entitet": med_del(rak, "xl/evil.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'),
        "rubriker ska stå kvar": ifylld(klient, fyll(F1="Utfallet")),
        "Filen är tom": b"",
    }
    for besked, innehall in fel.items():
        svar = skicka(klient, innehall)
        assert svar.status_code == 422, besked
        assert besked in synlig_text(svar)
        assert "SCB" not in synlig_text(svar).partition("Granska filen")[0]
    assert klient.post(LAS_IN).status_code == 422


def test_a_file_that_is_too_large_is_thrown_away_before_it_is_opened(
    klient: Client, fall: Planfall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("budget.views.uppladdning.HOGSTA_STORLEK", 1_000)
    svar = skicka(klient, ifylld(klient, fyll(F2=10)))
    assert svar.status_code == 413
    assert "större än" in synlig_text(svar)
