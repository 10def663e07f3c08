"""The PDF service: its limits, what it refuses to fetch, the view and the command."""

import io
import logging
import os
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from handlingsplan.models import Anvandare, Handlingsplan
from rapport import pdf, pdfmotor
from rapport.models import FrystPlan
from tests.cast import Klientmakare
from tests.exempel import exempelplan, tom_plan

SIDA = '<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Prov</title></head><body>{}</body></html>'
bara_en_databas = pytest.mark.databas("sqlite")


# --- Limits ----------------------------------------------------------------------------------------------------


@bara_en_databas
@pytest.mark.parametrize(
    "kropp",
    ["<p>" + "a<br>" * 20_000, "<table><tr><td colspan=1000000>a</table>", "<div style='display:flex'>" * 14 + "a"],
    ids=["20 000 br", "colspan en miljon", "flex i flex"],
)
def test_en_text_som_aldrig_blir_klar_avbryts_med_besked(kropp: str, settings: Any) -> None:
    settings.PDF_TIDSGRANS = 2
    with pytest.raises(pdf.PdfFel, match="för lång tid"):
        pdf.html_till_pdf(SIDA.format(kropp))


@bara_en_databas
def test_minnet_ar_begransat(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.PDF_MINNESGRANS = 16 * 1024**2
    with pytest.raises(pdf.PdfFel, match="gick inte att göra"):
        pdf.html_till_pdf(SIDA.format("<p>a"))
    assert "motorn avslutades med" in caplog.text


@bara_en_databas
def test_djupt_nastlade_listor_ger_fel_och_ingen_krasch(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(pdf.PdfFel, match="gick inte att göra"):
        pdf.html_till_pdf(SIDA.format("<ul><li>" * 300))
    assert "RecursionError" in caplog.text


# --- Addresses ---------------------------------------------------------------------------------------------------


@pytest.fixture
def lyssnare() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, its address, and the paths that have been asked of it."""
    fragade: list[str] = []

    class Svar(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fragade.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the base class names it so
            """Nothing on stderr."""

    server = HTTPServer(("127.0.0.1", 0), Svar)
    trad = threading.Thread(target=server.serve_forever)
    trad.start()
    yield f"http://127.0.0.1:{server.server_port}", fragade
    server.shutdown()
    trad.join()
    server.server_close()


@bara_en_databas
def test_inget_hamtas_varken_fran_natet_eller_fran_disken(
    lyssnare: tuple[str, list[str]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    adress, fragade = lyssnare
    hemlig = tmp_path / "hemlig.txt"
    hemlig.write_text("HEMLIGT", encoding="utf-8")
    lokal = hemlig.as_uri()
    kropp = (
        f'<img src="{adress}/bild.png" alt="bild"><img src="{lokal}" alt="bild"><object data="{lokal}">o</object>'
        f'<link rel="attachment" href="{lokal}"><a rel="attachment" href="{lokal}">fil</a>'
        f'<link rel="stylesheet" href="{adress}/stil.css"><style>@import url("{adress}/mer.css");'
        f'@font-face {{ font-family: X; src: url("{adress}/x.ttf") }}'
        f'p {{ background: url("{adress}/bak.png") }}</style>'
        f'<svg width="9" height="9"><image href="{lokal}" width="9" height="9"/></svg>'
        '<img src="typsnitt:../../etc/passwd" alt="bild"><p style="font-family: X">kvar</p>'
    )
    with caplog.at_level(logging.WARNING):
        fil = pdf.html_till_pdf(SIDA.format(kropp))
    assert fragade == []
    assert len(re.findall("hämtas inte:", caplog.text)) >= 6
    lasare = PdfReader(io.BytesIO(fil))
    assert not lasare.attachments
    with pikepdf.open(io.BytesIO(fil)) as oppnad:
        data = [o.read_bytes() for o in oppnad.objects if isinstance(o, pikepdf.Stream)]
    assert not any(b"HEMLIGT" in en for en in data)
    assert "kvar" in lasare.pages[0].extract_text()


# --- The engine ------------------------------------------------------------------------------------------------


@pytest.fixture
def utan_motor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine whose native library is not there; it tells what it sees of the environment."""
    modul = (
        "import os, sys\nprint(sorted(os.environ.items()), file=sys.stderr)\nraise OSError('cannot load libpango')\n"
    )
    (tmp_path / "weasyprint.py").write_text(modul, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(pdf, "_provad", {})


@pytest.mark.usefixtures("utan_motor")
@bara_en_databas
def test_en_motor_som_saknas_ger_eget_fel_och_ser_inga_hemligheter(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SECRET_KEY", "hemlig-nyckel")
    monkeypatch.setenv("DATABASE_URL", "postgres://hemlig-databas")
    with pytest.raises(pdf.PdfMotornSaknas, match="Pango"):
        pdf.plan_till_pdf(tom_plan())
    assert "cannot load libpango" in caplog.text
    assert "plan-pdf-" in caplog.text  # a temporary folder of its own
    assert "hemlig" not in caplog.text


@pytest.mark.usefixtures("utan_motor")
@bara_en_databas
def test_motorns_franvaro_marks_och_provas_igen_forst_efter_en_stund(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not pdf.motor_finns()
    monkeypatch.delenv("PYTHONPATH")
    assert not pdf.motor_finns()
    monkeypatch.setattr(pdf, "_OMPROVNING", 0.0)
    assert pdf.motor_finns()


@bara_en_databas
def test_tva_samtidiga_ger_samma_fil_och_lamnar_inget_efter_sig(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with ThreadPoolExecutor(2) as bada:
        forsta, andra = bada.map(pdf.plan_till_pdf, [tom_plan(), tom_plan()])
    assert forsta.startswith(b"%PDF-1.7")
    assert forsta == andra
    assert list(tmp_path.iterdir()) == []


@bara_en_databas
@pytest.mark.parametrize("ar_typsnitt", [False, True])
def test_en_strom_som_slutar_i_vagnretur_fylls_ut(ar_typsnitt: bool) -> None:
    data = next(d for d in (b"q Q %d" % i for i in range(100_000)) if zlib.compress(d, 9).endswith(b"\r"))
    dokument = pikepdf.new()
    strom = dokument.make_stream(b"")
    strom.write(zlib.compress(data, 9), filter=pikepdf.Name.FlateDecode)
    if ar_typsnitt:
        strom.Length1 = len(data)
    dokument.Root.Prov = strom
    fil = pdfmotor._spara(dokument)
    assert b"\r\nendstream" not in fil
    with pikepdf.open(io.BytesIO(fil)) as oppnad:
        ny = oppnad.Root.Prov
        assert ny.read_bytes() == data + (b"\1" if ar_typsnitt else b"\n")
        assert not ar_typsnitt or int(ny.Length1) == len(ny.read_bytes())


@bara_en_databas
def test_an_object_stream_that_ends_in_a_carriage_return_is_shared_out_anew() -> None:
    def med(text: str) -> pikepdf.Pdf:
        dokument = pikepdf.new()
        dokument.Root.Lang, dokument.Root.Prov = pikepdf.String("sv"), dokument.make_indirect(pikepdf.String(text))
        return dokument

    def sparad(dokument: pikepdf.Pdf) -> bytes:
        ut = io.BytesIO()
        dokument.save(ut, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return ut.getvalue()

    text = next(t for t in map("a".__mul__, range(600)) if b"\r\nendstream" in sparad(med(t)))
    fil = pdfmotor._spara(med(text))
    assert b"\r\nendstream" not in fil
    assert b"/ObjStm" in fil
    with pikepdf.open(io.BytesIO(fil)) as oppnad:
        assert (str(oppnad.Root.Lang), str(oppnad.Root.Prov)) == ("sv", text)


# --- The view ----------------------------------------------------------------------------------------------------


@pytest.fixture
def utan_rendering(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replaces the engine; the list gets the title of each plan that was to be rendered."""
    renderade: list[str] = []

    def latsas(dokument: object) -> bytes:
        renderade.append(str(getattr(dokument, "titel", "")))
        return b"%PDF-1.7 ny"

    monkeypatch.setattr(pdf, "plan_till_pdf", latsas)
    return renderade


def misslyckas(fel: Exception) -> Callable[[object], bytes]:
    def kasta(dokument: object) -> bytes:
        raise fel

    return kasta


def test_planen_hamtas_som_fil_med_namn(
    delad_plan: Handlingsplan, lasare_malmo: Anvandare, klient_for: Klientmakare, utan_rendering: list[str]
) -> None:
    svar = klient_for(lasare_malmo).get(reverse("plan_pdf", args=[2024]))
    assert (svar.status_code, svar.content) == (200, b"%PDF-1.7 ny")
    assert svar.headers["Content-Type"] == "application/pdf"
    assert svar.headers["Content-Disposition"] == 'attachment; filename="handlingsplan-2024-utkast.pdf"'
    assert "no-store" in svar.headers["Cache-Control"]
    assert utan_rendering == [delad_plan.titel]


def test_den_frysta_filen_ges_som_den_ar(
    faststalld_plan: Handlingsplan, beredning: Anvandare, klient_for: Klientmakare, utan_rendering: list[str]
) -> None:
    FrystPlan.objects.create(plan=faststalld_plan, schema=1, dokument={}, pdf=b"%PDF-1.7 fryst")
    svar = klient_for(beredning).get(reverse("plan_pdf", args=[2023]))
    assert svar.content == b"%PDF-1.7 fryst"
    assert svar.headers["Content-Disposition"] == 'attachment; filename="handlingsplan-2022-2023.pdf"'
    assert utan_rendering == []


@pytest.mark.parametrize(
    ("fel", "status", "rubrik"),
    [
        (pdf.PdfMotornSaknas("Motorn är inte installerad."), 503, "PDF-filen kan inte göras här"),
        (pdf.PdfFel("Det tog för lång tid."), 500, "PDF-filen gick inte att göra"),
    ],
)
@pytest.mark.usefixtures("delad_plan")
def test_ett_fel_blir_en_sida_som_sager_vad_som_hande(
    fel: Exception,
    status: int,
    rubrik: str,
    samordnare: Anvandare,
    klient_for: Klientmakare,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "plan_till_pdf", misslyckas(fel))
    svar = klient_for(samordnare).get(reverse("plan_pdf", args=[2024]))
    assert svar.status_code == status
    assert svar.headers["Content-Type"].startswith("text/html")
    assert rubrik in svar.text and str(fel) in svar.text


@pytest.mark.usefixtures("utkast", "delad_plan")
def test_pdf_foljer_planens_behorighet(
    lasare_malmo: Anvandare, utomstaende: Anvandare, klient_for: Klientmakare, utan_rendering: list[str]
) -> None:
    def status(klient: Client, till_ar: int) -> int:
        return klient.get(reverse("plan_pdf", args=[till_ar])).status_code

    assert status(klient_for(lasare_malmo), 2025) == 404
    assert status(klient_for(lasare_malmo), 2030) == 404
    assert status(klient_for(utomstaende), 2024) == 403
    assert status(Client(), 2024) == 302
    assert utan_rendering == []
    assert klient_for(lasare_malmo).post(reverse("plan_pdf", args=[2024])).status_code == 405


# --- The command -------------------------------------------------------------------------------------------------


def test_kommandot_skriver_en_plan_ur_databasen(delad_plan: Handlingsplan, tmp_path: Path) -> None:
    ut, sagt = tmp_path / "plan.pdf", io.StringIO()
    call_command("skapa_pdf", "2024", "--ut", str(ut), stdout=sagt)
    assert "UTKAST" in PdfReader(ut).pages[0].extract_text()
    assert str(ut) in sagt.getvalue() and "(utkast)" in sagt.getvalue()
    assert [en.name for en in tmp_path.iterdir()] == ["plan.pdf"]
    assert ut.stat().st_mode & 0o777 == 0o644


@pytest.mark.usefixtures("delad_plan")
def test_kommandot_ror_inte_en_fil_som_finns_nar_det_misslyckas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ut = tmp_path / "plan.pdf"
    ut.write_bytes(b"den gamla")
    monkeypatch.setattr(pdf, "plan_till_pdf", misslyckas(pdf.PdfFel("Det tog för lång tid.")))
    with pytest.raises(CommandError, match="för lång tid"):
        call_command("skapa_pdf", "2024", "--ut", str(ut))
    monkeypatch.setattr(pdf, "plan_till_pdf", lambda _: b"%PDF-ny")
    monkeypatch.setattr(os, "fsync", _fullt)
    with pytest.raises(CommandError, match="No space left"):
        call_command("skapa_pdf", "2024", "--ut", str(ut))
    assert ut.read_bytes() == b"den gamla"
    assert [en.name for en in tmp_path.iterdir()] == ["plan.pdf"]


def _fullt(handtag: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.usefixtures("delad_plan", "utan_rendering")
def test_kommandot_vagrar_en_plan_eller_mapp_som_inte_finns(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ingen plan för 2031"):
        call_command("skapa_pdf", "2031", "--ut", str(tmp_path / "x.pdf"))
    with pytest.raises(CommandError, match="en mapp som finns"):
        call_command("skapa_pdf", "2024", "--ut", str(tmp_path / "saknas" / "x.pdf"))
    with pytest.raises(CommandError, match="en mapp som finns"):
        call_command("skapa_pdf", "2024", "--ut", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_filnamnet_sager_period_och_utkast() -> None:
    assert pdf.filnamn(Handlingsplan(fran_ar=2024, till_ar=2026)) == "handlingsplan-2024-2026-utkast.pdf"
    klar = Handlingsplan(fran_ar=2024, till_ar=2024, faststalld_at=datetime(2024, 1, 1, tzinfo=UTC).date())
    assert pdf.filnamn(klar) == "handlingsplan-2024.pdf"


def test_samma_dokument_ger_samma_html() -> None:
    assert pdf.plan_till_html(exempelplan()) == pdf.plan_till_html(exempelplan())


def test_too_many_at_once_are_told_to_wait(
    klient_for: Klientmakare,
    lasare_malmo: Anvandare,
    delad_plan: Handlingsplan,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:
    monkeypatch.setattr(pdf, "_PLATSER", threading.BoundedSemaphore(1))
    settings.PDF_TIDSGRANS = 0.02
    pdf._PLATSER.acquire()
    svar = klient_for(lasare_malmo).get("/plan/2024/plan.pdf")
    assert (svar.status_code, svar.headers["Retry-After"]) == (503, "60")
    assert "Försök igen om en minut" in svar.content.decode()
