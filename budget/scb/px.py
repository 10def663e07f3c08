"""PC-Axis files (.px): `KEYWORD("variable")="value","value";` and last DATA= with the figures.

https://www.scb.se/en/services/statistical-programs-for-px-files/px-file-format/ Keywords in another language than the
file's own (`VALUES[en]("region")`) are left out.
"""

import re

from budget.filfel import Filfel
from budget.scb.kub import Kub, Variabel, som_rutnat, sortera, valj_referenstid
from budget.scb.rutnat import Cell, Rutnat
from budget.scb.textfil import avkoda

TRASIG = "PC-Axis-filen (.px) är avklippt eller skadad{vad}. Hämta den på nytt från SCB, eller hämta Excel eller CSV."
_NYCKEL = re.compile(r'\s*(?P<ord>[A-Za-z0-9-]+)(?P<sprak>\[[^\]"]*\])?(?:\((?P<om>(?:"[^"]*"|[^")])*)\))?\s*=\s*')
_BIT = re.compile(r'"(?P<text>[^"]*)"|(?P<tecken>[,;])|(?P<annat>[^",;\s]+)|\s+')
_STRANG = re.compile(r'"([^"]*)"')
_TAL = re.compile(r'"([^"]*)"|([^\s",;]+)')

type Nyckel = tuple[str, str]


def las_px(innehall: bytes) -> Rutnat:
    """The file's table as a grid. Raises Filfel."""
    text, kodning = avkoda(innehall)
    varden, tal = _dela_upp(text)

    def ett(nyckel: str, om: str = "") -> str:
        return (varden.get((nyckel, om)) or [""])[0]

    innehallsvariabel = ett("CONTVARIABLE")
    namn = [*varden.get(("STUB", ""), []), *varden.get(("HEADING", ""), [])]
    variabler = tuple(_variabel(en, varden, innehallsvariabel) for en in namn)
    kub = Kub(
        variabler=variabler,
        tal=tal,
        titel=ett("TITLE") or ett("DESCRIPTION"),
        talnamn=ett("CONTENTS"),
        matris=ett("MATRIX"),
        referenstid=valj_referenstid({om: ett("REFPERIOD", om) for ord_, om in varden if ord_ == "REFPERIOD"}),
    )
    return som_rutnat(kub, "px", kodning)


def _dela_upp(text: str) -> tuple[dict[Nyckel, list[str]], list[Cell]]:
    """The keywords with their values, and the figures. Raises Filfel where the file does not hold together."""
    varden: dict[Nyckel, list[str]] = {}
    plats = 0
    while traff := _NYCKEL.match(text, plats):
        ord_ = traff["ord"].upper()
        if ord_ == "DATA":
            return varden, _las_tal(text[traff.end() :])
        lista, plats = _las_varden(text, traff.end())
        if not traff["sprak"]:
            om = ",".join(_STRANG.findall(traff["om"] or ""))
            if (ord_, om) in varden and ord_ in ("STUB", "HEADING", "VALUES", "CODES"):
                raise Filfel(TRASIG.format(vad=f" ({ord_} finns två gånger)"))
            varden[ord_, om] = lista
    raise Filfel(TRASIG.format(vad=""))


def _las_varden(text: str, plats: int) -> tuple[list[str], int]:
    """The values of one keyword, and where the next one begins. Strings side by side are one, broken over lines."""
    lista: list[list[str]] = []
    fortsatter = False
    while traff := _BIT.match(text, plats):
        plats = traff.end()
        if traff["tecken"] == ";":
            return ["".join(bitar) for bitar in lista], plats
        if traff["tecken"]:
            fortsatter = False
        elif traff["text"] is not None and fortsatter:
            lista[-1].append(traff["text"])
        elif traff["text"] is not None or traff["annat"]:
            lista.append([traff["text"] or traff["annat"] or ""])
            fortsatter = traff["text"] is not None
    raise Filfel(TRASIG.format(vad=" (ett citattecken eller semikolon saknas)"))


def _las_tal(text: str) -> list[Cell]:
    """The figures, which end with a semicolon: a file that was cut off has none."""
    text = text.rstrip()
    if not text.endswith(";"):
        raise Filfel(TRASIG.format(vad=" (den slutar mitt i tabellen)"))
    if re.match(r'\s*"[^"]*",', text):
        raise Filfel("PC-Axis-filen har bara en del av tabellens rader (KEYS). Hämta tabellen som Excel eller CSV.")
    return [traff[1] or traff[2] for traff in _TAL.finditer(text[:-1])]


def _variabel(namn: str, varden: dict[Nyckel, list[str]], innehallsvariabel: str) -> Variabel:
    texter = varden.get(("VALUES", namn), [])
    koder = varden.get(("CODES", namn), [""] * len(texter))
    if len(koder) != len(texter):
        raise Filfel(TRASIG.format(vad=f" ({namn[:40]} har {len(texter)} värden men {len(koder)} koder)"))
    kod = (varden.get(("VARIABLECODE", namn)) or [""])[0]
    sort = "innehall" if namn == innehallsvariabel else sortera(namn, kod)
    if sort == "annan" and ("TIMEVAL", namn) in varden:
        sort = "tid"
    return Variabel(namn, tuple(zip(koder, texter, strict=True)), sort)
