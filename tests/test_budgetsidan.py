"""The budget table as a page: what its words mean, and where its rows lead."""

from __future__ import annotations

import re

import pytest
from django.db import models
from django.test import Client

from handlingsplan.models import Anvandare, Handlingsplan
from tests.budgetfall import omrade, skriv_post
from tests.cast import Klientmakare, Parter
from tests.planfall import lagg_in_demon, planfall
from tests.sidor import synlig_text


@pytest.mark.django_db
def test_2022_reads_as_it_is_known_and_the_legend_says_what_help_says(demorader: list[models.Model]) -> None:
    """The grants of 2022 are of the plan as a whole; a row per area has no amount to show."""
    lagg_in_demon(demorader)
    klient = Client()
    klient.force_login(Anvandare.objects.get(email="samordnare@exempel.se"))
    text = synlig_text(klient.get("/plan/2023/budget/"))
    assert re.search(r"Summa per verksamhetsår ?2 300 000 kr ?2 100 000 kr(?! \+)", text)
    assert "Statsbidragen för 2022 gäller planen som helhet och är inte uppdelade per insatsområde." in text
    assert "ej aktuellt här ska inget belopp stå" in re.sub(r"(?<=aktuellt)(?=här)", " ", text)
    assert "fanns inte" not in text
    assert "här ska inget belopp stå" in synlig_text(klient.get("/hjalp/"))


@pytest.mark.django_db
@pytest.mark.parametrize(("lage", "ankare"), [("ingar", "omrade-"), ("bevakas", "omrade-"), ("utgatt", "utgatt-")])
def test_a_row_leads_to_its_area_wherever_the_document_has_it(
    klient_for: Klientmakare,
    samordnare: Anvandare,
    delad_plan: Handlingsplan,
    parter: Parter,
    folkmangd: None,
    lage: str,
    ankare: str,
) -> None:
    planfall(delad_plan)
    utgava = omrade(delad_plan, "sdv", "Vårdsystemet", lage)
    skriv_post(utgava, 2023, "sgd", 10_000)
    klient = klient_for(samordnare)
    mal = f"{ankare}{'sdv' if lage == 'utgatt' else utgava.pk}"
    assert f'id="{mal}"' in klient.get("/plan/2024/").content.decode()
    for sida in ("/", "/plan/2024/huvudman/1280/?ar=2023"):
        assert f'href="/plan/2024/#{mal}">Vårdsystemet' in klient.get(sida).content.decode()
