"""`manage.py fordela 2024`: the split of a plan's year, for people and for scripts.

`manage.py fordela --indata FIL` tries a model from a file instead, and touches no database.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from budget.fordelning import Fordelningsfel
from budget.indata import las_indata
from budget.radfordelning import fordela_rader
from budget.utdata import resultat_som_data, resultat_som_text
from handlingsplan.models import Handlingsplan
from rapport import fordelningsutdrag
from rapport.bygg import plandokument


class Command(BaseCommand):
    # A check of the models asks PostgreSQL for its version; a file must work with no database at all.
    requires_system_checks: list[str] = []
    help = "Visar hur ett års SGD-budget fördelas mellan huvudmännen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan", type=int, nargs="?", help="planens sista år, till exempel 2024")
        parser.add_argument("--indata", metavar="FIL", help="räkna på en fil i stället, utan databas (- är stdin)")
        parser.add_argument("--ar", type=int, help="budgetår (planens sista)")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **val: Any) -> None:
        if (val["plan"] is None) == (val["indata"] is None):
            raise CommandError("Ange antingen planens sista år eller --indata med en fil.")
        if val["indata"] is not None:
            if val["ar"] is not None:
                raise CommandError("--ar gäller en plan; med --indata står perioden i filen.")
            self._fran_fil(val["indata"], val["format"])
        else:
            self._fran_plan(val)

    def _fran_fil(self, fil: str, format_: str) -> None:
        try:
            text = (sys.stdin.buffer.read() if fil == "-" else Path(fil).read_bytes()).decode()
            resultat = fordela_rader(las_indata(text))
            if format_ == "json":
                svar = json.dumps(resultat_som_data(resultat), ensure_ascii=False, indent=1)
            else:
                svar = resultat_som_text(resultat)
        except OSError as fel:
            raise CommandError(f"Filen {fil} går inte att läsa.") from fel
        except UnicodeDecodeError as fel:
            raise CommandError(f"Filen {fil} är inte skriven i UTF-8.") from fel
        except Fordelningsfel as fel:
            raise CommandError(str(fel)) from fel
        self.stdout.write(svar)

    def _fran_plan(self, val: dict[str, Any]) -> None:
        plan = Handlingsplan.objects.filter(till_ar=val["plan"]).first()
        if plan is None:
            raise CommandError(f"Det finns ingen plan som slutar {val['plan']}.")
        dokument = plandokument(plan)
        budgetar = val["ar"] or plan.till_ar
        ars = dokument.fordelning_for(budgetar)
        if ars is None:
            raise CommandError(f"{plan} har ingen budget för {budgetar}.")
        if val["format"] == "json":
            svar = fordelningsutdrag.som_json(dokument, ars)
            self.stdout.write(json.dumps(svar, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(fordelningsutdrag.som_text(dokument, ars))
