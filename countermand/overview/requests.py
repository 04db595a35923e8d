"""Requests of buyers as the outside reads them: one, those of an order, and the list page by page."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.lifecycle import REQUEST
from countermand.overview import cursors, hide
from countermand.overview.opened import opened
from countermand.overview.written import identity, instants_of
from countermand.refusals import Refusal

COLUMNS = """r.id, r.order_id, r.route, r.kind, r.lines, r.reason, r.comment, r.evidence, r.case_reference, r.case_at,
    r.official, r.state, r.requested_at, r.recorded_at, r.recorded_by, r.due_at, r.due_then, r.reminded_at,
    r.answered_at, r.answered_by, r.answer, r.message, r.cancellation_id, r.return_id,
    (SELECT a.id FROM approval a WHERE a.order_id = r.order_id AND a.state = 'waiting'
        AND a.ask ->> 'request_id' = r.id::text LIMIT 1) AS approval_id"""
READ = f"""
SELECT {COLUMNS}, o.number, o.status, o.verification, o.customer_name, o.customer_email, o.customer_phone,
    o.customer_language, ch.code AS channel, ch.name AS channel_name, x.units, x.titles
FROM buyer_request r JOIN "order" o ON o.id = r.order_id JOIN channel ch ON ch.id = o.channel_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN r.lines IS NULL THEN (SELECT sum(l.quantity) FROM order_line l WHERE l.order_id = o.id)
        ELSE (SELECT sum((one ->> 1)::int) FROM jsonb_array_elements(r.lines) AS one) END::int AS units,
        (SELECT string_agg(t.title, ', ') FROM (SELECT l.title FROM order_line l WHERE l.order_id = o.id
            AND (r.lines IS NULL OR l.reference IN (SELECT one ->> 0 FROM jsonb_array_elements(r.lines) AS one))
            ORDER BY l.position LIMIT 2) t) AS titles
) x
WHERE r.merchant_id = %(m)s
"""
# What waits longest stands first; what is over, last first.
OLDEST = "ORDER BY r.requested_at, r.id LIMIT %(limit)s"
NEWEST = "ORDER BY r.requested_at DESC, r.id DESC LIMIT %(limit)s"
OF_ORDER = f"""
(SELECT jsonb_agg(to_jsonb(x) ORDER BY x.requested_at, x.id) FROM (
    SELECT {COLUMNS} FROM buyer_request r WHERE r.order_id = o.id
) x)
"""


def request_of(*, merchant_id: int, request_id: UUID) -> dict[str, Any]:
    """This will write one request with its order's number and buyer. Refuses `not_found`."""
    row = sql.one(f"{READ} AND r.id = %(id)s", {"m": merchant_id, "id": request_id})
    if row is None:
        raise Refusal("not_found", "no such request")
    return _listed(row)


def request_list(
    *,
    merchant_id: int,
    state: str = "",
    order: UUID | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """This will list requests page by page, `{items, next}`: the open ones oldest first, all others newest first.

    Refuses `unknown_state`, and what `cursors` refuses.
    """
    cursors.checked(limit)
    if state and state not in REQUEST:
        raise Refusal("unknown_state", f"states are {', '.join(REQUEST)}", field="state")
    asked = ["requests", merchant_id, state, order]
    # The state is written out: the index of the open ones serves only a statement that names it.
    statement = (
        READ
        + (f" AND r.state = '{state}'" if state else "")
        + (" AND r.order_id = %(order)s" if order else "")
    )
    values: dict[str, Any] = {"m": merchant_id, "order": order, "limit": limit + 1}
    if cursor:
        values["at"], values["id"] = cursors.read(cursor, asked=asked)
        sign = ">" if state == "open" else "<"
        statement += f" AND (r.requested_at, r.id) {sign} (%(at)s::timestamptz, %(id)s::uuid)"
    rows = sql.rows(f"{statement} {OLDEST if state == 'open' else NEWEST}", values)
    shown, more = rows[:limit], len(rows) > limit
    following = None
    if more:
        last = shown[-1]
        following = cursors.make(place=[last["requested_at"].isoformat(), str(last["id"])], asked=asked)
    return {"items": [_listed(row) for row in shown], "next": following}


def open_count(*, merchant_id: int) -> int:
    """This will count the open requests; 100 stands for as many or more."""
    statement = """SELECT count(*) FROM (SELECT 1 FROM buyer_request
        WHERE merchant_id = %s AND state = 'open' LIMIT 100) x"""
    return int(sql.tuples(statement, (merchant_id,))[0][0])


def shape(row: Mapping[str, Any], *, hidden: bool) -> dict[str, Any]:
    """This will write a request; the buyer's words are hidden as long as the buyer is (AZ-11)."""
    lines = row["lines"]
    return {
        "id": str(row["id"]),
        "order_id": str(row["order_id"]),
        "route": row["route"],
        "kind": row["kind"],
        "official": row["official"],
        "state": row["state"],
        "lines": None if lines is None else [{"line": line, "quantity": units} for line, units in lines],
        "reason": row["reason"],
        "comment": "" if hidden else row["comment"],
        "evidence": "" if hidden else row["evidence"],
        "case_reference": row["case_reference"] or None,
        **instants_of(
            dict(row), "case_at", "requested_at", "recorded_at", "due_at", "reminded_at", "answered_at"
        ),
        "recorded_by": row["recorded_by"],
        "due_then": row["due_then"] if row["due_at"] else None,
        "answered_by": row["answered_by"] or None,
        "answer": row["answer"] or None,
        "message": "" if hidden else row["message"],
        "cancellation": identity(_id(row["cancellation_id"])),
        "return": identity(_id(row["return_id"])),
        "approval": identity(_id(row["approval_id"])),
    }


def _id(value: Any) -> UUID | None:
    return UUID(str(value)) if value else None


def _listed(row: dict[str, Any]) -> dict[str, Any]:
    row = opened(row, "lines")
    who = hide.customer(row)
    return {
        **shape(row, hidden=hide.hidden(row)),
        "number": row["number"],
        "channel": row["channel"],
        "channel_name": row["channel_name"],
        "order_status": row["status"],
        "customer": {"name": who["name"], "email": who["email"]},
        "units": row["units"],
        "titles": row["titles"] or "",
    }
