"""Footnotes of the budget: text and places, versions, order, undo."""

import pytest
from django.test import Client
from django.urls import reverse

from budget.formular import platsnamn
from budget.models import Fotnot, Fotnotsplats
from handlingsplan.models import Anvandare, Handlingsplan
from tests.budgetfall import Budgetfall, Formdata, budgetfall, formular, knapp

NY = "/plan/2024/budget/fotnot/ny/"
GRID = "/plan/2024/budget/redigera/"


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Budgetfall:
    return budgetfall(delad_plan)


@pytest.fixture
def fotnot(fall: Budgetfall) -> Fotnot:
    """A note at the column SGD 2024."""
    ny = Fotnot.objects.create(plan=fall.plan, ordning=1, text="Delas mellan huvudmännen.")
    Fotnotsplats.objects.create(fotnot=ny, slag="kolumn", budgetar=2024, finansiering="sgd")
    return ny


def adress(vad: str, fotnot: Fotnot) -> str:
    return reverse(f"fotnot_{vad}", args=[2024, fotnot.pk])


def oppna(klient: Client, fotnot: Fotnot) -> Formdata:
    return formular(klient.get(adress("redigera", fotnot)), "avtryck")


def nu(fotnot: Fotnot) -> tuple[str, list[str]]:
    ny = Fotnot.objects.get(pk=fotnot.pk)
    return ny.text, platsnamn(ny)


def texter(fall: Budgetfall) -> list[str]:
    return list(fall.plan.alla_fotnoter.filter(borttagen_at=None).values_list("text", flat=True))


def test_a_footnote_is_placed_at_table_columns_and_cells(
    klient: Client, fall: Budgetfall, samordnare: Anvandare
) -> None:
    platser = ["tabell", "2023-sgd", fall.namn(fall.mina_planer), f"r{fall.rad.pk}-2024-annan"]
    data = formular(klient.get(NY), "avtryck") | {"text": "Gäller allt.", "alla_platser": [*platser, "tabell"]}
    svar = klient.post(NY, data)
    assert (svar.status_code, svar["Location"]) == (302, "/plan/2024/budget/#budget")
    ny = Fotnot.objects.get()
    assert (ny.text, ny.ordning, ny.version, ny.andrad_av) == ("Gäller allt.", 1, 1, samordnare)
    assert platsnamn(ny) == sorted(platser)
    for plats in ny.alla_platser.all():
        plats.full_clean()


@pytest.mark.parametrize(
    ("text", "platser", "ur_meddelandet"),
    [
        ("", ["tabell"], "Skriv fotnotens text."),
        ("Text", [], "Välj var fotnoten ska stå"),
        ("Text", ["2019-sgd"], "finns inte längre"),
        ("Text", ["o999-2024-sgd"], "finns inte längre"),
        ("Text", ["hela"], "finns inte längre"),
        ("x" * 2001, ["tabell"], "högst 2\xa0000 tecken"),
    ],
)
def test_a_refused_footnote_saves_nothing_and_loses_nothing(
    klient: Client, fall: Budgetfall, text: str, platser: list[str], ur_meddelandet: str
) -> None:
    svar = klient.post(NY, formular(klient.get(NY), "avtryck") | {"text": text, "alla_platser": platser})
    sida = svar.content.decode()
    assert (svar.status_code, Fotnot.objects.count()) == (422, 0)
    assert ur_meddelandet in sida
    assert 'class="felsammanfattning"' in sida
    kvar = formular(svar, "avtryck")
    assert (kvar["text"], kvar.get("alla_platser", [])) == (text, "tabell" if platser == ["tabell"] else [])


def test_the_form_shows_where_the_note_stands(klient: Client, fotnot: Fotnot) -> None:
    assert oppna(klient, fotnot)["alla_platser"] == "2024-sgd"


