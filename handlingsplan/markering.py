"""Rich text as a light markup that a person can read and write in a spreadsheet, and back. See docs/excel.md.

    paragraphs parted by an empty line      a line break within one is a line break
    ### heading, #### smaller heading       * point, 1. numbered point, two spaces further in for each level
    **bold**, __italic__, [text](address)   a backslash before a sign takes its meaning away

What the markup has no words for travels as HTML after `html:`, so that nothing is ever lost on the way out and back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any, Final

from lxml import html as lxml_html

RA: Final = "html:"
HOGST_TECKEN: Final = 32_000  # a cell holds 32 767
_PUNKT: Final = re.compile(r"(?P<tecken>[*•-]|\d{1,3}\.) (?P<text>.*)", re.DOTALL)
_RUBRIK: Final = re.compile(r"(?P<tecken>###|####) (?P<text>.*)", re.DOTALL)
_TOM_RAD: Final = "\\"  # alone on its line: an empty paragraph
_SARSKILDA: Final = re.compile(r"\\|\*\*|__|\[")
_LINJEBORJAN: Final = re.compile(r"(?m)^(?=(?:[*•-]|\d{1,3}\.|#{3,4}) |\s|html:)")
_TOKEN: Final = re.compile(
    r"\\(?P<fri>.)|(?P<skift>\*\*|__)|\[(?P<lank>(?:\\.|[^\]\\])*)\]\((?P<adress>[^()\s]+)\)", re.DOTALL
)
_REL: Final = re.compile(r' rel="[^"]*"(?=[^<>]*>)')
_SKIFT: Final = {"**": "strong", "__": "em"}
_TECKEN: Final = {"strong": "**", "em": "__"}


class Markeringsfel(ValueError):
    """The markup cannot be read. The message is Swedish and says what to do."""


class _SaknarOrd(Exception):
    """The markup has no words for this."""


# --- Out ---------------------------------------------------------------------------------------------------------


def till_markering(rik: str) -> str:
    """Stored rich text as markup. `fran_markering` gives the same rich text back, but for a link's `rel`."""
    if not rik:
        return ""
    try:
        text = "\n\n".join(_block(lxml_html.fragment_fromstring(rik, create_parent="div")))
        if len(text) <= HOGST_TECKEN and _jamforbar(fran_markering(text)) == _jamforbar(rik):
            return text
    except (_SaknarOrd, Markeringsfel):
        pass  # as HTML then, which loses nothing
    return RA + rik


def _jamforbar(rik: str) -> str:
    """Rich text without what has no meaning: how a hard space is written, and a link's `rel`."""
    return _REL.sub("", rik.replace("\xa0", "&nbsp;"))


def _block(rot: Any) -> Iterator[str]:
    if (rot.text or "").strip():
        raise _SaknarOrd
    for en in rot:
        if (en.tail or "").strip():
            raise _SaknarOrd
        yield _ett_block(en)


def _ett_block(en: Any) -> str:
    if en.tag == "p":
        return _linjer(_rad(en)) or _TOM_RAD
    if en.tag in ("h3", "h4"):
        return f"{'#' * int(en.tag[1])} {_rad(en)}"
    if en.tag in ("ul", "ol"):
        return "\n".join(_punkt(rad, "*" if en.tag == "ul" else f"{nr}.") for nr, rad in enumerate(en, 1))
    raise _SaknarOrd


def _punkt(en: Any, tecken: str) -> str:
    """A point: its first paragraph on the sign's line, what follows further in."""
    delar = list(_block(en))
    if en.tag != "li" or not delar or en[0].tag != "p":
        raise _SaknarOrd
    text = delar[0]
    for rad, del_ in zip(en[1:], delar[1:], strict=True):
        text += ("\n" if rad.tag in ("ul", "ol") else "\n\n") + del_
    return f"{tecken} " + text.replace("\n", "\n  ").replace("\n  \n", "\n\n")


def _linjer(text: str) -> str:
    """Lines that would begin something else, with their meaning taken away."""
    return _LINJEBORJAN.sub(r"\\", text)


def _rad(en: Any) -> str:
    """What stands in a paragraph, heading, link or emphasis, as one or several lines."""
    delar = [_fri(en.text)]
    for barn in en:
        if barn.tag == "br":
            delar.append("\n")
        elif barn.tag in _TECKEN:
            delar.append(f"{_TECKEN[barn.tag]}{_rad(barn)}{_TECKEN[barn.tag]}")
        elif barn.tag == "a":
            if "title" in barn.attrib:
                raise _SaknarOrd
            lank = _rad(barn).replace("]", "\\]")
            delar.append(f"[{lank}]({barn.get('href', '')})")
        else:
            raise _SaknarOrd
        delar.append(_fri(barn.tail))
    return "".join(delar)


