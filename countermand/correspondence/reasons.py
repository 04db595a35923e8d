"""A merchant's own words under the kinds of reason (SH-6): for staff to choose, for buyers to read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.correspondence.models import ReasonWording
from countermand.merchants.company import locked
from countermand.merchants.history import tell
from countermand.reasons import REASONS, judge_reason
from countermand.refusals import Refusal, fits

MOST = 100  # a list that nobody can read helps nobody


@dataclass(frozen=True, slots=True)
class Said:
    """One wording: the kind it stands for, its label for staff, its sentence for buyers ("" for none)."""

    id: UUID
    reason: str
    family: str
    label: str
    words: str


def wordings_of(*, merchant_id: int, language: str = "fr", buyer_language: str = "") -> list[Said]:
    """This will give the wordings that staff may choose, in the merchant's order."""
    found = ReasonWording.of(merchant_id).filter(active=True).order_by("position", "id")
    return [_said(row, language, buyer_language or language) for row in found]


def all_wordings(*, merchant_id: int) -> list[ReasonWording]:
    """This will give every wording, put away ones too."""
    return list(ReasonWording.of(merchant_id).order_by("position", "id"))


def wording_of(*, merchant_id: int, wording_id: UUID) -> ReasonWording:
    """This will find one. Refuses `not_found`."""
    found = ReasonWording.of(merchant_id).filter(id=wording_id).first()
    if found is None:
        raise Refusal("not_found", "no such wording")
    return found


@sql.verb
def add_wording(
    *,
    merchant_id: int,
    reason: str,
    label_fr: str,
    label_en: str = "",
    words_fr: str = "",
    words_en: str = "",
    by: str,
    at: datetime,
) -> ReasonWording:
    """This will add a wording at the end. Refuses `unknown_reason`, `label_required`, `wording_exists`, `too_many`."""
    said = _checked(reason=reason, label_fr=label_fr, label_en=label_en, words_fr=words_fr, words_en=words_en)
    locked(merchant_id)
    known = all_wordings(merchant_id=merchant_id)
    if len(known) >= MOST:
        raise Refusal("too_many", f"at most {MOST}", field="label_fr")
    _alone(known, said["label_fr"])
    last = max((row.position for row in known), default=0)
    found = ReasonWording.across_merchants.create(merchant_id=merchant_id, position=last + 1, **said)
    _tell("wording.added", found, by=by, at=at)
    return found


@sql.verb
def change_wording(
    *,
    merchant_id: int,
    wording_id: UUID,
    reason: str,
    label_fr: str,
    label_en: str = "",
    words_fr: str = "",
    words_en: str = "",
    active: bool = True,
    by: str,
    at: datetime,
) -> ReasonWording:
    """This will change a wording, or put it away (`active` False): what was said with it stays said."""
    said = _checked(reason=reason, label_fr=label_fr, label_en=label_en, words_fr=words_fr, words_en=words_en)
    locked(merchant_id)
    found = wording_of(merchant_id=merchant_id, wording_id=wording_id)
    _alone([row for row in all_wordings(merchant_id=merchant_id) if row.id != wording_id], said["label_fr"])
    for field, value in {**said, "active": active}.items():
        setattr(found, field, value)
    found.save()
    _tell("wording.changed", found, by=by, at=at, active=active)
    return found


@sql.verb
def move_wording(*, merchant_id: int, wording_id: UUID, up: bool, by: str, at: datetime) -> None:
    """This will move a wording one place up or down. Refuses `not_found`."""
    locked(merchant_id)
    rows = all_wordings(merchant_id=merchant_id)
    here = next((place for place, row in enumerate(rows) if row.id == wording_id), None)
    if here is None:
        raise Refusal("not_found", "no such wording")
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for place, row in enumerate(rows):
        if row.position != place:
            row.position = place
            row.save(update_fields=["position"])
    _tell("wording.moved", rows[there], by=by, at=at)


def _said(row: ReasonWording, language: str, buyer_language: str) -> Said:
    label = (row.label_fr if language == "fr" else row.label_en) or row.label_fr
    # A buyer's mail is French or, for every other language, English (wording/__init__.py).
    words = row.words_fr if buyer_language.lower().startswith("fr") else row.words_en
    return Said(row.id, row.reason, REASONS[row.reason].family, label, words)


def _alone(others: list[ReasonWording], label: str) -> None:
    if any(row.label_fr == label for row in others):
        raise Refusal("wording_exists", "this label exists already", field="label_fr")


def _checked(**said: str) -> dict[str, str]:
    judge_reason(said["reason"])
    said = {name: " ".join(text.split()) for name, text in said.items()}
    if not said["label_fr"]:
        raise Refusal("label_required", "a label for staff", field="label_fr")
    for name, text in said.items():
        fits(text, field=name, longest=100 if name.startswith("label") else 500)
    return said


def _tell(kind: str, row: ReasonWording, *, by: str, at: datetime, **facts: object) -> None:
    about = ("wording", row.id)
    tell(kind, merchant_id=row.merchant_id, by=by, at=at, about=about, reason=row.reason, **facts)
