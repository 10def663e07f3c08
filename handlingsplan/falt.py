"""Form fields that read what is written here the one way it is written."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FORSTA_AR, SISTA_AR = 1990, 2100  # no activity, decision or figure of a plan lies outside


def las_isodatum(text: str) -> date | None:
    """`2022-12-31` as a date; None for anything else, also for other ways to write an existing day."""
    if not _ISO.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class Isodatum(forms.DateField):
    """A date in ISO form only: 31/12/2022, 12/31/2022 and 2022-1-5 are refused, not guessed at."""

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
        if not FORSTA_AR <= funnet.year <= SISTA_AR:
            raise ValidationError(f"Skriv ett datum mellan {FORSTA_AR} och {SISTA_AR}.", code="invalid")
        return funnet
