"""Error pages: what happened and what to do, in Swedish, without leaning on the database."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

logg = logging.getLogger(__name__)


def felsida(request: HttpRequest | None, status: int, rubrik: str, text: str) -> HttpResponse:
    """A page that needs neither session nor database, so that it can be shown whatever has failed."""
    return HttpResponse(render_to_string("fel.html", {"rubrik": rubrik, "text": text, "kod": status}), status=status)


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
    egen = str(exception) if har_text else ""
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
    return felsida(
        request,
        500,
        "Något gick fel hos oss",
        "Felet är loggat. Det du senast sparade finns kvar. Försök igen om en stund.",
    )


def databasen_borta(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a database that does not answer is 503 with a page, not a stack trace."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        logg.error("databasen svarar inte", exc_info=exception)
        response = felsida(
            request, 503, "Tjänsten svarar inte just nu", "Databasen går inte att nå. Försök igen om någon minut."
        )
        response.headers["Retry-After"] = "60"
        return response

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
