"""What made a year's split, in words: the ratio, or each model in steps with the rows it splits and its decisions.

Pure functions without Django, for everything that shows a split. Amounts are öre.
"""

from dataclasses import dataclass, replace

from budget.belopp import HART_MELLANSLAG, visa_kr
from budget.fordelning import Fordelning, upprakning
from budget.harledning import Steg, harledning
from budget.modelltext import modelltext
from budget.radfordelning import Modelldel, Radfordelning
from budget.stegfordelning import STANDARDKOD
from budget.stegharledning import harled
from budget.stegutfall import radfordelning


@dataclass(frozen=True, slots=True)
class Modellord:
    """One model of a year: its name, its sentence, the rows it splits, and the decisions that moved them to it.

    `standard`: it takes the rows that nothing else is decided for. `egen`: one of the plan's models, not the ratio.
    """

    namn: str
    text: str
    rader: tuple[str, ...]
    beslut: tuple[str, ...]
    total: int
    standard: bool
    egen: bool

    @property
    def i_text(self) -> str:
        """The name within a sentence: one that somebody has given stands in quotes."""
        return f"”{self.namn}”" if self.egen else self.namn

    @property
    def galler(self) -> str:
        """`Mina planer, 500 000,00 kr, enligt SGD 2024-03-01 § 4`."""
        vad = "allt som inget annat är beslutat för" if self.standard else upprakning(self.rader)
        enligt = f", enligt {upprakning(self.beslut)}" if self.beslut else ""
        return f"{vad}, {visa_kr(self.total)}{HART_MELLANSLAG}kr{enligt}"


def modellorden(fordelning: Fordelning) -> tuple[Modellord, ...]:
    """The models of a year, the plan's own first; none for a split by the ratio alone."""
    i_steg = radfordelning(fordelning)
    return tuple(_modellord(del_, i_steg) for del_ in i_steg.delar) if i_steg else ()


def _modellord(del_: Modelldel, ars: Radfordelning) -> Modellord:
    modell = del_.fordelning.modell
    beslut = [modell.beslut] if modell.beslut else []
    beslut += [ett.beslut for ett in del_.alla_undantag if ett.beslut]
    return Modellord(
        namn=modell.namn,
        text=modelltext(modell, ars.ars.underlag.parter),
        rader=tuple(rad.namn for rad in del_.rader),
        beslut=tuple(dict.fromkeys(map(str, beslut))),
        total=del_.fordelning.total,
        standard=modell.kod == ars.ars.standard.kod,
        egen=modell.kod != STANDARDKOD,
    )


def modellen(fordelning: Fordelning) -> str:
    """What made the split, in one text: `1:1 mellan regionen och kommunerna, avrundat till 1 öre`, or the models'."""
    return " ".join(modelltexterna(fordelning))


def modelltexterna(fordelning: Fordelning) -> list[str]:
    """The same, a text for each model."""
    orden = modellorden(fordelning)
    if not orden:
        modell = fordelning.modell
        enhet = "öre" if modell.enhet == "ore" else "krona"
        forhallande = f"{modell.andel_region}:{modell.andel_grupp}"
        return [f"{forhallande} mellan regionen och kommunerna, avrundat till 1{HART_MELLANSLAG}{enhet}"]
    if len(orden) == 1:
        return [orden[0].text]
    return [f"{_borjan(ett.i_text)} ({ett.galler}): {ett.text}" for ett in orden]


def _borjan(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def i_korthet(fordelning: Fordelning) -> str:
    """The same without the sentences where there are several: `”Delvis lika” (…) och ”Bara användarna” (…)`."""
    orden = modellorden(fordelning)
    return upprakning(f"{ett.i_text} ({ett.galler})" for ett in orden) if len(orden) > 1 else modellen(fordelning)


def grunden(fordelning: Fordelning) -> str:
    """What the ratio rests on; "" where there is none, or a model of the plan's stands in its place."""
    orden = modellorden(fordelning)
    utan_forhallande = orden and orden[0].standard and orden[0].egen
    return "" if utan_forhallande else fordelning.modell.hanvisning


def harledningen(fordelning: Fordelning, kod: str) -> tuple[Steg, ...]:
    """How one party's share came about, step by step; model by model where there are several, and then their sum."""
    i_steg = radfordelning(fordelning)
    if i_steg is None:
        return harledning(fordelning, kod)
    if len(i_steg.delar) == 1:
        return harled(i_steg.delar[0].fordelning, kod)
    steg = [
        replace(ett, modell=del_.fordelning.modell.namn)
        for del_ in i_steg.delar
        for ett in harled(del_.fordelning, kod)
    ]
    andelar = [del_.fordelning.rad(kod).andel for del_ in i_steg.delar]
    uttryck = visa_kr(andelar[0]) + "".join(f" {'+' if en >= 0 else '−'} {visa_kr(abs(en))}" for en in andelar[1:])
    namn = fordelning.andel(kod).namn
    summa = Steg(f"Hela andelen för {namn}", uttryck, f"{visa_kr(sum(andelar))}{HART_MELLANSLAG}kr")
    return (*steg, summa)
