"""JSON-stat2 and PC-Axis (.px) as SCB's API and PxWeb write them: read as the tables they are, refused when damaged."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scb_filer import DATUM, FACIT, antal, filfel, las, radfel, som_csv, som_kub, som_px

FOLKMANGD = {"BE0101N1": "Folkmängd"}
MED_OKNING = {"BE0101N1": "Folkmängd", "BE0101N2": "Folkökning"}
KON = {"1": "män", "2": "kvinnor"}
# Folkmängd and Folkökning interleaved, 2021 and 2022: Svalöv, Staffanstorp, Malmö.
TAL = [14435, 14466, 159, 31, 26353, 26778, 470, 425, 351749, 357377, 3836, 5628]
REGION_PX = {"region": {"1214": "Svalöv", "1230": "Staffanstorp", "1280": "Malmö"}}
REGION_MED_KOD = {"region": {"1214": "1214 Svalöv", "1230": "1230 Staffanstorp", "1280": "1280 Malmö"}}
AR_PX = {"år": {"2021": "2021", "2022": "2022"}}
INNEHALL_PX = {"tabellinnehåll": MED_OKNING}
CONTVARIABLE = 'CONTVARIABLE="tabellinnehåll"'


def dimension(data: dict[str, Any], kod: str) -> dict[str, Any]:
    return data["dimension"][kod]["category"]


# --- JSON-stat2 -----------------------------------------------------------------------------------------------------


def test_json_stat2_ger_det_efterfragade_aret_och_innehallet() -> None:
    inlasning = las(som_kub(TAL, MED_OKNING, ("2021", "2022")))
    assert antal(inlasning) == FACIT
    assert (inlasning.format, inlasning.tabellkod, inlasning.kodning) == ("json-stat2", "BE0101N1", "utf-8")
    assert inlasning.anmarkningar == ("Filen har åren 2021–2022; bara 2022 lästes.",)
    assert [rad.radnummer for rad in inlasning.rader] == [2, 6, 10]


def test_ordningen_ar_indexets_och_inte_nycklarnas() -> None:
    """A stored answer of SCB's had "1060" before "0114": JavaScript reorders keys that look like numbers."""
    data = som_kub(list(FACIT.values()), FOLKMANGD)
    kategori = dimension(data, "Region")
    kategori["index"] = {"1280": 2, "1214": 0, "1230": 1}
    assert antal(las(data)) == FACIT


def test_ett_index_som_lista_ett_glest_objekt_och_saknade_etiketter_las() -> None:
    data = som_kub([], FOLKMANGD)
    data["value"] = {str(i): tal for i, tal in enumerate(FACIT.values())}
    dimension(data, "Region")["index"] = ["1214", "1230", "1280"]
    del dimension(data, "Tid")["label"], dimension(data, "Region")["label"]
    assert antal(las(data)) == FACIT


@pytest.mark.parametrize("kodning", ["utf-8", "utf-8-sig", "latin-1"])
def test_json_las_oavsett_kodning_och_namn(kodning: str) -> None:
    text = json.dumps(som_kub(list(FACIT.values()), FOLKMANGD), ensure_ascii=False)
    assert antal(las(text.encode(kodning), namn="tabell.csv")) == FACIT


def test_en_roll_racker_for_att_hitta_region_och_tid() -> None:
    data = som_kub(list(FACIT.values()), FOLKMANGD)
    for gammal, ny in (("Region", "omrade"), ("Tid", "nar"), ("ContentsCode", "vad")):
        data["dimension"][ny] = data["dimension"].pop(gammal) | {"label": ny}
        data["id"][data["id"].index(gammal)] = ny
    assert "ingen variabel som heter region" in filfel(las(data))
    data["role"] = {"geo": ["omrade"], "time": ["nar"], "metric": ["vad"]}
    assert antal(las(data)) == FACIT


