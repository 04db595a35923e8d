"""Returns and parcels called back, as the outside reads them: one, those of an order, and a list by state."""

from typing import Any
from uuid import UUID

from countermand import money, sql
from countermand.lifecycle import RETURN
from countermand.overview import cursors, hide
from countermand.overview.opened import opened
from countermand.overview.written import day, identity, instant, instants_of
from countermand.refusals import Refusal
from countermand.returns.models import KINDS

COLUMNS = """r.id, r.order_id, r.kind, r.state, r.reason, r.intercept_id, r.informed_at, r.proof, r.proof_at, r.back_at,
    r.inspected_at, r.ended_at, r.due_on, r.due_article, r.currency, r.worth_minor, r.shipping_minor, r.fees_minor,
    r.fee_minor, r.fee_ground, r.fee_note, r.refund_minor, r.refund_when, r.reimbursement_id, r.note, r.by, r.at,
    (SELECT jsonb_agg(jsonb_build_object('line', l.reference, 'sku', l.sku, 'title', l.title, 'asked', x.asked,
        'received', x.received, 'condition', x.condition, 'restocked', x.restocked, 'amount_minor', x.amount_minor)
        ORDER BY l.position)
     FROM return_line x JOIN order_line l ON l.id = x.line_id WHERE x.part_of_id = r.id) AS lines"""
FROM = """
FROM "return" r JOIN "order" o ON o.id = r.order_id JOIN channel c ON c.id = o.channel_id
"""
WHOSE = """, o.number, c.code AS channel, c.name AS channel_name, o.customer_name, o.customer_email, o.customer_phone,
    o.customer_language, o.verification"""
PARCEL = """i.id, i.order_id, f.reference AS parcel, f.confirmed, f.carrier, f.tracking, i.asked_of, i.state, i.reason,
    i.note, i.answer_note, i.at, i.by, i.answered_at, i.answered_by, i.back_at, i.cancellation_id, o.number"""
PARCEL_FROM = """
FROM intercept i JOIN fulfilment f ON f.id = i.fulfilment_id JOIN "order" o ON o.id = i.order_id
"""

# For the statement that reads an order: of table "order" as `o`.
OF_ORDER = """(SELECT jsonb_agg(jsonb_build_object('id', r.id, 'kind', r.kind, 'state', r.state, 'reason', r.reason,
        'due_on', r.due_on, 'due_article', r.due_article, 'refund_minor', r.refund_minor, 'refund_when', r.refund_when,
        'fee_minor', r.fee_minor, 'at', r.at, 'by', r.by, 'asked', x.asked, 'received', x.received) ORDER BY r.id)
    FROM "return" r CROSS JOIN LATERAL (SELECT sum(x.asked) AS asked, sum(x.received) AS received FROM return_line x
        WHERE x.part_of_id = r.id) x WHERE r.order_id = o.id)"""
PARCELS = """(SELECT jsonb_agg(jsonb_build_object('id', i.id, 'parcel', f.reference, 'asked_of', i.asked_of, 'state', i.state,
        'reason', i.reason, 'note', i.note, 'answer', i.answer_note, 'at', i.at, 'by', i.by, 'answered_at', i.answered_at,
        'back_at', i.back_at, 'cancellation', i.cancellation_id) ORDER BY i.id)
    FROM intercept i JOIN fulfilment f ON f.id = i.fulfilment_id WHERE i.order_id = o.id)"""

# Filters of the list: open is whatever still needs somebody.
OPEN = ("asked", "received", "inspected")


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """This will write one return as the API does."""
    currency = row["currency"]
    return {
        "id": identity(row["id"]),
        "order_id": identity(row["order_id"]),
        "kind": row["kind"],
        "state": row["state"],
        "reason": row["reason"],
        "intercept": identity(row["intercept_id"]),
        "lines": [
            {
                name: line[name]
                for name in ("line", "sku", "title", "asked", "received", "condition", "restocked")
            }
            | {"amount": money.plain(line["amount_minor"], currency)}
            for line in row["lines"] or ()
        ],
        "proof": row["proof"],
        **instants_of(row, "informed_at", "proof_at", "back_at", "inspected_at", "ended_at", "at"),
        "due_on": day(row["due_on"]),
        "due_article": row["due_article"],
        "shipping_refund": money.plain(row["shipping_minor"], currency),
        "restocking_fee": money.plain(row["fee_minor"], currency),
        "fee_ground": row["fee_ground"],
        "fee_note": row["fee_note"],
        "worth": money.plain(row["worth_minor"], currency),
        "refund": {
            "amount": money.plain(row["refund_minor"], currency),
            "when": row["refund_when"],
            "reimbursement": identity(row["reimbursement_id"]),
        },
        "currency": currency,
        "note": row["note"],
        "by": row["by"],
    }


