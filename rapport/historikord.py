"""What the history's keys and values mean in words.

The entries hold keys, not names. Names are looked up as they are now, in one statement per kind of row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, Literal

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from budget.belopp import Cellvarde, visa_cell, visa_decimal, visa_kr
from budget.celler import Cellplats
from budget.formular import platsens_etikett
from budget.modellord import koder_i_ord, nyckel_i_ord, partsnamn
from budget.models import (
    Beloppscell,
    Budgetpost,
    Cellkommentar,
    Modellgrupp,
    PubliceradKostnad,
    Utfall,
    Viktserie,
)
from budget.redigering import Budgetlage, las_lage
from handlingsplan.historikmodeller import Handelse
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.prosatext import ren_text
from handlingsplan.richtext import RikTextField

INGET: Final = "inget"
_ETIKETTER: Final = {
    "alla_platser": "platser",
    "andelar": "huvudmännens andelar",
    "skillnader": "huvudmännens skillnader",
    "dokumentets_avtryck": "dokumentets avtryck",
    "ordning": "plats i ordningen",
}
# What a kind of row is called where its own name is not what people say.
_ORD: Final = {
    "budget.budgetpost": "belopp",
    "budget.budgetrad": "rad för hela planen",
    "budget.cellkommentar": "kommentar",
    "budget.modellgrupp": "grupp i en modell",
    "budget.modellundantag": "undantag",
    "budget.modellvillkor": "villkor i en modell",
    "budget.viktserie": "nyckel",
    "handlingsplan.handlingsplan": "planen",
    "insatsomraden.omradesutgava": "insatsområde",
    "rapport.granskningssvar": "svar på granskningen",
}
# Tables of cells, whose rows come and go: by table and key, where the cell lies.
_CELLTABELLER: Final = (Budgetpost, Utfall)
_RELATIONER: Final = ("utgava", "rad", "plan", "foralder", "modell", "huvudman", "aktivitet")
# What names are made of where it lies in other tables, and what tells whether a value is still the same.
_FLERA: Final = ("ansvariga", "alla_platser")

type Sida = Literal[0, 1]  # of an entry's [before, after]


class Ord:
    """Names and words for some entries of one plan: people, rows, groups and cells, fetched once per kind."""

    def __init__(self, plan: Handlingsplan, handelser: Iterable[Handelse]) -> None:
        self._plan = plan
        self._handelser = tuple(handelser)
        nycklar: dict[type[models.Model], set[int]] = {Anvandare: set()}
        for en in self._handelser:
            modell = apps.get_model(en.modell)
            nycklar.setdefault(modell, set()).add(int(en.objekt))
            if en.anvandare_id is not None:
                nycklar[Anvandare].add(en.anvandare_id)
            for falt, par in en.falt.items():
                till = _pekar_pa(modell, falt)
                if till is not None:
                    nycklar.setdefault(till, set()).update(_tal(par))
        self._rader = {modell: _hamta(modell, pks) for modell, pks in nycklar.items() if pks}

    @cached_property
    def lage(self) -> Budgetlage:
        """The plan's budget: what its cells are called."""
        return las_lage(self._plan)

    @cached_property
    def _serier(self) -> dict[int, Viktserie]:
        """The plan's keys of cost models, removed ones too."""
        return {en.pk: en for en in Viktserie.objects.filter(plan=self._plan)}

    @cached_property
    def _cellplatser(self) -> Mapping[tuple[str, str], Cellplats]:
        funna: dict[tuple[str, str], Cellplats] = {}
        for modell in _CELLTABELLER:
            platser = cellplatser(self._plan.pk, self._handelser, self._rader.get(modell, {}), modell)
            funna |= {(modell._meta.label_lower, objekt): plats for objekt, plats in platser.items()}
        return funna

    def anvandare(self, pk: int | None) -> str:
        """The user's name as it is now. The history itself never held one."""
        if pk is None:
            return "systemet"
        return str(self._rader[Anvandare].get(pk, "borttaget konto"))

    def objekt(self, en: Handelse) -> Any:
        """The row that an entry speaks of, as it is now; None where it is gone."""
        return self._rader[apps.get_model(en.modell)].get(int(en.objekt))

    def rad_av(self, modell: type[models.Model], pk: int) -> Any:
        """A row by its key; None where it is gone. Those that the entries point at are there already."""
        rader = self._rader.setdefault(modell, {})
        if pk not in rader:
            rader[pk] = _hamta(modell, {pk}).get(pk)
        return rader[pk]

    @cached_property
    def publicerade(self) -> dict[int, PubliceradKostnad]:
        """The published rates that the plan has now, by year."""
        return {en.avser_ar: en for en in self._plan.publicerade_kostnader.all()}

    def cellplats(self, en: Handelse) -> Cellplats | None:
        """Where the cell of an entry lies; None where the entry is not of a cell, or nobody knows any more."""
        rad = self.objekt(en)
        if isinstance(rad, Cellkommentar):
            return Cellplats(rad.utgava_id, rad.rad_id, rad.budgetar, rad.finansiering)
        return self._cellplatser.get((en.modell, en.objekt))

    def rad(self, en: Handelse) -> str:
        """What an entry speaks of: `mål: Alla vårdgivare är anslutna`."""
        modell = apps.get_model(en.modell)
        ordet, plats, rad = _ORD.get(en.modell, str(modell._meta.verbose_name)), self.cellplats(en), self.objekt(en)
        if plats is not None:
            return f"{ordet}: {self.lage.etikett(plats)}"
        if modell is PubliceradKostnad and "avser_ar" in en.falt:
            return f"{ordet} {next(ett for ett in en.falt['avser_ar'] if ett)}"
        if rad is None:
            return f"{ordet} som inte finns kvar"
        text = " ".join(str(rad).split())
        return f"{ordet}: {text[:120]}{'…' if len(text) > 120 else ''}"

    def text(self, modell: type[models.Model], falt: str, varde: Any) -> str:
        """A stored value in words; keys as the names of what they point at, markup as it is."""
        if varde in (None, "", []):
            return INGET
        if falt == "alla_platser":
            return "; ".join(platsens_etikett(self.lage, namn) for namn in varde)
        if falt in ("andelar", "skillnader"):
            return "\n".join(f"{namn}: {visa_kr(ore)}\u00a0kr" for _, namn, _, ore in varde)
        if modell is Modellgrupp and (falt == "endast" or falt.startswith("nyckel_")):
            return koder_i_ord(varde, partsnamn()) if falt == "endast" else nyckel_i_ord(varde, self._serier)
        till = _pekar_pa(modell, falt)
        if till is not None:
            return ", ".join(_kort(self.rad_av(till, pk) or "borttagen") for pk in _tal([varde]))
        return _varde_i_ord(modell, falt, varde)


