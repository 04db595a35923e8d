"""What is answered about orders (see `answers`)."""

from typing import Any

from countermand.api.schemas.answers import Answer, EventAnswer
from countermand.api.schemas.cancellation_answers import CancellationAnswer
from countermand.api.schemas.refund_answers import RefundAnswer


class MoneyAnswer(Answer):
    """The money of an order."""

    currency: str
    total: str
    captured: str
    refunded: str
    in_flight: str
    waived: str
    to_give_back: str
    due: str


class UnitsWorth(Answer):
    """So many units are worth so much each."""

    amount: str
    units: int


class LineAnswer(Answer):
    """A line: ordered = cancelled + shipped + open; of those cancelled, `refused` before the sale was accepted."""

    reference: str
    sku: str
    title: str
    quantity: int
    unit_price: str
    tax_rate: str
    discount: str
    ordered: int
    cancelled: int
    refused: int
    shipped: int
    returned: int
    open: int
    restocked: int
    stock_kept: bool
    amount: str
    kept_amount: str
    tax: str
    given_back: str
    unit_amounts: list[str] | None
    units_worth: list[UnitsWorth]


class PaymentAnswer(Answer):
    """A payment, and what was given back on it."""

    reference: str
    provider: str
    provider_reference: str | None
    method: str
    last_digits: str
    state: str
    amount: str
    captured_amount: str
    refunded: str
    refunded_elsewhere: str
    in_flight: str
    currency: str


class OrderRow(Answer):
    """An order in a list."""

    id: str
    number: str
    channel: str
    channel_name: str
    placed_at: str
    ship_by: str | None
    status: str
    state: str
    payment_status: str
    customer: dict[str, str]
    customer_hidden: bool
    currency: str
    money: MoneyAnswer
    open_requests: int
    waiting_messages: int
    articles: int
    cancelled_articles: int
    cancel_reason: str
    cancelled_at: str | None
    risk_level: str
    fraud_hold: bool
    action: dict[str, str]


class OrderList(Answer):
    """Orders, newest first."""

    items: list[OrderRow]
    next: str | None


class OrderAnswer(Answer):
    """An order with everything about it."""

    id: str
    channel: str
    channel_name: str
    terms: str
    platform: str
    notify: str
    number: str
    version: int
    placed_at: str
    placed_on: str
    received_at: str
    ship_by: str | None
    currency: str
    prices_include_tax: bool
    invoice_number: str
    status: str
    state: str
    payment_status: str
    verification: str
    accepted: bool
    risk: dict[str, Any]
    fraud_hold: bool
    cancelled_at: str | None
    cancel_reason: str
    customer: dict[str, str]
    customer_hidden: bool
    placed_again_here: bool
    shipping_address: dict[str, Any] | None
    billing_address: dict[str, Any] | None
    lines: list[LineAnswer]
    discounts: list[dict[str, Any]]
    shipping: dict[str, str]
    fees: list[dict[str, Any]]
    total: str
    payments: list[PaymentAnswer]
    fulfilments: list[dict[str, Any]]
    returns: list[dict[str, Any]]
    intercepts: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    contacts: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    money: MoneyAnswer
    actions: list[str]
    actions_refused: dict[str, str]
    action: dict[str, str]
    cancellations: list[CancellationAnswer]
    refunds: list[RefundAnswer]
    requests: list[dict[str, Any]]
    open_requests: int
    clocks: list[dict[str, Any]]
    timeline: list[EventAnswer]
