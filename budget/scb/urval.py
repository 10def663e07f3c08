"""Which figures answer the question: one date, Folkmängd, all of it or one age span, nothing guessed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from budget.alder import Aldersspann
from budget.filfel import Filfel
from budget.scb.delar import ALLA, KON, Del, tolka_del
from budget.scb.koder import KOD, Kodlista
from budget.scb.poster import Radfel
from budget.scb.rubrik import (
    ALDERSORD,
    ARTAL,
    FEL_TABELLKODER,
    FOLKMANGD,
    KODORD,
    MANAD,
    TABELLKODER,
    Kolumner,
    Rubrik,
    heter,
    kolumner,
    tolka_talrubrik,
)
from budget.scb.rutnat import Cellfel, Rutnat, Rutrad, ar_datum, ar_tom, normal, som_text, tolka_antal
from budget.scb.uppdelning import FORSTA_BRUSAR, HAMTA_UTAN, Dimension, Uppgift, Val
from budget.scb.uppdelning import valj as valj_delar

TITEL_FOLKMANGD = re.compile(FOLKMANGD.pattern + r"|\bbefolkning(?:en)?\b")
REFERENSTID = re.compile(r"(?:referenstid|reference (?:time|period)):?", re.IGNORECASE)
ARSSKIFTE = re.compile(r"31[ .-]*dec|dec[a-z]* 31")
MANADSFIL = "Filen har månadssiffror. Hämta årstabellen (folkmängd 31 december) från SCB i stället."


@dataclass(frozen=True)
class Urval:
    """The figures to read, where their regions stand, which to take of each, and what was found on the way."""

    uppgifter: tuple[Uppgift, ...]
    region: tuple[int, ...]
    val: Val
    tabellkod: str
    fel: tuple[Radfel, ...]
    anmarkningar: tuple[str, ...]


def valj(natet: Rutnat, rubrik: Rubrik, datum: date, koder: Kodlista, alder: Aldersspann) -> Urval:
    """Choose the figures for one date. Raises Filfel when the file does not answer it unambiguously."""
    under = natet.rader[rubrik.forsta :]
    kol = kolumner(rubrik, under, koder)
    tabell, noter = _dela_av_noter(under, kol, koder, fyll=not rubrik.markt)
    _kontrollera_referenstid(natet, noter)
    tider = _tidpunkter(tabell, kol)
    _kontrollera_datum(tider, datum)
    talkolumner = _talkolumner(rubrik, kol, datum.year, alder)
    rader, fel = _for_datumet(tabell, kol, datum)
    rader = _bara_folkmangd(rader, kol)
    tabellkod = _tabellkod(natet, rubrik, talkolumner[0], rader, kol)
    sagt = _kontrollera_innehall(natet, rubrik, talkolumner[0], kol, tabellkod)
    fel += _utan_uppdelning(rader, kol)
    uppgifter, dimensioner = _uppgifter(rader, kol, rubrik, talkolumner)
    val = valj_delar(dimensioner, alder, datum.year)
    anmarkningar = [sagt] if sagt else []
    if len(tider) > 1:
        last = datum.isoformat() if datum.isoformat() in tider else datum.year
        vad = "åren" if all(ARTAL.fullmatch(tid) for tid in tider) else "tidpunkterna"
        anmarkningar.append(f"Filen har {vad} {_spann(tider)}; bara {last} lästes.")
    if tabellkod == TABELLKODER[1] or datum.year >= FORSTA_BRUSAR:
        anmarkningar.append(
            f"Från och med {FORSTA_BRUSAR} lägger SCB ett litet slumpbrus på varje tal (tabell 000007ME), så "
            "kommunernas summa kan skilja sig något från länets tal."
        )
    fel += _tal_under_tabellen(noter, kol)
    return Urval(uppgifter, kol.region, val, tabellkod, tuple(fel), (*anmarkningar, *val.anmarkningar))


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


def _kontrollera_referenstid(natet: Rutnat, noter: Sequence[Rutrad]) -> None:
    """Excel's notes, px and JSON-stat2 state the reference time; only 31 December is the year-end population.

    Raises Filfel.
    """
    texter = [som_text(cell) for rad in noter for cell in rad.celler if not ar_tom(cell)]
    sagda = [varde for ord_, varde in pairwise(texter) if REFERENSTID.fullmatch(ord_)]
    sagda += [natet.referenstid] if natet.referenstid else []
    for varde in sagda:
        if not ARSSKIFTE.search(normal(varde)):
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


def _tidpunkter(tabell: Sequence[Rutrad], kol: Kolumner) -> list[str]:
    """The file's times as they are written: years, or dates in a list of one's own. Raises Filfel for months."""
    if None not in kol.tal:
        return sorted(str(avser_ar) for avser_ar in kol.tal)
    if kol.ar_kolumn is None:
        raise Filfel("Filen säger inte vilket år talen gäller. Hämta tabellen med år som kolumn från SCB.")
    texter = {som_text(rad.cell(kol.ar_kolumn)) for rad in tabell}
    tider = sorted(text for text in texter if ARTAL.fullmatch(text) or ar_datum(text))
    if not tider and any(MANAD.fullmatch(text.casefold()) for text in texter):
        raise Filfel(MANADSFIL)
    return tider


def _kontrollera_datum(tider: Sequence[str], datum: date) -> None:
    """SCB's years mean 31 December. Raises Filfel where the file does not have the date."""
    if datum.isoformat() in tider:
        return
    if (datum.month, datum.day) != (12, 31) and any(ARTAL.fullmatch(tid) for tid in tider):
        raise Filfel(
            f"SCB:s årstabell gäller den 31 december, inte {datum.isoformat()}. "
            f"Ange {datum.year - 1}-12-31 eller {datum.year}-12-31."
        )
    if str(datum.year) not in tider:
        sokt = datum.year if not tider or ARTAL.fullmatch(tider[0]) else datum.isoformat()
        raise Filfel(f"Filen har inga tal för {sokt}. {_finns(tider)}")


