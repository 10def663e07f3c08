"""The package of an xlsx, before anything reads it: whatever is wrong with it, it is refused in words."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile

import pytest

from budget.filfel import Filfel
from budget.xlsxpaket import kontrollera

DELEN = "xl/workbook.xml"


def paket(packning: int) -> bytes:
    fil = io.BytesIO()
    with zipfile.ZipFile(fil, "w", packning) as zip_:
        zip_.writestr("[Content_Types].xml", "<Types/>" * 50)
        zip_.writestr(DELEN, "".join(f"<rad nr='{nr}'/>" for nr in range(200)))
    return fil.getvalue()


@pytest.mark.parametrize("packning", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_part_that_is_damaged_is_refused_however_it_is_packed(packning: int) -> None:
    hel = paket(packning)
    kontrollera(hel)
    borjan = hel.index(DELEN.encode()) + len(DELEN)
    vagrade: list[str] = []
    for plats in range(borjan + 10, borjan + 60):
        skadad = bytearray(hel)
        skadad[plats] ^= 0xFF
        try:
            kontrollera(bytes(skadad))  # a byte that means nothing leaves the content as its checksum says
        except Filfel as fel:
            vagrade.append(str(fel))
    assert len(vagrade) > 40
    assert all("Excelfil" in text for text in vagrade)


@pytest.mark.parametrize("modul", ["budget.xlsxpaket", "budget.arbetsbok", "budget.scb"])
def test_the_module_can_be_the_first_that_is_imported(modul: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {modul}"], check=True, capture_output=True)
