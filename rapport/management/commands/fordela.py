"""`manage.py fordela 2024`: the split of a plan's year, for people and for scripts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from handlingsplan.models import Handlingsplan
from rapport import fordelningsutdrag
from rapport.bygg import plandokument


class Command(BaseCommand):
    help = "Visar hur ett års SGD-budget fördelas mellan huvudmännen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan", type=int, help="planens sista år, till exempel 2024")
        parser.add_argument("--ar", type=int, help="budgetår (planens sista)")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **val: Any) -> None:
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
