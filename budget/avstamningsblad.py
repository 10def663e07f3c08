"""A year's reconciliation as a workbook: numbers as numbers, and text that never runs."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from budget.avstamningar import Arsavstamning
from budget.belopp import visa_tecken
from budget.kalkylblad import Cell, i_kronor, lagg_blad, som_fil, tom_bok

RUBRIKER = ("Kod", "Huvudman", "Andel av utfallet, kr", "Debiterat, kr", "Skillnad, kr", "Vad som händer")


def som_arbetsbok(nu: Arsavstamning) -> bytes:
    """The parties with their sums, the outturn row by row, and what it all rests on. Amounts are kronor."""
    bok = tom_bok()
    rader: list[tuple[Cell, ...]] = []
    if nu.avstamd:
        rader = [
            (en.kod, en.namn, i_kronor(en.utfall), i_kronor(en.debiterat), i_kronor(en.skillnad), en.i_ord)
            for en in nu.avstamd.rader
        ]
        summor = (nu.avstamd.utfall, nu.avstamd.debiterat, nu.avstamd.skillnad)
        rader.append(("", "Summa", *map(i_kronor, summor), ""))
    lagg_blad(bok, f"Avstämning {nu.budgetar}", RUBRIKER, rader, (8, 32, 22, 18, 18, 34), kronor=(3, 4, 5))
    utfall: list[tuple[Cell, ...]] = [(rad.namn, i_kronor(rad.belopp)) for rad in nu.rader]
    utfall.append(("Summa", i_kronor(nu.summa.ore)))
    lagg_blad(bok, "Utfall", ("Insatsområde", "Utfall SGD, kr"), utfall, (44, 18), kronor=(2,))
    lagg_blad(bok, "Underlag", ("Vad", "Uppgift"), _fakta(nu), (32, 90))
    return som_fil(bok)


def _fakta(nu: Arsavstamning) -> Iterable[tuple[str, str]]:
    yield "Plan", str(nu.plan)
    if nu.stangd is not None:
        yield "Ställning", f"Fastställd {timezone.localtime(nu.stangd.faststalld_at):%Y-%m-%d}"
    else:
        yield "Ställning", "Inte fastställd: beräknad på det som är inskrivet nu"
    yield "Debiterat enligt", nu.debiterat_enligt
    yield "Årets regel", nu.regel_i_ord or "Saknas"
    for vad, antal, ore in nu.avstamd.per_atgard if nu.avstamd else ():
        yield vad[:1].upper() + vad[1:], f"{antal} av huvudmännen, {visa_tecken(ore)} kr"
    yield from (("Hindrar att året fastställs", text) for text in nu.hinder)
    yield from (("Att observera", text) for text in nu.varningar)
    yield "Skillnad", "Debiterat minus andel av utfallet: plus är för mycket betalt."
