"""An xlsx from outside, before anything reads it: its zip is checked for sizes, macros and DTD.

openpyxl reads shared strings into memory, and an xlsx is XML, where a DTD can pull in other files or blow up.
"""

import io
import lzma
import re
import zipfile
import zlib

from budget.filfel import Filfel

HOGST_UPPACKAT = 20 * 1024 * 1024  # bytes; SCB's whole series 1968 to 2024 for every region is under 2 MB
HOGST_KVOT = 100  # unpacked / packed; SCB's files lie at 4 to 15
HOGST_BIDEL = 1024 * 1024  # bytes; a part that is no sheet and no texts: a 25 MB style part took openpyxl 35 s
DATADELAR = ("xl/worksheets/", "xl/sharedstrings")
HOGST_DELAR = 500

TRASIG = (
    "Filen ska vara en Excelfil men går inte att öppna som en. Öppna den i Excel och spara om den som .xlsx, "
    "eller hämta den på nytt."
)
FARLIG = "Excelfilen har ett innehåll som inte tas emot ({vad}). Hämta filen på nytt och ladda upp den orörd."
OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # how .xls begins, and an .xlsx with a password
ALDRE = (
    "Filen är en äldre Excelfil (.xls) eller har ett lösenord. Öppna den i Excel och spara den som vanlig .xlsx "
    "utan lösenord."
)
FORBJUDNA = re.compile(rb"<!DOCTYPE|<!ENTITY")
ANNAN_XML = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00", b"\x00\x00\x00<", b"\x4c\x6f\xa7\x94")
XMLKODNING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")
TILLATEN_XMLKODNING = frozenset({b"utf-8", b"utf8", b"us-ascii", b"iso-8859-1", b"windows-1252"})
BIT = 1024 * 1024
# What zipfile and what it unpacks with raise for archives that are cut, corrupt, encrypted (RuntimeError) or packed in
# an unknown way (NotImplementedError, which is one).
PAKETFEL = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError, ValueError)


def kontrollera(innehall: bytes, rad: str = "") -> None:
    """Refuse what is not a plain, small xlsx, before any of it is parsed. Raises Filfel (Swedish).

    `rad` is what to do about a file that is too large.
    """
    if innehall.startswith(OLE):
        raise Filfel(ALDRE)
    try:
        with zipfile.ZipFile(io.BytesIO(innehall)) as paket:
            _kontrollera_storlek(paket.infolist(), len(innehall), rad)
            _kontrollera_sort({post.filename.lower() for post in paket.infolist()}, paket)
            for post in paket.infolist():
                _kontrollera_del(paket, post)
    except PAKETFEL as fel:
        raise Filfel(TRASIG) from fel


def _kontrollera_storlek(delar: list[zipfile.ZipInfo], packat: int, rad: str) -> None:
    uppackat = sum(post.file_size for post in delar)
    bidelar = [post.file_size for post in delar if not post.filename.lower().startswith(DATADELAR)]
    for_stor = uppackat > min(HOGST_UPPACKAT, HOGST_KVOT * packat) or max(bidelar, default=0) > HOGST_BIDEL
    if for_stor or len(delar) > HOGST_DELAR:
        raise Filfel(
            f"Excelfilen blir för stor när den packas upp (mer än {HOGST_UPPACKAT // BIT} MB, eller orimligt "
            f"hårt packad). {rad}".strip()
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
