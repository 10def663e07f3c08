"""Cost models in the database: one of each kind of row, and what a form of it sends."""

from __future__ import annotations

from datetime import date
from typing import Any

from budget.models import Kostnadsmodell, Modellgrupp, Modellundantag, Modellvillkor, Viktserie
from handlingsplan.models import Handlingsplan, Huvudman
from insatsomraden.models import Omradesutgava

BESLUT: dict[str, Any] = {"instans": "CTB", "beslutsdatum": date(2023, 5, 4), "paragraf": "12"}
BESLUT_SANT = {"instans": "CTB", "beslutsdatum": "2023-05-04", "paragraf": "12"}
NY_GRUPP = {"namn": "alla", "andel": "1", "deltar": "alla", "nyckel_1": "lika", "andel_1": "1"}
NY_SERIE = {"namn": "ärenden", "slag": "tabell", "varden": "1280 3"}


def ny_modell(plan: Handlingsplan, namn: str = "Egen modell") -> Kostnadsmodell:
    """Region and municipalities 1:1, the municipalities by inhabitants."""
    modell = Kostnadsmodell.objects.create(plan=plan, namn=namn)
    ny_grupp(modell, 1, namn="regionen", deltar="region", nyckel_1="lika")
    ny_grupp(modell, 2, namn="kommunerna")
    return modell


def ny_grupp(modell: Kostnadsmodell, ordning: int, **falt: Any) -> Modellgrupp:
    return Modellgrupp.objects.create(modell=modell, ordning=ordning, **({"namn": "kommunerna"} | falt))


def nytt_villkor(modell: Kostnadsmodell, kod: str = "1280", **falt: Any) -> Modellvillkor:
    """The party pays half of its share; the others in the group carry the rest."""
    val: dict[str, Any] = {"slag": "faktor", "faktor": "0,5", "bars_av": "gruppen", "motivering": "Sen anslutning"}
    huvudman = Huvudman.objects.get(kod=kod)
    return Modellvillkor.objects.create(modell=modell, huvudman=huvudman, **(val | BESLUT | falt))


def ny_serie(plan: Handlingsplan, **falt: Any) -> Viktserie:
    val: dict[str, Any] = {"namn": "inloggningar", "slag": "tabell", "varden": "1280 3\n1275 1"}
    return Viktserie.objects.create(plan=plan, **(val | falt))


def nytt_undantag(utgava: Omradesutgava, modell: Kostnadsmodell, **falt: Any) -> Modellundantag:
    val: dict[str, Any] = {"budgetar": utgava.plan.till_ar}
    return Modellundantag.objects.create(plan=utgava.plan, utgava=utgava, modell=modell, **(val | BESLUT | falt))


def fyll_modeller(utgava: Omradesutgava, kod: str = "1280") -> dict[str, int]:
    """One row of each kind, about the party; `modell` is not used. Keys by the first word of an address's name."""
    modell = ny_modell(utgava.plan)
    undantag = nytt_undantag(utgava, ny_modell(utgava.plan, "En annan"))
    return {
        "modell": modell.pk,
        "modellgrupp": modell.alla_grupper.first().pk,  # type: ignore[union-attr]
        "modellgrupp_ny": modell.pk,
        "modellvillkor": nytt_villkor(modell, kod).pk,
        "modellvillkor_ny": modell.pk,
        "viktserie": ny_serie(utgava.plan, varden=f"{kod} 3").pk,
        "modellundantag": undantag.pk,
    }
