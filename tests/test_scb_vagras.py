"""SCB's population exports: a file that cannot be trusted is refused as a whole, and the message says what to do."""

from collections.abc import Callable, Sequence
from datetime import date
from random import Random

import pytest

from tests.scb_filer import (
    KLASSISK,
    TITEL,
    bred,
    filfel,
    langt_blad,
    las,
    med_del,
    med_losenord,
    med_utbytt,
    som_csv,
    som_excel,
    trasigt_paket,
    zipfil,
)  # fmt: skip

type Fil = Callable[[], str | bytes]
DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
BRUS = Random(1).randbytes(2**20 + 100)


def tabell(*rader: Sequence[object]) -> Fil:
    return lambda: som_csv(rader)


def excel(*rader: Sequence[object], namn: str = "BE0101N1") -> Fil:
    return lambda: som_excel(rader, namn=namn)


# What the bytes are: name of the case -> file name, content, words that the message must hold.
BYTEN: dict[str, tuple[str, Fil, str]] = {
    "tom": ("a.csv", lambda: " \r\n", "tom"),
    "40 MB": ("a.csv", lambda: b"x" * 40 * 2**20, "för stor (högst 5 MB"),
    "för många rader": ("a.csv", lambda: "region,2022\n" + "\n" * 100_000, "fler än 100\u00a0000 rader"),
    "för många kolumner": ("a.csv", lambda: "region,2022\n1214,1" + "," * 400, "Rad 2 har fler än 400 kolumner"),
    "utf-16": ("a.csv", lambda: som_csv(KLASSISK).encode("utf-16"), "UTF-16"),
    "utf-16 utan BOM": ("a.csv", lambda: som_csv(KLASSISK).encode("utf-16-le"), "UTF-16"),
    "binärt": ("a.csv", lambda: bytes(range(1, 256)) * 20, "ingen läsbar textfil"),
    "png": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(14, 250)), "ingen läsbar textfil"),
    "citattecken": ("a.csv", lambda: 'region,2022\r\n1214,1\r\n"1280,2\r\n', "citattecken"),
    "html": ("a.xls", lambda: "<html><table>", "webbsida"),
    "xls": ("a.xls", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "gamla Excelformatet"),
    "xlsx utan PK": ("a.xlsx", lambda: som_csv(KLASSISK), "går inte att öppna"),
    "avklippt xlsx": ("a.xlsx", lambda: som_excel(KLASSISK)[:3000], "går inte att öppna"),
    "trasigt paket": ("a.xlsx", trasigt_paket, "går inte att öppna"),
    "tomt paket": ("a.xlsx", lambda: zipfil("[Content_Types].xml", "xl/workbook.xml"), "går inte att öppna"),
    "zip": ("a.zip", lambda: zipfil("TAB5557_sv.csv"), "zip-arkiv"),
    "docx": ("a.docx", lambda: zipfil("[Content_Types].xml", "word/document.xml"), "ingen Excelfil"),
    "ods": ("a.ods", lambda: zipfil("mimetype", "content.xml"), "annat format"),
    "xlsm": ("a.xlsm", lambda: som_excel(KLASSISK), "makron"),
    "lösenord": ("a.xlsx", med_losenord, "lösenord"),
    "makro inuti": ("a.xlsx", lambda: med_del("xl/vbaProject.bin", b"x"), "makron"),
    "makro i innehållstypen": (
        "a.xlsx",
        lambda: med_utbytt("[Content_Types].xml", b"sheet.main", b"sheet.macroEnabled.main"),
        "makron",
    ),
    "dtd": ("a.xlsx", lambda: med_del("xl/extra.xml", DTD), "DTD"),
    "dtd över en gräns": ("a.xlsx", lambda: med_del("xl/worksheets/x", BRUS[: 2**20 - 26] + DTD), "DTD"),
    "dtd i utf-16": ("a.xlsx", lambda: med_del("xl/x.xml", DTD.decode().encode("utf-16")), "teckenkodning"),
    "dtd i utf-7": ("a.xlsx", lambda: med_del("xl/x.xml", b"<?xml encoding='utf-7'?>+ADwAIQ-"), "teckenkodning"),
    "zipbomb": ("a.xlsx", lambda: med_del("xl/worksheets/x.xml", bytes(21 * 2**20)), "packas upp"),
    "hårt packad": ("a.xlsx", lambda: med_del("xl/worksheets/x.xml", bytes(4 * 2**20)), "packas upp"),
    "stor bidel": ("a.xlsx", lambda: med_del("xl/bild.png", BRUS), "packas upp"),
    "långt blad": ("a.xlsx", lambda: langt_blad(50_001), "fler än 50\u00a0000 rader"),
    "många blad": ("a.xlsx", lambda: som_excel(*[[["x"]]] * 21), "för många blad"),
    "två blad": ("a.xlsx", lambda: som_excel(KLASSISK, KLASSISK), "flera blad"),
}

