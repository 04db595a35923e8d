"""What is answered about articles and their stock (see `answers`)."""

from countermand.api.schemas.answers import Answer


class _Described(Answer):
    sku: str
    title: str
    product: str
    options: dict[str, str]
    interchangeable: list[str]
    range: str
    barcode: str
    price: str | None
    currency: str | None
    on_hand: int | None
    allocated: int
    sellable: int | None
    unavailable_until: str | None
    active: bool


class ItemAnswer(_Described):
    """An article; `on_hand` null: kept without stock. `listing`: on_sale, unavailable, or suspended on the channel asked for."""

    listing: str
    restock_default: bool | None


class ShortOrderAnswer(Answer):
    """An open order that stock does not cover."""

    id: str
    number: str
    placed_at: str
    open: int
    short: int


class StockAnswer(ItemAnswer):
    """An article after its stock changed."""

    open_orders: list[ShortOrderAnswer]


class ItemList(Answer):
    """Articles by sku."""

    items: list[ItemAnswer]
    next: str | None


class WaitedAnswer(Answer):
    """Units of an article that an order still waits for."""

    id: str
    number: str
    placed_at: str
    sku: str
    open: int


class OffSaleAnswer(Answer):
    """What a wish for many articles came to; `unknown` are no articles. `open_orders`: 250 at most."""

    changed: list[str]
    unchanged: list[str]
    unknown: list[str]
    open_orders: list[WaitedAnswer]


class AlternativeAnswer(_Described):
    """An article to propose instead: other_option, equivalent or same_range."""

    kind: str


class AlternativeList(Answer):
    """What can be proposed instead, best first."""

    items: list[AlternativeAnswer]
    next: str | None
