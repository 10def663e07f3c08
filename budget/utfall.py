"""The outturn of one year beside its budget: fetched, shown with what was typed on top, and saved.

Outturn is of the same kinds as a budgeted amount and is written in cells of the same sort (`budget.celler`), also after
the plan is adopted. A year whose reconciliation is closed is closed here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from budget.belopp import Cellvarde, Summa, summera, till_ore, visa_summa
from budget.celler import Cellplats, Inskickad
from budget.cellsparande import skriv_alla
from budget.kolumner import Kolumnnyckel
from budget.models import Avstamning, Beloppscell, Finansiering, Utfall
from budget.radfordelning import planradskod
from budget.redigering import Budgetlage, Radhuvud, Ruta, Rutnat, bygg_rutnat, las_lage, plats_for, slag_av, varde
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import last_plan

STANGT = "Avstämningen för {} är fastställd, så utfallet ändras inte längre."


class Utfalletstangt(Exception):
    """The year's reconciliation is closed; the message is Swedish."""


@dataclass(frozen=True, slots=True)
class Utfallslage:
    """One year: its rows, the forms of financing in use, what was budgeted, and the outturn (in `lage`).

    `stangd`: the reconciliation is closed, and nothing is written any more.
    """

    budgetar: int
    finansieringar: tuple[str, ...]
    budget: Mapping[Cellplats, Beloppscell]
    lage: Budgetlage
    stangd: bool

    @property
    def platser(self) -> list[Cellplats]:
        """Every cell of the table, row by row."""
        return [rad.plats((self.budgetar, form)) for rad in self.lage.rader for form in self.finansieringar]

    def far_skrivas(self, plats: Cellplats) -> bool:
        """Whether the cell is one of this year's, in whatever form of financing."""
        kolumn = (self.budgetar, plats.finansiering)
        return not self.stangd and any(rad.plats(kolumn) == plats for rad in self.lage.rader)

    def utfall(self, plats: Cellplats) -> Cellvarde | None:
        return varde(self.lage.poster.get(plats))

    def budgeterat(self, plats: Cellplats) -> Cellvarde | None:
        return varde(self.budget.get(plats))


def las_utfall(plan: Handlingsplan, budgetar: int, extra: Iterable[str] = ()) -> Utfallslage:
    """Fetch it, in five statements. `extra` are forms of financing to show besides those in use."""
    budget = las_lage(plan)
    rader = plan.alla_utfall.filter(budgetar=budgetar).select_related("andrad_av")
    poster: dict[Cellplats, Beloppscell] = {plats_for(en): en for en in rader}
    huvuden = [replace(rad, last_i_egna_ar=False) for rad in budget.rader if not rad.last_i_egna_ar]
    huvuden += _utanfor(plan, budget, poster, huvuden)
    i_arets = {plats: post for plats, post in budget.poster.items() if plats.budgetar == budgetar}
    i_bruk = {plats.finansiering for plats in (*i_arets, *poster)} | {Finansiering.SGD.value} | set(extra)
    return Utfallslage(
        budgetar=budgetar,
        finansieringar=tuple(form for form in Finansiering.values if form in i_bruk),
        budget=i_arets,
        lage=Budgetlage(plan, tuple(huvuden), poster, budget.radnamn),
        stangd=Avstamning.objects.filter(plan=plan, budgetar=budgetar).exists(),
    )


def _utanfor(
    plan: Handlingsplan, budget: Budgetlage, poster: Iterable[Cellplats], huvuden: Iterable[Radhuvud]
) -> list[Radhuvud]:
    """Rows that have an outturn and no place in the table: an area that has left, a row that was removed."""
    synliga = {(rad.utgava_id, rad.rad_id) for rad in huvuden}
    borta = sorted({(en.utgava_id, en.rad_id) for en in poster} - synliga, key=str)
    koder = dict(plan.alla_omraden.values_list("pk", "insatsomrade__kod")) if borta else {}
    return [
        Radhuvud(
            utgava, rad, f"{budget.radnamn[utgava, rad]} (inte i planen)", koder[utgava] if utgava else planradskod(rad)
        )
        for utgava, rad in borta
    ]


def spara_utfall(plan: Handlingsplan, budgetar: int, inskickade: Iterable[Inskickad], *, av: Anvandare) -> int:
    """Write the changed cells, all or none, also in an adopted plan; return how many. None may have a `fel`.

    Raises Budgetkrock with the cells that somebody else has changed since, and Utfalletstangt.
    """
    with last_plan(plan) as last:
        nu = las_utfall(last, budgetar)
        if nu.stangd:
            raise Utfalletstangt(STANGT.format(budgetar))
        return skriv_alla(last, nu.lage.poster, inskickade, nu.far_skrivas, modell=Utfall, av=av)


