"""Bodies about an order's payments."""

from typing import Annotated

from countermand.api.schemas.kinds import Amount, Body, Instant, upto


class CaptureBody(Body):
    """What to draw; without `amount` what is due."""

    amount: Amount | None = None


class ExternalRefundBody(Body):
    """Money that was given back without us."""

    amount: Amount
    provider_refund: Annotated[str, upto(255)] | None = None
    at: Instant | None = None
