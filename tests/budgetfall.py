"""A small budget to edit, and the forms of a page read as a browser would send them."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Protocol

from djmoney.money import Money

from budget.models import Budgetpost, Budgetrad
from handlingsplan.models import Handlingsplan
from insatsomraden.models import Insatsomrade, Omradesutgava

Formdata = dict[str, str | list[str]]


class Svar(Protocol):
    """What a test client's answer has of use here."""

    status_code: int

    @property
    def content(self) -> bytes: ...

    def __getitem__(self, header: str) -> str: ...


@dataclass
class Budgetfall:
    """2024 with two areas, one that is watched, one that has left, and a row without a name."""

    plan: Handlingsplan
    mina_planer: Omradesutgava
    beslutsstod: Omradesutgava
    bevakad: Omradesutgava
    utgatt: Omradesutgava
    rad: Budgetrad

    def namn(self, rad: Omradesutgava | Budgetrad, kolumn: str = "2024-sgd") -> str:
        """The name of a cell's input."""
        return f"{'r' if isinstance(rad, Budgetrad) else 'o'}{rad.pk}-{kolumn}"

    def post(self, rad: Omradesutgava, kolumn: str = "2024-sgd") -> Budgetpost | None:
        budgetar, form = kolumn.split("-")
        return Budgetpost.objects.filter(utgava=rad, budgetar=int(budgetar), finansiering=form).first()


def skriv_post(rad: Omradesutgava | Budgetrad, budgetar: int, form: str, varde: int | str) -> Budgetpost:
    """An amount in kronor, or `okant` / `ej_aktuellt`."""
    kvar: dict[str, Any] = {"rad": rad} if isinstance(rad, Budgetrad) else {"utgava": rad}
    slag, kvar["belopp"] = ("belopp", Money(varde, "SEK")) if isinstance(varde, int) else (varde, None)
    return Budgetpost.objects.create(plan=rad.plan, budgetar=budgetar, finansiering=form, slag=slag, **kvar)


def omrade(plan: Handlingsplan, kod: str, namn: str, lage: str = "ingar") -> Omradesutgava:
    identitet, _ = Insatsomrade.objects.get_or_create(kod=kod, defaults={"namn": namn})
    ordning = plan.alla_omraden.count() + 1
    return Omradesutgava.objects.create(
        plan=plan, insatsomrade=identitet, namn=namn, kortnamn=namn, lage=lage, ordning=ordning
    )


def budgetfall(plan: Handlingsplan) -> Budgetfall:
    fall = Budgetfall(
        plan=plan,
        mina_planer=omrade(plan, "mina-planer", "Mina planer"),
        beslutsstod=omrade(plan, "beslutsstod", "Beslutsstöd"),
        bevakad=omrade(plan, "sdv", "SDV", "bevakas"),
        utgatt=omrade(plan, "videomoten", "Säkra videomöten", "utgatt"),
        rad=Budgetrad.objects.create(plan=plan, ordning=1, benamning=""),
    )
    skriv_post(fall.mina_planer, 2024, "sgd", 500_000)
    skriv_post(fall.mina_planer, 2024, "annan", "okant")
    skriv_post(fall.mina_planer, 2023, "sgd", 1_100_000)
    skriv_post(fall.beslutsstod, 2024, "sgd", 0)
    skriv_post(fall.utgatt, 2023, "sgd", "ej_aktuellt")
    skriv_post(fall.rad, 2024, "annan", "ej_aktuellt")
    return fall


class _Formularlasare(HTMLParser):
    """Collects the successful controls of every form on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.formular: list[tuple[str, Formdata]] = []
        self._textfalt = ""
        self._valjer = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {namn: varde or "" for namn, varde in attrs}
        if tag == "form":
            self.formular.append((a.get("action", ""), {}))
        elif tag == "input" and "name" in a and a.get("type") != "file":
            if a.get("type") not in ("checkbox", "radio") or "checked" in a:
                self._lagg(a["name"], a.get("value", ""))
        elif tag == "textarea":
            self._textfalt = a["name"]
            self._lagg(self._textfalt, "")
        elif tag == "select":
            self._valjer = a["name"]
        elif tag == "option" and "selected" in a:
            self._lagg(self._valjer, a.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textfalt = ""

    def handle_data(self, data: str) -> None:
        if self._textfalt:
            # A browser drops the line break right after the tag.
            _, falt = self.formular[-1]
            falt[self._textfalt] = str(falt[self._textfalt]) + data.removeprefix("\n")

    def _lagg(self, namn: str, varde: str) -> None:
        if not self.formular:
            return
        _, falt = self.formular[-1]
        forra = falt.get(namn)
        if forra is None or namn == self._textfalt:
            falt[namn] = varde
        else:
            falt[namn] = [*(forra if isinstance(forra, list) else [forra]), varde]


def formular(svar: Svar, innehaller: str) -> Formdata:
    """What the page's form with a control of this name would send, untouched."""
    lasare = _Formularlasare()
    lasare.feed(svar.content.decode())
    return next(falt for _, falt in lasare.formular if innehaller in falt)


def knapp(svar: Svar, adress: str) -> Formdata:
    """What the button that posts to this address would send."""
    lasare = _Formularlasare()
    lasare.feed(svar.content.decode())
    return next(falt for action, falt in lasare.formular if action == adress)
