"""A party's page read as a controller reads it: every figure from the page's own HTML, worked out again from there.

Nothing of the project's own arithmetic is used here: only what the page says, and whole numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from html.parser import HTMLParser

TAL = r"[−+]?\d{1,3}(?:\u00a0\d{3})*(?:,\d+)?"


@dataclass
class Rakning:
    """One derivation: its steps as (what, arithmetic, result), and the amount it is said to end in (None: unsaid)."""

    steg: list[list[str]] = field(default_factory=list)
    slut: int | None = None


class Andelssida(HTMLParser):
    """The page's figures: the amount, the derivations, the table of the change, the areas and the years."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ore: int | None = None
        self.arets = Rakning()
        self.mellanled: list[Rakning] = []
        self.tabeller: dict[str, list[list[str]]] = {}
        self.effekter: list[int] = []
        self._rubrik = ""
        self._rakning: Rakning | None = None
        self._mal: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        data = {namn: varde or "" for namn, varde in attrs}
        if data.get("class") == "storbelopp":
            self.ore = int(data["data-ore"])
        if "data-effekt" in data:
            self.effekter.append(int(data["data-effekt"]))
        if tag == "h2":
            self._rubrik = data.get("id", "")
        if tag == "ol" and data.get("class") == "harledning":
            self._rakning = Rakning(slut=int(data["data-mellanled"]) if "data-mellanled" in data else None)
            if self._rakning.slut is None:
                self.arets = self._rakning
            else:
                self.mellanled.append(self._rakning)
        if self._rakning is not None and tag == "li":
            self._rakning.steg.append([])
        if self._rakning is not None and tag == "span":
            self._rakning.steg[-1].append("")
            self._mal = self._rakning.steg[-1]
        if tag == "tr":
            self.tabeller.setdefault(self._rubrik, []).append([])
        if tag in ("th", "td"):
            self._mal = self.tabeller[self._rubrik][-1]
            self._mal.append("")
        if tag == "small":
            self._mal = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "ol":
            self._rakning = None
        if tag in ("span", "th", "td"):
            self._mal = None

    def handle_data(self, data: str) -> None:
        if self._mal is not None:
            self._mal[-1] += data

    @property
    def trend(self) -> dict[int, bool]:
        """Years, and whether the party has an amount there."""
        return {int(rad[0]): rad[2] != "–" for rad in self.rader("r-trend")}

    def rader(self, rubrik: str) -> list[list[str]]:
        """The rows of the table under a heading, without its head."""
        return [[text.strip() for text in rad] for rad in self.tabeller.get(rubrik, [])[1:]]


def ore(text: str) -> int:
    """A printed amount in whole öre."""
    traff = re.fullmatch(rf"({TAL})(?:\u00a0kr)?", text.strip())
    assert traff, text
    varde = tal(traff[1]) * 100
    assert varde.denominator == 1, text
    return int(varde)


def tal(text: str) -> Fraction:
    return Fraction(text.replace("\u00a0", "").replace(",", ".").replace("−", "-").replace("+", ""))


def rakna_om(rakning: Rakning) -> int:
    """The amount in öre that the steps lead to, by pocket calculator: every result is worked out, none is believed."""
    steg = {rubrik: (uttryck, resultat) for rubrik, uttryck, resultat in rakning.steg}
    assert len(steg) == len(rakning.steg)
    forsta = next(iter(steg))
    total, del_, delar = _tal_i(rf"({TAL}) × ({TAL}) / ({TAL})", steg[forsta][0])
    sidans = total * 100 * del_ / delar
    assert sidans.denominator == 1, "the first level is even in these years"
    assert ore(steg[forsta][1]) == sidans
    if "Exakt kvot" not in steg:
        return int(sidans)
    gruppen, egna, alla = _tal_i(rf"({TAL}) × ({TAL}) / ({TAL})", steg["Exakt kvot"][0])
    assert gruppen * 100 == sidans
    kvot = sidans * egna / alla
    visad = steg["Exakt kvot"][1].removesuffix("\u00a0kr").removesuffix("…")
    assert 0 <= kvot / 100 - tal(visad) < Fraction(1, 10 ** len(visad.partition(",")[2]))
    nedat = int(kvot)
    kvar, plats = _over(steg["Öre som blir över"][0])
    return nedat + (plats <= kvar)


def _tal_i(monster: str, text: str) -> tuple[Fraction, ...]:
    traff = re.fullmatch(monster, text)
    assert traff, text
    return tuple(tal(en) for en in traff.groups())


def _over(text: str) -> tuple[int, int]:
    """How many öre were left over, and the party's place in the order of remainders."""
    if text.startswith("Inga öre"):
        return 0, 1
    kvar, plats = re.search(r"är (\d+)\u00a0öre kvar", text), re.search(r"är nummer (\d+) av \d+", text)
    assert kvar and plats, text
    return int(kvar[1]), int(plats[1])
