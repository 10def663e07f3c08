"""The pictures as they are painted: contrast in the light and the dark, room for the texts, links by keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.webblasare import LASARE_MALMO, SAMORDNARE, Webb, tabba_till

# What is looked at does not depend on the database: the files of looks are shared out between the two.
pytestmark = pytest.mark.databas("postgresql")

FORDELNING, BUDGET = "/plan/2024/fordelning/", "/plan/2024/budget/"

# Contrast of every text with what is painted behind it: its tile, or the page. Colours are read from a canvas, which
# knows every notation.
_KONTRAST = """(val) => {
  const duk = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const ljushet = (farg) => {
    duk.fillStyle = farg;
    duk.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...duk.getImageData(0, 0, 1, 1).data].slice(0, 3)
      .map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return [...document.querySelectorAll(val)].map((text) => {
    const ruta = text.closest(".karta__ruta")?.querySelector("rect");
    const bakom = ruta ? getComputedStyle(ruta).fill : getComputedStyle(document.body).backgroundColor;
    const [ljus, mork] = [ljushet(getComputedStyle(text).fill), ljushet(bakom)].sort((a, b) => b - a);
    return (ljus + 0.05) / (mork + 0.05);
  });
}"""

# Texts that reach outside their tile, or outside the picture.
_UTANFOR = """() => [...document.querySelectorAll(".karta__ruta text, .staplarna text")].filter((text) => {
  const ram = (text.closest(".karta__ruta")?.querySelector("rect") ?? text.closest("svg")).getBoundingClientRect();
  const { left, right, top, bottom } = text.getBoundingClientRect();
  return left < ram.left - 1 || right > ram.right + 1 || top < ram.top - 4 || bottom > ram.bottom + 4;
}).map((text) => text.textContent)"""


def kontraster(page: Page, val: str) -> list[float]:
    svar: list[float] = page.evaluate(_KONTRAST, val)
    return svar


@pytest.mark.parametrize("mork", [False, True], ids=["ljust", "mörkt"])
def test_every_text_stands_out_from_what_is_behind_it(webb: Webb, mork: bool) -> None:
    page = webb.oppna(LASARE_MALMO, mork=mork)
    page.goto(FORDELNING)
    rutor = kontraster(page, ".karta__ruta text")
    assert len(rutor) == 2 * 33 + 1
    assert min(rutor) >= 4.5
    page.goto(BUDGET)
    staplar = kontraster(page, ".staplarna text")
    assert len(staplar) == 7 * 5
    assert min(staplar) >= 4.5


@pytest.mark.parametrize("mork", [False, True], ids=["ljust", "mörkt"])
def test_each_shade_differs_from_its_neighbours_and_is_the_one_in_the_key(webb: Webb, mork: bool) -> None:
    page = webb.oppna(SAMORDNARE, mork=mork)
    page.goto(FORDELNING)
    farger: dict[str, Any] = page.evaluate("""() => Object.fromEntries([1, 2, 3, 4, 5].map((ton) => [ton, [
      getComputedStyle(document.querySelector(`.karta__ruta--${ton} rect`)).fill,
      getComputedStyle(document.querySelector(`.karta__farg--${ton}`)).fill,
    ]]))""")
    assert all(ruta == nyckel for ruta, nyckel in farger.values())
    assert len({ruta for ruta, _ in farger.values()}) == 5


@pytest.mark.parametrize("bredd", [1280, 360, 320])
def test_texts_have_room_and_only_the_map_scrolls_sideways(webb: Webb, bredd: int) -> None:
    page = webb.oppna(LASARE_MALMO, bredd=bredd)
    for adress in (FORDELNING, BUDGET, "/plan/2023/budget/"):
        page.goto(adress)
        page.evaluate("document.fonts.ready.then(() => true)")
        assert page.evaluate(_UTANFOR) == []
        assert page.evaluate("document.scrollingElement.scrollWidth") <= bredd
    page.goto(FORDELNING)
    yta = page.locator(".karta__yta")
    assert yta.evaluate("yta => yta.scrollWidth > yta.clientWidth") is (bredd < 700)
    expect(yta).to_have_attribute("tabindex", "0")


def test_a_tile_is_reached_and_followed_by_keyboard(webb: Webb) -> None:
    page = webb.oppna(SAMORDNARE, bredd=360)
    page.goto(FORDELNING)
    ruta = page.get_by_role("link", name=re.compile("^Simrishamn 11.800,51.kr, från 10.000.kr$"))
    page.locator(".karta__yta").focus()
    tabba_till(page, ruta)
    # It has come into view although the map is wider than the window, and its frame is drawn.
    assert ruta.evaluate("ruta => ruta.getBoundingClientRect().right <= innerWidth")
    assert ruta.locator("rect").evaluate("rect => getComputedStyle(rect).strokeWidth") == "5px"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Simrishamns kommun"))
    assert page.url.endswith("/plan/2024/huvudman/1291/?ar=2024")


def test_the_pictures_are_told_and_tied_to_their_tables(webb: Webb) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto(FORDELNING)
    karta = page.get_by_role("group", name="Karta över kommunernas andelar 2024, kronor")
    expect(karta).to_have_accessible_description("Kronor. Samma belopp står i tabellen.")
    expect(karta.get_by_role("link")).to_have_count(33)
    page.goto(BUDGET)
    staplar = page.get_by_role("img", name=re.compile("^Staplar: SGD-budget per insatsområde 2023 och 2024, kronor"))
    expect(staplar).to_have_accessible_description(re.compile("^Samma belopp står i budgettabellen"))
