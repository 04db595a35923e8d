"""Webhooks: what happened is told, signed, once or once more under the same id, and a dead address harms nobody."""

import itertools
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from standardwebhooks import Webhook as Verifier

from countermand import sql
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.orders.actions.notes import add_note
from countermand.overview.moments import events_feed
from countermand.webhooks.jobs import deliver, plan_deliveries
from tests.actions.receiver import loopback_allowed, receiving
from tests.actions.webhook_desk import all_committed, cancel, carried, note, of, planned, subscribed, there
from tests.at_once import at_once
from tests.builders import an_order
from tests.races.test_kills import dies_at

DAY = timedelta(days=1)
TIMES = (0, 1, 3, 7, 13, 25, 37, 49, 73, 79)  # hours: once after each try
BLOCKED = "https://10.0.0.1/"
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch) -> None:
    loopback_allowed(monkeypatch)


def test_what_happened_is_told_as_the_feed_tells_it(merchant: Any) -> None:
    with receiving() as receiver:
        made = subscribed(merchant, receiver.url, "cancellation.confirmed", "refund.*")
        done = cancel(merchant)
        assert planned() > 2 and carried(made.webhook) == 2
    feed = {each["id"]: each for each in events_feed(merchant_id=merchant.id, limit=200)["items"]}
    assert [told["kind"] for told in receiver.events] == ["cancellation.confirmed", "refund.planned"]
    for told in receiver.events:
        assert {**told, "by": feed[told["id"]]["by"]} == feed[told["id"]]
    assert receiver.events[0]["subject"]["id"] == str(done.id)
    assert set(of(made.webhook).values_list("state", flat=True)) == {"delivered"}


def test_what_is_sent_is_signed_after_standard_webhooks(merchant: Any) -> None:
    with receiving() as receiver:
        made = subscribed(merchant, receiver.url)
        cancel(merchant)
        planned(), carried(made.webhook)
    assert receiver.seen
    for headers, body in receiver.seen:
        assert Verifier(made.secret).verify(body, headers)["id"]
    headers, body = receiver.seen[0]
    with pytest.raises(Exception, match="No matching signature"):
        Verifier(made.secret).verify(body.replace("{", "{ ", 1), headers)


def test_the_secret_stands_in_no_table(merchant: Any) -> None:
    made = subscribed(merchant, "https://shop.example/")
    row = sql.rows("SELECT w::text AS text FROM webhook w WHERE id = %s", (made.webhook.id,))[0]["text"]
    assert made.secret.removeprefix("whsec_")[:12] not in row


def test_AZ11_nothing_about_people_is_told(merchant: Any) -> None:
    with receiving() as receiver:
        made = subscribed(merchant, receiver.url)
        person = {"name": "Zélie Caché", "email": "zelie@example.org", "phone": "+33612345678"}
        order_id = an_order(merchant, customer=person, verification="pending", paid="authorized")
        add_note(order_id=order_id, text="rappeler Zélie", **there(merchant))
        cancel(merchant)
        planned(), carried(made.webhook)
    told = " ".join(body for _, body in receiver.seen)
    assert str(order_id) in told
    for secret in ("Zélie", "zelie", "612345678", "lea@shop", "ana@", "Ana"):
        assert secret not in told


def test_confirm_pays_nothing_for_webhooks(merchant: Any) -> None:
    def statements() -> int:
        seen: list[str] = []
        order_id = an_order(merchant)
        with sql.watched(seen.append):
            confirm(
                merchant_id=merchant.id,
                order_id=order_id,
                ask=Ask(reason="budget"),
                by="t",
                at=datetime.now(UTC),
            )
        return sum("NOTIFY" not in each for each in seen)

    statements()
    before = statements()
    for _ in range(3):
        subscribed(merchant, BLOCKED.replace("10.0.0.1", "shop.example"))
    assert statements() == before


def test_only_what_happens_from_now_on_is_told(merchant: Any) -> None:
    cancel(merchant)
    with receiving() as receiver:
        made = subscribed(merchant, receiver.url)
        planned()
        assert not of(made.webhook).exists()
        order_id = an_order(merchant)
        planned(), carried(made.webhook)
    assert {told["order_id"] for told in receiver.events} == {str(order_id)}


def test_a_slow_transaction_is_waited_for_and_not_jumped_over(merchant: Any) -> None:
    made = subscribed(merchant, "https://shop.example/", "order.noted")
    order_id = an_order(merchant)
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            note(merchant, order_id)
            written.set()
            assert go_on.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    note(merchant, order_id)  # later, and committed first
    planned(waiting=False)
    assert not of(made.webhook).exists()
    go_on.set()
    thread.join()
    planned()
    assert of(made.webhook).count() == 2


def test_two_workers_plan_each_event_once(merchant: Any) -> None:
    made = subscribed(merchant, "https://shop.example/")
    for _ in range(4):
        cancel(merchant)
    all_committed()

    def plan() -> None:
        for _ in range(20):
            plan_deliveries(
                merchant_id=merchant.id, webhook_id=made.webhook.id, at=datetime.now(UTC), feed=events_feed
            )

    assert at_once(plan, plan, plan) == [None, None, None]
    planned()
    told = list(of(made.webhook).values_list("event", flat=True))
    feed = events_feed(merchant_id=merchant.id, limit=250)["items"]
    happened = {each["id"] for each in feed if each["order_id"]}
    assert len(told) == len(set(told)) and happened == set(told)


def test_two_carriers_send_each_delivery_once(merchant: Any) -> None:
    with receiving() as receiver:
        made = subscribed(merchant, receiver.url)
        for _ in range(4):
            cancel(merchant)
        planned()
        carry = lambda: [deliver(webhook_id=made.webhook.id) for _ in range(4)]  # noqa: E731
        assert at_once(carry, carry, carry) == [None, None, None]
        carried(made.webhook)
    assert len(receiver.ids) == len(set(receiver.ids)) == of(made.webhook).count()


@pytest.mark.parametrize(
    "point", ["webhook.claimed", "webhook.sent", "settle_delivery.before_commit", "settle_delivery.committed"]
)
def test_killed_anywhere_it_is_told_at_most_twice_under_one_id(merchant: Any, point: str) -> None:
    with receiving() as receiver:
        made = subscribed(merchant, receiver.url, "cancellation.confirmed")
        cancel(merchant)
        planned()
        assert dies_at(point, lambda: deliver(webhook_id=made.webhook.id))
        carried(made.webhook, after=timedelta(minutes=3))
    assert len(set(receiver.ids)) == 1 and 1 <= len(receiver.ids) <= 2
    assert of(made.webhook).get().state == "delivered"


def test_killed_while_planning_nothing_is_lost_or_planned_twice(merchant: Any) -> None:
    made = subscribed(merchant, "https://shop.example/", "cancellation.confirmed")
    cancel(merchant)
    for place in ("begun", "before_commit", "committed"):
        dies_at(f"plan_deliveries.{place}", planned)
    planned()
    assert of(made.webhook).count() == 1
