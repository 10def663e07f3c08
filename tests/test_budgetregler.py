"""How a year is shared, and the published rate beside it."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from budget.fordelningar import regel_for, standardregel
from budget.models import Budgetpost, Folkmangd, Fordelningsregel, PubliceradKostnad
from budget.views import regler
from handlingsplan.models import Anvandare, Handlingsplan
from tests.budgetfall import Budgetfall, budgetfall, formular

REGEL = "/plan/2024/fordelning/regel/2024/"
PUBLICERAD = "/plan/2024/budget/publicerad/2024/"


@pytest.fixture
def fall(delad_plan: Handlingsplan, folkmangd: None) -> Budgetfall:
    return budgetfall(delad_plan)


def test_the_rule_starts_from_the_default(klient: Client, fall: Budgetfall) -> None:
    data = formular(klient.get(REGEL), "andel_region")
    assert (data["andel_region"], data["andel_grupp"], data["enhet"]) == ("1", "1", "ore")
    assert data["folkmangdsdatum"] == "2022-12-31"


def test_an_untouched_rule_is_saved_as_the_plans_own(
    klient: Client, fall: Budgetfall, faststalld_plan: Handlingsplan
) -> None:
    """What was inherited is pinned: it no longer follows the plan it came from."""
    arvd = Fordelningsregel.objects.create(
        plan=faststalld_plan, budgetar=2023, andel_region=3, andel_grupp=7, folkmangdsdatum=date(2021, 12, 31)
    )
    for adress in (REGEL, "/plan/2024/fordelning/regel/2023/"):
        assert klient.post(adress, formular(klient.get(adress), "andel_region")).status_code == 302
    Fordelningsregel.objects.filter(pk=arvd.pk).update(andel_region=9)
    egna = Fordelningsregel.objects.filter(plan=fall.plan).order_by("budgetar")
    assert list(egna.values_list("budgetar", "andel_region", "version")) == [(2023, 3, 1), (2024, 1, 1)]
    assert regel_for(fall.plan, 2023).andel_region == 3
    klient.post(REGEL, formular(klient.get(REGEL), "andel_region"))
    assert Fordelningsregel.objects.get(plan=fall.plan, budgetar=2024).version == 1


@pytest.mark.parametrize("kronor", [500_000, 0])
def test_a_saved_rule_leads_back_to_a_place_that_is_on_the_page(klient: Client, fall: Budgetfall, kronor: int) -> None:
    poster = Budgetpost.objects.filter(finansiering="sgd", budgetar=2024)
    if not kronor:
        poster.update(slag="ej_aktuellt", belopp=None)
    sida, ankare = klient.post(REGEL, formular(klient.get(REGEL), "andel_region"))["Location"].split("#")
    assert klient.get(sida).content.decode().count(f'id="{ankare}"') == 1


def test_a_rule_is_saved_for_its_year_and_changed(klient: Client, fall: Budgetfall, samordnare: Anvandare) -> None:
    data = formular(klient.get(REGEL), "andel_region")
    svar = klient.post(REGEL, data | {"andel_region": "30", "andel_grupp": "70", "hanvisning": "CSO 2023-11-17 § 4"})
    assert (svar.status_code, svar["Location"]) == (302, "/plan/2024/fordelning/?ar=2024#regel")
    regel = Fordelningsregel.objects.get()
    assert (regel.plan, regel.andel_region, regel.andel_grupp, regel.andrad_av) == (fall.plan, 30, 70, samordnare)
    data = formular(klient.get(REGEL), "andel_region")
    klient.post(REGEL, data | {"enhet": "krona", "folkmangdsdatum": "2021-12-31"})
    regel.refresh_from_db()
    assert (regel.enhet, regel.folkmangdsdatum, regel.version) == ("krona", date(2021, 12, 31), 2)


@pytest.mark.parametrize(
    ("falt", "varde", "ur_meddelandet"),
    [
        ("folkmangdsdatum", "31/12/2022", "Skriv år-månad-dag"),
        ("folkmangdsdatum", "12/31/2022", "Skriv år-månad-dag"),
        ("folkmangdsdatum", "2022-13-01", "finns inte i kalendern"),
        ("folkmangdsdatum", "2022-1-1", "Skriv år-månad-dag"),
        ("folkmangdsdatum", "20221231", "Skriv år-månad-dag"),
        ("folkmangdsdatum", "", "Skriv ett datum"),
        ("folkmangdsdatum", "2023-06-30", "saknas för Perstorps kommun, Malmö stad och Lunds kommun"),
        ("andel_region", "-1", "större än eller lika med 0"),
        ("andel_region", "0,5", "heltal"),
        ("enhet", "tusenlapp", "tusenlapp"),
    ],
)
def test_a_refused_rule_says_why_and_keeps_what_was_typed(
    klient: Client, fall: Budgetfall, falt: str, varde: str, ur_meddelandet: str
) -> None:
    svar = klient.post(REGEL, formular(klient.get(REGEL), "andel_region") | {falt: varde})
    assert (svar.status_code, Fordelningsregel.objects.count()) == (422, 0)
    assert ur_meddelandet in svar.content.decode()
    if falt != "enhet":
        assert formular(svar, "andel_region")[falt] == varde


def test_somebody_has_to_pay(klient: Client, fall: Budgetfall) -> None:
    data = formular(klient.get(REGEL), "andel_region") | {"andel_region": "0", "andel_grupp": "0"}
    svar = klient.post(REGEL, data)
    assert (svar.status_code, "kan inte båda vara 0" in svar.content.decode()) == (422, True)


def test_a_date_without_figures_for_one_party_names_it(klient: Client, fall: Budgetfall) -> None:
    Folkmangd.objects.filter(huvudman__kod="1281", datum="2021-12-31").delete()
    data = formular(klient.get(REGEL), "andel_region") | {"folkmangdsdatum": "2021-12-31"}
    sida = klient.post(REGEL, data).content.decode()
    assert "Folkmängd den 2021-12-31 saknas för Lunds kommun." in sida


def test_another_plans_rule_is_copied_and_left_alone(
    klient: Client, fall: Budgetfall, faststalld_plan: Handlingsplan
) -> None:
    gammal = Fordelningsregel.objects.create(
        plan=faststalld_plan, budgetar=2023, andel_region=3, andel_grupp=7, folkmangdsdatum=date(2021, 12, 31)
    )
    adress = "/plan/2024/fordelning/regel/2023/"
    data = formular(klient.get(adress), "andel_region")
    assert (data["andel_region"], data["andel_grupp"]) == ("3", "7")
    assert klient.post(adress, data | {"andel_region": "4"}).status_code == 302
    gammal.refresh_from_db()
    assert (gammal.andel_region, regel_for(fall.plan, 2023).andel_region) == (3, 4)


def test_two_who_make_the_rule_at_once_see_both(klient: Client, annan: Client, fall: Budgetfall) -> None:
    data = formular(klient.get(REGEL), "andel_region")
    annan.post(REGEL, data | {"andel_region": "2"})
    svar = klient.post(REGEL, data | {"andel_region": "3"})
    assert (svar.status_code, Fordelningsregel.objects.get().andel_region) == (409, 2)
    assert klient.post(REGEL, formular(svar, "andel_region")).status_code == 302
    assert Fordelningsregel.objects.get().andel_region == 3


def test_two_who_make_the_rule_at_the_very_same_moment_make_one(
    klient: Client, fall: Budgetfall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's rule comes between our reading and our writing."""
    data = formular(klient.get(REGEL), "andel_region") | {"andel_region": "3"}
    Fordelningsregel.objects.create(plan=fall.plan, budgetar=2024, andel_region=2, folkmangdsdatum=date(2022, 12, 31))
    monkeypatch.setattr(regler, "regel_for", standardregel)
    svar = klient.post(REGEL, data)
    assert (svar.status_code, Fordelningsregel.objects.get().andel_region) == (409, 2)


