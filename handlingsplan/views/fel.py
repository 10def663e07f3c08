"""Error pages: what happened and what to do, in Swedish, without leaning on the database."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from html import unescape
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags

_EJ_SKRIVET = frozenset({"csrfmiddlewaretoken", "version", "avtryck", "riktning", "angrat", "ta_tillbaka"})


def felsida(
    request: HttpRequest | None, status: int, rubrik: str, text: str, plan: str = "", skrivet: Sequence[str] = ()
) -> HttpResponse:
    """A page that needs neither session nor database, so that it can be shown whatever has failed.

    `plan` is the address of the plan to go back to, where there is one; `skrivet` the texts that were not taken in.
    """
    innehall = {"rubrik": rubrik, "text": text, "kod": status, "plan": plan, "skrivet": skrivet}
    return HttpResponse(render_to_string("fel.html", innehall), status=status)


def sida_400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent could not be taken in: too large, too many fields, or garbled."""
    return felsida(
        request,
        400,
        "Det som skickades gick inte att ta emot",
        "Det kan vara för stort: ett formulär får vara högst 5 MB. Gå tillbaka; det du skrev står kvar på sidan.",
    )


def _skrivet(request: HttpRequest) -> list[str]:
    """What a person had typed in a form that can no longer be saved, as plain text: the plan was adopted, say."""
    if request.resolver_match is None:  # no form of ours leads there, and nobody has yet asked how large it is
        return []
    falt = {namn: varde for namn, varde in request.POST.items() if namn.isidentifier() and namn not in _EJ_SKRIVET}
    radvis = (re.sub(r"</(p|li|h[1-6])>|<br ?/?>", "\n", str(varde)) for varde in falt.values())
    return [text for text in (unescape(strip_tags(en)).strip() for en in radvis) if text]


def sida_403(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    text = str(exception or "") or "Ditt konto har inte den behörighet som behövs här."
    return felsida(request, 403, "Du har inte behörighet", text, skrivet=_skrivet(request))


def sida_404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    har_text = isinstance(exception, Http404) and bool(exception.args) and isinstance(exception.args[0], str)
    # get_object_or_404 says in English what it did not find.
    engelska = isinstance(getattr(exception, "__context__", None), ObjectDoesNotExist)
    egen = str(exception) if har_text and not engelska else ""
    annars = "Adressen leder inte till någon sida, eller till något som har tagits bort."
    return felsida(request, 404, "Sidan finns inte", egen or annars, skrivet=_skrivet(request))


def sida_403_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    return felsida(
        request,
        403,
        "Formuläret gick inte att ta emot",
        "Sidan kan ha varit öppen för länge, eller så har du loggat in igen i en annan flik. Gå tillbaka, "
        "kopiera det du skrev, ladda om sidan och försök igen.",
    )


def sida_500(request: HttpRequest) -> HttpResponse:
    """What nobody caught, logged by Django. A database that does not answer is 503, wherever it was asked.

    A middleware's process_exception would not do: the user is asked for before any view is called.
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        response = felsida(
            request, 503, "Tjänsten svarar inte just nu", "Databasen går inte att nå. Försök igen om någon minut."
        )
        response.headers["Retry-After"] = "60"
        return response
    return felsida(
        request,
        500,
        "Något gick fel hos oss",
        "Felet är loggat. Det du senast sparade finns kvar. Försök igen om en stund.",
    )


def bara_post(vy: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view behind a button. A GET comes from a log-in in between, and is told that nothing was done."""

    @wraps(vy)
    def inre(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return vy(request, *args, **kwargs)
        response = felsida(
            request,
            405,
            "Ingenting är gjort",
            "Hit kommer man med en knapp. Har du just loggat in igen, gå tillbaka till planen och tryck en gång till.",
            plan=reverse("plan", args=[kwargs["till_ar"]]) if "till_ar" in kwargs else "",
        )
        response.headers["Allow"] = "POST"
        return response

    return inre
