"""The explanation of a share by steps: its arithmetic is redone from its own text, as a controller would."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume

from budget.belopp import visa_kr
from budget.fordelning import Fordelningsfel
from budget.harledning import Steg
from budget.stegfordelning import Stegfordelning, fordela_stegvis, stegmodell_av, underlag_av
from budget.stegharledning import harled, harled_alla, numrerad
from budget.stegmodell import Betalare, Faktor, Giltighet, Golv, Grund, Led, Stegmodell, Tak, Underlag
from tests.data_skane import PARTER_2022, TOTAL_2024, modell
from tests.invarianter import galler_alltid
from tests.stegfall import AR, BESLUT, GRUND, INVANARE, LIKA, REGIONEN, Fall, alla_fall, grupper, kommun, underlag

Spann = tuple[Fraction, Fraction]
TAL = r"\d{1,3}(?:\u00a0\d{3})*(?:,\d+)?…?"


# --- A pocket calculator that knows that "…" leaves digits out ------------------------------------------------------


class Raknare:
    """Works out ``a + b × (c / d)`` in intervals: a number with "…" is anything up to one more in its last digit."""

    def __init__(self, uttryck: str) -> None:
        self.delar = re.findall(rf"{TAL}|[-+−×/()]", uttryck)
        assert "".join(self.delar) == uttryck.replace(" ", ""), uttryck

    def raknat(self) -> Spann:
        svar = self._summa()
        assert not self.delar, self.delar
        return svar

    def _summa(self) -> Spann:
        lagst, hogst = self._produkt()
        while self.delar and self.delar[0] in "+−":
            tecken = 1 if self.delar.pop(0) == "+" else -1
            minst, mest = self._produkt()
            lagst, hogst = (lagst + minst, hogst + mest) if tecken > 0 else (lagst - mest, hogst - minst)
        return lagst, hogst

    def _produkt(self) -> Spann:
        a = self._faktor()
        while self.delar and self.delar[0] in "×/":
            ganger = self.delar.pop(0) == "×"
            b = self._faktor()
            assert ganger or b[0] > 0, "delning med något som kan vara noll"
            varden = [x * y if ganger else x / y for x in a for y in b]
            a = (min(varden), max(varden))
        return a

    def _faktor(self) -> Spann:
        del_ = self.delar.pop(0)
        if del_ == "(":
            svar = self._summa()
            assert self.delar.pop(0) == ")"
            return svar
        if del_ == "−":
            lagst, hogst = self._faktor()
            return -hogst, -lagst
        return spann(del_)


def spann(text: str) -> Spann:
    """The interval that a printed number stands for."""
    siffror = text.rstrip("…")
    varde = Fraction(siffror.replace("\u00a0", "").replace(",", "."))
    brak = siffror.partition(",")[2]
    return varde, varde + (Fraction(1, 10 ** len(brak)) if text.endswith("…") else 0)


def visat(text: str) -> Spann:
    """The interval of a result, "12,34… kr" or "25,2683… %"; the percentage is of one."""
    traff = re.fullmatch(rf"(−?)({TAL})(?:\u00a0(kr|%))?", text)
    assert traff, text
    lagst, hogst = spann(traff[2])
    if traff[3] == "%":
        lagst, hogst = lagst / 100, hogst / 100
    return (-hogst, -lagst) if traff[1] else (lagst, hogst)


def kontrollrakna(alla_steg: tuple[Steg, ...]) -> int:
    """Redo every step that is arithmetic; return how many they were. A step in words says something."""
    antal = 0
    for steg in alla_steg:
        if re.search(r"[a-zåäö]{3}", steg.uttryck):
            assert steg.uttryck.endswith("."), steg
            continue
        raknat, resultat = Raknare(steg.uttryck).raknat(), visat(steg.resultat)
        assert raknat[0] <= resultat[1] and resultat[0] <= raknat[1], steg
        assert raknat[1] - raknat[0] <= abs(raknat[1]) / 100 + Fraction(1, 100), steg
        antal += 1
    return antal


# --- The invariants -------------------------------------------------------------------------------------------------


@galler_alltid(alla_fall())
def test_varje_steg_gar_att_rakna_om_och_det_sista_ar_det_som_betalas(fall: Fall) -> None:
    try:
        svar = fordela_stegvis(*fall)
    except Fordelningsfel:
        assume(False)
        raise
    alla_steg = harled_alla(svar)
    assert alla_steg[svar.rader[-1].kod] == harled(svar, svar.rader[-1].kod)
    for rad in svar.rader:
        steg = alla_steg[rad.kod]
        assert kontrollrakna(steg) >= 1
        assert steg[-1].resultat == f"{visa_kr(rad.betalar)}\u00a0kr"
        assert f"{visa_kr(rad.andel)}\u00a0kr" in [ett.resultat for ett in steg]
        assert all(ett.rubrik and ett.uttryck and ett.resultat for ett in steg)
        kvoten_visas(svar, rad.kod, steg)
        extra_namns(svar, rad.kod, steg)


def kvoten_visas(svar: Stegfordelning, kod: str, steg: tuple[Steg, ...]) -> None:
    """Where the party's quota was rounded, the exact quota stands among the results before it."""
    nedat = [plats for plats, ett in enumerate(steg) if ett.rubrik.startswith("Avrundning nedåt")]
    if not nedat:
        return
    lagst, hogst = visat(steg[nedat[0] - 1].resultat)
    assert lagst <= abs(svar.rad(kod).exakt) / 100 <= hogst


