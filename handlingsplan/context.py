"""What every page's head and foot need: who is logged in, which plan the person stands in, and the way around."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from handlingsplan import behorighet
from handlingsplan.models import Handlingsplan, Huvudman, Roll

# (text, URL name, takes the plan's year)
_PLANSIDOR = (("Planen", "plan"), ("Budget", "budget"), ("Fördelning", "fordelning"))


def sidhuvud(request: HttpRequest) -> dict[str, Any]:
    """Head and foot for the user's roles.

    Costs two statements per page, roles and the plan, and one more for a reader: whom the reader reads for.
    `kontaktplan` is a function, asked only by the pages that use it.
    """
    alltid = {
        "tillganglighetsadress": reverse("tillganglighet"),
        "kontaktplan": kontaktplan,
        "har_epost": settings.HAR_EPOST,
    }
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"nav": [], "ratter": behorighet.INGA, "valdplan": None} | alltid
    ratter = behorighet.ratter(request)
    plan = _vald_plan(request)
    return {
        "nav": _nav(request, ratter, plan),
        "ratter": ratter,
        "valdplan": plan,
        "roller": _roller(ratter),
        "sokadress": reverse("plan_sok", args=[plan.till_ar]) if plan else "",
        "hjalpadress": reverse("hjalp"),
        "kontoadress": reverse("account_change_password"),
    } | alltid


def kontaktplan() -> Handlingsplan | None:
    """The newest shared plan that names a contact: whom to ask, also for who is not logged in."""
    return Handlingsplan.objects.filter(delad_at__isnull=False).exclude(kontakt_epost="").first()


def _vald_plan(request: HttpRequest) -> Handlingsplan | None:
    traff = getattr(request, "resolver_match", None)
    till_ar = traff.kwargs.get("till_ar") if traff else None
    planer = behorighet.synliga_planer(request)
    if till_ar is not None:
        planer = planer.filter(till_ar=till_ar)
    return planer.first()


def _roller(ratter: behorighet.Ratter) -> list[str]:
    """The user's roles in words; a reader's and an ekonom's with the party's name."""
    ovriga = [slag.label for slag in Roll.Slag if slag in ratter.roller - behorighet.HOS_HUVUDMAN]
    if not ratter.huvudman_koder:
        return ovriga
    egna = Huvudman.objects.filter(kod__in=ratter.huvudman_koder)
    return [
        *ovriga,
        *(
            f"{'ekonom hos' if kod in ratter.ekonom_for else 'läsare för'} {namn}"
            for kod, namn in egna.values_list("kod", "officiellt_namn")
        ),
    ]


def _nav(request: HttpRequest, ratter: behorighet.Ratter, plan: Handlingsplan | None) -> list[tuple[str, str, bool]]:
    poster = [("Översikt", reverse("oversikt"))]
    if plan is not None:
        poster += [(text, reverse(namn, args=[plan.till_ar])) for text, namn in _PLANSIDOR]
        if ratter.huvudman_koder:
            poster.append(("Vår andel", reverse("huvudman_andel", args=[plan.till_ar, ratter.huvudman_koder[0]])))
    if ratter.ekonom_for:
        poster.append(("Fakturering", reverse("huvudman_fakturering", args=[ratter.ekonom_for[0]])))
    if ratter.far_lasa:
        poster.append(("Planer", reverse("planer")))
        poster.append(("Huvudmän", reverse("huvudman_lista")))
        poster.append(("Folkmängd", reverse("folkmangd")))
    if ratter.far_hantera_anvandare:
        poster.append(("Användare", reverse("anvandare_lista")))
    return [(text, adress, request.path == adress) for text, adress in poster]
