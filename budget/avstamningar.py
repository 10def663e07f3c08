"""A year's reconciliation as it stands: outturn, stored split, what was charged and the year's rule, fetched and put
together. What has been closed is read back as it was stored (`budget.avstamningslager`).

Source: cost-split, "after the year". The sums are made by the pure `budget.avstamning`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from budget import avstamningslager, fordelningar
from budget.avstamning import Avstamd, Avstamningsfel, ska_betala, stam_av, utfallets_andelar
from budget.avstamningslager import arsregel, beslut
from budget.belopp import Summa, summera, till_ore, visa_kr
from budget.debiterat import debiterat
from budget.fordelning import Fordelning, Fordelningsfel, upprakning
from budget.kostnadsmodeller import deltar
from budget.models import Avstamning, Avstamningsregel, Finansiering, Fordelningsresultat
from budget.radfordelning import Rad
from budget.utfall import Utfallslage, las_utfall, utfallets_celler
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from handlingsplan.sparande import Krock, last_plan


@dataclass(frozen=True, slots=True)
class Arsavstamning:
    """One year of a plan. `avstamd` is what was stored where the year is closed (`stangd`), else as it stands now.

    `rader` are the known outturn of SGD money per row and `summa` its sum, `kalla` what says what was charged
    (`Avstamning.Kalla`). `hinder` are why the year cannot be closed, `varningar` what to know first: Swedish sentences.
    """

    plan: Handlingsplan
    budgetar: int
    rader: tuple[Rad, ...]
    summa: Summa
    fordelning: Fordelning | None
    kalla: str
    debiterat: Mapping[str, int]
    regel: Avstamningsregel | None
    avstamd: Avstamd | None
    stangd: Avstamning | None = None
    hinder: tuple[str, ...] = ()
    varningar: tuple[str, ...] = ()

    @property
    def ur_underlag(self) -> bool:
        """Whether issued billing bases say what was charged, and not the decided split."""
        return self.kalla == Avstamning.Kalla.UNDERLAG

    @property
    def debiterat_enligt(self) -> str:
        """What says what was charged, in words."""
        return str(Avstamning.Kalla(self.kalla).label)

    @property
    def beslut(self) -> str:
        """The decision on the year's rule as one reference; "" where there is no rule."""
        return str(beslut(self.regel)) if self.regel else ""

    @property
    def regel_i_ord(self) -> str:
        """The year's rule with its decision; "" where there is none."""
        if self.regel is None:
            return ""
        over, under = self.regel.get_overskott_display(), self.regel.get_underskott_display()
        return f"För mycket debiterat {over}, för lite debiterat {under}. {self.beslut}"

    @property
    def innehall(self) -> dict[str, Any]:
        """Everything that makes the result besides the stored split."""
        return avstamningslager.innehall(self.rader, self.kalla, self.debiterat, self.regel, self.avstamd)

    @property
    def avtryck(self) -> str:
        """A fingerprint of all that would be stored, for the form that closes the year."""
        rader = self.avstamd.rader if self.avstamd else ()
        andelar = [[rad.kod, rad.utfall, rad.debiterat, rad.atgard] for rad in rader]
        text = json.dumps([self.innehall, andelar], sort_keys=True, ensure_ascii=False)
        return hashlib.blake2s(text.encode(), digest_size=16).hexdigest()


def las_avstamning(plan: Handlingsplan, budgetar: int) -> Arsavstamning:
    """The year as it was closed, else as it stands. A constant number of statements."""
    stangd = plan.alla_avstamningar.filter(budgetar=budgetar).first()
    regel = plan.alla_avstamningsregler.filter(budgetar=budgetar).first()
    finns = Fordelningsresultat.objects.filter(plan=plan, budgetar=budgetar).exists()
    fordelning = fordelningar.lagrade_ar(plan, [budgetar])[budgetar] if finns else None
    if stangd is not None:
        return _stangt(stangd, regel, fordelning)
    nu = las_utfall(plan, budgetar)
    rader, summa = _sgd(nu)
    utfardat = debiterat(plan, budgetar)
    kalla = Avstamning.Kalla.UNDERLAG if utfardat else Avstamning.Kalla.FORDELNING
    per_part = utfardat or (ska_betala(fordelning) if fordelning else {})
    avstamd, fel = _stam_av(rader, fordelning, per_part, regel, budgetar) if summa.belopp else (None, "")
    return Arsavstamning(
        plan=plan,
        budgetar=budgetar,
        rader=rader,
        summa=summa,
        fordelning=fordelning,
        kalla=kalla.value,
        debiterat=per_part,
        regel=regel,
        avstamd=avstamd,
        hinder=(*_utfallets_hinder(nu), *_hinder(plan, budgetar, fordelning, regel, fel)),
        varningar=tuple(_varningar(budgetar, fordelning, utfardat, avstamd)),
    )


def _stangt(stangd: Avstamning, regel: Avstamningsregel | None, fordelning: Fordelning | None) -> Arsavstamning:
    rader = avstamningslager.rader(stangd)
    return Arsavstamning(
        plan=stangd.plan,
        budgetar=stangd.budgetar,
        rader=rader,
        summa=Summa(stangd.utfall, belopp=len(rader)),
        fordelning=fordelning,
        kalla=stangd.kalla,
        debiterat=stangd.innehall["debiterat"],
        regel=regel,
        avstamd=avstamningslager.lagrad(stangd),
        stangd=stangd,
    )


