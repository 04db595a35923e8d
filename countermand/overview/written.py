"""Instants, days and identities as JSON has them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID


def instant(at: datetime | str | None) -> str | None:
    """This will write an instant after RFC 3339; PostgreSQL's own writing of one is brought into the same form."""
    if not at:
        return None
    return (datetime.fromisoformat(at) if isinstance(at, str) else at).isoformat()


def day(on: date | None) -> str | None:
    """This will write a day: "2026-11-23"."""
    return on.isoformat() if on else None


def identity(of: UUID | None) -> str | None:
    """This will write an identity, which is opaque to readers."""
    return str(of) if of else None


def instants_of(row: dict[str, Any], *names: str) -> dict[str, str | None]:
    """This will write several instants of a row under their own names."""
    return {name: instant(row[name]) for name in names}
