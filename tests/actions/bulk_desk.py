"""Runs as the tests of them need them: chosen, shown, begun, carried out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from countermand.bulk import jobs, queries
from countermand.bulk.actions import choose_orders, judge_run, start_run
from countermand.bulk.choices import Choices
from countermand.bulk.models import BulkRow, BulkRun

WHY = "rappel du fabricant : lettre envoyée à tous"


def choices(**changed: Any) -> Choices:
    """This will make the answers of the dialog: a recall by the supplier, refunded at once, no undo window."""
    return Choices(**{"reason": "supplier", "skip_reason": WHY, "undo_seconds": 0, **changed})


def chosen(merchant: Any, orders: Sequence[UUID], *, sku: str = "", units: int | None = None) -> BulkRun:
    """This will choose orders."""
    wanted = [(order_id, units) for order_id in orders]
    return choose_orders(
        merchant_id=merchant.id, orders=wanted, sku=sku, by="marie", role="agent", at=datetime.now(UTC)
    )


def shown(merchant: Any, orders: Sequence[UUID], *, sku: str = "", **changed: Any) -> BulkRun:
    """This will choose orders and look at what would follow."""
    run = chosen(merchant, orders, sku=sku, units=changed.pop("units", None))
    return judge_run(
        merchant_id=merchant.id, run_id=run.id, choices=choices(**changed), role="agent", at=datetime.now(UTC)
    )


def begun(merchant: Any, orders: Sequence[UUID], **changed: Any) -> BulkRun:
    """This will choose, look and begin."""
    run = shown(merchant, orders, **changed)
    return start_run(merchant_id=merchant.id, run_id=run.id, by="marie", role="agent", at=datetime.now(UTC))


def carried(merchant: Any, orders: Sequence[UUID], **changed: Any) -> BulkRun:
    """This will do all of it, the worker's part too."""
    run = begun(merchant, orders, **changed)
    work()
    return again(merchant, run)


def work() -> None:
    """This will drain runs until nothing is left, as the worker does."""
    while jobs.drain(at=datetime.now(UTC)):
        pass


def again(merchant: Any, run: BulkRun) -> BulkRun:
    """This will read a run anew."""
    return queries.run(merchant_id=merchant.id, run_id=run.id)


def states(merchant: Any, run: BulkRun) -> list[tuple[str, str]]:
    """This will list (state, code) of a run's rows in their order."""
    return list(BulkRow.of(merchant.id).filter(run=run).order_by("position").values_list("state", "code"))
