"""Twenty at once in one row, with real threads and connections: one wins each time, and nobody's text is gone."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.urls import reverse

from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import plan_for_skrivning
from insatsomraden import ordning
from insatsomraden.models import Aktivitet, Arstext
from tests.autosparfall import OppenDel
from tests.budgetfall import formular
from tests.cast import Klientmakare
from tests.historikfall import falt, hel, ospelat, rader, tillstand
from tests.planfall import Planfall, ny_aktivitet, planfall
from tests.sidor import utan_marken
from tests.test_samtidighet import samtidigt

pytestmark = pytest.mark.django_db(transaction=True)

ANTAL = 20


@pytest.fixture
def fall(delad_plan: Handlingsplan) -> Planfall:
    return planfall(delad_plan)


def oppna(vag: str, klient_for: Klientmakare, vem: Anvandare) -> list[OppenDel]:
    """The same part, open twenty times."""
    return [OppenDel(klient_for(vem), vag) for _ in range(ANTAL)]


def test_of_twenty_who_save_by_themselves_one_wins_each_time_and_the_others_are_shown_both_texts(
    fall: Planfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    vag, fore = reverse("aktivitet_redigera", args=[2024, fall.forsta.pk]), "Första"
    for varv in range(3):
        delar = oppna(vag, klient_for, samordnare)
        svar: list[Any] = samtidigt(
            [lambda nr=nr, en=en, varv=varv: en.spara(text=f"Text {varv}.{nr}") for nr, en in enumerate(delar)]
        )
        assert Counter(en.status_code for en in svar) == {200: 1, 409: ANTAL - 1}
        vinnare = delar[[en.status_code for en in svar].index(200)].falt["text"]
        assert Aktivitet.objects.get(pk=fall.forsta.pk).text == vinnare
        assert falt(rader(fall.plan)[-1], "text") == (fore, vinnare)
        assert {en.json()["nu"][0]["varde"] for en in svar if en.status_code == 409} == {vinnare}
        # What each does who is told of the conflict: both texts on one page, one's own still in its field.
        forlorare = next(en for en, besked in zip(delar, svar, strict=True) if besked.status_code == 409)
        sida = forlorare.knapp()
        assert (sida.status_code, formular(sida, "avtryck")["text"]) == (409, forlorare.falt["text"])
        assert vinnare in utan_marken(sida)
        fore = str(vinnare)
    assert len(rader(fall.plan)) == 3
    hel(fall.plan)


def test_twenty_who_each_put_their_word_to_the_others_until_it_is_saved_lose_none(
    fall: Planfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    fore = tillstand()
    delar = oppna(reverse("aktivitet_redigera", args=[2024, fall.forsta.pk]), klient_for, samordnare)

    def skriv_tills_det_gar(nr: int) -> int:
        delen, nu = delar[nr], "Första"
        for forsok in range(1, 20 * ANTAL):
            svar = delen.spara(text=f"{nu} ord{nr:02}")
            if svar.status_code == 200:
                return forsok
            besked = svar.json()
            nu = besked["nu"][0]["varde"]
            delen.falt["avtryck"] = " ".join(f"{namn}={ett}" for namn, ett in besked["avtryck"].items())
        return 0

    forsok = samtidigt([lambda nr=nr: skriv_tills_det_gar(nr) for nr in range(ANTAL)])
    assert all(isinstance(ett, int) and ett > 0 for ett in forsok), forsok
    text = Aktivitet.objects.get(pk=fall.forsta.pk).text
    assert sorted(text.split()[1:]) == [f"ord{nr:02}" for nr in range(ANTAL)]
    assert len(rader(fall.plan)) == ANTAL
    assert ospelat(fore) == []
    hel(fall.plan)


def test_twenty_in_different_fields_and_rows_all_get_their_way(
    fall: Planfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    egna = [ny_aktivitet(fall.sdk, 2024, 10 + nr, f"Aktivitet {nr}") for nr in range(ANTAL // 2)]
    platser = [(en, namn) for en in egna for namn in ("text", "villkor")]
    delar = [OppenDel(klient_for(samordnare), reverse("aktivitet_redigera", args=[2024, en.pk])) for en, _ in platser]
    svar: list[Any] = samtidigt(
        [
            lambda delen=delen, namn=namn, nr=nr: delen.spara(**{namn: f"Skrivet av {nr}"}).status_code
            for nr, (delen, (_, namn)) in enumerate(zip(delar, platser, strict=True))
        ]
    )
    assert svar == [200] * ANTAL
    for nr, (en, namn) in enumerate(platser):
        assert getattr(Aktivitet.objects.get(pk=en.pk), namn) == f"Skrivet av {nr}"
    hel(fall.plan)


def test_of_twenty_who_write_the_first_text_of_a_year_one_wins(
    fall: Planfall, klient_for: Klientmakare, samordnare: Anvandare
) -> None:
    Arstext.objects.all().delete()
    delar = oppna(reverse("arstext_redigera", args=[2024, fall.npo.pk, "ekonomi", 2024]), klient_for, samordnare)
    svar: list[Any] = samtidigt([lambda nr=nr, en=en: en.spara(text=f"<p>{nr}</p>") for nr, en in enumerate(delar)])
    assert Counter(en.status_code for en in svar) == {200: 1, 409: ANTAL - 1}
    assert Arstext.objects.get().text == delar[[en.status_code for en in svar].index(200)].falt["text"]


def test_twenty_who_move_activities_keep_an_order_with_everybody_in_it(fall: Planfall, samordnare: Anvandare) -> None:
    alla = [ny_aktivitet(fall.sdk, 2024, 2 + nr, f"Aktivitet {nr}") for nr in range(ANTAL)]
    sista = {en.pk: en.version for en in alla}

    def flytta(en: Aktivitet, nr: int) -> Aktivitet:
        with plan_for_skrivning(fall.plan):
            if nr % 2:
                return ordning.flytta_aktivitet(en, "upp" if nr % 4 == 1 else "ned", version=1, av=samordnare)
            efter = Aktivitet.objects.get(pk=alla[(nr * 7 + 3) % ANTAL].pk)
            return ordning.placera_aktivitet(en, foralder=None, efter=efter, version=1, av=samordnare)

    svar = samtidigt([lambda en=en, nr=nr: flytta(en, nr) for nr, en in enumerate(alla)])
    assert Counter(type(en).__name__ for en in svar) == {"Aktivitet": ANTAL}  # nobody moves what another has moved
    efter = list(Aktivitet.objects.filter(utgava=fall.sdk, avser_ar=2024).values_list("pk", "ordning", "version"))
    assert [plats for _, plats, _ in efter] == list(range(1, ANTAL + 2))
    assert {pk: version - 1 for pk, _, version in efter if pk in sista} == sista
    hel(fall.plan)
