"""A table split by age, sex or marital status: which of its figures make up the population that is asked for.

A total is taken where the table has one. Where it has none, the parts are added if they are all there and each is
counted once: both sexes, the four marital statuses, ages that follow on each other. Never from 2025 for a population
that SCB gives a total of: every figure then has noise of its own, and a sum of parts gathers it. A total that comes
several times is used where the figures agree (SCB has several codes with one label).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from budget.alder import HOGSTA_ALDER, Aldersspann
from budget.filfel import Filfel
from budget.scb.delar import ALLA, CIVILSTAND, KON, Del
from budget.scb.poster import Radfel
from budget.scb.rutnat import Cell, Cellfel, Rutrad, tolka_antal

FORSTA_BRUSAR = 2025  # from this reference year SCB adds noise to every figure (Cell Key Method)
HAMTA_UTAN = "Hämta tabellen med bara region, Folkmängd och år."


@dataclass(frozen=True, slots=True)
class Uppgift:
    """One figure: its row, its cell, and what it counts in each of the table's dimensions."""

    rad: Rutrad
    cell: Cell
    delar: tuple[Del, ...] = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a table is split by: its name, and what its values mean → how they are written in the file."""

    namn: str
    varden: Mapping[Del, str]

    @property
    def aldrar(self) -> list[Aldersspann]:
        return [varde for varde in self.varden if isinstance(varde, Aldersspann)]


@dataclass(frozen=True, slots=True)
class Val:
    """The figures to take for each region: one per combination. `namn`: how their parts are written, for messages."""

    kombinationer: tuple[tuple[Del, ...], ...]
    namn: Mapping[tuple[Del, ...], str]
    anmarkningar: tuple[str, ...] = ()


def valj(dimensioner: Sequence[Dimension], alder: Aldersspann, avser_ar: int) -> Val:
    """Choose the values to take of each dimension. Raises Filfel where they do not make up what is asked for."""
    med_alder = [dimension for dimension in dimensioner if dimension.aldrar]
    if not alder.ar_alla and len(med_alder) != 1:
        hur = "är inte uppdelad" if not med_alder else "är uppdelad på flera sätt"
        raise Filfel(
            f"Filen {hur} på ålder, så {alder.namn} kan inte räknas fram ur den. Hämta en tabell med ålder från SCB, "
            "till exempel i ettårsklasser, eller lämna åldrarna tomma."
        )
    per_dimension = [
        _valda(dimension, alder if dimension in med_alder else Aldersspann(), avser_ar) for dimension in dimensioner
    ]
    kombinationer = tuple(product(*per_dimension))
    namn = {
        en: ", ".join(dimension.varden[del_] for dimension, del_ in zip(dimensioner, en, strict=True))
        for en in kombinationer
    }
    summerade = [(d, valda) for d, valda in zip(dimensioner, per_dimension, strict=True) if len(valda) > 1]
    return Val(kombinationer, namn, tuple(_anmarkningar(summerade, alder, avser_ar)))


def _valda(dimension: Dimension, alder: Aldersspann, avser_ar: int) -> tuple[Del, ...]:
    sokt: Del = ALLA if alder.ar_alla else alder
    if sokt in dimension.varden:
        return (sokt,)
    delar = _delar(dimension, alder)
    visas = ", ".join(list(dimension.varden.values())[:4])[:120]
    if not delar and not alder.ar_alla:
        raise Filfel(
            f"Filens åldrar ({visas} …) går inte att lägga ihop till {alder.namn}: någon ålder saknas, eller "
            "ingår i en större grupp. Hämta tabellen med ettårsklasser, till och med den äldsta."
        )
    if not delar:
        raise Filfel(
            f"Tabellen är uppdelad på {dimension.namn} ({visas}) och har ingen total, och alla delar är inte med. "
            f"{HAMTA_UTAN}"
        )
    if avser_ar >= FORSTA_BRUSAR and alder.ar_alla:
        raise Filfel(
            f"Tabellen är uppdelad på {dimension.namn} ({visas}) och har ingen total. Från och med {FORSTA_BRUSAR} har "
            f"varje tal ett eget slumpbrus, så delarna läggs inte ihop här. {HAMTA_UTAN}"
        )
    return delar


def _delar(dimension: Dimension, alder: Aldersspann) -> tuple[Del, ...]:
    """Parts that make up the whole dimension, or the age span, each counted once; () where they do not."""
    if dimension.aldrar:
        return _tacker(dimension.aldrar, alder.fran or 0, alder.till)
    for grupp in (KON, CIVILSTAND):
        if set(grupp) == set(dimension.varden):
            return grupp
    return ()


def _tacker(spann: Iterable[Aldersspann], fran: int, till: int | None) -> tuple[Del, ...]:
    """The fewest spans that follow on each other from `fran` through `till` (None: and older); () where none do."""
    slut = HOGSTA_ALDER + 1 if till is None else till + 1
    per_borjan: dict[int, list[tuple[Aldersspann, int]]] = {}
    for ett in spann:
        efter = slut if ett.till is None else ett.till + 1
        # "And older" must end with an open group, and a span with an end must not.
        passar = ett.till is not None if till is not None else (ett.till is None or efter < slut)
        if ett.fran is not None and passar:
            per_borjan.setdefault(ett.fran, []).append((ett, efter))
    basta: dict[int, tuple[Aldersspann, ...]] = {slut: ()}
    for borjan in range(slut - 1, fran - 1, -1):
        vagar = [(ett, *basta[efter]) for ett, efter in per_borjan.get(borjan, []) if efter in basta]
        if vagar:
            basta[borjan] = min(vagar, key=len)
    return basta.get(fran, ())


def _anmarkningar(summerade: list[tuple[Dimension, tuple[Del, ...]]], alder: Aldersspann, avser_ar: int) -> list[str]:
    sagt = []
    for dimension, valda in summerade:
        namn = [dimension.varden[del_] for del_ in valda]
        delar = f"{namn[0]} … {namn[-1]}, {len(namn)} grupper" if len(namn) > 4 else ", ".join(namn)
        sagt.append(f"Talen är lagda ihop av filens delar: {delar}.")
    if summerade and avser_ar >= FORSTA_BRUSAR:
        sagt.append(
            f"SCB har ingen egen uppgift för {alder.namn} i filen. Varje del har ett eget slumpbrus, så summan kan "
            "avvika mer än ett enskilt tal."
        )
    return sagt


# --- The figures of one region --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Regionsumma:
    """What a region's figures come to: inhabitants, or None with the errors. `rad`: the first row they stand in."""

    rad: Rutrad
    antal: int | None
    fel: tuple[Radfel, ...] = ()
    upprepad: bool = False


