"""The link of an invitation: derived from the instance's secret, so that no table holds it in plain."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import digest

from django.conf import settings

from countermand.merchants.models import Invitation

LASTS_DAYS = 7


def key_of(invitation: Invitation) -> str:
    """This will give the secret part of an invitation's link; sent again, it is another one."""
    content = f"countermand invitation {invitation.id} {invitation.sent}".encode()
    return urlsafe_b64encode(digest(settings.SECRET_KEY.encode(), content, sha256)).decode().rstrip("=")


def digest_of(key: str) -> bytes:
    """This will say how a link is looked up."""
    return sha256(key.encode("utf-8", "replace")).digest()


def link_of(invitation: Invitation) -> str:
    """This will give the whole link, on the configured public address and never on the asker's Host."""
    return f"{settings.PUBLIC_URL}/invitation/{key_of(invitation)}"
