"""The budget table of a plan as a record: columns, rows, cells, sums and footnotes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from budget.belopp import Summa, summera_slag
from budget.kolumner import kolumnnycklar, visas_i_tabellen
from budget.models import Budgetpost, Budgetrad, Finansiering, Fotnot
from handlingsplan.models import Handlingsplan
from insatsomraden.models import Omradesutgava
from rapport.plandokument import Arssumma, Budgetradspost, Budgettabell, Cell, Fotnotspost, Kolumn

# Where a cell lies: (area edition, row of the plan, year, financing); one of the first two is None.
Plats = tuple[int | None, int | None, int, str]


@dataclass(frozen=True, slots=True)
class _Tabellkalla:
    """The rows a table is made from."""

    plan: Handlingsplan
    poster: dict[Plats, Budgetpost]
    tidigare: dict[tuple[str, int, str], Budgetpost]
    markorer: dict[tuple[object, ...], tuple[str, ...]]


def bygg_tabell(plan: Handlingsplan, fore: Handlingsplan | None, utgavor: Sequence[Omradesutgava]) -> Budgettabell:
    """The table. `utgavor` are all the plan's areas, in order.

    A column exists for SGD in each year of the plan, and for every other year and form of financing that some
    row uses. A cell without a row is *ej ifyllt*. An area that has left has nothing in the plan's own years.
    """
    poster = {(p.utgava_id, p.rad_id, p.budgetar, p.finansiering): p for p in plan.alla_poster.all()}
    rader = [rad for rad in plan.alla_rader.all() if rad.borttagen_at is None]
    fotnoter = _fotnoter(plan)
    kalla = _Tabellkalla(plan, _giltiga(plan, poster, utgavor, rader), _tidigare(plan, fore), _markorer(fotnoter))
    nycklar = kolumnnycklar(plan, ((budgetar, form) for _, _, budgetar, form in kalla.poster))
    mojliga = (_omradesrad(kalla, utgava, nycklar) for utgava in utgavor)
    tabellrader = [rad for rad in mojliga if rad is not None]
    tabellrader += [_planrad(kalla, rad, nycklar) for rad in rader]
    kolumner = tuple(_kolumn(kalla, nycklar, i, tabellrader) for i in range(len(nycklar)))
    return Budgettabell(
        kolumner=kolumner,
        rader=tuple(tabellrader),
        arssummor=_arssummor(kolumner),
        fotnoter=tuple(
            Fotnotspost(id=en.pk, version=en.version, markor=str(nr), text=en.text) for nr, en in enumerate(fotnoter, 1)
        ),
        tabellmarkorer=kalla.markorer.get(("tabell",), ()),
    )


def _giltiga(
    plan: Handlingsplan,
    poster: dict[Plats, Budgetpost],
    utgavor: Iterable[Omradesutgava],
    rader: Iterable[Budgetrad],
) -> dict[Plats, Budgetpost]:
    """Amounts whose area or plan row is in the table; of an area that is not in the plan, only comparison figures."""
    planrader = {en.pk for en in rader}
    ingar = {en.pk: en.lage == Omradesutgava.Lage.INGAR for en in utgavor}
    return {
        plats: post
        for plats, post in poster.items()
        if plats[1] in planrader or (plats[0] in ingar and (ingar[plats[0]] or plats[2] not in plan.verksamhetsar))
    }


def _tidigare(plan: Handlingsplan, fore: Handlingsplan | None) -> dict[tuple[str, int, str], Budgetpost]:
    """What the plan before says of its own years, by area code, so that a difference can be shown."""
    if fore is None:
        return {}
    poster = fore.alla_poster.filter(utgava__isnull=False).select_related("utgava__insatsomrade")
    return {
        (post.utgava.insatsomrade.kod, post.budgetar, post.finansiering): post
        for post in poster
        if post.utgava is not None and post.budgetar in fore.verksamhetsar
    }


def _fotnoter(plan: Handlingsplan) -> list[Fotnot]:
    alla = plan.alla_fotnoter.prefetch_related("alla_platser")
    return [en for en in alla if en.borttagen_at is None]


def _markorer(fotnoter: Iterable[Fotnot]) -> dict[tuple[object, ...], tuple[str, ...]]:
    """Footnote marks by place. Marks are numbers in the footnotes' order."""
    funna: dict[tuple[object, ...], tuple[str, ...]] = {}
    for nummer, fotnot in enumerate(fotnoter, 1):
        for plats in fotnot.alla_platser.all():
            nyckel: tuple[object, ...] = ("tabell",)
            if plats.slag == "kolumn":
                nyckel = ("kolumn", plats.budgetar, plats.finansiering)
            elif plats.slag == "cell":
                nyckel = (plats.utgava_id, plats.rad_id, plats.budgetar, plats.finansiering)
            funna[nyckel] = (*funna.get(nyckel, ()), str(nummer))
    return funna


