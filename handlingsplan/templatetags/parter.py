"""Who the parties are, for pages that belong to no plan."""

from __future__ import annotations

from django import template

from handlingsplan.models import Huvudman
from handlingsplan.partsord import parter_i_ord

register = template.Library()


@register.simple_tag
def parterna() -> str:
    """The parties in words, "" where there are none. One statement."""
    alla = list(Huvudman.objects.values_list("typ", "officiellt_namn"))
    regioner = [namn for typ, namn in alla if typ == Huvudman.Typ.REGION]
    return parter_i_ord(regioner, len(alla) - len(regioner))
