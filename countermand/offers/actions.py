"""Verbs of offers: another article is offered, the buyer answers, the offer is withdrawn or runs out (EM-3, EM-4)."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from countermand import ids, lifecycle, sql
from countermand.cancellations.may_cancel import judge_order
from countermand.channels.models import Channel
from countermand.channels.selling import sells
from countermand.correspondence.actions import CONTACT_MEANS, log_contact
from countermand.correspondence.models import Message
from countermand.correspondence.offering import offer_token, token_digest
from countermand.events.ping import ping
from countermand.events.record import event, record
from countermand.offers import rules
from countermand.offers.models import Offer
from countermand.offers.working_out import difference
from countermand.orders.facts import LineFacts
from countermand.orders.models import Order
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal, fits
from countermand.stock import moves
from countermand.stock import queries as stock
from countermand.stock.models import Item

ANSWERS = ("accepted", "declined")
OPEN = ("offered", "accepted")


@sql.verb
def make_offer(
    *,
    merchant_id: int,
    order_id: UUID,
    line: str,
    sku: str,
    quantity: int,
    days: int = rules.USUAL_DAYS,
    send: bool = True,
    message: str = "",
    by: str,
    at: datetime,
) -> Offer:
    """This will offer another article instead of open units of a line; with `send` by mail, with a link to answer.

    Only what the rule proposes and can be sold (EM-3). Refuses `terms_forbid`, `unknown_line`, `quantity_too_large`,
    `offer_open`, `no_alternative`, `not_sellable`, `price_missing`, `invalid_days`, `offer_needs_email`, `text_too_long`,
    `channel_suspended` while the channel may not sell (RK-10).
    """
    ledger = locked(merchant_id, order_id)
    order = ledger.order
    judge_order(order, ledger.lines, ledger.terms)
    if ledger.terms.alternative == "none":
        raise Refusal("terms_forbid", "under these terms the platform speaks with the buyer")
    if not sells(Channel.of(merchant_id).get(id=ledger.channel.id), at=at):
        raise Refusal("channel_suspended", "nothing new is sold on this channel for now (RK-10)")
    fits(message, field="message")
    if send and not order.email.strip():
        raise Refusal("offer_needs_email", "the order has no address to write to", field="send")
    old = line_of(ledger, line)
    judge_units(old, quantity)
    if Offer.of(merchant_id).filter(line_id=old.id, state__in=OPEN).exists():
        raise Refusal("offer_open", "an offer for this line is open")
    near = stock.alternatives(merchant_id=merchant_id, sku=old.sku, at=at)
    article, price = rules.judge_article(sku, near, quantity=quantity, currency=order.currency)
    offer_id = ids.new()
    offer = Offer.across_merchants.create(
        id=offer_id,
        merchant_id=merchant_id,
        order_id=order_id,
        line_id=old.id,
        quantity=quantity,
        item=stock.item(merchant_id=merchant_id, sku=article.sku),
        sku=article.sku,
        title=article.title or article.sku,
        price_minor=price,
        currency=order.currency,
        state="offered",
        token_digest=token_digest(offer_token(offer_id)),
        expires_at=rules.answer_by(at, days=days),
        offered_by=by,
        offered_at=at,
    )
    record([told("offer.made", offer, by=by, at=at, units=quantity)])
    if send:
        _write_to_the_buyer(ledger, old, offer, message=message, by=by, at=at)
    return offer


@sql.verb
def answer_offer(
    *, merchant_id: int, offer_id: UUID, answer: str, via: str = "phone", by: str, at: datetime
) -> Offer:
    """This will write down what the buyer answered; an acceptance holds the units until the exchange.

    `via`: phone, email, counter, or page where the buyer did it alone. The same answer twice is one answer.
    Refuses `not_found`, `unknown_answer`, `unknown_means`, `offer_answered`, `offer_expired`, `quantity_too_large`, `not_sellable`.
    """
    if answer not in ANSWERS:
        raise Refusal("unknown_answer", "accepted or declined", field="answer")
    if via not in (*CONTACT_MEANS, "page"):
        raise Refusal("unknown_means", "phone, email, counter or page", field="via")
    offer, ledger = locked_offer(merchant_id, offer_id)
    if offer.state == answer:
        return offer
    if offer.state == "expired" or (offer.state == "offered" and offer.expires_at <= at):
        raise Refusal("offer_expired", "it stood until then")
    if not lifecycle.may(lifecycle.OFFER, offer.state, answer):
        raise Refusal("offer_answered", f"it is {offer.state}")
    if answer == "accepted":
        _hold(offer, ledger, at=at, by=by)
    offer.state, offer.answered_by, offer.answered_at, offer.via = answer, by, at, via
    offer.save()
    record([told(f"offer.{answer}", offer, by=by, at=at, via=via)])
    log_contact(
        merchant_id=merchant_id,
        order_id=offer.order_id,
        by_means=via if via in CONTACT_MEANS else "email",
        outcome="alternative" if answer == "accepted" else "other",
        note=offer.title,
        by=by,
        at=at,
    )
    return offer


def answer_by_token(*, token: str, answer: str, at: datetime) -> Offer:
    """This will answer as the buyer does on the page of the mail's link; refuses as `answer_offer` does."""
    found = Offer.across_merchants.filter(token_digest=token_digest(token)).only("id", "merchant_id").first()
    if found is None:
        raise Refusal("not_found", "no such offer")
    return answer_offer(
        merchant_id=found.merchant_id, offer_id=found.id, answer=answer, via="page", by="buyer", at=at
    )


