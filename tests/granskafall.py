"""Small records for the proofreader's tests, made without a database, and the flawed copy's record from its file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from budget.belopp import Summa
from rapport.frysning import fran_json
from rapport.granska.fynd import Fynd, Kunskap
from rapport.granska.kunskap import kunskap_ur_fil
from rapport.granska.regler import granska
from rapport.plandokument import (
    SCHEMA,
    AktivitetPost,
    Arsfordelning,
    Budgetradspost,
    Budgettabell,
    Cell,
    Fotnotspost,
    Kolumn,
    MalPost,
    OmradePost,
    Part,
    Plandokument,
    Publicerad,
    Verksamhetsar,
)

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


@cache
def felaktigt() -> Plandokument:
    """The flawed copy of the 2024 plan, with the faults that the database refuses."""
    return fran_json(json.loads((FIXTURES / "plandokument_2024_felaktig.json").read_text(encoding="utf-8")))


@cache
def skanes_folkmangd() -> Kunskap:
    with (FIXTURES / "folkmangd_skane.csv").open(encoding="utf-8") as rader:
        return kunskap_ur_fil(rader)


def aktivitet(text: str = "Pröva.", nr: int = 1, **mer: Any) -> AktivitetPost:
    falt: dict[str, Any] = {"villkor": "", "ansvarig": "Anna", "status": "", "slut": None, "under": ()}
    return AktivitetPost(id=nr, version=1, text=text, **(falt | {"start": date(2024, 3, 1)} | mer))


def omrade(namn: str = "Brevlådor", nr: int = 1, **mer: Any) -> OmradePost:
    """An area with nothing to remark on: every part is filled in."""
    ekonomi = mer.pop("ekonomi", "<p>Under 2024 är 100\u00a0kr avsatta.</p>")
    aktiviteter = mer.pop("aktiviteter", (aktivitet(nr=nr),))
    ett_ar = Verksamhetsar(2024, mer.pop("aktivitetstext", ""), aktiviteter, ekonomi)
    alla_mal = tuple(MalPost(nr * 10 + i, 1, text) for i, text in enumerate(mer.pop("alla_mal", ("Alla har en.",))))
    falt: dict[str, Any] = {
        "version": 1, "kod": namn.lower().replace(" ", "-"), "nummer": nr, "kortnamn": namn, "lage": "ingar",
        "lage_not": "", "nytt": False, "beskrivning": "<p>Om området.</p>", "syfte": "<p>Nytta.</p>",
        "ansvariga": ("Gruppen",), "ansvar_not": "",
    }  # fmt: skip
    return OmradePost(id=nr, namn=namn, alla_mal=alla_mal, alla_ar=(ett_ar,), **(falt | mer))


def cell(ore: int | None = 10_000, slag: str = "", markorer: tuple[str, ...] = ()) -> Cell:
    """100 kr where nothing else is said; None is unknown."""
    return Cell(slag or ("okant" if ore is None else "belopp"), ore, None, 1, markorer)


def tabell(
    omraden: tuple[OmradePost, ...],
    nu: tuple[Cell, ...] = (),
    fore: tuple[Cell, ...] = (),
    fotnoter: tuple[str, ...] = (),
    markorer: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
    planrader: tuple[str, ...] = (),
) -> Budgettabell:
    """SGD 2024 and 2023, one row per area; 100 kr everywhere where nothing else is said."""
    nu, fore = nu or tuple(cell() for _ in omraden), fore or tuple(cell() for _ in omraden)
    rader = [
        Budgetradspost(en.id, None, 1, en.kod, en.kortnamn, celler)
        for en, *celler_ in zip(omraden, nu, fore, strict=True)
        for celler in (tuple(celler_),)
    ]
    rader += [
        Budgetradspost(None, 90 + i, 1, "", namn, (cell(0, "ej_aktuellt"),) * 2) for i, namn in enumerate(planrader)
    ]
    kolumner = tuple(
        Kolumn(ett, "sgd", "SGD", ett == 2024, Summa(ore=sum(c.ore or 0 for c in celler), belopp=len(celler)), mark)
        for ett, celler, mark in ((2024, nu, markorer[0]), (2023, fore, markorer[1]))
    )
    noter = tuple(Fotnotspost(i, 1, str(i), text) for i, text in enumerate(fotnoter, 1))
    return Budgettabell(kolumner, tuple(rader), (), noter, ())


def plan(*omraden: OmradePost, budget: Budgettabell | None = None, **mer: Any) -> Plandokument:
    """A plan for 2024 with nothing to remark on."""
    valda = omraden or (omrade(),)
    falt: dict[str, Any] = {
        "schema": SCHEMA, "id": 1, "version": 1, "fran_ar": 2024, "till_ar": 2024, "titel": "Handlingsplan 2024",
        "undertitel": "", "inledning": "<p>Inledning.</p>", "om_aret": "", "avslutning": "", "kontakt_namn": "",
        "kontakt_epost": "", "andrad": date(2023, 11, 1), "delad": None, "faststalld": None,
        "faststalld_hanvisning": "", "bevakade": (), "lamnade": (), "fordelningar": (),
        "parter": (Part("12", "region", "Region Skåne", "Region Skåne"), Part("1280", "kommun", "Malmö", "Malmö")),
    }  # fmt: skip
    return Plandokument(omraden=valda, budget=budget or tabell(valda), **(falt | mer))


def publicerad(avser_ar: int, sats: str, datum: date | None = None) -> Arsfordelning:
    """A published rate, and no split of the year."""
    egen = Publicerad(1, 1, avser_ar, Decimal(sats), datum, "Planen")
    return Arsfordelning(avser_ar, avser_ar == 2024, None, "", False, egen)


def funna(dokument: Plandokument, regel: str, kunskap: Kunskap | None = None) -> list[Fynd]:
    """What one rule finds."""
    return [en for en in granska(dokument, kunskap or Kunskap()) if en.regel == regel]


def stor_plan(antal: int) -> Plandokument:
    """A plan of twenty areas and `antal` activities, with texts of ordinary length."""
    text = "<p>" + "Samarbetet mellan regionen och kommunerna ska ge en tryggare vård för den enskilde. " * 12 + "</p>"
    namn = [f"Område {chr(65 + i)}vvikelsehantering" for i in range(20)]
    per_omrade = antal // len(namn)
    omraden = tuple(
        omrade(
            ett, nr, beskrivning=text, syfte=text, ekonomi=text,
            aktiviteter=tuple(
                aktivitet(f"Införa stödet i verksamhet {nr}.{i} och följa upp att det används av alla.", nr * 1000 + i)
                for i in range(per_omrade)
            ),
        )
        for nr, ett in enumerate(namn, 1)
    )  # fmt: skip
    return replace(plan(*omraden), inledning=text * 5, om_aret=text * 5)
