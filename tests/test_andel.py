"""A party's page: what it is compared with and where that comes from, what is missing, and what stays as it was.

The arithmetic of all 34 is in tests/test_andel_kontroll.py, the files in tests/test_andel_filer.py.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budget.belopp import visa_kr
from budget.models import Budgetpost, Folkmangd, Fordelningsregel
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from rapport import andelsord
from rapport.faststallande import faststall
from rapport.models import FrystPlan
from tests.andelsfall import Andelssida, ore
from tests.budgetfall import budgetfall, omrade, skriv_post
from tests.cast import Klientmakare, Parter
from tests.planfall import Planfall, planfall
from tests.sidor import synlig_text

pytestmark = pytest.mark.django_db

MALMO = "/plan/2024/huvudman/1280/"
FORE = "/plan/2023/huvudman/1280/"


@pytest.fixture
def fall(delad_plan: Handlingsplan, parter: Parter, folkmangd: None) -> Planfall:
    """2024: 175 000 kr of SGD money. Nothing of any year before."""
    return planfall(delad_plan)


def plan_2023(kronor: int = 230_000, **falt: Any) -> Handlingsplan:
    """A shared plan for 2023 with one area."""
    delad = falt.pop("delad_at", datetime(2022, 11, 1, 9, 0, tzinfo=UTC))
    plan = Handlingsplan.objects.create(fran_ar=2023, till_ar=2023, titel="Plan 2023", delad_at=delad, **falt)
    skriv_post(omrade(plan, "npo", "NPÖ"), 2023, "sgd", kronor)
    return plan


def besluta(plan: Handlingsplan) -> None:
    faststall(plan, version=plan.version, datum=date(2023, 12, 1), hanvisning="CSO § 7", av=None, pdf=False)


def sida(klient: Client, vag: str = MALMO) -> Andelssida:
    return Andelssida(klient.get(vag).content.decode())


def forandring(klient: Client, vag: str = MALMO) -> list[int]:
    """Last year's share, the three effects, this year's share: öre."""
    return [ore(rad[2]) for rad in sida(klient, vag).rader("r-andring")]


# --- What it is compared with -------------------------------------------------------------------------------------


def test_last_year_is_what_was_decided_whatever_happened_afterwards(klient: Client, fall: Planfall) -> None:
    besluta(plan_2023())
    fore = forandring(klient)
    malmo = Huvudman.objects.get(kod="1280")
    Folkmangd.objects.create(huvudman=malmo, datum=date(2021, 12, 31), antal=1, revision=2, kalla="Rättad")
    skriv_post(fall.npo, 2023, "sgd", 999)  # what the new plan says of 2023 is not what was decided
    assert forandring(klient) == fore
    assert "Fastställd i Plan 2023" in synlig_text(klient.get(MALMO))
    assert fore[0] == sida(klient, FORE).ore


def test_last_year_of_a_plan_that_is_not_adopted_is_as_its_own_page_shows_it(klient: Client, fall: Planfall) -> None:
    plan_2023()
    skriv_post(fall.npo, 2023, "sgd", 999)
    Fordelningsregel.objects.create(plan=fall.plan, budgetar=2023, andel_region=9, folkmangdsdatum=date(2021, 12, 31))
    assert forandring(klient)[0] == sida(klient, FORE).ore
    assert "Beräknad på Plan 2023, som inte är fastställd" in synlig_text(klient.get(MALMO))


def test_without_a_plan_of_that_year_the_plans_own_comparison_figures_are_used(klient: Client, fall: Planfall) -> None:
    skriv_post(fall.npo, 2023, "sgd", 230_000)
    assert len(forandring(klient)) == 5
    assert "Beräknad på planens jämförelsetal" in synlig_text(klient.get(MALMO))


def test_in_a_plan_of_two_years_the_second_is_compared_with_the_first(
    klient: Client, fall: Planfall, parter: Parter
) -> None:
    Handlingsplan.objects.filter(pk=fall.plan.pk).update(fran_ar=2023)
    skriv_post(fall.npo, 2023, "sgd", 230_000)
    skriv_post(fall.sdk, 2023, "sgd", 0)
    rader = forandring(klient)
    assert rader[0] == sida(klient, f"{MALMO}?ar=2023").ore
    assert "Beräknad på planen som den är nu" in synlig_text(klient.get(MALMO))


def test_without_anything_of_the_year_before_the_page_says_so(klient: Client, fall: Planfall) -> None:
    text = synlig_text(klient.get(MALMO))
    assert "Det finns inget belopp för 2023 att jämföra med." in text
    assert "Skillnad" not in text
    assert sida(klient).effekter == []


def test_a_shared_plan_is_not_compared_with_one_that_nobody_may_know_of(
    klient_for: Klientmakare, klient: Client, lasare_malmo: Anvandare, fall: Planfall
) -> None:
    hemlig = plan_2023(delad_at=None)
    for vem in (klient_for(lasare_malmo), klient):
        text = synlig_text(vem.get(MALMO))
        assert "Plan 2023" not in text
        assert "Det finns inget belopp för 2023" in text
    Handlingsplan.objects.filter(pk=fall.plan.pk).update(delad_at=None)
    assert "Plan 2023, som inte är fastställd" in synlig_text(klient.get(MALMO))
    assert hemlig.delad_at is None


def test_the_years_tell_nothing_of_an_older_plan_that_is_not_shared(klient: Client, fall: Planfall) -> None:
    besluta(plan_2023())
    Handlingsplan.objects.create(fran_ar=2022, till_ar=2022, titel="Hemlig plan")
    assert sida(klient).trend == {2024: True, 2023: True}
    Handlingsplan.objects.filter(pk=fall.plan.pk).update(delad_at=None)
    assert sida(klient).trend == {2024: True, 2023: True, 2022: False}


def test_a_party_that_was_not_there_is_not_compared(klient: Client, fall: Planfall) -> None:
    besluta(plan_2023())
    ny = Huvudman.objects.create(
        kod="1291", typ="kommun", namn="Simrishamn", officiellt_namn="Simrishamns kommun", juridiskt_namn="Simrishamn"
    )
    Folkmangd.objects.create(huvudman=ny, datum=date(2022, 12, 31), antal=19_074, kalla="SCB")
    text = synlig_text(klient.get("/plan/2024/huvudman/1291/"))
    assert "Simrishamns kommun deltog inte 2023." in text
    assert sida(klient, "/plan/2024/huvudman/1291/").trend == {2024: True, 2023: False}
    # The others see it as a change of the model, by name, and the parts still add up.
    rader = forandring(klient)
    assert rader[0] + sum(rader[1:4]) == rader[4]
    assert rader[3] < 0
    assert "Tillkommit har Simrishamns kommun." in synlig_text(klient.get(MALMO))


def test_one_that_is_not_in_a_decided_split_is_told_so(klient: Client, fall: Planfall) -> None:
    besluta(fall.plan)
    fryst = FrystPlan.objects.get(plan=fall.plan)
    ny = {"kod": "1291", "typ": "kommun", "namn": "Simrishamns kommun", "juridiskt_namn": "Simrishamn"}
    fryst.dokument["parter"].append(ny)
    fryst.save()
    text = synlig_text(klient.get("/plan/2024/huvudman/1291/"))
    assert "Simrishamns kommun deltar inte i fördelningen för 2024." in text
    assert "Att betala" not in text


# --- What changed it ----------------------------------------------------------------------------------------------


def test_a_new_ratio_is_the_models_effect(klient: Client, fall: Planfall) -> None:
    besluta(plan_2023(175_000))
    Fordelningsregel.objects.create(
        plan=fall.plan, budgetar=2024, andel_region=30, andel_grupp=70, folkmangdsdatum=date(2022, 12, 31)
    )
    malmo, region = forandring(klient), forandring(klient, "/plan/2024/huvudman/12/")
    assert malmo[1] == 0
    assert (malmo[2] > 0, malmo[3] > 0) == (True, True)
    assert region[1:4] == [0, 0, -35_000_00]
    text = synlig_text(klient.get(MALMO))
    assert "Modellen var 1:1 mellan regionen och kommunerna, avrundat till 1 öre. Den är 30:70" in text
    assert "Budgeten som delas är densamma, 175 000 kr." in text
    # Population's step is neither year's own any longer, so its derivation is there to redo.
    (mellan,) = sida(klient).mellanled
    assert mellan.slut == malmo[0] + malmo[1] + malmo[2]


def test_a_rise_and_a_fall_are_told_in_words(klient: Client, fall: Planfall) -> None:
    besluta(plan_2023(100_000))
    text = synlig_text(klient.get(MALMO))
    assert "Budgeten som delas ökar från 100 000 till 175 000 kr." in text
    fore, *_, nu = forandring(klient)
    assert f"{visa_kr(nu - fore)} kr mer än 2023".replace("\xa0", " ") in text


# --- What is missing ----------------------------------------------------------------------------------------------


def test_a_missing_population_leaves_the_rest_of_the_page(klient: Client, fall: Planfall) -> None:
    Folkmangd.objects.filter(huvudman__kod="1281", datum=date(2022, 12, 31)).delete()
    text = synlig_text(klient.get(MALMO))
    assert "Folkmängd den 2022-12-31 saknas för Lunds kommun (1281)." in text
    assert "Att betala" not in text and "Så räknades det" not in text
    for rubrik in ("Vad pengarna går till", "Det som inte ingår", "År för år", "Om underlaget"):
        assert rubrik in text
    assert sida(klient).rader("r-per")[-1][1] == "175\u00a0000\u00a0kr"


def test_a_missing_population_of_the_year_before_is_told_where_the_change_would_be(
    klient: Client, fall: Planfall
) -> None:
    plan_2023()
    Folkmangd.objects.filter(huvudman__kod="1281", datum=date(2021, 12, 31)).delete()
    text = synlig_text(klient.get(MALMO))
    assert "Folkmängd den 2021-12-31 saknas för Lunds kommun (1281)." in text
    assert "Att betala" in text


def test_unknown_amounts_are_told_and_nothing_is_made_of_them(klient: Client, fall: Planfall) -> None:
    Budgetpost.objects.filter(utgava=fall.sdk).update(slag="okant", belopp=None)
    text = synlig_text(klient.get(MALMO))
    assert "Fördelningen gäller bara de kända beloppen; det finns okända SGD-belopp." in text
    rader = {rad[0]: rad[1:] for rad in sida(klient).rader("r-per")}
    assert rader["Säker digital kommunikation"][:2] == ["–", "okänt"]
    assert rader["Nationell patientöversikt"][0] == rader["Summa"][0]
    assert rader["Summa"][1] == "100\u00a0000\u00a0kr + okänt"


def test_what_is_not_in_the_share_is_listed_by_form(klient: Client, delad_plan: Handlingsplan, folkmangd: None) -> None:
    fall = budgetfall(delad_plan)
    skriv_post(fall.mina_planer, 2024, "statsbidrag", 40_000)
    skriv_post(fall.beslutsstod, 2024, "statsbidrag", 2_500)
    rader = sida(klient).rader("r-utanfor")
    assert ["Statsbidrag", "42\u00a0500\u00a0kr + ej ifyllt"] in rader
    assert ["Annan finansiering", "okänt + ej ifyllt"] in rader
    assert not [rad for rad in rader if "SGD" in rad[0]]


def test_without_other_financing_that_is_said(klient: Client, fall: Planfall) -> None:
    assert "Planen anger ingen annan finansiering 2024." in synlig_text(klient.get(MALMO))


def test_a_plan_without_areas_says_so(klient: Client, fall: Planfall) -> None:
    fall.plan.alla_omraden.update(lage="utgatt")
    text = synlig_text(klient.get(MALMO))
    assert "Inget fördelas" in text


# --- Through the years --------------------------------------------------------------------------------------------


def test_each_year_leads_to_the_plan_it_stands_in(klient: Client, fall: Planfall) -> None:
    besluta(plan_2023())
    Handlingsplan.objects.create(fran_ar=2021, till_ar=2022, titel="Plan 2021–2022", delad_at=fall.plan.delad_at)
    html = klient.get(MALMO).content.decode()
    rader = {rad[0]: rad for rad in sida(klient).rader("r-trend")}
    assert list(rader) == ["2024", "2023", "2022", "2021"]
    assert (rader["2024"][5], rader["2023"][5]) == ("Beräknad", "Fastställd")
    assert rader["2022"][2:] == ["–", "–", "–", "Plan 2021–2022 är inte fastställd."]
    for ett, till_ar in ((2023, 2023), (2022, 2022), (2021, 2022)):
        assert f'href="/plan/{till_ar}/huvudman/1280/?ar={ett}"' in html


def test_years_after_the_plan_are_not_in_it(klient: Client, fall: Planfall) -> None:
    plan = plan_2023()
    assert [rad[0] for rad in sida(klient, FORE).rader("r-trend")] == ["2023"]
    assert plan.till_ar == 2023


def test_more_years_and_plans_cost_no_more_statements(
    klient: Client, fall: Planfall, django_assert_num_queries: Any
) -> None:
    besluta(plan_2023())
    klient.get(MALMO)
    with CaptureQueriesContext(connection) as fa:
        klient.get(MALMO)
    for ett in range(2015, 2023):
        plan = Handlingsplan.objects.create(
            fran_ar=ett, till_ar=ett, titel=f"Plan {ett}", delad_at=fall.plan.delad_at, faststalld_at=date(ett, 1, 2)
        )
        resultat = plan.alla_fordelningsresultat.create(
            budgetar=ett, total=ett, andel_region=1, andel_grupp=1, enhet="ore", folkmangdsdatum=date(ett - 2, 12, 31)
        )
        for part, typ, belopp in (("12", "region", ett // 2 + ett % 2), ("1280", "kommun", ett // 2)):
            huvudman = Huvudman.objects.get(kod=part)
            resultat.alla_andelar.create(
                huvudman=huvudman, namn=huvudman.namn, typ=typ, invanare=7, exakt=str(belopp), belopp=belopp
            )
    with django_assert_num_queries(len(fa)):
        svar = klient.get(MALMO)
    assert len(Andelssida(svar.content.decode()).rader("r-trend")) == 10


# --- Adopted ------------------------------------------------------------------------------------------------------


def test_the_page_of_an_adopted_plan_stays_as_it_was(klient: Client, fall: Planfall) -> None:
    besluta(plan_2023())
    fore = klient.get(MALMO).content.decode().partition("<main")[2]
    fall.plan.refresh_from_db()
    besluta(fall.plan)
    fast = klient.get(MALMO).content.decode().partition("<main")[2]
    assert "Fastställd och lagrad" in fast and "Fastställd och lagrad" not in fore
    assert "CSO § 7" in fast
    Budgetpost.objects.update(belopp=1)
    Folkmangd.objects.update(antal=5)
    Huvudman.objects.filter(kod="1280").update(officiellt_namn="Något annat")
    nu = klient.get(MALMO).content.decode().partition("<main")[2]
    assert nu == fast
    assert sida(klient).ore == Andelssida(fore).ore


def test_an_adopted_plan_is_not_compared_with_one_that_still_changes(klient: Client, fall: Planfall) -> None:
    besluta(fall.plan)
    plan_2023()
    assert "Det finns inget belopp för 2023" not in synlig_text(klient.get(MALMO))
    assert "Plan 2023 är inte fastställd." in synlig_text(klient.get(MALMO))
    assert sida(klient).effekter == []


# --- Who reads it -------------------------------------------------------------------------------------------------


def test_a_reader_meets_the_own_page_as_ours_and_reads_the_others(
    klient_for: Klientmakare, lasare_malmo: Anvandare, fall: Planfall
) -> None:
    klient = klient_for(lasare_malmo)
    egen, annan = synlig_text(klient.get(MALMO)), synlig_text(klient.get("/plan/2024/huvudman/1275/"))
    assert "Vad betalar vi?" in egen and "Vad får vi?" in egen
    assert "Vad betalar Perstorps kommun?" in annan and "Vad går pengarna till?" in annan
    assert "Alla huvudmäns andelar" in annan


def test_the_page_leads_to_the_areas_and_says_where_it_stays(klient: Client, fall: Planfall) -> None:
    html = klient.get(f"{MALMO}?ar=2024").content.decode()
    for utgava in (fall.npo, fall.sdk):
        assert html.count(f'href="/plan/2024/#omrade-{utgava.pk}"') == 2
    assert 'href="http://testserver/plan/2024/huvudman/1280/"' in html
    Handlingsplan.objects.filter(pk=fall.plan.pk).update(fran_ar=2023)
    html = klient.get(f"{MALMO}?ar=2023").content.decode()
    assert 'href="http://testserver/plan/2024/huvudman/1280/?ar=2023"' in html


def test_who_pays_a_part_of_a_share_is_told_with_the_amount() -> None:
    """A model may say that somebody else pays; what another model splits is still paid by oneself."""
    assert andelsord.betalning(300_00, {"Lund": 300_00}, {}, 0) == "Betalas av Lund. Att betala i allt: 0,00\xa0kr."
    text = andelsord.betalning(300_00, {"Lund": 200_00}, {}, 100_00)
    assert text == "Av andelen betalar Lund 200,00\xa0kr. Att betala i allt: 100,00\xa0kr."
    assert andelsord.vad_betalas(2024, 300_00, 300_00, "lika mycket som 2023") == (
        "300,00\xa0kr 2024, lika mycket som 2023."
    )
    assert andelsord.vad_betalas(2024, 300_00, 300_00, "", 250_00) == (
        "300,00\xa0kr 2024. Efter avräkning: 250,00\xa0kr."
    )
    assert andelsord.vad_betalas(2024, 300_00, 100_00, "") == "100,00\xa0kr 2024. Andelen är 300,00\xa0kr."