def _finns(tider: Sequence[str]) -> str:
    if not tider:
        return "Den har inga årtal alls; hämta årstabellen Folkmängd från SCB."
    ar_ar = all(ARTAL.fullmatch(tid) for tid in tider)
    if len(tider) == 1:
        return f"Den har bara {tider[0]}. Välj det {'året' if ar_ar else 'datumet'}, eller hämta en annan fil från SCB."
    vad = "åren" if ar_ar else "tidpunkterna"
    valj_ = "ett av dem" if ar_ar else "en av dem"
    return f"Den har {vad} {_spann(tider)}. Välj {valj_}, eller hämta en annan fil från SCB."


def _spann(tider: Sequence[str]) -> str:
    """Sorted years or dates as a short Swedish text; consecutive years as a span."""
    delar: list[list[str]] = []
    for tid in tider:
        if delar and ARTAL.fullmatch(tid) and ARTAL.fullmatch(delar[-1][-1]) and int(tid) == int(delar[-1][-1]) + 1:
            delar[-1].append(tid)
        else:
            delar.append([tid])
    text = ", ".join(f"{d[0]}–{d[-1]}" if len(d) > 1 else d[0] for d in delar[:8])
    return f"{text} med flera" if len(delar) > 8 else text


def _talkolumner(rubrik: Rubrik, kol: Kolumner, avser_ar: int, alder: Aldersspann) -> tuple[int, ...]:
    """The figure columns of the year: the one with everybody, or else those that split it. Raises Filfel."""
    lang = None in kol.tal
    kandidater = kol.tal[None if lang else avser_ar]
    hela = tuple(kolumn for kolumn in kandidater if not kol.delar[kolumn])
    delade = tuple(kolumn for kolumn in kandidater if kol.delar[kolumn])
    if delade and not hela:
        return delade
    if len(hela) == 1:
        med_alder = any(isinstance(del_, Aldersspann) for kolumn in delade for del_ in kol.delar[kolumn])
        return (*hela, *delade) if med_alder and not alder.ar_alla else hela
    tolkade = [(etikett, tolka_talrubrik(etikett)) for etikett in rubrik.etiketter]
    namn = [etikett for etikett, tal in tolkade if tal and (lang or tal.avser_ar == avser_ar)]
    raknat = "flera" if kandidater else "inga"
    raise Filfel(
        f"Filen har {raknat} kolumner med hela folkmängden för {avser_ar} ({', '.join(namn)[:200]}). {HAMTA_UTAN}"
    )


