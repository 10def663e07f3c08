"""Areas of a plan: add, order, let out, and edit their texts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from handlingsplan import angra, behorighet, historik
from handlingsplan.formular import Versionsformular, knappversion
from handlingsplan.models import Anvandare, Handlingsplan
from handlingsplan.redigering import Plats, formularsida, inloggad, meddela_sparat, redigera
from handlingsplan.sparande import Krock, avtryck, plan_for_skrivning, spara
from handlingsplan.tid import klockslag
from handlingsplan.views.fel import bara_post
from insatsomraden import ordning
from insatsomraden.flyttning import flytta
from insatsomraden.formular import (
    Ansvarsformular,
    Arstextformular,
    Beskrivningsformular,
    NyttOmradeFormular,
    Omradesformular,
    Syftesformular,
)
from insatsomraden.models import Arstext, Insatsomrade, Omradesutgava, Samverkansgrupp
from insatsomraden.skapande import Samling, satt_ansvariga, skapa, skapa_omrade

_DELAR: dict[str, tuple[type[Versionsformular[Omradesutgava]], str]] = {
    "namn": (Omradesformular, "namn och läge"),
    "beskrivning": (Beskrivningsformular, "beskrivning"),
    "syfte": (Syftesformular, "syfte och nytta"),
    "ansvar": (Ansvarsformular, "ansvar"),
}


def hamta(plan: Handlingsplan, pk: int) -> Omradesutgava:
    return get_object_or_404(Omradesutgava.objects.select_related("insatsomrade"), plan=plan, pk=pk)


def omrade_nytt(request: HttpRequest, till_ar: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    form = NyttOmradeFormular(request.POST or None, plan_pk=plan.pk)
    plats = Plats("omrade-nytt", "Nytt insatsområde", plan.get_absolute_url(), niva=2)
    if request.method != "POST" or not form.is_valid():
        return formularsida(request, form, plats, status=422 if form.is_bound else 200)
    try:
        with plan_for_skrivning(plan):
            utgava = _skapa(plan, form.cleaned_data, av=inloggad(request))
    except ValidationError as fel:  # somebody else has just added the same area
        form.add_error(None, fel.messages)
        return formularsida(request, form, plats, status=422)
    meddela_sparat(request, f"Sparat {klockslag()}: {utgava.namn} är tillagt.")
    return redirect(f"{plan.get_absolute_url()}#omrade-{utgava.pk}")


@transaction.atomic
def _skapa(plan: Handlingsplan, data: dict[str, Any], *, av: Anvandare) -> Omradesutgava:
    """An edition in this plan, of an area known from before or of a new one."""
    omrade: Insatsomrade | None = data["insatsomrade"]
    namn = data["namn"].strip() or (omrade.namn if omrade else "")
    return skapa_omrade(plan, omrade, {"namn": namn, "kortnamn": namn[:80], "lage": data["lage"]}, av=av)


def omrade_redigera(request: HttpRequest, till_ar: int, pk: int, delen: str) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    if delen not in _DELAR:
        raise Http404("Området har ingen sådan del.")
    utgava = hamta(plan, pk)
    formklass, vad = _DELAR[delen]
    plats = Plats(
        f"omrade-{utgava.pk}-{delen}",
        f"{utgava.namn}: {vad}",
        plan.get_absolute_url(),
        hjalp="Ett område som utgår behåller sina texter. Dess belopp räknas inte längre." if delen == "namn" else "",
        obs=utgava.utgatt_obs if delen != "namn" else "",
    )
    form = formklass(request.POST or None, instance=utgava)
    if isinstance(form, Ansvarsformular):
        ansvarsform = form
        return redigera(
            request, form, plats, plan=plan, skriv=lambda rad, a: _skriv_ansvar(request, ansvarsform, rad, a)
        )
    return redigera(request, form, plats, plan=plan)


def _skriv_ansvar(
    request: HttpRequest, form: Ansvarsformular, utgava: Omradesutgava, andringar: dict[str, Any]
) -> Omradesutgava:
    """The note by version; the groups by what they were when the form was made; both conflicts at once."""
    bas, byter = form.vid_lasning, "ansvariga" in andringar or "ny_grupp" in andringar
    nu = avtryck(form.varden(utgava)["ansvariga"])
    andras_val = byter and nu not in (bas.get("ansvariga"), avtryck(andringar.get("ansvariga")))
    gruppkrock = ("ansvariga",) if andras_val else ()
    egna = {namn: andringar[namn] for namn in ("ansvar_not",) if namn in andringar}
    version, av = form.cleaned_data["version"], inloggad(request)
    try:
        sparad = spara(utgava, egna, version=version, av=av, avtryck_vid_lasning=bas)
    except Krock as krock:
        raise Krock(krock.sparad, (*krock.falt, *gruppkrock)) from krock
    if gruppkrock:
        raise Krock(sparad, gruppkrock)
    if byter:
        _byt_ansvariga(sparad, form.cleaned_data, av=av)
    return sparad


def _byt_ansvariga(utgava: Omradesutgava, data: dict[str, Any], *, av: Anvandare) -> None:
    """The chosen groups, and a new one where its name is given. The history has the groups' keys, sorted."""
    grupper = list(data["ansvariga"])
    nya: Samling = []
    if data["ny_grupp"]:
        # The form has seen that it is not there; in another plan somebody may just have added it.
        kort, namn = data["ny_grupp_kort"], data["ny_grupp"]
        grupp, ny = Samverkansgrupp.objects.get_or_create(kortnamn=kort, defaults={"namn": namn})
        grupper.append(grupp)
        nya += [historik.skapad(grupp)] if ny else []
    satt_ansvariga(utgava, grupper, av=av, samla=nya)
    historik.skriv(utgava.plan_id, nya, av=av)


