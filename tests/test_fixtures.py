"""The demo data as files: figures, counts and language, read without Django.

Amounts are whole kronor here, as in the files. The figures are those of the public plan for 2024, the case
documents of 2022 and SCB's population tables; the slips named in the tests are in the printed plan and must
not come back.
"""

import csv
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
PLANER = ("plan_2024.json", "plan_2023.json", "vastra-gotaland/plan_2027.json")
FOLKMANGD = {"vastra-gotaland/plan_2027.json": "vastra-gotaland/folkmangd.csv"}  # the others': Skåne's
VASTRA_GOTALAND = ("vastra-gotaland/huvudman.csv", "vastra-gotaland/folkmangd.csv")
NBSP = "\u00a0"

HTMLFALT = {"inledning", "om_aret", "avslutning", "beskrivning", "syfte", "aktivitetstext", "ekonomi"}
TAGGAR = {"p", "ul", "ol", "li", "h3", "h4", "a", "strong", "em", "br"}
PLANFALT = (
    "fran_ar,till_ar,titel,undertitel,inledning,om_aret,avslutning,kontakt_namn,kontakt_epost,delad,faststalld,"
    "grupper,omraden,budget,fotnoter,fordelning,publicerade"
)
OMRADESFALT = "kod,namn,kortnamn,lage,lage_not,beskrivning,syfte,alla_mal,ar,ansvar,ansvar_not"
POSTFALT = "omrade,benamning,ar,finansiering,slag,belopp"
FEL_I_SPRAKET = re.compile(r"[\"'“`]|\.\.\.| - | ,|\d \d{3}\b|\d kr\b|\d{4}-\d{4}\b")
FEL_I_NAMN = re.compile(
    r"SDG|Avikk|Mina Planer|och Behandling|Nationell Patient|Myndigheten för digitalisering|Beslutstöd"
    r"|(?i:skriv här|todo|lorem|xxx|\?\?)"
)

# area: (goals, top-level activities of 2024)
OMFATTNING_2024 = {
    "npo": (3, 5),
    "sdk": (1, 4),
    "mina-planer": (4, 9),
    "beslutsstod": (1, 0),
    "avvikelsehantering": (1, 0),
    "digitala-hjalpmedel": (1, 2),
    "diagnos-behandling": (1, 1),
}
# row: SGD 2024, annan 2024, SGD 2023, annan 2023; a number is kronor
BUDGET_2024: dict[str | None, tuple[int | str, ...]] = {
    "npo": (100_000, "okant", 50_000, "okant"),
    "sdk": (100_000, "okant", 50_000, "okant"),
    "mina-planer": (500_000, "okant", 1_100_000, "okant"),
    "beslutsstod": (0, "okant", 700_000, "okant"),
    "avvikelsehantering": (400_000, "okant", 400_000, "okant"),
    "digitala-hjalpmedel": (400_000, "ej_aktuellt", "ej_aktuellt", "ej_aktuellt"),
    "diagnos-behandling": (250_000, "okant", 0, "okant"),
    None: ("ej_aktuellt", "ej_aktuellt", "ej_aktuellt", "okant"),
}
# row: SGD 2022, statsbidrag 2022, SGD 2023
BUDGET_2023: dict[str | None, tuple[int | str, ...]] = {
    "npo": ("ej_aktuellt", "ej_aktuellt", 50_000),
    "sdk": ("ej_aktuellt", "ej_aktuellt", 50_000),
    "mina-planer": ("ej_aktuellt", "ej_aktuellt", 1_100_000),
    "beslutsstod": ("ej_aktuellt", "ej_aktuellt", 700_000),
    "avvikelsehantering": ("ej_aktuellt", "ej_aktuellt", 400_000),
    "sakra-videomoten": ("ej_aktuellt", "ej_aktuellt", "ej_aktuellt"),
    None: ("ej_aktuellt", 2_100_000, "ej_aktuellt"),
}
# the published county totals; 2025 is the sum of the parts, for SCB's own total carries noise
LANSSUMMOR = {
    "2019-12-31": 1_377_827,
    "2020-12-31": 1_389_336,
    "2021-12-31": 1_402_425,
    "2022-12-31": 1_414_324,
    "2023-12-31": 1_421_781,
    "2024-12-31": 1_428_626,
    "2025-12-31": 1_433_082,
}


def las_plan(namn: str) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads((FIXTURES / namn).read_text(encoding="utf-8"))
    return plan


