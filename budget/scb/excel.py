"""Excel files (xlsx) as SCB writes them, or as somebody has saved them again in Excel.

The file comes from outside: the zip is checked before openpyxl sees it (sizes, macros, DTD), because openpyxl
reads shared strings into memory and because an xlsx is XML, where a DTD can pull in other files or blow up.
"""

import io
import re
import warnings
import zipfile
import zlib
from typing import TYPE_CHECKING

from budget.belopp import visa_heltal
from budget.scb.rubrik import INGEN_RUBRIK, hitta_rubrik
from budget.scb.rutnat import Cell, Filfel, Rutnat, Rutrad, som_text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HOGST_UPPACKAT = 20 * 1024 * 1024  # bytes; SCB's whole series 1968 to 2024 for every region is under 2 MB
HOGST_KVOT = 100  # unpacked / packed; SCB's files lie at 4 to 15
HOGST_BIDEL = 1024 * 1024  # bytes; a part that is no sheet and no texts: a 25 MB style part took openpyxl 35 s
DATADELAR = ("xl/worksheets/", "xl/sharedstrings")
HOGST_DELAR = 500
HOGST_RADER = 50_000  # 312 regions in 57 years, or by one-year age groups for both sexes in one
HOGST_KOLUMNER = 200
HOGST_BLAD = 20

TRASIG = (
    "Filen ska vara en Excelfil men går inte att öppna som en. Öppna den i Excel och spara om den som .xlsx, "
    "eller hämta den på nytt från SCB."
)
FARLIG = "Excelfilen har ett innehåll som inte tas emot ({vad}). Hämta filen på nytt från SCB och ladda upp den orörd."
FORBJUDNA = re.compile(rb"<!DOCTYPE|<!ENTITY")
ANNAN_XML = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00", b"\x00\x00\x00<", b"\x4c\x6f\xa7\x94")
XMLKODNING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")
TILLATEN_XMLKODNING = frozenset({b"utf-8", b"utf8", b"us-ascii", b"iso-8859-1", b"windows-1252"})
BIT = 1024 * 1024
# What zipfile and zlib raise for archives that are cut, corrupt, encrypted or packed in an unknown way.
PAKETFEL = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


def las_excel(innehall: bytes) -> Rutnat:
    """The file's only table. Raises Filfel when it is no sound xlsx, or has no table or several."""
    kontrollera_paket(innehall)
    traffar = [natet for natet in _las_blad(innehall) if hitta_rubrik(natet.rader) is not None]
    if not traffar:
        raise Filfel(INGEN_RUBRIK)
    if len(traffar) > 1:
        namn = ", ".join(f"”{natet.bladnamn}”" for natet in traffar)
        raise Filfel(f"Excelfilen har flera blad med tabeller ({namn}). Spara bladet som ska läsas som en egen fil.")
    return traffar[0]


def kontrollera_paket(innehall: bytes) -> None:
    """Refuse what is not a plain, small xlsx, before any of it is parsed. Raises Filfel."""
    try:
        with zipfile.ZipFile(io.BytesIO(innehall)) as paket:
            _kontrollera_storlek(paket.infolist(), len(innehall))
            _kontrollera_sort({post.filename.lower() for post in paket.infolist()}, paket)
            for post in paket.infolist():
                _kontrollera_del(paket, post)
    except PAKETFEL as fel:
        raise Filfel(TRASIG) from fel


def _kontrollera_storlek(delar: list[zipfile.ZipInfo], packat: int) -> None:
    uppackat = sum(post.file_size for post in delar)
    bidelar = [post.file_size for post in delar if not post.filename.lower().startswith(DATADELAR)]
    for_stor = uppackat > min(HOGST_UPPACKAT, HOGST_KVOT * packat) or max(bidelar, default=0) > HOGST_BIDEL
    if for_stor or len(delar) > HOGST_DELAR:
        raise Filfel(
            f"Excelfilen blir för stor när den packas upp (mer än {HOGST_UPPACKAT // BIT} MB, eller orimligt "
            "hårt packad). Hämta en tabell med bara region och år från SCB."
        )
    if any(post.flag_bits & 1 for post in delar):
        raise Filfel("Excelfilen är lösenordsskyddad. Spara den utan lösenord och försök igen.")


def _kontrollera_sort(namn: set[str], paket: zipfile.ZipFile) -> None:
    if "xl/workbook.bin" in namn or "mimetype" in namn:
        raise Filfel("Filen är ett kalkylark i ett annat format än .xlsx. Öppna den och spara den som .xlsx.")
    if "[content_types].xml" not in namn or not any(post.startswith("xl/") for post in namn):
        raise Filfel("Filen är ett zip-arkiv men ingen Excelfil. Packa upp det och ladda upp tabellen som ligger i.")
    typer = next(post for post in paket.namelist() if post.lower() == "[content_types].xml")
    if any("vbaproject" in post for post in namn) or b"macroenabled" in paket.read(typer).lower():
        raise Filfel("Excelfilen har makron (.xlsm). Spara den som vanlig .xlsx utan makron och försök igen.")


def _kontrollera_del(paket: zipfile.ZipFile, post: zipfile.ZipInfo) -> None:
    """No DTD or entity in any part. Every part is looked at: a relation may call any of them XML."""
    svans = b""
    with paket.open(post) as del_:
        while bit := del_.read(BIT):
            if not svans:
                kodning = XMLKODNING.search(bit[:200])
                if bit.startswith(ANNAN_XML) or (kodning and kodning[1].lower() not in TILLATEN_XMLKODNING):
                    raise Filfel(FARLIG.format(vad="XML i en ovanlig teckenkodning"))
            if FORBJUDNA.search(svans + bit):
                raise Filfel(FARLIG.format(vad="en DTD eller entitet i filens XML"))
            svans = bit[-16:]


def _las_blad(innehall: bytes) -> list[Rutnat]:
    """Every visible sheet as a grid."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles, headers and extensions that it leaves out; none of them is data.
            warnings.filterwarnings("ignore", module="openpyxl")
            bok = load_workbook(io.BytesIO(innehall), read_only=True, data_only=True, keep_links=False)
            try:
                blad = [blad for blad in bok.worksheets if blad.sheet_state == "visible"]
                if len(blad) > HOGST_BLAD:
                    raise Filfel("Excelfilen har för många blad. Spara bladet med tabellen som en egen fil.")
                return [_som_rutnat(ett) for ett in blad]
            finally:
                bok.close()
    except Filfel:
        raise
    # A malformed workbook can fail anywhere in openpyxl, with any exception; the user gets the same answer.
    except Exception as fel:
        raise Filfel(TRASIG) from fel


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
