"""How one party's share came about, in steps that can be redone with a pocket calculator.

Pure functions without Django. Every number is taken from the finished split, so the explanation cannot say
anything else than the split does; a test redoes the arithmetic of each step.
"""

from dataclasses import dataclass
from fractions import Fraction

from budget.belopp import ORE_PER_KRONA, visa_heltal, visa_kr
from budget.fordelning import Andel, Fordelning, Modell, Parttyp, upprakning


@dataclass(frozen=True, slots=True)
class Steg:
    """One step in plain Swedish: what it is, the arithmetic or the reason, and what comes out of it.

    `modell` is whose step it is where several models share the year, else "".
    """

    rubrik: str
    uttryck: str
    resultat: str
    modell: str = ""

    @property
    def hela_rubriken(self) -> str:
        """What the step is, also where it stands alone."""
        return f"{self.modell}: {self.rubrik}" if self.modell else self.rubrik


def harledning(fordelning: Fordelning, kod: str) -> tuple[Steg, ...]:
    """Return how the party's share came about, step by step with real numbers; the last step is the share.

    Quotas are cut off, never rounded, after as many decimals as tell all remainders apart, and end in "…"
    where digits are left out. A negative total is worked out without its sign. Raises Fordelningsfel when the
    party takes no part.
    """
    rad = fordelning.andel(kod)
    overskjutande = abs(fordelning.overskjutande)
    steg = []
    if fordelning.total < 0:
        regel = "Beloppet är negativt. Räkna utan minustecknet och sätt tillbaka det i sista steget."
        steg.append(Steg("Belopp utan minustecken", regel, _kr(abs(fordelning.total))))
    if overskjutande and fordelning.region is not None:
        rubrik = f"Hela kronor att dela (örena bärs av {fordelning.region.namn})"
        hela = abs(fordelning.total) - overskjutande
        steg.append(Steg(rubrik, f"{visa_kr(hela + overskjutande)} − {visa_kr(overskjutande)}", _kr(hela)))
    steg += _delsteg(fordelning, rad.typ)
    if rad.typ == "region":
        termer = [abs(rad.belopp) - overskjutande] + [overskjutande] * bool(overskjutande)
    else:
        steg += _kommunsteg(fordelning, rad)
        nedat = _nedat(rad.exakt, fordelning.modell)
        termer = [nedat, abs(rad.belopp) - nedat]
    uttryck = " + ".join(visa_kr(term) for term in termer)
    if fordelning.total < 0:
        steg.append(Steg(f"{rad.namn} får tillbaka", f"−({uttryck})", _kr(rad.belopp)))
    else:
        steg.append(Steg(f"{rad.namn} betalar", uttryck, _kr(rad.belopp)))
    return tuple(steg)


def _delsteg(fordelning: Fordelning, typ: Parttyp) -> list[Steg]:
    """The first level: what the region, or the group, is to bear of the whole."""
    modell, region = fordelning.modell, fordelning.region
    delat = abs(fordelning.total - fordelning.overskjutande)
    namn = {"region": region.namn if region else "regionen", "kommun": "kommungruppen"}
    andel = {"region": modell.andel_region, "kommun": modell.andel_grupp}
    summa = modell.andel_region + modell.andel_grupp
    exakt = {sida: Fraction(delat * andel[sida], summa) for sida in andel}
    belopp = {"kommun": abs(fordelning.gruppens_belopp), "region": delat - abs(fordelning.gruppens_belopp)}
    uttryck = f"{visa_kr(delat)} × {andel[typ]} / {summa}"
    steg = [Steg(f"Del för {namn[typ]}", uttryck, _exakt_kr(exakt[typ], modell, summa))]
    if rest := exakt["region"] % modell.enhet_ore:
        rester = {"region": rest, "kommun": modell.enhet_ore - rest}
        mottagare = "region" if belopp["region"] > exakt["region"] else "kommun"
        regel = (
            f"Båda delarna avrundas nedåt, och {_antal(1, modell)} blir över. Resten är"
            f" {_rest(rester['region'], modell, summa)} för {namn['region']} och"
            f" {_rest(rester['kommun'], modell, summa)} för {namn['kommun']}; den som har störst rest får"
            f" {_antal(1, modell)} till, vid lika rest {namn['region']}. Här är det {namn[mottagare]}."
        )
        steg.append(Steg(f"Avrundning till hela {_enhetsord(modell)}", regel, _kr(belopp[typ])))
    return steg


