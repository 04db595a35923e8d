"""Who asks: the bearer token, its role, and its pace."""

from django.http import HttpRequest

from countermand.access import tokens
from countermand.access.tokens import Bearer
from countermand.api import pace
from countermand.api.problems import Problem
from countermand.merchants.roles import require


class Token:
    """What ninja calls before an operation: without a good token nothing of the request is read."""

    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __init__(self, permission: str) -> None:
        self.permission = permission

    def __call__(self, request: HttpRequest) -> Bearer:
        """This will find the holder of the token. Refuses 401, 429, and `forbidden` (403)."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        bearer = tokens.who(token.strip()) if scheme.lower() == "bearer" else None
        if bearer is None:
            raise Problem(401, detail="a bearer token is needed: Authorization: Bearer TOKEN")
        pace.check(bearer.token_id)
        require(bearer.role, self.permission)
        return bearer


def may(permission: str) -> Token:
    """This will let an operation be called by holders of a token whose role has a permission."""
    return Token(permission)


def bearer_of(request: HttpRequest) -> Bearer:
    """This will say who asks, once `may` has let them in."""
    bearer: Bearer = request.auth  # type: ignore[attr-defined]
    return bearer
