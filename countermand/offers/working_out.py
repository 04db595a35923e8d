"""What an exchange would come to, worked out by the same plan that the cancel of the old units follows."""

from datetime import datetime

from countermand.cancellations.ask import Ask
from countermand.cancellations.plan import plan
from countermand.cancellations.planned import Plan
from countermand.offers.models import Offer
from countermand.offers.new_order import body, costs
from countermand.offers.rules import Difference
from countermand.payments.facts import Ledger

USUAL_REASON = "out_of_stock"


def ask_of(
    offer: Offer, ledger: Ledger, *, reason: str = USUAL_REASON, message: str = "", role: str = "owner"
) -> Ask:
    """This will say what the exchange calls off: the old units, at once and without a window to undo it.

    Carriage and refundable fees go along where nothing else is left of the order, else they stay with it.
    """
    reference = next(line.reference for line in ledger.lines if line.id == offer.line_id)
    return Ask(
        reason=reason,
        lines=((reference, offer.quantity),),
        shipping="all" if empties(offer, ledger) else "none",
        message=message,
        role=role,
    )


def empties(offer: Offer, ledger: Ledger) -> bool:
    """This will say whether nothing of the order is left once the old units are gone."""
    return all(
        line.quantity == line.cancelled + (offer.quantity if line.id == offer.line_id else 0)
        for line in ledger.lines
    )


def planned(offer: Offer, ledger: Ledger, *, at: datetime) -> Plan:
    """This will plan the cancel of the old units; refuses as `plan` does."""
    return plan(ledger, ask_of(offer, ledger, message="–"), at=at)


def difference(offer: Offer, ledger: Ledger, *, at: datetime) -> Difference:
    """This will say what the alternative costs and what the old units are worth.

    Where the old units were not paid for yet (cash on delivery), or the platform keeps the money, nothing has
    to be paid before the exchange: the new order says what is due.
    """
    made = planned(offer, ledger, at=at)
    tax_rate = next(line.tax_rate for line in ledger.lines if line.id == offer.line_id)
    new = body(offer.order, offer, tax_rate=tax_rate, number="-", whole=made.empties, at=at)
    worth = made.worth + made.shipping + made.fees
    if ledger.terms.refunds_by != "merchant" or made.refund < worth:
        return Difference(costs=worth, worth=worth)
    return Difference(costs=costs(new), worth=worth)
