"""Captures are carried to their provider, outside any transaction, as often as it takes and once in effect."""

import logging
from datetime import UTC, datetime
from uuid import UUID

from countermand import sql
from countermand.payments import capturing
from countermand.payments.providers.port import Declined, NotNow, Paid, Pending, Provider, Unanswered
from countermand.payments.providers.registry import PROVIDERS

log = logging.getLogger(__name__)

READ = """
SELECT c.amount_minor, c.key, c.tries, c.state, p.provider, p.account, p.provider_reference, p.currency,
    p.amount_minor AS authorised
FROM capture c JOIN payment_share s ON s.id = c.share_id JOIN payment p ON p.id = s.payment_id WHERE c.id = %s
"""


def drain(*, at: datetime, limit: int = 20) -> int:
    """This will carry captures whose carrier died or got no answer, and say how many it took up."""
    taken = capturing.claim(at=at, limit=limit)
    for capture_id in taken:
        carry(capture_id=capture_id)
    return len(taken)


def carry(*, capture_id: UUID) -> None:
    """This will ask the provider for a capture that was committed, and land its answer.

    No answer leaves it `sent`: when its lease ends it is looked up first, then sent under the same key.
    """
    capture = sql.one(READ, (capture_id,))
    if capture is None or capture["state"] != "sent":
        return None
    paid = Paid(
        account=capture["account"],
        reference=capture["provider_reference"] or "",
        currency=capture["currency"],
        amount_minor=capture["authorised"],
    )
    try:
        captured, reason = _ask(
            PROVIDERS[capture["provider"]],
            paid,
            capture_id=capture_id,
            key=capture["key"],
            amount=capture["amount_minor"],
            again=capture["tries"] > 0,
        )
    except (NotNow, Unanswered):
        return capturing.ask_again(capture_id=capture_id, at=datetime.now(UTC), tries=capture["tries"])
    except Exception:  # as the port says: nobody knows what happened, so it is looked up
        log.exception("capture %s went unanswered", capture_id)
        return None
    return capturing.land(capture_id=capture_id, captured=captured, reason=reason, at=datetime.now(UTC))


def _ask(
    provider: Provider, paid: Paid, *, capture_id: UUID, key: UUID, amount: int, again: bool
) -> tuple[int | None, str]:
    """What was captured, or None and why not."""
    if again:
        found = provider.look_up(payment=paid, refund_id=capture_id)
        if found is not None and found.captured_minor:
            return found.captured_minor, ""
    answer = provider.capture(payment=paid, key=key, amount_minor=amount)
    if isinstance(answer, Declined):
        return None, answer.reason
    if isinstance(answer, Pending):
        raise Unanswered("taken on, to be looked up")
    return amount, ""
