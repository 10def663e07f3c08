"""The form for a new plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from handlingsplan.models import Handlingsplan


class Nyplanformular(forms.ModelForm[Handlingsplan]):
    """Period and title. An empty title becomes the word and the period; none is put there before, to be left behind
    when the years are changed."""

    class Meta:
        model = Handlingsplan
        fields = ("fran_ar", "till_ar", "titel")
        widgets = {
            "fran_ar": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            "till_ar": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        }
        help_texts = {
            "till_ar": "Samma år två gånger för en plan på ett år. Planens adress blir det sista året.",
            "titel": "Utan titel heter planen Handlingsplan och åren den gäller.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = _forslag() | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["titel"].required = False

    def clean_till_ar(self) -> int:
        till_ar: int = self.cleaned_data["till_ar"]
        if Handlingsplan.objects.filter(till_ar=till_ar).exists():
            raise forms.ValidationError(f"Det finns redan en plan som slutar {till_ar}.")
        return till_ar

    def clean(self) -> dict[str, Any]:
        super().clean()
        fran_ar, till_ar = self.cleaned_data.get("fran_ar"), self.cleaned_data.get("till_ar")
        if fran_ar and till_ar and fran_ar > till_ar:
            self.add_error("till_ar", "Planens sista år kan inte vara före det första.")
        elif fran_ar and till_ar and not self.cleaned_data.get("titel") and "titel" not in self.errors:
            period = Handlingsplan(fran_ar=fran_ar, till_ar=till_ar).period
            self.cleaned_data["titel"] = f"Handlingsplan {period}"
        return self.cleaned_data


def _forslag() -> dict[str, Any]:
    """The year after the newest plan, or next year where there is none."""
    nyast = Handlingsplan.objects.first()
    nasta_ar = nyast.till_ar + 1 if nyast else timezone.localdate().year + 1
    return {"fran_ar": nasta_ar, "till_ar": nasta_ar}