def arstext_redigera(request: HttpRequest, till_ar: int, pk: int, slag: str, avser_ar: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    utgava = hamta(plan, pk)
    if slag not in Arstext.Slag.values or avser_ar not in plan.verksamhetsar:
        raise Http404("Planen har ingen sådan text.")
    text = utgava.alla_arstexter.filter(slag=slag, avser_ar=avser_ar).first()
    if text is None:
        text = Arstext(utgava=utgava, avser_ar=avser_ar, slag=slag, version=0)
    vad = "om ekonomin" if slag == Arstext.Slag.EKONOMI else "om aktiviteterna"
    plats = Plats(
        f"omrade-{utgava.pk}-{slag}-{avser_ar}" + ("-text" if slag == Arstext.Slag.AKTIVITETER else ""),
        f"{utgava.namn}: text {vad} {avser_ar}",
        plan.get_absolute_url(),
        autosparas=True,
        obs=utgava.utgatt_obs,
    )
    form = Arstextformular(request.POST or None, instance=text)
    form.fields["text"].label = f"Text {vad} {avser_ar}"
    if text.pk is None:
        return redigera(
            request, form, plats, plan=plan, skriv=lambda rad, andringar: _skapa_arstext(request, rad, andringar)
        )
    return redigera(request, form, plats, plan=plan)


def _skapa_arstext(request: HttpRequest, text: Arstext, andringar: dict[str, Any]) -> Arstext:
    """The first text of its kind; where somebody else just wrote one, both are shown."""
    finns = Arstext.objects.filter(utgava=text.utgava, avser_ar=text.avser_ar, slag=text.slag).first()
    if finns is not None:
        raise Krock(finns, ("text",))
    text.text = andringar["text"]
    return skapa(text, av=inloggad(request))


@bara_post
def omrade_flytta(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    plan = behorighet.plan_att_redigera(request, till_ar)
    utgava = hamta(plan, pk)
    krock = f"{utgava.namn} har ändrats av någon annan. Så här ser det ut nu; flytta igen om du vill."
    klart = f"{utgava.namn} är flyttat."
    flytta(request, plan, utgava, lambda: ordning.syskon_till_omrade(utgava), krock=krock, klart=klart)
    return redirect(f"{plan.get_absolute_url()}#omrade-{utgava.pk}")


@bara_post
def omrade_lage(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """Let an area out of the plan, or take it back. Texts and amounts stay; amounts of one that is out do not count."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    utgava = hamta(plan, pk)
    nytt, forra = request.POST.get("lage") or request.GET.get("lage", ""), utgava.lage
    if nytt not in Omradesutgava.Lage.values:
        messages.error(request, "Området har inget sådant läge. Inget är ändrat.")
        return redirect(f"{plan.get_absolute_url()}#omrade-{utgava.pk}")
    # What is taken back comes back with all that has been written in it meanwhile.
    bas = {"lage": avtryck(forra)} if forra == Omradesutgava.Lage.UTGATT else {}
    version, av = knappversion(request), inloggad(request)
    try:
        with plan_for_skrivning(plan):
            sparad = spara(utgava, {"lage": nytt}, version=version, av=av, avtryck_vid_lasning=bas)
    except Krock:
        messages.error(request, f"{utgava.namn} har ändrats av någon annan. Så här ser det ut nu.")
    else:
        adress = f"{request.path}?lage={forra}"
        angra.meddela(request, f"{sparad.namn}: {sparad.get_lage_display()}.", adress=adress, version=sparad.version)
    return redirect(f"{plan.get_absolute_url()}#omraden")
