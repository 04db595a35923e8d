"""Verbs on an order's payments: one more came, an authorised one is drawn, money went back without us."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from countermand import lifecycle, money, sql
from countermand.events.models import Event
from countermand.events.record import record
from countermand.orders import permitted
from countermand.payments import adding, capturing, jobs, rules
from countermand.payments import ledger as ledgers
from countermand.payments.capturing import payment_event
from countermand.payments.facts import Ledger, ShareFacts
from countermand.payments.models import Payment
from countermand.payments.providers.abilities import BY_HAND, OUR_CREDIT
from countermand.payments.reading import read_payment
from countermand.refusals import Refusal, fits

GIVEN = """
WITH share AS (
    UPDATE payment_share SET refunded_elsewhere_minor = refunded_elsewhere_minor + %(amount)s WHERE id = %(share)s
)
UPDATE payment SET refunded_elsewhere_minor = refunded_elsewhere_minor + %(amount)s WHERE id = %(payment)s
"""


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment of an order as it stands after a verb; `created` False when it had come in before."""

    share_id: UUID
    reference: str
    state: str
    created: bool = True


@sql.verb
def add_payment(*, merchant_id: int, order_id: UUID, payment: dict[str, Any], by: str, at: datetime) -> Paid:
    """This will write down one more payment of an order; the same reference and content is the same payment.

    `payment` is docs/api.md's. Refuses `not_found`, what `read_payment` refuses, `payment_exists` for a reference with
    other content, and `payment_reference_taken` where the provider's payment belongs to another order.
    """
    ledger = _locked(merchant_id, order_id)
    known = {share.reference: share for share in ledger.shares}
    reference = str(payment.get("reference") or adding.next_reference(known))
    order = ledger.order
    read = read_payment(
        payment,
        reference=reference,
        number=order.number,
        currency=order.currency,
        mode=ledger.channel.mode,
    )
    if reference in known:
        share = known[reference]
        adding.check_same(share, read)
        return Paid(share.id, reference, share.state, created=False)
    share = adding.insert(ledger, read, at=at)
    ledger.shares.append(share)
    order.captured += read.captured
    order.refunded += read.elsewhere
    ledgers.write([ledger])
    facts = {"amount_minor": read.amount, "captured_minor": read.captured, "state": read.state}
    record([payment_event("payment.added", ledger, share, by=by, at=at, **facts)])
    return Paid(share.id, reference, read.state)


def capture(
    *, merchant_id: int, order_id: UUID, reference: str, amount: str | None = None, by: str, at: datetime
) -> Paid:
    """This will draw an authorised payment, or write down that money expected by hand has come.

    Without `amount` what is due is drawn; of money by hand, when nothing is due, all of it, since it came.
    The provider is asked after commit: the state handed back may still be `capturing`, and is so inside
    a caller's transaction. Refuses `not_found`, `not_verified_yet`, `in_progress`, `payment_not_capturable`, `amount_too_large`, `invalid_amount`.
    """
    share_id = _begin(
        merchant_id=merchant_id, order_id=order_id, reference=reference, amount=amount, by=by, at=at
    )
    return Paid(share_id, reference, Payment.of(merchant_id).get(shares__id=share_id).state)


