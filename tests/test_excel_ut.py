"""The whole plan as a workbook: sheets, ids and versions, texts that never run and are never maimed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from budget.kalkylblad import las_ordagrant
from handlingsplan.models import Anvandare, Handlingsplan
from rapport.excel.ut import plan_som_arbetsbok
from tests.budgetfall import skriv_post
from tests.cast import Klientmakare
from tests.planfall import Planfall, manga_aktiviteter, planfall

pytestmark = pytest.mark.django_db

BLAD = ["Så här gör du", "Planen", "Insatsområden", "Mål", "Aktiviteter", "Texter per år", "Budget"]
FARLIGA = ["=1+1", '=HYPERLINK("http://x")', "+46 40 123", "-5 %", "@SUM(A1)", "#N/A", "_x0041_", "a\x0bb\tc\nd", "'så"]


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def bok(plan: Handlingsplan) -> Any:
    return load_workbook(io.BytesIO(plan_som_arbetsbok(plan)))


def tabell(blad: Any) -> list[dict[str, Any]]:
    rubriker, *rader = blad.iter_rows(values_only=True)
    return [dict(zip(rubriker, rad, strict=True)) for rad in rader]


def test_the_workbook_has_the_whole_plan(fall: Planfall) -> None:
    skriv_post(fall.npo, 2024, "statsbidrag", "okant")
    hamtad = bok(fall.plan)
    assert hamtad.sheetnames == BLAD
    (planen,) = tabell(hamtad["Planen"])
    assert (planen["Id"], planen["Version"]) == (f"p{fall.plan.pk}-2024", fall.plan.version)
    assert planen["Inledning"] == "Planen gäller oss alla."
    assert [en["Mål"] for en in tabell(hamtad["Mål"])] == ["Mål 1", "Mål 2", "Mål för SDK"]
    alla = tabell(hamtad["Aktiviteter"])
    assert [(en["Nummer (läses inte)"], en["Aktivitet"]) for en in alla][:3] == [
        ("1", "Första"),
        ("1.1", "Under första"),
        ("2", "Andra"),
    ]
    assert alla[1]["Ligger under"] == f"a{fall.forsta.pk}"
    celler = {en["Id"]: (en["Version"], en["Belopp, kr"]) for en in tabell(hamtad["Budget"])}
    assert celler[f"o{fall.npo.pk}-2024-sgd"] == ("1 belopp 100000.00", 100_000)
    assert celler[f"o{fall.npo.pk}-2024-statsbidrag"] == ("1 okant", "okänt")
    assert celler[f"o{fall.sdk.pk}-2024-statsbidrag"] == ("0 ej_ifyllt", None)


def test_texts_never_run_and_come_back_as_they_were(fall: Planfall) -> None:
    for text in FARLIGA:
        fall.npo.alla_mal.create(ordning=9, text=text)
    celler = [rad[4] for rad in bok(fall.plan)["Mål"].iter_rows(min_row=2)]
    assert all(cell.data_type == "s" for cell in celler)
    farliga = [cell for cell in celler if las_ordagrant(cell.value) in FARLIGA]
    assert sorted(las_ordagrant(cell.value) for cell in farliga) == sorted(FARLIGA)
    assert {cell.value for cell in farliga if cell.quotePrefix} == {en for en in FARLIGA if en[0] in "=+-@"}


def test_what_is_removed_is_not_in_it(fall: Planfall) -> None:
    fall.forsta.borttagen_at = fall.plan.delad_at
    fall.forsta.save()
    assert [en["Aktivitet"] for en in tabell(bok(fall.plan)["Aktiviteter"])] == ["Andra", "Ansluta fler"]


def test_statements_are_constant(fall: Planfall) -> None:
    def antal() -> int:
        with CaptureQueriesContext(
            connection,
        ) as fragor:
            plan_som_arbetsbok(fall.plan)
        return len(fragor)

    fore = antal()
    manga_aktiviteter(fall.npo, 30)
    assert antal() == fore <= 11


def test_readers_of_a_shared_plan_may_have_it(
    klient_for: Klientmakare, lasare_malmo: Anvandare, fall: Planfall, utkast: Handlingsplan
) -> None:
    klient: Client = klient_for(lasare_malmo)
    svar = klient.get("/plan/2024/excel/plan.xlsx")
    assert svar.headers["Content-Disposition"] == 'attachment; filename="handlingsplan-2024.xlsx"'
    assert load_workbook(io.BytesIO(svar.content)).sheetnames == BLAD
    assert klient.get(f"/plan/{utkast.till_ar}/excel/plan.xlsx").status_code == 404
