"""The proofreader on a plan in the database: its page, the answers, and where it is shown."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from budget.models import Folkmangd, PubliceradKostnad
from handlingsplan.models import Anvandare, Handlingsplan
from rapport import granskning
from rapport.bygg import bygg, plandokument
from rapport.faststallande import faststall
from rapport.frysning import fran_json, till_json
from rapport.granska.regler import granska
from rapport.granskning import Granskat, granska_plan
from rapport.granskningsmodeller import Granskningssvar
from tests.cast import Klientmakare, Parter
from tests.historikfall import rader
from tests.planfall import Planfall, planfall
from tests.sidor import synlig_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def fall(delad_plan: Handlingsplan, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


SIDA = "/plan/2024/granska/"


def fynd(plan: Handlingsplan, regel: str = "aktivitet_utan_ansvarig") -> list[Granskat]:
    plan = Handlingsplan.objects.get(pk=plan.pk)
    return [en for en in granska_plan(plan, bygg(plan)) if en.fynd.regel == regel]


def svara(klient: Client, avtryck: str, skal: str = "Gruppen ansvarar", **mer: str) -> Any:
    return klient.post(reverse("granska_svara", args=[2024]), {"avtryck": avtryck, "skal": skal} | mer)


def test_the_page_shows_what_is_found_by_area_with_links_to_place_and_editor(klient: Client, fall: Planfall) -> None:
    svar = klient.get(SIDA)
    html, text = svar.content.decode(), synlig_text(svar)
    assert "2 att ta ställning till" in text
    assert "Områdets 2 aktiviteter saknar både ansvarig och datum" in text
    assert text.index("Nationell patientöversikt") < text.index("Säker digital kommunikation")
    assert f'href="/plan/2024/#omrade-{fall.npo.pk}-aktiviteter-2024"' in html
    assert f'href="{reverse("aktivitet_lista", args=[2024, fall.npo.pk, 2024])}"' in html


def test_every_place_that_is_pointed_at_is_in_the_plans_page_and_every_editor_opens(
    klient: Client, fall: Planfall, parter: Parter
) -> None:
    Handlingsplan.objects.filter(pk=fall.plan.pk).update(
        inledning="", om_aret="<p>De nio insatsområdena. TODO.</p>", undertitel="TODO", avslutning="<p>TODO</p>"
    )
    fall.npo.namn, fall.npo.kortnamn, fall.npo.syfte, fall.npo.ansvar_not = "Xx ett", "Xx", "", "xx"
    fall.npo.save()
    fall.npo.alla_arstexter.update(text="<p>xx</p>")
    fall.sdk.alla_arstexter.all().delete()
    fall.alla_mal[0].text = fall.forsta.text = "Utreda xx"
    fall.alla_mal[0].save()
    fall.forsta.save()
    fall.plan.alla_rader.create(ordning=1, benamning="")
    fall.plan.alla_rader.create(ordning=2, benamning="xx")
    fall.plan.alla_fotnoter.create(ordning=1, text="xx")
    PubliceradKostnad.objects.create(plan=fall.plan, avser_ar=2024, ore_per_invanare=9, kalla="Planen")
    alla = klient.get(SIDA).context["grupper"]
    rader_ = [rad for grupp in alla for rad in grupp.rader]
    assert len({rad.granskat.fynd.plats.nyckel for rad in rader_}) >= 16
    plansidan = klient.get("/plan/2024/").content.decode()
    for rad in rader_:
        plats = rad.granskat.fynd.plats
        assert klient.get(rad.redigera).status_code == 200, plats
        assert plats.sida == "budget" or f'id="{plats.del_id}"' in plansidan, plats


def test_an_answer_has_who_when_and_why_and_is_in_the_history(
    klient: Client, fall: Planfall, samordnare: Anvandare
) -> None:
    ett, annat = fynd(fall.plan)
    assert svara(klient, ett.fynd.avtryck).status_code == 302
    svar = Granskningssvar.objects.get()
    assert (svar.skal, svar.andrad_av, svar.plats) == ("Gruppen ansvarar", samordnare, ett.fynd.plats.nyckel)
    assert [en.status for en in fynd(fall.plan)] == ["besvarad", "oppen"]
    assert rader(fall.plan)[-1].falt["skal"] == [None, "Gruppen ansvarar"]
    text = synlig_text(klient.get(SIDA + "?visa=besvarade"))
    assert "Det är rätt: Gruppen ansvarar" in text
    assert "Samordnaren" in text
    assert annat.fynd.plats.grupp not in text.split("Besvarade (1)")[1]
    assert "svar på granskningen" in synlig_text(klient.get("/plan/2024/historik/")).lower()


def test_several_of_one_kind_are_answered_together_where_they_are_what_was_read(klient: Client, fall: Planfall) -> None:
    ett, annat = fynd(fall.plan)
    rad = klient.get(SIDA).context["grupper"][0].rader[0]
    assert rad.antal_andra == 1
    data = {"avtryck": ett.fynd.avtryck, "skal": "Gruppen ansvarar", "ocksa": "0" * 32}
    svar = klient.post(reverse("granska_svara", args=[2024]), data)
    assert (svar.status_code, Granskningssvar.objects.count()) == (409, 0)
    klient.post(reverse("granska_svara", args=[2024]), data | {"ocksa": rad.ocksa})
    assert {en.avtryck for en in Granskningssvar.objects.all()} == {ett.fynd.avtryck, annat.fynd.avtryck}
    assert len([en for en in rader(fall.plan) if (en.falt or {}).get("skal")]) == 2


def test_an_answer_lapses_when_what_it_is_about_changes_and_not_before(klient: Client, fall: Planfall) -> None:
    Handlingsplan.objects.filter(pk=fall.plan.pk).update(inledning="<p>Beslut den xx mars. Annat.</p>")
    (ett,) = fynd(fall.plan, "platshallare")
    svara(klient, ett.fynd.avtryck, "Datumet är okänt")
    Handlingsplan.objects.filter(pk=fall.plan.pk).update(inledning="<p>Beslut den xx mars. Något helt annat.</p>")
    assert [en.status for en in fynd(fall.plan, "platshallare")] == ["besvarad"]
    Handlingsplan.objects.filter(pk=fall.plan.pk).update(inledning="<p>Beslut den xx april. Annat.</p>")
    assert [en.status for en in fynd(fall.plan, "platshallare")] == ["oppen"]


def test_an_answer_can_be_taken_back_once(klient: Client, fall: Planfall) -> None:
    svara(klient, fynd(fall.plan)[0].fynd.avtryck)
    vart = reverse("granskningssvar_ta_tillbaka", args=[2024, Granskningssvar.objects.get().pk])
    assert klient.post(vart).status_code == 302
    assert not Granskningssvar.objects.exists()
    assert rader(fall.plan)[-1].slag == "borttagen"
    antal = len(rader(fall.plan))
    assert "redan tillbakataget" in synlig_text(klient.post(vart, follow=True))
    assert len(rader(fall.plan)) == antal


def test_an_answer_without_reason_is_refused_and_what_was_typed_stays(klient: Client, fall: Planfall) -> None:
    avtryck = fynd(fall.plan)[0].fynd.avtryck
    svar = svara(klient, avtryck, "   ")
    assert svar.status_code == 422
    assert "Skriv varför det är rätt." in svar.content.decode()
    svar = svara(klient, avtryck, "å" * 1_001)
    assert svar.status_code == 422
    assert "å" * 1_001 in svar.content.decode()
    assert not Granskningssvar.objects.exists()


def test_what_is_no_longer_found_is_not_answered_and_the_reason_is_not_lost(klient: Client, fall: Planfall) -> None:
    avtryck = fynd(fall.plan)[0].fynd.avtryck
    fall.npo.alla_aktiviteter.update(ansvarig="Anna", start=date(2024, 1, 1))
    svar = svara(klient, avtryck, "Det är avtalat")
    assert svar.status_code == 409
    assert "Det är avtalat" in svar.content.decode()
    assert not Granskningssvar.objects.exists()


def test_the_first_answer_stands(
    klient: Client, fall: Planfall, klient_for: Klientmakare, andra_samordnare: Anvandare
) -> None:
    avtryck = fynd(fall.plan)[0].fynd.avtryck
    svara(klient_for(andra_samordnare), avtryck, "Först")
    svar = klient.post(reverse("granska_svara", args=[2024]), {"avtryck": avtryck, "skal": "Sedan"}, follow=True)
    assert "Någon annan hade redan svarat" in synlig_text(svar)
    assert Granskningssvar.objects.get().skal == "Först"


def test_who_prepares_reads_and_does_not_answer(
    klient_for: Klientmakare, fall: Planfall, beredning: Anvandare, lasare_malmo: Anvandare
) -> None:
    klient = klient_for(beredning)
    svar = klient.get(SIDA)
    assert "2 att ta ställning till" in synlig_text(svar)
    assert "<textarea" not in svar.content.decode()
    assert svara(klient, "x").status_code == 403
    assert 'href="/plan/2024/granska/"' in klient.get("/plan/2024/").content.decode()
    assert klient_for(lasare_malmo).get(SIDA).status_code == 404
    assert 'href="/plan/2024/granska/"' not in klient_for(lasare_malmo).get("/plan/2024/").content.decode()


def test_adoption_shows_what_is_open_and_does_not_mind(
    klient: Client, fall: Planfall, samordnare: Anvandare, parter: Parter
) -> None:
    text = synlig_text(klient.get(reverse("plan_faststall", args=[2024])))
    assert "Granskningen har 2 saker att ta ställning till" in text
    for ett in fynd(fall.plan):
        svara(klient, ett.fynd.avtryck)
    assert "Granskningen har" not in klient.get(reverse("plan_faststall", args=[2024])).content.decode()
    fall.plan.alla_fordelningsregler.create(budgetar=2024, folkmangdsdatum=date(2022, 12, 31))
    faststall(fall.plan, version=1, datum=date(2024, 1, 31), hanvisning="§ 1", av=samordnare, pdf=False)
    html = klient.get(SIDA + "?visa=alla").content.decode()
    assert "Det är rätt" in html, "the answers are read from the frozen plan's own findings"
    assert "Ta tillbaka svaret" not in html


def test_the_page_costs_the_same_whatever_the_plans_size(
    klient: Client, fall: Planfall, django_assert_num_queries: Any
) -> None:
    dokument = bygg(fall.plan)
    with django_assert_num_queries(4):
        granska_plan(fall.plan, dokument)


def test_only_dates_that_have_every_municipality_are_known(fall: Planfall, parter: Parter) -> None:
    Folkmangd.objects.create(huvudman=parter["1280"], datum=date(2023, 12, 31), antal=5, kalla="SCB")
    Folkmangd.objects.create(huvudman=parter["1280"], datum=date(2022, 12, 31), revision=2, antal=7, kalla="SCB")
    Folkmangd.objects.create(huvudman=parter["1280"], datum=date(2022, 12, 31), fran_alder=65, antal=1, kalla="SCB")
    assert granskning.kunskap().invanare == {
        date(2021, 12, 31): 7_565 + 351_749 + 127_376,
        date(2022, 12, 31): 7_442 + 7 + 128_384,
    }


def test_the_record_read_back_from_json_gives_the_same_findings(fall: Planfall) -> None:
    dokument = plandokument(fall.plan)
    kunskap = granskning.kunskap()
    assert granska(fran_json(json.loads(json.dumps(till_json(dokument)))), kunskap) == granska(dokument, kunskap)


def test_the_command_tells_of_a_plan_with_its_answers(klient: Client, fall: Planfall) -> None:
    svara(klient, fynd(fall.plan)[0].fynd.avtryck)
    ut = io.StringIO()
    call_command("granska", "2024", "--format", "json", stdout=ut)
    assert [(en["status"], en["skal"]) for en in json.loads(ut.getvalue())] == [
        ("besvarad", "Gruppen ansvarar"),
        ("oppen", None),
    ]
    ut = io.StringIO()
    call_command("granska", "2024", stdout=ut)
    assert "1 att ta ställning till, 1 besvarade." in ut.getvalue()
    assert "Det är rätt: Gruppen ansvarar" in ut.getvalue()
    with pytest.raises(CommandError, match="ingen plan som slutar 2030"):
        call_command("granska", "2030")
