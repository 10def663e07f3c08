"""The plan as a PDF: what the file is, and what it says. Each document is rendered once for the whole run.

The service's limits, the view and the command are in tests/test_pdf_tjanst.py.
"""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from budget.belopp import visa_heltal, visa_kr
from rapport.omradestabell import omradestabell
from rapport.pdf import plan_till_html, plan_till_pdf
from rapport.pdfbudget import deltabeller, skillnader
from rapport.pdfmatris import korsbilaga
from rapport.pdfunderlag import parterna, underlag
from rapport.plandokument import Budgetradspost, Cell, Plandokument
from tests.exempel import exempelparter, exempelplan, forstora, satt_ihop, tom_plan
from tests.pdflasning import PROFILER, element, krav_foljer, rubriknivaer, sidtexter

# No database is touched here, so one worker is enough.
pytestmark = pytest.mark.databas("sqlite")

NBSP = "\u00a0"
FORMER = (
    ("sgd", "SGD"),
    ("statsbidrag", "statsbidrag"),
    ("projektmedel", "projektmedel"),
    ("egen_tid", "egen tid"),
    ("annan", "annan finansiering"),
)


def utkastet() -> Plandokument:
    """The example with a row whose first cell nobody has filled in, and a text with characters that no font has."""
    dokument = exempelplan(om_aret="<p>Klart 😀, delvis\u2011klart, 漢字, NPO\u0308.</p>")
    rad = replace(
        dokument.budget.rader[0], namn="Ny rad", celler=(Cell("ej_ifyllt", None, None, 0, ()), *(_noll(),) * 2)
    )
    kolumner = tuple((k.budgetar, k.finansiering, k.namn) for k in dokument.budget.kolumner)
    return replace(dokument, budget=satt_ihop(kolumner, [*dokument.budget.rader, rad]))


def _noll() -> Cell:
    return Cell("belopp", 0, 1, 1, ())


DOKUMENT: dict[str, Callable[[], Plandokument]] = {
    "utkast": utkastet,
    "fastställd": lambda: exempelplan(faststalld=date(2023, 12, 4), faststalld_hanvisning="Samverkansorganet § 7"),
    "tom": tom_plan,
    "stor": lambda: forstora(exempelplan(antal_omraden=7, antal_kommuner=33), 70),
}
_filer: dict[str, bytes] = {}
_texter: dict[str, list[str]] = {}


@pytest.fixture(scope="session")
def fil() -> Callable[[str], bytes]:
    """The finished file of a document, rendered when it is first asked for."""

    def hamta(namn: str) -> bytes:
        if namn not in _filer:
            _filer[namn] = plan_till_pdf(DOKUMENT[namn]())
        return _filer[namn]

    return hamta


@pytest.fixture(scope="session")
def text(fil: Callable[[str], bytes]) -> Callable[[str], list[str]]:
    """The text of each page, with every run of white space as one space."""

    def las(namn: str) -> list[str]:
        if namn not in _texter:
            _texter[namn] = sidtexter(fil(namn))
        return _texter[namn]

    return las


def platta(sidor: list[str]) -> str:
    return " ".join(sidor)


def visad(siffror: str) -> str:
    """A figure as the pages' texts have it: `text` makes a hard space an ordinary one."""
    return siffror.replace(NBSP, " ")


# --- The standards ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("namn", DOKUMENT)
@pytest.mark.parametrize("profil", PROFILER)
def test_filen_foljer_pdfua_och_pdfa(namn: str, profil: Any, fil: Callable[[str], bytes]) -> None:
    krav_foljer(fil(namn), profil)


