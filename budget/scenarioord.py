"""A scenario's changes in words: what each is about, what stands there now and would stand there, and what hinders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from budget.belopp import HART_MELLANSLAG, Cellvarde, visa_cell
from budget.celler import Cellplats
from budget.models import Fordelningsregel
from budget.redigering import varde
from budget.scenario import FORHALLANDET, Byte, Dautfall, Innehall, Regelvarde, regelvarde
from budget.scenariorakning import Arsprov, Utgangslage

REGELORD = {
    "modell": "Modell",
    "andel_region": "Regionens del",
    "andel_grupp": "Kommunernas del",
    "enhet": "Avrundning till",
    "folkmangdsdatum": "Folkmängdens datum",
}
OFORANDRAT = "som i budgeten"
RADEN_BORTA = "Raden är borttagen ur budgeten, så det här räknas inte."
OMRADET_UTE = "Området ingår inte i planen, så det här räknas inte."


@dataclass(frozen=True, slots=True)
class Andringsord:
    """One change. `da` is what was saved when the scenario was; `hinder` says why it does not count, in Swedish."""

    vad: str
    da: str
    nu: str
    blir: str
    hinder: str = ""

    @property
    def galler(self) -> bool:
        """Whether it changes anything as the budget stands now."""
        return not self.hinder and self.nu != self.blir

    @property
    def andrad_sedan(self) -> bool:
        """Whether somebody has changed the budget there since the scenario was saved."""
        return not self.hinder and self.da != self.nu


def i_ord(innehall: Innehall, utgang: Utgangslage) -> list[Andringsord]:
    """Every change, in the table's order: the amounts, then the rules."""
    return [*_celler(innehall, utgang), *_regler(innehall, utgang)]


def krockord(mitt: Innehall, deras: Innehall, utgang: Utgangslage) -> list[tuple[str, str, str]]:
    """Where two have tried different things in one scenario: what it is about, theirs, and mine."""
    mina, andras = ({en.vad: en.blir for en in i_ord(ett, utgang)} for ett in (mitt, deras))
    alla = dict.fromkeys([*andras, *mina])
    par = ((vad, andras.get(vad, OFORANDRAT), mina.get(vad, OFORANDRAT)) for vad in alla)
    return [(vad, ett, annat) for vad, ett, annat in par if ett != annat]


def flyttat(innehall: Innehall, alla_ar: Iterable[Arsprov]) -> list[str]:
    """What has moved under a scenario since it was saved, year by year in Swedish; empty where nothing has."""
    par = ((ett, innehall.utfall.get(ett.budgetar), ett.som_utfall) for ett in alla_ar)
    return [_flyttat(ett.budgetar, da, nu) for ett, da, nu in par if da is not None and da != nu]


def _flyttat(budgetar: int, da: Dautfall, nu: Dautfall) -> str:
    if (da.nu, da.prov) == (nu.nu, nu.prov):
        return (
            f"{budgetar}: summorna är som då, men vad var och en betalar är inte det. "
            "Ett belopp, regeln, folkmängden eller huvudmännen är andra."
        )
    return f"{budgetar}: då var budgeten {da.nu}, med scenariot {da.prov}. Nu är den {nu.nu}, med scenariot {nu.prov}."


def _celler(innehall: Innehall, utgang: Utgangslage) -> Iterator[Andringsord]:
    plats_i_tabellen = {(rad.utgava_id, rad.rad_id): nummer for nummer, rad in enumerate(utgang.lage.rader)}

    def ordning(plats: Cellplats) -> tuple[int, int, str]:
        return plats.budgetar, plats_i_tabellen.get((plats.utgava_id, plats.rad_id), 10_000), plats.namn

    for plats in sorted(innehall.celler, key=ordning):
        ett: Byte[Cellvarde | None] = innehall.celler[plats]
        yield Andringsord(
            vad=utgang.lage.etikett(plats),
            da=_belopp(ett.fran),
            nu=_belopp(varde(utgang.lage.poster.get(plats))),
            blir=_belopp(ett.till),
            hinder=cellhinder(plats, utgang),
        )


def cellhinder(plats: Cellplats, utgang: Utgangslage) -> str:
    """Why a cell cannot be tried; nothing where it can."""
    if utgang.kan_provas(plats):
        return ""
    return RADEN_BORTA if plats.utgava_id is None else OMRADET_UTE


def _regler(innehall: Innehall, utgang: Utgangslage) -> Iterator[Andringsord]:
    for (budgetar, namn), ett in sorted(innehall.regler.items(), key=lambda par: (par[0][0], _ordning(par[0][1]))):
        regel = utgang.kalla.regler.get(budgetar)
        if regel is not None:
            da, nu, blir = (regelord(namn, en, utgang) for en in (ett.fran, regelvarde(regel, namn), ett.till))
            yield Andringsord(f"{REGELORD[namn]} {budgetar}", da, nu, blir)


def _ordning(namn: str) -> int:
    return list(REGELORD).index(namn)


def regelord(namn: str, varde_: Regelvarde, utgang: Utgangslage) -> str:
    """A field of a rule as it is read: `30`, `1 krona`, `2022-12-31`, a model's name."""
    if namn == "modell":
        return "förhållandet" if varde_ == FORHALLANDET else utgang.modellnamn(int(str(varde_)))
    if namn == "enhet":
        return str(Fordelningsregel.Enhet(str(varde_)).label)
    return varde_.isoformat() if isinstance(varde_, date) else str(varde_)


def _belopp(cell: Cellvarde | None) -> str:
    return visa_cell(cell) + (f"{HART_MELLANSLAG}kr" if cell is not None and cell.belopp is not None else "")
