"""A workbook's changes are made: all that was shown and nothing else, in one transaction, by the editors' services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from budget.cellsparande import skriv_alla
from budget.models import Budgetpost
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import plan_for_skrivning, spara
from insatsomraden.models import Aktivitet, Arstext, Mal, Omradesutgava
from insatsomraden.skapande import Samling, satt_ansvariga, skapa, skapa_aktivitet, skapa_mal, skapa_omrade
from rapport.excel.blad import BUDGET
from rapport.excel.forslag import Forslag, Planrad
from rapport.excel.granskning import granska
from rapport.excel.lage import Planlage
from rapport.excel.lasning import Fil


class Forandrad(Exception):
    """The plan has been changed since the preview was made. Nothing has been saved."""


def genomfor(plan: Handlingsplan, fil: Fil, avtryck: str, *, av: Anvandare) -> Forslag:
    """Do what the rows of `fil` were shown to do. Raises Forandrad, and PlanenFaststalld."""
    with plan_for_skrivning(plan) as last:
        lage, forslag = granska(last, fil, hel=False)
        if forslag.avtryck != avtryck or len(forslag.att_gora) != len(forslag.rader):
            raise Forandrad
        _Genomforare(lage, av).gor(forslag)
    return forslag


class _Genomforare:
    def __init__(self, lage: Planlage, av: Anvandare) -> None:
        self.lage, self.av = lage, av
        self.anteckningar: Samling = []
        self.nya_omraden: dict[str, Omradesutgava] = {}

    def gor(self, forslag: Forslag) -> None:
        """New areas first, which new rows may lie in; the budget's cells last."""
        rader = forslag.att_gora
        for rad in sorted(rader, key=lambda en: not (en.foljd == "ny" and en.rad.blad == "Insatsområden")):
            if rad.rad.blad == BUDGET:
                continue
            if rad.foljd == "ny":
                self._skapa(rad)
            else:
                self._andra(rad)
        historik.skriv(self.lage.plan.pk, self.anteckningar, av=self.av)
        celler = [rad.varden["cell"] for rad in rader if rad.rad.blad == BUDGET]
        budget = self.lage.budget
        skriv_alla(self.lage.plan, budget.poster, celler, budget.far_skrivas, modell=Budgetpost, av=self.av)

    def _andra(self, rad: Planrad) -> None:
        if rad.post is None:
            raise TypeError("en ändrad rad har en rad i planen")
        varden: dict[str, Any] = {"borttagen_at": timezone.now()} if rad.foljd == "borttagen" else dict(rad.varden)
        grupper = varden.pop("ansvariga", None)
        objekt = rad.post.objekt
        spara(objekt, varden, version=rad.post.version, av=self.av, samla=self.anteckningar)
        if grupper is not None:
            self._satt(objekt, grupper)

    def _satt(self, utgava: Omradesutgava, grupper: list[int]) -> None:
        valda = [self.lage.grupper[pk] for pk in grupper]
        satt_ansvariga(utgava, valda, av=self.av, samla=self.anteckningar)

    def _skapa(self, rad: Planrad) -> None:
        varden = dict(rad.varden)
        if rad.rad.blad == "Insatsområden":
            grupper = varden.pop("ansvariga")
            utgava = skapa_omrade(self.lage.plan, None, varden, av=self.av, samla=self.anteckningar)
            self.nya_omraden[utgava.namn.casefold()] = utgava
            self._satt(utgava, grupper)
            return
        varden["utgava"] = self._omrade(varden.pop("omrade"))
        if rad.rad.blad == "Mål":
            skapa_mal(Mal(**varden), av=self.av, samla=self.anteckningar)
        elif rad.rad.blad == "Aktiviteter":
            skapa_aktivitet(_aktivitet(varden), av=self.av, samla=self.anteckningar)
        else:
            skapa(Arstext(**varden), av=self.av, samla=self.anteckningar)

    def _omrade(self, omrade: int | str) -> Omradesutgava:
        return self.lage.omraden[omrade] if isinstance(omrade, int) else self.nya_omraden[omrade]


def _aktivitet(varden: Mapping[str, Any]) -> Aktivitet:
    falt = dict(varden)
    return Aktivitet(foralder_id=falt.pop("foralder"), **falt)
