"""What the values of a split table mean: everybody, an age, a sex, a marital status.

SCB writes "0 år", "65-69 år", "100+ år" (seen in its files of 2019, 2023 and 2026), with the codes "0", "65-69",
"100+" and, in groups, "100+10". "65 år och äldre", "65- år" and the English words are assumed.
"""

import re
from typing import Final

from budget.alder import Aldersfel, Aldersspann
from budget.scb.rutnat import Cell, normal

ALLA: Final = "alla"
OKAND: Final = "?"
KON: Final = ("man", "kvinna")
CIVILSTAND: Final = ("ogift", "gift", "skild", "änka")

# What a value counts: ALLA, an age span, one of KON or CIVILSTAND, or "?" and the text where nobody can say.
type Del = str | Aldersspann

TOTALER = (
    "totalt, samtliga civilstånd", "totalt, samtliga åldrar", "samtliga civilstånd", "samtliga åldrar",
    "totalt civilstånd", "totalt ålder", "totalt kön", "total, all ages", "total ages", "total age",
    "män och kvinnor", "kvinnor och män", "båda könen", "men and women", "women and men", "samtliga",
    "totalt", "totsa", "total", "tot", "1+2", "sc",
)  # fmt: skip
TOTAL = re.compile("|".join(rf"(?<!\w){re.escape(ord_)}(?!\w)" for ord_ in TOTALER))

_ORD: dict[str, Del] = {
    "män": "man", "men": "man", "kvinnor": "kvinna", "women": "kvinna",
    "ogifta": "ogift", "single": "ogift", "unmarried": "ogift", "gifta": "gift", "married": "gift",
    "skilda": "skild", "divorced": "skild",
    "änkor/änklingar": "änka", "änklingar/änkor": "änka", "widows/widowers": "änka", "widowers/widows": "änka",
}  # fmt: skip
_KODER: dict[str, Del] = {
    "1": "man", "2": "kvinna", "og": "ogift", "g": "gift", "sk": "skild", "änkl": "änka", "ä": "änka",
}  # fmt: skip
_AR = r"(?: ?(?:år|years?))"
_ALDER = re.compile(
    rf"(?P<fran>[0-9]{{1,3}})(?:"
    rf" ?[-\u2013] ?(?P<till>[0-9]{{1,3}})(?P<ar2>{_AR})?"
    rf"|(?P<oppen>\+[0-9]*{_AR}?| ?[-\u2013]{_AR}?|{_AR} (?:och|and|or) (?:äldre|över|over|older))"
    rf"|(?P<ar1>{_AR})?)"
)
# An age in a heading is known by its "år"; a bare number there could be anything.
_ALDER_I_RUBRIK = re.compile(
    rf"(?<!\w)[0-9]{{1,3}}(?: ?[-\u2013] ?[0-9]{{1,3}}{_AR}|\+{_AR}"
    rf"|{_AR}(?: (?:och|and|or) (?:äldre|över|over|older))?)(?!\w)"
)
_ORD_I_RUBRIK = re.compile("|".join(rf"(?<![\w/]){re.escape(ord_)}(?![\w/])" for ord_ in _ORD))


def ar_total(cell: Cell) -> bool:
    """A value that means everybody ("totalt ålder", "samtliga", "tot")."""
    text = normal(cell)
    return bool(text) and not TOTAL.sub("", text).strip(" -,")


def tolka_del(cell: Cell, *, heter_alder: bool = False, koder: bool = False) -> Del:
    """What one value counts. A bare number is an age only where the column says so; `koder`: SCB's codes too."""
    text = normal(cell)
    funnet = _kand(text, heter_alder, koder)
    if funnet is None:
        kod, streck, ord_ = text.partition(" - ")  # "65 - 65 år", and below "65 65 år"
        if not streck:
            kod, _, ord_ = text.partition(" ")
        funnet = tolka_del(ord_) if ord_ and ar_koden_for(kod, ord_) else None
    return f"{OKAND}{text}" if funnet is None else funnet


def _kand(text: str, heter_alder: bool, koder: bool) -> Del | None:
    if ar_total(text):
        return ALLA
    traff = _ALDER.fullmatch(text)
    if traff and (heter_alder or traff["ar1"] or traff["till"] or traff["oppen"]):
        return _spann(traff)
    return _ORD.get(text) or (_KODER.get(text) if koder else None)


def ar_koden_for(kod: Cell, text: Cell) -> bool:
    """Whether the first value is SCB's code for the second: "65" for "65 år", "1" for "män", "tot" for "totalt"."""
    betyder = tolka_del(text)
    if isinstance(betyder, str) and betyder.startswith(OKAND):
        return False
    return tolka_del(kod, heter_alder=isinstance(betyder, Aldersspann), koder=True) == betyder


def delar_i_rubrik(rest: str) -> tuple[Del, ...] | None:
    """The parts that a figure column's heading names ("65-69 år män"); None when it says something else too."""
    delar: list[Del] = []
    kvar = rest
    for monster in (_ALDER_I_RUBRIK, _ORD_I_RUBRIK):
        delar += [tolka_del(traff[0]) for traff in monster.finditer(kvar)]
        kvar = monster.sub(" ", kvar)
    if kvar.strip(" -,") or any(isinstance(del_, str) and del_.startswith(OKAND) for del_ in delar):
        return None
    return tuple(delar)


def _spann(traff: re.Match[str]) -> Del | None:
    fran = int(traff["fran"])
    try:
        if traff["oppen"]:
            return ALLA if fran == 0 else Aldersspann(fran)
        return Aldersspann(fran, int(traff["till"] or fran))
    except Aldersfel:
        return None
