"""Orders that nobody sent, in SQL: whom to warn of, which the platform calls off, which are over."""

CHANNELS = "jsonb_to_recordset(%(channels)s) AS c(id uuid, first date, last date, ended date)"
# A parcel that is confirmed stops the clock, even where others are still here.
UNCONFIRMED = "NOT EXISTS (SELECT 1 FROM fulfilment f WHERE f.order_id = o.id AND f.confirmed)"
# Where everything has left, only the confirmation is missing: it is warned of, and never called off.
SENT = """
    SELECT o.id FROM fulfilment p JOIN "order" o ON o.id = p.order_id
    WHERE NOT p.confirmed AND p.back_at IS NULL AND o.status = 'shipped' AND o.channel_id = c.id AND o.ship_by <= c.first
"""

WARN = f"""
SELECT DISTINCT o.merchant_id, o.id, o.number, o.channel_id, o.ship_by, o.ship_by <= c.last AS last
FROM {CHANNELS}
CROSS JOIN LATERAL (
    SELECT o.id FROM "order" o WHERE o.channel_id = c.id AND o.ship_by <= c.first
        AND o.status IN ('open', 'partially_shipped')
    UNION ALL {SENT}
) near
JOIN "order" o ON o.id = near.id
LEFT JOIN overdue_order w ON w.order_id = o.id
WHERE {UNCONFIRMED} AND o.verification = 'verified'
    AND (w.id IS NULL OR w.over_at IS NOT NULL AND w.ended_at IS NULL
        OR w.last_warned_at IS NULL AND w.ended_at IS NULL AND o.ship_by <= c.last)
ORDER BY o.merchant_id, o.ship_by, o.id LIMIT %(limit)s
"""
WARNED = """
INSERT INTO overdue_order (id, merchant_id, order_id, ends_on, warned_at, last_warned_at)
SELECT x.id, x.merchant_id, x.order_id, x.ends_on, x.at, CASE WHEN x.last THEN x.at END
FROM jsonb_to_recordset(%s) AS x(id uuid, merchant_id int, order_id uuid, ends_on date, at timestamptz, last boolean)
ON CONFLICT (order_id) DO UPDATE SET ends_on = excluded.ends_on, over_at = NULL,
    warned_at = CASE WHEN overdue_order.over_at IS NULL THEN overdue_order.warned_at ELSE excluded.warned_at END,
    last_warned_at = excluded.last_warned_at
    WHERE overdue_order.ended_at IS NULL AND (overdue_order.over_at IS NOT NULL
        OR overdue_order.last_warned_at IS NULL AND excluded.last_warned_at IS NOT NULL)
RETURNING order_id
"""

# Nothing is called off of which the merchant was not warned a day before, however long the worker was away.
END = f"""
SELECT o.merchant_id, o.id, o.customer_language FROM {CHANNELS}
JOIN "order" o ON o.channel_id = c.id AND o.ship_by <= c.ended
JOIN overdue_order w ON w.order_id = o.id AND w.ended_at IS NULL AND w.over_at IS NULL
WHERE o.status IN ('open', 'partially_shipped') AND o.verification = 'verified' AND {UNCONFIRMED}
    AND w.last_warned_at <= %(warned)s AND (%(only)s::uuid[] IS NULL OR o.id = ANY(%(only)s::uuid[]))
    AND NOT EXISTS (SELECT 1 FROM payment_share s JOIN payment p ON p.id = s.payment_id
        WHERE s.order_id = o.id AND p.state = 'capturing')
ORDER BY o.ship_by, o.id LIMIT %(limit)s
"""
ENDED = "UPDATE overdue_order SET ended_at = %s WHERE merchant_id = %s AND order_id = ANY(%s)"

# It left and is confirmed, was called off, or the switch was turned: it waits for nobody any more.
OVER = f"""
WITH over AS (
    SELECT w.id FROM overdue_order w JOIN "order" o ON o.id = w.order_id
    LEFT JOIN {CHANNELS} ON c.id = o.channel_id
    WHERE w.over_at IS NULL AND w.ended_at IS NULL
        AND (o.status NOT IN ('open', 'partially_shipped', 'shipped') OR NOT {UNCONFIRMED}
            OR c.id IS NULL OR o.ship_by > c.first)
    ORDER BY w.id LIMIT %(limit)s FOR UPDATE OF w SKIP LOCKED
)
UPDATE overdue_order w SET over_at = %(at)s FROM over WHERE w.id = over.id RETURNING w.id
"""
