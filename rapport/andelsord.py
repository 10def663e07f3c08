"""The sentences of a party's page, in plain Swedish. Pure functions; amounts come in as öre."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from budget.belopp import HART_MELLANSLAG, visa_decimal, visa_hela_kr, visa_heltal, visa_kr
from budget.fordelning import Andel, Fordelning, upprakning
from budget.modellbeskrivning import grunden, i_korthet, modellen, modellorden, modelltexterna
from rapport.plandokument import Arsfordelning, Plandokument


def mot_forra(belopp: int, fore: int, budgetar_fore: int) -> str:
    """`67 338,59 kr mindre än 2023`."""
    if belopp == fore:
        return f"lika mycket som {budgetar_fore}"
    return f"{_kr(abs(belopp - fore))} {'mer' if belopp > fore else 'mindre'} än {budgetar_fore}"


def varfor(fordelning: Fordelning, andel: Andel) -> str:
    """What the amount follows from: the budget, the party's part of it, and by which measure."""
    modell = fordelning.modell
    budget = f"Budgeten som delas är {visa_hela_kr(fordelning.total)}{HART_MELLANSLAG}kr."
    if fordelning.i_steg:
        return f"{budget} {_delas_efter(fordelning)}"
    if andel.typ == "region":
        return f"{budget} {andel.namn} bär {modell.andel_region} av {modell.andel_region + modell.andel_grupp} delar."
    antal = visa_heltal(len(fordelning.kommuner))
    return (
        f"{budget} De {antal} kommunernas del är {_kr(fordelning.gruppens_belopp)} och delas efter invånare:"
        f" {andel.namn} har {_invanare(fordelning, andel)}."
    )


def _delas_efter(fordelning: Fordelning) -> str:
    """The one model's sentence, or the names of several."""
    en = len(modellorden(fordelning)) == 1
    return modellen(fordelning) if en else f"Den delas efter {i_korthet(fordelning)}."


def vad_betalas(budgetar: int, belopp: int, betalar: int, mot_forra: str, efter_avrakning: int | None = None) -> str:
    """What the party pays, öre: its share, or what is left and added where parties pay for each other."""
    jamfort = f", {mot_forra}" if mot_forra else ""
    avraknat = f" Efter avräkning: {_kr(efter_avrakning)}." if efter_avrakning is not None else ""
    if betalar == belopp:
        return f"{_kr(belopp)} {budgetar}{jamfort}.{avraknat}"
    return f"{_kr(betalar)} {budgetar}. Andelen är {_kr(belopp)}{jamfort}.{avraknat}"


def betalning(belopp: int, betalare: dict[str, int], for_andra: dict[str, int], betalar: int) -> str:
    """Who pays how much of the share *belopp*, and for whom the party pays besides itself (name: öre).

    "" where each pays its own. Others pay only what is split by a model that says so.
    """
    meningar = []
    if len(betalare) == 1 and sum(betalare.values()) == belopp:
        meningar.append(f"Betalas av {upprakning(betalare)}.")
    elif betalare:
        vilka = upprakning(f"{namn} {_kr(ore)}" for namn, ore in betalare.items())
        meningar.append(f"Av andelen betalar {vilka}.")
    if for_andra:
        vilka = upprakning(f"{namn} ({_kr(ore)})" for namn, ore in for_andra.items())
        meningar.append(f"Betalar också för {vilka}.")
    return " ".join([*meningar, f"Att betala i allt: {_kr(betalar)}."]) if meningar else ""


def budgetord(fore: Fordelning, nu: Fordelning) -> str:
    """What the budget effect comes from."""
    if fore.total == nu.total:
        return f"Budgeten som delas är densamma, {visa_hela_kr(nu.total)}{HART_MELLANSLAG}kr."
    riktning = "ökar" if nu.total > fore.total else "minskar"
    return (
        f"Budgeten som delas {riktning} från {visa_hela_kr(fore.total)} till"
        f" {visa_hela_kr(nu.total)}{HART_MELLANSLAG}kr."
    )


