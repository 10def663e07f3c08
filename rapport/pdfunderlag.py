"""What the PDF's templates print, worked out beforehand from the record: templates do not calculate.

Pure functions on `Plandokument`; amounts come in as öre and leave as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from budget.belopp import HART_MELLANSLAG, visa_decimal, visa_heltal, visa_kr, visa_summa
from budget.fordelning import Fordelning, upprakning
from budget.modellbeskrivning import grunden, modelltexterna
from rapport.bilder_karta import Karta, karta
from rapport.bilder_staplar import PAPPER, staplar
from rapport.omradestabell import omradestabell
from rapport.pdfbudget import deltabeller, skillnader
from rapport.pdfmatris import Korsbilaga, korsbilaga
from rapport.plandokument import AktivitetPost, Arsfordelning, Part, Plandokument

_TOMT: Final = "–"
_RESULTAT: Final = "Kostnad per invånare, beräknad"


@dataclass(frozen=True, slots=True)
class Nyckelrad:
    """A row of the table of rates: what, one text per year, and whether the row carries the result."""

    rubrik: str
    varden: tuple[str, ...]
    viktig: bool = False


@dataclass(frozen=True, slots=True)
class Bilaga:
    """The shares of one year, and the same shares by area: `kors`, or why they cannot be laid out (`utan_kors`)."""

    rubrik: str
    budgetar: int
    fordelning: Fordelning
    grupprad: str
    karta: Karta | None
    kors: Korsbilaga | None
    utan_kors: str


@dataclass(frozen=True, slots=True)
class Ruta:
    """One block of the cover's picture, in its own units."""

    x: int
    bredd: int
    region: bool


def underlag(dokument: Plandokument) -> dict[str, Any]:
    """Everything `templates/pdf/plan.html` needs."""
    tabeller = deltabeller(dokument.budget)
    bilagor = alla_bilagor(dokument)
    return {
        "dok": dokument,
        "dokumenttitel": dokumenttitel(dokument),
        "parterna": parterna(dokument.parter),
        "status": status(dokument),
        "om_rubrik": f"Om {'året' if dokument.fran_ar == dokument.till_ar else 'åren'} {dokument.period}",
        "titelklass": titelklass(dokument.titel),
        "tabeller": tabeller,
        "staplar": staplar(dokument.budget, PAPPER),
        "skillnader": skillnader(dokument.budget),
        "slag": {cell.slag for tabell in tabeller for rad in tabell.rader for cell in rad.celler},
        "nyckelar": [en.budgetar for en in _beraknade(dokument)],
        "nyckelrader": nyckelrader(dokument),
        "kallor": kallor(dokument),
        "rakning": rakning(dokument),
        "skal": [en for en in dokument.fordelningar if en.skal],
        "bilagor": bilagor,
        "korthet": korthet(dokument),
        "delning": delning(bilagor),
    }


# ----------------------------------------------------------------------
# Cover


def dokumenttitel(dokument: Plandokument) -> str:
    """The file's title, as a reader's window shows it."""
    titel = f"{dokument.titel} – {dokument.undertitel}" if dokument.undertitel else dokument.titel
    return f"UTKAST: {titel}" if dokument.ar_utkast else titel


def parterna(parter: Iterable[Part]) -> str:
    """The parties in words: ``Region Skåne och Skånes 33 kommuner``, with the number counted."""
    lista = list(parter)
    regioner = [part.namn for part in lista if part.typ == "region"]
    antal = sum(part.typ == "kommun" for part in lista)
    kommuner = "1 kommun" if antal == 1 else f"{antal} kommuner"
    if not regioner:
        return kommuner if antal else ""
    if not antal:
        return upprakning(regioner)
    vems = f"{regioner[0].removeprefix('Region ')}s " if regioner[0].startswith("Region ") else ""
    return f"{upprakning(regioner)} och {vems if len(regioner) == 1 else ''}{kommuner}"


def status(dokument: Plandokument) -> str:
    """Where the plan stands, in words."""
    if dokument.faststalld is not None:
        return f"Fastställd {dokument.faststalld.isoformat()}"
    if dokument.delad is not None:
        return f"UTKAST – delad med huvudmännen {dokument.delad.isoformat()}, inte fastställd"
    return "UTKAST – inte delad med huvudmännen"


