"""What a page may be blamed for: axe's findings, a page wider than its window, targets too small to hit."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

BRED, SMAL, SMALAST = 1280, 360, 320
_AXE = Axe().axe_script

# All rules that axe has on by default, best practices too, and the size of targets, which it has off.
_ALLT: dict[str, Any] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# Contrast, the dearest rule, is judged once in the light and once in the dark: the colours are the same at every width.
_UTAN_KONTRAST = {"resultTypes": ["violations"], "rules": {**_ALLT["rules"], "color-contrast": {"enabled": False}}}
_KONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
_KOR = """([var_, val]) => axe.run(var_, val).then(({ violations }) => violations.flatMap((brott) =>
  brott.nodes.map((nod) => `${brott.id}: ${nod.target.join(" ")} ${nod.html.slice(0, 120)}`)))"""

# Links in running text, and the marks of footnotes, are as high as the text (axe judges how close they stand);
# everything else is at least 24 px both ways. A checkbox is hit on its label too.
_SMA_MAL = """() => [...document.querySelectorAll("a, button, select, summary, input:not([type=hidden])")]
  .filter((mal) => {
    const { display, pointerEvents } = getComputedStyle(mal);
    const syns = mal.checkVisibility({ visibilityProperty: true }) && !mal.closest("sup");
    return syns && display !== "inline" && pointerEvents !== "none";
  })
  .map((mal) => mal.matches("[type=checkbox], [type=radio]") ? mal.closest("label") ?? mal : mal)
  .map((mal) => [mal, mal.getBoundingClientRect()])
  .filter(([, { width, right, bottom }]) => width > 1 && right > 0 && bottom > 0)
  .filter(([, { width, height }]) => Math.min(width, height) < 23.9)
  .map(([mal, { width, height }]) => `${Math.round(width)}×${Math.round(height)} px: ${mal.outerHTML.slice(0, 120)}`)"""

_BREDVID = """() => [...document.querySelectorAll("body *")]
  .filter((en) => en.getBoundingClientRect().right > innerWidth + 1 && !en.closest(".tabellyta"))
  .slice(0, 3).map((en) => en.outerHTML.slice(0, 100))"""


def _bredd(page: Page, bredd: int) -> list[str]:
    """The page at this width: it may not scroll sideways, only its tables may."""
    page.set_viewport_size({"width": bredd, "height": 900})
    utanfor: int = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    return [f"{utanfor} px bredare än fönstret: {page.evaluate(_BREDVID)}"] if utanfor > 0 else []


def brister(page: Page, *delar: str) -> list[str]:
    """Everything wrong with the page as it stands: at three widths, in the light and in the dark.

    With `delar`, axe looks at these selectors only: what a part's state changes in a long page that is looked at whole
    elsewhere. One that is not on the page is an error.
    """
    alla: list[str] = []
    var_ = [[del_] for del_ in delar] or [["html"]]
    page.evaluate(_AXE)
    page.evaluate("document.fonts.ready.then(() => true)")  # what it measures does not move
    for bredd, regler in ((BRED, _ALLT), (SMAL, _UTAN_KONTRAST)):
        funna = _bredd(page, bredd) + page.evaluate(_SMA_MAL) + page.evaluate(_KOR, [var_, regler])
        alla += [f"{bredd} px: {en}" for en in funna]
    page.emulate_media(color_scheme="dark")
    alla += [f"mörkt: {en}" for en in page.evaluate(_KOR, [var_, _KONTRAST])]
    page.emulate_media(color_scheme="light")
    alla += [f"{SMALAST} px: {en}" for en in _bredd(page, SMALAST)]
    _bredd(page, BRED)
    return alla
