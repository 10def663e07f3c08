"""The next year's plan in one act: what comes along, what does not, and that it can be thrown away."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from budget.models import Budgetpost, Fordelningsregel, Kostnadsmodell, Modellgrupp
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import spara
from insatsomraden.models import Aktivitet, Mal, Omradesutgava
from rapport import nastaar
from rapport.artal import arsmarken
from rapport.bygg import bygg
from rapport.planjamforelse import jamfor
from tests.cast import Klientmakare
from tests.exempel import exempelplan
from tests.historikfall import ospelat, tillstand
from tests.planfall import Planfall, ny_aktivitet, planfall
from tests.sidor import synlig_text


@pytest.fixture
def fall(delad_plan: Handlingsplan, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


def rulla(fall: Planfall, av: Anvandare) -> Handlingsplan:
    return nastaar.gor(fall.plan, av=av)


def test_the_comparison_shows_nothing_that_was_not_asked_for(fall: Planfall, samordnare: Anvandare) -> None:
    ny = rulla(fall, samordnare)
    svar = jamfor(bygg(fall.plan), bygg(ny))
    assert [(en.vad, en.fore, en.efter) for en in svar.fakta] == [
        ("Titel", "Handlingsplan 2024", "Handlingsplan 2025"),
        ("Period", "2024", "2025"),
    ]
    assert (svar.texter, svar.tillkomna, svar.lamnade, svar.andrade) == ((), [], [], [])
    assert {(en.fore, en.efter) for en in svar.andrade_belopp} == {("belopp", "ej_ifyllt")}
    kolumner = {(en.budgetar, en.finansiering): en.summa.ore for en in bygg(ny).budget.kolumner}
    assert kolumner[2024, "sgd"] == 175_000_00


def test_every_goal_and_activity_knows_what_it_goes_on_from(fall: Planfall, samordnare: Anvandare) -> None:
    ny = rulla(fall, samordnare)
    assert {en.foregangare_id for en in Mal.objects.filter(utgava__plan=ny)} == set(
        Mal.objects.filter(utgava__plan=fall.plan).values_list("pk", flat=True)
    )
    under = Aktivitet.objects.get(utgava__plan=ny, foregangare=fall.under)
    assert under.foralder is not None
    assert (under.foralder.foregangare, under.avser_ar) == (fall.forsta, 2025)


def test_what_is_finished_stays_and_what_is_under_it_comes_up(fall: Planfall, samordnare: Anvandare) -> None:
    Aktivitet.objects.filter(pk=fall.forsta.pk).update(status="klar")
    Aktivitet.objects.filter(pk=fall.andra.pk).update(status="utgar")
    ny_aktivitet(fall.npo, 2024, 9, "Borttagen", borttagen_at=fall.plan.andrad_at)
    ny_aktivitet(fall.npo, 2024, 10, "Försenad", status="forsenad")
    ny = rulla(fall, samordnare)
    alla = Aktivitet.objects.filter(utgava__plan=ny, utgava__insatsomrade__kod="npo").order_by("ordning")
    assert {(en.text, en.foralder_id) for en in alla} == {("Under första", None), ("Försenad", None)}


def test_an_area_that_has_left_stays_where_it_is(fall: Planfall, samordnare: Anvandare) -> None:
    Omradesutgava.objects.filter(pk=fall.sdk.pk).update(lage="utgatt")
    ny = rulla(fall, samordnare)
    assert list(ny.alla_omraden.values_list("insatsomrade__kod", flat=True)) == ["npo"]
    assert Budgetpost.objects.filter(plan=ny).count() == 1


def test_the_rule_and_its_model_go_on_with_inhabitants_a_year_later(fall: Planfall, samordnare: Anvandare) -> None:
    modell = Kostnadsmodell.objects.create(plan=fall.plan, namn="Vår modell")
    Modellgrupp.objects.create(modell=modell, namn="alla", deltar="alla", nyckel_1="lika", ordning=1)
    Fordelningsregel.objects.create(
        plan=fall.plan,
        budgetar=2024,
        andel_region=30,
        andel_grupp=70,
        folkmangdsdatum=date(2022, 12, 31),
        modell=modell,
    )
    ny = rulla(fall, samordnare)
    regel = Fordelningsregel.objects.get(plan=ny)
    assert (regel.budgetar, regel.andel_region, regel.folkmangdsdatum) == (2025, 30, date(2023, 12, 31))
    assert regel.modell is not None
    assert (regel.modell.namn, regel.modell.plan_id, regel.modell.alla_grupper.count()) == ("Vår modell", ny.pk, 1)


def test_everything_that_was_made_is_in_the_history(fall: Planfall, samordnare: Anvandare) -> None:
    fore = tillstand()
    ny = rulla(fall, samordnare)
    assert ospelat(fore) == []
    assert historik.kontrollera(ny.pk)[1] == []
    assert nastaar.antal_andringar(ny) == 0


def test_the_year_is_made_once(fall: Planfall, samordnare: Anvandare, klient_for: Klientmakare) -> None:
    klient = klient_for(samordnare)
    assert "Gör nästa års plan" in synlig_text(klient.get(reverse("plan", args=[2024])))
    svar = klient.post(reverse("plan_nasta", args=[2024]))
    assert svar.headers["Location"] == "/plan/2025/artal/"
    igen = klient.post(reverse("plan_nasta", args=[2024]))
    assert igen.status_code == 409
    assert "Det finns redan en plan som slutar 2025" in synlig_text(igen)
    assert Handlingsplan.objects.filter(till_ar=2025).count() == 1
    assert "Gör nästa års plan" not in synlig_text(klient.get(reverse("plan", args=[2024])))


def test_two_at_once_make_one_plan(fall: Planfall, samordnare: Anvandare, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second has looked before the first was ready, and looks again under the lock."""
    rulla(fall, samordnare)
    with pytest.raises(nastaar.GarInteAttGora, match="finns redan en plan som slutar 2025"):
        rulla(fall, samordnare)