def summera(namn: str, uppgifter: Sequence[Uppgift], val: Val) -> Regionsumma:
    """Add the chosen figures of one region, called `namn` in messages. `uppgifter` has at least one."""
    funna: dict[tuple[Del, ...], list[Uppgift]] = {en: [] for en in val.kombinationer}
    for en in uppgifter:
        if en.delar in funna:
            funna[en.delar].append(en)
    forsta = next((en.rad for en in uppgifter if en.delar in funna), uppgifter[0].rad)
    saknas = [val.namn[delar] for delar, egna in funna.items() if not egna]
    if saknas:
        flera = f" med flera ({len(saknas)})" if len(saknas) > 3 else ""
        text = f"{namn} saknar {'; '.join(saknas[:3])}{flera} i filen. Hämta tabellen på nytt med alla delar."
        return Regionsumma(forsta, None, (Radfel(forsta.nummer, forsta.text, text),))
    total, fel, upprepad = 0, [], False
    for delar, egna in funna.items():
        try:
            tal = [tolka_antal(en.cell) for en in egna]
        except Cellfel:
            fel += _lasfel(egna)
            continue
        if len(tal) > 1 and not (upprepad := delar == (ALLA,) * len(delar) and delar != () and len(set(tal)) == 1):
            fel.append(_dubblett(namn, egna, tal))
        total += tal[0]
    return Regionsumma(forsta, None if fel else total, tuple(fel), upprepad)


def _lasfel(uppgifter: Iterable[Uppgift]) -> list[Radfel]:
    fel = []
    for en in uppgifter:
        try:
            tolka_antal(en.cell)
        except Cellfel as cellfel:
            fel.append(Radfel(en.rad.nummer, en.rad.text, str(cellfel)))
    return fel


def _dubblett(namn: str, uppgifter: Sequence[Uppgift], tal: Sequence[int]) -> Radfel:
    forsta, andra = uppgifter[0].rad, uppgifter[1].rad
    lika = " (med samma tal)" if len(set(tal)) == 1 else ""
    text = f"{namn} står både på rad {forsta.nummer} och på rad {andra.nummer}{lika}. Ta bort den ena raden."
    return Radfel(andra.nummer, andra.text, text)