def _sgd(nu: Utfallslage) -> tuple[tuple[Rad, ...], Summa]:
    """The outturn that the parties share: its known rows, and its sum with what is not known."""
    nyckel = (nu.budgetar, Finansiering.SGD.value)
    varden = [(rad, nu.utfall(rad.plats(nyckel))) for rad in nu.lage.rader]
    rader = tuple(
        Rad(rad.kod, rad.namn, till_ore(utfall.belopp))
        for rad, utfall in varden
        if utfall and utfall.belopp is not None
    )
    return rader, summera(utfallets_celler(nu, [rad.plats(nyckel) for rad in nu.lage.rader]))


def _stam_av(
    rader: tuple[Rad, ...],
    fordelning: Fordelning | None,
    per_part: Mapping[str, int],
    regel: Avstamningsregel | None,
    budgetar: int,
) -> tuple[Avstamd | None, str]:
    """The year reconciled on what is known, or why it cannot be (Swedish)."""
    if fordelning is None:
        return None, ""
    alla = list(Huvudman.objects.all())
    parter = {en.kod: (en.kod, en.namn, str(en.typ)) for en in fordelning.andelar}
    parter |= {
        en.kod: (en.kod, en.officiellt_namn, en.typ) for en in alla if en.kod in per_part and en.kod not in parter
    }
    deltar_inte = [en.kod for en in alla if not deltar(en, budgetar + 1)]
    try:
        utfall = utfallets_andelar(rader, fordelning)
        vald = arsregel(regel) if regel else None
        return stam_av(utfall, per_part, list(parter.values()), vald, deltar_inte=deltar_inte), ""
    except (Fordelningsfel, Avstamningsfel) as fel:
        return None, str(fel)


class Avstamningenstangd(PermissionDenied):
    """The year is closed: nobody writes what it was made of."""


def ar_stangt(plan: Handlingsplan, budgetar: int) -> bool:
    return plan.alla_avstamningar.filter(budgetar=budgetar).exists()


@contextmanager
def oppet_ar(plan: Handlingsplan, budgetar: int) -> Iterator[Handlingsplan]:
    """The plan's lock for what a year's reconciliation is made of. Raises Avstamningenstangd where it is closed."""
    with last_plan(plan) as last:
        if ar_stangt(last, budgetar):
            raise Avstamningenstangd(f"Avstämningen för {budgetar} är fastställd, så regeln ändras inte längre.")
        yield last


class KanInteFaststallas(ValueError):
    """The year cannot be closed. `hinder` are Swedish sentences that say why."""

    def __init__(self, hinder: tuple[str, ...]) -> None:
        super().__init__(" ".join(hinder))
        self.hinder = hinder


def stang(plan: Handlingsplan, budgetar: int, *, avtryck: str, av: Anvandare) -> Avstamning:
    """Close the year: store its result, once. `avtryck` is the fingerprint of what the person read.

    Raises KanInteFaststallas, and Krock where something that the result is made of has changed since.
    """
    with last_plan(plan) as last:
        nu = las_avstamning(last, budgetar)
        if nu.stangd is not None:
            raise KanInteFaststallas((f"Avstämningen för {budgetar} är redan fastställd och ändras inte.",))
        if nu.hinder:
            raise KanInteFaststallas(nu.hinder)
        if nu.avtryck != avtryck:
            raise Krock(last, ("avstamning",))
        return avstamningslager.lagra(nu, av=av)


# --- What stands in the way, and what to know ----------------------------------------------------------------------


def _utfallets_hinder(nu: Utfallslage) -> Iterator[str]:
    """The rows whose outturn is not known; without it the year cannot be closed."""
    nyckel = (nu.budgetar, Finansiering.SGD.value)
    for rad in nu.lage.rader:
        plats = rad.plats(nyckel)
        summa = summera(utfallets_celler(nu, [plats]))
        if summa.okanda:
            yield f"{rad.namn}: utfallet är okänt."
        elif summa.ej_ifyllda:
            yield f"{rad.namn}: utfallet är inte ifyllt."


def _hinder(
    plan: Handlingsplan, budgetar: int, fordelning: Fordelning | None, regel: Avstamningsregel | None, fel: str
) -> Iterator[str]:
    if fordelning is None and not plan.ar_faststalld:
        yield f"Planen är inte fastställd, så det finns ingen lagrad fördelning för {budgetar} att dela utfallet efter."
    elif fordelning is None:
        yield f"Inget fördelades mellan huvudmännen {budgetar}, så det finns inget att stämma av."
    if fel:
        yield fel
    if regel is None:
        yield "Årets regel saknas: vad som händer med skillnaden är ett beslut."
    elif regel.upphavt is not None and regel.upphavt <= timezone.localdate():
        yield f"Beslutet om årets regel, {beslut(regel)}, upphävdes {regel.upphavt.isoformat()}. Ange ett som gäller."


def _varningar(
    budgetar: int, fordelning: Fordelning | None, utfardat: Mapping[str, int], avstamd: Avstamd | None
) -> Iterator[str]:
    if timezone.localdate().year <= budgetar:
        yield f"Året {budgetar} är inte slut, så utfallet kan ändras."
    summa = sum(utfardat.values())
    if utfardat and fordelning is not None and summa != fordelning.total:
        yield (
            f"Underlagen är på {visa_kr(summa)}\u00a0kr och den fastställda fördelningen på"
            f" {visa_kr(fordelning.total)}\u00a0kr. Är alla underlag utfärdade?"
        )
    if avstamd and avstamd.lamnat:
        yield (
            f"{upprakning(avstamd.lamnat)} deltar inte {budgetar + 1}. Det som skulle avräknas mot nästa års andel"
            " betalas i stället."
        )
