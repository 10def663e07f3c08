"""Outturn as a workbook: out with every row's name and version, and back with what it would change, row by row.

What comes back comes from outside: it is checked before it is opened (`budget.arbetsbok`), and each cell is read by the
rules of an input (`budget.celler`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from budget.arbetsbok import oppen, talets_text
from budget.belopp import Cellvarde, till_ore, visa_cell
from budget.celler import BASPREFIX, Cellplats, Inskickad, las_inskickade, las_plats
from budget.filfel import Filfel
from budget.kalkylblad import Cell, i_kronor, lagg_blad, som_fil, tom_bok
from budget.models import Finansiering
from budget.redigering import bas_for, som_text
from budget.utfall import Utfallslage
from budget.xlsxpaket import kontrollera

RUBRIKER: Final = ("Cell", "Version", "Insatsområde", "Finansiering", "Budget, kr", "Utfall, kr")
_NAMN, _VERSION, _UTFALL = 0, 1, 5
HOGST_RADER = 5_000
HARIFRAN = "Filen går inte att läsa. Hämta arbetsboken här, fyll i kolumnen Utfall och spara den som .xlsx."

Foljd = Literal["ny", "andrad", "tomd", "oforandrad", "vagrad"]


# --- Out ---------------------------------------------------------------------------------------------------------


def som_arbetsbok(nu: Utfallslage) -> bytes:
    """The year as xlsx: numbers as numbers, okänt and ej aktuellt as words. The last column is the one to fill in."""
    bok = tom_bok()
    rader = [
        (
            plats.namn,
            str(bas_for(nu.lage.poster.get(plats))),
            rad.namn,
            str(Finansiering(plats.finansiering).label),
            _ut(nu.budgeterat(plats)),
            _ut(nu.utfall(plats)),
        )
        for rad in nu.lage.rader
        for plats in (rad.plats((nu.budgetar, form)) for form in nu.finansieringar)
    ]
    blad = lagg_blad(bok, f"Utfall {nu.budgetar}", RUBRIKER, rader, (16, 24, 44, 20, 18, 18), kronor=(5, 6))
    blad.freeze_panes = "D2"
    lagg_blad(bok, "Så här gör du", ("Så här gör du",), [(text,) for text in _anvisning(nu)], (100,))
    return som_fil(bok)


def _ut(cell: Cellvarde | None) -> Cell:
    if cell is None:
        return None
    return visa_cell(cell) if cell.belopp is None else i_kronor(till_ore(cell.belopp))


def _anvisning(nu: Utfallslage) -> Iterator[str]:
    yield f"{nu.lage.plan}: utfall {nu.budgetar}, kronor exklusive moms."
    yield "Skriv i kolumnen Utfall: ett belopp, 0, okänt eller ej aktuellt. En tom cell är inte ifylld."
    yield "Ändra inte kolumnerna Cell och Version: de visar vilken cell raden gäller och vad som stod där."
    yield "Rader kan tas bort ur filen; de ändras då inte. Läs in filen på sidan Utfall. Du ser vad som ändras först."


# --- Back --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filrad:
    """A row of the file: its number there, and the three texts that count."""

    nummer: int
    namn: str
    version: str
    text: str
    fel: str = ""


@dataclass(frozen=True, slots=True)
class Bladrad:
    """What one row of the file does: the cell's name in words, before and after in words, or why it is refused."""

    nummer: int
    etikett: str
    fore: str
    efter: str
    foljd: Foljd
    skal: str = ""


@dataclass(frozen=True, slots=True)
class Utfallsimport:
    """What a file would do. It can be done only where no row is refused and some row changes something."""

    rader: tuple[Bladrad, ...]
    andringar: tuple[Inskickad, ...]

    def med(self, *foljder: Foljd) -> list[Bladrad]:
        return [rad for rad in self.rader if rad.foljd in foljder]

    @property
    def vagrade(self) -> list[Bladrad]:
        return self.med("vagrad")

    @property
    def att_spara(self) -> list[Bladrad]:
        return self.med("ny", "andrad", "tomd")

    @property
    def kan_genomforas(self) -> bool:
        return not self.vagrade and bool(self.andringar)

    @property
    def packad(self) -> list[list[str]]:
        """The changes as plain texts, to be signed and sent back by the form that saves them."""
        return [[en.plats.namn, en.text, str(en.bas)] for en in self.andringar]


def packa_upp(packat: Sequence[Sequence[str]]) -> list[Inskickad]:
    """The inverse of `Utfallsimport.packad`."""
    return list(_inskickade((namn, text, bas) for namn, text, bas in packat).values())


