"""Ledgers from the database: locked in the house's order, read in one statement, written back as a set.

Lock order of every verb: order, then payments, then (last of all) items (docs/decisions/0000).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from json import loads
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.channels.presets import Terms, effective
from countermand.orders.facts import ChannelFacts, LineFacts, OrderFacts
from countermand.orders.requested import requests_of
from countermand.payments import rules
from countermand.payments.facts import Ledger, ShareFacts
from countermand.payments.providers.abilities import gives_back_parts

LOCK = 'SELECT id FROM "order" WHERE merchant_id = %s AND id = ANY(%s) ORDER BY id FOR NO KEY UPDATE'

# The snapshot of this statement is younger than the order's lock, so it sees what the last holder
# wrote; payments are locked on the way, since another order may share one.
READ = """
WITH money AS MATERIALIZED (
    SELECT p.id, p.state, p.captured_minor - p.reserved_minor - p.refunded_elsewhere_minor AS free,
           p.provider, p.provider_reference, p.method
    FROM payment p
    WHERE p.id IN (SELECT s.payment_id FROM payment_share s WHERE s.merchant_id = %(m)s AND s.order_id = ANY(%(ids)s))
    ORDER BY p.id FOR NO KEY UPDATE
)
SELECT o.id, o.merchant_id, o.number, o.version, o.status, o.payment_status, o.currency, o.placed_at, o.placed_on,
    o.customer_language, o.customer_email, o.accepted, o.verification, o.total_minor,
    o.shipping_minor, o.shipping_tax_minor, o.shipping_released_minor, o.shipping_given_minor,
    o.shipping_given_tax_minor,
    o.fees_minor, o.fees_refundable_minor, o.fees_released_minor, o.fees_given_minor,
    o.retained_minor, o.goodwill_minor, o.waived_minor, o.captured_minor, o.refunded_minor, o.in_flight_minor,
    o.counted_cancellations, o.cancel_reason, o.cancelled_at,
    c.id, c.code, c.terms, c.overrides::text, c.timezone, c.mode, c.revision,
    x.lines, y.shares, o.requests
FROM "order" o JOIN channel c ON c.id = o.channel_id
LEFT JOIN (
    SELECT l.order_id, jsonb_agg(jsonb_build_array(l.id, l.reference, l.position, l.item_id, l.sku, l.title, l.quantity,
        l.tax_rate, l.total_minor, l.tax_minor, l.cancelled, l.shipped, l.returned, l.restocked, l.given_minor,
        l.gone_minor, l.gone_tax_minor, l.given_tax_minor, i.on_hand IS NOT NULL, i.restock_default) ORDER BY l.position) AS lines
    FROM order_line l JOIN item i ON i.id = l.item_id WHERE l.order_id = ANY(%(ids)s) GROUP BY l.order_id
) x ON x.order_id = o.id
LEFT JOIN (
    SELECT s.order_id, jsonb_agg(jsonb_build_array(s.id, s.payment_id, s.reference, m.provider, m.provider_reference,
        m.method, m.state, s.amount_minor, s.captured_minor, s.reserved_minor, s.refunded_elsewhere_minor, m.free)
        ORDER BY s.position) AS shares
    FROM payment_share s JOIN money m ON m.id = s.payment_id WHERE s.order_id = ANY(%(ids)s) GROUP BY s.order_id
) y ON y.order_id = o.id
WHERE o.merchant_id = %(m)s AND o.id = ANY(%(ids)s)
"""
PEEK = READ.replace("ORDER BY p.id FOR NO KEY UPDATE", "")

WRITE_ORDERS = """
UPDATE "order" o SET version = o.version + 1, status = x.status, payment_status = x.payment_status,
    shipping_released_minor = x.shipping_released, shipping_given_minor = x.shipping_given,
    shipping_given_tax_minor = x.shipping_given_tax,
    fees_released_minor = x.fees_released, fees_given_minor = x.fees_given,
    retained_minor = x.retained, goodwill_minor = x.goodwill, waived_minor = x.waived,
    captured_minor = x.captured, refunded_minor = x.refunded, in_flight_minor = x.in_flight,
    to_give_back_minor = x.to_give_back, counted_cancellations = x.counted,
    cancel_reason = x.cancel_reason, cancelled_at = x.cancelled_at
