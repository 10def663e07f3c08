"""From a file's bytes to rows: which format, which table, one Rad or one Radfel per municipality."""

import re
from collections.abc import Mapping
from datetime import date

from budget.scb.excel import TRASIG, las_excel
from budget.scb.koder import Kodlista
from budget.scb.poster import Inlasning, Rad, Radfel
from budget.scb.rubrik import INGEN_RUBRIK, Rubrik, hitta_rubrik
from budget.scb.rutnat import Cellfel, Filfel, Rutnat, Rutrad, ar_tom, som_text, tolka_antal
from budget.scb.textfil import las_text
from budget.scb.urval import Urval, valj
from handlingsplan.scb_koder import KODLANGD, standardkoder

HOGSTA_STORLEK = 5 * 1024 * 1024  # bytes
HOGST_FEL = 500  # reported rows; SCB has 312 regions
OLE = b"\xd0\xcf\x11\xe0"
PX = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:CHARSET|AXIS-VERSION)\s*=", re.IGNORECASE)


def las_fil(namn: str, innehall: bytes, datum: date, koder: Mapping[str, str] | None = None) -> Inlasning:
    """Read one SCB export: the municipalities' population on `datum`, which must be a 31 December.

    `namn` is the uploaded file's name (only its ending is used), `koder` SCB's code → name (default: the
    project's list). Never raises for what a file holds: a refused file is one Radfel with row number 0, a
    wrong row is a Radfel of its own. All or nothing is the caller's rule: save only if `fel` is empty.
    """
    lista = Kodlista(standardkoder() if koder is None else koder)
    natet: Rutnat | None = None
    try:
        _kontrollera_datum(datum)
        natet = las_rutnat(namn, innehall)
        rubrik = _rubrik(natet)
        return _las_tabell(natet, rubrik, valj(natet, rubrik, datum.year, lista), lista)
    except Filfel as fel:
        filfel = Radfel(0, namn, str(fel))
        return Inlasning((), (filfel,), "", natet.format if natet else "", natet.kodning if natet else "", ())


