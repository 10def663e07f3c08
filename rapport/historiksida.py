"""The history of a plan as a person reads it: entries in words, autosaves of one sitting put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.db.models import QuerySet

from budget.models import Beloppscell, Utfall
from handlingsplan.historikmodeller import Handelse
from handlingsplan.models import Handlingsplan
from handlingsplan.textskillnad import Skillnad, skillnad
from rapport import aterstallning, atgarder, historikdelar
from rapport.historikord import INGET, Ord, ar_lopande, ar_rik, ar_text, cell_i_ord, etikett, utan_formatering

PER_SIDA: Final = 100
SAMMA_SITTNING: Final = timedelta(minutes=30)
SAMMA_SPARNING: Final = timedelta(seconds=2)
# Texts of one page that are compared with each other, in characters: what takes half a second, and seldom more.
MAX_JAMFORT: Final = 200_000
LANG_TEXT: Final = 400  # characters; longer ones are folded

# Fields that say where a row lies, not what it holds; and a currency that is always the same.
_DOLDA: Final = frozenset({"plan", "belopp_currency", "grundbelopp_currency", "borttagen_at", "insatsomrade"})
_CELLENS_SLAG: Final[dict[str, str]] = {Handelse.Slag.SKAPAD: "ifylld", Handelse.Slag.BORTTAGEN: "tömd"}
_CELLENS: Final = frozenset({"slag", "belopp", "utgava", "rad", "budgetar", "finansiering"})


@dataclass(frozen=True, slots=True)
class Andring:
    """One field before and after, in words. A text that was changed to another carries what differs in `skillnad`.

    `fran` and `till` are the numbers of the oldest and the newest entry that changed the field; `fore_adress` leads to
    where what stood before can be put back, and `efter_adress` to the same for what stood after. `adress` leads to what
    was changed, where the line is of several rows.
    """

    etikett: str
    fore: str
    efter: str
    fran: int
    till: int
    skillnad: Skillnad | None = None
    ar_text: bool = False
    ar_lang: bool = False
    ej_jamford: bool = False
    fore_adress: str = ""
    efter_adress: str = ""
    adress: str = ""

    @property
    def bara_formatering(self) -> bool:
        return self.skillnad is not None and not self.skillnad.har_marken

    @property
    def saknades(self) -> bool:
        return self.fore == INGET

    @property
    def togs_bort(self) -> bool:
        return self.efter == INGET

    @property
    def text(self) -> str:
        """The one of the two that says anything."""
        return self.fore if self.efter == INGET else self.efter


@dataclass(frozen=True, slots=True)
class Post:
    """One line of the history: one entry, or several autosaves of one sitting. `nummer` is the last entry's.

    `tillbaka` leads to where what was removed is brought back; `hinder` says why it cannot be.
    """

    nummer: int
    fran: int
    antal: int
    tid: datetime
    vem: str
    vad: str
    slag: str
    adress: str
    andringar: tuple[Andring, ...]
    tillbaka: str = ""
    hinder: str = ""
    ar_cell: bool = False

    @property
    def texter(self) -> tuple[Andring, ...]:
        """Fields that are written text, set as text; the rest, `varden`, stand in a table."""
        return tuple(en for en in self.andringar if en.ar_text)

    @property
    def varden(self) -> tuple[Andring, ...]:
        return tuple(en for en in self.andringar if not en.ar_text)


@dataclass(slots=True)
class Grupp:
    """Entries that are shown as one, the newest first. `falt` has for each field the values before and after them all,
    and the numbers of the oldest and the newest entry that changed it."""

    handelser: list[Handelse] = field(default_factory=list)
    falt: dict[str, tuple[Any, Any, int, int]] = field(default_factory=dict)

    @property
    def nyast(self) -> Handelse:
        return self.handelser[0]

    def tar(self, en: Handelse) -> bool:
        """Whether an older entry of the same row belongs here: same person, same sitting, at most 30 minutes."""
        nyast = self.nyast
        lika = (en.sittning, en.anvandare_id) == (nyast.sittning, nyast.anvandare_id)
        sparningar = en.slag == nyast.slag == Handelse.Slag.ANDRAD
        return bool(sparningar and lika and en.sittning and nyast.tid - en.tid <= SAMMA_SITTNING)

    def lagg(self, en: Handelse) -> None:
        self.handelser.append(en)
        for namn, (fore, efter) in en.falt.items():
            _, sist, _, till = self.falt.get(namn, (None, efter, 0, en.nummer))
            self.falt[namn] = (fore, sist, en.nummer, till)


def poster(
    plan: Handlingsplan, handelser: QuerySet[Handelse], sida: int, *, far_redigera: bool = False
) -> tuple[tuple[Post, ...], bool]:
    """The entries of one page (from 1), the newest first, and whether there are older ones.

    With `far_redigera` they lead to where a change is taken back.
    """
    fran = (sida - 1) * PER_SIDA
    lasta = list(handelser.order_by("-nummer")[fran : fran + PER_SIDA + 1])
    grupper = _gruppera(lasta[:PER_SIDA])
    return som_poster(plan, grupper, far_redigera=far_redigera), len(lasta) > PER_SIDA


def som_poster(plan: Handlingsplan, grupper: Sequence[Grupp], *, far_redigera: bool) -> tuple[Post, ...]:
    ord_ = Ord(plan, [en for grupp in grupper for en in grupp.handelser])
    skrivare = _Skrivare(plan, ord_, far_redigera)
    return tuple(skrivare.post(grupp) for grupp in grupper)


def celler_ihop(alla: Sequence[Post]) -> tuple[Post, ...]:
    """Cells that one person changed in one save, as a pasted block does, as one line with a row for each cell."""
    ut: list[list[Post]] = []
    for post in alla:
        if ut and _ar_enkel_cell(post) and all(_samma_sparning(en, post) for en in ut[-1]):
            ut[-1].append(post)
        else:
            ut.append([post])
    return tuple(_som_en(en) if len(en) > 1 else en[0] for en in ut)


def _ar_enkel_cell(post: Post) -> bool:
    return post.ar_cell and len(post.andringar) == 1 and not post.tillbaka and not post.hinder


def _samma_sparning(ena: Post, andra: Post) -> bool:
    """Whether an older entry is of the same save as a newer, and of another cell."""
    lika = ena.vem == andra.vem and ena.antal == andra.antal == 1 and ena.vad != andra.vad
    return lika and _ar_enkel_cell(ena) and ena.tid - andra.tid <= SAMMA_SPARNING


def _som_en(alla: Sequence[Post]) -> Post:
    """The rows in the order in which they were saved: the budget's own."""
    rader = tuple(
        replace(en.andringar[0], etikett=en.vad.partition(": ")[2] or en.vad, adress=en.adress) for en in reversed(alla)
    )
    return replace(
        alla[0],
        fran=alla[-1].fran,
        vad=f"{len(alla)} belopp",
        slag="ändrade",
        adress="",
        andringar=rader,
        ar_cell=False,
    )


