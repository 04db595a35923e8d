"""What each order owes and is called, worked out again by the same pure rules that every verb uses."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.orders import rules as units
from countermand.overview.audit.check import Finding, figure, scoped
from countermand.payments import ledger, rules
from countermand.payments.facts import Ledger

BATCH = 100
FIRST = UUID(int=0)

NEXT = f"""
SELECT o.merchant_id, o.id, o.to_give_back_minor FROM "order" o
WHERE [o] AND (o.merchant_id, o.id) > (%(after_merchant)s, %(after)s)
ORDER BY o.merchant_id, o.id LIMIT {BATCH}
"""


def findings(*, merchant_id: int | None) -> Iterator[Finding]:
    """This will go through all orders in batches, so that memory stays flat however many there are."""
    statement = scoped(NEXT, merchant_id)
    after: tuple[int, UUID] = (0, FIRST)
    while True:
        place = {"m": merchant_id, "after_merchant": after[0], "after": after[1]}
        batch = sql.tuples(statement, place)
        if not batch:
            return
        after = batch[-1][:2]
        owing = {order_id: stored for _, order_id, stored in batch}
        for owner in sorted({row[0] for row in batch}):
            wanted = [row[1] for row in batch if row[0] == owner]
            for order_id, book in ledger.read(merchant_id=owner, order_ids=wanted, locked=False).items():
                yield from _judge(book, owing[order_id])


def _judge(book: Ledger, owing: int) -> Iterator[Finding]:
    order = book.order
    kept = rules.kept(order, book.lines)
    for check, stored, proved in (
        ("order.to_give_back", owing, rules.owed(order, kept)),
        ("order.status", order.status, units.status(order.status, book.lines)),
        ("order.payment_status", order.payment_status, rules.payment_status(order, book.shares, kept)),
    ):
        if stored != proved:
            yield Finding(check, f"order {order.number}", _both(stored, proved, order.currency))


def _both(stored: Any, proved: Any, currency: str) -> str:
    return f"stored {figure(stored, currency)}, by the rules {figure(proved, currency)}"
