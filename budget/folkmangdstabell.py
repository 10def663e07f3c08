"""The population page's table: municipalities × dates, with sums and sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from budget.folkmangd import kommuner
from budget.models import Folkmangd


@dataclass(frozen=True, slots=True)
class Siffra:
    """One figure: inhabitants, or None where none is registered. `revision` above 1: it has been corrected."""

    datum: date
    antal: int | None
    revision: int

    @property
    def ar_rattad(self) -> bool:
        return self.revision > 1


@dataclass(frozen=True, slots=True)
class Folkmangdsrad:
    kod: str
    namn: str
    siffror: tuple[Siffra, ...]


@dataclass(frozen=True, slots=True)
class Datumkolumn:
    """A date with the sum of the municipalities' own figures, how many are missing, and where they come from."""

    datum: date
    summa: int
    saknas: int
    kallor: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Folkmangdstabell:
    kolumner: tuple[Datumkolumn, ...]
    rader: tuple[Folkmangdsrad, ...]


def bygg(extra: Iterable[date] = (), alder: str = "") -> Folkmangdstabell:
    """The newest revisions of all ages, or of the age span with code `alder`, newest date first.

    `extra` are dates to show though nothing is registered on them.
    """
    parter = kommuner()
    rader = Folkmangd.objects.gallande().filter(alder=alder, huvudman__in=[en.pk for en in parter])
    funna = {(rad.huvudman_id, rad.datum): rad for rad in rader}
    alla_datum = sorted({datum for _, datum in funna} | set(extra), reverse=True)
    return Folkmangdstabell(
        kolumner=tuple(_kolumn(datum, [funna.get((en.pk, datum)) for en in parter]) for datum in alla_datum),
        rader=tuple(
            Folkmangdsrad(
                kod=en.kod,
                namn=en.officiellt_namn,
                siffror=tuple(_siffra(datum, funna.get((en.pk, datum))) for datum in alla_datum),
            )
            for en in parter
        ),
    )


def _siffra(datum: date, rad: Folkmangd | None) -> Siffra:
    return Siffra(datum, rad.antal if rad else None, rad.revision if rad else 0)


def _kolumn(datum: date, rader: list[Folkmangd | None]) -> Datumkolumn:
    finns = [rad for rad in rader if rad is not None]
    kallor = {f"{rad.kalla} ({rad.tabellkod})" if rad.tabellkod else rad.kalla for rad in finns}
    return Datumkolumn(datum, sum(rad.antal for rad in finns), len(rader) - len(finns), tuple(sorted(kallor)))