@sql.verb
def withdraw_offer(*, merchant_id: int, offer_id: UUID, by: str, at: datetime) -> Offer:
    """This will take an offer back, and let go what it held. Refuses `not_found`, `offer_answered`."""
    offer, _ledger = locked_offer(merchant_id, offer_id)
    if offer.state == "withdrawn":
        return offer
    if not lifecycle.may(lifecycle.OFFER, offer.state, "withdrawn"):
        raise Refusal("offer_answered", f"it is {offer.state}")
    end(offer, "withdrawn", by=by, at=at)
    return offer


def end(offer: Offer, state: str, *, by: str, at: datetime) -> None:
    """This will end an open offer in the caller's verb, and let go what it held; articles last."""
    held, offer.held, offer.state = offer.held, 0, state
    offer.save(update_fields=["held", "state"])
    record([told(f"offer.{state}", offer, by=by, at=at)])
    if held:
        back = {"order_id": offer.order_id, "item_id": offer.item_id, "quantity": held}
        moves.let_go(merchant_id=offer.merchant_id, moves=[back], by=by, at=at)


def locked(merchant_id: int, order_id: UUID) -> Ledger:
    """This will lock an order with its payments. Refuses `not_found`."""
    if order_id not in ledgers.lock(merchant_id=merchant_id, order_ids=[order_id]):
        raise Refusal("not_found", "no such order")
    return ledgers.read(merchant_id=merchant_id, order_ids=[order_id])[order_id]


def locked_offer(merchant_id: int, offer_id: UUID) -> tuple[Offer, Ledger]:
    """This will lock an offer behind its order, against a cancel and another answer. Refuses `not_found`."""
    order_id = Offer.of(merchant_id).filter(id=offer_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise Refusal("not_found", "no such offer")
    ledger = locked(merchant_id, order_id)
    return Offer.of(merchant_id).select_for_update(no_key=True).get(id=offer_id), ledger


def line_of(ledger: Ledger, reference: str) -> LineFacts:
    """This will find a line of an order by its reference. Refuses `unknown_line`."""
    for line in ledger.lines:
        if line.reference == reference:
            return line
    raise Refusal("unknown_line", f"no line {reference!r}", field="line")


def judge_units(line: LineFacts, quantity: int) -> None:
    """This will refuse (`invalid_quantity`, `quantity_too_large`) other than 1 to what is open of a line."""
    if quantity < 1:
        raise Refusal("invalid_quantity", "one unit at least", field="quantity")
    if quantity > line.open:
        raise Refusal(
            "quantity_too_large", f"{line.open} are open", field="quantity", facts={"open": line.open}
        )


def told(kind: str, offer: Offer, *, by: str, at: datetime, **facts: Any) -> dict[str, Any]:
    """This will make the fact of something that happened to an offer."""
    subject = ("offer", offer.id)
    return event(
        kind=kind,
        merchant_id=offer.merchant_id,
        at=at,
        by=by,
        order_id=offer.order_id,
        subject=subject,
        **facts,
    )


def _hold(offer: Offer, ledger: Ledger, *, by: str, at: datetime) -> None:
    line = next(line for line in ledger.lines if line.id == offer.line_id)
    judge_units(line, offer.quantity)
    offer.missing_minor = difference(offer, ledger, at=at).missing
    if offer.missing_minor:
        offer.expires_at = rules.answer_by(at, days=rules.HELD_DAYS)
    item = Item.of(offer.merchant_id).select_for_update(no_key=True).get(id=offer.item_id)
    if item.on_hand is None:
        return
    if item.on_hand - item.allocated < offer.quantity:
        raise Refusal("not_sellable", f"{item.on_hand - item.allocated} can be sold")
    offer.held = offer.quantity
    kept = {"order_id": offer.order_id, "item_id": offer.item_id, "quantity": offer.held}
    moves.allocate(merchant_id=offer.merchant_id, moves=[kept], by=by, at=at)


def _write_to_the_buyer(
    ledger: Ledger, old: LineFacts, offer: Offer, *, message: str, by: str, at: datetime
) -> None:
    total = offer.price_minor * offer.quantity
    until = offer.expires_at.astimezone(ZoneInfo(ledger.channel.timezone)).date()
    made = difference(offer, ledger, at=at)
    planned = Message.across_merchants.create(
        merchant_id=offer.merchant_id,
        order_id=offer.order_id,
        kind="offer",
        # The link is made anew from the offer's id when the mail is sent: its secret stands nowhere.
        facts={
            "offer": str(offer.id),
            "number": ledger.order.number,
            "was": old.title,
            "lines": [{"title": offer.title, "sku": offer.sku, "quantity": offer.quantity}],
            "amount_minor": total,
            "difference_minor": made.missing - made.back,
            "currency": offer.currency,
            "expires_on": until.isoformat(),
            "message": message,
        },
        state="planned",
        not_before=at,
        created_at=at,
    )
    record(
        [
            event(
                kind="message.planned",
                merchant_id=offer.merchant_id,
                at=at,
                by=by,
                order_id=offer.order_id,
                subject=("message", planned.id),
                about="offer",
            )
        ]
    )
    ping()


def order_with_channel(merchant_id: int, order_id: UUID) -> Order:
    """This will read an order with its channel, for the body of the order that takes its place."""
    return Order.of(merchant_id).select_related("channel").get(id=order_id)
