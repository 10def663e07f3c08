"""What an administrator does with accounts and roles, and what keeps somebody able to do it.

Every function is a transaction of its own. Those that could leave the installation without an administrator hold
the administrators' rows while they look, so that two who remove each other at once do not both succeed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from handlingsplan import konton
from handlingsplan.models import Anvandare, Huvudman, Roll
from handlingsplan.sparande import avtryck


class Hinder(Exception):
    """The act is refused; the message says why and what to do instead, in Swedish."""


class Andrad(Hinder):
    """Somebody else has changed the account since the page was read. Nothing is written before the person chooses."""


def kontoavtryck(anvandare: Anvandare) -> str:
    """What the form of an account carries, so that two administrators do not undo each other."""
    return avtryck(f"{anvandare.namn}\n{anvandare.email}")


@contextmanager
def _ledig_adress() -> Iterator[None]:
    """The form has looked already, but a double click gets past that: the database has the last word."""
    try:
        yield
    except IntegrityError as fel:
        raise Hinder("Det finns redan ett konto med den e-postadressen.") from fel


def skapa(email: str, namn: str, slag: str, huvudman: Huvudman | None) -> Anvandare:
    """A new account with its first role and no password yet: the one-time link sets that."""
    with _ledig_adress(), transaction.atomic():
        anvandare = Anvandare.objects.create_user(email, None, namn=namn)
        Roll.objects.create(anvandare=anvandare, slag=slag, huvudman=huvudman)
    return anvandare


def andra(anvandare: Anvandare, email: str, namn: str, *, vid_lasning: str) -> None:
    """New name and address, where the account still is as `vid_lasning`. The old address stops working at once."""
    with _ledig_adress(), transaction.atomic():
        sparad = Anvandare.objects.select_for_update().get(pk=anvandare.pk)
        if kontoavtryck(sparad) != vid_lasning and (sparad.email, sparad.namn) != (email, namn):
            raise Andrad(
                f"Någon annan har ändrat kontot sedan du öppnade sidan: {sparad.namn}, {sparad.email}. "
                "Inget är sparat. Spara igen om det du har skrivit ska gälla i stället."
            )
        if sparad.email != email:
            konton.glom_adresser(anvandare)
        Anvandare.objects.filter(pk=anvandare.pk).update(email=email, namn=namn)


def ge_roll(anvandare: Anvandare, slag: str, huvudman: Huvudman | None) -> bool:
    """Give the role; False where the user had it already."""
    _, ny = Roll.objects.get_or_create(anvandare=anvandare, slag=slag, huvudman=huvudman)
    return ny


@transaction.atomic
def ta_bort_roll(roll: Roll, *, av: Anvandare) -> None:
    if roll.slag == Roll.Slag.ADMINISTRATOR:
        if roll.anvandare_id == av.pk:
            raise Hinder("Du kan inte ta bort din egen roll som administratör. Be en annan administratör göra det.")
        _krav_en_till(roll.anvandare_id)
    roll.delete()


@transaction.atomic
def stang(anvandare: Anvandare, *, av: Anvandare) -> None:
    """Close the account: nobody logs in with it, and who is logged in is logged out."""
    if anvandare.pk == av.pk:
        raise Hinder("Du kan inte stänga ditt eget konto. Be en annan administratör göra det.")
    _krav_en_till(anvandare.pk)
    Anvandare.objects.filter(pk=anvandare.pk).update(is_active=False)
    konton.avsluta_sessioner(anvandare)


def oppna(anvandare: Anvandare) -> None:
    """Open a closed account. Roles and password are as they were."""
    Anvandare.objects.filter(pk=anvandare.pk).update(is_active=True)


def _krav_en_till(anvandare_id: int) -> None:
    """Refuse where no open administrator is left when this user is not one."""
    roller = Roll.objects.filter(slag=Roll.Slag.ADMINISTRATOR)
    list(roller.order_by("pk").select_for_update().values_list("pk"))
    ar_en = roller.filter(anvandare_id=anvandare_id)
    andra_oppna = roller.filter(anvandare__is_active=True).exclude(anvandare_id=anvandare_id)
    if ar_en.exists() and not andra_oppna.exists():
        raise Hinder("Det här är den sista administratören med öppet konto. Gör någon annan till administratör först.")
