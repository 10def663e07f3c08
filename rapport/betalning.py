"""What each party pays of a year's split, and for whom.

A share and a payment differ where another party pays in somebody's place. Everything that asks who pays asks here;
where a split gets such payers, `betalar_for` is the one place that knows.
"""

from __future__ import annotations

from budget.fordelning import upprakning
from budget.stegutfall import radfordelning
from rapport.plandokument import Arsfordelning


def betalar_for(ars: Arsfordelning) -> dict[str, dict[str, int]]:
    """By the payer's SCB code: whose shares it pays, {code: öre}. In the split's order; empty without a split."""
    if ars.fordelning is None:
        return {}
    i_steg = radfordelning(ars.fordelning)
    if i_steg is None:
        return {en.kod: {en.kod: en.belopp} for en in ars.fordelning.andelar}
    delar: dict[str, dict[str, int]] = {en.kod: {} for en in ars.fordelning.andelar}
    for rad in (rad for del_ in i_steg.delar for rad in del_.fordelning.rader):
        poster = delar[rad.betalas_av]
        poster[rad.kod] = poster.get(rad.kod, 0) + rad.andel
    return {kod: {vem: ore for vem, ore in poster.items() if ore or vem == kod} for kod, poster in delar.items()}


def att_betala(ars: Arsfordelning) -> dict[str, int]:
    """By the payer's SCB code: öre to pay. The sum is the split's total, to the öre; empty without a split."""
    return {kod: sum(delar.values()) for kod, delar in betalar_for(ars).items()}


def andras_betalning(ars: Arsfordelning) -> dict[str, int]:
    """`att_betala` where somebody pays for another; empty where each pays its own share."""
    att = att_betala(ars)
    andelar = ars.fordelning.andelar if ars.fordelning else ()
    return att if any(att[en.kod] != en.belopp for en in andelar) else {}


def betalning_i_ord(ars: Arsfordelning) -> str:
    """Who pays for others, in words; "" where each pays its own share."""
    namn = {en.kod: en.namn for en in ars.fordelning.andelar} if ars.fordelning else {}
    for_andra = {kod: [namn[en] for en in delar if en != kod] for kod, delar in betalar_for(ars).items()}
    return " ".join(f"{namn[kod]} betalar också för {upprakning(andra)}." for kod, andra in for_andra.items() if andra)
