"""Questions about store credits and gift cards (SG-7)."""

from typing import Any
from uuid import UUID

from countermand import money, sql
from countermand.refunds.credits import digest, folded
from countermand.refunds.models import CreditEntry, StoreCredit
from countermand.refusals import Refusal

LIABILITY = """
SELECT currency, live, kind, count(*) AS credits, sum(issued_minor)::bigint AS issued,
    sum(balance_minor)::bigint AS balance
FROM store_credit WHERE merchant_id = %s GROUP BY 1, 2, 3 ORDER BY live DESC, currency, kind
"""


def credits_of(*, merchant_id: int, customer_email: str) -> list[dict[str, Any]]:
    """This will list the credits of a customer, newest first, in the API's shape."""
    mine = StoreCredit.of(merchant_id).filter(customer_email=folded(customer_email))
    return [_shape(credit) for credit in mine.order_by("-id")]


def credit(*, merchant_id: int, credit_id: UUID) -> dict[str, Any]:
    """This will show one credit with its entries, oldest first. Refuses `not_found`."""
    found = StoreCredit.of(merchant_id).filter(id=credit_id).first()
    if found is None:
        raise Refusal("not_found", "no such credit")
    entries = CreditEntry.of(merchant_id).filter(credit=found).order_by("id")
    return {**_shape(found), "entries": [_entry(entry, found.currency) for entry in entries]}


def credit_by_code(*, merchant_id: int, code: str) -> dict[str, Any]:
    """This will find a credit by the code that its holder shows. Refuses `not_found`."""
    found = StoreCredit.of(merchant_id).filter(code_digest=digest(code)).first()
    if found is None:
        raise Refusal("not_found", "no credit has this code")
    return _shape(found)


def liability(*, merchant_id: int) -> list[dict[str, Any]]:
    """This will say what the shop owes in credit, per currency and kind; `live` False is play money."""
    return [
        {
            "currency": row["currency"],
            "live": row["live"],
            "kind": row["kind"],
            "credits": row["credits"],
            "issued": money.plain(row["issued"], row["currency"]),
            "redeemed": money.plain(row["issued"] - row["balance"], row["currency"]),
            "balance": money.plain(row["balance"], row["currency"]),
        }
        for row in sql.rows(LIABILITY, (merchant_id,))
    ]


def _shape(found: StoreCredit) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "kind": found.kind,
        "last4": found.last4,
        "customer_email": found.customer_email,
        "currency": found.currency,
        "issued": money.plain(found.issued_minor, found.currency),
        "balance": money.plain(found.balance_minor, found.currency),
        "live": found.live,
        "created_at": found.created_at.isoformat(),
    }


def _entry(entry: CreditEntry, currency: str) -> dict[str, Any]:
    return {
        "amount": money.plain(entry.delta_minor, currency),
        "refund": str(entry.refund_id) if entry.refund_id else None,
        "order_number": entry.order_number,
        "note": entry.note,
        "at": entry.at.isoformat(),
        "by": entry.by,
    }
