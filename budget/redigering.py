"""The budget as a grid of inputs: fetched, shown with what was typed, and saved all or nothing.

The four kinds of amount are those of `budget.belopp`; who may overwrite what is decided by `handlingsplan.sparande`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from djmoney.money import Money

from budget.belopp import EJ_AKTUELLT, Cellvarde, summera, visa_cell, visa_summa
from budget.celler import Bas, Cellplats, Inskickad
from budget.kolumner import Kolumnnyckel, kolumnnamn, kolumnnycklar, valbara_ar, visas_i_tabellen
from budget.models import Budgetpost, Budgetrad
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import Borttagen, Krock, avtryck, plan_for_skrivning, spara
from insatsomraden.models import Omradesutgava

NAMNLOS = "Rad utan benämning"

# --- What there is ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Radhuvud:
    """A row of the grid. `last_i_egna_ar`: an area that is not in the plan, which has only comparison figures."""

    utgava_id: int | None
    rad_id: int | None
    namn: str
    last_i_egna_ar: bool = False

    def plats(self, kolumn: Kolumnnyckel) -> Cellplats:
        return Cellplats(self.utgava_id, self.rad_id, *kolumn)


@dataclass(frozen=True, slots=True)
class Budgetlage:
    """What the grid is made from: the rows of the table in order, every amount, and the names of all rows."""

    plan: Handlingsplan
    rader: tuple[Radhuvud, ...]
    poster: Mapping[Cellplats, Budgetpost]
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
    poster = {
        Cellplats(post.utgava_id, post.rad_id, post.budgetar, post.finansiering): post
        for post in plan.alla_poster.select_related("andrad_av")
    }
    utgavor, planrader = list(plan.alla_omraden.all()), list(plan.alla_rader.all())
    radnamn: dict[tuple[int | None, int | None], str] = {(en.pk, None): en.kortnamn for en in utgavor}
    radnamn |= {(None, en.pk): radens_namn(en) for en in planrader}
    med_jamforelse = {p.utgava_id for p in poster if p.budgetar not in plan.verksamhetsar}
    rader = [_omradeshuvud(en) for en in utgavor if visas_i_tabellen(en.lage, en.pk in med_jamforelse)]
    rader += [Radhuvud(None, en.pk, radens_namn(en)) for en in planrader if en.borttagen_at is None]
    return Budgetlage(plan, tuple(rader), poster, radnamn)


def radens_namn(rad: Budgetrad) -> str:
    return rad.benamning or NAMNLOS


def _omradeshuvud(utgava: Omradesutgava) -> Radhuvud:
    ingar = utgava.lage == Omradesutgava.Lage.INGAR
    namn = utgava.kortnamn if ingar else f"{utgava.kortnamn} ({utgava.get_lage_display()})"
    return Radhuvud(utgava.pk, None, namn, last_i_egna_ar=not ingar)


def varde(post: Budgetpost | None) -> Cellvarde | None:
    """A row's value; None for the cell without a row, *ej ifyllt*."""
    if post is None:
        return None
    if post.belopp is not None:
        return Cellvarde("belopp", post.belopp.amount)
    return Cellvarde("okant" if post.slag == Budgetpost.Slag.OKANT else "ej_aktuellt")


# --- As it is shown ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ruta:
    """One cell of the grid. `fel` and `krock` are Swedish sentences; a `last` cell is shown and not written."""

    plats: Cellplats
    etikett: str
    text: str
    slag: str
    bas: Bas
    fel: str = ""
    krock: str = ""
    last: bool = False

    @property
    def meddelande(self) -> str:
        return self.fel or self.krock


@dataclass(frozen=True, slots=True)
class Rutrad:
    huvud: Radhuvud
    rutor: tuple[Ruta, ...]


@dataclass(frozen=True, slots=True)
class Rutnat:
    """The grid: column keys and names, rows of cells, and the sum of each column as saved."""

    kolumner: tuple[Kolumnnyckel, ...]
    rader: tuple[Rutrad, ...]
    summor: tuple[str, ...]
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
) -> Rutnat:
    """The grid as it is saved, with what was typed on top of it."""
    nycklar, sanda = tuple(kolumner), inskickade or {}
    rader = tuple(
        Rutrad(rad, tuple(_ruta(lage, rad, nyckel, sanda, krockar) for nyckel in nycklar)) for rad in lage.rader
    )
    return Rutnat(
        kolumner=nycklar,
        rader=rader,
        summor=tuple(visa_summa(summera(_sparade(lage, nyckel))) for nyckel in nycklar),
        strandade=tuple(
            f"{lage.etikett(en.plats)}: {en.text}"
            for en in sanda.values()
            if en.ar_andrad and not lage.far_skrivas(en.plats)
        ),
    )


def _sparade(lage: Budgetlage, nyckel: Kolumnnyckel) -> list[Cellvarde | None]:
    return [
        EJ_AKTUELLT if lage.ar_last(rad, nyckel[0]) else varde(lage.poster.get(rad.plats(nyckel))) for rad in lage.rader
    ]


