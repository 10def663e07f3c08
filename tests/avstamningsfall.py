"""An adopted plan with outturn and a rule, to be reconciled."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client
from djmoney.money import Money

from budget.models import Avstamningsregel, Faktureringsunderlag, Fordelningsregel, Utfall
from handlingsplan.models import Handlingsplan, Huvudman
from insatsomraden.models import Omradesutgava
from rapport.faststallande import faststall
from tests.budgetfall import formular
from tests.planfall import Planfall, planfall

UTFALL, AVSTAMNING = "/plan/2024/utfall/", "/plan/2024/avstamning/2024/"


def faststalld(plan: Handlingsplan) -> Planfall:
    """2024 with NPÖ 100 000 kr and SDK 75 000 kr, adopted: 1:1, inhabitants of 2022-12-31, 175 000 kr shared."""
    fall = planfall(plan)
    Fordelningsregel.objects.create(plan=plan, budgetar=2024, folkmangdsdatum=date(2022, 12, 31))
    faststall(plan, version=1, datum=date(2024, 1, 31), hanvisning="§ 1", av=None, pdf=False)
    fall.plan.refresh_from_db()
    return fall


def skriv_utfall(utgava: Omradesutgava, varde: str, form: str = "sgd") -> Utfall:
    """An outturn in kronor, or `okant` / `ej_aktuellt`."""
    belopp = None if varde.isalpha() or "_" in varde else Money(varde, "SEK")
    slag = "belopp" if belopp else varde
    return Utfall.objects.create(
        plan=utgava.plan, utgava=utgava, budgetar=2024, finansiering=form, slag=slag, belopp=belopp
    )


def skriv_regel(plan: Handlingsplan, **falt: Any) -> Avstamningsregel:
    val = {
        "overskott": "avraknas",
        "underskott": "debiteras",
        "instans": "CSO",
        "beslutsdatum": date(2025, 3, 7),
        "paragraf": "7",
        "diarienummer": "2025-12",
    }
    return Avstamningsregel.objects.create(plan=plan, budgetar=2024, **(val | falt))


def avstambar(plan: Handlingsplan) -> Planfall:
    """An adopted plan where nothing stands in the way: outturn 150 000,33 kr, so 24 999,67 kr was charged too much."""
    fall = faststalld(plan)
    skriv_utfall(fall.npo, "90000.33")
    skriv_utfall(fall.sdk, "60000.00")
    skriv_regel(plan)
    return fall


def utfarda(plan: Handlingsplan, per_part: dict[str, int]) -> None:
    """Billing bases of these öre per party."""
    for nummer, (kod, ore) in enumerate(per_part.items(), 1):
        en = Huvudman.objects.get(kod=kod)
        Faktureringsunderlag.objects.create(
            plan=plan,
            nummer=nummer,
            slag="underlag",
            budgetar=2024,
            huvudman=en,
            kod=kod,
            namn=en.officiellt_namn,
            juridiskt_namn=en.juridiskt_namn,
            utstallare="Region Skåne",
            delning="helar",
            avrundning="ore",
            belopp=ore,
            avser=[[kod, en.officiellt_namn, ore]],
        )


def fasta(klient: Client) -> Any:
    """Close the year by the page's own form."""
    return klient.post(f"{AVSTAMNING}faststall/", formular(klient.get(f"{AVSTAMNING}faststall/"), "avtryck"))
