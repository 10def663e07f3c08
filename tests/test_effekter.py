"""Why a share changes: budget, population and model, telescoping over rounded shares so that they sum to the öre."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from budget.effekter import Effekt, dela_upp, effekter
from budget.fordelning import Fordelningsfel, Part, fordela_plan
from budget.radfordelning import Arsunderlag, Rad, Undantag, fordela_rader
from budget.stegfordelning import stegmodell_av, underlag_av
from budget.stegmodell import Faktor, Giltighet, Golv, Grund, Led, Nyckel, Stegmodell, Underlag, helar
from tests.data_skane import KOMMUNER, PARTER_2021, PARTER_2022, modell
from tests.invarianter import galler_alltid
from tests.stegfall import BESLUT, GRUND, INVANARE, LIKA, Fall, alla_fall, grupper, kommun, underlag

ETT = Rad("a", "A", 2_300_000_00)
TVA = Rad("a", "A", 1_750_000_00)
DAGEN_21, DAGEN_22 = date(2021, 12, 31), date(2022, 12, 31)


def ar(rad: Rad, parter: tuple[Part, ...], datum: date, budgetar: int, m: Stegmodell | None = None) -> Arsunderlag:
    return Arsunderlag((rad,), m or stegmodell_av(modell(datum=datum)), underlag_av(parter, datum, budgetar))


AR_2023 = ar(ETT, PARTER_2021, DAGEN_21, 2023)
AR_2024 = ar(TVA, PARTER_2022, DAGEN_22, 2024)


def test_malmo_2023_till_2024() -> None:
    assert effekter(AR_2023, AR_2024).rad("1280") == Effekt(
        "1280", "Malmö stad", 288_437_06, -68_974_08, 1_635_49, 0, 221_098_47
    )


def test_alla_34_summerar_exakt_och_varje_steg_ar_en_egen_fordelning() -> None:
    svar = effekter(AR_2023, AR_2024)
    assert svar.anmarkningar == ()
    assert [rad.kod for rad in svar.rader] == ["12", *(kod for kod, *_ in KOMMUNER)]
    fore = fordela_plan(2_300_000_00, PARTER_2021, modell(datum=DAGEN_21))
    ny_budget = fordela_plan(1_750_000_00, PARTER_2021, modell(datum=DAGEN_21))
    nu = fordela_plan(1_750_000_00, PARTER_2022, modell())
    for rad in svar.rader:
        ett, tva, tre = (delad.andel(rad.kod).belopp for delad in (fore, ny_budget, nu))
        assert (rad.fore, rad.budget, rad.befolkning, rad.modell, rad.nu) == (ett, tva - ett, tre - tva, 0, tre)
        assert rad.fore + rad.budget + rad.befolkning + rad.modell == rad.nu
    assert sum(rad.budget for rad in svar.rader) == -550_000_00
    assert sum(rad.befolkning for rad in svar.rader) == 0


def test_en_ny_modell_far_sin_egen_effekt() -> None:
    ny = replace(stegmodell_av(modell()), grupper=grupper(30, 70, Led(INVANARE)))
    svar = effekter(AR_2023, replace(AR_2024, standard=ny))
    assert svar.rad("1280") == Effekt(
        "1280", "Malmö stad", 288_437_06, -68_974_08, 1_635_49, 309_537_86 - 221_098_47, 309_537_86
    )
    assert sum(rad.modell for rad in svar.rader) == 0


def test_det_lagrade_beslutet_ar_utgangspunkten() -> None:
    lagrat = dict(fordela_rader(AR_2023).andelar) | {"1280": 288_437_07, "1281": 0}
    svar = effekter(AR_2023, AR_2024, lagrat)
    assert svar.rad("1280").fore == 288_437_07
    assert svar.rad("1280").budget == -68_974_09
    assert svar.rad("1281").fore == 0


def test_ett_undantag_som_tillkommer_ar_modelleffekt_och_nya_rader_budget() -> None:
    fore = replace(AR_2023, rader=(Rad("a", "A", 1_000_000_00),))
    tva = Stegmodell("lika", "lika", grupper(0, 1, Led(LIKA)))
    rader = (Rad("a", "A", 1_000_000_00), Rad("b", "B", 330_000_00))
    nu = replace(AR_2024, rader=rader, alla_undantag=(Undantag("b", tva, BESLUT),))
    malmo = effekter(fore, nu).rad("1280")
    utan = fordela_plan(1_330_000_00, PARTER_2022, modell()).andel("1280").belopp
    assert malmo.fore + malmo.budget + malmo.befolkning == utan
    assert malmo.nu == fordela_rader(nu).andelar["1280"]


def test_ett_undantag_vars_rad_ar_borta_raknas_inte() -> None:
    tva = Stegmodell("lika", "lika", grupper(0, 1, Led(LIKA)))
    fore = replace(AR_2023, rader=(ETT, Rad("b", "B", 100_00)), alla_undantag=(Undantag("b", tva, BESLUT),))
    svar = effekter(fore, AR_2024)
    assert svar.anmarkningar == ()
    assert svar.rad("1280").nu == 221_098_47


def test_en_part_som_ansluter_har_noll_fore_och_modelleffekt() -> None:
    fore = Arsunderlag((ETT,), Stegmodell("m", "m", grupper(1, 1)), underlag(2, 1))
    ny = underlag(2, 1, 1)
    nu = Arsunderlag((ETT,), fore.standard, replace(ny, period=helar(2025)))
    svar = effekter(fore, nu)
    tillkommen = svar.rad("1202")
    assert (tillkommen.fore, tillkommen.budget, tillkommen.befolkning) == (0, 0, 0)
    assert tillkommen.modell == tillkommen.nu == 28_750_000
    borta = effekter(nu, replace(fore, underlag=replace(fore.underlag, period=helar(2026)))).rad("1202")
    assert (borta.fore, borta.modell, borta.nu) == (28_750_000, -28_750_000, 0)


def test_en_nyckel_utan_nya_uppgifter_anvands_och_det_sags() -> None:
    inloggningar = Nyckel("anvandning", period=helar(2022), vad="inloggningar")
    fakta = underlag(2, 1)
    gammal = Stegmodell("m", "m", grupper(0, 1, Led(inloggningar)))
    fore = Arsunderlag((ETT,), gammal, replace(fakta, vikter={inloggningar: {"1200": 1, "1201": 1}}))
    nu = Arsunderlag((ETT,), Stegmodell("n", "n", grupper(0, 1)), replace(fakta, period=helar(2025)))
    svar = effekter(fore, nu)
    assert svar.anmarkningar == ("Uppgift om inloggningar 2022 har ingen motsvarighet för 2025; den används.",)
    assert svar.rad("1200").befolkning == 0
    assert svar.rad("1200").modell == 153_333_333 - 115_000_000


def test_nyckeln_som_det_nya_aret_anvander_gar_fore_en_nyare() -> None:
    """Figures for three dates lie at hand; the new model's own date is the one that the old key is moved to."""
    nyare = Nyckel("invanare", date(2023, 12, 31))
    m = Stegmodell("m", "m", grupper(0, 1, Led(Nyckel("invanare", DAGEN_21))))
    fore = Arsunderlag(
        (ETT,), m, replace(underlag(1, 1), vikter={Nyckel("invanare", DAGEN_21): {"1200": 1, "1201": 1}})
    )
    vikter = {nyare: {"1200": 9, "1201": 1}, INVANARE: {"1200": 3, "1201": 1}}
    i_bruk = Arsunderlag((ETT,), Stegmodell("m", "m", grupper(0, 1)), replace(underlag(3, 1), vikter=vikter))
    assert effekter(fore, i_bruk).rad("1200").befolkning == 172_500_000 - 115_000_000
    ingen_i_bruk = replace(i_bruk, standard=Stegmodell("m", "m", grupper(0, 1, Led(LIKA))))
    assert effekter(fore, ingen_i_bruk).rad("1200").befolkning == 207_000_000 - 115_000_000


