"""Cost models in the browser: pages, a new model, groups, conditions and keys, and what their forms refuse."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from budget import modellexempel
from budget.modellfalt import Exakttal, Kronor, _dela, tal_av
from budget.models import Kostnadsmodell, Viktserie
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from tests.budgetfall import formular
from tests.cast import Klientmakare, Parter
from tests.historikfall import hel, rader
from tests.modellfall import (
    NY_GRUPP,
    NY_SERIE,
    adress,
    felet,
    ny_grupp,
    ny_modell,
    ny_serie,
    nytt_undantag,
    nytt_villkor,
    skicka,
    vagras,
    villkor_sant,
)
from tests.planfall import Planfall, planfall
from tests.sidor import lasbar_text

# --- Without a database ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["1", "0,3", "30 %", "1/3", "0", " 70 "])
def test_an_exact_number_is_kept_as_it_was_typed(text: str) -> None:
    assert Exakttal().clean(text) == text.strip()


@pytest.mark.parametrize(
    ("text", "sags"), [("-1", "mindre än noll"), ("1" + "0" * 12, "för stort"), ("en", "exakt tal")]
)
def test_what_is_no_share_is_refused_in_words(text: str, sags: str) -> None:
    with pytest.raises(ValidationError, match=sags):
        tal_av(text)


@pytest.mark.parametrize(
    ("text", "sags"), [("-5", "minustecken"), ("1" + "0" * 12, "för stort"), ("x", "inget belopp")]
)
def test_what_is_no_amount_is_refused_in_words(text: str, sags: str) -> None:
    with pytest.raises(ValidationError, match=sags):
        Kronor().clean(text)


@pytest.mark.parametrize(
    "rad", ["1280\t3125", "1280 3125", "1280;3125", "1280\tMalmö stad\t3 125", "1280 3\u00a0125", "1280\t3125\t"]
)
def test_a_pasted_line_is_a_party_and_a_number(rad: str) -> None:
    assert _dela(rad) == ("1280", "3125")


def test_a_name_before_the_number_may_have_spaces() -> None:
    assert _dela("Östra Göinge kommun 14 577,5") == ("Östra Göinge kommun", "14577,5")


# --- Pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def fall(delad_plan: Handlingsplan, parter: Parter, folkmangd: None) -> Planfall:
    return planfall(delad_plan)


@pytest.fixture
def modell(fall: Planfall) -> Kostnadsmodell:
    return ny_modell(fall.plan)


def test_the_model_is_said_in_a_sentence_and_in_everybodys_kronor(klient: Client, modell: Kostnadsmodell) -> None:
    sida = klient.get(adress("modell", modell.pk), {"part": "1280"})
    assert "Kostnaden delas lika mellan regionen och kommunerna; kommunernas del fördelas efter antal" in lasbar_text(
        sida
    )
    exempel = sida.context["exempel"]
    assert exempel.summa.andel == 175_000_00 == exempel.summa.nu
    assert [en.skillnad for en in exempel.rader] == [0, 0, 0, 0]  # as the plan's own ratio
    assert exempel.steg[-1].startswith(f"{len(exempel.steg)}. Malmö stad betalar")


def test_what_cannot_be_used_says_why_and_shows_no_amounts(klient: Client, modell: Kostnadsmodell) -> None:
    modell.alla_grupper.all().delete()
    sida = klient.get(adress("modell", modell.pk))
    assert "går inte att använda 2024" in lasbar_text(sida)
    assert "ingen grupp som betalar" in lasbar_text(sida)
    assert sida.context["exempel"].rader == ()


def test_a_year_that_the_plan_does_not_have_is_no_page(klient: Client, modell: Kostnadsmodell) -> None:
    assert klient.get(adress("modell", modell.pk), {"ar": "tjugo"}).status_code == 200
    assert klient.get(adress("modell", modell.pk), {"ar": "2031"}).status_code == 404


def test_readers_read_the_models_and_have_no_buttons(
    klient_for: Klientmakare, lasare_malmo: Anvandare, modell: Kostnadsmodell, fall: Planfall
) -> None:
    nytt_villkor(modell)
    nytt_undantag(fall.npo, modell)
    ny_serie(fall.plan)
    klient = klient_for(lasare_malmo)
    for vart in (adress("modeller"), adress("modell", modell.pk)):
        innehall = klient.get(vart).content.decode().partition("<main")[2]
        assert 'method="post"' not in innehall
        assert "Redigera" not in innehall
    sida = klient.get(adress("modell", modell.pk))
    assert "Sen anslutning" in lasbar_text(sida)
    assert "CTB 2023-05-04 § 12" in lasbar_text(sida)
    assert sida.context["exempel"].part == "1280"  # their own party first


def test_the_list_says_where_a_model_is_used_and_which_version_it_is(
    klient: Client, modell: Kostnadsmodell, fall: Planfall
) -> None:
    nytt_undantag(fall.npo, modell)
    skicka(klient, adress("modell_redigera", modell.pk), "namn", namn="Nytt namn")
    skicka(klient, adress("modellgrupp_redigera", modell.alla_grupper.all()[1].pk), "andel", andel="3")
    sida = lasbar_text(klient.get(adress("modeller")))
    assert "Nytt namn" in sida and "Används: Nationell patientöversikt 2024" in sida
    assert "Version 2, ändrad" in sida and "av Samordnaren" in sida


# --- A new model -----------------------------------------------------------------------------------------------------


def test_every_template_is_a_model_that_can_be_used(klient: Client, fall: Planfall) -> None:
    tom = formular(klient.get(adress("modell_ny")), "namn")
    regionens = {}
    for mall in ("lika", "30-70", "blandad", "fast", "alla"):
        assert klient.post(adress("modell_ny"), tom | {"namn": mall, "mall": mall}).status_code == 302
        ny = Kostnadsmodell.objects.get(namn=mall)
        utfall = modellexempel.exempel(fall.plan, modellexempel.las_modell(ny.pk), 2024)
        assert (utfall.fel, utfall.summa.andel if utfall.summa else 0) == ("", 175_000_00)
        regionens[mall] = utfall.rader[0].andel
    half = 87_500_00
    assert regionens == {"lika": half, "30-70": 52_500_00, "blandad": half, "fast": half, "alla": 43_750_00}
    hel(fall.plan)


def test_by_usage_needs_a_key(klient: Client, fall: Planfall) -> None:
    svar = skicka(klient, adress("modell_ny"), "namn", namn="Ny", mall="anvandning")
    assert "ingen nyckel ännu" in felet(svar, "serie")
    serie = ny_serie(fall.plan)
    svar = skicka(klient, adress("modell_ny"), "namn", namn="Ny", mall="anvandning")
    assert "Välj vilken nyckel" in felet(svar, "serie")
    skicka(klient, adress("modell_ny"), "namn", namn="Ny", mall="anvandning", serie=str(serie.pk))
    ny = Kostnadsmodell.objects.get(namn="Ny")
    assert ny.alla_grupper.get(ordning=2).nyckel_1 == f"serie:{serie.pk}"
    # Lund has no number: said in the plain words of the split.
    utfall = modellexempel.exempel(fall.plan, modellexempel.las_modell(ny.pk), 2024)
    assert "saknas för Lunds kommun (1281)" in utfall.fel


def test_a_copy_takes_groups_conditions_and_the_keys_of_another_plan(
    klient: Client, modell: Kostnadsmodell, utkast: Handlingsplan
) -> None:
    serie = ny_serie(modell.plan, varden="1280 3\n1281 2\n1275 1")
    ny_grupp(modell, 3, namn="användarna", andel="2", nyckel_1=f"serie:{serie.pk}", grundbelopp=Money(7, "SEK"))
    nytt_villkor(modell)
    ny_grupp(modell, 4, namn="borta", borttagen_at=timezone.now())
    vart = reverse("modell_ny", args=[2025])
    assert skicka(klient, vart, "namn", namn="Kopia", mall="kopia").status_code == 422
    assert skicka(klient, vart, "namn", namn="Kopia", mall="kopia", kopiera=str(modell.pk)).status_code == 302
    kopia = Kostnadsmodell.objects.get(namn="Kopia")
    egen = Viktserie.objects.get(plan=utkast)
    assert egen.varden == serie.varden
    grupper = list(kopia.alla_grupper.all())
    assert [en.namn for en in grupper] == ["regionen", "kommunerna", "användarna"]
    assert (grupper[2].nyckel_1, grupper[2].grundbelopp) == (f"serie:{egen.pk}", Money(7, "SEK"))
    assert kopia.alla_villkor.get().motivering == "Sen anslutning"
    hel(utkast)


def test_a_name_is_taken_once(klient: Client, modell: Kostnadsmodell, monkeypatch: pytest.MonkeyPatch) -> None:
    vart = adress("modell_ny")
    assert "redan en modell" in felet(skicka(klient, vart, "namn", namn="Egen modell", mall="lika"), "namn")

    def hinner_fore(*_: Any, **__: Any) -> None:
        raise IntegrityError

    # Somebody takes the name between the form's look and the save.
    monkeypatch.setattr("budget.modellmallar.skapa", hinner_fore)
    svar = skicka(klient, vart, "namn", namn="Ledigt", mall="lika")
    assert svar.status_code == 422
    assert "Någon annan har just använt namnet" in lasbar_text(svar)
    assert 'value="Ledigt"' in svar.content.decode()


# --- Groups ----------------------------------------------------------------------------------------------------------


TRE_LIKA = {"andel_1": "0,5", "nyckel_2": "lika", "andel_2": "0,2", "nyckel_3": "lika", "andel_3": "0,3"}
GRUPPFEL = [
    ({"andel": "-1"}, "andel", "mindre än noll"),
    ({"andel": "1000000000000"}, "andel", "för stort"),
    ({"andel": ""}, "andel", "Skriv gruppens del"),
    ({"andel_1": "0,9"}, "andel_1", "90 %; en enda nyckel har andelen 1"),
    ({"andel_1": "0,3", "nyckel_2": "invanare", "andel_2": "0,6"}, "andel_2", "tillsammans 90 %; de ska vara 1"),
    ({"andel_1": "1", "nyckel_2": "invanare"}, "andel_2", "Skriv hur stor del"),
    ({"andel_1": "1", "nyckel_2": "invanare", "andel_2": "0"}, "andel_2", "En nyckels andel är över 0"),
    ({"andel_1": "0,5", "nyckel_2": "lika", "andel_2": "0,5"}, "nyckel_2", "redan vald"),
    (
        {"andel_1": "0,5", "nyckel_2": "lika", "andel_2": "0,2", "nyckel_3": "lika", "andel_3": "0,3"},
        "nyckel_3",
        "redan",
    ),
    ({"nyckel_1": "serie:999"}, "nyckel_1", "finns inte längre"),
    ({"deltar": "utvalda"}, "endast", "Kryssa i minst en"),
    ({"grundbelopp": "-5"}, "grundbelopp", "minustecken"),
    ({"namn": " "}, "namn", "Ge gruppen ett namn"),
    ({"namn": "kommunerna"}, "namn", "redan en grupp med det namnet"),
]


def test_a_group_is_refused_beside_the_field_and_keeps_what_was_typed(klient: Client, modell: Kostnadsmodell) -> None:
    vagras(klient, adress("modellgrupp_ny", modell.pk), "andel", NY_GRUPP, GRUPPFEL, "alla")
    assert modell.alla_grupper.count() == 2


def test_chosen_parties_take_part_and_others_are_forgotten_with_the_choice(
    klient: Client, modell: Kostnadsmodell
) -> None:
    grupp = modell.alla_grupper.get(ordning=2)
    vart = adress("modellgrupp_redigera", grupp.pk)
    skicka(klient, vart, "andel", deltar="utvalda", endast=["1281", "1280"])
    grupp.refresh_from_db()
    assert grupp.endast == "1280,1281"
    assert "Malmö, Lund" in lasbar_text(klient.get(adress("modell", modell.pk)))
    skicka(klient, vart, "andel", deltar="kommuner", endast=["1281"])
    grupp.refresh_from_db()
    assert grupp.endast == ""


def test_groups_are_moved_and_the_history_puts_them_back(klient: Client, modell: Kostnadsmodell) -> None:
    forst = modell.alla_grupper.get(ordning=1)
    klient.post(adress("modellgrupp_flytta", forst.pk), {"version": "1", "riktning": "ned"})
    assert [en.namn for en in modell.alla_grupper.all()] == ["kommunerna", "regionen"]
    vart = f"{adress('historik_aterstall', rader(modell.plan)[-1].nummer)}?falt=plats&sida=fore"
    assert skicka(klient, vart, "avtryck").status_code == 302
    assert [en.namn for en in modell.alla_grupper.all()] == ["regionen", "kommunerna"]


def test_a_form_that_saves_by_itself_saves_whole_or_not_at_all(klient: Client, modell: Kostnadsmodell) -> None:
    grupp = modell.alla_grupper.get(ordning=2)
    vart = adress("modellgrupp_redigera", grupp.pk)
    data = formular(klient.get(vart), "andel")
    svar = klient.post(vart, data | {"namn": "Alla", "andel_1": "0,3"}, headers={"X-Autospara": "ja"})
    assert svar.status_code == 422
    assert "andelen 1" in svar.json()["fel"]["Nyckelns andel"]
    svar = klient.post(vart, data | {"namn": "Alla", "andel": "2"}, headers={"X-Autospara": "ja"})
    assert svar.json()["klart"]
    grupp.refresh_from_db()
    assert (grupp.namn, grupp.andel) == ("Alla", "2")


def test_two_who_change_the_same_group_see_both(klient: Client, modell: Kostnadsmodell) -> None:
    grupp = modell.alla_grupper.get(ordning=2)
    vart = adress("modellgrupp_redigera", grupp.pk)
    data = formular(klient.get(vart), "andel")
    skicka(klient, vart, "andel", andel="2", grundbelopp="100")
    svar = klient.post(vart, data | {"andel": "3"})
    assert svar.status_code == 409
    assert "Två har ändrat samma sak" in lasbar_text(svar)
    # Different fields are both kept.
    assert klient.post(vart, data | {"namn": "Alla"}).status_code == 302
    grupp.refresh_from_db()
    assert (grupp.namn, grupp.andel, grupp.grundbelopp) == ("Alla", "2", Money(100, "SEK"))


# --- Conditions ------------------------------------------------------------------------------------------------------


def nytt(klient: Client, modell: Kostnadsmodell, **mer: Any) -> Any:
    return skicka(klient, adress("modellvillkor_ny", modell.pk), "motivering", **villkor_sant(**mer))


def test_a_condition_is_stored_with_what_its_kind_has_and_nothing_else(klient: Client, modell: Kostnadsmodell) -> None:
    lund = str(Huvudman.objects.get(kod="1281").pk)
    assert nytt(klient, modell, faktor="en halv", betalas_av=lund).status_code == 302
    villkor = modell.alla_villkor.get()
    assert (villkor.faktor, villkor.betalas_av, villkor.belopp) == ("", None, Money(5000, "SEK"))
    assert rader(modell.plan)[-1].slag == "skapad"
    sida = lasbar_text(klient.get(adress("modell", modell.pk)))
    assert "Betalar högst 5 000 kr, och regionen bär skillnaden." in sida
    assert "Malmö stad betalar högst 5 000 kr, och regionen bär resten" in sida


VILLKORSFEL = [
    ({"motivering": ""}, "motivering", "Skriv skälet"),
    ({"instans": ""}, "instans", "vilken instans"),
    ({"beslutsdatum": ""}, "beslutsdatum", "beslutets datum"),
    ({"beslutsdatum": "4/5 2023"}, "beslutsdatum", "inget datum"),
    ({"paragraf": ""}, "paragraf", "paragraf"),
    ({"upphavt": "2023-05-03"}, "upphavt", "inte upphävas före 2023-05-04"),
    ({"belopp": ""}, "belopp", "Skriv beloppet"),
    ({"bars_av": ""}, "bars_av", "vem som bär"),
    ({"slag": "faktor"}, "faktor", "hur stor del"),
    ({"slag": "betalare"}, "betalas_av", "vem som betalar"),
    ({"galler_fran": "2024-02-01", "galler_till": "2024-01-31"}, "galler_till", "inte sluta gälla före"),
]


def test_a_condition_is_refused_beside_the_field(klient: Client, modell: Kostnadsmodell) -> None:
    vart = adress("modellvillkor_ny", modell.pk)
    vagras(klient, vart, "motivering", villkor_sant(diarienummer="DNR-7"), VILLKORSFEL, "DNR-7")
    assert not modell.alla_villkor.exists()


def test_a_party_has_one_condition_of_a_kind_at_a_time_and_no_cap_below_its_minimum(
    klient: Client, modell: Kostnadsmodell
) -> None:
    golv = {"slag": "golv", "faktor": "", "belopp": Money(6000, "SEK")}
    nytt_villkor(modell, **golv, galler_till=date(2023, 12, 31))
    assert nytt(klient, modell, galler_fran="2024-01-01").status_code == 302  # not at the same time
    assert "redan ett sådant villkor" in felet(nytt(klient, modell), "huvudman")
    modell.alla_villkor.filter(slag="tak").delete()
    assert "minst 6 000 kr och högst 5 000 kr" in felet(nytt(klient, modell), "belopp").replace("\u00a0", " ")


def test_payers_do_not_go_in_a_circle(klient: Client, modell: Kostnadsmodell, parter: Parter) -> None:
    nytt_villkor(modell, "1281", slag="betalare", faktor="", bars_av="", betalas_av=parter["1275"])
    nytt_villkor(modell, "1275", slag="betalare", faktor="", bars_av="", betalas_av=parter["1280"])
    svar = nytt(klient, modell, slag="betalare", betalas_av=str(parter["1281"].pk))
    assert "Malmö stad → Lunds kommun → Perstorps kommun → Malmö stad" in felet(svar, "betalas_av")
    svar = nytt(klient, modell, slag="betalare", betalas_av=str(parter["1280"].pk))
    assert "inte betala för sig själv" in felet(svar, "betalas_av")


def test_a_kind_is_put_back_with_what_belongs_to_it(klient: Client, modell: Kostnadsmodell) -> None:
    villkor = nytt_villkor(modell)
    vart = adress("modellvillkor_redigera", villkor.pk)
    skicka(klient, vart, "motivering", slag="tak", belopp="5 000", bars_av="regionen")
    vart = f"{adress('historik_aterstall', rader(modell.plan)[-1].nummer)}?falt=slag&sida=fore"
    assert skicka(klient, vart, "avtryck").status_code == 302
    villkor.refresh_from_db()
    assert (villkor.slag, villkor.faktor, villkor.belopp, villkor.bars_av) == ("faktor", "0,5", None, "gruppen")


# --- Keys ------------------------------------------------------------------------------------------------------------


NYCKELFEL = [
    ("1280 3\n9999 1", "Rad 2: ingen huvudman har koden ”9999”"),
    ("Malmö stad\t3\nMalma\t1", "Rad 2: ingen huvudman har namnet ”Malma”"),
    ("1280 3\n\nMalmö 4", "Rad 3: Malmö står två gånger, också på rad 1"),
    ("1280 -3", "Rad 1: ”-3” är mindre än noll"),
    ("1280 1000000000000", "Rad 1: ”1000000000000” är för stort"),
    ("1280", "Rad 1: talet för 1280 saknas"),
    ("1280 tre", "Rad 1: ”tre” är inget exakt tal"),
    ("1280 0\n1281 0", "Alla tal är 0"),
    ("", "Skriv eller klistra in"),
]


def test_a_key_says_which_line_is_wrong(klient: Client, fall: Planfall) -> None:
    alla = [({"varden": varden}, "varden", sags) for varden, sags in NYCKELFEL]
    vagras(klient, adress("viktserie_ny"), "varden", NY_SERIE | {"kalla": "Statistik 7"}, alla, "Statistik 7")
    assert not Viktserie.objects.exists()


def test_two_columns_from_a_spreadsheet_become_a_key(klient: Client, fall: Planfall) -> None:
    vart = adress("viktserie_ny")
    klistrat = "Malmö stad\t3\u00a0125\r\n1281\t1 000\r\nPerstorp\t0,5\r\n"
    assert "första dag" in felet(skicka(klient, vart, "varden", **(NY_SERIE | {"slag": "anvandning"})), "fran")
    period = {"slag": "anvandning", "fran": "2023-01-01", "till": "2022-12-31"}
    assert "inte sluta före" in felet(skicka(klient, vart, "varden", **(NY_SERIE | period)), "till")
    period |= {"till": "2023-12-31", "varden": klistrat}
    assert skicka(klient, vart, "varden", **(NY_SERIE | period)).status_code == 302
    assert Viktserie.objects.get().varden == "1280 3125\n1281 1000\n1275 0,5"


def test_a_key_says_who_is_missing_and_stays_while_it_is_used(klient: Client, modell: Kostnadsmodell) -> None:
    serie = ny_serie(modell.plan)
    ny_grupp(modell, 3, namn="användarna", nyckel_1=f"serie:{serie.pk}")
    assert "Saknar tal för 1 kommun: Lund" in lasbar_text(klient.get(adress("modeller")))
    svar = klient.post(adress("viktserie_ta_bort", serie.pk), {"version": "1"}, follow=True)
    assert "inloggningar används: Egen modell, användarna" in lasbar_text(svar)
    serie.refresh_from_db()
    assert serie.borttagen_at is None
