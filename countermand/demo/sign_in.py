"""The demo's password: derived from the instance's secret key, so that nothing needs to be kept."""

from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha256
from hmac import digest

from django.conf import settings

from countermand.merchants.models import User


def password() -> str:
    """This will give the password of the demo's people: four groups of five letters and digits (100 bits)."""
    made = digest(settings.SECRET_KEY.encode(), b"countermand demo sign-in", sha256)
    word = b32encode(made).decode().lower()
    return "-".join(word[at : at + 5] for at in range(0, 20, 5))


def keep_password(*, emails: Iterable[str], password: str) -> None:
    """This will give people the password if they have another: the key it is derived from may have changed."""
    for user in User.objects.filter(email__in=list(emails)):
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
