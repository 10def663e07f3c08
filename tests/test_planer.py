"""The list of plans, a new plan, the plan's own texts, help and the statement on accessibility."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.http import Http404
from django.test import Client
from django.utils import timezone

from budget.models import Budgetrad, Fotnot
from handlingsplan import historik
from handlingsplan.former_plan import Nyplanformular
from handlingsplan.historikmodeller import Handelse
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import plan_for_skrivning
from handlingsplan.views.planer import DELAR
from tests.budgetfall import omrade, skriv_post
from tests.cast import Klientmakare
from tests.sidor import ENGELSKA, leder_till, synlig_text, utan_marken

pytestmark = pytest.mark.django_db


def oppnat(klient: Client, adress: str) -> dict[str, str]:
    """Version and fingerprints of the form when it is opened."""
    html = klient.get(adress).content.decode()
    falt = [re.search(rf'name="{namn}" value="([^"]*)"', html) for namn in ("version", "avtryck")]
    return {namn: traff[1] for namn, traff in zip(("version", "avtryck"), falt, strict=True) if traff}


# --- The list ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vem", ["samordnare", "beredning", "administrator"])
def test_the_list_tells_draft_shared_and_adopted_apart(
    request: pytest.FixtureRequest,
    klient_for: Klientmakare,
    delad_plan: Handlingsplan,
    faststalld_plan: Handlingsplan,
    utkast: Handlingsplan,
    vem: str,
) -> None:
    svar = klient_for(request.getfixturevalue(vem)).get("/planer/")
    text = synlig_text(svar)
    assert "Handlingsplan 2025 Gäller 2025 Utkast, inte delad" in text
    assert "Handlingsplan 2024 Gäller 2024 Delad 2023-11-01, inte fastställd" in text
    assert "Handlingsplan 2022–2023 Gäller 2022–2023 Fastställd 2022-06-20" in text
    for adress in ("/plan/2025/", "/plan/2024/", "/plan/2023/", "/plan/2024/plan.pdf"):
        assert f'href="{adress}"' in svar.content.decode()
    assert ("Ny plan" in text) == (vem == "samordnare")


def test_a_reader_sees_no_draft_in_the_list(
    klient_for: Klientmakare, lasare_malmo: Anvandare, delad_plan: Handlingsplan, utkast: Handlingsplan
) -> None:
    text = synlig_text(klient_for(lasare_malmo).get("/planer/"))
    assert "Handlingsplan 2024" in text
    assert "2025" not in text


def test_who_has_no_role_sees_no_plans(
    klient_for: Klientmakare, utomstaende: Anvandare, delad_plan: Handlingsplan
) -> None:
    svar = klient_for(utomstaende).get("/planer/")
    assert svar.status_code == 403
    assert "Be en administratör om en." in synlig_text(svar)


def test_an_empty_list_says_what_to_do_first(klient: Client, klient_for: Klientmakare, lasare_malmo: Anvandare) -> None:
    assert "Börja med att lägga upp planen" in synlig_text(klient.get("/planer/"))
    assert "när SGD:s samordnare har delat dem" in synlig_text(klient_for(lasare_malmo).get("/planer/"))


# --- A new plan --------------------------------------------------------------------------------------------------


def test_a_new_plan_is_suggested_for_the_year_after_the_newest(klient: Client, delad_plan: Handlingsplan) -> None:
    html = klient.get("/plan/ny/").content.decode()
    assert html.count('value="2025"') == 2
    assert 'value="Handlingsplan 2025"' not in html  # a title would be left behind when the years are changed


def test_the_first_plan_is_suggested_for_next_year(klient: Client) -> None:
    assert f'value="{timezone.localdate().year + 1}"' in klient.get("/plan/ny/").content.decode()


def test_a_new_plan_is_empty_not_shared_and_opens_at_once(klient: Client, samordnare: Anvandare) -> None:
    svar = klient.post("/plan/ny/", {"fran_ar": "2025", "till_ar": "2026", "titel": "Gemensam plan"})
    plan = Handlingsplan.objects.get()
    assert leder_till(svar) == "/plan/2026/"
    assert (plan.titel, plan.period, plan.ar_delad, plan.ar_faststalld) == ("Gemensam plan", "2025–2026", False, False)
    assert plan.andrad_av == samordnare


def test_what_was_done_is_told_without_a_cookie_that_carries_it(klient: Client) -> None:
    svar = klient.post("/plan/ny/", {"fran_ar": "2025", "till_ar": "2025", "titel": "Hemlig titel"})
    assert set(svar.cookies) <= {settings.SESSION_COOKIE_NAME}
    assert "Hemlig titel är skapad." in synlig_text(klient.get("/planer/"))


def test_a_plan_without_a_title_is_named_by_its_period(klient: Client) -> None:
    klient.post("/plan/ny/", {"fran_ar": "2025", "till_ar": "2026", "titel": ""})
    assert Handlingsplan.objects.get().titel == "Handlingsplan 2025–2026"


@pytest.mark.parametrize(
    ("andrat", "besked"),
    [
        ({"fran_ar": "2024", "till_ar": "2024"}, "Det finns redan en plan som slutar 2024."),
        ({"fran_ar": "2027"}, "Planens sista år kan inte vara före det första."),
        ({"fran_ar": "1999"}, "Ange ett år från 2000."),
        ({"till_ar": "2101"}, "Ange ett år till och med 2100."),
        ({"till_ar": "9" * 40}, "Ange ett år till och med 2100."),
        ({"till_ar": "tjugosex"}, "Fyll i ett heltal."),
        ({"till_ar": ""}, "måste fyllas i"),
        ({"titel": "a" * 300}, "som mest 200 tecken"),
        ({"titel": "A\x00B"}, "Null-tecken"),
    ],
)
def test_a_plan_that_does_not_do_is_refused_with_the_reason(
    klient: Client, delad_plan: Handlingsplan, andrat: dict[str, str], besked: str
) -> None:
    svar = klient.post("/plan/ny/", {"fran_ar": "2026", "till_ar": "2026", "titel": "Plan"} | andrat)
    assert svar.status_code == 422
    assert besked in synlig_text(svar)
    assert Handlingsplan.objects.count() == 1


def test_a_plan_that_somebody_else_makes_at_the_same_time_is_refused_beside_the_field(
    klient: Client, delad_plan: Handlingsplan, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What both have passed before either has saved.
    monkeypatch.setattr(Nyplanformular, "clean_till_ar", lambda self: self.cleaned_data["till_ar"])
    monkeypatch.setattr(Nyplanformular, "validate_constraints", lambda self: None)
    svar = klient.post("/plan/ny/", {"fran_ar": "2024", "till_ar": "2024", "titel": "Plan"})
    assert svar.status_code == 422
    assert "Det finns redan en plan som slutar 2024." in synlig_text(svar)
    assert Handlingsplan.objects.count() == 1


# --- Remove ------------------------------------------------------------------------------------------------------


def test_a_plan_for_the_wrong_year_is_removed_when_asked_twice(klient: Client, utkast: Handlingsplan) -> None:
    Fotnot.objects.create(plan=utkast, ordning=1, text="Borttagen", borttagen_at=timezone.now())
    assert 'href="/plan/2025/ta-bort/"' in klient.get("/planer/").content.decode()
    assert "Ta bort Handlingsplan 2025?" in synlig_text(klient.get("/plan/2025/ta-bort/"))
    assert Handlingsplan.objects.exists()
    svar = klient.post("/plan/2025/ta-bort/", {"version": "1"}, follow=True)
    assert "Handlingsplan 2025 är borttagen." in synlig_text(svar)
    assert not Handlingsplan.objects.exists()
    # What it was and who removed it outlives it.
    sista = Handelse.objects.filter(plan_id=utkast.pk).latest("nummer")
    assert (sista.slag, sista.falt["titel"], bool(sista.anvandare_id)) == ("borttagen", [utkast.titel, None], True)
    assert historik.kontrollera(utkast.pk) == (1, [])


@pytest.mark.parametrize(
    ("vad", "besked"),
    [
        ("delad", "är delad med huvudmännen"),
        ("område", "Planen har innehåll"),
        ("belopp", "Planen har innehåll"),
        ("ändrad", "Någon annan har ändrat planen"),
    ],
)
def test_a_plan_that_is_shared_has_content_or_was_just_changed_stays(
    klient: Client, utkast: Handlingsplan, vad: str, besked: str
) -> None:
    if vad == "delad":
        Handlingsplan.objects.update(delad_at=timezone.now())
    elif vad == "område":
        omrade(utkast, "npo", "NPÖ")
    elif vad == "belopp":
        rad = Budgetrad.objects.create(plan=utkast, ordning=1, borttagen_at=timezone.now())
        skriv_post(rad, 2025, "sgd", 100)
    else:
        Handlingsplan.objects.update(version=2)
    svar = klient.post("/plan/2025/ta-bort/", {"version": "1"})
    assert svar.status_code == 409
    assert besked in synlig_text(svar)
    assert Handlingsplan.objects.exists()
    if vad != "ändrad":
        assert "Ta bort" not in synlig_text(klient.get("/planer/"))


def test_a_plan_that_was_removed_while_somebody_wrote_is_404(utkast: Handlingsplan) -> None:
    pk = utkast.pk
    utkast.delete()
    with pytest.raises(Http404, match="Planen är borttagen"), plan_for_skrivning(pk):
        pytest.fail("det finns ingen plan att skriva i")


@pytest.mark.parametrize("vem", ["lasare_malmo", "beredning", "administrator", "utomstaende"])
def test_only_a_coordinator_makes_a_plan(request: pytest.FixtureRequest, klient_for: Klientmakare, vem: str) -> None:
    klient = klient_for(request.getfixturevalue(vem))
    assert klient.get("/plan/ny/").status_code == 403
    assert klient.post("/plan/ny/", {"fran_ar": "2025", "till_ar": "2025", "titel": "X"}).status_code == 403
    assert not Handlingsplan.objects.exists()


# --- The plan's own texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("delen", DELAR)
def test_each_part_opens_with_what_it_says(klient: Client, delad_plan: Handlingsplan, delen: str) -> None:
    Handlingsplan.objects.update(inledning="<p>Text</p>", om_aret="<p>Text</p>", avslutning="<p>Text</p>")
    svar = klient.get(f"/plan/2024/redigera/{delen}/")
    assert svar.status_code == 200
    html = svar.content.decode()
    assert f'id="plan-{delen}"' in html
    assert ("Handlingsplan 2024" in html) if delen == "omslag" else ("&lt;p&gt;Text&lt;/p&gt;" in html)


def test_the_cover_is_saved_and_the_person_comes_back_to_it(
    klient: Client, delad_plan: Handlingsplan, samordnare: Anvandare
) -> None:
    adress = "/plan/2024/redigera/omslag/"
    data = {"titel": "Ny titel", "undertitel": "", "kontakt_namn": "Samordningen", "kontakt_epost": "ny@exempel.se"}
    svar = klient.post(adress, oppnat(klient, adress) | data)
    assert leder_till(svar) == "/plan/2024/#plan-omslag"
    delad_plan.refresh_from_db()
    assert (delad_plan.titel, delad_plan.kontakt_epost) == ("Ny titel", "ny@exempel.se")
    assert (delad_plan.version, delad_plan.andrad_av) == (2, samordnare)


def test_prose_is_cleaned_before_it_is_saved(klient: Client, delad_plan: Handlingsplan) -> None:
    adress = "/plan/2024/redigera/inledning/"
    klient.post(adress, oppnat(klient, adress) | {"inledning": "<p>Hej<script>alert(1)</script></p>"})
    delad_plan.refresh_from_db()
    assert delad_plan.inledning == "<p>Hej</p>"


@pytest.mark.parametrize(
    ("delen", "andrat", "besked"),
    [
        ("omslag", {"titel": ""}, "måste fyllas i"),
        ("omslag", {"titel": "T", "kontakt_epost": "x"}, "giltig e-postadress"),
        ("omslag", {"titel": "T" * 300}, "högst 200 tecken"),
        ("inledning", {"inledning": f"<p>{'a' * 31_000}</p>"}, "Texten är för lång"),
    ],
)
def test_a_text_that_does_not_do_is_refused_and_still_there(
    klient: Client, delad_plan: Handlingsplan, delen: str, andrat: dict[str, str], besked: str
) -> None:
    adress = f"/plan/2024/redigera/{delen}/"
    svar = klient.post(adress, oppnat(klient, adress) | andrat)
    assert svar.status_code == 422
    assert besked in synlig_text(svar)
    assert max(andrat.values(), key=len) in svar.content.decode().replace("&lt;", "<").replace("&gt;", ">")
    delad_plan.refresh_from_db()
    assert delad_plan.version == 1


def test_two_who_change_the_same_text_see_both(
    klient: Client, klient_for: Klientmakare, andra_samordnare: Anvandare, delad_plan: Handlingsplan
) -> None:
    adress = "/plan/2024/redigera/om-aret/"
    forsta, andra = oppnat(klient, adress), oppnat(klient, adress)
    klient.post(adress, forsta | {"om_aret": "<p>Den ena texten</p>"})
    svar = klient_for(andra_samordnare).post(adress, andra | {"om_aret": "<p>Den andra texten</p>"})
    assert svar.status_code == 409
    assert "Den ena texten" in utan_marken(svar)
    assert "Den andra texten" in svar.content.decode()
    delad_plan.refresh_from_db()
    assert delad_plan.om_aret == "<p>Den ena texten</p>"


def test_an_unknown_part_is_404(klient: Client, delad_plan: Handlingsplan) -> None:
    assert klient.get("/plan/2024/redigera/bilaga/").status_code == 404


def test_an_adopted_plan_is_not_edited(klient: Client, faststalld_plan: Handlingsplan) -> None:
    svar = klient.post("/plan/2023/redigera/omslag/", {"titel": "X", "version": "1"})
    assert svar.status_code == 403
    assert "fastställd och ändras inte längre" in synlig_text(svar)


def test_a_plan_that_is_adopted_while_somebody_writes_is_not_changed(klient: Client, delad_plan: Handlingsplan) -> None:
    adress = "/plan/2024/redigera/omslag/"
    data = oppnat(klient, adress) | {"titel": "För sent"}
    Handlingsplan.objects.update(faststalld_at=date(2024, 1, 1))
    assert klient.post(adress, data).status_code == 403
    assert Handlingsplan.objects.get().titel == "Handlingsplan 2024"


@pytest.mark.parametrize(("vem", "utkastet"), [("lasare_malmo", 404), ("beredning", 403), ("administrator", 403)])
def test_the_others_edit_no_text(
    request: pytest.FixtureRequest,
    klient_for: Klientmakare,
    delad_plan: Handlingsplan,
    utkast: Handlingsplan,
    vem: str,
    utkastet: int,
) -> None:
    klient = klient_for(request.getfixturevalue(vem))
    for delen in DELAR:
        assert klient.get(f"/plan/2024/redigera/{delen}/").status_code == 403
        assert klient.post(f"/plan/2024/redigera/{delen}/", {"titel": "X"}).status_code == 403
        assert klient.get(f"/plan/2025/redigera/{delen}/").status_code == utkastet


# --- Help and accessibility --------------------------------------------------------------------------------------


@pytest.mark.parametrize("vem", ["samordnare", "lasare_malmo", "beredning", "administrator", "utomstaende"])
def test_help_is_for_everyone_who_is_logged_in(
    request: pytest.FixtureRequest, klient_for: Klientmakare, delad_plan: Handlingsplan, vem: str
) -> None:
    text = synlig_text(klient_for(request.getfixturevalue(vem)).get("/hjalp/"))
    assert "samordningen@exempel.se" in text
    assert "okänt" in text
    assert ("Ditt konto har ingen roll ännu." in text) == (vem == "utomstaende")
    assert not ENGELSKA.search(text)


def test_the_statement_on_accessibility_is_public_and_names_the_shared_plans_contact(
    client: Client, delad_plan: Handlingsplan
) -> None:
    text = synlig_text(client.get("/tillganglighet/"))
    for uppgift in ("EN 301 549", "WCAG 2.1", "2018:1937", "Digg", "samordningen@exempel.se"):
        assert uppgift in text


def test_the_statement_says_that_the_contact_is_missing_rather_than_making_one_up(
    client: Client, utkast: Handlingsplan
) -> None:
    Handlingsplan.objects.update(kontakt_epost="hemlig@exempel.se")
    text = synlig_text(client.get("/tillganglighet/"))
    assert "Kontakt saknas." in text
    assert "@" not in text


def test_the_list_costs_as_many_statements_for_many_as_for_few(
    klient: Client, delad_plan: Handlingsplan, django_assert_num_queries: Any
) -> None:
    for slutar in range(2030, 2060):
        Handlingsplan.objects.create(fran_ar=slutar, till_ar=slutar, titel=f"Plan {slutar}")
    with django_assert_num_queries(5):  # session, user, roles, plan; the plans
        klient.get("/planer/")
