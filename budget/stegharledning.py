"""How one party's share came about under a model of steps, to be redone with a pocket calculator.

Pure functions without Django. Every number is taken from the finished split, so the explanation cannot say anything
else than the split does; a test redoes the arithmetic of each step. The last step is what the party pays.
"""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from budget.belopp import visa_kr
from budget.fordelning import upprakning
from budget.gruppharledning import Gruppbild, Partens, antal_enheter, enhetsord, gruppbild
from budget.harledning import Steg
from budget.harledningstal import (
    decimaler_for,
    i_exakta_kr,
    i_kr,
    siffror,
    visa_brak,
)
from budget.stegfordelning import TILL_REGIONEN, Grupputfall, Partsrad, Stegfordelning
from budget.stegmodell import Betalare


def harled(fordelning: Stegfordelning, kod: str) -> tuple[Steg, ...]:
    """Return how the party's share came about, step by step with real numbers.

    Quotas are cut off, never rounded, after as many decimals as tell all remainders in the group apart, and end in
    "…" where digits are left out. A negative total is worked out without its sign. Raises Fordelningsfel for an
    unknown party.
    """
    return _harled(fordelning, fordelning.rad(kod), _bilder(fordelning))


def harled_alla(fordelning: Stegfordelning) -> dict[str, tuple[Steg, ...]]:
    """Return every party's steps by code: as ``harled``, but what the parties have in common is worked out once."""
    bilder = _bilder(fordelning)
    return {rad.kod: _harled(fordelning, rad, bilder) for rad in fordelning.rader}


def _bilder(fordelning: Stegfordelning) -> dict[str, Gruppbild]:
    return {utfall.grupp.kod: gruppbild(fordelning, utfall) for utfall in fordelning.grupper}


def _harled(fordelning: Stegfordelning, rad: Partsrad, bilder: Mapping[str, Gruppbild]) -> tuple[Steg, ...]:
    steg: list[Steg] = []
    if fordelning.total < 0:
        regel = "Beloppet är negativt. Räkna utan minustecknet och sätt tillbaka det i sista steget."
        steg.append(Steg("Belopp utan minustecken", regel, i_kr(abs(fordelning.total))))
    if oren := abs(fordelning.overskjutande):
        barare = next(rad.namn for rad in fordelning.rader if rad.oren)
        uttryck = f"{visa_kr(abs(fordelning.total))} − {visa_kr(oren)}"
        hela = i_kr(abs(fordelning.total) - oren)
        steg.append(Steg(f"Hela kronor att dela (örena bärs av {barare})", uttryck, hela))
    if rad.grupp not in bilder:
        regel = f"{rad.namn} deltar inte i modellen {fordelning.modell.namn} {fordelning.underlag.period}."
        steg.append(Steg("Ingen egen andel", regel, i_kr(0)))
        termer = [0]
    else:
        partens = Partens(fordelning, bilder[rad.grupp], rad)
        steg += _gruppens_del(fordelning, partens.utfall) + partens.kvotsteg()
        nedat, avrundning = partens.avrundning()
        steg += avrundning
        termer = [nedat, abs(rad.avrundad) - nedat] if avrundning else [abs(rad.avrundad)]
    steg += _buret(fordelning, rad, bilder)
    return (*steg, *_slutsteg(fordelning, rad, termer))


def numrerad(alla_steg: Iterable[Steg]) -> tuple[str, ...]:
    """Return the steps as numbered Swedish sentences, one a line."""
    rader = []
    for nummer, steg in enumerate(alla_steg, start=1):
        if re.search(r"[a-zåäö]{3}", steg.uttryck):
            rader.append(f"{nummer}. {steg.rubrik}: {steg.resultat}. {steg.uttryck}")
        else:
            rader.append(
                f"{nummer}. {steg.rubrik}: {steg.uttryck} = {steg.resultat}{'' if steg.resultat.endswith('…') else '.'}"
            )
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
    uttryck = f"{delat} × {visa_brak(utfall.grupp.andel)}"
    if summa != 1:
        uttryck += f" / {visa_brak(summa)}"
    decimaler = decimaler_for(en.exakt for en in alla)
    steg = [Steg(f"Del för {utfall.grupp.namn}", uttryck, i_exakta_kr(utfall.exakt, decimaler))]
    enhet = fordelning.modell.enhet_ore
    if any(en.exakt % enhet for en in alla):
        rester = upprakning(f"{i_exakta_kr(en.exakt % enhet, decimaler)} för {en.grupp.namn}" for en in alla)
        fick = [en.grupp.namn for en in alla if en.belopp > en.exakt]
        regel = (
            f"Alla delar avrundas nedåt till hela {enhetsord(fordelning)},"
            f" och {antal_enheter(len(fick), fordelning)} blir över."
            f" Resterna är {rester}; störst rest får en enhet till, vid lika rest regionens grupp först. Här är det"
            f" {upprakning(fick)}."
        )
        steg.append(Steg(f"Avrundning till hela {enhetsord(fordelning)}", regel, i_kr(utfall.belopp)))
    return steg


