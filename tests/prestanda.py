"""Measure, not test: `python3 dev.py manage` is not needed, run `.venv/bin/python -m tests.prestanda`.

Prints the table of docs/prestanda.md. Everything is measured in one run on one machine: compare the rows with each
other and the ratios between machines, not the seconds. A temporary SQLite database is made and thrown away.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

MAPP = tempfile.TemporaryDirectory(prefix="handlingsplan-prestanda-")
os.environ["DATABASE_URL"] = f"sqlite:///{MAPP.name}/prestanda.sqlite3"
os.environ["DEBUG"] = "1"
os.environ["ALLOWED_HOSTS"] = "testserver"
os.environ["DJANGO_SETTINGS_MODULE"] = "handlingsplan.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.test import Client  # noqa: E402

import dev  # noqa: E402
from budget.effekter import effekter  # noqa: E402
from budget.fordelning import Modell, Part, fordela_plan  # noqa: E402
from budget.harledning import avkortat  # noqa: E402
from budget.radfordelning import Arsunderlag, Rad, fordela_rader, matris  # noqa: E402
from budget.stegfordelning import stegmodell_av, underlag_av  # noqa: E402
from budget.stegharledning import harled_alla  # noqa: E402
from handlingsplan.models import Anvandare, Handlingsplan  # noqa: E402
from handlingsplan.textskillnad import skillnad  # noqa: E402
from insatsomraden.models import Aktivitet, Omradesutgava  # noqa: E402
from rapport import demodata, pdf  # noqa: E402
from rapport.bygg import plandokument  # noqa: E402
from rapport.excel.granskning import granska as granska_excel  # noqa: E402
from rapport.excel.lasning import las_fil  # noqa: E402
from rapport.granska.regler import REGLER, granska  # noqa: E402
from rapport.granskning import kunskap  # noqa: E402
from rapport.planjamforelse import jamfor  # noqa: E402
from tests.granskafall import stor_plan  # noqa: E402

VARV = 7


def mat(gor: Callable[[], object], varv: int = VARV) -> float:
    """Median seconds after one warm-up."""
    gor()
    tider = []
    for _ in range(varv):
        start = time.perf_counter()
        gor()
        tider.append(time.perf_counter() - start)
    return statistics.median(tider)


def rad(vad: str, sekunder: float, mer: str = "") -> None:
    print(f"| {vad} | {sekunder * 1000:.1f} ms | {mer} |", flush=True)


def plansida(klient: Client, antal: int) -> None:
    """The plan page with `antal` activities in all, as a coordinator sees it."""
    utgavor = list(Omradesutgava.objects.filter(plan__till_ar=2024, lage="ingar"))
    finns = Aktivitet.objects.filter(utgava__plan__till_ar=2024).count()
    Aktivitet.objects.bulk_create(
        Aktivitet(utgava=utgavor[i % len(utgavor)], avser_ar=2024, ordning=100 + i, text=f"Aktivitet nummer {i}")
        for i in range(antal - finns)
    )
    reset_queries()
    klient.get("/plan/2024/")
    fragor = len(connection.queries)
    rad(f"plansidan, {antal} aktiviteter", mat(lambda: klient.get("/plan/2024/")), f"{fragor} SQL-satser")


def autosparning(klient: Client, antal: int) -> None:
    """One autosave of one area's description, in a plan with `antal` activities in all."""
    utgava = Omradesutgava.objects.filter(plan__till_ar=2024, lage="ingar")[0]
    vag = f"/plan/2024/omrade/{utgava.pk}/beskrivning/"
    html = klient.get(vag).content.decode()
    bas = {namn: html.split(f'name="{namn}" value="')[1].split('"')[0] for namn in ("version", "avtryck")}
    varv = iter(range(10**6))

    def spara() -> None:
        text = {"beskrivning": f"<p>Text nummer {next(varv)}.</p>"}
        svar = klient.post(vag, bas | text, headers={"X-Autospara": "ja"}).json()
        bas.update(version=svar["version"], avtryck=" ".join("=".join(par) for par in svar["avtryck"].items()))

    reset_queries()
    spara()
    fragor = len(connection.queries)
    rad(f"autosparning, {antal} aktiviteter", mat(spara), f"{fragor} SQL-satser")


