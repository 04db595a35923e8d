"""Verbs of a run: choose orders, show what would follow, leave some out, begin, stop.

Nothing of an order moves here: the worker does that (`jobs`), each order by its own row.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from countermand import ids, sql
from countermand.bulk.choices import MOST_ORDERS, Choices
from countermand.bulk.judging import judge_rows
from countermand.bulk.models import BulkRow, BulkRun
from countermand.bulk.states import OVER
from countermand.events.ping import ping
from countermand.events.record import event, record
from countermand.refusals import Refusal

DRAFT_DAYS = 7

# In the order of the list that they were chosen from: newest first.
CHOOSE = """
INSERT INTO bulk_row (id, merchant_id, run_id, order_id, position, units, state, digest, articles, refund_minor, currency,
    restocked, mailed, rate_orders, rate_articles, code, tries)
SELECT x.id, %(m)s, %(run)s, o.id, row_number() OVER (ORDER BY o.placed_at DESC, o.id DESC), x.units, 'planned', '',
    0, 0, o.currency, 0, false, 0, 0, '', 0
FROM jsonb_to_recordset(%(rows)s) AS x(id uuid, order_id uuid, units int)
JOIN "order" o ON o.merchant_id = %(m)s AND o.id = x.order_id
"""


@sql.verb
def choose_orders(
    *,
    merchant_id: int,
    orders: Sequence[tuple[UUID, int | None]],
    sku: str = "",
    found_by: str = "",
    by: str,
    role: str,
    at: datetime,
) -> BulkRun:
    """This will begin a run over orders, (id, units) each: units of article `sku`, None for all that is open.

    Refuses `nothing_chosen` and `too_many_orders`. What its maker had chosen before and left lying is forgotten.
    """
    wanted = dict(orders)
    if len(wanted) > MOST_ORDERS:
        raise Refusal("too_many_orders", f"at most {MOST_ORDERS} orders at once", facts={"most": MOST_ORDERS})
    _forget(merchant_id, by, at)
    run = BulkRun.across_merchants.create(
        merchant_id=merchant_id, by=by, role=role, created_at=at, sku=sku, found_by=found_by[:1000]
    )
    rows = [{"id": ids.new(), "order_id": order_id, "units": units} for order_id, units in wanted.items()]
    if not sql.execute(CHOOSE, {"m": merchant_id, "run": run.id, "rows": sql.json(rows)}):
        raise Refusal("nothing_chosen", "tick at least one order", field="order")
    return run


@sql.verb
def judge_run(*, merchant_id: int, run_id: UUID, choices: Choices, role: str, at: datetime) -> BulkRun:
    """This will work out what would follow for each order, and keep it beside it. Nothing of an order moves.

    May be asked again with other choices until the run begins. Refuses what `Choices.judge` refuses, `not_found`,
    and `already_begun`.
    """
    choices.judge()
    run = _locked(merchant_id, run_id)
    if run.state not in ("draft", "judged"):
        raise Refusal("already_begun", "it has begun: look at what becomes of it")
    for name in (
        "reason",
        "initiated_by",
        "refund_when",
        "restock",
        "notify",
        "message",
        "note",
        "undo_seconds",
    ):
        setattr(run, name, getattr(choices, name))
    run.skip_reason = choices.skip_reason.strip()
    run.role = role
    run.rates = judge_rows(run=run, choices=choices, at=at)
    run.state, run.judged_at = "judged", at
    run.save()
    return run


@sql.verb
def leave_out(*, merchant_id: int, run_id: UUID, row_ids: Sequence[UUID], out: bool) -> int:
    """This will leave orders out of a run that was shown, or take them in again. Refuses `not_found`, `already_begun`."""
    run = _locked(merchant_id, run_id)
    if run.state != "judged":
        raise Refusal("already_begun", "it has begun: stop it instead")
    was, becomes = ("planned", "left_out") if out else ("left_out", "planned")
    rows = BulkRow.of(merchant_id).filter(run=run, id__in=row_ids, state=was)
    return int(rows.update(state=becomes))


@sql.verb
def start_run(*, merchant_id: int, run_id: UUID, by: str, role: str, at: datetime) -> BulkRun:
    """This will begin a run: from now on the worker carries out what was shown, order by order.

    Twice is once. Refuses `not_found`, `not_judged`, and `nothing_chosen` where no order is left to do.
    """
    run = _locked(merchant_id, run_id)
    if run.state == "running" or run.state in OVER:
        return run
    if run.state != "judged":
        raise Refusal("not_judged", "look at what would follow first")
    meant = BulkRow.of(merchant_id).filter(run=run, state="planned").count()
    if not meant:
        raise Refusal("nothing_chosen", "no order is left to call off")
    run.state, run.started_at, run.by, run.role = "running", at, by, role
    run.save(update_fields=["state", "started_at", "by", "role"])
    record([_event("bulk.started", run, by=by, at=at, orders=meant, reason=run.reason)])
    ping()
    return run


@sql.verb
def stop_run(*, merchant_id: int, run_id: UUID, by: str, at: datetime) -> BulkRun:
    """This will stop a run: what is done stays, the batch in hand is finished, the rest is left as it is.

    Twice is once. Refuses `not_found`.
    """
    run = _locked(merchant_id, run_id)
    if run.state != "running":
        return run
    left = BulkRow.of(merchant_id).filter(run=run, state="planned").update(state="stopped", ended_at=at)
    run.state, run.ended_at = "stopped", at
    run.save(update_fields=["state", "ended_at"])
    record([_event("bulk.stopped", run, by=by, at=at, left=left)])
    return run


def _locked(merchant_id: int, run_id: UUID) -> BulkRun:
    run = BulkRun.of(merchant_id).select_for_update(no_key=True).filter(id=run_id).first()
    if run is None:
        raise Refusal("not_found", "no such run")
    return run


def _forget(merchant_id: int, by: str, at: datetime) -> None:
    """What was chosen and never begun leaves no trace: this member's own at once, anybody's after a week."""
    old = BulkRun.of(merchant_id).filter(state__in=("draft", "judged"))
    gone = list(old.filter(by=by, created_at__lt=at - timedelta(hours=1)).values_list("id", flat=True)[:20])
    gone += old.filter(created_at__lt=at - timedelta(days=DRAFT_DAYS)).values_list("id", flat=True)[:20]
    if gone:
        BulkRow.of(merchant_id).filter(run_id__in=gone).delete()
        BulkRun.of(merchant_id).filter(id__in=gone, state__in=("draft", "judged")).delete()


def _event(kind: str, run: BulkRun, *, by: str, at: datetime, **facts: Any) -> dict[str, Any]:
    return event(kind=kind, merchant_id=run.merchant_id, at=at, by=by, subject=("bulk", run.id), **facts)