FROM jsonb_to_recordset(%s) AS x(id uuid, status text, payment_status text,
    shipping_released bigint, shipping_given bigint, shipping_given_tax bigint, fees_released bigint, fees_given bigint,
    retained bigint, goodwill bigint, waived bigint, captured bigint, refunded bigint, in_flight bigint,
    to_give_back bigint, counted int, cancel_reason text, cancelled_at timestamptz)
WHERE o.id = x.id
"""
WRITE_LINES = """
UPDATE order_line l SET cancelled = x.cancelled, shipped = x.shipped, returned = x.returned,
    restocked = x.restocked, given_minor = x.given, gone_minor = x.gone_worth, gone_tax_minor = x.gone_tax,
    given_tax_minor = x.given_tax
FROM jsonb_to_recordset(%s) AS x(id uuid, cancelled int, shipped int, returned int, restocked int, given bigint,
    gone_worth bigint, gone_tax bigint, given_tax bigint)
WHERE l.id = x.id
"""


@lru_cache(maxsize=1024)
def terms_of(preset: str, overrides: str) -> Terms:
    """This will give the effective terms, once per preset and overrides."""
    return effective(preset, loads(overrides))


def lock(*, merchant_id: int, order_ids: Sequence[UUID]) -> set[UUID]:
    """This will lock orders against every other verb, in the order of their ids, and say which exist."""
    return {row[0] for row in sql.tuples(LOCK, (merchant_id, sorted(order_ids)))}


def read(*, merchant_id: int, order_ids: Sequence[UUID], locked: bool = True) -> dict[UUID, Ledger]:
    """This will read whole ledgers in one statement; with `locked`, their payments are locked on the way."""
    found = sql.tuples(READ if locked else PEEK, {"m": merchant_id, "ids": list(order_ids)})
    return {row[0]: _ledger(row) for row in found}


def _ledger(row: tuple[Any, ...]) -> Ledger:
    channel = ChannelFacts(*row[32:39])
    return Ledger(
        order=OrderFacts(*(*row[:32], requests_of(row[41]))),
        lines=[
            LineFacts(UUID(line[0]), line[1], line[2], UUID(line[3]), *line[4:]) for line in loads(row[39])
        ],
        shares=[
            ShareFacts(*(UUID(s[0]), UUID(s[1]), *s[2:12], gives_back_parts(s[3], s[4])))
            for s in (loads(row[40]) if row[40] else ())
        ],
        channel=channel,
        terms=terms_of(channel.preset, channel.overrides),
    )


def derive(ledger: Ledger) -> int:
    """This will bring status and payment status of a changed ledger up to date and say what is owed now."""
    order = ledger.order
    kept = rules.kept(order, ledger.lines)
    order.status = rules.status(order.status, ledger.lines)
    order.payment_status = rules.payment_status(order, ledger.shares, kept)
    return rules.owed(order, kept)


def order_row(ledger: Ledger) -> dict[str, Any]:
    """This will make the row with which WRITE_ORDERS writes a changed ledger back."""
    owing = derive(ledger)
    order = ledger.order
    return {
        "id": order.id,
        "status": order.status,
        "payment_status": order.payment_status,
        "shipping_released": order.shipping_released,
        "shipping_given": order.shipping_given,
        "shipping_given_tax": order.shipping_given_tax,
        "fees_released": order.fees_released,
        "fees_given": order.fees_given,
        "retained": order.retained,
        "goodwill": order.goodwill,
        "waived": order.waived,
        "captured": order.captured,
        "refunded": order.refunded,
        "in_flight": order.in_flight,
        "to_give_back": owing,
        "counted": order.counted,
        "cancel_reason": order.cancel_reason,
        "cancelled_at": order.cancelled_at,
    }


def line_row(line: LineFacts) -> dict[str, Any]:
    """This will make the row with which WRITE_LINES writes a changed line back."""
    return {
        "id": line.id,
        "cancelled": line.cancelled,
        "shipped": line.shipped,
        "returned": line.returned,
        "restocked": line.restocked,
        "given": line.given,
        "gone_worth": line.gone_worth,
        "gone_tax": line.gone_tax,
        "given_tax": line.given_tax,
    }


def write(ledgers: Iterable[Ledger], *, lines: Iterable[LineFacts] = ()) -> None:
    """This will write changed ledgers back: every order, and the lines that are named."""
    changed = [line_row(line) for line in lines]
    if changed:
        sql.execute(WRITE_LINES, (sql.json(changed),))
    rows = [order_row(ledger) for ledger in ledgers]
    if rows:
        sql.execute(WRITE_ORDERS, (sql.json(rows),))
