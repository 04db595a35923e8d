"""The row with which a sale waits: begun as it comes in, over when it is decided, taken up again where money failed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from countermand import ids, sql
from countermand.acceptance import rules
from countermand.acceptance.models import AwaitedSale
from countermand.channels.presets import effective
from countermand.events.ping import ping
from countermand.orders.models import Order

INSERT = """
INSERT INTO awaited_sale (id, merchant_id, order_id, since, decide_by, step, not_before, reminders)
SELECT id, merchant_id, order_id, since, decide_by, 'tell', not_before, 0
FROM jsonb_to_recordset(%s) AS x(id uuid, merchant_id int, order_id uuid, since timestamptz, decide_by timestamptz,
    not_before timestamptz)
ON CONFLICT (order_id) DO NOTHING
"""
# Time to look at why the money did not come, however late it is.
AT_LEAST = timedelta(hours=1)


def begin(*, merchant_id: int, order_ids: Sequence[UUID], at: datetime) -> None:
    """This will let sales wait for a decision, in the transaction that brought them in."""
    orders = Order.of(merchant_id).filter(id__in=order_ids).select_related("channel")
    rows = []
    for order in orders:
        terms = effective(order.channel.terms, order.channel.overrides)
        until = rules.decide_by(terms, placed_at=order.placed_at, received_at=at)
        rows.append(
            {
                "id": ids.new(),
                "merchant_id": merchant_id,
                "order_id": order.id,
                "since": at,
                "decide_by": until,
                "not_before": at,
            }
        )
    if rows:
        sql.execute(INSERT, (sql.json(rows),))
        ping()


def over(*, merchant_id: int, order_id: UUID, at: datetime) -> None:
    """This will end the wait of a sale that is decided."""
    AwaitedSale.of(merchant_id).filter(order_id=order_id, over_at=None).update(over_at=at)


def again(*, merchant_id: int, order_id: UUID, at: datetime) -> None:
    """This will let a sale wait once more: it was accepted, and its money did not come."""
    sale = AwaitedSale.of(merchant_id).filter(order_id=order_id).first()
    if sale is None:
        return
    sale.over_at = None
    if sale.decide_by is not None:
        sale.decide_by = max(sale.decide_by, at + AT_LEAST)
        sale.step, sale.not_before = next_step(sale.decide_by, at=at)
    else:
        sale.step, sale.not_before = "end", at + rules.REMINDED_EVERY
    sale.save(update_fields=["over_at", "decide_by", "step", "not_before"])


def next_step(decide_by: datetime, *, at: datetime) -> tuple[str, datetime]:
    """This will say what the clock does next with a sale that was told, and when."""
    warned = decide_by - rules.WARNED_BEFORE
    return ("warn", warned) if warned > at else ("end", decide_by)