@pytest.mark.parametrize("namn", DOKUMENT)
def test_varje_tabell_har_rubrikceller_som_galler_varje_cell(namn: str, fil: Callable[[str], bytes]) -> None:
    with pikepdf.open(io.BytesIO(fil(namn))) as pdf:
        rot = pdf.Root.StructTreeRoot
        kanda = {bytes(nyckel) for nyckel in list(rot.IDTree.Kids[0].Names)[::2]}
        tabeller = [en for en in element(rot) if en.S == "/Table"]
        assert len(tabeller) >= (2 if namn == "tom" else 5)
        for tabell in tabeller:
            th = [en for en in element(tabell) if en.S == "/TH"]
            assert th
            assert all(en.A.Scope in ("/Column", "/Row") and bytes(en.ID) in kanda for en in th)
            egna = {bytes(en.ID) for en in th}
            td = [en for en in element(tabell) if en.S == "/TD"]
            assert all(len(en.A.Headers) and {bytes(nyckel) for nyckel in en.A.Headers} <= egna for en in td)


def test_en_budgetcell_lyder_under_rad_ar_och_finansiering(fil: Callable[[str], bytes]) -> None:
    with pikepdf.open(io.BytesIO(fil("utkast"))) as pdf:
        budget = next(
            tabell
            for tabell in element(pdf.Root.StructTreeRoot)
            if tabell.S == "/Table" and any(int(en.get("/A", {}).get("/ColSpan", 1)) == 2 for en in element(tabell))
        )
        rader = [rad for rad in element(budget) if rad.S == "/TR"]
        ar_2024, ar_2023 = (bytes(en.ID) for en in list(rader[0].K)[1:])
        sgd, annan, sgd_2023 = (bytes(en.ID) for en in rader[1].K)
        rad, *celler = rader[2].K
        rubriker = [{bytes(nyckel) for nyckel in cell.A.Headers} for cell in celler]
        assert rubriker == [
            {bytes(rad.ID), ar_2024, sgd},
            {bytes(rad.ID), ar_2024, annan},
            {bytes(rad.ID), ar_2023, sgd_2023},
        ]


@pytest.mark.parametrize("namn", DOKUMENT)
def test_rubriknivaer_hoppar_inte(namn: str, fil: Callable[[str], bytes]) -> None:
    with pikepdf.open(io.BytesIO(fil(namn))) as pdf:
        nivaer = rubriknivaer(pdf.Root.StructTreeRoot)
    assert nivaer[0] == 1
    assert all(nu <= fore + 1 for fore, nu in pairwise(nivaer))


def test_filen_bar_sprak_titel_upphov_och_bara_planens_typsnitt(fil: Callable[[str], bytes]) -> None:
    lasare = PdfReader(io.BytesIO(fil("stor")))
    assert lasare.trailer["/Root"]["/Lang"] == "sv"  # type: ignore[index]
    assert lasare.metadata is not None
    assert lasare.metadata.title == "UTKAST: Handlingsplan 2024 – Gemensam digitalisering i Exempellän"
    assert lasare.metadata.author == "Region Exempel och Exempels 33 kommuner"
    with pikepdf.open(io.BytesIO(fil("stor"))) as pdf:
        namn = {
            str(o.FontName).split("+")[1] for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontName" in o
        }
    assert namn
    assert all(ett.startswith(("Source-Sans", "Source-Serif")) for ett in namn)


def test_bokmarken_leder_till_varje_kapitel(fil: Callable[[str], bytes]) -> None:
    lasare = PdfReader(io.BytesIO(fil("stor")))
    rot, kapitel = lasare.outline[:2]
    assert not isinstance(rot, list) and isinstance(kapitel, list)
    assert rot.title == "Handlingsplan 2024"
    titlar = [en.title for en in kapitel if not isinstance(en, list)]
    assert titlar[:3] == ["Inledning", "Om året 2024", "1 Journal över gränser (JÖG)"]
    assert titlar[-2:] == ["Bilaga 1: huvudmännens andelar 2024", "Bilaga 2: andelar per insatsområde 2024"]


def test_innehallets_sidnummer_stammer(fil: Callable[[str], bytes], text: Callable[[str], list[str]]) -> None:
    lasare = PdfReader(io.BytesIO(fil("stor")))
    innehall = text("stor")[1]
    kapitel = lasare.outline[1]
    assert isinstance(kapitel, list)
    for en in kapitel:
        if not isinstance(en, list):
            sida = lasare.get_destination_page_number(en)
            assert sida is not None
            assert f"{en.title} {sida + 1}" in innehall


