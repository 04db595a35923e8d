"""One order with everything about it, in a fixed number of statements however long it is."""

from typing import Any
from uuid import UUID

from countermand import money, sql
from countermand.overview import cancellations, hide, moments, refunds, requests, returns
from countermand.overview.opened import opened
from countermand.overview.orders import parts
from countermand.overview.orders.possible import Sums, actions
from countermand.overview.snapshot import one_snapshot
from countermand.overview.written import day, identity, instant
from countermand.payments import ledger
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal

# What the ledger does not carry, since no rule reads it.
ROW = (
    """
SELECT o.ship_by, o.prices_include_tax, o.invoice_number, o.received_at, o.customer_name, o.customer_email,
    o.customer_phone, o.customer_language, o.shipping_address, o.billing_address, o.verification, o.risk_level,
    o.risk_signals, o.discounts, o.fees, o.shipping_tax_rate, o.cancelled_at, o.cancel_reason, o.open_requests,
    o.to_give_back_minor, ch.name AS channel_name,
    EXISTS (SELECT 1 FROM cancellation c WHERE c.order_id = o.id AND c.reason = 'fraud_suspected' AND c.state <> 'undone')
        OR EXISTS (SELECT 1 FROM approval a WHERE a.order_id = o.id AND a.state = 'waiting'
            AND a.ask ->> 'reason' = 'fraud_suspected') AS suspected,
    (SELECT jsonb_object_agg(l.id, jsonb_build_object('unit_price_minor', l.unit_price_minor,
        'discount_minor', l.discount_minor)) FROM order_line l WHERE l.order_id = o.id) AS prices,
    (SELECT jsonb_agg(jsonb_build_object('id', f.id, 'reference', f.reference, 'shipped_at', f.shipped_at, 'back_at', f.back_at, 'received_at', f.received_at, 'confirmed',
        f.confirmed, 'carrier', f.carrier, 'tracking', f.tracking, 'lines', f.lines) ORDER BY f.shipped_at, f.id)
        FROM fulfilment f WHERE f.order_id = o.id) AS fulfilments,
    (SELECT jsonb_object_agg(s.id, p.last_digits) FROM payment_share s JOIN payment p ON p.id = s.payment_id
        WHERE s.order_id = o.id) AS last_digits,
    (SELECT jsonb_agg(jsonb_build_object('text', n.text, 'by', n.by, 'at', n.at) ORDER BY n.at)
        FROM order_note n WHERE n.order_id = o.id) AS notes,
    (SELECT jsonb_agg(jsonb_build_object('by', c.by_means, 'outcome', c.outcome, 'note', c.note,
        'call_again_at', c.call_again_at, 'who', c.by, 'at', c.at) ORDER BY c.at)
        FROM contact c WHERE c.order_id = o.id) AS contacts,
    (SELECT jsonb_agg(jsonb_build_object('id', m.id, 'kind', m.kind, 'state', m.state, 'subject', m.subject,
        'sent_at', m.sent_at, 'error', m.error, 'cancellation', m.cancellation_id) ORDER BY m.created_at)
        FROM message m WHERE m.order_id = o.id) AS messages,
    (SELECT w.decide_by FROM awaited_sale w WHERE w.order_id = o.id AND w.over_at IS NULL) AS decide_by,
    (SELECT jsonb_object_agg(r.line_id, r.units) FROM (
        SELECT k.line_id, sum(k.quantity) AS units FROM decided_line k JOIN decision d ON d.id = k.decision_id
        WHERE d.order_id = o.id AND d.verdict = 'refused' GROUP BY 1) r) AS refused,
    [requests] AS requests,
    [returns] AS returns, [intercepts] AS intercepts
FROM "order" o JOIN channel ch ON ch.id = o.channel_id
WHERE o.merchant_id = %s AND o.id = %s
""".replace("[requests]", requests.OF_ORDER)
    .replace("[returns]", returns.OF_ORDER)
    .replace("[intercepts]", returns.PARCELS)
)
JSON = (
    *("last_digits", "shipping_address", "billing_address", "discounts", "fees", "prices"),
    *("fulfilments", "returns", "intercepts", "notes", "contacts", "messages", "requests", "refused"),
)


