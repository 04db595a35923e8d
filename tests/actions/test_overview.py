"""Refunds in lists, the history as a feed, and what needs a person."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from countermand.correspondence.models import Contact, Message
from countermand.events.record import event, record
from countermand.overview import backlog, todo
from countermand.overview.moments import events_feed
from countermand.overview.refunds import refund_list, refund_shape
from countermand.refunds.jobs import drain
from countermand.refusals import Refusal
from tests.actions.overview_shop import Shop, others_have_ended, statements


@pytest.fixture
def shop(merchant: Any, now: datetime) -> Shop:
    return Shop(merchant.id, now)


def paid(reference: str) -> list[dict[str, Any]]:
    reference = f"{reference}-{datetime.now(UTC).timestamp()}"
    return [
        {"provider": "sandbox", "amount": "38.80", "state": "captured", "provider_reference": reference},
    ]


def test_refunds_are_listed_by_state_and_order(shop: Shop) -> None:
    first, second = shop.order("1"), shop.order("2")
    shop.cancel(first)
    drain(at=datetime.now(UTC))
    shop.cancel(second, ("1", 1))

    def states(**asked: Any) -> list[str]:
        return [row["state"] for row in refund_list(merchant_id=shop.merchant_id, **asked)["items"]]

    assert states() == ["planned", "succeeded"]
    assert states(state="in_flight") == ["planned"]
    assert states(state="succeeded,failed") == ["succeeded"]
    assert states(order_id=first) == ["succeeded"]
    assert states(order_id=first, state="failed") == []


def test_pages_of_refunds_follow_each_other(shop: Shop) -> None:
    order_id = shop.order()
    for _ in range(3):
        shop.cancel(order_id, ("1", 1))

    first = refund_list(merchant_id=shop.merchant_id, limit=2)
    second = refund_list(merchant_id=shop.merchant_id, limit=2, cursor=first["next"])

    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)
    assert len({row["id"] for row in first["items"] + second["items"]}) == 3
    with pytest.raises(Refusal) as refused:
        refund_list(merchant_id=shop.merchant_id, state="planned", cursor=first["next"])
    assert refused.value.code == "cursor_differs"


def test_a_refund_is_told_as_the_contract_says(shop: Shop) -> None:
    order_id = shop.order()
    confirmed = shop.cancel(order_id, ("1", 2))

    told = refund_shape(merchant_id=shop.merchant_id, refund_id=confirmed.refunds[0])

    assert (told["order_id"], told["cancellation"]) == (str(order_id), str(confirmed.id))
    assert (told["payment"], told["method"], told["kind"]) == ("p1", "original", "refund")
    assert (told["amount"], told["currency"], told["state"], told["tries"]) == ("21.26", "EUR", "planned", 0)
    with pytest.raises(Refusal) as refused:
        refund_shape(merchant_id=shop.merchant_id + 1, refund_id=confirmed.refunds[0])
    assert refused.value.status == 404


def feed(shop: Shop, **asked: Any) -> dict[str, Any]:
    others_have_ended()
    return events_feed(merchant_id=shop.merchant_id, **asked)


def kinds(answer: dict[str, Any]) -> list[str]:
    return [row["kind"] for row in answer["items"]]


def test_the_feed_goes_on_where_a_reader_stopped(shop: Shop) -> None:
    order_id = shop.order()
    seen = feed(shop)
    shop.cancel(order_id)

    rest = feed(shop, after=seen["items"][-1]["id"])

    assert kinds(seen)[-1] == "order.received"
    assert kinds(rest)[:2] == ["cancellation.confirmed", "refund.planned"]
    assert rest["items"][0]["facts"]["refund"] == "38.80"
    assert feed(shop, after=rest["items"][-1]["id"])["items"] == []


def test_the_feed_of_one_order_holds_that_one_only(shop: Shop) -> None:
    first = shop.order("1")
    shop.order("2")

    told = feed(shop, order=first)

    assert [(row["kind"], row["order_id"]) for row in told["items"]] == [("order.received", str(first))]


def test_pages_of_the_feed_are_followed_by_next(shop: Shop) -> None:
    shop.cancel(shop.order())
    whole = feed(shop, limit=250)["items"]

    pages, after = [], None
    while True:
        page = feed(shop, after=after, limit=2)
        pages += page["items"]
        after = page["next"]
        if after is None:
            break

    assert pages == whole


def test_a_slow_writers_events_are_not_jumped_over(shop: Shop, now: datetime) -> None:
    """The slow transaction takes its numbers first and commits last: nobody may read past it meanwhile."""
    order_id = shop.order()
    after = feed(shop, limit=250)["items"][-1]["id"]
    written, read_meanwhile = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                fact = event(
                    kind="note.slow", merchant_id=shop.merchant_id, at=now, by="a", order_id=order_id
                )
                record([fact])
                written.set()
                read_meanwhile.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(30)
    record([event(kind="note.quick", merchant_id=shop.merchant_id, at=now, by="b", order_id=order_id)])
    meanwhile = kinds(events_feed(merchant_id=shop.merchant_id, after=after))
    read_meanwhile.set()
    thread.join()

    assert meanwhile == []
    assert kinds(feed(shop, after=after)) == ["note.slow", "note.quick"]


@pytest.mark.parametrize("after", ["x", "12", "-", "1-", "-1", "9" * 30 + "-1", "1-²", "1-1;drop"])
def test_a_place_that_is_no_events_id_is_refused(shop: Shop, after: str) -> None:
    with pytest.raises(Refusal) as refused:
        events_feed(merchant_id=shop.merchant_id, after=after)

    assert (refused.value.code, refused.value.status) == ("invalid_cursor", 422)


def to_do(shop: Shop, at: datetime | None = None) -> list[dict[str, Any]]:
    return todo.to_do(merchant_id=shop.merchant_id, at=at or datetime.now(UTC))


def test_what_is_refused_by_the_provider_waits_for_a_person(shop: Shop) -> None:
    shop.cancel(shop.order(payments=paid("decline")))
    drain(at=datetime.now(UTC))

    found = {row["kind"]: row for row in to_do(shop)}

    # It is owed because it was declined: one thing, not two.
    assert set(found) == {"refund_failed"}
    assert (found["refund_failed"]["amount"], found["refund_failed"]["error"]) == ("38.80", "declined")
    assert found["refund_failed"]["due_on"] is not None


def test_a_refund_by_hand_and_a_sale_to_accept_wait_for_a_person(shop: Shop) -> None:
    by_hand = [{"provider": "manual", "method": "cash", "amount": "38.80", "state": "captured"}]
    shop.cancel(shop.order("1", payments=by_hand))
    shop.order("2", accepted=False)

    assert {(row["kind"], row["number"]) for row in to_do(shop)} == {
        ("refund_by_hand", "1"),
        ("to_accept", "2"),
    }


def test_the_longest_waiting_stands_first(shop: Shop, now: datetime) -> None:
    for days, number in ((1, "yesterday"), (3, "long ago"), (0, "today")):
        shop.order(number, accepted=False, placed_at=(now - timedelta(days=days)).isoformat())

    assert [row["number"] for row in to_do(shop)] == ["long ago", "yesterday", "today"]


def test_EM2_a_buyer_is_called_again_until_somebody_has(shop: Shop, now: datetime) -> None:
    order_id = shop.order()

    def contact(at: datetime, again: datetime | None) -> None:
        Contact.across_merchants.create(
            merchant_id=shop.merchant_id,
            order_id=order_id,
            by_means="phone",
            at=at,
            outcome="no_answer",
            call_again_at=again,
            by="marie",
        )

    contact(now, now + timedelta(hours=2))

    assert [row["kind"] for row in to_do(shop, now + timedelta(hours=1))] == []
    assert [row["kind"] for row in to_do(shop, now + timedelta(hours=3))] == ["call_again"]
    contact(now + timedelta(hours=4), None)
    assert to_do(shop, now + timedelta(hours=5)) == []


def test_a_mail_that_did_not_go_out_waits_for_a_person(shop: Shop) -> None:
    shop.cancel(shop.order(), when="now")
    drain(at=datetime.now(UTC))
    Message.of(shop.merchant_id).update(state="failed", error="no such mailbox")

    [row] = to_do(shop)

    assert (row["kind"], row["error"]) == ("message_failed", "no such mailbox")
    assert todo.counts(merchant_id=shop.merchant_id, at=datetime.now(UTC))["message_failed"] == 1


def test_AZ11_a_hidden_buyer_is_hidden_on_the_list_of_what_to_do(shop: Shop) -> None:
    overpaid = [{"provider": "sandbox", "amount": "50.00", "state": "captured"}]
    shop.order(verification="pending", payments=overpaid)

    [row] = to_do(shop)

    assert (row["kind"], row["amount"]) == ("to_give_back", "11.20")
    assert row["customer"] == {"name": "", "email": "", "phone": ""}


def test_what_needs_a_person_is_read_in_one_statement(shop: Shop) -> None:
    for number in range(5):
        shop.order(str(number), accepted=False)

    assert statements(lambda: to_do(shop)) == 1


def test_the_backlog_counts_what_is_due(shop: Shop) -> None:
    drain(at=datetime.now(UTC))
    before = backlog.counts()["refunds due"]
    shop.cancel(shop.order())

    assert backlog.counts()["refunds due"] == before + 1
