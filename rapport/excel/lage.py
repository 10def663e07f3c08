"""A plan as it is saved now, as the rows of its workbook: fetched in a constant number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from budget.redigering import Budgetlage, las_lage
from handlingsplan.models import Handlingsplan, Versionerad
from insatsomraden.models import Aktivitet, Arstext, Mal, Omradesutgava, Samverkansgrupp
from rapport.excel.blad import AR, NUMMER, OM, OMRADE, UNDER, Blad, alla_blad


@dataclass(frozen=True, slots=True)
class Post:
    """A row as it stands in its sheet. `fasta` and `texter` are cells by heading; `plats` says where it lies."""

    id: str
    objekt: Any
    fasta: Mapping[str, str]
    texter: Mapping[str, str]
    borttagen: bool = False

    @property
    def version(self) -> int:
        versionen: int = self.objekt.version
        return versionen


@dataclass(frozen=True, slots=True)
class Planlage:
    """`synliga` are the rows that the plan shows, sheet by sheet, in order; `poster` all by id, removed ones too."""

    plan: Handlingsplan
    blad: tuple[Blad, ...]
    synliga: Mapping[str, tuple[Post, ...]]
    poster: Mapping[str, Post]
    omraden: Mapping[int, Omradesutgava]
    grupper: Mapping[int, Samverkansgrupp]
    budget: Budgetlage


def omradesnamn(utgava: Omradesutgava) -> str:
    """An area as other sheets refer to it: `o12 Mina planer`. What comes first holds also when the name changes."""
    return f"o{utgava.pk} {utgava.kortnamn}"


def las_planlage(plan: Handlingsplan) -> Planlage:
    """Fetch the plan: ten statements, whatever its size."""
    plan = Handlingsplan.objects.get(pk=plan.pk)
    grupper = {en.pk: en for en in Samverkansgrupp.objects.all()}
    omraden = {en.pk: en for en in plan.alla_omraden.prefetch_related("ansvariga")}
    blad = alla_blad(grupper)
    aktiviteter = list(Aktivitet.objects.filter(utgava__plan=plan))
    rader: dict[str, Iterable[tuple[Versionerad, Mapping[str, str], bool]]] = {
        "p": [(plan, {}, True)],
        "o": [(en, {}, True) for en in omraden.values()],
        "m": _malrader(omraden, Mal.objects.filter(utgava__plan=plan)),
        "a": _aktivitetsrader(omraden, aktiviteter),
        "t": _textrader(omraden, Arstext.objects.filter(utgava__plan=plan)),
    }
    synliga: dict[str, tuple[Post, ...]] = {}
    poster: dict[str, Post] = {}
    for ett in blad:
        alla = [(_post(ett, rad, fasta, omraden), synlig) for rad, fasta, synlig in rader[ett.tecken]]
        synliga[ett.namn] = tuple(post for post, synlig in alla if synlig)
        poster |= {post.id: post for post, _ in alla}
    return Planlage(plan, blad, synliga, poster, omraden, grupper, las_lage(plan))


def _post(blad: Blad, rad: Any, fasta: Mapping[str, str], omraden: Mapping[int, Omradesutgava]) -> Post:
    id_ = f"p{rad.pk}-{rad.till_ar}" if isinstance(rad, Handlingsplan) else f"{blad.tecken}{rad.pk}"
    if not isinstance(rad, Handlingsplan | Omradesutgava):
        rad.utgava = omraden[rad.utgava_id]  # so that `plan_pk` asks for nothing
    texter = {en.column_name: en.widget.render(varde(rad, en.attribute)) for en in blad.kolumner}
    return Post(id_, rad, fasta, texter, getattr(rad, "borttagen_at", None) is not None)


def varde(rad: Any, falt: str) -> Any:
    """A field's value as the columns take it: groups as their keys, in order."""
    if falt == "ansvariga":
        return sorted(en.pk for en in rad.ansvariga.all())
    return getattr(rad, falt)


def _i_ordning[M: (Mal, Aktivitet, Arstext)](omraden: Mapping[int, Omradesutgava], rader: Iterable[M]) -> list[M]:
    """Rows by the area's place in the plan; within it as they are."""
    platser = {pk: nr for nr, pk in enumerate(omraden)}
    return sorted(rader, key=lambda rad: platser[rad.utgava_id])


def _malrader(
    omraden: Mapping[int, Omradesutgava], rader: Iterable[Mal]
) -> Iterator[tuple[Mal, Mapping[str, str], bool]]:
    for en in _i_ordning(omraden, rader):
        yield en, {OMRADE: omradesnamn(omraden[en.utgava_id])}, en.borttagen_at is None


def _textrader(
    omraden: Mapping[int, Omradesutgava], rader: Iterable[Arstext]
) -> Iterator[tuple[Arstext, Mapping[str, str], bool]]:
    for en in _i_ordning(omraden, rader):
        fasta = {OMRADE: omradesnamn(omraden[en.utgava_id]), AR: str(en.avser_ar), OM: en.get_slag_display()}
        yield en, fasta, True


def _aktivitetsrader(
    omraden: Mapping[int, Omradesutgava], rader: Iterable[Aktivitet]
) -> Iterator[tuple[Aktivitet, Mapping[str, str], bool]]:
    """Activities in the plan's order, each after the one it lies under; then those that are not shown."""
    barn: dict[tuple[int, int, int | None], list[Aktivitet]] = {}
    alla = list(rader)
    for en in alla:
        if en.borttagen_at is None:
            barn.setdefault((en.utgava_id, en.avser_ar, en.foralder_id), []).append(en)
    visade = set()

    def gren(nyckel: tuple[int, int, int | None], fore: str) -> Iterator[tuple[Aktivitet, Mapping[str, str], bool]]:
        for nr, en in enumerate(barn.get(nyckel, ()), 1):
            visade.add(en.pk)
            yield en, _fasta(omraden, en, f"{fore}{nr}"), True
            yield from gren((*nyckel[:2], en.pk), f"{fore}{nr}.")

    artal = sorted({en.avser_ar for en in alla})
    for utgava in omraden:
        for ett in artal:
            yield from gren((utgava, ett, None), "")
    yield from ((en, _fasta(omraden, en, ""), False) for en in alla if en.pk not in visade)


def _fasta(omraden: Mapping[int, Omradesutgava], en: Aktivitet, nummer: str) -> Mapping[str, str]:
    under = f"a{en.foralder_id}" if en.foralder_id else ""
    return {OMRADE: omradesnamn(omraden[en.utgava_id]), AR: str(en.avser_ar), NUMMER: nummer, UNDER: under}


def omrade_i_text(lage: Planlage, text: str) -> int | None:
    """The area that a cell names, by its id first in the text or by its name; None where there is no such area."""
    forsta, _, _ = text.strip().partition(" ")
    if forsta[:1] == "o" and forsta[1:].isascii() and forsta[1:].isdigit() and int(forsta[1:20]) in lage.omraden:
        return int(forsta[1:])
    sokt = text.strip().casefold()
    funna = [pk for pk, en in lage.omraden.items() if sokt in (en.namn.casefold(), en.kortnamn.casefold())]
    return funna[0] if len(funna) == 1 else None
