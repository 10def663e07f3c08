"""A plan's workbook as it comes back: checked, then read as texts by sheet, row and heading. Nothing is fetched."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from budget.arbetsbok import oppen, talets_text
from budget.belopp import visa_heltal
from budget.filfel import Filfel
from budget.kalkylblad import las_ordagrant
from budget.xlsxpaket import kontrollera
from rapport.excel.blad import ANVISNING, BELOPP, BUDGET, BUDGETRUBRIKER, ID, Blad, Dag, alla_blad

HOGST_RADER: Final = 5_000  # per sheet; a plan of 500 activities has 500
HOGST_KOLUMNER: Final = 40
HOGST_BLAD: Final = 30
_RUBRIKRADER: Final = 10  # the head is among the first
_SAMMANSLAGEN: Final = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z0-9:]{1,30})"')
_DOLD_RAD: Final = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\bhidden=\"(?:1|true)\")")
_FORMEL: Final = re.compile(rb"<(?:\w+:)?f[ />]")
_FELVARDEN: Final = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_DAGAR: Final = (36_526, 73_415)  # Excel's numbers of 2000-01-01 and 2101-01-01
TRASIG: Final = "Filen går inte att läsa. Hämta arbetsboken här, ändra i den och spara den som .xlsx."


@dataclass(frozen=True, slots=True)
class Filrad:
    """A row of a sheet: its number there, and its cells as texts by heading. `fel` (Swedish): a cell has no value."""

    blad: str
    nummer: int
    celler: Mapping[str, str]
    fel: str = ""

    def __getitem__(self, rubrik: str) -> str:
        return self.celler.get(rubrik, "")


@dataclass(frozen=True, slots=True)
class Fil:
    """All rows, and what the person should know of how the file was read."""

    rader: tuple[Filrad, ...]
    noter: tuple[str, ...] = ()


def las_fil(innehall: bytes) -> Fil:
    """Read a workbook. Raises Filfel (Swedish) for what is no sound workbook of a plan."""
    kontrollera(innehall)
    blad = {en.namn: en for en in alla_blad({})}
    try:
        return _las(innehall, blad)
    except Filfel:
        raise
    # A malformed workbook can fail anywhere in openpyxl, with any exception; the user gets the same answer.
    except Exception as fel:
        raise Filfel(TRASIG) from fel


def _las(innehall: bytes, blad: Mapping[str, Blad]) -> Fil:
    kanda = {namn: en.rubriker for namn, en in blad.items()} | {BUDGET: BUDGETRUBRIKER}
    rader: list[Filrad] = []
    with oppen(innehall, data_only=True) as bok:
        vagar = {en.title: en._worksheet_path for en in bok.worksheets}
        if len(vagar) > HOGST_BLAD:
            raise Filfel(f"Filen har fler än {HOGST_BLAD} blad. {TRASIG}")
        noter = list(_bladnoter(vagar, kanda))
        har_formler = False
        for namn in (en for en in kanda if en in vagar):
            xml = _xml(innehall, vagar[namn])
            if traff := _SAMMANSLAGEN.search(xml):
                raise Filfel(
                    f"Bladet {namn} har sammanslagna celler ({traff[1].decode()}). Dela dem och läs in filen igen: "
                    "av sammanslagna celler finns bara den första kvar."
                )
            if antal := len(_DOLD_RAD.findall(xml)):
                dolda = f"{antal} dolda rader. De" if antal > 1 else "en dold rad. Den"
                noter.append(f"Bladet {namn} har {dolda} läses som de andra.")
            har_formler = har_formler or bool(_FORMEL.search(xml))
        formler = _formler(innehall, kanda) if har_formler else {}
        for namn in (en for en in kanda if en in vagar):
            dagar = _dagkolumner(blad.get(namn))
            nya, extra = _las_blad(namn, _rutor(bok[namn]), kanda[namn], dagar, formler.get(namn, ()))
            rader += nya
            if extra:
                noter.append(f"Bladet {namn}: kolumnen {', '.join(extra)} läses inte.")
    return Fil(tuple(rader), tuple(noter))


def _bladnoter(vagar: Mapping[str, str], kanda: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if "Planen" not in vagar:
        raise Filfel(
            "Filen har inget blad som heter Planen, så det syns inte vilken plan den gäller. Hämta arbetsboken här, "
            "ändra i den och läs in den."
        )
    for namn in kanda:
        if namn not in vagar:
            yield f"Bladet {namn} finns inte i filen. Inget i det ändras."
    for namn in vagar:
        if namn not in kanda and namn != ANVISNING:
            yield f"Bladet {namn[:40]} hör inte till planen och läses inte."


def _xml(innehall: bytes, vag: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(innehall)) as paket:
        return paket.read(vag.lstrip("/"))


def _formler(innehall: bytes, kanda: Mapping[str, Sequence[str]]) -> dict[str, Sequence[Sequence[Any]]]:
    with oppen(innehall, data_only=False) as bok:
        return {en.title: _rutor(en) for en in bok.worksheets if en.title in kanda}


def _rutor(blad: Any) -> list[Sequence[Any]]:
    """The cells. The size that the sheet states is not believed."""
    hogst = HOGST_RADER + _RUBRIKRADER + 1
    rader: list[Sequence[Any]] = list(blad.iter_rows(1, hogst, 1, HOGST_KOLUMNER, values_only=True))
    while rader and all(cell is None for cell in rader[-1]):
        rader.pop()
    if len(rader) > HOGST_RADER:
        raise Filfel(f"Bladet {blad.title[:40]} har fler än {visa_heltal(HOGST_RADER)} rader. {TRASIG}")
    return rader


def _dagkolumner(blad: Blad | None) -> frozenset[str]:
    return frozenset(en.column_name for en in blad.kolumner if isinstance(en.widget, Dag)) if blad else frozenset()


def _las_blad(
    namn: str,
    rutor: Sequence[Sequence[Any]],
    rubriker: Sequence[str],
    dagar: frozenset[str],
    formler: Sequence[Sequence[Any]],
) -> tuple[list[Filrad], list[str]]:
    """The sheet's rows below its head, wherever the columns stand; and headings that are not ours."""
    huvud = next((nr for nr, rad in enumerate(rutor[:_RUBRIKRADER]) if ID in [_text(cell) for cell in rad]), None)
    if huvud is None:
        raise Filfel(f"Bladet {namn} saknar raden med rubriker. De ska stå kvar: {', '.join(rubriker)}.")
    funna = [_text(cell) for cell in rutor[huvud]]
    for rubrik in rubriker:
        if funna.count(rubrik) != 1:
            hur = "saknar kolumnen" if rubrik not in funna else "har två gånger kolumnen"
            raise Filfel(f"Bladet {namn} {hur} {rubrik}. Rubrikerna ska stå kvar: {', '.join(rubriker)}.")
    platser = {rubrik: funna.index(rubrik) for rubrik in rubriker}
    rader = []
    for nr, rad in enumerate(rutor[huvud + 1 :], huvud + 2):
        formel = formler[nr - 1] if nr <= len(formler) else rad
        if any(rad[plats] is not None or formel[plats] is not None for plats in platser.values()):
            rader.append(_filrad(namn, nr, rad, formel, platser, dagar))
    return rader, [rubrik[:40] for rubrik in funna if rubrik and rubrik not in rubriker]


