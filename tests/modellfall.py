"""Cost models in the database: one of each kind of row, and what a form of it sends."""

from __future__ import annotations

import html
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from budget.models import Kostnadsmodell, Modellgrupp, Modellundantag, Modellvillkor, Viktserie
from handlingsplan.models import Handlingsplan, Huvudman
from insatsomraden.models import Omradesutgava
from tests.budgetfall import formular
from tests.sidor import lasbar_text

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


# --- Forms -----------------------------------------------------------------------------------------------------------


def adress(namn: str, *arg: object) -> str:
    """An address of the 2024 plan."""
    return reverse(namn, args=[2024, *arg])


def skicka(klient: Client, vart: str, falt: str, **sant: Any) -> Any:
    """Open the form at the address, fill it in, press the button."""
    return klient.post(vart, formular(klient.get(vart), falt) | sant)


def felet(svar: Any, falt: str) -> str:
    """What is said beside a field of a form that was refused."""
    assert svar.status_code == 422, lasbar_text(svar)[:400]
    return html.unescape(" ".join(svar.context["form"].errors.get(falt, [])))


def vagras(klient: Client, vart: str, falt: str, grund: dict[str, Any], fall: list[Any], star_kvar: str) -> None:
    """Each case, (what is sent instead, the field, what is said beside it), is refused with the rest still there."""
    tom, fel = formular(klient.get(vart), falt), []
    for sant, vid, sags in fall:
        svar = klient.post(vart, tom | grund | sant)
        sagt = felet(svar, vid).replace("\u00a0", " ")
        if sags not in sagt or f'value="{star_kvar}"' not in svar.content.decode():
            fel.append((sant, sagt))
    assert fel == []


def villkor_sant(**mer: Any) -> dict[str, Any]:
    """What a form of a condition sends: Malmö pays at most 5 000 kr, and the region carries the rest."""
    malmo = Huvudman.objects.get(kod="1280").pk
    grund = {"slag": "tak", "huvudman": str(malmo), "belopp": "5 000", "bars_av": "regionen", "motivering": "Skäl"}
    return grund | BESLUT_SANT | mer
