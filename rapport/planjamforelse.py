"""Two plans' records, or two versions of one plan, compared: what has entered, left, moved and changed. Pure.

Texts are compared word by word (`handlingsplan.textskillnad`), goals and activities are matched by
`rapport.punktparning`, amounts are integer öre. Of two plans, the last year of each is compared unless other years are
chosen; of two versions of one plan, every year with itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from handlingsplan.textskillnad import Skillnad, skillnad
from rapport.beloppsjamforelse import Beloppsandring, andelsandringar, budgetandringar, ofordelade, summandringar
from rapport.plandokument import AktivitetPost, OmradePost, Plandokument
from rapport.planfakta import dagen, planens_fakta, planens_texter
from rapport.punktparning import Par, Punkt, langsta_vaxande, para


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is not the same: what it is called, and both with their marks."""

    vad: str
    skillnad: Skillnad


@dataclass(frozen=True, slots=True)
class Faltandring:
    """A short fact that is not the same, "" where it was or is empty."""

    vad: str
    fore: str
    efter: str


@dataclass(frozen=True, slots=True)
class Punktandring:
    """A goal or an activity: `slag` is ny, borta, andrad or flyttad; `fran` and `till` name the areas it moved between.

    `text` is as it reads now, or read last; `skillnad` where its words differ; `omflyttad`: another place in its area.
    """

    slag: str
    text: str
    skillnad: Skillnad | None
    falt: tuple[Faltandring, ...]
    omflyttad: bool
    fran: str = ""
    till: str = ""


@dataclass(frozen=True, slots=True)
class Arspunkter:
    """The activities of a year that are not the same; `rubrik` says which years were compared."""

    rubrik: str
    andringar: tuple[Punktandring, ...]


@dataclass(frozen=True, slots=True)
class Omradesandring:
    """An area: `slag` is tillkommet, lamnat or kvar; `lage` says what it is in its plan where that is not the same.

    `omflyttat`: it has another place among those that are in both. `ore` is the shared money, in öre, of one that has
    entered or left.
    """

    kod: str
    namn: str
    id_efter: int
    slag: str
    not_: str
    ore: int | None
    omflyttat: bool
    fakta: tuple[Faltandring, ...]
    texter: tuple[Text, ...]
    alla_mal: tuple[Punktandring, ...]
    aktiviteter: tuple[Arspunkter, ...]

    @property
    def ar_andrat(self) -> bool:
        """Whether there is anything to tell of it."""
        delar = (self.omflyttat, self.fakta, self.texter, self.alla_mal, self.aktiviteter)
        return self.slag != "kvar" or any(delar)


@dataclass(frozen=True, slots=True)
class Planjamforelse:
    """Everything that differs between two records. `ar_fore` and `ar_efter` are the years whose money is compared.

    `ofordelade` is the year that has no shares where the other has; `utan_text` the years that a plan has money for but
    no activities or texts.
    """

    fore: Plandokument
    efter: Plandokument
    ar_fore: int
    ar_efter: int
    fakta: tuple[Faltandring, ...]
    texter: tuple[Text, ...]
    omraden: tuple[Omradesandring, ...]
    budget: tuple[Beloppsandring, ...]
    summor: tuple[Beloppsandring, ...]
    andelar: tuple[Beloppsandring, ...]
    ofordelade: tuple[int, ...]
    utan_text: tuple[int, ...]

    @property
    def tillkomna(self) -> list[Omradesandring]:
        return [en for en in self.omraden if en.slag == "tillkommet"]

    @property
    def lamnade(self) -> list[Omradesandring]:
        return [en for en in self.omraden if en.slag == "lamnat"]

    @property
    def andrade(self) -> list[Omradesandring]:
        return [en for en in self.omraden if en.slag == "kvar" and en.ar_andrat]

    @property
    def andrade_belopp(self) -> list[Beloppsandring]:
        return [en for en in self.budget if en.ar_andrad]

    @property
    def korta_belopp(self) -> list[Beloppsandring]:
        """The shared amounts to tell of in short; those of areas that enter or leave are told with the area."""
        egna = {en.kod for en in self.omraden if en.slag != "kvar"}
        return [en for en in self.andrade_belopp if en.finansiering == "SGD" and en.skillnad and en.nyckel not in egna]

    @property
    def andrade_andelar(self) -> list[Beloppsandring]:
        return [en for en in self.andelar if en.ar_andrad]

    @property
    def i_korthet(self) -> bool:
        """Whether there is anything to say in short: areas, content, or amounts with a difference."""
        belopp = (en.skillnad for en in (*self.andrade_belopp, *self.summor))
        return bool(self.tillkomna or self.lamnade or self.andrade or any(belopp))

    @property
    def ar_lika(self) -> bool:
        """Whether the two say the same thing."""
        delar = (self.fakta, self.texter, [en for en in self.omraden if en.ar_andrat], self.andrade_belopp)
        return not any(delar) and not any(en.ar_andrad for en in (*self.summor, *self.andelar)) and not self.ofordelade


