"""Response headers: the content security policy of every kind of page, caches, origins, cookies, and no admin."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse

from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.redigering import REDIGERARENS_STIL
from handlingsplan.views import hjalp
from insatsomraden.models import Omradesutgava
from tests.cast import LOSENORD, Klientmakare, Parter
from tests.planfall import Planfall, planfall

pytestmark = pytest.mark.django_db

STRANG = {
    "default-src": "'none'",
    **dict.fromkeys(("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action"), "'self'"),
    **dict.fromkeys(("base-uri", "object-src", "frame-ancestors"), "'none'"),
}
OPPNA = ["/logga-in/", "/tillganglighet/", "/losenord/glomt/", "/skapa-konto/", "/halsa/", "/halsa/redo/"]
LASTA = [
    "/",
    "/planer/",
    "/hjalp/",
    "/huvudman/",
    "/folkmangd/",
    "/losenord/andra/",
    "/plan/2024/budget/",
    "/plan/2024/fordelning/",
    "/plan/2024/fordelning/?ar=2019",
    "/plan/2024/fordelning/fordelning.json",
    "/plan/2024/fordelning/fordelning.csv",
    "/plan/2024/fordelning/fordelning.xlsx",
    "/plan/2024/huvudman/1280/",
    "/plan/2024/sok/?q=planen",
    "/plan/2024/plan.pdf",
    "/plan/2024/dela/",
    "/plan/2024/faststall/",
    "/plan/ny/",
    "/plan/2024/redigera/omslag/",
    "/plan/2024/budget/redigera/",
    "/plan/2024/budget/fotnot/ny/",
    "/plan/2024/omrade/nytt/",
    "/folkmangd/importera/",
    "/huvudman/1280/redigera/",
    "/anvandare/",  # 403
    "/plan/1999/",  # 404
    "/finns-inte/",  # 404
    "/plan/2024/mal/1/flytta/",  # 405
]
MED_REDIGERARE = [
    "/plan/2024/",
    "/plan/2024/redigera/inledning/",
    "/plan/2024/omrade/{pk}/beskrivning/",
    "/plan/2024/omrade/{pk}/ekonomi/2024/",
    "/plan/2024/omrade/{pk}/mal/",
    "/plan/2024/omrade/{pk}/aktivitetslista/2024/",
]


@pytest.fixture
def fall(delad_plan: Handlingsplan, parter: Parter, folkmangd: None, monkeypatch: pytest.MonkeyPatch) -> Planfall:
    monkeypatch.setattr("rapport.views.pdf.hamta_pdf", lambda plan: b"%PDF-1.7")
    monkeypatch.setattr("rapport.views.halsa.motor_finns", lambda: True)
    return planfall(delad_plan)


def policy(svar: Any) -> dict[str, str]:
    delar = (del_.strip().partition(" ") for del_ in svar.headers["Content-Security-Policy"].split(";"))
    return {namn: varden for namn, _, varden in delar}


class Granskning(HTMLParser):
    """What a strict policy would stop in a page, and the nonces that are used."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.nonces: list[str] = []
        self.otillatet: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        data = {namn: varde or "" for namn, varde in attrs}
        if "nonce" in data:
            self.nonces.append(data["nonce"])
        if tag == "script" and not data.get("src") and not data.get("nonce"):
            self.otillatet.append("script utan src")
        if tag == "style" or "style" in data or any(namn.startswith(("on", "hx-on", "hx-vals")) for namn in data):
            self.otillatet.append(f"<{tag} {attrs}>")
        adress = data.get("src") or (data.get("href", "") if tag == "link" else "")
        if adress and not adress.startswith("/"):
            self.otillatet.append(adress)
        if data.get("href", "").strip().lower().startswith(("javascript:", "data:")):
            self.otillatet.append(data["href"])


def granska(svar: Any) -> Granskning:
    ar_html = svar.headers.get("Content-Type", "").startswith("text/html")
    return Granskning(svar.content.decode() if ar_html else "")


# --- The content security policy ----------------------------------------------------------------------------------


@pytest.mark.parametrize("adress", OPPNA)
def test_open_pages_have_the_strict_policy(fall: Planfall, adress: str) -> None:
    svar = Client().get(adress)
    assert (policy(svar), granska(svar).otillatet, granska(svar).nonces) == (STRANG, [], [])


@pytest.mark.parametrize("adress", LASTA)
def test_pages_without_an_editor_have_the_strict_policy(klient: Client, fall: Planfall, adress: str) -> None:
    svar = klient.get(adress)
    assert (policy(svar), granska(svar).otillatet, granska(svar).nonces) == (STRANG, [], [])


