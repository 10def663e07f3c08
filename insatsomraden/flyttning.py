"""A button that moves a row among its siblings, and the message that takes the move back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from handlingsplan import angra
from handlingsplan.formular import knappversion
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import inloggad
from handlingsplan.sparande import Borttagen, Krock, plan_for_skrivning
from handlingsplan.tid import klockslag
from insatsomraden import ordning


def flytta(
    request: HttpRequest,
    plan: Handlingsplan,
    rad: Any,
    syskon: Callable[[], Sequence[Any]],
    *,
    krock: str,
    klart: str,
) -> None:
    """One step up or down (`riktning`), or back to where it stood (`?efter=`, the row before it, 0 for none).

    `syskon` fetches the rows that it stands among, under the plan's lock. `krock` and `klart` are told.
    """
    version, vem = knappversion(request), inloggad(request)

    def gor() -> tuple[Any, str]:
        rader = syskon()
        stod = f"efter={ordning.narmast_fore(rader, rad.pk)}"
        if "efter" in request.GET:
            return ordning.placera_i_lista(rad, rader, las_pk(request, "efter"), version=version, av=vem), stod
        riktning = request.POST.get("riktning", "")
        return ordning.flytta_i_lista(rad, rader, riktning, version=version, av=vem), stod

    utfor(request, plan, gor, krock=krock, klart=klart)


def utfor(
    request: HttpRequest, plan: Handlingsplan, gor: Callable[[], tuple[Any, str]], *, krock: str, klart: str
) -> None:
    """Make a move under the plan's lock and say how it went. `gor` gives the row, and the query that puts it back."""
    try:
        with plan_for_skrivning(plan):
            sparad, tillbaka = gor()
    except Krock:
        messages.error(request, krock)
    except Borttagen:
        messages.error(request, "Raden finns inte kvar: någon annan har tagit bort den. Så här ser det ut nu.")
    except ordning.GarInte as fel:
        messages.error(request, str(fel))
    else:
        adress = f"{request.path}?{tillbaka}"
        angra.meddela(request, f"Sparat {klockslag()}: {klart}", adress=adress, version=sparad.version)


def las_pk(request: HttpRequest, namn: str) -> int:
    """A row's key from a move's form or address; 0 for none. Raises GarInte for what is no key."""
    text = request.GET.get(namn) or request.POST.get(namn) or "0"
    if text.isascii() and text.isdigit() and len(text) < 15:
        return int(text)
    raise ordning.GarInte("Raden att ställa den efter finns inte kvar. Sidan visar nu hur det ser ut.")
