"""A year's parties, weights, models and rows as plain data: the schema of `manage.py fordela --indata`.

Pure functions without Django. The schema, with a worked example, stands in ``docs/kostnadsfordelning.md``. What is
written here can be read here and gives an equal ``Arsunderlag``, so that the same form may be used to store a model or
everything that a result was made from.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from budget.fordelning import Enhet, Fordelningsfel, Parttyp
from budget.jsonlasning import Varde, las_json
from budget.radfordelning import Arsunderlag, Rad, Undantag
from budget.stegmodell import (
    BARARE,
    VIKTSLAG,
    Andelsform,
    Beslutsreferens,
    Betalare,
    Deltagare,
    Faktor,
    Giltighet,
    Golv,
    Grund,
    Grupp,
    Led,
    Nyckel,
    Period,
    Stegmodell,
    Tak,
    Underlag,
    Vikt,
    Villkor,
)

SCHEMA = 1
_TYPER: tuple[Parttyp, ...] = ("region", "kommun")
_ENHETER: tuple[Enhet, ...] = ("ore", "krona")
_FORMER: tuple[Andelsform, ...] = ("forhallande", "andelar")
_TIDER = ("fran", "till")


def las_indata(text: str) -> Arsunderlag:
    """Return what the file describes. Raises Fordelningsfel, with the place in the file, for anything else."""
    return arsunderlag_ur(las_json(text))


def arsunderlag_ur(varde: Varde) -> Arsunderlag:
    """Return a year's facts, models and rows."""
    falt = varde.objekt(("schema", "period", "parter", "vikter", "modeller", "standard", "rader"), ("undantag",))
    if falt["schema"].ratt != SCHEMA or isinstance(falt["schema"].ratt, bool):
        raise falt["schema"].fel(f"ska vara {SCHEMA}.")
    parter = tuple(_part(en) for en in falt["parter"].lista())
    vikter: dict[Nyckel, dict[str, Vikt]] = {}
    for serie in falt["vikter"].lista():
        delar = serie.objekt(("nyckel", "varden"))
        nyckel = nyckel_ur(delar["nyckel"])
        if nyckel in vikter:
            raise serie.fel(f"uppgifterna om {nyckel} står två gånger.")
        vikter[nyckel] = {kod: antal.tal() for kod, antal in delar["varden"].alla_falt().items()}
    modeller: dict[str, Stegmodell] = {}
    for en in falt["modeller"].lista():
        modell = modell_ur(en)
        if modell.kod in modeller:
            raise en.fel(f"modellen {modell.kod} står två gånger.")
        modeller[modell.kod] = modell
    undantag = falt["undantag"].lista() if "undantag" in falt else []
    return Arsunderlag(
        tuple(_rad(en) for en in falt["rader"].lista()),
        _modell_med_kod(falt["standard"], modeller),
        Underlag(_period(falt["period"]), parter, vikter),
        tuple(_undantag(en, modeller) for en in undantag),
    )


def modell_ur(varde: Varde) -> Stegmodell:
    """Return a model."""
    falt = varde.objekt(("kod", "namn", "grupper"), ("enhet", "andelsform", "villkor", "beslut"))
    return Stegmodell(
        falt["kod"].text(),
        falt["namn"].text(),
        tuple(_grupp(en) for en in falt["grupper"].lista()),
        falt["enhet"].val(_ENHETER) if "enhet" in falt else "ore",
        falt["andelsform"].val(_FORMER) if "andelsform" in falt else "forhallande",
        tuple(_villkor(ett) for ett in falt["villkor"].lista()) if "villkor" in falt else (),
        _beslut(falt["beslut"]) if "beslut" in falt else None,
    )


def nyckel_ur(varde: Varde) -> Nyckel:
    """Return a key."""
    falt = varde.objekt(("slag",), ("datum", "alder", "period", "vad", "tabell"))
    tabell = falt["tabell"].alla_falt() if "tabell" in falt else {}
    return Nyckel(
        falt["slag"].val(VIKTSLAG),
        falt["datum"].datum() if "datum" in falt else None,
        falt["alder"].text() if "alder" in falt else "",
        _period(falt["period"]) if "period" in falt else None,
        falt["vad"].text() if "vad" in falt else "",
        tuple((kod, tal.tal()) for kod, tal in tabell.items()),
    )


# ----------------------------------------------------------------------
# Reading the parts