def _for_datumet(tabell: Sequence[Rutrad], kol: Kolumner, datum: date) -> tuple[list[Rutrad], list[Radfel]]:
    if kol.ar_kolumn is None or None not in kol.tal:
        return list(tabell), []
    sokta = {datum.isoformat()} | ({str(datum.year)} if (datum.month, datum.day) == (12, 31) else set())
    rader, fel = [], []
    for rad in tabell:
        text = som_text(rad.cell(kol.ar_kolumn))
        if text in sokta:
            rader.append(rad)
        elif not ARTAL.fullmatch(text) and not ar_datum(text):
            meddelande = f"”{text[:40]}” är inget årtal eller datum. Rätta det, till exempel 2022 eller 2022-12-31."
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


def _uppgifter(
    rader: Iterable[Rutrad], kol: Kolumner, rubrik: Rubrik, talkolumner: Sequence[int]
) -> tuple[tuple[Uppgift, ...], list[Dimension]]:
    """Every figure with what it counts, and the dimensions that the table is split by."""
    rader = [rad for rad in rader if not any(ar_tom(rad.cell(kolumn)) for kolumn in kol.uppdelning)]
    namn = [rubrik.etiketter[kolumn] or f"kolumn {kolumn + 1}" for kolumn in kol.uppdelning]
    tolkning = [
        {"heter_alder": heter(ett, ALDERSORD), "koder": heter(ett, KODORD)} if rubrik.markt else {} for ett in namn
    ]
    sorter = sorted({_sort(del_) for kolumn in talkolumner for del_ in kol.delar[kolumn]})
    i_rubriken = {kolumn: _ordnade(kol.delar[kolumn], sorter) for kolumn in talkolumner}
    varden: list[dict[Del, str]] = [{} for _ in (*namn, *sorter)]
    kanda: dict[tuple[int, str], Del] = {}
    uppgifter = []
    for rad in rader:
        texter = [som_text(rad.cell(kolumn)) for kolumn in kol.uppdelning]
        for nummer, text in enumerate(texter):
            if (nummer, text) not in kanda:
                kanda[nummer, text] = tolka_del(text, **tolkning[nummer])
        egna = tuple(kanda[nummer, text] for nummer, text in enumerate(texter))
        for kolumn in talkolumner:
            delar = (*egna, *i_rubriken[kolumn])
            for plats, del_ in enumerate(delar):
                varden[plats].setdefault(del_, texter[plats] if plats < len(texter) else rubrik.etiketter[kolumn])
            uppgifter.append(Uppgift(rad, rad.cell(kolumn), delar))
    dimensioner = [Dimension(ett, alla) for ett, alla in zip((*namn, *sorter), varden, strict=True)]
    return tuple(uppgifter), dimensioner


def _sort(del_: Del) -> str:
    if isinstance(del_, Aldersspann):
        return "ålder"
    return "kön" if del_ in KON else "civilstånd"


def _ordnade(delar: Sequence[Del], sorter: Sequence[str]) -> tuple[Del, ...]:
    """What a column's heading counts, by kind; everybody where it does not say. Raises Filfel for two of a kind."""
    per_sort: dict[str, Del] = {}
    for del_ in delar:
        if _sort(del_) in per_sort:
            raise Filfel(f"En rubrik i filen anger {_sort(del_)} två gånger. {HAMTA_UTAN}")
        per_sort[_sort(del_)] = del_
    return tuple(per_sort.get(sort, ALLA) for sort in sorter)