def extra_namns(svar: Stegfordelning, kod: str, steg: tuple[Steg, ...]) -> None:
    """Those named as getting a unit more are just those that did."""
    utfall = svar.utfall(kod)
    for ett in steg:
        if utfall and "blir över" in ett.rubrik:
            traff = re.search(r"alltså (.*?)\. Resten", ett.uttryck)
            namngivna = set(re.split(r", | och ", traff[1])) if traff else set()
            kvoter = utfall.kvoter.slutliga | {"": utfall.kvoter.till_region}
            fick = {en for en, belopp in utfall.avrundat.items() if belopp > kvoter[en]}
            assert namngivna == {svar.rad(en).namn if en else "det som regionen bär" for en in fick}


# --- Examples -------------------------------------------------------------------------------------------------------


def las(svar: Stegfordelning, kod: str) -> list[str]:
    return [rad.replace("\u00a0", " ") for rad in numrerad(harled(svar, kod))]


def test_malmos_andel_2024() -> None:
    m = modell()
    svar = fordela_stegvis(TOTAL_2024, stegmodell_av(m), underlag_av(PARTER_2022, m.folkmangdsdatum, 2024))
    rader = las(svar, "1280")
    assert rader[:4] == [
        "1. Del för kommunerna: 1 750 000,00 × 1 / 2 = 875 000,00 kr.",
        "2. Andel av summan av antal invånare den 2022-12-31: 357 377 / 1 414 324 = 25,2683… %.",
        "3. Exakt kvot efter antal invånare den 2022-12-31: 875 000,00 × 357 377 / 1 414 324 = 221 098,471778… kr.",
        "4. Avrundning nedåt till hela öre: 221 098,47 kr. Resten är 0,1778… öre.",
    ]
    assert rader[4].endswith("Resten för Malmö stad är nummer 29 av 33.")
    assert rader[5] == "6. Malmö stad betalar: 221 098,47 + 0,00 = 221 098,47 kr."


def blandat() -> Stegfordelning:
    """Base amounts, a mixture, a factor half the year that the region carries, a cap, and a stand-in payer."""
    halvaret = Grund("skäl", BESLUT, Giltighet(None, date(2024, 6, 30)))
    led = (Led(LIKA, Fraction(1, 4)), Led(INVANARE, Fraction(3, 4)))
    ett = Stegmodell(
        "m",
        "prov",
        grupper(30, 70, *led, grundbelopp=10_000_00),
        alla_villkor=(
            Faktor("1200", Fraction(1, 2), "regionen", halvaret),
            Tak("1202", 250_000_00, "gruppen", GRUND),
            Betalare("1200", "1201", GRUND),
        ),
    )
    return fordela_stegvis(1_000_000_00, ett, underlag(7_442, 128_384, 357_377))