def _period(varde: Varde) -> Period:
    falt = varde.objekt(_TIDER)
    return Period(falt["fran"].datum(), falt["till"].datum())


def _giltighet(falt: Mapping[str, Varde]) -> Giltighet:
    fran, till = (falt[namn].datum() if namn in falt else None for namn in _TIDER)
    return Giltighet(fran, till)


def _beslut(varde: Varde) -> Beslutsreferens:
    falt = varde.objekt(("instans", "datum", "paragraf"), ("diarienummer", "upphavt"))
    return Beslutsreferens(
        falt["instans"].text(),
        falt["datum"].datum(),
        falt["paragraf"].text(),
        falt["diarienummer"].text() if "diarienummer" in falt else "",
        falt["upphavt"].datum() if "upphavt" in falt else None,
    )


def _part(varde: Varde) -> Deltagare:
    falt = varde.objekt(("kod", "namn", "typ"), _TIDER)
    typ = falt["typ"].val(_TYPER)
    return Deltagare(
        falt["kod"].text(), falt["namn"].text(), "region" if typ == "region" else "kommun", _giltighet(falt)
    )


def _grupp(varde: Varde) -> Grupp:
    falt = varde.objekt(("kod", "namn", "andel", "typer", "nycklar"), ("endast", "grundbelopp"))
    return Grupp(
        falt["kod"].text(),
        falt["namn"].text(),
        falt["andel"].tal(),
        tuple(typ.val(_TYPER) for typ in falt["typer"].lista()),
        tuple(_led(ett) for ett in falt["nycklar"].lista()),
        tuple(kod.text() for kod in falt["endast"].lista()) if "endast" in falt else (),
        falt["grundbelopp"].belopp() if "grundbelopp" in falt else 0,
    )


def _led(varde: Varde) -> Led:
    falt = varde.objekt(("nyckel",), ("andel",))
    return Led(nyckel_ur(falt["nyckel"]), falt["andel"].tal() if "andel" in falt else 1)


def _villkor(varde: Varde) -> Villkor:
    slag = varde.alla_falt().get("slag", Varde(f"{varde.plats}.slag", None)).val(("faktor", "golv", "tak", "betalare"))
    egna = {"faktor": ("faktor", "bars_av"), "golv": ("belopp", "bars_av"), "tak": ("belopp", "bars_av")}
    krav = egna.get(slag, ("betalas_av",))
    falt = varde.objekt(("slag", "part", "motivering", "beslut", *krav), _TIDER)
    kod = falt["part"].text()
    grund = Grund(falt["motivering"].text(), _beslut(falt["beslut"]), _giltighet(falt))
    if slag == "betalare":
        return Betalare(kod, falt["betalas_av"].text(), grund)
    barare = falt["bars_av"].val(BARARE)
    if slag == "faktor":
        return Faktor(kod, falt["faktor"].tal(), barare, grund)
    return (Golv if slag == "golv" else Tak)(kod, falt["belopp"].belopp(), barare, grund)


def _rad(varde: Varde) -> Rad:
    falt = varde.objekt(("kod", "namn", "belopp"), ("omrade",))
    omrade = falt["omrade"].text() if "omrade" in falt else ""
    return Rad(falt["kod"].text(), falt["namn"].text(), falt["belopp"].belopp(), omrade)


def _undantag(varde: Varde, modeller: Mapping[str, Stegmodell]) -> Undantag:
    falt = varde.objekt(("avser", "modell"), ("beslut", *_TIDER))
    beslut = _beslut(falt["beslut"]) if "beslut" in falt else None
    return Undantag(falt["avser"].text(), _modell_med_kod(falt["modell"], modeller), beslut, _giltighet(falt))


def _modell_med_kod(varde: Varde, modeller: Mapping[str, Stegmodell]) -> Stegmodell:
    kod = varde.text()
    if kod not in modeller:
        raise varde.fel(f"modellen {kod} finns inte bland modellerna.")
    return modeller[kod]


# ----------------------------------------------------------------------
# Writing


