"""An article as plain facts: what rules read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `on_hand` None: kept without stock. `unavailable_until`: the day on which it is back."""

    sku: str
    title: str = ""
    product: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    interchangeable: tuple[str, ...] = ()
    range: str = ""
    price_minor: int | None = None
    currency: str = ""
    on_hand: int | None = None
    allocated: int = 0
    active: bool = True
    unavailable_until: date | None = None
    barcode: str = ""
