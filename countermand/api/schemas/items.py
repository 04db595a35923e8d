"""Bodies about articles and their stock."""

from typing import Annotated

from pydantic import Field

from countermand.api.schemas.kinds import Amount, Body, Currency, Named, Short, Text, upto

MOST_UNITS = 1_000_000_000

OnHand = Annotated[int, Field(ge=0, le=MOST_UNITS), Named("invalid_quantity", f"0 to {MOST_UNITS:,} units")]
Days = Annotated[int, Field(ge=1, le=365), Named("invalid_days", "1 to 365 days")]
Added = Annotated[
    int, Field(ge=-MOST_UNITS, le=MOST_UNITS), Named("invalid_quantity", "a number of units, not 0")
]


class ItemBody(Body):
    """What describes an article; what is left out stays. `on_hand` sets stock when it is made, and only then."""

    title: Annotated[str, upto(500)] | None = None
    product: Short | None = None
    options: Annotated[dict[Annotated[str, upto(64)], Short], Field(max_length=50)] | None = None
    interchangeable: Annotated[list[Annotated[str, upto(64)]], Field(max_length=50)] | None = None
    range: Short | None = None
    barcode: Annotated[str, upto(64)] | None = None
    price: Amount | None = None
    currency: Currency | None = None
    on_hand: OnHand | None = None
    active: bool | None = None
    restock_default: bool | None = None


class UnavailableBody(Body):
    """For how many days an article is off sale, today being the first."""

    days: Days


class StockBody(Body):
    """What was counted (`set`), or what came in or went (`add`): one of them."""

    set: OnHand | None = None
    add: Added | None = None
    note: Text | None = None


Skus = Annotated[
    list[Annotated[str, upto(64)]], Field(max_length=1_000), Named("too_many_items", "at most 1000 articles")
]


class OnSaleBody(Body):
    """Articles to be put on sale again, by sku."""

    skus: Skus


class OffSaleBody(OnSaleBody):
    """Articles to be taken off sale on every channel, by sku, and why."""

    why: Text | None = None
