"""The billing basis of one year: what is proposed, issued and credited, per payer.

What each pays comes from the plan's record (`rapport.betalning`), who it is and what it wants on its invoices from the
party's own rows, and all of it is copied when it is issued. Amounts are integer öre, excluding VAT.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from budget.delbetalningar import Period, dela_upp, perioder
from budget.models import Delbetalning, Fakturautstallare, Faktureringsunderlag, Faktureringsuppgift
from handlingsplan import historik
from handlingsplan.models import Anvandare, Handlingsplan, Huvudman
from handlingsplan.sparande import last_plan
from rapport.betalning import betalar_for
from rapport.bygg import plandokument
from rapport.plandokument import Arsfordelning

Slag = Faktureringsunderlag.Slag


class KanInteUtfardas(ValueError):
    """Nothing is issued or credited; the message says why, in Swedish."""


class HarAndrats(KanInteUtfardas):
    """What would be issued is no longer what the person read."""


@dataclass(frozen=True, slots=True)
class Utstallare:
    """Who sends the invoices. `kod` is None where it is no party."""

    namn: str
    kod: str | None


@dataclass(frozen=True, slots=True)
class Betalrad:
    """What one payer is to be billed. `avser` is (code, name, öre) of each share it pays; `egen`: not invoiced."""

    huvudman: Huvudman
    belopp: int
    delar: tuple[int, ...]
    avser: tuple[tuple[str, str, int], ...]
    referens: str
    kontering: str
    egen: bool
    omgang: int

    @property
    def betalar_at(self) -> tuple[str, ...]:
        """The other parties that it pays for."""
        return tuple(namn for kod, namn, _ in self.avser if kod != self.huvudman.kod)


@dataclass(frozen=True, slots=True)
class Forslag:
    """What would be issued for one year now. `hinder` says in Swedish why nothing can be; "" where it can.

    `total` is what all are to pay of the year, also those who have been billed already.
    """

    budgetar: int
    delning: str
    avrundning: str
    perioder: tuple[Period, ...]
    utstallare: Utstallare
    rader: tuple[Betalrad, ...]
    total: int
    hinder: str

    @property
    def summa(self) -> int:
        return sum(rad.belopp for rad in self.rader)

    @property
    def egen_andel(self) -> int:
        return sum(rad.belopp for rad in self.rader if rad.egen)

    @property
    def faktureras(self) -> int:
        return self.summa - self.egen_andel

    @property
    def delsummor(self) -> tuple[int, ...]:
        """The sum of each instalment, in the periods' order."""
        return tuple(sum(rad.delar[nr] for rad in self.rader) for nr in range(len(self.perioder)))

    @property
    def antal(self) -> int:
        """How many are invoiced."""
        return sum(not rad.egen for rad in self.rader)

    @property
    def avtryck(self) -> str:
        """A fingerprint of everything that would be frozen, apart from how it is paid in parts."""
        innehall = [
            [self.budgetar, self.utstallare.namn, self.utstallare.kod],
            *(
                [
                    rad.huvudman.kod, rad.huvudman.officiellt_namn, rad.huvudman.juridiskt_namn,
                    rad.huvudman.organisationsnummer, rad.referens, rad.kontering, rad.belopp, rad.avser, rad.omgang,
                ]
                for rad in self.rader
            ),
        ]  # fmt: skip
        return hashlib.blake2s(json.dumps(innehall).encode(), digest_size=16).hexdigest()


def utstallare(plan: Handlingsplan) -> Utstallare:
    """Who sends the plan's invoices: as the plan says, else the region. An empty name where there is neither."""
    vald = Fakturautstallare.objects.filter(plan=plan).select_related("huvudman").first()
    if vald is not None and vald.namn:
        return Utstallare(vald.namn, None)
    part = vald.huvudman if vald is not None else None
    part = part or Huvudman.objects.filter(typ=Huvudman.Typ.REGION).first()
    return Utstallare(part.juridiskt_namn, part.kod) if part else Utstallare("", None)


