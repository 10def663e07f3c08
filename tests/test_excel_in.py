"""A plan's workbook edited and read back: what the preview lists is what is done, and nothing else."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from budget.filfel import Filfel
from budget.kalkylblad import skriv_ordagrant
from budget.models import Budgetpost
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import spara
from insatsomraden.models import Aktivitet, Mal, Omradesutgava
from rapport.excel.forslag import Forslag
from rapport.excel.granskning import granska
from rapport.excel.lasning import las_fil
from rapport.excel.ut import plan_som_arbetsbok
from tests.excelfall import EXCEL, Andra, andrad, cell, ladda_upp, satt
from tests.historikfall import hel, rader
from tests.planfall import Planfall, lagg_in_demon, manga_aktiviteter, ny_aktivitet, ogonblicksbild, planfall
from tests.sidor import synlig_text

pytestmark = pytest.mark.django_db

PROSA = "### Rubrik\n\nDet är **nytt**.\n\n* ett\n  * två"


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def satt_text(blad: str, id_: str, rubrik: str, text: str) -> Andra:
    """A text that looks like a formula, typed with an apostrophe before it."""
    return lambda bok: skriv_ordagrant(cell(bok[blad], id_, rubrik), text)


def ny_rad(blad: str, **celler: object) -> Andra:
    def andra(bok: Any) -> None:
        rubriker = [en.value for en in bok[blad][1]]
        bok[blad].append([celler.get(rubrik.replace(" ", "_")) for rubrik in rubriker])

    return andra


def forslag(plan: Handlingsplan, innehall: bytes) -> Forslag:
    return granska(plan, las_fil(innehall))[1]


def enda(plan: Handlingsplan, *andringar: Andra) -> Any:
    """The only row that is not left as it is."""
    (en,) = [rad for rad in forslag(plan, andrad(plan, *andringar)).rader if rad.foljd != "oforandrad"]
    return en


def genomfor(klient: Client, svar: Any) -> Any:
    return klient.post(EXCEL, {"underlag": svar.context["underlag"]})


# --- Nothing changed -------------------------------------------------------------------------------------------------


def test_out_and_in_changes_nothing_on_the_demo(demorader: list[models.Model]) -> None:
    lagg_in_demon(demorader)
    for plan in Handlingsplan.objects.all():
        # Saved again by openpyxl, as a spreadsheet would.
        sett = forslag(plan, andrad(plan))
        assert len(sett.rader) > 50
        assert {rad.foljd for rad in sett.rader} == {"oforandrad"}


def test_out_and_in_changes_nothing_with_five_hundred_activities(fall: Planfall) -> None:
    manga_aktiviteter(fall.npo, 500)
    fore = antal_satser(fall.plan)
    sett = forslag(fall.plan, plan_som_arbetsbok(fall.plan))
    assert (len(sett.rader), sett.att_gora, sett.hindrade) == (1 + 2 + 3 + 504 + 4 + 2, [], [])
    Aktivitet.objects.filter(text__startswith="Aktivitet").delete()
    assert fore == antal_satser(fall.plan) <= 12


def antal_satser(plan: Handlingsplan) -> int:
    innehall = plan_som_arbetsbok(plan)
    with CaptureQueriesContext(connection) as fragor:
        forslag(plan, innehall)
    return len(fragor)


# --- Twenty edits ----------------------------------------------------------------------------------------------------


def tjugo(fall: Planfall) -> list[tuple[Andra, tuple[str, str]]]:
    """Twenty edits by hand, with the row and what should come of it."""
    npo, sdk, plan = f"o{fall.npo.pk}", f"o{fall.sdk.pk}", f"p{fall.plan.pk}-2024"
    mal, sista = fall.alla_mal, Aktivitet.objects.get(text="Ansluta fler")
    forsta, under, andra = (f"a{en.pk}" for en in (fall.forsta, fall.under, fall.andra))
    ekonomi, gors = fall.npo.alla_arstexter.order_by("slag")[::-1]
    return [
        (satt("Planen", plan, "Undertitel", "Gemensam"), ("Planen", "andrad")),
        (
            satt("Insatsområden", npo, "Beskrivning", "### Rubrik\n\nDet är **nytt**.\n\n* ett\n  * två"),
            (npo, "andrad"),
        ),
        (satt("Insatsområden", sdk, "Läge", "bevakas utan budget"), (sdk, "andrad")),
        (ny_rad("Insatsområden", Namn="Nytt område"), ("", "ny")),
        (satt_text("Mål", f"m{mal[0].pk}", "Mål", "=1+1 är målet"), (f"m{mal[0].pk}", "andrad")),
        (satt("Mål", f"m{mal[1].pk}", "Ta bort", "ja"), (f"m{mal[1].pk}", "borttagen")),
        (ny_rad("Mål", Insatsområde="Nytt område", Mål="Mål i det nya"), ("", "ny")),
        (ny_rad("Mål", Insatsområde=npo, Mål="Ett mål till"), ("", "ny")),
        (satt("Aktiviteter", forsta, "Status", "pågår"), (forsta, "andrad")),
        (satt("Aktiviteter", under, "Start", 45_323), (under, "andrad")),
        (satt("Aktiviteter", andra, "Ansvarig", "-5 % Malmö"), (andra, "andrad")),
        (satt("Aktiviteter", f"a{sista.pk}", "Ta bort", "Ja"), (f"a{sista.pk}", "borttagen")),
        (ny_rad("Aktiviteter", Insatsområde=npo, År=2024, Aktivitet="Ny"), ("", "ny")),
        (ny_rad("Aktiviteter", Insatsområde=npo, År=2024, Ligger_under=forsta, Aktivitet="Ny under"), ("", "ny")),
        (ny_rad("Aktiviteter", Insatsområde="Nytt område", År=2024, Aktivitet="Ny i nytt"), ("", "ny")),
        (satt("Texter per år", f"t{ekonomi.pk}", "Text", "Mer pengar."), (f"t{ekonomi.pk}", "andrad")),
        (satt("Texter per år", f"t{gors.pk}", "Text", None), (f"t{gors.pk}", "andrad")),
        (ny_rad("Texter per år", Insatsområde="Nytt område", År=2024, Om="ekonomi", Text="En början."), ("", "ny")),
        (satt("Budget", f"{npo}-2024-sgd", "Belopp, kr", 120_000.5), (f"{npo}-2024-sgd", "andrad")),
        (satt("Budget", f"{sdk}-2024-sgd", "Belopp, kr", "okänt"), (f"{sdk}-2024-sgd", "andrad")),
    ]


def test_twenty_edits_are_listed_and_done_and_nothing_else(klient: Client, fall: Planfall) -> None:
    edits = tjugo(fall)
    innehall = andrad(fall.plan, *(andra for andra, _ in edits))
    fore = ogonblicksbild()
    svar = ladda_upp(klient, innehall)
    assert svar.status_code == 200
    sett = [(rad.rad["Id"], rad.foljd) for rad in svar.context["forslag"].rader if rad.foljd != "oforandrad"]
    vantat = [(f"p{fall.plan.pk}-2024" if id_ == "Planen" else id_, foljd) for _, (id_, foljd) in edits]
    assert sorted(sett) == sorted(vantat)
    assert len(sett) == 20
    assert ogonblicksbild() == fore
    assert genomfor(klient, svar).status_code == 302
    assert forslag(fall.plan, innehall).med("andrad", "borttagen", "krock") == []
    efter = ogonblicksbild()
    assert antal_nya(fore, efter) == {"Insatsomrade": 1, "Omradesutgava": 1, "Mal": 2, "Aktivitet": 3, "Arstext": 1}
    assert antal_andrade(fore, efter) == {
        "Handlingsplan": 1,
        "Omradesutgava": 2,
        "Mal": 2,
        "Aktivitet": 4,
        "Arstext": 2,
        "Budgetpost": 2,
    }
    fall.npo.refresh_from_db()
    assert fall.npo.beskrivning == (
        "<h3>Rubrik</h3><p>Det är <strong>nytt</strong>.</p><ul><li><p>ett</p><ul><li><p>två</p></li></ul></li></ul>"
    )
    assert Mal.objects.get(pk=fall.alla_mal[0].pk).text == "=1+1 är målet"
    assert Aktivitet.objects.get(pk=fall.under.pk).start == date(2024, 2, 1)
    assert Aktivitet.objects.get(text="Ny under").foralder == fall.forsta
    nytt = Omradesutgava.objects.get(namn="Nytt område")
    assert [nytt.alla_mal.get().text, nytt.alla_aktiviteter.get().text] == ["Mål i det nya", "Ny i nytt"]
    assert Budgetpost.objects.get(utgava=fall.npo, budgetar=2024).ore == 120_000_50
    hel(fall.plan)
    assert len(rader(fall.plan)) >= 20


type Bild = dict[str, list[dict[str, Any]]]
_HISTORIK = {"Handelse", "Historikhuvud", "Session"}


def antal_nya(fore: Bild, efter: Bild) -> dict[str, int]:
    antal = {namn: len(efter[namn]) - len(fore[namn]) for namn in fore if namn not in _HISTORIK}
    return {namn: ett for namn, ett in antal.items() if ett}


def antal_andrade(fore: Bild, efter: Bild) -> dict[str, int]:
    antal = {}
    for namn in fore.keys() - _HISTORIK:
        nya = {en["id"]: en for en in efter[namn]} if fore[namn] and "id" in fore[namn][0] else {}
        antal[namn] = sum(1 for en in fore[namn] if nya and nya.get(en["id"]) != en)
    return {namn: ett for namn, ett in antal.items() if ett}


# --- Others have written meanwhile -----------------------------------------------------------------------------------


def test_a_row_that_both_have_changed_is_a_conflict_with_both_texts(
    klient: Client, fall: Planfall, samordnare: Anvandare
) -> None:
    id_ = f"a{fall.forsta.pk}"
    innehall = andrad(fall.plan, satt("Aktiviteter", id_, "Aktivitet", "I filen"))
    spara(fall.forsta, {"text": "I planen"}, version=1, av=samordnare)
    svar = ladda_upp(klient, innehall)
    (rad,) = svar.context["forslag"].hindrade
    assert (rad.foljd, rad.andringar[0].fore, rad.andringar[0].efter) == ("krock", "I planen", "I filen")
    text = synlig_text(svar)
    assert "I planen" in text
    assert "I filen" in text
    assert f"Aktiviteter, rad 2, {id_}" in text
    assert svar.context["underlag"] == ""


def test_other_fields_that_somebody_has_changed_stand(fall: Planfall, samordnare: Anvandare) -> None:
    innehall = andrad(fall.plan, satt("Aktiviteter", f"a{fall.forsta.pk}", "Ansvarig", "Malmö"))
    spara(fall.forsta, {"text": "I planen", "start": date(2024, 2, 1)}, version=1, av=samordnare)
    (rad,) = forslag(fall.plan, innehall).att_gora
    assert rad.varden == {"ansvarig": "Malmö"}


def test_an_amount_that_both_have_changed_is_a_conflict(fall: Planfall) -> None:
    innehall = andrad(fall.plan, satt("Budget", f"o{fall.npo.pk}-2024-sgd", "Belopp, kr", 1))
    Budgetpost.objects.filter(utgava=fall.npo).update(belopp=2)
    (rad,) = forslag(fall.plan, innehall).hindrade
    assert (rad.foljd, rad.andringar[0].fore, rad.andringar[0].efter) == ("krock", "2", "1")


def test_what_was_changed_or_removed_since_is_not_removed(fall: Planfall, samordnare: Anvandare) -> None:
    innehall = andrad(fall.plan, satt("Mål", f"m{fall.alla_mal[0].pk}", "Ta bort", "ja"))
    spara(fall.alla_mal[0], {"text": "Nytt"}, version=1, av=samordnare)
    assert [rad.foljd for rad in forslag(fall.plan, innehall).hindrade] == ["krock"]


def test_what_has_changed_between_preview_and_saving_stops_all(
    klient: Client, fall: Planfall, samordnare: Anvandare
) -> None:
    andringar = [satt("Mål", f"m{en.pk}", "Mål", "Nytt") for en in fall.alla_mal]
    svar = ladda_upp(klient, andrad(fall.plan, *andringar))
    spara(fall.alla_mal[0], {"text": "Hann före"}, version=1, av=samordnare)
    assert genomfor(klient, svar).status_code == 409
    assert [en.text for en in fall.npo.alla_mal.all()] == ["Hann före", "Mål 2"]


def test_a_warning_that_was_not_shown_stops_all_too(klient: Client, fall: Planfall) -> None:
    svar = ladda_upp(klient, andrad(fall.plan, ny_rad("Mål", Insatsområde=f"o{fall.npo.pk}", Mål="Samma idé")))
    fall.npo.alla_mal.create(ordning=9, text="Samma idé")
    assert genomfor(klient, svar).status_code == 409
    assert fall.npo.alla_mal.count() == 3


def test_the_signed_preview_cannot_be_made_up_or_used_for_another_plan(
    klient: Client, fall: Planfall, utkast: Handlingsplan
) -> None:
    svar = ladda_upp(klient, andrad(fall.plan, satt("Mål", f"m{fall.alla_mal[0].pk}", "Mål", "Nytt")))
    underlag = svar.context["underlag"]
    assert klient.post(EXCEL, {"underlag": underlag[:-1]}).status_code == 422
    assert klient.post("/plan/2025/excel/", {"underlag": underlag}).status_code == 422
    assert Mal.objects.get(pk=fall.alla_mal[0].pk).text == "Mål 1"


# --- Bad rows --------------------------------------------------------------------------------------------------------


def test_rows_are_refused_with_a_reason(fall: Planfall) -> None:
    forsta, under, npo = f"a{fall.forsta.pk}", f"a{fall.under.pk}", f"o{fall.npo.pk}"
    fel: list[tuple[Andra, str]] = [
        (satt("Aktiviteter", forsta, "Id", "a99999"), "finns inte i planen"),
        (satt("Aktiviteter", forsta, "Id", f"m{fall.alla_mal[0].pk}"), "finns inte i planen"),
        (satt("Aktiviteter", forsta, "Version", 7), "Version är ändrad"),
        (satt("Aktiviteter", forsta, "Aktivitet", None), "är tomt"),
        (satt("Aktiviteter", forsta, "Aktivitet", "x" * 2_001), "för lång (2\xa0001 tecken, högst 2\xa0000)"),
        (satt("Aktiviteter", forsta, "Status", "kanske"), "är inget av"),
        (satt("Aktiviteter", forsta, "Start", "i vår"), "inget datum"),
        (satt("Aktiviteter", forsta, "Start", 2_024), "inget datum"),
        (satt("Aktiviteter", forsta, "Insatsområde", f"o{fall.sdk.pk}"), "flyttas i planen"),
        (satt("Aktiviteter", under, "Ligger under", None), "flyttas i planen"),
        (satt("Aktiviteter", forsta, "Ta bort", "kanske"), "förstås inte"),
        (satt("Aktiviteter", forsta, "Aktivitet", "=A1&B1"), "formel utan uträknat värde"),
        (satt("Insatsområden", npo, "Syfte och nytta", "**fet"), "börjar men slutar inte"),
        (satt("Insatsområden", npo, "Ansvariga grupper", "SGD, XYZ"), "ingen grupp som heter ”XYZ”"),
        (satt("Planen", f"p{fall.plan.pk}-2024", "Kontaktpersonens e-postadress", "vem"), "e-postadress"),
        (satt("Budget", f"{npo}-2024-sgd", "Belopp, kr", -5), "minustecken"),
        (satt("Budget", f"{npo}-2024-sgd", "Belopp, kr", 1.005), "fler än två decimaler"),
        (satt("Budget", f"{npo}-2024-sgd", "År", 2023), "Cellen gäller SGD 2024"),
        (ny_rad("Mål", Insatsområde="Finns inte", Mål="x"), "finns inte i planen"),
        (ny_rad("Aktiviteter", Insatsområde=npo, År=2031, Aktivitet="x"), "År ska vara 2024"),
        (ny_rad("Aktiviteter", Insatsområde=npo, År="0020249", Aktivitet="x"), "År ska vara 2024"),
        (
            ny_rad("Aktiviteter", Insatsområde=npo, År=2024, Ligger_under="a0", Aktivitet="x"),
            "inget Id på en aktivitet",
        ),
        (ny_rad("Texter per år", Insatsområde=npo, År=2024, Om="ekonomi", Text="x"), "finns redan"),
        (ny_rad("Insatsområden", Namn=fall.npo.namn, Läge="ingår i planen"), "redan ett område"),
    ]
    for andra, skal in fel:
        rad = enda(fall.plan, andra)
        assert rad.foljd == "vagrad", (skal, rad)
        assert skal in rad.skal, rad.skal
    slut = enda(
        fall.plan,
        satt("Aktiviteter", forsta, "Start", date(2024, 5, 1)),
        satt("Aktiviteter", forsta, "Slut", date(2024, 4, 1)),
    )
    assert "före startdatum" in slut.skal


def test_an_id_twice_is_refused_both_times_and_one_that_is_gone_is_new_with_a_warning(fall: Planfall) -> None:
    forsta, andra = (f"m{en.pk}" for en in fall.alla_mal)
    dubbla = forslag(fall.plan, andrad(fall.plan, satt("Mål", andra, "Id", forsta)))
    assert [rad.skal.partition(".")[0] for rad in dubbla.hindrade] == [f"Id {forsta} står på 2 rader i filen"] * 2
    borta = enda(fall.plan, satt("Mål", forsta, "Id", None))
    assert borta.foljd == "ny"
    assert f"Samma text finns redan: {forsta}." in borta.varning
    assert "version men inget Id" in borta.varning


def test_a_row_that_is_not_in_the_file_stays(fall: Planfall) -> None:
    assert forslag(fall.plan, andrad(fall.plan, lambda bok: bok["Mål"].delete_rows(2))).att_gora == []


def test_columns_may_be_moved_and_rows_hidden_and_sheets_added(fall: Planfall) -> None:
    def rora_om(bok: Any) -> None:
        blad = bok["Mål"]
        for rad in blad.iter_rows(min_row=1):
            varden = [en.value for en in rad]
            for en, varde in zip(rad, reversed(varden), strict=True):
                en.value = varde
        blad["F1"], blad["F2"] = "Min kolumn", "anteckning"
        blad.row_dimensions[2].hidden = True
        bok.create_sheet("Mitt blad")["A1"] = "x"

    sett = forslag(fall.plan, andrad(fall.plan, satt("Mål", f"m{fall.alla_mal[0].pk}", "Mål", "Nytt"), rora_om))
    assert [rad.andringar[0].efter for rad in sett.att_gora] == ["Nytt"]
    noter = " ".join(sett.noter)
    for ord_ in ("en dold rad. Den läses", "Mitt blad hör inte till planen", "Min kolumn läses inte"):
        assert ord_ in noter


# --- Bad files -------------------------------------------------------------------------------------------------------


def utan_kolumn(bok: Any) -> None:
    bok["Mål"].delete_cols(2)


def for_manga_rader(bok: Any) -> None:
    for nr in range(5_100):
        bok["Mål"].cell(nr + 2, 5).value = "x"


def sla_ihop(bok: Any) -> None:
    bok["Mål"].merge_cells("E2:E3")


@pytest.mark.parametrize(
    ("andra", "skal"),
    [
        (sla_ihop, "sammanslagna celler (E2:E3)"),
        (utan_kolumn, "saknar kolumnen Version"),
        (for_manga_rader, "fler än 5 000 rader"),
        (lambda bok: bok.remove(bok["Planen"]), "inget blad som heter Planen"),
        (lambda bok: bok["Mål"].delete_rows(1), "saknar raden med rubriker"),
    ],
)
def test_files_are_refused_in_plain_words(klient: Client, fall: Planfall, andra: Andra, skal: str) -> None:
    svar = ladda_upp(klient, andrad(fall.plan, andra))
    assert svar.status_code == 422
    assert skal in synlig_text(svar).replace("\xa0", " ")


def packad(**delar: bytes) -> bytes:
    """The parts of a small workbook, with some replaced or added."""
    ut, bok = io.BytesIO(), io.BytesIO()
    Workbook().save(bok)
    with zipfile.ZipFile(bok) as gammal, zipfile.ZipFile(ut, "w", zipfile.ZIP_DEFLATED) as ny:
        for namn in gammal.namelist():
            if namn not in delar:
                ny.writestr(namn, gammal.read(namn))
        for namn, innehall in delar.items():
            ny.writestr(namn, innehall)
    return ut.getvalue()


def test_what_is_no_sound_workbook_is_refused_before_it_is_opened(fall: Planfall, utkast: Handlingsplan) -> None:
    bomb = packad(**{"xl/worksheets/sheet1.xml": b" " * 60_000_000})
    farlig = packad(**{"xl/worksheets/sheet1.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'})
    makro = packad(**{"xl/vbaProject.bin": b"x"})
    for innehall, skal in (
        (bomb, "för stor när den packas upp"),
        (farlig, "DTD eller entitet"),
        (makro, "makron"),
        (b"Id;Version\n", "går inte att öppna"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "äldre Excelfil"),
        (plan_som_arbetsbok(utkast), "hör till en annan plan"),
    ):
        with pytest.raises(Filfel, match=re.escape(skal)):
            forslag(fall.plan, innehall)


def test_an_adopted_plan_is_not_read_in(klient: Client, faststalld_plan: Handlingsplan) -> None:
    assert klient.get("/plan/2023/excel/").status_code == 403
    assert klient.post("/plan/2023/excel/", {"underlag": "x"}).status_code == 403


def test_a_sub_point_is_not_put_too_deep(fall: Planfall) -> None:
    tredje = ny_aktivitet(fall.npo, 2024, 1, "Tredje", foralder=fall.under)
    rad = enda(
        fall.plan,
        ny_rad("Aktiviteter", Insatsområde=f"o{fall.npo.pk}", År=2024, Ligger_under=f"a{tredje.pk}", Aktivitet="x"),
    )
    assert "högst 3 nivåer" in rad.skal
