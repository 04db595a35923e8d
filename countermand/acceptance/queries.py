"""What was decided about sales, and until when they are to be decided."""

from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.acceptance.models import AwaitedSale

ACCEPTED = """
SELECT k.line_id, sum(k.quantity)::int FROM decided_line k JOIN decision d ON d.id = k.decision_id
WHERE d.merchant_id = %s AND d.order_id = %s AND d.verdict = 'accepted' AND d.state <> 'failed' GROUP BY 1
"""
REFUSED = """
SELECT k.line_id, sum(k.quantity)::int FROM decided_line k JOIN decision d ON d.id = k.decision_id
WHERE d.merchant_id = %s AND d.order_id = %s AND d.verdict = 'refused' GROUP BY 1
"""


def accepted_units(*, merchant_id: int, order_id: UUID) -> dict[UUID, int]:
    """This will say how many units of which line were accepted: line id -> units."""
    return dict(sql.tuples(ACCEPTED, (merchant_id, order_id)))


def refused_units(*, merchant_id: int, order_id: UUID) -> dict[UUID, int]:
    """This will say how many units of which line were refused: line id -> units."""
    return dict(sql.tuples(REFUSED, (merchant_id, order_id)))


def decide_by(*, merchant_id: int, order_id: UUID) -> datetime | None:
    """This will say until when a sale is to be decided; None where nothing ends or nothing waits."""
    waiting = AwaitedSale.of(merchant_id).filter(order_id=order_id, over_at=None)
    return waiting.values_list("decide_by", flat=True).first()
