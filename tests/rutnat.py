"""The budget grid in a browser: its cells by name, and what it says."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from budget.models import Budgetpost
from tests.webblasare import omrade

ADRESS = "/plan/2024/budget/redigera/"
NBSP = "\u00a0"
KLART = re.compile(r"Sparat \d\d:\d\d$")


def oppna(page: Page, fraga: str = "") -> Page:
    """The grid, ready to be used with the keyboard."""
    page.goto(ADRESS + fraga)
    redo(page)
    return page


def redo(page: Page) -> None:
    """Wait until the script has made the form a grid; before that Enter sends it as a form, as without script."""
    expect(page.locator("[data-summarubrik]")).to_have_text("Summa")


def cell(page: Page, namn: str) -> Locator:
    """`Mina planer, SGD 2024`."""
    return page.get_by_role("textbox", name=namn, exact=True)


def status(page: Page) -> Locator:
    return page.locator("[data-status]")


def sagt(page: Page) -> Locator:
    """What is read out."""
    return page.locator("[data-saga]")


def sparas(page: Page) -> None:
    """Wait until everything is saved."""
    expect(status(page)).to_have_text(KLART)


def beskrivning(falt: Locator) -> Locator:
    """What is said beside a cell."""
    namn = falt.get_attribute("name")
    return falt.page.locator(f"[id='fel-{namn}']")


def kronor(kod: str, budgetar: int = 2024, form: str = "sgd") -> str:
    """What is saved in a cell of the 2024 plan: kronor, the kind of what is no amount, or nothing."""
    post = Budgetpost.objects.filter(utgava=omrade(kod), budgetar=budgetar, finansiering=form).first()
    if post is None:
        return ""
    return post.slag if post.belopp is None else f"{post.belopp.amount.normalize():f}"


def har_fokus(falt: Locator, *, markerad: bool | None = None) -> None:
    """The cell has focus, and (where asked) is chosen as a whole, so that what is typed replaces it."""
    expect(falt).to_be_focused()
    if markerad is not None:
        helt = "e => e.selectionStart === 0 && e.selectionEnd === e.value.length && e.value.length > 0"
        assert falt.evaluate(helt) is markerad


def klistra(page: Page, text: str) -> None:
    """Put a text on the clipboard, as another program does, and press the keys."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("ControlOrMeta+v")
