"""What can be put back, one kind of thing at a time: a field, a place in the order, a row, a cell of the budget.

An `Atgard` says what stands there now and what will stand there instead, why it cannot be done (`hinder`), and does it
through the same services as the editors. Which one an entry of the history calls for is `rapport.aterstallning`'s.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils.http import urlencode
from djmoney.models.fields import MoneyField
from djmoney.money import Money

from budget import folkmangd
from budget.belopp import visa_cell
from budget.celler import Cellplats, Inskickad, las_plats
from budget.cellsparande import spara_celler
from budget.formular import platsnamn, till_fotnotsplats
from budget.models import Fotnotsplats, Kostnadsmodell, Modellgrupp, Modellvillkor, PubliceradKostnad
from budget.redigering import bas_for, varde
from handlingsplan import historik
from handlingsplan.historikmodeller import Handelse
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.sparande import avtryck, spara
from insatsomraden import ordning
from insatsomraden.models import Aktivitet, Mal, Omradesutgava, Samverkansgrupp
from rapport.aterstallningsfalt import BORTTAGBARA, BORTTAGEN_TEXT, FALT, HELHETER
from rapport.historikord import Ord, Sida, cellvarde

type Vad = Literal["fore", "efter"]

# What is put back as one: a cell's kind and amount, a place among siblings, a removed row.
CELL, PLATS, TILLBAKA = "cell", "plats", "tillbaka"

_UTGATT: Final = "Området har utgått ur planen. Ta tillbaka området först."
_LAGETS: Final = ("lage", "lage_not")  # what is said of an area that has left


class GarInteTillbaka(ValueError):
    """It could not be put back; the message is Swedish and says why."""


def modell_av(en: Handelse) -> type[models.Model]:
    return apps.get_model(en.modell)


# --- One thing to put back -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Atgard(ABC):
    """One thing to put back. Values are plain, by field, as the history has them."""

    plan: Handlingsplan
    en: Handelse
    vad_av: str
    sida: Vad
    ord: Ord

    @property
    def index(self) -> Sida:
        return 0 if self.sida == "fore" else 1

    @property
    def modell(self) -> type[models.Model]:
        return modell_av(self.en)

    @property
    def rad(self) -> Any:
        return self.ord.objekt(self.en)

    @property
    def version(self) -> int:
        return getattr(self.rad, "version", 0)

    def adress(self) -> str:
        """Where it is asked for and done."""
        vag = reverse("historik_aterstall", args=[self.plan.till_ar, self.en.nummer])
        return f"{vag}?{urlencode({'falt': self.vad_av, 'sida': self.sida})}"

    def avtryck(self) -> str:
        """A fingerprint of what would be replaced."""
        return avtryck(json.dumps(self.nu(), sort_keys=True, ensure_ascii=False))

    def andrar_nagot(self) -> bool:
        return self.nu() != self.blir()

    def ta_bort_adress(self) -> str:
        """Where what came back is removed again; empty for what had been changed, not removed."""
        return ""

    # What each kind knows.

    def hinder(self) -> str:
        """Why it cannot be put back, in Swedish; empty where it can."""
        if self.rad is None:
            return "Raden finns inte kvar, så det går inte att återställa något i den."
        if getattr(self.rad, "borttagen_at", None) is not None:
            return BORTTAGEN_TEXT[type(self.rad)]
        return self._omradets_hinder()

    def _omradets_hinder(self) -> str:
        if isinstance(self.rad, Modellgrupp | Modellvillkor) and self.rad.modell.borttagen_at is not None:
            return BORTTAGEN_TEXT[Kostnadsmodell]
        utgava = self.rad if isinstance(self.rad, Omradesutgava) else getattr(self.rad, "utgava", None)
        return _UTGATT if utgava is not None and utgava.lage == Omradesutgava.Lage.UTGATT else ""

    @abstractmethod
    def nu(self) -> dict[str, Any]:
        """What would be replaced."""

    @abstractmethod
    def blir(self) -> dict[str, Any]:
        """What it would be."""

    @abstractmethod
    def skriv(self, av: Anvandare) -> None:
        """Do it, inside `plan_for_skrivning`. Raises ValidationError, GarInte, Krock or Budgetkrock."""


class Faltet(Atgard):
    """A field of a row, with those that it only makes sense together with."""

    def hinder(self) -> str:
        if isinstance(self.rad, Omradesutgava) and self.vad_av in _LAGETS:
            return ""
        return super().hinder()

    @property
    def _falten(self) -> list[str]:
        helhet = next((en for en in HELHETER.get(self.modell, ()) if self.vad_av in en), frozenset())
        return [self.vad_av, *(namn for namn in self.en.falt if namn in helhet - {self.vad_av})]

    def nu(self) -> dict[str, Any]:
        return historik.varden(self.rad, self._falten)

    def blir(self) -> dict[str, Any]:
        return {namn: self._blir(namn) for namn in self._falten}

    def _blir(self, namn: str) -> Any:
        varde_ = self.en.falt[namn][self.index]
        falt: Any = self.modell._meta.get_field(namn)
        return "" if varde_ is None and not falt.null else varde_

    def skriv(self, av: Anvandare) -> None:
        nya = {namn: self._rensat(namn, varde_) for namn, varde_ in self.blir().items()}
        _kontrollera(self.rad, nya)
        spara(self.rad, nya, version=self.version, av=av)

    def _rensat(self, namn: str, varde_: Any) -> Any:
        falt: Any = self.modell._meta.get_field(namn)
        if isinstance(falt, MoneyField) and varde_ is not None:
            return Money(varde_, "SEK")
        rent = falt.clean(varde_, self.rad)
        till = falt.related_model
        return rent if till is None or rent is None else till._default_manager.get(pk=rent)


def _kontrollera(rad: Any, nya: Mapping[str, Any]) -> None:
    """Raise ValidationError or GarInteTillbaka where the row would break a rule with the older values in it."""
    ihop = copy(rad)
    for falt, nytt in nya.items():
        setattr(ihop, falt, nytt)
    ihop.validate_constraints()
    dag = nya.get("folkmangdsdatum")
    if dag is not None and folkmangd.saknas_for(dag):
        raise GarInteTillbaka(f"Alla kommuner har inte folkmängd den {dag}. Lägg in den under Folkmängd först.")
    for modell in (en for en in nya.values() if isinstance(en, Kostnadsmodell)):
        if modell.borttagen_at is not None:
            raise GarInteTillbaka(f"Modellen {modell} är borttagen. Ta tillbaka den först.")


class Grupperna(Atgard):
    """The groups that are responsible for an area."""

    def hinder(self) -> str:
        finns = Samverkansgrupp.objects.filter(pk__in=self.blir()["ansvariga"]).count()
        borta = "" if finns == len(self.blir()["ansvariga"]) else "En av grupperna finns inte längre."
        return super().hinder() or borta

    def nu(self) -> dict[str, Any]:
        return {"ansvariga": sorted(grupp.pk for grupp in self.rad.ansvariga.all())}

    def blir(self) -> dict[str, Any]:
        return {"ansvariga": self.en.falt["ansvariga"][self.index] or []}

    def skriv(self, av: Anvandare) -> None:
        fore, efter = self.nu()["ansvariga"], self.blir()["ansvariga"]
        sparad = spara(self.rad, {}, version=self.version, av=av)
        sparad.ansvariga.set(efter)
        historik.skriv(self.plan.pk, [historik.andrad_utanfor(sparad, "ansvariga", fore, efter)], av=av)


class Fotnotsplatserna(Atgard):
    """Where a footnote is marked."""

    def hinder(self) -> str:
        celler = [las_plats(namn) for namn in self.blir()["alla_platser"]]
        borta = any(cell and (cell.utgava_id, cell.rad_id) not in self.ord.lage.radnamn for cell in celler)
        return super().hinder() or ("En av platserna finns inte längre i budgeten." if borta else "")

    def nu(self) -> dict[str, Any]:
        return {"alla_platser": platsnamn(self.rad)}

    def blir(self) -> dict[str, Any]:
        return {"alla_platser": self.en.falt["alla_platser"][self.index] or []}

    def skriv(self, av: Anvandare) -> None:
        fore, efter = self.nu()["alla_platser"], self.blir()["alla_platser"]
        sparad = spara(self.rad, {}, version=self.version, av=av)
        sparad.alla_platser.all().delete()
        Fotnotsplats.objects.bulk_create(till_fotnotsplats(sparad, namn) for namn in efter)
        historik.skriv(self.plan.pk, [historik.andrad_utanfor(sparad, "alla_platser", fore, efter)], av=av)


class Platsen(Atgard):
    """A row's place among its siblings, and what it lies under."""

    def hinder(self) -> str:
        foralder = self._foralder() if self.rad is not None else None
        if isinstance(foralder, Aktivitet) and foralder.borttagen_at is not None:
            return "Aktiviteten som den låg under är borttagen. Ta tillbaka den först."
        return super().hinder()

    def andrar_nagot(self) -> bool:
        """Told from the entry alone where nothing says otherwise: this is asked for every entry of a page."""
        nu = historik.varden(self.rad, ("ordning", "foralder"))
        return any(nu[namn] != par[self.index] for namn, par in self.en.falt.items() if namn in nu)

    def _foralder(self) -> Aktivitet | None:
        if "foralder" in self.en.falt:
            pk = self.en.falt["foralder"][self.index]
            return None if pk is None else self.ord.rad_av(Aktivitet, pk)
        return getattr(self.rad, "foralder", None)

    def nu(self) -> dict[str, Any]:
        return historik.varden(self.rad, ("ordning", "foralder"))

    def blir(self) -> dict[str, Any]:
        """What it lay under then stands in this entry, in a later one, or has not changed since."""
        nu = self.nu()
        then = historik.varden_vid(self.rad, self.en.version, nu.keys()) if "foralder" in nu else {}
        return {
            namn: self.en.falt[namn][self.index] if namn in self.en.falt else then.get(namn, nu[namn]) for namn in nu
        }

    def skriv(self, av: Anvandare) -> None:
        plats = max(0, self.blir()["ordning"] - 1)
        if not isinstance(self.rad, Aktivitet):
            alla = _syskon(self.rad)
            efter = _den_fore([en for en in alla if en.pk != self.rad.pk], plats)
            pk_fore = efter.pk if efter else 0
            ordning.placera_i_lista(self.rad, alla, pk_fore, version=self.version, av=av)
            return
        pk = self.blir()["foralder"]
        foralder = Aktivitet.objects.select_related("foralder__foralder").filter(pk=pk).first()
        if pk is not None and (foralder is None or foralder.borttagen_at is not None):
            raise GarInteTillbaka("Aktiviteten som den låg under är borttagen. Ta tillbaka den först.")
        syskon = [en for en in ordning.syskon_till_aktivitet(self.rad, pk) if en.pk != self.rad.pk]
        ordning.placera_aktivitet(
            self.rad, foralder=foralder, efter=_den_fore(syskon, plats), version=self.version, av=av
        )


