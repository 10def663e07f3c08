"""Builders of small population exports in the shapes that SCB's database (PxWeb) writes, for the parser's tests."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

from budget.alder import las_alder
from budget.scb import Inlasning, las_fil

DATUM = date(2022, 12, 31)
FACIT = {"1214": 14466, "1230": 26778, "1280": 357377}
NAMN = {"1214": "Svalöv", "1230": "Staffanstorp", "1280": "Malmö"}
TITEL = "Folkmängd efter region och år"
type Tabell = Sequence[Sequence[object]]


def som_csv(tabell: Tabell, avgransare: str = ",", citat: bool = True, radslut: str = "\r\n", titel: str = "") -> str:
    """Texts quoted, numbers not, as PxWeb writes; `titel` is written as it is."""

    def cell(varde: object) -> str:
        return f'"{varde}"' if citat and isinstance(varde, str) else str(varde)

    return titel + "".join(avgransare.join(map(cell, rad)) + radslut for rad in tabell)


def som_excel(*blad: Tabell, namn: str = "BE0101N1") -> bytes:
    bok = Workbook()
    for nummer, rader in enumerate(blad):
        ark = bok.create_sheet(f"{namn}{nummer or ''}")
        for rad in rader:
            ark.append(list(rad))
    bok.remove(bok.worksheets[0])
    bok.save(minne := io.BytesIO())
    return minne.getvalue()


def las(
    innehall: str | bytes | dict[str, Any],
    datum: date = DATUM,
    namn: str = "fil",
    koder: Mapping[str, str] | None = None,
    alder: str = "",
) -> Inlasning:
    """Read a text as latin-1, bytes as they are, and a dict as JSON."""
    if isinstance(innehall, dict):
        innehall = json.dumps(innehall, ensure_ascii=False).encode()
    byten = innehall.encode("latin-1") if isinstance(innehall, str) else innehall
    return las_fil(namn, byten, datum, koder, las_alder(alder))


def antal(inlasning: Inlasning) -> dict[str, int]:
    assert inlasning.fel == ()
    return {rad.kod: rad.antal for rad in inlasning.rader}


def filfel(inlasning: Inlasning) -> str:
    """The message of a file that is refused as a whole."""
    assert inlasning.rader == ()
    (fel,) = inlasning.fel
    assert fel.radnummer == 0
    return fel.meddelande


def radfel(inlasning: Inlasning) -> tuple[int, str]:
    (fel,) = inlasning.fel
    return fel.radnummer, fel.meddelande


def bred(
    region: Callable[[str], Sequence[str]] = lambda kod: [f"{kod} {NAMN[kod]}"], tal: Mapping[str, int] = FACIT
) -> Tabell:
    return [[*region(kod), antalet] for kod, antalet in tal.items()]


KLASSISK: Tabell = [["region", "2022"], *bred()]


def med_del(namn: str, innehall: bytes) -> bytes:
    """A sound workbook with one more part in its zip."""
    minne = io.BytesIO(som_excel(KLASSISK))
    with zipfile.ZipFile(minne, "a", zipfile.ZIP_DEFLATED) as paket:
        paket.writestr(namn, innehall)
    return minne.getvalue()


def med_utbytt(namn: str, fran: bytes, till: bytes) -> bytes:
    """A sound workbook where one part's text is changed."""
    with (
        zipfile.ZipFile(io.BytesIO(som_excel(KLASSISK))) as original,
        zipfile.ZipFile(minne := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as paket,
    ):
        for post in original.namelist():
            text = original.read(post)
            assert post != namn or fran in text
            paket.writestr(post, text.replace(fran, till) if post == namn else text)
    return minne.getvalue()


def zipfil(*namn: str) -> bytes:
    """A zip whose parts say nothing."""
    with zipfile.ZipFile(minne := io.BytesIO(), "w") as paket:
        for ett in namn:
            paket.writestr(ett, "<x/>")
    return minne.getvalue()


def trasigt_paket() -> bytes:
    """A workbook with one flipped byte in the middle: the checksum of a part is wrong."""
    innehall = bytearray(som_excel(KLASSISK))
    innehall[len(innehall) // 3] ^= 0xFF
    return bytes(innehall)


def med_losenord() -> bytes:
    """A workbook whose first part says in the zip's directory that it is encrypted."""
    innehall = bytearray(som_excel(KLASSISK))
    innehall[innehall.index(b"PK\x01\x02") + 8] |= 1
    return bytes(innehall)


def langt_blad(rader: int) -> bytes:
    """A workbook whose last row has this number; the rows between do not exist in the file."""
    bok = Workbook()
    bok.worksheets[0].cell(rader, 1, "x")
    bok.save(minne := io.BytesIO())
    return minne.getvalue()


# --- The same population as a cube ------------------------------------------------------------------------------


def som_kub(
    tal: Sequence[object], innehall: Mapping[str, str], ar: Sequence[str] = ("2022",), **dimensioner: Mapping[str, str]
) -> dict[str, Any]:
    """A JSON-stat2 dataset as SCB's API (v2) writes it: region, the given dimensions, contents, year."""
    alla = {
        "Region": ("region", NAMN),
        **{kod: (kod.lower(), varden) for kod, varden in dimensioner.items()},
        "ContentsCode": ("tabellinnehåll", innehall),
        "Tid": ("år", {ett: ett for ett in ar}),
    }
    return {
        "version": "2.0", "class": "dataset", "label": "Folkmängden efter region, tabellinnehåll och år",
        "source": "SCB", "updated": "2026-06-08T06:00:00Z",
        "id": list(alla), "size": [len(varden) for _, varden in alla.values()],
        "dimension": {
            kod: {
                "label": namn, "category": {"index": {en: i for i, en in enumerate(varden)}, "label": dict(varden)},
                "extension": {"elimination": False},
            }
            for kod, (namn, varden) in alla.items()
        },
        "extension": {"px": {"tableid": "TAB638", "matrix": "TAB638", "contents": "Folkmängden"}}, "value": list(tal),
    }  # fmt: skip


def som_px(
    tal: Sequence[object],
    stub: Mapping[str, Mapping[str, str]],
    heading: Mapping[str, Mapping[str, str]],
    *rader: str,
    matris: str = "BE0101N1",
) -> bytes:
    """A px file as PxWeb writes it, latin-1 and CRLF; codes → texts per variable. `rader` are further keywords."""
    delar = [
        'CHARSET="ANSI"', 'AXIS-VERSION="2010"', 'CODEPAGE="iso-8859-1"', 'LANGUAGE="sv"', f'MATRIX="{matris}"',
        'TITLE="Folkmängden efter region,"\r\n" tabellinnehåll och år"', 'CONTENTS="Folkmängden"',
        f"STUB={_citat(stub)}", f"HEADING={_citat(heading)}",
    ]  # fmt: skip
    for namn, varden in {**stub, **heading}.items():
        delar += [f'VALUES("{namn}")={_citat(varden.values())}', f'CODES("{namn}")={_citat(varden)}']
    bredd = 1
    for varden in heading.values():
        bredd *= len(varden)
    rader_ = [" ".join(map(str, tal[i : i + bredd])) for i in range(0, len(tal), bredd)]
    delar += [*rader, "DATA=\r\n" + " \r\n".join(rader_) + " \r\n"]
    return ";\r\n".join(delar).encode("latin-1") + b";"


def _citat(texter: Iterable[str]) -> str:
    return ",\r\n".join(f'"{text}"' for text in texter)
