"""Error pages: what happened and what to do, in Swedish, without leaning on the database."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse


def felsida(request: HttpRequest | None, status: int, rubrik: str, text: str, plan: str = "") -> HttpResponse:
    """A page that needs neither session nor database, so that it can be shown whatever has failed.

    `plan` is the address of the plan to go back to, where there is one.
    """
    innehall = {"rubrik": rubrik, "text": text, "kod": status, "plan": plan}
    return HttpResponse(render_to_string("fel.html", innehall), status=status)


def sida_400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent could not be taken in: too large, too many fields, or garbled."""
    return felsida(
        request,
        400,
        "Det som skickades gick inte att ta emot",
        "Det kan vara för stort: ett formulär får vara högst 5 MB. Gå tillbaka; det du skrev står kvar på sidan.",
    )


def sida_403(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    text = str(exception or "") or "Ditt konto har inte den behörighet som behövs här."
    return felsida(request, 403, "Du har inte behörighet", text)


def sida_404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    har_text = isinstance(exception, Http404) and bool(exception.args) and isinstance(exception.args[0], str)
    # get_object_or_404 says in English what it did not find.
    engelska = isinstance(getattr(exception, "__context__", None), ObjectDoesNotExist)
    egen = str(exception) if har_text and not engelska else ""
    annars = "Adressen leder inte till någon sida, eller till något som har tagits bort."
    return felsida(request, 404, "Sidan finns inte", egen or annars)


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
