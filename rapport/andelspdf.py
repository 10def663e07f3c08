"""One party's share as a PDF of its own, by the plan's engine and in the plan's print style."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.template.loader import render_to_string

from budget.belopp import visa_kr, visa_tecken
from rapport.andel import Partsandel
from rapport.andelsbild import BREDD, Stapel
from rapport.fordelningsutdrag import anmarkning
from rapport.pdf import html_till_pdf
from rapport.pdfunderlag import parterna, status

# Tenths of a millimetre: where the bars are, and the height of a row.
_VANSTER: Final = 420
_PLATS: Final = 900
_RAD: Final = 56
_SVART, _GRA, _BLACK = "#1a1a19", "#8b8984", "#1f3d99"


@dataclass(frozen=True, slots=True)
class Figurrad:
    """A bar with its words: places in tenths of a millimetre; `bredd` is 0 where nothing is drawn."""

    etikett: str
    belopp: str
    farg: str
    text_y: int
    y: int
    x: int
    bredd: int


@dataclass(frozen=True, slots=True)
class Figur:
    """A picture of bars; `beskrivning` is what is read out in its place."""

    beskrivning: str
    rader: tuple[Figurrad, ...]

    @property
    def hojd(self) -> int:
        """Tenths of a millimetre."""
        return len(self.rader) * _RAD

    @property
    def hojd_mm(self) -> str:
        return f"{self.hojd / 10:.1f}"


def andel_till_pdf(sida: Partsandel, adress: str) -> bytes:
    """The page as one file that is PDF/UA-1 and PDF/A-3a. `adress` is the page's permanent address.

    Raises PdfMotornSaknas, PdfUpptagen or PdfFel.
    """
    return html_till_pdf(andel_till_html(sida, adress))


def andel_till_html(sida: Partsandel, adress: str) -> str:
    """The document that the PDF is made from."""
    return render_to_string("pdf/andel.html", underlag(sida, adress))


def underlag(sida: Partsandel, adress: str) -> dict[str, Any]:
    """Everything `templates/pdf/andel.html` needs."""
    titel = f"{sida.part.namn}, andel {sida.ars.budgetar}"
    return {
        "sida": sida,
        "dok": sida.dokument,
        "titel": titel,
        "stegrubrik": f"Andelen {sida.ars.budgetar}, steg för steg",
        "mellanled": [en for en in sida.effekter if en.rakning],
        "dokumenttitel": f"UTKAST: {titel}" if sida.dokument.ar_utkast else titel,
        "parterna": parterna(sida.dokument.parter),
        "status": status(sida.dokument),
        "anmarkning": anmarkning(sida.dokument, sida.ars) or sida.skal,
        "fallfigur": _fallfigur(sida),
        "trendfigur": _trendfigur(sida),
        "fast_adress": adress,
    }


def _fallfigur(sida: Partsandel) -> Figur | None:
    """From last year's share to this one's, effect by effect; None where a bar would say nothing."""
    if not sida.effekter or sida.andel is None or sida.andel_fore is None or sida.fore is None:
        return None
    delar = [(f"Andel {sida.fore.budgetar}", visa_kr(sida.andel_fore.belopp), _GRA, sida.stapel_fore)]
    delar += [(en.namn, visa_tecken(en.belopp), _BLACK, en.stapel) for en in sida.effekter]
    delar.append((f"Andel {sida.ars.budgetar}", visa_kr(sida.andel.belopp), _SVART, sida.stapel_nu))
    return _figur("Samma belopp som i tabellen, som staplar: förra årets andel, vad som ändrade den, och årets.", delar)


def _trendfigur(sida: Partsandel) -> Figur | None:
    """The share year by year, newest first as in the table."""
    delar = [
        (str(en.budgetar), visa_kr(en.belopp), _SVART if en.budgetar == sida.ars.budgetar else _GRA, en.stapel)
        for en in sida.trend
        if en.belopp is not None
    ]
    return _figur("Samma belopp som i tabellen, som staplar: andelen år för år.", delar) if len(delar) > 1 else None


def _figur(beskrivning: str, delar: Iterable[tuple[str, str, str, Stapel | None]]) -> Figur | None:
    rader = tuple(
        Figurrad(
            etikett=etikett,
            belopp=belopp,
            farg=farg,
            text_y=nr * _RAD + 38,
            y=nr * _RAD + 9,
            x=_VANSTER + (stapel.x * _PLATS // BREDD if stapel else 0),
            bredd=max(stapel.bredd * _PLATS // BREDD, 4) if stapel else 0,
        )
        for nr, (etikett, belopp, farg, stapel) in enumerate(delar)
    )
    return Figur(beskrivning, rader) if any(rad.bredd for rad in rader) else None
