"""Store credits and gift cards as the outside reads them: lists, one with its movements, and what is owed."""

import re
from typing import Any
from uuid import UUID

from countermand import money, sql
from countermand.overview import cursors
from countermand.overview.written import instant
from countermand.refunds.credits import digest, folded
from countermand.refusals import Refusal

KINDS = ("store_credit", "gift_card")
CODE = re.compile(r"[A-Z2-9]{16}", re.ASCII)
COLUMNS = """c.id, c.customer_email, c.kind, c.last4, c.currency, c.live, c.issued_minor, c.balance_minor, c.created_at"""
ENTRIES = """
SELECT e.delta_minor, e.order_number, e.note, e.at, e.by, e.refund_id, r.order_id AS refunded_order, o.number AS refunded_number,
    (SELECT x.id FROM "order" x WHERE x.merchant_id = e.merchant_id AND x.number = e.order_number LIMIT 1) AS order_id
FROM credit_entry e LEFT JOIN refund r ON r.id = e.refund_id LEFT JOIN "order" o ON o.id = r.order_id
WHERE e.merchant_id = %s AND e.credit_id = %s ORDER BY e.id DESC LIMIT 200
"""
# What is spent first is what was given first: what is open of an earning is what later ones do not cover.
LIABILITY = """
WITH earned AS (
    SELECT e.credit_id, e.delta_minor, c.currency, c.kind, c.live, c.balance_minor,
        date_trunc('month', e.at AT TIME ZONE %(zone)s)::date AS month,
        coalesce(sum(e.delta_minor) OVER (PARTITION BY e.credit_id ORDER BY e.id DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::bigint AS newer
    FROM credit_entry e JOIN store_credit c ON c.id = e.credit_id
    WHERE e.merchant_id = %(m)s AND e.delta_minor > 0
)
SELECT live, currency, kind, month, count(DISTINCT credit_id) AS credits, sum(delta_minor)::bigint AS issued,
    sum(greatest(0, least(delta_minor, balance_minor - newer)))::bigint AS open
FROM earned GROUP BY 1, 2, 3, 4 ORDER BY live DESC, currency, kind, month DESC
"""


def credit_list(
    *,
    merchant_id: int,
    q: str = "",
    kind: str = "",
    only_open: bool = False,
    customer_email: str = "",
    code: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """This will list credits, newest first: `{items, next}`.

    `q` is the beginning of an e-mail address, a whole code, or the last four letters of one;
    `customer_email` and `code` are whole.
    """
    cursors.checked(limit)
    asked = ["credits", merchant_id, q, kind, only_open, customer_email, code]
    values: dict[str, Any] = {"m": merchant_id, "limit": limit + 1, "kind": kind}
    conditions = ["c.merchant_id = %(m)s"]
    if q:
        conditions.append(_sought(q, values))
    if customer_email:
        conditions.append("c.customer_email = %(email)s")
        values["email"] = folded(customer_email)
    if code:
        conditions.append("c.code_digest = %(code)s")
        values["code"] = digest(code)
    if kind in KINDS:
        conditions.append("c.kind = %(kind)s")
    if only_open:
        conditions.append("c.balance_minor > 0")
    if cursor:
        conditions.append("c.id < %(after)s::uuid")
        values["after"] = cursors.read(cursor, asked=asked)[0]
    statement = f"SELECT {COLUMNS} FROM store_credit c WHERE {' AND '.join(conditions)} ORDER BY c.id DESC LIMIT %(limit)s"
    found = sql.rows(statement, values)
    more = len(found) > limit
    found = found[:limit]
    following = cursors.make(place=[str(found[-1]["id"])], asked=asked) if more else None
    return {"items": [shape(row) for row in found], "next": following}


def credit_page(*, merchant_id: int, credit_id: UUID) -> dict[str, Any]:
    """This will show one credit with its movements, newest first. Refuses `not_found`."""
    statement = f"SELECT {COLUMNS} FROM store_credit c WHERE c.merchant_id = %s AND c.id = %s"
    row = sql.one(statement, (merchant_id, credit_id))
    if row is None:
        raise Refusal("not_found", "no such credit")
    entries = sql.rows(ENTRIES, (merchant_id, credit_id))
    return {**shape(row), "entries": [_entry(entry, row["currency"]) for entry in entries]}


def liability(*, merchant_id: int, timezone: str) -> list[dict[str, Any]]:
    """This will say what the shop owes in goods, per currency, kind and month of issue; play money apart.

    What is spent is taken off the oldest first, so a month's open part is what nobody has spent of it yet.
    """
    return [
        {
            "live": row["live"],
            "currency": row["currency"],
            "kind": row["kind"],
            "month": row["month"].strftime("%Y-%m"),
            "credits": row["credits"],
            "issued": money.plain(row["issued"], row["currency"]),
            "spent": money.plain(row["issued"] - row["open"], row["currency"]),
            "open": money.plain(row["open"], row["currency"]),
        }
        for row in sql.rows(LIABILITY, {"m": merchant_id, "zone": timezone})
    ]


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """This will write one credit as the API does."""
    currency = row["currency"]
    return {
        "id": str(row["id"]),
        "customer_email": row["customer_email"],
        "kind": row["kind"],
        "last4": row["last4"],
        "currency": currency,
        "live": row["live"],
        "amount": money.plain(row["issued_minor"], currency),
        "balance": money.plain(row["balance_minor"], currency),
        "created_at": instant(row["created_at"]),
    }


def _sought(q: str, values: dict[str, Any]) -> str:
    typed = "".join(letter for letter in q.upper() if letter.isalnum())
    if CODE.fullmatch(typed):
        values["digest"] = digest(typed)
        return "c.code_digest = %(digest)s"
    # A prefix as a range: what the address's index can answer, and no letter of it is a wildcard.
    address = folded(q)
    values |= {"from": address, "to": address + "\U0010ffff", "last4": typed}
    return "((c.customer_email >= %(from)s AND c.customer_email < %(to)s) OR c.last4 = %(last4)s)"


def _entry(row: dict[str, Any], currency: str) -> dict[str, Any]:
    return {
        "amount": money.plain(row["delta_minor"], currency),
        "refund": str(row["refund_id"]) if row["refund_id"] else None,
        "order_number": row["order_number"] or row["refunded_number"] or "",
        "order_id": str(row["refunded_order"] or row["order_id"] or "") or None,
        "note": row["note"],
        "at": instant(row["at"]),
        "by": row["by"],
    }