@sql.verb
def external_refund(
    *,
    merchant_id: int,
    order_id: UUID,
    reference: str,
    amount: str,
    provider_refund: str = "",
    given_at: datetime | None = None,
    by: str,
    at: datetime,
) -> Paid:
    """This will write down money that was given back without us, even above what was captured.

    The same `provider_refund` and amount again is the same refund. Refuses `not_found`, `invalid_amount`,
    `text_too_long`, and `external_refund_exists` for the same one with another amount.
    """
    ledger = _locked(merchant_id, order_id)
    share = _share(ledger, reference)
    minor = money.parse(amount, currency=ledger.order.currency)
    if minor == 0:
        raise Refusal("invalid_amount", "more than nothing", field="amount")
    fits(provider_refund, field="provider_refund", longest=255)
    if provider_refund and (known := _given_before(ledger, share, provider_refund)) is not None:
        if known == minor:
            return Paid(share.id, reference, share.state, created=False)
        detail = f"{provider_refund} is there with another amount"
        raise Refusal("external_refund_exists", detail, field="provider_refund")
    share.elsewhere += minor
    share.payment_free -= minor
    ledger.order.refunded += minor
    sql.execute(GIVEN, {"amount": minor, "share": share.id, "payment": share.payment_id})
    ledgers.write([ledger])
    facts = {"amount_minor": minor, "provider_refund": provider_refund, "given_at": given_at or at}
    record([payment_event("refund.external", ledger, share, by=by, at=at, **facts)])
    return Paid(share.id, reference, share.state)


@sql.verb
def _begin(
    *, merchant_id: int, order_id: UUID, reference: str, amount: str | None, by: str, at: datetime
) -> UUID:
    ledger = _locked(merchant_id, order_id)
    state = permitted.state_of(status=ledger.order.status, verification=ledger.order.verification)
    permitted.judge(ledger.terms, state, "capture")
    share = _share(ledger, reference)
    by_hand = share.provider in BY_HAND | OUR_CREDIT
    wanted = _to_draw(ledger, share, amount, by_hand=by_hand)
    if by_hand:
        capturing.add_captured(ledger=ledger, share=share, amount=wanted, by=by, at=at)
    else:
        capture_id = capturing.begin(ledger=ledger, share=share, amount=wanted, by=by, at=at, now=True)
        # Robust: what was begun is committed, and the worker carries on with it whatever happens here.
        transaction.on_commit(partial(jobs.carry, capture_id=capture_id), robust=True)
    ledgers.write([ledger])
    return share.id


def _to_draw(ledger: Ledger, share: ShareFacts, amount: str | None, *, by_hand: bool) -> int:
    left = share.amount - share.captured
    if share.state == "capturing":
        raise Refusal("in_progress", "it is being captured")
    if by_hand:
        # Money by hand may come in pieces; a card is drawn once.
        fits = left and (
            share.state == "captured" or lifecycle.may(lifecycle.PAYMENT, share.state, "captured")
        )
    else:
        fits = lifecycle.may(lifecycle.PAYMENT, share.state, "capturing")
    if not fits:
        raise Refusal("payment_not_capturable", f"it is {share.state}")
    if amount is not None:
        wanted = money.parse(amount, currency=ledger.order.currency)
        if wanted == 0:
            raise Refusal("invalid_amount", "more than nothing", field="amount")
        if wanted > left:
            detail = f"{money.plain(left, ledger.order.currency)} can be captured"
            raise Refusal("amount_too_large", detail, field="amount")
        return wanted
    due = min(left, rules.due(ledger.order, rules.kept(ledger.order, ledger.lines)))
    if not due and not by_hand:
        raise Refusal("payment_not_capturable", "nothing is due")
    return due or left


def _locked(merchant_id: int, order_id: UUID) -> Ledger:
    if order_id not in ledgers.lock(merchant_id=merchant_id, order_ids=[order_id]):
        raise Refusal("not_found", "no such order")
    return ledgers.read(merchant_id=merchant_id, order_ids=[order_id])[order_id]


def _share(ledger: Ledger, reference: str) -> ShareFacts:
    for share in ledger.shares:
        if share.reference == reference:
            return share
    raise Refusal("not_found", f"no payment {reference!r} on this order")


def _given_before(ledger: Ledger, share: ShareFacts, provider_refund: str) -> int | None:
    """The history is what remembers it; nobody can write there meanwhile, since the order is locked."""
    order = ledger.order
    found = Event.of(order.merchant_id).filter(order_id=order.id, kind="refund.external", subject_id=share.id)
    facts = found.filter(facts__provider_refund=provider_refund).values_list("facts", flat=True).first()
    return None if facts is None else int(facts["amount_minor"])
