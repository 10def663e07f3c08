"""CSV in all of SCB's shapes: bytes → text → grid.

Encodings: SCB writes ISO 8859-1; a file saved anew is often UTF-8, with or without BOM. UTF-8 is tried first,
because Swedish text in ISO 8859-1 is hardly ever valid UTF-8; then Windows-1252, which holds ISO 8859-1.
"""

import csv
import io
import re
from collections.abc import Iterator

from budget.belopp import visa_heltal
from budget.filfel import Filfel
from budget.scb.rubrik import INGEN_RUBRIK, SOK_RADER, hitta_rubrik
from budget.scb.rutnat import Rutnat, Rutrad

# Space last: "1214 Svalöv,14466" also falls apart at its spaces.
AVGRANSARE = {"semikolon": ";", "tabb": "\t", "komma": ",", "blanksteg": " "}
HOGST_RADER = 100_000
HOGST_KOLUMNER = 400
STYRTECKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def las_text(innehall: bytes) -> Rutnat:
    """The file's table. Raises Filfel when it is no text or no delimiter gives a heading."""
    text, kodning = avkoda(innehall)
    rader = list(io.StringIO(text, newline=""))
    if len(rader) > HOGST_RADER:
        raise Filfel(f"Filen har fler än {visa_heltal(HOGST_RADER)} rader. Hämta bara region och år från SCB.")
    for namn, tecken in AVGRANSARE.items():
        if hitta_rubrik(_borjan(rader, tecken)) is None:
            continue
        try:
            delade = tuple(_dela(rader, tecken, strikt=True))
        except csv.Error as fel:
            raise Filfel(
                "Filens citattecken går inte ihop, så det går inte att se var en cell slutar. "
                "Hämta filen på nytt från SCB, helst som Excel (xlsx)."
            ) from fel
        oavslutad = delade[-1].nummer if delade and not rader[-1].endswith(("\n", "\r")) else 0
        return Rutnat(delade, f"csv ({namn})", kodning, oavslutad=oavslutad)
    raise Filfel(INGEN_RUBRIK)


def avkoda(innehall: bytes) -> tuple[str, str]:
    """Text and the encoding it was read with. Raises Filfel for UTF-16 and for what is no text."""
    if innehall.startswith(UTF16) or b"\x00" in innehall[:200]:
        raise Filfel(
            "Filen är sparad som UTF-16 (”Unicode-text”) eller är ingen textfil. "
            "Spara den som ”CSV UTF-8”, eller hämta den på nytt från SCB."
        )
    for kodning in ("utf-8-sig", "cp1252"):
        try:
            text = innehall.decode(kodning)
        except UnicodeDecodeError:
            continue
        if not STYRTECKEN.search(text):
            med_bom = innehall.startswith(b"\xef\xbb\xbf")
            return text, "utf-8" if kodning == "utf-8-sig" and not med_bom else kodning
    raise Filfel(
        "Filen är ingen läsbar textfil: teckenkodningen är varken UTF-8 eller ISO 8859-1 (latin-1). "
        "Hämta den på nytt från SCB, eller spara den som ”CSV UTF-8”."
    )


def _borjan(rader: list[str], avgransare: str) -> tuple[Rutrad, ...]:
    """The first rows, to see whether the delimiter gives a heading. The wrong one may cut quotes: read them loosely."""
    try:
        return tuple(_dela(rader[: SOK_RADER + 5], avgransare, strikt=False))
    except csv.Error:  # a cell of more than 128 kB: not this delimiter
        return ()


def _dela(rader: list[str], avgransare: str, strikt: bool) -> Iterator[Rutrad]:
    """Split the lines into cells. A quoted cell may span several lines; the row has its first line's number."""
    lasare = csv.reader(rader, delimiter=avgransare, strict=strikt)
    forsta = 0
    for celler in lasare:
        text = "".join(rader[forsta : lasare.line_num]).rstrip("\r\n")
        if strikt and len(celler) > HOGST_KOLUMNER:
            raise Filfel(f"Rad {forsta + 1} har fler än {HOGST_KOLUMNER} kolumner. Hämta bara region och år från SCB.")
        yield Rutrad(forsta + 1, tuple(celler[:HOGST_KOLUMNER]), text[:200])
        forsta = lasare.line_num