def jamfor(
    fore: Plandokument, efter: Plandokument, ar_fore: int | None = None, ar_efter: int | None = None
) -> Planjamforelse:
    """Compare. Without years, the last year of each record; a year that a record does not have is as if empty."""
    aren = (ar_fore or fore.till_ar, ar_efter or efter.till_ar)
    arens_par = (aren, *_andra_ar(fore, efter, aren))
    utan_text = [
        ett for en, ett in zip((fore, efter), aren, strict=True) if en.omraden and not en.fran_ar <= ett <= en.till_ar
    ]
    arspar = () if utan_text else _arspar(fore, efter, ar_fore, ar_efter)
    budget = tuple(en for par in arens_par for en in budgetandringar(fore, efter, *par, med_ar=par != aren))
    return Planjamforelse(
        fore=fore,
        efter=efter,
        ar_fore=aren[0],
        ar_efter=aren[1],
        fakta=_fakta(*(planens_fakta(en, samma_plan=fore.id == efter.id) for en in (fore, efter))),
        texter=_texter(planens_texter(fore, efter), planens_texter(efter, fore)),
        omraden=_omraden(fore, efter, arspar, {en.nyckel: en for en in budget if en.finansiering == "SGD"}),
        budget=budget,
        summor=tuple(
            en
            for par in arens_par
            for en in summandringar(fore, efter, *par, med_ar=par != aren)
            if en.ar_andrad or par == aren
        ),
        andelar=tuple(en for par in arens_par for en in andelsandringar(fore, efter, *par, med_ar=par != aren)),
        ofordelade=ofordelade(fore, efter, *aren),
        utan_text=tuple(sorted(set(utan_text))),
    )


def _arspar(
    fore: Plandokument, efter: Plandokument, ar_fore: int | None, ar_efter: int | None
) -> tuple[tuple[int, int], ...]:
    """Which years' activities are compared with each other."""
    par = (ar_fore or fore.till_ar, ar_efter or efter.till_ar)
    if not _hel_period(fore, efter, par):
        return (par,)
    return tuple((ett, ett) for ett in range(efter.fran_ar, efter.till_ar + 1))


def _hel_period(fore: Plandokument, efter: Plandokument, par: tuple[int, int]) -> bool:
    """Whether every year is compared with itself: of two records of the same period, where no other year is chosen."""
    samma_period = (fore.fran_ar, fore.till_ar) == (efter.fran_ar, efter.till_ar)
    return samma_period and par == (fore.till_ar, efter.till_ar)


def _andra_ar(fore: Plandokument, efter: Plandokument, par: tuple[int, int]) -> list[tuple[int, int]]:
    """The other years whose money is compared too, the newest first."""
    if not _hel_period(fore, efter, par):
        return []
    alla = {kolumn.budgetar for en in (fore, efter) for kolumn in en.budget.kolumner} - {par[1]}
    return [(ett, ett) for ett in sorted(alla, reverse=True)]


# --- Facts and texts -------------------------------------------------------------------------------------------------


