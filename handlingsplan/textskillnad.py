"""What differs between two texts, word by word, for a person who must choose between them or look back.

Comparing is difflib's. `lxml.html.diff` was tried: it passes over unchanged stretches of one or two words, and answers
with the later text's markup only, so that the earlier text could not be shown as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any, Final

import lxml.html
import nh3
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.config import allowlist_from_extensions, expand_extensions
from lxml import etree

from handlingsplan.richtext import MAX_TECKEN, TILLAGG, rensa

# Sentences are compared first, and where they differ their words. More than this many of either between two places
# that are alike are marked as changed altogether, since the time grows with the square.
MAX_I_RAD: Final = 1_500
# Longer than any text can be saved: not compared at all.
MAX_JAMFORT: Final = 2 * MAX_TECKEN

_RIK: Final = re.compile(r"\s*<(?:p|ul|ol|h[1-6])[ >]")
# An amount with hard spaces between its groups is one word: 50 000 that becomes 150 000 is another amount.
_ORD: Final = re.compile(r"(?:\S*\d[\u00a0\u202f](?=\d{3}(?!\d)))*\S+")
_MENING_SLUT: Final = re.compile(r"[.!?:;]\W*$")
_BLOCK: Final = frozenset({"div", "p", "ul", "ol", "li", "h3", "h4", "br"})
# The address of a link is compared as a word of its own, between two characters that no text has.
_FRAN, _TILL = "\ue000", "\ue001"
_LANKORD: Final = re.compile(f"{_FRAN}([^{_TILL}]*){_TILL}")
_OTILLATET: Final = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff{_FRAN}{_TILL}]")
_UTTALAT: Final = {"ins": "tillagt", "del": "borttaget"}

type Steg = tuple[str, int, int, int, int]  # as SequenceMatcher.get_opcodes


@dataclass(frozen=True, slots=True)
class Skillnad:
    """Two texts compared: each with its own marks, and both in one. Safe markup of our own few elements.

    `fore` has what is gone in <del>, `efter` what is new in <ins>, `ihop` the later text with both. Each mark says its
    word to a screen reader. Where `har_marken` is false although the texts differ, only their formatting does.
    """

    fore: SafeString
    efter: SafeString
    ihop: SafeString

    @property
    def har_marken(self) -> bool:
        return "<ins>" in self.ihop or "<del>" in self.ihop


def skillnad(fore: str, efter: str, *, rik: bool | None = None) -> Skillnad:
    """Compare two texts by their words. `rik` says whether they are markup; None lets each text's beginning tell.

    Plain text comes out as text with <br>, rich text as blocks with headings as paragraphs: put either in an element
    that may hold blocks.
    """
    gammal, ny = _las(fore, rik), _las(efter, rik)
    steg = _jamfor(gammal.ord, ny.ord)
    borta = {nr for vad, fran, till, _, _ in steg if vad != "equal" for nr in range(fran, till)}
    nya = {nr for vad, _, _, fran, till in steg if vad != "equal" for nr in range(fran, till)}
    fore_html = _skriv(gammal, "del", borta)
    if not gammal.ord or not ny.ord:
        efter_html = _skriv(ny, "ins", nya)
        return Skillnad(fore_html, efter_html, efter_html if ny.ord else fore_html)
    ihop = _skriv(ny.kopia(), "ins", nya, _insatt(steg, gammal.ord, ny.ord))
    return Skillnad(fore_html, _skriv(ny, "ins", nya), ihop)


# --- Reading ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Ord:
    """A word: its line, whether a space comes before it, and the stretches of text that its pieces lie in."""

    text: str
    rad: int
    luft: bool
    noder: list[int]


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as a tree in a <div>, and its words in order."""

    rot: Any
    ord: tuple[_Ord, ...]

    def kopia(self) -> _Text:
        return _Text(deepcopy(self.rot), self.ord)


def _las(text: str, rik: bool | None) -> _Text:
    text = _OTILLATET.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    html = _som_html(text, bool(_RIK.match(text)) if rik is None else rik)
    rot = lxml.html.fragment_fromstring(html, create_parent="div")
    for lank in rot.iter("a"):
        adress = "%20".join(lank.get("href", "").split())
        if adress:
            sist = lank[-1] if len(lank) else lank
            falt = "tail" if len(lank) else "text"
            setattr(sist, falt, f"{getattr(sist, falt) or ''} {_FRAN}{adress}{_TILL}")
    return _Text(rot, tuple(_alla_ord(rot)))


def _som_html(text: str, rik: bool) -> str:
    if rik:
        try:
            return rensa(text)
        except ValidationError:  # too large or too deep: shown as plain text rather than not at all
            pass
    return escape(text).replace("\n", "<br>")


def _alla_ord(rot: Any) -> list[_Ord]:
    """The words of a tree. One that is emphasised in part is still one word: its pieces lie in several stretches."""
    funna: list[_Ord] = []
    luft = True
    for nod, (element, falt, rad) in enumerate(_stycken(rot)):
        innehall, slut = getattr(element, falt) or "", 0
        for traff in _ORD.finditer(innehall):
            luft = luft or traff.start() > slut
            if luft or funna[-1].rad != rad:
                funna.append(_Ord(traff[0], rad, luft, [nod]))
            else:
                funna[-1].text += traff[0]
                funna[-1].noder.append(nod)
            slut, luft = traff.end(), False
        luft = luft or slut < len(innehall)
    return funna


