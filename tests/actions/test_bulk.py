"""Many orders called off in one go: chosen, shown, begun, carried out by the worker, each order once (AZ-2)."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from countermand.bulk import jobs, queries
from countermand.bulk.actions import choose_orders, judge_run, leave_out, start_run, stop_run
from countermand.bulk.models import BulkRow
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.cancellations.undo import undo
from countermand.correspondence.actions import log_contact
from countermand.correspondence.models import Message
from countermand.orders.models import Order
from countermand.procedure.models import StepTaken
from countermand.refusals import Refusal
from countermand.stock.actions import put_item
from tests.actions.bulk_desk import WHY, again, begun, carried, choices, chosen, shown, states, work
from tests.builders import an_order
from tests.races.test_kills import dies_at

TWO = (("MUG-BLEU", 3, "12.30"), ("BOL-VERT", 1, "18.90"))


@pytest.fixture(autouse=True)
def stock(merchant: Any, now: datetime) -> None:
    for sku in ("MUG-BLEU", "BOL-VERT"):
        fields = {"title": sku, "on_hand": 20}
        put_item(merchant_id=merchant.id, sku=sku, fields=fields, by="test", at=now)


def statuses(merchant: Any, orders: list[Any]) -> list[str]:
    found = dict(Order.of(merchant.id).filter(id__in=orders).values_list("id", "status"))
    return [found[order] for order in orders]


def test_AZ2_several_orders_are_called_off_in_one_go(merchant: Any) -> None:
    orders = [an_order(merchant) for _ in range(3)]

    run = carried(merchant, orders)

    assert (run.state, states(merchant, run)) == ("done", [("done", "")] * 3)
    assert statuses(merchant, orders) == ["cancelled"] * 3
    sums = queries.sums(merchant_id=merchant.id, run_id=run.id)
    assert (sums.count("done"), sums.money, sums.articles) == (3, {"EUR": 11070}, 9)


def test_the_dry_run_moves_nothing_and_says_what_each_order_would_get(merchant: Any) -> None:
    first, gone = an_order(merchant), an_order(merchant)
    confirm(merchant_id=merchant.id, order_id=gone, ask=Ask(reason="budget"), by="t", at=datetime.now(UTC))

    run = shown(merchant, [first, gone])

    assert states(merchant, run) == [("refused", "already_cancelled"), ("planned", "")]  # newest first
    row = BulkRow.of(merchant.id).get(run=run, order_id=first)
    assert (row.articles, row.refund_minor, row.currency, row.mailed) == (3, 3690, "EUR", True)
    assert statuses(merchant, [first]) == ["open"]
    assert not Cancellation.of(merchant.id).filter(order_id=first).exists()
    assert queries.reasons_why(merchant_id=merchant.id, run_id=run.id) == [("already_cancelled", 1)]


def test_the_rate_before_and_after_counts_each_order_once(merchant: Any) -> None:
    orders = [an_order(merchant) for _ in range(4)]

    run = shown(merchant, orders[:2])

    [move] = queries.rates(merchant_id=merchant.id, run=run)
    assert (move.channel, move.before, move.after) == ("Boutique", "0.00", "50.00")
    rows = [row.id for row in BulkRow.of(merchant.id).filter(run=run)][:1]
    leave_out(merchant_id=merchant.id, run_id=run.id, row_ids=rows, out=True)
    [move] = queries.rates(merchant_id=merchant.id, run=run)
    assert move.after == "25.00"


def test_an_order_left_out_is_left_alone(merchant: Any, now: datetime) -> None:
    orders = [an_order(merchant) for _ in range(2)]
    run = shown(merchant, orders)
    row = BulkRow.of(merchant.id).get(run=run, order_id=orders[0])

    leave_out(merchant_id=merchant.id, run_id=run.id, row_ids=[row.id], out=True)
    start_run(merchant_id=merchant.id, run_id=run.id, by="marie", role="agent", at=now)
    work()

    assert statuses(merchant, orders) == ["open", "cancelled"]


def test_an_order_that_changed_since_it_was_shown_is_refused(merchant: Any, now: datetime) -> None:
    orders = [an_order(merchant) for _ in range(2)]
    run = shown(merchant, orders)
    part = Ask(reason="budget", lines=(("1", 1),))
    confirm(merchant_id=merchant.id, order_id=orders[0], ask=part, by="t", at=now)

    start_run(merchant_id=merchant.id, run_id=run.id, by="marie", role="agent", at=now)
    work()

    assert sorted(states(merchant, again(merchant, run))) == [("done", ""), ("refused", "plan_changed")]
    assert statuses(merchant, orders) == ["open", "cancelled"]


def test_EM9_only_the_article_named_is_called_off(merchant: Any) -> None:
    order = an_order(merchant, lines=TWO)
    without = an_order(merchant, lines=(("BOL-VERT", 1, "18.90"),))

    run = carried(merchant, [order, without], sku="MUG-BLEU", units=2)

    assert states(merchant, run) == [("refused", "nothing_open"), ("done", "")]
    row = BulkRow.of(merchant.id).get(run=run, order_id=order)
    assert (row.articles, row.refund_minor) == (2, 2460)
    assert statuses(merchant, [order, without]) == ["open", "open"]


def test_EM11_one_reason_for_the_steps_passed_over_stands_on_each_order(merchant: Any, now: datetime) -> None:
    called, other = an_order(merchant), an_order(merchant)
    said = {"by_means": "phone", "outcome": "accepts"}
    log_contact(merchant_id=merchant.id, order_id=called, by="marie", at=now, **said)

    carried(merchant, [called, other])

    steps = StepTaken.of(merchant.id).filter(state="skipped", reason=WHY, by="marie")
    assert sorted(steps.filter(order_id=other).values_list("step", flat=True)) == ["contact", "stock"]
    assert list(steps.filter(order_id=called).values_list("step", flat=True)) == ["stock"]


def test_EM11_without_a_reason_for_skipping_nothing_is_shown(merchant: Any, now: datetime) -> None:
    run = chosen(merchant, [an_order(merchant)])

    with pytest.raises(Refusal) as refused:
        judge_run(
            merchant_id=merchant.id, run_id=run.id, choices=choices(skip_reason=" "), role="agent", at=now
        )

    assert (refused.value.code, refused.value.field) == ("skip_reason_required", "skip_reason")


def test_SH3_nobody_is_told_and_nothing_refunded_where_that_was_chosen(merchant: Any) -> None:
    order = an_order(merchant)

    carried(merchant, [order], notify=False, refund_when="later")

    assert not Message.of(merchant.id).filter(order_id=order).exists()
    assert Order.of(merchant.id).get(id=order).to_give_back_minor == 3690


def test_a_run_that_is_stopped_leaves_the_rest(merchant: Any, now: datetime) -> None:
    orders = [an_order(merchant) for _ in range(3)]
    run = begun(merchant, orders)
    jobs.drain(at=now, limit=1)

    stop_run(merchant_id=merchant.id, run_id=run.id, by="marie", at=now)
    work()

    assert [state for state, _ in states(merchant, run)] == ["done", "stopped", "stopped"]
    assert sorted(statuses(merchant, orders)) == ["cancelled", "open", "open"]
    assert again(merchant, run).state == "stopped"


def test_each_order_can_be_taken_back_within_its_window(merchant: Any, now: datetime) -> None:
    order = an_order(merchant)
    run = carried(merchant, [order], undo_seconds=120)
    row = BulkRow.of(merchant.id).get(run=run)

    assert row.undo_until and row.undo_until > now + timedelta(seconds=100)
    undo(merchant_id=merchant.id, cancellation_id=row.cancellation_id, by="marie", at=now)

    assert statuses(merchant, [order]) == ["open"]


def test_beginning_and_stopping_twice_is_once(merchant: Any, now: datetime) -> None:
    run = begun(merchant, [an_order(merchant)])
    common = {"merchant_id": merchant.id, "run_id": run.id, "by": "marie", "at": now}

    start_run(role="agent", **common)
    work()
    start_run(role="agent", **common)
    stop_run(**common)

    assert again(merchant, run).state == "done"
    assert Cancellation.of(merchant.id).count() == 1
    with pytest.raises(Refusal, match="already_begun"):
        judge_run(merchant_id=merchant.id, run_id=run.id, choices=choices(), role="agent", at=now)


@pytest.mark.parametrize(("count", "code"), [(0, "nothing_chosen"), (5001, "too_many_orders")])
def test_nothing_and_too_many_are_refused(merchant: Any, now: datetime, count: int, code: str) -> None:
    orders = [(merchant_id_of(i), None) for i in range(count)]

    with pytest.raises(Refusal, match=code):
        choose_orders(merchant_id=merchant.id, orders=orders, by="m", role="agent", at=now)


def merchant_id_of(number: int) -> Any:
    from uuid import UUID

    return UUID(int=number + 1)


def test_another_merchants_orders_cannot_be_chosen(merchant: Any, now: datetime) -> None:
    order = an_order(merchant)

    with pytest.raises(Refusal, match="nothing_chosen"):
        choose_orders(
            merchant_id=merchant.id + 1_000_000, orders=[(order, None)], by="m", role="agent", at=now
        )


PLACES = ("bulk.claimed", "carry_rows.begun", "confirm.locked", "confirm.written", "bulk.settled",
          "carry_rows.before_commit", "carry_rows.committed")  # fmt: skip


@pytest.mark.parametrize("point", PLACES)
def test_a_killed_worker_does_nothing_twice(merchant: Any, now: datetime, point: str) -> None:
    orders = [an_order(merchant) for _ in range(3)]
    run = begun(merchant, orders)

    assert dies_at(point, lambda: jobs.drain(at=datetime.now(UTC), limit=2))
    BulkRow.of(merchant.id).filter(state="running").update(lease_until=now - timedelta(seconds=1))
    work()

    assert (again(merchant, run).state, states(merchant, run)) == ("done", [("done", "")] * 3)
    assert Cancellation.of(merchant.id).count() == 3


def test_four_workers_at_once_call_off_each_order_once(merchant: Any) -> None:
    orders = [an_order(merchant) for _ in range(24)]
    run = begun(merchant, orders)
    start, raised = threading.Barrier(4), []

    def one_worker() -> None:
        try:
            start.wait(10)
            while jobs.drain(at=datetime.now(UTC), limit=3):
                pass
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=one_worker) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    work()

    assert raised == []
    assert [state for state, _ in states(merchant, run)] == ["done"] * 24
    assert Cancellation.of(merchant.id).count() == 24


def test_a_worker_whose_lease_is_past_does_nothing(merchant: Any, now: datetime) -> None:
    run = begun(merchant, [an_order(merchant)])
    mine = jobs.claim(run_id=run.id, at=now - timedelta(hours=1))
    theirs = jobs.claim(run_id=run.id, at=now)

    assert jobs.carry_rows(run_id=run.id, due=mine, at=now) == 0
    assert jobs.carry_rows(run_id=run.id, due=theirs, at=now) == 1
    assert jobs.carry_rows(run_id=run.id, due=theirs, at=now) == 0
    assert Cancellation.of(merchant.id).count() == 1
