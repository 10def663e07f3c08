"""Rules on years: headings, texts on the economy, and footnotes that speak of another year than they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rapport.granska.fynd import Fynd, Underlag, regel
from rapport.granska.texter import arstextplats, artal, fotnotsplats, kort
from rapport.plandokument import Budgettabell

# A heading that compares or looks back is allowed another year: "Nytt sedan 2023", "Bakgrund 2020–2023".
_JAMFOR: Final = re.compile(
    r"\b(?:sedan|jämfört|mot|från|efter|före|förra|tidigare|till och med|utfall|bakgrund|historik|resultat\w*"
    r"|uppföljning\w*|erfarenhet\w*|lärdom\w*|förstudie\w*)\b",
    re.IGNORECASE,
)
# Words that speak of the text's own year without its number.
_EGET_AR: Final = re.compile(
    r"\b(?:årets|i år|för året|under året|verksamhetsåret)\b(?!\s+(?:19|20)\d\d)", re.IGNORECASE
)
_BELOPP: Final = re.compile(r"\d[ \u00a0\u202f]?(?:kr|kronor|tkr|mkr)\b", re.IGNORECASE)


@regel("Rubrik med fel år", misstag=2)
def ar_i_rubrik(u: Underlag) -> Iterator[Fynd]:
    """En rubrik nämner ett annat år än planens, eller i en årstext ett annat än textens."""
    for stalle in u.texter:
        ratt = {stalle.avser_ar} if stalle.avser_ar else set(range(u.dokument.fran_ar, u.dokument.till_ar + 1))
        for rubrik in stalle.rubriker:
            namnda = artal(rubrik)
            if namnda and not ratt & set(namnda) and not _JAMFOR.search(rubrik):
                ska = " och ".join(map(str, sorted(ratt)))
                yield Fynd(stalle.plats, kort(rubrik), f"Rubriken säger {namnda[0]}, men texten avser {ska}.")
    for omrade in u.dokument.omraden:
        for ett in omrade.alla_ar:
            if not u.dokument.fran_ar <= ett.avser_ar <= u.dokument.till_ar:
                yield Fynd(
                    arstextplats(omrade, "ekonomi", ett.avser_ar),
                    f"Verksamhetsåret {ett.avser_ar}",
                    f"Planen avser {u.dokument.period}, men området har en rubrik för {ett.avser_ar}.",
                )


@regel("Ekonomitext om ett annat år", misstag=2)
def ekonomi_for_annat_ar(u: Underlag) -> Iterator[Fynd]:
    """En ekonomitext nämner belopp och år, men aldrig det år den avser."""
    for stalle in u.texter:
        if stalle.slag != "ekonomi":
            continue
        med_ar = [en for en in stalle.meningar if artal(en) and en not in stalle.rubriker]
        alla_ar = {ett for en in med_ar for ett in artal(en)}
        mening = next((en for en in med_ar if _BELOPP.search(en)), "")
        if mening and stalle.avser_ar not in alla_ar and not any(map(_EGET_AR.search, stalle.meningar)):
            forklaring = f"Texten avser {stalle.avser_ar}, men talar bara om {', '.join(map(str, sorted(alla_ar)))}."
            yield Fynd(stalle.plats, kort(mening), forklaring)


@regel("Fotnot om ett annat år än kolumnens", misstag=6)
def fotnot_om_annat_ar(u: Underlag) -> Iterator[Fynd]:
    """En fotnot talar bara om andra år än de kolumner eller celler den står vid."""
    platser = _fotnoternas_ar(u.dokument.budget)
    for fotnot in u.dokument.budget.fotnoter:
        namnda, star_vid = set(artal(fotnot.text)), platser.get(fotnot.markor, set())
        if namnda and star_vid and not namnda & star_vid:
            vid, om = (" och ".join(map(str, sorted(alla_ar))) for alla_ar in (star_vid, namnda))
            forklaring = f"Fotnoten står vid {vid} men talar om {om}."
            yield Fynd(fotnotsplats(fotnot.id, fotnot.markor), kort(fotnot.text), forklaring, f"{fotnot.text}\x1f{vid}")


def _fotnoternas_ar(tabell: Budgettabell) -> dict[str, set[int]]:
    """The years of the columns and cells that each mark stands at; marks of the whole table are left out."""
    funna: dict[str, set[int]] = {}
    for nummer, kolumn in enumerate(tabell.kolumner):
        markorer = [*kolumn.markorer, *(markor for rad in tabell.rader for markor in rad.celler[nummer].markorer)]
        for markor in markorer:
            funna.setdefault(markor, set()).add(kolumn.budgetar)
    return {markor: alla_ar for markor, alla_ar in funna.items() if markor not in tabell.tabellmarkorer}
