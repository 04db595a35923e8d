"""What follows when units of an order are called off: one pure function, shown as a preview and done at confirm.

Facts in, a plan or a named refusal out; nothing is read and nothing is written. Amounts in minor
units of the order's currency. Sources: docs/api.md (Cancelling), docs/money.md (Rules of money, of stock).
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from countermand.cancellations.ask import Ask
from countermand.cancellations.commission import commission
from countermand.cancellations.may_cancel import judge_order, judge_words, units
from countermand.cancellations.restocking import restocked
from countermand.channels.counting import entered
from countermand.channels.counting import judged as judged_in_rate
from countermand.law import Clock, refund_clock
from countermand.money import parse
from countermand.orders import requested
from countermand.orders.facts import LineFacts, OrderFacts, Requested
from countermand.payments.facts import Ledger, ShareFacts
from countermand.payments.providers.abilities import BY_HAND, OUR_CREDIT
from countermand.payments.rules import owed
from countermand.reasons import REASONS
from countermand.refunds.amounts import Target, line_tax, shipping_tax, take
from countermand.refunds.split import split
from countermand.refusals import Refusal

VOIDS_FIRST = timedelta(seconds=5)


@dataclass(slots=True)
class PlannedLine:
    """Units of one line: what they are worth beyond what was given back for them, and the tax inside."""

    line: LineFacts
    quantity: int
    worth: int
    amount: int
    tax: int
    restock: int


@dataclass(slots=True)
class Part:
    """One movement on one payment: a refund, or a void of what was never captured."""

    share: ShareFacts
    kind: str
    method: str
    amount: int
    targets: list[Target]


@dataclass(slots=True)
class Plan:
    """Everything that will follow. `refund` goes back (now or later), `waived` never will."""

    ledger: Ledger
    ask: Ask
    at: datetime
    lines: list[PlannedLine]
    empties: bool
    worth: int
    shipping: int
    fees: int
    fee: int
    refund: int
    waived: int
    when: str
    method: str
    parts: list[Part]
    drop: list[ShareFacts]  # payments by hand that will never be collected
    counts_in_rate: bool
    counts_why: str  # of `channels.counting.WHYS`
    commission: str  # reversed, kept; "" where nobody takes one
    notify: bool
    clock: Clock | None
    were_asked: tuple[Requested, ...]  # what buyers had asked of this order, open
    answers: Requested | None  # the one that this is the answer to

    @property
    def undo_until(self) -> datetime | None:
        """This will say until when it can be undone, if at all."""
        return self.at + timedelta(seconds=self.ask.undo_seconds) if self.ask.undo_seconds else None

    def due(self, part: Part) -> datetime:
        """This will say when a part may leave. SH-7: with a suspicion, what was never debited is let go first."""
        due = self.undo_until or self.at
        suspected = REASONS[self.ask.reason].family == "fraud"
        waits = suspected and part.kind == "refund" and any(other.kind == "void" for other in self.parts)
        return due + VOIDS_FIRST if waits else due

    @property
    def carried_by(self) -> str:
        """This will say whose deed the refund is: the merchant's, the platform's, or its customer service's."""
        return self.ledger.terms.refunds_by

    def waits(self, part: Part) -> bool:
        """This will say whether a part waits until the customer service gives it back (RK-5)."""
        return part.kind == "refund" and self.carried_by == "customer_service"

    @property
    def pay_by(self) -> date | None:
        """This will say until when the money must be back: the law's day, or the platform's where it is earlier."""
        if self.clock is None:
            return None
        days = self.ledger.terms.service_refund_days
        if not days:
            return self.clock.due_on
        own = self.at.astimezone(ZoneInfo(self.ledger.channel.timezone)).date() + timedelta(days=days)
        return min(self.clock.due_on, own)

    @property
    def digest(self) -> str:
        """This will make the fingerprint of the plan: a confirm that carries it is refused once facts moved."""
        order = self.ledger.order
        content = [
            *(str(order.id), order.version, self.ledger.channel.revision, self.counts_in_rate),
            [(x.line.reference, x.quantity, x.amount, x.tax, x.restock) for x in self.lines],
            *(
                self.shipping,
                self.fees,
                self.fee,
                self.refund,
                self.waived,
                self.when,
                self.method,
                self.commission,
            ),
            [(part.share.reference, part.kind, part.method, part.amount) for part in self.parts],
        ]
        return "sha256:" + sha256(json.dumps(content).encode()).hexdigest()


