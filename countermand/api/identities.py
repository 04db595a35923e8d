"""Identities in addresses: opaque to clients, so one that cannot be ours is one that is not there."""

from uuid import UUID

from countermand import ids
from countermand.refusals import Refusal


def identity(text: str, *, of: str = "thing") -> UUID:
    """This will read an identity in an address. Refuses `not_found`."""
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("not_found", f"no such {of}") from None


def identity_asked(text: str | None) -> UUID | None:
    """This will read an identity to filter by: one that cannot be ours finds nothing."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        return ids.NONE