@pytest.mark.parametrize("saknas", [None, "..", ".", ""])
def test_en_uppgift_som_saknas_namns_med_sin_plats(saknas: str | None) -> None:
    inlasning = las(som_kub([14466, saknas, 357377], FOLKMANGD))
    assert radfel(inlasning)[0] == 2
    assert inlasning.fel[0].ursprung.startswith("1230 Staffanstorp | BE0101N1 - Folkmängd | 2022")


def test_ett_glest_objekt_utan_uppgift_ar_en_uppgift_som_saknas() -> None:
    data = som_kub([], FOLKMANGD)
    data["value"] = {"0": 14466, "2": 357377}
    assert radfel(las(data))[0] == 2


def test_tabellen_fran_2025_i_json_ger_en_anmarkning_om_brus() -> None:
    data = som_kub([14500, 27000, 365000], {"000007ME": "Folkmängd"}, ("2025",))
    inlasning = las(data, date(2025, 12, 31))
    assert (inlasning.tabellkod, len(antal(inlasning))) == ("000007ME", 3)
    assert "slumpbrus" in inlasning.anmarkningar[0]


def test_kon_med_sin_total_summeras_inte_och_utan_den_laggs_ihop() -> None:
    """TAB6471 calls it "totalt, samtliga män och kvinnor", code TotSa; TAB638 has no total of it."""
    delar = [tal for kod in FACIT for tal in (FACIT[kod] - 7000, 7000)]
    med_total = [tal for kod in FACIT for tal in (FACIT[kod], FACIT[kod] - 7000, 7000)]
    total = {"TotSa": "totalt, samtliga män och kvinnor"} | KON
    assert antal(las(som_kub(med_total, FOLKMANGD, Kon=total))) == FACIT
    inlasning = las(som_kub(delar, FOLKMANGD, Kon=KON))
    assert antal(inlasning) == FACIT
    assert inlasning.anmarkningar == ("Talen är lagda ihop av filens delar: män, kvinnor.",)


def trasig(**andringar: Any) -> Callable[[], dict[str, Any]]:
    return lambda: som_kub(list(FACIT.values()), FOLKMANGD) | andringar


def index(**varden: int) -> Callable[[], dict[str, Any]]:
    def bygg() -> dict[str, Any]:
        data = som_kub(list(FACIT.values()), FOLKMANGD)
        dimension(data, "Region")["index"] = {kod.strip("k"): plats for kod, plats in varden.items()}
        return data

    return bygg


def referenstid() -> dict[str, Any]:
    data = som_kub(list(FACIT.values()), FOLKMANGD)
    data["dimension"]["ContentsCode"]["extension"] = {"refperiod": {"BE0101N1": "Respektive månad"}}
    return data


JSONFEL: dict[str, tuple[Callable[[], Any], str]] = {
    "avklippt": (lambda: json.dumps(som_kub(list(FACIT.values()), FOLKMANGD))[:-40], "avklippt eller skadad"),
    "djupt nästlad": (lambda: "[" * 100_000, "avklippt eller skadad"),
    "en nyckel två gånger": (lambda: '{"class": "dataset", "class": "x"}', "avklippt eller skadad"),
    "oändligheten": (lambda: '{"class": "dataset", "value": [Infinity]}', "avklippt eller skadad"),
    "annan json": (lambda: '{"id": []}', "inte i formatet JSON-stat2"),
    "api v1": (lambda: '{"columns": [], "data": []}', "inte i formatet JSON-stat2"),
    "ett tal": (lambda: "[1]", "inte i formatet JSON-stat2"),
    "utan dimensioner": (trasig(dimension=[]), "inte i formatet JSON-stat2"),
    "fel antal storlekar": (trasig(size=[3, 1]), "inte i formatet JSON-stat2"),
    "för få tal": (trasig(value=[1, 2]), "har 2 tal men ska ha 3"),
    "tal utanför": (trasig(value={"3": 5}), "utanför tabellen"),
    "tal på konstig plats": (trasig(value={"-1": 5}), "utanför tabellen"),
    "för stor": (trasig(size=[10**6, 10**6, 1]), "för stor"),
    "inga tal": (trasig(size=[0, 1, 1]), "ingen tabell"),
    "index med hål": (index(k1214=0, k1230=1, k1280=3), "värden stämmer inte"),
    "samma plats två gånger": (index(k1214=0, k1230=0, k1280=1), "värden stämmer inte"),
    "annan referenstid": (referenstid, "”Respektive månad”"),
    "annat innehåll": (lambda: som_kub([1, 2, 3], {"X": "Medelålder"}), "har X - Medelålder men inte Folkmängd"),
    "månader": (lambda: som_kub([1, 2, 3], FOLKMANGD, ("2022M12",)), "månadssiffror"),
    "utf-16": (lambda: '{"class": "dataset"}'.encode("utf-16"), "UTF-16"),
}


