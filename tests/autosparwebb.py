"""What browser tests of a part that saves by itself share: its save, what it says, and the texts that were left."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, Request, Response

from tests.webblasare import lat_redigeraren_lasa, skrivyta

SPARAT = re.compile(r"^Sparat \d\d:\d\d$")
# What a person has typed that is not saved, by address, as it lies in the browser.
_UTKAST = """() => Object.keys(localStorage).filter((en) => en.startsWith("utkast:"))
  .map((en) => [en, JSON.parse(localStorage.getItem(en))])"""


# Whether nothing in the parts that are open here waits to be saved: a text is thrown away once its save is heard of.
_ALLT_SPARAT = """() => [...document.querySelectorAll("form[data-utkast]")].every((form) => {
  const fore = `utkast:${document.body.dataset.anvandare}:${form.getAttribute("action")}:`;
  return !Object.keys(localStorage).some((en) => en.startsWith(fore) && en !== `${fore}borta`);
})"""


def ar_autosparning(vad: Request | Response) -> bool:
    begaran = vad.request if isinstance(vad, Response) else vad
    return "x-autospara" in begaran.headers


def svar(page: Page) -> Any:
    """Wait for an answer to a save by itself, whatever it says; the page may not have read it yet."""
    return page.expect_response(ar_autosparning)


@contextmanager
def sparas(page: Page) -> Iterator[Any]:
    """What is done inside is saved by itself, all of it, and the page knows."""
    with svar(page) as svaret:
        yield svaret
    page.wait_for_function(_ALLT_SPARAT)


def laget(delen: Locator) -> Locator:
    """The part's own line that says how saving goes."""
    return delen.locator("[data-sparat] span")


def i_texten(delen: Locator) -> Locator:
    """The writing surface of an open part, with the caret in it."""
    skrivyta(delen).focus()
    lat_redigeraren_lasa(delen.page)
    return skrivyta(delen)


def skriv_om(delen: Locator, text: str) -> None:
    """Write this in place of all that stands in the part's text."""
    i_texten(delen).press("ControlOrMeta+a")
    delen.page.keyboard.type(text)


def utkast(page: Page) -> dict[str, Any]:
    """The texts that are kept in the browser, by the address of their part."""
    return {post["vag"]: post for _, post in page.evaluate(_UTKAST)}


def text_i(page: Page, vag: str) -> str:
    """What is kept of one part, as one text."""
    return json.dumps(utkast(page)[vag]["varden"], ensure_ascii=False)


def lagg_utkast(page: Page, vag: str, rubrik: str, **varden: str) -> None:
    """Leave a text behind, as a tab that is no longer there has left it."""
    post = {"vag": vag, "rubrik": rubrik, "varden": {namn: [varde] for namn, varde in varden.items()}}
    page.evaluate(
        """(post) => { localStorage[`utkast:${document.body.dataset.anvandare}:${post.vag}:borta`] =
          JSON.stringify({ ...post, tid: Date.now() }); }""",
        post,
    )


def erbjudande(delen: Locator) -> Locator:
    """The offer, in an open part, of a text that was never saved."""
    return delen.get_by_role("region", name="Text som inte blev sparad")


def kvarlamnat(page: Page) -> Locator:
    """The list, on any page, of texts that were never saved."""
    return page.get_by_role("region", name="Text som inte blev sparad finns kvar i den här webbläsaren")


def stang_utan_forbindelse(page: Page) -> None:
    """Close the tab as a machine that loses its power does: nothing more comes out."""
    page.context.set_offline(True)
    page.close()