# ----------------------------------------------------------------------
# What a region carries, and who pays


def _buret(fordelning: Stegfordelning, rad: Partsrad, bilder: Mapping[str, Gruppbild]) -> list[Steg]:
    """What the region carries for each group: each party's difference, their sum, and the sum rounded."""
    steg: list[Steg] = []
    for grupp, _ in rad.buret:
        utfall, decimaler = bilder[grupp].utfall, bilder[grupp].decimaler
        poster = _skillnader(fordelning, utfall, decimaler)
        steg += poster
        if len(poster) > 1:
            summa = "".join(
                f" {'−' if post.resultat.startswith('−') else '+'} {post.resultat.strip('−').removesuffix('\u00a0kr')}"
                for post in poster
            )
            summa = summa.removeprefix(" + ").strip()
            steg.append(Steg("Summa av skillnaderna", summa, i_exakta_kr(utfall.kvoter.till_region, decimaler)))
        regel = f"Skillnaden avrundas tillsammans med kvoterna i {utfall.grupp.namn}, med största rest."
        steg.append(Steg(f"{rad.namn} bär skillnaden", regel, i_kr(utfall.avrundat[TILL_REGIONEN])))
    return steg


def _skillnader(fordelning: Stegfordelning, utfall: Grupputfall, decimaler: int) -> list[Steg]:
    """What each party does not pay, or pays besides, and the region carries."""
    kvoter, steg = utfall.kvoter, []
    for kod, skillnad in kvoter.region_faktor.items():
        kvot = kvoter.nyckel[kod]
        uttryck = f"{siffror(kvot, decimaler)} × {visa_brak(abs(skillnad) / kvot if kvot else 0)}"
        uttryck = f"−({uttryck})" if skillnad < 0 else uttryck
        rubrik = f"Kvoten för {fordelning.rad(kod).namn} gånger den del som faktorn lägger på regionen"
        steg.append(Steg(rubrik, uttryck, i_exakta_kr(skillnad, decimaler)))
    for kod, skillnad in kvoter.region_granser.items():
        ny = kvoter.slutliga[kod]
        uttryck = f"{siffror(ny + skillnad, decimaler)} − {siffror(ny, decimaler)}"
        rubrik = f"Kvoten för {fordelning.rad(kod).namn} minus det som golv eller tak ger"
        steg.append(Steg(rubrik, uttryck, i_exakta_kr(skillnad, decimaler)))
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
    steg = [Steg(vad, uttryck, i_kr(rad.andel))]
    if rad.betalas_av != rad.kod:
        beslut = upprakning(
            str(villkor.grund.beslut)
            for villkor in fordelning.modell.alla_villkor
            if villkor.kod == rad.kod and isinstance(villkor, Betalare)
        )
        regel = f"{fordelning.rad(rad.betalas_av).namn} betalar andelen i stället, enligt {beslut}."
        steg.append(Steg(f"{rad.namn} betalar själv", regel, i_kr(rad.betalar)))
    elif andras:
        vilka = upprakning(namn for namn, _ in andras)
        uttryck = " + ".join(visa_kr(tecken * belopp) for belopp in (rad.andel, *(belopp for _, belopp in andras)))
        uttryck = f"−({uttryck})" if tecken < 0 else uttryck
        steg.append(Steg(f"{rad.namn} betalar, även för {vilka}", uttryck, i_kr(rad.betalar)))
    return steg
