"""`manage.py granska 2024`: what the proofreader finds in a plan, for people and for scripts.

`manage.py granska --fil FIL` reads a record from a file instead (docs/granska.md), and touches no database.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from handlingsplan.models import Handlingsplan
from rapport.bygg import plandokument
from rapport.frysning import fran_json
from rapport.granska.fynd import Kunskap
from rapport.granska.kunskap import kunskap_ur_fil
from rapport.granska.regler import granska
from rapport.granskning import Granskat, granska_plan, oppna


class Command(BaseCommand):
    # A check of the models asks PostgreSQL for its version; a file must work with no database at all.
    requires_system_checks: list[str] = []
    help = "Granskar en plan: antal, år, namn, pengar utan aktivitet, platshållare och annat som ser fel ut."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan", type=int, nargs="?", help="planens sista år, till exempel 2024")
        parser.add_argument("--fil", type=Path, help="granska ett plandokument i JSON i stället, utan databas")
        parser.add_argument("--folkmangd", type=Path, help="folkmängd i CSV (kod, datum, antal), med --fil")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **val: Any) -> None:
        if (val["plan"] is None) == (val["fil"] is None):
            raise CommandError("Ange antingen planens sista år eller --fil med ett plandokument.")
        if val["folkmangd"] and not val["fil"]:
            raise CommandError("--folkmangd hör ihop med --fil; en plan i databasen har sin folkmängd där.")
        granskade = _fran_fil(val["fil"], val["folkmangd"]) if val["fil"] else _fran_databasen(val["plan"])
        if val["format"] == "json":
            self.stdout.write(json.dumps([en.som_data() for en in granskade], ensure_ascii=False, indent=1))
        else:
            self.stdout.write(_som_text(granskade))


def _fran_databasen(till_ar: int) -> tuple[Granskat, ...]:
    plan = Handlingsplan.objects.filter(till_ar=till_ar).first()
    if plan is None:
        raise CommandError(f"Det finns ingen plan som slutar {till_ar}.")
    return granska_plan(plan, plandokument(plan))


def _fran_fil(fil: Path, folkmangd: Path | None) -> tuple[Granskat, ...]:
    rader = _las(folkmangd).splitlines() if folkmangd else None
    try:
        kunskap = Kunskap() if rader is None else kunskap_ur_fil(rader)
    except (KeyError, ValueError) as fel:
        raise CommandError(f"Filen {folkmangd} är ingen folkmängd med kolumnerna kod, datum och antal.") from fel
    text = _las(fil)
    try:
        dokument = fran_json(json.loads(text))
    except Exception as fel:
        raise CommandError(f"Filen {fil} är inget plandokument i JSON.") from fel
    return tuple(Granskat(fynd) for fynd in granska(dokument, kunskap))


def _las(fil: Path) -> str:
    try:
        return fil.read_text(encoding="utf-8")
    except OSError as fel:
        raise CommandError(f"Filen {fil} går inte att läsa.") from fel
    except UnicodeDecodeError as fel:
        raise CommandError(f"Filen {fil} är inte skriven i UTF-8.") from fel


def _som_text(granskade: Iterable[Granskat]) -> str:
    """Findings under their area, the open ones told in full, and a last line with the counts."""
    alla = tuple(granskade)
    rader: list[str] = []
    grupp = ""
    for en in alla:
        if en.fynd.plats.grupp != grupp:
            grupp = en.fynd.plats.grupp
            rader += ["", grupp, "-" * len(grupp)]
        rader += [f"{en.titel} · {en.fynd.plats.rubrik}", f"  {en.fynd.text}", f"  {en.fynd.forklaring}"]
        if en.svar is not None:
            rader.append(f"  Det är rätt: {en.svar.skal}")
    antal = len(oppna(alla))
    rader += ["", f"{antal} att ta ställning till, {len(alla) - antal} besvarade."]
    return "\n".join(rader).lstrip("\n")
