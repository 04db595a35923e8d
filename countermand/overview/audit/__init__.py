"""The audit: proves every balance of the house from the rows that explain it.

One family of checks per file; each check is a question to which the right answer is "nothing".
"""

from collections.abc import Iterator

from django.db import connection, transaction

from countermand import sql
from countermand.overview.audit import payments, recomputed, refunds, stock, units
from countermand.overview.audit.check import Check, Finding, ask

__all__ = ["CHECKS", "Finding", "audit"]

CHECKS: tuple[Check, ...] = (*stock.CHECKS, *units.CHECKS, *refunds.CHECKS, *payments.CHECKS)


def audit(*, merchant_id: int | None = None) -> list[Finding]:
    """This will prove every balance of one merchant, or of all, and list what does not hold: [] when all does.

    Reads one snapshot, so that verbs may go on meanwhile; inside a caller's transaction it reads that one's.
    """
    if connection.in_atomic_block:
        return sorted(_findings(merchant_id))
    with transaction.atomic():
        sql.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return sorted(_findings(merchant_id))


def _findings(merchant_id: int | None) -> Iterator[Finding]:
    for check in CHECKS:
        yield from ask(check, merchant_id=merchant_id)
    yield from recomputed.findings(merchant_id=merchant_id)
