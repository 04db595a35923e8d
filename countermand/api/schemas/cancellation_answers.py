"""What is answered about cancellations, planned and done (see `answers`)."""

from typing import Any

from countermand.api.schemas.answers import Answer


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
    steps: list[StepAnswer]
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
