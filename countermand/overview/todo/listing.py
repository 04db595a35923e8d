"""« À traiter » as one list: every kind of waiting in one statement, the oldest clock first, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from countermand import money, sql
from countermand.merchants.roles import ROLES
from countermand.overview import cursors, hide
from countermand.overview.todo import customers, marketplace, owed, returning, shelf, shipping, team
from countermand.overview.written import day, identity, instant
from countermand.refusals import Refusal

# Each kind of work is bounded by itself, so that a thousand of one cannot hide the others.
MOST = 200
COUNTED = 1000

# kind -> where it is found
KINDS = {
    "request": customers.REQUEST,
    "withdrawal_sent": customers.WITHDRAWAL_SENT,
    "short_untold": customers.SHORT_UNTOLD,
    "call_again": customers.CALL_AGAIN,
    "wait_over": customers.WAIT_OVER,
    "offer_answered": customers.OFFER_ANSWERED,
    "to_accept": customers.TO_ACCEPT,
    "refund_failed": owed.REFUND_FAILED,
    "refund_unknown": owed.REFUND_UNKNOWN,
    "refund_by_hand": owed.REFUND_BY_HAND,
    "refund_sent_back": owed.REFUND_SENT_BACK,
    "to_give_back": owed.TO_GIVE_BACK,
    "message_waiting": customers.MESSAGE_WAITING,
    "message_failed": customers.MESSAGE_FAILED,
    "unsent": shipping.UNSENT,
    "verification_ending": shipping.VERIFICATION_ENDING,
    "return_due": returning.RETURN_DUE,
    "return_to_inspect": returning.RETURN_TO_INSPECT,
    "intercept_silent": returning.INTERCEPT_SILENT,
    "shortage_ending": shelf.SHORTAGE_ENDING,
    "oversold": shelf.OVERSOLD,
    "stock_review": shelf.STOCK_REVIEW,
    "approval": team.APPROVAL,
    "approval_answered": team.APPROVAL_ANSWERED,
    "hand_over": team.HAND_OVER,
    "alert": marketplace.ALERT,
    "suspension": marketplace.SUSPENSION,
}
# Tabs of the list, in the order in which they stand.
GROUPS = {
    "customers": (
        "request",
        "withdrawal_sent",
        "short_untold",
        "call_again",
        "wait_over",
        "offer_answered",
        "to_accept",
    ),
    "refunds": ("refund_failed", "refund_unknown", "refund_by_hand", "refund_sent_back", "to_give_back"),
    "mails": ("message_waiting", "message_failed"),
    "shipping": ("unsent", "verification_ending"),
    "returns": ("return_due", "return_to_inspect", "intercept_silent"),
    "stock": ("shortage_ending", "oversold", "stock_review"),
    "team": ("approval", "approval_answered", "hand_over", "alert", "suspension"),
}
AFTER = "(x.since, '{kind}', x.subject_id) > (%(after_at)s::timestamptz, %(after_kind)s, %(after_id)s::uuid)"
ONE_KIND = """(SELECT '{kind}' AS kind, x.* FROM ({rows}) AS x [after]
    ORDER BY x.since, x.subject_id LIMIT %(most)s)"""
READ = """
SELECT t.*, o.number, o.currency, o.customer_name, o.customer_email, o.customer_phone, o.customer_language,
    o.verification, ch.code AS channel, i.sku, i.title
FROM ([list]) t
LEFT JOIN "order" o ON o.id = t.order_id LEFT JOIN channel ch ON ch.id = o.channel_id
LEFT JOIN item i ON i.id = t.item_id
ORDER BY t.since, t.kind, t.subject_id LIMIT %(limit)s
"""
COUNT = " UNION ALL ".join(
    f"SELECT '{kind}', count(*) FROM ({waiting.ones} LIMIT {COUNTED}) AS x" for kind, waiting in KINDS.items()
)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the list is: what is handed to a person or a role stands on theirs only."""

    by: str = ""
    role: str = ""

    @property
    def roles(self) -> list[str]:
        """This will list the roles that the reader's covers."""
        return list(ROLES[: ROLES.index(self.role) + 1]) if self.role else []


