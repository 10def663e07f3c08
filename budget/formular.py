"""Forms for what surrounds the amounts: rows of the whole plan, footnotes, rules of the split, published rates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from budget import folkmangd
from budget.celler import Cellplats, las_plats
from budget.falt import OrePerInvanare
from budget.fordelning import Fordelningsfel, upprakning
from budget.kolumner import Kolumnnyckel, kolumnnamn, las_kolumnnyckel, skriv_kolumnnyckel
from budget.kostnadsmodeller import som_stegmodell
from budget.models import (
    Budgetrad,
    Cellkommentar,
    Fordelningsregel,
    Fotnot,
    Fotnotsplats,
    Kostnadsmodell,
    PubliceradKostnad,
)
from budget.redigering import Budgetlage, las_lage
from handlingsplan.falt import Isodatum
from handlingsplan.formular import Versionsformular
from handlingsplan.sparande import Krock

HELA_TABELLEN = "tabell"


class Radformular(Versionsformular[Budgetrad]):
    class Meta:
        model = Budgetrad
        fields = ("benamning",)
        help_texts = {"benamning": "Till exempel Kommunikation. Får vara tom om underlaget inte har någon benämning."}

    def andringar(self) -> dict[str, Any]:
        """A new row is a change, even without a name."""
        return super().andringar() if self.instance.pk else self.nya_varden()


class Kommentarformular(Versionsformular[Cellkommentar]):
    """What there is to say of one cell. Empty: nothing."""

    class Meta:
        model = Cellkommentar
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}


# --- Footnotes ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kryss:
    """One checkbox of the places a footnote can have."""

    namn: str
    etikett: str
    vald: bool

    @property
    def id(self) -> str:
        return f"plats-{self.namn}"


class Fotnotsformular(Versionsformular[Fotnot]):
    """A footnote's text and where it is marked: the table, columns and cells, chosen in a grid of checkboxes."""

    alla_platser = forms.MultipleChoiceField(
        label="Var fotnoten står",
        help_text="Kryssa i allt som fotnoten gäller.",
        error_messages={
            "required": "Välj var fotnoten ska stå: vid tabellen, en kolumn eller en cell.",
            "invalid_choice": "Platsen finns inte längre i budgeten. Välj en annan.",
        },
    )

    class Meta:
        model = Fotnot
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"text": {"required": "Skriv fotnotens text."}}

    def __init__(self, data: QueryDict | None = None, *, instance: Fotnot, **kwargs: Any) -> None:
        valda = platsnamn(instance)
        kwargs["initial"] = {"alla_platser": valda} | kwargs.get("initial", {})
        super().__init__(data, instance=instance, **kwargs)
        self.lage: Budgetlage = las_lage(instance.plan)
        self.kolumner: list[Kolumnnyckel] = self.lage.kolumner()
        i_tabellen = [HELA_TABELLEN, *map(skriv_kolumnnyckel, self.kolumner)]
        i_tabellen += [rad.plats(kolumn).namn for rad in self.lage.rader for kolumn in self.kolumner]
        self._utanfor = [namn for namn in valda if namn not in i_tabellen]
        valbara = [(namn, namn) for namn in (*i_tabellen, *self._utanfor)]
        self.fields["alla_platser"].choices = valbara  # type: ignore[attr-defined]

    def varden(self, rad: Fotnot) -> dict[str, Any]:
        """The text, and the places' names, which are compared as one text."""
        return super().varden(rad) | {"alla_platser": " ".join(platsnamn(rad))}

    def nya_varden(self) -> dict[str, Any]:
        return {"text": self.instance.text, "alla_platser": " ".join(sorted(set(self.cleaned_data["alla_platser"])))}

    def sparade(self, krock: Krock[Fotnot]) -> list[tuple[str, str]]:
        """What the other has saved of the fields in conflict: label and text."""
        platser = "; ".join(platsens_etikett(self.lage, namn) for namn in platsnamn(krock.sparad))
        varden = {"text": krock.sparad.text, "alla_platser": platser}
        return [(str(self.fields[namn].label), varden[namn]) for namn in krock.falt]

    # The grid of checkboxes: one for the table, a row for the columns, a row for each row of the table.

    @property
    def hela_tabellen(self) -> Kryss:
        return self._kryss(HELA_TABELLEN, "Hela tabellen")

    @property
    def kolumnnamn(self) -> list[str]:
        return [kolumnnamn(kolumn) for kolumn in self.kolumner]

    @property
    def hela_kolumner(self) -> list[Kryss]:
        return [self._kryss(skriv_kolumnnyckel(en), f"Hela kolumnen {kolumnnamn(en)}") for en in self.kolumner]

    @property
    def rader(self) -> Iterator[tuple[str, list[Kryss]]]:
        for rad in self.lage.rader:
            platser = [rad.plats(kolumn) for kolumn in self.kolumner]
            yield rad.namn, [self._kryss(plats.namn, self.lage.etikett(plats)) for plats in platser]

    @property
    def utanfor(self) -> list[Kryss]:
        """Places the footnote has that are not in the table now, such as a removed row."""
        return [self._kryss(namn, platsens_etikett(self.lage, namn)) for namn in self._utanfor]

    def _kryss(self, namn: str, etikett: str) -> Kryss:
        return Kryss(namn, etikett, namn in (self["alla_platser"].value() or ()))


