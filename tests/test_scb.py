"""SCB's population exports: every shape of CSV and Excel is read, every doubtful row is named with its reason."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from budget.scb import las_scb_koder, standardkoder
from budget.scb.rubrik import tolka_talrubrik
from budget.scb.rutnat import Cellfel, som_text, tolka_antal
from tests.scb_filer import FACIT, KLASSISK, NAMN, TITEL, Tabell, antal, bred, las, radfel, som_csv, som_excel

REGIONER: dict[str, tuple[list[str], Callable[[str], list[str]]]] = {
    "kod och namn i en cell": (["region"], lambda kod: [f"{kod} {NAMN[kod]}"]),
    "bara kod": (["Region"], lambda kod: [kod]),
    "kod, streck, namn": (["Region - region"], lambda kod: [f"{kod} - {NAMN[kod]}"]),
    "bara namn": (["region"], lambda kod: [NAMN[kod]]),
    "kod och namn i var sin kolumn": (["kod", "region"], lambda kod: [kod, NAMN[kod]]),
    "samma ord över kod och namn": (["Region", "region"], lambda kod: [kod, NAMN[kod]]),
}
TALRUBRIKER = [
    "2022", "Folkmängd 2022", "BE0101N1 2022", "000007ME 2022", "BE0101N1 - Folkmängd 2022 - 2022", "Population 2022",
    "2022 Folkmängd", "totalt ålder 2022",
]  # fmt: skip


# Every shape of CSV ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "titel", ["", f'"{TITEL}"\r\n\r\n', f"{TITEL}\r\n", "sep=,\r\n"], ids=["utan", "rubrik", "v2", "sep"]
)
@pytest.mark.parametrize("radslut", ["\r\n", "\n"], ids=["crlf", "lf"])
@pytest.mark.parametrize("avgransare", [",", ";", "\t", " "], ids=["komma", "semikolon", "tabb", "blanksteg"])
@pytest.mark.parametrize("kodning", ["latin-1", "utf-8", "utf-8-sig"])
def test_csv_las_oavsett_kodning_avgransare_och_titelrad(
    kodning: str, avgransare: str, radslut: str, titel: str
) -> None:
    text = som_csv(KLASSISK, avgransare, radslut=radslut, titel=titel)
    inlasning = las(text.encode(kodning))
    assert antal(inlasning) == FACIT
    assert inlasning.kodning == {"latin-1": "cp1252"}.get(kodning, kodning)
    assert inlasning.rader[0].radnummer == text[: text.index("1214")].count("\n") + 1


@pytest.mark.parametrize("citat", [True, False], ids=["citerad", "ociterad"])
@pytest.mark.parametrize("talrubrik", TALRUBRIKER)
@pytest.mark.parametrize("form", REGIONER)
def test_bred_csv_las_oavsett_hur_region_och_ar_skrivs(form: str, talrubrik: str, citat: bool) -> None:
    rubrik, region = REGIONER[form]
    assert antal(las(som_csv([[*rubrik, talrubrik], *bred(region)], citat=citat))) == FACIT


def test_namnet_ar_scbs_och_radnumret_filens() -> None:
    rad = las(som_csv([["region", "2022"], ["1280", 357377]])).rader[0]
    assert (rad.radnummer, rad.kod, rad.namn, rad.antal, rad.alder) == (2, "1280", "Malmö", 357377, "")


@pytest.mark.parametrize(
    "rubrik",
    [["region", "år", "Folkmängd"], ["Region", "Tid", "BE0101N1"], ["Region - region", "Tid - år", "Folkmängden"]],
)
def test_lang_csv_ger_det_efterfragade_aret(rubrik: list[str]) -> None:
    rader = [[kod, str(avser_ar), tal + avser_ar - 2022] for kod, tal in FACIT.items() for avser_ar in (2021, 2022)]
    inlasning = las(som_csv([rubrik, *rader]))
    assert antal(inlasning) == FACIT
    assert inlasning.anmarkningar == ("Filen har åren 2021–2022; bara 2022 lästes.",)


def test_lang_csv_med_tabellinnehall_ger_bara_folkmangd() -> None:
    rader = [["1280", innehall, "2022", tal] for innehall, tal in (("Folkökning", 5), ("Folkmängd", 357377))]
    assert antal(las(som_csv([["region", "tabellinnehåll", "år", "Folkmängd"], *rader]))) == {"1280": 357377}


def test_bred_csv_med_tva_innehall_ger_bara_folkmangd_det_aret() -> None:
    rubrik = ["region", "Folkökning 2021", "Folkökning 2022", "Folkmängd 2021", "Folkmängd 2022"]
    assert antal(las(som_csv([rubrik, ["1280 Malmö", 1, 2, 3, 357377]]))) == {"1280": 357377}


def test_koden_for_folkmangd_i_en_kolumn_ar_tabellkoden() -> None:
    inlasning = las(som_csv([["Region", "ContentsCode", "Tid", "Värde"], ["1280", "000007ME", "2022", 357377]]))
    assert (antal(inlasning), inlasning.tabellkod) == ({"1280": 357377}, "000007ME")


def test_en_kolumn_utan_ar_stor_inte_arskolumnerna() -> None:
    assert antal(las(som_csv([["region", "2021", "2022", "Folkmängd"], ["1280", 1, 357377, 2]]))) == {"1280": 357377}


def test_relationstabell_med_totaler_las() -> None:
    """Tab separated, unquoted, one row per sex and age: only the row of everybody counts."""
    rader = [["1280 Malmö", alder, kon, "2022", tal] for alder, kon, tal in (
        ("totalt ålder", "samtliga", 357377), ("totalt ålder", "män", 178000), ("0 år", "samtliga", 4000),
    )]  # fmt: skip
    inlasning = las(som_csv([["region", "ålder", "kön", "år", "Folkmängd"], *rader], "\t", citat=False))
    assert antal(inlasning) == {"1280": 357377}


def test_tomma_rader_hoppas_over() -> None:
    inlasning = las("region,2022\r\n\r\n1214 Svalöv,14466\r\n,\r\n1280 Malmö,357377\r\n\r\n")
    assert antal(inlasning) == {"1214": 14466, "1280": 357377}
    assert inlasning.rader[1].radnummer == 5


def test_riket_och_lan_kanns_igen_och_raknas_inte() -> None:
    inlasning = las(som_csv([["region", "2022"], ["00 Riket", 10521556], ["12 Skåne län", ".."], *bred()]))
    assert antal(inlasning) == FACIT
    assert inlasning.overhoppade_niva == 2
    assert "2 rader för riket eller län lästes inte in." in inlasning.anmarkningar


# Every shape of Excel -------------------------------------------------------------------------------------------

NOTER = [
    [],
    ["2007 fördes Heby till Uppsala län"],
    ["region:"],
    ["Referenstid:", "31 december respektive år"],
    ["20200220 09:30"],
]
EXCEL: dict[str, Tabell] = {
    "klassisk, kod och text": [[TITEL], [], [None, None, "2022"], *bred(lambda kod: [kod, NAMN[kod]]), *NOTER],
    "en kolumn": [[TITEL], [], [None, "2022"], *bred(), *NOTER],
    "utan titel": [[None, "2022"], *bred(), *NOTER],
    "utan noter, år som tal": [[TITEL], [], [None, 2022], *bred()],
    "bara namn": [[TITEL], [], [None, "2022"], *bred(lambda kod: [NAMN[kod]]), *NOTER],
    "två rubrikrader": [
        [TITEL], [], [None, "Folkökning", None, "Folkmängd"], [None, "2021", "2022", "2021", "2022"],
        *([f"{kod} {NAMN[kod]}", 1, 2, 3, tal] for kod, tal in FACIT.items()), *NOTER,
    ],
    "år över innehåll": [
        [TITEL], [], [None, "2021", None, "2022"], [None, "Folkmängd", "Folkökning", "Folkmängd", "Folkökning"],
        *([kod, 1, 2, tal, 3] for kod, tal in FACIT.items()),
    ],
    "rubrik med ord": [["region", "namn", "2022"], *bred(lambda kod: [kod, NAMN[kod]])],
    "koder som tal": [[TITEL], [], [None, "2022"], *([int(kod), tal] for kod, tal in FACIT.items())],
    "åldrar, region en gång": [
        [TITEL], [], [None, None, "2022"],
        *(rad for kod, tal in FACIT.items() for rad in ([kod, "0 år", 7], [None, "totalt ålder", tal])),
    ],
    "år som kolumn": [
        [TITEL], [], [None, None, "Folkmängd"],
        *(rad for kod, tal in FACIT.items() for rad in ([kod, "2021", 7], [None, "2022", tal])), *NOTER,
    ],
}  # fmt: skip


@pytest.mark.parametrize("form", EXCEL)
def test_excel_las_i_alla_former(form: str) -> None:
    inlasning = las(som_excel(EXCEL[form]))
    assert antal(inlasning) == FACIT
    assert (inlasning.format, inlasning.tabellkod, inlasning.kodning) == ("xlsx", "BE0101N1", "")


def test_en_rad_utan_kod_direkt_under_rubriken_hittas_pa_namnet() -> None:
    """Also where the number looks like a year: the heading ends where figures begin."""
    tabell: Tabell = [[None, None, "2022"], [None, "Svalöv", 2019], ["1280", "Malmö", 357377]]
    assert antal(las(som_excel(tabell))) == {"1214": 2019, "1280": 357377}


def test_alla_tal_fran_2025_ar_brusade_aven_utan_tabellkod() -> None:
    inlasning = las(som_csv([["region", "Folkmängd 2025"], ["1280", 1]]), date(2025, 12, 31))
    assert "slumpbrus" in inlasning.anmarkningar[0]


def test_tabellen_fran_2025_ger_en_anmarkning_om_brus() -> None:
    inlasning = las(som_excel([[None, "2025"], *bred()], namn="000007ME"), date(2025, 12, 31))
    assert antal(inlasning) == FACIT
    assert inlasning.tabellkod == "000007ME"
    assert "slumpbrus" in inlasning.anmarkningar[0]


def test_rad_efter_noterna_med_tal_tappas_inte_tyst() -> None:
    nummer, text = radfel(las(som_excel([[None, "2022"], ["1214", 14466], [], ["Not om tabellen"], ["1280", 357377]])))
    assert nummer == 5
    assert "slutar före rad 4" in text


@pytest.mark.parametrize("cell", ["14 466", "14\u00a0466", "14\u2009466", "14\u202f466", " 14466 ", 14466.0])
def test_tusental_med_mellanrum_i_en_excelcell_las(cell: object) -> None:
    assert antal(las(som_excel([[None, "2022"], ["1214", cell]]))) == {"1214": 14466}


# Rows that are refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "ord_"),
    [
        (".", "saknas"), ("..", "saknas"), (None, "saknas"), ("", "saknas"), ("okänt", "inget tal"),
        ("1e5", "inget tal"), ("\u0661\u0662", "inget tal"), (True, "inget tal"), (date(2022, 1, 1), "inget tal"),
        ("#N/A", "inget tal"), ("12 34", "inget tal"), (-5, "negativt"), ("−5", "negativt"), ("–5", "negativt"),
        ("\u20115", "negativt"),
        (14466.5, "komma eller punkt"), ("14,466", "komma eller punkt"), ("14466.0", "komma eller punkt"),
        (10**8 + 1, "för stort"), ("9" * 5000, "för stort"),
    ],
    ids=lambda varde: repr(varde)[:20],
)  # fmt: skip
def test_ett_tal_som_inte_ar_en_folkmangd_namns_med_rad(cell: object, ord_: str) -> None:
    inlasning = las(som_excel([[None, None, "2022"], ["1230", "Staffanstorp", 26778], ["1214", "Svalöv", cell]]))
    nummer, text = radfel(inlasning)
    assert nummer == 3
    assert ord_ in text
    assert inlasning.fel[0].ursprung.startswith("1214 | Svalöv")
    assert not inlasning.fel[0].ursprung.endswith("| ")
    assert [rad.kod for rad in inlasning.rader] == ["1230"]


def test_en_kommun_utan_tal_ar_ingen_not() -> None:
    assert radfel(las(som_excel([[None, "2022"], ["1280 Malmö", 1], ["1214 Svalöv"]])))[0] == 3


def test_en_rad_utan_alder_i_en_aldersuppdelad_tabell_namns_och_tappas_inte() -> None:
    tabell: Tabell = [[None, None, "2022"], ["1280", "0 år", 1], [None, "totalt ålder", 5], [None, None, 7]]
    nummer, text = radfel(las(som_excel(tabell)))
    assert nummer == 4
    assert "vilken ålder" in text


def test_granserna_for_ett_tal() -> None:
    assert (som_text(1214.0), tolka_antal(14466.0)) == ("1214", 14466)
    assert (tolka_antal(0), tolka_antal("100000000"), tolka_antal("007")) == (0, 10**8, 7)
    with pytest.raises(Cellfel):
        tolka_antal(float("inf"))


def test_noll_invanare_tas_emot_med_en_anmarkning() -> None:
    assert "0 för 1214 Svalöv" in las(som_csv([["region", "Folkmängd 2022"], ["1214", 0]])).anmarkningar[0]


@pytest.mark.parametrize(
    ("region", "ord_"),
    [
        ("9999 Ingenstans", "Koden 9999 finns inte i SCB:s kodlista"), ("02 Ingetlän", "Koden 02 finns inte"),
        ("114", "nollan först"), ("12145", "fyra siffror"), ("1214Svalöv", "fyra siffror"), ("", "koden saknas"),
        ("Svalövs kommun", "inget namn i SCB:s lista"), ("svalöv", "inget namn"), ("1214 Malmö", "har koden 1280"),
    ],
)  # fmt: skip
def test_en_region_som_scb_inte_har_namns_med_rad(region: str, ord_: str) -> None:
    nummer, text = radfel(las(som_csv([["region", "2022"], ["1230", 26778], [region, 14466]])))
    assert nummer == 3
    assert ord_ in text


def test_ett_namn_i_isar_tagen_unicode_hittas() -> None:
    isar = "Svalo\u0308v"
    assert antal(las(som_csv([["region", "2022"], [isar, 14466]]).encode())) == {"1214": 14466}


def test_ett_namn_som_tva_koder_har_vagras() -> None:
    nummer, text = radfel(las(som_csv([["region", "2022"], ["Habo", 1]]), koder={"0305": "Habo", "0643": "Habo"}))
    assert nummer == 2
    assert "0305, 0643" in text


def test_en_annan_stavning_bredvid_koden_ar_en_anmarkning() -> None:
    inlasning = las(som_csv([["region", "Folkmängd 2022"], ["1214 Svalof", 14466]]))
    assert antal(inlasning) == {"1214": 14466}
    assert "rad 2: ”Svalof”, hos SCB Svalöv" in inlasning.anmarkningar[0]


@pytest.mark.parametrize(("tal", "lika"), [(357377, True), (1, False)])
def test_en_kommun_tva_ganger_vagras_aven_med_samma_tal(tal: int, lika: bool) -> None:
    nummer, text = radfel(las(som_csv([*KLASSISK, ["1280 Malmö", tal]])))
    assert nummer == 5
    assert "1280 Malmö står både på rad 4 och på rad 5" in text
    assert ("med samma tal" in text) is lika


def test_oskyddad_tusentalsavgransare_i_csv_marks_som_for_manga_kolumner() -> None:
    nummer, text = radfel(las("region,2022\r\n1214 Svalöv,14,466\r\n"))
    assert nummer == 2
    assert "fler kolumner än rubriken (2)" in text


def test_ett_obegripligt_ar_i_en_lang_fil_namns_med_rad() -> None:
    nummer, text = radfel(las(som_csv([["region", "år", "Folkmängd"], ["1280", "2022", 1], ["1214", "tjugo", 1]])))
    assert nummer == 3
    assert "inget årtal" in text


def test_alla_fel_namns_pa_en_gang_men_inte_hur_manga_som_helst() -> None:
    tva = las(som_csv([["region", "2022"], ["9999", 1], ["1214", "x"]]))
    assert [fel.radnummer for fel in tva.fel] == [2, 3]
    manga = las(som_csv([["region", "2022"], *(["9999", 1] for _ in range(600))]))
    assert len(manga.fel) == 501
    assert "Ytterligare 100 rader" in manga.fel[-1].meddelande


@pytest.mark.parametrize("etikett", ["region", "Medelfolkmängd", "1 år", "2022M12", "Folkökning", ""])
def test_en_rubrik_utan_ar_och_folkmangd_ar_ingen_talrubrik(etikett: str) -> None:
    assert tolka_talrubrik(etikett) is None


# The list of codes ----------------------------------------------------------------------------------------------


def test_kodlistan_har_riket_21_lan_och_290_kommuner() -> None:
    koder = las_scb_koder(Path(__file__).parents[1] / "fixtures" / "scb_koder.csv")
    typer = [kod.typ for kod in koder.values()]
    assert (typer.count("riket"), typer.count("lan"), typer.count("kommun")) == (1, 21, 290)
    assert sum(kod.startswith("12") and len(kod) == 4 for kod in koder) == 33
    assert (koder["1280"].namn, standardkoder()["12"]) == ("Malmö", "Skåne län")


@pytest.mark.parametrize("rad", ["1214,Svalöv,lan", "121,Svalöv,kommun", "1214,,kommun", "0305,Håbo,kommun", "1,2,3"])
def test_en_felaktig_kodlista_vagras(tmp_path: Path, rad: str) -> None:
    fil = tmp_path / "koder.csv"
    fil.write_text(f"kod,namn,typ\n0305,Håbo,kommun\n{rad}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 3"):
        las_scb_koder(fil)


def test_en_kodlista_med_andra_kolumner_vagras(tmp_path: Path) -> None:
    fil = tmp_path / "koder.csv"
    fil.write_text("namn,kod,typ\n", encoding="utf-8")
    with pytest.raises(ValueError, match="columns"):
        las_scb_koder(fil)