NOBODY = Reader()


def to_do(
    *, merchant_id: int, at: datetime, reader: Reader = NOBODY, kinds: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """This will list what waits for a person at `at`, the longest waiting first, `MOST` of each kind."""
    rows = _rows(merchant_id, at, reader, kinds, most=MOST, limit=MOST * len(KINDS))
    return [_shape(row, at) for row in rows]


def to_do_page(
    *,
    merchant_id: int,
    at: datetime,
    reader: Reader = NOBODY,
    kinds: Sequence[str] = (),
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """This will list what waits for a person page by page: `{items, next}`. One statement.

    Refuses `unknown_kind`, `invalid_limit`, `invalid_cursor`, `cursor_differs`.
    """
    cursors.checked(limit)
    for kind in kinds:
        if kind not in KINDS:
            raise Refusal("unknown_kind", f"kinds are {', '.join(KINDS)}", field="kind")
    asked = ["to_do", merchant_id, reader.by, reader.role, sorted(kinds)]
    place = cursors.read(cursor, asked=asked) if cursor else None
    found = _rows(merchant_id, at, reader, kinds, most=limit + 1, limit=limit + 1, place=place)
    items, more = found[:limit], len(found) > limit
    following = None
    if more:
        last = items[-1]
        place = [last["since"].isoformat(), last["kind"], str(last["subject_id"])]
        following = cursors.make(place=place, asked=asked)
    return {"items": [_shape(row, at) for row in items], "next": following}


def counts(*, merchant_id: int, at: datetime, reader: Reader = NOBODY) -> dict[str, int]:
    """This will count what waits for a person, by kind; 1000 stands for as many or more."""
    return dict(sql.tuples(COUNT, _values(merchant_id, at, reader)))


def _values(merchant_id: int, at: datetime, reader: Reader) -> dict[str, Any]:
    return {"m": merchant_id, "at": at, "by": reader.by, "roles": reader.roles}


def _rows(
    merchant_id: int,
    at: datetime,
    reader: Reader,
    kinds: Sequence[str],
    *,
    most: int,
    limit: int,
    place: list[str] | None = None,
) -> list[dict[str, Any]]:
    values = {**_values(merchant_id, at, reader), "most": most, "limit": limit}
    if place:
        values |= {"after_at": place[0], "after_kind": place[1], "after_id": place[2]}
    listed = " UNION ALL ".join(
        ONE_KIND.format(kind=kind, rows=KINDS[kind].rows).replace(
            "[after]", f"WHERE {AFTER.format(kind=kind)}" if place else ""
        )
        for kind in kinds or KINDS
    )
    return sql.rows(READ.replace("[list]", listed), values)


def _shape(row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    order = row["order_id"] is not None
    who = hide.customer(row) if order else {"name": "", "email": "", "phone": ""}
    amount = row["amount_minor"]
    return {
        "kind": row["kind"],
        "subject": identity(row["subject_id"]),
        "order_id": identity(row["order_id"]),
        "number": row["number"],
        "channel": row["channel"],
        "customer": {"name": who["name"], "email": who["email"], "phone": who["phone"]},
        "item": None
        if order or row["item_id"] is None
        else {"sku": row["sku"], "title": row["title"] or row["sku"]},
        "since": instant(row["since"]),
        "waiting_seconds": max(0, int((at - row["since"]).total_seconds())),
        "due_on": day(row["due_on"]),
        "amount": money.plain(amount, row["currency"]) if amount is not None else None,
        "currency": row["currency"],
        "units": row["units"],
        "detail": row["detail"] or None,
        "who": row["who"] or None,
        "error": row["error"] or None,
    }
