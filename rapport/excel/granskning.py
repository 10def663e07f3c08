"""What a plan's workbook would change, row by row: added, changed, removed, refused and why. Nothing is saved.

A row is compared cell by cell with three texts: what stands in the file, what stands in the plan, and what stood in the
plan when the file was made (by the row's version, from the history). What only the file has changed is a change; what
only the plan has changed stands; what both have changed, differently, is a conflict, and both texts are shown.
"""

from __future__ import annotations

from typing import Any

from budget.filfel import Filfel
from handlingsplan import historik
from handlingsplan.models import Handlingsplan
from rapport.excel.blad import BUDGET, ID
from rapport.excel.budgetceller import granska_celler
from rapport.excel.forslag import Forslag
from rapport.excel.lage import Planlage, las_planlage
from rapport.excel.lasning import Fil
from rapport.excel.radgranskning import Granskare, las_version


def granska(plan: Handlingsplan, fil: Fil, *, hel: bool = True) -> tuple[Planlage, Forslag]:
    """What the file would do with the plan as it is saved now. Raises Filfel for another plan's file.

    Without `hel` the file is only a part of one that has been looked at before. A constant number of statements.
    """
    lage = las_planlage(plan)
    if hel:
        _ratt_plan(lage, fil)
    granskare = Granskare(lage, fil, _baser(lage, fil))
    rader = [*granskare.rader(), *granska_celler(lage, [rad for rad in fil.rader if rad.blad == BUDGET])]
    return lage, Forslag(tuple(rader), fil.noter)


def _ratt_plan(lage: Planlage, fil: Fil) -> None:
    egen = lage.synliga["Planen"][0].id
    idn = [rad[ID].strip() for rad in fil.rader if rad.blad == "Planen"]
    if idn != [egen]:
        vems = "en annan plan" if len(idn) == 1 and idn[0] else "ingen plan som syns i bladet Planen"
        raden = f"Raden i bladet Planen ska ha Id {egen}, som när arbetsboken hämtades."
        raise Filfel(f"Filen hör till {vems}, inte till {lage.plan}. {raden}")


def _baser(lage: Planlage, fil: Fil) -> dict[str, dict[str, Any]]:
    """What rows that have been saved since the file was made held then, by id. One statement."""
    aldre = {}
    for rad in fil.rader:
        post, version = lage.poster.get(rad[ID].strip()), las_version(rad)
        if post is not None and version is not None and version < post.version:
            aldre[post.objekt._meta.label_lower, str(post.objekt.pk)] = (post.id, version)
    funna = historik.varden_vid_flera(lage.plan.pk, {nyckel: version for nyckel, (_, version) in aldre.items()})
    return {aldre[nyckel][0]: varden for nyckel, varden in funna.items()}
