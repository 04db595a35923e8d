"""Whose deed a refund is: the merchant's, the platform's, or that of its customer service. Pure.

Source: docs/terms.md (who refunds); RK-5, EM-10, AZ-15.
"""

from typing import Literal

from countermand.refusals import Refusal

# Who wants money back with the buyer. `terms`: what follows from something else (a return, a refusal), so that
# the one who refunds by the terms is asked for it.
Who = Literal["merchant", "platform", "terms"]


def judge_member(refunds_by: str, *, as_platform: bool) -> None:
    """This will refuse (`terms_forbid`) a merchant who wants to move money that the platform moves."""
    if refunds_by != "merchant" and not as_platform:
        raise Refusal("terms_forbid", "the platform refunds here, not the merchant", facts={"by": refunds_by})


def asks(refunds_by: str, *, who: Who) -> bool:
    """This will say whether a new refund waits for the customer service: what it wants itself leaves at once."""
    return refunds_by == "customer_service" and who == "terms"
