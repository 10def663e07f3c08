"""Sharing and adopting a plan: what stands in the way, and what is stored. See test_skrivskydd.py for after."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone
from djmoney.money import Money

from budget import fordelningar
from budget.fordelning import Fordelningsfel
from budget.models import Budgetpost, Fordelningsandel, Fordelningsregel, Fordelningsresultat
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from handlingsplan.sparande import Krock
from insatsomraden.models import Omradesutgava
from rapport import faststallande
from rapport.bygg import bygg, plandokument
from rapport.faststallande import KanInteFaststallas, brister, faststall
from rapport.models import FrystPlan
from rapport.pdf import PdfFel, PdfMotornSaknas
from rapport.plandokument import Plandokument
from tests.budgetfall import formular, omrade, skriv_post
from tests.cast import Parter
from tests.planfall import Planfall, lagg_in_demon, ogonblicksbild, planfall
from tests.sidor import synlig_text

pytestmark = pytest.mark.django_db

SIDAN = "/plan/2024/faststall/"
BESLUT = {"datum": "2024-03-01", "hanvisning": "SGD 2024-03-01 § 7"}
PDF = b"%PDF-1.7 provfil"


@pytest.fixture(autouse=True)
def _pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine is tried elsewhere."""
    monkeypatch.setattr(faststallande, "plan_till_pdf", lambda dokument: PDF)


