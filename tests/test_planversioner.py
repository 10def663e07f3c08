"""Named versions: frozen once, seen by those who may, checked; and two of them compared on screen and as a PDF."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from handlingsplan.historiktriggers import lyft
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import spara
from rapport import frysning, versioner
from rapport.bygg import bygg
from rapport.models import FrystPlan, Planversion, VersionenAndrasInte
from tests.cast import Klientmakare
from tests.planfall import Planfall, planfall
from tests.sidor import synlig_text

PDF = b"%PDF-1.7 provfil"


@pytest.fixture(autouse=True)
def snabb_pdf(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the engine was asked for; the file itself is tried in test_pdf.py and test_jamforelsepdf.py."""
    gjorda: list[Any] = []

    def gor(dokument: Any) -> bytes:
        gjorda.append(dokument)
        return PDF

    monkeypatch.setattr(versioner, "plan_till_pdf", gor)
    return gjorda


@pytest.fixture
def fall(delad_plan: Handlingsplan, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


def frys(plan: Handlingsplan, av: Anvandare, namn: str = "Remiss 1", slag: str = "remiss") -> Planversion:
    return versioner.frys(plan, namn=namn, slag=slag, avtryck=frysning.avtryck(bygg(plan)), av=av)


@pytest.fixture
def sida(fall: Planfall, samordnare: Anvandare, klient_for: Klientmakare) -> Callable[..., Any]:
    """Freeze through the page: `sida(namn=...)`."""
    klient = klient_for(samordnare)

    def posta(**falt: str) -> Any:
        data = {"namn": "Remiss 1", "slag": "remiss", "avtryck": frysning.avtryck(bygg(fall.plan)), **falt}
        return klient.post(reverse("plan_versioner", args=[2024]), data)

    return posta


def test_a_version_is_the_plan_as_it_was_and_stays_so(
    fall: Planfall, sida: Callable[..., Any], samordnare: Anvandare, klient_for: Klientmakare, snabb_pdf: list[Any]
) -> None:
    assert sida().status_code == 302
    version = Planversion.objects.get()
    assert snabb_pdf[0].versionsnamn == "Remiss 1"
    assert (version.nummer, version.schema, version.delad) == (1, bygg(fall.plan).schema, True)
    plan = fall.plan
    plan.refresh_from_db()
    spara(plan, {"titel": "Ny titel"}, version=plan.version, av=samordnare)
    klient = klient_for(samordnare)
    text = synlig_text(klient.get(reverse("planversion", args=[2024, 1])))
    assert "Gemensam handlingsplan UTKAST Handlingsplan 2024" in " ".join(text.split())
    assert "versionen Remiss 1 (remiss), fryst" in text
    svar = klient.get(reverse("planversion_pdf", args=[2024, 1]))
    assert svar.content == PDF
    assert hashlib.sha256(svar.content).hexdigest() == version.kontrollsumma
    post = klient.get(reverse("planversion_json", args=[2024, 1]))
    assert hashlib.sha256(post.content).hexdigest() == version.avtryck
    assert frysning.fran_json(post.json()) == versioner.dokument(version)
    assert len(snabb_pdf) == 1  # never rendered again


def test_a_name_is_used_once_in_a_plan(fall: Planfall, sida: Callable[..., Any]) -> None:
    sida()
    svar = sida(slag="utkast")
    assert svar.status_code == 422
    assert "Planen har redan en version som heter Remiss 1." in synlig_text(svar)
    assert sida(namn="remiss  1").status_code == 422  # the same to whoever reads it
    assert sida(namn="").status_code == 422
    assert sida(namn="Fastställd", slag="faststalld").status_code == 422
    assert Planversion.objects.count() == 1
    assert sida(namn="Remiss 2").status_code == 302
    assert list(Planversion.objects.values_list("nummer", flat=True)) == [2, 1]


def test_what_was_changed_after_it_was_read_is_not_frozen(
    fall: Planfall, sida: Callable[..., Any], samordnare: Anvandare
) -> None:
    last = frysning.avtryck(bygg(fall.plan))
    spara(fall.plan, {"titel": "Mitt emellan"}, version=fall.plan.version, av=samordnare)
    svar = sida(avtryck=last)
    assert svar.status_code == 409
    assert "Planen har ändrats sedan du öppnade sidan" in synlig_text(svar)
    assert 'value="Remiss 1"' in svar.content.decode()
    assert not Planversion.objects.exists()


def test_somebody_who_saves_while_the_pdf_is_made_stops_it(
    fall: Planfall, sida: Callable[..., Any], samordnare: Anvandare, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gor(dokument: Any) -> bytes:
        spara(fall.plan, {"titel": "Under tiden"}, version=fall.plan.version, av=samordnare)
        return PDF

    monkeypatch.setattr(versioner, "plan_till_pdf", gor)
    assert sida().status_code == 409
    assert not Planversion.objects.exists()


def test_a_reader_sees_what_was_frozen_after_the_plan_was_shared(
    fall: Planfall, samordnare: Anvandare, lasare_malmo: Anvandare, klient_for: Klientmakare
) -> None:
    Handlingsplan.objects.update(delad_at=None)
    fall.plan.refresh_from_db()
    frys(fall.plan, samordnare, "Internt utkast", "utkast")
    Handlingsplan.objects.update(delad_at=fall.plan.andrad_at)
    fall.plan.refresh_from_db()
    frys(fall.plan, samordnare)
    klient = klient_for(lasare_malmo)
    text = synlig_text(klient.get(reverse("plan_versioner", args=[2024])))
    assert "Remiss 1" in text and "Internt utkast" not in text
    assert klient.get(reverse("planversion", args=[2024, 1])).status_code == 404
    assert klient.get(reverse("planversion_pdf", args=[2024, 1])).status_code == 404
    assert klient.get(reverse("plan_jamfor", args=[2024]), {"fore": "2024.1"}).status_code == 404
    assert klient.get(reverse("planversion", args=[2024, 2])).status_code == 200
    assert klient.post(reverse("plan_versioner", args=[2024]), {"namn": "x"}).status_code == 403


def test_a_version_that_has_been_altered_is_found(
    fall: Planfall, samordnare: Anvandare, capsys: pytest.CaptureFixture[str]
) -> None:
    version = frys(fall.plan, samordnare)
    assert versioner.kontrollera(fall.plan) == []
    with pytest.raises(VersionenAndrasInte):
        version.save()
    with pytest.raises(VersionenAndrasInte):
        Planversion.objects.update(namn="x")
    with transaction.atomic(), lyft(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE rapport_planversion SET pdf = %s", [b"%PDF-1.7 annan fil"])
    (brist,) = versioner.kontrollera(fall.plan)
    assert "dess PDF är inte den som frystes" in brist.text
    with pytest.raises((CommandError, SystemExit)):
        call_command("kontrollera_historik")
    assert "Remiss 1" in "".join(capsys.readouterr())


def test_an_older_record_is_still_read(fall: Planfall, samordnare: Anvandare, klient_for: Klientmakare) -> None:
    """A version from before a field was part of the record: it is empty there, and the rest is as it was."""
    data = frysning.till_json(bygg(fall.plan))
    del data["versionsnamn"], data["historik_nummer"], data["historik_hash"]
    data["schema"] = 1
    Planversion.objects.create(
        plan=fall.plan, nummer=1, namn="Gammal", slag="utkast", schema=1, dokument=data, avtryck="", pdf=PDF,
        kontrollsumma="", delad=True,
    )  # fmt: skip
    svar = klient_for(samordnare).get(reverse("planversion", args=[2024, 1]))
    assert svar.status_code == 200
    assert "Uppgifter som tillkom i senare scheman saknas." in synlig_text(svar)
    assert versioner.valt_dokument(fall.plan, 1).versionsnamn == ""


# --- Compared --------------------------------------------------------------------------------------------------------


def test_a_version_is_compared_with_the_plan_as_it_is(
    fall: Planfall, samordnare: Anvandare, klient_for: Klientmakare
) -> None:
    frys(fall.plan, samordnare)
    klient = klient_for(samordnare)
    adress = reverse("plan_jamfor", args=[2024])
    lika = klient.get(adress, {"fore": "2024.1", "efter": "2024"})
    assert "Det finns ingen skillnad mellan de två." in synlig_text(lika)
    fall.forsta.text = "Första <b>&"
    fall.forsta.save()
    fall.plan.alla_poster.filter(utgava=fall.npo, finansiering="sgd").update(belopp=150_000)
    svar = klient.get(adress, {"fore": "2024.1", "efter": "2024"})
    text = synlig_text(svar).replace("&nbsp;", " ")
    assert "Nationell patientöversikt: +50 000 kr (+50,0 %), från 100 000 till 150 000 kr." in text
    assert "&lt;b&gt;&amp;" in svar.content.decode()
    assert "Säker digital kommunikation" not in text.partition("Budget")[0].partition("Ändrat innehåll")[2]


def test_a_version_leads_to_what_differs_from_the_one_before(
    fall: Planfall, samordnare: Anvandare, klient_for: Klientmakare
) -> None:
    frys(fall.plan, samordnare)
    frys(fall.plan, samordnare, "Rekommenderad", "rekommenderad")
    sida = klient_for(samordnare).get(reverse("plan_versioner", args=[2024])).content.decode()
    assert sida.count("Med versionen före") == 1
    assert "?fore=2024.1&amp;efter=2024.2" in sida


def test_the_adopted_plan_is_among_the_versions_with_its_checksum(
    faststalld_plan: Handlingsplan, samordnare: Anvandare, klient_for: Klientmakare
) -> None:
    FrystPlan.objects.create(
        plan=faststalld_plan,
        schema=3,
        dokument=frysning.till_json(bygg(faststalld_plan)),
        pdf=PDF,
        kontrollsumma="a" * 64,
    )
    svar = klient_for(samordnare).get(reverse("plan_versioner", args=[2023]))
    assert "Fastställd 2022-06-20" in synlig_text(svar)
    assert "a" * 64 in synlig_text(svar)
    assert "Frys en ny version" not in synlig_text(svar)


@pytest.mark.parametrize("fraga", [{"fore": "2099"}, {"efter": "2024.7"}, {"fore": "x"}])
def test_what_does_not_exist_is_not_compared(
    fall: Planfall, samordnare: Anvandare, klient_for: Klientmakare, fraga: dict[str, str]
) -> None:
    assert klient_for(samordnare).get(reverse("plan_jamfor", args=[2024]), fraga).status_code == 404


def test_any_two_years_are_compared(
    fall: Planfall, faststalld_plan: Handlingsplan, samordnare: Anvandare, klient_for: Klientmakare
) -> None:
    svar = klient_for(samordnare).get(
        reverse("plan_jamfor", args=[2024]), {"fore": "2023", "efter": "2024", "ar_fore": "2022"}
    )
    text = synlig_text(svar)
    assert "Nytt insatsområde: Nationell patientöversikt" in text
    assert "Pengarna är de för 2022 och 2024" in text
    annat = klient_for(samordnare).get(reverse("plan_jamfor", args=[2024]), {"ar_fore": "1999", "ar_efter": "abc"})
    assert "Pengarna är de för 2023 och 2024" in synlig_text(annat)


@pytest.mark.parametrize(
    ("fel", "sagt"),
    [
        ({"nummer": 1}, "planversion_eget_nummer|ändras inte"),
        ({"namn": "Remiss 1"}, "planversion_eget_namn|UNIQUE"),
        ({"namn": ""}, "planversion_har_namn"),
        ({"slag": "hemlig"}, "planversion_kant_slag"),
    ],
)
def test_the_database_refuses_a_version_that_breaks_a_rule(
    fall: Planfall, samordnare: Anvandare, fel: dict[str, Any], sagt: str
) -> None:
    frys(fall.plan, samordnare)
    falt: dict[str, Any] = {"nummer": 2, "namn": "Remiss 2", "slag": "remiss"}
    falt |= {"schema": 1, "dokument": {}, "avtryck": "", "pdf": PDF, "kontrollsumma": "", "delad": True}
    with pytest.raises(IntegrityError, match=sagt), transaction.atomic():
        Planversion.objects.create(plan=fall.plan, **(falt | fel))
