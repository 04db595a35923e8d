"""What a merchant does with subscriptions: make, change, stop, try out, send again."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from json import dumps
from typing import Any, NamedTuple
from uuid import UUID

from countermand import fetching, ids, sql
from countermand.events import ping as worker
from countermand.events.record import event, record
from countermand.merchants.practice import practises
from countermand.refusals import Refusal
from countermand.webhooks import kinds, signing
from countermand.webhooks.models import ACTIVE, DISABLED, Delivery, Webhook

MOST = 20  # of one merchant: each is another reader of the whole history
BOTH_SIGN = timedelta(hours=24)  # after a change of secret the receiver has a day to learn the new one

# Events of transactions that run now, and all later ones, have this number or a higher one.
HERE = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
REMOVE = "DELETE FROM webhook_delivery WHERE webhook_id = %s"


class WithSecret(NamedTuple):
    """A subscription, and its secret in plain: the only time that anybody sees it."""

    webhook: Webhook
    secret: str


@sql.verb
def subscribe(*, merchant_id: int, url: str, events: Sequence[str], by: str, at: datetime) -> WithSecret:
    """This will have events that happen from now on told to an address.

    Refuses `invalid_url`, `not_https`, `blocked_address`, `unknown_event`, `required`, `too_many_webhooks`,
    and `in_practice` (SH-21: nothing of practice leaves).
    """
    if practises(merchant_id):
        raise Refusal("in_practice", "practice tells nobody", field="url")
    _check(url)
    wanted = kinds.checked(events)
    if Webhook.of(merchant_id).count() >= MOST:
        raise Refusal("too_many_webhooks", f"at most {MOST}", field="url")
    made = Webhook(
        merchant_id=merchant_id,
        url=url,
        events=wanted,
        salt=b"",
        fingerprint=b"",
        xid=sql.tuples(HERE)[0][0],
        created_at=at,
        by=by,
    )
    secret = _new_secret(made)
    made.save(force_insert=True)
    _say("webhook.created", made, by=by, at=at)
    return WithSecret(made, secret)


@sql.verb
def change(
    *,
    merchant_id: int,
    webhook_id: UUID,
    by: str,
    at: datetime,
    url: str | None = None,
    events: Sequence[str] | None = None,
    active: bool | None = None,
) -> Webhook:
    """This will change a subscription, stop it, or let it go on where it stopped: nothing is left out.

    Refuses as `subscribe` does, and `not_found`.
    """
    found = locked(merchant_id=merchant_id, webhook_id=webhook_id)
    if url is not None and url != found.url:
        _check(url)
        found.url = url
        found.failures, found.rests_until = 0, None
    if events is not None:
        found.events = kinds.checked(events)
    if active and found.state == DISABLED:
        found.state, found.disabled_because, found.disabled_at = ACTIVE, "", None
        found.failures, found.rests_until = 0, None
    elif active is False and found.state == ACTIVE:
        found.state, found.disabled_because, found.disabled_at = DISABLED, "by_hand", at
    found.save()
    _say("webhook.changed", found, by=by, at=at, state=found.state)
    worker.ping()
    return found


@sql.verb
def remove(*, merchant_id: int, webhook_id: UUID, by: str, at: datetime) -> None:
    """This will end a subscription for good, with all that waits for it. Refuses `not_found`."""
    found = locked(merchant_id=merchant_id, webhook_id=webhook_id)
    sql.execute(REMOVE, (found.id,))
    _say("webhook.removed", found, by=by, at=at)
    Webhook.of(merchant_id).filter(id=found.id).delete()


@sql.verb
def rotate(*, merchant_id: int, webhook_id: UUID, by: str, at: datetime) -> WithSecret:
    """This will make a new secret; the one before signs besides for a day. Refuses `not_found`."""
    found = locked(merchant_id=merchant_id, webhook_id=webhook_id)
    before = bytes(found.salt)
    still_good = signing.fingerprint(signing.secret(salt=before)) == bytes(found.fingerprint)
    found.old_salt, found.old_until = (before, at + BOTH_SIGN) if still_good else (None, None)
    secret = _new_secret(found)
    found.save()
    _say("webhook.rotated", found, by=by, at=at)
    return WithSecret(found, secret)


@sql.verb
def try_out(*, merchant_id: int, webhook_id: UUID, by: str, at: datetime) -> Delivery:
    """This will send an event of no consequence, `webhook.ping`, to a subscription. Refuses `not_found`."""
    found = locked(merchant_id=merchant_id, webhook_id=webhook_id)
    _wake(found)
    subject = {"type": "webhook", "id": str(found.id)}
    moment = {"id": None, "at": at.isoformat(), "kind": kinds.PING, "by": "member", "order_id": None}
    payload = dumps({**moment, "subject": subject, "facts": {}}, separators=(",", ":"))
    identity = ids.new()
    made = Delivery(
        id=identity,
        merchant_id=merchant_id,
        webhook_id=found.id,
        key=key_of(identity),
        kind=kinds.PING,
        payload=payload,
        not_before=at,
        created_at=at,
    )
    made.save(force_insert=True)
    worker.ping()
    return made


@sql.verb
def send_again_delivery(*, merchant_id: int, delivery_id: UUID, by: str, at: datetime) -> Delivery:
    """This will send a delivery once more, with the same webhook-id and three new days of patience.

    Refuses `not_found`, and `in_progress` for one that is still to be tried by itself within the minute.
    """
    known = Delivery.of(merchant_id).filter(id=delivery_id).values_list("webhook_id", flat=True).first()
    if known is None:
        raise Refusal("not_found", "no such delivery")
    _wake(locked(merchant_id=merchant_id, webhook_id=known))
    found = Delivery.of(merchant_id).select_for_update(no_key=True).get(id=delivery_id)
    if found.state == "sending":
        raise Refusal("in_progress", "it is being sent right now")
    found.state, found.not_before, found.error = "planned", at, ""
    found.begun_at, found.lease_until, found.lease_by = None, None, None
    found.save(update_fields=["state", "not_before", "error", "begun_at", "lease_until", "lease_by"])
    worker.ping()
    return found


def locked(*, merchant_id: int, webhook_id: UUID) -> Webhook:
    """This will lock a subscription, which stands before its deliveries. Refuses `not_found`."""
    found = Webhook.of(merchant_id).select_for_update(no_key=True).filter(id=webhook_id).first()
    if found is None:
        raise Refusal("not_found", "no such webhook")
    return found


def key_of(identity: UUID) -> str:
    """This will give a delivery's webhook-id: the same at each try, so that a receiver knows it again."""
    return f"msg_{identity.hex}"


def _wake(webhook: Webhook) -> None:
    if webhook.rests_until is not None:
        webhook.rests_until = None
        webhook.save(update_fields=["rests_until"])


def _check(url: str) -> None:
    try:
        fetching.check(url)
    except fetching.NotFetched as no:
        detail = "https, a public address, no name or password in it; this very machine with COUNTERMAND_FETCH_LOOPBACK=1"
        raise Refusal(no.code, detail, field="url") from None


def _new_secret(webhook: Webhook) -> str:
    webhook.salt = os.urandom(16)
    made = signing.secret(salt=webhook.salt)
    webhook.fingerprint = signing.fingerprint(made)
    return signing.written(made)


def _say(kind: str, webhook: Webhook, *, by: str, at: datetime, **facts: Any) -> None:
    subject = ("webhook", webhook.id)
    record([event(kind=kind, merchant_id=webhook.merchant_id, at=at, by=by, subject=subject, **facts)])
