"""Verbs of vouchers: made by hand or with a cancellation, redeemed once, withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import ids, money, sql
from countermand.cancellations.actions import Confirmed, RateOf, Wish, confirm_many
from countermand.cancellations.queries import AlreadyDone
from countermand.events.record import event, record
from countermand.merchants.models import Merchant
from countermand.orders.models import Order
from countermand.refusals import Refusal, fits
from countermand.vouchers import rules
from countermand.vouchers.codes import as_written, new_code
from countermand.vouchers.models import Voucher
from countermand.vouchers.rules import Days, Offer, Worth

LONGEST_NUMBER = 64

# Its words are made when it is sent, from these facts: the code comes into the mail that the same
# transaction has just planned.
INTO_THE_MAIL = """
UPDATE message SET facts = facts || jsonb_build_object('voucher', %(voucher)s::jsonb)
WHERE merchant_id = %(m)s AND cancellation_id = %(id)s AND kind = 'cancellation' AND state IN ('held', 'planned')
"""
WITHDRAW = """
UPDATE voucher SET state = 'withdrawn', settled_at = %(at)s, settled_by = %(by)s
WHERE cancellation_id = ANY(%(ids)s) AND state = 'open'
RETURNING id, merchant_id, order_id
"""


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A code that has been spent: what it took off, in minor units."""

    voucher: Voucher
    taken_off_minor: int


@sql.verb
def issue_voucher(
    *,
    merchant_id: int,
    offer: Offer,
    currency: str = "",
    order_id: UUID | None = None,
    customer_email: str = "",
    live: bool = True,
    by: str,
    at: datetime,
) -> Voucher:
    """This will make a code for one later purchase: for the buyer of an order, for an address, or for whoever has it.

    With an order its buyer, currency and mode are the voucher's. Refuses `not_found`, `unknown_kind`, `invalid_percent`,
    `invalid_amount`, `invalid_expiry`, `unknown_currency`, `text_too_long`, `voucher_not_for_fraud`, `not_verified_yet`.
    """
    fits(offer.note, field="voucher.note")
    timezone = ""
    if order_id is not None:
        order = Order.of(merchant_id).select_related("channel").filter(id=order_id).first()
        if order is None:
            raise Refusal("not_found", "no such order")
        if order.verification != "verified":  # AZ-11: nobody here knows the buyer
            raise Refusal("not_verified_yet", "its payment was not verified: the buyer is hidden")
        if order.cancel_reason == "fraud_suspected":
            raise Refusal(
                "voucher_not_for_fraud", "no voucher where fraud is suspected", field="voucher.kind"
            )
        currency, customer_email = order.currency, order.customer_email
        timezone, live = order.channel.timezone, order.channel.mode == "live"
    timezone = timezone or Merchant.objects.only("timezone").get(id=merchant_id).timezone
    money.exponent(currency)
    worth = rules.worth(offer, currency=currency)
    until = rules.days(offer, at=at, timezone=timezone)
    about = _About(merchant_id, order_id, None, customer_email, currency, live)
    return _made(about, offer, worth, until, valid_from=at, by=by, at=at)


@sql.verb
def confirm_with_voucher(
    *,
    merchant_id: int,
    wish: Wish,
    offer: Offer,
    free_hand: bool,
    by: str,
    at: datetime,
    rate_of: RateOf | None = None,
) -> Confirmed | AlreadyDone | Refusal:
    """This will confirm a cancellation and offer the buyer a voucher in its mail: both or neither (SH-11).

    Pressed twice, the second finds the first and makes no second code. The code counts from the end of the
    undo window. Refuses what `confirm` refuses (as its answer, like `confirm_many`), `unknown_kind`,
    `invalid_percent`, `invalid_amount`, `invalid_expiry`, `voucher_not_for_fraud`, `voucher_too_large`, and
    `terms_forbid` where the channel writes to the buyer.
    """
    [answer] = confirm_many(merchant_id=merchant_id, wishes=[wish], by=by, at=at, rate_of=rate_of)
    if not isinstance(answer, Confirmed):
        return answer
    plan = answer.plan
    order, channel = plan.ledger.order, plan.ledger.channel
    worth = rules.worth(offer, currency=order.currency)
    if plan.ledger.terms.notify == "channel":
        raise Refusal("terms_forbid", "here the channel writes to the buyer", field="voucher.kind")
    rules.judge_with_cancellation(
        worth=worth, reason=wish.ask.reason, called_off_minor=plan.worth, free_hand=free_hand
    )
    until = rules.days(offer, at=at, timezone=channel.timezone)
    live = channel.mode == "live"
    about = _About(merchant_id, order.id, answer.id, order.email, order.currency, live)
    voucher = _made(about, offer, worth, until, valid_from=plan.undo_until or at, by=by, at=at)
    told = {"m": merchant_id, "id": answer.id, "voucher": sql.json(mail_facts(voucher))}
    sql.execute(INTO_THE_MAIL, told)
    return answer