def _kort(rad: object) -> str:
    text = " ".join(str(rad).split())
    return f"{text[:80]}…" if len(text) > 80 else text


def etikett(modell: type[models.Model], falt: str) -> str:
    """A field's label, with a capital letter."""
    text = _ETIKETTER.get(falt, "")
    if not text:
        try:
            text = str(modell._meta.get_field(falt).verbose_name)  # type: ignore[union-attr]
        except (FieldDoesNotExist, AttributeError):
            text = falt
    return text[:1].upper() + text[1:]


def ar_text(modell: type[models.Model], falt: str) -> bool:
    """Whether a field is written text, whose words are compared."""
    kolumn = _kolumn(modell, falt)
    return isinstance(kolumn, models.CharField | models.TextField) and not kolumn.choices


def ar_lopande(modell: type[models.Model], falt: str) -> bool:
    """Whether a field is running text, of any length."""
    return isinstance(_kolumn(modell, falt), models.TextField)


def ar_rik(modell: type[models.Model], falt: str) -> bool:
    return isinstance(_kolumn(modell, falt), RikTextField)


def _kolumn(modell: type[models.Model], falt: str) -> Any:
    try:
        return modell._meta.get_field(falt)
    except FieldDoesNotExist:
        return None


def utan_formatering(modell: type[models.Model], falt: str, text: str) -> str:
    """A text of `Ord.text` on one line, for where there is no room for markup."""
    return ren_text(text) if ar_rik(modell, falt) else text


