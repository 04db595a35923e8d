"""The history of orders under terms with payouts becomes entries: read in commit order, written once.

Verbs pay nothing for it. A page of the history, the entries that follow and the place that was read to are one
transaction: whoever dies in it leaves nothing, and the same code reads on.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from json import loads
from typing import Any
from uuid import UUID

from countermand import faults, ids, sql
from countermand.channels.models import PRESETS
from countermand.channels.presets import effective, preset
from countermand.payouts.rules import (
    COMMISSION,
    REFUND,
    SALE,
    CalledOff,
    Entry,
    OrderMoney,
    Written,
    missing,
    rate_of,
)

EVENTS = 1000  # of one merchant in one pass
# What moves which sum of an order: an entry stands in the month of the fact that it follows from, whatever else
# happened to the order before it was read.
MOVES = {
    SALE: ("order.received", "payment.added", "payment.captured"),
    REFUND: ("return.received", "return.inspected", "refund.planned", "refund.external"),
}
MOVED_BY = {kind: what for what, kinds in MOVES.items() for kind in kinds}
OF_THE_SALE = (SALE, COMMISSION)
Moments = dict[str, datetime]  # when each sum was moved last, and "" for whatever happened last

CHANNELS = "SELECT merchant_id, id, terms, overrides FROM channel WHERE terms = ANY(%s) OR overrides ? %s"
NEWS = """
SELECT m.id FROM unnest(%(merchants)s::int[]) AS m(id) LEFT JOIN payout_reading r ON r.merchant_id = m.id
WHERE EXISTS (
    SELECT 1 FROM event e WHERE e.merchant_id = m.id
        AND (e.xid, e.id) > (coalesce(r.xid, 0)::text::xid8, coalesce(r.event_number, 0))
        AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
) LIMIT 100
"""
BEGIN = """
INSERT INTO payout_reading (id, merchant_id, xid, event_number) VALUES (%s, %s, 0, 0)
ON CONFLICT (merchant_id) DO NOTHING
"""
PLACE = "SELECT xid::text, event_number FROM payout_reading WHERE merchant_id = %s FOR NO KEY UPDATE"
FEED = """
SELECT e.xid::text AS xid, e.id, e.at, e.kind, e.order_id FROM event e
WHERE e.merchant_id = %(m)s AND (e.xid, e.id) > (%(xid)s::text::xid8, %(id)s)
    AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY e.xid, e.id LIMIT %(limit)s
"""
READ_TO = (
    "UPDATE payout_reading SET xid = %s::text::bigint, event_number = %s, read_at = %s WHERE merchant_id = %s"
)
# One snapshot of orders, cancellations and entries. What is held within its undo window has not happened yet.
FACTS = """
SELECT o.id, o.channel_id, o.currency, o.version, o.captured_minor AS captured,
    o.refunded_minor + o.in_flight_minor + o.to_give_back_minor - coalesce(c.held, 0) AS gone,
    a.id AS account, a.rate_hundredths AS rate, c.called_off, e.sums, e.taken_back, coalesce(e.number, 0) AS number
FROM "order" o
LEFT JOIN payout_account a ON a.order_id = o.id
LEFT JOIN LATERAL (
    SELECT sum(c.refund_minor) FILTER (WHERE c.state = 'held')::bigint AS held,
        jsonb_agg(jsonb_build_object('id', c.id, 'at', c.at, 'given_back', c.refund_minor, 'commission', c.commission,
            'evidence', jsonb_build_object('initiated_by', c.initiated_by, 'reason', c.reason,
                'official', c.official_request, 'case_reference', c.case_reference, 'case_at', c.case_at,
                'request', c.request_id)) ORDER BY c.at, c.id)
            FILTER (WHERE c.state <> 'held' AND c.refund_minor > 0) AS called_off
    FROM cancellation c WHERE c.order_id = o.id AND c.state <> 'undone'
) c ON true
LEFT JOIN LATERAL (
    SELECT max(number) AS number, jsonb_object_agg(kind, amount) AS sums,
        (SELECT jsonb_object_agg(id, amount) FROM (
            SELECT e.cancellation_id AS id, -sum(e.amount_minor)::bigint AS amount FROM payout_entry e
            WHERE e.order_id = o.id AND e.kind = 'reversal' GROUP BY 1) x) AS taken_back
    FROM (SELECT e.kind, sum(e.amount_minor)::bigint AS amount, max(e.number) AS number FROM payout_entry e
          WHERE e.order_id = o.id GROUP BY 1) y
) e ON true
WHERE o.merchant_id = %(m)s AND o.id = ANY(%(orders)s) AND o.channel_id = ANY(%(channels)s)
ORDER BY o.id
"""
WRITE = """
INSERT INTO payout_entry (id, merchant_id, order_id, channel_id, number, kind, amount_minor, about_minor, currency, at,
    cancellation_id, evidence)
SELECT id, %(m)s, order_id, channel_id, number, kind, amount_minor, about_minor, currency, at, cancellation_id, evidence
FROM jsonb_to_recordset(%(rows)s) AS x(id uuid, order_id uuid, channel_id uuid, number int, kind text,
    amount_minor bigint, about_minor bigint, currency text, at timestamptz, cancellation_id uuid, evidence jsonb)
