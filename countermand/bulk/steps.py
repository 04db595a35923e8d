"""The first two steps of the procedure, passed over once for all: written on each order as one by one (EM-11)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.procedure.actions import skip_step
from countermand.procedure.rules import CONTACT, STOCK, contact_exempt

# What was done for this cancellation before the run is not written over: a contact stays a contact.
OPEN = """
WITH asked AS (
    SELECT id, (SELECT max(c.at) FROM cancellation c WHERE c.order_id = asked.id AND c.state <> 'undone') AS since
    FROM unnest(%(ids)s::uuid[]) AS asked(id)
)
SELECT a.id,
    NOT EXISTS (SELECT 1 FROM contact c WHERE c.order_id = a.id AND (a.since IS NULL OR c.at > a.since))
        AND NOT EXISTS (SELECT 1 FROM step_taken s WHERE s.order_id = a.id AND s.step = 'contact'
            AND (a.since IS NULL OR s.at > a.since)),
    NOT EXISTS (SELECT 1 FROM step_taken s WHERE s.order_id = a.id AND s.step = 'stock'
        AND (a.since IS NULL OR s.at > a.since))
FROM asked a
"""


def open_steps(*, order_ids: Iterable[UUID], reason: str, initiated_by: str) -> dict[UUID, tuple[str, ...]]:
    """This will say which steps stand open for each order: order -> contact, stock."""
    exempt = contact_exempt(reason=reason, initiated_by=initiated_by)
    found = {}
    for order_id, contact, stock in sql.tuples(OPEN, {"ids": list(order_ids)}):
        found[order_id] = (*((CONTACT,) if contact and not exempt else ()), *((STOCK,) if stock else ()))
    return found


def skip(*, merchant_id: int, steps: dict[UUID, tuple[str, ...]], reason: str, by: str, at: datetime) -> None:
    """This will write on each order that these steps were passed over, by whom and why, in the caller's transaction."""
    for order_id, names in steps.items():
        for step in names:
            skip_step(merchant_id=merchant_id, order_id=order_id, step=step, reason=reason, by=by, at=at)