def _gruppera(handelser: Iterable[Handelse]) -> list[Grupp]:
    """Put entries of the same row together where nobody else has changed that row in between."""
    alla: list[Grupp] = []
    senaste: dict[tuple[str, str], Grupp] = {}
    for en in handelser:
        rad = (en.modell, en.objekt)
        if rad in senaste and senaste[rad].tar(en):
            senaste[rad].lagg(en)
            continue
        senaste[rad] = grupp = Grupp()
        grupp.lagg(en)
        alla.append(grupp)
    return alla


def en_grupp(handelser: Sequence[Handelse]) -> Grupp:
    """Entries of one row, the newest first, as one."""
    grupp = Grupp()
    for en in handelser:
        grupp.lagg(en)
    return grupp


class _Skrivare:
    """Puts the groups of one page into words."""

    def __init__(self, plan: Handlingsplan, ord_: Ord, far_redigera: bool) -> None:
        self._plan, self._ord, self._far = plan, ord_, far_redigera
        self._kvar = MAX_JAMFORT

    def post(self, grupp: Grupp) -> Post:
        en = grupp.nyast
        modell = apps.get_model(en.modell)
        andringar = tuple(self._andringar(modell, grupp))
        atgard = aterstallning.borttaget(self._plan, en, self._ord) if self._far else None
        hinder = atgard.hinder() if atgard else ""
        slagen = _CELLENS_SLAG if issubclass(modell, Beloppscell) else {}
        return Post(
            nummer=en.nummer,
            fran=grupp.handelser[-1].nummer,
            antal=len(grupp.handelser),
            tid=en.tid,
            vem=self._ord.anvandare(en.anvandare_id),
            vad=self._ord.rad(en),
            slag=slagen.get(en.slag, en.get_slag_display()),
            adress=historikdelar.adress_for(self._plan, en, self._ord),
            andringar=andringar,
            tillbaka=atgard.adress() if atgard and not hinder and atgard.andrar_nagot() else "",
            hinder=hinder or aterstallning.oaterkalleligt(en.slag),
            ar_cell=issubclass(modell, Beloppscell),
        )

    def _andringar(self, modell: type[models.Model], grupp: Grupp) -> Iterable[Andring]:
        if issubclass(modell, Beloppscell):
            cellen = self._cellen(grupp, "Utfall" if modell is Utfall else "Belopp")
            yield from [cellen] if cellen.fore != cellen.efter else ()
            return
        for namn, (fore, efter, fran, till) in grupp.falt.items():
            if namn in _DOLDA or fore == efter or (fore in (None, "", []) and efter in (None, "", [])):
                continue
            yield self._falt(modell, namn, (fore, efter), (fran, till), grupp)

    def _cellen(self, grupp: Grupp, namn: str) -> Andring:
        falt = {namn: (fore, efter) for namn, (fore, efter, _, _) in grupp.falt.items()}
        nummer = [par[2:] for namn, par in grupp.falt.items() if namn in _CELLENS]
        fran, till = min(par[0] for par in nummer), max(par[1] for par in nummer)
        fore_adress, efter_adress = self._adresser(grupp, atgarder.CELL, fran, till)
        return Andring(
            namn, cell_i_ord(falt, 0), cell_i_ord(falt, 1), fran, till,
            fore_adress=fore_adress, efter_adress=efter_adress,
        )  # fmt: skip

    def _falt(
        self,
        modell: type[models.Model],
        namn: str,
        varden: tuple[Any, Any],
        nummer: tuple[int, int],
        grupp: Grupp,
    ) -> Andring:
        fore, efter = (self._ord.text(modell, namn, varde) for varde in varden)
        text, langd = ar_text(modell, namn), len(fore) + len(efter)
        jamfors = text and INGET not in (fore, efter) and langd <= self._kvar
        marken = skillnad(fore, efter, rik=ar_rik(modell, namn)) if jamfors else None
        if jamfors:
            self._kvar -= langd
        forst = namn != "foralder" or "ordning" not in grupp.falt  # a place is put back as one
        uppgift = aterstallning.uppgift(namn) if forst else ""
        fore_adress, efter_adress = self._adresser(grupp, uppgift, *nummer)
        return Andring(
            etikett=etikett(modell, namn),
            fore=utan_formatering(modell, namn, fore),
            efter=utan_formatering(modell, namn, efter),
            fran=nummer[0],
            till=nummer[1],
            skillnad=marken,
            ar_text=ar_lopande(modell, namn) or langd > LANG_TEXT,
            ar_lang=langd > LANG_TEXT,
            ej_jamford=text and INGET not in (fore, efter) and not jamfors,
            fore_adress=fore_adress,
            efter_adress=efter_adress,
        )

    def _adresser(self, grupp: Grupp, uppgift: str, fran: int, till: int) -> tuple[str, str]:
        """Where what stood before and after can be put back; empty where it cannot, or stands there now."""
        if not self._far:
            return "", ""
        per_nummer = {en.nummer: en for en in grupp.handelser}
        return self._adress(per_nummer[fran], uppgift, "fore"), self._adress(per_nummer[till], uppgift, "efter")

    def _adress(self, en: Handelse, uppgift: str, sida: atgarder.Vad) -> str:
        atgard = aterstallning.valj(self._plan, en, uppgift, sida, self._ord)
        kan = atgard is not None and not atgard.hinder() and atgard.andrar_nagot()
        return atgard.adress() if atgard is not None and kan else ""


