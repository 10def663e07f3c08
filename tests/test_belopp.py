"""Amounts: as they are shown, as they are typed, and summed without losing what is unknown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.belopp import (
    EJ_AKTUELLT,
    GRANS_KR,
    OKANT,
    Beloppsfel,
    Cellvarde,
    Summa,
    summera,
    summera_slag,
    till_ore,
    tolka_belopp,
    tolka_cell,
    visa_cell,
    visa_decimal,
    visa_hela_kr,
    visa_heltal,
    visa_kr,
    visa_summa,
    visa_tecken,
    visa_tillagg,
)
from tests.test_fordelning import invariant

H, M = "\u00a0", "\u2212"
oren = st.one_of(st.integers(0, 200_000), st.integers(0, GRANS_KR * 100 - 1))
celler = st.one_of(
    st.none(),
    st.sampled_from([OKANT, EJ_AKTUELLT]),
    oren.map(lambda ore: Cellvarde("belopp", Decimal(ore).scaleb(-2))),
)


def kr(belopp: str) -> Cellvarde:
    return Cellvarde("belopp", Decimal(belopp))


# ----------------------------------------------------------------------
# Showing


@pytest.mark.parametrize(
    ("ore", "med_ore", "hela", "tecken"),
    [
        (0, "0,00", "0", "0,00"),
        (5, "0,05", "0,05", "+0,05"),
        (-5, f"{M}0,05", f"{M}0,05", f"{M}0,05"),
        (1_750_000_00, f"1{H}750{H}000,00", f"1{H}750{H}000", f"+1{H}750{H}000,00"),
        (-550_000_00, f"{M}550{H}000,00", f"{M}550{H}000", f"{M}550{H}000,00"),
        (221_098_47, f"221{H}098,47", f"221{H}098,47", f"+221{H}098,47"),
        (100_00, "100,00", "100", "+100,00"),
        (1_000_00, f"1{H}000,00", f"1{H}000", f"+1{H}000,00"),
    ],
)
def test_ore_visas_som_kronor(ore: int, med_ore: str, hela: str, tecken: str) -> None:
    assert (visa_kr(ore), visa_hela_kr(ore), visa_tecken(ore)) == (med_ore, hela, tecken)


def test_tecken_utan_ore() -> None:
    assert [visa_tecken(ore, hela=True) for ore in (550_000_00, -1_00, 0)] == [f"+550{H}000", f"{M}1", "0"]


def test_heltal_grupperas() -> None:
    assert [visa_heltal(n) for n in (0, 999, 1_414_324, -1_414_324)] == [
        "0",
        "999",
        f"1{H}414{H}324",
        f"{M}1{H}414{H}324",
    ]


@pytest.mark.parametrize("varde", [1.0, Decimal(1), True, "1"])
def test_bara_heltal_visas_som_ore(varde: int) -> None:
    with pytest.raises(TypeError):
        visa_heltal(varde)


@pytest.mark.parametrize(
    ("varde", "decimaler", "visat"),
    [
        ("61.867", 2, "61,87"),
        ("61.865", 2, "61,87"),
        ("-61.865", 2, f"{M}61,87"),
        ("82", 2, "82,00"),
        ("-0.001", 2, "0,00"),
        ("1234567.5", 0, f"1{H}234{H}568"),
        (
            "12345678901234567890123456789012.345",
            2,
            f"12{H}345{H}678{H}901{H}234{H}567{H}890{H}123{H}456{H}789{H}012,35",
        ),
        ("1E+6", 1, f"1{H}000{H}000,0"),
    ],
)
def test_decimaltal_avrundas_en_halv_uppat(varde: str, decimaler: int, visat: str) -> None:
    assert visa_decimal(Decimal(varde), decimaler) == visat


def test_till_ore_vagrar_delar_av_ett_ore() -> None:
    assert till_ore(Decimal("1750000.05")) == 1_750_000_05
    with pytest.raises(ValueError, match="whole number of öre"):
        till_ore(Decimal("0.005"))


# ----------------------------------------------------------------------
# Reading


@pytest.mark.parametrize(
    ("text", "kronor"),
    [
        ("1 750 000", "1750000"),
        ("1 750000", "1750000"),
        ("1750000", "1750000"),
        ("1750 000", "1750000"),
        (f"1{H}750{H}000", "1750000"),
        ("1\u2009750\u2009000", "1750000"),
        ("1\u202f750\u202f000", "1750000"),
        ("1 750 000 kr", "1750000"),
        (f"1{H}750{H}000{H}kr", "1750000"),
        ("1 750 000 kr.", "1750000"),
        ("1 750 000KR", "1750000"),
        ("1 750 000 kronor", "1750000"),
        ("400 tkr", "400000"),
        ("400tkr", "400000"),
        ("1,75 mkr", "1750000"),
        ("1,75 Mkr", "1750000"),
        ("1,750 mkr", "1750000"),
        ("0,00000001 mkr", "0.01"),
        ("61,5 tkr", "61500"),
        ("12,5", "12.50"),
        ("12,05", "12.05"),
        ("0", "0"),
        ("0,00 kr", "0"),
        ("0,50", "0.50"),
        (" 250 000\t\r\n", "250000"),
        ("999 999 999 999,99", "999999999999.99"),
    ],
)
def test_belopp_forstas_som_svenskar_skriver_dem(text: str, kronor: str) -> None:
    tolkat = tolka_belopp(text)
    assert tolkat == Decimal(kronor)
    assert tolkat.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("text", "alla_ord"),
    [
        ("1 75O 000", ["bokstaven O", "noll (0)"]),
        ("1oo", ["bokstaven o", "noll (0)"]),
        ("l00", ["bokstaven l", "ett (1)"]),
        ("1 75\u041e 000", ["bokstaven", "U+041E"]),
        ("17x5", ["bokstaven x", "kr, tkr eller mkr"]),
        ("1e9", ["potensform", "alla siffror"]),
        ("1,5E+9", ["potensform"]),
        ("", ["saknas", f"1{H}750{H}000"]),
        ("  \u00a0 ", ["saknas"]),
        ("kr", ["inget belopp"]),
        ("okänt", ["inget belopp"]),
        ("-", ["inget belopp"]),
        ("1,750,000", ["mer än ett komma", f"1{H}750{H}000"]),
        ("1,5,5", ["mer än ett komma", "ett enda komma"]),
        ("12,345", ["för många decimaler", "högst två", f"skriv 12{H}345"]),
        ("12,3456", ["för många decimaler"]),
        ("1,234567 tkr", ["för många decimaler"]),
        ("1.750.000", ["både tusental och decimaler", f"skriv 1{H}750{H}000"]),
        ("1.750.000 kr", ["både tusental och decimaler", f"skriv 1{H}750{H}000"]),
        ("1.750", [f"skriv 1{H}750", "komma i stället för punkt"]),
        ("1750.50", ["både tusental och decimaler", "skriv 1750,50"]),
        ("1.750,50", ["både tusental och decimaler", "ören med komma"]),
        ("1000000000000", ["för stort", f"1{H}000{H}000{H}000{H}000{H}kr"]),
        ("1000000000000000", ["för stort"]),
        ("1000000 mkr", ["för stort"]),
        ("9" * 61, ["för lång", "61 tecken"]),
        ("9" * 1_000_000, ["för lång"]),
        ("1 75 000", ["Mellanrummen", "siffra kan saknas"]),
        ("1  750 000", ["Mellanrummen"]),
        ("0 750 000", ["börjar med en nolla"]),
        (",50", ["komma", "0,50"]),
        ("5,", ["komma"]),
        ("5 ,50", ["komma"]),
        ("5,5 0", ["komma"]),
        ("\u0661\u0662\u0663", ["U+0661", "0 till 9"]),
        ("\uff11\uff12", ["U+FF11", "0 till 9"]),
        ("5\u00b2", ["U+00B2", "0 till 9"]),
        ("\u00bd", ["U+00BD", "0 till 9"]),
        ("5\x00", ["osynligt tecken", "U+0000"]),
        ("\u200f5", ["osynligt tecken", "U+200F"]),
        ("5\u200b000", ["osynligt tecken", "U+200B"]),
        ("\ufeff5", ["osynligt tecken", "U+FEFF"]),
        ("5\ud800", ["osynligt tecken", "U+D800"]),
        ("5\u2028", ["osynligt tecken", "U+2028"]),
        ("100\n200", ["flera rader"]),
        ("100\t200", ["flera rader"]),
        ("50 öre", ["ordet öre", "kr, tkr eller mkr"]),
        ("10 SEK", ["ordet SEK"]),
        ("olika 5", ["ordet olika"]),
        ("+5", ["tecknet +"]),
        ("=1+2", ["tecknet ="]),
        ("400:-", ["tecknet :"]),
        ("400,-", ["tecknet -"]),
        ("100-200", ["tecknet -", "ett enda belopp"]),
        ("400 000 *", ["tecknet *"]),
    ],
)
def test_det_som_inte_sakert_ar_ett_belopp_vagras_med_rad(text: str, alla_ord: list[str]) -> None:
    with pytest.raises(Beloppsfel) as fel:
        tolka_belopp(text)
    assert [ord_ for ord_ in alla_ord if ord_ not in str(fel.value)] == []
    assert len(str(fel.value)) < 250


@pytest.mark.parametrize("text", ["\u22125", "\u20135", "-5", "- 5 kr", f"{M}1,75 mkr", "5-", "-0"])
def test_ett_minus_av_alla_slag_forstas_och_vagras_for_sig(text: str) -> None:
    with pytest.raises(Beloppsfel, match=r"har ett minustecken.*kan inte vara negativt.*utan"):
        tolka_belopp(text)


def test_ett_minus_doljer_inte_ett_annat_fel() -> None:
    with pytest.raises(Beloppsfel, match="potensform"):
        tolka_belopp("-1e9")


@invariant
@given(oren, st.sampled_from([" ", H, "\u2009", "\u202f", ""]), st.sampled_from(["", " kr", f"{H}kr", "kr"]))
def test_det_som_visas_kan_skrivas_in_igen(ore: int, mellanrum: str, enhet: str) -> None:
    for visat in (visa_kr(ore), visa_hela_kr(ore)):
        assert till_ore(tolka_belopp(visat.replace(H, mellanrum) + enhet)) == ore


@invariant
@given(st.text(max_size=80) | st.text("0123456789 ,.-−kmtröO\u00a0\u202f", max_size=20))
def test_vilken_text_som_helst_ger_ett_belopp_eller_ett_svenskt_fel(text: str) -> None:
    try:
        tolkat = tolka_belopp(text)
    except Beloppsfel:
        return
    assert 0 <= tolkat < GRANS_KR
    siffror = "".join(tecken for tecken in text if tecken in "0123456789")
    assert str(till_ore(tolkat)).rstrip("0") == siffror.lstrip("0").rstrip("0")


# ----------------------------------------------------------------------
# Cells


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("", None),
        (f" {H}\n", None),
        ("ej ifyllt", None),
        ("0", kr("0")),
        ("0 kr", kr("0")),
        ("1 750 000", kr("1750000")),
        ("okänt", OKANT),
        ("Okant", OKANT),
        ("OKÄNT", OKANT),
        ("oka\u0308nt", OKANT),
        ("**", OKANT),
        ("***", OKANT),
        ("ej aktuellt", EJ_AKTUELLT),
        (f"Ej{H}aktuellt ", EJ_AKTUELLT),
        ("EJ  AKTUELLT", EJ_AKTUELLT),
    ],
)
def test_de_fyra_slagen_skiljs_at(text: str, cell: Cellvarde | None) -> None:
    assert tolka_cell(text) == cell


@pytest.mark.parametrize("text", ["-", "\u2013", "\u2212", "\u2014", "--", " - "])
def test_ett_ensamt_streck_godtas_inte_tyst(text: str) -> None:
    with pytest.raises(Beloppsfel, match="Skriv ”ej aktuellt”"):
        tolka_cell(text)


@pytest.mark.parametrize(
    ("text", "ord_"),
    [
        ("ej", "Skriv ett belopp, 0, ”okänt” eller ”ej aktuellt”"),
        ("*", "Skriv ett belopp, 0, ”okänt” eller ”ej aktuellt”"),
        ("n/a", "Skriv ett belopp"),
        ("-5", "minustecken"),
        ("1 75O 000", "bokstaven O"),
        ("okänt 5", "ordet okänt"),
    ],
)
def test_annat_i_en_cell_vagras(text: str, ord_: str) -> None:
    with pytest.raises(Beloppsfel, match=ord_):
        tolka_cell(text)


@invariant
@given(celler)
def test_en_visad_cell_lases_tillbaka_som_den_var(cell: Cellvarde | None) -> None:
    assert tolka_cell(visa_cell(cell)) == cell


@pytest.mark.parametrize(
    ("slag", "belopp"),
    [
        ("belopp", None),
        ("okant", Decimal(1)),
        ("ej_aktuellt", Decimal(0)),
        ("noll", None),
        ("belopp", Decimal("0.001")),
    ],
)
def test_ett_cellvarde_kan_inte_vara_tva_slag(slag: str, belopp: Decimal | None) -> None:
    with pytest.raises(ValueError, match=r"kind|öre"):
        Cellvarde(slag, belopp)  # type: ignore[arg-type]


# ----------------------------------------------------------------------
# Sums


@pytest.mark.parametrize(
    ("celler_", "visat"),
    [
        ([kr("1750000")], f"1{H}750{H}000{H}kr"),
        ([kr("1000000"), kr("750000"), OKANT], f"1{H}750{H}000{H}kr + okänt"),
        ([kr("0.50"), OKANT, OKANT, EJ_AKTUELLT], f"0,50{H}kr + okänt"),
        ([kr("0")], f"0{H}kr"),
        ([kr("0"), OKANT], f"0{H}kr + okänt"),
        ([kr("0"), EJ_AKTUELLT], f"0{H}kr"),
        ([OKANT], "okänt"),
        ([OKANT, EJ_AKTUELLT], "okänt"),
        ([EJ_AKTUELLT, EJ_AKTUELLT], "ej aktuellt"),
        ([None], "ej ifyllt"),
        ([], "ej ifyllt"),
        ([None, EJ_AKTUELLT], "ej ifyllt"),
        ([OKANT, None], "okänt + ej ifyllt"),
        ([kr("100"), None], f"100{H}kr + ej ifyllt"),
        ([kr("100"), None, OKANT], f"100{H}kr + okänt + ej ifyllt"),
    ],
)
def test_en_summa_sager_vad_som_saknas_i_den(celler_: list[Cellvarde | None], visat: str) -> None:
    assert visa_summa(summera(celler_)) == visat


@invariant
@given(st.lists(celler, max_size=12), st.lists(celler, max_size=12))
def test_delsummor_ger_samma_summa_och_inget_forsvinner(
    ena: list[Cellvarde | None], andra: list[Cellvarde | None]
) -> None:
    summa = summera(ena + andra)
    assert summa == summera(ena) + summera(andra)
    assert summa == summera(andra[::-1] + ena)
    assert summa.belopp + summa.okanda + summa.ej_aktuella + summa.ej_ifyllda == len(ena + andra)
    assert summa.ore == sum(round(cell.belopp * 100) for cell in ena + andra if cell and cell.belopp is not None)
    visat = visa_summa(summa)
    assert (summa.belopp > 0) == ("kr" in visat)
    assert (summa.okanda > 0) == ("okänt" in visat)
    assert ("ej ifyllt" in visat) == (summa.ej_ifyllda > 0 or summa == Summa())


def test_tio_ore_och_tjugo_ore_ar_trettio_ore() -> None:
    assert summera([kr("0.10"), kr("0.20")]).ore == 30


def test_what_is_missing_from_a_sum_is_named_after_its_known_part() -> None:
    assert visa_tillagg(summera([kr("1"), EJ_AKTUELLT])) == ""
    assert visa_tillagg(summera([kr("1"), OKANT, OKANT])) == " + okänt"
    assert visa_tillagg(summera([kr("1"), None, OKANT])) == " + okänt + ej ifyllt"


def test_cells_by_kind_are_counted_as_cells_are() -> None:
    slag = [("belopp", 150), ("belopp", 0), ("okant", None), ("ej_aktuellt", None), ("ej_ifyllt", None)]
    assert summera_slag(slag) == summera([kr("1.50"), kr("0"), OKANT, EJ_AKTUELLT, None])