def test_a_reader_has_the_strict_policy_on_the_plan_too(
    klient_for: Klientmakare, lasare_malmo: Anvandare, fall: Planfall
) -> None:
    assert policy(klient_for(lasare_malmo).get("/plan/2024/")) == STRANG


@pytest.mark.parametrize("adress", MED_REDIGERARE)
def test_pages_with_an_editor_add_one_nonce_and_one_style_hash(klient: Client, fall: Planfall, adress: str) -> None:
    svar = klient.get(adress.format(pk=fall.npo.pk))
    sidan = granska(svar)
    assert svar.status_code == 200
    assert sidan.otillatet == []
    (nonce,) = set(sidan.nonces)
    assert policy(svar) == STRANG | {
        "script-src": f"'self' 'nonce-{nonce}'",
        "style-src": f"'self' {REDIGERARENS_STIL}",
    }


def test_the_nonce_is_never_the_same(klient: Client, fall: Planfall) -> None:
    nonces = {tuple(set(granska(klient.get("/plan/2024/")).nonces)) for _ in range(3)}
    assert len(nonces) == 3
    assert all(len(en[0]) >= 16 for en in nonces)


def test_refused_and_conflicting_saves_keep_the_policy(klient: Client, fall: Planfall) -> None:
    vart = f"/plan/2024/omrade/{fall.npo.pk}/beskrivning/"
    Omradesutgava.objects.filter(pk=fall.npo.pk).update(beskrivning="<p>Andras</p>", version=5)
    for data, status in (({}, 422), ({"version": "1", "avtryck": "", "beskrivning": "<p>Mina</p>"}, 409)):
        svar = klient.post(vart, data)
        assert svar.status_code == status
        assert policy(svar)["style-src"] == f"'self' {REDIGERARENS_STIL}"
        assert granska(svar).otillatet == []


@pytest.mark.parametrize(
    "prosa", ['<p style="color:red">a</p><script>alert(1)</script>', "<img src=x onerror=alert(1)>"]
)
def test_prose_that_came_past_the_forms_brings_nothing_that_runs(klient: Client, fall: Planfall, prosa: str) -> None:
    Handlingsplan.objects.update(inledning=prosa, titel=prosa, kontakt_namn=prosa)
    Omradesutgava.objects.update(beskrivning=prosa, namn=prosa, kortnamn=prosa, lage_not=prosa)
    for adress in ("/plan/2024/", "/plan/2024/budget/", "/", "/plan/2024/redigera/inledning/"):
        assert granska(klient.get(adress)).otillatet == []


def test_nothing_ever_says_unsafe_or_names_another_host() -> None:
    for varden in settings.SECURE_CSP.values():
        assert not any("unsafe" in str(en) or "." in str(en) or "*" in str(en) or str(en) == "data:" for en in varden)


