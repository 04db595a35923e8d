"""Payments: what their shares say, and never more given back than was captured."""

from countermand.overview.audit.check import Check

# A payment may cover orders of several merchants, so its shares are taken whoever they belong to.
SHARES = """
    SELECT s.payment_id, sum(s.captured_minor)::bigint AS captured, sum(s.reserved_minor)::bigint AS reserved,
        sum(s.refunded_elsewhere_minor)::bigint AS elsewhere
    FROM payment_share s JOIN payment q ON q.id = s.payment_id WHERE [q] GROUP BY 1
"""


def _sum(name: str, column: str, sign: str) -> Check:
    return Check(
        f"payment.{name}",
        name,
        "sum of its shares",
        f"""
        SELECT 'payment ' || coalesce(p.provider_reference, p.id::text), p.{column}, coalesce(s.{name}, 0), p.currency
        FROM payment p LEFT JOIN ({SHARES}) s ON s.payment_id = p.id
        WHERE [p] AND p.{column} {sign} coalesce(s.{name}, 0)
        """,
    )


CHECKS = (
    _sum("captured", "captured_minor", "<"),
    _sum("reserved", "reserved_minor", "<>"),
    _sum("elsewhere", "refunded_elsewhere_minor", "<"),
    Check(
        "payment.given_back",
        "captured",
        "given back by us or on its way",
        """
        SELECT 'payment ' || coalesce(p.provider_reference, p.id::text), p.captured_minor, p.reserved_minor, p.currency
        FROM payment p WHERE [p] AND p.reserved_minor > p.captured_minor
        """,
    ),
    Check(
        "order.captured",
        "captured",
        "captured on its payments",
        """
        SELECT 'order ' || o.number, o.captured_minor, coalesce(s.captured, 0), o.currency
        FROM "order" o
        LEFT JOIN (
            SELECT s.order_id, sum(s.captured_minor)::bigint AS captured FROM payment_share s WHERE [s] GROUP BY 1
        ) s ON s.order_id = o.id
        WHERE [o] AND o.captured_minor <> coalesce(s.captured, 0)
        """,
    ),
    Check(
        "order.currency",
        "currency",
        "currency of its payment",
        """
        SELECT 'order ' || o.number || ' payment ' || s.reference, o.currency, p.currency
        FROM payment_share s JOIN "order" o ON o.id = s.order_id JOIN payment p ON p.id = s.payment_id
        WHERE [s] AND o.currency <> p.currency
        """,
    ),
)
