"""The kinds of reason for which an order is called off, and what hangs on each.

Families: SH-6. Merchants add wordings under a family; a kind is code because rules depend on it.
"""

from typing import NamedTuple

from countermand.refusals import Refusal, there_are


class Reason(NamedTuple):
    """`restock` False forbids putting the units back on sale by default (SH-9); `customer_wish` allows a fee."""

    code: str
    family: str
    restock: bool = True
    seller_caused: bool = False
    zero_stock: bool = False

    @property
    def customer_wish(self) -> bool:
        return self.family == "customer_wish"

    @property
    def buyers_own(self) -> bool:
        """This will say whether a channel's « cancelled by the buyer » is true of it (AZ-6, AZ-17)."""
        return self.customer_wish or self.code == "wrong_address"


REASONS: dict[str, Reason] = {
    reason.code: reason
    for reason in (
        Reason("customer_changed_mind", "customer_wish"),
        Reason("budget", "customer_wish"),
        Reason("better_offer", "customer_wish"),
        Reason("doubt", "customer_wish"),
        Reason("ordered_by_mistake", "customer_wish"),
        Reason("out_of_stock", "stock", restock=False, seller_caused=True, zero_stock=True),
        Reason("item_unavailable", "stock", restock=False, seller_caused=True, zero_stock=True),
        Reason("listing_error", "stock", seller_caused=True),
        Reason("cannot_deliver", "shipping", seller_caused=True),
        Reason("wrong_address", "shipping"),
        Reason("delay", "shipping", seller_caused=True),
        Reason("price_error", "unforeseen", seller_caused=True),
        Reason("fraud_suspected", "fraud"),
        Reason("payment_declined", "payment"),
        Reason("damaged", "stock", restock=False, seller_caused=True),
        Reason("technical_error", "unforeseen", seller_caused=True),
        Reason("supplier", "unforeseen", seller_caused=True),
        Reason("business_decision", "unforeseen", seller_caused=True),
        Reason("other", "other"),
    )
}

FAMILIES = tuple(dict.fromkeys(reason.family for reason in REASONS.values()))


def judge_reason(reason: str, *, field: str = "reason") -> None:
    """This will refuse (`unknown_reason`) what is no kind of reason, and list those there are."""
    if reason not in REASONS:
        raise Refusal("unknown_reason", f"no reason {reason!r}; {there_are(list(REASONS))}", field=field)
