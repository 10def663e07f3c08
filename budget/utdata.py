"""A finished split of a year as plain data and as text: what `manage.py fordela --indata` prints.

Pure functions without Django. Amounts are whole öre, exact quotas fractions as text, rates decimals as text.
"""

from typing import Any

from budget.belopp import visa_decimal, visa_kr
from budget.harledning import Steg, avkortat
from budget.modelltext import modelltext
from budget.radfordelning import Matris, Modelldel, Radfordelning, matris
from budget.stegfordelning import TILL_REGIONEN, Grupputfall, Partsrad, Stegfordelning
from budget.stegharledning import harled_alla, numrerad


def resultat_som_data(resultat: Radfordelning) -> dict[str, Any]:
    """Return the split: one part per model with its derivations, what every party owes and pays, and the table."""
    return {
        "enhet": "öre",
        "period": str(resultat.ars.underlag.period),
        "total": resultat.ars.total,
        "modeller": [_modell(del_) for del_ in resultat.delar],
        "parter": [
            {
                "kod": part.kod,
                "namn": part.namn,
                "andel": resultat.andelar[part.kod],
                "betalar": resultat.betalar[part.kod],
            }
            for part in resultat.ars.underlag.parter
        ],
        "matris": _matris(matris(resultat)),
    }


def _modell(del_: Modelldel) -> dict[str, Any]:
    f = del_.fordelning
    alla_steg = harled_alla(f)
    return {
        "kod": f.modell.kod,
        "namn": f.modell.namn,
        "text": modelltext(f.modell, f.underlag.parter),
        "beslut": [str(ett.beslut) for ett in del_.alla_undantag],
        "rader": [rad.kod for rad in del_.rader],
        "total": f.total,
        "satser": [
            {
                "namn": sats.namn,
                "belopp": sats.belopp,
                "invanare": str(sats.invanare),
                "ore_per_invanare": str(sats.ore_per_invanare),
            }
            for sats in f.satser
        ],
        "grupper": [_grupp(utfall) for utfall in f.grupper],
        "parter": [_part(f, rad, alla_steg[rad.kod]) for rad in f.rader],
    }


def _grupp(utfall: Grupputfall) -> dict[str, Any]:
    """A group's workings: the amount without sign."""
    return {
        "kod": utfall.grupp.kod,
        "namn": utfall.grupp.namn,
        "exakt": str(utfall.exakt),
        "belopp": utfall.belopp,
        "bars_av_regionen": utfall.avrundat[TILL_REGIONEN],
    }


def _part(f: Stegfordelning, rad: Partsrad, steg: tuple[Steg, ...]) -> dict[str, Any]:
    utfall = f.utfall(rad.kod)
    vikter: list[dict[str, str]] = []
    if utfall:
        for led, egna in zip(utfall.grupp.alla_led, utfall.underlag.alla_vikter, strict=True):
            vikter.append({"nyckel": str(led.nyckel), "vikt": str(egna[rad.kod])})
    return {
        "kod": rad.kod,
        "namn": rad.namn,
        "grupp": rad.grupp,
        "vikter": vikter,
        "exakt": str(rad.exakt),
        "avrundad": rad.avrundad,
        "oren": rad.oren,
        "buret": dict(rad.buret),
        "andel": rad.andel,
        "betalas_av": rad.betalas_av,
        "betalar": rad.betalar,
        "harledning": list(numrerad(steg)),
    }


def _matris(ett: Matris) -> dict[str, Any]:
    return {
        "kolumner": [part.kod for part in ett.parter],
        "rader": [
            {"kod": rad.kod, "namn": rad.namn, "belopp": rad.belopp, "celler": list(rad.celler)} for rad in ett.rader
        ],
        "summor": list(ett.summor),
        "storsta_avvikelse": str(ett.storsta_avvikelse),
        "dar": list(ett.dar or ()),
        "inom_en_enhet": ett.kontrollerad,
        "besked": ett.besked,
    }


# ----------------------------------------------------------------------
# Text


def resultat_som_text(resultat: Radfordelning) -> str:
    """Return the split for a person at a terminal: the models, the rates and what every party owes and pays, in kr."""
    ars = resultat.ars
    rader = [f"{visa_kr(ars.total)}\u00a0kr för {ars.underlag.period}"]
    for del_ in resultat.delar:
        f = del_.fordelning
        rader += ["", f"{f.modell.namn}, {visa_kr(f.total)}\u00a0kr: {modelltext(f.modell, f.underlag.parter)}"]
        rader += [f"  {sats.namn}: {visa_decimal(sats.ore_per_invanare, 2)}\u00a0öre/inv" for sats in f.satser]
    rader += ["", f"{'kod':<6}{'huvudman':<28}{'andel, kr':>18}{'betalar, kr':>18}"]
    for part in ars.underlag.parter:
        andel, betalar = resultat.andelar[part.kod], resultat.betalar[part.kod]
        rader.append(f"{part.kod:<6}{part.namn[:27]:<28}{visa_kr(andel):>18}{visa_kr(betalar):>18}")
    tabell = matris(resultat)
    storsta = avkortat(tabell.storsta_avvikelse, 4)
    besked = f"Område × huvudman går ihop åt båda hållen; största avvikelse {storsta}\u00a0öre. {tabell.besked}"
    return "\n".join([*rader, "", besked.strip()])
