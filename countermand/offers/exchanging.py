"""The exchange: the accepted alternative takes the place of the old units, in one transaction (EM-4).

Under own_shop the money goes along: a cheaper one gives the difference back, a dearer one was paid up before.
Under merchant_space it is a new order and the cancel of the old line, since the platform keeps the money.
See docs/decisions/0006-exchange.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.approvals.actions import held_by, needed
from countermand.approvals.rules import Rule
from countermand.cancellations.actions import Confirmed, RateOf, Wish, confirm_many
from countermand.events.record import record
from countermand.intake.actions import receive
from countermand.money import plain
from countermand.offers.actions import judge_units, locked_offer, order_with_channel, told
from countermand.offers.models import Offer
from countermand.offers.new_order import body, next_number
from countermand.offers.working_out import ask_of, difference, planned
from countermand.orders.actions import add_note
from countermand.payments import ledger as ledgers
from countermand.payments.actions import add_payment
from countermand.payments.carrying import can_be_carried, carry
from countermand.payments.facts import Ledger
from countermand.payments.providers.abilities import BY_HAND
from countermand.refusals import Refusal
from countermand.stock import moves

LOCK_ITEMS = "SELECT id FROM item WHERE merchant_id = %s AND id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
WORDS = {
    "fr": "À la place : {quantity} × {title}, commande {number}.",
    "en": "Instead: {quantity} × {title}, order {number}.",
}


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What an exchange made: the new order, the cancel of the old units, and in minor units what went where."""

    offer: Offer
    new_order_id: UUID
    number: str
    carried_minor: int
    back_minor: int
    again: bool = False


@sql.verb
def exchange(
    *,
    merchant_id: int,
    offer_id: UUID,
    paid: Mapping[str, Any] | None = None,
    reason: str = "out_of_stock",
    role: str = "owner",
    rules: Sequence[Rule] = (),
    rate_of: RateOf | None = None,
    by: str,
    at: datetime,
) -> Exchanged:
    """This will put the accepted alternative in the place of the old units. Asked twice, it is done once.

    `paid` {amount, method, reference?}: what the buyer paid on top, as recorded by hand (major units).
    `rules`: who has to do it where a second person must look (SH-12): `approval_needed` for a lower `role`.
    Refuses `not_found`, `offer_not_accepted`, `offer_expired`, `quantity_too_large`, `not_captured_yet`, `payment_missing`
    below what is missing, and what `confirm` and `add_payment` refuse.
    """
    offer, ledger = locked_offer(merchant_id, offer_id)
    if offer.state == "exchanged" and offer.new_order_id is not None:
        return Exchanged(offer, offer.new_order_id, "", 0, 0, again=True)
    _judge(offer, ledger)
    made = planned(offer, ledger, at=at)
    own = ledger.terms.refunds_by == "merchant"
    if own and any(share.state in ("authorized", "capturing") for share in ledger.shares):
        raise Refusal("not_captured_yet", "capture the payment first: only then can it go along")
    # Accepted before the card was drawn, nothing was missing yet.
    offer.missing_minor = max(offer.missing_minor, difference(offer, ledger, at=at).missing)
    order = order_with_channel(merchant_id, offer.order_id)
    line = next(line for line in ledger.lines if line.id == offer.line_id)
    sql.execute(LOCK_ITEMS, (merchant_id, sorted([line.item_id, offer.item_id])))
    if offer.held:
        held = {"order_id": offer.order_id, "item_id": offer.item_id, "quantity": offer.held}
        moves.let_go(merchant_id=merchant_id, moves=[held], by=by, at=at)
    number = next_number(order)
    new_body = body(order, offer, tax_rate=line.tax_rate, number=number, whole=made.empties, at=at)
    placed = receive(merchant_id=merchant_id, body=new_body, by=by, at=at)
    ledgers.lock(merchant_id=merchant_id, order_ids=[placed.order_id])
    new = ledgers.read(merchant_id=merchant_id, order_ids=[placed.order_id])[placed.order_id]
    carried = min(made.refund, new.order.total, can_be_carried(ledger)) if own else 0
    if carried:
        carry(old=ledger, new=new, amount=carried, by=by, at=at)
    if own:
        _pay_the_rest(merchant_id, offer, ledger, new, paid, carried, by=by, at=at)
    cancelled = _call_off(offer, ledger, number, reason=reason, role=role, by=by, at=at, rate_of=rate_of)
    if why := held_by(cancelled.plan, cancelled.rate, rules, role=role):
        raise needed(why)
    offer.state, offer.held = "exchanged", 0
    offer.new_order_id, offer.cancellation_id = placed.order_id, cancelled.id
    offer.save()
    _tell(merchant_id, offer, order.number, number, placed.order_id, by=by, at=at)
    back = cancelled.plan.refund if cancelled.plan.when == "now" else 0
    return Exchanged(offer, placed.order_id, number, carried, back)


