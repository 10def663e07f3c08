"""The PDF engine: HTML in, PDF/A-3a and PDF/UA-1 out, in a process of its own.

Started by `rapport.pdf` as `python -m rapport.pdfmotor`. It knows neither Django nor the plan, and it is the only
module that imports WeasyPrint and pikepdf. docs/pdf.md says why it is a process and what bounds it.

One JSON object on stdin: `html`, `css`, `typsnitt` (font file name → path), `tidsgrans` (seconds of CPU),
`minnesgrans` (bytes of address space). The PDF is written to stdout and nothing else is; the log goes to stderr.
Exit codes: 0 done, `SAKNAS` the engine or a native library is not there, `MISSLYCKADES` it could not render.
`--prova` only tries to load the engine.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import tempfile
import unicodedata
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pikepdf import Object, Pdf
    from weasyprint.urls import URLFetcher

SAKNAS: Final = 3
MISSLYCKADES: Final = 4
TYPSNITT: Final = "typsnitt:"
# Relative addresses need something to be relative to; nothing is ever fetched from it.
HART_BINDESTRECK: Final = "\u2011"  # no font has it; Word writes it
BASADRESS: Final = "https://plan.invalid/"

# What PDF/UA-1 asks for beside PDF/A: its part number, and the extension schema that PDF/A demands for it.
_PDFUA: Final = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>'
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    b' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>'
    b'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>'
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    b'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"<pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li>"
    b"</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)
_VAGNRETUR: Final = b"\r"
_KAN_NUMRERAS: Final = ("/Lang", "/MarkInfo", "/ViewerPreferences")  # of the catalogue, which may stand by themselves
# No system font is seen: the same file on every machine, and nothing is embedded but what is handed in.
_FONTCONFIG: Final = (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
    "<fontconfig><cachedir>{}</cachedir></fontconfig>"
)


class MotornSaknas(RuntimeError):
    """WeasyPrint, pikepdf or one of their native libraries cannot be loaded."""


def main(argument: list[str]) -> int:
    """Run one job from stdin, or with `--prova` only load the engine. Returns the exit code."""
    utkanal = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not end up in the file
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        if argument == ["--prova"]:
            _ladda()
            return 0
        uppdrag = json.load(sys.stdin.buffer)
        _ladda()  # before the limits: what is missing shall not be mistaken for what has run out
        begransa(uppdrag["tidsgrans"], uppdrag["minnesgrans"])
        fil = rendera(uppdrag["html"], uppdrag["css"], {namn: Path(s) for namn, s in uppdrag["typsnitt"].items()})
    except MotornSaknas as fel:
        print(fel, file=sys.stderr)
        return SAKNAS
    except Exception as fel:  # noqa: BLE001 — the edge of the process: whatever it was is told to the parent
        print(f"{type(fel).__name__}: {fel}"[:2_000], file=sys.stderr)
        return MISSLYCKADES
    with utkanal:
        utkanal.write(fil)
    return 0


def begransa(tidsgrans: int, minnesgrans: int) -> None:
    """Bound this process to `tidsgrans` seconds of CPU and `minnesgrans` bytes, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is what bounds it there
        print("the operating system has no resource limits", file=sys.stderr)
        return
    # At the soft CPU limit the process is told why it ends; at the hard one, a little later, it is just killed.
    onskade = (
        (resource.RLIMIT_CPU, tidsgrans, tidsgrans + 5),
        (resource.RLIMIT_AS, minnesgrans, minnesgrans),
        (resource.RLIMIT_CORE, 0, 0),
    )
    for slag, mjuk, hard in onskade:
        tak = resource.getrlimit(slag)[1]
        hogst = hard if tak == resource.RLIM_INFINITY else min(hard, tak)
        resource.setrlimit(slag, (min(mjuk, hogst), hogst))


