"""A scenario becomes the draft budget: first shown, then done as it was shown or not at all.

The preview carries a fingerprint of everything it shows, the 34 shares among it. Amounts are saved by
`budget.cellsparande` and rules by `handlingsplan.sparande`, under one lock and in one transaction, each with its entry
in the plan's history, from where it can be put back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from budget.cellsparande import spara_celler
from budget.models import Fordelningsregel, Scenario
from budget.scenario import REGELFALT, las_json
from budget.scenarioformular import Prov, las_prov, som_data
from budget.scenarioord import Andringsord, i_ord
from budget.scenariorakning import Arsprov, las_utgangslage
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import Borttagen, avtryck, plan_for_skrivning, spara

_DELNING = {"modell", "andel_region", "andel_grupp"}
INGET_ATT_GORA = "Budgeten är redan som scenariot, så det finns inget att föra över."


class Inaktuell(Exception):
    """What was shown is no longer what would happen. Nothing has been saved; `nu` is what would happen now."""

    def __init__(self, nu: Overforing) -> None:
        super().__init__("Budgeten eller scenariot har ändrats sedan förhandsvisningen.")
        self.nu = nu


class KanInteForasOver(Exception):
    """There is a hindrance, which the preview shows. Nothing has been saved."""


@dataclass(frozen=True, slots=True)
class Overforing:
    """What would be done: the changes in words, those that are left out, and what the years then come to."""

    scenario: Scenario
    prov: Prov
    andringar: tuple[Andringsord, ...]
    utelamnas: tuple[Andringsord, ...]
    alla_ar: tuple[Arsprov, ...]

    @property
    def hinder(self) -> list[str]:
        """Why it cannot be done at all, in Swedish."""
        fel = [text for _, text in self.prov.fel]
        return fel or ([] if self.andringar else [INGET_ATT_GORA])

    @property
    def regler(self) -> list[tuple[int, str, str]]:
        """The years that get another rule, on what decision the year's rule rests now, and what is proposed instead.

        A decision on one ratio says nothing of another, so it is not proposed for it.
        """
        nya = [form for form in self.prov.regler if form.regel() is not None]
        return [
            (form.budgetar, form.sparad.hanvisning, "" if _DELNING & form.andringar.keys() else form.sparad.hanvisning)
            for form in nya
        ]

    @property
    def avtryck(self) -> str:
        """A fingerprint of all that is shown."""
        andelar = [[ett.budgetar, [(rad.kod, rad.nu, rad.prov) for rad in ett.rader]] for ett in self.alla_ar]
        ord_ = [[en.vad, en.nu, en.blir, en.hinder] for en in (*self.andringar, *self.utelamnas)]
        visat = [self.scenario.pk, self.scenario.version, ord_, andelar, self.regler]
        return avtryck(json.dumps(visat, ensure_ascii=False))


def forhandsvisa(plan: Handlingsplan, scenario: Scenario) -> Overforing:
    """What would be done if the scenario became the plan's budget now."""
    utgang = las_utgangslage(plan)
    innehall = las_json(scenario.innehall)
    prov = las_prov(utgang, som_data(innehall, utgang))
    alla = i_ord(innehall, utgang)
    return Overforing(
        scenario=scenario,
        prov=prov,
        andringar=tuple(en for en in alla if en.galler),
        utelamnas=tuple(en for en in alla if en.hinder),
        alla_ar=prov.rakna(),
    )


def genomfor(
    plan: Handlingsplan, scenario_pk: int, *, sett: str, hanvisningar: Mapping[int, str], av: Anvandare
) -> Overforing:
    """Do it, if it still is what `sett`, the preview's fingerprint, says, and return what was done.

    `hanvisningar` is the decision that each year's new rule rests on. Raises Inaktuell with what would happen instead,
    KanInteForasOver where there is a hindrance, Borttagen, and PlanenFaststalld.
    """
    with plan_for_skrivning(plan) as last:
        scenario = Scenario.objects.filter(pk=scenario_pk, plan=last, borttagen_at=None).first()
        if scenario is None:
            raise Borttagen("scenario")
        nu = forhandsvisa(last, scenario)
        if nu.avtryck != sett:
            raise Inaktuell(nu)
        if nu.hinder:
            raise KanInteForasOver(nu.hinder[0])
        spara_celler(last, nu.prov.celler.values(), av=av)
        anteckningar: list[historik.Anteckning | None] = []
        for form in nu.prov.regler:
            regel = form.regel()
            if regel is not None:
                regel.hanvisning = hanvisningar.get(form.budgetar, form.sparad.hanvisning)
                _spara_regel(last, form.sparad, regel, av, anteckningar)
        historik.skriv(last.pk, anteckningar, av=av)
    return nu


def _spara_regel(
    plan: Handlingsplan,
    sparad: Fordelningsregel,
    ny: Fordelningsregel,
    av: Anvandare,
    anteckningar: list[historik.Anteckning | None],
) -> None:
    """The year's own rule is changed; where what holds is the default's or another plan's, the plan gets its own."""
    if sparad.pk and sparad.plan_id == plan.pk:
        namn = (*REGELFALT, "hanvisning")
        andringar = {en: getattr(ny, en) for en in namn if getattr(ny, en) != getattr(sparad, en)}
        spara(sparad, andringar, version=sparad.version, av=av, samla=anteckningar)
        return
    ny.plan, ny.andrad_av = plan, av
    ny.save()
    anteckningar.append(historik.skapad(ny))
