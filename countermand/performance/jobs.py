"""What the worker does for the figures: it reads the history, marks the days it touches, and adds those up anew.

A day is added up whole, so that a late cancellation, an undo or a refund months later needs no code of its
own, and doing it twice does no harm.
"""

from countermand import sql
from countermand.performance.days import ChannelDay, add_up

EVENTS = 20_000
DAYS = 20

# What changes no figure. New kinds of events mark their day: once too often rather than never.
QUIET = (
    "message.%",
    "contact.%",
    "stock.%",
    "item.%",
    "feedback.%",
    "order.noted",
    "cancellation.done",
    "refund.sent",
    "refund.succeeded",
)
OPEN = "INSERT INTO rollup_mark (id, event_id, next_event_id, next_xid) VALUES (1, 0, 0, 0) ON CONFLICT DO NOTHING"
MARK = """
SELECT event_id, next_event_id, next_xid <= pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS settled,
    next_xid > pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS of_another_server
FROM rollup_mark WHERE id = 1 FOR NO KEY UPDATE
"""
TOUCHED = """
INSERT INTO dirty_day (merchant_id, channel_id, day)
SELECT DISTINCT o.merchant_id, o.channel_id, o.placed_on
FROM event e JOIN "order" o ON o.id = e.order_id
WHERE e.id > %(after)s AND e.id <= %(upto)s AND NOT e.kind LIKE ANY(%(quiet)s)
ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING
"""
READ = "UPDATE rollup_mark SET event_id = %(upto)s WHERE id = 1"
# In this order, in two statements: whoever has a number up to the first has a transaction before the second.
LAST = "SELECT last_value FROM event_id_seq"
NOTE = """
UPDATE rollup_mark SET next_event_id = %(last)s, next_xid = pg_snapshot_xmax(pg_current_snapshot())::text::bigint
WHERE id = 1
"""
# One at a time: two that add up days of the same month would both write that month.
ALONE = "SELECT pg_advisory_xact_lock(726266, 1)"
TAKE = """
DELETE FROM dirty_day WHERE id IN (
    SELECT id FROM dirty_day ORDER BY merchant_id, channel_id, day LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING merchant_id, channel_id, day
"""


@sql.verb
def mark_days(*, limit: int = EVENTS) -> int:
    """This will read the history on from where it stopped and mark the days touched; says how many events were read.

    Numbers of events are handed out before commit, so it goes only as far as no transaction that was
    running when that far was noted runs any more.
    """
    sql.execute(OPEN)
    [(event_id, upto, settled, of_another_server)] = sql.tuples(MARK)
    read = 0
    if upto > event_id and settled:
        upto_now = min(upto, event_id + limit)
        sql.execute(TOUCHED, {"after": event_id, "upto": upto_now, "quiet": list(QUIET)})
        sql.execute(READ, {"upto": upto_now})
        read, event_id = upto_now - event_id, upto_now
    # A restored database may run on another server, whose transactions are counted anew.
    if event_id >= upto or of_another_server:
        [(last,)] = sql.tuples(LAST)
        if last > event_id:
            sql.execute(NOTE, {"last": last})
    return read


@sql.verb
def add_up_days(*, limit: int = DAYS) -> int:
    """This will add up days that are marked, and say how many."""
    sql.tuples(ALONE)
    days = [ChannelDay(*row) for row in sql.tuples(TAKE, (limit,))]
    if days:
        add_up(days=days)
    return len(days)


def keep_up() -> int:
    """This will do one chunk of both; 0 when there is nothing to do for now."""
    return mark_days() + add_up_days()
