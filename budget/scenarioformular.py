"""The form one tries with: read cell by cell and year by year, and shown with what was typed on top of what is saved.

A cell is read as in the grid (`budget.celler`): the hidden *bas* says what its input was made from, so that what the
person has not touched follows the budget when it changes meanwhile. A rule's fields carry the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from django import forms

from budget.belopp import HART_MELLANSLAG, Cellvarde, till_ore, visa_cell, visa_tecken
from budget.celler import BASPREFIX, Bas, Cellplats, Inskickad, las_inskickade
from budget.fordelning import upprakning
from budget.models import Fordelningsregel, Scenario
from budget.redigering import Radhuvud, bas_for, slag_av, som_text, varde
from budget.scenario import FORHALLANDET, MAX_ANDEL, REGELFALT, Byte, Innehall, Regelvarde, regelvarde
from budget.scenarioord import REGELORD
from budget.scenariorakning import Arsprov, Utgangslage, med_datum, rakna_prov
from handlingsplan.falt import Isodatum
from handlingsplan.formular import Versionsformular

_EN_DEL = {
    "required": "Skriv ett heltal, till exempel 1.",
    "invalid": "Skriv ett heltal från 0, till exempel 1.",
    "min_value": "En del kan inte vara negativ. Skriv ett heltal från 0.",
    "max_value": "Talet är för stort.",
}


_ATTRIBUT = {
    "andel_region": {"inputmode": "numeric"},
    "andel_grupp": {"inputmode": "numeric"},
    "folkmangdsdatum": {"list": "prova-datum"},
}


class Namnformular(Versionsformular[Scenario]):
    class Meta:
        model = Scenario
        fields = ("namn",)
        error_messages = {"namn": {"required": "Ge scenariot ett namn."}}


class Provregel(forms.Form):
    """How one year would be shared. `sparad` is the rule that holds now."""

    modell = forms.TypedChoiceField(
        label="Modell",
        coerce=int,
        error_messages={
            "required": "Välj en modell.",
            "invalid_choice": "Modellen är inte kvar i planen. Välj en annan, eller förhållandet.",
        },
    )
    andel_region = forms.IntegerField(
        label="Regionens del", min_value=0, max_value=MAX_ANDEL, error_messages=_EN_DEL, widget=forms.TextInput
    )
    andel_grupp = forms.IntegerField(
        label="Kommunernas del", min_value=0, max_value=MAX_ANDEL, error_messages=_EN_DEL, widget=forms.TextInput
    )
    enhet = forms.ChoiceField(
        label="Avrundning till",
        choices=Fordelningsregel.Enhet.choices,
        error_messages={"required": "Välj 1 öre eller 1 krona.", "invalid_choice": "Välj 1 öre eller 1 krona."},
    )
    folkmangdsdatum = Isodatum(label="Folkmängd den")

    def __init__(self, sparad: Fordelningsregel, data: Mapping[str, str], modeller: Mapping[int, str]) -> None:
        self.sparad, self.modeller = sparad, modeller
        super().__init__(self._text(data), prefix=f"regel-{sparad.budgetar}", use_required_attribute=False)
        val = [(str(FORHALLANDET), "Förhållandet nedan"), *((str(pk), namn) for pk, namn in modeller.items())]
        cast("forms.ChoiceField", self.fields["modell"]).choices = val
        for namn, falt in self.fields.items():
            beskrivning = f"{self[namn].auto_id}_error nu-{self.prefix}"
            falt.widget.attrs |= {"autocomplete": "off", "aria-describedby": beskrivning} | _ATTRIBUT.get(namn, {})

    @property
    def budgetar(self) -> int:
        return self.sparad.budgetar

    @property
    def synliga(self) -> list[forms.BoundField]:
        """The fields that are shown: a choice of model where there is one."""
        return [falt for falt in self if falt.name != "modell" or self.modeller or falt.errors]

    @property
    def delas_nu(self) -> str:
        """How the year is shared now: `1:1 mellan regionen och kommunerna`, or the model's name."""
        if self.sparad.modell_id is not None:
            return f"efter {self.modeller.get(self.sparad.modell_id, 'en modell')}"
        return f"{self.sparad.andel_region}:{self.sparad.andel_grupp} mellan regionen och kommunerna"

    @property
    def datum(self) -> date | None:
        """The date of the inhabitants, where it can be read, whatever else is wrong."""
        return None if "folkmangdsdatum" in self.errors else self.cleaned_data["folkmangdsdatum"]

    @property
    def baser(self) -> list[tuple[str, str]]:
        """What each input is made from, for the hidden inputs: name and text."""
        return [(f"{BASPREFIX}{self.add_prefix(namn)}", _regeltext(self.sparad, namn)) for namn in REGELFALT]

    @property
    def andringar(self) -> dict[str, Regelvarde]:
        """The fields that can be read and are not as they are saved."""
        return {
            namn: self.cleaned_data[namn]
            for namn in REGELFALT
            if namn in self.cleaned_data and self.cleaned_data[namn] != regelvarde(self.sparad, namn)
        }

    def regel(self) -> Fordelningsregel | None:
        """The rule to compute with, not saved; None where the year's own holds: nothing is changed, or cannot be."""
        if self.errors or not self.andringar:
            return None
        falt = {namn: self.cleaned_data[namn] for namn in REGELFALT if namn != "modell"}
        modell = self.cleaned_data["modell"] or None
        return Fordelningsregel(plan=self.sparad.plan, budgetar=self.budgetar, modell_id=modell, **falt)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("andel_region") == 0 and data.get("andel_grupp") == 0:
            self.add_error(
                "andel_grupp", "Regionens del och kommunernas del kan inte båda vara 0: ingen skulle betala."
            )
        return data

    def krav_folkmangd(self, saknas: list[str]) -> None:
        """Refuse another rule with a date on which these have no figure (cost-split rule 5).

        Whether a model needs the figures is known when it has computed: `krav_modell`.
        """
        datum = self.cleaned_data["folkmangdsdatum"]
        if saknas and self.andringar and not self.cleaned_data.get("modell"):
            namn = saknas[:5] + ([f"{len(saknas) - 5} kommuner till"] if len(saknas) > 5 else [])
            text = f"Folkmängd den {datum.isoformat()} saknas för {upprakning(namn)}. Välj ett annat datum."
            self.add_error("folkmangdsdatum", text)

    def krav_modell(self, gar_inte: str) -> None:
        """Refuse a model that the year cannot be shared by, for this reason, beside what it is about."""
        regel = self.regel()
        if gar_inte and regel is not None and regel.modell_id is not None:
            om_datum = "folkmangdsdatum" in self.andringar and regel.folkmangdsdatum.isoformat() in gar_inte
            self.add_error("folkmangdsdatum" if om_datum else "modell", gar_inte)

    def _text(self, data: Mapping[str, str]) -> dict[str, str]:
        """What is to stand in the inputs: what was typed; as saved where nothing was."""
        fore = f"regel-{self.sparad.budgetar}-"
        nu = {f"{fore}{namn}": _regeltext(self.sparad, namn) for namn in REGELFALT}
        typat = {namn: data[namn] for namn in nu if namn in data and data[namn] != data.get(f"{BASPREFIX}{namn}")}
        return nu | typat


