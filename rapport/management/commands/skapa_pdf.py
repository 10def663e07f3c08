"""`manage.py skapa_pdf 2024 --ut FIL`: write a plan's PDF to a file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budget.belopp import visa_heltal
from handlingsplan.models import Handlingsplan
from rapport.pdf import PdfFel, PdfMotornSaknas, PdfUpptagen, hamta_pdf


class Command(BaseCommand):
    help = "Skriver en plans PDF till en fil. Filen skrivs hel eller inte alls."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", type=int, metavar="ÅR", help="planens sista år")
        parser.add_argument("--ut", type=Path, required=True, metavar="FIL", help="filen som skrivs")

    def handle(self, *args: Any, **options: Any) -> None:
        ut: Path = options["ut"]
        plan = Handlingsplan.objects.filter(till_ar=options["plan"]).first()
        if plan is None:
            raise CommandError(f"Det finns ingen plan för {options['plan']}.")
        if ut.is_dir() or not ut.parent.is_dir():
            raise CommandError(f"{ut} går inte att skriva: ange en fil i en mapp som finns.")
        try:
            fil = hamta_pdf(plan)
        except (PdfMotornSaknas, PdfUpptagen, PdfFel) as fel:
            raise CommandError(str(fel)) from fel
        try:
            skriv_hel(ut, fil)
        except OSError as fel:
            raise CommandError(f"{ut} gick inte att skriva: {fel.strerror}.") from fel
        self.stdout.write(f"{ut}: {visa_heltal(len(fil))} byte, {plan}{'' if plan.ar_faststalld else ' (utkast)'}.")


def skriv_hel(ut: Path, innehall: bytes) -> None:
    """Write a file so that it is there whole or not at all; one that was there stays until the new one is whole."""
    handtag, namn = tempfile.mkstemp(dir=ut.parent, prefix=f".{ut.name}-")
    tillfallig = Path(namn)
    try:
        with os.fdopen(handtag, "wb") as fil:
            fil.write(innehall)
            fil.flush()
            os.fsync(fil.fileno())
        tillfallig.chmod(0o644)
        tillfallig.replace(ut)
    except BaseException:
        tillfallig.unlink(missing_ok=True)
        raise
