"""What is answered about refunds and credits (see `answers`)."""

from countermand.api.schemas.answers import Answer


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


class RedeemedAnswer(Answer):
    """What was spent of a credit, and what is left."""

    id: str
    redeemed: str
    balance: str
    currency: str
    order_number: str