def _varde_i_ord(modell: type[models.Model], falt: str, varde: Any) -> str:
    kolumn = _kolumn(modell, falt)
    if kolumn is None:
        return str(varde)
    valbara = dict(kolumn.flatchoices or ())
    if varde in valbara:
        return str(valbara[varde])
    if isinstance(kolumn, models.BigIntegerField) and falt in ("total", "belopp", "utfall", "debiterat"):
        return f"{visa_kr(int(varde))}\u00a0kr"
    if isinstance(kolumn, models.DecimalField):
        return visa_decimal(Decimal(varde), 2)
    if isinstance(kolumn, models.DateTimeField):
        tid = parse_datetime(str(varde))
        return f"{timezone.localtime(tid):%Y-%m-%d %H:%M}" if tid else str(varde)
    return str(varde)


# --- Cells of the budget ---------------------------------------------------------------------------------------------


def cellplatser(
    plan_pk: int,
    handelser: Sequence[Handelse],
    rader: Mapping[Any, models.Model | None],
    modell: type[Beloppscell] = Budgetpost,
) -> dict[str, Cellplats]:
    """Where the cells of some entries lie, by the key of the row they had then in the table `modell`.

    From the rows that are still there (`rader`), else from the entry that made or removed the row. A cell that was
    emptied and filled again has had several rows.
    """
    etikett_ = modell._meta.label_lower
    sokta = {en.objekt for en in handelser if en.modell == etikett_}
    funna = {
        str(rad.pk): Cellplats(rad.utgava_id, rad.rad_id, rad.budgetar, rad.finansiering)
        for rad in rader.values()
        if isinstance(rad, modell)
    }
    funna |= _ur_handelser(en for en in handelser if en.modell == etikett_)
    kvar = sokta - funna.keys()
    if kvar:
        funna |= _ur_handelser(Handelse.objects.filter(plan_id=plan_pk, modell=etikett_, objekt__in=kvar))
    return funna


def _ur_handelser(handelser: Iterable[Handelse]) -> dict[str, Cellplats]:
    hela = [en for en in handelser if "budgetar" in en.falt]
    return {en.objekt: plats_ur(en) for en in hela}


def plats_ur(en: Handelse) -> Cellplats:
    """Where the cell lies, from an entry that made or removed its row."""
    sida = 1 if en.slag == Handelse.Slag.SKAPAD else 0
    namn = ("utgava", "rad", "budgetar", "finansiering")
    return Cellplats(*(en.falt[falt][sida] for falt in namn))


def cellvarde(falt: Mapping[str, Sequence[Any]], sida: Sida) -> Cellvarde | None:
    """What an entry of a budget row says that the cell held before (0) or after (1). None: ej ifyllt.

    An amount that was changed to another says nothing of its kind.
    """
    slag = falt["slag"][sida] if "slag" in falt else "belopp"
    if slag is None:
        return None
    if slag != "belopp":
        return Cellvarde("okant" if slag == "okant" else "ej_aktuellt")
    return Cellvarde("belopp", Decimal(falt["belopp"][sida]))


def cell_i_ord(falt: Mapping[str, Sequence[Any]], sida: Sida) -> str:
    cell = cellvarde(falt, sida)
    return f"{visa_cell(cell)}\u00a0kr" if cell is not None and cell.belopp is not None else visa_cell(cell)


# --- Rows ------------------------------------------------------------------------------------------------------------


def _pekar_pa(modell: type[models.Model], falt: str) -> type[models.Model] | None:
    """The model that a field holds keys of, or None."""
    till = getattr(_kolumn(modell, falt), "related_model", None)
    return till if isinstance(till, type) and falt != "alla_platser" else None


def _tal(varden: Iterable[Any]) -> list[int]:
    """The keys among values that are a key, a list of keys, or nothing."""
    return [pk for ett in varden for pk in (ett if isinstance(ett, list) else [ett]) if isinstance(pk, int)]


def _hamta(modell: type[models.Model], pks: set[int]) -> dict[Any, models.Model | None]:
    """The rows that are still there, with what their names and states are made of."""
    namn = {falt.name for falt in modell._meta.get_fields()}
    stora = [en.name for en in modell._meta.concrete_fields if isinstance(en, models.BinaryField | models.JSONField)]
    rader = modell._base_manager.filter(pk__in=pks).defer(*stora)
    narmast = [ett for ett in _RELATIONER if ett in namn and _kolumn(modell, ett).concrete]
    flera = [ett for ett in _FLERA if ett in namn]
    rader = rader.select_related(*narmast) if narmast else rader
    return {rad.pk: rad for rad in rader.prefetch_related(*flera)}