@pytest.fixture
def fall(delad_plan: Handlingsplan, parter: Parter, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


def nu(plan: Handlingsplan) -> Handlingsplan:
    return Handlingsplan.objects.get(pk=plan.pk)


def fatta(plan: Handlingsplan, **mer: Any) -> FrystPlan:
    val: dict[str, Any] = {"version": plan.version, "datum": date(2024, 3, 1), "hanvisning": "§ 7", "av": None}
    return faststall(plan, **(val | mer))


# --- What stands in the way ---------------------------------------------------------------------------------------


def test_a_plan_that_lacks_nothing_can_be_adopted(fall: Planfall) -> None:
    assert brister(bygg(fall.plan)) == ()


def test_a_missing_cell_blocks_and_is_named(fall: Planfall) -> None:
    skriv_post(fall.npo, 2024, "statsbidrag", 5)
    Budgetpost.objects.filter(utgava=fall.npo, finansiering="sgd").delete()
    assert brister(bygg(fall.plan)) == (
        "Nationell patientöversikt: SGD 2024 är inte ifyllt i budgeten.",
        "Säker digital kommunikation: statsbidrag 2024 är inte ifyllt i budgeten.",
    )
    with pytest.raises(KanInteFaststallas, match="SGD 2024 är inte ifyllt"):
        fatta(fall.plan)


def test_several_missing_cells_of_a_row_are_one_sentence(fall: Planfall) -> None:
    ny = omrade(fall.plan, "mp", "Mina planer")
    skriv_post(fall.npo, 2024, "annan", "okant")
    skriv_post(fall.sdk, 2024, "annan", "ej_aktuellt")
    assert brister(bygg(fall.plan)) == ("Mina planer: SGD 2024, annan finansiering 2024 är inte ifyllt i budgeten.",)
    ny.delete()
    assert brister(bygg(fall.plan)) == ()


def test_zero_and_not_applicable_do_not_block_and_neither_does_unknown_money_of_others(fall: Planfall) -> None:
    Budgetpost.objects.filter(utgava=fall.npo).update(belopp=0)
    skriv_post(fall.npo, 2024, "annan", "okant")
    skriv_post(fall.sdk, 2024, "annan", "ej_aktuellt")
    assert brister(bygg(fall.plan)) == ()


def test_unknown_sgd_money_blocks(fall: Planfall) -> None:
    Budgetpost.objects.filter(utgava=fall.npo).update(slag="okant", belopp=None)
    assert brister(bygg(fall.plan)) == (
        "SGD-budgeten för 2024 har okända belopp, så kostnaden kan inte fördelas slutligt.",
    )


def test_only_unknown_sgd_money_blocks_too(fall: Planfall) -> None:
    Budgetpost.objects.update(slag="okant", belopp=None)
    assert any("okända belopp" in en or "inte kända" in en for en in brister(bygg(fall.plan)))


def test_a_split_that_cannot_be_made_blocks_and_says_why(fall: Planfall) -> None:
    Fordelningsregel.objects.create(plan=fall.plan, budgetar=2024, folkmangdsdatum=date(2019, 12, 31))
    (brist,) = brister(bygg(fall.plan))
    assert "2019-12-31" in brist and "Malmö stad" in brist


def test_a_plan_that_is_not_shared_or_has_no_area_is_not_adopted(utkast: Handlingsplan, parter: Parter) -> None:
    assert brister(bygg(utkast)) == (
        "Planen är inte delad med huvudmännen.",
        "Planen har inget insatsområde.",
    )


def test_a_year_without_sgd_money_does_not_block(fall: Planfall) -> None:
    Budgetpost.objects.update(slag="ej_aktuellt", belopp=None)
    assert brister(bygg(fall.plan)) == ()
    fatta(fall.plan)
    assert not Fordelningsresultat.objects.exists()


# --- What is stored -----------------------------------------------------------------------------------------------


def test_record_split_and_pdf_are_stored_once(fall: Planfall, samordnare: Anvandare) -> None:
    fryst = fatta(fall.plan, av=samordnare)
    plan = nu(fall.plan)
    assert (plan.faststalld_at, plan.faststalld_hanvisning, plan.version) == (date(2024, 3, 1), "§ 7", 2)
    assert plan.andrad_av == samordnare
    fryst.refresh_from_db()
    assert (bytes(fryst.pdf or b""), fryst.kontrollsumma) == (PDF, hashlib.sha256(PDF).hexdigest())
    assert plandokument(plan).faststalld == date(2024, 3, 1)
    with pytest.raises(KanInteFaststallas, match="redan fastställd"):
        fatta(plan)


def test_the_pdf_is_made_from_the_adopted_record(fall: Planfall, monkeypatch: pytest.MonkeyPatch) -> None:
    gjorda: list[Plandokument] = []

    def gor(dokument: Plandokument) -> bytes:
        gjorda.append(dokument)
        return PDF

    monkeypatch.setattr(faststallande, "plan_till_pdf", gor)
    fatta(fall.plan)
    assert gjorda == [plandokument(nu(fall.plan))]
    assert not gjorda[0].ar_utkast


def test_without_a_pdf_there_is_no_checksum(fall: Planfall) -> None:
    fryst = fatta(fall.plan, pdf=False)
    assert (fryst.pdf, fryst.kontrollsumma) == (None, "")


def test_a_plan_that_has_changed_since_is_not_adopted(fall: Planfall) -> None:
    Handlingsplan.objects.update(titel="Nyss ändrad", version=2)
    with pytest.raises(Krock):
        fatta(fall.plan)
    assert not nu(fall.plan).ar_faststalld


@pytest.mark.parametrize("fel", [PdfFel("trasig"), PdfMotornSaknas("saknas"), MemoryError()])
def test_when_the_pdf_fails_nothing_is_stored(fall: Planfall, monkeypatch: pytest.MonkeyPatch, fel: Exception) -> None:
    def gar_sonder(dokument: object) -> bytes:
        raise fel

    monkeypatch.setattr(faststallande, "plan_till_pdf", gar_sonder)
    fore = ogonblicksbild()
    with pytest.raises(type(fel)):
        fatta(fall.plan)
    assert ogonblicksbild() == fore


def test_a_plan_of_two_years_stores_the_splits_of_both(
    faststalld_plan: Handlingsplan, parter: Parter, folkmangd: None
) -> None:
    plan = Handlingsplan.objects.create(fran_ar=2023, till_ar=2024, titel="Tvåårsplan", delad_at=timezone.now())
    planfall(plan)
    skriv_post(plan.alla_omraden.all()[0], 2022, "sgd", "ej_aktuellt")
    skriv_post(plan.alla_omraden.all()[1], 2022, "sgd", 40_000)
    fatta(plan)
    assert list(Fordelningsresultat.objects.values_list("budgetar", "total")) == [
        (2023, 175_000_00),
        (2024, 175_000_00),
    ]


# --- The stored split ---------------------------------------------------------------------------------------------


def test_a_stored_split_holds_all_that_made_it_and_computes_to_the_same_ore(fall: Planfall) -> None:
    fore = bygg(fall.plan).fordelningar[0].fordelning
    fatta(fall.plan)
    lagrad = fordelningar.lagrade_ar(fall.plan, [2024])[2024]
    assert lagrad == fore == fordelningar.rakna_om(lagrad)
    assert lagrad.modell.hanvisning.startswith("Strategins modell")
    assert [rad.invanare for rad in Fordelningsandel.objects.all()] == [493_203, 7_442, 357_377, 128_384]


def test_it_computes_the_same_after_population_parties_and_rules_have_changed(fall: Planfall) -> None:
    Fordelningsregel.objects.create(
        plan=fall.plan,
        budgetar=2024,
        andel_region=30,
        andel_grupp=70,
        enhet="krona",
        folkmangdsdatum=date(2021, 12, 31),
    )
    Budgetpost.objects.filter(utgava=fall.npo).update(belopp="100000.37")
    fore = bygg(fall.plan).fordelningar[0].fordelning
    assert fore is not None and fore.overskjutande == 37
    fatta(fall.plan)
    Fordelningsregel.objects.update(andel_region=1, andel_grupp=1, enhet="ore")
    Huvudman.objects.filter(kod="1280").update(officiellt_namn="Nya Malmö")
    Huvudman.objects.create(kod="1283", typ="kommun", namn="H", officiellt_namn="H", juridiskt_namn="H")
    lagrad = fordelningar.lagrade_ar(fall.plan, [2024])[2024]
    assert fordelningar.rakna_om(lagrad) == lagrad == fore
    assert plandokument(nu(fall.plan)).fordelningar[0].fordelning == fore


def test_the_demos_stored_split_computes_to_the_same_ore(demorader: list[models.Model]) -> None:
    lagg_in_demon(demorader)
    for plan in Handlingsplan.objects.all():
        for lagrad in fordelningar.lagrade_ar(plan, plan.verksamhetsar).values():
            assert (lagrad.total, len(lagrad.andelar)) == (2_300_000_00, 34)
            assert fordelningar.rakna_om(lagrad) == lagrad
    assert Fordelningsresultat.objects.count() == 1


def test_a_stored_split_is_never_overwritten(fall: Planfall) -> None:
    fatta(fall.plan)
    lagrad = fordelningar.lagrade_ar(fall.plan, [2024])[2024]
    with pytest.raises(Fordelningsfel, match="redan lagrad och ändras inte"):
        fordelningar.lagra(fall.plan, 2024, lagrad)
    rad = Fordelningsresultat.objects.get()
    rad.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        rad.save(force_insert=True)


def test_neither_an_adopted_plan_nor_a_party_in_its_split_can_be_deleted(fall: Planfall) -> None:
    fatta(fall.plan)
    for rad in (nu(fall.plan), Huvudman.objects.get(kod="1280"), Fordelningsresultat.objects.get()):
        with pytest.raises(ProtectedError), transaction.atomic():
            rad.delete()


# --- The page -----------------------------------------------------------------------------------------------------


def post(klient: Client, **mer: str) -> Any:
    return klient.post(SIDAN, formular(klient.get(SIDAN), "hanvisning") | BESLUT | mer)


def test_the_coordinator_adopts_the_plan_and_comes_back_to_it(
    klient: Client, fall: Planfall, samordnare: Anvandare
) -> None:
    svar = post(klient)
    assert (svar.status_code, svar.headers["Location"]) == (302, "/plan/2024/")
    plan = nu(fall.plan)
    assert (plan.faststalld_at, plan.faststalld_hanvisning) == (date(2024, 3, 1), BESLUT["hanvisning"])
    text = synlig_text(klient.get("/plan/2024/"))
    assert "Handlingsplan 2024 är fastställd och ändras inte längre." in text
    assert "UTKAST" not in text
    assert "Redigera" not in text


def test_the_page_says_what_is_missing_instead_of_asking(klient: Client, fall: Planfall) -> None:
    omrade(fall.plan, "mp", "Mina planer")
    for svar in (klient.get(SIDAN), klient.post(SIDAN, BESLUT | {"version": "1"})):
        assert "Mina planer: SGD 2024 är inte ifyllt i budgeten." in synlig_text(svar)
        assert 'name="hanvisning"' not in svar.content.decode()
    assert svar.status_code == 422
    assert not nu(fall.plan).ar_faststalld


@pytest.mark.parametrize(
    ("falt", "besked"),
    [
        ({"datum": ""}, "Skriv ett datum"),
        ({"datum": "1/3/2024"}, "Skriv år-månad-dag"),
        ({"datum": "0001-01-01"}, "mellan 1990 och 2100"),
        ({"datum": "2024-02-30"}, "finns inte i kalendern"),
        ({"datum": (date.today() + timedelta(days=2)).isoformat()}, "Datumet ligger i framtiden."),  # noqa: DTZ011
        ({"hanvisning": ""}, "måste fyllas i"),
        ({"hanvisning": "x" * 501}, "som mest 500 tecken"),
        ({"hanvisning": "a\x00"}, "Null-tecken"),
    ],
)
def test_a_decision_that_does_not_do_is_refused(
    klient: Client, fall: Planfall, falt: dict[str, str], besked: str
) -> None:
    svar = post(klient, **falt)
    assert svar.status_code == 422
    assert besked in synlig_text(svar)
    assert not nu(fall.plan).ar_faststalld


@pytest.mark.parametrize("version", ["99", "", "x"])
def test_an_old_page_does_not_adopt(klient: Client, fall: Planfall, version: str) -> None:
    svar = post(klient, version=version)
    assert svar.status_code == 409
    assert "Planen har ändrats sedan du öppnade sidan." in synlig_text(svar)
    assert not nu(fall.plan).ar_faststalld


def test_an_amount_changed_behind_an_open_page_is_not_adopted_unread(klient: Client, fall: Planfall) -> None:
    data = formular(klient.get(SIDAN), "hanvisning") | BESLUT
    Budgetpost.objects.filter(plan=fall.plan, slag="belopp").update(belopp=Money(999_999, "SEK"))
    svar = klient.post(SIDAN, data)
    assert svar.status_code == 409
    assert "Planen har ändrats sedan du öppnade sidan." in synlig_text(svar)
    assert not nu(fall.plan).ar_faststalld
    # Having been told, the person reads the plan again and may adopt it.
    igen = klient.post(SIDAN, formular(svar, "hanvisning") | BESLUT)
    assert igen.status_code == 302
    assert nu(fall.plan).ar_faststalld


def test_a_missing_engine_is_told_and_nothing_is_adopted(
    klient: Client, fall: Planfall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def saknas(dokument: object) -> bytes:
        raise PdfMotornSaknas("PDF-motorn är inte installerad på servern.")

    monkeypatch.setattr(faststallande, "plan_till_pdf", saknas)
    svar = post(klient)
    assert svar.status_code == 409
    assert "PDF-motorn är inte installerad på servern." in synlig_text(svar)
    assert formular(svar, "hanvisning")["hanvisning"] == BESLUT["hanvisning"]
    assert not nu(fall.plan).ar_faststalld


def test_two_who_adopt_at_once_adopt_it_once(klient: Client, fall: Planfall, monkeypatch: pytest.MonkeyPatch) -> None:
    data = formular(klient.get(SIDAN), "hanvisning") | BESLUT
    egen = faststallande.faststall

    def kollegan_forst(plan: Handlingsplan, **mer: Any) -> FrystPlan:
        egen(plan, **(mer | {"hanvisning": "Kollegans beslut"}))
        return egen(plan, **mer)

    monkeypatch.setattr(faststallande, "faststall", kollegan_forst)
    svar = klient.post(SIDAN, data)
    assert svar.status_code == 409
    assert "Planen är redan fastställd." in synlig_text(svar)
    assert (FrystPlan.objects.count(), nu(fall.plan).faststalld_hanvisning) == (1, "Kollegans beslut")


# --- Sharing ------------------------------------------------------------------------------------------------------


def test_sharing_asks_first_says_what_it_means_and_is_logged(
    klient: Client, utkast: Handlingsplan, samordnare: Anvandare
) -> None:
    assert "allmän handling" in synlig_text(klient.get("/plan/2025/dela/"))
    assert not nu(utkast).ar_delad
    svar = klient.post("/plan/2025/dela/", follow=True)
    assert "är delad med huvudmännen" in synlig_text(svar)
    assert (nu(utkast).ar_delad, nu(utkast).delad_av) == (True, samordnare)


def test_a_plan_is_shared_once(klient: Client, fall: Planfall) -> None:
    klient.post("/plan/2024/dela/")
    assert nu(fall.plan).delad_at == fall.plan.delad_at
    assert "redan delad, sedan 2023-11-01" in synlig_text(klient.get("/plan/2024/dela/"))


def test_an_areas_let_out_row_does_not_block(fall: Planfall) -> None:
    ny = omrade(fall.plan, "video", "Säkra videomöten", "utgatt")
    skriv_post(ny, 2023, "sgd", 5)
    skriv_post(fall.npo, 2023, "sgd", 0)
    skriv_post(fall.sdk, 2023, "sgd", 0)
    assert brister(bygg(fall.plan)) == ()
    assert Omradesutgava.objects.filter(plan=fall.plan).count() == 3
