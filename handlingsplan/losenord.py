"""Password rules beyond Django's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from handlingsplan.models import Anvandare


class UpprepatOrdValidator:
    """Refuse a password that is one short word over and over, or built on words anyone here would try."""

    GIVNA = ("handlingsplan", "skane", "skåne", "losenord", "lösenord", "kommun", "samordnare", "password")

    def validate(self, password: str, user: Anvandare | None = None) -> None:
        text = password.casefold()
        upprepat = any(text == (text[:n] * (len(text) // n + 1))[: len(text)] for n in range(1, len(text) // 2 + 1))
        rest = text
        for ordet in self.GIVNA:
            rest = rest.replace(ordet, "")
        if upprepat or len(rest.strip("0123456789!?.-_ ")) < 4:
            raise ValidationError(
                "Lösenordet är för lätt att gissa. Sätt hellre ihop fyra ord som inte hör ihop.", code="lattgissat"
            )

    def get_help_text(self) -> str:
        return "Sätt gärna ihop fyra ord som inte hör ihop. Lösenordet får inte vara samma ord flera gånger."
