"""The history of each part, its address, and the list of what is removed; and what each role sees of it."""

from __future__ import annotations

import html
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budget.models import Budgetrad, Cellkommentar, Fordelningsregel, Fotnot, PubliceradKostnad
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import plan_for_skrivning, spara
from insatsomraden.models import Arstext
from rapport import historiksida
from rapport.historiksida import PER_SIDA
from rapport.historikurval import borttaget_nu
from tests.cast import Klientmakare
from tests.historikfall import rader
from tests.planfall import Planfall, planfall
from tests.sidor import lasbar_text, utan_marken
from tests.test_aterstallning import skriv_cell


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def nummer_pa(svar: Any) -> list[int]:
    """The numbers of the entries on a page."""
    return [int(del_.partition('"')[0]) for del_ in svar.content.decode().split('id="handelse-')[1:]]


@pytest.fixture
def alla_delar(fall: Planfall, samordnare: Anvandare) -> dict[str, tuple[Any, str]]:
    """A row of every kind that a plan consists of, with the address of its history after `historik/`."""
    plan, npo = fall.plan, fall.npo
    arstext = Arstext.objects.get(utgava=npo, slag="ekonomi", avser_ar=2024)
    rad = Budgetrad.objects.create(plan=plan, ordning=1, benamning="Drift")
    fotnot = Fotnot.objects.create(plan=plan, ordning=1, text="Not")
    kommentar = Cellkommentar.objects.create(plan=plan, utgava=npo, budgetar=2024, text="Hör med CTB")
    regel = Fordelningsregel.objects.create(plan=plan, budgetar=2024, folkmangdsdatum=date(2022, 12, 31))
    kostnad = PubliceradKostnad.objects.create(plan=plan, avser_ar=2024, ore_per_invanare=1, kalla="K")
    return {
        "plan": (plan, f"plan/{plan.pk}/"),
        "omrade": (npo, f"omrade/{npo.pk}/"),
        "mal": (fall.alla_mal[0], f"mal/{fall.alla_mal[0].pk}/"),
        "alla mål": (fall.alla_mal[1], f"alla-mal/{npo.pk}/"),
        "aktivitet": (fall.under, f"aktivitet/{fall.under.pk}/"),
        "aktiviteter": (fall.andra, f"aktiviteter/{npo.pk}-2024/"),
        "arstext": (arstext, f"arstext/{npo.pk}-ekonomi-2024/"),
        "rad": (rad, f"rad/{rad.pk}/"),
        "fotnot": (fotnot, f"fotnot/{fotnot.pk}/"),
        "cell": (npo.alla_poster.get(budgetar=2024), f"cell/o{npo.pk}-2024-sgd/"),
        "kommentar": (kommentar, f"cell/o{npo.pk}-2024-sgd/"),
        "regel": (regel, "regel/2024/"),
        "publicerad": (kostnad, "publicerad/2024/"),
    }


@pytest.mark.parametrize(
    "namn",
    [
        *("plan", "omrade", "mal", "alla mål", "aktivitet", "aktiviteter", "arstext", "rad", "fotnot", "cell"),
        *("kommentar", "regel", "publicerad"),
    ],
)
def test_each_part_has_its_own_history(
    namn: str, klient: Client, fall: Planfall, alla_delar: dict[str, tuple[Any, str]], samordnare: Anvandare
) -> None:
    for rad, _ in alla_delar.values():
        historik.skriv(fall.plan.pk, [historik.skapad(rad)], av=samordnare)
    rad, vag = alla_delar[namn]
    svar = klient.get(f"/plan/2024/historik/{vag}")
    egna = {en.nummer for en in rader(fall.plan) if (en.modell, en.objekt) == (rad._meta.label_lower, str(rad.pk))}
    assert egna <= set(nummer_pa(svar))
    # Lists have their other rows too, and a cell its comment; nothing else is there.
    samma = {en.modell for en in rader(fall.plan) if en.nummer in nummer_pa(svar)}
    assert samma <= {rad._meta.label_lower} | (
        {"budget.budgetpost", "budget.cellkommentar"} if "cell" in vag else set()
    )
    # The plan's page of history leads here from the entry, for what is one part.
    if "alla-mal" not in vag and "aktiviteter" not in vag:
        assert f'href="/plan/2024/historik/{vag}"' in klient.get("/plan/2024/historik/").content.decode()


