"""A refusal: something asked that may not be done, named so that a merchant can act on it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

# So far ahead of ours may the clock be of who says when something happened.
AHEAD = timedelta(minutes=5)
# What somebody writes for somebody to read is at most so many characters, at every door (docs/api.md).
LONGEST_TEXT = 5_000
MOST_LISTED = 20
LONGEST_NAME = 64  # an order's number, a reference, a sku

# Codes that say "the facts forbid it" (409); every other code says "the question is wrong" (422).
STATE_CODES = frozenset(
    [
        "already_cancelled",
        "already_shipped",
        "nothing_open",
        "address_fixed",
        "nothing_shipped",
        "already_confirmed",
        "already_accepted",
        "already_verified",
        "not_accepted_yet",
        "not_refused_yet",
        "stock_counted_since",
        "not_verified_yet",
        "in_progress",
        "already_undone",
        "plan_changed",
        "terms_forbid",
        "refund_owed",
        "held_by_request",
        "order_differs",
        "nothing_to_restock",
        "nothing_to_refund",
        "too_late",
        "not_settleable",
        "not_sent_back",
        "signs_in",
        "not_retryable",
        "already_refunded",
        "payment_not_capturable",
        "nothing_to_ship",
        "held_for_fraud",
        "restoring",
        "channel_exists",
        "channel_has_orders",
        "payment_exists",
        "fulfilment_exists",
        "external_refund_exists",
        "nothing_cancelled",
        "not_issued",
        "address_missing",
        "card_exists",
        "stock_kept_elsewhere",
        "ticket_closed",
        "not_sellable",
        "offer_open",
        "offer_answered",
        "offer_expired",
        "offer_not_accepted",
        "payment_missing",
        "not_captured_yet",
        "already_decided",
        "not_a_withdrawal",
        "approval_expired",
        "approval_needed",
        "own_approval",
        "voucher_redeemed",
        "voucher_withdrawn",
        "voucher_expired",
        "voucher_not_yet",
        "nothing_shipped",
        "shipment_unconfirmed",
        "shipment_confirmed",
        "return_open",
        "return_over",
        "not_received",
        "parcel_back",
        "intercept_open",
        "intercept_over",
        "already_suspended",
        "suspension_over",
        "already_appealed",
        "appeal_answered",
        "nothing_appealed",
        "already_acknowledged",
        "ticket_answered",
        "channel_suspended",
        "seat_taken",
        "operator_exists",
        "last_manager",
        "basket_exists",
        "reply_not_allowed",
        "message_needs_email",
    ]
)


class Refusal(Exception):
    """Raised by a rule; nothing was written.

    `code` is one of docs/api.md, `field` names the input it is about (dotted path), `detail` is for a
    developer, `facts` are what a page needs to say it in the reader's words.
    """

    def __init__(
        self, code: str, detail: str = "", *, field: str = "", facts: Mapping[str, Any] | None = None
    ):
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail or code.replace("_", " ")
        self.field = field
        self.facts = dict(facts or {})

    @property
    def status(self) -> int:
        """This will say which HTTP status the refusal has: 404, 409 or 422."""
        if self.code == "not_found":
            return 404
        if self.code == "forbidden":
            return 403
        return 409 if self.code in STATE_CODES else 422


def fits(text: str, *, field: str, longest: int = LONGEST_TEXT) -> None:
    """This will refuse (`text_too_long`) more than `longest` characters."""
    if len(text) > longest:
        raise Refusal("text_too_long", f"at most {longest} characters", field=field)


def named(text: str, *, field: str, longest: int = LONGEST_NAME) -> None:
    """This will refuse a number, a reference or a sku that nobody could type again from a page or into a file.

    Refuses `text_too_long`, and `invalid_text` for nothing, blanks around it, or a character that cannot be seen.
    """
    fits(text, field=field, longest=longest)
    if not text or text != text.strip() or not text.isprintable():
        raise Refusal("invalid_text", "printable characters, and no blanks around them", field=field)


def there_are(names: Sequence[str]) -> str:
    """This will list what could have been named instead, the first 20 of it."""
    if not names:
        return "there is none"
    listed = ", ".join(names[:MOST_LISTED])
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return f"there {'is' if len(names) == 1 else 'are'} {listed}{more}"


def words(text: str, *, field: str) -> str:
    """This will give what a person wrote about a decision, without the blanks around it.

    Refuses `say_why` where nothing was written, `text_too_long`.
    """
    said = text.strip()
    if not said:
        raise Refusal("say_why", "say why", field=field)
    fits(said, field=field)
    return said
