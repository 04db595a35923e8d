"""What is answered about orders, cancellations and refunds (see `answers`)."""

from typing import Any

from countermand.api.schemas.answers import Answer, EventAnswer


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


class RefundAnswer(Answer):
    """One movement on one payment, or one credit given."""

    id: str
    order_id: str
    order_number: str
    channel: str
    cancellation: str | None
    payment: str
    provider: str
    paid_by: str
    method: str
    kind: str
    amount: str
    currency: str
    state: str
    carried_by: str
    asked_at: str | None
    sent_back_at: str | None
    sent_back_because: str | None
    answer: str | None
    reason: str
    due_at: str | None
    tries: int
    error: str | None
    next_at: str | None
    evidence: str
    created_at: str
    settled_at: str | None
    by: str


class RefundList(Answer):
    """Refunds, newest first."""

    items: list[RefundAnswer]
    next: str | None


class GivenBackAnswer(Answer):
    """What goes back on an order."""

    id: str
    order_id: str
    amount: str
    currency: str
    method: str
    refunds: list[RefundAnswer]


class GiveBackPlanPart(Answer):
    """One movement that would be made."""

    payment: str
    method: str
    kind: str
    amount: str
    currency: str


class GiveBackPlan(Answer):
    """What would go back on an order."""

    order_id: str
    amount: str
    currency: str
    method: str
    refunds: list[GiveBackPlanPart]


class CancelledLineAnswer(Answer):
    """Units called off, and what they are worth."""

    line: str
    sku: str
    title: str
    quantity: int
    amount: str
    tax: str


class PlannedPart(Answer):
    """A movement on one payment: a refund, or a void of what was never captured."""

    payment: str
    method: str
    kind: str
    amount: str


class Part(PlannedPart):
    """A movement that was written down; `id` is a refund's."""

    id: str
    state: str


class PlannedRefund(Answer):
    """What goes back, when, and by what way."""

    amount: str
    when: str
    method: str
    carried_by: str
    parts: list[PlannedPart]


class CancellationRefund(Answer):
    """What goes back, when, and by what way."""

    amount: str
    when: str
    method: str
    carried_by: str
    parts: list[Part]


class StateAnswer(Answer):
    """The state of a notice."""

    state: str


class RateAnswer(Answer):
    """The channel's rate before and after, in per cent.

    In a preview: `verdict` (`too_few`, `below`, `near`, `breached`) of the rate after it, and `room`, how many
    more may follow with the rate still below its limit.
    """

    before: str | None
    after: str | None
    limit: str | None
    verdict: str | None = None
    room: int | None = None


class StepAnswer(Answer):
    """Something that is carried through."""

    kind: str
    state: str
    tries: int
    next_at: str | None
    error: str | None
    method: str | None = None


class OrderStates(Answer):
    """The states of the order."""

    status: str
    payment_status: str


class Restocked(Answer):
    """Units back on sale."""

    sku: str
    quantity: int


class _Common(Answer):
    order_id: str
    reason: str
    initiated_by: str
    counts_in_rate: bool
    counts_why: str
    commission: str | None
    currency: str
    lines: list[CancelledLineAnswer]
    shipping_refund: str
    fees_refund: str
    fee: str
    waived: str
    restocked: list[Restocked]
    notice: StateAnswer
    rate: RateAnswer
    clocks: list[dict[str, Any]]
    order: OrderStates


class PlanAnswer(_Common):
    """What calling off would do; `plan` is its fingerprint."""

    refund: PlannedRefund
    plan: str


class ConfirmedAnswer(_Common):
    """A cancellation that was just written."""

    id: str
    state: str
    refund: CancellationRefund
    steps: list[StepAnswer]
    undo_until: str | None


class CancellationAnswer(ConfirmedAnswer):
    """A cancellation with the states of now, and what proves who asked for it (RK-13)."""

    request: str | None
    official_request: bool
    case_reference: str | None
    case_at: str | None
    at: str
    by: str
    note: str


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


class RedeemedAnswer(Answer):
    """What was spent of a credit, and what is left."""

    id: str
    redeemed: str
    balance: str
    currency: str
    order_number: str
