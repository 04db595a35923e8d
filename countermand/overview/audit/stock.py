"""Items: the counters are what the movements and the open orders say."""

from countermand.overview.audit.check import Check

CHECKS = (
    Check(
        "stock.on_hand",
        "on hand",
        "sum of movements",
        """
        SELECT 'item ' || i.sku, i.on_hand, coalesce(m.moved, 0)
        FROM item i
        LEFT JOIN (SELECT m.item_id, sum(m.on_hand_delta)::bigint AS moved FROM movement m WHERE [m] GROUP BY 1) m
            ON m.item_id = i.id
        WHERE [i] AND coalesce(i.on_hand, 0) <> coalesce(m.moved, 0)
        """,
    ),
    Check(
        "stock.allocated",
        "allocated",
        "sum of movements",
        """
        SELECT 'item ' || i.sku, i.allocated, coalesce(m.moved, 0)
        FROM item i
        LEFT JOIN (SELECT m.item_id, sum(m.allocated_delta)::bigint AS moved FROM movement m WHERE [m] GROUP BY 1) m
            ON m.item_id = i.id
        WHERE [i] AND i.allocated <> coalesce(m.moved, 0)
        """,
    ),
    Check(
        "stock.open_units",
        "allocated",
        "open units of orders, and units held for accepted offers",
        """
        SELECT 'item ' || i.sku, i.allocated, coalesce(l.open, 0) + coalesce(f.held, 0)
        FROM item i
        LEFT JOIN (
            SELECT l.item_id, sum(l.quantity - l.cancelled - l.shipped)::bigint AS open
            FROM order_line l WHERE [l] GROUP BY 1
        ) l ON l.item_id = i.id
        LEFT JOIN (
            SELECT f.item_id, sum(f.held)::bigint AS held FROM offer f WHERE [f] AND f.state = 'accepted' GROUP BY 1
        ) f ON f.item_id = i.id
        WHERE [i] AND i.on_hand IS NOT NULL AND i.allocated <> coalesce(l.open, 0) + coalesce(f.held, 0)
        """,
    ),
)
