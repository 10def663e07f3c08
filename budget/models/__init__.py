"""Money: budget rows, footnotes, population, rules and results of the cost split."""

from budget.models.avstamning import Avstamning, Avstamningsandel, Avstamningsregel
from budget.models.faktura import Delbetalning, Fakturautstallare, Faktureringsunderlag, Faktureringsuppgift
from budget.models.folkmangd import Folkmangd, FolkmangdQuerySet
from budget.models.fordelning import Fordelningsandel, Fordelningsregel, Fordelningsresultat, PubliceradKostnad
from budget.models.fotnoter import Fotnot, Fotnotsplats
from budget.models.kommentar import Cellkommentar
from budget.models.kostnadsmodell import Kostnadsmodell, Modellgrupp, Modellundantag, Modellvillkor, Viktserie
from budget.models.poster import TAK_KR, Beloppscell, Budgetpost, Budgetrad, Finansiering
from budget.models.scenario import Scenario, Scenariodelning
from budget.models.utfall import Utfall

__all__ = [
    "TAK_KR",
    "Avstamning",
    "Avstamningsandel",
    "Avstamningsregel",
    "Beloppscell",
    "Budgetpost",
    "Budgetrad",
    "Cellkommentar",
    "Delbetalning",
    "Fakturautstallare",
    "Faktureringsunderlag",
    "Faktureringsuppgift",
    "Finansiering",
    "Folkmangd",
    "FolkmangdQuerySet",
    "Fordelningsandel",
    "Fordelningsregel",
    "Fordelningsresultat",
    "Fotnot",
    "Fotnotsplats",
    "Kostnadsmodell",
    "Modellgrupp",
    "Modellundantag",
    "Modellvillkor",
    "PubliceradKostnad",
    "Scenario",
    "Scenariodelning",
    "Utfall",
    "Viktserie",
]
