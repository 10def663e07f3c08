"""Controlled rounding: exact rows and columns, cells by their exact values, and the least deviation where not."""

import itertools
import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import pytest

from budget.fordelning import fordela
from budget.harledning import avkortat
from budget.matris import Heltalsmatris, Tal, avrunda_matris

SIDAN = (
    (Path(__file__).parents[1] / "docs" / "kostnadsfordelning.md").read_text(encoding="utf-8").replace("\u00a0", " ")
)
Matris = tuple[list[list[Fraction]], list[int], list[int]]


def en_modell(fro: int, *, storst: int = 10**8) -> Matris:
    """Rows of one model: parts in proportion to weights, columns by largest remainder on the whole."""
    slump = random.Random(fro)
    vikter = [slump.choice([0, slump.randint(1, 400_000)]) for _ in range(slump.randint(1, 40))]
    vikter[0] += 1
    rader = [slump.choice([0, slump.randint(0, storst)]) for _ in range(slump.randint(1, 12))]
    kolumner = fordela(sum(rader), {f"{k:03d}": vikt for k, vikt in enumerate(vikter)})
    exakt = [[Fraction(belopp * vikt, sum(vikter)) for vikt in vikter] for belopp in rader]
    return exakt, rader, list(kolumner.values())


def delade_omraden(fro: int, storst: int) -> Matris:
    """Areas whose money is split by two or three models: the columns are sums of each model's own rounding."""
    slump = random.Random(fro)
    bredd, hojd = slump.randint(2, 5), slump.randint(2, 4)
    exakt = [[Fraction(0)] * bredd for _ in range(hojd)]
    rader, kolumner = [0] * hojd, [0] * bredd
    for _ in range(slump.randint(2, 3)):
        vikter = [slump.choice([0, slump.randint(1, 9)]) for _ in range(bredd)]
        vikter[slump.randrange(bredd)] += 1
        belopp = [slump.randint(0, storst) for _ in range(hojd)]
        delar = fordela(sum(belopp), {f"{k:03d}": vikt for k, vikt in enumerate(vikter)})
        kolumner = [summa + delar[f"{k:03d}"] for k, summa in enumerate(kolumner)]
        for r, rad in enumerate(belopp):
            exakt[r] = [varde + Fraction(rad * vikt, sum(vikter)) for varde, vikt in zip(exakt[r], vikter, strict=True)]
            rader[r] += rad
    return exakt, rader, kolumner


def gar_ihop(matris: Heltalsmatris, exakt: Tal, rader: Sequence[int], kolumner: Sequence[int]) -> None:
    assert [sum(rad) for rad in matris.celler] == list(rader)
    assert [sum(kolumn) for kolumn in zip(*matris.celler, strict=True)] == list(kolumner)
    avvikelser = {
        (r, k): abs(matris.celler[r][k] - varde) for r, rad in enumerate(exakt) for k, varde in enumerate(rad)
    }
    assert matris.storsta == max(avvikelser.values())
    assert matris.plats is None or avvikelser[matris.plats] == matris.storsta
    assert matris.kontrollerad == (matris.storsta < 1)
    for r, k in avvikelser:
        assert exakt[r][k] or not matris.celler[r][k], "en ruta utan del har fått något"


def storsta_av_500() -> Fraction:
    """The largest deviation in 500 random tables of one model, each of them checked."""
    storsta = Fraction(0)
    for fro in range(500):
        exakt, rader, kolumner = en_modell(fro, storst=[1, 5, 1000, 10**8][fro % 4])
        matris = avrunda_matris(exakt, rader, kolumner)
        gar_ihop(matris, exakt, rader, kolumner)
        storsta = max(storsta, matris.storsta)
    return storsta


def test_500_slumpade_fall_av_en_modell_gar_ihop_inom_en_enhet() -> None:
    storsta = storsta_av_500()
    assert storsta < 1
    assert f"största avvikelsen {avkortat(storsta, 4)} öre" in SIDAN


def test_500_slumpade_fall_av_omraden_med_flera_modeller_gar_ihop() -> None:
    utanfor = 0
    for fro in range(500):
        exakt, rader, kolumner = delade_omraden(fro, [1, 2, 5, 1000][fro % 4])
        matris = avrunda_matris(exakt, rader, kolumner)
        gar_ihop(matris, exakt, rader, kolumner)
        assert matris.storsta < 2
        utanfor += not matris.kontrollerad
    assert 0 < utanfor < 10, "båda sorterna ska prövas, och att det inte går är sällsynt"


