"""Who may do what. Every view asks here on its first line.

| | samordnare | läsare | beredning | administratör |
|---|---|---|---|---|
| read shared plans | yes | yes | yes | yes |
| read plans that are not shared | yes | no (404) | yes | yes |
| edit plans that are not adopted | yes | no (403) | no (403) | no (403) |
| outturn and reconciliation, also in adopted plans | edit | read | read | read |
| proofread a plan | answer | no (404) | read | read |
| try other amounts and rules, unsaved | yes | yes | yes | yes |
| read saved scenarios | yes | by a link (404) | yes | yes |
| save scenarios | yes | no (403) | yes | no (403) |
| change, share and remove scenarios | yes | no (404) | own (403) | no (403) |
| population, parties, groups | edit | read | read | edit |
| users and roles | no | no | no | yes |

A user without any role reaches only the start page, which says whom to ask.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from handlingsplan.models import Anvandare, Handlingsplan, Roll

# Roles that belong to a party and read what is shared.
HOS_HUVUDMAN = frozenset({Roll.Slag.LASARE, Roll.Slag.EKONOM})


class PlanenFaststalld(PermissionDenied):
    """The plan is adopted: nobody edits it."""


@dataclass(frozen=True, slots=True)
class Ratter:
    """What one user may do, from the user's roles."""

    roller: frozenset[str]
    huvudman_koder: tuple[str, ...]
    ekonom_for: tuple[str, ...] = ()  # codes of the parties whose reference and kontering the user writes

    @property
    def far_lasa(self) -> bool:
        return bool(self.roller)

    @property
    def far_lasa_odelat(self) -> bool:
        return bool(self.roller - HOS_HUVUDMAN)

    @property
    def far_redigera_plan(self) -> bool:
        return Roll.Slag.SAMORDNARE in self.roller

    @property
    def far_spara_scenarier(self) -> bool:
        return bool(self.roller & {Roll.Slag.SAMORDNARE, Roll.Slag.BEREDNING})

    @property
    def far_redigera_grunddata(self) -> bool:
        return bool(self.roller & {Roll.Slag.SAMORDNARE, Roll.Slag.ADMINISTRATOR})

    @property
    def far_hantera_anvandare(self) -> bool:
        return Roll.Slag.ADMINISTRATOR in self.roller

    @property
    def bara_lasare(self) -> bool:
        return bool(self.roller) and self.roller <= HOS_HUVUDMAN

    def far_se_underlag(self, kod: str) -> bool:
        """Whether the user sees what is billed to this party."""
        return self.far_redigera_plan or kod in self.huvudman_koder

    def far_se_faktureringsuppgifter(self, kod: str) -> bool:
        """Whether the user sees this party's reference and kontering: who issues, and the party's own ekonom."""
        return self.far_redigera_plan or kod in self.ekonom_for


INGA = Ratter(frozenset(), ())


def ratter(request: HttpRequest) -> Ratter:
    """The rights of the user who asks; read once per request."""
    lasta: Ratter | None = getattr(request, "_ratter", None)
    if lasta is None:
        lasta = ratter_for(request.user) if isinstance(request.user, Anvandare) else INGA
        request._ratter = lasta  # type: ignore[attr-defined]
    return lasta


def ratter_for(anvandare: Anvandare) -> Ratter:
    if not anvandare.is_active:
        return INGA
    rader = list(anvandare.alla_roller.values_list("slag", "huvudman__kod"))
    return Ratter(
        frozenset(slag for slag, _ in rader),
        tuple(sorted({kod for _, kod in rader if kod})),
        tuple(sorted(kod for slag, kod in rader if slag == Roll.Slag.EKONOM and kod)),
    )


def synliga_planer(request: HttpRequest) -> QuerySet[Handlingsplan]:
    """The plans the user may read, the newest first."""
    de = ratter(request)
    if not de.far_lasa:
        return Handlingsplan.objects.none()
    planer = Handlingsplan.objects.all()
    return planer if de.far_lasa_odelat else planer.filter(delad_at__isnull=False)


def krav_lasa(request: HttpRequest) -> Ratter:
    """Any role at all, or PermissionDenied."""
    de = ratter(request)
    if not de.far_lasa:
        raise PermissionDenied("Ditt konto har ingen roll ännu. Be en administratör om en.")
    return de


def krav_grunddata(request: HttpRequest) -> Ratter:
    """May edit parties and population, or PermissionDenied."""
    de = ratter(request)
    if not de.far_redigera_grunddata:
        raise PermissionDenied("Bara samordnare och administratörer ändrar grunddata.")
    return de


