"""`manage.py kontrollera_historik [2024]`: recompute the chains of the history, and look for what should be in them.

That is the triggers, and for each frozen plan the head that it prints, its record and its PDF.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection

from handlingsplan import historik, historiktriggers
from handlingsplan.models import Handlingsplan
from rapport import frysning, versioner


class Command(BaseCommand):
    help = "Räknar om historikens kedjor och säger vad som är ändrat, borttaget, flyttat eller avklippt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("till_ar", nargs="?", type=int, help="bara planen som slutar det året")
        parser.add_argument("--satt-triggers", action="store_true", help="sätt tillbaka skydd som saknas i databasen")

    def handle(self, *args: Any, **val: Any) -> None:
        """Exit code 1 where anything is wrong, so that a nightly job can tell."""
        planer = Handlingsplan.objects.order_by("till_ar")
        if val["till_ar"] is not None:
            planer = planer.filter(till_ar=val["till_ar"])
            if not planer:
                raise CommandError(f"Det finns ingen plan som slutar {val['till_ar']}.")
        fel = sum(self._plan(plan) for plan in planer) + self._triggers(satt=val["satt_triggers"])
        if fel:
            self.stderr.write(f"Historiken är inte hel: {self._ord(fel)}.")
            sys.exit(1)
        self.stdout.write("Historiken är hel.")

    def _plan(self, plan: Handlingsplan) -> int:
        antal, brister = historik.kontrollera(plan.pk)
        brister += frysning.kontrollera(plan) + versioner.kontrollera(plan)
        self.stdout.write(f"{plan}: {antal} {'händelse' if antal == 1 else 'händelser'}, {self._ord(len(brister))}.")
        for brist in brister:
            self.stderr.write(f"  {brist.text}")
        return len(brister)

    def _triggers(self, *, satt: bool) -> int:
        saknade = historiktriggers.saknade(connection)
        for namn in saknade:
            self.stderr.write(f"Triggern {namn} saknas eller är ändrad i databasen.")
        if saknade and satt:
            historiktriggers.skapa(connection)
            self.stdout.write("Triggrarna är satta tillbaka. Vad som hände medan de saknades syns bara i kedjorna.")
        return len(saknade)

    @staticmethod
    def _ord(antal: int) -> str:
        return "hel" if antal == 0 else "ett fel" if antal == 1 else f"{antal} fel"
