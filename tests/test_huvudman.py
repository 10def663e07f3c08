"""The parties: everyone with a role reads, coordinators and administrators edit."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from budget.models import Folkmangd, Fordelningsresultat
from handlingsplan.former_huvudman import NyHuvudmanformular, organisationsnummer
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman, Roll
from handlingsplan.ordning import svensk_nyckel
from handlingsplan.organisationsnummer import granska_organisationsnummer
from tests.cast import Klientmakare, Parter
from tests.sidor import leder_till, synlig_text

pytestmark = pytest.mark.django_db

# Digits that only satisfy the rule (the check digit of 2 1 2 0 0 0 0 0 0 is 1), not anybody's number.
RATT_FORM = "212000-0001"
NY = {
    "kod": "1283",
    "typ": "kommun",
    "namn": "Helsingborg",
    "officiellt_namn": "Helsingborgs stad",
    "juridiskt_namn": "Helsingborgs kommun",
    "organisationsnummer": "",
}


def oppnat(klient: Client, kod: str) -> dict[str, str]:
    """What the form for a party holds when it is opened."""
    html = klient.get(f"/huvudman/{kod}/redigera/").content.decode()
    falt = re.findall(r"<input\b[^>]*>", html)
    par = [(re.search(r'name="([^"]+)"', f), re.search(r'value="([^"]*)"', f)) for f in falt]
    return {
        namn[1]: varde[1] if varde else ""
        for namn, varde in par
        if namn and namn[1] not in ("q", "csrfmiddlewaretoken")
    }


@pytest.mark.parametrize("vem", ["samordnare", "lasare_malmo", "beredning", "administrator"])
def test_everyone_with_a_role_reads_the_parties(
    request: pytest.FixtureRequest, klient_for: Klientmakare, parter: Parter, vem: str
) -> None:
    text = synlig_text(klient_for(request.getfixturevalue(vem)).get("/huvudman/"))
    assert "Malmö stad 1280 kommun Malmö stad saknas" in text
    assert "Region Skåne 12 region Region Skåne saknas" in text
    assert ("Redigera" in text) == (vem in ("samordnare", "administrator"))


def test_who_has_no_role_reads_no_parties(klient_for: Klientmakare, utomstaende: Anvandare) -> None:
    assert klient_for(utomstaende).get("/huvudman/").status_code == 403


@pytest.mark.parametrize("vem", ["lasare_malmo", "beredning", "utomstaende"])
def test_the_others_edit_no_party(
    request: pytest.FixtureRequest, klient_for: Klientmakare, parter: Parter, vem: str
) -> None:
    klient = klient_for(request.getfixturevalue(vem))
    for adress in ("/huvudman/ny/", "/huvudman/1280/redigera/", "/huvudman/9999/redigera/", "/huvudman/1280/ta-bort/"):
        assert klient.get(adress).status_code == 403
        assert klient.post(adress, NY).status_code == 403
    assert Huvudman.objects.count() == 4


@pytest.mark.parametrize("vem", ["samordnare", "administrator"])
def test_a_party_is_added(request: pytest.FixtureRequest, klient_for: Klientmakare, vem: str) -> None:
    user = request.getfixturevalue(vem)
    svar = klient_for(user).post("/huvudman/ny/", NY, follow=True)
    assert "Helsingborgs stad är tillagd" in synlig_text(svar)
    assert Huvudman.objects.get(kod="1283").andrad_av == user


@pytest.mark.parametrize(
    ("andrat", "besked"),
    [
        ({"kod": "1280"}, "Det finns redan en huvudman med den SCB-koden."),
        ({"kod": "13"}, "En region har två siffror i SCB-koden, en kommun fyra."),
        ({"kod": "1283", "typ": "region"}, "En region har två siffror i SCB-koden, en kommun fyra."),
        ({"kod": "128"}, "Ange SCB:s kod"),
        ({"kod": "1299"}, "SCB har ingen region eller kommun med koden 1299."),
        ({"kod": "1499"}, "Koden 1499 är Falköping hos SCB. Koderna i Region Skåne börjar på 12."),
        ({"kod": "00", "typ": "region"}, "SCB har ingen region eller kommun med koden 00."),
        ({"kod": "13", "typ": "region"}, "Det finns redan en region."),
        ({"kod": "١٢٨٠"}, "Ange SCB:s kod"),
        ({"kod": ""}, "måste fyllas i"),
        ({"typ": "kungarike"}, "giltigt alternativ"),
        ({"namn": "a" * 300}, "som mest 100 tecken"),
        ({"officiellt_namn": "A\x00B"}, "Null-tecken"),
        ({"juridiskt_namn": ""}, "måste fyllas i"),
        ({"organisationsnummer": "212000-0002"}, "Den sista siffran stämmer inte"),
    ],
)
def test_a_party_that_does_not_do_is_refused_with_the_reason(
    klient: Client, parter: Parter, andrat: dict[str, str], besked: str
) -> None:
    svar = klient.post("/huvudman/ny/", NY | andrat)
    assert svar.status_code == 422
    assert besked in synlig_text(svar)
    assert Huvudman.objects.count() == 4


@pytest.mark.parametrize("andrat", [{"kod": "1280"}, {"kod": "13", "typ": "region"}])
def test_a_party_that_somebody_else_adds_at_the_same_time_is_refused_beside_the_field(
    klient: Client, parter: Parter, monkeypatch: pytest.MonkeyPatch, andrat: dict[str, str]
) -> None:
    for kontroll in ("validate_unique", "validate_constraints"):  # what both have passed before either has saved
        monkeypatch.setattr(NyHuvudmanformular, kontroll, lambda self: None)
    svar = klient.post("/huvudman/ny/", NY | andrat)
    assert svar.status_code == 422
    assert "Någon annan lade just till huvudmannen" in synlig_text(svar)
    assert Huvudman.objects.count() == 4


# --- Several at once ---------------------------------------------------------------------------------------------


def test_several_parties_are_pasted_from_a_spreadsheet_the_region_first(klient: Client) -> None:
    rader = "Kod\tNamn\r\n1280\tMalmö stad\tMalmö kommun\r\n\r\n12;Region Skåne\n1281\tLunds kommun\t\t212000-0001\t"
    svar = klient.post("/huvudman/flera/", {"rader": rader}, follow=True)
    assert "3 huvudmän är tillagda" in synlig_text(svar)
    alla = {
        en.kod: (en.typ, en.namn, str(en), en.juridiskt_namn, en.organisationsnummer) for en in Huvudman.objects.all()
    }
    assert alla == {
        "12": ("region", "Region Skåne", "Region Skåne", "Region Skåne", ""),
        "1280": ("kommun", "Malmö", "Malmö stad", "Malmö kommun", ""),
        "1281": ("kommun", "Lund", "Lunds kommun", "Lunds kommun", "212000-0001"),
    }


def test_scbs_list_of_a_county_is_a_beginning_without_those_that_are_parties(klient: Client, parter: Parter) -> None:
    html = klient.get("/huvudman/flera/?lan=12").content.decode()
    assert "1283\tHelsingborg\n" in html
    assert "1280\tMalmö" not in html
    assert "<textarea" in klient.get("/huvudman/flera/?lan=99").content.decode()


@pytest.mark.parametrize(
    ("rader", "besked"),
    [
        (" \n", "Skriv eller klistra in minst en rad."),
        ("1283;Helsingborgs stad\n1280;Malmö stad", "Rad 2, 1280 Malmö stad: Det finns redan en huvudman"),
        ("1283;Helsingborgs stad\n1283;Igen", "Rad 2, 1283 Igen: Det finns redan en huvudman"),
        ("1283;Helsingborgs stad\n1480;Göteborgs stad", "Rad 2, 1480 Göteborgs stad: Koden 1480 är Göteborg hos SCB."),
        ("1283", "Rad 1, 1283: det officiella namnet saknas."),
        ("1283;a;b;212000-0002", "Den sista siffran stämmer inte"),
        ("1283;a;b;c;d", "Rad 1: 5 kolumner är för många."),
        ("1283;a\n" * 401, "401 rader är för många."),
    ],
)
def test_one_wrong_row_stops_them_all_and_is_named(klient: Client, parter: Parter, rader: str, besked: str) -> None:
    svar = klient.post("/huvudman/flera/", {"rader": rader})
    assert svar.status_code == 422
    assert besked in synlig_text(svar)
    assert Huvudman.objects.count() == 4


# --- Remove ------------------------------------------------------------------------------------------------------


def test_a_party_added_by_mistake_is_removed_when_asked_twice(klient: Client, parter: Parter) -> None:
    assert 'href="/huvudman/1281/ta-bort/"' in klient.get("/huvudman/").content.decode()
    assert "Ta bort Lunds kommun?" in synlig_text(klient.get("/huvudman/1281/ta-bort/"))
    assert Huvudman.objects.filter(kod="1281").exists()
    assert "Lunds kommun är borttagen" in synlig_text(klient.post("/huvudman/1281/ta-bort/", follow=True))
    assert not Huvudman.objects.filter(kod="1281").exists()


@pytest.mark.parametrize("vad", ["folkmängd", "läsare", "andel"])
def test_a_party_that_something_belongs_to_stays(
    klient: Client, parter: Parter, delad_plan: Handlingsplan, utomstaende: Anvandare, vad: str
) -> None:
    malmo = parter["1280"]
    if vad == "folkmängd":
        Folkmangd.objects.create(huvudman=malmo, datum=date(2022, 12, 31), antal=1, kalla="SCB")
    elif vad == "läsare":
        Roll.objects.create(anvandare=utomstaende, slag=Roll.Slag.LASARE, huvudman=malmo)
    else:
        varden = {"total": 1, "andel_region": 1, "andel_grupp": 1, "enhet": "ore", "folkmangdsdatum": "2022-12-31"}
        resultat = Fordelningsresultat.objects.create(plan=delad_plan, budgetar=2024, **varden)
        resultat.alla_andelar.create(huvudman=malmo, namn="Malmö", typ="kommun", invanare=1, exakt="1", belopp=1)
    assert 'href="/huvudman/1280/ta-bort/"' not in klient.get("/huvudman/").content.decode()
    assert "Malmö stad är inte borttagen." in synlig_text(klient.post("/huvudman/1280/ta-bort/", follow=True))
    assert Huvudman.objects.filter(kod="1280").exists()


# --- Change ------------------------------------------------------------------------------------------------------


def test_a_party_is_renamed_and_carries_who_and_a_new_version(
    klient: Client, samordnare: Anvandare, parter: Parter
) -> None:
    svar = klient.post("/huvudman/1280/redigera/", oppnat(klient, "1280") | {"juridiskt_namn": "Malmö kommun"})
    assert leder_till(svar) == "/huvudman/#huvudman-1280"
    malmo = Huvudman.objects.get(kod="1280")
    assert (malmo.juridiskt_namn, malmo.version, malmo.andrad_av) == ("Malmö kommun", 2, samordnare)


def test_an_unchanged_form_writes_nothing(klient: Client, parter: Parter) -> None:
    klient.post("/huvudman/1280/redigera/", oppnat(klient, "1280"))
    assert Huvudman.objects.get(kod="1280").version == 1


def test_two_who_change_different_fields_both_get_their_way(
    klient: Client, klient_for: Klientmakare, administrator: Anvandare, parter: Parter
) -> None:
    forsta, andra = oppnat(klient, "1280"), oppnat(klient, "1280")
    klient.post("/huvudman/1280/redigera/", forsta | {"juridiskt_namn": "Malmö kommun"})
    klient_for(administrator).post("/huvudman/1280/redigera/", andra | {"organisationsnummer": RATT_FORM})
    malmo = Huvudman.objects.get(kod="1280")
    assert (malmo.juridiskt_namn, malmo.organisationsnummer, malmo.version) == ("Malmö kommun", RATT_FORM, 3)


def test_two_who_change_the_same_field_see_both_texts(
    klient: Client, klient_for: Klientmakare, administrator: Anvandare, parter: Parter
) -> None:
    forsta, andra = oppnat(klient, "1280"), oppnat(klient, "1280")
    klient.post("/huvudman/1280/redigera/", forsta | {"namn": "Malmoe"})
    svar = klient_for(administrator).post("/huvudman/1280/redigera/", andra | {"namn": "Malmö stad"})
    assert svar.status_code == 409
    assert "Malmoe" in synlig_text(svar)
    assert 'value="Malmö stad"' in svar.content.decode()
    assert Huvudman.objects.get(kod="1280").namn == "Malmoe"


def test_a_party_that_does_not_exist_is_404(klient: Client, db: None) -> None:
    assert klient.get("/huvudman/9999/redigera/").status_code == 404
    assert klient.get("/huvudman/a%00b/redigera/").status_code == 404


def test_the_code_is_not_changed_through_the_form(klient: Client, parter: Parter) -> None:
    klient.post("/huvudman/1280/redigera/", oppnat(klient, "1280") | {"kod": "1299", "typ": "region"})
    assert Huvudman.objects.filter(kod="1280", typ="kommun").exists()


def test_an_empty_installation_says_what_to_do_first(klient: Client, db: None) -> None:
    assert "Inga huvudmän ännu" in synlig_text(klient.get("/huvudman/"))


# --- Organisation numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("skrivet", [RATT_FORM, "2120000001", "212000 0001", "212000–0001", " 21 20 00 - 00 01 "])
def test_an_organisation_number_is_taken_however_it_is_set(skrivet: str) -> None:
    assert organisationsnummer(skrivet) == RATT_FORM
    granska_organisationsnummer(RATT_FORM)


@pytest.mark.parametrize(
    ("nummer", "besked"),
    [
        ("212000-0002", "Den sista siffran stämmer inte"),
        ("212000-0010", "Den sista siffran stämmer inte"),
        ("211000-0002", "Tredje siffran"),
        ("212000-000", "sex siffror, bindestreck och fyra siffror"),
        ("16212000-0001", "sex siffror, bindestreck och fyra siffror"),
        ("21200O-0001", "sex siffror, bindestreck och fyra siffror"),
        ("٢١٢٠٠٠-٠٠٠١", "sex siffror, bindestreck och fyra siffror"),
        ("212000-0001\n", "sex siffror, bindestreck och fyra siffror"),
    ],
)
def test_what_is_no_organisation_number_is_refused_with_the_reason(nummer: str, besked: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(besked)):
        granska_organisationsnummer(nummer)


def test_an_organisation_number_may_be_empty_and_is_then_said_to_be_missing(klient: Client, parter: Parter) -> None:
    klient.post("/huvudman/1280/redigera/", oppnat(klient, "1280") | {"organisationsnummer": "2120000001"})
    assert f"Malmö stad {RATT_FORM}" in synlig_text(klient.get("/huvudman/"))
    klient.post("/huvudman/1280/redigera/", oppnat(klient, "1280") | {"organisationsnummer": ""})
    assert Huvudman.objects.get(kod="1280").organisationsnummer == ""


def test_swedish_order_puts_the_three_letters_last() -> None:
    namn = ["Östra Göinge", "Åstorp", "A\u030astorp", "Ängelholm", "ystad", "Älmhult", "Bjuv"]
    assert sorted(namn, key=svensk_nyckel) == [
        "Bjuv", "ystad", "Åstorp", "A\u030astorp", "Älmhult", "Ängelholm", "Östra Göinge"
    ]  # fmt: skip