def _den_fore(syskon: Sequence[Any], plats: int) -> Any:
    """The sibling to stand after, to be number `plats` (from 0); None to be first."""
    return syskon[min(plats, len(syskon)) - 1] if plats and syskon else None


def _syskon(rad: Any) -> Sequence[Any]:
    match rad:
        case Omradesutgava():
            return ordning.syskon_till_omrade(rad)
        case Mal():
            return ordning.syskon_till_mal(rad)
        case Modellgrupp():
            return list(Modellgrupp.objects.filter(modell=rad.modell_id, borttagen_at=None))
    return list(type(rad).objects.filter(plan=rad.plan_id, borttagen_at=None))


class Raden(Atgard):
    """A row that was marked as removed."""

    def hinder(self) -> str:
        if self.rad is None:
            return "Raden finns inte kvar."
        foralder = getattr(self.rad, "foralder", None)
        if foralder is not None and foralder.borttagen_at is not None:
            return "Aktiviteten som den låg under är också borttagen. Ta tillbaka den först."
        return self._omradets_hinder()

    def nu(self) -> dict[str, Any]:
        return historik.varden(self.rad, ["borttagen_at"])

    def blir(self) -> dict[str, Any]:
        return {"borttagen_at": None}

    def skriv(self, av: Anvandare) -> None:
        if isinstance(self.rad, Aktivitet):
            ordning.kontrollera_niva(self.rad)
        tillbaka = copy(self.rad)
        tillbaka.borttagen_at = None
        tillbaka.validate_constraints()  # its name may be another's by now
        spara(self.rad, {"borttagen_at": None}, version=self.version, av=av)

    def ta_bort_adress(self) -> str:
        return reverse(f"{BORTTAGBARA[self.modell]}_ta_bort", args=[self.plan.till_ar, self.rad.pk])