# --- Before something is put back ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Forslag:
    """What is asked before something is put back: each field as it stands now and as it will, with marks in texts.

    `vem` and `nar` are of who wrote what stands there now, where the history knows.
    """

    vad: str
    handelse: Handelse
    handelse_vem: str
    falt: tuple[Andring, ...]
    adress: str
    avtryck: str
    version: int
    vem: str
    nar: datetime | None
    ar_borttaget: bool


def forslag(atgard: atgarder.Atgard, hinder: str) -> Forslag:
    en, ord_ = atgard.en, atgard.ord
    senast = _senast(atgard)
    return Forslag(
        vad=ord_.rad(en),
        handelse=en,
        handelse_vem=ord_.anvandare(en.anvandare_id),
        falt=() if hinder and atgard.rad is None else tuple(_forslagsfalt(atgard)),
        adress=atgard.adress(),
        avtryck="" if hinder else atgard.avtryck(),
        version=atgard.version,
        vem=Ord(atgard.plan, [senast]).anvandare(senast.anvandare_id) if senast else "",
        nar=senast.tid if senast else None,
        ar_borttaget=atgard.vad_av == atgarder.TILLBAKA,
    )


def _senast(atgard: atgarder.Atgard) -> Handelse | None:
    """The latest entry that wrote what stands there now, where it is a later one."""
    if atgard.vad_av in (atgarder.TILLBAKA, atgarder.CELL):
        return None
    en = atgard.en
    senare = atgard.plan.historik.filter(modell=en.modell, objekt=en.objekt, nummer__gte=en.nummer)
    return senare.filter(falt__has_any_keys=list(atgard.nu())).order_by("-nummer").first()


def _forslagsfalt(atgard: atgarder.Atgard) -> Iterable[Andring]:
    nu, blir = atgard.nu(), atgard.blir()
    for namn in blir:
        if namn in _DOLDA or nu[namn] == blir[namn]:
            continue
        if namn == atgarder.CELL:
            yield Andring("Belopp", nu[namn], blir[namn], 0, 0)
            continue
        fore, efter = (atgard.ord.text(atgard.modell, namn, varde) for varde in (nu[namn], blir[namn]))
        marken = None
        if ar_text(atgard.modell, namn):
            tomt = ["" if text == INGET else text for text in (fore, efter)]
            marken = skillnad(tomt[0], tomt[1], rik=ar_rik(atgard.modell, namn))
        yield Andring(etikett(atgard.modell, namn), fore, efter, 0, 0, skillnad=marken)
