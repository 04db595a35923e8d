"""Bodies about baskets: orders of several merchants that were paid at once."""

from typing import Annotated

from pydantic import Field

from countermand.api.schemas.kinds import Body, upto
from countermand.api.schemas.orders import OrderBody, PaymentBody


class BasketOrderBody(OrderBody):
    """An order of a basket: its merchant's code, and the order without payments."""

    merchant: Annotated[str, upto(64, least=1)]


class BasketBody(Body):
    """One captured payment and the orders that it paid; their worth together is its amount."""

    reference: Annotated[str, upto(64, least=1)]
    payment: PaymentBody
    orders: Annotated[list[BasketOrderBody], Field(min_length=1, max_length=50)]
