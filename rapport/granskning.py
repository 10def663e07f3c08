"""Proofread a plan, and answer what is found: "det är rätt", with a reason.

The rules are pure (`rapport/granska/`); here they are given what the database knows, and their findings the answers
that somebody has given. An answer belongs to the plan but is never printed and no part of its record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django.db.models import Sum

from budget.folkmangd import hela_datum
from budget.models import Folkmangd
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from handlingsplan.sparande import plan_for_skrivning
from rapport.bygg import plandokument
from rapport.granska.fynd import Fynd, Kunskap
from rapport.granska.regler import TITLAR, granska
from rapport.granskningsmodeller import Granskningssvar
from rapport.plandokument import Plandokument


class InteKvar(Exception):
    """What was to be answered is not found any more: the text has changed. Nothing has been saved."""


@dataclass(frozen=True, slots=True)
class Granskat:
    """A finding, and the answer to it if there is one."""

    fynd: Fynd
    svar: Granskningssvar | None = None

    @property
    def status(self) -> Literal["oppen", "besvarad"]:
        return "oppen" if self.svar is None else "besvarad"

    @property
    def titel(self) -> str:
        """What the rule is called."""
        return TITLAR[self.fynd.regel]

    def som_data(self) -> dict[str, Any]:
        """For scripts: see docs/granska.md."""
        return {
            "regel": self.fynd.regel,
            "misstag": self.fynd.misstag,
            "plats": self.fynd.plats.i_ord,
            "text": self.fynd.text,
            "forklaring": self.fynd.forklaring,
            "status": self.status,
            "skal": self.svar.skal if self.svar else None,
        }


def kunskap() -> Kunskap:
    """What the database knows besides the plan: the municipalities' inhabitants on each date that has them all."""
    rader = Folkmangd.objects.gallande().filter(alder="", huvudman__typ=Huvudman.Typ.KOMMUN, datum__in=hela_datum())
    per_datum = rader.order_by().values("datum").annotate(alla=Sum("antal"))
    return Kunskap({rad["datum"]: rad["alla"] for rad in per_datum})


def granska_plan(plan: Handlingsplan, dokument: Plandokument) -> tuple[Granskat, ...]:
    """What the rules find in the plan's record, with the answers given. Four statements, whatever the plan's size."""
    svar = {en.avtryck: en for en in plan.alla_granskningssvar.select_related("andrad_av")}
    return tuple(Granskat(fynd, svar.get(fynd.avtryck)) for fynd in granska(dokument, kunskap()))


def oppna(granskade: Iterable[Granskat]) -> tuple[Granskat, ...]:
    """Those that nobody has answered."""
    return tuple(en for en in granskade if en.svar is None)


def besvara(
    plan: Handlingsplan, avtryck: str, skal: str, *, av: Anvandare | None, ocksa: str = ""
) -> list[Granskningssvar]:
    """Answer a finding with a reason; with `ocksa`, the fingerprint of all open ones of its rule, all of them.

    One that somebody has just answered keeps that answer, which is returned alone. The finding's own answer is first.
    Raises InteKvar where the text has changed meanwhile, and PlanenFaststalld.
    """
    with plan_for_skrivning(plan) as last:
        granskade = granska_plan(last, plandokument(last))
        granskat = next((en for en in granskade if en.fynd.avtryck == avtryck), None)
        if granskat is None:
            raise InteKvar("Texten har ändrats sedan du läste den, så det finns inget att besvara.")
        if granskat.svar is not None:
            return [granskat.svar]
        samma = [en.fynd for en in oppna(granskade) if en.fynd.regel == granskat.fynd.regel]
        if ocksa and ocksa != slagets_avtryck(samma):
            raise InteKvar("Sakerna av samma slag är inte längre desamma. Läs dem och svara en gång till.")
        andra = [en for en in samma if ocksa and en is not granskat.fynd]
        alla = [_svar(last, fynd, skal, av) for fynd in (granskat.fynd, *andra)]
        historik.skriv(last.pk, [historik.skapad(en) for en in alla], av=av)
        return alla


def slagets_avtryck(fynden: Iterable[Fynd]) -> str:
    """A fingerprint of several findings, so that what is answered together is what was read."""
    text = " ".join(sorted(en.avtryck for en in fynden))
    return hashlib.blake2s(text.encode(), digest_size=16).hexdigest()


def _svar(plan: Handlingsplan, fynd: Fynd, skal: str, av: Anvandare | None) -> Granskningssvar:
    svar = Granskningssvar(
        plan=plan,
        regel=fynd.regel,
        plats=fynd.plats.nyckel,
        avtryck=fynd.avtryck,
        text=fynd.text[:400],
        skal=skal,
        andrad_av=av,
    )
    svar.full_clean()
    svar.save()
    return svar


def ta_tillbaka(plan: Handlingsplan, pk: int, *, av: Anvandare | None) -> bool:
    """Take an answer back, so that the finding is open again. False where it is gone already."""
    with plan_for_skrivning(plan) as last:
        svar = last.alla_granskningssvar.filter(pk=pk).first()
        if svar is None:
            return False
        historik.skriv(last.pk, [historik.borttagen(svar)], av=av)
        svar.delete()
        return True


def ladda_svar(plan: Handlingsplan, fil: Path) -> None:
    """Answer what a file has answers to, for the demo: rows of `regel`, `plats` and `skal`.

    Raises ValueError for a row that answers nothing, so that the file cannot grow old unseen.
    """
    funna = granska(plandokument(plan), kunskap())
    for rad in json.loads(fil.read_text(encoding="utf-8")):
        traffar = [en for en in funna if (en.regel, en.plats.nyckel) == (rad["regel"], rad["plats"])]
        if not traffar:
            raise ValueError(f"{fil.name}: {rad['regel']} har inget att säga om {rad['plats']}")
        for fynd in traffar:
            _svar(plan, fynd, rad["skal"], None)
