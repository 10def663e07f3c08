"""Form fields that read dates and rates the one way they are written here."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from budget.belopp import visa_decimal

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ORE = re.compile(
    r"(?P<hela>[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3}){1,2}|[0-9]{1,8})(?:,(?P<decimaler>[0-9]{1,2}))?"
)
FORSTA_AR = 1968  # SCB's series begins here


def las_isodatum(text: str) -> date | None:
    """`2022-12-31` as a date; None for anything else, also for other ways to write an existing day."""
    if not _ISO.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class Isodatum(forms.DateField):
    """A date in ISO form only: 31/12/2022 and 12/31/2022 are refused, not guessed at."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        kwargs.setdefault("error_messages", {"required": "Skriv ett datum, till exempel 2022-12-31."})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        text = str(value).strip()
        funnet = las_isodatum(text)
        if funnet is None:
            finns_inte = _ISO.fullmatch(text)
            skal = "finns inte i kalendern" if finns_inte else "är inget datum"
            raise ValidationError(f"”{text[:40]}” {skal}. Skriv år-månad-dag, till exempel 2022-12-31.", code="invalid")
        if not FORSTA_AR <= funnet.year <= 2100:
            raise ValidationError(f"Skriv ett datum mellan {FORSTA_AR} och 2100.", code="invalid")
        return funnet


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
