"""How allauth behaves here: accounts are made by an administrator, never by the visitor."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.account.views import password_reset
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from handlingsplan import behorighet
from handlingsplan.models import Anvandare, Handlingsplan

logg = logging.getLogger(__name__)


class Kontoadapter(DefaultAccountAdapter):
    error_messages: dict[str, Any] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Kontot är stängt. Be en administratör öppna det.",
        "email_password_mismatch": "E-postadressen eller lösenordet stämmer inte.",
        "enter_current_password": "Det är inte ditt nuvarande lösenord.",
        "invalid_password_reset": "Länken gäller inte längre.",
        "rate_limited": "Det blev för många försök på kort tid. Vänta en stund och försök igen.",
        "too_many_login_attempts": (
            "Det blev för många misslyckade försök för den här adressen. Vänta tio minuter och försök igen."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who only reads for a party meets the party's own page first; everyone else starts at the overview."""
        de = behorighet.ratter_for(request.user) if isinstance(request.user, Anvandare) else behorighet.INGA
        plan = Handlingsplan.objects.filter(delad_at__isnull=False).first() if de.bara_lasare else None
        if plan is None:
            return reverse("oversikt")
        return reverse("huvudman_andel", args=[plan.till_ar, de.huvudman_koder[0]])

    def get_client_ip(self, request: HttpRequest) -> str:
        """What attempts are counted by. Behind a Unix socket there is no address; all then share one count.

        X-Forwarded-For is not read: anybody can write it.
        """
        return request.META.get("REMOTE_ADDR") or "okand"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)


@login_not_required
def glomt_losenord(request: HttpRequest) -> HttpResponseBase:
    """allauth's page. Without a mail server it takes nothing in: the letter would go to the log, link and all."""
    if request.method == "POST" and not settings.HAR_EPOST:
        return redirect("account_reset_password")
    svar: HttpResponseBase = password_reset(request)
    return svar


def engangslank(request: HttpRequest, anvandare: Anvandare) -> str:
    """An absolute link with which the user sets a password, once, until `engangslank_galler_till`.

    It is handed over by an administrator where there is no mail. It stops working when it has been used,
    since the token is made from the old password.
    """
    nyckel = default_token_generator.make_token(anvandare)
    adress = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(anvandare), nyckel])
    return request.build_absolute_uri(adress)


def engangslank_galler_till() -> datetime:
    """When a link that is made now stops working."""
    return timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def mejla_engangslank(request: HttpRequest, anvandare: Anvandare, lank: str) -> bool:
    """Send a new user the link. False where there is no mail server or it refuses: then it is shown instead."""
    if not settings.HAR_EPOST:
        return False
    innehall = {"anvandare": anvandare, "lank": lank, "galler_till": engangslank_galler_till()}
    try:
        get_adapter(request).send_mail("account/email/nytt_konto", anvandare.email, innehall)
    except (SMTPException, OSError):
        logg.exception("länken till ett nytt konto gick inte att skicka")
        return False
    return True


def glom_adresser(anvandare: Anvandare) -> None:
    """Drop allauth's own copies of the user's addresses.

    allauth logs in and mails reset links by them too: an address that the user no longer has, and that another
    user may have got, would still lead into this account.
    """
    EmailAddress.objects.filter(user=anvandare).delete()


def avsluta_sessioner(anvandare: Anvandare) -> None:
    """Log the user out everywhere. Otherwise an old session wakes up if the account is opened again.

    Reads all sessions that have not expired; what a session holds cannot be searched for in the database.
    """
    alla = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    hens = [session.pk for session in alla if session.get_decoded().get(SESSION_KEY) == str(anvandare.pk)]
    Session.objects.filter(pk__in=hens).delete()