def _regeltext(regel: Fordelningsregel, namn: str) -> str:
    varde_ = regelvarde(regel, namn)
    return varde_.isoformat() if isinstance(varde_, date) else str(varde_)


# --- As it is shown --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Provruta:
    """One input: what is saved, what is tried, and the difference in words."""

    plats: Cellplats
    etikett: str
    text: str
    slag: str
    bas: str
    sparat: str
    skillnad: str
    fel: str = ""


@dataclass(frozen=True, slots=True)
class Prov:
    """What somebody tries: the cells that are touched, and a form per year. `strandade`: cells that cannot be tried."""

    utgang: Utgangslage
    celler: Mapping[Cellplats, Inskickad]
    strandade: Mapping[Cellplats, Inskickad]
    regler: tuple[Provregel, ...]

    @property
    def kolumner(self) -> list[int]:
        return [budgetar for budgetar, _ in self.utgang.kolumner]

    @property
    def rader_finns(self) -> bool:
        return bool(self.utgang.rader)

    @property
    def rader(self) -> Iterator[tuple[Radhuvud, list[Provruta]]]:
        for rad in self.utgang.rader:
            yield rad, [self._ruta(rad.plats(kolumn)) for kolumn in self.utgang.kolumner]

    @property
    def fel(self) -> list[tuple[str, str]]:
        """Everything that cannot be read: the input's id, and what is wrong."""
        i_celler = [(en.plats.namn, f"{self.utgang.lage.etikett(en.plats)}: {en.fel}") for en in self._felaktiga]
        i_regler = [
            (form[namn].id_for_label, f"{REGELORD[namn]} {form.budgetar}: {text}")
            for form in self.regler
            for namn, texter in form.errors.items()
            for text in texter
        ]
        return i_celler + i_regler

    @property
    def _felaktiga(self) -> list[Inskickad]:
        return [en for en in self.celler.values() if en.fel]

    @property
    def innehall(self) -> Innehall:
        """What differs from what is saved now. Cells that cannot be tried just now are kept as they came."""
        celler = {plats: Byte(self._sparat(plats), en.varde) for plats, en in self.celler.items() if not en.fel}
        celler = {plats: ett for plats, ett in celler.items() if ett.fran != ett.till}
        celler |= {plats: Byte(en.bas.varde, en.varde) for plats, en in self.strandade.items() if not en.fel}
        regler: dict[tuple[int, str], Byte[Regelvarde]] = {
            (form.budgetar, namn): Byte(regelvarde(form.sparad, namn), nytt)
            for form in self.regler
            for namn, nytt in form.andringar.items()
            if namn not in form.errors
        }
        return Innehall(celler, regler)

    @property
    def att_spara(self) -> Innehall:
        """`innehall`, and what the years come to now, which is told from when it is shown later."""
        return replace(self.innehall, utfall={ett.budgetar: ett.som_utfall for ett in self.rakna()})

    def rakna(self) -> tuple[Arsprov, ...]:
        """Each year as tried beside each year as it is. What cannot be read counts as it is saved."""
        andrade = {form.budgetar: regel for form in self.regler if (regel := form.regel()) is not None}
        return rakna_prov(self.utgang, self.celler, andrade)

    def _sparat(self, plats: Cellplats) -> Cellvarde | None:
        return varde(self.utgang.lage.poster.get(plats))

    def _ruta(self, plats: Cellplats) -> Provruta:
        nu, sand = self._sparat(plats), self.celler.get(plats)
        prov = sand.varde if sand is not None and not sand.fel else nu
        return Provruta(
            plats=plats,
            etikett=self.utgang.lage.etikett(plats),
            text=sand.text if sand is not None else som_text(nu),
            slag="" if sand is not None and sand.fel else slag_av(prov),
            bas=str(bas_for(self.utgang.lage.poster.get(plats))),
            sparat=visa_cell(nu),
            skillnad=skillnad(nu, prov),
            fel=sand.fel if sand is not None else "",
        )


