"""The rows of a plan's workbook, one by one, against the plan as it is: what each does, or why it is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Any, Final

from django.core.exceptions import ValidationError

from budget.belopp import visa_heltal
from budget.scb.rutnat import Cellfel
from insatsomraden.models import MAX_NIVAER, Aktivitet, Arstext, Omradesutgava
from rapport.excel.blad import AR, ID, NUMMER, OM, OMRADE, TA_BORT, UNDER, VERSION, Blad, Kolumn
from rapport.excel.forslag import BADA_HAR_ANDRAT, HAMTA_NY, Andring, Planrad
from rapport.excel.lage import Planlage, Post, omrade_i_text, varde
from rapport.excel.lasning import Fil, Filrad

OMRADEN: Final = "Insatsområden"
AKTIVITETER: Final = "Aktiviteter"
TEXTER: Final = "Texter per år"


def las_version(rad: Filrad) -> int | None:
    text = rad[VERSION].strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class Hinder(Exception):
    """The row is refused; the message is Swedish and says why."""


class Granskare:
    """Looks at the rows of a file, one by one, against the plan as it is."""

    def __init__(self, lage: Planlage, fil: Fil, baser: Mapping[str, Mapping[str, Any]]) -> None:
        self.lage, self.baser = lage, baser
        self.blad = {en.namn: en for en in lage.blad}
        self.filrader = [rad for rad in fil.rader if rad.blad in self.blad]
        self.antal = Counter((rad.blad, rad[ID].strip()) for rad in self.filrader)
        self.nya_omraden: set[str] = set()  # names of areas that the file adds; their sheet comes first
        # What the plan and the file's earlier rows are called, for a warning about what is there already.
        self.titlar = {
            (blad.namn, _titel(blad, post.texter)): post.id for blad in lage.blad for post in lage.synliga[blad.namn]
        }
        self.nya_texter: set[tuple[str, ...]] = set()

    def rader(self) -> Iterator[Planrad]:
        for rad in self.filrader:
            blad = self.blad[rad.blad]
            id_ = rad[ID].strip()
            post = self.lage.poster.get(id_)
            etikett = self._etikett(blad, rad, post)
            if rad.fel:
                yield Planrad(rad, etikett, "vagrad", skal=rad.fel)
                continue
            try:
                yield self._ny(blad, rad, etikett) if not id_ else self._befintlig(blad, rad, post, etikett)
            except (Hinder, Cellfel) as fel:
                yield Planrad(rad, etikett, "vagrad", skal=str(fel))

    def _etikett(self, blad: Blad, rad: Filrad, post: Post | None) -> str:
        texter = post.texter if post is not None and post.id.startswith(blad.tecken) else rad.celler
        namn = blad.kolumner[0].column_name
        if blad.namn == TEXTER:
            return " ".join(filter(None, (rad[OMRADE], rad[OM], rad[AR])))[:80]
        return " ".join(texter.get(namn, "").split())[:80] or "(tom)"

    # --- Rows that are there -----------------------------------------------------------------------------------------

    def _befintlig(self, blad: Blad, rad: Filrad, post: Post | None, etikett: str) -> Planrad:
        id_, version = rad[ID].strip(), las_version(rad)
        if post is None or not post.id.startswith(blad.tecken):
            raise Hinder(f"Id {id_[:20]} finns inte i planen. Lämna Id och Version tomma om raden är ny.")
        if (antal := self.antal[rad.blad, id_]) > 1:
            raise Hinder(f"Id {id_} står på {antal} rader i filen. Lämna Id och Version tomma på den som är ny.")
        if version is None or version < 1 or version > post.version:
            raise Hinder(f"Kolumnen Version är ändrad. {HAMTA_NY}")
        bas = self.baser.get(id_, {})
        self._samma_plats(blad, rad, post, bas)
        andringar, krockar, varden = self._jamfor(blad, rad, post, bas)
        if self._tas_bort(blad, rad):
            return self._bort(rad, post, etikett, bas, andringar)
        if not (andringar or krockar):
            return Planrad(rad, etikett, "oforandrad")
        if post.borttagen:
            raise Hinder("Raden är borttagen i planen sedan filen hämtades. Ta tillbaka den där först.")
        if krockar:
            return Planrad(rad, etikett, "krock", tuple(krockar), BADA_HAR_ANDRAT)
        kontrollera(blad, post.objekt, varden)
        return Planrad(rad, etikett, "andrad", tuple(andringar), varden=varden, post=post)

    def _samma_plats(self, blad: Blad, rad: Filrad, post: Post, bas: Mapping[str, Any]) -> None:
        """Rows are moved in the plan, where the order is seen."""
        for rubrik, _ in blad.fasta:
            nu, ny = post.fasta[rubrik], rad[rubrik].strip()
            if rubrik == NUMMER:
                continue
            if rubrik == OMRADE:
                samma = omrade_i_text(self.lage, ny) == post.objekt.utgava_id
            elif rubrik == UNDER and "foralder" in bas:  # somebody has moved it since, which the file does not know
                samma = ny in (nu, f"a{bas['foralder']}" if bas["foralder"] else "")
            else:
                samma = ny.casefold() == nu.casefold()
            if not samma:
                raise Hinder(f"{rubrik} är ändrat från ”{nu}”. En rad flyttas i planen, inte i filen.")

    def _jamfor(
        self, blad: Blad, rad: Filrad, post: Post, bas: Mapping[str, Any]
    ) -> tuple[list[Andring], list[Andring], dict[str, Any]]:
        """The cells that the file changes, those in conflict, and the new values by field."""
        andringar, krockar = [], []
        varden: dict[str, Any] = {}
        for kolumn in blad.kolumner:
            namn, falt = kolumn.column_name, kolumn.attribute
            ny, nu = rad[namn].strip(), post.texter[namn].strip()
            forr = kolumn.widget.render(bas[falt]).strip() if falt in bas else nu
            if ny in (nu, forr):
                continue
            varde_ny = _rensat(kolumn, ny)
            if varde_ny == varde(post.objekt, falt):
                continue
            andring = Andring(namn, nu, kolumn.widget.render(varde_ny))
            if nu != forr:
                krockar.append(andring)
            else:
                andringar.append(andring)
                varden[falt] = varde_ny
        return andringar, krockar, varden

    def _tas_bort(self, blad: Blad, rad: Filrad) -> bool:
        text = rad[TA_BORT].strip().casefold()
        if not blad.tas_bort or not text:
            return False
        if text not in ("ja", "x"):
            raise Hinder(f"”{text[:20]}” i kolumnen Ta bort förstås inte. Skriv ja, eller lämna cellen tom.")
        return True

    def _bort(
        self, rad: Filrad, post: Post, etikett: str, bas: Mapping[str, Any], andringar: Sequence[Andring]
    ) -> Planrad:
        if post.borttagen:
            return Planrad(rad, etikett, "oforandrad")
        rubriker = {en.attribute: en.column_name for en in self.blad[rad.blad].kolumner}
        andrat = [
            Andring(namn, post.texter[namn], rad[namn])
            for falt, namn in rubriker.items()
            if falt in bas and rad[namn].strip() != post.texter[namn].strip()
        ]
        if andrat:
            skal = f"Raden är ändrad i planen sedan filen hämtades, så den tas inte bort. {HAMTA_NY}"
            return Planrad(rad, etikett, "krock", tuple(andrat), skal)
        huvud = self.blad[rad.blad].kolumner[0].column_name
        varning = "Det som också är ändrat på raden tas inte med." if andringar else ""
        har_under = any(
            isinstance(en.objekt, Aktivitet) and en.objekt.foralder_id == post.objekt.pk
            for en in self.lage.synliga[AKTIVITETER]
        )
        if rad.blad == AKTIVITETER and har_under:
            varning = f"{varning} Underpunkterna följer med.".strip()
        bort = Andring(huvud, post.texter[huvud], "")
        return Planrad(rad, etikett, "borttagen", (bort,), varning=varning, post=post)

    # --- New rows ----------------------------------------------------------------------------------------------------

    def _ny(self, blad: Blad, rad: Filrad, etikett: str) -> Planrad:
        if blad.namn == "Planen":
            raise Hinder("Planen har en enda rad, och dess Id saknas.")
        if blad.tas_bort and rad[TA_BORT].strip():
            raise Hinder("Raden har inget Id, så det syns inte vad som ska tas bort.")
        varden: dict[str, Any] = {
            # A new area without a state is in the plan, as one that is made on its page.
            en.attribute: "" if en.attribute == "lage" and not text else _rensat(en, text)
            for en in blad.kolumner
            for text in [rad[en.column_name].strip()]
        }
        if blad.namn == OMRADEN:
            varden["lage"] = varden["lage"] or Omradesutgava.Lage.INGAR
            varden["kortnamn"] = varden["kortnamn"] or varden["namn"][:80]
            finns = {en.namn.casefold() for en in self.lage.omraden.values()} | self.nya_omraden
            if varden["namn"].casefold() in finns:
                raise Hinder("Det finns redan ett område med det namnet i planen.")
        else:
            varden |= self._ny_plats(blad, rad)
        kontrollera(blad, blad.modell(), {en.attribute: varden[en.attribute] for en in blad.kolumner})
        andringar = tuple(
            Andring(en.column_name, "", rad[en.column_name].strip())
            for en in blad.kolumner
            if rad[en.column_name].strip()
        )
        if blad.namn == OMRADEN:
            self.nya_omraden.add(varden["namn"].casefold())
        return Planrad(rad, etikett, "ny", andringar, varning=self._varning(blad, rad), varden=varden)

    def _ny_plats(self, blad: Blad, rad: Filrad) -> dict[str, Any]:
        """Where a new row lies: `omrade` is an edition's key, or the casefolded name of an area that is new too."""
        omrade: int | str | None = omrade_i_text(self.lage, rad[OMRADE])
        namn = rad[OMRADE].strip().casefold()
        if omrade is None and namn in self.nya_omraden:
            omrade = namn
        if omrade is None:
            raise Hinder(
                f"Insatsområdet ”{rad[OMRADE].strip()[:40]}” finns inte i planen. Skriv som på de andra raderna."
            )
        plats: dict[str, Any] = {"omrade": omrade}
        if blad.namn in (AKTIVITETER, TEXTER):
            plats["avser_ar"] = self._artal(rad[AR].strip())
        if blad.namn == AKTIVITETER:
            plats["foralder"] = self._foralder(rad[UNDER].strip(), omrade, plats["avser_ar"])
        if blad.namn == TEXTER:
            plats["slag"] = self._slag(rad, omrade, plats["avser_ar"])
        return plats

    def _artal(self, text: str) -> int:
        if text not in map(str, self.lage.plan.verksamhetsar):
            aren = " eller ".join(map(str, self.lage.plan.verksamhetsar))
            raise Hinder(f"År ska vara {aren}, inte ”{text[:20]}”.")
        return int(text)

    def _foralder(self, text: str, omrade: int | str, avser_ar: int) -> int | None:
        if not text:
            return None
        post = self.lage.poster.get(text)
        if post is None or not isinstance(post.objekt, Aktivitet) or post.borttagen:
            raise Hinder(f"Ligger under: ”{text[:20]}” är inget Id på en aktivitet i planen.")
        if (post.objekt.utgava_id, post.objekt.avser_ar) != (omrade, avser_ar):
            raise Hinder("Ligger under: aktiviteten hör till ett annat område eller år.")
        niva = post.fasta[NUMMER].count(".") + 1
        if niva >= MAX_NIVAER:
            raise Hinder(f"Aktiviteter kan ligga i högst {MAX_NIVAER} nivåer.")
        return post.objekt.pk

    def _slag(self, rad: Filrad, omrade: int | str, avser_ar: int) -> str:
        slagen = {str(namn): kod for kod, namn in Arstext.Slag.choices}
        slag = slagen.get(rad[OM].strip().casefold())
        if slag is None:
            raise Hinder(f"Om ska vara {' eller '.join(slagen)}, inte ”{rad['Om'].strip()[:20]}”.")
        finns = any(
            (en.objekt.utgava_id, en.objekt.avser_ar, en.objekt.slag) == (omrade, avser_ar, slag)
            for en in self.lage.synliga[TEXTER]
        )
        nyckel = (str(omrade), str(avser_ar), slag)
        if finns or nyckel in self.nya_texter:
            raise Hinder("Texten finns redan för det området och året. Ändra den raden i stället.")
        self.nya_texter.add(nyckel)
        return slag

    def _varning(self, blad: Blad, rad: Filrad) -> str:
        varningar = []
        if rad[VERSION].strip():
            varningar.append("Raden har en version men inget Id. Den läggs till som ny; den gamla står kvar.")
        if blad.namn != TEXTER:
            nyckel = (blad.namn, _titel(blad, rad.celler))
            if nyckel in self.titlar:
                varningar.append(f"Samma text finns redan: {self.titlar[nyckel]}.")
            self.titlar.setdefault(nyckel, f"rad {rad.nummer} i filen")
        return " ".join(varningar)


