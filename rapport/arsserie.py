"""What the years before a plan cost: the splits that were decided, and that of a plan before which is not yet.

What has been decided is read as it was stored, never computed again. A constant number of statements, whatever the
number of plans and rows.
"""

from __future__ import annotations

from budget import fordelningar
from handlingsplan.models import Handlingsplan
from rapport.andel import Arspost
from rapport.bygg import bygg, foregaende_plan
from rapport.plandokument import Plandokument


def arsserie(plan: Handlingsplan, dokument: Plandokument) -> tuple[Arspost, ...]:
    """One post per year of this plan and of the plans before it, oldest first.

    This plan's years are those of its record. Of the plans before, the stored splits count; the one right before it
    is computed where it is still alive, as its own page computes it. An older one that was never adopted has no
    figure. A plan that is adopted is compared with what is decided only, so that its page stays as it is; one that
    is shared, with what is shared only.
    """
    serie = {post.budgetar: post for post in _tidigare(plan, foregaende_plan(plan))}
    for en in dokument.fordelningar:
        if en.egen:
            serie[en.budgetar] = Arspost(
                en.budgetar, dokument.till_ar, dokument.titel, en.fordelning, en.skal, en.lagrad
            )
    return tuple(serie[ett] for ett in sorted(serie))


def _tidigare(plan: Handlingsplan, narmast: Handlingsplan | None) -> list[Arspost]:
    if narmast is None:
        return []
    planer = Handlingsplan.objects.filter(till_ar__lte=narmast.till_ar).order_by("till_ar")
    if plan.ar_delad:
        planer = planer.filter(delad_at__isnull=False)
    for_ar = {ett: en for en in planer for ett in en.verksamhetsar}  # a later plan's year stands for an earlier's
    lagrade = fordelningar.lagrade_ar(plan, for_ar)
    levande = narmast if not narmast.ar_faststalld and not plan.ar_faststalld else None
    beraknade = {en.budgetar: en for en in bygg(levande).fordelningar if en.egen} if levande else {}
    poster = []
    for ett, en in for_ar.items():
        beraknad = beraknade.get(ett) if en == levande else None
        if ett in lagrade:
            poster.append(Arspost(ett, en.till_ar, en.titel, lagrade[ett], "", lagrad=True))
        elif beraknad is not None:
            poster.append(Arspost(ett, en.till_ar, en.titel, beraknad.fordelning, beraknad.skal, lagrad=False))
        else:
            poster.append(Arspost(ett, en.till_ar, en.titel, None, _skal(en, ett), lagrad=False))
    return poster


def _skal(plan: Handlingsplan, budgetar: int) -> str:
    if plan.ar_faststalld:
        return f"Ingen kostnad för {budgetar} fördelades när {plan} fastställdes."
    return f"{plan} är inte fastställd."
