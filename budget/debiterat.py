"""What has been charged: the issued billing bases minus their credits. The reconciliation builds on this.

Amounts are öre excluding VAT; a credit has its basis' amount with the other sign, so everything is a plain sum.
"""

from __future__ import annotations

from dataclasses import dataclass

from budget.models import Faktureringsunderlag
from handlingsplan.models import Handlingsplan


@dataclass(frozen=True, slots=True)
class Debitering:
    """One year: öre per payer's SCB code. `egen` is the issuer's own share, which is borne but not invoiced."""

    fakturerat: dict[str, int]
    egen: dict[str, int]

    @property
    def alla(self) -> dict[str, int]:
        """Both, by code: what each bears of the year."""
        koder = sorted({*self.fakturerat, *self.egen})
        return {kod: self.fakturerat.get(kod, 0) + self.egen.get(kod, 0) for kod in koder}

    @property
    def summa(self) -> int:
        return sum(self.fakturerat.values()) + sum(self.egen.values())


def debitering(plan: Handlingsplan, budgetar: int) -> Debitering:
    """What is invoiced and what the issuer bears itself, credits taken off; empty where nothing is issued.

    A payer whose basis is credited and not issued again stands with 0. One statement; the sums are made in Python.
    """
    rader = Faktureringsunderlag.objects.filter(plan=plan, budgetar=budgetar).order_by("kod")
    svar = Debitering({}, {})
    for kod, slag, krediterat, belopp in rader.values_list("kod", "slag", "krediterar__slag", "belopp"):
        del_ = svar.egen if (krediterat or slag) == Faktureringsunderlag.Slag.EGEN else svar.fakturerat
        del_[kod] = del_.get(kod, 0) + belopp
    return svar


def debiterat(plan: Handlingsplan, budgetar: int) -> dict[str, int]:
    """Öre per payer's SCB code that the year's issued bases minus credits say; empty where nothing is issued.

    The issuer's own share is the entry of its own code; `debitering` keeps it apart.
    """
    return debitering(plan, budgetar).alla
