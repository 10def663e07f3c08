"""Forms for population: one figure, a new date, a file from SCB."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

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
    """One party's figure on one date, on top of the revision that the form was made from (0: none)."""

    antal = Antal(label="Antal invånare", help_text="Hela tal, till exempel 14 466.")
    kalla = forms.CharField(
        label="Källa", max_length=300, help_text="Var siffran kommer ifrån.", error_messages=_UTAN_KALLA
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def pa_ny_bas(self, revision: int) -> Siffraformular:
        """The same typed values on top of a newer revision; saving it again is the person's choice."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["revision"] = str(revision)
        ny = Siffraformular(data)
        ny.is_valid()
        return ny


def _inte_framtid(datum: Any) -> None:
    if datum > timezone.localdate():
        raise ValidationError("Datumet ligger i framtiden, så ingen folkmängd finns ännu.")


class Dagformular(forms.Form):
    """A date to register figures on."""

    datum = Isodatum(label="Datum", help_text="Som 2024-12-31.", validators=[_inte_framtid])


def giltig_dag(text: str) -> date | None:
    """A date that figures may be registered on, as the forms take it; None for anything else."""
    form = Dagformular({"datum": text})
    return form.cleaned_data["datum"] if form.is_valid() else None


class Filformular(forms.Form):
    """A file from SCB and the date to read in it."""

    datum = Isodatum(
        label="Folkmängd den",
        help_text="SCB:s årstabell gäller den 31 december, till exempel 2024-12-31.",
        validators=[_inte_framtid],
    )
    kalla = forms.CharField(label="Källa", max_length=300, initial=KALLA, error_messages=_UTAN_KALLA)
    fil = forms.FileField(
        label="Fil från SCB",
        help_text=f"CSV eller Excel (xlsx), högst {MAX_MB} MB. Du får se vad som ändras innan något sparas.",
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