def test_the_server_errors_page_has_the_policy_too(klient: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def kraschar(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(hjalp, "render", kraschar)
    klient.raise_request_exception = False
    svar = klient.get("/hjalp/")
    assert (svar.status_code, policy(svar), granska(svar).otillatet) == (500, STRANG, [])
    assert "no-store" in svar.headers["Cache-Control"]


# --- Caches and origins -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adress", [*OPPNA, *LASTA, MED_REDIGERARE[0]])
def test_every_answer_stays_out_of_caches_frames_and_other_origins(klient: Client, fall: Planfall, adress: str) -> None:
    huvuden = klient.get(adress).headers
    assert "no-store" in huvuden["Cache-Control"] and "private" in huvuden["Cache-Control"]
    assert huvuden["Cross-Origin-Opener-Policy"] == "same-origin"
    assert huvuden["Cross-Origin-Resource-Policy"] == "same-origin"
    assert huvuden["Referrer-Policy"] == "same-origin"
    assert huvuden["X-Content-Type-Options"] == "nosniff"
    assert huvuden["X-Frame-Options"] == "DENY"
    assert "camera=()" in huvuden["Permissions-Policy"]


def test_the_way_to_the_log_in_is_not_kept_either(fall: Planfall) -> None:
    svar = Client().get("/plan/2024/")
    assert svar.status_code == 302
    assert "no-store" in svar.headers["Cache-Control"]
    assert policy(svar) == STRANG


def test_files_are_sent_to_be_saved_under_names_that_say_what_they_are(klient: Client, fall: Planfall) -> None:
    namn = {
        "plan.pdf": "handlingsplan-2024-utkast.pdf",
        "fordelning/fordelning.csv": "fordelning-2024.csv",
        "fordelning/fordelning.xlsx": "fordelning-2024.xlsx",
    }
    for adress, fil in namn.items():
        svar = klient.get(f"/plan/2024/{adress}")
        assert svar.headers["Content-Disposition"] == f'attachment; filename="{fil}"'


def test_over_tls_browsers_are_told_to_stay_there() -> None:
    huvuden = Client().get("/logga-in/", secure=True).headers
    assert huvuden["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


# --- Cookies and production ---------------------------------------------------------------------------------------


def test_a_script_reads_no_cookie(samordnare: Anvandare) -> None:
    klient = Client()
    klient.get("/logga-in/")
    klient.post("/logga-in/", {"login": samordnare.email, "password": LOSENORD})
    for namn in ("session", "csrf"):
        kaka = klient.cookies[namn]
        assert (kaka["httponly"], kaka["samesite"], kaka["domain"], kaka["path"]) == (True, "Lax", "", "/")


def i_drift(**miljo: str) -> dict[str, Any]:
    """Settings as a production installation reads them, in a process of its own."""
    kod = (
        "import json, handlingsplan.settings as s\n"
        "print(json.dumps({n: getattr(s, n) for n in dir(s) if n.isupper()}, default=str))"
    )
    ren = {namn: varde for namn, varde in os.environ.items() if namn in ("PATH", "HOME", "LANG")}
    klar = subprocess.run(
        [sys.executable, "-c", kod], capture_output=True, text=True, check=False, cwd=settings.BASE_DIR, env=ren | miljo
    )
    if klar.returncode:
        return {"fel": klar.stderr.strip().splitlines()[-1]}
    varden: dict[str, Any] = json.loads(klar.stdout)
    return varden


def test_in_production_cookies_are_bound_to_the_host_and_to_tls() -> None:
    drift = i_drift(SECRET_KEY="x" * 50, HISTORIKNYCKEL="y" * 50, ALLOWED_HOSTS="plan.exempel.se")
    assert (drift["SESSION_COOKIE_NAME"], drift["CSRF_COOKIE_NAME"]) == ("__Host-session", "__Host-csrf")
    assert drift["SESSION_COOKIE_SECURE"] is drift["CSRF_COOKIE_SECURE"] is drift["SECURE_SSL_REDIRECT"] is True
    assert (drift["DEBUG"], drift["PRODUKTION"], drift["ALLOWED_HOSTS"]) == (False, True, ["plan.exempel.se"])
    assert drift["CSRF_TRUSTED_ORIGINS"] == ["https://plan.exempel.se"]
    assert "Argon2" in drift["PASSWORD_HASHERS"][0]


def test_one_persons_machine_answers_only_itself() -> None:
    lokalt = i_drift()
    assert (lokalt["DEBUG"], lokalt["ALLOWED_HOSTS"]) == (True, ["localhost", "127.0.0.1", "[::1]"])


@pytest.mark.parametrize(
    ("miljo", "fel"),
    [
        ({"DATABASE_URL": "postgresql://x/y"}, "SECRET_KEY saknas"),
        ({"DEBUG": "0"}, "SECRET_KEY saknas"),
        ({"DEBUG": "kanske"}, "DEBUG ska vara 1 eller 0, inte 'kanske'"),
    ],
)
def test_production_without_a_secret_does_not_start(miljo: dict[str, str], fel: str) -> None:
    assert fel in i_drift(**miljo)["fel"]


# --- No admin -----------------------------------------------------------------------------------------------------


def test_there_is_no_admin(klient_for: Klientmakare, administrator: Anvandare) -> None:
    assert not apps.is_installed("django.contrib.admin")
    assert not any("admin" in str(namn) for namn in get_resolver().namespace_dict)
    for adress in ("/admin/", "/admin/login/", "/django-admin/"):
        assert klient_for(administrator).get(adress).status_code == 404
        assert Client().get(adress).status_code in (302, 404)


def test_only_what_must_be_open_is_open(fall: Planfall) -> None:
    """A page that somebody forgets to protect is protected."""
    for adress in (*LASTA, *(en.format(pk=fall.npo.pk) for en in MED_REDIGERARE)):
        svar = Client().get(adress)
        assert svar.status_code in (302, 404), adress
        if svar.status_code == 302:
            assert re.match(rf"{reverse('account_login')}\?next=/", svar.headers["Location"])
