"""Identities in addresses: opaque to clients, so one that cannot be ours is one that is not there."""

from uuid import UUID

from countermand import ids
from countermand.refusals import Refusal


def identity(text: str, *, of: str = "thing") -> UUID:
    """This will read an identity in an address. Refuses `not_found`."""
    found = _written(text)
    if found is None:
        raise Refusal("not_found", f"no such {of}")
    return found


def identity_asked(text: str | None) -> UUID | None:
    """This will read an identity to filter by: one that cannot be ours finds nothing."""
    if not text:
        return None
    return _written(text) or ids.NONE


def _written(text: str) -> UUID | None:
    """The identity that a text is, written as we write it; no other way of writing it was ever handed out."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None
