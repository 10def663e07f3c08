"""A form that stays open and saves by itself, without a browser: it sends and goes on as the page's script does."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.budgetfall import formular

HUVUD = {"X-Autospara": "ja"}


class OppenDel:
    """A part as one person has it open. `spara` sends the whole form, and takes over what the answer says."""

    def __init__(self, klient: Client, vag: str) -> None:
        self.klient, self.vag = klient, vag
        self.falt = formular(klient.get(vag), "avtryck")

    def spara(self, **skrivet: str | list[str]) -> Any:
        """Write in some fields, and save by itself."""
        self.falt |= skrivet
        return self._folj(self.klient.post(self.vag, self.falt, headers=HUVUD))

    def utan_svar(self, **skrivet: str) -> Any:
        """The same, but the answer never reaches the page."""
        self.falt |= skrivet
        return self.klient.post(self.vag, self.falt, headers=HUVUD)

    def knapp(self, **skrivet: str) -> Any:
        """Write, and save with the button."""
        self.falt |= skrivet
        return self.klient.post(self.vag, self.falt)

    def _folj(self, svar: Any) -> Any:
        if svar.status_code == 200:
            besked = svar.json()
            self.falt["version"] = str(besked["version"])
            self.falt["avtryck"] = " ".join(f"{namn}={ett}" for namn, ett in besked["avtryck"].items())
            self.falt |= {en["namn"]: en["varde"] for en in besked["andra"]}
        return svar
