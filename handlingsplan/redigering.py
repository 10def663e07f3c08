"""One way to edit: fetch with permission, show the form, save, go back to the place in the document.

Pages are whole pages that work without JavaScript. With htmx the same page is fetched and only the element with
the part's id is put in its place in the document, so there is one code path and one set of tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import Truncator
from django_prose_editor.fields import ProseEditorFormField

from handlingsplan import angra, autosparning, historik, krockvisning, narvaro
from handlingsplan.formular import Versionsformular, knappversion
from handlingsplan.models import Anvandare, Handlingsplan, Versionerad
from handlingsplan.sparande import Borttagen, Krock, plan_for_skrivning, skrivlas, spara
from handlingsplan.tid import klockslag

# The rich text editor adds one style element to the page; its text is allowed by this hash. A browser test fails
# when a new version of the editor changes it.
REDIGERARENS_STIL = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"


SPARAD = "sparad:"


@dataclass(frozen=True, slots=True)
class Plats:
    """Where in the document something is edited: the element's id, its heading, and the page it stands on."""

    del_id: str
    rubrik: str
    tillbaka: str
    hjalp: str = ""
    niva: int = 3  # heading level in the document
    autosparas: bool = False  # whether it saves by itself; what is not made yet is only kept in the browser
    obs: str = ""  # what is told with every save, such as that it is no longer read
    under: Callable[[], str] | None = None  # what stands beneath the form on a page of its own, as safe HTML

    @property
    def ankare(self) -> str:
        return f"{self.tillbaka}#{self.del_id}"


def med_redigerare(response: HttpResponse) -> HttpResponse:
    """Let this page's policy admit the editor: the nonce comes by itself, the one style hash is added here."""
    policy: dict[str, Any] = dict(settings.SECURE_CSP)
    policy["style-src"] = [*settings.SECURE_CSP["style-src"], REDIGERARENS_STIL]
    response._csp_config = policy  # type: ignore[attr-defined]
    return response


def inloggad(request: HttpRequest) -> Anvandare:
    """The user of a view that asks for log-in, with the sitting that the history's entries carry."""
    if not isinstance(request.user, Anvandare):
        raise TypeError("vyn kräver inloggning")
    request.user.sittning = historik.sittning_av(request.session.session_key)
    return request.user


def redigera[M: Versionerad](
    request: HttpRequest,
    form: Versionsformular[M],
    plats: Plats,
    *,
    plan: Handlingsplan | None = None,
    las: Callable[[], AbstractContextManager[Any]] | None = None,
    skriv: Callable[[M, dict[str, Any]], M] | None = None,
) -> HttpResponse:
    """Show or save a form on one row of a plan. 422 with the errors beside the fields, 409 with both texts.

    `skriv` replaces the plain conditional update where a save is more than the row's own fields. A save holds the plan,
    which must not be adopted, or `las` for what belongs to no plan or goes on after the adoption. What saves by itself
    (`plats.autosparas`, or a row that is there already) answers the page's script as `handlingsplan.autosparning` says.
    """
    plats = replace(plats, autosparas=plats.autosparas or form.instance.pk is not None)

    def skriv_nu(andringar: dict[str, Any]) -> M:
        return skriv(form.instance, andringar) if skriv else form.spara(andringar, av=inloggad(request))

    if request.method != "POST":
        borttagen = Borttagen("", form.instance.version) if getattr(form.instance, "borttagen_at", None) else None
        return formularsida(request, form, plats, borttagen=borttagen)
    if autosparning.galler(request):
        hel = skriv is not None
        return (
            autosparning.svara(form, skriv_nu, plan=plan, las=las, hel=hel, obs=plats.obs)
            if plats.autosparas
            else autosparning.vagra()
        )
    if not form.is_valid():
        return formularsida(request, form, plats, status=422)
    try:
        with skrivlas(plan, las):
            andringar = form.andringar()
            if andringar or "ta_tillbaka" in request.POST:
                skriv_nu(andringar)
    except Krock as krock:
        visning = krockvisning.visa(form, krock)
        return formularsida(request, form.pa_ny_bas(krock.sparad), plats, krock=krock, krockfalt=visning, status=409)
    except Borttagen as borttagen:
        return formularsida(request, form, plats, borttagen=borttagen, status=409)
    gjort = "Dina ändringar är tillbakatagna" if "angrat" in request.POST else "Sparat"
    meddela_sparat(request, f"{gjort} {klockslag()}: {plats.rubrik}. {plats.obs}".rstrip())
    return redirect(plats.ankare)


