"""The address under which a buyer answers our mails: one per order, which nobody can guess.

It is made of the order's id and the instance's key and kept nowhere: `reply+<token>@<inbound domain>`.
Letters and digits in one case only, since mail servers may change the case on the way.
"""

import hmac
from base64 import b32decode, b32encode
from binascii import Error
from uuid import UUID

from django.conf import settings

BEFORE = "reply+"
_PROOF_BYTES = 10


def address_of(order_id: UUID) -> str:
    """This will give the address to which answers about an order go; "" where no domain is set up for them."""
    if not settings.INBOUND_DOMAIN:
        return ""
    token = b32encode(order_id.bytes + _proof(order_id)).decode().rstrip("=").lower()
    return f"{BEFORE}{token}@{settings.INBOUND_DOMAIN}"


def order_of(address: str) -> UUID | None:
    """This will read the order in an address of ours; None for any other, also one that was made up."""
    local, _, domain = address.strip().lower().rpartition("@")
    if not settings.INBOUND_DOMAIN or domain != settings.INBOUND_DOMAIN or not local.startswith(BEFORE):
        return None
    token = local.removeprefix(BEFORE).upper()
    try:
        content = b32decode(token + "=" * (-len(token) % 8))
    except (Error, ValueError):
        return None
    if len(content) != 16 + _PROOF_BYTES:
        return None
    order_id = UUID(bytes=content[:16])
    return order_id if hmac.compare_digest(content[16:], _proof(order_id)) else None


def _proof(order_id: UUID) -> bytes:
    made = hmac.digest(settings.SECRET_KEY.encode(), b"reply address" + order_id.bytes, "sha256")
    return made[:_PROOF_BYTES]
