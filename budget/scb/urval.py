"""Which rows and which figure column answer the question: one year, the whole Folkmängd, nothing guessed."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from budget.scb.koder import KOD, Kodlista
from budget.scb.poster import Radfel
from budget.scb.rubrik import (
    ARTAL,
    FEL_TABELLKODER,
    FOLKMANGD,
    TABELLKODER,
    Kolumner,
    Rubrik,
    ar_total,
    kolumner,
    tolka_talrubrik,
)
from budget.scb.rutnat import Cellfel, Filfel, Rutnat, Rutrad, ar_tom, normal, som_text, tolka_antal

TITEL_FOLKMANGD = re.compile(FOLKMANGD.pattern + r"|\bbefolkning(?:en)?\b")
REFERENSTID = re.compile(r"(?:referenstid|reference (?:time|period)):?", re.IGNORECASE)
FORSTA_BRUSAR = 2025  # from this reference year SCB adds noise to every figure (Cell Key Method)


@dataclass(frozen=True)
class Urval:
    """The rows to read, the column with their figures, and what was found on the way."""

    rader: tuple[Rutrad, ...]
    region: tuple[int, ...]
    talkolumn: int
    tabellkod: str
    fel: tuple[Radfel, ...]
    anmarkningar: tuple[str, ...]


def valj(natet: Rutnat, rubrik: Rubrik, avser_ar: int, koder: Kodlista) -> Urval:
    """Choose rows and column for one year. Raises Filfel when the file does not answer it unambiguously."""
    under = natet.rader[rubrik.forsta :]
    kol = kolumner(rubrik, under, koder)
    tabell, noter = _dela_av_noter(under, kol, koder, fyll=not rubrik.markt)
    _kontrollera_referenstid(noter)
    alla_ar = _alla_ar(tabell, kol)
    if avser_ar not in alla_ar:
        raise Filfel(f"Filen har inga tal för {avser_ar}. {_finns(alla_ar)}")
    talkolumn = _talkolumn(rubrik, kol, avser_ar)
    rader, fel = _for_aret(tabell, kol, avser_ar)
    rader = _bara_folkmangd(rader, kol)
    tabellkod = _tabellkod(natet, rubrik, talkolumn, rader, kol)
    sagt = _kontrollera_innehall(natet, rubrik, talkolumn, kol, tabellkod)
    fel += _utan_uppdelning(rader, kol)
    rader = _bara_totaler(rader, kol, rubrik)
    anmarkningar = [sagt] if sagt else []
    if len(alla_ar) > 1:
        anmarkningar.append(f"Filen har åren {_spann(alla_ar)}; bara {avser_ar} lästes.")
    if tabellkod == TABELLKODER[1] or avser_ar >= FORSTA_BRUSAR:
        anmarkningar.append(
            f"Från och med {FORSTA_BRUSAR} lägger SCB ett litet slumpbrus på varje tal (tabell 000007ME), så "
            "kommunernas summa kan skilja sig något från länets tal."
        )
    fel += _tal_under_tabellen(noter, kol)
    return Urval(tuple(rader), kol.region, talkolumn, tabellkod, tuple(fel), tuple(anmarkningar))


def _dela_av_noter(
    under: Sequence[Rutrad], kol: Kolumner, koder: Kodlista, fyll: bool
) -> tuple[list[Rutrad], list[Rutrad]]:
    """The table, and the rows of notes below it.

    The notes begin at the first row that names no region and either has no figure or follows an empty row. With
    `fyll`, a row with stub values but no region belongs to the region above (Excel writes each region once).
    """
    tabell: list[Rutrad] = []
    efter_tom = False
    for index, rad in enumerate(under):
        if rad.tom:
            efter_tom = True
            continue
        texter = [som_text(rad.cell(kolumn)) for kolumn in kol.region]
        har_tal = any(not ar_tom(rad.cell(kolumn)) for kolumn in kol.talkolumner)
        nagon_region = any(koder.finns(text) for text in texter)
        ser_ut_som_kod = any(KOD.fullmatch(text) for text in texter)
        if not nagon_region and not (har_tal and (ser_ut_som_kod or not efter_tom)):
            return tabell, [rad for rad in under[index:] if not rad.tom]
        if fyll and tabell and not efter_tom and not any(texter):
            tabell.append(_arv(rad, tabell[-1], kol))
        else:
            tabell.append(rad)
        efter_tom = False
    return tabell, []


def _arv(rad: Rutrad, ovan: Rutrad, kol: Kolumner) -> Rutrad:
    """The row with the empty stub cells of the row above; a row without any stub value inherits nothing."""
    stub = [*kol.uppdelning] + ([kol.ar_kolumn] if kol.ar_kolumn is not None else [])
    if all(ar_tom(rad.cell(kolumn)) for kolumn in stub):
        return rad
    celler = list(rad.celler)
    for kolumn in (*kol.region, *stub):
        if ar_tom(celler[kolumn]):
            celler[kolumn] = ovan.cell(kolumn)
    return replace(rad, celler=tuple(celler))


def _kontrollera_referenstid(noter: Sequence[Rutrad]) -> None:
    """Excel's notes state the reference time; only 31 December is the year-end population. Raises Filfel."""
    texter = [som_text(cell) for rad in noter for cell in rad.celler if not ar_tom(cell)]
    for rubriken, varde in pairwise(texter):
        if REFERENSTID.fullmatch(rubriken) and not re.search(r"31[ .-]*december", normal(varde)):
            raise Filfel(f"Filens referenstid är ”{varde[:60]}”, inte 31 december. Hämta årstabellen från SCB.")