def test_the_places_are_exchanged_for_the_chosen_ones(klient: Client, fall: Budgetfall, fotnot: Fotnot) -> None:
    ny = [fall.namn(fall.beslutsstod), "2024-annan"]
    assert klient.post(adress("redigera", fotnot), oppna(klient, fotnot) | {"alla_platser": ny}).status_code == 302
    assert nu(fotnot) == ("Delas mellan huvudmännen.", sorted(ny))
    assert Fotnot.objects.get().version == 2


def test_saving_without_a_change_writes_nothing(klient: Client, fotnot: Fotnot) -> None:
    assert klient.post(adress("redigera", fotnot), oppna(klient, fotnot)).status_code == 302
    assert Fotnot.objects.get().version == 1


def test_a_place_that_is_not_in_the_table_now_is_kept_and_can_be_dropped(
    klient: Client, fall: Budgetfall, fotnot: Fotnot
) -> None:
    Fotnotsplats.objects.create(fotnot=fotnot, slag="cell", budgetar=2024, finansiering="sgd", rad=fall.rad)
    klient.post(reverse("budgetrad_ta_bort", args=[2024, fall.rad.pk]), {"version": "1"})
    borta = f"r{fall.rad.pk}-2024-sgd"
    data = oppna(klient, fotnot)
    assert data["alla_platser"] == ["2024-sgd", borta]
    klient.post(adress("redigera", fotnot), data | {"text": "Ny text."})
    assert nu(fotnot) == ("Ny text.", sorted(["2024-sgd", borta]))
    klient.post(adress("redigera", fotnot), oppna(klient, fotnot) | {"alla_platser": ["2024-sgd"]})
    assert nu(fotnot)[1] == ["2024-sgd"]


def test_two_who_change_the_text_see_both_and_choose(klient: Client, annan: Client, fotnot: Fotnot) -> None:
    mitt = oppna(klient, fotnot)
    annan.post(adress("redigera", fotnot), oppna(annan, fotnot) | {"text": "Den andres text."})
    svar = klient.post(adress("redigera", fotnot), mitt | {"text": "Min text."})
    sida = svar.content.decode()
    assert (svar.status_code, nu(fotnot)[0]) == (409, "Den andres text.")
    assert "Den andres text." in sida
    assert "Andra samordnaren" in sida
    kvar = formular(svar, "avtryck")
    assert kvar["text"] == "Min text."
    assert klient.post(adress("redigera", fotnot), kvar).status_code == 302
    assert nu(fotnot)[0] == "Min text."


def test_two_who_change_the_places_see_both(klient: Client, annan: Client, fotnot: Fotnot) -> None:
    mitt = oppna(klient, fotnot)
    annan.post(adress("redigera", fotnot), oppna(annan, fotnot) | {"alla_platser": ["2023-sgd"]})
    svar = klient.post(adress("redigera", fotnot), mitt | {"alla_platser": ["tabell"]})
    assert (svar.status_code, nu(fotnot)[1]) == (409, ["2023-sgd"])
    assert "hela kolumnen SGD 2023" in svar.content.decode()


def test_two_who_change_text_and_places_see_both_and_choose(klient: Client, annan: Client, fotnot: Fotnot) -> None:
    mitt = oppna(klient, fotnot)
    annan.post(adress("redigera", fotnot), oppna(annan, fotnot) | {"alla_platser": ["2023-sgd"], "text": "Annat."})
    svar = klient.post(adress("redigera", fotnot), mitt | {"alla_platser": ["tabell"], "text": "Mitt."})
    sida = svar.content.decode()
    assert (svar.status_code, nu(fotnot)) == (409, ("Annat.", ["2023-sgd"]))
    assert "hela kolumnen SGD 2023" in sida
    assert "<p>Annat.</p>" in sida
    assert klient.post(adress("redigera", fotnot), formular(svar, "avtryck")).status_code == 302
    assert nu(fotnot) == ("Mitt.", ["tabell"])


