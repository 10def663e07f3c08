"""What the overview says of a plan: what changed since the year before, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from budget.belopp import visa_decimal
from rapport.plandokument import Arsfordelning, Budgetradspost, Cell, Plandokument


@dataclass(frozen=True, slots=True)
class Andring:
    """One row of the budget, this year and the year before (öre; None where it is no amount)."""

    namn: str
    ankare: str  # the area's element in the document, "" for a row of the whole plan
    nu: Cell
    fore: Cell
    skillnad: int | None
    stapel_nu: int  # of the largest amount in the table, whole per cent, for the picture
    stapel_fore: int


@dataclass(frozen=True, slots=True)
class Uppgift:
    """Something left to do, and where in the document (`del_id`, on the page `sida`)."""

    text: str
    sida: str
    del_id: str


def andringar(dokument: Plandokument) -> tuple[Andring, ...]:
    """SGD money per row where this year and the year before differ."""
    kolumner = {(k.budgetar, k.finansiering): nr for nr, k in enumerate(dokument.budget.kolumner)}
    nu, fore = kolumner.get((dokument.till_ar, "sgd")), kolumner.get((dokument.till_ar - 1, "sgd"))
    if nu is None or fore is None:
        return ()
    par = [(rad, rad.celler[nu], rad.celler[fore]) for rad in dokument.budget.rader]
    storst = max([cell.ore or 0 for _, *celler in par for cell in celler], default=0) or 1
    return tuple(
        Andring(
            namn=rad.rubrik,
            ankare=radens_ankare(dokument, rad),
            nu=i_ar,
            fore=aret_fore,
            skillnad=_skillnad(i_ar, aret_fore),
            stapel_nu=(i_ar.ore or 0) * 100 // storst,
            stapel_fore=(aret_fore.ore or 0) * 100 // storst,
        )
        for rad, i_ar, aret_fore in par
        if (i_ar.slag, i_ar.ore) != (aret_fore.slag, aret_fore.ore)
    )


def radens_ankare(dokument: Plandokument, rad: Budgetradspost) -> str:
    """The id of the area's element in the document, which says where it is among those that have left."""
    if rad.omrade_id is None:
        return ""
    utgatt = any(omrade.kod == rad.kod for omrade in dokument.lamnade)
    return f"utgatt-{rad.kod}" if utgatt else f"omrade-{rad.omrade_id}"


def _skillnad(nu: Cell, fore: Cell) -> int | None:
    """Öre; what is not applicable counts as nothing, what is unknown gives no difference."""
    if "okant" in (nu.slag, fore.slag) or "ej_ifyllt" in (nu.slag, fore.slag):
        return None
    return (nu.ore or 0) - (fore.ore or 0)


def mot_aret_fore(dokument: Plandokument) -> dict[str, object]:
    """The difference in what is shared: öre, and per cent of the year before as text ("" where it has no meaning).

    None where either year's budget has a part that is not known.
    """
    nu, fore = (_helt_kand(dokument, ett) for ett in (dokument.till_ar, dokument.till_ar - 1))
    if nu is None or fore is None or nu.fordelning is None or fore.fordelning is None:
        return {"skillnad": None, "skillnad_procent": ""}
    skillnad, bas = nu.fordelning.total - fore.fordelning.total, abs(fore.fordelning.total)
    procent = Decimal(skillnad) * 100 / bas if bas else None
    return {
        "skillnad": skillnad,
        "skillnad_procent": "" if procent is None else f"{visa_decimal(procent, 1)}\u00a0%",
    }


def _helt_kand(dokument: Plandokument, budgetar: int) -> Arsfordelning | None:
    """The split of a year whose SGD budget has no unknown part and none that is not filled in; else None."""
    summa = dokument.budget.summa(budgetar, "sgd")
    if summa is None or summa.okanda or summa.ej_ifyllda:
        return None
    return dokument.fordelning_for(budgetar)


def uppgifter(dokument: Plandokument) -> tuple[Uppgift, ...]:
    """What a coordinator has left: empty parts, cells not filled in, and the steps of the plan itself."""
    return tuple(_uppgifter(dokument))


def _uppgifter(dokument: Plandokument) -> Iterator[Uppgift]:
    if dokument.faststalld:
        return
    if not dokument.omraden:
        yield Uppgift("Lägg till planens första insatsområde", "plan", "omraden")
    if not dokument.inledning:
        yield Uppgift("Skriv planens inledning", "plan", "plan-inledning")
    for omrade in dokument.omraden:
        rot = f"omrade-{omrade.id}"
        tomma = [
            (omrade.beskrivning, "beskrivning", f"{rot}-beskrivning"),
            (omrade.syfte, "syfte och nytta", f"{rot}-syfte"),
            (omrade.alla_mal, "övergripande mål", f"{rot}-mal"),
            (omrade.ansvariga, "ansvar", f"{rot}-ansvar"),
        ]
        for ett in omrade.alla_ar:
            har = ett.aktivitetstext or ett.aktiviteter
            tomma.append((har, f"aktiviteter {ett.avser_ar}", f"{rot}-aktiviteter-{ett.avser_ar}"))
            tomma.append((ett.ekonomi, f"ekonomi {ett.avser_ar}", f"{rot}-ekonomi-{ett.avser_ar}"))
        for innehall, vad, del_id in tomma:
            if not innehall:
                yield Uppgift(f"{omrade.kortnamn}: {vad} saknas", "plan", del_id)
    for rad in dokument.budget.rader:
        antal = sum(not cell.ar_ifylld for cell in rad.celler)
        if antal:
            vilka = "ett belopp är inte ifyllt" if antal == 1 else f"{antal} belopp är inte ifyllda"
            yield Uppgift(f"{rad.namn or 'Raden utan benämning'}: {vilka}", "budget", "budget")
    if dokument.delad is None:
        yield Uppgift("Dela planen med huvudmännen", "dela", "")
