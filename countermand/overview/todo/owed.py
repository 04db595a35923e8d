"""What waits about money: owed, refused, unanswered, by hand. One thing that waits stands once."""

from countermand.overview.todo.waiting import Waiting
from countermand.refunds.waiting import STUBBORN_TRIES

# A refund that failed is what is owed: the newest of an order stand for it until they make up the sum, and
# what is owed beyond them stands by itself.
REFUND_FAILED = Waiting(
    subject_id="f.id",
    order_id="f.order_id",
    since="f.since",
    due_on="f.due_on",
    amount_minor="f.amount",
    error="f.error",
    found="""
    FROM (
        SELECT r.id, r.order_id, coalesce(r.settled_at, r.created_at) AS since, r.due_at::date AS due_on, r.error,
            r.kind, o.to_give_back_minor AS owed, r.amount_minor AS amount,
            sum(r.amount_minor) FILTER (WHERE r.kind = 'refund')
                OVER (PARTITION BY r.order_id ORDER BY r.id DESC) AS up_to_here
        FROM refund r JOIN "order" o ON o.id = r.order_id
        WHERE r.merchant_id = %(m)s AND r.state IN ('failed', 'bounced')
    ) f
    WHERE f.kind = 'void' OR f.up_to_here - f.amount < f.owed
    """,
)
REFUND_UNKNOWN = Waiting(
    subject_id="r.id",
    order_id="r.order_id",
    since="r.created_at",
    due_on="r.due_at::date",
    amount_minor="r.amount_minor",
    error="r.error",
    found=f"""
    FROM refund r WHERE r.merchant_id = %(m)s AND r.state IN ('planned', 'unknown') AND r.method <> 'manual'
        AND r.tries >= {STUBBORN_TRIES}
    """,
)
REFUND_BY_HAND = Waiting(
    subject_id="r.id",
    order_id="r.order_id",
    since="r.created_at",
    due_on="r.due_at::date",
    amount_minor="r.amount_minor",
    found="""
    FROM refund r WHERE r.merchant_id = %(m)s AND r.state = 'planned' AND r.method = 'manual'
    """,
)
# The customer service has sent it back and waits for the merchant's answer; the buyer waits for both (RK-5).
REFUND_SENT_BACK = Waiting(
    subject_id="r.id",
    order_id="r.order_id",
    since="r.sent_back_at",
    due_on="r.due_at::date",
    amount_minor="r.amount_minor",
    detail="r.sent_back_because",
    found="""
    FROM refund r WHERE r.merchant_id = %(m)s AND r.state = 'held' AND r.asked_at IS NULL
        AND r.sent_back_at IS NOT NULL
    """,
)
TO_GIVE_BACK = Waiting(
    subject_id="o.id",
    order_id="o.id",
    since="coalesce(least(c.since, b.since), o.received_at)",
    due_on="least(c.due_on, b.due_on)",
    amount_minor="o.to_give_back_minor - f.failed",
    found="""
    FROM "order" o
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(r.amount_minor), 0)::bigint AS failed FROM refund r
        WHERE r.order_id = o.id AND r.kind = 'refund' AND r.state IN ('failed', 'bounced')
    ) f
    LEFT JOIN LATERAL (
        SELECT min(c.at) AS since, min(c.due_on) AS due_on FROM cancellation c
        WHERE c.order_id = o.id AND c.state <> 'undone'
    ) c ON true
    LEFT JOIN LATERAL (
        SELECT min(r.back_at) AS since, min(r.due_on) AS due_on FROM "return" r
        WHERE r.order_id = o.id AND r.state IN ('received', 'inspected')
    ) b ON true
    WHERE o.merchant_id = %(m)s AND o.to_give_back_minor > 0 AND o.to_give_back_minor > f.failed
    """,
)
