"""Tables split by age and sex, a file's own totals, lists with dates, and a file that may have been cut off."""

from collections.abc import Sequence
from datetime import date

import pytest

from budget.alder import Aldersfel, Aldersspann, las_alder
from budget.scb.delar import ALLA, ar_koden_for, delar_i_rubrik, tolka_del
from tests.scb_filer import (
    DATUM,
    FACIT,
    KLASSISK,
    NAMN,
    Tabell,
    antal,
    filfel,
    las,
    radfel,
    som_csv,
    som_excel,
    som_kub,
)

ETTAR = [*(f"{alder} år" for alder in range(100)), "100+ år"]
# Inhabitants of each one-year group in the small tables: as many as the group's number in the row, and the code's end.
EN_AV_VARJE = {"1214": 1, "1230": 2, "1280": 3}


def per_alder(aldrar: Sequence[str], tal: dict[str, int] = EN_AV_VARJE) -> Tabell:
    """A long table with the same figure in every age group of a municipality."""
    rader = [[f"{kod} {NAMN[kod]}", alder, "2022", antalet] for kod, antalet in tal.items() for alder in aldrar]
    return [["region", "ålder", "år", "Folkmängd"], *rader]


# --- Age spans ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kod", "namn", "fran", "till"),
    [
        ("", "alla åldrar", None, None), ("65-", "65 år och äldre", 65, None),
        ("0-17", "0–17 år", 0, 17), ("80-80", "80 år", 80, 80), ("120-120", "120 år", 120, 120),
    ],
)  # fmt: skip
def test_ett_aldersspann_skrivs_pa_ett_satt(kod: str, namn: str, fran: int | None, till: int | None) -> None:
    spann = las_alder(kod)
    assert (spann, spann.kod, spann.namn) == (Aldersspann(fran, till), kod, namn)


@pytest.mark.parametrize("kod", ["65", "065-", "0-", "18-17", "121-", "0-121", "-17", "65–69", "65- ", "a-b", "٦٥-"])
def test_det_som_inte_ar_ett_aldersspann_vagras(kod: str) -> None:
    with pytest.raises(Aldersfel, match=r"\.$"):
        las_alder(kod)


@pytest.mark.parametrize(
    ("text", "fran", "till"),
    [
        ("0 år", 0, 0), ("65-69 år", 65, 69), ("65–69 år", 65, 69), ("100+ år", 100, None), ("100+", 100, None),
        ("100+10", 100, None), ("65 år och äldre", 65, None), ("65- år", 65, None), ("65-69 years", 65, 69),
        ("65 years and older", 65, None), ("65 - 65 år", 65, 65), ("65 65 år", 65, 65), ("45-54", 45, 54),
    ],
)  # fmt: skip
def test_scbs_satt_att_skriva_aldrar(text: str, fran: int, till: int | None) -> None:
    assert tolka_del(text) == Aldersspann(fran, till)


def test_vad_andra_varden_i_en_uppdelad_tabell_betyder() -> None:
    assert [tolka_del(text) for text in ("män", "Women", "ogifta", "tot - totalt ålder")] == [
        "man",
        "kvinna",
        "ogift",
        ALLA,
    ]
    assert tolka_del("65", heter_alder=True) == Aldersspann(65, 65)
    assert [tolka_del(text) for text in ("65", "1", "uppgift saknas")] == ["?65", "?1", "?uppgift saknas"]
    assert [tolka_del(text, koder=True) for text in ("1", "ÄNKL", "TotSa")] == ["man", "änka", ALLA]
    assert delar_i_rubrik("65-69 år män") == (Aldersspann(65, 69), "man")
    assert delar_i_rubrik("folkökning män") is None
    assert ar_koden_for("65", "65 år") and ar_koden_for("TotSA", "totalt, samtliga åldrar")
    assert not ar_koden_for("65", "män") and not ar_koden_for("x", "y")


ALDERSFILER = {
    "ettårsklasser": per_alder(ETTAR),
    "total vid sidan": per_alder(["totalt ålder", *ETTAR]),
    "grupper bredvid ettårsklasser": per_alder([*ETTAR, "65-69 år", "70-74 år"]),
    "bara koder": [
        ["Region", "Alder", "Tid", "BE0101N1"],
        *([kod, str(alder) if alder < 100 else "100+", "2022", tal] for kod, tal in EN_AV_VARJE.items()
          for alder in range(101)),
    ],
}  # fmt: skip