def rendera(html: str, css: str, typsnitt: Mapping[str, Path]) -> bytes:
    """Render HTML to a file that is both PDF/A-3a and PDF/UA-1.

    `css` reaches a font as `url("typsnitt:NAME")`, with NAME a key of `typsnitt`. No other address is fetched.
    Raises MotornSaknas, or whatever the engine raises on what it cannot render.
    """
    weasyprint, pikepdf = _ladda()
    sparr = _sparr(typsnitt)
    fonter = weasyprint.text.fonts.FontConfiguration()
    stil = weasyprint.CSS(string=css, url_fetcher=sparr, base_url=BASADRESS, font_config=fonter)
    kalla = weasyprint.HTML(string=byt_tecken(html, typsnitt.values()), url_fetcher=sparr, base_url=BASADRESS)
    dokument = kalla.render(stylesheets=[stil], font_config=fonter)
    for sida in dokument.pages:
        # What stands in a link is given an annotation of its own too, outside the link's tag, which PDF/UA refuses.
        sida.links[:] = [en for en in sida.links if str(en[3].element_tag).partition(":")[0] == "a"]
    _marka_pdfua(dokument.metadata)
    fil: bytes = dokument.write_pdf(pdf_variant="pdf/a-3a")
    with pikepdf.open(io.BytesIO(fil)) as pdf:
        efterarbeta(pdf)
        return _spara(pdf)