# --- As it is shown ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sparat:
    """What is saved in a cell: its kind, and its öre where it is an amount."""

    slag: str
    ore: int | None


@dataclass(frozen=True, slots=True)
class Utfallsruta:
    """A cell: what was budgeted, the saved outturn and its input (`ruta`), and the deviation in öre.

    `avvikelse` is budget minus outturn, so above zero is favourable; None where one of them is no amount.
    """

    ruta: Ruta
    budget: Sparat
    utfall: Sparat

    @property
    def vantas(self) -> bool:
        return _vantas(self.budget)

    @property
    def avvikelse(self) -> int | None:
        return None if self.budget.ore is None or self.utfall.ore is None else self.budget.ore - self.utfall.ore

    @property
    def i_ord(self) -> str:
        return avvikelse_i_ord(self.avvikelse)


@dataclass(frozen=True, slots=True)
class Utfallsrad:
    namn: str
    rutor: tuple[Utfallsruta, ...]


@dataclass(frozen=True, slots=True)
class Utfallskolumn:
    """A form of financing with its sums. `avvikelse` (öre) is None where a sum is not all known."""

    namn: str
    budget: Summa
    utfall: Summa
    avvikelse: int | None

    @property
    def budgettext(self) -> str:
        return _summatext(self.budget)

    @property
    def utfallstext(self) -> str:
        return _summatext(self.utfall)

    @property
    def i_ord(self) -> str:
        return avvikelse_i_ord(self.avvikelse)


def _summatext(summa: Summa) -> str:
    """A sum in words; a dash where there is nothing to sum."""
    return "–" if summa == Summa() else visa_summa(summa)


@dataclass(frozen=True, slots=True)
class Utfallstabell:
    kolumner: tuple[Utfallskolumn, ...]
    rader: tuple[Utfallsrad, ...]
    rutnat: Rutnat  # what there is to say of the cells that could not be saved


def avvikelse_i_ord(avvikelse: int | None) -> str:
    """What a deviation means, since its sign alone may be read either way."""
    if avvikelse is None:
        return ""
    return "under budget" if avvikelse > 0 else "över budget" if avvikelse < 0 else "enligt budget"


def utfallstabell(
    nu: Utfallslage,
    inskickade: Mapping[Cellplats, Inskickad] | None = None,
    krockar: frozenset[Cellplats] = frozenset(),
) -> Utfallstabell:
    """The year as it is saved, with what was typed on top of it. Deviations and sums are of what is saved."""
    nycklar: list[Kolumnnyckel] = [(nu.budgetar, form) for form in nu.finansieringar]
    rutnat = bygg_rutnat(nu.lage, nycklar, inskickade, krockar)
    return Utfallstabell(
        kolumner=tuple(_kolumn(nu, nyckel) for nyckel in nycklar),
        rader=tuple(
            Utfallsrad(rad.huvud.namn, tuple(_utfallsruta(nu, ruta) for ruta in rad.rutor)) for rad in rutnat.rader
        ),
        rutnat=rutnat,
    )


def _utfallsruta(nu: Utfallslage, ruta: Ruta) -> Utfallsruta:
    return Utfallsruta(ruta, _sparat(nu.budgeterat(ruta.plats)), _sparat(nu.utfall(ruta.plats)))


def _sparat(cell: Cellvarde | None) -> Sparat:
    return Sparat(slag_av(cell), till_ore(cell.belopp) if cell and cell.belopp is not None else None)


def _kolumn(nu: Utfallslage, nyckel: Kolumnnyckel) -> Utfallskolumn:
    platser = [rad.plats(nyckel) for rad in nu.lage.rader]
    budget = summera(cell for cell in map(nu.budgeterat, platser) if cell is not None)
    utfall = summera(utfallets_celler(nu, platser))
    hela = not (budget.okanda or utfall.okanda or utfall.ej_ifyllda) and utfall.belopp and budget.belopp
    return Utfallskolumn(str(Finansiering(nyckel[1]).label), budget, utfall, budget.ore - utfall.ore if hela else None)


def utfallets_celler(nu: Utfallslage, platser: Iterable[Cellplats]) -> list[Cellvarde | None]:
    """What was the outturn of these cells. A cell that is empty, where no amount was budgeted, is left out: there is
    nothing to fill in."""
    celler = [(nu.utfall(plats), nu.budgeterat(plats)) for plats in platser]
    return [utfall for utfall, budget in celler if utfall is not None or _vantas(_sparat(budget))]


def _vantas(budget: Sparat) -> bool:
    """Whether an outturn is waited for: an amount other than 0, or one that is not known, was budgeted."""
    return budget.slag == "okant" or bool(budget.ore)
