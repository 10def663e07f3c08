"""A plan as a PDF: the record becomes HTML here, and a child process makes the file.

The engine is `rapport.pdfmotor`; docs/pdf.md says why it runs in a process of its own and what bounds it. What
comes back is either a whole file or an error: never a broken one.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string

from handlingsplan import typsnitt
from handlingsplan.models import Handlingsplan
from rapport import pdfmotor
from rapport.bygg import plandokument
from rapport.models import FrystPlan
from rapport.pdfunderlag import underlag
from rapport.plandokument import Plandokument

logg = logging.getLogger(__name__)

# What the child may know of this process's environment: how to find libraries, and nothing that is secret.
_MILJO: Final = (
    "PATH",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "WEASYPRINT_DLL_DIRECTORIES",
    "LANG",
    "LC_ALL",
    "SYSTEMROOT",
)
_OMPROVNING: Final = 60.0  # seconds until an engine that was missing is looked for again
_provad: dict[str, tuple[bool, float]] = {}  # how the last look for the engine went, and when


class PdfMotornSaknas(RuntimeError):
    """The PDF engine, or a library that it needs, is not installed. The message is Swedish, for the reader."""


class PdfUpptagen(RuntimeError):
    """Too many are being made at once. The message is Swedish, for the reader."""


class PdfFel(RuntimeError):
    """The engine could not make the file, or not within its limits. The message is Swedish, for the reader."""


def hamta_pdf(plan: Handlingsplan) -> bytes:
    """The PDF of a plan: the one that was stored when it was adopted, else one made from its record now.

    Raises PdfMotornSaknas or PdfFel.
    """
    if plan.ar_faststalld:
        fryst = FrystPlan.objects.filter(plan=plan, pdf__isnull=False).only("pdf").first()
        if fryst is not None and fryst.pdf is not None:
            return bytes(fryst.pdf)
    return plan_till_pdf(plandokument(plan))


def filnamn(plan: Handlingsplan) -> str:
    """What the file is called when it is saved: ``handlingsplan-2022-2023.pdf``; a draft says so."""
    return f"handlingsplan-{plan.period.replace('–', '-')}{'' if plan.ar_faststalld else '-utkast'}.pdf"


def plan_till_pdf(dokument: Plandokument) -> bytes:
    """The whole plan as one file that is PDF/UA-1 and PDF/A-3a.

    Raises PdfMotornSaknas or PdfFel. Takes seconds (docs/pdf.md), bounded by `PDF_TIDSGRANS`.
    """
    return html_till_pdf(plan_till_html(dokument))


def plan_till_html(dokument: Plandokument) -> str:
    """The document that the PDF is made from."""
    return render_to_string("pdf/plan.html", underlag(dokument))


def html_till_pdf(html: str) -> bytes:
    """Run the engine on a page of HTML with the plan's print style. Raises PdfMotornSaknas, PdfUpptagen or PdfFel."""
    uppdrag = {
        "html": html,
        "css": stilmall(),
        "typsnitt": {namn: str(typsnitt.sokvag(namn)) for namn in typsnitt.FILER},
        "tidsgrans": settings.PDF_TIDSGRANS,
        "minnesgrans": settings.PDF_MINNESGRANS,
    }
    if not _PLATSER.acquire(timeout=settings.PDF_TIDSGRANS / 2):
        raise PdfUpptagen(_FOR_MANGA)
    try:
        svar = _kor([], json.dumps(uppdrag).encode(), settings.PDF_TIDSGRANS)
    except subprocess.TimeoutExpired as fel:
        logg.warning("PDF: avbruten efter %s s", settings.PDF_TIDSGRANS)
        raise PdfFel(_FOR_LANG_TID) from fel
    finally:
        _PLATSER.release()
    logtext = svar.stderr.decode(errors="replace").strip()[-4_000:]
    if svar.returncode == pdfmotor.SAKNAS:
        logg.error("PDF: motorn saknas: %s", logtext)
        raise PdfMotornSaknas(
            "PDF-motorn är inte installerad på servern. Planen går att läsa och skriva ut från sin sida så länge. "
            "Be den som sköter servern att installera biblioteket Pango."
        )
    if svar.returncode or not svar.stdout.startswith(b"%PDF-"):
        logg.error("PDF: motorn avslutades med %s: %s", svar.returncode, logtext)
        raise PdfFel(_FOR_LANG_TID if svar.returncode == -_SIGXCPU else _GICK_INTE)
    if logtext:
        logg.warning("PDF: %s", logtext)
    return svar.stdout


# A render takes a core and up to PDF_MINNESGRANS for seconds. More than these at once would starve everybody else.
_PLATSER: Final = threading.BoundedSemaphore(2)
_FOR_MANGA: Final = "Flera gör PDF-filer just nu. Försök igen om en minut."

_SIGXCPU: Final = getattr(signal, "SIGXCPU", -1)
_FOR_LANG_TID: Final = (
    "Det tog för lång tid att göra PDF-filen och arbetet avbröts. Ofta beror det på en mycket lång eller djupt nästlad "
    "text. Planen går att läsa och skriva ut från sin sida."
)
_GICK_INTE: Final = (
    "PDF-filen gick inte att göra. Felet är loggat. Planen går att läsa och skriva ut från sin sida så länge."
)


def motor_finns() -> bool:
    """Whether the engine can be loaded, asked of a child process once; a missing one is looked for again later."""
    nu = time.monotonic()
    finns, nar = _provad.get("motor", (False, -_OMPROVNING))
    if not finns and nu - nar >= _OMPROVNING:
        finns = _prova()
        _provad["motor"] = (finns, nu)
    return finns


def _prova() -> bool:
    try:
        return _kor(["--prova"], b"", settings.PDF_TIDSGRANS).returncode == 0
    except subprocess.TimeoutExpired:
        logg.warning("PDF: motorn svarar inte på %s s", settings.PDF_TIDSGRANS)
        return False


def _kor(argument: list[str], indata: bytes, tidsgrans: float) -> subprocess.CompletedProcess[bytes]:
    """Run the engine in an environment and a temporary folder of its own; kill it at the limit (seconds)."""
    with tempfile.TemporaryDirectory(prefix="plan-pdf-") as mapp:
        miljo = {namn: os.environ[namn] for namn in _MILJO if namn in os.environ}
        return subprocess.run(
            [sys.executable, "-m", "rapport.pdfmotor", *argument],
            input=indata,
            capture_output=True,
            timeout=tidsgrans,
            cwd=settings.BASE_DIR,
            env=miljo | {"TMPDIR": mapp, "TEMP": mapp, "HOME": mapp, "PYTHONUTF8": "1"},
            check=False,
        )


@cache
def stilmall() -> str:
    """The print style sheet, read once."""
    return (Path(settings.BASE_DIR) / "templates" / "pdf" / "pdf.css").read_text(encoding="utf-8")
