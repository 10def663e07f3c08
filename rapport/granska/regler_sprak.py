"""Rules on words: names spelled in several ways, abbreviations turned round, placeholders, decomposed letters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Final

from rapport.granska.fynd import Fynd, Underlag, regel
from rapport.granska.texter import Textstalle, kort, runt
from rapport.plandokument import Plandokument

MINSTA_ORD: Final = 10  # letters; shorter words have too many neighbours (planering, placering)
LANGT_ORD: Final = 12  # from here two letters may differ
MINSTA_I_NAMN: Final = 6  # beside the name's other words, which tell what was meant
_PARENTES: Final = re.compile(r"\s*\([^)]*\)\s*$")
_FORKORTNING: Final = re.compile(r"(?<![\wÅÄÖåäö])[A-ZÅÄÖ]{3,6}(?![\wÅÄÖåäö])")
_UTSKRIVEN: Final = re.compile(r"\(([A-ZÅÄÖ]{3,6})\)|^([A-ZÅÄÖ]{3,6}) [–-] ")
_PLATSHALLARE: Final = re.compile(
    r"skriv(?:\s+in)?\s+(?:(?:din|er)\s+)?(?:text(?:en)?\s+)?här|fyll\s+i\s+här|klistra\s+in\s+här"
    r"|klicka\s+(?:eller\s+tryck\s+)?här\s+för\s+att\s+ange|text\s+kommer\b|lorem\s+ipsum|\bnamn\s+namnsson"
    r"|\bexempeltext\b|\bplatshållare\b|\?\?\?|_{4,}"
    r"|\[\s*(?:…|\.\.\.|text|namn|belopp|datum|fyll i|beskriv|ange|infoga|skriv|lägg till)[^\]]*\]"
    r"|\båååå\b|(?-i:\bTODO\b|\bTBD\b|\bFIXME\b|\bN\.\s?N\.)|(?<![\w/.-])x{2,}(?![\w/-])|\b20xx\b",
    re.IGNORECASE,
)
# All that a paragraph, a goal or an activity says.
_BARA_PLATSHALLARE: Final = re.compile(
    r"(?:(?:att\s+)?komplettera[sd]?(?:\s+senare)?|(?:text(?:en)?\s+)?saknas|kommer\s+senare|återkommer"
    r"|(?:ange|beskriv|lägg\s+till)\s+\w+(?:\s+\w+)?|\?+|…|\.{2,}|[-–_]+)[\s.:…]*",
    re.IGNORECASE,
)


@regel("Namn som skrivs på flera sätt", misstag=4)
def namn_pa_flera_satt(u: Underlag) -> Iterator[Fynd]:
    """Ett områdes namn skrivs med andra stora bokstäver, eller ett ord i det är felstavat."""
    namn = _omradesnamn(u.dokument)
    namndelar = _namndelar(namn)
    monster = [(ett, re.compile(rf"\b{_mellanrum(ett)}\b", re.IGNORECASE)) for ett in namn if " " in ett]
    ratt = {en.casefold(): (en, ett) for ett in namn for en in re.findall(r"[^\W\d_]+", ett) if len(en) >= MINSTA_ORD}
    felstavat: dict[str, tuple[str, str] | None] = {}

    @cache
    def vanligast(skrivet: str, ska: str) -> bool:
        """Whether the running texts mostly have it so, and not as the area is called."""
        block = [ett for stalle in u.texter if stalle.slag != "namn" for ett in stalle.block]
        return sum(ett.count(skrivet) for ett in block) > max(1, sum(ett.count(ska) for ett in block))

    for stalle in u.texter:
        ensamma = tuple(_felstavade(stalle, ratt, felstavat))
        for skrivet, ska in (*_versaler(stalle, monster), *ensamma, *_felstavade_namn(stalle, namndelar, ensamma)):
            if " ".join(skrivet.split()) != ska:
                fraga = " Texterna skriver oftast som här. Är det namnet som är fel?" if vanligast(skrivet, ska) else ""
                yield Fynd(
                    stalle.plats,
                    _utdrag(stalle, skrivet),
                    f"Här står ”{skrivet}”. Området heter ”{ska}”.{fraga}",
                    underlag=f"{skrivet}\x1f{ska}",
                )


def _omradesnamn(dokument: Plandokument) -> list[str]:
    """The areas' names without a closing abbreviation in parentheses, in NFC."""
    alla = (*dokument.omraden, *dokument.bevakade, *dokument.lamnade)
    return list(dict.fromkeys(unicodedata.normalize("NFC", _PARENTES.sub("", en.namn)) for en in alla))


