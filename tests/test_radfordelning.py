"""A year's rows by their models: overrides with decisions, and the table area × party in both directions."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from budget.fordelning import Fordelningsfel
from budget.radfordelning import Arsunderlag, Matris, Rad, Undantag, fordela_rader, matris
from budget.stegfordelning import exakta_andelar, stegmodell_av, underlag_av
from budget.stegmodell import Beslutsreferens, Giltighet, Golv, Grupp, Led, Stegmodell
from tests.data_skane import KOMMUNER, PARTER_2022, REGIONENS_ORE_2024, modell
from tests.invarianter import galler_alltid
from tests.stegfall import GRUND, INVANARE, LIKA, Fall, alla_fall, grupper, underlag

BESLUT = Beslutsreferens("Samverkansorganet", date(2023, 11, 3), "41")
STANDARD = stegmodell_av(modell())
FAKTA = underlag_av(PARTER_2022, date(2022, 12, 31), 2024)
RADER_2024 = tuple(
    Rad(kod, namn, belopp * 100)
    for kod, namn, belopp in (
        ("npo", "NPÖ", 100_000),
        ("sdk", "SDK", 100_000),
        ("mina", "Mina planer", 500_000),
        ("stod", "Beslutsstöd", 0),
        ("avvik", "Avvikelsehantering", 400_000),
        ("hjalp", "Digitala hjälpmedel", 400_000),
        ("diag", "Diagnos och behandling", 250_000),
    )
)
LUND_MALMO = Stegmodell(
    "tva", "de två som använder", (Grupp("tva", "Lund och Malmö", 1, ("kommun",), (Led(LIKA),), ("1280", "1281")),)
)
LIKA_ALLA = Stegmodell("lika", "lika för alla", (Grupp("alla", "alla", 1, ("region", "kommun"), (Led(LIKA),)),))


def ar2024(*alla_undantag: Undantag, **andringar: Any) -> Arsunderlag:
    return replace(Arsunderlag(RADER_2024, STANDARD, FAKTA, alla_undantag), **andringar)


def gar_ihop(ett: Matris, ars: Arsunderlag) -> None:
    """Both directions, each cell in whole units, and the deviation told is the one there is."""
    per_omrade: dict[str, int] = {}
    for rad in ars.rader:
        per_omrade[rad.i_omrade] = per_omrade.get(rad.i_omrade, 0) + rad.belopp
    assert {rad.kod: rad.belopp for rad in ett.rader} == per_omrade
    assert all(sum(rad.celler) == rad.belopp for rad in ett.rader)
    svar = fordela_rader(ars)
    assert list(ett.summor) == [svar.andelar[part.kod] for part in ett.parter]
    for k, summa in enumerate(ett.summor):
        assert sum(rad.celler[k] for rad in ett.rader) == summa
    assert ett.kontrollerad == (ett.storsta_avvikelse < ett.enhet_ore)
    assert ett.kontrollerad == (not ett.besked)


def test_planen_2024_gar_ihop_at_bada_hallen() -> None:
    ars = ar2024()
    ett = matris(fordela_rader(ars))
    gar_ihop(ett, ars)
    assert list(ett.summor) == [REGIONENS_ORE_2024, *(andel for _, _, _, _, andel in KOMMUNER)]
    assert ett.kontrollerad
    invanare = [0, *(antal for _, _, _, antal, _ in KOMMUNER)]
    for rad in ett.rader:
        assert rad.celler[0] == rad.belopp // 2
        for k in range(1, 34):
            assert abs(rad.celler[k] - Fraction(rad.belopp * invanare[k], 2 * 1_414_324)) < 1


def test_ett_undantag_flyttar_omradet_till_en_annan_modell() -> None:
    ars = ar2024(Undantag("mina", LUND_MALMO, BESLUT))
    svar = fordela_rader(ars)
    assert [(del_.fordelning.modell.kod, del_.fordelning.total) for del_ in svar.delar] == [
        ("standard", 125_000_000),
        ("tva", 50_000_000),
    ]
    vanlig = fordela_rader(ar2024(rader=tuple(rad for rad in RADER_2024 if rad.kod != "mina")))
    assert svar.andelar["1281"] == vanlig.andelar["1281"] + 25_000_000
    assert svar.andelar["12"] == vanlig.andelar["12"] == 62_500_000
    ett = matris(svar)
    gar_ihop(ett, ars)
    (mina,) = [rad for rad in ett.rader if rad.kod == "mina"]
    assert {part.kod: cell for part, cell in zip(ett.parter, mina.celler, strict=True) if cell} == {
        "1280": 25_000_000,
        "1281": 25_000_000,
    }


def test_en_aktivitets_undantag_gar_fore_omradets_och_omradet_ar_en_rad() -> None:
    rader = (*RADER_2024[:2], Rad("mina-a", "en aktivitet", 10_001, "mina"), Rad("mina", "Mina planer", 39_999))
    undantag = (Undantag("mina", LIKA_ALLA, BESLUT), Undantag("mina-a", LUND_MALMO, BESLUT))
    ars = ar2024(*undantag, rader=rader)
    svar = fordela_rader(ars)
    assert {del_.fordelning.modell.kod: [rad.kod for rad in del_.rader] for del_ in svar.delar} == {
        "standard": ["npo", "sdk"],
        "lika": ["mina"],
        "tva": ["mina-a"],
    }
    assert [ett.avser for del_ in svar.delar for ett in del_.alla_undantag] == ["mina", "mina-a"]
    ett = matris(svar)
    gar_ihop(ett, ars)
    assert [(rad.kod, rad.namn) for rad in ett.rader] == [("mina", "Mina planer"), ("npo", "NPÖ"), ("sdk", "SDK")]
    utan_egen_rad = ar2024(rader=(rader[2],))
    assert matris(fordela_rader(utan_egen_rad), {"mina": "Mina planer"}).rader[0].namn == "Mina planer"


def test_undantag_till_samma_modell_delas_tillsammans() -> None:
    """One öre in each of two areas: together two, one each; apart both would be Malmö's."""
    rader = (Rad("a", "A", 1), Rad("b", "B", 1))
    undantag = (Undantag("a", LUND_MALMO, BESLUT), Undantag("b", LUND_MALMO, BESLUT))
    svar = fordela_rader(ar2024(*undantag, rader=rader))
    assert {kod: andel for kod, andel in svar.andelar.items() if andel} == {"1280": 1, "1281": 1}


