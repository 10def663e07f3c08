"""The record of a whole plan, built from the rows: it says what the database says, and nothing else."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from djmoney.money import Money

from budget.models import Budgetpost, Budgetrad, Folkmangd, Fordelningsregel, Fotnot, PubliceradKostnad
from handlingsplan.models import Handlingsplan, Huvudman
from insatsomraden.models import Aktivitet, Arstext, Mal, Omradesutgava
from rapport.bygg import bygg, foregaende_plan, plandokument
from rapport.faststallande import faststall
from rapport.plandokument import SCHEMA, AktivitetPost, Plandokument
from tests.budgetfall import budgetfall, omrade, skriv_post
from tests.cast import Parter
from tests.planfall import Planfall, lagg_in_demon, manga_aktiviteter, not_vid, ny_aktivitet, planfall

pytestmark = pytest.mark.django_db


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def ore(dokument: Plandokument, budgetar: int, finansiering: str = "sgd") -> int:
    summa = dokument.budget.summa(budgetar, finansiering)
    assert summa is not None
    return summa.ore


# --- Texts, goals, activities -------------------------------------------------------------------------------------


def test_the_plans_own_facts_are_those_of_its_row(fall: Planfall) -> None:
    dokument = bygg(fall.plan)
    for falt in ("version", "fran_ar", "till_ar", "titel", "undertitel", "inledning", "om_aret", "avslutning"):
        assert getattr(dokument, falt) == getattr(fall.plan, falt)
    assert (dokument.id, dokument.schema, dokument.delad) == (fall.plan.pk, SCHEMA, date(2023, 11, 1))
    assert (dokument.kontakt_namn, dokument.kontakt_epost) == ("Samordningen", "samordningen@exempel.se")
    assert (dokument.faststalld, dokument.ar_utkast, dokument.period) == (None, True, "2024")


def test_each_area_is_that_of_its_row(fall: Planfall) -> None:
    for post in bygg(fall.plan).omraden:
        utgava = Omradesutgava.objects.get(pk=post.id)
        for falt in ("version", "namn", "kortnamn", "lage", "lage_not", "beskrivning", "syfte", "ansvar_not"):
            assert getattr(post, falt) == getattr(utgava, falt)
        assert post.kod == utgava.insatsomrade.kod
        assert post.ansvariga == tuple(grupp.namn for grupp in utgava.ansvariga.all())
        assert [(m.id, m.text, m.version) for m in post.alla_mal] == list(
            utgava.alla_mal.values_list("pk", "text", "version")
        )


def test_a_years_texts_stand_in_their_year(fall: Planfall) -> None:
    (ett,) = bygg(fall.plan).omraden[0].alla_ar
    assert (ett.avser_ar, ett.aktivitetstext, ett.ekonomi) == (2024, "<p>Görs 2024.</p>", "<p>Pengar 2024.</p>")


def test_activities_carry_every_field_and_nest(fall: Planfall) -> None:
    falt = {"villkor": "Om", "ansvarig": "SGD", "status": "klar", "start": date(2024, 2, 1), "slut": date(2024, 3, 1)}
    Aktivitet.objects.filter(pk=fall.under.pk).update(**falt)
    forsta, andra = bygg(fall.plan).omraden[0].aktiviteter
    under = AktivitetPost(fall.under.pk, 1, "Under första", "Om", "SGD", "klar", date(2024, 2, 1), date(2024, 3, 1), ())
    assert forsta.under == (under,)
    assert (andra.text, andra.status, andra.start, andra.under) == ("Andra", "", None, ())
    assert forsta.antal == 2


def test_goals_and_activities_stand_in_their_order(fall: Planfall) -> None:
    Mal.objects.filter(pk=fall.alla_mal[0].pk).update(ordning=9)
    Aktivitet.objects.filter(pk=fall.forsta.pk).update(ordning=9)
    npo = bygg(fall.plan).omraden[0]
    assert [ett.text for ett in npo.alla_mal] == ["Mål 2", "Mål 1"]
    assert [en.text for en in npo.aktiviteter] == ["Andra", "Första"]


def test_what_is_removed_is_not_in_the_record_nor_what_lies_under_it(fall: Planfall) -> None:
    for rad in (fall.forsta, fall.alla_mal[0]):
        type(rad).objects.filter(pk=rad.pk).update(borttagen_at=timezone.now())
    npo = bygg(fall.plan).omraden[0]
    assert [ett.text for ett in npo.alla_mal] == ["Mål 2"]
    assert [en.text for en in npo.aktiviteter] == ["Andra"]


def test_areas_are_numbered_and_sorted_by_state(fall: Planfall) -> None:
    omrade(fall.plan, "sdv", "SDV", "bevakas")
    omrade(fall.plan, "video", "Säkra videomöten", "utgatt")
    omrade(fall.plan, "mp", "Mina planer")
    dokument = bygg(fall.plan)
    assert [(en.nummer, en.kod) for en in dokument.omraden] == [(1, "npo"), (2, "sdk"), (3, "mp")]
    assert [(en.nummer, en.kod) for en in dokument.bevakade] == [(0, "sdv")]
    assert [(en.nummer, en.kod) for en in dokument.lamnade] == [(0, "video")]


def test_an_area_is_new_where_the_plan_before_did_not_have_it(fall: Planfall, faststalld_plan: Handlingsplan) -> None:
    omrade(faststalld_plan, "npo", "NPÖ")
    omrade(faststalld_plan, "sdk", "SDK", "bevakas")
    omrade(fall.plan, "sdv", "SDV", "bevakas")
    dokument = bygg(fall.plan)
    assert [en.kod for en in dokument.nya_omraden] == ["sdk"]
    assert not dokument.bevakade[0].nytt


def test_in_the_first_plan_nothing_is_new(fall: Planfall) -> None:
    assert bygg(fall.plan).nya_omraden == ()


def test_the_plan_before_is_the_one_that_ends_before(
    delad_plan: Handlingsplan, faststalld_plan: Handlingsplan, utkast: Handlingsplan
) -> None:
    assert foregaende_plan(utkast) == delad_plan
    assert foregaende_plan(delad_plan) == faststalld_plan
    assert foregaende_plan(faststalld_plan) is None


def test_another_plans_rows_are_not_in_the_record(fall: Planfall, utkast: Handlingsplan) -> None:
    fore = bygg(fall.plan)
    planfall(utkast)
    assert bygg(fall.plan) == fore


DATERADE = (
    *(Handlingsplan, Omradesutgava, Mal, Aktivitet, Arstext),
    *(Budgetpost, Budgetrad, Fotnot, Fordelningsregel, PubliceradKostnad),
)


def test_the_day_of_the_last_change_is_swedish_and_counts_every_row(fall: Planfall) -> None:
    gammalt = datetime(2024, 1, 1, 12, tzinfo=UTC)
    for modell in DATERADE:
        modell._default_manager.update(andrad_at=gammalt)
    fall.plan.refresh_from_db()
    assert bygg(fall.plan).andrad == date(2024, 1, 1)
    Arstext.objects.filter(utgava=fall.sdk, slag="ekonomi").update(andrad_at=datetime(2024, 5, 31, 22, 30, tzinfo=UTC))
    assert bygg(fall.plan).andrad == date(2024, 6, 1)


def test_a_changed_amount_changes_the_day_too(delad_plan: Handlingsplan) -> None:
    fall = budgetfall(delad_plan)
    gammalt = datetime(2024, 1, 1, 12, tzinfo=UTC)
    for modell in DATERADE:
        modell._default_manager.update(andrad_at=gammalt)
    fall.plan.refresh_from_db()
    assert bygg(fall.plan).andrad == date(2024, 1, 1)
    Budgetpost.objects.filter(plan=fall.plan).update(andrad_at=datetime(2024, 7, 1, 12, tzinfo=UTC))
    assert bygg(fall.plan).andrad == date(2024, 7, 1)


# --- The split ----------------------------------------------------------------------------------------------------


def test_only_sgd_money_is_split(fall: Planfall, parter: Parter, folkmangd: None) -> None:
    skriv_post(fall.npo, 2024, "statsbidrag", 1_000_000)
    ars = bygg(fall.plan).fordelning_for(2024)
    assert ars is not None and ars.fordelning is not None
    assert (ars.fordelning.total, ars.skal, ars.egen, ars.lagrad) == (175_000_00, "", True, False)
    assert {andel.kod: andel.belopp for andel in ars.fordelning.andelar}["12"] == 87_500_00


@pytest.mark.parametrize(
    ("varde", "skal"),
    [
        ("okant", "Inget fördelas ännu för 2024: SGD-budgetens belopp är inte kända."),
        ("ej_aktuellt", "Inget fördelas för 2024: ingen del av årets budget finansieras genom SGD."),
    ],
)
def test_without_sgd_money_nothing_is_split_and_the_reason_is_told(
    fall: Planfall, parter: Parter, folkmangd: None, varde: str, skal: str
) -> None:
    Budgetpost.objects.update(slag=varde, belopp=None)
    ars = bygg(fall.plan).fordelning_for(2024)
    assert ars is not None
    assert (ars.fordelning, ars.skal) == (None, skal)


def test_a_split_beside_unknown_amounts_says_that_it_is_not_all(
    fall: Planfall, parter: Parter, folkmangd: None
) -> None:
    Budgetpost.objects.filter(utgava=fall.sdk).update(slag="okant", belopp=None)
    omrade(fall.plan, "mp", "Mina planer")
    ars = bygg(fall.plan).fordelning_for(2024)
    assert ars is not None and ars.fordelning is not None
    assert ars.fordelning.total == 100_000_00
    assert ars.skal == "Fördelningen gäller bara de kända beloppen; det finns okända och ej ifyllda SGD-belopp."


def test_a_missing_figure_names_the_party_and_the_date(fall: Planfall, parter: Parter) -> None:
    ars = bygg(fall.plan).fordelning_for(2024)
    assert ars is not None
    assert ars.fordelning is None
    assert "2022-12-31" in ars.skal and "Malmö stad" in ars.skal


def test_each_year_has_its_rule_and_its_printed_rate(fall: Planfall, parter: Parter, folkmangd: None) -> None:
    skriv_post(fall.npo, 2023, "sgd", 200_000)
    Fordelningsregel.objects.create(
        plan=fall.plan, budgetar=2024, andel_region=3, andel_grupp=7, folkmangdsdatum=date(2021, 12, 31)
    )
    PubliceradKostnad.objects.create(plan=fall.plan, avser_ar=2023, ore_per_invanare=Decimal("21.00"), kalla="Planen")
    nu, fore = bygg(fall.plan).fordelningar
    assert nu.fordelning is not None and fore.fordelning is not None
    assert (nu.budgetar, nu.egen, nu.fordelning.modell.andel_region, nu.skillnad) == (2024, True, 3, None)
    assert nu.fordelning.modell.folkmangdsdatum == date(2021, 12, 31)
    assert (fore.budgetar, fore.egen, fore.fordelning.modell.andel_region) == (2023, False, 1)
    # 100 000 kr over 486 690 inhabitants is 20,55 öre.
    assert (fore.fordelning.ore_per_invanare, fore.skillnad) == (Decimal("20.55"), Decimal("0.45"))


def test_a_comparison_year_follows_the_rule_of_the_plan_that_covers_it(
    fall: Planfall, faststalld_plan: Handlingsplan, parter: Parter, folkmangd: None
) -> None:
    skriv_post(fall.npo, 2023, "sgd", 200_000)
    Fordelningsregel.objects.create(
        plan=faststalld_plan, budgetar=2023, andel_region=1, andel_grupp=3, folkmangdsdatum=date(2021, 12, 31)
    )
    ars = bygg(fall.plan).fordelning_for(2023)
    assert ars is not None and ars.fordelning is not None
    assert ars.fordelning.modell.andel_grupp == 3


# --- Unusual plans ------------------------------------------------------------------------------------------------


def test_a_plan_of_two_years_has_both_years_of_everything(parter: Parter, folkmangd: None) -> None:
    plan = Handlingsplan.objects.create(fran_ar=2023, till_ar=2024, titel="Tvåårsplan", delad_at=timezone.now())
    fall = planfall(plan)
    ny_aktivitet(fall.npo, 2023, 1, "Redan 2023")
    dokument = bygg(plan)
    assert dokument.period == "2023–2024"
    fore, nu = dokument.omraden[0].alla_ar
    assert ([en.text for en in fore.aktiviteter], len(nu.aktiviteter)) == (["Redan 2023"], 2)
    assert (fore.ekonomi, nu.ekonomi) == ("<p>Pengar 2023.</p>", "<p>Pengar 2024.</p>")
    assert [(k.budgetar, k.egen) for k in dokument.budget.kolumner] == [(2024, True), (2023, True)]
    assert [(en.budgetar, en.egen, en.fordelning is not None) for en in dokument.fordelningar] == [
        (2024, True, True),
        (2023, True, True),
    ]


def test_an_empty_plan_is_a_record_too(utkast: Handlingsplan) -> None:
    dokument = bygg(utkast)
    assert (dokument.omraden, dokument.budget.rader, dokument.budget.fotnoter) == ((), (), ())
    assert [kolumn.summa.ore for kolumn in dokument.budget.kolumner] == [0]
    assert (dokument.parter_i_ord, dokument.delad, dokument.nya_omraden) == ("Inga huvudmän", None, ())
    (ars,) = dokument.fordelningar
    assert "ingen del av årets budget" in ars.skal


def test_parties_are_counted_from_themselves(utkast: Handlingsplan, parter: Parter) -> None:
    dokument = bygg(utkast)
    assert dokument.parter_i_ord == "Region Skåne och 3 kommuner"
    assert [(part.kod, part.namn) for part in dokument.parter][:2] == [
        ("12", "Region Skåne"),
        ("1275", "Perstorps kommun"),
    ]
    Huvudman.objects.exclude(kod="1280").delete()
    assert bygg(utkast).parter_i_ord == "1 kommun"


def test_the_record_cannot_be_changed(fall: Planfall) -> None:
    dokument = bygg(fall.plan)
    with pytest.raises(FrozenInstanceError):
        dokument.titel = "Annan"  # type: ignore[misc]
    assert hash(dokument) == hash(bygg(fall.plan))


# --- Cost ---------------------------------------------------------------------------------------------------------


def test_the_record_costs_as_many_statements_with_200_activities_as_with_10(
    fall: Planfall, faststalld_plan: Handlingsplan, parter: Parter, folkmangd: None, django_assert_num_queries: Any
) -> None:
    manga_aktiviteter(fall.npo, 10)
    not_vid(fall.plan, "Not", slag="tabell")
    with CaptureQueriesContext(connection) as fa:
        plandokument(fall.plan)
    manga_aktiviteter(fall.sdk, 190)
    for nr in range(20):
        utgava = omrade(fall.plan, f"o{nr}", f"Område {nr}")
        skriv_post(utgava, 2024, "sgd", nr)
        not_vid(fall.plan, f"Not {nr}", slag="cell", utgava=utgava, budgetar=2024, finansiering="sgd")
    with django_assert_num_queries(len(fa)):
        dokument = plandokument(fall.plan)
    assert sum(en.antal for omradet in dokument.omraden for en in omradet.aktiviteter) == 204


@pytest.mark.parametrize("sida", ["", "budget/", "fordelning/", "huvudman/1280/", "sok/?q=aktivitet"])
def test_a_page_costs_as_many_statements_with_200_activities_as_with_10(
    fall: Planfall,
    parter: Parter,
    folkmangd: None,
    klient_for: Any,
    samordnare: Any,
    django_assert_num_queries: Any,
    sida: str,
) -> None:
    klient = klient_for(samordnare)
    manga_aktiviteter(fall.npo, 10)
    with CaptureQueriesContext(connection) as fa:
        assert klient.get(f"/plan/2024/{sida}").status_code == 200
    manga_aktiviteter(fall.sdk, 190)
    with django_assert_num_queries(len(fa)):
        klient.get(f"/plan/2024/{sida}")


# --- The real plan ------------------------------------------------------------------------------------------------


def test_the_2024_plan_comes_out_as_it_was_printed(demorader: list[models.Model]) -> None:
    lagg_in_demon(demorader)
    dokument = plandokument(Handlingsplan.objects.get(till_ar=2024))
    assert (len(dokument.omraden), len(dokument.nya_omraden)) == (7, 2)
    assert sum(len(en.alla_mal) for en in dokument.omraden) == 12
    aktiviteter = [en for omradet in dokument.omraden for en in omradet.aktiviteter]
    assert (len(aktiviteter), sum(en.antal for en in aktiviteter)) == (21, 24)
    nu, fore = dokument.fordelningar
    assert nu.fordelning is not None and fore.fordelning is not None
    belopp = {andel.kod: andel.belopp for andel in nu.fordelning.andelar}
    assert (nu.fordelning.total, sum(belopp.values()), len(belopp)) == (1_750_000_00, 1_750_000_00, 34)
    assert (belopp["12"], belopp["1280"], belopp["1275"]) == (875_000_00, 221_098_47, 4_604_14)
    assert (nu.fordelning.ore_per_invanare, nu.skillnad) == (Decimal("61.87"), 0)
    assert (fore.fordelning.total, fore.fordelning.ore_per_invanare) == (2_300_000_00, Decimal("82.00"))
    assert (fore.fordelning.modell.folkmangdsdatum, fore.skillnad) == (date(2021, 12, 31), Decimal("0.09"))


def test_the_2022_to_2023_plan_shares_nothing_for_2022(demorader: list[models.Model]) -> None:
    lagg_in_demon(demorader)
    dokument = plandokument(Handlingsplan.objects.get(till_ar=2023))
    ars = dokument.fordelning_for(2022)
    assert ars is not None
    assert ars.fordelning is None
    assert ore(dokument, 2022, "statsbidrag") == 2_100_000_00
    assert len(dokument.omraden) == 6
    assert not dokument.ar_utkast


# --- Compared with the plan before --------------------------------------------------------------------------------


def test_a_watched_area_keeps_its_comparison_figures_and_has_no_money_of_its_own(delad_plan: Handlingsplan) -> None:
    fall = budgetfall(delad_plan)
    fore = bygg(fall.plan).budget.summa(2023, "sgd")
    Omradesutgava.objects.filter(pk=fall.mina_planer.pk).update(lage="bevakas")
    tabell = bygg(fall.plan).budget
    assert tabell.summa(2023, "sgd") == fore
    nu = tabell.summa(2024, "sgd")
    assert nu is not None
    assert nu.ore == 0
    rad = next(rad for rad in tabell.rader if rad.omrade_id == fall.mina_planer.pk)
    assert rad.namn == "Mina planer (bevakas utan budget)"


def test_an_area_that_the_new_plan_does_not_mention_is_seen_to_have_left(
    delad_plan: Handlingsplan, faststalld_plan: Handlingsplan
) -> None:
    omrade(faststalld_plan, "videomoten", "Säkra videomöten")
    omrade(delad_plan, "npo", "NPÖ")
    (lamnad,) = bygg(delad_plan).lamnade
    assert (lamnad.namn, lamnad.id, lamnad.lage_not) == ("Säkra videomöten", 0, "Ingick i Handlingsplan 2022–2023.")


def test_a_shared_plan_tells_nothing_of_an_unshared_one_before_it(utkast: Handlingsplan) -> None:
    hemlig = Handlingsplan.objects.create(fran_ar=2024, till_ar=2024, titel="Ännu inte delad")
    skriv_post(omrade(hemlig, "npo", "NPÖ"), 2024, "sgd", 77_777)
    skriv_post(omrade(utkast, "npo", "NPÖ"), 2024, "sgd", 100)
    assert [cell.tidigare_ore for rad in bygg(utkast).budget.rader for cell in rad.celler if cell.tidigare_slag] == [
        7_777_700
    ]
    utkast.delad_at = timezone.now()
    utkast.save()
    assert not [cell for rad in bygg(utkast).budget.rader for cell in rad.celler if cell.tidigare_slag]


def test_a_year_that_was_decided_is_compared_with_as_it_was_decided(
    folkmangd: None, parter: Parter, delad_plan: Handlingsplan, utkast: Handlingsplan
) -> None:
    skriv_post(omrade(delad_plan, "npo", "NPÖ"), 2024, "sgd", 1_000_000)
    skriv_post(omrade(utkast, "npo", "NPÖ"), 2024, "sgd", 1_000_000)
    faststall(delad_plan, version=1, datum=date(2024, 1, 2), hanvisning="§ 1", av=None, pdf=False)
    beslutat = bygg(utkast).fordelning_for(2024)
    gammal = Folkmangd.objects.get(huvudman=parter["1280"], datum=date(2022, 12, 31))
    Folkmangd.objects.create(huvudman=parter["1280"], datum=gammal.datum, antal=1, revision=2, kalla="Rättad")
    assert bygg(utkast).fordelning_for(2024) == beslutat
    assert beslutat is not None
    assert beslutat.lagrad
    Budgetpost.objects.filter(plan=utkast, budgetar=2024).update(belopp=Money(900_000, "SEK"))
    raknat = bygg(utkast).fordelning_for(2024)
    assert raknat is not None
    assert not raknat.lagrad