def _mellanrum(namn: str) -> str:
    return r"\s+".join(re.escape(ett) for ett in namn.split())


def _versaler(stalle: Textstalle, monster: list[tuple[str, re.Pattern[str]]]) -> Iterator[tuple[str, str]]:
    """(as it stands, as it should be): written as a name, but with other capitals after the first word."""
    for namn, ett in monster:
        sedda = set()
        for traff in (traff for block in stalle.block for traff in ett.finditer(unicodedata.normalize("NFC", block))):
            skrivet, ska = traff[0].split(), namn.split()
            # A name that is also an ordinary phrase may stand in lower case; all in capitals is a matter of look.
            if skrivet[0] == ska[0] and skrivet != ska and traff[0] not in sedda:
                sedda.add(traff[0])
                yield traff[0], namn


def _felstavade(
    stalle: Textstalle, ratt: dict[str, tuple[str, str]], kanda: dict[str, tuple[str, str] | None]
) -> Iterator[tuple[str, str]]:
    """(the word as it stands, the area's name): a long word one or two letters from a word of a name."""
    for ordet in dict.fromkeys(stalle.ord):
        vikt = ordet.casefold()
        if len(vikt) < MINSTA_ORD - 1 or vikt in ratt:
            continue
        if vikt not in kanda:
            kanda[vikt] = next((par for mall, par in ratt.items() if ar_felstavning(vikt, mall)), None)
        funnet = kanda[vikt]
        if funnet is not None:
            yield ordet, funnet[1]


type _Namndel = tuple[str, tuple[str, ...], int]  # a name of several words, its words, and the number of one of them


def _namndelar(namn: list[str]) -> dict[str, list[_Namndel]]:
    """The names of several words by each of their words."""
    funna: dict[str, list[_Namndel]] = {}
    for ett in namn:
        delar = tuple(ett.casefold().split())
        for nr, ordet in enumerate(delar if len(delar) > 1 else ()):
            funna.setdefault(ordet, []).append((ett, delar, nr))
    return funna


def _felstavade_namn(
    stalle: Textstalle, namndelar: dict[str, list[_Namndel]], ensamma: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, str]]:
    """(as it stands, the area's name): a name of several words with a slip of the pen in one, also in a short one."""
    orden = [ett.casefold() for ett in stalle.ord]
    for plats, ordet in enumerate(orden):
        for namn, delar, nr in namndelar.get(ordet, ()):
            borjan = plats - nr
            har = orden[borjan : borjan + len(delar)] if borjan >= 0 else []
            skiljer = [(a, b) for a, b in zip(har, delar, strict=False) if a != b]
            hel = len(har) == len(delar) and len(skiljer) == 1 and len(skiljer[0][1]) >= MINSTA_I_NAMN
            if hel and ar_felstavning(*skiljer[0]):
                skrivet = " ".join(stalle.ord[borjan : borjan + len(delar)])
                if not any(ett in skrivet for ett, _ in ensamma):
                    yield skrivet, namn


def ar_felstavning(ordet: str, mall: str) -> bool:
    """Whether a word is a slip of the pen for `mall`: begins alike, differs inside, and not in its ending only."""
    tillatet = 2 if len(mall) >= LANGT_ORD else 1
    if ordet[0] != mall[0] or abs(len(ordet) - len(mall)) > tillatet:
        return False
    lika = next((nr for nr, (a, b) in enumerate(zip(ordet, mall, strict=False)) if a != b), min(len(ordet), len(mall)))
    if lika >= len(mall) - 3:  # an inflection: hjälpmedel, hjälpmedlen
        return False
    return _avstand(ordet, mall, tillatet) <= tillatet


def _avstand(a: str, b: str, tak: int) -> int:
    """Letters to add, remove or change to get from one word to the other; above `tak`, any number above it."""
    fore = list(range(len(b) + 1))
    for nr, ett in enumerate(a, 1):
        nu = [nr]
        for plats, annat in enumerate(b, 1):
            nu.append(min(fore[plats] + 1, nu[-1] + 1, fore[plats - 1] + (ett != annat)))
        if min(nu) > tak:
            return tak + 1
        fore = nu
    return fore[-1]