def titelklass(titel: str) -> str:
    """A long title is set smaller, so that the cover stays one page."""
    steg = ((90, "mycket-lang"), (40, "lang"), (20, "halvlang"))
    return next((klass for grans, klass in steg if len(titel) > grans), "")


def delning(bilagor: Sequence[Bilaga]) -> tuple[Ruta, ...]:
    """The newest split as blocks side by side, 100 000 units wide; empty where nothing is split."""
    fordelning = bilagor[0].fordelning if bilagor else None
    if fordelning is None or fordelning.total <= 0:
        return ()
    rutor, fore = [], 0
    for andel in sorted(fordelning.andelar, key=lambda en: (en.typ != "region", -en.belopp, en.kod)):
        fran, till = (100_000 * varde // fordelning.total for varde in (fore, fore + andel.belopp))
        fore += andel.belopp
        if till > fran:
            rutor.append(Ruta(fran, till - fran, andel.typ == "region"))
    return tuple(rutor)


# ----------------------------------------------------------------------
# The plan in short


def korthet(dokument: Plandokument) -> list[tuple[str, str]]:
    """What the plan amounts to: (what, how much), for the page of contents."""
    rader = []
    for en in dokument.fordelningar:
        summa = dokument.budget.summa(en.budgetar, "sgd")
        if not en.egen or summa is None:
            continue
        rader.append((f"SGD-budget {en.budgetar}", visa_summa(summa)))
        if en.fordelning is not None and en.fordelning.ore_per_invanare is not None:
            rader.append((f"Kostnad per invånare {en.budgetar}", _ore_inv(en.fordelning.ore_per_invanare)))
    antal_mal = sum(len(omrade.alla_mal) for omrade in dokument.omraden)
    overst = [akt for omrade in dokument.omraden for akt in omrade.aktiviteter]
    under = sum(akt.antal for akt in overst) - len(overst)
    rader += [
        ("Insatsområden", visa_heltal(len(dokument.omraden))),
        ("Övergripande mål", visa_heltal(antal_mal)),
        ("Aktiviteter", _antal_aktiviteter(overst, under)),
    ]
    return rader


def _antal_aktiviteter(overst: Sequence[AktivitetPost], under: int) -> str:
    antal = visa_heltal(len(overst))
    if not under:
        return antal
    return f"{antal} och {visa_heltal(under)} {'underaktivitet' if under == 1 else 'underaktiviteter'}"


# ----------------------------------------------------------------------
# The split


def _beraknade(dokument: Plandokument) -> list[Arsfordelning]:
    """The years that have a split or a published rate, newest first."""
    return [en for en in dokument.fordelningar if en.fordelning is not None or en.publicerad is not None]


def nyckelrader(dokument: Plandokument) -> list[Nyckelrad]:
    """The table of rates. A row is left out where no year has anything to say in it."""
    alla = _beraknade(dokument)
    region = next((en.fordelning.region.namn for en in alla if en.fordelning and en.fordelning.region), "Regionen")
    rubriker = (
        "Att fördela (SGD-budget)",
        f"Förhållande {region} : kommunerna",
        f"{region} betalar",
        "Kommunerna betalar tillsammans",
        "Folkmängd den",
        "Invånare i kommunerna",
        _RESULTAT,
        f"{region}, egen kostnad per invånare",
        "Kostnad per invånare, publicerad",
        "Skillnad, publicerad minus beräknad",
    )
    kolumner = [(*_ur_fordelning(en.fordelning), *_ur_publicerad(en)) for en in alla]
    return [
        Nyckelrad(rubrik, tuple(varde or _TOMT for varde in varden), rubrik == _RESULTAT)
        for rubrik, *varden in zip(rubriker, *kolumner, strict=True)
        if any(varden)
    ]


def _ur_fordelning(fordelning: Fordelning | None) -> tuple[str, ...]:
    """The computed rows of one year, empty where nothing is split."""
    if fordelning is None:
        return ("",) * 8
    modell = fordelning.modell
    return (
        _kr(fordelning.total),
        "i steg" if fordelning.i_steg else f"{modell.andel_region}:{modell.andel_grupp}",
        _kr(fordelning.region.belopp) if fordelning.region else "",
        _kr(fordelning.gruppens_belopp),
        modell.folkmangdsdatum.isoformat(),
        visa_heltal(fordelning.gruppens_invanare),
        _ore_inv(fordelning.ore_per_invanare),
        _ore_inv(fordelning.region_ore_per_invanare),
    )


def _ur_publicerad(en: Arsfordelning) -> tuple[str, str]:
    publicerad = _ore_inv(en.publicerad.ore_per_invanare) if en.publicerad else ""
    return publicerad, "" if en.skillnad is None else f"{'+' if en.skillnad > 0 else ''}{_ore_inv(en.skillnad)}"


def kallor(dokument: Plandokument) -> list[str]:
    """Where each published rate was printed, and the population date it stated."""
    rader = []
    for en in dokument.fordelningar:
        if en.publicerad is not None:
            datum = en.publicerad.angivet_datum
            med = f", med folkmängd den {datum.isoformat()}" if datum else ", utan angivet folkmängdsdatum"
            rader.append(f"Publicerad kostnad {en.budgetar}: {en.publicerad.kalla}{med}.")
    return rader


def rakning(dokument: Plandokument) -> list[str]:
    """How the split of each of the plan's own years is made, a paragraph each or more; once where years are alike."""
    texter: dict[tuple[str, ...], list[int]] = {}
    for en in dokument.fordelningar:
        if en.egen and en.fordelning is not None:
            texter.setdefault(_rakning(en.fordelning), []).append(en.budgetar)
    if len(texter) == 1:
        return [stycke for stycken in texter for stycke in stycken]
    ars = [(f"{upprakning(map(str, sorted(ar_)))}: {stycken[0]}", *stycken[1:]) for stycken, ar_ in texter.items()]
    return [stycke for stycken in ars for stycke in stycken]


def _rakning(fordelning: Fordelning) -> tuple[str, ...]:
    """A paragraph for each model, the last one with what holds for all of them."""
    modell = fordelning.modell
    region = fordelning.region.namn if fordelning.region else "regionen"
    hur = "lika (1:1)" if modell.lika else f"i förhållandet {modell.andel_region}:{modell.andel_grupp}"
    enhet = "öre" if modell.enhet == "ore" else "kronor"
    sa_delas = (
        f"SGD-budgeten delas {hur} mellan {region} och de {len(fordelning.kommuner)} kommunerna tillsammans."
        f" Kommunernas del fördelas efter antalet invånare den {modell.folkmangdsdatum.isoformat()}."
    )
    *fore, sista = modelltexterna(fordelning) if fordelning.i_steg else [sa_delas]
    text = (
        f"{'' if fore else f'{sista} '}"
        "Varje andel räknas ur hela beloppet, inte ur kostnaden per invånare, och avrundas nedåt till hela"
        f" {enhet}; de {enhet} som då blir över går till de andelar som har störst rest. Summan av andelarna är därför"
        " alltid exakt lika med budgeten."
    )
    if fordelning.overskjutande:
        text += f" De {fordelning.overskjutande} öre som inte går jämnt upp i hela kronor bär {region}."
    grund = grunden(fordelning)
    text = f"{text} Grund: {grund}" if grund else text
    return (*fore, sista, text) if fore else (text,)


def alla_bilagor(dokument: Plandokument) -> tuple[Bilaga, ...]:
    """The shares of the plan's own years, newest first."""
    egna = [(en, omradestabell(dokument, en)) for en in dokument.fordelningar if en.egen and en.fordelning is not None]
    alla = len(egna) + sum(bool(tabell.rader) for _, tabell in egna)
    nummer = (f"Bilaga {nr}" if alla > 1 else "Bilaga" for nr in range(1, alla + 1))
    return tuple(
        Bilaga(
            rubrik=f"{next(nummer)}: huvudmännens andelar {en.budgetar}",
            budgetar=en.budgetar,
            fordelning=en.fordelning,
            grupprad=f"{len(en.fordelning.kommuner)} kommuner tillsammans",
            karta=karta(dokument, en),
            kors=(
                korsbilaga(tabell, f"{next(nummer)}: andelar per insatsområde {en.budgetar}") if tabell.rader else None
            ),
            utan_kors=tabell.skal,
        )
        for en, tabell in egna
        if en.fordelning is not None
    )


# ----------------------------------------------------------------------
# Words


def _kr(ore: int) -> str:
    return f"{visa_kr(ore)}{HART_MELLANSLAG}kr"


def _ore_inv(ore_per_invanare: Decimal | None) -> str:
    return "" if ore_per_invanare is None else f"{visa_decimal(ore_per_invanare, 2)}{HART_MELLANSLAG}öre/inv"