def platsnamn(fotnot: Fotnot) -> list[str]:
    """A footnote's places by name, sorted: `tabell`, `2024-sgd` for a column, `o12-2024-sgd` for a cell."""
    return sorted(_namn(plats) for plats in fotnot.alla_platser.all()) if fotnot.pk else []


def _namn(plats: Fotnotsplats) -> str:
    if plats.slag == Fotnotsplats.Slag.TABELL or plats.budgetar is None:
        return HELA_TABELLEN
    if plats.slag == Fotnotsplats.Slag.KOLUMN:
        return skriv_kolumnnyckel((plats.budgetar, plats.finansiering))
    return Cellplats(plats.utgava_id, plats.rad_id, plats.budgetar, plats.finansiering).namn


def platsens_etikett(lage: Budgetlage, namn: str) -> str:
    """A place in words: `hela tabellen`, `hela kolumnen SGD 2024`, `Mina planer, SGD 2024`."""
    cell, kolumn = las_plats(namn), las_kolumnnyckel(namn)
    if cell is not None:
        return lage.etikett(cell)
    return "hela tabellen" if kolumn is None else f"hela kolumnen {kolumnnamn(kolumn)}"


def till_fotnotsplats(fotnot: Fotnot, namn: str) -> Fotnotsplats:
    """The row of a place, not saved."""
    cell, kolumn = las_plats(namn), las_kolumnnyckel(namn)
    if cell is not None:
        return Fotnotsplats(
            fotnot=fotnot,
            slag=Fotnotsplats.Slag.CELL,
            budgetar=cell.budgetar,
            finansiering=cell.finansiering,
            utgava_id=cell.utgava_id,
            rad_id=cell.rad_id,
        )
    if kolumn is not None:
        slag = Fotnotsplats.Slag.KOLUMN
        return Fotnotsplats(fotnot=fotnot, slag=slag, budgetar=kolumn[0], finansiering=kolumn[1])
    return Fotnotsplats(fotnot=fotnot, slag=Fotnotsplats.Slag.TABELL)


# --- The split -----------------------------------------------------------------------------------------------------


class Regelformular(Versionsformular[Fordelningsregel]):
    """How one year is shared. A date is refused unless every municipality has a figure on it (cost-split rule 5)."""

    folkmangdsdatum = Isodatum(label="Folkmängd den")

    class Meta:
        model = Fordelningsregel
        fields = ("modell", "andel_region", "andel_grupp", "enhet", "folkmangdsdatum", "hanvisning")
        widgets = {"enhet": forms.RadioSelect}
        labels = {"modell": "Kostnadsmodell"}
        help_texts = {
            "modell": "Med en modell används inte förhållandet mellan regionens och kommunernas del.",
            "andel_region": "1 och 1 delar lika. 30 och 70 ger regionen 30 procent.",
            "enhet": "Med hela kronor bär regionen de ören som blir över.",
            "hanvisning": "Instans, datum och § om något annat än standardmodellen gäller.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        falt: Any = self.fields["modell"]
        falt.queryset = Kostnadsmodell.objects.filter(plan=self.instance.plan_id, borttagen_at=None)
        falt.empty_label = "Ingen: förhållandet här nedanför gäller"
        datum = ", ".join(dag.isoformat() for dag in folkmangd.hela_datum()[:8])
        self.fields["folkmangdsdatum"].help_text = f"Alla kommuner har folkmängd den {datum}." if datum else ""

    def andringar(self) -> dict[str, Any]:
        """A year's first rule is a change also untouched: what held until now is then the plan's own."""
        andrade = super().andringar()
        return andrade if andrade or self.instance.pk else self.nya_varden()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        modell, dag = data.get("modell"), data.get("folkmangdsdatum")
        if modell is not None and dag is not None:
            try:
                som_stegmodell(modell, Fordelningsregel(folkmangdsdatum=dag, enhet=data.get("enhet") or "ore"))
            except Fordelningsfel as fel:
                self.add_error("modell", f"{modell} går inte att använda. {fel}")
        return data

    def clean_folkmangdsdatum(self) -> object:
        datum = self.cleaned_data["folkmangdsdatum"]
        saknas = folkmangd.saknas_for(datum)
        if saknas:
            namn = [str(en) for en in saknas[:5]] + ([f"{len(saknas) - 5} kommuner till"] if len(saknas) > 5 else [])
            raise forms.ValidationError(
                f"Folkmängd den {datum.isoformat()} saknas för {upprakning(namn)}. "
                "Lägg in den under Folkmängd, eller välj ett annat datum."
            )
        return datum


class Publiceringsformular(Versionsformular[PubliceradKostnad]):
    """A rate as it was printed. It is shown beside the computed one and changes nothing."""

    ore_per_invanare = OrePerInvanare(label="Öre per invånare", help_text="Som det är tryckt, till exempel 61,87.")
    angivet_datum = Isodatum(
        label="Folkmängdsdatum som anges", required=False, help_text="Det datum som står där, även om det är fel."
    )

    class Meta:
        model = PubliceradKostnad
        fields = ("ore_per_invanare", "angivet_datum", "kalla")
        help_texts = {"kalla": "Dokument och ställe, till exempel Handlingsplan 2024, Samlad budget."}
