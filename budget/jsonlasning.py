"""Read a JSON file strictly: exact numbers, no unknown keys, and a Swedish message that says where the fault is.

Pure functions without Django. JSON's own numbers with decimals are floats to almost every program, so they are
refused: amounts are whole öre, or kronor as text; other numbers are whole, or decimals or fractions as text.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Never

from budget.fordelning import Fordelningsfel, upprakning
from budget.stegmodell import Vikt

MAX_TECKEN = 10_000_000
"""A longer file is refused before it is read."""
MAX_SIFFROR = 60

_BELOPP = re.compile(r"(-?)(\d+)(?:[.,](\d{1,2}))?")
_TAL = re.compile(r"-?\d+(?:[.,]\d+)?")
_BRAK = re.compile(r"(-?\d+)/(\d+)")


def las_json(text: str) -> "Varde":
    """Return the file's value. Raises Fordelningsfel for what is not JSON, has decimals, or a key twice."""
    if len(text) > MAX_TECKEN:
        raise Fordelningsfel("Filen är för stor; den får ha högst tio miljoner tecken.")
    try:
        ratt = json.loads(
            text.removeprefix("\ufeff"),
            parse_float=_vagra_decimaltal,
            parse_int=_heltal,
            parse_constant=_vagra_konstant,
            object_pairs_hook=_objekt,
        )
    except json.JSONDecodeError as fel:
        raise Fordelningsfel(f"Filen är inte giltig JSON: fel på rad {fel.lineno}, tecken {fel.colno}.") from fel
    except RecursionError as fel:
        raise Fordelningsfel("Filen är för djupt nästlad.") from fel
    return Varde("", ratt)


def _vagra_decimaltal(text: str) -> Never:
    raise Fordelningsfel(f"Talet {text[:MAX_SIFFROR]} har decimaler eller exponent. Skriv det inom citattecken.")


def _vagra_konstant(text: str) -> Never:
    raise Fordelningsfel(f"{text} är inget tal.")


def _heltal(text: str) -> int:
    if len(text) > MAX_SIFFROR:
        raise Fordelningsfel(f"Talet {text[:20]}… är orimligt långt.")
    return int(text)


def _objekt(par: list[tuple[str, object]]) -> dict[str, object]:
    objekt: dict[str, object] = {}
    for nyckel, varde in par:
        if nyckel in objekt:
            raise Fordelningsfel(f"”{nyckel}” står två gånger i samma objekt.")
        objekt[nyckel] = varde
    return objekt


@dataclass(frozen=True, slots=True)
class Varde:
    """A value in the file and where it stands. Every method raises Fordelningsfel when it is something else."""

    plats: str
    ratt: object

    def fel(self, vad: str) -> Fordelningsfel:
        """The error to raise for this value."""
        return Fordelningsfel(f"{self.plats}: {vad}" if self.plats else f"Filen {vad}")

    def _ska_vara(self, vad: str) -> Fordelningsfel:
        visat = json.dumps(self.ratt, ensure_ascii=False, default=str)
        return self.fel(f"ska vara {vad}, inte {visat if len(visat) <= MAX_SIFFROR else visat[:MAX_SIFFROR] + '…'}.")

    def objekt(self, kravda: Iterable[str], valfria: Iterable[str] = ()) -> dict[str, "Varde"]:
        """An object with all of *kravda* and no keys besides *valfria*; optional keys that are null are left out."""
        kravda, valfria = list(kravda), list(valfria)
        falt = self.alla_falt()
        if saknas := [namn for namn in kravda if namn not in falt]:
            raise self.fel(f"saknar {upprakning(saknas)}.")
        if okanda := [namn for namn in falt if namn not in kravda and namn not in valfria]:
            raise self.fel(f"har {upprakning(okanda)}, som inte finns i schemat.")
        return {namn: varde for namn, varde in falt.items() if namn in kravda or varde.ratt is not None}

    def alla_falt(self) -> dict[str, "Varde"]:
        """An object with any keys."""
        if not isinstance(self.ratt, dict):
            raise self._ska_vara("ett objekt")
        punkt = f"{self.plats}." if self.plats else ""
        return {str(namn): Varde(f"{punkt}{namn}", varde) for namn, varde in self.ratt.items()}

    def lista(self) -> list["Varde"]:
        """A list."""
        if not isinstance(self.ratt, list):
            raise self._ska_vara("en lista")
        return [Varde(f"{self.plats}[{nummer}]", varde) for nummer, varde in enumerate(self.ratt)]

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.ratt, str) or not self.ratt.strip():
            raise self._ska_vara("en text som inte är tom")
        return self.ratt.strip()

    def val[T: str](self, alternativ: Iterable[T]) -> T:
        """One of the given texts."""
        alternativ = tuple(alternativ)
        for ett in alternativ:
            if self.ratt == ett:
                return ett
        raise self._ska_vara(f"någon av {', '.join(alternativ)}")

    def datum(self) -> date:
        """A date as ``2022-12-31``."""
        if isinstance(self.ratt, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", self.ratt, re.ASCII):
            try:
                return date.fromisoformat(self.ratt)
            except ValueError as fel:
                raise self._ska_vara("ett datum som finns") from fel
        raise self._ska_vara("ett datum, till exempel 2022-12-31")

    def tal(self) -> Vikt:
        """A whole number, or a decimal number or a fraction as text: ``14466``, ``"0.3"``, ``"1/3"``."""
        if isinstance(self.ratt, int) and not isinstance(self.ratt, bool):
            return self.ratt
        if isinstance(self.ratt, str) and (tal := exakt_tal(self.ratt)) is not None:
            return tal
        raise self._ska_vara('ett heltal, eller ett exakt tal som text, till exempel "0.3" eller "1/3"')

    def belopp(self) -> int:
        """An amount in öre: a whole number of öre, or kronor as text with at most two decimals, ``"1750000.00"``."""
        if isinstance(self.ratt, int) and not isinstance(self.ratt, bool):
            return self.ratt
        if isinstance(self.ratt, str) and len(self.ratt) <= MAX_SIFFROR and (traff := _BELOPP.fullmatch(self.ratt)):
            ore = int(traff[2]) * 100 + int((traff[3] or "").ljust(2, "0"))
            return -ore if traff[1] else ore
        raise self._ska_vara('ett helt antal öre, eller kronor som text, till exempel "1750000.00"')


def exakt_tal(text: str) -> Vikt | None:
    """The exact number of a text, ``"30"``, ``"0,3"``, ``"0.3"`` or ``"1/3"``; None when it is none."""
    if len(text) > MAX_SIFFROR:
        return None
    if _TAL.fullmatch(text):
        return _helst_heltal(Fraction(text.replace(",", ".")))
    traff = _BRAK.fullmatch(text)
    return _helst_heltal(Fraction(int(traff[1]), int(traff[2]))) if traff and int(traff[2]) else None


def _helst_heltal(tal: Fraction) -> Vikt:
    return tal.numerator if tal.denominator == 1 else tal
