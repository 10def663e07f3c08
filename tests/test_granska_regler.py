"""The proofreader's rules, one by one: what each finds, and what it leaves in peace. No database."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from rapport.granska.fynd import Kunskap
from rapport.granska.regler import REGLER, TITLAR, granska
from rapport.granska.regler_sprak import ar_felstavning
from rapport.granska.texter import artal
from tests.granskafall import (
    FIXTURES,
    aktivitet,
    cell,
    felaktigt,
    funna,
    omrade,
    plan,
    publicerad,
    skanes_folkmangd,
    stor_plan,
    tabell,
)

NBSP = "\u00a0"


def test_a_plan_with_nothing_to_remark_on_gets_no_remark() -> None:
    assert granska(plan(), Kunskap()) == ()


def test_all_thirteen_known_mistakes_are_found_in_the_flawed_copys_record() -> None:
    alla = granska(felaktigt(), skanes_folkmangd())
    assert {en.misstag for en in alla} - {None} == set(range(1, 14))
    assert all(en.text and en.forklaring and en.plats.nyckel for en in alla)


def test_each_mistake_is_found_where_it_is() -> None:
    var = {(en.misstag, en.plats.i_ord) for en in granska(felaktigt(), skanes_folkmangd())}
    for misstag, plats in (
        (1, "Hela planen: Om 2024"),
        (2, "Avvikelsehantering: Ekonomi 2023"),
        (3, "Avvikelsehantering: Aktiviteter 2023"),
        (3, "Beslutsstöd: Ekonomi 2024"),
        (4, "Samlad budget: Raden Avikkelsehantering"),
        (4, "Beslutsstöd: Texten om aktiviteterna 2024"),
        (4, "Hela planen: Inledning"),
        (5, "Hela planen: Avslutande noter"),
        (6, "Samlad budget: Fotnot 2"),
        (6, "Samlad budget: Fotnot 3"),
        (7, "Samlad budget: Rad utan namn"),
        (8, "Samlad budget: Publicerad kostnad 2023"),
        (9, "Samlad budget: Publicerad kostnad 2023"),
        (10, "Diagnos och Behandling: Mål 1"),
        (11, "Beslutsstöd: Beskrivning"),
        (12, "Nationell patientöversikt (NPÖ): Beskrivning"),
        (13, "Digitala hjälpmedel: Syfte och nytta"),
    ):
        assert (misstag, plats) in var, (misstag, plats)


# --- One rule at a time: (rule, text, whether it is found) --------------------------------------------------------

I_INLEDNINGEN: tuple[tuple[str, str, bool], ...] = (
    ("antal_i_ord", "<p>De sex insatsområdena hänger ihop.</p>", True),
    ("antal_i_ord", "<p>Planen omfattar 7 insatsområden.</p>", True),
    ("antal_i_ord", "<p>De två insatsområdena hänger ihop.</p>", False),
    ("antal_i_ord", "<p>Den första planen hade sex insatsområden.</p>", False),
    ("antal_i_ord", "<p>Den första planen har sex insatsområden.</p>", False),
    ("antal_i_ord", "<p>Inom tre insatsområden är läget osäkert.</p>", False),
    ("antal_i_ord", "<p>Inom de tre insatsområdena är läget osäkert.</p>", True),
    ("antal_i_ord", "<p>Planen för 2022–2023 har sex insatsområden.</p>", False),
    ("antal_i_ord", "<p>De fem andra områdenas belopp.</p>", False),
    ("antal_i_ord", "<p>Tre insatsområden har tillkommit.</p>", False),
    ("antal_i_ord", "<p>De 33 kommunerna betalar hälften.</p>", True),
    ("antal_i_ord", "<p>I pilotprojektet deltar tre kommuner.</p>", False),
    ("antal_i_ord", "<p>Planen anger viktiga aktiviteter inom sex insatsområden som gör nytta.</p>", True),
    ("antal_i_ord", "<p>I planen ingår sex insatsområden.</p>", True),
    ("antal_i_ord", "<p>Sex insatsområden ingår i planen.</p>", True),
    ("antal_i_ord", "<p>Planen är uppdelad på sex prioriterade områden.</p>", True),
    ("antal_i_ord", "<p>Alla 35 huvudmän har sagt ja.</p>", True),
    ("antal_i_ord", "<p>Skånes 32 kommuner samverkar.</p>", True),
    ("antal_i_ord", "<p>Sveriges 290 kommuner och alla 290 kommuner i Sverige är med.</p>", False),
    ("antal_i_ord", "<p>De tolv kommunerna i nordväst har kommit längst.</p>", False),
    ("antal_i_ord", "<p>Det finns fem områden som har pengar.</p>", False),
    ("antal_i_ord", "<p>Strategin har fem områden.</p>", False),
    ("omkastad_forkortning", "<p>SIP, SIP och SIP är ett, ISP ett annat.</p>", False),
    ("belopp_felgrupperat", "<p>Totalt 1750 000 kr.</p>", True),
    ("belopp_felgrupperat", "<p>Under 2024 100 000 kr, och 12 345 678 kr sedan.</p>", False),
    ("belopp_felgrupperat", "<p>Kapitel 5 1177 Vårdguiden, ISO 9241 210.</p>", False),
    ("platshallare", "<p>Skriv text här …</p>", True),
    ("platshallare", "<p>[Beskriv området]</p>", True),
    ("platshallare", "<p>Kompletteras senare.</p>", True),
    ("platshallare", "<p>Texten kompletteras senare av SGD.</p>", False),
    ("platshallare", "<p>Se exempel.se/xx/ om det.</p>", False),
    ("ar_i_rubrik", "<h3>Verksamhetsåret 2023</h3><p>Text.</p>", True),
    ("ar_i_rubrik", "<p><strong>Budget 2023</strong></p>", True),
    ("ar_i_rubrik", "<p>Verksamhetsåret 2023</p><p>Text.</p>", True),
    ("ar_i_rubrik", "<h3>Nytt sedan 2023</h3>", False),
    ("ar_i_rubrik", "<h3>Året 2024</h3>", False),
    ("ar_i_rubrik", "<p>Under 2023 gjordes en förstudie.</p>", False),
    ("belopp_felgrupperat", "<p>Budgeten är 1 750000 kr.</p>", True),
    ("belopp_felgrupperat", "<p>Året innan 1 100<br>000 kr.</p>", True),
    ("belopp_felgrupperat", f"<p>Budgeten är 1{NBSP}750{NBSP}000 kr, 1 750 000 eller 1750000.</p>", False),
    ("belopp_felgrupperat", "<p>§ 12 2024-03-01, den 31 2024, 040-12 34 56, 08 123456.</p>", False),
    ("platshallare", "<p>Skriv här…</p>", True),
    ("platshallare", "<p>Beslut fattas den xx mars.</p>", True),
    ("platshallare", "<p>TODO: fyll på.</p>", True),
    ("platshallare", "<p>Beloppet är [belopp] kr.</p>", True),
    ("platshallare", "<p>Det skrivs härifrån, todo-listan och Exxon fyller i.</p>", False),
    ("tecken_i_delar", "<p>NPO\u0308 används.</p>", True),
    ("tecken_i_delar", "<p>NPÖ används på Åland.</p>", False),
)


@pytest.mark.parametrize(("regel", "text", "finns"), I_INLEDNINGEN)
def test_running_text(regel: str, text: str, finns: bool) -> None:
    tva = plan(omrade("Brevlådor", 1), omrade("Vårdplan", 2))
    assert bool(funna(replace(tva, inledning=text), regel)) is finns


@pytest.mark.parametrize(
    ("mal", "finns"),
    [
        ("Under 2023 inleds en analys av behoven.", True),
        ("Ta fram ett underlag.", True),
        ("Att införa tjänsten i alla kommuner.", True),
        ("Alla var anslutna 2019.", True),
        ("Parterna ska utreda frågan.", True),
        ("En förstudie ska genomföras.", True),
        ("Upphandling av ett nytt system.", True),
        ("Under året genomförs en upphandling.", True),
        ("Skillnaderna har minskat jämfört med 2022.", False),
        ("Alla vårdaktörer ska vara anslutna.", False),
        ("Patienten ska kunna följa sin vård.", False),
        ("Medarbetare ska kunna utreda digitalt.", False),
        ("Patienter som ska undersökas kallas digitalt.", False),
        ("Alla vårdaktörer är anslutna.", False),
        ("Öka andelen som är anslutna.", False),
        ("Alla är anslutna före utgången av 2025.", False),
    ],
)
def test_a_goal_is_what_has_been_reached(mal: str, finns: bool) -> None:
    assert bool(funna(plan(omrade(alla_mal=(mal,))), "mal_som_aktivitet")) is finns


@pytest.mark.parametrize(
    ("text", "ratt"),
    [
        ("Om Avikkelsehantering.", False),
        ("Avvikelsehanteringen och avvikelsehanteringens mål.", True),
        ("Diagnos och behandling.", True),
        ("En diagnos och behandling därefter.", True),
        ("Diagnos och Behandling.", False),
        ("DIAGNOS OCH BEHANDLING.", True),
        ("Med bedömning och bemanning.", True),
        ("Om Dignos och behandling.", False),
        ("Diagnosen och behandling.", True),
    ],
)
def test_a_name_is_spelled_in_one_way(text: str, ratt: bool) -> None:
    ett, annat = omrade("Avvikelsehantering", 1), omrade("Diagnos och behandling", 2, beskrivning=f"<p>{text}</p>")
    assert (funna(plan(ett, annat), "namn_pa_flera_satt") == []) is ratt


def test_where_the_texts_agree_the_name_is_asked_about() -> None:
    text = "<p>Diagnos och behandling. Också diagnos: Diagnos och behandling.</p>"
    (fynd,) = funna(plan(omrade("Diagnos och Behandling", beskrivning=text)), "namn_pa_flera_satt")
    assert fynd.forklaring.endswith("Är det namnet som är fel?")


def test_ordinary_words_are_no_slips_of_the_pen() -> None:
    for ordet, mall in (
        ("hjälpmedlen", "hjälpmedel"), ("rationell", "nationell"), ("nationella", "nationell"),
        ("kommunikativ", "kommunikation"), ("behandlas", "behandling"),
    ):  # fmt: skip
        assert not ar_felstavning(ordet, mall), ordet
    kort_namn = plan(omrade("Placering"), inledning="<p>Planering pågår.</p>")
    assert funna(kort_namn, "namn_pa_flera_satt") == []
    assert ar_felstavning("beslutstöd", "beslutsstöd")
    assert ar_felstavning("avikkelsehantering", "avvikelsehantering")


def test_an_abbreviation_turned_round_is_found_unless_it_is_explained() -> None:
    text = "<p>Gruppen (SGD) möts. SGD följer. SDG beslutar.</p>"
    (fynd,) = funna(plan(inledning=text), "omkastad_forkortning")
    assert fynd.text == "SDG beslutar."
    assert "SGD" in fynd.forklaring
    assert funna(plan(inledning=text + "<p>Mål (SDG) finns.</p>"), "omkastad_forkortning") == []


def test_money_and_activities_go_together() -> None:
    utan = omrade(aktiviteter=(), aktivitetstext="<p>Inget än.</p>")
    assert len(funna(plan(utan), "pengar_utan_aktivitet")) == 1
    assert funna(plan(utan, budget=tabell((utan,), nu=(cell(0),))), "pengar_utan_aktivitet") == []
    med = omrade()
    assert len(funna(plan(med, budget=tabell((med,), nu=(cell(0),))), "aktivitet_utan_pengar")) == 1
    assert funna(plan(med, budget=tabell((med,), nu=(cell(None),))), "aktivitet_utan_pengar") == []
    egen = omrade(ekonomi="<p>Arbetet ryms i ordinarie uppdrag.</p>")
    assert funna(plan(egen, budget=tabell((egen,), nu=(cell(0),))), "aktivitet_utan_pengar") == []


def test_empty_parts_are_told_apart() -> None:
    tomt = omrade(beskrivning="", syfte="", alla_mal=(), ansvariga=(), aktiviteter=(), ekonomi="")
    assert [en.plats.rubrik for en in funna(plan(tomt, inledning=""), "tom_del")] == [
        "Inledning", "Beskrivning", "Syfte och nytta", "Övergripande mål", "Aktiviteter 2024", "Ansvar",
    ]  # fmt: skip
    assert [en.plats.rubrik for en in funna(plan(tomt), "ekonomi_saknas")] == ["Ekonomi 2024"]
    assert [en.plats.rubrik for en in funna(replace(plan(), omraden=(), budget=tabell(())), "tom_del")] == [
        "Insatsområden"
    ]


def test_activities_without_person_or_date_are_one_finding_per_area() -> None:
    rader = (aktivitet("Ett.", 1), aktivitet("Två.", 2, ansvarig=""), aktivitet("Tre.", 3, start=None))
    (fynd,) = funna(plan(omrade(aktiviteter=rader)), "aktivitet_utan_ansvarig")
    assert fynd.text == "Två; Tre"
    assert "1 av områdets 3 aktiviteter saknar ansvarig. 1 av områdets 3 aktiviteter saknar datum." in fynd.forklaring


def test_a_footnote_speaks_of_the_year_it_stands_at() -> None:
    ett = (omrade(),)
    for markorer, finns in (((("1",), ()), False), (((), ("1",)), True), ((("1",), ("1",)), False), (((), ()), False)):
        budget = tabell(ett, fotnoter=("Under 2024 är det okänt.",), markorer=markorer)
        assert bool(funna(plan(*ett, budget=budget), "fotnot_om_annat_ar")) is finns, markorer


def test_a_text_on_the_economy_speaks_of_its_own_year_and_of_the_budgets_amount() -> None:
    fel = omrade(ekonomi="<p>Under 2023 är 100 kr avsatta.</p>")
    assert len(funna(plan(fel), "ekonomi_for_annat_ar")) == 1
    bada = omrade(ekonomi="<p>Under 2023 var 100 kr avsatta. Under 2024 är det 100 kr.</p>")
    assert funna(plan(bada), "ekonomi_for_annat_ar") == []
    annat = omrade(ekonomi=f"<p>Under 2024 är 1{NBSP}000 kr avsatta.</p>")
    assert len(funna(plan(annat), "belopp_i_ekonomitexten")) == 1
    assert funna(plan(), "belopp_i_ekonomitexten") == []


def test_a_row_without_name_is_found() -> None:
    ett = (omrade(),)
    assert len(funna(plan(*ett, budget=tabell(ett, planrader=("***",))), "namnlos_rad")) == 1
    assert funna(plan(*ett, budget=tabell(ett, planrader=("Projektledning",))), "namnlos_rad") == []


def test_a_published_rate_follows_from_a_known_population() -> None:
    """100 kr shared 1:1 is 5 000 öre for the municipalities; 1 000 inhabitants pay 5,00 öre each."""
    kanda = Kunskap({date(2021, 12, 31): 800, date(2022, 12, 31): 1_000})
    for sats, datum, finns in (
        ("5.00", date(2022, 12, 31), False),
        ("5.00", None, False),
        ("5.00", date(2021, 12, 31), True),
        ("6.25", date(2021, 12, 31), False),
        ("5.10", None, True),
    ):
        dokument = plan(fordelningar=(publicerad(2024, sats, datum),))
        assert bool(funna(dokument, "publicerad_utan_folkmangd", kanda)) is finns, sats
        assert funna(dokument, "publicerad_utan_folkmangd") == [], "nothing is known, so nothing is said"


def test_the_nearest_populations_are_told() -> None:
    (fynd,) = [en for en in granska(felaktigt(), skanes_folkmangd()) if en.regel == "publicerad_utan_folkmangd"]
    for rad in ("2020-12-31 ger 82,77", "2021-12-31 ger 82,00", "2022-12-31 ger 81,31"):
        assert rad in fynd.forklaring
    assert "82,09" in fynd.text


def test_one_date_for_two_years_rates() -> None:
    samma = (publicerad(2024, "5", date(2022, 12, 31)), publicerad(2023, "6", date(2022, 12, 31)))
    assert [en.plats.nyckel for en in funna(plan(fordelningar=samma), "ett_datum_for_flera_ar")] == [
        "budget/publicerad/2023"
    ]
    skilda = (samma[0], publicerad(2023, "6", date(2021, 12, 31)))
    assert funna(plan(fordelningar=skilda), "ett_datum_for_flera_ar") == []


def test_work_that_moves_takes_its_money_along_or_says_where_it_went() -> None:
    flyttar = "<p>Arbetet fortsätter i Vårdplan.</p>"
    fran, till = omrade("Brevlådor", 1, beskrivning=flyttar), omrade("Vårdplan", 2)
    for fran_nu, till_nu, finns in ((0, 10_000, True), (0, 20_000, False), (10_000, 10_000, False)):
        budget = tabell((fran, till), nu=(cell(fran_nu), cell(till_nu)))
        assert bool(funna(plan(fran, till, budget=budget), "flyttat_utan_pengar")) is finns, (fran_nu, till_nu)
    sagt = omrade("Brevlådor", 1, beskrivning=flyttar, ekonomi="<p>Pengarna står under Vårdplan.</p>")
    assert funna(plan(sagt, till, budget=tabell((sagt, till), nu=(cell(0), cell()))), "flyttat_utan_pengar") == []


# --- What a finding is ------------------------------------------------------------------------------------------------


def test_the_fingerprint_lives_as_long_as_the_text() -> None:
    def avtryck(text: str) -> str:
        (fynd,) = funna(plan(inledning=f"<p>Förord.</p><p>{text}</p><p>{text[:0]}Slut.</p>"), "platshallare")
        return fynd.avtryck

    assert avtryck("Skriv här om vården.") == avtryck("Skriv här om vården.")
    assert avtryck("Skriv här om vården.") != avtryck("Skriv här om omsorgen.")


def test_the_fingerprint_is_of_all_that_the_finding_is_about() -> None:
    """The sentence is the same, but the plan has got another number of areas: the answer was about something else."""
    text = "<p>De sex insatsområdena hänger ihop.</p>"
    tva = (omrade("Brevlådor", 1), omrade("Vårdplan", 2))
    alla = [plan(*tva, inledning=text), plan(*tva, omrade("Recept", 3), inledning=text)]
    assert len({en.avtryck for dokument in alla for en in funna(dokument, "antal_i_ord")}) == 2


def test_two_faults_of_a_kind_in_one_sentence_are_two_findings() -> None:
    text = "<p>Tillsammans 1 750000 kr, mot 2 300000 kr året innan.</p>"
    assert [en.text for en in funna(plan(inledning=text), "belopp_felgrupperat")] == ["1 750000", "2 300000"]


def test_years_are_told_from_amounts() -> None:
    assert artal("2022–2023, den 2024-12-31") == [2022, 2023, 2024]
    assert artal(f"20240 kr, 1{NBSP}2024, 2000{NBSP}000 kr") == []


def test_a_plan_of_five_hundred_activities_has_nothing_to_remark_on() -> None:
    assert list(granska(stor_plan(500), skanes_folkmangd())) == []


# --- The command on a file, and the document on the rules -----------------------------------------------------------


def kor(capsys: pytest.CaptureFixture[str], *val: str) -> str:
    call_command("granska", *val)
    return capsys.readouterr().out


def test_the_command_reads_a_record_from_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    fil, folk = str(FIXTURES / "plandokument_2024_felaktig.json"), str(FIXTURES / "folkmangd_skane.csv")
    rader: list[dict[str, Any]] = json.loads(kor(capsys, "--fil", fil, "--folkmangd", folk, "--format", "json"))
    assert {tuple(en) for en in rader} == {("regel", "misstag", "plats", "text", "forklaring", "status", "skal")}
    assert {en["misstag"] for en in rader} - {None} == set(range(1, 14))
    assert {(en["status"], en["skal"]) for en in rader} == {("oppen", None)}
    assert f"{len(rader)} att ta ställning till, 0 besvarade." in kor(capsys, "--fil", fil, "--folkmangd", folk)


@pytest.mark.parametrize(
    ("val", "fel"),
    [
        ([], "Ange antingen"),
        (["2024", "--fil", "x"], "Ange antingen"),
        (["2024", "--folkmangd", "x"], "hör ihop med --fil"),
        (["--fil", "finns-inte.json"], "går inte att läsa"),
        (["--fil", "{csv}"], "är inget plandokument"),
        (["--fil", "{json}", "--folkmangd", "{json}"], "är ingen folkmängd"),
    ],
)
def test_the_command_says_what_is_wrong(val: list[str], fel: str) -> None:
    filer = {"csv": FIXTURES / "folkmangd_skane.csv", "json": FIXTURES / "plandokument_2024_felaktig.json"}
    with pytest.raises(CommandError, match=fel):
        call_command("granska", *(en.format(**filer) for en in val))


def test_the_document_tells_of_every_rule_and_its_mistake() -> None:
    text = (Path(__file__).resolve().parent.parent / "docs" / "granska.md").read_text(encoding="utf-8")
    rader = {m[1]: m[2] for m in re.finditer(r"^\| `(\w+)` \| (\d+|–) \|", text, re.MULTILINE)}
    assert rader == {en.namn: str(en.misstag or "–") for en in REGLER}
    assert len(TITLAR) == len(REGLER)