def test_one_field_has_a_history_of_its_own(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    with plan_for_skrivning(fall.plan):
        spara(fall.npo, {"syfte": "<p>Nytt.</p>"}, version=1, av=samordnare)
        spara(fall.npo, {"namn": "NPÖ"}, version=2, av=samordnare)
    vag = f"/plan/2024/historik/omrade/{fall.npo.pk}/"
    assert nummer_pa(klient.get(vag)) == [2, 1]
    assert nummer_pa(klient.get(vag, {"falt": "syfte"})) == [1]
    assert nummer_pa(klient.get(vag, {"falt": "namn,kortnamn"})) == [2]
    assert "NPÖ: syfte och nytta" in lasbar_text(klient.get(vag, {"falt": "syfte"}))
    for fel in ("finns_inte", "syfte'", "version__gt"):
        assert klient.get(vag, {"falt": fel}).status_code == 404


def test_a_cell_has_one_history_however_often_it_was_emptied(klient: Client, fall: Planfall) -> None:
    cell = f"o{fall.npo.pk}-2024-sgd"
    for varde in ("123", "", "okänt", "", "7"):
        skriv_cell(klient, cell, varde)
    skriv_cell(klient, f"o{fall.sdk.pk}-2024-sgd", "1")
    svar = klient.get(reverse("cell_historik", args=[2024, cell]))
    assert nummer_pa(svar) == [5, 4, 3, 2, 1]
    assert len({en.objekt for en in rader(fall.plan)[:5]}) == 3
    innehall = lasbar_text(svar)
    for del_ in ("100 000 kr", "123 kr", "ej ifyllt", "okänt", "7 kr", "Tömd", "Ifylld"):
        assert del_ in innehall
    assert reverse("cell_historik", args=[2024, cell]) == reverse("historik_del", args=[2024, "cell", cell])


def test_a_rate_that_was_deleted_still_has_its_history(klient: Client, fall: Planfall) -> None:
    for pengar in ("1,00", "2,00"):
        vag = reverse("publicerad_redigera", args=[2024, 2024])
        klient.post(vag, {"version": "0", "avtryck": "", "ore_per_invanare": pengar, "kalla": "K"})
        klient.post(reverse("publicerad_ta_bort", args=[2024, 2024]), {"version": "1"})
    assert nummer_pa(klient.get("/plan/2024/historik/publicerad/2024/")) == [4, 3, 2, 1]
    assert nummer_pa(klient.get("/plan/2024/historik/publicerad/2023/")) == []


@pytest.mark.parametrize(
    "vag",
    [
        *("finns/1/", "mal/0/", "mal/x/", "mal/²/", "mal/99999999999999999999/", "cell/o0-2024-sgd/", "cell/x/"),
        *("arstext/1-annat-2024/", "arstext/0-ekonomi-2024/", "alla-mal/0/", "alla-mal/x-y/", "regel/24/", "plan/0/"),
        *("publicerad/x/", "handelse/99/", "handelse/99/aterstall/"),
    ],
)
def test_a_part_that_is_not_there_is_404(vag: str, klient: Client, fall: Planfall) -> None:
    assert klient.get(f"/plan/2024/historik/{vag}").status_code == 404


def test_a_part_of_another_plan_is_not_shown_in_this_one(
    klient: Client, fall: Planfall, utkast: Handlingsplan, samordnare: Anvandare
) -> None:
    historik.skriv(utkast.pk, [historik.skapad(utkast)], av=samordnare)
    for vag in (f"plan/{utkast.pk}/", "handelse/1/"):
        assert klient.get(f"/plan/2024/historik/{vag}").status_code == 404
    assert klient.get(f"/plan/2025/historik/omrade/{fall.npo.pk}/").status_code == 404


def test_the_plan_and_its_lists_lead_to_the_history_of_each_part(
    klient: Client, fall: Planfall, klient_for: Klientmakare, lasare_malmo: Anvandare
) -> None:
    npo = fall.npo.pk
    sida = klient.get("/plan/2024/").content.decode()
    vagar = [
        f"plan/{fall.plan.pk}/?falt=inledning",
        f"plan/{fall.plan.pk}/?falt=om_aret",
        f"omrade/{npo}/",
        f"omrade/{npo}/?falt=beskrivning",
        f"omrade/{npo}/?falt=syfte",
        f"omrade/{npo}/?falt=ansvariga,ansvar_not",
        f"alla-mal/{npo}/",
        f"aktiviteter/{npo}-2024/",
        f"arstext/{npo}-ekonomi-2024/",
        f"arstext/{npo}-aktiviteter-2024/",
    ]
    for vag in vagar:
        assert f'href="/plan/2024/historik/{vag}"' in sida
        assert klient.get(f"/plan/2024/historik/{vag}").status_code == 200
    assert "historik/omrade" not in klient_for(lasare_malmo).get("/plan/2024/").content.decode()
    listor = {
        reverse("mal_lista", args=[2024, npo]): f"mal/{fall.alla_mal[0].pk}/",
        reverse("aktivitet_lista", args=[2024, npo, 2024]): f"aktivitet/{fall.under.pk}/",
        reverse("budget_redigera", args=[2024]): "publicerad/2024/",
        reverse("fordelning", args=[2024]): "regel/2024/",
    }
    for lista, vag in listor.items():
        assert f'href="/plan/2024/historik/{vag}"' in klient.get(lista).content.decode()


# --- Texts ---------------------------------------------------------------------------------------------------------


def test_a_changed_text_is_shown_once_with_what_differs_marked(
    klient: Client, fall: Planfall, samordnare: Anvandare
) -> None:
    with plan_for_skrivning(fall.plan):
        spara(fall.alla_mal[0], {"text": "Mål ett"}, version=1, av=samordnare)
    sida = klient.get("/plan/2024/historik/")
    assert "Mål <del>" in sida.content.decode()
    assert "Mål [borttaget: 1 slut] [tillagt: ett slut]" in lasbar_text(sida)


def test_a_long_text_is_folded_and_can_be_read_whole_before_and_after(
    klient: Client, fall: Planfall, samordnare: Anvandare
) -> None:
    lang = "<p>" + "En mening till. " * 60 + "</p><h3>Rubrik</h3><p>Slut.</p>"
    with plan_for_skrivning(fall.plan):
        spara(fall.npo, {"syfte": lang}, version=1, av=samordnare)
        spara(fall.npo, {"syfte": lang.replace("Slut", "Sist")}, version=2, av=samordnare)
    sida = klient.get("/plan/2024/historik/").content.decode()
    assert sida.count("<details>") >= 1
    svar = klient.get("/plan/2024/historik/handelse/2/")
    innehall = utan_marken(svar)
    assert "Slut." in innehall and "Sist." in innehall and innehall.count("En mening till.") == 120
    # Two saves of one sitting, read as one: from the first one's before to the last one's after.
    ihop = klient.get("/plan/2024/historik/handelse/2/", {"fran": "1"})
    assert "Det blir bättre" in lasbar_text(ihop) and "Händelserna 1–2" in lasbar_text(ihop)


def test_a_change_of_formatting_only_says_so(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    with plan_for_skrivning(fall.plan):
        spara(fall.npo, {"syfte": "<p>Det blir <strong>bättre</strong>.</p>"}, version=1, av=samordnare)
    assert "Bara formateringen är ändrad" in lasbar_text(klient.get("/plan/2024/historik/"))


def test_a_page_compares_no_more_than_it_has_time_for(
    klient: Client, fall: Planfall, samordnare: Anvandare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(historiksida, "MAX_JAMFORT", 40)
    with plan_for_skrivning(fall.plan):
        spara(fall.alla_mal[0], {"text": "Mål ett"}, version=1, av=samordnare)
        spara(fall.alla_mal[1], {"text": "Mål två, som är en längre text"}, version=1, av=samordnare)
    sida = klient.get("/plan/2024/historik/")
    assert lasbar_text(sida).count("Visa vad som ändrades") == 1
    assert "[tillagt:" in lasbar_text(klient.get("/plan/2024/historik/handelse/1/"))


# --- What is chosen ------------------------------------------------------------------------------------------------


def test_everything_that_is_removed_now_is_listed_once(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    rad = Budgetrad.objects.create(plan=fall.plan, ordning=1, benamning="Drift")
    fotnot = Fotnot.objects.create(plan=fall.plan, ordning=1, text="Not")
    PubliceradKostnad.objects.create(plan=fall.plan, avser_ar=2024, ore_per_invanare=1, kalla="K")
    vantat = []
    for en in (fall.alla_mal[0], fall.under, rad, fotnot):
        with plan_for_skrivning(fall.plan):
            spara(en, {"borttagen_at": timezone.now()}, version=1, av=samordnare)
        vantat.append(rader(fall.plan)[-1].nummer)
    klient.post(reverse("publicerad_ta_bort", args=[2024, 2024]), {"version": "1"})
    vantat.append(rader(fall.plan)[-1].nummer)
    skriv_cell(klient, f"o{fall.npo.pk}-2024-sgd", "")
    vantat.append(rader(fall.plan)[-1].nummer)
    # Brought back, removed twice, emptied and filled: these are not there, or only as they were last removed.
    for varde in ("", "3"):
        skriv_cell(klient, f"o{fall.sdk.pk}-2024-sgd", varde)
    for bort in (timezone.now(), None):
        with plan_for_skrivning(fall.plan):
            fall.alla_mal[1].refresh_from_db()
            spara(fall.alla_mal[1], {"borttagen_at": bort}, version=fall.alla_mal[1].version, av=samordnare)
    for bort in (None, timezone.now()):
        with plan_for_skrivning(fall.plan):
            rad.refresh_from_db()
            spara(rad, {"borttagen_at": bort}, version=rad.version, av=samordnare)
    vantat[2] = rader(fall.plan)[-1].nummer
    assert sorted(borttaget_nu(fall.plan)) == sorted(vantat)
    sida = klient.get("/plan/2024/historik/", {"slag": "borttaget"})
    assert nummer_pa(sida) == sorted(vantat, reverse=True)
    assert sida.content.decode().count("aterstall/?") == len(vantat)


def test_entries_are_chosen_by_kind_and_by_person(
    klient: Client, fall: Planfall, samordnare: Anvandare, andra_samordnare: Anvandare
) -> None:
    with plan_for_skrivning(fall.plan):
        spara(fall.alla_mal[0], {"text": "A"}, version=1, av=samordnare)
        spara(fall.alla_mal[0], {"text": "B"}, version=2, av=andra_samordnare)
        spara(fall.alla_mal[1], {"borttagen_at": timezone.now()}, version=1, av=andra_samordnare)
    historik.skriv(fall.plan.pk, [historik.inlast(fall.plan)], av=None)

    def visar(**val: str) -> list[int]:
        return nummer_pa(klient.get("/plan/2024/historik/", val))

    assert visar(slag="andrad") == [2, 1]
    assert visar(vem=str(andra_samordnare.pk)) == [3, 2]
    assert visar(vem=str(andra_samordnare.pk), slag="andrad") == [2]
    assert visar(vem="0") == [4]
    assert visar(slag="finns-inte", vem="999") == visar() == [4, 3, 2, 1]
    assert "Ingen händelse i historiken stämmer" in lasbar_text(klient.get("/plan/2024/historik/", {"slag": "flyttad"}))
    andra_samordnare.delete()
    assert f"borttaget konto {rader(fall.plan)[1].anvandare_id}" in lasbar_text(klient.get("/plan/2024/historik/"))


def test_what_is_chosen_stays_chosen_on_further_pages(klient: Client, fall: Planfall, samordnare: Anvandare) -> None:
    alla = [historik.andrad_utanfor(fall.npo, "prov", nr, nr + 1) for nr in range(PER_SIDA + 1)]
    historik.skriv(fall.plan.pk, alla, av=samordnare)
    forsta = html.unescape(klient.get("/plan/2024/historik/", {"slag": "andrad"}).content.decode())
    assert 'href="?slag=andrad&sida=2"' in forsta
    assert nummer_pa(klient.get("/plan/2024/historik/", {"slag": "andrad", "sida": "2"})) == [1]


def test_comments_of_cells_are_seen_by_those_who_edit_only(
    klient: Client, fall: Planfall, klient_for: Klientmakare, lasare_malmo: Anvandare, samordnare: Anvandare
) -> None:
    kommentar = Cellkommentar.objects.create(plan=fall.plan, utgava=fall.npo, budgetar=2024, text="Hör med CTB")
    historik.skriv(fall.plan.pk, [historik.skapad(kommentar)], av=samordnare)
    lasare = klient_for(lasare_malmo)
    cell = reverse("cell_historik", args=[2024, f"o{fall.npo.pk}-2024-sgd"])
    for sida in ("/plan/2024/historik/", cell):
        assert "Hör med CTB" in lasbar_text(klient.get(sida))
        assert "Hör med CTB" not in lasbar_text(lasare.get(sida))
    assert lasare.get("/plan/2024/historik/handelse/1/").status_code == 404


def test_a_part_costs_as_many_statements_however_long_its_history(
    klient: Client, fall: Planfall, samordnare: Anvandare, django_assert_num_queries: Any
) -> None:
    def andra(antal: int) -> None:
        with plan_for_skrivning(fall.plan):
            for nr in range(antal):
                fall.andra.refresh_from_db()
                spara(fall.andra, {"text": f"T{nr}"}, version=fall.andra.version, av=samordnare)
                fall.andra.refresh_from_db()
                spara(fall.andra, {"ordning": nr + 5}, version=fall.andra.version, av=samordnare)

    vag = f"/plan/2024/historik/aktivitet/{fall.andra.pk}/"
    andra(1)
    with django_assert_num_queries(9):  # session, user, roles, plan twice; the activity; entries, people, the activity
        klient.get(vag)
    andra(8)
    with django_assert_num_queries(9):
        klient.get(vag)