def _judge(offer: Offer, ledger: Ledger) -> None:
    if offer.state == "expired":
        raise Refusal("offer_expired", "it was not paid in time: the old line stands")
    if offer.state != "accepted":
        raise Refusal("offer_not_accepted", f"it is {offer.state}")
    judge_units(next(line for line in ledger.lines if line.id == offer.line_id), offer.quantity)


def _pay_the_rest(
    merchant_id: int,
    offer: Offer,
    old: Ledger,
    new: Ledger,
    paid: Mapping[str, Any] | None,
    carried: int,
    *,
    by: str,
    at: datetime,
) -> None:
    """What the dearer one costs more is paid by now; what was to be paid at the door still is."""
    currency, order_id = new.order.currency, new.order.id
    common: dict[str, Any] = {"merchant_id": merchant_id, "order_id": order_id, "by": by, "at": at}
    rest = new.order.total - carried
    if paid:
        payment = {
            "provider": "manual",
            "method": paid.get("method") or "cash",
            "amount": paid["amount"],
            "state": "captured",
            "provider_reference": paid.get("reference") or None,
        }
        add_payment(payment=payment, **common)
        rest = new.order.total - _captured(merchant_id, order_id)
    if offer.missing_minor and rest > new.order.total - carried - offer.missing_minor:
        missing = plain(offer.missing_minor, currency)
        raise Refusal("payment_missing", f"{missing} {currency} are missing", field="paid")
    waiting = next((s for s in old.shares if s.provider in BY_HAND and s.state == "pending"), None)
    if rest > 0 and waiting is not None:
        expected = {
            "provider": "manual",
            "method": waiting.method,
            "amount": plain(rest, currency),
            "state": "pending",
        }
        add_payment(payment=expected, **common)


def _captured(merchant_id: int, order_id: UUID) -> int:
    found = ledgers.read(merchant_id=merchant_id, order_ids=[order_id])[order_id]
    return found.order.captured


def _call_off(
    offer: Offer,
    ledger: Ledger,
    number: str,
    *,
    reason: str,
    role: str,
    by: str,
    at: datetime,
    rate_of: RateOf | None,
) -> Confirmed:
    language = "fr" if ledger.order.language.lower().startswith("fr") else "en"
    said = WORDS[language].format(quantity=offer.quantity, title=offer.title, number=number)
    ask = ask_of(offer, ledger, reason=reason, message=said[: ledger.terms.message_max], role=role)
    wish = Wish(offer.order_id, ask, source=f"offer:{offer.id}")
    [answer] = confirm_many(merchant_id=offer.merchant_id, wishes=[wish], by=by, at=at, rate_of=rate_of)
    if isinstance(answer, Refusal):
        raise answer
    assert isinstance(answer, Confirmed), "an offer's own cancel is written once, behind the offer's lock"
    return answer


def _tell(
    merchant_id: int, offer: Offer, old_number: str, number: str, new_id: UUID, *, by: str, at: datetime
) -> None:
    kind = "order.exchanged"
    new = told(kind, offer, by=by, at=at, from_order=offer.order_id) | {"order_id": new_id}
    record([told(kind, offer, by=by, at=at, to_order=new_id), new])
    for where, text in (
        (offer.order_id, f"Échange : {offer.quantity} × {offer.title}, commande {number}."),
        (new_id, f"Échange d'un article de la commande {old_number}."),
    ):
        add_note(merchant_id=merchant_id, order_id=where, text=text, by=by, at=at)
