"""Saving: one conditional UPDATE on the version, and what happens where it misses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from handlingsplan import sparande
from handlingsplan.behorighet import PlanenFaststalld
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from handlingsplan.sparande import Borttagen, Krock, avtryck, plan_for_skrivning, spara
from insatsomraden.models import Aktivitet, Mal
from tests.cast import Parter
from tests.planfall import Planfall, planfall


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def skriv(rad: Any, andringar: Mapping[str, Any], version: int, av: Anvandare | None = None) -> Any:
    """Save as a form would: with a fingerprint of each field that `rad` was read with."""
    return spara(
        rad, andringar, version=version, av=av, avtryck_vid_lasning={f: avtryck(getattr(rad, f)) for f in andringar}
    )


# --- The fingerprint ----------------------------------------------------------------------------------------------


def test_a_fingerprint_is_short_and_follows_the_value() -> None:
    assert avtryck("Åtgärd") == avtryck("Åtgärd")
    assert avtryck("Åtgärd") != avtryck("Åtgärd ")
    assert len(avtryck("x" * 30_000)) == 16


def test_nothing_and_the_empty_text_are_the_same_to_a_form() -> None:
    assert avtryck(None) == avtryck("")
    assert avtryck(0) != avtryck("")


# --- One person ---------------------------------------------------------------------------------------------------


def test_a_save_raises_the_version_and_says_who_and_when(fall: Planfall, samordnare: Anvandare) -> None:
    ett = fall.alla_mal[0]
    sparad = spara(ett, {"text": "Nytt"}, version=1, av=samordnare)
    assert (sparad.text, sparad.version, sparad.andrad_av) == ("Nytt", 2, samordnare)
    assert sparad.andrad_at > ett.andrad_at


def test_a_save_touches_no_other_row(fall: Planfall) -> None:
    spara(fall.alla_mal[0], {"text": "Nytt"}, version=1, av=None)
    assert list(Mal.objects.filter(utgava=fall.npo).values_list("text", "version")) == [("Nytt", 2), ("Mål 2", 1)]


def test_a_save_that_hits_costs_six_statements(fall: Planfall, django_assert_num_queries: Any) -> None:
    spara(fall.alla_mal[1], {"text": "Nytt"}, version=1, av=None)  # the plan's first entry makes its head
    # The row before, the conditional UPDATE, the row as saved; the history's head, the entry, the head moved on.
    with django_assert_num_queries(6):
        spara(fall.alla_mal[0], {"text": "Nytt"}, version=1, av=None)


def test_a_foreign_key_can_be_set_and_emptied(fall: Planfall) -> None:
    assert spara(fall.andra, {"foralder": fall.forsta}, version=1, av=None).foralder == fall.forsta
    assert spara(fall.andra, {"foralder": None}, version=2, av=None).foralder is None


# --- Two persons --------------------------------------------------------------------------------------------------


def test_the_same_field_changed_by_two_is_a_conflict_and_nothing_is_written(fall: Planfall) -> None:
    ett = fall.alla_mal[0]
    skriv(ett, {"text": "Den enas"}, 1)
    with pytest.raises(Krock) as krock:
        skriv(ett, {"text": "Den andras"}, 1)
    assert krock.value.falt == ("text",)
    assert (krock.value.sparad.text, krock.value.sparad.version) == ("Den enas", 2)
    assert Mal.objects.get(pk=ett.pk).text == "Den enas"


def test_different_fields_changed_by_two_both_stand(fall: Planfall) -> None:
    skriv(fall.forsta, {"text": "Ny text"}, 1)
    sparad = skriv(fall.forsta, {"villkor": "Om det går", "ansvarig": "SGD"}, 1)
    assert (sparad.text, sparad.villkor, sparad.ansvarig, sparad.version) == ("Ny text", "Om det går", "SGD", 3)


def test_two_who_write_the_same_thing_do_not_disagree(fall: Planfall) -> None:
    skriv(fall.alla_mal[0], {"text": "Samma"}, 1)
    assert skriv(fall.alla_mal[0], {"text": "Samma"}, 1).text == "Samma"


def test_only_the_fields_in_conflict_are_named(fall: Planfall) -> None:
    skriv(fall.forsta, {"text": "Den enas", "ansvarig": "SGD"}, 1)
    with pytest.raises(Krock) as krock:
        skriv(fall.forsta, {"text": "Den andras", "villkor": "Om"}, 1)
    assert krock.value.falt == ("text",)
    assert Aktivitet.objects.get(pk=fall.forsta.pk).villkor == ""


def test_without_fingerprints_every_field_that_differs_is_in_conflict(fall: Planfall) -> None:
    spara(fall.forsta, {"ansvarig": "SGD"}, version=1, av=None)
    with pytest.raises(Krock) as krock:
        spara(fall.forsta, {"text": "Annat"}, version=1, av=None)
    assert krock.value.falt == ("text",)


@pytest.mark.parametrize("version", [0, -1, 99, 10**30])
def test_a_version_that_no_row_has_writes_nothing_over_another(fall: Planfall, version: int) -> None:
    with pytest.raises(Krock):
        spara(fall.alla_mal[0], {"text": "Annat"}, version=version, av=None)
    assert Mal.objects.get(pk=fall.alla_mal[0].pk).text == "Mål 1"


def test_a_third_writer_between_the_two_statements_is_a_conflict(
    fall: Planfall, monkeypatch: pytest.MonkeyPatch
) -> None:
    ett, riktig = fall.alla_mal[0], sparande._krockande

    def kommer_emellan(*argument: Any) -> tuple[str, ...]:
        Mal.objects.filter(pk=ett.pk).update(text="Den tredjes", version=9)
        return riktig(*argument)

    skriv(fall.alla_mal[0], {"ordning": 7}, 1)
    monkeypatch.setattr(sparande, "_krockande", kommer_emellan)
    with pytest.raises(Krock) as krock:
        skriv(ett, {"text": "Min"}, 1)
    assert krock.value.sparad.text == "Den tredjes"
    assert Mal.objects.get(pk=ett.pk).text == "Den tredjes"


def test_changes_that_do_not_go_together_are_a_conflict_and_not_a_crash(fall: Planfall) -> None:
    """One moves the start past what the other makes the end: each is right alone, the two are not."""
    Aktivitet.objects.filter(pk=fall.forsta.pk).update(start=date(2024, 3, 1), slut=date(2024, 9, 1))
    fall.forsta.refresh_from_db()
    skriv(fall.forsta, {"start": date(2024, 8, 1)}, 1)
    with pytest.raises(Krock) as krock, transaction.atomic():
        skriv(fall.forsta, {"slut": date(2024, 4, 1)}, 1)
    assert krock.value.falt == ("slut",)
    assert Aktivitet.objects.get(pk=fall.forsta.pk).slut == date(2024, 9, 1)


# --- Removed rows -------------------------------------------------------------------------------------------------


def borttagen(fall: Planfall) -> Mal:
    return spara(fall.alla_mal[0], {"borttagen_at": timezone.now()}, version=1, av=None)


def test_writing_in_a_row_that_somebody_has_removed_says_so(fall: Planfall) -> None:
    borta = borttagen(fall)
    with pytest.raises(Borttagen) as fel:
        skriv(fall.alla_mal[0], {"text": "Sent"}, 1)
    assert fel.value.version == borta.version == 2
    assert Mal.objects.get(pk=borta.pk).text == "Mål 1"


def test_a_removed_row_is_not_written_in_by_who_knows_its_version_either(fall: Planfall) -> None:
    borta = borttagen(fall)
    with pytest.raises(Borttagen):
        skriv(borta, {"text": "Sent"}, borta.version)
    assert Mal.objects.get(pk=borta.pk).text == "Mål 1"


def test_a_removed_row_is_brought_back_and_then_takes_the_late_text(fall: Planfall) -> None:
    borta = borttagen(fall)
    spara(borta, {"borttagen_at": None}, version=2, av=None)
    assert skriv(fall.alla_mal[0], {"text": "Sent"}, 1).text == "Sent"


def test_a_row_that_is_gone_altogether_says_so(fall: Planfall) -> None:
    ett = fall.alla_mal[0]
    Mal.objects.filter(pk=ett.pk).delete()
    with pytest.raises(Borttagen, match="mål"):
        skriv(ett, {"text": "Sent"}, 1)


# --- The plan's lock ----------------------------------------------------------------------------------------------


def test_the_lock_hands_out_the_plan_as_it_now_is(delad_plan: Handlingsplan) -> None:
    Handlingsplan.objects.update(titel="Ny titel")
    with plan_for_skrivning(delad_plan) as last:
        assert last.titel == "Ny titel"
    with plan_for_skrivning(delad_plan.pk) as last:
        assert last == delad_plan


def test_the_lock_refuses_a_plan_that_has_been_adopted_since(delad_plan: Handlingsplan) -> None:
    Handlingsplan.objects.update(faststalld_at=date(2024, 1, 1))
    assert not delad_plan.ar_faststalld
    with pytest.raises(PlanenFaststalld, match="Handlingsplan 2024 är fastställd"), plan_for_skrivning(delad_plan):
        pytest.fail("plan_for_skrivning släppte in")


def test_what_fails_inside_the_lock_is_not_saved(fall: Planfall) -> None:
    def halvvags() -> None:
        with plan_for_skrivning(fall.plan):
            spara(fall.alla_mal[0], {"text": "Halvvägs"}, version=1, av=None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        halvvags()
    assert Mal.objects.get(pk=fall.alla_mal[0].pk).text == "Mål 1"


def test_a_row_outside_the_plans_is_saved_by_version_too(parter: Parter) -> None:
    malmo = parter["1280"]
    skriv(malmo, {"namn": "Malmö"}, 1)
    with pytest.raises(Krock):
        spara(malmo, {"juridiskt_namn": "Annat"}, version=1, av=None)
    assert Huvudman.objects.get(kod="1280").juridiskt_namn == "Malmö stad"