# What the table says: name of the case -> content, words that the message must hold.
TABELLER: dict[str, tuple[Fil, str]] = {
    "prosa": (lambda: "Hej,\r\nhär kommer folkmängden för region 2022.\r\n", "ingen rubrikrad"),
    "kodlista": (excel(["Län och kommuner"], ["Kod", "Namn"], ["1214", "Svalöv"]), "ingen rubrikrad"),
    "ingen region": (tabell(["ålder", "2022"], ["totalt", 10521556]), "ingen rubrikrad"),
    "bara län": (tabell(["region", "2022"], ["12 Skåne län", 1414324]), "inga kommuner"),
    "bara män som kolumn": (tabell(["region", "män 2022"], ["1214", 1]), "alla delar är inte med"),
    "en del för mycket": (
        tabell(["region", "kön", "2022"], ["1214", "män", 1], ["1214", "kvinnor", 1], ["1214", "okänt", 1]),
        "alla delar är inte med",
    ),
    "fel år": (
        tabell(["region", "2018", "2019", "2024"], ["1214", 1, 2, 3]), "Den har åren 2018–2019, 2024. Välj ett av dem",
    ),
    "fel datum": (
        tabell(["kod", "datum", "antal"], *(["1214", f"{ett}-12-31", 1] for ett in range(2001, 2012))),
        "2007-12-31, 2008-12-31 med flera. Välj en av dem",
    ),
    "månader som rader": (tabell(["region", "tid", "Folkmängd"], ["1214", "2022M12", 1]), "månadssiffror"),
    "annat enda år": (tabell(["region", "2019"], ["1214", 1]), "Den har bara 2019."),
    "fel år, lång": (tabell(["region", "år", "Folkmängd"], ["1214", "2021", 1]), "Den har bara 2021."),
    "inga årtal": (tabell(["region", "år", "Folkmängd"], ["1214", "tjugo", 1]), "inga årtal alls"),
    "kön utan total bredvid innehåll": (
        tabell(["region", "tabellinnehåll", "år", "kön", "Tal"], ["1214", "Folkmängd", "2022", "män", 1]),
        "har ingen total",
    ),
    "inget år": (tabell(["region", "Folkmängd"], ["1214", 1]), "inte vilket år"),
    "månad": (tabell(["region", "Folkmängd 2022M12"], ["1214", 1]), "månadssiffror"),
    "folkökning": (tabell(["region", "Folkökning 2022"], ["1214", 1]), "inga kolumner med hela folkmängden"),
    "folkökning, lång": (
        tabell(["region", "tabellinnehåll", "år", "Tal"], ["1214", "Folkökning", "2022", 1]),
        "Filen har Folkökning men inte Folkmängd",
    ),
    "annat tal": (tabell(["region", "år", "Förvärvsarbetande"], ["1214", "2022", 1]), "heter ”Förvärvsarbetande”"),
    "annan titel": (excel(["Medelfolkmängd efter region"], [None, "2022"], *bred()), "inte ut att gälla folkmängd"),
    "annan tabell": (excel([None, "2022"], *bred(), namn="BE0101N2"), "inte ut att gälla folkmängd"),
    "november": (excel(["Folkmängd 1 november"], [None, "2022"], *bred()), "1 november"),
    "annan referenstid": (excel([None, "2022"], *bred(), [], ["Referenstid:"], ["31 mars"]), "”31 mars”"),
    "två folkmängder": (tabell(["region", "Folkmängd 2022", "2022"], ["1214", 1, 2]), "flera kolumner"),
    "bara män": (tabell(["region", "kön", "2022"], ["1214", "män", 1]), "ingen total"),
}  # fmt: skip


@pytest.mark.parametrize("fall", BYTEN)
def test_bytes_som_inte_ar_en_tabell_vagras_med_en_hel_mening(fall: str) -> None:
    namn, innehall, ord_ = BYTEN[fall]
    inlasning = las(innehall(), namn=namn)
    text = filfel(inlasning)
    assert ord_ in text
    assert text.endswith(".")
    assert inlasning.fel[0].ursprung == namn


@pytest.mark.parametrize("fall", TABELLER)
def test_en_tabell_som_inte_svarar_pa_fragan_vagras_med_en_hel_mening(fall: str) -> None:
    innehall, ord_ = TABELLER[fall]
    text = filfel(las(innehall()))
    assert ord_ in text
    assert text.endswith(".")


def test_ett_annat_datum_an_31_december_vagras() -> None:
    assert "Ange 2021-12-31 eller 2022-12-31." in filfel(las(som_csv(KLASSISK), date(2022, 11, 1)))


def test_en_fil_som_inte_sager_vad_talen_ar_far_en_anmarkning() -> None:
    assert las(som_csv(KLASSISK)).anmarkningar == ("Filen säger inte vad talen är; de lästes som folkmängd.",)
    assert las(som_csv(KLASSISK, titel=f'"{TITEL}"\r\n\r\n')).anmarkningar == ()
