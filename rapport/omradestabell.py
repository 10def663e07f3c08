"""The table party × area as it is shown: the parties down, the areas across, with what must be said beside it.

Pure: from the plan's record, through `rapport.omradesmatris`. The page, the workbook and the plan's annex are made
from it. Amounts are integer öre.
"""

from __future__ import annotations

from dataclasses import dataclass

from budget.belopp import HART_MELLANSLAG, ORE_PER_KRONA, visa_hela_kr, visa_heltal
from budget.fordelning import Fordelning, upprakning
from budget.harledning import avkortat
from budget.modellbeskrivning import modellen
from budget.modelltext import modelltext
from budget.radfordelning import Matris
from budget.stegfordelning import stegmodell_av
from rapport import andelsord
from rapport.andel import ORD_FOR_SLAG
from rapport.betalning import betalning_i_ord
from rapport.omradesmatris import omradesmatris, radkod
from rapport.oversikt import radens_ankare
from rapport.plandokument import Arsfordelning, Plandokument


@dataclass(frozen=True, slots=True)
class Omradeskolumn:
    """An area (or a row of the whole plan): `ankare` is its place in the document, "" where it has none."""

    kod: str
    namn: str
    kortnamn: str
    ankare: str
    belopp: int
    gruppens: int


@dataclass(frozen=True, slots=True)
class Partsrad:
    """What one party pays of each area, in the columns' order, and in all."""

    kod: str
    namn: str
    typ: str
    celler: tuple[int, ...]
    summa: int


@dataclass(frozen=True, slots=True)
class Omradestabell:
    """The table of one year. Without rows where there is none; `skal` then says why."""

    dokument: Plandokument
    ars: Arsfordelning
    kolumner: tuple[Omradeskolumn, ...]
    rader: tuple[Partsrad, ...]
    avvikelse: str
    skal: str
    utanfor: str

    @property
    def summa(self) -> int:
        """What is split in all."""
        return sum(rad.summa for rad in self.rader)

    @property
    def antal_kommuner(self) -> int:
        return sum(rad.typ == "kommun" for rad in self.rader)

    @property
    def grupprad(self) -> str:
        """The heading of the municipalities' sums, "" where there are too few to sum."""
        return f"{visa_heltal(self.antal_kommuner)} kommuner tillsammans" if self.antal_kommuner > 1 else ""

    @property
    def omfattning(self) -> str:
        """`34 huvudmän, 7 insatsområden`; rows of the whole plan are counted for themselves."""
        omraden = sum(bool(en.ankare) for en in self.kolumner)
        rader = len(self.kolumner) - omraden
        delar = [f"{visa_heltal(len(self.rader))} {'huvudman' if len(self.rader) == 1 else 'huvudmän'}"]
        if omraden:
            delar.append(f"{visa_heltal(omraden)} insatsområde{'n' if omraden > 1 else ''}")
        if rader:
            delar.append(f"{visa_heltal(rader)} {'rader' if rader > 1 else 'rad'} för hela planen")
        return ", ".join(delar)

    @property
    def betalning(self) -> str:
        """Who pays for others, in words; "" where each pays its own share."""
        return betalning_i_ord(self.ars)

    @property
    def noter(self) -> tuple[str, ...]:
        """What stands under the table: how exact it is, what is not in it, and who pays for others."""
        return tuple(mening for mening in (self.avvikelse, self.utanfor, self.betalning) if mening)

    @property
    def gruppens(self) -> int:
        """What the municipalities pay together."""
        return sum(rad.summa for rad in self.rader if rad.typ == "kommun")

    @property
    def modell(self) -> str:
        """The cost model in one sentence, "" where nothing is split."""
        fordelning = self.ars.fordelning
        if fordelning is None:
            return ""
        return modellen(fordelning) if fordelning.i_steg else modelltext(stegmodell_av(fordelning.modell))

    @property
    def bygger_pa(self) -> list[tuple[str, str]]:
        """What the figures rest on: (what, in words)."""
        rader = andelsord.bygger_pa(self.dokument, self.ars, andelsord.stallning(self.ars) if self.rader else "")
        i_steg = self.ars.fordelning is not None and self.ars.fordelning.i_steg
        return [(vad, self.modell if vad == "Modell" and not i_steg else ord_) for vad, ord_ in rader]

    @property
    def filnamn(self) -> str:
        """What a file of this table is called, without its ending: `omraden-2024-utkast`."""
        return f"omraden-{self.ars.budgetar}{'-utkast' if self.dokument.ar_utkast else ''}"


