"""Gift cards that staff make: sold at the counter, or given as a gesture (SG-7)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countermand import money, sql
from countermand.events.record import event, record
from countermand.refunds.credits import credit_code, digest, folded
from countermand.refunds.models import CreditEntry, StoreCredit
from countermand.refusals import Refusal, fits

MOST_MINOR = 10_000_00  # a card for more is a slip of the finger


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it is handed over: the one moment in which its code is said."""

    id: UUID
    code: str
    currency: str
    amount_minor: int


@sql.verb
def issue_card(
    *,
    merchant_id: int,
    card_id: UUID,
    amount: str,
    currency: str,
    live: bool,
    customer_email: str = "",
    note: str = "",
    by: str,
    at: datetime,
) -> Card:
    """This will make a gift card of an amount (major units). The same `card_id` asked twice is one card.

    Refuses `invalid_amount`, `amount_too_large`, `unknown_currency`, `text_too_long`, and `card_exists` where
    the identity is taken by another card.
    """
    minor = money.parse(amount, currency=currency)
    if not minor:
        raise Refusal("invalid_amount", "more than nothing", field="amount")
    if minor > MOST_MINOR:
        raise Refusal("amount_too_large", "more than one card may hold", field="amount")
    fits(note, field="note")
    code = credit_code(card_id)
    made = StoreCredit.across_merchants.bulk_create(
        [
            StoreCredit(
                id=card_id,
                merchant_id=merchant_id,
                customer_email=folded(customer_email),
                kind="gift_card",
                code_digest=digest(code),
                last4=code[-4:],
                currency=currency,
                live=live,
                issued_minor=0,
                balance_minor=0,
                created_at=at,
            )
        ],
        ignore_conflicts=True,
    )[0]
    # Locked before it is read: of two that ask at once, the second finds the first one's entry.
    card = StoreCredit.of(merchant_id).select_for_update(no_key=True).filter(id=made.id).first()
    asked = (folded(customer_email), "gift_card", currency)
    if card is None or (card.customer_email, card.kind, card.currency) != asked:
        raise Refusal("card_exists", "another card has this identity")
    entry = CreditEntry.of(merchant_id).filter(credit=card, reference="issued").first()
    if entry is not None:
        if entry.delta_minor != minor:
            raise Refusal("card_exists", "it was made for another amount")
        return Card(card.id, code, currency, minor)
    CreditEntry.across_merchants.create(
        merchant_id=merchant_id, credit=card, delta_minor=minor, note=note, reference="issued", at=at, by=by
    )
    card.issued_minor = card.balance_minor = minor
    card.save(update_fields=["issued_minor", "balance_minor"])
    fact = event(
        kind="credit.issued",
        merchant_id=merchant_id,
        at=at,
        by=by,
        subject=("credit", card.id),
        amount_minor=minor,
    )
    record([fact])
    return Card(card.id, code, currency, minor)
