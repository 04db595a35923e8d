"""Refunds as the outside reads them: one, those of an order, and lists by state."""

from typing import Any
from uuid import UUID

from countermand import money, sql
from countermand.lifecycle import IN_FLIGHT, REFUND
from countermand.overview import cursors
from countermand.overview.written import identity, instant, instants_of
from countermand.refusals import Refusal

COLUMNS = """r.id, r.order_id, r.cancellation_id, r.reimbursement_id, s.reference AS payment, r.share_id, p.provider,
    p.method AS paid_by, r.method, r.kind, r.amount_minor, r.currency, r.state, r.reason, r.due_at, r.tries,
    r.carried_by, r.asked_at, r.sent_back_at, r.sent_back_because, r.answer, r.error, r.not_before, r.evidence, r.created_at, r.settled_at, r.by, o.number, c.code AS channel"""
FROM = """
FROM refund r JOIN payment_share s ON s.id = r.share_id JOIN payment p ON p.id = s.payment_id
JOIN "order" o ON o.id = r.order_id JOIN channel c ON c.id = o.channel_id
"""


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """This will write one refund as the API does."""
    return {
        "id": str(row["id"]),
        "order_id": str(row["order_id"]),
        "order_number": row["number"],
        "channel": row["channel"],
        "cancellation": identity(row["cancellation_id"]),
        "payment": row["payment"],
        "provider": row["provider"],
        "paid_by": row["paid_by"],
        "method": row["method"],
        "kind": row["kind"],
        "amount": money.plain(row["amount_minor"], row["currency"]),
        "currency": row["currency"],
        "state": row["state"],
        "carried_by": row["carried_by"],
        "asked_at": instant(row["asked_at"]),
        "sent_back_at": instant(row["sent_back_at"]),
        "sent_back_because": row["sent_back_because"],
        "answer": row["answer"],
        "reason": row["reason"],
        "due_at": instant(row["due_at"]),
        "tries": row["tries"],
        "error": row["error"] or None,
        "next_at": instant(row["not_before"])
        if row["state"] in IN_FLIGHT and row["method"] != "manual" and not _asked(row)
        else None,
        "evidence": row["evidence"],
        **instants_of(row, "created_at", "settled_at"),
        "by": row["by"],
    }


def _asked(row: dict[str, Any]) -> bool:
    """Whether it waits for the customer service, and for no moment of ours (RK-5)."""
    return bool(
        row["state"] == "held" and row["carried_by"] == "customer_service" and row["kind"] == "refund"
    )


def of_order(*, merchant_id: int, order_id: UUID) -> list[dict[str, Any]]:
    """This will read the refund rows of an order, oldest first."""
    statement = f"SELECT {COLUMNS} {FROM} WHERE r.merchant_id = %s AND r.order_id = %s ORDER BY r.id"
    return sql.rows(statement, (merchant_id, order_id))


def refund_shape(*, merchant_id: int, refund_id: UUID) -> dict[str, Any]:
    """This will write one refund. Refuses `not_found`."""
    row = sql.one(f"SELECT {COLUMNS} {FROM} WHERE r.merchant_id = %s AND r.id = %s", (merchant_id, refund_id))
    if row is None:
        raise Refusal("not_found", "no such refund")
    return shape(row)


def refund_list(
    *,
    merchant_id: int,
    state: str = "",
    order_id: UUID | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """This will list refunds, newest first: `{items, next}`. `state` is one or several (commas), or `in_flight`.

    Refuses `unknown_state`, and what `cursors` refuses.
    """
    cursors.checked(limit)
    states = _states(state)
    asked = ["refunds", merchant_id, states, order_id]
    conditions = ["r.merchant_id = %(m)s"]
    values: dict[str, Any] = {"m": merchant_id, "limit": limit + 1, "states": states, "order": order_id}
    if states:
        conditions.append("r.state = ANY(%(states)s)")
    if order_id:
        conditions.append("r.order_id = %(order)s")
    if cursor:
        conditions.append("r.id < %(after)s::uuid")
        values["after"] = cursors.read(cursor, asked=asked)[0]
    statement = f"SELECT {COLUMNS} {FROM} WHERE {' AND '.join(conditions)} ORDER BY r.id DESC LIMIT %(limit)s"
    found = sql.rows(statement, values)
    more = len(found) > limit
    found = found[:limit]
    following = cursors.make(place=[str(found[-1]["id"])], asked=asked) if more else None
    return {"items": [shape(row) for row in found], "next": following}


def _states(text: str) -> list[str]:
    states: list[str] = []
    for state in filter(None, text.split(",")):
        if state != "in_flight" and state not in REFUND:
            raise Refusal("unknown_state", f"states are in_flight, {', '.join(REFUND)}", field="state")
        states += IN_FLIGHT if state == "in_flight" else [state]
    return sorted(set(states))