def test_what_one_had_not_touched_follows_the_other_through_a_conflict(
    klient: Client, annan: Client, fotnot: Fotnot
) -> None:
    mitt = oppna(klient, fotnot)
    annan.post(adress("redigera", fotnot), oppna(annan, fotnot) | {"alla_platser": ["2023-sgd"], "text": "Annat."})
    svar = klient.post(adress("redigera", fotnot), mitt | {"text": "Mitt."})
    assert (svar.status_code, nu(fotnot)) == (409, ("Annat.", ["2023-sgd"]))
    assert klient.post(adress("redigera", fotnot), formular(svar, "avtryck")).status_code == 302
    assert nu(fotnot) == ("Mitt.", ["2023-sgd"])


def test_one_who_changes_the_text_and_one_the_places_both_get_their_way(
    klient: Client, annan: Client, fotnot: Fotnot
) -> None:
    mitt = oppna(klient, fotnot)
    annan.post(adress("redigera", fotnot), oppna(annan, fotnot) | {"alla_platser": ["tabell"]})
    assert klient.post(adress("redigera", fotnot), mitt | {"text": "Min text."}).status_code == 302
    assert nu(fotnot) == ("Min text.", ["tabell"])


def test_a_footnote_saves_by_itself_and_goes_on_from_what_was_saved(klient: Client, fotnot: Fotnot) -> None:
    data, huvud = oppna(klient, fotnot), {"X-Autospara": "ja"}
    svar = klient.post(adress("redigera", fotnot), data | {"text": "Halva"}, headers=huvud).json()
    assert svar["klart"] and nu(fotnot) == ("Halva", ["2024-sgd"])
    bas = {"version": svar["version"], "avtryck": " ".join("=".join(par) for par in svar["avtryck"].items())}
    svar = klient.post(adress("redigera", fotnot), data | bas | {"text": "Hela", "alla_platser": []}, headers=huvud)
    assert (svar.status_code, nu(fotnot)[0]) == (422, "Halva")  # a note stands somewhere
    nya = {"text": "Hela", "alla_platser": ["tabell"]}
    klient.post(adress("redigera", fotnot), data | bas | nya, headers=huvud)
    assert nu(fotnot) == ("Hela", ["tabell"])


def test_a_removed_footnote_can_be_brought_back(klient: Client, fall: Budgetfall, fotnot: Fotnot) -> None:
    bort, tillbaka = adress("ta_bort", fotnot), adress("aterstall", fotnot)
    sida = klient.post(bort, knapp(klient.get(GRID), bort), follow=True)
    assert texter(fall) == []
    assert "är borttagen" in klient.get(adress("redigera", fotnot)).content.decode()
    klient.post(tillbaka, knapp(sida, tillbaka))
    assert (texter(fall), nu(fotnot)[1]) == (["Delas mellan huvudmännen."], ["2024-sgd"])


def test_footnotes_are_moved_past_each_other(klient: Client, fall: Budgetfall, fotnot: Fotnot) -> None:
    andra = Fotnot.objects.create(plan=fall.plan, ordning=2, text="Andra")
    flytta = adress("flytta", andra)
    klient.post(flytta, knapp(klient.get(GRID), flytta) | {"riktning": "upp"})
    assert texter(fall) == ["Andra", fotnot.text]


def test_a_button_from_an_old_page_removes_nothing(klient: Client, fall: Budgetfall, fotnot: Fotnot) -> None:
    gammal = knapp(klient.get(GRID), adress("ta_bort", fotnot))
    klient.post(adress("redigera", fotnot), oppna(klient, fotnot) | {"text": "Ny text."})
    klient.post(adress("ta_bort", fotnot), gammal)
    assert texter(fall) == ["Ny text."]


def test_a_footnote_of_another_plan_is_not_found(klient: Client, fall: Budgetfall, utkast: Handlingsplan) -> None:
    frammande = Fotnot.objects.create(plan=utkast, ordning=1, text="x")
    for vad in ("redigera", "flytta", "ta_bort", "aterstall"):
        assert klient.post(adress(vad, frammande), {"version": "1", "riktning": "upp"}).status_code == 404
