"""The population page, one figure with its revisions, and the service behind them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from budget import folkmangd as tjanst
from budget.falt import OrePerInvanare
from budget.models import Folkmangd
from handlingsplan.falt import Isodatum
from handlingsplan.models import Anvandare, Huvudman
from tests.budgetfall import formular
from tests.cast import Klientmakare, Parter

LISTA = "/folkmangd/"
MALMO = "/folkmangd/1280/2022-12-31/"
DATUM = date(2022, 12, 31)
NBSP = "\u00a0"

pytestmark = pytest.mark.usefixtures("folkmangd")


@pytest.fixture
def annan(klient_for: Klientmakare, administrator: Anvandare) -> Client:
    return klient_for(administrator)


def siffror(kod: str = "1280") -> list[tuple[int, int]]:
    rader = Folkmangd.objects.filter(huvudman__kod=kod, datum=DATUM, alder="").order_by("revision")
    return [(rad.revision, rad.antal) for rad in rader]


# --- Who may -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vem", "lasa", "redigera"),
    [
        ("samordnare", 200, 200),
        ("administrator", 200, 200),
        ("lasare_malmo", 200, 403),
        ("beredning", 200, 403),
        ("utomstaende", 403, 403),
    ],
)
def test_everybody_with_a_role_reads_and_those_with_common_data_edit(
    request: pytest.FixtureRequest, klient_for: Klientmakare, vem: str, lasa: int, redigera: int
) -> None:
    klient = klient_for(request.getfixturevalue(vem))
    assert klient.get(LISTA).status_code == lasa
    for adress in (MALMO, "/folkmangd/ny/", "/folkmangd/importera/"):
        assert klient.get(adress).status_code == redigera
        if redigera == 403:
            assert klient.post(adress, {"antal": "1", "kalla": "x", "revision": "1"}).status_code == 403
        assert Client().get(adress).status_code == 302
    assert siffror() == [(1, 357_377)]
    assert (MALMO in klient.get(LISTA).content.decode()) == (redigera == 200)


# --- The table ---------------------------------------------------------------------------------------------------


def test_the_table_has_the_newest_figures_sums_and_sources(klient: Client, parter: Parter) -> None:
    Folkmangd.objects.create(huvudman=parter["1280"], datum=DATUM, revision=2, antal=400_000, kalla="Rättelse")
    sida = klient.get(LISTA).content.decode()
    assert f"400{NBSP}000" in sida
    assert f"357{NBSP}377" not in sida
    assert f"{NBSP}".join(("535", "826")) in sida  # 7 442 + 400 000 + 128 384
    assert "Rättelse; SCB" in sida
    assert sida.index("2022-12-31</th>") < sida.index("2021-12-31</th>")


def test_a_missing_figure_is_said_and_not_counted_as_nothing(klient: Client) -> None:
    Folkmangd.objects.filter(huvudman__kod="1275", datum=DATUM).delete()
    sida = klient.get(LISTA).content.decode()
    assert sida.count(">saknas</span>") == 1
    assert "1 saknas" in sida


def test_figures_of_an_age_span_stay_out_of_the_table(klient: Client, parter: Parter) -> None:
    Folkmangd.objects.create(huvudman=parter["1280"], datum=DATUM, fran_alder=65, antal=55_555, kalla="SCB")
    assert f"55{NBSP}555" not in klient.get(LISTA).content.decode()


def test_the_table_costs_the_same_whatever_its_size(klient: Client, parter: Parter) -> None:
    with CaptureQueriesContext(connection) as fa:
        klient.get(LISTA)
    for ett in range(2000, 2020):
        Folkmangd.objects.create(huvudman=parter["1280"], datum=date(ett, 12, 31), antal=ett, kalla="SCB")
    with CaptureQueriesContext(connection) as manga:
        klient.get(LISTA)
    assert len(manga) == len(fa)


def test_an_empty_installation_says_what_to_do_first(klient: Client) -> None:
    Folkmangd.objects.all().delete()
    assert "Ingen folkmängd ännu" in klient.get(LISTA).content.decode()
    Huvudman.objects.all().delete()
    assert "Lägg in huvudmännen först" in klient.get(LISTA).content.decode()


# --- One figure --------------------------------------------------------------------------------------------------


def test_a_changed_figure_is_a_new_revision_and_the_old_one_stays(klient: Client, samordnare: Anvandare) -> None:
    data = formular(klient.get(MALMO), "antal")
    assert (data["antal"], data["revision"]) == (f"357{NBSP}377", "1")
    svar = klient.post(MALMO, data | {"antal": "357 400", "kalla": "SCB, rättelse 2023-03-01"})
    assert (svar.status_code, siffror()) == (302, [(1, 357_377), (2, 357_400)])
    ny = Folkmangd.objects.get(revision=2)
    assert (ny.kalla, ny.registrerad_av) == ("SCB, rättelse 2023-03-01", samordnare)
    sida = klient.get(MALMO).content.decode()
    assert f"357{NBSP}377" in sida
    assert f"357{NBSP}400" in sida


def test_the_same_figure_again_makes_no_row(klient: Client) -> None:
    data = formular(klient.get(MALMO), "antal")
    svar = klient.post(MALMO, data | {"antal": f"357{NBSP}377", "kalla": "Någon annanstans"}, follow=True)
    assert siffror() == [(1, 357_377)]
    assert "var redan den" in svar.content.decode()


def test_the_first_figure_of_a_date_is_revision_one(klient: Client) -> None:
    adress = "/folkmangd/1280/2024-12-31/"
    data = formular(klient.get(adress), "antal")
    assert (data["antal"], data["revision"]) == ("", "0")
    assert klient.post(adress, data | {"antal": "365644"}).status_code == 302
    assert Folkmangd.objects.get(datum="2024-12-31").revision == 1


@pytest.mark.parametrize("typat", ["", "−5", "-5", "14,5", "1.750", "1 75O", "1e9", "10000000000", "många", "<b>"])
def test_a_refused_figure_says_why_and_keeps_what_was_typed(klient: Client, typat: str) -> None:
    svar = klient.post(MALMO, {"antal": typat, "kalla": "SCB", "revision": "1"})
    assert (svar.status_code, siffror()) == (422, [(1, 357_377)])
    assert formular(svar, "antal")["antal"] == typat
    assert 'id="id_antal_error"' in svar.content.decode()


def test_a_figure_needs_a_source(klient: Client) -> None:
    svar = klient.post(MALMO, {"antal": "5", "kalla": " ", "revision": "1"})
    assert (svar.status_code, "Skriv varifrån" in svar.content.decode()) == (422, True)


def test_two_who_correct_the_same_figure_see_both_and_choose(klient: Client, annan: Client) -> None:
    mitt = formular(klient.get(MALMO), "antal")
    annan.post(MALMO, formular(annan.get(MALMO), "antal") | {"antal": "357400"})
    svar = klient.post(MALMO, mitt | {"antal": "357500"})
    sida = svar.content.decode()
    assert (svar.status_code, siffror()) == (409, [(1, 357_377), (2, 357_400)])
    assert "Administratören" in sida
    kvar = formular(svar, "antal")
    assert (kvar["antal"], kvar["revision"]) == ("357500", "2")
    assert klient.post(MALMO, kvar).status_code == 302
    assert siffror()[-1] == (3, 357_500)


def test_two_who_register_at_the_very_same_moment_do_not_both_get_in(
    parter: Parter, samordnare: Anvandare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's row comes between our reading and our writing: the database refuses, and it becomes a conflict."""
    riktiga = tjanst.revisioner
    lasningar: list[int] = []

    def gammal_lasning(huvudman: Huvudman, datum: date, alder: str) -> list[Folkmangd]:
        lasningar.append(1)
        alla = riktiga(huvudman, datum, alder)
        return alla[1:] if len(lasningar) == 1 else alla

    Folkmangd.objects.create(huvudman=parter["1280"], datum=DATUM, revision=2, antal=1, kalla="den andres")
    monkeypatch.setattr(tjanst, "revisioner", gammal_lasning)
    with pytest.raises(tjanst.Revisionskrock) as krock:
        tjanst.registrera(parter["1280"], DATUM, antal=2, kalla="x", bas_revision=1, av=samordnare)
    assert (krock.value.nyast.antal, siffror()) == (1, [(1, 357_377), (2, 1)])


