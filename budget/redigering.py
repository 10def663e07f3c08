"""The budget as a grid of inputs: fetched, and shown with what was typed on top of what is saved.

The four kinds of amount are those of `budget.belopp`; saving lies in `budget.cellsparande`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils import timezone

from budget.belopp import EJ_AKTUELLT, Cellvarde, visa_cell
from budget.celler import Bas, Cellplats, Inskickad
from budget.kolumner import Kolumnnyckel, kolumnnamn, kolumnnycklar, valbara_ar, visas_i_tabellen
from budget.models import Budgetpost, Budgetrad, Cellkommentar
from budget.models.poster import Beloppscell
from budget.radfordelning import planradskod
from handlingsplan.models import Handlingsplan
from insatsomraden.models import Omradesutgava

NAMNLOS = "Rad utan benämning"

# --- What there is ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Radhuvud:
    """A row of the grid. `last_i_egna_ar`: an area that is not in the plan, which has only comparison figures.

    `kod` is the row's in a split: the area's, or one made from the plan row's number.
    """

    utgava_id: int | None
    rad_id: int | None
    namn: str
    kod: str
    last_i_egna_ar: bool = False

    def plats(self, kolumn: Kolumnnyckel) -> Cellplats:
        return Cellplats(self.utgava_id, self.rad_id, *kolumn)


@dataclass(frozen=True, slots=True)
class Budgetlage:
    """What the grid is made from: the rows of the table in order, every amount, and the names of all rows."""

    plan: Handlingsplan
    rader: tuple[Radhuvud, ...]
    poster: Mapping[Cellplats, Beloppscell]
    radnamn: Mapping[tuple[int | None, int | None], str]

    def kolumner(self, extra: Iterable[Kolumnnyckel] = ()) -> list[Kolumnnyckel]:
        """The table's columns and `extra` ones, where the plan can have them."""
        synliga = {(rad.utgava_id, rad.rad_id): rad for rad in self.rader}
        i_bruk = set()
        for plats in self.poster:
            rad = synliga.get((plats.utgava_id, plats.rad_id))
            if rad is not None and not self.ar_last(rad, plats.budgetar):
                i_bruk.add((plats.budgetar, plats.finansiering))
        tillagda = {nyckel for nyckel in extra if nyckel[0] in valbara_ar(self.plan)}
        return kolumnnycklar(self.plan, i_bruk | tillagda)

    def far_skrivas(self, plats: Cellplats) -> bool:
        """Whether the cell is in the table and open: not of a removed row, nor of an area that is not in the plan."""
        kolumn = (plats.budgetar, plats.finansiering)
        rad = next((en for en in self.rader if en.plats(kolumn) == plats), None)
        return rad is not None and kolumn in self.kolumner([kolumn]) and not self.ar_last(rad, plats.budgetar)

    def ar_last(self, rad: Radhuvud, budgetar: int) -> bool:
        return rad.last_i_egna_ar and budgetar in self.plan.verksamhetsar

    def etikett(self, plats: Cellplats) -> str:
        """What a cell is called, whether or not it is still in the table: `Mina planer, SGD 2024`."""
        radnamn = self.radnamn.get((plats.utgava_id, plats.rad_id), "En rad som inte finns i planen")
        return f"{radnamn}, {kolumnnamn((plats.budgetar, plats.finansiering))}"


def las_lage(plan: Handlingsplan) -> Budgetlage:
    """Fetch the budget of a plan, in three statements."""
    poster = {plats_for(post): post for post in plan.alla_poster.select_related("andrad_av")}
    utgavor, planrader = list(plan.alla_omraden.select_related("insatsomrade")), list(plan.alla_rader.all())
    radnamn: dict[tuple[int | None, int | None], str] = {(en.pk, None): en.kortnamn for en in utgavor}
    radnamn |= {(None, en.pk): radens_namn(en) for en in planrader}
    med_jamforelse = {p.utgava_id for p in poster if p.budgetar not in plan.verksamhetsar}
    rader = [_omradeshuvud(en) for en in utgavor if visas_i_tabellen(en.lage, en.pk in med_jamforelse)]
    rader += [Radhuvud(None, en.pk, radens_namn(en), planradskod(en.pk)) for en in planrader if en.borttagen_at is None]
    return Budgetlage(plan, tuple(rader), poster, radnamn)


def plats_for(rad: Beloppscell | Cellkommentar) -> Cellplats:
    return Cellplats(rad.utgava_id, rad.rad_id, rad.budgetar, rad.finansiering)


def las_kommentarer(plan: Handlingsplan) -> dict[Cellplats, str]:
    """The comments that say something, by cell."""
    return {plats_for(en): en.text for en in plan.alla_cellkommentarer.exclude(text="")}


def radens_namn(rad: Budgetrad) -> str:
    return rad.benamning or NAMNLOS


def _omradeshuvud(utgava: Omradesutgava) -> Radhuvud:
    ingar = utgava.lage == Omradesutgava.Lage.INGAR
    namn = utgava.kortnamn if ingar else f"{utgava.kortnamn} ({utgava.get_lage_display()})"
    return Radhuvud(utgava.pk, None, namn, utgava.insatsomrade.kod, last_i_egna_ar=not ingar)


