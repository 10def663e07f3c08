"""What a file's own totals say of its municipalities: a county, or the country, against the sum of its parts."""

from collections.abc import Mapping

from budget.belopp import visa_heltal
from budget.scb.poster import Radfel
from budget.scb.uppdelning import FORSTA_BRUSAR, Regionsumma
from handlingsplan.scb_koder import KODLANGD, RIKET

# Before 2007 Heby lay in another county, and the totals of two counties follow the division of their year.
FORSTA_NUVARANDE_LAN = 2007


def kontrollera_totaler(
    summor: Mapping[str, Regionsumma], namn: Mapping[str, str], avser_ar: int
) -> tuple[list[Radfel], list[str]]:
    """Compare each total with the sum of its municipalities, where the file has all of them.

    Until 2024 they must agree: a difference is an error of the total's row. From 2025 SCB's figures carry noise, and
    before 2007 the counties were others: then it is a remark.
    """
    ska_stamma = FORSTA_NUVARANDE_LAN <= avser_ar < FORSTA_BRUSAR
    fel, skillnader = [], []
    for kod, total in summor.items():
        kommuner = _kommuner(kod, namn)
        delar = [summor[del_].antal if del_ in summor else None for del_ in kommuner]
        if len(kod) == KODLANGD["kommun"] or total.antal is None or not delar or None in delar:
            continue
        summa = sum(del_ for del_ in delar if del_ is not None)
        if summa == total.antal:
            continue
        if ska_stamma:
            text = (
                f"{kod} {namn[kod]} har {visa_heltal(total.antal)} invånare i filen, men kommunerna har tillsammans "
                f"{visa_heltal(summa)}. För {avser_ar} ska de vara lika: något tal är fel. "
                "Hämta filen på nytt från SCB."
            )
            fel.append(Radfel(total.rad.nummer, total.rad.text, text))
        skillnader.append(f"{kod} {namn[kod]} {_med_tecken(total.antal - summa)}")
    if not skillnader or ska_stamma:
        return fel, []
    fler = f" med flera ({len(skillnader)})" if len(skillnader) > 3 else ""
    skal = "slumpbruset" if avser_ar >= FORSTA_BRUSAR else "den tidens länsindelning"
    return [], [f"Totalen skiljer sig från kommunernas summa, av {skal}: {', '.join(skillnader[:3])}{fler}."]


def _kommuner(kod: str, namn: Mapping[str, str]) -> list[str]:
    """The municipalities of a county, or of the country, by the code list."""
    return [en for en in namn if len(en) == KODLANGD["kommun"] and (kod == RIKET or en.startswith(kod))]


def _med_tecken(n: int) -> str:
    return f"+{visa_heltal(n)}" if n > 0 else visa_heltal(n)