def arsunderlag_som_data(ars: Arsunderlag) -> dict[str, Any]:
    """Return a year's facts, models and rows in the schema; amounts are whole öre.

    Raises Fordelningsfel when two different models have the same code.
    """
    modeller = {ars.standard.kod: ars.standard}
    for ett in ars.alla_undantag:
        if modeller.setdefault(ett.modell.kod, ett.modell) != ett.modell:
            raise Fordelningsfel(f"Två olika modeller har koden {ett.modell.kod} {ars.underlag.period}.")
    return {
        "schema": SCHEMA,
        "period": _period_data(ars.underlag.period),
        "parter": [_utan_tomma(kod=p.kod, namn=p.namn, typ=p.typ, **_tider(p.giltighet)) for p in ars.underlag.parter],
        "vikter": [
            {"nyckel": nyckel_som_data(nyckel), "varden": {kod: _tal_data(vikt) for kod, vikt in varden.items()}}
            for nyckel, varden in ars.underlag.vikter.items()
        ],
        "modeller": [modell_som_data(modell) for modell in modeller.values()],
        "standard": ars.standard.kod,
        "rader": [_utan_tomma(kod=r.kod, namn=r.namn, belopp=r.belopp, omrade=r.omrade) for r in ars.rader],
        "undantag": [
            _utan_tomma(
                avser=ett.avser, modell=ett.modell.kod, beslut=_beslut_data(ett.beslut), **_tider(ett.giltighet)
            )
            for ett in ars.alla_undantag
        ],
    }


def modell_som_data(modell: Stegmodell) -> dict[str, Any]:
    """Return a model in the schema."""
    return _utan_tomma(
        kod=modell.kod,
        namn=modell.namn,
        enhet=modell.enhet,
        andelsform=modell.andelsform,
        grupper=[_grupp_data(grupp) for grupp in modell.grupper],
        villkor=[_villkor_data(villkor) for villkor in modell.alla_villkor],
        beslut=_beslut_data(modell.beslut),
    )


def nyckel_som_data(nyckel: Nyckel) -> dict[str, Any]:
    """Return a key in the schema."""
    return _utan_tomma(
        slag=nyckel.slag,
        datum=_datum(nyckel.datum),
        alder=nyckel.alder,
        period=_period_data(nyckel.period) if nyckel.period else None,
        vad=nyckel.vad,
        tabell={kod: _tal_data(vikt) for kod, vikt in nyckel.tabell},
    )


def _grupp_data(grupp: Grupp) -> dict[str, Any]:
    return _utan_tomma(
        kod=grupp.kod,
        namn=grupp.namn,
        andel=_tal_data(grupp.andel),
        typer=list(grupp.typer),
        nycklar=[{"andel": _tal_data(led.andel), "nyckel": nyckel_som_data(led.nyckel)} for led in grupp.alla_led],
        endast=list(grupp.endast),
        grundbelopp=grupp.grundbelopp or None,
    )


def _villkor_data(villkor: Villkor) -> dict[str, Any]:
    eget: dict[str, Any]
    if isinstance(villkor, Betalare):
        eget = {"slag": "betalare", "betalas_av": villkor.betalas_av}
    elif isinstance(villkor, Faktor):
        eget = {"slag": "faktor", "faktor": _tal_data(villkor.faktor), "bars_av": villkor.bars_av}
    else:
        slag = "golv" if isinstance(villkor, Golv) else "tak"
        eget = {"slag": slag, "belopp": villkor.belopp, "bars_av": villkor.bars_av}
    grund = villkor.grund
    return _utan_tomma(
        part=villkor.kod,
        **eget,
        motivering=grund.motivering,
        beslut=_beslut_data(grund.beslut),
        **_tider(grund.giltighet),
    )


def _beslut_data(beslut: Beslutsreferens | None) -> dict[str, Any] | None:
    if beslut is None:
        return None
    return _utan_tomma(
        instans=beslut.instans,
        datum=_datum(beslut.datum),
        paragraf=beslut.paragraf,
        diarienummer=beslut.diarienummer,
        upphavt=_datum(beslut.upphavt),
    )


def _utan_tomma(**falt: Any) -> dict[str, Any]:
    """The fields that say something; a number is never empty."""
    return {namn: varde for namn, varde in falt.items() if varde not in (None, "", [], {})}


def _tider(giltighet: Giltighet) -> dict[str, str | None]:
    return {"fran": _datum(giltighet.fran), "till": _datum(giltighet.till)}


def _period_data(period: Period) -> dict[str, str]:
    return {"fran": period.fran.isoformat(), "till": period.till.isoformat()}


def _datum(dag: date | None) -> str | None:
    return dag.isoformat() if dag else None


def _tal_data(tal: Vikt) -> int | str:
    brak = Fraction(tal)
    return brak.numerator if brak.denominator == 1 else str(brak)
