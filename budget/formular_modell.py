"""Forms for a plan's cost models: the model itself, a new one from a template or a copy, and its groups."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from budget.modellfalt import Exakttal, Kronor, tal_av
from budget.modellmallar import ANVANDNING, KOPIA, MALLAR
from budget.modellord import del_i_ord, nyckelval
from budget.models import Kostnadsmodell, Modellgrupp, Viktserie
from budget.models.beslut import BESLUTSFALT
from handlingsplan.falt import Isodatum
from handlingsplan.formular import Versionsformular
from handlingsplan.models import Handlingsplan, Huvudman, Versionerad

KRAV_BESLUT = {
    "instans": "Skriv vilken instans som har beslutat, till exempel regionfullmäktige.",
    "beslutsdatum": "Skriv beslutets datum, till exempel 2022-12-31.",
    "paragraf": "Skriv beslutets paragraf, till exempel 12.",
}


class Beslutsformular[M: Versionerad](Versionsformular[M]):
    """A form on what rests on a decision. `beslut_kravs`: refused without instance, date and paragraph."""

    beslut_kravs = True
    beslutsdatum = Isodatum(label="Beslutets datum", required=False)
    upphavt = Isodatum(
        label="Beslutet upphävt den",
        required=False,
        help_text="Från den dagen går beslutet inte att använda. Lämna tomt så länge det gäller.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for namn, text in KRAV_BESLUT.items():
            self.fields[namn].required = self.beslut_kravs
            self.fields[namn].error_messages["required"] = text
        self.fields["paragraf"].help_text = "Numret, utan paragraftecken."

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        angivna = [namn for namn in KRAV_BESLUT if data.get(namn)]
        if angivna and not self.beslut_kravs:
            for namn in KRAV_BESLUT.keys() - set(angivna) - self.errors.keys():
                self.add_error(namn, f"Ett beslut har instans, datum och paragraf. {KRAV_BESLUT[namn]}")
        beslutat, upphavt = data.get("beslutsdatum"), data.get("upphavt")
        if beslutat and upphavt and upphavt < beslutat:
            self.add_error("upphavt", f"Beslutet kan inte upphävas före {beslutat.isoformat()}, då det fattades.")
        return data


def krav(form: forms.BaseForm, namn: str, text: str) -> None:
    """What this kind needs, said beside the field where it is empty and nothing else is wrong with it."""
    if form.cleaned_data.get(namn) in (None, "") and namn not in form.errors:
        form.add_error(namn, text)


def behovs_ibland(form: forms.BaseForm, falten: Iterable[str]) -> None:
    """Fields that some choice in the form needs: not marked as optional."""
    for namn in falten:
        form.fields[namn].kravs_ibland = True  # type: ignore[attr-defined]


# --- The model -------------------------------------------------------------------------------------------------------


class Modellformular(Beslutsformular[Kostnadsmodell]):
    beslut_kravs = False

    class Meta:
        model = Kostnadsmodell
        fields = ("namn", "andelsform", *BESLUTSFALT)
        widgets = {"andelsform": forms.RadioSelect}
        help_texts = {"instans": "Den som har beslutat om modellen. Lämna beslutet tomt för ett förslag."}
        error_messages = {"namn": {"required": "Ge modellen ett namn."}}

    def clean_namn(self) -> str:
        return ledigt_namn(self, "Planen har redan en modell med det namnet.")


def ledigt_namn(form: Versionsformular[Any], upptaget: str) -> str:
    """The name, where no other row of the same kind in the plan has it."""
    namn, rad = str(form.cleaned_data["namn"]).strip(), form.instance
    andra = type(rad)._default_manager.filter(plan=rad.plan_id, namn=namn, borttagen_at=None)
    if andra.exclude(pk=rad.pk).exists():
        raise ValidationError(upptaget)
    return namn


class Nymodellformular(Versionsformular[Kostnadsmodell]):
    """A new model begins as a template or as a copy, whose groups are then changed as any others."""

    mall = forms.ChoiceField(
        label="Börja från",
        choices=[(mall.kod, mall.namn) for mall in MALLAR] + [(KOPIA, "en kopia av en modell som finns")],
        widget=forms.RadioSelect,
        error_messages={"required": "Välj vad modellen ska börja från."},
        help_text="Grupperna går att ändra sedan.",
    )
    serie = forms.ModelChoiceField(
        Viktserie.objects.none(), label="Nyckel", required=False, empty_label="Välj nyckel",
        help_text="För fördelning efter användning. Nycklar läggs in på sidan Modeller.",
    )  # fmt: skip
    kopiera = forms.ModelChoiceField(
        Kostnadsmodell.objects.none(), label="Kopiera från", required=False, empty_label="Välj modell",
        help_text="Grupper och villkor följer med, och de nycklar som modellen använder.",
    )  # fmt: skip
    field_order = ("namn", "mall", "serie", "kopiera")

    class Meta:
        model = Kostnadsmodell
        fields = ("namn",)
        error_messages = {"namn": {"required": "Ge modellen ett namn."}}

    def __init__(self, data: QueryDict | None = None, *, instance: Kostnadsmodell, **kwargs: Any) -> None:
        kwargs["initial"] = {"mall": MALLAR[0].kod} | kwargs.get("initial", {})
        super().__init__(data, instance=instance, **kwargs)
        plan: Handlingsplan = instance.plan
        self.fields["serie"].queryset = Viktserie.objects.filter(plan=plan, borttagen_at=None)  # type: ignore[attr-defined]
        modeller = Kostnadsmodell.objects.filter(plan__till_ar__lte=plan.till_ar, borttagen_at=None)
        falt: Any = self.fields["kopiera"]
        falt.queryset = modeller.select_related("plan").order_by("-plan__till_ar", "namn")
        falt.label_from_instance = lambda en: en.namn if en.plan_id == plan.pk else f"{en.namn} ({en.plan})"
        behovs_ibland(self, ("serie", "kopiera"))

    def clean_namn(self) -> str:
        return ledigt_namn(self, "Planen har redan en modell med det namnet.")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("mall") == ANVANDNING:
            finns = self.fields["serie"].queryset.exists()  # type: ignore[attr-defined]
            saknas = "Planen har ingen nyckel ännu. Lägg in en på sidan Modeller först, eller välj en annan början."
            krav(self, "serie", "Välj vilken nyckel som ska användas." if finns else saknas)
        if data.get("mall") == KOPIA:
            krav(self, "kopiera", "Välj vilken modell som ska kopieras.")
        return data


# --- A group ---------------------------------------------------------------------------------------------------------

NYCKLAR = (1, 2, 3)


class Gruppformular(Versionsformular[Modellgrupp]):
    """Who share one part, a fixed amount first, and up to three keys whose shares are one together."""

    andel = Exakttal(
        label="Gruppens del",
        help_text="Ett tal som 1 eller 30, eller en andel som 0,3, 30 % eller 1/3. 0 betyder att gruppen inte betalar.",
        error_messages={"required": "Skriv gruppens del, till exempel 1."},
    )
    endast = forms.MultipleChoiceField(
        label="Deltagare", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "En av deltagarna finns inte längre. Välj bland dem som står här."},
    )  # fmt: skip
    grundbelopp = Kronor(
        label="Fast belopp per deltagare, kr",
        help_text="Tas ut först av var och en; resten fördelas efter nycklarna. Lämna tomt om inget tas ut.",
    )
    nyckel_1 = forms.ChoiceField(label="Nyckel", error_messages={"required": "Välj vad gruppen delar efter."})
    andel_1 = Exakttal(label="Nyckelns andel", help_text="1 om gruppen har en enda nyckel, annars till exempel 0,3.")
    nyckel_2 = forms.ChoiceField(label="Andra nyckeln", required=False)
    andel_2 = Exakttal(label="Andra nyckelns andel", required=False)
    nyckel_3 = forms.ChoiceField(label="Tredje nyckeln", required=False)
    andel_3 = Exakttal(label="Tredje nyckelns andel", required=False)

    class Meta:
        model = Modellgrupp
        fields = (
            *("namn", "andel", "deltar", "endast", "grundbelopp"),
            *("nyckel_1", "andel_1", "nyckel_2", "andel_2", "nyckel_3", "andel_3"),
        )
        widgets = {"deltar": forms.RadioSelect}
        help_texts = {"namn": "Som i ”regionen” eller ”kommunerna”: namnet står i modellens mening."}
        error_messages = {"namn": {"required": "Ge gruppen ett namn."}}

    def __init__(self, data: QueryDict | None = None, *, instance: Modellgrupp, **kwargs: Any) -> None:
        kwargs["initial"] = {"endast": _koder(instance.endast)} | kwargs.get("initial", {})
        super().__init__(data, instance=instance, **kwargs)
        endast: Any = self.fields["endast"]
        endast.choices = [(en.kod, f"{en} ({en.kod})") for en in Huvudman.objects.all()]
        val = nyckelval(instance.modell.plan)
        kanda = {kod for kod, _ in val}
        for nr in NYCKLAR:
            egen = getattr(instance, f"nyckel_{nr}")
            borta = [(egen, "en nyckel som är borttagen")] if egen and egen not in kanda else []
            falt: Any = self.fields[f"nyckel_{nr}"]
            falt.choices = ([("", "Ingen")] if nr > 1 else []) + val + borta
            falt.error_messages["invalid_choice"] = "Nyckeln finns inte längre. Välj en annan."
        behovs_ibland(self, ("endast", "andel_2", "andel_3"))

    def clean_namn(self) -> str:
        namn, rad = str(self.cleaned_data["namn"]).strip(), self.instance
        andra = Modellgrupp.objects.filter(modell=rad.modell_id, namn=namn, borttagen_at=None).exclude(pk=rad.pk)
        if andra.exists():
            raise ValidationError("Modellen har redan en grupp med det namnet. Namnen skiljer dem åt i meningen.")
        return namn

    def clean_endast(self) -> str:
        return ",".join(sorted(self.cleaned_data["endast"]))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("deltar") != Modellgrupp.Deltar.UTVALDA:
            data["endast"] = ""
        elif not data.get("endast") and "endast" not in self.errors:
            self.add_error("endast", "Kryssa i minst en deltagare.")
        self._granska_nycklar(data)
        return data

    def _granska_nycklar(self, data: dict[str, Any]) -> None:
        if not data.get("nyckel_2"):  # the third is not asked for then
            data["nyckel_3"] = ""
        for nr in NYCKLAR[1:]:
            if data.get(f"nyckel_{nr}"):
                krav(self, f"andel_{nr}", "Skriv hur stor del som fördelas efter nyckeln, till exempel 0,7.")
            else:
                data[f"andel_{nr}"] = ""
                self.errors.pop(f"andel_{nr}", None)
        valda = [nr for nr in NYCKLAR if data.get(f"nyckel_{nr}")]
        if any(f"andel_{nr}" in self.errors or f"nyckel_{nr}" in self.errors for nr in NYCKLAR):
            return
        summa = sum((Fraction(tal_av(data[f"andel_{nr}"])) for nr in valda), Fraction(0))
        nycklar = [data[f"nyckel_{nr}"] for nr in valda]
        for plats, nr in enumerate(valda):
            if nycklar[plats] in nycklar[:plats]:
                self.add_error(f"nyckel_{nr}", "Nyckeln är redan vald i gruppen. Lägg ihop andelarna i stället.")
            if not tal_av(self.cleaned_data[f"andel_{nr}"]):
                self.add_error(f"andel_{nr}", "En nyckels andel är över 0. Ta bort nyckeln om den inte ska räknas.")
        if summa != 1:
            hur = "Nyckelns andel är" if len(valda) == 1 else "Nycklarnas andelar är tillsammans"
            ska = "en enda nyckel har andelen 1" if len(valda) == 1 else "de ska vara 1, eller 100 %"
            self.add_error(f"andel_{valda[-1]}", f"{hur} {del_i_ord(summa)}; {ska}.")


def _koder(text: str) -> list[str]:
    return [kod for kod in text.split(",") if kod]