@pytest.mark.parametrize("fall", ALDERSFILER)
def test_65_och_aldre_laggs_ihop_av_filens_aldrar(fall: str) -> None:
    inlasning = las(som_csv(ALDERSFILER[fall]), alder="65-")
    delar = 28 if fall.startswith("grupper") else 36  # 65 … 99 and 100+; two groups of five stand for ten
    assert antal(inlasning) == {kod: tal * delar for kod, tal in EN_AV_VARJE.items()}
    assert {rad.alder for rad in inlasning.rader} == {"65-"}
    assert f", {delar} grupper." in inlasning.anmarkningar[-1]


def test_ett_spann_med_slut_tar_bara_sina_aldrar() -> None:
    assert antal(las(som_csv(per_alder(ETTAR)), alder="0-17")) == {kod: tal * 18 for kod, tal in EN_AV_VARJE.items()}
    assert antal(las(som_csv(per_alder(["0-19 år", "20+ år"])), alder="20-")) == EN_AV_VARJE


def test_en_uppgift_for_just_spannet_gar_fore_delarna() -> None:
    tabell = [*per_alder(ETTAR), *([f"{kod} {NAMN[kod]}", "65+ år", "2022", 1000] for kod in FACIT)]
    inlasning = las(som_csv(tabell), alder="65-")
    assert antal(inlasning) == dict.fromkeys(FACIT, 1000)
    assert inlasning.anmarkningar == ()


def test_utan_total_laggs_alla_aldrar_ihop() -> None:
    inlasning = las(som_csv(per_alder(ETTAR)))
    assert antal(inlasning) == {kod: tal * 101 for kod, tal in EN_AV_VARJE.items()}
    assert "0 år … 100+ år, 101 grupper" in inlasning.anmarkningar[0]


def test_aldrar_och_kon_i_rubriken_las() -> None:
    rubrik = [f"{alder} {kon} 2022" for alder in ("0-64 år", "65+ år") for kon in ("män", "kvinnor")]
    tabell = [["region", *rubrik], *([kod, 5, 6, tal, 1] for kod, tal in FACIT.items())]
    assert antal(las(som_csv(tabell), alder="65-")) == {kod: tal + 1 for kod, tal in FACIT.items()}
    assert antal(las(som_csv(tabell))) == {kod: tal + 12 for kod, tal in FACIT.items()}


def test_hela_folkmangden_bredvid_sina_aldrar_i_rubriken() -> None:
    tabell = [["region", "Folkmängd 2022", "65+ år 2022"], ["1280", 357377, 57000]]
    assert antal(las(som_csv(tabell))) == {"1280": 357377}
    assert antal(las(som_csv(tabell), alder="65-")) == {"1280": 57000}


@pytest.mark.parametrize("kodkolumn", [False, True], ids=["text", "kod och text"])
def test_excel_med_aldrar_under_varje_kommun(kodkolumn: bool) -> None:
    """SCB writes the region once, and with "kod och text" a column of codes before each column of texts."""
    rader: list[list[object]] = []
    for kod, tal in EN_AV_VARJE.items():
        for nummer, alder in enumerate(ETTAR):
            region = [kod, NAMN[kod]] if nummer == 0 else [None, None]
            rader.append([*region, *([alder.removesuffix(" år")] if kodkolumn else []), alder, tal])
    tomma = [None] * (4 if kodkolumn else 3)
    fil = som_excel([["Folkmängden efter region, ålder och år"], [], [*tomma, "2022"], *rader])
    assert antal(las(fil, alder="65-")) == {kod: tal * 36 for kod, tal in EN_AV_VARJE.items()}


def test_json_med_scbs_kod_for_den_oppna_gruppen() -> None:
    """Code 100+10, label "100+ år", as in a stored answer of TAB6471."""
    aldrar = {"0-64": "0-64 år", "65-99": "65-99 år", "100+10": "100+ år"}
    data = som_kub([10, 2, 1] * 3, {"BE0101N1": "Folkmängd"}, Alder=aldrar)
    assert antal(las(data, alder="65-")) == dict.fromkeys(FACIT, 3)


def test_fran_2025_laggs_aldrar_ihop_med_en_anmarkning_men_inte_hela_folkmangden() -> None:
    tabell = [[*rad[:2], "2025" if rad[2] == "2022" else rad[2], rad[3]] for rad in per_alder(ETTAR)]
    inlasning = las(som_csv(tabell), date(2025, 12, 31), alder="65-")
    assert len(antal(inlasning)) == 3
    assert "summan kan avvika mer än ett enskilt tal" in inlasning.anmarkningar[-1]
    assert "så delarna läggs inte ihop här" in filfel(las(som_csv(tabell), date(2025, 12, 31)))


