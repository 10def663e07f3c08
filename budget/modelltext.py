"""One Swedish sentence that describes a cost model, for a politician who is to decide on it.

Pure functions without Django. The sentence is made from the model and from nothing else; it is one sentence however
much has been decided, so that it can stand in a decision.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from budget.belopp import visa_hela_kr, visa_heltal
from budget.fordelning import upprakning
from budget.stegmodell import (
    Betalare,
    Deltagare,
    Giltighet,
    Golv,
    Grupp,
    Led,
    Nyckel,
    Period,
    Stegmodell,
    Tak,
    Vikt,
    Villkor,
    aldersord,
)

_MANADER = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip


def modelltext(modell: Stegmodell, parter: Iterable[Deltagare] = ()) -> str:
    """Return the sentence. Parties are named as in *parter*; one that is not there by its code.

    A decided deviation is in it, but not its reason or reference.
    """
    namn = {part.kod: part.namn for part in parter}
    satser = [f"Kostnaden {_fordelning_mellan(modell)}"]
    satser += [sats for grupp in modell.grupper if grupp.andel and (sats := _inom(grupp, modell, namn))]
    satser += _villkor(modell, namn)
    if modell.enhet == "krona":
        satser.append("varje belopp avrundas till hela kronor, och de ören som blir över bär regionen")
    else:
        satser.append("varje belopp avrundas till hela ören")
    return "; ".join(satser) + "."


# ----------------------------------------------------------------------
# Between the groups


def _fordelning_mellan(modell: Stegmodell) -> str:
    betalar = [grupp for grupp in modell.grupper if grupp.andel]
    namn = [grupp.namn for grupp in betalar]
    if len(betalar) == 1:
        return f"bärs helt av {namn[0]}"
    if len({Fraction(grupp.andel) for grupp in betalar}) == 1:
        return f"delas lika mellan {upprakning(namn)}"
    summa = sum((Fraction(grupp.andel) for grupp in betalar), Fraction(0))
    delar = [(grupp.namn, Fraction(grupp.andel) / summa) for grupp in betalar]
    forsta, *andra = (
        f"{namn} {'bär ' if not plats else ''}{del_ord(del_)}" for plats, (namn, del_) in enumerate(delar)
    )
    return f"delas så att {upprakning((forsta, *andra))}"


def del_ord(del_: Vikt) -> str:
    """A part of a whole in words: ``hälften``, ``30 %``, ``12,5 %``, ``2/3``."""
    brak = Fraction(del_)
    if brak == Fraction(1, 2):
        return "hälften"
    tusendelar = brak * 1000
    if tusendelar.denominator == 1:
        hela, rest = divmod(int(tusendelar), 10)
        return f"{visa_heltal(hela)}{f',{rest}' if rest else ''}\u00a0%"
    return f"{brak.numerator}/{brak.denominator}"


# ----------------------------------------------------------------------
# Within a group


def _inom(grupp: Grupp, modell: Stegmodell, namn: Mapping[str, str]) -> str:
    """How one group shares its part; nothing for a group that is the region alone."""
    if grupp.typer == ("region",) and not grupp.endast and not grupp.grundbelopp:
        return ""
    ensam = sum(bool(annan.andel) for annan in modell.grupper) == 1
    vad = "beloppet" if ensam else f"{_genitiv(grupp.namn)} del"
    deltar = f" mellan {upprakning(namn.get(kod, kod) for kod in grupp.endast)}" if grupp.endast else ""
    efter = _blandning(grupp.alla_led)
    if not grupp.grundbelopp:
        return f"{vad} fördelas{deltar} {efter}"
    bas = f"{visa_hela_kr(grupp.grundbelopp)}\u00a0kr"
    return f"av {vad} betalar var och en först {bas}, och resten fördelas{deltar} {efter}"


def _genitiv(namn: str) -> str:
    return namn if namn[-1:] in "sxz" else f"{namn}s"


def _blandning(alla_led: tuple[Led, ...]) -> str:
    if len(alla_led) == 1:
        return _efter(alla_led[0].nyckel)
    return upprakning(f"till {del_ord(led.andel)} {_efter(led.nyckel)}" for led in alla_led)


def _efter(nyckel: Nyckel) -> str:
    if nyckel.slag == "lika":
        return "lika"
    if nyckel.slag == "invanare" and nyckel.datum:
        return f"efter antal invånare{aldersord(nyckel.alder)} den {datum_ord(nyckel.datum)}"
    if nyckel.slag == "tabell":
        return f"efter en fast tabell{f' ({nyckel.vad.strip()})' if nyckel.vad.strip() else ''}"
    vad = nyckel.vad.strip() or "inkomst"
    return f"efter {'antal ' if nyckel.slag == 'anvandning' else ''}{vad} {_period_ord(nyckel.period)}"


def datum_ord(dag: date) -> str:
    """A date in running text: ``31 december 2022``."""
    return f"{dag.day} {_MANADER[dag.month - 1]} {dag.year}"


def _period_ord(period: Period | None) -> str:
    if period is None:
        return ""
    text = str(period)
    return text if text.isdigit() else f"från {datum_ord(period.fran)} till {datum_ord(period.till)}"


# ----------------------------------------------------------------------
# What is decided for single parties


def _villkor(modell: Stegmodell, namn: Mapping[str, str]) -> list[str]:
    """One clause for each deviation; parties with the same one share it."""
    lika: dict[tuple[str, str], list[str]] = {}
    for villkor in modell.alla_villkor:
        vilka = lika.setdefault(_runt_namnen(villkor, namn), [])
        vilka.append(namn.get(villkor.kod, villkor.kod))
    return [f"{fore}{upprakning(vilka)} {efter}" for (fore, efter), vilka in lika.items()]


def _runt_namnen(villkor: Villkor, namn: Mapping[str, str]) -> tuple[str, str]:
    """The clause before and after the names: what is paid, how long it is valid, and who carries the difference."""
    nar = _nar(villkor.grund.giltighet)
    if isinstance(villkor, Betalare):
        return "för ", f"betalar {namn.get(villkor.betalas_av, villkor.betalas_av)}{nar}"
    barare = "de övriga i gruppen" if villkor.bars_av == "gruppen" else "regionen"
    if isinstance(villkor, Golv):
        return "", f"betalar minst {visa_hela_kr(villkor.belopp)}\u00a0kr{nar}, till förmån för {barare}"
    if isinstance(villkor, Tak):
        return "", f"betalar högst {visa_hela_kr(villkor.belopp)}\u00a0kr{nar}, och {barare} bär resten"
    vad = f"{del_ord(villkor.faktor)} av sin del" if villkor.faktor else "inget"
    if villkor.faktor > 1:
        return "", f"betalar {vad}{nar}, till förmån för {barare}"
    return "", f"betalar {vad}{nar}, och {barare} bär skillnaden"


def _nar(giltighet: Giltighet) -> str:
    fran = f" från och med {datum_ord(giltighet.fran)}" if giltighet.fran else ""
    till = f" till och med {datum_ord(giltighet.till)}" if giltighet.till else ""
    return fran + till