def las_rutnat(namn: str, innehall: bytes) -> Rutnat:
    """The file's grid, by the reader for its format. The bytes count for more than the name's ending.

    A reader for another format takes its refusal's place here and returns a long grid: region, år, Folkmängd.
    Raises Filfel.
    """
    andelse = namn.lower().rpartition(".")[2]
    borjan = innehall[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if len(innehall) > HOGSTA_STORLEK:
        raise Filfel(
            f"Filen är för stor (högst {HOGSTA_STORLEK // 2**20} MB tas emot). "
            "Hämta en tabell med bara region och år från SCB."
        )
    if not borjan:
        raise Filfel("Filen är tom. Hämta den på nytt från SCB.")
    if andelse == "xlsm":
        raise Filfel("Excelfilen har makron (.xlsm). Spara den som vanlig .xlsx utan makron och försök igen.")
    if innehall.startswith(b"PK"):
        return las_excel(innehall)
    if innehall.startswith(OLE):
        raise Filfel("Filen är i det gamla Excelformatet .xls eller har lösenord. Spara den som .xlsx utan lösenord.")
    if andelse == "px" or PX.match(innehall):
        raise Filfel("PC-Axis-filer (.px) kan inte läsas ännu. Hämta tabellen som Excel (xlsx) eller CSV.")
    if andelse == "json" or borjan[:1] in (b"{", b"["):
        raise Filfel("JSON-filer kan inte läsas ännu. Hämta tabellen som Excel (xlsx) eller CSV.")
    if borjan[:1] == b"<" or borjan.startswith(b"%PDF"):
        raise Filfel("Filen är en webbsida eller ett dokument. Hämta tabellen som Excel (xlsx) eller CSV.")
    if andelse == "xlsx":
        raise Filfel(TRASIG)
    return las_text(innehall)


def _kontrollera_datum(datum: date) -> None:
    if (datum.month, datum.day) != (12, 31):
        raise Filfel(
            f"SCB:s årstabell gäller den 31 december, inte {datum.isoformat()}. "
            f"Ange {datum.year - 1}-12-31 eller {datum.year}-12-31."
        )


def _rubrik(natet: Rutnat) -> Rubrik:
    rubrik = hitta_rubrik(natet.rader)
    if rubrik is None:
        raise Filfel(INGEN_RUBRIK)
    return rubrik


def _las_tabell(natet: Rutnat, rubrik: Rubrik, urval: Urval, lista: Kodlista) -> Inlasning:
    rader: dict[str, Rad] = {}
    fel = list(urval.fel)
    niva = 0
    avvikande: list[str] = []
    for rad in urval.rader:
        try:
            if natet.format.startswith("csv"):
                _kontrollera_bredd(rad, rubrik)
            region = lista.tolka([som_text(rad.cell(kolumn)) for kolumn in urval.region])
            if len(region.kod) == KODLANGD["lan"]:
                niva += 1
                continue
            post = Rad(rad.nummer, region.kod, lista.namn[region.kod], tolka_antal(rad.cell(urval.talkolumn)))
            _kontrollera_dubblett(post, rader.get(post.kod))
        except Cellfel as cellfel:
            fel.append(Radfel(rad.nummer, rad.text, str(cellfel)))
            continue
        rader[post.kod] = post
        if region.namn and region.namn != post.namn:
            avvikande.append(f"rad {post.radnummer}: ”{region.namn[:40]}”, hos SCB {post.namn}")
    if not rader and not fel:
        raise Filfel("Filen har inga kommuner, bara riket eller län. Hämta tabellen med kommunerna valda.")
    alla = tuple(rader.values())
    anmarkningar = (*urval.anmarkningar, *_anmarkningar(alla, niva, avvikande))
    return Inlasning(alla, _korta(fel), urval.tabellkod, natet.format, natet.kodning, anmarkningar, niva)


def _kontrollera_bredd(rad: Rutrad, rubrik: Rubrik) -> None:
    """A text row with more cells than the heading has shifted figures ("14,466" between commas)."""
    extra = [cell for cell in rad.celler[len(rubrik.etiketter) :] if not ar_tom(cell)]
    if extra:
        raise Cellfel(
            f"Raden har fler kolumner än rubriken ({len(rubrik.etiketter)}). Ta bort avgränsare och mellanrum "
            "inne i talen, eller hämta filen på nytt från SCB."
        )


def _kontrollera_dubblett(post: Rad, tidigare: Rad | None) -> None:
    if tidigare is not None:
        lika = " (med samma tal)" if post.antal == tidigare.antal else ""
        raise Cellfel(
            f"{post.kod} {post.namn} står både på rad {tidigare.radnummer} och på rad {post.radnummer}{lika}. "
            "Ta bort den ena raden."
        )


def _anmarkningar(rader: tuple[Rad, ...], niva: int, avvikande: list[str]) -> list[str]:
    anmarkningar = []
    if niva:
        anmarkningar.append(f"{niva} {'rad' if niva == 1 else 'rader'} för riket eller län lästes inte in.")
    if avvikande:
        antal = "Ett namn" if len(avvikande) == 1 else f"{len(avvikande)} namn"
        anmarkningar.append(f"{antal} skrivs inte som i SCB:s lista ({avvikande[0]}); koden gäller.")
    if nollor := [f"{rad.kod} {rad.namn}" for rad in rader if rad.antal == 0]:
        fler = " med flera" if len(nollor) > 5 else ""
        anmarkningar.append(f"Folkmängden är 0 för {', '.join(nollor[:5])}{fler}.")
    return anmarkningar


def _korta(fel: list[Radfel]) -> tuple[Radfel, ...]:
    fel = sorted(fel, key=lambda ett: ett.radnummer)
    if len(fel) <= HOGST_FEL:
        return tuple(fel)
    text = f"Ytterligare {len(fel) - HOGST_FEL} rader är fel och visas inte. Hämta filen på nytt från SCB."
    return (*fel[:HOGST_FEL], Radfel(0, "", text))