def rutnat(klient: Client) -> None:
    """One cell of the budget grid: what it comes to while it is typed, and when it saves by itself."""
    utgava = Omradesutgava.objects.get(plan__till_ar=2024, insatsomrade__kod="mina-planer")
    vag, cell = "/plan/2024/budget/redigera/", f"o{utgava.pk}-2024-sgd"
    bas = klient.get(vag).content.decode().split(f'name="bas-{cell}" value="')[1].split('"')[0]
    varv = iter(range(10**6))

    def rakna() -> None:
        klient.post("/plan/2024/budget/rakna/", {cell: str(next(varv)), f"bas-{cell}": bas})

    def spara() -> None:
        nonlocal bas
        data = {cell: str(600_000 + next(varv)), f"bas-{cell}": bas}
        bas = klient.post(vag, data, headers={"X-Autospara": "ja"}).json()["rutor"][cell]["bas"]

    for vad, gor in (("räknas om medan man skriver", rakna), ("autosparas", spara)):
        gor()
        reset_queries()
        gor()
        fragor = len(connection.queries)
        rad(f"en cell i budgeten {vad}", mat(gor), f"{fragor} SQL-satser")


def textskillnader() -> None:
    """Two texts as large as they may be, where every second word is another."""
    orden = [f"{nr:x}" for nr in range(6_000)]
    fore, efter = (
        f"<p>{' '.join(en if nr % 2 else lagg + en for nr, en in enumerate(orden))[:29_900]}</p>" for lagg in ("", "z")
    )
    rad("två texter om 30 000 tecken jämförs", mat(lambda: skillnad(fore, efter)), "vartannat ord är ett annat")


def granskning(klient: Client) -> None:
    """The proofreader on a generated plan, and its page on the demo's with 500 activities."""
    stor, kanda = stor_plan(500), kunskap()
    rad("granskning av en plan, 500 aktiviteter", mat(lambda: granska(stor, kanda)), f"{len(REGLER)} regler")
    reset_queries()
    klient.get("/plan/2024/granska/")
    fragor = len(connection.queries)
    rad("sidan Granska, 500 aktiviteter", mat(lambda: klient.get("/plan/2024/granska/")), f"{fragor} SQL-satser")


def jamforelse(klient: Client) -> None:
    """Two plans compared, the later with 500 activities: the records alone, and the page."""
    fore, efter = (plandokument(Handlingsplan.objects.get(till_ar=ett)) for ett in (2023, 2024))
    rad("två planer jämförs, 500 aktiviteter", mat(lambda: jamfor(fore, efter)), "")
    rad("en plan jämförs med sig själv, 500 aktiviteter", mat(lambda: jamfor(efter, efter)), "")
    reset_queries()
    klient.get("/plan/2024/jamfor/")
    fragor = len(connection.queries)
    rad("sidan Jämför, 500 aktiviteter", mat(lambda: klient.get("/plan/2024/jamfor/")), f"{fragor} SQL-satser")


def excel(klient: Client, antal: int) -> None:
    """The plan as a workbook, and the same one looked at when it comes back, with `antal` activities in all."""
    planen = Handlingsplan.objects.get(till_ar=2024)
    vag = "/plan/2024/excel/plan.xlsx"
    innehall = klient.get(vag).getvalue()

    def in_igen() -> None:
        _, sett = granska_excel(planen, las_fil(innehall))
        assert not sett.att_gora + sett.hindrade

    for vad, gor in (("planen som Excel", lambda: klient.get(vag)), ("arbetsboken granskas", in_igen)):
        reset_queries()
        gor()
        fragor = len(connection.queries)
        rad(f"{vad}, {antal} aktiviteter", mat(gor), f"{fragor} SQL-satser")