def _filrad(
    namn: str,
    nummer: int,
    rad: Sequence[Any],
    formel: Sequence[Any],
    platser: Mapping[str, int],
    dagar: frozenset[str],
) -> Filrad:
    celler, fel = {}, []
    for rubrik, plats in platser.items():
        varde, ett_fel = rad[plats], ""
        if varde is None and formel[plats] is not None:
            ett_fel = "Cellen har en formel utan uträknat värde. Skriv värdet i stället."
        elif isinstance(varde, str) and varde in _FELVARDEN and formel[plats] != varde:
            ett_fel = f"Formeln ger {varde}. Skriv värdet i stället."
        elif rubrik == BELOPP and isinstance(varde, int | float) and not isinstance(varde, bool):
            varde, ett_fel = talets_text(varde)
        elif rubrik in dagar:
            varde = _dag(varde)
        celler[rubrik] = _text(varde)
        if ett_fel:
            fel.append(f"{rubrik}: {ett_fel}")
    return Filrad(namn, nummer, celler, " ".join(fel))


def _dag(varde: Any) -> Any:
    """A date that Excel shows as a number is that day."""
    if isinstance(varde, int | float) and not isinstance(varde, bool) and _DAGAR[0] <= varde < _DAGAR[1]:
        from openpyxl.utils.datetime import from_excel

        return from_excel(varde)
    return varde


def _text(varde: Any) -> str:
    if varde is None:
        return ""
    if isinstance(varde, bool):
        return "SANT" if varde else "FALSKT"
    if isinstance(varde, datetime) and varde.time() == time():
        varde = varde.date()
    if isinstance(varde, date):
        return varde.isoformat()
    if isinstance(varde, float) and varde.is_integer():
        varde = int(varde)
    return las_ordagrant(str(varde))
