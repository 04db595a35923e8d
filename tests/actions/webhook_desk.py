"""Webhooks in tests: a subscription, what happened planned for it, and carried while time passes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from countermand import sql
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.events.record import event, record
from countermand.overview.moments import events_feed
from countermand.webhooks import queue
from countermand.webhooks.actions import WithSecret, subscribe
from countermand.webhooks.jobs import deliver, plan_all
from countermand.webhooks.models import Delivery, Webhook
from tests.builders import an_order


def subscribed(merchant: Any, url: str, *events: str) -> WithSecret:
    """This will subscribe an address to kinds of event, all where none is named, with nothing of before to come."""
    all_committed()
    return subscribe(
        merchant_id=merchant.id, url=url, events=events or ("*",), by="test", at=datetime.now(UTC)
    )


# Other tests on the same server may hold the history back for a moment: it waits for every running transaction.
RUNNING = (
    "SELECT exists(SELECT 1 FROM event WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())), pg_sleep(0.01)"
)


def all_committed() -> None:
    """This will wait until nothing runs any more that began before the last event."""
    for _ in range(6000):  # a minute, on a server that somebody else keeps busy
        if not sql.tuples(RUNNING)[0][0]:
            return
    raise AssertionError("a transaction runs on and on")


def planned(*, waiting: bool = True) -> int:
    """This will plan all that happened, as the worker does; how many events were read."""
    read = 0
    if waiting:
        all_committed()
    while taken := plan_all(at=datetime.now(UTC), feed=events_feed):
        read += taken
    return read


def carried(webhook: Webhook, *, after: timedelta = timedelta(0)) -> int:
    """This will carry what is due for a subscription `after` a while, until nothing is."""
    at = datetime.now(UTC) + after
    tried = 0
    while webhook.id in queue.due(at=at, limit=1000):
        tried += deliver(webhook_id=webhook.id, clock=lambda: at)
    return tried


def of(webhook: Webhook) -> Any:
    """The deliveries of a subscription, in the order in which they were planned."""
    return Delivery.of(webhook.merchant_id).filter(webhook_id=webhook.id).order_by("id")


def cancel(merchant: Any, **wish: Any) -> Any:
    """This will call off a new order."""
    ask = Ask(**{"reason": "out_of_stock", **wish})
    order_id = an_order(merchant)
    return confirm(
        merchant_id=merchant.id, order_id=order_id, ask=ask, by="lea@shop.example", at=datetime.now(UTC)
    )


def there(merchant: Any) -> dict[str, Any]:
    """What the verbs of webhooks want to know besides."""
    return {"merchant_id": merchant.id, "by": "test", "at": datetime.now(UTC)}


def note(merchant: Any, order_id: Any) -> None:
    """This will write down that an order was noted on, in the caller's transaction."""
    fact = event(
        kind="order.noted", merchant_id=merchant.id, at=datetime.now(UTC), by="test", order_id=order_id
    )
    record([fact])
