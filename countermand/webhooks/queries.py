"""Questions about subscriptions and what was told to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from countermand.refusals import Refusal
from countermand.webhooks import signing
from countermand.webhooks.models import ACTIVE, Delivery, Webhook


def webhooks(*, merchant_id: int) -> list[Webhook]:
    """This will list a merchant's subscriptions, oldest first."""
    return list(Webhook.of(merchant_id).order_by("id"))


def webhook(*, merchant_id: int, webhook_id: UUID) -> Webhook:
    """This will find one subscription. Refuses `not_found`."""
    found = Webhook.of(merchant_id).filter(id=webhook_id).first()
    if found is None:
        raise Refusal("not_found", "no such webhook")
    return found


def deliveries(
    *, merchant_id: int, webhook_id: UUID, before: str | None = None, limit: int = 50
) -> list[Delivery]:
    """This will list deliveries, newest first; `before` is the id of the last one seen. Refuses `not_found`."""
    webhook(merchant_id=merchant_id, webhook_id=webhook_id)
    found = Delivery.of(merchant_id).filter(webhook_id=webhook_id).order_by("-id")
    return list((found.filter(id__lt=before) if before else found)[:limit])


def delivery(*, merchant_id: int, delivery_id: UUID) -> Delivery:
    """This will find one delivery with its subscription. Refuses `not_found`."""
    found = Delivery.of(merchant_id).filter(id=delivery_id).select_related("webhook").first()
    if found is None:
        raise Refusal("not_found", "no such delivery")
    return found


def disabled_count(*, merchant_id: int) -> int:
    """This will count the subscriptions that stopped by themselves and wait for a person."""
    return Webhook.of(merchant_id).exclude(state=ACTIVE).exclude(disabled_because="by_hand").count()


def secret_of(*, merchant_id: int, webhook_id: UUID) -> str | None:
    """This will write the secret that signs for a subscription now; None when it is gone, or its secret lost."""
    found = Webhook.of(merchant_id).filter(id=webhook_id).first()
    if found is None:
        return None
    made = signing.secret(salt=bytes(found.salt))
    return signing.written(made) if signing.fingerprint(made) == bytes(found.fingerprint) else None


def secrets_now(row: dict[str, Any], *, at: datetime) -> list[bytes]:
    """This will give the secrets that sign at a moment: the newest, and the one before for a day after a change.

    None at all when the instance's key is another one than when the secret was shown.
    """
    newest = signing.secret(salt=row["salt"])
    if signing.fingerprint(newest) != bytes(row["fingerprint"]):
        return []
    old = row["old_salt"] if row["old_until"] and row["old_until"] > at else None
    return [newest, *([signing.secret(salt=old)] if old else [])]
