"""Keys to the API: made once, shown once, kept as a digest."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from countermand import sql
from countermand.access.models import ApiToken
from countermand.events.record import event, record
from countermand.merchants.roles import ROLES
from countermand.refusals import Refusal

PREFIX = "cm_"  # so that a key found in a log or a repository is recognised as one
LONGEST = 200

WHO = """
SELECT t.merchant_id, t.role, t.id, t.name, m.code, m.timezone, m.language, m.approval_rules,
    t.last_used_at IS NULL OR t.last_used_at < now() - interval '10 minutes'
FROM api_token t JOIN merchant m ON m.id = t.merchant_id
WHERE t.digest = %s AND t.revoked_at IS NULL
"""
# Written down every ten minutes at most: a busy key would otherwise be one hot row.
USED = """
UPDATE api_token SET last_used_at = now()
WHERE id = %s AND (last_used_at IS NULL OR last_used_at < now() - interval '10 minutes')
"""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who holds a token: a merchant, with the role that the token was given."""

    merchant_id: int
    role: str
    token_id: UUID
    name: str
    merchant_code: str
    timezone: str
    language: str
    approval_rules: str = "[]"  # as JSON: read where something is held back by them, and only there

    @property
    def by(self) -> str:
        """This will name the holder in the history."""
        return f"api:{self.name}"[:100]


@sql.verb
def issue(
    *, merchant_id: int, name: str, role: str = "owner", by: str = "console", at: datetime | None = None
) -> str:
    """This will make a token and hand it back in plain: the only time that anybody sees it.

    Refuses `unknown_role`, and `invalid_name` outside 1 to 100 characters.
    """
    if role not in ROLES:
        raise Refusal("unknown_role", f"roles are {', '.join(ROLES)}", field="role")
    if not 0 < len(name.strip()) <= 100:
        raise Refusal("invalid_name", "a name has 1 to 100 characters", field="name")
    plain = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.across_merchants.create(
        merchant_id=merchant_id, name=name.strip(), role=role, digest=_digest(plain)
    )
    _say("token.issued", token, by=by, at=at or datetime.now(UTC))
    return plain


def who(token: str) -> Bearer | None:
    """This will say who holds a token; nobody holds one that is unknown or revoked."""
    if not token.startswith(PREFIX) or len(token) > LONGEST:
        return None
    found = sql.tuples(WHO, (_digest(token),))
    if not found:
        return None
    *known, stale = found[0]
    bearer = Bearer(*known)
    if stale:
        sql.execute(USED, (bearer.token_id,))
    return bearer


@sql.verb
def revoke(*, merchant_id: int, token_id: UUID, by: str, at: datetime) -> None:
    """This will end a token for good; ended before, nothing happens. Refuses `not_found`."""
    token = ApiToken.of(merchant_id).select_for_update(no_key=True).filter(id=token_id).first()
    if token is None:
        raise Refusal("not_found", "no such token")
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        _say("token.revoked", token, by=by, at=at)


def tokens(*, merchant_id: int) -> list[ApiToken]:
    """This will list a merchant's tokens, newest first; what they are in plain is known to nobody."""
    return list(ApiToken.of(merchant_id).order_by("-created_at", "-id"))


def _digest(plain: str) -> bytes:
    # No salt and no slow hash: 256 random bits cannot be guessed, and each request looks one up.
    return sha256(plain.encode("utf-8", "replace")).digest()


def _say(kind: str, token: ApiToken, *, by: str, at: datetime) -> None:
    subject = ("token", token.id)
    record([event(kind=kind, merchant_id=token.merchant_id, at=at, by=by, subject=subject, role=token.role)])