# --- What it says ----------------------------------------------------------------------------------------------


def test_utkastet_sager_utkast_pa_varje_sida(text: Callable[[str], list[str]]) -> None:
    for namn in ("utkast", "tom", "stor"):
        assert all("UTKAST" in sida for sida in text(namn))
    assert "UTKAST – delad med huvudmännen 2023-11-01" in text("utkast")[0]
    assert "UTKAST – inte delad med huvudmännen" in text("tom")[0]


def test_den_faststallda_sager_inte_utkast_nagonstans(text: Callable[[str], list[str]]) -> None:
    sidor = text("fastställd")
    assert "utkast" not in platta(sidor).casefold()
    assert "Fastställd 2023-12-04" in sidor[0]
    assert "Samverkansorganet § 7" in sidor[0]
    assert all("Fastställd 2023-12-04" in sida for sida in sidor)


def test_varje_sida_efter_omslaget_har_titel_parter_och_sidnummer(text: Callable[[str], list[str]]) -> None:
    sidor = text("stor")
    for nummer, sida in enumerate(sidor[1:], 2):
        assert f"sida {nummer} av {len(sidor)}" in sida
        assert "Handlingsplan 2024" in sida
        assert "Region Exempel och Exempels 33 kommuner" in sida
    assert "sida" not in sidor[0]


def test_alla_omraden_star_med_sina_delar(text: Callable[[str], list[str]]) -> None:
    allt = platta(text("stor"))
    for omrade in DOKUMENT["stor"]().omraden:
        assert f"Insatsområde {omrade.nummer} " in allt
        for bit in (omrade.namn, omrade.alla_mal[0].text, omrade.alla_ar[0].aktiviteter[-1].text):
            assert bit in allt
    for del_ in ("Beskrivning", "Syfte och nytta", "Övergripande mål", "Aktiviteter", "Ekonomi", "Ansvar"):
        assert allt.count(f" {del_} ") >= 7
    assert "Nytt i planen" in allt
    assert "Nationella tjänsten" in allt and "Möten på distans" in allt


def test_aktiviteter_ar_nastlade_med_villkor_och_uppgifter(
    fil: Callable[[str], bytes], text: Callable[[str], list[str]]
) -> None:
    sida = next(en for en in text("utkast") if "Första aktiviteten i område 1." in en)
    assert "Första aktiviteten i område 1. Underaktivitet i område 1. Tredje nivån. Andra aktiviteten" in sida
    assert all(f" {nummer} " in sida for nummer in ("1.", "a.", "i.", "2."))
    assert "Villkor: Om den första ger ett gott resultat." in sida
    assert "Ansvarig: Arbetsgruppen. Status: pågår. Start: 2024-02-01. Slut: 2024-06-30." in sida
    with pikepdf.open(io.BytesIO(fil("utkast"))) as pdf:
        listor = [en for en in element(pdf.Root.StructTreeRoot) if en.S == "/L"]
        assert max(sum(under.S == "/L" for under in element(lista)) for lista in listor) == 2


def test_budgeten_skiljer_pa_belopp_noll_okant_ej_aktuellt_och_ej_ifyllt(text: Callable[[str], list[str]]) -> None:
    allt = platta(text("utkast"))
    assert "Journal över gränser (JÖG) 100 000 okänt 1 0 " in allt
    assert "Utan benämning ej aktuellt ej aktuellt 70 000 †" in allt
    assert "Ny rad ej ifyllt 0 0" in allt
    assert "Delsumma per finansieringsform 200 000 kr + ej ifyllt 0 kr + okänt 75 000,50" in allt
    assert "Summa per verksamhetsår 200 000 kr + okänt + ej ifyllt 75 000,50" in allt
    assert "SGD 2023: 75 000 kr i den tidigare planen, 70 000 kr här." in allt
    for not_ in ("1 Frågan om statsbidrag är öppen.", "2 Allt som inte delas enligt modellen."):
        assert not_ in allt


