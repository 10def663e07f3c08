"""Every page that a role can reach in the demo, read from the project's addresses: a new page is there by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from budget.models import Budgetrad, Fotnot, Kostnadsmodell, Modellgrupp, Scenario, Scenariodelning
from handlingsplan.models import Anvandare
from handlingsplan.views.planer import DELAR
from insatsomraden.models import Aktivitet, Arstext, Mal
from insatsomraden.views.omrade import _DELAR
from tests.webblasare import LASARE_MALMO, omrade

type Varden = list[str | int]

_NYCKEL = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def monster(rot: Any = None) -> Iterator[URLPattern]:
    for en in (rot or get_resolver()).url_patterns:
        if hasattr(en, "url_patterns"):
            yield from monster(en)
        else:
            yield en


def _pk(namn: str) -> Varden:
    """A row of the kind that the address is about; an area where the name says nothing else."""
    npo = omrade("npo")
    forsta, _, _ = namn.partition("_")
    rader: dict[str, Any] = {
        "budgetrad": Budgetrad.objects.filter(plan__till_ar=2024),
        "fotnot": Fotnot.objects.filter(plan__till_ar=2024),
        "scenario": Scenario.objects.filter(plan__till_ar=2024),
        "modell": Kostnadsmodell.objects.filter(plan__till_ar=2024),
        "modellgrupp": Modellgrupp.objects.filter(modell__plan__till_ar=2024).order_by("-ordning"),
        "anvandare": Anvandare.objects.filter(email=LASARE_MALMO),
        "roll": Anvandare.objects.filter(email=LASARE_MALMO),
        "mal": Mal.objects.filter(utgava=npo),
        "aktivitet": Aktivitet.objects.filter(utgava=npo),
    }
    listor = ("mal_lista", "mal_nytt", "aktivitet_lista", "aktivitet_ny")
    if namn in ("modellgrupp_ny", "modellvillkor_ny"):
        forsta = "modell"
    if forsta not in rader or namn in listor:
        return [npo.pk]
    return [rader[forsta].first().pk]


def _varden(namn: str, parameter: str) -> Varden:
    """What to put in one parameter of an address. Raises KeyError for a parameter that nobody has thought of."""
    if parameter == "pk":
        return _pk(namn)
    if parameter == "delen":
        return list(DELAR if namn == "plan_redigera" else _DELAR)
    lasare = Anvandare.objects.get(email=LASARE_MALMO)
    varden: dict[str, Varden] = {
        "till_ar": [2024, 2023],
        "avser_ar": [2024],
        "budgetar": [2024],
        "kod": ["1280", "12"],
        "datum": ["2022-12-31"],
        "slag": list(Arstext.Slag.values),
        "roll_pk": [lasare.alla_roller.get().pk],
        "uidb36": [user_pk_to_url_str(lasare)],
        "key": ["utan-verkan"],
        "sort": ["mal"],
        "nyckel": _pk("mal_redigera"),
        "nummer": [1],
        "delning": [Scenariodelning.objects.get().nyckel],
        "cell": [f"o{omrade('npo').pk}-2024-sgd"],
    }
    return varden[parameter]


def adresser() -> list[str]:
    """One or a few of every address, with rows that exist."""
    alla = ["/plan/2024/sok/?q=inera", "/plan/2024/fordelning/?ar=2023", "/finns-inte/"]
    alla += [f"/plan/2023/avstamning/2023/{vad}" for vad in ("", "regel/", "faststall/")]
    for en in monster():
        parametrar = list(en.pattern.regex.groupindex)
        val = product(*(_varden(en.name, parameter) for parameter in parametrar))
        alla += [reverse(en.name, kwargs=dict(zip(parametrar, ett, strict=True))) for ett in val]
    return alla


class Rollsidor:
    """The pages of each role (an e-mail address; empty for nobody), one refusal of each kind among them.

    What stands between head and foot is often the same for several roles. Such a page is listed for the first of
    them only, in the order of `roller`; the head and foot of every role are there on its other pages. A role is
    walked when it is first asked for, after those before it.
    """

    def __init__(self, roller: Iterable[str]) -> None:
        self._kvar = list(roller)
        self._funna: dict[str, list[str]] = {}
        self._sedda: set[str] = set()

    def __getitem__(self, vem: str) -> list[str]:
        while vem not in self._funna:
            nasta = self._kvar.pop(0)
            self._funna[nasta] = list(_nya_sidor(nasta, self._sedda))
        return self._funna[vem]


def _nya_sidor(vem: str, sedda: set[str]) -> Iterator[str]:
    klient = Client()
    if vem:
        klient.force_login(Anvandare.objects.get(email=vem))
    avslag = set()
    for adress in adresser():
        # These two do something: one ends the session, the others are files that take seconds to make.
        if adress == reverse("account_logout") or adress.endswith(".pdf"):
            continue
        svar = klient.get(adress)
        if svar.status_code not in (200, 403, 404) or not svar.headers.get("Content-Type", "").startswith("text/html"):
            continue
        if svar.status_code != 200 and svar.status_code in avslag:
            continue
        avslag.add(svar.status_code)
        innehall = _NYCKEL.sub("", svar.content.decode().partition("<main")[2].partition("</main>")[0])
        if innehall not in sedda or adress == "/":
            sedda.add(innehall)
            yield adress
