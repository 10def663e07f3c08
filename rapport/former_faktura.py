"""Forms of the billing basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from budget.delbetalningar import Period, fel_i_dagarna, perioder
from budget.models import Fakturautstallare, Faktureringsunderlag, Faktureringsuppgift
from handlingsplan.falt import Isodatum
from handlingsplan.formular import Versionsformular
from handlingsplan.models import Huvudman
from handlingsplan.ordning import svensk_nyckel


class Uppgiftsformular(Versionsformular[Faktureringsuppgift]):
    """A party's own reference and kontering."""

    class Meta:
        model = Faktureringsuppgift
        fields = ("referens", "kontering")
        widgets = {namn: forms.TextInput(attrs={"autocomplete": "off"}) for namn in ("referens", "kontering")}


class Utstallarformular(Versionsformular[Fakturautstallare]):
    """Who sends the plan's invoices: a party or another name; nothing chosen is the region."""

    class Meta:
        model = Fakturautstallare
        fields = ("huvudman", "namn")
        labels = {"namn": "Annan utställare"}
        help_texts = {
            "huvudman": "Den huvudman som skickar fakturorna. Väljer du ingen är det regionen.",
            "namn": "Fyll bara i om den som fakturerar inte är någon av huvudmännen.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        falt = self.fields["huvudman"]
        if isinstance(falt, forms.ModelChoiceField):
            alla = sorted(Huvudman.objects.all(), key=lambda en: (en.typ != "region", svensk_nyckel(en.namn)))
            falt.choices = [("", "Regionen, om inget annat namn står nedan"), *((en.pk, str(en)) for en in alla)]


class Delningsformular(forms.Form):
    """How a year is paid in parts. A GET form: what is not sent is the first of each."""

    delning = forms.ChoiceField(label="Delbetalningar", choices=Faktureringsunderlag.Delning)
    avrundning = forms.ChoiceField(label="Delbetalningar i", choices=Faktureringsunderlag.Avrundning)

    @classmethod
    def ur(cls, sokt: Mapping[str, str]) -> Delningsformular:
        return cls({namn: sokt.get(namn) or next(iter(falt.choices))[0] for namn, falt in cls.base_fields.items()})  # type: ignore[attr-defined]


class Utfardandeformular(forms.Form):
    """A day of invoice for each instalment, and what the person read."""

    avtryck = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, budgetar: int, delning: str, avtryck: str) -> None:
        super().__init__(data, initial={"avtryck": avtryck})
        self.budgetar, self.perioder = budgetar, perioder(budgetar, delning)
        for period in self.perioder:
            self.fields[f"dag_{period.nummer}"] = Isodatum(
                label=f"{period.namn} faktureras den", initial=period.fran, help_text=_hjalp(period)
            )

    @property
    def radfalt(self) -> list[forms.BoundField]:
        return [self[f"dag_{period.nummer}"] for period in self.perioder]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            for nr, besked in fel_i_dagarna(self.dagar, self.budgetar).items():
                self.add_error(f"dag_{nr + 1}", besked)
        return self.cleaned_data

    @property
    def dagar(self) -> Sequence[date]:
        """The days, in the instalments' order. For a form that is valid."""
        return [self.cleaned_data[f"dag_{period.nummer}"] for period in self.perioder]


def _hjalp(period: Period) -> str:
    return f"Avser {period.fran}–{period.till}."


class Kreditformular(forms.Form):
    skal = forms.CharField(
        label="Skäl", max_length=500, help_text="Vad som var fel, så att betalaren förstår. Står på krediten."
    )