@regel("Omkastad förkortning", misstag=4)
def omkastad_forkortning(u: Underlag) -> Iterator[Fynd]:
    """En förkortning har samma bokstäver som en som förklaras eller är vanligare, i annan ordning (SGD, SDG)."""
    antal: Counter[str] = Counter()
    forklarade: set[str] = set()
    per_stalle: list[tuple[Textstalle, list[str]]] = []
    for stalle in u.texter:
        funna = [ett for block in stalle.block for ett in _FORKORTNING.findall(block)]
        antal.update(funna)
        forklarade.update(a or b for block in stalle.block for a, b in _UTSKRIVEN.findall(block))
        per_stalle.append((stalle, funna))
    varianter: dict[str, list[str]] = {}
    for ett in antal:
        varianter.setdefault("".join(sorted(ett)), []).append(ett)
    for stalle, funna in per_stalle:
        for ett in dict.fromkeys(funna):
            ska = _menad(ett, varianter["".join(sorted(ett))], antal, forklarade)
            if ska:
                forklaring = f"Här står ”{ett}”. I resten av planen står det ”{ska}”."
                yield Fynd(stalle.plats, _utdrag(stalle, ett), forklaring)


def _menad(ett: str, varianter: list[str], antal: Counter[str], forklarade: set[str]) -> str:
    """The abbreviation that was meant, or nothing where `ett` is one of its own, as ISP beside SIP."""
    if ett in forklarade:
        return ""
    lika = [en for en in varianter if en != ett and en[0] == ett[0] and _grannar_har_bytt_plats(en, ett)]
    battre = [en for en in lika if en in forklarade or antal[en] >= 3 * antal[ett]]
    return max(battre, key=lambda en: antal[en], default="")


def _grannar_har_bytt_plats(ena: str, andra: str) -> bool:
    """Whether two words with the same letters differ in two neighbours only."""
    skiljer = [nr for nr, (a, b) in enumerate(zip(ena, andra, strict=True)) if a != b]
    return len(skiljer) == 2 and skiljer[1] - skiljer[0] == 1


@regel("Platshållare kvar", misstag=13)
def platshallare(u: Underlag) -> Iterator[Fynd]:
    """En text som skulle bytas ut står kvar: ”Skriv här”, TODO, xx."""
    for stalle in u.texter:
        for block in stalle.block:
            funna = {traff[0]: None for traff in _PLATSHALLARE.finditer(block)}
            if not funna and stalle.slag != "rad" and _BARA_PLATSHALLARE.fullmatch(block):
                funna = {block: None}
            for traff in funna:
                yield Fynd(stalle.plats, runt(block, traff), f"”{traff}” ser ut att vara kvar från ett utkast.")


@regel("Tecken i delar", misstag=12)
def tecken_i_delar(u: Underlag) -> Iterator[Fynd]:
    """Ett ord är skrivet med lösa prickar eller ringar, O och ¨ i stället för Ö, så att sökningen inte hittar det."""
    for stalle in u.texter:
        if stalle.ratext.isascii() or unicodedata.is_normalized("NFC", stalle.ratext):
            continue
        for block in stalle.block:
            for ordet in dict.fromkeys(block.split()):
                helt = unicodedata.normalize("NFC", ordet)
                if helt != ordet:
                    tal = [en for en in unicodedata.normalize("NFD", ordet) if unicodedata.combining(en)]
                    lost = ", ".join(sorted({f"U+{ord(en):04X}" for en in tal}))
                    forklaring = (
                        f"Ordet är skrivet med lösa tecken ({lost}). Det ser rätt ut, men sökning hittar det inte."
                        f" Skriv om ordet: {helt.strip('.,:;()')}."
                    )
                    yield Fynd(stalle.plats, ordet.strip(".,:;()"), forklaring)


def _utdrag(stalle: Textstalle, ordet: str) -> str:
    """The sentence that a word stands in."""
    normala = [unicodedata.normalize("NFC", block) for block in stalle.block]
    return runt(next((block for block in normala if ordet in block), ordet), ordet) if normala else kort(ordet)