def _fakta(fore: Iterable[tuple[str, str]], efter: Iterable[tuple[str, str]]) -> tuple[Faltandring, ...]:
    gamla, nya = dict(fore), dict(efter)
    return tuple(
        Faltandring(vad, gamla.get(vad, ""), nya.get(vad, ""))
        for vad in dict.fromkeys([*nya, *gamla])
        if gamla.get(vad, "") != nya.get(vad, "")
    )


def _texter(fore: Iterable[tuple[str, str]], efter: Iterable[tuple[str, str]]) -> tuple[Text, ...]:
    return tuple(Text(en.vad, skillnad(en.fore, en.efter, rik=True)) for en in _fakta(fore, efter))


# --- Areas -----------------------------------------------------------------------------------------------------------


def _omraden(
    fore: Plandokument, efter: Plandokument, arspar: Sequence[tuple[int, int]], belopp: Mapping[str, Beloppsandring]
) -> tuple[Omradesandring, ...]:
    """The later plan's areas in order, then those that have left it. `belopp` is the shared money by code."""
    gamla = {en.kod: en for en in fore.omraden}
    nya = {en.kod: en for en in efter.omraden}
    gemensamma = [kod for kod in nya if kod in gamla]
    i_ordning = langsta_vaxande([gamla[kod].nummer for kod in gemensamma])
    omflyttade = {kod for nr, kod in enumerate(gemensamma) if nr not in i_ordning}
    namn = {en.kod: en.namn for en in (*fore.omraden, *efter.omraden)}
    samma_plan = fore.id == efter.id
    mal = _per_omrade(para(_alla_mal(fore), _alla_mal(efter), samma_plan=samma_plan), namn)
    aktiviteter = [
        (
            (gammalt, nytt),
            _per_omrade(
                para(_alla_aktiviteter(fore, gammalt), _alla_aktiviteter(efter, nytt), samma_plan=samma_plan), namn
            ),
        )
        for gammalt, nytt in arspar
    ]
    koder = [*nya, *(kod for kod in gamla if kod not in nya)]
    lamnade = {en.kod: en for en in (*efter.lamnade, *efter.bevakade)}
    forut = {en.kod: en for en in (*fore.lamnade, *fore.bevakade)}
    return tuple(
        Omradesandring(
            kod=kod,
            namn=namn[kod],
            id_efter=nya[kod].id if kod in nya else 0,
            slag="kvar" if kod in gamla and kod in nya else "tillkommet" if kod in nya else "lamnat",
            not_=_not(kod, gamla, nya, forut, lamnade),
            ore=_ore(belopp.get(kod), kod in nya) if kod not in gemensamma else None,
            omflyttat=kod in omflyttade,
            fakta=_fakta(_omradets_fakta(gamla[kod]), _omradets_fakta(nya[kod])) if kod in gemensamma else (),
            texter=_texter(
                _omradets_texter(gamla.get(kod), arspar, 0, kod in nya),
                _omradets_texter(nya.get(kod), arspar, 1, kod in nya),
            ),
            alla_mal=mal.get(kod, ()),
            aktiviteter=tuple(
                Arspunkter(_arsrubrik(par, kod in gamla, kod in nya), per[kod])
                for par, per in aktiviteter
                if kod in per
            ),
        )
        for kod in koder
    )


type _Omraden = Mapping[str, OmradePost]


def _not(kod: str, gamla: _Omraden, nya: _Omraden, forut: _Omraden, lamnade: _Omraden) -> str:
    """What is said of an area that has entered, by what it was before, or left, by what its plan says of that."""
    if kod not in nya and kod in lamnade:
        return lamnade[kod].lage_not or ("Bevakas utan budget." if lamnade[kod].lage == "bevakas" else "")
    bevakades = kod not in gamla and kod in forut and forut[kod].lage == "bevakas"
    return "Bevakades utan budget i planen före." if bevakades else ""


def _ore(belopp: Beloppsandring | None, ny: bool) -> int | None:
    if belopp is None:
        return None
    return belopp.efter_ore if ny else belopp.fore_ore


