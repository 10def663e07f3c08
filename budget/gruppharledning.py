"""One party's way through the steps of its group, for ``stegharledning``.

Pure functions without Django.
"""

from dataclasses import dataclass
from fractions import Fraction

from budget.belopp import visa_heltal, visa_kr
from budget.fordelning import upprakning
from budget.harledning import Steg, avkortat
from budget.harledningstal import (
    alla_tal,
    decimaler_for,
    efter_nyckel,
    i_exakta_kr,
    i_kr,
    siffror,
    summa_av_nyckel,
    visa_brak,
    visa_tal,
)
from budget.stegfordelning import TILL_REGIONEN, Grupputfall, Partsrad, Stegfordelning
from budget.steggranskning import Medlem
from budget.stegkvoter import Kvoter, Omlaggning
from budget.stegmodell import Barare, Faktor, Golv, Tak


@dataclass(frozen=True, slots=True)
class Gruppbild:
    """What every member's derivation needs of the group: the decimals, and who stands where in the rounding.

    *ordning* has the codes with a quota, by remainder, ``TILL_REGIONEN`` among them when the region carries something.
    """

    utfall: Grupputfall
    decimaler: int
    ordning: tuple[str, ...]


def gruppbild(fordelning: Stegfordelning, utfall: Grupputfall) -> Gruppbild:
    """Work it out, once for a group."""
    enhet = fordelning.modell.enhet_ore
    kvoter = dict(utfall.kvoter.slutliga)
    if utfall.kvoter.till_region:
        kvoter[TILL_REGIONEN] = utfall.kvoter.till_region
    ordning = sorted(kvoter, key=lambda kod: (-(kvoter[kod] % enhet), kod != TILL_REGIONEN, -kvoter[kod], kod))
    return Gruppbild(utfall, decimaler_for(alla_tal(utfall.kvoter)), tuple(ordning))