def test_blandning_grundbelopp_faktor_tak_och_betalare() -> None:
    assert las(blandat(), "1200") == [
        "1. Del för kommunerna: 1 000 000,00 × 70 / 100 = 700 000,00 kr.",
        "2. Grundbelopp: 10 000,00 = 10 000,00 kr.",
        "3. Grundbelopp för alla i kommunerna: 10 000,00 × 3 = 30 000,00 kr.",
        "4. Kvar att fördela efter nyckeln: 700 000,00 − 30 000,00 = 670 000,00 kr.",
        "5. Del som fördelas lika för alla: 670 000,00 × 0,25 = 167 500,00 kr.",
        "6. Andel av antalet parter: 1 / 3 = 33,3333… %.",
        "7. Exakt kvot lika för alla: 167 500,00 × 1 / 3 = 55 833,333333… kr.",
        "8. Del som fördelas efter antal invånare den 2022-12-31: 670 000,00 × 0,75 = 502 500,00 kr.",
        "9. Andel av summan av antal invånare den 2022-12-31: 7 442 / 493 203 = 1,5089… %.",
        "10. Exakt kvot efter antal invånare den 2022-12-31: 502 500,00 × 7 442 / 493 203 = 7 582,283562… kr.",
        "11. Summa av delarna: 10 000,00 + 55 833,333333… + 7 582,283562… = 73 415,616896… kr.",
        "12. Faktor för periodens dagar: (182 × 0,5 + 184 × 1) / 366 = 0,751366120218…",
        (
            "13. Kvot gånger faktor enligt Samverkansorganet 2023-05-12 § 14 (dnr 2023-77):"
            " 73 415,616896… × (275 / 366) = 55 162,007230… kr."
        ),
        (
            "14. De övriga i gruppen bär, på grund av golv och tak: 179 946,979235… kr."
            " Kommun 2 får 250 000,00 kr i stället för 429 946,979235… kr."
        ),
        "15. De övrigas kvoter tillsammans: 251 799,411098… + 179 946,979235… = 431 746,390334… kr.",
        "16. Kvot efter golv och tak: 55 162,007230… × 431 746,390334… / 251 799,411098… = 94 583,213683… kr.",
        "17. Avrundning nedåt till hela öre: 94 583,21 kr. Resten är 0,3683… öre.",
        (
            "18. Öre som blir över: 0,00 kr. När alla 4 kvoter har avrundats nedåt är 2 öre kvar till de 2 största"
            " resterna, alltså det som regionen bär och Kommun 1. Resten för Kommun 0 är nummer 3 av 4."
        ),
        "19. Andel för Kommun 0: 94 583,21 + 0,00 = 94 583,21 kr.",
        (
            "20. Kommun 0 betalar själv: 0,00 kr. Kommun 1 betalar andelen i stället, enligt Samverkansorganet"
            " 2023-05-12 § 14 (dnr 2023-77)."
        ),
    ]


def test_den_som_har_taket_den_som_betalar_at_en_annan_och_regionen() -> None:
    assert las(blandat(), "1202")[11] == (
        "12. Tak: 250 000,00 kr. Taket enligt Samverkansorganet 2023-05-12 § 14 (dnr 2023-77) gäller i stället för"
        " kvoten 429 946,979235… kr. Skillnaden bärs av de övriga i gruppen."
    )
    assert las(blandat(), "1201")[-1] == (
        "18. Kommun 1 betalar, även för Kommun 0: 337 163,18 + 94 583,21 = 431 746,39 kr."
    )
    assert las(blandat(), "12")[1:] == [
        (
            "2. Kvoten för Kommun 0 gånger den del som faktorn lägger på regionen: 73 415,616896… × (91 / 366)"
            " = 18 253,609665… kr."
        ),
        (
            "3. Region Skåne bär skillnaden: 18 253,61 kr. Skillnaden avrundas tillsammans med kvoterna i kommunerna,"
            " med största rest."
        ),
        "4. Region Skåne betalar: 300 000,00 + 18 253,61 = 318 253,61 kr.",
    ]


