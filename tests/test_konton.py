"""Logging in and out, passwords, one-time links, and the pages around them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse

from handlingsplan import administration, konton
from handlingsplan.models import Anvandare, Handlingsplan, Roll
from tests.cast import LOSENORD, Klientmakare
from tests.sidor import ENGELSKA, NYTT_LOSENORD, leder_till, synlig_text, valj_losenord

pytestmark = pytest.mark.django_db


def logga_in(klient: Client, email: str, losenord: str = LOSENORD, **mer: str) -> Any:
    return klient.post(reverse("account_login"), {"login": email, "password": losenord, **mer})


def lank_for(vem: Anvandare) -> str:
    return urlsplit(konton.engangslank(RequestFactory().get("/"), vem)).path


# --- Log in and out ---------------------------------------------------------------------------------------------


def test_a_coordinator_starts_at_the_overview(client: Client, samordnare: Anvandare) -> None:
    svar = logga_in(client, "samordnare@exempel.se")
    assert leder_till(svar) == "/"


def test_a_reader_starts_at_the_own_share_of_the_newest_shared_plan(
    client: Client,
    lasare_malmo: Anvandare,
    delad_plan: Handlingsplan,
    faststalld_plan: Handlingsplan,
    utkast: Handlingsplan,
) -> None:
    assert leder_till(logga_in(client, "malmo@exempel.se")) == "/plan/2024/huvudman/1280/"


def test_a_reader_starts_at_the_overview_where_nothing_is_shared(
    client: Client, lasare_malmo: Anvandare, utkast: Handlingsplan
) -> None:
    assert leder_till(logga_in(client, "malmo@exempel.se")) == "/"


def test_a_reader_who_is_also_a_coordinator_starts_at_the_overview(
    client: Client, lasare_malmo: Anvandare, delad_plan: Handlingsplan
) -> None:
    Roll.objects.create(anvandare=lasare_malmo, slag=Roll.Slag.SAMORDNARE)
    assert leder_till(logga_in(client, "malmo@exempel.se")) == "/"


def test_who_followed_a_link_comes_to_it_after_logging_in(client: Client, samordnare: Anvandare) -> None:
    fore = client.get("/planer/")
    assert leder_till(fore) == "/logga-in/?next=/planer/"
    assert 'name="next" value="/planer/"' in client.get(leder_till(fore)).content.decode()
    assert leder_till(logga_in(client, "samordnare@exempel.se", next="/planer/")) == "/planer/"


def test_log_in_leads_to_no_other_site(client: Client, samordnare: Anvandare) -> None:
    assert leder_till(logga_in(client, "samordnare@exempel.se", next="https://exempel.com/")) == "/"


def test_the_address_may_be_written_in_capitals(client: Client, samordnare: Anvandare) -> None:
    assert logga_in(client, "Samordnare@Exempel.SE").status_code == 302


@pytest.mark.parametrize("email", ["samordnare@exempel.se", "ingen@exempel.se"])
def test_wrong_password_and_unknown_address_get_the_same_answer(
    client: Client, samordnare: Anvandare, email: str
) -> None:
    svar = logga_in(client, email, "fel-losenord-123")
    assert "E-postadressen eller lösenordet stämmer inte." in synlig_text(svar)
    assert email in svar.content.decode()
    assert "fel-losenord-123" not in svar.content.decode()


@pytest.mark.parametrize("varde", ["", "inte en adress", "a\x00b@exempel.se", "a" * 300 + "@exempel.se"])
def test_a_garbled_address_is_refused_in_words(client: Client, db: None, varde: str) -> None:
    svar = logga_in(client, varde)
    assert svar.status_code == 200
    assert "Det gick inte att logga in" in synlig_text(svar)


def test_after_eight_wrong_tries_the_account_waits_even_with_the_right_password(
    client: Client, samordnare: Anvandare, beredning: Anvandare
) -> None:
    for _ in range(8):
        logga_in(client, "samordnare@exempel.se", "fel-losenord-123")
    svar = logga_in(client, "samordnare@exempel.se")
    assert "Vänta tio minuter" in synlig_text(svar)
    assert settings.ACCOUNT_RATE_LIMITS["login_failed"] == "8/10m/key"
    assert logga_in(client, "beredning@exempel.se").status_code == 302


def test_wrong_tries_from_one_address_stop_nobody_else(client: Client, samordnare: Anvandare, settings: Any) -> None:
    """Behind the proxy everybody has the proxy's address."""
    settings.HAR_EPOST = True
    for nr in range(61):
        assert logga_in(client, f"ingen{nr}@exempel.se", "fel-losenord-123").status_code == 200
    for nr in range(21):
        assert client.post("/losenord/glomt/", {"email": f"ingen{nr}@exempel.se"}).status_code == 302
        assert client.post("/losenord/nytt/1-set-password/", {}).status_code == 200
    assert logga_in(client, "samordnare@exempel.se").status_code == 302


