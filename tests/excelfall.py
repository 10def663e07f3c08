"""A plan's workbook as somebody has edited it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from handlingsplan.models import Handlingsplan
from rapport.excel.ut import plan_som_arbetsbok

EXCEL = "/plan/2024/excel/"
type Andra = Callable[[Any], object]


def andrad(plan: Handlingsplan, *andringar: Andra) -> bytes:
    bok, ut = load_workbook(io.BytesIO(plan_som_arbetsbok(plan))), io.BytesIO()
    for andra in andringar:
        andra(bok)
    bok.save(ut)
    return ut.getvalue()


def cell(blad: Any, id_: str, rubrik: str) -> Any:
    """The cell of the row with this id."""
    kolumner = {en.value: en.column for en in blad[1]}
    rad = next(en[0].row for en in blad.iter_rows() if en[kolumner["Id"] - 1].value == id_)
    return blad.cell(rad, kolumner[rubrik])


def satt(blad: str, id_: str, rubrik: str, varde: object) -> Andra:
    def andra(bok: Any) -> None:
        cell(bok[blad], id_, rubrik).value = varde

    return andra


def ladda_upp(klient: Client, innehall: bytes) -> Any:
    return klient.post(EXCEL, {"fil": SimpleUploadedFile("plan.xlsx", innehall)})
