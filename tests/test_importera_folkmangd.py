"""A file from SCB: planned and carried out by the service, the command and the page. All or nothing."""

import io
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from budget import folkmangd as tjanst
from budget.models import Folkmangd
from budget.scb import las_fil
from budget.views import folkmangdsimport
from handlingsplan.models import Anvandare, Huvudman
from tests.budgetfall import Svar, formular
from tests.cast import Klientmakare, Parter
from tests.scb_filer import som_csv, som_excel

ADRESS = "/folkmangd/importera/"
DATUM = date(2023, 12, 31)
NBSP = "\u00a0"
HELA = (("1275 Perstorp", 7_359), ("1280 Malmö", 362_133), ("1281 Lund", 130_288))
RIKET = (("00 Riket", 10_551_707), ("12 Skåne län", 1_421_781), ("0180 Stockholm", 988_943), *HELA)

pytestmark = pytest.mark.usefixtures("parter")


def rader(*poster: tuple[str, object], ar: str = "2023") -> list[tuple[object, ...]]:
    return [("region", f"Folkmängd {ar}"), *poster]


def csv(poster: Sequence[tuple[str, object]] = HELA, kodning: str = "latin-1") -> bytes:
    return som_csv(rader(*poster)).encode(kodning)


def antal() -> dict[str, int]:
    funna = Folkmangd.objects.gallande().filter(datum=DATUM)
    return dict(funna.values_list("huvudman__kod", "antal"))


# --- The service -------------------------------------------------------------------------------------------------


def planera(innehall: bytes, namn: str = "fil.csv") -> tjanst.Importplan:
    return tjanst.planera(las_fil(namn, innehall, DATUM), DATUM)


def utfall(plan: tjanst.Importplan) -> dict[str, str]:
    return {rad.kod: rad.utfall for rad in plan.rader}


def test_a_plan_says_of_each_row_what_it_leads_to(parter: Parter) -> None:
    Folkmangd.objects.create(huvudman=parter["1280"], datum=DATUM, antal=362_133, kalla="SCB")
    Folkmangd.objects.create(huvudman=parter["1281"], datum=DATUM, antal=1, kalla="SCB")
    plan = planera(csv(RIKET))
    assert utfall(plan) == {"0180": "overhoppad", "1275": "ny", "1280": "oforandrad", "1281": "andrad"}
    lund = next(rad for rad in plan.rader if rad.kod == "1281")
    assert (lund.radnummer, lund.fore, lund.antal, lund.bas_revision) == (7, 1, 130_288, 1)
    assert plan.kan_genomforas
    assert antal() == {"1280": 362_133, "1281": 1}


def test_carrying_it_out_twice_changes_nothing_the_second_time(samordnare: Anvandare) -> None:
    assert tjanst.genomfor(planera(csv()), "SCB", samordnare) == 3
    assert antal() == {"1275": 7_359, "1280": 362_133, "1281": 130_288}
    assert tjanst.genomfor(planera(csv()), "SCB", samordnare) == 0
    assert Folkmangd.objects.count() == 3
    rad = Folkmangd.objects.first()
    assert rad is not None
    assert (rad.kalla, rad.registrerad_av, rad.revision) == ("SCB", samordnare, 1)


def test_a_party_that_the_file_does_not_have_is_named_and_stops_it() -> None:
    plan = planera(csv(HELA[:2]))
    (fel,) = plan.med("vagrad")
    assert fel.meddelande == "Lunds kommun (1281) saknas i filen för 2023-12-31."
    with pytest.raises(tjanst.Importfel):
        tjanst.genomfor(plan, "SCB", None)
    assert antal() == {}


def test_a_party_whose_row_could_not_be_read_is_not_said_to_be_missing_too() -> None:
    plan = planera(csv((*HELA[:2], ("1281 Lund", "många"))))
    assert [rad.radnummer for rad in plan.med("vagrad")] == [4]


def test_an_installation_without_municipalities_is_told_what_comes_first() -> None:
    Huvudman.objects.all().delete()
    plan = planera(csv())
    assert (plan.kan_genomforas, len(plan.med("overhoppad"))) == (False, 3)
    assert "inga kommuner bland huvudmännen" in plan.med("vagrad")[0].meddelande


def test_a_figure_that_came_after_the_plan_was_made_stops_it(parter: Parter) -> None:
    plan = planera(csv())
    Folkmangd.objects.create(huvudman=parter["1280"], datum=DATUM, antal=5, kalla="någon annan")
    with pytest.raises(tjanst.Importfel, match="Malmö stad"):
        tjanst.genomfor(plan, "SCB", None)
    assert antal() == {"1280": 5}