def brief(row: dict[str, Any], currency: str) -> dict[str, Any]:
    """This will write a return as its order's page and answer tell of it; the whole is at its own address."""
    return {
        **{name: row[name] for name in ("id", "kind", "state", "reason", "due_on", "due_article", "by")},
        "at": instant(row["at"]),
        "asked": row["asked"],
        "received": row["received"],
        "restocking_fee": money.plain(row["fee_minor"], currency),
        "refund": {"amount": money.plain(row["refund_minor"], currency), "when": row["refund_when"]},
    }


def parcel_shape(row: dict[str, Any]) -> dict[str, Any]:
    """This will write one parcel called back as the API does."""
    return {
        "id": identity(row["id"]),
        "order_id": identity(row["order_id"]),
        "order_number": row["number"],
        "parcel": row["parcel"],
        "confirmed": row["confirmed"],
        "carrier": row["carrier"],
        "tracking": row["tracking"],
        "asked_of": row["asked_of"],
        "state": row["state"],
        "reason": row["reason"],
        "note": row["note"],
        "answer": row["answer_note"],
        **instants_of(row, "at", "answered_at", "back_at"),
        "cancellation": identity(row["cancellation_id"]),
        "by": row["by"],
        "answered_by": row["answered_by"],
    }


def return_shape(*, merchant_id: int, return_id: UUID) -> dict[str, Any]:
    """This will write one return. Refuses `not_found`."""
    row = sql.one(
        f"SELECT {COLUMNS}{WHOSE} {FROM} WHERE r.merchant_id = %s AND r.id = %s", (merchant_id, return_id)
    )
    if row is None:
        raise Refusal("not_found", "no such return")
    return _listed(row)


def intercept_shape(*, merchant_id: int, intercept_id: UUID) -> dict[str, Any]:
    """This will write one parcel called back. Refuses `not_found`."""
    row = sql.one(
        f"SELECT {PARCEL} {PARCEL_FROM} WHERE i.merchant_id = %s AND i.id = %s",
        (merchant_id, intercept_id),
    )
    if row is None:
        raise Refusal("not_found", "no such intercept")
    return parcel_shape(row)


def return_list(
    *,
    merchant_id: int,
    state: str = "",
    kind: str = "",
    order_id: UUID | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """This will list returns, newest first: `{items, next}`. `state` is one or several (commas), or `open`.

    Refuses `unknown_state`, `unknown_kind`, and what `cursors` refuses.
    """
    cursors.checked(limit)
    states = _states(state)
    if kind and kind not in KINDS:
        raise Refusal("unknown_kind", f"kinds are {', '.join(KINDS)}", field="kind")
    asked = ["returns", merchant_id, states, kind, order_id]
    conditions = ["r.merchant_id = %(m)s"]
    values: dict[str, Any] = {
        "m": merchant_id,
        "limit": limit + 1,
        "states": states,
        "kind": kind,
        "order": order_id,
    }
    if states:
        conditions.append("r.state = ANY(%(states)s)")
    if kind:
        conditions.append("r.kind = %(kind)s")
    if order_id:
        conditions.append("r.order_id = %(order)s")
    if cursor:
        conditions.append("r.id < %(after)s::uuid")
        values["after"] = cursors.read(cursor, asked=asked)[0]
    statement = (
        f"SELECT {COLUMNS}{WHOSE} {FROM} WHERE {' AND '.join(conditions)} ORDER BY r.id DESC LIMIT %(limit)s"
    )
    found = sql.rows(statement, values)
    shown, more = found[:limit], len(found) > limit
    following = cursors.make(place=[str(shown[-1]["id"])], asked=asked) if more else None
    return {"items": [_listed(row) for row in shown], "next": following}


def _listed(row: dict[str, Any]) -> dict[str, Any]:
    who = hide.customer(row)
    return {
        **shape(opened(row, "lines")),
        "order_number": row["number"],
        "channel": row["channel"],
        "customer": {"name": who["name"], "email": who["email"]},
    }


def _states(text: str) -> list[str]:
    states: list[str] = []
    for state in filter(None, text.split(",")):
        if state != "open" and state not in RETURN:
            raise Refusal("unknown_state", f"states are open, {', '.join(RETURN)}", field="state")
        states += OPEN if state == "open" else [state]
    return sorted(set(states))
