"""The plan of the next year from this one, in one act that can be thrown away.

Along come the areas that are in the plan or watched, their texts and goals, the last year's activities that are not
finished, and its amounts as the column to compare with. Goals and activities know what they go on from. The new year's
amounts are empty, and no text is altered: where another year is spoken of is told by `rapport.artal`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.models.deletion import Collector

from budget import modellmallar
from budget.models import Budgetpost, Budgetrad, Fordelningsregel, Kostnadsmodell
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import Krock
from insatsomraden.models import Aktivitet, Arstext, Mal, Omradesutgava

KLARA = (Aktivitet.Status.KLAR, Aktivitet.Status.UTGAR)
_EGNA = frozenset({"id", "version", "andrad_at", "andrad_av", "borttagen_at", "plan", "utgava", "foregangare"})


class GarInteAttGora(ValueError):
    """The act cannot be done; the message is Swedish and says why."""


@dataclass(slots=True)
class _Kopiering:
    """What is made, for the history, and who makes it."""

    av: Anvandare
    anteckningar: list[historik.Anteckning] = field(default_factory=list)

    def kopiera[M: models.Model](self, original: M, mer: dict[str, object] | None = None, **nya: Any) -> M:
        """Store a copy of a row with other values in some fields."""
        falt = {en.name: getattr(original, en.name) for en in original._meta.concrete_fields if en.name not in _EGNA}
        ny = type(original)(**(falt | nya), andrad_av=self.av)
        ny.save(force_insert=True)
        self.anteckningar.append(historik.skapad(ny, **(mer or {})))
        return ny


def nasta_ar(plan: Handlingsplan) -> int:
    return plan.till_ar + 1


def hinder(plan: Handlingsplan) -> str:
    """Why the next year's plan cannot be made; "" where it can."""
    finns = Handlingsplan.objects.filter(till_ar__gte=nasta_ar(plan)).order_by("till_ar").first()
    if finns is None:
        return ""
    if finns.till_ar == nasta_ar(plan):
        return f"Det finns redan en plan som slutar {finns.till_ar}: {finns}."
    return f"Det finns redan en senare plan: {finns}."


@transaction.atomic
def gor(plan: Handlingsplan, *, av: Anvandare) -> Handlingsplan:
    """Make the plan of the year after. Raises GarInteAttGora where there is one already, also made a moment ago."""
    last = Handlingsplan.objects.select_for_update().get(pk=plan.pk)
    if varfor := hinder(last):
        raise GarInteAttGora(varfor)
    budgetar = nasta_ar(last)
    kopiering = _Kopiering(av)
    ny = kopiering.kopiera(
        last,
        fran_ar=budgetar,
        till_ar=budgetar,
        titel=_titel(last, budgetar),
        delad_at=None,
        delad_av=None,
        faststalld_at=None,
        faststalld_hanvisning="",
        gjord_av=last,
    )
    utgavor = _omraden(last, ny, kopiering)
    rader = {en.pk: kopiering.kopiera(en, plan=ny) for en in last.alla_rader.filter(borttagen_at=None)}
    _belopp(last, ny, utgavor, rader, kopiering)
    historik.skriv(ny.pk, kopiering.anteckningar, av=av)
    _regel(last, ny, av)
    return ny


def _titel(plan: Handlingsplan, budgetar: int) -> str:
    """The same title with the new year in place of the old period, else the usual one."""
    return plan.titel.replace(plan.period, str(budgetar)) if plan.period in plan.titel else f"Handlingsplan {budgetar}"


def _omraden(fran: Handlingsplan, till: Handlingsplan, kopiering: _Kopiering) -> dict[int, Omradesutgava]:
    """The areas that go on, by the old edition's key, with what belongs to them."""
    nya: dict[int, Omradesutgava] = {}
    kvar = fran.alla_omraden.exclude(lage=Omradesutgava.Lage.UTGATT).prefetch_related("ansvariga")
    for utgava in kvar:
        grupper = sorted(en.pk for en in utgava.ansvariga.all())
        ny = kopiering.kopiera(utgava, {"ansvariga": grupper} if grupper else None, plan=till)
        ny.ansvariga.set(grupper)
        nya[utgava.pk] = ny
        for mal in utgava.alla_mal.filter(borttagen_at=None):
            kopiering.kopiera(mal, utgava=ny, foregangare=mal)
        for text in Arstext.objects.filter(utgava=utgava, avser_ar=fran.till_ar):
            kopiering.kopiera(text, utgava=ny, avser_ar=till.till_ar)
        _aktiviteter(list(utgava.alla_aktiviteter.filter(avser_ar=fran.till_ar, borttagen_at=None)), ny, kopiering)
    return nya


