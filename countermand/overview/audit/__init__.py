"""The audit: proves every balance of the house from the rows that explain it.

One family of checks per file; each check is a question to which the right answer is "nothing".
"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from countermand import sql
from countermand.overview.audit import (
    acceptance,
    books,
    bulk,
    cancellations,
    credits,
    documents,
    history,
    payments,
    payouts,
    queues,
    rates,
    recomputed,
    refunds,
    requests,
    returns,
    rollups,
    stock,
    threads,
    units,
)
from countermand.overview.audit.check import Check, Finding, ask
from countermand.overview.audit.totals import totals
from countermand.overview.snapshot import one_snapshot

__all__ = ["CHECKS", "Finding", "audit", "report"]

FAMILIES = (
    acceptance,
    bulk,
    stock,
    units,
    cancellations,
    refunds,
    requests,
    returns,
    payments,
    payouts,
    books,
    credits,
    documents,
    history,
    rates,
    rollups,
    threads,
    queues,
)
CHECKS: tuple[Check, ...] = tuple(check for family in FAMILIES for check in family.CHECKS)


def audit(*, merchant_id: int | None = None) -> list[Finding]:
    """This will prove every balance of one merchant, or of all, and list what does not hold: [] when all does.

    Reads one snapshot, so that verbs may go on meanwhile; inside a caller's transaction it reads that one's.
    """
    with one_snapshot():
        sql.over_whole_tables()
        return sorted(_findings(merchant_id))


def report(*, merchant_id: int | None = None) -> dict[str, Any]:
    """This will make the audit's answer for the doors: `{holds, findings, totals}`, ready for JSON."""
    with one_snapshot():
        sql.over_whole_tables()
        found = sorted(_findings(merchant_id))
        covered = totals(merchant_id=merchant_id)
    return {"holds": not found, "findings": [asdict(finding) for finding in found], "totals": covered}


def _findings(merchant_id: int | None) -> Iterator[Finding]:
    for check in CHECKS:
        yield from ask(check, merchant_id=merchant_id)
    yield from recomputed.findings(merchant_id=merchant_id)
    yield from documents.findings(merchant_id=merchant_id)
