"""The history in a real browser: from a part to what it was, back again, and with nobody shut out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import plan_for_skrivning, spara
from insatsomraden import ordning
from insatsomraden.models import Aktivitet, Mal
from tests.axe import brister
from tests.webblasare import ANDRA_SAMORDNAREN, SAMORDNARE, Webb, omrade, oppna_i_dokumentet, skrivyta

# What is saved is tried on both databases by test_historiksida.py and test_aterstallning.py;
# here it is the browser that is tried.
pytestmark = pytest.mark.databas("postgresql")


@pytest.fixture
def andra(demo: None) -> Callable[..., Any]:
    """Change fields of a row of the 2024 plan, as the other coordinator; returns the row as saved."""
    av = Anvandare.objects.get(email=ANDRA_SAMORDNAREN)

    def gor(rad: Any, **falt: Any) -> Any:
        rad.refresh_from_db()
        with plan_for_skrivning(rad.plan_pk()):
            return spara(rad, falt, version=rad.version, av=av)

    return gor


def test_a_text_is_taken_back_from_its_own_history_and_the_taking_back_is_undone(webb: Webb) -> None:
    page, utgava = webb.oppna(SAMORDNARE), omrade("npo")
    fore = utgava.beskrivning
    page.goto("/plan/2024/")
    delen = oppna_i_dokumentet(page, f"omrade-{utgava.pk}-beskrivning")
    skrivyta(delen).fill("En helt annan beskrivning.")
    delen.get_by_role("button", name="Spara och stäng").click()
    lasdel = page.locator(f"#omrade-{utgava.pk}-beskrivning")
    expect(lasdel).to_contain_text("En helt annan beskrivning.")

    lasdel.get_by_role("link", name="Historik").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("beskrivning")
    page.locator("details", has_text="Beskrivning").locator("summary").click()
    expect(page.locator("ins")).to_contain_text("En helt annan beskrivning.")
    page.get_by_role("link", name=re.compile("Ta tillbaka ändringen")).click()
    expect(page.get_by_role("heading", name="Så blir det")).to_be_visible()
    page.get_by_role("button", name="Återställ").click()
    expect(page.locator(f"#omrade-{utgava.pk}-beskrivning")).not_to_contain_text("En helt annan")
    utgava.refresh_from_db()
    assert utgava.beskrivning == fore

    page.get_by_role("button", name="Ångra").click()
    expect(page.locator(f"#omrade-{utgava.pk}-beskrivning")).to_contain_text("En helt annan beskrivning.")
    assert historik.kontrollera(utgava.plan_id)[1] == []


def test_what_was_removed_is_found_and_brought_back_without_script_by_keyboard_alone(
    webb: Webb, andra: Callable[..., Any]
) -> None:
    mal_ = Mal.objects.filter(utgava=omrade("npo")).first()
    assert mal_ is not None
    andra(mal_, borttagen_at=timezone.now())
    page = webb.oppna(SAMORDNARE, utan_js=True)
    page.goto("/plan/2024/historik/")
    page.get_by_label("Vad som hände").select_option("borttaget")
    page.get_by_role("button", name="Visa", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=2).filter(has_text="Mål:")).to_have_count(1)
    page.get_by_role("link", name=re.compile("Ta tillbaka")).press("Enter")
    page.get_by_role("button", name="Ta tillbaka").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Återställt")
    mal_.refresh_from_db()
    assert mal_.borttagen_at is None


def test_two_who_put_back_the_same_text_do_not_write_over_each_other(webb: Webb, andra: Callable[..., Any]) -> None:
    plan = Handlingsplan.objects.get(till_ar=2024)
    andra(plan, titel="Andra titeln")
    vag = f"{reverse('historik_aterstall', args=[2024, plan.historik.count()])}?falt=titel&sida=fore"
    forst, sedan = webb.oppna(SAMORDNARE), webb.oppna(ANDRA_SAMORDNAREN)
    for page in (forst, sedan):
        page.goto(vag)
    andra(plan, titel="Tredje titeln")
    forst.get_by_role("button", name="Återställ").click()
    expect(forst.get_by_role("alert")).to_contain_text("Inget är ändrat")
    expect(forst.locator("main")).to_contain_text("Tredje")
    plan.refresh_from_db()
    assert plan.titel == "Tredje titeln"
    assert brister(forst) == []


def test_axe_finds_nothing_in_a_history_with_everything_in_it(webb: Webb, andra: Callable[..., Any]) -> None:
    sidor = _allt_har_hant(andra)
    page = webb.oppna(SAMORDNARE)
    funna = []
    for adress in sidor:
        page.goto(adress)
        _oppna_alla(page)
        funna += [f"{adress} {en}" for en in brister(page)]
    assert funna == []


def _allt_har_hant(andra: Callable[..., Any]) -> list[str]:
    """Change, remove and move something of each kind; the addresses that show it."""
    plan, npo = Handlingsplan.objects.get(till_ar=2024), omrade("npo")
    av = Anvandare.objects.get(email=SAMORDNARE)
    andra(npo, syfte=npo.syfte.replace("och", "samt") + "<h3>Nytt</h3><ul><li><p>Ett <em>nytt</em> led</p></li></ul>")
    andra(plan, inledning="<p>Kort.</p>", titel="En annan titel")
    forst = Aktivitet.objects.filter(utgava=npo, foralder=None).first()
    assert forst is not None
    andra(forst, status="pagar", ansvarig="SGD")
    with plan_for_skrivning(plan):
        forst.refresh_from_db()
        ordning.flytta_aktivitet(forst, "ned", version=forst.version, av=av)
    andra(forst, borttagen_at=timezone.now())
    andra(npo.alla_poster.get(budgetar=2024, finansiering="sgd"), slag="okant", belopp=None)
    andra(omrade("sdk"), lage="bevakas", lage_not="Väntar på beslut.")
    with plan_for_skrivning(plan):
        nytt = Mal.objects.create(utgava=npo, ordning=9, text="Ett nytt mål")
        historik.skriv(plan.pk, [historik.skapad(nytt)], av=None)
    nummer = plan.historik.order_by("nummer").values_list("nummer", flat=True)
    vagar = ["/plan/2024/historik/", "/plan/2024/historik/?slag=borttaget", "/plan/2024/historik/?slag=aterstalld"]
    vagar += [f"/plan/2024/historik/cell/o{npo.pk}-2024-sgd/", f"/plan/2024/historik/omrade/{npo.pk}/?falt=syfte"]
    vagar += [reverse("historik_handelse", args=[2024, ett]) for ett in nummer]
    return vagar + [reverse("historik_aterstall", args=[2024, ett]) for ett in list(nummer)[1:9]]


def _oppna_alla(page: Page) -> None:
    for en in page.locator("main details").all():
        en.evaluate("element => { element.open = true; }")