def _omradets_fakta(en: OmradePost) -> list[tuple[str, str]]:
    return [
        ("Namn", en.namn),
        ("Kortnamn", en.kortnamn),
        ("Ansvariga", ", ".join(en.ansvariga)),
        ("Not om ansvar", en.ansvar_not),
    ]


def _arsrubrik(par: tuple[int, int], fanns: bool, finns: bool) -> str:
    """Which years' activities are told of: of an area that is in one of the plans only, that plan's."""
    if fanns and finns and par[0] != par[1]:
        return f"Aktiviteter {par[1]}, jämfört med {par[0]}"
    return f"Aktiviteter {par[1] if finns else par[0]}"


def _omradets_texter(
    en: OmradePost | None, arspar: Sequence[tuple[int, int]], vilket: int, finns: bool
) -> list[tuple[str, str]]:
    """An area's texts; empty where the plan does not have it, so that all of them have entered or left.

    They are called by the later year where the later plan has the area (`finns`).
    """
    texter = [("Beskrivning", en.beskrivning if en else ""), ("Syfte och nytta", en.syfte if en else "")]
    per_ar = {ett.avser_ar: ett for ett in en.alla_ar} if en else {}
    for par in arspar:
        ett = per_ar.get(par[vilket])
        avser = par[1] if finns else par[0]
        texter.append((f"Om aktiviteterna {avser}", ett.aktivitetstext if ett else ""))
        texter.append((f"Ekonomi {avser}", ett.ekonomi if ett else ""))
    return texter


def _alla_mal(dokument: Plandokument) -> list[Punkt]:
    return [Punkt(ett.id, ett.text, en.kod, plats=nr) for en in dokument.omraden for nr, ett in enumerate(en.alla_mal)]


def _alla_aktiviteter(dokument: Plandokument, avser_ar: int) -> list[Punkt]:
    punkter: list[Punkt] = []

    def lagg_till(omrade: str, rader: Sequence[AktivitetPost], foralder: int | None) -> None:
        for nr, en in enumerate(rader):
            punkter.append(Punkt(en.id, en.text, omrade, foralder, nr, _aktivitetens_falt(en)))
            lagg_till(omrade, en.under, en.id)

    for en in dokument.omraden:
        for ett in en.alla_ar:
            if ett.avser_ar == avser_ar:
                lagg_till(en.kod, ett.aktiviteter, None)
    return punkter


def _aktivitetens_falt(en: AktivitetPost) -> tuple[tuple[str, str], ...]:
    return (
        ("Villkor", en.villkor),
        ("Ansvarig", en.ansvarig),
        ("Status", en.status),
        ("Start", dagen(en.start)),
        ("Slut", dagen(en.slut)),
    )


def _per_omrade(alla: Iterable[Par], namn: dict[str, str]) -> dict[str, tuple[Punktandring, ...]]:
    """The changes by the area where they are told: where the item is now, or was last. A move is told in both areas."""
    per: dict[str, list[Punktandring]] = {}
    for par in alla:
        if not par.ar_andrad:
            continue
        en = par.efter or par.fore
        if en is None:
            continue
        andring = _punktandring(par, namn)
        per.setdefault(en.omrade, []).append(andring)
        if par.bytt_omrade and par.fore is not None:
            per.setdefault(par.fore.omrade, []).append(andring)
    return {kod: tuple(andringar) for kod, andringar in per.items()}


def _punktandring(par: Par, namn: dict[str, str]) -> Punktandring:
    fore, efter = par.fore, par.efter
    if fore is None or efter is None:
        en = efter or fore
        return Punktandring("ny" if efter else "borta", en.text if en else "", None, (), omflyttad=False)
    return Punktandring(
        slag="flyttad" if par.bytt_omrade else "andrad",
        text=efter.text,
        skillnad=skillnad(fore.text, efter.text, rik=False) if fore.text != efter.text else None,
        falt=_fakta(fore.falt, efter.falt) if fore.falt and efter.falt else (),
        omflyttad=par.bytt_plats,
        fran=namn[fore.omrade] if par.bytt_omrade else "",
        till=namn[efter.omrade] if par.bytt_omrade else "",
    )
