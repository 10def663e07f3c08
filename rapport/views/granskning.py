"""The proofreader's page: what is found, area by area, put right in the plan or answered with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from handlingsplan import behorighet
from handlingsplan.models import Handlingsplan
from handlingsplan.redigering import inloggad
from handlingsplan.tid import klockslag
from rapport import granskning
from rapport.bygg import plandokument
from rapport.granska.fynd import Fynd, Plats
from rapport.granska.regler import TITLAR
from rapport.granskning import Granskat
from rapport.granskningsmodeller import MAX_SKAL

VISA: Final = {"oppna": "Att ta ställning till", "besvarade": "Besvarade", "alla": "Alla"}


class Svarsformular(forms.Form):
    """Why it is right as it stands. `avtryck` says which finding it is about."""

    avtryck = forms.CharField(widget=forms.HiddenInput, max_length=32)
    skal = forms.CharField(
        label="Varför är det rätt?",
        max_length=MAX_SKAL,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Skriv varför det är rätt."},
    )


@dataclass(frozen=True, slots=True)
class Rad:
    """One finding as it is shown: where it leads, and the form that answers it.

    `ocksa` is the fingerprint of all open ones of its rule; `antal_andra` how many there are besides it.
    """

    granskat: Granskat
    adress: str
    redigera: str
    form: Svarsformular | None
    ocksa: str
    antal_andra: int


@dataclass(frozen=True, slots=True)
class Grupp:
    """The findings of one area; `nummer` counts the page's groups, for element ids."""

    nummer: int
    namn: str
    rader: tuple[Rad, ...]


def platsens_adress(plan: Handlingsplan, plats: Plats) -> str:
    """Where in the plan's pages a place is."""
    return reverse(plats.sida, args=[plan.till_ar]) + (f"#{plats.del_id}" if plats.del_id else "")


def _rad(
    plan: Handlingsplan, en: Granskat, skrivet: Svarsformular | None, far_redigera: bool, samma: tuple[str, int]
) -> Rad:
    plats, avtryck = en.fynd.plats, en.fynd.avtryck
    redigera, form = "", None
    if far_redigera and en.svar is None:
        if plats.redigera is not None:
            redigera = reverse(plats.redigera[0], args=[plan.till_ar, *plats.redigera[1]])
        skrivs = skrivet is not None and skrivet["avtryck"].value() == avtryck
        form = skrivet if skrivs else Svarsformular(initial={"avtryck": avtryck}, auto_id=f"f{avtryck[:10]}_%s")
    return Rad(en, platsens_adress(plan, plats), redigera, form, samma[0], samma[1] - 1)


def _per_slag(oppna: Iterable[Granskat]) -> dict[str, tuple[str, int]]:
    """By rule: the fingerprint of its open findings together, and how many they are."""
    fynden: dict[str, list[Fynd]] = {}
    for en in oppna:
        fynden.setdefault(en.fynd.regel, []).append(en.fynd)
    return {slag: (granskning.slagets_avtryck(alla), len(alla)) for slag, alla in fynden.items()}


def _grupper(rader: Iterable[Rad]) -> tuple[Grupp, ...]:
    per_grupp: dict[str, list[Rad]] = {}
    for rad in rader:
        per_grupp.setdefault(rad.granskat.fynd.plats.grupp, []).append(rad)
    return tuple(Grupp(nr, namn, tuple(rader)) for nr, (namn, rader) in enumerate(per_grupp.items(), 1))


def _visa(request: HttpRequest) -> str:
    valt = request.POST.get("visa") or request.GET.get("visa", "")
    return valt if valt in VISA else "oppna"


def granska(request: HttpRequest, till_ar: int) -> HttpResponse:
    """What the proofreader finds in the plan."""
    plan = behorighet.plan_att_granska(request, till_ar)
    return _sida(request, plan)


def _sida(
    request: HttpRequest,
    plan: Handlingsplan,
    *,
    skrivet: Svarsformular | None = None,
    hinder: str = "",
    status: int = 200,
) -> HttpResponse:
    alla = granskning.granska_plan(plan, plandokument(plan))
    oppna, visa = granskning.oppna(alla), _visa(request)
    valda = {"oppna": oppna, "besvarade": tuple(en for en in alla if en.svar), "alla": alla}
    far_redigera, per_slag = behorighet.far_redigera(request, plan), _per_slag(oppna)
    innehall: dict[str, Any] = {
        "plan": plan,
        "grupper": _grupper(
            _rad(plan, en, skrivet, far_redigera, per_slag.get(en.fynd.regel, ("", 1))) for en in valda[visa]
        ),
        "visa": visa,
        "val": [(kod, namn, len(valda[kod])) for kod, namn in VISA.items()],
        "antal": len(alla),
        "antal_oppna": len(oppna),
        "far_redigera": far_redigera,
        "hinder": hinder,
        "fel": skrivet,
        "ocksa": "ocksa" in request.POST,
    }
    return render(request, "rapport/granska.html", innehall, status=status)


def _tillbaka(plan: Handlingsplan, visa: str) -> HttpResponse:
    fraga = f"?visa={visa}" if visa != "oppna" else ""
    return redirect(f"{reverse('granska', args=[plan.till_ar])}{fraga}")


@require_POST
def granska_svara(request: HttpRequest, till_ar: int) -> HttpResponse:
    """Say of a finding that it is right as it stands, and why."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    form = Svarsformular(request.POST, auto_id=f"f{request.POST.get('avtryck', '')[:10]}_%s")
    if not form.is_valid():
        return _sida(request, plan, skrivet=form, status=422)
    try:
        svar, *fler = granskning.besvara(
            plan,
            form.cleaned_data["avtryck"],
            form.cleaned_data["skal"],
            av=inloggad(request),
            ocksa=request.POST.get("ocksa", ""),
        )
    except granskning.InteKvar as fel:
        return _sida(request, plan, hinder=f"{fel} Du skrev: ”{form.cleaned_data['skal']}”", status=409)
    if svar.skal != form.cleaned_data["skal"]:
        text = "Någon annan hade redan svarat. Det svaret står kvar; ta tillbaka det om du vill skriva ett annat."
        messages.warning(request, text)
        return _tillbaka(plan, "besvarade")
    pa = f" på {len(fler) + 1} ställen" if fler else ""
    messages.success(request, f"{klockslag()}: {TITLAR[svar.regel]} är besvarad{pa}.")
    return _tillbaka(plan, _visa(request))


@require_POST
def granskningssvar_ta_tillbaka(request: HttpRequest, till_ar: int, pk: int) -> HttpResponse:
    """Take an answer back: the finding is open again."""
    plan = behorighet.plan_att_redigera(request, till_ar)
    if granskning.ta_tillbaka(plan, pk, av=inloggad(request)):
        messages.success(request, f"{klockslag()}: Svaret är tillbakataget.")
    else:
        messages.info(request, "Svaret var redan tillbakataget.")
    return _tillbaka(plan, _visa(request))
