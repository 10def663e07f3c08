"""Answers that are no pages."""

from __future__ import annotations

from django.http import HttpResponse


def fil(innehall: bytes, typ: str, namn: str) -> HttpResponse:
    """A file to be saved under `namn`."""
    return HttpResponse(innehall, content_type=typ, headers={"Content-Disposition": f'attachment; filename="{namn}"'})
