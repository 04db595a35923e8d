"""Questions about the procedure of one order: who was spoken with, what was done to the stock, what was offered."""

from dataclasses import dataclass, field
from datetime import date, datetime
from json import loads
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.procedure.models import SupportTicket
from countermand.procedure.rules import Spoken, Taken
from countermand.refusals import Refusal

# One statement for all of it: the page of the procedure reads much besides.
READ = """
SELECT o.id, o.number, o.customer_name, o.customer_email, o.customer_phone, o.customer_language,
    (SELECT max(c.at) FROM cancellation c
     WHERE c.merchant_id = %(m)s AND c.order_id = o.id AND c.state <> 'undone') AS since,
    (SELECT jsonb_agg(jsonb_build_array(k.by_means, k.outcome, k.note, k.call_again_at, k.by, k.at) ORDER BY k.at)
     FROM contact k WHERE k.merchant_id = %(m)s AND k.order_id = o.id) AS spoken,
    (SELECT jsonb_agg(jsonb_build_array(t.step, t.state, t.sku, t.deed, t.figure, t.until, t.leaves_short,
        t.reason, t.by, t.at) ORDER BY t.at)
     FROM step_taken t WHERE t.merchant_id = %(m)s AND t.order_id = o.id) AS taken,
    (SELECT jsonb_agg(jsonb_build_object('id', f.id, 'line', l.reference, 'was', l.title, 'quantity', f.quantity,
        'sku', f.sku, 'title', f.title, 'price_minor', f.price_minor, 'currency', f.currency, 'state', f.state,
        'expires_at', f.expires_at, 'missing_minor', f.missing_minor, 'offered_by', f.offered_by,
        'offered_at', f.offered_at, 'answered_by', f.answered_by, 'answered_at', f.answered_at, 'via', f.via,
        'new_order_id', f.new_order_id, 'open', l.quantity - l.cancelled - l.shipped) ORDER BY f.offered_at)
     FROM offer f JOIN order_line l ON l.id = f.line_id
     WHERE f.merchant_id = %(m)s AND f.order_id = o.id) AS offers
FROM "order" o WHERE o.merchant_id = %(m)s AND o.id = %(order)s
"""


@dataclass(frozen=True, slots=True)
class Offered:
    """An alternative that was offered on this order, as its page needs it. `open`: units of the line still open."""

    id: UUID
    line: str
    was: str
    quantity: int
    sku: str
    title: str
    price_minor: int
    currency: str
    state: str
    expires_at: datetime
    missing_minor: int
    offered_by: str
    offered_at: datetime
    answered_by: str
    answered_at: datetime | None
    via: str
    new_order_id: UUID | None
    open: int

    @property
    def total_minor(self) -> int:
        return self.price_minor * self.quantity


@dataclass(frozen=True, slots=True)
class Progress:
    """All that is known of an order's procedure. `since`: the last cancellation that stands; older steps were its."""

    order_id: UUID
    number: str
    name: str
    email: str
    phone: str
    language: str
    since: datetime | None
    spoken: list[Spoken] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    offers: list[Offered] = field(default_factory=list)

    def offer_on(self, state: str) -> list[Offered]:
        """This will list the offers in a state, oldest first."""
        return [offer for offer in self.offers if offer.state == state]


def progress(*, merchant_id: int, order_id: UUID) -> Progress:
    """This will tell how far an order's procedure is. One statement. Refuses `not_found`."""
    row = sql.one(READ, {"m": merchant_id, "order": order_id})
    if row is None:
        raise Refusal("not_found", "no such order")
    return Progress(
        order_id=row["id"],
        number=row["number"],
        name=row["customer_name"],
        email=row["customer_email"],
        phone=row["customer_phone"],
        language=row["customer_language"],
        since=row["since"],
        spoken=[_spoken(each) for each in _rows(row["spoken"])],
        taken=[_taken(each) for each in _rows(row["taken"])],
        offers=[_offered(each) for each in _rows(row["offers"])],
    )


def tickets(*, merchant_id: int, state: str = "open", limit: int = 200) -> list[SupportTicket]:
    """This will list requests to the support of the stock's system, oldest first."""
    found = SupportTicket.of(merchant_id).filter(state=state)
    return list(found.order_by("opened_at", "id")[:limit])


def _rows(found: Any) -> list[Any]:
    return loads(found) if found else []


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _sure(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _on(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _spoken(row: list[Any]) -> Spoken:
    means, outcome, note, again, by, at = row
    return Spoken(means, outcome, note, _at(again), by, _sure(at))


def _taken(row: list[Any]) -> Taken:
    step, state, sku, deed, figure, until, short, reason, by, at = row
    return Taken(step, state, sku, deed, figure, _on(until), short, reason, by, _sure(at))


def _offered(row: dict[str, Any]) -> Offered:
    instants = {name: _at(row[name]) for name in ("expires_at", "offered_at", "answered_at")}
    new = UUID(row["new_order_id"]) if row["new_order_id"] else None
    return Offered(**{**row, **instants, "id": UUID(row["id"]), "new_order_id": new})
