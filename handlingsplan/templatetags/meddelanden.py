"""What a message carries besides its text."""

from __future__ import annotations

from django import template
from django.contrib.messages.storage.base import Message

from handlingsplan import angra

register = template.Library()


@register.filter
def angra_knapp(message: Message) -> angra.Angra | None:
    return angra.las(message.extra_tags)