def test_too_many_letters_to_one_address_get_a_page_in_swedish(client: Client, db: None, settings: Any) -> None:
    settings.HAR_EPOST = True
    svar = [client.post("/losenord/glomt/", {"email": "ingen@exempel.se"}) for _ in range(6)]
    assert [en.status_code for en in svar] == [302] * 5 + [429]
    assert "För många försök" in synlig_text(svar[-1])
    assert client.post("/losenord/glomt/", {"email": "annan@exempel.se"}).status_code == 302


def test_log_in_works_where_the_server_sees_no_address(client: Client, samordnare: Anvandare) -> None:
    # gunicorn behind a Unix socket
    data = {"login": "samordnare@exempel.se", "password": LOSENORD}
    assert leder_till(client.post(reverse("account_login"), data, REMOTE_ADDR="")) == "/"


def test_a_forged_header_gives_no_new_tries(client: Client, db: None, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    data = {"login": "ingen@exempel.se", "password": "fel"}
    client.post(reverse("account_login"), data)
    svar = client.post(reverse("account_login"), data, headers={"X-Forwarded-For": "192.0.2.7"})
    assert svar.status_code == 429


def test_a_closed_account_is_told_so_and_stays_out(
    client: Client, samordnare: Anvandare, administrator: Anvandare, delad_plan: Handlingsplan
) -> None:
    administration.stang(samordnare, av=administrator)
    svar = client.post(reverse("account_login"), {"login": "samordnare@exempel.se", "password": LOSENORD}, follow=True)
    assert "Kontot är stängt" in synlig_text(svar)
    assert "samordningen@exempel.se" in synlig_text(svar)
    assert client.get("/planer/").status_code == 302


def test_log_out_asks_first_and_ends_the_session(klient_for: Klientmakare, samordnare: Anvandare) -> None:
    klient = klient_for(samordnare)
    assert "Vill du logga ut?" in synlig_text(klient.get("/logga-ut/"))
    assert klient.get("/planer/").status_code == 200
    svar = klient.post("/logga-ut/", follow=True)
    assert "Du har loggat ut." in synlig_text(svar)
    assert klient.get("/planer/").status_code == 302


def test_nobody_makes_an_account_of_their_own(client: Client, db: None) -> None:
    assert "Konton läggs upp av en administratör" in synlig_text(client.get("/skapa-konto/"))
    client.post("/skapa-konto/", {"email": "ny@exempel.se", "password1": NYTT_LOSENORD, "password2": NYTT_LOSENORD})
    assert not Anvandare.objects.exists()


# --- Change and forget ------------------------------------------------------------------------------------------


def test_a_changed_password_keeps_this_session_and_ends_the_others(
    klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    har, annan_dator = klient_for(samordnare), klient_for(samordnare)
    data = {"oldpassword": LOSENORD, "password1": NYTT_LOSENORD, "password2": NYTT_LOSENORD}
    svar = har.post("/losenord/andra/", data, follow=True)
    assert "Ditt lösenord är bytt." in synlig_text(svar)
    assert har.get("/planer/").status_code == 200
    assert annan_dator.get("/planer/").status_code == 302


@pytest.mark.parametrize(
    ("gammalt", "nytt", "igen", "besked"),
    [
        ("fel", NYTT_LOSENORD, NYTT_LOSENORD, "Det är inte ditt nuvarande lösenord."),
        (LOSENORD, NYTT_LOSENORD, "något annat helt", "samma lösenord"),
        (LOSENORD, "kort", "kort", "minst 12 tecken"),
        (LOSENORD, "skaneskaneskane", "skaneskaneskane", "för lätt att gissa"),
        (LOSENORD, "a\x00" * 9, "a\x00" * 9, "Null-tecken"),
    ],
)
def test_a_password_that_does_not_do_is_refused_with_the_reason(
    klient_for: Klientmakare, samordnare: Anvandare, gammalt: str, nytt: str, igen: str, besked: str
) -> None:
    svar = klient_for(samordnare).post(
        "/losenord/andra/", {"oldpassword": gammalt, "password1": nytt, "password2": igen}
    )
    assert besked in synlig_text(svar)
    samordnare.refresh_from_db()
    assert samordnare.check_password(LOSENORD)


def test_a_forgotten_password_is_chosen_anew_with_the_mailed_link(
    client: Client, samordnare: Anvandare, settings: Any
) -> None:
    settings.HAR_EPOST = True
    svar = client.post("/losenord/glomt/", {"email": "Samordnare@exempel.se"}, follow=True)
    assert "Titta i din inkorg" in synlig_text(svar)
    brev = mail.outbox[0]
    assert brev.to == ["samordnare@exempel.se"]
    assert brev.subject == "Handlingsplan: Välj ett nytt lösenord"
    assert not ENGELSKA.search(re.sub(r"http\S+", "", str(brev.body))), brev.body
    lank = urlsplit(next(ord_ for ord_ in str(brev.body).split() if ord_.startswith("http")))
    assert "Lösenordet är valt" in synlig_text(valj_losenord(client, lank.path))
    assert logga_in(client, "samordnare@exempel.se", NYTT_LOSENORD).status_code == 302


def test_an_unknown_address_gets_the_same_page_and_no_letter(client: Client, db: None, settings: Any) -> None:
    settings.HAR_EPOST = True
    svar = client.post("/losenord/glomt/", {"email": "ingen@exempel.se"}, follow=True)
    assert "Titta i din inkorg" in synlig_text(svar)
    assert mail.outbox == []


def test_without_a_mail_server_the_page_says_to_ask_an_administrator(
    client: Client, db: None, delad_plan: Handlingsplan
) -> None:
    text = synlig_text(client.get("/losenord/glomt/"))
    assert "Be en administratör om en engångslänk" in text
    assert "samordningen@exempel.se" in text
    assert 'name="email"' not in client.get("/losenord/glomt/").content.decode()


def test_without_a_mail_server_no_link_is_written_to_the_log(client: Client, samordnare: Anvandare) -> None:
    svar = client.post("/losenord/glomt/", {"email": "samordnare@exempel.se"}, follow=True)
    assert "Be en administratör om en engångslänk" in synlig_text(svar)
    assert mail.outbox == []


def test_the_contact_of_a_plan_that_is_not_shared_is_not_shown(client: Client, utkast: Handlingsplan) -> None:
    Handlingsplan.objects.update(kontakt_epost="hemlig@exempel.se")
    assert "hemlig@exempel.se" not in synlig_text(client.get("/losenord/glomt/"))


# --- One-time links ---------------------------------------------------------------------------------------------


def test_a_one_time_link_sets_the_password_once(client: Client, samordnare: Anvandare) -> None:
    lank = lank_for(samordnare)
    assert "Lösenordet är valt" in synlig_text(valj_losenord(client, lank))
    assert "Länken gäller inte längre" in synlig_text(Client().get(lank, follow=True))
    samordnare.refresh_from_db()
    assert samordnare.check_password(NYTT_LOSENORD)


def test_a_one_time_link_that_is_too_old_is_refused(
    client: Client, samordnare: Anvandare, monkeypatch: pytest.MonkeyPatch
) -> None:
    lank = lank_for(samordnare)
    senare = datetime.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 60)  # noqa: DTZ005 — as Django does
    monkeypatch.setattr(default_token_generator, "_now", lambda: senare)
    assert "Länken gäller inte längre" in synlig_text(client.get(lank, follow=True))


def test_the_pages_speak_of_a_day_as_long_as_a_link_lasts() -> None:
    assert timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) == timedelta(days=1)


