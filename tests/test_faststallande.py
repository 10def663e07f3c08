"""Adopting a plan: what stands in the way, what is stored, and that nothing is written in it afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from budget import fordelningar
from budget.fordelning import Fordelningsfel
from budget.models import Budgetpost, Fordelningsandel, Fordelningsregel, Fordelningsresultat, Fotnot, PubliceradKostnad
from handlingsplan import behorighet
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from handlingsplan.sparande import Krock
from insatsomraden.models import Omradesutgava
from rapport import faststallande
from rapport.bygg import bygg, plandokument
from rapport.faststallande import KanInteFaststallas, brister, faststall
from rapport.models import FrystPlan
from rapport.pdf import PdfFel, PdfMotornSaknas
from tests.budgetfall import formular, omrade, skriv_post
from tests.cast import Klientmakare, Parter
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


@pytest.fixture
def klient(klient_for: Klientmakare, samordnare: Anvandare) -> Client:
    return klient_for(samordnare)


def nu(plan: Handlingsplan) -> Handlingsplan:
    return Handlingsplan.objects.get(pk=plan.pk)


def fatta(plan: Handlingsplan, **mer: Any) -> FrystPlan:
    val: dict[str, Any] = {"version": plan.version, "datum": date(2024, 3, 1), "hanvisning": "§ 7", "av": None}
    return faststall(plan, **(val | mer))


# --- What stands in the way ------------------------------------------------------------------------------------------


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


# --- What is stored ----------------------------------------------------------------------------------------------------


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
    gjorda = []
    monkeypatch.setattr(faststallande, "plan_till_pdf", lambda dokument: gjorda.append(dokument) or PDF)
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


def test_a_plan_of_two_years_stores_the_splits_of_both(faststalld_plan: Handlingsplan, parter: Parter, folkmangd: None) -> None:
    plan = Handlingsplan.objects.create(fran_ar=2023, till_ar=2024, titel="Tvåårsplan", delad_at=timezone.now())
    planfall(plan)
    skriv_post(plan.alla_omraden.all()[0], 2022, "sgd", "ej_aktuellt")
    skriv_post(plan.alla_omraden.all()[1], 2022, "sgd", 40_000)
    fatta(plan)
    assert list(Fordelningsresultat.objects.values_list("budgetar", "total")) == [(2023, 175_000_00), (2024, 175_000_00)]


# --- The stored split --------------------------------------------------------------------------------------------------


def test_a_stored_split_holds_all_that_made_it_and_computes_to_the_same_ore(fall: Planfall) -> None:
    fore = bygg(fall.plan).fordelningar[0].fordelning
    fatta(fall.plan)
    lagrad = fordelningar.lagrade(fall.plan)[2024]
    assert lagrad == fore == fordelningar.rakna_om(lagrad)
    assert lagrad.modell.hanvisning.startswith("Strategins modell")
    assert [rad.invanare for rad in Fordelningsandel.objects.all()] == [493_203, 7_442, 357_377, 128_384]


def test_it_computes_the_same_after_population_parties_and_rules_have_changed(fall: Planfall) -> None:
    Fordelningsregel.objects.create(
        plan=fall.plan, budgetar=2024, andel_region=30, andel_grupp=70, enhet="krona", folkmangdsdatum=date(2021, 12, 31)
    )
    Budgetpost.objects.filter(utgava=fall.npo).update(belopp="100000.37")
    fore = bygg(fall.plan).fordelningar[0].fordelning
    assert fore is not None and fore.overskjutande == 37
    fatta(fall.plan)
    Fordelningsregel.objects.update(andel_region=1, andel_grupp=1, enhet="ore")
    Huvudman.objects.filter(kod="1280").update(officiellt_namn="Nya Malmö")
    Huvudman.objects.create(kod="1283", typ="kommun", namn="H", officiellt_namn="H", juridiskt_namn="H")
    lagrad = fordelningar.lagrade(fall.plan)[2024]
    assert fordelningar.rakna_om(lagrad) == lagrad == fore
    assert plandokument(nu(fall.plan)).fordelningar[0].fordelning == fore


def test_the_demos_stored_split_computes_to_the_same_ore(demorader: list[models.Model]) -> None:
    lagg_in_demon(demorader)
    for plan in Handlingsplan.objects.all():
        for lagrad in fordelningar.lagrade(plan).values():
            assert (lagrad.total, len(lagrad.andelar)) == (2_300_000_00, 34)
            assert fordelningar.rakna_om(lagrad) == lagrad
    assert Fordelningsresultat.objects.count() == 1


def test_a_stored_split_is_never_overwritten(fall: Planfall) -> None:
    fatta(fall.plan)
    lagrad = fordelningar.lagrade(fall.plan)[2024]
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


# --- The page ----------------------------------------------------------------------------------------------------------


def post(klient: Client, **mer: str) -> Any:
    return klient.post(SIDAN, formular(klient.get(SIDAN), "hanvisning") | BESLUT | mer)


def test_the_coordinator_adopts_the_plan_and_comes_back_to_it(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
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
        ({"datum": ""}, "måste fyllas i"),
        ({"datum": "1/3/2024"}, "giltigt datum"),
        ({"datum": "2024-02-30"}, "giltigt datum"),
        ({"datum": (date.today() + timedelta(days=2)).isoformat()}, "Datumet ligger i framtiden."),  # noqa: DTZ011
        ({"hanvisning": ""}, "måste fyllas i"),
        ({"hanvisning": "x" * 501}, "som mest 500 tecken"),
        ({"hanvisning": "a\x00"}, "Null-tecken"),
    ],
)
def test_a_decision_that_does_not_do_is_refused(klient: Client, fall: Planfall, falt: dict[str, str], besked: str) -> None:
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


# --- Nothing is written in an adopted plan -----------------------------------------------------------------------------

type Skickat = tuple[str, dict[str, Any]]


def skrivningar(fall: Planfall, klient: Client) -> dict[str, Skickat]:
    """By name, every way to write in a plan, filled in so that it would succeed."""
    fotnot = Fotnot.objects.create(plan=fall.plan, ordning=1, text="Not")
    Fotnot.objects.create(plan=fall.plan, ordning=2, text="Not två")
    borta = Fotnot.objects.create(plan=fall.plan, ordning=3, text="Borta", borttagen_at=timezone.now())
    rader = [fall.plan.alla_rader.create(ordning=nr, benamning=f"Rad {nr}") for nr in (1, 2)]
    radborta = fall.plan.alla_rader.create(ordning=3, benamning="Borta", borttagen_at=timezone.now())
    PubliceradKostnad.objects.create(plan=fall.plan, avser_ar=2024, ore_per_invanare=1, kalla="K")
    malborta = fall.npo.alla_mal.create(ordning=9, text="Borta", borttagen_at=timezone.now())
    aktborta = fall.npo.alla_aktiviteter.create(avser_ar=2024, ordning=9, text="Borta", borttagen_at=timezone.now())

    def form(namn: str, *arg: object, falt: str = "avtryck", **andrat: Any) -> Skickat:
        vart = reverse(namn, args=[2024, *arg])
        return vart, formular(klient.get(vart), falt) | andrat

    def knapp(namn: str, *arg: object, **mer: str) -> Skickat:
        return reverse(namn, args=[2024, *arg]), {"version": "1", **mer}

    mal_, akt, npo, sdk = fall.alla_mal[0].pk, fall.forsta.pk, fall.npo.pk, fall.sdk.pk
    ned = {"riktning": "ned"}
    return {
        "plan_redigera": form("plan_redigera", "omslag", titel="Ny"),
        "omrade_nytt": form("omrade_nytt", falt="namn", namn="Nytt område"),
        "omrade_redigera": form("omrade_redigera", npo, "syfte", syfte="<p>Nytt</p>"),
        "omrade_redigera ansvar": form("omrade_redigera", npo, "ansvar", ny_grupp="Ny", ny_grupp_kort="N"),
        "omrade_flytta": knapp("omrade_flytta", npo, **ned),
        "omrade_lage": knapp("omrade_lage", sdk, lage="utgatt"),
        "arstext_redigera": form("arstext_redigera", npo, "ekonomi", 2024, text="<p>Ny</p>"),
        "mal_nytt": form("mal_nytt", npo, text="Nytt"),
        "mal_redigera": form("mal_redigera", mal_, text="Nytt"),
        "mal_flytta": knapp("mal_flytta", mal_, **ned),
        "mal_ta_bort": knapp("mal_ta_bort", mal_),
        "mal_aterstall": knapp("mal_aterstall", malborta.pk),
        "aktivitet_ny": form("aktivitet_ny", npo, 2024, text="Ny"),
        "aktivitet_redigera": form("aktivitet_redigera", akt, text="Ny"),
        "aktivitet_flytta": knapp("aktivitet_flytta", akt, **ned),
        "aktivitet_flytta mus": knapp("aktivitet_flytta", akt, foralder="0", efter=str(fall.andra.pk)),
        "aktivitet_ta_bort": knapp("aktivitet_ta_bort", akt),
        "aktivitet_aterstall": knapp("aktivitet_aterstall", aktborta.pk),
        "budget_redigera": form("budget_redigera", falt=f"o{npo}-2024-sgd", **{f"o{npo}-2024-sgd": "999"}),
        "budgetrad_ny": form("budgetrad_ny", benamning="Ny"),
        "budgetrad_redigera": form("budgetrad_redigera", rader[0].pk, benamning="Ny"),
        "budgetrad_flytta": knapp("budgetrad_flytta", rader[0].pk, **ned),
        "budgetrad_ta_bort": knapp("budgetrad_ta_bort", rader[0].pk),
        "budgetrad_aterstall": knapp("budgetrad_aterstall", radborta.pk),
        "fotnot_ny": form("fotnot_ny", text="Ny not", alla_platser=["tabell"]),
        "fotnot_redigera": form("fotnot_redigera", fotnot.pk, text="Ny not", alla_platser=["tabell"]),
        "fotnot_flytta": knapp("fotnot_flytta", fotnot.pk, **ned),
        "fotnot_ta_bort": knapp("fotnot_ta_bort", fotnot.pk),
        "fotnot_aterstall": knapp("fotnot_aterstall", borta.pk),
        "regel_redigera": form("regel_redigera", 2024, andel_region="2"),
        "publicerad_redigera": form("publicerad_redigera", 2024, kalla="Annan"),
        "publicerad_redigera ny": form("publicerad_redigera", 2023, kalla="Annan", ore_per_invanare="1,00"),
        "publicerad_ta_bort": knapp("publicerad_ta_bort", 2024),
    }


def skrivadresser() -> set[str]:
    """The names of all addresses in a plan, by the resolver, that do not only read."""
    lasning = {"plan", "plan_sok", "budget", "plan_pdf", "huvudman_andel", "mal_lista", "aktivitet_lista"}
    lasning |= {"fordelning", "fordelning_json", "fordelning_csv", "fordelning_xlsx"}
    alla = get_resolver().reverse_dict
    i_planen = {namn for namn in alla if isinstance(namn, str) and "till_ar" in alla.getlist(namn)[0][0][0][1]}
    return i_planen - lasning


@pytest.fixture
def alla_satt(fall: Planfall, klient: Client) -> dict[str, Skickat]:
    return skrivningar(fall, klient)


def gor_och_angra(gor: Callable[[], Any]) -> tuple[Any, bool]:
    """What came back, and whether the database was changed; the change is rolled back."""
    fore = ogonblicksbild()
    with transaction.atomic():
        svar = gor()
        andrat = ogonblicksbild() != fore
        transaction.set_rollback(True)
    return svar, andrat


def test_every_address_that_writes_in_a_plan_is_tried(alla_satt: dict[str, Skickat]) -> None:
    provade = {namn.split()[0] for namn in alla_satt} | {"plan_dela", "plan_faststall"}
    assert provade == skrivadresser()


def test_every_way_to_write_writes_while_the_plan_is_alive(alla_satt: dict[str, Skickat], klient: Client) -> None:
    """Without this the next two tests would prove nothing."""
    utan_verkan = []
    for namn, (vart, data) in alla_satt.items():
        svar, andrat = gor_och_angra(lambda vart=vart, data=data: klient.post(vart, data))
        if svar.status_code != 302 or not andrat:
            utan_verkan.append((namn, svar.status_code))
    assert utan_verkan == []


def test_every_way_to_write_is_refused_once_the_plan_is_adopted(alla_satt: dict[str, Skickat], klient: Client) -> None:
    Handlingsplan.objects.update(faststalld_at=date(2024, 3, 1))
    fore, gick_igenom = ogonblicksbild(), []
    for namn, (vart, data) in {**alla_satt, "plan_dela": ("/plan/2024/dela/", {}), "plan_faststall": (SIDAN, BESLUT)}.items():
        svar = klient.post(vart, data)
        if svar.status_code != 403 or "fastställd och ändras inte längre" not in synlig_text(svar):
            gick_igenom.append((namn, svar.status_code))
    assert gick_igenom == []
    assert ogonblicksbild() == fore


def test_every_way_to_write_is_refused_if_the_plan_is_adopted_meanwhile(
    alla_satt: dict[str, Skickat], klient: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan is adopted after the view has asked for permission, and before it takes the plan's lock."""
    fraga = behorighet.plan_att_redigera

    def faststalls_just_da(request: Any, till_ar: int) -> Handlingsplan:
        plan = fraga(request, till_ar)
        Handlingsplan.objects.update(faststalld_at=date(2024, 3, 1))
        return plan

    monkeypatch.setattr(behorighet, "plan_att_redigera", faststalls_just_da)
    gick_igenom = []
    for namn, (vart, data) in alla_satt.items():
        Handlingsplan.objects.update(faststalld_at=date(2024, 3, 1))
        fore = ogonblicksbild()
        Handlingsplan.objects.update(faststalld_at=None)
        svar = klient.post(vart, data)
        if svar.status_code != 403 or ogonblicksbild() != fore:
            gick_igenom.append((namn, svar.status_code))
    assert gick_igenom == []


def test_an_adopted_plan_has_no_pencils_and_no_buttons(fall: Planfall, klient: Client) -> None:
    Handlingsplan.objects.update(faststalld_at=date(2024, 3, 1))
    for sida in ("", "budget/", "fordelning/"):
        html = klient.get(f"/plan/2024/{sida}").content.decode().partition("<main")[2]
        assert "penna" not in html
        assert 'method="post"' not in html


# --- Sharing -----------------------------------------------------------------------------------------------------------


def test_sharing_asks_first_says_what_it_means_and_is_logged(klient: Client, utkast: Handlingsplan, samordnare: Anvandare) -> None:
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