@sql.verb
def redeem_voucher(
    *, merchant_id: int, code: str, order_number: str, total: str, by: str, at: datetime
) -> Redeemed:
    """This will spend a code on a purchase of `total` (major units of the voucher's currency), once.

    Refuses `not_found`, `voucher_redeemed`, `voucher_withdrawn`, `voucher_expired`, `voucher_not_yet` (within the
    undo window of its cancellation), `invalid_amount`, `text_required`, `text_too_long`.
    """
    if not order_number.strip():
        raise Refusal("text_required", "the number of the order that it is spent on", field="order_number")
    fits(order_number, field="order_number", longest=LONGEST_NUMBER)
    voucher = _locked(merchant_id, code=as_written(code))
    judge_redeemable(voucher, at=at)
    minor = money.parse(total, currency=voucher.currency, field="total")
    if not minor:
        raise Refusal("invalid_amount", "more than nothing", field="total")
    off = rules.taken_off(Worth(voucher.amount_minor, voucher.percent), total_minor=minor)
    voucher.state, voucher.settled_at, voucher.settled_by = "redeemed", at, by
    voucher.redeemed_minor, voucher.order_number = off, order_number.strip()
    voucher.save(update_fields=["state", "settled_at", "settled_by", "redeemed_minor", "order_number"])
    record([_event("voucher.redeemed", voucher, by=by, at=at, amount_minor=off, currency=voucher.currency)])
    return Redeemed(voucher, off)


@sql.verb
def withdraw_voucher(*, merchant_id: int, voucher_id: UUID, by: str, at: datetime) -> Voucher:
    """This will take a code back that nobody has used. Refuses `not_found`, `voucher_redeemed`, `voucher_withdrawn`."""
    voucher = _locked(merchant_id, id=voucher_id)
    if voucher.state != "open":
        raise Refusal(f"voucher_{voucher.state}", "only a code that is still to be used can be taken back")
    voucher.state, voucher.settled_at, voucher.settled_by = "withdrawn", at, by
    voucher.save(update_fields=["state", "settled_at", "settled_by"])
    record([_event("voucher.withdrawn", voucher, by=by, at=at)])
    return voucher


def withdraw_with(*, cancellation_ids: Sequence[UUID], by: str, at: datetime) -> None:
    """This will take back the codes offered with cancellations that were undone, in the caller's transaction."""
    gone = sql.rows(WITHDRAW, {"ids": list(cancellation_ids), "by": by, "at": at})
    record(
        event(
            kind="voucher.withdrawn",
            merchant_id=row["merchant_id"],
            at=at,
            by=by,
            order_id=row["order_id"],
            subject=("voucher", row["id"]),
        )
        for row in gone
    )


def judge_redeemable(voucher: Voucher, *, at: datetime) -> None:
    """This will refuse a code that takes nothing off at this moment."""
    if voucher.state != "open":
        facts = {"order_number": voucher.order_number} if voucher.state == "redeemed" else {}
        raise Refusal(f"voucher_{voucher.state}", f"it is {voucher.state}", field="code", facts=facts)
    if at >= voucher.expires_at:
        on = voucher.expires_on.isoformat()
        raise Refusal("voucher_expired", f"its last day was {on}", field="code", facts={"expires_on": on})
    if at < voucher.valid_from:
        raise Refusal(
            "voucher_not_yet", "the cancellation that it came with can still be undone", field="code"
        )


def mail_facts(voucher: Voucher) -> dict[str, Any]:
    """This will freeze what the mail says of a voucher."""
    return {
        "code": voucher.code,
        "amount_minor": voucher.amount_minor,
        "percent": voucher.percent,
        "expires_on": voucher.expires_on.isoformat(),
    }


@dataclass(frozen=True, slots=True)
class _About:
    """Whose and what for: the rest is the offer."""

    merchant_id: int
    order_id: UUID | None
    cancellation_id: UUID | None
    customer_email: str
    currency: str
    live: bool


def _made(
    about: _About, offer: Offer, worth: Worth, until: Days, *, valid_from: datetime, by: str, at: datetime
) -> Voucher:
    voucher = Voucher.across_merchants.create(
        id=ids.new(),
        merchant_id=about.merchant_id,
        code=new_code(),
        kind=offer.kind,
        amount_minor=worth.amount_minor,
        percent=worth.percent,
        currency=about.currency,
        live=about.live,
        customer_email=about.customer_email.strip(),
        order_id=about.order_id,
        cancellation_id=about.cancellation_id,
        note=offer.note.strip(),
        valid_from=valid_from,
        expires_on=until.expires_on,
        expires_at=until.expires_at,
        created_at=at,
        by=by,
    )
    facts = {"amount_minor": worth.amount_minor, "currency": about.currency} if worth.amount_minor else {}
    percent = {"percent": worth.percent} if worth.percent else {}
    # Never the code itself: whoever reads it in a history could spend it.
    record([_event("voucher.issued", voucher, by=by, at=at, **facts, **percent)])
    return voucher


def _locked(merchant_id: int, **by: Any) -> Voucher:
    voucher = Voucher.of(merchant_id).select_for_update(no_key=True).filter(**by).first()
    if voucher is None:
        raise Refusal("not_found", "no such voucher", field="code")
    return voucher


def _event(kind: str, voucher: Voucher, *, by: str, at: datetime, **facts: Any) -> dict[str, Any]:
    return event(
        kind=kind,
        merchant_id=voucher.merchant_id,
        at=at,
        by=by,
        order_id=voucher.order_id,
        subject=("voucher", voucher.id),
        **facts,
    )
