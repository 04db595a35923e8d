"""What waits about articles: shortages that end tomorrow (EM-5), what was sold but is not there, and a look (RK-6)."""

from countermand.overview.todo.customers import UNTOLD
from countermand.overview.todo.waiting import Waiting

# As `stock.queries.shortages_ending` has it, which a test holds this against.
SHORTAGE_ENDING = Waiting(
    subject_id="i.id",
    item_id="i.id",
    since="d.begins",
    due_on="i.unavailable_until",
    units="i.allocated",
    found="""
    FROM item i JOIN merchant m ON m.id = i.merchant_id
    CROSS JOIN LATERAL (
        SELECT (%(at)s::timestamptz AT TIME ZONE m.timezone)::date AS today,
            (%(at)s::timestamptz AT TIME ZONE m.timezone)::date::timestamp AT TIME ZONE m.timezone AS begins
    ) d
    WHERE i.merchant_id = %(m)s AND i.unavailable_until = d.today + 1
        AND NOT EXISTS (
            SELECT 1 FROM movement v
            WHERE v.merchant_id = %(m)s AND v.item_id = i.id AND v.kind = 'counted' AND v.at >= d.begins
        )
    """,
)
# While customers wait to be told, their rows stand for it; once they are, the article itself is left to put right.
OVERSOLD = Waiting(
    subject_id="i.id",
    item_id="i.id",
    since="i.short_since",
    units="i.allocated - i.on_hand",
    found=f"""
    FROM item i
    WHERE i.merchant_id = %(m)s AND i.short_since IS NOT NULL AND i.allocated > i.on_hand
        AND i.unavailable_until IS NULL AND i.id NOT IN (SELECT s.item_id {UNTOLD})
    """,
)
# RK-6: one row for all of them, under the article that nobody has looked at for longest.
STOCK_REVIEW = Waiting(
    subject_id="r.id",
    item_id="r.id",
    since="r.reviewed_at + make_interval(days => r.review_days)",
    units="r.review_days",
    found="""
    FROM (
        SELECT i.id, i.reviewed_at, m.review_days FROM merchant m JOIN item i ON i.merchant_id = m.id
        WHERE m.id = %(m)s AND i.merchant_id = %(m)s AND m.review_days > 0 AND i.active AND i.on_hand > 0
            AND i.reviewed_at <= %(at)s::timestamptz - make_interval(days => m.review_days)
        ORDER BY i.reviewed_at, i.id LIMIT 1
    ) r
    """,
)