def las_csv(namn: str) -> list[dict[str, str]]:
    with (FIXTURES / namn).open(encoding="utf-8", newline="") as fil:
        return list(csv.DictReader(fil))


def omraden(plan: dict[str, Any], lage: str = "ingar") -> list[dict[str, Any]]:
    return [omrade for omrade in plan["omraden"] if omrade["lage"] == lage]


def texter(varde: Any, falt: str = "") -> Iterator[tuple[str, str]]:
    """Yield (field name, text) for every string in a plan, however deep."""
    if isinstance(varde, str):
        yield falt, varde
    elif isinstance(varde, list):
        for del_ in varde:
            yield from texter(del_, falt)
    elif isinstance(varde, dict):
        for nyckel, del_ in varde.items():
            yield from texter(del_, nyckel)


def hela_texten(plan: dict[str, Any]) -> str:
    return "\n".join(text for _, text in texter(plan))


def kolumner(plan: dict[str, Any]) -> set[tuple[int, str]]:
    """The columns in use: (year, financing form)."""
    return {(post["ar"], post["finansiering"]) for post in plan["budget"]}


def celler(plan: dict[str, Any]) -> dict[tuple[str | None, str, int, str], int | str]:
    """Map each cell (area, label, year, financing) to its kronor, or to its kind where it has no amount."""
    return {
        (post["omrade"], post["benamning"], post["ar"], post["finansiering"]): (
            int(post["belopp"]) if post["slag"] == "belopp" else post["slag"]
        )
        for post in plan["budget"]
    }


def summa(plan: dict[str, Any], avser_ar: int, finansiering: str) -> int:
    """Sum the amounts of one column in kronor; unknown and not applicable have none."""
    return sum(
        varde
        for (_, _, budgetar, form), varde in celler(plan).items()
        if (budgetar, form) == (avser_ar, finansiering) and isinstance(varde, int)
    )


