"""A cell's comment: for those who edit, on any cell of the grid, and saved as carefully as the plan's own texts."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from budget.models import Cellkommentar
from handlingsplan.models import Anvandare, Handlingsplan
from tests.budgetfall import Budgetfall, Formdata, budgetfall, formular
from tests.cast import Klientmakare
from tests.historikfall import falt, hel, rader
from tests.sidor import synlig_text

GRANSSNITT = "/plan/2024/budget/redigera/"
TEXT = "Väntar på besked från CTB"


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Budgetfall:
    return budgetfall(delad_plan)


def adress(cell: str) -> str:
    return reverse("cellkommentar_redigera", args=[2024, cell])


def oppna(klient: Client, cell: str) -> Formdata:
    return formular(klient.get(adress(cell)), "avtryck")


def skriv(klient: Client, cell: str, text: str) -> str:
    """Write the comment and come back to the cell; where one then is."""
    svar = klient.post(adress(cell), oppna(klient, cell) | {"text": text})
    assert svar.status_code == 302
    return str(svar.headers["Location"])


def test_a_comment_stands_at_its_cell_and_is_read_out_with_it(klient: Client, fall: Budgetfall) -> None:
    cell = fall.namn(fall.mina_planer)
    assert skriv(klient, cell, TEXT) == f"{GRANSSNITT}#{cell}"
    sida = klient.get(GRANSSNITT).content.decode()
    assert f'<p class="dolj" id="kommentar-{cell}">Kommentar: {TEXT}</p>' in sida
    assert f'data-bastext="500\u00a0000" aria-describedby="kommentar-{cell}"' in sida
    assert sida.count('id="kommentar-') == sida.count("ruta--kommenterad") == 1
    assert f'href="{adress(cell)}"' in sida


@pytest.mark.parametrize("kolumn", ["2024-sgd", "2024-projektmedel"])
def test_a_cell_that_is_not_filled_in_has_one_too_and_its_column_stays_in_sight(
    klient: Client, fall: Budgetfall, kolumn: str
) -> None:
    for cell in (fall.namn(fall.rad, kolumn), fall.namn(fall.beslutsstod, kolumn)):
        skriv(klient, cell, f"Om {cell}")
        assert f"Om {cell}" in synlig_text(klient.get(GRANSSNITT))
    assert fall.post(fall.beslutsstod, "2024-projektmedel") is None
    tom = klient.get(adress(fall.namn(fall.rad, kolumn)))
    assert "I cellen står: ej ifyllt." in synlig_text(tom)


def test_the_first_comment_in_an_empty_column_leads_back_to_it(klient: Client, fall: Budgetfall) -> None:
    cell = fall.namn(fall.mina_planer, "2024-statsbidrag")
    assert skriv(klient, cell, TEXT) == f"{GRANSSNITT}?kolumn=2024-statsbidrag#{cell}"


def test_writing_changing_and_emptying_it_is_in_the_history(
    klient: Client, fall: Budgetfall, samordnare: Anvandare
) -> None:
    cell = fall.namn(fall.mina_planer)
    for text in (TEXT, "Klart", ""):
        skriv(klient, cell, text)
    assert [falt(en, "text") for en in rader(fall.plan)] == [(None, TEXT), (TEXT, "Klart"), ("Klart", "")]
    assert {en.anvandare_id for en in rader(fall.plan)} == {samordnare.pk}
    assert "kommentar-" not in klient.get(GRANSSNITT).content.decode()
    skriv(klient, cell, "Igen")  # on the same row: its versions go on
    assert (Cellkommentar.objects.get().version, rader(fall.plan)[-1].slag) == (4, "andrad")
    hel(fall.plan)


def test_an_empty_form_makes_nothing(klient: Client, fall: Budgetfall) -> None:
    skriv(klient, fall.namn(fall.mina_planer), "")
    assert (Cellkommentar.objects.count(), rader(fall.plan)) == (0, [])


def test_two_who_change_it_see_both_texts(klient: Client, annan: Client, fall: Budgetfall) -> None:
    cell = fall.namn(fall.mina_planer)
    skriv(klient, cell, "Grunden")
    mitt = oppna(klient, cell)
    skriv(annan, cell, "Den andres")
    svar = klient.post(adress(cell), mitt | {"text": "Mitt"})
    assert svar.status_code == 409
    assert "Den andres" in synlig_text(svar)
    kvar = formular(svar, "avtryck")
    assert (kvar["text"], Cellkommentar.objects.get().text) == ("Mitt", "Den andres")
    assert klient.post(adress(cell), kvar).status_code == 302
    assert Cellkommentar.objects.get().text == "Mitt"


def test_two_who_write_the_first_one_see_both_texts(klient: Client, annan: Client, fall: Budgetfall) -> None:
    cell = fall.namn(fall.mina_planer)
    mitt = oppna(klient, cell)
    skriv(annan, cell, "Den andres")
    svar = klient.post(adress(cell), mitt | {"text": "Mitt"})
    assert (svar.status_code, "Den andres" in synlig_text(svar)) == (409, True)
    assert klient.post(adress(cell), formular(svar, "avtryck")).status_code == 302
    assert Cellkommentar.objects.get().text == "Mitt"


def test_one_that_is_too_long_is_refused_and_stays_in_the_box(klient: Client, fall: Budgetfall) -> None:
    cell = fall.namn(fall.mina_planer)
    svar = klient.post(adress(cell), oppna(klient, cell) | {"text": "å" * 2_001})
    assert (svar.status_code, formular(svar, "avtryck")["text"]) == (422, "å" * 2_001)
    skriv(klient, cell, "å" * 2_000)


def test_markup_in_a_comment_is_text(klient: Client, fall: Budgetfall) -> None:
    skriv(klient, fall.namn(fall.mina_planer), '<img src=x onerror="alert(1)">')
    assert "<img" not in klient.get(GRANSSNITT).content.decode()


def test_what_is_no_cell_of_the_grid_has_no_comment(klient: Client, fall: Budgetfall, utkast: Handlingsplan) -> None:
    for cell in (
        fall.namn(fall.bevakad),
        fall.namn(fall.utgatt),
        fall.namn(fall.mina_planer, "2019-sgd"),
        "o999999-2024-sgd",
        "o1-2024-lotteri",
        "tabell",
    ):
        svar = klient.get(adress(cell))
        assert (svar.status_code, "Cellen finns inte i budgeten." in synlig_text(svar)) == (404, True), cell
    assert klient.get(reverse("cellkommentar_redigera", args=[2025, fall.namn(fall.mina_planer)])).status_code == 404


def test_comments_are_for_those_who_edit(
    klient: Client, fall: Budgetfall, klient_for: Klientmakare, beredning: Anvandare, folkmangd: None
) -> None:
    skriv(klient, fall.namn(fall.mina_planer), TEXT)
    lasare = klient_for(beredning)
    for sida in ("", "budget/", "fordelning/", "sok/?q=CTB"):
        assert TEXT not in klient.get(f"/plan/2024/{sida}").content.decode(), sida
    for sida in ("budget/redigera/", f"budget/kommentar/{fall.namn(fall.mina_planer)}/"):
        assert lasare.get(f"/plan/2024/{sida}").status_code == 403
