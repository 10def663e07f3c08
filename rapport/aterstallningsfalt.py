"""Which fields are put back from the history, and which rows are brought back. `rapport.atgarder` does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import models

from budget.models import (
    Budgetrad,
    Cellkommentar,
    Fordelningsregel,
    Fotnot,
    Kostnadsmodell,
    Modellgrupp,
    Modellundantag,
    Modellvillkor,
    PubliceradKostnad,
    Viktserie,
)
from budget.models.beslut import BESLUTSFALT
from handlingsplan.models import Handlingsplan
from insatsomraden.models import Aktivitet, Arstext, Mal, Omradesutgava

FALT: Final[dict[type[models.Model], tuple[str, ...]]] = {
    Handlingsplan: ("titel", "undertitel", "inledning", "om_aret", "avslutning", "kontakt_namn", "kontakt_epost"),
    Omradesutgava: ("namn", "kortnamn", "lage", "lage_not", "beskrivning", "syfte", "ansvar_not"),
    Mal: ("text",),
    Aktivitet: ("text", "villkor", "ansvarig", "status", "start", "slut"),
    Arstext: ("text",),
    Budgetrad: ("benamning",),
    Fotnot: ("text",),
    Cellkommentar: ("text",),
    Fordelningsregel: ("modell", "andel_region", "andel_grupp", "enhet", "folkmangdsdatum", "hanvisning"),
    PubliceradKostnad: ("ore_per_invanare", "angivet_datum", "kalla"),
    Kostnadsmodell: ("namn", "andelsform", *BESLUTSFALT),
    Modellgrupp: (
        *("namn", "andel", "deltar", "endast", "grundbelopp"),
        *("nyckel_1", "andel_1", "nyckel_2", "andel_2", "nyckel_3", "andel_3"),
    ),
    Modellvillkor: (
        *("slag", "huvudman", "faktor", "belopp", "bars_av", "betalas_av", "motivering"),
        *("galler_fran", "galler_till", *BESLUTSFALT),
    ),
    Viktserie: ("slag", "namn", "fran", "till", "kalla", "varden"),
    Modellundantag: ("budgetar", "utgava", "aktivitet", "belopp", "modell", *BESLUTSFALT),
}
# Fields that only make sense together: one is put back with those that the same change wrote.
HELHETER: Final[dict[type[models.Model], tuple[frozenset[str], ...]]] = {
    Modellgrupp: (
        frozenset({"deltar", "endast"}),
        frozenset({"nyckel_1", "andel_1", "nyckel_2", "andel_2", "nyckel_3", "andel_3"}),
    ),
    Modellvillkor: (frozenset({"slag", "faktor", "belopp", "bars_av", "betalas_av"}),),
    Viktserie: (frozenset({"slag", "fran", "till"}),),
    Modellundantag: (frozenset({"budgetar", "utgava", "aktivitet", "belopp"}),),
}
# Rows that are marked when they are removed; the first word of the addresses that remove them.
BORTTAGBARA: Final[Mapping[type[models.Model], str]] = {
    Mal: "mal",
    Aktivitet: "aktivitet",
    Budgetrad: "budgetrad",
    Fotnot: "fotnot",
    Kostnadsmodell: "modell",
    Modellgrupp: "modellgrupp",
    Modellvillkor: "modellvillkor",
    Viktserie: "viktserie",
    Modellundantag: "modellundantag",
}
BORTTAGEN_TEXT: Final[Mapping[type[models.Model], str]] = {
    Mal: "Målet är borttaget. Ta tillbaka det först.",
    Aktivitet: "Aktiviteten är borttagen. Ta tillbaka den först.",
    Budgetrad: "Raden är borttagen. Ta tillbaka den först.",
    Fotnot: "Fotnoten är borttagen. Ta tillbaka den först.",
    Kostnadsmodell: "Modellen är borttagen. Ta tillbaka den först.",
    Modellgrupp: "Gruppen är borttagen. Ta tillbaka den först.",
    Modellvillkor: "Villkoret är borttaget. Ta tillbaka det först.",
    Viktserie: "Nyckeln är borttagen. Ta tillbaka den först.",
    Modellundantag: "Undantaget är borttaget. Ta tillbaka det först.",
}