def plan(ledger: Ledger, ask: Ask, *, at: datetime) -> Plan:
    """This will work out everything that follows from a wish to cancel, or refuse it by name."""
    order, terms = ledger.order, ledger.terms
    judge_words(ask, terms)
    judge_order(order, ledger.lines, terms, ask.role)
    answers = requested.named(order, ask.request_id)
    requested.judge_held(order, answers, initiated_by=ask.initiated_by, despite=ask.despite_request)
    if answers:
        ask = replace(
            ask,
            official_request=requested.stands(answers, at=at),
            case_reference=answers.case_reference,
            case_at=answers.case_at,
        )
    return follows(ledger, ask, answers=answers, at=at)


def follows(ledger: Ledger, ask: Ask, *, answers: Requested | None = None, at: datetime) -> Plan:
    """This will work out what follows when units are called off, without asking whether they may be.

    Refusing a sale is worked out by it too (`acceptance`), which is no cancellation and asks other questions.
    """
    order, terms = ledger.order, ledger.terms
    wanted = units(ledger.lines, ask)
    put_back = restocked(ask, wanted, ledger.lines, terms)

    lines: list[PlannedLine] = []
    targets: list[Target] = []
    worth = kept = 0
    empties = True
    for line in ledger.lines:
        total, quantity, given, cancelled = line.total, line.quantity, line.given, line.cancelled
        gone_worth = line.gone_worth
        # A comparison where max() would do: this runs once per line of 100,000 orders.
        here = gone_worth if gone_worth > given else given
        if more := wanted.get(line.reference):
            cancelled += more
            gone = cancelled + line.returned
            # The cumulative share up to here, less what went before: never negative, also where an
            # undo took a smaller step out than the one that would be next.
            share = total * gone // quantity - gone_worth
            tax = line.tax * gone // quantity - line.gone_tax
            if share < 0:
                share = 0
            if tax < 0:
                tax = 0
            amount = gone_worth + share - here
            if amount > 0:
                here += amount
                worth += amount
                targets.append(Target("line", amount, line_tax(line, amount), line))
            else:
                amount = 0
            lines.append(PlannedLine(line, more, share, amount, tax, put_back.get(line.reference, 0)))
        kept += total - here
        if cancelled != quantity:
            empties = False

    shipping = _shipping(ledger, ask, lines, empties=empties)
    if shipping:
        targets.append(Target("shipping", shipping, shipping_tax(order, amount=shipping)))
    fees = max(0, order.fees_refundable - max(order.fees_released, order.fees_given)) if empties else 0
    if fees:
        targets.append(Target("fees", fees))
    fee = _fee(ask, ledger, worth + shipping + fees)

    kept += order.retained + fee
    kept += order.shipping - max(order.shipping_released + shipping, order.shipping_given)
    kept += order.fees - max(order.fees_released + fees, order.fees_given)
    owing = owed(order, max(0, kept - order.goodwill))
    most = min(worth + shipping + fees - fee, owing, sum(share.free for share in ledger.shares))
    when, method, refund, waived = _refund(ask, ledger, max(0, most))
    counted = judged_in_rate(
        terms,
        initiated_by=ask.initiated_by,
        official_request=ask.official_request,
        reason=ask.reason,
        beyond=answers is not None and requested.beyond(answers, wanted),
        entered=entered(terms, accepted=order.accepted, verification=order.verification),
    )
    withdraws = answers is not None and answers.kind == "withdrawal"
    parts = _parts(ledger, targets, refund, method) if when in ("now", "platform") else []
    parts += _voids(ledger.shares) if empties else []
    return Plan(
        ledger=ledger,
        ask=ask,
        at=at,
        lines=lines,
        empties=empties,
        worth=worth,
        shipping=shipping,
        fees=fees,
        fee=fee,
        refund=refund,
        waived=waived,
        when=when,
        method=method,
        parts=parts,
        drop=_dropped(ledger.shares) if empties else [],
        counts_in_rate=counted.counts,
        counts_why=counted.why,
        commission=commission(terms, ask, at=at),
        # AZ-11: who is hidden is not written to either; AZ-3: where the channel tells, the desk does not.
        notify=order.verification == "verified"
        and (terms.notify == "always" or (terms.notify == "choice" and ask.notify is not False)),
        clock=refund_clock(
            at=answers.asked_at if withdraws and answers else at,
            timezone=ledger.channel.timezone,
            buyer_withdraws=withdraws,
        )
        if refund
        else None,
        were_asked=order.requests,
        answers=answers,
    )


