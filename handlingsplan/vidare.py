"""A message with a link to where one goes on from what it tells of."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest

_PREFIX = "vidare:"


@dataclass(frozen=True, slots=True)
class Vidare:
    """Where the link leads, and what it says."""

    adress: str
    text: str


def meddela(request: HttpRequest, text: str, *, adress: str, lanktext: str) -> None:
    """Tell of something done, with a link beside it."""
    messages.success(request, text, extra_tags=f"{_PREFIX}{adress} {lanktext}")


def las(extra_tags: str | None) -> Vidare | None:
    """The link of a message, from its tags; None where it has none."""
    if not extra_tags or not extra_tags.startswith(_PREFIX):
        return None
    adress, _, text = extra_tags.removeprefix(_PREFIX).partition(" ")
    return Vidare(adress, text)
