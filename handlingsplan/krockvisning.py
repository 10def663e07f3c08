"""What two people have written in the same field, side by side, and what stood there when they began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.fields import ProseEditorFormField

from handlingsplan import historik
from handlingsplan.formular import Versionsformular
from handlingsplan.models import Versionerad
from handlingsplan.richtext import rensa
from handlingsplan.sammanfogning import sammanfoga
from handlingsplan.sparande import Krock
from handlingsplan.textskillnad import skillnad


@dataclass(frozen=True, slots=True)
class Krockfalt:
    """One field in conflict: `sparad` and `egen` with their differences marked; `bas` is empty where not known.

    `ihop` is a proposal that holds what both have changed; empty where there is none.
    """

    namn: str
    etikett: str
    sparad: SafeString
    egen: SafeString
    bas: str
    ihop: SafeString


def visa[M: Versionerad](form: Versionsformular[M], krock: Krock[M]) -> list[Krockfalt]:
    """The fields of a sent form that somebody else has changed since. The base comes from the history."""
    baser = historik.varden_vid(krock.sparad, form.cleaned_data["version"], krock.falt)
    funna = []
    for namn in krock.falt:
        if namn in form.fields:
            sparad, egen, bas = _sparad_i_ord(krock.sparad, namn), _sant_i_ord(form, namn), baser.get(namn)
            marken = skillnad(sparad, egen)
            bastext = bas if isinstance(bas, str) else ""
            rik_text = isinstance(form.fields[namn], ProseEditorFormField) and isinstance(bas, str)
            ihop = _forslag(bastext, sparad, egen) if rik_text else SafeString("")
            funna.append(Krockfalt(namn, str(form[namn].label), marken.fore, marken.efter, bastext, ihop))
    return funna


def _forslag(bas: str, sparad: str, egen: str) -> SafeString:
    """What both have changed in one text, cleaned as any text is; nothing where there is no such text to store."""
    ihop = sammanfoga(bas, sparad, egen)
    try:
        return mark_safe(rensa(ihop or ""))  # noqa: S308 — cleaned on this very line
    except ValidationError:  # together they are longer than a text may be
        return SafeString("")


def _sparad_i_ord(rad: Versionerad, namn: str) -> str:
    """A saved value as a person reads it."""
    varde = getattr(rad, namn)
    if isinstance(varde, models.Manager):
        return ", ".join(str(en) for en in varde.all())
    visa_val = getattr(rad, f"get_{namn}_display", None)
    return str(visa_val() if visa_val else "" if varde is None else varde)


def _sant_i_ord(form: Versionsformular[Any], namn: str) -> str:
    """A sent value as a person reads it."""
    varde, falt = form.cleaned_data.get(namn), form.fields[namn]
    if isinstance(falt, forms.ModelMultipleChoiceField):
        return ", ".join(str(en) for en in varde or ())
    if isinstance(falt, forms.ChoiceField):
        return str(dict(falt.choices).get(varde, varde))  # type: ignore[arg-type]
    return "" if varde is None else str(varde)
