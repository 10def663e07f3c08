"""The exact quotas of one group, step by step: keys, factors, minimums and caps. Nothing is rounded here.

Pure functions without Django, on a group that ``steggranskning`` has passed. Everything is öre as ``Fraction``,
without sign. The steps and their order stand in ``docs/kostnadsfordelning.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from budget.belopp import visa_kr
from budget.fordelning import Fordelningsfel, upprakning
from budget.steggranskning import Gruppunderlag, Medlem
from budget.stegmodell import Barare, Vikt

Kvoter = dict[str, Fraction]
NOLL = Fraction(0)


@dataclass(frozen=True, slots=True)
class Ledkvoter:
    """One part of the mixture: the amount *pott* in proportion to *vikter* (times days where somebody joins or leaves).

    *summa* is the sum of the weights.
    """

    pott: Fraction
    vikter: Mapping[str, Vikt]
    summa: Vikt
    kvoter: Kvoter


@dataclass(frozen=True, slots=True)
class Omlaggning:
    """Quotas where some are set and the others share what is left, in proportion to what they had.

    A party in *satta* has that quota. The others had *summa* together and have *kvar*; each is multiplied by
    kvar / summa.
    """

    satta: Mapping[str, Fraction]
    kvar: Fraction
    summa: Fraction
    kvoter: Kvoter


@dataclass(frozen=True, slots=True)
class Gruppkvoter:
    """A group's quotas after each step, in öre; *slutliga* and *till_region* add up to *pott*.

    *faktor* and *granser* are None when nothing is decided that such a step would do. *region_faktor* and
    *region_granser* are, by party, what it does not pay and the region carries (negative: pays more).
    """

    pott: Fraction
    grundbelopp: Kvoter
    alla_led: tuple[Ledkvoter, ...]
    nyckel: Kvoter
    faktor: Omlaggning | None
    granser: Omlaggning | None
    slutliga: Kvoter
    region_faktor: Kvoter
    region_granser: Kvoter

    @property
    def till_region(self) -> Fraction:
        """What the region carries for the group, in öre; negative when it gains."""
        return sum(self.region_faktor.values(), NOLL) + sum(self.region_granser.values(), NOLL)


def gruppkvoter(grupp: Gruppunderlag, pott: Fraction) -> Gruppkvoter:
    """Share *pott* öre ≥ 0 among the group's members, exactly.

    The order: (1) base amounts, (2) the keys, mixed, (3) factors and exemptions, (4) minimums and caps that the
    group carries, (5) those that the region carries. Raises Fordelningsfel when base amounts or minimums exceed
    *pott*, when caps leave something that nobody can carry, or when nobody is left to carry a factor.
    """
    grundbelopp = _grundbelopp(grupp, pott)
    alla_led = _led(grupp, pott - sum(grundbelopp.values(), NOLL))
    nyckel = {kod: grundbelopp[kod] + sum((led.kvoter[kod] for led in alla_led), NOLL) for kod in grundbelopp}
    faktor, region_faktor = _faktorsteg(grupp, nyckel)
    efter_faktor = faktor.kvoter if faktor else nyckel
    granser = _granssteg(grupp, efter_faktor)
    efter_granser = granser.kvoter if granser else efter_faktor
    slutliga = {m.part.kod: _inom(efter_granser[m.part.kod], *_granser(m, "regionen")) for m in grupp.medlemmar}
    region_granser = {kod: efter_granser[kod] - kvot for kod, kvot in slutliga.items() if kvot != efter_granser[kod]}
    return Gruppkvoter(pott, grundbelopp, alla_led, nyckel, faktor, granser, slutliga, region_faktor, region_granser)


# ----------------------------------------------------------------------
# Steps 1 and 2: base amounts and keys


def _grundbelopp(grupp: Gruppunderlag, pott: Fraction) -> Kvoter:
    """Each member's base amount for its days. Refused when they are more than there is to share."""
    hela = grupp.grupp.grundbelopp
    belopp = {m.part.kod: Fraction(hela * m.dagar, grupp.period.dagar) for m in grupp.medlemmar}
    summa = sum(belopp.values(), NOLL)
    if summa > pott:
        raise Fordelningsfel(
            f"Grundbeloppen i {grupp.grupp.namn} är tillsammans {_kr(summa)}, mer än gruppens belopp"
            f" {_kr(pott)} för {grupp.period}."
        )
    return belopp


def _led(grupp: Gruppunderlag, pott: Fraction) -> tuple[Ledkvoter, ...]:
    """Each part of the mixture by itself; with a party that joins or leaves, weights are multiplied by days."""
    dagar = {m.part.kod: m.dagar if grupp.efter_dagar else 1 for m in grupp.medlemmar}
    alla_led = []
    for led, egna in zip(grupp.grupp.alla_led, grupp.alla_vikter, strict=True):
        vikter = {kod: vikt * dagar[kod] for kod, vikt in egna.items()}
        summa = sum(vikter.values())
        del_ = pott * led.andel
        kvoter = {kod: del_ * vikt / summa if summa else NOLL for kod, vikt in vikter.items()}
        alla_led.append(Ledkvoter(del_, vikter, summa, kvoter))
    return tuple(alla_led)


# ----------------------------------------------------------------------
# Step 3: factors and exemptions


