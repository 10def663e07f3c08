"""A plan with a history, and what tests ask of a chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction

from budget.formular import platsnamn
from budget.models import Fotnot
from handlingsplan import historik
from handlingsplan.historikmodeller import Handelse
from handlingsplan.models import Anvandare, Handlingsplan, Versionerad
from handlingsplan.sparande import plan_for_skrivning, spara
from insatsomraden.models import Omradesutgava
from tests.planfall import Planfall, planfall


def med_kedja(plan: Handlingsplan, av: Anvandare) -> Planfall:
    """Fill the plan, and save its first goal five times: five entries."""
    fall = planfall(plan)
    with plan_for_skrivning(plan):
        for nr in range(5):
            spara(fall.alla_mal[0], {"text": f"Text {nr}"}, version=nr + 1, av=av)
    return fall


def rader(plan: Handlingsplan) -> list[Handelse]:
    """The plan's entries, the oldest first."""
    return list(plan.historik.order_by("nummer"))


def falt(en: Handelse, namn: str) -> tuple[Any, Any]:
    """A field's value before and after."""
    fore, efter = en.falt[namn]
    return fore, efter


def hel(plan: Handlingsplan) -> None:
    """The plan has a chain, and nothing is wrong with it."""
    antal, brister = historik.kontrollera(plan.pk)
    assert brister == []
    assert antal == plan.historik.count() > 0


# --- Played again --------------------------------------------------------------------------------------------------

type Nyckel = tuple[str, str]  # the model's label and the row's key, as an entry has them

# Siblings that are renumbered by a move have no entry, so the places of all are not told of.
_OBERATTAT = frozenset({"ordning"})
# What belongs to a row but lies in other tables, as a new row has it.
_UTANFOR: dict[str, dict[str, Any]] = {
    "insatsomraden.omradesutgava": {"ansvariga": []},
    "budget.fotnot": {"alla_platser": []},
}


@dataclass(frozen=True, slots=True)
class Tillstand:
    """Every row that a plan's history tells of, as it stood at one time, and how far each plan's chain reached."""

    rader: dict[Nyckel, dict[str, Any]]
    huvuden: dict[int, int]


def planens_modeller() -> list[type[models.Model]]:
    """Every model whose rows belong to a plan: a new one is here by itself."""
    alla = (modell for modell in apps.get_models() if issubclass(modell, Versionerad))
    return [modell for modell in alla if modell.plan_pk is not Versionerad.plan_pk]


def tillstand() -> Tillstand:
    """The plans as they stand now."""
    rader_: dict[Nyckel, dict[str, Any]] = {}
    for modell in planens_modeller():
        for rad in modell._default_manager.all():
            varden = historik.varden(rad)
            rader_[modell._meta.label_lower, str(rad.pk)] = {n: v for n, v in varden.items() if n not in _OBERATTAT}
    ansvariga: dict[int, list[int]] = {}
    for utgava, grupp in Omradesutgava.ansvariga.through.objects.values_list("omradesutgava", "samverkansgrupp"):
        ansvariga.setdefault(utgava, []).append(grupp)
    for pk in Omradesutgava.objects.values_list("pk", flat=True):
        rader_["insatsomraden.omradesutgava", str(pk)]["ansvariga"] = sorted(ansvariga.get(pk, []))
    for fotnot in Fotnot.objects.prefetch_related("alla_platser"):
        rader_["budget.fotnot", str(fotnot.pk)]["alla_platser"] = platsnamn(fotnot)
    return Tillstand(rader_, dict(Handelse.objects.values_list("plan_id").annotate(models.Max("nummer"))))


def ospelat(fore: Tillstand) -> list[str]:
    """Play the history again from `fore`: where it does not follow on what stood, or lead to what stands now.

    Empty where every change since has been told of, with before and after. Holds the plans' locks while it looks.
    """
    with transaction.atomic():
        list(Handlingsplan.objects.select_for_update())
        nu = tillstand()
        spelat = {nyckel: dict(rad) for nyckel, rad in fore.rader.items()}
        funna = []
        for en in Handelse.objects.order_by("plan_id", "nummer"):
            if en.nummer > fore.huvuden.get(en.plan_id, 0):
                funna += _spela(spelat, en)
    for nyckel in sorted(spelat.keys() | nu.rader.keys()):
        slut, star = spelat.get(nyckel), nu.rader.get(nyckel)
        if nyckel[0] in {modell._meta.label_lower for modell in planens_modeller()} and slut != star:
            funna.append(f"{nyckel}: historiken slutar i {_skiljer(slut, star)}")
    return funna


def _spela(spelat: dict[Nyckel, dict[str, Any]], en: Handelse) -> list[str]:
    """Do what one entry says, and what it says of before that is not so."""
    rad = spelat.setdefault((en.modell, en.objekt), dict(_UTANFOR.get(en.modell, {})))
    funna = []
    for namn, (fore, efter) in en.falt.items():
        if namn in _OBERATTAT:
            continue
        if (rad.get(namn) or None) != (fore or None):
            funna.append(f"{en}: {namn} var {rad.get(namn)!r}, inte {fore!r}")
        rad[namn] = efter
    if en.slag == Handelse.Slag.BORTTAGEN and "borttagen_at" not in en.falt:
        del spelat[en.modell, en.objekt]
    return funna


def _skiljer(slut: dict[str, Any] | None, star: dict[str, Any] | None) -> str:
    if slut is None or star is None:
        return f"{'ingen' if slut is None else 'en'} rad, men det finns {'ingen' if star is None else 'en'}"
    olika = [namn for namn in slut.keys() | star.keys() if slut.get(namn) != star.get(namn)]
    return ", ".join(f"{namn} {slut.get(namn)!r} i stället för {star.get(namn)!r}" for namn in sorted(olika))