def test_alla_andelar_och_deras_summa_star_i_bilagan(text: Callable[[str], list[str]]) -> None:
    bilaga = text("stor")[-2]
    fordelning = DOKUMENT["stor"]().fordelningar[0].fordelning
    assert fordelning is not None and len(fordelning.andelar) == 34
    for andel in fordelning.andelar:
        rad = f"{andel.kod} {andel.namn} {visa_heltal(andel.invanare)} {visa_kr(andel.belopp)} "
        assert visad(rad) in bilaga
    assert "33 kommuner tillsammans" in bilaga
    assert "Summa 700 000,00" in bilaga
    assert sum(andel.belopp for andel in fordelning.andelar) == 700_000_00


@pytest.mark.parametrize("namn", ["stor", "utkast"])
def test_vem_som_betalar_vad_star_i_en_bilaga_och_gar_ihop(namn: str, text: Callable[[str], list[str]]) -> None:
    dokument = DOKUMENT[namn]()
    tabell = omradestabell(dokument, dokument.fordelningar[0])
    bilaga = text(namn)[-1]
    assert "Bilaga 2: andelar per insatsområde 2024" in bilaga
    for rad in tabell.rader:
        belopp = (*rad.celler, rad.summa)
        assert visad(f"{rad.namn} {' '.join(map(visa_kr, belopp))} ") in bilaga
        assert sum(rad.celler) == rad.summa
    summor = (*(en.belopp for en in tabell.kolumner), tabell.summa)
    assert visad(f"Summa {' '.join(map(visa_kr, summor))} Rader och kolumner går ihop på öret.") in bilaga
    assert visad(tabell.avvikelse) in bilaga


def test_manga_omraden_delas_pa_sidor_med_alla_huvudman_pa_varje() -> None:
    """Twelve areas of 50 parties: every area stands once, and no amount is broken over lines."""
    dokument = exempelplan(antal_omraden=12, antal_kommuner=49)
    delar = korsbilaga(omradestabell(dokument, dokument.fordelningar[0]), "Bilaga").delar
    assert [rubrik for del_ in delar for rubrik in del_.rubriker][2:] == [
        *(f"Område {nr}" for nr in range(3, 13)),
        "Summa",
    ]
    assert [del_.del_ for del_ in delar] == ["del 1 av 2", "del 2 av 2"]
    assert {len(del_.rader) for del_ in delar} == {50}
    assert {len(rad.belopp) - len(del_.rubriker) for del_ in delar for rad in (*del_.rader, del_.summa)} == {0}


def test_en_bilaga_som_inte_gar_att_lagga_ut_sager_varfor() -> None:
    dokument = exempelplan()
    nu, forra = dokument.fordelningar
    html = plan_till_html(replace(dokument, fordelningar=(replace(nu, fordelning=forra.fordelning),)))
    assert "Bilaga: huvudmännens andelar 2024" in html
    assert "går inte att lägga ut på insatsområdena" in html
    assert 'id="omraden-2024"' not in html


def test_fordelningen_visar_beraknad_och_publicerad_kostnad_med_skillnad(text: Callable[[str], list[str]]) -> None:
    allt = platta(text("utkast"))
    dokument = exempelplan()
    ar_2023 = dokument.fordelningar[1]
    assert ar_2023.fordelning is not None and ar_2023.skillnad is not None
    beraknad = str(ar_2023.fordelning.ore_per_invanare).replace(".", ",")
    assert f"Kostnad per invånare, beräknad 267,07 öre/inv {beraknad} öre/inv" in allt
    assert "Kostnad per invånare, publicerad – 190,09 öre/inv" in allt
    assert f"Skillnad, publicerad minus beräknad – +{str(ar_2023.skillnad).replace('.', ',')} öre/inv" in allt
    assert "Folkmängd den 2022-12-31 2021-12-31" in allt
    assert "delas lika (1:1) mellan Region Exempel och de 3 kommunerna" in allt