def test_what_one_had_not_touched_follows_the_other_through_a_conflict(
    klient: Client, annan: Client, fall: Budgetfall
) -> None:
    Fordelningsregel.objects.create(plan=fall.plan, budgetar=2024, folkmangdsdatum=date(2022, 12, 31))
    data = formular(klient.get(REGEL), "andel_region")
    annan.post(REGEL, data | {"andel_region": "2", "enhet": "krona", "folkmangdsdatum": "2021-12-31"})
    svar = klient.post(REGEL, data | {"andel_region": "3"})
    assert (svar.status_code, "Sparat: Regionens del" in svar.content.decode()) == (409, True)
    assert klient.post(REGEL, formular(svar, "andel_region")).status_code == 302
    regel = Fordelningsregel.objects.get()
    assert (regel.andel_region, regel.enhet, regel.folkmangdsdatum) == (3, "krona", date(2021, 12, 31))


def test_a_year_outside_the_plan_has_no_rule(klient: Client, fall: Budgetfall) -> None:
    assert [klient.get(f"/plan/2024/fordelning/regel/{ett}/").status_code for ett in (2022, 2025)] == [404, 404]


# --- The published rate ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typat", "varde"),
    [("61,87", "61.87"), ("61,9", "61.90"), ("82", "82.00"), ("1 234,50", "1234.50"), (" 0,01 ", "0.01")],
)
def test_a_rate_is_typed_with_a_decimal_comma(klient: Client, fall: Budgetfall, typat: str, varde: str) -> None:
    data = formular(klient.get(PUBLICERAD), "ore_per_invanare")
    ny = {"ore_per_invanare": typat, "angivet_datum": "2022-12-31", "kalla": "Handlingsplan 2024"}
    assert klient.post(PUBLICERAD, data | ny).status_code == 302
    kostnad = PubliceradKostnad.objects.get()
    assert (kostnad.avser_ar, kostnad.ore_per_invanare, kostnad.version) == (2024, Decimal(varde), 1)


