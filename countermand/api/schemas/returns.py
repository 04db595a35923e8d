"""Bodies and answers about returns and parcels called back."""

from typing import Annotated, Literal

from pydantic import Field

from countermand.api.schemas.answers import Answer
from countermand.api.schemas.cancellations import CancellationBody, ConsentBody, Restock, ask_of, consent_of
from countermand.api.schemas.kinds import (
    MOST_LINES,
    Amount,
    Body,
    Instant,
    Quantity,
    Reference,
    Text,
    upto,
)
from countermand.cancellations.ask import Ask
from countermand.returns.wishes import Arrived, Coming, Verdict

Kind = Literal["return", "withdrawal", "refused_delivery", "intercepted"]
Condition = Literal["as_new", "used", "damaged", "incomplete", "lost"]
When = Literal["now", "later"]
Method = Literal["original", "store_credit", "gift_card", "manual"]


class ComingLineBody(Body):
    """Units of one line that will come back; without `quantity` all that may."""

    line: Reference
    quantity: Quantity | None = None


class ReturnBody(Body):
    """Sent units that will come back; without `lines` all that may. `informed_at`: when the buyer said so."""

    lines: Annotated[list[ComingLineBody], Field(max_length=MOST_LINES)] | None = None
    kind: Kind | None = None
    reason: Annotated[str, upto(64)] | None = None
    informed_at: Instant | None = None
    note: Text | None = None
    message: Text | None = None
    notify: bool | None = None

    def coming(self) -> Coming:
        """This will read a body as the wish that a page makes too."""
        return Coming(
            lines=None if self.lines is None else tuple((one.line, one.quantity) for one in self.lines),
            kind=self.kind or "return",
            reason=self.reason or "other",
            informed_at=self.informed_at,
            note=self.note or "",
            message=self.message or "",
            notify=self.notify is not False,
        )


class ArrivedLineBody(Body):
    """Units of one line that came, and how they were found."""

    line: Reference
    quantity: Quantity
    condition: Condition | None = None


class VerdictBody(Body):
    """How units were found and what follows. `refund`: later unless said; without it the money is owed and waits."""

    condition: Condition | None = None
    restock: Restock | None = None
    restocking_fee: Amount | None = None
    fee_note: Text | None = None
    shipping: Literal["terms", "all", "none"] | None = None
    shipping_amount: Amount | None = None
    refund: When | None = None
    method: Method | None = None
    consent: ConsentBody | None = None
    notify: bool | None = None

    def verdict(self) -> Verdict:
        """This will read a body as what somebody found. Who says what to do with the units has looked at them."""
        restock = self.restock
        looked = restock is not None or self.restocking_fee is not None or self.refund is not None
        return Verdict(
            condition=self.condition or ("as_new" if looked else ""),
            restock=tuple((one.line, one.quantity) for one in restock)
            if isinstance(restock, list)
            else restock,
            fee=self.restocking_fee or "0",
            fee_note=self.fee_note or "",
            shipping=self.shipping_amount or self.shipping or "terms",
            when=self.refund or "later",
            method=self.method or "original",
            consent=consent_of(self.consent),
            notify=self.notify is not False,
        )


class ReceptionBody(VerdictBody):
    """What came; without `lines` all that was asked. Without any condition it is looked at later."""

    lines: Annotated[list[ArrivedLineBody], Field(max_length=MOST_LINES)] | None = None

    def arrived(self) -> Arrived:
        """This will read what came."""
        if self.lines is None:
            return Arrived()
        return Arrived(tuple((one.line, one.quantity, one.condition or "") for one in self.lines))


class InspectionBody(VerdictBody):
    """How each line was found, where they differ."""

    lines: Annotated[list["FoundLineBody"], Field(max_length=MOST_LINES)] | None = None

    def conditions(self) -> tuple[tuple[str, str], ...]:
        """This will read the conditions of single lines."""
        return tuple((one.line, one.condition) for one in self.lines or ())


class FoundLineBody(Body):
    """How the units of one line were found."""

    line: Reference
    condition: Condition


class ProofBody(Body):
    """The buyer proved to have sent it."""

    proof: Text
    at: Instant


class LossBody(Body):
    """It got lost on its way back. `give_back`: its units count as returned all the same."""

    give_back: bool
    refund: When | None = None


class InterceptBody(Body):
    """A parcel asked back on its way: of its carrier, or of the buyer."""

    parcel: Reference
    asked_of: Literal["carrier", "buyer"] | None = None
    reason: Annotated[str, upto(64)] | None = None
    note: Text | None = None


class InterceptAnswerBody(Body):
    """What came of it."""

    answer: Literal["accepted", "refused", "lost"]
    note: Text | None = None


class HomeBody(CancellationBody):
    """The parcel is back. Where its shipment was never confirmed this is the cancellation's body, its lines the parcel's."""

    def ask(self, *, role: str) -> Ask:
        """This will read how its units are called off."""
        return ask_of(self, role=role)


class ReturnLineAnswer(Answer):
    """Units of a line: asked, received, how they were found."""

    line: str
    sku: str
    title: str
    asked: int
    received: int
    condition: str
    restocked: int
    amount: str


class ReturnRefundAnswer(Answer):
    """What goes back; `when`: now, later, platform, held (a second person is asked), none, or "" before it was looked at."""

    amount: str
    when: str
    reimbursement: str | None


class ReturnAnswer(Answer):
    """A return. `due_on`: until when the money must be back; null while the law lets it wait for the goods."""

    id: str
    order_id: str
    order_number: str
    channel: str
    kind: str
    state: str
    reason: str
    lines: list[ReturnLineAnswer]
    due_on: str | None
    due_article: str
    restocking_fee: str
    fee_ground: str
    shipping_refund: str
    refund: ReturnRefundAnswer
    currency: str
    by: str
    customer: dict[str, str]
    worth: str
    intercept: str | None
    note: str
    proof: str
    fee_note: str
    informed_at: str | None
    proof_at: str | None
    back_at: str | None
    inspected_at: str | None
    ended_at: str | None
    at: str


class ReturnList(Answer):
    """Returns, newest first."""

    items: list[ReturnAnswer]
    next: str | None


class InterceptAnswer(Answer):
    """A parcel called back."""

    id: str
    order_id: str
    order_number: str
    parcel: str
    confirmed: bool
    carrier: str
    tracking: str
    asked_of: str
    state: str
    reason: str
    note: str
    answer: str
    cancellation: str | None
    by: str
    at: str
    answered_at: str | None
    answered_by: str
    back_at: str | None


class HomeAnswer(Answer):
    """A parcel that is back, and what it led to: a return, or a cancellation (null while a second person is asked)."""

    intercept: InterceptAnswer
    return_: ReturnAnswer | None = Field(alias="return")
    cancellation: str | None
    approval: str | None