def _aktiviteter(alla: Iterable[Aktivitet], utgava: Omradesutgava, kopiering: _Kopiering) -> None:
    """Those that are not finished. One whose activity above is finished comes up to the level of that one."""
    alla = list(alla)
    per_pk = {en.pk: en for en in alla}
    nya: dict[int, Aktivitet] = {}

    def ovanfor(en: Aktivitet) -> Aktivitet | None:
        over = per_pk.get(en.foralder_id or 0)
        while over is not None and over.status in KLARA:
            over = per_pk.get(over.foralder_id or 0)
        return over

    def lagg_till(en: Aktivitet) -> Aktivitet:
        if en.pk not in nya:
            over = ovanfor(en)
            foralder = lagg_till(over) if over is not None else None
            nya[en.pk] = kopiering.kopiera(
                en, utgava=utgava, avser_ar=utgava.plan.till_ar, foralder=foralder, foregangare=en
            )
        return nya[en.pk]

    for en in alla:
        if en.status not in KLARA:
            lagg_till(en)


def _belopp(
    fran: Handlingsplan,
    till: Handlingsplan,
    utgavor: dict[int, Omradesutgava],
    rader: dict[int, Budgetrad],
    kopiering: _Kopiering,
) -> None:
    """The last year's amounts, as they are compared with."""
    for post in Budgetpost.objects.filter(plan=fran, budgetar=fran.till_ar):
        if post.utgava_id in utgavor or post.rad_id in rader:
            utgava, rad = utgavor.get(post.utgava_id or 0), rader.get(post.rad_id or 0)
            kopiering.kopiera(post, plan=till, utgava=utgava, rad=rad)


def _regel(fran: Handlingsplan, till: Handlingsplan, av: Anvandare) -> None:
    """The rule goes on with inhabitants a year later, where the plan has one of its own; so does its model."""
    regel = Fordelningsregel.objects.filter(plan=fran, budgetar=fran.till_ar).select_related("modell").first()
    if regel is None:
        return
    modell = None
    if regel.modell is not None:
        ny = Kostnadsmodell(plan=till, namn=regel.modell.namn)
        modell = modellmallar.skapa(ny, modellmallar.KOPIA, None, regel.modell, av=av)
    kopiering = _Kopiering(av)
    kopiering.kopiera(
        regel, plan=till, budgetar=till.till_ar, folkmangdsdatum=date(till.till_ar - 2, 12, 31), modell=modell
    )
    historik.skriv(till.pk, kopiering.anteckningar, av=av)


# --- Thrown away -----------------------------------------------------------------------------------------------------


def far_slangas(plan: Handlingsplan) -> str:
    """Why the plan cannot be thrown away; "" where it can: it was made by `gor` and nobody outside has seen it."""
    if plan.gjord_av_id is None:
        return "Bara en plan som gjordes av året före kan slängas med sitt innehåll."
    if plan.ar_delad:
        return "Planen är delad med huvudmännen. En delad plan är en allmän handling och finns kvar."
    if plan.alla_versioner.exists():
        return "Planen har frysta versioner, som finns kvar."
    return ""


def slang(plan: Handlingsplan, *, version: int, av: Anvandare) -> None:
    """Delete the plan with everything in it; its history stays, with what each row held.

    Raises GarInteAttGora, and Krock where the plan has another version than the person saw.
    """
    with transaction.atomic():
        last = Handlingsplan.objects.select_for_update().get(pk=plan.pk)
        if varfor := far_slangas(last):
            raise GarInteAttGora(varfor)
        if last.version != version:
            raise Krock(last, ("plan",))
        historik.skriv(last.pk, [historik.borttagen(en) for en in _allt_i(last)], av=av)
        last.delete()


def _allt_i(plan: Handlingsplan) -> list[models.Model]:
    """The plan and every row that goes with it and is told of in its history."""
    samlare = Collector(using="default")
    samlare.collect([plan])
    rader = [en for alla in (*samlare.data.values(), *samlare.fast_deletes) for en in alla]
    unika = {(type(en), en.pk): en for en in rader}  # a row that several others go with is collected more than once
    return [en for en in unika.values() if getattr(en, "plan_pk", lambda: None)() == plan.pk]


def antal_andringar(plan: Handlingsplan) -> int:
    """How many changes have been made in the plan since it was made."""
    return plan.historik.exclude(slag=historik.Slag.SKAPAD).count()


def mal_genom_aren(mal: Mal) -> list[Mal]:
    """A goal and what it goes on from, the newest first."""
    kedja = [mal]
    while (fore := kedja[-1].foregangare) is not None and fore not in kedja:
        kedja.append(fore)
    return kedja