def test_a_rate_is_shown_as_it_is_typed_and_changed_in_place(klient: Client, fall: Budgetfall) -> None:
    PubliceradKostnad.objects.create(plan=fall.plan, avser_ar=2024, ore_per_invanare=Decimal("61.90"), kalla="x")
    data = formular(klient.get(PUBLICERAD), "ore_per_invanare")
    assert data["ore_per_invanare"] == "61,90"
    assert klient.post(PUBLICERAD, data).status_code == 302
    assert PubliceradKostnad.objects.get().version == 1
    assert klient.post(PUBLICERAD, data | {"ore_per_invanare": "61,87"}).status_code == 302
    assert PubliceradKostnad.objects.get().ore_per_invanare == Decimal("61.87")


@pytest.mark.parametrize("typat", ["61.87", "−5", "-5", "61,875", "1e2", "öre", "6O,1", "", "1 2,3", "9" * 30])
def test_a_refused_rate_says_how_to_write_it(klient: Client, fall: Budgetfall, typat: str) -> None:
    data = formular(klient.get(PUBLICERAD), "ore_per_invanare") | {"ore_per_invanare": typat, "kalla": "x"}
    svar = klient.post(PUBLICERAD, data)
    assert (svar.status_code, PubliceradKostnad.objects.count()) == (422, 0)
    assert formular(svar, "ore_per_invanare")["ore_per_invanare"] == typat
    assert "-ore_per_invanare_error" in svar.content.decode()


def test_a_published_rate_is_removed_after_one_question(klient: Client, fall: Budgetfall) -> None:
    PubliceradKostnad.objects.create(plan=fall.plan, avser_ar=2024, ore_per_invanare=Decimal("61.87"), kalla="Planen")
    fraga = klient.get(f"{PUBLICERAD}ta-bort/")
    assert "Planen" in fraga.content.decode()
    gammal = formular(fraga, "version")
    PubliceradKostnad.objects.update(kalla="Ny källa", version=2)
    assert klient.post(f"{PUBLICERAD}ta-bort/", gammal).status_code == 302
    assert PubliceradKostnad.objects.count() == 1
    klient.post(f"{PUBLICERAD}ta-bort/", formular(klient.get(f"{PUBLICERAD}ta-bort/"), "version"))
    assert PubliceradKostnad.objects.count() == 0
    assert klient.get(f"{PUBLICERAD}ta-bort/").status_code == 404
