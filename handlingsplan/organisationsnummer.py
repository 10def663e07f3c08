"""Swedish organisation numbers, as they are written: 212000-0000.

The rule is the Swedish Tax Agency's: ten digits of which the third is at least 2, the last a check digit (Luhn).
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

_SKRIVSATT = re.compile(r"[0-9]{6}-[0-9]{4}")


def granska_organisationsnummer(nummer: str) -> None:
    """Raise ValidationError, in words that say what is wrong, where `nummer` cannot be an organisation number."""
    if not _SKRIVSATT.fullmatch(nummer):
        raise ValidationError(
            "Skriv organisationsnumret med sex siffror, bindestreck och fyra siffror, som 212000-0000.",
            code="skrivsatt",
        )
    if nummer[2] < "2":
        raise ValidationError(
            "Tredje siffran i ett organisationsnummer är minst 2. Det här ser ut som ett personnummer; "
            "det ska inte stå här.",
            code="personnummer",
        )
    if _luhnsumma(nummer) % 10:
        raise ValidationError(
            "Den sista siffran stämmer inte med de andra. Jämför numret med källan, en siffra kan vara fel "
            "eller ha bytt plats.",
            code="kontrollsiffra",
        )


def _luhnsumma(nummer: str) -> int:
    """Digit sum with every other digit doubled, from the first; a multiple of 10 where the check digit is right."""
    siffror = [int(tecken) * (2 - plats % 2) for plats, tecken in enumerate(nummer.replace("-", ""))]
    return sum(tal // 10 + tal % 10 for tal in siffror)
