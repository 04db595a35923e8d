"""An order's units under its lock: read, and written back, for verbs that move no money.

Verbs that do move money hold the whole ledger instead (`payments.ledger`, the room above).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.channels.presets import Terms, effective
from countermand.orders import rules
from countermand.orders.facts import LineFacts, Requested
from countermand.orders.requested import requests_of
from countermand.refusals import Refusal

LOCK = """
SELECT o.status, o.verification, o.accepted, o.number, o.requests::text, ch.terms, ch.overrides::text
FROM "order" o JOIN channel ch ON ch.id = o.channel_id WHERE o.merchant_id = %s AND o.id = %s FOR NO KEY UPDATE OF o
"""
LINES = """
SELECT l.id, l.reference, l.position, l.item_id, l.sku, l.title, l.quantity, l.tax_rate, l.total_minor, l.tax_minor,
    l.cancelled, l.shipped, l.returned, l.restocked, l.given_minor,
    l.gone_minor, l.gone_tax_minor, l.given_tax_minor, i.on_hand IS NOT NULL, i.restock_default
FROM order_line l JOIN item i ON i.id = l.item_id WHERE l.merchant_id = %s AND l.order_id = %s ORDER BY l.position
"""
WRITE_LINES = """
UPDATE order_line l SET shipped = x.shipped, restocked = x.restocked
FROM jsonb_to_recordset(%s) AS x(id uuid, shipped int, restocked int) WHERE l.id = x.id
"""
WRITE_ORDER = 'UPDATE "order" SET version = version + 1, status = %s WHERE id = %s'


@dataclass(slots=True)
class Units:
    """An order as its units say it stands, locked until the transaction ends."""

    order_id: UUID
    status: str
    verification: str
    accepted: bool
    number: str
    terms: Terms
    lines: list[LineFacts]
    requests: tuple[Requested, ...] = ()  # of the buyer, that nobody has answered yet


def locked(*, merchant_id: int, order_id: UUID) -> Units:
    """This will lock an order and read its lines. Refuses `not_found`."""
    order = sql.tuples(LOCK, (merchant_id, order_id))
    if not order:
        raise Refusal("not_found", "no such order")
    # Read after the lock, so that what its last holder wrote is seen.
    lines = [LineFacts(*row) for row in sql.tuples(LINES, (merchant_id, order_id))]
    status, verification, accepted, number, asked, preset, overrides = order[0]
    terms = effective(preset, json.loads(overrides))
    return Units(order_id, status, verification, accepted, number, terms, lines, requests_of(asked))


def write(units: Units, changed: Iterable[LineFacts]) -> None:
    """This will write shipped and restocked units of changed lines back, and what state that makes."""
    rows = [{"id": line.id, "shipped": line.shipped, "restocked": line.restocked} for line in changed]
    sql.execute(WRITE_LINES, (sql.json(rows),))
    units.status = rules.status(units.status, units.lines)
    sql.execute(WRITE_ORDER, (units.status, units.order_id))


def wanted(
    lines: Sequence[dict[str, Any]], of: Sequence[LineFacts], *, field: str = "lines"
) -> list[tuple[LineFacts, int]]:
    """This will read [{line, quantity}] as units per line, one line named twice added up.

    Refuses `unknown_line` and `invalid_quantity`.
    """
    by_reference = {line.reference: line for line in of}
    units: dict[str, int] = {}
    for i, entry in enumerate(lines):
        reference, quantity = str(entry["line"]), entry["quantity"]
        if reference not in by_reference:
            raise Refusal("unknown_line", f"no line {reference!r}", field=f"{field}.{i}.line")
        if quantity < 1:
            raise Refusal("invalid_quantity", "one unit at least", field=f"{field}.{i}.quantity")
        units[reference] = units.get(reference, 0) + quantity
    return [(by_reference[reference], quantity) for reference, quantity in units.items()]
