"""Accounts and roles: only administrators, and never without one left."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from handlingsplan import administration
from handlingsplan.models import Anvandare, Roll
from tests.budgetfall import formular
from tests.cast import LOSENORD, Klientmakare, Parter, anvandare
from tests.sidor import leder_till, synlig_text, valj_losenord

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(klient_for: Klientmakare, administrator: Anvandare) -> Client:
    return klient_for(administrator)


@pytest.fixture
def andra_administratoren(db: None) -> Anvandare:
    return anvandare("Andra administratören", "admin2@exempel.se", Roll.Slag.ADMINISTRATOR)


def visad_lank(svar: Any) -> str:
    traff = re.search(r">http://testserver(/losenord/nytt/[^<]+)<", svar.content.decode())
    assert traff, synlig_text(svar)
    return traff[1]


def oppnat(vem: Anvandare) -> dict[str, str]:
    """What the form of the account carries when it is opened."""
    return {"avtryck": administration.kontoavtryck(vem)}


# --- Who gets in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vem", ["samordnare", "lasare_malmo", "beredning", "utomstaende"])
def test_only_an_administrator_reaches_accounts(
    request: pytest.FixtureRequest, klient_for: Klientmakare, administrator: Anvandare, vem: str
) -> None:
    klient = klient_for(request.getfixturevalue(vem))
    roll = administrator.alla_roller.get()
    rot = f"/anvandare/{administrator.pk}"
    for adress in ("/anvandare/", "/anvandare/ny/", f"{rot}/"):
        assert klient.get(adress).status_code == 403
        assert klient.post(adress, {"namn": "X", "email": "x@exempel.se"}).status_code == 403
    for handling in ("roll", f"roll/{roll.pk}/ta-bort", "stang", "oppna", "engangslank"):
        assert klient.post(f"{rot}/{handling}/", {"slag": "samordnare"}).status_code == 403
        assert klient.get(f"{rot}/{handling}/").status_code == 403
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.alla_roller.count() == 1


def test_a_get_of_an_act_leads_to_the_account_and_changes_nothing(admin: Client, samordnare: Anvandare) -> None:
    roll = samordnare.alla_roller.get()
    for handling in ("roll", f"roll/{roll.pk}/ta-bort", "stang", "oppna", "engangslank"):
        svar = admin.get(f"/anvandare/{samordnare.pk}/{handling}/")
        assert leder_till(svar) == f"/anvandare/{samordnare.pk}/"
    samordnare.refresh_from_db()
    assert samordnare.is_active
    assert list(samordnare.alla_roller.all()) == [roll]


@pytest.mark.parametrize("pk", [0, 999_999, 10**30])
def test_an_account_that_does_not_exist_is_404(admin: Client, pk: int) -> None:
    assert admin.get(f"/anvandare/{pk}/").status_code == 404
    assert admin.post(f"/anvandare/{pk}/stang/").status_code == 404


# --- The list ---------------------------------------------------------------------------------------------------


def test_the_list_shows_name_address_roles_and_state(
    admin: Client, administrator: Anvandare, samordnare: Anvandare, lasare_malmo: Anvandare, utomstaende: Anvandare
) -> None:
    administration.stang(samordnare, av=administrator)
    text = synlig_text(admin.get("/anvandare/"))
    assert "Samordnaren samordnare@exempel.se samordnare i SGD stängt" in text
    assert "Läsare i Malmö malmo@exempel.se läsare för en huvudman: Malmö stad öppet" in text
    assert "Utomstående utomstaende@exempel.se ingen roll öppet" in text


def test_the_list_stands_in_swedish_order(admin: Client) -> None:
    for nr, namn in enumerate(("Öberg", "Zander", "Ärling", "Åberg", "andersson")):
        anvandare(namn, f"n{nr}@exempel.se")
    text = synlig_text(admin.get("/anvandare/"))
    platser = [text.index(f"{namn} n") for namn in ("andersson", "Zander", "Åberg", "Ärling", "Öberg")]
    assert platser == sorted(platser)


def test_the_list_costs_as_many_statements_for_many_as_for_few(
    admin: Client, parter: Parter, django_assert_num_queries: Any
) -> None:
    for nr in range(20):
        anvandare(f"Läsare {nr}", f"n{nr}@exempel.se", Roll.Slag.LASARE, parter["1281"])
    with django_assert_num_queries(6):  # session, user, roles, plan; accounts and their roles
        admin.get("/anvandare/")


# --- New --------------------------------------------------------------------------------------------------------


def test_a_new_user_chooses_a_password_with_the_link_that_is_shown(admin: Client, parter: Parter) -> None:
    data = {"namn": "Ny Läsare", "email": "Ny@Exempel.se", "slag": "lasare", "huvudman": parter["1280"].pk}
    svar = admin.post("/anvandare/ny/", data)
    ny = Anvandare.objects.get(email="ny@exempel.se")
    assert "Kontot är skapat" in synlig_text(svar)
    assert "no-store" in svar.headers["Cache-Control"]
    assert not ny.has_usable_password()
    assert str(ny.alla_roller.get()) == "läsare för en huvudman: Malmö stad"
    assert not mail.outbox
    assert "Lösenordet är valt" in synlig_text(valj_losenord(Client(), visad_lank(svar)))
    assert "/losenord/nytt/" not in admin.get(f"/anvandare/{ny.pk}/").content.decode()


def test_with_a_mail_server_a_new_user_gets_the_link_by_mail(admin: Client, settings: Any) -> None:
    settings.HAR_EPOST = True
    svar = admin.post(
        "/anvandare/ny/", {"namn": "Ny", "email": "ny@exempel.se", "slag": "samordnare", "huvudman": ""}, follow=True
    )
    assert "skickad till ny@exempel.se" in synlig_text(svar)
    assert mail.outbox[0].subject == "Handlingsplan: Du har fått ett konto"
    assert "http://testserver/losenord/nytt/" in mail.outbox[0].body
    assert "/losenord/nytt/" not in svar.content.decode()


NY = {"namn": "Ny", "email": "ny@exempel.se", "slag": "samordnare", "huvudman": ""}


@pytest.mark.parametrize(
    ("andrat", "besked"),
    [
        ({"email": "SAMORDNARE@exempel.se"}, "Det finns redan ett konto med den e-postadressen."),
        ({"email": ""}, "måste fyllas i"),
        ({"email": "inte en adress"}, "giltig e-postadress"),
        ({"email": "a" * 250 + "@exempel.se"}, "som mest"),
        ({"namn": ""}, "måste fyllas i"),
        ({"namn": "a" * 300}, "som mest 200 tecken"),
        ({"namn": "A\x00B"}, "Null-tecken"),
        ({"slag": ""}, "måste fyllas i"),
        ({"slag": "kung"}, "giltigt alternativ"),
        ({"slag": "lasare"}, "Välj vilken huvudman läsaren hör till."),
        ({"slag": "lasare", "huvudman": "999999"}, "finns inte bland"),
        ({"slag": "lasare", "huvudman": "a\x00"}, "Null-tecken"),
        ({"slag": "ekonom"}, "Välj vilken huvudman ekonomen hör till."),
        ({"huvudman": "1280"}, "Bara läsare och ekonomer hör till en huvudman."),
    ],
)
def test_a_new_user_that_does_not_do_is_refused_and_nothing_is_made(
    admin: Client, samordnare: Anvandare, parter: Parter, andrat: dict[str, str], besked: str
) -> None:
    if andrat.get("huvudman") == "1280":
        andrat = {"huvudman": str(parter["1280"].pk)}
    svar = admin.post("/anvandare/ny/", NY | andrat)
    assert svar.status_code == 422
    assert besked in synlig_text(svar)
    assert Anvandare.objects.count() == 2


def test_an_account_made_by_a_double_click_is_refused_by_the_database(db: None) -> None:
    administration.skapa("ny@exempel.se", "Ny", Roll.Slag.BEREDNING, None)
    with pytest.raises(administration.Hinder, match="Det finns redan ett konto"), transaction.atomic():
        administration.skapa("ny@exempel.se", "Ny", Roll.Slag.BEREDNING, None)
    assert Roll.objects.count() == 1


# --- Change -----------------------------------------------------------------------------------------------------


def test_name_and_address_are_changed(admin: Client, samordnare: Anvandare) -> None:
    admin.post(f"/anvandare/{samordnare.pk}/", oppnat(samordnare) | {"namn": "Nytt Namn", "email": "NY@exempel.se"})
    samordnare.refresh_from_db()
    assert (samordnare.namn, samordnare.email) == ("Nytt Namn", "ny@exempel.se")
    assert samordnare.check_password(LOSENORD)


def test_what_was_typed_stands_there_when_it_is_refused(admin: Client, samordnare: Anvandare) -> None:
    svar = admin.post(f"/anvandare/{samordnare.pk}/", {"namn": "Nytt Namn", "email": "administrator@exempel.se"})
    assert svar.status_code == 422
    assert "Det finns redan ett konto" in synlig_text(svar)
    assert 'value="Nytt Namn"' in svar.content.decode()
    assert "<h1>Samordnaren</h1>" in svar.content.decode()


def test_an_account_may_keep_its_own_address(admin: Client, samordnare: Anvandare) -> None:
    data = oppnat(samordnare) | {"namn": "Nytt", "email": "Samordnare@exempel.se"}
    svar = admin.post(f"/anvandare/{samordnare.pk}/", data)
    assert svar.status_code == 302


def test_a_second_administrator_overwrites_nothing_unseen(admin: Client, samordnare: Anvandare) -> None:
    adress = f"/anvandare/{samordnare.pk}/"
    gammal = formular(admin.get(adress), "avtryck")
    administration.andra(samordnare, "ny@exempel.se", "Den enas namn", vid_lasning=gammal["avtryck"])
    svar = admin.post(adress, gammal | {"namn": "Den andras namn"})
    assert svar.status_code == 409
    assert "Någon annan har ändrat kontot sedan du öppnade sidan: Den enas namn, ny@exempel.se." in synlig_text(svar)
    assert 'value="Den andras namn"' in svar.content.decode()
    samordnare.refresh_from_db()
    assert samordnare.namn == "Den enas namn"
    assert admin.post(adress, formular(svar, "avtryck")).status_code == 302  # the person has chosen
    samordnare.refresh_from_db()
    assert (samordnare.namn, samordnare.email) == ("Den andras namn", "samordnare@exempel.se")


# --- Roles ------------------------------------------------------------------------------------------------------


def test_a_role_is_given_and_works_at_once(
    admin: Client, klient_for: Klientmakare, utomstaende: Anvandare, parter: Parter
) -> None:
    klient = klient_for(utomstaende)
    assert klient.get("/planer/").status_code == 403
    rot = f"/anvandare/{utomstaende.pk}"
    admin.post(f"{rot}/roll/", {"slag": "lasare", "huvudman": parter["1280"].pk})
    admin.post(f"{rot}/roll/", {"slag": "lasare", "huvudman": parter["1275"].pk})
    assert [roll.huvudman_id for roll in utomstaende.alla_roller.all()] == [parter["1275"].pk, parter["1280"].pk]
    assert klient.get("/planer/").status_code == 200


def test_a_role_is_not_given_twice(admin: Client, samordnare: Anvandare) -> None:
    svar = admin.post(f"/anvandare/{samordnare.pk}/roll/", {"slag": "samordnare"})
    assert svar.status_code == 422
    assert "har redan den rollen" in synlig_text(svar)
    assert samordnare.alla_roller.count() == 1


def test_a_reader_needs_a_party_here_too(admin: Client, samordnare: Anvandare) -> None:
    svar = admin.post(f"/anvandare/{samordnare.pk}/roll/", {"slag": "lasare", "huvudman": ""})
    assert svar.status_code == 422
    assert "Välj vilken huvudman" in synlig_text(svar)


def test_a_role_is_taken_away_and_stops_at_once(admin: Client, klient_for: Klientmakare, samordnare: Anvandare) -> None:
    klient = klient_for(samordnare)
    adress = f"/anvandare/{samordnare.pk}/roll/{samordnare.alla_roller.get().pk}/ta-bort/"
    assert "inte längre samordnare i SGD" in synlig_text(admin.post(adress, follow=True))
    assert klient.get("/planer/").status_code == 403
    assert admin.post(adress).status_code == 404


def test_a_role_is_taken_away_from_its_own_user_only(
    admin: Client, samordnare: Anvandare, beredning: Anvandare
) -> None:
    roll = samordnare.alla_roller.get()
    assert admin.post(f"/anvandare/{beredning.pk}/roll/{roll.pk}/ta-bort/").status_code == 404
    assert Roll.objects.filter(pk=roll.pk).exists()


# --- Never without an administrator ------------------------------------------------------------------------------


def test_an_administrator_keeps_the_own_role(
    admin: Client, administrator: Anvandare, andra_administratoren: Anvandare
) -> None:
    roll = administrator.alla_roller.get()
    svar = admin.post(f"/anvandare/{administrator.pk}/roll/{roll.pk}/ta-bort/", follow=True)
    assert "Du kan inte ta bort din egen roll som administratör" in synlig_text(svar)
    assert Roll.objects.filter(pk=roll.pk).exists()


def test_an_administrator_does_not_close_the_own_account(
    admin: Client, administrator: Anvandare, andra_administratoren: Anvandare
) -> None:
    svar = admin.post(f"/anvandare/{administrator.pk}/stang/", follow=True)
    assert "Du kan inte stänga ditt eget konto" in synlig_text(svar)
    administrator.refresh_from_db()
    assert administrator.is_active


def test_one_administrator_removes_another(
    admin: Client, administrator: Anvandare, andra_administratoren: Anvandare
) -> None:
    roll = andra_administratoren.alla_roller.get()
    admin.post(f"/anvandare/{andra_administratoren.pk}/roll/{roll.pk}/ta-bort/")
    assert not andra_administratoren.alla_roller.exists()


def test_the_last_open_administrator_stays(
    administrator: Anvandare, andra_administratoren: Anvandare, samordnare: Anvandare
) -> None:
    # Two administrators who close each other at the same moment: the second is already closed when it comes to act.
    administration.stang(andra_administratoren, av=administrator)
    with pytest.raises(administration.Hinder, match="sista administratören"):
        administration.stang(administrator, av=andra_administratoren)
    with pytest.raises(administration.Hinder, match="sista administratören"):
        administration.ta_bort_roll(administrator.alla_roller.get(), av=andra_administratoren)
    administration.stang(samordnare, av=administrator)


# --- Close and open ----------------------------------------------------------------------------------------------


def test_a_closed_account_is_logged_out_and_no_session_wakes_up_when_it_is_opened(
    admin: Client, klient_for: Klientmakare, samordnare: Anvandare, beredning: Anvandare
) -> None:
    klient, annans = klient_for(samordnare), klient_for(beredning)
    svar = admin.post(f"/anvandare/{samordnare.pk}/stang/", follow=True)
    assert "är stängt och utloggat" in synlig_text(svar)
    assert klient.get("/planer/").status_code == 302
    admin.post(f"/anvandare/{samordnare.pk}/oppna/")
    assert klient.get("/planer/").status_code == 302
    assert annans.get("/planer/").status_code == 200
    samordnare.refresh_from_db()
    assert samordnare.is_active
    assert samordnare.alla_roller.count() == 1
    assert samordnare.check_password(LOSENORD)


def test_a_link_is_made_for_who_has_forgotten(admin: Client, samordnare: Anvandare) -> None:
    svar = admin.post(f"/anvandare/{samordnare.pk}/engangslank/")
    assert "Den visas bara nu" in synlig_text(svar)
    assert "Lösenordet är valt" in synlig_text(valj_losenord(Client(), visad_lank(svar)))


def test_no_link_is_made_for_a_closed_account(admin: Client, administrator: Anvandare, samordnare: Anvandare) -> None:
    administration.stang(samordnare, av=administrator)
    svar = admin.post(f"/anvandare/{samordnare.pk}/engangslank/", follow=True)
    assert "Öppna det innan du ger ut en länk" in synlig_text(svar)