def befolkningsord(fore: Fordelning, andel_fore: Andel, nu: Fordelning, andel: Andel) -> str:
    """What the population effect comes from: the party's inhabitants among all, on both dates."""
    dagar = [en.modell.folkmangdsdatum.isoformat() for en in (fore, nu)]
    i_steg = fore.i_steg or nu.i_steg
    if andel.typ == "region":
        andra = "De tal som modellerna väger efter var andra: invånare, och det övriga som används."
        return andra if i_steg else f"{andel.namn} betalar efter modellen, inte efter invånare."
    invanare = f"{_invanare(fore, andel_fore)} den {dagar[0]} och {_invanare(nu, andel)} den {dagar[1]}."
    mer = " Hit räknas också andra tal som modellerna väger efter." if i_steg else ""
    return f"{andel.namn} hade {invanare}{mer}"


def modellord(fore: Fordelning, nu: Fordelning) -> str:
    """What the model effect comes from: ratio, rounding unit and who takes part, before and now."""
    gammal, ny = (i_korthet(f).removesuffix(".") for f in (fore, nu))
    som = ":" if fore.i_steg or nu.i_steg else ""
    text = f"Samma modell båda åren: {ny}." if gammal == ny else f"Modellen var{som} {gammal}. Den är{som} {ny}."
    deltog, deltar = ({en.kod: en.namn for en in f.andelar} for f in (fore, nu))
    if nya := [namn for kod, namn in deltar.items() if kod not in deltog]:
        text += f" Tillkommit har {upprakning(nya)}."
    if borta := [namn for kod, namn in deltog.items() if kod not in deltar]:
        text += f" Lämnat har {upprakning(borta)}."
    return text


def stallning(ars: Arsfordelning) -> str:
    """Whether a year's amounts are final, in words."""
    if ars.lagrad:
        return "Fastställd och lagrad"
    return "Beräknad på planen som den är nu" if ars.egen else "Beräknad på planens jämförelsetal"


def bygger_pa(dokument: Plandokument, ars: Arsfordelning, stallning: str) -> list[tuple[str, str]]:
    """What a year's figures rest on: (what, in words). `stallning` is whether the amount is final, "" without one."""
    rader = [("Ställning", stallning)] if stallning else []
    beslut = ", ".join(filter(None, [_datum(dokument.faststalld), dokument.faststalld_hanvisning]))
    rader.append(("Planen fastställd", beslut or "Nej, inte än"))
    if ars.fordelning is not None:
        modell = ars.fordelning.modell
        orden = modellorden(ars.fordelning)
        rader += [("Modell", text) for text in modelltexterna(ars.fordelning)]
        if alla_beslut := dict.fromkeys(en for ett in orden for en in ett.beslut):
            rader.append(("Beslut", "; ".join(alla_beslut)))
        if grund := grunden(ars.fordelning):
            rader.append(("Grund", grund))
        rader.append(("Folkmängd", modell.folkmangdsdatum.isoformat()))
        if ars.fordelning.ore_per_invanare is not None:
            rader.append(("Kommunerna per invånare", f"{visa_decimal(ars.fordelning.ore_per_invanare, 2)}\xa0öre/inv"))
        if ars.fordelning.region_ore_per_invanare is not None:
            sats = visa_decimal(ars.fordelning.region_ore_per_invanare, 2)
            rader.append(("Regionen per invånare", f"{sats}\xa0öre/inv"))
    if ars.publicerad is not None:
        text = f"{visa_decimal(ars.publicerad.ore_per_invanare, 2)}\xa0öre/inv, {ars.publicerad.kalla}"
        if ars.skillnad:
            text += f" (skiljer {visa_decimal(ars.skillnad, 2)}\xa0öre från den beräknade)"
        rader.append(("Publicerad kostnad", text))
    return rader


def _datum(dag: date | None) -> str:
    return dag.isoformat() if dag else ""


def _invanare(fordelning: Fordelning, andel: Andel) -> str:
    """`357 377 av 1 414 324 (25,27 %)`."""
    alla = fordelning.gruppens_invanare
    procent = f" ({visa_decimal(Decimal(100 * andel.invanare) / alla, 2)}\xa0%)" if alla else ""
    return f"{visa_heltal(andel.invanare)} av {visa_heltal(alla)} invånare{procent}"


def _kr(ore: int) -> str:
    return f"{visa_kr(ore)}{HART_MELLANSLAG}kr"