class Partens:
    """One party's way through the steps of its group."""

    def __init__(self, fordelning: Stegfordelning, bild: Gruppbild, rad: Partsrad) -> None:
        self.fordelning, self.rad, self.utfall = fordelning, rad, bild.utfall
        self.medlem: Medlem = next(m for m in bild.utfall.underlag.medlemmar if m.part.kod == rad.kod)
        self.kvoter, self.decimaler, self.ordning = bild.utfall.kvoter, bild.decimaler, bild.ordning

    def exakt(self, ore: Fraction) -> str:
        return i_exakta_kr(ore, self.decimaler)

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
            ny = self.kvoter.slutliga[self.rad.kod]
            steg.append(self._satt_till_grans(ny + self.kvoter.region_granser[self.rad.kod], ny, "regionen"))
        return steg

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
        kvar = f"{visa_kr(self.utfall.belopp)} − {siffror(summa, self.decimaler)}"
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
            vikt, summa = visa_tal(kvoter.vikter[kod]), visa_tal(kvoter.summa)
            if self.utfall.underlag.efter_dagar:
                uttryck = f"{visa_tal(egna[kod])} × {self.medlem.dagar}"
                steg.append(Steg(f"Vikt gånger dagar, {led.nyckel}", uttryck, vikt))
            if len(grupp.alla_led) > 1:
                uttryck = f"{siffror(att_dela, self.decimaler)} × {visa_brak(led.andel)}"
                steg.append(Steg(f"Del som fördelas {efter_nyckel(led.nyckel)}", uttryck, self.exakt(kvoter.pott)))
            procent = avkortat(Fraction(100 * kvoter.vikter[kod]) / kvoter.summa, 4)
            steg.append(Steg(f"Andel av {summa_av_nyckel(led.nyckel)}", f"{vikt} / {summa}", f"{procent}\u00a0%"))
            uttryck = f"{siffror(kvoter.pott, self.decimaler)} × {vikt} / {summa}"
            steg.append(Steg(f"Exakt kvot {efter_nyckel(led.nyckel)}", uttryck, self.exakt(kvoter.kvoter[kod])))
        termer = [led.kvoter[kod] for led in self.kvoter.alla_led]
        termer = [self.kvoter.grundbelopp[kod], *termer] if grupp.grundbelopp else termer
        if len(termer) > 1:
            uttryck = " + ".join(siffror(term, self.decimaler) for term in termer)
            steg.append(Steg("Summa av delarna", uttryck, self.exakt(self.kvoter.nyckel[kod])))
        return steg

    def _faktor(self, lagt: Omlaggning) -> list[Steg]:
        """The party's own factor, or what it carries of the others'."""
        kvot, ny = self.kvoter.nyckel[self.rad.kod], lagt.kvoter[self.rad.kod]
        if self.rad.kod not in lagt.satta:
            return self._omlagd("faktorerna", self.kvoter.nyckel, lagt)
        steg: list[Steg] = []
        delar, dagar = self.medlem.faktordelar, self.medlem.dagar
        if len(delar) > 1 or delar[0].dagar < dagar:
            termer = [f"{del_.dagar} × {visa_brak(del_.faktor)}" for del_ in delar]
            if ovriga := dagar - sum(del_.dagar for del_ in delar):
                termer.append(f"{ovriga} × 1")
            steg.append(
                Steg("Faktor för periodens dagar", f"({' + '.join(termer)}) / {dagar}", visa_tal(self.medlem.faktor))
            )
        uttryck = f"{siffror(kvot, self.decimaler)} × {visa_brak(self.medlem.faktor)}"
        beslut = upprakning(
            str(villkor.grund.beslut)
            for villkor in self.fordelning.modell.alla_villkor
            if villkor.kod == self.rad.kod and isinstance(villkor, Faktor)
        )
        return [*steg, Steg(f"Kvot gånger faktor enligt {beslut}", uttryck, self.exakt(ny))]

    def _omlagd(self, vad: str, fore: Kvoter, lagt: Omlaggning) -> list[Steg]:
        """What those with a quota of their own leave to the others, and this party's part of it."""
        kvot = fore[self.rad.kod]
        if lagt.kvar == lagt.summa or not kvot:
            return []
        tecken = "+" if lagt.kvar > lagt.summa else "−"
        skillnad = abs(lagt.kvar - lagt.summa)
        summa, kvar = siffror(lagt.summa, self.decimaler), siffror(lagt.kvar, self.decimaler)
        namn = {rad.kod: rad.namn for rad in self.fordelning.rader}
        andrade = upprakning(
            f"{namn[kod]} får {self.exakt(ny)} i stället för {self.exakt(fore[kod])}"
            for kod, ny in lagt.satta.items()
            if ny != fore[kod]
        )
        barare = "De övriga i gruppen bär" if tecken == "+" else "De övriga i gruppen slipper"
        return [
            Steg(f"{barare}, på grund av {vad}", f"{andrade}.", self.exakt(skillnad)),
            Steg(
                "De övrigas kvoter tillsammans",
                f"{summa} {tecken} {siffror(skillnad, self.decimaler)}",
                self.exakt(lagt.kvar),
            ),
            Steg(
                f"Kvot efter {vad}",
                f"{siffror(kvot, self.decimaler)} × {kvar} / {summa}",
                self.exakt(kvot * lagt.kvar / lagt.summa),
            ),
        ]

    def _granser(self, lagt: Omlaggning) -> list[Steg]:
        """What the party carries of the others' minimums and caps, and its own."""
        kod = self.rad.kod
        fore = self.kvoter.faktor.kvoter if self.kvoter.faktor else self.kvoter.nyckel
        if kod not in lagt.satta:
            return self._omlagd("golv och tak", fore, lagt)
        kvot, ny = fore[kod], lagt.satta[kod]
        if kvot == ny:
            return []
        golv, tak = self.medlem.golv, self.medlem.tak
        utanfor = (golv and golv.belopp == ny > kvot) or (tak and tak.belopp == ny < kvot)
        if utanfor or not lagt.summa:
            return [self._satt_till_grans(kvot, ny, "gruppen")]
        # Only what the others leave takes it outside.
        prov = kvot * lagt.kvar / lagt.summa
        return [*self._omlagd("golv och tak", fore, lagt), self._satt_till_grans(prov, ny, "gruppen")]

    def _satt_till_grans(self, kvot: Fraction, ny: Fraction, barare: Barare) -> Steg:
        """The step where a quota is set to its minimum or cap."""
        golv, tak = self.medlem.golv, self.medlem.tak
        grans: Golv | Tak | None = tak if tak and tak.bars_av == barare and tak.belopp == ny else golv
        if grans is None:  # cannot happen: only a limit sets a quota
            raise AssertionError("a quota was set to a limit that is not there")
        vad = "Golv" if isinstance(grans, Golv) else "Tak"
        vem = "regionen" if barare == "regionen" else "de övriga i gruppen"
        regel = (
            f"{vad}et enligt {grans.grund.beslut} gäller i stället för kvoten {self.exakt(kvot)}."
            f" Skillnaden {'kommer ' if vad == 'Golv' else 'bärs av '}{vem}{' till godo' if vad == 'Golv' else ''}."
        )
        return Steg(vad, regel, self.exakt(ny))

    def avrundning(self) -> tuple[int, list[Steg]]:
        """The quota rounded down, in öre, and the steps that say so; no steps where there was nothing to round."""
        kvot, enhet = self.kvoter.slutliga[self.rad.kod], self.fordelning.modell.enhet_ore
        nedat = int(kvot // enhet) * enhet
        if all(en % enhet == 0 for en in (*self.kvoter.slutliga.values(), self.kvoter.till_region)):
            return nedat, []
        ord_ = enhetsord(self.fordelning)
        return nedat, [
            Steg(f"Avrundning nedåt till hela {ord_}", f"Resten är {self._rest(kvot - nedat)}.", i_kr(nedat)),
            Steg(f"{ord_.capitalize()} som blir över", self._restregel(), i_kr(abs(self.rad.avrundad) - nedat)),
        ]

    def _restregel(self) -> str:
        """Say how many units were left over in the group, who got them, and where this party stood in that order."""
        ordning, kvar = self.ordning, self.utfall.kvar
        if not kvar:
            return f"Inga {enhetsord(self.fordelning)} är kvar att fördela när kvoterna har avrundats nedåt."
        namn = {rad.kod: rad.namn for rad in self.fordelning.rader} | {TILL_REGIONEN: "det som regionen bär"}
        till = f"de {kvar} största resterna" if kvar > 1 else "den största resten"
        regel = (
            f"När alla {len(ordning)} kvoter har avrundats nedåt är {antal_enheter(kvar, self.fordelning)} kvar"
            f" till {till}, alltså {upprakning(namn[kod] for kod in ordning[:kvar])}."
            f" Resten för {self.rad.namn} är nummer {ordning.index(self.rad.kod) + 1} av {len(ordning)}."
        )
        if kvar < len(ordning) and self._rest_for(ordning[kvar - 1]) == self._rest_for(ordning[kvar]):
            regel += " Vid lika rest går den med större kvot före, därefter den med lägre kod."
        return regel

    def _rest_for(self, kod: str) -> Fraction:
        kvot = self.kvoter.till_region if kod == TILL_REGIONEN else self.kvoter.slutliga[kod]
        return kvot % self.fordelning.modell.enhet_ore


def enhetsord(fordelning: Stegfordelning) -> str:
    return "öre" if fordelning.modell.enhet == "ore" else "kronor"


def antal_enheter(antal: int, fordelning: Stegfordelning) -> str:
    """A number of units: ``1 öre``, ``1 krona``, ``2 kronor``."""
    return f"{antal}\u00a0{'krona' if antal == 1 and enhetsord(fordelning) == 'kronor' else enhetsord(fordelning)}"