def test_kredit_i_kronor_med_nagon_som_ansluter_under_aret() -> None:
    parter = (REGIONEN, kommun(0), kommun(1), kommun(2), kommun(3, Giltighet(date(2024, 7, 1))))
    fakta = Underlag(AR, parter, {INVANARE: {"1200": 7_442, "1201": 128_384, "1202": 357_377, "1203": 999}})
    villkor = (Faktor("1200", Fraction(1, 2), "gruppen", GRUND), Tak("1202", 250_000_00, "regionen", GRUND))
    ett = Stegmodell("m", "prov", grupper(30, 70), "krona", alla_villkor=villkor)
    svar = fordela_stegvis(-1_000_000_51, ett, fakta)
    assert las(svar, "1203")[:4] == [
        (
            "1. Belopp utan minustecken: 1 000 000,51 kr. Beloppet är negativt. Räkna utan minustecknet och sätt"
            " tillbaka det i sista steget."
        ),
        "2. Hela kronor att dela (örena bärs av Region Skåne): 1 000 000,51 − 0,51 = 1 000 000,00 kr.",
        "3. Del för kommunerna: 1 000 000,00 × 70 / 100 = 700 000,00 kr.",
        "4. Vikt gånger dagar, antal invånare den 2022-12-31: 999 × 184 = 183 816.",
    ]
    assert las(svar, "1203")[-1] == "12. Kommun 3 får tillbaka: −(717,00 + 1,00) = −718,00 kr."
    assert las(svar, "12")[-1] == "6. Region Skåne får tillbaka: −(300 000,00 + 0,51 + 260 584,00) = −560 584,51 kr."


def test_golvet_lyfter_och_det_kommer_de_ovriga_till_godo() -> None:
    ett = Stegmodell("m", "prov", grupper(0, 1), alla_villkor=(Golv("1200", 50_00, "gruppen", GRUND),))
    svar = fordela_stegvis(100_00, ett, underlag(1, 9))
    assert las(svar, "1200")[3] == (
        "4. Golv: 50,00 kr. Golvet enligt Samverkansorganet 2023-05-12 § 14 (dnr 2023-77) gäller i stället för kvoten"
        " 10,00 kr. Skillnaden kommer de övriga i gruppen till godo."
    )
    assert las(svar, "1201")[3:6] == [
        (
            "4. De övriga i gruppen slipper, på grund av golv och tak: 40,00 kr."
            " Kommun 0 får 50,00 kr i stället för 10,00 kr."
        ),
        "5. De övrigas kvoter tillsammans: 90,00 − 40,00 = 50,00 kr.",
        "6. Kvot efter golv och tak: 90,00 × 50,00 / 90,00 = 50,00 kr.",
    ]


def test_den_som_inte_deltar_far_veta_det() -> None:
    ett = Stegmodell("m", "prov", (replace(grupper(0, 1)[1], endast=("1201",)),))
    svar = fordela_stegvis(100, ett, underlag(1, 9))
    assert las(svar, "1200") == [
        "1. Ingen egen andel: 0,00 kr. Kommun 0 deltar inte i modellen prov 2024.",
        "2. Kommun 0 betalar: 0,00 = 0,00 kr.",
    ]
    with pytest.raises(Fordelningsfel, match="0180 finns inte i fördelningen för 2024"):
        harled(svar, "0180")


def test_kontrollrakningen_ser_ett_fel() -> None:
    """The check above must be able to fail: one digit off in a result is found, and a sum that is wrong."""
    m = modell()
    svar = fordela_stegvis(TOTAL_2024, stegmodell_av(m), underlag_av(PARTER_2022, m.folkmangdsdatum, 2024))
    ratt = harled(svar, "1280")[2]
    assert kontrollrakna((ratt,)) == 1
    for resultat in (ratt.resultat.replace("1778…", "1779…"), ratt.resultat.replace("221", "222")):
        with pytest.raises(AssertionError):
            kontrollrakna((Steg(ratt.rubrik, ratt.uttryck, resultat),))
    assert Raknare("−(2,00 + 3,5 × (1 / 2))").raknat() == (Fraction("-3.75"), Fraction("-3.75"))