ALDERSFEL = {
    "utan ålder": ([["region", "2022"], ["1280", 1]], "Filen är inte uppdelad på ålder, så 65 år och äldre"),
    "en ålder saknas": (per_alder([*ETTAR[:70], *ETTAR[71:]]), "går inte att lägga ihop till 65 år och äldre"),
    "den äldsta saknas": (per_alder(ETTAR[:100]), "går inte att lägga ihop"),
    "en grupp går över gränsen": (per_alder(["0-59 år", "60-69 år", "70+ år"]), "ingår i en större grupp"),
    "bara totalen": (per_alder(["totalt ålder"]), "Filen är inte uppdelad på ålder"),
    "två slags åldrar": (
        [["region", "ålder", "åldersgrupp", "2022"], ["1280", "65 år", "65+ år", 1]], "uppdelad på flera sätt på ålder",
    ),
    "ålder två gånger i rubriken": ([["region", "65 år 70 år 2022"], ["1280", 1]], "anger ålder två gånger"),
}  # fmt: skip


@pytest.mark.parametrize("fall", ALDERSFEL)
def test_aldrar_som_inte_racker_vagras_med_en_hel_mening(fall: str) -> None:
    tabell, ord_ = ALDERSFEL[fall]
    text = filfel(las(som_csv(tabell), alder="65-"))
    assert ord_ in text
    assert text.endswith(".")


def test_ett_spann_med_slut_tar_ingen_oppen_grupp_och_ett_oppet_slutar_med_en() -> None:
    assert "går inte att lägga ihop till 0–17 år" in filfel(las(som_csv(per_alder(["0-9 år", "10+ år"])), alder="0-17"))
    assert "till 65 år och äldre" in filfel(las(som_csv(per_alder(["0-64 år", "65-120 år"])), alder="65-"))


def test_en_kommun_utan_en_av_aldrarna_namns_med_sin_rad() -> None:
    tabell = [*per_alder(ETTAR, {"1280": 3}), *per_alder(ETTAR[:-1], {"1214": 1})[1:]]
    nummer, text = radfel(las(som_csv(tabell), alder="65-"))
    assert (nummer, "1214 Svalöv saknar 100+ år i filen" in text) == (168, True)


def test_en_alder_tva_ganger_namns_med_bada_raderna() -> None:
    tabell = [*per_alder(["0-64 år", "65-79 år", "80+ år"], {"1280": 3}), ["1280 Malmö", "80+ år", "2022", 3]]
    nummer, text = radfel(las(som_csv(tabell), alder="65-"))
    assert (nummer, "både på rad 4 och på rad 5 (med samma tal)" in text) == (5, True)


def test_ett_tal_som_saknas_i_en_av_delarna_namns_och_kommunen_lases_inte() -> None:
    tabell = [*per_alder(["0-64 år", "65+ år"], {"1280": 3}), ["1214 Svalöv", "0-64 år", "2022", ".."]]
    inlasning = las(som_csv([*tabell, ["1214 Svalöv", "65+ år", "2022", 5]]))
    assert radfel(inlasning)[0] == 4
    assert [rad.kod for rad in inlasning.rader] == ["1280"]


# --- Totals ---------------------------------------------------------------------------------------------------------


def test_samma_total_flera_ganger_las_en_gang() -> None:
    """The table from 2025 has four codes that are all called "totalt, samtliga åldrar"."""
    rubrik = ["region", "ålder", "2022"]
    rader = [["1280", alder, 357377] for alder in ("totalt, samtliga åldrar",) * 3 + ("totalt ålder",)]
    inlasning = las(som_csv([rubrik, *rader]))
    assert antal(inlasning) == {"1280": 357377}
    assert "Totalen står flera gånger i filen" in inlasning.anmarkningar[-1]
    nummer, text = radfel(las(som_csv([rubrik, *rader, ["1280", "tot", 357378]])))
    assert (nummer, "1280 Malmö står både på rad 2 och på rad 3" in text) == (3, True)


LAN = {"0901": "Ena", "0902": "Andra", "09": "Småland", "00": "Riket"}


def med_total(lanets: object, rikets: object = 30) -> str:
    rader = [["00 Riket", rikets], ["09 Småland", lanets], ["0901 Ena", 10], ["0902 Andra", 20]]
    return som_csv([["region", "Folkmängd 2022"], *rader])