def test_a_party_that_came_after_the_plan_was_made_stops_it() -> None:
    plan = planera(csv())
    Huvudman.objects.create(kod="1214", typ="kommun", namn="Svalöv", officiellt_namn="Svalövs kommun")
    with pytest.raises(tjanst.Importfel, match="Huvudmännen har ändrats"):
        tjanst.genomfor(plan, "SCB", None)
    assert antal() == {}


def test_two_imports_at_the_very_same_moment_do_not_both_get_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other's rows come between our check and our writing: the database refuses, and all of ours is undone."""
    plan, gammalt_lage = planera(csv()), tjanst.las_lage(DATUM)
    tjanst.genomfor(plan, "den andres", None)
    monkeypatch.setattr(tjanst, "las_lage", lambda _: gammalt_lage)
    with pytest.raises(tjanst.Importfel, match="samtidigt"):
        tjanst.genomfor(plan, "min", None)
    assert set(Folkmangd.objects.values_list("kalla", flat=True)) == {"den andres"}


def test_a_plan_survives_being_packed() -> None:
    plan = planera(csv(RIKET))
    upp = tjanst.packa_upp(tjanst.packa(plan))
    assert (upp.datum, upp.rader, upp.tabellkod) == (plan.datum, plan.partsrader, plan.tabellkod)


# --- The command -------------------------------------------------------------------------------------------------


def kommando(fil: Path, *val: str, datum: str = "2023-12-31") -> str:
    ut = io.StringIO()
    call_command("importera_folkmangd", str(fil), "--datum", datum, *val, stdout=ut)
    return ut.getvalue()


def skriv(tmp_path: Path, innehall: bytes, namn: str = "scb.csv") -> Path:
    fil = tmp_path / namn
    fil.write_bytes(innehall)
    return fil


@pytest.mark.parametrize("kodning", ["latin-1", "utf-8", "utf-8-sig"])
def test_the_command_says_row_by_row_what_it_does(tmp_path: Path, parter: Parter, kodning: str) -> None:
    Folkmangd.objects.create(huvudman=parter["1281"], datum=DATUM, antal=1, kalla="SCB")
    ut = kommando(skriv(tmp_path, csv(RIKET, kodning)), "--kalla", "SCB 2024-02-22")
    assert f"Rad 5: 1275 Perstorps kommun: ny, 7{NBSP}359" in ut
    assert f"Rad 7: 1281 Lunds kommun: ändras, 1 → 130{NBSP}288" in ut
    assert "2 nya, 1 ändrade, 0 oförändrade, 1 hoppas över (inte huvudmän), 0 fel." in ut
    assert "Sparat: 3 siffror." in ut
    assert "0180" not in ut
    assert antal() == {"1275": 7_359, "1280": 362_133, "1281": 130_288}
    assert Folkmangd.objects.filter(kalla="SCB 2024-02-22").count() == 3
    assert "Inget att spara" in kommando(skriv(tmp_path, csv(RIKET, kodning)))
    assert Folkmangd.objects.count() == 4


def test_a_dry_run_saves_nothing_and_names_what_is_skipped_when_asked(tmp_path: Path) -> None:
    ut = kommando(skriv(tmp_path, som_excel(rader(*RIKET)), "scb.xlsx"), "--torr", "--verbosity", "2")
    assert "3 nya" in ut
    assert "Rad 4: 0180 Stockholm: hoppas över, ingen huvudman" in ut
    assert "ingenting är sparat" in ut
    assert antal() == {}


FELAKTIGA = {
    "missing municipality": (csv(HELA[:2]), "Lunds kommun (1281)"),
    "duplicate": (csv((*HELA, HELA[0])), "både på rad 2 och på rad 5"),
    "unknown code": (csv((*HELA, ("1299 Nystad", 5))), "Koden 1299 finns inte i SCB:s kodlista"),
    "no number": (csv((*HELA[:2], ("1281 Lund", "många"))), "är inget tal"),
    "negative": (csv((*HELA[:2], ("1281 Lund", -5))), "negativt"),
    "wrong encoding": (som_csv(rader(*HELA)).encode("utf-16"), "UTF-16"),
    "garbage": (bytes(range(256)) * 40, "ingen textfil"),
    "another year": (som_csv(rader(*HELA, ar="2022")).encode("latin-1"), "Den har bara 2022"),
    "empty": (b" \r\n", "Filen är tom"),
}


