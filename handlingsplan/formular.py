"""Forms that know which version of a row they were made from."""

from __future__ import annotations

from copy import copy
from typing import Any, cast

from django import forms
from django.db import models
from django.http import HttpRequest, QueryDict

from handlingsplan.models import Anvandare, Handlingsplan, Versionerad
from handlingsplan.sparande import avtryck, spara


class Versionsformular[M: Versionerad](forms.ModelForm[M]):
    """A form on one row, carrying its version and a fingerprint of each field as it was read.

    `andringar()` is what the person has changed, compared with what the form was made from, not with what lies in
    the database now: two people who change different fields do not undo each other.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    avtryck = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None = None, *, instance: M, **kwargs: Any) -> None:
        bas = {"version": instance.version, "avtryck": _skriv_avtryck(self.avtrycken(instance))}
        kwargs["initial"] = bas | kwargs.get("initial", {})
        super().__init__(data, instance=instance, **kwargs)
        for falt in self.fields.values():
            if isinstance(falt, forms.CharField) and falt.max_length is not None:
                falt.widget.attrs.pop("maxlength", None)  # a browser would cut off what is pasted without a word
                hogst = f"{falt.max_length:,}".replace(",", "\xa0")
                falt.error_messages["max_length"] = f"Texten är för lång. Den får vara högst {hogst} tecken."

    def varden(self, rad: M) -> dict[str, Any]:
        """The row's values of the form's fields, as they are compared. A new row has no relations yet."""
        return {namn: getattr(rad, namn, None) for namn in self._meta.fields or ()}

    def avtrycken(self, rad: M) -> dict[str, str]:
        """A fingerprint of each of the row's values, as the form carries them."""
        return {namn: avtryck(_nyckel(varde)) for namn, varde in self.varden(rad).items()}

    def nya_varden(self) -> dict[str, Any]:
        """The cleaned values that the person sent."""
        return self.varden(self.instance)

    def clean(self) -> dict[str, Any]:
        """Store line breaks as LF, whatever the browser sends."""
        data = super().clean() or self.cleaned_data
        for namn, varde in data.items():
            if isinstance(varde, str):
                data[namn] = varde.replace("\r\n", "\n")
        return data

    @property
    def radfalt(self) -> list[forms.BoundField]:
        """The visible fields: the row's own."""
        return [self[namn] for namn in self.fields if namn not in ("version", "avtryck")]

    @property
    def vid_lasning(self) -> dict[str, str]:
        """Fingerprint per field from when the form was made."""
        return _las_avtryck(self.cleaned_data["avtryck"])

    def andringar(self) -> dict[str, Any]:
        """Cleaned values of the fields that the person changed."""
        bas = self.vid_lasning
        nya = self.nya_varden()
        return {namn: varde for namn, varde in nya.items() if avtryck(_nyckel(varde)) != bas.get(namn)}

    def spara(self, andringar: dict[str, Any], *, av: Anvandare) -> M:
        """Write what was changed, if nobody else has changed the same. Raises Krock and Borttagen.

        Who asks for it (`ta_tillbaka`) also brings a row back that somebody has removed meanwhile.
        """
        bas = self.vid_lasning
        if "ta_tillbaka" in self.data and hasattr(self.instance, "borttagen_at"):
            bas["borttagen_at"] = avtryck(self.instance.borttagen_at)
            andringar = andringar | {"borttagen_at": None}
        version = self.cleaned_data["version"]
        return spara(self.instance, andringar, version=version, av=av, avtryck_vid_lasning=bas)

    def pa_ny_bas(self, sparad: M) -> Versionsformular[M]:
        """What the person changed, on top of the row as it now stands; saving it again is the person's choice.

        Fields that the person has not changed follow the row: saving again must not undo what others did in them.
        """
        data, bas = cast("QueryDict", self.data).copy(), type(self)(instance=copy(sparad))
        data["version"], data["avtryck"] = str(sparad.version), _skriv_avtryck(self.avtrycken(sparad))
        for namn in self.varden(sparad).keys() - self.andringar().keys():
            varde = self.fields[namn].widget.format_value(bas[namn].value())
            data.setlist(namn, varde if isinstance(varde, list) else ["" if varde is None else varde])
        ny = type(self)(data, instance=copy(sparad))  # validation writes what was typed into its instance
        ny.is_valid()
        return ny


def _nyckel(varde: object) -> object:
    return varde.pk if isinstance(varde, models.Model) else varde


def _skriv_avtryck(avtrycken: dict[str, str]) -> str:
    return " ".join(f"{namn}={ett}" for namn, ett in avtrycken.items())


def _las_avtryck(text: str) -> dict[str, str]:
    return dict(del_.split("=", 1) for del_ in text.split() if "=" in del_)


def knappversion(request: HttpRequest) -> int:
    """The version that a button (move, remove) carries; 0, which no row has, where it is missing or garbled."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class Plantextformular(Versionsformular[Handlingsplan]):
    """One of the plan's own texts. `falt` names which."""

    class Meta:
        model = Handlingsplan
        fields = ("titel", "undertitel", "inledning", "om_aret", "avslutning", "kontakt_namn", "kontakt_epost")


def plantextformular(falt: tuple[str, ...]) -> type[Plantextformular]:
    """A form class with only these fields of the plan."""
    meta = type("Meta", (Plantextformular.Meta,), {"fields": falt})
    return type("Plandelformular", (Plantextformular,), {"Meta": meta})