def krav_administrator(request: HttpRequest) -> Ratter:
    de = ratter(request)
    if not de.far_hantera_anvandare:
        raise PermissionDenied("Bara administratörer hanterar användare.")
    return de


def krav_samordnare(request: HttpRequest) -> Ratter:
    de = ratter(request)
    if not de.far_redigera_plan:
        raise PermissionDenied("Bara SGD:s samordnare redigerar planen.")
    return de


def krav_underlag(request: HttpRequest, kod: str) -> Ratter:
    """May see what is billed to this party, or PermissionDenied."""
    de = krav_lasa(request)
    if not de.far_se_underlag(kod):
        raise PermissionDenied("Faktureringsunderlag visas för SGD:s samordnare och för huvudmannen själv.")
    return de


def krav_ekonom(request: HttpRequest, kod: str) -> Ratter:
    """May write this party's reference and kontering, or PermissionDenied."""
    de = krav_lasa(request)
    if kod not in de.ekonom_for:
        raise PermissionDenied("Bara huvudmannens egen ekonom ändrar referens och kontering.")
    return de


def plan_att_lasa(request: HttpRequest, till_ar: int) -> Handlingsplan:
    """The plan that ends in `till_ar`; 404 where the user may not know of it."""
    krav_lasa(request)
    plan = synliga_planer(request).filter(till_ar=till_ar).first()
    if plan is None:
        raise Http404(f"Det finns ingen plan för {till_ar} som du kan läsa.")
    return plan


def plan_att_redigera(request: HttpRequest, till_ar: int) -> Handlingsplan:
    """The plan to edit: 404 where it is not seen, 403 where the role may not edit or the plan is adopted."""
    plan = plan_att_lasa(request, till_ar)
    krav_samordnare(request)
    if plan.ar_faststalld:
        raise PlanenFaststalld(f"{plan} är fastställd och ändras inte längre.")
    return plan


def plan_att_fakturera(request: HttpRequest, till_ar: int) -> Handlingsplan:
    """The plan to bill, adopted or not: 404 where it is not seen, 403 for everybody but coordinators."""
    return plan_att_folja_upp(request, till_ar)


def plan_att_folja_upp(request: HttpRequest, till_ar: int) -> Handlingsplan:
    """The plan to follow up, adopted or not: 404 where it is not seen, 403 where the role may not.

    Outturn and reconciliation come after the adoption and are no part of what was adopted. Nothing else in an adopted
    plan is written through here.
    """
    plan = plan_att_lasa(request, till_ar)
    krav_samordnare(request)
    return plan


def far_redigera(request: HttpRequest, plan: Handlingsplan) -> bool:
    """Whether pencils are shown to this user in this plan."""
    return ratter(request).far_redigera_plan and not plan.ar_faststalld


def plan_med_scenarier(request: HttpRequest, till_ar: int) -> Handlingsplan:
    """The plan, for who may know what others have tried with it; 404 for a reader, who needs a link."""
    plan = plan_att_lasa(request, till_ar)
    if not ratter(request).far_lasa_odelat:
        raise Http404("Sparade scenarier ses av samordnare, beredning och administratörer, och av den som har en länk.")
    return plan


def plan_att_granska(request: HttpRequest, till_ar: int) -> Handlingsplan:
    """The plan with what the proofreader finds, for those who make and prepare it; 404 for readers at a party."""
    plan = plan_att_lasa(request, till_ar)
    if not far_granska(request):
        raise Http404("Granskningen ses av samordnare, beredning och administratörer.")
    return plan


def far_granska(request: HttpRequest) -> bool:
    return ratter(request).far_lasa_odelat


def krav_spara_scenarier(request: HttpRequest) -> Ratter:
    de = ratter(request)
    if not de.far_spara_scenarier:
        raise PermissionDenied("Bara samordnare och beredningen sparar scenarier. Du kan prova utan att spara.")
    return de


def far_andra_scenario(request: HttpRequest, forfattare: int | None) -> bool:
    """Whether the user may change a scenario made by the account `forfattare`: a coordinator, or its own author."""
    de = ratter(request)
    return de.far_redigera_plan or (de.far_spara_scenarier and forfattare == request.user.pk)


def krav_andra_scenario(request: HttpRequest, forfattare: int | None) -> None:
    if not far_andra_scenario(request, forfattare):
        raise PermissionDenied("Bara samordnare och den som har gjort scenariot ändrar det.")
