"""`manage.py importera_folkmangd`: population from one of SCB's files, all or nothing."""

from __future__ import annotations

import unicodedata
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from budget import folkmangd
from budget.alder import Aldersfel, Aldersspann, las_alder
from budget.belopp import visa_heltal, visa_kr, visa_tecken
from budget.folkmangdsberoende import Beroenden, beroenden
from budget.formular_folkmangd import KALLA, giltig_dag
from budget.models import Folkmangd
from budget.scb import las_fil
from budget.scb.lasning import HOGSTA_STORLEK
from handlingsplan.falt import FORSTA_AR, las_isodatum


def _datum(text: str) -> date:
    datum = las_isodatum(text)
    if datum is None:
        raise CommandError(f"”{text}” är inget datum. Skriv år-månad-dag, till exempel 2022-12-31.")
    if giltig_dag(text) is None:
        raise CommandError(f"{text} kan inte ha någon folkmängd här. Skriv ett datum från {FORSTA_AR} till i dag.")
    return datum


def _alder(text: str) -> Aldersspann:
    try:
        return las_alder(text)
    except Aldersfel as fel:
        raise CommandError(str(fel)) from fel


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
        "Läser in kommunernas folkmängd från en av SCB:s filer (CSV, Excel, JSON-stat2 eller PC-Axis). Säger rad för "
        "rad vad som sker och vilka andelar som ändras. Är någon rad fel sparas ingenting, och kommandot slutar med 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fil", type=Path, metavar="FIL", help="filen från SCB")
        parser.add_argument("--datum", required=True, help="dagen som ska läsas, till exempel 2022-12-31")
        parser.add_argument("--alder", default="", help="ett åldersspann, som 65- eller 0-17; annars alla åldrar")
        parser.add_argument("--torr", action="store_true", help="säg bara vad som skulle ske, spara ingenting")
        parser.add_argument("--kalla", default=KALLA, help=f"källan som sparas med siffrorna ({KALLA})")

    def handle(self, *args: Any, fil: Path, datum: str, alder: str, torr: bool, kalla: str, **val: Any) -> None:
        dag, kalla, spann = _datum(datum), _kalla(kalla), _alder(alder)
        plan = folkmangd.planera(las_fil(fil.name, _las(fil), dag, alder=spann), dag)
        self._skriv_rader(plan, alla=val["verbosity"] > 1)
        if not plan.kan_genomforas:
            raise CommandError(f"Ingenting är sparat: {_antal(plan, 'vagrad')} fel i {fil.name}.")
        self._skriv_beroende(beroenden(dag, plan.nya_tal, spann.kod), alla=val["verbosity"] > 1)
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
                self.stdout.write(_rad(rad, plan.radord))
        for text in plan.anmarkningar:
            self.stdout.write(f"Obs: {text}")
        self.stdout.write(
            f"Folkmängd den {plan.datum.isoformat()}: {_antal(plan, 'ny')} nya, {_antal(plan, 'andrad')} ändrade, "
            f"{_antal(plan, 'oforandrad')} oförändrade, {_antal(plan, 'overhoppad')} hoppas över (inte huvudmän), "
            f"{_antal(plan, 'vagrad')} fel."
        )

    def _skriv_beroende(self, beroende: Beroenden, *, alla: bool) -> None:
        """One line per year that is split by the date; every party's share, before and after, with -v 2."""
        for en in beroende.flyttas:
            vad = f"{len(en.rader)} av {en.antal_parter} andelar ändras." if en.antal_parter else en.efter.skal
            mest = f" Mest: {en.storst.namn}, {visa_tecken(en.storst.skillnad or 0)} kr." if en.storst else ""
            self.stdout.write(f"{en.plan}, {en.budgetar}: {vad}{mest}")
            for rad in en.rader if alla else ():
                fore = "ingen" if rad.fore is None else f"{visa_kr(rad.fore)} kr"
                self.stdout.write(f"  {rad.kod} {rad.namn}: {fore} → {visa_kr(rad.efter)} kr")
        for beslutat in beroende.beslutade:
            self.stdout.write(f"{beslutat.plan}, {beslutat.budgetar}: fastställd, ändras inte.")


def _las(fil: Path) -> bytes:
    """The file, or a little more of it than the reader accepts, so that a mistake does not fill the memory."""
    try:
        with fil.open("rb") as oppen:
            return oppen.read(HOGSTA_STORLEK + 1)
    except OSError as fel:
        raise CommandError(f"Det går inte att läsa {fil}: {fel.strerror or fel}.") from fel


def _antal(plan: folkmangd.Importplan, utfall: folkmangd.Utfall) -> int:
    return len(plan.med(utfall))


def _rad(rad: folkmangd.Importrad, radord: str) -> str:
    var = f"{radord} {rad.radnummer}" if rad.radnummer else "Filen"
    if rad.utfall == "vagrad":
        return f"{var}: FEL. {rad.meddelande}"
    antal = visa_heltal(rad.antal or 0)
    vad = {
        "ny": f"ny, {antal}",
        "andrad": f"ändras, {visa_heltal(rad.fore or 0)} → {antal}",
        "oforandrad": f"oförändrad, {antal}",
        "overhoppad": "hoppas över, ingen huvudman",
    }[rad.utfall]
    return f"{var}: {rad.kod} {rad.namn}: {vad}{f'. Obs: {rad.varning}' if rad.varning else ''}"