def _titel(blad: Blad, texter: Mapping[str, str]) -> str:
    return " ".join(texter.get(blad.kolumner[0].column_name, "").split()).casefold()


def _rensat(kolumn: Kolumn, text: str) -> Any:
    try:
        return kolumn.clean({kolumn.column_name: text})
    except Cellfel as fel:
        raise Hinder(f"{kolumn.column_name}: {fel}") from fel


def kontrollera(blad: Blad, rad: Any, varden: Mapping[str, Any]) -> None:
    """The fields' own rules, and those of the editors' forms that a row alone can break. Raises Hinder."""
    ny = copy(rad)
    rubriker = {en.attribute: en.column_name for en in blad.kolumner}
    for falt, ett in varden.items():
        if falt == "ansvariga":
            continue
        setattr(ny, falt, ett)
        modellfalt = ny._meta.get_field(falt)
        hogst = getattr(modellfalt, "max_length", None)
        if isinstance(ett, str) and hogst and len(ett) > hogst:
            langd = f"{visa_heltal(len(ett))} tecken, högst {visa_heltal(hogst)}"
            raise Hinder(f"{rubriker[falt]}: texten är för lång ({langd}).")
        if not ett and not modellfalt.blank:
            raise Hinder(f"{rubriker[falt]} är tomt. Det ska alltid vara ifyllt.")
    ovriga = {en.name for en in ny._meta.fields if en.name not in varden}
    try:
        ny.clean_fields(exclude=ovriga)
    except ValidationError as fel:
        namn, meddelanden = next(iter(fel.message_dict.items()))
        raise Hinder(f"{rubriker[namn]}: {' '.join(meddelanden)}") from fel
    if isinstance(ny, Aktivitet) and ny.start and ny.slut and ny.start > ny.slut:
        raise Hinder("Slutdatum kan inte ligga före startdatum.")