def _tal_under_tabellen(noter: Sequence[Rutrad], kol: Kolumner) -> list[Radfel]:
    """Rows under the table that still hold a figure: nothing is dropped in silence."""
    fel = []
    for rad in noter:
        if any(_ar_tal(rad, kolumn) for kolumn in kol.talkolumner):
            text = (
                f"Raden har ett tal men hör inte till tabellen, som slutar före rad {noter[0].nummer}. "
                "Rätta kommunkoden, eller ta bort raden och tomma rader i tabellen."
            )
            fel.append(Radfel(rad.nummer, rad.text, text))
    return fel


def _ar_tal(rad: Rutrad, kolumn: int) -> bool:
    try:
        tolka_antal(rad.cell(kolumn))
    except Cellfel:
        return False
    return True


def _alla_ar(tabell: Sequence[Rutrad], kol: Kolumner) -> list[int]:
    if None not in kol.tal:
        return sorted(avser_ar for avser_ar in kol.tal if avser_ar is not None)
    if kol.ar_kolumn is None:
        raise Filfel("Filen säger inte vilket år talen gäller. Hämta tabellen med år som kolumn från SCB.")
    texter = {som_text(rad.cell(kol.ar_kolumn)) for rad in tabell}
    return sorted(int(text) for text in texter if ARTAL.fullmatch(text))


def _finns(alla_ar: Sequence[int]) -> str:
    if not alla_ar:
        return "Den har inga årtal alls; hämta årstabellen Folkmängd från SCB."
    if len(alla_ar) == 1:
        return f"Den har bara {alla_ar[0]}. Välj det året, eller hämta en fil med rätt år från SCB."
    return f"Den har åren {_spann(alla_ar)}. Välj ett av dem, eller hämta en fil med rätt år från SCB."


def _spann(alla_ar: Sequence[int]) -> str:
    """Sorted years as a short Swedish text; consecutive ones as a span."""
    delar: list[list[int]] = []
    for avser_ar in alla_ar:
        if delar and avser_ar == delar[-1][-1] + 1:
            delar[-1].append(avser_ar)
        else:
            delar.append([avser_ar])
    return ", ".join(f"{d[0]}–{d[-1]}" if len(d) > 1 else str(d[0]) for d in delar)


def _talkolumn(rubrik: Rubrik, kol: Kolumner, avser_ar: int) -> int:
    lang = None in kol.tal
    kandidater = kol.tal[None if lang else avser_ar]
    if len(kandidater) == 1:
        return kandidater[0]
    tolkade = [(etikett, tolka_talrubrik(etikett)) for etikett in rubrik.etiketter]
    namn = [etikett for etikett, tal in tolkade if tal and (lang or tal.avser_ar == avser_ar)]
    raknat = "flera" if kandidater else "inga"
    raise Filfel(
        f"Filen har {raknat} kolumner med hela folkmängden för {avser_ar} ({', '.join(namn)[:200]}). "
        "Hämta tabellen med bara Folkmängd, utan kön, ålder och civilstånd."
    )


def _for_aret(tabell: Sequence[Rutrad], kol: Kolumner, avser_ar: int) -> tuple[list[Rutrad], list[Radfel]]:
    if kol.ar_kolumn is None or None not in kol.tal:
        return list(tabell), []
    rader, fel = [], []
    for rad in tabell:
        text = som_text(rad.cell(kol.ar_kolumn))
        if text == str(avser_ar):
            rader.append(rad)
        elif not ARTAL.fullmatch(text):
            meddelande = f"”{text[:40]}” är inget årtal. Rätta året, till exempel 2022."
            fel.append(Radfel(rad.nummer, rad.text, meddelande))
    return rader, fel