def forslag(plan: Handlingsplan, ars: Arsfordelning, *, delning: str, avrundning: str) -> Forslag:
    """What is left to issue of the year. A payer that has a basis which is not credited, or pays nothing, is not in it.

    Raises KanInteUtfardas where the split names a party that is not there any more.
    """
    vem, betalare, arets = utstallare(plan), betalar_for(ars), perioder(ars.budgetar, delning)
    per_kod = {en.kod: en for en in Huvudman.objects.filter(kod__in={*betalare, *_delars(betalare)})}
    uppgifter = {en.huvudman_id: en for en in Faktureringsuppgift.objects.filter(huvudman__in=per_kod.values())}
    alla = Faktureringsunderlag.objects.filter(plan=plan, budgetar=ars.budgetar).exclude(slag=Slag.KREDIT)
    omgangar = {en["kod"]: en["omgang"] for en in alla.order_by("omgang").values("kod", "omgang")}
    gallande = set(alla.filter(kredit=None).values_list("kod", flat=True))
    if saknas := sorted({*betalare, *_delars(betalare)} - per_kod.keys()):
        raise KanInteUtfardas(f"Det finns ingen huvudman med koden {', '.join(saknas)}, som årets fördelning nämner.")
    rader = []
    for kod, delar in betalare.items():
        belopp, uppgift = sum(delar.values()), uppgifter.get(per_kod[kod].pk)
        if not belopp or kod in gallande:
            continue
        rader.append(
            Betalrad(
                huvudman=per_kod[kod],
                belopp=belopp,
                delar=dela_upp(belopp, len(arets), avrundning),
                avser=tuple((ens, per_kod[ens].officiellt_namn, ore) for ens, ore in delar.items()),
                referens=uppgift.referens if uppgift else "",
                kontering=uppgift.kontering if uppgift else "",
                egen=kod == vem.kod,
                omgang=omgangar.get(kod, 0) + 1,
            )
        )
    total = sum(sum(delar.values()) for delar in betalare.values())
    hinder = _hinder(plan, ars, vem, har_rader=bool(rader), har_utfardat=bool(gallande))
    return Forslag(ars.budgetar, delning, avrundning, arets, vem, tuple(rader), total, hinder)


def _delars(betalare: dict[str, dict[str, int]]) -> Iterable[str]:
    return (kod for delar in betalare.values() for kod in delar)


def _hinder(plan: Handlingsplan, ars: Arsfordelning, vem: Utstallare, *, har_rader: bool, har_utfardat: bool) -> str:
    """Why nothing can be issued, "" where it can."""
    if not plan.ar_faststalld:
        return "Planen är inte fastställd. Underlag utfärdas när årets fördelning är beslutad och lagrad."
    if ars.fordelning is None:
        return ars.skal
    if not ars.lagrad:
        return f"Det finns ingen lagrad fördelning för {ars.budgetar}, så beloppen är inte slutliga."
    if not vem.namn:
        return "Det finns ingen utställare. Välj en innan något utfärdas."
    if not har_rader:
        return "Alla underlag för året är redan utfärdade." if har_utfardat else "Ingen har något att betala för året."
    return ""


# --- Writing -------------------------------------------------------------------------------------------------------


def utfarda(
    plan: Handlingsplan,
    budgetar: int,
    *,
    delning: str,
    avrundning: str,
    dagar: Sequence[date],
    avtryck: str,
    av: Anvandare | None,
) -> list[Faktureringsunderlag]:
    """Issue what `forslag` proposes, if it still is what the person read (`avtryck`); all or nothing.

    Numbers go on from the plan's last one, under the plan's lock, so they have no gaps. `dagar` is one per instalment.
    Raises HarAndrats where somebody has issued or changed something meanwhile, KanInteUtfardas where it cannot be done.
    """
    with last_plan(plan) as last:
        ars = plandokument(last).fordelning_for(budgetar)
        if ars is None or not ars.egen:
            raise KanInteUtfardas(f"{last} omfattar inte {budgetar}.")
        nu = forslag(last, ars, delning=delning, avrundning=avrundning)
        if nu.hinder and avtryck != nu.avtryck:
            raise HarAndrats(f"{nu.hinder} Någon annan kan ha hunnit före.")
        if nu.hinder:
            raise KanInteUtfardas(nu.hinder)
        if avtryck != nu.avtryck:
            raise HarAndrats("Uppgifterna har ändrats sedan du öppnade sidan. Läs igenom dem en gång till.")
        nasta = _nasta_nummer(last)
        nya = [_underlag(last, nu, rad, nasta + nr) for nr, rad in enumerate(nu.rader)]
        dagarna = list(zip(nu.perioder, dagar, strict=True))
        delar = [
            [
                Delbetalning(nummer=p.nummer, fran=p.fran, till=p.till, fakturadag=dag, belopp=ore)
                for (p, dag), ore in zip(dagarna, rad.delar, strict=True)
            ]
            for rad in nu.rader
        ]
        return _lagg_till(last, nya, delar, av)


