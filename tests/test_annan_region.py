"""Another region than Skåne: 49 municipalities and 30/70. Every page answers, every sum is exact, and no page tells
of Skåne or of the number of its parties."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from openpyxl import load_workbook

from budget.models import Folkmangd, Scenario, Scenariodelning
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from rapport import bilder_karta, demodata
from rapport.bygg import plandokument
from rapport.demouppsattningar import VASTRA_GOTALAND
from rapport.omradestabell import omradestabell
from rapport.pdf import plan_till_pdf
from rapport.pdfmatris import korsbilaga
from tests.andelsfall import Andelssida, ore
from tests.pdflasning import PROFILER, krav_foljer, sidtexter
from tests.sidor import synlig_text
from tests.test_atkomst import NYCKEL, REGLER, adress, fyll, med_historik
from tests.test_omradestabell import Sida

pytestmark = pytest.mark.django_db

TOTAL = {2027: 11_125_500_00, 2026: 9_500_000_00}
LANET = {2027: 1_777_794, 2026: 1_772_821}  # inhabitants of the 49 two years before, as SCB has them
NBSP = "\u00a0"
# What would be left of the region that the program was made in: its name, and how many its parties are.
SPAR_AV_SKANE = re.compile(r"skån|(?<![\d,:\u00a0-])3[34](?![\d,:\u00a0-])", re.IGNORECASE)
UTAN_200 = {"account_logout", "account_set_password"}  # one ends the session, the other is for who has no password


@pytest.fixture
def demon() -> Handlingsplan:
    """Västra Götaland's demo plan."""
    demodata.ladda(lambda steg: None, med_pdf=False, uppsattning=VASTRA_GOTALAND)
    return Handlingsplan.objects.get(till_ar=2027)


@pytest.fixture
def klienter(demon: Handlingsplan) -> list[Client]:
    """Everybody who logs in, coordinators first, and last somebody who has not."""
    alla = []
    for email, *_ in VASTRA_GOTALAND.konton:
        klient = Client()
        klient.force_login(Anvandare.objects.get(email=email))
        alla.append(klient)
    return [*alla, Client()]


def nycklar(plan: Handlingsplan) -> dict[str, Any]:
    """A row of each kind that the demo plan has, as `tests.test_atkomst.fyll` names them."""
    utgava = plan.alla_omraden.get(insatsomrade__kod="tillsyn")
    om_omradet = ("omrade", "arstext", "mal_lista", "mal_nytt", "aktivitet_lista", "aktivitet_ny")
    return {
        **dict.fromkeys(om_omradet, utgava.pk),
        "mal": utgava.alla_mal.all()[0].pk,
        "aktivitet": utgava.alla_aktiviteter.all()[0].pk,
        "budgetrad": plan.alla_rader.get().pk,
        "fotnot": plan.alla_fotnoter.all()[0].pk,
        "scenario": Scenario.objects.get(plan=plan).pk,
        "delning": Scenariodelning.objects.get(scenario__plan=plan).nyckel,
    }


def adresser(demon: Handlingsplan) -> Iterator[tuple[str, str]]:
    """(name, address) of all that is read, in the demo plan and in a new draft that has a row of each kind there is."""
    utkast = Handlingsplan.objects.create(fran_ar=2028, till_ar=2028, titel="Handlingsplan 2028")
    kommuner = Huvudman.objects.filter(typ=Huvudman.Typ.KOMMUN)
    Folkmangd.objects.bulk_create(
        Folkmangd(huvudman=en, datum=date(2026, 12, 31), antal=1_000, kalla="Prognos") for en in kommuner
    )
    vem = Anvandare.objects.get(email="lasare.goteborg@exempel.se")
    demons, utkastets = nycklar(demon), fyll(utkast, "1480")
    bara_i_utkastet = set(utkastets) - set(demons)
    for plan, egna in ((demon, demons), (utkast, utkastets)):
        med_historik(plan)
        for namn, (_, metod) in REGLER.items():
            saknas = plan == demon and any(namn == slag or namn.startswith(f"{slag}_") for slag in bara_i_utkastet)
            if metod == "get" and namn not in UTAN_200 and not saknas:
                yield namn, _har(adress(namn, plan, utkastets | egna, vem), plan, egna)