@pytest.mark.parametrize(
    ("alla_undantag", "alla_ord"),
    [
        ([Undantag("npo", LUND_MALMO, None)], ["NPÖ", "saknar beslut 2024", "instans, datum och paragraf"]),
        ([Undantag("npo", LUND_MALMO, BESLUT), Undantag("npo", LIKA_ALLA, BESLUT)], ["NPÖ har två modeller 2024"]),
        ([Undantag("x", LUND_MALMO, BESLUT)], ["x, som inte finns bland raderna 2024"]),
        (
            [Undantag("npo", LUND_MALMO, replace(BESLUT, upphavt=date(2024, 5, 1)))],
            ["NPÖ", "upphävdes 2024-05-01", "Samverkansorganet 2023-11-03"],
        ),
        (
            [Undantag("npo", LUND_MALMO, BESLUT, Giltighet(None, date(2023, 12, 31)))],
            ["NPÖ", "till 2023-12-31", "inte hela 2024"],
        ),
        ([Undantag("npo", LUND_MALMO, BESLUT, Giltighet(date(2024, 7, 1)))], ["från 2024-07-01", "inte hela 2024"]),
        ([Undantag("npo", replace(LUND_MALMO, enhet="krona"), BESLUT)], ["NPÖ", "krona", "2024"]),
        (
            [Undantag("npo", LUND_MALMO, BESLUT), Undantag("sdk", replace(LIKA_ALLA, kod="tva"), BESLUT)],
            ["Två olika modeller har koden tva 2024"],
        ),
    ],
)
def test_ett_undantag_som_inte_haller_vagras(alla_undantag: list[Undantag], alla_ord: list[str]) -> None:
    with pytest.raises(Fordelningsfel) as fel:
        fordela_rader(ar2024(*alla_undantag))
    assert [ord_ for ord_ in alla_ord if ord_ not in str(fel.value)] == [], str(fel.value)


@pytest.mark.parametrize(
    ("rad", "ord_"),
    [
        (lambda: Rad("", "A", 1), "kod saknas"),
        (lambda: Rad("a", " ", 1), "namnet saknas"),
        (lambda: Rad("a", "A", 1.5), "helt antal öre"),
        (lambda: Rad("a", "A", True), "helt antal öre"),
        (lambda: Rad("a", "A", 10**14), "orimligt"),
        (
            lambda: fordela_rader(ar2024(rader=(Rad("a", "A", 1), Rad("a", "B", 2)))),
            "Raden a förekommer två gånger 2024",
        ),
    ],
)
def test_en_felaktig_rad_vagras(rad: Any, ord_: str) -> None:
    with pytest.raises(Fordelningsfel, match=ord_):
        rad()


# --- Whole kronor, credits, odd years -------------------------------------------------------------------------------


def test_hela_kronor_lagger_radernas_oren_hos_regionen() -> None:
    rader = tuple(replace(rad, belopp=rad.belopp + nummer * 31) for nummer, rad in enumerate(RADER_2024, start=1))
    ars = ar2024(rader=rader, standard=replace(STANDARD, enhet="krona"))
    ett = matris(fordela_rader(ars))
    gar_ihop(ett, ars)
    assert (ett.enhet_ore, ett.kontrollerad) == (100, True)
    for rad in ett.rader:
        assert rad.celler[0] % 100 == rad.belopp % 100
        assert all(cell % 100 == 0 for cell in rad.celler[1:])


def test_hela_kronor_utan_region_som_kan_bara_dem_ger_rutor_i_ore() -> None:
    bara_kommuner = Stegmodell("k", "kommunerna", grupper(0, 1), "krona")
    rader = (Rad("a", "A", 100_50), Rad("b", "B", 199_50))
    ars = Arsunderlag(rader, bara_kommuner, underlag(3, 2, 1, region=False))
    utan_region = replace(bara_kommuner, grupper=(bara_kommuner.grupper[1],))
    ars = replace(ars, standard=utan_region)
    ett = matris(fordela_rader(ars))
    gar_ihop(ett, ars)
    assert (ett.enhet_ore, ett.summor) == (1, (150_00, 100_00, 50_00))


