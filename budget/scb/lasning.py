"""From a file's bytes to rows: which format, which table, one Rad or one Radfel per municipality."""

import re
from collections.abc import Mapping
from datetime import date

from budget.alder import ALLA_ALDRAR, Aldersspann
from budget.filfel import Filfel
from budget.scb.excel import las_excel
from budget.scb.jsonstat import las_jsonstat
from budget.scb.koder import Kodlista
from budget.scb.kontroll import kontrollera_totaler
from budget.scb.poster import Inlasning, Rad, Radfel
from budget.scb.px import las_px
from budget.scb.rubrik import INGEN_RUBRIK, Rubrik, hitta_rubrik
from budget.scb.rutnat import Cellfel, Rutnat, Rutrad, ar_tom, som_text
from budget.scb.textfil import las_text
from budget.scb.uppdelning import Uppgift, summera
from budget.scb.urval import Urval, valj
from budget.xlsxpaket import TRASIG
from handlingsplan.scb_koder import KODLANGD, standardkoder

HOGSTA_STORLEK = 5 * 1024 * 1024  # bytes
HOGST_FEL = 500  # reported rows; SCB has 312 regions
OLE = b"\xd0\xcf\x11\xe0"
PX = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:CHARSET|AXIS-VERSION)\s*=", re.IGNORECASE)


def las_fil(
    namn: str,
    innehall: bytes,
    datum: date,
    koder: Mapping[str, str] | None = None,
    alder: Aldersspann = ALLA_ALDRAR,
) -> Inlasning:
    """Read one SCB export: the municipalities' population on `datum`, of all ages or of one age span.

    A year in the file means its 31 December; another date must stand in the file as a date. `namn` is the uploaded
    file's name (only its ending is used), `koder` SCB's code → name (default: the project's list). Never raises for
    what a file holds: a refused file is one Radfel with row number 0, a wrong row is a Radfel of its own. All or
    nothing is the caller's rule: save only if `fel` is empty.
    """
    lista = Kodlista(standardkoder() if koder is None else koder)
    natet: Rutnat | None = None
    try:
        natet = las_rutnat(namn, innehall)
        rubrik = _rubrik(natet)
        return _las_tabell(natet, rubrik, valj(natet, rubrik, datum, lista, alder), lista, datum, alder)
    except Filfel as fel:
        filfel = Radfel(0, namn, str(fel))
        return Inlasning((), (filfel,), "", natet.format if natet else "", natet.kodning if natet else "", ())


def las_rutnat(namn: str, innehall: bytes) -> Rutnat:
    """The file's grid, by the reader for its format. The bytes count for more than the name's ending. Raises Filfel."""
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
        return las_px(innehall)
    if andelse == "json" or borjan[:1] in (b"{", b"["):
        return las_jsonstat(innehall)
    if borjan[:1] == b"<" or borjan.startswith(b"%PDF"):
        raise Filfel("Filen är en webbsida eller ett dokument. Hämta tabellen som Excel (xlsx) eller CSV.")
    if andelse == "xlsx":
        raise Filfel(TRASIG)
    return las_text(innehall)


def _rubrik(natet: Rutnat) -> Rubrik:
    rubrik = hitta_rubrik(natet.rader)
    if rubrik is None:
        raise Filfel(INGEN_RUBRIK)
    return rubrik


def _las_tabell(
    natet: Rutnat, rubrik: Rubrik, urval: Urval, lista: Kodlista, datum: date, alder: Aldersspann
) -> Inlasning:
    fel = {ett.radnummer: ett for ett in urval.fel}
    per_kod: dict[str, list[Uppgift]] = {}
    stavning: dict[str, tuple[int, str]] = {}
    for en in urval.uppgifter:
        try:
            if natet.format.startswith("csv"):
                _kontrollera_bredd(en.rad, rubrik)
            region = lista.tolka([som_text(en.rad.cell(kolumn)) for kolumn in urval.region])
        except Cellfel as cellfel:
            fel.setdefault(en.rad.nummer, Radfel(en.rad.nummer, en.rad.text, str(cellfel)))
            continue
        per_kod.setdefault(region.kod, []).append(en)
        if region.namn and region.namn != lista.namn[region.kod] and len(region.kod) == KODLANGD["kommun"]:
            stavning.setdefault(region.kod, (en.rad.nummer, region.namn))
    summor = {kod: summera(f"{kod} {lista.namn[kod]}", egna, urval.val) for kod, egna in per_kod.items()}
    kommuner = {kod: en for kod, en in summor.items() if len(kod) == KODLANGD["kommun"]}
    for ett in (ett for en in kommuner.values() for ett in en.fel):
        fel.setdefault(ett.radnummer, ett)
    if not kommuner and not fel:
        raise Filfel("Filen har inga kommuner, bara riket eller län. Hämta tabellen med kommunerna valda.")
    lanfel, lansagt = kontrollera_totaler(summor, lista.namn, datum.year)
    rader = tuple(
        Rad(en.rad.nummer, kod, lista.namn[kod], en.antal, alder.kod, en.rad.nummer == natet.oavslutad)
        for kod, en in kommuner.items()
        if en.antal is not None
    )
    niva = len({en.rad.nummer for kod, egna in per_kod.items() if kod not in kommuner for en in egna})
    upprepade = sum(en.upprepad for en in kommuner.values())
    anmarkningar = (*urval.anmarkningar, *_anmarkningar(rader, niva, stavning, lista, upprepade), *lansagt)
    alla_fel = [*fel.values(), *lanfel]
    return Inlasning(rader, _korta(alla_fel), urval.tabellkod, natet.format, natet.kodning, anmarkningar, niva)


def _kontrollera_bredd(rad: Rutrad, rubrik: Rubrik) -> None:
    """A text row with more cells than the heading has shifted figures ("14,466" between commas)."""
    extra = [cell for cell in rad.celler[len(rubrik.etiketter) :] if not ar_tom(cell)]
    if extra:
        raise Cellfel(
            f"Raden har fler kolumner än rubriken ({len(rubrik.etiketter)}). Ta bort avgränsare och mellanrum "
            "inne i talen, eller hämta filen på nytt från SCB."
        )


def _anmarkningar(
    rader: tuple[Rad, ...], niva: int, stavning: Mapping[str, tuple[int, str]], lista: Kodlista, upprepade: int
) -> list[str]:
    anmarkningar = []
    if niva:
        anmarkningar.append(f"{niva} {'rad' if niva == 1 else 'rader'} för riket eller län lästes inte in.")
    if stavning:
        antal = "Ett namn" if len(stavning) == 1 else f"{len(stavning)} namn"
        kod, (radnummer, namn) = next(iter(stavning.items()))
        exempel = f"rad {radnummer}: ”{namn[:40]}”, hos SCB {lista.namn[kod]}"
        anmarkningar.append(f"{antal} skrivs inte som i SCB:s lista ({exempel}); koden gäller.")
    if upprepade:
        anmarkningar.append("Totalen står flera gånger i filen, varje gång med samma tal; den lästes en gång.")
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
