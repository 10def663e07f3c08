"""What is frozen prints how far its history reached, and is itself noted there: each tells on a change of the other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import reverse

from budget.models import Cellkommentar
from handlingsplan import historik
from handlingsplan.historikmodeller import Handelse
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import spara
from rapport import faststallande, frysning
from rapport.bygg import bygg, plandokument
from rapport.faststallande import faststall
from rapport.models import FrystPlan
from rapport.pdf import plan_till_html
from tests import sidor
from tests.budgetfall import formular
from tests.cast import Klientmakare
from tests.exempel import exempelplan
from tests.historikfall import falt, hel, med_kedja, rader
from tests.planfall import Planfall, lagg_in_demon
from tests.test_historik_skydd import kontroll, kor, utan_skydd

PDF = b"%PDF-1.7 provfil"


@pytest.fixture
def kedja(delad_plan: Handlingsplan, samordnare: Anvandare, folkmangd: None) -> Planfall:
    """A plan with five entries that lacks nothing."""
    return med_kedja(delad_plan, samordnare)


@pytest.fixture
def fryst(kedja: Planfall, samordnare: Anvandare, monkeypatch: pytest.MonkeyPatch) -> FrystPlan:
    monkeypatch.setattr(faststallande, "plan_till_pdf", lambda dokument: PDF)
    return faststall(kedja.plan, version=1, datum=date(2024, 1, 31), hanvisning="§ 1", av=samordnare)


def test_the_record_says_how_far_the_history_reaches(kedja: Planfall) -> None:
    sista = rader(kedja.plan)[-1]
    dokument = bygg(kedja.plan)
    assert (dokument.historik_nummer, dokument.historik_hash) == (5, sista.hash)
    spara(kedja.sdk, {"namn": "SDK"}, version=1, av=None)
    assert bygg(kedja.plan).historik_nummer == 6


def test_a_plan_without_a_history_says_nothing(delad_plan: Handlingsplan) -> None:
    dokument = bygg(delad_plan)
    assert (dokument.historik_nummer, dokument.historik_hash, dokument.historikens_kontrollvarde) == (0, "", "")


def test_what_is_frozen_has_the_head_of_what_was_adopted(fryst: FrystPlan, kedja: Planfall) -> None:
    dokument = plandokument(Handlingsplan.objects.get(pk=kedja.plan.pk))
    alla = rader(kedja.plan)
    assert (dokument.historik_nummer, dokument.historik_hash) == (5, alla[4].hash)
    assert [en.slag for en in alla[5:]] == ["faststalld", "skapad", "skapad"]
    assert falt(alla[-1], "dokumentets_avtryck")[1] == frysning.jsonavtryck(FrystPlan.objects.get().dokument)
    hel(kedja.plan)


def test_the_page_and_the_pdf_of_an_adopted_plan_print_it(
    fryst: FrystPlan, kedja: Planfall, klient_for: Klientmakare, lasare_malmo: Anvandare
) -> None:
    dokument = plandokument(Handlingsplan.objects.get(pk=kedja.plan.pk))
    tryckt = dokument.historikens_kontrollvarde
    assert tryckt.replace(" ", "") == rader(kedja.plan)[4].hash
    assert [len(grupp) for grupp in tryckt.split()] == [8] * 8
    sida = sidor.synlig_text(klient_for(lasare_malmo).get("/plan/2024/"))
    assert tryckt in sida and "5 händelser" in sida
    pdf = plan_till_html(dokument)
    assert tryckt in pdf and "hade den 5 händelser" in pdf and 'href="#historik"' in pdf


def test_a_draft_prints_no_head(kedja: Planfall, klient_for: Klientmakare, samordnare: Anvandare) -> None:
    dokument = bygg(kedja.plan)
    assert dokument.historikens_kontrollvarde
    assert dokument.historikens_kontrollvarde not in plan_till_html(dokument)
    assert dokument.historikens_kontrollvarde not in sidor.synlig_text(klient_for(samordnare).get("/plan/2024/"))


def test_every_year_that_is_stored_has_its_shares_in_the_history(
    fryst: FrystPlan, kedja: Planfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    lagrat = kedja.plan.alla_fordelningsresultat.get()
    (en,) = (en for en in rader(kedja.plan) if en.modell == "budget.fordelningsresultat")
    assert falt(en, "andelar") == (
        None,
        [[a.huvudman.kod, a.namn, a.invanare, a.belopp] for a in _andelar(lagrat)],
    )
    sida = sidor.synlig_text(klient_for(samordnare).get(reverse("historik_handelse", args=[2024, en.nummer])))
    assert "Region Skåne: 87 500,00 kr" in sida.replace("\u00a0", " ").replace("&nbsp;", " ")


def _andelar(resultat: Any) -> list[Any]:
    return sorted(resultat.alla_andelar.select_related("huvudman"), key=lambda a: (a.typ != "region", a.huvudman.kod))


def test_a_comment_written_while_somebody_adopts_does_not_stop_it(
    kedja: Planfall, klient_for: Klientmakare, samordnare: Anvandare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faststallande, "plan_till_pdf", lambda dokument: PDF)
    klient: Client = klient_for(samordnare)
    data = formular(klient.get("/plan/2024/faststall/"), "avtryck")
    kommentar = Cellkommentar.objects.create(plan=kedja.plan, utgava=kedja.npo, budgetar=2024, text="Klart")
    historik.skriv(kedja.plan.pk, [historik.skapad(kommentar)], av=samordnare)
    svar = klient.post("/plan/2024/faststall/", data | {"datum": "2024-01-31", "hanvisning": "§ 1"})
    assert svar.status_code == 302
    assert FrystPlan.objects.get().dokument["historik_nummer"] == 6


# --- The check -----------------------------------------------------------------------------------------------------


def test_the_command_finds_nothing_wrong_with_what_was_frozen(fryst: FrystPlan) -> None:
    assert kontroll("2024") == (0, "Handlingsplan 2024: 8 händelser, hel.\nHistoriken är hel.\n")


def test_a_new_chain_made_with_the_key_does_not_have_the_printed_head(fryst: FrystPlan, kedja: Planfall) -> None:
    """Whoever has both key and database can write a chain that holds together; what was printed tells on it."""
    alla = rader(kedja.plan)
    with utan_skydd():
        kor("DELETE FROM handlingsplan_historikhuvud", "DELETE FROM handlingsplan_handelse")
        for en in alla:
            en.falt = {"text": ["Mål 1", "Förfalskat"]} if en.nummer == 3 else en.falt
            anteckning = historik.Anteckning(en.modell, en.objekt, en.slag, en.falt, en.version)
            historik.skriv(kedja.plan.pk, [anteckning], av=None)
    assert historik.kontrollera(kedja.plan.pk) == (8, [])
    kod, sagt = kontroll()
    assert kod == 1
    assert "anger händelse 5 med ett kontrollvärde som inte finns i kedjan" in sagt


@pytest.mark.parametrize(("ingrepp", "vad"), [("text", "text"), ("pdf", "PDF")])
def test_what_was_frozen_is_compared_with_what_was_noted(ingrepp: str, vad: str, fryst: FrystPlan) -> None:
    if ingrepp == "text":
        FrystPlan.objects.update(dokument=fryst.dokument | {"titel": "En annan titel"})
    else:
        FrystPlan.objects.update(pdf=b"%PDF-1.7 annan")
    kod, sagt = kontroll()
    assert kod == 1
    assert f"Den fastställda planens {vad} är inte den som frystes" in sagt


def test_a_record_from_before_the_head_was_part_of_it_is_read_and_passed(
    faststalld_plan: Handlingsplan, samordnare: Anvandare
) -> None:
    gammalt = frysning.till_json(exempelplan(schema=1, id=faststalld_plan.pk))
    del gammalt["historik_nummer"], gammalt["historik_hash"]
    rad = FrystPlan.objects.create(plan=faststalld_plan, schema=1, dokument=gammalt)
    historik.skriv(faststalld_plan.pk, [historik.skapad(rad)], av=samordnare)
    dokument = plandokument(faststalld_plan)
    assert (dokument.schema, dokument.historik_nummer) == (1, 0)
    assert frysning.kontrollera(faststalld_plan) == []
    assert 'id="historik"' not in plan_till_html(dokument)


def test_an_adopted_plan_without_a_record_is_passed(faststalld_plan: Handlingsplan) -> None:
    assert frysning.kontrollera(faststalld_plan) == []


@pytest.mark.django_db
def test_the_demos_adopted_plan_stands_the_check(demorader: list[models.Model], capsys: Any) -> None:
    lagg_in_demon(demorader)
    call_command("kontrollera_historik")
    assert Handelse.objects.filter(modell="budget.fordelningsresultat").count() == 1
    assert FrystPlan.objects.get().dokument["historik_nummer"] == 1