@pytest.mark.parametrize("vad", FELAKTIGA)
def test_a_wrong_file_ends_with_an_error_that_names_the_row(tmp_path: Path, vad: str) -> None:
    innehall, ur_meddelandet = FELAKTIGA[vad]
    ut = io.StringIO()
    with pytest.raises(CommandError, match="Ingenting är sparat") as fel:
        call_command("importera_folkmangd", str(skriv(tmp_path, innehall)), "--datum", "2023-12-31", stdout=ut)
    assert (fel.value.returncode, antal()) == (1, {})
    assert ur_meddelandet in ut.getvalue()


def test_an_xlsx_that_is_none_is_refused(tmp_path: Path) -> None:
    for innehall in (b"PK\x03\x04" + b"x" * 500, b"inte ett kalkylblad"):
        with pytest.raises(CommandError, match=r"1 fel i scb\.xlsx"):
            kommando(skriv(tmp_path, innehall, "scb.xlsx"))


@pytest.mark.parametrize("datum", ["31/12/2022", "2022-13-01", "20221231", "2022-1-1", "igår"])
def test_a_date_in_another_form_is_refused(tmp_path: Path, datum: str) -> None:
    with pytest.raises(CommandError, match="är inget datum"):
        kommando(skriv(tmp_path, csv()), datum=datum)


@pytest.mark.parametrize(
    ("kalla", "besked"),
    [("x" * 301, "301 tecken. Den får ha högst 300"), ("SCB\x00", "styrtecken"), ("a\nb", "styrtecken"), ("  ", "tom")],
)
def test_a_source_that_cannot_be_stored_is_refused(tmp_path: Path, kalla: str, besked: str) -> None:
    with pytest.raises(CommandError, match=besked):
        kommando(skriv(tmp_path, csv()), "--kalla", kalla)
    assert not Folkmangd.objects.exists()


def test_a_source_of_300_characters_is_stored(tmp_path: Path, parter: Parter) -> None:
    kommando(skriv(tmp_path, csv()), "--kalla", "x" * 300)
    assert set(Folkmangd.objects.values_list("kalla", flat=True)) == {"x" * 300}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Det går inte att läsa"):
        kommando(tmp_path / "borta.csv")


def test_the_process_ends_with_1(tmp_path: Path) -> None:
    """As a script sees it. The refused file never reaches a database, so none is needed."""
    kommandorad = [sys.executable, "manage.py", "importera_folkmangd", str(tmp_path / "x.csv"), "--datum", "2022-13-01"]
    klart = subprocess.run(kommandorad, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False, timeout=120)
    assert (klart.returncode, "2022-13-01" in klart.stderr) == (1, True)


# --- The page ----------------------------------------------------------------------------------------------------


def ladda_upp(klient: Client, innehall: bytes, namn: str = "scb.csv", **falt: str) -> Svar:
    data = {"datum": "2023-12-31", "kalla": "SCB", "fil": SimpleUploadedFile(namn, innehall)}
    return klient.post(ADRESS, data | falt)


def test_a_file_is_shown_row_by_row_before_anything_is_saved(klient: Client, parter: Parter) -> None:
    Folkmangd.objects.create(huvudman=parter["1281"], datum=DATUM, antal=130_000, kalla="SCB")
    svar = ladda_upp(klient, csv(RIKET))
    sida = svar.content.decode()
    assert (svar.status_code, antal()) == (200, {"1281": 130_000})
    for text in ("Perstorps kommun", f"130{NBSP}000", f"130{NBSP}288", "0180 Stockholm", "Spara 3 siffror"):
        assert text in sida
    svar = klient.post(ADRESS, formular(svar, "underlag"))
    assert (svar.status_code, antal()) == (302, {"1275": 7_359, "1280": 362_133, "1281": 130_288})


def test_the_same_file_again_has_nothing_to_save(klient: Client) -> None:
    forsta = formular(ladda_upp(klient, csv()), "underlag")
    klient.post(ADRESS, forsta)
    sida = ladda_upp(klient, csv()).content.decode()
    assert ("Det finns inget att spara" in sida, 'name="underlag"' in sida) == (True, False)
    assert klient.post(ADRESS, forsta).status_code == 409
    assert Folkmangd.objects.count() == 3


@pytest.mark.parametrize("vad", FELAKTIGA)
def test_a_wrong_file_is_refused_with_its_rows_and_cannot_be_saved(klient: Client, vad: str) -> None:
    innehall, ur_meddelandet = FELAKTIGA[vad]
    svar = ladda_upp(klient, innehall)
    sida = svar.content.decode()
    assert (svar.status_code, ur_meddelandet in sida, 'name="underlag"' in sida) == (422, True, False)
    assert antal() == {}


