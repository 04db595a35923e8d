"""Telling the outside: the history becomes deliveries, and deliveries are carried to their addresses.

Verbs pay nothing for it: they write their events as ever, and this reads them in commit order afterwards.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from json import dumps
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from countermand import __version__, faults, fetching, ids, outside, sql
from countermand.events.record import event, record
from countermand.webhooks import kinds, queue, signing
from countermand.webhooks.actions import key_of
from countermand.webhooks.models import ACTIVE, DISABLED, Delivery, Webhook
from countermand.webhooks.queries import secrets_now
from countermand.webhooks.rules import Heard, next_try, rest

log = logging.getLogger(__name__)

BY = "worker"
EVENTS = 500  # of one subscription in one pass
SECONDS = 10.0  # for one answer
TURN_SECONDS = 30.0  # for one address, before others that wait get their turn
KEPT_DAYS = 30
LONGEST_ANSWER = 2000
AGENT = f"Countermand/{__version__}"

# A page of the history after a place in it: (merchant_id, after, limit) → {"items": [...]} as GET /events has it.
Feed = Callable[..., dict[str, Any]]
Going = Callable[[], bool]

NEWS = """
SELECT w.merchant_id, w.id FROM webhook w
WHERE w.state = 'active' AND EXISTS (
    SELECT 1 FROM event e WHERE e.merchant_id = w.merchant_id
        AND (e.xid, e.id) > (w.xid::text::xid8, w.event_number) AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
)
ORDER BY w.served_at NULLS FIRST LIMIT 100
"""


def plan_all(*, at: datetime, feed: Feed) -> int:
    """This will make deliveries of what happened since; how many events were read."""
    return sum(
        plan_deliveries(merchant_id=merchant_id, webhook_id=webhook_id, at=at, feed=feed)
        for merchant_id, webhook_id in sql.tuples(NEWS)
    )


@sql.verb
def plan_deliveries(*, merchant_id: int, webhook_id: UUID, at: datetime, feed: Feed) -> int:
    """This will read on in the history where a subscription stands, and plan what it asked for, once each.

    The place moves in the same transaction, under the subscription's lock: two workers cannot plan one event twice.
    """
    found = (
        Webhook.of(merchant_id)
        .select_for_update(no_key=True, skip_locked=True)
        .filter(id=webhook_id, state=ACTIVE)
        .first()
    )
    if found is None:
        return 0
    items = feed(merchant_id=merchant_id, after=f"{found.xid}-{found.event_number}", limit=EVENTS)["items"]
    if not items:
        return 0
    told = [moment for moment in items if kinds.asks_for(found.events, moment["kind"])]
    # Identities of one millisecond are in no order; deliveries are, as what happened is.
    identities = sorted(ids.new() for _ in told)
    Delivery.across_merchants.bulk_create(
        _planned(found, moment, identity, at) for moment, identity in zip(told, identities, strict=True)
    )
    xid, _, number = items[-1]["id"].partition("-")
    found.xid, found.event_number = int(xid), int(number)
    found.save(update_fields=["xid", "event_number"])
    return len(items)


def _planned(webhook: Webhook, moment: dict[str, Any], identity: UUID, at: datetime) -> Delivery:
    # Who of the merchant's people did it stays in the house.
    told = {**moment, "by": "member"} if "@" in moment["by"] else moment
    return Delivery(
        id=identity,
        merchant_id=webhook.merchant_id,
        webhook_id=webhook.id,
        key=key_of(identity),
        event=moment["id"],
        kind=moment["kind"],
        order_id=moment["order_id"],
        payload=dumps(told, ensure_ascii=False, separators=(",", ":")),
        not_before=at,
        created_at=at,
    )


def deliver(
    *, webhook_id: UUID, going: Going = lambda: True, clock: Callable[[], datetime] | None = None
) -> int:
    """This will carry one batch of a subscription's due deliveries to its address; how many were tried.

    An address that does not answer is left alone for a while, so it costs one time-out and not twenty.
    """
    now = clock or (lambda: datetime.now(UTC))
    with transaction.atomic():
        waiting = queue.claim(webhook_id=webhook_id, at=now())
    faults.point("webhook.claimed")
    tried, until = 0, time.monotonic() + TURN_SECONDS
    while waiting and going() and time.monotonic() < until:
        row = waiting.pop(0)
        heard = _told(row, at=now())
        faults.point("webhook.sent")
        tried += 1
        if not _settle_delivery(row, heard, at=now()) or heard.place_is_away:
            break
    queue.leave(waiting)
    return tried


def _told(row: dict[str, Any], *, at: datetime) -> Heard:
    """One try. Whatever goes wrong is an outcome of this one delivery."""
    secrets = secrets_now(row, at=at)
    if not secrets:
        return Heard(None, "secret_lost")
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        **signing.headers(key=row["key"], at=at, payload=row["payload"], secrets=secrets),
    }
    outside.leaving("webhook", delivery_id=row["id"])
    connection.close()  # none is kept while somebody outside makes up their mind: the pool is small
    began = time.monotonic()
    try:
        answer = fetching.post(url=row["url"], body=row["payload"].encode(), headers=headers, seconds=SECONDS)
    except fetching.NotFetched as no:
        return Heard(None, no.code, took_ms=_since(began))
    text = answer.body.decode("utf-8", "replace").replace("\x00", "")[:LONGEST_ANSWER]
    return Heard(answer.status, "", text, answer.retry_after, _since(began))


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


@sql.verb
def _settle_delivery(row: dict[str, Any], heard: Heard, *, at: datetime) -> bool:
    """Writes what came of one try: received, to be tried again, or given up, which may end the subscription.

    Says whether the subscription still wants to be told.
    """
    webhook = (
        Webhook.of(row["merchant_id"]).select_for_update(no_key=True).filter(id=row["webhook_id"]).first()
    )
    if webhook is None:
        return False  # removed meanwhile, and its deliveries with it
    again = None
    state = "delivered" if heard.received else "failed"
    if not heard.received:
        again = next_try(heard=heard, begun_at=row["begun_at"], at=at)
        state = "planned" if again else "failed"
    ours = queue.settle(
        id=row["id"],
        tries=row["tries"],
        state=state,
        not_before=again,
        at=at,
        status=heard.status,
        answer=heard.answer,
        error=heard.error,
        took_ms=heard.took_ms,
    )
    if not ours:
        return webhook.state == ACTIVE
    webhook.served_at = at
    if heard.received:
        webhook.failures, webhook.rests_until, webhook.delivered_at = 0, None, at
    elif heard.place_is_away:
        webhook.failures += 1
        webhook.rests_until = at + rest(failures=webhook.failures)
    _judge(webhook, heard, given_up=state == "failed", begun_at=row["begun_at"], at=at)
    webhook.save(
        update_fields=[
            *("served_at", "failures", "rests_until", "delivered_at"),
            *("state", "disabled_because", "disabled_at"),
        ]
    )
    return webhook.state == ACTIVE


def _judge(webhook: Webhook, heard: Heard, *, given_up: bool, begun_at: datetime, at: datetime) -> None:
    """Ends a subscription whose receiver is gone, has not taken anything for three days, or cannot know our secret."""
    silent = webhook.delivered_at is None or webhook.delivered_at < begun_at
    why = "gone" if heard.gone else "secret_lost" if heard.error == "secret_lost" else ""
    why = why or ("gave_up" if given_up and silent else "")
    if not why or webhook.state == DISABLED:
        return
    webhook.state, webhook.disabled_because, webhook.disabled_at = DISABLED, why, at
    record(
        [
            event(
                kind="webhook.disabled",
                merchant_id=webhook.merchant_id,
                at=at,
                by=BY,
                subject=("webhook", webhook.id),
                reason=why,
            )
        ]
    )


def forget_old(*, at: datetime, limit: int = 5000) -> int:
    """This will forget one chunk of deliveries that were settled more than 30 days ago."""
    return queue.forget(before=at - timedelta(days=KEPT_DAYS), limit=limit)