def _ruta(
    lage: Budgetlage,
    rad: Radhuvud,
    nyckel: Kolumnnyckel,
    sanda: Mapping[Cellplats, Inskickad],
    krockar: frozenset[Cellplats],
) -> Ruta:
    """One cell: locked, untouched (then as saved now), or as typed (on a new base after a conflict)."""
    plats = rad.plats(nyckel)
    post, sand = lage.poster.get(plats), sanda.get(plats)
    nu, etikett = Bas(post.version if post else 0, varde(post)), lage.etikett(plats)
    if lage.ar_last(rad, nyckel[0]):
        return Ruta(plats, etikett, visa_cell(EJ_AKTUELLT), EJ_AKTUELLT.slag, nu, last=True)
    if sand is None or not sand.ar_andrad:
        return Ruta(plats, etikett, visa_cell(nu.varde) if nu.varde else "", _slag(nu.varde), nu)
    if plats in krockar:
        return Ruta(plats, etikett, sand.text, _slag(sand.varde), nu, krock=_krocktext(sand.text, post))
    return Ruta(plats, etikett, sand.text, "" if sand.fel else _slag(sand.varde), sand.bas, fel=sand.fel)


def _slag(cell: Cellvarde | None) -> str:
    return cell.slag if cell else "ej_ifyllt"


def _krocktext(mitt: str, post: Budgetpost | None) -> str:
    """Both values in words; the person's own is also what stands in the input."""
    ditt = f"Din: {mitt.strip() or visa_cell(None)}."
    if post is None:
        return f"{ditt} Någon annan har tömt cellen. Spara igen om din ska gälla."
    vem, nar = post.andrad_av or "någon annan", timezone.localtime(post.andrad_at)
    klockan = f"{nar:%H:%M}" if nar.date() == timezone.localdate() else f"{nar:%Y-%m-%d %H:%M}"
    return f"{ditt} Sparad av {vem} {klockan}: {visa_cell(varde(post))}. Spara igen om din ska gälla."


# --- Saving ------------------------------------------------------------------------------------------------------


class Budgetkrock(Exception):
    """Somebody else has changed the same cells, or removed a row that was written in. Nothing has been saved."""

    def __init__(self, krockar: frozenset[Cellplats], strandade: frozenset[Cellplats]) -> None:
        super().__init__("Budgeten har ändrats av någon annan.")
        self.krockar = krockar
        self.strandade = strandade


def spara_celler(plan: Handlingsplan, inskickade: Iterable[Inskickad], *, av: Anvandare) -> int:
    """Write the changed cells, all or none, and return how many they were. None of them may have a `fel`.

    Raises Budgetkrock with every cell that somebody else has changed since, and PlanenFaststalld.
    """
    andrade = [en for en in inskickade if en.ar_andrad]
    krockar: set[Cellplats] = set()
    anteckningar: list[historik.Anteckning | None] = []
    with plan_for_skrivning(plan) as last:
        lage = las_lage(last)
        strandade = frozenset(en.plats for en in andrade if not lage.far_skrivas(en.plats))
        for en in andrade:
            try:
                if en.plats not in strandade:
                    _skriv(last, lage.poster.get(en.plats), en, av, anteckningar)
            except (Krock, Borttagen):
                krockar.add(en.plats)
        if krockar or strandade:
            raise Budgetkrock(frozenset(krockar), strandade)
        historik.skriv(last.pk, anteckningar, av=av)
    return len(andrade)


def _skriv(
    plan: Handlingsplan,
    post: Budgetpost | None,
    en: Inskickad,
    av: Anvandare,
    anteckningar: list[historik.Anteckning | None],
) -> None:
    """Write one cell and note it. Raises Krock or Borttagen where it is not what the person saw."""
    if en.varde is None:
        _tom(post, en, anteckningar)
    elif post is not None:
        vid_lasning = {namn: avtryck(falt) for namn, falt in _falt(en.bas.varde).items()}
        version = en.bas.version
        spara(post, _falt(en.varde), version=version, av=av, avtryck_vid_lasning=vid_lasning, samla=anteckningar)
    elif en.bas.varde is not None:
        raise Borttagen(en.plats.namn)
    else:
        ny = Budgetpost.objects.create(
            plan=plan,
            utgava_id=en.plats.utgava_id,
            rad_id=en.plats.rad_id,
            budgetar=en.plats.budgetar,
            finansiering=en.plats.finansiering,
            andrad_av=av,
            **_falt(en.varde),
        )
        anteckningar.append(historik.skapad(ny))


def _tom(post: Budgetpost | None, en: Inskickad, anteckningar: list[historik.Anteckning | None]) -> None:
    """Remove the row of an emptied cell: it becomes *ej ifyllt* again."""
    if post is None:
        return
    if post.version != en.bas.version and varde(post) != en.bas.varde:
        raise Krock(post, ("slag", "belopp"))
    anteckningar.append(historik.borttagen(post))
    Budgetpost.objects.filter(pk=post.pk, version=post.version).delete()


def _falt(cell: Cellvarde | None) -> dict[str, Any]:
    """The columns of a value; a cell without a row has none."""
    if cell is None:
        return {}
    return {"slag": cell.slag, "belopp": None if cell.belopp is None else Money(cell.belopp, "SEK")}
