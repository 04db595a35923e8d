"""History as the outside reads it: amounts in major units, and an identity that is a place in the feed."""

from collections.abc import Mapping
from json import loads
from typing import Any
from uuid import UUID

from countermand import money, sql
from countermand.overview.written import identity, instant
from countermand.refusals import Refusal

MOST = 1000  # of one order on its page; all of them stand in the feed

COLUMNS = """e.xid::text AS xid, e.id, e.at, e.kind, e.by, e.order_id, e.subject_type, e.subject_id, e.facts,
    o.currency"""
OF_ORDER = f"""
SELECT {COLUMNS} FROM event e JOIN "order" o ON o.id = e.order_id
WHERE e.order_id = %(order)s AND e.merchant_id = %(m)s
ORDER BY e.id DESC LIMIT {MOST}
"""
# Rows of transactions that still run may yet come before what is seen now: they are waited for.
FEED = f"""
SELECT {COLUMNS} FROM event e LEFT JOIN "order" o ON o.id = e.order_id
WHERE e.merchant_id = %(m)s AND (e.xid, e.id) > (%(xid)s::text::xid8, %(id)s)
    AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
    [order]
ORDER BY e.xid, e.id LIMIT %(limit)s
"""


def timeline(*, merchant_id: int, order_id: UUID) -> list[dict[str, Any]]:
    """This will tell what happened to an order, oldest first."""
    found = sql.rows(OF_ORDER, {"m": merchant_id, "order": order_id})
    return [moment(row) for row in reversed(found)]


def events_feed(
    *, merchant_id: int, after: str | None = None, order: UUID | None = None, limit: int = 50
) -> dict[str, Any]:
    """This will hand out the history in commit order: `{items, next}`; a reader that goes on from the last
    `id` it has seen misses nothing and sees nothing twice.

    Refuses `invalid_cursor` for an `after` that is no event's id.
    """
    xid, number = _place(after)
    asked = {"m": merchant_id, "xid": xid, "id": number, "order": order, "limit": limit + 1}
    found = sql.rows(FEED.replace("[order]", "AND e.order_id = %(order)s" if order else ""), asked)
    items = [moment(row) for row in found[:limit]]
    return {"items": items, "next": items[-1]["id"] if len(found) > limit else None}


def moment(row: Mapping[str, Any]) -> dict[str, Any]:
    """This will write one event as the API does."""
    return {
        "id": f"{row['xid']}-{row['id']}",
        "at": instant(row["at"]),
        "kind": row["kind"],
        "by": row["by"],
        "order_id": identity(row["order_id"]),
        "subject": {"type": row["subject_type"], "id": identity(row["subject_id"])},
        "facts": _facts(loads(row["facts"]), row["currency"]),
    }


def _facts(facts: dict[str, Any], currency: str | None) -> dict[str, Any]:
    """Facts are kept in minor units (`refund_minor`) and told in major ones (`refund`) beside the currency."""
    currency = facts.get("currency") or currency
    told: dict[str, Any] = {}
    for name, value in facts.items():
        if name.endswith("_minor") and isinstance(value, int) and currency:
            told[name.removesuffix("_minor")] = money.plain(value, currency)
            told["currency"] = currency
        else:
            told[name] = value
    return told


def _place(after: str | None) -> tuple[str, int]:
    if not after:
        return "0", 0
    xid, dash, number = after.partition("-")
    whole = xid.isascii() and xid.isdigit() and number.isascii() and number.isdigit()
    if not dash or not whole or len(xid) > 19 or len(number) > 18:
        raise Refusal("invalid_cursor", "`after` is the id of an event", field="after")
    return xid, int(number)
