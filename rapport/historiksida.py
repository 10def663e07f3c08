"""The history of a plan as a person reads it: entries in words, autosaves of one sitting put together.

The entries hold keys, not names. Names are looked up as they are now, in one statement per kind of row on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from budget.belopp import till_ore, visa_hela_kr
from budget.formular import platsens_etikett
from budget.models import Budgetpost
from budget.redigering import Budgetlage, las_lage
from handlingsplan.historikmodeller import Handelse
from handlingsplan.models import Anvandare, Handlingsplan
from rapport.sok import ren_text

PER_SIDA: Final = 100
SAMMA_SITTNING: Final = timedelta(minutes=30)
INGET: Final = "inget"
# Fields that say where a row lies, not what it holds; and a currency that is always the same.
_DOLDA: Final = frozenset({"plan", "belopp_currency"})


@dataclass(frozen=True, slots=True)
class Andring:
    """One field: its label, and its value before and after as plain text."""

    etikett: str
    fore: str
    efter: str


@dataclass(frozen=True, slots=True)
class Post:
    """One line of the history: one entry, or several autosaves of one sitting. `nummer` is the last entry's."""

    nummer: int
    antal: int
    tid: datetime
    vem: str
    vad: str
    slag: str
    andringar: tuple[Andring, ...]


@dataclass(slots=True)
class _Grupp:
    """Entries that are shown as one, the newest first, with the fields' values before and after them all."""

    handelser: list[Handelse]
    falt: dict[str, list[Any]]

    def tar(self, en: Handelse) -> bool:
        """Whether an older entry of the same row belongs here: same person, same sitting, at most 30 minutes."""
        nyast = self.handelser[0]
        lika = (en.sittning, en.anvandare_id) == (nyast.sittning, nyast.anvandare_id)
        sparningar = en.slag == nyast.slag == Handelse.Slag.ANDRAD
        return bool(sparningar and lika and en.sittning and nyast.tid - en.tid <= SAMMA_SITTNING)

    def lagg(self, en: Handelse) -> None:
        self.handelser.append(en)
        for namn, (fore, efter) in en.falt.items():
            self.falt[namn] = [fore, self.falt[namn][1] if namn in self.falt else efter]


def poster(plan: Handlingsplan, sida: int) -> tuple[tuple[Post, ...], bool]:
    """The entries of one page (from 1), the newest first, and whether there are older ones."""
    fran = (sida - 1) * PER_SIDA
    handelser = list(plan.historik.order_by("-nummer")[fran : fran + PER_SIDA + 1])
    grupper = _gruppera(handelser[:PER_SIDA])
    namn = _Namn(plan, grupper)
    return tuple(_post(grupp, namn) for grupp in grupper), len(handelser) > PER_SIDA


def _gruppera(handelser: Iterable[Handelse]) -> list[_Grupp]:
    """Put entries of the same row together where nobody else has changed that row in between."""
    alla: list[_Grupp] = []
    senaste: dict[tuple[str, str], _Grupp] = {}
    for en in handelser:
        rad = (en.modell, en.objekt)
        if rad in senaste and senaste[rad].tar(en):
            senaste[rad].lagg(en)
            continue
        senaste[rad] = grupp = _Grupp([], {})
        grupp.lagg(en)
        alla.append(grupp)
    return alla


def _post(grupp: _Grupp, namn: _Namn) -> Post:
    nyast = grupp.handelser[0]
    modell = apps.get_model(nyast.modell)
    andringar = tuple(
        Andring(_etikett(modell, falt), namn.text(modell, falt, fore), namn.text(modell, falt, efter))
        for falt, (fore, efter) in grupp.falt.items()
        if falt not in _DOLDA and fore != efter
    )
    return Post(
        nummer=nyast.nummer,
        antal=len(grupp.handelser),
        tid=nyast.tid,
        vem=namn.anvandare(nyast.anvandare_id),
        vad=namn.rad(nyast),
        slag=nyast.get_slag_display(),
        andringar=andringar,
    )


