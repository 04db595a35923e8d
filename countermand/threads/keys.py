"""The secrets with which channels sign what they hand in: made once, shown once, kept nowhere.

Signatures after Standard Webhooks (webhooks/signing.py): HMAC-SHA-256 over "id.timestamp.body", `v1,` and base64.
"""

import base64
import hmac
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from countermand import sql
from countermand.channels.models import Channel
from countermand.events.record import event, record
from countermand.refusals import Refusal
from countermand.threads.models import InboundKey
from countermand.webhooks import signing

TOLERANCE = timedelta(minutes=5)
BOTH_GOOD = timedelta(hours=24)  # after a change the sender has a day to learn the new secret
LONGEST_ID = 100
MOST_SIGNATURES = 5


class Made(NamedTuple):
    """A key, and its secret in plain: the only time that anybody sees it."""

    key: InboundKey
    secret: str


class Signed(NamedTuple):
    """Who signed: the channel, and the id under which the same message may come again."""

    merchant_id: int
    channel_id: UUID
    identity: str


@sql.verb
def make_key(*, merchant_id: int, code: str, by: str, at: datetime) -> Made:
    """This will make a channel's secret, or a new one; the one before is good for a day more. Refuses `not_found`."""
    channel = Channel.of(merchant_id).select_for_update(no_key=True).filter(code=code).first()
    if channel is None:
        raise Refusal("not_found", f"no channel {code!r}")
    found = InboundKey.of(merchant_id).filter(channel_id=channel.id).first()
    before = found and _still_good(found)
    key = found or InboundKey(merchant_id=merchant_id, channel_id=channel.id)
    key.old_salt, key.old_until = (bytes(key.salt), at + BOTH_GOOD) if before else (None, None)
    key.salt = os.urandom(16)
    secret = _secret(key.salt)
    key.fingerprint = signing.fingerprint(secret)
    key.made_at, key.made_by = at, by
    key.save()
    told = event(
        kind="webhook.inbound_key",
        merchant_id=merchant_id,
        at=at,
        by=by,
        subject=("channel", channel.id),
        renewed=found is not None,
    )
    record([told])
    return Made(key, signing.written(secret))


def verified(
    *, code: str, merchant: str, headers: Mapping[str, str], body: bytes, at: datetime
) -> Signed | None:
    """This will say which channel signed a body; None for nobody, whatever was wrong with it.

    Channels of several merchants may have one code: then `merchant` names whose. `headers` in lower case.
    """
    identity, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not 0 < len(identity) <= LONGEST_ID or not identity.isascii() or not identity.isprintable():
        return None
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        return None
    if abs(at.timestamp() - int(moment)) > TOLERANCE.total_seconds():
        return None
    keys = InboundKey.across_merchants.filter(channel__code=code)
    if merchant:
        keys = keys.filter(channel__merchant__code=merchant)
    found = list(keys[:2])
    if len(found) != 1:
        return None
    key = found[0]
    signed = f"{identity}.{moment}.".encode() + body
    given = [each.partition(",") for each in headers.get("webhook-signature", "").split()[:MOST_SIGNATURES]]
    for secret in _secrets(key, at):
        right = base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()
        if any(
            version == "v1" and hmac.compare_digest(sign.encode(), right.encode())
            for version, _, sign in given
        ):
            return Signed(key.merchant_id, key.channel_id, identity)
    return None


def _secrets(key: InboundKey, at: datetime) -> list[bytes]:
    salts = [bytes(key.salt)]
    if key.old_salt and key.old_until and key.old_until > at:
        salts.append(bytes(key.old_salt))
    return [_secret(salt) for salt in salts]


def _secret(salt: bytes) -> bytes:
    # Apart from what subscriptions sign with: the same salt would make another secret there.
    return signing.secret(salt=b"inbound" + salt)


def _still_good(key: InboundKey) -> bool:
    return signing.fingerprint(_secret(bytes(key.salt))) == bytes(key.fingerprint)
