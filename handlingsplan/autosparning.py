"""The answer to a form that saves by itself while somebody writes in it.

The page's script sends the whole form with the header `X-Autospara`. What can be read is saved, through the same
`spara` as the button; a field that cannot is named, and keeps what was typed. The form stays open, so the answer has
what it needs to be saved again: the row's version and a fingerprint per field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

from django.http import HttpRequest, JsonResponse

from handlingsplan.formular import Versionsformular
from handlingsplan.models import Handlingsplan, Versionerad
from handlingsplan.sparande import Borttagen, Krock, skrivlas
from handlingsplan.tid import klockslag

HUVUD = "X-Autospara"


def galler(request: HttpRequest) -> bool:
    """Whether it is the page's script that saves, not a person who presses a button."""
    return HUVUD in request.headers


def vagra() -> JsonResponse:
    """What is not made yet is made by the button, never by a script that saves."""
    return JsonResponse({"fel": {"": "Det här sparas först när du trycker på knappen."}}, status=422)


def svara[M: Versionerad](
    form: Versionsformular[M],
    skriv: Callable[[dict[str, Any]], M],
    *,
    plan: Handlingsplan | None = None,
    las: Callable[[], AbstractContextManager[Any]] | None = None,
    hel: bool,
    obs: str = "",
) -> JsonResponse:
    """Save what can be read and say how it went.

    200: `klart` ("14:32", or nothing where nothing was changed), `version` and `avtryck` {field: fingerprint} to go
    on from, `andra` [{namn, etikett, varde}] with what others have changed meanwhile in fields that this form has not
    touched, `fel` {label: message} of the fields that were left out, and `obs` to tell beside `klart`. 409: `krock`
    (labels) with `vem`, and `nu` and `avtryck` of what lies there, by which a page knows its own text again when an
    answer never reached it; or `borttagen`. 422: nothing could be saved. `hel` is for a save that needs the whole
    form.
    The save holds `las`, else the plan.
    """
    hel_ar_giltig = form.is_valid()
    fel = {_etikett(form, namn): " ".join(map(str, texter)) for namn, texter in form.errors.items()}
    if not hel_ar_giltig and (hel or not _delvis(form)):
        return JsonResponse({"fel": fel}, status=422)
    rad = form.instance
    try:
        with skrivlas(plan, las):
            andringar = {namn: varde for namn, varde in form.andringar().items() if namn not in form.errors}
            sparad = skriv(andringar) if andringar else type(rad)._default_manager.filter(pk=rad.pk).first() or rad
    except Krock as krock:
        namn = krock.sparad.andrad_av.namn if krock.sparad.andrad_av else "någon annan"
        nu = {"nu": _falten(form, krock.sparad, krock.falt), "avtryck": form.avtrycken(krock.sparad)}
        return JsonResponse({"krock": [_etikett(form, falt) for falt in krock.falt], "vem": namn} | nu, status=409)
    except Borttagen:
        return JsonResponse({"borttagen": True}, status=409)
    klart = klockslag() if andringar else ""
    return JsonResponse({"klart": klart, "fel": fel, "obs": obs} | _laget(form, sparad, andringar))


def _delvis(form: Versionsformular[Any]) -> bool:
    """Whether the fields that are in order can be saved without the others."""
    return not form.non_field_errors() and not any(form[namn].is_hidden for namn in form.errors)


def _laget(form: Versionsformular[Any], sparad: Versionerad, andringar: dict[str, Any]) -> dict[str, Any]:
    """What the form goes on from: the row as it now stands, and what others have changed in it.

    A field that was left out keeps its base. Where somebody else has changed that very field, so does the form's
    version: a save on the row's new version would pass over it.
    """
    nu, bas = form.avtrycken(sparad), form.vid_lasning
    andras = [namn for namn in nu if namn in form.fields and namn not in andringar and nu[namn] != bas.get(namn)]
    orort = not any(namn in form.errors for namn in andras)
    return {
        "version": sparad.version if orort else form.cleaned_data["version"],
        "avtryck": nu | {namn: bas.get(namn, "") for namn in form.errors if namn in nu},
        "andra": _falten(form, sparad, [namn for namn in andras if namn not in form.errors]),
    }


def _falten(form: Versionsformular[Any], rad: Versionerad, namnen: Iterable[str]) -> list[dict[str, Any]]:
    """Fields of a row as the form would show them."""
    visas = type(form)(instance=rad)
    return [
        {
            "namn": namn,
            "etikett": _etikett(form, namn),
            "varde": form.fields[namn].widget.format_value(visas[namn].value()) or "",
        }
        for namn in namnen
        if namn in form.fields
    ]


def _etikett(form: Versionsformular[Any], namn: str) -> str:
    return str(form[namn].label) if namn in form.fields else ""
