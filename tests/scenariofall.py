"""A plan to try on, and what a test asks of the page: its form, its years, and how a scenario is made."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.test import Client
from django.utils.html import strip_tags

from budget.belopp import Cellvarde
from budget.celler import las_plats
from budget.models import Fordelningsregel, Scenario
from budget.scenario import Byte, Innehall
from budget.scenariosparande import skapa
from handlingsplan.models import Anvandare, Handlingsplan
from tests.budgetfall import Formdata, formular
from tests.planfall import ogonblicksbild

PROVA = "/plan/2024/prova/"
NBSP = "\u00a0"


def kr(kronor: int | str) -> Cellvarde:
    return Cellvarde("belopp", Decimal(kronor).quantize(Decimal("0.01")))


def scenario(plan: Handlingsplan, av: Anvandare, namn: str = "Mer", **celler: tuple[int, int]) -> Scenario:
    """A saved scenario: by the name of a cell with _ for -, from and to in kronor."""
    byten = {}
    for cell, (fran, till) in celler.items():
        plats = las_plats(cell.replace("_", "-"))
        assert plats is not None
        byten[plats] = Byte(kr(fran), kr(till))
    return skapa(plan, namn, Innehall(byten), av=av)


def formen(klient: Client, adress: str = PROVA) -> Formdata:
    """The page's form, untouched, as the browser would send it."""
    return formular(klient.get(adress), "regel-2024-enhet")


def svarsrader(svar: Any, budgetar: int = 2024) -> dict[str, tuple[str, str, str, str]]:
    """Per code (and `summa`, `kommuner`): now, as tried, the difference, per cent; as the page says it."""
    html = svar.content.decode()
    koder = re.findall(rf'data-svar="prov-{budgetar}-(\w+)"', html)
    return {
        kod: tuple(text_i(html, f"{vad}-{budgetar}-{kod}") for vad in ("nu", "prov", "skillnad", "procent"))  # type: ignore[misc]
        for kod in koder
    }


def text_i(html: str, svar: str) -> str:
    """What stands in the element marked data-svar, without markup."""
    traff = re.search(rf'<(\w+)[^>]* data-svar="{re.escape(svar)}"[^>]*>(.*?)</\1>', html, re.DOTALL)
    assert traff is not None, svar
    return re.sub(r"\s*\n\s*", " ", re.sub(r"<[^>]+>", "", traff[2])).strip().replace("&nbsp;", NBSP)


def celltext(svar: Any) -> str:
    """The page's visible text, with a space between the cells of a table."""
    html = re.sub(r"(?s)<(style|script|svg)\b.*?</\1>", " ", svar.content.decode())
    return re.sub(r"\s+", " ", strip_tags(re.sub(r"</t[hd]>", " ", html)))


def plandata() -> dict[str, Any]:
    """Every row of our own tables but those of scenarios."""
    bild = ogonblicksbild()
    return {namn: rader for namn, rader in bild.items() if not namn.startswith("Scenario")}


def regel(plan: Handlingsplan, **falt: Any) -> Fordelningsregel:
    val: dict[str, Any] = {"budgetar": 2024, "folkmangdsdatum": "2022-12-31", "hanvisning": "Beslut § 1"}
    ny = Fordelningsregel.objects.create(plan=plan, **(val | falt))
    ny.refresh_from_db()
    return ny
