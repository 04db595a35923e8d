"""What follows when units of an order are called off: one pure function, shown as a preview and done at confirm.

Facts in, a plan or a named refusal out; nothing is read and nothing is written. Amounts in minor
units of the order's currency. Sources: docs/api.md (Cancelling), docs/money.md (Rules of money, of stock).
"""

from dataclasses import replace
from datetime import datetime

from countermand.cancellations import giving_back
from countermand.cancellations.ask import Ask
from countermand.cancellations.commission import commission
from countermand.cancellations.may_cancel import judge_message, judge_order, judge_why, units
from countermand.cancellations.planned import Part, Plan, PlannedLine
from countermand.cancellations.restocking import restocked
from countermand.channels.counting import entered
from countermand.channels.counting import judged as judged_in_rate
from countermand.law import refund_clock
from countermand.money import parse
from countermand.orders import requested
from countermand.orders.facts import OrderFacts, Requested
from countermand.payments.facts import Ledger
from countermand.payments.rules import owed
from countermand.refunds.amounts import Target, line_tax, shipping_tax
from countermand.refusals import Refusal


def plan(ledger: Ledger, ask: Ask, *, at: datetime) -> Plan:
    """This will work out everything that follows from a wish to cancel, or refuse it by name."""
    order, terms = ledger.order, ledger.terms
    judge_why(ask)
    judge_order(order, ledger.lines, terms, ask.role)
    judge_message(ask, terms)  # nobody is asked for words to a buyer about what cannot be done
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

    shipping = giving_back.shipping(ledger, ask, lines, empties=empties)
    if shipping:
        targets.append(Target("shipping", shipping, shipping_tax(order, amount=shipping)))
    fees = max(0, order.fees_refundable - max(order.fees_released, order.fees_given)) if empties else 0
    if fees:
        targets.append(Target("fees", fees))
    fee = giving_back.fee(ask, ledger, worth + shipping + fees)

    kept += order.retained + fee
    kept += order.shipping - max(order.shipping_released + shipping, order.shipping_given)
    kept += order.fees - max(order.fees_released + fees, order.fees_given)
    owing = owed(order, max(0, kept - order.goodwill))
    most = min(worth + shipping + fees - fee, owing, sum(share.free for share in ledger.shares))
    when, method, refund, waived = giving_back.refund(ask, ledger, max(0, most))
    counted = judged_in_rate(
        terms,
        initiated_by=ask.initiated_by,
        official_request=ask.official_request,
        reason=ask.reason,
        beyond=answers is not None and requested.beyond(answers, wanted),
        entered=entered(terms, accepted=order.accepted, verification=order.verification),
    )
    withdraws = answers is not None and answers.kind == "withdrawal"
    parts = giving_back.parts(ledger, targets, refund, method) if when in ("now", "platform") else []
    parts += giving_back.voids(ledger.shares) if empties else []
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
        drop=giving_back.dropped(ledger.shares) if empties else [],
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
