"""Subscriptions of other programs: made, changed, ended; and what was told to them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity
from countermand.api.once import Unkept, answer, once
from countermand.api.schemas import webhooks as schemas
from countermand.api.short_lists import short_list
from countermand.overview import cursors
from countermand.overview.written import instant
from countermand.webhooks import actions, queries
from countermand.webhooks.models import ACTIVE, Delivery, Webhook

router = Router(tags=["webhooks"])


@router.post("/webhooks", auth=may("tokens"), response={201: schemas.WebhookSecretAnswer})
def subscribe(request: HttpRequest, body: schemas.WebhookBody) -> HttpResponse:
    """This will have events told to an address from now on; the answer holds the secret, this once.

    Asked with an Idempotency-Key, the answer to a repetition holds the one that signs then.
    """
    bearer = bearer_of(request)

    def work() -> tuple[int, Any]:
        made = actions.subscribe(
            merchant_id=bearer.merchant_id,
            url=body.url,
            events=body.events,
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 201, shape(made.webhook)

    return once(request, work, unkept=_secret_of(bearer.merchant_id))


@router.get("/webhooks", auth=may("tokens"), response=schemas.WebhookList)
def webhooks(request: HttpRequest, limit: int = 50, cursor: str | None = None) -> HttpResponse:
    """This will list the subscriptions."""
    found = queries.webhooks(merchant_id=bearer_of(request).merchant_id)
    return short_list(request, found, key=lambda one: str(one.id), shape=shape, limit=limit, cursor=cursor)


@router.get("/webhooks/{webhook_id}", auth=may("tokens"), response=schemas.WebhookAnswer)
def webhook(request: HttpRequest, webhook_id: str) -> HttpResponse:
    """This will show one subscription."""
    wanted = identity(webhook_id, of="webhook")
    return answer(shape(queries.webhook(merchant_id=bearer_of(request).merchant_id, webhook_id=wanted)))


@router.patch("/webhooks/{webhook_id}", auth=may("tokens"), response=schemas.WebhookAnswer)
def change(request: HttpRequest, webhook_id: str, body: schemas.WebhookChanges) -> HttpResponse:
    """This will change a subscription, stop it, or let it go on where it stopped."""
    bearer, wanted = bearer_of(request), identity(webhook_id, of="webhook")

    def work() -> tuple[int, Any]:
        changed = actions.change(
            merchant_id=bearer.merchant_id,
            webhook_id=wanted,
            by=bearer.by,
            at=datetime.now(UTC),
            **body.given(),
        )
        return 200, shape(changed)

    return once(request, work)


@router.delete("/webhooks/{webhook_id}", auth=may("tokens"), response={204: None})
def remove(request: HttpRequest, webhook_id: str) -> HttpResponse:
    """This will end a subscription for good, with what waits for it."""
    bearer, wanted = bearer_of(request), identity(webhook_id, of="webhook")

    def work() -> tuple[int, Any]:
        actions.remove(merchant_id=bearer.merchant_id, webhook_id=wanted, by=bearer.by, at=datetime.now(UTC))
        return 204, None

    return once(request, work)


@router.post("/webhooks/{webhook_id}/secret", auth=may("tokens"), response={201: schemas.WebhookSecretAnswer})
def rotate(request: HttpRequest, webhook_id: str) -> HttpResponse:
    """This will make a new secret; the one before signs besides for a day."""
    bearer, wanted = bearer_of(request), identity(webhook_id, of="webhook")

    def work() -> tuple[int, Any]:
        made = actions.rotate(
            merchant_id=bearer.merchant_id, webhook_id=wanted, by=bearer.by, at=datetime.now(UTC)
        )
        return 201, shape(made.webhook)

    return once(request, work, unkept=_secret_of(bearer.merchant_id))


@router.post("/webhooks/{webhook_id}/ping", auth=may("tokens"), response={202: schemas.DeliveryAnswer})
def ping(request: HttpRequest, webhook_id: str) -> HttpResponse:
    """This will send an event of no consequence, to try the address out."""
    bearer, wanted = bearer_of(request), identity(webhook_id, of="webhook")

    def work() -> tuple[int, Any]:
        made = actions.try_out(
            merchant_id=bearer.merchant_id, webhook_id=wanted, by=bearer.by, at=datetime.now(UTC)
        )
        return 202, delivery_shape(made)

    return once(request, work)


@router.get("/webhooks/{webhook_id}/deliveries", auth=may("tokens"), response=schemas.DeliveryList)
def deliveries(
    request: HttpRequest, webhook_id: str, limit: int = 50, cursor: str | None = None
) -> HttpResponse:
    """This will list what was told to a subscription and what came back, newest first; kept for 30 days."""
    merchant_id, wanted = bearer_of(request).merchant_id, identity(webhook_id, of="webhook")
    cursors.checked(limit)
    asked = ["deliveries", merchant_id, str(wanted)]
    before = cursors.read(cursor, asked=asked)[0] if cursor else None
    page = queries.deliveries(merchant_id=merchant_id, webhook_id=wanted, before=before, limit=limit + 1)
    shown, more = page[:limit], len(page) > limit
    following = cursors.make(place=[str(shown[-1].id)], asked=asked) if more else None
    return answer({"items": [delivery_shape(one) for one in shown], "next": following})


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/resend",
    auth=may("tokens"),
    response={202: schemas.DeliveryAnswer},
)
def resend(request: HttpRequest, webhook_id: str, delivery_id: str) -> HttpResponse:
    """This will send a delivery once more, under the same webhook-id."""
    bearer, wanted = bearer_of(request), identity(delivery_id, of="delivery")
    queries.webhook(merchant_id=bearer.merchant_id, webhook_id=identity(webhook_id, of="webhook"))

    def work() -> tuple[int, Any]:
        again = actions.send_again_delivery(
            merchant_id=bearer.merchant_id, delivery_id=wanted, by=bearer.by, at=datetime.now(UTC)
        )
        return 202, delivery_shape(again)

    return once(request, work)


def _secret_of(merchant_id: int) -> Unkept:
    def unkept(kept: dict[str, Any]) -> dict[str, Any]:
        return {"secret": queries.secret_of(merchant_id=merchant_id, webhook_id=UUID(kept["id"]))}

    return unkept


def shape(webhook: Webhook) -> dict[str, Any]:
    """This will write a subscription."""
    return {
        "id": str(webhook.id),
        "url": webhook.url,
        "events": webhook.events,
        "active": webhook.state == ACTIVE,
        "disabled_because": webhook.disabled_because or None,
        "disabled_at": instant(webhook.disabled_at),
        "last_delivered_at": instant(webhook.delivered_at),
        "created_at": instant(webhook.created_at),
    }


def delivery_shape(delivery: Delivery) -> dict[str, Any]:
    """This will write a delivery."""
    waits = delivery.state in ("planned", "sending")
    return {
        "id": str(delivery.id),
        "webhook_id": delivery.key,
        "event": delivery.event or None,
        "kind": delivery.kind,
        "state": delivery.state,
        "tries": delivery.tries,
        "next_at": instant(delivery.not_before) if waits else None,
        "tried_at": instant(delivery.tried_at),
        "status": delivery.status,
        "answer": delivery.answer or None,
        "error": delivery.error or None,
        "took_ms": delivery.took_ms,
        "payload": delivery.payload,
        "created_at": instant(delivery.created_at),
    }