@pytest.mark.parametrize("nyckel", ["1-abc", "zzzzzzzzzzzzz-abc", "0-" + "a" * 500, "1-a%00b"])
def test_a_garbled_link_is_refused(client: Client, db: None, nyckel: str) -> None:
    svar = client.get(f"/losenord/nytt/{nyckel}/", follow=True)
    assert "Länken gäller inte längre" in synlig_text(svar)


def test_a_one_time_link_logs_out_whoever_else_is_logged_in(
    klient_for: Klientmakare, samordnare: Anvandare, beredning: Anvandare
) -> None:
    klient = klient_for(beredning)
    klient.get(lank_for(samordnare), follow=True)
    assert klient.get("/planer/").status_code == 302


def test_an_old_address_opens_nothing_once_it_is_changed(client: Client, samordnare: Anvandare) -> None:
    lank_for(samordnare)  # allauth makes its own copy of the address here
    assert EmailAddress.objects.filter(email="samordnare@exempel.se").exists()
    lasning = administration.kontoavtryck(samordnare)
    administration.andra(samordnare, "nyadress@exempel.se", samordnare.namn, vid_lasning=lasning)
    assert logga_in(client, "samordnare@exempel.se").status_code == 200
    assert logga_in(client, "nyadress@exempel.se").status_code == 302


