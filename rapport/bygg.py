"""Build the immutable record of a plan from the database, in a constant number of statements.

An adopted plan is read from its frozen copy; everything else is assembled live.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Max
from django.utils import timezone

from budget import fordelningar
from budget.models import PubliceradKostnad
from handlingsplan import historik
from handlingsplan.models import Handlingsplan, Huvudman
from insatsomraden.models import Aktivitet, Omradesutgava
from rapport import frysning
from rapport.budgettabell import bygg_tabell
from rapport.omradesmatris import arets_rader
from rapport.plandokument import (
    SCHEMA,
    AktivitetPost,
    Arsfordelning,
    Budgettabell,
    MalPost,
    OmradePost,
    Part,
    Plandokument,
    Publicerad,
    Verksamhetsar,
)


def plandokument(plan: Handlingsplan) -> Plandokument:
    """The record of a plan: the frozen one where the plan is adopted, else built from its rows."""
    return frysning.las(plan) or bygg(plan)


def foregaende_plan(plan: Handlingsplan) -> Handlingsplan | None:
    """The plan before this one, by last year. What is shared is compared with what is shared only."""
    fore = Handlingsplan.objects.filter(till_ar__lt=plan.till_ar).order_by("-till_ar")
    return (fore.filter(delad_at__isnull=False) if plan.ar_delad else fore).first()


def bygg(plan: Handlingsplan) -> Plandokument:
    """Assemble the record from the rows as they now stand."""
    fore = foregaende_plan(plan)
    utgavor = _hamta_utgavor(plan)
    omraden = _omraden(plan, fore, utgavor)
    tabell = bygg_tabell(plan, fore, utgavor)
    alla_huvudman = list(Huvudman.objects.all())
    historik_nummer, historik_hash = historik.huvud(plan.pk)
    return Plandokument(
        schema=SCHEMA,
        id=plan.pk,
        version=plan.version,
        fran_ar=plan.fran_ar,
        till_ar=plan.till_ar,
        titel=plan.titel,
        undertitel=plan.undertitel,
        inledning=plan.inledning,
        om_aret=plan.om_aret,
        avslutning=plan.avslutning,
        kontakt_namn=plan.kontakt_namn,
        kontakt_epost=plan.kontakt_epost,
        andrad=_senast_andrad(plan, utgavor),
        delad=timezone.localdate(plan.delad_at) if plan.delad_at else None,
        faststalld=plan.faststalld_at,
        faststalld_hanvisning=plan.faststalld_hanvisning,
        parter=tuple(
            Part(kod=en.kod, typ=en.typ, namn=en.officiellt_namn, juridiskt_namn=en.juridiskt_namn)
            for en in alla_huvudman
        ),
        omraden=tuple(en for en in omraden if en.lage == Omradesutgava.Lage.INGAR),
        bevakade=tuple(en for en in omraden if en.lage == Omradesutgava.Lage.BEVAKAS),
        lamnade=(*(en for en in omraden if en.lage == Omradesutgava.Lage.UTGATT), *_ej_med_langre(fore, utgavor)),
        budget=tabell,
        fordelningar=_fordelningar(plan, tabell, alla_huvudman),
        historik_nummer=historik_nummer,
        historik_hash=historik_hash,
    )


# --- Areas -------------------------------------------------------------------------------------------------------


def _hamta_utgavor(plan: Handlingsplan) -> list[Omradesutgava]:
    rader = plan.alla_omraden.select_related("insatsomrade")
    return list(rader.prefetch_related("alla_mal", "alla_aktiviteter", "alla_arstexter", "ansvariga"))


def _senast_andrad(plan: Handlingsplan, utgavor: Iterable[Omradesutgava]) -> date:
    """The day anything in the plan last changed, in Swedish time."""
    ovrigt = (
        plan.alla_poster,
        plan.alla_rader,
        plan.alla_fotnoter,
        plan.alla_fordelningsregler,
        plan.publicerade_kostnader,
    )
    senaste = [rader.aggregate(senast=Max("andrad_at"))["senast"] for rader in ovrigt]
    tider = [plan.andrad_at, *(tid for tid in senaste if tid is not None)]
    for utgava in utgavor:
        tider.append(utgava.andrad_at)
        for rader in (utgava.alla_mal.all(), utgava.alla_aktiviteter.all(), utgava.alla_arstexter.all()):
            tider += [rad.andrad_at for rad in rader]
    return timezone.localdate(max(tider))


def _omraden(plan: Handlingsplan, fore: Handlingsplan | None, utgavor: Iterable[Omradesutgava]) -> list[OmradePost]:
    """All areas in order; one that was not in the plan before is new, if there is a plan before."""
    fanns = set()
    if fore is not None:
        rader = fore.alla_omraden.filter(lage=Omradesutgava.Lage.INGAR)
        fanns = set(rader.values_list("insatsomrade_id", flat=True))
    poster, nummer = [], 0
    for utgava in utgavor:
        ingar = utgava.lage == Omradesutgava.Lage.INGAR
        nummer += ingar
        nytt = ingar and fore is not None and utgava.insatsomrade_id not in fanns
        poster.append(_omrade(plan, utgava, nummer if ingar else 0, nytt))
    return poster


def _ej_med_langre(fore: Handlingsplan | None, utgavor: Iterable[Omradesutgava]) -> list[OmradePost]:
    """Areas that the plan before had and this one does not mention: they too have left, and are seen to have.

    They have no edition here, so their id is 0: there is nothing to edit.
    """
    if fore is None:
        return []
    finns = {utgava.insatsomrade_id for utgava in utgavor}
    borta = fore.alla_omraden.filter(lage=Omradesutgava.Lage.INGAR).exclude(insatsomrade_id__in=finns)
    return [
        OmradePost(
            id=0,
            version=0,
            kod=en.insatsomrade.kod,
            nummer=0,
            namn=en.namn,
            kortnamn=en.kortnamn,
            lage=Omradesutgava.Lage.UTGATT,
            lage_not=f"Ingick i {fore}.",
            nytt=False,
            beskrivning="",
            syfte="",
            alla_mal=(),
            alla_ar=(),
            ansvariga=(),
            ansvar_not="",
        )
        for en in borta.select_related("insatsomrade")
    ]


def _omrade(plan: Handlingsplan, utgava: Omradesutgava, nummer: int, nytt: bool) -> OmradePost:
    return OmradePost(
        id=utgava.pk,
        version=utgava.version,
        kod=utgava.insatsomrade.kod,
        nummer=nummer,
        namn=utgava.namn,
        kortnamn=utgava.kortnamn,
        lage=utgava.lage,
        lage_not=utgava.lage_not,
        nytt=nytt,
        beskrivning=utgava.beskrivning,
        syfte=utgava.syfte,
        alla_mal=tuple(
            MalPost(id=ett.pk, version=ett.version, text=ett.text)
            for ett in utgava.alla_mal.all()
            if ett.borttagen_at is None
        ),
        alla_ar=_verksamhetsar(plan, utgava),
        ansvariga=tuple(grupp.namn for grupp in utgava.ansvariga.all()),
        ansvar_not=utgava.ansvar_not,
    )


def _verksamhetsar(plan: Handlingsplan, utgava: Omradesutgava) -> tuple[Verksamhetsar, ...]:
    texter = {(en.avser_ar, en.slag): en.text for en in utgava.alla_arstexter.all()}
    barn: dict[tuple[int, int | None], list[Aktivitet]] = {}
    for aktivitet in utgava.alla_aktiviteter.all():
        if aktivitet.borttagen_at is None:
            barn.setdefault((aktivitet.avser_ar, aktivitet.foralder_id), []).append(aktivitet)

    def poster(avser_ar: int, foralder_id: int | None) -> tuple[AktivitetPost, ...]:
        return tuple(
            AktivitetPost(
                id=en.pk,
                version=en.version,
                text=en.text,
                villkor=en.villkor,
                ansvarig=en.ansvarig,
                status=en.get_status_display() if en.status else "",
                start=en.start,
                slut=en.slut,
                under=poster(avser_ar, en.pk),
            )
            for en in barn.get((avser_ar, foralder_id), [])
        )

    return tuple(
        Verksamhetsar(
            avser_ar=ett,
            aktivitetstext=texter.get((ett, "aktiviteter"), ""),
            aktiviteter=poster(ett, None),
            ekonomi=texter.get((ett, "ekonomi"), ""),
        )
        for ett in plan.verksamhetsar
    )


# --- The split ---------------------------------------------------------------------------------------------------


def _fordelningar(
    plan: Handlingsplan, tabell: Budgettabell, alla_huvudman: list[Huvudman]
) -> tuple[Arsfordelning, ...]:
    """The split of each year in the table, newest first."""
    alla_ar = sorted({kolumn.budgetar for kolumn in tabell.kolumner}, reverse=True)
    underlag = fordelningar.underlag(plan, alla_ar, alla_huvudman)
    publicerade = {rad.avser_ar: _publicerad(rad) for rad in plan.publicerade_kostnader.all()}
    return tuple(
        _arsfordelning(
            fordelningar.arets(tabell.summa(ett, "sgd"), arets_rader(tabell, ett), ett, underlag),
            budgetar=ett,
            egen=ett in plan.verksamhetsar,
            publicerad=publicerade.get(ett),
        )
        for ett in alla_ar
    )


def _publicerad(rad: PubliceradKostnad) -> Publicerad:
    return Publicerad(
        id=rad.pk,
        version=rad.version,
        avser_ar=rad.avser_ar,
        ore_per_invanare=rad.ore_per_invanare,
        angivet_datum=rad.angivet_datum,
        kalla=rad.kalla,
    )


def _arsfordelning(
    utfall: fordelningar.Arsutfall, *, budgetar: int, egen: bool, publicerad: Publicerad | None
) -> Arsfordelning:
    return Arsfordelning(
        budgetar=budgetar,
        egen=egen,
        fordelning=utfall.fordelning,
        skal=utfall.skal,
        lagrad=utfall.lagrad,
        publicerad=publicerad,
    )
