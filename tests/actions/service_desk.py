"""What tests of refunds that the platform carries do again and again."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from countermand.cancellations.actions import Confirmed, confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.channels.actions import open_channel
from countermand.refunds.actions import let_go, settle_service
from countermand.refunds.models import Refund
from tests.builders import an_order

MUG = [("MUG-BLEU", 3, "10.00")]
SAID = "Rupture de stock, toutes nos excuses."


def a_channel(merchant: Any, terms: str, **overrides: Any) -> str:
    """Opens a place of sale under a preset, named after it."""
    open_channel(
        merchant_id=merchant.id,
        code=terms,
        name=terms,
        terms=terms,
        timezone="Europe/Paris",
        mode="test",
        overrides=overrides,
        by="test",
        at=datetime.now(UTC),
    )
    return terms


def a_sale(merchant: Any, channel: str, **body: Any) -> UUID:
    """An accepted, verified order of three mugs at 10.00, paid."""
    return an_order(merchant, **{"channel": channel, "lines": MUG, "accepted": True, **body})


def call_off(merchant: Any, order_id: UUID, **ask: Any) -> Confirmed:
    """Cancels with the text that the channel wants."""
    return confirm(
        merchant_id=merchant.id,
        order_id=order_id,
        ask=Ask(**{"reason": "out_of_stock", "message": SAID, **ask}),
        by="lea@example.org",
        at=datetime.now(UTC),
    )


def the_refund(merchant: Any, made: Confirmed) -> Refund:
    """The one refund of a cancellation."""
    [refund_id] = made.refunds
    return Refund.of(merchant.id).get(id=refund_id)


def the_state(merchant: Any, made: Confirmed) -> str:
    """The state of a cancellation now."""
    return Cancellation.of(merchant.id).get(id=made.id).state


def release(merchant: Any, refund: Refund) -> None:
    """The customer service lets a refund go."""
    let_go(merchant_id=merchant.id, refund_id=refund.id, by="service", at=datetime.now(UTC))


def pay_otherwise(merchant: Any, refund: Refund, **more: Any) -> None:
    """The customer service has paid in its own way."""
    at = datetime.now(UTC)
    facts = {"settled_at": at - timedelta(minutes=1), "evidence": "virement 4711", **more}
    settle_service(merchant_id=merchant.id, refund_id=refund.id, by="service", at=at, **facts)
