"""Forms that carry a version and fingerprints: what counts as changed, and what a conflict shows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse

from handlingsplan.formular import Plantextformular, knappversion, plantextformular
from handlingsplan.models import Handlingsplan
from insatsomraden.formular import Aktivitetsformular, Ansvarsformular
from insatsomraden.models import Aktivitet, Omradesutgava, Samverkansgrupp
from tests.budgetfall import formular
from tests.planfall import Planfall, planfall
from tests.sidor import synlig_text, utan_marken


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def ifyllt(form: Any, **andrat: str) -> QueryDict:
    """What a browser sends of a form that was just opened, with something changed."""
    data = QueryDict(mutable=True)
    for falt in form:
        varde = falt.field.widget.format_value(falt.value())
        data.setlist(falt.name, varde if isinstance(varde, list) else [varde or ""])
    data.update(andrat)
    for namn, varde in andrat.items():
        data[namn] = varde
    return data


def sand(aktivitet: Aktivitet, **andrat: str) -> Aktivitetsformular:
    form = Aktivitetsformular(ifyllt(Aktivitetsformular(instance=aktivitet), **andrat), instance=aktivitet)
    assert form.is_valid(), form.errors
    return form


# --- What counts as changed ---------------------------------------------------------------------------------------


def test_a_form_that_is_sent_as_it_was_opened_changes_nothing(fall: Planfall) -> None:
    Aktivitet.objects.update(start=date(2024, 2, 1), villkor="Rad ett\nRad två", status="pagar")
    fall.forsta.refresh_from_db()
    assert sand(fall.forsta).andringar() == {}


def test_only_what_the_person_wrote_in_is_changed(fall: Planfall) -> None:
    assert sand(fall.forsta, ansvarig="SGD", slut="2024-11-30").andringar() == {
        "ansvarig": "SGD",
        "slut": date(2024, 11, 30),
    }


def test_changes_are_measured_against_what_the_person_saw_not_what_lies_there_now(fall: Planfall) -> None:
    data = ifyllt(Aktivitetsformular(instance=fall.forsta), ansvarig="SGD")
    Aktivitet.objects.update(text="Någon annans")
    form = Aktivitetsformular(data, instance=Aktivitet.objects.get(pk=fall.forsta.pk))
    assert form.is_valid()
    assert form.andringar() == {"ansvarig": "SGD"}


@pytest.mark.parametrize(
    "avtryck", ["", "text", "text= villkor", "= =", "text=" + "0" * 16, "\u2028 text=x", "x" * 100_000]
)
def test_a_garbled_fingerprint_makes_everything_count_as_changed(fall: Planfall, avtryck: str) -> None:
    form = sand(fall.forsta, avtryck=avtryck, ansvarig="SGD")
    assert form.andringar()["ansvarig"] == "SGD"
    assert form.andringar()["text"] == "Första"


@pytest.mark.parametrize("version", ["", "ett", "1.5", "-", "1;2"])
def test_a_garbled_version_saves_nothing(klient: Client, fall: Planfall, version: str) -> None:
    adress = reverse("aktivitet_redigera", args=[2024, fall.forsta.pk])
    svar = klient.post(adress, formular(klient.get(adress), "avtryck") | {"text": "Ny", "version": version})
    assert svar.status_code == 422
    assert Aktivitet.objects.get(pk=fall.forsta.pk).text == "Första"


@pytest.mark.parametrize(
    ("sant", "version"),
    [
        ("3", 3),
        ("0", 0),
        ("", 0),
        ("-1", 0),
        ("tre", 0),
        ("٣", 0),
        ("1" * 10, 0),
        ("999999999", 999_999_999),
        (" 3", 0),
    ],
)
def test_a_buttons_version_is_a_number_or_none_at_all(sant: str, version: int) -> None:
    assert knappversion(RequestFactory().post("/", {"version": sant})) == version


def test_a_button_without_a_version_has_none() -> None:
    assert knappversion(RequestFactory().post("/")) == 0


def test_a_part_of_the_plan_has_only_its_own_fields() -> None:
    assert tuple(plantextformular(("inledning",)).base_fields) == ("inledning", "version", "avtryck")
    assert len(Plantextformular.base_fields) == 9


# --- After a conflict ---------------------------------------------------------------------------------------------


def test_the_persons_own_words_stand_on_the_new_base(fall: Planfall) -> None:
    form = sand(fall.forsta, text="Mitt")
    Aktivitet.objects.filter(pk=fall.forsta.pk).update(text="Ditt", version=5)
    sparad = Aktivitet.objects.get(pk=fall.forsta.pk)
    ny = form.pa_ny_bas(sparad)
    assert (ny["text"].value(), ny["version"].value()) == ("Mitt", "5")
    assert ny.andringar() == {"text": "Mitt"}
    assert sparad.text == "Ditt"


def test_what_the_person_did_not_touch_follows_what_others_saved(fall: Planfall) -> None:
    form = sand(fall.forsta, text="Mitt")
    nytt = {"text": "Ditt", "villkor": "Ditt villkor", "start": date(2024, 3, 1), "status": "klar", "version": 2}
    Aktivitet.objects.filter(pk=fall.forsta.pk).update(**nytt)
    ny = form.pa_ny_bas(Aktivitet.objects.get(pk=fall.forsta.pk))
    assert ny.andringar() == {"text": "Mitt"}
    assert (ny["villkor"].value(), ny["start"].value(), ny["status"].value()) == ("Ditt villkor", "2024-03-01", "klar")


def test_chosen_groups_follow_too_where_the_person_only_wrote_the_note(fall: Planfall) -> None:
    form = Ansvarsformular(ifyllt(Ansvarsformular(instance=fall.npo), ansvar_not="Min not"), instance=fall.npo)
    assert form.is_valid()
    ny_grupp = Samverkansgrupp.objects.create(kortnamn="CTB", namn="Central tjänstemannaberedning")
    fall.npo.ansvariga.set([ny_grupp])
    ny = form.pa_ny_bas(Omradesutgava.objects.get(pk=fall.npo.pk))
    assert ny.andringar() == {"ansvar_not": "Min not"}
    assert ny["ansvariga"].value() == [str(ny_grupp.pk)]


def test_both_texts_are_shown_and_the_choice_is_the_persons(klient: Client, annan: Client, fall: Planfall) -> None:
    adress = reverse("aktivitet_redigera", args=[2024, fall.forsta.pk])
    mitt = formular(klient.get(adress), "avtryck") | {"text": "Mina ord"}
    annan.post(adress, formular(annan.get(adress), "avtryck") | {"text": "Deras ord", "villkor": "Deras villkor"})
    svar = klient.post(adress, mitt)
    text = synlig_text(svar)
    assert svar.status_code == 409
    assert "Sparat: AktivitetAndra samordnaren" in text
    assert "Deras ord" in utan_marken(svar)
    assert formular(svar, "avtryck")["text"] == "Mina ord"
    svar = klient.post(adress, formular(svar, "avtryck"))
    assert svar.status_code == 302
    nu = Aktivitet.objects.get(pk=fall.forsta.pk)
    assert (nu.text, nu.villkor) == ("Mina ord", "Deras villkor")


def test_a_second_conflict_during_the_choice_is_shown_again(klient: Client, annan: Client, fall: Planfall) -> None:
    adress = reverse("aktivitet_redigera", args=[2024, fall.forsta.pk])
    mitt = formular(klient.get(adress), "avtryck") | {"text": "Mina ord"}
    annan.post(adress, formular(annan.get(adress), "avtryck") | {"text": "Deras ord"})
    val = formular(klient.post(adress, mitt), "avtryck")
    annan.post(adress, formular(annan.get(adress), "avtryck") | {"text": "Deras andra ord"})
    svar = klient.post(adress, val)
    assert svar.status_code == 409
    assert "Deras andra ord" in utan_marken(svar)
    assert Aktivitet.objects.get(pk=fall.forsta.pk).text == "Deras andra ord"


def test_what_lies_in_a_conflict_is_escaped(klient: Client, annan: Client, fall: Planfall) -> None:
    adress = reverse("aktivitet_redigera", args=[2024, fall.forsta.pk])
    mitt = formular(klient.get(adress), "avtryck") | {"text": "Mina ord"}
    annan.post(adress, formular(annan.get(adress), "avtryck") | {"text": "<script>alert(1)</script>"})
    html = klient.post(adress, mitt).content.decode()
    assert "<script>alert(1)" not in html


def test_a_chosen_status_is_shown_in_words_in_a_conflict(klient: Client, annan: Client, fall: Planfall) -> None:
    adress = reverse("aktivitet_redigera", args=[2024, fall.forsta.pk])
    mitt = formular(klient.get(adress), "avtryck") | {"status": "klar"}
    annan.post(adress, formular(annan.get(adress), "avtryck") | {"status": "forsenad"})
    assert "Sparat: StatusAndra samordnaren" in synlig_text(klient.post(adress, mitt))
    assert "försenad" in synlig_text(klient.post(adress, mitt))