def test_en_total_som_inte_ar_kommunernas_summa_ar_ett_fel_pa_totalens_rad() -> None:
    assert len(antal(las(med_total(30), koder=LAN))) == 2
    inlasning = las(med_total(31), koder=LAN)
    assert "09 Småland har 31 invånare i filen, men kommunerna har tillsammans 30" in radfel(inlasning)[1]
    assert radfel(inlasning)[0] == 3
    assert radfel(las(med_total(30, 1), koder=LAN))[0] == 2


def test_en_total_gar_inte_att_jamfora_nar_en_kommun_eller_talet_saknas() -> None:
    flera = LAN | {"0903": "Tredje"}
    assert len(antal(las(med_total(31, 31), koder=flera))) == 2
    assert len(antal(las(med_total("..", ".."), koder=LAN))) == 2


@pytest.mark.parametrize(("avser_ar", "skal"), [(2025, "slumpbruset"), (2006, "den tidens länsindelning")])
def test_en_total_som_far_skilja_sig_ger_en_anmarkning(avser_ar: int, skal: str) -> None:
    text = med_total(33, 29).replace("2022", str(avser_ar))
    inlasning = las(text, date(avser_ar, 12, 31), koder=LAN)
    assert len(antal(inlasning)) == 2
    assert f"av {skal}: 00 Riket −1, 09 Småland +3." in inlasning.anmarkningar[-1]


# --- Lists with dates -----------------------------------------------------------------------------------------------


def test_en_egen_lista_med_datum_las() -> None:
    """As the project's own lists are written, with the county beside the municipality."""
    rubrik = ["code", "name", "lan_code", "lan", "date", "population", "source"]
    rader = [[kod, NAMN[kod], "12", "Skåne län", dag, tal, "SCB"] for kod, tal in FACIT.items()
             for dag in ("2021-12-31", "2022-12-31")]  # fmt: skip
    inlasning = las(som_csv([rubrik, *rader], citat=False))
    assert antal(inlasning) == FACIT
    assert inlasning.anmarkningar == ("Filen har tidpunkterna 2021-12-31, 2022-12-31; bara 2022-12-31 lästes.",)


def test_en_lista_med_datum_far_galla_ett_annat_datum_an_arsskiftet() -> None:
    tabell = [["kod", "datum", "antal"], ["1280", "2021-09-30", 350000]]
    assert antal(las(som_csv(tabell), date(2021, 9, 30))) == {"1280": 350000}
    assert "Den har bara 2021-09-30. Välj det datumet" in filfel(las(som_csv(tabell), date(2021, 12, 31)))


@pytest.mark.parametrize("fel", ["2022-13-01", "31/12/2022", "2022-12", "igår", ""])
def test_ett_datum_som_inte_finns_namns_med_rad(fel: str) -> None:
    tabell = [["kod", "datum", "antal"], ["1280", "2022-12-31", 1], ["1214", fel, 1]]
    nummer, text = radfel(las(som_csv(tabell)))
    assert (nummer, "är inget årtal eller datum" in text) == (3, True)


def test_ar_och_datum_om_vartannat_ar_samma_tidpunkt_och_darfor_dubbletter() -> None:
    tabell = [["kod", "datum", "antal"], ["1280", "2022-12-31", 1], ["1280", "2022", 1]]
    assert "både på rad 2 och på rad 3" in radfel(las(som_csv(tabell)))[1]


# --- A file that ends too soon --------------------------------------------------------------------------------------


def test_ett_tal_som_slutar_filen_utan_radbrytning_kan_vara_avklippt() -> None:
    hel = som_csv(KLASSISK)
    assert [rad.kan_vara_avklippt for rad in las(hel).rader] == [False, False, False]
    assert [rad.kan_vara_avklippt for rad in las(hel.rstrip()[:-2]).rader] == [False, False, True]
    assert antal(las(hel.rstrip()[:-2]))["1280"] == 3573
    assert [rad.kan_vara_avklippt for rad in las(hel + "not").rader] == [False, False, False]


def test_en_avklippt_rad_utan_tal_namns() -> None:
    assert radfel(las(som_csv(KLASSISK).rpartition(",")[0]))[0] == 4


def test_datumet_ar_31_december_for_ett_artal() -> None:
    assert "Ange 2021-12-31 eller 2022-12-31." in filfel(las(som_csv(KLASSISK), DATUM.replace(month=6, day=30)))
