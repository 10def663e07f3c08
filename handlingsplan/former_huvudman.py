"""Forms for parties."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from handlingsplan.falt import Isodatum
from handlingsplan.formular import Versionsformular
from handlingsplan.models import Huvudman
from handlingsplan.scb_koder import RIKET, standardkoder

_SKILJETECKEN = re.compile(r"[\s\u2010-\u2015\u2212-]")
_KOD = re.compile(r"[0-9]{2}([0-9]{2})?")
_TIO_SIFFROR = re.compile(r"[0-9]{10}")


def organisationsnummer(text: str) -> str:
    """What was typed, in the usual form where it is ten digits however they are set apart; else untouched."""
    siffror = _SKILJETECKEN.sub("", text)
    return f"{siffror[:6]}-{siffror[6:]}" if _TIO_SIFFROR.fullmatch(siffror) else text


class Organisationsnummerfalt(forms.CharField):
    """Room for spaces and dashes of any kind; the model's rule judges what is left."""

    def clean(self, value: object) -> str:
        return organisationsnummer(str(super().clean(value)))


_ORGNR = Organisationsnummerfalt(
    label="Organisationsnummer",
    required=False,
    max_length=30,
    help_text="Som 212000-0000. Lämna tomt om du inte har numret från en säker källa.",
    widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
)


_DELTAR_FRAN = Isodatum(
    label="Deltar från och med",
    required=False,
    help_text="Bara om huvudmannen går med under ett år: då betalar den för årets dagar från den dagen.",
)
_DELTAR_TILL = Isodatum(
    label="Deltar till och med",
    required=False,
    help_text="Bara om huvudmannen lämnar samarbetet: den sista dagen som den är med och betalar.",
)


class Huvudmanformular(Versionsformular[Huvudman]):
    """Names, organisation number and days. Code and type are the party's identity and stay as they are."""

    organisationsnummer = _ORGNR
    deltar_fran = _DELTAR_FRAN
    deltar_till = _DELTAR_TILL

    class Meta:
        model = Huvudman
        fields = ("namn", "officiellt_namn", "juridiskt_namn", "organisationsnummer", "deltar_fran", "deltar_till")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        fran, till = data.get("deltar_fran"), data.get("deltar_till")
        if fran and till and till < fran:
            self.add_error("deltar_till", f"Huvudmannen kan inte lämna samarbetet före {fran}, då den går med.")
        return data


class NyHuvudmanformular(forms.ModelForm[Huvudman]):
    typ = forms.ChoiceField(label="Typ", choices=Huvudman.Typ.choices, widget=forms.RadioSelect)
    organisationsnummer = _ORGNR
    deltar_fran = _DELTAR_FRAN

    class Meta:
        model = Huvudman
        fields = ("kod", "typ", "namn", "officiellt_namn", "juridiskt_namn", "organisationsnummer", "deltar_fran")
        widgets = {"kod": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})}
        help_texts = {"kod": "Två siffror för region, fyra för kommun. Koden går inte att ändra sedan."}

    def clean_kod(self) -> str:
        """One that SCB has: no figures will ever come for another, and every split would wait for them."""
        kod, koder = str(self.cleaned_data["kod"]), standardkoder()
        if not _KOD.fullmatch(kod):
            return kod  # the model's own rule says what is wrong with it
        if kod not in koder or kod == RIKET:
            raise forms.ValidationError(f"SCB har ingen region eller kommun med koden {kod}.")
        region = Huvudman.objects.filter(typ=Huvudman.Typ.REGION).first()
        if len(kod) == 4 and region is not None and not kod.startswith(region.kod):
            raise forms.ValidationError(
                f"Koden {kod} är {koder[kod]} hos SCB. Koderna i {region} börjar på {region.kod}."
            )
        return kod


class Flerahuvudmanformular(forms.Form):
    """Rows of parties as pasted; `handlingsplan.huvudmannalista` reads them."""

    rader = forms.CharField(
        label="Huvudmän",
        max_length=60_000,
        strip=False,
        help_text="En rad för varje: SCB-kod, officiellt namn, och om du vill juridiskt namn och organisationsnummer, "
        "med tabb eller semikolon emellan. Klistra gärna in från Excel.",
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "autocomplete": "off"}),
    )