def _omradesrad(
    kalla: _Tabellkalla, utgava: Omradesutgava, nycklar: Sequence[tuple[int, str]]
) -> Budgetradspost | None:
    """The row of one area. One that is not in the plan stays only while it has comparison figures."""
    ingar = utgava.lage == Omradesutgava.Lage.INGAR
    har_jamforelse = any(plats[0] == utgava.pk and plats[2] not in kalla.plan.verksamhetsar for plats in kalla.poster)
    if not visas_i_tabellen(utgava.lage, har_jamforelse):
        return None
    return Budgetradspost(
        omrade_id=utgava.pk,
        rad_id=None,
        version=utgava.version,
        kod=utgava.insatsomrade.kod,
        namn=utgava.kortnamn if ingar else f"{utgava.kortnamn} ({utgava.get_lage_display()})",
        celler=tuple(
            _cell(kalla, (utgava.pk, None, ett, form), utgava.insatsomrade.kod)
            if ingar or ett not in kalla.plan.verksamhetsar
            else Cell("ej_aktuellt", None, None, 0, ())
            for ett, form in nycklar
        ),
    )


def _planrad(kalla: _Tabellkalla, rad: Budgetrad, nycklar: Sequence[tuple[int, str]]) -> Budgetradspost:
    return Budgetradspost(
        omrade_id=None,
        rad_id=rad.pk,
        version=rad.version,
        kod="",
        namn=rad.benamning,
        celler=tuple(_cell(kalla, (None, rad.pk, ett, form), "") for ett, form in nycklar),
    )


def _cell(kalla: _Tabellkalla, plats: Plats, omradeskod: str) -> Cell:
    post = kalla.poster.get(plats)
    slag, ore = (post.slag, post.ore) if post else ("ej_ifyllt", None)
    tidigare = kalla.tidigare.get((omradeskod, plats[2], plats[3]))
    skiljer = tidigare is not None and post is not None and (tidigare.slag, tidigare.ore) != (slag, ore)
    return Cell(
        slag=slag,
        ore=ore,
        post_id=post.pk if post else None,
        version=post.version if post else 0,
        markorer=kalla.markorer.get(plats, ()),
        tidigare_ore=tidigare.ore if tidigare is not None and skiljer else None,
        tidigare_slag=tidigare.slag if tidigare is not None and skiljer else "",
    )


def _kolumn(
    kalla: _Tabellkalla, nycklar: Sequence[tuple[int, str]], index: int, rader: Sequence[Budgetradspost]
) -> Kolumn:
    budgetar, finansiering = nycklar[index]
    return Kolumn(
        budgetar=budgetar,
        finansiering=finansiering,
        namn=str(Finansiering(finansiering).label),
        egen=budgetar in kalla.plan.verksamhetsar,
        summa=summera_celler(rad.celler[index] for rad in rader),
        markorer=kalla.markorer.get(("kolumn", budgetar, finansiering), ()),
    )


def summera_celler(celler: Iterable[Cell]) -> Summa:
    """The sum of cells in öre, with the unknown and the not filled in counted apart."""
    return summera_slag((cell.slag, cell.ore) for cell in celler)


def _arssummor(kolumner: Sequence[Kolumn]) -> tuple[Arssumma, ...]:
    """The sum over all financing of each year, newest first."""
    per_ar: dict[int, list[Summa]] = {}
    for kolumn in kolumner:
        per_ar.setdefault(kolumn.budgetar, []).append(kolumn.summa)
    return tuple(
        Arssumma(budgetar=ett, summa=sum(summor, Summa()), antal_kolumner=len(summor)) for ett, summor in per_ar.items()
    )
