"""What was is put back from the history: every kind of thing, as a new change, and never over what nobody has seen."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from budget.models import (
    Avstamningsregel,
    Budgetpost,
    Budgetrad,
    Cellkommentar,
    Fakturautstallare,
    Faktureringsuppgift,
    Fordelningsregel,
    Fotnot,
    PubliceradKostnad,
    Scenario,
)
from handlingsplan import historik
from handlingsplan.formular import Versionsformular
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from handlingsplan.sparande import plan_for_skrivning, spara
from insatsomraden import ordning
from insatsomraden.models import Aktivitet, Arstext, Insatsomrade, Mal, Samverkansgrupp
from rapport import aterstallning
from rapport.aterstallningsfalt import FALT
from rapport.historikord import Ord
from tests.budgetfall import formular, skriv_post
from tests.cast import Klientmakare, Parter
from tests.historikfall import hel, rader
from tests.modellfall import ny_grupp, ny_modell, ny_serie, nytt_undantag, nytt_villkor
from tests.planfall import Planfall, planfall
from tests.sidor import lasbar_text, utan_marken

UTAN_HISTORIK = (Huvudman, Avstamningsregel, Scenario, Fakturautstallare, Faktureringsuppgift, None)


@pytest.fixture
def fall(delad_plan: Handlingsplan, parter: Parter) -> Planfall:
    return planfall(delad_plan)


@pytest.fixture
def andra(fall: Planfall, andra_samordnare: Anvandare) -> Callable[..., Any]:
    """Change fields of a row, as another coordinator; returns the row as saved."""

    def gor(rad: Any, **falt: Any) -> Any:
        rad.refresh_from_db()
        with plan_for_skrivning(fall.plan):
            return spara(rad, falt, version=rad.version, av=andra_samordnare)

    return gor


def adress(nummer: int, falt: str = "", sida: str = "fore") -> str:
    vag = reverse("historik_aterstall", args=[2024, nummer])
    return f"{vag}?falt={falt}&sida={sida}" if falt else vag


def sist(plan: Handlingsplan) -> int:
    return rader(plan)[-1].nummer


def aterstall(klient: Client, nummer: int, falt: str = "", sida: str = "fore") -> Any:
    """Open the page and press its button; the answer, with the message of the page it leads to."""
    vag = adress(nummer, falt, sida)
    data = formular(klient.get(vag), "avtryck")
    svar = klient.post(vag, data)
    assert svar.status_code == 302, lasbar_text(svar)
    return svar


def angra_knapp(klient: Client, svar: Any) -> tuple[str, dict[str, str]]:
    """The button of the message: where it posts, and what."""
    sida = klient.get(svar["Location"].partition("#")[0]).content.decode()
    form = sida.split('class="meddelande__handling"')[1].split("</form>")[0]
    vart = html.unescape(form.split('action="')[1].split('"')[0])
    return vart, {"version": form.split('name="version" value="')[1].split('"')[0]}


# --- Every kind of thing -------------------------------------------------------------------------------------------


def _falten(fall: Planfall) -> dict[str, tuple[Any, str, Any, Any]]:
    """By name: a row, a field, the value it has, and another value."""
    plan, npo = fall.plan, fall.npo
    regel = Fordelningsregel.objects.create(plan=plan, budgetar=2024, folkmangdsdatum=date(2022, 12, 31))
    kostnad = PubliceradKostnad.objects.create(plan=plan, avser_ar=2024, ore_per_invanare=1, kalla="K")
    rad = Budgetrad.objects.create(plan=plan, ordning=1, benamning="Drift")
    fotnot = Fotnot.objects.create(plan=plan, ordning=1, text="Not")
    kommentar = Cellkommentar.objects.create(plan=plan, utgava=npo, budgetar=2024, text="Hör med CTB")
    arstext = Arstext.objects.get(utgava=npo, slag="ekonomi", avser_ar=2024)
    modell = ny_modell(plan)
    grupp, villkor = ny_grupp(modell, 3), nytt_villkor(modell, "1275")
    undantag = nytt_undantag(npo, modell)
    return {
        "modellens namn": (modell, "namn", "Egen modell", "Annat namn"),
        "gruppens del": (grupp, "andel", "1", "30"),
        "gruppens fasta belopp": (grupp, "grundbelopp", None, Money(5, "SEK")),
        "villkorets skäl": (villkor, "motivering", "Sen anslutning", "Annat"),
        "nyckelns tal": (ny_serie(plan), "varden", "1280 3\n1275 1", "1280 4"),
        "undantagets modell": (undantag, "modell", modell, ny_modell(plan, "En till")),
        "planens text": (plan, "inledning", plan.inledning, "<p>Annat.</p>"),
        "planens titel": (plan, "titel", plan.titel, "Annan titel"),
        "planens kontakt": (plan, "kontakt_epost", plan.kontakt_epost, "a@exempel.se"),
        "områdets text": (npo, "syfte", npo.syfte, ""),
        "områdets läge": (npo, "lage", "ingar", "bevakas"),
        "mål": (fall.alla_mal[0], "text", "Mål 1", "Annat mål"),
        "aktivitetens status": (fall.forsta, "status", "", "pagar"),
        "aktivitetens start": (fall.forsta, "start", None, date(2024, 2, 1)),
        "årstext": (arstext, "text", "<p>Pengar 2024.</p>", "<p>Inga pengar.</p>"),
        "budgetrad": (rad, "benamning", "Drift", ""),
        "fotnot": (fotnot, "text", "Not", "Annan not"),
        "kommentar": (kommentar, "text", "Hör med CTB", ""),
        "regelns andel": (regel, "andel_region", 1, 30),
        "regelns datum": (regel, "folkmangdsdatum", date(2022, 12, 31), date(2021, 12, 31)),
        "publicerad kostnad": (kostnad, "ore_per_invanare", 1, 2),
    }


@pytest.mark.parametrize(
    "namn",
    [
        *("planens text", "planens titel", "planens kontakt", "områdets text", "områdets läge", "mål", "årstext"),
        *("aktivitetens status", "aktivitetens start", "budgetrad", "fotnot", "kommentar"),
        *("regelns andel", "regelns datum", "publicerad kostnad"),
        *("modellens namn", "gruppens del", "gruppens fasta belopp", "villkorets skäl", "nyckelns tal"),
        "undantagets modell",
    ],
)
def test_a_field_is_put_back_as_a_new_change(
    namn: str,
    klient: Client,
    fall: Planfall,
    andra: Callable[..., Any],
    samordnare: Anvandare,
    folkmangd: None,
) -> None:
    rad, falt, fore, efter = _falten(fall)[namn]
    andra(rad, **{falt: efter})
    nummer = sist(fall.plan)
    svar = aterstall(klient, nummer, falt)
    rad.refresh_from_db()
    assert getattr(rad, falt) == fore
    ny = rader(fall.plan)[-1]
    assert (ny.nummer, ny.anvandare_id) == (nummer + 1, samordnare.pk)
    assert ny.falt[falt] == list(reversed(rader(fall.plan)[-2].falt[falt]))
    hel(fall.plan)
    # Ångra, in the message, takes it back once more.
    vart, data = angra_knapp(klient, svar)
    assert klient.post(vart, data).status_code == 302
    rad.refresh_from_db()
    assert getattr(rad, falt) == efter


def test_what_can_be_put_back_is_what_the_forms_write() -> None:
    skrivs: dict[Any, set[str]] = {}
    for form in (en for grund in Versionsformular.__subclasses__() for en in (grund, *grund.__subclasses__())):
        # Common data, what is no part of a plan's history, what is written after the adoption, and what is built upon.
        if form._meta.model not in UTAN_HISTORIK:
            skrivs.setdefault(form._meta.model, set()).update(form._meta.fields or ())
    assert skrivs == {modell: set(falten) for modell, falten in FALT.items()}


@pytest.mark.parametrize(
    "namn", ["mal", "aktivitet", "budgetrad", "fotnot", "modell", "modellgrupp", "modellvillkor", "viktserie"]
)
def test_what_was_removed_comes_back_and_can_be_removed_again(
    namn: str, klient: Client, fall: Planfall, andra: Callable[..., Any]
) -> None:
    alla: dict[str, Any] = {
        "mal": fall.alla_mal[0],
        "aktivitet": fall.forsta,
        "budgetrad": Budgetrad.objects.create(plan=fall.plan, ordning=1, benamning="Drift"),
        "fotnot": Fotnot.objects.create(plan=fall.plan, ordning=1, text="Not"),
        "viktserie": ny_serie(fall.plan),
    }
    modell = alla["modell"] = ny_modell(fall.plan)
    alla |= {"modellgrupp": ny_grupp(modell, 3), "modellvillkor": nytt_villkor(modell, "1275")}
    rad = alla[namn]
    andra(rad, borttagen_at=timezone.now())
    svar = aterstall(klient, sist(fall.plan), "tillbaka")
    rad.refresh_from_db()
    assert rad.borttagen_at is None
    assert rader(fall.plan)[-1].slag == "aterstalld"
    vart, data = angra_knapp(klient, svar)
    klient.post(vart, data)
    rad.refresh_from_db()
    assert rad.borttagen_at is not None


def test_a_goal_that_was_moved_is_put_back_in_its_place(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    mal_ = fall.alla_mal[0]
    with plan_for_skrivning(fall.plan):
        ordning.flytta_i_lista(mal_, ordning.syskon_till_mal(mal_), "ned", version=1, av=samordnare)
    assert [en.text for en in ordning.syskon_till_mal(mal_)] == ["Mål 2", "Mål 1"]
    aterstall(klient, sist(fall.plan), "plats")
    assert [en.text for en in ordning.syskon_till_mal(mal_)] == ["Mål 1", "Mål 2"]
    assert rader(fall.plan)[-1].slag == "flyttad"


@pytest.mark.parametrize("modell", ["omrade", "budgetrad", "fotnot"])
def test_areas_rows_and_footnotes_are_put_back_in_their_places(modell: str, klient: Client, fall: Planfall) -> None:
    rader_: list[Any] = {
        "omrade": list(fall.plan.alla_omraden.all()),
        "budgetrad": [Budgetrad.objects.create(plan=fall.plan, ordning=nr, benamning=f"R{nr}") for nr in (1, 2, 3)],
        "fotnot": [Fotnot.objects.create(plan=fall.plan, ordning=nr, text=f"N{nr}") for nr in (1, 2, 3)],
    }[modell]
    forst = rader_[0]
    klient.post(reverse(f"{modell}_flytta", args=[2024, forst.pk]), {"version": "1", "riktning": "ned"})
    assert type(forst).objects.filter(plan=fall.plan).first() != forst
    aterstall(klient, sist(fall.plan), "plats")
    assert list(type(forst).objects.filter(plan=fall.plan)) == rader_


def test_an_activity_that_was_moved_in_comes_out_again(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    with plan_for_skrivning(fall.plan):
        ordning.flytta_aktivitet(fall.andra, "in", version=1, av=samordnare)
    fall.andra.refresh_from_db()
    assert fall.andra.foralder_id == fall.forsta.pk
    sida = lasbar_text(klient.get(adress(sist(fall.plan), "plats")))
    assert "Ligger under" in sida and "Första" in sida
    aterstall(klient, sist(fall.plan), "plats")
    fall.andra.refresh_from_db()
    assert (fall.andra.foralder_id, fall.andra.ordning) == (None, 2)


def test_a_place_is_put_back_under_what_it_lay_under_then(
    klient: Client, fall: Planfall, samordnare: Anvandare
) -> None:
    """The first move changed only the order; the second one took the activity elsewhere."""
    with plan_for_skrivning(fall.plan):
        flyttad = ordning.flytta_aktivitet(fall.andra, "upp", version=1, av=samordnare)
        forsta_flytten = sist(fall.plan)
        ordning.placera_aktivitet(flyttad, foralder=fall.forsta, efter=None, version=2, av=samordnare)
    aterstall(klient, forsta_flytten, "plats")
    fall.andra.refresh_from_db()
    assert (fall.andra.foralder_id, fall.andra.ordning) == (None, 2)


def test_responsible_groups_are_put_back(klient: Client, fall: Planfall) -> None:
    forst = fall.npo.ansvariga.get()
    vag = reverse("omrade_redigera", args=[2024, fall.npo.pk, "ansvar"])
    klient.post(vag, formular(klient.get(vag), "ny_grupp") | {"ny_grupp": "Styrgruppen", "ny_grupp_kort": "SG"})
    assert fall.npo.ansvariga.count() == 2
    svar = aterstall(klient, sist(fall.plan), "ansvariga")
    assert list(fall.npo.ansvariga.all()) == [forst]
    vart, data = angra_knapp(klient, svar)
    klient.post(vart, data)
    assert fall.npo.ansvariga.count() == 2
    hel(fall.plan)


def test_a_footnotes_places_are_put_back(klient: Client, fall: Planfall) -> None:
    fotnot = Fotnot.objects.create(plan=fall.plan, ordning=1, text="Not")
    fotnot.alla_platser.create(slag="kolumn", budgetar=2024, finansiering="sgd")
    vag = reverse("fotnot_redigera", args=[2024, fotnot.pk])
    klient.post(vag, formular(klient.get(vag), "text") | {"alla_platser": ["tabell"]})
    aterstall(klient, sist(fall.plan), "alla_platser")
    assert [en.slag for en in fotnot.alla_platser.all()] == ["kolumn"]
    hel(fall.plan)


def test_a_published_rate_that_was_deleted_is_made_again(klient: Client, fall: Planfall) -> None:
    PubliceradKostnad.objects.create(
        plan=fall.plan, avser_ar=2024, ore_per_invanare="61.87", angivet_datum=date(2022, 12, 31), kalla="Planen"
    )
    klient.post(reverse("publicerad_ta_bort", args=[2024, 2024]), {"version": "1"})
    borttagen = sist(fall.plan)
    vart, _ = angra_knapp(klient, aterstall(klient, borttagen, "tillbaka"))
    assert vart == reverse("publicerad_ta_bort", args=[2024, 2024])
    ny = fall.plan.publicerade_kostnader.get()
    assert (str(ny.ore_per_invanare), ny.angivet_datum, ny.kalla) == ("61.87", date(2022, 12, 31), "Planen")
    assert rader(fall.plan)[-1].slag == "skapad"
    # The same entry again, when the year has another rate: it says what it replaces, and replaces it.
    PubliceradKostnad.objects.filter(pk=ny.pk).update(kalla="En annan")
    assert "En annan" in lasbar_text(klient.get(adress(borttagen, "tillbaka")))
    aterstall(klient, borttagen, "tillbaka")
    assert fall.plan.publicerade_kostnader.get().kalla == "Planen"


# --- Cells ---------------------------------------------------------------------------------------------------------


def skriv_cell(klient: Client, cell: str, varde: str) -> None:
    vag = reverse("budget_redigera", args=[2024])
    assert klient.post(vag, formular(klient.get(vag), cell) | {cell: varde}).status_code == 302


def test_a_cells_every_value_can_be_put_back_though_its_row_was_another(klient: Client, fall: Planfall) -> None:
    cell = f"o{fall.npo.pk}-2024-sgd"
    for varde in ("123", "", "okänt", "ej aktuellt"):
        skriv_cell(klient, cell, varde)
    forst = rader(fall.plan)[0].nummer

    def nu() -> str:
        post = Budgetpost.objects.filter(utgava=fall.npo, budgetar=2024).first()
        return "ej ifyllt" if post is None else str(post.belopp.amount if post.belopp else post.slag)

    for nr, varde in enumerate(["100000.00", "123.00", "ej ifyllt"]):
        aterstall(klient, forst + nr, "cell")
        assert nu() == varde
    svar = aterstall(klient, forst + 3, "cell")
    assert nu() == "okant"
    vart, data = angra_knapp(klient, svar)
    assert klient.post(vart, data).status_code == 302
    assert nu() == "ej ifyllt"
    hel(fall.plan)


def test_a_cell_that_somebody_has_filled_meanwhile_is_not_written_over(klient: Client, fall: Planfall) -> None:
    """The row is a new one, and its version counts from 1 again: only the value tells."""
    cell = f"o{fall.npo.pk}-2024-sgd"
    skriv_cell(klient, cell, "")
    skriv_cell(klient, cell, "1")
    oppnad = formular(klient.get(adress(rader(fall.plan)[0].nummer, "cell")), "avtryck")
    skriv_cell(klient, cell, "")
    skriv_cell(klient, cell, "2")
    svar = klient.post(adress(rader(fall.plan)[0].nummer, "cell"), oppnad)
    assert svar.status_code == 409
    assert Budgetpost.objects.get(utgava=fall.npo, budgetar=2024).ore == 200


def test_a_cell_of_a_removed_row_says_why_it_stays(klient: Client, fall: Planfall, andra: Callable[..., Any]) -> None:
    rad = Budgetrad.objects.create(plan=fall.plan, ordning=1, benamning="Drift")
    post = skriv_post(rad, 2024, "sgd", 5)
    andra(post, belopp=None, slag="okant")
    nummer = sist(fall.plan)
    andra(rad, borttagen_at=timezone.now())
    svar = klient.get(adress(nummer, "cell"))
    assert "raden är borttagen" in lasbar_text(svar) and "Återställ</button>" not in svar.content.decode()
    assert klient.post(adress(nummer, "cell"), {"avtryck": "x"}).status_code == 409


# --- What it says, and what it does not do ---------------------------------------------------------------------------


def test_the_page_shows_what_stands_now_beside_what_will(
    klient: Client, fall: Planfall, andra: Callable[..., Any]
) -> None:
    andra(fall.alla_mal[0], text="Mål ett är bättre")
    nummer = sist(fall.plan)
    andra(fall.alla_mal[0], text="Mål ett är bäst")
    svar = klient.get(adress(nummer, "text"))
    innehall = lasbar_text(svar)
    assert "Så står det nu" in innehall and "Så blir det" in innehall
    assert "Andra samordnaren" in innehall
    assert '<del><span class="dolj">[borttaget: </span>' in svar.content.decode()
    assert len(rader(fall.plan)) == nummer + 1  # looking changes nothing


@pytest.mark.parametrize("avtryck", ["", "fel"])
def test_nothing_is_put_back_by_a_form_that_does_not_know_what_stands_now(
    avtryck: str, klient: Client, fall: Planfall, andra: Callable[..., Any]
) -> None:
    andra(fall.alla_mal[0], text="Nytt")
    svar = klient.post(adress(sist(fall.plan), "text"), {"avtryck": avtryck})
    assert svar.status_code == 409
    assert Mal.objects.get(pk=fall.alla_mal[0].pk).text == "Nytt"


def test_a_text_that_changes_meanwhile_is_shown_and_not_overwritten(
    klient: Client, fall: Planfall, andra: Callable[..., Any]
) -> None:
    andra(fall.alla_mal[0], text="Nytt")
    nummer = sist(fall.plan)
    oppnad = formular(klient.get(adress(nummer, "text")), "avtryck")
    andra(fall.alla_mal[0], text="Ännu nyare")
    svar = klient.post(adress(nummer, "text"), oppnad)
    assert svar.status_code == 409
    assert "Inget är ändrat" in lasbar_text(svar) and "Ännu nyare" in utan_marken(svar)
    assert Mal.objects.get(pk=fall.alla_mal[0].pk).text == "Ännu nyare"
    # What is shown now may be chosen, with its own button.
    assert klient.post(adress(nummer, "text"), formular(svar, "avtryck")).status_code == 302
    assert Mal.objects.get(pk=fall.alla_mal[0].pk).text == "Mål 1"


def test_another_field_that_changes_meanwhile_is_left_alone(
    klient: Client, fall: Planfall, andra: Callable[..., Any]
) -> None:
    andra(fall.forsta, text="Nytt")
    nummer = sist(fall.plan)
    oppnad = formular(klient.get(adress(nummer, "text")), "avtryck")
    andra(fall.forsta, ansvarig="SGD")
    assert klient.post(adress(nummer, "text"), oppnad).status_code == 302
    fall.forsta.refresh_from_db()
    assert (fall.forsta.text, fall.forsta.ansvarig) == ("Första", "SGD")


def test_what_already_stands_there_has_no_button(klient: Client, fall: Planfall, andra: Callable[..., Any]) -> None:
    andra(fall.alla_mal[0], text="Nytt")
    svar = klient.get(adress(sist(fall.plan), "text", "efter"))
    assert "Det står redan så" in lasbar_text(svar) and 'name="avtryck"' not in svar.content.decode()
    assert klient.post(adress(sist(fall.plan), "text", "efter"), {"avtryck": "x"}).status_code == 409


@pytest.mark.parametrize(
    ("forbered", "falt", "skal"),
    [
        ("målet är borttaget", "text", "Målet är borttaget. Ta tillbaka det först."),
        ("området har utgått", "text", "Området har utgått ur planen"),
        ("aktivitetens överordnade är borttagen", "tillbaka", "också borttagen"),
        ("bryter regeln", "start", "Slutdatum kan inte ligga före startdatum"),
        ("folkmängden saknas", "folkmangdsdatum", "Alla kommuner har inte folkmängd den 2019-12-31"),
        ("gruppen är borta", "ansvariga", "En av grupperna finns inte längre"),
    ],
)
def test_what_cannot_be_put_back_says_why_and_writes_nothing(
    forbered: str, falt: str, skal: str, klient: Client, fall: Planfall, andra: Callable[..., Any], parter: Any
) -> None:
    mal_, nummer = fall.alla_mal[0], 0
    match forbered:
        case "målet är borttaget":
            andra(mal_, text="Nytt")
            nummer = sist(fall.plan)
            andra(mal_, borttagen_at=timezone.now())
        case "området har utgått":
            andra(mal_, text="Nytt")
            nummer = sist(fall.plan)
            andra(fall.npo, lage="utgatt")
        case "aktivitetens överordnade är borttagen":
            andra(fall.under, borttagen_at=timezone.now())
            nummer = sist(fall.plan)
            andra(fall.forsta, borttagen_at=timezone.now())
        case "bryter regeln":
            andra(fall.forsta, start=date(2024, 9, 1))
            andra(fall.forsta, start=date(2024, 1, 1))
            nummer = sist(fall.plan)
            andra(fall.forsta, slut=date(2024, 2, 1))
        case "folkmängden saknas":
            regel = Fordelningsregel.objects.create(plan=fall.plan, budgetar=2024, folkmangdsdatum=date(2019, 12, 31))
            andra(regel, folkmangdsdatum=date(2020, 12, 31))
            nummer = sist(fall.plan)
        case _:  # gruppen är borta
            grupp = Samverkansgrupp.objects.create(kortnamn="G", namn="Grupp")
            fore = [grupp.pk, fall.npo.ansvariga.get().pk]
            anteckning = historik.andrad_utanfor(fall.npo, "ansvariga", fore, fore[1:])
            historik.skriv(fall.plan.pk, [anteckning], av=None)
            nummer = sist(fall.plan)
            grupp.delete()
    antal = len(rader(fall.plan))
    svar = klient.get(adress(nummer, falt))
    data = formular(svar, "avtryck") if 'name="avtryck"' in svar.content.decode() else {"avtryck": "x"}
    svar = klient.post(adress(nummer, falt), data)
    assert svar.status_code == 409
    assert skal in lasbar_text(svar)
    assert len(rader(fall.plan)) == antal


def test_an_activity_does_not_come_back_too_deep(klient: Client, fall: Planfall, andra: Callable[..., Any]) -> None:
    djup = Aktivitet.objects.create(utgava=fall.npo, avser_ar=2024, ordning=1, text="Djup", foralder=fall.under)
    andra(djup, borttagen_at=timezone.now())
    nummer = sist(fall.plan)
    Aktivitet.objects.filter(pk=fall.forsta.pk).update(foralder=fall.andra)
    data = formular(klient.get(adress(nummer, "tillbaka")), "avtryck")
    svar = klient.post(adress(nummer, "tillbaka"), data)
    assert svar.status_code == 409
    assert "högst 3 nivåer" in lasbar_text(svar)


def test_sharing_and_adoption_are_never_taken_back(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    with plan_for_skrivning(fall.plan):
        spara(fall.plan, {"delad_at": timezone.now(), "delad_av": samordnare}, version=1, av=samordnare)
    assert klient.get(adress(sist(fall.plan), "delad_at")).status_code == 404
    assert klient.get(adress(sist(fall.plan))).status_code == 404
    sida = lasbar_text(klient.get(reverse("plan_historik", args=[2024])))
    assert "En delning tas inte tillbaka" in sida


def test_what_was_read_in_or_belongs_to_all_plans_has_nothing_to_put_back(klient: Client, fall: Planfall) -> None:
    omradet = Insatsomrade.objects.create(kod="x", namn="X")
    historik.skriv(fall.plan.pk, [historik.inlast(fall.plan), historik.skapad(omradet)], av=None)
    for en in rader(fall.plan):
        assert klient.get(adress(en.nummer)).status_code == 404
        assert aterstallning.valbara(fall.plan, en, Ord(fall.plan, [en])) == []


def test_only_who_may_edit_sees_a_way_to_put_back(
    klient_for: Klientmakare, fall: Planfall, andra: Callable[..., Any], lasare_malmo: Anvandare, klient: Client
) -> None:
    andra(fall.alla_mal[0], text="Nytt")
    andra(fall.alla_mal[1], borttagen_at=timezone.now())
    for sida in (reverse("plan_historik", args=[2024]), reverse("historik_handelse", args=[2024, 1])):
        assert "/aterstall/" in klient.get(sida).content.decode()
        assert "/aterstall/" not in klient_for(lasare_malmo).get(sida).content.decode()
    assert klient_for(lasare_malmo).get(adress(1, "text")).status_code == 403
    Handlingsplan.objects.filter(pk=fall.plan.pk).update(faststalld_at=date(2024, 1, 31))
    lista = klient.get(reverse("plan_historik", args=[2024]))
    assert "/aterstall/" not in lista.content.decode() and "inget kan återställas" in lasbar_text(lista)
    assert klient.post(adress(1, "text"), {"avtryck": "x"}).status_code == 403


def test_all_parties_are_left_as_they_are() -> None:
    """What belongs to no plan is in no chain, so nothing of it can be put back."""
    assert Huvudman not in FALT
