"""What is to be shipped: open units of verified orders, by their day, line by line (AZ-12: not before)."""

from collections.abc import Iterator
from typing import Any

from countermand import sql
from countermand.overview import hide
from countermand.overview.opened import opened

PAGE = 1000

ORDERS = """
SELECT o.id, o.number, ch.name AS channel, o.placed_at, o.ship_by, o.verification, o.customer_name, o.customer_email,
    o.customer_phone, o.customer_language, o.shipping_address, o.billing_address,
    o.open_requests, o.requests @> '[{"official": true}]' AS official, o.cancel_reason, coalesce(o.ship_by, 'infinity'::date)::text AS place
FROM "order" o JOIN channel ch ON ch.id = o.channel_id
WHERE o.merchant_id = %(m)s AND o.status IN ('open', 'partially_shipped') AND o.verification = 'verified'
    AND (coalesce(o.ship_by, 'infinity'::date), o.id) > (%(day)s::date, %(id)s::uuid)
ORDER BY coalesce(o.ship_by, 'infinity'::date), o.id LIMIT %(limit)s
"""
LINES = """
SELECT l.order_id, l.reference, l.sku, l.title, l.quantity - l.cancelled - l.shipped AS units FROM order_line l
WHERE l.merchant_id = %(m)s AND l.order_id = ANY(%(ids)s) AND l.quantity > l.cancelled + l.shipped
ORDER BY l.order_id, l.position
"""
FIRST = {"day": "-infinity", "id": "00000000-0000-0000-0000-000000000000"}


def to_ship(*, merchant_id: int) -> Iterator[dict[str, Any]]:
    """This will yield every line of which units are to leave, the most urgent order first, a page at a time.

    `hold`: why nobody should send it before looking: `request` (the buyer officially asks to cancel: AZ-9),
    `unofficial` (asks, but not so that the channel recognises it: AZ-22), `fraud` (SH-7).
    """
    place = dict(FIRST)
    while True:
        orders = sql.rows(ORDERS, {"m": merchant_id, "limit": PAGE, **place})
        ids = [order["id"] for order in orders]
        lines: dict[Any, list[dict[str, Any]]] = {}
        for line in sql.rows(LINES, {"m": merchant_id, "ids": ids}) if ids else ():
            lines.setdefault(line["order_id"], []).append(line)
        for order in orders:
            order = opened(order, "shipping_address", "billing_address")
            who, where = hide.customer(order), hide.addresses(order)["shipping_address"] or {}
            for line in lines.get(order["id"], ()):
                yield {**order, **line, "customer": who, "address": where, "hold": _hold(order)}
        if len(orders) < PAGE:
            return
        place = {"day": orders[-1]["place"], "id": str(orders[-1]["id"])}


def _hold(order: dict[str, Any]) -> str:
    if order["official"]:
        return "request"
    if order["cancel_reason"] == "fraud_suspected":
        return "fraud"
    return "unofficial" if order["open_requests"] else ""
