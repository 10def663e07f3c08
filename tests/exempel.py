"""Records to test with, made without a database: a small plan, an empty one, and the small one made large."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from budget.belopp import Summa
from budget.fordelning import Modell, fordela_plan
from budget.fordelning import Part as Fordelningspart
from rapport.budgettabell import summera_celler
from rapport.plandokument import (
    SCHEMA,
    AktivitetPost,
    Arsfordelning,
    Arssumma,
    Budgetradspost,
    Budgettabell,
    Cell,
    Fotnotspost,
    Kolumn,
    MalPost,
    OmradePost,
    Part,
    Plandokument,
    Publicerad,
    Verksamhetsar,
)

KOLUMNER = ((2024, "sgd", "SGD"), (2024, "annan", "annan finansiering"), (2023, "sgd", "SGD"))
NAMN = ("Norrby kommun", "Söderby kommun", "Åby stad")
NASTLAD = "<ul><li><p>ett</p><ul><li><p>under ett</p></li></ul></li></ul>"
OMRADESNAMN = ("Journal över gränser (JÖG)", "Säkra brev")


def exempelplan(*, antal_omraden: int = 2, antal_kommuner: int = 3, **andringar: Any) -> Plandokument:
    """A shared draft for 2024: areas with goals and nested activities, all kinds of amount, a split 1:1.

    Keyword arguments replace fields of the record. Each area has 100 000 kr of SGD money in 2024.
    """
    budget = exempelbudget(antal_omraden)
    parter = exempelparter(antal_kommuner)
    falt: dict[str, Any] = {
        "schema": SCHEMA,
        "id": 1,
        "version": 1,
        "fran_ar": 2024,
        "till_ar": 2024,
        "titel": "Handlingsplan 2024",
        "undertitel": "Gemensam digitalisering i Exempellän",
        "inledning": "<p>Planen gäller oss alla.</p><h3>Bakgrund</h3><p>Den vilar på ett avtal.</p>",
        "om_aret": "<p>Året handlar om två områden.</p>",
        "avslutning": "<h3>Uppföljning</h3><p>Den följs upp varje år.</p>",
        "kontakt_namn": "Samordningen",
        "kontakt_epost": "samordning@exempel.se",
        "andrad": date(2023, 11, 2),
        "delad": date(2023, 11, 1),
        "faststalld": None,
        "faststalld_hanvisning": "",
        "parter": parter,
        "omraden": tuple(_omrade(nr) for nr in range(1, antal_omraden + 1)),
        "bevakade": (_kort(901, "Nationella tjänsten", "bevakas", "Bevakas utan budget."),),
        "lamnade": (_kort(902, "Möten på distans", "utgatt", "Lämnade planen när lösningen var klar."),),
        "budget": budget,
        "fordelningar": exempelfordelningar(budget, parter),
    }
    return Plandokument(**(falt | andringar))


def tom_plan(**andringar: Any) -> Plandokument:
    """A plan as it is when someone has just created it: a title, no parties and nothing else."""
    tomt = dict.fromkeys(("undertitel", "inledning", "om_aret", "avslutning", "kontakt_namn", "kontakt_epost"), "")
    inget = dict.fromkeys(("parter", "omraden", "bevakade", "lamnade", "fordelningar"), ())
    budget = Budgettabell(kolumner=(), rader=(), arssummor=(), fotnoter=(), tabellmarkorer=())
    return exempelplan(**(tomt | inget | {"budget": budget, "delad": None} | andringar))


def forstora(dokument: Plandokument, antal: int) -> Plandokument:
    """The same plan with `antal` activities on top level, shared among its areas."""
    antal_omraden = len(dokument.omraden)
    nya = []
    for nr, omrade in enumerate(dokument.omraden):
        ett = omrade.alla_ar[0]
        stycken = tuple(
            _aktivitet(10_000 + i, f"Genomföra steg {i + 1} i det gemensamma arbetet och redovisa hur det gick.")
            for i in range(nr, antal, antal_omraden)
        )
        nya.append(replace(omrade, alla_ar=(replace(ett, aktiviteter=stycken), *omrade.alla_ar[1:])))
    return replace(dokument, omraden=tuple(nya))


def exempelparter(antal_kommuner: int) -> tuple[Part, ...]:
    region = Part(kod="12", typ="region", namn="Region Exempel", juridiskt_namn="Region Exempel")
    kommuner = []
    for nr in range(antal_kommuner):
        namn = NAMN[nr] if nr < len(NAMN) else f"Exempelby {nr + 1} kommun"
        kommuner.append(Part(kod=str(1201 + nr), typ="kommun", namn=namn, juridiskt_namn=namn))
    return (region, *kommuner)


def exempelbudget(antal_omraden: int) -> Budgettabell:
    """Amounts, 0, okänt, ej aktuellt, a row without name, footnotes, and one figure the earlier plan disagrees with."""
    rader = [
        Budgetradspost(
            omrade_id=nr,
            rad_id=None,
            version=1,
            kod=f"omrade-{nr}",
            namn=f"Område {nr}" if nr > len(OMRADESNAMN) else OMRADESNAMN[nr - 1],
            celler=(
                _belopp(100_000_00),
                Cell("okant", None, 1, 1, ("1",) if nr == 1 else ()),
                _belopp(0 if nr == 1 else 5_000_50),
            ),
        )
        for nr in range(1, antal_omraden + 1)
    ]
    sista = replace(_belopp(70_000_00), tidigare_ore=75_000_00, tidigare_slag="belopp")
    tomma = (Cell("ej_aktuellt", None, 1, 1, ()), Cell("ej_aktuellt", None, 1, 1, ()))
    rader.append(Budgetradspost(omrade_id=None, rad_id=1, version=1, kod="", namn="", celler=(*tomma, sista)))
    return satt_ihop(KOLUMNER, rader)


def satt_ihop(kolumner: tuple[tuple[int, str, str], ...], rader: list[Budgetradspost]) -> Budgettabell:
    """A table with its sums, from (year, code, name) of its columns and its rows."""
    klara = tuple(
        Kolumn(
            budgetar=ett,
            finansiering=form,
            namn=namn,
            egen=ett == 2024,
            summa=summera_celler(rad.celler[i] for rad in rader),
            markorer=("2",) if form == "annan" else (),
        )
        for i, (ett, form, namn) in enumerate(kolumner)
    )
    per_ar: dict[int, list[Summa]] = {}
    for kolumn in klara:
        per_ar.setdefault(kolumn.budgetar, []).append(kolumn.summa)
    return Budgettabell(
        kolumner=klara,
        rader=tuple(rader),
        arssummor=tuple(Arssumma(ett, sum(summor, Summa()), len(summor)) for ett, summor in per_ar.items()),
        fotnoter=(
            Fotnotspost(1, 1, "1", "Frågan om statsbidrag är öppen."),
            Fotnotspost(2, 1, "2", "Allt som inte delas enligt modellen."),
        ),
        tabellmarkorer=(),
    )


def exempelfordelningar(budget: Budgettabell, parter: tuple[Part, ...]) -> tuple[Arsfordelning, ...]:
    """The split of each year of the table; the rate that was published for 2023 differs from the computed one."""
    svar = []
    for ett in (2024, 2023):
        summa = budget.summa(ett, "sgd")
        assert summa is not None
        modell = Modell(1, 1, "ore", date(ett - 2, 12, 31), "Exempelavtalet")
        delar = [
            Fordelningspart(part.kod, part.namn, part.typ, 10_007 + 1_237 * nr if part.typ == "kommun" else None)  # type: ignore[arg-type]
            for nr, part in enumerate(parter)
        ]
        publicerad = (
            Publicerad(1, 1, ett, Decimal("190.09"), None, "Handlingsplan 2023, sidan 4") if ett == 2023 else None
        )
        svar.append(Arsfordelning(ett, ett == 2024, fordela_plan(summa.ore, delar, modell), "", False, publicerad))
    return tuple(svar)


def _belopp(ore: int) -> Cell:
    return Cell("belopp", ore, 1, 1, ())


def _aktivitet(id_: int, text: str, **falt: Any) -> AktivitetPost:
    tomt: dict[str, Any] = {"villkor": "", "ansvarig": "", "status": "", "start": None, "slut": None, "under": ()}
    return AktivitetPost(id=id_, version=1, text=text, **(tomt | falt))


def _omrade(nr: int) -> OmradePost:
    under = _aktivitet(
        nr * 100 + 2, f"Underaktivitet i område {nr}.", under=(_aktivitet(nr * 100 + 3, "Tredje nivån."),)
    )
    aktiviteter = (
        _aktivitet(nr * 100 + 1, f"Första aktiviteten i område {nr}.", under=(under,)),
        _aktivitet(
            nr * 100 + 4,
            f"Andra aktiviteten i område {nr}.",
            villkor="Om den första ger ett gott resultat.",
            ansvarig="Arbetsgruppen",
            status="pågår",
            start=date(2024, 2, 1),
            slut=date(2024, 6, 30),
        ),
    )
    return OmradePost(
        id=nr,
        version=1,
        kod=f"omrade-{nr}",
        nummer=nr,
        namn=f"Område {nr}" if nr > len(OMRADESNAMN) else OMRADESNAMN[nr - 1],
        kortnamn=f"Område {nr}",
        lage="ingar",
        lage_not="",
        nytt=nr == 2,
        beskrivning=f"<p>Så ser område {nr} ut.</p><h3>Delar</h3>{NASTLAD}",
        syfte="<p>Det gör <strong>nytta</strong> och <a href='https://exempel.se/nytta'>syns här</a>.</p>",
        alla_mal=(MalPost(nr * 10, 1, f"Målet för område {nr} är nått."),),
        alla_ar=(Verksamhetsar(2024, "<p>Arbetet görs i steg.</p>", aktiviteter, "<p>Pengarna är avsatta.</p>"),),
        ansvariga=("Samverkansgruppen",),
        ansvar_not="På uppdrag av beredningen.",
    )


def _kort(id_: int, namn: str, lage: str, lage_not: str) -> OmradePost:
    return replace(
        _omrade(id_),
        nummer=0,
        namn=namn,
        kortnamn=namn,
        lage=lage,
        lage_not=lage_not,
        nytt=False,
        alla_mal=(),
        alla_ar=(),
    )