def test_tecken_som_typsnitten_saknar_skrivs_ut_med_sin_kod(text: Callable[[str], list[str]]) -> None:
    allt = platta(text("utkast"))
    assert "Klart [U+1F600], delvis-klart, [U+6F22][U+5B57], NPÖ." in allt


def test_den_tomma_planen_sager_vad_som_saknas(text: Callable[[str], list[str]]) -> None:
    sidor = text("tom")
    assert len(sidor) == 3
    assert "Budgeten är inte ifylld." in sidor[2]
    assert "Ingen kostnad fördelas i planen." in sidor[2]


# --- What the templates are given --------------------------------------------------------------------------------


def test_parterna_raknas_och_far_lanets_namn() -> None:
    assert parterna(exempelparter(33)) == "Region Exempel och Exempels 33 kommuner"
    assert parterna(exempelparter(1)) == "Region Exempel och Exempels 1 kommun"
    assert parterna(exempelparter(0)) == "Region Exempel"
    assert parterna(exempelparter(5)[1:]) == "5 kommuner"
    assert parterna(()) == ""


def test_text_ur_planen_blir_aldrig_markup() -> None:
    html = plan_till_html(exempelplan(titel="<script>x</script>", inledning="<p onclick=x>a<script>y</script></p>"))
    assert "&lt;script&gt;x" in html
    assert "<script" not in html and "onclick" not in html


def test_omslagets_bild_har_ett_block_for_varje_andel() -> None:
    rutor = underlag(exempelplan(antal_kommuner=33))["delning"]
    assert len(rutor) == 34
    assert (rutor[0].bredd, rutor[0].region) == (50_000, True)
    assert rutor[-1].x + rutor[-1].bredd == 100_000
    assert underlag(tom_plan())["delning"] == ()


def bred_tabell(belopp: int, antal_ar: int, antal_former: int) -> Plandokument:
    kolumner = tuple((2024 - i, form, namn) for i in range(antal_ar) for form, namn in FORMER[:antal_former])
    cell = Cell("belopp", belopp, 1, 1, ())
    return exempelplan(budget=satt_ihop(kolumner, [Budgetradspost(1, None, 1, "a", "A", (cell,) * len(kolumner))]))


@pytest.mark.parametrize(
    ("belopp", "antal_ar", "antal_former", "vantat"),
    [
        (1_100_000_00, 2, 2, [(4, False)]),
        (1_100_000_00, 3, 3, [(9, True)]),
        (1_100_000_00, 3, 5, [(5, False)] * 3),
        (987_654_321_987_55, 2, 5, [(3, False), (2, False)] * 2),
    ],
)
def test_en_bred_budget_laggs_ner_eller_delas_och_tappar_ingen_kolumn(
    belopp: int, antal_ar: int, antal_former: int, vantat: list[tuple[int, bool]]
) -> None:
    budget = bred_tabell(belopp, antal_ar, antal_former).budget
    delar = deltabeller(budget)
    assert [(len(del_.kolumner), del_.liggande) for del_ in delar] == vantat
    assert [kolumn.namn for del_ in delar for kolumn in del_.kolumner] == [kolumn.namn for kolumn in budget.kolumner]
    assert all(len(del_.rader[0].celler) == len(del_.kolumner) for del_ in delar)


def test_skillnad_mot_tidigare_plan_visas_ocksa_nar_den_tidigare_var_okand() -> None:
    dokument = exempelplan()
    rad = dokument.budget.rader[0]
    cell = replace(rad.celler[2], tidigare_slag="okant", tidigare_ore=None)
    tabell = replace(dokument.budget, rader=(replace(rad, celler=(*rad.celler[:2], cell)),))
    assert skillnader(tabell) == [f"Journal över gränser (JÖG), SGD 2023: okänt i den tidigare planen, 0{NBSP}kr här."]
