"""Fields of forms that are not ours (allauth's), worded our way before they are shown."""

from __future__ import annotations

from django import template
from django.forms import BoundField

register = template.Library()


@register.filter
def etikett(falt: BoundField, text: str) -> BoundField:
    """The field under another label, without the placeholder that only repeats the label."""
    falt.field.widget.attrs.pop("placeholder", None)
    falt.label = text
    return falt


@register.filter
def hjalptext(falt: BoundField, text: str) -> BoundField:
    """The field with this help, or with none."""
    falt.help_text = text
    return falt
