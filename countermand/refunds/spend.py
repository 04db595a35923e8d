"""Spending store credit and gift cards (SG-7)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countermand import money, sql
from countermand.events.record import event, record
from countermand.refunds.models import CreditEntry, StoreCredit
from countermand.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What was taken, and what is left."""

    credit_id: UUID
    currency: str
    amount_minor: int
    balance_minor: int


@sql.verb
def redeem(
    *,
    merchant_id: int,
    credit_id: UUID,
    amount: str,
    order_number: str,
    by: str,
    at: datetime,
    reference: str = "",
) -> Redeemed:
    """This will take an amount (major units) off a credit, for an order.

    The order may be another till's, so its number is kept and not looked up. `reference`: the same one again
    takes nothing and answers what it took then.
    Refuses `not_found`, `invalid_amount`, `amount_too_large` above its balance.
    """
    credit = StoreCredit.of(merchant_id).select_for_update(no_key=True).filter(id=credit_id).first()
    if credit is None:
        raise Refusal("not_found", "no such credit")
    if reference and (
        before := CreditEntry.of(merchant_id).filter(credit=credit, reference=reference).first()
    ):
        return Redeemed(credit.id, credit.currency, -before.delta_minor, credit.balance_minor)
    minor = money.parse(amount, currency=credit.currency)
    if not minor:
        raise Refusal("invalid_amount", "more than nothing", field="amount")
    if minor > credit.balance_minor:
        left = money.plain(credit.balance_minor, credit.currency)
        raise Refusal(
            "amount_too_large", f"{left} {credit.currency} are left", field="amount", facts={"balance": left}
        )
    credit.balance_minor -= minor
    credit.save(update_fields=["balance_minor"])
    CreditEntry.across_merchants.create(
        merchant_id=merchant_id,
        credit=credit,
        delta_minor=-minor,
        order_number=order_number,
        reference=reference or None,
        at=at,
        by=by,
    )
    fact = event(
        kind="credit.redeemed",
        merchant_id=merchant_id,
        at=at,
        by=by,
        subject=("credit", credit.id),
        amount_minor=minor,
        number=order_number,
    )
    record([fact])
    return Redeemed(credit.id, credit.currency, minor, credit.balance_minor)
