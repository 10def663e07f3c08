"""With the keyboard alone, and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.webblasare import LASARE_MALMO, SAMORDNARE, Webb, omrade, oppna_i_dokumentet, skrivyta

# What is looked at does not depend on the database: the files of looks are shared out between the two.
pytestmark = pytest.mark.databas("postgresql")

MAX_STOPP = 600
SIDOR = ("fordelning/", "prova/", "budget/redigera/", "omrade/nytt/", "budget/fotnot/ny/")
VERKTYG = (
    "nav, .sidhuvud, .sidfot, .hoppa, .penna, .ikonknapp, .lagg-till, .verktyg, .knapprad, .hjalprad, "
    "main button, main form"
)

# Each stop on a walk with Tab through the page: what it is, and how it shows that it has focus.
STOPP = """() => {
  const har = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(har);
  const { stroke, strokeWidth } = getComputedStyle((har.closest("svg") && har.querySelector("rect")) ?? har);
  const { left, right, top, bottom } = har.getBoundingClientRect();
  const mitt = (fran, till, kant) => (Math.max(fran, 0) + Math.min(till, kant)) / 2;
  const overst = document.elementFromPoint(mitt(left, right, innerWidth), mitt(top, bottom, innerHeight));
  return {
    vad: har === document.body ? "" : har.outerHTML.slice(0, 90),
    nummer: [...document.querySelectorAll("*")].indexOf(har),
    ring: outlineStyle !== "none" ? parseFloat(outlineWidth) >= 2 : stroke !== "none" && parseFloat(strokeWidth) >= 2,
    syns: har.contains(overst) || Boolean(overst?.contains(har)),
  };
}"""
GAR_ATT_NA = """() => [...document.querySelectorAll("a[href], :is(button, input, select):enabled, summary")]
  .filter((en) => en.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }))
  .filter((en) => en.getBoundingClientRect().width > 0 && !en.matches("[type=radio], [type=hidden]"))
  .map((en) => [[...document.querySelectorAll("*")].indexOf(en), en.outerHTML.slice(0, 90)])"""


def vandra(page: Page, tangent: str = "Tab") -> list[dict[str, object]]:
    """Every stop from one end of the page to the other."""
    stopp: list[dict[str, object]] = []
    for _ in range(MAX_STOPP):
        page.keyboard.press(tangent)
        har = page.evaluate(STOPP)
        if not har["vad"] or (stopp and har["nummer"] == stopp[0]["nummer"]):
            return stopp
        stopp.append(har)
    raise AssertionError(f"Tab kommer aldrig till slutet av {page.url}")


def test_the_first_stop_leads_past_the_menu_to_the_content(webb: Webb) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/")
    page.keyboard.press("Tab")
    forst = page.get_by_role("link", name="Hoppa till innehållet")
    expect(forst).to_be_focused()
    expect(forst).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_menu_opens_with_enter_and_logs_out(webb: Webb) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/")
    meny = page.locator("details.meny > summary")
    meny.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".meny__lada")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Byt lösenord")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")


@pytest.mark.parametrize("bredd", [1280, 360])
@pytest.mark.parametrize("adress", ["/", *(f"/plan/2024/{sida}" for sida in SIDOR)])
def test_everything_is_reached_with_tab_and_shows_that_it_has_focus(webb: Webb, adress: str, bredd: int) -> None:
    page = webb.oppna(SAMORDNARE, bredd=bredd)
    page.goto(adress)
    ska_nas = dict(page.evaluate(GAR_ATT_NA))
    stopp = vandra(page)
    nadda = {en["nummer"] for en in stopp}
    assert [vad for nummer, vad in ska_nas.items() if nummer not in nadda] == []
    assert [en["vad"] for en in stopp if not en["ring"]] == []
    assert [en["vad"] for en in stopp if not en["syns"]] == []


def test_the_pencils_are_reached_in_the_order_of_the_document(webb: Webb) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    stopp = [str(en["vad"]) for en in vandra(page) if en["ring"] and en["syns"]]
    pennor = [vad for vad in stopp if 'class="penna' in vad]
    assert len(pennor) == page.locator("main .penna").count()


def test_a_message_that_stays_in_sight_covers_nothing_that_has_focus(webb: Webb) -> None:
    page = webb.oppna(SAMORDNARE, bredd=360)
    page.goto("/plan/2024/")
    delen = oppna_i_dokumentet(page, f"omrade-{omrade('sdk').pk}-beskrivning")
    skrivyta(delen).fill("Kort.")
    delen.get_by_role("button", name="Spara").click()
    expect(delen.get_by_role("link", name="Redigera beskrivningen")).to_be_focused()
    expect(page.get_by_role("status")).to_be_in_viewport()
    assert [en["vad"] for en in vandra(page, "Shift+Tab") if not en["syns"]] == []


# --- On paper --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vem", "adress"),
    [
        pytest.param(SAMORDNARE, "/plan/2024/", id="plan"),
        pytest.param(SAMORDNARE, "/plan/2024/budget/", id="budget"),
        pytest.param(LASARE_MALMO, "/plan/2024/huvudman/1280/", id="andel"),
    ],
)
def test_a_printed_page_has_the_content_and_none_of_the_tools(webb: Webb, vem: str, adress: str) -> None:
    page = webb.oppna(vem)
    page.goto(adress)
    rubrik = page.get_by_role("heading", level=1)
    verktyg = page.locator(VERKTYG)
    assert verktyg.count() > 3
    page.emulate_media(media="print")
    expect(rubrik).to_be_visible()
    assert [en.evaluate("e => e.outerHTML.slice(0, 90)") for en in verktyg.all() if en.is_visible()] == []


def test_a_printed_draft_says_that_it_is_one(webb: Webb) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    page.emulate_media(media="print")
    expect(page.locator(".stampel")).to_have_text("UTKAST")
    expect(page.locator(".stampel")).to_be_visible()
    # White paper even where the screen is dark.
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