def skillnad(nu: Cellvarde | None, prov: Cellvarde | None) -> str:
    """`+100 000 kr`, `okänt i stället`, or nothing where they are the same."""
    if nu == prov:
        return ""
    if nu is not None and prov is not None and nu.belopp is not None and prov.belopp is not None:
        return f"{visa_tecken(till_ore(prov.belopp) - till_ore(nu.belopp), hela=True)}{HART_MELLANSLAG}kr"
    return f"{visa_cell(prov)} i stället"


# --- From what was sent, or from a scenario --------------------------------------------------------------------------


def las_prov(utgang: Utgangslage, data: Mapping[str, str]) -> Prov:
    """Read a sent form; what it does not mention is as it is saved. Inhabitants on new dates are fetched."""
    egna = {
        plats: en
        for plats, en in las_inskickade(data).items()
        if en.ar_andrad and (plats.budgetar, plats.finansiering) in utgang.kolumner
    }
    celler = {plats: en for plats, en in egna.items() if utgang.kan_provas(plats)}
    kanda = utgang.lage.radnamn
    strandade = {
        plats: en for plats, en in egna.items() if plats not in celler and (plats.utgava_id, plats.rad_id) in kanda
    }
    regler = tuple(Provregel(utgang.kalla.regler[ett], data, utgang.modeller) for ett, _ in utgang.kolumner)
    datum = {form.budgetar: form.datum for form in regler if form.datum is not None}
    utgang = med_datum(utgang, datum)
    for form in regler:
        if form.budgetar in datum:
            form.krav_folkmangd(utgang.saknar_folkmangd(datum[form.budgetar], form.budgetar))
    prov = Prov(utgang, celler, strandade, regler)
    if any(form.cleaned_data.get("modell") for form in regler):
        for form, ars in zip(regler, prov.rakna(), strict=True):
            form.krav_modell(ars.gar_inte)
    return prov


def som_data(innehall: Innehall, utgang: Utgangslage) -> dict[str, str]:
    """A scenario as the form that would send it."""
    data = {}
    for plats, ett in innehall.celler.items():
        kan_provas = utgang.kan_provas(plats)
        bas = bas_for(utgang.lage.poster.get(plats))
        data[plats.namn] = som_text(ett.till)
        data[f"{BASPREFIX}{plats.namn}"] = str(bas if kan_provas else Bas(0, ett.fran))
    for (budgetar, namn), byte in innehall.regler.items():
        data[f"regel-{budgetar}-{namn}"] = byte.till.isoformat() if isinstance(byte.till, date) else str(byte.till)
    return data
