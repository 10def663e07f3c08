"""Cost models in the browser: pages, forms with what they refuse, the worked example, overrides and keys."""

from __future__ import annotations

import html
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from budget import modellexempel
from budget.formular_villkor import Undantagsformular
from budget.modellfalt import Exakttal, Kronor, _dela, tal_av
from budget.models import Folkmangd, Fordelningsregel, Kostnadsmodell, Modellundantag, Viktserie
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from tests.budgetfall import formular
from tests.cast import Klientmakare, Parter
from tests.historikfall import hel, rader
from tests.modellfall import (
    BESLUT_SANT,
    NY_GRUPP,
    NY_SERIE,
    ny_grupp,
    ny_modell,
    ny_serie,
    nytt_undantag,
    nytt_villkor,
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


def adress(namn: str, *arg: object) -> str:
    return reverse(namn, args=[2024, *arg])


def skicka(klient: Client, vart: str, falt: str, **sant: Any) -> Any:
    """Open the form at the address, fill it in, press the button."""
    return klient.post(vart, formular(klient.get(vart), falt) | sant)


def felet(svar: Any, falt: str) -> str:
    """What is said beside a field of a form that was refused."""
    assert svar.status_code == 422, lasbar_text(svar)[:400]
    return html.unescape(" ".join(svar.context["form"].errors.get(falt, [])))


def vagras(klient: Client, vart: str, falt: str, grund: dict[str, Any], fall: list[Any], star_kvar: str) -> None:
    """Each case, (what is sent instead, the field, what is said beside it), is refused with the rest still there."""
    tom, fel = formular(klient.get(vart), falt), []
    for sant, vid, sags in fall:
        svar = klient.post(vart, tom | grund | sant)
        sagt = felet(svar, vid).replace("\u00a0", " ")
        if sags not in sagt or f'value="{star_kvar}"' not in svar.content.decode():
            fel.append((sant, sagt))
    assert fel == []


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


def villkor_sant(**mer: Any) -> dict[str, Any]:
    malmo = Huvudman.objects.get(kod="1280").pk
    grund = {"slag": "tak", "huvudman": str(malmo), "belopp": "5 000", "bars_av": "regionen", "motivering": "Skäl"}
    return grund | BESLUT_SANT | mer


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


# --- Overrides and the year's rule -----------------------------------------------------------------------------------


def undantag_sant(fall: Planfall, modell: Kostnadsmodell, **mer: Any) -> dict[str, Any]:
    return {"budgetar": "2024", "utgava": str(fall.npo.pk), "modell": str(modell.pk)} | BESLUT_SANT | mer


UNDANTAGSFEL = [
    ({"instans": ""}, "instans", "vilken instans"),
    ({"beslutsdatum": ""}, "beslutsdatum", "beslutets datum"),
    ({"paragraf": ""}, "paragraf", "paragraf"),
    ({"belopp": "5"}, "belopp", "inget eget belopp"),
    ({"aktivitet": "forsta"}, "belopp", "Skriv aktivitetens belopp"),
    ({"aktivitet": "forsta", "belopp": "0"}, "belopp", "över 0 kr"),
    ({"aktivitet": "forsta", "belopp": "100 000,01"}, "belopp", "har 100 000 kr i SGD-medel, mindre än så"),
    ({"aktivitet": "forsta", "belopp": "5", "utgava": "sdk"}, "aktivitet", "hör till Nationell patientöversikt"),
    ({"modell": ""}, "modell", "vilken modell"),
]


def test_an_override_is_refused_beside_the_field(klient: Client, fall: Planfall, modell: Kostnadsmodell) -> None:
    nycklar = {"forsta": str(fall.forsta.pk), "sdk": str(fall.sdk.pk)}
    alla = [
        ({namn: nycklar.get(ett, ett) for namn, ett in mer.items()}, falt, sags) for mer, falt, sags in UNDANTAGSFEL
    ]
    grund = undantag_sant(fall, modell, diarienummer="DNR-7")
    vagras(klient, adress("modellundantag_ny"), "paragraf", grund, alla, "DNR-7")
    assert not Modellundantag.objects.exists()


def test_two_models_on_one_row_are_refused_in_words(klient: Client, fall: Planfall, modell: Kostnadsmodell) -> None:
    vart = adress("modellundantag_ny")
    assert skicka(klient, vart, "paragraf", **undantag_sant(fall, modell)).status_code == 302
    svar = skicka(klient, vart, "paragraf", **undantag_sant(fall, modell))
    assert "Nationell patientöversikt delas redan efter modellen Egen modell 2024" in felet(svar, "utgava")
    egen = {"aktivitet": str(fall.forsta.pk), "belopp": "60 000"}
    assert skicka(klient, vart, "paragraf", **undantag_sant(fall, modell, **egen)).status_code == 302
    svar = skicka(klient, vart, "paragraf", **undantag_sant(fall, modell, **egen))
    assert "Första delas redan" in felet(svar, "aktivitet")
    annan = {"aktivitet": str(fall.andra.pk), "belopp": "40 001"}
    svar = skicka(klient, vart, "paragraf", **undantag_sant(fall, modell, **annan))
    assert "har 40 000 kr i SGD-medel kvar efter andra undantag" in felet(svar, "belopp").replace("\u00a0", " ")
    assert "Nationell patientöversikt 2024: Första, 60 000 kr" in lasbar_text(klient.get(adress("modeller")))
    hel(fall.plan)


def test_an_override_keeps_its_own_row_when_it_is_changed(
    klient: Client, fall: Planfall, modell: Kostnadsmodell
) -> None:
    ett = nytt_undantag(fall.npo, modell, aktivitet=fall.forsta, belopp=Money(60_000, "SEK"))
    assert skicka(klient, adress("modellundantag_redigera", ett.pk), "paragraf", belopp="100 000").status_code == 302
    form = Undantagsformular(instance=Modellundantag.objects.get(pk=ett.pk))
    assert form["belopp"].value() == "100 000".replace(" ", "\u00a0")


def test_two_who_change_different_things_in_an_override_are_both_saved(
    klient: Client, fall: Planfall, modell: Kostnadsmodell
) -> None:
    ett, annan = nytt_undantag(fall.npo, modell), ny_modell(fall.plan, "En annan")
    vart = adress("modellundantag_redigera", ett.pk)
    data = formular(klient.get(vart), "paragraf")
    skicka(klient, vart, "paragraf", paragraf="99")
    assert klient.post(vart, data | {"modell": str(annan.pk)}).status_code == 302
    ett.refresh_from_db()
    assert (ett.paragraf, ett.modell) == ("99", annan)
    svar = klient.post(vart, data | {"modell": str(ny_modell(fall.plan, "En tredje").pk)})
    assert svar.status_code == 409
    assert "Sparat: Modell" in lasbar_text(svar)


def test_a_model_in_use_stays_and_says_where(klient: Client, fall: Planfall, modell: Kostnadsmodell) -> None:
    vart = reverse("regel_redigera", args=[2024, 2024])
    assert skicka(klient, vart, "andel_region", modell=str(modell.pk)).status_code == 302
    assert Fordelningsregel.objects.get().modell == modell
    nytt_undantag(fall.npo, modell)
    assert "så det som sparas här ändrar planens fördelning" in lasbar_text(klient.get(adress("modell", modell.pk)))
    svar = klient.post(adress("modell_ta_bort", modell.pk), {"version": "1"}, follow=True)
    assert "Egen modell används: standard för 2024; Nationell patientöversikt 2024." in lasbar_text(svar)
    modell.refresh_from_db()
    assert modell.borttagen_at is None


def test_the_years_rule_takes_a_model_that_can_be_used_and_only_such(
    klient: Client, fall: Planfall, modell: Kostnadsmodell
) -> None:
    tom = Kostnadsmodell.objects.create(plan=fall.plan, namn="Tom")
    vart = reverse("regel_redigera", args=[2024, 2024])
    svar = skicka(klient, vart, "andel_region", modell=str(tom.pk))
    assert "Tom går inte att använda" in felet(svar, "modell")
    assert "inte båda vara 0" in lasbar_text(skicka(klient, vart, "andel_region", andel_region="0", andel_grupp="0"))
    modell.alla_grupper.filter(ordning=1).update(andel="3")
    skicka(klient, vart, "andel_region", modell=str(modell.pk))
    assert "131 250,00" in lasbar_text(klient.get(reverse("fordelning", args=[2024])))  # 3/4 of 175 000


def test_a_removed_model_comes_back_unless_its_name_is_taken(klient: Client, modell: Kostnadsmodell) -> None:
    klient.post(adress("modell_ta_bort", modell.pk), {"version": "1"})
    assert klient.get(adress("modell", modell.pk)).status_code == 404
    assert klient.get(adress("modellgrupp_ny", modell.pk)).status_code == 404
    ny_modell(modell.plan)
    svar = klient.post(adress("modell_aterstall", modell.pk), {"version": "2"}, follow=True)
    assert "Planen har redan en modell med det namnet." in lasbar_text(svar)
    Kostnadsmodell.objects.exclude(pk=modell.pk).update(namn="Annan")
    klient.post(adress("modell_aterstall", modell.pk), {"version": "2"})
    modell.refresh_from_db()
    assert modell.borttagen_at is None


def test_what_is_removed_of_a_model_is_found_in_its_history_and_in_the_plans(
    klient: Client, modell: Kostnadsmodell
) -> None:
    grupp, villkor = modell.alla_grupper.get(ordning=2), nytt_villkor(modell)
    klient.post(adress("modellgrupp_ta_bort", grupp.pk), {"version": "1"})
    klient.post(adress("modellvillkor_ta_bort", villkor.pk), {"version": "1"})
    for vart in (adress("historik_del", "modell", modell.pk), adress("plan_historik") + "?slag=borttaget"):
        sida = lasbar_text(klient.get(vart))
        assert "Grupp i en modell: kommunerna" in sida
        assert "Villkor i en modell: Malmö stad: betalar en del av sin andel" in sida
    for sort, nyckel, rubrik in (
        ("modellgrupp", grupp.pk, "Egen modell: gruppen kommunerna"),
        ("modellvillkor", villkor.pk, "Egen modell: villkoret för Malmö stad"),
        ("modeller", modell.plan_id, "Kostnadsmodeller, nycklar och undantag"),
    ):
        assert rubrik in lasbar_text(klient.get(adress("historik_del", sort, nyckel)))


def test_the_history_names_parties_and_keys(klient: Client, modell: Kostnadsmodell) -> None:
    serie = ny_serie(modell.plan)
    grupp = modell.alla_grupper.get(ordning=2)
    vart = adress("modellgrupp_redigera", grupp.pk)
    skicka(klient, vart, "andel", deltar="utvalda", endast=["1280"], nyckel_1=f"serie:{serie.pk}")
    sida = lasbar_text(klient.get(adress("historik_del", "modellgrupp", grupp.pk)))
    assert "Malmö" in sida
    assert "1280" not in sida
    assert "inloggningar" in sida
    assert "serie:" not in sida


# --- While somebody types --------------------------------------------------------------------------------------------


def oppen_form(klient: Client, vart: str, falt: str, del_id: str, **mer: Any) -> dict[str, Any]:
    """What the script sends of an open form: each name behind the part's id."""
    return {f"{del_id}:{namn}": varde for namn, varde in (formular(klient.get(vart), falt) | mer).items()}


def test_the_example_follows_what_is_typed_and_nothing_is_saved(
    klient: Client, modell: Kostnadsmodell, fall: Planfall
) -> None:
    grupp = modell.alla_grupper.get(ordning=1)
    sant = oppen_form(klient, adress("modellgrupp_redigera", grupp.pk), "andel", f"grupp-{grupp.pk}", andel="3")
    sant |= oppen_form(klient, adress("modellvillkor_ny", modell.pk), "motivering", "villkor-ny", **villkor_sant())
    svar = klient.post(adress("modell_rakna", modell.pk), sant)
    assert "regionen bär 75 % och kommunerna 25 %; " in lasbar_text(svar)
    assert "Malmö stad betalar högst 5 000 kr" in lasbar_text(svar)
    andelar = {en.kod: en.andel for en in svar.context["exempel"].rader}
    assert andelar["1280"] == 5_000_00
    assert sum(andelar.values()) == 175_000_00
    assert (rader(fall.plan), modell.alla_villkor.count()) == ([], 0)
    grupp.refresh_from_db()
    assert grupp.andel == "1"


def test_an_age_span_can_be_tried_before_it_is_saved(klient: Client, modell: Kostnadsmodell, parter: Parter) -> None:
    Folkmangd.objects.bulk_create(
        Folkmangd(huvudman=parter[kod], datum=date(2022, 12, 31), fran_alder=0, till_alder=17, antal=antal, kalla="SCB")
        for kod, antal in (("1280", 3), ("1275", 1), ("1281", 1))
    )
    grupp = modell.alla_grupper.get(ordning=2)
    vart = adress("modellgrupp_redigera", grupp.pk)
    sant = oppen_form(klient, vart, "andel", f"grupp-{grupp.pk}", nyckel_1="invanare:0-17")
    svar = klient.post(adress("modell_rakna", modell.pk), sant)
    assert "efter antal invånare 0–17 år den 31 december 2022" in lasbar_text(svar)
    assert [en.andel for en in svar.context["exempel"].rader] == [87_500_00, 17_500_00, 52_500_00, 17_500_00]


def test_what_cannot_be_read_yet_counts_as_it_is_saved_and_is_named(klient: Client, modell: Kostnadsmodell) -> None:
    grupp = modell.alla_grupper.get(ordning=1)
    vart = adress("modellgrupp_redigera", grupp.pk)
    sant = oppen_form(klient, vart, "andel", f"grupp-{grupp.pk}", andel="tre")
    svar = klient.post(adress("modell_rakna", modell.pk), sant | {"grupp-999:andel": "1", "sdk-1:andel": "1"})
    assert "Går inte att läsa än och räknas som det är sparat: gruppen regionen." in lasbar_text(svar)
    assert svar.context["exempel"].summa.andel == 175_000_00


@pytest.mark.parametrize(
    ("andringar", "sags"),
    [
        ({"andelsform": "andelar"}, "Gruppernas andelar i Egen modell blir tillsammans 2, inte 1."),
        (
            {"instans": "CTB", "beslutsdatum": "2023-01-01", "paragraf": "1", "upphavt": "2024-03-01"},
            "upphävdes 2024-03-01",
        ),
    ],
)
def test_the_model_itself_may_be_typed_wrong_and_says_so(
    klient: Client, modell: Kostnadsmodell, andringar: dict[str, str], sags: str
) -> None:
    sant = oppen_form(klient, adress("modell_redigera", modell.pk), "namn", "modell", **andringar)
    assert sags in lasbar_text(klient.post(adress("modell_rakna", modell.pk), sant))


def test_a_decision_is_whole_or_not_there(klient: Client, modell: Kostnadsmodell) -> None:
    svar = skicka(klient, adress("modell_redigera", modell.pk), "namn", instans="CTB")
    assert "Ett beslut har instans, datum och paragraf." in felet(svar, "paragraf")


def test_the_example_costs_no_more_for_more_groups(klient: Client, modell: Kostnadsmodell) -> None:
    antal = []
    for fler in ((), range(3, 9)):
        for nr in fler:
            ny_grupp(modell, nr, borttagen_at=timezone.now())
        with CaptureQueriesContext(connection) as fragor:
            klient.get(adress("modell", modell.pk))
        antal.append(len(fragor))
    assert antal[0] == antal[1] <= 40


# --- A party that joins or leaves ------------------------------------------------------------------------------------


def test_a_party_can_join_and_leave_in_the_middle_of_a_year(klient: Client, fall: Planfall) -> None:
    vart = reverse("huvudman_redigera", args=["1275"])
    svar = skicka(klient, vart, "namn", deltar_fran="2024-07-01", deltar_till="2024-06-30")
    assert "inte lämna samarbetet före 2024-07-01" in felet(svar, "deltar_till")
    assert skicka(klient, vart, "namn", deltar_fran="2024-07-01").status_code == 302
    assert "deltar från 2024-07-01" in lasbar_text(klient.get(reverse("huvudman_lista")))
