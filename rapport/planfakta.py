"""What a plan's record says beside its areas, as short facts and as texts by what each is called. Pure.

Two records are compared by these lists. What only makes sense between two versions of one plan is left out of two
plans' comparison: footnotes and printed rates belong to a year, and the next plan begins without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import escape

from budget.belopp import visa_decimal
from rapport.plandokument import OmradePost, Plandokument

type Namngivet = tuple[str, str]  # what it is called, and what it says


def dagen(dag: date | None) -> str:
    return dag.isoformat() if dag else ""


def planens_fakta(en: Plandokument, *, samma_plan: bool) -> list[Namngivet]:
    fakta = [
        ("Titel", en.titel),
        ("Undertitel", en.undertitel),
        ("Period", en.period),
        ("Huvudmän", en.parter_i_ord if en.parter else ""),
        ("Kontaktperson", en.kontakt_namn),
        ("Kontaktpersonens e-postadress", en.kontakt_epost),
        ("Bevakas utan budget", ", ".join(ett.namn for ett in en.bevakade)),
        ("Delad", dagen(en.delad) if samma_plan else ""),
        ("Fastställd", dagen(en.faststalld)),
        ("Beslut", en.faststalld_hanvisning),
    ]
    return fakta + (list(_arens_fakta(en)) if samma_plan else [])


def _arens_fakta(en: Plandokument) -> Iterator[Namngivet]:
    """The rule and the printed rate of each year."""
    for ett in en.fordelningar:
        if ett.fordelning is not None:
            modell = ett.fordelning.modell
            if not ett.fordelning.i_steg:
                yield f"Regionens del mot kommunernas {ett.budgetar}", f"{modell.andel_region}:{modell.andel_grupp}"
            yield f"Folkmängd för {ett.budgetar}", modell.folkmangdsdatum.isoformat()
            yield f"Avrundning {ett.budgetar}", f"hela {'ören' if modell.enhet == 'ore' else 'kronor'}"
        if ett.publicerad is not None:
            delar = [f"{visa_decimal(ett.publicerad.ore_per_invanare, 2)} öre/inv"]
            if ett.publicerad.angivet_datum:
                delar.append(f"folkmängd {ett.publicerad.angivet_datum}")
            yield f"Publicerad kostnad {ett.budgetar}", ", ".join([*delar, *filter(None, [ett.publicerad.kalla])])


def planens_texter(en: Plandokument, den_andra: Plandokument) -> list[Namngivet]:
    """Rich texts. Areas beside the plan's own are told of where both plans have them so; others by their names."""
    texter = [("Inledning", en.inledning), ("Om året", en.om_aret), ("Avslutande noter", en.avslutning)]
    for har, dess in ((en.bevakade, den_andra.bevakade), (en.lamnade, den_andra.lamnade)):
        koder = {ett.kod for ett in dess}
        texter += [par for ett in har if ett.kod in koder for par in _vid_sidan(ett)]
    if en.id == den_andra.id:
        texter += [(f"Fotnot {ett.markor}", _stycke(ett.text)) for ett in en.budget.fotnoter]
    return texter


def _vid_sidan(omrade: OmradePost) -> Iterator[Namngivet]:
    """What the document says of an area that is watched or has left."""
    yield omrade.namn, _stycke(omrade.lage_not)
    if omrade.lage == "bevakas":
        yield f"{omrade.namn}: beskrivning", omrade.beskrivning
        yield f"{omrade.namn}: syfte och nytta", omrade.syfte


def _stycke(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""
