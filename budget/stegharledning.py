"""How one party's share came about under a model of steps, to be redone with a pocket calculator.

Pure functions without Django. Every number is taken from the finished split, so the explanation cannot say anything
else than the split does; a test redoes the arithmetic of each step. The last step is what the party pays.
"""

import re
from collections.abc import Iterable
from fractions import Fraction

from budget.belopp import ORE_PER_KRONA, visa_heltal, visa_kr
from budget.fordelning import upprakning
from budget.harledning import Steg, avkortat
from budget.stegfordelning import TILL_REGIONEN, Grupputfall, Partsrad, Stegfordelning
from budget.steggranskning import Medlem
from budget.stegkvoter import Omlaggning
from budget.stegmodell import Betalare, Faktor, Golv, Tak, Vikt

_MINST_DECIMALER = 6


def harled(fordelning: Stegfordelning, kod: str) -> tuple[Steg, ...]:
    """Return how the party's share came about, step by step with real numbers.

    Quotas are cut off, never rounded, after as many decimals as tell all remainders in the group apart, and end in
    "…" where digits are left out. A negative total is worked out without its sign. Raises Fordelningsfel for an
    unknown party.
    """
    rad = fordelning.rad(kod)
    steg: list[Steg] = []
    if fordelning.total < 0:
        regel = "Beloppet är negativt. Räkna utan minustecknet och sätt tillbaka det i sista steget."
        steg.append(Steg("Belopp utan minustecken", regel, _kr(abs(fordelning.total))))
    if oren := abs(fordelning.overskjutande):
        barare = next(rad.namn for rad in fordelning.rader if rad.oren)
        uttryck = f"{visa_kr(abs(fordelning.total))} − {visa_kr(oren)}"
        hela = _kr(abs(fordelning.total) - oren)
        steg.append(Steg(f"Hela kronor att dela (örena bärs av {barare})", uttryck, hela))
    utfall = fordelning.utfall(kod)
    if utfall is None:
        regel = f"{rad.namn} deltar inte i modellen {fordelning.modell.namn} {fordelning.underlag.period}."
        steg.append(Steg("Ingen egen andel", regel, _kr(0)))
        termer = [0]
    else:
        partens = _Partens(fordelning, utfall, rad)
        steg += _gruppens_del(fordelning, utfall) + partens.kvotsteg()
        nedat, avrundning = partens.avrundning()
        steg += avrundning
        termer = [nedat, abs(rad.avrundad) - nedat] if avrundning else [abs(rad.avrundad)]
    steg += _buret(fordelning, rad)
    return (*steg, *_slutsteg(fordelning, rad, termer))


def numrerad(alla_steg: Iterable[Steg]) -> tuple[str, ...]:
    """Return the steps as numbered Swedish sentences, one a line."""
    rader = []
    for nummer, steg in enumerate(alla_steg, start=1):
        if re.search(r"[a-zåäö]{3}", steg.uttryck):
            rader.append(f"{nummer}. {steg.rubrik}: {steg.resultat}. {steg.uttryck}")
        else:
            rader.append(f"{nummer}. {steg.rubrik}: {steg.uttryck} = {steg.resultat}.")
    return tuple(rader)


# ----------------------------------------------------------------------
# The first level


def _gruppens_del(fordelning: Stegfordelning, utfall: Grupputfall) -> list[Steg]:
    """What the party's group is to bear of the whole, and how that was rounded."""
    alla = fordelning.grupper
    if len(alla) == 1:
        return []
    delat = visa_kr(abs(fordelning.total - fordelning.overskjutande))
    summa = sum((Fraction(en.grupp.andel) for en in alla), Fraction(0))
    uttryck = f"{delat} × {_tal(utfall.grupp.andel)} / {_tal(summa)}"
    decimaler = _decimaler(en.exakt for en in alla)
    steg = [Steg(f"Del för {utfall.grupp.namn}", uttryck, _exakt(utfall.exakt, decimaler))]
    enhet = fordelning.modell.enhet_ore
    if any(en.exakt % enhet for en in alla):
        rester = upprakning(f"{_exakt(en.exakt % enhet, decimaler)} för {en.grupp.namn}" for en in alla)
        fick = [en.grupp.namn for en in alla if en.belopp > en.exakt]
        regel = (
            f"Alla delar avrundas nedåt till hela {_ord(fordelning)}, och {_antal(len(fick), fordelning)} blir över."
            f" Resterna är {rester}; störst rest får en enhet till, vid lika rest regionens grupp först. Här är det"
            f" {upprakning(fick)}."
        )
        steg.append(Steg(f"Avrundning till hela {_ord(fordelning)}", regel, _kr(utfall.belopp)))
    return steg