def _stycken(rot: Any) -> Iterator[tuple[Any, str, int]]:
    """Every stretch of text in order: an element, its `text` or its `tail`, and the number of the line."""
    rad = 0
    for handelse, element in etree.iterwalk(rot, events=("start", "end")):
        rad += element.tag in _BLOCK
        if handelse == "start":
            yield element, "text", rad
        elif element is not rot:
            yield element, "tail", rad


# --- Comparing -------------------------------------------------------------------------------------------------------


def _jamfor(gamla: Sequence[_Ord], nya: Sequence[_Ord]) -> list[Steg]:
    """How to come from the old words to the new ones: by sentences, then by words where sentences differ."""
    helt: list[Steg] = [("replace", 0, len(gamla), 0, len(nya))]
    if sum(len(en.text) for en in (*gamla, *nya)) > MAX_JAMFORT:
        return helt
    fore, efter = _meningar(gamla), _meningar(nya)
    if max(len(fore), len(efter)) > MAX_I_RAD:
        return helt
    steg: list[Steg] = []
    meningar = SequenceMatcher(None, [en[1] for en in fore], [en[1] for en in efter])
    granser = [*(en[0] for en in fore), len(gamla)], [*(en[0] for en in efter), len(nya)]
    for vad, i1, i2, j1, j2 in meningar.get_opcodes():
        fran_i, till_i, fran_j, till_j = granser[0][i1], granser[0][i2], granser[1][j1], granser[1][j2]
        if vad != "replace" or max(till_i - fran_i, till_j - fran_j) > MAX_I_RAD:
            steg.append((vad, fran_i, till_i, fran_j, till_j))
            continue
        orden = SequenceMatcher(None, [en.text for en in gamla[fran_i:till_i]], [en.text for en in nya[fran_j:till_j]])
        steg += [(v, a + fran_i, b + fran_i, c + fran_j, d + fran_j) for v, a, b, c, d in orden.get_opcodes()]
    return _utan_smatt(steg, gamla)


def _meningar(alla: Sequence[_Ord]) -> list[tuple[int, tuple[str, ...]]]:
    """Sentences as the number of their first word and their words. A line's end ends one too."""
    funna, forsta = [], 0
    for nr, en in enumerate(alla):
        sist = nr + 1 == len(alla) or alla[nr + 1].rad != en.rad
        if sist or _MENING_SLUT.search(en.text):
            funna.append((forsta, tuple(ett.text for ett in alla[forsta : nr + 1])))
            forsta = nr + 1
    return funna


def _utan_smatt(steg: list[Steg], gamla: Sequence[_Ord]) -> list[Steg]:
    """Put changes together where all that lies between is a word or two, shorter than what changes around them."""
    kvar: list[Steg] = []
    for nr, ett in enumerate(steg):
        vad, i1, i2, _, _ = ett
        if vad == "equal" and i2 - i1 <= 2 and kvar and nr + 1 < len(steg):
            runt = (kvar[-1], steg[nr + 1])
            kort = sum(len(en.text) for en in gamla[i1:i2])
            if all(s[0] == "replace" and kort <= sum(len(en.text) for en in gamla[s[1] : s[2]]) for s in runt):
                vad = "replace"
        if vad != "equal" and kvar and kvar[-1][0] != "equal":
            fore = kvar.pop()
            kvar.append(("replace", fore[1], i2, fore[3], ett[4]))
        else:
            kvar.append((vad, *ett[1:]))
    return kvar


# --- Writing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Insatt:
    """Words that are gone, put into the later text as lines, before or after one of its words."""

    rader: tuple[str, ...]
    efter: bool
    egen_rad: bool


def _insatt(steg: Sequence[Steg], gamla: Sequence[_Ord], nya: Sequence[_Ord]) -> dict[int, list[_Insatt]]:
    """By the number of a word in the later text, what is gone beside it."""
    funna: dict[int, list[_Insatt]] = {}
    for vad, i1, i2, j1, j2 in steg:
        if vad == "equal" or i1 == i2:
            continue
        bitar: list[str] = [""]
        for nr, en in enumerate(gamla[i1:i2], i1):
            if nr > i1 and en.rad != gamla[nr - 1].rad:
                bitar.append(en.text)
            else:
                bitar[-1] += (" " if en.luft and bitar[-1] else "") + en.text
        borjar = _borjar_rad(gamla, i1) and (j1 == j2 or _borjar_rad(nya, j1))
        if j1 > 0 and not (borjar and j1 < len(nya)):
            hel = _borjar_rad(gamla, i1) and (j1 == len(nya) or j1 < j2)
            plats = j2 - 1 if hel else j1 - 1
            funna.setdefault(plats, []).append(_Insatt(tuple(bitar), efter=True, egen_rad=hel))
        else:
            # A line in the place of a line needs none of its own.
            hel = _borjar_rad(gamla, i2) and (j1 == j2 or len(bitar) > 1 or not _borjar_rad(nya, j2))
            funna.setdefault(j1, []).append(_Insatt(tuple(bitar), efter=False, egen_rad=hel))
    return funna


