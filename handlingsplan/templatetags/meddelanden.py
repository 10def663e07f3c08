"""What a message carries besides its text."""

from __future__ import annotations

from django import template
from django.contrib.messages.storage.base import Message

from handlingsplan import angra, vidare
from handlingsplan.redigering import SPARAD

register = template.Library()


@register.filter
def sparad_del(message: Message) -> str:
    """The address that the saved form was sent to; nothing for other messages."""
    tagg = message.extra_tags or ""
    return tagg.removeprefix(SPARAD) if tagg.startswith(SPARAD) else ""


@register.filter
def angra_knapp(message: Message) -> angra.Angra | None:
    return angra.las(message.extra_tags)


@register.filter
def vidare_lank(message: Message) -> vidare.Vidare | None:
    return vidare.las(message.extra_tags)
