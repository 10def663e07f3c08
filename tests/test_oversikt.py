"""The start page: the newest plan at a glance, what changed, what is left to do, and one's own share first."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.db import models
from django.test import Client

from budget.models import Budgetpost
from handlingsplan.models import Anvandare, Handlingsplan, Roll
from insatsomraden.models import Arstext, Mal
from rapport.bygg import plandokument
from rapport.oversikt import andringar, mot_aret_fore, uppgifter
from rapport.plandokument import Plandokument
from tests.budgetfall import omrade, skriv_post
from tests.cast import Klientmakare, Parter
from tests.exempel import exempelplan, tom_plan
from tests.planfall import Planfall, demon_som, planfall
from tests.sidor import synlig_text


@pytest.fixture
def fall(delad_plan: Handlingsplan, parter: Parter, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


# --- The page -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_demo_at_a_glance(demorader: list[models.Model]) -> None:
    text = synlig_text(demon_som(demorader, "samordnare@exempel.se").get("/"))
    for del_ in (
        "Handlingsplan 2024",
        "Region Skåne och 33 kommuner planerar, genomför och betalar tillsammans.",
        "Budget 2024",
        "1 750 000 kr",
        "61,87 öre",
        "\u2212550 000 kr (\u221223,9 %)",
        "Nej, planen är ett utkast",
        "2022–2023, fastställd",
    ):
        assert del_ in text.replace("&nbsp;", " ")


@pytest.mark.django_db
def test_what_changed_since_the_year_before_is_in_the_table(demorader: list[models.Model]) -> None:
    html = demon_som(demorader, "beredning@exempel.se").get("/").content.decode()
    tabell = html.partition('id="r-andrat"')[2].partition("</table>")[0]
    rader = [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", rad)).strip()
        for rad in re.findall(r"<tr>.*?</tr>", tabell, re.DOTALL)
    ]
    assert any(rad.startswith("Mina planer 500 000 1 100 000 \u2212600 000") for rad in rader)
    assert any(rad.startswith("Beslutsstöd 0 700 000 \u2212700 000") for rad in rader)
    assert any(rad.startswith("Digitala hjälpmedel 400 000 ej aktuellt +400 000") for rad in rader)
    assert not any(rad.startswith("Avvikelsehantering") for rad in rader)  # unchanged


@pytest.mark.django_db
def test_a_readers_own_share_comes_first(demorader: list[models.Model]) -> None:
    text = synlig_text(demon_som(demorader, "lasare.perstorp@exempel.se").get("/"))
    assert text.index("Vår andel 2024") < text.index("Läget") < text.index("Budget 2024")
    assert "4 604,14 kr" in text
    assert "Kvar att göra" not in text


@pytest.mark.django_db
def test_who_reads_for_two_parties_sees_both_shares(
    klient_for: Klientmakare, lasare_malmo: Anvandare, fall: Planfall, parter: Parter
) -> None:
    Roll.objects.create(anvandare=lasare_malmo, slag="lasare", huvudman=parter["1275"])
    text = synlig_text(klient_for(lasare_malmo).get("/"))
    assert "Malmö stad" in text
    assert "Perstorps kommun" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("vem", "rubrik"), [("samordnare", "Handlingsplan 2025"), ("lasare_malmo", "Handlingsplan 2024")]
)
def test_the_newest_plan_that_one_may_read_is_shown(
    request: pytest.FixtureRequest,
    klient_for: Klientmakare,
    fall: Planfall,
    utkast: Handlingsplan,
    vem: str,
    rubrik: str,
) -> None:
    html = klient_for(request.getfixturevalue(vem)).get("/").content.decode()
    assert f"<h1>{rubrik}</h1>" in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("vem", "besked"),
    [
        ("samordnare", "Börja med att lägga upp årets plan."),
        ("administrator", "ge SGD:s samordnare ett konto"),
        ("lasare_malmo", "När SGD:s samordnare delar en plan syns den här."),
        ("beredning", "När SGD:s samordnare delar en plan syns den här."),
        ("utomstaende", "Ditt konto har ingen roll ännu"),
    ],
)
def test_an_empty_start_says_what_to_do_first(
    request: pytest.FixtureRequest, klient_for: Klientmakare, vem: str, besked: str
) -> None:
    svar = klient_for(request.getfixturevalue(vem)).get("/")
    assert svar.status_code == 200
    assert besked in synlig_text(svar)


@pytest.mark.django_db
def test_who_has_no_role_sees_no_plan_even_when_there_is_one(
    klient_for: Klientmakare, utomstaende: Anvandare, fall: Planfall
) -> None:
    text = synlig_text(klient_for(utomstaende).get("/"))
    assert "Ditt konto har ingen roll ännu" in text
    assert "Handlingsplan 2024" not in text


@pytest.mark.django_db
def test_where_nothing_is_shared_the_reason_stands_in_the_amounts_place(klient: Client, fall: Planfall) -> None:
    Budgetpost.objects.update(slag="okant", belopp=None)
    assert "Inget fördelas ännu för 2024" in synlig_text(klient.get("/"))


@pytest.mark.django_db
def test_the_year_before_gives_no_difference_where_it_was_not_shared(klient: Client, fall: Planfall) -> None:
    assert "Mot 2023" not in synlig_text(klient.get("/"))


@pytest.mark.django_db
def test_every_task_leads_to_an_element_that_is_there(klient: Client, fall: Planfall) -> None:
    omrade(fall.plan, "mp", "Mina planer")
    Mal.objects.all().delete()
    html = klient.get("/").content.decode()
    uppgiftslista = html.partition('class="attgora"')[2].partition("</ul>")[0]
    adresser = re.findall(r'href="([^"]+)"', uppgiftslista)
    planen = klient.get("/plan/2024/").content.decode()
    assert len(adresser) >= 8
    for adress in adresser:
        sida, _, ankare = adress.partition("#")
        assert klient.get(sida).status_code == 200
        assert not ankare or f'id="{ankare}"' in planen


# --- What changed -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("nu", "fore", "skillnad"),
    [
        (500, 1_100, -600_00),
        (0, 700, -700_00),
        (400, "ej_aktuellt", 400_00),
        ("ej_aktuellt", 50, -50_00),
        ("okant", 50, None),
        (50, "okant", None),
        (None, 50, None),
        (50, None, None),
    ],
)
def test_a_difference_is_told_where_it_has_a_meaning(
    fall: Planfall, nu: int | str | None, fore: int | str | None, skillnad: int | None
) -> None:
    Budgetpost.objects.filter(utgava=fall.npo).delete()
    skriv_post(fall.sdk, 2023, "sgd", 75_000)  # unchanged, so it is not in the table
    for budgetar, varde in ((2024, nu), (2023, fore)):
        if varde is not None:
            skriv_post(fall.npo, budgetar, "sgd", varde)
    (rad,) = andringar(plandokument(fall.plan))
    assert (rad.namn, rad.ankare, rad.skillnad) == ("Nationell patientöversikt", f"omrade-{fall.npo.pk}", skillnad)
    assert 0 <= min(rad.stapel_nu, rad.stapel_fore) <= max(rad.stapel_nu, rad.stapel_fore) <= 100


@pytest.mark.parametrize(("nu", "fore"), [("okant", "okant"), ("ej_aktuellt", "ej_aktuellt"), (5, 5), (0, 0)])
@pytest.mark.django_db
def test_what_is_the_same_is_not_listed(fall: Planfall, nu: int | str, fore: int | str) -> None:
    Budgetpost.objects.all().delete()
    fall.sdk.delete()
    skriv_post(fall.npo, 2024, "sgd", nu)
    skriv_post(fall.npo, 2023, "sgd", fore)
    assert andringar(plandokument(fall.plan)) == ()


@pytest.mark.django_db
def test_without_a_year_before_there_is_nothing_to_compare(fall: Planfall) -> None:
    assert andringar(plandokument(fall.plan)) == ()


def med_totaler(nu: int, fore: int) -> Plandokument:
    """The example plan, with other totals (öre) in its two splits."""
    dokument = exempelplan()
    fordelningar = [
        replace(ars, fordelning=replace(ars.fordelning, total=total))
        for ars, total in zip(dokument.fordelningar, (nu, fore), strict=True)
        if ars.fordelning is not None
    ]
    return replace(dokument, fordelningar=tuple(fordelningar))


@pytest.mark.parametrize(
    ("nu", "fore", "skillnad", "procent"),
    [
        (1_750_000_00, 2_300_000_00, -550_000_00, "\u221223,9\u00a0%"),
        (110_00, 100_00, 10_00, "10,0\u00a0%"),
        (50_00, -100_00, 150_00, "150,0\u00a0%"),
        (50_00, 0, 50_00, ""),
    ],
)
def test_the_difference_in_what_is_shared_has_a_sign_and_a_percentage(
    nu: int, fore: int, skillnad: int, procent: str
) -> None:
    assert mot_aret_fore(med_totaler(nu, fore)) == {"skillnad": skillnad, "skillnad_procent": procent}


INGET = {"skillnad": None, "skillnad_procent": ""}


def test_a_year_that_is_not_shared_has_no_difference() -> None:
    dokument = med_totaler(1, 2)
    nu, fore = dokument.fordelningar
    assert mot_aret_fore(replace(dokument, fordelningar=(nu,))) == INGET
    assert mot_aret_fore(replace(dokument, fordelningar=(replace(nu, fordelning=None), fore))) == INGET
    assert mot_aret_fore(tom_plan()) == INGET


@pytest.mark.django_db
@pytest.mark.parametrize(("budgetar", "varde"), [(2024, "okant"), (2023, "okant"), (2024, None), (2023, None)])
def test_a_year_that_is_not_wholly_known_has_no_difference(fall: Planfall, budgetar: int, varde: str | None) -> None:
    skriv_post(fall.npo, 2023, "sgd", 1)
    skriv_post(fall.sdk, 2023, "sgd", 1)
    assert mot_aret_fore(plandokument(fall.plan))["skillnad"] == 174_998_00
    poster = Budgetpost.objects.filter(utgava=fall.npo, budgetar=budgetar)
    poster.update(slag="okant", belopp=None) if varde else poster.delete()
    assert mot_aret_fore(plandokument(fall.plan)) == INGET


# --- What is left to do -------------------------------------------------------------------------------------------


def test_a_new_plan_starts_with_its_first_steps() -> None:
    assert [en.text for en in uppgifter(tom_plan())] == [
        "Lägg till planens första insatsområde",
        "Skriv planens inledning",
        "Dela planen med huvudmännen",
    ]


@pytest.mark.django_db
def test_a_plan_that_lacks_nothing_has_nothing_left(fall: Planfall) -> None:
    assert uppgifter(plandokument(fall.plan)) == ()


@pytest.mark.django_db
def test_each_empty_part_and_cell_is_a_task(fall: Planfall) -> None:
    ny = omrade(fall.plan, "mp", "Mina planer")
    skriv_post(fall.npo, 2023, "sgd", 1)
    Arstext.objects.filter(utgava=fall.npo, slag="ekonomi").delete()
    assert [(en.text, en.sida, en.del_id) for en in uppgifter(plandokument(fall.plan))] == [
        ("Nationell patientöversikt: ekonomi 2024 saknas", "plan", f"omrade-{fall.npo.pk}-ekonomi-2024"),
        ("Mina planer: beskrivning saknas", "plan", f"omrade-{ny.pk}-beskrivning"),
        ("Mina planer: syfte och nytta saknas", "plan", f"omrade-{ny.pk}-syfte"),
        ("Mina planer: övergripande mål saknas", "plan", f"omrade-{ny.pk}-mal"),
        ("Mina planer: ansvar saknas", "plan", f"omrade-{ny.pk}-ansvar"),
        ("Mina planer: aktiviteter 2024 saknas", "plan", f"omrade-{ny.pk}-aktiviteter-2024"),
        ("Mina planer: ekonomi 2024 saknas", "plan", f"omrade-{ny.pk}-ekonomi-2024"),
        ("Säker digital kommunikation: ett belopp är inte ifyllt", "budget", "budget"),
        ("Mina planer: 2 belopp är inte ifyllda", "budget", "budget"),
    ]


def test_an_adopted_plan_has_nothing_left() -> None:
    plan = exempelplan()
    assert uppgifter(replace(plan, inledning="", faststalld=plan.delad)) == ()
    assert uppgifter(replace(plan, inledning="")) != ()