def _kommunsteg(fordelning: Fordelning, rad: Andel) -> list[Steg]:
    """The second level: a municipality's quota of the group's amount, rounded down, and what is left over."""
    modell, invanare = fordelning.modell, fordelning.gruppens_invanare
    if not invanare:
        return []
    brak = f"{visa_heltal(rad.invanare)} / {visa_heltal(invanare)}"
    exakt, nedat = abs(rad.exakt), _nedat(rad.exakt, modell)
    enhetsord = _enhetsord(modell)
    rest = f"Resten är {_rest(exakt - nedat, modell, invanare)}."
    return [
        Steg(
            f"Andel av kommunernas invånare {modell.folkmangdsdatum.isoformat()}",
            brak,
            f"{avkortat(Fraction(100 * rad.invanare, invanare), 4)}\u00a0%",
        ),
        Steg(
            "Exakt kvot",
            f"{visa_kr(abs(fordelning.gruppens_belopp))} × {brak}",
            _exakt_kr(exakt, modell, invanare),
        ),
        Steg(f"Avrundning nedåt till hela {enhetsord}", rest, _kr(nedat)),
        Steg(
            f"{enhetsord.capitalize()} som blir över",
            _restregel(fordelning, rad),
            _kr(abs(rad.belopp) - nedat),
        ),
    ]


def _restregel(fordelning: Fordelning, rad: Andel) -> str:
    """Say how many units were left over in the group, who got them, and where *rad* stood in that order."""
    modell, kommuner = fordelning.modell, fordelning.kommuner
    rester = {andel.kod: abs(andel.exakt) - _nedat(andel.exakt, modell) for andel in kommuner}
    kvar = int(sum(rester.values()) / modell.enhet_ore)
    if not kvar:
        return f"Inga {_enhetsord(modell)} är kvar att fördela när kvoterna har avrundats nedåt."
    ordning = sorted(kommuner, key=lambda andel: (-rester[andel.kod], -andel.invanare, andel.kod))
    till = f"{_antal(1, modell)} var till de {kvar} största resterna" if kvar > 1 else "till den största resten"
    regel = (
        f"När alla {len(kommuner)} kommuner har avrundats nedåt är {_antal(kvar, modell)} kvar: {till},"
        f" alltså {upprakning(andel.namn for andel in ordning[:kvar])}. Resten för {rad.namn} är nummer"
        f" {ordning.index(rad) + 1} av {len(kommuner)}."
    )
    if rester[ordning[kvar - 1].kod] == rester[ordning[kvar].kod]:
        regel += " Vid lika rest går den med fler invånare före, därefter den med lägre kod."
    return regel


def _nedat(exakt: Fraction, modell: Modell) -> int:
    """Return the size of a quota in öre, rounded down to whole units."""
    return int(abs(exakt) // modell.enhet_ore) * modell.enhet_ore


def _kr(ore: int) -> str:
    return f"{visa_kr(ore)}\u00a0kr"


def _enhetsord(modell: Modell) -> str:
    return "öre" if modell.enhet == "ore" else "kronor"


def _antal(antal: int, modell: Modell) -> str:
    return f"{antal}\u00a0{'krona' if modell.enhet == 'krona' and antal == 1 else _enhetsord(modell)}"


def _exakt_kr(ore: Fraction, modell: Modell, namnare: int) -> str:
    """Return a quota in kronor with the decimals that tell multiples of 1/*namnare* of a unit apart."""
    decimaler = len(str(namnare)) + (2 if modell.enhet == "ore" else 0)
    return f"{avkortat(ore / ORE_PER_KRONA, max(2, decimaler))}\u00a0kr"


def _rest(ore: Fraction, modell: Modell, namnare: int) -> str:
    """Return a remainder in öre, or in kr when the unit is krona, with the same decimals as the quota."""
    enhet = "öre" if modell.enhet == "ore" else "kr"
    return f"{avkortat(ore / modell.enhet_ore, max(2, len(str(namnare))))}\u00a0{enhet}"


def avkortat(varde: Fraction, decimaler: int) -> str:
    """Return *varde* ≥ 0 cut off after *decimaler* (≥ 2) decimals, with "…" where digits are left out."""
    skala = 10**decimaler
    siffror, rest = divmod(varde.numerator * skala, varde.denominator)
    brak = f"{siffror % skala:0{decimaler}d}"
    if not rest:
        brak = brak[:2] + brak[2:].rstrip("0")
    return f"{visa_heltal(siffror // skala)},{brak}{'…' if rest else ''}"