# --- Where rounding down or up is not enough ------------------------------------------------------------------------


def alla_matriser(lagst: Tal, hogst: Tal, rader: Sequence[int]) -> Iterator[list[tuple[int, ...]]]:
    """Every table of whole numbers within the limits with the right rows."""
    per_rad = [
        [
            rad
            for rad in itertools.product(*(range(int(a), int(b) + 1) for a, b in zip(l_, h_, strict=True)))
            if sum(rad) == summa
        ]
        for l_, h_, summa in zip(lagst, hogst, rader, strict=True)
    ]
    yield from map(list, itertools.product(*per_rad))


def basta_avvikelse(exakt: Tal, rader: Sequence[int], kolumner: Sequence[int]) -> Fraction:
    """The least largest deviation, by trying every table within two units."""
    lagst = [[Fraction(ceil(v - 2)) if v else Fraction(0) for v in rad] for rad in exakt]
    hogst = [[Fraction(floor(v + 2)) if v else Fraction(0) for v in rad] for rad in exakt]
    return min(
        max(
            abs(cell - v)
            for rad, varden in zip(matris, exakt, strict=True)
            for cell, v in zip(rad, varden, strict=True)
        )
        for matris in alla_matriser(lagst, hogst, rader)
        if [sum(kolumn) for kolumn in zip(*matris, strict=True)] == list(kolumner)
    )


def test_den_minsta_storsta_avvikelsen_ar_minst_av_alla() -> None:
    """Against every possible table, where no table is within one unit."""
    provade = 0
    for fro in range(4000):
        slump = random.Random(fro)
        hojd, bredd = slump.choice([(2, 2), (2, 3), (3, 2)])
        exakt = [[Fraction(slump.randint(0, 8), slump.choice([1, 2, 4])) for _ in range(bredd)] for _ in range(hojd)]
        for rad in exakt:
            rad[-1] += ceil(sum(rad)) - sum(rad)
        rader = [int(sum(rad)) for rad in exakt]
        kolumner = [round(sum(kolumn)) + slump.choice([0, 0, 1, -1]) for kolumn in zip(*exakt, strict=True)]
        kolumner[0] += sum(rader) - sum(kolumner)
        matris = avrunda_matris(exakt, rader, kolumner)
        if matris.kontrollerad or matris.storsta > 2 or any(not v for rad in exakt for v in rad):
            continue
        gar_ihop(matris, exakt, rader, kolumner)
        assert matris.storsta == basta_avvikelse(exakt, rader, kolumner)
        provade += 1
    assert provade > 200


def test_hela_varden_far_flytta_sig_nar_inget_annat_gar() -> None:
    ett = [[Fraction(1), Fraction(1)], [Fraction(1), Fraction(1)]]
    matris = avrunda_matris(ett, [2, 2], [3, 1])
    assert (matris.storsta, matris.kontrollerad) == (1, False)
    gar_ihop(matris, ett, [2, 2], [3, 1])


def test_en_ruta_utan_del_forblir_tom_om_det_gar() -> None:
    nolla = [[Fraction(0), Fraction(3)], [Fraction(2), Fraction(2)]]
    matris = avrunda_matris(nolla, [3, 4], [3, 4])
    assert matris.celler == ((0, 3), (3, 1))
    bara_nollor = [[Fraction(0), Fraction(3)], [Fraction(0), Fraction(4)]]
    matris = avrunda_matris(bara_nollor, [3, 4], [1, 6])
    assert (matris.storsta, [sum(kolumn) for kolumn in zip(*matris.celler, strict=True)]) == (1, [1, 6])


def test_negativa_rader_och_kolumner() -> None:
    exakt = [[Fraction(-1, 2), Fraction(-1, 2)], [Fraction(3, 2), Fraction(3, 2)]]
    matris = avrunda_matris(exakt, [-1, 3], [1, 1])
    gar_ihop(matris, exakt, [-1, 3], [1, 1])
    assert matris.kontrollerad


def test_en_tom_matris() -> None:
    assert avrunda_matris([], [], [0, 0]) == Heltalsmatris((), Fraction(0), None, kontrollerad=True)


@pytest.mark.parametrize(("rader", "kolumner"), [([2, 1], [2, 1]), ([1, 1], [2, 1])], ids=["fel rad", "olika summor"])
def test_summor_som_inte_stammer_vagras(rader: list[int], kolumner: list[int]) -> None:
    halv = Fraction(1, 2)
    with pytest.raises(ValueError, match="do not agree"):
        avrunda_matris([[halv, halv], [halv, halv]], rader, kolumner)