@pytest.mark.parametrize(
    "adress",
    [
        "/folkmangd/1280/31/12/2022/",
        "/folkmangd/1280/2022-13-01/",
        "/folkmangd/1280/20221231/",
        "/folkmangd/1280/2022-1-1/",
        "/folkmangd/0180/2022-12-31/",
        "/folkmangd/12/2022-12-31/",
        "/folkmangd/1280/0001-01-01/",
        "/folkmangd/1280/1967-12-31/",
        "/folkmangd/1280/2099-12-31/",
        "/folkmangd/1280/9999-12-31/",
        "/folkmangd/%00/2022-12-31/",
        "/folkmangd/12%00/2022-12-31/",
        "/folkmangd/1280/2022-12-31/%0A",
    ],
)
def test_only_municipalities_and_iso_dates_have_a_page(klient: Client, adress: str) -> None:
    assert klient.get(adress).status_code == 404
    assert klient.post(adress, {"antal": "1", "kalla": "SCB", "revision": "0"}).status_code == 404


@pytest.mark.parametrize("dag", ["0001-01-01", "9999-12-31", "2099-12-31"])
def test_a_day_that_cannot_have_figures_is_not_offered(klient: Client, dag: str) -> None:
    assert dag not in klient.get("/folkmangd/", {"dag": dag}).content.decode()


