"""A closed reconciliation: stored once with everything that made it, read back, and computed again to the same öre."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from budget import fordelningar
from budget.avstamning import (
    Arsregel,
    Atgard,
    Avrakning,
    Avstamd,
    Overskottsregel,
    Partsrad,
    Underskottsregel,
    stam_av,
    utfallets_andelar,
)
from budget.models import Avstamning, Avstamningsandel, Avstamningsregel, Fordelningsresultat
from budget.radfordelning import Rad
from budget.stegmodell import Beslutsreferens
from handlingsplan import historik
from handlingsplan.models import Anvandare, Huvudman

if TYPE_CHECKING:
    from budget.avstamningar import Arsavstamning

SCHEMA = 1
_REGELNS_FALT = ("overskott", "underskott", "instans", "beslutsdatum", "paragraf", "diarienummer")


def arsregel(regel: Avstamningsregel) -> Arsregel:
    """The stored rule as the pure calculation has it."""
    return _arsregel(regel.overskott, regel.underskott)


def _arsregel(overskott: str, underskott: str) -> Arsregel:
    return Arsregel(cast("Overskottsregel", overskott), cast("Underskottsregel", underskott))


def beslut(regel: Avstamningsregel) -> Beslutsreferens:
    if regel.beslutsdatum is None:
        raise ValueError("a rule without a decision cannot be stored")
    return Beslutsreferens(regel.instans, regel.beslutsdatum, regel.paragraf, regel.diarienummer, upphavt=regel.upphavt)


def innehall(
    rader: Sequence[Rad],
    kalla: str,
    debiterat: Mapping[str, int],
    regel: Avstamningsregel | None,
    avstamd: Avstamd | None,
) -> dict[str, Any]:
    """What made a result besides the stored split, as JSON has it. Amounts are öre."""
    return {
        "schema": SCHEMA,
        "utfall": [[rad.kod, rad.namn, rad.belopp] for rad in rader],
        "kalla": kalla,
        "debiterat": dict(sorted(debiterat.items())),
        "regel": regel and {namn: str(getattr(regel, namn)) for namn in _REGELNS_FALT},
        "deltar_inte": [rad.kod for rad in avstamd.rader if not rad.deltar_sedan] if avstamd else [],
    }


def lagra(nu: Arsavstamning, *, av: Anvandare) -> Avstamning:
    """Store the year, with its entry in the history. Call it under the plan's lock, when nothing stands in the way.

    Raises IntegrityError where it is stored already: a stored one is never overwritten.
    """
    if nu.avstamd is None or nu.hinder:
        raise ValueError("a year with hindrances cannot be closed")
    stangd = Avstamning.objects.create(
        plan=nu.plan,
        budgetar=nu.budgetar,
        fordelning=Fordelningsresultat.objects.get(plan=nu.plan, budgetar=nu.budgetar),
        utfall=nu.avstamd.utfall,
        debiterat=nu.avstamd.debiterat,
        kalla=nu.kalla,
        innehall=nu.innehall,
    )
    alla = {en.kod: en for en in Huvudman.objects.filter(kod__in=[rad.kod for rad in nu.avstamd.rader])}
    Avstamningsandel.objects.bulk_create(
        Avstamningsandel(
            avstamning=stangd,
            huvudman=alla[rad.kod],
            namn=rad.namn,
            typ=rad.typ,
            utfall=rad.utfall,
            debiterat=rad.debiterat,
            atgard=rad.atgard or "",
        )
        for rad in nu.avstamd.rader
    )
    skillnader = [[rad.kod, rad.namn, rad.i_ord, rad.skillnad] for rad in nu.avstamd.rader]
    historik.skriv(nu.plan.pk, [historik.skapad(stangd, skillnader=skillnader)], av=av)
    return stangd


def rader(stangd: Avstamning) -> tuple[Rad, ...]:
    """The outturn per row that was reconciled."""
    return tuple(Rad(kod, namn, belopp) for kod, namn, belopp in stangd.innehall["utfall"])


def lagrad(stangd: Avstamning) -> Avstamd:
    """The result as it was stored."""
    borta = set(stangd.innehall["deltar_inte"])
    alla = stangd.alla_andelar.select_related("huvudman")
    funna = [
        Partsrad(
            en.huvudman.kod,
            en.namn,
            en.typ,
            en.utfall,
            en.debiterat,
            cast("Atgard", en.atgard),
            en.huvudman.kod not in borta,
        )
        for en in alla
    ]
    return Avstamd(tuple(sorted(funna, key=lambda rad: (rad.typ != "region", rad.kod))))


def rakna_om(stangd: Avstamning) -> Avstamd:
    """Compute a stored result again from what was stored with it; it must give the same öre."""
    fordelning = fordelningar.lagrade_ar(stangd.plan, [stangd.budgetar])[stangd.budgetar]
    regel = stangd.innehall["regel"]
    return stam_av(
        utfallets_andelar(rader(stangd), fordelning),
        stangd.innehall["debiterat"],
        [(rad.kod, rad.namn, rad.typ) for rad in lagrad(stangd).rader],
        _arsregel(regel["overskott"], regel["underskott"]),
        deltar_inte=stangd.innehall["deltar_inte"],
    )


def avraknas_mot(budgetar: int, kod: str) -> tuple[Avrakning, ...]:
    """What the closed reconciliation of the year before sets against a party's share of `budgetar`. One statement."""
    return alla_avraknas_mot(budgetar, kod).get(kod, ())


def alla_avraknas_mot(budgetar: int, *koder: str) -> dict[str, tuple[Avrakning, ...]]:
    """The same by party, for those with a set-off: all of them, or of `koder`. One statement."""
    rader = Avstamningsandel.objects.filter(avstamning__budgetar=budgetar - 1, atgard="avraknas")
    rader = rader.filter(huvudman__kod__in=koder) if koder else rader
    svar: dict[str, tuple[Avrakning, ...]] = {}
    for en in rader.select_related("huvudman", "avstamning__plan").order_by("avstamning__plan__till_ar"):
        ett = Avrakning(en.avstamning.budgetar, en.avstamning.plan.till_ar, en.skillnad)
        svar[en.huvudman.kod] = (*svar.get(en.huvudman.kod, ()), ett)
    return svar
