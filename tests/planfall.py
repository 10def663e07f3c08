"""Plans with content in the database: a small one that lacks nothing, a large one, and the demo's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models
from django.forms.models import model_to_dict
from django.test import Client

from budget.models import Fotnot, Fotnotsplats
from handlingsplan.models import Anvandare, Handlingsplan
from insatsomraden.models import Aktivitet, Arstext, Mal, Omradesutgava, Samverkansgrupp
from tests.budgetfall import omrade, skriv_post

EGNA_APPAR = ("handlingsplan", "insatsomraden", "budget", "rapport")
INLEDNING = "<p>Planen gäller oss alla.</p>"


@dataclass
class Planfall:
    """NPÖ with two goals and nested activities in the plan's last year, SDK with one of each."""

    plan: Handlingsplan
    npo: Omradesutgava
    sdk: Omradesutgava
    alla_mal: list[Mal]
    forsta: Aktivitet
    under: Aktivitet
    andra: Aktivitet


def planfall(plan: Handlingsplan) -> Planfall:
    """Fill a plan so that nothing is missing: every text, one goal and activity, an amount in every cell.

    SGD money each year of the plan: NPÖ 100 000 kr and SDK 75 000 kr.
    """
    Handlingsplan.objects.filter(pk=plan.pk).update(inledning=INLEDNING, om_aret="<p>Om året.</p>")
    plan.refresh_from_db()
    npo, sdk = omrade(plan, "npo", "Nationell patientöversikt"), omrade(plan, "sdk", "Säker digital kommunikation")
    grupp, _ = Samverkansgrupp.objects.get_or_create(
        kortnamn="SGD", defaults={"namn": "Samverkansgrupp digitalisering"}
    )
    sista = plan.till_ar
    for utgava, kronor in ((npo, 100_000), (sdk, 75_000)):
        utgava.beskrivning, utgava.syfte = f"<p>Om {utgava.namn}.</p>", "<p>Det blir bättre.</p>"
        utgava.save()
        utgava.ansvariga.add(grupp)
        for ett in plan.verksamhetsar:
            skriv_post(utgava, ett, "sgd", kronor)
            Arstext.objects.create(utgava=utgava, avser_ar=ett, slag="ekonomi", text=f"<p>Pengar {ett}.</p>")
            Arstext.objects.create(utgava=utgava, avser_ar=ett, slag="aktiviteter", text=f"<p>Görs {ett}.</p>")
    alla_mal = [Mal.objects.create(utgava=npo, ordning=nr, text=f"Mål {nr}") for nr in (1, 2)]
    Mal.objects.create(utgava=sdk, ordning=1, text="Mål för SDK")
    forsta = ny_aktivitet(npo, sista, 1, "Första")
    under = ny_aktivitet(npo, sista, 1, "Under första", foralder=forsta)
    andra = ny_aktivitet(npo, sista, 2, "Andra")
    ny_aktivitet(sdk, sista, 1, "Ansluta fler")
    return Planfall(plan, npo, sdk, alla_mal, forsta, under, andra)


def ny_aktivitet(
    utgava: Omradesutgava, avser_ar: int, ordning: int, text: str, foralder: Aktivitet | None = None, **falt: Any
) -> Aktivitet:
    return Aktivitet.objects.create(
        utgava=utgava, avser_ar=avser_ar, ordning=ordning, text=text, foralder=foralder, **falt
    )


def manga_aktiviteter(utgava: Omradesutgava, antal: int) -> None:
    """`antal` activities more in the plan's last year, every third one a sub-point of the one before."""
    sista, foralder = utgava.plan.till_ar, None
    for nr in range(antal):
        if nr % 3 == 0:
            foralder = ny_aktivitet(utgava, sista, 100 + nr, f"Aktivitet {nr}")
        else:
            ny_aktivitet(utgava, sista, 100 + nr, f"Aktivitet {nr}", foralder=foralder)


def not_vid(plan: Handlingsplan, text: str, **plats: Any) -> Fotnot:
    """A footnote, last, marked in one place."""
    fotnot = Fotnot.objects.create(plan=plan, ordning=plan.alla_fotnoter.count() + 1, text=text)
    Fotnotsplats.objects.create(fotnot=fotnot, **plats)
    return fotnot


# --- The whole database -------------------------------------------------------------------------------------------


def ogonblicksbild() -> dict[str, list[dict[str, Any]]]:
    """Every row of our own tables, to compare before and after."""
    bild = {}
    for app in EGNA_APPAR:
        for modell in apps.get_app_config(app).get_models(include_auto_created=True):
            rader = modell._base_manager.order_by("pk")
            bild[modell.__name__] = [{**model_to_dict(rad), "version": getattr(rad, "version", 0)} for rad in rader]
    return bild


def lagg_in_demon(demorader: list[models.Model]) -> None:
    """The rows of the session fixture `demorader` in this test's own transaction."""
    modeller = list(dict.fromkeys(type(rad) for rad in demorader))
    for modell in modeller:
        modell._base_manager.bulk_create([rad for rad in demorader if type(rad) is modell])
    with connection.cursor() as cursor:
        for sats in connection.ops.sequence_reset_sql(no_style(), modeller):
            cursor.execute(sats)


def demon_som(demorader: list[models.Model], email: str) -> Client:
    """The demo in this test's own transaction, read by one of its users."""
    lagg_in_demon(demorader)
    klient = Client()
    klient.force_login(Anvandare.objects.get(email=email))
    return klient