def fordelningar() -> None:
    dag = plandokument(Handlingsplan.objects.get(till_ar=2024)).fordelningar[0]
    assert dag.fordelning is not None
    modell = dag.fordelning.modell
    for antal, poster in ((33, 7), (290, 100)):
        parter = [Part("00", "Regionen", "region")]
        parter += [Part(f"{1000 + i}", f"Kommun {i}", "kommun", 1_000 + 37 * i) for i in range(antal)]

        def gor(parter: list[Part] = parter, poster: int = poster, modell: Modell = modell) -> None:
            for post in range(poster):
                fordela_plan(175_000_000 + post, parter, modell)

        rad(f"fördelning, {antal + 1} parter × {poster} poster", mat(gor), "")


def steg() -> None:
    """The split by steps: rows by one model and the table area × party, all derivations, and the effects."""
    for antal, poster in ((33, 7), (290, 100)):
        parter = [Part("00", "Regionen", "region")]
        parter += [Part(f"{1000 + i}", f"Kommun {i}", "kommun", 1_000 + 37 * i) for i in range(antal)]
        datum = date(2022, 12, 31)
        modell = stegmodell_av(Modell(1, 1, "ore", datum, ""))
        rader = tuple(Rad(f"{post:03d}", f"Område {post}", 25_000_000 + 1_237 * post) for post in range(poster))
        ars = Arsunderlag(rader, modell, underlag_av(parter, datum, 2024))
        vad = f"{antal + 1} parter × {poster} poster"
        rad(f"fördelning i steg, {vad}", mat(lambda ars=ars: fordela_rader(ars)))
        delat = fordela_rader(ars)
        tabell = matris(delat)
        avvikelse = f"största avvikelse {avkortat(tabell.storsta_avvikelse, 4)} öre"
        rad(f"område × huvudman, {vad}", mat(lambda delat=delat: matris(delat)), avvikelse)
        f = delat.delar[0].fordelning
        rad(f"härledning i steg för alla {antal + 1}", mat(lambda f=f: harled_alla(f), 3))
        rad(f"effekter för alla {antal + 1}", mat(lambda ars=ars: effekter(ars, ars)))


def pdfer() -> None:
    dokument = plandokument(Handlingsplan.objects.get(till_ar=2024))
    html = pdf.plan_till_html(dokument)
    motor = mat(lambda: pdf.html_till_pdf(html), 3)
    chromium = dev.find_chromium()
    if chromium is None:
        rad("PDF av planen för 2024", motor, "Chromium saknas, inget att jämföra med")
        return
    fil = Path(MAPP.name) / "plan.html"
    fil.write_text(html, encoding="utf-8")
    flaggor = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    ut = f"--print-to-pdf={MAPP.name}/chromium.pdf"
    kommando = [chromium, *flaggor, f"--user-data-dir={MAPP.name}/profil", ut, fil.as_uri()]
    peer = mat(lambda: subprocess.run(kommando, check=True, capture_output=True, timeout=120), 3)
    rad("PDF av planen för 2024", motor, f"{motor / peer:.1f} × Chromium på samma HTML ({peer * 1000:.0f} ms)")


def main() -> None:
    call_command("migrate", verbosity=0)
    demodata.ladda(lambda steg: None, med_pdf=False)
    klient = Client()
    klient.force_login(Anvandare.objects.get(email="samordnare@exempel.se"))
    print("| vad | median | |\n|---|---|---|")
    for antal in (24, 100, 500):
        plansida(klient, antal)
        autosparning(klient, antal)
        excel(klient, antal)
    granskning(klient)
    jamforelse(klient)
    rutnat(klient)
    for sida in ("/", "/plan/2024/budget/", "/plan/2024/fordelning/", "/plan/2024/huvudman/1280/"):
        reset_queries()
        klient.get(sida)
        fragor = len(connection.queries)
        rad(sida, mat(lambda sida=sida: klient.get(sida)), f"{fragor} SQL-satser")
    fordelningar()
    textskillnader()
    Aktivitet.objects.filter(text__startswith="Aktivitet nummer").delete()
    pdfer()


if __name__ == "__main__":
    main()
    MAPP.cleanup()