def _etikett(modell: type[models.Model], falt: str) -> str:
    try:
        etikett = str(modell._meta.get_field(falt).verbose_name)  # type: ignore[union-attr]
    except (FieldDoesNotExist, AttributeError):
        etikett = {"alla_platser": "platser"}.get(falt, falt)
    return etikett[:1].upper() + etikett[1:]


class _Namn:
    """What the keys on one page mean: people, rows, groups and cells, fetched once per kind."""

    def __init__(self, plan: Handlingsplan, grupper: Iterable[_Grupp]) -> None:
        self._plan = plan
        self._lage: Budgetlage | None = None
        nycklar: dict[type[models.Model], set[int]] = {Anvandare: set()}
        for grupp in grupper:
            nyast = grupp.handelser[0]
            modell = apps.get_model(nyast.modell)
            nycklar.setdefault(modell, set()).add(int(nyast.objekt))
            if nyast.anvandare_id is not None:
                nycklar[Anvandare].add(nyast.anvandare_id)
            for falt, par in grupp.falt.items():
                till = _pekar_pa(modell, falt)
                if till is not None:
                    nycklar.setdefault(till, set()).update(_tal(par))
        self._rader = {modell: _hamta(modell, pks) for modell, pks in nycklar.items() if pks}

    def anvandare(self, pk: int | None) -> str:
        """The user's name as it is now. The history itself never held one."""
        if pk is None:
            return "systemet"
        return str(self._rader[Anvandare].get(pk, "borttaget konto"))

    def rad(self, en: Handelse) -> str:
        modell = apps.get_model(en.modell)
        rad = self._rader[modell].get(int(en.objekt))
        ordet = str(modell._meta.verbose_name)
        if rad is None:
            return f"{ordet} som inte finns kvar"
        text = " ".join(str(rad).split())
        return f"{ordet}: {text[:120]}{'…' if len(text) > 120 else ''}"

    def text(self, modell: type[models.Model], falt: str, varde: Any) -> str:
        """A stored value in words; keys as the names of what they point at."""
        if varde in (None, "", []):
            return INGET
        if falt == "alla_platser":
            self._lage = self._lage or las_lage(self._plan)
            return "; ".join(platsens_etikett(self._lage, namn) for namn in varde)
        till = _pekar_pa(modell, falt)
        if till is not None:
            return ", ".join(str(self._rader[till].get(pk, "borttagen")) for pk in _tal([varde]))
        return _varde_i_ord(modell, falt, varde)


def _varde_i_ord(modell: type[models.Model], falt: str, varde: Any) -> str:
    kolumn: Any = modell._meta.get_field(falt)
    valbara = dict(kolumn.flatchoices or ())
    if varde in valbara:
        return str(valbara[varde])
    if modell is Budgetpost and falt == "belopp":
        return f"{visa_hela_kr(till_ore(Decimal(varde)))}\u00a0kr"
    if isinstance(kolumn, models.DateTimeField):
        tid = parse_datetime(str(varde))
        return f"{timezone.localtime(tid):%Y-%m-%d %H:%M}" if tid else str(varde)
    text = str(varde)
    return ren_text(text) if re.match(r"<[a-z]", text) else text


def _pekar_pa(modell: type[models.Model], falt: str) -> type[models.Model] | None:
    """The model that a field holds keys of, or None."""
    try:
        till = modell._meta.get_field(falt).related_model
    except FieldDoesNotExist:
        return None
    return till if isinstance(till, type) and falt != "alla_platser" else None


def _tal(varden: Iterable[Any]) -> list[int]:
    """The keys among values that are a key, a list of keys, or nothing."""
    return [pk for ett in varden for pk in (ett if isinstance(ett, list) else [ett]) if isinstance(pk, int)]


def _hamta(modell: type[models.Model], pks: set[int]) -> dict[Any, models.Model]:
    """The rows that are still there, with what their names are made of."""
    egna = {falt.name for falt in modell._meta.concrete_fields}
    narmast = [namn for namn in ("utgava", "rad", "plan") if namn in egna]
    rader = modell._base_manager.filter(pk__in=pks)
    return {rad.pk: rad for rad in (rader.select_related(*narmast) if narmast else rader)}
