"""docs/kostnadsfordelning.md on models of steps: every number in its tables, and its example file, recomputed."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from budget.belopp import visa_kr, visa_tecken
from budget.effekter import effekter
from budget.harledning import avkortat
from budget.indata import las_indata
from budget.radfordelning import Arsunderlag, fordela_rader, matris
from budget.stegfordelning import fordela_stegvis, stegmodell_av, underlag_av
from budget.stegkvoter import Kvoter
from budget.stegmodell import Faktor, Golv, Led, Nyckel, Stegmodell, Tak, Villkor
from tests.data_skane import PARTER_2022, TOTAL_2024, modell
from tests.stegfall import GRUND, LIKA, grupper
from tests.test_effekter import AR_2023, AR_2024
from tests.test_fordelning_dok import SIDAN, tabell
from tests.test_radfordelning import ar2024

FAKTA = underlag_av(PARTER_2022, date(2022, 12, 31), 2024)
INVANARE = Nyckel("invanare", date(2022, 12, 31))


def exempel() -> Arsunderlag:
    (filen,) = re.findall(r"```json\n(.*?)```", SIDAN, flags=re.DOTALL)
    return las_indata(filen)


def kr(ore: Fraction) -> str:
    return avkortat(ore / 100, 4)


def test_varje_steg_i_rakneexemplet() -> None:
    svar = fordela_rader(exempel()).delar[0].fordelning
    kvoter = svar.grupper[1].kvoter
    assert kvoter.faktor and kvoter.granser
    kolumner: dict[str, Kvoter] = {
        "grundbelopp, kr": kvoter.grundbelopp,
        "lika, kr": kvoter.alla_led[0].kvoter,
        "per invånare, kr": kvoter.alla_led[1].kvoter,
        "summa, kr": kvoter.nyckel,
        "efter faktorn, kr": kvoter.faktor.kvoter,
        "efter taket, kr": kvoter.granser.kvoter,
    }
    *rader, summa = tabell("Räkneexempel i steg")
    assert {rad["kod"] for rad in rader} == set(svar.andelar)
    for rad in rader:
        delat = svar.rad(rad["kod"])
        assert (rad["huvudman"], rad["andel, kr"], rad["betalar, kr"]) == (
            delat.namn,
            visa_kr(delat.andel),
            visa_kr(delat.betalar),
        )
        if rad["kod"] != "12":
            assert {namn: rad[namn] for namn in kolumner} == {namn: kr(q[rad["kod"]]) for namn, q in kolumner.items()}
            (medlem,) = [m for m in svar.grupper[1].underlag.medlemmar if m.part.kod == rad["kod"]]
            assert rad["dagar"] == str(medlem.dagar)
    assert summa["andel, kr"] == summa["betalar, kr"] == visa_kr(svar.total)
    buret = svar.rad("12").buret[0][1]
    assert f"regionen bär {visa_kr(buret)}\u00a0kr" in SIDAN


def test_exempelfilens_svar() -> None:
    svar = fordela_rader(exempel())
    *rader, summa = tabell("Prova en modell ur en fil")
    assert {rad["kod"]: (rad["andel, kr"], rad["betalar, kr"]) for rad in rader} == {
        kod: (visa_kr(andel), visa_kr(svar.betalar[kod])) for kod, andel in svar.andelar.items()
    }
    assert summa["andel, kr"] == visa_kr(svar.ars.total)


def _med(*villkor: Villkor, **andringar: Any) -> Stegmodell:
    return replace(stegmodell_av(modell()), alla_villkor=villkor, **andringar)


def _nyckel(*alla_led: Led, grundbelopp: int = 0) -> Stegmodell:
    return _med(grupper=grupper(1, 1, *alla_led, grundbelopp=grundbelopp))


def _andel(procent: int, nyckel: Nyckel) -> Led:
    return Led(nyckel, Fraction(procent, 100))


VARIANTER: dict[str, Callable[[], Stegmodell]] = {
    "per invånare": _med,
    "lika för alla": lambda: _nyckel(Led(LIKA)),
    "30 % lika och 70 % per invånare": lambda: _nyckel(_andel(30, LIKA), _andel(70, INVANARE)),
    "75 % per invånare och 25 % lika": lambda: _nyckel(_andel(75, INVANARE), _andel(25, LIKA)),
    "10 000 kr var och resten per invånare": lambda: _nyckel(Led(INVANARE), grundbelopp=10_000_00),
    "Perstorp betalar hälften, gruppen bär": lambda: _med(Faktor("1275", Fraction(1, 2), "gruppen", GRUND)),
    "Perstorp betalar hälften, regionen bär": lambda: _med(Faktor("1275", Fraction(1, 2), "regionen", GRUND)),
    "Malmö befriat, gruppen bär": lambda: _med(Faktor("1280", 0, "gruppen", GRUND)),
    "tak 200 000 kr för Malmö, gruppen bär": lambda: _med(Tak("1280", 200_000_00, "gruppen", GRUND)),
    "tak 200 000 kr för Malmö, regionen bär": lambda: _med(Tak("1280", 200_000_00, "regionen", GRUND)),
    "golv 10 000 kr för Perstorp, gruppen vinner": lambda: _med(Golv("1275", 10_000_00, "gruppen", GRUND)),
    "golv 10 000 kr för Perstorp, regionen vinner": lambda: _med(Golv("1275", 10_000_00, "regionen", GRUND)),
}


def utfall(namn: str) -> dict[str, int]:
    return fordela_stegvis(TOTAL_2024, VARIANTER[namn](), FAKTA).andelar


def test_alla_varianter_star_i_tabellen() -> None:
    assert [rad["modell"] for rad in tabell("Nycklar, blandningar och villkor")] == list(VARIANTER)


@pytest.mark.parametrize("rad", tabell("Nycklar, blandningar och villkor"), ids=lambda rad: rad["modell"])
def test_nycklar_blandningar_och_villkor(rad: dict[str, str]) -> None:
    andelar = utfall(rad["modell"])
    assert rad["Region Skåne, kr"] == visa_kr(andelar["12"])
    assert rad["Malmö stad, kr"] == visa_kr(andelar["1280"])
    assert rad["Perstorps kommun, kr"] == visa_kr(andelar["1275"])


def test_omrade_gang_huvudman() -> None:
    ett = matris(fordela_rader(ar2024()))
    plats = {part.kod: k for k, part in enumerate(ett.parter)}
    *rader, summa = tabell("Insatsområde × huvudman")
    assert [rad["kod"] for rad in rader] == [rad.kod for rad in ett.rader]
    alla = [(rad.celler, rad.belopp) for rad in ett.rader] + [(ett.summor, TOTAL_2024)]
    kolumner = ("Region Skåne, kr", "Malmö stad, kr", "Perstorps kommun, kr", "övriga 31, kr", "summa, kr")
    for rad, (celler, belopp) in zip([*rader, summa], alla, strict=True):
        egna = [celler[plats[kod]] for kod in ("12", "1280", "1275")]
        vantat = (*egna, sum(celler) - sum(egna), belopp)
        assert [rad[kolumn] for kolumn in kolumner] == [visa_kr(ore) for ore in vantat]


def test_effekterna_for_alla_34() -> None:
    svar = effekter(AR_2023, AR_2024)
    *rader, summa = tabell("Varför andelen ändras")
    assert [
        (rad["kod"], rad["2023, kr"], rad["budgeteffekt, kr"], rad["befolkningseffekt, kr"], rad["modelleffekt, kr"])
        for rad in rader
    ] == [
        (e.kod, visa_kr(e.fore), visa_tecken(e.budget), visa_tecken(e.befolkning), visa_tecken(e.modell))
        for e in svar.rader
    ]
    assert [rad["2024, kr"] for rad in rader] == [visa_kr(e.nu) for e in svar.rader]
    assert summa["budgeteffekt, kr"] == visa_tecken(-550_000_00)
    assert summa["befolkningseffekt, kr"] == summa["modelleffekt, kr"] == visa_tecken(0)


def test_schemat_beskriver_varje_falt_i_exemplet() -> None:
    (filen,) = re.findall(r"```json\n(.*?)```", SIDAN, flags=re.DOTALL)

    def falt(varde: Any) -> set[str]:
        if isinstance(varde, list):
            return set().union(*map(falt, varde))
        if not isinstance(varde, dict):
            return set()
        # Codes are keys of their own under varden and tabell.
        delar = [falt(under) for namn, under in varde.items() if namn not in ("varden", "tabell")]
        return set(varde).union(*delar)

    beskrivna = set().union(*(re.findall(r"`(\w+)`", " ".join(rad.values())) for rad in tabell("Schemat")))
    assert falt(json.loads(filen)) - beskrivna == set()