@pytest.mark.parametrize("fall", JSONFEL)
def test_json_som_inte_gar_att_lita_pa_vagras_med_en_hel_mening(fall: str) -> None:
    bygg, ord_ = JSONFEL[fall]
    text = filfel(las(bygg(), namn="tabell.json"))
    assert ord_ in text
    assert text.endswith(".")


# --- PC-Axis --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", [REGION_PX, REGION_MED_KOD], ids=["namn", "kod i namnet"])
def test_px_med_tva_innehall_ger_folkmangden_det_aret(region: dict[str, dict[str, str]]) -> None:
    inlasning = las(som_px(TAL, region, INNEHALL_PX | AR_PX, CONTVARIABLE))
    assert antal(inlasning) == FACIT
    assert (inlasning.format, inlasning.tabellkod, inlasning.kodning) == ("px", "BE0101N1", "cp1252")


def test_px_utan_koder_las_pa_namnen() -> None:
    """Without CONTVARIABLE the file's CONTENTS says what the figures are."""
    fil = som_px(list(FACIT.values()), REGION_PX, {"år": {"2022": "2022"}})
    utan = b"".join(rad for rad in fil.splitlines(keepends=True) if not rad.startswith(b"CODES"))
    utan = utan.replace(b'"1230",\r\n', b"").replace(b'"1280";\r\n', b"")
    assert b"CODES" not in utan
    assert antal(las(utan)) == FACIT


def test_px_med_ett_annat_sprak_vid_sidan_las_pa_sitt_eget() -> None:
    rad = 'VALUES[en]("region")="a","b","c";\r\nCODES[en]("region")="x","y","z"'
    assert antal(las(som_px(list(FACIT.values()), REGION_PX, {"år": {"2022": "2022"}}, rad))) == FACIT


def test_px_med_sma_bokstaver_semikolon_i_text_och_referenstid() -> None:
    rader = ('NOTE="Ett semikolon; och ett = i texten"', 'refperiod="31 december respektive år"', "DECIMALS=0")
    assert antal(las(som_px(list(FACIT.values()), REGION_PX, {"år": {"2022": "2022"}}, *rader))) == FACIT


@pytest.mark.parametrize("saknas", ['"."', '".."'])
def test_en_uppgift_som_saknas_i_px_namns(saknas: str) -> None:
    nummer, text = radfel(las(som_px([14466, saknas, 357377], REGION_PX, {"år": {"2022": "2022"}})))
    assert (nummer, "Talet saknas" in text) == (2, True)


def test_px_uppdelad_pa_kon_och_civilstand_laggs_ihop_nar_allt_ar_med() -> None:
    civil = {"OG": "ogifta", "G": "gifta", "SK": "skilda", "ÄNKL": "änkor/änklingar"}
    delar = [tal for kod in FACIT for tal in (FACIT[kod] - 28, *[4] * 7)]
    fil = som_px(delar, REGION_PX | {"civilstånd": civil, "kön": KON}, {"år": {"2022": "2022"}})
    assert antal(las(fil)) == FACIT
    del civil["SK"]
    delar = [4] * 18
    fil = som_px(delar, REGION_PX | {"civilstånd": civil, "kön": KON}, {"år": {"2022": "2022"}})
    assert "uppdelad på civilstånd (ogifta, gifta, änkor/änklingar) och har ingen total" in filfel(las(fil))


