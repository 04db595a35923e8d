"""Who waits for a word: customers of short articles whom nobody told (EM-14), call-backs (EM-2), sales to accept."""

from dataclasses import replace

from countermand.overview.todo.waiting import Waiting

# The call comes before the count (EM-1): who was told within the hour before the stock was put right was told.
SAME_SITTING = "interval '1 hour'"

# Oldest orders are served first; what then is missing is short. An article that is off sale for some days
# leaves all its open orders short. Sales still to be verified or accepted have a verb of their own.
SHORT_LINES = """
    SELECT l.order_id, l.item_id, l.title, greatest(i.short_since, o.received_at) AS since,
        CASE WHEN i.unavailable_until IS NOT NULL THEN l.quantity - l.cancelled - l.shipped
            ELSE least(l.quantity - l.cancelled - l.shipped,
                sum(l.quantity - l.cancelled - l.shipped)
                    OVER (PARTITION BY l.item_id ORDER BY o.placed_at, o.id, l.id) - i.on_hand)
        END AS short
    FROM item i
    JOIN order_line l ON l.merchant_id = i.merchant_id AND l.item_id = i.id AND l.quantity > l.cancelled + l.shipped
    JOIN "order" o ON o.id = l.order_id AND o.status IN ('open', 'partially_shipped')
    WHERE i.merchant_id = %(m)s AND i.short_since IS NOT NULL
"""
UNTOLD = f"""
    FROM ({SHORT_LINES}) s
    WHERE s.short > 0
        AND NOT EXISTS (
            SELECT 1 FROM contact k WHERE k.order_id = s.order_id AND k.at >= s.since - {SAME_SITTING}
                AND (k.outcome <> 'no_answer' OR k.call_again_at IS NOT NULL)
        )
        AND NOT EXISTS (
            SELECT 1 FROM offer f WHERE f.order_id = s.order_id AND f.offered_at >= s.since - {SAME_SITTING}
        )
        AND NOT EXISTS (
            SELECT 1 FROM thread_entry e WHERE e.order_id = s.order_id AND e.direction = 'out'
                AND e.at >= s.since - {SAME_SITTING}
        )
        AND NOT EXISTS (
            SELECT 1 FROM step_taken t WHERE t.order_id = s.order_id AND t.step = 'contact' AND t.state = 'skipped'
                AND t.at >= s.since - {SAME_SITTING}
        )
"""
SHORT_UNTOLD = Waiting(
    subject_id="s.order_id",
    order_id="s.order_id",
    since="min(s.since)",
    detail="array_to_string((array_agg(DISTINCT s.title))[1:2], ', ')"
    " || CASE WHEN count(DISTINCT s.title) > 2 THEN ' +' || (count(DISTINCT s.title) - 2) ELSE '' END",
    units="sum(s.short)::int",
    found=f"""
    {UNTOLD}
    GROUP BY s.order_id
    """,
)
WITHDRAWS_FROM_SENT = "(r.kind = 'withdrawal' AND o.status IN ('shipped', 'closed'))"
# What a buyer asks holds the parcel: it stands first among what customers wait for (AZ-9).
REQUEST = Waiting(
    subject_id="r.id",
    order_id="r.order_id",
    since="r.requested_at",
    detail="r.route",
    error="CASE WHEN r.official THEN 'official' ELSE 'unofficial' END",
    found=f"""
    FROM buyer_request r JOIN "order" o ON o.id = r.order_id
    WHERE r.merchant_id = %(m)s AND r.state = 'open' AND NOT {WITHDRAWS_FROM_SENT}
    """,
)
# Nothing is left to be held: what is asked for is a return, and its clock runs (SH-16).
WITHDRAWAL_SENT = replace(
    REQUEST,
    found=f"""
    FROM buyer_request r JOIN "order" o ON o.id = r.order_id
    WHERE r.merchant_id = %(m)s AND r.state = 'open' AND {WITHDRAWS_FROM_SENT}
    """,
)
# The last word with a buyer decides whether to call again, and whether they still wait.
LAST_WORD = "NOT EXISTS (SELECT 1 FROM contact l WHERE l.order_id = k.order_id AND l.at > k.at)"
CALL_AGAIN = Waiting(
    subject_id="k.id",
    order_id="k.order_id",
    since="k.call_again_at",
    detail="k.note",
    who="k.by",
    found=f"""
    FROM contact k
    WHERE k.merchant_id = %(m)s AND k.call_again_at <= %(at)s AND k.outcome <> 'will_wait' AND {LAST_WORD}
    """,
)
WAIT_OVER = Waiting(
    subject_id="k.id",
    order_id="k.order_id",
    since="k.call_again_at",
    detail="k.note",
    who="k.by",
    found=f"""
    FROM contact k JOIN "order" o ON o.id = k.order_id AND o.status IN ('open', 'partially_shipped')
    WHERE k.merchant_id = %(m)s AND k.call_again_at <= %(at)s AND k.outcome = 'will_wait' AND {LAST_WORD}
    """,
)
# An alternative that the buyer answered: taken and paid, it is to be exchanged; declined, nobody spoke since.
OFFER_ANSWERED = Waiting(
    subject_id="f.id",
    order_id="f.order_id",
    since="f.answered_at",
    detail="f.title",
    error="f.state",
    found="""
    FROM offer f JOIN order_line l ON l.id = f.line_id
    WHERE f.merchant_id = %(m)s AND f.state IN ('accepted', 'declined') AND l.quantity > l.cancelled + l.shipped
        AND CASE f.state WHEN 'accepted' THEN f.missing_minor = 0 ELSE NOT EXISTS (
            SELECT 1 FROM contact k WHERE k.order_id = f.order_id AND k.at > f.answered_at) END
    """,
)
# A buyer's message that nobody has answered (AZ-20), but those of buyers who are hidden while they are verified.
MESSAGE_WAITING = Waiting(
    subject_id="t.id",
    order_id="t.order_id",
    since="t.waiting_since",
    units="t.waiting",
    found="""
    FROM thread t JOIN "order" o ON o.id = t.order_id AND o.verification <> 'pending'
    WHERE t.merchant_id = %(m)s AND t.waiting > 0
    """,
)
MESSAGE_FAILED = Waiting(
    subject_id="m.id",
    order_id="m.order_id",
    since="m.created_at",
    error="m.error",
    detail="m.state",
    found="""
    FROM message m WHERE m.merchant_id = %(m)s AND m.state IN ('failed', 'bounced')
    """,
)
# Until when, where the terms set an end: the sentence says it.
TO_ACCEPT = Waiting(
    subject_id="o.id",
    order_id="o.id",
    since="o.placed_at",
    amount_minor="o.total_minor",
    detail="to_char(w.decide_by AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+00:00\"')",
    found="""
    FROM "order" o LEFT JOIN awaited_sale w ON w.order_id = o.id
    WHERE o.merchant_id = %(m)s AND o.status = 'awaiting_acceptance'
    """,
)
