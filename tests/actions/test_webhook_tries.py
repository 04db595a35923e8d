"""Webhooks that are not taken at once: tries, stops, secrets that change, and who carries them on."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from standardwebhooks import Webhook as Verifier

from countermand import sql
from countermand.events.models import Event
from countermand.overview.moments import events_feed
from countermand.refusals import Refusal
from countermand.webhooks import actions
from countermand.webhooks.jobs import deliver, forget_old
from countermand.webhooks.models import Delivery, Webhook
from countermand.worker.after_restore import hold_outgoing
from countermand.worker.leases import end_leases_of_the_dead
from countermand.worker.postman import Postman
from tests.actions.receiver import loopback_allowed, receiving
from tests.actions.webhook_desk import cancel, carried, of, planned, subscribed, there
from tests.at_once import at_once
from tests.races.test_kills import dies_at

DAY = timedelta(days=1)
TIMES = (0, 1, 3, 7, 13, 25, 37, 49, 73, 79)  # hours: once after each try
BLOCKED = "https://10.0.0.1/"
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch) -> None:
    loopback_allowed(monkeypatch)


def test_what_fails_is_tried_again_later_with_the_same_id(merchant: Any) -> None:
    with receiving(answers=[503, 500, 200]) as receiver:
        made = subscribed(merchant, receiver.url, "cancellation.confirmed")
        cancel(merchant)
        planned()
        assert carried(made.webhook) == 1
        waiting = of(made.webhook).get()
        assert (waiting.state, waiting.status, waiting.answer) == ("planned", 503, "merci")
        assert carried(made.webhook) == 0
        assert carried(made.webhook, after=timedelta(seconds=20)) == 1
        assert carried(made.webhook, after=timedelta(minutes=10)) == 1
    done = of(made.webhook).get()
    assert (done.state, done.tries) == ("delivered", 3) and len(set(receiver.ids)) == 1


def test_after_three_days_of_silence_the_subscription_stops_and_says_so(merchant: Any) -> None:
    with receiving(answers=[500]) as receiver:
        made = subscribed(merchant, receiver.url, "cancellation.confirmed")
        cancel(merchant), cancel(merchant)
        planned()
        for hours in TIMES:
            carried(made.webhook, after=timedelta(hours=hours))
        tries = len(receiver.seen)
        assert carried(made.webhook, after=30 * DAY) == 0
    stopped = Webhook.of(merchant.id).get()
    assert (stopped.state, stopped.disabled_because) == ("disabled", "gave_up")
    assert 2 <= tries <= 24 and len(receiver.seen) == tries
    assert Event.of(merchant.id).filter(kind="webhook.disabled", subject_id=stopped.id).count() == 1


def test_one_event_that_is_never_taken_does_not_end_a_subscription_that_works(merchant: Any) -> None:
    with receiving(answers=[400, 200]) as receiver:
        made = subscribed(merchant, receiver.url, "cancellation.confirmed")
        cancel(merchant)
        planned(), carried(made.webhook)
        cancel(merchant)
        planned(), carried(made.webhook)
        receiver.answers = [400]
        for hours in TIMES:
            carried(made.webhook, after=timedelta(hours=hours))
    assert list(of(made.webhook).values_list("state", flat=True)) == ["failed", "delivered"]
    assert Webhook.of(merchant.id).get().state == "active"


def test_who_says_gone_is_believed_at_once(merchant: Any) -> None:
    with receiving(answers=[410]) as receiver:
        made = subscribed(merchant, receiver.url)
        cancel(merchant)
        planned(), carried(made.webhook)
    assert len(receiver.seen) == 1
    assert Webhook.of(merchant.id).get().disabled_because == "gone"


def test_a_stopped_subscription_goes_on_where_it_stopped(merchant: Any) -> None:
    with receiving() as receiver:
        made = subscribed(merchant, receiver.url, "cancellation.confirmed")
        actions.change(webhook_id=made.webhook.id, active=False, **there(merchant))
        missed = cancel(merchant)
        planned(), carried(made.webhook)
        assert receiver.seen == []
        actions.change(webhook_id=made.webhook.id, active=True, **there(merchant))
        planned(), carried(made.webhook)
    assert [told["subject"]["id"] for told in receiver.events] == [str(missed.id)]


def test_a_dead_address_costs_one_try_and_not_one_for_each_delivery(merchant: Any) -> None:
    with receiving(answers=[500]) as receiver:
        made = subscribed(merchant, receiver.url)
        for _ in range(5):
            cancel(merchant)
        planned()
        assert of(made.webhook).count() > 10
        assert carried(made.webhook) == 1 == len(receiver.seen)
    assert of(made.webhook).filter(state="planned", tries=0, begun_at=None).count() > 9


def test_a_slow_address_holds_up_no_other(merchant: Any) -> None:
    with receiving() as slow, receiving() as quick:
        slow.hold.clear()
        for receiver in (slow, quick):
            subscribed(merchant, receiver.url, "cancellation.confirmed")
        cancel(merchant)
        planned()
        with Postman() as postman:
            assert slow.came.wait(20) and quick.came.wait(20), "both were called while one has not answered"
            postman.look()
            slow.hold.set()
    assert (len(slow.ids), len(quick.ids)) == (1, 1)
    assert set(Delivery.of(merchant.id).values_list("state", flat=True)) == {"delivered"}


def test_the_address_is_judged_again_at_each_try(merchant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver:
        made = subscribed(merchant, receiver.url, "cancellation.confirmed")
        cancel(merchant)
        planned()
        monkeypatch.setattr(settings, "FETCH_LOOPBACK", False)
        carried(made.webhook)
        assert receiver.seen == [] and of(made.webhook).get().error == "not_https"


def test_a_new_secret_and_the_old_one_both_sign_for_a_day(merchant: Any) -> None:
    with receiving() as receiver:
        first = subscribed(merchant, receiver.url, "cancellation.confirmed")
        second = actions.rotate(webhook_id=first.webhook.id, **there(merchant))
        cancel(merchant)
        planned(), carried(first.webhook)
        for secret in (first.secret, second.secret):
            Verifier(secret).verify(receiver.seen[0][1], receiver.seen[0][0])
        Webhook.of(merchant.id).update(old_until=datetime.now(UTC))
        cancel(merchant)
        planned(), carried(first.webhook)
    headers, body = receiver.seen[-1]
    Verifier(second.secret).verify(body, headers)
    with pytest.raises(Exception, match="No matching signature"):
        Verifier(first.secret).verify(body, headers)


def test_with_another_key_of_the_instance_nothing_is_signed_wrongly(
    merchant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as receiver:
        made = subscribed(merchant, receiver.url, "cancellation.confirmed")
        cancel(merchant)
        planned()
        monkeypatch.setattr(settings, "SECRET_KEY", "another")
        carried(made.webhook)
        assert receiver.seen == [] and Webhook.of(merchant.id).get().disabled_because == "secret_lost"
        fresh = actions.rotate(webhook_id=made.webhook.id, **there(merchant))
        actions.change(webhook_id=made.webhook.id, active=True, **there(merchant))
        actions.send_again_delivery(delivery_id=of(made.webhook).get().id, **there(merchant))
        carried(made.webhook, after=timedelta(seconds=1))
        Verifier(fresh.secret).verify(receiver.seen[0][1], receiver.seen[0][0])


def test_a_person_sends_it_once_more(merchant: Any) -> None:
    with receiving(answers=[410, 200]) as receiver:
        made = subscribed(merchant, receiver.url, "cancellation.confirmed")
        cancel(merchant)
        planned(), carried(made.webhook)
        actions.change(webhook_id=made.webhook.id, active=True, **there(merchant))
        failed = of(made.webhook).get()
        assert failed.state == "failed"
        actions.send_again_delivery(delivery_id=failed.id, **there(merchant))
        carried(made.webhook, after=timedelta(seconds=1))
    assert len(receiver.ids) == 2 and len(set(receiver.ids)) == 1
    assert of(made.webhook).get().state == "delivered"


def test_a_ping_tries_the_address_out(merchant: Any) -> None:
    with receiving() as receiver:
        made = subscribed(merchant, receiver.url, "refund.failed")
        actions.try_out(webhook_id=made.webhook.id, **there(merchant))
        carried(made.webhook, after=timedelta(seconds=1))
    assert receiver.events[0]["kind"] == "webhook.ping"


def test_removed_while_it_is_being_told_is_removed(merchant: Any) -> None:
    with receiving() as receiver:
        receiver.hold.clear()
        made = subscribed(merchant, receiver.url)
        cancel(merchant)
        planned()

        def remove() -> None:
            assert receiver.came.wait(20)
            actions.remove(webhook_id=made.webhook.id, **there(merchant))
            receiver.hold.set()

        assert at_once(lambda: deliver(webhook_id=made.webhook.id), remove) == [None, None]
    assert not Delivery.of(merchant.id).exists() and not Webhook.of(merchant.id).exists()


def test_a_merchant_touches_its_own_only(merchant: Any) -> None:
    made = subscribed(merchant, "https://shop.example/")
    actions.try_out(webhook_id=made.webhook.id, **there(merchant))
    stranger = {**there(merchant), "merchant_id": merchant.id + 1}
    for deed in (actions.change, actions.remove, actions.rotate, actions.try_out):
        with pytest.raises(Refusal, match="not_found"):
            deed(webhook_id=made.webhook.id, **stranger)
    with pytest.raises(Refusal, match="not_found"):
        actions.send_again_delivery(delivery_id=of(made.webhook).get().id, **stranger)


def test_no_more_than_twenty(merchant: Any) -> None:
    for _ in range(actions.MOST):
        subscribed(merchant, "https://shop.example/")
    with pytest.raises(Refusal, match="too_many_webhooks"):
        subscribed(merchant, "https://shop.example/")


def test_old_deliveries_are_forgotten_and_waiting_ones_kept(merchant: Any) -> None:
    made = subscribed(merchant, "https://shop.example/")
    cancel(merchant)
    planned()
    first = of(made.webhook).first()
    Delivery.of(merchant.id).filter(id=first.id).update(state="delivered")
    before = of(made.webhook).count()
    forget_old(at=datetime.now(UTC) + 31 * DAY)
    assert of(made.webhook).count() == before - 1


def test_what_a_dead_worker_held_is_taken_over_at_once(merchant: Any) -> None:
    with receiving() as receiver:
        made = subscribed(merchant, receiver.url, "cancellation.confirmed")
        cancel(merchant)
        planned()
        assert dies_at("webhook.claimed", lambda: deliver(webhook_id=made.webhook.id))
        assert carried(made.webhook) == 0
        # The worker that died took them under a number of its own, which is nobody's now.
        of(made.webhook).filter(state="sending").update(lease_by=7)
        connection.ensure_connection()
        end_leases_of_the_dead(connection.connection)
        assert carried(made.webhook, after=timedelta(seconds=1)) == 1
    assert of(made.webhook).get().state == "delivered"


def test_after_a_restore_the_history_goes_on_and_is_told_from_there(merchant: Any) -> None:
    cancel(merchant)
    with receiving() as receiver:
        made = subscribed(merchant, receiver.url, "cancellation.confirmed")
        told = cancel(merchant)
        planned(), carried(made.webhook)
        # As the backup has it: numbers of transactions of a cluster that had seen many more.
        sql.execute(
            "UPDATE event SET xid = (xid::text::bigint + 10^12::bigint)::text::xid8 WHERE merchant_id = %s",
            (merchant.id,),
        )
        Webhook.of(merchant.id).update(xid=Webhook.of(merchant.id).get().xid + 10**12)
        hold_outgoing()
        later = cancel(merchant)
        planned(), carried(made.webhook, after=timedelta(minutes=1))
    assert [one["subject"]["id"] for one in receiver.events] == [str(told.id), str(later.id)]
    feed = [each["id"] for each in events_feed(merchant_id=merchant.id, limit=200)["items"]]
    assert len(feed) == Event.of(merchant.id).count()
