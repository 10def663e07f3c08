"""Help, and the statement on accessibility that the law asks for."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from handlingsplan import behorighet


def hjalp(request: HttpRequest) -> HttpResponse:
    """For everyone who is logged in, also without a role: it says whom to ask."""
    ratter = behorighet.ratter(request)
    return render(request, "hjalp/hjalp.html", {"ratter": ratter})


@login_not_required
def tillganglighet(request: HttpRequest) -> HttpResponse:
    """Public, since the statement must be found by whoever cannot get in."""
    return render(request, "hjalp/tillganglighet.html")