def _underlag(plan: Handlingsplan, nu: Forslag, rad: Betalrad, nummer: int) -> Faktureringsunderlag:
    return Faktureringsunderlag(
        plan=plan,
        nummer=nummer,
        slag=Slag.EGEN if rad.egen else Slag.UNDERLAG,
        budgetar=nu.budgetar,
        huvudman=rad.huvudman,
        omgang=rad.omgang,
        kod=rad.huvudman.kod,
        namn=rad.huvudman.officiellt_namn,
        juridiskt_namn=rad.huvudman.juridiskt_namn,
        organisationsnummer=rad.huvudman.organisationsnummer,
        referens=rad.referens,
        kontering=rad.kontering,
        utstallare=nu.utstallare.namn,
        delning=nu.delning,
        avrundning=nu.avrundning,
        belopp=rad.belopp,
        avser=[list(en) for en in rad.avser],
    )


# What a credit has in common with what it takes back.
_SPEGLAS = (
    "budgetar", "huvudman", "omgang", "kod", "namn", "juridiskt_namn", "organisationsnummer", "referens", "kontering",
    "utstallare", "delning", "avrundning",
)  # fmt: skip


def kreditera(underlag: Faktureringsunderlag, *, skal: str, av: Anvandare | None) -> Faktureringsunderlag:
    """Take back all of an issued basis: a new one with its amounts and the other sign, and why.

    Raises KanInteUtfardas where it is credited already, or is a credit itself.
    """
    with last_plan(underlag.plan_id) as last:
        ratt = Faktureringsunderlag.objects.select_related("kredit").get(pk=underlag.pk, plan=last)
        if ratt.slag == Slag.KREDIT:
            raise KanInteUtfardas("En kredit krediteras inte. Utfärda ett nytt underlag i stället.")
        if hasattr(ratt, "kredit"):
            raise KanInteUtfardas(f"Underlag {ratt.nummer} är redan krediterat, med nummer {ratt.kredit.nummer}.")
        kredit = Faktureringsunderlag(
            plan=last,
            nummer=_nasta_nummer(last),
            slag=Slag.KREDIT,
            belopp=-ratt.belopp,
            avser=[[kod, namn, -ore] for kod, namn, ore in ratt.avser],
            krediterar=ratt,
            skal=skal,
            **{falt: getattr(ratt, falt) for falt in _SPEGLAS},
        )
        delar = [
            Delbetalning(nummer=en.nummer, fran=en.fran, till=en.till, fakturadag=en.fakturadag, belopp=-en.belopp)
            for en in ratt.alla_delbetalningar.all()
        ]
        return _lagg_till(last, [kredit], [delar], av)[0]


def _nasta_nummer(plan: Handlingsplan) -> int:
    """The plan's next number. Call it with the plan locked."""
    sista = plan.alla_faktureringsunderlag.order_by("-nummer").values_list("nummer", flat=True).first()
    return (sista or 0) + 1


def _lagg_till(
    plan: Handlingsplan,
    underlag: list[Faktureringsunderlag],
    delar: Sequence[Sequence[Delbetalning]],
    av: Anvandare | None,
) -> list[Faktureringsunderlag]:
    """Store bases with their instalments, and an entry in the plan's history for each."""
    sparade = Faktureringsunderlag.objects.bulk_create(underlag)
    for ett, dess in zip(sparade, delar, strict=True):
        if sum(en.belopp for en in dess) != ett.belopp:
            raise ValueError(f"delbetalningarna av underlag {ett.nummer} är inte dess belopp")
        for en in dess:
            en.underlag = ett
    Delbetalning.objects.bulk_create([en for dess in delar for en in dess])
    historik.skriv(plan.pk, [historik.skapad(ett) for ett in sparade], av=av)
    return sparade