# ----------------------------------------------------------------------
# The second level


class _Partens:
    """One party's way through the steps of its group."""

    def __init__(self, fordelning: Stegfordelning, utfall: Grupputfall, rad: Partsrad) -> None:
        self.fordelning, self.utfall, self.rad = fordelning, utfall, rad
        self.medlem: Medlem = next(m for m in utfall.underlag.medlemmar if m.part.kod == rad.kod)
        self.kvoter = utfall.kvoter
        self.decimaler = _decimaler([*self.kvoter.slutliga.values(), self.kvoter.till_region])

    def exakt(self, ore: Fraction) -> str:
        return _exakt(ore, self.decimaler)

    def _rest(self, ore: Fraction) -> str:
        """A remainder in öre, or in kr when the unit is krona, with the same decimals as the quota."""
        if self.fordelning.modell.enhet == "krona":
            return self.exakt(ore)
        return f"{avkortat(ore, self.decimaler - 2)}\u00a0öre"

    def kvotsteg(self) -> list[Steg]:
        """From the group's amount to the party's final quota."""
        steg: list[Steg] = []
        if len(self.utfall.koder) > 1 or self.utfall.grupp.grundbelopp:
            steg += self._grundbelopp() + self._led()
        if self.kvoter.faktor:
            steg += self._faktor(self.kvoter.faktor)
        if self.kvoter.granser:
            steg += self._granser(self.kvoter.granser)
        if self.rad.kod in self.kvoter.region_granser:
            steg.append(self._satt_till_grans(self._fore_regionen()))
        return steg

    def _fore_regionen(self) -> Fraction:
        return self.kvoter.slutliga[self.rad.kod] + self.kvoter.region_granser[self.rad.kod]

    def _grundbelopp(self) -> list[Steg]:
        hela, period = self.utfall.grupp.grundbelopp, self.utfall.underlag.period.dagar
        if not hela:
            return []
        alla_dagar = [medlem.dagar for medlem in self.utfall.underlag.medlemmar]
        summa = sum(self.kvoter.grundbelopp.values(), Fraction(0))
        eget = visa_kr(hela) + (f" × {self.medlem.dagar} / {period}" if self.medlem.dagar < period else "")
        if min(alla_dagar) < period:
            allas = f"{visa_kr(hela)} × {visa_heltal(sum(alla_dagar))} / {period}"
        else:
            allas = f"{visa_kr(hela)} × {len(alla_dagar)}"
        kvar = f"{visa_kr(self.utfall.belopp)} − {_siffror(summa, self.decimaler)}"
        return [
            Steg("Grundbelopp", eget, self.exakt(self.kvoter.grundbelopp[self.rad.kod])),
            Steg(f"Grundbelopp för alla i {self.utfall.grupp.namn}", allas, self.exakt(summa)),
            Steg("Kvar att fördela efter nyckeln", kvar, self.exakt(self.utfall.belopp - summa)),
        ]

    def _led(self) -> list[Steg]:
        """The quota of each part of the mixture, and their sum."""
        steg: list[Steg] = []
        kod, grupp = self.rad.kod, self.utfall.grupp
        att_dela = sum((led.pott for led in self.kvoter.alla_led), Fraction(0))
        for led, egna, kvoter in zip(
            grupp.alla_led, self.utfall.underlag.alla_vikter, self.kvoter.alla_led, strict=True
        ):
            if not kvoter.summa:
                continue
            vikt, summa = _tal(kvoter.vikter[kod]), _tal(kvoter.summa)
            if self.utfall.underlag.efter_dagar:
                uttryck = f"{_tal(egna[kod])} × {self.medlem.dagar}"
                steg.append(Steg(f"Vikt gånger dagar, {led.nyckel}", uttryck, vikt))
            if len(grupp.alla_led) > 1:
                uttryck = f"{_siffror(att_dela, self.decimaler)} × {_brak(led.andel)}"
                steg.append(Steg(f"Del som fördelas: {led.nyckel}", uttryck, self.exakt(kvoter.pott)))
            procent = avkortat(Fraction(100 * kvoter.vikter[kod]) / kvoter.summa, 4)
            steg.append(Steg(f"Andel av summan: {led.nyckel}", f"{vikt} / {summa}", f"{procent}\u00a0%"))
            uttryck = f"{_siffror(kvoter.pott, self.decimaler)} × {vikt} / {summa}"
            steg.append(Steg("Exakt kvot", uttryck, self.exakt(kvoter.kvoter[kod])))
        termer = [led.kvoter[kod] for led in self.kvoter.alla_led]
        termer = [self.kvoter.grundbelopp[kod], *termer] if grupp.grundbelopp else termer
        if len(termer) > 1:
            uttryck = " + ".join(_siffror(term, self.decimaler) for term in termer)
            steg.append(Steg("Summa av delarna", uttryck, self.exakt(self.kvoter.nyckel[kod])))
        return steg

    def _faktor(self, lagt: Omlaggning) -> list[Steg]:
        """The party's own factor, or what it carries of the others'."""
        kvot, ny = self.kvoter.nyckel[self.rad.kod], lagt.kvoter[self.rad.kod]
        if self.rad.kod not in lagt.satta:
            return self._omlagd("faktorerna", kvot, lagt)
        steg: list[Steg] = []
        delar, dagar = self.medlem.faktordelar, self.medlem.dagar
        if len(delar) > 1 or delar[0].dagar < dagar:
            termer = [f"{del_.dagar} × {_brak(del_.faktor)}" for del_ in delar]
            if ovriga := dagar - sum(del_.dagar for del_ in delar):
                termer.append(f"{ovriga} × 1")
            steg.append(
                Steg("Faktor för periodens dagar", f"({' + '.join(termer)}) / {dagar}", _tal(self.medlem.faktor))
            )
        uttryck = f"{_siffror(kvot, self.decimaler)} × {_brak(self.medlem.faktor)}"
        beslut = upprakning(
            str(villkor.grund.beslut)
            for villkor in self.fordelning.modell.alla_villkor
            if villkor.kod == self.rad.kod and isinstance(villkor, Faktor)
        )
        return [*steg, Steg(f"Kvot gånger faktor enligt {beslut}", uttryck, self.exakt(ny))]

    def _omlagd(self, vad: str, kvot: Fraction, lagt: Omlaggning) -> list[Steg]:
        """How one of those without a quota of their own shares what is left."""
        if lagt.kvar == lagt.summa or not kvot:
            return []
        tecken = "+" if lagt.kvar > lagt.summa else "−"
        skillnad = _siffror(abs(lagt.kvar - lagt.summa), self.decimaler)
        summa, kvar = _siffror(lagt.summa, self.decimaler), _siffror(lagt.kvar, self.decimaler)
        uttryck = f"{_siffror(kvot, self.decimaler)} × {kvar} / {summa}"
        return [
            Steg(f"De övrigas kvoter tillsammans efter {vad}", f"{summa} {tecken} {skillnad}", self.exakt(lagt.kvar)),
            Steg(f"Kvot efter {vad}", uttryck, self.exakt(lagt.kvoter[self.rad.kod])),
        ]

    def _granser(self, lagt: Omlaggning) -> list[Steg]:
        """The party's own minimum or cap, or what it carries of the others'."""
        fore = self.kvoter.faktor.kvoter if self.kvoter.faktor else self.kvoter.nyckel
        kvot = fore[self.rad.kod]
        if self.rad.kod in lagt.satta:
            return [self._satt_till_grans(kvot)] if lagt.satta[self.rad.kod] != kvot else []
        return self._omlagd("golv och tak", kvot, lagt)

    def _satt_till_grans(self, kvot: Fraction) -> Steg:
        """The step where a quota outside its limits is set to the limit."""
        ny = self.kvoter.slutliga[self.rad.kod]
        grans: Golv | Tak | None = self.medlem.tak
        if grans is None or grans.belopp != ny:
            grans = self.medlem.golv
        vad, lage = ("Golv", "under golvet") if isinstance(grans, Golv) else ("Tak", "över taket")
        barare = "regionen" if grans and grans.bars_av == "regionen" else "de övriga i gruppen"
        beslut = f" enligt {grans.grund.beslut}" if grans else ""
        regel = f"Kvoten {self.exakt(kvot)} hamnar {lage}{beslut} och sätts dit. Skillnaden bärs av {barare}."
        return Steg(vad, regel, self.exakt(ny))

    def avrundning(self) -> tuple[int, list[Steg]]:
        """The quota rounded down, in öre, and the steps that say so; no steps where there was nothing to round."""
        kvot, enhet = self.kvoter.slutliga[self.rad.kod], self.fordelning.modell.enhet_ore
        nedat = int(kvot // enhet) * enhet
        if all(en % enhet == 0 for en in (*self.kvoter.slutliga.values(), self.kvoter.till_region)):
            return nedat, []
        ord_ = _ord(self.fordelning)
        return nedat, [
            Steg(f"Avrundning nedåt till hela {ord_}", f"Resten är {self._rest(kvot - nedat)}.", _kr(nedat)),
            Steg(f"{ord_.capitalize()} som blir över", self._restregel(), _kr(abs(self.rad.avrundad) - nedat)),
        ]

    def _restregel(self) -> str:
        """Say how many units were left over in the group, who got them, and where this party stood in that order."""
        enhet, ord_ = self.fordelning.modell.enhet_ore, _ord(self.fordelning)
        kvoter = {TILL_REGIONEN: self.kvoter.till_region} | self.kvoter.slutliga
        if not self.kvoter.till_region:
            del kvoter[TILL_REGIONEN]
        ordning = sorted(kvoter, key=lambda kod: (-(kvoter[kod] % enhet), kod != TILL_REGIONEN, -kvoter[kod], kod))
        kvar = self.utfall.kvar
        if not kvar:
            return f"Inga {ord_} är kvar att fördela när kvoterna har avrundats nedåt."
        namn = {rad.kod: rad.namn for rad in self.fordelning.rader} | {TILL_REGIONEN: "det som regionen bär"}
        till = f"de {kvar} största resterna" if kvar > 1 else "den största resten"
        regel = (
            f"När alla {len(kvoter)} kvoter har avrundats nedåt är {_antal(kvar, self.fordelning)} kvar till {till},"
            f" alltså {upprakning(namn[kod] for kod in ordning[:kvar])}. Resten för {self.rad.namn} är nummer"
            f" {ordning.index(self.rad.kod) + 1} av {len(kvoter)}."
        )
        if kvar < len(ordning) and kvoter[ordning[kvar - 1]] % enhet == kvoter[ordning[kvar]] % enhet:
            regel += " Vid lika rest går den med större kvot före, därefter den med lägre kod."
        return regel


# ----------------------------------------------------------------------
# What a region carries, and who pays


def _buret(fordelning: Stegfordelning, rad: Partsrad) -> list[Steg]:
    """What the region carries for each group: the exact differences added, and the sum rounded with the group."""
    steg: list[Steg] = []
    for grupp, _ in rad.buret:
        utfall = next(en for en in fordelning.grupper if en.grupp.kod == grupp)
        kvoter = utfall.kvoter
        decimaler = _decimaler([*kvoter.slutliga.values(), kvoter.till_region])
        poster = [(kod, del_) for delar in (kvoter.region_faktor, kvoter.region_granser) for kod, del_ in delar.items()]
        uttryck = " ".join(f"{'−' if del_ < 0 else '+'} {_siffror(abs(del_), decimaler)}" for _, del_ in poster)
        vilka = upprakning(dict.fromkeys(fordelning.rad(kod).namn for kod, _ in poster))
        steg.append(Steg(f"Skillnaden för {vilka}", uttryck.removeprefix("+ "), _exakt(kvoter.till_region, decimaler)))
        regel = f"Skillnaden avrundas tillsammans med kvoterna i {utfall.grupp.namn}, med största rest."
        steg.append(Steg(f"{rad.namn} bär skillnaden", regel, _kr(utfall.avrundat[TILL_REGIONEN])))
    return steg


def _slutsteg(fordelning: Stegfordelning, rad: Partsrad, termer: list[int]) -> list[Steg]:
    """The sum of the party's parts, its sign put back, and who pays it."""
    tecken = -1 if fordelning.total < 0 else 1
    termer = termer + [abs(rad.oren)] * bool(rad.oren) + [tecken * belopp for _, belopp in rad.buret]
    uttryck = visa_kr(termer[0]) + "".join(f" {'+' if term >= 0 else '−'} {visa_kr(abs(term))}" for term in termer[1:])
    if tecken < 0:
        uttryck = f"−({uttryck})"
    andras = [(en.namn, en.andel) for en in fordelning.rader if en.betalas_av == rad.kod != en.kod]
    ensam = rad.betalas_av == rad.kod and not andras
    vad = f"{rad.namn} {'får tillbaka' if tecken < 0 else 'betalar'}" if ensam else f"Andel för {rad.namn}"
    steg = [Steg(vad, uttryck, _kr(rad.andel))]
    if rad.betalas_av != rad.kod:
        beslut = upprakning(
            str(villkor.grund.beslut)
            for villkor in fordelning.modell.alla_villkor
            if villkor.kod == rad.kod and isinstance(villkor, Betalare)
        )
        regel = f"{fordelning.rad(rad.betalas_av).namn} betalar andelen i stället, enligt {beslut}."
        steg.append(Steg(f"{rad.namn} betalar själv", regel, _kr(rad.betalar)))
    elif andras:
        vilka = upprakning(namn for namn, _ in andras)
        uttryck = " + ".join(visa_kr(tecken * belopp) for belopp in (rad.andel, *(belopp for _, belopp in andras)))
        uttryck = f"−({uttryck})" if tecken < 0 else uttryck
        steg.append(Steg(f"{rad.namn} betalar, även för {vilka}", uttryck, _kr(rad.betalar)))
    return steg


# ----------------------------------------------------------------------
# Numbers


def _decimaler(kvoter: Iterable[Fraction]) -> int:
    """How many decimals of a krona tell all these quotas' remainders apart, and a remainder from none; at least 6."""
    rester = {kvot % ORE_PER_KRONA / ORE_PER_KRONA for kvot in kvoter} | {Fraction(0)}
    decimaler = _MINST_DECIMALER
    while len({rest * 10**decimaler // 1 for rest in rester}) < len(rester):
        decimaler += 1
    return decimaler


def _ord(fordelning: Stegfordelning) -> str:
    return "öre" if fordelning.modell.enhet == "ore" else "kronor"


def _antal(antal: int, fordelning: Stegfordelning) -> str:
    """A number of units: ``1 öre``, ``1 krona``, ``2 kronor``."""
    return f"{antal}\u00a0{'krona' if antal == 1 and _ord(fordelning) == 'kronor' else _ord(fordelning)}"


def _kr(ore: int) -> str:
    return f"{visa_kr(ore)}\u00a0kr"


def _siffror(ore: Fraction, decimaler: int) -> str:
    """An exact amount in kronor without a unit, cut off with "…"; a minus only where there is one."""
    return f"{'−' if ore < 0 else ''}{avkortat(abs(ore) / ORE_PER_KRONA, decimaler)}"


def _exakt(ore: Fraction, decimaler: int) -> str:
    return f"{_siffror(ore, decimaler)}\u00a0kr"


def _tal(tal: Vikt) -> str:
    """A weight or a factor: whole, with its decimals, or cut off with "…"."""
    brak = Fraction(tal)
    if brak.denominator == 1:
        return visa_heltal(brak.numerator)
    return avkortat(brak, 12).rstrip("0") if brak >= 0 else f"−{_tal(-brak)}"


def _brak(tal: Vikt) -> str:
    """A share or a factor, exact: with its decimals when there are few, else as a fraction in parentheses."""
    visat = _tal(tal)
    brak = Fraction(tal)
    return f"({visa_heltal(brak.numerator)} / {visa_heltal(brak.denominator)})" if visat.endswith("…") else visat