def _fri(text: str | None) -> str:
    if text and "\n" in text:
        raise _SaknarOrd
    return _SARSKILDA.sub(
        lambda traff: f"\\{traff[0]}" if len(traff[0]) == 1 else f"\\{traff[0][0]}\\{traff[0][1]}", text or ""
    )


# --- Back --------------------------------------------------------------------------------------------------------


def fran_markering(text: str) -> str:
    """Markup as rich text, not yet cleaned (`richtext.rensa`). Raises Markeringsfel."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith(RA):
        return text.removeprefix(RA)
    return _las_block(text.split("\n"), 0)


def _las_block(rader: list[str], niva: int) -> str:
    """Lines of one level as blocks. Points are gathered with what stands further in below them."""
    if niva > 30:
        raise Markeringsfel("Listorna ligger i för många nivåer.")
    ut, nr = [], 0
    while nr < len(rader):
        if not rader[nr].strip():
            nr += 1
        elif traff := _PUNKT.fullmatch(rader[nr]):
            lista, nr = _las_lista(rader, nr, "ol" if traff["tecken"][-1] == "." else "ul", niva)
            ut.append(lista)
        elif traff := _RUBRIK.fullmatch(rader[nr]):
            tagg = f"h{len(traff['tecken'])}"
            ut.append(f"<{tagg}>{_las_rad(traff['text'])}</{tagg}>")
            nr += 1
        else:
            borjan = nr
            while nr < len(rader) and rader[nr].strip() and (nr == borjan or not _borjar(rader[nr])):
                nr += 1
            stycke = "\n".join(rader[borjan:nr])
            ut.append("<p></p>" if stycke == _TOM_RAD else f"<p>{_las_rad(stycke)}</p>")
    return "".join(ut)


def _borjar(rad: str) -> bool:
    return bool(_PUNKT.fullmatch(rad) or _RUBRIK.fullmatch(rad))


def _las_lista(rader: list[str], nr: int, tagg: str, niva: int) -> tuple[str, int]:
    """A list from line `nr`, and the number of the line after it."""
    punkter = []
    while nr < len(rader):
        traff = _PUNKT.fullmatch(rader[nr])
        if traff is None or (traff["tecken"][-1] == ".") != (tagg == "ol"):
            break
        egna, nr = [traff["text"]], nr + 1
        while nr < len(rader) and (rader[nr].startswith("  ") or _fortsatter(rader, nr)):
            egna.append(rader[nr][2:])
            nr += 1
        punkter.append(f"<li>{_las_block(egna, niva + 1) or '<p></p>'}</li>")
    return f"<{tagg}>{''.join(punkter)}</{tagg}>", nr


def _fortsatter(rader: list[str], nr: int) -> bool:
    """An empty line within a point: what comes after it stands further in."""
    if rader[nr].strip():
        return False
    nasta = next((rad for rad in rader[nr:] if rad.strip()), "")
    return nasta.startswith("  ")


def _las_rad(text: str) -> str:
    """Signs within a line as elements. Each that is opened must be closed, in turn."""
    ut: list[str] = []
    oppna: list[str] = []
    har = 0
    for traff in _TOKEN.finditer(text):
        ut.append(_som_html(text[har : traff.start()]))
        har = traff.end()
        if traff["skift"]:
            ut.append(_vand(_SKIFT[traff["skift"]], oppna))
        elif traff["adress"]:
            ut.append(f'<a href="{escape(traff["adress"])}">{_las_rad(traff["lank"])}</a>')
        else:
            ut.append("<br>" if traff["fri"] == "\n" else _som_html(traff["fri"]))
    ut.append(_som_html(text[har:]))
    if oppna:
        tecken = _TECKEN[oppna[-1]]
        fritt = "\\".join(("", *tecken))
        raise Markeringsfel(f"{tecken} börjar men slutar inte i samma stycke. Menar du tecknen, skriv {fritt}.")
    return "".join(ut)


def _vand(tagg: str, oppna: list[str]) -> str:
    if tagg not in oppna:
        oppna.append(tagg)
        return f"<{tagg}>"
    if oppna[-1] != tagg:
        raise Markeringsfel("Fet och kursiv går om lott. Avsluta det som började sist först: **fet __och kursiv__**.")
    oppna.pop()
    return f"</{tagg}>"


def _som_html(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>").replace("\xa0", "&nbsp;")