"""
ACCOUNTS = """
INSERT INTO payout_account (id, merchant_id, order_id, channel_id, rate_hundredths, version)
SELECT id, %(m)s, order_id, channel_id, rate, version
FROM jsonb_to_recordset(%(rows)s) AS x(id uuid, order_id uuid, channel_id uuid, rate int, version int)
ON CONFLICT (order_id) DO UPDATE SET version = EXCLUDED.version
"""


def work_out_all(*, at: datetime) -> int:
    """This will write what is missing for every merchant with such channels; how many events were read."""
    places = paid_out()
    if not places:
        return 0
    found = sql.tuples(NEWS, {"merchants": list(places)})
    return sum(
        work_out(merchant_id=merchant_id, channels=places[merchant_id], at=at) for (merchant_id,) in found
    )


def paid_out(*, merchant_id: int | None = None) -> dict[int, dict[UUID, int]]:
    """This will say which channels are paid out by their platform: merchant -> channel -> commission in hundredths."""
    places: dict[int, dict[UUID, int]] = {}
    for owner, channel_id, terms, overrides in sql.tuples(CHANNELS, (_presets(), "commission_on_cancel")):
        now = effective(terms, overrides if isinstance(overrides, dict) else loads(overrides))
        if now.commission_on_cancel != "none" and merchant_id in (None, owner):
            places.setdefault(owner, {})[channel_id] = rate_of(now.commission_rate)
    return places


@sql.verb
def work_out(*, merchant_id: int, channels: Mapping[UUID, int], at: datetime, limit: int = EVENTS) -> int:
    """This will read a page of a merchant's history and write the entries that follow; how many events were read.

    One at a time per merchant, so that no entry is made twice; harmless at any moment.
    """
    sql.execute(BEGIN, (ids.new(), merchant_id))
    [(xid, number)] = sql.tuples(PLACE, (merchant_id,))
    news = sql.rows(FEED, {"m": merchant_id, "xid": xid, "id": number, "limit": limit})
    if not news:
        return 0
    moved: dict[UUID, Moments] = {}
    for row in news:  # in order, so that the last one stays
        if row["order_id"]:
            moved.setdefault(row["order_id"], {}).update(
                {MOVED_BY.get(row["kind"], ""): row["at"], "": row["at"]}
            )
    faults.point("payouts.read")
    _write(merchant_id, moved, channels)
    sql.execute(READ_TO, (news[-1]["xid"], news[-1]["id"], at, merchant_id))
    return len(news)


def _write(merchant_id: int, moved: Mapping[UUID, Moments], channels: Mapping[UUID, int]) -> None:
    asked = {"m": merchant_id, "orders": list(moved), "channels": list(channels)}
    rows: list[dict[str, Any]] = []
    accounts: list[dict[str, Any]] = []
    for found in sql.rows(FACTS, asked) if moved else ():
        rate = found["rate"] if found["account"] else channels[found["channel_id"]]
        due = list(missing(_money(found, rate), _written(found)))
        if not due and not found["account"]:
            continue
        rows += _rows(found, due, moments=moved[found["id"]])
        accounts.append(
            {
                "id": found["account"] or ids.new(),
                "order_id": found["id"],
                "channel_id": found["channel_id"],
                "rate": rate,
                "version": found["version"],
            }
        )
    if rows:
        sql.execute(WRITE, {"m": merchant_id, "rows": sql.json(rows)})
    if accounts:
        sql.execute(ACCOUNTS, {"m": merchant_id, "rows": sql.json(accounts)})


def _money(found: dict[str, Any], rate: int) -> OrderMoney:
    called_off = [
        CalledOff(
            UUID(one["id"]),
            datetime.fromisoformat(one["at"]),
            one["given_back"],
            one["commission"] or "reversed",
            one["evidence"],
        )
        for one in _json(found["called_off"]) or ()
    ]
    return OrderMoney(found["captured"], found["gone"], rate, called_off)


def _written(found: dict[str, Any]) -> Written:
    taken_back = _json(found["taken_back"]) or {}
    return Written(_json(found["sums"]) or {}, {UUID(id): amount for id, amount in taken_back.items()})


def _at(entry: Entry, moments: Moments) -> datetime:
    """When an entry came to be: with its cancellation, or with the last fact that moved its sum."""
    if entry.called_off:
        return entry.called_off.at
    return moments.get(SALE if entry.kind in OF_THE_SALE else REFUND, moments[""])


def _rows(found: dict[str, Any], due: Sequence[Entry], *, moments: Moments) -> list[dict[str, Any]]:
    return [
        {
            "id": ids.new(),
            "order_id": found["id"],
            "channel_id": found["channel_id"],
            "number": number,
            "kind": entry.kind,
            "amount_minor": entry.amount,
            "about_minor": entry.about,
            "currency": found["currency"],
            "at": _at(entry, moments),
            "cancellation_id": entry.called_off.id if entry.called_off else None,
            "evidence": dict(entry.called_off.evidence) if entry.called_off else {},
        }
        for number, entry in enumerate(due, found["number"] + 1)
    ]


def _json(value: Any) -> Any:
    return loads(value) if isinstance(value, str) else value


@lru_cache
def _presets() -> list[str]:
    return [name for name in PRESETS if preset(name)["commission_on_cancel"]["value"] != "none"]