def _borjar_rad(alla: Sequence[_Ord], nr: int) -> bool:
    return nr in (0, len(alla)) or alla[nr - 1].rad != alla[nr].rad


def _skriv(text: _Text, marke: str, markta: set[int], insatt: dict[int, list[_Insatt]] | None = None) -> SafeString:
    """Safe markup of a text with the words whose numbers are in `markta` marked. Takes the tree apart."""
    per_nod: dict[int, list[int]] = {}
    for nr, en in enumerate(text.ord):
        for nod in en.noder:
            per_nod.setdefault(nod, []).append(nr)
    har: dict[tuple[int, int], list[_Insatt]] = {}  # by stretch and word: before its first piece, after its last
    for nr, nya in (insatt or {}).items():
        for en_insatt in nya:
            har.setdefault((text.ord[nr].noder[-1 if en_insatt.efter else 0], nr), []).append(en_insatt)
    for nod, (element, falt, _) in enumerate(list(_stycken(text.rot))):
        nummer = per_nod.get(nod, ())
        if nummer:
            i_noden = {nr: har.get((nod, nr), []) for nr in nummer}
            _ersatt(element, falt, _bitar(getattr(element, falt), nummer, marke, markta, i_noden))
    for rubrik in list(text.rot.iter("h3", "h4")):
        rubrik.tag = "p"
        fet = etree.Element("strong")
        fet.text, rubrik.text = rubrik.text, None
        fet[:] = list(rubrik)
        rubrik.append(fet)
    return _rena(lxml.html.tostring(text.rot, encoding="unicode").removeprefix("<div>").removesuffix("</div>"))


type _Bit = tuple[str, Sequence[str]]  # the mark, or "" for none, and lines of text


def _bitar(
    innehall: str, nummer: Sequence[int], marke: str, markta: set[int], insatt: Mapping[int, Sequence[_Insatt]]
) -> list[_Bit]:
    """A stretch of text in pieces. The space between two words is in a mark only if both are."""
    bitar: list[_Bit] = []
    slut = 0
    for nr, traff in zip(nummer, _ORD.finditer(innehall), strict=True):
        luft = innehall[slut : traff.start()]
        ordet = "" if traff[0].startswith(_FRAN) and nr not in markta else traff[0]
        luft, slut = luft if ordet else "", traff.end()
        for en in insatt[nr]:
            if not en.efter:
                bitar += [("", [luft]), ("del", en.rader), ("", ["", ""] if en.egen_rad else [" "])]
                luft = ""
        if nr in markta and bitar and bitar[-1][0] == marke:
            bitar[-1] = (marke, [bitar[-1][1][0] + luft + ordet])
        else:
            bitar += [("", [luft]), (marke if nr in markta else "", [ordet])]
        for en in insatt[nr]:
            if en.efter:
                bitar += [("", ["", ""] if en.egen_rad else [" "]), ("del", en.rader)]
    return [*bitar, ("", [innehall[slut:]])]


def _ersatt(element: Any, falt: str, bitar: Sequence[_Bit]) -> None:
    """Put pieces in the place of an element's `text` or `tail`; between the lines of a piece there is a <br>."""
    foralder, plats = (element, 0) if falt == "text" else (element.getparent(), element.getparent().index(element) + 1)
    setattr(element, falt, "")
    for marke, rader in bitar:
        if marke:
            nytt = etree.Element(marke)
            _lagg_rader(nytt, "text", nytt, 0, rader)
            foralder.insert(plats, nytt)
            element, falt, plats = nytt, "tail", plats + 1
        else:
            element, falt, plats = _lagg_rader(element, falt, foralder, plats, rader)


def _lagg_rader(element: Any, falt: str, foralder: Any, plats: int, rader: Sequence[str]) -> tuple[Any, str, int]:
    for nr, rad in enumerate(rader):
        if nr:
            element, falt = etree.Element("br"), "tail"
            foralder.insert(plats, element)
            plats += 1
        setattr(element, falt, (getattr(element, falt) or "") + rad)
    return element, falt, plats


@cache
def _rensare() -> Any:
    tillatet = allowlist_from_extensions(expand_extensions(TILLAGG))
    return nh3.Cleaner(**tillatet | {"tags": {*tillatet["tags"], "ins", "del"}})


def _rena(html: str) -> SafeString:
    """Let only the allowed elements and the marks through, and then say the marks in words."""
    ren: str = _LANKORD.sub(r"(länk: \1)", _rensare().clean(html))
    for marke, ordet in _UTTALAT.items():
        ren = ren.replace(f"<{marke}>", f'<{marke}><span class="dolj">[{ordet}: </span>')
        ren = ren.replace(f"</{marke}>", f'<span class="dolj"> slut]</span></{marke}>')
    return mark_safe(ren)  # noqa: S308 — cleaned above; what is added after that is our own
