"""Forms for what a decision says beside a model's groups: conditions for one party, overrides, and the plan's keys."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.http import QueryDict

from budget.belopp import HART_MELLANSLAG, till_ore, visa_hela_kr
from budget.formular_modell import Beslutsformular, behovs_ibland, krav, ledigt_namn
from budget.modellfalt import Exakttal, Kronor, Viktvarden
from budget.models import Budgetpost, Finansiering, Kostnadsmodell, Modellundantag, Modellvillkor, Viktserie
from budget.models.beslut import BESLUTSFALT
from handlingsplan.falt import Isodatum
from handlingsplan.formular import Versionsformular
from handlingsplan.models import Handlingsplan, Huvudman
from insatsomraden.models import Aktivitet, Omradesutgava

_Slag = Modellvillkor.Slag
# What each kind of condition has; the rest is emptied.
_UPPGIFTER: Final[dict[str, tuple[str, ...]]] = {
    _Slag.FAKTOR: ("faktor", "bars_av"),
    _Slag.GOLV: ("belopp", "bars_av"),
    _Slag.TAK: ("belopp", "bars_av"),
    _Slag.BETALARE: ("betalas_av",),
}
_KRAVS: Final = {
    "faktor": "Skriv hur stor del huvudmannen betalar, till exempel 0,5 eller 50 %. 0 är befrielse.",
    "belopp": "Skriv beloppet i kronor.",
    "bars_av": "Välj vem som bär skillnaden.",
    "betalas_av": "Välj vem som betalar.",
}
_TOMT: Final[dict[str, Any]] = {"faktor": "", "belopp": None, "bars_av": "", "betalas_av": None}


class Villkorsformular(Beslutsformular[Modellvillkor]):
    """What a model says of one party, and why. Fields of other kinds are emptied, whatever stood in them."""

    faktor = Exakttal(
        label="Del av andelen", required=False, help_text="0,5 eller 50 % är hälften. 0 är befrielse. 2 är dubbelt."
    )
    belopp = Kronor(label="Belopp per år, kr")
    galler_fran = Isodatum(label="Gäller från och med", required=False)
    galler_till = Isodatum(label="Gäller till och med", required=False, help_text="Tomt om det gäller tills vidare.")

    class Meta:
        model = Modellvillkor
        fields = (
            *("slag", "huvudman", "faktor", "belopp", "bars_av", "betalas_av", "motivering"),
            *("galler_fran", "galler_till", *BESLUTSFALT),
        )
        widgets = {"slag": forms.RadioSelect, "motivering": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"motivering": "Visas för alla som läser planen."}
        error_messages = {
            "slag": {"required": "Välj vilket villkor som gäller."},
            "huvudman": {"required": "Välj vilken huvudman det gäller."},
            "motivering": {"required": "Skriv skälet, så att andra förstår varför."},
        }

    def __init__(self, data: QueryDict | None = None, *, instance: Modellvillkor, **kwargs: Any) -> None:
        super().__init__(data, instance=instance, **kwargs)
        slag: Any = self.fields["slag"]
        slag.choices = _Slag.choices
        for namn in ("huvudman", "betalas_av"):
            falt: Any = self.fields[namn]
            falt.empty_label = "Välj huvudman"
        barare: Any = self.fields["bars_av"]
        barare.choices = [("", "Välj"), *Modellvillkor.BarsAv.choices]
        behovs_ibland(self, ("faktor", "belopp", "bars_av", "betalas_av"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        har = _UPPGIFTER.get(data.get("slag") or "", ())
        for namn, text in _KRAVS.items():
            if namn in har:
                krav(self, namn, text)
            else:
                data[namn] = _TOMT[namn]
                self.errors.pop(namn, None)
        fran, till = data.get("galler_fran"), data.get("galler_till")
        if fran and till and till < fran:
            self.add_error("galler_till", f"Villkoret kan inte sluta gälla före {fran.isoformat()}, då det börjar.")
        if data.get("slag") and data.get("huvudman"):
            self._granska_mot_andra(data, data["huvudman"])
        return data

    def _granska_mot_andra(self, data: dict[str, Any], huvudman: Huvudman) -> None:
        """What the model says already of the party at the same time, and who pays for whom."""
        andra = self.instance.modell.alla_villkor.filter(borttagen_at=None).exclude(pk=self.instance.pk)
        alla = list(andra.select_related("huvudman", "betalas_av"))
        samtida = [en for en in alla if en.huvudman_id == huvudman.pk and _samtidigt(en, data)]
        slag = data["slag"]
        if any(en.slag == slag for en in samtida):
            self.add_error("huvudman", f"{huvudman} har redan ett sådant villkor i modellen för samma tid.")
        ovriga = {en.slag: en.belopp.amount for en in samtida if en.belopp}
        golv, tak = (data.get("belopp") if slag == en else ovriga.get(en) for en in (_Slag.GOLV, _Slag.TAK))
        if golv is not None and tak is not None and tak < golv and "belopp" not in self.errors:
            lagst, hogst = (f"{visa_hela_kr(till_ore(belopp))}{HART_MELLANSLAG}kr" for belopp in (golv, tak))
            self.add_error("belopp", f"{huvudman} kan inte betala minst {lagst} och högst {hogst}.")
        if slag == _Slag.BETALARE and data.get("betalas_av") is not None:
            self._granska_betalare(huvudman, data["betalas_av"], alla)

    def _granska_betalare(self, huvudman: Huvudman, betalare: Huvudman, andra: list[Modellvillkor]) -> None:
        betalar_for = {en.huvudman: en.betalas_av for en in andra if en.betalas_av is not None} | {huvudman: betalare}
        vagen: list[Huvudman] = [huvudman]
        while (nasta := betalar_for.get(vagen[-1])) is not None and nasta not in vagen:
            vagen.append(nasta)
        if nasta is not None:
            ring = " → ".join(str(en) for en in (*vagen, nasta))
            sjalv = f"{huvudman} kan inte betala för sig själv."
            text = sjalv if betalare == huvudman else f"Betalarna går i ring: {ring}."
            self.add_error("betalas_av", text)


def _samtidigt(villkor: Modellvillkor, data: dict[str, Any]) -> bool:
    """Whether a condition is valid on some day that the typed one is."""
    fran = max(villkor.galler_fran or date.min, data.get("galler_fran") or date.min)
    till = min(villkor.galler_till or date.max, data.get("galler_till") or date.max)
    return fran <= till


# --- Keys ------------------------------------------------------------------------------------------------------------


class Serieformular(Versionsformular[Viktserie]):
    """What weighs besides inhabitants. Two columns from a spreadsheet can be pasted."""

    fran = Isodatum(label="Från och med", required=False)
    till = Isodatum(label="Till och med", required=False)

    class Meta:
        model = Viktserie
        fields = ("namn", "slag", "fran", "till", "kalla", "varden")
        field_classes = {"varden": Viktvarden}
        widgets = {
            "slag": forms.RadioSelect,
            "varden": forms.Textarea(attrs={"rows": 12, "autocomplete": "off", "spellcheck": "false"}),
        }
        error_messages = {
            "varden": {"required": "Skriv eller klistra in ett tal per huvudman."},
            "namn": {"required": "Skriv vad som räknas, till exempel inloggningar."},
            "slag": {"required": "Välj vad det är för slags tal."},
        }
        help_texts = {
            "kalla": "Varifrån talen kommer, till exempel Inera statistik 2023.",
            "varden": "En rad per huvudman: SCB-kod eller namn, och talet. Klistra gärna in två kolumner från Excel.",
        }

    def __init__(self, data: QueryDict | None = None, *, instance: Viktserie, **kwargs: Any) -> None:
        super().__init__(data, instance=instance, **kwargs)
        slag: Any = self.fields["slag"]
        slag.choices = Viktserie.Slag.choices
        self.fields["varden"].required = True
        behovs_ibland(self, ("fran", "till"))

    def clean_namn(self) -> str:
        return ledigt_namn(self, "Planen har redan en nyckel med det namnet.")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("slag") == Viktserie.Slag.TABELL:
            for namn in ("fran", "till"):
                data[namn] = None
                self.errors.pop(namn, None)
        elif data.get("slag"):
            krav(self, "fran", "Skriv periodens första dag, till exempel 2023-01-01.")
            krav(self, "till", "Skriv periodens sista dag, till exempel 2023-12-31.")
        if data.get("fran") and data.get("till") and data["till"] < data["fran"]:
            self.add_error("till", f"Perioden kan inte sluta före {data['fran'].isoformat()}, då den börjar.")
        return data


# --- Overrides -------------------------------------------------------------------------------------------------------


class Undantagsformular(Beslutsformular[Modellundantag]):
    """An area, or an activity's own amount in it, that one year is split by another model because of a decision."""

    budgetar = forms.TypedChoiceField(
        label="Budgetår", coerce=int, empty_value=None, error_messages={"required": "Välj budgetår."}
    )
    belopp = Kronor(
        label="Aktivitetens belopp, kr",
        help_text="Den del av områdets SGD-medel som aktiviteten kostar. Tomt om det gäller hela området.",
    )

    class Meta:
        model = Modellundantag
        fields = ("budgetar", "utgava", "aktivitet", "belopp", "modell", *BESLUTSFALT)
        help_texts = {"aktivitet": "Välj bara om undantaget gäller en enda aktivitet i området."}
        error_messages = {
            "utgava": {"required": "Välj insatsområde."},
            "modell": {"required": "Välj vilken modell som ska användas i stället."},
        }

    def __init__(self, data: QueryDict | None = None, *, instance: Modellundantag, **kwargs: Any) -> None:
        super().__init__(data, instance=instance, **kwargs)
        plan: Handlingsplan = instance.plan
        falt: Any = self.fields
        falt["budgetar"].choices = [(ett, str(ett)) for ett in plan.verksamhetsar]
        falt["utgava"].queryset = Omradesutgava.objects.filter(plan=plan, lage=Omradesutgava.Lage.INGAR)
        falt["utgava"].empty_label = "Välj insatsområde"
        falt["modell"].queryset = Kostnadsmodell.objects.filter(plan=plan, borttagen_at=None)
        falt["modell"].empty_label = "Välj modell"
        aktiviteter = Aktivitet.objects.filter(
            utgava__plan=plan, avser_ar__in=plan.verksamhetsar, borttagen_at=None
        ).select_related("utgava")
        falt["aktivitet"].queryset = aktiviteter.order_by("utgava__ordning", "avser_ar", "ordning", "pk")
        falt["aktivitet"].label_from_instance = lambda en: f"{en.utgava.kortnamn} {en.avser_ar}: {str(en)[:80]}"
        falt["aktivitet"].empty_label = "Hela området"
        behovs_ibland(self, ("belopp",))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        aktivitet, utgava, budgetar = data.get("aktivitet"), data.get("utgava"), data.get("budgetar")
        if aktivitet is None:
            if data.get("belopp") is not None:
                self.add_error("belopp", "Ett helt område har inget eget belopp. Töm fältet, eller välj en aktivitet.")
        else:
            krav(self, "belopp", "Skriv aktivitetens belopp i kronor.")
            if data.get("belopp") is not None and not data["belopp"]:
                self.add_error("belopp", "Aktivitetens belopp är över 0 kr.")
            if utgava and budgetar and (aktivitet.utgava_id, aktivitet.avser_ar) != (utgava.pk, budgetar):
                self.add_error(
                    "aktivitet", f"Aktiviteten hör till {aktivitet.utgava} {aktivitet.avser_ar}. Välj en annan."
                )
        if utgava and budgetar:
            self._granska_ett(data)
            self._granska_belopp(data)
        return data

    def _andra(self, data: dict[str, Any]) -> Any:
        alla = Modellundantag.objects.filter(budgetar=data["budgetar"], utgava=data["utgava"], borttagen_at=None)
        return alla.exclude(pk=self.instance.pk)

    def _granska_ett(self, data: dict[str, Any]) -> None:
        """Two models on one row are refused in words."""
        finns = self._andra(data).filter(aktivitet=data.get("aktivitet")).select_related("modell").first()
        if finns is not None:
            vad, namn = (data["aktivitet"], "aktivitet") if data.get("aktivitet") else (data["utgava"], "utgava")
            text = (
                f"{vad} delas redan efter modellen {finns.modell} {data['budgetar']}. Ändra det undantaget i stället."
            )
            self.add_error(namn, text)

    def _granska_belopp(self, data: dict[str, Any]) -> None:
        """The activities' own amounts lie within the area's SGD money of the year."""
        if not data.get("aktivitet") or not data.get("belopp") or "belopp" in self.errors:
            return
        post = Budgetpost.objects.filter(
            plan=self.instance.plan_id, utgava=data["utgava"], budgetar=data["budgetar"], finansiering=Finansiering.SGD
        ).first()
        har = post.belopp.amount if post and post.belopp else None
        ar = f"{data['utgava']} {data['budgetar']}"
        if har is None:
            self.add_error("belopp", f"{ar} har inget känt SGD-belopp att ta av.")
            return
        tagna = sum(till_ore(ett.belopp.amount) for ett in self._andra(data).filter(aktivitet__isnull=False))
        kvar = till_ore(har) - tagna
        if till_ore(data["belopp"]) > kvar:
            tillagg = " kvar efter andra undantag" if tagna else ""
            self.add_error(
                "belopp", f"{ar} har {visa_hela_kr(kvar)}{HART_MELLANSLAG}kr i SGD-medel{tillagg}, mindre än så."
            )
