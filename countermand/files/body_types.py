"""Types of the bodies in a file: what a door checks before it hands a body to a verb, which judges meaning.

The same shapes as POST /orders and PUT /items/{sku} (docs/api.md); unknown names are refused.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from countermand.refusals import Refusal


def _as(read: Callable[[str], Any], like: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        try:
            read(text)
        except ValueError:
            raise ValueError(f"is written like {like}") from None
        return text

    return check


Code = Annotated[str, Field(min_length=1, max_length=64)]
Short = Annotated[str, Field(max_length=64)]
Key = Annotated[str, Field(max_length=255)]
Text = Annotated[str, Field(max_length=5_000)]
Amount = Annotated[str, Field(max_length=24)]
Instant = Annotated[str, AfterValidator(_as(datetime.fromisoformat, "2026-11-20T10:00:00+01:00"))]
Day = Annotated[str, AfterValidator(_as(date.fromisoformat, "2026-11-23"))]
Quantity = Annotated[int, Field(ge=1, le=1_000_000)]


class Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class Customer(Body):
    name: Annotated[str, Field(max_length=200)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    phone: Short | None = None
    language: Annotated[str, Field(max_length=8)] | None = None


class Address(Body):
    name: Key | None = None
    line1: Key | None = None
    line2: Key | None = None
    postal_code: Short | None = None
    city: Key | None = None
    region: Key | None = None
    country: Short | None = None
    phone: Short | None = None


class Line(Body):
    reference: Code | None = None
    sku: Code
    title: Annotated[str, Field(max_length=500)] | None = None
    quantity: Quantity
    unit_price: Amount
    tax_rate: Amount | None = None
    tax_amount: Amount | None = None
    discount: Amount | None = None


class Discount(Body):
    title: Key | None = None
    amount: Amount
    target: Literal["lines", "shipping", "all"] | None = None


class Shipping(Body):
    amount: Amount
    tax_rate: Amount | None = None
    tax_amount: Amount | None = None


class Fee(Body):
    title: Key | None = None
    amount: Amount
    tax_rate: Amount | None = None
    refundable: bool = True


class Payment(Body):
    reference: Code | None = None
    provider: Code
    method: Code | None = None
    amount: Amount
    currency: Short | None = None
    state: Code
    captured_amount: Amount | None = None
    refunded: Amount | None = None
    provider_reference: Key | None = None
    last_digits: Code | None = None


class Parcel(Body):
    line: Code
    quantity: Quantity


class Fulfilment(Body):
    reference: Code | None = None
    shipped_at: Instant
    confirmed: bool = True
    carrier: Annotated[str, Field(max_length=100)] | None = None
    tracking: Annotated[str, Field(max_length=200)] | None = None
    lines: list[Parcel]


class Risk(Body):
    level: Annotated[str, Field(max_length=8)] | None = None
    signals: list[Annotated[str, Field(max_length=200)]] | None = None


class OrderTypes(Body):
    channel: Code
    number: Code
    placed_at: Instant
    ship_by: Day | None = None
    currency: Short
    prices_include_tax: bool = True
    invoice_number: Short | None = None
    customer: Customer | None = None
    shipping_address: Address | None = None
    billing_address: Address | None = None
    lines: list[Line]
    discounts: list[Discount] | None = None
    shipping: Shipping | None = None
    fees: list[Fee] | None = None
    total: Amount | None = None
    payments: list[Payment] | None = None
    fulfilments: list[Fulfilment] | None = None
    verification: Literal["verified", "pending"] | None = None
    accepted: bool = True
    risk: Risk | None = None


class ItemTypes(Body):
    title: Annotated[str, Field(max_length=500)] | None = None
    product: Annotated[str, Field(max_length=200)] | None = None
    options: dict[Short, Key] | None = None
    interchangeable: list[Short] | None = None
    range: Annotated[str, Field(max_length=200)] | None = None
    barcode: Short | None = None
    price: Amount | None = None
    currency: Short | None = None
    on_hand: Annotated[int, Field(ge=0)] | None = None
    active: bool | None = None
    restock_default: bool | None = None


_CODES = {"missing": "required", "extra_forbidden": "unknown_field", "string_too_long": "text_too_long"}
# What each kind of mistake is called; any other is told in the checker's own words.
_SAID = {
    "missing": "is required",
    "extra_forbidden": "is not known here",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "is empty",
    "string_type": "is a text",
    "int_type": "is a whole number",
    "bool_type": "is true or false",
    "list_type": "is a list",
    "model_type": "is an object",
    "dict_type": "is an object",
    "literal_error": "is one of {expected}",
    "greater_than_equal": "is at least {ge}",
    "less_than_equal": "is at most {le}",
    "value_error": "{error}",
}


def check_order(body: dict[str, Any]) -> dict[str, Any]:
    """This will give a body of POST /orders back if its types are right.

    Refuses `required`, `unknown_field`, `text_too_long`, `invalid_value`, naming the field.
    """
    return _checked(OrderTypes, body)


def check_item(body: dict[str, Any]) -> dict[str, Any]:
    """This will give a body of PUT /items/{sku} back if its types are right. Refuses as `check_order` does."""
    return _checked(ItemTypes, body)


def _checked(types: type[Body], body: dict[str, Any]) -> dict[str, Any]:
    try:
        types.__pydantic_validator__.validate_python(body)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        code = _CODES.get(first["type"], "invalid_value")
        raise Refusal(code, _said(first), field=field) from None
    # As it was sent, not as it was read: its digest is what says that the same order came again.
    return body


def _said(mistake: ErrorDetails) -> str:
    if mistake["type"] == "greater_than_equal" and mistake["input"] < 0:
        return "is below 0"
    said = _SAID.get(mistake["type"], mistake["msg"])
    return said.format_map(mistake.get("ctx", {})) if mistake["type"] in _SAID else said