def order_page(*, merchant_id: int, order_id: UUID, role: str = "") -> dict[str, Any]:
    """This will write one order as `GET /orders/{id}` does (docs/api.md), its actions for a role. Refuses `not_found`.

    Shapes: JSON-ready; amounts in major units as text. Six statements, all of one moment.
    """
    with one_snapshot():
        book = ledger.read(merchant_id=merchant_id, order_ids=[order_id], locked=False).get(order_id)
        row = sql.one(ROW, (merchant_id, order_id))
        if book is None or row is None:
            raise Refusal("not_found", "no such order")
        row = opened(row, *JSON)
        called_off = cancellations.of_order(merchant_id=merchant_id, order_id=order_id)
        given_back = refunds.of_order(merchant_id=merchant_id, order_id=order_id)
        history = moments.timeline(merchant_id=merchant_id, order_id=order_id)
    return {
        **_order(book, row),
        **_parts(book, row, given_back),
        "money": parts.sums_of_money(book),
        **actions(_sums(book, row), terms=book.terms, role=role),
        "cancellations": called_off,
        "refunds": [refunds.shape(each) for each in given_back],
        "requests": [requests.shape(each, hidden=hide.hidden(row)) for each in row["requests"] or ()],
        "open_requests": row["open_requests"],
        "clocks": parts.clocks(book, row, called_off),
        "timeline": history,
    }


def _order(book: Ledger, row: dict[str, Any]) -> dict[str, Any]:
    order = book.order
    return {
        "id": identity(order.id),
        "channel": book.channel.code,
        "channel_name": row["channel_name"],
        "terms": book.channel.preset,
        "platform": book.terms.platform,
        "notify": book.terms.notify,
        "number": order.number,
        "version": order.version,
        "placed_at": instant(order.placed_at),
        "placed_on": day(order.placed_on),
        "received_at": instant(row["received_at"]),
        "ship_by": day(row["ship_by"]),
        "currency": order.currency,
        "prices_include_tax": row["prices_include_tax"],
        "invoice_number": row["invoice_number"],
        "status": order.status,
        "payment_status": order.payment_status,
        "verification": order.verification,
        "accepted": order.accepted,
        "risk": {"level": row["risk_level"], "signals": row["risk_signals"]},
        "fraud_hold": row["suspected"] and any(line.open for line in book.lines),
        "cancelled_at": instant(row["cancelled_at"]),
        "cancel_reason": row["cancel_reason"],
        "customer": hide.customer(row),
        "customer_hidden": hide.hidden(row),
        "placed_again_here": book.terms.place_again,
        **hide.addresses(row),
    }


def _parts(book: Ledger, row: dict[str, Any], given_back: list[dict[str, Any]]) -> dict[str, Any]:
    order, currency = book.order, book.order.currency
    return {
        "lines": parts.lines(book, row["prices"], refused=row["refused"] or {}),
        "discounts": [parts.discount(each, currency) for each in row["discounts"]],
        "shipping": {
            "amount": money.plain(order.shipping, currency),
            "tax_rate": money.plain_rate(row["shipping_tax_rate"]),
            "tax": money.plain(order.shipping_tax, currency),
            "given_back": money.plain(order.shipping_given, currency),
        },
        "fees": [parts.fee(each, currency) for each in row["fees"]],
        "total": money.plain(order.total, currency),
        "payments": [
            parts.payment(each, given_back, currency, (row["last_digits"] or {}).get(str(each.id), ""))
            for each in book.shares
        ],
        "fulfilments": [
            _at(each, "shipped_at", "back_at", "received_at") for each in row["fulfilments"] or ()
        ],
        "returns": [returns.brief(each, currency) for each in row["returns"] or ()],
        "intercepts": [_at(each, "at", "answered_at", "back_at") for each in row["intercepts"] or ()],
        "notes": [_at(each, "at") for each in row["notes"] or ()],
        "contacts": [_at(each, "at", "call_again_at") for each in row["contacts"] or ()],
        "messages": [_at(each, "sent_at") for each in row["messages"] or ()],
    }


def _at(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return row | {name: instant(row[name]) for name in names}


def _sums(book: Ledger, row: dict[str, Any]) -> Sums:
    lines = book.lines
    return Sums(
        status=book.order.status,
        verification=book.order.verification,
        ordered=sum(each.quantity for each in lines),
        cancelled=sum(each.cancelled for each in lines),
        shipped=sum(each.shipped for each in lines),
        returned=sum(each.returned for each in lines),
        restockable=sum(each.gone - each.restocked for each in lines if each.tracked),
        free_minor=sum(share.free for share in book.shares),
        fraud_hold=row["suspected"],
        unconfirmed=any(
            not parcel["confirmed"] and not parcel["back_at"] for parcel in row["fulfilments"] or ()
        ),
        authorized=any(share.state == "authorized" for share in book.shares),
    )
