"""A talk with the buyer, as the forms of several pages tell it (EM-2)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from countermand.correspondence.actions import log_contact


def log_spoken(request: Any, order_id: UUID, said: Mapping[str, Any]) -> None:
    """This will log what a form says about a talk. Refuses what `log_contact` refuses."""
    log_contact(
        merchant_id=request.desk.merchant_id,
        order_id=order_id,
        by_means=said["by"],
        outcome=said["outcome"],
        note=said["text"],
        call_again_at=said["call_again_at"],
        by=request.desk.by,
        at=datetime.now(UTC),
    )