def judged(ledger: Ledger, ask: Ask, *, at: datetime) -> Plan:
    """This will plan, and refuse (`plan_changed`, the new plan in its facts) what is not what the asker saw."""
    made = plan(ledger, ask, at=at)
    moved = ask.plan is not None and ask.plan != made.digest
    if ask.expected_refund is not None:
        expected = parse(ask.expected_refund, currency=ledger.order.currency, field="expected_refund")
        moved = moved or expected != made.refund
    if moved:
        raise Refusal(
            "plan_changed", "facts moved since the preview: here is the new plan", facts={"plan": made}
        )
    return made


def _shipping(ledger: Ledger, ask: Ask, lines: list[PlannedLine], *, empties: bool) -> int:
    """What of the carriage goes back: asked for, or by the terms; all of it when nothing will leave at all."""
    order = ledger.order
    left = order.shipping - max(order.shipping_released, order.shipping_given)
    if ask.shipping_amount is not None:
        amount = parse(ask.shipping_amount, currency=order.currency, field="refund.shipping_amount")
        if amount > left:
            raise Refusal(
                "amount_too_large", "above the shipping that is left", field="refund.shipping_amount"
            )
        return amount
    how = ask.shipping
    if how == "terms":
        how = "all" if empties else ledger.terms.shipping_on_part
    if how == "all":
        return left
    if how == "prorate":
        whole = sum(line.total for line in ledger.lines)
        going = {id(x.line): x.quantity for x in lines}
        gone = sum(x.total * (x.gone + going.get(id(x), 0)) // x.quantity for x in ledger.lines)
        share = order.shipping * gone // whole if whole else 0
        return max(0, share - max(order.shipping_released, order.shipping_given))
    return 0


def _fee(ask: Ask, ledger: Ledger, gross: int) -> int:
    """A fee of the merchant's: explicit, only where terms allow it, never above what it is taken from."""
    if ask.fee == "0":
        return 0
    fee = parse(ask.fee, currency=ledger.order.currency, field="refund.fee")
    if fee:
        reason, allowed = REASONS[ask.reason], ledger.terms.fee_allowed
        if allowed == "never" or (allowed == "customer_wish" and not reason.customer_wish):
            raise Refusal(
                "fee_not_allowed", f"no fee for reason {ask.reason} under these terms", field="refund.fee"
            )
        if fee > gross:
            raise Refusal("amount_too_large", "the fee is above what would go back", field="refund.fee")
    return fee


def _refund(ask: Ask, ledger: Ledger, most: int) -> tuple[str, str, int, int]:
    """(when, method, what goes back, what is waived)."""
    order, terms = ledger.order, ledger.terms
    if terms.refunds_by != "merchant":
        if ask.when == "none" or ask.amount is not None:
            raise Refusal("terms_forbid", "the platform refunds here, and all of it", field="refund.when")
        if ask.method not in terms.methods:
            raise Refusal("terms_forbid", f"{ask.method} is no way to refund here", field="refund.method")
        return "platform", "original", most, 0
    if ask.method not in terms.methods:
        raise Refusal("terms_forbid", f"{ask.method} is no way to refund here", field="refund.method")
    if ask.method in ("store_credit", "gift_card"):
        if REASONS[ask.reason].family == "fraud":
            raise Refusal(
                "original_only", "suspected money goes back where it came from", field="refund.method"
            )
        if not (ask.consent and ask.consent.get("text") and ask.consent.get("at") and ask.consent.get("via")):
            raise Refusal(
                "consent_required",
                "money goes back as it came unless the buyer agrees",
                field="refund.consent",
            )
        if not order.email:
            raise Refusal("email_required", "a credit belongs to an e-mail address", field="refund.method")
    if ask.when == "none":
        if most and not ask.waiver.strip():
            raise Refusal(
                "refund_owed", "the buyer has paid for this: waive it with a reason, or give it back"
            )
        if most and ask.role != "owner":
            raise Refusal("refund_owed", "only an owner may waive what is owed", field="refund.waiver")
        return "none", ask.method, 0, most
    amount = most
    if ask.amount is not None:
        amount = parse(ask.amount, currency=order.currency, field="refund.amount")
        if amount > most:
            raise Refusal(
                "amount_too_large", "above what this cancellation can give back", field="refund.amount"
            )
    return ask.when, ask.method, amount, 0


def _parts(ledger: Ledger, targets: list[Target], refund: int, method: str) -> list[Part]:
    return [
        Part(move.share, "refund", move.method, move.amount, take(targets, move.amount))
        for move in split(ledger.shares, refund, method=method)
    ]


def _voids(shares: list[ShareFacts]) -> list[Part]:
    """Money that is only authorised is let go, whenever the rest is given back."""
    return [
        Part(share, "void", "original", share.amount, [])
        for share in shares
        if share.state in ("authorized", "capturing") and share.provider not in BY_HAND | OUR_CREDIT
    ]


def _dropped(shares: list[ShareFacts]) -> list[ShareFacts]:
    """Money that was to be collected by hand need not be any more."""
    return [s for s in shares if s.provider in BY_HAND and s.state in ("pending", "authorized")]


def apply(plan: Plan) -> None:
    """This will change the ledger's facts to what they are once the plan is done (in memory only)."""
    order: OrderFacts = plan.ledger.order
    for planned in plan.lines:
        planned.line.cancelled += planned.quantity
        planned.line.restocked += planned.restock
        planned.line.gone_worth += planned.worth
        planned.line.gone_tax += planned.tax
    order.shipping_released += plan.shipping
    order.fees_released += plan.fees
    order.retained += plan.fee
    order.waived += plan.waived
    order.counted += plan.counts_in_rate
    if plan.empties:
        order.cancelled_at = plan.at
    order.cancel_reason = plan.ask.reason
    if order.requests:
        order.requests = requested.still_open(order.requests, plan.ledger.lines, answered=plan.answers)
    for share in plan.drop:
        share.state = "voided"
    for part in plan.parts:
        if part.kind == "refund":
            reserve(order, part)


def reserve(order: OrderFacts, part: Part) -> None:
    """This will take a refund's amount into flight on its payment, its lines and its order."""
    part.share.reserved += part.amount
    part.share.payment_free -= part.amount
    order.in_flight += part.amount
    for target in part.targets:
        if target.line is not None:
            target.line.given += target.amount
            target.line.given_tax += target.tax
        elif target.target == "shipping":
            order.shipping_given += target.amount
            order.shipping_given_tax += target.tax
        elif target.target == "fees":
            order.fees_given += target.amount
