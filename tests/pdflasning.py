"""A finished PDF as the tests read it: its pages' text, its structure, and whether it follows the standards."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import page as granskare
import pikepdf
from pypdf import PdfReader

PROFILER = (granskare.ValidationProfile.PDF_UA_1, granskare.ValidationProfile.PDF_A_3A)


def krav_foljer(fil: bytes, profil: granskare.ValidationProfile) -> None:
    """Refuse a file that does not follow the standard, with the checker's whole report."""
    rapport = granskare.validate_pdf_bytes(fil, profile=profil)
    assert rapport.is_compliant, str(rapport)


def sidtexter(fil: bytes) -> list[str]:
    """The text of each page, with every run of white space as one space."""
    return [re.sub(r"\s+", " ", sida.extract_text()) for sida in PdfReader(io.BytesIO(fil)).pages]


def element(rot: Any) -> Iterator[Any]:
    """Structure elements below `rot`, depth first in reading order."""
    barn = rot.get("/K")
    for ett in barn if isinstance(barn, pikepdf.Array) else [barn]:
        if isinstance(ett, pikepdf.Dictionary) and "/S" in ett:
            yield ett
            yield from element(ett)


def rubriknivaer(rot: Any) -> list[int]:
    """The levels of the headings below `rot`, in reading order."""
    return [int(str(en.S)[2]) for en in element(rot) if re.fullmatch(r"/H\d", str(en.S))]