def _bara_folkmangd(rader: list[Rutrad], kol: Kolumner) -> list[Rutrad]:
    if kol.innehall is None:
        return rader
    valda = [rad for rad in rader if _heter_folkmangd(som_text(rad.cell(kol.innehall)))]
    if not valda:
        namn = sorted({som_text(rad.cell(kol.innehall)) for rad in rader})
        raise Filfel(f"Filen har {', '.join(namn)[:200]} men inte Folkmängd. Hämta tabellen med Folkmängd.")
    return valda


def _heter_folkmangd(text: str) -> bool:
    tal = tolka_talrubrik(text)
    return tal is not None and tal.sager_folkmangd and not tal.rest


def _tabellkod(natet: Rutnat, rubrik: Rubrik, talkolumn: int, rader: Sequence[Rutrad], kol: Kolumner) -> str:
    texter = [rubrik.etiketter[talkolumn], natet.bladnamn]
    if kol.innehall is not None and rader:
        texter.insert(0, som_text(rader[0].cell(kol.innehall)))
    for text in texter:
        for kod in TABELLKODER:
            if re.search(rf"\b{kod}\b", text, re.IGNORECASE):
                return kod
    return ""


def _kontrollera_innehall(natet: Rutnat, rubrik: Rubrik, talkolumn: int, kol: Kolumner, tabellkod: str) -> str:
    """A heading of bare years does not say what the figures are; then title and sheet must not say otherwise.

    Returns a remark when nothing in the file tells; raises Filfel when it tells something else.
    """
    titel = normal(rubrik.titel)
    if "november" in titel:
        raise Filfel("Filen gäller 1 november, inte 31 december. Hämta årstabellen Folkmängd från SCB.")
    tal = tolka_talrubrik(rubrik.etiketter[talkolumn])
    if kol.innehall is not None or (tal is not None and tal.sager_folkmangd):
        return ""
    if natet.bladnamn.upper() in FEL_TABELLKODER or (titel and not TITEL_FOLKMANGD.search(titel)):
        raise Filfel(
            f"Filen ser inte ut att gälla folkmängd (”{(rubrik.titel or natet.bladnamn)[:80]}”). "
            "Hämta tabellen Folkmängd efter region och år från SCB."
        )
    if titel or tabellkod:
        return ""
    return "Filen säger inte vad talen är; de lästes som folkmängd."


def _utan_uppdelning(rader: Sequence[Rutrad], kol: Kolumner) -> list[Radfel]:
    """Rows of a split table that do not say which part they are: neither a total nor a part, so named."""
    text = "Raden säger inte vilken ålder, vilket kön eller civilstånd talet gäller. Fyll i det eller ta bort raden."
    return [
        Radfel(rad.nummer, rad.text, text)
        for rad in rader
        if any(ar_tom(rad.cell(kolumn)) for kolumn in kol.uppdelning)
    ]


def _bara_totaler(rader: list[Rutrad], kol: Kolumner, rubrik: Rubrik) -> list[Rutrad]:
    """Of a table split by kön, ålder or civilstånd, its totals. Raises Filfel unless they are unambiguous."""
    rader = [rad for rad in rader if not any(ar_tom(rad.cell(kolumn)) for kolumn in kol.uppdelning)]
    for kolumn in kol.uppdelning:
        varden = {normal(rad.cell(kolumn)): som_text(rad.cell(kolumn)) for rad in rader}
        totaler = [varde for varde in varden if ar_total(varde)]
        if len(totaler) != 1:
            namn = rubrik.etiketter[kolumn] or f"kolumn {kolumn + 1}"
            raise Filfel(
                f"Tabellen är uppdelad på {namn} ({', '.join(list(varden.values())[:4])[:120]}) och har "
                f"{'flera totaler' if totaler else 'ingen total'}. Delarna summeras inte här: hämta tabellen "
                "med bara region, Folkmängd och år."
            )
        rader = [rad for rad in rader if normal(rad.cell(kolumn)) == totaler[0]]
    if kol.uppdelning:
        antal = Counter(tuple(normal(rad.cell(kolumn)) for kolumn in kol.region) for rad in rader)
        if any(flera > 1 for flera in antal.values()):
            raise Filfel(
                "Filen har flera totaler för samma kommun och år, och det går inte att se vilken som gäller. "
                "Hämta tabellen med bara region, Folkmängd och år."
            )
    return rader