def omradestabell(dokument: Plandokument, ars: Arsfordelning) -> Omradestabell:
    """The table of one year, its columns in the order of the budget's rows."""
    matris = omradesmatris(dokument, ars)
    utanfor = _utanfor(dokument, ars)
    if matris is None:
        return Omradestabell(dokument, ars, (), (), "", _skal(dokument, ars), utanfor)
    ordning = _ordning(dokument, ars, matris)
    kommuner = [k for k, part in enumerate(matris.parter) if part.typ == "kommun"]
    alla = [matris.rader[nr] for nr in ordning]
    namn = _namn(dokument, ars)
    kolumner = []
    for rad in alla:
        kortnamn, ankare = namn.get(rad.kod, (rad.namn, ""))
        gruppens = sum(rad.celler[k] for k in kommuner)
        kolumner.append(Omradeskolumn(rad.kod, rad.namn, kortnamn, ankare, rad.belopp, gruppens))
    rader = tuple(
        Partsrad(part.kod, part.namn, part.typ, tuple(rad.celler[k] for rad in alla), matris.summor[k])
        for k, part in enumerate(matris.parter)
    )
    return Omradestabell(dokument, ars, tuple(kolumner), rader, avvikelse(matris), "", utanfor)


def _ordning(dokument: Plandokument, ars: Arsfordelning, matris: Matris) -> list[int]:
    """The table's rows in the budget's order; one that the budget does not know comes last."""
    plats = {radkod(rad): nr for nr, (rad, _) in enumerate(dokument.budget.kolumn_celler(ars.budgetar, "sgd"))}
    return sorted(range(len(matris.rader)), key=lambda nr: (plats.get(matris.rader[nr].kod, len(plats)), nr))


def _namn(dokument: Plandokument, ars: Arsfordelning) -> dict[str, tuple[str, str]]:
    """(short name, place in the document) of each row of the budget, by its code in the table."""
    korta = {en.id: en.kortnamn for en in (*dokument.omraden, *dokument.bevakade, *dokument.lamnade)}
    return {
        radkod(rad): (
            korta.get(rad.omrade_id or 0) or rad.rubrik,
            radens_ankare(dokument, rad),
        )
        for rad, _ in dokument.budget.kolumn_celler(ars.budgetar, "sgd")
    }


# ----------------------------------------------------------------------
# Words


def avvikelse(matris: Matris) -> str:
    """That rows and columns add up, and how far a cell lies from its exact value at most."""
    if matris.besked:
        return matris.besked
    hela = "hela kronor" if matris.enhet_ore > 1 else "hela ören"
    if matris.dar is None:
        return "Rader och kolumner går ihop på öret, och varje ruta är exakt."
    omrade = next(rad.namn for rad in matris.rader if rad.kod == matris.dar[0])
    part = next(part.namn for part in matris.parter if part.kod == matris.dar[1])
    if matris.enhet_ore > 1:
        langd = f"{avkortat(matris.storsta_avvikelse / ORE_PER_KRONA, 4)}{HART_MELLANSLAG}kr"
    else:
        langd = f"{avkortat(matris.storsta_avvikelse, 4)}{HART_MELLANSLAG}öre"
    return (
        f"Rader och kolumner går ihop på öret. Varje ruta är sitt exakta värde avrundat nedåt eller uppåt till {hela};"
        f" störst är avvikelsen för {part} i {omrade}, {langd}."
    )


def _skal(dokument: Plandokument, ars: Arsfordelning) -> str:
    """Why there is no table."""
    fordelning = ars.fordelning
    if fordelning is None:
        return ars.skal or f"Inget fördelas för {ars.budgetar}."
    rader = sum(cell.ore or 0 for _, cell in dokument.budget.kolumn_celler(ars.budgetar, "sgd"))
    if rader != fordelning.total:
        return (
            f"Andelarna för {ars.budgetar} går inte att lägga ut på insatsområdena: {_kr(fordelning.total)} är"
            f" fördelade, men raderna i den här planens budget är tillsammans {_kr(rader)}."
        )
    return _annan_delning(ars, fordelning)


def _annan_delning(ars: Arsfordelning, fordelning: Fordelning) -> str:
    if ars.lagrad:
        return (
            f"Andelarna för {ars.budgetar} är lagrade som de fastställdes. Planens rader ger inte samma andelar, så de"
            " läggs inte ut på insatsområdena."
        )
    return (
        f"Andelarna för {ars.budgetar}, tillsammans {_kr(fordelning.total)}, går inte att lägga ut på insatsområdena"
        " med de uppgifter som planen har."
    )


def _utanfor(dokument: Plandokument, ars: Arsfordelning) -> str:
    """The rows that have no amount to split, in words; "" where all have."""
    rader = [
        f"{rad.namn or 'en rad utan benämning'} ({ORD_FOR_SLAG[cell.slag]})"
        for rad, cell in dokument.budget.kolumn_celler(ars.budgetar, "sgd")
        if cell.ore is None
    ]
    return f"Utan belopp att dela {ars.budgetar}: {upprakning(rader)}." if rader else ""


def _kr(ore: int) -> str:
    return f"{visa_hela_kr(ore)}{HART_MELLANSLAG}kr"
