"""Signatures after Standard Webhooks (standardwebhooks.com, specification 1.0.0, read 2026-11-22)."""

import base64
import hmac
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.conf import settings

PREFIX = "whsec_"


def secret(*, salt: bytes) -> bytes:
    """This will make the 32 bytes that sign: of the instance's key and a subscription's salt, kept nowhere."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"webhook secret" + bytes(salt), "sha256")


def written(made: bytes) -> str:
    """This will write a secret as receivers' libraries read it: `whsec_` and base64."""
    return PREFIX + base64.b64encode(made).decode()


def fingerprint(made: bytes) -> bytes:
    """This will give what a secret is recognised by: after a change of the instance's key it is another one."""
    return sha256(b"webhook fingerprint" + made).digest()[:8]


def headers(*, key: str, at: datetime, payload: str, secrets: Iterable[bytes]) -> dict[str, str]:
    """This will sign a payload with every secret that is good now; a receiver that knows one of them accepts it."""
    moment = str(int(at.timestamp()))
    signed = f"{key}.{moment}.{payload}".encode()
    made = (base64.b64encode(hmac.digest(each, signed, "sha256")).decode() for each in secrets)
    return {
        "webhook-id": key,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{each}" for each in made),
    }