def _har(vag: str, plan: Handlingsplan, egna: dict[str, Any]) -> str:
    """The address with this region's party, date, last entry and shared scenario."""
    nummer, _ = historik.huvud(plan.pk)
    byten = {
        "/1280/": "/1480/",
        "2022-12-31": "2025-12-31",
        "/handelse/1/": f"/handelse/{nummer}/",
        NYCKEL: str(egna.get("delning", NYCKEL)),
    }
    for fore, efter in byten.items():
        vag = vag.replace(fore, efter)
    return vag


def bast(klienter: list[Client], vag: str) -> Any:
    """The page as the first sees it who may."""
    svar = [klient.get(vag) for klient in klienter[:1]]
    for klient in klienter[1:]:
        if svar[-1].status_code == 200:
            break
        svar.append(klient.get(vag))
    return svar[-1] if svar[-1].status_code == 200 else svar[0]


def ord_i(svar: Any) -> str:
    """What is read: the visible text of a page, and all of what is text otherwise."""
    typ = svar.headers["Content-Type"]
    if typ.startswith("text/html"):
        return synlig_text(svar)
    return svar.content.decode() if typ.startswith(("text/csv", "application/json")) else ""


@pytest.mark.databas("sqlite")
def test_every_page_works_and_none_of_them_tells_of_another_region(
    demon: Handlingsplan, klienter: list[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.views.pdf.hamta_pdf", lambda plan: b"%PDF-1.7")
    monkeypatch.setattr("rapport.views.andel.andel_till_pdf", lambda sida, adress: b"%PDF-1.7")
    fel, svarar = [], Counter[str]()
    for namn, vag in adresser(demon):
        svar = bast(klienter, vag)
        svarar[namn] += svar.status_code == 200
        if svar.status_code not in (200, 404):  # the demo plan has nothing of some kinds, but the draft does
            fel.append(f"{vag}: {svar.status_code}")
        # A list of all of Sweden's counties has that one too.
        elif spar := SPAR_AV_SKANE.search(text := ord_i(svar).replace("Skåne län", "")):
            fel.append(f"{vag}: …{text[max(0, spar.start() - 40) : spar.end() + 40]}…")
    fel += [f"{namn}: 404" for namn, antal in svarar.items() if not antal]
    assert not fel, "\n".join(fel)
    assert svarar["fordelning"] == svarar["huvudman_andel"] == svarar["budget"] == 2


def test_no_template_or_script_names_a_region() -> None:
    """Also those that no page of the walk is made from: e-mails, and what is shown when something goes wrong."""
    mappar = (Path(__file__).parents[1] / mapp for mapp in ("templates", "static/js"))
    filer = [fil for mapp in mappar for fil in mapp.rglob("*") if fil.suffix in (".html", ".txt", ".js")]
    assert len(filer) > 100
    spar = re.compile(r"skån|\b3[34] (?:kommun|huvudm|part)", re.IGNORECASE)
    assert [fil.name for fil in filer if spar.search(fil.read_text(encoding="utf-8"))] == []


# --- The sums -----------------------------------------------------------------------------------------------------


def test_all_sums_are_exact_and_the_same_everywhere(
    demon: Handlingsplan, klienter: list[Client], capsys: pytest.CaptureFixture[str]
) -> None:
    klient = klienter[0]
    andelar = {ett: _andelar(klient, ett) for ett in TOTAL}
    tabellen_gar_ihop(klient, andelar[2027])
    call_command("fordela", "2027", "--format", "json")
    kommandot = {en["kod"]: en["belopp"] for en in json.loads(capsys.readouterr().out)["andelar"]}
    assert kommandot == andelar[2027]
    for kod in ("14", "1480", "1438"):
        sida = Andelssida(klient.get(f"/plan/2027/huvudman/{kod}/").content.decode())
        assert sida.ore == andelar[2027][kod]
        assert sum(sida.effekter) == andelar[2027][kod] - andelar[2026][kod]
        bok = load_workbook(io.BytesIO(klient.get(f"/plan/2027/huvudman/{kod}/andel.xlsx").content))
        delar = [rad[2] for rad in bok["Insatsområden"].iter_rows(min_row=2, values_only=True) if rad[2] is not None]
        assert sum(Decimal(str(del_)) for del_ in delar) * 100 == andelar[2027][kod]


def _andelar(klient: Client, budgetar: int) -> dict[str, int]:
    """The year's fifty shares in öre: 30/70, the whole budget, and a rate for both sides."""
    data = json.loads(klient.get(f"/plan/2027/fordelning/fordelning.json?ar={budgetar}").content)
    andelar = {en["kod"]: en["belopp"] for en in data["andelar"]}
    invanare = {en["kod"]: en["invanare"] for en in data["andelar"] if en["kod"] != "14"}
    assert (len(andelar), len(invanare), sum(invanare.values())) == (50, 49, LANET[budgetar])
    assert sum(andelar.values()) == TOTAL[budgetar] == data["total"]
    assert andelar["14"] == TOTAL[budgetar] * 30 // 100
    assert abs(andelar["1480"] - Fraction(TOTAL[budgetar] * 70 * invanare["1480"], 100 * LANET[budgetar])) < 1
    text = synlig_text(klient.get(f"/plan/2027/fordelning/?ar={budgetar}"))
    for del_ in (30, 70):
        sats = Decimal(TOTAL[budgetar] * del_) / 100 / LANET[budgetar]
        assert str(sats.quantize(Decimal("0.01"), ROUND_HALF_UP)).replace(".", ",") in text
    assert "delas 30:70 mellan regionen och kommunerna" in text
    return andelar


def tabellen_gar_ihop(klient: Client, andelar: dict[str, int]) -> None:
    huvud, *rader, gruppen, summa = Sida(klient.get("/plan/2027/fordelning/2027/omraden/").content.decode()).rader
    tal = [[ore(text) for text in rad[1:]] for rad in rader]
    assert (huvud[-2:], gruppen[0]) == (["Samordning och kansli", "Summa"], "49 kommuner tillsammans")
    assert [rad[-1] for rad in tal] == list(andelar.values())
    assert all(sum(rad[:-1]) == rad[-1] for rad in tal)
    assert [sum(kolumn) for kolumn in zip(*tal, strict=True)] == [ore(text) for text in summa[1:]]


@pytest.mark.databas("sqlite")
def test_every_municipality_has_its_tile_also_without_a_drawn_map(
    demon: Handlingsplan, klienter: list[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = bilder_karta.las_layout(VASTRA_GOTALAND.fil("rutkarta_14.csv"))
    kommuner = Huvudman.objects.filter(typ=Huvudman.Typ.KOMMUN)
    assert set(layout) == set(kommuner.values_list("kod", flat=True))
    assert len(set(layout.values())) == 49
    for hur in ("ungefär där den ligger", "i kodordning"):
        html = klienter[0].get("/plan/2027/fordelning/").content.decode()
        assert hur in html
        assert len(re.findall(r'class="karta__ruta ', html)) == 49
        monkeypatch.setattr(bilder_karta, "_layouter", dict)


# --- On paper -----------------------------------------------------------------------------------------------------


@pytest.mark.databas("sqlite")
def test_the_pdf_is_made_and_tells_of_this_region_only(demon: Handlingsplan) -> None:
    dokument = plandokument(demon)
    fil = plan_till_pdf(dokument)
    krav_foljer(fil, PROFILER[0])
    sidor = sidtexter(fil)
    text = " ".join(sidor)
    assert "skån" not in text.casefold()
    assert "Västra Götalandsregionen och 49 kommuner" in text
    assert "30:70" in text
    delar = korsbilaga(omradestabell(dokument, dokument.fordelningar[0]), "").delar
    assert {len(del_.rader) for del_ in delar} == {50}
    for del_ in delar:  # each part on a page of its own, with all fifty and the sum
        (sida,) = (sida for sida in sidor if f"insatsområde 2027, {del_.del_} Kronor" in sida)
        for rad in (*del_.rader, del_.summa):
            assert f"{rad.namn} {' '.join(rad.belopp)} ".replace(NBSP, " ") in sida
