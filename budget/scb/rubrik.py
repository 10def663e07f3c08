"""Which row is the heading, and what does each column hold?

SCB's tables have stub columns (region, and perhaps ålder, kön …) to the left and figures to the right. CSV files
name the stub columns; Excel files leave those cells empty and may have one heading row per variable
("Folkmängd" above "2022"). The year is in the heading (wide) or in a column of its own (long).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from budget.filfel import Filfel
from budget.scb.delar import TOTAL, Del, ar_koden_for, delar_i_rubrik
from budget.scb.koder import KOD, Kodlista
from budget.scb.rutnat import Rutrad, ar_tom, normal, som_text

SOK_RADER = 30
LANGSTA_ETIKETT = 200  # characters; more is prose
INGEN_RUBRIK = (
    "Hittar ingen rubrikrad med kolumnen region och ett årtal. Hämta tabellen Folkmängd efter region och år "
    "från SCB, med kommunerna som rader, och ladda upp den som den är."
)

REGIONORD = frozenset(
    {"region", "regioner", "regionkod", "regionnamn", "kommun", "kommuner", "kommunkod", "kommunnamn"}
    | {"kod", "namn", "code", "name", "municipality"}
)
ARSORD = frozenset({"år", "tid", "year", "time", "period", "datum", "date"})
LANORD = frozenset({"län", "lan", "länskod", "lan_code", "county"})  # says of a municipality where it lies
ALDERSORD = frozenset({"ålder", "alder", "åldersgrupp", "age"})
KODORD = frozenset({"kön", "kon", "sex", "gender", "civilstånd", "civilstand", "marital status"})
ANTALSORD = frozenset({"antal", "värde", "value"})  # a figure, of whatever
INVANARORD = frozenset({"invånare", "antal invånare", "inhabitants"})
INNEHALLSORD = frozenset({"tabellinnehåll", "contentscode", "observations", "contents"})
ANNAT_INNEHALL = frozenset({"folkökning", "be0101n2", "000007mg", "population growth", "population increase"})
TABELLKODER = ("BE0101N1", "000007ME")  # Folkmängd: the table to 2024, the table from 2025
FEL_TABELLKODER = ("BE0101N2", "000007MG")  # Folkökning

ARTAL = re.compile(r"(?:19|20)[0-9]{2}")
AR_SIST = re.compile(r"(?P<rest>.*?)(?:^|(?<=\s))(?P<ar>(?:19|20)[0-9]{2})(?: - (?P=ar))?")
AR_FORST = re.compile(r"(?P<ar>(?:19|20)[0-9]{2})(?: - (?P=ar))? (?P<rest>.+)")
SEP = re.compile(r"sep=", re.IGNORECASE)  # Excel's own first line in a CSV
MANAD = re.compile(r"(?:19|20)[0-9]{2}m[0-9]{2}")
FOLKMANGD = re.compile(
    r"\b(?:be0101n1|000007me)\b(?: - )?|\bfolkmängd(?:en)?\b|\bpopulation\b|\b(?:den )?31 december\b"
)


@dataclass(frozen=True)
class Talrubrik:
    """A figure column's heading: its year (None when the heading has none) and what it says beyond Folkmängd.

    `rest` is "" for the whole population; "män" or "folkökning" for something else. `delar` is what the rest counts of
    the population: () for all of it, None where it is no part of it.
    """

    avser_ar: int | None
    rest: str
    sager_folkmangd: bool

    @property
    def delar(self) -> tuple[Del, ...] | None:
        return delar_i_rubrik(self.rest)


@dataclass(frozen=True)
class Rubrik:
    """The heading found in a grid: one label per column, and the index of the first row below it."""

    etiketter: tuple[str, ...]
    forsta: int
    markt: bool
    titel: str


@dataclass(frozen=True)
class Kolumner:
    """Column indexes. `tal` maps a year (None in long tables) to the columns with Folkmängd or a part of it.

    `delar` has what each such column counts: () for the whole. `uppdelning` is the columns that split the rows.
    """

    region: tuple[int, ...]
    ar_kolumn: int | None
    innehall: int | None
    uppdelning: tuple[int, ...]
    tal: Mapping[int | None, tuple[int, ...]]
    delar: Mapping[int, tuple[Del, ...]]

    @property
    def talkolumner(self) -> tuple[int, ...]:
        """All figure columns, of every year."""
        return tuple(kolumn for kolumner in self.tal.values() for kolumn in kolumner)


def tolka_talrubrik(etikett: str) -> Talrubrik | None:
    """Read "2022", "Folkmängd 2022", "BE0101N1 - Folkmängd 2022 - 2022", "män 2022"; None when it is no such label."""
    text = normal(etikett)
    traff = AR_SIST.fullmatch(text) or AR_FORST.fullmatch(text)
    rest = traff["rest"] if traff else text
    utan = FOLKMANGD.sub(" ", rest)
    sager_folkmangd = utan != rest
    utan = " ".join(TOTAL.sub(" ", utan).split()).strip(" -,")
    if traff:
        return Talrubrik(int(traff["ar"]), utan, sager_folkmangd)
    if text in ANTALSORD or text in INVANARORD:
        return Talrubrik(None, "", text in INVANARORD)
    return Talrubrik(None, "", True) if sager_folkmangd and not utan else None


def hitta_rubrik(rader: Sequence[Rutrad]) -> Rubrik | None:
    """The heading among the first rows, or None. Rows above it are the title."""
    titel: list[str] = []
    for index, rad in enumerate(rader[:SOK_RADER]):
        if rad.tom:
            continue
        etiketter = tuple(som_text(cell)[:LANGSTA_ETIKETT] for cell in rad.celler)
        if _ar_markt_rubrik(etiketter):
            return Rubrik(etiketter, index + 1, True, " ".join(titel))
        if len(rad.celler) > 1 and ar_tom(rad.celler[0]):
            block = list(_rubrikblock(rader[index:]))
            hopslagna = _slas_ihop(block)
            if any(tolka_talrubrik(etikett) or MANAD.search(normal(etikett)) for etikett in hopslagna):
                return Rubrik(hopslagna, index + len(block), False, " ".join(titel))
        titel.extend(text for text in etiketter if text and not SEP.match(text))
    return None


def kolumner(rubrik: Rubrik, rader: Sequence[Rutrad], koder: Kodlista) -> Kolumner:
    """What each column holds. Raises Filfel when the figures are not Folkmängd per year."""
    etiketter = rubrik.etiketter
    tal: dict[int | None, list[int]] = {}
    delar: dict[int, tuple[Del, ...]] = {}
    for index, etikett in enumerate(etiketter):
        talrubrik = tolka_talrubrik(etikett)
        if talrubrik is not None:
            tal.setdefault(talrubrik.avser_ar, [])
            if talrubrik.delar is not None:
                tal[talrubrik.avser_ar].append(index)
                delar[index] = talrubrik.delar
    if any(avser_ar is not None for avser_ar in tal):
        tal.pop(None, None)
    elif any(MANAD.search(normal(etikett)) for etikett in etiketter):
        raise Filfel("Filen har månadssiffror. Hämta årstabellen (folkmängd 31 december) från SCB i stället.")
    forsta_tal = next((i for i, etikett in enumerate(etiketter) if tolka_talrubrik(etikett)), len(etiketter) - 1)
    if not rubrik.markt:
        return _omarkta_kolumner(forsta_tal, rader, koder, {k: tuple(v) for k, v in tal.items()}, delar)
    region = tuple(i for i, etikett in enumerate(etiketter) if heter(etikett, REGIONORD))
    ar_kolumn = next((i for i, etikett in enumerate(etiketter) if heter(etikett, ARSORD)), None)
    innehall = next((i for i, etikett in enumerate(etiketter) if heter(etikett, INNEHALLSORD)), None)
    if not tal:
        sista = len(etiketter) - 1
        if innehall is None or sista in (*region, ar_kolumn, innehall):
            raise Filfel(
                f"Filens tal heter ”{etiketter[sista][:80]}” och inte Folkmängd. "
                "Hämta tabellen Folkmängd efter region och år från SCB."
            )
        tal[None], delar[sista] = [sista], ()
    kanda = {*region, ar_kolumn, innehall}
    ovriga = (i for i in range(forsta_tal) if i not in kanda)
    uppdelning = tuple(i for i in ovriga if not heter(etiketter[i], ANNAT_INNEHALL | LANORD))
    return Kolumner(region, ar_kolumn, innehall, uppdelning, {k: tuple(v) for k, v in tal.items()}, delar)


def _omarkta_kolumner(
    forsta_tal: int,
    rader: Sequence[Rutrad],
    koder: Kodlista,
    tal: Mapping[int | None, tuple[int, ...]],
    delar: Mapping[int, tuple[Del, ...]],
) -> Kolumner:
    """Stub columns without headings (Excel): code or "code name" first, then perhaps the name, then the rest."""
    talkolumner = [kolumn for kolumner_ in tal.values() for kolumn in kolumner_]
    rader = [rad for rad in rader if any(not ar_tom(rad.cell(kolumn)) for kolumn in talkolumner)]  # not the notes
    region = (0, 1) if forsta_tal > 1 and any(_har_namn_bredvid(rad, koder) for rad in rader) else (0,)
    ovriga = [kolumn for kolumn in range(forsta_tal) if kolumn not in region]
    ar_kolumn = None
    if None in tal:
        ar_kolumn = next((kolumn for kolumn in ovriga if _bara_artal(rader, kolumn)), None)
    uppdelning = [
        kolumn for kolumn in ovriga if kolumn != ar_kolumn and not all(ar_tom(rad.cell(kolumn)) for rad in rader)
    ]
    return Kolumner(region, ar_kolumn, None, tuple(_utan_kodkolumner(uppdelning, rader)), tal, delar)


def _utan_kodkolumner(uppdelning: Sequence[int], rader: Sequence[Rutrad]) -> Iterator[int]:
    """With "kod och text" Excel has a column of codes before each column of texts: the texts are enough."""
    for kolumn, nasta in zip_longest(uppdelning, uppdelning[1:]):
        par = {(rad.cell(kolumn), rad.cell(nasta)) for rad in rader} if nasta is not None else set()
        par = {(kod, text) for kod, text in par if not (ar_tom(kod) and ar_tom(text))}
        if not par or not all(ar_koden_for(kod, text) for kod, text in par):
            yield kolumn


def _har_namn_bredvid(rad: Rutrad, koder: Kodlista) -> bool:
    traff = KOD.fullmatch(som_text(rad.cell(0)))
    return traff is not None and koder.namn.get(traff["kod"]) == som_text(rad.cell(1))


def _bara_artal(rader: Sequence[Rutrad], kolumn: int) -> bool:
    texter = [som_text(rad.cell(kolumn)) for rad in rader if not ar_tom(rad.cell(kolumn))]
    return bool(texter) and all(ARTAL.fullmatch(text) for text in texter)


def heter(etikett: str, ordlista: frozenset[str]) -> bool:
    """The label, or one side of "Region - region", is in the list."""
    text = normal(etikett)
    return text in ordlista or any(del_ in ordlista for del_ in text.split(" - "))


def _ar_markt_rubrik(etiketter: Sequence[str]) -> bool:
    """A region column, and to its right figures or a year column. A title cut at its spaces has the other order."""
    region = next((i for i, etikett in enumerate(etiketter) if heter(etikett, REGIONORD)), None)
    tal = [i for i, etikett in enumerate(etiketter) if tolka_talrubrik(etikett) or MANAD.search(normal(etikett))]
    if region is None:
        return False
    return min(tal) > region if tal else any(heter(etikett, ARSORD) for etikett in etiketter)


def _rubrikblock(rader: Sequence[Rutrad]) -> Iterator[Rutrad]:
    """Consecutive heading rows: first cell empty, only texts and years, years in one of the rows."""
    har_artal = False
    for rad in rader:
        celler = [cell for cell in rad.celler if not ar_tom(cell)]
        if not celler or not ar_tom(rad.celler[0]):
            return
        artal = [cell for cell in celler if ARTAL.fullmatch(som_text(cell))]
        if (har_artal and artal) or any(not isinstance(cell, str) and cell not in artal for cell in celler):
            return
        har_artal = har_artal or bool(artal)
        yield rad


def _slas_ihop(block: Sequence[Rutrad]) -> tuple[str, ...]:
    """One label per column. An outer heading variable's value stands over its first column only: fill it on."""
    bredd = max((len(rad.celler) for rad in block), default=0)
    etiketter = [""] * bredd
    for rad in block:
        senast = ""
        for kolumn in range(bredd):
            text = som_text(rad.cell(kolumn))[:LANGSTA_ETIKETT]
            senast = text or (senast if rad is not block[-1] else "")
            etiketter[kolumn] = f"{etiketter[kolumn]} {senast}".strip()
    if not block:
        return ()
    return tuple("" if ar_tom(block[-1].cell(kolumn)) else etikett for kolumn, etikett in enumerate(etiketter))
