"""Forms for areas, goals and activities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify

from handlingsplan.falt import Isodatum
from handlingsplan.formular import Versionsformular
from insatsomraden.models import Aktivitet, Arstext, Insatsomrade, Mal, Omradesutgava, Samverkansgrupp

# Half a name makes no group: these are not sent when the form saves by itself.
_MED_KNAPP = {"data-med-knapp": ""}


class Omradesformular(Versionsformular[Omradesutgava]):
    class Meta:
        model = Omradesutgava
        fields = ("namn", "kortnamn", "lage", "lage_not")
        widgets = {"lage": forms.RadioSelect}
        help_texts = {
            "namn": "Som det står i rubriken, till exempel Nationell patientöversikt (NPÖ).",
            "kortnamn": "Som det står i budgetens tabell.",
            "lage_not": "Varför området bevakas eller har utgått. En mening.",
        }


class Beskrivningsformular(Versionsformular[Omradesutgava]):
    class Meta:
        model = Omradesutgava
        fields = ("beskrivning",)
        help_texts = {"beskrivning": "Vad är det, för vem, och vad gäller? Två till fyra stycken räcker oftast."}


class Syftesformular(Versionsformular[Omradesutgava]):
    class Meta:
        model = Omradesutgava
        fields = ("syfte",)
        help_texts = {"syfte": "Vad blir bättre, och för vem?"}


class Ansvarsformular(Versionsformular[Omradesutgava]):
    """The responsible groups, with a new group if it is missing in the list."""

    ansvariga = forms.ModelMultipleChoiceField(
        label="Ansvariga grupper",
        queryset=Samverkansgrupp.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ny_grupp = forms.CharField(
        label="Ny grupp",
        max_length=200,
        required=False,
        help_text="Finns gruppen inte i listan, skriv hela dess namn. Den läggs till när du sparar med knappen.",
        widget=forms.TextInput(attrs=_MED_KNAPP),
    )
    ny_grupp_kort = forms.CharField(
        label="Nya gruppens kortnamn", max_length=30, required=False, widget=forms.TextInput(attrs=_MED_KNAPP)
    )

    class Meta:
        model = Omradesutgava
        fields = ("ansvar_not",)
        help_texts = {"ansvar_not": "Till exempel på vems uppdrag."}

    field_order = ("ansvariga", "ny_grupp", "ny_grupp_kort", "ansvar_not", "version", "avtryck")

    def __init__(self, *args: Any, instance: Omradesutgava, **kwargs: Any) -> None:
        kwargs["initial"] = {"ansvariga": instance.ansvariga.all()} | kwargs.get("initial", {})
        super().__init__(*args, instance=instance, **kwargs)

    def varden(self, rad: Omradesutgava) -> dict[str, Any]:
        """The note and the groups' keys, which are compared as one text."""
        grupper = sorted(rad.ansvariga.values_list("pk", flat=True))
        return super().varden(rad) | {"ansvariga": " ".join(map(str, grupper))}

    def nya_varden(self) -> dict[str, Any]:
        valda = sorted(grupp.pk for grupp in self.cleaned_data["ansvariga"])
        ny = {"ny_grupp": self.cleaned_data["ny_grupp"]} if self.cleaned_data["ny_grupp"] else {}
        return {"ansvar_not": self.instance.ansvar_not, "ansvariga": " ".join(map(str, valda)), **ny}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kort, namn = data.get("ny_grupp_kort", ""), data.get("ny_grupp", "")
        if bool(kort) != bool(namn):
            self.add_error("ny_grupp" if kort else "ny_grupp_kort", "En ny grupp behöver både namn och kortnamn.")
        if kort and Samverkansgrupp.objects.filter(kortnamn=kort).exists():
            self.add_error("ny_grupp_kort", "Det finns redan en grupp med det kortnamnet. Välj den i listan.")
        return data


class Arstextformular(Versionsformular[Arstext]):
    class Meta:
        model = Arstext
        fields = ("text",)


class Malformular(Versionsformular[Mal]):
    class Meta:
        model = Mal
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        labels = {"text": "Mål"}
        help_texts = {"text": "Ett tillstånd som ska vara nått, inte något som ska göras."}


class Aktivitetsformular(Versionsformular[Aktivitet]):
    start = Isodatum(label="Start", required=False, help_text="Datum som 2024-02-01.")
    slut = Isodatum(label="Slut", required=False, help_text="Datum som 2024-11-30.")

    class Meta:
        model = Aktivitet
        fields = ("text", "villkor", "ansvarig", "status", "start", "slut")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "villkor": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"text": "Aktivitet"}
        help_texts = {"villkor": "Om den bara görs under en förutsättning."}


class NyttOmradeFormular(forms.Form):
    """An area for the plan: one that has been in a plan before, or a new one."""

    insatsomrade = forms.ModelChoiceField(
        label="Område från en tidigare plan",
        queryset=Insatsomrade.objects.none(),
        required=False,
        empty_label="Ett nytt område",
        help_text="Väljer du ett tidigare område kan dess mål och historia följas över åren.",
    )
    namn = forms.CharField(
        label="Namn", max_length=200, required=False, help_text="För ett nytt område, till exempel Digitala hjälpmedel."
    )
    lage = forms.ChoiceField(
        label="Läge",
        choices=[(Omradesutgava.Lage.INGAR, "ingår i planen"), (Omradesutgava.Lage.BEVAKAS, "bevakas utan budget")],
        initial=Omradesutgava.Lage.INGAR,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, plan_pk: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        valbara = Insatsomrade.objects.exclude(alla_utgavor__plan=plan_pk)
        self.fields["insatsomrade"].queryset = valbara  # type: ignore[attr-defined]

    @property
    def radfalt(self) -> list[forms.BoundField]:
        return list(self)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("insatsomrade") and not data.get("namn", "").strip():
            self.add_error("namn", "Skriv områdets namn, eller välj ett tidigare område.")
        return data


def ledig_kod(namn: str) -> str:
    """A code for a new area, made from its name and not taken by another."""
    bas = slugify(namn.lower().replace("å", "a").replace("ä", "a").replace("ö", "o"))[:50] or "omrade"
    kod, nummer = bas, 2
    while Insatsomrade.objects.filter(kod=kod).exists():
        kod, nummer = f"{bas}-{nummer}", nummer + 1
    return kod
