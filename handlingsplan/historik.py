"""Every change of a plan: who, when, what, before and after, in a chain that cannot be altered unseen.

The services say what they have changed, in the same transaction as the change: `skapad`, `andrad` and `borttagen`
describe it, `skriv` adds it to the plan's chain. Each entry is sealed with an HMAC over itself and the seal before it;
the key is `settings.HISTORIKNYCKEL`. Whoever holds both the key and the database can make a chain of their own.

Common data (parties, population) belongs to no plan and is not part of any chain.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from handlingsplan.historikmodeller import Handelse, Historikhuvud
from handlingsplan.models import Anvandare, Versionerad

type Falt = dict[str, list[Any]]

Slag = Handelse.Slag
# What every save writes of itself; the entry has who and when already.
_EJ_INNEHALL = frozenset({"id", "version", "andrad_at", "andrad_av"})


@dataclass(frozen=True, slots=True)
class Anteckning:
    """What one entry will say of one row: the model's label, the row's key, and {field: [before, after]}."""

    modell: str
    objekt: str
    slag: str
    falt: Falt
    version: int = 0


# --- What has happened -----------------------------------------------------------------------------------------------


def skapad(rad: models.Model, **mer: object) -> Anteckning:
    """A new row with everything it holds. `mer` is what belongs to it but lies in other tables."""
    falt: Falt = {namn: [None, varde] for namn, varde in varden(rad).items()}
    return _anteckning(rad, Slag.SKAPAD, falt | {namn: [None, varde] for namn, varde in mer.items()})


def borttagen(rad: models.Model) -> Anteckning:
    """A row that is deleted, with everything it held. Made before the deletion, while the row has its key.

    An entry with `borttagen_at` tells of a row that is marked and stays, so that field is left out.
    """
    holl = {namn: varde for namn, varde in varden(rad).items() if namn != "borttagen_at"}
    return _anteckning(rad, Slag.BORTTAGEN, {namn: [varde, None] for namn, varde in holl.items()})


def andrad(fore: models.Model, efter: models.Model, namn: Collection[str]) -> Anteckning | None:
    """The fields `namn` of one row before and after; None where none of them differs."""
    gamla, nya = varden(fore, namn), varden(efter, namn)
    falt: Falt = {en: [gamla[en], nya[en]] for en in gamla if gamla[en] != nya[en]}
    return _anteckning(efter, _slag(falt), falt) if falt else None


def andrad_utanfor(rad: models.Model, namn: str, fore: object, efter: object) -> Anteckning:
    """A change of something that belongs to the row but lies in other tables, such as the responsible groups."""
    return _anteckning(rad, Slag.ANDRAD, {namn: [fore, efter]})


def inlast(rad: models.Model) -> Anteckning:
    """The row came in with all that belongs to it, from a file; the file is the source of what it held."""
    return _anteckning(rad, Slag.INLAST, {})


def _anteckning(rad: models.Model, slag: str, falt: Falt) -> Anteckning:
    return Anteckning(rad._meta.label_lower, str(rad.pk), slag, falt, getattr(rad, "version", 0))


def _slag(falt: Mapping[str, Sequence[Any]]) -> str:
    """What the changed fields amount to."""
    if "borttagen_at" in falt:
        return Slag.ATERSTALLD if falt["borttagen_at"][1] is None else Slag.BORTTAGEN
    if "delad_at" in falt:
        return Slag.DELAD
    if "faststalld_at" in falt:
        return Slag.FASTSTALLD
    return Slag.FLYTTAD if falt.keys() <= {"ordning", "foralder"} else Slag.ANDRAD


def varden(rad: models.Model, namn: Collection[str] | None = None) -> dict[str, Any]:
    """A row's own fields as values that JSON has: keys of other rows as numbers, amounts and times as text.

    Documents and files are left out; the frozen plan's checksum stands for them.
    """
    return {
        falt.name: _enkelt(falt, getattr(rad, falt.attname))
        for falt in rad._meta.concrete_fields
        if falt.name not in _EJ_INNEHALL
        and not isinstance(falt, models.BinaryField | models.JSONField)
        and (namn is None or falt.name in namn)
    }


def _enkelt(falt: Any, varde: Any) -> Any:
    varde = getattr(varde, "amount", varde)  # money: the currency is a field of its own
    if isinstance(falt, models.DecimalField) and varde is not None:
        return f"{Decimal(varde):.{falt.decimal_places}f}"
    if isinstance(varde, datetime):
        return varde.astimezone(UTC).isoformat()
    return varde.isoformat() if isinstance(varde, date) else varde


def varden_vid(rad: Versionerad, version: int, namn: Collection[str]) -> dict[str, Any]:
    """What the fields `namn` held when the row had this version, as plain values.

    A field is missing where it has not changed since, or where the row belongs to no plan. One statement.
    """
    plan_pk = rad.plan_pk()
    if plan_pk is None:
        return {}
    senare = Handelse.objects.filter(
        plan_id=plan_pk, modell=rad._meta.label_lower, objekt=str(rad.pk), version__gt=version
    )
    funna: dict[str, Any] = {}
    for falt in senare.order_by("-nummer").values_list("falt", flat=True):
        funna |= {en: par[0] for en, par in falt.items() if en in namn}
    return funna


def varden_vid_flera(plan_pk: int, versioner: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], dict[str, Any]]:
    """As `varden_vid`, all fields, for many rows of one plan: (model's label, key) and version. One statement."""
    funna: dict[tuple[str, str], dict[str, Any]] = {rad: {} for rad in versioner}
    if not versioner:
        return funna
    senare = Handelse.objects.filter(
        plan_id=plan_pk,
        modell__in={modell for modell, _ in versioner},
        objekt__in={objekt for _, objekt in versioner},
        version__gt=min(versioner.values()),
    )
    for modell, objekt, version, falt in senare.order_by("-nummer").values_list("modell", "objekt", "version", "falt"):
        if version > versioner.get((modell, objekt), version):
            funna[modell, objekt] |= {en: par[0] for en, par in falt.items()}
    return funna


# --- The chain -------------------------------------------------------------------------------------------------------


def sittning_av(session_key: str | None) -> str:
    """A short name of a sitting, from which the session cannot be found."""
    if not session_key:
        return ""
    return salted_hmac("handlingsplan.sittning", session_key, algorithm="sha256").hexdigest()[:16]


def skriv(plan_pk: int, anteckningar: Iterable[Anteckning | None], *, av: Anvandare | None) -> None:
    """Add to a plan's chain: three statements, however many entries. None among them is passed over.

    Call it inside the change's transaction, after the change: it holds the chain's head until the transaction ends.
    """
    att_skriva = [en for en in anteckningar if en is not None]
    if not att_skriva:
        return
    huvud = _las_huvud(plan_pk)
    nya, nu = [], timezone.now()
    for en in att_skriva:
        handelse = Handelse(
            plan_id=plan_pk,
            nummer=huvud.nummer + 1,
            tid=nu,
            anvandare_id=av.pk if av else None,
            sittning=av.sittning if av else "",
            modell=en.modell,
            objekt=en.objekt,
            version=en.version,
            slag=en.slag,
            falt=en.falt,
            fore_hash=huvud.hash,
        )
        handelse.hash = berakna_hash(handelse)
        huvud.nummer, huvud.hash = handelse.nummer, handelse.hash
        nya.append(handelse)
    Handelse.objects.bulk_create(nya)
    Historikhuvud.objects.filter(pk=huvud.pk).update(
        nummer=huvud.nummer, hash=huvud.hash, sigill=berakna_sigill(plan_pk, huvud.nummer, huvud.hash)
    )


def _las_huvud(plan_pk: int) -> Historikhuvud:
    """The plan's head, locked; made where the plan has none yet."""
    huvuden = Historikhuvud.objects.select_for_update()
    huvud = huvuden.filter(plan_id=plan_pk).first()
    if huvud is None:
        Historikhuvud.objects.get_or_create(plan_id=plan_pk)
        huvud = huvuden.get(plan_id=plan_pk)
    return huvud


def huvud(plan_pk: int) -> tuple[int, str]:
    """How many entries a plan's chain has, and the last one's seal; (0, "") where it has none. One statement."""
    rad = Historikhuvud.objects.filter(plan_id=plan_pk).values_list("nummer", "hash").first()
    return rad or (0, "")


def berakna_hash(en: Any) -> str:
    """The seal of an entry: HMAC-SHA256 over everything it says and the seal before it. 64 hexadecimal digits."""
    innehall = {
        "plan": en.plan_id,
        "nummer": en.nummer,
        "tid": en.tid.astimezone(UTC).isoformat(),
        "anvandare": en.anvandare_id,
        "sittning": en.sittning,
        "modell": en.modell,
        "objekt": en.objekt,
        "version": en.version,
        "slag": str(en.slag),
        "falt": en.falt,
        "fore": en.fore_hash,
    }
    return _hmac(innehall)


def berakna_sigill(plan_pk: int, nummer: int, sista_hash: str) -> str:
    """The seal of a head, so that a chain that is cut off cannot be given a head that fits without the key."""
    return _hmac({"huvud": plan_pk, "nummer": nummer, "hash": sista_hash})


def _hmac(innehall: dict[str, Any]) -> str:
    text = json.dumps(innehall, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(settings.HISTORIKNYCKEL.encode(), text.encode(), "sha256").hex()


# --- The check -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Brist:
    """Something that is not as it was written. `nummer` is the entry's, 0 for the head."""

    nummer: int
    text: str


def kontrollera(plan_pk: int) -> tuple[int, list[Brist]]:
    """Recompute a plan's chain: how many entries there are, and everything that is wrong, in order."""
    huvud = Historikhuvud.objects.filter(plan_id=plan_pk).first()
    handelser = Handelse.objects.filter(plan_id=plan_pk).order_by("nummer")
    antal = handelser.count()
    if huvud is None:
        return antal, [Brist(0, "Historikens huvud saknas: kedjan har ingen historik eller är borttagen.")]
    return antal, [*_brister_i_kedjan(handelser.iterator(chunk_size=1_000), huvud), *_brister_i_huvudet(huvud)]


def _brister_i_kedjan(handelser: Iterator[Handelse], huvud: Historikhuvud) -> Iterator[Brist]:
    vantat, fore = 1, ""
    for en in handelser:
        if en.nummer > vantat:
            yield Brist(vantat, f"Händelserna {vantat}–{en.nummer - 1} är borttagna.")
        if not hmac.compare_digest(berakna_hash(en), en.hash):
            yield Brist(en.nummer, f"Händelse {en.nummer} är ändrad.")
        if en.nummer == vantat and en.fore_hash != fore:
            yield Brist(en.nummer, f"Händelse {en.nummer} följer inte på den före: ordningen är ändrad.")
        vantat, fore = en.nummer + 1, en.hash
    sista = vantat - 1
    if sista < huvud.nummer:
        yield Brist(vantat, f"Kedjan är avklippt: händelserna {vantat}–{huvud.nummer} saknas på slutet.")
    elif sista > huvud.nummer or fore != huvud.hash:
        yield Brist(sista, "Kedjans slut stämmer inte med dess huvud.")


def _brister_i_huvudet(huvud: Historikhuvud) -> Iterator[Brist]:
    if not hmac.compare_digest(berakna_sigill(huvud.plan_id, huvud.nummer, huvud.hash), huvud.sigill):
        yield Brist(0, "Kedjans huvud är ändrat.")
