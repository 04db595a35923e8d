"""A cancellation as it is done, with a voucher for the buyer where one was chosen: now, or once approved."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from countermand.cancellations.actions import Confirmed, RateOf, Wish, confirm_many
from countermand.cancellations.planned import Plan
from countermand.cancellations.queries import AlreadyDone
from countermand.refusals import Refusal
from countermand.vouchers import rules
from countermand.vouchers.actions import confirm_with_voucher
from countermand.vouchers.rules import Offer


@dataclass(frozen=True, slots=True)
class Gift:
    """A voucher that goes with a cancellation; `free_hand`: who does it may grant goodwill."""

    offer: Offer
    free_hand: bool


def cancel(
    *, merchant_id: int, wish: Wish, gift: Gift | None, by: str, at: datetime, rate_of: RateOf | None
) -> Confirmed | AlreadyDone:
    """This will confirm one wish, with its voucher. Refuses what `confirm` and `confirm_with_voucher` refuse."""
    common: dict[str, Any] = {"merchant_id": merchant_id, "by": by, "at": at, "rate_of": rate_of}
    answer: Confirmed | AlreadyDone | Refusal
    if gift is None:
        [answer] = confirm_many(wishes=[wish], **common)
    else:
        answer = confirm_with_voucher(wish=wish, offer=gift.offer, free_hand=gift.free_hand, **common)
    if isinstance(answer, Refusal):
        raise answer
    return answer


def judge(gift: Gift | None, plan: Plan) -> None:
    """This will refuse a voucher that could not be given with this plan, before anybody is asked to look at it."""
    if gift is None:
        return
    ledger = plan.ledger
    worth = rules.worth(gift.offer, currency=ledger.order.currency)
    if ledger.terms.notify == "channel":
        raise Refusal("terms_forbid", "here the channel writes to the buyer", field="voucher.kind")
    rules.judge_with_cancellation(
        worth=worth, reason=plan.ask.reason, called_off_minor=plan.worth, free_hand=gift.free_hand
    )
    rules.days(gift.offer, at=plan.at, timezone=ledger.channel.timezone)


def frozen(gift: Gift | None) -> dict[str, Any] | None:
    """This will write a voucher as JSON; whose hand was free is judged anew by who approves."""
    return asdict(gift.offer) | {"expires_on": gift.offer.expires_on.isoformat()} if gift else None


def of_frozen(kept: dict[str, Any] | None, *, free_hand: bool) -> Gift | None:
    """This will read a voucher back."""
    if not kept:
        return None
    return Gift(Offer(**kept | {"expires_on": date.fromisoformat(kept["expires_on"])}), free_hand)