def test_rader_som_tar_ut_varandra() -> None:
    rader = (Rad("a", "A", 1_000), Rad("b", "B", -1_000))
    ars = ar2024(rader=rader)
    ett = matris(fordela_rader(ars))
    gar_ihop(ett, ars)
    assert set(ett.summor) == {0}
    assert ett.rader[0].celler[0] == 500
    assert matris(fordela_rader(ar2024(rader=(Rad("a", "A", 0),)))).storsta_avvikelse == 0


def test_ett_ar_utan_rader() -> None:
    svar = fordela_rader(ar2024(rader=()))
    assert set(svar.andelar.values()) == {0}
    assert matris(svar).rader == ()


def test_ett_golv_som_bara_den_avrundade_delen_racker_till() -> None:
    """The group's exact half is 1.5 öre and its rounded one 2, as the minimum asks: the cells follow the rounded."""
    tva = (
        Grupp("a", "a", 1, ("kommun",), (Led(LIKA),), ("1200",)),
        Grupp("b", "b", 1, ("kommun",), (Led(LIKA),), ("1201",)),
    )
    golv = Stegmodell("g", "golv", tva, alla_villkor=(Golv("1200", 2, "gruppen", GRUND),))
    ars = Arsunderlag((Rad("a", "A", 1), Rad("b", "B", 2)), golv, underlag(5, 3, region=False))
    with pytest.raises(Fordelningsfel):
        exakta_andelar(3, golv, ars.underlag)
    ett = matris(fordela_rader(ars))
    gar_ihop(ett, ars)
    assert ett.summor == (2, 1)


def test_nar_alla_rutor_inte_kan_avrundas_nedat_eller_uppat_sags_det() -> None:
    """Two models, each of equal parts, give the first an öre more twice; exactly equal areas must bend."""
    andra = Stegmodell("andra", "andra", grupper(0, 1, Led(LIKA))[1:])
    rader = (Rad("a", "A", 1), Rad("a1", "a1", 3, "a"), Rad("b", "B", 0), Rad("b1", "b1", 2, "b"))
    undantag = (Undantag("a1", andra, BESLUT), Undantag("b1", andra, BESLUT))
    ars = Arsunderlag(rader, replace(andra, kod="forsta"), underlag(1, 1, region=False), undantag)
    ett = matris(fordela_rader(ars))
    gar_ihop(ett, ars)
    assert ett.summor == (4, 2)
    assert (ett.storsta_avvikelse, ett.dar, ett.kontrollerad) == (1, ("a", "1200"), False)
    assert ett.besked == (
        "Rader och kolumner går ihop på öret, men alla rutor kan inte samtidigt vara sitt exakta värde avrundat nedåt"
        " eller uppåt till hela ören. Störst är avvikelsen för Kommun 0 i A, 0,01\u00a0kr; mindre går den inte att"
        " göra."
    )


# --- Every kind of model --------------------------------------------------------------------------------------------


@galler_alltid(alla_fall(), st.lists(st.integers(0, 10**7), min_size=1, max_size=5), st.booleans())
def test_tabellen_gar_ihop_for_varje_modell(fall: Fall, belopp: list[int], med_undantag: bool) -> None:
    rader = tuple(Rad(f"r{nummer}", f"Rad {nummer}", ett) for nummer, ett in enumerate((abs(fall.total), *belopp)))
    annan = Stegmodell("annan", "annan", grupper(0, 1), fall.modell.enhet)
    undantag = (Undantag("r1", annan, BESLUT),) if med_undantag else ()
    ars = Arsunderlag(rader, fall.modell, fall.underlag, undantag)
    try:
        svar = fordela_rader(ars)
    except Fordelningsfel:
        assume(False)
        raise
    assert sum(svar.andelar.values()) == sum(svar.betalar.values()) == ars.total
    ett = matris(svar)
    gar_ihop(ett, ars)
    assert med_undantag or ett.storsta_avvikelse < 2 * ett.enhet_ore
    omkastat = replace(ars, rader=rader[::-1])
    assert matris(fordela_rader(omkastat)) == ett


def test_varje_ruta_ar_inom_ett_ore_av_radens_exakta_del() -> None:
    """Against the exact parts computed here, on the default: the cells of a model are its rows times its parts."""
    for total in (1, 3, 101, 999_999_999):
        rader = (Rad("a", "A", total), Rad("b", "B", 7 * total), Rad("c", "C", 0))
        ett = matris(fordela_rader(ar2024(rader=rader)))
        for rad in ett.rader:
            for part, cell in zip(ett.parter, rad.celler, strict=True):
                del_ = Fraction(1, 2) if part.kod == "12" else Fraction(FAKTA.vikter[INVANARE][part.kod], 2 * 1_414_324)
                assert abs(cell - rad.belopp * del_) < 1