def test_ett_steg_som_inte_gar_att_rakna_ingar_i_nasta_och_det_sags() -> None:
    golv = Golv("1200", 200_000_000, "gruppen", GRUND)
    fore = Arsunderlag((ETT,), Stegmodell("m", "m", grupper(0, 1), alla_villkor=(golv,)), underlag(1, 1))
    nu = Arsunderlag((TVA,), Stegmodell("m", "m", grupper(0, 1)), replace(underlag(3, 1), period=helar(2025)))
    svar = effekter(fore, nu)
    assert len(svar.anmarkningar) == 2
    assert svar.anmarkningar[0].startswith(
        "Steget för budgeteffekten kan inte räknas för sig och ingår i nästa: Golven"
    )
    rad = svar.rad("1200")
    assert (rad.fore, rad.budget, rad.befolkning) == (200_000_000, 0, 0)
    assert rad.modell == rad.skillnad == 131_250_000 - 200_000_000


def test_villkor_som_bara_gallde_forra_aret_hor_till_modellen() -> None:
    forra = Grund("skäl", BESLUT, Giltighet(None, date(2024, 12, 31)))
    m = Stegmodell("m", "m", grupper(0, 1), alla_villkor=(Faktor("1200", Fraction(1, 2), "gruppen", forra),))
    fore = Arsunderlag((ETT,), m, underlag(1, 1))
    nu = Arsunderlag((TVA,), Stegmodell("m", "m", grupper(0, 1)), replace(underlag(3, 1), period=helar(2025)))
    svar = effekter(fore, nu)
    assert svar.anmarkningar == ()
    rad = svar.rad("1200")
    assert rad.fore == 57_500_000
    assert rad.budget == 43_750_000 - 57_500_000
    assert rad.befolkning == 65_625_000 - 43_750_000
    assert rad.modell == 131_250_000 - 65_625_000


