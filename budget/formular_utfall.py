"""Forms of the follow-up: a workbook with outturn, and the year's rule for the reconciliation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from budget.formular_folkmangd import MAX_MB
from budget.models import Avstamningsregel
from budget.scb.lasning import HOGSTA_STORLEK
from handlingsplan.falt import Isodatum
from handlingsplan.formular import Versionsformular

FOR_STOR = f"Filen är större än {MAX_MB} MB. Arbetsboken som hämtas här är mycket mindre."


class Utfallsfil(forms.Form):
    """A workbook that was downloaded here and filled in."""

    fil = forms.FileField(
        label="Excelfil med utfall",
        help_text=f"Arbetsboken (xlsx) som du hämtat här, högst {MAX_MB} MB. Du får se vad som ändras först.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "Välj en fil.", "empty": "Filen är tom."},
    )

    def clean_fil(self) -> UploadedFile[Any]:
        fil: UploadedFile[Any] = self.cleaned_data["fil"]
        if fil.size is not None and fil.size > HOGSTA_STORLEK:
            raise ValidationError(FOR_STOR, code="for_stor")
        return fil


class Avstamningsregelformular(Versionsformular[Avstamningsregel]):
    """What happens with the difference, and the decision that says so. Without one it is refused."""

    beslutsdatum = Isodatum(label="Beslutets datum", error_messages={"required": "Skriv dagen för beslutet."})
    upphavt = Isodatum(label="Beslutet upphävt den", required=False, help_text="Bara om beslutet inte längre gäller.")

    class Meta:
        model = Avstamningsregel
        fields = ("overskott", "underskott", "instans", "beslutsdatum", "paragraf", "diarienummer", "upphavt")
        widgets = {"overskott": forms.RadioSelect, "underskott": forms.RadioSelect}
        labels = {"paragraf": "Paragraf"}
        help_texts = {
            "overskott": "Gäller varje huvudman som har betalat mer än sin del av utfallet.",
            "underskott": "Gäller varje huvudman som har betalat mindre än sin del av utfallet.",
            "instans": "Den som beslutade, till exempel regionfullmäktige.",
            "paragraf": "Numret, utan paragraftecken.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saknas = "Årets regel är ett beslut: fyll i {}."
        for namn, vad in (("instans", "instans"), ("paragraf", "paragraf"), ("diarienummer", "diarienummer")):
            self.fields[namn].required = True
            self.fields[namn].error_messages["required"] = saknas.format(vad)
        for namn in ("overskott", "underskott"):
            falt = self.fields[namn]
            falt.choices = [val for val in falt.choices if val[0]]  # type: ignore[attr-defined]
            falt.error_messages["required"] = "Välj vad som händer."

    def clean_beslutsdatum(self) -> object:
        datum = self.cleaned_data["beslutsdatum"]
        if datum > timezone.localdate():
            raise ValidationError("Datumet ligger i framtiden. Skriv in regeln när beslutet är fattat.")
        return datum

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        beslutat, upphavt = data.get("beslutsdatum"), data.get("upphavt")
        if beslutat and upphavt and upphavt < beslutat:
            self.add_error("upphavt", "Beslutet kan inte upphävas innan det fattas.")
        return data
