"""A form field that reads rates the one way they are written here."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from budget.belopp import visa_decimal

_ORE = re.compile(
    r"(?P<hela>[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3}){1,2}|[0-9]{1,8})(?:,(?P<decimaler>[0-9]{1,2}))?"
)


class OrePerInvanare(forms.Field):
    """A rate in öre per inhabitant: decimal comma, at most two decimals, not negative. Cleans to a Decimal."""

    widget = forms.TextInput
    default_error_messages = {"required": "Skriv öre per invånare, till exempel 61,87."}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return visa_decimal(value, 2) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        traff = _ORE.fullmatch(text)
        if traff is None:
            raise ValidationError(
                f"”{text[:40]}” förstås inte. Skriv öre per invånare med högst två decimaler efter ett komma, "
                "till exempel 61,87.",
                code="invalid",
            )
        hela = re.sub("[^0-9]", "", traff["hela"])
        return Decimal(f"{int(hela)}.{(traff['decimaler'] or '').ljust(2, '0')}")
