"""What anybody may ask the sandbox provider: the page that a test looks at."""

from json import loads
from typing import Any

from countermand import money, sql
from countermand.refusals import Refusal

STATE = """
SELECT p.currency, p.amount_minor, p.captured_minor, p.voided, p.calls,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(r.refund_id, r.key, r.amount_minor) ORDER BY r.id), '[]')
     FROM sandbox_refund r WHERE r.payment_id = p.id AND r.state <> 'attempted') AS refunds
FROM sandbox_payment p WHERE p.account = %s AND p.reference = %s
"""


def payment_state(*, account: str, reference: str) -> dict[str, Any]:
    """This will show what the provider believes of a payment (amounts in major units as text).

    `refunds[].id` is our refund's id, the metadata by which the provider finds it.
    Refuses `not_found`.
    """
    found = sql.one(STATE, (account, reference))
    if found is None:
        raise Refusal("not_found", "the sandbox knows no such payment")
    currency, refunds = found["currency"], loads(found["refunds"])
    return {
        "currency": currency,
        "amount": money.plain(found["amount_minor"], currency),
        "captured": money.plain(found["captured_minor"], currency),
        "voided": found["voided"],
        "refunds": [
            {"id": refund_id or key, "key": key, "amount": money.plain(minor, currency)}
            for refund_id, key, minor in refunds
        ],
        "refunded": money.plain(sum(minor for _, _, minor in refunds), currency),
        "calls": found["calls"],
    }