def test_okand_part_och_ar_som_inte_gar_att_dela() -> None:
    with pytest.raises(Fordelningsfel, match="0180 finns inte i något av åren"):
        effekter(AR_2023, AR_2024).rad("0180")
    with pytest.raises(Fordelningsfel, match="saknas för"):
        effekter(AR_2023, replace(AR_2024, underlag=replace(AR_2024.underlag, vikter={})))


def test_dela_upp_utan_motor() -> None:
    (rad,) = dela_upp([kommun(0)], {"1200": 10}, {"1200": 7}, {}, {"1200": 5})
    assert (rad.fore, rad.budget, rad.befolkning, rad.modell, rad.nu, rad.skillnad) == (10, -3, -7, 5, 5, -5)


@galler_alltid(alla_fall(), alla_fall(), st.integers(0, 10**9))
def test_effekterna_summerar_alltid(ett: Fall, tva: Fall, belopp: int) -> None:
    fakta = Underlag(helar(2025), tva.underlag.parter, tva.underlag.vikter)
    utan_villkor = replace(tva.modell, alla_villkor=())
    fore = Arsunderlag((Rad("a", "A", ett.total), Rad("b", "B", 0)), ett.modell, ett.underlag)
    nu = Arsunderlag((Rad("a", "A", belopp * 100),), utan_villkor, fakta)
    try:
        svar = effekter(fore, nu)
    except Fordelningsfel:
        assume(False)
        raise
    for rad in svar.rader:
        assert rad.fore + rad.budget + rad.befolkning + rad.modell == rad.nu
        assert rad.skillnad == rad.nu - rad.fore
    assert sum(rad.nu for rad in svar.rader) == belopp * 100
    assert sum(rad.fore for rad in svar.rader) == ett.total
    if not svar.anmarkningar:
        assert sum(rad.budget for rad in svar.rader) == belopp * 100 - ett.total
    assert sum(rad.befolkning for rad in svar.rader) + sum(rad.modell for rad in svar.rader) == 0 or svar.anmarkningar
