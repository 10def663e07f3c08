"""The records that `las_fil` returns."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rad:
    """One municipality's population on the asked date.

    `radnummer` is the row in the file (first row is 1; the first of several that were added), `kod` SCB's four digits,
    `namn` SCB's name (not the file's spelling), `antal` inhabitants, `alder` the age span ("" = all ages).
    `kan_vara_avklippt`: the figure ends the file without a line break, so that digits may be missing.
    """

    radnummer: int
    kod: str
    namn: str
    antal: int
    alder: str = ""
    kan_vara_avklippt: bool = False


@dataclass(frozen=True)
class Radfel:
    """One thing that is wrong. `radnummer` 0 means the whole file; then `ursprung` is the file's name.

    Otherwise `ursprung` is the row as it stands in the file (cut after 200 characters) and may hold anything:
    escape it where it is shown. `meddelande` is a Swedish sentence for the user that says what to do.
    """

    radnummer: int
    ursprung: str
    meddelande: str


@dataclass(frozen=True)
class Inlasning:
    """What a file held. Nothing may be saved unless `fel` is empty; `rader` then has at least one row.

    `tabellkod` is SCB's content code when the file tells it ("BE0101N1", "000007ME"), else "". `format` is for
    example "csv (semikolon)", "xlsx", "json-stat2" or "px", `kodning` the text encoding ("" for xlsx).
    `overhoppade_niva` counts rows for Riket and län, which are recognised and left out. `anmarkningar` are Swedish
    sentences, not errors.
    """

    rader: tuple[Rad, ...]
    fel: tuple[Radfel, ...]
    tabellkod: str
    format: str
    kodning: str
    anmarkningar: tuple[str, ...]
    overhoppade_niva: int = 0
