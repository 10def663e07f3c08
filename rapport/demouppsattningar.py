"""The regions that the demo can be: which files it loads, and who logs in. The files are in fixtures/README.md."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from django.conf import settings

from handlingsplan.models import Handlingsplan, Huvudman, Roll

type Konto = tuple[str, str, Roll.Slag, str | None]


@dataclass(frozen=True, slots=True)
class Demoscenario:
    """What if an area had another amount (kronor), in the last of the plans."""

    omrade: str
    fore: Decimal
    efter: Decimal
    namn: str


@dataclass(frozen=True, slots=True)
class Uppsattning:
    """One region. `namn` is what it is called on the command line, `region` its SCB code.

    `konton` are (address, name, role, the party's code where the role has one), a coordinator first.
    """

    namn: str
    titel: str
    region: str
    huvudman: str
    folkmangd: str
    planer: tuple[str, ...]
    konton: tuple[Konto, ...]
    scenario: Demoscenario
    uppgifter: str | None = None  # what the parties want on their invoices; the adopted plan is then billed too
    utfall: str = ""  # what a year cost, made up
    modell: tuple[str, str] | None = None  # a proposed cost model of the last plan, not used: name and template

    def fil(self, namn: str) -> Path:
        return Path(settings.BASE_DIR) / "fixtures" / namn


# Log-ins are named by role, with the same password for all. They exist only on a local machine.
SKANE: Final = Uppsattning(
    namn="skane",
    titel="Skåne",
    region="12",
    huvudman="huvudman.csv",
    folkmangd="folkmangd_skane.csv",
    planer=("plan_2023.json", "plan_2024.json"),
    konton=(
        ("samordnare@exempel.se", "Samordnare i SGD", Roll.Slag.SAMORDNARE, None),
        ("samordnare2@exempel.se", "Andra samordnaren i SGD", Roll.Slag.SAMORDNARE, None),
        ("lasare.malmo@exempel.se", "Läsare för Malmö stad", Roll.Slag.LASARE, "1280"),
        ("lasare.perstorp@exempel.se", "Läsare för Perstorps kommun", Roll.Slag.LASARE, "1275"),
        ("lasare.region@exempel.se", "Läsare för Region Skåne", Roll.Slag.LASARE, "12"),
        ("ekonom.malmo@exempel.se", "Ekonom hos Malmö stad", Roll.Slag.EKONOM, "1280"),
        ("beredning@exempel.se", "Central tjänstemannaberedning", Roll.Slag.BEREDNING, None),
        ("administrator@exempel.se", "Administratör", Roll.Slag.ADMINISTRATOR, None),
    ),
    scenario=Demoscenario(
        "mina-planer", Decimal("500000.00"), Decimal("600000.00"), "Mina planer får 600\u00a0000\u00a0kr"
    ),
    uppgifter="faktureringsuppgifter.csv",
    utfall="utfall_2023.json",
    modell=("30 procent lika, resten per invånare", "blandad"),
)
VASTRA_GOTALAND: Final = Uppsattning(
    namn="vastra-gotaland",
    titel="Västra Götaland",
    region="14",
    huvudman="vastra-gotaland/huvudman.csv",
    folkmangd="vastra-gotaland/folkmangd.csv",
    planer=("vastra-gotaland/plan_2027.json",),
    konton=(
        ("samordnare@exempel.se", "Samordnare i SGD", Roll.Slag.SAMORDNARE, None),
        ("lasare.goteborg@exempel.se", "Läsare för Göteborgs stad", Roll.Slag.LASARE, "1480"),
        ("lasare.karlsborg@exempel.se", "Läsare för Karlsborgs kommun", Roll.Slag.LASARE, "1446"),
        ("lasare.region@exempel.se", "Läsare för Västra Götalandsregionen", Roll.Slag.LASARE, "14"),
        ("ekonom.goteborg@exempel.se", "Ekonom hos Göteborgs stad", Roll.Slag.EKONOM, "1480"),
        ("beredning@exempel.se", "Tjänstemannaberedningen", Roll.Slag.BEREDNING, None),
        ("administrator@exempel.se", "Administratör", Roll.Slag.ADMINISTRATOR, None),
    ),
    scenario=Demoscenario(
        "tillsyn", Decimal("2000000.00"), Decimal("2500000.00"), "Digital tillsyn får 2\u00a0500\u00a0000\u00a0kr"
    ),
)
# Skåne with a copy of the 2024 plan that carries the mistakes of the printed one: docs/granska.md.
FELAKTIG: Final = replace(SKANE, planer=("plan_2023.json", "plan_2024_felaktig.json"))
ALLA: Final = {en.namn: en for en in (SKANE, VASTRA_GOTALAND)}


def ar_felaktig() -> bool:
    """Whether the demo in the database is the flawed copy; its subtitle says so."""
    return Handlingsplan.objects.filter(undertitel__contains="Felaktig kopia").exists()


def inlast() -> Uppsattning | None:
    """Which of them the parties in the database are, None where they are none of them."""
    koder = set(Huvudman.objects.filter(typ=Huvudman.Typ.REGION).values_list("kod", flat=True))
    return next((en for en in ALLA.values() if en.region in koder), None)
