"""The dry run of a run: each order's plan worked out and written beside it, nothing of the order moved."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.approvals.many import judge_many_allowed
from countermand.approvals.rules import Rule, of_rows
from countermand.bulk import queries
from countermand.bulk.choices import Choices, lines_of, wish_of
from countermand.bulk.models import BulkRow, BulkRun
from countermand.cancellations.actions import Confirmed, Wish
from countermand.cancellations.planned import Plan
from countermand.merchants.models import Merchant
from countermand.performance.queries import rate_of
from countermand.performance.rules import Rate
from countermand.refusals import Refusal

CHUNK = 250

SHOWN = """
UPDATE bulk_row r SET state = CASE WHEN r.state = 'left_out' THEN r.state ELSE x.state END, digest = x.digest,
    articles = x.articles, refund_minor = x.refund_minor, restocked = x.restocked, mailed = x.mailed,
    rate_orders = x.rate_orders, rate_articles = x.rate_articles, code = x.code
FROM jsonb_to_recordset(%s) AS x(id uuid, state text, digest text, articles int, refund_minor bigint, restocked int,
    mailed bool, rate_orders int, rate_articles int, code text)
WHERE r.id = x.id
"""


def judge_rows(*, run: BulkRun, choices: Choices, at: datetime) -> dict[str, Any]:
    """This will write beside each row what would follow, or why nothing can; answers the rates of their channels."""
    rates: dict[UUID, Rate] = {}
    rules = rules_of(run)
    for rows in _chunks(run):
        wishes = wishes_of(run=run, rows=rows, choices=choices, bound=False)
        answers = judge_many_allowed(
            merchant_id=run.merchant_id, wishes=wishes, rules=rules, at=at, rate_of=rate_of
        )
        shown = [
            _shown(row, answer, rates, run.merchant_id) for row, answer in zip(rows, answers, strict=True)
        ]
        sql.execute(SHOWN, (sql.json(shown),))
    return {
        str(channel): {
            "cancelled": rate.cancelled,
            "total": rate.total,
            "unit": rate.unit,
            "limit": rate.limit,
        }
        for channel, rate in rates.items()
    }


def rules_of(run: BulkRun) -> tuple[Rule, ...]:
    """This will read the rules by which a second person is needed (SH-12), as they are now."""
    return of_rows(Merchant.objects.values_list("approval_rules", flat=True).get(id=run.merchant_id))


def wishes_of(*, run: BulkRun, rows: Sequence[BulkRow], choices: Choices, bound: bool) -> list[Wish]:
    """This will make the wish of each row; `bound` to the plan that was shown, so that another one is refused."""
    found = {}
    if run.sku:
        found = queries.open_lines(
            merchant_id=run.merchant_id, order_ids=[row.order_id for row in rows], sku=run.sku
        )
    return [
        wish_of(
            row_id=row.id,
            order_id=row.order_id,
            choices=choices,
            lines=lines_of(found.get(row.order_id, ()), units=row.units) if run.sku else None,
            role=run.role,
            plan=row.digest if bound else None,
        )
        for row in rows
    ]


def _chunks(run: BulkRun) -> Iterator[list[BulkRow]]:
    after = 0
    while True:
        rows = list(
            BulkRow.of(run.merchant_id).filter(run=run, position__gt=after).order_by("position")[:CHUNK]
        )
        if not rows:
            return
        yield rows
        after = rows[-1].position


def _shown(row: BulkRow, answer: Any, rates: dict[UUID, Rate], merchant_id: int) -> dict[str, Any]:
    if isinstance(answer, Confirmed):
        plan = answer.plan
        rate = _rate(plan, rates, merchant_id)
        # The plan has been applied in memory: an order that counts for the first time counts once now.
        within = plan.counts_in_rate and rate.day_from <= plan.ledger.order.placed_on <= rate.day_to
        articles = sum(planned.quantity for planned in plan.lines)
        return _row(
            row,
            state="planned",
            digest=plan.digest,
            articles=articles,
            refund_minor=plan.refund,
            restocked=sum(planned.restock for planned in plan.lines),
            mailed=plan.notify,
            rate_orders=int(within and plan.ledger.order.counted == 1),
            rate_articles=articles if within else 0,
        )
    code = answer.code if isinstance(answer, Refusal) else "already_cancelled"
    # "No line" of an article that has none open any more, said as people would.
    return _row(row, state="refused", code="nothing_open" if code == "invalid_lines" else code)


def _row(row: BulkRow, *, state: str, **shown: Any) -> dict[str, Any]:
    empty = {
        "digest": "",
        "articles": 0,
        "refund_minor": 0,
        "restocked": 0,
        "mailed": False,
        "rate_orders": 0,
        "rate_articles": 0,
        "code": "",
    }
    return {"id": row.id, "state": state, **empty, **shown}


def _rate(plan: Plan, rates: dict[UUID, Rate], merchant_id: int) -> Rate:
    channel = plan.ledger.channel
    if channel.id not in rates:
        rates[channel.id] = rate_of(
            merchant_id=merchant_id, channel=channel, terms=plan.ledger.terms, at=plan.at
        )
    return rates[channel.id]