def varde(post: Beloppscell | None) -> Cellvarde | None:
    """A row's value; None for the cell without a row, *ej ifyllt*."""
    if post is None:
        return None
    if post.belopp is not None:
        return Cellvarde("belopp", post.belopp.amount)
    return Cellvarde("okant" if post.slag == Budgetpost.Slag.OKANT else "ej_aktuellt")


# --- As it is shown ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ruta:
    """One cell of the grid. `fel` and `krock` are Swedish sentences; a `last` cell is shown and not written.

    `text` is what stands in the input, which may be unsaved.
    """

    plats: Cellplats
    etikett: str
    text: str
    slag: str
    bas: Bas
    fel: str = ""
    krock: str = ""
    last: bool = False
    kommentar: str = ""

    @property
    def meddelande(self) -> str:
        return self.fel or self.krock

    @property
    def sparad(self) -> str:
        """What the input says when nothing unsaved stands in it."""
        return som_text(self.bas.varde)


@dataclass(frozen=True, slots=True)
class Rutrad:
    huvud: Radhuvud
    rutor: tuple[Ruta, ...]


@dataclass(frozen=True, slots=True)
class Rutnat:
    """The grid: column keys and names, and rows of cells."""

    kolumner: tuple[Kolumnnyckel, ...]
    rader: tuple[Rutrad, ...]
    strandade: tuple[str, ...] = ()  # what was typed in cells that are no longer in the table, in words

    @property
    def kolumnnamn(self) -> tuple[str, ...]:
        return tuple(kolumnnamn(nyckel) for nyckel in self.kolumner)

    @property
    def brister(self) -> tuple[Ruta, ...]:
        """Cells with something to say, in reading order."""
        return tuple(ruta for rad in self.rader for ruta in rad.rutor if ruta.meddelande)


def bygg_rutnat(
    lage: Budgetlage,
    kolumner: Iterable[Kolumnnyckel],
    inskickade: Mapping[Cellplats, Inskickad] | None = None,
    krockar: frozenset[Cellplats] = frozenset(),
    kommentarer: Mapping[Cellplats, str] | None = None,
) -> Rutnat:
    """The grid as it is saved, with what was typed on top of it."""
    nycklar, sanda, noter = tuple(kolumner), inskickade or {}, kommentarer or {}

    def ruta(rad: Radhuvud, nyckel: Kolumnnyckel) -> Ruta:
        bar = _ruta(lage, rad, nyckel, sanda.get(rad.plats(nyckel)), rad.plats(nyckel) in krockar)
        return replace(bar, kommentar=noter.get(bar.plats, ""))

    return Rutnat(
        kolumner=nycklar,
        rader=tuple(Rutrad(rad, tuple(ruta(rad, nyckel) for nyckel in nycklar)) for rad in lage.rader),
        strandade=tuple(
            f"{lage.etikett(en.plats)}: {en.text}"
            for en in sanda.values()
            if en.ar_andrad and not lage.far_skrivas(en.plats)
        ),
    )


def _ruta(lage: Budgetlage, rad: Radhuvud, nyckel: Kolumnnyckel, sand: Inskickad | None, krockar: bool) -> Ruta:
    """One cell: locked, untouched (then as saved now), or as typed (on a new base after a conflict)."""
    plats = rad.plats(nyckel)
    post, etikett = lage.poster.get(plats), lage.etikett(plats)
    nu = bas_for(post)
    if lage.ar_last(rad, nyckel[0]):
        return Ruta(plats, etikett, visa_cell(EJ_AKTUELLT), EJ_AKTUELLT.slag, nu, last=True)
    if sand is None or not sand.ar_andrad:
        return Ruta(plats, etikett, som_text(nu.varde), slag_av(nu.varde), nu)
    if krockar:
        return Ruta(plats, etikett, sand.text, slag_av(sand.varde), nu, krock=krocktext(sand.text, post))
    return Ruta(plats, etikett, sand.text, "" if sand.fel else slag_av(sand.varde), sand.bas, fel=sand.fel)


def bas_for(post: Beloppscell | None) -> Bas:
    """What an input on this row is made from."""
    return Bas(post.version if post else 0, varde(post))


def som_text(cell: Cellvarde | None) -> str:
    """A value as it stands in an input, where nothing means ej ifyllt."""
    return visa_cell(cell) if cell else ""


def slag_av(cell: Cellvarde | None) -> str:
    return cell.slag if cell else "ej_ifyllt"


def krocktext(mitt: str, post: Beloppscell | None) -> str:
    """Both values in words; the person's own is also what stands in the input."""
    ditt = f"Din: {mitt.strip() or visa_cell(None)}."
    if post is None:
        return f"{ditt} Någon annan har tömt cellen. Spara igen om din ska gälla."
    vem, nar = post.andrad_av or "någon annan", timezone.localtime(post.andrad_at)
    klockan = f"{nar:%H:%M}" if nar.date() == timezone.localdate() else f"{nar:%Y-%m-%d %H:%M}"
    return f"{ditt} Sparad av {vem} {klockan}: {visa_cell(varde(post))}. Spara igen om din ska gälla."
