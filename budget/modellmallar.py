"""What a new cost model can begin from: templates in plain words, and copies of models that are there.

A template is nothing but ordinary groups; once the model is made, nothing remembers where they came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from budget.models import Kostnadsmodell, Modellgrupp, Modellvillkor, Viktserie
from handlingsplan import historik
from handlingsplan.models import Anvandare

ANVANDNING, KOPIA = "anvandning", "kopia"
NYCKELFALT = ("nyckel_1", "nyckel_2", "nyckel_3")

type Falt = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mall:
    """A template: its name in the form, and the fields of its groups, in order."""

    kod: str
    namn: str
    grupper: tuple[Falt, ...]


def _regionen(andel: str = "1") -> Falt:
    return {"namn": "regionen", "andel": andel, "deltar": "region", "nyckel_1": "lika", "andel_1": "1"}


def _kommunerna(andel: str = "1", **falt: Any) -> Falt:
    return {"namn": "kommunerna", "andel": andel, "deltar": "kommuner", "nyckel_1": "invanare", "andel_1": "1"} | falt


MALLAR = (
    Mall("lika", "lika mellan regionen och kommunerna, per invånare", (_regionen(), _kommunerna())),
    Mall("30-70", "30/70 mellan regionen och kommunerna, per invånare", (_regionen("30"), _kommunerna("70"))),
    Mall(
        "blandad",
        "30 % lika och 70 % per invånare mellan kommunerna",
        (_regionen(), _kommunerna(nyckel_1="lika", andel_1="0,3", nyckel_2="invanare", andel_2="0,7")),
    ),
    Mall(
        "fast",
        "fast belopp per kommun och resten per invånare",
        (_regionen(), _kommunerna(grundbelopp="1000.00")),
    ),
    Mall(
        "alla",
        "lika för alla",
        ({"namn": "alla huvudmän", "andel": "1", "deltar": "alla", "nyckel_1": "lika", "andel_1": "1"},),
    ),
    Mall(ANVANDNING, "efter användning mellan kommunerna (kräver en nyckel)", (_regionen(), _kommunerna())),
)


def skapa(
    modell: Kostnadsmodell, mall: str, serie: Viktserie | None, fran: Kostnadsmodell | None, *, av: Anvandare
) -> Kostnadsmodell:
    """Store a new model with its groups (and a copy's conditions), each with its entry in the history."""
    modell.version, modell.andrad_av = 1, av
    if mall == KOPIA and fran is not None:
        modell.andelsform = fran.andelsform
    modell.save()
    rader: list[Any] = [modell]
    if mall == KOPIA and fran is not None:
        rader += _kopiera(fran, modell, av)
    else:
        vald = next(en for en in MALLAR if en.kod == mall)
        for ordning, falt in enumerate(vald.grupper, 1):
            egen = {"nyckel_1": f"serie:{serie.pk}"} if serie and mall == ANVANDNING and ordning > 1 else {}
            grupp = Modellgrupp(modell=modell, ordning=ordning, andrad_av=av, **(falt | egen))
            grupp.save()
            rader.append(Modellgrupp.objects.get(pk=grupp.pk))
    historik.skriv(modell.plan_id, [historik.skapad(rad) for rad in rader], av=av)
    return modell


def _kopiera(fran: Kostnadsmodell, till: Kostnadsmodell, av: Anvandare) -> list[Any]:
    """The groups and conditions of another model; the series it uses come along where it is another plan's."""
    serier, nya = _serier(fran, till, av)
    for grupp in fran.alla_grupper.filter(borttagen_at=None):
        falt = _falt(grupp)
        falt |= {namn: serier.get(falt[namn], falt[namn]) for namn in NYCKELFALT}
        nya.append(Modellgrupp.objects.create(modell=till, andrad_av=av, **falt))
    for villkor in fran.alla_villkor.filter(borttagen_at=None):
        nya.append(Modellvillkor.objects.create(modell=till, andrad_av=av, **_falt(villkor)))
    return [type(rad)._default_manager.get(pk=rad.pk) for rad in nya]


def _serier(fran: Kostnadsmodell, till: Kostnadsmodell, av: Anvandare) -> tuple[Mapping[str, str], list[Any]]:
    """The model's keys as the new plan has them, and the series that were made. The same name is the same series."""
    if fran.plan_id == till.plan_id:
        return {}, []
    i_bruk = {getattr(grupp, namn) for grupp in fran.alla_grupper.filter(borttagen_at=None) for namn in NYCKELFALT}
    nycklar: dict[str, str] = {}
    nya = []
    for serie in Viktserie.objects.filter(plan=fran.plan_id, borttagen_at=None):
        if f"serie:{serie.pk}" not in i_bruk:
            continue
        har = Viktserie.objects.filter(plan=till.plan_id, namn=serie.namn, borttagen_at=None).first()
        if har is None:
            har = Viktserie.objects.create(plan=till.plan, andrad_av=av, **_falt(serie))
            nya.append(har)
        nycklar[f"serie:{serie.pk}"] = f"serie:{har.pk}"
    return nycklar, nya


def _falt(rad: Modellgrupp | Modellvillkor | Viktserie) -> Falt:
    """What a copy takes over of a row."""
    egna = {"id", "version", "andrad_at", "andrad_av", "borttagen_at", "modell", "plan"}
    return {falt.name: getattr(rad, falt.name) for falt in rad._meta.concrete_fields if falt.name not in egna}
