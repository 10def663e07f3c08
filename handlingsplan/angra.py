"""A message with a button that takes the act back."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest

_PREFIX = "angra:"


@dataclass(frozen=True, slots=True)
class Angra:
    """Where the button posts, and the version of the row as the act left it."""

    adress: str
    version: int


def meddela(request: HttpRequest, text: str, *, adress: str, version: int) -> None:
    """Tell of something done, with Ångra beside it."""
    messages.success(request, text, extra_tags=f"{_PREFIX}{version}:{adress}")


def las(extra_tags: str | None) -> Angra | None:
    """The button of a message, from its tags; None where it has none."""
    if not extra_tags or not extra_tags.startswith(_PREFIX):
        return None
    version, _, adress = extra_tags.removeprefix(_PREFIX).partition(":")
    return Angra(adress=adress, version=int(version))
