"""`manage.py importera_folkmangd`: population from one of SCB's files, all or nothing."""

from __future__ import annotations

import unicodedata
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from budget import folkmangd
from budget.belopp import visa_heltal
from budget.formular_folkmangd import KALLA
from budget.models import Folkmangd
from budget.scb import las_fil
from budget.scb.lasning import HOGSTA_STORLEK
from handlingsplan.falt import las_isodatum


def _datum(text: str) -> date:
    datum = las_isodatum(text)
    if datum is None:
        raise CommandError(f"”{text}” är inget datum. Skriv år-månad-dag, till exempel 2022-12-31.")
    return datum


def _kalla(text: str) -> str:
    """The source as it is stored; refused here rather than by the database."""
    langst = Folkmangd._meta.get_field("kalla").max_length or 0
    text = text.strip()
    if not text:
        raise CommandError("Källan är tom. Skriv varifrån siffrorna kommer.")
    if len(text) > langst:
        raise CommandError(f"Källan har {len(text)} tecken. Den får ha högst {langst}.")
    if any(unicodedata.category(tecken) == "Cc" for tecken in text):
        raise CommandError("Källan innehåller ett styrtecken, till exempel en radbrytning. Skriv den på en rad.")
    return text


class Command(BaseCommand):
    help = (
        "Läser in kommunernas folkmängd från en av SCB:s filer (CSV eller Excel). Säger rad för rad vad som sker. "
        "Är någon rad fel sparas ingenting, och kommandot slutar med 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fil", type=Path, metavar="FIL", help="filen från SCB")
        parser.add_argument("--datum", required=True, help="dagen som ska läsas, till exempel 2022-12-31")
        parser.add_argument("--torr", action="store_true", help="säg bara vad som skulle ske, spara ingenting")
        parser.add_argument("--kalla", default=KALLA, help=f"källan som sparas med siffrorna ({KALLA})")

    def handle(self, *args: Any, fil: Path, datum: str, torr: bool, kalla: str, **val: Any) -> None:
        dag, kalla = _datum(datum), _kalla(kalla)
        plan = folkmangd.planera(las_fil(fil.name, _las(fil), dag), dag)
        self._skriv_rader(plan, alla=val["verbosity"] > 1)
        if not plan.kan_genomforas:
            raise CommandError(f"Ingenting är sparat: {_antal(plan, 'vagrad')} fel i {fil.name}.")
        if torr:
            self.stdout.write("Torr körning: ingenting är sparat.")
            return
        try:
            antal = folkmangd.genomfor(plan, kalla, None)
        except folkmangd.Importfel as fel:
            raise CommandError(str(fel)) from fel
        self.stdout.write(f"Sparat: {antal} siffror." if antal else "Inget att spara: alla siffror fanns redan.")

    def _skriv_rader(self, plan: folkmangd.Importplan, *, alla: bool) -> None:
        """One line per row in the file's order; codes that are no party are counted, and named with -v 2."""
        for rad in plan.rader:
            if rad.utfall != "overhoppad" or alla:
                self.stdout.write(_rad(rad))
        for text in plan.anmarkningar:
            self.stdout.write(f"Obs: {text}")
        self.stdout.write(
            f"Folkmängd den {plan.datum.isoformat()}: {_antal(plan, 'ny')} nya, {_antal(plan, 'andrad')} ändrade, "
            f"{_antal(plan, 'oforandrad')} oförändrade, {_antal(plan, 'overhoppad')} hoppas över (inte huvudmän), "
            f"{_antal(plan, 'vagrad')} fel."
        )


def _las(fil: Path) -> bytes:
    """The file, or a little more of it than the reader accepts, so that a mistake does not fill the memory."""
    try:
        with fil.open("rb") as oppen:
            return oppen.read(HOGSTA_STORLEK + 1)
    except OSError as fel:
        raise CommandError(f"Det går inte att läsa {fil}: {fel.strerror or fel}.") from fel


def _antal(plan: folkmangd.Importplan, utfall: folkmangd.Utfall) -> int:
    return len(plan.med(utfall))


def _rad(rad: folkmangd.Importrad) -> str:
    var = f"Rad {rad.radnummer}" if rad.radnummer else "Filen"
    if rad.utfall == "vagrad":
        return f"{var}: FEL. {rad.meddelande}"
    antal = visa_heltal(rad.antal or 0)
    vad = {
        "ny": f"ny, {antal}",
        "andrad": f"ändras, {visa_heltal(rad.fore or 0)} → {antal}",
        "oforandrad": f"oförändrad, {antal}",
        "overhoppad": "hoppas över, ingen huvudman",
    }[rad.utfall]
    return f"{var}: {rad.kod} {rad.namn}: {vad}"
