"""What was can be put back from the history, always as a new change: which thing an entry and an address call for."""

from __future__ import annotations

from budget.models import (
    Budgetpost,
    PubliceradKostnad,
)
from handlingsplan.historikmodeller import Handelse
from handlingsplan.models import Handlingsplan
from insatsomraden.models import Omradesutgava
from rapport.aterstallningsfalt import BORTTAGBARA, FALT
from rapport.atgarder import (
    CELL,
    PLATS,
    TILLBAKA,
    Atgard,
    Cellen,
    Faltet,
    Fotnotsplatserna,
    Grupperna,
    Kostnaden,
    Platsen,
    Raden,
    Vad,
    modell_av,
)
from rapport.historikord import Ord


def oaterkalleligt(slag: str) -> str:
    """Why what an entry tells of is never taken back; empty for the other kinds."""
    return {
        Handelse.Slag.DELAD: "En delning tas inte tillbaka: planen är då en allmän handling hos huvudmännen.",
        Handelse.Slag.FASTSTALLD: "Ett fastställande tas inte tillbaka. En ny plan ersätter den.",
    }.get(Handelse.Slag(slag), "")


def uppgift(falt: str) -> str:
    """What a field is put back as part of."""
    return PLATS if falt in ("ordning", "foralder") else falt


def valj(plan: Handlingsplan, en: Handelse, vad_av: str, sida: Vad, ord_: Ord) -> Atgard | None:
    """The act of putting back `vad_av` (a field, CELL, PLATS or TILLBAKA) as an entry says that it was.

    None where there is no such thing, such as the adoption or an area's identity.
    """
    if vad_av == TILLBAKA:
        return borttaget(plan, en, ord_) if sida == "fore" else None
    modell = modell_av(en)
    klass: type[Atgard] | None = None
    if vad_av == CELL and modell is Budgetpost:
        klass = Cellen
    elif en.slag == Handelse.Slag.SKAPAD and sida == "fore":
        return None  # before it was made there was nothing
    elif vad_av == PLATS and modell in (Omradesutgava, *BORTTAGBARA) and en.slag == Handelse.Slag.FLYTTAD:
        klass = Platsen
    elif vad_av in en.falt and vad_av in FALT.get(modell, ()):
        klass = Faltet
    elif vad_av in en.falt:
        klass = {"ansvariga": Grupperna, "alla_platser": Fotnotsplatserna}.get(vad_av)
    return klass(plan, en, vad_av, sida, ord_) if klass else None


def borttaget(plan: Handlingsplan, en: Handelse, ord_: Ord) -> Atgard | None:
    """The act of bringing back what an entry removed; None where it removed nothing, or a cell, which has values."""
    modell = modell_av(en)
    if en.slag != Handelse.Slag.BORTTAGEN:
        return None
    if modell in BORTTAGBARA and "borttagen_at" in en.falt:
        return Raden(plan, en, TILLBAKA, "fore", ord_)
    if modell is PubliceradKostnad:
        return Kostnaden(plan, en, TILLBAKA, "fore", ord_)
    return None


def valbara(plan: Handlingsplan, en: Handelse, ord_: Ord) -> list[Atgard]:
    """Everything that can be put back as an entry says that it was before, else after."""
    namn = dict.fromkeys([TILLBAKA, CELL, *(uppgift(falt) for falt in en.falt)])
    sidor: tuple[Vad, ...] = ("fore", "efter")
    funna = (valj(plan, en, ett, sida, ord_) for sida in sidor for ett in namn)
    return [en_atgard for en_atgard in funna if en_atgard is not None]


def angra(atgard: Atgard, ny: Handelse) -> str:
    """The address that takes an act back again, from the entry that it made; empty where there is none."""
    if ny.slag in (Handelse.Slag.SKAPAD, Handelse.Slag.ATERSTALLD) and atgard.vad_av == TILLBAKA:
        return atgard.ta_bort_adress()
    igen = valj(atgard.plan, ny, atgard.vad_av, "fore", Ord(atgard.plan, [ny]))
    return f"{igen.adress()}&avtryck={igen.avtryck()}" if igen is not None else ""
