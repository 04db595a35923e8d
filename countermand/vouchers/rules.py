"""What a voucher may be, and what it takes off a purchase. Pure.

Source: SH-11 (a discount on a later purchase may be offered in the message), SH-7 (none where fraud is suspected).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from countermand.money import parse
from countermand.refusals import Refusal

KINDS = ("amount", "percent")
USUAL_DAYS = 183
LONGEST_DAYS = 5 * 366
# What an assistant may offer without asking: more takes whoever may grant goodwill.
AGENT_PERCENT = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """A voucher to be made: `value` is an amount in major units, or a whole per cent, as text."""

    kind: str
    value: str
    expires_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a voucher takes off: one of the two, in minor units or per cent."""

    amount_minor: int | None = None
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """Until when a code counts: the last day on the shop's clock, and the instant after it."""

    expires_on: date
    expires_at: datetime


def worth(offer: Offer, *, currency: str) -> Worth:
    """This will read what a voucher takes off.

    Refuses `unknown_kind`, `invalid_percent` (1 to 100, whole), `invalid_amount`, `too_many_decimals`.
    """
    if offer.kind not in KINDS:
        raise Refusal("unknown_kind", f"a voucher is one of {', '.join(KINDS)}", field="voucher.kind")
    if offer.kind == "percent":
        typed = offer.value.strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) < 4 and 1 <= int(typed) <= 100):
            raise Refusal("invalid_percent", "a whole per cent from 1 to 100", field="voucher.value")
        return Worth(percent=int(typed))
    minor = parse(offer.value, currency=currency, field="voucher.value")
    if not minor:
        raise Refusal("invalid_amount", "more than nothing", field="voucher.value")
    return Worth(amount_minor=minor)


def days(offer: Offer, *, at: datetime, timezone: str) -> Days:
    """This will say until when a code counts. Refuses `invalid_expiry`: today at the earliest, five years at most."""
    zone = ZoneInfo(timezone)
    today = at.astimezone(zone).date()
    if not today <= offer.expires_on <= today + timedelta(days=LONGEST_DAYS):
        raise Refusal("invalid_expiry", "from today to five years from now", field="voucher.expires_on")
    after = datetime.combine(offer.expires_on + timedelta(days=1), time(), tzinfo=zone)
    return Days(offer.expires_on, after)


def judge_with_cancellation(*, worth: Worth, reason: str, called_off_minor: int, free_hand: bool) -> None:
    """This will refuse a voucher that may not be offered with a cancellation.

    `free_hand`: the asker may grant goodwill. Refuses `voucher_not_for_fraud` (SH-7), and `voucher_too_large`:
    without a free hand at most 20 %, or what was called off is worth.
    """
    if reason == "fraud_suspected":
        raise Refusal("voucher_not_for_fraud", "no voucher where fraud is suspected", field="voucher.kind")
    too_much = (worth.percent or 0) > AGENT_PERCENT or (worth.amount_minor or 0) > called_off_minor
    if too_much and not free_hand:
        raise Refusal(
            "voucher_too_large",
            f"at most {AGENT_PERCENT} %, or what is called off: more takes a manager",
            field="voucher.value",
        )


def taken_off(worth: Worth, *, total_minor: int) -> int:
    """This will say what a code takes off a purchase: never more than the purchase, per cents rounded down."""
    if worth.percent is not None:
        return total_minor * worth.percent // 100
    return min(worth.amount_minor or 0, total_minor)
