"""Password rules beyond Django's own."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from handlingsplan.models import Anvandare


class UpprepatOrdValidator:
    """Refuse a password that is one short word over and over, or built on words anyone here would try."""

    GIVNA = ("handlingsplan", "losenord", "lösenord", "kommun", "region", "samordnare", "password")

    def validate(self, password: str, user: Anvandare | None = None) -> None:
        text = password.casefold()
        upprepat = any(text == (text[:n] * (len(text) // n + 1))[: len(text)] for n in range(1, len(text) // 2 + 1))
        rest = text
        for ordet in sorted({*self.GIVNA, *_regionord()}, key=len, reverse=True):
            rest = rest.replace(ordet, "")
        if upprepat or len(rest.strip("0123456789!?.-_ ")) < 4:
            raise ValidationError(
                "Lösenordet är för lätt att gissa. Sätt hellre ihop fyra ord som inte hör ihop.", code="lattgissat"
            )

    def get_help_text(self) -> str:
        return "Sätt gärna ihop fyra ord som inte hör ihop. Lösenordet får inte vara samma ord flera gånger."


def _regionord() -> set[str]:
    """The words of the region's name as they may be typed, also without the dots and rings."""
    from handlingsplan.models import Huvudman  # late: the settings name this module before the models are there

    namn = Huvudman.objects.filter(typ=Huvudman.Typ.REGION).values_list("officiellt_namn", flat=True)
    hela = {ordet for ett in namn for ordet in ett.casefold().split() if len(ordet) >= 4}
    utan = {unicodedata.normalize("NFKD", ordet).encode("ascii", "ignore").decode() for ordet in hela}
    return hela | utan
