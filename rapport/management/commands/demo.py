"""`manage.py demo`: the application with the demo plan, on this machine."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection, transaction

from handlingsplan.historiktriggers import utan_triggers
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman, Installation
from rapport import demodata
from rapport.demouppsattningar import ALLA, FELAKTIG, SKANE, Uppsattning, ar_felaktig, inlast

# Whose rows the demo may throw away: our own, and what allauth and the sessions keep of our users.
APPAR = ("rapport", "budget", "insatsomraden", "handlingsplan", "account", "sessions")
ADMINISTRATOR = "administrator@exempel.se"


class Command(BaseCommand):
    help = "Laddar demoplanen och startar servern. Det som redan är redigerat i en demo behålls."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--utan-server", action="store_true", help="ladda bara, starta inte servern")
        parser.add_argument("--om", action="store_true", help="börja om: kastar det som är ändrat i demon")
        parser.add_argument(
            "--uppsattning", choices=list(ALLA), help="vilken region demon visar (skane, om inget sägs)"
        )
        parser.add_argument(
            "--felaktig", action="store_true", help="2024 års plan med kända fel i, att öva granskning på"
        )
        parser.add_argument("--tom", action="store_true", help="tom installation med en administratör")
        parser.add_argument("--port", type=int, default=8000, help="port för servern (8000)")

    def handle(self, *args: Any, **val: Any) -> None:
        if settings.PRODUKTION:
            raise CommandError("Demon laddas inte i en driftsmiljö (SECRET_KEY eller DATABASE_URL är satt).")
        call_command("migrate", verbosity=0)
        vald = ALLA.get(val["uppsattning"])
        if val["tom"] and vald:
            raise CommandError("En tom installation har ingen uppsättning. Välj antingen --tom eller --uppsattning.")
        if val["felaktig"]:
            if val["tom"] or vald not in (None, SKANE):
                raise CommandError("Den felaktiga kopian är Skånes plan. Välj --felaktig för sig.")
            vald = FELAKTIG
        self._forbered(om=val["om"], tom=val["tom"], vald=vald)
        if not val["utan_server"]:
            self.stdout.write(f"\nÖppna http://127.0.0.1:{val['port']}/ i webbläsaren. Avsluta med Ctrl+C.\n")
            self.stdout.flush()
            call_command("runserver", f"127.0.0.1:{val['port']}", use_reloader=False)

    def _forbered(self, *, om: bool, tom: bool, vald: Uppsattning | None) -> None:
        slag = Installation.objects.values_list("slag", flat=True).first()
        har_data = any(modell.objects.exists() for modell in (Anvandare, Handlingsplan, Huvudman))
        if slag is None and har_data:
            raise CommandError("Databasen innehåller uppgifter som demon inte har gjort. Den rörs inte.")
        if slag == Installation.Slag.TOM:
            if tom and not om:
                self.stdout.write("Den tomma installationen finns redan och behålls som den är.")
                return
            raise CommandError("Databasen är en egen installation, inte en demo. Den rörs inte.")
        if slag == Installation.Slag.DEMO and tom and not om:
            raise CommandError("Här finns redan en demo. Lägg till --om för att kasta den.")
        finns = inlast() if slag == Installation.Slag.DEMO else None
        if vald == FELAKTIG and finns == SKANE:
            if not om and not ar_felaktig():
                raise CommandError("Här finns redan en demo. Lägg till --om för att kasta den och ladda den felaktiga.")
            finns = FELAKTIG
        if slag == Installation.Slag.DEMO and not om and vald not in (None, finns):
            raise CommandError(_annan_demo(finns, vald))
        if slag == Installation.Slag.DEMO and om:
            self._tom_databasen()
            slag = None
        if tom:
            self._skapa_tom()
            return
        uppsattning = vald or finns or SKANE
        if slag is None:
            self.stdout.write(f"Laddar demon för {uppsattning.titel} (första gången, några sekunder) …")
            demodata.ladda(self._sag, uppsattning=uppsattning)
        else:
            self.stdout.write("Demon finns redan. Det som är ändrat i den behålls; --om börjar om.")
        self._visa_konton(uppsattning)

    def _sag(self, steg: str) -> None:
        self.stdout.write(f"  {steg}")
        self.stdout.flush()

    @transaction.atomic
    def _skapa_tom(self) -> None:
        losenord = secrets.token_urlsafe(12)
        Anvandare.objects.create_superuser(ADMINISTRATOR, losenord, namn="Administratör")
        Installation.objects.create(slag=Installation.Slag.TOM)
        self.stdout.write(
            f"Tom installation. Logga in som {ADMINISTRATOR} med lösenordet {losenord}\nDet visas bara nu."
        )

    def _visa_konton(self, uppsattning: Uppsattning) -> None:
        self.stdout.write(f"\nKonton i demon, alla med lösenordet {demodata.DEMOLOSENORD}")
        for email, namn, _, _ in uppsattning.konton:
            self.stdout.write(f"  {email:<30} {namn}")

    @transaction.atomic
    def _tom_databasen(self) -> None:
        """Remove every row that the demo or its users made. Only reached in a database that the demo made."""
        # Foreign keys are checked at commit, so the order is free; the history is thrown away with the rest.
        with utan_triggers(connection), connection.cursor() as markor:
            for app in APPAR:
                for modell in reversed(list(apps.get_app_config(app).get_models(include_auto_created=True))):
                    markor.execute(f"DELETE FROM {connection.ops.quote_name(modell._meta.db_table)}")  # noqa: S608


def _annan_demo(finns: Uppsattning | None, vald: Uppsattning | None) -> str:
    """That another region's demo is here, and what to do."""
    har = f"demon för {finns.titel}" if finns else "en demo för en annan region"
    ska = vald.titel if vald else ""
    return (
        f"Här finns redan {har}. Lägg till --om för att kasta den och ladda {ska} i stället, eller peka ut en annan"
        " databas med DATABASE_URL."
    )