class _Granskare(HTMLParser):
    """Note tags that are not allowed, attributes, bad nesting and empty elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.fel: list[str] = []
        self.oppna: list[str] = []
        self.tomt = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGGAR:
            self.fel.append(f"taggen {tag}")
        if [namn for namn, _ in attrs] not in ([], ["href"]) or (attrs and tag != "a"):
            self.fel.append(f"attribut på {tag}")
        if tag != "br":
            self.oppna.append(tag)
            self.tomt = True

    def handle_endtag(self, tag: str) -> None:
        if self.tomt or not self.oppna or self.oppna.pop() != tag:
            self.fel.append(f"tomt eller felnästlat {tag}")
        self.tomt = False

    def handle_data(self, data: str) -> None:
        self.tomt = False
        if not self.oppna:
            self.fel.append(f"text utanför element: {data!r}")


# --- all plans ---


@pytest.mark.parametrize("namn", PLANER)
def test_a_plan_has_exactly_the_agreed_fields(namn: str) -> None:
    plan = las_plan(namn)
    assert ",".join(plan) == PLANFALT
    assert {",".join(omrade) for omrade in plan["omraden"]} == {OMRADESFALT}
    assert {",".join(post) for post in plan["budget"]} == {POSTFALT}
    assert {omrade["lage"] for omrade in plan["omraden"]} <= {"ingar", "bevakas", "utgatt"}
    assert max(Counter(omrade["kod"] for omrade in plan["omraden"]).values()) == 1


@pytest.mark.parametrize("namn", [*PLANER, "huvudman.csv", "folkmangd_skane.csv", *VASTRA_GOTALAND])
def test_text_is_composed_unicode_without_double_spaces(namn: str) -> None:
    text = (FIXTURES / namn).read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search(r"[\u0300-\u036f\ufeff\r]", text)
    assert re.search(r"[^\n]\n\Z", text)
    assert not re.search(r"\S {2,}\S", text)


@pytest.mark.parametrize("namn", PLANER)
def test_prose_is_set_as_swedish_is_set(namn: str) -> None:
    for falt, text in texter(las_plan(namn)):
        assert text == text.strip(), falt
        assert not FEL_I_SPRAKET.search(text), (falt, text)


@pytest.mark.parametrize("namn", PLANER)
def test_html_stands_only_in_html_fields_and_uses_only_the_allowed_tags(namn: str) -> None:
    for falt, text in texter(las_plan(namn)):
        if falt not in HTMLFALT:
            assert not re.search(r"[<>]|&\w+;", text), (falt, text)
            continue
        granskare = _Granskare()
        granskare.feed(text)
        granskare.close()
        assert (granskare.fel, granskare.oppna) == ([], []), (falt, text)


@pytest.mark.parametrize("namn", PLANER)
def test_names_are_spelled_one_way_and_nothing_is_left_to_fill_in(namn: str) -> None:
    assert not FEL_I_NAMN.search(hela_texten(las_plan(namn)))


@pytest.mark.parametrize("namn", PLANER)
def test_every_area_in_the_plan_is_complete(namn: str) -> None:
    plan = las_plan(namn)
    grupper = {grupp["kortnamn"] for grupp in plan["grupper"]}
    for omrade in omraden(plan):
        assert omrade["beskrivning"] and omrade["syfte"] and omrade["alla_mal"], omrade["kod"]
        assert omrade["ansvar"] and set(omrade["ansvar"]) <= grupper
        assert set(omrade["ar"]) == {str(y) for y in range(plan["fran_ar"], plan["till_ar"] + 1)}
        for aret in omrade["ar"].values():
            assert aret["ekonomi"] and (aret["aktiviteter"] or aret["aktivitetstext"]), omrade["kod"]


@pytest.mark.parametrize("namn", PLANER)
def test_activities_nest_with_the_same_fields_at_every_level(namn: str) -> None:
    ko = [a for o in las_plan(namn)["omraden"] for aret in o["ar"].values() for a in aret["aktiviteter"]]
    assert ko
    while ko:
        aktivitet = ko.pop()
        assert set(aktivitet) == {"text", "villkor", "ansvarig", "under"} and aktivitet["text"]
        ko.extend(aktivitet["under"])


@pytest.mark.parametrize("namn", PLANER)
def test_the_economy_text_speaks_of_its_own_year_and_its_own_amount(namn: str) -> None:
    plan = las_plan(namn)
    for omrade in omraden(plan):
        for budgetar, aret in omrade["ar"].items():
            assert set(re.findall(r"\b20\d\d\b", aret["ekonomi"])) == {budgetar}, omrade["kod"]
            varde = celler(plan)[omrade["kod"], "", int(budgetar), "sgd"]
            tal = re.findall(rf"([\d{NBSP}]+){NBSP}kr", aret["ekonomi"])
            skrivna = [int(t.replace(NBSP, "")) for t in tal]
            assert skrivna == ([varde] if isinstance(varde, int) else []), (omrade["kod"], budgetar)


@pytest.mark.parametrize("namn", PLANER)
def test_no_cell_is_missing_or_doubled_in_a_column_in_use(namn: str) -> None:
    plan = las_plan(namn)
    rader = {(omrade["kod"], "") for omrade in omraden(plan)}
    rader |= {(None, post["benamning"]) for post in plan["budget"] if post["omrade"] is None}
    assert set(celler(plan)) == {(*rad, *kolumn) for rad in rader for kolumn in kolumner(plan)}
    assert len(celler(plan)) == len(plan["budget"])


@pytest.mark.parametrize("namn", PLANER)
def test_an_amount_has_one_of_three_kinds_and_a_number_only_when_it_is_an_amount(namn: str) -> None:
    for post in las_plan(namn)["budget"]:
        assert post["slag"] in {"belopp", "okant", "ej_aktuellt"}
        assert post["finansiering"] in {"sgd", "statsbidrag", "projektmedel", "egen_tid", "annan"}
        if post["slag"] == "belopp":
            assert re.fullmatch(r"0|[1-9]\d{0,11}", post["belopp"])
        else:
            assert post["belopp"] is None


@pytest.mark.parametrize("namn", PLANER)
def test_every_footnote_stands_at_a_place_that_exists(namn: str) -> None:
    plan = las_plan(namn)
    platser = [plats for fotnot in plan["fotnoter"] for plats in fotnot["galler"]]
    assert platser
    for plats in platser:
        if plats["slag"] == "cell":
            cell = (plats["omrade"], plats["benamning"], plats["ar"], plats["finansiering"])
            assert cell in celler(plan)
        elif plats["slag"] == "kolumn":
            assert (plats["ar"], plats["finansiering"]) in kolumner(plan)
        else:
            assert plats == {"slag": "tabell"}


@pytest.mark.parametrize("namn", PLANER)
def test_a_footnote_speaks_only_of_the_year_it_stands_at(namn: str) -> None:
    for fotnot in las_plan(namn)["fotnoter"]:
        namnda = set(re.findall(r"(?<!Handlingsplan )\b20\d\d\b", fotnot["text"]))
        for plats in fotnot["galler"]:
            assert namnda <= {str(plats.get("ar"))}, fotnot["text"]


@pytest.mark.parametrize("namn", PLANER)
def test_dates_are_real_iso_dates_and_every_split_has_its_population(namn: str) -> None:
    plan = las_plan(namn)
    poster = plan["fordelning"] + plan["publicerade"]
    datum = [plan["delad"], (plan["faststalld"] or {}).get("datum"), *(p["folkmangdsdatum"] for p in poster)]
    kanda = [d for d in datum if d is not None]
    assert [date.fromisoformat(d).isoformat() for d in kanda] == kanda
    matdagar = {rad["datum"] for rad in las_csv(FOLKMANGD.get(namn, "folkmangd_skane.csv"))}
    modell = (30, 70, "ore") if namn in FOLKMANGD else (1, 1, "ore")
    for post in plan["fordelning"]:
        assert post["folkmangdsdatum"] in matdagar
        assert (post["andel_region"], post["andel_grupp"], post["enhet"]) == modell
        assert post["hanvisning"]
    assert all(post["kalla"] for post in plan["publicerade"])


# --- 2024 ---


def test_2024_has_seven_areas_twelve_goals_and_twenty_one_activities_with_three_sub_points() -> None:
    plan = las_plan("plan_2024.json")
    omfattning = {o["kod"]: (len(o["alla_mal"]), len(o["ar"]["2024"]["aktiviteter"])) for o in omraden(plan)}
    assert list(omfattning.items()) == list(OMFATTNING_2024.items())
    assert tuple(map(sum, zip(*omfattning.values(), strict=True))) == (12, 21)
    alla = [(o["kod"], a) for o in omraden(plan) for a in o["ar"]["2024"]["aktiviteter"]]
    assert [(kod, len(a["under"])) for kod, a in alla if a["under"]] == [("sdk", 3)]


def test_2024_is_a_shared_draft_that_says_seven_areas_and_never_six() -> None:
    plan = las_plan("plan_2024.json")
    assert (plan["fran_ar"], plan["till_ar"], plan["faststalld"]) == (2024, 2024, None)
    assert plan["delad"]
    assert "sju insatsområden" in hela_texten(plan)
    assert "sex insatsområden" not in hela_texten(plan)


def test_2024_has_one_conditional_activity_the_second_of_digitala_hjalpmedel() -> None:
    for omrade in omraden(las_plan("plan_2024.json")):
        med = [i for i, a in enumerate(omrade["ar"]["2024"]["aktiviteter"], 1) if a["villkor"]]
        assert med == ([2] if omrade["kod"] == "digitala-hjalpmedel" else []), omrade["kod"]


def test_2024_shows_what_is_watched_and_what_has_left_without_money() -> None:
    plan = las_plan("plan_2024.json")
    assert [o["kod"] for o in omraden(plan, "bevakas")] == ["1177-modernisering", "sdv"]
    assert [o["kod"] for o in omraden(plan, "utgatt")] == ["sakra-videomoten"]
    vid_sidan = omraden(plan, "bevakas") + omraden(plan, "utgatt")
    assert all(omrade["lage_not"] for omrade in vid_sidan)
    assert not {omrade["kod"] for omrade in vid_sidan} & {post["omrade"] for post in plan["budget"]}


def test_goals_are_states_and_never_an_activity_of_a_year() -> None:
    for namn in PLANER:
        for omrade in las_plan(namn)["omraden"]:
            assert not [m for m in omrade["alla_mal"] if re.search(r"\b20\d\d\b", m)], omrade["kod"]


@pytest.mark.parametrize(
    ("namn", "tabell", "kolumnordning"),
    [
        ("plan_2024.json", BUDGET_2024, ((2024, "sgd"), (2024, "annan"), (2023, "sgd"), (2023, "annan"))),
        ("plan_2023.json", BUDGET_2023, ((2022, "sgd"), (2022, "statsbidrag"), (2023, "sgd"))),
    ],
)
def test_the_budget_is_the_documents(
    namn: str, tabell: dict[str | None, tuple[int | str, ...]], kolumnordning: tuple[tuple[int, str], ...]
) -> None:
    vantat = {
        (omrade, *kolumn): varde
        for omrade, varden in tabell.items()
        for kolumn, varde in zip(kolumnordning, varden, strict=True)
    }
    assert {(o, y, f): varde for (o, _, y, f), varde in celler(las_plan(namn)).items()} == vantat


def test_the_sums_are_the_documents_and_the_two_plans_agree_about_2023() -> None:
    plan, forra = las_plan("plan_2024.json"), las_plan("plan_2023.json")
    assert summa(plan, 2024, "sgd") == 1_750_000
    assert summa(plan, 2023, "sgd") == summa(forra, 2023, "sgd") == 2_300_000
    assert summa(forra, 2022, "statsbidrag") == 2_100_000
    assert summa(forra, 2022, "sgd") == summa(plan, 2024, "annan") == 0


# --- 2022 and 2023 ---


def test_2022_2023_is_adopted_has_six_areas_and_splits_only_2023() -> None:
    plan = las_plan("plan_2023.json")
    assert (plan["fran_ar"], plan["till_ar"]) == (2022, 2023)
    assert plan["faststalld"]["datum"] == "2022-03-01"
    assert "§" not in plan["faststalld"]["hanvisning"]
    assert [o["kod"] for o in plan["omraden"]] == [*list(OMFATTNING_2024)[:5], "sakra-videomoten"]
    assert {len(omrade["alla_mal"]) for omrade in omraden(plan)} == {1, 2}
    assert [post["ar"] for post in plan["fordelning"]] == [2023]


def test_the_empty_amount_of_sakra_videomoten_is_explained_in_a_footnote() -> None:
    plats = {"slag": "cell", "omrade": "sakra-videomoten", "benamning": "", "ar": 2023, "finansiering": "sgd"}
    assert [fotnot for fotnot in las_plan("plan_2023.json")["fotnoter"] if plats in fotnot["galler"]]


def test_published_rates_stand_beside_what_the_figures_give() -> None:
    plan, forra = las_plan("plan_2024.json"), las_plan("plan_2023.json")
    folk: Counter[str] = Counter()
    for rad in las_csv("folkmangd_skane.csv"):
        folk[rad["datum"]] += int(rad["antal"])

    def beraknad(p: dict[str, Any], avser_ar: int) -> str:
        (delning,) = [post for post in p["fordelning"] if post["ar"] == avser_ar]
        ore = Decimal(summa(p, avser_ar, "sgd") * 100) / (2 * folk[delning["folkmangdsdatum"]])
        return str(ore.quantize(Decimal("0.01"), ROUND_HALF_UP))

    tryckt = {post["ar"]: post["ore_per_invanare"] for post in plan["publicerade"]}
    assert tryckt == {2024: "61.87", 2023: "82.09"}
    assert beraknad(plan, 2024) == tryckt[2024]
    assert beraknad(forra, 2023) == "82.00"  # the printed 82,09 follows from no year-end population
    assert [(p["ore_per_invanare"], p["folkmangdsdatum"]) for p in forra["publicerade"]] == [("82.09", None)]


# --- parties and population ---


def test_there_are_34_parties_in_scb_order_with_the_region_first() -> None:
    rader = las_csv("huvudman.csv")
    assert ",".join(rader[0]) == "kod,typ,namn,officiellt_namn,juridiskt_namn,organisationsnummer"
    koder = [rad["kod"] for rad in rader]
    assert (len(rader), len(set(koder)), koder) == (34, 34, sorted(koder))
    assert [rad["typ"] for rad in rader] == ["region"] + ["kommun"] * 33
    assert set(rader[0].values()) == {"12", "region", "Region Skåne", ""}
    assert all(re.fullmatch(r"12\d\d", kod) for kod in koder[1:])
    assert {rad["organisationsnummer"] for rad in rader} == {""}  # never invented


def test_official_and_legal_names_differ_only_for_the_three_cities() -> None:
    stader = {r["namn"]: (r["officiellt_namn"], r["juridiskt_namn"]) for r in las_csv("huvudman.csv")}
    avvikande = {namn: par for namn, par in stader.items() if par[0] != par[1]}
    assert avvikande == {
        "Malmö": ("Malmö stad", "Malmö kommun"),
        "Landskrona": ("Landskrona stad", "Landskrona kommun"),
        "Helsingborg": ("Helsingborgs stad", "Helsingborgs kommun"),
    }
    assert all(par[1].endswith(" kommun") for namn, par in stader.items() if namn != "Region Skåne")


def test_population_has_every_municipality_once_per_date_in_scb_order() -> None:
    rader = las_csv("folkmangd_skane.csv")
    assert ",".join(rader[0]) == "kod,datum,antal,kalla,tabellkod"
    assert len(rader) == 231
    assert all((a["datum"], a["kod"]) < (b["datum"], b["kod"]) for a, b in pairwise(rader))
    kommuner = {rad["kod"] for rad in las_csv("huvudman.csv") if rad["typ"] == "kommun"}
    for datum in LANSSUMMOR:
        assert {rad["kod"] for rad in rader if rad["datum"] == datum} == kommuner


@pytest.mark.parametrize(("datum", "lanssumma"), LANSSUMMOR.items())
def test_population_sums_to_the_published_county_total(datum: str, lanssumma: int) -> None:
    rader = [rad for rad in las_csv("folkmangd_skane.csv") if rad["datum"] == datum]
    assert sum(int(rad["antal"]) for rad in rader) == lanssumma
    assert {rad["tabellkod"] for rad in rader} == {"000007ME" if datum >= "2025" else "BE0101N1"}
    assert {rad["kalla"] for rad in rader} == {"SCB, Folkmängden efter region"}


@pytest.mark.parametrize(("kod", "antal"), [("1280", 357_377), ("1275", 7_442), ("1214", 14_466)])
def test_known_populations_of_2022_stand_on_their_own_row(kod: str, antal: int) -> None:
    folk = {(rad["kod"], rad["datum"]): rad["antal"] for rad in las_csv("folkmangd_skane.csv")}
    assert folk[kod, "2022-12-31"] == str(antal)


# --- Västra Götaland ---


def test_vastra_gotaland_has_fifty_parties_and_the_four_that_call_themselves_stad() -> None:
    rader = las_csv("vastra-gotaland/huvudman.csv")
    assert ",".join(rader[0]) == "kod,typ,namn,officiellt_namn,juridiskt_namn,organisationsnummer"
    koder = [rad["kod"] for rad in rader]
    assert (len(set(koder)), koder, koder[0]) == (50, sorted(koder), "14")
    assert all(re.fullmatch(r"14\d\d", kod) for kod in koder[1:])
    assert {rad["organisationsnummer"] for rad in rader} == {""}
    scb = {rad["kod"]: rad["namn"] for rad in las_csv("scb_koder.csv")}
    for rad in rader[1:]:
        assert rad["namn"] == scb[rad["kod"]]
        assert re.fullmatch(rf"{rad['namn']}s? kommun", rad["juridiskt_namn"])
    stader = {rad["officiellt_namn"] for rad in rader if rad["officiellt_namn"] != rad["juridiskt_namn"]}
    assert stader == {"Göteborgs stad", "Mölndals stad", "Trollhättans stad", "Borås stad"}


@pytest.mark.parametrize(("datum", "lanssumma"), [("2024-12-31", 1_772_821), ("2025-12-31", 1_777_794)])
def test_vastra_gotalands_population_has_every_municipality_once_per_date(datum: str, lanssumma: int) -> None:
    alla = las_csv("vastra-gotaland/folkmangd.csv")
    assert all((a["datum"], a["kod"]) < (b["datum"], b["kod"]) for a, b in pairwise(alla))
    rader = [rad for rad in alla if rad["datum"] == datum]
    kommuner = [rad["kod"] for rad in las_csv("vastra-gotaland/huvudman.csv") if rad["typ"] == "kommun"]
    assert [rad["kod"] for rad in rader] == kommuner
    assert sum(int(rad["antal"]) for rad in rader) == lanssumma
    assert {rad["tabellkod"] for rad in rader} == {"000007ME" if datum >= "2025" else "BE0101N1"}


def test_vastra_gotalands_plan_has_money_in_several_areas() -> None:
    plan = las_plan("vastra-gotaland/plan_2027.json")
    assert (summa(plan, 2027, "sgd"), summa(plan, 2026, "sgd")) == (11_125_500, 9_500_000)
    med_pengar = {omrade for (omrade, _, ar_, form), v in celler(plan).items() if (ar_, form) == (2027, "sgd") and v}
    assert len(med_pengar) == 7
    assert "skån" not in hela_texten(plan).casefold()