def test_what_a_file_holds_is_escaped(klient: Client) -> None:
    sida = ladda_upp(klient, csv((*HELA, ("<script>alert(1)</script>", 5))), namn="<b>.csv").content.decode()
    assert "<script>alert" not in sida
    assert "&lt;script&gt;" in sida


@pytest.mark.parametrize(
    ("falt", "ur_meddelandet"),
    [
        ({"datum": "31/12/2023"}, "Skriv år-månad-dag"),
        ({"datum": "2023-13-01"}, "finns inte i kalendern"),
        ({"datum": ""}, "Skriv ett datum"),
        ({"datum": "2090-12-31"}, "framtiden"),
        ({"kalla": ""}, "Skriv varifrån"),
        ({"datum": "2023-06-30"}, "gäller den 31 december"),
    ],
)
def test_a_refused_field_says_why(klient: Client, falt: dict[str, str], ur_meddelandet: str) -> None:
    svar = ladda_upp(klient, csv(), **falt)
    assert (svar.status_code, ur_meddelandet in svar.content.decode()) == (422, True)


def test_no_file_and_an_empty_file_say_what_to_do(klient: Client) -> None:
    utan, tom = klient.post(ADRESS, {"datum": "2023-12-31", "kalla": "SCB"}), ladda_upp(klient, b"")
    assert (utan.status_code, "Välj en fil." in utan.content.decode()) == (422, True)
    assert (tom.status_code, "Filen är tom" in tom.content.decode()) == (422, True)


def test_100_mb_is_thrown_away_as_it_comes_in(klient: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folkmangdsimport, "las_fil", pytest.fail)
    svar = ladda_upp(klient, b"1280 Malmo;357377\n" * (100 * 2**20 // 18))
    sida = svar.content.decode()
    assert (svar.status_code, "större än 5 MB" in sida) == (413, True)
    assert 'id="id_fil_error"' in sida
    assert formular(svar, "datum")["datum"] == "2023-12-31"


def test_a_little_under_the_limit_is_read(klient: Client) -> None:
    not_under = b'"' + b"Not. " * 1000 + b'"\r\n'
    svar = ladda_upp(klient, csv() + b"\r\n" + not_under * 900)
    assert svar.status_code == 200


def test_the_upload_is_guarded_against_other_sites(klient_for: Klientmakare, samordnare: Anvandare) -> None:
    klient = Client(enforce_csrf_checks=True)
    klient.force_login(samordnare)
    assert ladda_upp(klient, csv()).status_code == 403
    token = formular(klient.get(ADRESS), "datum")["csrfmiddlewaretoken"]
    assert isinstance(token, str)
    svar = ladda_upp(klient, csv(), csrfmiddlewaretoken=token)
    assert svar.status_code == 200
    assert klient.post(ADRESS, {"underlag": formular(svar, "underlag")["underlag"]}).status_code == 403
    assert klient.post(ADRESS, formular(svar, "underlag")).status_code == 302


def test_a_reader_uploads_nothing(klient_for: Klientmakare, lasare_malmo: Anvandare) -> None:
    assert ladda_upp(klient_for(lasare_malmo), csv()).status_code == 403
    assert ladda_upp(Client(), csv()).status_code == 302
    assert antal() == {}


def test_what_is_saved_is_what_was_shown(klient: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    underlag = str(formular(ladda_upp(klient, csv()), "underlag")["underlag"])
    frammande = signing.dumps(signing.loads(underlag, salt=folkmangdsimport.SALT), salt="något annat")
    for skadat in ("", "x", underlag[:-1], "A" + underlag, frammande):
        svar = klient.post(ADRESS, {"underlag": skadat})
        assert (svar.status_code, "Ingenting är sparat" in svar.content.decode(), antal()) == (422, True, {})
    monkeypatch.setattr(folkmangdsimport, "GILTIG", -1)
    assert klient.post(ADRESS, {"underlag": underlag}).status_code == 422
    assert antal() == {}


def test_a_figure_that_came_between_preview_and_saving_stops_it(klient: Client, parter: Parter) -> None:
    granskning = formular(ladda_upp(klient, csv()), "underlag")
    Folkmangd.objects.create(huvudman=parter["1280"], datum=DATUM, antal=5, kalla="någon annan")
    svar = klient.post(ADRESS, granskning)
    assert (svar.status_code, "Malmö stad" in svar.content.decode(), antal()) == (409, True, {"1280": 5})
