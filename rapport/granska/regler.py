"""All rules, in the order they are told, and the proofreading itself."""

from __future__ import annotations

from typing import Final

from rapport.granska import regler_ar, regler_innehall, regler_sprak, regler_tal
from rapport.granska.fynd import Fynd, Kunskap, Regel, Underlag
from rapport.granska.texter import alla_texter
from rapport.plandokument import Plandokument

REGLER: Final[tuple[Regel, ...]] = (
    regler_tal.antal_i_ord,
    regler_ar.ar_i_rubrik,
    regler_ar.ekonomi_for_annat_ar,
    regler_innehall.pengar_utan_aktivitet,
    regler_innehall.aktivitet_utan_pengar,
    regler_innehall.ekonomi_saknas,
    regler_sprak.namn_pa_flera_satt,
    regler_sprak.omkastad_forkortning,
    regler_tal.belopp_felgrupperat,
    regler_ar.fotnot_om_annat_ar,
    regler_innehall.namnlos_rad,
    regler_tal.publicerad_utan_folkmangd,
    regler_tal.ett_datum_for_flera_ar,
    regler_innehall.mal_som_aktivitet,
    regler_tal.flyttat_utan_pengar,
    regler_sprak.tecken_i_delar,
    regler_sprak.platshallare,
    regler_tal.belopp_i_ekonomitexten,
    regler_innehall.tom_del,
    regler_innehall.aktivitet_utan_ansvarig,
)
# The parts of an area in the document's order, as its places' keys have them.
_DELAR: Final = ("namn", "lage", "beskrivning", "syfte", "mal", "aktiviteter", "aktivitet", "ekonomi", "ansvar")
TITLAR: Final = {en.namn: en.titel for en in REGLER}


def granska(dokument: Plandokument, kunskap: Kunskap) -> tuple[Fynd, ...]:
    """What all rules find, in the document's order. The same thing at the same place is told once."""
    underlag = Underlag(dokument, kunskap, tuple(alla_texter(dokument)))
    funna = {fynd.avtryck: fynd for en in REGLER for fynd in en.fynd(underlag)}
    grupper = {grupp: nr for nr, grupp in enumerate(dict.fromkeys(en.plats.grupp for en in underlag.texter))}
    ordning = {nyckel: nr for nr, nyckel in enumerate(dict.fromkeys(en.plats.nyckel for en in underlag.texter))}

    def plats(en: Fynd) -> tuple[int, int, int]:
        """Its area, its part of the area, and where the text stands; what has no text comes last in its part."""
        del_ = next((nr for nr, ett in enumerate(_DELAR) if en.plats.nyckel.split("/")[2:3] == [ett]), 0)
        return grupper.get(en.plats.grupp, len(grupper)), del_, ordning.get(en.plats.nyckel, len(ordning))

    return tuple(sorted(funna.values(), key=plats))