def skriver_forsta[M: Versionerad](
    request: HttpRequest, rad: M, nyckel: Mapping[str, Any]
) -> Callable[[M, dict[str, Any]], M] | None:
    """What `redigera` takes as `skriv` for something that there is one of; `nyckel` says by what.

    None where the row is there already; else it is made. Krock is raised where somebody else has just made another
    one, so that both are shown.
    """
    return None if rad.pk else lambda ny, _: _skapa_forsta(request, ny, nyckel)


def _skapa_forsta[M: Versionerad](request: HttpRequest, rad: M, nyckel: Mapping[str, Any]) -> M:
    finns = type(rad)._default_manager.filter(**nyckel).first()
    if finns is not None:
        falt = [en.name for en in rad._meta.concrete_fields if en.editable and not en.primary_key]
        skiljer = tuple(namn for namn in falt if getattr(finns, namn) != getattr(rad, namn))
        if skiljer:
            raise Krock(finns, skiljer)
        return finns
    rad.version, rad.andrad_av = 1, inloggad(request)
    rad.save()
    plan_pk = rad.plan_pk()
    if plan_pk is not None:
        historik.skriv(plan_pk, [historik.skapad(rad)], av=rad.andrad_av)
    return rad


def meddela_sparat(request: HttpRequest, text: str) -> None:
    """Tell of a save, also to the page's script, which then forgets the text that it has kept."""
    messages.success(request, text, extra_tags=f"{SPARAD}{request.get_full_path()}")


def formularsida(
    request: HttpRequest,
    form: Any,
    plats: Plats,
    *,
    krock: Krock[Any] | None = None,
    krockfalt: Sequence[krockvisning.Krockfalt] = (),
    borttagen: Borttagen | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with one form. `form` has `radfalt`, the visible fields.

    Ids of its fields begin with the part's, so that several parts can be open in the document at once.
    """
    form.auto_id = f"{plats.del_id}-%s"
    rik_text = any(isinstance(falt, ProseEditorFormField) for falt in form.fields.values())
    innehall = {
        "form": form,
        "plats": plats,
        "krock": krock,
        "krockfalt": krockfalt,
        "borttagen": borttagen,
        "rik_text": rik_text,
        "narvarande": narvaro.andra(request.get_full_path(), inloggad(request)) if request.method == "GET" else [],
    }
    svar = render(request, "redigera/sida.html", innehall, status=status)
    return med_redigerare(svar) if rik_text else svar


def ta_bort(
    request: HttpRequest, plan: Handlingsplan, rad: Any, plats: Plats, text: str, angra_adress: str
) -> HttpResponse:
    """Mark a row as removed and offer Ångra; one that somebody has just changed is shown instead."""
    try:
        with plan_for_skrivning(plan):
            andring = {"borttagen_at": timezone.now()}
            sparad = spara(rad, andring, version=knappversion(request), av=inloggad(request))
    except Krock:
        messages.error(request, "Inget togs bort: raden har ändrats av någon annan. Så här ser den ut nu.")
    else:
        angra.meddela(
            request, f"{text} ”{Truncator(str(sparad)).chars(80)}”", adress=angra_adress, version=sparad.version
        )
    return redirect(plats.ankare)


def aterstall(request: HttpRequest, plan: Handlingsplan, rad: Any, plats: Plats, text: str) -> HttpResponse:
    """Bring back what `ta_bort` removed."""
    try:
        with plan_for_skrivning(plan):
            spara(rad, {"borttagen_at": None}, version=knappversion(request), av=inloggad(request))
    except Krock:
        messages.error(request, "Raden har ändrats av någon annan sedan dess. Så här ser det ut nu.")
    else:
        messages.success(request, text)
    return redirect(plats.ankare)
