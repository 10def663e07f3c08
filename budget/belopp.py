"""Amounts as Swedes write them: shown, read from typed text, and summed with their unknown parts.

Pure functions without Django. An amount inside a calculation is an ``int`` in öre; an amount that was typed
is a ``Decimal`` in kronor with exactly two decimals. Never float.

Written form: U+00A0 between groups of three and before a unit, decimal comma, U+2212 as minus. Reading is
generous about spaces and units, and strict about everything that could mean two things: a refused text is
never guessed at, its message says what to write instead.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import takewhile
from typing import Literal

HART_MELLANSLAG = "\u00a0"
MINUS = "\u2212"
ORE_PER_KRONA = 100
GRANS_KR = 10**12
"""Amounts are below this many kronor; the database has the same limit as a constraint."""
MAX_TECKEN = 60
"""A typed amount longer than this is refused before it is examined."""

_MINUSTECKEN = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d")
# Unit → how many powers of ten it lifts the number.
_ENHETER = {"kr": 0, "kronor": 0, "tkr": 3, "mkr": 6}
_MED_ENHET = re.compile(r"(?P<tal>.*?) *(?P<enhet>kronor|tkr|mkr|kr)\.?", re.IGNORECASE)
_POTENS = re.compile(r"[0-9]+(?:[.,][0-9]+)? ?[eE] ?[+-]?[0-9]+")
_FORVAXLADE = {"O": "noll (0)", "o": "noll (0)", "l": "ett (1)", "I": "ett (1)"}
_EXEMPEL = "1\u00a0750\u00a0000, 400\u00a0tkr eller 1,75\u00a0mkr"

Slag = Literal["belopp", "okant", "ej_aktuellt"]


class Beloppsfel(ValueError):
    """A text that is not an amount. The message is Swedish, for the person who typed, and says what to do."""


# ----------------------------------------------------------------------
# Showing


def visa_heltal(n: int) -> str:
    """Return *n* with U+00A0 between groups of three and U+2212 when negative: ``1 414 324``."""
    if isinstance(n, bool) or not isinstance(n, int):
        raise TypeError(f"an int is required, not {type(n).__name__}")
    return ("" if n >= 0 else MINUS) + f"{abs(n):,}".replace(",", HART_MELLANSLAG)


def visa_kr(ore: int) -> str:
    """Return an amount in öre as kronor with two decimals and no unit: ``1 750 000,00``."""
    kronor = visa_heltal(abs(ore) // ORE_PER_KRONA)
    return ("" if ore >= 0 else MINUS) + f"{kronor},{abs(ore) % ORE_PER_KRONA:02d}"


def visa_hela_kr(ore: int) -> str:
    """Return an amount in öre as kronor, with decimals only where there are öre: ``1 750 000``, ``12,50``."""
    return visa_kr(ore).removesuffix(",00")


def visa_tecken(ore: int, *, hela: bool = False) -> str:
    """Return a difference in öre as kronor with its sign always written: ``+550 000,00``, ``−550 000,00``.

    Zero has no sign. With *hela* the decimals are left out where there are no öre.
    """
    visad = visa_hela_kr(ore) if hela else visa_kr(ore)
    return f"+{visad}" if ore > 0 else visad


def visa_decimal(d: Decimal, decimaler: int) -> str:
    """Return *d* rounded half-up (away from zero) to *decimaler* decimals: ``61,87``. Never writes −0."""
    with localcontext() as sammanhang:
        sammanhang.prec = max(28, d.adjusted() + decimaler + 2)
        avrundad = d.quantize(Decimal(1).scaleb(-decimaler), rounding=ROUND_HALF_UP)
    heltal, _, brak = f"{avrundad.copy_abs():f}".partition(".")
    return (MINUS if avrundad < 0 else "") + visa_heltal(int(heltal)) + (f",{brak}" if brak else "")


def till_ore(kr: Decimal) -> int:
    """Return an amount in kronor as whole öre. Raises ValueError when it is not a whole number of öre."""
    taljare, namnare = kr.as_integer_ratio()
    ore, rest = divmod(taljare * ORE_PER_KRONA, namnare)
    if rest:
        raise ValueError(f"{kr} is not a whole number of öre")
    return ore


# ----------------------------------------------------------------------
# Reading an amount


def tolka_belopp(text: str) -> Decimal:
    """Return the typed amount in kronor, 0 ≤ amount < 10¹², with exactly two decimals (whole öre).

    Understands ``1 750 000`` with any kind of space between thousands, ``1 750000``, ``1750000``, a decimal
    comma, and the units kr, kronor, tkr and mkr in any case. A number may have as many decimals as keep it in
    whole öre (two in kr, five in tkr, eight in mkr). Raises Beloppsfel for everything else; a minus of any
    kind is understood, and refused with a message of its own.
    """
    rensad = _rensa(text)
    if not rensad:
        raise Beloppsfel(f"Beloppet saknas. Skriv till exempel {_EXEMPEL}.")
    utan_minus = rensad
    if rensad[0] in _MINUSTECKEN:
        utan_minus = rensad[1:].lstrip()
    elif rensad[-1] in _MINUSTECKEN and rensad[-2:-1] not in (",", ":"):  # "400,-" and "400:-" are prices
        utan_minus = rensad[:-1].rstrip()
    ore = _ore_ur_tal(*_skilj_enhet(utan_minus), hela=rensad)
    if utan_minus != rensad:
        raise Beloppsfel(
            f"”{rensad}” har ett minustecken. Ett belopp kan inte vara negativt: skriv det utan"
            " minustecken. En kreditering hör inte hemma här."
        )
    if ore >= GRANS_KR * ORE_PER_KRONA:
        raise Beloppsfel(
            f"”{rensad}” är för stort. Ett belopp ska vara mindre än {visa_heltal(GRANS_KR)}\u00a0kr;"
            " kontrollera antalet nollor och enheten."
        )
    return Decimal(f"{ore // ORE_PER_KRONA}.{ore % ORE_PER_KRONA:02d}")


def _rensa(text: str) -> str:
    """Return *text* stripped, every kind of space as U+0020; refuse what cannot be seen or is too long."""
    if len(text) > MAX_TECKEN:
        raise Beloppsfel(
            f"Texten är för lång för ett belopp ({visa_heltal(len(text))} tecken, högst {MAX_TECKEN})."
            f" Skriv till exempel {_EXEMPEL}."
        )
    rensad = "".join(" " if unicodedata.category(tecken) == "Zs" else tecken for tecken in text)
    rensad = rensad.strip(" \t\r\n")
    for tecken in rensad:
        if tecken in "\t\r\n":
            raise Beloppsfel("Texten har flera rader eller celler. Skriv ett enda belopp i varje fält.")
        if unicodedata.category(tecken)[0] == "C" or unicodedata.category(tecken) in ("Zl", "Zp"):
            raise Beloppsfel(
                f"Beloppet innehåller ett osynligt tecken (U+{ord(tecken):04X}), som ofta följer med när text"
                " klistras in. Töm fältet och skriv beloppet för hand."
            )
    return rensad


def _skilj_enhet(text: str) -> tuple[str, int]:
    """Split off a trailing unit: the number's own text, and the unit's power of ten."""
    traff = _MED_ENHET.fullmatch(text)
    if traff is None:
        return text, 0
    return traff["tal"], _ENHETER[traff["enhet"].lower()]


def _ore_ur_tal(tal: str, potens: int, *, hela: str) -> int:
    """Return the number *tal* × 10^*potens* kronor as öre; *hela* is what was typed, for the messages."""
    if not any(tecken.isnumeric() for tecken in tal):
        raise Beloppsfel(f"”{hela}” är inget belopp. Skriv till exempel {_EXEMPEL}.")
    _vagra_frammande_tecken(tal, hela)
    _vagra_punkt_och_komman(tal, hela)
    heltal, komma, decimaler = tal.partition(",")
    grupper = heltal.split(" ")
    if (komma and not (heltal and decimaler)) or " " in decimaler or heltal.endswith(" "):
        raise Beloppsfel(
            f"”{hela}” har ett komma som inte står mellan siffror. Skriv ören efter kommat, till exempel"
            " 1\u00a0750,50 eller 0,50, eller utelämna kommat."
        )
    if any(len(grupp) % 3 or not grupp for grupp in grupper[1:]):
        raise Beloppsfel(
            f"Mellanrummen i ”{hela}” delar inte talet i tusental, så en siffra kan saknas. Skriv tre siffror"
            " efter varje mellanrum, till exempel 1\u00a0750\u00a0000."
        )
    siffror = "".join(grupper)
    if len(siffror) > 1 and siffror[0] == "0":
        raise Beloppsfel(f"”{hela}” börjar med en nolla, så en siffra kan saknas. Skriv utan inledande nolla.")
    if len(decimaler) > 2 + potens:
        menat = f" Menar du tusental, skriv {tal.replace(',', HART_MELLANSLAG)}."
        raise Beloppsfel(
            f"”{hela}” har för många decimaler. Ett belopp anges i hela ören: högst två decimaler i kronor."
            + (menat if len(decimaler) == 3 and potens == 0 else "")
        )
    return int(siffror + decimaler.ljust(2 + potens, "0"))


def _vagra_frammande_tecken(tal: str, hela: str) -> None:
    """Refuse every character that is not an ASCII digit, space, comma or point, and say which it was."""
    if _POTENS.fullmatch(tal):
        raise Beloppsfel(f"”{hela}” är skrivet i potensform. Skriv ut alla siffror, till exempel {_EXEMPEL}.")
    traff = re.search(r"[^0-9 ,.]", tal)
    if traff is None:
        return
    tecken = traff[0]
    kod = "" if tecken.isascii() or tecken in "åäöÅÄÖ" else f" (U+{ord(tecken):04X})"
    ordet = "".join(takewhile(str.isalpha, tal[traff.start() :]))
    if ordet and all(bokstav in _FORVAXLADE for bokstav in ordet):
        rad = f"innehåller bokstaven {tecken}. Byt den mot siffran {_FORVAXLADE[tecken]} om du menar den."
    elif len(ordet) > 1:
        rad = f"innehåller ordet {ordet}. Skriv siffror, och som enhet kr, tkr eller mkr."
    elif ordet:
        rad = f"innehåller bokstaven {tecken}{kod}. Skriv siffror, och som enhet kr, tkr eller mkr."
    elif tecken.isnumeric():
        rad = f"innehåller tecknet {tecken}{kod}. Skriv med siffrorna 0 till 9."
    else:
        rad = f"innehåller tecknet {tecken}{kod}. Skriv ett enda belopp, till exempel {_EXEMPEL}."
    raise Beloppsfel(f"”{hela}” {rad}")


def _vagra_punkt_och_komman(tal: str, hela: str) -> None:
    """Refuse a point, which may mean thousands or decimals, and more than one comma; show how to write it."""
    if "." in tal:
        rad = "Skriv tusental med mellanrum och ören med komma, till exempel 1\u00a0750\u00a0000,50."
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", tal):
            rad = f"Menar du tusental, skriv {tal.replace('.', HART_MELLANSLAG)}."
            if tal.count(".") == 1:
                rad += " Menar du decimaler, skriv komma i stället för punkt."
        elif re.fullmatch(r"[0-9]+\.[0-9]{1,2}", tal):
            rad = f"Menar du decimaler, skriv {tal.replace('.', ',')}."
        raise Beloppsfel(f"Punkten i ”{hela}” kan betyda både tusental och decimaler. {rad}")
    if tal.count(",") > 1:
        rad = "Använd mellanrum mellan tusental och ett enda komma före ören."
        if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", tal):
            rad = f"Menar du tusental, skriv {tal.replace(',', HART_MELLANSLAG)}."
        raise Beloppsfel(f"”{hela}” har mer än ett komma. {rad}")


# ----------------------------------------------------------------------
# The cells of a budget: a number, 0, okänt, ej aktuellt, and the cell nobody has filled in (None)


@dataclass(frozen=True, slots=True)
class Cellvarde:
    """What a filled-in budget cell holds: an amount in kronor (0 is one), okänt, or ej aktuellt.

    A cell that nobody has filled in is no Cellvarde: it is ``None``. Raises ValueError when *belopp* is given
    for another kind than "belopp", is missing for it, or is not whole öre.
    """

    slag: Slag
    belopp: Decimal | None = None

    def __post_init__(self) -> None:
        if self.slag not in ("belopp", "okant", "ej_aktuellt"):
            raise ValueError(f"unknown kind {self.slag!r}")
        if (self.belopp is not None) != (self.slag == "belopp"):
            raise ValueError(f"an amount belongs to the kind 'belopp' and to no other: {self.slag}, {self.belopp}")
        if self.belopp is not None:
            till_ore(self.belopp)


OKANT = Cellvarde("okant")
EJ_AKTUELLT = Cellvarde("ej_aktuellt")

_ORD: dict[str, Cellvarde | None] = {
    "okänt": OKANT,
    "okant": OKANT,
    "**": OKANT,  # as the printed plans write it
    "***": OKANT,
    "ej aktuellt": EJ_AKTUELLT,
    "ej ifyllt": None,  # what visa_cell writes for None, so that an exported grid can be pasted back
}


# The words and what kind of cell each makes; for the page's script, which shows the kind while somebody types.
CELLORD = {ord_: cell.slag if cell else "ej_ifyllt" for ord_, cell in _ORD.items()}


def tolka_cell(text: str) -> Cellvarde | None:
    """Return what was typed in a budget cell, or None for an empty one (ej ifyllt).

    The words are understood in any case and with any kind of space. A lone dash is refused: in the sources it
    may mean nothing, zero or not applicable, so the person must say which. Raises Beloppsfel.
    """
    rensad = _rensa(text)
    if not rensad:
        return None
    if all(tecken in _MINUSTECKEN for tecken in rensad):
        raise Beloppsfel(
            f"”{rensad}” kan betyda flera saker. Skriv ”ej aktuellt”, ”okänt” eller 0, eller lämna fältet"
            " tomt om det inte är ifyllt än."
        )
    ord_ = " ".join(unicodedata.normalize("NFC", rensad).casefold().split())
    if ord_ in _ORD:
        return _ORD[ord_]
    if not any(tecken.isnumeric() for tecken in rensad):
        raise Beloppsfel(f"”{rensad}” förstås inte. Skriv ett belopp, 0, ”okänt” eller ”ej aktuellt”.")
    return Cellvarde("belopp", tolka_belopp(text))


def visa_cell(cell: Cellvarde | None) -> str:
    """Return a cell as text without unit. ``tolka_cell`` reads it back to the same value."""
    if cell is None:
        return "ej ifyllt"
    if cell.belopp is not None:
        return visa_hela_kr(till_ore(cell.belopp))
    return "okänt" if cell.slag == "okant" else "ej aktuellt"


@dataclass(frozen=True, slots=True)
class Summa:
    """A sum that remembers what it could not add: the known öre, and how many cells were of each kind."""

    ore: int = 0
    okanda: int = 0
    belopp: int = 0
    ej_aktuella: int = 0
    ej_ifyllda: int = 0

    def __add__(self, annan: "Summa") -> "Summa":
        return Summa(
            self.ore + annan.ore,
            self.okanda + annan.okanda,
            self.belopp + annan.belopp,
            self.ej_aktuella + annan.ej_aktuella,
            self.ej_ifyllda + annan.ej_ifyllda,
        )


def summera(cells: Iterable[Cellvarde | None]) -> Summa:
    """Return the sum of the cells in whole öre; ``None`` is a cell that nobody has filled in."""
    return summera_slag(
        ("ej_ifyllt", None) if cell is None else (cell.slag, None if cell.belopp is None else till_ore(cell.belopp))
        for cell in cells
    )


def summera_slag(celler: Iterable[tuple[str, int | None]]) -> Summa:
    """Return the sum of cells given as (kind, öre): belopp, okant, ej_aktuellt or ej_ifyllt; öre only for belopp."""
    lista = list(celler)
    antal = Counter(slag for slag, _ in lista)
    return Summa(
        ore=sum(ore for _, ore in lista if ore is not None),
        okanda=antal["okant"],
        belopp=antal["belopp"],
        ej_aktuella=antal["ej_aktuellt"],
        ej_ifyllda=antal["ej_ifyllt"],
    )


def visa_summa(summa: Summa) -> str:
    """Return a sum as text, every part that is missing from it named: ``1 750 000 kr + okänt + ej ifyllt``.

    The known part is written only when some cell held an amount, so "0 kr" always comes from a typed 0. Cells
    that are ej aktuellt add nothing and are named only when there is nothing else. No cells: "ej ifyllt".
    """
    delar = [f"{visa_hela_kr(summa.ore)}{HART_MELLANSLAG}kr"] if summa.belopp else []
    delar += _saknade_delar(summa)
    if not delar:
        return "ej aktuellt" if summa.ej_aktuella else "ej ifyllt"
    return " + ".join(delar)


def visa_tillagg(summa: Summa) -> str:
    """Return what a known amount must have after it, with a plus before each part: `` + okänt``. Nothing: ""."""
    return "".join(f" + {del_}" for del_ in _saknade_delar(summa))


def _saknade_delar(summa: Summa) -> list[str]:
    """The parts that a sum could not add, in words."""
    return (["okänt"] if summa.okanda else []) + (["ej ifyllt"] if summa.ej_ifyllda else [])
