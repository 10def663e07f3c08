"""The proofreader in a real browser: without scripts, and looked over while something is open to be answered."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from handlingsplan.models import Handlingsplan
from tests.axe import brister
from tests.webblasare import SAMORDNARE, Webb


@pytest.mark.databas("sqlite")
def test_a_finding_is_answered_without_scripts_and_the_page_stands_up_to_axe(webb: Webb) -> None:
    webb.forbi_historiken = True
    Handlingsplan.objects.filter(till_ar=2024).update(undertitel="Skriv här …", titel="Handlingsplan 2023")
    page = webb.oppna(SAMORDNARE, bredd=360, utan_js=True)
    page.goto("/plan/2024/granska/")
    expect(page.get_by_text("2 att ta ställning till")).to_be_visible()
    forsta = page.locator(".fynd > li").first
    forsta.locator("summary").click()
    forsta.get_by_label("Varför är det rätt?").fill("Så heter den tryckta planen")
    forsta.get_by_role("button", name="Spara svaret").click()
    expect(page.get_by_text("1 att ta ställning till")).to_be_visible()
    page.get_by_role("link", name="Besvarade").click()
    expect(page.get_by_text("Så heter den tryckta planen")).to_be_visible()

    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/granska/?visa=alla")
    page.locator(".fynd summary").click()
    assert brister(page) == []
    page.goto("/plan/2024/faststall/")
    assert brister(page, ".fynd__oppna") == []