def _faktorsteg(grupp: Gruppunderlag, kvoter: Kvoter) -> tuple[Omlaggning | None, Kvoter]:
    """A party with a factor pays that part of its quota; the region, or the members without a factor, the rest."""
    med = [medlem for medlem in grupp.medlemmar if medlem.faktordelar]
    if not med:
        return None, {}
    satta = {m.part.kod: kvoter[m.part.kod] * m.faktor for m in med}
    region = {m.part.kod: kvoter[m.part.kod] * _avdrag(m, "regionen") for m in med if _avdrag(m, "regionen")}
    ovriga = {kod: kvot for kod, kvot in kvoter.items() if kod not in satta}
    summa = sum(ovriga.values(), NOLL)
    kvar = summa + sum((kvoter[m.part.kod] * _avdrag(m, "gruppen") for m in med), NOLL)
    if kvar < 0 or (kvar and not summa):
        vilka = upprakning(str(m.part) for m in med)
        raise Fordelningsfel(
            f"Ingen annan i {grupp.grupp.namn} kan bära följden av faktorn för {vilka} under {grupp.period}."
        )
    nya = {kod: kvot * kvar / summa if summa else NOLL for kod, kvot in ovriga.items()} | satta
    return Omlaggning(satta, kvar, summa, {kod: nya[kod] for kod in kvoter}), region


def _avdrag(medlem: Medlem, bars_av: Barare) -> Fraction:
    """The part of the member's quota that it does not pay and *bars_av* carries; negative for a factor above one."""
    delar = (del_ for del_ in medlem.faktordelar if del_.bars_av == bars_av)
    return sum((Fraction(del_.dagar, medlem.dagar) * (1 - del_.faktor) for del_ in delar), NOLL)


# ----------------------------------------------------------------------
# Steps 4 and 5: minimums and caps


def _granser(medlem: Medlem, bars_av: Barare) -> tuple[int, int | None]:
    """The member's minimum (0 when none) and cap (None when none) that *bars_av* carries, in öre."""
    golv = medlem.golv.belopp if medlem.golv and medlem.golv.bars_av == bars_av else 0
    tak = medlem.tak.belopp if medlem.tak and medlem.tak.bars_av == bars_av else None
    return golv, tak


def _inom(kvot: Fraction, golv: int, tak: int | None) -> Fraction:
    return max(Fraction(golv), kvot if tak is None else min(kvot, Fraction(tak)))


def _granssteg(grupp: Gruppunderlag, kvoter: Kvoter) -> Omlaggning | None:
    """Minimums and caps that the group carries: every quota is clamp(factor × quota), with one factor for all.

    Round by round, as CSS shares space among boxes: those outside their limits are set to them (those below when
    the raises outweigh the cuts, those above when it is the other way round, both when they are equal) and the
    others share what is left in proportion to their quotas, until nobody is outside.
    """
    granser = {m.part.kod: _granser(m, "gruppen") for m in grupp.medlemmar}
    if all(grans == (0, None) for grans in granser.values()):
        return None
    summa = sum(kvoter.values(), NOLL)
    _granska_granser(grupp, kvoter, granser, summa)
    # A quota of zero stays zero, or at its minimum, whatever the others cannot carry.
    satta = {kod: Fraction(granser[kod][0]) for kod, kvot in kvoter.items() if not kvot}
    while True:
        fria = {kod: kvot for kod, kvot in kvoter.items() if kod not in satta}
        kvar, fri_summa = summa - sum(satta.values(), NOLL), sum(fria.values(), NOLL)
        prov = {kod: kvot * kvar / fri_summa if fri_summa else NOLL for kod, kvot in fria.items()}
        utanfor = {kod: _inom(kvot, *granser[kod]) for kod, kvot in prov.items() if _inom(kvot, *granser[kod]) != kvot}
        if not utanfor:
            return Omlaggning(satta, kvar, fri_summa, {kod: (satta | prov)[kod] for kod in kvoter})
        netto = sum((grans - prov[kod] for kod, grans in utanfor.items()), NOLL)
        satta |= {kod: grans for kod, grans in utanfor.items() if (grans - prov[kod]) * netto >= 0}


def _granska_granser(
    grupp: Gruppunderlag, kvoter: Kvoter, granser: Mapping[str, tuple[int, int | None]], summa: Fraction
) -> None:
    """Refuse minimums that exceed the group's amount, and caps that leave something nobody can carry."""
    namn = {m.part.kod: str(m.part) for m in grupp.medlemmar}
    minst = sum(golv for golv, _ in granser.values())
    if minst > summa:
        vilka = upprakning(namn[kod] for kod, (golv, _) in granser.items() if golv)
        raise Fordelningsfel(
            f"Golven för {vilka} är tillsammans {visa_kr(minst)}\u00a0kr, mer än de {_kr(summa)} som"
            f" {grupp.grupp.namn} ska dela för {grupp.period}."
        )
    hogst = {kod: tak if kvoter[kod] else golv for kod, (golv, tak) in granser.items()}
    if None in hogst.values():
        return
    mest = sum(tak for tak in hogst.values() if tak is not None)
    if mest < summa:
        vilka = upprakning(namn[kod] for kod, (_, tak) in granser.items() if tak is not None)
        raise Fordelningsfel(
            f"Taken för {vilka} lämnar {_kr(summa - mest)} av {grupp.grupp.namn}s belopp för {grupp.period}"
            " som ingen kan bära. Höj ett tak eller låt regionen bära resten."
        )


def _kr(ore: Fraction) -> str:
    """An amount in a message, to the öre."""
    return f"{visa_kr(round(ore))}\u00a0kr"
