"""Forms for accounts and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html

from handlingsplan.behorighet import HOS_HUVUDMAN
from handlingsplan.models import Anvandare, Huvudman, Roll
from handlingsplan.ordning import svensk_nyckel

_VAD_ROLLEN_GOR = {
    Roll.Slag.SAMORDNARE: "Redigerar planer, budget, folkmängd och huvudmän.",
    Roll.Slag.LASARE: "Läser delade planer, med sin egen huvudmans andel först.",
    Roll.Slag.EKONOM: "Läser delade planer och skriver sin egen huvudmans referens och kontering på fakturor.",
    Roll.Slag.BEREDNING: "Läser allt, också planer som inte är delade.",
    Roll.Slag.ADMINISTRATOR: "Lägger upp konton och ger roller. Ändrar folkmängd och huvudmän, men inga planer.",
}


def _rollval() -> list[tuple[str, str]]:
    namn = [(slag, slag.label[0].upper() + slag.label[1:]) for slag in Roll.Slag]
    return [(slag, format_html("{}<small>{}</small>", text, _VAD_ROLLEN_GOR[slag])) for slag, text in namn]


class Anvandarformular(forms.ModelForm[Anvandare]):
    """Name and address. The address is kept in lower case: it is what a person logs in with."""

    class Meta:
        model = Anvandare
        fields = ("namn", "email")
        widgets = {
            "namn": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {"email": "Den används för att logga in."}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class Rollformular(forms.Form):
    """One role to give: which, and for a reader or an ekonom whose."""

    slag = forms.ChoiceField(label="Roll", choices=_rollval, widget=forms.RadioSelect)
    huvudman = forms.ModelChoiceField(label="Huvudman", queryset=Huvudman.objects.all(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alla = sorted(Huvudman.objects.all(), key=lambda en: (en.typ != "region", svensk_nyckel(en.namn)))
        falt = self.fields["huvudman"]
        if isinstance(falt, forms.ModelChoiceField):
            falt.choices = [("", "Välj huvudman"), *((en.pk, en.officiellt_namn) for en in alla)]

    def clean(self) -> dict[str, Any]:
        super().clean()
        slag, huvudman = self.cleaned_data.get("slag"), self.cleaned_data.get("huvudman")
        hos_huvudman = slag in HOS_HUVUDMAN
        if hos_huvudman and huvudman is None and "huvudman" not in self.errors:
            vem = "läsaren" if slag == Roll.Slag.LASARE else "ekonomen"
            self.add_error("huvudman", f"Välj vilken huvudman {vem} hör till.")
        if slag and not hos_huvudman and huvudman is not None:
            besked = "Bara läsare och ekonomer hör till en huvudman. Låt fältet vara tomt, eller välj en av dem."
            self.add_error("huvudman", besked)
        return self.cleaned_data


class NyAnvandarformular(Rollformular, Anvandarformular):
    """A new account: name, address and the first role."""

    field_order = ("namn", "email", "slag", "huvudman")