def _inskickade(rader: Iterator[tuple[str, str, str]]) -> dict[Cellplats, Inskickad]:
    data: dict[str, str] = {}
    for namn, text, bas in rader:
        data |= {namn: text, f"{BASPREFIX}{namn}": bas}
    return las_inskickade(data)


def las_blad(innehall: bytes) -> list[Filrad]:
    """The rows of the first sheet with our head. Raises Filfel (Swedish) for what is no sound workbook of ours."""
    kontrollera(innehall)
    try:
        varden, formler = _las(innehall, data_only=True), _las(innehall, data_only=False)
    # A malformed workbook can fail anywhere in openpyxl, with any exception; the user gets the same answer.
    except Exception as fel:
        raise Filfel(HARIFRAN) from fel
    huvud = next((nr for nr, rad in enumerate(varden) if [_text(cell) for cell in rad] == list(RUBRIKER)), None)
    if huvud is None:
        raise Filfel(f"{HARIFRAN} Kolumnernas rubriker ska stå kvar: {', '.join(RUBRIKER)}.")
    if len(varden) > HOGST_RADER:
        raise Filfel(f"Filen har fler än {HOGST_RADER} rader. {HARIFRAN}")
    par = list(enumerate(zip(varden, formler, strict=True), 1))[huvud + 1 :]
    return [_filrad(nr, rad, formel) for nr, (rad, formel) in par if any(cell is not None for cell in rad)]


def _las(innehall: bytes, *, data_only: bool) -> list[tuple[Any, ...]]:
    with oppen(innehall, data_only=data_only) as bok:
        rader = list(bok.worksheets[0].iter_rows(1, HOGST_RADER + 1, 1, len(RUBRIKER), values_only=True))
    while rader and all(cell is None for cell in rader[-1]):
        rader.pop()
    return rader


def _filrad(nummer: int, rad: Sequence[Any], formel: Sequence[Any]) -> Filrad:
    varde, fel = rad[_UTFALL], ""
    if varde is None and formel[_UTFALL] is not None:
        fel = "Cellen har en formel utan uträknat värde. Skriv beloppet som ett tal."
    elif isinstance(varde, int | float) and not isinstance(varde, bool):
        varde, fel = talets_text(varde)
    return Filrad(nummer, _text(rad[_NAMN]), _text(rad[_VERSION]), _text(varde), fel)


def _text(varde: object) -> str:
    return "" if varde is None else str(varde).strip()


def planera(nu: Utfallslage, filrader: Sequence[Filrad]) -> Utfallsimport:
    """What the file would change in the year as it is saved now. Nothing is saved."""
    inskickade = _inskickade((rad.namn, rad.text, rad.version) for rad in filrader if las_plats(rad.namn))
    forsta: dict[str, int] = {}
    rader, andringar = [], []
    for rad in filrader:
        plats = las_plats(rad.namn)
        en = inskickade.get(plats) if plats else None
        skal = _hinder(nu, rad, en, forsta)
        forsta.setdefault(rad.namn, rad.nummer)
        if en is None or skal:
            etikett = nu.lage.etikett(plats) if plats else rad.namn[:60] or "(tom)"
            fore = som_text(nu.utfall(plats)) if plats else ""
            rader.append(Bladrad(rad.nummer, etikett, fore, rad.text[:60], "vagrad", skal))
            continue
        foljd = _foljd(nu, en)
        if foljd != "oforandrad":
            andringar.append(en)
        rader.append(
            Bladrad(rad.nummer, nu.lage.etikett(en.plats), visa_cell(nu.utfall(en.plats)), visa_cell(en.varde), foljd)
        )
    return Utfallsimport(tuple(rader), tuple(andringar))


def _foljd(nu: Utfallslage, en: Inskickad) -> Foljd:
    fore = nu.utfall(en.plats)
    if not en.ar_andrad or en.varde == fore:
        return "oforandrad"
    return "ny" if fore is None else "tomd" if en.varde is None else "andrad"


def _hinder(nu: Utfallslage, rad: Filrad, en: Inskickad | None, forsta: Mapping[str, int]) -> str:
    """Why a row of the file is refused, in Swedish; empty where it is not."""
    if en is None:
        return "Kolumnen Cell säger inte vilken cell raden gäller."
    if rad.namn in forsta:
        return f"Cellen står redan på rad {forsta[rad.namn]}."
    if not nu.far_skrivas(en.plats):
        return f"Cellen hör inte till planens utfall för {nu.budgetar}."
    if rad.fel or en.fel:
        return rad.fel or en.fel
    fore = nu.utfall(en.plats)
    if en.ar_andrad and fore not in (en.bas.varde, en.varde):
        return f"Någon har ändrat cellen sedan filen hämtades. Nu står där: {visa_cell(fore)}. Hämta filen på nytt."
    return ""
