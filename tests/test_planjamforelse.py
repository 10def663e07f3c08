"""Two records compared: what entered, left, moved and changed, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rapport.plandokument import AktivitetPost, MalPost, Plandokument
from rapport.planjamforelse import Planjamforelse, jamfor
from rapport.punktparning import Punkt, langsta_vaxande, para
from tests.exempel import exempelplan, forstora, tom_plan


def med_omrade(dokument: Plandokument, nr: int, **andringar: Any) -> Plandokument:
    omraden = list(dokument.omraden)
    omraden[nr] = replace(omraden[nr], **andringar)
    return replace(dokument, omraden=tuple(omraden))


def med_aktiviteter(dokument: Plandokument, nr: int, *aktiviteter: AktivitetPost) -> Plandokument:
    forsta, *ovriga = dokument.omraden[nr].alla_ar
    return med_omrade(dokument, nr, alla_ar=(replace(forsta, aktiviteter=aktiviteter), *ovriga))


def aktiviteter(dokument: Plandokument, nr: int = 0) -> tuple[AktivitetPost, ...]:
    return dokument.omraden[nr].alla_ar[0].aktiviteter


def det_enda(jamforelse: Planjamforelse) -> tuple[str, Any]:
    """(area's code, what changed) where one thing did."""
    (omrade,) = jamforelse.andrade
    (andring,) = [*omrade.alla_mal, *(en for ett in omrade.aktiviteter for en in ett.andringar)]
    return omrade.kod, andring


# --- Whole plans -----------------------------------------------------------------------------------------------------


def test_a_plan_compared_with_itself_says_nothing() -> None:
    assert jamfor(exempelplan(), exempelplan()).ar_lika
    stor = forstora(exempelplan(), 500)
    assert jamfor(stor, stor).ar_lika


def test_an_empty_plan_gets_everything_and_loses_everything() -> None:
    full, tom = exempelplan(), tom_plan()
    fram, bak = jamfor(tom, full), jamfor(full, tom)
    assert [en.kod for en in fram.tillkomna] == [en.kod for en in bak.lamnade] == ["omrade-1", "omrade-2"]
    assert [en.slag for en in fram.tillkomna[0].alla_mal] == ["ny"]
    assert [en.slag for en in bak.lamnade[0].alla_mal] == ["borta"]
    assert {en.vad for en in fram.texter} == {"Inledning", "Om året", "Avslutande noter", "Fotnot 1", "Fotnot 2"}
    assert [(en.fore, en.skillnad, en.procent) for en in fram.budget[:1]] == [("finns inte", 100_000_00, None)]
    assert (fram.tillkomna[0].ore, bak.lamnade[0].ore, fram.korta_belopp) == (100_000_00, 100_000_00, [])
    assert "<ins" in fram.tillkomna[0].texter[0].skillnad.ihop
    assert "<del" in bak.lamnade[0].texter[0].skillnad.ihop
    assert (fram.andelar, fram.ofordelade, bak.ofordelade) == ((), (2024,), (2024,))


def test_a_year_that_a_plan_has_as_amounts_only_is_compared_by_its_money() -> None:
    fore = exempelplan()
    svar = jamfor(fore, fore, 2023, 2024)
    assert (svar.utan_text, svar.andrade, jamfor(fore, fore).utan_text) == ((2023,), [], ())
    assert svar.korta_belopp


def test_an_area_that_left_is_told_of_by_its_own_year() -> None:
    fore = replace(exempelplan(), id=7, fran_ar=2023, till_ar=2023)
    ar_2023 = tuple(replace(en, avser_ar=2023) for en in fore.omraden[1].alla_ar)
    fore = med_omrade(fore, 1, alla_ar=ar_2023)
    (lamnat,) = jamfor(fore, replace(exempelplan(), omraden=exempelplan().omraden[:1])).lamnade
    assert "Ekonomi 2023" in [en.vad for en in lamnat.texter]
    assert [en.rubrik for en in lamnat.aktiviteter] == ["Aktiviteter 2023"]


def test_of_two_versions_every_years_money_is_compared() -> None:
    fore = exempelplan()
    (forsta, *ovriga) = fore.budget.rader
    celler = (*forsta.celler[:2], replace(forsta.celler[2], ore=7_000_00))
    efter = replace(fore, budget=replace(fore.budget, rader=(replace(forsta, celler=celler), *ovriga)))
    (andring,) = jamfor(fore, efter).andrade_belopp
    assert (andring.finansiering, andring.skillnad) == ("SGD 2023", 7_000_00)
    assert not jamfor(fore, efter).ar_lika


@pytest.mark.parametrize(
    ("andra", "vad"),
    [
        (lambda en: {"budget": replace(en.budget, fotnoter=(replace(en.budget.fotnoter[0], text="<Ny>"),))}, "Fotnot"),
        (lambda en: {"bevakade": (replace(en.bevakade[0], beskrivning="<p>Ny.</p>"),)}, "Nationella tjänsten"),
        (lambda en: {"bevakade": ()}, "Bevakas utan budget"),
        (lambda en: {"lamnade": (replace(en.lamnade[0], lage_not="Nytt."),)}, "Möten på distans"),
        (lambda en: {"fordelningar": tuple(replace(ett, publicerad=None) for ett in en.fordelningar)}, "Publicerad"),
        (lambda en: {"parter": en.parter[:-1]}, "Huvudmän"),
    ],
)
def test_nothing_that_the_document_says_is_passed_over(andra: Any, vad: str) -> None:
    fore = exempelplan()
    svar = jamfor(fore, replace(fore, **andra(fore)))
    namn = [*(en.vad for en in svar.fakta), *(en.vad for en in svar.texter)]
    assert any(ett.startswith(vad) for ett in namn)
    assert not svar.ar_lika


def test_shares_that_are_the_same_are_not_told_of() -> None:
    fore = exempelplan()
    assert jamfor(fore, replace(fore, titel="Planen")).andrade_andelar == []


def test_what_left_says_where_it_went() -> None:
    fore = exempelplan()
    borta = replace(fore.omraden[1], lage="utgatt", lage_not="Blev klart.")
    efter = replace(fore, omraden=fore.omraden[:1], lamnade=(borta,))
    (lamnat,) = jamfor(fore, efter).lamnade
    assert (lamnat.namn, lamnat.not_) == ("Säkra brev", "Blev klart.")
    (tillbaka,) = jamfor(efter, fore).tillkomna
    assert tillbaka.not_ == ""  # why it once left says nothing of why it enters


def test_areas_that_change_places_are_told_of_as_few_as_possible() -> None:
    fore = exempelplan(antal_omraden=4)
    sist_forst = (fore.omraden[3], *fore.omraden[:3])
    efter = replace(fore, omraden=tuple(replace(en, nummer=nr) for nr, en in enumerate(sist_forst, 1)))
    assert [en.kod for en in jamfor(fore, efter).andrade] == ["omrade-4"]


def test_texts_and_facts_are_told_with_their_words() -> None:
    fore = exempelplan()
    efter = med_omrade(
        replace(fore, titel="Handlingsplan för 2024", inledning="<p>Planen gäller alla.</p>"),
        0,
        syfte="<p>Det gör stor nytta.</p>",
        ansvariga=("Beredningen",),
    )
    svar = jamfor(fore, efter)
    assert [(en.vad, en.fore, en.efter) for en in svar.fakta] == [
        ("Titel", "Handlingsplan 2024", "Handlingsplan för 2024")
    ]
    assert "<del" in svar.texter[0].skillnad.fore
    (omrade,) = svar.andrade
    assert [en.vad for en in omrade.texter] == ["Syfte och nytta"]
    assert [(en.fore, en.efter) for en in omrade.fakta] == [("Samverkansgruppen", "Beredningen")]


# --- Goals and activities --------------------------------------------------------------------------------------------


def test_an_activity_that_is_rewritten_is_one_activity() -> None:
    fore = exempelplan()
    forsta, andra = aktiviteter(fore)
    efter = med_aktiviteter(fore, 0, forsta, replace(andra, text="Andra aktiviteten i området nr 1.", status="klar"))
    kod, andring = det_enda(jamfor(fore, efter))
    assert (kod, andring.slag) == ("omrade-1", "andrad")
    assert [(en.vad, en.fore, en.efter) for en in andring.falt] == [("Status", "pågår", "klar")]
    assert andring.skillnad.har_marken


def test_an_activity_that_goes_to_another_area_has_moved() -> None:
    fore = exempelplan()
    forsta, andra = aktiviteter(fore)
    efter = med_aktiviteter(med_aktiviteter(fore, 0, forsta), 1, *aktiviteter(fore, 1), andra)
    svar = jamfor(replace(fore, id=7), efter)  # of two plans: by its words
    for omrade in svar.andrade:
        (andring,) = omrade.aktiviteter[0].andringar
        assert (andring.slag, andring.fran, andring.till) == ("flyttad", "Journal över gränser (JÖG)", "Säkra brev")
    assert [en.kod for en in svar.andrade] == ["omrade-1", "omrade-2"]
    assert jamfor(fore, efter).andrade == svar.andrade  # of one plan: by its number


def test_activities_that_change_places_are_told_of_as_few_as_possible() -> None:
    stor = forstora(exempelplan(antal_omraden=1), 6)
    alla = aktiviteter(stor)
    efter = med_aktiviteter(stor, 0, alla[5], *alla[:5])
    _, andring = det_enda(jamfor(stor, efter))
    assert (andring.omflyttad, andring.slag) == (True, "andrad")
    assert andring.text == alla[5].text


def test_an_activity_that_goes_under_another_has_another_place() -> None:
    fore = exempelplan()
    forsta, andra = aktiviteter(fore)
    efter = med_aktiviteter(fore, 0, replace(forsta, under=(*forsta.under, andra)))
    _, andring = det_enda(jamfor(fore, efter))
    assert andring.omflyttad


def test_goals_of_another_plan_are_matched_by_their_words() -> None:
    fore = exempelplan()
    nya = (MalPost(801, 1, "Nytt mål."), MalPost(802, 1, "Målet för område 1 är helt nått."))
    svar = jamfor(fore, med_omrade(replace(fore, id=2), 0, alla_mal=nya))
    (omrade,) = svar.andrade
    assert [(en.slag, en.text) for en in omrade.alla_mal] == [
        ("ny", "Nytt mål."),
        ("andrad", "Målet för område 1 är helt nått."),
    ]


def test_the_same_words_are_preferred_to_nearly_the_same() -> None:
    fore = [Punkt(1, "ansluta fler enheter", "a"), Punkt(2, "ansluta alla enheter", "a", plats=1)]
    efter = [Punkt(11, "ansluta alla enheter", "a"), Punkt(12, "ansluta några enheter", "a", plats=1)]
    par = {en.efter.id: en.fore.id for en in para(fore, efter, samma_plan=False) if en.efter and en.fore}
    assert par == {11: 2, 12: 1}


def test_words_that_have_little_in_common_are_two_items() -> None:
    (ny, borta) = para([Punkt(1, "ansluta enheter", "a")], [Punkt(2, "utbilda personal", "a")], samma_plan=False)
    assert (ny.fore, borta.efter) == (None, None)


@pytest.mark.parametrize(
    ("tal", "kvar"), [([], set()), ([1], {0}), ([3, 1, 2], {1, 2}), ([1, 2, 3], {0, 1, 2}), ([2, 2], {0})]
)
def test_the_longest_growing_run(tal: list[int], kvar: set[int]) -> None:
    assert langsta_vaxande(tal) == kvar


# --- Money -----------------------------------------------------------------------------------------------------------


def test_amounts_have_their_difference_in_kronor_and_per_cent() -> None:
    svar = jamfor(exempelplan(), exempelplan(), 2023, 2024)
    rader = {en.namn: en for en in svar.budget if en.finansiering == "SGD"}
    assert (rader["Säkra brev"].skillnad, round(rader["Säkra brev"].procent or 0)) == (94_999_50, 1900)
    assert (rader["Journal över gränser (JÖG)"].skillnad, rader["Journal över gränser (JÖG)"].procent) == (
        100_000_00,
        None,
    )
    assert rader["Utan benämning"].efter == "ej_aktuellt"
    assert not [en for en in svar.budget if en.finansiering == "annan finansiering"]  # no amounts, and 2023 has none
    sgd = svar.summor[0]
    assert (sgd.fore_ore, sgd.efter_ore) == (75_000_50, 200_000_00)
    assert svar.summor[1].efter_ore is None  # partly unknown: no difference is computed of it
    assert sum(en.skillnad or 0 for en in svar.andelar) == sgd.skillnad


def test_an_area_is_the_same_under_another_name() -> None:
    fore = exempelplan()
    svar = jamfor(fore, med_omrade(replace(fore, id=2), 1, namn="Säkra meddelanden"))
    (omrade,) = svar.andrade
    assert (omrade.slag, omrade.namn) == ("kvar", "Säkra meddelanden")
    assert [(en.vad, en.fore, en.efter) for en in omrade.fakta] == [("Namn", "Säkra brev", "Säkra meddelanden")]
