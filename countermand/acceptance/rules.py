"""What may be decided about a sale, until when, and what accepting it draws. Pure.

Source: docs/terms (acceptance, money captured); RK-1, RK-3, RK-14.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from countermand.channels.presets import Terms
from countermand.orders.facts import LineFacts
from countermand.payments import rules
from countermand.payments.facts import Ledger, ShareFacts
from countermand.payments.providers.abilities import BY_HAND, OUR_CREDIT
from countermand.refusals import Refusal

# Who is warned has a day left; who gets a sale late has at least as long, or the whole time where it is shorter.
WARNED_BEFORE = timedelta(hours=24)
# Without an end by the terms, or where they only remind: once a day, and not for ever.
REMINDED_EVERY = timedelta(hours=24)
MOST_REMINDERS = 3

Wish = Sequence[tuple[str, int | None]]  # (line reference, units; None: all that is undecided of it)


class Drawn(NamedTuple):
    """What accepting draws of one payment. Minor units."""

    share: ShareFacts
    amount: int


def decide_by(terms: Terms, *, placed_at: datetime, received_at: datetime) -> datetime | None:
    """This will say until when a sale is to be decided; None where the terms set no end.

    The clock runs from the sale. A sale that came in late leaves a day all the same, or the whole time if shorter.
    """
    if not terms.acceptance_hours:
        return None
    lasts = timedelta(hours=terms.acceptance_hours)
    return max(placed_at + lasts, received_at + min(lasts, WARNED_BEFORE))


def undecided(lines: Iterable[LineFacts], accepted: Mapping[UUID, int]) -> dict[str, int]:
    """This will say how many units of which line nobody has decided about: line reference -> units."""
    left = ((line.reference, line.open - accepted.get(line.id, 0)) for line in lines)
    return {reference: units for reference, units in left if units > 0}


def asked(lines: Sequence[LineFacts], accepted: Mapping[UUID, int], wish: Wish | None) -> dict[str, int]:
    """This will read which units a decision is about; None: all that are undecided.

    Refuses `invalid_lines`, `unknown_line`, `duplicate_line`, `invalid_quantity`, `quantity_too_large`,
    `already_accepted` and `already_cancelled` (refused before) for a line with nothing left to decide.
    """
    left = undecided(lines, accepted)
    if wish is None:
        if not left:
            raise Refusal("already_accepted", "every unit has been decided")
        return left
    if not wish:
        raise Refusal("invalid_lines", "name at least one line, or none at all for everything", field="lines")
    known = {line.reference: line for line in lines}
    found: dict[str, int] = {}
    for i, (reference, units) in enumerate(wish):
        line = known.get(reference)
        if line is None:
            raise Refusal("unknown_line", f"no line {reference!r}", field=f"lines.{i}.line")
        if reference in found:
            raise Refusal("duplicate_line", f"line {reference!r} stands twice", field=f"lines.{i}.line")
        still = left.get(reference, 0)
        if not still:
            raise _decided(line, accepted, field=f"lines.{i}.line")
        if units is None:
            units = still
        if units < 1:
            raise Refusal("invalid_quantity", "at least 1", field=f"lines.{i}.quantity")
        if units > still:
            detail = f"{still} of line {reference!r} are undecided"
            raise Refusal("quantity_too_large", detail, field=f"lines.{i}.quantity", facts={"open": still})
        found[reference] = units
    return found


def _decided(line: LineFacts, accepted: Mapping[UUID, int], *, field: str) -> Refusal:
    if accepted.get(line.id):
        return Refusal("already_accepted", f"line {line.reference!r} has been accepted", field=field)
    return Refusal("already_cancelled", f"line {line.reference!r} has been refused", field=field)


def draws(ledger: Ledger) -> list[Drawn]:
    """This will say what accepting draws: what the buyer keeps, shipping and fees with it, and nothing more (RK-3).

    Nothing where the terms draw later, at shipment. Money by hand is not drawn: it comes.
    """
    if not draws_now(ledger):
        return []
    due = rules.due(ledger.order, rules.kept(ledger.order, ledger.lines))
    found = []
    for share in authorised(ledger):
        amount = min(due, share.amount - share.captured)
        if amount > 0:
            found.append(Drawn(share, amount))
            due -= amount
    return found


def draws_now(ledger: Ledger) -> bool:
    """This will say whether what is authorised is drawn by now: at acceptance, or even when it was paid."""
    return ledger.terms.capture in ("acceptance", "paid")


def authorised(ledger: Ledger) -> list[ShareFacts]:
    """This will list the payments whose provider holds money that nobody has drawn."""
    by_person = BY_HAND | OUR_CREDIT
    return [s for s in ledger.shares if s.state == "authorized" and s.provider not in by_person]


def available(*, on_hand: int | None, allocated: int, own: int, unavailable: bool) -> int | None:
    """This will say how many units there are for a sale: on hand and promised to nobody else; None: not counted."""
    if on_hand is None:
        return None
    return 0 if unavailable else max(0, on_hand - (allocated - own))
