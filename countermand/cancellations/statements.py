"""The two statements of the hot path, and one for cancellations that came by file (decisions 4)."""

# `LIMIT most` (which is their number) takes no row away: without it the planner thinks that each set has a
# hundred rows, and the plan that a connection keeps reads whole tables while they are small.
WRITE = """
WITH the_orders AS (
    UPDATE "order" o SET version = o.version + 1, status = x.status, payment_status = x.payment_status,
        shipping_released_minor = x.shipping_released, shipping_given_minor = x.shipping_given,
        shipping_given_tax_minor = x.shipping_given_tax,
        fees_released_minor = x.fees_released, fees_given_minor = x.fees_given,
        retained_minor = x.retained, goodwill_minor = x.goodwill, waived_minor = x.waived,
        captured_minor = x.captured, refunded_minor = x.refunded, in_flight_minor = x.in_flight,
        to_give_back_minor = x.to_give_back, counted_cancellations = x.counted,
        cancel_reason = x.cancel_reason, cancelled_at = x.cancelled_at
    FROM (SELECT * FROM jsonb_to_recordset(%(rows)s->'orders') AS x(id uuid, status text, payment_status text,
        shipping_released bigint, shipping_given bigint, shipping_given_tax bigint, fees_released bigint, fees_given bigint,
        retained bigint, goodwill bigint, waived bigint, captured bigint, refunded bigint, in_flight bigint,
        to_give_back bigint, counted int, cancel_reason text, cancelled_at timestamptz) LIMIT %(most)s) x
    WHERE o.id = x.id
), the_lines AS (
    UPDATE order_line l SET cancelled = x.cancelled, restocked = x.restocked, given_minor = x.given,
        gone_minor = x.gone_worth, gone_tax_minor = x.gone_tax, given_tax_minor = x.given_tax
    FROM (SELECT * FROM jsonb_to_recordset(%(rows)s->'lines') AS x(id uuid, cancelled int, restocked int, given bigint, gone_worth bigint,
        gone_tax bigint, given_tax bigint)
        LIMIT %(most)s) x
    WHERE l.id = x.id
), the_shares AS (
    UPDATE payment_share s SET reserved_minor = s.reserved_minor + x.amount
    FROM (SELECT * FROM jsonb_to_recordset(%(rows)s->'reserved') AS x(share_id uuid, amount bigint) LIMIT %(most)s) x
    WHERE s.id = x.share_id
), the_payments AS (
    UPDATE payment p SET reserved_minor = p.reserved_minor + x.amount
    FROM (SELECT payment_id, sum(amount)::bigint AS amount
          FROM jsonb_to_recordset(%(rows)s->'reserved') AS r(payment_id uuid, amount bigint) GROUP BY payment_id LIMIT %(most)s) x
    WHERE p.id = x.payment_id
), the_dropped AS (
    UPDATE payment p SET state = 'voided'
    FROM (SELECT * FROM jsonb_to_recordset(%(rows)s->'dropped') AS x(id uuid) LIMIT %(most)s) x WHERE p.id = x.id
), the_cancellations AS (
    INSERT INTO cancellation SELECT * FROM jsonb_populate_recordset(NULL::cancellation, %(rows)s->'cancellations')
), the_cancelled_lines AS (
    INSERT INTO cancelled_line SELECT * FROM jsonb_populate_recordset(NULL::cancelled_line, %(rows)s->'cancelled_lines')
), the_refunds AS (
    INSERT INTO refund SELECT * FROM jsonb_populate_recordset(NULL::refund, %(rows)s->'refunds')
), the_targets AS (
    INSERT INTO refund_target (merchant_id, refund_id, target, line_id, amount_minor, tax_minor)
    SELECT merchant_id, refund_id, target, line_id, amount_minor, tax_minor
    FROM jsonb_to_recordset(%(rows)s->'targets') AS x(merchant_id int, refund_id uuid, target text, line_id uuid,
        amount_minor bigint, tax_minor bigint)
), the_messages AS (
    INSERT INTO message SELECT * FROM jsonb_populate_recordset(NULL::message, %(rows)s->'messages')
), the_rates AS (
    INSERT INTO rate_change (merchant_id, channel_id, day, orders, articles, orders_cancelled, articles_cancelled)
    SELECT merchant_id, channel_id, day, 0, 0, orders_cancelled, articles_cancelled
    FROM jsonb_to_recordset(%(rows)s->'rates') AS x(merchant_id int, channel_id uuid, day date, orders_cancelled int,
        articles_cancelled int)
)
INSERT INTO event (merchant_id, at, kind, by, order_id, subject_type, subject_id, facts)
SELECT merchant_id, at, kind, by, order_id, subject_type, subject_id, facts
FROM jsonb_to_recordset(%(rows)s->'events') AS x(merchant_id int, at timestamptz, kind text, by text, order_id uuid,
    subject_type text, subject_id uuid, facts jsonb)
"""

# Units put back on sale leave the allocation only. The others leave the shelf by exactly what would
# have become sellable: with s = what was sellable after the first, on hand becomes
# min(on hand, max(on hand, allocated) − units), so an oversold article loses nothing that it has not.
RELEASE = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%(moves)s) AS x(seq int, item_id uuid, order_id uuid, cancellation_id uuid,
        back int, off int, by text, at timestamptz) LIMIT %(most)s
), wanted AS (
    SELECT item_id, sum(back)::int AS back, sum(off)::int AS off FROM given GROUP BY item_id
), locked AS (
    SELECT i.id, i.on_hand AS h, i.allocated AS a, w.back, w.off
    FROM item i JOIN wanted w ON w.item_id = i.id
    WHERE i.merchant_id = %(m)s AND i.on_hand IS NOT NULL
    ORDER BY i.id FOR NO KEY UPDATE OF i
), changed AS (
    UPDATE item i SET allocated = l.a - l.back - l.off,
        on_hand = least(l.h, greatest(l.h, l.a - l.back) - l.off), updated_at = now()
    FROM locked l WHERE i.id = l.id
    RETURNING i.id
), steps AS (
    SELECT g.*, l.h, greatest(l.h, l.a - l.back) AS top,
        sum(g.off) OVER (PARTITION BY g.item_id ORDER BY g.seq) AS upto
    FROM given g JOIN locked l ON l.id = g.item_id JOIN changed c ON c.id = g.item_id
)
INSERT INTO movement (merchant_id, item_id, kind, on_hand_delta, allocated_delta, order_id, cancellation_id, at, by, note)
SELECT %(m)s, item_id, 'released', least(h, top - upto) - least(h, top - upto + off), -(back + off),
    order_id, cancellation_id, at, by, ''
FROM steps ORDER BY seq
"""


FILE_ROWS = """
INSERT INTO cancellation_row (id, merchant_id, source, cancellation_id, amount_minor)
SELECT id, %(m)s, source, cancellation_id, amount_minor
FROM jsonb_to_recordset(%(rows)s) AS x(id uuid, source text, cancellation_id uuid, amount_minor bigint)
"""