def test_it_can_be_thrown_away_whole_and_its_history_stays(
    fall: Planfall, samordnare: Anvandare, klient_for: Klientmakare
) -> None:
    som_forut = {modell: modell._base_manager.count() for modell in (Mal, Aktivitet, Budgetpost, Omradesutgava)}
    ny = rulla(fall, samordnare)
    spara(ny, {"titel": "Ändrad"}, version=ny.version, av=samordnare)
    klient, fore = klient_for(samordnare), tillstand()
    adress = reverse("plan_slang", args=[2025])
    assert "1 ändring har gjorts i den" in synlig_text(klient.get(adress))
    assert klient.post(adress, {"version": 1}).status_code == 409
    assert klient.post(adress, {"version": 2}).status_code == 302
    assert not Handlingsplan.objects.filter(till_ar=2025).exists()
    assert {modell: modell._base_manager.count() for modell in som_forut} == som_forut
    assert ospelat(fore) == []
    assert historik.kontrollera(ny.pk)[1] == []
    assert nastaar.gor(fall.plan, av=samordnare).till_ar == 2025


@pytest.mark.parametrize("lage", ["delad", "annan"])
def test_a_plan_that_others_have_seen_or_that_was_written_is_not_thrown_away(
    fall: Planfall, samordnare: Anvandare, klient_for: Klientmakare, lage: str
) -> None:
    ny = rulla(fall, samordnare)
    falt: dict[str, Any] = {"delad_at": ny.andrad_at} if lage == "delad" else {"gjord_av": None}
    Handlingsplan.objects.filter(pk=ny.pk).update(**falt)
    svar = klient_for(samordnare).post(reverse("plan_slang", args=[2025]), {"version": 1})
    assert svar.status_code == 409
    assert Handlingsplan.objects.filter(pk=ny.pk).exists()


def test_only_coordinators_make_it(fall: Planfall, beredning: Anvandare, klient_for: Klientmakare) -> None:
    assert klient_for(beredning).post(reverse("plan_nasta", args=[2024])).status_code == 403


# --- Years in the texts, and a goal through the years ----------------------------------------------------------------


def test_years_that_are_not_the_plans_are_pointed_out() -> None:
    plan = exempelplan(
        fran_ar=2025, till_ar=2025, om_aret="<p>Under <strong>2024</strong> och 2025, inte 12024.</p>", avslutning=""
    )
    marken = [(en.plats, en.artal) for en in arsmarken(plan)]
    assert ("Titelbladet", "2024") in marken
    assert marken.count(("Om 2025", "2024")) == 1
    assert ("Journal över gränser (JÖG): Aktiviteter 2024", "2024") in marken
    (om_aret,) = [en for en in arsmarken(plan) if en.plats == "Om 2025"]
    assert (om_aret.fore, om_aret.efter) == ("Under ", " och 2025, inte 12024.")


def test_a_goal_is_read_through_the_years(fall: Planfall, samordnare: Anvandare, klient_for: Klientmakare) -> None:
    ny = rulla(fall, samordnare)
    mal = Mal.objects.get(utgava__plan=ny, foregangare=fall.alla_mal[0])
    Mal.objects.filter(pk=mal.pk).update(text="Mål 1, skärpt")
    Aktivitet.objects.filter(pk=fall.andra.pk).update(status="klar")
    klient = klient_for(samordnare)
    text = " ".join(synlig_text(klient.get(reverse("mal_aren", args=[2025, mal.pk]))).split())
    assert "2025 Mål 1, skärpt" in text.replace("2025Mål", "2025 Mål")
    assert "1 klar" in text
    assert klient.get(reverse("mal_aren", args=[2024, mal.pk])).status_code == 404
