"""How a change of the settings is told: one event each, with ids and what was chosen, never a person's data."""

from datetime import datetime
from typing import Any
from uuid import UUID

from countermand.events.record import event, record


def tell(
    kind: str,
    *,
    merchant_id: int,
    by: str,
    at: datetime,
    about: tuple[str, UUID | None] = ("merchant", None),
    **facts: Any,
) -> None:
    """This will write one fact about a merchant's settings, in the caller's transaction."""
    record([event(kind=kind, merchant_id=merchant_id, at=at, by=by, subject=about, **facts)])