# --- A new date --------------------------------------------------------------------------------------------------


def test_a_new_date_is_shown_empty_and_nothing_is_saved(klient: Client) -> None:
    antal = Folkmangd.objects.count()
    svar = klient.get("/folkmangd/ny/", {"datum": "2023-12-31"})
    assert (svar.status_code, svar["Location"]) == (302, "/folkmangd/?dag=2023-12-31")
    sida = klient.get(svar["Location"]).content.decode()
    assert sida.count(">saknas</span>") == 3
    assert "/folkmangd/1275/2023-12-31/" in sida
    assert Folkmangd.objects.count() == antal


@pytest.mark.parametrize(
    ("datum", "ur_meddelandet"),
    [
        ("31/12/2022", "Skriv år-månad-dag"),
        ("2022-13-01", "finns inte i kalendern"),
        ("", "Skriv ett datum"),
        ("1900-12-31", "mellan 1990 och 2100"),
        ((timezone.localdate() + timedelta(days=2)).isoformat(), "framtiden"),
    ],
)
def test_a_refused_date_says_why(klient: Client, datum: str, ur_meddelandet: str) -> None:
    svar = klient.get("/folkmangd/ny/", {"datum": datum})
    assert (svar.status_code, ur_meddelandet in svar.content.decode()) == (422, True)
    assert formular(svar, "datum")["datum"] == datum


# --- The service -------------------------------------------------------------------------------------------------


def test_a_date_is_whole_when_every_municipality_has_a_figure(parter: Parter) -> None:
    assert tjanst.hela_datum() == [DATUM, date(2021, 12, 31)]
    assert tjanst.saknas_for(DATUM) == []
    Folkmangd.objects.filter(huvudman__kod="1281", datum=DATUM).delete()
    Folkmangd.objects.create(huvudman=parter["1281"], datum=DATUM, fran_alder=65, antal=1, kalla="SCB")
    assert tjanst.hela_datum() == [date(2021, 12, 31)]
    assert [en.kod for en in tjanst.saknas_for(DATUM)] == ["1281"]


def test_dates_and_rates_are_read_one_way_only() -> None:
    assert Isodatum().clean(" 2022-12-31 ") == DATUM
    assert str(OrePerInvanare().clean("61,8")) == "61.80"
    for falt, text in ((Isodatum(), "2022-W52-6"), (Isodatum(), "٢٠٢٢-12-31"), (OrePerInvanare(), "٦١,87")):
        with pytest.raises(ValidationError):
            falt.clean(text)
