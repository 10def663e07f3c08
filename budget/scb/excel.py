"""Excel files (xlsx) as SCB writes them, or as somebody has saved them again in Excel.

The file comes from outside: its package is checked before openpyxl sees it (`budget.xlsxpaket`).
"""

from typing import TYPE_CHECKING

from budget.arbetsbok import oppen
from budget.belopp import visa_heltal
from budget.filfel import Filfel
from budget.scb.rubrik import INGEN_RUBRIK, hitta_rubrik
from budget.scb.rutnat import Cell, Rutnat, Rutrad, som_text
from budget.xlsxpaket import TRASIG, kontrollera

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HOGST_RADER = 50_000  # 312 regions in 57 years, or by one-year age groups for both sexes in one
HOGST_KOLUMNER = 200
HOGST_BLAD = 20


def las_excel(innehall: bytes) -> Rutnat:
    """The file's only table. Raises Filfel when it is no sound xlsx, or has no table or several."""
    kontrollera(innehall, rad="Hämta en tabell med bara region och år från SCB.")
    traffar = [natet for natet in _las_blad(innehall) if hitta_rubrik(natet.rader) is not None]
    if not traffar:
        raise Filfel(INGEN_RUBRIK)
    if len(traffar) > 1:
        namn = ", ".join(f"”{natet.bladnamn}”" for natet in traffar)
        raise Filfel(f"Excelfilen har flera blad med tabeller ({namn}). Spara bladet som ska läsas som en egen fil.")
    return traffar[0]


def _las_blad(innehall: bytes) -> list[Rutnat]:
    """Every visible sheet as a grid."""
    try:
        with oppen(innehall, data_only=True) as bok:
            return [_som_rutnat(ett) for ett in _synliga(bok)]
    except Filfel:
        raise
    # A malformed workbook can fail anywhere in openpyxl, with any exception; the user gets the same answer.
    except Exception as fel:
        raise Filfel(TRASIG) from fel


def _synliga(bok: "Workbook") -> "list[Worksheet]":
    blad: list[Worksheet] = [ett for ett in bok.worksheets if ett.sheet_state == "visible"]
    if len(blad) > HOGST_BLAD:
        raise Filfel("Excelfilen har för många blad. Spara bladet med tabellen som en egen fil.")
    return blad


def _som_rutnat(blad: "Worksheet") -> Rutnat:
    """Cells as numbers and texts (a formula as its stored value), without the empty ones to the right.

    The size that the sheet states is not believed: were it too small, openpyxl would drop rows in silence.
    """
    rader = []
    alla = blad.iter_rows(1, HOGST_RADER + 1, 1, HOGST_KOLUMNER, values_only=True)
    for nummer, celler in enumerate(alla, 1):
        if nummer > HOGST_RADER:
            raise Filfel(f"Excelfilen har fler än {visa_heltal(HOGST_RADER)} rader. Hämta bara region och år från SCB.")
        varden = [_cell(cell) for cell in celler]
        while varden and varden[-1] is None:
            varden.pop()
        text = " | ".join(som_text(cell) for cell in varden)
        rader.append(Rutrad(nummer, tuple(varden), text[:200]))
    return Rutnat(tuple(rader), "xlsx", bladnamn=blad.title)


def _cell(varde: object) -> Cell:
    """Text or number as it is; a date and the like as a text, which will be refused where a number is due."""
    return varde if varde is None or isinstance(varde, str | int | float) else str(varde)