def px(gammalt: bytes = b"", nytt: bytes = b"") -> bytes:
    fil = som_px(list(FACIT.values()), REGION_PX, {"år": {"2022": "2022"}})
    assert gammalt in fil
    return fil.replace(gammalt, nytt)


PXFEL: dict[str, tuple[Callable[[], bytes], str]] = {
    "bara början": (lambda: b'CHARSET="ANSI";', "avklippt eller skadad"),
    "avklippt i huvudet": (lambda: px()[:200], "avklippt eller skadad"),
    "avklippt i ett citat": (lambda: px()[: px().index(b"Staffanstorp")], "citattecken eller semikolon"),
    "avklippt i tabellen": (lambda: px()[:-10], "slutar mitt i tabellen"),
    "utan sista semikolon": (lambda: px()[:-1], "slutar mitt i tabellen"),
    "ett tal för lite": (lambda: px(b"26778", b""), "har 2 tal men ska ha 3"),
    "ett tal för mycket": (lambda: px(b"26778", b"26778 1"), "har 4 tal men ska ha 3"),
    "fler koder än värden": (lambda: px(b'"1280"', b'"1280","1281"'), "har 3 värden men 4 koder"),
    "nyckelord två gånger": (lambda: px(b"DATA=", b'STUB="region";DATA='), "STUB finns två gånger"),
    "bara en del av raderna": (lambda: px(b"14466", b'"1214",14466'), "KEYS"),
    "utan region": (lambda: px(b"region", b"alder"), "ingen variabel som heter region"),
    "utan tid": (lambda: px("år".encode("latin-1"), b"kolumn"), "ingen variabel som heter år"),
    "annan referenstid": (lambda: px(b"DATA=", b'REFPERIOD="1 november";DATA='), "”1 november”"),
    "annat innehåll": (lambda: px("Folkmängden".encode("latin-1"), b"Medelinkomst"), "heter ”Medelinkomst”"),
    "annat år": (lambda: px(b"2022", b"2019"), "Den har bara 2019."),
}


@pytest.mark.parametrize("fall", PXFEL)
def test_px_som_inte_gar_att_lita_pa_vagras_med_en_hel_mening(fall: str) -> None:
    bygg, ord_ = PXFEL[fall]
    text = filfel(las(bygg(), DATUM, "tabell.px"))
    assert ord_ in text
    assert text.endswith(".")


# --- Anything at all -------------------------------------------------------------------------------------------------

FILER = (
    json.dumps(som_kub([5, 6] * 3, FOLKMANGD, Kon=KON), ensure_ascii=False).encode(),
    som_px([5, 6] * 3, REGION_PX | {"kön": KON}, {"år": {"2022": "2022"}}),
    som_csv([["region", "ålder", "2022"], *([kod, ett, 5] for kod in FACIT for ett in ("0-64 år", "65+ år"))]).encode(),
)
BITAR = st.sampled_from(
    [b"", b'"', b",", b";", b"[", b"}", b"\x00", b"\xff", b"null", b"1e999", b"-5", b"9" * 30, b"DATA="]
)


@given(
    fil=st.sampled_from(FILER),
    andringar=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), BITAR), min_size=1, max_size=4),
    alder=st.sampled_from(["", "65-"]),
)
def test_en_skadad_fil_ger_rader_eller_fel_med_hela_meningar_och_kraschar_aldrig(
    fil: bytes, andringar: list[tuple[float, int, bytes]], alder: str
) -> None:
    for var, langd, bit in andringar:
        plats = int(var * len(fil))
        fil = fil[:plats] + bit + fil[plats + langd :]
    inlasning = las(fil, alder=alder)
    assert inlasning.rader or inlasning.fel
    assert all(0 <= rad.antal <= 10**8 for rad in inlasning.rader)
    assert all(fel.meddelande.endswith(".") for fel in inlasning.fel)
