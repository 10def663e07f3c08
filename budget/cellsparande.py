"""Cells of the grid are saved: by the button all or none, by themselves each one that can be.

A cell is in conflict where what is saved is neither what its input was made from nor what is now typed. It is judged
by the value, under the plan's lock: a cell that was emptied and filled in again is a new row, whose version counts
from 1 once more and says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from djmoney.money import Money

from budget.belopp import Cellvarde
from budget.celler import Bas, Cellplats, Inskickad
from budget.models import Budgetpost
from budget.models.poster import Beloppscell
from budget.redigering import Budgetlage, bas_for, krocktext, las_lage, slag_av, som_text, varde
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import Krock, avtryck, plan_for_skrivning, spara

type Anteckningar = list[historik.Anteckning | None]

BORTA = "Raden eller cellen finns inte längre i budgeten, så det här kan inte sparas."


class Budgetkrock(Exception):
    """Somebody else has changed the same cells, or removed a row that was written in. Nothing has been saved."""

    def __init__(self, krockar: frozenset[Cellplats], strandade: frozenset[Cellplats]) -> None:
        super().__init__("Budgeten har ändrats av någon annan.")
        self.krockar = krockar
        self.strandade = strandade


def spara_celler(plan: Handlingsplan, inskickade: Iterable[Inskickad], *, av: Anvandare) -> int:
    """Write the changed cells, all or none, and return how many they were. None of them may have a `fel`.

    Raises Budgetkrock with every cell that somebody else has changed since, and PlanenFaststalld.
    """
    with plan_for_skrivning(plan) as last:
        lage = las_lage(last)
        return skriv_alla(last, lage.poster, inskickade, lage.far_skrivas, modell=Budgetpost, av=av)


def skriv_alla(
    plan: Handlingsplan,
    poster: Mapping[Cellplats, Beloppscell],
    inskickade: Iterable[Inskickad],
    far_skrivas: Callable[[Cellplats], bool],
    *,
    modell: type[Beloppscell],
    av: Anvandare,
) -> int:
    """Write the changed cells of the table `modell`, all or none, and return how many. Call it under the plan's lock.

    `poster` are the rows that are saved now. Raises Budgetkrock.
    """
    andrade = [en for en in inskickade if en.ar_andrad]
    krockar: set[Cellplats] = set()
    anteckningar: Anteckningar = []
    strandade = frozenset(en.plats for en in andrade if not far_skrivas(en.plats))
    for en in andrade:
        try:
            if en.plats not in strandade:
                _skriv(plan, poster.get(en.plats), en, av, anteckningar, modell)
        except Cellkrock:
            krockar.add(en.plats)
    if krockar or strandade:
        raise Budgetkrock(frozenset(krockar), strandade)
    historik.skriv(plan.pk, anteckningar, av=av)
    return len(andrade)


# --- By themselves -----------------------------------------------------------------------------------------------

Utfall = Literal["sparad", "oforandrad", "fel", "krock", "borta"]


@dataclass(frozen=True, slots=True)
class Cellsvar:
    """How it went with one cell. `text`, `slag` and `bas` are of what is saved now; `meddelande` is Swedish."""

    utfall: Utfall
    text: str
    slag: str
    bas: Bas
    meddelande: str = ""

    def som_json(self) -> dict[str, str]:
        return {
            "utfall": self.utfall,
            "text": self.text,
            "slag": self.slag,
            "bas": str(self.bas),
            "meddelande": self.meddelande,
        }


def autospara(plan: Handlingsplan, inskickade: Iterable[Inskickad], *, av: Anvandare) -> dict[Cellplats, Cellsvar]:
    """Write each cell that can be written, and say of every cell how it went. Raises PlanenFaststalld.

    A cell that cannot be read, or that somebody else has changed, stays as it is saved and stops no other cell.
    """
    svar: dict[Cellplats, Cellsvar] = {}
    anteckningar: Anteckningar = []
    with plan_for_skrivning(plan) as last:
        lage = las_lage(last)
        for en in inskickade:
            svar[en.plats] = _autospara(last, lage, en, av, anteckningar)
        historik.skriv(last.pk, anteckningar, av=av)
    return svar


def _autospara(
    plan: Handlingsplan, lage: Budgetlage, en: Inskickad, av: Anvandare, anteckningar: Anteckningar
) -> Cellsvar:
    nu = lage.poster.get(en.plats)
    if not lage.far_skrivas(en.plats):
        return _svar("borta", nu, BORTA)
    if en.fel:
        return _svar("fel", nu, en.fel)
    if not en.ar_andrad:
        return _svar("oforandrad", nu)
    try:
        return _svar("sparad", _skriv(plan, nu, en, av, anteckningar, Budgetpost))
    except Cellkrock:
        return _svar("krock", nu, krocktext(en.text, nu))


def _svar(utfall: Utfall, post: Beloppscell | None, meddelande: str = "") -> Cellsvar:
    bas = bas_for(post)
    return Cellsvar(utfall, som_text(bas.varde), slag_av(bas.varde), bas, meddelande)


# --- One cell ----------------------------------------------------------------------------------------------------


class Cellkrock(Exception):
    """What is saved in the cell is not what the person saw."""


def _skriv(
    plan: Handlingsplan,
    post: Beloppscell | None,
    en: Inskickad,
    av: Anvandare,
    anteckningar: Anteckningar,
    modell: type[Beloppscell],
) -> Beloppscell | None:
    """Write one cell, note it, and return its row as saved (None: ej ifyllt). Raises Cellkrock."""
    nu = varde(post)
    if nu == en.varde:
        return post
    if nu != en.bas.varde:
        raise Cellkrock(en.plats.namn)
    if post is None:
        return _fyll(plan, en, av, anteckningar, modell)
    if en.varde is None:
        anteckningar.append(historik.borttagen(post))
        modell._default_manager.filter(pk=post.pk).delete()
        return None
    vid_lasning = {namn: avtryck(falt) for namn, falt in _falt(en.bas.varde).items()}
    try:
        return spara(
            post,
            _falt(en.varde),
            version=en.bas.version,
            av=av,
            avtryck_vid_lasning=vid_lasning,
            samla=anteckningar,
        )
    except Krock as krock:
        raise Cellkrock(en.plats.namn) from krock


def _fyll(
    plan: Handlingsplan, en: Inskickad, av: Anvandare, anteckningar: Anteckningar, modell: type[Beloppscell]
) -> Beloppscell:
    """Make the row of a cell that had none."""
    ny = modell._default_manager.create(
        plan=plan,
        utgava_id=en.plats.utgava_id,
        rad_id=en.plats.rad_id,
        budgetar=en.plats.budgetar,
        finansiering=en.plats.finansiering,
        andrad_av=av,
        **_falt(en.varde),
    )
    anteckningar.append(historik.skapad(ny))
    return ny


def _falt(cell: Cellvarde | None) -> dict[str, Any]:
    """The columns of a value; a cell without a row has none."""
    if cell is None:
        return {}
    return {"slag": cell.slag, "belopp": None if cell.belopp is None else Money(cell.belopp, "SEK")}
