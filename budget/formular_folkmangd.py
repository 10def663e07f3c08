"""Forms for population: one figure, a new date, a file from SCB."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from budget.alder import HOGSTA_ALDER, Aldersfel, Aldersspann, las_alder
from budget.belopp import visa_heltal
from budget.scb.lasning import HOGSTA_STORLEK
from budget.scb.rutnat import Cellfel, tolka_antal
from handlingsplan.falt import Isodatum

KALLA = "SCB, Folkmängden efter region"
MAX_MB = HOGSTA_STORLEK // 2**20
_UTAN_KALLA = {"required": "Skriv varifrån siffrorna kommer."}
FOR_STOR = f"Filen är större än {MAX_MB} MB. Hämta en tabell med bara region och år från SCB; den är mycket mindre."


class Antal(forms.Field):
    """A number of inhabitants, with or without spaces between thousands. Cleans to an int."""

    widget = forms.TextInput
    default_error_messages = {"required": "Skriv antalet invånare, till exempel 14 466."}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return visa_heltal(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return tolka_antal(str(value))
        except Cellfel as fel:
            raise ValidationError(str(fel), code="invalid") from fel


class Siffraformular(forms.Form):
    """One party's figure on one date, on top of the revision that the form was made from (0: none).

    `granskad` is the figure whose consequences the person has seen, if any.
    """

    antal = Antal(label="Antal invånare", help_text="Hela tal, till exempel 14 466.")
    kalla = forms.CharField(
        label="Källa", max_length=300, help_text="Var siffran kommer ifrån.", error_messages=_UTAN_KALLA
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    granskad = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def pa_ny_bas(self, revision: int) -> Siffraformular:
        """The same typed values on top of a newer revision; saving it again is the person's choice."""
        return self._med(revision=str(revision), granskad="")

    def granskat(self) -> Siffraformular:
        """The same, when the consequences of its figure are shown beside it."""
        return self._med(granskad=str(self.cleaned_data["antal"]))

    def _med(self, **falt: str) -> Siffraformular:
        data = QueryDict(mutable=True)
        data.update(self.data)
        for namn, text in falt.items():
            data[namn] = text
        ny = Siffraformular(data)
        ny.is_valid()
        return ny


def _inte_framtid(datum: Any) -> None:
    if datum > timezone.localdate():
        raise ValidationError("Datumet ligger i framtiden, så ingen folkmängd finns ännu.")


class Alder(forms.IntegerField):
    """One end of an age span, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        text = f"Skriv åldern som ett helt tal mellan 0 och {HOGSTA_ALDER}, eller lämna fältet tomt."
        kwargs["widget"] = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        kwargs["error_messages"] = dict.fromkeys(("invalid", "min_value", "max_value"), text)
        super().__init__(required=False, min_value=0, max_value=HOGSTA_ALDER, **kwargs)


class Aldersformular(forms.Form):
    """The ages that figures are of. Cleans to `alder`, an Aldersspann; all ages where nothing is written."""

    fran_alder = Alder(label="Från ålder", help_text="Lämna båda tomma för alla åldrar, som är det vanliga.")
    till_alder = Alder(label="Till ålder", help_text="Tomt betyder och äldre: 65 och tomt är 65 år och äldre.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                data["alder"] = Aldersspann(data.get("fran_alder"), data.get("till_alder"))
            except Aldersfel as fel:
                self.add_error("fran_alder", str(fel))
        return data


def giltig_alder(kod: str) -> Aldersspann | None:
    """The age span of an address (`65-`); None for anything else."""
    try:
        return las_alder(kod)
    except Aldersfel:
        return None


class Dagformular(Aldersformular):
    """A date to register figures on, and the ages they are of."""

    field_order = ("datum", "fran_alder", "till_alder")
    datum = Isodatum(label="Datum", help_text="Som 2024-12-31.", validators=[_inte_framtid])


def giltig_dag(text: str) -> date | None:
    """A date that figures may be registered on, as the forms take it; None for anything else."""
    form = Dagformular({"datum": text})
    return form.cleaned_data["datum"] if form.is_valid() else None


class Filformular(Aldersformular):
    """A file from SCB and what to read in it: a date, and all ages or an age span."""

    field_order = ("datum", "fil", "kalla", "fran_alder", "till_alder")
    datum = Isodatum(
        label="Folkmängd den",
        help_text="SCB:s årstabell gäller den 31 december, till exempel 2024-12-31.",
        validators=[_inte_framtid],
    )
    kalla = forms.CharField(label="Källa", max_length=300, initial=KALLA, error_messages=_UTAN_KALLA)
    fil = forms.FileField(
        label="Fil från SCB",
        help_text=(
            f"CSV, Excel (xlsx), JSON-stat2 eller PC-Axis (.px), högst {MAX_MB} MB. Du får se vad som ändras innan "
            "något sparas."
        ),
        error_messages={
            "required": "Välj en fil.",
            "missing": "Välj en fil.",
            "invalid": "Välj en fil.",
            "empty": "Filen är tom. Hämta den på nytt från SCB.",
        },
    )

    def clean_fil(self) -> Any:
        fil = self.cleaned_data["fil"]
        if fil.size > HOGSTA_STORLEK:
            raise ValidationError(FOR_STOR, code="for_stor")
        return fil
