"""The sentence that describes a model: one sentence, from the model alone, written as Swedes write."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from budget.modelltext import modelltext
from budget.stegfordelning import stegmodell_av
from budget.stegmodell import (
    Betalare,
    Deltagare,
    Faktor,
    Giltighet,
    Golv,
    Grund,
    Grupp,
    Led,
    Nyckel,
    Period,
    Stegmodell,
    Tak,
    Villkor,
    helar,
)
from tests.data_skane import modell
from tests.invarianter import galler_alltid
from tests.stegfall import BESLUT, GRUND, INLOGGNINGAR, INVANARE, LIKA, UNGA, Fall, alla_fall, grupper

ORE = "; varje belopp avrundas till hela ören."
KRONOR = "; varje belopp avrundas till hela kronor, och de ören som blir över bär regionen."
DELTAGARE = [
    Deltagare("1275", "Perstorps kommun", "kommun"),
    Deltagare("1280", "Malmö stad", "kommun"),
    Deltagare("1281", "Lunds kommun", "kommun"),
]
SJU = Fraction(7, 10)
TRE = Fraction(3, 10)


def text(*alla_grupper: Grupp, villkor: tuple[Villkor, ...] = ()) -> str:
    ett = Stegmodell("m", "prov", alla_grupper, alla_villkor=villkor)
    return modelltext(ett, DELTAGARE).replace("\u00a0", " ")


def test_standardmodellen() -> None:
    assert modelltext(stegmodell_av(modell())) == (
        "Kostnaden delas lika mellan regionen och kommunerna; kommunernas del fördelas efter antal invånare den"
        " 31 december 2022" + ORE
    )
    assert modelltext(stegmodell_av(modell(enhet="krona"))).endswith(KRONOR)


@pytest.mark.parametrize(
    ("region", "andra", "vantat"),
    [
        (30, 70, "delas så att regionen bär 30 % och kommunerna 70 %"),
        (1, 7, "delas så att regionen bär 12,5 % och kommunerna 87,5 %"),
        (1, 2, "delas så att regionen bär 1/3 och kommunerna 2/3"),
        (0, 1, "bärs helt av kommunerna; beloppet fördelas efter antal invånare"),
        (50, 50, "delas lika mellan regionen och kommunerna"),
    ],
)
def test_forhallandet_mellan_grupperna(region: int, andra: int, vantat: str) -> None:
    assert vantat in text(*grupper(region, andra))


def test_allt_pa_regionen_namner_inga_kommuner() -> None:
    assert text(*grupper(100, 0)) == "Kostnaden bärs helt av regionen" + ORE


@pytest.mark.parametrize(
    ("alla_led", "vantat"),
    [
        ([Led(LIKA)], "kommunernas del fördelas lika;"),
        ([Led(LIKA, TRE), Led(UNGA, SJU)], "till 30 % lika och till 70 % efter antal invånare 0–17 år den 31 december"),
        ([Led(INLOGGNINGAR)], "efter antal inloggningar 2023;"),
        ([Led(Nyckel("inkomst", period=helar(2022)))], "efter inkomst 2022;"),
        ([Led(Nyckel("tabell", tabell=(("1280", 1),)))], "efter en fast tabell;"),
        (
            [Led(Nyckel("tabell", vad="andel i bolaget", tabell=(("1280", 1),)))],
            "efter en fast tabell (andel i bolaget)",
        ),
        (
            [Led(Nyckel("anvandning", period=Period(date(2023, 9, 1), date(2024, 1, 31)), vad="ärenden"))],
            "efter antal ärenden från 1 september 2023 till 31 januari 2024;",
        ),
    ],
)
def test_nycklarna(alla_led: list[Led], vantat: str) -> None:
    assert vantat in text(*grupper(1, 1, *alla_led))


def test_grundbelopp_och_en_delmangd_av_kommunerna() -> None:
    norr = Grupp("norr", "de två", 1, ("kommun",), (Led(INVANARE),), ("1281", "1280"), 10_000_00)
    assert text(norr) == (
        "Kostnaden bärs helt av de två; av beloppet betalar var och en först 10 000 kr, och resten fördelas mellan"
        " Malmö stad och Lunds kommun efter antal invånare den 31 december 2022" + ORE
    )


def test_det_som_ar_beslutat_for_enskilda_parter() -> None:
    halva_aret = Grund("skäl", BESLUT, Giltighet(date(2024, 1, 1), date(2024, 6, 30)))
    villkor = (
        Faktor("1275", Fraction(1, 2), "regionen", GRUND),
        Faktor("1281", Fraction(1, 2), "regionen", GRUND),
        Faktor("1280", 0, "gruppen", halva_aret),
        Faktor("9999", Fraction(11, 10), "gruppen", GRUND),
        Golv("1275", 1_000_00, "gruppen", GRUND),
        Tak("1280", 200_000_50, "regionen", GRUND),
        Betalare("1275", "1280", GRUND),
    )
    assert text(*grupper(1, 1), villkor=villkor).split("; ")[2:-1] == [
        "Perstorps kommun och Lunds kommun betalar hälften av sin del, och regionen bär skillnaden",
        (
            "Malmö stad betalar inget från och med 1 januari 2024 till och med 30 juni 2024, och de övriga i gruppen"
            " bär skillnaden"
        ),
        "9999 betalar 110 % av sin del, till förmån för de övriga i gruppen",
        "Perstorps kommun betalar minst 1 000 kr, till förmån för de övriga i gruppen",
        "Malmö stad betalar högst 200 000,50 kr, och regionen bär resten",
        "för Perstorps kommun betalar Malmö stad",
    ]


@galler_alltid(alla_fall())
def test_det_ar_alltid_en_mening_om_alla_som_har_nagot_beslutat(fall: Fall) -> None:
    mening = modelltext(fall.modell, fall.underlag.parter)
    assert mening[0].isupper()
    assert mening.endswith(".")
    assert ". " not in mening
    assert "  " not in mening
    for villkor in fall.modell.alla_villkor:
        assert fall.underlag.part(villkor.kod).namn in mening
    for grupp in fall.modell.grupper:
        assert not grupp.andel or grupp.namn in mening


def test_en_annan_modell_ger_en_annan_mening() -> None:
    m = Stegmodell("m", "prov", grupper(1, 1))
    varianter = {
        modelltext(ett)
        for ett in (m, replace(m, enhet="krona"), replace(m, grupper=grupper(1, 3)), replace(m, namn="annan"))
    }
    assert len(varianter) == 3
