"""Channels under each preset's terms, and orders on them, for the tests of terms."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from countermand.channels.actions import open_channel
from countermand.channels.models import Channel
from tests.builders import an_order


def a_channel(merchant: Any, terms: str, code: str = "", **overrides: Any) -> Channel:
    """This will open a channel in test mode under a preset, once per merchant; its code is the preset's name."""
    return open_channel(
        merchant_id=merchant.id,
        code=code or terms,
        name=terms.replace("_", " ").title(),
        terms=terms,
        timezone="Europe/Paris",
        mode="test",
        overrides=overrides,
        by="test",
        at=datetime.now(UTC),
    )


def a_pending_order(merchant: Any, terms: str = "amazon", **body: Any) -> UUID:
    """This will take in an order whose payment the platform verifies; its money is authorised."""
    a_channel(merchant, terms)
    return an_order(merchant, **{"channel": terms, "paid": "authorized", "verification": "pending", **body})