def _ladda() -> tuple[Any, Any]:
    """WeasyPrint and pikepdf, or MotornSaknas. A missing native library shows as an OSError on import."""
    # Read again for each document, so it stays; the parent owns the temporary folder and removes it.
    konfiguration = Path(tempfile.gettempdir()) / "typsnitt.conf"
    konfiguration.write_text(_FONTCONFIG.format(tempfile.gettempdir()), encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = str(konfiguration)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
            import pikepdf
            import weasyprint
            import weasyprint.text.fonts
    except (ImportError, OSError) as fel:
        raise MotornSaknas(f"{type(fel).__name__}: {fel}"[:2_000]) from fel
    return weasyprint, pikepdf


def _sparr(typsnitt: Mapping[str, Path]) -> URLFetcher:
    """A fetcher that serves the named fonts and refuses every other address, whatever its scheme."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Sparr(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            namn = url.removeprefix(TYPSNITT)
            if not url.startswith(TYPSNITT) or namn not in typsnitt:
                raise PermissionError(f"hämtas inte: {url[:200]}")
            return URLFetcherResponse(url, typsnitt[namn].read_bytes(), {"Content-Type": "font/ttf"})

    return Sparr()


# ----------------------------------------------------------------------
# Characters that no embedded font has


def byt_tecken(text: str, typsnitt: Iterable[Path]) -> str:
    """The text in NFC, where a character that no font has is written out as [U+1F600].

    An empty box in a published document says nothing, and PDF/UA and PDF/A both refuse it. Control characters
    go; spaces and invisible characters stay, since the shaper draws nothing for them.
    """
    text = unicodedata.normalize("NFC", text).replace(HART_BINDESTRECK, "-")
    ovanliga = {tecken for tecken in text if ord(tecken) > 0x7E or ord(tecken) < 0x20} - set("\t\n\r")
    if not ovanliga:
        return text
    kanda = _kanda_tecken(typsnitt)
    byten = {}
    for tecken in ovanliga:
        slag = unicodedata.category(tecken)
        if slag == "Cc":
            byten[ord(tecken)] = " "
        elif ord(tecken) not in kanda and slag not in ("Zs", "Zl", "Zp", "Cf") and not _ar_valjare(tecken):
            byten[ord(tecken)] = f"[U+{ord(tecken):04X}]"
            print(f"tecknet U+{ord(tecken):04X} finns inte i typsnitten", file=sys.stderr)
    return text.translate(byten)


def _ar_valjare(tecken: str) -> bool:
    """A variation selector: a mark that asks for another form of the character before it."""
    return "\ufe00" <= tecken <= "\ufe0f"


def _kanda_tecken(typsnitt: Iterable[Path]) -> set[int]:
    from fontTools.ttLib import TTFont

    kanda: set[int] = set()
    for sokvag in typsnitt:
        with TTFont(sokvag, lazy=True) as typ:
            kanda |= set(typ.getBestCmap())
    return kanda


# ----------------------------------------------------------------------
# What WeasyPrint leaves undone


def _marka_pdfua(metadata: Any) -> None:
    """Claim PDF/UA-1 beside PDF/A. The option `xmp_metadata` would put the claim outside the RDF."""
    ursprunglig = metadata.generate_rdf_metadata

    def med_pdfua(*argument: Any) -> bytes:
        rdf: bytes = ursprunglig(*argument)
        return rdf.replace(b"</rdf:RDF>", _PDFUA + b"</rdf:RDF>")

    metadata.generate_rdf_metadata = med_pdfua


def efterarbeta(pdf: Pdf) -> None:
    """Complete the structure tree: list bodies, scope and ID of every TH, headers of every cell.

    The metadata stream is stored unfiltered, as archives want to read it.
    """
    from pikepdf import Array, Dictionary, Name, String

    rot = pdf.Root.StructTreeRoot
    alla = list(_element(rot))
    for element in alla:
        if _slag(element) == "/LI":
            _samla_listkropp(pdf, element)
    tabeller = [element for element in alla if _slag(element) == "/Table"]
    rubriker: list[tuple[bytes, Object]] = []
    for nummer, tabell in enumerate(tabeller):
        delar = {_slag(del_): del_ for del_ in tabell.K}
        if "/TFoot" in delar and "/TBody" not in delar:  # the sums of a table that began on the page before
            delar["/TFoot"].S = Name.TBody
        rubriker += _bind_rubriker(tabell, nummer)
    if rubriker:
        rubriker.sort(key=lambda par: par[0])
        namn = Array()
        for nyckel, element in rubriker:
            namn.append(String(nyckel))
            namn.append(element)
        granser = Array([String(rubriker[0][0]), String(rubriker[-1][0])])
        gren = pdf.make_indirect(Dictionary(Limits=granser, Names=namn))
        rot.IDTree = pdf.make_indirect(Dictionary(Kids=Array([gren])))
    metadata = pdf.make_stream(pdf.Root.Metadata.read_bytes())
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = metadata


def _spara(pdf: Pdf) -> bytes:
    """Write the file so that no stream ends in a carriage return.

    The line feed before `endstream` would then read as one line end with it and the stream as a byte too short,
    which PDF/A refuses. One stream in 256 ends so: it is padded. If a stream of objects that the writer makes itself is
    hit, the objects are shared out anew by giving one more of them a number, and if all that fails the file is written
    without such streams, three times as large.
    """
    from pikepdf import Name, ObjectStreamMode, Stream, StreamDecodeLevel

    for objekt in pdf.objects:
        if isinstance(objekt, Stream) and objekt.read_raw_bytes().endswith(_VAGNRETUR):
            ar_typsnitt = "/Length1" in objekt
            # The last byte is that of a sum of all bytes, so one more changes it; a zero would not.
            data = objekt.read_bytes() + (b"\1" if ar_typsnitt else b"\n")
            komprimerad = zlib.compress(data, 9)
            objekt.write(komprimerad, filter=Name.FlateDecode)
            if ar_typsnitt:
                objekt.Length1 = len(data)
    fil = b""
    generera, utan = ObjectStreamMode.generate, ObjectStreamMode.disable
    for lage, nyckel in ((generera, ""), *((generera, en) for en in _KAN_NUMRERAS), (utan, "")):
        if nyckel in pdf.Root:
            pdf.Root[nyckel] = pdf.make_indirect(pdf.Root[nyckel])
        ut = io.BytesIO()
        pdf.save(ut, object_stream_mode=lage, stream_decode_level=StreamDecodeLevel.none, deterministic_id=True)
        fil = ut.getvalue()
        if b"\r\nendstream" not in fil:
            break
    return fil


def _element(rot: Object) -> Iterator[Object]:
    """All structure elements below `rot`, in reading order, without recursion."""
    from pikepdf import Array, Dictionary

    kvar = [rot]
    while kvar:
        barn = kvar.pop().get("/K")
        lista = list(barn) if isinstance(barn, Array) else [barn]
        element = [ett for ett in lista if isinstance(ett, Dictionary) and "/S" in ett]
        yield from element
        kvar += element


def _slag(element: Object) -> str:
    """The kind of a structure element: ``/TH``."""
    return str(element.get("/S", ""))


def _samla_listkropp(pdf: Pdf, punkt: Object) -> None:
    """Put everything but the label of a list item into one LBody; WeasyPrint leaves paragraphs beside it."""
    from pikepdf import Array, Dictionary, Name

    barn = punkt.get("/K", Array())
    lista = list(barn) if isinstance(barn, Array) else [barn]
    if not all(isinstance(ett, Dictionary) and "/S" in ett for ett in lista):
        return
    etiketter = [ett for ett in lista if _slag(ett) == "/Lbl"]
    kropp = [ett for ett in lista if _slag(ett) != "/Lbl"]
    if not kropp or [_slag(ett) for ett in kropp] == ["/LBody"]:
        return
    ny = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.LBody, P=punkt, K=Array(kropp)))
    for ett in kropp:
        ett.P = ny
        if _slag(ett) == "/LBody":
            ett.S = Name.Div
    punkt.K = Array([*etiketter, ny])


def _rader(tabell: Object) -> Iterator[tuple[str, list[Object]]]:
    """(THead, TBody or TFoot; cells) of each row of a table."""
    for del_ in tabell.K:
        rader = [del_] if _slag(del_) == "/TR" else [rad for rad in del_.get("/K", []) if _slag(rad) == "/TR"]
        for rad in rader:
            yield _slag(del_), [cell for cell in rad.K if _slag(cell) in ("/TH", "/TD")]


def _pa_plats(celler: Iterable[Object], upptagna: dict[int, int]) -> Iterator[tuple[Object, Object, range]]:
    """Each cell of a row with its attributes, which it is given if it has none, and the columns that it covers.

    `upptagna` says of each column how many rows a cell still covers, this one included, and is brought up to date.
    """
    from pikepdf import Dictionary, Name

    kolumn = 0
    for cell in celler:
        while upptagna.get(kolumn):
            kolumn += 1
        attribut = cell.get("/A") or Dictionary(O=Name.Table)
        cell.A = attribut
        tackta = range(kolumn, kolumn + int(attribut.get("/ColSpan", 1)))
        kolumn = tackta.stop
        upptagna |= dict.fromkeys(tackta, int(attribut.get("/RowSpan", 1)))
        yield cell, attribut, tackta


def _bind_rubriker(tabell: Object, nummer: int) -> list[tuple[bytes, Object]]:
    """Set Scope and ID on the table's TH and Headers on its TD; return (ID, TH) of each.

    Headers that span columns count for all of them, which WeasyPrint's own mapping forgets. Every cell points at
    the column headers above it and at the row header in its row.
    """
    from pikepdf import Array, Name, String

    kolumnrubriker: dict[int, list[bytes]] = {}
    upptagna: dict[int, int] = {}
    funna = []
    for radnummer, (del_, celler) in enumerate(_rader(tabell)):
        radrubriker: list[bytes] = []
        data: list[tuple[Object, range]] = []
        for cell, attribut, tackta in _pa_plats(celler, upptagna):
            if _slag(cell) == "/TD":
                data.append((attribut, tackta))
                continue
            nyckel = b"t%d-%d-%d" % (nummer, radnummer, tackta.start)
            cell.ID = String(nyckel)
            funna.append((nyckel, cell))
            if del_ == "/THead":
                attribut.Scope = Name.Column
                for en in tackta:
                    kolumnrubriker.setdefault(en, []).append(nyckel)
            else:
                attribut.Scope = Name.Row
                radrubriker.append(nyckel)
        for attribut, tackta in data:
            ovan = dict.fromkeys(nyckel for en in tackta for nyckel in kolumnrubriker.get(en, []))
            attribut.Headers = Array([String(nyckel) for nyckel in (*radrubriker, *ovan)])
        upptagna = {en: antal - 1 for en, antal in upptagna.items() if antal > 1}
    return funna


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
