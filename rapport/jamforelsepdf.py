"""The comparison of two plans as a PDF, the *ändringsversion*: what differs, with words marked, and nothing else."""

from __future__ import annotations

from django.template.loader import render_to_string

from rapport.pdf import html_till_pdf
from rapport.pdfunderlag import parterna
from rapport.planjamforelse import Planjamforelse


def jamforelse_till_pdf(jamforelse: Planjamforelse, fore: str, efter: str, adress: str) -> bytes:
    """One file that is PDF/UA-1 and PDF/A-3a. Raises PdfMotornSaknas, PdfUpptagen or PdfFel."""
    return html_till_pdf(jamforelse_till_html(jamforelse, fore, efter, adress))


def jamforelse_till_html(jamforelse: Planjamforelse, fore: str, efter: str, adress: str) -> str:
    """The document that the PDF is made from. `fore` and `efter` say what the two are called."""
    innehall = {
        "jamforelse": jamforelse,
        "dok": jamforelse.efter,
        "fore_namn": fore,
        "efter_namn": efter,
        "titel": f"Ändringsversion: {jamforelse.efter.titel}",
        "parterna": parterna(jamforelse.efter.parter),
        "fast_adress": adress,
    }
    return render_to_string("pdf/jamforelse.html", innehall)