class Kostnaden(Atgard):
    """A published rate that was deleted: made again, or put over the one that the year has now."""

    @property
    def avser_ar(self) -> int:
        return int(self.en.falt["avser_ar"][0])

    @property
    def rad(self) -> PubliceradKostnad | None:
        return self.ord.publicerade.get(self.avser_ar)

    def hinder(self) -> str:
        return ""

    def nu(self) -> dict[str, Any]:
        falt = FALT[PubliceradKostnad]
        return historik.varden(self.rad, falt) if self.rad else dict.fromkeys(falt)

    def blir(self) -> dict[str, Any]:
        return {namn: self.en.falt[namn][0] for namn in FALT[PubliceradKostnad]}

    def skriv(self, av: Anvandare) -> None:
        falten: Any = {namn: PubliceradKostnad._meta.get_field(namn) for namn in FALT[PubliceradKostnad]}
        varden = {namn: falten[namn].clean(ett, None) for namn, ett in self.blir().items()}
        if self.rad is not None:
            spara(self.rad, varden, version=self.version, av=av)
            return
        ny = PubliceradKostnad.objects.create(plan=self.plan, avser_ar=self.avser_ar, andrad_av=av, **varden)
        historik.skriv(self.plan.pk, [historik.skapad(ny)], av=av)

    def ta_bort_adress(self) -> str:
        return reverse("publicerad_ta_bort", args=[self.plan.till_ar, self.avser_ar])


class Cellen(Atgard):
    """What stands in a cell of the budget; ej ifyllt too."""

    @property
    def plats(self) -> Cellplats | None:
        return self.ord.cellplats(self.en)

    @property
    def version(self) -> int:
        post = self.ord.lage.poster.get(self.plats) if self.plats else None
        return post.version if post else 0

    def hinder(self) -> str:
        if self.plats is None or not self.ord.lage.far_skrivas(self.plats):
            return "Cellen är inte öppen: raden är borttagen, eller området ingår inte i planen."
        return ""

    def nu(self) -> dict[str, Any]:
        return {CELL: visa_cell(varde(self.ord.lage.poster.get(self.plats))) if self.plats else ""}

    def blir(self) -> dict[str, Any]:
        return {CELL: visa_cell(cellvarde(self.en.falt, self.index))}

    def skriv(self, av: Anvandare) -> None:
        if self.plats is None:
            raise GarInteTillbaka(self.hinder())
        bas = bas_for(self.ord.lage.poster.get(self.plats))
        ny = Inskickad(self.plats, "", cellvarde(self.en.falt, self.index), "", bas)
        spara_celler(self.plan, [ny], av=av)
