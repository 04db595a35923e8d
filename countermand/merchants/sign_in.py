"""How people come in: nobody signs up by themselves; members are invited."""

import os
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

# The demo's people: no real person has an address at example.test (RFC 2606).
DEMO_DOMAIN = "@example.test"


class ClosedSignUp(DefaultAccountAdapter):
    """allauth asks this adapter before it offers a sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """This will do nothing: people have an e-mail address and no user name."""


class Backend(AuthenticationBackend):
    """Knows people by e-mail and password. The demo's people come in on the loopback address only.

    Django asks `user_can_authenticate` at sign-in and again at each request: an open session ends too.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        # Here too: allauth keeps whom `user_can_authenticate` refuses and would greet them all the same.
        said = str(credentials.get("email") or credentials.get("username") or "").lower()
        if said.endswith(DEMO_DOMAIN) and not demo_may_sign_in():
            return None
        return super().authenticate(request, **credentials)

    def user_can_authenticate(self, user: Any) -> bool:
        if user.email.endswith(DEMO_DOMAIN) and not demo_may_sign_in():
            return False
        return bool(super().user_can_authenticate(user))


def demo_may_sign_in() -> bool:
    """This will say whether the demo's known password may open anything (docs/decisions/0000, Security)."""
    return os.environ.get("COUNTERMAND_DEMO_SIGN_IN", "1") != "0"


def address_of(request: HttpRequest) -> str:
    """This will say from which address somebody signs in, as the proxies in front tell it; none believed by default."""
    return get_client_ip(request) or ""