def test_a_mail_server_that_refuses_is_reported_not_raised(
    samordnare: Anvandare, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def vagrar(*_: object) -> None:
        raise SMTPException("upptaget")

    settings.HAR_EPOST = True
    monkeypatch.setattr(konton.Kontoadapter, "send_mail", vagrar)
    assert not konton.mejla_engangslank(RequestFactory().get("/"), samordnare, "http://testserver/x")


# --- All pages --------------------------------------------------------------------------------------------------

OPPNA = (
    "/logga-in/",
    "/konto/stangt/",
    "/losenord/glomt/",
    "/losenord/glomt/skickat/",
    "/losenord/nytt/1-abc/",
    "/losenord/nytt/klart/",
    "/skapa-konto/",
    "/tillganglighet/",
)
STANGDA = ("/losenord/andra/", "/losenord/valj/", "/hjalp/", "/planer/", "/huvudman/", "/anvandare/", "/plan/ny/")


@pytest.mark.parametrize("adress", OPPNA)
@pytest.mark.parametrize("har_epost", [False, True])
def test_public_pages_answer_without_log_in_and_in_swedish(
    client: Client, db: None, settings: Any, adress: str, har_epost: bool
) -> None:
    settings.HAR_EPOST = har_epost
    svar = client.get(adress)
    assert svar.status_code == 200
    assert not ENGELSKA.search(synlig_text(svar)), synlig_text(svar)
    assert 'lang="sv"' in svar.content.decode()


@pytest.mark.parametrize("adress", STANGDA)
def test_private_pages_lead_to_the_log_in(client: Client, db: None, adress: str) -> None:
    assert leder_till(client.get(adress)) == f"/logga-in/?next={adress}"


def test_the_password_pages_are_in_swedish(klient_for: Klientmakare, samordnare: Anvandare) -> None:
    klient = klient_for(samordnare)
    lank = lank_for(samordnare)
    for svar in (
        klient.get("/losenord/andra/"),
        klient.post("/losenord/andra/", {"oldpassword": "x", "password1": "12345", "password2": "6"}),
        klient.get("/logga-ut/"),
        klient.get(lank, follow=True),
    ):
        assert not ENGELSKA.search(synlig_text(svar)), synlig_text(svar)


def test_who_has_no_password_yet_is_sent_to_choose_one(klient_for: Klientmakare, db: None) -> None:
    utan = Anvandare.objects.create_user("utan@exempel.se", None, namn="Utan")
    klient = klient_for(utan)
    assert leder_till(klient.get("/losenord/andra/")) == "/losenord/valj/"
    assert not ENGELSKA.search(synlig_text(klient.get("/losenord/valj/")))
    klient.post("/losenord/valj/", {"password1": NYTT_LOSENORD, "password2": NYTT_LOSENORD})
    utan.refresh_from_db()
    assert utan.check_password(NYTT_LOSENORD)


def test_a_reader_sees_the_partys_name_in_the_menu_for_one_more_statement(
    klient_for: Klientmakare, lasare_malmo: Anvandare, beredning: Anvandare, django_assert_num_queries: Any
) -> None:
    lasare, beredare = klient_for(lasare_malmo), klient_for(beredning)
    # Session, user, roles and plan; the reader's party besides; the help page asks for a contact.
    with django_assert_num_queries(5):
        beredare.get("/hjalp/")
    with django_assert_num_queries(6):
        svar = lasare.get("/hjalp/")
    assert "läsare för Malmö stad" in synlig_text(svar)
