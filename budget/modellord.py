"""A cost model's parts in words, as the pages, the forms and the history show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from budget.belopp import HART_MELLANSLAG, till_ore, visa_hela_kr
from budget.fordelning import Fordelningsfel
from budget.modelltext import del_ord
from budget.models import Folkmangd, Modellgrupp, Modellundantag, Modellvillkor, Viktserie
from budget.models.beslut import Beslutad
from budget.stegmodell import Vikt, aldersord
from budget.vikttexter import las_tal, las_varden
from handlingsplan.models import Handlingsplan, Huvudman


def serier_av(plan: Handlingsplan) -> dict[int, Viktserie]:
    """The plan's series that are not removed, by key."""
    return {en.pk: en for en in Viktserie.objects.filter(plan=plan, borttagen_at=None)}


def nyckelval(plan: Handlingsplan) -> list[tuple[str, str]]:
    """What a group can be shared by: equal, inhabitants, the age spans that there are figures of, the plan's series."""
    spann = Folkmangd.objects.exclude(alder="").order_by("alder").values_list("alder", flat=True).distinct()
    serier = serier_av(plan)
    koder = ["lika", "invanare", *(f"invanare:{ett}" for ett in spann), *(f"serie:{pk}" for pk in serier)]
    return [(kod, nyckel_i_ord(kod, serier)) for kod in koder]


def nyckel_i_ord(kod: str, serier: Mapping[int, Viktserie]) -> str:
    """A group's key in words: `antal invånare 65– år`."""
    slag, _, mer = kod.partition(":")
    if slag == "invanare":
        return f"antal invånare{aldersord(mer)}"
    if slag == "serie":
        serie = serier.get(int(mer)) if mer.isdecimal() else None
        return serie.namn if serie else "en nyckel som är borttagen"
    return "lika för alla"


def del_i_ord(del_: Vikt) -> str:
    """A share in a message: `90 %`, `hälften`, `11/12`; 0 is 0."""
    return del_ord(del_) if del_ else "0"


def andel_i_ord(text: str) -> str:
    """A share as it was typed, and as per cent where that is another way to say it."""
    try:
        tal = Fraction(las_tal(text))
    except Fordelningsfel:
        return text
    return del_ord(tal) if 0 < tal < 1 else text


@dataclass(frozen=True, slots=True)
class Gruppord:
    """A group as it is shown."""

    rad: Modellgrupp
    deltar: str
    grundbelopp: str
    nycklar: tuple[str, ...]


def grupp_i_ord(grupp: Modellgrupp, serier: Mapping[int, Viktserie], namn: Mapping[str, str]) -> Gruppord:
    """`namn` has the parties' names by code."""
    par = ((grupp.nyckel_1, grupp.andel_1), (grupp.nyckel_2, grupp.andel_2), (grupp.nyckel_3, grupp.andel_3))
    valda = [(nyckel_i_ord(nyckel, serier), andel) for nyckel, andel in par if nyckel]
    nycklar = tuple(f"{andel_i_ord(andel)}: {ord_}" for ord_, andel in valda) if len(valda) > 1 else (valda[0][0],)
    deltar = (
        koder_i_ord(grupp.endast, namn) if grupp.deltar == Modellgrupp.Deltar.UTVALDA else grupp.get_deltar_display()
    )
    fast = visa_hela_kr(till_ore(grupp.grundbelopp.amount)) if grupp.grundbelopp else ""
    return Gruppord(grupp, deltar, fast, nycklar)


def koder_i_ord(koder: str, namn: Mapping[str, str]) -> str:
    """Names of the parties that a group picks out."""
    return ", ".join(namn.get(kod, kod) for kod in koder.split(",") if kod)


def partsnamn() -> dict[str, str]:
    return {en.kod: en.namn for en in Huvudman.objects.all()}


def villkor_i_ord(villkor: Modellvillkor) -> str:
    """What a condition says: `Bjuv betalar högst 5 000 kr; regionen bär skillnaden`."""
    if villkor.slag == Modellvillkor.Slag.BETALARE:
        return f"{villkor.betalas_av} betalar i stället"
    barare = villkor.get_bars_av_display()
    if villkor.slag == Modellvillkor.Slag.FAKTOR:
        vad = andel_i_ord(villkor.faktor)
        return (
            f"betalar inget, och {barare} bär skillnaden"
            if _ar_noll(villkor.faktor)
            else (f"betalar {vad} av sin andel, och {barare} bär skillnaden")
        )
    belopp = visa_hela_kr(till_ore(villkor.belopp.amount)) if villkor.belopp else "okänt belopp"
    hur = "minst" if villkor.slag == Modellvillkor.Slag.GOLV else "högst"
    return f"betalar {hur} {belopp}{HART_MELLANSLAG}kr, och {barare} bär skillnaden"


def _ar_noll(text: str) -> bool:
    try:
        return las_tal(text) == 0
    except Fordelningsfel:
        return False


def beslut_i_ord(rad: Beslutad) -> str:
    """A decision: `Regionstyrelsen 2022-12-31 § 12 (dnr 2022/1), upphävt 2024-01-01`; empty where there is none."""
    if not rad.har_beslut or rad.beslutsdatum is None:
        return ""
    nummer = rad.paragraf.strip().removeprefix("§").strip()
    dnr = f" (dnr {rad.diarienummer.strip()})" if rad.diarienummer.strip() else ""
    slut = f", upphävt {rad.upphavt.isoformat()}" if rad.upphavt else ""
    return f"{rad.instans.strip()} {rad.beslutsdatum.isoformat()} §{HART_MELLANSLAG}{nummer}{dnr}{slut}"


def giltighet_i_ord(villkor: Modellvillkor) -> str:
    """From and to; `tills vidare` where neither is said."""
    fran = f"från {villkor.galler_fran.isoformat()}" if villkor.galler_fran else ""
    till = f"till {villkor.galler_till.isoformat()}" if villkor.galler_till else ""
    return " ".join(del_ for del_ in (fran, till) if del_) or "tills vidare"


def undantag_i_ord(undantag: Modellundantag) -> str:
    """What an override is of: `Mina planer 2024`, or the activity with its amount."""
    if undantag.aktivitet is None or undantag.belopp is None:
        return f"{undantag.utgava} {undantag.budgetar}"
    belopp = visa_hela_kr(till_ore(undantag.belopp.amount))
    return f"{undantag.utgava} {undantag.budgetar}: {str(undantag.aktivitet).rstrip('. ')}, {belopp}{HART_MELLANSLAG}kr"


def serien_saknar(serie: Viktserie, alla_huvudman: Iterable[Huvudman]) -> list[str]:
    """Municipalities without a number in a series, by name."""
    try:
        har = las_varden(serie.varden)
    except Fordelningsfel:
        return []
    return [str(en) for en in alla_huvudman if en.typ == Huvudman.Typ.KOMMUN and en.kod not in har]
